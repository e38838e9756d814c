"""A form in a workbook of anybody's: found by its headings, read and marked where it stands."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from xlperf.form.forms import form_ids, load_template
from xlperf.form.record import Record, Stated, state
from xlperf.form.template import row_key
from xlperf.labels.blocks import Document, Table
from xlperf.labels.reading import Passage
from xlperf.labels.recognised import Recognised, Rows, filled_record, rows_of
from xlperf.labels.several import recognise_all
from xlperf.labels.spelling import plain
from xlperf.package import Area, Workbook
from xlperf.workbook.audited import sheets_of, subject_of
from xlperf.workbook.binding import Binding, Place, Reader, TablePlace
from xlperf.workbook.checklist import CHECKLIST
from xlperf.workbook.evidence import EVIDENCE_SHEET
from xlperf.workbook.import_record import RECORD_SHEET
from xlperf.workbook.result_rows import RESULTS_SHEET
from xlperf.workbook.sheets import as_document, place_of, title_of

_WRITTEN = {"home", "results", "control"}  # sheets in which nobody fills anything
OTHER_FORM = "是另一张自评表，这里没有读入；check、fill、freeze 各张表都做"


class Found(NamedTuple):
    """What the headings of a workbook say: where its cells are, what they state, what was not understood."""

    binding: Binding
    record: Record
    left: tuple[Passage, ...]


def read_by_labels(book: Workbook, layout: str = "") -> Found:
    """The first form of the workbook, the others listed; see `recognise` for `layout` and for what is raised."""
    first, *others = all_by_labels(book, layout)
    listed = (
        Passage(
            f"{book.name} {sheets_of(each.binding)}", subject_of(each.record) or each.record.template.title, OTHER_FORM
        )
        for each in others
    )
    return first._replace(left=(*first.left, *listed))


def all_by_labels(
    book: Workbook, layout: str = "", sheets: Collection[str] | None = None, wanted: str = ""
) -> list[Found]:
    """Every form that a workbook or some of its `sheets` have, by its headings; see `recognise_all`."""
    document = _without_ours(as_document(book, with_blanks=True), sheets)
    texts = _texts(document)
    return [_found(book, form, texts) for form in recognise_all(document, layout, wanted)]


def _found(book: Workbook, form: Recognised, texts: Mapping[Place, str]) -> Found:
    places = {key: place_of(book.name, entry.place) for key, entry in form.entries.items()}
    fields = {key: place for key, place in places.items() if key in form.template.fields}
    tables = {rows.table: _table(form, rows, places) for rows in rows_of(form)}
    binding = Binding(form.template, fields, tables, places, by_labels=True)
    cells = _Cells(Reader(book, form.template), form, places, texts)
    return Found(binding, filled_record(form, book.name, cells.stated), form.left)


def _without_ours(document: Document, sheets: Collection[str] | None) -> Document:
    """Without the sheets that we write: what was found, and how the cells depend on one another."""
    ours = {RESULTS_SHEET, CHECKLIST.sheet, EVIDENCE_SHEET, RECORD_SHEET}
    for name in form_ids():
        ours |= {sheet["title"] for sheet in load_template(name).sheets if _WRITTEN & sheet.keys()}

    def is_wanted(place: str) -> bool:
        title = title_of(place)
        return title not in ours and (sheets is None or title in sheets)

    blocks = tuple(block for block in document.blocks if is_wanted(block.place))
    left = tuple(each for each in document.left if is_wanted(each.place))
    return document._replace(blocks=blocks, left=left)


def _texts(document: Document) -> Mapping[Place, str]:
    return {
        place_of(document.name, f"{document.name} {block.place} {cell.place}"): cell.text
        for block in document.blocks
        if isinstance(block, Table)
        for cell in block.cells
    }


def _table(form: Recognised, rows: Rows, places: Mapping[str, Place]) -> TablePlace:
    """Where a row table stands: from its first row to its last, in the columns of the first row that has each."""
    label = form.template.tables[rows.table].row_label
    columns: dict[str, int] = {}
    numbers = []
    sheet = ""
    for index, names in rows.columns.items():
        own = {name: places[row_key(rows.table, index, name)] for name in names}
        home = own.get(label) or max(own.values(), key=lambda place: place.ref.row)
        sheet = sheet or home.sheet
        numbers.append(home.ref.row)
        for name, place in own.items():
            columns.setdefault(name, place.ref.col)
    body = Area(min(numbers), min(columns.values()), max(numbers), max(columns.values()))
    return TablePlace(sheet, columns, body, tuple(numbers), ())


class _Cells(NamedTuple):
    """The cells of a form as they are stated."""

    reader: Reader
    form: Recognised
    places: Mapping[str, Place]
    texts: Mapping[Place, str]

    def stated(self, key: str, label: str) -> Stated:
        """From the cell itself, with all its digits; what stands in several cells, or in 元, as it was read."""
        template = self.form.template
        field, entry = template.field(key), self.form.entries.get(key)
        if entry is None:
            return state(key, field, None, not_applicable=template.not_applicable, label=label)
        place = self.places[key]
        if plain(self.texts.get(place, "")) == plain(entry.stated):
            own = self.reader.read(place, key, field, label)
            return own._replace(as_text=own.as_text and self.reader.has_formulas(place.sheet))
        known = template.not_applicable
        return state(key, field, entry.stated, not_applicable=known, at=place.address, label=label)
