"""Decimal amounts, how precisely they were stated, and what their rounding allows.

The only place where tolerance exists: a figure written with d decimals stands for every true value within half a
unit of its last place, and a statement about figures is wrong only if no true values could satisfy it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from functools import lru_cache
from typing import NamedTuple, Protocol

from xlperf.text import expression, half_width

ZERO = Decimal(0)
_INFINITY = Decimal("Infinity")
_SPREADSHEET = Context(prec=15, rounding=ROUND_HALF_UP)
HALF_WIDTH = half_width(".,%-+")
_NUMBER = expression(r"[+-]?(\d{1,3}(,\d{3})+|\d+)?(\.\d+)?([eE][+-]?\d{1,3})?(%?)")


_LONGEST_MARK = 20
_DASHES = dict.fromkeys(map(ord, "-‐‑‒–—―−"), "—")
# Zero-width blanks, marks of direction and the like: what is pasted from web pages and other systems brings them along.
UNSEEN = (
    "\u00ad\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
)
_WITHOUT_UNSEEN = dict.fromkeys(map(ord, UNSEEN))


class Undecided(Exception):
    """No figure follows from these operands: a person has to give it."""


class Number(NamedTuple):
    """A number as written: its value and the decimals it was written with (of the fraction, for a percentage)."""

    value: Decimal
    places: int


def to_decimal(value: Decimal | int | float | str) -> Decimal:
    """The amount a spreadsheet shows: 15 significant digits, so that 0.1 + 0.2 read from a file is 0.3.

    Raises `ValueError` for text that is not one finite number.
    """
    if isinstance(value, float):
        value = repr(value)
    try:
        amount = _SPREADSHEET.create_decimal(value)
    except ArithmeticError as error:
        raise ValueError(f"not a number: {value!r}") from error
    if not amount.is_finite():
        raise ValueError(f"not a finite number: {value!r}")
    if isinstance(value, str) and len(value) > _SPREADSHEET.prec and len(amount.as_tuple().digits) == _SPREADSHEET.prec:
        return _without_zeros(amount)  # 92.010000000000005 is 92.01, with nobody's zeros behind it
    return amount


def _without_zeros(amount: Decimal) -> Decimal:
    short = amount.normalize()
    if short.as_tuple().exponent <= 0 or short.adjusted() >= _SPREADSHEET.prec:  # type: ignore[operator]
        return short
    return short.quantize(Decimal(1))


def decimals(amount: Decimal) -> int:
    """Decimals an amount carries, trailing zeros not counted: 8.50 has one."""
    exponent = amount.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def seen_text(text: str) -> str:
    """A text without the characters that nobody sees."""
    return text.translate(_WITHOUT_UNSEEN)


def is_mark(text: str, marks: frozenset[str]) -> bool:
    """Is it one of the marks for "not applicable", in any width, case and length? － and ---- are —, n/a is N/A."""
    compact = "".join(seen_text(text).split())
    return compact in marks or (len(compact) <= _LONGEST_MARK and _mark(compact) in _marks(marks))


@lru_cache(maxsize=1024)
def _mark(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_DASHES)
    return folded[0] if folded and folded[0] in "—/" and not folded.strip(folded[0]) else folded


@lru_cache(maxsize=8)
def _marks(marks: frozenset[str]) -> frozenset[str]:
    return frozenset(map(_mark, marks))


def parse_number(text: str) -> Number | None:
    """Read what a person typed: full-width digits, thousands separators and % are understood, `7.50.` is not."""
    compact = "".join(seen_text(text).translate(HALF_WIDTH).replace("−", "-").split())
    match = _NUMBER.fullmatch(compact)
    if match is None or not (match[1] or match[3]):
        return None
    digits = compact.rstrip("%").replace(",", "")
    places = 0 if match[4] else len((match[3] or ".")[1:])
    value = to_decimal(digits)
    return Number(value.scaleb(-2), places + 2) if match[5] else Number(value, places)


def round_half_up(amount: Decimal, places: int) -> Decimal:
    """Round as accountants and spreadsheets do: 2.675 at two places is 2.68, -0.5 at none is -1.

    A quotient is first brought to the 15 digits a spreadsheet has, so that both round the same figure.
    """
    shown = _SPREADSHEET.plus(amount)
    if shown.adjusted() + places > _SPREADSHEET.prec:
        return shown  # all its digits lie before the last place
    return shown.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Interval:
    """All true values that figures, rounded as they were stated, may stand for."""

    low: Decimal
    high: Decimal

    def __add__(self, other: Interval) -> Interval:
        return Interval(self.low + other.low, self.high + other.high)

    def __sub__(self, other: Interval) -> Interval:
        return Interval(self.low - other.high, self.high - other.low)

    def __mul__(self, other: Interval) -> Interval:
        corners = [a * b for a in (self.low, self.high) for b in (other.low, other.high)]
        return Interval(min(corners), max(corners))

    def __truediv__(self, other: Interval) -> Interval:
        if other.low <= 0 <= other.high:
            return Interval(-_INFINITY, _INFINITY)
        corners = [a / b for a in (self.low, self.high) for b in (other.low, other.high)]
        return Interval(min(corners), max(corners))

    def least(self, other: Interval) -> Interval:
        return Interval(min(self.low, other.low), min(self.high, other.high))

    def meets(self, other: Interval) -> bool:
        return self.low <= other.high and other.low <= self.high

    def widened(self, places: int) -> Interval:
        """What stays possible after one more rounding to `places`."""
        half = _half(places)
        return Interval(self.low - half, self.high + half)


@lru_cache(maxsize=32)
def _half(places: int) -> Decimal:
    """Half a unit of the last place."""
    return Decimal("0.5").scaleb(-places)


def interval(value: Decimal, places: int | None) -> Interval:
    """The values that `value`, stated with `places` decimals, stands for; `None` means exact."""
    if places is None:
        return Interval(value, value)
    half = _half(places)
    return Interval(value - half, value + half)


class Figure(Protocol):
    """A number somewhere in the workbook, with what its rounding allows."""

    @property
    def value(self) -> Decimal: ...
    @property
    def interval(self) -> Interval: ...


class Gap(NamedTuple):
    """A statement that does not hold to the digit."""

    expected: Decimal
    impossible: bool  # no true values behind the rounded figures can satisfy it


def adds_up(total: Figure, parts: Sequence[Figure]) -> Gap | None:
    """Does `total` equal the sum of `parts`? `None` if it does to the digit."""
    expected = sum((part.value for part in parts), ZERO)
    if expected == total.value:
        return None
    possible = Interval(ZERO, ZERO)
    for part in parts:
        possible += part.interval
    return Gap(expected, not total.interval.meets(possible))


def may_add_up(total: Figure, parts: Sequence[Figure]) -> bool:
    """Could true values behind these figures make `total` the sum of `parts`?"""
    gap = adds_up(total, parts)
    return gap is None or not gap.impossible


def agrees(left: Figure, right: Figure) -> Gap | None:
    """Do two places state the same figure?"""
    return adds_up(left, [right])


def exceeds(one: Figure, other: Figure) -> bool:
    """Is one figure greater than the other, whatever was rounded away?"""
    return one.interval.low > other.interval.high


def ratio_possible(printed: Figure, numerator: Figure, denominator: Figure) -> bool:
    """Could `printed` be numerator / denominator before rounding?"""
    with localcontext(prec=28):
        return printed.interval.meets(numerator.interval / denominator.interval)
