"""What merged cells cover: a file may still hold it, nobody sees it, and formulas over the area count it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from itertools import groupby
from typing import Protocol

from xlperf.package import Area, Cell, CellKind, Ref


class MergedBook(Protocol):
    """What is asked of a workbook."""

    def cells(self, sheet: str) -> Mapping[Ref, Cell]: ...
    def merges(self, sheet: str) -> tuple[Area, ...]: ...


def covered(refs: Collection[Ref], merges: Iterable[Area]) -> dict[Ref, Ref]:
    """Of some places those that lie under a merged cell, in reading order, each with the corner seen in its place."""
    filled = sorted({ref.row for ref in refs})
    by_row: dict[int, list[Area]] = defaultdict(list)
    for area in sorted(merges, key=lambda area: (area.left, area.top)):
        for row in filled[bisect_left(filled, area.top) : bisect_right(filled, area.bottom)]:
            by_row[row].append(area)
    found = {}
    for row, group in groupby(sorted(ref for ref in refs if ref.row in by_row), key=lambda ref: ref.row):
        areas, at = by_row[row], 0
        widest: Area | None = None  # of those that begin further left the one that reaches furthest right
        for ref in group:
            while at < len(areas) and (areas[at].left < ref.col or (areas[at].left == ref.col and areas[at].top < row)):
                if widest is None or areas[at].right > widest.right:
                    widest = areas[at]
                at += 1
            if widest is not None and widest.right >= ref.col:
                found[ref] = Ref(widest.top, widest.left)
    return found


def covered_cells(book: MergedBook, sheet: str) -> dict[Ref, Ref]:
    """Cells with contents that lie under a merged cell, each with the corner that is seen in its place."""
    return covered(book.cells(sheet), book.merges(sheet))


def visible_cells(book: MergedBook, sheet: str) -> Mapping[Ref, Cell]:
    """The cells of a sheet without those that a merged cell covers."""
    cells, under = book.cells(sheet), covered_cells(book, sheet)
    return {ref: cell for ref, cell in cells.items() if ref not in under} if under else cells


def covered_figures(book: MergedBook, sheet: str) -> dict[Ref, Ref]:
    """Those of the covered cells that hold a number, which a formula counts and nobody sees."""
    cells = book.cells(sheet)
    return {ref: seen for ref, seen in covered_cells(book, sheet).items() if cells[ref].kind is CellKind.NUMBER}


def corner_over(book: MergedBook, sheet: str, ref: Ref) -> Ref | None:
    """The corner of the merged cell that covers this one, whatever it holds."""
    areas = (area for area in book.merges(sheet) if area.contains(ref) and ref != (area.top, area.left))
    return next((Ref(area.top, area.left) for area in areas), None)
