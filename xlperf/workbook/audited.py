"""A form with what its audit says and what of it nobody understood: what is printed, marked and written down of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from xlperf.audit.ledger import Ledger, ledger_of
from xlperf.audit.run import Report
from xlperf.audit.sentences import Sentence, sentences_in
from xlperf.checks.rule import Severity
from xlperf.form.forms import elsewhere_ids, form_ids, load_template
from xlperf.form.record import Record
from xlperf.form.template import Template
from xlperf.labels.blocks import Document
from xlperf.labels.quoted import sentences_placed
from xlperf.labels.reading import Passage
from xlperf.text import expression
from xlperf.workbook.binding import Binding
from xlperf.workbook.explained import Explanations, explain

UNREAD = "没有读懂、没有核对"
_BARE = expression(r"[-－−]?[0-9][0-9,]*(?:\.[0-9]+)?")


class Audited(NamedTuple):
    """A form that was audited.

    `explanations`: what the user wrote beside earlier findings. `left`: what was not understood and so not compared.
    `document`: the one that it stands in, if that is no workbook.
    """

    report: Report
    explanations: Explanations = ()
    left: Sequence[Passage] = ()
    place: str = ""  # in which sheets or tables, where a file has several forms
    name: str = ""  # what the form is of, where it says so
    is_text: bool = False  # the text of a report, which has no form beside it
    document: Document | None = None

    @property
    def ledger(self) -> Ledger:
        """What was compared, and the figures of what was not understood, which were not."""
        own = ledger_of(self.report)
        if self.document is not None:
            own = own._replace(sentences=tuple(sentences_placed(own.sentences, self.document)))
        return own.with_sentences([each for passage in self.left for each in _unread(passage)])

    def reaches(self, limit: Severity) -> bool:
        """Is there a finding as grave as the limit that no written explanation settles?"""
        explained = explain(self.report, self.explanations)
        return any(
            finding.severity.rank <= limit.rank and not explained.settles(number, finding)
            for number, finding in enumerate(self.report.findings)
        )


def _unread(passage: Passage) -> list[Sentence]:
    """The sentences with figures of what nobody understood; a figure alone is one."""
    place, text, reason = passage
    if _BARE.fullmatch(text.strip()):
        return [Sentence(place, text.strip(), 1, 0, 0, reason)]
    return [each for _, each in sentences_in(text, place, reason=reason)]


def unread_text(count: int) -> str:
    """How many passages nobody compared, for every summary; "" where there are none."""
    return f"{count} 处{UNREAD}" if count else ""


def variant_of(template: Template, variant: str | None, among: int) -> str | None:
    """The variant by which a form is audited; the default one where it is one of several and only other forms have it.

    A variant that no form has is left for the audit to refuse.
    """
    if variant is None or among == 1 or variant in template.variants:
        return variant
    others = map(load_template, dict.fromkeys((*form_ids(), *elsewhere_ids())))
    return None if any(variant in other.variants for other in others) else variant


def last_year_of(record: Record, previous: Record | None, among: int) -> Record | None:
    """Last year's workbook for a form; where it is one of several, only if it is of their kind."""
    is_alike = among == 1 or (previous is not None and previous.template.id == record.template.id)
    return previous if is_alike else None


def sheets_of(binding: Binding) -> str:
    """On which sheets a form stands, as they are listed."""
    sheets = dict.fromkeys(place.sheet for place in (*binding.fields.values(), *binding.cells.values()))
    sheets |= dict.fromkeys(table.sheet for table in binding.tables.values())
    return "、".join(f"工作表“{sheet}”" for sheet in sheets)


def subject_of(record: Record) -> str:
    """What the form is of, where a unit has several; "" if it does not say, or is of the unit itself."""
    keys = record.template.cells_of("subject")
    return "".join(record[key].text.strip() for key in keys)
