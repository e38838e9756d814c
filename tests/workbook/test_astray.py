"""Rows that moved while the names did not: figures beside another label are left alone, whatever is done."""

from __future__ import annotations

import io
import json
from pathlib import Path

import openpyxl
import pytest

from tests.command import Run
from tests.workbook.test_inspection import CLEAN
from tests.workbooks import edited, new_bytes, place_of
from xlperf.errors import WorkbookError
from xlperf.form.record import State
from xlperf.package import Ref, Workbook
from xlperf.udf.formulas import perf_formulas
from xlperf.workbook.actions import (
    FillAs,
    Formulas,
    fill,
    freeze,
    open_form,
    previous_record,
    roll,
    unfilled,
)
from xlperf.workbook.inspection import inspect

FIGURES = {
    "vehicle_operation_prior_actual": "3.20", "vehicle_operation_budget": "3.00", "vehicle_operation_actual": "2.80",
    "reception_prior_actual": "3.00", "reception_budget": "2.50", "reception_actual": "2.00",
    "project_business_prior_actual": "50.00", "project_business_budget": "60.00", "project_business_actual": "57.00",
    "operating_office_prior_actual": "10.00", "operating_office_budget": "9.00", "operating_office_actual": "8.50",
}  # fmt: skip
VALUES = CLEAN | {"fields": CLEAN["fields"] | FIGURES}
SHEET = "基础数据表"
COLUMNS = (3, 5, 7)


@pytest.fixture(scope="module")
def moved() -> bytes:
    """A row put in above 公务用车 by a library that moves neither names nor formulas nor merges."""
    blob = new_bytes(VALUES)
    row = open_form(blob).binding.place("vehicle_actual").ref.row
    book = openpyxl.load_workbook(io.BytesIO(blob))
    sheet = book[SHEET]
    for area in list(sheet.merged_cells.ranges):
        if area.min_row >= row:
            sheet.unmerge_cells(str(area))
    sheet.insert_rows(row)
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def figures(blob: bytes) -> dict[tuple[str, int], str]:
    """What stands beside each label, whatever the names say."""
    cells = Workbook.open(blob).cells(SHEET)
    rows = {ref.row: cell.text for ref, cell in cells.items() if ref.col == 1 and cell.formula is None}
    return {
        (label, col): cells[Ref(row, col)].text
        for row, label in rows.items()
        for col in COLUMNS
        if Ref(row, col) in cells and cells[Ref(row, col)].formula is None
    }


@pytest.mark.parametrize("how", [*FillAs, perf_formulas])
def test_fill_leaves_typed_figures_alone(moved: bytes, how: FillAs | Formulas) -> None:
    before = figures(moved)
    assert [before["3、公务接待", col] for col in COLUMNS] == ["3", "2.5", "2"]
    form = open_form(moved)
    fill(form, how)
    assert figures(form.book.to_bytes()) == before


def test_fill_writes_no_sum_of_the_wrong_rows(moved: bytes) -> None:
    """三公经费 stands in its row, but what its formula would count does not."""
    form = open_form(moved)
    left = {each.label: each.why for each in unfilled(form)}
    assert left["项目支出（决算数）"] == "旁边写的是“3、公务接待”"
    assert left["公务用车购置和维护经费（决算数）"] == "旁边的名称已移到别处"
    assert left["三公经费（决算数）"].startswith("要用到 ")
    place = form.binding.place("sangong_actual")
    before = form.book.cells(place.sheet).get(place.ref)
    changed = {each.label for each in fill(form)}
    assert open_form(form.book.to_bytes()).book.cells(place.sheet).get(place.ref) == before
    assert changed.isdisjoint(left)
    assert {"总分", "执行率"} <= changed, "what stands right is filled"


@pytest.mark.parametrize(
    "change",
    [
        {"overseas_prior_actual<2": "二、出国（境）经费"},
        {"overseas_prior_actual<2": ""},
        {"overseas_prior_actual<2": "因公出国经费"},
        {"overseas_prior_actual<2": "2. 出国经费（万元）"},
    ],
)
def test_a_label_in_other_words_is_no_other_label(change: dict[str, str]) -> None:
    form = open_form(edited(VALUES, {"fill": False, "write": change}))
    assert unfilled(form) == []
    assert "三公经费（决算数）" in {each.label for each in fill(form)}


def test_a_label_that_the_form_prints_twice() -> None:
    """分值 is the heading of two columns: one of them in other words has not moved to the other's place."""
    form = open_form(edited(VALUES, {"fill": False, "write": {"output_weight^1": "满分"}}))
    record = inspect(form.book, form.binding, form.record)
    assert [(each.printed, each.astray) for each in record.integrity.labels] == [("分值", ())]
    assert unfilled(form) == []


def test_a_clean_form_has_nothing_left_out() -> None:
    for blob in (new_bytes({}), new_bytes(VALUES), edited(VALUES, {})):
        assert unfilled(open_form(blob)) == []


def test_two_labels_swapped() -> None:
    """出国 and 接待 changed places by their labels only: neither cell can be told, nor what is summed of them."""
    swapped = {"overseas_prior_actual<2": "3、公务接待", "reception_prior_actual<2": "2、出国经费"}
    form = open_form(edited(VALUES, {"write": swapped}))
    assert {each.label for each in unfilled(form)} == {
        *("三公经费（上年决算数）", "三公经费（预算数）", "三公经费（决算数）", "三公经费变动率"),
    }


