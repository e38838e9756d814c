"""What the figure at the end of a clause says, given the words before it and what the sentence has said so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from xlperf.amounts import Interval, interval
from xlperf.prose.lexicon import FIGURE, Vocabulary, Word, amount
from xlperf.text import expression

_LONGEST_QUOTE = 40
LEVEL = expression("P?[UYC]*I?[YC]*")  # 其中 我办 2023年 年初预算 基本支出 执行
BEFORE = expression("P?[UYC]*I?[YC]*V")  # 比上年的
_CHANGE = expression("P?[UYC]*I?[YC]*V?(?:[+-]|[+]M)")  # 增长-5%
UNCHANGED = expression("P?[UYC]*I?[YC]*V=")
_COMPLETION = expression("P?[UYC]*I?[UYC]*(?:[SC]?C|R)")
_SHARE = expression("[UYC]*I?[YC]*S[UYC]*I")
_SHARE_OF_SOMETHING = expression("[UYC]*I?[YC]*S[UYCXIB]*")
BUDGETS = frozenset({"opening", "adjusted", "budget"})
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
class Clause:
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
class Sentence:
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
class Line:
    """A line, with the sentence and the clause that are being read.

    After a reason that names a project the text may go on about that project: only 其中 leads back to the whole.
    """

    words: Vocabulary
    sentence: Sentence
    clause: Clause
    about: str = ""  # what the heading names: an item that is not the unit as a whole, or UNKNOWN
    subject: str = ""  # what the last sentence that named an item was about, in the same way
    clean: bool = True  # nothing unknown so far
    digressed: bool = False
    columns: set[str] = field(default_factory=set)
    whole: tuple[str, str] | None = None


def of_whole(line: Line) -> bool:
    """Can nothing be meant here but the unit as a whole?"""
    whole = ("", *line.words.whole)
    return line.clean and not line.about and line.subject in whole and line.sentence.item in whole


def column_of(clause: Clause) -> str | None:
    """The one column that the words name, `""` if they name none, `None` if they contradict each other."""
    said = frozenset(clause.columns)
    return next(iter(said), "") if len(said) < 2 else _NARROWED.get(said)


def statement_at(line: Line, word: Word, text: str) -> Statement | None:
    """What the figure at the end of a clause says; `None` if that is not certain."""
    clause, sentence = line.clause, line.sentence
    kinds = clause.kinds if word.kind == FIGURE else clause.kinds + word.kind
    named = clause.items[0] if "I" in kinds else ""
    whole = sentence.whole[0] if sentence.whole else ""
    if "P" in kinds and named not in line.words.parts.get(whole, ()):
        return None
    value, places = amount(word.meaning)
    is_rate = word.meaning[-1:] in ("", "%")
    if _CHANGE.fullmatch(kinds) or UNCHANGED.fullmatch(kinds):
        found, value = _change(line, named, is_rate), -value if kinds[-1] in "-M" else value
    else:
        found = _proportion(line, kinds) if is_rate else _level(line, kinds, named)
    if found is None:
        return None
    stem, column, of = found
    sentence.after_proportion = column in ("share", "completion")
    quote = text[clause.start : word.end].strip("，,：:、 　")[-_LONGEST_QUOTE:]
    return Statement(stem, column, value, places, word.start, word.end, quote, of, sentence.scope)


def _level(line: Line, kinds: str, named: str) -> tuple[str, str, str] | None:
    """Item and column of an amount."""
    clause, sentence = line.clause, line.sentence
    stem, column = named or sentence.item, column_of(clause)
    if BEFORE.fullmatch(kinds) and stem:  # 比上年的 162.49 万元
        sentence.item, sentence.compared = stem, clause.compared
        return stem, clause.compared, ""
    if not named and clause.alone:
        if not stem or stem in line.words.alone.values():
            if not of_whole(line):
                return None  # 培训费，年初预算……
            stem = clause.alone
        elif not sentence.column and stem not in line.words.totals:
            return None  # of the item, or of the whole unit?
    if not LEVEL.fullmatch(kinds) or not stem or column is None or not (named or column):
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


def _implied_column(line: Line) -> str:
    """A part has its whole's column; in a line that has spoken of final figures only, an amount is one too."""
    if line.sentence.listing and line.sentence.whole:
        return line.sentence.whole[1]
    return "current" if line.columns == {"current"} else ""


def _change(line: Line, named: str, is_rate: bool) -> tuple[str, str, str] | None:
    """Item of an increase or decrease, and the column that it is against."""
    clause, sentence = line.clause, line.sentence
    stem = named or sentence.item
    subject = column_of(clause) if named or clause.columns else sentence.column
    compared = clause.compared or (sentence.compared if sentence.listing or not named else "")
    if not stem or not compared or subject not in _OF_THIS_YEAR:
        return None
    if sentence.after_proportion and is_rate and not named:
        return None  # 占85%，比上年提高5%: of the item, or of its share?
    sentence.item, sentence.column, sentence.compared = stem, subject or "", compared
    return stem, "growth_rate" if is_rate else "change", compared


def _proportion(line: Line, kinds: str) -> tuple[str, str, str] | None:
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
            stem = clause.items[-1] if of_whole(line) else ""
    elif _COMPLETION.fullmatch(kinds) and clause.columns[-1] in BUDGETS:
        column, of = "completion", clause.columns[-1]
        said.remove(of)
    else:
        return None
    return (stem, column, of) if stem and set(said) <= _OF_THIS_YEAR else None
