"""The true figures of a random department, in whole 元, and how its accountant writes figures down."""

from __future__ import annotations

import random
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

INCOMES = ("general_budget", "government_fund", "superior_subsidy", "service", "business", "affiliates")
PARTS = {
    "basic": ("personnel", "public"),
    "expenditure_total": ("basic", "project_spending"),
    "vehicle": ("vehicle_purchase", "vehicle_operation"),
    "sangong": ("vehicle", "overseas", "reception"),
}


class Size(NamedTuple):
    """How large a department is: 万元 of personnel cost, project lines, indicators, staff."""

    personnel: tuple[int, int]
    projects: tuple[int, int]
    indicators: tuple[int, int]
    staff: tuple[int, int]


SIZES = (
    Size((60, 300), (0, 2), (7, 11), (5, 20)),
    Size((300, 3_000), (2, 8), (9, 16), (20, 150)),
    Size((3_000, 20_000), (6, 20), (14, 26), (120, 900)),
    Size((15_000, 90_000), (30, 60), (28, 40), (600, 3_000)),
)
SIZE_ODDS = (40, 35, 18, 7)


class Style(NamedTuple):
    """The habits of the one who fills in the form; a clean form is written in one hand."""

    grain: int  # true figures are multiples of this many 元
    thousands: bool
    trimmed: bool  # 42 for 42.00
    rate_places: int  # of growth rates, in percent
    nil: str  # what stands in a row the department does not have
    states_prior: bool  # last year's column is filled in; otherwise only the change is stated
    opening_rows: str  # "all", "main" (the three totals of spending) or "none"
    levels: bool  # the sums of points by level are filled in
    figures_in_prose: str  # "all", "totals" or "none"
    budget_is_opening: bool  # 预算数 of 基础数据表 means the year-start budget, not the adjusted one
    funds_by_spending: bool  # the year's funds are split as spent, by source and by nature; otherwise as budgeted


def choose_style(rng: random.Random, mode: str) -> Style:
    return Style(
        grain=1 if mode == "rounded" else 100,
        thousands=rng.random() < 0.12,
        trimmed=rng.random() < 0.3,
        rate_places=rng.choices((2, 1, 0), (80, 13, 7))[0],
        nil=rng.choices(("0", "0.00", "", "——"), (45, 15, 25, 15))[0],
        states_prior=rng.random() < 0.7,
        opening_rows=rng.choices(("all", "main", "none"), (65, 25, 10))[0],
        levels=rng.random() < 0.6,
        figures_in_prose=rng.choices(("all", "totals", "none"), (60, 25, 15))[0],
        budget_is_opening=rng.random() < 0.4,
        funds_by_spending=rng.random() < 0.5,
    )


def wan(yuan: int) -> Decimal:
    """元 as 万元 with two decimals, half-up, on its own."""
    return (Decimal(yuan) / 10_000).quantize(Decimal("0.01"), ROUND_HALF_UP)


def money(yuan: int, style: Style) -> str:
    amount = wan(yuan)
    text = f"{amount:,.2f}" if style.thousands else f"{amount:.2f}"
    return text.rstrip("0").rstrip(".") if style.trimmed else text


def percent(numerator: int | Decimal, denominator: int | Decimal, places: int) -> str:
    """The true ratio, printed in percent."""
    ratio = Decimal(numerator) * 100 / Decimal(denominator)
    return f"{ratio.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)}%"


class Amounts:
    """Draws true amounts: multiples of the grain, never so small that rounding leaves nothing."""

    def __init__(self, rng: random.Random, grain: int) -> None:
        self.rng = rng
        self.grain = grain

    def between(self, low: float, high: float) -> int:
        """An amount between two figures in 元."""
        least = max(1, round(low / self.grain))
        return self.rng.randint(least, max(least, round(high / self.grain))) * self.grain

    def near(self, amount: int, low: float, high: float) -> int:
        """An amount times a random factor; nil stays nil."""
        return self.between(amount * low, amount * high) if amount else 0

    def at_most(self, amount: int, share: float) -> int:
        """A part of an amount: rounded down to the grain."""
        return int(amount * share) // self.grain * self.grain


