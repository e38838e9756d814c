"""Why a figure is wrong, and which cells show it. Only what the rounding allows, and nothing far-fetched."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from xlperf.amounts import Interval, ratio_possible
from xlperf.catalog import Cause, Mismatch
from xlperf.record import Record, Stated, last_year

_FINANCE_COLUMNS = ("_current", "_opening", "_prior")


class _Base(NamedTuple):
    """A figure that may have been taken for the denominator, stated in a cell or implied by two."""

    name: str
    value: Decimal
    interval: Interval
    cells: tuple[Stated, ...]


def find_cause(mismatch: Mismatch, record: Record, cells: Mapping[str, Stated]) -> Cause | None:
    """The most plausible cause of a mismatch, or None when nothing is convincing."""
    stated = mismatch.at
    if not stated.is_number or not isinstance(mismatch.expected, Decimal):
        return None
    if stated.field.is_rate:
        return _wrong_base(stated, record, cells)
    if stated.field.type == "money":
        return _copied(stated, mismatch, cells)
    return None


def _wrong_base(rate: Stated, record: Record, cells: Mapping[str, Stated]) -> Cause | None:
    """A growth rate whose change was divided by another row's last-year figure; the row above it first."""
    stem = rate.key.removesuffix("_growth_rate")
    change = cells.get(f"{stem}_change")
    if stem == rate.key or change is None or not change.is_number or not change.value:
        return None
    for other in _rows_above(stem, record):
        for base in _prior_figures(other, cells):
            if base.value and ratio_possible(rate, change, base):
                shown = f"{change.shown} ÷ {base.value} = {rate.shown}"
                own = cells[f"{stem}_current"].field.row_label
                text = f"分母用错：{shown}，{base.value} 是{base.name}，不是{own}的上年数。"
                return Cause("wrong_base", text, tuple(cell.at or cell.key for cell in base.cells))
    return None


def _rows_above(stem: str, record: Record) -> Iterator[str]:
    """Other rows of the same family, those that the row is a part of first."""
    parents = {
        part.removesuffix("_current"): each.total.removesuffix("_current")
        for each in record.template.sums
        if each.total.endswith("_current")
        for part in each.parts
    }
    above: list[str] = []
    while stem in parents:
        stem = parents[stem]
        above.append(stem)
    yield from above
    for rows, columns in record.template.series.values():
        if "growth_rate" in columns:
            yield from (row for row in rows if row not in above)


def _prior_figures(stem: str, cells: Mapping[str, Stated]) -> Iterator[_Base]:
    prior, current, change = (cells[f"{stem}_{column}"] for column in ("prior", "current", "change"))
    name = current.field.row_label
    before = last_year(prior, current, change)
    if before is not None:
        how = "" if before.is_stated else f"（{current.shown} - {change.shown}）"
        yield _Base(f"{name}的上年数{how}", before.value, before.interval, before.cells)
    if current.is_number:
        yield _Base(f"{name}的本年数", current.value, current.interval, (current,))


def _copied(stated: Stated, mismatch: Mismatch, cells: Mapping[str, Stated]) -> Cause | None:
    """The same amount to the digit in another column: it was copied from there; its own table first.

    Cells of the same column are its parts or its whole, and amounts below 1 coincide by chance.
    """
    if abs(stated.value) < 1:
        return None
    column = stated.key.rpartition("_")[2]
    related = {cell.key for cell in mismatch.related} | {stated.key}
    same = [
        other
        for other in cells.values()
        if other.field.type == "money"
        and other.is_number
        and other.value == stated.value
        and other.key not in related
        and other.key.rpartition("_")[2] != column
    ]
    if not same:
        return None
    other = max(same, key=lambda cell: cell.key.endswith(_FINANCE_COLUMNS))
    text = f"与{other.label} {other.shown} 完全相同，可能是从那里抄来的。"
    return Cause("copied", text, (other.at or other.key,))
