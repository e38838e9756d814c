"""The live host through real xlwings objects, on an engine over openpyxl: what it saves is what the file host saves."""

from __future__ import annotations

import ast
import asyncio
import copy
import io
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlwings as xw
from openpyxl.workbook.defined_name import DefinedName

import xlperf
from tests.hosts import openpyxl_engine, openpyxl_range
from tests.hosts.libreoffice import Office
from tests.hosts.marked import FAULTS, by_file, shown
from tests.hosts.row_insertion import change_rows
from tests.workbook.test_visible_cells import in_1904
from tests.workbooks import edited, new_bytes
from xlperf.hosts.excel import live
from xlperf.hosts.excel.snapshot import _SheetReader, at_once, cell_of, rectangles, take
from xlperf.hosts.excel.writing import Write
from xlperf.package import Area, Cell, CellKind, Ref, Workbook, ref_text
from xlperf.udf import runpython, scripts
from xlperf.workbook import actions, binding, walk
from xlperf.workbook.comparison import COMPARISON
from xlperf.workbook.explained import CHANGED
from xlperf.workbook.result_rows import RESULTS, RESULTS_SHEET

MESSAGE, TEXT, STATUS = (RESULTS.titles.index(title) for title in ("问题与说明", "审核说明（请在此填写）", "状态"))


@pytest.fixture
def app() -> xw.App:
    return openpyxl_engine.start()


@pytest.fixture
def blob(beita_values: dict[str, Any]) -> bytes:
    return new_bytes(beita_values)


def opened(app: xw.App, folder: Path, blob: bytes, name: str = "自评.xlsx") -> xw.Book:
    path = folder / name
    path.write_bytes(blob)
    return app.books.open(path)


def saved(book: xw.Book) -> Path:
    book.save()
    return Path(book.fullname)


# --- the same as in files ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("changes", FAULTS.values(), ids=FAULTS.keys())
def test_reads_what_the_file_holds(
    app: xw.App, tmp_path: Path, beita_values: dict[str, Any], changes: dict[str, Any]
) -> None:
    blob = edited(beita_values, {"fill": False} | changes)
    book, live_book = Workbook.open(blob), live.LiveBook(at_once(take(opened(app, tmp_path, blob))))
    assert live_book.sheets == book.sheets
    assert set(live_book.names) == set(book.names)
    for sheet in book.sheets:
        mine, theirs = live_book.cells(sheet), book.cells(sheet)
        assert {ref: _told(cell) for ref, cell in mine.items()} == {ref: _told(cell) for ref, cell in theirs.items()}
        assert live_book.hidden_state(sheet) == book.hidden_state(sheet)
        if any(home == sheet for _, home, _ in book.names):
            assert sorted(live_book.merges(sheet)) == sorted(book.merges(sheet))
            assert live_book.hidden_rows(sheet) == {row for row in book.hidden_rows(sheet) if row <= _last(theirs)}
            assert live_book.hidden_cols(sheet) == book.hidden_cols(sheet)
            numbers = [ref for ref, cell in theirs.items() if cell.kind is CellKind.NUMBER]
            for ref in numbers:
                assert live_book.number_format(mine[ref]) == book.number_format(theirs[ref]), ref


def _told(cell: Cell) -> tuple[object, ...]:
    """A formula without a result shows nothing, and an open program never has one that it has not calculated."""
    kind = CellKind.TEXT if cell.kind is CellKind.BLANK else cell.kind
    return kind, f"{float(cell.text):.12g}" if kind is CellKind.NUMBER else cell.text, cell.formula


def _last(cells: Mapping[Ref, Cell]) -> int:
    return max(ref.row for ref in cells)


@pytest.mark.parametrize("changes", FAULTS.values(), ids=FAULTS.keys())
def test_check_marks_as_in_files(
    app: xw.App, tmp_path: Path, beita_values: dict[str, Any], changes: dict[str, Any]
) -> None:
    blob = edited(beita_values, {"fill": False} | changes)
    book = opened(app, tmp_path, blob)
    message = live.check(book)
    mine, theirs = shown(saved(book)), shown(by_file(blob))
    assert mine == theirs
    assert mine.notes
    assert mine.highlights
    assert mine.links
    assert message.startswith("审核完成：待改 ")
    assert book.sheets.active.name == RESULTS_SHEET


