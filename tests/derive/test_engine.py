"""What the derived cells show: blank is not zero, figures are rounded once, and nobody's points are overwritten."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from xlperf.audit.run import audit
from xlperf.derive.engine import compute, plan, steps_of
from xlperf.derive.seen import Seen
from xlperf.form.forms import load_template
from xlperf.form.record import Record, record_from_values
from xlperf.form.relations import Kind, Relation
from xlperf.form.template import Template, row_key

Row = dict[str, str]


def record(fields: Row, indicators: list[Row] | None = None, special: list[Row] | None = None) -> Record:
    values: dict[str, Any] = {"fields": fields, "indicators": indicators or [], "project_special": special or []}
    return record_from_values(values, load_template("department_overall"))


def computed(fields: Row, *keys: str, indicators: list[Row] | None = None, special: list[Row] | None = None) -> Any:
    """The values of the keys as text, None where nothing is computed; a single one bare."""
    values = compute(record(fields, indicators, special))
    shown = [str(values[key]) if key in values else None for key in keys]
    return shown[0] if len(keys) == 1 else shown


def rows(*scores: str, level1: str = "产出指标", level2: str = "数量指标") -> list[Row]:
    return [{"level1": level1, "level2": level2, "score": score} for score in scores]


@pytest.mark.parametrize(
    ("fields", "key", "value"),
    [
        # sums: a blank child beside a filled sibling is nil; ——, too
        ({"vehicle_budget": "0", "reception_budget": "0.30"}, "sangong_budget", "0.30"),
        ({"vehicle_budget": "——", "reception_budget": "0.30"}, "sangong_budget", "0.30"),
        ({"vehicle_purchase_actual": "29.46", "vehicle_operation_actual": "9.84"}, "vehicle_actual", "39.30"),
        ({"vehicle_operation_actual": "9.84", "reception_actual": "4.99"}, "sangong_actual", "14.83"),
        ({"overseas_actual": "0"}, "sangong_actual", "0.00"),
        # all children blank: nothing to add up, a stated total is left alone
        ({}, "sangong_actual", None),
        ({"sangong_actual": "5"}, "sangong_actual", None),
        ({"vehicle_actual": "——", "reception_actual": "——"}, "sangong_actual", None),
        # an unreadable child: not computed, rather than wrong
        ({"vehicle_budget": "0", "reception_budget": "0.30."}, "sangong_budget", None),
        # rates
        ({"annual_spent": "251.06", "annual_budget": "251.06"}, "execution_rate", "1.0000"),
        ({"annual_spent": "37.44", "annual_budget": "42"}, "execution_rate", "0.8914"),
        ({"staff_actual": "136", "staff_quota": "143"}, "staff_control_rate", "0.9510"),
        ({"annual_spent": "0", "annual_budget": "42"}, "execution_rate", "0.0000"),
        ({"building_area_actual": "1020", "building_area_approved": "1000"}, "building_area_control_rate", "1.0200"),
        (
            {"building_investment_actual": "285.60", "building_investment_approved": "300"},
            "building_investment_control_rate",
            "0.9520",
        ),
        # blank or unreadable operand: not computed
        ({"annual_spent": "37.44"}, "execution_rate", None),
        ({"annual_budget": "42"}, "execution_rate", None),
        ({"annual_spent": "37.44", "annual_budget": "42."}, "execution_rate", None),
        ({"staff_actual": "8", "staff_quota": "——"}, "staff_control_rate", None),
        # zero base: no figure
        ({"annual_spent": "0", "annual_budget": "0"}, "execution_rate", "——"),
        ({"annual_spent": "3", "annual_budget": "0"}, "execution_rate", "——"),
        ({"personnel_prior": "0", "personnel_current": "5"}, "personnel_growth_rate", "——"),
        ({"personnel_prior": "0", "personnel_current": "0"}, "personnel_growth_rate", "——"),
        # differences and what follows from them
        ({"personnel_prior": "73.19", "personnel_current": "109.33"}, "personnel_change", "36.14"),
        ({"personnel_prior": "73.19", "personnel_current": "109.33"}, "personnel_growth_rate", "0.4938"),
        ({"public_prior": "100", "public_current": "80"}, "public_change", "-20.00"),
        ({"public_prior": "100", "public_current": "80"}, "public_growth_rate", "-0.2000"),
        ({"opening_budget": "128.90", "annual_budget": "251.06"}, "budget_change", "122.16"),
        ({"opening_budget": "128.90", "annual_budget": "251.06"}, "budget_adjustment_rate", "0.9477"),
        ({"sangong_budget": "12", "sangong_prior_budget": "12.50"}, "sangong_change_rate", "-0.0400"),
        ({"reception_budget": "12", "sangong_prior_budget": "12.50"}, "sangong_change_rate", "-0.0400"),
        ({"sangong_budget": "12", "sangong_prior_actual": "9.80"}, "sangong_change_rate", None),
        ({"sangong_budget": "0", "sangong_prior_budget": "0"}, "sangong_change_rate", "——"),
        # a report gives the change but not last year: 88.57 / (251.06 - 88.57)
        ({"income_total_current": "251.06", "income_total_change": "88.57"}, "income_total_growth_rate", "0.5451"),
        ({"income_total_current": "251.06", "income_total_change": "88.57"}, "income_total_change", None),
        ({"income_total_current": "5", "income_total_change": "5"}, "income_total_growth_rate", "——"),
        # last year stated wins over last year implied
        (
            {"basic_prior": "200", "basic_change": "50", "basic_current": "213.62"},
            "basic_growth_rate",
            "0.0681",  # 213.62 - 200 = 13.62, of 200
        ),
        # points
        ({"execution_rate": "89.14%", "execution_weight": "10"}, "execution_score", "8.91"),
        ({"execution_rate": "102%", "execution_weight": "10"}, "execution_score", "10.00"),
        ({"execution_rate": "0%", "execution_weight": "10"}, "execution_score", "0.00"),
        ({"execution_rate": "——", "execution_weight": "10"}, "execution_score", None),
        # grade
        ({"total_score": "90"}, "grade", "优"),
        ({"total_score": "89.995"}, "grade", "良"),
        ({"total_score": "60"}, "grade", "中"),
        ({"total_score": "59.99"}, "grade", "差"),
        ({}, "grade", None),
    ],
)  # fmt: skip
def test_computed(fields: Row, key: str, value: str | None) -> None:
    assert computed(fields, key) == value


def test_downstream_takes_the_figure_that_is_shown() -> None:
    """37.44 / 42 = 0.89142857...; the cell shows 89.14%, and of 1000 points that is 891.40, not 891.43."""
    fields = {"annual_spent": "37.44", "annual_budget": "42", "execution_weight": "1000"}
    assert computed(fields, "execution_rate", "execution_score") == ["0.8914", "891.40"]


def test_computed_operand_wins_over_the_stated_one() -> None:
    """A filled form shows one consistent set of figures, whatever was typed over a formula."""
    fields = {"annual_spent": "37.44", "annual_budget": "42", "execution_weight": "10", "execution_rate": "100%"}
    assert computed(fields, "execution_rate", "execution_score") == ["0.8914", "8.91"]


def test_not_applicable_is_kept() -> None:
    record_ = record({"procurement_prior_actual": "——", "staff_quota": "不适用", "overseas_actual": "/"})
    assert [record_[key].shown for key in ("procurement_prior_actual", "staff_quota", "overseas_actual")] == [
        "——",
        "不适用",
        "/",
    ]
    assert not {"procurement_prior_actual", "staff_quota", "staff_control_rate"} & set(compute(record_))


def test_stated_figures_are_never_changed(beita: Record) -> None:
    before = {key: (cell.state, cell.text, cell.number) for key, cell in beita.stated.items()}
    compute(beita)
    audit(beita)
    assert {key: (cell.state, cell.text, cell.number) for key, cell in beita.stated.items()} == before


def test_rows_of_a_table_belong_to_the_sum() -> None:
    special = [{"name": "甲", "actual": "10"}, {"name": "乙", "actual": "20.5"}, {"name": "丙"}]
    assert computed({"project_business_actual": "7"}, "project_actual", special=special) == "37.50"
    assert computed({}, "project_actual", special=[{"name": "甲"}]) is None


@pytest.mark.parametrize(
    "level1", ["产出指标", "产出指标（50分）", "产出\n指标", "产出指标\n（50分）", " 产出 指标(50分)", "产出指标50"]
)
def test_level_is_known_by_how_its_name_begins(level1: str) -> None:
    indicators = rows("20", "18", level1=level1) + rows("30", level1="效益指标（30分）", level2="社会效益\n指标")
    keys = ("output_score", "output_quantity_score", "benefit_score", "benefit_social_score", "satisfaction_score")
    assert computed({}, *keys, indicators=indicators) == ["38.00", "38.00", "30.00", "30.00", None]


def test_output_cost_is_not_the_level_of_the_same_name() -> None:
    """成本指标 at level 1 (财预〔2021〕101号) does not count among the second-level 成本指标 of 产出."""
    indicators = rows("20", level1="成本指标", level2="经济成本指标") + rows("5", level2="成本指标")
    assert computed({}, "output_score", "output_cost_score", indicators=indicators) == ["5.00", "5.00"]


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({"vehicle_purchase_actual": "0.16", "overseas_actual": "27.79"}, "27.95"),
        # a total typed over a formula is what the formulas that read it see, right or wrong
        ({"vehicle_purchase_actual": "0.16", "vehicle_actual": "0", "overseas_actual": "27.79"}, "27.79"),
        ({"vehicle_purchase_actual": "0.16", "vehicle_actual": "——"}, ""),
        ({"vehicle_purchase_actual": "0.16", "vehicle_actual": "——", "sangong_actual": "5"}, "5.00"),
    ],
)
def test_a_blank_derived_cell_is_seen_as_its_formula_shows_it(fields: Row, shown: str) -> None:
    form = record(fields)
    assert Seen(form)["sangong_actual"].shown == shown
    assert ("XLP201", "sangong_actual") not in {(each.code, each.key) for each in audit(form).findings}


def test_total_and_grade_follow_from_the_points() -> None:
    assert computed({"execution_score": "10"}, "total_score", "grade", indicators=rows("40", "39.99")) == [
        "89.99",
        "良",
    ]


def test_unreadable_points_leave_total_and_grade_open() -> None:
    assert computed({"execution_score": "10"}, "total_score", "grade", indicators=rows("40", "4O")) == [None, None]


@pytest.mark.parametrize(
    ("row", "score"),
    [
        ({"target": "≥98", "actual": "49", "weight": "10"}, "5.00"),
        ({"target": "≥98", "actual": "49", "weight": "10", "score": "9"}, None),  # hers to give
        ({"target": "≥98", "actual": "49", "weight": "10", "score": "0"}, None),
        ({"target": "≥98", "actual": "49", "weight": "10", "score": "——"}, None),
        ({"target": "≥98", "actual": "49", "weight": "10", "score": "九"}, None),
        ({"target": "≥98", "actual": "49"}, None),
        ({"target": "≥98", "weight": "10"}, None),
        ({"target": "按时完成", "actual": "按时完成", "weight": "10"}, None),
        ({"target": "≥98%", "actual": "98", "weight": "10"}, None),  # which scale?
        ({"target": "2023年12月前", "actual": "2023年11月", "weight": "10"}, "10.00"),
        ({"target": "2023年11月前", "actual": "2023年12月", "weight": "10"}, None),
    ],
)
def test_points_are_proposed_for_blank_cells_only(row: Row, score: str | None) -> None:
    assert computed({}, "indicators[0].score", indicators=[row]) == score


def test_proposed_points_count_in_the_total() -> None:
    indicators = [{"target": "≥98", "actual": "49", "weight": "10"}, {"score": "8"}]
    assert computed({"execution_score": "10"}, "total_score", indicators=indicators) == "23.00"


@pytest.mark.parametrize(("variant", "score"), [(None, "8.00"), ("hunan-linear", "8.00"), ("hunan-ratio", "8.33")])
def test_variants(variant: str | None, score: str) -> None:
    values = compute(record({}, [{"target": "≤5%", "actual": "6%", "weight": "10"}]), variant)
    assert str(values["indicators[0].score"]) == score


def test_every_derived_cell_of_the_beita_form(beita: Record, template: Template) -> None:
    """What its published figures give; last year's columns were not stated."""
    values = compute(beita)
    shown = {key: str(value) for key, value in values.items() if not str(value).startswith("0.00")}
    assert shown == {
        "staff_control_rate": "1.0000",
        "sangong_budget": "0.30",
        "execution_rate": "1.0000",
        "execution_score": "10.00",
        "budget_change": "122.16",
        "budget_adjustment_rate": "0.9477",
        "income_total_growth_rate": "0.5451",
        "income_general_budget_growth_rate": "0.5451",
        "expenditure_total_growth_rate": "0.5451",
        "basic_growth_rate": "0.3147",
        "personnel_growth_rate": "0.4938",
        "public_growth_rate": "0.1679",
        "total_weight": "100.00",
        "total_score": "98.00",
        "grade": "优",
        "output_weight": "50.00",
        "output_score": "50.00",
        "output_quantity_weight": "10.00",
        "output_quantity_score": "10.00",
        "output_quality_weight": "20.00",
        "output_quality_score": "20.00",
        "output_timeliness_weight": "10.00",
        "output_timeliness_score": "10.00",
        "output_cost_weight": "10.00",
        "output_cost_score": "10.00",
        "benefit_weight": "30.00",
        "benefit_score": "28.00",
        "benefit_social_weight": "30.00",
        "benefit_social_score": "28.00",
        "satisfaction_weight": "10.00",
        "satisfaction_score": "10.00",
        "satisfaction_service_weight": "10.00",
        "satisfaction_service_score": "10.00",
    }
    assert set(values) <= {step.key for step in steps_of(beita)}
    assert set(values) <= set(template.fields)


