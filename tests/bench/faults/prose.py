"""The report's text of a clean form: sentences as reports write them, repeating the figures of the tables."""

from __future__ import annotations

import random

from tests.bench.faults.ledger import INCOMES, Style

_INCOME_LABELS = {
    "general_budget": "一般公共预算财政拨款收入",
    "government_fund": "政府性基金财政拨款收入",
    "superior_subsidy": "上级补助收入",
    "service": "事业收入",
    "business": "经营收入",
    "affiliates": "附属单位上缴收入",
}
# What reports say besides that nothing in the tables denies: of their projects, and of units that are not their own.
_COUNTED = ("", "全年共7个项目，其中运转类3个、特定目标类4个，重点项目2个。")
_MENTIONED = (
    "",
    "会同县教育局、县应急管理局开展检查，接受县审计局、县财政局监督。",
    "县委编办核定编制，县人社局主要职责范围内的事项报其审批。",
)


def sections(
    rng: random.Random, fields: dict[str, str], special: list[dict[str, str]], style: Style, year: int
) -> dict[str, str]:
    """All sections; which figures they repeat is a habit of the writer."""
    income, spending = _income(rng, fields, style, year), _spending(rng, fields, style, year)
    basic, projects = _basic(fields, year), _projects(fields, special, style, year)
    score, grade = fields["report_score"], fields["report_grade"]
    texts = {
        "section_1_1": "内设办公室、综合股、业务股等机构。",
        "section_1_2": f"我单位编制数{fields['staff_quota']}人，实际在职人数{fields['staff_actual']}人。",
        "section_1_3": f"贯彻执行有关法律法规，承担本行业管理和服务职责。{_MENTIONED[year % 3]}",
        "section_1_4": f"年度部门整体支出年初预算{fields['opening_budget']}万元，主要用于机关运转和专项工作。",
        "section_2_1": f"1.全年收入情况\n{income}\n2.全年支出情况\n{spending}",
        "section_2_2": f"1.基本支出情况\n{basic}\n2.项目支出情况\n{projects}",
        "section_2_3": _fund(fields, year),
        "section_2_4": f"{year}年，我单位无国有资本经营预算支出。",
        "section_2_5": f"{year}年，我单位无社会保险基金预算支出。",
        "section_3_1": f"经综合评定，我单位自评分数为{score}分，绩效评价等次为“{grade}”。",
        "section_3_2": f"履职效能、管理效率和履职效益的各项指标按年度目标推进。{_COUNTED[year % 2]}",
        "section_4": "绩效指标的量化程度还不够。",
        "section_5": "细化绩效指标，加强日常监控。",
        "section_6": "无。",
    }
    if style.figures_in_prose == "none":
        texts["section_1_2"] = "人员编制情况见基础数据表。"
        texts["section_1_4"] = "年度部门整体支出主要用于保障机关运转和完成专项工作。"
        texts["section_2_1"] = "1.全年收入情况\n详见收支情况表。\n2.全年支出情况\n详见收支情况表。"
        texts["section_2_2"] = "1.基本支出情况\n详见收支情况表。\n2.项目支出情况\n详见基础数据表。"
    return texts


def _moved(rng: random.Random, fields: dict[str, str], row: str) -> str:
    """`，比上年增加88.57万元，上升54.51%`"""
    change, rate = fields.get(f"{row}_change", ""), fields.get(f"{row}_growth_rate", "")
    if change in ("", "——") or rate in ("", "——"):
        return ""
    if set(change) <= set("0.-"):
        return "，与上年持平"
    down = change.startswith("-")
    words = ("减少", rng.choice(("下降", "下降", "降低"))) if down else ("增加", rng.choice(("上升", "增长")))
    return f"，{rng.choice(('比', '较'))}上年{words[0]}{change.lstrip('-')}万元，{words[1]}{rate.lstrip('-')}"


def _because(fields: dict[str, str], row: str) -> str:
    reason = fields.get(f"{row}_reason")
    return f"。主要原因是：{reason}" if reason else ""


def _income(rng: random.Random, fields: dict[str, str], style: Style, year: int) -> str:
    whole = "income_total"
    text = (
        f"{year}年收入实际完成{fields[f'{whole}_current']}万元{_moved(rng, fields, whole)}{_because(fields, whole)}。"
    )
    if style.figures_in_prose == "totals":
        return text
    parts = []
    for kind in INCOMES:
        amount = fields[f"income_{kind}_current"]
        if amount not in ("", "——"):
            parts.append(f"{_INCOME_LABELS[kind]}完成{amount}万元{_moved(rng, fields, f'income_{kind}')}")
    return f"{text}其中：{'；'.join(parts)}。"


def _spending(rng: random.Random, fields: dict[str, str], style: Style, year: int) -> str:
    whole = "expenditure_total"
    moved = f"{_moved(rng, fields, whole)}{_because(fields, whole)}"
    text = f"{year}年，我单位实际支出{fields[f'{whole}_current']}万元{moved}。"
    if style.figures_in_prose == "totals":
        return text
    parts = [
        f"{label}完成{fields[f'{row}_current']}万元{_moved(rng, fields, row)}"
        for row, label in (
            ("basic", "基本支出"),
            ("personnel", "人员经费"),
            ("public", "公用经费"),
            ("project_spending", "项目支出"),
        )
    ]
    return f"{text}其中：{'；'.join(parts)}。"


def _basic(fields: dict[str, str], year: int) -> str:
    if "expenditure_total_opening" not in fields:
        return "基本支出用于保障机构正常运转、完成日常工作任务。"
    whole, basic = fields["expenditure_total_opening"], fields["basic_opening"]
    return f"{year}年年初预算支出数为{whole}万元，其中基本支出{basic}万元，用于保障机构正常运转、完成日常工作任务。"


def _projects(fields: dict[str, str], special: list[dict[str, str]], style: Style, year: int) -> str:
    text = f"{year}年度项目支出{fields['project_actual']}万元，用于完成专项工作任务。"
    if style.figures_in_prose == "totals" or not special:
        return text
    lines = "，".join(f"{line['name']}{line['actual']}万元" for line in special[:5])
    return f"{text}其中{lines}。"


def _fund(fields: dict[str, str], year: int) -> str:
    if set(fields["income_government_fund_current"]) <= set("0.—"):
        return f"{year}年，我单位无政府性基金预算支出。"
    return f"{year}年，我单位政府性基金预算支出按规定用途使用。"
