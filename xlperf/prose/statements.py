"""Figures said in official Chinese prose. What is not understood for certain is skipped, never guessed.

A line is split into known words; a figure counts only if every word between it and the start of its clause is known
and their order is one of a few patterns. The words and their meanings are the template's (`[prose]` in its TOML).
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from xlperf.amounts import Interval, interval
from xlperf.prose.lexicon import (
    FIGURE,
    LAST_YEAR,
    OTHER_YEAR,
    OWN_NAME,
    THIS_YEAR,
    UNKNOWN,
    Vocabulary,
    Word,
    about_in,
    amount,
    item_in,
    split,
    unless_part,
)
from xlperf.text import expression

_FULL_WIDTH = expression("[０-９．％]")
HALF_WIDTH = str.maketrans("０１２３４５６７８９．％", "0123456789.%")
HAS_FIGURE = expression(r"[0-9][ 　]?[亿万元%]|持平")
_BEGINS_WITH_YEAR = expression(r"[^0-9]{0,6}(?:19|20)[0-9]{2}年")
_LONGEST_UNIT = 4  # and what may follow it: 万元左右
_LONGEST_HEADING = 30
_LONGEST_QUOTE = 40
_SHORTEST_NAME = 3

_YEARS = (THIS_YEAR, LAST_YEAR, OTHER_YEAR)
_AT_HEAD = (*_YEARS, "#", "U", "Y", ",", ":")
_LEVEL = expression("P?[UYC]*I?[YC]*")  # 其中 我办 2023年 年初预算 基本支出 执行
_BEFORE = expression("P?[UYC]*I?[YC]*V")  # 比上年的
_CHANGE = expression("P?[UYC]*I?[YC]*V?(?:[+-]|[+]M)")  # 增长-5%
_UNCHANGED = expression("P?[UYC]*I?[YC]*V=")
_COMPLETION = expression("P?[UYC]*I?[UYC]*(?:[SC]?C|R)")
_SHARE = expression("[UYC]*I?[YC]*S[UYC]*I")
_SHARE_OF_SOMETHING = expression("[UYC]*I?[YC]*S[UYCXIB]*")
_BUDGETS = frozenset({"opening", "adjusted", "budget"})
_OF_THIS_YEAR = frozenset({"", "current"})
_NARROWED = {  # two words for a column, of which one says more
    frozenset({"opening", "budget"}): "opening",
    frozenset({"adjusted", "budget"}): "adjusted",
    frozenset({"prior", "current"}): "prior",
}


class Statement(NamedTuple):
    """One figure: `column` of `stem` is `value`, in 万元 or as a fraction, written with `places` decimals.

    column: prior, opening, adjusted, budget (opening or adjusted), current, or `""` if the words do not say which;
    or else change, growth_rate, share, completion, which are against `of`: a column, or the stem of the whole (`""`:
    not known). `scope`: the sentence speaks of this part of the money only.
    """

    stem: str
    column: str
    value: Decimal
    places: int
    start: int
    end: int
    quote: str
    of: str = ""
    scope: str = ""

    @property
    def interval(self) -> Interval:
        return interval(self.value, self.places)


@dataclass(slots=True)
class _Clause:
    """What was said since the last comma, or since the last figure."""

    start: int
    kinds: str = ""
    items: list[str] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    alone: str = ""  # the whole unit's figure that the last column is, if no item is meant
    compared: str = ""
    bare: bool = False  # its item is a bare 收入 or 支出
    after_figure: bool = False


@dataclass(slots=True)
class _Sentence:
    """What persists from clause to clause."""

    whole: tuple[str, str] | None  # what 其中 would take apart: stem and column
    stopped: bool
    item: str = ""
    column: str = ""
    compared: str = ""
    listing: bool = False  # after 其中
    scope: str = ""
    several: bool = False  # items
    subject: str = ""  # the item named first, or UNKNOWN: one that is not known here
    figured: bool = False  # a figure of the item has been said
    after_proportion: bool = False
    owned: bool = False  # speaks of the year or of the unit itself
    gives_reason: bool = False
    at_head: bool = True  # nothing said but whose and when


@dataclass(slots=True)
class _Line:
    """A line, with the sentence and the clause that are being read.

    After a reason that names a project the text may go on about that project: only 其中 leads back to the whole.
    """

    words: Vocabulary
    sentence: _Sentence
    clause: _Clause
    about: str = ""  # what the heading names: an item that is not the unit as a whole, or UNKNOWN
    subject: str = ""  # what the last sentence that named an item was about, in the same way
    clean: bool = True  # nothing unknown so far
    digressed: bool = False
    columns: set[str] = field(default_factory=set)
    whole: tuple[str, str] | None = None


def statements(
    text: str, words: Vocabulary, year: int | None = None, names: Sequence[str] = (), heading: str = ""
) -> Iterator[Statement]:
    """The figures that a text states for `year`; `names` are the unit's own, `heading` is what it stands under.

    Without `year`, a passage that names one is not understood.
    """
    plain = text.translate(HALF_WIDTH) if _FULL_WIDTH.search(text) else text
    for name in names:
        plain = plain.replace(name, OWN_NAME * len(name)) if len(name) >= _SHORTEST_NAME else plain
    if not HAS_FIGURE.search(plain):
        return
    off_topic = other_year = False
    about = unless_part(about_in(list(split(heading, 0, len(heading), words, year)), heading, words), words)
    start = 0
    for each in plain.split("\n"):
        end = start + len(each)
        figures = [found.end() for found in HAS_FIGURE.finditer(each)]
        is_short = not figures and len(each) <= _LONGEST_HEADING
        is_heading = is_short and not each.rstrip().endswith("。")
        if is_short or figures or is_heading or _BEGINS_WITH_YEAR.match(each):
            last = start + (figures[-1] + _LONGEST_UNIT if figures else _LONGEST_HEADING)
            spoken = list(split(plain, start, min(end, last), words, year))
            kinds = [word.kind for word in spoken]
            if is_heading:
                off_topic = "T" in kinds or (off_topic and kinds[:1] != ["#"])
            if is_short and spoken:
                named = about_in(spoken, plain, words)
                about = unless_part(named, words) if named else about if kinds[:1] != ["#"] else ""
            line = _Line(words, _Sentence(None, other_year), _Clause(start), about)
            other_year = yield from _read(line, [] if off_topic else spoken, text, other_year)
        start = end + 1


def _read(line: _Line, spoken: Sequence[Word], text: str, other_year: bool) -> Generator[Statement, None, bool]:
    """The statements of a line; returns whether the text now speaks of another year."""
    for word in spoken:
        kind, sentence, clause = word.kind, line.sentence, line.clause
        if kind == "T" and sentence.gives_reason and line.whole:
            line.digressed = True
            continue
        if kind == "T":
            break
        if kind in ("I", UNKNOWN) and not sentence.subject:
            sentence.subject = item_in(word, text, line.words)
        if kind == ".":
            line.subject = sentence.subject or line.subject
            line.sentence, line.clause = _Sentence(line.whole, other_year or line.digressed), _Clause(word.end)
            continue
        if kind in _YEARS and sentence.at_head:
            other_year = kind != THIS_YEAR
            sentence.stopped = line.digressed
        if kind == "P" and sentence.at_head and line.digressed:
            sentence.stopped = other_year
        sentence.at_head = sentence.at_head and kind in _AT_HEAD
        line.clean = line.clean and kind != UNKNOWN
        sentence.gives_reason = sentence.gives_reason or kind == "E"
        if sentence.stopped:
            continue
        if kind == FIGURE or (kind == "=" and _UNCHANGED.fullmatch(clause.kinds + kind)):
            statement = _statement(line, word, text)
            if statement is None:
                sentence.stopped, line.whole = True, None
            else:
                yield statement
                sentence.figured = True
                line.clause, line.digressed = _Clause(clause.start, after_figure=True), False
        elif (
            kind == UNKNOWN
            and sentence.item
            and "S" not in clause.kinds
            and line.words.foreign.search(text, word.start, word.end)
        ):
            sentence.stopped = True  # 培训费，比上年减少: no longer of the item
        elif kind == "," or (kind in ":&" and clause.after_figure and not clause.kinds):
            _close(clause, sentence)
            line.clause = _Clause(word.end)
        else:
            _add(line, word, text[word.start : word.end])
    return other_year


def _of_whole(line: _Line) -> bool:
    """Can nothing be meant here but the unit as a whole?"""
    whole = ("", *line.words.whole)
    return line.clean and not line.about and line.subject in whole and line.sentence.item in whole


def _add(line: _Line, word: Word, said: str) -> None:
    """Take a word into the clause."""
    clause, sentence, kind = line.clause, line.sentence, word.kind
    if kind == "D":
        if not _goes_on(line, word.meaning):
            _add(line, word._replace(kind="B"), said)
        word, kind = word._replace(meaning="current"), "C"
    if kind == "B":
        kind = _bare(line, word.meaning)
        sentence.stopped = kind == UNKNOWN and clause.kinds.endswith(UNKNOWN) and sentence.item != ""  # 教育支出
    if kind in ("I", "R"):
        clause.items.append(word.meaning)
        sentence.several = sentence.several or sentence.item not in ("", word.meaning)
        if word.meaning in line.words.scoped:
            sentence.scope, line.clean = word.meaning, False
    elif kind in ("C", LAST_YEAR):
        clause.columns.append(word.meaning)
        clause.alone = line.words.alone.get(said, "")
        kind = "C"
    elif kind in (THIS_YEAR, "Y", "U"):
        sentence.owned = True
        kind = "U" if kind == "U" else "Y"
    elif kind == "V":
        clause.compared = word.meaning
    elif kind == "P":
        sentence.whole = (sentence.item, sentence.column) if sentence.item else sentence.whole
        sentence.listing = sentence.whole is not None
        sentence.scope = next((stem for stem in sentence.whole or () if stem in line.words.scoped), sentence.scope)
        sentence.stopped = sentence.whole is None or clause.kinds != ""
    elif kind == ":":
        sentence.stopped = UNKNOWN in clause.kinds
        kind = ""
    elif kind == "#":
        kind = UNKNOWN if clause.kinds or clause.after_figure else ""
    elif kind in ("A", "E", OTHER_YEAR):
        sentence.stopped = True
    elif kind == "&":
        kind = UNKNOWN
    clause.kinds += kind


def _goes_on(line: _Line, meaning: str) -> bool:
    """Does 支出决算 follow the budget of an item, so that it is that item's and not the total's?"""
    sentence, kinds = line.sentence, line.clause.kinds
    is_budget = sentence.column in _BUDGETS
    return is_budget and _is_spoken_of(line, meaning) and "I" not in kinds and UNKNOWN not in kinds


def _is_spoken_of(line: _Line, meaning: str) -> bool:
    """Is the sentence about one item, not the unit as a whole, of which 收入 or 支出 may be said?"""
    words, item = line.words, line.sentence.item
    on_other_side = any(item in words.parts.get(total, ()) for total in words.totals - {meaning})
    return item not in ("", *words.whole) and not line.sentence.several and not on_other_side


def _bare(line: _Line, meaning: str) -> str:
    """收入 or 支出 alone is the unit's total only where nothing else can be meant; after an item it adds nothing."""
    clause, sentence = line.clause, line.sentence
    if "S" in clause.kinds:
        return "I"
    if "I" in clause.kinds:
        return UNKNOWN if clause.bare else ""
    clause.bare = True
    if not sentence.figured and _is_spoken_of(line, meaning):
        return ""  # 公务接待费，支出预算……
    return "I" if sentence.owned and sentence.item != meaning and _of_whole(line) else UNKNOWN


