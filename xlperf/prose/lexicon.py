"""The words of official prose: which are known, of what kind they are, and how a line splits into them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from xlperf.prose.sayings import Sayings, parse_sayings
from xlperf.text import expression

OWN_NAME = "\ufffc"  # stands for the unit's own name, character by character, so that places in the text stay

# A word has a kind, one letter; a clause is the string of its words' kinds. The template's lists and their kinds:
_LISTS = {
    "increase": "+",
    "decrease": "-",
    "unchanged": "=",
    "share": "S",
    "part": "P",
    "whose": "U",
    "period": "Y",
    "filler": "_",
    "reason": "E",  # says why, until the sentence is led back
    "use": "H",  # says what for, likewise
    "each": "W",
    "other": "X",  # words in which one of the list below would be found
    "aside": "A",  # the rest of the sentence speaks of something else
    "topic": "T",  # the rest of the line does
    "class": "T",
    "adjusted": "J",
    "risen": "Z",  # to what a figure has come: 增加到
    "carried": "G",  # what was carried over is in it
}
_MEANINGS = {"items": "I", "bare": "B", "final": "D", "columns": "C", "compared": "V", "risen_from": "Q", "rates": "R"}
_OTHERS = (
    "rowless",
    "scoped",
    "alone",
    "foreign",
    "balances",
    "carried_in",
    "because_lead",
    "because",
    "because_of_change",
    "no_reason",
    "patterns",
    "sayings",
)
_NONE = {"kinds": "(?!)"}
FIGURE, MINUS, UNKNOWN, THIS_YEAR, LAST_YEAR, OTHER_YEAR = "F", "M", "X", "O", "L", "N"
_MARK_KINDS = dict.fromkeys("。；;！!？?\n", ".") | dict.fromkeys("，,", ",") | dict.fromkeys("：:", ":")
_MARK_KINDS |= dict.fromkeys("、和及", "&") | dict.fromkeys("（()）", "_") | dict.fromkeys("-－−", MINUS)

# Bounded repeats that begin where no digit stands before: a text of 32,767 digits must not cost minutes.
# Without 元 it is money only where no measure word can follow: 36.14万， but neither 120万页 nor 1.26亿美元.
NO_MEASURE = r"(?=[^\u4e00-\u9fff]|$|左右|上下|以[上下内外]|[多余的和及与至到比较占其增减升降提压上下主用])"
_MARKS = r"""
  (?P<mark>[。；;！!？?\n，,：:）)、和及])
| (?=[0-9])(?:
    (?P<figure>(?<![0-9.,])(?<![0-9]，)(?P<number>(?:[0-9]{1,3}(?:,[0-9]{3}){1,4}|[0-9]{1,13})(?:\.[0-9]{1,6})?)[ 　]?
      (?P<unit>亿元|万元|元|[亿万]NO_MEASURE|%)
      (?P<loose>左右|以[上下内外]|上下|多|余|的|[/／\-－—~～至到])?)
  | (?P<year>(?<![0-9])(?:19|20)[0-9]{2}(?:年度?(?![初末底])|(?=年[初末底])))
  | (?P<numbering>(?<![0-9.])[0-9]{1,2}[.．、](?=[^0-9]|(?:19|20)[0-9]{2}年)
    |(?<![^\n])[0-9]{1,2}(?:\.[0-9]{1,2}){1,3}(?=[\u4e00-\u9fff])(?![万亿元])))
