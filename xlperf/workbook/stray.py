"""Figures of a row table that no total counts: in rows below it, and beside its columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from xlperf.amounts import parse_number
from xlperf.form.integrity import StrayRow
from xlperf.form.record import State, Stated
from xlperf.package import CellKind, Ref, quoted_title
from xlperf.package.address import column_letters
from xlperf.text import expression
from xlperf.workbook.binding import Place, TablePlace
from xlperf.workbook.inspected import InspectedForm

_SUBTOTAL = expression("合计|小计|总计|总分|其中")


def stray_rows(form: InspectedForm) -> Iterator[StrayRow]:
    """Of every table with totals."""
    for table, place in form.binding.tables.items():
        if totals := form.totals(table):
            yield from _rows_below(form, table, place, totals)
            yield from _rows_beside(form, table, place, totals)


def _rows_below(form: InspectedForm, table: str, place: TablePlace, totals: Mapping[str, str]) -> Iterator[StrayRow]:
    """Rows between a table's last row and the next row of the form that hold figures in the table's columns."""
    below = (
        other.ref.row
        for other in form.binding.fields.values()
        if other.sheet == place.sheet and other.ref.row > place.body.bottom
    )
    cells = form.sheets[place.sheet]
    end = min(below, default=0) or max((ref.row for ref in cells), default=0) + 1
    if end - place.body.bottom < 2:
        return
    for row in sorted({ref.row for ref in cells if place.body.bottom < ref.row < end}):
        texts = [cells[Ref(row, col)].text for col in place.columns.values() if Ref(row, col) in cells]
        if any(_SUBTOTAL.search(text) for text in texts):
            continue
        figures = tuple(
            figure
            for column, total in totals.items()
            if (figure := _stray_figure(form, place.place(row, column), total))
        )
        if figures:
            yield StrayRow(table, f"{quoted_title(place.sheet)}!{row}:{row}", figures)


def _rows_beside(form: InspectedForm, table: str, place: TablePlace, totals: Mapping[str, str]) -> Iterator[StrayRow]:
    """Rows of a table with figures in the second halves of its wide columns, as where an inserted row is not merged."""
    body, columns = place.body, sorted((col, name) for name, col in place.columns.items())
    starts = {col for col, _ in columns}
    swallowed = [area for area in form.book.merges(place.sheet) if area.left < area.right]
    cells = form.sheets[place.sheet]
    for row in body.rows:
        found: dict[int, Stated] = {}
        for col in body.cols:
            ref = Ref(row, col)
            if col in starts or ref not in cells or any(area.contains(ref) for area in swallowed):
                continue
            wide = next((name for start, name in reversed(columns) if start < col), "")
            total = totals.get(wide) or next(iter(totals.values()))
            if figure := _stray_figure(form, Place(place.sheet, ref), total):
                found[col] = figure
        if found:
            where = f"{quoted_title(place.sheet)}!{row}:{row}"
            letters = tuple(column_letters(col) for col, _ in columns)
            yield StrayRow(table, where, tuple(found.values()), tuple(map(column_letters, found)), letters)


def _stray_figure(form: InspectedForm, place: Place, total: str) -> Stated | None:
    cell = form.sheets[place.sheet].get(place.ref)
    if cell is None or cell.kind not in (CellKind.NUMBER, CellKind.TEXT):
        return None
    number = parse_number(cell.text)
    if number is None or not number.value:
        return None
    counted = total in form.cells and any(
        sheet == place.sheet and area.contains(place.ref) for sheet, area in form.areas_read(total)
    )
    if counted:
        return None
    field = form.record[total].field
    places = None if field.exact else max(field.places, number.places)
    return form.record[total]._replace(
        state=State.NUMBER, text=cell.text, number=number.value, places=places, at=place.address
    )