def test_beita_zeros(beita: Record) -> None:
    """0 + 0 is 0.00; a row of blanks is nothing."""
    values = compute(beita)
    zeros = {key for key, value in values.items() if str(value) == "0.00"}
    assert zeros == {
        f"{row}_{column}" for row in ("sangong", "vehicle") for column in ("prior_actual", "budget", "actual")
    } - {"sangong_budget"}


# A form that lacks a cell: no derivation adds it, and what needs it is not computed

TEMPLATE = load_template("department_overall")
DERIVED = tuple(key for key, field in TEMPLATE.fields.items() if field.derived)


def without(*lost: str) -> Template:
    """The template without these cells, columns (`indicators[].score`) or tables, and without the sums over them."""
    tables = {
        name: table._replace(columns={c: f for c, f in table.columns.items() if f"{name}[].{c}" not in lost})
        for name, table in TEMPLATE.tables.items()
        if name not in lost
    }
    smaller = dataclasses.replace(
        TEMPLATE, tables=tables, fields={key: field for key, field in TEMPLATE.fields.items() if key not in lost}
    )

    def has_all(each: Relation) -> bool:
        level = [part.partition("[].")[0] + f"[0].{each.same[0]}" for part in each.parts] if each.same else []
        return all(smaller.has(key.replace("[]", "[0]")) for key in (each.total, *each.parts, *level))

    totals = TEMPLATE.related(Kind.SUM, Kind.CHANGES, Kind.YEARS_BEFORE, Kind.INCLUDED)
    return dataclasses.replace(smaller, relations=tuple(filter(has_all, totals)))


