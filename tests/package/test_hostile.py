"""Everything that is not a sound workbook ends in one Chinese sentence, whatever it is."""

from __future__ import annotations

import io
import os
import struct
import warnings
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest

from tests.package.books import book, pack, parts, sheet
from xlperf.errors import WorkbookError, XlperfError
from xlperf.package import Ref, Workbook

OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
GOOD = book(sheet('<row r="1"><c r="A1"><v>1</v></c></row>'))


def touch_everything(blob: bytes) -> None:
    workbook = Workbook.open(blob)
    for title in workbook.sheets:
        for cell in workbook.cells(title).values():
            workbook.number_format(cell)
        workbook.notes(title)
        workbook.write(title, Ref(2, 2), Decimal(1), number_format="0.0%")
        workbook.set_highlights(title, "t", {"FF0000": [Ref(1, 1)]})
        workbook.set_notes(title, "t", {Ref(1, 1): "x"})
        workbook.set_links(title, {Ref(1, 1): "A1"})
    workbook.to_bytes()


@pytest.mark.parametrize(
    ("name", "blob", "words"),
    [
        ("a.xlsx", b"", "空的"),
        ("a.xlsx", OLE2 + "EncryptedPackage".encode("utf-16-le"), "打开密码"),
        ("a.xls", OLE2 + "Workbook".encode("utf-16-le"), "另存为"),
        ("a.et", OLE2, r"WPS 表格文件（\.et）"),
        ("a.wps", OLE2, "文字文档"),
        ("a.xlsx", b"<html><table>", "网页"),
        ("a.xlsx", "姓名,金额\n".encode("gbk"), "不是 .xlsx 工作簿"),
        ("a.xlsx", b"<?xml version='1.0'?><Workbook/>", "XML"),
        ("a.ods", pack({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}), "OpenDocument"),
        ("a.docx", pack({"[Content_Types].xml": "", "word/document.xml": ""}), "Word"),
        ("a.pptx", pack({"ppt/presentation.xml": ""}), "演示文稿"),
        ("a.xlsb", pack({"[Content_Types].xml": "", "xl/workbook.bin": ""}), "二进制"),
        ("a.zip", pack({"a.txt": "x"}), "普通压缩包"),
        ("a.xlsx", GOOD[:-30], "不完整"),
        ("a.xlsx", GOOD[:200], "不完整"),
        ("a.xlsx", b"PK\3\4", "不完整"),
        ("a.xlsx", pack({"[Content_Types].xml": "<Types/>"}), "缺少 xl/workbook.xml"),
        ("a.xlsx", pack({"../evil": "", **parts(sheet())}), "越界"),
        ("a.xlsx", pack({"/etc/passwd": "", **parts(sheet())}), "越界"),
        ("a.xlsx", pack({"XL/Workbook.xml": "", **parts(sheet())}), "同名"),
        ("a.xlsx", pack(dict.fromkeys(map(str, range(10_001)), "")), "超过上限"),
    ],
)
def test_other_things_are_explained(name: str, blob: bytes, words: str) -> None:
    with pytest.raises(WorkbookError, match=words) as caught:
        Workbook.open(blob, name)
    assert str(caught.value).startswith(f"{name}：")


def test_places_without_a_file(tmp_path: Path) -> None:
    with pytest.raises(WorkbookError, match="文件夹"):
        Workbook.open(tmp_path)
    with pytest.raises(WorkbookError, match="找不到"):
        Workbook.open(tmp_path / "无.xlsx")
    os.mkfifo(tmp_path / "pipe.xlsx")
    with pytest.raises(WorkbookError, match="不是普通文件"):
        Workbook.open(tmp_path / "pipe.xlsx")
    with pytest.raises(WorkbookError):
        Workbook.open(Path("a\0b"))
    with pytest.raises(WorkbookError):
        Workbook.open(tmp_path / ("x" * 300))


ENTITY = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE x SYSTEM "file:///etc/passwd">'


@pytest.mark.parametrize("declaration", [ENTITY, OUTSIDE])
@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml", "_rels/.rels"])
def test_declarations_are_refused(declaration: str, part: str) -> None:
    content = parts(sheet('<row r="1"><c r="A1"><v>1</v></c></row>'))
    content[part] = declaration + str(content[part])
    with pytest.raises(WorkbookError, match="DOCTYPE"):
        touch_everything(pack(content))


def test_bombs_are_not_unpacked() -> None:
    bomb = b" " * (300 << 20)
    content = parts(sheet(), extra={"xl/media/image1.png": bomb})
    blob = pack(content)
    touch_everything(blob)  # never read, so never unpacked
    content["xl/worksheets/sheet1.xml"] = bomb
    del content["xl/media/image1.png"]
    with pytest.raises(WorkbookError, match="压缩炸弹"):
        touch_everything(pack(content))


