"""PERF_CHECK: the rules that speak of single indicators, on a range instead of a workbook."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

from xlperf.checks.catalog import CHECKS
from xlperf.checks.completeness import figure_not_readable
from xlperf.checks.rule import Check, NotDecided, Severity
from xlperf.form.record import Record, State, Stated, brief, state
from xlperf.form.template import INDICATORS, Table, row_key
from xlperf.prose.words import Words
from xlperf.udf.values import (
    Cell,
    Column,
    ErrorValue,
    Figure,
    Refused,
    Result,
    answering,
    as_shown,
    columns_of,
    is_blank,
    number,
    template,
    text,
)

PASSED = "通过"
_NOT_IN_RANGE = {"_level1", "_level2", "_level3"}  # rules that do without leave open what only these could decide
_COLUMNS = {2: ("weight", "score"), 4: ("target", "actual", "weight", "score")}


class _Found(NamedTuple):
    rank: int
    row: int
    code: str
    sentence: str


@answering
def perf_check(area: Any) -> Result:
    """How many lines follow; what is wrong, a sentence a row, the gravest first; what could not be checked. Or 通过.

    `area`: 2 columns: weight, points; 4: target, result, weight, points. `#VALUE!` for any other number of columns; an
    error in the range is the answer. Source: each rule cites its own, see `xlperf explain CODE`.

    Rules that also read what is not in the range (the note on deviations, the level, all rows together) are left to
    the check of the workbook. An audit of a whole Record would take seconds where this takes milliseconds.
    """
    given = columns_of(area)
    columns = _COLUMNS.get(len(given))
    if columns is None:
        raise Refused
    rows = list(zip(*given, strict=True))
    for row in rows:
        for cell in row:
            if isinstance(cell, ErrorValue):
                return cell
    record = _record(rows, columns)
    if not record.stated:
        return ""
    found: list[_Found] = []
    undecided: list[str] = []
    for index, cells in _rows(record, columns):
        for outcome in _outcomes(index, cells, record):
            if isinstance(outcome, str):
                undecided.append(outcome)
            else:
                found.append(outcome)
        if blank := [cell.field.label for cell in cells.values() if cell.is_blank]:
            undecided.append(f"未核对：第{index + 1}行{'、'.join(blank)}空白")
    lines = [each.sentence for each in sorted(found)] + undecided
    return [[line] for line in (_count(found, len(undecided)), *lines)] if lines else PASSED


def _count(found: Sequence[_Found], undecided: int) -> str:
    """How many lines follow, by kind: whoever sees only the first cell knows that there is more."""
    kinds = [(each.text, sum(one.rank == each.rank for one in found)) for each in Severity]
    told = "，".join(f"{name} {count}" for name, count in (*kinds, ("未核对", undecided)) if count)
    return f"共 {len(found) + undecided} 项：{told}"


def _record(rows: Sequence[Column], columns: Sequence[str]) -> Record:
    """The rows that hold something; each keeps its number in the range, blank ones are left out."""
    fields = _table().columns
    stated: dict[str, Stated] = {}
    for index, row in enumerate(rows):
        if all(map(is_blank, row)):
            continue
        raw_row = _as_shown([_raw(cell, fields[column].is_text) for column, cell in zip(columns, row, strict=True)])
        for column, raw in zip(columns, raw_row, strict=True):
            key, field = row_key(_table().key, index, column), fields[column]
            label = f"第{index + 1}行{field.label}"
            stated[key] = state(key, field, raw, not_applicable=template().not_applicable, label=label)
    return Record(template(), stated, {_table().key: len(rows)})


def _table() -> Table:
    return template().tables[template().roles[INDICATORS]]


_Raw = Decimal | str | None


def _as_shown(raw: list[_Raw]) -> list[_Raw]:
    """The row with target and result as the sheet may show them."""
    target, actual = raw[:2]
    if len(raw) < 4 or target is None or actual is None:
        return raw
    given = [each if isinstance(each, str) else Figure(f"{each.normalize():f}") for each in (target, actual)]
    shown = as_shown(*given)
    return [each if new == old else new for each, old, new in zip(raw, given, shown, strict=False)] + raw[2:]


def _raw(cell: Cell, is_text: bool) -> _Raw:
    """The cell as a Record takes it; what no number can be read from stays as it is written."""
    if is_blank(cell):
        return None
    if isinstance(cell, str):
        return cell
    read = text(cell) if is_text else number(cell)
    return str(cell) if isinstance(read, ErrorValue) else read


def _rows(record: Record, columns: Sequence[str]) -> Iterator[tuple[int, Mapping[str, Stated]]]:
    for index, row in enumerate(record.rows_of(INDICATORS)):
        if f"{row}{columns[0]}" in record.stated:
            yield index, {column: record[f"{row}{column}"] for column in columns}


def _outcomes(index: int, row: Mapping[str, Stated], record: Record) -> Iterator[_Found | str]:
    """What is wrong with a row, and as a sentence what a person must say."""
    yield from _outcomes_of(figure_not_readable, {"cells": row, "record": record}, index)
    figures = template().figures_of(None)
    for rule in _rules(tuple(row)):
        names = [parameter.name for parameter in rule.parameters]
        binding: dict[str, Any] = {name: getattr(template().words, name) for name in names if name in Words._fields}
        binding |= {
            name: (row.get(name[1:]) or _blank(name[1:])) if name.startswith("_") else figures[name].value
            for name in names
            if name not in Words._fields
        }
        required = [binding[each.name] for each in rule.parameters if each.name.startswith("_") and not each.optional]
        if all(cell.state in (State.NUMBER, State.TEXT) for cell in required):
            yield from _outcomes_of(rule, binding, index)


@cache
def _blank(column: str) -> Stated:
    """A cell that the range does not have."""
    return state(column, _table().columns[column], None, not_applicable=frozenset())


@cache
def _rules(columns: tuple[str, ...]) -> tuple[Check, ...]:
    """Rules over single indicators that read nothing but these columns, dated figures and the words of results."""
    figures = template().figures_of(None)
    known = {f"_{column}" for column in columns} | {name for name, figure in figures.items() if not figure.is_cell}
    known |= {*Words._fields}
    return tuple(
        rule
        for rule in CHECKS
        if rule.each == f"{INDICATORS}[]"
        and all(p.name in known or (p.name in _NOT_IN_RANGE and p.optional) for p in rule.parameters)
    )


def _outcomes_of(rule: Check, binding: Mapping[str, Any], index: int) -> Iterator[_Found | str]:
    for outcome in rule.function(*(binding[name] for name in rule.names)):
        if isinstance(outcome, NotDecided):
            yield f"未核对：第{index + 1}行{brief(outcome.reason)}"
            continue
        severity = outcome.severity or rule.severity
        yield _Found(severity.rank, index, rule.code, f"{severity.text}：{brief(outcome.message)}")
