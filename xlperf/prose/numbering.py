"""How many items a text numbers: （一） 1. 一是."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from xlperf.text import expression, half_width

_CHINESE = "一二三四五六七八九"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_OF = {
    "一": r"(?P<chinese>[一二三四五六七八九十]{1,3})",
    "1": r"(?P<digits>\d{1,2})",
    "①": rf"(?P<circled>[{_CIRCLED}])",
}
_START = r"(?:^|(?<=[\n。；;：:，,！!\s]))[ 　]{0,8}"
_ONE_WIDTH = half_width(".") | {ord("("): "（", ord(")"): "）"}
_HEADING = 15  # characters behind a number that tell what the item is about


class Numbering(NamedTuple):
    """The section `[numbering]` of a template; a form without it counts nothing."""

    styles: tuple[tuple[str, re.Pattern[str]], ...]  # each with its first number, which a text has to have
    others: tuple[str, ...]  # headings with one of these words begin something else

    def items(self, text: str) -> int | None:
        """The items of the outermost numbering, 1 2 3 …; None where there is none, or of something else."""
        text = text.translate(_ONE_WIDTH)
        found = [items for first, style in self.styles if first in text and (items := _items(style, text))]
        outermost = min(found, key=lambda items: items[0], default=None)
        if outermost is None:
            return None
        headings = (text[end : end + _HEADING] for end in outermost)
        if any(word in heading for heading in headings for word in self.others):
            return None
        return len(outermost)


def _items(style: re.Pattern[str], text: str) -> list[int]:
    """Where the numbers 1 2 3 … of a style end, each behind the one before."""
    ends: list[int] = []
    for match in style.finditer(text):
        if _number(match) == len(ends) + 1:
            ends.append(match.end())
    return ends


def _number(match: re.Match[str]) -> int:
    (kind, text), *_ = match.groupdict().items()
    if kind == "digits":
        return int(text)
    if kind == "circled":
        return _CIRCLED.index(text) + 1
    tens, ten, ones = text.rpartition("十")
    return (10 * (_digit(tens) if tens else 1) if ten else 0) + _digit(ones)


def _digit(letter: str) -> int:
    return _CHINESE.find(letter) + 1 if len(letter) == 1 else 0


def parse_numbering(spec: Mapping[str, Any]) -> Numbering:
    return Numbering(tuple((style, _pattern(style)) for style in spec.get("styles", ())), tuple(spec.get("others", ())))


def _pattern(style: str) -> re.Pattern[str]:
    """（一） stands for every number so written, 一是 for those at the beginning of a clause; 1. is no 1.5."""
    sign = next(sign for sign in _OF if sign in style)
    before, _, behind = style.partition(sign)
    is_decimal = r"(?!\d)" if sign == "1" else ""
    start = "" if style[0] in f"（{_CIRCLED}" else _START
    return expression(f"{start}{re.escape(before)}{_OF[sign]}{re.escape(behind)}{is_decimal}")
