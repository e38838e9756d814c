"""Template -> .xlsx, and whether the two agree. The only module that writes through openpyxl.

The same template gives the same bytes in every process: nothing of the moment gets into the file.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from datetime import datetime
from functools import cache, lru_cache
from typing import Any, NamedTuple
from xml.etree.ElementTree import canonicalize

import openpyxl
from openpyxl.cell.cell import MergedCell
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.cell_range import CellRange, MultiCellRange
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties

from xlperf.amounts import parse_number
from xlperf.derive.engine import steps_of
from xlperf.derive.native import native_formula
from xlperf.errors import TemplateError
from xlperf.form.forms import form_ids
from xlperf.form.grid import TEMPLATE_KEY, Cell, Filling, Page, Piece
from xlperf.form.record import Record, record_from_values
from xlperf.form.template import NAME_PREFIX, Field, Table, Template
from xlperf.package import Ref, Workbook, quoted_title
from xlperf.package.archive import repacked
from xlperf.text import expression
from xlperf.tieout import control_colors, control_formulas
from xlperf.workbook.listing import PLACE
from xlperf.workbook.marks import IN_SIGHT, RESULTS, RESULTS_NAME
from xlperf.workbook.packaged import pages_of, write_headings
from xlperf.workbook.results import show_tie_out
from xlperf.workbook.shades import DERIVED, HEADING, INPUT

_STAMP = datetime(2024, 1, 1)
_FILLS = {
    name: PatternFill("solid", fgColor=color)
    for name, color in {"input": INPUT, "derived": DERIVED, "heading": HEADING}.items()
}
_FORMATS = {"money": "#,##0.00_ ", "rate": "0.00%", "text": "@"}
_THIN = Side(style="thin", color="000000")
_FRAME = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_LINE, _NO_FRAME = Border(bottom=_THIN), Border()
_PROTECTION = {locked: Protection(locked=locked) for locked in (False, True)}
_ALLOWED = ("formatCells", "formatColumns", "formatRows", "insertRows", "deleteRows", "sort")  # under protection
_BODY_FONT = "宋体"
_FONTS = {"#": ("方正小标宋简体", 18), "##": ("黑体", 12), "@heading": ("黑体", 10)}


def build_workbook(template: Template, *, year: int | None = None, record: Record | None = None) -> bytes:
    """The template's workbook: the blank form, or one with the rows (not the figures) of a record.

    A year that nobody gave is blank, and so is it in every heading: whose year it would be, only they know. Raises
    `TemplateError` for a form that says no sheets, because it is only read where it stands.
    """
    if not template.sheets:
        raise TemplateError(
            f"《{template.title}》（{template.edition}）只用来审核现成的表，不能用它新建工作簿；"
            f"新建请用 --template {' 或 '.join(form_ids())}"
        )
    if year is None and record is not None:
        year = record.year
    filling = Filling(template, record, year)
    pages = pages_of(filling)
    book = openpyxl.Workbook()
    book.remove(book.active)
    book.properties.title, book.properties.creator = template.title, "xlperf"
    book.properties.created = _STAMP
    styles: _Styles = {}
    for page in pages:
        _draw(page, book.create_sheet(page.title), filling, styles)
    for name, target in _names(pages).items():
        book.defined_names[name] = DefinedName(name, attr_text=target)
    drawn = io.BytesIO()
    book.save(drawn)
    return repacked(_with_formulas(drawn.getvalue(), pages, filling), _canonical)


# Drawing


_Styles = dict[tuple[object, ...], Any]  # of a workbook: what openpyxl keeps of a look, by the objects it was told of


def _draw(page: Page, sheet: Any, filling: Filling, styles: _Styles) -> None:
    for col, width in enumerate(page.widths, 1):
        dimension = sheet.column_dimensions[get_column_letter(col)]
        dimension.width = width + 0.7  # the file counts the padding in
        if page.is_results:  # rows written later take this over
            leads = {"color": "0563C1", "underline": "single"} if col == RESULTS.column(PLACE) else {}
            dimension.font, dimension.border = _font(_BODY_FONT, 11, **leads), _FRAME
            dimension.alignment = Alignment(vertical="top", wrap_text=True)
    for row, height in enumerate(page.heights, 1):
        dimension = sheet.row_dimensions[row]
        dimension.height = height
        if page.in_table(row):  # to its very end
            dimension.protection = _PROTECTION[False]
    for piece in page.pieces:
        _draw_piece(piece, page, sheet, styles)
        _write(sheet.cell(piece.top, piece.left), piece.cell, filling)
    if page.spec.get("control"):
        for color, formula in control_colors(page.extra):
            area = f"A{page.extra}:{_address(len(page.heights), len(page.widths))}"
            sheet.conditional_formatting.add(area, FormulaRule([formula], fill=PatternFill(bgColor=color)))
    _add_hints(page, sheet)
    _set_up(page, sheet)


def _draw_piece(piece: Piece, page: Page, sheet: Any, styles: _Styles) -> None:
    cell = piece.cell
    if (piece.top, piece.left) != (piece.bottom, piece.right):
        # Not merge_cells, which for every area goes through all earlier ones.
        sheet.merged_cells.ranges.add(CellRange(None, piece.left, piece.top, piece.right, piece.bottom))
    fill = _FILLS.get(_look(cell))
    font = _font(*_FONTS.get(cell.mark, (page.spec.get("font", _BODY_FONT), 11)))
    # Under protection a row can be inserted or deleted only if no cell in it is locked, nor one that is merged with it.
    in_table = any(map(page.in_table, range(piece.top, piece.bottom + 1)))
    locked = not in_table and (cell.field is None or cell.field.derived)
    look = font, _border(cell), _alignment(cell), _number_format(cell), _PROTECTION[locked], fill
    known = tuple(each if isinstance(each, str) else id(each) for each in look)  # to compare the objects takes long
    for row in range(piece.top, piece.bottom + 1):
        for col in range(piece.left, piece.right + 1):
            drawn = sheet.cell(row, col)
            if known in styles:
                drawn._style = copy(styles[known])
                continue
            drawn.font, drawn.border, drawn.alignment, drawn.number_format, drawn.protection, _ = look
            if fill:
                drawn.fill = fill
            styles[known] = drawn._style


def _write(anchor: Any, cell: Cell, filling: Filling) -> None:
    """The printed text; of the figures only the year and, in a blank form, what the template presets."""
    preset = cell.row is None and (cell.key in ("year", TEMPLATE_KEY) or (cell.key and filling.record is None))
    text = filling.shown(cell.key) if preset else cell.text
    number = parse_number(text) if cell.field and not cell.field.is_text else None
    if number is not None:
        anchor.value = number.value
    elif text and not cell.live:
        anchor.value, anchor.data_type = text, "s"  # text from a document never becomes a formula


def _look(cell: Cell) -> str:
    if cell.field is not None and not cell.printed:
        return "derived" if cell.field.derived else "input"
    return "heading" if cell.mark == "##" else cell.mark.removeprefix("@")


@cache
def _font(name: str, size: float, **more: str) -> Font:
    return Font(name=name, size=size, charset=134, **more)  # 134: where the font is missing, another Chinese one


def _border(cell: Cell) -> Border:
    if cell.mark in ("#", "##", "~"):
        return _LINE if cell.field and cell.mark == "~" else _NO_FRAME
    return _FRAME


def _alignment(cell: Cell) -> Alignment:
    from_left = cell.indent or cell.mark in ("##", "~", "¶")
    is_amount = cell.field is not None and cell.field.type == "money" and not cell.printed
    side = "right" if cell.from_right or is_amount else "left" if from_left else "center"
    prose = cell.mark == "¶"
    return _aligned(side, "top" if prose else "center", cell.indent or int(prose))


@cache
def _aligned(side: str, vertical: str, indent: int) -> Alignment:
    return Alignment(side, vertical, wrap_text=True, indent=indent)


def _number_format(cell: Cell) -> str:
    spec = cell.field
    if spec is None or (spec.is_text and (spec.derived or cell.indent or cell.mark)):
        return cell.number_format or "General"  # prose: old Excels show a long text in a cell of text format as ####
    return _FORMATS.get(spec.type, "General")


def _add_hints(page: Page, sheet: Any) -> None:
    """What a cell is and in which unit, when it is selected. Nothing typed is ever refused: —— must stay possible."""
    areas: dict[tuple[str, str], list[CellRange]] = {}
    written = page.spec.get("hints", {})
    for piece in page.pieces:
        spec = piece.cell.field
        hint = _hint(spec, written.get(piece.cell.key, "")) if spec else ""
        if spec and hint:
            cell = CellRange(None, piece.left, piece.top, piece.left, piece.top)
            areas.setdefault((spec.label[:32], hint), []).append(cell)
    for (label, hint), cells in areas.items():
        area = MultiCellRange(cells)  # in one go: to add a cell looks through all that are there
        shown = DataValidation(sqref=area, allow_blank=True, showErrorMessage=False, showInputMessage=True)
        shown.promptTitle, shown.prompt = label, hint
        sheet.add_data_validation(shown)


def _hint(spec: Field, written: str) -> str:
    if spec.derived:
        return "自动计算，不用填写。"
    if spec.is_text or written:
        return written
    if spec.type == "year":
        return "填四位年份。"
    places = f"，保留{'零一二三四'[spec.places]}位小数" if spec.places else ""
    return f"单位：{spec.unit}{places}。没有发生填 0，不适用填 ——。"


def _set_up(page: Page, sheet: Any) -> None:
    """Print set-up, panes, tab and protection."""
    setup, margins = sheet.page_setup, sheet.page_margins
    sheet.sheet_properties.tabColor = page.spec.get("tab")
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    setup.orientation, setup.paperSize = page.spec.get("orientation", "portrait"), sheet.PAPERSIZE_A4
    setup.fitToWidth, setup.fitToHeight = 1, 0
    setup.blackAndWhite = page.spec.get("mono", False)
    sheet.print_options.horizontalCentered = True
    margins.left = margins.right = 0.6
    margins.top = margins.bottom = 0.7
    margins.header = margins.footer = 0.35
    sheet.oddFooter.center.text = "第 &P 页　共 &N 页"
    sheet.sheet_view.showGridLines = page.is_results
    if page.freeze:
        sheet.freeze_panes = _address(page.freeze + 1, 1)
    if page.is_results:
        area = f"'{page.title}'!$A:${get_column_letter(IN_SIGHT)}"  # whole columns, which `print_area` does not take
        sheet.defined_names["_xlnm.Print_Area"] = DefinedName("_xlnm.Print_Area", attr_text=area)
    if page.repeat:
        sheet.print_title_rows = f"{page.repeat}:{page.repeat}"
    if not page.is_results:
        sheet.protection.sheet = True
        for allowed in _ALLOWED:
            setattr(sheet.protection, allowed, False)  # the file says what is forbidden


# Names


def _address(row: int, col: int, sign: str = "") -> str:
    return f"{sign}{get_column_letter(col)}{sign}{row}"


def _names(pages: Sequence[Page]) -> dict[str, str]:
    names: dict[str, str] = {}
    for page in pages:
        for key, piece in page.fields():
            if NAME_PREFIX + key in names:
                raise TemplateError(f"模板工作表“{page.title}”：项目 {key} 出现了两次")
            names[NAME_PREFIX + key] = f"'{page.title}'!{_address(piece.top, piece.left, '$')}"
        areas = {
            NAME_PREFIX + key: (body.header, body.left, body.last, body.right) for key, body in page.tables.items()
        }
        if page.is_results:
            areas[RESULTS_NAME] = (page.freeze, 1, page.freeze, len(page.widths))
        for name, (top, left, bottom, right) in areas.items():
            names[name] = f"'{page.title}'!{_address(top, left, '$')}:{_address(bottom, right, '$')}"
    return names


# Formulas, with the text that a reader without a calculator sees


class _References(NamedTuple):
    """How a formula on the sheet `home` writes a cell or a table's column."""

    home: str
    cells: Mapping[str, tuple[str, Piece]]
    pages: Sequence[Page]

    def cell(self, key: str) -> str:
        title, piece = self.cells[key]
        return self._on(title) + _address(piece.top, piece.left)

    def column(self, table: str, name: str, *, headed: bool = False) -> str:
        page = next(page for page in self.pages if table in page.tables)
        body = page.tables[table]
        col = body.columns[name]
        return f"{self._on(page.title)}{_address(body.header + (not headed), col)}:{_address(body.last, col)}"

    def _on(self, title: str) -> str:
        return "" if title == self.home else f"{quoted_title(title)}!"


