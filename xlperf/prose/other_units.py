"""Which other units a report speaks of as of its own: 县水利局2023年度部门整体支出, in a report of 县教育局."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from xlperf.text import expression

_LONGEST, _SHORTEST = 24, 3  # characters of a unit's name
_SIGNS = expression(r"[\s　“”\"‘’（）()·]+")
_PLACES = "省市县区州盟旗镇乡"
_PLACE = expression(rf"[\u4e00-\u9fff]{{2,8}}?[{_PLACES}](?=[\u4e00-\u9fff])")
_HIDDEN = expression("[某×✕＊*XxＸｘ○〇□]")
_SENTENCE = expression("[^。；;\n]+")
_YEAR = r"(?:20\d\d年度?|本年度?)?"


class OtherUnit(NamedTuple):
    """A name that is the subject of what a report says of its own unit, as quoted the first time and how often."""

    name: str
    quote: str
    times: int


class OtherUnits(NamedTuple):
    """The section `[other_units]` of a template."""

    endings: tuple[str, ...] = ()  # of names of units
    placed: tuple[str, ...] = ()  # of these, what is a part of a unit unless a place is named before it
    says: tuple[str, ...] = ()  # what a report says of its own unit, right behind the name
    generic: tuple[str, ...] = ()  # in a name: it is no unit's, or one that any report may speak of so
    related: tuple[str, ...] = ()  # in a sentence: the units in it are those above, below, merged or renamed
    inner: tuple[str, ...] = ()  # in the own name: units of all kinds are parts of it

    def in_report(self, texts: tuple[str, ...], own: tuple[str, ...]) -> tuple[OtherUnit, ...]:
        """Units of other names that are twice or more the subject of what is said of the own unit.

        None where the own name is not known: blank, or hidden for publication.
        """
        return _others(self, texts, own)

    def subjects(self, sentence: str) -> Iterator[tuple[str, str]]:
        for found in _subject(self.endings, self.says).finditer(sentence):
            yield _bare(found["name"]), f"{found['name']}{found['said']}"

    def related_in(self, sentences: Iterable[str]) -> Iterator[str]:
        """The units in the sentences that speak of those above, below, merged or renamed."""
        for sentence in sentences:
            if any(word in sentence for word in self.related):
                yield from (name for name, _ in self.subjects(sentence))
                yield from map(_bare, _name(self.endings).findall(sentence))

    def is_strange(self, name: str, own: Iterable[str]) -> bool:
        """Is this a unit, and neither the own one, however it is shortened, nor a part of it?"""
        if not _SHORTEST <= len(name) <= _LONGEST or any(word in name for word in self.generic):
            return False
        if name.endswith(self.placed) and not _PLACE.match(name):
            return False
        if any(not each.endswith(self.placed) for each in own) and name.endswith(self.placed):
            return False  # below a bureau there are centres, stations and schools
        return not any(_is_one(name, each) for each in own)


@lru_cache(maxsize=16)
def _others(words: OtherUnits, texts: tuple[str, ...], own: tuple[str, ...]) -> tuple[OtherUnit, ...]:
    names = [name for name in (_bare(each) for each in own) if len(name) >= _SHORTEST]
    if not names or any(_HIDDEN.search(name) or any(word in name for word in words.inner) for name in names):
        return ()
    found: dict[str, list[str]] = {}
    sentences = [sentence for text in texts for sentence in _SENTENCE.findall(text)]
    for name, quote in (subject for sentence in sentences for subject in words.subjects(sentence)):
        found.setdefault(name, []).append(quote)
    strange = {name: said for name, said in found.items() if len(said) > 1 and words.is_strange(name, names)}
    related = set(words.related_in(sentences)) if strange else set()
    return tuple(
        OtherUnit(name, quotes[0], len(quotes))
        for name, quotes in strange.items()
        if not any(_is_one(name, other) for other in related)
    )


def parse_other_units(spec: Mapping[str, Any]) -> OtherUnits:
    """A form without the section knows no unit but its own."""
    return OtherUnits(**{name: tuple(spec.get(name, ())) for name in OtherUnits._fields})


@lru_cache(maxsize=8)
def _subject(endings: tuple[str, ...], says: tuple[str, ...]) -> re.Pattern[str]:
    """A name at the beginning of a clause with what is said of it."""
    begins = rf"(?:^|(?<=[，,、：:）)\s　.．]))(?:{_YEAR}[，,]?)(?P<name>{_ending(endings)})"
    return re.compile(rf"{begins}(?P<said>的?{_YEAR}的?(?:{_any(says)}))")


@lru_cache(maxsize=8)
def _name(endings: tuple[str, ...]) -> re.Pattern[str]:
    """A name anywhere."""
    return re.compile(rf"{_ending(endings)}(?!长|面)")


def _ending(endings: Iterable[str]) -> str:
    return rf"[\u4e00-\u9fff]{{1,{_LONGEST}}}?(?:{_any(endings)})"


def _any(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True)) or "(?!)"


def _bare(name: str) -> str:
    return _SIGNS.sub("", name)


def _is_one(name: str, other: str) -> bool:
    """May both be names of one unit, one of them shortened, the place left out? Not where the places are two."""
    if _is_within(name, other) or _is_within(other, name):
        return True
    place, others = _PLACE.match(name), list(_PLACE.finditer(other))
    if place and any(each[0][-1] == place[0][-1] for each in others):
        return False
    core, own = name[place.end() if place else 0 :], other[others[-1].end() if others else 0 :]
    return _is_within(core, own) or _is_within(own, core)


def _is_within(short: str, long: str) -> bool:
    """Do the signs of the one stand in the other in this order: 人社局 in 人力资源和社会保障局?"""
    signs = iter(long)
    return len(short) >= 2 and all(sign in signs for sign in short)