@pytest.mark.parametrize("changes", FAULTS.values(), ids=FAULTS.keys())
def test_fill_writes_as_in_files(
    app: xw.App, tmp_path: Path, beita_values: dict[str, Any], changes: dict[str, Any]
) -> None:
    blob = edited(beita_values, {"fill": False} | changes)
    form = actions.open_form(blob)
    changed = actions.fill(form)
    book = opened(app, tmp_path, blob)
    message = live.fill(book)
    assert shown(saved(book)) == shown(form.book.to_bytes())
    assert f"更新了 {len(changed)} 个计算项" in message
    assert live.NO_UNDO in message


def test_checking_twice_gives_the_same_and_clear_gives_the_sheets_back(
    app: xw.App, tmp_path: Path, blob: bytes
) -> None:
    book = opened(app, tmp_path, blob)
    before, record = shown(saved(book)), actions.open_form(saved(book)).record
    live.check(book)
    once = shown(saved(book))
    live.check(book)
    assert shown(saved(book)) == once
    assert once != before
    live.clear(book)
    assert shown(saved(book)) == before
    assert actions.open_form(saved(book)).record == record


def test_calculated_by_a_spreadsheet_program(office: Office, tmp_path: Path, beita_values: dict[str, Any]) -> None:
    """Fill, look, check and fill again with formulas that are really calculated; then compare with the file route."""
    folders = iter(range(100))
    app = openpyxl_engine.start(lambda path: office.convert([path], "xlsx", tmp_path / f"c{next(folders)}")[0])
    source = new_bytes(beita_values)
    book = opened(app, tmp_path, source)
    live.fill(book)
    live.check(book)
    form = actions.open_form(source)
    actions.fill(form)
    theirs = by_file(form.book.to_bytes())
    mine = shown(saved(book))
    assert mine == shown(theirs)
    live.freeze(book)
    form = actions.open_form(office.convert([_written(tmp_path / "f.xlsx", theirs)], "xlsx", tmp_path / "f")[0])
    actions.freeze(form)
    frozen = shown(saved(book))
    assert {at: _digits(value) for at, value in frozen.cells.items()} == {
        at: _digits(value) for at, value in shown(form.book.to_bytes()).cells.items()
    }
    assert not [value for value in frozen.cells.values() if str(value).startswith("=")]


def _written(path: Path, blob: bytes) -> Path:
    path.write_bytes(blob)
    return path


def _digits(value: object) -> object:
    return f"{float(value):.12g}" if isinstance(value, int | float) else value


# --- what is not ours -------------------------------------------------------------------------------------------------


def test_explanations_stay_and_settle(app: xw.App, tmp_path: Path, blob: bytes) -> None:
    book = opened(app, tmp_path, blob)
    live.check(book)
    results = book.sheets[RESULTS_SHEET]
    rows = results.used_range.value
    at = next(number for number, row in enumerate(rows) if row[STATUS] == "待说明")
    results.range((at + 1, TEXT + 1)).value = "年中追加，见批复"
    live.check(book)
    row = results.used_range.value[at]
    assert [row[TEXT], row[STATUS]] == ["年中追加，见批复", "已说明"]


def test_an_explanation_is_of_its_figure(app: xw.App, tmp_path: Path, blob: bytes) -> None:
    book = opened(app, tmp_path, blob)
    live.check(book)
    results = book.sheets[RESULTS_SHEET]
    rows = results.used_range.value
    at = next(number for number, row in enumerate(rows) if "公用经费（决算数）为 92.01，预算数" in str(row[MESSAGE]))
    results.range((at + 1, TEXT + 1)).value = "年中追加，见批复"
    place = actions.open_form(blob).binding.place("operating_actual")
    book.sheets[place.sheet].range(place.ref).value = 920.1
    for _ in range(2):
        live.check(book)
        row = next(row for row in results.used_range.value if "为 920.10，预算数为 9.50" in str(row[MESSAGE]))
        assert [row[TEXT], row[STATUS]] == ["年中追加，见批复", CHANGED]


def test_fill_names_what_it_leaves_out(app: xw.App, tmp_path: Path, beita_values: dict[str, Any]) -> None:
    blob = edited(beita_values, FAULTS["label of another"])
    book = opened(app, tmp_path, blob)
    message = live.fill(book)
    assert "格没有填，原样保留" in message
    assert "项目支出（上年决算数）：旁边写的是“3、公务接待”" in message
    place = actions.open_form(blob).binding.place("project_prior_actual")
    assert book.sheets[place.sheet].range(place.ref).value == 3


