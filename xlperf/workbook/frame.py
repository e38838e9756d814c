"""The findings of a report as a table, for those who go on with pandas or open it as CSV."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from xlperf.amounts import parse_number
from xlperf.audit.run import Report
from xlperf.checks.catalog import CHECKS
from xlperf.checks.rule import Severity
from xlperf.form.sources import cite
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
                "cites": "；".join(cite(source).name for source in each.cites),
                "explanation": answer.text if answer and answer.holds else None,
            }
        )
    frame = pandas.DataFrame(rows, columns=list(HEADINGS), dtype="object")
    return frame.astype({"group": "Int64"})


def to_csv(report: Report, explanations: Explanations = ()) -> str:
    """The same for a spreadsheet program: headings and severities in Chinese, no text that would be a formula."""
    return forms_to_csv([(report, explanations)])


def forms_to_csv(forms: Sequence[tuple[Report, Explanations]]) -> str:
    """The same of the forms of one file, whose places name the sheet."""
    return _written(_together([to_frame(*each) for each in forms]))


def files_to_csv(files: Sequence[tuple[str, Report, Explanations]], others: Sequence[Mapping[str, str]] = ()) -> str:
    """The same of several files, with their names in a first column 文件; `others` are findings between files."""
    import pandas

    frames = []
    for name, report, explanations in files:
        frame = to_frame(report, explanations)
        frame.insert(0, "file", name)
        frames.append(frame)
    frames.append(pandas.DataFrame(others, columns=["file", *HEADINGS], dtype="object").astype({"group": "Int64"}))
    return _written(_together(frames))


def _together(frames: list[pandas.DataFrame]) -> pandas.DataFrame:
    import pandas

    return pandas.concat([each for each in frames if len(each)] or frames[-1:])


def _written(frame: pandas.DataFrame) -> str:
    severities = {each.value: each.text for each in Severity}
    frame["severity"] = frame["severity"].map(severities)
    words = frame.columns.drop("group")
    frame[words] = frame[words].map(_harmless, na_action="ignore")
    text: str = frame.rename(columns={"file": "文件", **HEADINGS}).to_csv(index=False, lineterminator="\n")
    return text


def _harmless(text: str) -> str:
    """A spreadsheet program takes what begins so for a formula, also when it came from somebody's report."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) and parse_number(text) is None else text
