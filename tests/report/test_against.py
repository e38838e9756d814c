"""A report against the workbook: each contradiction at its place, and nothing where they agree."""

from __future__ import annotations

import copy
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import docx
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from lxml import etree

from tests.hosts.libreoffice import Office
from tests.package.books import entries, pack
from tests.random_forms import records
from tests.workbooks import new_bytes
from xlperf.cli import main
from xlperf.cli.commands import cli
from xlperf.errors import DocumentError
from xlperf.form.forms import load_template
from xlperf.form.record import Record, record_from_values
from xlperf.intake.readers.word import read_word
from xlperf.labels.blocks import Document
from xlperf.report.against import Contradiction, hold
from xlperf.report.comments import mark_report
from xlperf.report.word import build_report

TEMPLATE = load_template("department_overall")
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def record_of(values: dict[str, Any]) -> Record:
    return record_from_values(values, TEMPLATE)


def changed(values: dict[str, Any], **fields: str) -> dict[str, Any]:
    other = copy.deepcopy(values)
    other["fields"] |= fields
    return other


def compared(workbook: dict[str, Any], report: dict[str, Any]) -> list[Contradiction]:
    document = read_word(build_report(record_of(report)), "报告.docx")
    return list(hold(record_of(workbook), document).found)


def errors(found: list[Contradiction]) -> set[tuple[str, str, str, str]]:
    """Code, place, what the report says, what the workbook has."""
    return {(each.code, each.place, each.stated, each.expected) for each in found if each.severity.value == "error"}


# What each section's text contradicts; the place is its paragraph in the report.
CASES = [
    (
        {"income_total_current": "261.06"},
        {
            ("XLP506", "第20段", "251.06万元", "收入合计（本年数） 261.06"),
            ("", "表1 第4行第4列", "251.06", "261.06"),
        },
    ),
    (
        {"personnel_change": "30.14"},
        {
            ("XLP507", "第22段", "36.14万", "人员经费（增减额） 30.14"),
            ("", "表1 第13行第5列", "36.14", "30.14"),
        },
    ),
    (
        {"total_score": "96", "report_score": "96"},
        {("XLP508", "第36段", "自评分数为98分", "96"), ("", "表3 第21行第8列", "98", "96")},
    ),
    ({"staff_quota": "9"}, {("", "表2 第2行第3列", "8", "9")}),
    ({"source_other": "3.00"}, set()),  # the report says nothing of it
]


@pytest.mark.parametrize(("fields", "expected"), CASES)
def test_each_contradiction_is_found_at_its_place(
    beita_values: dict[str, Any], fields: dict[str, str], expected: set[tuple[str, str, str, str]]
) -> None:
    assert errors(compared(changed(beita_values, **fields), beita_values)) == expected


TEXTS = [
    ("section_2_2", "2023年项目支出实际完成43.00万元。", "XLP506", "43.00万元"),
    ("section_2_2", "2023年项目支出42.00万元。", "", ""),  # budget or spending: 42 is the budget
    (
        "section_2_1",
        "2023年支出实际完成251.06万元，其中：基本支出完成213.62万元，占总支出的75.09%。",
        "XLP509",
        "75.09%",
    ),
    ("section_2_1", "2023年支出实际完成251.06万元，比上年减少88.57万元。", "XLP507", "88.57万元"),
    ("section_1_2", "核定编制18名。", "XLP511", "18"),
    ("section_2_4", "2022年，我办无国有资本经营预算支出。", "XLP510", "2022年，我办无国有资本经营预算支出"),
    ("section_3_1", "我办自评得分96分。", "XLP508", "自评得分96分"),
    ("section_2_1", "收 入：2023年，我单位 收入合计  实际完成 2 51.06万元", "", ""),  # not one figure: not understood
    ("section_2_1", "2023年收入实际完成2510600元。", "", ""),
    ("section_2_1", "2023年收入实际完成251.1万元，比上年增加约90万元。", "", ""),
    ("section_2_1", "2022年收入实际完成162.49万元。", "", ""),
    ("section_4", "无。", "XLP514", "无。"),  # points were taken off
    ("section_5", "2024年收入计划完成300万元。", "", ""),
]


