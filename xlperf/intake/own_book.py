"""A workbook of somebody's own form -> what an import found: read by its names, whatever its headings say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from xlperf.errors import TemplateError
from xlperf.form.forms import form_ids
from xlperf.form.template import Template
from xlperf.intake.gather import Intake, as_values
from xlperf.labels.reading import Entry, Passage
from xlperf.package import Workbook, ref_text
from xlperf.workbook.actions import Form, open_form
from xlperf.workbook.binding import has_names

_SUFFIXES = (".xlsx", ".xlsm")
_NOT_OF_THE_FORM = "不是“{}”的工作表，没有导入"


def own_intake(source: Path, wanted: Template | None = None) -> tuple[Template, Intake] | None:
    """The form of a workbook that bears the number of one that no list names, and what it states, as it is typed.

    What a formula of the workbook gives is left to the new one's. None for any other file, for one that has lost its
    names or its TOML, and where another form is `wanted`: such a file is read by its headings.
    """
    if source.suffix.lower() not in _SUFFIXES or not has_names(Workbook.open(source)):
        return None
    try:
        form = open_form(source)
    except TemplateError:
        return None
    template = form.binding.template
    if template.id in form_ids() or (wanted is not None and wanted.id != template.id):
        return None
    entries = tuple(_entries(form))
    left = tuple(_left(form))
    return template, Intake(as_values(entries, template), entries, left)


def _entries(form: Form) -> Iterator[Entry]:
    for key, stated in form.record.stated.items():
        if stated.is_blank or (stated.shared and not stated.is_number) or not form.binding.has(key):
            continue
        place = form.binding.place(key)
        cell = form.book.cells(place.sheet).get(place.ref)
        if stated.field.derived and (cell is None or cell.formula is not None):
            continue
        yield Entry(key, stated.shown, f"{form.book.name} 工作表“{place.sheet}” {ref_text(place.ref)}")


def _left(form: Form) -> Iterator[Passage]:
    template = form.binding.template
    ours = {spec["title"] for spec in template.sheets}
    for sheet in form.book.sheets:
        if sheet not in ours and form.book.cells(sheet):
            place = f"{form.book.name} 工作表“{sheet}”"
            yield Passage(place, sheet, _NOT_OF_THE_FORM.format(template.title))
