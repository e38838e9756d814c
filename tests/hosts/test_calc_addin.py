"""The extension in a real LibreOffice Calc: fresh profile, installed, a workbook opened, edited, saved, reopened.

Every documented call of the registry stands in the workbook, its arguments in cells.
"""

from __future__ import annotations

import io
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from html import unescape
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import xlsxwriter
from xlsxwriter.utility import xl_cell_to_rowcol, xl_range, xl_rowcol_to_cell

from tests.hosts.libreoffice import Office
from xlperf.cli import main
from xlperf.cli.books import DEMO_NAME
from xlperf.derive.engine import compute, steps_of
from xlperf.form.record import values_of
from xlperf.package import Ref, ref_text
from xlperf.udf import FUNCTIONS, Case, ErrorValue
from xlperf.udf.calc_differences import DIFFERENCES
from xlperf.udf.calc_extension import argument_name, extension, method_name
from xlperf.udf.calc_types import interface_types
from xlperf.udf.formulas import perf_formulas
from xlperf.workbook.actions import Form, fill, open_form

pytestmark = pytest.mark.libreoffice

DIV0, VALUE = ErrorValue.DIV0, ErrorValue.VALUE
NUMBERS = {"#NULL!": 521, "#DIV/0!": 532, "#VALUE!": 519, "#REF!": 524, "#NAME?": 525, "#NUM!": 503, "#N/A": 32767}
MAKING = {"#DIV/0!": "=1/0", "#N/A": "=NA()", "#NUM!": "=10^999", "#REF!": "=#REF!", "#NAME?": "=NOSUCH()"}
SHEET = "数据"
SPENT = 25.106  # instead of 251.06: a tenth of the budget
COLUMN = 17  # formulas stand in column R, their arguments in the columns before


def expressible(case: Case) -> bool:
    """In cells: no empty range; TRUE is 1 to every function in Calc, and of a range a figure is taken by its row."""
    if case.note == "各区域大小不同":
        return False
    return () not in case.arguments and not any(isinstance(cell, bool) for cell in cells_in(case.arguments))


def cells_in(value: Any) -> Iterator[Any]:
    if isinstance(value, list | tuple):
        for each in value:
            yield from cells_in(each)
    else:
        yield value


DOCUMENTED = [(each, case) for each in FUNCTIONS for case in (*each.examples, *each.bad_input) if expressible(case)]


class Call(NamedTuple):
    formula: str
    cells: list[list[str]]
    expected: list[list[Any]]


class Book:
    """A workbook under construction; every call takes the next free rows."""

    def __init__(self) -> None:
        self.buffer = io.BytesIO()
        self.file = xlsxwriter.Workbook(self.buffer)
        self.sheet = self.file.add_worksheet(SHEET)
        self.file.add_worksheet("另一张").write("A2", 1.0)
        self.row = 0
        self.calls: list[Call] = []

    def call(self, formula: str, arguments: tuple[Any, ...], expected: Any) -> None:
        """Write arguments into cells, and the formula, with {0}, {1} ... where they stand, beside them."""
        tables = [each if isinstance(each, list) else [[each]] for each in arguments]
        references, column = [], 0
        for table in tables:
            references.append(self._put(table, column))
            column += len(table[0])
        rows = expected if isinstance(expected, list) else [[expected]]
        text = formula.format(*references)
        if isinstance(expected, list):
            last = self.row + len(rows) - 1, COLUMN + len(rows[0]) - 1
            self.sheet.write_array_formula(self.row, COLUMN, *last, text)
        else:
            self.sheet.write_formula(self.row, COLUMN, text)
        cells = [
            [f"{SHEET}!{xl_rowcol_to_cell(self.row + y, COLUMN + x)}" for x in range(len(row))]
            for y, row in enumerate(rows)
        ]
        self.calls.append(Call(text, cells, rows))
        self.row += max(map(len, [*tables, rows]))

    def _put(self, table: list[list[Any]], column: int) -> str:
        for y, row in enumerate(table):
            for x, cell in enumerate(row):
                self._write(self.row + y, column + x, cell)
        return str(xl_range(self.row, column, self.row + len(table) - 1, column + len(table[0]) - 1))

    def _write(self, row: int, column: int, cell: Any) -> None:
        if isinstance(cell, ErrorValue):
            self.sheet.write_formula(row, column, MAKING[cell.value])
        elif isinstance(cell, str) and cell:
            self.sheet.write_string(row, column, cell)
        elif cell not in (None, ""):
            self.sheet.write(row, column, cell)

    def to_bytes(self) -> bytes:
        self.file.close()
        return self.buffer.getvalue()


