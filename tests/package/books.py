"""Workbooks made by hand, so that the tests decide about every byte."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_MAIN = "http://purl.oclc.org/ooxml/spreadsheetml/main"
STRICT_RELS = "http://purl.oclc.org/ooxml/officeDocument/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"

STYLES = (
    f'<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="170" formatCode="0.0000"/></numFmts>'
    '<fonts count="1"><font><sz val="11"/><name val="宋体"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/>'
    '</fill></fills><borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="10" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="170" fontId="0" fillId="0" borderId="0" xfId="0"><alignment horizontal="center"/></xf></cellXfs>'
    "</styleSheet>"
)


def sheet(rows: str = "", *, head: str = "", tail: str = "") -> str:
    return f'<worksheet xmlns="{MAIN}" xmlns:r="{RELS}">{head}<sheetData>{rows}</sheetData>{tail}</worksheet>'


def parts(
    sheet_xml: str | bytes,
    *,
    workbook_tail: str = "",
    strings: str = "",
    extra: Mapping[str, str | bytes] | None = None,
    overrides: str = "",
    workbook_rels: str = "",
    prefix_state: str = "",
) -> dict[str, str | bytes]:
    """The parts of a workbook with the sheets 表 and 乙."""
    second = sheet('<row r="1"><c r="A1"><v>7</v></c></row>')
    found: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{TYPE}.worksheet+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet2.xml" ContentType="{TYPE}.worksheet+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{TYPE}.styles+xml"/>'
        f'<Override PartName="/xl/sharedStrings.xml" ContentType="{TYPE}.sharedStrings+xml"/>'
        f"{overrides}</Types>",
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{RELS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELS}"><sheets>'
        f'<sheet name="表" sheetId="1" {prefix_state} r:id="rId2"/><sheet name="乙" sheetId="2" r:id="rId1"/>'
        f"</sheets>{workbook_tail}</workbook>",
        # Not in the order of the tabs, absolute and with a backslash: all of it occurs.
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{RELS}/worksheet" Target="worksheets\\sheet2.xml"/>'
        f'<Relationship Id="rId2" Type="{RELS}/worksheet" Target="/xl/worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId3" Type="{RELS}/styles" Target="styles.xml"/>'
        f'<Relationship Id="rId4" Type="{RELS}/sharedStrings" Target="sharedStrings.xml"/>'
        f"{workbook_rels}</Relationships>",
        "xl/worksheets/sheet1.xml": sheet_xml,
        "xl/worksheets/sheet2.xml": second,
        "xl/styles.xml": STYLES,
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{strings}</sst>',
    }
    return found | dict(extra or {})


def pack(content: Mapping[str, str | bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in content.items():
            info = zipfile.ZipInfo(name, (2023, 4, 5, 6, 7, 8))
            info.compress_type = method
            info.external_attr = 0o644 << 16
            archive.writestr(info, data)
    return buffer.getvalue()


def book(sheet_xml: str | bytes = "", **options: object) -> bytes:
    return pack(parts(sheet_xml or sheet(), **options))  # type: ignore[arg-type]


def entries(blob: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(blob)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def raw_entries(blob: bytes) -> dict[str, tuple[bytes, object]]:
    """Compressed bytes and the directory's word about every entry (a zip64 field holds its offset)."""
    found: dict[str, tuple[bytes, object]] = {}
    with zipfile.ZipFile(io.BytesIO(blob)) as archive:
        for info in archive.infolist():
            at = info.header_offset
            start = at + 30 + int.from_bytes(blob[at + 26 : at + 28], "little")
            start += int.from_bytes(blob[at + 28 : at + 30], "little")
            about = (info.date_time, info.CRC, info.flag_bits, len(info.extra), info.external_attr, info.comment)
            found[info.filename] = (blob[start : start + info.compress_size], about)
    return found


def changed(before: bytes, after: bytes) -> set[str]:
    """Names of entries that are not the same raw bytes; order is checked on the way."""
    old, new = raw_entries(before), raw_entries(after)
    assert [name for name in new if name in old] == [name for name in old if name in new]
    return {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)}


def sheet1(blob: bytes) -> str:
    return entries(blob)["xl/worksheets/sheet1.xml"].decode()