@pytest.mark.parametrize(("section", "text", "code", "figure"), TEXTS)
def test_a_sentence_against_the_tables(
    beita_values: dict[str, Any], section: str, text: str, code: str, figure: str
) -> None:
    found = compared(beita_values, changed(beita_values, **{section: text}))
    of_figures = [(each.code, each.stated) for each in found if each.code >= "XLP506"]
    assert of_figures == ([(code, figure)] if code else [])


def test_what_is_said_is_in_the_words_of_the_form(beita_values: dict[str, Any]) -> None:
    found = compared(beita_values, changed(beita_values, section_3_1="我办自评得分96分。"))
    assert [each.message for each in found if each.code == "XLP508"] == ["“自评得分96分”，而自评表总分为 98。"]


def test_an_indicator_is_compared_with_the_row_of_its_name(beita_values: dict[str, Any]) -> None:
    workbook = copy.deepcopy(beita_values)
    workbook["indicators"].reverse()
    workbook["indicators"][0]["score"] = "9"  # 社会群众满意度
    found = errors(compared(workbook, beita_values))
    assert found == {("", "表3 第20行第8列", "10", "9")}


def test_a_row_of_the_report_that_the_workbook_lacks(beita_values: dict[str, Any]) -> None:
    workbook = copy.deepcopy(beita_values)
    del workbook["indicators"][0]
    messages = [each.message for each in compared(workbook, beita_values)]
    assert "报告有“开展网络安全检查”这一行，工作簿的绩效指标中没有。" in messages


def test_what_rounding_allows_is_no_contradiction(beita_values: dict[str, Any]) -> None:
    assert errors(compared(changed(beita_values, personnel_growth_rate="22.2%"), beita_values)) == set()
    assert errors(compared(changed(beita_values, personnel_growth_rate="22.3%"), beita_values)) != set()


def test_a_redacted_report_does_not_contradict_its_workbook(beita_values: dict[str, Any]) -> None:
    values = changed(beita_values, preparer="张三", phone="0739-5555555", section_6="联系人：张三。")
    document = read_word(build_report(record_of(values), redact=True), "报告.docx")
    assert [each for each in hold(record_of(values), document).found if not each.code] == []