def lie(blob: bytes, name: str, offset: int, value: int) -> bytes:
    """Change a number in the directory record of one entry."""
    data = bytearray(blob)
    at = data.rfind(name.encode()) - 46
    assert data[at : at + 4] == b"PK\1\2"
    struct.pack_into("<L", data, at + offset, value)
    return bytes(data)


@pytest.mark.parametrize(
    ("offset", "value"),
    [(24, 10), (24, 3 << 30), (24, 1 << 30), (20, 5), (20, 0xFFFFFF), (16, 1), (42, 0), (42, 1 << 30)],
)
def test_directories_that_lie(offset: int, value: int) -> None:
    with pytest.raises(WorkbookError):
        touch_everything(lie(GOOD, "xl/worksheets/sheet1.xml", offset, value))


def test_duplicate_entries() -> None:
    buffer = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(buffer, "w") as archive:
        warnings.simplefilter("ignore")
        archive.writestr("[Content_Types].xml", "")
        archive.writestr("[Content_Types].xml", "")
    with pytest.raises(WorkbookError, match="同名"):
        Workbook.open(buffer.getvalue())


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("xl/workbook.xml", "<workbook/>"),
        ("xl/workbook.xml", "<workbook><sheets><sheet name='表' r:id='rId99'/></sheets></workbook>"),
        ("xl/workbook.xml", b"\xff\xfe\x00"),
        ("xl/workbook.xml", '<?xml version="1.0" encoding="zlib_codec"?><workbook/>'),
        ("xl/_rels/workbook.xml.rels", "<Relationships>"),
        ("xl/styles.xml", "<styleSheet><cellXfs><xf numFmtId='x'/></cellXfs></styleSheet>"),
        ("xl/styles.xml", "<styleSheet/>"),
        ("xl/worksheets/sheet1.xml", ""),
        ("xl/worksheets/sheet1.xml", "<worksheet/>"),
        ("xl/worksheets/sheet1.xml", "<chartsheet/>"),
        ("xl/worksheets/sheet1.xml", "<html/>"),
        ("xl/worksheets/sheet1.xml", sheet("<row r='0'/>")),
        ("xl/worksheets/sheet1.xml", sheet("<row r='1048577'/>")),
        ("xl/worksheets/sheet1.xml", sheet("<row r='x'/>")),
        ("xl/worksheets/sheet1.xml", sheet("<row r='" + "9" * 5000 + "'/>")),
        ("xl/worksheets/sheet1.xml", sheet(tail="<mergeCells><mergeCell ref='x'/></mergeCells>")),
        ("xl/worksheets/sheet1.xml", sheet(head="<cols><col min='1' max='99999999999' hidden='1' style='1'/></cols>")),
        ("xl/worksheets/sheet1.xml", sheet(tail="<a>" * 5000 + "</a>" * 5000)),
        ("xl/worksheets/sheet1.xml", sheet(tail="<a/>" * 600_000)),
        ("xl/sharedStrings.xml", "<sst><si>"),
        ("[Content_Types].xml", "<"),
    ],
)
def test_parts_that_are_wrong(part: str, content: str | bytes) -> None:
    wanted = parts(sheet('<row r="1"><c r="A1" t="s"><v>0</v></c></row>'), strings="<si><t>x</t></si>")
    wanted[part] = content
    try:
        touch_everything(pack(wanted))
    except XlperfError as error:
        assert str(error).startswith("工作簿")


def test_array_formulas_without_end_are_refused() -> None:
    cells = "".join(f'<row r="{r}"><c r="A{r}"><v>1</v></c></row>' for r in range(2, 30_000))
    array = "".join(f'<c><f t="array" ref="A1:XFD1048576">{n}</f></c>' for n in range(3000))
    with pytest.raises(WorkbookError, match="数组公式过多"):
        Workbook.open(book(sheet(f'<row r="1">{array}</row>{cells}'))).cells("表")


def test_many_stray_rows_are_read_and_patched() -> None:
    rows = "".join(f'<row r="{r}" s="1" customFormat="1"><c r="A{r}" s="1"/></row>' for r in range(1, 100_001))
    workbook = Workbook.open(book(sheet(rows)))
    assert not workbook.cells("表")
    workbook.write("表", Ref(99_999, 1), Decimal(1))
    workbook.set_highlights("表", "t", {"FF0000": [Ref(1, 1)]})
    assert list(Workbook.open(workbook.to_bytes()).cells("表")) == [Ref(99_999, 1)]