def _with_formulas(blob: bytes, pages: Sequence[Page], filling: Filling) -> bytes:
    book = Workbook.open(blob)
    cells = {key: (page.title, piece) for page in pages for key, piece in page.fields()}
    record = filling.record or record_from_values({}, filling.template)
    for step in steps_of(record):
        if step.field.derived:
            title, piece = cells[step.key]
            refer = _References(title, cells, pages)
            formula = native_formula(step, record, refer.cell, refer.column)
            book.write(title, Ref(piece.top, piece.left), "", formula=formula)
    write_headings(book, pages, filling)
    for page in pages:
        if page.spec.get("control"):
            formulas = control_formulas(filling.template, _References(page.title, cells, pages), page.extra)
            for (row, col), formula in formulas.items():
                book.write(page.title, Ref(row, col), None, formula=formula)
    show_tie_out(book, filling.template)
    return book.to_bytes()


_MERGES = expression(rb"(<mergeCells[^>]*>)(.*?)(</mergeCells>)", re.DOTALL)
_MERGE = expression(rb"<mergeCell [^>]*></mergeCell>")


@lru_cache(maxsize=32)  # most parts of the next workbook are those of the last
def _canonical(name: str, content: bytes) -> bytes:
    """The XML of a part in its canonical form, of a fixed moment: openpyxl writes other XML where lxml is installed."""
    if name == "docProps/core.xml":
        stamp = _STAMP.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
        content = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + stamp, content)
    return _MERGES.sub(_sorted_merges, canonicalize(from_file=io.BytesIO(content)).encode())


