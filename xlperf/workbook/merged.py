"""What merged cells cover: a file may still hold it, nobody sees it, and formulas over the area count it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from xlperf.package import Area, Cell, CellKind, Ref

_TALL = 100  # rows; merges that are taller are looked through one by one


class MergedBook(Protocol):
    """What is asked of a workbook."""

    def cells(self, sheet: str) -> Mapping[Ref, Cell]: ...
    def merges(self, sheet: str) -> tuple[Area, ...]: ...


def covered_cells(book: MergedBook, sheet: str) -> dict[Ref, Ref]:
    """Cells with contents that lie under a merged cell, each with the corner that is seen in its place."""
    by_row: dict[int, list[Area]] = {}
    tall: list[Area] = []
    for area in book.merges(sheet):
        if area.bottom - area.top >= _TALL:
            tall.append(area)
            continue
        for row in range(area.top, area.bottom + 1):
            by_row.setdefault(row, []).append(area)
    found = {}
    for ref in book.cells(sheet):
        for area in (*by_row.get(ref.row, ()), *tall):
            if area.contains(ref) and ref != (area.top, area.left):
                found[ref] = Ref(area.top, area.left)
    return found


def visible_cells(book: MergedBook, sheet: str) -> Mapping[Ref, Cell]:
    """The cells of a sheet without those that a merged cell covers."""
    cells, covered = book.cells(sheet), covered_cells(book, sheet)
    return {ref: cell for ref, cell in cells.items() if ref not in covered} if covered else cells


def covered_figures(book: MergedBook, sheet: str) -> dict[Ref, Ref]:
    """Those of the covered cells that hold a number, which a formula counts and nobody sees."""
    cells = book.cells(sheet)
    return {ref: seen for ref, seen in covered_cells(book, sheet).items() if cells[ref].kind is CellKind.NUMBER}


def corner_over(book: MergedBook, sheet: str, ref: Ref) -> Ref | None:
    """The corner of the merged cell that covers this one, whatever it holds."""
    areas = (area for area in book.merges(sheet) if area.contains(ref) and ref != (area.top, area.left))
    return next((Ref(area.top, area.left) for area in areas), None)
