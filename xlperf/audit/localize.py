"""Which cell to blame when identities fail together: the smallest set of cells whose change makes all of them possible.

After Fellegi and Holt: an identity that holds vouches for its cells, so a suspect must satisfy these as well. Every
smallest set is kept; among them the one whose figure a common slip explains comes first. Nothing is left to chance.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from xlperf.amounts import ZERO, Interval
from xlperf.audit.costs import COSTS
from xlperf.audit.domains import EVERYWHERE, INFINITY, Domain, Identity, common, hull
from xlperf.audit.groups import Group, Suspect
from xlperf.audit.identities import figure_interval
from xlperf.audit.slips import (
    PRIOR_COLUMNS,
    allowed,
    corrected,
    meant_figure,
    outdated,
    slips,
)
from xlperf.checks.rule import Cause
from xlperf.derive.engine import sum_keys
from xlperf.derive.seen import Seen
from xlperf.form.record import Record, Stated, show
from xlperf.form.template import FUNDING, Template

_NOT_NEGATIVE: Domain = (Interval(ZERO, INFINITY),)
_A_WEIGHT: Domain = (Interval(Decimal("0.01"), INFINITY),)  # points have two decimals, and nothing weighs nothing
_MAY_BE_NEGATIVE = ("_change", "_growth_rate")
_ROUNDS = 3
_MOST_PAIRS = 2_000
_MOST_TRIED = 20_000  # of which most are no pair at all


def find_groups(seen: Seen, identities: Sequence[Identity]) -> tuple[Group, ...]:
    """The failing identities in groups that share a suspect, in the order of the form."""
    by_key: dict[str, list[Identity]] = {}
    for identity in identities:
        for key in identity.keys:
            by_key.setdefault(key, []).append(identity)
    failing = [identity for identity in identities if not identity.holds(lambda key: figure_interval(seen[key]))]
    search = _Search(seen, by_key, {id(each) for each in failing})
    groups = [group for component in _components(failing) for group in search.groups(component)]
    return tuple(_exchanged(_short_of_a_row(groups, seen), seen))


def _components(failing: Sequence[Identity]) -> Iterator[tuple[Identity, ...]]:
    """Failing identities that hang together by common cells; the first of each, then its neighbours, then theirs."""
    with_key: dict[str, list[int]] = {}
    for place, identity in enumerate(failing):
        for key in identity.keys:
            with_key.setdefault(key, []).append(place)
    taken: set[int] = set()
    for first in range(len(failing)):
        near = [first] if first not in taken else []
        part: list[Identity] = []
        while near:
            taken.update(near)
            part += (failing[place] for place in near)
            keys = {key for place in near for key in failing[place].keys}
            near = sorted({place for key in keys for place in with_key.pop(key, ())} - taken)
        if part:
            yield tuple(part)


class _Search:
    def __init__(self, seen: Seen, by_key: Mapping[str, list[Identity]], failing: set[int]) -> None:
        self.seen = seen
        self.by_key = by_key
        self.failing = failing
        self.hubs: dict[int, frozenset[str]] = {}  # what is left aside, because it fails for several reasons

    def groups(self, component: tuple[Identity, ...]) -> Iterator[Group]:
        """The component as one group; where it takes more than two cells, what is left of it without its hub.

        The hub is the identity with the most cells: a grand total, say, that three wrong rows have in common.
        """
        suspects = self.explain(component)
        if suspects:
            yield Group(0, suspects, component)
        elif len(component) > 1:
            hub = max(component, key=lambda each: len(each.keys))
            self.hubs[id(hub)] = frozenset(hub.keys)
            for part in _components([each for each in component if each is not hub]):
                yield from self.groups(part)

    def explain(self, component: tuple[Identity, ...]) -> tuple[Suspect, ...]:
        """Every cell that alone explains all, or else every two that do; nothing if it takes more."""
        shared = set(component[0].keys).intersection(*(each.keys for each in component[1:]))
        singles = [self.single(key) for key in component[0].keys if key in shared]
        found = [each for each in singles if each is not None]
        if found:
            return self.ranked(_but_for_weights(found))
        pairs = self.ranked(_but_for_weights(list(self.pairs(component))))
        if len(component) > 1 and pairs and not self.is_explained(pairs[0]):
            return ()  # two cells, of which one would have to be anything at all: each failure by itself says more
        return pairs

    def is_explained(self, pair: Suspect) -> bool:
        """Is there a slip for each of the cells? Of a blank one the explanation is that it was left out."""
        return pair.joint is not None or all(
            causes or self.seen[key].is_blank for key, causes in zip(pair.keys, pair.slips, strict=True)
        )

    def ranked(self, suspects: list[Suspect]) -> tuple[Suspect, ...]:
        """By plausibility; then cells of a hub, which fails too; then by how few identities vouch for the cells.

        Then a slip is likelier where figures are typed, and what nothing explains where they are computed.
        """

        def rank(each: Suspect) -> tuple[Decimal, bool, int, bool]:
            outside = not any(key in hub for key in each.keys for hub in self.hubs.values())
            vouching = sum(id(identity) not in self.failing for key in each.keys for identity in self.by_key[key])
            derived = all(self.seen[key].field.derived for key in each.keys)
            return each.cost, outside, vouching, derived == (each.cause is not None)

        return tuple(sorted(suspects, key=rank))

    def single(self, key: str) -> Suspect | None:
        domain = self.feasible((key,)) if not _is_repeated(self.seen[key], self.seen.record) else None
        if domain is None:
            return None
        cell = self.seen[key]
        if cell.is_number and allowed(cell.value, cell, domain[key]):
            return None  # as it stands it is as good as any other figure: it explains nothing
        return self.suspect({key: domain[key]})

    def pairs(self, component: tuple[Identity, ...]) -> Iterator[Suspect]:
        """Each pair has a cell in the identity with the fewest, and one in all that the first is not in.

        A cell that is in all of them, but that others vouch for, is paired with those others.
        """
        paired: set[frozenset[str]] = set()
        tried = 0
        keys_of = [(each, frozenset(each.keys)) for each in component]
        for one in min(component, key=lambda each: len(each.keys)).keys:
            rest = [(each, cells) for each, cells in keys_of if one not in cells]
            partners = rest[0][0].keys if rest else dict.fromkeys(k for each in self.by_key[one] for k in each.keys)
            for two in partners:
                tried += 1
                if tried > _MOST_TRIED:
                    return
                keys = frozenset((one, two))
                if one == two or keys in paired or not all(two in cells for _, cells in rest):
                    continue
                if any(self.seen[key].field.is_text or _is_repeated(self.seen[key], self.seen.record) for key in keys):
                    continue  # a target, a result or a reason explains its own row, or nothing
                paired.add(keys)
                if len(paired) > _MOST_PAIRS:
                    return
                domains = self.feasible((one, two))
                if domains is not None:
                    yield self.swapped(domains) or self.suspect(domains)

    def feasible(self, keys: tuple[str, ...]) -> dict[str, Domain] | None:
        """Where these cells may lie if all identities are to hold, or None if nowhere."""
        domains = {key: self.base_domain(key) for key in keys}
        for _ in range(1 if len(keys) == 1 else _ROUNDS):
            for key in keys:
                free = {other: hull(domains[other]) for other in keys if other != key}
                for identity in self.by_key[key]:
                    if (identity.vouches or id(identity) in self.failing) and id(identity) not in self.hubs:
                        domains[key] = common(domains[key], identity.solve(key, free))
                        if not domains[key]:
                            return None
        return domains

    def base_domain(self, key: str) -> Domain:
        cell = self.seen[key]
        if key.endswith("weight"):
            return _A_WEIGHT
        signed = key.endswith(_MAY_BE_NEGATIVE) or key in self.seen.record.template.cells_of("signed")
        return EVERYWHERE if signed or cell.field.is_text else _NOT_NEGATIVE

    def suspect(self, domains: Mapping[str, Domain]) -> Suspect:
        explained: list[tuple[Cause, ...]] = []
        values, cost = [], ZERO
        for key, domain in domains.items():
            cell = self.seen[key]
            found = slips(cell, domain, self.seen, self.twins(key))
            if source := self.repeated(key):
                found = outdated(cell, domain, source, found)
            meant = found[0].meant if found else None
            figure = meant_figure(cell, domain) if meant is None and cell.is_number else meant
            values.append("" if figure is None else corrected(cell, figure))
            explained.append(tuple(slip.cause for slip in found))
            cost += found[0].cost if found else COSTS["left_out" if cell.is_blank else "unexplained"]
        keys = tuple(domains)
        places = tuple(self.seen[key].place for key in keys)
        return Suspect(keys, places, tuple(values), tuple(explained), cost, tuple(domains.values()))

    def twins(self, key: str) -> set[str]:
        """Cells that ought to hold the very same figure: two places for one thing, a total and its only part."""
        twins: set[str] = set()
        for identity in self.by_key[key]:
            others = (each for each in identity.keys if each != key and self.seen[each].number != 0)
            first = list(itertools.islice(others, 2))
            if len(first) == 1:
                twins.update(first)
        return twins

    def repeated(self, key: str) -> Stated | None:
        """The computed cell whose figure this one repeats, and of which nothing else is said."""
        if len(self.by_key[key]) != 1:
            return None
        said = [each for each in self.by_key[key][0].said_of if each != key]
        return self.seen[said[0]] if len(said) == 1 and said[0] in self.seen.record.follows else None

    def swapped(self, domains: Mapping[str, Domain]) -> Suspect | None:
        (one, mine), (two, other) = ((self.seen[key], domain) for key, domain in domains.items())
        return _swap(one, mine, two, other, self.seen.record.template)


def _but_for_weights(suspects: list[Suspect]) -> list[Suspect]:
    """Weights are set beforehand, in round numbers: one that would have to be 14.13 is right, but for a slip."""
    others = [
        each
        for each in suspects
        if all(causes or not key.endswith("weight") for key, causes in zip(each.keys, each.slips, strict=True))
    ]
    return others or suspects


def _is_repeated(cell: Stated, record: Record) -> bool:
    """Does another line of the money by source say the same in the same column: the whole, and its only source?"""
    if not cell.number:
        return False
    lines = ("", *record.rows_of(FUNDING))
    own = next((line for line in lines[1:] if cell.key.startswith(line)), "")
    others = (record.stated.get(line + cell.key.removeprefix(own)) for line in lines if line != own)
    return any(other is not None and other.number == cell.number for other in others)


def _short_of_a_row(groups: Sequence[Group], seen: Seen) -> list[Group]:
    """Where two columns of a table or more fall short of their totals, and none exceeds it, a row was left out."""
    left = list(groups)
    for key, table in seen.record.template.tables.items():
        gaps = _gaps(key, seen)
        mine = [group for group in left if any(gaps.get(each) for identity in group.failing for each in identity.keys)]
        failing = tuple(identity for group in mine for identity in group.failing)
        short = [total for total, gap in gaps.items() if gap and any(total in each.keys for each in failing)]
        if len(short) < 2 or any(gap < 0 for gap in gaps.values()):
            continue
        amounts = "、".join(f"{seen[total].label}少 {show(gaps[total], seen[total].field)}" for total in short)
        places = tuple(seen[total].place for total in short)
        cause = Cause("missing_row", f"{table.label}可能漏列了一行：{amounts}。", places)
        count = len(short)
        nothing, anywhere = ("",) * count, (EVERYWHERE,) * count
        row = Suspect(tuple(short), places, nothing, ((),) * count, COSTS["missing_row"], anywhere, cause)
        merged = set(map(id, mine))
        left = [group for group in left if id(group) not in merged]
        left.append(Group(0, (row, *(each for group in mine for each in group.suspects)), failing))
    return left


def _gaps(table: str, seen: Seen) -> dict[str, Decimal]:
    """What the totals over a table's columns say beyond what its rows add up to."""
    gaps: dict[str, Decimal] = {}
    record = seen.record
    for each in record.template.sums:
        if each.same is None and record[each.total].is_number and any(p.startswith(f"{table}[]") for p in each.parts):
            parts = (seen[key] for key in sum_keys(each, record))
            gaps[each.total] = seen[each.total].value - sum((p.value for p in parts if p.is_number), ZERO)
    return gaps


