"""`fill --as udf`: which cells get a PERF_ function, that it names the right cells, and that no value changes."""

from __future__ import annotations

import copy
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from tests.command import called
from tests.random_forms import TEMPLATE, records, workbook_of
from tests.workbooks import new_bytes
from xlperf import cli
from xlperf.derive.engine import steps_of
from xlperf.package import Cell, CellKind, ref_text
from xlperf.udf.formulas import perf_formulas
from xlperf.workbook.actions import FillAs, Form, Formulas, check, fill, freeze, open_form

VALUES: dict[str, Any] = {
    "year": "2023",
    "fields": {
        "staff_quota": "10",
        "staff_actual": "9",
        "personnel_prior": "73.19",
        "personnel_current": "109.33",
        "public_current": "104.29",
        "public_change": "14.99",
        "opening_budget": "173.82",
        "annual_budget": "251.06",
        "annual_spent": "250.00",
        "execution_weight": "10",
    },
    "indicators": [
        {"level1": "产出指标（50分）", "level2": "数量指标", "target": "≥98%", "actual": "49%", "weight": "50"},
        {"level1": "产出指标（50分）", "level2": "成本指标", "target": "≤5", "actual": "6", "weight": "20"},
        {"level1": "效益指标", "level2": "社会效益指标", "target": "好", "actual": "好", "weight": "20", "score": "19"},
    ],
}


def filled(values: dict[str, Any], how: FillAs | Formulas = perf_formulas, variant: str | None = None) -> Form:
    return refilled(new_bytes(values), how, variant)


def refilled(blob: bytes, how: FillAs | Formulas, variant: str | None = None) -> Form:
    form = open_form(blob)
    fill(form, how, variant)
    return open_form(form.book.to_bytes())


def cell_of(form: Form, key: str) -> Cell | None:
    place = form.binding.place(key)
    return form.book.cells(place.sheet).get(place.ref)


def formula_of(form: Form, key: str) -> str | None:
    cell = cell_of(form, key)
    return cell.formula if cell else None


def at(form: Form, *keys: str) -> str:
    return ",".join(ref_text(form.binding.place(key).ref) for key in keys)


def shown(cell: Cell | None) -> Decimal | str:
    if cell is None or cell.kind is CellKind.BLANK:
        return ""
    return Decimal(cell.text) if cell.kind is CellKind.NUMBER else cell.text


def assert_same_values(values: dict[str, Any], variant: str | None = None) -> int:
    """The result beside each formula is what `--as value` writes; returns how many cells hold a PERF_ function."""
    blob = workbook_of(values)
    by_value, by_function = (refilled(blob, how, variant) for how in (FillAs.VALUE, perf_formulas))
    functions = 0
    for step in steps_of(by_value.record, variant):
        expected, cell = cell_of(by_value, step.key), cell_of(by_function, step.key)
        assert shown(cell) == ("" if expected and expected.formula else shown(expected)), step.key
        functions += bool(cell and cell.formula and "PERF_" in cell.formula)
    return functions


def test_demo_values(beita_values: dict[str, Any]) -> None:
    assert assert_same_values(beita_values) >= 7


