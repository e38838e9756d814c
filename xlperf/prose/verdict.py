"""The unit's own score and grade of the year as a text states them, not those of a project, an indicator or a year."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from xlperf.prose.lexicon import Vocabulary
from xlperf.prose.sayings import Verdicts
from xlperf.text import expression, half_width, years_in_digits

_CLAUSE, _SENTENCE = 40, 160  # characters before a score that may say whose it is, and that may say by which rules
_YEAR = expression(r"(?<![0-9])((?:19|20)[0-9]{2})年")  # a token, no sentence
_DIGITS = half_width(".")


class Verdict(NamedTuple):
    """A score in digits or a grade in words, with the words that state it."""

    said: str
    quote: str
    start: int

    @property
    def score(self) -> Decimal:
        return Decimal(self.said)


def scores(text: str, words: Vocabulary, year: int) -> Iterator[Verdict]:
    for each in _own(words.sayings.verdict.score, text, words.sayings.verdict, year):
        yield each._replace(said=each.said.translate(_DIGITS))


def grades(text: str, words: Vocabulary, year: int) -> Iterator[Verdict]:
    yield from _own(words.sayings.verdict.grade, text, words.sayings.verdict, year)


def _own(patterns: Sequence[re.Pattern[str]], text: str, words: Verdicts, year: int) -> Iterator[Verdict]:
    text = years_in_digits(text)
    every = (found for pattern in patterns for found in pattern.finditer(text))
    for found in sorted(every, key=lambda each: each.start("said")):
        first = max(0, found.start() - _SENTENCE)
        start = max(text.rfind(mark, first, found.start()) for mark in "。；;\n") + 1
        before = words.by_rules.sub("", text[max(start, first) : found.start()])[-_CLAUSE:]
        if not words.not_own.search(before) and {int(said) for said in _YEAR.findall(before)} <= {year}:
            yield Verdict(found["said"], found[0].strip("“「"), found.start())
