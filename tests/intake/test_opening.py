"""What is no report or form, and what is broken: one Chinese sentence each, never a traceback."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import docx
import pytest

from tests.hosts.libreoffice import Office
from tests.intake.forms import sheet_form, word_form
from tests.package.books import entries, pack, parts, sheet
from xlperf.errors import DocumentError
from xlperf.intake.readers.opening import read_document
from xlperf.package import libreoffice as converting
from xlperf.package.budget import Of

OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def compound(*streams: str) -> bytes:
    """As much of the old container as is looked at before a reader is chosen."""
    return OLE2 + b"\0" * 504 + b"".join(name.encode("utf-16-le").ljust(64, b"\0") for name in streams)


def word(**changed: str | bytes) -> bytes:
    buffer = io.BytesIO()
    document = docx.Document()
    document.add_paragraph("正文")
    document.save(buffer)
    return pack(dict(entries(buffer.getvalue())) | changed)


def bomb() -> bytes:
    """100 MB of blanks in a document of 100 KB."""
    return word(**{"word/document.xml": b"<a>" + b" " * (100 << 20) + b"</a>"})


def locked_by_a_packer(blob: bytes) -> bytes:
    """The flag of a password on every entry."""
    data = bytearray(blob)
    for magic, at in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        place = data.find(magic)
        while place >= 0:
            data[place + at] |= 1
            place = data.find(magic, place + 4)
    return bytes(data)


def slides() -> bytes:
    content: dict[str, str | bytes] = dict(entries(word()))
    rels = entries(word())["_rels/.rels"].replace(b"word/document.xml", b"ppt/presentation.xml")
    content["ppt/presentation.xml"] = content.pop("word/document.xml")
    return pack(content | {"_rels/.rels": rels})


def binary_workbook() -> bytes:
    content = parts(sheet())
    rels = str(content["_rels/.rels"]).replace("workbook.xml", "workbook.bin")
    del content["xl/workbook.xml"]
    return pack(content | {"_rels/.rels": rels, "xl/workbook.bin": b""})


DOCTYPE = (
    b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>'
    b'<w:document xmlns:w="urn:w"><w:body>&b;</w:body></w:document>'
)
OPEN = "application/vnd.oasis.opendocument"
DEEP = b'<w:document xmlns:w="urn:w"><w:body>' + b"<w:sdt>" * 5000 + b"</w:sdt>" * 5000 + b"</w:body></w:document>"

HOSTILE: dict[str, tuple[str, bytes | None, str]] = {
    "missing": ("没有.docx", None, "找不到这个文件"),
    "empty": ("报告.docx", b"", "空的（0 字节）"),
    "a PDF": ("报告.pdf", b"%PDF-1.7\n", "这是 PDF.*另存为“Word 文档（.docx）”"),
    "a PDF under another name": ("报告.docx", b"%PDF-1.7\n", "这是 PDF"),
    "RTF": ("报告.doc", rb"{\rtf1\ansi }", "这是 RTF 文档"),
    "a picture": ("报告.png", b"\x89PNG\r\n\x1a\n", "这是图片"),
    "a packed folder": ("报告.zip", pack({"报告.docx": b""}), "普通压缩包。请先解压"),
    "another packer": ("报告.rar", b"Rar!\x1a\x07", "先解压"),
    "slides": ("报告.pptx", slides(), "演示文稿"),
    "OpenDocument text": ("报告.odt", pack({"mimetype": f"{OPEN}.text"}), "OpenDocument 文档"),
    "OpenDocument sheets": ("表.ods", pack({"mimetype": f"{OPEN}.spreadsheet"}), "（.ods）"),
    "with a password": ("报告.docx", compound("EncryptionInfo", "EncryptedPackage"), "打开密码"),
    "a workbook with a password": ("表.xlsx", compound("EncryptionInfo", "EncryptedPackage"), "打开密码"),
    "WPS text": ("报告.wps", compound("WordDocument"), "WPS 文字文件（.wps）.*另存为"),
    "WPS sheets": ("表.et", compound("Workbook"), "WPS 表格文件（.et）.*另存为"),
    "an unknown old file": ("报告.msg", compound("__properties"), "认不出"),
    "a broken old workbook": ("表.xls", compound("Workbook"), "已损坏"),
    "a cut old workbook": ("表.xls", OLE2 + b"\0" * 40 + "Workbook".encode("utf-16-le") + b"\0\0", "已损坏"),
    "cut": ("报告.docx", word()[:-200], "不完整"),
    "cut in the middle": ("报告.docx", word()[:5000], "不完整"),
    "a flipped bit": ("报告.docx", word().replace(b"word/document.xml", b"word/documen\x00.xml", 1), "不符|损坏|越界"),
    "locked by a packer": ("报告.docx", locked_by_a_packer(word()), "加了密码"),
    "no text in it": ("报告.docx", word(**{"word/document.xml": b""}), "已损坏"),
    "broken XML": ("报告.docx", word(**{"word/document.xml": b"<w:document><w:body>"}), "已损坏"),
    "another XML": ("报告.docx", word(**{"word/document.xml": b"<a/>"}), "已损坏"),
    "a foreign entity": ("报告.docx", word(**{"word/document.xml": DOCTYPE}), "DOCTYPE"),
    "deeper than any form": ("报告.docx", word(**{"word/document.xml": DEEP}), "已损坏|嵌套太深"),
    "a bomb": ("报告.docx", bomb(), "超过上限 64 MB|压缩炸弹"),
    "a broken workbook": ("表.xlsx", pack(parts("<worksheet>")), "损坏"),
    "a binary workbook": ("表.xlsb", binary_workbook(), "（.xlsb）"),
    "a workbook with an entity": ("表.xlsx", pack(parts('<!DOCTYPE a [<!ENTITY b "c">]>' + sheet())), "DOCTYPE"),
}  # fmt: skip


@pytest.mark.parametrize("case", HOSTILE)
def test_one_sentence(case: str, tmp_path: Path) -> None:
    name, content, says = HOSTILE[case]
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(DocumentError, match=says) as caught:
        read_document(path)
    message = str(caught.value)
    assert message.startswith(name)
    assert message.endswith("。")
    assert "\n" not in message


def test_a_folder(tmp_path: Path) -> None:
    (tmp_path / "报送").mkdir()
    with pytest.raises(DocumentError, match=r"这是一个文件夹，请指定其中的 .docx、.xlsx、.xls 或 .txt 文件"):
        read_document(tmp_path / "报送")


def test_content_decides_not_the_name(office: Office, tmp_path: Path) -> None:
    document = word_form(tmp_path / "报告.txt")
    assert read_document(document).blocks == read_document(word_form(tmp_path / "报告.docx")).blocks
    book = office.convert([sheet_form(tmp_path / "表.xlsx")], "xls", tmp_path / "old")[0]
    assert read_document(book.rename(tmp_path / "表2.xlsx")).blocks == read_document(tmp_path / "表.xlsx").blocks


def test_a_bomb_is_never_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "报告.docx"
    path.write_bytes(bomb())
    assert path.stat().st_size < 1 << 20
    code = (
        "import resource; resource.setrlimit(resource.RLIMIT_AS, (300 << 20, 300 << 20))\n"
        "import sys; from pathlib import Path; from xlperf.errors import DocumentError\n"
        "from xlperf.intake.readers.opening import read_document\n"
        "try: read_document(Path(sys.argv[1]))\nexcept DocumentError: print('refused')"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("refused\n", "")


def test_a_giant_old_workbook_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Of.DOCUMENT_BYTES, "most", 100)
    path = tmp_path / "表.xls"
    path.write_bytes(compound("Workbook"))
    with pytest.raises(DocumentError, match="要读的内容太大"):
        read_document(path)


def test_old_word_without_libreoffice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    path = tmp_path / "报告.doc"
    path.write_bytes(compound("WordDocument"))
    with pytest.raises(DocumentError, match="没有 LibreOffice 可以转换。请用 Word 或 WPS 打开它，另存为"):
        read_document(path)


def _is_gone(process: int) -> bool:
    """A killed process may be seen for a moment still."""
    time.sleep(0.05)
    stat = Path(f"/proc/{process}/stat")
    return not stat.exists() or stat.read_text().split()[2] == "Z"


@pytest.mark.skipif(os.name == "nt", reason="a shell script stands in for LibreOffice")
def test_libreoffice_that_never_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "soffice"
    program.write_text(f"#!/bin/sh\n/bin/sleep 60 &\necho $! > {tmp_path}/child\nwait\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(converting, "SECONDS", 1)
    path = tmp_path / "报告.doc"
    path.write_bytes(compound("WordDocument"))
    with pytest.raises(DocumentError, match="用了 1 秒还没有完成"):
        read_document(path)
    child = int((tmp_path / "child").read_text())
    assert any(_is_gone(child) for _ in range(200)), "what LibreOffice had started goes on without it"


def test_old_word_that_libreoffice_cannot_open(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "报告.doc"
    path.write_bytes(compound("WordDocument"))
    with pytest.raises(DocumentError, match=r"LibreOffice 打不开它|文档里没有文字"):
        read_document(path)


def test_nothing_heavy_is_imported_before_it_is_wanted(tmp_path: Path) -> None:
    """Text, .xlsx and .docx need no compiled library at all."""
    text, book, report = tmp_path / "报告.txt", sheet_form(tmp_path / "表.xlsx"), tmp_path / "报告.docx"
    text.write_text("正文", "utf-8")
    report.write_bytes(word())
    code = (
        "import sys; from pathlib import Path; from xlperf.intake.readers.opening import read_document\n"
        "for path in sys.argv[1:]: read_document(Path(path))\n"
        "heavy = ('docx', 'lxml', 'openpyxl', 'python_calamine', 'xlrd', 'subprocess')\n"
        "print([name for name in heavy if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(text), str(book), str(report)], capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("[]\n", "")


def test_entries_that_are_not_packed(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, data in entries(word()).items():
            archive.writestr(name, data)
    path = tmp_path / "报告.docx"
    path.write_bytes(buffer.getvalue())
    assert read_document(path).blocks[0].place == "第1段"
