"""The menu 绩效自评 in a real LibreOffice Calc: every command, in place, undone in one step, the same as on files."""

from __future__ import annotations

import io
import itertools
import re
import zipfile
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import openpyxl
import pytest

from tests.hosts.calc import Calc
from tests.hosts.loading import load
from tests.hosts.marked import FAULTS, Marked, by_file, shown
from tests.shown import out_of_place
from tests.workbooks import edited, new_bytes
from xlperf.checks.rule import Severity
from xlperf.derive.engine import compute, steps_of
from xlperf.form.forms import form_ids
from xlperf.hosts.excel import live
from xlperf.package import CellKind, Ref, Workbook
from xlperf.udf.calc_extension import extension
from xlperf.udf.calc_menu import ENTRIES, TITLE, Entry
from xlperf.udf.formulas import perf_formulas
from xlperf.workbook import actions
from xlperf.workbook.following import is_counter
from xlperf.workbook.result_rows import COLORS, RESULTS, RESULTS_SHEET

pytestmark = pytest.mark.libreoffice

URL = {each.name: each.url for each in ENTRIES}
FILL, CHECK, CLEAR, FREEZE, HAND_IN = (URL[name] for name in ("fill", "check", "clear", "freeze", "hand_in"))
NEXT, PREVIOUS = URL["next"], URL["previous"]
BY_NAMES = ("fill", "check", "clear", "freeze")  # what only a workbook of ours has
# Of the faults that other hosts are tried on, those that Calc reads in ways of its own.
READ_IN_CALC = ("as published", "filled", "typed over", "error values", "frozen")
UNAUDITED = "无法完成：还没有审核结果。请先点“审核”。"


@pytest.fixture(scope="module")
def demo(beita_values: dict[str, Any]) -> bytes:
    return new_bytes(beita_values)


@pytest.fixture(scope="module")
def calc(tmp_path_factory: pytest.TempPathFactory, demo: bytes, beita_values: dict[str, Any]) -> Calc:
    """Everything in one run of the office; what is saved is called as the tests call it."""
    calc = Calc(tmp_path_factory.mktemp("menu"))
    calc.step("menu", called="menu")
    calc.step("toolbar", called="toolbar")
    _story(calc, demo)
    for name in READ_IN_CALC:
        changes = FAULTS[name]
        calc.open(edited(beita_values, {"fill": False} | changes))
        calc.save(f"{name}, before")
        calc.step("give", CHECK)
        calc.save(f"{name}, marked")
        calc.step("undo")
        calc.step("give", FILL)
        calc.save(f"{name}, filled")
    _others(calc, demo)
    _saved_by_calc(calc)
    _refusals(calc, demo)
    calc.run()
    return calc


def _story(calc: Calc, demo: bytes) -> None:
    """Fill, audit, clear and freeze, each undone and redone."""
    calc.open(demo)
    calc.save("first")  # Calc spells some styles in another way the second time
    calc.save("before")
    for url, name in (
        (FILL, "filled"),
        (CHECK, "marked"),
        (CHECK, "marked again"),
        (CLEAR, "cleared"),
        (FREEZE, "frozen"),
    ):
        calc.step("give", url, called=name)
        calc.step("steps", called=f"{name}, steps")
        calc.step("highlighted", called=f"{name}, highlighted")
        calc.save(name)
        calc.step("undo")
        calc.step("highlighted", called=f"{name}, undone, highlighted")
        calc.save(f"{name}, undone")
        calc.step("redo")
        calc.save(f"{name}, redone")
    calc.step("give", CHECK)
    calc.step("steps", called="audited, steps")
    calc.step("give", NEXT, called="next")
    calc.step("give", PREVIOUS, called="previous")
    calc.step("steps", called="walked, steps")
    calc.step("undo")
    calc.step("give", HAND_IN, called="handed in")
    calc.step("steps", called="handed in, steps")
    calc.step("protection", called="protection")
    calc.step("adjusts_heights", called="adjusts heights")


