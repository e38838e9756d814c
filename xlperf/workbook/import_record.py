"""The sheet 导入记录 as a list of ours: what was filled in where, and from where."""

from __future__ import annotations

from xlperf.workbook.listing import PLACE, Column, Listing

RECORD_SHEET = "导入记录"
COLUMNS = (
    Column("序号", 6),
    Column("项目", 26),
    Column("填入的内容", 30),
    Column(PLACE, 16),
    Column("来源", 40),
    Column("把握", 8),
    Column("说明", 44),
    Column("键", 30),
)
SURE, UNSURE = "确定", "请核对"
_ABOUT = (
    f"由“导入”写入：每一项填了什么、填在哪里、来自哪里。标“{UNSURE}”的请对照原件看一遍；"
    "没有认出的内容列在下面，请判断要不要自己填。审核、填充不改动本表。"
)
RECORD = Listing(RECORD_SHEET, COLUMNS, above=(RECORD_SHEET, _ABOUT))
