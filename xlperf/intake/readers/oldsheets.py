"""Old workbooks (.xls) through xlrd, which is pure Python and tells number formats, merged cells and hidden sheets."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from xlperf.errors import DocumentError, XlperfError
from xlperf.labels.blocks import AS_XLSX, Document
from xlperf.package import Area, Ref, ref_text
from xlperf.package.budget import Budget, Of
from xlperf.package.numbers import shown_number
from xlperf.package.richtext import Run, Shown, shown
from xlperf.workbook.sheets import Sheet, coarse_remarks, document

if TYPE_CHECKING:
    from xlrd.book import Book
    from xlrd.sheet import Sheet as OldSheet

_RAISED = (1, 2)  # superscript, subscript


def read_old_sheets(blob: bytes, name: str) -> Document:
    """Whatever a damaged file makes xlrd raise leaves as one sentence for the user."""
    import xlrd

    try:
        with xlrd.open_workbook(
            file_contents=blob,
            logfile=io.StringIO(),
            formatting_info=True,
            ragged_rows=True,  # a stray cell at the edge makes no full rectangle
            on_demand=True,
        ) as book:
            return document(name, [_sheet(book, index, name) for index in range(book.nsheets)])
    except (XlperfError, MemoryError):
        raise
    except Exception as error:
        if "encrypted" in str(error).lower():
            raise DocumentError(f"{name}：文件设有打开密码。请打开它，去掉密码，保存后再导入。") from error
        raise DocumentError(f"{name}：旧版工作簿（.xls）已损坏或版本太旧，读不出来。{AS_XLSX}") from error


def _sheet(book: Book, index: int, name: str) -> Sheet:
    sheet = book.sheet_by_index(index)
    texts: dict[Ref, Shown] = {}
    coarse: list[str] = []
    budget = Budget(name)
    for row in range(sheet.nrows):
        for col in range(sheet.row_len(row)):
            text, is_coarse = _text(book, sheet, row, col)
            if text:
                ref = Ref(row + 1, col + 1)
                texts[ref] = shown(_runs(book, sheet, row, col, text), struck=_is_struck(book, sheet, row, col))
                budget.spend(Of.CHARACTERS, len(text))
                if is_coarse:
                    coarse.append(f"{ref_text(ref)} 显示 {text}，存的是 {sheet.cell_value(row, col)!r}")
        budget.limit(Of.CELLS, len(texts))
    merges = [Area(top + 1, left + 1, bottom, right) for top, bottom, left, right in sheet.merged_cells]
    book.unload_sheet(index)
    rows = {row + 1 for row, info in sheet.rowinfo_map.items() if info.hidden}
    cols = {col + 1 for col, info in sheet.colinfo_map.items() if info.hidden}
    remarks = coarse_remarks(sheet.name, coarse)
    return Sheet(sheet.name, sheet.visibility != 0, texts, merges, remarks, rows, cols)


def _is_struck(book: Book, sheet: OldSheet, row: int, col: int) -> bool:
    return bool(book.font_list[book.xf_list[sheet.cell_xf_index(row, col)].font_index].struck_out)


def _runs(book: Book, sheet: OldSheet, row: int, col: int, text: str) -> list[Run]:
    """Where the font changes within a text; before the first change it is the cell's own."""
    changes = sheet.rich_text_runlist_map.get((row, col), ())
    ends = [*(start for start, _ in changes), len(text)]
    runs = [Run(text[: ends[0]])]
    for (start, number), end in zip(changes, ends[1:], strict=True):
        font = book.font_list[number]
        runs.append(Run(text[start:end], bool(font.struck_out), font.escapement in _RAISED))
    return runs


def _text(book: Book, sheet: OldSheet, row: int, col: int) -> tuple[str, bool]:
    import xlrd

    kind, value = sheet.cell_type(row, col), sheet.cell_value(row, col)
    if kind in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
        key = book.xf_list[sheet.cell_xf_index(row, col)].format_key
        form = book.format_map.get(key)
        return shown_number(value, form.format_str if form else "", since_1904=book.datemode == 1)
    if kind == xlrd.XL_CELL_BOOLEAN:
        return "TRUE" if value else "FALSE", False
    if kind == xlrd.XL_CELL_ERROR:
        return str(xlrd.error_text_from_code.get(value, "#N/A")), False
    return str(value), False
