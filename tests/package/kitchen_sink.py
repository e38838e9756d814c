"""One workbook with everything in it that other programs lose: XlsxWriter's parts, then parts made by hand."""

from __future__ import annotations

import io
import struct
import zlib
from functools import cache
from typing import Any

import xlsxwriter

from tests.package.books import MAIN, PACKAGE, RELS, STRICT_MAIN, STRICT_RELS, TYPE, entries, pack

FORM, DATA, THREAD, HIDDEN, CHART = "自评表", "数据", "讨论", "很深隐藏", "图表"
MICROSOFT = "http://schemas.microsoft.com/office"
X14 = f'xmlns:x14="{MICROSOFT}/spreadsheetml/2009/9/main" xmlns:xm="{MICROSOFT}/excel/2006/main"'
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
# A compound file without streams: programs that look for macros find none, and the bytes must survive.
MACROS = (
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH6x", 62, 3, 0xFFFE, 9, 6)
    + struct.pack("<LLLLLLLLLL", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, 0) + b"\xff" * 432
    + struct.pack("<LL", 0xFFFFFFFD, 0xFFFFFFFE) + b"\xff" * 504
    + "Root Entry".encode("utf-16-le").ljust(64, b"\0") + struct.pack("<HBB", 22, 5, 1) + b"\xff" * 12
    + bytes(36) + struct.pack("<LQ", 0xFFFFFFFE, 0) + bytes(384)
)  # fmt: skip


def picture() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))

    head = struct.pack(">LLBBBBB", 2, 2, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(14))) + chunk(b"IEND", b"")