class Session(NamedTuple):
    """A workbook as it was and as Calc saved it, and what Calc showed first, after an edit, and of the saved one."""

    source: bytes
    saved: bytes
    shown: dict[str, Any]

    @classmethod
    def of(cls, source: Path, shown: dict[str, Any]) -> Session:
        return cls(source.read_bytes(), saved(source).read_bytes(), shown)


class Results(NamedTuple):
    calls: list[Call]
    made: Session  # the workbook of these calls
    demo: Session  # the demo's form
    wizard: dict[str, Any]

    def values(self, call: Call, when: str) -> list[list[Any]]:
        return [[self.made.shown[when][cell] for cell in row] for row in call.cells]

    def value(self, formula: str, when: str = "first") -> Any:
        ((value,),) = self.values(next(call for call in self.calls if call.formula == formula), when)
        return value


def workbook() -> Book:
    """First what later tests look at one by one, in known places; then every documented call."""
    book = Book()
    book.call("=PERF_SCORE({0})", ([[10.0], [14.5], [None]],), 24.5)
    book.call("=PERF_GROWTH_RATE(121.1,112)", (), 0.0813)
    book.call("=PERF_GROWTH_RATE({0}*2,{1}+0)", (110.0, 200.0), 0.1)
    book.call("=PERF_GROWTH_RATE({0},{1})", (None, 200.0), "")
    book.call("=PERF_GROWTH_RATE({0},{1})", (0.0, 200.0), -1.0)
    book.call("=PERF_GRADE(PERF_SCORE(A1:A3)*4)", (), "优")
    book.call("=PERF_EXECUTION_SCORE({0},{1},20)", (50.0, 100.0), 10.0)
    book.call('=PERF_INDICATOR_SCORE({0},{1},10,"hunan-ratio")', ("≤5", 6.0), 8.33)
    book.call("=IFERROR(PERF_EXECUTION_RATE({0},{1}),-1)", (50.0, 0.0), -1.0)
    book.call("=ISERROR(PERF_SCORE({0}))", ([[DIV0]],), 1.0)
    book.call('=IF(PERF_GRADE({0})="优","好","再看")', (95.0,), "好")
    book.call('=SUMPRODUCT(--(PERF_GRADE({0})="良"))', ([[85.0], [95.0], [80.0]],), [[2.0]])
    book.call("=PERF_GRADE({0})", ([[85.0, DIV0], [None, 0.0]],), [["良", DIV0], ["", "差"]])
    book.call("=PERF_GRADE(0)", (), "差")
    book.call("=PERF_GRADE(89.995)", (), "良")
    book.call("=PERF_GRADE({0}/3)", (269.9999999,), "良")
    book.call("=SUMPRODUCT(PERF_GROWTH_RATE({0},{1}))", ([[110.0], [90.0]], [[100.0], [80.0]]), [[0.225]])
    book.call(
        "=PERF_EXECUTION_RATE({0},{1})", ([[50.0], [None], [1.0]], [[100.0], [80.0], [0.0]]), [[0.5], [""], [DIV0]]
    )
    book.call("=PERF_CONTROL_RATE({0},{1})", ([[1.0, DIV0], ["约3", 0.0]], 2.0), [[0.5, DIV0], [VALUE, 0.0]])
    for function, case in DOCUMENTED:
        references = ",".join(f"{{{index}}}" for index in range(len(case.arguments)))
        book.call(f"={function.name}({references})", case.arguments, case.value)
    for each in DIFFERENCES:
        book.call(each.formula, each.arguments, (each.value,) if type(each.value) is int else each.value)
    book.call('=PERF_CHECK({0})&""="通过"', ([[10.0, 9.0]],), 1.0)
    return book


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """A fresh profile, the extension installed, and in one run of Calc all that the tests below look at."""
    folder = tmp_path_factory.mktemp("calc")
    book = workbook()
    source, demo = folder / "calls.xlsx", filled_demo(folder)
    source.write_bytes(book.to_bytes())
    cells = [cell for call in book.calls for row in call.cells for cell in row]
    form = open_form(demo)
    derived = [address(form, step.key) for step in steps_of(form.record)]
    jobs = [
        ("edit", edit_job(source, cells, {f"{SHEET}!A1": 10.25})),
        ("edit", edit_job(demo, derived, {address(form, "annual_spent"): SPENT})),
        ("wizard", {}),
    ]
    made, shown, wizard = Office(folder).session(jobs)
    return Results(book.calls, Session.of(source, made), Session.of(demo, shown), wizard)