@pytest.mark.slow
def test_no_false_alarm_on_random_records() -> None:
    count = 0

    @settings(max_examples=50, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(records(TEMPLATE))
    def check(values: dict[str, Any]) -> None:
        nonlocal count
        fields = values["fields"] | {"building_year": "2022"}
        values = {**values, "year": 2023, "unit_name": "某某局", "fields": fields}
        found = compared(values, values)  # what the sums in the text have wrong is wrong in the random figures too
        assert [each for each in found if not each.is_of_text_alone] == []
        count += 1

    check()
    assert count >= 50


# Marks


def marked(values: dict[str, Any], report: bytes) -> tuple[bytes, list[Contradiction]]:
    document = read_word(report, "报告.docx")
    found = list(hold(record_of(values), document).found)
    return mark_report(report, found, "报告.docx"), found


def commented(blob: bytes) -> dict[str, str]:
    """Text inside each comment's range -> the comment."""
    document = docx.Document(io.BytesIO(blob))
    comments = {str(each.comment_id): each.text for each in document.comments}
    inside: dict[str, str] = {}
    open_ones: set[str] = set()
    for element in document.element.body.iter():
        identity = element.get(f"{W}id", "")
        if element.tag == f"{W}commentRangeStart":
            open_ones.add(identity)
            inside[identity] = ""
        elif element.tag == f"{W}commentRangeEnd":
            open_ones.discard(identity)
        elif element.tag == f"{W}t":
            for each in open_ones:
                inside[each] += element.text or ""
    assert not open_ones
    return {inside[key]: comments[key] for key in inside}


def without_comments(blob: bytes, part: str = "word/document.xml") -> bytes:
    """A part in canonical form without what marks a comment, runs that stand side by side with one look as one."""
    with zipfile.ZipFile(io.BytesIO(blob)) as package:
        root = etree.fromstring(package.read(part))
    for tag in ("commentRangeStart", "commentRangeEnd", "commentReference"):
        for element in root.findall(f".//{W}{tag}"):
            parent = element.getparent()
            parent.remove(element)
            if parent.tag == f"{W}r" and len(parent) == 0:
                parent.getparent().remove(parent)
    for run in root.findall(f".//{W}r"):
        before = run.getprevious()
        if before is None or before.tag != f"{W}r" or _look(before) != _look(run):
            continue
        texts = [*before.findall(f"{W}t"), *run.findall(f"{W}t")]
        if len(texts) == 2 and len(before) + len(run) == 2 + 2 * (before.find(f"{W}rPr") is not None):
            texts[1].text = (texts[0].text or "") + (texts[1].text or "")
            before.getparent().remove(before)
    for text in root.iter(f"{W}t"):
        text.attrib.pop("{http://www.w3.org/XML/1998/namespace}space", None)
    canonical: bytes = etree.tostring(root, method="c14n")
    return canonical


def _look(run: Any) -> bytes:
    look = run.find(f"{W}rPr")
    return b"" if look is None else etree.tostring(look, method="c14n")


def paragraphs(blob: bytes) -> list[str]:
    document = docx.Document(io.BytesIO(blob))
    return ["".join(t.text or "" for t in p.iter(f"{W}t")) for p in document.element.body.iter(f"{W}p")]


def test_a_comment_at_exactly_each_contradicted_figure(beita_values: dict[str, Any]) -> None:
    report = build_report(record_of(beita_values))
    workbook = changed(beita_values, income_total_current="261.06", personnel_change="30.14")
    blob, _ = marked(workbook, report)
    inside = commented(blob)
    assert "而收入合计（本年数） 261.06" in inside["251.06万元"]
    assert "而人员经费（增减额） 30.14" in inside["36.14万"]
    assert inside["36.14"] == "人员经费（增减额）：报告为 36.14，工作簿为 30.14。"


def test_nothing_but_comments_is_added(beita_values: dict[str, Any]) -> None:
    report = build_report(record_of(beita_values))
    blob, found = marked(changed(beita_values, income_total_current="261.06", total_score="90"), report)
    assert found
    assert paragraphs(blob) == paragraphs(report)
    assert without_comments(blob) == without_comments(report)
    with zipfile.ZipFile(io.BytesIO(report)) as before, zipfile.ZipFile(io.BytesIO(blob)) as after:
        assert set(after.namelist()) - set(before.namelist()) == {"word/comments.xml"}
        same = [name for name in before.namelist() if before.read(name) == after.read(name)]
        assert set(before.namelist()) - set(same) == {
            "[Content_Types].xml", "word/document.xml", "word/_rels/document.xml.rels"
        }  # fmt: skip


def test_a_report_that_agrees_is_copied_byte_for_byte(template: Any) -> None:
    values = {"year": 2023, "fields": {"income_total_current": "9.00"}}
    report = build_report(record_of(values))
    blob, found = marked(values, report)
    assert (found, blob) == ([], report)


def test_a_figure_beside_what_is_struck_out_or_raised(beita_values: dict[str, Any]) -> None:
    """The comment is at the figure, not at the digits before it that are struck out, nor at the mark behind it."""
    document = docx.Document()
    document.add_paragraph("二、部门整体支出管理及使用情况")
    document.add_paragraph("（一）预算执行、使用、管理总体情况")
    paragraph = document.add_paragraph("2023年收入实际完成")
    paragraph.add_run("2").font.strike = True
    paragraph.add_run("261.06")
    paragraph.add_run("1").font.superscript = True
    paragraph.add_run("万元，比上年增加88.57万元。")
    saved = io.BytesIO()
    document.save(saved)
    blob, _ = marked(beita_values, saved.getvalue())
    ((inside, comment),) = commented(blob).items()
    assert inside == "261.061万元"  # from the first to the last of its signs
    assert comment.startswith("“2023年收入实际完成261.06万元”，而收入合计")


def test_runs_keep_their_formatting_and_others_their_comments(beita_values: dict[str, Any]) -> None:
    document = docx.Document()
    document.add_paragraph("二、部门整体支出管理及使用情况")
    document.add_paragraph("（一）预算执行、使用、管理总体情况")
    paragraph = document.add_paragraph()
    for text, bold in (("2023年收入实际", False), ("完成26", True), ("1.0", False), ("6万元，比上年增加", True)):
        run = paragraph.add_run(text)
        run.bold = bold
    paragraph.add_run("88.57万元。")
    document.add_comment(paragraph.runs[0], "请核对", author="王", initials="w")
    saved = io.BytesIO()
    document.save(saved)
    report = saved.getvalue()
    blob, _ = marked(beita_values, report)
    assert commented(blob)["261.06万元"].startswith("“2023年收入实际完成261.06万元”，而收入合计")
    assert commented(blob)["2023年收入实际"] == "请核对"
    runs = docx.Document(io.BytesIO(blob)).paragraphs[2].runs
    assert [(each.text, each.bold) for each in runs if each.text] == [
        ("2023年收入实际", False),
        ("完成", True),
        ("26", True),
        ("1.0", False),
        ("6万元", True),
        ("，比上年增加", True),
        ("88.57万元。", None),
    ]


def test_signs_that_xml_cannot_hold_are_left_out_of_comments(beita_values: dict[str, Any]) -> None:
    """A cell may hold them, escaped; Word has no way to write them."""
    report = build_report(record_of(beita_values))
    found = compared(changed(beita_values, income_total_current="261.06"), beita_values)
    hostile = [each._replace(message=f"\x1b[31m\x07{each.message}\ud800") for each in found]
    comments = commented(mark_report(report, hostile, "报告.docx")).values()
    assert comments
    assert [text for text in comments if not text.startswith("[31m")] == []


@pytest.mark.libreoffice
def test_libreoffice_reads_the_comments(office: Office, tmp_path: Path, beita_values: dict[str, Any]) -> None:
    blob, _ = marked(changed(beita_values, total_score="90"), build_report(record_of(beita_values)))
    source = tmp_path / "marked.docx"
    source.write_bytes(blob)
    (converted,) = office.convert([source], "fodt", tmp_path / "out")
    assert "总分：报告为 98，工作簿为 90。" in converted.read_text("utf-8")


# The command line


@pytest.fixture
def book(tmp_path: Path, beita_values: dict[str, Any]) -> Path:
    path = tmp_path / "自评.xlsx"
    path.write_bytes(new_bytes(beita_values))
    return path


def run(*arguments: object) -> Any:
    return CliRunner().invoke(cli, [str(each) for each in arguments])


def failed(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    with pytest.raises(SystemExit) as stopped:
        main([str(each) for each in arguments])
    assert stopped.value.code == 2
    return capsys.readouterr().err


def test_report_and_check_against_it(book: Path, tmp_path: Path, beita_values: dict[str, Any]) -> None:
    report, copy_of_it = tmp_path / "报告.docx", tmp_path / "报告_批注.docx"
    assert run("report", book, "-o", report).exit_code == 0
    other = tmp_path / "改.xlsx"
    other.write_bytes(new_bytes(changed(beita_values, income_total_current="261.06")))
    result = run("check", other, "--against", report, "--mark", copy_of_it, "--format", "json")
    assert result.exit_code == 1
    data = json.loads(result.stdout)
    assert {"schema", "findings", "against"} <= data.keys()
    assert {
        "severity": "error",
        "code": "XLP506",
        "place": "第20段",
        "quote": "2023年收入实际完成251.06万元",
        "key": "income_total_current",
        "at": "收支情况!D4",
        "stated": "251.06万元",
        "expected": "收入合计（本年数） 261.06",
        "message": "“2023年收入实际完成251.06万元”，而收入合计（本年数） 261.06。"
        "可能有一个数字写错：“251.06” 应为 “261.06”。",
    } in data["against"]
    assert copy_of_it.exists()
    told = run("check", other, "--against", report).stdout
    assert "✗ 错误 XLP506  第20段　收支情况!D4\n    “2023年收入实际完成251.06万元”" in told
    assert "against" not in json.loads(run("check", other, "--format", "json").stdout)


def test_exit_code_counts_what_the_report_contradicts(tmp_path: Path) -> None:
    values = {"year": 2023, "fields": {"income_total_current": "9.00"}}
    book, report = tmp_path / "自评.xlsx", tmp_path / "报告.docx"
    book.write_bytes(new_bytes(values))
    report.write_bytes(build_report(record_of(changed(values, income_total_current="8.00"))))
    alone = run("check", book, "--format", "json")
    clean = not json.loads(alone.stdout)["counts"]["error"]
    assert alone.exit_code == (0 if clean else 1)
    assert run("check", book, "--against", report).exit_code == 1


def test_a_workbook_or_text_called_docx_is_not_marked(
    book: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report, copy_of_it = tmp_path / "报告.docx", tmp_path / "批注.docx"
    for content in (book.read_bytes(), "四、存在的问题\n无。".encode()):
        report.write_bytes(content)
        assert "不能加批注" in failed(capsys, "check", book, "--against", report, "--mark", copy_of_it)
        assert not copy_of_it.exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "文件是空的"),
        (b"PK\x03\x04 broken", "打不开"),
        (b"%PDF-1.7", "PDF"),
    ],
)
def test_what_is_no_report_gets_one_sentence(
    book: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, said: str
) -> None:
    report = tmp_path / "报告.docx"
    report.write_bytes(content)
    copy_of_it = tmp_path / "批注.docx"
    message = failed(capsys, "check", book, "--against", report, "--mark", copy_of_it)
    assert message.startswith("无法完成：报告.docx：")
    assert said in message
    assert not copy_of_it.exists()


