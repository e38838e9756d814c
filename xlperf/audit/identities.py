"""What must equal what in one record: the cells that each identity binds.

The checks say in words that an identity fails; here is its algebra, which `localize` needs to ask what a cell would
have to be. Derived cells come from the same functions that compute them, run on `Linear` instead of figures.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from xlperf.amounts import ZERO, Interval
from xlperf.audit.applicable import not_applicable
from xlperf.audit.domains import (
    EVERYWHERE,
    INFINITY,
    UNBOUNDED,
    Domain,
    Free,
    Identity,
    Linear,
    Product,
    Quotient,
    at_most,
    divided,
    either,
    linear,
    product,
    ratio,
    summed,
    unfolded,
)
from xlperf.audit.indicator_row import IndicatorRow
from xlperf.checks import indicators, scoring
from xlperf.checks.arithmetic import is_of_points
from xlperf.checks.catalog import rules_of
from xlperf.checks.relations import applies, is_possible
from xlperf.checks.rule import Check
from xlperf.derive.engine import Choice, parts_of, standards, sum_keys
from xlperf.derive.seen import Seen
from xlperf.derive.targets import Comparison, Direction, compare, falls_short_of_money, is_cost, is_extreme, parse_goal
from xlperf.form.record import State, Stated
from xlperf.form.relations import LAST_YEAR, SUMS, Kind, Relation
from xlperf.form.template import INDICATORS, split_row_key

_OF_POINTS = (
    scoring.score_out_of_range,
    indicators.points_off_formula,
    indicators.met_but_points_off,
    indicators.points_off_without_reason,
    indicators.full_points_though_not_met,
    indicators.target_far_exceeded,
)


def figure_interval(cell: Stated) -> Interval:
    """What a stated figure stands for; of a target or result, its number."""
    if cell.number is not None:
        return cell.interval
    goal = parse_goal(cell.text)
    return UNBOUNDED if goal is None else Interval(goal.value, goal.value)


def identities_of(seen: Seen) -> tuple[Identity, ...]:
    """Every identity that the stated figures of a record decide."""
    return tuple(_Builder(seen).all())


class _Builder:
    """One record's identities; a derived cell that nobody stated is replaced by what it is computed from."""

    def __init__(self, seen: Seen) -> None:
        self.record = seen.record
        self.cells = seen.cells
        self.figures = seen.figures
        self.absent = frozenset(not_applicable(seen.record.template))
        self.follows = seen.record.follows
        self.steps = seen.steps
        self.ranges: dict[str, Interval] = {}
        self.forms: dict[str, Linear | None] = {}

    def all(self) -> Iterator[Identity]:
        for identity in self.as_shown():
            opened = self.opened(identity)
            if opened.keys:
                yield opened

    def as_shown(self) -> Iterator[Identity]:
        """The identities, in which a cell that follows others may still stand for itself."""
        related = self.record.template.related
        for each in related(*SUMS, Kind.YEARS_BEFORE):
            yield from self.of_years_before(each) if each.kind is Kind.YEARS_BEFORE else self.of_sum(each)
        for each in related(Kind.INCLUDED):
            yield from self.of_included(each)
        for key in self.steps:
            yield from self.of_derivation(key)
        for each in standards(self.record.template, self.figures):
            yield from self.of_standard(each)
        for each in related(Kind.EQUAL, Kind.ONE_OF):
            yield from self.of_agreement(each)
        if indicators.points_off_formula.code not in self.absent:
            for row in self.record.rows_of(INDICATORS):
                yield from self.of_points(row)

    @property
    def convention(self) -> str:
        convention: str = self.figures["reverse_convention"].value
        return convention

    # What a key stands for

    def opened(self, identity: Identity) -> Identity:
        """An identity of typed cells alone: a product or a quotient that follows others is replaced by these.

        Where nobody can say what the other cells would have to be, the figure stands there as a constant.
        """
        opened, done = identity, set[str]()
        while keys := [key for key in opened.keys if key in self.follows and key not in done]:
            done.update(keys)
            inners = {key: inner for key in keys if (inner := self.behind(key)) is not None}
            if inners:
                opened = unfolded(opened, inners, self.range, deep=opened is not identity)
        return opened._replace(keys=tuple(key for key in opened.keys if key not in self.follows))

    def behind(self, key: str) -> Identity | None:
        """What a computed cell that is no sum follows from."""
        found = next(iter(self.of_choices(key)), None)
        if found is None and (row := split_row_key(key)) is not None and row[2] == "score":
            return self.earned_points(key.removesuffix("score"))
        return found

    def earned_points(self, stem: str) -> Identity | None:
        """Points that a formula gives, as their weight decides them: target and result are evidence."""
        weight, score = stem + "weight", stem + "score"
        found = compare(self.cells[stem + "target"].text, self.cells[stem + "actual"].text, self.convention)
        if found is None or found.share is None or not self.cells[weight].is_number or self.apart(stem, found):
            return None
        share = max(ZERO, min(Decimal(1), found.share))

        def solve(key: str, free: Free) -> Domain:
            if key == score:
                most = free.get(weight) or self.range(weight)
                return (Interval(most.low * share, most.high * share).widened(2),)
            earned = (free.get(score) or self.range(score)).widened(2)
            return (divided(earned, share),) if share else EVERYWHERE

        return Identity((), (score, weight), solve)

    def range(self, key: str) -> Interval:
        found = self.ranges.get(key)
        if found is None:
            found = self.ranges[key] = figure_interval(self.cells[key])
        return found

    def form(self, key: str) -> Linear | None:
        """A stated figure is itself, a blank derived one its formula; None if neither is there or it is no sum."""
        if key not in self.forms:
            self.forms[key] = None  # a cell that is computed from itself has no form
            self.forms[key] = self._form(key)
        return self.forms[key]

    def _form(self, key: str) -> Linear | None:
        stated = self.record[key]
        itself = Linear(((key, 1),)) if stated.is_number else None
        if key not in self.steps or not (key in self.follows or (stated.is_blank and stated.field.derived)):
            return itself
        for choice in self.steps[key].choices:
            result = self.evaluate(choice)
            if isinstance(result, Linear):
                return result
        return itself

    def evaluate(self, choice: Choice) -> Linear | Quotient | Product | None:
        """A choice's function on forms."""
        if choice.derivation is None:
            return self.total(sum_keys(choice.relation, self.record))
        forms = [self.form(key) for key in choice.operands]
        if any(form is None for form in forms):
            return None
        given = {name: self.figures[name].value for name in choice.figures}
        result = choice.derivation.function(*forms, **given)
        return result if isinstance(result, Linear | Quotient | Product) else None

    def total(self, keys: Iterable[str]) -> Linear | None:
        """The sum of what is filled; None if nothing is."""
        forms = [form for key in keys if (form := self.form(key)) is not None]
        return summed(forms) if forms else None

    def linear(
        self, rules: tuple[Check, ...], form: Linear, said_of: Iterable[str], *, vouches: bool = True
    ) -> Iterator[Identity]:
        """Form = 0, as the rules say it of some cells."""
        found = linear(rules, form, self.range, vouches=vouches)
        if found is not None:
            yield _said_of(found, said_of)

    def of_sum(self, each: Relation) -> Iterator[Identity]:
        total = self.record[each.total]
        as_filled, unknown = parts_of(each, self.record, self.cells)
        keys = [cell.key for cell in as_filled]
        cells = [self.record[key] for key in keys]
        filled = [cell for cell in cells if cell.is_number]
        points = is_of_points(each)
        unreadable = any(cell.state is State.UNREADABLE for cell in cells)
        whole, parts = self.form(each.total), self.total(keys)
        if not total.is_number or whole is None or parts is None or unreadable or unknown:
            return
        if (points or not each.blank_is_nil) and any(cell.number is None and not cell.shared for cell in cells):
            return
        if any(cell.is_blank and cell.key.endswith("_prior") and self.prior(cell.key) is not None for cell in cells):
            return  # such a row is not nil: its last year follows from its change
        # A total with one figure beside blanks says the same thing twice, and was often copied.
        alone = len(filled) == 1 and len(cells) > 1 and sum(cell.is_blank for cell in cells) == len(cells) - 1
        yield from self.linear(rules_of(each), parts - whole, (each.total, *keys), vouches=not alone)

    def of_years_before(self, each: Relation) -> Iterator[Identity]:
        """Last year's total and parts, stated or implied, where not all changes are known."""
        keys = (each.total, *sum_keys(each, self.record))
        if self.form(each.total) is None or all(self.record[key].is_number for key in keys[1:]):
            return
        rows = [self.prior(key) for key in keys]
        if all(row is not None for row in rows) and any(row is not None and len(row.terms) > 1 for row in rows):
            whole, *parts = (row for row in rows if row is not None)
            for part in parts:
                whole -= part
            yield from self.linear(rules_of(each), whole, keys)

    def prior(self, key: str) -> Linear | None:
        """Last year's figure of a row, stated or implied."""
        row = key.removeprefix(LAST_YEAR)
        stem = key.rpartition("_")[0] if row == key else row
        prior, current, change = (self.record.stated.get(f"{stem}_{name}") for name in ("prior", "current", "change"))
        if prior is not None and prior.is_number:
            return self.form(prior.key)
        if current is None or change is None or not (current.is_number and change.is_number):
            return None
        now, moved = self.form(current.key), self.form(change.key)
        return None if now is None or moved is None else now - moved

    def of_included(self, each: Relation) -> Iterator[Identity]:
        """The parts are at most the whole."""
        parts = [key for key in sum_keys(each, self.record) if self.record[key].is_number]
        if not parts or not self.record[each.total].is_number:
            return
        found = at_most(rules_of(each), each.total, parts, self.range)
        if found is not None:
            yield found

    def of_derivation(self, key: str) -> Iterator[Identity]:
        step = self.steps[key]
        if step.field.derived and not step.field.is_text and self.record[key].is_number and key not in self.follows:
            yield from self.of_choices(key)

    def of_choices(self, key: str) -> Iterator[Identity]:
        """A figure and what it is computed from, in the first way whose operands are there; sums stand elsewhere."""
        step = self.steps[key]
        for choice in step.choices:
            if choice.is_sum:
                return
            rules = rules_of(choice.relation)
            result = self.evaluate(choice)
            if isinstance(result, Linear):
                yield from self.linear(rules, result - Linear(((key, 1),)), (key, *choice.operands))
            elif isinstance(result, Quotient):
                found = ratio(rules, key, result, self.range)
                yield _said_of(found, (key, *choice.operands))
            elif isinstance(result, Product):
                found = product(rules, key, result, step.field.places, self.range)
                yield _said_of(found, (key, *choice.operands))
            if result is not None:
                return

    def of_standard(self, each: Relation) -> Iterator[Identity]:
        """Weights that a dated figure prescribes; of a level's rows those that have one, each merged cell once."""
        if self.absent.intersection(rule.code for rule in rules_of(each)):
            return
        keys = sum_keys(each, self.record)
        rows = [key for key in keys if split_row_key(key)]
        beside = [self.form(key) for key in keys if not split_row_key(key)]
        weights = self.total(rows)
        known = all(self.record[key].is_number or self.record[key].shared for key in rows)
        if weights is not None and known and None not in beside:
            whole = summed([weights, *(form for form in beside if form is not None)])
            said_of = (each.at,) if each.at else rows
            yield from self.linear(rules_of(each), whole - Linear((), Decimal(each.amount)), said_of)

    def of_agreement(self, each: Relation) -> Iterator[Identity]:
        """What two places say of the same figure."""
        unsure = any(is_possible(condition, self.cells) for condition in each.unsure)
        left = None if each.loose or unsure or not applies(each, self.cells) else self.side(each.left, nil=each.nil)
        if left is None:
            return
        several = each.kind is Kind.ONE_OF
        sides = [self.form(key) for key in each.right] if several else [self.side(each.right)]
        known = [right for right in sides if right is not None]
        choices = [it for right in known for it in self.linear(rules_of(each), left - right, each.keys)]
        if choices:
            yield either(choices, self.range) if several else choices[0]

    def side(self, terms: Iterable[str], *, nil: bool = False) -> Linear | None:
        """One side of an agreement; None if a term is not known (`nil`: if none is)."""
        forms = [self.prior(each) if each.startswith(LAST_YEAR) else self.form(each) for each in terms]
        known = [form for form in forms if form is not None]
        return summed(known) if known and (nil or len(known) == len(forms)) else None

    def of_points(self, stem: str) -> Iterator[Identity]:
        """An indicator's points against target, result and weight; without a comparison only 0 ≤ points ≤ weight."""
        target, actual, weight, score = (stem + name for name in ("target", "actual", "weight", "score"))
        cells = self.cells
        if not (cells[weight].is_number and cells[score].is_number) or cells[score].shared or score in self.follows:
            return
        convention = self.convention
        found = compare(cells[target].text, cells[actual].text, convention)
        comparable = found is not None and not found.scale_differs and found.direction is not Direction.BY_DATE
        decided = found is not None and found.share is not None and found.target > 0 and not self.apart(stem, found)
        if found is None or not comparable or not decided:
            yield from self.bounded_points(weight, score)
            return
        note = stem + "deviation_note"
        excused = note in cells and self.record.template.words.reasons.given(cells[note].text)
        raw = parse_goal(cells[actual].text)
        scale = found.actual / raw.value if raw is not None and raw.value else Decimal(1)
        row = IndicatorRow(found, convention, excused, cells[weight].value, cells[score].value, scale)
        keys = (score, weight, actual, target, note) if found.met and note in cells else (score, weight, actual, target)
        solvers = {target: row.targets, actual: row.actuals, weight: row.weights, score: row.scores}

        def solve(key: str, free: Free) -> Domain:
            alone = key in solvers and not any(each != key and each in keys for each in free)
            return solvers[key]() if alone else EVERYWHERE

        yield Identity(_OF_POINTS, keys, solve)

    def apart(self, stem: str, found: Comparison) -> bool:
        """Points that do not follow the proportion: money saved on a cost, a result that by the variant earns none."""
        target, actual = self.cells[stem + "target"].text, self.cells[stem + "actual"].text
        levels = [self.cells[stem + name].text for name in ("level1", "level2") if stem + name in self.cells]
        if falls_short_of_money(target, actual):
            return is_cost(levels) is not False
        zero = self.figures["overachieved_points"].value == "zero"
        return zero and is_extreme(found, self.figures["extreme_results"].value)

    def bounded_points(self, weight: str, score: str) -> Iterator[Identity]:
        def solve(key: str, free: Free) -> Domain:
            if key == score:
                return (Interval(ZERO, (free.get(weight) or self.range(weight)).high),)
            return (Interval((free.get(score) or self.range(score)).low, INFINITY),)

        yield Identity((scoring.score_out_of_range, indicators.points_off_without_reason), (score, weight), solve)


def _said_of(identity: Identity, keys: Iterable[str]) -> Identity:
    """The identity as a rule says it of these cells, of which some may follow from others."""
    return identity._replace(said_of=tuple(keys))
