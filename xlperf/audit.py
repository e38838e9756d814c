"""Record -> Report: run every check, gather what has one reason, stamp it, and say what could not be decided."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

from xlperf.amounts import interval
from xlperf.blame import Group, Suspect, find_groups, is_evidence, stated, told
from xlperf.catalog import NOT_INSPECTED, Cause, Check, Finding, Fix, Mismatch, NotDecided, NotRun, Severity
from xlperf.causes import slips
from xlperf.checks import CHECKS
from xlperf.dated import DatedFigure
from xlperf.engine import (
    Derived,
    Step,
    Value,
    compute,
    derived_cells,
    operand_keys,
    parts_of,
    recalculated,
    seen,
    steps_of,
    sum_keys,
)
from xlperf.identities import identities_of
from xlperf.record import Record, State, Stated, show, state
from xlperf.template import Sum, split_row_key

Row = Mapping[str, Stated]
Binding = Mapping[str, Any]
Found = tuple[Check, Mismatch]
_MOST_TRIED = 8  # suspects of one group whose correction is tried out
_MOST_GROUPS = 30  # whose explanations are tried out: nobody reads more, and each is an audit of what it touches
_CONFIRMED = Decimal("0.2")  # less than what tells any two slips apart


@dataclass(frozen=True, slots=True)
class Report:
    """What an audit found.

    Findings are ordered by gravity, then code, then place in the form; those of one group stand together, where its
    gravest stands. `groups` are in that order too, numbered from 1.
    """

    record: Record
    variant: str
    values: Mapping[str, Value]
    findings: tuple[Finding, ...]
    groups: tuple[Group, ...]
    not_run: tuple[NotRun, ...]

    def items(self) -> Iterator[tuple[Group | None, tuple[Finding, ...]]]:
        """What there is to see to, in order: findings with one reason together, every other by itself."""
        for number, findings in itertools.groupby(self.findings, key=lambda finding: finding.group):
            if number is None:
                yield from ((None, (finding,)) for finding in findings)
            else:
                yield self.groups[number - 1], tuple(findings)

    def count(self, severity: Severity) -> int:
        return sum(finding.severity is severity for finding in self.findings)


class _View:
    """One audit's reading of a record: cells as seen, rows, identities and derived cells, each built once."""

    def __init__(self, record: Record, variant: str | None) -> None:
        self.record = record
        self.variant = variant or record.template.default_variant
        self.figures: Mapping[str, DatedFigure] = record.figures_of(variant)
        self.cells = seen(record, variant)
        self.derived = tuple(derived_cells(record, self.cells, variant))
        self.tables = {table: self._rows(table) for table in record.template.tables}

    @cached_property
    def values(self) -> Mapping[str, Value]:
        return compute(self.record, self.variant)

    @cached_property
    def steps(self) -> Mapping[str, Step]:
        return {step.key: step for step in steps_of(self.record, self.variant)}

    def _rows(self, table: str) -> tuple[Row, ...]:
        columns = self.record.template.tables[table].columns
        return tuple(
            {column: self.cells[f"{table}[{index}].{column}"] for column in columns}
            for index in self.record.rows(table)
        )

    def operands_of(self, key: str) -> tuple[str, ...]:
        """The cells from which a derived cell is computed."""
        return operand_keys(self.steps[key].choices[0], self.record) if key in self.steps else ()

    def may_depend(self, key: str, on: Set[str]) -> bool:
        """Is one of these cells an operand of a derived cell, in any of the ways to compute it?"""
        return any(not on.isdisjoint(choice.operands) for choice in self.steps[key].choices)

    def operands(self, each: Sum) -> tuple[Stated, tuple[Stated, ...]]:
        return self.cells[each.total], tuple(self.cells[key] for key in sum_keys(each, self.record))


