"""What several files of one unit say of each other, in the places that each is in."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.intake.drawn import document, table
from tests.intake.laid_out import NINGXIA
from tests.workbooks import new_bytes
from xlperf.form.forms import load_template
from xlperf.form.record import Record, State
from xlperf.intake.standing import forms_in
from xlperf.labels.blocks import Document
from xlperf.report.between import Discrepancy, Source, between, hold_report, report_in
from xlperf.workbook.actions import open_form


def project(name: str, *changes: tuple[str, str]) -> Source:
    drawn = NINGXIA
    for old, new in changes:
        assert old in drawn
        drawn = drawn.replace(old, new)
    return Source(name, [each.record for each in forms_in(document(table(drawn), name=name))])


def whole(values: dict[str, Any], name: str) -> Record:
    return open_form(new_bytes(values), name).record


def only(record: Record, *beginnings: str) -> Record:
    """A part of a department's form, as one of its sheets by itself."""
    keys = {
        key: cell if key.startswith(beginnings) else cell._replace(state=State.BLANK, text="", number=None)
        for key, cell in record.stated.items()
    }
    return Record(record.template, keys, record.row_counts, {}, record.source)


def test_forms_that_agree_are_clean() -> None:
    found = between([project("甲.docx"), project("乙.docx")])
    assert (found.found, found.notes) == ((), ())


@pytest.mark.parametrize(
    ("change", "key", "severity"),
    [
        (("64.8 | 64.8 | 64.8", "64.8 | 64.8 | 60"), "annual_spent", "error"),
        (("≥90% | 92%", "≥90% | 93%"), "indicators[2].actual", "warning"),
        (("≥100㎡ | 100㎡ | 58", "≥100㎡ | 100㎡ | 57"), "indicators[0].score", "error"),
    ],
)
def test_the_same_cell_stated_otherwise(change: tuple[str, str], key: str, severity: str) -> None:
    (found,) = between([project("甲.docx"), project("乙.docx", change)]).found
    assert (found.key, found.severity.value, found.file, found.against) == (key, severity, "乙.docx", "甲.docx")
    assert found.at.startswith("表1 第")


def test_the_digits_that_rounding_took_are_no_difference() -> None:
    """64.80 beside 64.8 is none, and neither is a rate printed to the whole percent."""
    same = ("64.8 | 64.8 | 64.8 | 100%", "64.80 | 64.80 | 64.80 | 100.0%")
    assert between([project("甲.docx"), project("乙.docx", same)]).found == ()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("某县教育局", "另一县水利局"), "没有互相核对；如果是同一个单位"),
        (("校舍维修", "食堂改造"), "没有可以与其他文件互相核对的内容"),
    ],
)
def test_other_units_and_projects_are_not_compared(change: tuple[str, str], said: str) -> None:
    other = ("64.8 | 64.8 | 64.8", "64.8 | 64.8 | 60")
    found = between([project("甲.docx"), project("乙.docx", change, other)])
    assert found.found == ()
    assert any(said in note for note in found.notes)


def test_projects_without_a_name_may_be_any_two() -> None:
    bare = (
        "单位名称 | 某县教育局 | < | < | < | < | <\n    项目名称 | 校舍维修",
        "项目支出绩效自评表 | < | < | < | < | < | <\n    | ",
    )
    other = ("64.8 | 64.8 | 64.8", "64.8 | 64.8 | 60")
    found = between([project("甲.docx", bare), project("乙.docx", bare, other)])
    assert (found.found, found.alone) == ((), ("甲.docx", "乙.docx"))


