"""The indicators of a form beside those of an earlier form of the same project, paired by their names."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from xlperf.amounts import is_mark
from xlperf.derive.seen import Row
from xlperf.derive.targets import change_of
from xlperf.form.record import Record, Stated, lacking
from xlperf.form.template import INDICATORS
from xlperf.prose.indicator_names import indicator_key
from xlperf.prose.project_names import may_be_one

_NAME, _LEVEL = "level3", "level1"


class Pair(NamedTuple):
    """An indicator in both forms; `is_renamed`: its two names only resemble one another."""

    own: Row
    before: Row
    is_renamed: bool = False


class Paired(NamedTuple):
    """All of them, and what stands in one of the forms only."""

    pairs: tuple[Pair, ...]
    added: tuple[Row, ...]
    dropped: tuple[Row, ...]


def paired(rows: Sequence[Row], record: Record, earlier: Record) -> Paired:
    """The `rows` of a form with those of the `earlier` one; several of one name by their targets, then in order.

    An indicator that says of itself that there is none (不适用) is none.
    """
    own = _by_key(named(rows, record), record.year)
    before = _by_key(named(rows_of(earlier), earlier), record.year)
    pairs: list[Pair] = []
    for key in own.keys() & before.keys():
        pairs += _matched(own[key], before[key])
    renamed = [
        Pair(new, old, True)
        for new, old in _resembling(list(_all(own)), list(_all(before)), record.year)
        if _level(new) == _level(old)
    ]
    pairs += renamed
    added, dropped = (
        tuple(row for row in _all(left) if not any(row is pair[side] for pair in renamed))
        for side, left in enumerate((own, before))
    )
    order = {id(row): place for place, row in enumerate(rows)}
    return Paired(tuple(sorted(pairs, key=lambda pair: order[id(pair.own)])), added, dropped)


def rows_of(record: Record) -> Iterator[Row]:
    """The indicators of a form that is given, by column."""
    table = record.template.table(INDICATORS)
    columns = () if table is None else table.columns
    for row in record.rows_of(INDICATORS):
        yield {column: record.stated[f"{row}{column}"] for column in columns}


def cell(row: Row, column: str) -> Stated:
    """A cell of a row that a form of its kind may have."""
    return row.get(column) or lacking(column)


def level_of(row: Row) -> str:
    """The first level as it is written, without the points that it may tell: 产出指标（50分） is 产出指标."""
    return "".join(cell(row, _LEVEL).text.split()).partition("（")[0].partition("(")[0]


def _level(row: Row) -> str:
    return level_of(row).removesuffix("指标")


def named(rows: Iterable[Row], record: Record) -> Iterator[Row]:
    """Those that are indicators: with a name, and not said to be none."""
    none = record.template.not_applicable | record.template.placeholders
    for row in rows:
        name, target = cell(row, _NAME).text, cell(row, "target").text
        if name and not is_mark(name, none) and not (target and is_mark(target, none)):
            yield row


def _by_key(rows: Iterable[Row], year: int | None) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(indicator_key(row[_NAME].text, year), []).append(row)
    return found


def _matched(own: list[Row], before: list[Row]) -> Iterator[Pair]:
    """Pairs of one name, taken out of both lists: those with one target first."""
    for is_pair in (_has_same_target, lambda new, old: _level(new) == _level(old), lambda new, old: True):
        for new in tuple(own):
            old = next((old for old in before if is_pair(new, old)), None)
            if old is not None:
                own[:] = _without(own, new)
                before[:] = _without(before, old)
                yield Pair(new, old)


def _has_same_target(new: Row, old: Row) -> bool:
    return change_of(cell(old, "target").text, cell(new, "target").text) is None


def _without(rows: Iterable[Row], gone: Row) -> list[Row]:
    return [row for row in rows if row is not gone]


def _all(rows: Mapping[str, Collection[Row]]) -> Iterator[Row]:
    return (row for each in rows.values() for row in each)


def _resembling(added: Sequence[Row], dropped: Sequence[Row], year: int | None) -> Iterator[tuple[Row, Row]]:
    """Rows whose names may be one, and each resembles no other."""
    near = [(new, old) for new in added for old in dropped if may_be_one(*(_key(row, year) for row in (new, old)))]
    for new, old in near:
        if sum(new is other for other, _ in near) == sum(old is other for _, other in near) == 1:
            yield new, old


def _key(row: Row, year: int | None) -> str:
    return indicator_key(row[_NAME].text, year)
