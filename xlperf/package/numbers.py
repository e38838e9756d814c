"""What a number cell shows: 0.2224 with the format 0.00% is 22.24%. Of a format only what changes the figure counts.

Signs of currency, colours, padding and thousands separators are left out, for the text is to be read as a figure.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from xlperf.amounts import decimals, round_half_up, to_decimal
from xlperf.package.dates import day_of
from xlperf.package.number_formats import Part, part_for


class Shown(NamedTuple):
    text: str
    coarser: bool  # the format hides digits of an amount of money


def shown_number(stored: str | float, code: str, *, since_1904: bool = False) -> Shown:
    number = to_decimal(stored)
    part = part_for(code, number)
    if part.is_moment and (day := day_of(number, since_1904)):
        return Shown(_moment(number, part, day), False)
    form = part.digits
    if not form.shown:  # General, 通用格式, @, or a format that hides its number
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


def _moment(number: Decimal, part: Part, day: date) -> str:
    """2024年7月30日, 2024年7月 or 7月30日, and the time where nothing else is shown.

    A year by itself is a heading as often as a date, so the words around it stay: 2022年决算数.
    """
    letters = part.letters
    clock = bool(re.search("[hs]", letters))
    text = f"{day.year}年" if re.search("[ye年]", letters) else ""
    if re.search("m|月", letters) and not (clock and not text and "d" not in letters):
        text += f"{day.month}月"
    if re.search("d|日", letters):
        text += f"{day.day}日"
    if text == f"{day.year}年" and not clock:
        before, after = part.around_year
        return f"{before}{text}{after.removeprefix('年')}"
    if text:
        return text
    seconds = int(round_half_up(number % 1 * 86_400, 0))
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}"
