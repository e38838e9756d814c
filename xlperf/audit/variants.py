"""A workbook under all variants of the rules, and what sets each variant apart."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from xlperf.audit.run import Report, audit
from xlperf.checks.rule import Finding, Severity
from xlperf.form.dated import DatedFigure
from xlperf.form.record import Record
from xlperf.form.template import Template


class Outcome(NamedTuple):
    """A workbook under one variant, and what it has more and less than under the default one."""

    variant: str
    title: str
    report: Report
    added: tuple[Finding, ...]
    removed: tuple[Finding, ...]

    @property
    def sent_back(self) -> bool:
        return self.report.count(Severity.ERROR) > 0


def own_figures(template: Template, variant: str) -> tuple[DatedFigure, ...]:
    """The figures that a variant does not share with the default, in the template's order."""
    default = template.figures_of(None)
    return tuple(figure for figure in template.dated_figures(variant) if figure != default[figure.name])


def audit_all(record: Record, inspected: Callable[[str], Record] | None = None) -> tuple[Outcome, ...]:
    """Audit under every variant of the record's template.

    `inspected` gives the record as an inspection of its workbook sees it under a variant, which says what the form's
    own formulas are; without it the rules about the workbook are listed as not run.
    """
    template = record.template
    reports = {variant: audit(inspected(variant) if inspected else record, variant) for variant in template.variants}
    default = reports[template.default_variant]
    return tuple(
        Outcome(variant, template.variants[variant], report, _beyond(report, default), _beyond(default, report))
        for variant, report in reports.items()
    )


def _beyond(report: Report, other: Report) -> tuple[Finding, ...]:
    """Findings of a report that the other has not: of a rule at a cell, for the sentence may quote another figure."""
    known = {(found.code, found.key, found.severity) for found in other.findings}
    return tuple(found for found in report.findings if (found.code, found.key, found.severity) not in known)
