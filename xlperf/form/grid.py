"""The template's [[sheets]] -> pages of pieces: which cell stands where, how far it reaches, what it will show.

The grammar of a cell is told at the head of [[sheets]] in the TOML. Nothing here knows what the form is about.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from xlperf.errors import At, TemplateError
from xlperf.form.record import Record
from xlperf.form.template import NAME_PREFIX, Field, Table, Template, row_key
from xlperf.text import expression, lines_in

PLACEHOLDER = "……"
TEMPLATE_KEY = "template"  # the cell that says which template this is; not a field of the form
BLANK = "____"
_CELL = expression(r"(##|#|~|¶|@(?:input|derived|label) )?(>*)(.*?)(~?)", re.DOTALL)
LIVE = expression(r"\{(\w+)([+-]\d+)?(?::([^{}]+))?\}")
_ROW_HEIGHT, _LINE_HEIGHT, _MAX_HEIGHT = 21.0, 15.0, 409.0


class Cell(NamedTuple):
    """One cell of the grid, its marks taken off."""

    mark: str = ""  # "#", "##", "~", "¶", "@input", "@derived", "@label", "<", "^"
    indent: int = 0
    text: str = ""
    from_right: bool = False
    key: str = ""  # of a field, or table.column
    field: Field | None = None
    row: int | None = None  # of the table, from 0
    printed: bool = False  # part of the form although a field: a level's name
    number_format: str = ""  # of what is typed, where no field tells it

    @property
    def live(self) -> bool:
        """The text shows a field and follows it."""
        return bool(LIVE.search(self.text))


class Piece(NamedTuple):
    """A cell with the rectangle that it takes up; rows and columns count from 1."""

    top: int
    left: int
    bottom: int
    right: int
    cell: Cell


class Body(NamedTuple):
    """A row table on its sheet: its header row, its last row, its edges, and where each column begins."""

    header: int
    last: int
    left: int
    right: int
    columns: Mapping[str, int]


@dataclass(slots=True)
class Page:
    """One sheet, laid out but not drawn."""

    spec: Mapping[str, Any]
    widths: Sequence[float]
    heights: list[float]
    pieces: list[Piece]
    tables: dict[str, Body]
    freeze: int = 0
    repeat: int = 0
    breaks: list[int] = field(default_factory=list)  # rows that begin a page
    extra: int = 0  # the first of the rows that the TOML does not write
    wrote: list[int] = field(default_factory=list)  # by row, the row of the TOML, from 0
    wrong: list[tuple[At, str]] = field(default_factory=list)  # what could not be laid out, with its place in the spec

    @property
    def title(self) -> str:
        return str(self.spec["title"])

    @property
    def is_results(self) -> bool:
        return bool(self.spec.get("results"))

    def fields(self) -> Iterable[tuple[str, Piece]]:
        """The single cells that bear a name."""
        return ((each.cell.key, each) for each in self.pieces if each.cell.key and each.cell.row is None)

    def in_table(self, row: int) -> bool:
        return any(body.header < row <= body.last for body in self.tables.values())


class Filling(NamedTuple):
    """What is known when the workbook is made."""

    template: Template
    record: Record | None
    year: int | None

    def shown(self, key: str) -> str:
        """What will stand in the cell of a field."""
        if key == TEMPLATE_KEY:
            return self.template.id
        if key == "year":
            return "" if self.year is None else str(self.year)
        return self.template.field(key).default if self.record is None else self.record[key].shown

    def text(self, cell: Cell) -> str:
        """What the cell will show."""
        if cell.row is None:
            return self.shown(cell.key) if cell.key else LIVE.sub(self._live, cell.text)
        table, _, column = cell.key.partition(".")
        if self.record is not None and cell.row in self.record.rows(table):
            return self.record[row_key(table, cell.row, column)].shown
        return cell.text

    def _live(self, match: re.Match[str]) -> str:
        shown = self.shown(match[1])
        return str(int(shown) + int(match[2])) if shown and match[2] else shown or BLANK

    def printed_rows(self, table: Table, blank: Sequence[Sequence[str]]) -> list[dict[str, str]]:
        """What stands printed in a table's rows: the levels of the record's rows and the placeholder."""
        if self.record is None or not self.record.rows(table.key):
            names = (*table.fill_down, table.row_label)
            return [dict(zip(names, row, strict=True)) for row in blank] or [{table.row_label: PLACEHOLDER}]
        rows: list[dict[str, str]] = []
        for index in self.record.rows(table.key):
            above = rows[-1] if rows else {}
            stated = {name: self.record[row_key(table.key, index, name)].text for name in table.fill_down}
            rows.append({name: text or above.get(name, "") for name, text in stated.items()})
        return [*rows, {**rows[-1], table.row_label: PLACEHOLDER}]


def _unmarked(text: str) -> tuple[str | None, str, str, str]:
    """Mark, indents, what stands behind them, and the mark at the end."""
    match = _CELL.fullmatch(text)
    assert match is not None
    return match.groups()  # type: ignore[return-value]


def cell_key(text: str) -> str:
    """The key in a cell of the grid: `phone`, `indicators.score`; nothing where there is none."""
    body = _unmarked(text)[2]
    return body.removeprefix("$").partition(":")[0] if body.startswith("$") else ""


def parse_cell(text: str, template: Template) -> Cell:
    """Take the marks off a cell of the grid."""
    if text in ("<", "^"):
        return Cell(text)
    mark, indent, body, right = _unmarked(text)
    mark = (mark or "").strip() or ("~" if right else "")
    if not body.startswith("$"):
        return Cell(mark, len(indent), body, bool(right))
    key, _, number_format = body.removeprefix("$").partition(":")
    table, _, column = key.partition(".")
    fields = template.tables[table].columns if column and table in template.tables else template.fields
    field = None if key == TEMPLATE_KEY else _known(column or key, fields, text)
    return Cell(mark, len(indent), "", bool(right), key, field, number_format=number_format)


def _known(name: str, fields: Mapping[str, Field], text: str) -> Field:
    if name not in fields:
        raise TemplateError(f"模板工作表中的“{text}”不是模板的项目")
    return fields[name]


def lay_out(
    spec: Mapping[str, Any], filling: Filling, extra: Sequence[Sequence[Cell]] = (), widths: Sequence[float] = ()
) -> Page:
    """Read one [[sheets]] and give every cell its place, every row its height; `extra` rows follow, a header first.

    `widths` are those of a sheet that does not say them, in characters. Raises `TemplateError` for the first mistake.
    """
    page = laid_out(spec, filling, extra, widths)
    for at, reason in page.wrong:
        raise TemplateError(reason, at)
    return page


def laid_out(
    spec: Mapping[str, Any], filling: Filling, extra: Sequence[Sequence[Cell]] = (), widths: Sequence[float] = ()
) -> Page:
    """The same, with every mistake: cells too many and marks that merge with nothing are left out."""
    page = Page(spec, [*(widths or spec["widths"])], [], [], {})
    grid: list[list[Cell]] = []
    for number, written in enumerate(spec["rows"]):
        options = written[0] if written and isinstance(written[0], dict) else {}
        cells = [parse_cell(text, filling.template) for text in written[bool(options) :]]
        if len(cells) > len(page.widths):
            reason = f"模板工作表“{page.title}”中“{cells[0].text}”一行多于 {len(page.widths)} 格"
            page.wrong.append((("rows", number), f"{reason}（写了 {len(cells)} 格）：请删去多的格，或在 widths 里加列"))
        cells = cells[: len(page.widths)]
        cells += [Cell("<")] * (len(page.widths) - len(cells))
        if options.get("page"):
            page.breaks.append(len(grid) + 1)
        rows = _expand(cells, page, len(grid), filling)
        grid += rows
        page.wrote += [number] * len(rows)
        page.heights += [float(options.get("height", _ROW_HEIGHT))] * len(rows)
        page.freeze = len(grid) if options.get("freeze") else page.freeze
        page.repeat = len(grid) if options.get("repeat") else page.repeat
    if extra:
        grid += map(list, extra)
        page.heights += [30.0 if page.is_results else _ROW_HEIGHT] * len(extra)
        page.extra = len(grid) - len(extra) + 1
        if not spec.get("home"):
            page.freeze = page.repeat = page.extra
            page.extra += 1
    page.pieces = _merge(grid, page)
    _fit_heights(page, filling)
    return page


def _expand(cells: list[Cell], page: Page, above: int, filling: Filling) -> list[list[Cell]]:
    """A row that names a table's columns, once for each row of the table; any other row as it is."""
    columns = {cell.key.partition(".")[2]: at for at, cell in enumerate(cells, 1) if "." in cell.key}
    if not columns:
        return [cells]
    table = filling.template.tables[next(cell.key for cell in cells if "." in cell.key).partition(".")[0]]
    printed = filling.printed_rows(table, page.spec.get("blank_rows", {}).get(table.key, ()))
    right = max(columns.values())
    while right < len(cells) and cells[right].mark == "<":
        right += 1
    page.tables[table.key] = Body(above, above + len(printed), min(columns.values()), right, columns)
    return [[_table_cell(cell, table, printed, index) for cell in cells] for index in range(len(printed))]


