"""The PERF_* formula of a derived cell, for `fill --as udf`.

A function is written only where it gives the very value that `compute` gives, read from the cells as a host hands them
over: it is called to find out. Where it does not (a base of zero, last year only implied, a figure that cannot be
read) the native formula stays.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from xlperf.amounts import ZERO, parse_number, round_half_up, to_decimal
from xlperf.derive import rates, scores
from xlperf.derive.derivation import Derivation
from xlperf.derive.engine import Choice, Step, Value, steps_of
from xlperf.derive.expression import sum_formula
from xlperf.derive.target_columns import SIGN, UNIT
from xlperf.form.record import Record
from xlperf.form.relations import Relation
from xlperf.form.template import INDICATORS
from xlperf.package import CellKind
from xlperf.udf import registry
from xlperf.udf.registry import Function
from xlperf.udf.values import ErrorValue, Result
from xlperf.workbook.binding import Binding, Book, Place

_DIRECT: Mapping[Derivation, Function] = {
    rates.execution_rate: registry.PERF_EXECUTION_RATE,
    rates.staff_control_rate: registry.PERF_CONTROL_RATE,
    rates.building_area_control_rate: registry.PERF_CONTROL_RATE,
    rates.building_investment_control_rate: registry.PERF_CONTROL_RATE,
    scores.indicator_score: registry.PERF_INDICATOR_SCORE,
    scores.grade: registry.PERF_GRADE,
}
# The first operand is a derived cell itself; the function takes what that one is derived from.
_UNFOLDED: Mapping[Derivation, Function] = {
    rates.growth_rate: registry.PERF_GROWTH_RATE,
    scores.execution_score: registry.PERF_EXECUTION_SCORE,
}


class _Form(NamedTuple):
    book: Book
    binding: Binding
    record: Record
    variant: str | None
    written: Mapping[Place, Value]  # what `fill` puts into cells


def perf_formulas(
    book: Book, binding: Binding, record: Record, values: Mapping[str, Value], variant: str | None = None
) -> dict[str, str]:
    """Key -> formula without `=`, of every derived cell that a PERF_ function expresses."""
    form = _Form(book, binding, record, variant, {binding.place(key): value for key, value in values.items()})
    steps = {step.key: step for step in steps_of(record, variant)}
    found = {}
    for step in steps.values():
        if not binding.has(step.key):
            continue
        value = values.get(step.key)
        if value is None and len(step.choices) > 1:
            continue  # which way it will be computed is known when figures are there; the native formula knows all
        formula, result = _formula(form, step, steps) or ("", None)
        if formula and result == _as_result(value):
            found[step.key] = formula
    return found


def _formula(form: _Form, step: Step, steps: Mapping[str, Step]) -> tuple[str, Result] | None:
    """The formula and what it gives in this form."""
    choice = step.choices[0]
    if choice.is_sum:
        return _total(form, step, choice.relation)
    assert choice.derivation is not None
    function, keys = _DIRECT.get(choice.derivation), choice.operands
    if function is None:
        function = _UNFOLDED.get(choice.derivation)
        keys = tuple(dict.fromkeys((*steps[keys[0]].choices[0].operands, *keys[1:]))) if function else ()
    if function is None or any(_is_date(form, key) for key in keys) or _has_targets_apart(form, choice):
        return None
    extra = _variant_argument(form, choice)
    if extra is None:
        return None
    cell, _ = form.binding.references(form.binding.place(step.key).sheet)
    references = [*map(cell, keys), *(f'"{each}"' for each in extra)]
    arguments = [_shown(form, form.binding.place(key)) for key in keys]
    if any(each.name == "weight" and shown == 0 for each, shown in zip(function.arguments, arguments, strict=False)):
        return None  # Calc takes a weight of 0 for a blank one
    return f"{function.name}({','.join(references)})", function.function(*arguments, *extra)


def _has_targets_apart(form: _Form, choice: Choice) -> bool:
    """Do sign and unit of the target stand in columns of their own, which the function is not given?"""
    table = form.record.template.table(INDICATORS)
    apart = table is not None and not table.columns.keys().isdisjoint((SIGN, UNIT))
    return apart and choice.derivation is scores.indicator_score


def _variant_argument(form: _Form, choice: Choice) -> list[str] | None:
    """The variant, where the points of an indicator depend on it; None if the function knows only the usual figures."""
    own, usual = (form.record.figures_of(variant) for variant in (form.variant, None))
    differing = [name for name in choice.figures if own[name].value != usual[name].value]
    if not differing:
        return []
    return [form.variant] if form.variant and choice.derivation is scores.indicator_score else None


def _total(form: _Form, step: Step, each: Relation) -> tuple[str, Result] | None:
    """Points of one table's rows and of single cells: 总分."""
    columns = [part.partition("[].") for part in each.parts if "[]." in part]
    if each.same is not None or len(columns) != 1 or columns[0][2] != "score":
        return None
    table, _, name = columns[0]
    singles = [part for part in each.parts if "[]." not in part]
    cell, column = form.binding.references(form.binding.place(step.key).sheet)
    rows, others = column(table, name), [cell(key) for key in singles]
    places = step.field.places
    # Blank rows would give "", which cannot be added to; SUM passes over a blank that is the result of a formula.
    rest = sum_formula(others, places) if others else '""'
    sum_of_others = f"SUM({','.join(others)})+" if others else ""
    formula = f"IF(COUNT({rows})=0,{rest},ROUND({sum_of_others}{registry.PERF_SCORE.name}({rows}),{places}))"
    beside = [_shown(form, form.binding.place(key)) for key in singles]
    return formula, _total_value(list(_column(form, table, name)), beside, places)


def _total_value(rows: Sequence[Any], others: Sequence[Any], places: int) -> Result:
    figures = [to_decimal(each) for each in others if isinstance(each, float)]
    total = sum(figures, ZERO)
    if any(isinstance(each, float) for each in rows):
        points = registry.PERF_SCORE.function([[each] for each in rows])
        if not isinstance(points, float):
            return points
        total += to_decimal(points)
    elif not figures:
        return ""
    return float(round_half_up(total, places))


def _column(form: _Form, table: str, name: str) -> Iterator[Any]:
    place = form.binding.tables[table]
    for row in place.body.rows:
        yield _shown(form, place.place(row, name))


def _shown(form: _Form, place: Place) -> Any:
    """What a host hands to a function."""
    if place in form.written:
        return _as_result(form.written[place])
    cell = form.book.cells(place.sheet).get(place.ref)
    if cell is None or cell.kind is CellKind.BLANK:
        return ""
    if cell.kind is CellKind.NUMBER:
        return float(to_decimal(cell.text))
    if cell.kind is CellKind.BOOL:
        return cell.text == "1"
    return (ErrorValue.of_text(cell.text) or ErrorValue.VALUE) if cell.kind is CellKind.ERROR else cell.text


def _as_result(value: Value | None) -> Result:
    return float(value) if isinstance(value, Decimal) else value or ""


def _is_date(form: _Form, key: str) -> bool:
    """Dates are numbers in some hosts and dates in others; whether they agree is not left to chance."""
    place, stated = form.binding.place(key), form.record[key]
    return stated.field.is_text and isinstance(_shown(form, place), float) and parse_number(stated.text) is None
