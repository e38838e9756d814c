"""A draw of the thread: what was changed between a project's forms is found, and nothing is that was not."""

from __future__ import annotations

import random

import pytest

from tests.bench.thread_years import CHANGES, OF_GOALS, RULES, draw, judged, places_in, seeded

FRESH = str(random.SystemRandom().getrandbits(32))


@pytest.mark.parametrize("number", range(12))
def test_a_fresh_year(number: int) -> None:
    assert places_in(draw(number, FRESH)) == {}, FRESH
    assert [said for change in seeded(number, FRESH) if (said := judged(change))] == [], FRESH


def test_every_change_is_drawn_and_every_rule_has_one() -> None:
    drawn = [change for number in range(20) for change in seeded(number)]
    assert len({change.kind for change in drawn}) == len(CHANGES)
    codes = {code for change in drawn for _, code, _ in change.wanted}
    without_points, without_estimate = "XLP430", "XLP117"  # of these layouts of goals; see tests/cases
    assert codes == {rule.code for rule in RULES} - {without_points, without_estimate}
    assert OF_GOALS
