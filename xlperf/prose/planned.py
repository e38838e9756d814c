"""A total of money and the list of what it is for, under names that nobody knows: 计划安排…元，其中：甲…元；乙…元。"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from xlperf.amounts import ZERO, Interval, interval
from xlperf.text import expression, half_width

_HALF = half_width(".,")
_AMOUNT = expression(r"(?<![0-9.,])([0-9]{1,3}(?:,[0-9]{3}){1,4}|[0-9]{1,13})(\.[0-9]{1,6})?[ 　]?(万元|元)")
_SENTENCE = expression("[^。\n]+")
_LIST = expression("其中|分别为|分别是|分别用于|具体为|具体如下|具体包括|明细如下|包括")
_ALL = frozenset(("分别为", "分别是", "分别用于", "具体为", "具体如下", "明细如下"))
_SEPARATORS = "，,；;、和及与：: 　\t"
_NOT_ALL = expression("等|主要|例如|其余|其他未|部分")
_NO_NAME = expression("其中|合计|共计|总计|[占比较]|每[人年月个]|人均|[×x*]|标准|增加|减少|结余|上年")
_LONGEST, _SHIFT = 30, {"万元": 0, "元": -4}
_FEWEST = 2


class Amount(NamedTuple):
    """In 万元, as it was written."""

    name: str
    value: Decimal
    interval: Interval
    quote: str


class Listed(NamedTuple):
    """`says_all`: the words before the list leave no doubt that it is whole."""

    total: Amount
    items: tuple[Amount, ...]
    says_all: bool

    @property
    def value(self) -> Decimal:
        return sum((each.value for each in self.items), ZERO)

    @property
    def sum(self) -> Interval:
        return sum((each.interval for each in self.items), Interval(ZERO, ZERO))

    @property
    def names(self) -> frozenset[str]:
        return frozenset(each.name for each in self.items)


def listed_amounts(text: str) -> Iterator[Listed]:
    """The totals of a text, each with its list; none where the list says that it is not all, or holds another."""
    plain = text.translate(_HALF)
    for sentence in _SENTENCE.finditer(plain):
        said = sentence[0]
        amounts = list(_AMOUNT.finditer(said))
        found = [_amount(each) for each in amounts]
        places = [each.span() for each in amounts]
        lists = list(_LIST.finditer(said))
        if len(lists) != 1 or len(found) < _FEWEST + 1:
            continue
        (led,) = lists
        before = [at for at, (_, end) in enumerate(places) if end <= led.start()]
        behind = [at for at, (start, _) in enumerate(places) if start >= led.end()]
        if len(before) != 1 or len(behind) < _FEWEST or _NOT_ALL.search(said, led.start()):
            continue
        items = []
        start = led.end()
        for at in behind:
            name = said[start : places[at][0]].strip(_SEPARATORS)
            items.append(found[at]._replace(name=name, quote=f"{name}{found[at].quote}"))
            start = places[at][1]
        is_over = not said[start:].strip(_SEPARATORS)
        if is_over and all(0 < len(each.name) <= _LONGEST and not _NO_NAME.search(each.name) for each in items):
            yield Listed(found[before[0]], tuple(items), led[0] in _ALL)


def _amount(found: re.Match[str]) -> Amount:
    whole, fraction, unit = found.groups("")
    shift = _SHIFT[unit]
    value = Decimal(whole.replace(",", "") + fraction).scaleb(shift)
    places = max(len(fraction) - 1, 0) - shift
    return Amount("", value, interval(value, places), found[0])
