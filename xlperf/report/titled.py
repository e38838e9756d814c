"""The cells beside and under a title: 填表人 in one cell, the name in the next; 联系电话 over a column of numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

from xlperf.package import Cell, CellKind, Ref
from xlperf.report.names import is_title, whole_names
from xlperf.report.plain import plain
from xlperf.report.sections import words

_FARTHEST = 15  # columns between a title and its cell; merged cells lie between
_NUMBER = re.compile("[0-9A-Za-z@][0-9A-Za-z@._/()+ -]{4,60}")


class Titled(NamedTuple):
    """What stands beside or under titles: names, and the cells that hold somebody's number."""

    names: frozenset[str]
    numbers: frozenset[Ref]


def titled_cells(cells: Mapping[Ref, Cell]) -> Titled:
    """What the titles of one sheet say of the cells around them."""
    names: set[str] = set()
    numbers: set[Ref] = set()
    rows = _rows(cells)
    for ref, cell in cells.items():
        kind = _kind(cell)
        if kind is None:
            continue
        right = _right(ref, rows, cells)
        beside = [right] if right is not None and _kind(cells[right]) is None else []
        for at in beside or _below(ref, cells):
            text = plain(cells[at].text).text
            found = whole_names(text) if kind == "name" and cells[at].kind is CellKind.TEXT else set()
            is_number = kind == "number" and _is_number(text, cells[at])
            if not found and not is_number:
                break
            names |= found
            if is_number:
                numbers.add(at)
    return Titled(frozenset(names), frozenset(numbers))


def _rows(cells: Mapping[Ref, Cell]) -> dict[int, list[int]]:
    rows: dict[int, list[int]] = {}
    for row, col in sorted(cells):
        rows.setdefault(row, []).append(col)
    return rows


def _right(ref: Ref, rows: Mapping[int, list[int]], cells: Mapping[Ref, Cell]) -> Ref | None:
    """The next cell of the row that says something."""
    for col in rows[ref.row]:
        if ref.col < col <= ref.col + _FARTHEST and cells[Ref(ref.row, col)].text.strip():
            return Ref(ref.row, col)
    return None


def _below(ref: Ref, cells: Mapping[Ref, Cell]) -> Iterator[Ref]:
    """The cells under it, a blank one here and there left out."""
    row, blank = ref.row + 1, 0
    while blank < 2:
        at = Ref(row, ref.col)
        if at in cells and cells[at].text.strip():
            blank = 0
            yield at
        else:
            blank += 1
        row += 1


def _kind(cell: Cell) -> str | None:
    """Is this cell a title, of a name or of a number?"""
    if cell.kind is not CellKind.TEXT or len(cell.text) > 30:
        return None
    text = plain(cell.text).text
    if is_title(text):
        return "name"
    return "number" if re.sub(r"[ \n:_]|\([^()]*\)", "", text) in _number_titles() else None


@cache
def _number_titles() -> frozenset[str]:
    spec = words()["redact"]
    return frozenset([*spec["phone_titles"], *spec["number_titles"], *(f"{each}号码" for each in spec["phone_titles"])])


def _is_number(text: str, cell: Cell) -> bool:
    if cell.kind is CellKind.NUMBER:
        return text.isdigit() and len(text) >= 6
    return (
        cell.kind is CellKind.TEXT
        and any(map(str.isdigit, text))
        and (_NUMBER.match(text.strip()) is not None or sum(map(str.isdigit, text)) >= 6)
    )
