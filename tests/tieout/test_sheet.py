"""勾稽关系: the rows say what the rules say, as a real spreadsheet program computes them.

On random forms: see tests/hosts/test_differential.py.
"""

from __future__ import annotations

import dataclasses
import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.control_rows import RELATIONS, SHEET, TEMPLATE, WORDS, Row, disagreements, row_of, rows_of
from tests.hosts.libreoffice import Office
from tests.hosts.row_insertion import insert_row
from tests.random_forms import workbook_of
from tests.workbooks import new_bytes
from xlperf.audit.run import audit
from xlperf.checks.catalog import CHECKS
from xlperf.errors import TemplateError
from xlperf.form.forms import listed_forms
from xlperf.form.record import record_from_values, values_of
from xlperf.form.relations import AGREEMENTS, Kind, parse_agreement
from xlperf.form.written import templates_folder
from xlperf.package import Ref, Workbook
from xlperf.tieout.pieces import ASKS, BLANK, FAILS, FITS, NOT_APPLICABLE, UNDECIDABLE
from xlperf.workbook.actions import check, clear, fill, freeze, mark, open_form, write_record
from xlperf.workbook.blank import build_workbook

ON_SHEET = {rule for relation in RELATIONS for rule in relation.rules}


def rows_in(path: Path) -> list[Row]:
    sheet = openpyxl.load_workbook(path, data_only=True)[SHEET]
    return rows_of([[cell.value for cell in row] for row in sheet.iter_rows()])


# Which rules are there


def test_every_rule_that_runs_over_relations_has_its_rows() -> None:
    """But for what must be written beside something; of those which look at cells by themselves, these."""
    reporting = {rule.code for rule in CHECKS if rule.relations and rule.relations != (Kind.REQUIRED,)}
    by_hand = {"XLP214", "XLP303", "XLP304", "XLP411"}
    assert reporting | by_hand == ON_SHEET | {"XLP218", "XLP617"}  # which other forms have
    assert not reporting & by_hand


def test_every_identity_of_the_template_has_a_row() -> None:
    totals = Counter(relation.keys[0] for relation in RELATIONS if {"XLP201", "XLP206", "XLP305"} & set(relation.rules))
    assert totals == Counter(each.total for each in TEMPLATE.sums)
    assert {relation.keys[-1] for relation in RELATIONS if "XLP211" in relation.rules} == {
        each.total for each in TEMPLATE.related(Kind.INCLUDED)
    }
    agreements = Counter(
        relation.rules[0] for relation in RELATIONS if relation.rules[0][3] == "4" or "·" in relation.text
    )
    assert agreements == Counter([*(each.rule for each in TEMPLATE.related(*AGREEMENTS)), "XLP411"])
    derived = {key for key, field in TEMPLATE.fields.items() if field.derived}
    assert derived <= {relation.keys[0] for relation in RELATIONS}


def test_agreements_name_rules_that_report_them() -> None:
    """And every rule that reports agreements has one."""
    named = {each.rule for form in listed_forms() for each in form.related(*AGREEMENTS)}
    assert named == {rule.code for rule in CHECKS if rule.relations == AGREEMENTS}


def test_a_misspelt_word_in_an_agreement_is_refused() -> None:
    with pytest.raises(TemplateError, match="unles"):
        parse_agreement({"rule": "XLP404", "left": ["a"], "right": ["b"], "unles": []})


def recalculated(office: Office, forms: list[dict[str, Any]], folder: Path) -> Iterator[Path]:
    folder.mkdir(exist_ok=True)
    sources = []
    for number, values in enumerate(forms):
        sources.append(folder / f"f{number:03}.xlsx")
        sources[-1].write_bytes(workbook_of(values))
    yield from office.convert(sources, "xlsx", folder / "out")


# Single rows


