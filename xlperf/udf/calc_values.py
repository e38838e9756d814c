"""Cells of LibreOffice Calc as the functions take them, and error values as Calc keeps them."""

from __future__ import annotations

import struct
from typing import Any

from xlperf.udf.values import ErrorValue, as_percent

# Calc's own numbers of errors.
_CODES = {
    ErrorValue.NULL: 521,
    ErrorValue.DIV0: 532,
    ErrorValue.VALUE: 519,
    ErrorValue.REF: 524,
    ErrorValue.NAME: 525,
    ErrorValue.NUM: 503,
    ErrorValue.NA: 0x7FFF,
}
_ERRORS = {code: error for error, code in _CODES.items()} | {502: ErrorValue.NUM}  # 502: SQRT(-1)


def error_number(error: ErrorValue) -> float:
    """An error value as Calc keeps it: its number in the payload of a NaN."""
    bits = 0x7FF8 << 48 | _CODES.get(error, _CODES[ErrorValue.VALUE])
    (value,) = struct.unpack("<d", struct.pack("<Q", bits))
    return float(value)


def inward(argument: Any) -> Any:
    """A value, a table of values, or cells, of which Calc shows the data with errors left out.

    Of whole columns only the rows that hold something are looked at. A number that shows as a percentage is one.
    """
    if argument is None or isinstance(argument, str | tuple):
        return argument
    if isinstance(argument, float):
        return argument or ""  # a blank cell comes as 0
    cells = _in_use(argument)
    return [
        [_read(cells, x, y, cell, len(row)) for x, cell in enumerate(row)] for y, row in enumerate(cells.getDataArray())
    ]


def _in_use(cells: Any) -> Any:
    """The rows of a range down to the last one that its sheet uses."""
    place = cells.getRangeAddress()
    sheet = cells.getSpreadsheet()
    used = sheet.createCursor()
    used.gotoEndOfUsedArea(False)
    last = max(place.StartRow, min(place.EndRow, used.getRangeAddress().EndRow))
    if last == place.EndRow:
        return cells
    return sheet.getCellRangeByPosition(place.StartColumn, place.StartRow, place.EndColumn, last)


def _read(cells: Any, x: int, y: int, cell: Any, width: int) -> Any:
    """Only targets and results, the first columns of a wide range, may be percentages."""
    if cell is None:
        return _ERRORS.get(cells.getCellByPosition(x, y).getError(), ErrorValue.VALUE)
    if isinstance(cell, float) and width > 2 and x < 2 and cells.getCellByPosition(x, y).getString().endswith("%"):
        return as_percent(cell)
    return cell
