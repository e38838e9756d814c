"""What became of every rule and of every sentence with figures, and how many figures that makes."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from xlperf.audit.ledger import Ledger, Ruled, joined, ledger_of
from xlperf.audit.run import Report, audit
from xlperf.audit.sentences import sentences_in
from xlperf.checks.catalog import CHECKS
from xlperf.form.forms import load_template
from xlperf.form.record import record_from_values

TEMPLATE = load_template("department_overall")


def audited(values: dict[str, Any], **fields: str) -> Report:
    other = copy.deepcopy(values)
    other["fields"] |= fields
    return audit(record_from_values(other, TEMPLATE))


def rule(report: Report, code: str) -> Ruled:
    (found,) = (each for each in ledger_of(report).rules if each.code == code)
    return found


# What is changed in the form, a rule, and what became of it.
RULES: list[tuple[dict[str, str], str, str]] = [
    ({}, "XLP207", "held"),
    ({}, "XLP202", "found"),
    ({"basic_opening": ""}, "XLP403", "not_run"),
    ({}, "XLP420", "not_asked"),
    ({}, "XLP512", "not_applicable"),
    ({}, "XLP701", "not_run"),  # no inspection has seen a workbook
    ({}, "XLP506", "held"),
    ({f"section_{part}": "" for part in ("2_1", "2_2", "3_1")}, "XLP506", "not_run"),  # a text that is not there
    ({"section_2_1": "2023年收入实际完成300.00万元。"}, "XLP506", "found"),
]


@pytest.mark.parametrize(("fields", "code", "state"), RULES)
def test_what_became_of_a_rule(beita_values: dict[str, Any], fields: dict[str, str], code: str, state: str) -> None:
    found = rule(audited(beita_values, **fields), code)
    assert found.state == state
    assert bool(found.found) == (state == "found")
    assert bool(found.blank or found.reason) == (state == "not_run")


def test_every_rule_is_there_once_and_findings_and_blanks_are_those_of_the_report(beita_values: dict[str, Any]) -> None:
    report = audited(beita_values, personnel_current="119.33", basic_opening="")
    rules = ledger_of(report).rules
    assert [each.code for each in rules] == [each.code for each in CHECKS]
    assert sum(each.found for each in rules) == len(report.findings)
    assert {each.code for each in rules if each.state == "not_applicable"} == set(report.not_applicable)
    assert {each.code for each in report.not_run} <= {each.code for each in rules if each.blank or each.reason}


def test_the_figures_of_cells_and_sentences_are_counted(beita_values: dict[str, Any]) -> None:
    report = audited(beita_values)
    ledger = ledger_of(report)
    cells = sum(cell.is_number for key, cell in report.seen.cells.items() if key != "year")
    in_text = sum(each.figures for each in ledger.sentences)
    assert in_text
    assert ledger.compared + ledger.not_compared == cells + in_text
    assert ledger.line == f"比较了 {ledger.compared} 个数，{ledger.not_compared} 个没有比较。"


def test_a_blank_form_has_compared_nothing() -> None:
    ledger = ledger_of(audit(record_from_values({}, TEMPLATE)))
    assert (ledger.compared, ledger.not_compared, ledger.sentences) == (0, 0, ())
    assert all(each.state != "held" for each in ledger.rules if each.code in ("XLP201", "XLP506", "XLP511"))


# A section, what it says, and of each sentence with figures what became of it.
SENTENCES = [
    ("section_2_1", "2023年收入实际完成251.06万元。", ["compared 1/1"]),
    ("section_2_1", "2023年收入实际完成300.00万元。", ["compared 1/1"]),  # found false is compared too
    ("section_2_1", "2023年收入实际完成251.06万元，新建公园3个。", ["in_part 1/2"]),
    ("section_2_1", "人员经费比上年增加36.14万元，增长22.24%。", ["compared 2/2"]),
    ("section_2_1", "全县生产总值325.6亿元。", ["not_understood 0/1"]),
    ("section_5", "2024年收入计划完成300万元。", ["not_understood 0/1"]),
    ("section_5", "2023年收入完成300万元。", ["read 0/1"]),  # of plans nothing is compared
    ("section_3_1", "我办自评得分98分。开展检查12次；培训150人次。", ["compared 1/1", *["not_understood 0/1"] * 2]),
    ("section_1_2", "核定编制８名，在职人员8人，退休6人。", ["in_part 2/3"]),
    ("section_1_1", "根据湘财绩〔2023〕15号文件，2023年12月31日前，第3季度。", []),  # dates and numbers of papers
]


@pytest.mark.parametrize(("section", "text", "expected"), SENTENCES)
def test_what_became_of_a_sentence(beita_values: dict[str, Any], section: str, text: str, expected: list[str]) -> None:
    report = audited(beita_values, **{section: text})
    place = report.seen[section].place
    found = [each for each in ledger_of(report).sentences if each.place == place]
    assert [f"{each.state} {each.compared}/{each.figures}" for each in found] == expected
    assert all(each.quote in text for each in found)


# What is a figure, and what is none.
FIGURES = [
    ("支出1,234.56万元，占85%", 2),
    ("支出１２．５万元", 1),
    ("5个方面、3项制度", 2),
    ("2023年度，12月31日，〔2023〕15号，第3季度", 0),
    ("一、1.预算执行 2、管理（3）其他", 0),
    ("联系电话0739-5555555", 0),
]


@pytest.mark.parametrize(("text", "count"), FIGURES)
def test_what_is_a_figure(text: str, count: int) -> None:
    assert sum(each.figures for _, each in sentences_in(text, "第1段")) == count


def test_of_several_forms_the_gravest_counts() -> None:
    one = Ledger((Ruled("XLP101", "甲", "held", held=2), Ruled("XLP102", "乙", "not_applicable")), (), 3, 1)
    other = Ledger((Ruled("XLP101", "甲", "found", found=1), Ruled("XLP102", "乙", "held", held=1)), (), 2, 0)
    assert joined((one, other)) == Ledger(
        (Ruled("XLP101", "甲", "found", held=2, found=1), Ruled("XLP102", "乙", "held", held=1)), (), 5, 1
    )
