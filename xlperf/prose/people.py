"""Numbers of posts and of people, and the kinds that a text divides them into: 编制15名，其中参公8名、事业7名."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from xlperf.prose.staff import StaffWords, kinds_of
from xlperf.text import expression, half_width

_HALF = half_width() | dict(zip(map(ord, "(),;:"), "（），；：", strict=True))
_SPACES = expression("[ 　]+")
_SENTENCE = expression("[^。；\n]+")
_PIECE = expression("(?<![0-9.])(?P<and>[和及与]?)(?P<label>[^，、（）：0-9]{0,24})(?P<number>[0-9]{1,6})(?:名|人|个)")
_PARTS = expression("，?(?:其中|包括)：?|（(?:其中|包括)?：?")
_LEAD = expression("^[和及与]?(?:其中|包括)?(?:年度?)?[末底]?")
_IN_ALL = ("合计", "共计", "总计", "总数")
_OTHERS = expression("^[，、]?(?:另|其余|其他|其它|余|空编|未|（)")


class Divided(NamedTuple):
    """A number, of posts, people or points, that the parts told of it do not come to."""

    whole: str
    number: Decimal
    parts: tuple[str, ...]
    total: Decimal


class _Count(NamedTuple):
    said: str
    number: Decimal
    kinds: str  # the letters of the words before it
    kind: str
    start: int
    end: int


def miscounted_people(text: str, words: StaffWords) -> Iterator[Divided]:
    """The numbers whose kinds, two at the least and nothing beside them, come to another number."""
    for sentence in _SENTENCE.finditer(_SPACES.sub("", text.translate(_HALF))):
        said = sentence[0]
        counts = list(_counts(said, words))
        for at, whole in enumerate(counts):
            if set(whole.kinds) in ({"Q"}, {"A"}):
                parts = _behind(said, whole, counts[at + 1 :]) or _before(said, whole, counts[:at])
                yield from _judged(whole, parts, words)


def _counts(said: str, words: StaffWords) -> Iterator[_Count]:
    for found in _PIECE.finditer(said):
        kinds, kind = kinds_of(found["label"], words)
        quote = _LEAD.sub("", found[0])
        yield _Count(quote, Decimal(found["number"]), kinds, kind, found.start(), found.end())


def _is_kind(each: _Count, of: _Count) -> bool:
    return "K" in each.kinds and set(each.kinds) <= {"K", of.kinds[0]}


def _behind(said: str, whole: _Count, counts: Sequence[_Count]) -> list[_Count]:
    """The kinds that 其中 or a bracket tells of a number; none where something else stands among them."""
    lead = _PARTS.match(said, whole.end)
    parts: list[_Count] = []
    at = whole.end if lead is None else lead.end()
    for each in counts if lead else ():
        begins = each.start + len("其中") if lead and each.start < at else each.start
        if said[at : max(at, begins)] not in ("", "，", "、"):
            break
        if not _is_kind(each, whole):
            parts = parts if {"Q", "A"} & set(each.kinds) else []
            break
        parts.append(each)
        at = each.end
    return [] if _OTHERS.match(said[at:]) else parts


def _before(said: str, whole: _Count, counts: Sequence[_Count]) -> list[_Count]:
    """The kinds that 编制合计16名 sums up."""
    parts: list[_Count] = []
    at = whole.start
    for each in reversed(counts) if any(word in whole.said for word in _IN_ALL) else ():
        if said[each.end : at] not in ("，", "、", "") or not _is_kind(each, whole):
            break
        parts.insert(0, each)
        at = each.start
    return parts


def _judged(whole: _Count, parts: Sequence[_Count], words: StaffWords) -> Iterator[Divided]:
    """Posts of workers count with the others or do not."""
    totals = [sum((each.number for each in parts if each.kind not in out), Decimal(0)) for out in ((), words.service)]
    are_different = len({each.kind for each in parts}) == len(parts)
    if len(parts) > 1 and are_different and whole.number not in totals:
        yield Divided(whole.said, whole.number, tuple(each.said for each in parts), totals[0])
