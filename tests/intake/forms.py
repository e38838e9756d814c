"""The published report of Beita 2023 as other files: a Word form with merged cells, and workbooks in another layout.

    word_form(path)                 .docx as the official form looks, real gridSpan and vMerge
    sheet_form(path)                .xlsx: columns in another order, 分值 before the values, other numbering, full width
    old_sheet_form(office, folder)  the same as .xls, saved by LibreOffice
    old_word_form(office, folder)   the Word form as .doc, saved by LibreOffice

All say the same as `TEXT`, so that importing each gives the same Record.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape

import docx
import openpyxl
from docx.oxml import parse_xml
from openpyxl.worksheet.worksheet import Worksheet

from tests.hosts.libreoffice import Office
from xlperf.amounts import parse_number
from xlperf.intake.readers.opening import read_document
from xlperf.labels.blocks import Paragraph, Table

TEXT = Path(__file__).parent / "cases" / "beita_2023.txt"
_SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"

# How many columns of the official form the cells of a row take up, by the number of cells the text has in it.
BASE_SPANS = {4: (2, 2, 2, 2), 7: (2, 1, 1, 1, 1, 1, 1), 2: (2, 6)}
SELF_SPANS = {2: (3, 6), 8: (1, 2, 1, 1, 1, 1, 1, 1), 3: (1, 4, 4), 9: (1,) * 9, 4: (6, 1, 1, 1)}
# Columns in which a blank cell is the rest of the one above.
BASE_TALL = {4: 1, 7: 1, 2: 0}
SELF_TALL = {2: 0, 8: 1, 3: 1, 9: 3, 4: 0}


class Slot(NamedTuple):
    """A cell of a form to be drawn; `above` if it is the rest of a merged one."""

    text: str
    span: int = 1
    above: bool = False


Grid = list[list[Slot]]


def paragraphs(before_table: int) -> list[str]:
    """The text's paragraphs in front of a table (0, 1) or behind the last (2)."""
    found: list[list[str]] = [[]]
    for block in read_document(TEXT).blocks:
        if isinstance(block, Paragraph):
            found[-1].append(block.text)
        else:
            found.append([])
    return found[before_table]


def rows_of(table: int) -> list[list[str]]:
    """基础数据表 (0) or 自评表 (1), row by row as in the text."""
    tables = [block for block in read_document(TEXT).blocks if isinstance(block, Table)]
    rows: list[list[str]] = []
    for cell in tables[table].cells:
        if cell.row == len(rows):
            rows.append([])
        rows[-1].append(cell.text)
    return rows


def grid(table: int) -> Grid:
    """The cells as they are merged in the official form."""
    spans, tall = ((BASE_SPANS, BASE_TALL), (SELF_SPANS, SELF_TALL))[table]
    drawn: Grid = []
    for texts in rows_of(table):
        widths, merged = spans[len(texts)], tall[len(texts)]
        # A blank first cell goes on from above, as do the levels of an indicator.
        drawn.append(
            [
                Slot(text, width, above=not text and at < merged and bool(drawn))
                for at, (text, width) in enumerate(zip(texts, widths, strict=True))
            ]
        )
    return drawn


# Word


def word_form(path: Path) -> Path:
    document = docx.Document()
    for number in (0, 1):
        for text in paragraphs(number):
            document.add_paragraph(text)
        document.element.body.insert(-1, parse_xml(word_table(grid(number))))
    for text in paragraphs(2):
        document.add_paragraph(text)
    document.save(str(path))
    return path


def word_table(cells: Grid) -> str:
    """A w:tbl of these cells; a blank line of a label becomes a paragraph of its own, as people type it."""
    columns = sum(slot.span for slot in cells[0])
    below = [*cells[1:], []]
    body = "".join(
        "<w:tr>" + "".join(_word_cell(slot, _starts(cells[at], below[at], slot)) for slot in cells[at]) + "</w:tr>"
        for at in range(len(cells))
    )
    columns_xml = '<w:gridCol w:w="1000"/>' * columns
    borders = "".join(f'<w:{side} w:val="single" w:sz="4"/>' for side in _SIDES)
    return (
        f'<w:tbl xmlns:w="{W}"><w:tblPr><w:tblW w:w="0" w:type="auto"/><w:tblBorders>{borders}</w:tblBorders></w:tblPr>'
        f"<w:tblGrid>{columns_xml}</w:tblGrid>{body}</w:tbl>"
    )