def test_dates_of_1904(app: xw.App, tmp_path: Path, blob: bytes) -> None:
    """Excel tells dates as dates; the formula bar has them as the workbook counts, and so has the snapshot."""
    form = actions.open_form(blob)
    place = form.binding.place("filled_on")
    form.book.write(place.sheet, place.ref, Decimal(43524), number_format="yyyy/m/d")
    xl = openpyxl.load_workbook(io.BytesIO(in_1904(form.book.to_bytes())))
    path = tmp_path / "1904.xlsx"
    xl.save(path)
    snapshot = at_once(take(app.books.open(path)))
    assert snapshot.since_1904
    book = live.LiveBook(snapshot)
    assert book.cells(place.sheet)[place.ref].text == "43524"
    assert binding.read_record(book, binding.bind(book))["filled_on"].shown == "2023年3月1日"


def test_a_formula_that_gives_a_date_in_1904() -> None:
    """What came as a date is counted from the end of 1899 until the workbook is known to count from 1904."""
    reader = _SheetReader(None, False, ["General"], "甲.xlsx")  # type: ignore[arg-type]
    cells = {Ref(1, 1): Cell(CellKind.NUMBER, "44986", "TODAY()", 0), Ref(2, 1): Cell(CellKind.NUMBER, "5", "A3", 0)}
    reader.days.append(Ref(1, 1))
    reader.count_from_1904(cells)
    assert (cells[Ref(1, 1)].text, cells[Ref(2, 1)].text) == ("43524", "5")


def test_figures_under_a_merge_are_seen_by_excel_too(app: xw.App, tmp_path: Path, blob: bytes) -> None:
    """Cells that a merge covers may hold figures: the merge is found although none of its cells is blank."""
    book = opened(app, tmp_path, blob)
    place = actions.open_form(blob).binding.place("staff_quota")
    native = book.sheets[place.sheet].impl.xl
    col = place.ref.col
    native.merge_cells(start_row=40, start_column=col, end_row=41, end_column=col)
    native._cells[40, col].value = 1
    native._cells[41, col] = type(native.cell(1, 1))(native, 41, col, 8)
    native.cell(42, col).value = 3
    area = Area(40, col, 41, col)
    assert area in at_once(take(book)).sheets[place.sheet].merges


def test_long_explanations_are_kept(app: xw.App, tmp_path: Path, blob: bytes) -> None:
    form = actions.open_form(by_file(blob))
    head = next(area for name, _, area in form.book.names if name == "xp_findings")
    text = "=" + "说明" * 5_000
    form.book.write(RESULTS_SHEET, Ref(head.bottom + 3, TEXT + 1), text)
    book = opened(app, tmp_path, form.book.to_bytes())
    live.check(book)
    found = book.sheets[RESULTS_SHEET].range((head.bottom + 3, TEXT + 1))
    assert found.value == text
    assert found.formula == text  # no formula: that would have another value


def test_without_notes_in_an_old_excel(
    app: xw.App, tmp_path: Path, blob: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: object) -> None:
        raise NotImplementedError("Notes require ExcelApi 1.18")

    monkeypatch.setattr(openpyxl_engine.Sheet, "notes", property(refuse))
    book = opened(app, tmp_path, blob)
    live.check(book)
    assert shown(saved(book)) == shown(by_file(blob))._replace(notes={})


def test_notes_and_formats_of_others_stay(app: xw.App, tmp_path: Path, blob: bytes) -> None:
    marked = shown(by_file(blob))
    sheet, at = next(iter(marked.notes))
    book = opened(app, tmp_path, blob)
    book.sheets[sheet].range(at).add_note("【注意】请核对")
    book.sheets[sheet].range("A1:B2").conditional_formats.add_custom("=$A$1=1", fill_color="#00FF00")
    live.check(book)
    found = shown(saved(book))
    assert found.notes == marked.notes | {(sheet, at): "【注意】请核对"}
    assert found.highlights == marked.highlights
    live.clear(book)
    assert shown(saved(book)).notes == {(sheet, at): "【注意】请核对"}
    rules = book.sheets[sheet].cells.conditional_formats
    assert "=$A$1=1" in [rule.formula for rule in rules]


def test_hosts_clear_after_each_other(app: xw.App, tmp_path: Path, blob: bytes) -> None:
    """Excel names its user as the author of our notes; both hosts know them all the same."""
    source = saved(opened(app, tmp_path, blob)).read_bytes()  # without results, as openpyxl saves formulas
    book = opened(app, tmp_path, source, "甲.xlsx")
    live.check(book)
    path = saved(book)
    written = Workbook.open(path)
    assert {author for sheet in written.sheets for author, _ in written.notes(sheet).values()} == {"张三"}
    form = actions.open_form(path)
    actions.mark(form, *actions.check(form))
    assert shown(form.book.to_bytes()) == shown(path) == shown(by_file(source))
    form = actions.open_form(path)
    actions.clear(form)
    assert shown(form.book.to_bytes()) == shown(source)
    book = opened(app, tmp_path, by_file(source), "乙.xlsx")
    live.clear(book)
    assert shown(saved(book)) == shown(source)


