"""What the formulas of 勾稽关系 show, kept with them in the file: for previews, pandas and whoever computes nothing."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal

from xlperf.errors import WorkbookError
from xlperf.form.template import Template
from xlperf.package import CellKind, Ref, Workbook
from xlperf.package.calculation import Calculation
from xlperf.tieout import HEADINGS
from xlperf.workbook.marks import MarkedBook


def show_tie_out(book: MarkedBook, template: Template) -> None:
    """Have every formula of 勾稽关系 show what follows from the workbook's cells, edits included.

    What shows it already is left as it is, to the byte; so is what is not understood, or can hold no value. Where the
    workbook is open in a spreadsheet program, that computes.
    """
    if not isinstance(book, Workbook):
        return
    for sheet in tie_out_sheets(book, template):
        for ref, formula, value in Calculation(book, sheet).changes():
            with suppress(WorkbookError):
                book.write(sheet, ref, value, formula=formula)


def show_results(book: MarkedBook, template: Template) -> None:
    """Have the formulas on the form's other sheets that have no result in the file show theirs, where it is known.

    A program that writes a workbook without computing leaves them so: titles with the year, totals.
    """
    if isinstance(book, Workbook):
        for (sheet, ref), (formula, value) in results_lacking(book, template).items():
            with suppress(WorkbookError):
                book.write(sheet, ref, value, formula=formula)


def results_lacking(book: Workbook, template: Template) -> dict[tuple[str, Ref], tuple[str, Decimal | str | bool]]:
    """By place, the formulas there without a result in the file, and what they come to; none that gives an error."""
    found: dict[tuple[str, Ref], tuple[str, Decimal | str | bool]] = {}
    control = tie_out_sheets(book, template)
    for sheet in (spec["title"] for spec in template.sheets):
        if sheet not in book.sheets or sheet in control:
            continue
        cells, written = book.cells(sheet), book.written(sheet)
        if not any(cell.formula is not None and cell.kind is CellKind.BLANK for cell in cells.values()):
            continue
        for ref, formula, value in Calculation(book, sheet).changes():
            is_blank = ref in cells and cells[ref].kind is CellKind.BLANK and ref not in written
            is_of_1904 = book.since_1904 and "TEXT(" in formula  # days are counted from 1900 there
            if is_blank and not is_of_1904 and isinstance(value, Decimal | str | bool):
                found[sheet, ref] = formula, value
    return found


def tie_out_sheets(book: MarkedBook, template: Template) -> list[str]:
    """None in a workbook made before there was such a sheet; somebody else's of that name has other headings."""
    titles = [spec["title"] for spec in template.sheets if spec.get("control") and spec["title"] in book.sheets]
    return [title for title in titles if {cell.text for cell in book.cells(title).values()}.issuperset(HEADINGS)]
