"""Two tables of indicators side by side, of the whole term and of the year, become two, one below the other.

一级指标 | 二级指标 | 三级指标 | 指标值 | 二级指标 | 三级指标 | 指标值: those of the whole term stand left, and the
columns that only the left one has are of both. The cells keep their places as the document calls them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from xlperf.form.template import INDICATORS, LONG_TERM
from xlperf.labels.blocks import Cell, Table
from xlperf.labels.grammar import meaning
from xlperf.labels.words import Block, Known

_NAMES = ("level3", "name")


class _Twice(NamedTuple):
    """Where two tables stand: from a header on to the row before `end`; `shared` columns are of both."""

    first: int
    end: int
    right: int  # the column from which on cells are of the second
    shared: range


def one_below_the_other(table: Table, known: Known) -> Table:
    """The table as it is, unless it holds two tables of indicators side by side."""
    by_role = {block.table: block for block in known.blocks.values()}
    own, long_term = by_role.get(INDICATORS), by_role.get(LONG_TERM)
    twice = _twice(table.cells, known, own) if own is not None and long_term is not None else None
    if twice is None or long_term is None:
        return table
    return Table(table.place, tuple(sorted(_moved(table.cells, twice, long_term.side[0]))))


def _moved(cells: Sequence[Cell], twice: _Twice, side: str) -> Iterator[Cell]:
    """A line that says what the left one is, that, the right one with what is of both, and what stood below."""
    height = twice.end - twice.first
    for cell in cells:
        if cell.row < twice.first:
            yield cell
        elif cell.row >= twice.end:
            yield cell._replace(row=cell.row + 1 + height)
        else:
            is_shared = cell.col in twice.shared
            if cell.col < twice.right:
                yield cell._replace(row=cell.row + 1)
            if is_shared or cell.col >= twice.right:
                yield cell._replace(row=cell.row + 1 + height)
    yield Cell(twice.first, 0, side)


def _twice(cells: Sequence[Cell], known: Known, own: Block) -> _Twice | None:
    for row in sorted({cell.row for cell in cells}):
        heads = [cell for cell in cells if cell.row == row]
        kinds = [_kind(cell, known, own) for cell in heads]
        if kinds.count("target") != 2 or kinds.count("level3") != 2:
            continue
        second = next(place for place, kind in enumerate(kinds) if kind and kind in kinds[:place])
        right = heads[second].col
        only_left = [cell for cell, kind in zip(heads, kinds, strict=True) if kind and kinds.count(kind) == 1]
        shared = range(min((cell.col for cell in only_left), default=0), _end_of(only_left))
        across = (cell.row for cell in cells if cell.row > row and cell.col < right < cell.col + cell.cols)
        end = min(across, default=max(cell.row for cell in cells) + 1)
        return _Twice(row, end, right, shared)
    return None


def _end_of(cells: Sequence[Cell]) -> int:
    return max((cell.col + cell.cols for cell in cells), default=0)


def _kind(cell: Cell, known: Known, own: Block) -> str:
    found = own.columns.get(known.label(cell.text).name, "") or meaning(cell.text, own.words)
    return "level3" if found in _NAMES else found
