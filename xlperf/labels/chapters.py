"""The chapters of a report, told by their headings, also where a sheet holds the report line below line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from xlperf.labels.blocks import Cell, Table
from xlperf.labels.spelling import plain
from xlperf.labels.words import Known

DIGITS = "一二三四五六七八九十"
CHAPTER = re.compile(rf"第?([{DIGITS}])(?:[、.,:]|部分[、:,]?)")
LONGEST_HEADING = 60


def chapter_of(text: str, known: Known) -> int | None:
    """Which chapter of the report a line is the heading of."""
    words = plain(text)
    found = CHAPTER.match(words)
    if found is None or len(words) > LONGEST_HEADING or "。" in words:
        return None
    fitting = [number for number, chapter in enumerate(known.chapters) if any(word in words for word in chapter.words)]
    return fitting[0] if len(fitting) == 1 else None


def is_report(table: Table, known: Known) -> bool:
    """Is this the report itself, one line below the other in a sheet?"""
    lines = (cells[0].text for cells in rows_of(table) if len(cells) == 1)
    return len({chapter for line in lines if (chapter := chapter_of(line, known)) is not None}) > 1


def without_lines(table: Table, known: Known) -> Table:
    """What a sheet that holds the report has besides its lines: 自评分数 | 98 | 绩效等次 | 优."""
    if not is_report(table, known):
        return table
    lines = {cells[0].row for cells in rows_of(table) if len(cells) == 1}
    return Table(table.place, tuple(cell for cell in table.cells if cell.row not in lines))


def rows_of(table: Table) -> Iterator[list[Cell]]:
    """The cells of each row that hold something."""
    for _, cells in groupby(table.cells, key=lambda cell: cell.row):
        yield [cell for cell in cells if plain(cell.text)]
