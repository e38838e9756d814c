"""Other forms that a form is held against: as their reader sees them, at addresses that name their file."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from tests.intake.laid_out import YUNNAN, as_workbook
from tests.workbooks import new_bytes
from xlperf.form.forms import load_template
from xlperf.form.record import Record, record_from_values
from xlperf.workbook.actions import open_form
from xlperf.workbook.given import Given, as_given, held_against, is_of_project
from xlperf.workbook.inspection import inspect


def read(path: Path) -> Record:
    form = open_form(path)
    return inspect(form.book, form.binding, form.record)


def department() -> Record:
    return record_from_values({"year": 2022}, load_template("department_overall"))


def test_a_form_in_yuan_is_given_in_ten_thousands(tmp_path: Path) -> None:
    given = as_given(read(as_workbook(YUNNAN, tmp_path / "云.xlsx")), "云.xlsx")
    assert given["annual_spent"].number == Decimal("38.766462")
    assert given["annual_spent"].at == "'[云.xlsx]Sheet'!F4"
    assert given["project_name"].text == "困难学生生活补助"
    assert given.source == "云.xlsx"


def test_of_the_workbook_itself_the_addresses_stay(tmp_path: Path) -> None:
    assert as_given(read(as_workbook(YUNNAN, tmp_path / "云.xlsx")))["annual_spent"].at == "Sheet!F4"


def test_a_figure_in_a_wrong_place_is_not_given(tmp_path: Path) -> None:
    """The label beside 全年执行数 was overwritten with that of another cell."""
    form = open_form(new_bytes({"template": "project_spending", "fields": {"preparer": "李红"}}))
    place = form.binding.place("preparer")
    form.book.write(place.sheet, place.ref._replace(col=place.ref.col - 1), "联系电话：")
    form.book.save(tmp_path / "甲.xlsx")
    assert as_given(read(tmp_path / "甲.xlsx"), "甲.xlsx")["preparer"].text == ""


def test_only_a_department_is_held_against_projects(tmp_path: Path) -> None:
    own = read(as_workbook(YUNNAN, tmp_path / "云.xlsx"))
    other = as_given(own, "另.xlsx")
    assert is_of_project(own)
    assert held_against(own, Given(projects=(other,))).projects is None
    assert held_against(department(), Given(), 1, [own]).projects is None
    held = held_against(department(), Given(projects=(other,)), 1, [own, department()]).projects
    assert held is not None
    assert [each["annual_spent"].at for each in held] == ["Sheet!F4", "'[另.xlsx]Sheet'!F4"]
