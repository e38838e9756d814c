"""Every formula of 勾稽关系 keeps its result in the file, whichever command wrote it."""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.command import Run
from tests.control_rows import SHEET, Row, row_of, rows_of
from tests.places import GOLDEN
from tests.workbooks import new_bytes
from xlperf.form.written import templates_folder
from xlperf.package import CellKind, Ref, Workbook
from xlperf.package.patch import Fault
from xlperf.tieout.pieces import BLANK, FAILS, FITS, UNDECIDABLE
from xlperf.workbook.actions import Form, check, clear, fill, mark, new_workbook, open_form

OLD = GOLDEN / "first_revision.xlsx"  # made when formulas had no results


def without(book: Workbook) -> int:
    """How many formulas of the sheet have no result."""
    cells = book.cells(SHEET).values()
    assert sum(cell.formula is not None for cell in cells) > 5
    return sum(cell.formula is not None and cell.kind is CellKind.BLANK for cell in cells)


def rows(path: Path) -> list[Row]:
    """As every reader that computes nothing sees them."""
    sheet = openpyxl.load_workbook(path, data_only=True)[SHEET]
    return rows_of([[cell.value for cell in row] for row in sheet.iter_rows()])


def reopened(form: Form) -> Form:
    return open_form(form.book.to_bytes())


WRITING = [
    ("new", "out.xlsx", "--values", "values.json"),
    ("new", "out.xlsx"),
    ("new", "out.xlsm", "--year", "2024"),
    ("fill", "book.xlsx", "-o", "out.xlsx"),
    ("fill", "book.xlsx", "-o", "out.xlsx", "--as", "udf"),
    ("fill", "book.xlsx", "-o", "out.xlsx", "--as", "value", "--numbers"),
    ("fill", "old.xlsx", "-o", "out.xlsx"),
    ("check", "book.xlsx", "-o", "out.xlsx"),
    ("check", "old.xlsx", "-o", "out.xlsx"),
    ("roll", "book.xlsx", "-o", "out.xlsx"),
    ("import", "book.xlsx", "-o", "out.xlsx"),
]


@pytest.mark.parametrize("command", WRITING, ids=" ".join)
def test_whoever_writes_the_workbook(command: tuple[str, ...], run: Run, beita_values: dict[str, Any]) -> None:
    Path("values.json").write_text(json.dumps(beita_values, default=str), "utf-8")
    new_workbook(beita_values).save(Path("book.xlsx"))
    Path("old.xlsx").write_bytes(OLD.read_bytes())
    assert without(Workbook.open(OLD)) == 591
    assert run(*command).code < 2
    assert without(Workbook.open(Path(command[1] if command[0] == "new" else "out.xlsx"))) == 0


def test_the_templates_too() -> None:
    assert {without(Workbook.open(path)) for path in templates_folder().glob("*.xlsx")} == {0}


def test_what_previews_show(tmp_path: Path, beita_values: dict[str, Any]) -> None:
    """As test_sheet has LibreOffice compute the same rows."""
    new_workbook(beita_values).save(path := tmp_path / "book.xlsx")
    found = rows(path)
    assert found[row_of("XLP404")] == Row(213.62, 128.9, 84.72, 0.01, FAILS)
    assert found[row_of("XLP305", "总分＝")] == Row(98, 98, 0, 0, FITS)
    assert found[row_of("XLP206", "支出合计")].result == BLANK
    count = openpyxl.load_workbook(path, data_only=True)[SHEET]["A3"].value
    number = Counter(row.result for row in found)
    said = [f"{word} {number[word]}" for word in (FAILS, "核实", FITS)]
    open_rows = number[BLANK] + number[UNDECIDABLE]
    left = f"　未能核对 {open_rows} 行（因未填 {number[BLANK]}，无法核对 {number[UNDECIDABLE]}）"
    assert count == "本表核对结果（行）：　" + "　".join(said) + left


def test_they_follow_what_fill_writes(tmp_path: Path, beita_values: dict[str, Any]) -> None:
    form = open_form(new_bytes(beita_values))
    form.book.save(before := tmp_path / "before.xlsx")
    fill(form)
    form.book.save(after := tmp_path / "after.xlsx")
    growth = row_of("XLP202", "人员经费（增长率）")
    assert [(rows(path)[growth].left, rows(path)[growth].result) for path in (before, after)] == [
        (0.2224, FAILS),
        (0.4938, FITS),
    ]


