"""The report's text by its official outline, its title, and what the lines around the tables say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from xlperf.form.template import Template
from xlperf.labels.blocks import Document, Paragraph
from xlperf.labels.chapters import CHAPTER, DIGITS, LONGEST_HEADING, chapter_of, is_report, rows_of
from xlperf.labels.lines import is_report_title, is_title, signatures, title_year
from xlperf.labels.reading import Entry, Passage, Reading, Section
from xlperf.labels.spelling import fold, plain, unit_line, years_in
from xlperf.labels.stated import lines_of
from xlperf.labels.words import Chapter, Known, known_labels

_SECTION = re.compile(rf"\(([{DIGITS}])\)")
_ATTACHED = re.compile(r"附[件表](?:[\d一二三四]|[:]|$)")
_DATE = re.compile(rf"(?:\d{{4}}|[{DIGITS}〇○零]{{4}})年[\d{DIGITS}]{{1,3}}月(?:[\d{DIGITS}]{{1,3}}日)?")
_LONGEST_RUN_IN, _LONGEST_NAME = 25, 40
_ABOUT = re.compile("^(?:开展|报送|做好|印发|上报|提交)|的$")
_ATTACHED_TO = re.compile(r"^附[件表][\d一二三四五六七八九十]*(?:-\d+)?[:.、]?")
_BEFORE_TITLE = re.compile(r"(?:19|20)\d\d年|(?:部门|单位)?整体支出")


@dataclass(slots=True)
class _Part:
    """A section while its lines are gathered; without a key it is text that has no cell."""

    key: str
    place: str = ""
    lines: list[str] = field(default_factory=list)
    reason: str = ""


@dataclass(slots=True)
class _Outline:
    """Where the reading stands."""

    known: Known
    chapter: int | None = None
    chapter_number: int = 0
    section_number: int = 0
    ended: bool = False  # the attachments have begun
    part: _Part | None = None
    parts: list[_Part] = field(default_factory=list)
    outside: list[Paragraph] = field(default_factory=list)


def read_outline(document: Document, template: Template) -> Reading:
    """The sections of the report as they stand, its title's year and unit, and the lines of 填表人 and the like."""
    outline = _parse(document, known_labels(template))
    entries: list[Entry] = []
    left: list[Passage] = []
    _sign(outline, left)
    for part in outline.parts:
        _close(part, entries, left)
    _outside(outline, entries, left)
    return Reading(
        tuple(entry._replace(place=f"{document.name} {entry.place}") for entry in entries),
        tuple(passage._replace(place=f"{document.name} {passage.place}") for passage in left),
    )


def report_sections(document: Document, template: Template) -> list[Section]:
    """The parts of the report's text, also those that have no cell: their figures may have one."""
    outline = _parse(document, known_labels(template))
    texts = [(part, "\n".join(part.lines)) for part in outline.parts if part.lines]
    return [Section(part.key, text, f"{document.name} {part.place}") for part, text in texts]


def _parse(document: Document, known: Known) -> _Outline:
    outline = _Outline(known)
    for paragraph in _lines(document, known):
        _line(outline, paragraph)
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
    words = plain(paragraph.text)
    if not outline.ended and _begins_chapter(outline, paragraph, words):
        return
    outline.ended = outline.ended or (outline.part is not None and _ends_text(paragraph.text, outline.known))
    if outline.ended or outline.part is None:
        outline.outside.append(paragraph)
    elif not _begins_section(outline, paragraph, words):
        _add(outline, paragraph.place, paragraph.text)


def _ends_text(text: str, known: Known) -> bool:
    """附件, the title of a table, 填表人, 单位：万元: the report's text is over."""
    words = plain(text)
    is_unit = bool(unit_line(words)) and len(words) < _LONGEST_RUN_IN and "。" not in words
    return (
        bool(_ATTACHED.match(words))
        or is_title(text, known)
        or is_unit
        or any(each.key for each in signatures(text, known))
    )


def _begins_chapter(outline: _Outline, paragraph: Paragraph, words: str) -> bool:
    """一、 …: a chapter of the form, or one that comes next but is not the form's."""
    found = CHAPTER.match(words)
    if found is None:
        return False
    number = DIGITS.index(found[1]) + 1
    chapter = chapter_of(paragraph.text, outline.known)
    is_next = 0 < outline.chapter_number == number - 1 and len(words) <= LONGEST_HEADING and "。" not in words
    if number <= outline.chapter_number or not (chapter is not None or is_next):
        return False
    outline.chapter, outline.chapter_number, outline.section_number = chapter, number, 0
    if chapter is None:
        _begin(outline, paragraph, "", f"没有认出“{paragraph.text}”是报告的哪一部分")
    else:
        own: Chapter = outline.known.chapters[chapter]
        reason = "" if own.section else f"“{paragraph.text}”之下没有（一）等小标题，不知道归入哪一段"
        _begin(outline, paragraph, own.section, reason)
    return True


def _begins_section(outline: _Outline, paragraph: Paragraph, words: str) -> bool:
    """（一） …, in a chapter that has sections; its text may follow in the same line."""
    found = _SECTION.match(words)
    sections = outline.known.chapters[outline.chapter].sections if outline.chapter is not None else {}
    if found is None or not sections:
        return False
    number = DIGITS.index(found[1]) + 1
    heading, rest = _split_heading(paragraph.text)
    fitting = [key for key, wanted in sections.items() if any(word in fold(heading) for word in wanted)]
    if not heading or number <= outline.section_number or (not fitting and number != outline.section_number + 1):
        return False
    outline.section_number = number
    if len(fitting) == 1:
        _begin(outline, paragraph, fitting[0])
    else:
        _begin(outline, paragraph, "", f"没有认出“{heading}”是报告的哪一段")
    if rest:
        _add(outline, paragraph.place, rest)
    return True


