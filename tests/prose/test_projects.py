"""How many projects a text says there are: only where it means all of them."""

from __future__ import annotations

import pytest

from tests.costs import grows_linearly
from xlperf.form.forms import load_template
from xlperf.prose.projects import project_counts

WORDS = load_template("department_overall").prose
SAID = [
    ("2023年我单位共有项目8个，支出37.44万元。", [8]),
    ("本年度共实施12个项目。", [12]),
    ("共实施十二个专项项目，均已完成。", [12]),
    ("对二十个项目开展了绩效自评；纳入绩效自评的项目共3个。", [20, 3]),
    ("２０２３年度共安排　５ 个项目", [5]),
    ("1.基本支出情况：略。2.项目支出情况：全年涉及3个项目：", [3]),
    ("项目支出共10个", [10]),
]
UNSAID = [
    "",
    "共实施若干个项目。",
    "第3个项目正在实施。",
    "重点项目5个。",
    "安排3个重点项目。",
    "100万元以上的项目，共3个项目。",
    "其中3个项目已完成。",
    "上年共实施5个项目。",
    "2022年共实施5个项目。",
    "市级项目，共5个项目。",
    "有5个项目达到优。",
    "下属单位共实施5个项目。",
    "新增2个项目。",
    "有3个项目未完成。",
    "青山街道有3个项目。",
    "每个项目1个账户。",
    "一事一议财政奖补项目3个",
]


def counts(text: str) -> list[int]:
    return [said.number for said in project_counts(text, WORDS, 2023)]


@pytest.mark.parametrize(("text", "numbers"), SAID)
def test_how_many_there_are(text: str, numbers: list[int]) -> None:
    assert counts(text) == numbers


@pytest.mark.parametrize("text", UNSAID)
def test_some_of_them_or_those_of_others_are_not_all(text: str) -> None:
    assert counts(text) == []


def test_the_words_are_quoted() -> None:
    (said,) = project_counts("二、项目支出。本年度共实施12个项目。", WORDS, 2023)
    assert said.quote == "本年度共实施12个项目"


@pytest.mark.parametrize("atom", ["3个项目", "共", "共有项目", "项目3个", "本年度", "十", "3", "，共3个项目"])
def test_a_long_text_takes_time_in_proportion_to_it(atom: str) -> None:
    grows_linearly(lambda text: list(project_counts(text, WORDS, 2023)), lambda n: atom * n, 2000)
