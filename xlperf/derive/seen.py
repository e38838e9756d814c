"""What the reader of a form sees, worked out once for all who ask: rules, the search for who is to blame, a report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from decimal import Decimal
from functools import cached_property
from types import MappingProxyType
from typing import Any, NamedTuple

from xlperf.amounts import ZERO, Gap, Interval, interval
from xlperf.derive.engine import (
    Choice,
    Parts,
    Step,
    Value,
    compute,
    evaluate,
    operand_keys,
    operand_of,
    parts_of,
    showing,
    steps_of,
    sum_keys,
)
from xlperf.derive.expression import NOT_COMPUTABLE_TEXT
from xlperf.derive.target_columns import joined
from xlperf.form.dated import Figures
from xlperf.form.record import LastYear, Record, Stated, last_year
from xlperf.form.relations import SUMS, Kind, Relation

SECTION = "section_"  # begins the keys of the report's texts
SECTIONS = f"{SECTION}*"  # what a rule reads that looks at all of them

Row = Mapping[str, Stated]


class Derived(NamedTuple):
    """A derived cell as stated, against what its operands as stated give."""

    stated: Stated
    expected: Value | None  # None: not computable, the base is zero
    possible: bool
    operands: tuple[Stated, ...]
    choice: Choice

    @property
    def gap(self) -> Gap | None:
        """How a stated figure is apart from the one that follows; None where either is no figure."""
        if self.stated.is_number and isinstance(self.expected, Decimal) and self.stated.value != self.expected:
            return Gap(self.expected, not self.possible)
        return None


class Summed(NamedTuple):
    """A sum of the template with its cells: all its parts, and those that count as the form stands, see `parts_of`."""

    each: Relation
    total: Stated
    parts: tuple[Stated, ...]
    as_filled: Parts


class Seen:
    """A record under a variant (the default one if `None`) as its reader sees it.

    `cells` are what is stated, and in blank derived cells the figure their formula shows; `joined` those of them that
    say something together with columns beside them, see `target_columns`; `figures` those in force;
    `steps` the derived cells by key, operands first. `values`, `derived` and `tables` are worked out when they are
    first asked for. Raises `UnknownNameError` for a variant that the template has not.
    """

    def __init__(self, record: Record, variant: str | None = None) -> None:
        self.record = record
        self.variant = variant or record.template.default_variant
        self.figures: Figures = record.figures_of(self.variant)
        self.steps: Mapping[str, Step] = {step.key: step for step in steps_of(record, self.variant)}
        self.joined = joined(record)
        self.cells: dict[str, Stated] = {**record.stated, **self.joined}
        for key, value in compute(record, self.variant, as_stated=True).items():
            if self.cells[key].field.derived:
                self.cells[key] = showing(self.cells[key], value)
        self._derived: dict[str, Derived | Step] = {}  # known before they are asked for
        self.operands: dict[str, Any] = {}  # what rules have asked for, by name; see `audit.running`
        self.bound: dict[str, Any] = {}  # what each has run over, by its code; see there

    def __getitem__(self, key: str) -> Stated:
        return self.cells[key]

    @cached_property
    def typed(self) -> Mapping[str, Stated]:
        """The cells with what is typed in each of them by itself, which is what a copy of the form holds."""
        return {**self.cells, **{key: self.record[key] for key in self.joined}}

    def derive_from(self, before: Seen, changed: Set[str]) -> None:
        """Let `derived` take over from a Seen of the form before cells were changed what they have no part in."""
        if before.figures is not self.figures or before.steps.keys() != self.steps.keys():
            return
        for cell in before.derived:
            key = cell.key if isinstance(cell, Step) else cell.stated.key
            choices = self.steps[key].choices
            # of a level's total it depends on the rows' texts which of them are its parts
            if key not in changed and not any(
                choice.relation.same is not None or not changed.isdisjoint(choice.operands) for choice in choices
            ):
                self._derived[key] = cell

    @cached_property
    def values(self) -> Mapping[str, Value]:
        """What all derived cells come to, see `compute`."""
        return compute(self.record, self.variant)

    @cached_property
    def derived(self) -> tuple[Derived | Step, ...]:
        return tuple(derived_cells(self, self._derived))

    @cached_property
    def tables(self) -> Mapping[str, tuple[Row, ...]]:
        """The rows of each row table, by column."""
        return {
            key: tuple(
                {column: self.cells[f"{key}[{index}].{column}"] for column in (*table.columns, *table.absent)}
                for index in self.record.rows(key)
            )
            for key, table in self.record.template.tables.items()
        }

    @cached_property
    def sections(self) -> tuple[Stated, ...]:
        """The report's texts that are not blank."""
        return tuple(cell for key, cell in self.cells.items() if key.startswith(SECTION) and not cell.is_blank)

    @cached_property
    def unit_names(self) -> tuple[str, ...]:
        """The unit's name wherever the form asks for it, as stated."""
        return tuple(self.record[key].text for key in self.record.template.cells_of("names"))

    @cached_property
    def totals(self) -> tuple[Summed, ...]:
        """The form's sums and what is included in its cells."""
        return tuple(map(self._summed, self.record.template.related(*SUMS, Kind.YEARS_BEFORE, Kind.INCLUDED)))

    def _summed(self, each: Relation) -> Summed:
        parts = tuple(self.cells[key] for key in sum_keys(each, self.record))
        return Summed(each, self.cells[each.total], parts, parts_of(each, self.record, self.cells))

    def last_year(self, stem: str) -> LastYear | None:
        """Last year's figure of a row of this and last year, stated or implied by the change."""
        return last_year(*(self.cells.get(f"{stem}_{column}") for column in ("prior", "current", "change")))

    def operands_of(self, key: str) -> tuple[str, ...]:
        """The cells from which a derived cell is computed; none for any other."""
        return operand_keys(self.steps[key].choices[0], self.record) if key in self.steps else ()


