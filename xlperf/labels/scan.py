"""A table while it is being read: its cells by row, what was understood of them, and the headers found."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from xlperf.form.template import Template
from xlperf.labels.blocks import Cell, Table
from xlperf.labels.reading import Entry, Passage
from xlperf.labels.spelling import Label, lone_year, plain
from xlperf.labels.stated import Value, stated_value
from xlperf.labels.words import Block, Known

_YEAR = re.compile(r"(?:19|20)[0-9]{2}")


class Head(NamedTuple):
    """A cell of a header; `column` is empty where it names none that is known."""

    column: str
    cell: Cell
    unit: str = ""

    def is_above(self, cell: Cell) -> bool:
        return self.cell.col < cell.col + cell.cols and cell.col < self.cell.col + self.cell.cols


class Header(NamedTuple):
    """A row that names the columns of a table of the form."""

    block: Block
    heads: tuple[Head, ...]
    year: int | None
    unit: str  # of all its figures: 年度预算申请（元）

    @property
    def known(self) -> Mapping[str, Head]:
        return {head.column: head for head in self.heads if head.column}

    def over(self, cell: Cell) -> list[Head]:
        return [head for head in self.heads if head.is_above(cell)]


@dataclass(slots=True)
class Scan:
    """What has been made of a table so far."""

    table: Table
    known: Known
    template: Template
    source: str  # the document's name
    unit: str = ""  # of money, where neither cell nor heading says another
    years: Counter[int] = field(default_factory=Counter)  # how many headings name each as this year
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))  # rows of row tables so far
    entries: list[Entry] = field(default_factory=list)
    left: list[Passage] = field(default_factory=list)
    used: set[tuple[int, int]] = field(default_factory=set)
    blocks: set[str] = field(default_factory=set)  # tables of the form that were found in it
    headers: dict[int, Header] = field(default_factory=dict)  # by row, the header above it
    reasons: dict[int, str] = field(default_factory=dict)  # why a row was not understood
    lines: dict[int, list[Cell]] = field(default_factory=lambda: defaultdict(list))
    texts: dict[int, list[Cell]] = field(default_factory=lambda: defaultdict(list))  # the cells that hold something
    tall: dict[int, list[Cell]] = field(default_factory=lambda: defaultdict(list))  # merged cells from rows above
    levels: tuple[Head, ...] = ()  # the headings of the points by level, while their rows are being read
    tells_blanks: bool = False  # every blank cell is there, and none is merged: a flattened table

    def __post_init__(self) -> None:
        for cell in self.table.cells:
            self.lines[cell.row].append(cell)
            if plain(cell.text):
                self.texts[cell.row].append(cell)
            for row in range(cell.row + 1, cell.row + cell.rows):
                self.tall[row].append(cell)
        is_merged = any(cell.rows > 1 or cell.cols > 1 for cell in self.table.cells)
        self.tells_blanks = not is_merged and len(self.table.cells) > sum(map(len, self.texts.values()))

    @property
    def rows(self) -> list[int]:
        return sorted(self.lines)

    def filled(self, row: int) -> list[Cell]:
        """The cells of a row that hold something."""
        return self.texts.get(row, [])

    def placed(self, row: int, header: Header) -> list[tuple[Head, Cell]]:
        """The filled cells below known headings; where two stand below one, or one below two, none is meant."""
        pairs = [(head, cell) for cell in self.filled(row) for head in header.over(cell) if head.column]
        heads = Counter(head.cell.col for head, _ in pairs)
        cells = Counter(cell.col for _, cell in pairs)
        return [(head, cell) for head, cell in pairs if heads[head.cell.col] == 1 and cells[cell.col] == 1]

    def is_printed(self, cell: Cell) -> bool:
        """Is this but a label of the form's own?"""
        return self.label(cell).name in self.known.printed

    def is_placeholder(self, cell: Cell) -> bool:
        return plain(cell.text) in {plain(word) for word in self.template.placeholders}

    def reaching(self, row: int, head: Head) -> Cell | None:
        """The merged cell from above that stands below a heading in this row too."""
        return next((cell for cell in self.tall.get(row, ()) if head.is_above(cell) and cell != head.cell), None)

    def label(self, cell: Cell) -> Label:
        return self.known.label(cell.text)

    def place(self, cell: Cell) -> str:
        return f"{self.source} {self.table.place} {cell.place}".strip()

    def unused(self, row: int) -> list[Cell]:
        return [cell for cell in self.filled(row) if (cell.row, cell.col) not in self.used]

    def use(self, *cells: Cell) -> None:
        self.used.update((cell.row, cell.col) for cell in cells)

    def leave(self, cells: Iterable[Cell], reason: str) -> None:
        """List cells that have no place; once listed, they need no other mention."""
        told = [cell for cell in cells if plain(cell.text)]
        if told:
            text = "　".join(" ".join(cell.text.split()) for cell in told)
            self.left.append(Passage(self.place(told[0]), text, reason))
            self.use(*told)

    def take(self, key: str, cell: Cell, unit: str = "", text: str | None = None, note: str = "") -> None:
        """The value of a key; a blank cell says nothing. What cannot be one is listed."""
        shown = cell.text if text is None else text
        if not plain(shown):
            return
        spec = self.template.field(key)
        value = stated_value(shown, spec, unit or self.unit, self.template)
        if value is None:
            self.leave([cell], f"“{spec.label}”的格里不止一行，没有认出哪一行是它的数")
            return
        if key == "year":
            if not _YEAR.fullmatch(value.text):
                self.leave([cell], "没有认出这里写的是哪一年")
                return
            self.years[int(value.text)] += 1
        self.enter(key, cell, value, note)

    def enter(self, key: str, cell: Cell, value: Value, note: str = "") -> None:
        notes = "；".join(each for each in (value.note, note, cell.note) if each)
        self.entries.append(Entry(key, value.text, self.place(cell), value.sure and not (note or cell.note), notes))
        self.use(cell)


