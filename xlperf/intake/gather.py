"""Several files of one unit -> one set of values, each with its source; what disagrees is kept once and listed."""

from __future__ import annotations

import re
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from xlperf.amounts import parse_number
from xlperf.form.template import Template, row_key, split_row_key
from xlperf.intake.accounted import Figures, accounted
from xlperf.intake.figures import read_figures
from xlperf.intake.outline import read_outline, report_sections, text_lines
from xlperf.intake.staffing import read_staff
from xlperf.labels.blocks import Document
from xlperf.labels.copies import Joined, joined, row_names
from xlperf.labels.reading import Entry, Passage, Reading
from xlperf.labels.spelling import plain
from xlperf.labels.tables import read_parts

_HEAD = ("year", "unit_name")
_DASHES = re.compile("[-‐-―－~～]+")
_DAY = re.compile(r"(\d{4})[-年./](\d{1,2})[-月./](\d{1,2})日?")
_OTHER_FILE = "这一行来自另一份文件或另一张表，接在前一份的后面"


class Intake(NamedTuple):
    """What an import found.

    `values` is the JSON of `new --values`; `entries` says of each key where it comes from; `left` was not understood;
    `conflicts` states a key that was taken from elsewhere otherwise; `kept` stays in the text. `figures`: how many of
    the text were read and how many are listed.
    """

    values: dict[str, Any]
    entries: tuple[Entry, ...]
    left: tuple[Passage, ...] = ()
    conflicts: tuple[Passage, ...] = ()
    kept: tuple[Passage, ...] = ()
    remarks: tuple[str, ...] = ()
    figures: Figures = Figures()


def gather(documents: Sequence[Document], template: Template) -> Intake:
    """Read the documents of one unit: tables first, then the outline of the report, then the figures in its text."""
    outlines = [read_outline(document, template) for document in documents]
    found_tables = joined([(each, read_parts(each, template)) for each in documents], template, outlines)
    tables = [each.reading for each in found_tables]
    outlines = [_without(*each) for each in zip(documents, outlines, found_tables, strict=True)]
    stated = _renumbered([*tables, *outlines], template)
    year = _year(_all([*outlines, *tables]))
    names = [entry.value for entry in stated if entry.key in template.cells_of("names")]
    number = int(year[0].value) if year else None
    sections = [report_sections(document, template) for document in documents]
    texts = [read_figures(parts, template, number, names) for parts in sections]
    staff = [read_staff(parts, template, number, names) for parts in sections]
    found = [
        *year,
        *(entry for entry in stated if entry.key != "year"),
        *(entry for each in staff for entry in each),
        *_all(texts),
    ]
    entries, conflicts = _agreed(found, template)
    readings = [*tables, *outlines, *texts]
    counts, stays = [], []
    for document, parts, outline, text, people in zip(documents, sections, outlines, texts, staff, strict=True):
        listed = "\n".join(passage.text for passage in (*outline.left, *text.left))
        count, passages = accounted(text_lines(document, template), parts, text, people, listed)
        counts.append(count)
        stays += passages
    return Intake(
        values=as_values(entries, template),
        entries=tuple(entries),
        left=(*(passage for reading in readings for passage in reading.left), *_unshown(documents)),
        conflicts=tuple(conflicts),
        kept=(*(passage for reading in readings for passage in reading.kept), *stays),
        figures=Figures(*map(sum, zip(*counts, strict=True))),
        remarks=tuple(
            f"{document.name}：{remark}"
            for document, found_in in zip(documents, found_tables, strict=True)
            for remark in (*document.remarks, *found_in.remarks)
        ),
    )


def _without(document: Document, outline: Reading, tables: Joined) -> Reading:
    """An outline without the lines that head tables which are left out."""
    places = {f"{document.name} {place}" for place in tables.heads}
    return outline._replace(entries=tuple(entry for entry in outline.entries if entry.place not in places))


def _unshown(documents: Iterable[Document]) -> Iterator[Passage]:
    return (each._replace(place=f"{document.name} {each.place}") for document in documents for each in document.left)


def _all(readings: Iterable[Reading]) -> Iterator[Entry]:
    return (entry for reading in readings for entry in reading.entries)


