"""Clean Records: random but realistic departments whose forms a careful accountant accepts without a question.

`clean(rng, mode)` gives the JSON that `xlperf new --values` accepts. In mode "rounded" the true figures are whole 元
and every stated figure is rounded on its own; in mode "exact" all figures add up to the last digit.
"""

from __future__ import annotations

import random
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tests.bench.faults.goals import make_indicators, project_names
from tests.bench.faults.ledger import INCOMES, PARTS, Department, Style, choose_style, make_department, money, percent
from tests.bench.faults.prose import sections

MODES = ("exact", "rounded")
_REASONS = {
    True: ("新增人员及调资，相应增加", "新增专项任务，上级追加安排，有所增加", "社保基数调整，增加缴费"),
    False: ("落实过紧日子要求，压减支出", "人员退休调出，相应减少", "项目完工结算，较上年减少"),
}
_PLACES = "青山 东湖 南岭 西河 北塔 云溪 石门 白沙 桃江 柳林".split()
_BODIES = "统计局 水利局 民政局 卫生健康局 文化旅游局 交通运输局 农业农村局 市场监督管理局 信访局 档案馆".split()
_GRADES = (("优", 90), ("良", 80), ("中", 60), ("差", 0))


def clean(rng: random.Random, mode: str = "exact") -> dict[str, Any]:
    """One clean form."""
    style = choose_style(rng, mode)
    year = rng.randint(2020, 2025)
    unit = unit_name(rng)
    care = choose_care(rng)
    department = make_department(rng, style, rng.choice((1, 1, *(rng.uniform(0.965, 0.998) for _ in range(4)))))
    indicators = make_indicators(rng, year, rng.randint(*department.size.indicators), care)
    fields = {"base_unit_name": unit, "report_unit_name": unit, "phone": f"0731-{rng.randint(10**6, 10**7 - 1)}"}
    fields |= _flow(rng, department, style)
    fields |= _base(department, style)
    fields |= _staff_and_building(rng, department, style, year)
    fields |= _funds(rng, department, style)
    fields |= totals(rng, fields, indicators, style)
    fields |= signed(rng, year) | {
        "thrift_measures": "严格执行公务接待标准，公务用车实行派车登记，大额支出集体研究决定。",
        "goal_expected": "完成年度重点工作任务，保障机关正常运转。",
        "goal_actual": "年度重点工作任务已完成，机关运转正常。",
    }
    special = [
        {
            "name": name,
            "prior_actual": money(line.prior, style),
            "budget": money(line.opening if style.budget_is_opening else line.adjusted, style),
            "actual": money(line.actual, style),
        }
        for name, line in zip(project_names(rng, len(department.special)), department.special, strict=True)
    ]
    fields |= sections(rng, fields, special, style, year)
    return {
        "template": "department_overall",
        "year": year,
        "unit_name": unit,
        "fields": {key: text for key, text in fields.items() if text},
        "indicators": indicators,
        "project_special": special,
    }


def unit_name(rng: random.Random) -> str:
    return rng.choice(_PLACES) + rng.choice(("市", "县", "区")) + rng.choice(_BODIES)


def choose_care(rng: random.Random) -> float:
    """The odds that a target was met."""
    return rng.choices((0.97, 0.85, 0.6, 0.2), (60, 25, 10, 5))[0]


def signed(rng: random.Random, year: int) -> dict[str, str]:
    return {
        "preparer": rng.choice("王建国 李红 张伟 刘敏 陈静".split()),
        "filled_on": f"{year + 1}年{rng.randint(1, 7)}月{rng.randint(1, 28)}日",
    }


def _flow(rng: random.Random, department: Department, style: Style) -> dict[str, str]:
    """收支情况: rows that the department does not have are written as it writes nil."""
    fields: dict[str, str] = {}
    for row, true in department.flow.items():
        nil = not any(true.values())
        change = true["current"] - true["prior"]
        stated = {"current": true["current"], "change": change}
        if style.states_prior:
            stated["prior"] = true["prior"]
        if style.opening_rows == "all" or (style.opening_rows == "main" and row in _MAIN):
            stated["opening"] = true["opening"]
        for column, amount in stated.items():
            fields[f"{row}_{column}"] = style.nil if nil else money(amount, style)
        if nil:
            fields[f"{row}_growth_rate"] = "——" if style.nil else ""
            continue
        rate = percent(change, true["prior"], style.rate_places) if true["prior"] else "——"
        fields[f"{row}_growth_rate"] = rate
        if change and (not true["prior"] or abs(change) * 100 >= 9 * true["prior"] or rng.random() < 0.3):
            fields[f"{row}_reason"] = rng.choice(_REASONS[change > 0])
    carried_in, carried_out = department.carryover
    fields["carryover_opening"], fields["carryover_closing"] = money(carried_in, style), money(carried_out, style)
    return fields


_MAIN = ("expenditure_total", "basic", "project_spending")


