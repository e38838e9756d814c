"""What Calc hands in: cells in use only, numbers in a percent format, errors."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from xlperf.udf.calc_values import inward
from xlperf.udf.functions import perf_score
from xlperf.udf.values import ErrorValue, columns_of

LAST = 1_048_575  # the last row of a sheet, from 0


class Cells:
    """A range of a sheet that counts how many cells are handed over."""

    touched = 0

    def __init__(self, rows: dict[int, list[Any]], first: int, last: int, shown: str = "") -> None:
        self.rows, self.first, self.last, self.shown = rows, first, last, shown

    def getRangeAddress(self) -> Any:
        return SimpleNamespace(StartColumn=0, StartRow=self.first, EndRow=self.last)

    def getSpreadsheet(self) -> Any:
        return self

    def createCursor(self) -> Any:
        cursor = Cells(self.rows, 0, max(self.rows))
        cursor.gotoEndOfUsedArea = lambda expands: None  # type: ignore[attr-defined]
        return cursor

    def getCellRangeByPosition(self, left: int, top: int, right: int, bottom: int) -> Any:
        return Cells(self.rows, top, bottom, self.shown)

    def getDataArray(self) -> Any:
        width = len(next(iter(self.rows.values())))
        found = [tuple(self.rows.get(row, [""] * width)) for row in range(self.first, self.last + 1)]
        Cells.touched += sum(map(len, found))
        return tuple(found)

    def getCellByPosition(self, x: int, y: int) -> Any:
        Cells.touched += 1
        return SimpleNamespace(getString=lambda: self.shown, getError=lambda: 532)


def test_a_whole_column_is_looked_at_as_far_as_it_is_used() -> None:
    Cells.touched = 0
    whole = Cells({0: [10.0], 1: [9.5], 400: [5.0]}, 0, LAST)
    whole.getRangeAddress = lambda: SimpleNamespace(StartColumn=0, EndColumn=0, StartRow=0, EndRow=LAST)  # type: ignore[method-assign]
    assert perf_score(inward(whole)) == 24.5
    assert Cells.touched == 401


def test_a_column_below_all_that_is_used() -> None:
    below = Cells({0: [1.0]}, 10, LAST)
    below.getRangeAddress = lambda: SimpleNamespace(StartColumn=0, EndColumn=0, StartRow=10, EndRow=LAST)  # type: ignore[method-assign]
    assert inward(below) == [[""]]


def test_a_number_in_a_percent_format_is_a_percentage() -> None:
    row = Cells({0: ["≥98%", 0.99, 10.0]}, 0, 0, shown="99%")
    assert inward(row) == [["≥98%", "99%", 10.0]]
    assert inward(Cells({0: [0.5, 0.99]}, 0, 0, shown="99%")) == [[0.5, 0.99]]  # points, whatever they look like


def test_an_error_is_told() -> None:
    assert inward(Cells({0: [None]}, 0, 0)) == [[ErrorValue.DIV0]]


def test_other_hosts_hand_in_a_million_rows() -> None:
    """Those at the end that hold nothing are left out before anything is read."""
    rows = [[10.0], [9.5], [None], [5.0], *[[None]] * LAST]
    assert [len(column) for column in columns_of(rows)] == [4]
    assert perf_score(rows) == 24.5
