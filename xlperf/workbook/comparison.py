"""The sheet 报告对照: what a report says otherwise than the workbook, with the cell and the place in the report."""

from __future__ import annotations

from collections.abc import Sequence

from xlperf.workbook.listing import PLACE, Column, Line, Listing, ListingBook, NamedBook, clear_list, renew_list

_COLUMNS = (
    Column("级别", 7),
    Column(PLACE, 16),
    Column("问题与说明", 62),
    Column("报告写的", 14),
    Column("工作簿里是", 14),
    Column("报告里的位置", 26),
    Column("报告的原文", 46),
    Column("代码", 9),
)
COMPARISON = Listing("报告对照", _COLUMNS, printed=6)


def write_comparison(book: NamedBook, rows: Sequence[Line], places: Sequence[str]) -> None:
    """The list anew, `places` by row. Raises `WorkbookError` where somebody else's sheet bears its name."""
    renew_list(book, COMPARISON, rows, places)


def clear_comparison(book: ListingBook) -> None:
    """Take the sheet away, if there is one of ours."""
    clear_list(book, COMPARISON)
