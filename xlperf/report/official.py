"""A Word document in the layout of official ones, written as XML: no library of Word's is needed, in no host.

Fonts, sizes and margins follow the national format for official documents: the title in 小标宋 二号, 一、 in 黑体,
（一） in 楷体, the text in 仿宋, all 三号 on lines of 29 points.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import NamedTuple
from xml.sax.saxutils import escape

from xlperf.package.archive import repacked
from xlperf.package.patch import NOT_XML

FORM_STYLE_ID = "FormCell"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = "application/vnd.openxmlformats-officedocument"
NAMESPACES = f'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="{_OFFICE}"'
_STAMP = "2024-01-01T00:00:00Z"
# In mm: above, below, left, right, from the foot to the page number. An attachment gets more room: a form is one page.
_BODY_MARGINS, _ATTACHMENT_MARGINS = (37, 35, 28, 26, 28), (16, 17, 20, 20, 9)
_WIDTH, _HEIGHT = 210, 297
_LATIN = "Times New Roman"
_NUMBER_LOOK = f'<w:rPr><w:rFonts w:ascii="{_LATIN}" w:hAnsi="{_LATIN}" w:eastAsia="宋体"/><w:sz w:val="28"/></w:rPr>'
_FOOTER = (  # — 1 —
    f'<w:ftr {NAMESPACES}><w:p><w:pPr><w:ind w:firstLineChars="0" w:firstLine="0"/><w:jc w:val="center"/></w:pPr>'
    f'<w:r>{_NUMBER_LOOK}<w:t xml:space="preserve">— </w:t></w:r>'
    f'<w:fldSimple w:instr=" PAGE "><w:r>{_NUMBER_LOOK}<w:t>1</w:t></w:r></w:fldSimple>'
    f'<w:r>{_NUMBER_LOOK}<w:t xml:space="preserve"> —</w:t></w:r></w:p></w:ftr>'
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
_STYLE_IDS = {"Heading 1": "Heading1", "Heading 2": "Heading2", "附表": FORM_STYLE_ID}
# What to take where an office has not bought the font.
_FALLBACKS = {
    "方正小标宋简体": "宋体",
    "仿宋_GB2312": "仿宋",
    "楷体_GB2312": "楷体",
    "黑体": "SimHei",
    "宋体": "SimSun",
}
_NO_STYLES = (  # what Word starts from
    '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
    '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>'
    '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
    '<w:uiPriority w:val="99"/><w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar>'
    '<w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/>'
    '<w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
    '<w:style w:type="numbering" w:default="1" w:styleId="NoList"><w:name w:val="No List"/>'
    '<w:uiPriority w:val="99"/><w:semiHidden/></w:style>'
)
_COMPATIBILITY = "".join(
    f'<w:compatSetting w:name="{name}" w:uri="http://schemas.microsoft.com/office/word" w:val="{value}"/>'
    for name, value in (
        ("compatibilityMode", 14),
        ("overrideTableStyleFontSizeAndJustification", 1),
        ("enableOpenTypeFeatures", 1),
        ("doNotFlipMirrorIndents", 1),
    )
)
_SETTINGS = (
    f'<w:settings {NAMESPACES}><w:zoom w:percent="100"/><w:defaultTabStop w:val="720"/>'
    '<w:characterSpacingControl w:val="doNotCompress"/>'
    f"<w:compat><w:useFELayout/>{_COMPATIBILITY}</w:compat>"
    '<w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/>'
    '<w:decimalSymbol w:val="."/><w:listSeparator w:val=","/></w:settings>'
)


class Layout(NamedTuple):
    """What a paragraph has that its style has not; lengths in points, the tab at the right edge in twips."""

    above: float | None = None
    below: float | None = None
    keep: bool = False  # with the next paragraph
    align: str = ""  # left, center, right
    right_tab: int | None = None
    is_flush: bool = False  # no first line that is indented
    is_marked: bool = False  # in yellow: somebody has to write here


class Paper:
    """A document in the making."""

    def __init__(self) -> None:
        self._body: list[str] = []
        self._margins = _BODY_MARGINS
        self._is_first = True

    @property
    def room(self) -> int:
        """Between the margins of the section, in twips."""
        return _twips(_WIDTH) - _twips(self._margins[2]) - _twips(self._margins[3])

    def begin_attachment(self) -> None:
        """The next page, with an attachment's margins."""
        self._body.append(f"<w:p><w:pPr>{self._section()}</w:pPr></w:p>")
        self._margins, self._is_first = _ATTACHMENT_MARGINS, False

    def add(self, text: str, style: str = "Normal", layout: Layout = Layout()) -> None:  # noqa: B008 - never changed
        """A paragraph in one of the styles: Title, Heading 1, Heading 2, Normal and those of attachments."""
        mark = '<w:highlight w:val="yellow"/>' if layout.is_marked else ""
        # “ ” — … are set in the Chinese font.
        look = f'<w:rPr><w:rFonts w:hint="eastAsia"/>{mark}</w:rPr>'
        named = "" if style == "Normal" else f'<w:pStyle w:val="{_style_id(style)}"/>'
        paragraph = f"<w:pPr>{named}{_layout(layout)}</w:pPr>"
        self._body.append(f"<w:p>{paragraph}<w:r>{look}{runs(text)}</w:r></w:p>")

    def add_xml(self, xml: str) -> None:
        """A table."""
        self._body.append(xml)

    def to_bytes(self) -> bytes:
        """The same content gives the same bytes."""
        body = "".join(self._body)
        parts = _PARTS | {
            "word/document.xml": f"<w:document {NAMESPACES}><w:body>{body}{self._section()}</w:body></w:document>"
        }
        written = io.BytesIO()
        with zipfile.ZipFile(written, "w") as archive:
            for name, content in parts.items():
                archive.writestr(name, f"{_XML}{content}")
        return repacked(written.getvalue(), lambda _name, part: part)

    def _section(self) -> str:
        top, bottom, left, right, footer = map(_twips, self._margins)
        foot = '<w:footerReference w:type="default" r:id="rId4"/>' if self._is_first else '<w:type w:val="nextPage"/>'
        return (
            f'<w:sectPr>{foot}<w:pgSz w:w="{_twips(_WIDTH)}" w:h="{_twips(_HEIGHT)}"/>'
            f'<w:pgMar w:top="{top}" w:right="{right}" w:bottom="{bottom}" w:left="{left}" w:header="720"'
            f' w:footer="{footer}" w:gutter="0"/><w:cols w:space="720"/><w:docGrid w:linePitch="360"/></w:sectPr>'
        )