def _others(calc: Calc, demo: bytes) -> None:
    """What is not ours, and what another host has marked."""
    calc.open(by_file(demo))
    calc.step("give", CLEAR)
    calc.save("cleared after another host")
    form = actions.open_form(demo)
    actions.fill(form, perf_formulas)
    calc.open(form.book.to_bytes())
    calc.save("functions, before")
    calc.step("give", CHECK)
    calc.save("functions, marked")
    calc.open(demo)
    calc.step("unprotect", "自评表")
    calc.step("format", "自评表", "E6:E8")
    calc.save("format of others, before")
    calc.step("give", CHECK)
    calc.save("format of others, marked")
    calc.step("undo")
    calc.save("format of others, undone")
    calc.step("redo")
    calc.step("give", CLEAR)
    calc.save("format of others, cleared")
    calc.open(demo)
    calc.step("note", "自评表", "E6", "【注意】请核对")
    calc.step("give", CHECK)
    calc.save("note of others, marked")
    calc.step("give", CLEAR)
    calc.save("note of others, cleared")
    calc.open(demo)
    calc.step("remove", RESULTS_SHEET)
    calc.save("no results, before")
    calc.step("give", CHECK)
    calc.save("no results, marked")
    calc.step("give", CLEAR)
    calc.save("no results, cleared")
    calc.step("give", CHECK)
    calc.step("unprotect", "自评表")
    calc.step("formula", "自评表", "L2", f"=COUNTA(${RESULTS_SHEET}.$A$1:$A$9)")
    calc.save("results referred to, before")
    calc.step("give", CLEAR)
    calc.save("results referred to, cleared")
    calc.step("undo")
    calc.save("results referred to, undone")


def _saved_by_calc(calc: Calc) -> None:
    calc.step("open", (calc.folder / "before.xlsx").as_uri(), True)
    calc.step("give", CHECK)
    calc.save("saved by Calc, marked")
    calc.step("undo")
    calc.save("saved by Calc, undone")


def _refusals(calc: Calc, demo: bytes) -> None:
    calc.open(demo)
    calc.step("password", "自评表")
    calc.save("password, before")
    calc.step("give", CHECK, called="password")
    calc.step("steps", called="password, steps")
    calc.step("accepts_input", called="password, input")
    calc.step("protection", called="password, protection")
    calc.save("password, after")
    empty = io.BytesIO()
    openpyxl.Workbook().save(empty)
    calc.open(empty.getvalue(), "别的.xlsx")
    for name in (*BY_NAMES, "next", "previous"):
        calc.step("give", URL[name], called=f"others, {name}")


@cache
def visible(blob: bytes) -> Marked:
    """Without what saving in Calc changes in every workbook: fonts, and how protection is spelled."""
    return shown(blob)._replace(styles={}, protection={})


# --- the commands -----------------------------------------------------------------------------------------------------


def test_menu_is_there_in_spreadsheets(calc: Calc) -> None:
    spreadsheets = "com.sun.star.sheet.SpreadsheetDocument"
    assert calc.answer("menu") == [[f"{TITLE}(~J)", spreadsheets, _grouped(ENTRIES)]]
    assert calc.answer("toolbar") == _grouped([each for each in ENTRIES if each.command.is_main])


def _grouped(entries: Sequence[Entry]) -> list[list[str | None]]:
    """Titles and URLs, with a line between groups."""
    groups = [list(each) for _, each in itertools.groupby(entries, lambda each: each.command.group)]
    assert len(groups) > 1
    lines: list[list[list[str | None]]] = [[[each.title, each.url] for each in group] for group in groups]
    return [*lines[0], *(each for line in lines[1:] for each in ([None, "private:separator"], *line))]


@pytest.mark.parametrize("fault", ["as published", "frozen"])
def test_filled_cells_are_formulas_with_the_value_of_python(calc: Calc, fault: str) -> None:
    form = actions.open_form(calc.saved(f"{fault}, filled"))
    values = compute(form.record)
    derived = [step.key for step in steps_of(form.record) if step.key in values and step.field.derived]
    shown_values, formulas = {}, {}
    for key in derived:
        place, stated = form.binding.place(key), form.record[key]
        shown_values[key] = stated.number if stated.is_number else stated.text
        formulas[key] = form.book.cells(place.sheet)[place.ref].formula
    assert len(derived) == 38
    assert shown_values == {key: values[key] for key in derived}
    assert [key for key, formula in formulas.items() if formula is None] == []


@pytest.mark.parametrize("fault", READ_IN_CALC)
def test_fill_writes_as_in_files(calc: Calc, fault: str) -> None:
    form = actions.open_form(calc.saved(f"{fault}, before"))
    actions.fill(form)
    assert visible(calc.saved(f"{fault}, filled")) == visible(form.book.to_bytes())


def test_messages(calc: Calc) -> None:
    for name, words in (
        ("filled", "填充完成：更新了 1 个计算项。"),
        ("marked", "审核完成：待改 7 · 待说明 11 · 已说明 0\n下一步：改正"),
        ("cleared", "已清除全部审核标记。"),
        ("frozen", "已把 "),
    ):
        done, message, _ = calc.answer(name)
        assert done
        assert message.startswith(words), message
        assert live.NO_UNDO not in message
    assert "编辑—撤销" in calc.answer("filled")[1]
    assert "编辑—撤销" in calc.answer("frozen")[1]


