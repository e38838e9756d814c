"""The rules, one generator function each; CHECKS is the table of all of them in the order of their codes."""

from __future__ import annotations

from xlperf.catalog import Check, members
from xlperf.checks import agreement, arithmetic, completeness, indicators, narrative, plausibility, scoring, wording

_MODULES = (completeness, arithmetic, scoring, indicators, wording, agreement, narrative, plausibility)
CHECKS: tuple[Check, ...] = tuple(
    sorted((rule for module in _MODULES for rule in members(module, Check)), key=lambda rule: rule.code)
)
