"""A report's text as cells to be audited where they stand: by itself, or beside the tables in one document with it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import NamedTuple

from xlperf.audit.sentences import is_in_paragraph, is_of_text
from xlperf.derive.seen import SECTION
from xlperf.form.forms import default_template, load_template
from xlperf.form.present import as_present, with_cells, without_cells
from xlperf.form.record import Record, Stated, absent, state
from xlperf.form.template import Field, Template, split_row_key
from xlperf.intake.figures import read_figures
from xlperf.intake.gather import gather
from xlperf.intake.outline import read_outline, report_sections
from xlperf.intake.staffing import read_staff
from xlperf.labels.blocks import Document
from xlperf.labels.quoted import paragraphs_with
from xlperf.labels.reading import Entry, Passage

_TEXT = "text"
_NO_HEADING = "报告正文"


class Narrative(NamedTuple):
    """What the text of a report states, as the form has it, and what of it was not understood."""

    record: Record
    left: tuple[Passage, ...]


def narrative_in(document: Document) -> Narrative | None:
    """The report that a document without tables is, with the cells that its text fills and no others."""
    whole = default_template()
    if not any(entry.key.startswith(SECTION) for entry in read_outline(document, whole).entries):
        return None
    intake = gather((document,), whole)
    own = {entry.key: entry for entry in intake.entries if split_row_key(entry.key) is None}
    template = as_present(whole, own.keys(), {})
    cells = {key: _stated(own[key], field, template, document) for key, field in template.fields.items()}
    cells |= {key: absent(key, field) for key, field in template.absent.items()}
    record = Record(template, cells, {}, {}, document.name)
    left = (*intake.left, *intake.conflicts)
    return Narrative(_with_other_texts(record, document), left)


def with_narrative(record: Record, document: Document) -> Record:
    """A form with the report that stands in one document with it; a report of its own, in cells, goes before."""
    whole = default_template()
    entries = {entry.key: entry for entry in read_outline(document, whole).entries if entry.key.startswith(SECTION)}
    if not entries or any(key.startswith(SECTION) and not cell.is_blank for key, cell in record.stated.items()):
        return record
    template = with_cells(record.template, {key: whole.fields[key] for key in entries}, whole)
    texts = {key: _stated(entry, whole.fields[key], template, document) for key, entry in entries.items()}
    held = dataclasses.replace(record, template=template, stated={**record.stated, **texts})
    return _with_other_texts(_with_figures(held, document), document)


def _with_figures(record: Record, document: Document) -> Record:
    """With the cells that the tables lack and the text states; what the tables have, stated or blank, is theirs."""
    whole = load_template(record.template.id)
    sections = report_sections(document, whole)
    names = [record[key].text for key in record.template.cells_of("names")]
    figures = read_figures(sections, whole, record.year, names).entries
    found = {entry.key: entry for entry in (*figures, *read_staff(sections, whole, record.year, names))}
    own = {key: each for key, each in found.items() if key in record.template.absent and not _is_known(each, record)}
    if not own:
        return record
    template = with_cells(record.template, {key: whole.fields[key] for key in own}, whole)
    cells = {key: _stated(entry, whole.fields[key], template, document) for key, entry in own.items()}
    return dataclasses.replace(record, template=template, stated={**record.stated, **cells})


def is_with_text(record: Record) -> bool:
    """Is a report's text audited with it, where that stands in paragraphs?"""
    return any(key.startswith(SECTION) and is_in_paragraph(cell) for key, cell in record.stated.items())


def of_tables(record: Record) -> Record:
    """What the tables state: without the cells that the text beside them fills, which is held against other files."""
    filled = {key for key, cell in record.stated.items() if is_of_text(cell) and not key.startswith(SECTION)}
    if not filled:
        return record
    template = without_cells(record.template, filled)
    cells = {key: absent(key, template.absent[key]) for key in filled}
    return dataclasses.replace(record, template=template, stated={**record.stated, **cells})


def _is_known(entry: Entry, record: Record) -> bool:
    """Is it a score that the tables give, or a grade that they give otherwise? The text is then held against them."""
    whole = load_template(record.template.id)
    if entry.key in whole.cells_of("stated_score"):
        return record.cell("total_score").is_number
    if entry.key not in whole.cells_of("stated_grade"):
        return False
    standard = record.figures_of(None)["grade_words"].value
    grade = record.cell("grade").text
    return bool(grade) and standard.get(grade, grade) != standard.get(entry.value, entry.value)


def _with_other_texts(record: Record, document: Document) -> Record:
    """With the texts that belong to no cell of the form: what they say of the whole unit is held together all the same.

    Not those about a part of the unit's money.
    """
    fields: dict[str, Field] = {}
    cells: dict[str, Stated] = {}
    for number, (heading, text, place) in enumerate(_other_texts(document)):
        key = f"{SECTION}other_{number}"
        fields[key] = Field(key, heading, _TEXT, "", 0, True)
        entry = Entry(key, text, place)
        cells[key] = _stated(entry, fields[key], record.template, document)
    template = with_cells(record.template, fields, record.template)
    return dataclasses.replace(record, template=template, stated={**record.stated, **cells})


def _other_texts(document: Document) -> Iterator[tuple[str, str, str]]:
    """Heading, text and place of each part of the report without a cell."""
    for section in report_sections(document, default_template()):
        if not section.key and not section.scope:
            yield section.heading or _NO_HEADING, section.text, section.place


def _stated(entry: Entry, field: Field, template: Template, document: Document) -> Stated:
    at = _place(entry.place.removeprefix(f"{document.name} "), document)
    return state(entry.key, field, entry.stated, not_applicable=template.not_applicable, at=at)


def _place(place: str, document: Document) -> str:
    """Where the words that are quoted stand, from the paragraph on at which their section begins."""
    first, _, quote = place.partition("“")
    words = quote.removesuffix("”")
    found = next(paragraphs_with(words, first, document), None) if words else None
    return place if found is None else f"{found}“{quote}"
