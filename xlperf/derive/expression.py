"""The third face of a derived cell: its native formula, from the same function, called with cell references.

Only functions that Excel 2010, WPS and any LibreOffice know.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple, Protocol

NOT_COMPUTABLE_TEXT = "——"

_SUM, _PRODUCT, _ATOM = 1, 2, 3


class Operand(NamedTuple):
    """A cell that a formula reads: its reference, what it says now with the columns beside it, and what is typed."""

    reference: str
    text: str
    is_number: bool
    typed: str


@dataclass(frozen=True, slots=True)
class Expression:
    """Formula text that grows as a derivation's function runs on it."""

    text: str
    rank: int = _ATOM
    divides: bool = False

    def __add__(self, other: Expression) -> Expression:
        return self._join("+", other, _SUM, _SUM)

    def __sub__(self, other: Expression) -> Expression:
        return self._join("-", other, _SUM, _PRODUCT)

    def __mul__(self, other: Expression) -> Expression:
        return self._join("*", other, _PRODUCT, _PRODUCT)

    def __truediv__(self, other: Expression) -> Expression:
        joined = self._join("/", other, _PRODUCT, _ATOM)
        return Expression(joined.text, joined.rank, divides=True)

    def least(self, other: Expression) -> Expression:
        return Expression(f"MIN({self.text},{other.text})", divides=self.divides or other.divides)

    def _join(self, sign: str, other: Expression, rank: int, right_rank: int) -> Expression:
        left = self.text if self.rank >= rank else f"({self.text})"
        right = other.text if other.rank >= right_rank else f"({other.text})"
        return Expression(f"{left}{sign}{right}", rank, self.divides or other.divides)


class _HasLeast(Protocol):
    def least(self, other: Any) -> Any: ...


def least(first: Decimal | _HasLeast, second: Any) -> object:
    """The smaller of two, on any kind of operand that a derivation may be run on."""
    return min(first, second) if isinstance(first, Decimal) else first.least(second)


def word_for(score: Decimal | Expression, bands: Sequence[tuple[str, str]]) -> object:
    """The word of the first band, from the top, whose lower bound the score reaches."""
    if isinstance(score, Decimal):
        return next((word for word, bound in bands if score >= Decimal(bound)), bands[-1][0])
    text = f'"{bands[-1][0]}"'
    for word, bound in reversed(bands[:-1]):
        text = f'IF({score.text}>={bound},"{word}",{text})'
    return Expression(text)


def rounded_formula(result: Expression, places: int | None) -> str:
    """The value to the field's places (`None` for a word); a zero base prints as not applicable."""
    text = result.text if places is None else f"ROUND({result.text},{places})"
    return f'IFERROR({text},"{NOT_COMPUTABLE_TEXT}")' if result.divides else text


def first_of(choices: Sequence[tuple[Sequence[str], str]]) -> str:
    """The first formula whose operand cells all hold numbers; nothing if there is none."""
    text = '""'
    for cells, formula in reversed(choices):
        text = f"IF(COUNT({','.join(cells)})={len(cells)},{formula},{text})"
    return text


def sum_formula(terms: Sequence[str], places: int) -> str:
    """A total over cells and ranges: nothing if all are blank, blanks beside figures count as nil."""
    joined = ",".join(terms)
    return f'IF(COUNT({joined})=0,"",ROUND(SUM({joined}),{places}))'


def of_level(levels: str, headed: str, label: str) -> str:
    """1 for the rows of one level, 0 for others; a merged level cell counts for the rows below it.

    `headed` is the column with its header, which a blank level in the first row finds: it would be #N/A otherwise.
    """
    filled = f'LOOKUP(ROW({levels}),ROW({headed})/({headed}<>""),{headed})'
    return f'--(LEFT(SUBSTITUTE(SUBSTITUTE({filled},CHAR(10),"")," ",""),{len(label)})="{label}")'


def level_sum_formula(mine: str, column: str, places: int) -> str:
    """A total over the rows of one level, `mine` as `of_level` says."""
    count = f"SUMPRODUCT({mine},--ISNUMBER({column}))"
    return f'IF({count}=0,"",ROUND(SUMPRODUCT({mine},{column}),{places}))'
