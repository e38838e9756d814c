"""Tables as one draws them: a line a row, a bar between two cells.

"<" is part of the cell left of it, "^" of the cell above; in a cell ／ is a line break.
"""

from __future__ import annotations

from collections.abc import Sequence

from xlperf.labels.blocks import Block, Cell, Document, Paragraph, Table


def grid(text: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.strip().split("|")] for line in text.strip().splitlines()]


def table(drawn: str | Sequence[Sequence[str]], place: str = "表1") -> Table:
    rows = grid(drawn) if isinstance(drawn, str) else drawn
    cells = []
    for row, texts in enumerate(rows):
        for col, text in enumerate(texts):
            if text in ("<", "^"):
                continue
            cols = 1 + next((n for n, t in enumerate(texts[col + 1 :]) if t != "<"), len(texts) - col - 1)
            below = [line[col] if col < len(line) else "" for line in rows[row + 1 :]]
            tall = 1 + next((n for n, t in enumerate(below) if t != "^"), len(below))
            shown = text.replace("／", "\n")
            cells.append(Cell(row, col, shown, tall, cols, f"第{row + 1}行第{col + 1}列"))
    return Table(place, tuple(cells))


def document(*blocks: str | Block, name: str = "甲.docx") -> Document:
    numbered = (
        Paragraph(f"第{number}段", block) if isinstance(block, str) else block for number, block in enumerate(blocks, 1)
    )
    return Document(name, tuple(numbered))
