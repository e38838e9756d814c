"""The headings of a report: how they are numbered and what they say; also where a sheet holds it line below line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from itertools import groupby
from typing import NamedTuple

from xlperf.labels.blocks import Cell, Table
from xlperf.labels.copies import same_unit
from xlperf.labels.spelling import YEAR, fold, plain, years_in
from xlperf.labels.words import Known
from xlperf.text import expression

DIGITS = "一二三四五六七八九十"
LONGEST_HEADING = 60
LONGEST_RUN_IN = 25
UNNUMBERED = -1
PART = 0  # 第一部分: the rank of what all else is below
SECTION = 3  # （一）: here a heading that nobody knows is one all the same
_SIGN = rf"([{DIGITS}]{{1,3}}|[0-9]{{1,2}})"
_STYLES = (
    expression(rf"第{_SIGN}(?:部分|章|篇|编)[、:.,]?"),
    expression(rf"第{_SIGN}节[、:.,]?"),
    expression(rf"第?([{DIGITS}]{{1,3}})[、.,:]"),
    expression(rf"\(([{DIGITS}]{{1,3}})\)[、.,:]?"),
    expression(r"([0-9]{1,2})(?:[、,:)]|\.(?![0-9])|\.(?=(?:19|20)[0-9]{2}年))"),
    expression(r"[0-9]{1,2}\.([0-9]{1,2}?)(?:(?![0-9.])[、.]?(?![0-9万亿元%])|(?=(?:19|20)[0-9]{2}年))"),
    expression(r"\(([0-9]{1,2})\)[、.,:]?"),
)
_SPACED = expression(rf"^([{DIGITS}]{{1,3}}|[0-9]{{1,2}})[ 　\t]+(?=\D)")
_DECORATION = expression(r"^[【\[★☆●◆◇■□▪▲*#\s]+(?=\S)|[】\]]$")
# In a list of contents; it begins where a run of blanks and dots begins, so that a long one is gone through once.
_PAGE = expression(r"(?<![.…·—\- 　])[ 　]*(?:[.…·—\-]{2}[ 　.…·—\-]*|\t[ 　.…·]*)[0-9]{1,3}$")
_COMPARED = expression("[比较与和同]$"), expression("^度?(?:结转|结余|相比|对比|比较|决算数?相比)")
_LEADS_ON = expression("(?:分别[是为]|其中)$")  # 项目支出共安排5个项目，分别是：, which is no heading
_LONGEST_LEAD, _SHORTEST_UNIT = 12, 4
_EXACT = 50  # a section that is all the heading of it says outweighs any other of the chapter


class Heading(NamedTuple):
    """A line that may be a heading: its rank among the ways to number, what it says, and what follows in the line."""

    rank: int
    number: int
    said: str
    text: str
    rest: str = ""
    is_closed: bool = False  # ends like a sentence

    @property
    def is_bare(self) -> bool:
        return not self.rest and not self.is_closed


class Meaning(NamedTuple):
    """What a heading says: the chapter that it opens, the cell of the text below it.

    A heading of a section, or of a chapter without sections, is the last one: what is below it is its text.
    """

    chapter: int | None
    key: str
    is_last: bool
    certain: bool = True
    strict: bool = False  # says nothing but that


def without_names(heading: Heading, names: Iterable[str]) -> Heading:
    """A heading in which the unit may call itself by one of its names: 某局支出情况."""
    said = heading.said
    for name in map(plain, names):
        said = said.replace(name, "") or said
    return heading._replace(said=said)


class _Fit(NamedTuple):
    length: int
    place: int
    word: str
    chapter: int
    key: str = ""  # of a section
    is_all: bool = False  # that the heading says


def heading_in(text: str) -> Heading | None:
    """The heading that a line is, or that it begins with; without a number too."""
    shown = _PAGE.sub("", _SPACED.sub(r"\1、", _DECORATION.sub("", text.strip())))
    words = plain(shown)
    found = [(rank, each) for rank, style in enumerate(_STYLES) if (each := style.match(words))]
    rank, number = (found[0][0], _count(found[0][1][1])) if found else (UNNUMBERED, 0)
    heading, rest, is_closed = _split(shown)
    said = plain(heading)
    said = said[found[0][1].end() :] if found else said
    return Heading(rank, number, said, heading, rest, is_closed) if fold(said) else None


def is_in_contents(text: str) -> bool:
    """Is a line one of a list of contents, with its page?"""
    return _PAGE.search(text.strip()) is not None


def _count(sign: str) -> int:
    """12, 五, 十, 十二, 二十."""
    if sign.isdecimal():
        return int(sign)
    tens, ten, ones = sign.rpartition("十")
    return (DIGITS.find(tens) + 1 if tens else 1) * 10 * bool(ten) + (DIGITS.find(ones) + 1 if ones else 0)


def _split(text: str) -> tuple[str, str, bool]:
    """A heading, the text that follows it in the same line, and whether it ends like a sentence."""
    ends = [at for at, sign in enumerate(text) if sign in "。：:"]
    if not ends or (len(ends) == 1 and ends[0] == len(text) - 1):
        heading = text.rstrip("。：:；;")
        return (heading, "", text[-1:] in ("。", "；", ";")) if len(text) <= LONGEST_HEADING else ("", "", False)
    heading = text[: ends[0]]
    if _LEADS_ON.search(heading):
        return "", "", False
    return (heading, text[ends[0] + 1 :].strip(), False) if len(heading) <= LONGEST_RUN_IN else ("", "", False)


def meaning_of(heading: Heading, known: Known, within: int | None = None) -> Meaning | None:
    """What a heading says below that of the chapter `within`, whose own sections it may name, or a later chapter."""
    fits = list(_own_fits(heading, known, within)) or list(_later_fits(heading, known, within))
    if not fits:
        return _chapter_again(heading, known, within)
    best = max(fits, key=lambda each: (each.length, not each.key, -each.place))
    closed = {each.chapter: each for each in reversed(fits) if _is_closed(each, known)}
    if len(closed) > 1 and _is_closed(best, known):  # 存在的问题和改进措施: the headings below may tell them apart
        first = min(closed.values(), key=lambda each: each.place)
        return Meaning(None, known.chapters[first.chapter].section, is_last=False, certain=False)
    rivals = {each.key for each in fits if each.length == best.length and bool(each.key) == bool(best.key)}
    key = best.key or known.chapters[best.chapter].section
    is_last = bool(best.key) or not known.chapters[best.chapter].sections
    return Meaning(best.chapter, key, is_last, len(rivals) < 2, _says_only(heading, best, known))


def _chapter_again(heading: Heading, known: Known, within: int | None) -> Meaning | None:
    """A heading below that of its own chapter: 一、部门概况, （一）基本情况."""
    chapter = known.chapters[within] if within is not None else None
    if chapter is None or within is None or not chapter.sections:
        return None
    fits = list(_fits(heading, known, chapter.words, within))
    return Meaning(within, chapter.section, True, strict=_says_only(heading, fits[0], known)) if fits else None


def _is_closed(fit: _Fit, known: Known) -> bool:
    chapter = known.chapters[fit.chapter]
    return not fit.key and bool(chapter.section) and not chapter.sections


def _own_fits(heading: Heading, known: Known, within: int | None) -> Iterator[_Fit]:
    if within is not None:
        for key, words in known.chapters[within].sections.items():
            for fit in _fits(heading, known, words, within, key):
                yield fit._replace(length=fit.length + _EXACT) if fit.is_all else fit


def _later_fits(heading: Heading, known: Known, within: int | None) -> Iterator[_Fit]:
    for number, chapter in enumerate(known.chapters):
        if within is None or number > within:
            yield from _fits(heading, known, chapter.words, number)
            for key, words in chapter.sections.items():
                yield from _fits(heading, known, words, number, key)


def _fits(heading: Heading, known: Known, words: Iterable[str], chapter: int, key: str = "") -> Iterator[_Fit]:
    name = fold(heading.said)
    for word in words:
        if word.startswith("="):
            if _core(heading.said, known) in (word[1:], _core(word[1:], known)):
                yield _Fit(len(word) - 1, 0, word[1:], chapter, key, is_all=True)
        elif word in name:
            yield _Fit(len(word), name.find(word), word, chapter, key)


def _core(said: str, known: Known) -> str:
    """A heading without its year and the words around it that say nothing."""
    some = _any_of(known.headings.plain)
    return re.sub(rf"^(?:{some})+|(?:{some})+$", "", fold(YEAR.sub("", plain(said))))


def _says_only(heading: Heading, fit: _Fit, known: Known) -> bool:
    """Does nothing follow the word that says so but 情况, 说明 and the like?"""
    name = fold(re.sub(r"\([^()]*\)", "", heading.said))
    before, _, after = name.partition(fit.word)
    return len(before) <= _LONGEST_LEAD and re.fullmatch(f"(?:{_any_of(known.headings.tails)})*", after) is not None


def _any_of(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True))) or "(?!)"


# Whose figures follow


def not_of_the_unit(
    said: str, known: Known, year: int | None, names: Sequence[str] | None, is_known: bool = True
) -> str:
    """Why the figures below a heading are not the unit's own of the year; empty if they are.

    Without `names` it is the heading on the unit itself, by whatever name.
    """
    name, words = fold(said), known.headings
    years = years_in(said)
    if year is not None and years and year not in years:
        return f"说的是 {years[0]} 年"
    for word in words.other_years:
        before, found, after = name.partition(word)
        if found and not _COMPARED[0].search(before) and not _COMPARED[1].match(after):
            return "说的是其他年度"
    if names is not None and _other_unit(name, known, names):
        return "说的是其他单位"
    nouns = words.projects if is_known else (*words.projects, *words.doubtful)
    return "说的是单个项目" if _one_project(name, nouns, known) else ""


def _other_unit(name: str, known: Known, names: Sequence[str]) -> bool:
    rest = reduce(lambda said, own: said.replace(fold(own), ""), names, name)
    if any(re.search(f"(?<![及和与含]){word}", rest) for word in known.headings.other_units):
        return True
    unit = re.sub(f"(?:{_any_of(known.headings.tails)})+$", "", YEAR.sub("", name))
    is_name = len(unit) >= _SHORTEST_UNIT and unit.endswith(known.headings.unit_ends)
    return is_name and bool(names) and not any(same_unit(fold(own), unit) for own in names)


def _one_project(name: str, nouns: Iterable[str], known: Known) -> bool:
    """Does a name of its own stand before a word for a project? Numbers and signs alone are none: 2.项目支出情况."""
    for word in nouns:
        before, found, _ = YEAR.sub("", name).partition(word)
        if found and any(map(str.isalpha, re.sub(_any_of(known.headings.any_project), "", before))):
            return True
    return False


def part_of_money(said: str, known: Known) -> str:
    """The part of the unit's money that a heading speaks of."""
    return next((word for word in known.headings.part_of_money if word in fold(said)), "")