def _close(clause: _Clause, sentence: _Sentence) -> None:
    """A clause ends without a figure: it may have named what the next ones speak of."""
    if clause.kinds == "V":
        sentence.compared = clause.compared
    elif "I" in clause.kinds and (_LEVEL.fullmatch(clause.kinds) or _BEFORE.fullmatch(clause.kinds)):
        column = _column(clause)
        sentence.item, sentence.column, sentence.compared = clause.items[0], column or "", clause.compared
        sentence.stopped, sentence.figured = column is None, False
    elif "C" in clause.kinds and UNKNOWN not in clause.kinds:
        sentence.stopped = True  # 年初，……: of what, and how far does it reach?


def _column(clause: _Clause) -> str | None:
    """The one column that the words name, `""` if they name none, `None` if they contradict each other."""
    said = frozenset(clause.columns)
    return next(iter(said), "") if len(said) < 2 else _NARROWED.get(said)


def _statement(line: _Line, word: Word, text: str) -> Statement | None:
    """What the figure at the end of a clause says; `None` if that is not certain."""
    clause, sentence = line.clause, line.sentence
    kinds = clause.kinds if word.kind == FIGURE else clause.kinds + word.kind
    named = clause.items[0] if "I" in kinds else ""
    whole = sentence.whole[0] if sentence.whole else ""
    if "P" in kinds and named not in line.words.parts.get(whole, ()):
        return None
    value, places = amount(word.meaning)
    is_rate = word.meaning[-1:] in ("", "%")
    if _CHANGE.fullmatch(kinds) or _UNCHANGED.fullmatch(kinds):
        found, value = _change(line, named, is_rate), -value if kinds[-1] in "-M" else value
    else:
        found = _proportion(line, kinds) if is_rate else _level(line, kinds, named)
    if found is None:
        return None
    stem, column, of = found
    sentence.after_proportion = column in ("share", "completion")
    quote = text[clause.start : word.end].strip("，,：:、 　")[-_LONGEST_QUOTE:]
    return Statement(stem, column, value, places, word.start, word.end, quote, of, sentence.scope)


