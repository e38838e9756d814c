"""The workbook's integrity on real files: what people and programs do to a form, and what must not alarm anyone."""

from __future__ import annotations

import io
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.command import called
from tests.hosts.libreoffice import Office
from tests.hosts.row_insertion import insert_row
from tests.workbooks import edited, new_bytes, patched
from xlperf.audit.run import Report, audit
from xlperf.checks.rule import Severity
from xlperf.form.integrity import InspectedRecord, Integrity
from xlperf.form.record import Record
from xlperf.form.written import templates_folder
from xlperf.package import Reference, area_text, references
from xlperf.udf.formulas import perf_formulas
from xlperf.workbook.actions import (
    FillAs,
    Formulas,
    check,
    check_all,
    clear,
    fill,
    freeze,
    mark,
    open_form,
)
from xlperf.workbook.binding import number_text
from xlperf.workbook.inspection import Inspection

CLEAN: dict[str, Any] = {
    "year": "2023",
    "unit_name": "某某局",
    "fields": {
        "personnel_prior": "73.19",
        "personnel_current": "109.33",
        "public_prior": "89.30",
        "public_current": "104.29",
        "opening_budget": "173.82",
        "annual_budget": "251.06",
        "annual_spent": "251.06",
        "execution_weight": "10",
        "reception_actual": "0.30",
        "vehicle_operation_actual": "1.20",
    },
    "indicators": [
        {"level1": "产出指标（50分）", "level2": "数量指标", "level3": "检查次数", "weight": "20", "score": "20"},
        {"level1": "产出指标（50分）", "level2": "质量指标", "level3": "合格率", "weight": "30", "score": "30"},
        {"level1": "效益指标（30分）", "level2": "社会效益指标", "level3": "知晓率", "weight": "30", "score": "30"},
    ],
    "project_special": [
        {"name": "应急指挥中心", "prior_actual": "10", "budget": "20", "actual": "21"},
        {"name": "信息化建设", "prior_actual": "0", "budget": "5", "actual": "4"},
    ],
}


def report_of(source: bytes | Path) -> Report:
    return check(open_form(source))[0]


def found(source: bytes | Path) -> set[tuple[str, str]]:
    """Code and key of every finding on the workbook itself."""
    return {(each.code, each.key) for each in report_of(source).findings if each.code.startswith("XLP7")}


def filled(values: dict[str, Any]) -> bytes:
    return edited(values, {})


# --- nothing to report ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("values", [{}, {"year": 2025, "unit_name": "某某局"}, CLEAN])
def test_new_workbook(values: dict[str, Any]) -> None:
    assert found(new_bytes(values)) == set()


def test_template_file() -> None:
    assert found(templates_folder() / "department_overall.xlsx") == set()


def test_published_example(beita_values: dict[str, Any]) -> None:
    """Its derived figures were stated by the report and written by `new`: nobody has overwritten a formula."""
    blob = new_bytes(beita_values)
    assert found(blob) == set()
    form = open_form(blob)
    mark(form, *check(form))
    assert found(form.book.to_bytes()) == set()


@pytest.mark.parametrize("how", [*FillAs, perf_formulas])
def test_filled_marked_and_frozen(beita_values: dict[str, Any], how: FillAs | Formulas) -> None:
    form = open_form(new_bytes(beita_values))
    fill(form, how)
    blob = form.book.to_bytes()
    assert found(blob) == set()
    form = open_form(blob)
    mark(form, *check(form))
    assert found(form.book.to_bytes()) == set()
    form = open_form(blob)
    freeze(form)
    assert found(form.book.to_bytes()) == set()


def test_filled_under_another_variant() -> None:
    form = open_form(new_bytes(CLEAN))
    for variant in form.record.template.variants:
        fill(form, variant=variant)
        again = open_form(form.book.to_bytes())
        inspection = Inspection(again.book, again.binding, again.record)
        for audited in form.record.template.variants:
            integrity = inspection.under(audited).integrity
            assert (integrity.constants, integrity.formulas) == ((), ()), (variant, audited)


