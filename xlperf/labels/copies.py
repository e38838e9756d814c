"""Which tables of the documents are joined: none of another year or another unit, and none twice within one file."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from xlperf.form.record import shortened
from xlperf.form.template import Template, row_key, split_row_key
from xlperf.labels.blocks import Document
from xlperf.labels.parts import Part
from xlperf.labels.reading import Entry, Passage, Reading
from xlperf.labels.spelling import fold, plain
from xlperf.labels.words import Known, known_labels

_LONGEST = 120
_COMPARED = 10  # earlier tables that have most in common
_ONLY_COPY = "只有{}写了这一格"
_OTHER_YEAR = "写的是 {} 年，其他表是 {} 年，没有读入；如果只是年份没有改，请改正后再导入"
_OTHER_UNIT = "写的单位是“{}”，其他表是“{}”，没有读入；如果是同一个单位，请把名称改一致后再导入"
_OTHER_ROWS = "与 {} 是同一种表，各行却不同，没有读入；要用这一张的，请只留下它再导入"
_ADDED_ROW = "{} 多出的一行，没有读入；要用的请自己填"
_SEAL = re.compile(r"\([^()]*\)|盖章|公章|签章")
_SAME_UNIT = ("本级", "机关", "本部", "人民政府", "政府", "委员会", "办公室")
_NO_NAME = re.compile(r"[×xX*_]{2}")

Names = dict[tuple[str, int], tuple[str, ...]]


class Joined(NamedTuple):
    """The tables of one document as one, the rows of its row tables numbered through."""

    reading: Reading
    remarks: tuple[str, ...] = ()
    heads: frozenset[str] = frozenset()  # places of the lines that head what was left out
    copies: tuple[tuple[str, str], ...] = ()  # places of two that are one table; the first was taken


def joined(
    documents: Sequence[tuple[Document, Sequence[Part]]], template: Template, outlines: Iterable[Reading] = ()
) -> list[Joined]:
    """What each document's tables say. `outlines` decide where as many tables are of one year or unit as of another."""
    known = known_labels(template)
    entries = [entry for outline in outlines for entry in outline.entries]
    dated = [[_dated(part, parts, known) for part in parts] for _, parts in documents]
    year = _main_year([part for parts in dated for part in parts], entries)
    told = [entry.value for entry in entries if entry.key == known.report_name]
    unit = _main_unit([part for parts in dated for part in parts], told)
    found = []
    for (document, _), parts in zip(documents, dated, strict=True):
        kept, left, heads = [], [], set[str]()
        for part in parts:
            if reason := _foreign(part, year, unit):
                left.append(_left_out(document, part, reason))
                heads |= set(part.heads)
            else:
                kept.append(part)
        join = _Join(document.name, template, known)
        for part in kept:
            join.add(part)
        heads -= {place for part in kept for place in part.heads}
        reading = Reading(tuple(join.entries), (*join.left, *left))
        found.append(Joined(reading, join.remarks(), frozenset(heads), tuple(join.pairs)))
    return found


def _left_out(document: Document, part: Part, reason: str) -> Passage:
    return Passage(f"{document.name} {part.place}", shortened(part.text, _LONGEST), reason)


# Whose figures, and of which year


def _dated(part: Part, parts: Sequence[Part], known: Known) -> Part:
    """A sheet's name says of which year it is where another sheet has the same table and nothing else says it."""
    if part.years or part.named_year is None:
        return part
    keys = _own_keys(part.reading, known)
    others = [other for other in parts if other is not part and keys & _own_keys(other.reading, known)]
    return part._replace(years=Counter((part.named_year,))) if others else part


def _main_year(parts: Sequence[Part], entries: Sequence[Entry]) -> int | None:
    """The year of most tables; of two as frequent the one that the report's title names, then the later."""
    counts = Counter(part.year for part in parts if part.year is not None and part.reading.entries)
    told = Counter(int(entry.value) for entry in entries if entry.key == "year")
    return max(counts, key=lambda year: (counts[year], told[year], year), default=None)


