"""Amounts under names that nobody knows, with the total before them."""

from __future__ import annotations

import pytest

from tests.costs import grows_linearly
from xlperf.prose.planned import listed_amounts

TEXT = "计划安排202.64万元，其中：社区日常运转400000元；楼栋长、网格员报酬25.2万元；监督员工资28,000元。"


def test_a_list() -> None:
    (found,) = listed_amounts(TEXT)
    assert [(each.name, f"{each.value.normalize():f}") for each in found.items] == [
        ("社区日常运转", "40"),
        ("楼栋长、网格员报酬", "25.2"),
        ("监督员工资", "2.8"),
    ]
    assert (f"{found.total.value:f}", f"{found.value.normalize():f}", found.says_all) == ("202.64", "68", False)
    assert found.total.name == ""
    assert [each.quote for each in (found.total, found.items[0])] == ["202.64万元", "社区日常运转400000元"]


@pytest.mark.parametrize(
    "before", ["主要工作", "今年工作较多。", "培训等工作", "安排180万元。", "计划5万元，其中一半。"]
)
def test_what_stands_before_a_list_is_no_part_of_it(before: str) -> None:
    assert list(listed_amounts(before + TEXT)) == list(listed_amounts(TEXT))


@pytest.mark.parametrize(("letters", "lists"), [(30, 1), (31, 0)])
def test_a_name_has_at_most_thirty_letters(letters: int, lists: int) -> None:
    assert len(list(listed_amounts(f"支付100万元，分别用于：{'甲' * letters}60万元、乙40万元。"))) == lists


@pytest.mark.parametrize(("second", "adds_up"), [("40.00", True), ("39.99", True), ("39.96", False), ("40", True)])
def test_amounts_are_rounded_to_the_digits_they_are_written_with(second: str, adds_up: bool) -> None:
    (found,) = listed_amounts(f"支付100.00万元，分别用于：甲60.00万元、乙{second}万元。")
    assert found.sum.meets(found.total.interval) is adds_up


def test_words_that_say_that_it_is_all() -> None:
    (found,) = listed_amounts("支付100万元，分别用于：甲60万元、乙40万元。")
    assert found.says_all


@pytest.mark.parametrize(
    "text",
    [
        "计划安排200万元，其中主要：甲50万元；乙60万元。",
        "计划安排200万元，其中：甲50万元；乙60万元等。",
        "计划投入200万元，其中：甲120万元，其中设备100万元，乙90万元。",
        "安排200万元，其中：每人补助5万元，甲10万元。",
        "甲50万元；乙60万元。",
        "安排200万元，上年180万元，其中：甲50万元；乙60万元。",
        "安排200万元，其中：甲50万元。",
        "支付100万元，分别用于：60万元、40万元。",
        "",
    ],
)
def test_what_is_no_list_of_all(text: str) -> None:
    assert list(listed_amounts(text)) == []


@pytest.mark.parametrize("atom", ["其中：甲5万元；", "5万元", "其中", "9", "1,000"])
def test_it_is_linear(atom: str) -> None:
    grows_linearly(lambda text: list(listed_amounts(text)), lambda n: atom * n, 400, cheap=0.05)
