"""Self-evaluations of other places, shortened: a table as drawn, and what an audit of it says at which cell."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
from docx import Document as WordDocument

from tests.intake.drawn import grid
from xlperf.package import Area

# Yunnan, in 元: a header of two rows, a target in three columns, no column for reasons.
YUNNAN = """
    项目支出绩效自评表（2022年度） | < | < | < | < | < | < | < | < | <
    项目名称 | < | 困难学生生活补助 | < | < | < | < | < | < | <
    项目资金（元） | | | 年初预算数 | 全年预算数 | 全年执行数 | < | 分值 | 执行率 | 得分
    ^ | 年度资金总额 | < | 300000 | 387664.62 | 387664.62 | < | 10 | 100% | 10
    ^ | 其中：当年财政拨款 | < | 300000 | 387664.62 | 387664.62 | < | — | | —
    一级指标 | 二级指标 | 三级指标 | 年度指标值 | < | < | 实际完成值 | 分值 | 得分 | 备注说明
    ^ | ^ | ^ | 指标性质 | 指标值 | 度量单位 | ^ | ^ | ^ | ^
    产出指标 | 数量指标 | 补助人次 | ≧ | 735 | 人次 | 735 | 30 | 30 |
    ^ | 质量指标 | 补助及时率 | ≧ | 100 | % | 100% | 30 | 27 |
    满意度指标 | 服务对象满意度指标 | 家长满意度 | ≧ | 95 | % | 94% | 30 | 30 |
    总分 | < | < | < | < | < | < | 100 | 97（优） | <
"""
# Ningxia: the weights called 参考分值, no points in the money block, the total beside it; the last score is missing.
NINGXIA = """
    单位名称 | 某县教育局 | < | < | < | < | <
    项目名称 | 校舍维修 | < | < | 自评得分（总分） | 98 | <
    资金 | < | 年初预算数 | 调整预算数A | 全年执行数B | 执行率（B/A） | <
    年度资金总额 | < | 64.8 | 64.8 | 64.8 | 100% | <
    一级指标 | 三级指标 | 参考分值 | 指标值（A） | 全年实际值（B） | 得分 | 未完成原因
    产出指标 | 维修面积 | 60 | ≥100㎡ | 100㎡ | 58 |
    效益指标 | 使用年限 | 30 | ≥10年 | 8年 | 24 | 部分材料更换
    ^ | 满意度 | 10 | ≥90% | 92% | |
"""
FOUND = {
    "yunnan": (YUNNAN, {("XLP308", "I9"), ("XLP310", "I10")}),
    "ningxia": (NINGXIA, {("XLP308", "F6"), ("XLP101", "F8"), ("XLP330", "F2")}),
}


def as_workbook(drawn: str, path: Path) -> Path:
    """The table on a sheet; numbers as numbers, merged cells merged."""
    rows = grid(drawn)
    book = openpyxl.Workbook()
    sheet = book.active
    for area, text in placed(rows):
        if text:
            write(sheet, area, text)
    blob = BytesIO()
    book.save(blob)
    path.write_bytes(blob.getvalue())
    return path


def value_of(text: str) -> float | str:
    """As it is typed into a cell: a number where it looks like one."""
    return float(text) if text.replace(".", "", 1).isdigit() else text.replace("／", "\n")


def write(sheet: Any, area: Area, text: str) -> None:
    """With openpyxl; the cells that it reaches over are merged."""
    cell = sheet.cell(area.top, area.left, value_of(text))
    if text.startswith("="):
        cell.data_type = "s"  # =8个 is a target, no formula
    if area.top < area.bottom or area.left < area.right:
        sheet.merge_cells(None, area.top, area.left, area.bottom, area.right)


def as_word(drawn: str, path: Path) -> Path:
    rows = grid(drawn)
    document = WordDocument()
    table = document.add_table(len(rows), len(rows[0]))
    for (row, col, low, right), text in placed(rows):
        cell = table.cell(row - 1, col - 1)
        cell.merge(table.cell(low - 1, right - 1)).text = text.replace("／", "\n")
    document.save(str(path))
    return path


def drawn_text(rows: list[list[str]]) -> str:
    """A grid as it is drawn."""
    return "\n".join(" | ".join(row) for row in rows)


def placed(rows: list[list[str]]) -> Iterator[tuple[Area, str]]:
    """The cells of a grid, blank ones too, with the rows and columns over which each reaches, counted from 1."""
    for row, texts in enumerate(rows, 1):
        for col, text in enumerate(texts, 1):
            if text not in ("<", "^"):
                right, low = _reach(rows, row, col)
                yield Area(row, col, low, right), text


def _reach(rows: list[list[str]], row: int, col: int) -> tuple[int, int]:
    """The last column and row of a merged cell."""
    right = col
    while right < len(rows[row - 1]) and rows[row - 1][right] == "<":
        right += 1
    low = row
    while low < len(rows) and rows[low][col - 1] == "^":
        low += 1
    return right, low