def header_in(scan: Scan, row: int) -> Header | None:
    """The header that a row is, of the table whose columns it names most of."""
    found = [header for block in scan.known.blocks.values() if (header := _header(scan, row, block))]
    if not found:
        return None
    most = max(len(header.known) for header in found)
    best = [header for header in found if len(header.known) == most or header.block.series]
    series = [header for header in best if header.block.series]
    if series and len(series) == len(best):
        return _by_rows(scan, row, series)
    return next(header for header in best if len(header.known) == most)


def _header(scan: Scan, row: int, block: Block) -> Header | None:
    cells = scan.filled(row)
    labels = [scan.label(cell) for cell in cells]
    columns = [block.columns.get(label.name, "") for label in labels]
    if sum(map(bool, columns)) < block.least:
        return None
    years = [label.year or _year_above(scan, cell) for label, cell in zip(labels, cells, strict=True)]
    latest = _latest(block, columns, years)
    dated = [_dated(block, column, year, latest) for column, year in zip(columns, years, strict=True)]
    told_twice = {column for column, count in Counter(dated).items() if count > 1}
    heads = tuple(
        Head("" if column in told_twice else column, cell, label.unit)
        for column, cell, label in zip(dated, cells, labels, strict=True)
    )
    units = {label.unit for column, label in zip(columns, labels, strict=True) if not column and label.unit}
    header = Header(block, heads, latest, units.pop() if len(units) == 1 else "")
    is_whole = len(header.known) >= block.least and block.must <= header.known.keys()
    return header if is_whole else None


def _year_above(scan: Scan, cell: Cell) -> int | None:
    """2023年 above 预算数 and 决算数."""
    for above in scan.lines.get(cell.row - 1, ()):
        if Head("", above).is_above(cell) and (year := lone_year(above.text)):
            return year
    return None


def _latest(block: Block, columns: Sequence[str], years: Sequence[int | None]) -> int | None:
    """This year, as the headings have it: the latest they name, 上年 counted as the one before."""
    told = [
        year + (column in block.prior.values())
        for column, year in zip(columns, years, strict=True)
        if column and year is not None
    ]
    return max(told, default=None)


def _dated(block: Block, column: str, year: int | None, latest: int | None) -> str:
    """The column that a heading with a year means; none if the form has no such year."""
    if not column or year is None or latest is None or year + (column in block.prior.values()) == latest:
        return column
    return block.prior.get(column, "") if year == latest - 1 else ""


def _by_rows(scan: Scan, row: int, headers: Sequence[Header]) -> Header | None:
    """Of tables with like columns, the one whose rows follow; none if that is not certain."""
    counts = [len(_known_rows(scan, row, header)) for header in headers]
    most = max(counts)
    if most < 2 or counts.count(most) > 1:
        return None
    return headers[counts.index(most)]


def _known_rows(scan: Scan, row: int, header: Header) -> set[str]:
    found = set()
    for below in scan.rows:
        if below <= row:
            continue
        cells = scan.filled(below)
        names = [scan.label(cell).name for cell in cells if not header.known or not _is_value(header, cell)]
        if sum(scan.label(cell).name in header.block.columns for cell in cells) >= header.block.least:
            break
        found |= {header.block.rows[name] for name in names if name in header.block.rows}
    return found


def _is_value(header: Header, cell: Cell) -> bool:
    return any(head.column for head in header.over(cell))