def test_levels_looked_up_as_older_workbooks_do() -> None:
    """Before 2026-11-28 the formulas looked up the level of a row without the header above."""
    sheet = "xl/worksheets/sheet2.xml"
    levels = re.compile(r'ROW\(自评表!([A-Z])(\d+):(\w+)\)/\(自评表!\w+:\w+&lt;&gt;""\),自评表!\w+:\w+')

    def first_row(each: re.Match[str]) -> str:
        cells = f"自评表!{each[1]}{int(each[2]) + 1}:{each[3]}"
        return f'ROW({cells})/({cells}&lt;&gt;""),{cells}'

    older = patched(filled(CLEAN), {sheet: lambda xml: levels.sub(first_row, xml.decode()).encode()})
    assert older != filled(CLEAN)
    assert found(older) == set()


def test_restyled_reordered_and_saved_by_another_program() -> None:
    """openpyxl keeps formulas and drops their results."""
    book = openpyxl.load_workbook(io.BytesIO(filled(CLEAN)))
    book.move_sheet("自评表", -3)
    for sheet in book:
        sheet.column_dimensions["A"].width = 40
        for row in sheet.iter_rows():
            for cell in row:
                cell.font = openpyxl.styles.Font(name="黑体", size=9, bold=True)
    saved = io.BytesIO()
    book.save(saved)
    assert found(saved.getvalue()) == set()


def test_saved_by_libreoffice(office: Office, tmp_path: Path, beita_values: dict[str, Any]) -> None:
    sources = []
    for name, values in (("beita", beita_values), ("clean", CLEAN), ("blank", {})):
        sources.append(tmp_path / f"{name}.xlsx")
        sources[-1].write_bytes(filled(values))
    for saved in office.convert(sources, "xlsx", tmp_path / "saved"):
        assert found(saved) == set(), saved.name


@pytest.mark.parametrize(
    ("sheet", "key"),
    [("自评表", "indicators[1].level3"), ("收支情况", "income_total_prior"), ("基础数据表", "reception_actual")],
)
def test_row_inserted_in_libreoffice(office: Office, tmp_path: Path, sheet: str, key: str) -> None:
    source = tmp_path / "before.xlsx"
    source.write_bytes(filled(CLEAN))
    row = open_form(source).binding.place(key).ref.row
    assert found(insert_row(office, source, tmp_path / "after.xlsx", sheet, row)) == set()


# --- something to report ----------------------------------------------------------------------------------------------


def test_row_inserted_right_below_the_header(office: Office, tmp_path: Path) -> None:
    """The name takes the new row in and the formulas do not: to be known at once, an error when it gets a figure."""
    source = tmp_path / "before.xlsx"
    source.write_bytes(filled(CLEAN))
    body = open_form(source).binding.tables["project_special"].body
    inserted = insert_row(office, source, tmp_path / "after.xlsx", "基础数据表", body.top)
    assert found(inserted) == {("XLP702", "project_prior_actual")}
    book = openpyxl.load_workbook(inserted)
    book["基础数据表"].cell(body.top, 1).value = "新专项"
    book["基础数据表"].cell(body.top, 5).value = 7
    book.save(inserted)
    report = report_of(inserted)
    (outside,) = (each for each in report.findings if each.code == "XLP703")
    assert (outside.severity, outside.key) == (Severity.ERROR, "project_budget")
    assert "新专项" in outside.message


def test_faults_survive_libreoffice(office: Office, tmp_path: Path) -> None:
    changes = {
        "write": {"personnel_growth_rate": "22.24%", "overseas_prior_actual<2": "3、公务接待"},
        "formulas": {"sangong_actual": "{vehicle_actual}+{overseas_actual}"},
        "hide": ["row annual_spent"],
    }
    faults = {
        ("XLP701", "personnel_growth_rate"),
        ("XLP702", "sangong_actual"),
        ("XLP707", "overseas_prior_actual"),
        ("XLP708", "opening_budget"),
    }
    source = tmp_path / "faulty.xlsx"
    source.write_bytes(edited(CLEAN, changes))
    assert found(source) == faults
    (saved,) = office.convert([source], "xlsx", tmp_path / "saved")
    assert found(saved) == faults


