"""A heading read by its words: what it names (预算, 执行, 得分), when (年初, 全年, 上年), and what only decorates it.

A label is cut into known words; the last that counts is its head and says what it is, those before it are modifiers.
A rule of words.toml gives the key where it explains every word: a label with a sign that is no known word, or with two
explanations as good as each other, has no meaning, and is listed rather than guessed.
"""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import Any, NamedTuple

from xlperf.form.written import templates_folder
from xlperf.labels.spelling import CHINESE_NUMBER, INVISIBLE, YEAR, YEARS, year_of
from xlperf.text import expression

LONGEST = 60  # signs of a text that may be a label
WHEN = frozenset(("opening", "full", "adjusted", "prior", "end", "plan"))
_KEPT = 1 << 14
_MOST_CUTS = 8

_CIRCLED = expression("[①-⑳❶-❿]")
_LEAD = expression(
    rf"[★☆▲●◆■*#※△·\-—]+|(?P<which>其中[:,]?)|指标\d{{1,2}}[:、.)]?(?=\D)"
    rf"|目标\d{{1,2}}[:、.](?=\D)"
    rf"|第?{CHINESE_NUMBER}[、.,:)]|\({CHINESE_NUMBER}\)[、.]?|\d{{1,2}}[、,):.](?!\d)|\(\d{{1,2}}\)[、.]?|[①-⑳❶-❿]"
)
_TAIL = expression(
    r"(?<=[^=])=[^=一-鿿]*$|(?<=[一-鿿)])[A-Za-z](?:=[^=]*)?$|(?<=[一-鿿])[A-Za-z]/[A-Za-z][^一-鿿]*$|[*×]100%?$"
)
_BRACKET = expression(r"[(\[【〔]([^()\[\]【】〔〕]*)[)\]】〕]")
_MONEY = expression(r"(?:金额)?(?:单位:?)?(?:人民币)?([百千万亿]{0,2}元)")
_POINTS = expression(r"(?:共|计|满分|总分|占|权重)?:?(\d+(?:\.\d+)?)(?:分|%)?")
_POINTS_INSIDE = expression(r"(?<![\d.])(\d++(?:\.\d++)?)分")
_LETTERS = expression(r"[A-Za-zⅠ-Ⅹ\d/÷×*+\-—%=.,<>≤≥≈①-⑳\[\]()]+")
_SIGNS_OF_A_FORMULA = expression(r"[\d.%×÷/*+\-=分A-Za-z①-⑳]")
_OPERATOR = expression(r"[×÷/*+=]")
_MONTHS = expression(r"(?:截至|截止)?\d{1,2}[-—~至到]\d{1,2}月")
_FIGURE = expression(r"(?:[-+]?\d[\d,]*(?:\.\d+)?|[-+]?\.\d+)%?(?:分|万元|元)?")
_UNITS = {"%": "%", "百分比": "%", "百分数": "%", "单位:%": "%", "分": "分", "单位:分": "分"}


class Word(NamedTuple):
    text: str
    kind: str  # its class in words.toml, "" of a sign that is no known word


class Heading(NamedTuple):
    """What a label says besides its words. `points`: those in its brackets; `formula`: B/A, ④=①+②.

    `cuts`: its words, in every way to cut it that is as good as the first.
    """

    text: str
    cuts: tuple[tuple[Word, ...], ...]
    unit: str = ""
    points: str = ""
    years: tuple[int, ...] = ()
    formula: str = ""
    of_which: bool = False

    @property
    def words(self) -> tuple[Word, ...]:
        return self.cuts[0]

    @property
    def is_understood(self) -> bool:
        return all(word.kind for word in self.words)


class Rule(NamedTuple):
    key: str
    needs: tuple[frozenset[str], ...]  # of each one kind must be among the modifiers
    may: frozenset[str]

    def explains(self, modifiers: frozenset[str]) -> bool:
        return modifiers <= self.may and all(each & modifiers for each in self.needs)


class Grammar(NamedTuple):
    """The vocabulary and the rules of words.toml."""

    kinds: Mapping[str, str]  # word -> class
    longest: int
    silent: frozenset[str]
    joined: Mapping[tuple[str, str], str]
    rules: Mapping[str, Mapping[str, tuple[Rule, ...]]]  # by block and head


