"""Which sentences claim that all goals were reached, of which level, and which texts say that there are no problems."""

from __future__ import annotations

import pytest

from xlperf.form.forms import load_template
from xlperf.prose.claims import parse_claims

CLAIMS = load_template("department_overall").words.claims


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        ("2023年，各项绩效指标均已完成。", ["各项绩效指标均已完成"]),
        ("我局经过努力，全面完成了年度绩效目标任务。", ["全面完成了年度绩效目标"]),
        ("各 项指标 全部达标；预期目标全部实现", ["各项指标全部达标", "预期目标全部实现"]),
        ("2023年度我局各项指标均完成", ["2023年度我局各项指标均完成"]),
        ("各项指标基本完成。", []),
        ("除满意度外，各项指标全部完成。", []),
        ("各项指标全部完成，仅满意度未达标。", []),
        ("确保各项指标全部完成。", []),
        ("民生指标全部完成。", []),
        ("全面完成防汛任务。", []),
        ("未全面完成年度目标。", []),
        ("", []),
    ],
)
def test_claims(text: str, quotes: list[str]) -> None:
    assert [claim.quote for claim in CLAIMS.of_all_goals(text)] == quotes


@pytest.mark.parametrize(
    ("text", "levels", "number"),
    [
        ("产出指标全部完成", ("产出",), 0),
        ("社会效益指标和满意度指标均达标", ("社会效益", "满意度"), 0),
        ("12项指标全部完成", (), 12),
        ("全部完成12个绩效指标", (), 12),
        ("全面完成数量指标", ("数量",), 0),
    ],
)
def test_what_is_meant(text: str, levels: tuple[str, ...], number: int) -> None:
    (claim,) = CLAIMS.of_all_goals(text)
    assert (claim.levels, claim.number) == (levels, number)


def test_a_form_without_the_words_finds_none() -> None:
    claims = parse_claims({})
    assert list(claims.of_all_goals("各项指标全部完成")) == []
    assert not claims.says_no_problems("无")


@pytest.mark.parametrize(
    ("text", "none"), [("无。", True), ("不存在问题", True), ("——", False), ("没有建立机制", False), ("", False)]
)
def test_no_problems(text: str, none: bool) -> None:
    assert CLAIMS.says_no_problems(text) is none


def test_a_long_clause_takes_no_time() -> None:
    assert list(CLAIMS.of_all_goals("各项年度" * 8000)) == []