def test_stale_results_are_judged_by_what_they_should_be() -> None:
    """A figure changed by a program that does not calculate: one finding a formula, no arithmetic error."""
    report = report_of(edited(CLEAN, {"write": {"personnel_current": "110.33", "project_special[0].actual": "31"}}))
    assert {each.key for each in report.findings if each.code == "XLP709"} == {
        *("personnel_change", "personnel_growth_rate", "project_actual"),
    }
    assert [each.message for each in report.findings if each.code.startswith("XLP2")] == []
    assert report.record["personnel_growth_rate"].shown == "50.74%"


def test_error_value_is_reported_once() -> None:
    report = report_of(edited(CLEAN, {"errors": {"annual_budget": "#REF!", "execution_rate": "#REF!"}}))
    codes = [(each.code, each.key) for each in report.findings if each.key in ("annual_budget", "execution_rate")]
    assert ("XLP705", "annual_budget") in codes
    assert {code for code, _ in codes}.isdisjoint({"XLP104"})
    text = report_of(edited(CLEAN, {"write": {"annual_budget": "'约30"}}))
    assert "XLP104" in {each.code for each in text.findings}


def test_row_below_the_table_counted_by_a_typed_formula() -> None:
    report = report_of(edited(CLEAN, {"narrow": {"project_special": 2}}))
    (stray,) = (each for each in report.findings if each.code == "XLP703")
    assert stray.at.startswith("基础数据表!E")
    assert stray.severity is Severity.ERROR


def test_marks_of_a_spoilt_workbook_can_be_cleared() -> None:
    """Also where a finding lies in a cell that has no name."""
    changes = {
        "narrow": {"project_special": 2},
        "write": {"personnel_growth_rate": "22.24%", "annual_budget": "'251.06", "opening_budget^1": "年初"},
        "formulas": {"sangong_actual": "[1]甲!A1"},
        "errors": {"staff_quota": "#N/A"},
        "hide": ["row reception_actual"],
    }
    source = edited(CLEAN, changes)
    form = open_form(source)
    mark(form, *check(form))
    marked = form.book.to_bytes()
    assert {code for code, _ in found(marked)} == {f"XLP70{digit}" for digit in "12345678"}
    form = open_form(marked)
    mark(form, *check(form))
    assert form.book.to_bytes() == marked
    clear(form)
    assert found(form.book.to_bytes()) == found(source)


def test_constants_need_calculated_neighbours() -> None:
    """A program that drops all results leaves nothing to tell a typed figure from a stated one; 2xx still judge it."""
    book = openpyxl.load_workbook(io.BytesIO(filled(CLEAN)))
    place = open_form(filled(CLEAN)).binding.place("personnel_growth_rate")
    book[place.sheet].cell(*place.ref).value = 0.2224
    saved = io.BytesIO()
    book.save(saved)
    assert found(saved.getvalue()) == set()
    assert ("XLP202", "personnel_growth_rate") in {
        (each.code, each.key) for each in report_of(saved.getvalue()).findings
    }


def test_every_variant_sees_the_workbook() -> None:
    """As by itself: a label that was swapped, a formula that another variant has, an old result of a total."""
    changes = {
        "write": {"overseas_prior_actual<2": "2、公务接待", "execution_rate": "0.9", "annual_spent": "200"},
        "formulas": {"execution_rate": "{annual_spent}/{opening_budget}"},
    }
    form = open_form(edited(CLEAN, changes))
    outcomes, explanations = check_all(form)
    assert not explanations
    for each in outcomes:
        report, _ = check(form, each.variant)
        assert (each.report.findings, each.report.not_run) == (report.findings, report.not_run), each.variant
        assert "XLP707" in {found.code for found in report.findings}
        assert each.sent_back


