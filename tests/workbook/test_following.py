"""What follows from other sheets: counters, links, charts, and the formulas that a blank form offers in its inputs."""

from __future__ import annotations

import io
import re
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from tests.package.books import entries
from tests.workbooks import new_bytes
from xlperf.form.forms import load_template
from xlperf.package import CellKind, Workbook
from xlperf.workbook.actions import Form, check, clear, fill, freeze, mark, new_workbook, open_form
from xlperf.workbook.blank import build_workbook
from xlperf.workbook.handed_in import hand_in
from xlperf.workbook.results import counters, offered_cells

CONTROL = "勾稽关系"
TEMPLATE = load_template("department_overall")
FILLED_IN = ["收支情况", "基础数据表", "自评表", "自评报告"]


@pytest.fixture(scope="module")
def blank() -> Any:
    return openpyxl.load_workbook(io.BytesIO(build_workbook(TEMPLATE)))


def reopened(form: Form) -> Form:
    return open_form(form.book.to_bytes())


def shown(form: Form, key: str) -> str:
    """What the cell shows to a reader that computes nothing."""
    place = form.binding.place(key)
    cell = form.book.cells(place.sheet).get(place.ref)
    return cell.text if cell else ""


def put(form: Form, **figures: str) -> Form:
    """Typed by somebody whose program computes nothing."""
    for key, figure in figures.items():
        place = form.binding.place(key)
        form.book.write(place.sheet, place.ref, Decimal(figure))
    return reopened(form)


# Counters


def test_every_sheet_of_the_form_counts_beside_what_is_printed(blank: Any) -> None:
    found = [(sheet, ref) for sheet, ref in counters(Workbook.open(build_workbook(TEMPLATE)), [CONTROL])]
    assert [sheet for sheet, _ in found] == FILLED_IN
    for sheet, ref in found:
        last = blank[sheet].print_area.rpartition("$")[0].rpartition("$")[2]
        assert ref.row == 1 and ref.col > openpyxl.utils.column_index_from_string(last)
        assert blank[sheet].cell(*ref).protection.locked


def test_the_counters_follow_and_do_not_outlive_the_formulas(beita_values: dict[str, Any]) -> None:
    form = open_form(new_bytes(beita_values))
    places = [*counters(form.book, [CONTROL])]
    assert {form.book.cells(sheet)[ref].text for sheet, ref in places} == {"2"}
    fill(form)
    form = reopened(form)
    assert {form.book.cells(sheet)[ref].text for sheet, ref in places} == {"1"}
    freeze(form)
    after = reopened(form).book
    assert all(ref not in after.cells(sheet) or not after.cells(sheet)[ref].text for sheet, ref in places)


def test_what_is_handed_in_has_neither_counters_nor_charts(beita_values: dict[str, Any]) -> None:
    form = open_form(new_bytes(beita_values))
    fill(form)
    form = reopened(form)
    hand_in([form])
    blob = form.book.to_bytes()
    assert not [name for name in entries(blob) if "chart" in name or "drawing" in name]
    for sheet in openpyxl.load_workbook(io.BytesIO(blob)):
        columns = openpyxl.utils.column_index_from_string(sheet.print_area.rpartition("$")[0].rpartition("$")[2])
        assert all(cell.value is None for row in sheet.iter_rows(min_col=columns + 1) for cell in row)
        assert not any(cell.hyperlink for row in sheet.iter_rows() for cell in row)


# Links and the filter


def test_rows_lead_to_cells_by_names_that_are_there(blank: Any) -> None:
    links = [cell.hyperlink for row in blank[CONTROL].iter_rows() for cell in row if cell.hyperlink]
    assert {link.location for link in links} <= set(blank.defined_names)
    rows = {re.sub("[A-Z]", "", link.ref) for link in links}
    numbered = {str(cell.row) for cell in blank[CONTROL]["A"] if str(cell.value).isdigit()}
    assert len(numbered) > 100 and len(numbered - rows) <= 1  # a count of rows reads none first
    by_cell = {link.ref: link.location for link in links}
    spent = next(cell.row for cell in blank[CONTROL]["B"] if cell.value == "XLP412")
    assert (by_cell[f"D{spent}"], by_cell[f"E{spent}"]) == ("xp_annual_spent", "xp_expenditure_total_current")


def test_only_what_does_not_agree_with_one_filter(blank: Any) -> None:
    sheet = blank[CONTROL]
    assert sheet.auto_filter.ref == f"A4:I{sheet.max_row}"
    assert sheet.protection.autoFilter is False  # the file says what is forbidden
    assert blank["自评表"].protection.autoFilter is True