def _starts(row: Sequence[Slot], following: Sequence[Slot], slot: Slot) -> bool:
    """Does the cell under this one go on from it?"""
    at = sum(each.span for each in row[: [id(each) for each in row].index(id(slot))])
    col = 0
    for each in following:
        if col == at:
            return each.above
        col += each.span
    return False


def _word_cell(slot: Slot, starts: bool) -> str:
    merge = '<w:vMerge w:val="continue"/>' if slot.above else '<w:vMerge w:val="restart"/>' if starts else ""
    span = f'<w:gridSpan w:val="{slot.span}"/>' if slot.span > 1 else ""
    lines = "".join(
        f'<w:p><w:r><w:t xml:space="preserve">{escape(line)}</w:t></w:r></w:p>' for line in slot.text.split("\n")
    )
    return f'<w:tc><w:tcPr><w:tcW w:w="{slot.span * 1000}" w:type="dxa"/>{span}{merge}</w:tcPr>{lines}</w:tc>'


def old_word_form(office: Office, folder: Path) -> Path:
    return office.convert([word_form(folder / "北塔.docx")], "doc:MS Word 97", folder / "old")[0]


# Workbooks in another layout

_BASE_NAMES: dict[str, str] = {
    "1、公务用车购置和维护经费": "（一）公务用车购置和维护经费",
    "其中：公车购置": "其中:公车购置",
    "2、出国经费": "（二）出国经费",
    "3、公务接待": "（三）公务接待",
    "项目支出：": "项目支出",
    "1、业务工作经费": "１．业务工作经费",
    "2、运行维护经费": "２．运行维护经费",
    "3、市级专项资金\n（一个专项一行）": "３．市级专项资金(一个专项一行)",
    "4、其他事业类发展资金": "４．其他事业类发展资金",
    "其中：办公费": "其中:办公费",
    "水费、电费、差旅费": "水费、电费、差旅费　",
    "政府采购金额": "政府采购　金额",
}
_PLAIN, _FULL = "0123456789.", "０１２３４５６７８９．"


def sheet_form(path: Path) -> Path:
    book = openpyxl.Workbook()
    report = book.active
    assert report is not None
    report.title = "自评报告"
    for row, text in enumerate(paragraphs(0)[:-2], 1):
        report.cell(row, 1, text)
    _base_sheet(book.create_sheet("基础数据表"))
    _self_sheet(book.create_sheet("自评表"))
    book.save(path)
    return path


def old_sheet_form(office: Office, folder: Path) -> Path:
    return office.convert([sheet_form(folder / "北塔.xlsx")], "xls", folder / "old")[0]


def put(sheet: Worksheet, row: int, col: int, text: str, span: int = 1, tall: int = 1) -> None:
    """A cell that shows `text`: figures are numbers in a format, as a workbook has them."""
    if span > 1 or tall > 1:
        sheet.merge_cells(start_row=row, start_column=col, end_row=row + tall - 1, end_column=col + span - 1)
    cell = sheet.cell(row, col)
    number = parse_number(text)
    if number is None:
        cell.value = text or None
    elif text.endswith("%"):
        cell.value, cell.number_format = (
            float(number.value),
            "0" + "." * (number.places > 2) + "0" * (number.places - 2),
        )
        cell.number_format += "%"
    elif text.translate(str.maketrans(_PLAIN, _FULL)) == text:  # typed in full width: text it stays
        cell.value = text
    else:
        cell.value = float(Decimal(number.value))
        cell.number_format = "0" + "." * (number.places > 0) + "0" * number.places


