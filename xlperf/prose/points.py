"""The points of the parts of an evaluation against the total that a sentence gives them: 投入9分，……，合计95分."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from xlperf.prose.people import Divided
from xlperf.prose.text_words import TextWords
from xlperf.text import expression, half_width

_HALF = half_width(".")
_SENTENCE = expression("[^。\n]+")
_POINTS = expression(
    r"(?P<label>[^，,、；;：:（）()0-9]{0,20})[：:]?(?P<number>(?<![0-9.])[0-9]{1,3}(?:\.[0-9]{1,4})?) ?分(?![之钟以])"
)
_LEAST = 3


def unequal_points(text: str, words: TextWords) -> Iterator[Divided]:
    """The totals of sentences in which nothing but one total and parts of it have points, each part once.

    Of parts that need not be all only more than the total is wrong.
    """
    if not words.score_parts or "分" not in text:
        return
    for sentence in _SENTENCE.findall(text.translate(_HALF)):
        found = list(_POINTS.finditer(sentence))
        if len(found) <= _LEAST or any(word in sentence for word in words.score_others):
            continue
        totals = [each for each in found if each["label"].endswith(words.score_totals)]
        parts = [each for each in found if each not in totals]
        names = [next((word for word in words.score_parts if word in each["label"]), "") for each in parts]
        if len(totals) != 1 or "" in names or len({*names}) < len(names):
            continue
        whole, total = Decimal(totals[0]["number"]), sum((Decimal(each["number"]) for each in parts), Decimal(0))
        sets = [[each.split("|") for each in all_of.split()] for all_of in words.score_all]
        is_all = any(all(any(name in each for name in names) for each in all_of) for all_of in sets)
        if total > whole or (is_all and total < whole):
            yield Divided(_said(totals[0]), whole, tuple(map(_said, parts)), total)


def _said(found: re.Match[str]) -> str:
    return found[0].rpartition("其中")[2]
