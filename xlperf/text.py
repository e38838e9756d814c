"""How texts are searched and how typing is folded.

Regular expressions are compiled when they are first used: of those that a check imports it needs half.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any, AnyStr, Generic, cast

DIGITS = "0123456789"
_WIDER = ord("０") - ord("0")  # so far apart stand all signs of a keyboard and their full-width forms
_METHODS = ("search", "match", "fullmatch", "finditer", "findall", "sub", "subn", "split")


class Deferred(Generic[AnyStr]):
    """Stands for the compiled expression, whose methods it takes on as soon as one of them is asked for."""

    def __init__(self, pattern: AnyStr, flags: int) -> None:
        self.pattern: AnyStr = pattern
        self.flags = flags

    def __getattr__(self, name: str) -> Any:
        if name not in _METHODS:
            raise AttributeError(name)
        compiled = self.compiled()
        for method in _METHODS:
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)

    def compiled(self) -> re.Pattern[AnyStr]:
        return re.compile(self.pattern, self.flags)


def expression(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """What `re.compile` gives, for the constants of modules; only its methods that look for something can be used."""
    return cast("re.Pattern[AnyStr]", Deferred(pattern, flags))


def half_width(signs: str = "") -> dict[int, int]:
    """For `str.translate`: full-width digits become half-width, and so do these signs."""
    return {ord(sign) + _WIDER: ord(sign) for sign in DIGITS + signs}


FULL_WIDTH = {ord(digit): ord(digit) + _WIDER for digit in DIGITS}
"""For `str.translate`: digits become full-width."""


YEAR_IN_WORDS = "二[〇○零ＯO０0][〇○零ＯO０一二三四五六七八九]{2}"
_YEAR_IN_WORDS = expression(rf"(?<![〇○零一二三四五六七八九十百千万]){YEAR_IN_WORDS}(?=[ 　]?年)")
DIGITS_OF_WORDS = {
    ord(sign): ord(digit)
    for signs in ("零一二三四五六七八九", "〇", "○", "Ｏ", "O", "０")
    for sign, digit in zip(signs, DIGITS, strict=False)
}


def years_in_digits(text: str) -> str:
    """二〇二二年 as 2022年, all else as it stands; no place in the text moves."""
    if "二" not in text:
        return text
    return _YEAR_IN_WORDS.sub(lambda found: found[0].translate(DIGITS_OF_WORDS), text)


def width(text: str, wide: float = 2, narrow: float = 1) -> float:
    """How many columns a line takes, in a cell or on a screen: a Chinese character is `wide`, a letter `narrow`."""
    return sum(wide if unicodedata.east_asian_width(letter) in "FWA" else narrow for letter in text)


def lines_in(text: str, room: float, wide: float = 2, narrow: float = 1) -> int:
    """How many lines a text takes in a cell of so many columns that wraps it."""
    return sum(max(1, -int(-width(line, wide, narrow) // room)) for line in text.split("\n"))
