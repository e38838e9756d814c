"""The blocks of a report -> .docx in the layout of official documents. The same record gives the same bytes.

Fonts, sizes and margins follow the national format for official documents: the title in 小标宋 二号, 一、 in 黑体,
（一） in 楷体, the text in 仿宋, all 三号 on lines of 29 points.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

import docx
from docx.enum.section import WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_COLOR_INDEX, WD_TAB_ALIGNMENT
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Length, Mm, Pt, Twips

from xlperf.form.record import Record
from xlperf.package.archive import repacked
from xlperf.package.patch import NOT_XML
from xlperf.report.blocks import Block, Box, Form, Heading, Line, Text, blocks_of
from xlperf.report.redact import redacted
from xlperf.report.sections import is_placeholder

_STAMP = datetime(2024, 1, 1)
# In mm: above, below, left, right, from the foot to the page number. An attachment gets more room: a form is one page.
_BODY_MARGINS, _ATTACHMENT_MARGINS = (37, 35, 28, 26, 28), (16, 17, 20, 20, 9)
_LATIN = "Times New Roman"
_FORM_STYLE_ID = "FormCell"
_HINT = f'<w:rFonts {nsdecls("w")} w:hint="eastAsia"/>'  # “ ” — … are set in the Chinese font
_NUMBER_LOOK = f'<w:rPr><w:rFonts w:ascii="{_LATIN}" w:hAnsi="{_LATIN}" w:eastAsia="宋体"/><w:sz w:val="28"/></w:rPr>'
_FOOTER = (  # — 1 —
    f'<w:p {nsdecls("w")}><w:pPr><w:ind w:firstLineChars="0" w:firstLine="0"/><w:jc w:val="center"/></w:pPr>'
    f'<w:r>{_NUMBER_LOOK}<w:t xml:space="preserve">— </w:t></w:r>'
    f'<w:fldSimple w:instr=" PAGE "><w:r>{_NUMBER_LOOK}<w:t>1</w:t></w:r></w:fldSimple>'
    f'<w:r>{_NUMBER_LOOK}<w:t xml:space="preserve"> —</w:t></w:r></w:p>'
)
_ALIGNMENTS = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
}
_LEAST_HEIGHT = 19.0  # points; a row grows with its text, so that what Excel needed for it says nothing here
_CELL_MARGINS = {"top": 20, "left": 57, "bottom": 20, "right": 57}
_DIGIT, _NARROWEST = 140, 500  # twips: of a figure's sign in the widest of the fonts, of a column that gives room away
_FIGURE = re.compile(r"[-−]?[0-9][0-9,]*(?:\.[0-9]+)?[%％]?")
_SHORT_HEADING = re.compile(r"[0-9]{1,2}[.．、][^。；;，,：:]{1,30}")
# XML has no way of writing these.


class _Style(NamedTuple):
    font: str
    size: float
    indent: int = 0  # of the first line, in characters
    line: float = 29.0  # 0: as the font needs
    align: str = "both"
    keep: bool = False  # with the next paragraph


_STYLES = {
    "Normal": _Style("仿宋_GB2312", 16, 2),
    "Title": _Style("方正小标宋简体", 22, line=36, align="center", keep=True),
    "Heading 1": _Style("黑体", 16, 2, keep=True),
    "Heading 2": _Style("楷体_GB2312", 16, 2, keep=True),
    "附件": _Style("黑体", 16, align="left", keep=True),
    "附表文字": _Style("宋体", 12, line=0, align="left"),
    "附表": _Style("宋体", 10.5, line=14, align="center"),
}
_KEPT_STYLES = ("Title", "heading 1", "heading 2", "header", "footer")
_UNWANTED = ("stylesWithEffects", "customXml", "thumbnail", "numbering", "webSettings")
# What to take where an office has not bought the font.
_FALLBACKS = {
    "方正小标宋简体": "宋体",
    "仿宋_GB2312": "仿宋",
    "楷体_GB2312": "楷体",
    "黑体": "SimHei",
    "宋体": "SimSun",
}


def build_report(record: Record, *, redact: bool = False, variant: str | None = None) -> bytes:
    """The report of a record as a .docx; `redact` masks personal data."""
    document = official_document()
    before: Block | None = None
    for block in blocks_of(redacted(record) if redact else record, variant):
        _draw(block, document, before)
        before = block
    return bytes_of(document)


def official_document() -> Any:
    """A blank document in the layout of official ones."""
    document = docx.Document()
    _set_up(document)
    return document


def bytes_of(document: Any) -> bytes:
    """The same document gives the same bytes."""
    saved = io.BytesIO()
    document.save(saved)
    return repacked(saved.getvalue(), lambda name, part: _font_table() if name == "word/fontTable.xml" else part)


# Blocks


def _draw(block: Block, document: Any, before: Block | None) -> None:
    if isinstance(block, Heading | Line) and block.new_page:
        _set_page(document.add_section(WD_SECTION.NEW_PAGE), *_ATTACHMENT_MARGINS)
    match block:
        case Heading(level, text):
            paragraph = add_paragraph(document, text, f"Heading {level}" if level else "Title")
            if level and isinstance(before, Heading) and not before.level:
                paragraph.paragraph_format.space_before = Pt(29)
            elif isinstance(before, Form):
                paragraph.paragraph_format.space_before = Pt(8)
        case Text(_, text):
            for line in re.split("\r\n|\r|\n", text):
                _draw_text(line, document)
        case Line():
            _draw_line(block, document, before)
        case Form():
            body = document.element.body
            body.insert(len(body) - 1, parse_xml(_table(block, _room(document))))


def _draw_text(line: str, document: Any) -> None:
    paragraph = add_paragraph(document, line, "Normal")
    if is_placeholder(line):
        paragraph.runs[0].font.highlight_color = WD_COLOR_INDEX.YELLOW
    elif _SHORT_HEADING.fullmatch(line):
        paragraph.paragraph_format.keep_with_next = True


def _draw_line(block: Line, document: Any, before: Block | None) -> None:
    style = "附件" if block.new_page else "附表文字" if block.beside_form else "Normal"
    paragraph = add_paragraph(document, block.text, style)
    layout = paragraph.paragraph_format
    if block.beside_form and not block.new_page:
        layout.alignment = _ALIGNMENTS[block.align]
        layout.space_before = layout.space_after = Pt(4)
        layout.keep_with_next = not isinstance(before, Form)
        if "\t" in block.text:
            layout.tab_stops.add_tab_stop(Twips(_room(document)), WD_TAB_ALIGNMENT.RIGHT)
    elif isinstance(before, Text):
        layout.space_before = Pt(29)  # the list of attachments


def add_paragraph(document: Any, text: str, style: str = "Normal") -> Any:
    """A paragraph in one of the styles: Title, Heading 1, Heading 2, Normal."""
    paragraph = document.add_paragraph(style=style)
    run = paragraph.add_run(_clean(text))
    run._r.get_or_add_rPr().insert(0, parse_xml(_HINT))
    return paragraph


def _clean(text: str) -> str:
    return NOT_XML.sub("", text)


# Tables


def _table(form: Form, room: int) -> str:
    """A table as XML: python-docx looks for each cell anew, which takes long for a form of some hundred rows."""
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
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
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
    runs = "<w:br/>".join(_run(part) for part in re.split("\r\n|\r|\n", _clean(box.text))) if not below else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{merge}<w:tcBorders>{borders}</w:tcBorders>'
        f'<w:vAlign w:val="center"/></w:tcPr><w:p><w:pPr><w:pStyle w:val="{_FORM_STYLE_ID}"/>{indent}'
        f'<w:jc w:val="{box.align}"/></w:pPr><w:r><w:rPr><w:rFonts w:hint="eastAsia"/></w:rPr>{runs}</w:r></w:p></w:tc>'
    )


def _run(text: str) -> str:
    parts = (f'<w:t xml:space="preserve">{escape(part)}</w:t>' if part else "" for part in text.split("\t"))
    return "<w:tab/>".join(parts)


# The document


def _set_up(document: Any) -> None:
    """Page, styles, page number, and nothing of the moment."""
    section = document.sections[0]
    _set_page(section, *_BODY_MARGINS)
    _strip(document)
    for name, style in _STYLES.items():
        if name not in document.styles:
            document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        _set_style(document.styles[name].element, style)
    document.styles["附表"].element.set(qn("w:styleId"), _FORM_STYLE_ID)
    section.footer.paragraphs[0]._p.getparent().replace(section.footer.paragraphs[0]._p, parse_xml(_FOOTER))
    properties = document.core_properties
    properties.author = properties.last_modified_by = "xlperf"
    properties.title, properties.comments = "", ""
    properties.created = properties.modified = _STAMP


def _set_page(section: Any, top: int, bottom: int, left: int, right: int, footer: int) -> None:
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin, section.footer_distance = Mm(top), Mm(bottom), Mm(footer)
    section.left_margin, section.right_margin = Mm(left), Mm(right)


def _room(document: Any) -> int:
    """Between the margins, in twips."""
    section = document.sections[-1]
    return int(Length(section.page_width - section.left_margin - section.right_margin).twips)


def _strip(document: Any) -> None:
    """Only what a report needs of the program's blank document: without its hundred styles and its picture."""
    styles = document.styles.element
    for style in list(styles.findall(qn("w:style"))):
        if not style.get(qn("w:default")) and style.find(qn("w:name")).get(qn("w:val")) not in _KEPT_STYLES:
            styles.remove(style)
    kept = {style.get(qn("w:styleId")) for style in styles}
    for tag in ("w:basedOn", "w:next", "w:link"):  # a heading is linked to the same look for characters, now gone
        for reference in styles.findall(f"{qn('w:style')}/{qn(tag)}"):
            if reference.get(qn("w:val")) not in kept:
                reference.getparent().remove(reference)
    for zoom in document.settings.element.iter(qn("w:zoom")):
        zoom.set(qn("w:percent"), "100")  # required; the blank document does without
    for owner in (document.part, document.part.package):
        for key, relation in list(owner.rels.items()):
            if relation.reltype.rpartition("/")[2] in _UNWANTED:
                del owner.rels[key]