def _sorted_merges(found: re.Match[bytes]) -> bytes:
    """In one order: openpyxl keeps a set, and its order is another where integers are narrower, as in a browser."""
    return found[1] + b"".join(sorted(_MERGE.findall(found[2]))) + found[3]


# Do the TOML and an .xlsx agree?


def lint_template(template: Template, workbook_bytes: bytes) -> list[str]:
    """Every disagreement between the template and its workbook, as a sentence; none if they agree."""
    book = openpyxl.load_workbook(io.BytesIO(workbook_bytes))
    names = {name: each for name, each in book.defined_names.items() if name.startswith(NAME_PREFIX)}
    known = {RESULTS_NAME, *(NAME_PREFIX + key for key in (*template.fields, *template.tables, TEMPLATE_KEY))}
    problems = [f"缺少名称 {name}" for name in sorted(known - names.keys())]
    problems += [f"名称 {name} 在模板中没有对应的项目" for name in sorted(names.keys() - known)]
    places: dict[str, tuple[str, Any]] = {}
    for name, defined in names.items():
        try:
            ((title, area),) = defined.destinations
            places[name] = title, book[title][area.replace("$", "")]
        except (ValueError, KeyError, IndexError):
            problems.append(f"名称 {name} 没有指向一块单元格：{defined.attr_text}")
    problems += _lint_fields(template, places)
    for key, table in template.tables.items():
        if NAME_PREFIX + key in places:
            problems += _lint_table(table, *places[NAME_PREFIX + key])
    return problems