def runs(text: str) -> str:
    """A text in the signs of a run: lines, tabs and nothing that XML has no way of writing."""
    return "<w:br/>".join(_tabbed(line) for line in re.split("\r\n|\r|\n", NOT_XML.sub("", text)))


def _tabbed(line: str) -> str:
    parts = (f'<w:t xml:space="preserve">{escape(part)}</w:t>' if part else "" for part in line.split("\t"))
    return "<w:tab/>".join(parts)


def _twips(mm: float) -> int:
    return int(mm * 1440 / 25.4)


def _style_id(style: str) -> str:
    return _STYLE_IDS.get(style, style)


def _layout(layout: Layout) -> str:
    tab = f'<w:tabs><w:tab w:val="right" w:pos="{layout.right_tab}"/></w:tabs>' if layout.right_tab else ""
    spaces = "".join(
        f' w:{side}="{int(points * 20)}"'
        for side, points in (("before", layout.above), ("after", layout.below))
        if points is not None
    )
    return (
        ("<w:keepNext/>" if layout.keep else "")
        + tab
        + (f"<w:spacing{spaces}/>" if spaces else "")
        + ('<w:ind w:firstLineChars="0" w:firstLine="0"/>' if layout.is_flush else "")
        + (f'<w:jc w:val="{layout.align}"/>' if layout.align else "")
    )


def _styles() -> str:
    defaults = (
        "<w:docDefaults><w:rPrDefault><w:rPr>"
        f'<w:rFonts w:ascii="{_LATIN}" w:hAnsi="{_LATIN}" w:eastAsia="宋体" w:cs="{_LATIN}"/>'
        '<w:sz w:val="22"/><w:szCs w:val="22"/><w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/>'
        "</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>"
    )
    own = "".join(_style(name, each) for name, each in _STYLES.items())
    return f"<w:styles {NAMESPACES}>{defaults}{own}{_NO_STYLES}</w:styles>"


