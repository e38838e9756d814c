"""The files of a unit as they are audited: each by itself, then what they say of each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from xlperf.form.record import Record
from xlperf.workbook.audited import Audited, subject_of, variant_of
from xlperf.workbook.given import NOTHING, Forms, Given, as_given, held_against

if TYPE_CHECKING:
    from xlperf.audit.ledger import Ledger
    from xlperf.intake.standing import Standing
    from xlperf.labels.blocks import Document
    from xlperf.report.against import Contradiction
    from xlperf.report.between import Compared

_NOTHING_TO_COMPARE = "{}：没有认出绩效自评表，也没有可以与报告正文对照的表。请把同一单位的表一起列出来。"


class Checked(NamedTuple):
    """A file: what the audits of its forms say, the report in text that it holds, or why it could not be read."""

    path: Path
    forms: tuple[Audited, ...] = ()
    report: Document | None = None
    error: str = ""


class Asked(NamedTuple):
    """How files are to be audited: by which variant and layout, against which other forms, signed ones as well?

    `wanted`: of which kind the forms are that are looked for, "" for self-evaluations; see `labels.others`.
    """

    variant: str | None = None
    layout: str = ""
    given: Given = NOTHING
    drop_signature: bool = False
    among: int = 1  # files in all
    wanted: str = ""
    lists: bool = False  # write the ledger too where the file is marked
    evidence: bool = False  # list beside the marks what full scores want to be shown by


def audits_of(document: Document, forms: Sequence[Standing], asked: Asked) -> tuple[Audited, ...]:
    """The audits of the `forms` that stand in a `document`."""
    from xlperf.audit.run import audit
    from xlperf.labels.quoted import with_quotes

    among = max(asked.among, len(forms))
    found = []
    for record, left, place, is_text in forms:
        record = held_against(record, asked.given, among, [each.record for each in forms])
        report = with_quotes(audit(record, variant_of(record.template, asked.variant, among)), document)
        named = (place, subject_of(record)) if len(forms) > 1 else ("", "")
        found.append(Audited(report, (), left, *named, is_text, document))
    return tuple(found)


def given_by(files: Sequence[Checked], is_wanted: Callable[[Record], bool] = lambda record: True) -> Forms:
    """The forms of a kind in these files, which are called by their paths where two have one name."""
    return tuple(_given(files, is_wanted))


def _given(files: Sequence[Checked], is_wanted: Callable[[Record], bool]) -> Iterator[Record]:
    names = Counter(each.path.name for each in files)
    for each in files:
        name = each.path.name if names[each.path.name] == 1 else str(each.path)
        yield from (as_given(form.report.record, name) for form in each.forms if is_wanted(form.report.record))


def compare_files(files: Sequence[Checked], variant: str | None) -> tuple[list[Checked], Compared]:
    """What the files say of each other; a report that is held against nothing could not be checked."""
    from xlperf.intake.narrative import of_tables
    from xlperf.report.between import Source, between
    from xlperf.workbook.astray import reliable

    def source(each: Checked) -> Source:
        records = [of_tables(reliable(form.report.record)) for form in each.forms if not form.is_text]
        return Source(str(each.path), records, each.report, is_audited=bool(each.forms))

    compared = between([source(each) for each in files if not each.error], variant)
    unheard = {str(each.path) for each in files if not _has_form(each) and str(each.path) in compared.alone}
    told = [
        each._replace(forms=(), error=_why_alone(each, compared)) if str(each.path) in unheard else each
        for each in files
    ]
    return told, compared


def compare_own(
    report: Document, name: str, forms: Sequence[Audited], variant: str | None
) -> tuple[tuple[Contradiction, ...], Ledger]:
    """What a report's text says otherwise than the tables in the same document, and what of the text was compared.

    Where the audit of the tables has read the text with them, only what no rule says of it is told here.
    """
    from xlperf.intake.narrative import is_with_text, of_tables
    from xlperf.report.between import Source, hold_report
    from xlperf.workbook.astray import reliable

    source = Source(name, [of_tables(reliable(form.report.record)) for form in forms])
    held = hold_report(report, [source], variant, is_own=True)
    known = {sentence.quote for form in forms for sentence in form.ledger.sentences}
    ledger = held.ledger("").without(known)
    if any(is_with_text(form.report.record) for form in forms):
        return tuple(each for each in held.found if not each.code), ledger
    return held.found, ledger


def _has_form(each: Checked) -> bool:
    return any(not form.is_text for form in each.forms)


def _why_alone(each: Checked, compared: Compared) -> str:
    held = compared.held.get(str(each.path))
    return _NOTHING_TO_COMPARE.format(each.path) if held is None else held.nothing_compared(str(each.path))


def ledger_of_files(files: Sequence[Checked], compared: Compared) -> Ledger:
    """What was compared in all; of a file that is a report too, each sentence once."""
    from xlperf.audit.ledger import joined

    every = []
    for each in files:
        held = compared.held.get(str(each.path))
        own = joined(form.ledger for form in each.forms if held is None or not form.is_text)
        if held is not None:
            said = held.ledger(each.path.name)
            own = own.without({sentence.quote for sentence in said.sentences})
            every.append(said)
        every.append(own)
    return joined(every)
