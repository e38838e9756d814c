"""What the figure at the end of a clause says, given the words before it and what the sentence has said so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from xlperf.amounts import Interval, interval
from xlperf.prose.lexicon import FIGURE, Vocabulary, Word, amount

_LONGEST_QUOTE = 40
BUDGETS = frozenset({"opening", "adjusted", "budget"})
EITHER = "?"  # the column of a part whose whole has several
OF_THIS_YEAR = frozenset({"", "current"})
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
    is_label: bool = False  # an item and a colon


@dataclass(slots=True)
class Sentence:
    """What persists from clause to clause."""

    whole: tuple[str, str] | None  # what 其中 would take apart: stem and column
    stopped: bool
    item: str = ""
    column: str = ""
    compared: str = ""
    against_all: bool = False  # 与上年相比 stood alone, and holds for what is named behind it
    listing: bool = False  # after 其中
    outer: tuple[str, str] | None = None  # the whole of the list in which this list stands
    scope: str = ""
    several: bool = False  # items, before the final figure of the first
    subject: str = ""  # the item named first, or UNKNOWN: one that is not known here
    figured: bool = False  # a figure of the item has been said
    after_proportion: bool = False
    risen: bool = False  # 由上年的 480.20 万元: what follows says to what
    with_carried: bool = False  # what was carried over is in its figures
    owned: bool = False  # speaks of the year or of the unit itself
    gives_reason: bool = False
    at_head: bool = True  # nothing said but whose and when
    aside: str = ""  # in a reason or a use, of which a clause may lead back: the kind of word that began it
    aside_figured: bool = False  # and something there has, or may have, a figure of its own
    set_beside: bool = False  # 200万元，上年180万元: a change behind them is that between the two
    shared: tuple[str, ...] = ()  # the items of the list, or those that the last figures were dealt out to
    adjusted: bool = False  # the last figure was that of an adjustment, and so may its parts be
    goes_on: bool = False  # with the list of the sentence before the semicolon

    def carried(self) -> tuple[str, str, str]:
        """Item, column and scope that 比上年增加 at the head of the next sentence is about; none if not certain."""
        in_list = self.listing and (self.whole is None or self.item != self.whole[0])
        is_certain = not (self.stopped or self.several or in_list or self.aside == "E")
        return (self.item, self.column, self.scope) if is_certain and self.item else ("", "", "")


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
    carried: tuple[str, str, str] = ("", "", "")


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
    clause, sentence, patterns = line.clause, line.sentence, line.words.patterns
    kinds = clause.kinds if word.kind == FIGURE else clause.kinds + word.kind
    named = clause.items[0] if "I" in kinds.partition("S")[0] else ""
    if sentence.goes_on and named:
        _find_list(line, named)
    if "P" in kinds and not is_part(line, named):
        return None
    value, places = amount(word.meaning)
    is_rate = word.meaning[-1:] in ("", "%")
    if patterns.change.fullmatch(kinds) or patterns.unchanged.fullmatch(kinds):
        found, value = _change(line, named, is_rate), -value if kinds[-1] in "-M" else value
    else:
        found = _proportion(line, kinds) if is_rate else _level(line, kinds, named)
    if found is None:
        return None
    stem, column, of = found
    if sentence.with_carried and not _may_hold_carried(line, stem):
        return None
    sentence.risen = patterns.risen_from.fullmatch(kinds) is not None
    sentence.after_proportion = column in ("share", "completion")
    return Statement(stem, column, value, places, word.start, word.end, quoted(line, word, text), of, sentence.scope)


def _may_hold_carried(line: Line, stem: str) -> bool:
    """Of an income with what was carried over it is another figure; of spending it is the same."""
    words = line.words
    wholes = words.carried_in & words.totals
    return stem in words.carried_in or any(stem in words.parts.get(whole, ()) for whole in wholes)


def quoted(line: Line, word: Word, text: str) -> str:
    """The end of the clause that a figure stands at."""
    return text[line.clause.start : word.end].strip("，,：:、 　")[-_LONGEST_QUOTE:]


def _find_list(line: Line, named: str) -> None:
    """Behind a semicolon: does the item belong to the list, to the one around it, or to none?"""
    sentence = line.sentence
    if not is_part(line, named):
        sentence.whole = sentence.outer or sentence.whole
    if not is_part(line, named):
        sentence.listing = sentence.goes_on = False
        sentence.scope = sentence.compared = ""


def is_part(line: Line, item: str) -> bool:
    """Is it a part of what 其中 takes apart?"""
    whole = line.sentence.whole
    return whole is not None and item in line.words.parts.get(whole[0], ())


def _level(line: Line, kinds: str, named: str) -> tuple[str, str, str] | None:
    """Item and column of an amount."""
    clause, sentence = line.clause, line.sentence
    stem, column = named or sentence.item, column_of(clause)
    patterns = line.words.patterns
    if stem and (patterns.before.fullmatch(kinds) or patterns.risen_from.fullmatch(kinds)):  # 比上年的 162.49 万元
        sentence.item, sentence.compared = stem, clause.compared
        return stem, clause.compared, ""
    if patterns.risen_to.fullmatch(kinds):
        if not sentence.risen or sentence.column not in OF_THIS_YEAR:
            return None
        sentence.column = "current"
        return stem, "current", ""
    if not named and clause.alone:
        if not stem or stem in line.words.alone.values():
            if not of_whole(line):
                return None  # 培训费，年初预算……
            stem = clause.alone
        elif not sentence.column and stem not in line.words.totals:
            return None  # of the item, or of the whole unit?
    if not patterns.level.fullmatch(kinds) or not stem or column is None or not (named or column):
        return None
    if not column:
        column = implied_column(line)
        if column == EITHER:
            return None
    if not sentence.listing and not sentence.item:
        line.whole = (stem, column)
    elif line.whole is not None and not sentence.listing and _is_beside(stem, column, line.whole):
        line.whole = (stem, EITHER)  # 预算8.5万元，实际支出6.2万元。其中……: of which of the two?
    if not sentence.scope:
        line.columns.add(column)
    if named and not sentence.listing:
        sentence.compared, sentence.against_all = "", False
    is_same = not named and stem == sentence.item and sentence.figured
    sentence.set_beside = column == "prior" and is_same and sentence.column in OF_THIS_YEAR
    sentence.item, sentence.column = stem, column
    return stem, column, ""


def _is_beside(stem: str, column: str, whole: tuple[str, str]) -> bool:
    """Is it another figure of the same item and year?"""
    return stem == whole[0] and column not in (whole[1], "prior")


def implied_column(line: Line) -> str:
    """A part has its whole's column; in a line that has spoken of final figures only, an amount is one too."""
    if line.sentence.listing and line.sentence.whole:
        return line.sentence.whole[1]
    return "current" if line.columns == {"current"} else ""


