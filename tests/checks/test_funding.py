"""The whole of the money against its sources."""

from __future__ import annotations

from tests.intake.drawn import document, table
from xlperf.audit.run import audit
from xlperf.labels.recognised import recognise, record_of

HEAD = "项目名称 | 甲 | < | < | < | <\n资金（万元） | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分\n"
ROWS = """
    一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分
    产出指标 | 数量指标 | 培训 | ≥10 | 12 | 90 | 90
    总分 | < | < | < | < | 100 | 100
"""


def found(*rows: str) -> dict[str, list[str]]:
    """By code, the cells with errors."""
    form = recognise(document(table(HEAD + "\n".join(rows)), table(ROWS, "表2")))
    codes: dict[str, list[str]] = {}
    for each in audit(record_of(form, "甲.docx")).findings:
        if each.severity.rank == 0:
            codes.setdefault(each.code, []).append(each.key)
    return codes


def test_a_total_of_zero_above_filled_sources() -> None:
    codes = found(
        "年度资金总额 | 0 | 0 | 0 | 10 | 0.00% | 0",
        "其中：当年财政拨款 | 202.64 | 132.91 | 132.91 | — | | —",
        "上年结转资金 | | | | — | | —",
    )
    assert codes["XLP201"] == ["opening_budget", "annual_budget", "annual_spent"]
    assert codes["XLP215"] == ["execution_rate", "execution_score"]


def test_sources_add_up_to_the_total_where_they_are_all_listed() -> None:
    total = "年度资金总额 | 100 | 110 | 99 | 10 | 90.00% | 9"
    fiscal, carried = "其中：财政拨款 | 80 | 80 | 79 | — | | —", "上年结转资金 | 20 | 30 | 20 | — | | —"
    assert not {"XLP201", "XLP211", "XLP215"} & set(found(total, fiscal, carried))
    assert found(total, fiscal, carried.replace("30", "29"))["XLP201"] == ["annual_budget"]
    assert "XLP201" not in found(total, fiscal, "上年结转资金 | | | | — | | —").get("XLP102", [])


def test_one_source_alone_may_be_a_part_and_cannot_be_more() -> None:
    """其中：财政拨款 with nothing beside it: the rest of the money is not listed."""
    total = "年度资金总额 | 100 | 110 | 99 | 10 | 90.00% | 9"
    assert not {"XLP201", "XLP211"} & set(found(total, "其中：财政拨款 | 80 | 80 | 79 | — | | —"))
    assert "XLP211" in found(total, "其中：财政拨款 | 80 | 120 | 79 | — | | —")


def test_lines_of_a_subtotal_are_not_added_twice() -> None:
    rows = (
        "财政资金小计 | 80 | 80 | 79",
        "①省级财政资金 | 50 | 50 | 50",
        "②县级财政资金 | 30 | 30 | 29",
        "其他资金 | 20 | 30 | 20",
    )
    assert "XLP201" not in found("合计 | 100 | 110 | 99 | 10 | 90.00% | 9", *rows)
