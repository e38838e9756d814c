"""A file of whatever kind -> `Document`. Its content decides what it is; its name only where the content does not."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from xlperf.errors import DocumentError, WorkbookError
from xlperf.labels.blocks import AS_DOCX, AS_XLSX, Document
from xlperf.package.archive import Archive, Damaged
from xlperf.package.budget import Budget, Of
from xlperf.package.opening import read_file
from xlperf.package.parts import CONTENT_TYPES, Parts, main_part

KINDS = ".docx、.xlsx、.xls 或 .txt 文件"
_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PICTURE = "这是图片，读不出其中的文字。请找到原来的 Word 或 Excel 文件，或先用文字识别软件转成 .docx。"
_BEGINNINGS = {
    b"%PDF": f"这是 PDF，从中认不准合并的表格，不予导入。请找到原来的 Word 或 Excel 文件；没有的，{AS_DOCX}",
    b"{\\rtf": f"这是 RTF 文档。{AS_DOCX}",
    b"\x89PNG": _PICTURE,
    b"\xff\xd8\xff": _PICTURE,
    b"GIF8": _PICTURE,
    b"BM": _PICTURE,
    b"II*\0": _PICTURE,
    b"MM\0*": _PICTURE,
    b"Rar!": "这是压缩包，请先解压，再指定其中的文件。",
    b"7z\xbc\xaf": "这是压缩包，请先解压，再指定其中的文件。",
    b"\x1f\x8b": "这是压缩包，请先解压，再指定其中的文件。",
}
_OTHER_PACKAGES = {
    "application/vnd.oasis.opendocument.text": f"这是 OpenDocument 文档（.odt）。{AS_DOCX}",
    "application/vnd.oasis.opendocument.spreadsheet": f"这是 OpenDocument 表格（.ods）。{AS_XLSX}",
}


def read_document(path: Path, tell: Callable[[str], None] | None = None) -> Document:
    """Paragraphs and tables of a report or form; raises `DocumentError` with one sentence for anything else.

    `tell` is called with a sentence now and then where reading takes long, as it does through another program.
    """
    path = Path(path)
    try:
        blob = read_file(path, path.name, KINDS)
        return _reader(blob, path.name, tell)(blob, path.name)
    except WorkbookError as error:
        raise DocumentError(str(error)) from error
    except Damaged as error:
        raise DocumentError(f"{path.name}：文件打不开，{error}。请重新取得这个文件，或修复并另存后再试。") from error
    except (RecursionError, MemoryError) as error:
        raise DocumentError(
            f"{path.name}：文件太大或结构嵌套太深，没有读入。请只留下要导入的内容，另存后再试。"
        ) from error


def _reader(blob: bytes, name: str, tell: Callable[[str], None] | None) -> Callable[[bytes, str], Document]:
    """The reader for what the bytes are; each is imported when it is wanted."""
    if not blob:
        raise DocumentError(f"{name}：文件是空的（0 字节），可能没有保存或下载成功，请重新取得这个文件。")
    if blob.startswith(b"PK"):
        return _package_reader(blob, name)
    if blob.startswith(_OLE2):
        return _compound_reader(blob, name, tell)
    for beginning, sentence in _BEGINNINGS.items():
        if blob.startswith(beginning):
            raise DocumentError(f"{name}：{sentence}")
    from xlperf.intake.readers.plain import read_text

    return read_text


def _package_reader(blob: bytes, name: str) -> Callable[[bytes, str], Document]:
    archive = Archive(blob, name)
    parts = Parts(archive)
    if archive.find("mimetype"):
        kind = archive.read("mimetype").decode("ascii", "replace").strip()
        raise DocumentError(f"{name}：{_OTHER_PACKAGES.get(kind, f'不是能导入的文件，请指定 {KINDS}。')}")
    if not archive.find(CONTENT_TYPES):
        raise DocumentError(f"{name}：这是普通压缩包。请先解压，再指定其中的 {KINDS}。")
    main = main_part(parts)
    if main.startswith("word/") or archive.find("word/document.xml"):
        from xlperf.intake.readers.word import read_word

        return read_word
    if main.endswith("workbook.bin"):
        raise DocumentError(f"{name}：这是二进制工作簿（.xlsb）。{AS_XLSX}")
    if main.startswith("xl/") or archive.find("xl/workbook.xml"):
        from xlperf.workbook.sheets import read_sheets

        return read_sheets
    if main.startswith("ppt/"):
        raise DocumentError(f"{name}：这是演示文稿（.pptx），不是报告或报表。请指定 {KINDS}。")
    raise DocumentError(f"{name}：不是能导入的文件。请指定 {KINDS}。")


def _compound_reader(blob: bytes, name: str, tell: Callable[[str], None] | None) -> Callable[[bytes, str], Document]:
    """The older formats share one container and are told apart by what is in it."""

    def has(stream: str) -> bool:
        return stream.encode("utf-16-le") + b"\0\0" in blob

    suffix = Path(name).suffix.lower()
    if has("EncryptedPackage") or has("EncryptionInfo"):
        raise DocumentError(f"{name}：文件设有打开密码。请打开它，去掉密码（文件－信息－保护），保存后再导入。")
    if suffix == ".wps":
        raise DocumentError(f"{name}：这是 WPS 文字文件（.wps）。{AS_DOCX}")
    if suffix == ".et":
        raise DocumentError(f"{name}：这是 WPS 表格文件（.et）。{AS_XLSX}")
    if has("WordDocument"):
        from xlperf.intake.readers.office import read_old_word

        return partial(read_old_word, tell=tell)
    if has("Workbook") or has("Book"):
        Budget(name).spend(Of.DOCUMENT_BYTES, len(blob))  # it is read as a whole
        from xlperf.intake.readers.oldsheets import read_old_sheets

        return read_old_sheets
    raise DocumentError(f"{name}：认不出这是什么文件。是文档的，{AS_DOCX}是表格的，{AS_XLSX}")
