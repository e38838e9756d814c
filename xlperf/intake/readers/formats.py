"""What a number cell shows: 0.2224 with the format 0.00% is 22.24%. Of a format only what changes the figure counts.

Signs of currency, colours, padding and thousands separators are left out, for the text is to be read as a figure.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from xlperf.amounts import decimals, round_half_up, to_decimal
from xlperf.dates import day_of, without_asides

_TOKEN = re.compile(r'"([^"]*)"|[\\!](.)|[_*].|\[[^\]]*\]|([0#?])|([.])|(,)|(%)|([Ee][+-])|(.)', re.DOTALL)
_DATE = re.compile(r"[ymdhs年月日]|(?<![0#?.])e(?![+-])", re.IGNORECASE)
_CURRENCY = "¥￥$€£△▲-−+()（） "


class _Format(NamedTuple):
    """One section of a format: what it prints around the digits, how many places, and times how much."""

    before: str
    after: str
    digits: bool
    places: int
    least: int  # places kept even if they are zeros
    power: int


class Shown(NamedTuple):
    text: str
    coarser: bool  # the format hides digits of an amount of money


def shown_number(stored: str | float, code: str, *, since_1904: bool = False) -> Shown:
    number = to_decimal(stored)
    section = _section(code, number)
    letters = without_asides(section).lower()
    if _DATE.search(letters) and "general" not in section.lower() and (day := day_of(number, since_1904)):
        return Shown(_moment(number, section, day), False)
    form = _read(section)
    if not form.digits:  # General, 通用格式, @, or a format that hides its number
        return Shown(_plain(number), False)
    scaled = number.scaleb(form.power)
    rounded = round_half_up(scaled, form.places)
    digits = f"{rounded:.{max(form.least, decimals(rounded))}f}"
    if digits.startswith("-") and not rounded:
        digits = digits[1:]
    coarser = form.places < 2 and not form.power and rounded != scaled
    return Shown(form.before + digits + form.after, coarser)


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}" if number else "0"


def _section(code: str, number: Decimal) -> str:
    """Formats say up to three things, of positive and negative numbers and of zero."""
    sections = re.findall(r'((?:"[^"]*"|[\\!].|[^;"])*)(?:;|$)', code, re.DOTALL)
    if number < 0 and len(sections) > 2:
        return str(sections[1])
    if not number and len(sections) > 3:  # the last is the empty rest of the text
        return str(sections[2])
    return str(sections[0])


def _read(section: str) -> _Format:
    before = after = ""
    digits = printed_point = False
    places, least, power, commas = -1, 0, 0, 0
    for quoted, escaped, digit, point, comma, percent, exponent, other in _TOKEN.findall(section):
        if exponent:
            return _Format("", "", False, 0, 0, 0)
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
                return _Format("", "", False, 0, 0, 0)
            if digits:
                after += literal
            else:
                before += literal
    if re.search("general|通用格式|@", before, re.IGNORECASE):
        return _Format("", "", False, 0, 0, 0)
    places = max(places, 0)
    power -= 3 * commas + places * printed_point
    return _Format(before.strip(_CURRENCY), after.strip(_CURRENCY), digits, places, least, power)


def _moment(number: Decimal, section: str, day: date) -> str:
    """2024年7月30日, 2024年7月 or 7月30日, and the time where nothing else is shown.

    A year by itself is a heading as often as a date, so the words around it stay: 2022年决算数.
    """
    letters = without_asides(section).lower()
    clock = bool(re.search("[hs]", letters))
    text = f"{day.year}年" if re.search("[ye年]", letters) else ""
    if re.search("m|月", letters) and not (clock and not text and "d" not in letters):
        text += f"{day.month}月"
    if re.search("d|日", letters):
        text += f"{day.day}日"
    if text == f"{day.year}年" and not clock:
        before, after = _around_year(section)
        return f"{before}{text}{after.removeprefix('年')}"
    if text:
        return text
    seconds = int(round_half_up(number % 1 * 86_400, 0))
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}"


def _around_year(section: str) -> tuple[str, str]:
    """The words before and after the year in a format that shows nothing else of a date."""
    words = ["", ""]
    is_after = 0
    for quoted, escaped, *_, other in _TOKEN.findall(section):
        is_after = is_after or int(other.lower() in ("y", "e"))
        words[is_after] += quoted or escaped or other.strip("yYeEbBgG@;")
    return words[0].strip(), words[1].strip(" -/.")
