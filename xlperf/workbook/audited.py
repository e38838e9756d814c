"""A form with what its audit says and what of it nobody understood: what is printed, marked and written down of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from xlperf.audit.run import Report
from xlperf.checks.rule import Severity
from xlperf.form.template import Template
from xlperf.labels.reading import Passage
from xlperf.workbook.explained import Explanations, explain


class Audited(NamedTuple):
    """A form that was audited.

    `explanations`: what the user wrote beside earlier findings. `left`: what was not understood and so not compared.
    """

    report: Report
    explanations: Explanations = ()
    left: Sequence[Passage] = ()

    def reaches(self, limit: Severity) -> bool:
        """Is there a finding as grave as the limit that no written explanation settles?"""
        explained = explain(self.report, self.explanations)
        return any(
            finding.severity.rank <= limit.rank and not explained.settles(number, finding)
            for number, finding in enumerate(self.report.findings)
        )


def variant_of(template: Template, variant: str | None, others: Iterable[Template]) -> str | None:
    """The variant by which a form is audited beside others: the default one where only another has that variant."""
    of_another = variant not in template.variants and any(variant in other.variants for other in others)
    return None if of_another else variant