def _main_unit(parts: Sequence[Part], of_reports: Sequence[str]) -> str:
    """The unit that most tables name; of two as frequent the one that a report names, then the first."""
    names = [name for part in parts if part.reading.entries for name in dict.fromkeys(map(_name, part.units)) if name]
    told = [_name(each) for each in of_reports]

    def votes(name: str) -> tuple[int, int]:
        return sum(same_unit(name, other) for other in names), sum(same_unit(name, other) for other in told)

    return max(names, key=votes, default="")


def _foreign(part: Part, year: int | None, unit: str) -> str:
    """Why a table is not of this year and unit; empty if it is, or does not say."""
    if year is not None and part.year is not None and part.year != year:
        return _OTHER_YEAR.format(part.year, year)
    names = [name for name in map(_name, part.units) if name]
    if names and not any(same_unit(name, unit) for name in names):
        return _OTHER_UNIT.format(part.units[-1], unit)
    return ""


def _name(text: str) -> str:
    """A unit's name without what is added to it; empty if it only holds the place of one."""
    words = fold(_SEAL.sub("", plain(text)))
    return "" if _NO_NAME.search(plain(text)) else words


def same_unit(one: str, other: str) -> bool:
    """Is one name the other, shortened? 甲局 is 某县甲局, 区委网信办 is 区委网络安全和信息化委员会办公室.

    A name that goes on behind the whole of the other is that of a part of it: 某县甲局信息中心. Of signs that are no
    name nothing is left: they contradict no name.
    """
    short, long = sorted((one, other), key=len)
    rest = long.partition(short)[2] if short else ""
    if rest and rest not in _SAME_UNIT:
        return False
    signs = iter(long)
    return all(sign in signs for sign in short)


# The same table twice


class _Join:
    """The tables of one document while they are joined."""

    def __init__(self, source: str, template: Template, known: Known) -> None:
        self.source, self.template, self.known = source, template, known
        self.entries: list[Entry] = []
        self.left: list[Passage] = []
        self.counts: dict[str, int] = defaultdict(int)
        self.parts: list[tuple[Part, Names, dict[tuple[str, int], int]]] = []
        self.having: dict[str, list[int]] = defaultdict(list)  # a key or a row's name -> the tables that have it
        self.pairs: dict[tuple[str, str], int] = {}  # two places of one table -> cells that differ

    def remarks(self) -> tuple[str, ...]:
        return tuple(
            f"{first} 和 {second} 是同一张表，采用前者；"
            + (f"有 {count} 格不同，已标“请核对”。" if count else "两处填的都一样。")
            for (first, second), count in self.pairs.items()
        )

    def add(self, part: Part) -> None:
        names = row_names(part.reading, self.template)
        keys = _own_keys(part.reading, self.known)
        marks = sorted(keys | {name[-1] for name in names.values() if name[-1]})
        alike = Counter(number for mark in marks for number in self.having[mark])
        for number, _ in alike.most_common(_COMPARED):
            earlier, had, numbers = self.parts[number]
            others = _own_keys(earlier.reading, self.known)
            rows_alike = _rows_alike(names, had)
            if rows_alike or (rows_alike is None and _cells_alike(keys, others)):
                self._copy(part, names, earlier, had, numbers)
                return
            if rows_alike is False and keys & others & set(self.known.total_columns.values()):
                reason = _OTHER_ROWS.format(earlier.place)
                self.left.append(Passage(f"{self.source} {part.place}", shortened(part.text, _LONGEST), reason))
                return
        numbers = {}
        for table, index in names:
            numbers[table, index] = self.counts[table]
            self.counts[table] += 1
        for mark in marks:
            self.having[mark].append(len(self.parts))
        self.entries += (_moved(entry, numbers) for entry in part.reading.entries)
        self.left += part.reading.left
        self.parts.append((part, names, numbers))

    def _copy(
        self, part: Part, names: Names, earlier: Part, had: Names, numbers: Mapping[tuple[str, int], int]
    ) -> None:
        """The cells of a copy: those that the first has too are compared, those of rows it has not are listed."""
        same = {row: numbers[other] for row, other in _matched(names, had).items()}
        first = {entry.key: entry for entry in self.entries}
        added: dict[tuple[str, int], list[Entry]] = defaultdict(list)
        differing = 0
        for entry in part.reading.entries:
            row = split_row_key(entry.key)
            if row is not None and row[:2] not in same:
                added[row[0], row[1]].append(entry)
                continue
            moved = _moved(entry, same)
            other = first.get(moved.key)
            if other is None:
                note = "；".join(filter(None, (moved.note, _ONLY_COPY.format(part.place))))
                moved = moved._replace(sure=False, note=note)
            differing += other is None or plain(other.value) != plain(moved.value)
            self.entries.append(moved)
        for entries in added.values():
            text = "　".join(entry.value for entry in entries)
            self.left.append(Passage(entries[0].place, text, _ADDED_ROW.format(part.place)))
        told = {(each.text, each.reason) for each in self.left}
        self.left += (each for each in part.reading.left if (each.text, each.reason) not in told)
        pair = earlier.place, part.place
        self.pairs[pair] = self.pairs.get(pair, 0) + differing + len(added)


