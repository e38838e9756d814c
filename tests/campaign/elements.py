"""Damage to the elements and attributes of a part: well formed still, and seldom what the schema says."""

from __future__ import annotations

import copy
import random
from typing import Any

from lxml import etree

from tests.campaign.texts import xml_text
from tests.package.books import entries, pack

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_WORD = (
    "p r t tc tr tbl tblGrid gridCol tcPr pPr rPr trPr sdt sdtContent ins del moveFrom moveTo smartTag customXml "
    "vMerge hMerge gridSpan gridBefore cellDel hidden txbxContent fldChar fldSimple instrText sym br tab strike vanish "
    "vertAlign pStyle rStyle numPr altChunk sup den hyperlink footnoteReference commentRangeStart object drawing"
).split()
_SHEET = (
    "c v f is t r rPh rPr row sheetData cols col mergeCell mergeCells hyperlink hyperlinks conditionalFormatting "
    "cfRule formula dataValidation legacyDrawing sheetProtection dimension sheetView si xf cellXfs numFmt "
    "dxf sheet sheets definedName definedNames calcPr workbookPr font fill border extLst ext"
).split()
_ATTRIBUTES = (
    "r s t ref si min max hidden val type fldCharType sqref id name sheetId localSheetId count numFmtId formatCode"
).split()
_VALUES = (
    "", "0", "1", "-1", "２", "9" * 12, "9" * 400, "1e999", "NaN", "true", "restart", "continue", "superscript",
    "begin",
    "separate", "end", "Normal", "A1", "A0", "XFE1", "A1:XFD1048576", "B2:A1", "A1 B2", "$A$1", "#REF!", "array",
    "shared", "s", "e",
    "b", "d", "inlineStr", "n", "rId1", "rId99", "../../../etc/passwd", "http://127.0.0.1/x", "veryHidden", "[" * 300,
    "\\a" * 40,
)  # fmt: skip
_TIMES = (2, 3, 50, 2000)
_TEXTS = ("38¹", "①", "2021年部门整体支出绩效自评表", "评价年度：一九", "三级指标", "得分", "决算数", "１２", "-", "")
_PARSER = etree.XMLParser(resolve_entities=False, huge_tree=True)


def in_elements(blob: bytes, chance: random.Random) -> bytes:
    """Some changes in one part; in half the cases in the one that matters most."""
    content: dict[str, str | bytes] = dict(entries(blob))
    names = [name for name in content if name.endswith((".xml", ".rels", ".vml"))]
    main = [name for name in names if "/worksheets/sheet" in name or name.endswith(("/document.xml", "/workbook.xml"))]
    name = chance.choice(main if main and chance.random() < 0.5 else names)
    data = content[name]
    assert isinstance(data, bytes)
    try:
        root = etree.fromstring(data, _PARSER)
    except etree.XMLSyntaxError:  # pictures in VML need not be well formed
        return blob
    for _ in range(chance.choice((1, 1, 2, 4, 10))):
        _change(root, chance, W if name.startswith("word/") else _S)
    return pack(content | {name: etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)})


def _change(root: Any, chance: random.Random, space: str) -> None:
    nodes = [node for node in root.iter() if isinstance(node.tag, str) and node is not root]
    if not nodes:
        return
    node, other = chance.choice(nodes), chance.choice(nodes)
    parent, kind = node.getparent(), space + chance.choice(_WORD if space == W else _SHEET)
    match chance.randrange(12):
        case 0:
            parent.remove(node)
        case 1:
            node[:] = []
        case 2:
            node.tag = kind
        case 3:
            around = etree.Element(kind)
            node.addprevious(around)
            around.append(node)
        case 4:
            node.append(copy.deepcopy(node) if chance.random() < 0.5 else copy.deepcopy(other))
        case 5:
            _repeat(node, chance)
        case 6:
            node.attrib.update(dict(other.attrib))
        case 7 if node.attrib:
            del node.attrib[chance.choice(list(node.attrib))]
        case 8 if node.attrib:
            node.set(chance.choice(list(node.attrib)), chance.choice(_VALUES))
        case 9:
            child = etree.SubElement(node, kind)
            child.set((space if space == W else "") + chance.choice(_ATTRIBUTES), chance.choice(_VALUES))
        case 10 if node not in list(other.iterancestors()):
            other.addnext(copy.deepcopy(node))
            parent.remove(node)
        case _:
            node.text = chance.choice(_TEXTS) if chance.random() < 0.3 else xml_text(chance)


def _repeat(node: Any, chance: random.Random) -> None:
    """So many that it matters, and not so many that making the file takes longer than reading it."""
    inside = sum(1 for _ in node.iter())
    times = next((times for times in reversed(_TIMES[: chance.randint(1, 4)]) if times * inside < 40_000), 1)
    for _ in range(times):
        node.addnext(copy.deepcopy(node))


def in_words(blob: bytes, chance: random.Random) -> bytes:
    """Other texts in a Word document, nothing else."""
    content: dict[str, str | bytes] = dict(entries(blob))
    data = content["word/document.xml"]
    assert isinstance(data, bytes)
    root = etree.fromstring(data, _PARSER)
    texts = list(root.iter(W + "t"))
    for node in chance.sample(texts, min(len(texts), chance.choice((1, 3, 10)))):
        node.text = xml_text(chance)
    return pack(content | {"word/document.xml": etree.tostring(root)})
