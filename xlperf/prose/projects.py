"""What a text says of projects: the amount of each that it calls by its full name, and how many there are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from xlperf.prose.clauses import Statement
from xlperf.prose.folded import HALF_WIDTH
from xlperf.prose.lexicon import FIGURE, THIS_YEAR, Vocabulary, amount, split
from xlperf.prose.project_parts import number
from xlperf.prose.statements import HAS_FIGURE
from xlperf.text import expression, years_in_digits

_SPACES = expression("[ 　]+")
_LOOK_BACK, _LOOK_AHEAD = 200, 40  # characters before and after a name that may say what its amount is
_DATED = expression(r"(?<![比较与0-9])((?:19|20)[0-9]{2})年")
_END_OF_SENTENCE, _END_OF_CLAUSE = expression("[。；;\n]"), expression("[，,：:、（(）)]")


class Counted(NamedTuple):
    """How many projects there are, and the words that say so."""

    number: int
    quote: str
    rest: str = ""  # what follows on the line


def project_counts(text: str, words: Vocabulary, year: int | None) -> Iterator[Counted]:
    """How many projects a text says there are in all: where it may mean some of them only, nothing is taken."""
    plain = years_in_digits(_SPACES.sub("", text.translate(HALF_WIDTH)))
    said = words.sayings.projects
    every = (found for pattern in said.counted for found in pattern.finditer(plain))
    for found in sorted(every, key=re.Match.start):
        sentence = _END_OF_SENTENCE.split(plain[max(0, found.start() - _LOOK_BACK) : found.start()])[-1]
        lead = _END_OF_CLAUSE.split(sentence)[-1]
        behind = plain[found.end() : found.end() + _LOOK_AHEAD]
        if (
            (not behind or behind.startswith(said.behind))
            and said.of_some.search(sentence) is None
            and not _without_lead(lead, words, year)
        ):
            rest = plain[found.end() :].partition("\n")[0]
            yield Counted(number(found["number"]), f"{lead}{found[0]}", rest)


def _without_lead(lead: str, words: Vocabulary, year: int | None) -> str:
    """What is left of the words before a number when all that may stand there is taken off."""
    known = _known_lead(words, year)
    while word := next((each for each in known if lead.endswith(each)), ""):
        lead = lead.removesuffix(word)
    return lead


@lru_cache(maxsize=16)
def _known_lead(words: Vocabulary, year: int | None) -> tuple[str, ...]:
    """The longest first."""
    own = [word for word, (kind, _) in words.words.items() if kind in ("U", "Y")]
    years = () if year is None else (f"{year}年度", f"{year}年")
    return tuple(sorted((*words.sayings.projects.lead, *own, *years), key=len, reverse=True))


def named_amounts(text: str, names: Sequence[str], words: Vocabulary, year: int | None) -> Iterator[Statement]:
    """The amounts that a text states of projects, each said right after the project's name, which is its `stem`."""
    plain = years_in_digits(_SPACES.sub("", text.translate(HALF_WIDTH)))
    for name in names if HAS_FIGURE.search(plain) else ():
        start = plain.find(name)
        while start >= 0:
            end = start + len(name)
            if _speaks_of_all(plain[max(0, start - _LOOK_BACK) : start], words, year):
                yield from _amount_after(plain, start, end, words, year)
            start = plain.find(name, end)


def _speaks_of_all(before: str, words: Vocabulary, year: int | None) -> bool:
    """Is a name that follows these words a whole one, and the amount after it all of the year's?"""
    line = before.rpartition("\n")[2]
    sentence = re.split("[。；;]", line)[-1]
    years = _DATED.findall(line)
    return (
        words.sayings.projects.whole_name.search(sentence) is not None
        and words.sayings.projects.not_all.search(sentence) is None
        and (not years or int(years[-1]) == year)
    )


def _amount_after(plain: str, start: int, end: int, words: Vocabulary, year: int | None) -> Iterator[Statement]:
    """The amount that follows the name from `start` to `end`, if nothing but known words stands between."""
    columns: list[str] = []
    last = min(len(plain), end + _LOOK_AHEAD)
    for word in split(plain, end, last, words, year):
        if word.kind == FIGURE:
            said = set(columns)
            is_whole = (word.end < last or last == len(plain)) and not words.sayings.projects.split_up.match(
                plain, word.end
            )
            if is_whole and len(said) < 2 and not word.meaning.endswith("%"):
                value, places = amount(word.meaning)
                quote = plain[start : word.end]
                yield Statement(plain[start:end], "".join(said), value, places, start, word.end, quote)
            return
        if word.kind == "C":
            columns.append(word.meaning)
        elif (
            word.kind not in (THIS_YEAR, "Y", ":")
            and plain[word.start : word.end] not in words.sayings.projects.after_name
        ):
            return
