"""The report's text by what its headings say, its title, and what the lines around the tables say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from xlperf.form.template import Template
from xlperf.intake.parts import Part, cells_of_parts, headed_by_several, lines_of_part, place_of_part
from xlperf.intake.titles import ATTACHMENT, end_of_text, is_name, is_signed, said_outside, title_of
from xlperf.labels.blocks import Document, Paragraph
from xlperf.labels.chapters import (
    LONGEST_RUN_IN,
    PART,
    SECTION,
    UNNUMBERED,
    Heading,
    Meaning,
    chapter_of,
    heading_in,
    is_in_contents,
    is_report,
    meaning_of,
    not_of_the_unit,
    part_of_money,
    rows_of,
    without_names,
)
from xlperf.labels.lines import is_report_title, is_title
from xlperf.labels.reading import Passage, Reading, Section
from xlperf.labels.spelling import fold, plain
from xlperf.labels.stated import lines_of
from xlperf.labels.words import Known, known_labels
from xlperf.text import expression

_DATE = expression(
    r"(?:\d{4}|[一二三四五六七八九十〇○零]{4})年[\d一二三四五六七八九十]{1,3}月(?:[\d一二三四五六七八九十]{1,3}日)?"
)
_SEVERAL_CHAPTERS = 2
_COLONS = ("：", ":")
_NO_CELL = "工作簿里没有这一部分的格子"
_UNREAD = "不是本单位当年的情况"


class _Level(NamedTuple):
    """A heading that the text stands below."""

    rank: int
    number: int
    chapter: int | None
    is_last: bool = False  # what is below it is text
    is_closed: bool = False  # and so is what is numbered like it again
    apart: str = ""
    scope: str = ""


@dataclass(slots=True)
class _Outline:
    """Where the reading stands."""

    known: Known
    year: int | None
    names: Sequence[str]
    is_titled: bool
    by_words: bool  # headings have no numbers of their own
    levels: list[_Level] = field(default_factory=list)
    is_behind_title: bool = False
    ended: str = ""  # by a table, behind which the text may go on, or by what is attached
    part: Part | None = None
    parts: list[Part] = field(default_factory=list)
    outside: list[Paragraph] = field(default_factory=list)
    opened: set[int] = field(default_factory=set)  # the chapters that had a heading
    preface: int | None = None  # so many lines stand outside before the first heading

    @property
    def has_text(self) -> bool:
        return any(part.lines for part in self.parts)


def read_outline(document: Document, template: Template) -> Reading:
    """The sections of the report as they stand, its title's year and unit, and the lines of 填表人 and the like."""
    outline = _parse(document, known_labels(template))
    left: list[Passage] = []
    _sign(outline, left)
    entries = list(cells_of_parts(outline.parts, left))
    said_outside(outline.outside, outline.known, entries, left)
    return Reading(
        tuple(entry._replace(place=f"{document.name} {entry.place}") for entry in entries),
        tuple(passage._replace(place=f"{document.name} {passage.place}") for passage in left),
    )


def report_sections(document: Document, template: Template) -> list[Section]:
    """The parts of the report's text, also those that have no cell: their figures may have one.

    Not those whose heading says that they speak of another year or unit, or of a single project.
    """
    outline = _parse(document, known_labels(template))
    _sign(outline, [])
    several = headed_by_several(outline.parts)
    texts = [(part, "\n".join(lines_of_part(part, several))) for part in outline.parts if part.lines and not part.apart]
    found = [
        Section(
            "" if _tells_more(part) else part.key,
            text,
            f"{document.name} {place_of_part(part, several)}",
            part.scope,
            part.unknown,
        )
        for part, text in texts
    ]
    preface = _preface(outline)
    if found and preface:
        text = "\n".join(line.text for line in preface)
        found.insert(0, Section("", text, f"{document.name} {preface[0].place}"))
    return found


def text_lines(document: Document, template: Template) -> list[Paragraph]:
    """All lines of a document's text, those around the report too."""
    return list(_lines(document, known_labels(template)))


def _tells_more(part: Part) -> bool:
    """Does a text without a heading of its own, which is about something else, tell amounts too?"""
    return bool(part.told) and any("元" in line for line in part.lines)


def _preface(outline: _Outline) -> list[Paragraph]:
    """What is said between the title and the first heading."""
    lines = outline.outside[: outline.preface]
    titles = [at for at, line in enumerate(lines) if is_report_title(line.text, outline.known)]
    after = lines[titles[0] + 1 :] if titles else []
    return [
        line for line in after if not is_title(line.text, outline.known) and not is_signed(line.text, outline.known)
    ]


def _parse(document: Document, known: Known) -> _Outline:
    lines = list(_lines(document, known))
    title = title_of(lines, known)
    headings = (line.text for line in lines if not is_in_contents(line.text))
    chapters = {chapter for text in headings if (chapter := chapter_of(text, known)) is not None}
    by_words = title is not None and len(chapters) < _SEVERAL_CHAPTERS
    year, names = (title.year, title.names) if title is not None else (None, ())
    outline = _Outline(known, year, names, title is not None, by_words)
    for paragraph in lines:
        _line(outline, paragraph)
    if title is not None and title.of_project:
        for part in outline.parts:
            part.apart = "说的是单个项目"
    return outline


