"""[[agreements]] of a template as rules: whether a relation holds in a form, and the gap between its sides in words;
and what [[required_when]] asks for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from xlperf.amounts import ZERO, Gap, Interval, agrees, exceeds, is_mark, may_add_up
from xlperf.checks.arithmetic import addition, gap_mismatch
from xlperf.checks.rule import Mismatch, Severity
from xlperf.derive.engine import is_stated_elsewhere
from xlperf.derive.seen import Seen
from xlperf.form.record import LastYear, Record, State, Stated
from xlperf.form.relations import LAST_YEAR, Condition, Kind, Relation, says_one
from xlperf.form.template import row_key

Term = Stated | LastYear
Cells = Mapping[str, Stated]


class Side(NamedTuple):
    """One side of a relation: what is stated of its terms, and what they come to."""

    terms: tuple[Term, ...]
    is_sum: bool  # as the relation has it, however many of its terms are stated

    @property
    def value(self) -> Decimal:
        return sum((term.value for term in self.terms), ZERO)

    @property
    def interval(self) -> Interval:
        return sum((term.interval for term in self.terms), Interval(ZERO, ZERO))

    @property
    def cells(self) -> tuple[Stated, ...]:
        return tuple(cell for term in self.terms for cell in _cells_of(term))

    def told(self, beside: str = "") -> str:
        """`年初预算数为 128.90`, `beside` behind the label; a sum with its terms, last year with what implies it."""
        first, *others = self.cells
        if self.is_sum:
            return f"{addition(self.cells)} = {self.value}"
        if others:
            return f"由{first.label} {first.shown} 和增减额 {others[0].shown} 推算上年为 {self.value}"
        return f"{first.label}{beside}为 {first.shown}"

    @property
    def named(self) -> str:
        """`全年执行数 251.06`, as something else is greater than it."""
        first = self.cells[0]
        if isinstance(self.terms[0], LastYear):
            return f"上年{first.field.row_label} {self.value}"
        if self.is_sum:
            return f"{' 与'.join(f'{cell.field.row_label} {cell.shown}' for cell in self.cells)} 之和"
        return f"{first.label} {first.shown}"


class Apart(NamedTuple):
    """A relation whose sides are apart in a form."""

    relation: Relation
    at: Stated  # the cell that the rule speaks of
    own: Side  # where that cell stands; of two of which one is greater, the left
    other: Side
    rights: tuple[Side, ...]  # more than one where any of them would do
    related: tuple[Stated, ...]
    impossible: bool  # whatever was rounded away
    severity: Severity | None

    @property
    def difference(self) -> Decimal:
        return self.other.value - self.own.value

    def told(self, sentence: str, *, tail: bool = False) -> Iterator[Mismatch]:
        """As a finding; what rounding explains is none, or with `tail` one for information."""
        each = self.relation
        if self.impossible:
            is_known = each.kind is Kind.EQUAL and not each.loose
            beside = sum((term.value for term in self.own.terms if term != self.at), ZERO)
            expected = self.other.value - beside if is_known else None
            yield Mismatch(self.at, sentence, expected, self.related, self.severity)
        elif tail:
            yield gap_mismatch(self.at, self.related, Gap(ZERO, False), sentence)

    def unequal(self, end: str = "", beside: str = "") -> Iterator[Mismatch]:
        """`甲为 1，乙为 2` in one sentence with its end; `beside` stands before the other side's."""
        return self.told(f"{self.own.told()}，{beside}{self.other.told()}{end}。")

    def exceeding(self, end: str = "") -> Iterator[Mismatch]:
        return self.told(f"{self.own.told()}，大于{self.other.named}{end}。")


def sides_of(relation: Relation, seen: Seen) -> tuple[Side, tuple[Side, ...]] | None:
    """The left of a relation and what may stand on its right, where they are known and it applies."""
    left = _side(relation.left, seen, nil=relation.nil)
    sides = [(key,) for key in relation.right] if relation.kind is Kind.ONE_OF else [relation.right]
    rights = tuple(right for terms in sides if (right := _side(terms, seen)) is not None)
    if left is None or len(rights) < len(sides) or not applies(relation, seen.cells):
        return None
    return left, rights


