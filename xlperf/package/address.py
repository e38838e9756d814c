"""Cell addresses: 1-based rows and columns, and the `B3` / `A1:C3` notation."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import NamedTuple

from xlperf.text import expression

MAX_ROW = 1_048_576
MAX_COLUMN = 16_384
_CORNER = r"\$?([A-Za-z]{1,3})\$?([1-9][0-9]{0,6})"
_AREA = expression(f"{_CORNER}(?::{_CORNER})?")


class Ref(NamedTuple):
    """One cell; both numbers count from 1."""

    row: int
    col: int


class Area(NamedTuple):
    """A rectangle of cells; all four edges belong to it."""

    top: int
    left: int
    bottom: int
    right: int

    def contains(self, ref: Ref) -> bool:
        return self.top <= ref.row <= self.bottom and self.left <= ref.col <= self.right

    @property
    def rows(self) -> range:
        return range(self.top, self.bottom + 1)

    @property
    def cols(self) -> range:
        return range(self.left, self.right + 1)

    @property
    def size(self) -> int:
        return len(self.rows) * len(self.cols)


@lru_cache(maxsize=MAX_COLUMN)
def column_letters(col: int) -> str:
    letters = ""
    while col:
        col, digit = divmod(col - 1, 26)
        letters = chr(65 + digit) + letters
    return letters


@lru_cache(maxsize=MAX_COLUMN)
def column_number(letters: str) -> int:
    """Raises ValueError for anything that is not a column a sheet can have."""
    if not 1 <= len(letters) <= 3 or not (letters.isascii() and letters.isalpha()):
        raise ValueError(f"{letters!r} is not a column")
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    if number > MAX_COLUMN:
        raise ValueError(f"{letters!r} is beyond the last column")
    return number


def parse_ref(text: str) -> Ref:
    area = parse_area(text)
    if ":" in text:
        raise ValueError(f"{text!r} is not one cell")
    return Ref(area.top, area.left)


def ref_text(ref: Ref) -> str:
    return f"{column_letters(ref.col)}{ref.row}"


def parse_area(text: str) -> Area:
    match = _AREA.fullmatch(text)
    if not match:
        raise ValueError(f"{text!r} is not a range of cells")
    letters, digits, last_letters, last_digits = match.groups()
    top = bottom = int(digits)
    left = right = column_number(letters)
    if last_digits:
        bottom, right = int(last_digits), column_number(last_letters)
        if bottom < top:
            top, bottom = bottom, top
        if right < left:
            left, right = right, left
    if bottom > MAX_ROW:
        raise ValueError(f"{text!r} is beyond the last row")
    return Area(top, left, bottom, right)


def area_text(area: Area) -> str:
    first = ref_text(Ref(area.top, area.left))
    return first if area.size == 1 else f"{first}:{ref_text(Ref(area.bottom, area.right))}"


def bounding_area(refs: Collection[Ref]) -> Area:
    rows = [ref.row for ref in refs]
    cols = [ref.col for ref in refs]
    return Area(min(rows), min(cols), max(rows), max(cols))


def areas_of(refs: Collection[Ref]) -> list[Area]:
    """The cells as few areas, joined down the columns; the order depends on the cells only."""
    areas: list[Area] = []
    for row, col in sorted(set(refs), key=lambda ref: (ref[1], ref[0])):
        if areas and areas[-1].left == col and areas[-1].bottom == row - 1:
            areas[-1] = areas[-1]._replace(bottom=row)
        else:
            areas.append(Area(row, col, row, col))
    return sorted(areas)


def painted(stretches: Sequence[tuple[int, int, int]]) -> dict[int, int]:
    """What each column has after all (first, last, value) are laid one over the other; the last one counts.

    Every column is painted once, however often it is covered.
    """
    values: dict[int, int] = {}
    if not stretches:
        return values
    onwards = list(range(MAX_COLUMN + 2))  # the next column that may be without a value
    for first, last, value in reversed(stretches):
        col = first = max(first, 1)
        while col <= min(last, MAX_COLUMN):
            if onwards[col] == col:
                values[col] = value
                onwards[col] = col + 1
            col = onwards[col]
        while first < col and onwards[first] < col:  # what was walked through leads here at once
            onwards[first], first = col, onwards[first]
    return values


@lru_cache(maxsize=256)
def quoted_title(sheet: str) -> str:
    """A sheet's title as formulas write it: Chinese needs no quotes; signs, leading digits and `AB12` do."""
    plain = re.fullmatch(r"[^\W\d]\w*", sheet) and not re.fullmatch(r"[A-Za-z]{1,3}\d+|[Rr]\d*[Cc]\d*", sheet)
    return sheet if plain else "'" + sheet.replace("'", "''") + "'"


def split_reference(reference: str) -> tuple[str, Ref]:
    """`'表1 (2)'!G12` -> title and cell."""
    sheet, _, ref = reference.rpartition("!")
    if sheet.startswith("'"):
        sheet = sheet[1:-1].replace("''", "'")
    return sheet, parse_ref(ref)


def in_file(at: str, name: str) -> str:
    """An address with the file's name before it: [甲.xlsx]自评表!G12, and of a document 乙.docx 表1 第3行第2列."""
    if "!" not in at:
        return f"{name} {at}".rstrip()
    sheet, ref = split_reference(at)
    return f"{quoted_title(f'[{name}]{sheet}')}!{ref_text(ref)}"
