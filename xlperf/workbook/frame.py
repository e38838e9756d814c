"""The findings of a report as a table, for those who go on with pandas or open it as CSV."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlperf.amounts import parse_number
from xlperf.audit.run import Report
from xlperf.checks.catalog import CHECKS
from xlperf.workbook.explained import Explanations, explain

if TYPE_CHECKING:
    import pandas

HEADINGS = {
    "severity": "级别",
    "code": "代码",
    "title": "问题",
    "at": "位置",
    "item": "项目",
    "stated": "填报数",
    "expected": "应为",
    "message": "说明",
    "cause": "可能原因",
    "group": "归因",
    "fix_at": "改哪一格",
    "fix_value": "改为",
    "cites": "依据",
    "explanation": "审核说明",
}
"""The columns in their order, and what they are called in Chinese."""


def to_frame(report: Report, explanations: Explanations = ()) -> pandas.DataFrame:
    """One row a finding, in the order of the `report`, with the columns of `HEADINGS`.

    All are text but `group`, a whole number or missing; figures are in decimal notation, rates as fractions (0.2224),
    as in the JSON. What a finding does not have is missing. `explanations`: what the user wrote beside findings, as
    `check` gives it. Raises `ImportError` where pandas is not installed.
    """
    import pandas  # takes longer to load than an audit

    titles = {rule.code: rule.titled(report.record.template) for rule in CHECKS}
    explained = explain(report, explanations)
    rows = []
    for number, each in enumerate(report.findings):
        answer = explained.answers.get(number)
        rows.append(
            {
                "severity": each.severity.value,
                "code": each.code,
                "title": titles[each.code],
                "at": each.at,
                "item": report.record[each.key].label,
                "stated": each.stated,
                "expected": each.expected,
                "message": each.message,
                "cause": each.cause.text if each.cause else None,
                "group": each.group,
                "fix_at": each.fix.at if each.fix else None,
                "fix_value": each.fix.value if each.fix else None,
                "cites": "；".join(each.cites),
                "explanation": answer.text if answer and answer.holds else None,
            }
        )
    frame = pandas.DataFrame(rows, columns=list(HEADINGS), dtype="object")
    return frame.astype({"group": "Int64"})


def to_csv(report: Report, explanations: Explanations = ()) -> str:
    """The same for a spreadsheet program: headings and severities in Chinese, no text that would be a formula."""
    frame = to_frame(report, explanations)
    frame["severity"] = [each.severity.text for each in report.findings]
    words = frame.columns.drop("group")
    frame[words] = frame[words].map(_harmless, na_action="ignore")
    text: str = frame.rename(columns=HEADINGS).to_csv(index=False, lineterminator="\n")
    return text


def _harmless(text: str) -> str:
    """A spreadsheet program takes what begins so for a formula, also when it came from somebody's report."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) and parse_number(text) is None else text
