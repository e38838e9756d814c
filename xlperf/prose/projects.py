"""The amounts that a text states of projects, each said by the project's full name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from xlperf.prose.clauses import Statement
from xlperf.prose.lexicon import FIGURE, THIS_YEAR, Vocabulary, amount, split
from xlperf.prose.statements import HALF_WIDTH, HAS_FIGURE
from xlperf.text import expression

_SPACES = expression("[ 　]+")
_LOOK_BACK, _LOOK_AHEAD = 200, 40  # characters before and after a name that may say what its amount is
_AFTER_NAME = frozenset(("项目", "专项", "支出", "项目支出"))
_BEFORE_NAME = expression(
    r"(?:^|[，,：:（(“《》”]|其中|包括|[为是]|本年度?|全年|年度?|[0-9][.．、)）]|[一二三四五六七八九十][、）)]|[元万亿][、和及与])"
    r"[“《（(]?$"
)
_NOT_ALL_OF_IT = expression(
    r"(?<![比较与])(?:上年|去年|上一年)|计划|拟|申请|预计|明年|下年|累计|历年|近.年|追加|追减|调剂|上级|结余|结转|剩余|未支付|欠"
)
_DATED = expression(r"(?<![比较与0-9])((?:19|20)[0-9]{2})年")
_SPLIT_UP = expression("用于[^。；;\n]{0,80}[0-9]万?元")


def named_amounts(text: str, names: Sequence[str], words: Vocabulary, year: int | None) -> Iterator[Statement]:
    """The amounts that a text states of projects, each said right after the project's name, which is its `stem`."""
    plain = _SPACES.sub("", text.translate(HALF_WIDTH))
    for name in names if HAS_FIGURE.search(plain) else ():
        start = plain.find(name)
        while start >= 0:
            end = start + len(name)
            if _speaks_of_all(plain[max(0, start - _LOOK_BACK) : start], year):
                yield from _amount_after(plain, start, end, words, year)
            start = plain.find(name, end)


def _speaks_of_all(before: str, year: int | None) -> bool:
    """Is a name that follows these words a whole one, and the amount after it all of the year's?"""
    line = before.rpartition("\n")[2]
    sentence = re.split("[。；;]", line)[-1]
    years = _DATED.findall(line)
    return (
        _BEFORE_NAME.search(sentence) is not None
        and _NOT_ALL_OF_IT.search(sentence) is None
        and (not years or int(years[-1]) == year)
    )


def _amount_after(plain: str, start: int, end: int, words: Vocabulary, year: int | None) -> Iterator[Statement]:
    """The amount that follows the name from `start` to `end`, if nothing but known words stands between."""
    columns: list[str] = []
    last = min(len(plain), end + _LOOK_AHEAD)
    for word in split(plain, end, last, words, year):
        if word.kind == FIGURE:
            said = set(columns)
            is_whole = (word.end < last or last == len(plain)) and not _SPLIT_UP.match(plain, word.end)
            if is_whole and len(said) < 2 and not word.meaning.endswith("%"):
                value, places = amount(word.meaning)
                quote = plain[start : word.end]
                yield Statement(plain[start:end], "".join(said), value, places, start, word.end, quote)
            return
        if word.kind == "C":
            columns.append(word.meaning)
        elif word.kind not in (THIS_YEAR, "Y", ":") and plain[word.start : word.end] not in _AFTER_NAME:
            return
