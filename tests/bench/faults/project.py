"""Clean forms of a project, as careful people write them: its money by source, its indicators, its points."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

from tests.bench.faults.clean import choose_care, signed, totals, unit_name
from tests.bench.faults.form import PROJECT
from tests.bench.faults.goals import make_indicators, project_names
from tests.bench.faults.ledger import Amounts, Style, choose_style, money, percent
from xlperf.form.forms import load_template

COLUMNS = ("opening_budget", "annual_budget", "annual_spent")
_SOURCES = (
    ("当年财政拨款", "上年结转资金", "其他资金"),
    ("本年财政拨款", "上年结转资金", "其他资金"),
    ("财政资金", "财政专户管理资金", "单位资金", "其他资金"),
    ("中央补助", "省级补助", "县级资金", "社会捐赠", "单位自筹"),
    ("财政拨款", "其他资金"),
    ("当年财政拨款",),
)
_SIZES = ((0.5, 5), (5, 80), (80, 1_500), (1_500, 90_000))  # 万元
_NIL_RATES = ("", "——", "0.00%", "0")


def clean_project(rng: random.Random, mode: str = "exact") -> dict[str, Any]:
    """One clean form; `mode` as in `clean`."""
    style = choose_style(rng, mode)
    year, unit = rng.randint(2020, 2025), unit_name(rng)
    true = _sources(rng, Amounts(rng, style.grain))
    whole = {column: sum(row[column] for row in true.values()) for column in COLUMNS}
    indicators = make_indicators(rng, year, rng.randint(5, 18), choose_care(rng))
    fields = {column: money(amount, style) for column, amount in whole.items()}
    places = 2 if whole["annual_spent"] != whole["annual_budget"] else rng.choice((0, 2))
    fields["execution_rate"] = percent(whole["annual_spent"], whole["annual_budget"], places)
    fields |= totals(rng, fields, indicators, style) | signed(rng, year)
    fields |= {
        "project_name": project_names(rng, 1)[0],
        "department": unit,
        "implementing_unit": rng.choice((unit, unit_name(rng))),
        "phone": f"0731-{rng.randint(10**6, 10**7 - 1)}",
        "goal_expected": "完成年度建设任务，保障项目正常运行。",
        "goal_actual": "年度建设任务已完成，项目运行正常。",
    }
    known = load_template(PROJECT).fields
    return {
        "template": PROJECT,
        "year": year,
        "unit_name": unit,
        "fields": {key: text for key, text in fields.items() if text and key in known},
        "funding": [] if rng.random() < 0.12 else _rows(rng, true, style),
        "indicators": indicators,
    }


def _sources(rng: random.Random, draw: Amounts) -> dict[str, dict[str, int]]:
    """The true figures of each source; of some nothing came, and budgets are adjusted within a tenth."""
    low, high = rng.choice(_SIZES)
    execution = rng.choice((1.0, *(rng.uniform(0.965, 0.999) for _ in range(2))))
    adjusted = rng.choice((1.0, 1.0, rng.uniform(0.93, 1.07)))
    rows = {}
    for number, name in enumerate(rng.choice(_SOURCES)):
        nil = number > 0 and rng.random() < 0.35
        budget = 0 if nil else draw.between(low * 1e4, high * 1e4)
        rows[name] = {
            "opening_budget": draw.near(budget, adjusted, adjusted),
            "annual_budget": budget,
            "annual_spent": budget if execution == 1 else min(budget, draw.near(budget, execution, execution)),
        }
    return rows


def _rows(rng: random.Random, true: dict[str, dict[str, int]], style: Style) -> list[dict[str, str]]:
    """Each source as written: nil as the form's hand writes it, its own rate or none, some columns not split."""
    split = [column for column in COLUMNS if rng.random() < 0.93]
    rates, nil_rate = rng.random() < 0.5, rng.choice(_NIL_RATES)
    rows = []
    for name, figures in true.items():
        nil = not any(figures.values())
        row = {"source": name} | {column: style.nil if nil else money(figures[column], style) for column in split}
        if rates and {"annual_budget", "annual_spent"} <= set(split):
            shown = nil_rate if nil else _rate(rng, figures)
            row["execution_rate"] = shown
        rows.append({column: text for column, text in row.items() if text})
    return rows


def _rate(rng: random.Random, figures: dict[str, int]) -> str:
    rate = percent(figures["annual_spent"], figures["annual_budget"], rng.choice((2, 2, 1)))
    return "100%" if Decimal(rate.rstrip("%")) == 100 else rate
