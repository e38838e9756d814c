"""The template's [[sheets]] -> the .xlsx: a grid of cells becomes a printed form with names, formulas and help.

The grammar of a cell is told at the head of [[sheets]] in the TOML. Nothing here knows what the form is about, and
the same template gives the same bytes in every process.
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

import openpyxl
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties

from xlperf.amounts import parse_number
from xlperf.engine import steps_of
from xlperf.errors import TemplateError
from xlperf.marks import COLUMNS, RESULTS_NAME
from xlperf.native import native_formula
from xlperf.package.address import Ref
from xlperf.package.workbook import Workbook
from xlperf.record import Record, record_from_values
from xlperf.template import NAME_PREFIX, Field, Table, Template, row_key

PLACEHOLDER = "……"
TEMPLATE_KEY = "template"  # the cell that says which template this is; not a field of the form
_BLANK = "____"
_CELL = re.compile(r"(##|#|~|¶|@(?:input|derived|label) )?(>*)(.*?)(~?)", re.DOTALL)
_LIVE = re.compile(r"\{(\w+)([+-]\d+)?\}")
_MAX_HEIGHT = 409.0
_STAMP = datetime(2024, 1, 1)

_FILLS = {"input": "FFF9DB", "derived": "DDE6F0", "heading": "F2F2F2"}
_FORMATS = {"money": "#,##0.00", "rate": "0.00%", "text": "@"}
_TITLE, _HEADING, _BODY = ("方正小标宋简体", 18), ("黑体", 12), ("宋体", 11)
_THIN = Side(style="thin", color="000000")


class Cell(NamedTuple):
    """One cell of the grid, its marks taken off."""

    mark: str  # "", "#", "##", "~", "¶", "@input", "@derived", "@label", "<", "^"
    indent: int
    text: str
    from_right: bool = False
    key: str = ""  # of a field, or table.column
    row: int | None = None  # of the table, from 0


class Piece(NamedTuple):
    """A cell with the rectangle that it takes up; rows and columns count from 1."""

    top: int
    left: int
    bottom: int
    right: int
    cell: Cell


class Body(NamedTuple):
    """A row table on its sheet: header row, last row, and where each column begins."""

    header: int
    last: int
    columns: Mapping[str, int]
    right: int


@dataclass(slots=True)
class Page:
    """One sheet, laid out but not drawn."""

    spec: Mapping[str, Any]
    title: str
    widths: Sequence[float]
    heights: list[float]
    pieces: list[Piece]
    tables: dict[str, Body]
    freeze: int = 0
    repeat: int = 0
    hints: Mapping[str, str] = field(default_factory=dict)


class _Filling(NamedTuple):
    """What is known when the workbook is made."""

    template: Template
    record: Record | None
    year: int

    def shown(self, key: str) -> str:
        if key == "year":
            return str(self.year)
        if self.record is not None:
            return self.record[key].shown
        return self.template.field(key).default

    def table_rows(self, table: Table, blank: Sequence[Sequence[str]]) -> list[dict[str, str]]:
        """What stands printed in the rows of a table: the levels of the record's rows and the placeholder."""
        record, columns = self.record, (*table.fill_down, table.row_label)
        if record is None or not record.rows(table.key):
            return [dict(zip(columns, row, strict=True)) for row in blank]
        rows: list[dict[str, str]] = []
        for index in record.rows(table.key):
            above = rows[-1] if rows else {}
            stated = {name: record[row_key(table.key, index, name)].text for name in table.fill_down}
            rows.append({name: text or above.get(name, "") for name, text in stated.items()})
        return [*rows, {**rows[-1], table.row_label: PLACEHOLDER}]


