"""上报本: a copy of a workbook as it is handed in. What is still open is told, and the working copy is left alone.

Of a workbook of ours: values, no shades of input cells, no hints, no rows of “……”, no buttons; the sheets that only
help (`helper` in the template, and our lists) are gone, and so are our names. Of anybody's: values, our marks and our
sheets gone, the rest as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from xlperf.amounts import is_mark
from xlperf.errors import WorkbookError
from xlperf.form.template import NAME_PREFIX
from xlperf.package import Area, Cell, CellKind, Ref, Workbook
from xlperf.package.handed_over import (
    author_of,
    drop_buttons,
    drop_hints,
    drop_leftovers,
    drop_macros,
    drop_names,
    drop_shades,
    remove_sheets,
    set_print_area,
    set_properties,
)
from xlperf.package.parts import Parts, main_part
from xlperf.package.reader import read_structure
from xlperf.package.rows import delete_rows
from xlperf.text import lines_in
from xlperf.workbook import actions
from xlperf.workbook.actions import Form
from xlperf.workbook.after_audit import Open, blanks_line, helper_titles, still_open
from xlperf.workbook.binding import TablePlace
from xlperf.workbook.checklist import CHECKLIST
from xlperf.workbook.comparison import COMPARISON
from xlperf.workbook.drafts import DRAFTS, clear_drafts, waiting_drafts
from xlperf.workbook.evidence import EVIDENCE
from xlperf.workbook.import_record import RECORD
from xlperf.workbook.listing import has_list
from xlperf.workbook.marks import RESULTS_NAME
from xlperf.workbook.result_rows import RESULTS
from xlperf.workbook.several import check_forms
from xlperf.workbook.shades import DERIVED, INPUT

OUR_LISTS = (RESULTS, CHECKLIST, EVIDENCE, COMPARISON, DRAFTS, RECORD)
_MAKERS = ("", "xlperf", "openpyxl")
_LINE, _MARGIN = 14.5, 4.0  # points
_WIDE, _NARROW = 2.1, 1.1  # of a column's width, at 11 points


class HandedIn(NamedTuple):
    """What was made of a workbook: how many formulas became values, how many rows and which sheets are gone."""

    formulas: int
    rows: int
    sheets: tuple[str, ...]


class OpenPoints(NamedTuple):
    """What is not done, and a sentence about figures that may be left blank, "" where none is."""

    points: tuple[Open, ...]
    blanks: str


def open_points(forms: Sequence[Form], variant: str | None = None) -> OpenPoints:
    """What somebody who hands the forms in should have settled: it is what keeps 审核 from calling them ready."""
    audits = check_forms(forms, variant)
    drafts = [place.address for place in waiting_drafts(forms[0].book)]
    return OpenPoints(tuple(still_open(audits, drafts)), blanks_line(audits))


def helper_sheets(form: Form) -> list[str]:
    """The sheets that are not handed in: those that the template calls so, and lists of ours."""
    found = [
        sheet
        for listing in OUR_LISTS
        for sheet in [listing.sheet]
        if sheet in form.book.sheets and has_list(form.book, listing)
    ]
    if not form.binding.by_labels:
        found += [title for title in helper_titles(form.record.template) if title in form.book.sheets]
        found += [sheet for name, sheet, _ in form.book.names if name == RESULTS_NAME]
    return list(dict.fromkeys(found))


def hand_in(
    forms: Sequence[Form],
    variant: str | None = None,
    buttons: Collection[str] = (),
    then: Callable[[], None] = lambda: None,
) -> HandedIn:
    """Make of an open workbook what is handed in; nothing is saved yet.

    `buttons`: what the shapes of our buttons have in them; `then`: what
    is done once all are values and every cell is still in its place. Raises `WorkbookError` as `freeze` does, and where
    nothing would be left.
    """
    form, book = forms[0], forms[0].book
    helpers = helper_sheets(form)
    if len(helpers) == len(book.sheets):
        raise WorkbookError(f"{book.name}：除了辅助的工作表，没有要上报的表。请检查是否选错了文件。")
    formulas = actions.freeze(form, variant, forms[1:])
    then()
    own = not form.binding.by_labels
    rows = _placeholder_rows(form) if own else {}
    actions.clear(form, explanations=True)
    clear_drafts(book)
    book.settle()
    extents = dict(_extents(form, helpers, rows)) if own else {}
    least = {title: _heights(form, title, rows.get(title, ())) for title in extents}
    template = form.record.template
    unit = next((form.record[key].text for key in template.cells_of("names") if form.record[key].text), "")

    def change(parts: Parts) -> None:
        if own:
            _strip(parts, rows, least, extents, buttons, helpers)
        remove_sheets(parts, [sheet for sheet in helpers if sheet in read_structure(parts).sheets])
        if own:
            drop_names(parts, NAME_PREFIX)
            for title, (columns, last) in extents.items():
                set_print_area(parts, title, columns, last)
            drop_shades(parts, (INPUT, DERIVED))
            drop_macros(parts)
            author = author_of(parts)
            set_properties(parts, template.title, unit if author.lower() in _MAKERS else author)
        drop_leftovers(parts)

    book.settle(change)
    return HandedIn(formulas, sum(map(len, rows.values())), tuple(helpers))


def _strip(
    parts: Parts,
    rows: Mapping[str, set[int]],
    least: Mapping[str, Mapping[int, float]],
    extents: dict[str, tuple[int, int]],
    buttons: Collection[str],
    helpers: Collection[str],
) -> None:
    structure = read_structure(parts)
    for title, entry in structure.sheets.items():
        if title in helpers:
            continue
        drop_buttons(parts, entry.part, buttons)
        if title in extents:
            drop_hints(parts, entry.part)
        delete_rows(parts, main_part(parts), entry.part, title, rows.get(title, ()), least.get(title, {}))


def _placeholder_rows(form: Form) -> dict[str, set[int]]:
    """By sheet, the rows of “……”, the last one included; a table that has no others keeps one, blank."""
    rows: dict[str, set[int]] = {}
    for key, table in form.binding.tables.items():
        marks = [place for place in _marks(form, key, table) if place.row not in table.rows]
        gone = {place.row for place in marks}
        if gone and len(gone) == len(table.body.rows):
            kept = min(gone)
            gone.remove(kept)
            for place in marks:
                if place.row == kept:
                    form.book.write(table.sheet, place, None)
        rows.setdefault(table.sheet, set()).update(gone)
    return rows


def _marks(form: Form, key: str, table: TablePlace) -> Iterator[Ref]:
    """The cells of a row table that hold nothing but “……”."""
    template, cells = form.record.template, form.book.cells(table.sheet)
    for row in table.body.rows:
        for name, column in table.columns.items():
            cell = cells.get(Ref(row, column))
            if name not in template.tables[key].fill_down and cell and is_mark(cell.text, template.placeholders):
                yield Ref(row, column)


def _extents(form: Form, helpers: Collection[str], rows: dict[str, set[int]]) -> Iterator[tuple[str, tuple[int, int]]]:
    """By sheet of the form, how many columns it has and how many rows it will have."""
    book: Workbook = form.book
    for spec in form.record.template.sheets:
        title = spec["title"]
        if title in book.sheets and title not in helpers and "widths" in spec:
            last = max((ref.row for ref in book.cells(title)), default=1)
            last = max([last, *(area.bottom for area in book.merges(title))])
            yield title, (len(spec["widths"]), last - len(rows.get(title, ())))


def _heights(form: Form, title: str, gone: Collection[int]) -> dict[int, float]:
    """How high rows must be, in points: for what is typed in one, and what has only one once the others are gone."""
    widths = next((spec.get("widths", ()) for spec in form.record.template.sheets if spec["title"] == title), ())
    cells = form.book.cells(title)
    places = (form.binding.place(key) for key in form.record.stated if form.binding.has(key))
    typed = {place.ref for place in places if place.sheet == title and _is_text(cells.get(place.ref))}
    merges = {Ref(area.top, area.left): area for area in form.book.merges(title)}
    found: dict[int, float] = {}
    for ref, cell in cells.items():
        area = merges.get(ref, Area(*ref, *ref))
        left = [row for row in area.rows if row not in gone]
        is_new = ref in typed or len(left) < len(area.rows)
        if is_new and len(left) == 1 and cell.text and area.right <= len(widths):
            lines = lines_in(cell.text, sum(widths[area.left - 1 : area.right]) - 1, wide=_WIDE, narrow=_NARROW)
            if lines > 1 or len(left) < len(area.rows):
                found[left[0]] = max(found.get(left[0], 0), lines * _LINE + _MARGIN)
    return found


def _is_text(cell: Cell | None) -> bool:
    return cell is not None and cell.kind is CellKind.TEXT
