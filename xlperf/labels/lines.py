"""Lines that say several things behind colons: 填表人：×××　填报日期：2024年7月30日　联系电话：（略）."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from xlperf.labels.spelling import fold, lone_year, plain, years_in
from xlperf.labels.stated import lines_of
from xlperf.labels.words import Known

_LONGEST_TITLE = 60
_LAST_ASIDE = re.compile(r"\([^()]{1,12}\)$")  # （项目一）, （样表）
_BRACKETED = re.compile(r"\([^()]*年度?\)")


class Said(NamedTuple):
    """A label and what stands behind it; `key` is empty where the form has no such cell."""

    key: str
    label: str
    value: str


def said_in(text: str, words: Iterable[str], after: Collection[str] = ()) -> list[tuple[str, str]]:
    """Each of `words` with what stands between its colon and the next of them.

    Words may be spread out (填 表 人) and preceded by 其中; nothing is found if the text begins with something else
    than `after`.
    """
    spread = _spread(frozenset(words))
    found = list(spread.finditer(text))
    if not found or fold(text[: found[0].start()]) not in ("", *after):
        return []
    ends = [each.start() for each in found[1:]] + [len(text)]
    return [(fold(each["word"]), _value(text[each.end() : end])) for each, end in zip(found, ends, strict=True)]


def signatures(text: str, known: Known) -> Iterator[Said]:
    """What a line below or above a table says: who filled it in, when, of which unit."""
    keys = {word: key for word, key in known.fields.items() if key in (*known.signatures, *known.signed_units)}
    return _said(text, keys, known)


def labelled(text: str, known: Known) -> Iterator[Said]:
    """What a cell of the form's tables says behind labels of its own: 自评等级：优."""
    return _said(text, known.fields, known)


def _said(text: str, keys: Mapping[str, str], known: Known) -> Iterator[Said]:
    for word, value in said_in(text, (*keys, *known.others)):
        yield Said(keys.get(word, ""), word, value)


def is_title(text: str, known: Known) -> bool:
    """Is this line what a report or a table is called, or only the year below that?"""
    words = plain(text)
    if (_BRACKETED.fullmatch(words) or words.endswith("年度")) and lone_year(words):
        return True
    ends = (*known.titles, *known.headings.papers)
    return len(words) <= _LONGEST_TITLE and not words.endswith("。") and _without_year(words).endswith(ends)


def is_report_title(text: str, known: Known) -> bool:
    """Is this line what a report, not a table, is called?"""
    return is_title(text, known) and _without_year(plain(text)).endswith(("报告", *known.headings.papers))


def _without_year(words: str) -> str:
    """Folded, without the year in brackets, nor what else stands in brackets at its end."""
    return fold(_LAST_ASIDE.sub("", _BRACKETED.sub(lambda found: "" if lone_year(found[0]) else found[0], words)))


def title_year(text: str, known: Known) -> int | None:
    """The year in the title of a report or table."""
    years = years_in(text) if is_title(text, known) else []
    return years[0] if len(set(years)) == 1 else None


@lru_cache(maxsize=16)
def _spread(words: frozenset[str]) -> re.Pattern[str]:
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    choices = "|".join(r"\s*+".join(map(re.escape, word)) for word in longest_first)
    return re.compile(
        rf"(?<![\u4e00-\u9fff])(?:其\s*+中\s*+(?:[:：]\s*+)?)?(?P<word>{choices})\s*+(?:[（(][^（）()]*+[）)]\s*+)?[:：]"
    )


def _value(text: str) -> str:
    return "\n".join(lines_of(text))
