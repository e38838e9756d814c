"""Number formats of spreadsheets, taken apart in one place: each once, and no sign of it twice.

What a format shows is read for import (`numbers`) and for cells meant for words or years
(`workbook.binding`). Only what changes the figure counts: colours, padding and languages are left out.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from xlperf.text import expression

LONGEST = 255  # what Excel takes; a longer one is no format
_GENERAL = "General"
# Whatever is begun is taken to where it ends, so that nothing is read a second time.
_ASIDE = expression(r'"[^"]*+"|[\\!_*].|\[(?!h|m|s)[^\[\]]*+\]', re.IGNORECASE | re.DOTALL)
_PART = expression(r'([^;"\\!]*+(?:(?:"[^"]*+"?|[\\!].?)[^;"\\!]*+)*)(?:;|\Z)', re.DOTALL)
_TOKEN = expression(r'"([^"]*+)"|[\\!](.)|[_*].|\[[^\[\]]*+\]|([0#?])|([.])|(,)|(%)|([Ee][+-])|(.)', re.DOTALL)
_DAY = expression(r"[ymd年月日]|(?<![0#?.])e(?![+-])", re.IGNORECASE)
_CLOCK = expression("[hs]", re.IGNORECASE)
_PERCENT = expression(r"[0#?](?:\.([0#?]++))?\s*+%")
_NO_FIGURE = expression("general|通用格式|@", re.IGNORECASE)
_CURRENCY = "¥￥$€£△▲-−+()（） "


class Digits(NamedTuple):
    """What a part prints around the digits, how many places, and times how much; `shown` is false if it hides them."""

    before: str = ""
    after: str = ""
    shown: bool = False
    places: int = 0
    least: int = 0  # places kept even if they are zeros
    power: int = 0


class Part(NamedTuple):
    """A part of a format, for positive or negative numbers or for zero."""

    digits: Digits
    letters: str  # in small letters, without quoted words, padding, colours and languages
    is_moment: bool  # a day or a time
    around_year: tuple[str, str]  # the words before and after the year, where it shows nothing else of a date


def part_for(code: str, number: Decimal) -> Part:
    """Formats say up to three things, of positive and negative numbers and of zero."""
    parts = _parts(code)
    if number < 0 and len(parts) > 2:
        return parts[1]
    if not number and len(parts) > 3:  # the last is the empty rest of the text
        return parts[2]
    return parts[0]


@lru_cache(maxsize=1024)
def shows_day(code: str) -> bool:
    """Does a number format show a number as a day, month or year?"""
    plain = _without_asides(code)
    return bool(_DAY.search(plain)) and "general" not in plain.lower()


@lru_cache(maxsize=1024)
def percent_places(code: str) -> int | None:
    """The decimals of a format that shows a number as a percentage, None if it shows it otherwise."""
    found = _PERCENT.search(_without_asides(code))
    return len(found[1] or "") if found else None


@lru_cache(maxsize=1024)
def _parts(code: str) -> tuple[Part, ...]:
    return tuple(_part(each) for each in _PART.findall(_checked(code)))


def _without_asides(code: str) -> str:
    return _ASIDE.sub("", _checked(code))


def _checked(code: str) -> str:
    return code if len(code) <= LONGEST else _GENERAL


def _part(section: str) -> Part:
    letters = _without_asides(section).lower()
    is_moment = bool(_DAY.search(letters) or _CLOCK.search(letters)) and "general" not in section.lower()
    return Part(_digits(section), letters, is_moment, _around_year(section))


def _digits(section: str) -> Digits:
    before, after = list[str](), list[str]()
    digits = printed_point = False
    places, least, power, commas = -1, 0, 0, 0
    for quoted, escaped, digit, point, comma, percent, exponent, other in _TOKEN.findall(section):
        if exponent:
            return Digits()
        if digit:
            digits, commas = True, 0
            places += places >= 0
            least = places if digit == "0" and places > 0 else least
        elif point and places < 0:
            places = 0
        elif comma:
            commas += digits
        else:
            power += 2 * bool(percent)
            literal = quoted or escaped or percent or other
            if literal == "." and digits and places < 0:  # 0!.0, shows 123456 as 12.3, in 万
                places, printed_point = 0, True
                continue
            if literal == "/" and digits:  # a fraction
                return Digits()
            (after if digits else before).append(literal)
    words = "".join(before)
    if _NO_FIGURE.search(words):
        return Digits()
    places = max(places, 0)
    power -= 3 * commas + places * printed_point
    return Digits(words.strip(_CURRENCY), "".join(after).strip(_CURRENCY), digits, places, least, power)


def _around_year(section: str) -> tuple[str, str]:
    before, after = list[str](), list[str]()
    words = before
    for quoted, escaped, *_, other in _TOKEN.findall(section):
        words = after if other.lower() in ("y", "e") else words
        words.append(quoted or escaped or other.strip("yYeEbBgG@;"))
    return "".join(before).strip(), "".join(after).strip(" -/.")
