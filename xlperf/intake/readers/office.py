"""Old Word documents (.doc) through LibreOffice, where there is one: it keeps merged cells, no Python library does."""

from __future__ import annotations

from collections.abc import Callable

from xlperf.errors import DocumentError, XlperfError
from xlperf.intake.readers.word import read_word
from xlperf.labels.blocks import AS_DOCX, Document
from xlperf.package.libreoffice import NotConvertedError, converted


def read_old_word(blob: bytes, name: str, tell: Callable[[str], None] | None = None) -> Document:
    try:
        content = converted(blob, name, ("doc", "docx:MS Word 2007 XML"), tell)
    except NotConvertedError as error:
        raise DocumentError(f"{name}：这是旧版 Word 文档（.doc），{error}。{AS_DOCX}") from error
    try:
        found = read_word(content, name)
    except XlperfError:
        raise
    except ValueError as error:
        raise DocumentError(f"{name}：LibreOffice 转换出来的文档读不出来。{AS_DOCX}") from error
    remark = "旧版 Word 文档（.doc）由 LibreOffice 转换后读入，请与原件核对。"
    return found._replace(remarks=(remark, *found.remarks))
