"""Forms of the season that are no self-evaluation are told by name; a self-evaluation never is one of them."""

from __future__ import annotations

import pytest

from tests.intake.drawn import document, table
from tests.labels.published import PUBLISHED
from xlperf.errors import TemplateError
from xlperf.labels.others import other_form
from xlperf.labels.recognised import recognise

MONITORING = """
    项目名称 | 档案整理 | < | < | < | <
    项目资金（万元） | 年初预算数 | 调整后预算数 | 1-7月执行数 | 1-7月执行率 | 全年预计执行数
    年度资金总额 | 100 | 100 | 50 | 50% | 100
    一级指标 | 二级指标 | 三级指标 | 年度指标值 | 1-7月执行情况 | 全年预计完成情况
    产出指标 | 数量指标 | 归档数 | ≥100件 | 60件 | 100件
"""
GOALS = """
    项目名称 | 档案整理 | < | <
    起止时间 | 2023年1月至12月 | < | <
    立项依据 | 档案法 | < | <
    长期目标 | 整理全部档案 | < | <
    一级指标 | 二级指标 | 指标内容 | 指标值
    产出指标 | 数量指标 | 归档数 | ≥100件
"""
TASKS = """
    部门名称 | 某县档案局 | < | <
    年度主要任务 | 任务名称 | 主要内容 | 预算金额（万元）
    ^ | 归档 | 整理档案 | 100
    一级指标 | 二级指标 | 三级指标 | 指标值
    产出指标 | 数量指标 | 归档数 | ≥100件
"""
ACCOUNTS = """
    收入支出决算总表 | < | < | < | < | <
    项目 | 行次 | 金额 | 项目 | 行次 | 金额
    一、财政拨款收入 | 1 | 251.06 | 一、一般公共服务支出 | 30 | 251.06
"""


@pytest.mark.parametrize(
    ("drawn", "title"),
    [
        (MONITORING, "绩效运行监控表"),
        (GOALS, "项目支出绩效目标（申报）表"),
        (TASKS, "部门整体支出绩效目标表"),
        (ACCOUNTS, "部门决算报表"),
    ],
)
def test_it_is_told_what_it_is(drawn: str, title: str) -> None:
    with pytest.raises(TemplateError, match=f"甲.docx：这是{title}，不是绩效自评表"):
        recognise(document(table(drawn)))


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_self_evaluation_is_none_of_them(name: str) -> None:
    assert other_form(document(table(PUBLISHED[name].drawn))) == ""


def test_a_self_evaluation_that_also_tells_its_period_and_basis() -> None:
    drawn = """
        项目名称 | 档案整理 | < | < | <
        起止时间 | 2023年1月至12月 | < | < | <
        立项依据 | 档案法 | < | < | <
        一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值
        产出指标 | 数量指标 | 归档数 | ≥100件 | 120件
    """
    assert other_form(document(table(drawn))) == ""