def build_workbook(template: Template, *, year: int | None = None, record: Record | None = None) -> bytes:
    """The template's workbook: the blank form, or one with the rows (not the figures) of a record."""
    if year is None:
        stated = record["year"].number if record else None
        year = template.edition_year if stated is None else int(stated)
    filling = _Filling(template, record, year)
    pages = [_lay_out(spec, filling) for spec in template.sheets]
    book = openpyxl.Workbook()
    book.remove(book.active)
    book.properties.title, book.properties.creator = template.title, "xlperf"
    book.properties.created = _STAMP
    for page in pages:
        _draw(page, book.create_sheet(page.title), filling)
    for name, target in _names(pages, template).items():
        book.defined_names[name] = DefinedName(name, attr_text=target)
    drawn = io.BytesIO()
    book.save(drawn)
    return _reproducible(_with_formulas(drawn.getvalue(), pages, filling))


def parse_cell(text: str) -> Cell:
    """Take the marks off a cell of the grid."""
    if text in ("<", "^"):
        return Cell(text, 0, "")
    match = _CELL.fullmatch(text)
    assert match is not None
    mark, indent, body, right = match.groups()
    key = body.removeprefix("$") if body.startswith("$") else ""
    return Cell((mark or ("~" if right else "")).strip(), len(indent), "" if key else body, bool(right), key)


# Grid -> pieces


def _lay_out(spec: Mapping[str, Any], filling: _Filling) -> Page:
    widths = [column.width for column in COLUMNS] if spec.get("results") else spec["widths"]
    page = Page(spec, spec["title"], widths, [], [], {}, hints=spec.get("hints", {}))
    grid: list[list[Cell]] = []
    for written in spec["rows"]:
        options = written[0] if isinstance(written[0], dict) else {}
        cells = [parse_cell(text) for text in written[bool(options) :]]
        cells += [Cell("<", 0, "")] * (len(widths) - len(cells))
        if len(cells) > len(widths):
            raise TemplateError(f"模板工作表“{page.title}”第 {len(grid) + 1} 行多于 {len(widths)} 格")
        rows = _expand(cells, page, len(grid), filling)
        grid += rows
        page.heights += [float(options.get("height", 21))] * len(rows)
        page.freeze = len(grid) if options.get("freeze") else page.freeze
        page.repeat = len(grid) if options.get("repeat") else page.repeat
    if spec.get("results"):
        grid.append([Cell("##", 0, column.title) for column in COLUMNS])
        page.heights.append(30.0)
        page.freeze = page.repeat = len(grid)
    page.pieces = _merge(grid, page.title)
    _fit_heights(page, filling)
    return page


def _expand(cells: list[Cell], page: Page, above: int, filling: _Filling) -> list[list[Cell]]:
    """A row that names a table's columns, once for each row of the table; any other row as it is."""
    columns = {cell.key.partition(".")[2]: at for at, cell in enumerate(cells, 1) if "." in cell.key}
    if not columns:
        return [cells]
    key = next(cell.key for cell in cells if "." in cell.key).partition(".")[0]
    table = filling.template.tables[key]
    printed = filling.table_rows(table, page.spec["blank_rows"][key])
    right = max(columns.values())
    while right < len(cells) and cells[right].mark == "<":
        right += 1
    page.tables[key] = Body(above, above + len(printed), columns, right)
    return [[_table_cell(cell, table, printed, index) for cell in cells] for index in range(len(printed))]


def _table_cell(cell: Cell, table: Table, printed: list[dict[str, str]], index: int) -> Cell:
    name = cell.key.partition(".")[2]
    if not name:
        return cell
    if index and name in table.fill_down:
        levels = table.fill_down[: table.fill_down.index(name) + 1]
        if all(printed[index][level] == printed[index - 1][level] for level in levels):
            return Cell("^", 0, "")
    return cell._replace(text=printed[index].get(name, ""), row=index)


