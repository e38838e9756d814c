"""What a report's text may say wrong by itself, as data: the section `[text_words]` of a template."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from xlperf.text import expression

LISTS = (
    "offices",
    "named",
    "leads",
    "office_ends",
    "open",
    "carried",
    "score_parts",
    "score_all",
    "score_totals",
    "score_others",
    "added",
    "taken",
)
_NOTHING = "(?!)"
_NUMBER = "(?<![0-9一二三四五六七八九十第])([0-9]{1,3}|[一二两三四五六七八九十]{1,3})"
_IN_ALL = "共有?|共计|合计|总计|总共|一共"
_ASIDE = r"(?:[（(][^（()）0-9]{0,30}[)）])?"
_PARTS = {"whole!": str, "must!": [str], "may": [str], "apart": bool}
SHAPE: Mapping[str, Any] = {**{name: [str] for name in LISTS}, "complete": [_PARTS]}


class Parts(NamedTuple):
    """Items of the prose of which a whole consists: each is known by several stems or one."""

    whole: str
    must: tuple[frozenset[str], ...]
    may: tuple[frozenset[str], ...]
    is_apart: bool  # each may have a sentence of its own


class TextWords(NamedTuple):
    """Words of offices and of their lists; what accounts for spending beyond income; what parts a whole has."""

    offices: tuple[str, ...]  # what is counted; a text has to have one of them
    counts: re.Pattern[str]  # a number of offices, and what leads to their names
    any_count: re.Pattern[str]
    counts_behind: re.Pattern[str]  # a number of offices behind their names, and what joins it to them
    leads: re.Pattern[str]  # what such names begin behind
    office_ends: tuple[str, ...]
    open: tuple[str, ...]
    carried: tuple[str, ...]
    complete: tuple[Parts, ...]
    score_parts: tuple[str, ...]  # of an evaluation, which has no others beside all of one of `score_all`
    score_all: tuple[str, ...]
    score_totals: tuple[str, ...]
    score_others: tuple[str, ...]  # the points of a sentence are not those given, or not all
    adjustments: re.Pattern[str]  # what was added to a budget or taken from it, and the amount


def parse_text(spec: Mapping[str, Any]) -> TextWords:
    """A form without the section finds nothing."""
    offices = tuple(spec.get("offices", ()))
    nouns, named = _any(offices), _any(spec.get("named", ()))
    counted = f"(?:{_NUMBER}个(?:职能|业务)?(?:{nouns})|(?:{nouns})(?:共有?|共计|有)?{_NUMBER}个)"
    complete = tuple(
        Parts(each["whole"], _stems(each["must"]), _stems(each.get("may", ())), each.get("apart", False))
        for each in spec.get("complete", ())
    )
    led = rf"{counted}{_ASIDE}(?:[，,]?(?:{named})[：:]?|[：:]|(?P<bracket>[（(]))" if nouns else _NOTHING
    behind = (
        rf"(?P<joined>等|[，,。；;]?(?P<in_all>{_IN_ALL})?)"
        rf"(?P<said>{_NUMBER}个(?:(?:职能|业务|内设)?(?:{nouns})|(?(in_all)(?=[，,。；;\n]|$)|(?!))))"
    )
    leads = rf"(?:{_any(spec.get('leads', ()))})(?:(?:{nouns})?(?:{named}|[：:]))?[：:]?"
    ends, partial, carried = (tuple(spec.get(name, ())) for name in ("office_ends", "open", "carried"))
    parts, all_of, totals, others = (
        tuple(spec.get(name, ())) for name in ("score_parts", "score_all", "score_totals", "score_others")
    )
    return TextWords(
        offices,
        expression(led),
        expression(rf"{_NUMBER}个"),
        expression(behind if nouns else _NOTHING),
        expression(leads if nouns else _NOTHING),
        ends,
        partial,
        carried,
        complete,
        parts,
        all_of,
        totals,
        others,
        _adjustments(tuple(spec.get("added", ())), tuple(spec.get("taken", ()))),
    )


def _adjustments(added: Sequence[str], taken: Sequence[str]) -> re.Pattern[str]:
    said = rf"(?:(?P<added>{_any(added)})|{_any(taken)})(?:预算|资金|预算资金|经费|数|额)?(?:为|了|共|共计|合计)?"
    amount = r"(?P<number>[0-9][0-9,.]{0,15}) ?(?P<unit>亿元|万元|元)"
    return expression(said + amount if added and taken else _NOTHING)


def _any(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


def _stems(parts: Iterable[str]) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(each.split("|")) for each in parts)
