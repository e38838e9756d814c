"""Python value = native formula = PERF_ function as LibreOffice Calc computes them, and 勾稽关系 = the rules."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.control_rows import SHEET, disagreements, rows_of
from tests.hosts.libreoffice import Office
from tests.random_forms import Values, blank_forms, faulty_forms, with_points, workbook_of
from xlperf.amounts import to_decimal
from xlperf.audit.run import audit
from xlperf.derive.engine import compute, steps_of
from xlperf.form.record import Record
from xlperf.package import CellKind, Ref, Workbook, ref_text
from xlperf.package.calculation import Calculation
from xlperf.tieout.pieces import BLANK, FAILS, FITS, NOT_APPLICABLE
from xlperf.udf.formulas import perf_formulas
from xlperf.workbook.actions import FillAs, Form, Formulas, fill, new_workbook, open_form

pytestmark = pytest.mark.libreoffice

RECORDS, PARTS = 300, 5  # parts, so that the cores share them
STALE = Decimal(-987654321)
Lines = dict[str, list[list[Any]]]  # what Calc shows on each sheet
_ROUNDS_LAST = re.compile(r"""(?<=,)([0-9])(\)\)|\),""\))$""")


def test_beita(office: Office, tmp_path: Path, beita_values: dict[str, Any]) -> None:
    form = filled(new_workbook(beita_values).to_bytes(), FillAs.FORMULA)
    form.book.save(tmp_path / "beita.xlsx")
    (recalculated,) = office.convert([tmp_path / "beita.xlsx"], "xlsx", tmp_path / "out")
    found = open_form(recalculated).record
    assert found["personnel_growth_rate"].shown == "49.38%"
    assert found["total_score"].number == 98
    assert found["grade"].text == "优"


def test_all_derived_cells_are_formulas_when_filled(beita_values: dict[str, Any]) -> None:
    form = filled(new_workbook(beita_values).to_bytes(), FillAs.FORMULA)
    values = compute(form.record)
    assert len(values) >= 35
    for step in steps_of(form.record):
        place = form.binding.place(step.key)
        if step.key in values:
            assert form.book.cells(place.sheet)[place.ref].formula, f"{step.key} has no formula"


def test_fill_as_value_writes_no_formula(beita_values: dict[str, Any]) -> None:
    stated = open_form(new_workbook(beita_values).to_bytes())
    form = filled(stated.book.to_bytes(), FillAs.VALUE)
    for key, value in compute(stated.record).items():
        place = form.binding.place(key)
        assert form.book.cells(place.sheet)[place.ref].formula is None, key
        assert form.record[key].number == value or form.record[key].text == value, key


def filled(blob: bytes, how: FillAs | Formulas) -> Form:
    form = open_form(blob)
    fill(form, how)
    return open_form(form.book.to_bytes())


@pytest.mark.parametrize("part", range(PARTS))
def test_random_records(part: int, tmp_path: Path) -> None:
    """300 records, half of them fresh in every run, each as handed in, filled with formulas, and with functions."""
    half = RECORDS // PARTS // 2
    records = [*faulty_forms(half, f"part {part}"), *map(with_points, blank_forms(half))]
    forms = [form for values in records for form in three_ways(values)]
    shown = Office(tmp_path).session([stale(form, tmp_path / f"{number}.xlsx") for number, form in enumerate(forms)])
    wrong: list[str] = []
    seen: Counter[str] = Counter()
    for number, values in enumerate(records):
        stated, native, functions = forms[3 * number : 3 * number + 3]
        as_stated, natively, by_functions = shown[3 * number : 3 * number + 3]
        found = [f"native formula: {each}" for each in differences(stated.record, native, natively)]
        found += [f"PERF_ function: {each}" for each in differences(stated.record, functions, by_functions)]
        for form, lines in ((stated, as_stated), (native, natively)):
            rows = rows_of(lines[SHEET])
            found += disagreements(audit(form.record), rows)
            found += unlike(form, lines)
            seen.update(row.result for row in rows)
        wrong += (f"{each}\n{json.dumps(values, ensure_ascii=False)}" for each in found)
        seen["computed"] += len(compute(stated.record))
        seen["functions"] += functions_in(functions)
    assert wrong == []
    assert all(seen[word] > 2 * len(records) for word in (FITS, FAILS, BLANK, NOT_APPLICABLE)), seen
    assert seen["computed"] > 20 * len(records), seen
    assert seen["functions"] > 4 * len(records), seen


def three_ways(values: Values) -> tuple[Form, Form, Form]:
    blob = workbook_of(values)
    return open_form(blob), filled(blob, FillAs.FORMULA), filled(blob, perf_formulas)


def stale(form: Form, target: Path) -> tuple[str, dict[str, Any]]:
    """Save it with a wrong result beside each formula, which Calc would show if it did not compute; how to read it."""
    book = Workbook.open(form.book.to_bytes())
    for title in book.sheets:
        for ref, cell in book.cells(title).items():
            if cell.formula:
                book.write(title, ref, STALE, formula=cell.formula)
    book.save(target)
    return "read", {"source": target.as_uri(), "sheets": book.sheets}


def differences(record: Record, form: Form, lines: Lines) -> Iterator[str]:
    """Derived cells that show another value than Python computes, or than was stated where it computes none."""
    values = compute(record)
    for step in steps_of(record):
        place, stated = form.binding.place(step.key), record[step.key]
        cell = lines[place.sheet][place.ref.row - 1][place.ref.col - 1]
        shown = to_decimal(cell) if isinstance(cell, float) else cell
        expected = values.get(step.key, stated.text if stated.number is None else stated.number)
        if shown != expected:
            yield f"{step.key} at {place.address}: Python {expected!r}, Calc {shown!r}"


def unlike(form: Form, lines: Lines) -> Iterator[str]:
    """Formulas of 勾稽关系 whose result in the file is another than Calc computes, beyond what binary numbers cost."""
    for ref, cell in form.book.cells(SHEET).items():
        if cell.formula is not None:
            computed = lines[SHEET][ref.row - 1][ref.col - 1]
            kept = float(cell.text) if cell.kind is CellKind.NUMBER else cell.text
            if cell.kind is CellKind.BLANK or computed != (pytest.approx(kept) if isinstance(kept, float) else kept):
                if isinstance(kept, float) and computed in halves(form, ref, cell.formula):
                    continue
                yield f"{ref_text(ref)} keeps {cell.kind} {kept!r}, Calc computes {computed!r}: {cell.formula}"


def halves(form: Form, ref: Ref, formula: str) -> list[object]:
    """What a formula that rounds last may show if its exact value lies halfway: binary numbers may miss the half.

    Nothing where it does not; found out by rounding to more places.
    """
    rounded = _ROUNDS_LAST.search(formula)
    if rounded is None:
        return []
    book, places = Workbook.open(form.book.to_bytes()), int(rounded[1])
    book.write(SHEET, ref, Decimal(0), formula=f"{formula[: rounded.start(1)]}{places + 6}{rounded[2]}")
    exact = next((value for at, _, value in Calculation(book, SHEET).changes() if at == ref), None)
    if not isinstance(exact, Decimal) or abs(exact.scaleb(places)) % 1 != Decimal("0.5"):
        return []
    half = Decimal("0.5").scaleb(-places)
    return [pytest.approx(float(exact + half)), pytest.approx(float(exact - half))]


@pytest.mark.parametrize(("value", "shown"), [("0.0071485", [0.007149, 0.007148]), ("0.0071484", []), ("0.007149", [])])
def test_only_a_half_may_be_rounded_either_way(beita_values: dict[str, Any], value: str, shown: list[float]) -> None:
    form = open_form(new_workbook(beita_values).to_bytes())
    ref = next(ref for ref, cell in form.book.cells(SHEET).items() if _ROUNDS_LAST.search(cell.formula or ""))
    assert halves(form, ref, f'IF(1>2,"",ROUND({value},6))') == shown


def functions_in(form: Form) -> int:
    cells = (cell for title in form.book.sheets for cell in form.book.cells(title).values())
    return sum("PERF_" in (cell.formula or "") for cell in cells)
