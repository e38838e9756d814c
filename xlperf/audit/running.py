"""Run the checks: what each of them is run over, and what it says of that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from typing import Any, NamedTuple

from xlperf.audit.applicable import GIVEN, SUMS, identities, not_applicable
from xlperf.checks.rule import NOT_INSPECTED, Check, Mismatch, NotDecided, NotRun, Severity
from xlperf.derive.derivation import Parameter
from xlperf.derive.engine import Step, operand_keys, parts_of, sum_keys
from xlperf.derive.seen import Derived, Row, Seen
from xlperf.form.integrity import InspectedRecord
from xlperf.form.record import State, Stated, lacking
from xlperf.form.template import split_row_key

Binding = Mapping[str, Any]


class Found(NamedTuple):
    """What a check says, and what it was run over when it said so."""

    rule: Check
    mismatch: Mismatch
    operands: Binding

    @property
    def gravity(self) -> Severity:
        return self.mismatch.severity or self.rule.severity


def run_checks(
    seen: Seen, checks: Sequence[Check], about: Set[str] | None = None
) -> tuple[list[Found], tuple[NotRun, ...]]:
    """What the checks find and what they leave open; only over what some of the cells `about` have a part in."""
    found: list[Found] = []
    not_run: dict[NotRun, None] = {}
    absent = not_applicable(seen.record.template)
    for each in checks:
        if each.code in absent:
            continue
        if each.is_about_workbook and not isinstance(seen.record, InspectedRecord):
            not_run[NotRun(each.code, (), NOT_INSPECTED)] = None
            continue
        for binding, blank in _bindings(each, seen, about):
            if about is not None and not _concerns(each, binding, seen, about):
                continue
            if blank:
                not_run[NotRun(each.code, tuple(cell.at or cell.key for cell in blank))] = None
                continue
            for outcome in each.function(**binding):
                if isinstance(outcome, NotDecided):
                    places = tuple(cell.at or cell.key for cell in outcome.cells)
                    not_run[NotRun(each.code, places, seen.record.template.said(outcome.reason))] = None
                elif not outcome.at.is_absent:  # nobody can be told of a cell that the form does not have
                    found.append(Found(each, outcome, binding))
    return found, tuple(not_run)


def found_about(found: Iterable[Found], seen: Seen, about: Set[str]) -> Iterator[Found]:
    """Of what was found, what would be found again by running only over what these cells have a part in."""
    return (each for each in found if _concerns(each.rule, each.operands, seen, about))


def _concerns(each: Check, binding: Binding, seen: Seen, about: Set[str]) -> bool:
    """Has one of the cells a part in what the check is run over? Which parts a sum has may depend on any of them."""
    return each.each in SUMS or any(_involves(*operand, seen, about) for operand in binding.items())


def _bindings(each: Check, seen: Seen, about: Set[str] | None = None) -> Iterator[tuple[Binding, tuple[Stated, ...]]]:
    """What a check runs over, one mapping of parameter to operand at a time, with the operands that are missing.

    `about`: cells of interest; of a table's rows only those that may have one of them among their operands.
    """
    if each.each == "derived":
        yield from _bind_derived(each, seen)
    elif each.each in SUMS:
        yield from _bind_sums(each, seen)
    elif each.each is not None and each.each.endswith("[]"):
        table = seen.record.template.table(each.each.removesuffix("[]"))
        if table is None:
            return
        rows = seen.tables[table.key]
        if about is not None and not _shares(each, seen, about):
            touched = {row[1] for key in about if (row := split_row_key(key)) is not None and row[0] == table.key}
            rows = tuple(rows[index] for index in sorted(touched))
        yield from _bind(each, (("", row) for row in rows), seen, marker="_")
    elif each.each is not None:
        stems = seen.record.template.stems(each.each.removeprefix("*"))
        yield from _bind(each, ((stem, seen.cells) for stem in stems), seen)
    else:
        yield from _bind(each, (("", seen.cells),), seen)


def _involves(name: str, operand: Any, seen: Seen, about: Set[str]) -> bool:
    """Has one of these cells a part in an operand, or may it have one: in all cells, in a whole table?"""
    if name in ("cells", "record", "seen") or seen.record.template.table(f"@{name}") is not None:
        return True
    if isinstance(operand, Stated):
        return operand.key in about
    if isinstance(operand, Derived):
        return operand.stated.key in about or _may_depend(seen.steps[operand.stated.key], about)
    return isinstance(operand, tuple) and any(isinstance(part, Stated) and part.key in about for part in operand)


def _may_depend(step: Step, about: Set[str]) -> bool:
    """Is one of these cells an operand of a derived cell, in any of the ways to compute it?"""
    return any(not about.isdisjoint(choice.operands) for choice in step.choices)


def _shares(each: Check, seen: Seen, about: Set[str]) -> bool:
    """Is one of these cells an operand that all rows have in common?"""
    shared = (parameter.name for parameter in each.parameters if not parameter.name.startswith("_"))
    return any(_involves(name, _operand(name, seen), seen, about) for name in shared)


def _bind_derived(each: Check, seen: Seen) -> Iterator[tuple[Binding, tuple[Stated, ...]]]:
    """Derived cells of the kind the check is `of`; a bare Step is one whose operands are missing."""
    for cell in seen.derived:
        if isinstance(cell, Step):
            field, choice = cell.field, cell.choices[0]
        else:
            field, choice = cell.stated.field, cell.choice
        if each.of is not None and not each.of(field, choice.sum is not None):
            continue
        if isinstance(cell, Derived):
            yield {"derived": cell, **_beside(each, ("derived",), seen)}, ()
        else:
            operands = [seen[key] for key in operand_keys(choice, seen.record)]
            if missing := tuple(each for each in operands if each.state in (State.BLANK, State.UNREADABLE)):
                yield {}, missing


def _bind_sums(each: Check, seen: Seen) -> Iterator[tuple[Binding, tuple[Stated, ...]]]:
    """The template's identities. A check whose operands are optional also gets those with blanks."""
    lenient = any(parameter.optional for parameter in each.parameters)
    for identity in identities(seen.record.template)[str(each.each)]:
        if each.of is not None and not each.of(identity):
            continue
        total, parts = seen[identity.total], tuple(seen[key] for key in sum_keys(identity, seen.record))
        shared = _beside(each, ("total", "parts"), seen)
        unknown: tuple[Stated, ...] = ()
        if not lenient and total.is_number:  # what is said of blank lines themselves is said of the parts as listed
            parts, unknown = parts_of(identity, seen.record, seen.cells)
        missing = () if lenient else _missing_parts(total, parts, identity.strict)
        if missing is not None:
            yield {"total": total, "parts": parts, **shared}, tuple(dict.fromkeys((*missing, *unknown)))


