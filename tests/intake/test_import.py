"""`xlperf import`: the workbook, the sheet 导入记录, the intake record as JSON; and no text becomes a formula."""

from __future__ import annotations

import json
import re
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.intake.drawn import document, table
from xlperf.cli import main
from xlperf.cli.commands import cli
from xlperf.form.forms import example_of
from xlperf.form.record import record_from_values, values_of
from xlperf.form.template import Template
from xlperf.intake.gather import gather
from xlperf.intake.record_sheet import book_of
from xlperf.package import Ref, Workbook
from xlperf.workbook.actions import open_form
from xlperf.workbook.import_record import COLUMNS, RECORD_SHEET

TEXT = Path(__file__).parent / "cases" / "beita_2023.txt"
BEITA: dict[str, Any] = example_of("department_overall")
HEAD = 3  # the row of the headings
TITLES = [column.title for column in COLUMNS]


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(argument) for argument in arguments], catch_exceptions=False)


def refusal(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    with pytest.raises(SystemExit) as stopped:
        main([str(argument) for argument in arguments])
    assert stopped.value.code == 2
    told = capsys.readouterr()
    assert told.out == ""
    return told.err


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    book = tmp_path_factory.mktemp("import") / "北塔.xlsx"
    assert run("import", TEXT, "-o", book).exit_code == 0
    return book


def record_xml(book: Path) -> str:
    """The sheet 导入记录 as it is saved."""
    with zipfile.ZipFile(book) as package:
        sheets = [package.read(name).decode() for name in package.namelist() if "worksheets/sheet" in name]
    (xml,) = (xml for xml in sheets if ">导入记录<" in xml and ">来源<" in xml)
    return xml


def rows_of(book: Workbook) -> list[dict[str, str]]:
    cells = book.cells(RECORD_SHEET)
    last = max(ref.row for ref in cells)
    return [
        {title: cells[Ref(row, col)].text if Ref(row, col) in cells else "" for col, title in enumerate(TITLES, 1)}
        for row in range(HEAD + 1, last + 1)
    ]


# The workbook


def test_the_workbook_holds_the_document(imported: Path, beita_values: dict[str, Any], template: Template) -> None:
    assert values_of(open_form(imported).record) == values_of(record_from_values(beita_values, template))


def test_what_the_command_says(tmp_path: Path) -> None:
    book = tmp_path / "新.xlsx"
    done = run("import", TEXT, "-o", book)
    assert done.stdout == f"{book}\n"
    assert done.stderr.splitlines()[0] == "认出 168 项，其中 2 项请核对。"
    assert "请核对　收支情况!C12　基本支出（年初预算数）：213.62" in done.stderr
    assert "没有认出、没有填入的内容（1 处）：" in done.stderr
    assert "其中应急指挥中心项目37.44万元。" in done.stderr


def test_the_record_as_json(tmp_path: Path) -> None:
    book = tmp_path / "新.xlsx"
    record = json.loads(run("import", TEXT, "-o", book, "--format", "json").stdout)
    assert list(record) == [
        *("schema", "file", "sources", "template", "values"),
        *("entries", "left", "conflicts", "kept", "figures", "remarks"),
    ]
    assert (record["schema"], record["file"], record["values"]) == (1, str(book), BEITA)
    (weight,) = (each for each in record["entries"] if each["key"] == "indicators[2].weight")
    assert weight == {
        "key": "indicators[2].weight",
        "label": "网络问政回复率·分值",
        "value": "10",
        "at": "自评表!G17",
        "place": "beita_2023.txt 表2 第14行第7列",
        "sure": True,
        "note": "",
    }


def test_several_files_with_a_bar(tmp_path: Path) -> None:
    second = tmp_path / "附件.txt"
    second.write_text("\t预算单位名称\n\t甲局\n\n\t填表人\n\t张三\n", "utf-8")
    done = run("import", TEXT, second, "-o", tmp_path / "新.xlsx")
    assert done.exit_code == 0
    assert "读取" in done.stderr
    assert done.stdout == f"{tmp_path / '新.xlsx'}\n"


def test_what_the_title_would_have_said(tmp_path: Path) -> None:
    """Year and unit are never invented: one is told where to fill them in."""
    paper = tmp_path / "附件.txt"
    paper.write_text("\t编制数\n\t实际在职人数\n\t控制率\n\n\t8\n\t8\n\t100%\n", "utf-8")
    done = run("import", paper, "-o", tmp_path / "新.xlsx")
    assert "没有认出评价年度，请自己填写：填表说明!B4" in done.stderr
    assert "没有认出预算单位名称，请自己填写：自评表!D4" in done.stderr


# Refusals


def test_an_existing_file_is_not_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = tmp_path / "旧.xlsx"
    book.write_bytes(b"old")
    assert "已存在" in refusal(capsys, "import", TEXT, "-o", book)
    assert book.read_bytes() == b"old"


def test_nothing_recognised(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    letter = tmp_path / "信.txt"
    letter.write_text("各位领导：\n今天天气很好。\n\t姓名\n\t电话\n\n\t张三\n\t123\n", "utf-8")
    book = tmp_path / "新.xlsx"
    told = refusal(capsys, "import", letter, "-o", book)
    assert "信.txt：没有认出任何一张表" in told
    assert "基础数据表" in told
    assert not book.exists()


@pytest.mark.parametrize("name", ["新.xlsm", "新.docx", "新"])
def test_the_result_is_an_xlsx(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ".xlsx" in refusal(capsys, "import", TEXT, "-o", tmp_path / name)


def test_a_source_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "没有.docx" in refusal(capsys, "import", tmp_path / "没有.docx", "-o", tmp_path / "新.xlsx")
    assert not list(tmp_path.iterdir())


# The sheet


def test_the_sheet_tells_of_every_item(imported: Path) -> None:
    """What is to be looked at comes first; no key of ours is shown."""
    rows = rows_of(open_form(imported).book)
    rows = rows[: next((at for at, row in enumerate(rows) if not row["情况"]), len(rows))]
    order = list(dict.fromkeys(row["情况"] for row in rows))
    assert order[:3] == ["请核对", "没有认出", "确定"]
    assert set(order[3:]) <= {"留在文字里"}
    counted = Counter(row["情况"] for row in rows)
    assert (counted["请核对"], counted["没有认出"], counted["确定"]) == (2, 1, 166)
    assert [row["项目"] for row in rows[:2]] == ["支出合计（年初预算数）", "基本支出（年初预算数）"]
    assert rows[3] == {
        "情况": "确定",
        "位置": "填表说明!B4",
        "项目": "评价年度",
        "内容": "2023",
        "来源": "beita_2023.txt 第2段",
        "说明": "标题的年份",
    }


def test_headings_stay_in_sight_and_what_is_listed_can_be_filtered(imported: Path) -> None:
    rows = rows_of(open_form(imported).book)
    listed = next((at for at, row in enumerate(rows) if not row["情况"]), len(rows))
    xml = record_xml(imported)
    assert f'<autoFilter ref="A{HEAD}:F{HEAD + listed}"' in xml
    assert f'<pane ySplit="{HEAD}" topLeftCell="A{HEAD + 1}" activePane="bottomLeft" state="frozen"' in xml


def test_places_are_links(imported: Path) -> None:
    places = re.findall(r'<hyperlink [^>]*location="([^"]*)"', record_xml(imported))
    assert len(places) == 168
    assert "填表说明!B4" in places


@pytest.mark.parametrize("command", ["check", "fill", "freeze", "clear"])
def test_other_commands_leave_the_sheet_alone(command: str, imported: Path, tmp_path: Path) -> None:
    book = tmp_path / "副本.xlsx"
    book.write_bytes(imported.read_bytes())
    before = record_xml(book)
    for _ in range(2):
        assert run(command, book, "--in-place").exit_code in (0, 1)
        assert record_xml(book) == before
        assert open_form(book).book.sheets[-1] == RECORD_SHEET


def test_what_to_look_at_stands_out(imported: Path) -> None:
    """By what the first column says, so that sorting takes the colours along."""
    rules = re.findall(
        r'<conditionalFormatting sqref="(A4:A[0-9]+)".*?<formula>([^<]*)</formula>', record_xml(imported)
    )
    assert [formula.partition("=")[2].strip('"&quot;') for _, formula in rules] == ["请核对", "没有认出", "没有采用"]


# Text stays text

FORMULAS = ["=1+1", "+A1", "-1+2", "@x", '=HYPERLINK("http://a","b")', "=cmd|' /C calc'!A0", "\t=1+1"]


@pytest.mark.parametrize("text", FORMULAS)
def test_text_never_becomes_a_formula(text: str, tmp_path: Path, template: Template) -> None:
    """Neither in the form nor in the record; told from the saved XML."""
    rows = [
        ["厉行节约保障措施", text, "", "", "", "", ""],
        ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分"],
        ["产出指标", "数量指标", text, text, text, text, "10"],
        [text, "", "", "", "", "", ""],
    ]
    intake = gather([document(table(rows), text, name=text)], template)
    assert intake.values["indicators"][0]["level3"] == text.strip()
    path = tmp_path / "新.xlsx"
    book_of(intake).book.save(path)
    form = open_form(path)
    shown = text.strip()
    assert form.record["thrift_measures"].text == shown
    assert form.record["indicators[0].target"].text == shown
    held = [
        (sheet, cell)
        for sheet in form.book.sheets
        for cell in form.book.cells(sheet).values()
        if shown in cell.text and sheet != "审核结果"
    ]
    assert {sheet for sheet, _ in held} >= {"基础数据表", "自评表", RECORD_SHEET}
    assert all(cell.formula is None for _, cell in held)
    assert not any(
        (cell.formula or "").startswith(shown[1:]) for s in form.book.sheets for cell in form.book.cells(s).values()
    )
