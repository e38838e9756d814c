"""Reasons and uses in the midst of a sentence: which clause behind them speaks of the unit's figures again."""

from __future__ import annotations

from collections.abc import Sequence

from xlperf.prose.clauses import OF_THIS_YEAR, Clause, Line, Statement, column_of, of_whole
from xlperf.prose.lexicon import FIGURE, LAST_YEAR, UNKNOWN, Word, amount

_REASON, _USE = "E", "H"
_BESIDE_A_REASON = ("比较", "相比", "对比")  # how a sentence returns to its item: 与上年相比


def turns_aside(word: Word) -> bool:
    """Does a reason or a use begin here?"""
    return word.kind in (_REASON, _USE)


def used_for(line: Line, spoken: Sequence[Word], at: int, text: str) -> Statement | None:
    """基本支出213.62万元，用于人员经费109.33万元: what a part of the whole is; None for any other use.

    So too where nothing but the year is said before: 2021年用于人员经费434.89万元.
    """
    clause, sentence = line.clause, line.sentence
    if [word.kind for word in spoken[at + 1 : at + 3]] != ["I", FIGURE] or _is_rate(spoken[at + 2]):
        return None
    item, figure, *behind = spoken[at + 1 : at + 4]
    if any(word.kind not in ",.&" for word in behind) or sentence.scope or line.digressed or sentence.aside:
        return None
    parts = line.words.parts.get(sentence.item, ())
    is_part = item.meaning in parts and not clause.kinds and sentence.column in OF_THIS_YEAR and sentence.figured
    is_alone = not sentence.item and sentence.owned and of_whole(line) and set(clause.kinds) <= {"Y", "U"}
    if not (is_part or is_alone) or item.meaning in line.words.words:
        return None
    value, places = amount(figure.meaning)
    line.clause = Clause(figure.end, after_figure=True)
    sentence.at_head, sentence.figured = False, is_part or sentence.figured
    quote = text[spoken[at].start : figure.end]
    return Statement(item.meaning, sentence.column, value, places, figure.start, figure.end, quote)


def _is_rate(word: Word) -> bool:
    return word.meaning[-1:] in ("", "%")


def in_aside(line: Line, word: Word, text: str) -> None:
    """Is the sentence led back by this word, or is it beyond understanding? What is neither stays aside.

    A figure is the unit's again behind an item with a word for final figures: 人员经费完成109.33万元. A comparison with
    another year is that of the sentence's item, if nothing between may have had one of its own.
    """
    clause, sentence, kind = line.clause, line.sentence, word.kind
    if kind == "P" and sentence.aside == _USE and sentence.item and not (sentence.aside_figured or line.digressed):
        sentence.aside, line.clause = "", Clause(word.start)  # 用于保障机构运转，其中人员经费……
    elif kind in ("P", "W", LAST_YEAR) or (kind == "C" and word.meaning == "prior"):
        sentence.stopped = True
    elif kind == FIGURE:
        if line.words.patterns.after_aside.fullmatch(clause.kinds) and column_of(clause) == "current":
            sentence.aside = "" if not line.digressed else sentence.aside
        if sentence.aside:
            sentence.aside_figured, line.clause = True, Clause(word.end, UNKNOWN)
    elif kind == UNKNOWN and line.words.foreign.search(text, word.start, word.end):
        sentence.aside_figured = True
    elif kind == "V" and not clause.kinds and sentence.item and not (sentence.aside_figured or line.digressed):
        leads_back = sentence.aside == _USE or text[word.start : word.end].endswith(_BESIDE_A_REASON)
        sentence.aside = "" if leads_back else sentence.aside
