"""Sound workbooks with odd cells: what people, other programs and other years put where a form wants a figure."""

from __future__ import annotations

import copy
import random
import re
from typing import Any

from lxml import etree

from tests.campaign.texts import xml_text
from tests.package.books import MAIN, entries, pack

_S = f"{{{MAIN}}}"
_ERRORS = ("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#怪!", "")
_NUMBERS = (
    "0", "-0", "0.1", "-1", "5", "99.995", "100", "100.004999999999", "1e-300", "1e15", "1E+20", "123456789012345678",
    "1.7976931348623157e308",
    "-1e308", "1e999", "NaN", "INF", "", " 5 ", "４", "0x10", "45291", "-45291", "2958466", "60",
    "0.30000000000000004", "5,0",
)  # fmt: skip
_FORMULAS = (
    "1/0", "1+1", "{at}", "{at}+1", "SUM(A:XFD)", "SUM(A1:A1048576)", 'INDIRECT("A1")', "[1]Sheet1!A1",
    "'[预算.xlsx]表'!A1",
    "PERF_SCORE(A1:B9)", "#REF!", "#REF!+1", "NOW()", "IF(" * 64 + "1" + ")" * 64, "'不在'!A1", "A1:B2*C1:D2",
    "ROUND(1,2", "",
    "=1", "_xlfn.LET(_xlpm.x,1,_xlpm.x)", '"' + "甲" * 300 + '"', "+".join(["A1"] * 2000), "1=1", '"98%"',
)  # fmt: skip
_FORMATS = (
    "0", "0.00%", "@", ";;;", "0.0,", '0"万元"', "yyyy-mm-dd", "[$-804]yyyy年m月", "[红色]0.00", "General",
    "#,##0.00_);(#,##0.00)", "[>100]0;0.0",
    "[h]:mm", "0.00E+00", "# ?/?", '"', "[", "\\", "0" * 400, "[DBNum2]0", '""', "_", "*", "0;-0;;@", "y" * 300,
    "G/通用格式",
)  # fmt: skip