def _lint_fields(template: Template, places: Mapping[str, tuple[str, Any]]) -> Iterator[str]:
    taken: dict[str, str] = {}
    for name, (title, cell) in places.items():
        spec = template.fields.get(name.removeprefix(NAME_PREFIX))
        if spec is None:
            continue
        if isinstance(cell, tuple):
            yield f"名称 {name}（{spec.label}）应指向一个单元格，现在指向一块区域"
            continue
        at = f"{title}!{cell.coordinate}"
        if at in taken:
            yield f"名称 {taken[at]} 和 {name} 指向同一个单元格 {at}"
        taken[at] = name
        if spec.derived and cell.data_type != "f":
            yield f"{at}（{spec.label}）应由公式计算，但单元格里没有公式"


def _lint_table(table: Table, title: str, area: Any) -> Iterator[str]:
    """Headings in the order of the columns; a heading may also name the whole table and leave the others blank."""
    header = area[0] if isinstance(area, tuple) else (area,)
    heads = [cell for cell in header if not isinstance(cell, MergedCell)]
    if len(heads) != len(table.columns):
        yield f"表“{table.label}”应有 {len(table.columns)} 栏，{title} 的表头有 {len(heads)} 栏"
        return
    for head, column in zip(heads, table.columns.values(), strict=True):
        text = "".join(str(head.value or "").split())
        if text and column.label not in text and table.label not in text:
            yield f"{title}!{head.coordinate} 的表头“{text}”与栏目“{column.label}”不一致"
