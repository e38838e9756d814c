"""The PERF_* functions as plain Python: a cell or a range in, a value or rows of values out.

Each stands on the derivation of the form's own cell, with that cell's places, so that a function in a sheet, the
native formula and `fill` show the same figure. Pure, not volatile, and fast enough for whole columns.

An argument is a cell or a range (a list of rows; a plain list is a column), a number a float or int, or text that
reads as one. Ranges are of equal size, a cell goes with each, and the value is a cell, or as many rows. A blank or ——
gives "". Nothing is raised: the value is an `ErrorValue`, the first one of the arguments in reading order, #VALUE! for
text where a number must be, for logical values and for ranges of unequal size.
"""

from __future__ import annotations

import math
import operator
from collections import Counter
from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import compress
from typing import Any

from xlperf.amounts import ZERO, round_half_up
from xlperf.derive import rates, scores
from xlperf.errors import UnknownNameError
from xlperf.form.dated import Figures
from xlperf.udf.values import (
    Column,
    ErrorValue,
    Refused,
    Result,
    Value,
    answering,
    as_float,
    as_shown,
    columns_of,
    number,
    spread,
    template,
    text,
    value_of,
)

_RATE_PLACES = 4
_POINT_PLACES = 2
_FLOATS = {float, int}
_STATED = {float, int, str, type(None)}
_WEIGHT = {2: 0, 3: 2, 4: 2}  # which column it is, by how many there are
_INDICATOR = (text, text, number)
IndicatorScore = Callable[[str, str, Decimal], Decimal]


@answering
def perf_score(area: Any) -> Result:
    """总分, points with two decimals; "" if no row has any.

    `area`: 1 column: points; 2: weight, points; 3: target, result, weight; 4: target, result, weight, points, of which
    blank ones are computed. `#NUM!` for points above the weight and for negative ones, `#N/A` for a qualitative row
    without points, `#VALUE!` for more columns. Source: `caiyu-2020-10-quantitative`.
    """
    columns = columns_of(area)
    if len(columns) > 4:
        raise Refused
    score = _indicator_score_under(None)
    total = _total_at_once(columns, score)
    return _total_by_rows(columns, score) if total is None else as_float(total)


def _total_by_rows(columns: Sequence[Column], score: IndicatorScore) -> Value:
    """Every row to the last digit; the first error in reading order is the answer."""
    total, found = ZERO, False
    for row in zip(*columns, strict=True):
        points = _points_of_row(row, score)
        if isinstance(points, ErrorValue):
            return points
        if points is not None:
            total += points
            found = True
    return as_float(round_half_up(total, _POINT_PLACES)) if found else ""


def _points_of_row(cells: Column, score: IndicatorScore) -> Decimal | ErrorValue | None:
    """The 得分 where it is filled, otherwise computed where the row has what it takes; None adds nothing."""
    for cell in cells:
        if isinstance(cell, ErrorValue):
            return cell
    weight = number(cells[_WEIGHT[len(cells)]]) if len(cells) > 1 else None
    points = None if len(cells) == 3 else number(cells[-1])
    for read in (weight, points):
        if isinstance(read, ErrorValue):
            return read
        if read is not None and read < 0:
            return ErrorValue.NUM
    if isinstance(weight, Decimal) and isinstance(points, Decimal) and points > weight:
        return ErrorValue.NUM
    if points is None and len(cells) > 2:
        return number(value_of(score, text(cells[0]), text(cells[1]), weight))
    return points


def _total_at_once(columns: Sequence[Column], score: IndicatorScore) -> Decimal | None:
    """The total where most 得分 are plain numbers, as in long columns; None where it takes a closer look.

    `to_decimal` changes a float by less than 5e-15 of it, so the true total lies that close to the exact sum of the
    floats. Where both ends of that range round to the same hundredth, so does the true total.
    """
    kinds = [set(map(type, column)) for column in columns]
    if len(columns) == 3 or any(bool in each for each in kinds):
        return None
    others = ZERO
    if not kinds[-1] <= _FLOATS:
        plain = [type(cell) in _FLOATS for cell in columns[-1]]
        odd = list(map(operator.not_, plain))
        try:
            counted = Counter(zip(*(compress(column, odd) for column in columns), strict=True))
        except TypeError:  # something in it is no cell at all
            return None
        for row, count in counted.items():
            points = _points_of_row(row, score)
            if isinstance(points, ErrorValue):
                return None
            others += (points or ZERO) * count
        columns = [list(compress(column, plain)) for column in columns]
        kinds = [set(map(type, column)) for column in columns]
    if not columns[0] or not all(each <= _STATED for each in kinds[:-2]):
        return None
    if len(columns) > 1 and (not kinds[-2] <= _FLOATS or any(map(operator.gt, columns[-1], columns[-2]))):
        return None
    try:
        total = math.fsum(columns[-1])
    except OverflowError:
        return None
    slack = total * 1e-14
    if not math.isfinite(total + slack) or min(columns[-1]) < 0:
        return None
    low, high = (round_half_up(Decimal(end) + others, _POINT_PLACES) for end in (total - slack, total + slack))
    return low if low == high else None