def _base_sheet(sheet: Worksheet) -> None:
    """基础数据表 with 预算数 and 决算数 before last year's column, each figure in one column."""
    put(sheet, 1, 1, "部门整体支出绩效评价基础数据表", 4)
    put(sheet, 2, 1, paragraphs(0)[-1], 4)
    at = 3
    for texts in rows_of(0):
        if len(texts) == 4 and at > 4:
            label, prior, budget, actual = texts
            texts = [_BASE_NAMES.get(label, label), budget, actual, prior]
        for col, text in enumerate(texts, 1):
            spread = 6 if len(texts) == 2 and col == 2 else 1
            put(sheet, at, col, _full_width(text) if text == "37.44" else text, spread)
        at += 1
    sheet.merge_cells(start_row=3, start_column=1, end_row=4, end_column=1)
    for col, text in enumerate(paragraphs(1)[:2]):
        put(sheet, at + col, 1, text, 7)


def _self_sheet(sheet: Worksheet) -> None:
    """自评表 with 分值 before the values, and indicators that begin with 指标1: and the like."""
    rows = rows_of(1)
    put(sheet, 1, 1, "整体支出绩效自评表", 9)
    put(sheet, 2, 1, rows[0][0], 3)
    put(sheet, 2, 4, rows[0][1], 6)
    put(sheet, 3, 1, rows[1][0], 1, 6)
    for at, texts in ((3, rows[1]), (4, rows[2])):
        opening, annual, spent, weight, rate, score = texts[2:]
        put(sheet, at, 2, texts[1], 2)
        for col, text in enumerate((weight, opening, annual, spent, rate, score), 4):
            put(sheet, at, col, text)
    for at, texts in enumerate(rows[3:8], 5):
        put(sheet, at, 2, texts[1].replace("：", ":"), 4)
        put(sheet, at, 6, texts[2].replace("：", "："), 4)
    put(sheet, 10, 1, rows[8][0], 1, 2)
    for at, texts in ((10, rows[8]), (11, rows[9])):
        put(sheet, at, 2, texts[1], 4)
        put(sheet, at, 6, texts[2], 4)
    last = _indicators(sheet, 12, rows[10:-1])
    total = rows[-1]
    put(sheet, last, 1, total[0].replace("总分", "总 分"), 4)
    put(sheet, last, 5, total[1])
    put(sheet, last, 8, total[2])
    put(sheet, last + 1, 1, paragraphs(2)[0], 9)


def _indicators(sheet: Worksheet, top: int, rows: Sequence[Sequence[str]]) -> int:
    """Level, level, name, 分值, target, actual, score, reason; returns the first row behind them."""
    order: Callable[[Sequence[str]], list[str]] = lambda each: [  # noqa: E731
        *each[:4], each[6], each[4], each[5], each[7], each[8]
    ]  # fmt: skip
    starts: dict[int, int] = {}
    numbers = dict.fromkeys(range(3), 0)
    for at, texts in enumerate(rows, top):
        for col, text in enumerate(order(texts), 1):
            if col <= 3:
                if text:
                    _close(sheet, starts, col, at)
                    starts[col] = at
                    put(sheet, at, col, text)
                    numbers[2] = 0 if col == 3 else numbers[2]
            elif col == 4 and at > top and text and text != "……":
                numbers[2] += 1
                put(sheet, at, col, f"指标{numbers[2]}：{text}")
            else:
                put(sheet, at, col, text)
    last = top + len(rows)
    for col in (1, 2, 3):
        _close(sheet, starts, col, last)
    return last


def _close(sheet: Worksheet, starts: dict[int, int], col: int, at: int) -> None:
    """Merge a level over its rows."""
    if col in starts and at - starts[col] > 1:
        sheet.merge_cells(start_row=starts[col], start_column=col, end_row=at - 1, end_column=col)


def _full_width(text: str) -> str:
    return text.translate(str.maketrans(_PLAIN, _FULL))