class Line(NamedTuple):
    """One line of project spending."""

    prior: int
    opening: int
    adjusted: int
    actual: int


class Department(NamedTuple):
    """True figures in 元: `flow[row][column]` of 收支情况, `base[row][column]` of 基础数据表, project lines."""

    size: Size
    flow: dict[str, dict[str, int]]
    base: dict[str, dict[str, int]]
    special: tuple[Line, ...]
    execution: float
    adjusted_basic: int
    adjusted_project: int
    carryover: tuple[int, int]

    @property
    def annual_budget(self) -> int:
        return self.adjusted_basic + self.adjusted_project

    @property
    def annual_spent(self) -> int:
        return self.flow["expenditure_total"]["current"]


def make_department(rng: random.Random, style: Style, execution: float) -> Department:
    """A department that spent `execution` of its budget, with figures that agree to the 元."""
    size = rng.choices(SIZES, SIZE_ODDS)[0]
    draw = Amounts(rng, style.grain)
    flow = {"personnel": _yearly(draw, draw.between(size.personnel[0] * 1e4, size.personnel[1] * 1e4))}
    flow["public"] = _yearly(draw, draw.near(flow["personnel"]["current"], 0.08, 0.5))
    lines, special = _project_lines(draw, size, flow["personnel"]["current"], style, execution)
    basic_now = flow["personnel"]["current"] + flow["public"]["current"]
    adjusted_basic = basic_now if execution == 1 else draw.near(basic_now, 1 / execution, 1 / execution + 0.002)
    _open_basic(draw, flow, adjusted_basic)
    every = (*lines.values(), *special)
    flow["project_spending"] = {
        "prior": sum(line.prior for line in every),
        "opening": sum(line.opening for line in every),
        "current": sum(line.actual for line in every),
    }
    for whole in ("basic", "expenditure_total"):
        flow[whole] = {c: sum(flow[part][c] for part in PARTS[whole]) for c in ("prior", "opening", "current")}
    carryover = _incomes(draw, flow)
    base = _base_rows(draw, flow["public"], style)
    for row, line in lines.items():
        budget = line.opening if style.budget_is_opening else line.adjusted
        base[row] = {"prior_actual": line.prior, "budget": budget, "actual": line.actual}
    adjusted_project = sum(line.adjusted for line in every)
    return Department(size, flow, base, special, execution, adjusted_basic, adjusted_project, carryover)


def _yearly(draw: Amounts, current: int) -> dict[str, int]:
    return {"prior": draw.near(current, *_factor(draw.rng)), "opening": 0, "current": current}


def _factor(rng: random.Random) -> tuple[float, float]:
    """Last year's figure as a share of this year's: mostly close, now and then far."""
    return rng.choices(((0.91, 1.09), (0.7, 0.92), (1.09, 1.4)), (70, 18, 12))[0]


def _open_basic(draw: Amounts, flow: dict[str, dict[str, int]], adjusted: int) -> None:
    """The year-start budget of basic spending; in some departments nothing was adjusted."""
    personnel, public = flow["personnel"], flow["public"]
    if draw.rng.random() < 0.2:
        public["opening"] = draw.near(public["current"], 1.0, 1.01)
        personnel["opening"] = adjusted - public["opening"]
    else:
        public["opening"] = draw.near(public["current"], 0.85, 1.05)
        personnel["opening"] = draw.near(personnel["current"], 0.85, 1.03)


def _project_lines(
    draw: Amounts, size: Size, personnel: int, style: Style, execution: float
) -> tuple[dict[str, Line], tuple[Line, ...]]:
    rng = draw.rng
    rows = dict.fromkeys(("project_business", "project_operation", "project_other"), _NO_LINE)
    for row in rows:
        if rng.random() < 0.6:
            rows[row] = _line(draw, draw.between(2e4, personnel * 0.15), style, execution, personnel * 0.06)
    count = rng.randint(*size.projects)
    special = tuple(
        _line(draw, draw.between(1e4, personnel * 0.8 / max(count, 2)), style, execution, personnel * 0.06)
        for _ in range(count)
    )
    if not special and not any(line.actual for line in rows.values()):
        rows["project_business"] = _line(draw, draw.between(2e4, personnel * 0.2), style, execution, personnel * 0.06)
    return rows, special


