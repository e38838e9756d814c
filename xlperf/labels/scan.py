"""A table while it is being read: its cells by row, what was understood of them, and the headers found."""

from __future__ import annotations

import re
import sys
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from xlperf.form.template import Template
from xlperf.labels.apart import column_ends, stretches
from xlperf.labels.blocks import Cell, Table
from xlperf.labels.columns import Named, columns_of, dated_column, is_header, latest_year
from xlperf.labels.grammar import blocks_of, is_figure, meaning, read_heading, when
from xlperf.labels.reading import Entry, Passage
from xlperf.labels.spelling import Label, lone_year, plain
from xlperf.labels.stated import Value, one_line, stated_value
from xlperf.labels.words import Block, Known

_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_NUMBER_OF_A_FORM = re.compile(
    r"(?:附件|附表|公开|续|表)[\d一二三四五六七八九十]{0,4}(?:上?表)?"
)  # 附件3, 公开14表, 续表


class Head(NamedTuple):
    """A cell of a header; `column` is empty where it names none of the form's.

    `aside`: what it names nevertheless, such as the sign beside a target's value, or a column that no form has.
    """

    column: str
    cell: Cell
    unit: str = ""
    aside: str = ""

    def is_above(self, cell: Cell) -> bool:
        return self.cell.col < cell.col + cell.cols and cell.col < self.cell.col + self.cell.cols


class Header(NamedTuple):
    """The row, or the two, that name the columns of a table of the form."""

    block: Block
    heads: tuple[Head, ...]
    year: int | None
    unit: str  # of all its figures: 年度预算申请（元）
    first: int
    last: int
    uppers: tuple[Cell, ...] = ()  # the headings above those of the second row

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
    starts: dict[int, Header] | None = None  # see `headers_in`
    pairs: dict[tuple[int, int], str] | None = None  # see `money.money_beside`
    above: dict[int, str] = field(default_factory=dict)  # by column, the cell that the label above names
    levels: tuple[Head, ...] = ()  # the headings of the points by level, while their rows are being read
    keeps_blanks: bool = False  # blank cells of the form are entered too, see `Entry`
    ends: Mapping[int, int] = field(default_factory=dict)  # by column, the last row in which it holds something
    tells_blanks: bool = False  # every blank cell is there, and none is merged: a flattened table

    def __post_init__(self) -> None:
        for cell in self.table.cells:
            self.lines[cell.row].append(cell)
            if plain(cell.text):
                self.texts[cell.row].append(cell)
            for row in range(cell.row + 1, cell.row + cell.rows):
                self.tall[row].append(cell)
        self.ends = column_ends(self.table.cells)
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
        name = self.label(cell).name
        return name in self.known.printed or _NUMBER_OF_A_FORM.fullmatch(name) is not None

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

    def blanks(self, row: int, head: Head, key: str) -> None:
        """The blank cell of a key, in its row below its heading; or the merged one of the rows above."""
        if not self.keeps_blanks:
            return
        own = next((cell for cell in self.lines[row] if head.is_above(cell)), None)
        tall = self.reaching(row, head) if own is None else None
        cell = own or tall
        if cell is not None and (tall is not None or not plain(cell.text)):
            shared = tall is not None or cell.rows > 1
            heading = one_line(head.cell.text)
            self.entries.append(Entry(key, "", self.place(cell), heading=heading, shared=shared))

    def take(
        self,
        key: str,
        cell: Cell,
        unit: str = "",
        text: str | None = None,
        note: str = "",
        head: Head | None = None,
        beside: str = "",
    ) -> None:
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
        self.enter(key, cell, value, note, head, beside)

    def enter(
        self, key: str, cell: Cell, value: Value, note: str = "", head: Head | None = None, beside: str = ""
    ) -> None:
        notes = "；".join(each for each in (value.note, note, cell.note) if each)
        heading = one_line(head.cell.text) if head is not None else ""
        is_sure = value.sure and not (note or cell.note)
        shared = head is not None and cell.rows > 1
        entry = Entry(key, value.text, self.place(cell), is_sure, notes, heading, shared, beside)
        self.entries.append(entry)
        self.use(cell)


