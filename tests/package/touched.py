"""What a fuzzer and a campaign do to any file: read all of a sheet, and write something of every kind."""

from __future__ import annotations

from decimal import Decimal

from xlperf.package import Ref, Workbook


def read(book: Workbook, title: str) -> None:
    for cell in book.cells(title).values():
        book.number_format(cell)
    book.notes(title)


def touch(book: Workbook, title: str, at: Ref, *, formula: str | None = None) -> None:
    book.write(title, at, Decimal(1), formula=formula, number_format="0.0%")
    book.set_highlights(title, "t", {"FF0000": [at]})
    book.set_notes(title, "t", {at: "x"})
    book.set_links(title, {at: "A1"})
