"""The sheets that list something: one writer for all, and they go as they came."""

from __future__ import annotations

import io

import openpyxl
import pytest

from tests.package.books import book, entries, sheet
from xlperf.package import Workbook
from xlperf.package.look import Layout
from xlperf.workbook.listing import PLACE, Column, Formula, Line, Listing, add_sheet, remove_list, write_list

COLUMNS = (Column("项目", 12), Column(PLACE, 8), Column("情况", 6))
WRAPPED = Listing("清单", COLUMNS, above=("说明",))
PLAIN = WRAPPED._replace(above=(), wraps=False)
ROWS: list[Line] = [("甲", "表!A1", Formula("A1&1", "七")), ("=乙", None, ""), ("尾",)]
A1 = '<row r="1"><c r="A1"><v>5</v></c></row>'


def listed(listing: Listing) -> bytes:
    workbook = Workbook.open(book(sheet(A1)))
    add_sheet(workbook, listing)
    write_list(workbook, listing, ROWS, ["表!A1", ""])
    return workbook.to_bytes()


@pytest.mark.parametrize("listing", [WRAPPED, PLAIN], ids=["wrapped", "plain"])
def test_lines_headings_and_rows(listing: Listing) -> None:
    shown = openpyxl.load_workbook(io.BytesIO(listed(listing)))["清单"]
    above: list[tuple[str | None, ...]] = [(text, None, None) for text in listing.above]
    assert list(shown.values) == [
        *above,
        ("项目", PLACE, "情况"),
        ("甲", "表!A1", "=A1&1"),
        ("=乙", None, ""),
        ("尾", None, None),
    ]
    assert [shown.column_dimensions[letter].width for letter in "ABC"] == [12, 8, 6]
    assert [cell.data_type for cell in shown["A"]][-2] == "s"  # what looks like a formula is text
    assert {cell.coordinate: cell.hyperlink.location for row in shown for cell in row if cell.hyperlink} == {
        f"B{listing.head + 1}": "表!A1"
    }
    wrapped = {cell.row for row in shown for cell in row if cell.alignment.wrap_text}
    assert wrapped == ({2, 3, 4} if listing.wraps else set())  # neither the lines above nor one of a single cell


def test_a_formula_has_its_result() -> None:
    texts = [cell for cell in Workbook.open(listed(PLAIN)).cells("清单").values() if cell.formula]
    assert [(cell.formula, cell.text) for cell in texts] == [("A1&1", "七")]


def test_the_last_sheet_goes_without_a_trace() -> None:
    workbook = Workbook.open(listed(PLAIN))
    remove_list(workbook, "清单", 1)
    before, after = entries(book(sheet(A1))), entries(workbook.to_bytes())
    assert after.keys() == before.keys()
    assert [name for name in after if "worksheets" in name and after[name] != before[name]] == []


def test_one_that_others_follow_is_emptied() -> None:
    """Taking it away would change the numbers of those behind it."""
    workbook = Workbook.open(listed(PLAIN))
    workbook.add_blank_sheet("后来", Layout([8]))
    remove_list(workbook, "清单", 2, [["已去掉"]])
    again = Workbook.open(workbook.to_bytes())
    assert again.sheets == ("表", "乙", "清单", "后来")
    assert [cell.text for _, cell in sorted(again.cells("清单").items())] == ["项目", PLACE, "情况", "已去掉"]
    assert b"<hyperlink" not in entries(workbook.to_bytes())["xl/worksheets/sheet3.xml"]
