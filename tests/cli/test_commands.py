"""The command line as a user meets it: results, marks, exit codes, and what it says about bad input."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.command import Run
from tests.places import contents
from tests.workbooks import edited
from xlperf.form.forms import load_template
from xlperf.form.record import values_of
from xlperf.package import Ref, Workbook
from xlperf.workbook.actions import open_form
from xlperf.workbook.marks import AUTHOR


@pytest.fixture
def book(run: Run, tmp_path: Path, beita_values: dict[str, Any]) -> Path:
    """The Beita workbook, as `new --values` makes it."""
    (tmp_path / "beita.json").write_text(json.dumps(beita_values, ensure_ascii=False), "utf-8")
    assert run("new", "beita.xlsx", "--values", "beita.json").code == 0
    return tmp_path / "beita.xlsx"


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def sheets(path: Path) -> dict[str, bytes]:
    return {name: data for name, data in parts(path).items() if name.startswith("xl/worksheets/")}


# What each command does


def test_demo(run: Run, tmp_path: Path) -> None:
    result = run("demo", "here")
    assert result.code == 0
    for words in ("162.49", "XLP404", "49.38%", "_审核.xlsx", "_已填.xlsx"):
        assert words in result.out
    names = {path.name for path in (tmp_path / "here").iterdir()}
    assert names == {"北塔区网信办2023.xlsx", "北塔区网信办2023_审核.xlsx", "北塔区网信办2023_已填.xlsx"}


def test_values_round_trip_every_key(run: Run, book: Path, beita_values: dict[str, Any]) -> None:
    exported = json.loads(run("values", book).out)
    assert exported["fields"].keys() == beita_values["fields"].keys()
    assert exported["indicators"] == beita_values["indicators"]
    given, back = (
        {key: cell for key, cell in open_form(path).record.stated.items() if not cell.is_blank}
        for path in (book, again(run, exported))
    )
    assert {k: (c.state, c.number, c.places, c.text) for k, c in given.items()} == {
        k: (c.state, c.number, c.places, c.text) for k, c in back.items()
    }


def again(run: Run, exported: dict[str, Any]) -> Path:
    Path("again.json").write_text(json.dumps(exported, ensure_ascii=False), "utf-8")
    assert run("new", "again.xlsx", "--values", "again.json").code == 0
    return Path("again.xlsx")


def test_values_round_trip_with_every_key_filled(run: Run) -> None:
    """A figure of its own for each key of the template, row tables included."""
    template = load_template("department_overall")
    sample = {"money": "12.34", "rate": "56.7%", "score": "7.5", "number": "8", "year": "2023", "text": "文字=1+1"}
    fields = {key: sample[field.type] for key, field in template.fields.items() if key not in ("year", "unit_name")}
    rows = {
        table: [{name: sample[field.type] for name, field in spec.columns.items()} for _ in range(3)]
        for table, spec in template.tables.items()
    }
    values = {"template": template.id, "year": 2023, "unit_name": "某单位", "fields": fields, **rows}
    exported = values_of(open_form(again(run, values)).record)
    assert exported == values


def test_new_blank(run: Run, tmp_path: Path) -> None:
    assert run("new", "yearless.xlsx", "--unit", "某局").err == (
        "没有给出评价年度（--year）：请填在 填表说明!B4，标题随它变。\n"
    )
    assert "year" not in json.loads(run("values", "yearless.xlsx").out)
    assert run("new", "blank.xlsx", "--year", 2024, "--unit", "某局").code == 0
    form = open_form(tmp_path / "blank.xlsx")
    stated = {key: cell.text for key, cell in form.record.stated.items() if not cell.is_blank}
    assert stated.pop("year") == "2024"
    assert stated.pop("unit_name") == "某局"
    assert stated == {
        "execution_weight": "10",
        "procurement_prior_actual": "——",
        "basic_adjustment_prior_actual": "——",
    }


def test_fill_writes_beside_the_input(run: Run, book: Path, tmp_path: Path) -> None:
    before = book.read_bytes()
    result = run("fill", book)
    assert result.code == 0
    assert book.read_bytes() == before
    assert result.out.strip().endswith("beita_已填.xlsx")
    record = open_form(tmp_path / "beita_已填.xlsx").record
    assert record["personnel_growth_rate"].shown == "49.38%"
    assert record["total_score"].shown == "98"


def test_fill_twice_changes_nothing(run: Run, book: Path) -> None:
    run("fill", book, "--in-place")
    first = book.read_bytes()
    assert run("fill", book, "--in-place").code == 0
    assert book.read_bytes() == first


def test_fill_never_changes_an_input(run: Run, book: Path) -> None:
    before = open_form(book).record
    run("fill", book, "--in-place")
    after = open_form(book).record
    inputs = [key for key, cell in before.stated.items() if not cell.field.derived]
    assert {key: after[key].text for key in inputs} == {key: before[key].text for key in inputs}


TEXT_FIGURES = {
    "annual_budget": "'251.06",
    "annual_spent": "'251.06",
    "staff_quota": "'２８",
    "execution_rate": "'100%",
}


def test_fill_turns_text_into_numbers_when_asked(run: Run, beita_values: dict[str, Any]) -> None:
    Path("texts.xlsx").write_bytes(edited(beita_values, {"write": TEXT_FIGURES}))
    assert run("fill", "texts.xlsx", "-o", "as_they_are.xlsx").code == 0
    assert [k for k, cell in open_form(Path("as_they_are.xlsx")).record.stated.items() if cell.as_text] == [
        "staff_quota",
        "annual_budget",
        "annual_spent",
    ]
    result = run("fill", "texts.xlsx", "-o", "numbers.xlsx", "--numbers")
    assert "把 4 格文字转换为数字。" in result.err
    before, after = (open_form(Path(name)) for name in ("texts.xlsx", "numbers.xlsx"))
    assert [cell for cell in after.record.stated.values() if cell.as_text] == []
    inputs = [key for key, cell in before.record.stated.items() if not cell.field.derived]
    assert {key: after.record[key].shown for key in inputs} == {key: before.record[key].shown for key in inputs}
    place = after.binding.place("execution_rate")
    assert after.book.cells(place.sheet)[place.ref].formula, "a figure that formulas see is read by them again"
    assert run("fill", "numbers.xlsx", "-o", "again.xlsx", "--numbers").code == 0
    assert sheets(Path("again.xlsx")) == sheets(Path("numbers.xlsx"))


def test_freeze_leaves_the_values_that_were_shown(run: Run, book: Path, tmp_path: Path) -> None:
    run("fill", book, "--in-place")
    shown = {key: cell.shown for key, cell in open_form(book).record.stated.items()}
    assert run("freeze", book, "-o", "frozen.xlsx").code == 0
    frozen = open_form(tmp_path / "frozen.xlsx")
    assert {key: cell.shown for key, cell in frozen.record.stated.items()} == shown
    formulas = [ref for sheet in frozen.book.sheets for ref, cell in frozen.book.cells(sheet).items() if cell.formula]
    assert formulas == []


def test_freeze_refuses_an_error_value(run: Run, book: Path) -> None:
    form = open_form(book)
    place = form.binding.place("source_other")
    form.book.write(place.sheet, place.ref, None, formula="1/0")
    form.book.save(book)
    refuse(run, "freeze", book, "--in-place", says=(place.address, "没有算出的值"))


def test_fill_and_clear_leave_every_input_cell_as_it_was(run: Run, book: Path) -> None:
    """By hash, over what the file stores in each input cell: kind, digits or text, formula and style."""

    def inputs() -> str:
        form = open_form(book)
        stored = [
            repr(form.book.cells(place.sheet).get(place.ref))
            for key, cell in form.record.stated.items()
            if not cell.field.derived
            for place in [form.binding.place(key)]
        ]
        return "\n".join(stored)

    before = inputs()
    for command in (("fill",), ("check",), ("fill",), ("clear",)):
        run(*command, book, "--in-place")
        assert inputs() == before


def test_check_writes_nothing_without_a_target(run: Run, book: Path, tmp_path: Path) -> None:
    before = contents(tmp_path)
    result = run("check", book)
    assert result.code == 1
    assert contents(tmp_path) == before


def test_check_twice_gives_the_same_file(run: Run, book: Path, tmp_path: Path) -> None:
    run("check", book, "-o", "once.xlsx")
    run("check", "once.xlsx", "-o", "twice.xlsx")
    assert (tmp_path / "twice.xlsx").read_bytes() == (tmp_path / "once.xlsx").read_bytes()


def test_clear_gives_back_the_sheets(run: Run, book: Path, tmp_path: Path) -> None:
    run("check", book, "-o", "marked.xlsx")
    assert sheets(tmp_path / "marked.xlsx") != sheets(book)
    assert run("clear", "marked.xlsx", "-o", "cleared.xlsx").code == 0
    assert sheets(tmp_path / "cleared.xlsx") == sheets(book)
    assert parts(tmp_path / "cleared.xlsx").keys() == parts(book).keys()


def test_results_sheet_is_added_where_it_was_deleted_and_removed_again(run: Run, book: Path, tmp_path: Path) -> None:
    lost = re.compile(rb'(name="xp_findings"[^>]*>)[^<]*')  # what Excel makes of the name of a deleted cell
    without = with_names(book, lambda xml: lost.sub(rb"\1#REF!", xml))
    deleted = Workbook.open(without)
    deleted.remove_sheet("审核结果")
    deleted.save(without)
    run("check", without, "-o", "marked.xlsx")
    marked = Workbook.open(tmp_path / "marked.xlsx")
    assert marked.sheets[-1] == "审核结果"
    assert "XLP202" in [cell.text for cell in marked.cells("审核结果").values()]
    run("check", "marked.xlsx", "-o", "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == (tmp_path / "marked.xlsx").read_bytes()
    run("clear", "marked.xlsx", "-o", "cleared.xlsx")
    assert sheets(tmp_path / "cleared.xlsx") == sheets(without)
    assert parts(tmp_path / "cleared.xlsx").keys() == parts(without).keys()


def test_marks(run: Run, book: Path, tmp_path: Path) -> None:
    run("check", book, "-o", "marked.xlsx")
    form = open_form(tmp_path / "marked.xlsx")
    place = form.binding.place("personnel_growth_rate")
    author, text = form.book.notes(place.sheet)[place.ref]
    assert author == AUTHOR
    assert "XLP202" in text
    rows = [cell.text for cell in form.book.cells("审核结果").values()]
    assert place.address in rows
    assert "待改正" in rows
    assert f'location="{place.address}"'.encode() in sheets(tmp_path / "marked.xlsx")["xl/worksheets/sheet7.xml"]


def test_explanation_survives_and_settles(run: Run, book: Path, tmp_path: Path) -> None:
    def rows(name: str) -> dict[tuple[str, str], dict[str, str]]:
        form = open_form(tmp_path / name)
        _, sheet, head = next(each for each in form.book.names if each[0] == "xp_findings")
        cells = form.book.cells(sheet)
        titles = {col: cells[Ref(head.top, col)].text for col in range(head.left, head.right + 1)}
        return {
            (row["代码"], row["项目"]): row | {"row": str(number)}
            for number in sorted({ref.row for ref in cells if ref.row > head.bottom})
            if (row := {t: cells[Ref(number, c)].text if Ref(number, c) in cells else "" for c, t in titles.items()})
        }

    run("check", book, "-o", "one.xlsx")
    wanted = ("XLP601", "公用经费（决算数）")
    assert rows("one.xlsx")[wanted]["状态"] == "待说明"
    marked = Workbook.open(tmp_path / "one.xlsx")
    _, sheet, head = next(each for each in marked.names if each[0] == "xp_findings")
    column = next(
        ref.col for ref, cell in marked.cells(sheet).items() if ref.row == head.top and "审核说明" in cell.text
    )
    marked.write(sheet, Ref(int(rows("one.xlsx")[wanted]["row"]), column), "年中追加，见某财预〔2023〕5号")
    marked.save(tmp_path / "said.xlsx")
    result = run("check", "said.xlsx", "-o", "two.xlsx", "--format", "json")
    row = rows("two.xlsx")[wanted]
    assert row["审核说明（请在此填写）"] == "年中追加，见某财预〔2023〕5号"
    assert row["状态"] == "已说明"
    settled = [f for f in json.loads(result.out)["findings"] if f["explanation"]]
    assert [(f["code"], f["key"]) for f in settled] == [("XLP601", "operating_actual")]


def test_settled_warnings_no_longer_fail(run: Run, tmp_path: Path) -> None:
    values = {"template": "department_overall", "fields": {"operating_budget": "9.50", "operating_actual": "92.01"}}
    form = open_form(again(run, values))
    codes = json.loads(run("check", "again.xlsx", "--format", "json").out)
    assert form.record["operating_actual"].number is not None
    assert "XLP601" in {f["code"] for f in codes["findings"]}


def test_a_result_in_words_is_listed_as_not_checked(run: Run) -> None:
    """Beside a number that was wanted, 已完成 is no finding, and it is not passed over in silence."""
    row = {"level3": "培训人数", "target": "≥100人", "actual": "已完成", "weight": "10", "score": "10"}
    again(run, {"template": "department_overall", "indicators": [row]})
    report = json.loads(run("check", "again.xlsx", "--format", "json").out)
    assert [f["code"] for f in report["findings"] if f["key"].endswith((".score", ".actual"))] == []
    (entry,) = (each for each in report["not_run"] if each["reason"])
    assert entry["code"] == "XLP310"
    assert "已完成" in entry["reason"]
    assert all(place.startswith("自评表!") for place in entry["blank"])
    assert run("check", "again.xlsx").out.rstrip().endswith("，1 项因完成值是文字未能核对。")


def test_json_contract(run: Run, book: Path) -> None:
    report = json.loads(run("check", book, "--format", "json").out)
    assert set(report) == {
        *("schema", "file", "template", "variant", "findings", "groups", "not_run", "not_applicable", "unread"),
        "counts",
    }
    assert (report["schema"], report["template"], report["variant"]) == (1, "department_overall", "hunan-linear")
    assert set(report["counts"]) == {"error", "warning", "info", "not_run"}
    assert report["counts"]["not_run"] == len(report["not_run"])
    finding = next(f for f in report["findings"] if f["code"] == "XLP202")
    assert set(finding) == {
        *("code", "slug", "severity", "at", "key", "message", "stated", "expected", "related", "cause", "group"),
        *("causes", "fix", "cites", "explanation"),
    }
    group = report["groups"][finding["group"] - 1]
    assert (group["group"], group["tied"]) == (finding["group"], 1)
    suspect = group["suspects"][0]
    assert suspect["cells"] == [{"at": finding["at"], "key": "personnel_growth_rate", "value": "49.38%"}]
    assert suspect["cause"] == finding["cause"] == finding["causes"][0]
    assert finding["cause"]["kind"] == "wrong_base"
    assert (finding["stated"], finding["expected"], finding["severity"]) == ("0.2224", "0.4938", "error")
    assert finding["at"].startswith("收支情况!")
    assert {*finding["related"][0]} == {"at", "key", "value"}
    assert finding["fix"] == {"at": finding["at"], "value": "49.38%", "safe": True}
    budget = next(f for f in report["findings"] if f["code"] == "XLP402")
    assert budget["fix"]["safe"] is False, "fill does not write this value: the total's own lines are blank"


@pytest.mark.parametrize(
    ("fields", "fail_on", "code"),
    [
        ({}, "error", 1),  # required cells are blank
        ({"building_year": "2022"}, "info", 1),
    ],
)
def test_exit_codes(run: Run, fields: dict[str, str], fail_on: str, code: int) -> None:
    again(run, {"template": "department_overall", "fields": fields})
    assert run("check", "again.xlsx", "--fail-on", fail_on).code == code


def test_clean_workbook_exits_0(run: Run) -> None:
    level = {
        "产出指标": ("50", "数量指标"),
        "效益指标": ("30", "社会效益指标"),
        "满意度指标": ("10", "服务对象满意度指标"),
    }
    indicators = [
        {
            "level1": name,
            "level2": second,
            "level3": f"{name}一",
            "target": "≥95%",
            "actual": "96%",
            "weight": weight,
            "score": weight,
        }
        for name, (weight, second) in level.items()
    ]
    fields = {
        **{"staff_quota": "8", "staff_actual": "8", "opening_budget": "100", "annual_budget": "100"},
        **{"annual_spent": "99.50", "execution_weight": "10", "goal_expected": "目标", "goal_actual": "完成"},
        **{"preparer": "某", "filled_on": "2024年3月1日"},
    }
    again(run, {"year": 2023, "unit_name": "某局", "fields": fields, "indicators": indicators})
    result = run("check", "again.xlsx", "--fail-on", "warning")
    assert result.code == 0, result.out


def test_rules_and_explain(run: Run) -> None:
    assert "XLP202" in run("rules").out
    assert {rule["code"] for rule in json.loads(run("rules", "--format", "json").out)} >= {"XLP101", "XLP603"}
    for name in ("XLP202", "xlp202", "rate-not-quotient"):
        assert "49.38%" in run("explain", name).out
    assert "尚未核到正式条文" in run("explain", "XLP312").out


def test_variant(run: Run) -> None:
    row = {
        "level1": "产出指标",
        "level3": "办结时间",
        "target": "≤10天",
        "actual": "12天",
        "weight": "10",
        "score": "8",
    }
    again(run, {"fields": {}, "indicators": [row]})
    for variant, severities in (("hunan-linear", set()), ("hunan-ratio", {"warning"})):
        report = json.loads(run("check", "again.xlsx", "--variant", variant, "--format", "json").out)
        assert {f["severity"] for f in report["findings"] if f["code"] == "XLP307"} == severities


def test_text_never_becomes_a_formula(run: Run) -> None:
    again(run, {"fields": {"section_4": "=1+1", "goal_actual": "@SUM(A1)", "thrift_measures": "+1", "section_5": "-1"}})
    form = open_form(Path("again.xlsx"))
    for key, text in (
        ("section_4", "=1+1"),
        ("goal_actual", "@SUM(A1)"),
        ("thrift_measures", "+1"),
        ("section_5", "-1"),
    ):
        place = form.binding.place(key)
        cell = form.book.cells(place.sheet)[place.ref]
        assert (cell.formula, cell.text) == (None, text)


# Bad input: a clear sentence, exit 2, nothing written


def with_names(book: Path, change: Callable[[bytes], bytes]) -> Path:
    """A copy of the workbook whose defined names were tampered with."""
    target = book.with_name("tampered.xlsx")
    with zipfile.ZipFile(book) as source, zipfile.ZipFile(target, "w") as copy:
        for name in source.namelist():
            data = source.read(name)
            copy.writestr(name, change(data) if name == "xl/workbook.xml" else data)
    return target


def refuse(run: Run, *arguments: object, says: tuple[str, ...]) -> None:
    before = contents(Path.cwd())
    result = run(*arguments)
    assert result.code == 2
    assert "Traceback" not in result.err
    for words in says:
        assert words in result.err
    assert contents(Path.cwd()) == before


@pytest.mark.parametrize("command", [("check",), ("fill",), ("values",), ("clear", "--in-place")])
@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("missing.xlsx", None, "missing.xlsx"),
        ("text.xlsx", b"hello", "另存为"),
        ("empty.xlsx", b"", "empty.xlsx"),
        ("old.xls", bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 600, "另存为"),
        (
            "locked.xlsx",
            bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
            "密码",
        ),
    ],
)
def test_not_a_workbook(run: Run, command: tuple[str, ...], name: str, content: bytes | None, says: str) -> None:
    if content is not None:
        Path(name).write_bytes(content)
    refuse(run, *command, name, says=(name, says))


@pytest.mark.parametrize(
    "command", [("check",), ("fill",), ("import", "-o", "out.xlsx"), ("check", "book.xlsx", "--against")]
)
@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("~$book.xlsx", "这是 Excel 打开文件时的临时锁定文件，请选 book.xlsx。"),
        (".~book.xlsx", "这是 WPS 打开文件时的临时锁定文件，请选 book.xlsx。"),
        (".~lock.book.xlsx#", "这是 LibreOffice 打开文件时的临时锁定文件，请选 book.xlsx。"),
        ("~$报告.docx", "这是 Word 打开文件时的临时锁定文件，请选它旁边名称以“报告.docx”结尾的文件。"),
    ],
)
def test_lock_files(run: Run, book: Path, command: tuple[str, ...], name: str, says: str) -> None:
    """What a program leaves beside the file that it has open; a workbook that somebody named so is read."""
    book.rename("book.xlsx")
    for content in (b"\x05User" + b" " * 160, b""):
        Path(name).write_bytes(content)
        refuse(run, *command, name, says=(name, says))
    Path("book.xlsx").rename("~$named.xlsx")
    assert run("check", "~$named.xlsx").code == 1


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a named pipe")
def test_values_are_not_waited_for(run: Run, tmp_path: Path) -> None:
    os.mkfifo("values.json")
    refuse_ = run("new", "out.xlsx", "--values", "values.json")
    assert (refuse_.code, "不是普通文件，请指定一个 .json 文件" in refuse_.err) == (2, True)
    assert not Path("out.xlsx").exists()


def test_workbook_of_another_kind(run: Run, tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.save(tmp_path / "empty.xlsx")
    refuse(run, "check", "empty.xlsx", says=("empty.xlsx", "所有工作表都是空的"))
    book.active.append(["姓名", "电话"])
    book.save(tmp_path / "other.xlsx")
    refuse(run, "check", "other.xlsx", says=("other.xlsx", "没有认出绩效自评表"))


DEFINED = re.compile(rb"<definedNames>.*</definedNames>", re.DOTALL)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda xml: xml.replace(b'"xp_annual_budget"', b'"gone"'), "缺少"),
    ],
)
def test_names_lost_but_the_figures_are_there(
    run: Run, book: Path, change: Callable[[bytes], bytes], says: str
) -> None:
    """The message says how to go on, and that way leads there."""
    tampered = with_names(book, change)
    refuse(run, "check", tampered, says=("xlperf import tampered.xlsx -o 新.xlsx", says))
    assert "不是 xlperf 的模板" not in run("check", tampered).err
    assert run("import", "tampered.xlsx", "-o", "新.xlsx").code == 0
    known = values_of(open_form(book).record)["fields"]
    assert {k: v for k, v in values_of(open_form(Path("新.xlsx")).record)["fields"].items() if k in known} == known


@pytest.mark.parametrize(
    "change",
    [
        lambda xml: DEFINED.sub(b"", xml),  # saved by a library that drops them
        lambda xml: xml.replace(b"<definedName name=", b'<definedName localSheetId="0" name='),  # of one sheet only
    ],
)
def test_names_lost_altogether(run: Run, book: Path, change: Callable[[bytes], bytes]) -> None:
    """The form is found by its headings: the same errors at the same cells."""
    tampered = with_names(book, change)
    first, second = (json.loads(run("check", path, "--format", "json").out) for path in (book, tampered))
    errors = [
        {(each["code"], each["at"]) for each in one["findings"] if each["severity"] == "error"}
        for one in (first, second)
    ]
    assert errors[0] == errors[1]


def test_template_names_missing(run: Run, book: Path) -> None:
    tampered = with_names(book, lambda xml: xml.replace(b'"xp_annual_budget"', b'"gone"'))
    refuse(run, "check", tampered, says=("tampered.xlsx", "xp_annual_budget", "缺少"))


def test_two_names_on_one_cell(run: Run, book: Path) -> None:
    def same_cell(xml: bytes) -> bytes:
        start = xml.index(b'"xp_annual_budget"')
        reference = xml[xml.index(b">", start) + 1 : xml.index(b"<", start)]
        start = xml.index(b'"xp_annual_spent"')
        return xml[: xml.index(b">", start) + 1] + reference + xml[xml.index(b"<", start) :]

    refuse(run, "check", with_names(book, same_cell), says=("xp_annual_budget", "xp_annual_spent", "都指向"))


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ('{"fields": {"no_such_key": "1"}}', "no_such_key"),
        ('{"no_such_table": []}', "no_such_table"),
        ('{"fields": {"annual_budget": [1]}}', "annual_budget"),
        ('{"fields": {"annual_budget": true}}', "annual_budget"),
        ('{"fields": {"annual_budget": NaN}}', "NaN"),
        ('{"fields": []}', "fields"),
        ('{"indicators": {}}', "indicators"),
        ('{"indicators": [{"nope": 1}]}', "indicators[0]"),
        ('{"indicators": [{"score": {}}]}', "indicators[0].score"),
        ('{"template": 7}', "template"),
        ('{"template": "no_such_template"}', "no_such_template"),
        ('{"year": "去年"}', "year"),
        ("[1, 2]", "对象"),
        ("{", "JSON"),
    ],
)
def test_bad_values(run: Run, values: str, says: str) -> None:
    Path("bad.json").write_text(values, "utf-8")
    refuse(run, "new", "out.xlsx", "--values", "bad.json", says=(says,))


@pytest.mark.parametrize("command", ["fill", "check", "clear"])
def test_output_equals_input(run: Run, book: Path, command: str) -> None:
    refuse(run, command, book, "-o", book, says=("--in-place",))
    refuse(run, command, book, "-o", "./beita.xlsx", says=("--in-place",))
    refuse(run, command, book, "-o", "x.xlsx", "--in-place", says=("--in-place",))


@pytest.mark.parametrize("command", ["fill", "check", "clear", "freeze"])
def test_output_of_another_kind(run: Run, book: Path, command: str) -> None:
    """Excel opens a file of macros only by its own extension, and the other way round."""
    refuse(run, command, book, "-o", "out.xlsm", says=("out.xlsm", ".xlsx"))


def test_new_does_not_overwrite(run: Run, book: Path) -> None:
    refuse(run, "new", book, says=("已存在",))


@pytest.mark.parametrize("arguments", [("fill", "beita.xlsx", "-o"), ("check", "beita.xlsx", "-o"), ("new",)])
def test_folder_that_cannot_be_written(run: Run, book: Path, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    folder = tmp_path / "readonly"
    folder.mkdir()
    folder.chmod(0o500)
    if os.access(folder, os.W_OK):
        folder = Path("/proc")  # root may write into any folder but this
    refuse(run, *arguments, folder / "out.xlsx", says=("out.xlsx",))


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("check",), "BOOK"),
        (("nonsense",), "nonsense"),
        (("check", "x.xlsx", "--nope"), "--nope"),
        (("explain", "XLP999"), "XLP999"),
        (("check", "beita.xlsx", "--variant", "nowhere"), "nowhere"),
        (("clear", "beita.xlsx"), "--in-place"),
    ],
)
def test_wrong_usage(run: Run, book: Path, arguments: tuple[str, ...], says: str) -> None:
    refuse(run, *arguments, says=(says,))


def test_importing_xlperf_is_light() -> None:
    """No pandas, xlwings or openpyxl at start-up, neither for the package nor for `check`."""
    for statement in ("import xlperf", "import xlperf.cli.commands, xlperf.workbook.actions"):
        heavy = "('pandas', 'numpy', 'xlwings', 'openpyxl', 'lxml')"
        code = f"{statement}; import sys; print([name for name in {heavy} if name in sys.modules])"
        result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert result.stdout.strip() == "[]", statement


@pytest.mark.parametrize("command", [(), ("check",), ("import",), ("report",), ("roll",), ("addin",), ("new",)])
def test_help_is_in_chinese(run: Run, command: tuple[str, ...]) -> None:
    told = run(*command, "--help").out
    assert "用法：" in told
    assert "显示这段说明。" in told
    assert not [word for word in ("Show this", "required", "Options:", "Commands:") if word in told]
