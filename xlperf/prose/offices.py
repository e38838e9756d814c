"""How many offices a text says there are, and how many it names behind that."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from xlperf.prose.project_parts import number
from xlperf.prose.text_words import TextWords
from xlperf.text import expression, half_width

_HALF = half_width()
_SENTENCE = expression("[^。\n]+")
_BRACKETS = expression(r"[（(][^（()）]{0,60}[)）]")
_QUOTES = expression('[“”"《》 　\t]')
_AND = expression("以及|[和及与]")
_LONGEST, _FEWEST = 600, 2  # characters of a list, names in one


class Offices(NamedTuple):
    """`number` are said, and `names` listed; `quote` begins with the words that say so."""

    number: int
    names: tuple[str, ...]
    quote: str


def miscounted_offices(text: str, words: TextWords) -> Iterator[Offices]:
    """The counts that no way of reading the list behind them comes to; a list that is not all is not counted.

    A name may hold 、 or 和 itself, and a count may be one of several that the list goes with.
    """
    if not any(word in text for word in words.offices):
        return
    for sentence in _SENTENCE.findall(text.translate(_HALF)):
        for found in words.counts.finditer(sentence):
            listed = _list(sentence[found.end() : found.end() + _LONGEST], words, in_brackets=bool(found["bracket"]))
            names = [name for each in listed for name in each.split("、") if name] if listed else []
            if len(names) < _FEWEST or not _are_offices(names[-1:], words):
                continue
            said = [number(each[1]) for each in words.any_count.finditer(sentence, 0, found.end())]
            fewest, most = len(_whole(names, words)), sum(1 + len(_AND.findall(name)) for name in names)
            wanted = {*said, *accumulate(reversed(said))}
            if said and not any(fewest <= number <= most for number in wanted):
                yield Offices(said[-1], tuple(names), found[0].rstrip("，,：:（("))


def _list(behind: str, words: TextWords, *, in_brackets: bool) -> list[str]:
    """The pieces between commas that are names of offices; none where the list says that it is not all."""
    plain = _BRACKETS.sub("", _QUOTES.sub("", behind))
    if in_brackets:
        plain = plain.replace("）", ")").partition(")")[0]
    first, *more = plain.replace("；", "，").replace(";", "，").replace(",", "，").split("，")
    if "、" not in first and not (more and _are_offices([first], words)):
        return []
    pieces = [first]
    for piece in more:
        if words.any_count.search(piece) or not _are_offices(piece.split("、"), words):
            break  # another count begins a list of its own
        pieces.append(piece)
    told = [*pieces, *more[len(pieces) - 1 : len(pieces)]]
    return [] if any(word in piece for piece in told for word in words.open if piece) else pieces


def _are_offices(names: Sequence[str], words: TextWords) -> bool:
    return all(name.endswith(words.office_ends) for name in names)


def _whole(names: Sequence[str], words: TextWords) -> list[str]:
    """The names, of which one that does not end like one goes on behind the 、."""
    found: list[str] = []
    goes_on = False
    for name in names:
        if goes_on:
            found[-1] += name
        else:
            found.append(name)
        goes_on = not _are_offices([name], words)
    return found
