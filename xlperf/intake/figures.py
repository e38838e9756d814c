"""The figures of the report's sentences, as keys of the form. What they mean must be certain; all others are listed.

`xlperf.prose` says what a sentence states; here it is decided which cell that is, and what is done with the rest.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from xlperf.form.template import FINANCE, Template
from xlperf.labels.reading import Entry, Passage, Reading, Section
from xlperf.prose import Statement, statements
from xlperf.prose.lexicon import NO_MEASURE, Vocabulary, split
from xlperf.prose.tidy import Tidied, tidied
from xlperf.prose.verdict import Verdict, grades, scores

_CHANGES = ("change", "growth_rate")
_VERDICTS: Mapping[str, Callable[[str, Vocabulary, int], Iterable[Verdict]]] = {
    "stated_score": scores,
    "stated_grade": grades,
}
_UNCHANGED = "持平"
_FORM_PLACES = 2  # of 万元

_SENTENCE = re.compile(r"[^。；;！!？?\n]+[。；;！!？?]?")
_FIGURE = re.compile(
    rf"[0-9０-９](?:[0-9０-９,，.．]{{0,20}}[0-9０-９])?[^\S\n]?(?:[亿万]元|元|[亿万]{NO_MEASURE}|(?P<rate>[%％]))"
    r"|[一二两三四五六七八九十百千几数][一二两三四五六七八九十百千万亿几数多余点零]{0,20}(?:万元|亿元|元(?![旦素件化]))|(?P<said>百分之)"
)
_OF_MONEY = frozenset("IBVR")
_NEXT_REASON = re.compile(r"\s*(?:[二三四五六七八九]是|其[二三四五]|[（(][二三四五2-9][）)]|[2-9][.．、])")
_FIRST_REASON = re.compile(r"\s*(?:一是|其一|[（(][一1][）)]|1[.．、])")
_LONGEST_HEADING, _LONGEST_QUOTE, _LOOK_BACK, _LONGEST_SENTENCE = 30, 40, 200, 1000


class _Found(NamedTuple):
    """An entry that may be made, and what decides between two of them for one key."""

    entry: Entry
    sentence: str
    said: Statement | None = None
    certain: bool = True  # the words leave no doubt which cell it is
    aside: bool = False  # in a part of the report where the year's figures are not given

    def agrees(self, other: _Found) -> bool:
        if self.said is None or other.said is None or _UNCHANGED in self.entry.note + other.entry.note:
            return self.entry.value == other.entry.value
        return self.said.interval.meets(other.said.interval)

    def listed(self, reason: str) -> Passage:
        return Passage(self.entry.place, self.sentence, reason)


class _Text(NamedTuple):
    """A section made plain."""

    section: Section
    plain: Tidied
    sentences: tuple[tuple[int, int], ...]
    template: Template
    year: int | None

    @property
    def words(self) -> Vocabulary:
        return self.template.prose

    @property
    def is_of_money(self) -> bool:
        """May the section tell the year's income and spending?"""
        return self.section.key not in self.template.cells_of("goals", "plans")

    @property
    def doubt(self) -> str:
        """Why a figure of the year may not be the unit's where the section tells it."""
        if self.section.scope:
            return f"标题说的是“{self.section.scope}”，请核对是否就是全部"
        if not self.section.key:
            return "没有写在报告的哪一部分里，请核对"
        is_elsewhere = self.is_of_money and self.section.key not in self.template.cells_of("money")
        return "不在报告第二部分，请核对" if is_elsewhere else ""

    def quote(self, start: int, end: int) -> str:
        return self.section.text[self.plain.original(start, end)].strip()

    def place(self, start: int, end: int) -> str:
        return f"{self.section.place}“{self.quote(start, end)}”"

    def sentence(self, at: int) -> str:
        """The sentence that a place in the plain text belongs to; what never ends is cut."""
        start, end = self.sentences[bisect_right(self.sentences, (at, len(self.plain.text))) - 1]
        return self.quote(start, min(end, start + _LONGEST_SENTENCE))