def derived_cells(seen: Seen, known: Mapping[str, Derived | Step] = MappingProxyType({})) -> Iterator[Derived | Step]:
    """Each stated derived cell, and each rate that people fill in, against its operands as seen; the bare Step where
    operands are missing.

    Reads the cells as it goes, operands before what is computed from them. `known`: some of them, by key.
    """
    for step in seen.steps.values():
        stated = seen.record[step.key]
        if (step.field.derived or step.field.is_rate) and not stated.is_blank:
            yield known.get(step.key) or _derived_cell(step, stated, seen) or step


def _derived_cell(step: Step, stated: Stated, seen: Seen) -> Derived | None:
    for choice in step.choices:
        operands = tuple(seen[key] for key in operand_keys(choice, seen.record))
        if choice.is_sum and step.field.type == "score" and any(each.is_blank for each in operands):
            continue  # points still to be given are unknown, not nil
        given = {name: seen.figures[name].value for name in choice.figures}
        result = evaluate(choice, [operand_of(each) for each in operands], step.field, given)
        if result is None:
            continue
        filled = tuple(each for each in operands if each.is_number)
        if result == NOT_COMPUTABLE_TEXT:
            return Derived(stated, None, not stated.is_number, filled, choice)
        if isinstance(result, str) or not stated.is_number:
            return Derived(stated, result, stated.text == result, filled, choice)
        places = stated.field.places if stated.places is None else stated.places
        is_rounded = stated.value == result and places <= step.field.places  # so it mostly is, and that is possible
        possible = is_rounded or interval(stated.value, places).meets(_truth(choice, operands, given))
        return Derived(stated, result, possible, filled, choice)
    return None


def _truth(choice: Choice, operands: tuple[Stated, ...], given: Mapping[str, Any]) -> Interval:
    """Where the true value lies that the operands' rounding allows; a part that is no figure counts as nil."""
    if choice.derivation is None:
        return sum((each.interval for each in operands if each.is_number), Interval(ZERO, ZERO))
    truth: Interval = choice.derivation.function(*(each.interval for each in operands), **given)
    return truth