_NO_LINE = Line(0, 0, 0, 0)


def _line(draw: Amounts, actual: int, style: Style, execution: float, added_at_most: float) -> Line:
    """Spending never passes the budget, and the year-start budget is what was adjusted."""
    rng = draw.rng
    adjusted = actual if execution == 1 else draw.near(actual, 1 / execution, 1 / execution + 0.003)
    if style.budget_is_opening:
        opening = adjusted if rng.random() < 0.7 or execution == 1 else draw.near(adjusted, 1.0, 1.1)
    elif rng.random() < 0.1 and adjusted < added_at_most:
        opening = 0  # a project added during the year
    else:
        opening = adjusted if rng.random() < 0.4 else draw.near(adjusted, 0.75, 1.1)
    prior = 0 if rng.random() < 0.15 else draw.near(actual, *_factor(rng))
    return Line(prior, opening, adjusted, actual)


def _incomes(draw: Amounts, flow: dict[str, dict[str, int]]) -> tuple[int, int]:
    """Income by kind, and the carry-over that balances it with spending. Returns what was carried in and out."""
    rng = draw.rng
    spent = flow["expenditure_total"]
    carried = (0, 0)
    if rng.random() < 0.6:
        carried = (draw.near(spent["current"], 0.005, 0.06), draw.near(spent["current"], 0.005, 0.06))
    whole = {
        "prior": draw.near(spent["prior"], 0.98, 1.02) if carried[0] else spent["prior"],
        "opening": spent["opening"],
        "current": spent["current"] + carried[1] - carried[0],
    }
    others = [kind for kind in INCOMES[1:] if rng.random() < 0.3]
    rest = dict(whole)
    for kind in INCOMES[1:]:
        row = dict.fromkeys(whole, 0)
        if kind in others:
            share = rng.uniform(0.01, 0.12)
            factor = rng.uniform(*_factor(rng)) if rng.random() < 0.85 else 0
            row = {
                "prior": draw.at_most(whole["prior"], share * factor / 1.5),
                "opening": draw.at_most(whole["opening"], share * 0.95),
                "current": draw.at_most(whole["current"], share),
            }
        flow[f"income_{kind}"] = row
        rest = {column: rest[column] - row[column] for column in rest}
    flow["income_general_budget"] = rest
    flow["income_total"] = whole
    return carried


def _base_rows(draw: Amounts, public: dict[str, int], style: Style) -> dict[str, dict[str, int]]:
    """三公经费 and 公用经费 with its listed parts: every figure within its budget."""
    rng = draw.rng
    current = public["current"]
    opening_fits = style.budget_is_opening and public["opening"] >= current
    base = {
        "operating": {
            "prior_actual": public["prior"],
            "budget": public["opening"] if opening_fits else draw.near(current, 1.0, 1.08),
            "actual": current,
        }
    }
    for row, share in (("office", 0.25), ("utilities_travel", 0.3), ("meeting_training", 0.15)):
        base[f"operating_{row}"] = {
            column: draw.at_most(whole, share * rng.uniform(low, high))
            for (column, whole), (low, high) in zip(
                base["operating"].items(), ((0.4, 0.9), (0.93, 1.0), (0.4, 0.92)), strict=True
            )
        }
    for row, odds, share in (
        ("vehicle_purchase", 0.15, 0.15),
        ("vehicle_operation", 0.6, 0.06),
        ("overseas", 0.15, 0.05),
        ("reception", 0.75, 0.03),
    ):
        base[row] = {"prior_actual": 0, "budget": 0, "actual": 0}
        if rng.random() < odds:
            budget = draw.between(max(2_000, current * share * 0.3), max(8_000, current * share))
            actual = 0 if rng.random() < 0.1 else draw.near(budget, 0.5, 1.0)
            base[row] = {"prior_actual": draw.near(budget, 0.5, 1.1), "budget": budget, "actual": min(actual, budget)}
    return base
