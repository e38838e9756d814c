"""Rows inserted and deleted in LibreOffice Calc, by calls that it takes back itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from xlperf.hosts.calc.highlights import Change, highlight, highlights_on, range_at
from xlperf.hosts.rows import Insertion, RowEdits, fixed
from xlperf.package import Area, Workbook, quoted_title
from xlperf.workbook.binding import Place
from xlperf.workbook.marks import TAG


def rows_sheets(model: Any, rows: RowEdits) -> list[Any]:
    """The sheets that must be open to change; all where formulas anywhere may have to be led on."""
    if rows.inserted is not None and rows.inserted.grown is not None:
        return [model.Sheets.getByIndex(index) for index in range(model.Sheets.Count)]
    return [model.Sheets.getByName(title) for title in dict.fromkeys(rows.sheets)]


def change_rows(model: Any, rows: RowEdits, copy: Callable[[], Workbook]) -> Iterator[tuple[Place, str]]:
    """Do it; gives the formulas that are to be written then. `copy`: what the document holds by now."""
    for title, gone in rows.deleted.items():
        sheet = model.Sheets.getByName(title)
        for row in gone:
            sheet.Rows.removeByIndex(row - 1, 1)
    new = rows.inserted
    if new is None:
        return
    _insert(model, new)
    for ref, formula in new.formulas.items():
        yield Place(new.sheet, ref), formula
    if new.grown is not None:
        yield from _led_on(model, new, new.grown, copy())
    cell = model.Sheets.getByName(new.sheet).getCellByPosition(new.first.col - 1, new.first.row - 1)
    model.CurrentController.select(cell)


def _insert(model: Any, new: Insertion) -> None:
    """Formats, locks and hints come from the row above; what of our highlights came along goes."""
    sheet = model.Sheets.getByName(new.sheet)
    sheet.Rows.insertByIndex(new.row - 1, 1)
    for before, area in new.merged:
        if before is not None:
            range_at(sheet, before).merge(False)
        range_at(sheet, area).merge(True)
    marked = highlights_on(sheet, TAG)
    left = {style: [part for area in areas for part in _without_row(area, new.row)] for style, areas in marked.items()}
    if left != marked:
        highlight(model, [Change(new.sheet, TAG, marked, {style: areas for style, areas in left.items() if areas})])


def _without_row(area: Area, row: int) -> Iterator[Area]:
    if row not in area.rows:
        yield area
        return
    if area.top < row:
        yield area._replace(bottom=row - 1)
    if row < area.bottom:
        yield area._replace(top=row + 1)


def _led_on(model: Any, new: Insertion, table: Area, copy: Workbook) -> Iterator[tuple[Place, str]]:
    """Have names that end with a table's last row include the one that came below it; gives such formulas."""
    names = model.NamedRanges
    for name, sheet, area in copy.names:
        if sheet == new.sheet and area == table and names.hasByName(name):
            longer = fixed(table._replace(bottom=table.bottom + 1))
            names.getByName(name).setContent(f"${quoted_title(new.sheet)}.{longer}")
    for home in copy.sheets:
        for ref, cell in copy.cells(home).items():
            if cell.formula is not None:
                led = new.led_on(cell.formula, home, ref)
                if led != cell.formula:
                    yield Place(home, ref), led
