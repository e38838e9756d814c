"""Columns of row tables are found by their headings, of one or two rows, or by where the form lays them out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from xlperf.cli.linted import problems_of
from xlperf.errors import TemplateError
from xlperf.form.forms import load_template
from xlperf.form.record import values_of
from xlperf.workbook.actions import new_workbook, open_form

FORM = """\
id = "rows"
title = "明细"
edition = "测试"
unit = "万元"
cites = "field-practice"

[fields]
year = { label = "年度", type = "year" }
unit_name = { label = "单位", type = "text" }
budget = { label = "预算数", type = "money" }
spent = { label = "执行数", type = "money" }

[tables.funds]
label = "资金"
row_label = "name"
[tables.funds.columns]
name = { label = "来源", type = "text" }
budget = { label = "预算数", type = "money" }
spent = { label = "执行数", type = "money" }
rate = { label = "执行率", type = "rate" }

[[sheets]]
title = "表"
widths = [10, 16, 12, 12, 8, 12]
rows = [
    ["#明细"],
    ["单位", "$unit_name", "年度", "$year", "编号", "$template"],
    ["资金", "来源", "预算数", "执行数", "分值", "执行率"],
HEADING
]
[sheets.blank_rows]
funds = [["财政拨款"], ["……"]]

[[sheets]]
title = "审核结果"
results = true
rows = [["#审核结果"]]
"""
ROW = '["^", "$funds.name", "$funds.budget", "$funds.spent", "—", "$funds.rate"],'
TOTAL = '["^", "合计", "$budget", "$spent", "10", ""],'
HEADINGS = {
    "a printed cell among them, below the totals": TOTAL + ROW,
    "their own heading": TOTAL + '["^", "来源", "预算数", "执行数", "", "执行率"],' + ROW,
    "a heading that names the year": TOTAL + '["^", "来源", "{year}年预算数", "{year}年执行数", "", "执行率"],' + ROW,
    "a blank heading": TOTAL + '["^", "来源", "", "", "", ""],' + ROW,
    "a heading of two rows": TOTAL
    + '["^", "来源", "资金", "<", "分值", "执行率"], ["^", "^", "预算数", "执行数", "^", "^"],'
    + ROW,
}
VALUES: dict[str, Any] = {
    "template": "rows",
    "year": 2025,
    "unit_name": "某局",
    "fields": {"budget": "30.00", "spent": "20.00"},
    "funds": [
        {"name": "财政拨款", "budget": "10.00", "spent": "5.00", "rate": "50.00%"},
        {"name": "其他", "budget": "20.00", "spent": "15.00", "rate": "75.00%"},
    ],
}


def form_of(heading: str, folder: Path) -> Path:
    path = folder / "rows.toml"
    path.write_text(FORM.replace("HEADING", heading), "utf-8")
    return path


@pytest.mark.parametrize("heading", HEADINGS.values(), ids=HEADINGS)
def test_every_figure_is_read_from_its_own_column(heading: str, tmp_path: Path) -> None:
    path = form_of(heading, tmp_path)
    assert problems_of(str(path)) == []
    load_template.cache_clear()
    load_template(str(path))
    new_workbook(VALUES).save(tmp_path / "表.xlsx")
    form = open_form(tmp_path / "表.xlsx")
    assert values_of(form.record) == VALUES
    assert form.binding.tables["funds"].columns == {"name": 2, "budget": 3, "spent": 4, "rate": 6}


def test_a_heading_that_somebody_changed_is_told(tmp_path: Path) -> None:
    """The form prints its labels: another word there may be another column."""
    load_template.cache_clear()
    load_template(str(form_of(HEADINGS["their own heading"], tmp_path)))
    new_workbook(VALUES).save(tmp_path / "表.xlsx")
    book = openpyxl.load_workbook(tmp_path / "表.xlsx")
    book["表"]["F5"] = "完成率"
    book.save(tmp_path / "改.xlsx")
    with pytest.raises(TemplateError, match="起的表头缺少“执行率”列"):
        open_form(tmp_path / "改.xlsx")