def read_figures(
    sections: Sequence[Section], template: Template, year: int | None, names: Sequence[str] = ()
) -> Reading:
    """The entries that the sections state for `year`, and the sentences whose figures led to none.

    `names` are the unit's own. One key stated twice differently keeps the first figure, not sure, and lists the other.
    """
    own = sorted({"".join(name.split()) for name in names} - {""}, key=len, reverse=True)
    found: list[_Found] = []
    left: list[Passage] = []
    kept: list[Passage] = []
    understood: list[tuple[int, int, int]] = []
    for number, section in enumerate(sections):
        plain = tidied(section.text)
        spans = tuple(each.span() for each in _SENTENCE.finditer(plain.text))
        text = _Text(section, plain, spans, template, year)
        heading = template.field(section.key).label if section.key else section.heading
        said = list(statements(plain.text, template.prose, year, own, heading))
        before = len(found) + len(kept)
        for each in said:
            _place(each, text, template, found, left, kept)
            if len(found) + len(kept) > before:
                place = plain.original(each.start, each.end)
                understood.append((number, place.start, place.stop))
            before = len(found) + len(kept)
        found += _reasons(said, text, template)
        for verdict, start, end in _verdicts(text):
            found.append(verdict)
            place = plain.original(start, end)
            understood.append((number, place.start, place.stop))
        left += _not_understood(said, text)
    entries, contradicted = _settled(found, template)
    once = {(each.text, each.reason): each for each in reversed([*left, *contradicted])}
    told, stays = (
        tuple(each._replace(reason=template.said(each.reason)) for each in passages)
        for passages in (reversed(once.values()), kept)
    )
    return Reading(tuple(entries), told, stays, tuple(understood))


def _place(
    said: Statement, text: _Text, template: Template, found: list[_Found], left: list[Passage], kept: list[Passage]
) -> None:
    """Put a statement where it belongs: to the cells, to what stays in the text, or to what a person has to see."""
    start = said.end - len(said.quote)
    place = text.place(start, said.end)
    rows, _ = template.series_of(FINANCE)
    carryover = template.cells_of("carryover")
    stem, column = said.stem, said.column
    sentence = text.sentence(said.start)
    has_cell = bool(template.meanings.get(stem, {}).get(column or "current"))
    if said.scope:
        found_scope = _of_a_part(said, place, text, template)
        if found_scope:
            found.append(found_scope)
        else:
            left.append(Passage(place, sentence, f"说的只是“{said.scope}”，不一定是全部，请核对后填写"))
    elif column in ("share", "completion") or (column in _CHANGES and said.of != "prior"):
        kept.append(Passage(place, said.quote, "占比、完成比例、与预算相比的增减没有单独的格子，留在正文里"))
    elif stem in carryover and column in ("", "current"):
        found.append(_entry(said, stem, text))
    elif stem in rows and column in ("prior", "opening", "current", *_CHANGES):
        found.append(_entry(said, f"{stem}_{column}", text))
    elif stem in rows and not column:
        found.append(_unstaged(said, text))
    elif column == "budget":
        left.append(Passage(place, sentence, "没有写明是年初预算还是调整后的预算，请核对后填写"))
    elif has_cell or (stem in template.meanings and stem not in rows):
        kept.append(Passage(place, said.quote, "是{base}或{evaluation}的数，以该表为准，留在正文里"))
    elif stem in rows or stem in carryover:
        left.append(Passage(place, sentence, "{finance}没有这一栏"))
    else:
        left.append(Passage(place, sentence, f"{{finance}}没有“{stem}”这一行"))


def _entry(said: Statement, key: str, text: _Text, certain: bool = True, doubt: str = "") -> _Found:
    """The entry that a statement makes for a key, with what was done to the figure."""
    place = text.place(said.end - len(said.quote), said.end)
    written = text.quote(said.start, said.end)
    value, note, precise = _value(said, written, text.plain.text[said.start : said.end])
    if written == _UNCHANGED:
        key = f"{said.stem}_change"
    elsewhere = text.section.key and not text.is_of_money
    notes = [note, doubt, text.doubt]
    certain = certain and not text.doubt
    sure = precise and certain
    entry = Entry(key, value, place, sure, "；".join(each for each in notes if each))
    return _Found(entry, text.sentence(said.start), said, certain, bool(elsewhere))