def apart(relation: Relation, seen: Seen) -> Apart | None:
    """The sides of a relation where they are known, it applies, and they are not what it says of them."""
    sides = sides_of(relation, seen)
    if sides is None:
        return None
    left, rights = sides
    gaps = [gap for right in rights if (gap := _gap(left, right, relation)) is not None]
    if len(gaps) < len(rights):
        return None
    at = seen[relation.at] if relation.at else left.cells[0]
    is_left = relation.kind is Kind.AT_MOST or at not in rights[0].cells
    own, other = (left, rights[0]) if is_left else (rights[0], left)
    given = [seen[whole] for whole, _ in relation.when] if len(relation.when) == 1 else []
    given += [seen[key] for key, _ in relation.says]
    related = (*(cell for side in (left, *rights) for cell in side.cells if cell != at), *given)
    asks = any(_is_open(each, seen.cells) for each in relation.unsure)
    impossible = all(gap.impossible for gap in gaps)
    return Apart(relation, at, own, other, rights, related, impossible, Severity.WARNING if asks else None)


def _gap(left: Side, right: Side, relation: Relation) -> Gap | None:
    if relation.kind is not Kind.AT_MOST:
        return agrees(left, right)
    return Gap(right.value, True) if exceeds(left, right) else None


def applies(relation: Relation, cells: Cells) -> bool:
    """Do the conditions allow to compare its sides?"""
    is_elsewhere = any(is_stated_elsewhere(cells[part], others, cells) for part, others in relation.elsewhere)
    if is_elsewhere or any(cells[key].is_number for key in relation.unless_stated):
        return False
    if not all(says_one(cells[key].text, words) for key, words in relation.says):
        return False
    when, unless = (any(is_possible(each, cells) for each in several) for several in (relation.when, relation.unless))
    return (when or not relation.when) and not unless


def is_possible(condition: Condition, cells: Cells) -> bool:
    """Are its figures stated, and may they be equal?"""
    whole, parts = condition
    return sum_possible(cells[whole], *(cells[key] for key in parts))


def sum_possible(total: Stated, *parts: Stated) -> bool:
    """True if all are stated and the sum is possible."""
    return all(cell.is_number for cell in (total, *parts)) and may_add_up(total, parts)


def _is_open(condition: Condition, cells: Cells) -> bool:
    """May it hold, as far as its figures are stated?"""
    whole, parts = condition
    return is_possible(condition, cells) or not all(cells[key].is_number for key in (whole, *parts))


def required(relations: Iterable[Relation]) -> tuple[str, ...]:
    """The cells without which none of a rule's relations can be compared."""
    first, *others = map(_required, relations)
    return tuple(key for key in first if all(key in other for other in others))


def _required(relation: Relation) -> tuple[str, ...]:
    terms = (*(() if relation.nil else relation.left), *relation.right)
    plain = (term for term in terms if not term.startswith(LAST_YEAR))
    only = [key for whole, parts in relation.when for key in (whole, *parts)] if len(relation.when) == 1 else ()
    said = (key for key, _ in relation.says)
    return tuple(dict.fromkeys((*plain, *only, *said, *relation.needs)))


def _side(terms: tuple[str, ...], seen: Seen, *, nil: bool = False) -> Side | None:
    """One side; None if a term is not known (`nil`: if one cannot be read, or none is stated)."""
    found = [_term(term, seen) for term in terms]
    known = tuple(term for term in found if term is not None)
    if nil and any(seen[key].state is State.UNREADABLE for key in terms):
        return None
    return Side(known, len(terms) > 1) if known and (nil or len(known) == len(found)) else None


def _term(term: str, seen: Seen) -> Term | None:
    row = term.removeprefix(LAST_YEAR)
    if row != term:
        return seen.last_year(row)
    return seen[term] if seen[term].is_number else None


def _cells_of(term: Term) -> tuple[Stated, ...]:
    return term.cells if isinstance(term, LastYear) else (term,)


def asked_for(each: Relation, record: Record) -> Iterator[tuple[Stated, Stated]]:
    """The cells that must say something, blank or not, each with the first one that asks for it."""
    (cell,) = each.left
    table, _, column = cell.rpartition(".")
    for stem in [row_key(table, index, "") for index in record.rows(table)] if table else [""]:
        filled = (record[_key(key, stem)] for key in each.right)
        saying = ((record[_key(key, stem)], words) for key, words in each.says)
        asking = [
            cell for cell in filled if not cell.is_blank and not is_mark(cell.text, record.template.not_applicable)
        ]
        asking += [cell for cell, words in saying if says_one(cell.text, words)]
        if asking:
            yield record[f"{stem}{column}"], asking[0]


def _key(place: str, stem: str) -> str:
    """The cell of a column in a row; a single cell as it is."""
    return f"{stem}{place.rpartition('.')[2]}" if "." in place else place
