"""What an indicator's target, result, weight and points say of one another, solved for each of them."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from xlperf.amounts import ZERO, Interval
from xlperf.audit.domains import EVERYWHERE, INFINITY, Domain, divided
from xlperf.derive.targets import Comparison, Direction


class IndicatorRow(NamedTuple):
    """An indicator whose target and result can be compared. `excused`: a reason for points taken off is written."""

    found: Comparison
    convention: str
    excused: bool
    weight: Decimal
    score: Decimal
    scale: Decimal

    def scores(self) -> Domain:
        if self.found.met:
            return (Interval(ZERO if self.excused else self.weight, self.weight),)
        assert self.found.share is not None
        earned = max(ZERO, min(Decimal(1), self.found.share)) * self.weight
        return (Interval(earned, earned).widened(2),)

    def weights(self) -> Domain:
        if self.found.met:
            return (Interval(self.score, INFINITY if self.excused else self.score),)
        share = self.found.share
        if share is None or share <= 0:
            return EVERYWHERE
        return (divided(Interval(self.score, self.score).widened(2), share),)

    def _shares(self) -> Interval | None:
        """The share of the weight that the points are; None where the result decides nothing."""
        if self.weight <= 0 or not ZERO < self.score <= self.weight:
            return None
        return divided(Interval(self.score, self.score).widened(2), self.weight)

    def _reach(self, share: Interval) -> Interval:
        """How many times its target a result is that earns this share of the points."""
        if self.found.direction is not Direction.AT_MOST:
            return share
        if self.convention == "ratio":
            return Interval(1 / share.high, 1 / share.low)
        return Interval(2 - share.high, 2 - share.low)

    def actuals(self) -> Domain:
        """In the way the result is written."""
        share, goal = self._shares(), self.found.target
        if share is None or self.scale <= 0:
            return EVERYWHERE
        met = Interval(-INFINITY, goal) if self.found.direction is Direction.AT_MOST else Interval(goal, INFINITY)
        domain: Domain = (met,) if self.score == self.weight or self.excused else ()
        if self.score < self.weight:
            reach = self._reach(share)
            domain += (Interval(reach.low * goal, reach.high * goal),)
        return tuple(divided(each, self.scale) for each in domain)

    def targets(self) -> Domain:
        share, reached = self._shares(), self.found.actual
        if share is None or reached <= 0:
            return EVERYWHERE
        met = Interval(reached, INFINITY) if self.found.direction is Direction.AT_MOST else Interval(ZERO, reached)
        domain: Domain = (met,) if self.score == self.weight or self.excused else ()
        if self.score < self.weight:
            reach = self._reach(share)
            domain += (Interval(reached / reach.high, reached / reach.low),)
        return domain
