"""CHECKS, the table of all rules in the order of their codes."""

from __future__ import annotations

from functools import cache

from xlperf.checks import (
    adjustment,
    agreement,
    arithmetic,
    balance,
    claims,
    completeness,
    excuses,
    explanations,
    funding,
    goal_amounts,
    goals,
    indicators,
    kinds,
    limits,
    narrative,
    placeholders,
    plausibility,
    points,
    previous,
    projects,
    prose_alone,
    prose_figures,
    prose_itself,
    prose_staff,
    prose_years,
    qualitative,
    quotients,
    scoring,
    signers,
    spelling,
    spending,
    targets,
    thread,
    wording,
    workbook,
    years,
)
from xlperf.checks.rule import Check
from xlperf.derive.derivation import members
from xlperf.errors import TemplateError
from xlperf.form.relations import AGREEMENTS, Relation

_MODULES = (
    completeness,
    placeholders,
    arithmetic,
    funding,
    balance,
    scoring,
    signers,
    points,
    indicators,
    qualitative,
    excuses,
    quotients,
    wording,
    kinds,
    targets,
    agreement,
    adjustment,
    limits,
    years,
    goal_amounts,
    goals,
    previous,
    projects,
    thread,
    narrative,
    claims,
    spelling,
    prose_figures,
    prose_years,
    prose_staff,
    prose_alone,
    prose_itself,
    plausibility,
    spending,
    explanations,
    workbook,
)
CHECKS: tuple[Check, ...] = tuple(
    sorted((rule for module in _MODULES for rule in members(module, Check)), key=lambda rule: rule.code)
)
RULES = {rule.code: rule for rule in CHECKS}


@cache
def rules_of(relation: Relation) -> tuple[Check, ...]:
    """The rules that report a relation. Raises `TemplateError` where the one that the form names reports none."""
    if not relation.rule:
        return tuple(rule for rule in CHECKS if rule.is_of(relation))
    rule = RULES.get(relation.rule)
    if rule is None or not rule.is_of(relation):
        known = "、".join(each.code for each in CHECKS if each.relations == AGREEMENTS)
        raise TemplateError(f"[[agreements]] 的 rule：{relation.rule} 不是核对各处同一个数的规则；可用：{known}")
    return (rule,)