@pytest.mark.parametrize("fault", READ_IN_CALC)
def test_audit_marks_as_in_files(calc: Calc, fault: str) -> None:
    """Findings, notes, highlights with their colours and links: what `xlperf check` writes into the same file."""
    mine, theirs = visible(calc.saved(f"{fault}, marked")), visible(by_file(calc.saved(f"{fault}, before")))
    assert mine == theirs
    assert mine.notes
    assert mine.highlights
    assert mine.links


def test_audit_of_a_filled_file_as_of_the_file_itself(calc: Calc, beita_values: dict[str, Any]) -> None:
    """Not of what Calc makes of it when saving."""
    source = edited(beita_values, {"fill": True})
    reports = [actions.check(actions.open_form(each))[0] for each in (source, calc.saved("filled, before"))]
    assert reports[0].findings == reports[1].findings
    assert visible(calc.saved("filled, marked")).notes == visible(by_file(source)).notes


def test_functions_are_read_as_files_have_them(calc: Calc) -> None:
    before = calc.saved("functions, before")
    assert b"PERF_" in parts(before)["xl/worksheets/sheet4.xml"]
    assert visible(calc.saved("functions, marked")) == visible(by_file(before))


def test_auditing_twice_gives_the_same(calc: Calc) -> None:
    assert parts(calc.saved("marked again")) == parts(calc.saved("marked"))


def test_cleared(calc: Calc) -> None:
    assert visible(calc.saved("cleared")) == visible(calc.saved("filled"))
    assert not visible(calc.saved("cleared")).notes


def test_frozen(calc: Calc) -> None:
    before, after = (Workbook.open(calc.saved(name)) for name in ("cleared", "frozen"))
    for sheet in after.sheets:
        cells = after.cells(sheet)
        assert not [ref for ref, cell in cells.items() if cell.formula is not None]
        if sheet != "勾稽关系":
            assert {ref: _value(cell) for ref, cell in cells.items() if cell.text} == {
                ref: _value(cell)
                for ref, cell in before.cells(sheet).items()
                if cell.text and (sheet == "首页" or not is_counter(cell.formula))
            }


def _value(cell: Any) -> object:
    return f"{float(cell.text):.12g}" if cell.kind is CellKind.NUMBER else cell.text


def test_saved_and_reopened(calc: Calc) -> None:
    """The record of the form, derived cells included, is the same after every command that changes no input."""
    records = [
        actions.open_form(calc.saved(name), "自评.xlsx").record for name in ("filled", "marked", "cleared", "frozen")
    ]
    assert all(record == records[0] for record in records)


# --- one step of undo -------------------------------------------------------------------------------------------------


def parts(blob: bytes) -> Mapping[str, bytes]:
    """The package without the time of saving and the numbers that LibreOffice draws for the axes of charts."""
    with zipfile.ZipFile(io.BytesIO(blob)) as archive:
        files = {name: archive.read(name) for name in archive.namelist() if not name.startswith("docProps/")}
    return {name: AXES.sub(b"", data) if "charts/" in name else data for name, data in files.items()}


AXES = re.compile(rb"<c:(?:axId|crossAx) [^>]*>")
STORY = ["before", "filled", "marked", "marked again", "cleared", "frozen"]


@pytest.mark.parametrize(("before", "after"), list(itertools.pairwise(STORY)))
def test_one_step_takes_it_back(calc: Calc, before: str, after: str) -> None:
    assert visible(calc.saved(f"{after}, undone")) == visible(calc.saved(before))
    assert visible(calc.saved(f"{after}, redone")) == visible(calc.saved(after))
    assert notes(calc.saved(f"{after}, undone")) == notes(calc.saved(before))
    assert styles(calc.saved(f"{after}, undone")) == styles(calc.saved(before))


def notes(blob: bytes) -> Mapping[str, object]:
    book = Workbook.open(blob)
    return {sheet: dict(book.notes(sheet)) for sheet in book.sheets}


def styles(blob: bytes) -> Mapping[str, object]:
    """Number formats, of blank cells too."""
    book = load(io.BytesIO(blob))
    return {
        f"{sheet.title}!{cell.coordinate}": cell.number_format
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.number_format != "General"
    }


