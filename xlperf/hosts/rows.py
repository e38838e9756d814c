"""Rows of an open form's row tables: where one is inserted, what it must have, and which ones hold nothing.

Only planned here, of what was read; `hosts.calc` and `hosts.excel` do it. A row is inserted between two rows of the
table, so that names, sums and merged labels grow by themselves; below the last one they are made to.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from xlperf.amounts import is_mark
from xlperf.errors import WorkbookError
from xlperf.form.template import INDICATORS, PROJECTS, Template
from xlperf.package import Area, Cell, Ref, quoted_title, references
from xlperf.package.address import column_letters
from xlperf.package.formulas import lengthened, move
from xlperf.workbook.binding import Binding, Book, Place, TablePlace
from xlperf.workbook.merged import visible_cells

_CALLED = {INDICATORS: "绩效指标", PROJECTS: "专项资金"}


class Insertion(NamedTuple):
    """A new row of a table, to be number `row` of its sheet; it looks like the one above it.

    `merged`: areas to merge once it is there, each with the earlier one that it replaces if there is one.
    `formulas`: those of the row. `grown`: the table with its header, where the row comes below its last one, so that
    names and formulas which end there have to be led on. `own`: the sheets of the form.
    """

    sheet: str
    row: int
    first: Ref  # the cell to type in
    merged: tuple[tuple[Area | None, Area], ...] = ()
    formulas: Mapping[Ref, str] = {}
    grown: Area | None = None
    own: tuple[str, ...] = ()

    def led_on(self, formula: str, home: str, ref: Ref) -> str:
        """A formula as it includes the row that came below the last one; a row's own formula stays.

        What a user's own sheet shows of a table's only row stays, too.
        """
        if self.grown is None or (home == self.sheet and ref.row in self.grown.rows):
            return formula
        return lengthened(formula, home, self.sheet, self.grown, cells=home in self.own)


class RowEdits(NamedTuple):
    """What is to become of rows: one new one, and by sheet those that go, from the bottom up."""

    inserted: Insertion | None = None
    deleted: Mapping[str, tuple[int, ...]] = {}

    @property
    def sheets(self) -> tuple[str, ...]:
        return (*([self.inserted.sheet] if self.inserted else ()), *self.deleted)


class Added(NamedTuple):
    """An insertion, and the words that say where it is."""

    insertion: Insertion
    where: str


def insertion(book: Book, binding: Binding, role: str, cursor: Place | None) -> Added:
    """A row for the table of a role, below the row of the cursor, or at the table's end where it stands elsewhere.

    A row of “……” stays below the new one. Raises `WorkbookError` where the form has no such table.
    """
    key = _table_of(book, binding, role, cursor)
    table = binding.tables[key]
    is_there = cursor is not None and cursor.sheet == table.sheet and cursor.ref.row in table.body.rows
    at = cursor.ref.row if cursor is not None and is_there else max(table.rows, default=table.body.bottom)
    cells = visible_cells(book, table.sheet)
    template = binding.template
    above = at
    if (
        at > table.body.top
        and _is_of_marks(cells, table, at, template)
        and not _has_levels(cells, table, key, at, template)
    ):
        above = at - 1
    new = above + 1
    sheet = quoted_title(table.sheet)
    name = _name_of(cells, table, key, above, template)
    where = f"{sheet} 第 {new} 行（{f'在“{name}”下面' if name else f'第 {above} 行下面'}）"
    grown = None if new <= table.body.bottom else table.body._replace(top=table.body.top - 1)
    found = Insertion(
        table.sheet,
        new,
        Ref(new, table.columns[template.tables[key].row_label]),
        tuple(_merged(book, table, key, template, above)),
        _formulas(cells, table, above),
        grown,
        tuple(spec["title"] for spec in template.sheets),
    )
    return Added(found, where if is_there else f"{where}，光标不在表里，所以加在表的末尾")


def _table_of(book: Book, binding: Binding, role: str, cursor: Place | None) -> str:
    """The role's own table, or for indicators the one under the cursor if it lists some too."""
    template = binding.template
    own = template.table(role)
    levelled = [key for key, each in template.tables.items() if each.fill_down]
    wanted = [*levelled, *([own.key] if own else [])] if role == INDICATORS else [own.key] if own else []
    wanted = [key for key in wanted if key in binding.tables]
    if not wanted:
        raise WorkbookError(f"{book.name}：{template.title}里没有可以增加行的{_CALLED[role]}表，没有改动。")
    for key in wanted:
        table = binding.tables[key]
        if cursor is not None and cursor.sheet == table.sheet and cursor.ref.row in table.body.rows:
            return key
    return own.key if own and own.key in wanted else wanted[0]