def test_the_published_form(office: Office, tmp_path: Path, beita_values: dict[str, Any]) -> None:
    (path,) = recalculated(office, [beita_values], tmp_path / "forms")
    rows = rows_in(path)
    assert list(disagreements(audit(open_form(path).record), rows)) == []
    growth = rows[row_of("XLP202", "人员经费（增长率）")]
    assert (growth.left, growth.result) == (0.2224, FAILS)
    assert round(growth.right, 4) == 0.4938
    assert rows[row_of("XLP404")] == Row(213.62, 128.9, 84.72, 0.01, FAILS)
    assert rows[row_of("XLP405")].result == ASKS
    assert rows[row_of("XLP206", "支出合计")].result == BLANK  # 项目支出's change is not stated
    assert rows[row_of("XLP305", "总分＝")] == Row(98, 98, 0, 0, FITS)


STAFF = ("XLP202", "在职人员")
SANGONG = ("XLP201", "三公经费（决算数）")
LINES = {"vehicle_purchase_actual": "3", "vehicle_operation_actual": "2"}
SPENDING = {"expenditure_total_current": "251.06", "project_spending_current": "37.44"}
TOTAL = ("XLP201", "支出合计（本年数）＝")
NATURE = ("XLP205", "按支出性质分")
# what stands in the cells, the row it is about, what the row says, and its difference
SINGLE: list[tuple[dict[str, str], tuple[str, ...], str, float | None]] = [
    ({"annual_spent": "100.01", "expenditure_total_current": "100.00"}, ("XLP412",), FITS, 0.01),
    ({"annual_spent": "100.02", "expenditure_total_current": "100.00"}, ("XLP412",), FAILS, 0.02),
    ({"annual_spent": "100.02"}, ("XLP412",), BLANK, None),
    ({"annual_spent": "——", "expenditure_total_current": "100.00"}, ("XLP412",), NOT_APPLICABLE, None),
    ({"annual_spent": "一百", "expenditure_total_current": "100.00"}, ("XLP412",), UNDECIDABLE, None),
    ({"report_score": "98.01", "total_score": "98"}, ("XLP410",), FAILS, 0.01),
    ({"vehicle_actual": "5", "overseas_actual": "——", "sangong_actual": "5"}, SANGONG, FITS, 0),
    ({"vehicle_actual": "5", "overseas_actual": "无出国", "sangong_actual": "9"}, SANGONG, UNDECIDABLE, None),
    (LINES | {"vehicle_actual": "——", "sangong_actual": "5"}, SANGONG, UNDECIDABLE, None),
    (LINES | {"vehicle_actual": "——", "sangong_actual": "7"}, SANGONG, UNDECIDABLE, None),
    (SPENDING | {"personnel_current": "109.33", "public_current": "104.29"}, TOTAL, FITS, 0),
    (SPENDING | {"personnel_current": "109.33", "public_current": "104.26"}, TOTAL, FAILS, 0.03),
    (SPENDING | {"personnel_current": "109.33", "public_current": "104.27"}, TOTAL, FITS, 0.02),
    (SPENDING | {"personnel_current": "109.33"}, TOTAL, BLANK, None),
    (SPENDING | {"personnel_current": "213.62", "public_current": "——"}, TOTAL, FITS, 0),
    (SPENDING | {"nature_basic": "213.62"}, TOTAL, BLANK, None),
    (SPENDING, TOTAL, FAILS, 213.62),
    ({"expenditure_total_current": "9", "basic_current": "5", "project_actual": "4"}, TOTAL, BLANK, None),
    ({"expenditure_total_current": "9", "basic_current": "5", "project_actual": "0"}, TOTAL, FAILS, 4),
    ({"annual_budget": "9", "annual_spent": "9", "nature_project": "4", "public_current": "5"}, NATURE, BLANK, None),
    ({"annual_budget": "9", "annual_spent": "9", "nature_project": "4", "public_current": "0"}, NATURE, FAILS, -5),
    ({"basic_change": "3", "personnel_change": "2"}, ("XLP206", "基本支出（增减额）"), BLANK, None),
    ({"operating_actual": "5", "operating_office_actual": "5.01"}, ("XLP211", "（决算数）"), FITS, 0.01),
    ({"operating_actual": "5", "operating_office_actual": "5.02"}, ("XLP211", "（决算数）"), FAILS, 0.02),
    ({"staff_quota": "7", "staff_actual": "6", "staff_control_rate": "86%"}, STAFF, FITS, 0.0029),
    ({"staff_quota": "7", "staff_actual": "6", "staff_control_rate": "86.00%"}, STAFF, FAILS, 0.0029),
    ({"staff_quota": "0", "staff_actual": "6", "staff_control_rate": "——"}, STAFF, NOT_APPLICABLE, None),
    ({"staff_quota": "0", "staff_actual": "6", "staff_control_rate": "100%"}, STAFF, FAILS, None),
    ({"staff_quota": "0", "staff_actual": "0", "staff_control_rate": "0%"}, STAFF, NOT_APPLICABLE, None),
    ({"total_score": "90", "grade": "优秀"}, ("XLP318",), FITS, None),
    ({"total_score": "89.99", "grade": "优"}, ("XLP318",), FAILS, None),
    ({"grade": "优", "report_grade": "良好"}, ("XLP411",), FAILS, None),
    ({"execution_weight": "20"}, ("XLP323",), FAILS, 10),
    ({"execution_rate": "89.14%", "execution_weight": "10", "execution_score": "8.91"}, ("XLP306",), FITS, -0.004),
    ({"execution_rate": "89.14%", "execution_weight": "10", "execution_score": "8.93"}, ("XLP306",), FAILS, 0.016),
    ({"execution_rate": "102%", "execution_weight": "10", "execution_score": "10"}, ("XLP306",), FITS, 0),
]


