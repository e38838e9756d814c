"""Sentences of a report that claim much at once: that all goals were reached, that there are no problems."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from xlperf.prose.reasons import bare
from xlperf.text import expression

_SENTENCE = expression(r"[^。；;！!\n]+")
_CLAUSE = expression(r"[^，,：:]+")
_NOTHING = r"(?!)"
_MOST = 120  # characters of a clause, however it is typed
LISTS = ("wholly", "about", "levels", "all_of", "unless", "wished", "no_problems")


class Claim(NamedTuple):
    """That all goals were reached: as quoted, of some levels (none named: of all), of so many (0: it does not say)."""

    quote: str
    levels: tuple[str, ...]
    number: int


class Claims(NamedTuple):
    """The section `[claims]` of a template."""

    wholly: tuple[str, ...]  # a text has to have one of them
    reached: re.Pattern[str]
    levels: re.Pattern[str]
    unless: tuple[str, ...]  # the sentence says less than that; the parts around … in this order
    wished: tuple[str, ...]  # the clause is a wish, of another year, or of some goals only
    no_problems: frozenset[str]  # whole texts, without blanks and signs

    def of_all_goals(self, text: str) -> Iterator[Claim]:
        plain = "".join(text.split())
        if not any(word in plain for word in self.wholly):
            return
        for sentence in _SENTENCE.findall(text):
            if any(_holds(sentence, word.split("…")) for word in self.unless):
                continue
            for clause in _CLAUSE.findall(sentence):
                said = "".join(clause.split())[:_MOST]
                found = self.reached.search(said)
                if found is not None and not any(word in said for word in self.wished):
                    of = found["of"] or found["of_behind"] or ""
                    count = found["count"] or found["count_behind"] or 0
                    yield Claim(found[0], tuple(self.levels.findall(of)), int(count))

    def says_no_problems(self, text: str) -> bool:
        return bare(text) in self.no_problems


def parse_claims(spec: Mapping[str, Any]) -> Claims:
    """A form without the section says nothing of the kind."""
    wholly, about, levels, all_of = (_any(spec.get(name, ())) for name in LISTS[:4])
    several = rf"(?:{levels})(?:(?:{about})?[、和及与](?:{levels}))*"
    before, behind = (
        rf"(?:{all_of}|20\d\d年度?|(?P<count{end}>\d{{1,3}})[项个条])*(?P<of{end}>{several})?(?:{all_of})*(?:{about})"
        for end in ("", "_behind")
    )
    return Claims(
        tuple(spec.get(LISTS[0], ())),
        expression(rf"^{before}(?:{all_of})*(?:{wholly})|(?:{wholly}){behind}"),
        expression(levels),
        tuple(spec.get("unless", ())),
        tuple(spec.get("wished", ())),
        frozenset(map(bare, spec.get("no_problems", ()))),
    )


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) or _NOTHING


def _holds(text: str, parts: Iterable[str]) -> bool:
    """All parts, one behind the other."""
    at = 0
    for part in parts:
        at = text.find(part, at)
        if at < 0:
            return False
    return True