@answering
def perf_execution_rate(actual: Any, budget: Any) -> Result:
    """执行率 = `actual` 执行数 / `budget` 预算数, a fraction with four decimals (0.8914); both of one unit.

    `#DIV/0!` on a budget of 0, `#VALUE!` for text. Source: `shaoyang-form-2023`.
    """
    return spread(_execution_rate, (number, number), (actual, budget))


def _execution_rate(actual: Decimal, budget: Decimal) -> Decimal:
    return round_half_up(rates.execution_rate.function(actual, budget), _RATE_PLACES)


@answering
def perf_execution_score(actual: Any, budget: Any, weight: Any = None) -> Result:
    """预算执行得分 = 执行率 as the form shows it × `weight`, at most the weight: points with two decimals.

    `actual` 执行数 and `budget` 预算数 of one unit; without `weight` it is the form's, 10. `#DIV/0!` on a budget of 0,
    `#NUM!` for a negative weight, `#VALUE!` for text. Source: `caiyu-2020-10`.
    """
    if weight is None:
        weight = float(_figure("standard_execution_weight"))
    return spread(_execution_score, (number, number, number), (actual, budget, weight))


def _execution_score(actual: Decimal, budget: Decimal, weight: Decimal) -> Decimal:
    if weight < 0:
        raise Refused(ErrorValue.NUM)
    rate = _execution_rate(actual, budget)
    return round_half_up(scores.execution_score.function(rate, weight), _POINT_PLACES)


@answering
def perf_growth_rate(current: Any, prior: Any) -> Result:
    """增长率 = (`current` 本年数 - `prior` 上年数) / 上年数, a fraction with four decimals (0.4938); both of one unit.

    `#DIV/0!` on a base of 0, `#VALUE!` for text. Source: `arithmetic`.
    """
    return spread(_growth_rate, (number, number), (current, prior))


def _growth_rate(current: Decimal, prior: Decimal) -> Decimal:
    change = rates.change.function(current, prior)
    return round_half_up(rates.growth_rate.function(change, prior), _RATE_PLACES)


@answering
def perf_control_rate(actual: Any, approved: Any) -> Result:
    """控制率 = `actual` 实际数 / `approved` 核定数, a fraction with four decimals (1.25); both of one unit.

    `#DIV/0!` on an approved figure of 0, `#VALUE!` for text. Source: `caiyu-2013-53`.
    """
    return spread(_control_rate, (number, number), (actual, approved))


def _control_rate(actual: Decimal, approved: Decimal) -> Decimal:
    return round_half_up(rates.staff_control_rate.function(actual, approved), _RATE_PLACES)


@answering
def perf_indicator_score(target: Any, actual: Any, weight: Any, variant_id: Any = None) -> Result:
    """得分 of an indicator, points with two decimals between 0 and `weight`.

    `target` and `actual` are as written (≥98%, 不少于2次, 2023年12月前) or numbers, `variant_id` a cell with the id of
    a variant, by default the form's. `#N/A` where they cannot be compared (定性指标), `#NUM!` for a negative weight,
    `#VALUE!` for a weight in words and for a variant that is not there. Source: `caiyu-2020-10-quantitative`.
    """
    score = _indicator_score_under(variant_id)
    return spread(score, _INDICATOR, (target, actual, weight))


def _indicator_score_under(variant_id: Any) -> IndicatorScore:
    known = _figures_under(variant_id)
    figures = {name: known[name].value for name in ("reverse_convention", "overachieved_points", "extreme_results")}

    def score(target: str, actual: str, weight: Decimal) -> Decimal:
        if weight < 0:
            raise Refused(ErrorValue.NUM)
        shown = as_shown(target, actual)
        return round_half_up(scores.indicator_score.function(*shown, weight, **figures), _POINT_PLACES)

    return score


@answering
def perf_grade(score: Any) -> Result:
    """优, 良, 中 or 差 of a `score` in points, 0 to 100, under the default variant.

    `#NUM!` for any other number, `#VALUE!` for text. Source: `caiyu-2020-10-grades`.
    """
    best, bands = Decimal(_figure("standard_total_weight")), _figure("grade_bands")

    def grade(score: Decimal) -> str:
        if not 0 <= score <= best:
            raise Refused(ErrorValue.NUM)
        return str(scores.grade.function(score, bands))

    return spread(grade, (number,), (score,))


def _figure(name: str) -> Any:
    """A dated figure under the default variant."""
    return template().figures_of(None)[name].value


def _figures_under(variant_id: Any) -> Figures:
    """The dated figures of a variant that a cell names, of the default one where it is blank."""
    if variant_id is None:
        return template().figures_of(None)
    columns = columns_of(variant_id)
    variant = text(columns[0][0])
    if isinstance(variant, ErrorValue):
        raise Refused(variant)
    if len(columns) > 1 or len(columns[0]) > 1:
        raise Refused
    try:
        return template().figures_of(variant)
    except UnknownNameError:
        raise Refused from None