def filled_demo(folder: Path) -> Path:
    """What a user makes of the demo: `xlperf demo`, `xlperf fill --as udf`."""
    original, target = folder / f"{DEMO_NAME}.xlsx", folder / "demo.xlsx"
    for arguments in (["demo", folder], ["fill", original, "--as", "udf", "-o", target]):
        with pytest.raises(SystemExit) as left:
            main([str(each) for each in arguments])
        assert left.value.code == 0
    return target


def edit_job(source: Path, cells: list[str], edits: dict[str, float]) -> dict[str, Any]:
    return {"source": source.as_uri(), "target": saved(source).as_uri(), "cells": cells, "edits": edits}


def saved(source: Path) -> Path:
    return source.with_stem(f"{source.stem}-saved")


def address(form: Form, key: str) -> str:
    place = form.binding.place(key)
    return f"{place.sheet}!{ref_text(place.ref)}"


def test_every_call_shows_the_value_of_python(results: Results) -> None:
    assert len(results.calls) > 100
    wrong = []
    for call in results.calls:
        expected = [[as_shown(cell) for cell in row] for row in call.expected]
        shown = results.values(call, "first")
        if shown != expected:
            wrong.append((call.formula, expected, shown))
    assert wrong == []


def as_shown(cell: Any) -> Any:
    if isinstance(cell, ErrorValue):
        return ["error", NUMBERS[cell.value]]
    return ["error", *cell] if isinstance(cell, tuple) else cell


def test_what_is_documented_and_cannot_stand_in_cells() -> None:
    """Every other call of the tables is in the workbook; test_udf.py tries all of them in Python."""
    left_out = {case.note for each in FUNCTIONS for case in each.bad_input if not expressible(case)}
    assert left_out == {"空的区域", "逻辑值", "各区域大小不同"}
    assert all(expressible(case) for each in FUNCTIONS for case in each.examples)


def test_every_function_is_there(results: Results) -> None:
    formulas = " ".join(call.formula for call in results.calls)
    assert all(f"={function.name}(" in formulas for function in FUNCTIONS)


def test_an_edit_recalculates_what_depends_on_it(results: Results) -> None:
    assert results.value("=PERF_SCORE(A1:A3)") == 24.5
    assert results.value("=PERF_SCORE(A1:A3)", "edited") == 24.75
    assert results.value("=PERF_GRADE(PERF_SCORE(A1:A3)*4)", "edited") == "优"
    changed = [
        cell for cell, value in results.made.shown["edited"].items() if value != results.made.shown["first"][cell]
    ]
    assert changed == [f"{SHEET}!R1"], "nothing else changes"


def test_saved_and_reopened(results: Results) -> None:
    assert results.made.shown["again"] == results.made.shown["edited"]
    assert results.made.shown["formulas_again"] == results.made.shown["formulas"]
    before, after = formulas_in(results.made.source), formulas_in(results.made.saved)
    ours = {cell: formula for cell, formula in before.items() if "PERF_" in formula}
    assert len(ours) == len(results.calls)
    assert {cell: after.get(cell) for cell in ours} == ours, "as other hosts store them"


# The demo


def test_demo_shows_the_values_of_python(results: Results) -> None:
    form = open_form(results.demo.source)
    assert results.demo.shown["first"] == shown_by_python(form)
    formulas = " ".join(perf_formulas_of(form).values())
    names = ("CONTROL_RATE", "EXECUTION_RATE", "EXECUTION_SCORE", "SCORE", "GRADE")
    assert all(f"PERF_{name}(" in formulas for name in names)