@cache
def grammar() -> Grammar:
    """Read once; raises `ValueError` where a word is in two classes."""
    data = tomllib.loads((templates_folder() / "words.toml").read_text("utf-8"))
    kinds: dict[str, str] = {}
    for kind, words in data["words"].items():
        for word in words.split():
            if kinds.setdefault(word, kind) != kind:
                raise ValueError(f"words.toml: {word} is {kinds[word]} and {kind}")
    return Grammar(
        kinds=kinds,
        longest=max(map(len, kinds)),
        silent=frozenset(data["silent"]),
        joined={(first, second): kind for words, kind in data["joined"].items() for first, second in [words.split()]},
        rules={block: _rules(spec) for block, spec in data["blocks"].items()},
    )


def _rules(spec: Mapping[str, Any]) -> dict[str, tuple[Rule, ...]]:
    """`head | needs | may`, where a/b needs one of them; what is needed is allowed, and so is the head itself."""
    rules: dict[str, list[Rule]] = {}
    for key, lines in spec.items():
        for line in lines:
            head, needs, may = (part.split() for part in line.split("|"))
            needed = tuple(frozenset(each.split("/")) for each in needs)
            rules.setdefault(head[0], []).append(Rule(key, needed, frozenset((*may, *head)).union(*needed)))
    return {head: tuple(each) for head, each in rules.items()}


@lru_cache(_KEPT)
def flat(text: str) -> str:
    """Without white space, full-width signs made half-width; circled numbers stay, because formulas name them."""
    shown = INVISIBLE.sub("", text)
    return "".join(sign if _CIRCLED.fullmatch(sign) else unicodedata.normalize("NFKC", sign) for sign in shown)


@lru_cache(_KEPT)
def is_figure(text: str) -> bool:
    """Is this a number, with its % or unit at most?"""
    return _FIGURE.fullmatch(flat(text)) is not None


@lru_cache(_KEPT)
def read_heading(text: str) -> Heading:
    """The words of a label, and what its brackets and its numbering say."""
    rest, of_which = _without_lead(flat(text).rstrip(":"))
    rest, before, said = _without_brackets(rest)
    if rest.endswith("%") and len(rest) > 1 and not is_figure(rest):
        rest = rest[:-1]
        said.setdefault("unit", "%")
    if found := _TAIL.search(rest):
        said.setdefault("formula", found[0])
        rest = rest[: found.start()]
    elif _LETTERS.fullmatch(rest) and not is_figure(rest):
        said.setdefault("formula", rest)
        rest = ""
    years = [*said.pop("years", ()), *map(year_of, YEAR.finditer(rest))]
    rest = YEAR.sub("", rest)
    if found := _MONTHS.match(rest):
        before.append(Word(found[0], "months"))
        rest = rest[found.end() :]
    cuts = tuple((*before, *words) for words in _cuts(rest))
    return Heading(flat(text), cuts, years=tuple(years), of_which=of_which, **said)


def bare(text: str) -> str:
    """A heading by its words alone, as two spellings of it are compared: ⑥支出实现率=⑤/④ is 支出实现率."""
    return "".join(word.text for word in read_heading(text).words)


def _without_lead(text: str) -> tuple[str, bool]:
    of_which = False
    while (found := _LEAD.match(text)) and found.end() < len(text):
        of_which |= bool(found["which"])
        text = text[found.end() :]
    return text, of_which


def _without_brackets(text: str) -> tuple[str, list[Word], dict[str, Any]]:
    """What stands outside, the words inside (they modify the rest: 全年（调整）预算数), and what else they say."""
    before: list[Word] = []
    said: dict[str, Any] = {}
    while found := _BRACKET.search(text):
        aside, _, last = found[1].strip(":").rpartition(",")
        if aside and (money := _MONEY.fullmatch(last)):  # （中期规划，万元）
            said.setdefault("unit", money[1])
        else:
            aside = found[1].strip(":")
        name, value = _aside(aside)
        if name == "years":
            said["years"] = [*said.get("years", ()), value]
        elif name:
            said.setdefault(name, value)
            if name == "formula" and (points := _POINTS_INSIDE.search(aside)):
                said.setdefault("points", points[1])
        else:
            before += _cut(aside)
        text = text[: found.start()] + text[found.end() :]
    return text.rstrip(":"), before, said