| ((?<![0-9元万亿%年月日第号A-Za-z])[-－−](?=[0-9]))
| (?P<compared>[比较与同][ 　]?(?:19|20)[0-9]{2}年度?(?:决算数?)?(?:相比|比较)?)
| (?P<risen>[由从][ 　]?(?:19|20)[0-9]{2}年度?(?:决算数?)?)
| (?P<outline>[（(](?:[0-9一二三四五六七八九十]{1,3}[)）])?|[一二三四五六七八九十]{1,3}、)
"""
_SIGNS = expression(f"(?P<own>{OWN_NAME}+)|{_MARKS.replace('NO_MEASURE', NO_MEASURE)}", re.VERBOSE)
_SCALE = {"亿元": 4, "亿": 4, "万元": 0, "万": 0, "元": -4, "%": -2}


class Patterns(NamedTuple):
    """Orders of the kinds of words before a figure, by what the figure then is; none where a form has no prose."""

    level: re.Pattern[str]
    before: re.Pattern[str]  # 比上年的
    change: re.Pattern[str]
    unchanged: re.Pattern[str]
    unclear_change: re.Pattern[str]  # 增加（减少）: one of the two was to be deleted
    completion: re.Pattern[str]
    share: re.Pattern[str]
    share_of_something: re.Pattern[str]
    adjustment: re.Pattern[str]  # read over: 年中追加
    after_aside: re.Pattern[str]  # leads back from a reason or a use
    risen_from: re.Pattern[str]  # 由上年的
    risen_to: re.Pattern[str]  # 增加到, behind that
    each_level: re.Pattern[str]
    each_column: re.Pattern[str]
    each_change: re.Pattern[str]
    each_share: re.Pattern[str]


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """Kind and meaning of each word; figures of the whole unit; what 其中 may name, by stem.

    An item without a row in the form, or of a part of the money only, is its own stem: the word itself.
    """

    words: Mapping[str, tuple[str, str]]
    alone: Mapping[str, str]
    totals: frozenset[str]
    whole: frozenset[str]  # figures of the unit as a whole: the totals, those said without naming an item, the balances
    carried_in: frozenset[str]  # of these with what was carried over is the whole
    foreign: re.Pattern[str]  # finds in unknown words what has a figure of its own
    classes: tuple[str, ...]  # words of a line that names a function of the budget
    parts: Mapping[str, frozenset[str]]
    scoped: Mapping[str, str]  # and the stem of the whole item
    patterns: Patterns
    sayings: Sayings = field(repr=False)
    because: str = field(repr=False)  # pattern of the words between a figure and a reason; few need it compiled
    by_first: Mapping[str, Sequence[str]] = field(repr=False)  # the words by their first character, the longest first


class Word(NamedTuple):
    kind: str
    meaning: str
    start: int
    end: int


def vocabulary(data: Mapping[str, Any], parts: Mapping[str, frozenset[str]]) -> Vocabulary:
    """Build a vocabulary from `[prose]` of a template; lists that it does not have are empty."""
    data = {name: {} for name in (*_LISTS, *_MEANINGS, *_OTHERS)} | dict(data)
    words = {word: (kind, "") for name, kind in _LISTS.items() for word in data[name]}
    for name, kind in _MEANINGS.items():
        words |= {word: (kind, meaning) for word, meaning in data[name].items()}
    words |= {word: ("I", word) for word in (*data["rowless"], *data["scoped"])}
    by_first: dict[str, list[str]] = {}
    for word in sorted(words, key=len, reverse=True):
        by_first.setdefault(word[0], []).append(word)
    return Vocabulary(
        words=words,
        alone=data["alone"],
        totals=frozenset(data["bare"].values()),
        whole=frozenset((*data["bare"].values(), *data["alone"].values(), *data["balances"])),
        carried_in=frozenset(data["carried_in"]),
        foreign=re.compile(_any_of(data["foreign"])),
        classes=tuple(data["class"]),
        parts=parts,
        scoped=data["scoped"],
        patterns=Patterns(*(expression(data["patterns"].get(name, _NONE)["kinds"]) for name in Patterns._fields)),
        sayings=parse_sayings(data["sayings"]),
        because=_because(data),
        by_first=by_first,
    )


def _any_of(words: Iterable[str]) -> str:
    """A pattern of these words, the longest first; without one it finds nothing."""
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True))) or "(?!)"


def _because(data: Mapping[str, Any]) -> str:
    def any_of(*lists: str) -> str:
        return _any_of(word for name in lists for word in data[name])

    item = any_of("items", "bare", "rowless", "scoped")
    return (
        rf"(?:[，,。；;、()（）：:\s]|{any_of('compared')}){{0,6}}(?P<item>{item})?"
        rf"(?:{any_of('because_lead', 'increase', 'decrease')}){{0,8}}"
        rf"(?:(?:{any_of('because')})|(?P<of_change>{any_of('because_of_change')}))"
        rf"[：:，,]?(?:由于|因为)?(?!{any_of('no_reason')})"
    )


def split(text: str, start: int, end: int, words: Vocabulary, year: int | None) -> Iterator[Word]:
    """The words from `start` to `end`; whatever lies between known ones is an unknown word."""
    for first, last, found in _known(text, start, end, words):
        if text[start:first].strip():
            yield Word(UNKNOWN, "", start, first)
        start = last
        said, group = text[first:last], found and found.lastgroup
        kind, meaning = "#", ""
        if found is None:
            kind, meaning = words.words[said]
        elif len(said) == 1:
            kind = _MARK_KINDS.get(said, "U")
        elif group == "figure":
            kind = "A" if found["loose"] else FIGURE
            meaning = f"{found['number'].replace(',', '')} {found['unit']}"
        elif group in ("year", "compared", "risen"):
            kind, meaning = _year(said, year)
        elif group == "own":
            kind = "U"
        if kind != "_":
            yield Word(kind, meaning, first, last)
    if text[start:end].strip():
        yield Word(UNKNOWN, "", start, end)


def _known(text: str, start: int, end: int, words: Vocabulary) -> Iterator[tuple[int, int, re.Match[str] | None]]:
    """Where the words stand, and the signs with what was found of them; where both begin it is a word.

    The words are looked up: one expression of them all would take longer to compile than a form takes to read.
    """
    sign = _SIGNS.search(text, start, end)
    while start < end:
        before = end if sign is None else min(sign.start() + 1, end)
        first, last = next(_words(text, start, before, end, words), (end, end))
        if first < end:
            yield first, last, None
        elif sign is not None:
            first, last = sign.span()
            yield first, last, sign
        start = last
        if sign is not None and sign.start() < start:
            sign = _SIGNS.search(text, start, end)


def _words(text: str, start: int, before: int, end: int, words: Vocabulary) -> Iterator[tuple[int, int]]:
    """The words that begin in a part of the text, the longest one at each place."""
    for place in range(start, before):
        for word in words.by_first.get(text[place], ()):
            if text.startswith(word, place, end):
                yield place, place + len(word)
                break


def _year(said: str, year: int | None) -> tuple[str, str]:
    """Kind of a year, alone or after 比, against the year that the text is read for."""
    named = int(said.lstrip("比较与同由从 　")[:4])
    if year is None or named not in (year, year - 1):
        return OTHER_YEAR, ""
    if said[0] in "由从":
        return ("Q", "prior") if named == year - 1 else (UNKNOWN, "")
    if said[0] in "比较与同":
        return ("V", "prior") if named == year - 1 else (UNKNOWN, "")
    return (THIS_YEAR, "") if named == year else (LAST_YEAR, "prior")


def about_in(spoken: Sequence[Word], text: str, words: Vocabulary) -> str:
    """What a heading is about, if that is not the unit as a whole."""
    items = [item_in(word, text, words) for word in spoken if word.kind in ("I", UNKNOWN)]
    kinds = "".join(word.kind for word in spoken)
    item = next(filter(None, items), UNKNOWN if f"{UNKNOWN}B" in kinds or f"{UNKNOWN}D" in kinds else "")
    return "" if item in words.whole else item


def unless_part(about: str, words: Vocabulary) -> str:
    """Under 基本支出情况 the whole comes first: 年初预算支出数为659.75万元，其中基本支出483.83万元.

    Not so under an item without a row of its own: 培训费.
    """
    is_row = about not in words.words
    return (
        "" if is_row and any(about in parts for whole, parts in words.parts.items() if whole in words.whole) else about
    )


def item_in(word: Word, text: str, words: Vocabulary) -> str:
    """The item that a word names; of an unknown one `UNKNOWN`, if there is one in it."""
    if word.kind == "I":
        return word.meaning
    return UNKNOWN if words.foreign.search(text, word.start, word.end) else ""


def amount(written: str) -> tuple[Decimal, int]:
    """A figure's value in 万元 or as a fraction, and its decimals; the figure of 持平 is 0%."""
    digits, _, unit = (written or "0 %").partition(" ")
    return Decimal(digits).scaleb(_SCALE[unit]), len(digits.partition(".")[2]) - _SCALE[unit]
