"""The identities of a clean form, written plainly and apart from xlperf: what says whether a fault can be seen.

A figure written with d decimals stands for everything within half a unit of its last place (money has at least two
decimals; points and numbers of staff are exact). An identity is broken only if nothing in these ranges satisfies it.
`broken` names every broken identity with its cells. A faulty form in which none is broken is itself a possible clean
one: that is the proof that the fault is invisible.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import product
from typing import Any

from tests.bench.faults import oracle_kinds, oracle_points, oracle_project, oracle_words
from tests.bench.faults.form import PROJECT
from tests.bench.faults.stated import Broken, Range, Sheet, meet, total_of

_BASE_COLUMNS = ("prior_actual", "budget", "actual")
_FLOW_COLUMNS = ("prior", "opening", "current")
INCOMES = tuple(
    f"income_{k}" for k in "general_budget government_fund superior_subsidy service business affiliates".split()
)
_FLOW_SUMS = {
    "income_total": INCOMES,
    "expenditure_total": ("basic", "project_spending"),
    "basic": ("personnel", "public"),
}
_FLOW_ROWS = ("income_total", *INCOMES, "expenditure_total", "basic", "personnel", "public", "project_spending")
_BASE_SUMS = {
    "sangong": ("vehicle", "overseas", "reception"),
    "vehicle": ("vehicle_purchase", "vehicle_operation"),
    "project": ("project_business", "project_operation", "project_other"),
}
_OPERATING_PARTS = ("operating_office", "operating_utilities_travel", "operating_meeting_training")
_BASE_ROWS = (*_BASE_SUMS, *(p for parts in _BASE_SUMS.values() for p in parts), "operating", *_OPERATING_PARTS)
_SINGLE_AMOUNTS = (
    "opening_budget annual_budget annual_spent source_general_budget source_government_fund source_special_account "
    "source_other nature_basic nature_project carryover_opening carryover_closing staff_quota staff_actual "
    "procurement_budget procurement_actual basic_adjustment_budget basic_adjustment_actual building_area_approved "
    "building_area_actual building_investment_approved building_investment_actual"
).split()
_LEVELS = {
    "output": "产出指标",
    "benefit": "效益指标",
    "satisfaction": "满意度指标",
    "output_quantity": "数量指标",
    "output_quality": "质量指标",
    "output_timeliness": "时效指标",
    "output_cost": "成本指标",
    "benefit_economic": "经济效益指标",
    "benefit_social": "社会效益指标",
    "benefit_ecological": "生态效益指标",
    "benefit_sustained": "可持续影响指标",
    "satisfaction_service": "服务对象满意度指标",
}


def broken(values: Mapping[str, Any], follows: frozenset[str] = frozenset()) -> list[Broken]:
    """Every identity that the form breaks; a sum that a formula computes is as uncertain as its parts together."""
    sheet = Sheet(values)
    for key in (f"{row}_{column}" for row in reversed(_BASE_SUMS) for column in _BASE_COLUMNS):
        if key in follows and not sheet.blank(key):
            sheet.compute(key, _read_by(sheet, key))
    families = (*_FAMILIES, *_OF_PROJECTS) if values.get("template") == PROJECT else _FAMILIES
    return [each for family in families for each in family(sheet)]


def typed_cells(values: Mapping[str, Any], identity: Broken, follows: frozenset[str]) -> set[str]:
    """The cells an identity speaks of; in place of one that a formula computes, those that the formula reads."""
    sheet = Sheet(values)
    cells: set[str] = set()
    left = list(identity.keys)
    while left:
        key = left.pop()
        if key in cells:
            continue
        read = _read_by(sheet, key) if key in follows else ()
        left += read
        if key not in follows:
            cells.add(key)
    return cells


def _read_by(sheet: Sheet, key: str) -> list[str]:
    """What the form's own formula in a cell reads; blank cells too."""
    for row, parts in _BASE_SUMS.items():
        for column in _BASE_COLUMNS:
            if key == f"{row}_{column}":
                special = sheet.rows["project_special"] if row == "project" else 0
                return [f"{part}_{column}" for part in parts] + [
                    f"project_special[{i}].{column}" for i in range(special)
                ]
    for row in _FLOW_ROWS:
        if key == f"{row}_change":
            return [f"{row}_current", f"{row}_prior"]
        if key == f"{row}_growth_rate":
            return [f"{row}_change", f"{row}_prior", f"{row}_current"]
    count = range(sheet.rows["indicators"])
    for what in ("weight", "score"):
        if key == f"total_{what}":
            return [f"execution_{what}", *(f"indicators[{i}].{what}" for i in count)]
    if key.startswith("indicators["):
        stem = key.removesuffix("score")
        return [f"{stem}target", f"{stem}actual", f"{stem}weight"]
    return list(_FORMULAS.get(key, ()))


