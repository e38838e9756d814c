"""The forms in a document that is only read (.docx, .doc, .xls, .txt): audited where they stand."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from xlperf.form.record import Record
from xlperf.labels.blocks import Document
from xlperf.labels.reading import Entry, Passage
from xlperf.labels.recognised import record_of
from xlperf.labels.several import recognise_all


class Standing(NamedTuple):
    """What a form states, at table, row and column, in which tables it stands, and what was not understood."""

    record: Record
    left: tuple[Passage, ...]
    place: str


def forms_in(document: Document, layout: str = "", wanted: str = "") -> tuple[Standing, ...]:
    """The self-evaluations in a document, or its forms of the kind `wanted`; see `recognise_all`."""
    return tuple(
        Standing(record_of(form, document.name), form.left, _tables(form.entries.values(), document.name))
        for form in recognise_all(document, layout, wanted)
    )


def _tables(entries: Iterable[Entry], name: str) -> str:
    """表1、表2."""
    places = (entry.place.removeprefix(f"{name} ").rpartition(" ")[0] for entry in entries)
    return "、".join(dict.fromkeys(place for place in places if place))