def _base() -> dict[str, bytes]:
    """What XlsxWriter can make."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    form, data, thread, hidden = (book.add_worksheet(title) for title in (FORM, DATA, THREAD, HIDDEN))
    bold, money = book.add_format({"bold": True, "font_color": "red"}), book.add_format({"num_format": "#,##0.00"})
    form.merge_range("A1:F1", "部门整体支出绩效自评表", bold)
    form.write_rich_string("A2", "预算 ", bold, "执行率", " %")
    for row in range(2, 12):
        form.write_row(row, 0, [f"指标{row}", row * 1.5, row * 2, row % 3])
        form.write_formula(row, 4, f"=B{row + 1}*2", money, row * 3)
    form.write_array_formula("G3:G5", "{=B3:B5*C3:C5}", None, 18)
    form.write_url("A14", "https://example.org/", string="依据")
    form.write_url("A15", f"internal:'{DATA}'!A1", string="见数据")
    form.write_comment("B3", "请附说明", {"author": "王会计"})
    form.insert_chart("I2", _chart(book))
    form.insert_image("I20", "p.png", {"image_data": io.BytesIO(picture())})
    form.insert_textbox("M2", "填表说明：金额单位万元", {"width": 200})
    form.insert_button("M10", {"macro": "填报", "caption": "填报"})
    form.insert_checkbox("M12", True)
    form.data_validation("D3:D12", {"validate": "list", "source": ["0", "1", "2"], "input_message": "选一个"})
    form.data_validation("C3:C12", {"validate": "list", "source": f"={DATA}!$A$2:$A$4"})
    form.conditional_format("B3:B12", {"type": "data_bar", "data_bar_2010": True, "bar_negative_color": "red"})
    form.conditional_format("C3:C12", {"type": "icon_set", "icon_style": "3_arrows"})
    form.conditional_format("D3:D12", {"type": "3_color_scale"})
    form.add_sparkline("H3", {"range": f"{FORM}!B3:E3", "markers": True})
    form.set_header("&L&G", {"image_left": "h.png", "image_data_left": io.BytesIO(picture())})
    form.set_column("A:A", 20)
    form.set_paper(9)
    form.freeze_panes(2, 1)
    form.autofilter("A2:E12")
    form.protect("", {"format_cells": True})
    form.unprotect_range("B3:D12", "可填")
    form.ignore_errors({"number_stored_as_text": "A1:F20"})
    columns = [{"header": "部门"}, {"header": "金额"}]
    data.add_table("A1:B4", {"data": [["甲", 1], ["乙", 2], ["丙", 3]], "columns": columns})
    data.write("D1", "拼音")
    thread.write("A1", 1)
    hidden.write("A1", "内部")
    hidden.very_hidden()
    sheet = book.add_chartsheet(CHART)
    sheet.set_chart(_chart(book))
    book.define_name("xp_total", f"={FORM}!$B$3")
    book.add_vba_project(io.BytesIO(MACROS), is_stream=True)
    book.set_properties({"title": "自评", "company": "某单位"})
    book.set_custom_property("批次", 2023)
    book.close()
    return entries(buffer.getvalue())


def _chart(book: Any) -> Any:
    chart = book.add_chart({"type": "column"})
    series = {"values": f"={FORM}!$B$3:$B$12", "categories": f"={FORM}!$A$3:$A$12", "trendline": {"type": "linear"}}
    chart.add_series(series)
    return chart


def _x(text: str) -> bytes:
    return (HEAD + text).encode()


_CACHE = (
    f'<pivotCacheDefinition xmlns="{MAIN}" xmlns:r="{RELS}" r:id="rId1" refreshedBy="王" '
    f'refreshedDate="45000" createdVersion="6" '
    f'refreshedVersion="6" recordCount="3"><cacheSource type="worksheet"><worksheetSource ref="A1:B4" '
    f'sheet="{DATA}"/></cacheSource>'
    '<cacheFields count="2"><cacheField name="部门" numFmtId="0"><sharedItems count="3"><s v="甲"/><s '
    'v="乙"/><s v="丙"/></sharedItems>'
    '</cacheField><cacheField name="金额" numFmtId="0"><sharedItems containsSemiMixedTypes="0" '
    'containsString="0" containsNumber="1" '
    'containsInteger="1" minValue="1" maxValue="3"/></cacheField></cacheFields></pivotCacheDefinition>'
)
_RECORDS = f'<pivotCacheRecords xmlns="{MAIN}" count="3">' + "".join(
    f'<r><x v="{at}"/><n v="{at + 1}"/></r>' for at in range(3)
) + "</pivotCacheRecords>"  # fmt: skip
_PIVOT = (
    f'<pivotTableDefinition xmlns="{MAIN}" name="透视表" cacheId="7" dataCaption="值" createdVersion="6" '
    f'updatedVersion="6">'
    '<location ref="F1:G5" firstHeaderRow="1" firstDataRow="1" firstDataCol="1"/><pivotFields count="2">'
    '<pivotField axis="axisRow" showAll="0"><items count="4"><item x="0"/><item x="1"/><item x="2"/>'
    '<item t="default"/></items>'
    '</pivotField><pivotField dataField="1" showAll="0"/></pivotFields><rowFields count="1"><field x="0"/></rowFields>'
    '<rowItems count="4"><i><x/></i><i><x v="1"/></i><i><x v="2"/></i><i t="grand"><x/></i></rowItems>'
    '<colItems count="1"><i/></colItems><dataFields count="1"><dataField name="求和" fld="1"/>'
    "</dataFields></pivotTableDefinition>"
)
_SLICER = (
    f'<slicers xmlns="{MICROSOFT}/spreadsheetml/2009/9/main"><slicer name="部门" cache="切片器_部门" '
    f'rowHeight="209550"/></slicers>'
)
_SLICER_CACHE = (
    f'<slicerCacheDefinition xmlns="{MICROSOFT}/spreadsheetml/2009/9/main" name="切片器_部门" '
    f'sourceName="部门"><pivotTables>'
    '<pivotTable tabId="2" name="透视表"/></pivotTables><data><tabular pivotCacheId="7"><items count="3">'
    '<i x="0" s="1"/>'
    '<i x="1" s="1"/><i x="2" s="1"/></items></tabular></data></slicerCacheDefinition>'
)
_THREADS = (
    f'<ThreadedComments xmlns="{MICROSOFT}/spreadsheetml/2018/threadedcomments"><threadedComment ref="A1" '
    f'dT="2023-04-05T06:07:08.00" '
    'personId="{11111111-1111-1111-1111-111111111111}" id="{22222222-2222-2222-2222-222222222222}"><text>为何?</text>'
    "</threadedComment></ThreadedComments>"
)
_PERSONS = (
    f'<personList xmlns="{MICROSOFT}/spreadsheetml/2018/threadedcomments"><person displayName="李" '
    'id="{11111111-1111-1111-1111-111111111111}" userId="li" providerId="None"/></personList>'
)
_THREAD_NOTE = (
    f'<comments xmlns="{MAIN}"><authors><author>tc={{22222222-2222-2222-2222-222222222222}}</author>'
    f"</authors><commentList>"
    '<comment ref="A1" authorId="0" shapeId="0"><text><t>[线程批注] 为何?</t></text></comment></commentList></comments>'
)
# Not well-formed, as old programs wrote it: <br> without an end.
_THREAD_VML = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel"><v:shapetype id="_x0000_t202" '
    'coordsize="21600,21600" o:spt="202" '
    'path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/></v:shapetype><v:shape id="_x0000_s3073" '
    'type="#_x0000_t202" style="visibility:hidden"><v:textbox><div style="text-align:left"><br></div></v:textbox>'
    '<x:ClientData ObjectType="Note"><x:Anchor>1, 15, 0, 2, 3, 15, 3, 16</x:Anchor><x:Row>0</x:Row>'
    "<x:Column>0</x:Column>"
    '</x:ClientData></v:shape><v:shape id="_x0000_s3074" type="#_x0000_t201"><v:textbox><div>已核<br></div></v:textbox>'
    '<x:ClientData ObjectType="Checkbox"><x:Anchor>3, 0, 3, 0, 5, 0, 4, 0</x:Anchor><x:Checked>1</x:Checked>'
    "</x:ClientData></v:shape></xml>"
)
_CONTROL = (
    f'<formControlPr xmlns="{MICROSOFT}/spreadsheetml/2009/9/main" objectType="CheckBox" '
    f'checked="Checked" noThreeD="1"/>'
)
_CONTROLS = (
    '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
    '<mc:Choice Requires="x14" '
    f'{X14}><controls><control shapeId="3074" r:id="rId4" name="已核"><controlPr defaultSize="0" autoFill="0">'
    '<anchor moveWithCells="1"><from><xdr:col xmlns:xdr="urn:x">3</xdr:col></from></anchor></controlPr>'
    "</control></controls>"
    "</mc:Choice></mc:AlternateContent>"
)
_LINK = (
    f'<externalLink xmlns="{MAIN}"><externalBook xmlns:r="{RELS}" r:id="rId1"><sheetNames><sheetName '
    f'val="上年"/></sheetNames>'
    '<sheetDataSet><sheetData sheetId="0"><row r="1"><cell r="A1"><v>99</v></cell></row></sheetData></sheetDataSet>'
    "</externalBook></externalLink>"
)
_ADDIN = (
    f'<we:webextension xmlns:we="{MICROSOFT}/webextensions/webextension/2010/11" '
    f'id="{{33333333-3333-3333-3333-333333333333}}">'
    '<we:reference id="wa1" version="1.0" store="zh-CN" storeType="OMEX"/><we:properties><we:property name="code" '
    'value="print(1)"/></we:properties></we:webextension>'
)
_PANES = (
    f'<wetp:taskpanes xmlns:wetp="{MICROSOFT}/webextensions/taskpanes/2010/11"><wetp:taskpane '
    f'dockstate="right" visibility="0" '
    f'width="350" row="1"><wetp:webextensionref xmlns:r="{RELS}" r:id="rId1"/></wetp:taskpane></wetp:taskpanes>'
)
_RIBBON = (
    f'<customUI xmlns="{MICROSOFT}/2009/07/customui"><ribbon><tabs><tab id="t" label="绩效"/></tabs>'
    f"</ribbon></customUI>"
)
_X14_VALIDATION = (
    f'<ext uri="{{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}}" {X14}><x14:dataValidations count="1">'
    f'<x14:dataValidation type="list" '
    f'allowBlank="1"><x14:formula1><xm:f>{DATA}!$A$2:$A$4</xm:f></x14:formula1><xm:sqref>D3:D12</xm:sqref>'
    f"</x14:dataValidation>"
    "</x14:dataValidations></ext>"
)
_X14_ICONS = (
    '<x14:conditionalFormatting xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main">'
    '<x14:cfRule type="iconSet" '
    'priority="9" id="{44444444-4444-4444-4444-444444444444}"><x14:iconSet iconSet="3Stars"><x14:cfvo '
    'type="percent"><xm:f>0</xm:f>'
    '</x14:cfvo><x14:cfvo type="percent"><xm:f>33</xm:f></x14:cfvo><x14:cfvo type="percent"><xm:f>67</xm:f></x14:cfvo>'
    "</x14:iconSet></x14:cfRule><xm:sqref>A1:A9</xm:sqref></x14:conditionalFormatting>"
)
_X14_SLICERS = (
    f'<ext uri="{{A8765BA9-456A-4dab-B4F3-ACF838C121DE}}" {X14}><x14:slicerList><x14:slicer r:id="rId92"/>'
    f"</x14:slicerList></ext>"
)
_CACHES = (
    f'<ext uri="{{BBE1A952-AA13-448e-AADC-164F8A28A991}}" {X14}><x14:slicerCaches><x14:slicerCache '
    f'r:id="rId93"/></x14:slicerCaches></ext>'
)
_SHAPE = (
    "<xdr:twoCellAnchor><xdr:from><xdr:col>1</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>20</xdr:row>"
    "<xdr:rowOff>0</xdr:rowOff>"
    "</xdr:from><xdr:to><xdr:col>3</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>24</xdr:row><xdr:rowOff>"
    "0</xdr:rowOff></xdr:to>"
    '<xdr:sp macro="" textlink=""><xdr:nvSpPr><xdr:cNvPr id="99" name="箭头"/><xdr:cNvSpPr/></xdr:nvSpPr><xdr:spPr>'
    '<a:prstGeom prst="rightArrow"><a:avLst/></a:prstGeom></xdr:spPr></xdr:sp><xdr:clientData/></xdr:twoCellAnchor>'
)
_PIVOT_CACHES = '<pivotCaches><pivotCache cacheId="7" r:id="rId91"/></pivotCaches>'
_EXTRA: dict[str, tuple[str | bytes, str]] = {  # part: content, content type
    "xl/pivotCache/pivotCacheDefinition1.xml": (_CACHE, f"{TYPE}.pivotCacheDefinition+xml"),
    "xl/pivotCache/pivotCacheRecords1.xml": (_RECORDS, f"{TYPE}.pivotCacheRecords+xml"),
    "xl/pivotTables/pivotTable1.xml": (_PIVOT, f"{TYPE}.pivotTable+xml"),
    "xl/slicers/slicer1.xml": (_SLICER, "application/vnd.ms-excel.slicer+xml"),
    "xl/slicerCaches/slicerCache1.xml": (_SLICER_CACHE, "application/vnd.ms-excel.slicerCache+xml"),
    "xl/threadedComments/threadedComment1.xml": (_THREADS, "application/vnd.ms-excel.threadedcomments+xml"),
    "xl/persons/person.xml": (_PERSONS, "application/vnd.ms-excel.person+xml"),
    "xl/comments3.xml": (_THREAD_NOTE, f"{TYPE}.comments+xml"),
    "xl/drawings/vmlDrawing9.vml": (_THREAD_VML.encode(), ""),
    "xl/ctrlProps/ctrlProp1.xml": (_CONTROL, "application/vnd.ms-excel.controlproperties+xml"),
    "xl/externalLinks/externalLink1.xml": (_LINK, f"{TYPE}.externalLink+xml"),
    "xl/webextensions/webextension1.xml": (_ADDIN, "application/vnd.ms-office.webextension+xml"),
    "xl/webextensions/taskpanes.xml": (_PANES, "application/vnd.ms-office.webextensiontaskpanes+xml"),
    "customUI/customUI14.xml": (_RIBBON, ""),
    "customXml/item1.xml": ("<b:data xmlns:b='urn:budget'>表外数据</b:data>", ""),
    "customXml/itemProps1.xml": (
        '<ds:datastoreItem ds:itemID="{55555555-5555-5555-5555-555555555555}" '
        'xmlns:ds="http://schemas.openxmlformats.org/officeDocument/2006/customXml"/>',
        "application/vnd.openxmlformats-officedocument.customXmlProperties+xml",
    ),
    "xl/printerSettings/printerSettings1.bin": (bytes(range(256)) * 3, f"{TYPE}.printerSettings"),
}
_RELATED: dict[str, tuple[tuple[str, str, str], ...]] = {  # relationships part: id, type, target
    "_rels/.rels": (
        ("rId91", f"{MICROSOFT}/2007/relationships/ui/extensibility", "customUI/customUI14.xml"),
        ("rId92", f"{MICROSOFT}/2011/relationships/webextensiontaskpanes", "xl/webextensions/taskpanes.xml"),
        ("rId93", f"{RELS}/customXml", "customXml/item1.xml"),
    ),
    "customXml/_rels/item1.xml.rels": (("rId1", f"{RELS}/customXmlProps", "itemProps1.xml"),),
    "xl/webextensions/_rels/taskpanes.xml.rels": (
        ("rId1", f"{MICROSOFT}/2011/relationships/webextension", "webextension1.xml"),
    ),
    "xl/_rels/workbook.xml.rels": (
        ("rId91", f"{RELS}/pivotCacheDefinition", "pivotCache/pivotCacheDefinition1.xml"),
        ("rId92", f"{RELS}/externalLink", "externalLinks/externalLink1.xml"),
        ("rId93", f"{MICROSOFT}/2007/relationships/slicerCache", "slicerCaches/slicerCache1.xml"),
        ("rId94", f"{MICROSOFT}/2017/10/relationships/person", "persons/person.xml"),
    ),
    "xl/externalLinks/_rels/externalLink1.xml.rels": (("rId1", f"{RELS}/externalLinkPath", "file:///C:/上年.xlsx"),),
    "xl/pivotCache/_rels/pivotCacheDefinition1.xml.rels": (
        ("rId1", f"{RELS}/pivotCacheRecords", "pivotCacheRecords1.xml"),
    ),
    "xl/pivotTables/_rels/pivotTable1.xml.rels": (
        ("rId1", f"{RELS}/pivotCacheDefinition", "../pivotCache/pivotCacheDefinition1.xml"),
    ),
    "xl/worksheets/_rels/sheet1.xml.rels": (
        ("rId91", f"{RELS}/printerSettings", "../printerSettings/printerSettings1.bin"),
    ),
    "xl/worksheets/_rels/sheet2.xml.rels": (
        ("rId91", f"{RELS}/pivotTable", "../pivotTables/pivotTable1.xml"),
        ("rId92", f"{MICROSOFT}/2007/relationships/slicer", "../slicers/slicer1.xml"),
    ),
    "xl/worksheets/_rels/sheet3.xml.rels": (
        ("rId1", f"{MICROSOFT}/2017/10/relationships/threadedComment", "../threadedComments/threadedComment1.xml"),
        ("rId2", f"{RELS}/comments", "../comments3.xml"),
        ("rId3", f"{RELS}/vmlDrawing", "../drawings/vmlDrawing9.vml"),
        ("rId4", f"{RELS}/ctrlProp", "../ctrlProps/ctrlProp1.xml"),
    ),
}  # fmt: skip
_PHONETIC = '<si><t>拼音</t><rPh sb="0" eb="2"><t>ぴんいん</t></rPh><phoneticPr fontId="0"/></si>'
# part: what gives way to what
_CHANGES: dict[str, tuple[tuple[str, str], ...]] = {
    "xl/sharedStrings.xml": (("<si><t>拼音</t></si>", _PHONETIC),),
    "xl/workbook.xml": (
        ("</sheets>", '</sheets><externalReferences><externalReference r:id="rId92"/></externalReferences>'),
        ("</workbook>", f"{_PIVOT_CACHES}<extLst>{_CACHES}</extLst></workbook>"),
    ),
    "xl/worksheets/sheet1.xml": (
        ("</x14:conditionalFormattings>", f"{_X14_ICONS}</x14:conditionalFormattings>"),
        ("</extLst></worksheet>", f"{_X14_VALIDATION}</extLst></worksheet>"),
        ("<pageSetup ", '<pageSetup r:id="rId91" '),
    ),
    "xl/worksheets/sheet2.xml": (("</worksheet>", f"<extLst>{_X14_SLICERS}</extLst></worksheet>"),),
    "xl/worksheets/sheet3.xml": (("</worksheet>", f'<legacyDrawing r:id="rId3"/>{_CONTROLS}</worksheet>'),),
    "xl/drawings/drawing1.xml": (("</xdr:wsDr>", f"{_SHAPE}</xdr:wsDr>"),),
}


@cache
def kitchen_sink() -> bytes:
    parts: dict[str, str | bytes] = dict(_base())

    def change(name: str, old: str, new: str) -> None:
        text = parts[name]
        text = text.decode() if isinstance(text, bytes) else text
        assert old in text, f"{name} has no {old}"
        parts[name] = text.replace(old, new, 1).encode()

    for name, (content, kind) in _EXTRA.items():
        parts[name] = content if isinstance(content, bytes) else _x(content)
        if kind:
            change("[Content_Types].xml", "</Types>", f'<Override PartName="/{name}" ContentType="{kind}"/></Types>')
    for name, related in _RELATED.items():
        parts.setdefault(name, _x(f'<Relationships xmlns="{PACKAGE}/relationships"></Relationships>'))
        for rel_id, kind, target in related:
            outside = ' TargetMode="External"' if ":" in target else ""
            new = f'<Relationship Id="{rel_id}" Type="{kind}" Target="{target}"{outside}/>'
            change(name, "</Relationships>", f"{new}</Relationships>")
    for name, changes in _CHANGES.items():
        for old, new in changes:
            change(name, old, new)
    return pack(parts)


@cache
def strict_kitchen_sink() -> bytes:
    """The same in the strict format's namespaces."""
    found: dict[str, str | bytes] = {}
    for name, data in entries(kitchen_sink()).items():
        if name.endswith((".xml", ".rels")):
            data = data.replace(MAIN.encode(), STRICT_MAIN.encode()).replace(RELS.encode(), STRICT_RELS.encode())
            for word in ("drawingml/2006/main", "drawingml/2006/chart", "drawingml/2006/spreadsheetDrawing"):
                kind = word.split("/")
                strict = f"http://purl.oclc.org/ooxml/{kind[0]}/{kind[2]}"
                data = data.replace(f"http://schemas.openxmlformats.org/{word}".encode(), strict.encode())
        found[name] = data
    return pack(found)
