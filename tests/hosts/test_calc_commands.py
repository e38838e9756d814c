"""Rows, files and reports by the menu of a real LibreOffice Calc: what is inserted, deleted, written and compared."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import docx
import openpyxl
import pytest
from openpyxl.utils.cell import coordinate_from_string
from openpyxl.worksheet.cell_range import CellRange

from tests.hosts.calc import Calc
from tests.hosts.marked import shown
from tests.workbooks import edited, new_bytes
from xlperf.package import Area, Ref, Workbook
from xlperf.report.word import build_report
from xlperf.udf.calc_menu import ENTRIES
from xlperf.workbook import actions
from xlperf.workbook.comparison import COMPARISON

pytestmark = pytest.mark.libreoffice

URL = {each.name: each.url for each in ENTRIES}
FIRST, LAST, SPECIAL = 15, 24, 17  # of the demo: the first indicator, the row of ……, the blank row for a special fund
COMMAND = {
    "inside a level": "add_indicator",
    "end of a level": "add_indicator",
    "on ……": "add_indicator",
    "project": "add_project",
    "dropped": "drop_placeholders",
    "marked": "add_indicator",
    "project form": "add_indicator",
    "compared": "compare",
}


NUMERALS = """一、部门、单位基本情况
（一）机构设置情况
内设三个股室。
二、部门整体支出管理及使用情况
（一）预算执行、使用、管理总体情况
2023年收入实际完成三百二十一万元。
"""
UNDONE = [name for name in COMMAND if name not in ("inside a level", "on ……")]  # saving takes long


class Desk(Calc):
    """What a workbook was before a command is saved once for each workbook."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.first: dict[bytes, str] = {}
        self.of: dict[str, str] = {}

    def do(self, name: str, sheet: str, cell: str, blob: bytes, file: str = "") -> None:
        """The command of that name on a workbook as it was, at a cell; then undone and redone."""
        self.open(blob, hidden=False)
        if name == "marked":
            self.step("give", URL["check"])
        self.of[name] = self.first.setdefault(blob, f"before {name}")
        if self.of[name] == f"before {name}":
            self.save(self.of[name])
        self.step("select", sheet, cell)
        self.step("give", URL[COMMAND[name]], None, file, called=name)
        self.step("steps", called=f"{name}, steps")
        self.step("protection", called=f"{name}, protection")
        self.save(name)
        if name in UNDONE:
            self.step("undo")
            self.save(f"{name}, undone")
            self.step("redo")

    def before(self, name: str) -> bytes:
        return self.saved(self.of[name])

    def told(self, name: str) -> str:
        done, message, _ = self.answer(name)
        assert done, message
        return str(message)

    def refused(self, name: str) -> str:
        done, message, _ = self.answer(name)
        assert not done, message
        assert "Traceback" not in message
        return str(message)


@pytest.fixture(scope="module")
def demo(beita_values: dict[str, Any]) -> bytes:
    return edited(beita_values, {"fill": True})


@pytest.fixture(scope="module")
def calc(tmp_path_factory: pytest.TempPathFactory, beita_values: dict[str, Any], demo: bytes) -> Desk:
    """Everything in one run of the office."""
    calc = Desk(tmp_path_factory.mktemp("desk"))
    calc.do("inside a level", "自评表", f"E{FIRST}", demo)
    calc.do("end of a level", "自评表", "D17", demo)
    calc.do("on ……", "自评表", f"A{LAST}", demo)
    calc.step("select", "基础数据表", "B3")
    calc.step("give", URL["add_indicator"], called="elsewhere")
    calc.do("project", "基础数据表", f"A{SPECIAL}", demo)
    calc.do("marked", "自评表", "D22", new_bytes(beita_values))
    calc.do("dropped", "自评表", "A1", demo)
    calc.step("select", "基础数据表", f"A{SPECIAL}")
    calc.step("give", URL["add_project"], called="grown")
    calc.step("select", "自评表", f"D{LAST - 1}")
    calc.step("give", URL["add_indicator"], called="grown too")
    calc.save("grown")
    calc.step("undo")
    calc.step("undo")
    calc.save("grown, undone")
    calc.step("give", URL["drop_placeholders"], called="nothing to drop")
    calc.do("project form", "项目自评表", "A1", new_bytes({"template": "project_spending"}))
    calc.step("give", URL["add_project"], called="no projects")
    _files(calc, beita_values, demo)
    calc.run()
    return calc


