"""CHECKS, the table of all rules in the order of their codes."""

from __future__ import annotations

from xlperf.checks import (
    adjustment,
    agreement,
    arithmetic,
    balance,
    completeness,
    explanations,
    funding,
    indicators,
    limits,
    narrative,
    placeholders,
    plausibility,
    points,
    previous,
    prose_figures,
    prose_staff,
    prose_years,
    qualitative,
    quotients,
    scoring,
    spending,
    wording,
    workbook,
    years,
)
from xlperf.checks.rule import Check
from xlperf.derive.derivation import members
from xlperf.form.template import Field

_MODULES = (
    completeness,
    placeholders,
    arithmetic,
    funding,
    balance,
    scoring,
    points,
    indicators,
    qualitative,
    quotients,
    wording,
    agreement,
    adjustment,
    limits,
    years,
    previous,
    narrative,
    prose_figures,
    prose_years,
    prose_staff,
    plausibility,
    spending,
    explanations,
    workbook,
)
CHECKS: tuple[Check, ...] = tuple(
    sorted((rule for module in _MODULES for rule in members(module, Check)), key=lambda rule: rule.code)
)
RULES = {rule.code: rule for rule in CHECKS}


def rules_of_derived(field: Field) -> tuple[Check, ...]:
    """Which rules speak of a derived cell that is no sum."""
    return tuple(rule for rule in CHECKS if rule.each == "derived" and (rule.of is None or rule.of(field, False)))