def test_single_rows(office: Office, tmp_path: Path) -> None:
    paths = recalculated(office, [{"fields": fields} for fields, *_ in SINGLE], tmp_path / "forms")
    for path, (fields, which, result, gap) in zip(paths, SINGLE, strict=True):
        row = rows_in(path)[row_of(*which)]
        assert row.result == result, (fields, row)
        assert (None if row.difference in (None, "") else round(row.difference, 4)) == gap, (fields, row)


def test_rows_above_the_first_level_belong_to_none(office: Office, tmp_path: Path) -> None:
    """首行的一级、二级指标空着：这一行不属于任何一级，各级的合计和勾稽关系不得变成 #N/A."""
    rows = [
        {"level3": "甲", "weight": "10", "score": "9"},
        {"level1": "产出指标", "level2": "数量指标", "level3": "乙", "weight": "50", "score": "48"},
        {"level3": "丙", "weight": "5", "score": "4"},
    ]
    form = {"year": 2023, "fields": {"execution_weight": "10"}, "indicators": rows, "project_special": []}
    (path,) = recalculated(office, [form], tmp_path / "forms")
    book = openpyxl.load_workbook(path, data_only=True)
    wrong = [(sheet.title, cell.coordinate) for sheet in book for row in sheet for cell in row if cell.data_type == "e"]
    assert wrong == []
    assert rows_in(path)[row_of("XLP302", "产出指标")].left == 55
    assert list(disagreements(audit(open_form(path).record), rows_in(path))) == []


def test_the_sum_of_weights_is_judged_where_the_rule_speaks(office: Office, tmp_path: Path) -> None:
    """分值合计写 —— 或文字的，规则不在那一格说话，本表也只显示未填."""
    rows = [{"level3": "甲", "weight": "9.5", "score": "7"}]
    totals = {"12.85": FAILS, "——": BLANK, "一百": BLANK}
    forms = [
        {"fields": {"execution_weight": "3.35", "total_weight": total}, "indicators": rows, "project_special": []}
        for total in totals
    ]
    paths = list(recalculated(office, forms, tmp_path / "forms"))
    assert [rows_in(path)[row_of("XLP301")].result for path in paths] == list(totals.values())
    for path in paths:
        assert list(disagreements(audit(open_form(path).record), rows_in(path))) == []


