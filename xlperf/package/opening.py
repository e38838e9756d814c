"""What was handed to us: an .xlsx package, or something else that deserves a sentence of its own."""

from __future__ import annotations

import contextlib
import stat
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from xml.parsers.expat import ExpatError

from xlperf.errors import WorkbookError, XlperfError
from xlperf.package.archive import Archive, Damaged
from xlperf.package.budget import Budget, Of
from xlperf.package.parts import CONTENT_TYPES, Parts

_SAVE_AS = "请用 Excel 或 WPS 打开它，另存为“Excel 工作簿（.xlsx）”后再试。"
_MAX_LOCK = 4096  # what bears such a name and is longer may be a file that somebody named so
_LOCKS = ((".~lock.", "#", "LibreOffice"), ("~$", "", "Excel"), (".~", "", "WPS"))  # sign, end, program
_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read_file(path: Path, name: str, wanted: str = ".xlsx 文件") -> bytes:
    try:
        info = path.stat()
        if stat.S_ISDIR(info.st_mode):
            raise WorkbookError(f"{name}：这是一个文件夹，请指定其中的 {wanted}。")
        if not stat.S_ISREG(info.st_mode):
            raise WorkbookError(f"{name}：这不是普通文件，请指定一个 {wanted}。")
        Budget(name).spend(Of.FILE_BYTES, info.st_size)
        if info.st_size <= _MAX_LOCK and (lock := lock_file(name)):
            raise WorkbookError(f"{name}：{lock}")
        return path.read_bytes()
    except FileNotFoundError:
        raise WorkbookError(f"{name}：找不到这个文件，请检查文件名和所在文件夹。") from None
    except PermissionError:
        if lock := lock_file(name):  # the program that wrote it lets nobody else read it
            raise WorkbookError(f"{name}：{lock}") from None
        raise WorkbookError(f"{name}：没有读取权限，或文件正被其他程序独占。请关闭打开它的程序后再试。") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "文件名无效"
        raise WorkbookError(f"{name}：读不出来（{reason}）。请检查文件名、磁盘或网络。") from None


@contextlib.contextmanager
def explained(name: str, what: str) -> Iterator[None]:
    """Whatever a broken file makes the parsers raise leaves as one sentence for the user."""
    try:
        yield
    except XlperfError:
        raise
    except (
        ValueError,
        KeyError,
        IndexError,
        OverflowError,
        ExpatError,
        zlib.error,
        struct.error,
    ) as error:
        where = f"（{what}）" if what else ""
        advice = "请用 Excel 或 WPS 打开检查，修复并另存后再试。"
        raise WorkbookError(f"{name}{where}：{damage(error)}。{advice}") from error


def damage(error: Exception) -> str:
    """What is wrong with a file, in words: a parser's own are English."""
    return str(error) if isinstance(error, Damaged) else "内容已损坏或不符合格式"


def lock_file(name: str) -> str:
    """What a file is that a program leaves beside one it has open, and which file is meant; "" for any other name.

    Word writes its sign over the beginning of the name, so that only the rest of it is known.
    """
    for sign, end, program in _LOCKS:
        if name.startswith(sign) and name.endswith(end):
            rest = name[len(sign) : len(name) - len(end)]
            word = sign == "~$" and rest.lower().endswith((".doc", ".docx", ".docm", ".rtf", ".wps"))
            meant = f"它旁边名称以“{rest}”结尾的文件" if word else f" {rest}"
            return f"这是 {'Word' if word else program} 打开文件时的临时锁定文件，请选{meant}。"
    return ""


def open_parts(blob: bytes, name: str) -> Parts:
    if not blob:
        raise WorkbookError(f"{name}：文件是空的（0 字节），可能没有保存或下载成功，请重新取得这个文件。")
    if blob.startswith(_OLE2):
        raise WorkbookError(f"{name}：{_explain_ole2(blob, name)}")
    if not blob.startswith(b"PK"):
        raise WorkbookError(f"{name}：{_explain_text(blob)}{_SAVE_AS}")
    try:
        archive = Archive(blob, name)
        if explained := _explain_other_zip(archive):
            raise WorkbookError(f"{name}：{explained}")
    except Damaged as error:
        raise WorkbookError(f"{name}：文件打不开，{error}。请重新取得这个文件，或用 Excel 修复后再试。") from error
    return Parts(archive)


def _explain_ole2(blob: bytes, name: str) -> str:
    def has(stream: str) -> bool:
        return stream.encode("utf-16-le") in blob

    if has("EncryptedPackage"):
        return "文件设有打开密码。请在 Excel 或 WPS 中去掉密码（文件－信息－保护工作簿），保存后再试。"
    suffix = Path(name).suffix.lower()
    if suffix in (".wps", ".doc") or has("WordDocument"):
        return "这是文字文档（.doc/.wps），不是表格。请指定 .xlsx 文件。"
    if suffix == ".et":
        return f"这是 WPS 表格文件（.et）。{_SAVE_AS}"
    return f"这是旧版 Excel 文件（.xls）或 WPS 表格文件（.et）。{_SAVE_AS}"


def _explain_text(blob: bytes) -> str:
    start = blob[:512].lstrip(b"\xef\xbb\xbf\r\n\t ").lower()
    if start.startswith((b"<html", b"<!doctype html", b"<table")):
        return "这其实是网页，只是起了表格的文件名。"
    if start.startswith(b"<?xml"):
        return "这是 XML 文件，不是 .xlsx 工作簿。"
    return "不是 .xlsx 工作簿（也可能已经损坏）。"


def _explain_other_zip(archive: Archive) -> str | None:
    if archive.find("mimetype"):
        kind = archive.read("mimetype").strip()
        if kind == b"application/vnd.oasis.opendocument.spreadsheet":
            return f"这是 OpenDocument 表格（.ods）。{_SAVE_AS}"
        return "这不是 .xlsx 工作簿。请指定 .xlsx 文件。"
    if archive.find("word/document.xml"):
        return "这是 Word 文档（.docx），不是表格。请指定 .xlsx 文件。"
    if archive.find("ppt/presentation.xml"):
        return "这是演示文稿（.pptx），不是表格。请指定 .xlsx 文件。"
    if archive.find("xl/workbook.bin"):
        return f"这是二进制工作簿（.xlsb）。{_SAVE_AS}"
    if not archive.find(CONTENT_TYPES):
        return "这是普通压缩包，不是 .xlsx 工作簿。如果工作簿在压缩包里面，请先解压。"
    return None
