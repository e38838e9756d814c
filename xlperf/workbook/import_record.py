"""The sheet 导入记录 as a list of ours: what was filled in where, and from where; what is to be looked at first."""

from __future__ import annotations

from xlperf.checks.rule import Severity
from xlperf.workbook.listing import PLACE, Column, Listing
from xlperf.workbook.result_rows import COLORS

RECORD_SHEET = "导入记录"
SURE, UNSURE = "确定", "请核对"
UNKNOWN, DROPPED, KEPT = "没有认出", "没有采用", "留在文字里"
COLUMNS = (
    Column("情况", 11),
    Column(PLACE, 16),
    Column("项目", 24),
    Column("内容", 34),
    Column("来源", 28),
    Column("说明", 34),
)
_ABOUT = (
    f"由“导入”写入。“{UNSURE}”的请对照原件看一遍，“{UNKNOWN}”的请判断要不要自己填，都列在最前面；"
    "审核、填充不改动本表，看完可以删除。"
)
RECORD = Listing(
    RECORD_SHEET,
    COLUMNS,
    above=(RECORD_SHEET, _ABOUT),
    colors={UNSURE: COLORS[Severity.WARNING], UNKNOWN: COLORS[Severity.WARNING], DROPPED: COLORS[Severity.INFO]},
    former=(("序号", "项目", "填入的内容", PLACE, "来源", "把握", "说明", "键"),),
)
