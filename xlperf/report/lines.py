"""The lines of a report's section as they stand in the document, so that its words are found there again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from xlperf.labels.blocks import Document, Paragraph
from xlperf.labels.reading import Entry
from xlperf.labels.stated import lines_of
from xlperf.text import expression

PARAGRAPH = expression("(?:文本框[0-9]+)?第[0-9]+段")


class Anchor(NamedTuple):
    """Where something stands in a document: a block, in a table a cell, and there from `start` to `end`."""

    block: int
    cell: int | None
    start: int
    end: int


class Line(NamedTuple):
    """A line of a section: where it begins in the section's text, in which block and where it begins there."""

    start: int
    block: int
    offset: int
    length: int


def lines_in(entry: Entry, document: Document) -> Iterator[Line]:
    """The blocks that a section's lines come from, found again from where the section begins."""
    places = PARAGRAPH.search(entry.place.removeprefix(document.name))
    wanted = entry.value.split("\n")
    start = number = 0
    begun = False
    for block, paragraph in enumerate(document.blocks):
        if not isinstance(paragraph, Paragraph):
            continue
        begun = begun or (places is not None and paragraph.place == places[0])
        if not begun:
            continue
        for line in lines_of(paragraph.text):
            if number < len(wanted) and line.endswith(wanted[number]):
                offset = paragraph.text.find(line) + len(line) - len(wanted[number])
                yield Line(start, block, offset, len(wanted[number]))
                start += len(wanted[number]) + 1
                number += 1


def anchor_at(lines: Sequence[Line], start: int, end: int) -> Anchor | None:
    for line in lines:
        if line.start <= start <= line.start + line.length:
            first = line.offset + start - line.start
            return Anchor(line.block, None, first, min(first + end - start, line.offset + line.length))
    return None
