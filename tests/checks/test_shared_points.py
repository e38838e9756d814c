"""Indicators that share one merged 分值 or 得分: the blank cells of the merge are no gaps, the points count once."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import openpyxl
import pytest

from tests.workbooks import new_bytes
from xlperf.audit.run import Report
from xlperf.workbook.actions import check, open_form

LEVELS = ("产出指标", "数量指标")
ROWS = [
    ("培训场次", "≥20场", "20场", "30", "27"),
    ("检查次数", "≥10次", "8次", "", ""),
    ("办结率", "≥95%", "96%", "20", "20"),
]


def report_on(rows: Sequence[tuple[str, ...]], merged: bool) -> Report:
    """The first two rows share their points in merged cells, or leave them blank in the second."""
    columns = ("level3", "target", "actual", "weight", "score")
    note = {"deviation_note": "检查次数不足，两项合并评分"}
    indicators: list[dict[str, str]] = [
        {"level1": LEVELS[0], "level2": LEVELS[1]} | {c: t for c, t in zip(columns, row, strict=True) if t} | note
        for row in rows
    ]
    fields = {"execution_weight": "10", "total_weight": "60", "total_score": "57", "execution_score": "10"}
    data: dict[str, Any] = {"year": 2023, "fields": fields, "indicators": indicators}
    blob = new_bytes(data)
    if merged:
        place = open_form(blob).binding.place("indicators[0].weight")
        book = openpyxl.load_workbook(io.BytesIO(blob))
        for column in (place.ref.col, place.ref.col + 1):
            book[place.sheet].merge_cells(
                start_row=place.ref.row, end_row=place.ref.row + 1, start_column=column, end_column=column
            )
        buffer = io.BytesIO()
        book.save(buffer)
        blob = buffer.getvalue()
    return check(open_form(blob))[0]


def found(report: Report) -> set[tuple[str, str]]:
    """Findings on rows of indicators, and on what their points add up to; which kinds are lacking is another matter."""
    of_points = ("XLP302", "XLP305", "XLP307", "XLP308", "XLP309", "XLP310", "XLP608")
    of_rows = (f for f in report.findings if f.code in of_points or f.key.startswith("indicators"))
    return {(f.code, f.key) for f in of_rows if f.code not in ("XLP355", "XLP356")}


def test_merged_points_are_no_gap() -> None:
    """合并的一格记 30 分、得 27 分：第二行没有漏填，也不能只拿第一行的完成情况衡量."""
    assert found(report_on(ROWS, merged=True)) == set()


def test_blank_points_that_are_not_merged_are_missing() -> None:
    """One finding for the row, at its first blank cell."""
    assert ("XLP101", "indicators[1].weight") in found(report_on(ROWS, merged=False))


@pytest.mark.parametrize(("score", "codes"), [("27", set()), ("31", {"XLP304"})])
def test_merged_points_still_lie_within_their_weight(score: str, codes: set[str]) -> None:
    rows = [(*ROWS[0][:4], score), *ROWS[1:]]
    assert {f.code for f in report_on(rows, merged=True).findings if f.code == "XLP304"} == codes


def test_merged_points_count_once_in_the_total() -> None:
    """10 + 27 + 20 = 57."""
    report = report_on(ROWS, merged=True)
    assert not any(f.code == "XLP305" for f in report.findings)
    assert str(report.values["output_weight"]) == "50.00"
