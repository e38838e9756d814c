"""The sentences of a text that open with a year and speak of that year's money or evaluation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from xlperf.prose.lexicon import Vocabulary
from xlperf.text import expression, years_in_digits

_AMOUNT = expression("[0-9][ 　]?[亿万]?元")
_LEAD = 60  # characters in which such a sentence says what it is about


class Opening(NamedTuple):
    """A sentence about one year."""

    year: int
    text: str


def openings(text: str, words: Vocabulary) -> Iterator[Opening]:
    """The sentences that speak of a year's money or evaluation, not of a paper, a project or a plan of that year."""
    said = words.sayings.openings
    text = years_in_digits(text)
    for pattern in said.opening:
        for found in pattern.finditer(text):
            amount = _AMOUNT.search(found["rest"])
            lead = found["rest"][: min(_LEAD, amount.start()) if amount else _LEAD]
            if said.of_money.search(lead) and not said.elsewhere.search(lead):
                yield Opening(int(found["year"]), found[0].strip())