def audit(record: Record, variant: str | None = None, checks: tuple[Check, ...] = CHECKS) -> Report:
    """Run the checks on a record; pure and deterministic.

    Of a record that no inspection has seen (`open_form(path).record`, or one that stands in no workbook) the rules
    about the workbook itself are listed as not run; `hosts.file.check` inspects and then audits.
    """
    view = _View(record, variant)
    found, not_run = _run(view, checks)
    groups, members = _grouped(found, view, checks)
    order = {key: place for place, key in enumerate(record.stated)}

    def place(number: int) -> tuple[int, str, int]:
        rule, mismatch = found[number]
        return _gravity(found[number]).rank, rule.code, order.get(mismatch.at.key, -1)

    first = {group: min(map(place, numbers)) for group, numbers in members.items()}
    group_of = {number: group for group, numbers in members.items() for number in numbers}
    ranking = sorted(range(len(found)), key=lambda n: (first.get(group_of.get(n, -1), place(n)), place(n)))
    renumbered = {group: number for number, group in enumerate(sorted(members, key=lambda each: first[each]), 1)}
    final = tuple(groups[group]._replace(number=number) for group, number in renumbered.items())
    findings = tuple(
        _finding(*found[n], final[renumbered[group_of[n]] - 1] if n in group_of else None, view) for n in ranking
    )
    return Report(record, view.variant, view.values, findings, final, not_run)


def _run(view: _View, checks: Sequence[Check], about: Set[str] | None = None) -> tuple[list[Found], tuple[NotRun, ...]]:
    """What the checks find and what they leave open; only over what some of the cells `about` have a part in."""
    found: list[Found] = []
    not_run: dict[NotRun, None] = {}
    for each in checks:
        if each.is_about_workbook and view.record.integrity is None:
            not_run[NotRun(each.code, (), NOT_INSPECTED)] = None
            continue
        for binding, blank in _bindings(each, view, about):
            if about is not None and not any(_involves(*operand, view, about) for operand in binding.items()):
                continue
            if blank:
                not_run[NotRun(each.code, tuple(cell.at or cell.key for cell in blank))] = None
                continue
            for outcome in each.function(**binding):
                if isinstance(outcome, NotDecided):
                    places = tuple(cell.at or cell.key for cell in outcome.cells)
                    not_run[NotRun(each.code, places, outcome.reason)] = None
                else:
                    found.append((each, outcome))
    return found, tuple(not_run)


def _grouped(
    found: Sequence[Found], view: _View, checks: Sequence[Check]
) -> tuple[Sequence[Group], dict[int, list[int]]]:
    """The groups, and for each that explains a finding the places of its findings in `found`."""
    grave = [n for n, each in enumerate(found) if _gravity(each) is not Severity.INFO]
    if not grave:
        return (), {}
    groups = list(find_groups(view.record, view.cells, identities_of(view.record, view.cells, view.variant)))
    members: dict[int, list[int]] = {}
    reported = _reported(groups)
    for n in grave:
        group = reported.get(_name(found[n]))
        if group is not None:
            members.setdefault(group, []).append(n)
    taken = {n for numbers in members.values() for n in numbers}
    before = _Before(Counter(map(_name, found)), _errors(found))
    for count, (number, members_of) in enumerate(members.items()):
        if count >= _MOST_GROUPS:
            groups[number] = groups[number].unexplained()
            continue
        groups[number], corrected = _convincing(groups[number], before, view, checks)
        if corrected is not None:
            settled = [n for n in range(len(found)) if n not in taken and corrected.settles(*found[n])]
            members_of += settled
            taken.update(settled)
    return groups, members


def _reported(groups: Sequence[Group]) -> Mapping[tuple[str, str], int]:
    """By rule and cell, the first group of which such a finding speaks."""
    reported: dict[tuple[str, str], int] = {}
    for number, group in enumerate(groups):
        for code, key in group.reported():
            reported.setdefault((code, key), number)
    return reported


class _Before(NamedTuple):
    """What the audit found: rule and cell, how many times; and how many errors there are."""

    names: Mapping[tuple[str, str], int]
    errors: int


class _Corrected(NamedTuple):
    """What an audit finds once a suspect is corrected, and the cells that then show something else."""

    left: frozenset[tuple[str, str]]  # code and cell
    new_errors: bool  # it would only move the error elsewhere
    rejected: bool  # by a rule that looks at nothing but the cell: such a figure cannot stand there
    changed: frozenset[str]
    remaining: int  # errors that stay or are new: what else speaks of the cells, the report's text above all

    def settles(self, rule: Check, mismatch: Mismatch) -> bool:
        """Is a finding that speaks of these cells gone?"""
        speaks = any(cell.key in self.changed for cell in (mismatch.at, *mismatch.related))
        return speaks and not self.new_errors and (rule.code, mismatch.at.key) not in self.left


