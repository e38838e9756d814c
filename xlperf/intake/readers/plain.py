"""Plain text: paragraphs, and tables as copying a page leaves them.

Two forms of tables are known. Flattened: every cell begins with a tab, each on a line of its own, and a blank line
parts the rows; a cell goes on over lines without a tab. Pasted: a row is a line, its cells parted by tabs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from xlperf.errors import DocumentError
from xlperf.labels.blocks import Block, Cell, Document, Paragraph, Table, tidy
from xlperf.package.budget import Budget, Of

_SHORT = 12  # characters of a line that still looks like the rest of a label
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f]")
_LINE_END = re.compile("\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")
_MARKUP = re.compile(r"\s*(?:<(?:\?xml|!doctype|html|table|\w+:)|MIME-Version:)", re.IGNORECASE)

Rows = list[list[str]]


def read_text(blob: bytes, name: str) -> Document:
    budget = Budget(name)
    budget.spend(Of.DOCUMENT_BYTES, len(blob))
    text = _decode(blob, name)
    if _MARKUP.match(text):
        raise DocumentError(
            f"{name}：这其实是网页或 XML 文件。请用 Word、Excel 或 WPS 打开它，另存为 .docx 或 .xlsx 后再导入。"
        )
    budget.spend(Of.CELLS, text.count("\t"))
    lines = _LINE_END.split(text, maxsplit=Of.PARAGRAPHS.most)  # one line more than there may be shows that there are
    budget.spend(Of.PARAGRAPHS, len(lines))
    blocks: list[Block] = []
    paragraphs = tables = 0
    for found in _split(lines):
        if isinstance(found, str):
            paragraphs += 1
            blocks.append(Paragraph(f"第{paragraphs}段", found))
        else:
            tables += 1
            budget.limit(Of.COLUMNS, max(map(len, found)))
            blocks.append(_table(found, tables))
    if not blocks:
        raise DocumentError(f"{name}：文件里没有文字，请检查是否选错了文件。")
    return Document(name, tuple(blocks))


def _decode(blob: bytes, name: str) -> str:
    if blob.startswith((b"\xff\xfe", b"\xfe\xff")):
        codecs = ["utf-16"]
    elif b"\0" in blob:  # only UTF-16 has zero bytes: behind its digits, or before them
        codecs = ["utf-16-le" if blob[1::2].count(0) >= blob[::2].count(0) else "utf-16-be"]
    else:
        codecs = ["utf-8-sig", "gb18030"]
    for codec in codecs:
        try:
            text = blob.decode(codec)
        except UnicodeDecodeError:
            continue
        if not _CONTROL.search(text):
            return text
    raise DocumentError(
        f"{name}：不是文字文件，或者已经损坏。能导入的有 .docx、.xlsx、.xls 和 .txt（UTF-8、GB18030、UTF-16 编码）。"
    )


def _split(lines: Sequence[str]) -> list[str | Rows]:
    """Paragraphs and tables in turn."""
    found: list[str | Rows] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        if "\t" not in line.strip(" \u3000\xa0"):
            if text := tidy(line):
                found.append(text)
            at += 1
            continue
        rows, at = _flattened(lines, at) if line.startswith("\t") and "\t" not in line[1:] else _pasted(lines, at)
        if len(rows) > 1 and max(map(len, rows)) > 1:
            found.append(rows)
        else:  # a paragraph that a tab moves in, or whose words tabs set apart
            parted = [[" ".join(filter(None, row))] for row in rows] if "\t" in line[1:] else rows
            found += [text for row in parted for cell in row if (text := tidy(cell))]
    return found


def _pasted(lines: Sequence[str], at: int) -> tuple[Rows, int]:
    rows: Rows = []
    while at < len(lines) and "\t" in lines[at]:
        rows.append([tidy(cell) for cell in lines[at].split("\t")])
        at += 1
    return rows, at


def _flattened(lines: Sequence[str], at: int) -> tuple[Rows, int]:
    rows: list[list[list[str]]] = [[]]  # of every cell its lines
    while at < len(lines):
        line = lines[at]
        if line.startswith("\t"):
            rows[-1] += ([cell] for cell in line[1:].split("\t"))
        elif not _blank(line):
            rows[-1][-1].append(line)
        elif at + 1 < len(lines) and lines[at + 1].startswith("\t"):
            rows.append([])
        elif rest := _rest_of_cell(lines, at):
            rows[-1][-1] += lines[at:rest]
            at = rest
            continue
        else:
            break
        at += 1
    return [[tidy("\n".join(cell)) for cell in row] for row in rows], at


def _rest_of_cell(lines: Sequence[str], at: int) -> int:
    """Where the rest of a cell ends that has a blank line in it, at `at`; 0 if this blank line ends the table.

    Two blank lines always do. Otherwise lines without a tab belong to the cell above if another cell follows them
    directly, or if they are as short as the pieces of a broken label.
    """
    short = True
    for here in range(at + 1, len(lines)):
        line, after_blank = lines[here], _blank(lines[here - 1])
        if line.startswith("\t"):
            return (here - after_blank) if short or not after_blank else 0
        if _blank(line) and after_blank:
            return 0
        short = short and len(line.strip()) <= _SHORT
    return 0


def _blank(line: str) -> bool:
    return not line.strip(" \u3000\xa0")


def _table(rows: Rows, number: int) -> Table:
    cells = (
        Cell(row, col, text, place=f"第{row + 1}行第{col + 1}列")
        for row, texts in enumerate(rows)
        for col, text in enumerate(texts)
    )
    return Table(f"表{number}", tuple(cells))