def test_results_sheet_that_someone_deleted(app: xw.App, tmp_path: Path, blob: bytes) -> None:
    without = openpyxl.load_workbook(io.BytesIO(blob))
    del without[RESULTS_SHEET]
    del without.defined_names["xp_findings"]
    saved_without = io.BytesIO()
    without.save(saved_without)
    book = opened(app, tmp_path, saved_without.getvalue())
    live.check(book)
    mine, theirs = shown(saved(book)), shown(by_file(saved_without.getvalue()))
    assert mine == theirs
    assert book.sheets.active.name == RESULTS_SHEET
    assert book.sheets[-1].range("I2").wrap_text is True
    live.check(book)
    assert shown(saved(book)) == mine
    live.clear(book)
    assert RESULTS_SHEET not in [sheet.name for sheet in book.sheets]


LEADING = {
    "a formula": ("=COUNTA(审核结果!A:A)-1", None),
    "a formula with quotes": ("=SUM('审核结果'!A1:B2)", None),
    "a formula over several sheets": ("=SUM(我的:审核结果!A1)", None),
    "a text that becomes one": ('=INDIRECT("审核结果!A2")', None),
    "a name for cells": (None, "审核结果!$A$1:$A$9"),
    "a name with a formula": (None, "COUNTA(审核结果!$A:$A)-1"),
}
NOT_LEADING = {
    "nothing": (None, None),
    "a text": ("见审核结果!A1", None),
    "a sheet with a longer name": ("=旧审核结果!A1+审核结果2!A1", None),
    "another file's sheet": ("=[别的.xlsx]审核结果!A1", None),
}


def audited(app: xw.App, folder: Path, blob: bytes, typed: str | None, named: str | None) -> xw.Book:
    """With a sheet of results that had to be added, and a sheet of the user's own."""
    without = openpyxl.load_workbook(io.BytesIO(blob))
    del without[RESULTS_SHEET]
    del without.defined_names["xp_findings"]
    own = without.create_sheet("我的")
    own["A1"] = typed
    if named is not None:
        without.defined_names["我的数"] = DefinedName("我的数", attr_text=named)
    source = io.BytesIO()
    without.save(source)
    book = opened(app, folder, source.getvalue())
    live.check(book)
    results = book.impl.xl[RESULTS_SHEET]
    results.defined_names["自己的"] = DefinedName("自己的", attr_text="审核结果!$A$1")  # such as a filter's
    return book


@pytest.mark.parametrize("name", LEADING)
def test_results_sheet_that_something_leads_to_is_emptied(app: xw.App, tmp_path: Path, blob: bytes, name: str) -> None:
    book = audited(app, tmp_path, blob, *LEADING[name])
    before = saved(book).read_bytes()
    live.clear(book)
    mine = Workbook.open(saved(book))
    theirs = actions.open_form(before)
    actions.clear(theirs)
    for after in (mine, Workbook.open(theirs.book.to_bytes())):
        assert after.sheets[-1] == RESULTS_SHEET
        assert after.cells(RESULTS_SHEET) == {}
    assert mine.cells("我的") == Workbook.open(before).cells("我的")
    live.check(book)
    assert Workbook.open(saved(book)).cells(RESULTS_SHEET).keys() == Workbook.open(before).cells(RESULTS_SHEET).keys()


@pytest.mark.parametrize("name", NOT_LEADING)
def test_results_sheet_that_nothing_leads_to_goes(app: xw.App, tmp_path: Path, blob: bytes, name: str) -> None:
    book = audited(app, tmp_path, blob, *NOT_LEADING[name])
    live.clear(book)
    assert Workbook.open(saved(book)).sheets[-1] == "我的"


# --- protection, mistakes, messages -----------------------------------------------------------------------------------


def test_protected_sheets_are_protected_again(app: xw.App, tmp_path: Path, blob: bytes) -> None:
    book = opened(app, tmp_path, blob)
    sheets = {sheet.name: sheet.api for sheet in book.sheets}
    before = {name: (api.ProtectContents, vars(api.Protection)) for name, api in sheets.items()}
    assert before["自评表"][0]
    with pytest.raises(openpyxl_range.NativeError):
        book.sheets["自评表"].range(_corner(blob, "total_score")).value = 1.0
    live.fill(book)
    live.check(book)
    for name, api in sheets.items():
        assert api.ProtectContents == before[name][0]
        assert {key: value for key, value in vars(api.Protection).items() if key.startswith("Allow")} == {
            key: value for key, value in before[name][1].items() if key.startswith("Allow")
        }