def _table_cell(cell: Cell, table: Table, printed: list[dict[str, str]], index: int) -> Cell:
    name = cell.key.partition(".")[2]
    if not name:
        return cell
    if index and name in table.fill_down:
        levels = table.fill_down[: table.fill_down.index(name) + 1]
        if all(printed[index].get(level) == printed[index - 1].get(level) for level in levels):
            return Cell("^")
    text = printed[index].get(name, "")
    return Cell(cell.mark, cell.indent, text, False, cell.key, cell.field, index, name in table.fill_down)


def _merge(grid: Sequence[Sequence[Cell]], page: Page) -> list[Piece]:
    parts: dict[tuple[int, int], list[tuple[int, int]]] = {}
    owners: dict[tuple[int, int], tuple[int, int]] = {}
    for row, cells in enumerate(grid, 1):
        for col, cell in enumerate(cells, 1):
            near = {"<": (row, col - 1), "^": (row - 1, col)}.get(cell.mark, (row, col))
            if near != (row, col) and near not in owners:
                reason = f"模板工作表“{page.title}”第 {row} 行第 {col} 格的“{cell.mark}”没有可并入的格"
                page.wrong.append((("rows", page.wrote[row - 1]), f"{reason}：“<”并入左边一格，“^”并入上边一格"))
                near = row, col
            owners[row, col] = owner = owners.get(near, near)
            parts.setdefault(owner, []).append((row, col))
    pieces = []
    for (top, left), places in parts.items():
        bottom, right = max(row for row, _ in places), max(col for _, col in places)
        if (bottom - top + 1) * (right - left + 1) != len(places):
            reason = f"模板工作表“{page.title}”第 {top} 行第 {left} 格合并后不是矩形：请对齐它右边的“<”和下边的“^”"
            page.wrong.append((("rows", page.wrote[top - 1]), reason))
        pieces.append(Piece(top, left, bottom, right, grid[top - 1][left - 1]))
    return pieces