def _change(line: Line, named: str, is_rate: bool) -> tuple[str, str, str] | None:
    """Item of an increase or decrease, and the column that it is against."""
    clause, sentence = line.clause, line.sentence
    stem = named or sentence.item
    subject = column_of(clause) if named or clause.columns else sentence.column
    compared = clause.compared or (sentence.compared if sentence.listing or sentence.against_all or not named else "")
    if sentence.set_beside and not (named or clause.columns or clause.compared):
        subject, compared = "", "prior"
    if not stem or not compared or subject not in OF_THIS_YEAR:
        return None
    if sentence.after_proportion and is_rate and not named:
        return None  # 占85%，比上年提高5%: of the item, or of its share?
    sentence.item, sentence.column, sentence.compared = stem, subject or "", compared
    return stem, "growth_rate" if is_rate else "change", compared


def _proportion(line: Line, kinds: str) -> tuple[str, str, str] | None:
    """Item of a share or of a degree of completion, and the whole or the budget that it is of."""
    clause, sentence, patterns = line.clause, line.sentence, line.words.patterns
    last_is_item = kinds[-1:] in ("I", "R")
    named = clause.items[0] if len(clause.items) > last_is_item else ""
    stem, said = named or sentence.item, list(clause.columns)
    if not named:
        said.append(sentence.column)
    if patterns.share.fullmatch(kinds):
        column, of = "share", clause.items[-1]
    elif patterns.share_of_something.fullmatch(kinds) and not kinds.endswith("SC"):
        column, of, said = "share", "", []
    elif patterns.completion.fullmatch(kinds) and last_is_item:
        column, of = "completion", "budget"
        said = said if named else clause.columns
        if not stem or stem in line.words.alone.values():
            stem = clause.items[-1] if of_whole(line) else ""
    elif patterns.completion.fullmatch(kinds) and clause.columns[-1] in BUDGETS:
        column, of = "completion", clause.columns[-1]
        said.remove(of)
    else:
        return None
    return (stem, column, of) if stem and set(said) <= OF_THIS_YEAR else None
