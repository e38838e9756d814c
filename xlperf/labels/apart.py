"""Headings that stand apart: those of another table beside the form's, beyond a column that nothing fills."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from xlperf.labels.blocks import Cell
from xlperf.labels.spelling import plain


def column_ends(cells: Iterable[Cell]) -> Mapping[int, int]:
    """By column, the last row in which something stands in it."""
    ends: dict[int, int] = {}
    for cell in cells:
        if plain(cell.text):
            last = cell.row + cell.rows - 1
            for column in range(cell.col, cell.col + cell.cols):
                ends[column] = max(last, ends.get(column, last))
    return ends


def stretches(heads: Sequence[Cell], ends: Mapping[int, int]) -> list[range]:
    """The columns of a row's headings, cut wherever a column between two of them is empty from that row on."""
    found: list[range] = []
    for head in heads:
        between = range(found[-1].stop if found else head.col, head.col)
        end = head.col + head.cols
        if found and all(ends.get(column, -1) >= head.row for column in between):
            found[-1] = range(found[-1].start, end)
        else:
            found.append(range(head.col, end))
    return found