def headers_in(scan: Scan) -> Mapping[int, Header]:
    """The headers of a table by their first rows; the second row of one begins no other."""
    if scan.starts is None:
        scan.starts, above = {}, None
        for row in scan.rows:
            if above is not None and (row <= above.last or _has_points(scan, row, above)):
                continue
            header = _header_in(scan, row)
            if header is not None:
                scan.starts[row] = above = header
    return scan.starts


def _has_points(scan: Scan, row: int, above: Header) -> bool:
    """Is it a row of an indicator, whatever its texts are (预算执行率 | 支出数/预算数)?"""
    placed = scan.placed(row, above) if above.block.is_of_indicators else ()
    return any(head.column in ("weight", "score") and is_figure(cell.text) for head, cell in placed)


def rows_below(scan: Scan, header: Header) -> Iterator[int]:
    """The rows from a header to the next."""
    end = min((first for first in headers_in(scan) if first > header.last), default=None)
    return (row for row in scan.rows if row > header.last and (end is None or row < end))


def _header_in(scan: Scan, row: int) -> Header | None:
    """The header that begins in a row, of the table whose columns it names most of."""
    found = [header for block in scan.known.blocks.values() if (header := _header(scan, row, block))]
    if not found:
        return None
    most = max(len(header.known) for header in found)
    best = [header for header in found if len(header.known) == most or header.block.series]
    series = [header for header in best if header.block.series]
    others = [header for header in best if not header.block.series and len(header.known) == most]
    by_rows = _by_rows(scan, row, series) if series else None
    return by_rows or next((header for header in others if header.block.side), others[0] if others else None)


def _stands_beside(scan: Scan, row: int, words: Collection[str]) -> bool:
    """Does one of the words stand left of the header, or alone in the row above it?"""
    above = [each for each in scan.rows if each < row]
    alone = scan.filled(above[-1]) if above else []
    beside = (*scan.filled(row)[:1], *scan.tall.get(row, ()), *(alone if len(alone) == 1 else ()))
    return any(scan.label(cell).name in words for cell in beside)


def _header(scan: Scan, row: int, block: Block) -> Header | None:
    """The header of the row's headings, or of one stretch of them where a table that stands beside spoils it."""
    if len(scan.filled(row)) < 2 or (block.side and not _stands_beside(scan, row, block.side)):
        return None
    whole = _header_within(scan, row, block, range(sys.maxsize))
    apart = stretches(scan.filled(row), scan.ends)
    parts = [_header_within(scan, row, block, each) for each in apart] if len(apart) > 1 else []
    best = max((each for each in (whole, *parts) if each), key=lambda each: len(each.known), default=None)
    if best is None or best is whole:
        return best
    beside = (Head("", cell) for cell in scan.filled(row) if cell not in {head.cell for head in best.heads})
    return best._replace(heads=(*best.heads, *beside))


def _header_within(scan: Scan, row: int, block: Block, columns: range) -> Header | None:
    if not block.words:
        return _one_row(scan, row, block, columns)
    cells, under = ([cell for cell in headings(scan, each) if cell.col in columns] for each in (row, row + 1))
    one = _by_words(scan, block, row, [(cell, None) for cell in cells])
    if not (_is_of_headings(cells) and _is_of_headings(under)):
        return one
    pairs, uppers = _pairs(cells, under)
    two = _by_words(scan, block, row + 1, pairs, uppers) if uppers else None
    below = _by_words(scan, block, row + 1, [(cell, None) for cell in under])
    counts = [sum(bool(head.column or head.aside) for head in each.heads) if each else 0 for each in (one, two, below)]
    return two if counts[1] > max(counts[0], counts[2]) else one


def figures_beside(cells: Iterable[Cell]) -> dict[Cell, Cell]:
    """The cells of a row that have a figure right beside them and are none, each with its figure."""
    return {
        cell: right
        for cell, right in pairwise(cells)
        if right.col == cell.col + cell.cols and is_figure(right.text) and not is_figure(cell.text)
    }


def headings(scan: Scan, row: int) -> list[Cell]:
    """The cells of a row without those that are a label and its figure, side by side: 自评得分 | 98."""
    cells = scan.filled(row)
    paired: set[Cell] = set()
    beside = figures_beside(cells)
    of_money = [cell for cell in cells if meaning(cell.text, "money") and (cell in beside or cell != cells[0])]
    is_all_pairs = len(of_money) > 1 and all(cell in beside for cell in of_money)
    for cell, right in beside.items():
        if meaning(cell.text, "field") or (is_all_pairs and cell in of_money):
            paired |= {cell, right}
    return [cell for cell in cells if cell not in paired]


