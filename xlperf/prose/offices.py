"""How many offices a text says there are, and how many it names behind that or before it."""

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
    """`number` are said, and `names` listed; `quote` are the words that say the number."""

    number: int
    names: tuple[str, ...]
    quote: str
    is_behind: bool = True  # the names are behind the number


def miscounted_offices(text: str, words: TextWords) -> Iterator[Offices]:
    """The counts that no way of reading the list behind them comes to; a list that is not all is not counted.

    A name may hold 、 or 和 itself, and a count may be one of several that the list goes with.
    """
    if not any(word in text for word in words.offices):
        return
    plain = text.translate(_HALF)
    yield from _named_before(plain, words)
    for sentence in _SENTENCE.findall(plain):
        for found in words.counts.finditer(sentence):
            listed = _list(sentence[found.end() : found.end() + _LONGEST], words, in_brackets=bool(found["bracket"]))
            names = [name for each in listed for name in each.split("、") if name] if listed else []
            if len(names) < _FEWEST or not _are_offices(names[-1:], words):
                continue
            said = [number(each[1]) for each in words.any_count.finditer(sentence, 0, found.end())]
            fewest, most = _may_be(names, words)
            wanted = {*said, *accumulate(reversed(said))}
            if said and not any(fewest <= number <= most for number in wanted):
                yield Offices(said[-1], tuple(names), found[0].rstrip("，,：:（("))


def _named_before(plain: str, words: TextWords) -> Iterator[Offices]:
    """内设办公室、人事股、财务股共4个股室; of 等4个股室 there may be more than are named, but not less."""
    last = 0
    for found in words.counts_behind.finditer(plain):
        first = max(last, found.start() - _LONGEST)
        last = found.end()
        start = max(first, *(plain.rfind(mark, first, found.start()) + 1 for mark in "。；;\n"))
        before = _BRACKETS.sub("", _QUOTES.sub("", plain[start : found.start()]))
        counted = list(words.any_count.finditer(before))
        before = before[counted[-1].end() :] if counted else before
        lead = words.leads.search(before)
        is_joined = found["joined"] not in ("，", ",", "。", "；", ";") and before[-1:] not in ("和", "及", "与", "、")
        pieces = _named(before[lead.end() :], words) if lead and is_joined else []
        names = [name for piece in pieces for name in piece]
        said = number(found["said"].partition("个")[0])
        may_go_on = found["joined"] == "等"
        counts = (_may_be([name for piece in pieces[at:] for name in piece], words) for at in range(len(pieces)))
        if len(names) >= _FEWEST and not any(fewest <= said and (said <= most or may_go_on) for fewest, most in counts):
            yield Offices(said, tuple(names), found["said"], is_behind=False)


def _may_be(names: Sequence[str], words: TextWords) -> tuple[int, int]:
    """How many offices these may be, at the least and at the most."""
    return len(_whole(names, words)), sum(1 + len(_AND.findall(name)) for name in names)


def _named(listed: str, words: TextWords) -> list[list[str]]:
    """The names of offices between the commas of a text that is nothing else; none where it is, or where no 、 is."""
    pieces = [[name for name in piece.split("、") if name] for piece in listed.replace(",", "，").split("，") if piece]
    are_names = all(_are_offices(names[-1:], words) for names in pieces)
    return pieces if are_names and "、" in listed and not any(word in listed for word in words.open) else []


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
        if words.any_count.search(piece) or not _are_offices(piece.split("、")[-1:], words):
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