def _convincing(group: Group, before: _Before, view: _View, checks: Sequence[Check]) -> tuple[Group, _Corrected | None]:
    """The group without explanations that another rule would reject; and what its culprit, if it has one, settles."""
    suspects = list(group.suspects)
    corrected: dict[tuple[str, ...], _Corrected] = {}
    for _ in range(_MOST_TRIED):
        lowest = min(each.cost for each in suspects)
        untried = (each for each in suspects if each.cost == lowest and each.keys not in corrected and all(each.values))
        suspect = next(untried, None)
        if suspect is None:
            break
        outcome = corrected[suspect.keys] = _once_corrected(suspect, before, view, checks)
        if outcome.rejected:
            suspects[suspects.index(suspect)] = suspect.unexplained()
    suspects.sort(key=lambda each: each.cost)
    tied = [each for each in suspects if each.cost == suspects[0].cost]
    if len(tied) > 1 and all(each.keys in corrected for each in tied):
        fewest = min(corrected[each.keys].remaining for each in tied)
        best = [each for each in tied if corrected[each.keys].remaining == fewest]
        if len(best) < len(tied):
            suspects = [each._replace(cost=each.cost - _CONFIRMED) if each in best else each for each in suspects]
            suspects.sort(key=lambda each: each.cost)
    group = group._replace(suspects=tuple(suspects))
    culprit = group.culprit
    return group, corrected.get(culprit.keys) if culprit is not None and all(culprit.values) else None


def _once_corrected(suspect: Suspect, before: _Before, view: _View, checks: Sequence[Check]) -> _Corrected:
    """What an audit of the corrected record would find, by running again only what the changed cells have a part in."""
    record = view.record
    changes = {}
    for key, value in zip(suspect.keys, suspect.values, strict=True):
        cell = record[key]
        known = record.template.not_applicable
        changes[key] = state(key, cell.field, value, not_applicable=known, at=cell.at, label=cell.label)
    after = _View(recalculated(record, changes, view.variant), view.variant)
    changed = _differing(record.stated, after.record.stated)
    about = changed | _differing(view.cells, after.cells)
    gone, _ = _run(view, checks, about)
    come, _ = _run(after, checks, about)
    left = Counter(before.names)
    left.subtract(map(_name, gone))
    left.update(map(_name, come))
    new = [(_gravity(each), each[1]) for each in come if _name(each) not in before.names]
    rejected = any(
        gravity is not Severity.INFO and mismatch.at.key in changes and not mismatch.related
        for gravity, mismatch in new
    )
    errors = any(gravity is Severity.ERROR for gravity, _ in new)
    remaining = before.errors - _errors(gone) + _errors(come)
    return _Corrected(frozenset(name for name, times in left.items() if times), errors, rejected, changed, remaining)


def _differing(before: Mapping[str, Stated], after: Mapping[str, Stated]) -> frozenset[str]:
    return frozenset(key for key, cell in after.items() if cell is not before[key] and cell != before[key])


def _errors(found: Iterable[Found]) -> int:
    return sum(_gravity(each) is Severity.ERROR for each in found)


def _gravity(found: Found) -> Severity:
    return found[1].severity or found[0].severity


def _name(found: Found) -> tuple[str, str]:
    return found[0].code, found[1].at.key


def _bindings(each: Check, view: _View, about: Set[str] | None = None) -> Iterator[tuple[Binding, tuple[Stated, ...]]]:
    """What a check runs over, one mapping of parameter to operand at a time, with the operands that are missing.

    `about`: cells of interest; of a table's rows only those that may have one of them among their operands.
    """
    if each.each == "derived":
        yield from _bind_derived(each, view)
    elif each.each in ("sums", "included", "totals"):
        yield from _bind_sums(each, view)
    elif each.each is not None and each.each.endswith("[]"):
        table = each.each.removesuffix("[]")
        rows = view.tables[table]
        if about is not None and not _shares(each, view, about):
            touched = {row[1] for key in about if (row := split_row_key(key)) is not None and row[0] == table}
            rows = tuple(rows[index] for index in sorted(touched))
        yield from _bind(each, (("", row) for row in rows), view, marker="_")
    elif each.each is not None:
        stems = view.record.template.stems(each.each.removeprefix("*"))
        yield from _bind(each, ((stem, view.cells) for stem in stems), view)
    else:
        yield from _bind(each, (("", view.cells),), view)