def _is_of_headings(cells: Sequence[Cell]) -> bool:
    said = sum(bool(when(cell.text)) or bool(blocks_of(cell.text)) for cell in cells)
    return said * 2 > len(cells) and not any(is_figure(cell.text) for cell in cells)


def _pairs(cells: Sequence[Cell], below: Sequence[Cell]) -> tuple[list[tuple[Cell, Cell | None]], tuple[Cell, ...]]:
    """The headings of two rows: those below with the one above, those that reach down or stand alone by themselves."""
    pairs: list[tuple[Cell, Cell | None]] = []
    uppers: list[Cell] = []
    for cell in cells:
        under = [each for each in below if Head("", cell).is_above(each) and cell.row + cell.rows <= each.row]
        pairs += [(each, cell) for each in under] or [(cell, None)]
        uppers += [cell] * bool(under)
    taken = {cell for cell, _ in pairs}
    pairs += [(cell, None) for cell in below if cell not in taken]
    return sorted(pairs, key=lambda pair: pair[0].col), tuple(uppers)


def _by_words(
    scan: Scan, block: Block, last: int, pairs: Sequence[tuple[Cell, Cell | None]], uppers: tuple[Cell, ...] = ()
) -> Header | None:
    labels = [scan.label(cell) for cell, _ in pairs]
    year = max((label.year for label in labels if label.year is not None), default=None)
    named = [_of_levels(scan, each, last) for each in columns_of(block, scan.known, pairs, year)]
    if not is_header(block, (each.column for each in named)):
        return None
    own = set(block.columns.values())
    heads = tuple(
        Head(each.column if each.column in own else "", each.cell, read_heading(each.text).unit, each.column)
        for each in named
    )
    first = last - 1 if uppers else last
    beside = (*uppers, *scan.tall.get(last, ()))
    return Header(block, heads, year, _unit_beside(heads, beside), first, last, uppers)


def _of_levels(scan: Scan, named: Named, last: int) -> Named:
    """权重 above 项目决策（20分）, left of the names, is the column of the levels."""
    if named.column != "level_weight":
        return named
    below = next((cell for cell in scan.filled(last + 1) if Head("", named.cell).is_above(cell)), None)
    return named._replace(column="level1") if below is not None and not is_figure(below.text) else named


def _unit_beside(heads: Iterable[Head], beside: Iterable[Cell] = ()) -> str:
    """The unit that headings name which are no columns, or what stands above or left of them: 项目资金（元）."""
    told = (*(head.unit for head in heads if not head.column), *(read_heading(cell.text).unit for cell in beside))
    units = {unit for unit in told if unit.endswith("元")}
    return units.pop() if len(units) == 1 else ""


def _one_row(scan: Scan, row: int, block: Block, within: range) -> Header | None:
    cells = [cell for cell in scan.filled(row) if cell.col in within]
    labels = [scan.label(cell) for cell in cells]
    columns = [block.columns.get(label.name, "") for label in labels]
    if sum(map(bool, columns)) < block.least:
        return None
    years = [label.year or _year_above(scan, cell) for label, cell in zip(labels, cells, strict=True)]
    latest = latest_year(block, columns, years)
    dated = [dated_column(block, column, year, latest) for column, year in zip(columns, years, strict=True)]
    told_twice = {column for column, count in Counter(dated).items() if count > 1}
    heads = tuple(
        Head("" if column in told_twice else column, cell, label.unit)
        for column, cell, label in zip(dated, cells, labels, strict=True)
    )
    header = Header(block, heads, latest, _unit_beside(heads), row, row)
    is_whole = len(header.known) >= block.least and block.must <= header.known.keys()
    return header if is_whole else None


def _year_above(scan: Scan, cell: Cell) -> int | None:
    """2023年 above 预算数 and 决算数."""
    for above in scan.lines.get(cell.row - 1, ()):
        if Head("", above).is_above(cell) and (year := lone_year(above.text)):
            return year
    return None


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
