"""Rules about kinds of indicators in forms that are not ours: own trees, flat lists, lists that break off."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.intake.drawn import document, table
from tests.labels.published import PUBLISHED
from tests.places import TESTS
from xlperf.audit.run import Report, audit
from xlperf.form.forms import load_template, proven
from xlperf.form.record import record_from_values
from xlperf.form.written import parse_toml
from xlperf.labels.recognised import recognise, record_of

RULES = [f"XLP{number}" for number in range(350, 357)]
FLAT = """
id = "flat"
title = "某市部门整体绩效自评表"
edition = "某市式样"
unit = "万元"
cites = "field-practice"
uses = ["scoring.toml"]
default_variant = "chongqing-linear"
[roles.tables]
indicators = "indicators"
[fields]
year = { label = "评价年度", type = "year" }
unit_name = { label = "单位", type = "text" }
[tables.indicators]
label = "绩效指标"
row_label = "level3"
[tables.indicators.columns]
level3 = { label = "指标名称", type = "text" }
target = { label = "指标值", type = "text" }
"""
NATIONAL = """
    项目名称 | 校舍维修 | < | < | < | < | <
    一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分
    产出指标 | 数量指标 | 维修面积 | ≥100㎡ | 110㎡ | 30 | 30
    产出指标 | 质量指标 | 验收合格率 | ≥95% | 96% | 20 | 20
"""


def read(drawn: str) -> Report:
    return audit(record_of(recognise(document(table(drawn))), "甲.docx"))


def told(report: Report) -> list[str]:
    return [each.code for each in report.findings if each.code in RULES]


@pytest.mark.parametrize("name", ["D5", "D6", "C6", "C10"])
def test_a_tree_of_its_own_is_not_held_against_the_common_one(name: str) -> None:
    assert {"XLP354", "XLP355"}.isdisjoint(told(read(PUBLISHED[name].drawn)))


def test_a_list_that_breaks_off_lacks_nothing_for_certain() -> None:
    """50 points of 90 and no total: what comes after is not in the document."""
    report = read(NATIONAL)
    assert {"XLP355", "XLP356"} <= set(report.not_applicable)
    assert told(report) == []


def test_a_list_that_is_whole_is_held_against_all_kinds() -> None:
    report = read(f"{NATIONAL.replace('| 30 | 30', '| 80 | 80')}    总分 | < | < | < | < | 100 | 100\n")
    assert told(report) == ["XLP355", "XLP356", "XLP355"]


def test_core_indicators_are_counted_where_a_column_tells_them() -> None:
    (found,) = (each for each in read(PUBLISHED["D3"].drawn).findings if each.code in RULES)
    assert (found.code, found.message) == ("XLP356", "指标太少：核心指标 1 个（至少 5 个）。")


def test_a_flat_list_without_levels_has_none_of_them() -> None:
    template = proven(parse_toml(FLAT, "flat.toml"))
    rows = [{"level3": "培训任务完成率", "target": "完成"}]
    report = audit(record_from_values({"year": 2023, "unit_name": "某局", "fields": {}, "indicators": rows}, template))
    assert told(report) == []
    assert set(RULES) - set(report.not_applicable) == {"XLP356"}


@pytest.mark.parametrize("form", ["goals", "goals_shanghai", "goals_shenzhen", "monitoring", "project_spending"])
def test_forms_of_the_whole_season_are_held_against_them(form: str) -> None:
    """What is promised has the same kinds; 不适用 in a kind that Shenzhen prints is no indicator."""
    values: dict[str, Any] = json.loads((TESTS / "data" / f"{form}.json").read_text("utf-8"))
    report = audit(record_from_values(values, load_template(form)))
    assert set(RULES).isdisjoint(report.not_applicable)
    assert told(report) == []
    values["indicators"][0]["target"] = "若干"
    assert told(audit(record_from_values(values, load_template(form)))) == ["XLP352"]
