"""The table of what explanations cost: nothing in it is idle, and no explanation is worse than none."""

from __future__ import annotations

from tests.places import ROOT
from xlperf.audit.costs import COSTS


def test_every_cost_is_used() -> None:
    modules = (ROOT / "xlperf" / "audit").glob("*.py")
    uses = "".join(path.read_text("utf-8") for path in modules if path.name != "costs.py")
    assert [name for name in COSTS if f'"{name}"' not in uses] == []


def test_every_explanation_is_better_than_none() -> None:
    assert {name for name, cost in COSTS.items() if not 0 < cost < COSTS["unexplained"]} == {"unexplained"}
