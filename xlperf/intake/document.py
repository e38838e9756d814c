"""A document as blocks in reading order, whatever program made it: paragraphs, and tables of real cells."""

from __future__ import annotations

from typing import NamedTuple


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


class Table(NamedTuple):
    """A table; its cells by row, then by column."""

    place: str  # 表2, 工作表“基础数据表”
    cells: tuple[Cell, ...]


class Paragraph(NamedTuple):
    """A line of text outside tables."""

    place: str  # 第12段
    text: str


Block = Paragraph | Table


class Document(NamedTuple):
    """What a file holds. `remarks`: what its reader could not or did not take in, a sentence each."""

    name: str
    blocks: tuple[Block, ...]
    remarks: tuple[str, ...] = ()
