"""Headings read by their words: each block asks for its own, and what has a sign too many has no meaning."""

from __future__ import annotations

import pytest

from xlperf.labels.grammar import grammar, is_figure, meaning, read_heading, when

MONEY, INDICATORS, ROWS, TAIL, FIELD = "money", "indicators", "rows", "tail", "field"


@pytest.mark.parametrize(
    ("label", "block", "key"),
    [
        ("年初预算数", MONEY, "opening_budget"),
        ("①年初部门预算安排", MONEY, "opening_budget"),
        ("全年（调整）预算数", MONEY, "annual_budget"),
        ("调整预算数A", MONEY, "annual_budget"),
        ("调整后预算总额", MONEY, "annual_budget"),
        ("预算数（A）", MONEY, "plain_budget"),
        ("④小计=①+②+③", MONEY, "sum"),
        ("全年执行数（B）", MONEY, "annual_spent"),
        ("2021决算", MONEY, "annual_spent"),
        ("二〇二一年决算数", MONEY, "annual_spent"),
        ("⑥支出实现率=⑤/④", MONEY, "execution_rate"),
        ("执行率（B/A×100%）", MONEY, "execution_rate"),
        ("资金支出进度（B/A，%）", MONEY, "execution_rate"),
        ("执行率权重", MONEY, "execution_weight"),
        ("得分（20分×执行率）", MONEY, "execution_score"),
        ("参考分值", INDICATORS, "weight"),
        ("年初目标值（A）", INDICATORS, "target"),
        ("计划完成值", INDICATORS, "target"),
        ("目标完成值", INDICATORS, "actual"),
        ("全年实际值（B）", INDICATORS, "actual"),
        ("指标性质", INDICATORS, "sign"),
        ("计量单位", INDICATORS, "unit"),
        ("得分系数（%）", INDICATORS, "coefficient"),
        ("得分值", INDICATORS, "score"),
        ("自评得分", INDICATORS, "score"),
        ("综合得分", INDICATORS, "total_score"),  # of the whole form, not of a row
        ("复核分", INDICATORS, "extra"),
        ("未完成原因及拟采取措施", INDICATORS, "deviation_note"),
        ("年度资金总额（万元）", ROWS, "total"),
        ("年度财政资金总额（万元）", ROWS, "fiscal_total"),
        ("其中：当年财政拨款", ROWS, "part"),
        ("财政资金小计", ROWS, "part"),
        ("自评总得分", TAIL, "total"),
        ("项目名称", FIELD, "project_name"),
        ("自评得分（总分）", FIELD, "total_score"),
    ],
)
def test_what_a_label_names(label: str, block: str, key: str) -> None:
    assert meaning(label, block) == key


@pytest.mark.parametrize(
    ("label", "block"),
    [
        ("某某费", MONEY),  # no word of it is known
        ("三公经费变动率", MONEY),  # 三公 is not
        ("预算调整", ROWS),  # the head is 调整
        ("1-7月执行数", MONEY),  # of part of the year only
        ("合计培训人数", TAIL),  # an indicator's name
        ("其中：基本支出", MONEY),  # 基本 says which part
        ("251.06", MONEY),  # a figure
        (
            "得分权重得分权重得分权重得分权重得分权重得分权重得分权重得分权重得分权重得分权重得分权重得分权重得分权重得分权重得分",
            INDICATORS,
        ),
    ],
)
def test_what_no_rule_explains(label: str, block: str) -> None:
    assert meaning(label, block) == ""


def test_a_year_is_this_one_the_one_before_or_another() -> None:
    told = {year: meaning(f"{year}年预算数", MONEY, 2023) for year in (2023, 2022, 2021)}
    assert told == {2023: "annual_budget", 2022: "", 2021: ""}


@pytest.mark.parametrize(
    ("label", "unit", "points", "years", "of_which"),
    [
        ("年度资金总额（万元）", "万元", "", (), False),
        ("预算执行情况（万元）（20分）", "万元", "20", (), False),
        ("产出指标（50分）", "", "50", (), False),
        ("执行率（%）", "%", "", (), False),
        ("其中：财政拨款（元）", "元", "", (), True),
        ("2022年决算数", "", "", (2022,), False),
        ("预算数（2023年）", "", "", (2023,), False),
        ("'21年决算数", "", "", (2021,), False),
    ],
)
def test_what_a_label_says_besides(label: str, unit: str, points: str, years: tuple[int, ...], of_which: bool) -> None:
    found = read_heading(label)
    assert (found.unit, found.points, found.years, found.of_which) == (unit, points, years, of_which)


def test_a_heading_that_only_says_when() -> None:
    assert when("年初") == ("opening",)
    assert when("2023年") == ("full",)
    assert when("年初预算") == ()


def test_figures_are_no_labels() -> None:
    assert [is_figure(text) for text in ("1,234.5", "98%", "10分", "≥98%", "3次")] == [True, True, True, False, False]


def test_every_rule_can_be_reached() -> None:
    """Its head and its needs are classes that words have, or what joined words make."""
    known = grammar()
    classes = {*known.kinds.values(), *known.joined.values()}
    for block, heads in known.rules.items():
        for head, rules in heads.items():
            assert head in classes, (block, head)
            for rule in rules:
                assert all(each & {*classes, "full", "another"} for each in rule.needs), (block, rule)
