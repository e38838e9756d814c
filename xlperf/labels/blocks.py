"""A document as blocks in reading order, whatever program made it: paragraphs, and tables of real cells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from xlperf.labels.reading import Passage
from xlperf.package.richtext import LeftOut, Run, Shown, shown

_MARKS_SHOWN = 5
_UNSEEN = str.maketrans("\x0b\x0c\u2028", "\n\n\n", "\u00ad\u200b\u200e\u200f\u2060\ufeff")
# What to do with a file that is not read.
WORD, WITH_MACROS = ".docx", ".docm"
WORD_SUFFIXES = (WORD, WITH_MACROS)
DOCUMENTS = (*WORD_SUFFIXES, ".doc", ".xls", ".txt")  # of these only Word's can be marked, by comments
AS_DOCX = "请用 Word 或 WPS 打开它，另存为“Word 文档（.docx）”后再导入。"
AS_XLSX = "请用 Excel 或 WPS 打开它，另存为“Excel 工作簿（.xlsx）”后再导入。"


class Cell(NamedTuple):
    """One cell of a table; a merged cell is one, at its upper left corner. Rows and columns count from 0.

    `text` is what the document shows (22.24%, not 0.2224), its lines joined by newlines.
    """

    row: int
    col: int
    text: str
    rows: int = 1
    cols: int = 1
    place: str = ""  # how the source calls it: B3 in a sheet, 第3行第2列 in a Word table
    note: str = ""  # what was taken out of the text because it only looks like part of it: 删除线“35”


class Table(NamedTuple):
    """A table; its cells by row, then by column."""

    place: str  # 表2, 工作表“附件1”
    cells: tuple[Cell, ...]


class Paragraph(NamedTuple):
    """A line of text outside tables."""

    place: str  # 第12段
    text: str


Block = Paragraph | Table


class Document(NamedTuple):
    """What a file holds. `remarks`: what its reader could not or did not take in, a sentence each.

    `left`: what the file holds and does not show, or shows as struck out; their places are without the file's name.
    """

    name: str
    blocks: tuple[Block, ...]
    remarks: tuple[str, ...] = ()
    left: tuple[Passage, ...] = ()


def tidy(text: str) -> str:
    """Lines without the blanks around them, empty lines left out: what all readers do to every text."""
    lines = (line.strip() for line in text.translate(_UNSEEN).split("\n"))
    return "\n".join(line for line in lines if line)


def said(text: str) -> Shown:
    """A text in one font without the marks behind its figures: 38¹, 38①."""
    return shown((Run(text),))


class Aside(NamedTuple):
    """Where something was left out of a text."""

    place: str
    left_out: LeftOut


def told_asides(asides: Sequence[Aside]) -> tuple[tuple[str, ...], tuple[Passage, ...]]:
    """A remark on the marks that were left out, and every text that is struck out."""
    marks = [f"{each.place} 的“{each.left_out.text}”" for each in asides if not each.left_out.struck]
    remark = (
        f"有 {len(marks)} 处上下标或注码不算作文字和数字，没有读入（如 {'、'.join(marks[:_MARKS_SHOWN])}），请核对。"
    )
    struck = (Passage(each.place, each.left_out.text, "带删除线，没有读入") for each in asides if each.left_out.struck)
    return (remark,) if marks else (), tuple(struck)


def note_of(left_out: Iterable[LeftOut]) -> str:
    """What a person is told of a value whose cell shows more than was read."""
    told = "、".join(map(str, left_out))
    return f"格里的{told}没有读入" if told else ""
