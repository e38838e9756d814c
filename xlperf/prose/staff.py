"""The numbers of posts and of staff that a text states.

What stands before a number, or behind it, is split into known words; a word has a kind, one letter, and what the string
of the kinds means is data (`[staff]` of a template).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from xlperf.text import expression, half_width, years_in_digits

_HALF = half_width()
_ONE_SPACE = _HALF | {ord("　"): ord(" ")}
_SPACES = expression("[ 　]+")
# A number of people or posts, and the words before it up to the last mark: bounded, each begins at a digit.
_COUNT = expression(r"(?<![0-9.,])([0-9]{1,3}(?:,[0-9]{3}){1,2}|[0-9]{1,6})(?:名|人|个)(?![次均月天])")
_MARKS = expression("[，,。；;：:、（(）)\n]")
_END_OF_LIST, _END_OF_SENTENCE = expression("[。；;）)\n]"), expression("[。\n]")
_OF_PEOPLE = expression(" *(?:名|人|个)")
_END_OF_YEAR = expression("([0-9]{4})年(?:末|底|12月31?日?|度)?")
_OTHER_YEAR = expression("(?:19|20)[0-9]{2}年")
_BEFORE, _BEHIND, _SENTENCE = 40, 8, 120  # characters that may say what a number is, and whose
_KINDS = {"quota": "Q", "kind": "K", "actual": "A", "uncounted": "N", "filler": ""}
_UNKNOWN = "X"
_QUOTA, _QUOTA_OF_KIND, _ACTUAL, _ACTUAL_OF_KIND = "quota", "quota_of_kind", "actual", "actual_of_kind"
_UNCOUNTED, _UNCLEAR = "uncounted", {"Q": "unclear_quota", "A": "unclear_actual"}


class StaffWords(NamedTuple):
    """What a template says of posts and staff, as data."""

    kinds: Mapping[str, str]  # by word
    by_first: Mapping[str, Sequence[str]]  # the words by their first character, the longest first
    patterns: Mapping[str, re.Pattern[str]]
    foreign: tuple[str, ...]  # the sentence is about other units
    part: tuple[str, ...]  # what follows are parts of the number before
    service: tuple[str, ...]  # posts that some count with the quota and some do not
    elsewhere: tuple[str, ...]  # why there may be more people than posts


def parse_staff(spec: Mapping[str, Any]) -> StaffWords:
    """The section `[staff]` of a template; without it no number is understood."""
    kinds = {word: kind for name, kind in _KINDS.items() for word in spec.get(name, ())}
    by_first: dict[str, list[str]] = {}
    for word in sorted(kinds, key=len, reverse=True):
        by_first.setdefault(word[0], []).append(word)
    patterns = {name: expression(each["kinds"]) for name, each in spec.get("patterns", {}).items()}
    lists = (tuple(spec.get(name, ())) for name in ("foreign", "part", "service", "elsewhere"))
    return StaffWords(kinds, by_first, patterns, *lists)


class Staff(NamedTuple):
    """The figures that a text states as a whole; none where it is not certain which is the whole."""

    quota: frozenset[Decimal]
    actual: frozenset[Decimal]


class _Said(NamedTuple):
    """A number, what it is, of which kind of posts, and of what it is a part."""

    what: str
    kind: str
    number: Decimal
    wholes: frozenset[str]
    goes_on: bool  # with what the number before said, without an end between them


def staff_in(text: str, words: StaffWords, names: Iterable[str], year: int | None) -> Staff:
    """What a text says of posts and of people in them at the end of a year, in the unit of these names."""
    plain = years_in_digits(_SPACES.sub("", text.translate(_HALF)))
    for name in names:
        plain = plain.replace(name, "本单位") if len(name) > 2 else plain
    if year is not None:
        plain = _END_OF_YEAR.sub(lambda found: "" if int(found[1]) == year else found[0], plain)
    said = list(_said(plain, words))
    return Staff(_quota(said, words), _actual(said))


def _said(plain: str, words: StaffWords) -> Iterator[_Said]:
    """The numbers of a text that are this unit's."""
    last = 0
    sentence: list[_Said] = []  # what it has said so far, or what the one before has
    wholes: frozenset[str] = frozenset()
    for found in _COUNT.finditer(plain):
        gap = plain[max(last, found.start() - _BEFORE) : found.start()]
        begins_anew = _END_OF_SENTENCE.search(gap) is not None
        in_list = _END_OF_LIST.split(gap)[-1]
        if in_list != gap:
            wholes = frozenset()
        if any(each in in_list for each in words.part):
            heads = sentence if begins_anew else sentence[-1:]
            wholes = frozenset(each.what.removesuffix("_of_kind") for each in heads)
        if begins_anew:
            sentence = []
        last = found.end()
        start = max(plain.rfind(mark, max(0, last - _SENTENCE), last) for mark in "。\n") + 1
        before = plain[max(start, last - _SENTENCE) : last]
        if not any(each in before for each in words.foreign) and not _OTHER_YEAR.search(before):
            behind = _MARKS.split(plain[last : last + _BEHIND])[0]
            what, kind = _meaning(_MARKS.split(gap.rstrip("：:"))[-1], behind, words)
            sentence.append(_Said(what, kind, Decimal(found[1].replace(",", "")), wholes, in_list == gap))
            yield sentence[-1]