def _split_heading(text: str) -> tuple[str, str]:
    """A heading and the text that follows it in the same line; no heading if the line is but text."""
    ends = [at for at, sign in enumerate(text) if sign in "。：:"]
    if not ends or (len(ends) == 1 and ends[0] == len(text) - 1):
        return (text.rstrip("。：:"), "") if len(text) <= LONGEST_HEADING else ("", "")
    heading = text[: ends[0]]
    return (heading, text[ends[0] + 1 :].strip()) if len(heading) <= _LONGEST_RUN_IN else ("", "")


def _begin(outline: _Outline, paragraph: Paragraph, key: str, reason: str = "") -> None:
    outline.part = _Part(key, paragraph.place, reason=reason)
    outline.parts.append(outline.part)


def _add(outline: _Outline, place: str, text: str) -> None:
    part = outline.part
    if part is not None:
        part.place = part.place if part.lines else place
        part.lines.append(text)


def _sign(outline: _Outline, left: list[Passage]) -> None:
    """Unit and date below the text are no text."""
    lines = outline.parts[-1].lines if outline.parts else []
    if len(lines) > 1 and _DATE.fullmatch(plain(lines[-1])):
        signed = 2 if len(lines) > 2 and _is_name(lines[-2]) else 1
        left.append(Passage(outline.parts[-1].place, "　".join(lines[-signed:]), "报告的落款，没有格子"))
        del lines[-signed:]


def _close(part: _Part, entries: list[Entry], left: list[Passage]) -> None:
    text = "\n".join(part.lines)
    if text and part.key and all(entry.key != part.key for entry in entries):
        entries.append(Entry(part.key, text, part.place))
    elif text:
        left.append(Passage(part.place, text, part.reason or "报告的这一段出现了两次"))


def _is_name(text: str) -> bool:
    return len(text) <= _LONGEST_NAME and not re.search(r"[。；;，,：:、！!？?]|^附|^\d", text)


def _outside(outline: _Outline, entries: list[Entry], left: list[Passage]) -> None:
    """Lines before the report's text and after it: the title, who filled in the form, and what says nothing."""
    lines = outline.outside
    said = _title(lines, outline.known, entries, left)
    signed = False
    for number, line in enumerate(lines):
        if number in said:
            continue
        found = list(signatures(line.text, outline.known))
        keys = {each.key for each in found}
        signed = (signed and bool(found)) or outline.known.signatures[0] in keys
        for each in found:
            if each.key in outline.known.signed_units or (each.key and signed):
                entries.extend([Entry(each.key, each.value, line.place)] if each.value else [])
            elif each.value and not unit_line(f"{each.label}：{each.value}"):
                left.append(Passage(line.place, f"{each.label}：{each.value}", "没有认出是哪一项"))
        if (year := title_year(line.text, outline.known)) is not None:
            entries.append(Entry("year", str(year), line.place, note="标题的年份"))
        if not found and not _says_nothing(line.text, outline.known):
            left.append(Passage(line.place, line.text, "表格和报告正文之外的文字"))


def _title(lines: list[Paragraph], known: Known, entries: list[Entry], left: list[Passage]) -> set[int]:
    """The report's title: its year, and the unit named in it or in the line above; answers which lines these are."""
    titles = [at for at, line in enumerate(lines) if is_report_title(line.text, known)]
    if not titles:
        return set()
    start = end = titles[0]
    above = lines[start - 1].text if start else ""
    if (
        not years_in(lines[end].text)
        and years_in(above)
        and len(above) <= _LONGEST_NAME
        and not _is_other(above, known)
    ):
        start -= 1
    title = plain("".join(line.text for line in lines[start : end + 1]))
    years = years_in(title)
    if len(set(years)) == 1:
        entries.append(Entry("year", str(years[0]), lines[start].place, note="标题的年份"))
    named = _BEFORE_TITLE.split(title, maxsplit=1)[0]
    is_named = named != title
    named = _ATTACHED_TO.sub("", named)
    unit = _unit_in(named) if is_named else ""
    if not named and start and _is_name(lines[start - 1].text) and not _says_nothing(lines[start - 1].text, known):
        named = unit = plain(lines[start - 1].text)
        start -= known.unit_names.may_be(unit)  # else it is listed with what stands outside
    elif named and is_named and not known.unit_names.may_be(unit):
        left.append(Passage(lines[start].place, lines[start].text, f"标题里的“{named}”不像单位名称，没有填"))
    if known.unit_names.may_be(unit) and known.report_name:
        sure = known.unit_names.surely(unit)
        note = "" if sure else "从标题认出，请核对是不是单位名称"
        entries.append(Entry(known.report_name, unit, lines[start].place, sure, note))
    return set(range(start, end + 1))


def _unit_in(named: str) -> str:
    """The evaluated unit among the words before the year: of 某局关于某中心 the latter, of 某局关于 the former."""
    author, _, other = named.rpartition("关于")
    return _ABOUT.sub("", other) or author


def _is_other(text: str, known: Known) -> bool:
    """Is a line the title of a paper that is no report: 关于开展2024年度……工作的通知?"""
    return any(word in plain(text) for word in known.unit_names.never)


def _says_nothing(text: str, known: Known) -> bool:
    words = plain(text)
    name = known.label(text).name
    is_label = not name or name in known.printed or fold(words) in known.printed
    return is_label or is_title(words, known) or bool(unit_line(words))