def _corner(blob: bytes, key: str) -> Ref:
    return actions.open_form(blob).binding.place(key).ref


def test_password_is_a_message_and_nothing_is_written(app: xw.App, tmp_path: Path, blob: bytes) -> None:
    book = opened(app, tmp_path, blob)
    book.sheets["自评表"].api._rules.set_password("秘密")
    before = shown(saved(book))
    book.set_mock_caller()
    runpython.check_book()
    assert shown(saved(book)) == before
    assert "自评表" in _last_alert(app)
    assert "保护密码" in _last_alert(app)
    assert app.screen_updating is True


def test_a_sheet_of_the_users_own_with_a_password_is_no_hindrance(app: xw.App, tmp_path: Path, blob: bytes) -> None:
    book = opened(app, tmp_path, blob)
    own = book.sheets.add("我的草稿", after=book.sheets[-1])
    own.range("A1").value = "别动"
    own.api._rules.set_password("秘密")
    own.api._rules.sheet = True
    live.check(book)
    live.clear(book)
    assert own.api.ProtectContents


def test_error_in_the_middle(app: xw.App, tmp_path: Path, blob: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """The screen moves again, the sheets are protected again, the user is told, and the next run puts it right."""
    book = opened(app, tmp_path, blob)
    book.set_mock_caller()
    written = []

    def fails(self: Any, text: str) -> None:
        written.append(text)
        raise openpyxl_range.NativeError("被呼叫方拒绝接收呼叫")

    with monkeypatch.context() as patch:
        patch.setattr(openpyxl_range.Range, "add_note", fails)
        runpython.check_book()
    assert written
    assert app.screen_updating is True
    assert app.impl.screen == [False, True]
    assert all(sheet.api.ProtectContents for sheet in book.sheets if sheet.name == "自评表")
    assert "被呼叫方拒绝接收呼叫" in _last_alert(app)
    assert "Traceback" not in _last_alert(app)
    runpython.check_book()
    assert shown(saved(book)) == shown(by_file(blob))


def test_workbook_of_others(app: xw.App, tmp_path: Path) -> None:
    path = tmp_path / "别的.xlsx"
    openpyxl.Workbook().save(path)
    book = app.books.open(path)
    book.set_mock_caller()
    for command in (runpython.fill_book, runpython.check_book, runpython.clear_book, runpython.freeze_book):
        command()
        assert _last_alert(app).startswith("无法完成：别的.xlsx：不是由填报模板新建的工作簿")
        assert app.impl.alerts[-1][1] == "critical"


def test_buttons(app: xw.App, tmp_path: Path, blob: bytes) -> None:
    opened(app, tmp_path, blob).set_mock_caller()
    for command, word in (
        (runpython.fill_book, "填充完成"),
        (runpython.check_book, "审核完成"),
        (runpython.clear_book, "已清除全部审核标记。"),
    ):
        command()
        assert _last_alert(app).startswith(word)
    runpython.run("check", "没有这个口径")
    assert "没有这个口径" in _last_alert(app)
    runpython.freeze_book()
    assert re.match(r"已把 \d+ 个公式固定为数值。", _last_alert(app))


def _last_alert(app: xw.App) -> str:
    return str(app.impl.alerts[-1][0])


def test_used_range_of_a_million_cells_is_refused(app: xw.App, tmp_path: Path, blob: bytes) -> None:
    book = opened(app, tmp_path, blob)
    book.sheets["自评报告"].impl.xl["XX99999"].number_format = "0"
    book.set_mock_caller()
    runpython.check_book()
    assert "已用区域" in _last_alert(app)


# --- rows and files ---------------------------------------------------------------------------------------------------


def inserting(office: Office, folder: Path) -> xw.App:
    """A program whose rows are inserted and deleted by a real one."""
    numbers = iter(range(100))

    def change(path: Path, sheet: str, row: int, action: str) -> Path:
        return change_rows(office, path, folder / f"r{next(numbers)}.xlsx", sheet, row, action)

    return openpyxl_engine.start(rows=change)


def test_rows_are_added_and_dropped(office: Office, tmp_path: Path, beita_values: dict[str, Any]) -> None:
    """Between two rows, then below the last one of a table whose …… is gone."""
    app = inserting(office, tmp_path)
    book = opened(app, tmp_path, edited(beita_values, {"fill": True}))
    book.set_mock_caller()
    before = actions.open_form(saved(book)).record
    book.sheets["自评表"].range("D17").select()
    runpython.add_indicator_book()
    assert _last_alert(app).startswith("已增加一行：自评表 第 18 行（在“网络问政回复率”下面）。Excel 不能撤销")
    assert app.impl.selected.address == "$D$18"
    form = actions.open_form(saved(book))
    assert form.binding.tables["indicators"].body == Area(15, 2, 25, 9)
    assert Area(17, 3, 19, 3) in form.book.merges("自评表")
    assert form.book.cells("自评表")[Ref(26, 8)].formula == 'IF(COUNT(I6,H15:H25)=0,"",ROUND(SUM(I6,H15:H25),2))'
    runpython.drop_placeholders_book()
    assert _last_alert(app).startswith("已删除“……”行和空行：“自评表” 2 行、“基础数据表” 1 行。")
    assert actions.open_form(saved(book)).binding.tables["project_special"].body == Area(17, 1, 17, 8)
    book.sheets["基础数据表"].range("A17").select()
    runpython.add_project_book()
    form = actions.open_form(saved(book))
    assert form.binding.tables["project_special"].body == Area(17, 1, 18, 8)
    assert "基础数据表!G17:G18" in str(form.book.cells("勾稽关系")[Ref(14, 5)].formula)
    assert {area for area in form.book.merges("基础数据表") if area.top == 18} == {
        Area(18, col, 18, col + 1) for col in (1, 3, 5, 7)
    }
    assert {key: cell.text for key, cell in form.record.stated.items() if not cell.field.derived} == {
        key: cell.text for key, cell in before.stated.items() if not cell.field.derived
    }
    assert all(sheet.api.ProtectContents for sheet in book.sheets if sheet.name != RESULTS_SHEET)


def test_files_beside_the_workbook(app: xw.App, tmp_path: Path, blob: bytes) -> None:
    book = opened(app, tmp_path, blob)
    book.set_mock_caller()
    runpython.report_book()
    runpython.report_book()
    assert {path.name for path in tmp_path.glob("*.docx")} == {"自评_报告.docx", "自评_报告（2）.docx"}
    runpython.next_year_book()
    assert _last_alert(app).startswith("已新建下一年的工作簿：自评_下一年.xlsx")
    assert app.books.active.name == "自评_下一年.xlsx"
    runpython.help_book()
    assert "增加指标行" in _last_alert(app)
    before = len(app.impl.alerts)
    book.set_mock_caller()
    runpython.compare_book()
    assert len(app.impl.alerts) == before, "no file was chosen"
    app.impl.chosen = str(tmp_path / "自评_报告.docx")
    runpython.compare_book()
    assert _last_alert(app).startswith("对照完成：报告与工作簿不符 ")
    assert COMPARISON.sheet in [sheet.name for sheet in book.sheets]
    assert book.sheets[COMPARISON.sheet].page_setup.print_area == "'报告对照'!$A:$F"
    live.clear(book)
    assert COMPARISON.sheet not in [sheet.name for sheet in book.sheets]
    runpython.import_book()
    assert app.books.active.name == "自评_报告_导入.xlsx"
    assert actions.open_form(tmp_path / "自评_报告_导入.xlsx").record.year == 2023


def test_what_cannot_be_done_is_said(app: xw.App, tmp_path: Path, blob: bytes) -> None:
    path = tmp_path / "别的.xlsx"
    openpyxl.Workbook().save(path)
    app.books.open(path).set_mock_caller()
    for command in (runpython.add_indicator_book, runpython.drop_placeholders_book):
        command()
        assert _last_alert(app).startswith("无法完成：别的.xlsx：不是由填报模板新建的工作簿")
    book = opened(app, tmp_path, blob)
    book.sheets["自评表"].api._rules.set_password("秘密")
    book.sheets["自评表"].range("D17").select()
    book.set_mock_caller()
    before = shown(saved(book))
    runpython.add_indicator_book()
    assert "保护密码" in _last_alert(app)
    assert shown(saved(book)) == before


# --- from one finding to the next ------------------------------------------------------------------------------------


def test_next_goes_through_the_findings(app: xw.App, tmp_path: Path, blob: bytes) -> None:
    """Every macro is a process of its own: only the status bar remembers what was shown last."""
    book = opened(app, tmp_path, blob)
    book.set_mock_caller()
    runpython.next_book()
    assert _last_alert(app) == "无法完成：还没有审核结果。请先点“审核”。"
    runpython.check_book()
    said = len(app.impl.alerts)
    stops = walk.stops_in(Workbook.open(by_file(blob)))
    places = []
    for _ in stops:
        runpython.next_book()
        places.append((book.sheets.active.name, Ref(app.impl.selected.row, app.impl.selected.column)))
        assert len(str(app.status_bar)) <= 250
    assert places == [(stop.sheet, stop.ref) for stop in stops]
    assert len(set(places)) < len(places), "two items begin at the same cell"
    runpython.next_book()
    assert "后面没有了，回到第一处。待改正　第 1 处" in str(app.status_bar)
    runpython.previous_book()
    assert "前面没有了，转到最后一处。" in str(app.status_bar)
    assert len(app.impl.alerts) == said, "nothing to click away"
    runpython.check_book()
    assert app.status_bar is False
    assert book.sheets.active.name == RESULTS_SHEET


def test_next_goes_where_inserted_rows_took_the_note(app: xw.App, tmp_path: Path, blob: bytes) -> None:
    marked = by_file(blob)
    book = opened(app, tmp_path, marked)
    book.set_mock_caller()
    first, *_ = walk.stops_in(Workbook.open(marked))
    sheet = book.sheets[first.sheet].impl.xl
    sheet.cell(first.ref.row + 90, first.ref.col).comment = copy.copy(sheet.cell(*first.ref).comment)
    sheet.cell(*first.ref).comment = None
    runpython.next_book()
    assert (app.impl.selected.row, app.impl.selected.column) == (first.ref.row + 90, first.ref.col)
    assert walk.MOVED in str(app.status_bar)
    assert f"!{ref_text(Ref(first.ref.row + 90, first.ref.col))}" in str(app.status_bar)


def test_next_on_a_sheet_that_is_gone(app: xw.App, tmp_path: Path, blob: bytes) -> None:
    book = opened(app, tmp_path, by_file(blob))
    book.set_mock_caller()
    book.sheets["收支情况"].impl.xl.sheet_state = "hidden"
    runpython.next_book()
    assert _last_alert(app) == "无法完成：工作表“收支情况”是隐藏的。请先取消隐藏。"


# --- xlwings Lite -----------------------------------------------------------------------------------------------------


def test_scripts_of_lite_do_the_same(app: xw.App, tmp_path: Path, blob: bytes) -> None:
    """Everything read is awaited there; the engine answers as Lite does, after a pause."""
    book = xw.BookAsync(impl=opened(app, tmp_path, blob).impl)
    app.impl.is_lite = True
    asyncio.run(scripts.check_book(book))
    assert _last_alert(app).startswith("审核完成")
    assert shown(saved(book)) == shown(by_file(blob))
    assert book.impl.flushed == 1
    asyncio.run(scripts.next_book(book))
    assert _last_alert(app).startswith("待改正　第 1 处")
    asyncio.run(scripts.next_book(book))
    assert _last_alert(app).startswith("待改正　第 2 处")
    asyncio.run(scripts.previous_book(book))
    assert _last_alert(app).startswith("待改正　第 1 处")
    asyncio.run(scripts.clear_book(book))
    asyncio.run(scripts.fill_book(book))
    form = actions.open_form(blob)
    actions.fill(form)
    assert shown(saved(book)) == shown(form.book.to_bytes())


def test_help_in_lite_says_what_is_not_there(app: xw.App, tmp_path: Path, blob: bytes) -> None:
    book = xw.BookAsync(impl=opened(app, tmp_path, blob).impl)
    asyncio.run(scripts.help_book(book))
    first, *_ = _last_alert(app).split("\n\n")
    there = ["填充", "审核", "下一处", "上一处", "清除", "冻结", "帮助"]
    assert [line.partition("\u3000")[0] for line in first.split("\n")] == there
    assert "这里没有：增加指标行、" in _last_alert(app)


def test_scripts_of_lite_say_what_went_wrong(app: xw.App, tmp_path: Path) -> None:
    path = tmp_path / "别的.xlsx"
    openpyxl.Workbook().save(path)
    asyncio.run(scripts.freeze_book(xw.BookAsync(impl=app.books.open(path).impl)))
    assert _last_alert(app).startswith("无法完成：别的.xlsx：不是由填报模板新建的工作簿")


# --- small parts ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "formula", "cell"),
    [
        (None, "", None),
        (None, '=IF(A1="","",A1)', (CellKind.TEXT, "", 'IF(A1="","",A1)')),
        (98.0, "98", (CellKind.NUMBER, "98", None)),
        (0.1 + 0.2, "=A1+A2", (CellKind.NUMBER, "0.30000000000000004", "A1+A2")),
        (Decimal("12.3457"), "12.345678", (CellKind.NUMBER, "12.345678", None)),  # currency
        (5, 5, (CellKind.NUMBER, "5", None)),  # xlwings Lite
        (True, "TRUE", (CellKind.BOOL, "1", None)),
        ("5.00", "5.00", (CellKind.TEXT, "5.00", None)),
        ("=A1", "=A1", (CellKind.TEXT, "=A1", None)),
        ("#DIV/0!", "=1/0", (CellKind.ERROR, "#DIV/0!", "1/0")),
        (-2146826243, "=A1#", (CellKind.ERROR, "#ERROR!", "A1#")),  # xlwings has no name for #SPILL!
        (datetime(2023, 12, 31), "45291", (CellKind.NUMBER, "45291", None)),
        (datetime(2023, 12, 31, 18), "=NOW()", (CellKind.NUMBER, "45291.75", "NOW()")),
        ("甲\r\n乙", "甲\r\n乙", (CellKind.TEXT, "甲\n乙", None)),
    ],
)
def test_cell_of(value: object, formula: object, cell: tuple[object, ...] | None) -> None:
    found = cell_of(value, formula)
    assert (found and found[:3]) == cell