_FORMULAS = {
    "staff_control_rate": ("staff_actual", "staff_quota"),
    "building_area_control_rate": ("building_area_actual", "building_area_approved"),
    "building_investment_control_rate": ("building_investment_actual", "building_investment_approved"),
    "execution_rate": ("annual_spent", "annual_budget"),
    "execution_score": ("execution_rate", "execution_weight"),
    "budget_change": ("annual_budget", "opening_budget"),
    "budget_adjustment_rate": ("budget_change", "opening_budget"),
    "sangong_change_rate": ("sangong_budget", "sangong_prior_budget"),
    "grade": ("total_score",),
}


# Sums


def _adds_up(sheet: Sheet, whole: Range, parts: Iterable[str]) -> bool:
    return meet(total_of(sheet, parts), whole)


def _sum(sheet: Sheet, total: str, parts: Iterable[str], *, blank_is_nil: bool = True) -> Iterator[Broken]:
    """total = Σ parts. A blank part beside a filled one is nil, if it may be; a total without any part says nothing."""
    parts = tuple(parts)
    whole = sheet.range(total)
    filled = tuple(key for key in parts if sheet.range(key))
    if whole is None or not filled or (not blank_is_nil and any(sheet.blank(key) for key in parts)):
        return
    if not _adds_up(sheet, whole, filled):
        yield Broken(f"{total} = sum of its parts", (total, *filled))


def _sums(sheet: Sheet) -> Iterator[Broken]:
    for column in _BASE_COLUMNS:
        for row, rows in _BASE_SUMS.items():
            total = f"{row}_{column}"
            parts = [f"{part}_{column}" for part in rows]
            if row == "project":
                parts += [f"project_special[{i}].{column}" for i in range(sheet.rows["project_special"])]
            yield from _sum(sheet, total, parts)
            if sheet.number(total) and all(sheet.blank(part) for part in parts):
                yield Broken(f"{total} without its lines", (total, *parts))
    for row, rows in _FLOW_SUMS.items():
        for column in _FLOW_COLUMNS:
            yield from _sum(sheet, f"{row}_{column}", (f"{part}_{column}" for part in rows))
        changes = tuple(f"{part}_change" for part in rows)
        yield from _sum(sheet, f"{row}_change", changes, blank_is_nil=False)


def _points_sums(sheet: Sheet) -> Iterator[Broken]:
    count = range(sheet.rows["indicators"])
    for what in ("weight", "score"):
        column = [f"indicators[{i}].{what}" for i in count]
        yield from _sum(sheet, f"total_{what}", (f"execution_{what}", *column), blank_is_nil=False)
        for key, label in _LEVELS.items():
            level = "level2" if "_" in key else "level1"
            rows = [
                f"indicators[{i}].{what}" for i in count if sheet.text(f"indicators[{i}].{level}").startswith(label)
            ]
            yield from _sum(sheet, f"{key}_{what}", rows, blank_is_nil=False)
            if sheet.number(f"{key}_{what}") and not rows:
                yield Broken(f"{key}_{what} without its rows", (f"{key}_{what}",))


# Differences and rates


def _corners(function: Callable[..., Fraction], *ranges: Range) -> Range | None:
    """The range of a function that is monotone in each operand; None where it divides by nil on the way."""
    try:
        values = [function(*corner) for corner in product(*ranges)]
    except ZeroDivisionError:
        return None
    return min(values), max(values)


def _follows(
    sheet: Sheet, key: str, function: Callable[..., Fraction], operands: tuple[str, ...], base: int | None
) -> Iterator[Broken]:
    """The cell is the function of its operands, rounded; `base` is the operand divided by."""
    stated = sheet.range(key)
    ranges = [sheet.range(operand) for operand in operands]
    if stated is None or any(each is None for each in ranges):
        return
    known = [each for each in ranges if each is not None]
    if base is not None:
        below = known[base]
        if sheet.number(operands[base]) == 0:
            if sheet.number(key) or sheet.number(operands[0]):
                yield Broken(f"{key} on a base of nil", (key, *operands))
            return
        if below[0] <= 0 <= below[1]:
            return
    truth = _corners(function, *known)
    if truth is not None and (truth[1] < stated[0] or stated[1] < truth[0]):
        yield Broken(f"{key} follows from its operands", (key, *operands))