def _value(said: Statement, written: str, plain: str) -> tuple[str, str, bool]:
    """The value as the cell states it, a note on what was done to it, and whether it is as precise as the form."""
    value = abs(said.value) if said.value == 0 else said.value
    if written == _UNCHANGED:
        return "0", "原文写“持平”", True
    if plain.endswith("%"):
        signed = value.is_signed() and said.quote[: -len(plain)].endswith(("-", "－", "−"))
        return f"{value.scaleb(2):f}%", f"原文写“{said.quote}”" if signed else _numerals(written, plain), True
    if plain.endswith(("亿", "亿元")):
        precise = said.places >= _FORM_PLACES
        rough = "" if precise else f"，只精确到 {Decimal(1).scaleb(-said.places):f} 万元"
        return f"{value:f}", f"原文“{written}”，折合万元{rough}", precise
    if plain.endswith("元") and not plain.endswith("万元"):
        return f"{value.normalize():f}", f"原文“{written}”，折合万元", True
    return f"{value:f}", _numerals(written, plain), True


def _numerals(written: str, plain: str) -> str:
    is_numeral = not any(each.isdigit() and each.isdecimal() for each in written) and plain
    return f"原文写“{written}”" if is_numeral else ""


def _of_a_part(said: Statement, place: str, text: _Text, template: Template) -> _Found | None:
    """An opening budget of the general budget's money is, more often than not, the whole one."""
    stem = text.words.scoped.get(said.stem, said.stem)
    if said.column != "opening" or stem not in template.series_of(FINANCE)[0]:
        return None
    return _entry(said, f"{stem}_opening", text, False, f"原文说的是“{said.scope}”，请核对是否就是全部")


def _unstaged(said: Statement, text: _Text) -> _Found:
    """An amount of which the words do not say whether it is a budget: in a part on the year's results, it is not."""
    before = text.plain.text[: said.start]
    above, _, line = before.rpartition("\n")
    heading = above.rstrip().rpartition("\n")[2]
    stage = _stage(line[-_LOOK_BACK:], text.words) or (
        _stage(heading, text.words) if len(heading) <= _LONGEST_HEADING else ""
    )
    dated = text.year is not None and any(each in before for each in (f"{text.year}年", "本年", "全年", "当年"))
    key = f"{said.stem}_current"
    if stage == "budget" or not text.is_of_money:
        each = _entry(said, key, text, False, "没有写明是预算数还是决算数")
        return each._replace(aside=True)
    if stage == "final" or dated:
        return _entry(said, key, text)
    each = _entry(said, key, text, False, "没有写明是预算数还是决算数，作为本年数填入")
    return each._replace(aside=bool(text.section.heading))  # below a heading that nobody knows it may be anything's


def _stage(said: str, words: Vocabulary) -> str:
    """Of which stage the words before a figure speak: `final`, `budget`, "" if they do not say."""
    found = [each.lastgroup for each in words.sayings.stages.finditer(said)]
    return next((stage for stage in reversed(found) if stage in ("final", "budget")), "")


def _reasons(said: Sequence[Statement], text: _Text, template: Template) -> Iterator[_Found]:
    """The reasons that stand behind a change, each for the item whose change it was."""
    rows, _ = template.series_of(FINANCE)
    because = re.compile(text.words.because)
    for index, each in enumerate(said):
        behind = said[index + 1] if index + 1 < len(said) else None
        limit = behind.end - len(behind.quote) if behind else len(text.plain.text)
        marker = because.match(text.plain.text, each.end, max(limit, each.end))
        back = index
        while marker and back and said[back].column == "share" and said[back - 1].stem == each.stem:
            back -= 1
        of = said[back]
        if not marker or of.column not in _CHANGES or of.of != "prior" or of.scope or of.stem not in rows:
            continue
        if marker["item"] and _meaning(marker["item"], text.words) != of.stem:
            continue
        if marker["of_change"] and back != index:
            continue
        start, end = marker.end(), _end_of_reason(text.plain.text, marker.end(), limit)
        reason = text.plain.text[start:end].strip("，,；;：: ")
        if reason:
            has_figure = _FIGURE.search(reason) is not None
            note = "原因里写有数字，请核对到哪里为止" if has_figure else ""
            place = text.place(start, min(end, start + _LONGEST_QUOTE))
            entry = Entry(f"{of.stem}_reason", reason, place, not has_figure and not text.doubt, note or text.doubt)
            aside = bool(text.section.key) and not text.is_of_money
            yield _Found(entry, text.sentence(start), None, not has_figure, aside)