# Charts


def test_native_charts_over_the_sheet_s_own_figures(blank: Any) -> None:
    charts = blank["首页"]._charts
    read = [[series.val.numRef.f for series in chart.series] for chart in charts]
    assert [len(each) for each in read] == [1, 2, 2]
    for formula in (formula for each in read for formula in each):
        assert re.fullmatch(r"'首页'!\$[A-L]\$\d+:\$[A-L]\$\d+", formula)
    assert {title for title in blank.sheetnames if blank[title]._charts} == {"首页"}


def test_no_command_touches_the_charts(beita_values: dict[str, Any]) -> None:
    made = new_bytes(beita_values)
    drawn = {name: data for name, data in entries(made).items() if "chart" in name or "drawing" in name}
    assert len(drawn) >= 5
    form = open_form(made)
    fill(form)
    form = reopened(form)
    mark(form, *check(form))
    form = reopened(form)
    clear(form)
    freeze(form)
    after = entries(form.book.to_bytes())
    assert {name: after.get(name) for name in drawn} == drawn


# Formulas in inputs


def test_a_name_and_a_total_are_typed_once() -> None:
    form = put(open_form(new_workbook({"year": 2025, "unit_name": "某局"}).to_bytes()), personnel_current="9.5")
    form = put(form, public_current="2.3", project_spending_current="4")
    assert (shown(form, "base_unit_name"), shown(form, "report_unit_name")) == ("某局", "某局")
    fill(form)
    form = reopened(form)
    assert (shown(form, "basic_current"), shown(form, "expenditure_total_current")) == ("11.8", "15.8")
    assert shown(form, "income_total_current") == ""


def test_what_is_typed_over_a_formula_stays() -> None:
    form = put(open_form(new_bytes({"year": 2025})), basic_current="20", personnel_current="9.5", public_current="2.3")
    fill(form)
    form = reopened(form)
    place = form.binding.place("basic_current")
    cell = form.book.cells(place.sheet)[place.ref]
    assert (cell.text, cell.formula) == ("20", None)
    assert "XLP201" in {finding.code for finding in check(form)[0].findings if finding.key == "basic_current"}


def test_a_total_that_a_report_left_blank_is_not_made_up() -> None:
    """Of figures that were handed over: the breakdown may be incomplete."""
    form = open_form(new_bytes({"year": 2025, "fields": {"personnel_current": "9.5", "public_current": "2.3"}}))
    place = form.binding.place("basic_current")
    assert place.ref not in form.book.cells(place.sheet) or not form.book.cells(place.sheet)[place.ref].formula
    assert form.record["basic_current"].is_blank
    assert {key for key, *_ in offered_cells(form.book, TEMPLATE)} > {"income_total_current", "report_score"}


def test_what_a_formula_shows_is_no_evidence() -> None:
    """人员经费错了一位，基本支出、支出合计跟着错：该改的是人员经费，不是它们."""
    figures = {"public_current": "104.29", "project_spending_current": "37.44", "annual_budget": "251.06"}
    figures |= {
        "annual_spent": "251.06",
        "nature_basic": "213.62",
        "nature_project": "37.44",
        "opening_budget": "251.06",
    }
    form = put(open_form(new_bytes({"year": 2025})), personnel_current="190.33", **figures)
    fill(form)
    form = reopened(form)
    report, _ = check(form)
    assert {"basic_current", "expenditure_total_current"} < report.record.follows
    culprits = {suspect.keys for group in report.groups for suspect in group.suspects}
    assert ("personnel_current",) in culprits
    assert not any({"basic_current", "expenditure_total_current"} & {*keys} for keys in culprits)


def test_a_result_that_some_program_dropped_is_neither_blank_nor_unreadable() -> None:
    form = put(open_form(new_bytes({"year": 2025})), personnel_current="9.5", public_current="2.3")
    place = form.binding.place("basic_current")
    formula = form.book.cells(place.sheet)[place.ref].formula
    form.book.write(place.sheet, place.ref, None, formula=formula)
    form = reopened(form)
    assert form.book.cells(place.sheet)[place.ref].kind is CellKind.BLANK
    report, _ = check(form)
    assert report.record["basic_current"].shown == "11.80"
    assert not [each for each in report.findings if each.key == "basic_current" and each.code in ("XLP103", "XLP104")]
