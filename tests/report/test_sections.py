"""What the report says of the figures is read back as the same figures; what nobody can know is left to be written."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from tests.random_forms import records
from xlperf.derive.seen import Seen
from xlperf.form.forms import load_template
from xlperf.form.record import Record, Stated, record_from_values
from xlperf.prose import Statement, statements
from xlperf.report.sections import generated_sections, is_placeholder, left_to_write

TEMPLATE = load_template("department_overall")
ITEMS = TEMPLATE.series["finance"][0]


def made(fields: dict[str, str], **more: Any) -> Record:
    return record_from_values({"year": 2023, "fields": fields, **more}, TEMPLATE)


def said(record: Record, section: str) -> list[Statement]:
    year = int(record["year"].value)
    return list(statements(generated_sections(Seen(record))[section], TEMPLATE.prose, year))


def cells_of(record: Record) -> dict[str, Stated]:
    return Seen(record).cells


INCOME = {
    "income_total_current": "251.06",
    "income_total_change": "88.57",
    "income_total_growth_rate": "54.51%",
    "income_total_reason": "本年度预算收入增加。",
    "income_general_budget_current": "251.06",
    "income_general_budget_change": "88.57",
    "income_general_budget_growth_rate": "54.51%",
    "income_service_current": "0",
}


def test_the_pattern_of_the_published_report() -> None:
    text = generated_sections(Seen(made(INCOME)))["section_2_1"]
    assert text.split("\n")[:2] == [
        "1.全年收入情况",
        "2023年收入实际完成251.06万元，比上年增加88.57万元，上升54.51%。主要原因是：本年度预算收入增加。其中："
        "一般公共预算财政拨款收入完成251.06万元，比上年增加88.57万元，上升54.51%；事业收入完成0.00万元。",
    ]
    assert text.split("\n")[2:] == ["2.全年支出情况", "〔请填写：全年支出情况〕"]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"current": "90.00", "change": "-10.00", "growth_rate": "-10.00%"}, "比上年减少10.00万元，下降10.00%"),
        ({"current": "90.00", "prior": "100.00"}, "比上年减少10.00万元，下降10.00%"),  # computed
        ({"current": "90.00", "prior": "90.00"}, "与上年持平"),
        ({"current": "90.00", "change": "10.00", "growth_rate": "22.24%"}, "增加10.00万元，上升22.24%"),  # wrong: kept
        ({"current": "90.00", "change": "10.00", "growth_rate": "13%"}, "增加10.00万元，上升13%"),
        ({"current": "90.00", "growth_rate": "12.5%"}, "完成90.00万元，比上年上升12.5%"),
        ({"current": "90.00", "prior": "0"}, "完成90.00万元，比上年增加90.00万元。"),  # —— is no rate
        ({"current": "0.00", "prior": "0"}, "完成0.00万元。"),
        ({"current": "1234567.89"}, "完成1234567.89万元。"),
    ],
)  # fmt: skip
def test_a_change_is_said_as_the_workbook_has_it(fields: dict[str, str], sentence: str) -> None:
    record = made({f"expenditure_total_{column}": value for column, value in fields.items()})
    assert sentence in generated_sections(Seen(record))["section_2_1"]


@pytest.mark.parametrize("current", ["", "——", "待定", "-3.21"])
def test_no_sentence_without_an_amount(current: str) -> None:
    record = made({"expenditure_total_current": current, "expenditure_total_change": "5.00"})
    assert generated_sections(Seen(record))["section_2_1"].endswith("2.全年支出情况\n〔请填写：全年支出情况〕")


def test_parts_are_said_without_their_total() -> None:
    record = made({"personnel_current": "109.33", "public_current": "104.29"})
    assert "2023年人员经费完成109.33万元；公用经费完成104.29万元。" in generated_sections(Seen(record))["section_2_1"]


def test_projects_are_named() -> None:
    rows = [{"name": "应急指挥中心", "actual": "37.44"}, {"name": "信息化工程", "actual": "——"}]
    text = generated_sections(Seen(made({"project_spending_current": "37.44"}, project_special=rows)))["section_2_2"]
    assert "2023年项目支出实际完成37.44万元。其中：应急指挥中心项目37.44万元。" in text
    assert "信息化工程" not in text


def test_a_project_with_the_name_of_an_item_is_not_read_as_one() -> None:
    rows = [{"name": "人员经费", "actual": "5.00"}, {"name": "公用经费专项", "actual": "6.00"}]
    record = made({"project_spending_current": "11.00"}, project_special=rows)
    assert [(each.stem, each.value) for each in said(record, "section_2_2")] == [("project_spending", Decimal("11.00"))]


@pytest.mark.parametrize(
    ("fields", "section", "certain"),
    [
        ({"source_government_fund": "0"}, "section_2_3", True),
        ({"source_government_fund": "0", "income_government_fund_current": "3.00"}, "section_2_3", False),
        ({"income_government_fund_current": "0"}, "section_2_3", False),  # there may be a carryover
        ({"source_government_fund": "5.00"}, "section_2_3", False),
        ({"annual_budget": "9", "annual_spent": "9", "source_general_budget": "9"}, "section_2_4", True),
        ({"annual_budget": "9", "annual_spent": "9", "source_general_budget": "9"}, "section_2_5", True),
        ({"annual_budget": "9", "annual_spent": "8", "source_general_budget": "9"}, "section_2_4", False),
        ({"annual_budget": "9", "annual_spent": "9", "source_general_budget": "8"}, "section_2_5", False),
        (
            {"annual_budget": "9", "annual_spent": "9", "source_general_budget": "8", "source_other": "1"},
            "section_2_4",
            False,
        ),
        ({"annual_budget": "0", "annual_spent": "0", "source_general_budget": "0"}, "section_2_4", False),
        ({}, "section_2_3", False),
    ],
)
def test_none_is_said_only_where_it_is_certain(fields: dict[str, str], section: str, certain: bool) -> None:
    text = generated_sections(Seen(made(fields)))[section]
    assert ("无" in text and text.startswith("2023年，本部门")) is certain
    assert is_placeholder(text) is not certain


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"report_score": "98", "report_grade": "优秀"}, "自评分数为98分，绩效评价等次为“优秀”。"),
        ({"total_score": "97.5"}, "自评表总分为97.5分，自评表等级为“优”。"),
        ({"report_score": "——"}, "〔请填写：综合评价结论〕"),
        ({}, "〔请填写：综合评价结论〕"),
    ],
)
def test_conclusion(fields: dict[str, str], sentence: str) -> None:
    assert generated_sections(Seen(made(fields)))["section_3_1"].endswith(sentence)


def test_what_is_withheld_in_one_section_is_not_disclosed_in_the_next() -> None:
    figures = {"basic_current": "213.62", "section_2_1": "依法不予公开。"}
    assert is_placeholder(generated_sections(Seen(made(figures)))["section_2_2"])
    assert "213.62" in generated_sections(Seen(made({"basic_current": "213.62"})))["section_2_2"]


def test_without_a_year_it_is_this_year() -> None:
    record = record_from_values({"fields": {"income_total_current": "9.00"}}, TEMPLATE)
    assert "本年收入实际完成9.00万元。" in generated_sections(Seen(record))["section_2_1"]


def test_what_is_left_to_write_is_told(beita: Record) -> None:
    assert list(left_to_write(beita)) == []
    assert "四、存在的问题及原因分析" in list(left_to_write(made(INCOME)))


@pytest.mark.slow
def test_200_random_records_are_read_back() -> None:
    """Every statement is a cell's own figure, and every amount of this year is stated."""
    counted = {"statements": 0, "records": 0}

    @settings(max_examples=200, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(records(TEMPLATE))
    def check(values: dict[str, Any]) -> None:
        record = record_from_values({"year": 2023, **values}, TEMPLATE)
        cells = cells_of(record)
        told = said(record, "section_2_1") + said(record, "section_2_2")
        for each in told:
            cell = cells[f"{each.stem}_{each.column}"]
            assert cell.number == each.value, (each, cell)
        amounts = {(each.stem, each.value) for each in told if each.column == "current"}
        for item in ITEMS:
            cell = cells[f"{item}_current"]
            if cell.is_number and cell.value >= 0:
                assert (item, cell.value) in amounts, (item, cell)
        counted["statements"] += len(told)
        counted["records"] += 1

    check()
    assert counted["records"] >= 200
    assert counted["statements"] > 2 * counted["records"]
