"""Other forms that a form is held against: as their reader sees them, at addresses that name their file."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from tests.intake.laid_out import YUNNAN, as_workbook
from tests.workbooks import new_bytes
from xlperf.form.forms import load_template
from xlperf.form.record import Record, record_from_values
from xlperf.workbook.actions import open_form
from xlperf.workbook.given import Given, as_given, counterpart, held_against, is_of_project
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


def goals_of(name: str, year: int | None = 2024) -> Record:
    head = {} if year is None else {"year": year}
    return record_from_values(head | {"fields": {"project_name": name}}, load_template("goals"))


@pytest.mark.parametrize(
    ("own", "others", "which"),
    [
        ("图书馆免费开放", ["乡镇道路维修", "图书馆免费开放"], 1),
        ("2024年图书馆（总馆）免费开放", ["图书馆(总馆)免费开放", "乡镇道路维修"], 0),
        ("图书馆免费开放", ["公共图书馆免费开放"], 0),  # the only one that is given may be called otherwise
        ("图书馆免费开放", ["公共图书馆免费开放", "乡镇道路维修"], None),
        ("图书馆免费开放", ["图书馆免费开放", "图书馆免费开放"], None),
        ("一期工程", ["二期工程"], None),
        ("图书馆免费开放", ["乡镇道路维修"], None),
        ("图书馆免费开放", [""], None),
        ("", ["图书馆免费开放"], None),
        ("图书馆免费开放", [], None),
    ],
)
def test_the_goals_of_a_project(own: str, others: list[str], which: int | None) -> None:
    record = record_from_values({"year": 2024, "fields": {"project_name": own}}, load_template("project_spending"))
    forms = [goals_of(each) for each in others]
    assert counterpart(record, forms) is (None if which is None else forms[which])


@pytest.mark.parametrize(("year", "is_compared"), [(2024, True), (2023, False), (None, True)])
def test_of_the_same_year(year: int | None, is_compared: bool) -> None:
    record = record_from_values({"year": 2024, "fields": {"project_name": "甲"}}, load_template("project_spending"))
    assert (counterpart(record, [goals_of("甲", year)]) is not None) is is_compared


def test_a_project_is_not_held_against_the_goals_of_a_unit() -> None:
    own = record_from_values({"year": 2024, "fields": {"project_name": "甲"}}, load_template("project_spending"))
    assert counterpart(own, [department()]) is None
    assert counterpart(department(), [goals_of("甲", 2022)]) is None