def _merge(grid: Sequence[Sequence[Cell]], title: str) -> list[Piece]:
    owners: dict[tuple[int, int], tuple[int, int]] = {}
    for row, cells in enumerate(grid, 1):
        for col, cell in enumerate(cells, 1):
            near = {"<": (row, col - 1), "^": (row - 1, col)}.get(cell.mark)
            if near is not None and near not in owners:
                raise TemplateError(f"模板工作表“{title}”第 {row} 行第 {col} 格的“{cell.mark}”没有可并入的格")
            owners[row, col] = (row, col) if near is None else owners[near]
    parts: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for place, owner in owners.items():
        parts.setdefault(owner, []).append(place)
    pieces = []
    for (top, left), places in parts.items():
        bottom, right = max(row for row, _ in places), max(col for _, col in places)
        if (bottom - top + 1) * (right - left + 1) != len(places):
            raise TemplateError(f"模板工作表“{title}”第 {top} 行第 {left} 格合并后不是矩形")
        pieces.append(Piece(top, left, bottom, right, grid[top - 1][left - 1]))
    return pieces


def _fit_heights(page: Page, filling: _Filling) -> None:
    """Make room for wrapped text: no program fits the height of merged cells by itself."""
    for piece in sorted(page.pieces, key=lambda each: each.bottom - each.top):
        text = _text(piece.cell, filling)
        if not text or piece.cell.mark in ("#", "##"):
            continue
        room = sum(page.widths[piece.left - 1 : piece.right]) - 1.5 - 2 * piece.cell.indent
        lines = sum(max(1, -int(-_units(line) // max(room, 2))) for line in text.split("\n"))
        rows = range(piece.top - 1, piece.bottom)
        lacking = lines * 15.0 + 6 - sum(page.heights[row] for row in rows)
        if lacking > 0:
            page.heights[rows[-1]] = min(page.heights[rows[-1]] + lacking, _MAX_HEIGHT)


def _units(line: str) -> float:
    """The width of a line in column units at 11 points."""
    return sum(2.1 if unicodedata.east_asian_width(char) in "WFA" else 1.1 for char in line)


def _text(cell: Cell, filling: _Filling) -> str:
    """What the cell will show, as far as it is known."""
    if cell.row is None and cell.key and cell.key != TEMPLATE_KEY:
        return filling.shown(cell.key)
    if cell.row is not None and filling.record and cell.row in filling.record.rows(cell.key.partition(".")[0]):
        table, _, column = cell.key.partition(".")
        return filling.record[row_key(table, cell.row, column)].shown
    return _LIVE.sub(lambda match: _live_value(match, filling), cell.text)


def _live_value(match: re.Match[str], filling: _Filling) -> str:
    shown = filling.shown(match[1])
    return str(int(shown) + int(match[2])) if shown and match[2] else shown or _BLANK


# Pieces -> openpyxl


def _draw(page: Page, sheet: Any, filling: _Filling) -> None:
    for piece in page.pieces:
        _draw_piece(piece, page, sheet, filling)
    for row, height in enumerate(page.heights, 1):
        sheet.row_dimensions[row].height = height
    for col, width in enumerate(page.widths, 1):
        dimension = sheet.column_dimensions[get_column_letter(col)]
        dimension.width = width + 0.7  # the file counts the padding in
        if page.spec.get("results"):
            dimension.font, dimension.border = _font(("宋体", 9)), _border()
            dimension.alignment = Alignment(vertical="top", wrap_text=True)
    _add_hints(page, sheet, filling.template)
    _set_up(page, sheet)


def _draw_piece(piece: Piece, page: Page, sheet: Any, filling: _Filling) -> None:
    cell = piece.cell
    spec = _field(cell, filling.template)
    derived = spec is not None and spec.derived
    kind = cell.mark.removeprefix("@") if "@" in cell.mark else "derived" if derived else "input"
    level = cell.row is not None and cell.key.partition(".")[2] in _table(cell, filling.template).fill_down
    if (spec is None and "@" not in cell.mark) or level:
        kind = "heading" if cell.mark == "##" else ""
    for row in range(piece.top, piece.bottom + 1):
        for col in range(piece.left, piece.right + 1):
            drawn = sheet.cell(row, col)
            drawn.border = _border(cell, spec)
            drawn.alignment = _alignment(cell, spec)
            drawn.font = _font({"#": _TITLE, "##": _HEADING}.get(cell.mark, _BODY))
            # A row can be deleted under protection only if no cell in it is locked.
            in_table = any(body.header < row <= body.last for body in page.tables.values())
            drawn.protection = Protection(locked=not in_table and (spec is None or derived))
            drawn.number_format = _number_format(cell, spec)
            if kind in _FILLS:
                drawn.fill = PatternFill("solid", fgColor=_FILLS[kind])
    text = cell.text
    if cell.key == TEMPLATE_KEY:
        text = filling.template.id
    elif spec is not None and cell.row is None and (cell.key == "year" or filling.record is None):
        text = filling.shown(cell.key)
    anchor = sheet.cell(piece.top, piece.left)
    number = parse_number(text) if spec and not spec.is_text else None
    if number is not None:
        anchor.value = number.value
    elif text and not _LIVE.search(text):
        anchor.value, anchor.data_type = text, "s"  # text from a document never becomes a formula
    if (piece.top, piece.left) != (piece.bottom, piece.right):
        sheet.merge_cells(None, piece.top, piece.left, piece.bottom, piece.right)


def _field(cell: Cell, template: Template) -> Field | None:
    if cell.row is not None:
        return _table(cell, template).columns[cell.key.partition(".")[2]]
    return template.field(cell.key) if cell.key and cell.key != TEMPLATE_KEY else None


def _table(cell: Cell, template: Template) -> Table:
    return template.tables[cell.key.partition(".")[0]]


def _border(cell: Cell | None = None, spec: Field | None = None) -> Border:
    if cell and cell.mark in ("#", "##", "~"):
        return Border(bottom=_THIN) if spec and cell.mark == "~" else Border()
    return Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)


def _font(look: tuple[str, float]) -> Font:
    return Font(name=look[0], size=look[1], charset=134)


def _alignment(cell: Cell, spec: Field | None) -> Alignment:
    side = "left" if cell.indent or cell.mark in ("##", "~", "¶") else "center"
    if cell.from_right:
        side = "right"
    elif cell.mark == "##" and not cell.indent:
        side = "left"
    vertical = "top" if cell.mark == "¶" else "center"
    return Alignment(side, vertical, wrap_text=True, indent=max(cell.indent - 1, 0))


def _number_format(cell: Cell, spec: Field | None) -> str:
    if spec is None or (spec.is_text and (spec.derived or cell.indent or cell.mark)):
        return "General"  # prose: old Excels show a long text in a text-formatted cell as ####
    return _FORMATS.get(spec.type, "General")


def _add_hints(page: Page, sheet: Any, template: Template) -> None:
    """What a cell is and in which unit, when it is selected. Nothing typed is ever refused: —— must stay possible."""
    areas: dict[tuple[str, str], list[str]] = {}
    for piece in page.pieces:
        spec = _field(piece.cell, template)
        hint = page.hints.get(piece.cell.key, "") if spec is None else _hint(spec, page.hints.get(piece.cell.key))
        if spec is not None and hint:
            areas.setdefault((spec.label[:32], hint), []).append(_address(piece.top, piece.left))
    for (label, hint), cells in areas.items():
        help_text = DataValidation(allow_blank=True, showErrorMessage=False, showInputMessage=True)
        help_text.promptTitle, help_text.prompt = label, hint
        for cell in cells:
            help_text.add(cell)
        sheet.add_data_validation(help_text)


def _hint(spec: Field, written: str | None) -> str:
    if spec.derived:
        return "自动计算，不用填写。"
    if spec.is_text or spec.type == "year":
        return written or ("四位年份，如 2023。" if spec.type == "year" else "")
    places = f"，保留{'零一二三四'[spec.places]}位小数" if spec.places else ""
    return f"单位：{spec.unit}{places}。{written or '没有发生填 0，不适用填 ——。'}"


def _set_up(page: Page, sheet: Any) -> None:
    """Print set-up, panes, tab and protection."""
    width = len(page.widths)
    sheet.sheet_properties.tabColor = page.spec["tab"]
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.orientation = page.spec.get("orientation", "portrait")
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.page_setup.blackAndWhite = page.spec.get("mono", False)
    sheet.print_options.horizontalCentered = True
    margins = sheet.page_margins
    margins.left = margins.right = 0.6
    margins.top, margins.bottom, margins.header, margins.footer = 0.75, 0.75, 0.35, 0.4
    sheet.oddFooter.center.text = "第 &P 页　共 &N 页"
    sheet.sheet_view.showGridLines = bool(page.spec.get("results"))
    if page.freeze:
        sheet.freeze_panes = _address(page.freeze + 1, 1)
    if page.repeat:
        sheet.print_title_rows = f"{page.repeat}:{page.repeat}"
    if page.spec.get("results"):
        return
    sheet.print_area = f"A1:{_address(len(page.heights), width)}"
    protection = sheet.protection
    protection.sheet = True
    for allowed in ("formatCells", "formatColumns", "formatRows", "insertRows", "deleteRows"):
        setattr(protection, allowed, False)  # the file says what is forbidden


def _address(row: int, col: int, sign: str = "") -> str:
    return f"{sign}{get_column_letter(col)}{sign}{row}"


def _sheet_range(title: str, top: int, left: int, bottom: int, right: int) -> str:
    first, last = _address(top, left, "$"), _address(bottom, right, "$")
    return f"'{title}'!{first}" + ("" if first == last else f":{last}")


def _names(pages: Sequence[Page], template: Template) -> dict[str, str]:
    names: dict[str, str] = {}
    for page in pages:
        for piece in page.pieces:
            key = piece.cell.key
            if not key or piece.cell.row is not None:
                continue
            if NAME_PREFIX + key in names:
                raise TemplateError(f"模板工作表“{page.title}”：项目 {key} 出现了两次")
            names[NAME_PREFIX + key] = _sheet_range(page.title, piece.top, piece.left, piece.top, piece.left)
        for table, body in page.tables.items():
            first = min(body.columns.values())
            area = _sheet_range(page.title, body.header, first, body.last, body.right)
            names[NAME_PREFIX + table] = area
        if page.spec.get("results"):
            last = len(page.heights)
            names[RESULTS_NAME] = _sheet_range(page.title, last, 1, last, len(page.widths))
    return names


# Formulas, with the text that a reader without a calculator sees


def _with_formulas(blob: bytes, pages: Sequence[Page], filling: _Filling) -> bytes:
    book = Workbook.open(blob, "模板")
    cells = {
        piece.cell.key: (page.title, piece)
        for page in pages
        for piece in page.pieces
        if piece.cell.key and piece.cell.row is None
    }
    record = filling.record or record_from_values({}, filling.template)
    for step in steps_of(record):
        if step.field.derived:
            title, piece = cells[step.key]
            refer = _References(title, cells, pages)
            formula = native_formula(step, record, refer.cell, refer.column)
            book.write(title, Ref(piece.top, piece.left), "", formula=formula)
    for page in pages:
        for piece in page.pieces:
            if _LIVE.search(piece.cell.text):
                shown = _text(piece.cell, filling)
                book.write(page.title, Ref(piece.top, piece.left), shown, formula=_live_formula(piece.cell.text))
    return book.to_bytes()


class _References(NamedTuple):
    """How a formula on the sheet `home` writes a cell or a table's column."""

    home: str
    cells: Mapping[str, tuple[str, Piece]]
    pages: Sequence[Page]

    def cell(self, key: str) -> str:
        title, piece = self.cells[key]
        return self._on(title) + _address(piece.top, piece.left)

    def column(self, table: str, name: str) -> str:
        page = next(page for page in self.pages if table in page.tables)
        body = page.tables[table]
        col = body.columns[name]
        return f"{self._on(page.title)}{_address(body.header + 1, col)}:{_address(body.last, col)}"

    def _on(self, title: str) -> str:
        return "" if title == self.home else f"'{title}'!"


def _live_formula(text: str) -> str:
    """`{year-1}年决算数` -> IF(xp_year="","____",xp_year-1)&"年决算数"."""
    terms, at = [], 0
    for match in _LIVE.finditer(text):
        terms.append(_quoted(text[at : match.start()]))
        name = NAME_PREFIX + match[1]
        terms.append(f'IF({name}="","{_BLANK}",{name}{match[2] or ""})')
        at = match.end()
    return "&".join(term for term in (*terms, _quoted(text[at:])) if term)


def _quoted(text: str) -> str:
    return "&CHAR(10)&".join('"' + line.replace('"', '""') + '"' for line in text.split("\n")) if text else ""


def _reproducible(blob: bytes) -> bytes:
    """The same entries with nothing of the moment in them: fixed dates, fixed order, no compressor's whims."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(blob)) as source, zipfile.ZipFile(result, "w") as target:
        for name in sorted(source.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            content = source.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>2024-01-01T00:00:00Z", content)
            entry = zipfile.ZipInfo(name)
            entry.create_system = 0
            target.writestr(entry, content)
    return result.getvalue()


# Do the TOML and an .xlsx agree?


def lint_template(template: Template, workbook_bytes: bytes) -> list[str]:
    """Every disagreement between the template and its workbook, as a sentence; none if they agree."""
    book = openpyxl.load_workbook(io.BytesIO(workbook_bytes))
    places: dict[str, Any] = {}
    problems: list[str] = []
    for name, defined in book.defined_names.items():
        if not name.startswith(NAME_PREFIX):
            continue
        try:
            ((title, area),) = defined.destinations
            places[name] = title, book[title][area.replace("$", "")]
        except (ValueError, KeyError):
            problems.append(f"名称 {name} 没有指向一块单元格：{defined.attr_text}")
    known = {*template.fields, *template.tables, TEMPLATE_KEY}
    expected = {NAME_PREFIX + key: key for key in known} | {RESULTS_NAME: ""}
    problems += [f"缺少名称 {name}" for name in sorted(expected.keys() - book.defined_names.keys())]
    problems += [f"名称 {name} 在模板中没有对应的项目" for name in sorted(places.keys() - expected.keys())]
    problems += _lint_fields(template, places)
    for key, table in template.tables.items():
        if NAME_PREFIX + key in places:
            problems += _lint_table(table, *places[NAME_PREFIX + key])
    return problems


def _lint_fields(template: Template, places: Mapping[str, Any]) -> Iterator[str]:
    taken: dict[tuple[str, str], str] = {}
    for key, spec in template.fields.items():
        name = NAME_PREFIX + key
        if name not in places:
            continue
        title, cell = places[name]
        if isinstance(cell, tuple):
            yield f"名称 {name}（{spec.label}）应指向一个单元格，现在指向一块区域"
            continue
        at = f"{title}!{cell.coordinate}"
        if (title, cell.coordinate) in taken:
            yield f"名称 {name} 和 {taken[title, cell.coordinate]} 指向同一个单元格 {at}"
        taken[title, cell.coordinate] = name
        if spec.derived and cell.data_type != "f":
            yield f"{at}（{spec.label}）应由公式计算，但单元格里没有公式"


def _lint_table(table: Table, title: str, area: Any) -> Iterator[str]:
    """Headings in the order of the columns; a blank heading stands under one for the whole table."""
    header = area[0] if isinstance(area, tuple) else (area,)
    heads = [cell for cell in header if type(cell).__name__ != "MergedCell"]
    if len(heads) != len(table.columns):
        yield f"表“{table.label}”应有 {len(table.columns)} 栏，{title} 的表头有 {len(heads)} 栏"
        return
    for head, column in zip(heads, table.columns.values(), strict=True):
        text = "".join(str(head.value or "").split())
        if text and column.label not in text and table.label not in text:
            yield f"{title}!{head.coordinate} 的表头“{text}”与栏目“{column.label}”不一致"