def test_a_rule_that_needs_cells_of_two_files(beita_values: dict[str, Any]) -> None:
    """支出合计 in one file, 年初预算数 in the other: neither can be said to be wrong by itself."""
    record = whole(beita_values, "全.xlsx")
    finance = only(record, "income_", "expenditure_", "basic_o", "basic_c", "unit_name", "year")
    rest = only(record, "opening_", "annual_", "year", "unit_name", "project_b", "project_actual")
    found = between([Source("收支.xlsx", (finance,)), Source("自评.xlsx", (rest,))]).found
    told = {each.code: each for each in found}
    assert told["XLP404"].file == "收支.xlsx"
    assert told["XLP404"].at == record["expenditure_total_opening"].at
    assert (told["XLP404"].against, told["XLP404"].other) == ("自评.xlsx", record["opening_budget"].at)


def test_what_one_file_says_of_itself_is_not_said_again(beita_values: dict[str, Any]) -> None:
    record = whole(beita_values, "全.xlsx")
    found = between([Source("甲.xlsx", (record,)), Source("乙.xlsx", (record,))]).found
    assert found == ()


def report(sentence: str) -> Document:
    return document(
        "2023年度部门整体支出绩效自评报告",
        *("一、部门、单位基本情况", "（二）人员编制情况", sentence),
        *("二、一般公共预算支出情况", "三、综合评价结论", "四、存在的问题"),
        name="报告.docx",
    )


def test_a_report_is_held_against_the_forms(beita_values: dict[str, Any]) -> None:
    text = report("人员编制8人，实有9人。本单位人员情况如此。")
    assert report_in(text) is text
    sources = [Source("全.xlsx", (whole(beita_values, "全.xlsx"),)), Source("报告.docx", (), text)]
    found = between(sources).found
    assert {each.file for each in found} <= {"报告.docx"}
    assert any(each.at == "第4段" and each.against == "全.xlsx" for each in found)


def test_the_amounts_of_a_report_are_held_against_forms_of_several_files(beita_values: dict[str, Any]) -> None:
    record = whole(beita_values, "全.xlsx")
    finance = only(record, "income_", "expenditure_", "unit_name", "year")
    rest = only(record, "opening_", "annual_", "total_score", "year", "unit_name")
    chapter = ("二、部门整体支出管理及使用情况", "（一）预算执行、使用、管理总体情况")
    text = document("2023年度部门整体支出绩效自评报告", *chapter, "2023年收入实际完成300.00万元。", name="报告.docx")
    sources = [Source("收支.xlsx", (finance,)), Source("自评.xlsx", (rest,)), Source("报告.docx", (), text)]
    compared = between(sources)
    (found,) = (each for each in compared.found if each.code == "XLP506")
    assert (found.file, found.at, found.against) == ("报告.docx", "第4段", "收支.xlsx")
    assert found.other == record["income_total_current"].at
    assert compared.held["报告.docx"].ledger("报告.docx")[2:] == (1, 0)


@pytest.mark.parametrize(("named", "is_held"), [("校舍维修", True), ("道路养护", False)])
def test_a_report_of_a_project_is_held_against_its_own_form(named: str, is_held: bool) -> None:
    forms = [project("甲.docx"), project("乙.docx", ("校舍维修", "食堂改造"))]
    said = document(f"{named}项目支出绩效自评报告", table(NINGXIA), name="报告.docx")
    assert hold_report(said, forms).is_compared is is_held


def test_a_report_alone_is_compared_with_nothing() -> None:
    found = between([Source("报告.docx", (), report("人员编制8人。")), project("甲.docx")])
    assert found.alone == ("报告.docx", "甲.docx")


def test_a_table_is_no_report() -> None:
    assert report_in(document(table(NINGXIA))) is None


def test_amounts_stay_decimals() -> None:
    (found,) = between([project("甲.docx"), project("乙.docx", ("64.8 | 64.8 | 64.8", "64.8 | 64.8 | 64.7"))]).found
    assert (Decimal(found.stated), Decimal(found.expected)) == (Decimal("64.7"), Decimal("64.8"))
    assert isinstance(found, Discrepancy)
    assert load_template("project_elsewhere").cells_of("subject") == ("project_name",)
