"""A document in the layout of official ones: what is said, written into the blank one that lies beside the templates.

It takes no library of Word's, so that Calc and the browser write reports too; `report.skeleton` says what the blank one
looks like.
"""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import NamedTuple

from xlperf.form.written import templates_folder
from xlperf.package.archive import repacked
from xlperf.package.patch import NOT_XML
from xlperf.package.xmltext import escape

FORM_STYLE_ID = "FormCell"
_STYLE_IDS = {"Heading 1": "Heading1", "Heading 2": "Heading2", "附表": FORM_STYLE_ID}
_DOCUMENT = "word/document.xml"
_BODY = re.compile("(.*<w:body>)(.*)(</w:body>.*)", re.DOTALL)
_SECTION = re.compile("<w:sectPr[ >].*?</w:sectPr>", re.DOTALL)
_SIZES = re.compile(r'<w:pgSz [^>]*?w:w="(\d+)"|<w:pgMar [^>]*?w:(?:right|left)="(\d+)"[^>]*?w:(?:right|left)="(\d+)"')


def skeleton_path() -> Path:
    return templates_folder() / "report.docx"


class Layout(NamedTuple):
    """What a paragraph has that its style has not; lengths in points, the tab at the right edge in twips."""

    above: float | None = None
    below: float | None = None
    keep: bool = False  # with the next paragraph
    align: str = ""  # left, center, right
    right_tab: int | None = None
    is_flush: bool = False  # no first line that is indented
    is_marked: bool = False  # in yellow: somebody has to write here


PLAIN = Layout()


class Paper:
    """A document in the making."""

    def __init__(self) -> None:
        self._blank = skeleton_path().read_bytes()
        with zipfile.ZipFile(io.BytesIO(self._blank)) as archive:
            found = _BODY.fullmatch(archive.read(_DOCUMENT).decode())
        assert found is not None  # as python-docx writes it
        self._before, inner, self._after = found.groups()
        self._section, self._of_attachments = _SECTION.findall(inner)
        self._body: list[str] = []

    @property
    def room(self) -> int:
        """Between the margins of the section, in twips."""
        width, *margins = (int(size) for sizes in _SIZES.findall(self._section) for size in sizes if size)
        return width - sum(margins)

    def begin_attachment(self) -> None:
        """The next page, with an attachment's margins."""
        self._body.append(f"<w:p><w:pPr>{self._section}</w:pPr></w:p>")
        self._section = self._of_attachments

    def add(self, text: str, style: str = "Normal", layout: Layout = PLAIN) -> None:
        """A paragraph in one of the styles: Title, Heading 1, Heading 2, Normal and those of attachments."""
        mark = '<w:highlight w:val="yellow"/>' if layout.is_marked else ""
        # “ ” — … are set in the Chinese font.
        look = f'<w:rPr><w:rFonts w:hint="eastAsia"/>{mark}</w:rPr>'
        named = "" if style == "Normal" else f'<w:pStyle w:val="{_STYLE_IDS.get(style, style)}"/>'
        self._body.append(f"<w:p><w:pPr>{named}{_laid(layout)}</w:pPr><w:r>{look}{runs(text)}</w:r></w:p>")

    def add_xml(self, xml: str) -> None:
        """A table."""
        self._body.append(xml)

    def to_bytes(self) -> bytes:
        """The same content gives the same bytes."""
        document = "".join((self._before, *self._body, self._section, self._after)).encode()
        return repacked(self._blank, lambda name, part: document if name == _DOCUMENT else part)


def runs(text: str) -> str:
    """A text in the signs of a run: lines, tabs and nothing that XML has no way of writing."""
    return "<w:br/>".join(_tabbed(line) for line in re.split("\r\n|\r|\n", NOT_XML.sub("", text)))


def _tabbed(line: str) -> str:
    parts = (f'<w:t xml:space="preserve">{escape(part)}</w:t>' if part else "" for part in line.split("\t"))
    return "<w:tab/>".join(parts)


def _laid(layout: Layout) -> str:
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