def test_all_variants_exits_as_check_does(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A swapped label is the one error of a form that is otherwise blank."""
    book = tmp_path / "book.xlsx"
    book.write_bytes(edited(CLEAN, {"write": {"overseas_prior_actual<2": "2、公务接待"}}))
    results = [called(capsys, "check", book, *more) for more in ((), ("--all-variants",))]
    assert [each.code for each in results] == [1, 1]
    assert "可以上报" not in results[1].out


def test_record_without_a_workbook(beita: Record) -> None:
    assert not isinstance(beita, InspectedRecord)
    assert [each.code for each in audit(beita).findings if each.code.startswith("XLP7")] == []
    empty = InspectedRecord.of(beita, Integrity())
    assert audit(empty).findings == audit(beita).findings


# --- what formulas read -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("formula", "read"),
    [
        ("A1+$B$2:C3", ["A1", "B2:C3"]),
        ("SUM(自评表!$H$15:H35,'A''b c'!C3)", ["自评表!H15:H35", "A'b c!C3"]),
        ("[1]甲!A1+'[2]乙 丙'!B2+[3]!名称", ["[1]甲!A1", "[2]乙 丙!B2", "[3]!名称"]),
        ('"A1"&xp_year&LOG10(B1)&AB12C', ["xp_year", "B1", "AB12C"]),
        ("1E6+0.5", []),
        ("SUM(B:A,5:3)", ["A1:B1048576", "A3:XFD5"]),
        ("ZZZ1+A0", ["ZZZ1", "A0"]),
        ("'unclosed!A1", ["unclosed!A1"]),
    ],
)
def test_references(formula: str, read: list[str]) -> None:
    def shown(each: Reference) -> str:
        text = each.name if each.area is None else area_text(each.area)
        return f"{each.sheet}!{text}" if each.sheet else text

    assert [shown(each) for each in references(formula)] == read


@pytest.mark.parametrize("piece", ["'", '"', "[", "''", "'a", "[a", "A1:", "$", "1:", "ab.", "a", "A1(", "!"])
def test_references_take_no_longer_than_the_text_is_long(piece: str) -> None:
    assert sum(1 for _ in references(piece * (32_767 // len(piece)))) >= 0


@pytest.mark.parametrize(
    ("number_format", "shown"),
    [
        *((each, "99%") for each in ("0%", "0.00%", "0.##%", "#%", "0.0 %", "0 %", "#,##0.00%", "0%;-0%", "0_)%")),
        *((each, "0.99") for each in ("General", "0.00", '0.00"%"', "0.00\\%")),
    ],
)
def test_what_a_number_in_a_cell_for_words_shows(number_format: str, shown: str) -> None:
    assert number_text(Decimal("0.99"), number_format) == shown


@pytest.mark.parametrize("number_format", ["0%", "0.0 %", "0.##%"])
@pytest.mark.parametrize("column", ["target", "actual"])
def test_a_number_in_a_percent_format_is_on_the_scale_of_percents(column: str, number_format: str) -> None:
    row = {"level3": "合格率", "target": "98%", "actual": "99%", "weight": "10", "score": "10"}
    content = new_bytes({"year": 2023, "indicators": [row]})
    place = open_form(content).binding.place(f"indicators[0].{column}")
    book = openpyxl.load_workbook(io.BytesIO(content))
    cell = book[place.sheet].cell(place.ref.row, place.ref.col)
    cell.value, cell.number_format = (0.98 if column == "target" else 0.99), number_format
    changed = io.BytesIO()
    book.save(changed)
    report, _ = check(open_form(changed.getvalue()))
    assert report.record[f"indicators[0].{column}"].text == row[column]
    assert {finding.code for finding in report.findings} & {"XLP310", "XLP321", "XLP322"} == set()