@pytest.mark.parametrize(
    "text", ["1-1", "22.24%", "98", "2023年", "=1+1", "+1", "-1", "@x", "TRUE", "'x", "上午8:00", "1E5"]
)
def test_text_stays_text(app: xw.App, tmp_path: Path, blob: bytes, text: str) -> None:
    """Excel would take it for a date, a figure or a formula."""
    cell = opened(app, tmp_path, blob).sheets[RESULTS_SHEET].range("A9")
    cell.value = Write(text).typed
    assert cell.value == text
    assert cell.impl.sheet.xl["A9"].data_type == "s"


@pytest.mark.parametrize("text", ["优", "——", "【错误】", "“营业”", "未发现问题"])
def test_plain_words_need_no_apostrophe(text: str) -> None:
    assert Write(text).typed == text


def test_rectangles() -> None:
    refs = [Ref(row, col) for row in (2, 3, 5) for col in (1, 2, 4)] + [Ref(6, 1)]
    areas = rectangles(refs)
    assert set(areas) == {
        Area(2, 1, 3, 2), Area(2, 4, 3, 4), Area(5, 1, 5, 2), Area(5, 4, 5, 4), Area(6, 1, 6, 1)
    }  # fmt: skip
    assert sum(area.size for area in areas) == len(refs)