# A sheet that holds the report


def chapter_of(text: str, known: Known) -> int | None:
    """Which chapter of the report a line is the numbered heading of."""
    heading = heading_in(text)
    if heading is None or heading.rank == UNNUMBERED or not heading.is_bare:
        return None
    meaning = meaning_of(heading, known)
    if meaning is None or meaning.chapter is None:
        return None
    is_section = meaning.is_last and meaning.key in known.chapters[meaning.chapter].sections
    return None if is_section else meaning.chapter


def is_report(table: Table, known: Known) -> bool:
    """Is this the report itself, one line below the other in a sheet?"""
    lines = (cells[0].text for cells in rows_of(table) if len(cells) == 1)
    return len({chapter for line in lines if (chapter := chapter_of(line, known)) is not None}) > 1


def without_lines(table: Table, known: Known) -> Table:
    """What a sheet that holds the report has besides its lines: 自评分数 | 98 | 绩效等次 | 优."""
    if not is_report(table, known):
        return table
    lines = {cells[0].row for cells in rows_of(table) if len(cells) == 1}
    return Table(table.place, tuple(cell for cell in table.cells if cell.row not in lines))


def rows_of(table: Table) -> Iterator[list[Cell]]:
    """The cells of each row that hold something."""
    for _, cells in groupby(table.cells, key=lambda cell: cell.row):
        yield [cell for cell in cells if plain(cell.text)]