def _meaning(word: str, words: Vocabulary) -> str:
    return words.words[word][1]


def _end_of_reason(text: str, start: int, limit: int) -> int:
    """To the end of the sentence, or of the last of several reasons that are counted; not past a closing bracket."""
    counted = _FIRST_REASON.match(text, start) is not None
    depth = 0
    for at in range(start, limit):
        mark = text[at]
        depth += (mark in "（(") - (mark in "）)")
        is_over = mark in "。；;" and not (counted and _NEXT_REASON.match(text, at + 1))
        if depth < 0 or is_over or mark == "\n" or text.startswith("其中", at):
            return at
    return limit


def _verdicts(text: _Text) -> Iterator[tuple[_Found, int, int]]:
    """The score and the grade that the text gives the unit, and where the words for it begin and end."""
    template = text.template
    if text.section.key in template.cells_of("goals", "plans"):
        return  # their scores are not the year's
    cells = ((key, read) for role, read in _VERDICTS.items() for key in template.cells_of(role))
    for key, read in cells:
        for each in read(text.plain.text, text.words, text.year or 0):
            start, end = each.start, each.start + len(each.quote)
            yield _Found(Entry(key, each.said, text.place(start, end)), text.sentence(start)), start, end


def _not_understood(said: Iterable[Statement], text: _Text) -> Iterator[Passage]:
    """The sentences with a figure of money, or a rate of it, that no statement accounts for."""
    known = {each.end for each in said}
    for start, end in text.sentences:
        figures = [each for each in _FIGURE.finditer(text.plain.text, start, end) if each.end() not in known]
        if not figures:
            continue
        kinds = {word.kind for word in split(text.plain.text, start, end, text.words, text.year)}
        only_rates = all(each["rate"] or each["said"] for each in figures)
        if not only_rates or kinds & _OF_MONEY:  # not 满意度98%
            yield Passage(text.place(*figures[0].span()), text.quote(start, end), _why(kinds))


def _why(kinds: set[str]) -> str:
    """Why a sentence was not understood, by the kinds of words in it."""
    if "N" in kinds:
        return "说的是其他年度，或者年度没有确定"
    if "T" in kinds:
        return "说的是单个项目、下属单位或其他口径，{finance}没有这一行"
    if "A" in kinds:
        return "是计划、目标、用途、约数、平均数或累计数，没有填"
    if "E" in kinds:
        return "写在原因里，没有单独填"
    return "没有完全看懂，没有填，请核对"


def _settled(found: Iterable[_Found], template: Template) -> tuple[list[Entry], list[Passage]]:
    """One entry for each key, and what contradicts it."""
    by_key: dict[str, list[_Found]] = {}
    for each in found:
        by_key.setdefault(each.entry.key, []).append(each)
    entries: list[Entry] = []
    left: list[Passage] = []
    for key, candidates in by_key.items():
        usable = [each for each in candidates if not each.aside]
        chosen = next((each for each in usable if each.certain), usable[0] if usable else None)
        if chosen is None:
            left += [_not_taken(each) for each in candidates]
            continue
        others = [each for each in candidates if each is not chosen and not each.agrees(chosen)]
        label = template.field(key).label
        left += [each.listed(f"{label}在别处写的是 {chosen.entry.value}") for each in others]
        entry = chosen.entry
        if any(each.certain for each in others):
            differing = "、".join(dict.fromkeys(each.entry.value for each in others if each.certain))
            note = "；".join(filter(None, (entry.note, f"别处写的是 {differing}，请核对")))
            entry = entry._replace(sure=False, note=note)
        entries.append(entry)
    return entries, left


def _not_taken(each: _Found) -> Passage:
    return each.listed(each.entry.note if not each.certain else "不在报告第二部分，没有填，请核对后填写")
