"""Points, and the grade of their total. Totals themselves are sums that the template states."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xlperf.amounts import ZERO, Undecided
from xlperf.derive.derivation import derived
from xlperf.derive.expression import Operand, least, word_for
from xlperf.derive.targets import (
    Direction,
    compare,
    falls_short_of_money,
    is_amount_of_money,
    is_extreme,
    parse_goal,
    points,
)
from xlperf.form.template import INDICATORS
from xlperf.text import expression

# No sign or bare point before the digits: with them taken away, -5 and .5 would read as 5.
_PLAIN_NUMBER = expression(r"([^\d\s\".．\-－]*)([0-9]+(?:\.[0-9]+)?)([^\d\s\"]*)")


@derived("execution_score", cites="caiyu-2020-10")
def execution_score(execution_rate: Any, execution_weight: Any) -> Any:
    """预算执行得分 = 执行率 × 分值, 不超过分值."""
    return least(execution_rate * execution_weight, execution_weight)


@derived("grade", cites="caiyu-2020-10-grades")
def grade(total_score: Any, grade_bands: Any) -> Any:
    """自评等级: half-open bands, 90 is 优 and 89.99 is 良."""
    return word_for(total_score, grade_bands)


def _points_formula(
    target: Operand,
    actual: Operand,
    weight: Operand,
    reverse_convention: str,
    overachieved_points: str,
    extreme_results: Sequence[Sequence[str]],
) -> str | None:
    """得分 in plain functions, made for the way target and result are written now.

    If someone later writes them another way (`≤5` for `≥98`), the formula shows nothing rather than a wrong figure.
    None where only Python can compare: dates, full-width digits, a limit of zero.
    """
    goal, result = parse_goal(target.text), parse_goal(actual.text)
    comparison = compare(target.text, actual.text, reverse_convention)
    wanted, reached = _number_formula(target), _number_formula(actual)
    if comparison is None or goal is None or result is None or wanted is None or reached is None:
        return None
    if comparison.scale_differs or comparison.actual != result.value:
        return None  # 98% against 98, 0.1万人次 against 1000人次
    if ("%" in target.text, "%" in actual.text) != ("%" in target.typed, "%" in actual.typed) and (
        ("%" in target.typed) != ("%" in actual.typed)
    ):
        return None  # 90 beside a column of % against 88%
    if goal.direction is Direction.EXACTLY and goal.value == 0:
        share = f"IF({reached}<=0,1,0)"
    elif goal.value <= 0:
        return None
    elif goal.direction is not Direction.AT_MOST:
        share = f"{reached}/{wanted}"
        if is_amount_of_money(goal):
            share = f"IF({reached}<{wanted},NA(),{share})"  # saved or missing, which only the level says
        if overachieved_points == "zero":
            (_, least), (_, most) = extreme_results
            multiple = f"ROUND({reached}/{wanted},10)"
            share = f"IF(OR({multiple}<{least},{multiple}>={most}),0,{share})"
    elif reverse_convention == "ratio":
        share = f"IF({reached}<={wanted},1,{wanted}/({reached}))"
    else:
        share = f"1-({reached}-{wanted})/{wanted}"
    blank = ",".join(f'{cell.reference}=""' for cell in (target, actual, weight))
    earned = f"ROUND({weight.reference}*MAX(0,MIN(1,{share})),2)"
    return f'IF(OR({blank}),"",IFERROR({earned},""))'


def _number_formula(cell: Operand) -> str | None:
    """The number in a cell such as `≥98%以上`: what stands before and after the digits is taken away."""
    if cell.is_number:
        return cell.reference
    match = _PLAIN_NUMBER.fullmatch(cell.typed)
    if match is None or parse_goal(cell.typed) is None:
        return None
    text = cell.reference
    for affix in (match[1], match[3]):
        if affix and affix in match[2]:
            return None  # `7.50.`: taking the last point away takes the first one too
        if affix:
            text = f'SUBSTITUTE({text},"{affix}","")'
    if "%" in match[3] or "％" in match[3]:  # where the cell holds 0.98 in a percent format, the number is what counts
        return f"IF(ISNUMBER({cell.reference}),{cell.reference},{text}/100)"
    return f"({text}+0)"


@derived(f"{INDICATORS}[].score", cites="caiyu-2020-10-quantitative", formula=_points_formula)
def indicator_score(
    _target: Any,
    _actual: Any,
    _weight: Any,
    reverse_convention: Any,
    overachieved_points: Any,
    extreme_results: Any,
) -> Any:
    """得分: full points when the target is met, in proportion when it is not; a proposal for a blank cell only.

    Left to a person where less money than the target's was reached: saved if it is a cost, missing if an income.
    """
    comparison = compare(_target, _actual, reverse_convention)
    if comparison is None or comparison.scale_differs:
        raise Undecided
    if overachieved_points == "zero" and is_extreme(comparison, extreme_results):
        return ZERO
    earned = points(comparison, _weight)
    if earned is None or falls_short_of_money(_target, _actual):
        raise Undecided
    return earned