def test_rounding_allows_no_more_than_the_decimals_written(office: Office, tmp_path: Path) -> None:
    """To the 元, 5.0051 + 5.0001 may be 10.0053 and cannot be 10.0103; with two decimals 5.01 + 5.00 may be 10.02."""
    finer = {"vehicle_purchase_budget": "5.0051", "vehicle_operation_budget": "5.0001"}
    coarser = {"vehicle_purchase_budget": "5.01", "vehicle_operation_budget": "5.00"}
    special = [{"name": "甲", "actual": "5.0051"}, {"name": "乙", "actual": "——"}, {"name": "丙", "actual": "5.0001"}]
    cases: list[tuple[dict[str, Any], str]] = [
        ({"fields": finer | {"vehicle_budget": "10.0103"}}, FAILS),
        ({"fields": finer | {"vehicle_budget": "10.0053"}}, FITS),
        ({"fields": coarser | {"vehicle_budget": "10.02"}}, FITS),
        ({"fields": {"project_actual": "10.0103"}, "project_special": special}, FAILS),
        ({"fields": {"project_actual": "10.0053"}, "project_special": special}, FITS),
    ]
    forms = [{"year": 2023, "indicators": [], "project_special": []} | values for values, _ in cases]
    paths = list(recalculated(office, forms, tmp_path / "forms"))
    for path, (values, expected) in zip(paths, cases, strict=True):
        label = "项目支出（决算数）＝" if values.get("project_special") else "公务用车购置和维护经费（预算数）＝"
        assert rows_in(path)[row_of("XLP201", label)].result == expected, values
        assert list(disagreements(audit(open_form(path).record), rows_in(path))) == []


def test_a_form_without_figures_asks_for_them_and_blames_nothing(office: Office, tmp_path: Path) -> None:
    (path,) = office.convert([templates_folder() / f"{TEMPLATE.id}.xlsx"], "xlsx", tmp_path)
    results = Counter(row.result for row in rows_in(path))
    assert set(results) == {BLANK, FITS}
    assert results[FITS] == 2  # the preset points of execution, and the total of points that adds them up


def test_rows_follow_an_inserted_line(office: Office, tmp_path: Path, beita_values: dict[str, Any]) -> None:
    """A new row of the table is counted: the ranges on this sheet grow with it."""
    source = tmp_path / "beita.xlsx"
    source.write_bytes(new_bytes(beita_values))
    place = open_form(source).binding.tables["indicators"]
    target = insert_row(office, source, tmp_path / "more.xlsx", place.sheet, place.body.top + 1)
    form = open_form(target)
    ref = Ref(place.body.top + 1, place.columns["weight"])
    form.book.write(place.sheet, ref, Decimal(7))
    form.book.save(target)
    (path,) = office.convert([target], "xlsx", tmp_path / "out")
    rows = rows_in(path)
    assert rows[row_of("XLP301")] == Row(107, 100, 7, 0, FAILS)
    assert rows[row_of("XLP305", "总分＝")].result == BLANK  # the new row has no points yet


# The sheet in the workbook


def test_it_is_a_sheet_like_the_others() -> None:
    book = openpyxl.load_workbook(templates_folder() / f"{TEMPLATE.id}.xlsx")
    place = book.sheetnames.index(SHEET)
    assert book.sheetnames[place - 1 : place + 2] == ["自评报告", SHEET, "审核结果"]
    sheet = book[SHEET]
    assert sheet.protection.sheet and sheet.protection.password is None
    assert all(cell.protection.locked for row in sheet.iter_rows() for cell in row)
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert (
        len({each.sheet_properties.tabColor.rgb for each in book if each.title in (SHEET, "自评表", "自评报告")}) == 3
    )
    assert not any(SHEET in name.attr_text for name in book.defined_names.values())
    assert {rule.formula[0].split("=")[1] for group in sheet.conditional_formatting for rule in group.rules} == {
        f'"{word}"' for word in (FAILS, ASKS, BLANK, UNDECIDABLE)
    }