@pytest.mark.slow
def test_random_values() -> None:
    drawn = []

    @settings(max_examples=12, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(records(TEMPLATE))
    def compare(values: dict[str, Any]) -> None:
        drawn.append(assert_same_values(values))

    compare()
    assert len(drawn) >= 12
    assert sum(drawn) > 24


@pytest.mark.parametrize("variant", ["hunan-ratio", "execution-on-opening", "hubei"])
def test_variants(variant: str) -> None:
    assert assert_same_values(VALUES, variant) > 7


def test_names_the_right_cells() -> None:
    form = filled(VALUES)
    rate = ("annual_spent", "annual_budget")
    expected = {
        "execution_rate": f"PERF_EXECUTION_RATE({at(form, *rate)})",
        "execution_score": f"PERF_EXECUTION_SCORE({at(form, *rate, 'execution_weight')})",
        "staff_control_rate": f"PERF_CONTROL_RATE({at(form, 'staff_actual', 'staff_quota')})",
        "personnel_growth_rate": f"PERF_GROWTH_RATE({at(form, 'personnel_current', 'personnel_prior')})",
        "grade": f"PERF_GRADE({at(form, 'total_score')})",
    }
    for index in (0, 1):
        cells = at(form, *(f"indicators[{index}].{name}" for name in ("target", "actual", "weight")))
        expected[f"indicators[{index}].score"] = f"PERF_INDICATOR_SCORE({cells})"
    assert {key: formula_of(form, key) for key in expected} == expected
    assert (cell_of(form, "indicators[0].score") or pytest.fail()).text == "25"
    table = form.binding.tables["indicators"]
    letter = at(form, "indicators[0].score").rstrip("0123456789")
    rows = f"{letter}{table.body.top}:{letter}{table.body.bottom}"
    total = formula_of(form, "total_score")
    assert total is not None
    assert f"ROUND(SUM({at(form, 'execution_score')})+PERF_SCORE({rows}),2)" in total


def test_native_where_no_function_says_it() -> None:
    form = filled(VALUES)
    native = filled(VALUES, FillAs.FORMULA)
    # What a person gave stays hers; last year's figure is only implied for 公用经费.
    assert formula_of(form, "indicators[2].score") is None
    for key in ("public_growth_rate", "personnel_change", "total_weight", "output_score", "budget_adjustment_rate"):
        assert formula_of(form, key) == formula_of(native, key) != None, key  # noqa: E711


def test_zero_base_is_native() -> None:
    """A function shows #DIV/0! where the form shows ——."""
    values = copy.deepcopy(VALUES)
    values["fields"]["staff_quota"] = "0"
    form = filled(values)
    assert "PERF_" not in (formula_of(form, "staff_control_rate") or "")
    assert shown(cell_of(form, "staff_control_rate")) == "——"


def test_a_weight_of_zero_is_native() -> None:
    """Calc cannot tell it from a blank one, and would show nothing where 0 points were earned."""
    values = copy.deepcopy(VALUES)
    values["fields"]["execution_weight"] = values["indicators"][0]["weight"] = "0"
    form = filled(values)
    for key in ("execution_score", "indicators[0].score"):
        assert shown(cell_of(form, key)) == 0
        assert "PERF_" not in (formula_of(form, key) or ""), key
    assert "PERF_" in (formula_of(form, "execution_rate") or "")


def test_variant_is_named_where_it_counts() -> None:
    form = filled(VALUES, variant="hunan-ratio")
    cells = at(form, *(f"indicators[1].{name}" for name in ("target", "actual", "weight")))
    assert formula_of(form, "indicators[1].score") == f'PERF_INDICATOR_SCORE({cells},"hunan-ratio")'
    opening = filled(VALUES, variant="execution-on-opening")
    assert formula_of(opening, "execution_rate") == f"PERF_EXECUTION_RATE({at(form, 'annual_spent', 'opening_budget')})"


def test_a_date_in_a_cell_is_not_left_to_the_host() -> None:
    values = copy.deepcopy(VALUES)
    values["indicators"][0] |= {"target": "2023年12月前", "actual": "10月"}
    form = open_form(new_bytes(values))
    place = form.binding.place("indicators[0].actual")
    form.book.write(place.sheet, place.ref, Decimal(45200), number_format='yyyy"年"m"月"d"日"')
    form = open_form(form.book.to_bytes())
    fill(form, perf_formulas)
    form = open_form(form.book.to_bytes())
    assert formula_of(form, "indicators[0].score") is None
    assert shown(cell_of(form, "indicators[0].score")) == 50


def test_not_taken_for_changed_formulas(beita_values: dict[str, Any]) -> None:
    for values in (VALUES, beita_values):
        found = [set(_codes(filled(values, how))) for how in (perf_formulas, FillAs.FORMULA)]
        assert found[0] == found[1]
        assert "XLP702" not in found[0]


def _codes(form: Form) -> list[str]:
    return [each.code for each in check(form)[0].findings]


def test_filling_twice_changes_nothing() -> None:
    form = filled(VALUES)
    before = form.book.to_bytes()
    assert fill(form, perf_formulas) == []
    again = open_form(form.book.to_bytes())
    first = open_form(before)
    for step in steps_of(form.record):
        assert formula_of(again, step.key) == formula_of(first, step.key)


def test_freeze_leaves_the_values() -> None:
    form = filled(VALUES)
    expected = {step.key: shown(cell_of(form, step.key)) for step in steps_of(form.record)}
    assert freeze(form) > 0
    frozen = open_form(form.book.to_bytes())
    assert {key: shown(cell_of(frozen, key)) for key in expected} == expected
    assert not [key for key in expected if formula_of(frozen, key)]


def test_command(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    source, target = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    (tmp_path / "a.json").write_text(json.dumps(VALUES, ensure_ascii=False), "utf-8")
    for arguments in (["new", source, "--values", tmp_path / "a.json"], ["fill", source, "--as", "udf", "-o", target]):
        with pytest.raises(SystemExit) as left:
            cli.main([str(each) for each in arguments])
        assert left.value.code == 0
    assert "PERF_GRADE(" in (formula_of(open_form(target), "grade") or "")
    assert "Import Functions" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("suffix", "how", "told"), [(".xlsx", "udf", True), (".xlsx", "formula", False), (".xlsm", "udf", False)]
)
def test_import_functions_wants_macros(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, suffix: str, how: str, told: bool
) -> None:
    book = tmp_path / f"a{suffix}"
    assert called(capsys, "new", book, "--year", 2024).code == 0
    assert ("另存为 .xlsm" in called(capsys, "fill", book, "--as", how, "--in-place").err) == told
