"""The title of a report and its lines outside the text: its year, its unit, and who filled in the form."""

from __future__ import annotations

import re
from typing import NamedTuple

from xlperf.labels.blocks import Paragraph
from xlperf.labels.chapters import not_of_the_unit
from xlperf.labels.lines import is_report_title, is_title, signatures, title_year
from xlperf.labels.reading import Entry, Passage
from xlperf.labels.spelling import fold, plain, unit_line, years_in
from xlperf.labels.words import Known
from xlperf.text import years_in_digits

TABLE, ATTACHMENT = "table", "attachment"
_ATTACHED = re.compile(r"附[件表](?:[\d一二三四]|[:]|$)")
_LONGEST_NAME, _LONGEST_LINE = 40, 25
_ABOUT = re.compile("^(?:开展|报送|做好|印发|上报|提交)|的$")
_ATTACHED_TO = re.compile(r"^附[件表][\d一二三四五六七八九十]*(?:-\d+)?[:.、]?")
_BEFORE_TITLE = re.compile(r"(?:19|20)\d\d年|(?:部门|单位)?(?:整体支出|决算)")
_AFTER_YEAR = re.compile(r"^(?:19|20)\d\d年度?")
_OF_UNIT = ("整体支出", "决算")


class Title(NamedTuple):
    """What the title of a report says of it."""

    year: int | None
    names: tuple[str, ...]
    of_project: bool


def title_of(lines: list[Paragraph], known: Known) -> Title | None:
    """The first title of a report among the lines."""
    entries: list[Entry] = []
    if not _title(lines, known, entries, []):
        return None
    years = [int(entry.value) for entry in entries if entry.key == "year"]
    names = tuple(entry.value for entry in entries if entry.key == known.report_name)
    text = next(line.text for line in lines if is_report_title(line.text, known))
    is_of_unit = any(word in plain(text) for word in _OF_UNIT)
    return Title(years[0] if years else None, names, not is_of_unit and bool(not_of_the_unit(text, known, None, ())))


def is_name(text: str) -> bool:
    return len(text) <= _LONGEST_NAME and not re.search(r"[。；;，,：:、！!？?]|^附|^\d", text)


def said_outside(lines: list[Paragraph], known: Known, entries: list[Entry], left: list[Passage]) -> None:
    """Lines before the report's text and after it: the title, who filled in the form, and what says nothing."""
    said = _title(lines, known, entries, left)
    signed = False
    for number, line in enumerate(lines):
        if number in said:
            continue
        found = list(signatures(line.text, known))
        keys = {each.key for each in found}
        signed = (signed and bool(found)) or not keys.isdisjoint(known.signatures[:1])
        for each in found:
            if each.key in known.signed_units or (each.key and signed):
                entries.extend([Entry(each.key, each.value, line.place)] if each.value else [])
            elif each.value and not unit_line(f"{each.label}：{each.value}"):
                left.append(Passage(line.place, f"{each.label}：{each.value}", "没有认出是哪一项"))
        if (year := title_year(line.text, known)) is not None:
            entries.append(Entry("year", str(year), line.place, note="标题的年份"))
        if not found and not _says_nothing(line.text, known):
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
    title = years_in_digits(plain("".join(line.text for line in lines[start : end + 1])))
    years = years_in(title)
    if len(set(years)) == 1:
        entries.append(Entry("year", str(years[0]), lines[start].place, note="标题的年份"))
    named = _BEFORE_TITLE.split(title, maxsplit=1)[0]
    is_named = named != title
    named = _ATTACHED_TO.sub("", named)
    if is_named and not named:  # 2023年度某局部门决算
        named = _BEFORE_TITLE.split(_AFTER_YEAR.sub("", _ATTACHED_TO.sub("", title)), maxsplit=1)[0]
        named = named if known.unit_names.may_be(named) else ""
    unit = _unit_in(named) if is_named else ""
    if not named and start and is_name(lines[start - 1].text) and not _says_nothing(lines[start - 1].text, known):
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


def end_of_text(text: str, known: Known) -> str:
    """附件, another report; the title of a table, 填表人, 单位：万元: the report's text is over, or breaks off."""
    words = plain(text)
    is_unit = bool(unit_line(words)) and len(words) < _LONGEST_LINE and "。" not in words
    if _ATTACHED.match(words) or is_report_title(text, known):
        return ATTACHMENT
    return TABLE if is_title(text, known) or is_unit or is_signed(text, known) else ""


def is_signed(text: str, known: Known) -> bool:
    """Does a line say who filled in the form, or for which unit?"""
    return any(each.key for each in signatures(text, known))
