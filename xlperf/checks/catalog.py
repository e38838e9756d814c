"""CHECKS, the table of all rules in the order of their codes."""

from __future__ import annotations

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
from xlperf.form.relations import Agreement
from xlperf.form.template import Field

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
    plausibility,
    spending,
    explanations,
    workbook,
)
CHECKS: tuple[Check, ...] = tuple(
    sorted((rule for module in _MODULES for rule in members(module, Check)), key=lambda rule: rule.code)
)
RULES = {rule.code: rule for rule in CHECKS}


def rule_of(relation: Agreement) -> Check:
    """The rule that reports a relation. Raises `TemplateError` where the one that it names reports none."""
    rule = RULES.get(relation.rule)
    if rule is None or rule.each != "agreements":
        known = "、".join(each.code for each in CHECKS if each.each == "agreements")
        raise TemplateError(f"[[agreements]] 的 rule：{relation.rule} 不是核对各处同一个数的规则；可用：{known}")
    return rule


def rules_of_derived(field: Field) -> tuple[Check, ...]:
    """Which rules speak of a derived cell that is no sum."""
    return tuple(rule for rule in CHECKS if rule.each == "derived" and (rule.of is None or rule.of(field, False)))
