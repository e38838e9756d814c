"""What one correction or one explanation settles is one item, and what wants its own is not gathered."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

import pytest

from tests.audit.test_localize import FORM, TEMPLATE
from tests.random_forms import faulty_forms
from tests.workbooks import new_bytes
from xlperf.audit.items import Item
from xlperf.audit.run import Report, audit
from xlperf.checks.catalog import CHECKS
from xlperf.checks.matters import Across, Matter
from xlperf.checks.rule import Severity
from xlperf.form.record import record_from_values
from xlperf.workbook.actions import check, open_form

Values = dict[str, Any]
# The published example: the cells of each item that has several findings, and the words of it.
BEITA = {
    ("expenditure_total_opening", "expenditure_total_opening"): "支出合计（年初预算数）填 213.62，应为 128.90",
    ("project_budget", "project_actual"): "合计有数而明细全空，以下 2 项一并改正",
    ("project_budget", "annual_budget"): "项目支出预算与全年预算数对不上，以下 2 项一并改正",
    (
        *("operating_actual", "operating_office_actual", "operating_utilities_travel_actual"),
        *("operating_meeting_training_actual", "indicators[5].score"),
    ): "决算超过预算，以下 5 项一并说明：公用经费（决算数）、办公费（决算数）、",
    ("operating_prior_actual", "operating_actual"): "公用经费两处的口径不同，以下 2 项一并说明",
    ("staff_quota", "section_3_2"): "正文不予公开而表中已公开，以下 2 项一并说明",
    (
        *("expenditure_total_reason", "basic_reason", "personnel_reason", "public_reason"),
    ): "没有写明比上年增减的原因，以下 4 项一并说明",
    tuple(f"indicators[{n}].target" for n in (0, 1, 6, 7, 8)): "指标值没有单位，以下 5 项一并处理",
    ("base_unit_name", "report_unit_name"): "各表单位名称不一致，以下 2 项一并处理",
}
ALONE = {  # each wants a reason, a figure or a correction of its own
    *(("XLP308", f"indicators[{n}].score") for n in (6, 7)),
    *(("XLP315", key) for key in ("indicators[4].actual", "indicators[5].target")),
    *(("XLP601", key) for key in ("procurement_actual",)),
    *(("XLP605", key) for key in ("income_total_reason",)),
    *(("XLP603", key) for key in ("annual_budget",)),
}


def report_on(values: Values) -> Report:
    return audit(record_from_values(values, TEMPLATE))


def with_fields(changes: Mapping[str, str]) -> Report:
    values: Values = copy.deepcopy(FORM)
    values["fields"] |= changes
    return report_on(values)


def keys(item: Item) -> tuple[str, ...]:
    return tuple(each.key for each in item.findings)


def items_with(code: str, report: Report) -> set[tuple[str, ...]]:
    return {keys(item) for item in report.items() if any(each.code == code for each in item.findings)}


def assert_sound(report: Report) -> None:
    items = report.items()
    numbers = [number for item in items for number in item.numbers]
    assert sorted(numbers) == list(range(len(report.findings))), "every finding in exactly one item"
    for item in items:
        assert [report.findings[number] for number in item.numbers] == list(item.findings)
        severities = {each.severity for each in item.findings}
        assert item.severity is min(severities, key=lambda each: each.rank)
        assert item.group is not None or severities == {Severity.INFO} or Severity.INFO not in severities
        assert item.at and item.text
        assert (item.reason == "") is (len(item.findings) == 1)
        of_group = {each.group for each in item.findings}
        assert len(of_group) == 1 or not any(sum(f.group == g for f in report.findings) > 1 for g in of_group if g)
        codes = {each.code for each in item.findings}
        matters = {rule.settles for rule in CHECKS if rule.code in codes}
        assert len(item.findings) == 1 or item.group is not None or (len(matters) == 1 and None not in matters)
    ranks = [item.severity.rank for item in items]
    assert ranks == sorted(ranks), "what to correct, what to explain, what to know"


@pytest.mark.parametrize("values", faulty_forms(15, "items"))
def test_every_finding_is_in_one_item(values: Values) -> None:
    assert_sound(report_on(values))


def test_the_published_example(beita_values: Values) -> None:
    report = report_on(beita_values)
    assert_sound(report)
    several = [(keys(item), item.text) for item in report.items() if len(item.findings) > 1]
    for cells, text in BEITA.items():
        assert any(own == cells and said.startswith(text) for own, said in several), text
    alone = {(item.findings[0].code, item.findings[0].key) for item in report.items() if len(item.findings) == 1}
    assert alone >= ALONE


def test_fewer_things_than_findings(beita_values: Values) -> None:
    """What a person has to go through: at most 62 items of 100 findings of the published example."""
    report = report_on(beita_values)
    assert len(report.items()) <= 0.62 * len(report.findings)


OVER = {"operating_budget": "10", "operating_actual": "30", "operating_office_budget": "2"}


def test_a_whole_and_the_part_that_makes_it_too_large() -> None:
    """The cost indicator that has full points all the same is settled with them."""
    report = with_fields(OVER | {"operating_office_actual": "15"})
    assert items_with("XLP601", report) == {("operating_actual", "operating_office_actual", "indicators[5].score")}


def test_two_parts_of_a_whole_that_is_not_too_large_have_a_reason_each() -> None:
    parts = {
        **{"operating_budget": "400", "operating_actual": "300"},
        **{"operating_office_budget": "2", "operating_office_actual": "15"},
        **{"operating_meeting_training_budget": "3", "operating_meeting_training_actual": "9"},
    }
    found = items_with("XLP601", with_fields(parts))
    assert {("operating_office_actual",), ("operating_meeting_training_actual",)} <= found


def test_other_rows_have_a_reason_of_their_own() -> None:
    found = items_with("XLP601", with_fields(OVER | {"procurement_budget": "1", "procurement_actual": "5"}))
    assert ("procurement_actual",) in found


def test_blanks_of_a_sheet() -> None:
    """What has to be filled in is one thing a sheet, not one of them all."""
    report, _ = check(open_form(new_bytes({"year": 2023, "unit_name": "某某局", "fields": {"opening_budget": "10"}})))
    assert_sound(report)
    sheets = [{each.at.rpartition("!")[0] for each in item.findings} for item in _with("XLP101", report)]
    assert sorted(map(sorted, sheets)) == [["基础数据表"], ["自评表"]]
    assert sum(each.code == "XLP101" for each in report.findings) > 4


def _with(code: str, report: Report) -> list[Item]:
    return [item for item in report.items() if any(each.code == code for each in item.findings)]


def test_an_error_with_a_culprit_takes_nothing_else() -> None:
    """What follows from one wrong figure is gone with it; what only wants words is not."""
    report = with_fields({"personnel_current": "425.85", "base_unit_name": "另一个局"})
    (item,) = (each for each in report.items() if each.group is not None)
    assert {each.code for each in item.findings} == {"XLP201", "XLP203"}
    assert item.at == ("personnel_current",)


def test_matters_are_told_in_words_of_the_form() -> None:
    shared: dict[Matter, list[str]] = {}
    for rule in CHECKS:
        if rule.settles is not None:
            shared.setdefault(rule.settles, []).append(rule.code)
            assert isinstance(rule.settles.across, Across)
    of_several = {matter.title: codes for matter, codes in shared.items() if len(codes) > 1}
    assert {tuple(codes) for codes in of_several.values()} >= {("XLP402", "XLP606"), ("XLP405", "XLP406")}
    assert not any(title.endswith("。") for title in of_several)
