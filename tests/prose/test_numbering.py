"""Items of a text, counted by the outermost numbering."""

from __future__ import annotations

import pytest

from xlperf.form.forms import load_template
from xlperf.prose.numbering import parse_numbering

NUMBERING = load_template("department_overall").words.numbering
TEENS = [f"十{number}" for number in "一二三四五六七八九"]
TWENTIES = ["二十", "二十一", "二十二", "二十三"]


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("（一）甲。\n（二）乙。", 2),
        ("(一)甲。(二)乙。(三)丙。", 3),
        ("1.甲\n2.乙\n3.丙", 3),
        ("１．甲\n２、乙", 1),  # two ways of writing are two numberings
        ("主要有：1、甲；2、乙。", 2),
        ("一是甲；二是乙，三是丙。", 3),
        ("①甲②乙", 2),
        ("第一，甲。第二，乙。", 2),
        ("一、甲\n二、乙", 2),
        ("（一）甲。1.子 2.丑（二）乙。", 2),
        ("".join(f"（{number}）甲\n" for number in "一 二 三 四 五 六 七 八 九 十 十一 十二".split()), 12),
        ("".join(f"{number}.甲\n" for number in range(1, 24)), 23),
        ("".join(f"（{number}）甲\n" for number in [*"一二三四五六七八九十", *TEENS, *TWENTIES]), 23),
        ("1.5万元没有用完，1、2月份偏慢。", None),
        ("这是原因之一是甲。", None),
        ("2.乙\n3.丙", None),  # the beginning is not there
        ("（一）问题\n1.甲\n2.乙\n（二）原因分析\n1.丙", None),
        ("加强管理。", None),
        ("", None),
    ],
)
def test_items(text: str, items: int | None) -> None:
    assert NUMBERING.items(text) == items


def test_a_form_without_the_section_counts_nothing() -> None:
    assert parse_numbering({}).items("1.甲\n2.乙") is None
