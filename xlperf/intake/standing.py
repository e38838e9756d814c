"""A form in a document that is only read (.docx, .doc, .xls, .txt): audited where it stands."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from xlperf.form.record import Record
from xlperf.intake.readers.opening import read_document
from xlperf.labels.blocks import Document
from xlperf.labels.reading import Passage
from xlperf.labels.recognised import recognise, record_of


class Standing(NamedTuple):
    """What a document states, at table, row and column, and what of it was not understood."""

    record: Record
    left: tuple[Passage, ...]


def read_form(path: Path, tell: Callable[[str], None] | None = None) -> Standing:
    """The self-evaluation in a document; raises `DocumentError`, or `TemplateError` where there is none known."""
    return form_in(read_document(path, tell))


def form_in(document: Document) -> Standing:
    """The same of a document that has been read already."""
    form = recognise(document)
    return Standing(record_of(form, document.name), form.left)
