"""The fault benchmark's oracle of a project's form, against reckoning by hand."""

from __future__ import annotations

from typing import Any

import pytest

from tests.bench.faults.form import PROJECT
from tests.bench.faults.oracle import broken

FILLED = {
    "project_name": "网络安全工作经费",
    "opening_budget": "120",
    "annual_budget": "100",
    "annual_spent": "90",
    "execution_weight": "10",
    "goal_expected": "完成年度任务。",
    "goal_actual": "已完成。",
}
ROW = {"level3": "培训场次", "target": "≥10场", "actual": "10场", "weight": "90", "score": "90"}
FISCAL = {"source": "当年财政拨款", "opening_budget": "90", "annual_budget": "80", "annual_spent": "75"}
OTHER = {"source": "其他资金", "opening_budget": "30", "annual_budget": "20", "annual_spent": "15"}


def names(
    *sources: dict[str, str], fields: dict[str, str] | None = None, rows: tuple[dict[str, str], ...] = ()
) -> list[str]:
    values: dict[str, Any] = {"template": PROJECT, "year": 2023, "fields": FILLED | (fields or {})}
    return [each.name for each in broken({**values, "funding": [*sources], "indicators": [*rows]})]


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (names(), []),
        (names(FISCAL, OTHER), []),
        # 80 + 20 = 100; with 19.99 no true figures fit, with a blank column or no figure beside it nothing is said.
        (names(FISCAL, OTHER | {"annual_budget": "19.97"}), ["annual_budget = sum of its parts"]),
        (names(FISCAL | {"annual_budget": ""}, OTHER | {"annual_budget": ""}), []),
        (names(FISCAL, OTHER, {"source": "单位资金", "annual_spent": "——"}), []),
        (names(fields={"annual_budget": "0", "annual_spent": "0"}), []),
        (names(FISCAL, OTHER, fields={"annual_spent": "0"}), ["annual_spent = sum of its parts"]),
        # 75 / 80 = 93.75%: 93.8% is right, 75% (of the whole) is not; nil of nil is 0% or a mark.
        (names(FISCAL | {"execution_rate": "93.8%"}, OTHER), []),
        (
            names(FISCAL | {"execution_rate": "75%"}, OTHER),
            ["funding[0].execution_rate follows from its operands"],
        ),
        (
            names(FISCAL, OTHER, {"source": "自筹", "annual_budget": "0", "annual_spent": "0", "execution_rate": "0"}),
            [],
        ),
        (names(fields={"annual_spent": "100.02"}), ["spent within the budget"]),
        (names(fields={"goal_actual": " "}), ["goal_actual must be filled"]),
        (names(FISCAL | {"source": ""}, OTHER), ["funding[0].source must be filled"]),
        (names(fields={"opening_budget": "约120"}), ["opening_budget is a figure"]),
        (names(rows=(ROW | {"actual": ""},)), ["indicators[0].actual must be filled"]),
        (names(rows=(ROW | {"actual": "未完成"},)), ["indicators[0].actual was not done"]),
        (names(rows=(ROW | {"actual": "10%"},)), ["indicators[0].target and indicators[0].actual on one scale"]),
        (names(rows=(ROW | {"target": "≥XX场"},)), ["sample text in indicators[0].target"]),
        (
            names(rows=(ROW | {"score": "80", "deviation_note": "无"},)),
            ["a mark is no reason: indicators[0].deviation_note"],
        ),
        (names(rows=(ROW | {"score": "80", "deviation_note": "问卷样本不足"},)), []),
        (
            names(rows=(ROW | {"level3": "群众满意度", "target": "≤95%", "actual": "95%"},)),
            ["indicators[0].target is turned round"],
        ),
        (
            names(rows=(ROW | {"weight": "45", "score": "45"},) * 2),
            ["indicators[1].level3 stands twice"],
        ),
    ],
)
def test_oracle_sees_what_a_person_reckons(found: list[str], expected: list[str]) -> None:
    of_kinds = "there is no "  # a form of one row has no other kinds of indicators
    assert [each for each in found if not each.startswith(of_kinds)] == expected