def _style(name: str, style: _Style) -> str:
    """A style; those that Word knows are built upon the text's, and the text follows them."""
    is_custom = name in ("附件", "附表文字", "附表")
    kind = ' w:default="1"' if name == "Normal" else ' w:customStyle="1"' if is_custom else ""
    is_built_upon = not is_custom and name != "Normal"
    base = '<w:basedOn w:val="Normal"/><w:next w:val="Normal"/>' if is_built_upon else ""
    level = f'<w:outlineLvl w:val="{int(name[-1]) - 1}"/>' if name.startswith("Heading") else ""
    spacing = f'w:line="{int(style.line * 20)}" w:lineRule="exact"' if style.line else 'w:line="240" w:lineRule="auto"'
    indent = f'w:firstLineChars="{style.indent * 100}" w:firstLine="{int(style.indent * style.size * 20)}"'
    keep = "<w:keepNext/>" if style.keep else ""
    size = int(style.size * 2)
    fonts = f'w:ascii="{_LATIN}" w:hAnsi="{_LATIN}" w:eastAsia="{style.font}" w:cs="{_LATIN}"'
    return (
        f'<w:style w:type="paragraph"{kind} w:styleId="{_style_id(name)}">'
        f'<w:name w:val="{name.replace("Heading", "heading")}"/>{base}<w:qFormat/>'
        f'<w:pPr>{keep}<w:spacing w:before="0" w:after="0" {spacing}/><w:ind {indent}/>'
        f'<w:jc w:val="{style.align}"/>{level}</w:pPr>'
        f'<w:rPr><w:rFonts {fonts}/><w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr></w:style>'
    )


def _font_table() -> str:
    fonts = "".join(
        f'<w:font w:name="{font}"><w:altName w:val="{other}"/><w:charset w:val="86"/><w:family w:val="auto"/></w:font>'
        for font, other in _FALLBACKS.items()
    )
    return f"<w:fonts {NAMESPACES}>{fonts}</w:fonts>"


def _relations(*targets: tuple[str, str]) -> str:
    found = "".join(
        f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{found}</Relationships>'


def _content_types() -> str:
    kinds = {
        "docProps/app.xml": f"{_TYPES}.extended-properties+xml",
        "docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
        "word/document.xml": f"{_TYPES}.wordprocessingml.document.main+xml",
        **{
            f"word/{part}.xml": f"{_TYPES}.wordprocessingml.{kind}+xml"
            for part, kind in (
                ("fontTable", "fontTable"),
                ("footer1", "footer"),
                ("settings", "settings"),
                ("styles", "styles"),
            )
        },
    }
    found = "".join(f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in kinds.items())
    relations = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    return (
        f'<Types xmlns="{_PACKAGE}/content-types">{relations}'
        f'<Default Extension="xml" ContentType="application/xml"/>{found}</Types>'
    )


_CORE = (
    f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    "<dc:creator>xlperf</dc:creator><cp:lastModifiedBy>xlperf</cp:lastModifiedBy>"
    f'<dcterms:created xsi:type="dcterms:W3CDTF">{_STAMP}</dcterms:created>'
    f'<dcterms:modified xsi:type="dcterms:W3CDTF">{_STAMP}</dcterms:modified></cp:coreProperties>'
)
_APP = (
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    "<Application>xlperf</Application></Properties>"
)
_PARTS = {
    "[Content_Types].xml": _content_types(),
    "_rels/.rels": _relations(
        (f"{_OFFICE}/officeDocument", "word/document.xml"),
        (f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
        (f"{_OFFICE}/extended-properties", "docProps/app.xml"),
    ),
    "docProps/app.xml": _APP,
    "docProps/core.xml": _CORE,
    "word/_rels/document.xml.rels": _relations(
        (f"{_OFFICE}/styles", "styles.xml"),
        (f"{_OFFICE}/settings", "settings.xml"),
        (f"{_OFFICE}/fontTable", "fontTable.xml"),
        (f"{_OFFICE}/footer", "footer1.xml"),
    ),
    "word/fontTable.xml": _font_table(),
    "word/footer1.xml": _FOOTER,
    "word/settings.xml": _SETTINGS,
    "word/styles.xml": _styles(),
}
