"""What a text says of projects: the amount of each that it calls by its full name, and how many there are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from xlperf.prose.clauses import Statement
from xlperf.prose.lexicon import FIGURE, THIS_YEAR, Vocabulary, amount, split
from xlperf.prose.project_parts import number
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

_COUNT = expression(
    r"(?<![0-9一二三四五六七八九十第])(?P<number>[0-9]{1,3}|[一二三四五六七八九十]{1,3})个(?:专项|支出)?项目"
    r"|项目(?:支出)?(?:共有?|共计|有)?(?P<last>[0-9]{1,3}|[一二三四五六七八九十]{1,3})个"
)
_END_OF_SENTENCE, _END_OF_CLAUSE = expression("[。；;\n]"), expression("[，,：:、（(）)]")
# Nothing but these words may stand between the number and the beginning of its clause; others say of which projects.
_LEAD = (
    "共有 共计 共 总计 合计 一共 有 为 是 了 对 将 的 全部 所有 各 预算 财政 实施 "
    "安排 开展 涉及 包括 包含 分为 列有 设有 纳入 完成 实际 绩效自评 自评 项目支出"
).split()
_BEHIND = (*"绩效自评 自评 开展 进行 纳入 支出 全部 均 都".split(), *"，,。；;：:、（(\n")
_OF_SOME = expression(
    "重点|重大|以上|以下|其中|部分|新增|续建|结转|上年|去年|明年|下年|上级|中央|省级|省|市级|市本级|区级|县级|本级|下属|二级|"
    "基金|债|基建|工程|建设|招商|储备|申报|未|另|个别|抽"
)


class Counted(NamedTuple):
    """How many projects there are, and the words that say so."""

    number: int
    quote: str
    rest: str = ""  # what follows on the line


def project_counts(text: str, words: Vocabulary, year: int | None) -> Iterator[Counted]:
    """How many projects a text says there are in all: where it may mean some of them only, nothing is taken."""
    plain = _SPACES.sub("", text.translate(HALF_WIDTH))
    for found in _COUNT.finditer(plain):
        sentence = _END_OF_SENTENCE.split(plain[max(0, found.start() - _LOOK_BACK) : found.start()])[-1]
        lead = _END_OF_CLAUSE.split(sentence)[-1]
        behind = plain[found.end() : found.end() + _LOOK_AHEAD]
        if (
            (not behind or behind.startswith(_BEHIND))
            and _OF_SOME.search(sentence) is None
            and not _without_lead(lead, words, year)
        ):
            rest = plain[found.end() :].partition("\n")[0]
            yield Counted(number(found["number"] or found["last"]), f"{lead}{found[0]}", rest)


def _without_lead(lead: str, words: Vocabulary, year: int | None) -> str:
    """What is left of the words before a number when all that may stand there is taken off."""
    known = _known_lead(words, year)
    while word := next((each for each in known if lead.endswith(each)), ""):
        lead = lead.removesuffix(word)
    return lead


@lru_cache(maxsize=16)
def _known_lead(words: Vocabulary, year: int | None) -> tuple[str, ...]:
    """The longest first."""
    own = [word for word, (kind, _) in words.words.items() if kind in ("U", "Y")]
    years = () if year is None else (f"{year}年度", f"{year}年")
    return tuple(sorted((*_LEAD, *own, *years), key=len, reverse=True))


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
