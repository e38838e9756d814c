"""Kinds of indicators by the names of their levels, and the words that belong to each."""

from __future__ import annotations

import pytest

from xlperf.form.forms import load_template
from xlperf.prose.indicator_names import bare_name
from xlperf.prose.kinds import parse_indicator_kinds

KINDS = load_template("department_overall").words.indicator_kinds


def test_a_form_without_the_section_knows_nothing() -> None:
    none = parse_indicator_kinds({})
    assert not any(none)
    assert none.kinds_of("数量指标") == ()
    assert none.level("产出指标") == ""
    assert not none.tells_completion("任务完成率")
    assert not none.is_hollow("成效显著")


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("数量指标", ("数量",)),
        ("质 量\n指标", ("质量",)),
        ("时效指标（10分）", ("时效",)),
        ("成本指标", ("成本",)),
        ("经济效益指标", ("经济效益",)),
        ("生态环境效益", ("生态效益",)),
        ("可持续影响指标", ("可持续影响",)),
        ("经济、社会效益指标", ("社会效益", "经济效益")),
        ("社会成本指标", ("成本",)),
        ("生态环境成本指标", ("成本",)),
        ("社会公众满意度", ("满意度",)),
        ("服务对象满意度指标", ("满意度",)),
        ("时效、成本指标", ("成本", "时效")),
        ("履职效益", ()),
        ("", ()),
    ],
)
def test_the_kinds_of_a_second_level(name: str, kinds: tuple[str, ...]) -> None:
    assert KINDS.kinds_of(name) == kinds


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("产出指标（50分）", "产出"),
        ("效益", "效益"),
        ("满意度指标", "满意度"),
        ("成本指标", "成本"),
        ("决策（10分）", ""),
        ("效果", ""),
        ("项目管理", ""),
        ("基本运行", ""),
        ("投入", ""),
    ],
)
def test_the_first_level(name: str, level: str) -> None:
    assert KINDS.level(name) == level


@pytest.mark.parametrize(
    ("name", "target", "told"),
    [
        ("完工时间", "2023年12月前", True),
        ("完工时间", "12.31前", True),
        ("完工时间", "２０２３年底", True),
        ("答复时间", "15个工作日内", True),
        ("答复时间", "两周", True),
        ("检查", "2次／年", True),
        ("拨付及时率", "≥98%", True),
        ("拨付及时率", "达成预期指标", False),
        ("办结时间（天）", "≤5", True),
        ("办结时间", "≤5", False),
        ("完工", "100%", False),
        ("得分", "3分", False),
        ("合格率", "12.5%", False),
    ],
)
def test_times(name: str, target: str, told: bool) -> None:
    assert KINDS.tells_time(name, target) is told


@pytest.mark.parametrize(
    ("name", "target", "told"),
    [
        ("培训", "≥5场", True),
        ("培训", "两场", True),
        ("培训覆盖", "九成", True),
        ("培训5期", "完成", True),
        ("2023年培训", "完成", False),
        ("培训", "一定数量", False),
        ("统一采购", "完成", False),
    ],
)
def test_numbers(name: str, target: str, told: bool) -> None:
    assert KINDS.tells_number(name, target) is told


def test_no_indicator() -> None:
    assert all(KINDS.is_none(target) for target in ("不适用", "不 适用", "——", "无"))
    assert not any(KINDS.is_none(target) for target in ("", "无事故", "≥5场"))


@pytest.mark.parametrize(
    ("name", "bare"),
    [("★指标1：任务 完成率（%）（10分）", "任务完成率"), ("（二）完成率", "（二）完成率"), ("培训（线上）", "培训")],
)
def test_bare_names(name: str, bare: str) -> None:
    assert bare_name(name) == bare