def _involves(name: str, operand: Any, view: _View, about: Set[str]) -> bool:
    """Has one of these cells a part in an operand, or may it have one: in all cells, in a whole table?"""
    if name in ("cells", "record") or name in view.tables:
        return True
    if isinstance(operand, Stated):
        return operand.key in about
    if isinstance(operand, Derived):
        return operand.stated.key in about or view.may_depend(operand.stated.key, about)
    return isinstance(operand, tuple) and any(isinstance(part, Stated) and part.key in about for part in operand)


def _shares(each: Check, view: _View, about: Set[str]) -> bool:
    """Is one of these cells an operand that all rows have in common?"""
    shared = (parameter.name for parameter in each.parameters if not parameter.name.startswith("_"))
    return any(_involves(name, _operand(name, view), view, about) for name in shared)


def _bind_derived(each: Check, view: _View) -> Iterator[tuple[Binding, tuple[Stated, ...]]]:
    """Derived cells of the kind the check is `of`; a bare Step is one whose operands are missing."""
    for cell in view.derived:
        if isinstance(cell, Step):
            field, choice = cell.field, cell.choices[0]
        else:
            field, choice = cell.stated.field, cell.choice
        if each.of is not None and not each.of(field, choice.sum is not None):
            continue
        if isinstance(cell, Derived):
            yield {"derived": cell, **_beside(each, ("derived",), view)}, ()
        else:
            operands = [view.cells[key] for key in operand_keys(choice, view.record)]
            if missing := tuple(each for each in operands if each.state in (State.BLANK, State.UNREADABLE)):
                yield {}, missing


def _bind_sums(each: Check, view: _View) -> Iterator[tuple[Binding, tuple[Stated, ...]]]:
    """The template's identities. A check whose operands are optional also gets those with blanks."""
    lenient = any(parameter.optional for parameter in each.parameters)
    template = view.record.template
    identities = {
        "sums": template.sums,
        "included": template.included,
        "totals": (*template.sums, *template.included),
    }
    for identity in identities[str(each.each)]:
        if each.of is not None and not each.of(identity):
            continue
        total, parts = view.operands(identity)
        shared = _beside(each, ("total", "parts"), view)
        unknown: tuple[Stated, ...] = ()
        if not lenient and total.is_number:  # what is said of blank lines themselves is said of the parts as listed
            parts, unknown = parts_of(identity, view.record, view.cells)
        missing = () if lenient else _missing_parts(total, parts, identity.strict)
        if missing is not None:
            yield {"total": total, "parts": parts, **shared}, tuple(dict.fromkeys((*missing, *unknown)))


def _bind(
    each: Check, members: Iterable[tuple[str, Row]], view: _View, marker: str = ""
) -> Iterator[tuple[Binding, tuple[Stated, ...]]]:
    """One binding for every member: a stem and where its cells are found.

    A cell is found by the stem and the parameter's name; of a row, by the name without its `marker`. What all members
    share is looked up once, because this runs over every row of every table.
    """
    fixed: dict[str, Any] = {}
    always: list[Stated] = []
    own: list[tuple[str, str, bool]] = []
    for parameter in each.parameters:
        name = parameter.name
        if name.startswith("_"):
            own.append((name, name.removeprefix(marker), parameter.optional))
            continue
        operand = _operand(name, view)
        if operand is None:
            return  # this template has no such cell: nothing to check
        if isinstance(operand, Stated) and not parameter.optional:
            always.append(operand)
        fixed[name] = operand
    for stem, cells in members:
        binding, required = dict(fixed), list(always)
        for name, ending, optional in own:
            cell = cells.get(stem + ending)
            if cell is None:
                break
            binding[name] = cell
            if not optional:
                required.append(cell)
        else:
            yield from _decided(binding, required, each.each is not None, view)


