"""Marks: tagged highlights, notes and the sheet 审核结果. Nothing here touches a cell's style or an input."""

from __future__ import annotations

from typing import NamedTuple

RESULTS_SHEET = "审核结果"
RESULTS_NAME = "xp_findings"


class Column(NamedTuple):
    """A column of 审核结果: its heading and its width in characters."""

    title: str
    width: int


COLUMNS = (
    Column("序号", 5),
    Column("级别", 6),
    Column("代码", 9),
    Column("问题", 22),
    Column("位置", 18),
    Column("填报数", 12),
    Column("应为", 12),
    Column("说明", 46),
    Column("可能原因", 34),
    Column("建议", 26),
    Column("依据", 30),
    Column("审核说明（请在此填写）", 30),
    Column("状态", 8),
)
