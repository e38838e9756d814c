"""Python value = native formula = PERF_ function as LibreOffice Calc computes them, and 勾稽关系 = the rules."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.control_rows import SHEET
from tests.hosts.differential import ROUNDS_LAST, compared, filled, halves
from tests.hosts.libreoffice import Office
from tests.random_forms import blank_forms, faulty_forms, random_forms, with_points
from tests.workbooks import new_bytes
from xlperf.derive.engine import compute, steps_of
from xlperf.form.forms import load_template
from xlperf.tieout.pieces import BLANK, FAILS, FITS, NOT_APPLICABLE
from xlperf.workbook.actions import FillAs, open_form

pytestmark = pytest.mark.libreoffice

RECORDS, PARTS = 8, 2  # parts, so that the cores share them


def test_beita(office: Office, tmp_path: Path, beita_values: dict[str, Any]) -> None:
    form = filled(new_bytes(beita_values), FillAs.FORMULA)
    form.book.save(tmp_path / "beita.xlsx")
    (recalculated,) = office.convert([tmp_path / "beita.xlsx"], "xlsx", tmp_path / "out")
    found = open_form(recalculated).record
    assert found["personnel_growth_rate"].shown == "49.38%"
    assert found["total_score"].number == 98
    assert found["grade"].text == "优"


def test_all_derived_cells_are_formulas_when_filled(beita_values: dict[str, Any]) -> None:
    form = filled(new_bytes(beita_values), FillAs.FORMULA)
    values = compute(form.record)
    assert len(values) >= 35
    for step in steps_of(form.record):
        place = form.binding.place(step.key)
        if step.key in values:
            assert form.book.cells(place.sheet)[place.ref].formula, f"{step.key} has no formula"


def test_fill_as_value_writes_no_formula(beita_values: dict[str, Any]) -> None:
    stated = open_form(new_bytes(beita_values))
    form = filled(stated.book.to_bytes(), FillAs.VALUE)
    for key, value in compute(stated.record).items():
        place = form.binding.place(key)
        assert form.book.cells(place.sheet)[place.ref].formula is None, key
        assert form.record[key].number == value or form.record[key].text == value, key


@pytest.mark.parametrize("part", range(PARTS))
def test_random_records(part: int, tmp_path: Path) -> None:
    """Half of them fresh in every run, each as handed in, filled with formulas, and with functions.

    Few, for time's sake; `python -m tests.hosts.differential` compares a hundred of each form.
    """
    half = RECORDS // PARTS // 2
    records = [*faulty_forms(half, f"part {part}"), *map(with_points, blank_forms(half))]
    wrong, seen = compared({load_template("department_overall"): records}, tmp_path)
    assert wrong == []
    assert all(seen[word] > 2 * len(records) for word in (FITS, BLANK, NOT_APPLICABLE)), seen
    assert seen[FAILS], seen  # a form is drawn clean or with a fault or two, and which they are is drawn too
    assert seen["computed"] > 20 * len(records), seen
    assert seen["functions"] > 4 * len(records), seen


def test_random_records_of_smaller_forms(tmp_path: Path) -> None:
    counts = {"project_spending": 4, "goals": 2, "goals_shanghai": 2, "monitoring": 2}
    records = {load_template(form): random_forms(load_template(form), count) for form, count in counts.items()}
    wrong, seen = compared(records, tmp_path)
    assert wrong == []
    number = sum(counts.values())
    assert all(seen[word] > number for word in (FITS, BLANK)), seen
    assert seen[FAILS], seen
    assert seen["computed"] > number, seen
    assert seen["functions"] > number // 2, seen


@pytest.mark.parametrize(("value", "shown"), [("0.0071485", [0.007149, 0.007148]), ("0.0071484", []), ("0.007149", [])])
def test_only_a_half_may_be_rounded_either_way(beita_values: dict[str, Any], value: str, shown: list[float]) -> None:
    form = open_form(new_bytes(beita_values))
    ref = next(ref for ref, cell in form.book.cells(SHEET).items() if ROUNDS_LAST.search(cell.formula or ""))
    assert halves(form, ref, f'IF(1>2,"",ROUND({value},6))') == shown