def test_undo_list_names_the_commands(calc: Calc) -> None:
    assert calc.answer("frozen, steps") == [
        "绩效自评：冻结",
        "绩效自评：清除",
        *["绩效自评：审核"] * 2,
        "绩效自评：填充",
    ]


def test_rows_grow_again_with_their_text(calc: Calc) -> None:
    """While results are written they do not."""
    assert calc.answer("adjusts heights") is True


def test_protected_sheets_are_protected_again(calc: Calc, demo: bytes) -> None:
    book = openpyxl.load_workbook(io.BytesIO(demo))
    assert dict(calc.answer("protection")) == {sheet.title: bool(sheet.protection.sheet) for sheet in book}
    rules = re.compile(rb"<sheetProtection[^>]*>")
    before, after = parts(calc.saved("before")), parts(calc.saved("frozen"))
    for name in before:
        if "worksheets/sheet" in name:
            assert rules.findall(after[name]) == rules.findall(before[name])


# --- what is not ours -------------------------------------------------------------------------------------------------


def test_hosts_clear_after_each_other(calc: Calc, demo: bytes) -> None:
    before = visible(calc.saved("as published, before"))
    assert visible(calc.saved("cleared after another host")) == before
    form = actions.open_form(calc.saved("as published, marked"))
    actions.clear(form)
    assert visible(form.book.to_bytes()) == before


def test_highlights_are_seen_at_once(calc: Calc) -> None:
    for name, when in (("marked", "marked"), ("marked again", "marked"), ("marked again, undone", "marked")):
        marked = visible(calc.saved(when)).highlights
        assert calc.answer(f"{name}, highlighted") == {f"{sheet}!{at}": color for (sheet, at), color in marked.items()}
    for name in ("filled", "marked, undone", "cleared", "frozen"):
        assert calc.answer(f"{name}, highlighted") == {}


def test_highlights_change_nothing_but_the_colour(calc: Calc) -> None:
    """A style of Calc's would bring the default font along. What has an error is framed."""
    book = openpyxl.load_workbook(io.BytesIO(calc.saved("marked")))
    rules = [rule for sheet in book for area in sheet.conditional_formatting for rule in area.rules]
    ours = [rule for rule in rules if rule.formula == ['N("xlperf")=0']]
    assert ours
    assert all(rule.dxf.font is None for rule in ours)
    framed = {rule.dxf.fill.bgColor.rgb: rule.dxf.border is not None for rule in ours}
    assert framed == {f"FF{color}": severity is Severity.ERROR for severity, color in COLORS.items()}
    assert not [each.name for each in book._named_styles if "xlperf" in each.name]


def test_notes_of_others_stay(calc: Calc) -> None:
    at = "自评表", "E6"
    marked, cleared = (shown(calc.saved(f"note of others, {name}")) for name in ("marked", "cleared"))
    assert marked.notes[at] == "【注意】请核对"
    assert at in marked.highlights
    assert cleared.notes == {at: "【注意】请核对"}


def test_conditional_formats_of_others_stay(calc: Calc) -> None:
    before, marked, undone, cleared = (
        calc.saved(f"format of others, {name}") for name in ("before", "marked", "undone", "cleared")
    )
    assert visible(marked).highlights == visible(by_file(before)).highlights
    assert ("自评表", "E6") in visible(marked).highlights
    for blob in (before, marked, undone, cleared):
        rules = openpyxl.load_workbook(io.BytesIO(blob))["自评表"].conditional_formatting
        assert [str(each.sqref) for each in rules for rule in each.rules if rule.formula == ["5000"]] == ["E6:E8"]
    assert visible(undone) == visible(cleared) == visible(before)


def test_results_sheet_that_someone_deleted(calc: Calc) -> None:
    before, marked, cleared = (calc.saved(f"no results, {name}") for name in ("before", "marked", "cleared"))
    assert visible(marked) == visible(by_file(before))
    assert Workbook.open(marked).sheets[-1] == RESULTS_SHEET
    assert visible(cleared) == visible(before)


def test_results_sheet_that_something_leads_to_is_emptied(calc: Calc) -> None:
    before, cleared, undone = (calc.saved(f"results referred to, {name}") for name in ("before", "cleared", "undone"))
    form = actions.open_form(before)
    actions.clear(form)
    assert visible(cleared) == visible(form.book.to_bytes())
    after = Workbook.open(cleared)
    assert after.sheets[-1] == RESULTS_SHEET
    assert after.cells(RESULTS_SHEET) == {}
    assert after.cells("自评表")[Ref(2, 12)].formula == f"COUNTA({RESULTS_SHEET}!$A$1:$A$9)"
    assert visible(undone) == visible(before)


