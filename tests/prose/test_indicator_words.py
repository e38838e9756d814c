"""What an indicator's note and result say: not done, points taken off, how much was done."""

from __future__ import annotations

from decimal import Decimal

import pytest

from xlperf.form.forms import load_template
from xlperf.prose.indicator_words import IndicatorWords, has_number, parse_indicator_words

WORDS = load_template("department_overall").words.indicator_words


def test_every_list_has_words_and_a_form_may_have_none() -> None:
    assert all(WORDS)
    assert not any(parse_indicator_words({}))
    assert parse_indicator_words({}).share_in("完成率90%") is None
    assert IndicatorWords().taken_off("扣1分") == (("扣1分", Decimal(1)),)


@pytest.mark.parametrize(
    ("note", "word"),
    [
        ("工程尚在实施", "尚在实施"),
        ("主体已完成，尚未验收", "未验收"),
        ("没有超支。正在建设", "正在建设"),
        ("尚未完成的部分12月已完成", ""),
        ("待验收，12月通过验收", ""),
        ("无待验收项目", ""),
        ("上年未完工", ""),
        ("已完成", ""),
        ("", ""),
    ],
)
def test_unfinished(note: str, word: str) -> None:
    assert WORDS.unfinished_in(note) == word


@pytest.mark.parametrize(
    ("note", "points"),
    [
        ("扣1分", "1"),
        ("扣减 ０．５ 分", "0.5"),
        ("因样本不足扣除二分", "2"),
        ("扣1分，扣2分", "1 2"),
        ("扣1分，扣2分，共扣3分", "3"),
        ("未达标扣1分", "1"),
        ("每少一场扣1分", ""),
        ("每少一场扣1分，扣3分", "3"),
        ("不扣1分", ""),
        ("超过三次则扣2分", ""),
        ("扣三分之一", ""),
        ("酌情扣分", ""),
    ],
)
def test_points_taken_off(note: str, points: str) -> None:
    assert [str(each) for _, each in WORDS.taken_off(note)] == points.split()


@pytest.mark.parametrize(
    ("note", "share"),
    [
        ("完成率90%", "完成率90%"),
        ("仅完成年度目标的 ９０．５％", "完成年度目标的 ９０．５％"),
        ("完成比例为80%", "完成比例为80%"),
        ("预算完成率90%", None),
        ("未完成10%", None),
        ("完成90%以上", None),
        ("完成率由80%提高到95%", None),
        ("完成90人", None),
    ],
)
def test_share_of_the_target(note: str, share: str | None) -> None:
    found = WORDS.share_in(note)
    assert (found and found[0]) == share


@pytest.mark.parametrize(("text", "number"), [("95%", True), ("九成", True), ("百分之九十", True), ("十分满意", False)])
def test_a_number_in_digits_or_words(text: str, number: bool) -> None:
    assert has_number(text) is number