def _fit_heights(page: Page, filling: Filling) -> None:
    """Make room for wrapped text: no program fits the height of merged cells by itself."""
    for piece in sorted(page.pieces, key=lambda each: each.bottom - each.top):
        text = filling.text(piece.cell)
        if not text or piece.cell.mark in ("#", "##"):
            continue
        room = max(sum(page.widths[piece.left - 1 : piece.right]) - 1 - 1.5 * piece.cell.indent, 2)
        lines = lines_in(text, room, wide=2.1, narrow=1.1)  # at 11 points
        last = piece.bottom - 1
        lacking = lines * _LINE_HEIGHT + 6 - sum(page.heights[piece.top - 1 : piece.bottom])
        if lacking > 0:
            page.heights[last] = min(page.heights[last] + lacking, _MAX_HEIGHT)


def headings_of(page: Page, body: Body) -> dict[str, Cell]:
    """By column of a row table, what the form prints right above it, also what reaches down from further up.

    Nothing where that is blank, or names more than the column.
    """
    columns = sorted(body.columns.items(), key=lambda each: each[1])
    ends = [col for _, col in columns[1:]] + [body.right + 1]
    found = {}
    for (name, left), end in zip(columns, ends, strict=True):
        over = (piece for piece in page.pieces if piece.top <= body.header <= piece.bottom and piece.left == left)
        heading = next(over, None)
        if heading is not None and heading.right < end and heading.cell.text and heading.cell.field is None:
            found[name] = heading.cell
    return found


def live_formula(text: str) -> str:
    """`{year-1}年决算数` -> IF(xp_year="","____",xp_year-1)&"年决算数"."""
    terms: list[str] = []
    at = 0
    for match in LIVE.finditer(text):
        name = NAME_PREFIX + match[1]
        shown = f"{name}{match[2] or ''}"
        if match[3]:  # a date is a number: joined to a text, it would be read as 46042
            shown = f"IF(ISNUMBER({name}),TEXT({shown},{_quoted(match[3])}),{shown})"
        terms += (_quoted(text[at : match.start()]), f'IF({name}="","{BLANK}",{shown})')
        at = match.end()
    return "&".join(term for term in (*terms, _quoted(text[at:])) if term)


def _quoted(text: str) -> str:
    lines = ['"' + line.replace('"', '""') + '"' for line in text.split("\n")]
    return "&CHAR(10)&".join(lines) if text else ""