def test_rows_of_results_are_as_high_as_their_text(calc: Calc) -> None:
    """Where a file has been saved by Calc, too: from then on each row has the height it was given."""
    assert b'customHeight="true"' in parts(calc.saved("before"))["xl/worksheets/sheet8.xml"]
    for name in ("marked", "saved by Calc, marked"):
        sheet = openpyxl.load_workbook(io.BytesIO(calc.saved(name)))[RESULTS_SHEET]
        found = {row: str(sheet.cell(row, RESULTS.column("问题与说明")).value) for row in range(4, sheet.max_row + 1)}
        long = [row for row, message in found.items() if len(message) > 60]
        assert long
        assert all(sheet.row_dimensions[row].height > 20 for row in long)
    assert visible(calc.saved("saved by Calc, undone")) == visible(calc.saved("before"))


# --- refusals ---------------------------------------------------------------------------------------------------------


def test_password_is_a_sentence_and_nothing_is_written(calc: Calc) -> None:
    done, message, _ = calc.answer("password")
    assert not done
    assert message.startswith("无法完成：自评.xlsx：工作表“自评表”设有保护密码，不能写入，工作簿没有改动。")
    assert "绩效自评：审核" not in calc.answer("password, steps")
    assert calc.answer("password, input")
    assert visible(calc.saved("password, after")) == visible(calc.saved("password, before"))
    assert calc.answer("password, protection") == calc.answer("protection"), "those lifted before it, too"


def test_copy_to_hand_in_is_written_beside_the_document(calc: Calc) -> None:
    done, message, _ = calc.answer("handed in")
    assert done, message
    assert message.startswith("已另存上报本：自评_上报.xlsx")
    (written,) = calc.folder.glob("*/自评_上报.xlsx")
    assert openpyxl.load_workbook(written).sheetnames == ["基础数据表", "自评表", "自评报告"]
    assert "绩效自评：上报本" not in calc.answer("handed in, steps")


@pytest.mark.parametrize("command", BY_NAMES)
def test_workbook_of_others(calc: Calc, command: str) -> None:
    done, message, _ = calc.answer(f"others, {command}")
    assert not done
    assert message.startswith("无法完成：别的.xlsx：不是由填报模板新建的工作簿")
    assert out_of_place(message) == []
    assert "Traceback" not in message


def test_walk_without_a_window(calc: Calc) -> None:
    """A macro is told what the window would show; nothing is written, so there is nothing to undo."""
    assert [calc.answer(name)[:2] for name in ("others, next", "others, previous")] == [[False, UNAUDITED]] * 2
    assert calc.answer("next")[1].startswith("待改正　第 1 处，共 7 处　收支情况!C11\n问题：")
    assert calc.answer("previous")[1].startswith("前面没有了，转到最后一处。提示　第 10 处，共 10 处　")
    assert calc.answer("walked, steps") == calc.answer("audited, steps")


# --- the extension ----------------------------------------------------------------------------------------------------


def test_extension_holds_what_the_menu_needs() -> None:
    with zipfile.ZipFile(io.BytesIO(extension())) as archive:
        names = set(archive.namelist())
    needed = {
        *("hosts/calc/document.py", "hosts/calc/highlights.py", "hosts/calc/progress.py"),
        *("hosts/calc/floating.py", "hosts/calc/walking.py", "workbook/walk.py", "workbook/after_audit.py"),
        *("hosts/excel/live.py", "hosts/excel/snapshot.py", "hosts/excel/writing.py"),
        *("workbook/actions.py", "workbook/binding.py", "workbook/inspection.py"),
        *("hosts/beside.py", "report/word.py", "intake/readers/word.py", "workbook/blank.py"),
    }
    for library in ("openpyxl", "et_xmlfile", "xlrd", "cn2an", "proces"):
        assert f"pythonpath/{library}/__init__.py" in names
        assert {name for name in names if name.startswith(f"pythonpath/{library}/LICEN")}, "with its licence"
    assert not {name for name in names if ".." in name or name.endswith((".so", ".pyd", ".pyc", "_test.py"))}
    assert {"Addons.xcu", "ProtocolHandler.xcu", "Accelerators.xcu", "CalcWindowState.xcu", "xlperf_menu.py"} <= names
    assert {f"pythonpath/xlperf/{name}" for name in needed} <= names
    assert {f"pythonpath/xlperf/workbook_templates/{each}.xlsx" for each in form_ids()} <= names
