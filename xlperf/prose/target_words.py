"""What targets say in words: two measures in one cell, a figure that is only about right, that all have figures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from xlperf.text import expression, half_width

_NARROW = half_width(".,%/") | {ord("～"): "~"}
_NOTHING = r"(?!)"
_BLANKS = expression(r"[ 　\t]+")
_ASIDE = expression(r"[（(][^（）()]{0,80}[）)]")
_DATE = expression(
    r"(?:(?:19|20)\d\d[-—~至到、/])?(?:19|20)\d\d年(?:度|\d{1,2}月)?(?:\d{1,2}[日号])?"
    r"|(?:19|20)\d\d[-./](?:0?[1-9]|1[0-2])[-./]\d{1,2}"
    r"|(?<!\d)(?:\d{1,2}[-—~至到、/])?\d{1,2}月(?:\d{1,2}[日号])?|第\d{1,4}"
)
_SIDE_BY_SIDE = frozenset("/、及和与;；\n,")
_BREAK = expression(r"([/、及和与;；\n]|(?<!\d),|,(?!\d{3}))")
_NUMBER = r"(?<![A-Za-z\d.])(\d[\d,]*(?:\.\d+)?)"
_TENS = frozenset(Decimal(10) ** power for power in range(7))
_FIGURE = r"[\d一二三四五六七八九十百千万两]"
_QUANTIFIED = expression(_FIGURE)
_SENTENCE = expression(r"[^。；;！!\n]+")
_CLAUSE = expression(r"[^，,：:]+")
LISTS = (
    *("units", "times", "money", "asides", "about", "around", "not_about"),
    *("quantity", "outputs", "levels", "quantified", "unless", "wished"),
)


class Measure(NamedTuple):
    """A figure with its unit, as quoted; `kind` is the first of the units that convert into it."""

    quote: str
    kind: str


class TargetWords(NamedTuple):
    """The section `[target_words]` of a template; a form without it has none of them."""

    kinds: Mapping[str, str]  # by the unit: the first of those that convert into one another
    measure: re.Pattern[str]
    approximate: tuple[str, ...]  # words of which such a figure has one
    about: re.Pattern[str]  # a figure that is only about right
    asides: tuple[str, ...]  # the part of a target with one of them says something of the others
    times: frozenset[str]  # kinds of time, behind / those of a rate
    money: frozenset[str]  # before / that of a rate
    quantified: re.Pattern[str]  # all targets are figures
    quantity: tuple[str, ...]  # levels whose targets are numbers
    outputs: tuple[str, ...]  # levels that these belong to, themselves included
    levels: tuple[str, ...]  # of a claim that names one of these, and none of `outputs`, the numbers are no part
    unless: tuple[str, ...]  # the sentence says less than that
    wished: tuple[str, ...]  # the clause is a wish, or of another year

    def measures(self, target: str) -> tuple[Measure, ...]:
        """The first two figures of different kinds that stand side by side; none where there are not two."""
        narrow = target.translate(_NARROW)
        if _SIDE_BY_SIDE.isdisjoint(narrow):
            return ()
        plain = _DATE.sub(" ", _ASIDE.sub("", _BLANKS.sub("", narrow)))
        found: list[Measure] = []
        sign, before = "", ""
        for part in _BREAK.split(plain):
            if _BREAK.fullmatch(part):
                sign = part
                continue
            match = self.measure.search(part)
            if match is not None and not any(word in part for word in self.asides):
                kind = self.kinds[match[2]]
                if not (sign == "/" and self._is_base(match, kind, before)):
                    found.append(Measure(match[0], kind))
                before = kind
            else:
                before = ""
        first = next(iter(found), None)
        other = next((each for each in found if first is not None and each.kind != first.kind), None)
        return (first, other) if first is not None and other is not None else ()

    def _is_base(self, match: re.Match[str], kind: str, before: str) -> bool:
        """Does it stand behind the stroke of a rate: 5次/100人, 20元/2小时?"""
        is_round = Decimal(match[1].replace(",", "")) in _TENS and not match[2].endswith("%")
        return is_round or kind in self.times or before in self.money

    def about_right(self, target: str) -> str:
        """约100人, 100人左右 as quoted; "" where a target is a figure, or none at all."""
        plain = "".join(target.translate(_NARROW).split())
        if not any(word in plain for word in self.approximate):
            return ""
        found = self.about.finditer(plain)
        return next((match["said"] for match in found if match["said"]), "")

    def is_of_quantity(self, levels: str) -> bool:
        return any(word in levels for word in self.quantity)

    def all_quantified(self, text: str) -> str:
        """The words by which a text says that all targets, of numbers too, are figures; "" if it does not."""
        return next(self._claims(text), "")

    def _claims(self, text: str) -> Iterator[str]:
        for sentence in _SENTENCE.findall(text):
            if any(word in sentence for word in self.unless):
                continue
            for clause in _CLAUSE.findall(sentence):
                found = self.quantified.search("".join(clause.split()))
                is_of_others = any(word in clause for word in self.levels)
                is_of_quantity = not is_of_others or any(word in clause for word in self.outputs)
                if found and is_of_quantity and not any(word in clause for word in self.wished):
                    yield found[0]


def is_quantified(text: str) -> bool:
    """Is there a figure, in digits or in words?"""
    return bool(_QUANTIFIED.search(text))


def parse_target_words(spec: Mapping[str, Any]) -> TargetWords:
    groups = [group.split() for group in spec.get("units", ())]
    kinds = {unit: group[0] for group in groups for unit in group}
    about, around, never = (_any(spec.get(name, ())) for name in ("about", "around", "not_about"))
    before = rf"(?:{about})[≥≤]?{_FIGURE}[^，,；;。、]{{0,12}}"
    behind = rf"\d[^，,；;。、]{{0,12}}?(?:{around})(?=$|[，,；;。、（(])"
    return TargetWords(
        kinds,
        expression(rf"{_NUMBER}({_any(kinds)})"),
        tuple(word for name in ("about", "around") for word in spec.get(name, ())),
        expression(rf"(?:{never})|(?P<said>{before}|{behind})"),
        tuple(spec.get("asides", ())),
        frozenset(kinds[unit] for unit in spec.get("times", ()) if unit in kinds),
        frozenset(kinds[unit] for unit in spec.get("money", ()) if unit in kinds),
        expression(_any(spec.get("quantified", ()))),
        tuple(spec.get("quantity", ())),
        tuple(spec.get("outputs", ())),
        tuple(spec.get("levels", ())),
        tuple(spec.get("unless", ())),
        tuple(spec.get("wished", ())),
    )


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) or _NOTHING
