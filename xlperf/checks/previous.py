"""4xx: last year's figures against last year's workbook, where that is given."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from xlperf.amounts import Figure, Gap, agrees, may_add_up
from xlperf.checks.relations import Side
from xlperf.checks.rule import Mismatch, Severity, check
from xlperf.derive.engine import parts_of, sum_keys
from xlperf.derive.seen import Seen
from xlperf.form.record import LastYear, Record, State, Stated, last_year
from xlperf.form.relations import Kind, Relation
from xlperf.form.template import row_key


class _Pair(NamedTuple):
    """A figure of last year as this workbook has it, and as last year's workbook has it."""

    here: Stated | LastYear
    there: Stated | None  # None: a special fund that last year's workbook does not list

    @property
    def at(self) -> Stated:
        """The cell to show: of an implied figure the change."""
        return self.here.cells[-1] if isinstance(self.here, LastYear) else self.here


@check(
    "XLP420",
    Severity.ERROR,
    "上年数与上年工作簿不一致",
    "last year's figure differs from last year's workbook",
    cites="form",
)
def last_years_figure_differs(previous: Record, seen: Seen) -> Iterator[Mismatch]:
    """上年决算数、上年数、年初结转、上年三公经费预算数，不是上年工作簿里报的数；给出 --previous 时核对。

    为何：上年的数已经随上年报表上报，本年的上年栏应当原样照抄，抄错会使增长率、变动率全错。
    改法：照上年报表改正本格；上年决算批复后有调整的，按批复数填写，并把上年工作簿换成调整后的再核对。
    反例：上年工作簿公务接待决算 4.99，本年表上年决算数填 9.49；上年末结转 12.00，本年年初结转填 0。
    正例：两处相同；只差尾数的作提示；上年工作簿没有填的不比较；由增减额推算的上年数、上年没有列的专项、合计与分项本来
    就不符的，列为核实；合计只是跟着分项错的，只指出分项。
    """
    record = seen.record
    if not _follow(previous, record):
        return
    pairs = dict(_pairs(previous, record))
    gaps = {key: gap for key, pair in pairs.items() if (gap := _gap(pair))}
    carried = record.template.next_year.cells.carried
    totals = {each.total: each for each in record.template.related(Kind.SUM) if not each.same}
    for key, gap in gaps.items():
        inherited = False
        if key in totals and _adds_up(totals[key], seen):
            if any(part in gaps for part in sum_keys(totals[key], record)):
                continue  # it only follows them
            inherited = not _adds_up(totals[carried[key]], Seen(previous))
        yield _mismatch(pairs[key], gap, inherited, previous)
    yield from _not_applicable(previous, record)


def _follow(previous: Record, record: Record) -> bool:
    now, before = record["year"].number, previous["year"].number
    return now is not None and before is not None and now == before + 1


def _pairs(previous: Record, record: Record) -> Iterator[tuple[str, _Pair]]:
    """By the key here: what both workbooks say of last year, where both say it in figures."""
    for key, source in record.template.next_year.cells.carried.items():
        stated = _here(key, record)
        if stated is not None and previous[source].is_number:
            yield key, _Pair(stated, previous[source])
    for table, each in record.template.next_year.tables.items():
        for column, source in each.carried.items():
            for index, row in _matched_rows(table, previous, record):
                key = row_key(table, index, column)
                there = None if row is None else previous[row_key(table, row, source)]
                if record[key].is_number and (there is None or there.is_number):
                    yield key, _Pair(record[key], there)


def _here(key: str, record: Record) -> Stated | LastYear | None:
    """Last year's figure as this workbook states it, or as a row's change implies it."""
    stem = key.removesuffix("_prior")
    if record[key].is_number:
        return record[key]
    if record[key].is_blank and stem != key:
        return last_year(None, record[f"{stem}_current"], record[f"{stem}_change"])
    return None


def _matched_rows(table: str, previous: Record, record: Record) -> Iterator[tuple[int, int | None]]:
    """Each row here with last year's row of the same name; a year in a name may have been moved on."""
    from xlperf.prose.year_words import moved_on  # only where last year's workbook is given, and start-up is felt

    names = {index: _plain(previous[_name_key(table, index, previous)].text) for index in previous.rows(table)}
    year = int(previous["year"].value)
    for index in record.rows(table):
        name = _plain(record[_name_key(table, index, record)].text)
        known = (row for row, old in names.items() if name in (old, moved_on(old, year, _counted(record)).text))
        row = next(known, None)
        if row is not None:
            del names[row]  # two rows of one name belong to two rows there
        if name:
            yield index, row