def in_cells(blob: bytes, chance: random.Random) -> bytes:
    content: dict[str, str | bytes] = dict(entries(blob))
    sheets = sorted(name for name in content if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", name))
    if not sheets:
        return blob
    for _ in range(chance.choice((1, 1, 2, 5, 20))):
        name = chance.choice(sheets)
        kind = chance.randrange(24)
        if kind == 0:
            name, data = "xl/workbook.xml", _workbook(content["xl/workbook.xml"], chance)
        elif kind == 1 and "xl/styles.xml" in content:
            name, data = "xl/styles.xml", _formats(content["xl/styles.xml"], chance)
        else:
            data = _sheet(content[name], chance, kind)
        content[name] = data
    return pack(content)


def _bytes(data: str | bytes) -> bytes:
    return data if isinstance(data, bytes) else data.encode()


def _written(root: Any) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _workbook(data: str | bytes, chance: random.Random) -> bytes:
    root = etree.fromstring(_bytes(data))
    sheets, names = list(root.iter(_S + "sheet")), list(root.iter(_S + "definedName"))
    match chance.randrange(6):
        case 0:
            properties = root.find(_S + "workbookPr")
            if properties is None:
                properties = etree.Element(_S + "workbookPr")
                root.insert(0, properties)
            properties.set("date1904", "1")
        case 1:
            chance.choice(sheets).set("state", chance.choice(("hidden", "veryHidden")))
        case 2:
            chance.choice(sheets).set(
                "name", chance.choice(("表", "Sheet1", "自评表 (2)", "a'b", "x" * 31, "审核结果"))
            )
        case 3 if names:
            name = chance.choice(names)
            name.text = chance.choice(
                (name.text, "#REF!", "自评表!$A$1", "自评表!$A$1:$I$40", "1", "A1,B2", "不在!$A$1")
            )
            name.set("localSheetId", "0") if chance.random() < 0.3 else None
        case 4 if names:
            name = chance.choice(names)
            name.getparent().remove(name)
        case _ if len(names) > 1:
            one, two = chance.sample(names, 2)
            one.text, two.text = two.text, one.text
    return _written(root)


def _formats(data: str | bytes, chance: random.Random) -> bytes:
    root = etree.fromstring(_bytes(data))
    formats = list(root.iter(_S + "numFmt"))
    for each in chance.sample(formats, min(len(formats), 3)):
        each.set("formatCode", chance.choice(_FORMATS))
    styles = list(root.iter(_S + "xf"))
    for each in chance.sample(styles, min(len(styles), 3)):
        each.set("numFmtId", chance.choice(("0", "9", "14", "22", "49", "31", "164", "999")))
    return _written(root)


def _sheet(data: str | bytes, chance: random.Random, kind: int) -> bytes:
    root = etree.fromstring(_bytes(data))
    rows, cells = list(root.iter(_S + "row")), list(root.iter(_S + "c"))
    if not cells:
        return _bytes(data)
    if kind in (2, 3):
        _row(chance.choice(rows), chance)
    elif kind == 4:
        _merge(root, chance, cells)
    elif kind == 5:
        _columns(root, chance)
    elif kind == 6 and len(cells) > 1:
        one, two = chance.sample(cells, 2)
        one[:], two[:] = list(two), list(one)
        one.attrib["t"], two.attrib["t"] = two.get("t", "n"), one.get("t", "n")
    else:
        filled = [cell for cell in cells if len(cell)]
        _cell(chance.choice(filled if filled and chance.random() < 0.8 else cells), chance)
    return _written(root)


def _row(row: Any, chance: random.Random) -> None:
    match chance.randrange(4):
        case 0:
            row.set("hidden", "1")
        case 1:
            row.getparent().remove(row)
        case 2:
            row[:] = []
        case _:  # its cells under another number, twice
            again = copy.deepcopy(row)
            row.addnext(again)


def _merge(root: Any, chance: random.Random, cells: list[Any]) -> None:
    area = root.find(_S + "mergeCells")
    if area is None:
        area = etree.Element(_S + "mergeCells")
        root.find(_S + "sheetData").addnext(area)
    if len(area) and chance.random() < 0.5:
        area.remove(chance.choice(list(area)))
        return
    one = chance.choice(cells).get("r", "A1")
    two = chance.choice((chance.choice(cells).get("r", "B2"), one, "XFD1048576"))
    etree.SubElement(area, _S + "mergeCell").set("ref", f"{one}:{two}")


def _columns(root: Any, chance: random.Random) -> None:
    for column in root.iter(_S + "col"):
        if chance.random() < 0.3:
            column.set(chance.choice(("hidden", "style")), "1")


def _cell(cell: Any, chance: random.Random) -> None:
    at = cell.get("r", "A1")
    match chance.randrange(9):
        case 0:
            _put(cell, "e", chance.choice(_ERRORS), chance.choice((None, *_FORMULAS)))
        case 1:
            _put(cell, "b", chance.choice("01"), None)
        case 2 | 3:
            _put(cell, None, chance.choice(_NUMBERS), chance.choice((None, None, *_FORMULAS[:4])))
        case 4 | 5:
            cell[:] = []
            cell.set("t", "inlineStr")
            etree.SubElement(etree.SubElement(cell, _S + "is"), _S + "t").text = xml_text(chance)
        case 6:
            _put(cell, chance.choice((None, "str")), chance.choice(_NUMBERS), chance.choice(_FORMULAS).format(at=at))
        case 7:
            _put(cell, None, "1", chance.choice(_FORMULAS).format(at=at))
            kind = chance.choice(("array", "shared"))
            cell[0].set("t", kind)
            cell[0].set("ref", chance.choice((at, f"{at}:{at}", "A1:B9", "A1:XFD1048576", "x")))
            if kind == "shared":
                cell[0].set("si", chance.choice(("0", "7", "99999", "x")))
        case _:
            _put(
                cell,
                chance.choice(("d", "s", "n", "z")),
                chance.choice(("2023-12-31", "0", "99999", "-1", "1.5")),
                None,
            )
            cell.set("s", chance.choice(("0", "1", "5", "99999", "-1")))


def _put(cell: Any, kind: str | None, value: str, formula: str | None) -> None:
    cell[:] = []
    cell.attrib.pop("t", None)
    if kind:
        cell.set("t", kind)
    if formula is not None:
        etree.SubElement(cell, _S + "f").text = formula
    etree.SubElement(cell, _S + "v").text = value
