"""A table that stands beside the form's takes nothing from its headings."""

from __future__ import annotations

import itertools

import pytest

from tests.intake.drawn import document, table
from xlperf.form.forms import load_template
from xlperf.labels.apart import column_ends, stretches
from xlperf.labels.tables import read_tables

MONEY = """
    年度资金 | | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分
    ^ | 年度资金总额 | 455 | 470.2 | 462.3 | 10 | 98.32% | 9.83
"""
INDICATORS = """
    一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分
    产出指标 | 数量指标 | 培训场次 | ≥10场 | 12场 | 90 | 90
"""
BASE = """
    经费控制情况 | 2022年决算数 | 2023年预算数 | 2023年决算数
    公务接待 | 8.6 | 9 | 6.95
    公用经费 | 42 | 45 | 44.1
"""


def beside(drawn: str, other: str) -> str:
    """Two tables side by side, with an empty column between them."""
    rows, more = (each.strip().splitlines() for each in (drawn, other))
    return "\n".join(f"{row} | | {next_to}" for row, next_to in itertools.zip_longest(rows, more, fillvalue=""))


@pytest.mark.parametrize("drawn", [MONEY, INDICATORS, BASE], ids=["money", "indicators", "base"])
@pytest.mark.parametrize("other", ["科室 | 得分 | 决算数\n办公室 | 95 | 3", "得分 | 分值 | 预算数\n95 | 100 | 7"])
def test_the_same_cells_are_read_as_without_the_other_table(drawn: str, other: str) -> None:
    template = load_template("department_overall")
    alone, together = (read_tables(document(table(each)), template).entries for each in (drawn, beside(drawn, other)))
    assert [(each.key, each.value) for each in together] == [(each.key, each.value) for each in alone]


def test_what_stands_beside_is_listed() -> None:
    drawn = beside(MONEY, "科室 | 得分\n办公室 | 95")
    found = read_tables(document(table(drawn)), load_template("department_overall")).left
    assert "".join(each.text for each in found if "95" in each.text) == "得分　95"
    assert any("办公室" in each.text for each in found)


@pytest.mark.parametrize(
    ("drawn", "columns"),
    [
        ("甲 | 乙 | | 丙\n1 | 2 | | 3", [range(2), range(3, 4)]),
        ("甲 | 乙 | | 丙\n1 | 2 | 9 | 3", [range(4)]),  # the heading is blank, the column is not
        ("9 | 9 | 9 | 9\n甲 | 乙 | | 丙", [range(2), range(3, 4)]),  # what stands above is another table
    ],
)
def test_where_a_row_is_cut(drawn: str, columns: list[range]) -> None:
    cells = table(drawn).cells
    heads = [cell for cell in cells if cell.text in ("甲", "乙", "丙")]
    assert stretches(heads, column_ends(cells)) == columns