def _lines(document: Document, known: Known) -> Iterator[Paragraph]:
    """Paragraph by paragraph, line by line; of a sheet that holds the report, the rows that have but one cell."""
    for block in document.blocks:
        if isinstance(block, Paragraph):
            yield from (Paragraph(block.place, line) for line in lines_of(block.text))
        elif is_report(block, known):
            for cells in rows_of(block):
                if len(cells) == 1:
                    place = f"{block.place} {cells[0].place}"
                    yield from (Paragraph(place, line) for line in lines_of(cells[0].text))


def _line(outline: _Outline, paragraph: Paragraph) -> None:
    if not outline.has_text and is_in_contents(paragraph.text):
        return
    heading = heading_in(paragraph.text) if outline.ended != ATTACHMENT else None
    is_numbered = heading is not None and heading.rank != UNNUMBERED
    if heading is not None and is_numbered and _begins(outline, paragraph, heading):
        return
    ends, is_report_named = end_of_text(paragraph.text, outline.known), is_report_title(paragraph.text, outline.known)
    outline.is_behind_title = outline.is_behind_title or is_report_named
    may_go_on = ends != ATTACHMENT or (is_report_named and outline.has_text)  # 2023年度部门决算情况说明: a chapter too
    if heading is not None and not is_numbered and may_go_on and _begins_by_words(outline, paragraph, heading):
        return
    if is_report_named and not outline.has_text:  # behind a list of contents
        outline.parts, outline.levels, outline.part, outline.opened = [], [], None, set()
    elif outline.part is not None and outline.ended != ATTACHMENT:
        outline.ended = ends or outline.ended
    if outline.ended or outline.part is None:
        outline.outside.append(paragraph)
    else:
        _add(outline, paragraph.place, paragraph.text)


# Headings


def _begins(outline: _Outline, paragraph: Paragraph, heading: Heading) -> bool:
    """Does a numbered line begin a part of the report, of the form's or another?"""
    depth = _depth(outline, heading)
    if depth is None:
        return False
    within = outline.levels[depth - 1].chapter if depth else None
    here = outline.levels[depth] if depth < len(outline.levels) else None
    meaning = _meaning(outline, heading, within)
    last = here.number if here is not None and here.rank == heading.rank else 0
    if meaning is None:
        if not _may_be_unknown(outline, heading, depth, last):
            return False
    elif not _is_in_order(outline, heading, meaning, depth, last):
        return False
    if not depth and not outline.has_text and heading.number <= last:  # the list of contents is over
        outline.parts.clear()
        outline.opened.clear()
        meaning = _meaning(outline, heading, within)
    _open(outline, paragraph, heading, meaning, depth)
    return True


def _meaning(outline: _Outline, heading: Heading, within: int | None) -> Meaning | None:
    """What a heading says; of a chapter that one before opened, a section if it may be one."""
    bare = without_names(heading, outline.names)
    meaning = meaning_of(bare, outline.known, within)
    if outline.by_words and (meaning is None or not meaning.strict):
        meaning = meaning_of(bare, outline.known)  # 政府性基金 behind 国有资产占用情况: not within that, nor later
    if meaning is None or meaning.is_last or meaning.chapter not in outline.opened:
        return meaning
    section = meaning_of(bare, outline.known, meaning.chapter)
    return section if section is not None and section.key != meaning.key else meaning


def _depth(outline: _Outline, heading: Heading) -> int | None:
    """How many of the levels the heading stands below; None if it is text of the last one."""
    levels = outline.levels
    ranks = [level.rank for level in levels]
    if heading.rank in ranks:
        return ranks.index(heading.rank)
    if not levels or (heading.rank < levels[0].rank and levels[-1].is_last):
        return 0
    return None if levels[-1].is_last else len(levels)


def _may_be_unknown(outline: _Outline, heading: Heading, depth: int, last: int) -> bool:
    """Is a line in unknown words the next of its level, or the first one where headings stand?"""
    if heading.rank == PART or outline.ended:
        return heading.rank == PART and heading.is_bare
    announced = outline.part is not None and outline.part.lines[-1:] and outline.part.lines[-1].endswith(_COLONS)
    if heading.number != last + 1 or heading.is_closed or announced:
        return False
    chapter = outline.levels[depth - 1].chapter if depth else None
    if chapter is not None:
        has_sections = bool(outline.known.chapters[chapter].sections)
        return has_sections and (heading.rank == SECTION or (last > 0 and heading.is_bare))
    return heading.is_bare and (last > 0 or (not depth and outline.is_titled and heading.rank <= SECTION))