def _files(calc: Desk, values: dict[str, Any], demo: bytes) -> None:
    source = calc.folder / "来件"
    source.mkdir()
    report = source / "报告.docx"
    report.write_bytes(build_report(actions.open_form(demo).record))
    other = edited(values, {"write": {"operating_actual": "93.01"}})
    calc.do("compared", "自评表", "A1", other, report.as_uri())
    calc.step("give", URL["clear"], False)
    calc.save("compared, cleared")
    calc.step("give", URL["report"], called="report")
    calc.step("give", URL["next_year"], called="next year")
    calc.step("give", URL["next_year"], called="next year again")
    calc.step("give", URL["import"], None, report.as_uri(), called="imported")
    (source / "正文.txt").write_text(NUMERALS, "utf-8")
    calc.step("give", URL["import"], None, (source / "正文.txt").as_uri(), called="numerals")
    calc.step("give", URL["import"], None, (source / "没有.docx").as_uri(), called="no file")
    calc.step("give", URL["help"], called="help")
    calc.step("steps", called="files, steps")
    calc.step("windows", called="windows")
    calc.open(demo)
    calc.step("password", "自评表")
    calc.save("password, before")
    calc.step("give", URL["add_indicator"], called="password")
    calc.step("give", URL["import"], called="no file chosen")
    calc.save("password, after")
    empty = io.BytesIO()
    openpyxl.Workbook().save(empty)
    calc.open(empty.getvalue(), "别的.xlsx")
    for name in ("add_indicator", "add_project", "drop_placeholders", "report", "next_year", "compare"):
        calc.step("give", URL[name], None, report.as_uri() if name == "compare" else "", called=f"others, {name}")
    calc.step("open", "private:factory/scalc", True)
    calc.step("give", URL["report"], called="unsaved")


# --- a row more -------------------------------------------------------------------------------------------------------


def formulas(blob: bytes, sheet: str, first: int, last: int) -> int:
    """How often formulas name columns of those rows, with the header or without it."""
    book = Workbook.open(blob)
    area = re.compile(rf"(?<![A-Z0-9])([A-I])(?:{first - 1}|{first}):(?:\1){last}(?![0-9])")
    return sum(
        len(area.findall(cell.formula))
        for home in book.sheets
        for cell in book.cells(home).values()
        if cell.formula is not None and (home == sheet or f"{sheet}!" in cell.formula)
    )


def merges(calc: Desk, name: str, sheet: str = "自评表") -> set[Area]:
    return set(Workbook.open(calc.saved(name)).merges(sheet))


@pytest.mark.parametrize(
    ("name", "row", "levels"),
    [
        ("inside a level", 16, {Area(15, 2, 21, 2), Area(15, 3, 17, 3)}),
        ("end of a level", 18, {Area(15, 2, 21, 2), Area(17, 3, 19, 3)}),
        ("on ……", 24, {Area(23, 2, 25, 2), Area(23, 3, 25, 3)}),
    ],
)
def test_an_indicator_more(calc: Desk, name: str, row: int, levels: set[Area]) -> None:
    before, after = calc.before(name), calc.saved(name)
    assert f"自评表 第 {row} 行" in calc.told(name)
    form = actions.open_form(after)
    assert form.binding.tables["indicators"].body == Area(FIRST, 2, LAST + 1, 9)
    assert [ref for ref in form.book.cells("自评表") if ref.row == row] == []
    assert levels | {Area(FIRST - 1, 1, LAST + 1, 1)} <= merges(calc, name)
    assert formulas(after, "自评表", FIRST, LAST + 1) == formulas(before, "自评表", FIRST, LAST) > 100
    texts = [form.book.cells("自评表")[ref].text for ref in (Ref(LAST + 1, 4),)]
    assert texts == ["……"], "the row of …… stays the last"
    own = {key: cell.text for key, cell in form.record.stated.items()}
    assert own == {key: cell.text for key, cell in actions.open_form(calc.before(name)).record.stated.items()}


def test_where_a_row_comes_is_said(calc: Desk) -> None:
    assert "自评表 第 16 行（在“开展网络安全检查”下面）" in calc.told("inside a level")
    assert "光标不在表里" not in calc.told("on ……")
    assert "光标不在表里，所以加在表的末尾" in calc.told("elsewhere")


@pytest.mark.parametrize("name", ["inside a level", "end of a level", "project"])
def test_the_new_row_is_as_the_one_above(calc: Desk, name: str) -> None:
    sheet, row = (
        ("基础数据表", SPECIAL + 1) if name == "project" else ("自评表", 16 if name == "inside a level" else 18)
    )
    found = openpyxl.load_workbook(io.BytesIO(calc.saved(name)))[sheet]
    for col in range(1 if name == "project" else 4, 9):
        new, above = found.cell(row, col), found.cell(row - 1, col)
        assert not new.protection.locked
        looks = [(each.number_format, each.fill.fgColor.rgb, repr(each.border)) for each in (new, above)]
        assert looks[0] == looks[1]
        hints = [
            [each.prompt for each in found.data_validations.dataValidation if cell.coordinate in each.cells]
            for cell in (new, above)
        ]
        assert hints[0] == hints[1]
    assert found.row_dimensions[row].height == found.row_dimensions[row - 1].height


