"""What became of the figures in the text of a report that is imported: each is read, or stands in a list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from xlperf.audit.sentences import Span, sentences_in
from xlperf.labels.blocks import Paragraph
from xlperf.labels.reading import Entry, Passage, Reading, Section
from xlperf.prose.staff import place_of

_STAYS = "这里有数没有对应的格子，留在正文里"


class Figures(NamedTuple):
    """How many figures of the text were read, and how many are listed instead; both together are all of them."""

    read: int = 0
    listed: int = 0

    @property
    def line(self) -> str:
        """The last line of the command; "" of what has no text."""
        return f"正文读出了 {self.read} 个数，{self.listed} 个没有读出，已列出。" if any(self) else ""


def accounted(
    lines: Iterable[Paragraph], sections: Sequence[Section], figures: Reading, staff: Sequence[Entry], left: str
) -> tuple[Figures, list[Passage]]:
    """The count of one document, and the sentences with figures not read that are not `left` already.

    `lines`: all of its text; `figures` and `staff`: what was read of its sections; `left`: all that is listed of it.
    """
    total = sum(sentence.figures for line in lines for _, sentence in sentences_in(line.text, line.place))
    read = 0
    stays: list[Passage] = []
    for number, section in enumerate(sections):
        spans = [(start, end) for at, start, end in figures.understood if at == number]
        spans += _places(section, staff)
        for _, sentence in sentences_in(section.text, section.place, spans):
            read += sentence.compared
            if sentence.not_compared and sentence.quote not in left:
                stays.append(Passage(section.place, sentence.quote, _STAYS))
    return Figures(read, total - read), stays


def _places(section: Section, staff: Iterable[Entry]) -> list[Span]:
    """Where in a section the numbers of people stand that were taken from it."""
    own = (entry for entry in staff if entry.place.startswith(f"{section.place}“") or entry.place == section.place)
    return [place_of(Decimal(entry.value), section.text) for entry in own]
