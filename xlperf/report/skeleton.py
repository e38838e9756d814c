"""`python -m xlperf.report.skeleton`: workbook_templates/report.docx, the blank official document that reports fill.

python-docx builds it once: page, styles, page number, and an attachment's page behind the report's. To fill it takes no
library (`report.official`), so that every host can. The same bytes every time. Only who changes it needs python-docx.

Fonts, sizes and margins follow the national format for official documents: the title in 小标宋 二号, 一、 in 黑体,
（一） in 楷体, the text in 仿宋, all 三号 on lines of 29 points.
"""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any, NamedTuple

import docx
from docx.enum.section import WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm

from xlperf.package.archive import repacked
from xlperf.report.official import FORM_STYLE_ID, skeleton_path

_STAMP = datetime(2024, 1, 1)
# In mm: above, below, left, right, from the foot to the page number. An attachment gets more room: a form is one page.
_BODY_MARGINS, _ATTACHMENT_MARGINS = (37, 35, 28, 26, 28), (16, 17, 20, 20, 9)
_LATIN = "Times New Roman"
_NUMBER_LOOK = f'<w:rPr><w:rFonts w:ascii="{_LATIN}" w:hAnsi="{_LATIN}" w:eastAsia="宋体"/><w:sz w:val="28"/></w:rPr>'
_FOOTER = (  # — 1 —
    f'<w:p {nsdecls("w")}><w:pPr><w:ind w:firstLineChars="0" w:firstLine="0"/><w:jc w:val="center"/></w:pPr>'
    f'<w:r>{_NUMBER_LOOK}<w:t xml:space="preserve">— </w:t></w:r>'
    f'<w:fldSimple w:instr=" PAGE "><w:r>{_NUMBER_LOOK}<w:t>1</w:t></w:r></w:fldSimple>'
    f'<w:r>{_NUMBER_LOOK}<w:t xml:space="preserve"> —</w:t></w:r></w:p>'
)


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


def build_skeleton() -> bytes:
    """A document of two pages without a word: the report's and an attachment's."""
    document = docx.Document()
    _set_up(document)
    _set_page(document.add_section(WD_SECTION.NEW_PAGE), *_ATTACHMENT_MARGINS)
    saved = io.BytesIO()
    document.save(saved)
    return repacked(saved.getvalue(), lambda name, part: _font_table() if name == "word/fontTable.xml" else part)


def _set_up(document: Any) -> None:
    """Page, styles, page number, and nothing of the moment."""
    section = document.sections[0]
    _set_page(section, *_BODY_MARGINS)
    _strip(document)
    for name, style in _STYLES.items():
        if name not in document.styles:
            document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        _set_style(document.styles[name].element, style)
    document.styles["附表"].element.set(qn("w:styleId"), FORM_STYLE_ID)
    section.footer.paragraphs[0]._p.getparent().replace(section.footer.paragraphs[0]._p, parse_xml(_FOOTER))
    properties = document.core_properties
    properties.author = properties.last_modified_by = "xlperf"
    properties.title, properties.comments = "", ""
    properties.created = properties.modified = _STAMP


def _set_page(section: Any, top: int, bottom: int, left: int, right: int, footer: int) -> None:
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin, section.footer_distance = Mm(top), Mm(bottom), Mm(footer)
    section.left_margin, section.right_margin = Mm(left), Mm(right)


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


if __name__ == "__main__":
    skeleton_path().write_bytes(build_skeleton())