def test_few_calls(app: xw.App, tmp_path: Path, blob: bytes) -> None:
    """Every call is a trip to another program: there are far fewer than cells, and fewest of them for the values."""
    book = opened(app, tmp_path, blob)
    cells = sum(sheet.used_range.size for sheet in book.sheets)
    app.impl.calls = 0
    at_once(take(book))
    assert app.impl.calls - 2 * len(book.names) < cells / 2
    app.impl.calls = 0
    live.check(book)
    assert app.impl.calls < 2 * cells


def test_linked_files_are_those_that_formulas_name(app: xw.App, tmp_path: Path, blob: bytes) -> None:
    book = opened(app, tmp_path, blob)
    own = book.sheets.add("我的草稿", after=book.sheets[-1])
    own.range("A1").formula = "='D:\\决算\\[2022 决算.xlsx]表'!A1+[另一份.xlsx]表!B2"
    assert live.LiveBook(at_once(take(book))).linked_files == ("D:\\决算\\2022 决算.xlsx", "另一份.xlsx")


def test_what_waits_is_refused_where_nothing_can_wait() -> None:
    with pytest.raises(RuntimeError):
        at_once(asyncio.sleep(0.1))


# --- what is imported -------------------------------------------------------------------------------------------------


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_only_the_free_part_of_xlwings() -> None:
    root = Path(xlperf.__file__).parent
    found = {path.relative_to(root).as_posix(): set(_imports(path)) for path in root.rglob("*.py")}
    users = {path for path, names in found.items() if any(name.split(".")[0] == "xlwings" for name in names)}
    assert {path.split("/")[0] for path in users} == {"hosts", "udf"}
    paid = ("xlwings.pro", "xlwings.server", "xlwings.reports")
    assert not [(path, name) for path, names in found.items() for name in names if name.startswith(paid)]
    text = "".join(path.read_text("utf-8") for path in root.rglob("*.py"))
    assert not re.search(r"render_template|create_report|xw\.(pro|server|reports)\b", text)


def test_file_host_does_without_xlwings() -> None:
    code = "import sys, xlperf.hosts.excel.live, xlperf.cli; assert 'xlwings' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
