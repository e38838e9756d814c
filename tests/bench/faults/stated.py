"""The cells of a form as the oracle reads them: text, number, and the range of true figures behind it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any, NamedTuple

Range = tuple[Fraction, Fraction]
_WIDE = str.maketrans("０１２３４５６７８９％．，－", "0123456789%.,-")
_NUMBER = re.compile(r"[+-]?\d[\d,]*(?:\.\d+)?%?|[+-]?\.\d+%?")


class Broken(NamedTuple):
    """An identity that no true figures behind the stated ones can satisfy, and the cells it speaks of."""

    name: str
    keys: tuple[str, ...]


class Sheet:
    """The cells of a form by key; row tables are flattened to `indicators[0].score`."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.texts: dict[str, str] = {"year": str(values.get("year", "")), **values["fields"]}
        tables = {key: rows for key, rows in values.items() if isinstance(rows, list)}
        self.rows = Counter({key: len(rows) for key, rows in tables.items()})  # none of a table that is not there
        for table, rows in tables.items():
            for index, row in enumerate(rows):
                self.texts |= {f"{table}[{index}].{column}": text for column, text in row.items()}
        self._ranges: dict[str, Range | None] = {}

    def text(self, key: str) -> str:
        return self.texts.get(key, "").strip()

    def blank(self, key: str) -> bool:
        return not self.text(key)

    def number(self, key: str) -> Fraction | None:
        found = read(self.text(key))
        return None if found is None else found[0]

    def range(self, key: str) -> Range | None:
        """All true figures the cell may stand for."""
        if key not in self._ranges:
            self._ranges[key] = self._range(key)
        return self._ranges[key]

    def compute(self, key: str, parts: Iterable[str]) -> None:
        """The cell is the sum of these, each of which was rounded."""
        self._ranges[key] = total_of(self, parts)

    def _range(self, key: str) -> Range | None:
        found = read(self.text(key))
        if found is None:
            return None
        value, places = found
        if is_exact(key):
            return value, value
        if not key.endswith("_rate"):
            places = max(places, 2)
        return around(value, places)


def is_exact(key: str) -> bool:
    return (
        key.endswith(("weight", "score")) or key.startswith(("staff_q", "staff_a", "building_area_a")) or key == "year"
    )


def around(value: Fraction, places: int) -> Range:
    half = Fraction(1, 2 * 10**places)
    return value - half, value + half


def read(text: str) -> tuple[Fraction, int] | None:
    """A number and the decimals it was written with; of a percentage, those of the fraction."""
    compact = "".join(text.translate(_WIDE).split())
    if not _NUMBER.fullmatch(compact):
        return None
    digits = compact.rstrip("%").replace(",", "")
    places = len(digits.partition(".")[2])
    value = Fraction(digits)
    return (value / 100, places + 2) if compact.endswith("%") else (value, places)


def total_of(sheet: Sheet, keys: Iterable[str]) -> Range:
    """The range of a sum; cells without a figure count as nil."""
    ranges = [found for key in keys if (found := sheet.range(key))]
    return sum((r[0] for r in ranges), Fraction(0)), sum((r[1] for r in ranges), Fraction(0))


def meet(one: Range, other: Range) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]