def test_what_must_not_be_written_is_not(book: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = tmp_path / "报告.docx"
    report.write_bytes(build_report(record_from_values({}, TEMPLATE)))
    before = report.read_bytes()
    assert "同一个文件" in failed(capsys, "check", book, "--against", report, "--mark", report)
    assert "--against 同用" in failed(capsys, "check", book, "--mark", tmp_path / "批注.docx")
    assert "没有覆盖" in failed(capsys, "report", book, "-o", report)
    assert ".docx 结尾" in failed(capsys, "report", book, "-o", tmp_path / "报告.doc")
    assert report.read_bytes() == before


def protected(blob: bytes, inside: str) -> bytes:
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(blob)) as source, zipfile.ZipFile(result, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            target.writestr(name, data.replace(b"</w:settings>", inside.encode() + b"</w:settings>"))
    return result.getvalue()


def test_a_protected_report_is_compared_but_not_marked(
    book: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], beita_values: dict[str, Any]
) -> None:
    report = tmp_path / "报告.docx"
    inside = '<w:documentProtection w:edit="readOnly" w:enforcement="1"/>'
    report.write_bytes(protected(build_report(record_of(changed(beita_values, staff_quota="9"))), inside))
    assert run("check", book, "--against", report).exit_code == 1
    message = failed(capsys, "check", book, "--against", report, "--mark", tmp_path / "批注.docx")
    assert "编辑限制" in message
    assert not (tmp_path / "批注.docx").exists()


