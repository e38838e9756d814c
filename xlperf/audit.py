"""Record -> Report: run every check, stamp what it yields, and say what could not be decided."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from xlperf.catalog import Check, Finding, Fix, Mismatch, NotRun, Severity
from xlperf.causes import find_cause
from xlperf.checks import CHECKS
from xlperf.engine import Derived, Step, Value, compute, derived_cells, operand_key, operand_keys, seen, sum_keys
from xlperf.record import Record, State, Stated, show
from xlperf.template import DatedFigure, Sum

Row = Mapping[str, Stated]
Binding = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Report:
    """What an audit found; findings are ordered by gravity, then code, then place in the form."""

    record: Record
    variant: str
    values: Mapping[str, Value]
    findings: tuple[Finding, ...]
    not_run: tuple[NotRun, ...]

    def count(self, severity: Severity) -> int:
        return sum(finding.severity is severity for finding in self.findings)


class _View:
    """One audit's reading of a record: cells as seen, rows, identities and derived cells, each built once."""

    def __init__(self, record: Record, variant: str | None) -> None:
        self.record = record
        self.variant = variant or record.template.default_variant
        self.figures: Mapping[str, DatedFigure] = record.template.figures_of(variant)
        self.values = compute(record, variant)
        self.cells = seen(record, self.values)
        self.derived = tuple(derived_cells(record, self.cells, variant))
        self.tables = {table: self._rows(table) for table in record.template.tables}

    def _rows(self, table: str) -> tuple[Row, ...]:
        columns = self.record.template.tables[table].columns
        return tuple(
            {column: self.cells[f"{table}[{index}].{column}"] for column in columns}
            for index in self.record.rows(table)
        )

    def operands(self, each: Sum) -> tuple[Stated, tuple[Stated, ...]]:
        return self.cells[each.total], tuple(self.cells[key] for key in sum_keys(each, self.record))


def audit(record: Record, variant: str | None = None, checks: tuple[Check, ...] = CHECKS) -> Report:
    """Run the checks on a record; pure and deterministic."""
    view = _View(record, variant)
    findings: list[Finding] = []
    not_run: dict[NotRun, None] = {}
    for each in checks:
        for binding, blank in _bindings(each, view):
            if blank:
                not_run[NotRun(each.code, tuple(cell.at or cell.key for cell in blank))] = None
                continue
            findings += (_finding(each, mismatch, view) for mismatch in each.function(**binding))
    order = {key: place for place, key in enumerate(record.stated)}
    findings.sort(key=lambda found: (found.severity.rank, found.code, order.get(found.key, -1)))
    return Report(record, view.variant, view.values, tuple(findings), tuple(not_run))


def _bindings(each: Check, view: _View) -> Iterator[tuple[Binding, tuple[Stated, ...]]]:
    """What a check runs over, one mapping of parameter to operand at a time, with the operands that are missing."""
    if each.each == "derived":
        yield from _bind_derived(each, view)
    elif each.each in ("sums", "included", "totals"):
        yield from _bind_sums(each, view)
    elif each.each is not None and each.each.endswith("[]"):
        table = each.each.removesuffix("[]")
        for index in view.record.rows(table):
            yield from _bind(each, f"{table}[{index}].", view)
    elif each.each is not None:
        for stem in view.record.template.stems(each.each.removeprefix("*")):
            yield from _bind(each, stem, view)
    else:
        yield from _bind(each, "", view)


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
        missing = () if lenient else _missing_parts(total, parts, identity.strict)
        if missing is not None:
            yield {"total": total, "parts": parts, **shared}, missing


def _bind(each: Check, stem: str, view: _View) -> Iterator[tuple[Binding, tuple[Stated, ...]]]:
    binding: dict[str, Any] = {}
    required: list[Stated] = []
    for parameter in each.parameters:
        operand = _shared(parameter.name, view)
        if operand is None:
            key = operand_key(stem, parameter.name)
            if key not in view.cells:
                return  # this member of the family lacks the operand: nothing to check
            operand = view.cells[key]
            if not parameter.optional:
                required.append(operand)
        binding[parameter.name] = operand
    if any(cell.state is State.NOT_APPLICABLE for cell in required):
        return
    missing = tuple(cell for cell in required if cell.state in (State.BLANK, State.UNREADABLE))
    if not missing or len(missing) < len(required):
        yield binding, missing


def _beside(each: Check, own: tuple[str, ...], view: _View) -> Binding:
    """What a check over identities or derived cells wants besides them."""
    return {p.name: _shared(p.name, view) for p in each.parameters if p.name not in own}


def _shared(name: str, view: _View) -> Any:
    """What a parameter may name besides a key: all cells, the record, a row table, a dated figure."""
    if name == "cells":
        return view.cells
    if name == "record":
        return view.record
    if name in view.tables:
        return view.tables[name]
    return view.figures[name].value if name in view.figures else None


def _missing_parts(total: Stated, parts: tuple[Stated, ...], strict: bool) -> tuple[Stated, ...] | None:
    """Cells that leave a sum undecided; None when it does not apply or a rule of its own speaks of it."""
    unreadable = tuple(cell for cell in (total, *parts) if cell.state is State.UNREADABLE)
    if not any(part.is_number or part.state is State.UNREADABLE for part in parts):
        return None
    if not total.is_number:
        return unreadable or ((total,) if total.is_blank else None)
    return (*unreadable, *(part for part in parts if part.is_blank)) if strict else unreadable


def _finding(each: Check, mismatch: Mismatch, view: _View) -> Finding:
    cell, expected = mismatch.at, mismatch.expected
    cause = find_cause(mismatch, view.record, view.cells)
    fix = None
    if isinstance(expected, Decimal | str) and expected != "":
        fix = Fix(cell.at, show(expected, cell.field), safe=view.values.get(cell.key) == expected)
    return Finding(
        code=each.code,
        slug=each.slug,
        severity=mismatch.severity or each.severity,
        at=cell.at,
        key=cell.key,
        message=mismatch.message + (f"可能原因：{cause.text}" if cause else ""),
        stated=_plain(cell),
        expected=None if expected is None else _text(expected),
        related=tuple((other.at, other.key, _plain(other)) for other in mismatch.related),
        cause=cause,
        group=None,
        fix=fix,
        cites=tuple(source.id for source in each.sources),
    )


def _plain(cell: Stated) -> str:
    return cell.text if cell.number is None else _text(cell.number)


def _text(value: Value) -> str:
    return format(value, "f") if isinstance(value, Decimal) else value