def test_only_functions_of_excel_2010() -> None:
    book = openpyxl.load_workbook(templates_folder() / f"{TEMPLATE.id}.xlsx")
    control, home = (
        [cell.value for row in book[title].iter_rows() for cell in row if cell.data_type == "f"]
        for title in (SHEET, "首页")
    )
    assert len(control) == 6 * len(RELATIONS) + 1
    formulas = [*control, *home]
    used = {name for formula in formulas for name in re.findall(r"([A-Z][A-Z0-9.]*)\(", formula)}
    assert used == {
        "ABS", "AND", "CELL", "CHAR", "COUNT", "COUNTIF", "FIND", "IF", "IFERROR", "ISNA", "ISNUMBER", "ISTEXT",
        "LEFT", "LEN", "LOOKUP", "MATCH", "MAX", "MIN", "NOT", "OR", "ROUND", "ROW", "SIGN", "SUBSTITUTE", "SUM",
        "SUMPRODUCT", "VLOOKUP",
    }  # fmt: skip
    assert max(map(len, formulas)) < 4000  # of 8192
    assert max(depth(formula) for formula in formulas) <= 20  # of 64


def depth(formula: str) -> int:
    deepest = level = 0
    for char in re.sub(r'"[^"]*"', "", formula):
        level += {"(": 1, ")": -1}.get(char, 0)
        deepest = max(deepest, level)
    return deepest


def sheet_xml(book: Workbook) -> bytes:
    reopened = Workbook.open(book.to_bytes())
    number = reopened.sheets.index(SHEET) + 1
    with zipfile.ZipFile(io.BytesIO(book.to_bytes())) as archive:
        return archive.read(f"xl/worksheets/sheet{number}.xml")


def test_marking_and_clearing_leave_it_alone(beita_values: dict[str, Any]) -> None:
    form = open_form(new_bytes(beita_values))
    fill(form)
    form = open_form(form.book.to_bytes())
    before = sheet_xml(form.book)
    report, explanations = check(form)
    mark(form, report, explanations)
    assert sheet_xml(form.book) == before
    marked = open_form(form.book.to_bytes())
    clear(marked)
    assert sheet_xml(marked.book) == before
    assert b"conditionalFormatting" in before


def test_a_mark_of_ours_on_it_is_cleared_without_its_own_colours() -> None:
    book = Workbook.open(templates_folder() / f"{TEMPLATE.id}.xlsx")
    before = sheet_xml(book)
    book.set_highlights(SHEET, "xlperf", {"FFC7CE": [Ref(7, 1)]})
    marked = Workbook.open(book.to_bytes())
    assert sheet_xml(marked) != before
    marked.set_highlights(SHEET, "xlperf", {})
    assert sheet_xml(marked) == before


def test_freezing_empties_it(office: Office, tmp_path: Path, beita_values: dict[str, Any]) -> None:
    """A copy for handing in carries neither live controls nor results that no longer follow the figures."""
    (calculated,) = recalculated(office, [beita_values], tmp_path / "forms")
    for form in (open_form(new_bytes(beita_values)), open_form(calculated)):
        fill(form)
        form = open_form(form.book.to_bytes())
        freeze(form)
        cells = Workbook.open(form.book.to_bytes()).cells(SHEET)
        assert not [cell for cell in cells.values() if cell.formula]
        texts = [cell.text for cell in cells.values()]
        assert not WORDS & set(texts)
        assert any(text.startswith("公式已固定为数值") for text in texts)


def test_a_workbook_without_the_sheet_works_as_before(tmp_path: Path, beita_values: dict[str, Any]) -> None:
    old = dataclasses.replace(TEMPLATE, sheets=tuple(spec for spec in TEMPLATE.sheets if not spec.get("control")))
    record = record_from_values(beita_values, TEMPLATE)
    form = open_form(build_workbook(old, record=record))
    write_record(form, record)
    form = open_form(form.book.to_bytes())
    assert SHEET not in form.book.sheets
    fill(form)
    form = open_form(form.book.to_bytes())
    new = open_form(new_bytes(beita_values))
    fill(new)
    new = open_form(new.book.to_bytes())
    assert values_of(form.record) == values_of(new.record)
    reports = [check(each)[0].findings for each in (form, new)]
    assert [(each.code, each.key, each.message) for each in reports[0]] == [
        (each.code, each.key, each.message) for each in reports[1]
    ]
    mark(form, *check(form))
    clear(form)
    freeze(form)
    assert Workbook.open(form.book.to_bytes()).sheets[-1] == "审核结果"
