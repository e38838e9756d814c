"""What the formulas of 勾稽关系, of 首页, of counters and in inputs show, kept with them in the file.

For previews, pandas and whoever computes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal

from xlperf.errors import WorkbookError
from xlperf.form.template import NAME_PREFIX, Template
from xlperf.package import CellKind, Ref, Workbook, references
from xlperf.package.calculation import Calculation
from xlperf.tieout import HEADINGS
from xlperf.workbook.following import is_counter, is_home
from xlperf.workbook.marks import MarkedBook


def show_tie_out(book: MarkedBook, template: Template) -> None:
    """Have 勾稽关系, and the formulas that follow from it, show what the workbook's cells give, edits included.

    What shows it already is left as it is, to the byte; so is what is not understood, or can hold no value. Where the
    workbook is open in a spreadsheet program, that computes.
    """
    if not isinstance(book, Workbook):
        return
    for _, sheet, ref in offered_cells(book, template):
        _show(book, sheet, ref)
    control = tie_out_sheets(book, template)
    for sheet in control:
        _show(book, sheet)
    for sheet, ref in [*counters(book, control)]:
        _show(book, sheet, ref)
    for sheet in home_sheets(book, template):
        _show(book, sheet)


def _show(book: Workbook, sheet: str, only: Ref | None = None) -> None:
    for ref, formula, value in Calculation(book, sheet).changes(only):
        with suppress(WorkbookError):
            book.write(sheet, ref, value, formula=formula)


def show_results(book: MarkedBook, template: Template) -> None:
    """Have the formulas on the form's other sheets that have no result in the file show theirs, where it is known.

    A program that writes a workbook without computing leaves them so: titles with the year, totals.
    """
    if not isinstance(book, Workbook):
        return
    derived = {NAME_PREFIX + key for key, field in template.fields.items() if field.derived}  # `fill` sees to these
    left = {(sheet, Ref(area.top, area.left)) for name, sheet, area in book.names if name in derived}
    for (sheet, ref), (formula, value) in results_lacking(book, template).items():
        if (sheet, ref) not in left:
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
    titles = _titled(book, template, "control")
    return [title for title in titles if {cell.text for cell in book.cells(title).values()}.issuperset(HEADINGS)]


def home_sheets(book: MarkedBook, template: Template) -> list[str]:
    """The same of 首页."""
    return [title for title in _titled(book, template, "home") if is_home(book.cells(title))]


def counters(book: MarkedBook, control: list[str]) -> Iterator[tuple[str, Ref]]:
    """Cells on the form's own sheets that count what 勾稽关系 says; a form sheet's first row has one."""
    for sheet in book.sheets if control else ():
        for ref, cell in book.cells(sheet).items():
            if ref.row == 1 and is_counter(cell.formula) and {*_sheets_in(cell.formula or "")} <= {*control}:
                yield sheet, ref


def _sheets_in(formula: str) -> Iterator[str]:
    return (each.sheet for each in references(formula))


def offered_cells(book: MarkedBook, template: Template) -> Iterator[tuple[str, str, Ref]]:
    """The inputs, by key, in which a formula stands where a blank form has one."""
    for name, sheet, area in book.names if template.offered else ():
        key, ref = name.removeprefix(NAME_PREFIX), Ref(area.top, area.left)
        if key in template.offered and (cell := book.cells(sheet).get(ref)) is not None and cell.formula:
            yield key, sheet, ref


def _titled(book: MarkedBook, template: Template, role: str) -> list[str]:
    return [spec["title"] for spec in template.sheets if spec.get(role) and spec["title"] in book.sheets]