def test_demo_recalculates_what_depends_on_an_edit(results: Results) -> None:
    form = edited_demo(results)
    shown = results.demo.shown["edited"]
    assert shown == shown_by_python(form)
    changed = {cell for cell, value in shown.items() if value != results.demo.shown["first"][cell]}
    follow = ("execution_rate", "execution_score", "total_score", "grade")
    assert changed >= {address(form, key) for key in follow}
    assert [shown[address(form, key)] for key in follow] == [0.1, 1.0, 89.0, "良"]


def test_demo_saved_and_reopened(results: Results) -> None:
    shown = results.demo.shown
    assert shown["again"] == shown["edited"]
    assert shown["formulas_again"] == shown["formulas"]
    before, after = open_form(results.demo.source), open_form(results.demo.saved)
    ours = perf_formulas_of(before)
    assert len(ours) >= 7
    assert perf_formulas_of(after) == ours, "as they were, without a prefix"
    assert values_of(after.record) == values_of(edited_demo(results).record), "the whole form, text and all"


def edited_demo(results: Results) -> Form:
    """The edit made by ourselves, and filled anew."""
    form = open_form(results.demo.source)
    place = form.binding.place("annual_spent")
    form.book.write(place.sheet, place.ref, Decimal(SPENT))
    form = open_form(form.book.to_bytes())
    fill(form, perf_formulas)
    return open_form(form.book.to_bytes())


def shown_by_python(form: Form) -> dict[str, Any]:
    values = compute(form.record)
    shown = {}
    for step in steps_of(form.record):
        stated = form.record[step.key]
        value = values.get(step.key, stated.text if stated.number is None else stated.number)
        shown[address(form, step.key)] = float(value) if isinstance(value, Decimal) else value
    return shown


def perf_formulas_of(form: Form) -> dict[tuple[str, Ref], str]:
    cells = {(title, ref): cell for title in form.book.sheets for ref, cell in form.book.cells(title).items()}
    return {place: cell.formula for place, cell in cells.items() if cell.formula and "PERF_" in cell.formula}


# The extension


def formulas_in(book: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    found = re.findall(r'<c r="([A-Z]+\d+)"[^>]*><f[^>]*>([^<]+)</f>', sheet)
    return {cell: unescape(formula) for cell, formula in found if xl_cell_to_rowcol(cell)[1] == COLUMN}


def test_function_wizard_speaks_chinese(results: Results) -> None:
    for function in FUNCTIONS:
        arguments = [[argument_name(each), each.help] for each in function.arguments]
        text, shown = results.wizard[function.name]
        assert text == function.help
        assert [each[:2] for each in shown] == arguments


def test_function_wizard_lists_each_function_once(results: Results) -> None:
    assert sorted(results.wizard) == sorted(each.name for each in FUNCTIONS)


def test_names_of_methods() -> None:
    """UNO allows letters and digits; no two functions may share one."""
    names = [method_name(function) for function in FUNCTIONS]
    assert len(set(names)) == len(names)
    assert all(name.isalnum() and name.isascii() for name in names)


def test_extension_is_the_same_each_time() -> None:
    content = extension()
    assert extension() == content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
    assert names == sorted(names)
    assert "pythonpath/xlperf/udf/registry.py" in names
    assert "pythonpath/xlperf/workbook_templates/department_overall.toml" in names
    assert not any("__pycache__" in name for name in names)
    assert all("/workbook_templates/" in name for name in names if name.endswith(".xlsx"))


def test_types() -> None:
    """Checked against `unoidl-read`: module, interface, method, from the end backwards."""
    content = interface_types("org.example.XOne", [("one", "any", [("first", "any")])])
    assert content[:8] == b"UNOIDL\xff\0"
    root = int.from_bytes(content[8:12], "little")
    assert len(content) == root + 8
    name = int.from_bytes(content[root : root + 4], "little")
    assert content[name:root] == b"org\0"


def test_command(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "xlperf.cli", "addin", "build", "--libreoffice", "-o", str(tmp_path / "x.oxt")]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == 0
    assert (tmp_path / "x.oxt").read_bytes() == extension()