def test_a_special_fund_more(calc: Desk) -> None:
    form = actions.open_form(calc.saved("project"))
    assert form.binding.tables["project_special"].body == Area(SPECIAL, 1, SPECIAL + 2, 8)
    across = {area for area in merges(calc, "project", "基础数据表") if area.top == SPECIAL + 1}
    assert across == {Area(SPECIAL + 1, col, SPECIAL + 1, col + 1) for col in (1, 3, 5, 7)}


def test_no_highlight_comes_along(calc: Desk) -> None:
    """The row above had one: what was found there was not found in the new row."""
    before, after = (shown(blob).highlights for blob in (calc.before("marked"), calc.saved("marked")))
    rows = {coordinate_from_string(at)[1] for sheet, at in after if sheet == "自评表"}
    assert 22 in rows
    assert 23 not in rows
    assert len(after) == len(before)
    assert "请再审核一次" in calc.told("marked")
    assert "请再审核一次" not in calc.told("on ……")


def test_another_form_and_a_form_without_the_table(calc: Desk) -> None:
    body = actions.open_form(calc.before("project form")).binding.tables["indicators"].body
    after = actions.open_form(calc.saved("project form")).binding.tables["indicators"].body
    assert after == body._replace(bottom=body.bottom + 1)
    assert "没有可以增加行的专项资金表" in calc.refused("no projects")


# --- rows that hold nothing -------------------------------------------------------------------------------------------


def test_placeholders_go_and_the_figures_stay(calc: Desk) -> None:
    assert "“自评表” 1 行、“基础数据表” 1 行" in calc.told("dropped")
    form = actions.open_form(calc.saved("dropped"), "自评.xlsx")
    before = actions.open_form(calc.before("dropped")).record
    assert form.binding.tables["indicators"].body == Area(FIRST, 2, LAST - 1, 9)
    assert form.binding.tables["project_special"].body == Area(SPECIAL, 1, SPECIAL, 8), "a table keeps one row"
    assert {key: cell.text for key, cell in form.record.stated.items()} == {
        key: cell.text for key, cell in before.stated.items()
    }
    assert "没有可以删除的" in calc.told("nothing to drop")


def test_rows_below_the_last_one_are_in_every_sum(calc: Desk, demo: bytes) -> None:
    """Once …… is gone nothing grows by itself."""
    form = actions.open_form(calc.saved("grown"))
    assert form.binding.tables["indicators"].body == Area(FIRST, 2, LAST, 9)
    assert form.binding.tables["project_special"].body == Area(SPECIAL, 1, SPECIAL + 1, 8)
    for sheet, first, last in (("自评表", FIRST, LAST), ("基础数据表", SPECIAL, SPECIAL + 1)):
        assert formulas(calc.saved("grown"), sheet, first, last) == formulas(demo, sheet, first, last) > 0
    assert {Area(23, 2, 24, 2), Area(23, 3, 24, 3), Area(FIRST - 1, 1, LAST, 1)} <= merges(calc, "grown")
    undone, dropped = calc.saved("grown, undone"), calc.saved("dropped")
    assert visible(undone) == visible(dropped)
    assert Workbook.open(undone).names == Workbook.open(dropped).names


# --- undo, protection -------------------------------------------------------------------------------------------------


def visible(blob: bytes) -> Any:
    """Without what saving in Calc changes in every workbook."""
    return shown(blob)._replace(styles={}, protection={})


@pytest.mark.parametrize("name", UNDONE)
def test_one_step_takes_it_back(calc: Desk, name: str) -> None:
    before, after = calc.before(name), calc.saved(f"{name}, undone")
    assert visible(after) == visible(before)
    assert Workbook.open(after).names == Workbook.open(before).names
    assert visible(calc.saved(name)) != visible(before)
    assert locks(after) == locks(before)
    titles = {each.name: each.step for each in ENTRIES}
    assert calc.answer(f"{name}, steps")[0] == titles[COMMAND[name]]
    assert calc.answer(f"{name}, steps").count(titles[COMMAND[name]]) == 1


def locks(blob: bytes) -> dict[str, tuple[str, bool]]:
    book = openpyxl.load_workbook(io.BytesIO(blob))
    return {
        f"{sheet.title}!{cell.coordinate}": (cell.number_format, cell.protection.locked)
        for sheet in book
        for row in sheet.iter_rows(max_col=_columns(sheet))
        for cell in row
    }


def _columns(sheet: Any) -> int | None:
    """Those of the form: undone, Calc leaves blank cells beside a row that was inserted as the row had them."""
    area = str(sheet.print_area or "").rpartition("!")[2]
    return CellRange(area).max_col if area else None