def _meaning(before: str, behind: str, words: StaffWords) -> tuple[str, str]:
    """What a number is, by the words before it, or if they say nothing those behind it; and of which kind of posts."""
    kinds, kind = kinds_of(before, words)
    if not kinds:
        kinds, kind = kinds_of(behind, words)
    if "N" in kinds:
        return _UNCOUNTED, ""
    for name, pattern in words.patterns.items():
        if pattern.fullmatch(kinds):
            return name, kind
    return next((what for letter, what in _UNCLEAR.items() if letter in kinds), ""), ""


def kinds_of(label: str, words: StaffWords) -> tuple[str, str]:
    """The kinds of the words of a label, and the kind of posts that it names."""
    kinds, kind, at = "", "", 0
    while at < len(label):
        word = next((each for each in words.by_first.get(label[at], ()) if label.startswith(each, at)), "")
        letter = words.kinds.get(word, _UNKNOWN)
        kinds += letter
        kind += word if letter == "K" else ""
        at += len(word) or 1
    return kinds, kind


def _own(said: Iterable[_Said], what: str, of: str) -> list[_Said]:
    """What is no part of a number of the same things."""
    return [each for each in said if each.what == what and of not in each.wholes]


def _quota(said: Sequence[_Said], words: StaffWords) -> frozenset[Decimal]:
    totals = {each.number for each in _own(said, _QUOTA, _QUOTA)}
    kinds = _own(said, _QUOTA_OF_KIND, _QUOTA)
    if _own(said, _UNCLEAR["Q"], _QUOTA) or len(totals) > 1 or not _are_different(kinds):
        return frozenset()
    wholes = totals or ({_sum(kinds)} if kinds else set())
    without = [each for each in kinds if each.kind not in words.service]
    return frozenset(wholes if len(without) == len(kinds) else {*wholes, _sum(without)})


def _actual(said: Sequence[_Said]) -> frozenset[Decimal]:
    if _own(said, _UNCLEAR["A"], _ACTUAL):
        return frozenset()
    mixed = any(each.what == _UNCOUNTED and _ACTUAL in each.wholes for each in said)  # 实有20人，其中在职18人，退休2人
    totals = {each.number for each in said if each.what == _ACTUAL and (_ACTUAL in each.wholes) == mixed}
    if len(totals) > 1:
        return _by_kind(said)
    kinds = _own(said, _ACTUAL_OF_KIND, _ACTUAL)
    return frozenset(totals or ({_sum(kinds)} if kinds and _are_different(kinds) else ()))


def _by_kind(said: Iterable[_Said]) -> frozenset[Decimal]:
    """The people of each kind behind its posts, with the total before them or not.

    行政编制12名，在职10人；事业编制8名，在职8人.
    """
    counted = [each for each in said if each.what in (_QUOTA_OF_KIND, _ACTUAL)]
    first = next((at for at, each in enumerate(counted) if each.what == _QUOTA_OF_KIND), 0)
    head, rest = counted[:first], counted[first:]
    in_turn = [_QUOTA_OF_KIND, _ACTUAL] * (len(rest) // 2)
    are_pairs = [each.what for each in rest] == in_turn and all(each.goes_on for each in rest[1::2])
    if not are_pairs or not _are_different(rest[::2]):
        return frozenset()
    total = _sum(rest[1::2])
    return frozenset({total} if {each.number for each in head} <= {total} else ())


def _sum(said: Iterable[_Said]) -> Decimal:
    return sum((each.number for each in said), Decimal(0))


def _are_different(kinds: Sequence[_Said]) -> bool:
    return len({each.kind for each in kinds}) == len(kinds)


def place_of(count: Decimal, text: str) -> tuple[int, int]:
    """Where in a text a number of people stands, however it is written; (0, 0) where it does not."""
    plain = text.translate(_ONE_SPACE)
    digits = "[ ,]*".join(map(re.escape, f"{count:f}"))
    every = re.finditer(rf"(?<![0-9.]){digits}", plain)
    return next((found.span() for found in every if _OF_PEOPLE.match(plain, found.end())), (0, 0))
