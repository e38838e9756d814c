"""Lists of amounts behind 其中 that must come to the total before it, or must not come to more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from xlperf.amounts import ZERO, Interval
from xlperf.prose.clauses import Statement
from xlperf.prose.lexicon import NO_MEASURE, Vocabulary, amount, split
from xlperf.prose.text_words import Parts, TextWords
from xlperf.text import expression

MONEY = expression(rf"[0-9](?:[0-9,.]{{0,20}}[0-9])?[ 　]?(?:[亿万]元|元|[亿万]{NO_MEASURE})")
_END = expression("[。\n]")
_NEAR = 4  # characters behind 其中, and behind the last amount, that say that the list is not all
_SENTENCE = 1500  # of which is looked through
_PROJECTS = "project_spending"

# Projects, whose names nobody knows: a name and an amount, behind one another.
_ITEM = expression(
    r"(?P<name>[^，,、；;。：:0-9\n（）()]{2,30})"
    r"(?P<number>(?:[0-9]{1,3}(?:,[0-9]{3}){1,3}|[0-9]{1,9})(?:\.[0-9]{1,6})?)[ 　]?万元(?:[，,、；;。和及]|$)"
)
_IN_ALL = expression(
    r"(?P<said>(?:合计|共计|总计)(?:支出|资金|金额|安排|投入)?(?:为)?"
    r"(?P<number>(?:[0-9]{1,3}(?:,[0-9]{3}){1,3}|[0-9]{1,9})(?:\.[0-9]{1,6})?)[ 　]?万元)"
)
_NO_PROJECT = expression(
    "[占比较增减超]|预算|完成|上年|结转|结余|合计|(?<!公)共|追加|调整|执行|其中|其余|剩余|主要|用于|平均|累计|资金|财政拨款|省级|市级|中央|上级|本级"
)


class Unequal(NamedTuple):
    """A whole and its parts that do not come to it; of a list that is not all, or has names of its own, to more."""

    whole: Statement
    parts: tuple[Statement, ...]
    is_more: bool


def unequal_lists(
    text: str, said: Sequence[Statement], words: Vocabulary, lists: TextWords, year: int | None
) -> Iterator[Unequal]:
    """What is wrong with the lists of a text, of which `said` is all that it states."""
    levels = [each for each in said if not each.of]
    judged: set[int] = set()
    for at, whole in enumerate(levels):
        sets = [each for each in lists.complete if each.whole == whole.stem]
        region = _region(text, whole, words, year) if sets or whole.stem == _PROJECTS else None
        if region is None or not _is_of(whole, region[0], text, said):
            continue
        if whole.stem == _PROJECTS:
            yield from _projects(whole, text, region)
        behind = _parts_behind(levels[at + 1 :], whole, region, words)
        for each in sets:
            found = _judged(whole, behind, each, text, region, said, lists)
            if found is not None:
                judged.add(at)
                yield from found
                break
    yield from _apart(levels, judged, lists)
    yield from _summed_behind(text)


def _region(text: str, whole: Statement, words: Vocabulary, year: int | None) -> tuple[int, int] | None:
    """From behind 其中 to the end of its sentence; 其中 may begin the next one."""
    limit = min(len(text), whole.end + _SENTENCE)
    end = found.start() if (found := _END.search(text, whole.end, limit)) else limit
    for word in split(text, whole.end, limit, words, year):
        if word.kind == "P" and (word.start < end or not text[end : word.start].strip("。 　\n")):
            if word.start >= end:
                end = found.start() if (found := _END.search(text, word.start, limit)) else limit
            return word.end, end
        if word.start > end:
            return None
    return None


def _is_of(whole: Statement, start: int, text: str, said: Sequence[Statement]) -> bool:
    """Has 其中 no other amount before it than those of the whole, which it could be of?"""
    own = {each.end for each in said if each.stem == whole.stem}
    return all(found.end() in own for found in MONEY.finditer(text, whole.end, start))


def _parts_behind(
    levels: Sequence[Statement], whole: Statement, region: tuple[int, int], words: Vocabulary
) -> list[Statement]:
    """The amounts of the list, as far as they are parts of the whole, in its own column."""
    inside = words.parts.get(whole.stem, frozenset())
    found = []
    for each in levels:
        if each.start < region[0]:
            continue  # 支出7.84万元，较上年的9.12万元减少……，其中
        if each.start >= region[1] or each.stem not in inside:
            break
        if each.start >= region[0] and (each.column, each.scope) == (whole.column, whole.scope):
            found.append(each)
    return found


def _judged(
    whole: Statement,
    behind: Sequence[Statement],
    each: Parts,
    text: str,
    region: tuple[int, int],
    said: Sequence[Statement],
    lists: TextWords,
) -> list[Unequal] | None:
    """What is wrong with a list by one set of parts; None where it names others, so that nothing is decided."""
    own = [part for part in behind if any(part.stem in stems for stems in (*each.must, *each.may))]
    if len(own) < 2 or len({part.stem for part in own}) < len(own):
        return None
    known = {part.end for part in said}
    last = max(part.end for part in own)
    if any(money.end() not in known for money in MONEY.finditer(text, region[0], last)):
        return []
    near = text[region[0] : region[0] + _NEAR] + text[last : last + 2]
    is_all = all(any(part.stem in stems for part in own) for stems in each.must)
    is_all = is_all and not any(word in near for word in lists.open if word != "其中")
    total = sum((part.interval for part in own), Interval(ZERO, ZERO))
    is_more = total.low > whole.interval.high
    if is_more or (is_all and not total.meets(whole.interval)):
        return [Unequal(whole, tuple(own), is_more)]
    return [] if is_all else None


def _projects(whole: Statement, text: str, region: tuple[int, int]) -> Iterator[Unequal]:
    """A list of nothing but names and amounts of projects: it need not be all of them, and cannot come to more."""
    start = region[0]
    start += len(text[start : region[1]]) - len(text[start : region[1]].lstrip("：: 　"))
    items, at = _items(text, start, region[1])
    rest = text[at : region[1]]
    total = sum((each.interval for each in items), Interval(ZERO, ZERO))
    if len(items) > 1 and not MONEY.search(rest) and total.low > whole.interval.high:
        yield Unequal(whole, tuple(items), is_more=True)


def _items(text: str, at: int, end: int) -> tuple[list[Statement], int]:
    """The names and amounts that follow one another, and where they end."""
    items = []
    while (found := _ITEM.match(text, at, end)) is not None and _NO_PROJECT.search(found["name"]) is None:
        value, places = amount(f"{found['number'].replace(',', '')} 万元")
        name = found["name"].strip()
        items.append(Statement(name, "", value, places, at, found.end("number"), f"{name}{value:f}万元"))
        at = found.end()
    return items, at


def _summed_behind(text: str) -> Iterator[Unequal]:
    """甲项目180万元，乙项目220万元，合计支出400万元: names and amounts behind a colon, and their total."""
    for total in _IN_ALL.finditer(text):
        first = max(0, total.start() - _SENTENCE)
        start = max(text.rfind(mark, first, total.start()) for mark in "：:。\n") + 1
        if not start or text[start - 1] not in "：:":
            continue
        items, at = _items(text, start, total.start())
        value, places = amount(f"{total['number'].replace(',', '')} 万元")
        whole = Statement("", "", value, places, total.start(), total.end(), total["said"])
        added = sum((each.interval for each in items), Interval(ZERO, ZERO))
        if len(items) > 1 and at == total.start() and not added.meets(whole.interval):
            yield Unequal(whole, tuple(items), added.low > whole.interval.high)


def _apart(levels: Sequence[Statement], judged: set[int], lists: TextWords) -> Iterator[Unequal]:
    """Wholes whose parts have sentences of their own, each stated but once in a column that is named."""
    for each in (parts for parts in lists.complete if parts.is_apart):
        wholes = [at for at, said in enumerate(levels) if said.stem == each.whole and said.column and not said.scope]
        if len(wholes) != 1 or wholes[0] in judged:
            continue
        whole = levels[wholes[0]]
        beside = [said for said in levels if said.column == whole.column and not said.scope]
        found = [[said for said in beside if said.stem in stems] for stems in each.must]
        if any(len(part) != 1 for part in found):
            continue
        own = tuple(part[0] for part in found)
        total = sum((part.interval for part in own), Interval(ZERO, ZERO))
        if not total.meets(whole.interval):
            judged.add(wholes[0])
            yield Unequal(whole, own, total.low > whole.interval.high)
