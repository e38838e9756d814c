"""Template -> .xlsx. Only here and for its charts we write through openpyxl.

The same template gives the same bytes in every process: nothing of the moment gets into the file.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from copy import copy
from datetime import datetime
from functools import cache, lru_cache
from typing import Any
from xml.etree.ElementTree import canonicalize

import openpyxl
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.utils.indexed_list import IndexedList
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.cell_range import CellRange, MultiCellRange
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.properties import PageSetupProperties

from xlperf.amounts import parse_number
from xlperf.derive.engine import steps_of
from xlperf.derive.native import native_formula, offered_formula
from xlperf.errors import TemplateError
from xlperf.form.forms import form_ids
from xlperf.form.grid import TEMPLATE_KEY, Cell, Filling, Page, Piece
from xlperf.form.record import Record, record_from_values
from xlperf.form.template import NAME_PREFIX, Field, Template
from xlperf.package import Ref, Workbook, area_text
from xlperf.package.archive import repacked
from xlperf.text import expression
from xlperf.tieout import control_colors
from xlperf.tieout.home import shape
from xlperf.workbook.charts import draw_charts
from xlperf.workbook.following import (
    counter_formulas,
    following_formulas,
    is_filled_in,
    leads_of,
    references_on,
)
from xlperf.workbook.listing import PLACE
from xlperf.workbook.marks import RESULTS_NAME
from xlperf.workbook.packaged import pages_of, write_headings
from xlperf.workbook.result_rows import IN_SIGHT, RESULTS
from xlperf.workbook.results import show_tie_out
from xlperf.workbook.shades import DERIVED, HEADING, INPUT

_STAMP = datetime(2024, 1, 1)
_FILLS = {
    name: PatternFill("solid", fgColor=color)
    for name, color in {"input": INPUT, "derived": DERIVED, "heading": HEADING}.items()
}
_FORMATS = {"money": "#,##0.00_ ", "rate": "0.00%", "text": "@"}
_LEADS = "0563C1"
_COUNTED = '[Red]"✗ "0;-0;"✗ "0'
_THIN = Side(style="thin", color="000000")
_FRAME = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_LINE, _NO_FRAME = Border(bottom=_THIN), Border()
_PROTECTION = {locked: Protection(locked=locked) for locked in (False, True)}
_ALLOWED = ("formatCells", "formatColumns", "formatRows", "insertRows", "deleteRows", "sort")  # under protection
_BODY_FONT = "宋体"
_MEASURE = Font(
    name="Arial", size=10
)  # the widths of columns count its digits, which are as wide in every program on every system
_FONTS = {"#": ("方正小标宋简体", 18), "##": ("黑体", 12), "@heading": ("黑体", 11)}


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
    book._fonts = IndexedList([_MEASURE])
    book._named_styles["Normal"].font = _MEASURE
    book.properties.title, book.properties.creator = template.title, "xlperf"
    book.properties.created = _STAMP
    styles: _Styles = {}
    for page in pages:
        _draw(page, book.create_sheet(page.title), filling, styles)
        _draw_leads(page, book[page.title], pages, filling)
    for page, ref, _ in counter_formulas(pages):
        _draw_counter(book[page.title], ref)
    for name, target in _names(pages).items():
        book.defined_names[name] = DefinedName(name, attr_text=target, hidden=True)
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
            leads = {"color": _LEADS, "underline": "single"} if col == RESULTS.column(PLACE) else {}
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
        sheet.auto_filter.ref = f"A{page.extra - 1}:{_address(len(page.heights), len(page.widths))}"
    if page.is_results:
        for rule in RESULTS.rules(page.freeze):
            fill = PatternFill(bgColor=rule.look.fill)
            sheet.conditional_formatting.add(area_text(rule.area), FormulaRule([rule.formula], fill=fill))
    if page.spec.get("home"):
        draw_charts(sheet, shape(filling.template), page.extra)
    _add_hints(page, sheet, filling.template)
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


def _draw_leads(page: Page, sheet: Any, pages: Sequence[Page], filling: Filling) -> None:
    for row, col, location in leads_of(page, pages, filling):
        cell = sheet.cell(row, col)
        cell._hyperlink = Hyperlink(ref=cell.coordinate, location=location)  # to set it writes into a blank cell
        cell.font = _font(_BODY_FONT, 11, color=_LEADS, underline="single")


def _draw_counter(sheet: Any, ref: Ref) -> None:
    cell = sheet.cell(ref.row, ref.col)
    cell.number_format, cell.font = _COUNTED, _font("黑体", 12)
    cell.alignment = _aligned("center", "center", 0)
    sheet.column_dimensions[get_column_letter(ref.col - 1)].width = 2.7


def _add_hints(page: Page, sheet: Any, template: Template) -> None:
    """What a cell is and in which unit, when it is selected. Nothing typed is ever refused: —— must stay possible."""
    areas: dict[tuple[str, str], list[CellRange]] = {}
    written = page.spec.get("hints", {})
    for piece in page.pieces:
        spec = piece.cell.field
        hint = _hint(spec, written.get(piece.cell.key, "")) if spec else ""
        if parts := template.offered.get(piece.cell.key):
            said = "等于下面各行之和" if len(parts) > 1 else f"与{template.field(parts[0]).label}相同"
            hint = f"{said}，自动带出；确实不同的，直接改写。{hint}"
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
    setup.fitToWidth, setup.fitToHeight = 1, int(page.spec.get("home", False))
    setup.blackAndWhite = page.spec.get("mono", False)
    sheet.print_options.horizontalCentered = True
    margins.left = margins.right = 0.4
    margins.top = margins.bottom = 0.7
    margins.header = margins.footer = 0.35
    sheet.oddFooter.center.text, sheet.oddFooter.center.size = "第 &P 页　共 &N 页", 11
    sheet.sheet_view.showGridLines = page.is_results
    if page.freeze:
        sheet.freeze_panes = _address(page.freeze + 1, 1)
    if is_filled_in(page) or page.spec.get("home"):  # the edge of a chart counts as one column more
        sheet.print_area = f"A1:{_address(len(page.heights), len(page.widths))}"
    if page.is_results:
        area = f"'{page.title}'!$A:${get_column_letter(IN_SIGHT)}"  # whole columns, which `print_area` does not take
        sheet.defined_names["_xlnm.Print_Area"] = DefinedName("_xlnm.Print_Area", attr_text=area)
    for row in page.breaks:  # which Excel does not keep to where a sheet is fitted to the width of the paper
        sheet.row_breaks.append(Break(id=row - 1))
    if page.repeat:
        sheet.print_title_rows = f"{page.repeat}:{page.repeat}"
    if not page.is_results:
        sheet.protection.sheet = True
        for allowed in (*_ALLOWED, *(["autoFilter"] if page.spec.get("control") else [])):
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


def _with_formulas(blob: bytes, pages: Sequence[Page], filling: Filling) -> bytes:
    book = Workbook.open(blob)
    record = filling.record or record_from_values({}, filling.template)
    refer = references_on("", pages)
    for step in steps_of(record):
        if step.field.derived:
            title, piece = refer.cells[step.key]
            refer = refer._replace(home=title)
            formula = native_formula(step, record, refer.cell, refer.column)
            book.write(title, Ref(piece.top, piece.left), "", formula=formula)
    for key in filling.template.offered:
        title, piece = refer.cells[key]
        formula = offered_formula(filling.template, key, refer._replace(home=title).cell)
        book.write(title, Ref(piece.top, piece.left), "", formula=formula)
    write_headings(book, pages, filling)
    for page in pages:
        for (row, col), formula in following_formulas(page, pages, filling).items():
            book.write(page.title, Ref(row, col), None, formula=formula)
    for page, ref, formula in counter_formulas(pages):
        book.write(page.title, ref, None, formula=formula)
    book.settle()
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