def row_names(reading: Reading, template: Template) -> Names:
    """What the rows of a reading are called: their levels and their own name."""
    cells: dict[tuple[str, int], dict[str, str]] = defaultdict(dict)
    for entry in reading.entries:
        if row := split_row_key(entry.key):
            cells[row[0], row[1]][row[2]] = plain(entry.value)
    names = {}
    for (table, index), values in cells.items():
        spec = template.tables[table]
        names[table, index] = tuple(values.get(column, "") for column in (*spec.fill_down, spec.row_label))
    return names


def _matched(names: Names, had: Names) -> dict[tuple[str, int], tuple[str, int]]:
    """Rows of a table and of another that are called the same; of rows with one name, the second is the second."""
    found: dict[tuple[str, int], tuple[str, int]] = {}
    for levels in (True, False):  # first those whose levels are the same too
        free: dict[tuple[str, ...], list[tuple[str, int]]] = defaultdict(list)
        taken = set(found.values())
        for row, name in had.items():
            if row not in taken:
                free[row[0], *(name if levels else name[-1:])].append(row)
        for row, name in names.items():
            fitting = free.get((row[0], *(name if levels else name[-1:])))
            if fitting and name[-1] and row not in found:
                found[row] = fitting.pop(0)
    return found


def _rows_alike(names: Names, had: Names) -> bool | None:
    """Are at least half of the rows of one table those of the other? `None` where they have no rows of one kind."""
    tables = {table for table, _ in names} & {table for table, _ in had}
    for table in sorted(tables):
        mine, theirs = ({row: name for row, name in each.items() if row[0] == table} for each in (names, had))
        if 2 * len(_matched(mine, theirs)) >= min(len(mine), len(theirs)):
            return True
    return False if tables else None


def _cells_alike(keys: set[str], others: set[str]) -> bool:
    return bool(keys and others) and 2 * len(keys & others) >= min(len(keys), len(others))


def _own_keys(reading: Reading, known: Known) -> set[str]:
    """The cells of the form's tables that a table states, without those that several tables have, such as 单位名称."""
    common = {"year", *known.fields.values(), *known.in_body}
    return {entry.key for entry in reading.entries if split_row_key(entry.key) is None} - common


def _moved(entry: Entry, numbers: Mapping[tuple[str, int], int]) -> Entry:
    row = split_row_key(entry.key)
    return entry if row is None else entry._replace(key=row_key(row[0], numbers[row[0], row[1]], row[2]))