def test_a_figure_typed_over_a_derived_cell_is_still_corrected() -> None:
    """There the label is right: fill puts the formula back, as it always did, and says so."""
    form = open_form(edited(VALUES, {"write": {"execution_rate": "15%"}}))
    (changed,) = fill(form)
    assert (changed.label, changed.before, changed.after) == ("执行率", "15.00%", "100.00%")


def test_a_derived_cell_under_a_merge_is_left_out() -> None:
    book = openpyxl.load_workbook(io.BytesIO(new_bytes(VALUES)))
    form = open_form(new_bytes(VALUES))
    place = form.binding.place("execution_score")
    book[place.sheet].merge_cells(
        start_row=place.ref.row, end_row=place.ref.row, start_column=place.ref.col - 1, end_column=place.ref.col
    )
    saved = io.BytesIO()
    book.save(saved)
    form = open_form(saved.getvalue())
    assert [(each.at, "盖住" in each.why) for each in unfilled(form)] == [(place.address, True)]
    assert "总分" in {each.label for each in fill(form)}


# --- what is made of a form -------------------------------------------------------------------------------------------


def test_fill_says_what_it_left_out(run: Run, tmp_path: Path, moved: bytes) -> None:
    (tmp_path / "a.xlsx").write_bytes(moved)
    told = run("fill", "a.xlsx", "-o", "o.xlsx")
    assert told.code == 0
    assert "格没有填，原样保留" in told.err
    assert "项目支出（决算数）：旁边写的是“3、公务接待”" in told.err
    assert figures((tmp_path / "o.xlsx").read_bytes()) == figures(moved)


def test_next_year_does_not_begin_with_them(run: Run, tmp_path: Path, moved: bytes) -> None:
    """2.00 公务接待 stands where 项目支出 is looked for: it is not carried as last year's 项目支出."""
    new, _ = roll(open_form(moved))
    carried = open_form(new.book.to_bytes()).record
    assert carried["annual_budget"].is_blank
    for key in ("project_prior_actual", "overseas_prior_actual", "operating_office_prior_actual"):
        assert carried[key].is_blank, key
    (tmp_path / "a.xlsx").write_bytes(moved)
    told = run("roll", "a.xlsx", "-o", "next.xlsx")
    assert "格没有带到下一年" in told.err
    assert told.code == 0


def test_values_and_report_leave_them_out(run: Run, tmp_path: Path, moved: bytes) -> None:
    (tmp_path / "a.xlsx").write_bytes(moved)
    told = run("values", "a.xlsx")
    exported = json.loads(told.out)["fields"]
    assert "project_actual" not in exported
    assert "operating_office_actual" not in exported
    assert exported["annual_spent"] == "251.06"
    assert "格没有导出" in told.err
    told = run("report", "a.xlsx", "-o", "a.docx")
    assert told.code == 0
    assert "格没有写进报告" in told.err


def test_last_years_workbook_is_not_compared_with_there(tmp_path: Path, moved: bytes) -> None:
    (tmp_path / "last.xlsx").write_bytes(moved)
    before = previous_record(tmp_path / "last.xlsx")
    assert before is not None
    assert before["project_actual"].state is State.UNREADABLE
    assert before["annual_spent"].shown == "251.06"


def test_clean_forms_say_nothing(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(edited(VALUES, {}))
    for command in (("fill", "a.xlsx", "-o", "b.xlsx"), ("freeze", "a.xlsx", "-o", "c.xlsx"), ("values", "a.xlsx")):
        assert "请先核对" not in run(*command).err


# --- freeze -----------------------------------------------------------------------------------------------------------


def test_freeze_keeps_what_is_shown_and_names_it(run: Run, tmp_path: Path) -> None:
    changes = {"write": {"project_prior_actual<2": "3、公务接待"}}
    (tmp_path / "a.xlsx").write_bytes(edited(VALUES, changes))
    before = open_form(tmp_path / "a.xlsx").record["project_prior_actual"].shown
    told = run("freeze", "a.xlsx", "-o", "b.xlsx")
    assert told.code == 0
    assert "放在别的项目的行里，只按原来显示的固定" in told.err
    assert open_form(tmp_path / "b.xlsx").record["project_prior_actual"].shown == before


def test_freeze_makes_up_no_result_there(moved: bytes) -> None:
    with pytest.raises(WorkbookError, match="没有算出的值"):
        freeze(open_form(moved))


@pytest.mark.parametrize(
    ("figure", "key", "stored"),
    [
        ({"personnel_current": "110.33"}, "personnel_growth_rate", "0.5074"),
        ({"annual_spent": "0"}, "execution_score", "0"),
        ({"annual_budget": "0"}, "execution_rate", "——"),
    ],
)
def test_freeze_does_not_fix_an_old_result(figure: dict[str, str], key: str, stored: str) -> None:
    """A figure was changed by a program that does not calculate: what is handed in is what follows from it."""
    form = open_form(edited(VALUES, {"write": figure}))
    inspected = inspect(form.book, form.binding, form.record)
    assert key in {each.stated.key for each in inspected.integrity.stale}
    freeze(form)
    frozen = open_form(form.book.to_bytes())
    sheet, ref = place_of(frozen, key)
    cell = frozen.book.cells(sheet)[ref]
    assert (cell.text, cell.formula) == (stored, None)