def _exchanged(groups: Sequence[Group], seen: Seen) -> Iterator[Group]:
    """Two groups that come from one exchange of two figures of a row are one."""
    template = seen.record.template
    rows = [_by_row(group, template) for group in groups]
    with_row: dict[str, list[int]] = {}
    for place, mine in enumerate(rows):
        for row in mine:
            with_row.setdefault(row, []).append(place)
    taken: set[int] = set()
    for place, group in enumerate(groups):
        if place in taken:
            continue
        for other in sorted({each for row in rows[place] for each in with_row[row] if each > place} - taken):
            swap = _exchange(rows[place], rows[other], seen)
            if swap is not None:
                taken.add(other)
                group = Group(0, (swap,), (*group.failing, *groups[other].failing))
                break
        yield group


def _by_row(group: Group, template: Template) -> dict[str, list[tuple[int, Suspect]]]:
    """A group's suspects of one cell, each with its rank, by the row of that cell."""
    found: dict[str, list[tuple[int, Suspect]]] = {}
    for rank, each in enumerate(group.suspects):
        if len(each.keys) == 1:
            found.setdefault(template.row_and_column(each.keys[0])[0], []).append((rank, each))
    return found


_ByRow = Mapping[str, Sequence[tuple[int, Suspect]]]


def _exchange(mine: _ByRow, theirs: _ByRow, seen: Seen) -> Suspect | None:
    fewer, more = (mine, theirs) if len(mine) <= len(theirs) else (theirs, mine)
    ranked = sorted((rank, row, suspect) for row in fewer if row in more for rank, suspect in mine[row])
    for _, row, suspect in ranked:
        _, partner = theirs[row][-1]
        one, two = seen[suspect.keys[0]], seen[partner.keys[0]]
        swap = _swap(one, suspect.domains[0], two, partner.domains[0], seen.record.template)
        if swap is not None:
            return swap
    return None


def _swap(one: Stated, mine: Domain, two: Stated, other: Domain, template: Template) -> Suspect | None:
    """Each of two cells holds what the other should."""
    if not (one.is_number and two.is_number) or one.value == two.value:
        return None
    if not (allowed(two.value, one, mine) and allowed(one.value, two, other)):
        return None
    columns = {template.row_and_column(cell.key)[1] for cell in (one, two)}
    kind = "exchanged" if columns.isdisjoint(PRIOR_COLUMNS) else "swapped_years"
    text = f"{one.label} {one.shown} 与 {two.label} {two.shown} 填反了。"
    cause = Cause(kind, text, (one.place, two.place))
    values = (corrected(one, two.value), corrected(two, one.value))
    return Suspect((one.key, two.key), cause.cells, values, ((), ()), COSTS["exchanged"], (mine, other), cause)
