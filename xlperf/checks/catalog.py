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
