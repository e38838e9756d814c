"""Figures said in official Chinese prose. What is not understood for certain is skipped, never guessed.

A line is split into known words; a figure counts only if every word between it and the start of its clause is known
and their order is one of a few patterns. The words and their meanings are the template's (`[prose]` in its TOML).
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence

from xlperf.prose.asides import in_aside, turns_aside, used_for
from xlperf.prose.clauses import (
    BUDGETS,
    Clause,
    Line,
    Sentence,
    Statement,
    column_of,
    of_whole,
    statement_at,
)
from xlperf.prose.each import dealt_out
from xlperf.prose.folded import folded
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
    item_in,
    split,
    unless_part,
)
from xlperf.text import expression

HAS_FIGURE = expression(r"[0-9][ 　]?[亿万元%]|持平")
_BEGINS_WITH_YEAR = expression(r"[^0-9]{0,6}(?:19|20)[0-9]{2}年")
_LONGEST_UNIT = 4  # and what may follow it: 万元左右
_LONGEST_HEADING = 30
_SHORTEST_NAME = 3

_YEARS = (THIS_YEAR, LAST_YEAR, OTHER_YEAR)
_AT_HEAD = (*_YEARS, "#", "U", "Y", ",", ":")


def statements(
    text: str, words: Vocabulary, year: int | None = None, names: Sequence[str] = (), heading: str = ""
) -> Iterator[Statement]:
    """The figures that a text states for `year`; `names` are the unit's own, `heading` is what it stands under.

    Without `year`, a passage that names one is not understood.
    """
    plain = folded(text)
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
        names_class = any(each.find(word, figures[-1] if figures else 0) >= 0 for word in words.classes)
        if is_short or figures or names_class or _BEGINS_WITH_YEAR.match(each):
            last = start + (figures[-1] + _LONGEST_UNIT if figures else _LONGEST_HEADING)
            spoken = list(split(plain, start, min(end, last), words, year))
            kinds = [word.kind for word in spoken]
            if is_heading:
                off_topic = "T" in kinds or (off_topic and kinds[:1] != ["#"])
            if is_short and spoken:
                named = about_in(spoken, plain, words)
                about = unless_part(named, words) if named else about if kinds[:1] != ["#"] else ""
            line = Line(words, Sentence(None, other_year), Clause(start), about)
            other_year = yield from _read(line, [] if off_topic else spoken, text, other_year)
            off_topic = off_topic or names_class
        start = end + 1


def _read(line: Line, spoken: Sequence[Word], text: str, other_year: bool) -> Generator[Statement, None, bool]:
    """The statements of a line; returns whether the text now speaks of another year."""
    read_to = 0
    for at, word in enumerate(spoken):
        kind, sentence = word.kind, line.sentence
        if at < read_to:
            continue
        if kind == "T" and sentence.gives_reason and line.whole:
            line.digressed = True
            continue
        if kind == "T":
            break
        if kind == ".":
            _begin(line, word, text, other_year)
            continue
        other_year = _heed(line, word, text, other_year)
        if sentence.stopped:
            continue
        if sentence.aside:
            in_aside(line, word, text)
            if sentence.aside or sentence.stopped:
                _go_on(line, word, text)
                continue
        if kind == "H" and (used := used_for(line, spoken, at, text)) is not None:
            yield used
            read_to = at + 3
        elif kind == "W":
            dealt, read_to = dealt_out(line, spoken, at, text)
            yield from dealt
        elif kind == FIGURE or (kind == "=" and line.words.patterns.unchanged.fullmatch(line.clause.kinds + kind)):
            yield from _at_figure(line, word, text)
        else:
            _go_on(line, word, text)
    return other_year


def _begin(line: Line, word: Word, text: str, other_year: bool) -> None:
    """Begin a sentence; behind a semicolon a list may go on."""
    before = line.sentence
    line.subject = before.subject or line.subject
    line.carried = before.carried()
    line.sentence, line.clause = Sentence(line.whole, other_year or line.digressed), Clause(word.end)
    if before.listing and text[word.start] in "；;":
        line.sentence.whole, line.sentence.outer = before.whole, before.outer
        line.sentence.scope, line.sentence.compared = before.scope, before.compared
        line.sentence.listing = line.sentence.goes_on = True


def _heed(line: Line, word: Word, text: str, other_year: bool) -> bool:
    """Take notice of a word whatever the sentence is about; returns whether the text now speaks of another year."""
    kind, sentence = word.kind, line.sentence
    if kind in ("I", UNKNOWN) and not sentence.subject:
        sentence.subject = item_in(word, text, line.words)
    if kind in _YEARS and sentence.at_head:
        other_year = kind != THIS_YEAR
        sentence.stopped = line.digressed
        sentence.listing = sentence.goes_on = False
    if kind == "P" and sentence.at_head and line.digressed:
        sentence.stopped = other_year
    if kind == "V" and sentence.at_head and line.carried[0]:
        sentence.item, sentence.column, sentence.scope = line.carried
        sentence.figured = True
    sentence.at_head = sentence.at_head and kind in _AT_HEAD
    line.clean = line.clean and kind != UNKNOWN
    sentence.gives_reason = sentence.gives_reason or kind == "E"
    return other_year


def _at_figure(line: Line, word: Word, text: str) -> Iterator[Statement]:
    """The statement that a figure ends; without one the sentence is not understood any more."""
    clause, sentence = line.clause, line.sentence
    patterns = line.words.patterns
    if patterns.adjustment.fullmatch(clause.kinds):
        sentence.figured = sentence.adjusted = True
        sentence.stopped = clause.kinds.endswith(("I", "B"))  # 追加基本支出: and so what follows may be of that money
        line.whole = None
    elif patterns.unclear_change.fullmatch(clause.kinds):
        if clause.items:
            sentence.item, sentence.column = clause.items[0], column_of(clause) or ""
        sentence.compared = clause.compared or sentence.compared
    else:
        statement = statement_at(line, word, text)
        if statement is None:
            sentence.stopped, line.whole = True, None
            return
        yield statement
        sentence.adjusted = False
        if sentence.listing and not statement.of:
            sentence.shared = (*sentence.shared, statement.stem)
        sentence.figured, line.digressed = True, False
        sentence.subject = sentence.subject or statement.stem
    line.clause = Clause(clause.start, after_figure=True)


def _go_on(line: Line, word: Word, text: str) -> None:
    """Take in a word that is no figure."""
    kind, sentence, clause = word.kind, line.sentence, line.clause
    if turns_aside(word):
        sentence.aside, sentence.aside_figured = kind, False
        clause.kinds += UNKNOWN
    elif (
        kind == UNKNOWN
        and sentence.item
        and not sentence.aside
        and "S" not in clause.kinds
        and line.words.foreign.search(text, word.start, word.end)
    ):
        sentence.stopped = True  # 培训费，比上年减少: no longer of the item
    elif kind == ":" and clause.bare and clause.kinds == UNKNOWN and not sentence.figured:
        line.clause = Clause(word.end)  # 1.收入情况：2022年……
    elif kind == "," or (kind in ":&" and clause.after_figure and not clause.kinds):
        if not sentence.aside:
            _close(line)
        line.clause = Clause(word.end)
    else:
        if kind == "I" and clause.is_label:  # （一）基本支出：2022年基本支出……
            line.clause = Clause(clause.start, clause.kinds[1:], columns=clause.columns)
        _add(line, word, text[word.start : word.end])


def _add(line: Line, word: Word, said: str) -> None:
    """Take a word into the clause."""
    clause, sentence, kind = line.clause, line.sentence, word.kind
    if kind == "D":
        if not _goes_on(line, word.meaning):
            _add(line, word._replace(kind="B"), said)
        word, kind = word._replace(meaning="current"), "C"
    if kind == "B" and clause.columns[-1:] == ["current"] and _goes_on(line, word.meaning):
        kind = ""  # 实际支出
    elif kind == "B":
        kind = _take_bare(line, word.meaning)
    if kind in ("I", "R"):
        clause.items.append(word.meaning)
        is_open = sentence.column in BUDGETS or not sentence.figured
        sentence.several = sentence.several or (is_open and sentence.item not in ("", word.meaning))
        if word.meaning in line.words.scoped and "S" not in clause.kinds:
            sentence.scope, line.clean = word.meaning, False
    elif kind in ("C", LAST_YEAR):
        clause.columns.append(word.meaning)
        clause.alone = line.words.alone.get(said, "")
        kind = "C"
    elif kind in (THIS_YEAR, "Y", "U"):
        sentence.owned = True
        kind = "U" if kind == "U" else "Y"
    elif kind in ("V", "Q"):
        clause.compared = word.meaning
    elif kind == "G":
        sentence.with_carried, kind = True, ""
    elif kind == "P":
        sentence.outer = sentence.whole if sentence.listing else None
        sentence.whole = (sentence.item, sentence.column) if sentence.item else sentence.whole
        sentence.listing = sentence.whole is not None
        sentence.scope = next((stem for stem in sentence.whole or () if stem in line.words.scoped), sentence.scope)
        sentence.stopped = sentence.whole is None or clause.kinds != "" or sentence.adjusted
        sentence.shared = ()
    elif kind == ":":
        sentence.stopped = _is_unclear(clause) and not sentence.aside
        clause.is_label, kind = clause.kinds == "I" and not sentence.figured, ""
    elif kind == "#":
        kind = UNKNOWN if clause.kinds or clause.after_figure else ""
    elif kind in ("A", OTHER_YEAR):
        sentence.stopped = True
    clause.kinds += kind


def _is_unclear(clause: Clause) -> bool:
    """Has it unknown words, or several of a kind?"""
    return UNKNOWN in clause.kinds or "&" in clause.kinds


def _goes_on(line: Line, meaning: str) -> bool:
    """Does 支出决算 follow the budget of an item, so that it is that item's and not the total's?"""
    sentence, kinds = line.sentence, line.clause.kinds
    is_budget = sentence.column in BUDGETS
    return is_budget and _is_spoken_of(line, meaning) and "I" not in kinds and not _is_unclear(line.clause)


def _is_spoken_of(line: Line, meaning: str) -> bool:
    """Is the sentence about one item, not the unit as a whole, of which 收入 or 支出 may be said?"""
    words, item = line.words, line.sentence.item
    on_other_side = any(item in words.parts.get(total, ()) for total in words.totals - {meaning})
    return item not in ("", *words.whole) and not line.sentence.several and not on_other_side


def _take_bare(line: Line, meaning: str) -> str:
    """The kind of 收入 or 支出 alone, and what follows from it for the sentence."""
    clause, sentence = line.clause, line.sentence
    kind = _bare(line, meaning)
    if kind == "I" and clause.kinds.endswith("I"):
        clause.kinds += "&"  # 收入支出
    is_other = kind == UNKNOWN and clause.kinds.endswith(UNKNOWN) and sentence.item != ""  # 教育支出
    sentence.stopped = is_other and not sentence.aside
    return kind


def _bare(line: Line, meaning: str) -> str:
    """收入 or 支出 alone is the unit's total only where nothing else can be meant; after an item it adds nothing."""
    clause, sentence = line.clause, line.sentence
    if "S" in clause.kinds:
        return "I"
    if clause.bare and clause.kinds.endswith(("I", "I&")) and meaning not in clause.items and not clause.after_figure:
        return "I"  # 收入、支出分别为
    if "I" in clause.kinds:
        return UNKNOWN if clause.bare else ""
    if clause.columns == ["prior"] and sentence.item == meaning:
        return ""  # 收入512.30万元，上年收入500.00万元
    clause.bare = True
    if not sentence.figured and _is_spoken_of(line, meaning):
        return ""  # 公务接待费，支出预算……
    return "I" if sentence.owned and sentence.item != meaning and of_whole(line) else UNKNOWN


def _close(line: Line) -> None:
    """A clause ends without a figure: it may have named what the next ones speak of."""
    clause, sentence, patterns = line.clause, line.sentence, line.words.patterns
    if clause.kinds == "V":
        sentence.compared, sentence.against_all = clause.compared, True
    elif "I" in clause.kinds and (patterns.level.fullmatch(clause.kinds) or patterns.before.fullmatch(clause.kinds)):
        column = column_of(clause)
        sentence.item, sentence.column, sentence.compared = clause.items[0], column or "", clause.compared
        sentence.stopped, sentence.figured = column is None, False
    elif "C" in clause.kinds and not _is_unclear(clause):
        sentence.stopped = True  # 年初，……: of what, and how far does it reach?
