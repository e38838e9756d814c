"""Buttons on a sheet: drawn shapes that run a macro of their workbook when clicked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from xlperf.package.extras import SHEET_ORDER
from xlperf.package.opening import open_parts
from xlperf.package.parts import CONTENT_TYPES, TRANSITIONAL_RELS, Parts
from xlperf.package.patch import sheet_xml
from xlperf.package.reader import read_structure
from xlperf.package.xmltext import element, escape, insert_child

EMU = 9_525  # of a pixel
_GAP = 8 * EMU
_PLAIN = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_MACRO_ENABLED = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
_DRAWING_TYPE = "application/vnd.openxmlformats-officedocument.drawing+xml"
_SHEET_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"


class Button(NamedTuple):
    """Where its upper left corner is (row and column from 1) and its size in pixels; never printed.

    Without a macro it is only a text.
    """

    text: str
    macro: str
    color: str  # of its ground, such as 2E75B6; "" for none, with dark letters
    row: int
    col: int
    width: int
    height: int


def macro_enabled(blob: bytes, buttons: Mapping[str, Sequence[Button]]) -> bytes:
    """An .xlsx as an .xlsm, still without any macro, with buttons on sheets that have no drawings yet."""
    parts = open_parts(blob, "")
    parts.write(CONTENT_TYPES, parts.read(CONTENT_TYPES).replace(_PLAIN, _MACRO_ENABLED))
    sheets = read_structure(parts).sheets
    for title, each in buttons.items():
        _draw(parts, sheets[title].part, each)
    return parts.to_bytes()


def _draw(parts: Parts, sheet: str, buttons: Sequence[Button]) -> None:
    number = 1
    while parts.actual(name := f"xl/drawings/drawing{number}.xml"):
        number += 1
    shapes = "".join(_shape(index, each) for index, each in enumerate(buttons, 2))
    drawing = element("xdr:wsDr", {"xmlns:xdr": _SHEET_DRAWING, "xmlns:a": _DRAWING}, shapes)
    parts.write(name, f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{drawing}'.encode())
    parts.add_content_type(name, _DRAWING_TYPE)
    rel_id = parts.add_rel(sheet, "drawing", name, TRANSITIONAL_RELS)
    xml = sheet_xml(parts, sheet)
    link = element(xml.prefix + "drawing", {"xmlns:r": TRANSITIONAL_RELS, "r:id": rel_id})
    parts.write(sheet, insert_child(xml.data, xml.root, link.encode(), SHEET_ORDER, "drawing"))


def _shape(number: int, button: Button) -> str:
    size = {"cx": str(button.width * EMU), "cy": str(button.height * EMU)}
    ground = f'<a:solidFill><a:srgbClr val="{button.color}"/></a:solidFill>' if button.color else "<a:noFill/>"
    looks = (
        f"<xdr:spPr>{element('a:xfrm', {}, element('a:off', {'x': '0', 'y': '0'}) + element('a:ext', size))}"
        f'<a:prstGeom prst="roundRect"><a:avLst/></a:prstGeom>{ground}<a:ln><a:noFill/></a:ln></xdr:spPr>'
    )
    letters = {"lang": "zh-CN", "sz": "1200", "b": "1"} if button.color else {"lang": "zh-CN", "sz": "900"}
    ink = "FFFFFF" if button.color else "404040"
    side = "ctr" if button.color else "l"
    run = element("a:rPr", letters, f'<a:solidFill><a:srgbClr val="{ink}"/></a:solidFill>')
    words = (
        f'<xdr:txBody><a:bodyPr vertOverflow="clip" wrap="square" anchor="ctr"/><a:lstStyle/>'
        f'<a:p><a:pPr algn="{side}"/><a:r>{run}<a:t>{escape(button.text)}</a:t></a:r></a:p></xdr:txBody>'
    )
    name = element("xdr:cNvPr", {"id": str(number), "name": button.text})
    macro = f"[0]!{button.macro}" if button.macro else ""
    shape = f"<xdr:nvSpPr>{name}<xdr:cNvSpPr/></xdr:nvSpPr>{looks}{words}"
    corner = (
        f"<xdr:col>{button.col - 1}</xdr:col><xdr:colOff>{_GAP}</xdr:colOff>"
        f"<xdr:row>{button.row - 1}</xdr:row><xdr:rowOff>{_GAP // 2}</xdr:rowOff>"
    )
    content = (
        element("xdr:from", {}, corner)
        + element("xdr:ext", size)
        + element("xdr:sp", {"macro": macro, "textlink": ""}, shape)
        + element("xdr:clientData", {"fPrintsWithSheet": "0"})
    )
    return element("xdr:oneCellAnchor", {}, content)
