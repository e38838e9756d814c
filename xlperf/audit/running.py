"""Run the checks: what each of them is run over, and what it says of that."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence, Set
from functools import cache
from operator import itemgetter
from typing import Any, NamedTuple

from xlperf.audit.applicable import GIVEN, IN_ALL, family, not_applicable
from xlperf.checks.relations import Apart, apart, required
from xlperf.checks.rule import NOT_INSPECTED, Check, Mismatch, NotDecided, NotRun, Severity
from xlperf.derive.engine import Step, operand_keys
from xlperf.derive.seen import Derived, Seen
from xlperf.form.integrity import InspectedRecord
from xlperf.form.record import SETTLED, State, Stated, lacking
from xlperf.form.relations import AGREEMENTS, Relation
from xlperf.form.template import Template, split_row_key

Binding = Mapping[str, Any]
Operands = tuple[Any, ...]  # in the order of a check's parameters
Bound = tuple[Operands, tuple[Stated, ...]]  # what a check is run over, and the operands that are missing
_UNKNOWN = frozenset((State.BLANK, State.UNREADABLE))
_NEVER = frozenset((State.NOT_APPLICABLE, State.ABSENT))


class Found(NamedTuple):
    """What a check says, and what it was run over when it said so."""

    rule: Check
    mismatch: Mismatch
    operands: Operands

    @property
    def gravity(self) -> Severity:
        return self.mismatch.severity or self.rule.severity


def run_checks(
    seen: Seen, checks: Sequence[Check], about: Set[str] | None = None
) -> tuple[list[Found], tuple[NotRun, ...]]:
    """What the checks find and what they leave open; only over what some of the cells `about` have a part in."""
    found: list[Found] = []
    not_run: dict[NotRun, None] = {}
    absent = frozenset(not_applicable(seen.record.template))
    for each in checks:
        if each.code in absent:
            continue
        if each.is_about_workbook and not isinstance(seen.record, InspectedRecord):
            not_run[NotRun(each.code, (), NOT_INSPECTED)] = None
            continue
        if each.compared_with and any(GIVEN[name](seen) is None for name in each.compared_with):
            continue
        once: list[Found] = []
        for operands, blank in bound(each, seen) if about is None else bindings(each, seen, about):
            if about is not None and not _concerns(each, operands, seen, about):
                continue
            if blank:
                not_run[NotRun(each.code, tuple(cell.place for cell in blank))] = None
                continue
            for outcome in each.function(*operands):
                if isinstance(outcome, NotDecided):
                    places = tuple(cell.place for cell in outcome.cells)
                    not_run[NotRun(each.code, places, seen.record.template.said(outcome.reason))] = None
                elif not outcome.at.is_absent:  # nobody can be told of a cell that the form does not have
                    (once if outcome.once else found).append(Found(each, outcome, operands))
        if once and about is None:
            found.append(once[0]._replace(mismatch=Mismatch.gathered([one.mismatch for one in once])))
    return found, tuple(not_run)


def found_about(found: Iterable[Found], seen: Seen, about: Set[str]) -> Iterator[Found]:
    """Of what was found, what would be found again by running only over what these cells have a part in.

    What is said once of a whole form is not: it is no matter of single cells.
    """
    return (each for each in found if not each.mismatch.once and _concerns(each.rule, each.operands, seen, about))


def _concerns(each: Check, operands: Operands, seen: Seen, about: Set[str]) -> bool:
    """Has one of the cells a part in what the check is run over? Which parts a sum has may depend on any of them."""
    named = zip(each.names, operands)  # noqa: B905 - of those that are missing there are none
    return "parts" in each.names or any(_involves(*operand, seen, about) for operand in named)


def bound(each: Check, seen: Seen) -> Sequence[Bound]:
    """All that a check runs over, worked out once for whoever asks for it."""
    known: Sequence[Bound] | None = seen.bound.get(each.code)
    if known is None:
        known = seen.bound[each.code] = tuple(bindings(each, seen))
    return known


def bindings(each: Check, seen: Seen, about: Set[str] | None = None) -> Iterator[Bound]:
    """What a check runs over, the operands of one call at a time, with those that are missing.

    `about`: cells of interest; of a table's rows only those that may have one of them among their operands.
    """
    if "derived" in each.names:
        return _bind_derived(each, seen)
    if "parts" in each.names:
        return _bind_totals(each, seen)
    if "apart" in each.names:
        return _bind_agreements(each, seen, about)
    if each.each in (None, "longest"):
        return _bind(each, ({},), seen)
    if each.each.endswith("[]"):
        return _bind_rows(each, seen, about)
    stems = family(each.each, each.needed, seen.record.template)
    cells = seen.cells
    return _bind(
        each, [{name: cells.get(stem + name) or lacking(stem + name) for name in each.own} for stem in stems], seen
    )


def _bind_rows(each: Check, seen: Seen, about: Set[str] | None) -> Iterator[Bound]:
    """The operands for every row of a table; `about`: for those that have one of these cells among them."""
    table = seen.record.template.table(str(each.each).removesuffix("[]"))
    if table is None:
        return iter(())
    rows, full = _named_rows(table.key, seen)
    lack = {name: lacking(name[1:]) for name in each.own if rows and name not in rows[0]}
    if about is not None and not _shares(each, seen, about):
        touched = {row[1] for key in about if (row := split_row_key(key)) is not None and row[0] == table.key}
        rows = [rows[index] for index in sorted(touched)]
    return _bind(each, [{**lack, **row} for row in rows] if lack else rows, seen, full)


def _named_rows(table: str, seen: Seen) -> tuple[Sequence[Binding], frozenset[str]]:
    """The rows of a table by parameter, and the parameters that name a figure or a text in every row."""
    known: tuple[Sequence[Binding], frozenset[str]] | None = seen.operands.get(f"{table}[]")
    if known is None:
        rows = [{f"_{column}": cell for column, cell in row.items()} for row in seen.tables[table]]
        full = (name for name in (rows[0] if rows else ()) if SETTLED.issuperset([row[name].state for row in rows]))
        known = seen.operands[f"{table}[]"] = rows, frozenset(full)
    return known


def _involves(name: str, operand: Any, seen: Seen, about: Set[str]) -> bool:
    """Has one of these cells a part in an operand, or may it have one: in all cells, in a whole table?"""
    if isinstance(operand, Stated):
        return operand.key in about
    if name in IN_ALL or seen.record.template.table(f"@{name}") is not None:
        return True
    if isinstance(operand, Derived):
        return operand.stated.key in about or _may_depend(seen.steps[operand.stated.key], about)
    if isinstance(operand, Apart):
        return not about.isdisjoint(operand.relation.keys)
    return isinstance(operand, tuple) and any(isinstance(part, Stated) and part.key in about for part in operand)


def _may_depend(step: Step, about: Set[str]) -> bool:
    """Is one of these cells an operand of a derived cell, in any of the ways to compute it?"""
    return any(not about.isdisjoint(choice.operands) for choice in step.choices)


def _shares(each: Check, seen: Seen, about: Set[str]) -> bool:
    """Is one of these cells an operand that all rows have in common?"""
    names = (parameter.name for parameter in each.parameters if parameter.name not in each.own)
    return any(_involves(name, _operand(name, seen), seen, about) for name in names)


def _bind_derived(each: Check, seen: Seen) -> Iterator[Bound]:
    """Derived cells of the kind the check is `of`; a bare Step is one whose operands are missing."""
    beside, in_order = _beside(each, ("derived",), seen), _in_order(each)
    for cell in seen.derived:
        choice = cell.choices[0] if isinstance(cell, Step) else cell.choice
        if not each.is_of(choice.relation):
            continue
        if isinstance(cell, Derived):
            yield in_order({"derived": cell, **beside}), ()
        elif missing := tuple(seen[key] for key in operand_keys(choice, seen.record) if seen[key].state in _UNKNOWN):
            yield (), missing


def _bind_totals(each: Check, seen: Seen) -> Iterator[Bound]:
    """Sums and what is included. A check whose operands are optional also gets those with blanks."""
    lenient = any(parameter.optional for parameter in each.parameters)
    beside, in_order = _beside(each, ("total", "parts"), seen), _in_order(each)
    for relation, total, parts, filled in seen.totals:
        if not (each.is_of(relation) if each.relations else each.of is None or each.of(relation)):
            continue
        unknown: tuple[Stated, ...] = ()
        if not lenient and total.is_number:  # what is said of blank lines themselves is said of the parts as listed
            parts, unknown = filled
        missing = () if lenient else _missing_parts(total, parts, not relation.blank_is_nil)
        if missing is not None:
            yield in_order({"total": total, "parts": parts, **beside}), tuple(dict.fromkeys((*missing, *unknown)))


def _bind(each: Check, members: Iterable[Binding], seen: Seen, full: frozenset[str] = frozenset()) -> Iterator[Bound]:
    """The operands for every member: its own cells, and what all members share.

    Nothing where an operand does not apply; with the cells that are missing where some are there. `full`: of those of
    its own cells nothing has to be asked.
    """
    shared = _beside(each, each.own, seen)
    required = [
        parameter.name
        for parameter in each.parameters
        if not parameter.optional and (parameter.name in each.own or isinstance(shared[parameter.name], Stated))
    ]
    beside = [shared[name].state for name in required if name in shared]
    if not _NEVER.isdisjoint(beside):
        return
    in_order = _in_order(each)
    is_full = SETTLED.issuperset(beside) and full.issuperset([name for name in required if name not in shared])
    for member in members:
        binding = {**shared, **member}
        if is_full or SETTLED.issuperset([binding[name].state for name in required]):  # so it is mostly
            yield in_order(binding), ()
            continue
        missing = _missing([binding[name] for name in required])
        if missing is not None and not (missing and each.each and _nobody_wrote(required, binding, seen)):
            yield in_order(binding), missing


def _in_order(each: Check) -> Callable[[Binding], Operands]:
    """Takes the operands that a check asks for out of what is there by name."""
    names = each.names
    return itemgetter(*names) if len(names) > 1 else lambda binding: tuple(binding[name] for name in names)


def _missing(required: Sequence[Stated]) -> tuple[Stated, ...] | None:
    """The cells for want of which nothing can be said; None where one does not apply, or nothing is there at all."""
    states = {cell.state for cell in required}
    if states <= SETTLED:
        return ()
    missing = tuple(cell for cell in required if cell.state in _UNKNOWN)
    return missing if _NEVER.isdisjoint(states) and len(missing) < len(required) else None


def _bind_agreements(each: Check, seen: Seen, about: Set[str] | None) -> Iterator[Bound]:
    """What the template states under this rule and the form does not keep to."""
    own, needed = _agreements(each.code, seen.record.template)
    missing = _missing([seen[key] for key in needed])
    if missing:
        yield (), missing
    for relation in () if missing is None or missing else own:
        if about is None or not about.isdisjoint(relation.keys):
            found = apart(relation, seen)
            if found is not None:
                yield (found,), ()


@cache
def _agreements(code: str, template: Template) -> tuple[Sequence[Relation], tuple[str, ...]]:
    """The relations that name a rule, and the cells without which none of them can be compared."""
    own = [relation for relation in template.related(*AGREEMENTS) if relation.rule == code]
    return own, required(own)


def _nobody_wrote(names: Iterable[str], binding: Binding, seen: Seen) -> bool:
    """Are the cells blank, so that what formulas show in them asks for nothing?"""
    return all(seen.record[binding[name].key].is_blank for name in names)


def _beside(each: Check, own: Container[str], seen: Seen) -> Binding:
    """What a check wants besides what it runs over: the same for all its members."""
    return {p.name: _operand(p.name, seen) for p in each.parameters if p.name not in own}


def _operand(name: str, seen: Seen) -> Any:
    """What a parameter names, worked out once for all rules that ask for it."""
    if name not in seen.operands:
        seen.operands[name] = _named(name, seen)
    return seen.operands[name]


def _named(name: str, seen: Seen) -> Any:
    """Something given, a row table by its role, a figure in force, or a cell."""
    if name in GIVEN:
        return GIVEN[name](seen)
    if (table := seen.record.template.table(f"@{name}")) is not None:
        return seen.tables[table.key]
    figure = seen.figures.get(name)
    if figure is not None and not figure.is_cell:
        return figure.value
    key = figure.value if figure else name
    return seen.cells.get(key) or lacking(key)


def _missing_parts(total: Stated, parts: tuple[Stated, ...], strict: bool) -> tuple[Stated, ...] | None:
    """Cells that leave a sum undecided; None when it does not apply or a rule of its own speaks of it."""
    unreadable = tuple(cell for cell in (total, *parts) if cell.state is State.UNREADABLE)
    if not any(part.is_number or part.state is State.UNREADABLE for part in parts):
        return None
    if not total.is_number:
        return unreadable or ((total,) if total.is_blank else None)
    return (*unreadable, *(part for part in parts if part.is_blank)) if strict else unreadable