def _name_key(table: str, index: int, record: Record) -> str:
    return row_key(table, index, record.template.tables[table].row_label)


def _counted(record: Record) -> Sequence[str]:
    return record.template.next_year.counted


def _plain(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split())


def _gap(pair: _Pair) -> Gap | None:
    if pair.there is None:
        return Gap(pair.at.value, True) if pair.at.value else None
    return agrees(pair.here, pair.there)


def _adds_up(total: Relation, seen: Seen) -> bool:
    """Is the total nothing but the sum of its parts?"""
    found, unknown = parts_of(total, seen.record, seen.cells)
    parts: list[Figure] = [cell for cell in found if cell.is_number]
    return bool(parts) and not unknown and may_add_up(seen[total.total], parts)


def _mismatch(pair: _Pair, gap: Gap, inherited: bool, previous: Record) -> Mismatch:
    here, there = pair.here, pair.there
    if there is None:
        sentence = f"{pair.at.label}填 {pair.at.shown}，但上年工作簿“{previous.source}”没有列这一专项，请核对专项名称。"
        return Mismatch(pair.at, sentence, None, (), Severity.WARNING)
    reported = f"上年工作簿的{there.label}（{there.at or previous.source}）是 {there.shown}"
    apart = f"相差 {here.value - there.value}"
    if isinstance(here, LastYear):
        sentence = f"{Side((here,), is_sum=False).told()}，{reported}，{apart}。"
        severity = Severity.WARNING if gap.impossible else Severity.INFO
        return Mismatch(pair.at, sentence, None, (here.cells[0], there), severity)
    sentence = f"{here.label}填 {here.shown}，{reported}，{apart}"
    if not gap.impossible:
        return Mismatch(here, f"{sentence}，在尾差之内。", there.value, (there,), Severity.INFO)
    if inherited:
        sentence += "；本年的合计等于各分项，是上年工作簿的合计与其分项本来就不符。"
        return Mismatch(here, sentence, None, (there,), Severity.WARNING)
    sentence += "。上年的数已经上报，多半是本年这一格抄错。"
    return Mismatch(here, sentence, there.value, (there,))


def _not_applicable(previous: Record, record: Record) -> Iterator[Mismatch]:
    """—— here where an amount was reported."""
    for key, source in record.template.next_year.cells.carried.items():
        here, there = record[key], previous[source]
        if here.state is State.NOT_APPLICABLE and there.is_number and there.value:
            sentence = f"{here.label}填 {here.shown}，上年工作簿“{previous.source}”的{there.label}是 {there.shown}。"
            yield Mismatch(here, sentence, there.value, (there,), Severity.WARNING)


@check(
    "XLP421",
    Severity.ERROR,
    "给出的上年工作簿不是本单位上一年度的",
    "workbook given as last year's is of another year or unit",
    cites="form",
)
def previous_workbook_unfit(year: Stated, unit_name: Stated, previous: Record) -> Iterator[Mismatch]:
    """用 --previous 给出的工作簿，评价年度不是上一年，或者预算单位名称不同。

    为何：拿别的年度、别的单位的表来核对，得出的差异没有意义；年度不接的，上年数不予核对（XLP420）。
    改法：换成本单位上一年度的工作簿；本年评价年度没有更新的，先改评价年度；单位更名的在审核说明中写明。
    反例：本年 2024 年，给出的是 2022 年的工作簿；给出了另一个单位的工作簿。
    正例：本年 2024 年，给出 2023 年的工作簿，单位名称相同；单位名称有一处没有填的不比较。
    """
    before = previous["year"]
    if before.number is None:
        sentence = f"上年工作簿“{previous.source}”没有填评价年度，看不出是哪一年的，上年数没有核对。"
        yield Mismatch(year, sentence, None, (), Severity.WARNING)
    elif before.number != year.value - 1:
        sentence = (
            f"评价年度是 {year.shown}，给出的上年工作簿“{previous.source}”是 {before.shown} 年度的，"
            f"应为 {year.value - 1} 年度的，上年数没有核对。"
        )
        yield Mismatch(year, sentence, None, (before,))
    other = previous["unit_name"]
    if not other.is_blank and _plain(other.text) != _plain(unit_name.text):
        sentence = f"本工作簿的预算单位是“{unit_name.text}”，上年工作簿“{previous.source}”是“{other.text}”。"
        yield Mismatch(unit_name, sentence, None, (other,), Severity.WARNING)
