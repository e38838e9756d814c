"""Every sentence of a report's text that has figures in it: which of them were compared with the tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import NamedTuple

from xlperf.audit.applicable import not_applicable
from xlperf.checks.narrative import Comparison, Comparisons, compared_verdicts
from xlperf.checks.prose_figures import compared_amounts, compared_changes, compared_proportions, understood
from xlperf.checks.prose_staff import compared_staff
from xlperf.derive.seen import Seen
from xlperf.form.record import Stated
from xlperf.text import expression, half_width

COMPARING: Mapping[str, Comparisons] = {
    "XLP506": compared_amounts,
    "XLP507": compared_changes,
    "XLP509": compared_proportions,
    "XLP511": compared_staff,
}
_VERDICT = "XLP508"
RULES_OF_FIGURES = (*COMPARING, _VERDICT)
_HALF = half_width(".,%")
# A number with what it counts or measures, but no date, no number of a paper or of a paragraph.
_FIGURE = expression(
    r"(?<![0-9A-Za-z.,〔\[第])[0-9]{1,15}(?:,[0-9]{3}){0,4}(?:\.[0-9]{1,6})?"
    r"(?![0-9])(?=[ 　]?(?:[%‰]|(?![年月日号时季])[\u4e00-\u9fff]))"
)
# The number of a heading counts nothing: 2.1 before a blank, or 2 before a blank and nothing but words.
_NUMBERING = expression(
    r"(?m)^[ 　]{0,8}[0-9]{1,2}(?:(?:\.[0-9]{1,2}){1,3}[ 　]{1,4}(?!万|亿|元|%|‰)|[ 　]{1,4}(?=[\u4e00-\u9fff]{4,25}$))"
)
_DIGIT = expression("[0-9]")
_PARAGRAPH = expression("(?:文本框[0-9]+)?第[0-9]+段")
_OF_TEXT = expression("(?:文本框[0-9]+)?第[0-9]+段“")
_SENTENCE = expression(r"[^。；;！!？?\n]+")
_STATE_TEXT = {
    "compared": "已比较 {} 个数",
    "in_part": "比较了 {1} 个数中的 {0} 个",
    "read": "读懂了，表里没有可比的数",
    "not_understood": "没有读懂，没有比较",
}
Span = tuple[int, int]


class Sentence(NamedTuple):
    """A sentence with figures, as it stands: how many, of how many the tables said something, and how many were read.

    `reason`: why nothing in it could be placed, where that is known.
    """

    place: str
    quote: str
    figures: int
    compared: int
    read: int
    reason: str = ""

    @property
    def state(self) -> str:
        """compared, in_part, read (and nothing there to compare with), or not_understood."""
        if self.compared:
            return "compared" if self.compared == self.figures else "in_part"
        return "read" if self.read else "not_understood"

    @property
    def told(self) -> str:
        """What became of it, in words."""
        return _STATE_TEXT[self.state].format(self.compared, self.figures)

    @property
    def not_compared(self) -> int:
        return self.figures - self.compared


def comparisons(section: Stated, seen: Seen) -> Iterator[tuple[str, Comparison]]:
    """What a section says that is held against the tables, with the rule that does so."""
    absent = not_applicable(seen.record.template)
    verdicts = partial(compared_verdicts, grade_words=seen.figures["grade_words"].value)
    every: Mapping[str, Comparisons] = {**COMPARING, _VERDICT: verdicts}
    for code, compared in every.items():
        if code not in absent:
            yield from ((code, each) for each in compared(section, seen) if not _with_itself(each))


def _with_itself(each: Comparison) -> bool:
    """Was a text held against figures that were read in the text, and of course agrees?"""
    return each.slip is None and all(map(is_of_text, each.cells))


def is_of_text(cell: Stated) -> bool:
    """Was it the text of a report that a cell was filled from, and no table?"""
    return _OF_TEXT.match(cell.at) is not None


def is_in_paragraph(cell: Stated) -> bool:
    """Does it stand in a document's text, and in no table there?"""
    return _PARAGRAPH.match(cell.at) is not None


def figure_in(text: str, quote: str, start: int, end: int) -> Span:
    """The figure's place; a name and its amount are quoted without spaces, then their place is found anew."""
    plain = "".join(quote.split())
    if "".join(text[max(0, end - 2 * len(quote)) : end].split()).endswith(plain):
        return start, end
    found = re.search("[ 　]*".join(map(re.escape, plain)), text)
    return found.span() if found else (start, end)


def spoken(
    section: Stated, seen: Seen, compared: Iterable[Comparison], quotes: Iterable[str] = ()
) -> Iterator[tuple[int, Sentence]]:
    """The sentences of a section, each with where it begins.

    `quotes`: words with a figure that fills a cell which was held against others.
    """
    text = section.text
    held = [figure_in(text, each.quote, each.start, each.end) for each in compared]
    held += _figures_of(quotes, text)
    read = [(each.start, each.end) for each in understood(section, seen)] if _FIGURE.search(_plain(text)) else []
    return sentences_in(text, section.place, held, read)


def _figures_of(quotes: Iterable[str], text: str) -> Iterator[Span]:
    """Where the last figure of each quote is; words that are quoted twice stand in two places."""
    after: dict[str, int] = {}
    for quote in quotes:
        if quote.isdecimal():  # of people
            counted = re.compile(rf"(?<![0-9.]){quote}(?=[ 　]*[名人个])").search(text, after.get(quote, 0))
            if counted is not None:
                after[quote] = counted.end()
                yield counted.span()
            continue
        start = text.find(quote, after.get(quote, 0))
        figures = list(_FIGURE.finditer(_plain(quote)))
        if start >= 0 and figures:
            after[quote] = start + len(quote)
            yield start + figures[-1].start(), start + figures[-1].end()


def sentences_in(
    text: str, place: str, compared: Iterable[Span] = (), read: Iterable[Span] = (), reason: str = ""
) -> Iterator[tuple[int, Sentence]]:
    """The sentences with figures of any text, given where in it figures were compared and read."""
    plain = _plain(text)
    held, known = sorted(compared), sorted(read)
    numbering = [found.span() for found in _NUMBERING.finditer(plain)]
    for found in _SENTENCE.finditer(plain):
        figures = [
            each.span()
            for each in _FIGURE.finditer(plain, *found.span())
            if not any(_meets(each.span(), own) for own in numbering)
        ]
        figures += [
            each for each in held if _meets(each, found.span()) and not any(_meets(each, own) for own in figures)
            and _DIGIT.search(plain, *each)
        ]  # fmt: skip
        if not figures:
            continue
        of_tables = [each for each in figures if any(_meets(each, other) for other in held)]
        of_text = [each for each in figures if each in of_tables or any(_meets(each, other) for other in known)]
        quote = text[found.start() : found.end()].strip()
        yield found.start(), Sentence(place, quote, len(figures), len(of_tables), len(of_text), reason)


def _plain(text: str) -> str:
    return text.translate(_HALF)


def _meets(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]