def _is_in_order(outline: _Outline, heading: Heading, meaning: Meaning, depth: int, last: int) -> bool:
    """Is a line in known words a heading, not an item of a list that has them too?"""
    is_section = heading.rank == SECTION and depth > 0 and not heading.is_closed
    if not (heading.is_bare or (meaning.strict and heading.rest) or is_section):
        return False
    if heading.number > last or not outline.has_text:
        return True
    is_closed = any(level.is_closed for level in outline.levels)
    is_new = bool(meaning.key) and all(part.key != meaning.key for part in outline.parts)
    return is_new and meaning.strict and heading.is_bare and not outline.ended and not is_closed


def _begins_by_words(outline: _Outline, paragraph: Paragraph, heading: Heading) -> bool:
    """Where headings are numbered by the word processor or not at all, only what says nothing else is one."""
    may_be = outline.by_words and outline.is_behind_title and outline.ended != ATTACHMENT
    if not may_be or not heading.is_bare or len(heading.said) > LONGEST_RUN_IN:
        return False
    within = outline.levels[-1].chapter if outline.levels and not outline.levels[-1].apart else None
    meaning = _meaning(outline, heading, within)
    here = outline.part.key if outline.part is not None and outline.part.heading is not None else ""
    if meaning is None or not meaning.strict or (here and meaning.key == here):
        return False
    is_back = meaning.chapter is not None and meaning.chapter < max(outline.opened, default=0)
    if is_back and meaning.key and any(part.key == meaning.key for part in outline.parts):
        return False
    is_section = meaning.is_last and outline.levels and meaning.chapter == outline.levels[0].chapter
    _open(outline, paragraph, heading, meaning, 1 if is_section else 0)
    return True


def _open(outline: _Outline, paragraph: Paragraph, heading: Heading, meaning: Meaning | None, depth: int) -> None:
    """Begin the part below a heading."""
    known, above = outline.known, outline.levels[:depth]
    chapter = known.chapters[meaning.chapter] if meaning is not None and meaning.chapter is not None else None
    is_first = not depth and heading.number <= 1  # the unit itself, whatever it is called
    apart = above[-1].apart if above else ""
    apart = apart or not_of_the_unit(
        heading.said, known, outline.year, None if is_first else outline.names, meaning is not None
    )
    apart = _UNREAD if chapter is not None and chapter.unread else apart
    scope = part_of_money(heading.said, known) or (above[-1].scope if above else "")
    is_closed = chapter is not None and bool(chapter.section) and not chapter.sections
    key = meaning.key if meaning is not None and (not apart or is_closed) else ""
    is_last = meaning.is_last or bool(apart) if meaning is not None else bool(depth) or bool(apart)
    opened = meaning.chapter if meaning is not None else None
    outline.opened |= {opened} if opened is not None and not apart else set()
    outline.levels = [*above, _Level(heading.rank, heading.number, opened, is_last, is_closed, apart, scope)]
    outline.ended = ""
    if outline.preface is None:
        outline.preface = len(outline.outside)
    is_own = meaning is not None and (meaning.is_last and not is_closed)
    outline.part = Part(
        key,
        paragraph.place,
        _reason(paragraph.text if meaning is not None else heading.text, meaning, depth, apart),
        heading=paragraph if is_own else None,
        unknown=heading.said if meaning is None else "",
        apart=apart,
        scope=scope,
        certain=meaning is None or meaning.certain,
        told=chapter.told if chapter is not None and not key and not apart else {},
    )
    outline.parts.append(outline.part)
    if heading.rest:
        outline.part.runs_on = True
        _add(outline, paragraph.place, heading.rest)


def _reason(text: str, meaning: Meaning | None, depth: int, apart: str) -> str:
    if apart:
        return f"“{text}”{apart}"
    if meaning is None:
        return f"没有认出“{text}”是报告的哪一{'段' if depth else '部分'}"
    return f"“{text}”{_NO_CELL}" if meaning.is_last else f"“{text}”之下没有（一）等小标题，不知道归入哪一段"


# The text


def _add(outline: _Outline, place: str, text: str) -> None:
    part = outline.part
    assert part is not None
    if part.told and not (part.lines and part.key and _goes_on(part.lines[-1], text)):
        keys = [key for key, words in part.told.items() if any(re.search(word, fold(text)) for word in words)]
        key = keys[0] if keys else ""
        if part.lines and key != part.key:
            part = Part(key, place, part.reason, scope=part.scope, told=part.told)
            outline.part = part
            outline.parts.append(part)
        part.key = key
        part.certain = part.certain and len(keys) < 2
    part.place = part.place if part.lines else place
    part.lines.append(text)


def _goes_on(before: str, text: str) -> bool:
    """Is a line one of a list, or what a colon announces?"""
    heading = heading_in(text)
    return before.endswith((*_COLONS, "；", ";")) or (heading is not None and heading.rank != UNNUMBERED)


def _sign(outline: _Outline, left: list[Passage]) -> None:
    """Unit and date below the text are no text."""
    lines = outline.parts[-1].lines if outline.parts else []
    if len(lines) > 1 and _DATE.fullmatch(plain(lines[-1])):
        signed = 2 if len(lines) > 2 and is_name(lines[-2]) else 1
        left.append(Passage(outline.parts[-1].place, "　".join(lines[-signed:]), "报告的落款，没有格子"))
        del lines[-signed:]