def planned(template: Template, rows: int = 2) -> set[str]:
    return {step.key for step in plan(template, tuple((table, rows) for table in template.tables))}


@pytest.mark.parametrize("lost", [*DERIVED, "annual_spent", "staff_quota", "year"])
def test_a_cell_that_the_form_lacks(lost: str) -> None:
    smaller = without(lost)
    steps = planned(smaller)
    assert lost not in steps
    assert steps <= planned(TEMPLATE)
    assert all(smaller.has(key) for key in steps)
    if lost in DERIVED:
        fields = {key: "5" for key, field in smaller.fields.items() if field.type == "money" and not field.derived}
        assert lost not in compute(record_from_values({"fields": fields}, smaller))


@pytest.mark.parametrize("lost", [f"{name}[].{c}" for name, table in TEMPLATE.tables.items() for c in table.columns])
def test_a_column_that_the_form_lacks(lost: str) -> None:
    table, _, column = lost.partition("[].")
    smaller = without(lost)
    steps = planned(smaller)
    assert row_key(table, 0, column) not in steps
    assert all(smaller.has(key) for key in steps)
    row = {"level1": "产出指标", "level3": "甲", "target": "≥95%", "actual": "95%", "weight": "10", "budget": "1"}
    row = {name: value for name, value in row.items() if name in smaller.tables[table].columns}
    assert not any(key.endswith(f"].{column}") for key in compute(record_from_values({table: [row]}, smaller)))


@pytest.mark.parametrize("lost", TEMPLATE.tables)
def test_a_table_that_the_form_lacks(lost: str) -> None:
    steps = planned(without(lost))
    assert steps < planned(TEMPLATE) or lost == "project_special"
    assert not any(key.startswith(lost) for key in steps)