def _decided(
    binding: Binding, required: Sequence[Stated], of_family: bool, view: _View
) -> Iterator[tuple[Binding, tuple[Stated, ...]]]:
    """Nothing where an operand does not apply; with the cells that are missing where some are there."""
    missing: list[Stated] = []
    for cell in required:
        if cell.state is State.NOT_APPLICABLE:
            return
        if cell.state is State.BLANK or cell.state is State.UNREADABLE:
            missing.append(cell)
    if not missing:
        yield binding, ()
    elif len(missing) < len(required) and not (of_family and all(view.record[c.key].is_blank for c in required)):
        yield binding, tuple(missing)  # a total that nobody wrote asks for nothing


def _beside(each: Check, own: tuple[str, ...], view: _View) -> Binding:
    """What a check over identities or derived cells wants besides them."""
    return {p.name: _shared(p.name, view) for p in each.parameters if p.name not in own}


def _operand(name: str, view: _View) -> Any:
    """What a parameter without a stem names, a cell last of all; None if this form has nothing of the name."""
    operand = _shared(name, view)
    if operand is not None:
        return operand
    figure = view.figures.get(name)
    return view.cells.get(figure.value if figure else name)


def _shared(name: str, view: _View) -> Any:
    """What a parameter may name besides a cell: all cells, the record, what a reason is, a row table, a dated figure."""
    if name == "cells":
        return view.cells
    if name == "record":
        return view.record
    if name == "reasons":
        return view.record.template.reasons
    if name == "integrity":
        return view.record.integrity
    if name == "previous":
        return view.record.previous
    if name in view.tables:
        return view.tables[name]
    figure = view.figures.get(name)
    return None if figure is None or figure.is_cell else figure.value


def _missing_parts(total: Stated, parts: tuple[Stated, ...], strict: bool) -> tuple[Stated, ...] | None:
    """Cells that leave a sum undecided; None when it does not apply or a rule of its own speaks of it."""
    unreadable = tuple(cell for cell in (total, *parts) if cell.state is State.UNREADABLE)
    if not any(part.is_number or part.state is State.UNREADABLE for part in parts):
        return None
    if not total.is_number:
        return unreadable or ((total,) if total.is_blank else None)
    return (*unreadable, *(part for part in parts if part.is_blank)) if strict else unreadable


def _finding(each: Check, mismatch: Mismatch, group: Group | None, view: _View) -> Finding:
    cell, expected = mismatch.at, mismatch.expected
    causes, reason = _reason(mismatch, group, view)
    return Finding(
        code=each.code,
        slug=each.slug,
        severity=mismatch.severity or each.severity,
        at=cell.at,
        key=cell.key,
        message=mismatch.message + reason,
        stated=_plain(cell),
        expected=None if expected is None else _text(expected),
        related=tuple((other.at, other.key, _plain(other)) for other in _related(each, mismatch, view)),
        causes=causes,
        group=group.number if group else None,
        fix=_fix(mismatch, group, view),
        cites=_cites(each, view),
        reason=reason,
    )


def _related(each: Check, mismatch: Mismatch, view: _View) -> tuple[Stated, ...]:
    """The cells that the finding speaks of besides its own, and those that its computed cells follow from.

    A rule about the workbook itself speaks of a formula, not of what stands behind it.
    """
    if any(parameter.name == "integrity" for parameter in each.parameters):
        return mismatch.related
    named = dict.fromkeys(cell.key for cell in (mismatch.at, *mismatch.related))
    todo, behind = list(named), dict[str, None]()
    while todo:
        key = todo.pop(0)
        if key in view.record.follows:
            found = [k for k in view.operands_of(key) if k not in named | behind and not view.cells[k].is_blank]
            behind |= dict.fromkeys(found)
            todo += found
    return (*mismatch.related, *(view.cells[key] for key in behind))


def _cites(each: Check, view: _View) -> tuple[str, ...]:
    """The rule's sources; before them those of the figures in which the variant departs from the default."""
    default = view.record.figures_of(None)
    used = (view.figures[parameter.name] for parameter in each.parameters if parameter.name in view.figures)
    own = (figure.source.id for figure in used if figure != default[figure.name])
    return tuple(dict.fromkeys((*own, *(source.id for source in each.sources))))