def _renumbered(readings: Iterable[Reading], template: Template) -> list[Entry]:
    """All entries, the rows of every reading numbered on; a row that an earlier one has too keeps that number."""
    found: list[Entry] = []
    known: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for reading in readings:
        numbers: dict[tuple[str, int], int] = {}
        had = {table: len(rows) for table, rows in known.items()}
        earlier: dict[tuple[str, tuple[str, ...]], deque[int]] = defaultdict(deque)
        for table, rows in known.items():
            for number, name in enumerate(rows):
                earlier[table, name].append(number)
        for (table, index), name in row_names(reading, template).items():
            if name[-1] and earlier[table, name]:
                numbers[table, index] = earlier[
                    table, name
                ].popleft()  # of rows with one name, the second is the second
            else:
                numbers[table, index] = len(known[table])
                known[table].append(name)
        for entry in reading.entries:
            row = split_row_key(entry.key)
            if row is None:
                found.append(entry)
                continue
            table, index, column = row
            is_added = had.get(table) and numbers[table, index] >= had[table]
            if is_added and column == template.tables[table].row_label:
                entry = entry._replace(sure=False, note="；".join(filter(None, (entry.note, _OTHER_FILE))))
            found.append(entry._replace(key=row_key(table, numbers[table, index], column)))
    return found


def _year(entries: Iterable[Entry]) -> list[Entry]:
    """The year that most titles and headings name; not sure if they do not agree."""
    years = [entry for entry in entries if entry.key == "year"]
    counts = Counter(entry.value for entry in years)
    if not counts:
        return []
    most = max(counts, key=lambda value: counts[value])
    chosen = next(entry for entry in years if entry.value == most)
    others = {entry.value: entry.place for entry in years if entry.value != most}
    if not others:
        return [chosen]
    note = "、".join(f"{place} 写的是 {value} 年" for value, place in others.items())
    return [chosen._replace(sure=False, note=f"各处年份不同：{note}")]


def _agreed(entries: Iterable[Entry], template: Template) -> tuple[list[Entry], list[Passage]]:
    """One entry a key, in the form's order; what is stated otherwise elsewhere is listed."""
    kept: dict[str, Entry] = {}
    conflicts = []
    for entry in entries:
        first = kept.setdefault(entry.key, entry)
        if _same(first.value, entry.value):
            continue
        label = template.field(entry.key).label
        reason = f"与 {first.place} 的“{first.value}”不一致，工作簿里填的是后者"
        conflicts.append(Passage(entry.place, f"{label}：{entry.value}", reason))
        note = f"{entry.place} 写的是“{entry.value}”"
        kept[entry.key] = first._replace(sure=False, note="；".join(filter(None, (first.note, note))))
    order = {key: number for number, key in enumerate(template.fields)}
    rows = list(template.tables)

    def place(key: str) -> tuple[int, int, int]:
        row = split_row_key(key)
        if row is None:
            return -1, order[key], 0
        return rows.index(row[0]), row[1], list(template.tables[row[0]].columns).index(row[2])

    return sorted(kept.values(), key=lambda entry: place(entry.key)), conflicts


def _same(one: str, other: str) -> bool:
    numbers = parse_number(one), parse_number(other)
    if numbers[0] is not None and numbers[1] is not None:
        return numbers[0].value == numbers[1].value
    return _spelled_alike(one) == _spelled_alike(other)


def _spelled_alike(text: str) -> str:
    """A day as 2024-3-5, however it is written; one dash for all."""
    words = _DASHES.sub("-", plain(text))
    day = _DAY.fullmatch(words)
    return "-".join(part.lstrip("0") for part in day.groups()) if day else words


def as_values(entries: Iterable[Entry], template: Template) -> dict[str, Any]:
    """The JSON of `new --values`."""
    stated = {entry.key: entry.stated for entry in entries}
    values: dict[str, Any] = {"template": template.id}
    if "year" in stated:
        values["year"] = int(stated["year"])
    if "unit_name" in stated:
        values["unit_name"] = stated["unit_name"]
    values["fields"] = {key: value for key, value in stated.items() if key not in _HEAD and split_row_key(key) is None}
    for table in template.tables:
        rows: dict[int, dict[str, str]] = defaultdict(dict)
        for key, value in stated.items():
            row = split_row_key(key)
            if row is not None and row[0] == table:
                rows[row[1]][row[2]] = value
        values[table] = [rows[index] for index in sorted(rows)]
    return values
