"""The algebra of identities: what each cell may be, given the others, as unions of intervals.

`Linear` is what a derivation's function computes with when it is asked for its form instead of a figure. `ranges(key)`
gives what a stated figure stands for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from xlperf.amounts import ZERO, Interval
from xlperf.checks.rule import Check

INFINITY = Decimal("Infinity")
UNBOUNDED = Interval(-INFINITY, INFINITY)

Domain = tuple[Interval, ...]  # a cell may lie in any of these; () is nowhere
EVERYWHERE: Domain = (UNBOUNDED,)
Free = Mapping[str, Interval]  # cells whose stated figure is put aside, and where they may lie
Ranges = Callable[[str], Interval]


class Identity(NamedTuple):
    """`solve(key, free)`: where `key` may lie if the identity is to hold and all cells but `free` stay as stated."""

    rules: tuple[Check, ...]  # the checks that report its failure
    keys: tuple[str, ...]
    solve: Callable[[str, Free], Domain]
    vouches: bool = True  # when it holds, it speaks for its cells
    said_of: tuple[str, ...] = ()  # the rule's own cells, where some of them follow from `keys`

    def speaks_of(self, key: str) -> bool:
        return key in self.keys or key in self.said_of

    def holds(self, ranges: Ranges) -> bool:
        """Could true values behind the stated figures satisfy it?"""
        stated = ranges(self.keys[0])
        return any(stated.meets(each) for each in self.solve(self.keys[0], {}))


def common(left: Domain, right: Domain) -> Domain:
    """Where both allow a figure."""
    return tuple(
        Interval(max(a.low, b.low), min(a.high, b.high))
        for a in left
        for b in right
        if a.low <= b.high and b.low <= a.high
    )


def hull(domain: Domain) -> Interval:
    """The smallest interval around a domain."""
    return Interval(min(each.low for each in domain), max(each.high for each in domain))


@dataclass(frozen=True, slots=True)
class Linear:
    """A sum of cells with signs, plus a constant; what derivations compute with when they are asked for their form."""

    terms: tuple[tuple[str, int], ...]
    constant: Decimal = ZERO

    def __add__(self, other: Linear) -> Linear:
        return self._joined(other, 1)

    def __sub__(self, other: Linear) -> Linear:
        return self._joined(other, -1)

    def __truediv__(self, other: Linear) -> Quotient:
        return Quotient(self, other)

    def __mul__(self, other: Linear) -> Product:
        return Product(self, other)

    def _joined(self, other: Linear, sign: int) -> Linear:
        terms = dict(self.terms)
        for key, each in other.terms:
            terms[key] = terms.get(key, 0) + sign * each
        return Linear(tuple(item for item in terms.items() if item[1]), self.constant + sign * other.constant)


def summed(forms: Iterable[Linear]) -> Linear:
    """All of them together, in one pass however many they are."""
    terms: dict[str, int] = {}
    constant = ZERO
    for form in forms:
        constant += form.constant
        for key, sign in form.terms:
            terms[key] = terms.get(key, 0) + sign
    return Linear(tuple(item for item in terms.items() if item[1]), constant)


class Quotient(NamedTuple):
    above: Linear
    below: Linear


class Product(NamedTuple):
    """first × second, and at most second: the only product a form has are points."""

    first: Linear
    second: Linear

    def least(self, other: Linear) -> Product:
        return self


def linear(rules: tuple[Check, ...], form: Linear, ranges: Ranges, *, vouches: bool = True) -> Identity | None:
    """The identity form = 0; None if it binds no two cells."""
    signs = dict(form.terms)
    if len(signs) < 2:
        return None
    whole = _value(form, ranges)

    def solve(key: str, free: Free) -> Domain:
        rest = _without(whole, ranges(key), signs[key])
        for other in free:
            if other in signs and other != key:
                rest = _plus(_without(rest, ranges(other), signs[other]), free[other], signs[other])
        return (divided(rest, Decimal(-signs[key])),)

    return Identity(rules, tuple(signs), solve, vouches)


def at_most(rules: tuple[Check, ...], whole: str, parts: Sequence[str], ranges: Ranges) -> Identity | None:
    """The parts together are at most the whole."""
    equal = linear(rules, Linear(((whole, 1), *((part, -1) for part in parts))), ranges)
    if equal is None:
        return None

    def solve(key: str, free: Free) -> Domain:
        (inside,) = equal.solve(key, free)
        return (Interval(inside.low, INFINITY) if key == whole else Interval(-INFINITY, inside.high),)

    return Identity(rules, equal.keys, solve)


def ratio(rules: tuple[Check, ...], rate: str, quotient: Quotient, ranges: Ranges) -> Identity:
    """The identity rate × below = above, whose cells may stand on both sides."""
    above, below = dict(quotient.above.terms), dict(quotient.below.terms)

    def solve(key: str, free: Free) -> Domain:
        over, under = (_value(form, lambda other: free.get(other) or ranges(other), but=key) for form in quotient)
        if key == rate:
            return (over / under,) if _bounded(over, under) else EVERYWHERE
        share = free.get(rate) or ranges(rate)
        if not _bounded(over, under, share):
            return EVERYWHERE
        slope = _plus(Interval(ZERO, ZERO) - _exactly(above.get(key, 0)), share, below.get(key, 0))
        return ((over - share * under) / slope,)

    return Identity(rules, (rate, *dict.fromkeys((*above, *below))), solve)


def product(rules: tuple[Check, ...], score: str, form: Product, places: int, ranges: Ranges) -> Identity:
    """The identity score = rate × weight, at most weight, rounded to `places`."""
    (rate, *_), (weight, *_) = ([key for key, _ in factor.terms] for factor in form)

    def solve(key: str, free: Free) -> Domain:
        share, most, points = (free.get(each) or ranges(each) for each in (rate, weight, score))
        points = points.widened(places)
        if not _bounded(share, most, points):
            return EVERYWHERE
        if key == score:
            return ((share * most).least(most).widened(places),)
        if key == weight:
            return (points,) if share.low >= 1 else (points / share, points)
        earned = points / most
        return (Interval(earned.low, INFINITY if earned.high >= 1 else earned.high),)

    return Identity(rules, (score, rate, weight), solve)


def unfolded(outer: Identity, inners: Mapping[str, Identity], ranges: Ranges, *, deep: bool) -> Identity:
    """`outer` with each computed cell of `inners` replaced by the cells that it follows from, as its identity says.

    `deep`: `outer` is unfolded itself, so that what a cell shows may be what another one follows from. All cells are
    replaced in one go, for a total may have a thousand of them.
    """
    owners: dict[str, list[str]] = {}
    for key, inner in inners.items():
        for each in inner.keys:
            if each != key:
                owners.setdefault(each, []).append(key)
    beside = tuple(each for each in outer.keys if each not in inners)

    def shown(free: Free) -> dict[str, Interval]:
        """What the computed cells show; what they might show if cells behind them are put aside."""
        touched = {key: inners[key].solve(key, free) for each in free for key in owners.get(each, ())}
        inside = {key: hull(domain) if domain else UNBOUNDED for key, domain in touched.items()}
        return {key: inside.get(key) or ranges(key) for key in inners} if deep else inside

    def solve(wanted: str, free: Free) -> Domain:
        owner = owners.get(wanted)
        if owner is None:
            return outer.solve(wanted, {**free, **shown(free)})
        if wanted in beside or len(owner) > 1:
            return EVERYWHERE  # it counts twice: nothing simple follows
        (key,) = owner
        others = {other: inside for other, inside in shown(free).items() if other != key}
        needed = outer.solve(key, {**free, **others})
        return tuple(each for part in needed for each in inners[key].solve(wanted, {**free, **others, key: part}))

    return Identity(outer.rules, tuple(dict.fromkeys((*beside, *owners))), solve, outer.vouches, outer.said_of)


def either(choices: Sequence[Identity], ranges: Ranges) -> Identity:
    """One of several identities holds."""

    def solve(key: str, free: Free) -> Domain:
        met = any(
            (free.get(each.keys[0]) or ranges(each.keys[0])).meets(inside)
            for each in choices
            if key not in each.keys
            for inside in each.solve(each.keys[0], free)
        )
        if met:
            return EVERYWHERE
        return tuple(inside for each in choices if key in each.keys for inside in each.solve(key, free))

    keys = tuple(dict.fromkeys(key for each in choices for key in each.keys))
    said_of = tuple(dict.fromkeys(key for each in choices for key in each.said_of))
    return Identity(choices[0].rules, keys, solve, said_of=said_of)


def divided(whole: Interval, by: Decimal) -> Interval:
    """An interval, bounded or not, divided by a figure that is not zero."""
    low, high = whole.low / by, whole.high / by
    return Interval(low, high) if by > 0 else Interval(high, low)


def _value(form: Linear, ranges: Ranges, but: str = "") -> Interval:
    whole = Interval(form.constant, form.constant)
    for key, sign in form.terms:
        if key != but:
            whole = _plus(whole, ranges(key), sign)
    return whole


def _plus(whole: Interval, each: Interval, sign: int) -> Interval:
    if sign == 0:
        return whole
    if sign == 1:
        return whole + each
    return whole - each if sign == -1 else whole + each * _exactly(sign)


def _without(whole: Interval, each: Interval, sign: int) -> Interval:
    """Take back what `_plus` added: endpoint from endpoint, so that no width is left over."""
    low, high = (each.low, each.high) if sign > 0 else (each.high, each.low)
    return Interval(whole.low - sign * low, whole.high - sign * high)


def _exactly(value: int) -> Interval:
    return Interval(Decimal(value), Decimal(value))


def _bounded(*operands: Interval) -> bool:
    return all(each.low.is_finite() and each.high.is_finite() for each in operands)