def _differences(sheet: Sheet) -> Iterator[Broken]:
    rows = [(f"{row}_change", f"{row}_current", f"{row}_prior") for row in _FLOW_ROWS]
    for change, now, before in (*rows, ("budget_change", "annual_budget", "opening_budget")):
        yield from _follows(sheet, change, lambda a, b: a - b, (now, before), None)


def _rates(sheet: Sheet) -> Iterator[Broken]:
    for row in _FLOW_ROWS:
        rate, change, now, before = (f"{row}_{column}" for column in ("growth_rate", "change", "current", "prior"))
        if not sheet.blank(before):
            yield from _follows(sheet, rate, lambda a, b: a / b, (change, before), 1)
        else:
            yield from _implied_growth(sheet, rate, change, now)
    for rate, above, below in (
        ("staff_control_rate", "staff_actual", "staff_quota"),
        ("building_area_control_rate", "building_area_actual", "building_area_approved"),
        ("building_investment_control_rate", "building_investment_actual", "building_investment_approved"),
        ("execution_rate", "annual_spent", "annual_budget"),
        ("budget_adjustment_rate", "budget_change", "opening_budget"),
    ):
        yield from _follows(sheet, rate, lambda a, b: a / b, (above, below), 1)
    budgets = ("sangong_budget", "sangong_prior_budget")
    yield from _follows(sheet, "sangong_change_rate", lambda a, b: (a - b) / b, budgets, 1)


def _implied_growth(sheet: Sheet, rate: str, change: str, now: str) -> Iterator[Broken]:
    """change / (current - change): last year's figure as the report implies it."""
    moved, current = sheet.range(change), sheet.range(now)
    if moved is None or current is None:
        return
    before = current[0] - moved[1], current[1] - moved[0]
    if before[0] <= 0 <= before[1]:
        if sheet.number(now) == sheet.number(change) != 0 and sheet.number(rate):
            yield Broken(f"{rate} on a base of nil", (rate, change, now))
        return
    yield from _follows(sheet, rate, lambda a, b: a / (b - a), (change, now), None)


def _sources(sheet: Sheet) -> Iterator[Broken]:
    """The sources of a project's money: together the total in each column, each with its own rate."""
    rows = oracle_project.sources(sheet)
    for column in oracle_project.COLUMNS:
        yield from _sum(sheet, column, (f"{row}.{column}" for row in rows))
    for row in rows:
        operands = (f"{row}.annual_spent", f"{row}.annual_budget")
        yield from _follows(sheet, f"{row}.execution_rate", lambda a, b: a / b, operands, 1)


# Agreement between sheets


def _equal(sheet: Sheet, left: str, right: str) -> Iterator[Broken]:
    one, other = sheet.range(left), sheet.range(right)
    if one and other and (one[1] < other[0] or other[1] < one[0]):
        yield Broken(f"{left} = {right}", (left, right))


def _prior(sheet: Sheet, row: str) -> tuple[Range, tuple[str, ...]] | None:
    """Last year's figure, stated or implied by this year's and the change."""
    stated = sheet.range(f"{row}_prior")
    if stated:
        return stated, (f"{row}_prior",)
    now, moved = sheet.range(f"{row}_current"), sheet.range(f"{row}_change")
    if now is None or moved is None:
        return None
    return (now[0] - moved[1], now[1] - moved[0]), (f"{row}_current", f"{row}_change")


def _agreement(sheet: Sheet) -> Iterator[Broken]:
    for left, right in (
        ("expenditure_total_current", "annual_spent"),
        ("expenditure_total_opening", "opening_budget"),
        ("project_spending_current", "project_actual"),
        ("public_current", "operating_actual"),
        ("basic_opening", "basic_adjustment_budget"),
        ("report_score", "total_score"),
    ):
        yield from _equal(sheet, left, right)
    for row, final in (("public", "operating_prior_actual"), ("project_spending", "project_prior_actual")):
        before, stated = _prior(sheet, row), sheet.range(final)
        if before and stated and (before[0][1] < stated[0] or stated[1] < before[0][0]):
            yield Broken(f"last year's {row} = {final}", (final, *before[1]))
    yield from _funds(sheet)
    yield from _project_budget(sheet)


