"""The blocks of a report -> .docx in the layout of official documents. The same record gives the same bytes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from xlperf.form.record import Record
from xlperf.report.blocks import Block, Box, Form, Heading, Line, Text, blocks_of
from xlperf.report.official import FORM_STYLE_ID, Layout, Paper, runs
from xlperf.report.redact import redacted
from xlperf.report.sections import is_placeholder

_LEAST_HEIGHT = 19.0  # points; a row grows with its text, so that what Excel needed for it says nothing here
_CELL_MARGINS = {"top": 20, "left": 57, "bottom": 20, "right": 57}
_DIGIT, _NARROWEST = 140, 500  # twips: of a figure's sign in the widest of the fonts, of a column that gives room away
_FIGURE = re.compile(r"[-−]?[0-9][0-9,]*(?:\.[0-9]+)?[%％]?")
_SHORT_HEADING = re.compile(r"[0-9]{1,2}[.．、][^。；;，,：:]{1,30}")
_LINES = re.compile("\r\n|\r|\n")


def build_report(record: Record, *, redact: bool = False, variant: str | None = None) -> bytes:
    """The report of a record as a .docx; `redact` masks personal data."""
    paper = Paper()
    before: Block | None = None
    for block in blocks_of(redacted(record) if redact else record, variant):
        _draw(block, paper, before)
        before = block
    return paper.to_bytes()


# Blocks


def _draw(block: Block, paper: Paper, before: Block | None) -> None:
    if isinstance(block, Heading | Line) and block.new_page:
        paper.begin_attachment()
    match block:
        case Heading(level, text):
            after_title = level and isinstance(before, Heading) and not before.level
            above = 29 if after_title else 8 if isinstance(before, Form) else None
            paper.add(text, f"Heading {level}" if level else "Title", Layout(above=above))
        case Text(_, text):
            for line in _LINES.split(text):
                keep = bool(_SHORT_HEADING.fullmatch(line)) and not is_placeholder(line)
                paper.add(line, "Normal", Layout(keep=keep, is_marked=is_placeholder(line)))
        case Line():
            _draw_line(block, paper, before)
        case Form():
            paper.add_xml(_table(block, paper.room))


def _draw_line(block: Line, paper: Paper, before: Block | None) -> None:
    style = "附件" if block.new_page else "附表文字" if block.beside_form else "Normal"
    layout = Layout(above=29) if isinstance(before, Text) else Layout()  # the list of attachments
    if block.beside_form and not block.new_page:
        tab = paper.room if "\t" in block.text else None
        keep = not isinstance(before, Form)
        layout = Layout(above=4, below=4, keep=keep, align=block.align, right_tab=tab)
    paper.add(block.text, style, layout)


# Tables


def _table(form: Form, room: int) -> str:
    """A table as XML."""
    total = sum(form.widths)
    widths = _roomy([int(width * room / total) for width in form.widths], form.boxes)
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    rows: list[list[tuple[Box, int]]] = [[] for _ in range(form.rows)]
    for box in form.boxes:
        for row in range(box.row, box.row + box.rows):
            rows[row].append((box, row - box.row))
    drawn = "".join(
        _row(sorted(cells, key=lambda each: each[0].col), widths, number < form.headed)
        for number, cells in enumerate(rows)
    )
    margins = "".join(f'<w:{side} w:w="{width}" w:type="dxa"/>' for side, width in _CELL_MARGINS.items())
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblLayout w:type="fixed"/><w:tblCellMar>{margins}'
        f"</w:tblCellMar></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{drawn}</w:tbl>"
    )


def _roomy(widths: Sequence[int], boxes: Iterable[Box]) -> list[int]:
    """The widths with room in every column for its figures, which are not to break: 54.51%. Others make room."""
    margins = _CELL_MARGINS["left"] + _CELL_MARGINS["right"]
    least = [0] * len(widths)
    for box in boxes:
        if box.cols == 1 and _FIGURE.fullmatch(box.text):
            least[box.col] = max(least[box.col], int(len(box.text) * _DIGIT) + margins)
    missing = [max(0, wanted - width) for wanted, width in zip(least, widths, strict=True)]
    spare = [max(0, width - max(wanted, _NARROWEST)) for wanted, width in zip(least, widths, strict=True)]
    if not sum(missing) or sum(spare) < sum(missing):
        return list(widths)
    given = [each * sum(missing) // sum(spare) for each in spare]
    return [width + more - less for width, more, less in zip(widths, missing, given, strict=True)]


def _row(cells: Sequence[tuple[Box, int]], widths: Sequence[int], is_head: bool) -> str:
    head = "<w:tblHeader/>" if is_head else ""
    height = int(_LEAST_HEIGHT * 20)
    drawn = "".join(_cell(box, below, widths) for box, below in cells)
    return f'<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val="{height}" w:hRule="atLeast"/>{head}</w:trPr>{drawn}</w:tr>'


def _cell(box: Box, below: int, widths: Sequence[int]) -> str:
    """One cell of a row; `below`: how many rows of a merged cell lie above it."""
    width = sum(widths[box.col : box.col + box.cols])
    span = f'<w:gridSpan w:val="{box.cols}"/>' if box.cols > 1 else ""
    merge = "" if box.rows == 1 else "<w:vMerge/>" if below else '<w:vMerge w:val="restart"/>'
    line = '"single" w:sz="4" w:space="0" w:color="000000"' if box.framed else '"nil"'
    borders = "".join(f"<w:{side} w:val={line}/>" for side in ("top", "left", "bottom", "right"))
    indent = f'<w:ind w:left="{box.indent * 105}"/>' if box.indent else ""
    text = "" if below else runs(box.text)
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{merge}<w:tcBorders>{borders}</w:tcBorders>'
        f'<w:vAlign w:val="center"/></w:tcPr><w:p><w:pPr><w:pStyle w:val="{FORM_STYLE_ID}"/>{indent}'
        f'<w:jc w:val="{box.align}"/></w:pPr><w:r><w:rPr><w:rFonts w:hint="eastAsia"/></w:rPr>{text}</w:r></w:p></w:tc>'
    )
