"""The years that a text names, and the same text as it reads a year later.

The evaluated year, the one before and the one after move on by one; older years are history and stay, and so do
quantities (2023万元), telephone numbers and the numbers of documents (〔2023〕10号).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from xlperf.text import FULL_WIDTH, expression, half_width

_HALF = half_width(".-/")
_DIGITS = "〇一二三四五六七八九"
_ZEROS = "〇○零ＯO０"
_NEAR = 16  # characters around a number that tell what it is

_NUMBER = expression(r"(?<![0-9])20[0-9]{2}(?![0-9])")
_IN_WORDS = expression(rf"二[{_ZEROS}][{_ZEROS}{_DIGITS}]{{2}}(?=[ 　]?年)")
_SHORT = expression(r"(?<![0-9])[0-9]{2}年(?:度|[0-9]{1,2}月)")
# A text that is a year and nothing else: 2022, 2022年度, 二〇二二年, or a date: 2022年1月1日, 2022-01-01.
_ONE_YEAR = expression(
    rf"((?:19|20|21)[0-9]{{2}}|二[{_ZEROS}][{_ZEROS}{_DIGITS}]{{2}}|一九[{_ZEROS}{_DIGITS}]{{2}})"
    r"(?:年度?|财年|财政年度|会计年度|年[0-9]{1,2}月(?:[0-9]{1,2}日)?|[-/][0-9]{1,2}|[-/.][0-9]{1,2}[-/.][0-9]{1,2})?"
)
YEARS = range(1949, 2101)  # what a form can speak of
_DOCUMENT = (
    r"[〔\[［【(（][ 　]?20[0-9]{2}[ 　]?[〕\]］】)）][ 　]?第?[0-9]{1,5}[ 　]?号"
    r"|20[0-9]{2}[ 　]?年[ 　]?第[ 　]?[0-9]{1,5}[ 　]?号"
)
# A number that belongs to a document, with the title before it: that paper keeps its year.
_PAPER = expression(rf"(?:《[^《》]{{1,80}}》[ 　]?[(（]?[^《》，。；;\n]{{0,12}})?(?:{_DOCUMENT})")
_RANGE = expression(
    r"(?<![0-9.\-])(?P<first>20[0-9]{2})[ 　]?年?[ 　]?(?:[-—–~～至到/]|——|--)[ 　]?(?P<last>20[0-9]{2})(?![0-9.\-号])"
)
_BEHIND_YEAR = expression(
    r"[ 　]?(?:年|财年|度|全年|上半年|下半年|财政)|[-/.](?:0?[1-9]|1[0-2])[-/.](?:0?[1-9]|[12][0-9]|3[01])(?![0-9])"
    r"|[-/](?:0[1-9]|1[0-2])(?![0-9\-号])"
)
# 2023.12 is a month or an amount: nobody can tell.
_BEHIND_FIGURE = expression(r"[.,](?!(?:0?[1-9]|1[0-2])(?![0-9元万亿%％]))[0-9]|[ 　]?[%％‰]|-[0-9]")
_BEFORE_FIGURE = expression(r"(?:[0-9][.,\-]|[¥￥])$")


class Moved(NamedTuple):
    """A text a year later, and what in it still seems to name the year that has passed."""

    text: str
    left: tuple[str, ...]


def year_in(text: str) -> int | None:
    """The year that a text is, in whatever way it is written; None of a text that says more or less than one year."""
    found = _ONE_YEAR.fullmatch("".join(text.translate(_HALF).split()))
    return None if found is None or _value(found[1]) not in YEARS else _value(found[1])


def moved_on(text: str, year: int, counted: Sequence[str]) -> Moved:
    """The text of `year` as it reads a year later; `counted` are words that make the number before them a quantity."""
    plain = text.translate(_HALF)
    papers = [found.span() for found in _PAPER.finditer(plain)]
    in_range = {
        found.start(name): int(found["last"]) - int(found["first"])
        for found in _RANGE.finditer(plain)
        for name in ("first", "last")
        if 0 < int(found["last"]) - int(found["first"]) <= 10 and not plain.startswith(tuple(counted), found.end())
    }
    pieces, left, at = [], [], 0
    for found in sorted((*_NUMBER.finditer(plain), *_IN_WORDS.finditer(plain)), key=re.Match.start):
        start, end = found.span()
        named = _value(found[0])
        if abs(named - year) > 1:
            continue
        kind = _kind(plain, start, end, counted)
        if any(first <= start < last for first, last in papers):
            kind = "paper"
        elif start in in_range:
            kind = "year"
        if kind == "year":
            pieces += [text[at:start], _like(text[start:end], named + 1)]
            at = end
        elif kind != "figure" and named == year:
            left.append(_quote(text, start, end))
    left += [found[0] for found in _SHORT.finditer(plain) if int(found[0][:2]) == year % 100]
    return Moved("".join((*pieces, text[at:])), tuple(left))


def _kind(plain: str, start: int, end: int, counted: Sequence[str]) -> str:
    """year, figure, or nothing that can be told."""
    behind, before = plain[end : end + _NEAR], plain[max(0, start - _NEAR) : start]
    if _BEHIND_YEAR.match(behind):
        return "year"
    if _BEHIND_FIGURE.match(behind) or _BEFORE_FIGURE.search(before) or behind.lstrip(" 　").startswith(tuple(counted)):
        return "figure"
    return ""


def _value(digits: str) -> int:
    """2023 of `2023` or `二○二三`."""
    return int(
        "".join("0" if char in _ZEROS else str(_DIGITS.find(char)) if char in _DIGITS else char for char in digits)
    )


def _like(written: str, year: int) -> str:
    """A year in the digits that another was written with."""
    if written[0] == "二":
        words = "".join(_DIGITS[int(digit)] for digit in str(year))
        return words.replace("〇", written[1])
    return str(year) if written.isascii() else str(year).translate(FULL_WIDTH)


def _quote(text: str, start: int, end: int) -> str:
    return " ".join(text[max(0, start - 8) : end + 8].split())