def _set_style(element: Any, style: _Style) -> None:
    """The form's own look and nothing of what the program presets."""
    for tag in ("w:pPr", "w:rPr"):
        for old in element.findall(qn(tag)):
            element.remove(old)
    size = int(style.size * 2)
    keep = "<w:keepNext/>" if style.keep else ""
    spacing = f'w:line="{int(style.line * 20)}" w:lineRule="exact"' if style.line else 'w:line="240" w:lineRule="auto"'
    indent = f'w:firstLineChars="{style.indent * 100}" w:firstLine="{int(style.indent * style.size * 20)}"'
    level = ""
    name = element.find(qn("w:name")).get(qn("w:val"))
    if name.startswith("heading"):
        level = f'<w:outlineLvl w:val="{int(name[-1]) - 1}"/>'
    element.append(
        parse_xml(
            f'<w:pPr {nsdecls("w")}>{keep}<w:spacing w:before="0" w:after="0" {spacing}/><w:ind {indent}/>'
            f'<w:jc w:val="{style.align}"/>{level}</w:pPr>'
        )
    )
    fonts = f'w:ascii="{_LATIN}" w:hAnsi="{_LATIN}" w:eastAsia="{style.font}" w:cs="{_LATIN}"'
    element.append(
        parse_xml(f'<w:rPr {nsdecls("w")}><w:rFonts {fonts}/><w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr>')
    )


def _font_table() -> bytes:
    fonts = "".join(
        f'<w:font w:name="{font}"><w:altName w:val="{other}"/><w:charset w:val="86"/><w:family w:val="auto"/></w:font>'
        for font, other in _FALLBACKS.items()
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:fonts {nsdecls("w")}>{fonts}</w:fonts>'.encode()
    )