def _level(line: _Line, kinds: str, named: str) -> tuple[str, str, str] | None:
    """Item and column of an amount."""
    clause, sentence = line.clause, line.sentence
    stem, column = named or sentence.item, _column(clause)
    if _BEFORE.fullmatch(kinds) and stem:  # 比上年的 162.49 万元
        sentence.item, sentence.compared = stem, clause.compared
        return stem, clause.compared, ""
    if not named and clause.alone:
        if not stem or stem in line.words.alone.values():
            if not _of_whole(line):
                return None  # 培训费，年初预算……
            stem = clause.alone
        elif not sentence.column and stem not in line.words.totals:
            return None  # of the item, or of the whole unit?
    if not _LEVEL.fullmatch(kinds) or not stem or column is None or not (named or column):
        return None
    if not column:
        column = _implied_column(line)
    if not sentence.listing and not sentence.item:
        line.whole = (stem, column)
    if not sentence.scope:
        line.columns.add(column)
    if named and not sentence.listing:
        sentence.compared = ""
    sentence.item, sentence.column = stem, column
    return stem, column, ""


def _implied_column(line: _Line) -> str:
    """A part has its whole's column; in a line that has spoken of final figures only, an amount is one too."""
    if line.sentence.listing and line.sentence.whole:
        return line.sentence.whole[1]
    return "current" if line.columns == {"current"} else ""