def _aside(aside: str) -> tuple[str, Any]:
    """What the text of a bracket is: a unit, points, a formula or a year; nothing of these, then words."""
    if money := _MONEY.fullmatch(aside):
        return "unit", money[1]
    if aside in _UNITS:
        return "unit", _UNITS[aside]
    if points := _POINTS.fullmatch(aside):
        year = YEAR.fullmatch(aside)
        return ("years", year_of(year)) if year and year["full"] else ("points", points[1])
    if year := YEAR.fullmatch(aside):
        return "years", year_of(year)
    if _LETTERS.fullmatch(aside) or YEARS.fullmatch(aside):
        return "formula", aside
    if _OPERATOR.search(aside) and all(word.kind for word in _cut(_SIGNS_OF_A_FORMULA.sub("", aside))):
        return "formula", aside
    return "", None


def _cut(text: str) -> tuple[Word, ...]:
    return _cuts(text)[0]


def _cuts(text: str) -> list[tuple[Word, ...]]:
    """The best ways to cut a text into known words: fewest signs left over, then fewest words."""
    known = grammar()
    best: list[tuple[tuple[int, int], list[tuple[Word, ...]]]] = [((0, 0), [()])]
    for end in range(1, len(text) + 1):
        (left, count), ways = best[end - 1]
        cost, found = (left + 1, count), [(*words, Word(text[end - 1], "")) for words in ways]
        for start in range(max(0, end - known.longest), end):
            kind = known.kinds.get(text[start:end])
            if kind is None:
                continue
            (left, count), ways = best[start]
            longer = [(*words, Word(text[start:end], kind)) for words in ways]
            if (left, count + 1) < cost:
                cost, found = (left, count + 1), longer
            elif (left, count + 1) == cost:
                found += longer
        best.append((cost, found[:_MOST_CUTS]))
    return best[-1][1]


def features(heading: Heading, year: int | None = None, above: Iterable[str] = ()) -> tuple[str, ...]:
    """The classes of the words that matter, neighbours joined; `year` is the one evaluated.

    A year of a heading is this one (`full`), the one before (`prior`) or `another`. `above`: the classes of a heading
    above this one, which says when.
    """
    return _features(heading, heading.words, year, above)


def _features(heading: Heading, words: Iterable[Word], year: int | None, above: Iterable[str]) -> tuple[str, ...]:
    known = grammar()
    found = [*above, *(_which_year(each, year) for each in heading.years)]
    for word in words:
        if word.kind in known.silent:
            continue
        found.append(word.kind)
        while len(found) > 1 and (joined := known.joined.get((found[-2], found[-1]))):
            found[-2:] = [joined]
    return tuple(found)


def _which_year(told: int, year: int | None) -> str:
    if year is None or told == year:
        return "full"
    return "prior" if told == year - 1 else "another"


@lru_cache(_KEPT)
def meaning(text: str, block: str, year: int | None = None, above: tuple[str, ...] = ()) -> str:
    """The key of a label in a block, "" if it has none there: each block asks only for its own."""
    if not text or len(text) > LONGEST or is_figure(text):
        return ""
    heading = read_heading(text)
    if not heading.is_understood:
        return ""
    if not heading.words and "/" in heading.formula:
        return "extra" if "extra" in grammar().rules[block] else ""
    keys = {_explained(_features(heading, words, year, above), block) for words in heading.cuts} - {""}
    return keys.pop() if len(keys) == 1 else ""


def _explained(found: tuple[str, ...], block: str) -> str:
    """The key whose rule explains head and modifiers, and needs most of them."""
    rules = grammar().rules[block].get(found[-1], ()) if found else ()
    fitting = [rule for rule in rules if rule.explains(frozenset(found[:-1]))]
    most = max((len(rule.needs) for rule in fitting), default=0)
    keys = {rule.key for rule in fitting if len(rule.needs) == most}
    return keys.pop() if len(keys) == 1 else ""


@lru_cache(_KEPT)
def when(text: str) -> tuple[str, ...]:
    """The classes of a label that says nothing but when, such as the 2023年 above 预算数 and 决算数."""
    if len(text) > LONGEST:
        return ()
    heading = read_heading(text)
    kinds = {word.kind for word in heading.words} - grammar().silent
    return features(heading) if heading.is_understood and kinds <= WHEN else ()


@lru_cache(_KEPT)
def blocks_of(text: str) -> tuple[str, ...]:
    """The blocks in which a label has a meaning."""
    return tuple(block for block in grammar().rules if meaning(text, block))
