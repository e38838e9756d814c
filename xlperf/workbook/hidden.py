"""Figures that nobody sees who opens the workbook: in hidden rows, columns and sheets, and under merged cells."""

from __future__ import annotations

from collections.abc import Iterator

from xlperf.amounts import to_decimal
from xlperf.form.integrity import HiddenCells
from xlperf.form.record import Stated, state
from xlperf.package import Area, Ref, ref_text
from xlperf.workbook.binding import Place
from xlperf.workbook.inspected import InspectedForm


def hidden_figures(form: InspectedForm) -> Iterator[HiddenCells]:
    """All of them; words do not count, nor do zeros."""
    yield from _hidden(form)
    yield from _covered(form)


def _hidden(form: InspectedForm) -> Iterator[HiddenCells]:
    places = form.places
    for sheet in dict.fromkeys(place.sheet for place in places.values()):
        whole = form.book.hidden_state(sheet) != "visible"
        rows, cols = form.book.hidden_rows(sheet), form.book.hidden_cols(sheet)
        if not (whole or rows or cols):
            continue
        figures = [
            cell
            for key, place in places.items()
            if place.sheet == sheet and (cell := form.record[key]).number and not _only_repeats(cell, form)
        ]
        if whole:
            if figures:
                yield HiddenCells(f"工作表“{sheet}”被隐藏", tuple(figures))
            continue
        merges = [area for area in form.book.merges(sheet) if area.size > 1]
        unseen = [figure for figure in figures if _is_unseen(_extent(places[figure.key].ref, merges), rows, cols)]
        if unseen:
            refs = [places[figure.key].ref for figure in unseen]
            parts = [f"第 {row} 行" for row in sorted({ref.row for ref in refs if ref.row in rows})]
            columns = sorted({ref.col for ref in refs if ref.row not in rows})
            parts += [f"{ref_text(Ref(1, col)).removesuffix('1')} 列" for col in columns]
            yield HiddenCells(f"“{sheet}”的{'、'.join(parts[:8])}{'等' if len(parts) > 8 else ''}被隐藏", tuple(unseen))


def _only_repeats(cell: Stated, form: InspectedForm) -> bool:
    """Does it show what stands elsewhere, by the formula of the blank form?"""
    cells, place = form.book.cells, form.places[cell.key]
    return cell.key in form.record.template.offered and cells(place.sheet)[place.ref].formula is not None


def _covered(form: InspectedForm) -> Iterator[HiddenCells]:
    """Figures other than zero under merged cells, where the form has a cell for figures or lists rows of them."""
    keys = {place: key for key, place in form.places.items()}
    columns = tuple(_columns(form))
    for sheet, covered in form.covered.items():
        cells = form.book.cells(sheet)
        for ref, corner in sorted(covered.items()):
            total = next((key for home, area, key in columns if home == sheet and area.contains(ref)), None)
            key = keys.get(Place(sheet, ref)) or keys.get(Place(sheet, corner)) or total
            number = to_decimal(cells[ref].text)
            if key is None or form.record[key].field.is_text or not number:
                continue
            place = Place(sheet, ref)
            cell = form.record[key]
            figure = state(key, cell.field, number, not_applicable=frozenset(), at=place.address, label=cell.label)
            yield HiddenCells(f"{place.address} 被合并的单元格 {ref_text(corner)} 盖住", (figure,), covered=True)


def _columns(form: InspectedForm) -> Iterator[tuple[str, Area, str]]:
    """The columns of the row tables, each with its sheet and the total that counts it."""
    for table, place in form.binding.tables.items():
        body = place.body
        for column, total in form.totals(table).items():
            col = place.columns[column]
            yield place.sheet, Area(body.top, col, body.bottom, col), total


def _extent(ref: Ref, merges: list[Area]) -> Area:
    return next((area for area in merges if area.contains(ref)), Area(*ref, *ref))


def _is_unseen(area: Area, rows: frozenset[int], cols: frozenset[int]) -> bool:
    """A merged cell is seen as long as one of its rows and one of its columns are."""
    return all(row in rows for row in area.rows) or all(col in cols for col in area.cols)
