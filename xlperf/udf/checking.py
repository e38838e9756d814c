"""PERF_CHECK: the rules that speak of single indicators, on a range instead of a workbook."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

from xlperf.catalog import Check, Mismatch
from xlperf.checks import CHECKS
from xlperf.checks.completeness import figure_not_readable
from xlperf.record import Record, State, Stated, state
from xlperf.udf.values import (
    Cell,
    Column,
    ErrorValue,
    Refused,
    Result,
    answering,
    columns_of,
    is_blank,
    number,
    template,
    text,
)

PASSED = "通过"
_COLUMNS = {2: ("weight", "score"), 4: ("target", "actual", "weight", "score")}


class _Found(NamedTuple):
    rank: int
    row: int
    code: str
    sentence: str


@answering
def perf_check(area: Any) -> Result:
    """What is wrong, a sentence a row, the gravest first; then what could not be checked.

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
        found += _findings(index, cells, record)
        if blank := [cell.field.label for cell in cells.values() if cell.is_blank]:
            undecided.append(f"未核对：第{index + 1}行{'、'.join(blank)}空白")
    lines = [each.sentence for each in sorted(found)] + undecided
    return [[line] for line in lines] if lines else PASSED


def _record(rows: Sequence[Column], columns: Sequence[str]) -> Record:
    """The rows that hold something; each keeps its number in the range, blank ones are left out."""
    fields = template().tables["indicators"].columns
    stated: dict[str, Stated] = {}
    for index, row in enumerate(rows):
        if all(map(is_blank, row)):
            continue
        for column, cell in zip(columns, row, strict=True):
            key, field = f"indicators[{index}].{column}", fields[column]
            raw = _raw(cell, field.is_text)
            label = f"第{index + 1}行{field.label}"
            stated[key] = state(key, field, raw, not_applicable=template().not_applicable, label=label)
    return Record(template(), stated, {"indicators": len(rows)})


def _raw(cell: Cell, is_text: bool) -> Decimal | str | None:
    """The cell as a Record takes it; what no number can be read from stays as it is written."""
    if is_blank(cell):
        return None
    if isinstance(cell, str):
        return cell
    read = text(cell) if is_text else number(cell)
    return str(cell) if isinstance(read, ErrorValue) else read


def _rows(record: Record, columns: Sequence[str]) -> Iterator[tuple[int, Mapping[str, Stated]]]:
    for index in record.rows("indicators"):
        if f"indicators[{index}].{columns[0]}" in record.stated:
            yield index, {column: record[f"indicators[{index}].{column}"] for column in columns}


def _findings(index: int, row: Mapping[str, Stated], record: Record) -> Iterator[_Found]:
    for mismatch in figure_not_readable.function(cells=row, record=record):
        yield _found(index, figure_not_readable, mismatch)
    figures = template().figures_of(None)
    for rule in _rules(tuple(row)):
        names = [parameter.name for parameter in rule.parameters]
        binding = {name: row[name[1:]] if name.startswith("_") else figures[name].value for name in names}
        required = [binding[each.name] for each in rule.parameters if each.name.startswith("_") and not each.optional]
        if all(cell.state in (State.NUMBER, State.TEXT) for cell in required):
            for mismatch in rule.function(**binding):
                yield _found(index, rule, mismatch)


@cache
def _rules(columns: tuple[str, ...]) -> tuple[Check, ...]:
    """Rules over single indicators that read nothing but these columns and dated figures."""
    figures = template().figures_of(None)
    known = {f"_{column}" for column in columns} | {name for name, figure in figures.items() if not figure.is_cell}
    return tuple(
        rule for rule in CHECKS if rule.each == "indicators[]" and known.issuperset(p.name for p in rule.parameters)
    )


def _found(index: int, rule: Check, mismatch: Mismatch) -> _Found:
    severity = mismatch.severity or rule.severity
    return _Found(severity.rank, index, rule.code, f"{severity.text} {rule.code} {mismatch.message}")