def _reason(mismatch: Mismatch, group: Group | None, view: _View) -> tuple[tuple[Cause, ...], str]:
    """The causes of a finding, and the sentence about them."""
    cell, expected = mismatch.at, mismatch.expected
    if group is None:
        typed = cell.is_number and cell.key not in view.record.follows
        if mismatch.severity is Severity.INFO or not typed or not isinstance(expected, Decimal):
            return (), ""
        domain = (interval(expected, cell.field.places),)
        causes = tuple(slip.cause for slip in slips(cell, domain, view.record, view.cells))
        return causes, f"可能原因：{causes[0].text}" if causes else ""
    suspect = group.culprit
    if suspect is None:
        if isinstance(expected, Decimal) and _rests_on_evidence(group, view):
            text = f"指标值和完成值无误的，得分应为 {show(expected, cell.field)}。"
            return (Cause("points", text, (cell.at or cell.key,)),), told(group, view.cells) + text
        return _undisputed(cell, group), told(group, view.cells)
    if suspect.cause is not None:
        return suspect.causes, f"可能原因：{_how(suspect, cell, view)}"
    if len(group.failing) > 1 and suspect.keys != (cell.key,):
        wrong = "、".join(f"{view.cells[key].label}（填 {view.cells[key].shown}）" for key in suspect.keys)
        return (), f"最可能填错的是{wrong}。"
    return (), told(group, view.cells) if _is_vouched_for(cell, group, view) else ""


def _how(suspect: Suspect, cell: Stated, view: _View) -> str:
    """How the figures came about, each beside its own label; of the finding's own cell the label is known."""
    if suspect.joint is not None:
        return suspect.joint.text
    parts = [
        ("" if key == cell.key else f"{stated(view.cells[key])}，") + causes[0].text.rstrip("。")
        for key, causes in zip(suspect.keys, suspect.slips, strict=True)
        if causes
    ]
    return f"{'；'.join(parts)}。"


def _undisputed(cell: Stated, group: Group) -> tuple[Cause, ...]:
    """What all suspects that are as plausible say of the finding's own cell: it is so whoever of them is right."""
    first, *others = group.suspects[: group.tied]
    return tuple(cause for cause in first.causes_of(cell.key) if all(cause in o.causes_of(cell.key) for o in others))


def _rests_on_evidence(group: Group, view: _View) -> bool:
    """Only a target or a result could be wrong, if the points are right."""
    tied = group.suspects[: group.tied]
    return all(is_evidence(view.cells[key]) for each in tied for key in each.keys)


def _is_vouched_for(cell: Stated, group: Group, view: _View) -> bool:
    """Other figures confirm the cell, so it is not the one to correct; a reason may still be written beside it."""
    suspects = {key for each in group.suspects for key in each.keys}
    return cell.key not in suspects and not any(view.cells[key].is_blank for key in suspects)


def _fix(mismatch: Mismatch, group: Group | None, view: _View) -> Fix | None:
    """The value that settles a finding: of the cell to blame where one stands out, otherwise of the cell itself."""
    cell, expected = mismatch.at, mismatch.expected
    culprit = group.culprit if group else None
    if culprit is not None and len(culprit.keys) == 1 and culprit.values[0] and culprit.keys != (cell.key,):
        (key,), (value,) = culprit.keys, culprit.values
        computed = view.values.get(key)
        return Fix(
            culprit.cells[0], value, safe=computed is not None and show(computed, view.cells[key].field) == value
        )
    if cell.key in view.record.follows:
        return None  # a formula is not to be typed over
    if group is not None and _is_vouched_for(cell, group, view) and not _rests_on_evidence(group, view):
        return None
    if isinstance(expected, Decimal | str) and expected != "":
        return Fix(cell.at, show(expected, cell.field), safe=view.values.get(cell.key) == expected)
    return None


def _plain(cell: Stated) -> str:
    return cell.text if cell.number is None else _text(cell.number)


def _text(value: Value) -> str:
    return format(value, "f") if isinstance(value, Decimal) else value