def _base(department: Department, style: Style) -> dict[str, str]:
    """基础数据表 with its totals; a row without figures is written as nil beside the totals."""
    base = dict(department.base)
    base["project"] = {
        "prior_actual": department.flow["project_spending"]["prior"],
        "budget": department.flow["project_spending"]["opening"]
        if style.budget_is_opening
        else department.adjusted_project,
        "actual": department.flow["project_spending"]["current"],
    }
    for whole in ("vehicle", "sangong"):
        base[whole] = {
            column: sum(base[part][column] for part in PARTS[whole]) for column in ("prior_actual", "budget", "actual")
        }
    fields: dict[str, str] = {}
    for row, true in base.items():
        nil = style.nil if row not in ("sangong", "project") else "0"
        for column, amount in true.items():
            fields[f"{row}_{column}"] = money(amount, style) if any(true.values()) else nil
    budget = base["sangong"]["budget"]
    before = budget // style.grain * 21 // 20 * style.grain  # a twentieth more, as the rules want it
    fields["sangong_prior_budget"] = money(before, style)
    fields["sangong_change_rate"] = percent(budget - before, before, 2) if before else style.nil and "——"
    fields["basic_adjustment_budget"] = money(department.flow["basic"]["opening"], style)
    fields["basic_adjustment_actual"] = money(department.adjusted_basic, style)
    fields["procurement_prior_actual"] = fields["basic_adjustment_prior_actual"] = "——"
    reach = base["operating"]["actual"] + base["project"]["actual"]
    procured = reach // style.grain // 3 * style.grain
    fields["procurement_actual"] = money(procured, style)
    fields["procurement_budget"] = money(procured + procured // style.grain // 20 * style.grain, style)
    return fields


def _staff_and_building(rng: random.Random, department: Department, style: Style, year: int) -> dict[str, str]:
    quota = rng.randint(*department.size.staff)
    staff = rng.randint(max(1, quota * 8 // 10), quota)
    fields = {
        "staff_quota": str(quota),
        "staff_actual": str(staff),
        "staff_control_rate": percent(staff, quota, 0 if staff == quota else 2),
    }
    if rng.random() < 0.2:
        approved = rng.randint(100_000, 900_000)
        actual = approved - rng.randint(0, approved // 20)
        planned = rng.randint(5_000, 90_000) * 1_000
        invested = planned - rng.randint(0, planned // 20) // style.grain * style.grain
        fields |= {
            "building_year": str(year),
            "building_area_approved": f"{Decimal(approved) / 100:.2f}",
            "building_area_actual": f"{Decimal(actual) / 100:.2f}",
            "building_area_control_rate": percent(actual, approved, 2),
            "building_investment_approved": money(planned, style),
            "building_investment_actual": money(invested, style),
            "building_investment_control_rate": percent(invested, planned, 2),
        }
    return fields


def _funds(rng: random.Random, department: Department, style: Style) -> dict[str, str]:
    """The top of 自评表: budget, spending, and how the year's funds split by source and by nature."""
    flow = department.flow
    opening, annual, spent = flow["expenditure_total"]["opening"], department.annual_budget, department.annual_spent
    fields = {
        "opening_budget": opening,
        "annual_budget": annual,
        "annual_spent": spent,
        "budget_change": annual - opening,
    }
    if style.funds_by_spending:
        fields |= {"nature_basic": flow["basic"]["current"], "nature_project": flow["project_spending"]["current"]}
    else:
        fields |= {"nature_basic": department.adjusted_basic, "nature_project": department.adjusted_project}
    whole = spent if style.funds_by_spending else annual
    shares = {
        "source_government_fund": flow["income_government_fund"]["current"],
        "source_special_account": flow["income_service"]["current"],
        "source_other": sum(flow[f"income_{kind}"]["current"] for kind in INCOMES[2:] if kind != "service"),
    }
    fields |= {"source_general_budget": whole - sum(shares.values())}
    texts = {key: money(amount, style) for key, amount in fields.items()}
    texts |= {key: money(amount, style) if amount else style.nil for key, amount in shares.items()}
    texts["budget_adjustment_rate"] = percent(annual - opening, opening, 2)
    texts["execution_rate"] = percent(spent, annual, rng.choice((0, 2)) if spent == annual else 2)
    return texts


def totals(
    rng: random.Random, fields: dict[str, str], indicators: list[dict[str, str]], style: Style
) -> dict[str, str]:
    """Points of execution, sums by level, total and grade: exact, from the figures shown."""
    rate = Decimal(fields["execution_rate"].rstrip("%")) / 100
    execution = min(Decimal(10), (rate * 10).quantize(Decimal("0.01"), ROUND_HALF_UP))
    score = execution + sum(Decimal(row["score"]) for row in indicators)
    grade = next(word for word, least in _GRADES if score >= least)
    texts = {
        "execution_weight": "10",
        "execution_score": _points(execution),
        "total_weight": "100",
        "total_score": _points(score),
        "grade": grade,
        "report_score": _points(score),
        "report_grade": grade + ("秀" if grade == "优" and rng.random() < 0.1 else ""),
    }
    return texts | (_levels(indicators) if style.levels else {})


LEVEL_KEYS = {
    "output": "产出指标",
    "output_quantity": "数量指标",
    "output_quality": "质量指标",
    "output_timeliness": "时效指标",
    "output_cost": "成本指标",
    "benefit": "效益指标",
    "benefit_economic": "经济效益指标",
    "benefit_social": "社会效益指标",
    "benefit_ecological": "生态效益指标",
    "benefit_sustained": "可持续影响指标",
    "satisfaction": "满意度指标",
    "satisfaction_service": "服务对象满意度指标",
}


def _levels(indicators: list[dict[str, str]]) -> dict[str, str]:
    texts: dict[str, str] = {}
    for key, label in LEVEL_KEYS.items():
        column = "level2" if "_" in key else "level1"
        rows = [row for row in indicators if row[column].startswith(label)]
        for what in ("weight", "score"):
            texts[f"{key}_{what}"] = _points(sum((Decimal(row[what]) for row in rows), Decimal(0))) if rows else ""
    return texts


def _points(score: Decimal) -> str:
    return f"{score:f}".rstrip("0").rstrip(".") if "." in f"{score:f}" else f"{score:f}"
