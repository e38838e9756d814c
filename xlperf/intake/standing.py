"""The forms in a document that is only read (.docx, .doc, .xls, .txt): audited where they stand."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from xlperf.errors import TemplateError
from xlperf.form.forms import load_template
from xlperf.form.record import Record
from xlperf.intake.narrative import narrative_in, with_narrative
from xlperf.labels.blocks import Document
from xlperf.labels.reading import Entry, Passage
from xlperf.labels.recognised import Recognised, record_of
from xlperf.labels.several import recognise_all


class Standing(NamedTuple):
    """What a form states, at table, row and column, in which tables it stands, and what was not understood."""

    record: Record
    left: tuple[Passage, ...]
    place: str
    is_text: bool = False  # the text of a report, which has no form beside it


def forms_in(document: Document, layout: str = "", wanted: str = "") -> tuple[Standing, ...]:
    """The self-evaluations in a document, or its forms of the kind `wanted`; see `recognise_all`.

    The report in the same document is the unit's own form's; where there is no form it is what is audited.
    """
    try:
        forms = recognise_all(document, layout, wanted)
    except TemplateError:
        alone = narrative_in(document) if not layout and not wanted else None
        if alone is None:
            raise
        return (Standing(*alone, "", is_text=True),)
    of_unit = [form for form in forms if not load_template(form.template.id).cells_of("subject")]
    return tuple(
        Standing(
            _record(form, document, has_report=not wanted and of_unit == [form]),
            form.left,
            _tables(form.entries.values(), document.name),
        )
        for form in forms
    )


def _record(form: Recognised, document: Document, *, has_report: bool) -> Record:
    record = record_of(form, document.name)
    return with_narrative(record, document) if has_report else record


def _tables(entries: Iterable[Entry], name: str) -> str:
    """表1、表2."""
    places = (entry.place.removeprefix(f"{name} ").rpartition(" ")[0] for entry in entries)
    return "、".join(dict.fromkeys(place for place in places if place))