def test_protected_sheets_are_protected_again(calc: Desk) -> None:
    titles = ("首页", "填表说明", "收支情况", "基础数据表", "自评表", "自评报告")
    expected = [[title, True] for title in titles]
    for name in COMMAND:
        if name != "project form":
            assert calc.answer(f"{name}, protection")[: len(expected)] == expected


def test_a_password_refuses_and_nothing_is_written(calc: Desk) -> None:
    assert "设有保护密码" in calc.refused("password")
    assert calc.refused("no file chosen") == "没有选文件。"
    assert visible(calc.saved("password, after")) == visible(calc.saved("password, before"))


# --- files ------------------------------------------------------------------------------------------------------------


def written(calc: Desk, name: str) -> Any:
    (found,) = calc.folder.glob(f"*/{name}")
    return found


def test_report_beside_the_workbook(calc: Desk) -> None:
    assert calc.told("report").startswith("已生成自评报告：自评_报告.docx")
    document = docx.Document(str(written(calc, "自评_报告.docx")))
    assert document.paragraphs[1].text == "2023年部门整体支出绩效自评报告"
    assert len(document.tables) == 3


def test_next_year_is_never_written_over(calc: Desk) -> None:
    assert calc.told("next year").startswith("已新建下一年的工作簿：自评_下一年.xlsx")
    assert calc.told("next year again").startswith("已新建下一年的工作簿：自评_下一年（2）.xlsx")
    assert "沿用了 46 格" in calc.told("next year")
    assert actions.open_form(written(calc, "自评_下一年.xlsx")).record.year == 2024


def test_import_tells_what_it_understood(calc: Desk) -> None:
    assert calc.told("imported").startswith("已导入成新的工作簿：报告_导入.xlsx（与 报告.docx 在同一个文件夹）。")
    form = actions.open_form(written(calc, "报告_导入.xlsx"))
    assert form.record["operating_actual"].text == "92.01"
    assert "导入记录" in form.book.sheets
    assert "找不到这个文件" in calc.refused("no file")


def test_new_workbooks_are_opened(calc: Desk) -> None:
    names = {"自评_下一年.xlsx", "报告_导入.xlsx"}
    assert {unquote(each) for each in calc.answer("windows")} >= names


def test_a_report_is_compared_in_place(calc: Desk) -> None:
    assert re.search(r"报告与工作簿不符 \d+ 处：错误 [1-9]", calc.told("compared"))
    assert "比较了 120 个数，4 个没有比较" in calc.told("compared")
    book = openpyxl.load_workbook(io.BytesIO(calc.saved("compared")))
    rows = list(book[COMPARISON.sheet].iter_rows(values_only=True))
    assert list(rows[0][: len(COMPARISON.titles)]) == COMPARISON.titles
    paper = book[COMPARISON.sheet]
    assert (paper.page_setup.orientation, paper.page_setup.fitToWidth, paper.page_setup.fitToHeight) == (
        "landscape",
        1,
        0,
    )
    assert paper.sheet_properties.pageSetUpPr.fitToPage
    (found,) = (row for row in rows if "公用经费（决算数）：报告为 92.01，工作簿为 93.01。" in str(row[2]))
    assert found[:2] == ("✗ 错误", '=HYPERLINK("#基础数据表!G20","基础数据表!G20")')
    assert [row[2] for row in rows if row[2]][-1] == "报告.docx：比较了 120 个数，4 个没有比较。"
    assert COMPARISON.sheet not in Workbook.open(calc.before("compared")).sheets
    assert COMPARISON.sheet not in Workbook.open(calc.saved("compared, cleared")).sheets


def test_numerals_are_read_by_a_library_that_the_extension_brings(calc: Desk) -> None:
    assert calc.told("numerals").startswith("已导入成新的工作簿：正文_导入.xlsx")
    assert "三百二十一万元" in actions.open_form(written(calc, "正文_导入.xlsx")).record["section_2_1"].text


def test_files_are_no_steps(calc: Desk) -> None:
    assert calc.answer("files, steps") == ["绩效自评：清除", "绩效自评：对照报告"]


def test_help_tells_every_command(calc: Desk) -> None:
    lines = calc.told("help").split("\n")
    assert [line.partition("\u3000")[0] for line in lines[: len(ENTRIES)]] == [each.title for each in ENTRIES]


@pytest.mark.parametrize("name", ["add_indicator", "add_project", "drop_placeholders", "compare"])
def test_workbook_of_others(calc: Desk, name: str) -> None:
    assert calc.refused(f"others, {name}").startswith("无法完成：别的.xlsx：不是由填报模板新建的工作簿")


def test_what_no_file_can_be_made_of(calc: Desk) -> None:
    for name in ("report", "next_year"):
        assert calc.refused(f"others, {name}").startswith("无法完成：别的.xlsx：")
    assert calc.refused("unsaved").startswith("无法完成：工作簿还没有存成文件，不知道自评报告放在哪里。")
