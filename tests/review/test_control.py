"""Control totals: the table that is read, and what is told of units and of their sum."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from xlperf.errors import XlperfError
from xlperf.review.control import read_control

ROWS: list[list[object]] = [
    ["2024 年控制数"],
    ["序号", "单位名称", "全年预算数（万元）", "备注"],
    [1, "甲县档案局", 120, ""],
    [2, "乙县审计局", "1,300.50", ""],
]


def workbook(path: Path, rows: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def test_units_and_amounts_in_a_workbook(tmp_path: Path) -> None:
    control = read_control(workbook(tmp_path / "数.xlsx", [*ROWS, ["", "合计", 1420.5, ""]]))
    assert control.units == {
        "甲县档案局": ("甲县档案局", {"annual": Decimal(120)}),
        "乙县审计局": ("乙县审计局", {"annual": Decimal("1300.50")}),
    }
    assert control.total == {"annual": Decimal("1420.5")}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gbk"])
def test_csv_in_yuan(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "数.csv").write_text("单位,年初预算数(元),全年执行数(元)\n甲县档案局,1200000,\n", encoding)
    assert read_control(tmp_path / "数.csv").units["甲县档案局"][1] == {"opening": Decimal(120)}


def test_what_is_no_such_table(tmp_path: Path) -> None:
    with pytest.raises(XlperfError, match="没有认出控制数的表"):
        read_control(workbook(tmp_path / "数.xlsx", [["姓名", "电话"], ["甲", 1]]))
    (tmp_path / "坏.xlsx").write_bytes(b"x")
    with pytest.raises(XlperfError, match="读不出来"):
        read_control(tmp_path / "坏.xlsx")
