"""A file as it is drawn: merges, widths, borders, fills, texts as shown."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.colors import Color

from tests.places import ROOT
from xlperf.page.drawing import MOST_ROWS, drawn
from xlperf.workbook.actions import new_workbook


@pytest.fixture
def book() -> Any:
    return openpyxl.Workbook()


def cells_of(sheet: dict[str, Any], looks: list[dict[str, Any]]) -> dict[tuple[int, int], tuple[str, dict[str, Any]]]:
    return {(row, col): (text, looks[look]) for row, col, text, look in sheet["cells"]}


def test_texts_as_shown_and_looks(book: Any, tmp_path: Path) -> None:
    sheet = book.active
    sheet["A1"] = 0.2224
    sheet["A1"].number_format = "0.00%"
    sheet["B1"] = date(2026, 1, 20)
    sheet["B1"].number_format = 'yyyy"年"m"月"d"日"'
    sheet["A2"] = "项目"
    sheet["A2"].font = Font(bold=True, size=16, color="FF0000")
    sheet["A2"].fill = PatternFill("solid", fgColor="FFF2CC")
    sheet["A2"].border = Border(left=Side("thin"), bottom=Side("thin"))
    sheet["A2"].alignment = Alignment(horizontal="center", vertical="top")
    sheet["B2"].fill = PatternFill("solid", fgColor=Color(theme=4, tint=0.5))
    sheet["C3"] = True
    sheet.merge_cells("A2:A3")
    sheet.column_dimensions["B"].width = 20
    sheet.row_dimensions[2].height = 33
    sheet.row_dimensions[3].hidden = True
    book.save(tmp_path / "a.xlsx")
    found = drawn(tmp_path / "a.xlsx")
    (one,) = found["sheets"]
    cells = cells_of(one, found["looks"])
    assert cells[1, 1][0] == "22.24%"
    assert cells[1, 1][1]["align"] == "right"
    assert cells[1, 2][0] == "2026年1月20日"
    assert cells[2, 1][0] == "项目"
    look = cells[2, 1][1]
    assert (look["bold"], look["size"], look["color"], look["fill"]) == (True, 16.0, "#FF0000", "#FFF2CC")
    assert (look["border"], look["align"], look["vertical"]) == ("lb", "center", "top")
    assert cells[2, 2][1]["fill"] == "#A1B8E1"
    assert cells[3, 3][0] == "TRUE"
    assert (one["merges"], one["widths"][1], one["heights"][1]) == ([[2, 1, 3, 1]], 20.0, 33.0)
    assert (one["hidden_rows"], one["cut"], one["hidden"]) == ([3], False, False)


def test_our_own_form_is_drawn_whole(tmp_path: Path, beita_values: dict[str, Any]) -> None:
    new_workbook(beita_values).save(tmp_path / "a.xlsx")
    found = drawn(tmp_path / "a.xlsx")
    titles = [sheet["title"] for sheet in found["sheets"]]
    assert titles[:4] == ["首页", "填表说明", "收支情况", "基础数据表"]
    finance = cells_of(found["sheets"][2], found["looks"])
    assert finance[13, 6][0] == "22.24%"
    assert len({look.get("fill") for _, look in finance.values()}) > 2, "inputs, derived cells, headings"
    json.dumps(found)


def test_a_giant_sheet_is_cut(book: Any, tmp_path: Path) -> None:
    book.active.cell(MOST_ROWS + 500, 2, "远")
    book.save(tmp_path / "a.xlsx")
    (sheet,) = drawn(tmp_path / "a.xlsx")["sheets"]
    assert (sheet["rows"], sheet["cut"], len(sheet["heights"])) == (MOST_ROWS, True, MOST_ROWS)


def test_a_document_is_drawn_by_its_blocks(tmp_path: Path) -> None:
    path = tmp_path / "报告.txt"
    path.write_bytes((ROOT / "tests" / "intake" / "cases" / "beita_2023.txt").read_bytes())
    blocks = drawn(path)["blocks"]
    assert blocks[0]["text"]
    assert all(set(block) in ({"place", "text"}, {"place", "cells"}) for block in blocks)
