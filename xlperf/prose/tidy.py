"""Text as typists leave it, made plain for the reader of figures, with the way back to the original.

Blanks inside words and numbers go (251 .06 万 元), and amounts in Chinese numerals become digits (三百二十万元).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from decimal import Decimal
from typing import NamedTuple

from xlperf.prose.folded import HALF_WIDTH
from xlperf.text import years_in_digits

_DIGITS = "零〇一二三四五六七八九壹贰叁肆伍陆柒捌玖"
_NUMERALS = f"{_DIGITS}两十百千万亿拾佰仟廿"
# No numeral begins inside another or a number; 十 after 数 or 几 is not ten.
_ODD = re.compile(
    r"(?P<blanks>[^\S\n]+)"
    rf"|(?<![0-9几第{_NUMERALS}点])(?:(?<![数上])(?=十)|(?=[{_DIGITS}两廿]))(?:"
    rf"(?P<amount>[{_NUMERALS}]{{1,24}}?(?:点[{_DIGITS}]{{1,8}})?)(?P<unit>亿元|万元|元))"
    rf"|百分之(?P<rate>[{_NUMERALS}]{{1,12}}(?:点[{_DIGITS}]{{1,8}})?)(?![{_NUMERALS}点多几])"
)
_THOUSANDS = re.compile(r"(?<![0-9.,])[0-9]{1,3}(?:[^\S\n][0-9]{3})+(?![0-9])")
_NUMBERING = re.compile(r"\s*[0-9]{1,2}[.]")
_ALIKE = str.maketrans("两〇", "二零")


class Tidied(NamedTuple):
    """The plain text, and where its pieces begin: here, and in the original. Every second piece is not the original."""

    text: str
    here: tuple[int, ...]
    there: tuple[int, ...]

    def original(self, start: int, end: int) -> slice:
        """Where a stretch of the plain text, not an empty one, stands in the original."""
        first, last = bisect_right(self.here, start) - 1, bisect_right(self.here, end - 1) - 1
        return slice(
            self.there[first] + (0 if first % 2 else start - self.here[first]),
            self.there[last + 1] if last % 2 else self.there[last] + end - self.here[last],
        )


def tidied(text: str) -> Tidied:
    text = years_in_digits(text.translate(HALF_WIDTH))
    grouped = frozenset(at for found in _THOUSANDS.finditer(text) for at in range(*found.span()))
    pieces: list[str] = []
    here, there = [0], [0]
    done = length = 0
    for found in _ODD.finditer(text):
        plain = _plain(found, text, grouped)
        if plain is None:
            continue
        pieces += [text[done : found.start()], plain]
        length += found.start() - done
        here += [length, length + len(plain)]
        there += [found.start(), found.end()]
        done, length = found.end(), length + len(plain)
    pieces.append(text[done:])
    return Tidied("".join(pieces), tuple(here), tuple(there))


def _plain(found: re.Match[str], text: str, grouped: frozenset[int]) -> str | None:
    """What to put in place of blanks or Chinese numerals; `None` to leave them."""
    if found["blanks"]:
        start, end = found.span()
        before, after = text[start - 1 : start], text[end : end + 1]
        if after.isdigit() and before.isdigit():
            return "" if start in grouped else None
        if after.isdigit() and before == ".":
            return None if _NUMBERING.fullmatch(text[text.rfind("\n", 0, start) + 1 : start]) else ""
        return None if before and after and (before in ",，" or after in ",，") else ""
    if found["rate"]:
        number = _digits(found["rate"])
        return f"{number}%" if number is not None else None
    return _amount(found["amount"], found["unit"])


def _amount(number: str, unit: str) -> str | None:
    """三百二十 万元 is 320万元; 一亿零三百二十 万元 is read as a whole, in 元."""
    if "万" in number or "亿" in number:
        number, unit = number + unit.removesuffix("元"), "元"
    digits = _digits(number)
    return f"{digits}{unit}" if digits is not None else None


def _digits(numerals: str) -> str | None:
    """Decimal notation of a well-formed numeral, else `None`; 三四十 or 一百二 is not well-formed."""
    from cn2an import cn2an  # type: ignore[import-untyped]  # its start costs 0.1 s, for a rare way of writing

    whole, point, fraction = numerals.translate(_ALIKE).partition("点")
    if whole == "百" and not point:
        return "100"
    try:
        digits = "".join(str(cn2an(each, "strict")) for each in fraction)
        return str(Decimal(cn2an(whole, "strict"))) + (f".{digits}" if point else "")
    except ValueError:
        return None