def _funds(sheet: Sheet) -> Iterator[Broken]:
    """By source and by nature: each split is either the budget's or the spending's."""
    nature = ("nature_basic", "nature_project")
    source = ("source_general_budget", "source_government_fund", "source_special_account", "source_other")
    budget, spent = sheet.range("annual_budget"), sheet.range("annual_spent")
    if budget is None or spent is None:
        return
    for parts in (source, nature):
        filled = tuple(key for key in parts if sheet.range(key))
        if filled and not _adds_up(sheet, budget, filled) and not _adds_up(sheet, spent, filled):
            yield Broken("split of the year's funds", (*filled, "annual_budget", "annual_spent"))
    filled = tuple(key for key in (*source, *nature) if sheet.range(key))
    if len({key in nature for key in filled}) == 2:
        one, other = (total_of(sheet, (key for key in filled if (key in nature) is side)) for side in (True, False))
        if not meet(one, other):
            yield Broken("by source = by nature", filled)
    by_spending, by_budget = _adds_up(sheet, spent, nature), _adds_up(sheet, budget, nature)
    if by_spending and not by_budget:
        yield from _equal(sheet, "nature_basic", "basic_current")
        yield from _equal(sheet, "nature_project", "project_spending_current")
    if by_budget and not by_spending:
        yield from _equal(sheet, "nature_basic", "basic_adjustment_actual")
    if by_budget and by_spending:
        either = [(sheet.range("nature_basic"), sheet.range(k)) for k in ("basic_current", "basic_adjustment_actual")]
        if not any(one is None or other is None or meet(one, other) for one, other in either):
            yield Broken("nature_basic in both readings", ("nature_basic", "basic_current", "basic_adjustment_actual"))


def _project_budget(sheet: Sheet) -> Iterator[Broken]:
    """项目支出预算 is the year-start or the adjusted one: some reading must fit the other sheets."""
    readings = (
        ("annual_budget", "basic_adjustment_actual"),
        ("opening_budget", "basic_adjustment_budget"),
        ("opening_budget", "basic_opening"),
        ("expenditure_total_opening", "basic_opening"),
    )
    if sheet.range("project_budget") is None:
        return
    possible = []
    for whole, basic in readings:
        stated = sheet.range(whole)
        if stated and sheet.range(basic):
            possible.append(_adds_up(sheet, stated, (basic, "project_budget")))
    if possible and not any(possible):
        keys = tuple(dict.fromkeys(key for pair in readings for key in pair if sheet.range(key)))
        yield Broken("project_budget in any reading", ("project_budget", *keys))


def _balance(sheet: Sheet) -> Iterator[Broken]:
    keys = ("income_total_current", "carryover_opening", "expenditure_total_current", "carryover_closing")
    ranges = [sheet.range(key) for key in keys]
    known = [each for each in ranges if each is not None]
    if len(known) == len(keys):
        income, opening, spending, closing = known
        if not meet(
            (income[0] + opening[0], income[1] + opening[1]), (spending[0] + closing[0], spending[1] + closing[1])
        ):
            yield Broken("income + carry-over = spending + carry-over", keys)


# Bounds


def _bounds(sheet: Sheet) -> Iterator[Broken]:
    for column in _BASE_COLUMNS:
        parts = tuple(f"{part}_{column}" for part in _OPERATING_PARTS if sheet.range(f"{part}_{column}"))
        whole = sheet.range(f"operating_{column}")
        if whole and parts and total_of(sheet, parts)[0] > whole[1]:
            yield Broken("listed parts within 公用经费", (f"operating_{column}", *parts))
    bought, running, projects = (sheet.range(k) for k in ("procurement_actual", "operating_actual", "project_actual"))
    if bought and running and projects and bought[0] > running[1] + projects[1]:
        yield Broken("procurement within its funds", ("procurement_actual", "operating_actual", "project_actual"))
    amounts = [f"{row}_{column}" for row in _BASE_ROWS for column in _BASE_COLUMNS]
    amounts += [f"{row}_{column}" for row in _FLOW_ROWS for column in _FLOW_COLUMNS]
    amounts += [f"project_special[{i}].{c}" for i in range(sheet.rows["project_special"]) for c in _BASE_COLUMNS]
    for key in (*amounts, *_SINGLE_AMOUNTS):
        stated = sheet.range(key)
        if stated and stated[1] < 0:
            yield Broken(f"{key} is not negative", (key,))


_FAMILIES = (
    _sums,
    _points_sums,
    _differences,
    _rates,
    _agreement,
    _balance,
    _bounds,
    oracle_points.weights,
    oracle_points.execution,
    oracle_points.grade,
    oracle_points.indicators,
    oracle_points.years,
    oracle_points.prose,
    oracle_words.notes,
    oracle_words.names,
    oracle_words.targets,
    oracle_words.claims,
    oracle_kinds.kinds,
    oracle_kinds.levels,
    oracle_words.counts,
    oracle_words.units,
)
_OF_PROJECTS = (
    _sources,
    oracle_project.required,
    oracle_project.readable,
    oracle_project.within_budget,
    oracle_project.reasons,
    oracle_project.wording,
)
