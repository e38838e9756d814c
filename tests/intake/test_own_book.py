"""A workbook of somebody's own form is read by its names; every other file by its headings."""

from __future__ import annotations

import shutil
from pathlib import Path

import openpyxl
import pytest

from tests.places import DATA
from tests.test_tiny import VALUES
from xlperf.form.forms import default_template, load_template
from xlperf.intake.own_book import own_intake
from xlperf.workbook.actions import fill, new_workbook, open_form


@pytest.fixture
def book(tmp_path: Path) -> Path:
    shutil.copy(DATA / "tiny.toml", tmp_path)
    load_template(str(DATA / "tiny.toml"))
    new_workbook(VALUES).save(tmp_path / "小表.xlsx")
    return tmp_path / "小表.xlsx"


def test_every_cell_with_its_place(book: Path) -> None:
    found = own_intake(book)
    assert found is not None
    template, intake = found
    assert (template.id, intake.values, intake.left) == ("tiny", VALUES, ())
    places = {entry.key: entry.place for entry in intake.entries}
    assert places["fees"] == "小表.xlsx 工作表“小表” B4"
    assert places["items[1].amount"] == "小表.xlsx 工作表“小表” B9"


def test_what_a_formula_gives_is_left_to_the_new_one(book: Path) -> None:
    form = open_form(book)
    fill(form)
    form.book.save(book)
    found = own_intake(book)
    assert found is not None
    assert "total" not in found[1].values["fields"]


def test_a_sheet_of_somebodys_own_is_listed(book: Path) -> None:
    opened = openpyxl.load_workbook(book)
    opened.create_sheet("底稿")["A1"] = "发票 12 张"
    opened.save(book)
    found = own_intake(book)
    assert found is not None
    assert [(each.text, each.reason) for each in found[1].left] == [("底稿", "不是“小表”的工作表，没有导入")]


def test_what_is_read_by_its_headings(book: Path, tmp_path: Path) -> None:
    """Another form is wanted; its TOML is gone; a listed form; another kind of file."""
    assert own_intake(book, default_template()) is None
    new_workbook({"year": 2024}).save(tmp_path / "部门.xlsx")
    (tmp_path / "报告.txt").write_text("2024年", "utf-8")
    assert own_intake(tmp_path / "部门.xlsx") is None
    assert own_intake(tmp_path / "报告.txt") is None
    opened = openpyxl.load_workbook(book)
    del opened.defined_names["xp_fees"]
    opened.save(book)
    assert own_intake(book) is None
