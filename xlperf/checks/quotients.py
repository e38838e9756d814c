"""3xx: how the points of an indicator came about, where a form says so: 20/21=95.24%, or by 得分系数."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from xlperf.amounts import Interval, interval, ratio_possible, round_half_up
from xlperf.checks.rule import MAY_BE_ABSENT, Mismatch, Severity, check
from xlperf.form.record import Stated, show
from xlperf.form.template import INDICATORS
from xlperf.text import expression

_NUMBER = r"\d{1,12}(?:\.\d{1,6})?"
_WORDS = r"[一-鿿]{0,3}"  # 20人, 251.06万元
_QUOTIENT = expression(
    rf"(?<![\d.,/÷×*+-])(?:\((?P<one>{_NUMBER}){_WORDS}(?P<sign>[-+])(?P<two>{_NUMBER}){_WORDS}\)|(?P<above>{_NUMBER}){_WORDS})"
    rf"[/÷](?P<below>{_NUMBER}){_WORDS}(?:[×*]100%?)?=(?P<printed>-?{_NUMBER})(?P<percent>%?)(?![\d.%/÷×*+])"
)


class _Figure(NamedTuple):
    """A number as it is written, and what that allows."""

    value: Decimal
    interval: Interval


def _figure(text: str, *, exact: bool = False, scale: int = 0) -> _Figure:
    """`scale`: how many places the point goes to the left, as for a percentage."""
    value, places = Decimal(text).scaleb(-scale), len(text.partition(".")[2]) + scale
    return _Figure(value, interval(value, None if exact else places))


@check(
    "XLP331",
    Severity.ERROR,
    "写出的算式不成立",
    "quotient that is written out does not hold",
    each=f"{INDICATORS}[]",
    cites="arithmetic",
)
def quotient_does_not_hold(_explanation: Stated, _criteria: Stated = MAY_BE_ABSENT) -> Iterator[Mismatch]:
    """指标说明、评价标准里写出的算式，除出来不是所写的数。

    为何：湖南较早的评分表把计算过程写在指标说明里，得分就由它而来；算式错了，得分也靠不住。
    改法：核对分子、分母和商，改正写错的一个。
    反例：在职人员控制率=20/21=59.24%（应为 95.24%）；（109.33-73.19）/73.19=94.38%（应为 49.38%）。
    正例：20/21=95.24%；20人÷21人×100%=95.2%；只写了商，没有写出两个数的；写 95.24 而省略 % 的；
    连除、带别的运算的不核对。
    """
    for cell in (_explanation, _criteria):
        for found in _QUOTIENT.finditer("".join(unicodedata.normalize("NFKC", cell.text).split())):
            if mismatch := _held(cell, found.groupdict(), found[0]):
                yield mismatch


def _held(cell: Stated, found: Mapping[str, str], written: str) -> Mismatch | None:
    """Nothing where the quotient holds, whatever was rounded away, also as a percentage without its sign."""
    above, below = _above(found), _operand(found["below"])
    if below.value <= 0:
        return None
    printed = found["printed"]
    scales = (2,) if found["percent"] else (0, 2)
    if any(ratio_possible(_figure(printed, scale=scale), above, below) for scale in scales):
        return None
    scale = 2 if found["percent"] or abs(Decimal(printed)) > 1 else 0
    places = max(len(printed.partition(".")[2]), 2)
    expected = round_half_up((above.value / below.value).scaleb(scale), places)
    return Mismatch(cell, f"{cell.label}写“{written}”，应为 {expected}{'%' if scale else ''}。")


def _operand(text: str) -> _Figure:
    """A number without decimals is exact: 20人."""
    return _figure(text, exact="." not in text)


def _above(found: Mapping[str, str]) -> _Figure:
    if found["above"] is not None:
        return _operand(found["above"])
    one, two = _operand(found["one"]), _operand(found["two"])
    if found["sign"] == "+":
        return _Figure(one.value + two.value, one.interval + two.interval)
    return _Figure(one.value - two.value, one.interval - two.interval)


@check(
    "XLP333",
    Severity.ERROR,
    "得分不是得分系数乘权重",
    "points are not coefficient times weight",
    each=f"{INDICATORS}[]",
    cites="weights-chongqing",
)
def points_off_coefficient(_coefficient: Stated, _weight: Stated, _score: Stated) -> Iterator[Mismatch]:
    """列有得分系数的表，指标得分不等于得分系数 × 指标权重。

    为何：重庆的表里得分就是这样算出来的；两者不符，系数或得分必有一个填错。
    改法：核对得分系数和得分，改正填错的一个。
    反例：得分系数 90%，权重 10，得分 10。
    正例：得分 9；系数写 90 而栏名带 % 的照 90% 算；几行共用一个得分的不核对。
    """
    if _score.shared:
        return
    expected = round_half_up(_coefficient.value * _weight.value, 2)
    if not (_coefficient.interval * _weight.interval).widened(2).meets(_score.interval):
        sentence = (
            f"{_score.label}填 {_score.shown}，按得分系数 {_coefficient.shown} × 权重 {_weight.shown} "
            f"应为 {show(expected, _score.field)}。"
        )
        yield Mismatch(_score, sentence, expected, (_coefficient, _weight))