def _change(line: _Line, named: str, is_rate: bool) -> tuple[str, str, str] | None:
    """Item of an increase or decrease, and the column that it is against."""
    clause, sentence = line.clause, line.sentence
    stem = named or sentence.item
    subject = _column(clause) if named or clause.columns else sentence.column
    compared = clause.compared or (sentence.compared if sentence.listing or not named else "")
    if not stem or not compared or subject not in _OF_THIS_YEAR:
        return None
    if sentence.after_proportion and is_rate and not named:
        return None  # 占85%，比上年提高5%: of the item, or of its share?
    sentence.item, sentence.column, sentence.compared = stem, subject or "", compared
    return stem, "growth_rate" if is_rate else "change", compared


def _proportion(line: _Line, kinds: str) -> tuple[str, str, str] | None:
    """Item of a share or of a degree of completion, and the whole or the budget that it is of."""
    clause, sentence = line.clause, line.sentence
    last_is_item = kinds[-1:] in ("I", "R")
    named = clause.items[0] if len(clause.items) > last_is_item else ""
    stem, said = named or sentence.item, list(clause.columns)
    if not named:
        said.append(sentence.column)
    if _SHARE.fullmatch(kinds):
        column, of = "share", clause.items[-1]
    elif _SHARE_OF_SOMETHING.fullmatch(kinds) and not kinds.endswith("SC"):
        column, of, said = "share", "", []
    elif _COMPLETION.fullmatch(kinds) and last_is_item:
        column, of = "completion", "budget"
        said = said if named else clause.columns
        if not stem or stem in line.words.alone.values():
            stem = clause.items[-1] if _of_whole(line) else ""
    elif _COMPLETION.fullmatch(kinds) and clause.columns[-1] in _BUDGETS:
        column, of = "completion", clause.columns[-1]
        said.remove(of)
    else:
        return None
    return (stem, column, of) if stem and set(said) <= _OF_THIS_YEAR else None
