"""New rows on a sheet that says that all heights were chosen by hand, as those of a file that Calc saved."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from tests.package.books import book, changed, sheet, sheet1
from xlperf.package import Ref, Value, Workbook

BY_HAND = '<sheetFormatPr defaultRowHeight="12.5" customHeight="true"/><cols><col min="2" max="2" width="10.7"/></cols>'


def heights(blob: bytes) -> list[str]:
    return [re.sub(r'.*? ht="([0-9.]+)".*|.*', r"\1", row) for row in re.findall(r"<row [^>]*>", sheet1(blob))]


@pytest.mark.parametrize(
    ("row", "height"),
    [
        (["", ""], "12.5"),
        ([Decimal(123456789012), "a"], "12.5"),
        (["", "一二三四五"], "12.5"),  # 10 characters wide, as the column is
        (["", "一二三四五六"], "25"),
        (["", "abcdefghijk"], "25"),
        (["", "一\n二\n三"], "37.5"),
        (["一二三四五六七八", ""], "37.5"),  # a column of no width of its own has 8.43 characters
        (["", "字" * 1000], "409"),
        ([None, "一二三四五六"], "25"),
    ],
)
def test_row_is_as_high_as_its_text(row: list[Value], height: str) -> None:
    workbook = Workbook.open(book(sheet("", head=BY_HAND)))
    workbook.set_rows("表", 2, [row])
    assert heights(workbook.to_bytes()) == [height]


def test_cells_that_wrap_in_a_new_row() -> None:
    workbook = Workbook.open(book(sheet('<row r="1" ht="20"/>', head=BY_HAND)))
    for ref, wrap in ((Ref(1, 2), True), (Ref(2, 2), True), (Ref(3, 2), False)):
        workbook.write("表", ref, "一二三四五六", wrap=wrap)
    assert heights(workbook.to_bytes()) == ["20", "25", ""]


@pytest.mark.parametrize("head", ["", '<sheetFormatPr defaultRowHeight="12.5"/>', '<sheetFormatPr customHeight="0"/>'])
def test_programs_find_it_elsewhere(head: str) -> None:
    workbook = Workbook.open(book(sheet("", head=head)))
    workbook.set_rows("表", 1, [["字" * 100]])
    assert heights(workbook.to_bytes()) == [""]


def test_rows_go_without_a_trace() -> None:
    blob = book(sheet('<row r="1" ht="20"/>', head=BY_HAND))
    workbook = Workbook.open(blob)
    workbook.set_rows("表", 2, [["字" * 100]])
    marked = workbook.to_bytes()
    assert changed(blob, marked)
    workbook = Workbook.open(marked)
    workbook.set_rows("表", 2, [])
    assert sheet1(workbook.to_bytes()) == sheet1(blob)