def test_the_same_form_gives_the_same_bytes(beita_values: dict[str, Any]) -> None:
    made = [new_workbook(beita_values).to_bytes() for _ in range(2)]
    assert made[0] == made[1]
    filled = open_form(made[0])
    fill(filled)
    again = reopened(filled)
    fill(again)
    mark(again, *check(again))
    assert again.book.written(SHEET) == {}


def test_a_workbook_of_an_earlier_version_is_cleared_as_it_was_marked() -> None:
    form = open_form(OLD)
    mark(form, *check(form))
    marked = reopened(form)
    assert without(marked.book) == 0
    before = marked.book.cells(SHEET)
    clear(marked)
    assert reopened(marked).book.cells(SHEET) == before


def test_an_error_in_a_cell_is_shown_as_the_program_shows_it(beita_values: dict[str, Any]) -> None:
    form = open_form(new_bytes(beita_values))
    place = form.binding.place("annual_spent")
    form.book.write(place.sheet, place.ref, Fault("#REF!"), formula="1+1")
    form = reopened(form)
    fill(form)
    cells = reopened(form).book.cells(SHEET)
    of_row = [(cell.kind, cell.text) for ref, cell in sorted(cells.items()) if ref.row == line(cells, "XLP412")]
    assert (CellKind.ERROR, "#REF!") in of_row and of_row[-2] == (CellKind.TEXT, UNDECIDABLE)


def line(cells: Any, rule: str) -> int:
    return next(int(ref.row) for ref, cell in cells.items() if cell.text == rule)


def test_a_formula_of_somebody_elses_is_left_alone(beita_values: dict[str, Any]) -> None:
    form = open_form(new_bytes(beita_values))
    ref = Ref(line(form.book.cells(SHEET), "XLP412"), 8)
    form.book.write(SHEET, ref, Decimal(5), formula="WEEKDAY(A1)")
    form = reopened(form)
    fill(form)
    assert ref not in form.book.written(SHEET)


def test_a_sheet_of_somebody_elses_is_left_alone(beita_values: dict[str, Any]) -> None:
    """Under the same name: it has other headings."""
    form = open_form(new_bytes(beita_values))
    for ref, cell in form.book.cells(SHEET).items():
        if cell.text == "允许尾差":
            form.book.write(SHEET, ref, "备注")
        elif cell.formula:
            form.book.write(SHEET, ref, Decimal(7), formula=cell.formula)
    form = reopened(form)
    fill(form)
    mark(form, *check(form))
    assert form.book.written(SHEET) == {}


@pytest.mark.parametrize("command", ["fill", "check"])
def test_a_file_that_no_program_computed_gets_the_results_that_are_known(
    command: str, run: Run, tmp_path: Path
) -> None:
    """Titles with the year, too; what nobody can compute here stays as it is."""
    new_workbook({"year": 2024, "unit_name": "某局"}).save(tmp_path / "新.xlsx")
    book = openpyxl.load_workbook(tmp_path / "新.xlsx")
    book["自评表"]["Z99"] = '=INDIRECT("A1")'
    book.save(tmp_path / "表.xlsx")
    assert shown(tmp_path / "表.xlsx", "E4") is None
    assert run(command, tmp_path / "表.xlsx", "-o", tmp_path / "后.xlsx").code in (0, 1)
    assert shown(tmp_path / "后.xlsx", "E4") == "2024年实际在职人数"
    assert openpyxl.load_workbook(tmp_path / "后.xlsx", data_only=True)["自评表"]["Z99"].value is None
    assert openpyxl.load_workbook(tmp_path / "后.xlsx")["自评表"]["Z99"].value == '=INDIRECT("A1")'


def shown(path: Path, at: str) -> object:
    return openpyxl.load_workbook(path, data_only=True)["基础数据表"][at].value


def test_freeze_needs_no_other_program_for_what_is_known(run: Run, tmp_path: Path) -> None:
    new_workbook({"year": 2024, "unit_name": "某局"}).save(tmp_path / "新.xlsx")
    openpyxl.load_workbook(tmp_path / "新.xlsx").save(tmp_path / "表.xlsx")
    done = run("freeze", tmp_path / "表.xlsx", "-o", tmp_path / "后.xlsx")
    assert done.code == 0, done.err
    assert openpyxl.load_workbook(tmp_path / "后.xlsx")["基础数据表"]["E4"].value == "2024年实际在职人数"