def _bind(
    each: Check, members: Iterable[tuple[str, Row]], seen: Seen, marker: str = ""
) -> Iterator[tuple[Binding, tuple[Stated, ...]]]:
    """One binding for every member: a stem and where its cells are found.

    A cell is found by the stem and the parameter's name; of a row, by the name without its `marker`. What all members
    share is looked up once, because this runs over every row of every table.
    """
    fixed: dict[str, Any] = {}
    always: list[Stated] = []
    own: list[tuple[Parameter, str]] = []
    for parameter in each.parameters:
        name = parameter.name
        if name.startswith("_"):
            own.append((parameter, name.removeprefix(marker)))
            continue
        operand = _operand(name, seen)
        if operand is None and parameter.may_be_absent:
            operand = lacking(name)
        if operand is None:
            return  # last year's workbook, where none is given
        if isinstance(operand, Stated) and not parameter.optional:
            always.append(operand)
        fixed[name] = operand
    for stem, cells in members:
        binding, required = dict(fixed), list(always)
        for parameter, ending in own:
            cell = cells.get(stem + ending)
            if cell is None and parameter.may_be_absent:
                cell = lacking(stem + ending)
            if cell is None:
                break
            binding[parameter.name] = cell
            if not parameter.optional:
                required.append(cell)
        else:
            yield from _decided(binding, required, each.each is not None, seen)


def _decided(
    binding: Binding, required: Sequence[Stated], of_family: bool, seen: Seen
) -> Iterator[tuple[Binding, tuple[Stated, ...]]]:
    """Nothing where an operand does not apply; with the cells that are missing where some are there."""
    missing: list[Stated] = []
    for cell in required:
        if cell.state is State.NOT_APPLICABLE or cell.is_absent:
            return
        if cell.state is State.BLANK or cell.state is State.UNREADABLE:
            missing.append(cell)
    if not missing:
        yield binding, ()
    elif len(missing) < len(required) and not (of_family and all(seen.record[c.key].is_blank for c in required)):
        yield binding, tuple(missing)  # a total that nobody wrote asks for nothing


def _beside(each: Check, own: tuple[str, ...], seen: Seen) -> Binding:
    """What a check over identities or derived cells wants besides them."""
    return {p.name: _shared(p.name, seen) for p in each.parameters if p.name not in own}


def _operand(name: str, seen: Seen) -> Any:
    """What a parameter without a stem names, a cell last of all; None if this form has nothing of the name."""
    operand = _shared(name, seen)
    if operand is not None:
        return operand
    figure = seen.figures.get(name)
    return seen.cells.get(figure.value if figure else name)


def _shared(name: str, seen: Seen) -> Any:
    """What a parameter may name besides a cell: all cells, the record, what a reason is, a row table, a figure."""
    if name in GIVEN:
        return GIVEN[name](seen)
    if (table := seen.record.template.table(f"@{name}")) is not None:
        return seen.tables[table.key]
    figure = seen.figures.get(name)
    return None if figure is None or figure.is_cell else figure.value


def _missing_parts(total: Stated, parts: tuple[Stated, ...], strict: bool) -> tuple[Stated, ...] | None:
    """Cells that leave a sum undecided; None when it does not apply or a rule of its own speaks of it."""
    unreadable = tuple(cell for cell in (total, *parts) if cell.state is State.UNREADABLE)
    if not any(part.is_number or part.state is State.UNREADABLE for part in parts):
        return None
    if not total.is_number:
        return unreadable or ((total,) if total.is_blank else None)
    return (*unreadable, *(part for part in parts if part.is_blank)) if strict else unreadable
