"""A text as its reader takes it: full-width and other digits plain, all blanks one blank, nothing invisible.

Personal data is looked for in this form and cut out of the text itself, so each character knows where it stood.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

HAN = "[\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]"
Span = tuple[int, int]

# Soft hyphens, joiners, marks of direction, variation selectors: they take no room, and digits may hide among them.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\U000e0000-\U000e0fff]"
)
# What formats the words of a header or footer of a sheet: &L, &10, &"宋体,常规", &K00+000.
_HEADER_CODES = re.compile('&(?:"[^"]*"|[0-9]{1,3}|K[0-9A-Fa-f]{6}|K[0-9]{2}[+-][0-9]{3}|.)', re.DOTALL)
_SECTIONS = re.compile("&(?=[LCR])")
_COLONS = "∶ː˸꞉︓"
_DOTS = "•・‧∙⋅●ᐧ"


class Plain(NamedTuple):
    """`at[i]`: where the i-th character of `text` stood."""

    text: str
    at: Sequence[int]

    def place(self, span: Span) -> Span:
        """Where a stretch of it stands in the text, what is invisible inside it included."""
        start, end = span
        return self.at[start], self.at[end - 1] + 1


def plain(text: str, *, header: bool = False) -> Plain:
    """`header`: the text of a sheet's header or footer, whose formatting codes are no part of the words."""
    hidden = [match.span() for match in _INVISIBLE.finditer(text)]
    if header:
        hidden += [match.span() for match in _HEADER_CODES.finditer(text)]
        hidden = [
            (start + (text[start + 1 : end] in ("L", "C", "R")), end) for start, end in hidden
        ]  # parts apart: a line
        text = _SECTIONS.sub("\n", text)
    if not hidden:
        return Plain(text.translate(_table()), range(len(text)))
    gone = {at for start, end in hidden for at in range(start, end)}
    kept = [at for at in range(len(text)) if at not in gone]
    return Plain("".join(text[at] for at in kept).translate(_table()), kept)


class _Table(dict[int, str]):
    """One character for one; what was asked once is remembered."""

    def __missing__(self, code: int) -> str:
        self[code] = _folded(chr(code))
        return self[code]


@cache
def _table() -> _Table:
    return _Table()


def _folded(char: str) -> str:
    if char < "\x7f":
        return " " if char == "\t" else "\n" if char == "\r" else char
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    if char.isspace():
        return "\n" if char in "\x85\u2028\u2029" else " "
    if unicodedata.category(char) == "Pd" or char in "−ー─━":
        return "-"
    if char in _COLONS:
        return ":"
    if char in _DOTS:
        return "·"
    if "\ufe10" <= char <= "\uffef" or "\uf900" <= char <= "\ufaff" or "\u2f00" <= char <= "\u2fdf":
        usual = unicodedata.normalize("NFKC", char)
        return usual if len(usual) == 1 else char
    return char