def _is_of_marks(cells: Mapping[Ref, Cell], table: TablePlace, row: int, template: Template) -> bool:
    """Does the row hold “……”?"""
    return row not in table.rows and any(
        is_mark(cells[ref].text, template.placeholders)
        for ref in (Ref(row, col) for col in table.columns.values())
        if ref in cells
    )


def _has_levels(cells: Mapping[Ref, Cell], table: TablePlace, key: str, row: int, template: Template) -> bool:
    """Does a level begin in the row, so that a row above it would be one of another level?"""
    refs = (Ref(row, table.columns[name]) for name in template.tables[key].fill_down)
    return any(
        cells[ref].text.strip() and not is_mark(cells[ref].text, template.placeholders) for ref in refs if ref in cells
    )


def _name_of(cells: Mapping[Ref, Cell], table: TablePlace, key: str, row: int, template: Template) -> str:
    ref = Ref(row, table.columns[template.tables[key].row_label])
    text = "".join(cells[ref].text.split()) if ref in cells else ""
    return "" if text in template.placeholders else text[:20]


def _merged(
    book: Book, table: TablePlace, key: str, template: Template, above: int
) -> Iterator[tuple[Area | None, Area]]:
    """What Calc and Excel do not merge by themselves: cells across, and a level of which the row above was the last.

    Where the row comes below the last one, also labels beside the table.
    """
    new = above + 1
    levels = {table.columns[name] for name in template.tables[key].fill_down}
    at_end = above == table.body.bottom
    cells = visible_cells(book, table.sheet)
    merged: set[int] = set()
    for area in sorted(book.merges(table.sheet)):
        if area.bottom != above:
            if area.top <= above < area.bottom:
                merged |= set(area.cols)
            continue
        merged |= set(area.cols)
        if area.left in levels or (at_end and area.top < table.body.top):
            yield area, area._replace(bottom=new)
        elif area.top == above:
            yield None, Area(new, area.left, new, area.right)
    for col in sorted(levels - merged):
        if Ref(above, col) in cells and cells[Ref(above, col)].text.strip():
            yield None, Area(above, col, new, col)


def _formulas(cells: Mapping[Ref, Cell], table: TablePlace, above: int) -> dict[Ref, str]:
    """Those of the row above that read nothing but their own row."""
    found = {}
    for col in table.body.cols:
        cell = cells.get(Ref(above, col))
        if cell is None or cell.formula is None:
            continue
        read = list(references(cell.formula))
        if read and all(not each.sheet and each.area and each.area.top == each.area.bottom == above for each in read):
            found[Ref(above + 1, col)] = move(cell.formula, 1, 0)
    return found


class Dropped(NamedTuple):
    """The rows that hold nothing, by sheet from the bottom up, and how many stay for the level that they name."""

    rows: Mapping[str, tuple[int, ...]]
    named: int

    @property
    def total(self) -> int:
        return sum(map(len, self.rows.values()))


def placeholder_rows(book: Book, binding: Binding) -> Dropped:
    """The rows of all row tables with nothing but “……” or nothing at all; a table keeps one row.

    A row in which a level, a label or anything else is written stays.
    """
    template = binding.template
    rows: dict[str, list[int]] = {}
    named = 0
    for table in binding.tables.values():
        cells = visible_cells(book, table.sheet)
        written = _written(cells, template.placeholders)
        unused = [row for row in table.body.rows if row not in table.rows]
        gone = [row for row in unused if row not in written]
        named += len(unused) - len(gone)
        if len(gone) == len(table.body.rows):
            gone.remove(table.body.bottom)
        rows.setdefault(table.sheet, []).extend(gone)
    return Dropped({sheet: tuple(sorted(each, reverse=True)) for sheet, each in rows.items() if each}, named)


def _written(cells: Mapping[Ref, Cell], placeholders: frozenset[str]) -> set[int]:
    """The rows of a sheet in which something is written, formulas included."""
    return {
        ref.row
        for ref, cell in cells.items()
        if cell.formula is not None or (cell.text.strip() and not is_mark(cell.text, placeholders))
    }


def fixed(area: Area) -> str:
    """$A$14:$I$25."""
    return ":".join(f"${column_letters(col)}${row}" for row, col in ((area.top, area.left), (area.bottom, area.right)))