def test_tracked_changes_count_as_accepted_and_are_mentioned(book: Path, tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("二、部门整体支出管理及使用情况")
    document.add_paragraph("（一）预算执行、使用、管理总体情况")
    paragraph = document.add_paragraph("2023年收入实际完成")
    for tag, kind, figure in (("del", "delText", "251.06"), ("ins", "t", "261.06")):
        change = etree.SubElement(paragraph._p, f"{W}{tag}", {f"{W}id": "9", f"{W}author": "王"})
        etree.SubElement(etree.SubElement(change, f"{W}r"), f"{W}{kind}").text = figure
    paragraph.add_run("万元。")
    report = tmp_path / "报告.docx"
    document.save(str(report))
    result = run("check", book, "--against", report, "--mark", tmp_path / "批注.docx")
    assert "没有接受的修订" in result.stderr
    assert "“2023年收入实际完成261.06万元”" in result.stdout
    assert "261.06万元" in commented((tmp_path / "批注.docx").read_bytes())


def test_a_document_without_the_outline_contradicts_nothing(book: Path, beita: Record) -> None:
    document = docx.Document()
    document.add_paragraph("会议纪要")
    saved = io.BytesIO()
    document.save(saved)
    read: Document = read_word(saved.getvalue(), "纪要.docx")
    assert hold(beita, read).found == ()


# What a section says, and the cell that is named beside it: of the column that the sentence speaks of.
SPOKEN_OF = [
    ("section_2_2", "公务接待费支出预算为2.85万元，支出决算为0.39万元。", ["reception_budget", "reception_actual"]),
    ("section_2_2", "公务接待费决算0.39万元。", ["reception_actual"]),
    ("section_2_2", "公务接待费0.39万元。", ["reception_actual"]),  # nothing said: what was spent
    ("section_2_2", "公务接待费年初预算0.39万元。", ["reception_budget"]),
    ("section_2_2", "上年公务接待费9.99万元。", ["reception_prior_actual"]),
    ("section_2_1", "上年人员经费80.19万元。", ["personnel_prior"]),
    ("section_2_1", "上年公用经费80.19万元。", ["public_prior"]),  # blank there, and follows from the change
    ("section_2_1", "年初预算数128.00万元，全年预算数251.00万元。", ["opening_budget", "annual_budget"]),
    ("section_2_1", "全年执行数250.00万元。", ["annual_spent"]),
    ("section_2_1", "人员经费比上年减少36.14万元。", ["personnel_change"]),
    ("section_2_1", "人员经费比上年上升12.34%。", ["personnel_growth_rate"]),
    ("section_2_1", "2023年，预算执行率89.00%。", ["execution_rate"]),
    ("section_2_1", "基本支出占总支出的75.09%。", ["basic_current"]),
    ("section_3_1", "自评得分96分，评价等次为“良”。", ["total_score", "grade"]),
    ("section_1_2", "核定编制18名，在职人员17人。", ["staff_quota", "staff_actual"]),
]


@pytest.mark.parametrize(("section", "text", "keys"), SPOKEN_OF)
def test_the_cell_of_the_column_that_the_sentence_speaks_of(
    beita_values: dict[str, Any], section: str, text: str, keys: list[str]
) -> None:
    workbook = changed(beita_values, reception_prior_actual="4.99", public_prior="")
    found = compared(workbook, changed(workbook, **{section: text}))
    assert [each.key for each in found if each.code.startswith("XLP5") and each.quote in text] == keys


def test_a_year_contradicted_in_two_sections_is_named_in_both(beita_values: dict[str, Any]) -> None:
    said = {f"section_2_{part}": "2021年，我单位无基金预算支出。" for part in (3, 4)}
    other = dict.fromkeys(("section_2_1", "section_2_2", "section_2_5", "section_3_1"), "无。")
    found = compared(beita_values, changed(beita_values, **said, **other))
    years = [each for each in found if each.code == "XLP510"]
    assert [each.key for each in years] == ["year", "year"]
    assert len({each.place for each in years}) == 2


def test_a_report_with_damaged_relationships_is_not_marked(beita: Record) -> None:
    """Found by the campaign: reading can do without them, so the damage was seen only where a comment was added."""
    report = entries(build_report(beita))
    damaged = pack(dict(report) | {"word/_rels/document.xml.rels": b"<Relationships><\xff"})
    with pytest.raises(DocumentError, match=r"^报告\.docx：内容已损坏或不符合格式，没有加批注。"):
        mark_report(damaged, (), "报告.docx")
