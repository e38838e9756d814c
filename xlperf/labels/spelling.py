"""Labels in one form: 1、公务用车购置 和 维护经费（万元） is 公务用车购置和维护经费, however it was typed."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from xlperf.text import DIGITS_OF_WORDS, YEAR_IN_WORDS

_CIRCLED = re.compile("[①-⑳❶-❿]")
INVISIBLE = re.compile(r"[\s\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\u00ad]")
CHINESE_NUMBER = "[一二三四五六七八九十]{1,3}"
_NUMBERING = re.compile(
    rf"第?{CHINESE_NUMBER}[、.,):]|\({CHINESE_NUMBER}\)[、.]?"
    r"|\d{1,2}[、,):]|\d{1,2}\.(?!\d)|\(\d{1,2}\)[、.]?"
    r"|其中[:,]?|指标\d{1,2}[:、.]|[-·*●◆■▪▲★]"
)
_INSIDE = re.compile(rf"(?<=.)(?=其中[:,]?|\d{{1,2}}[、.](?!\d)|\({CHINESE_NUMBER}\)|{CHINESE_NUMBER}、)")
_ASIDE = re.compile(r"\(([^()]*)\)")
# 2022年, 2022决算, 二〇二二年; in a heading also 22年.
YEAR = re.compile(
    r"(?<!\d)(?P<full>(?:19|20)\d\d)(?!\d)年?度?|(?<!\d)'?(?P<short>\d\d)年度?(?!以)"
    rf"|(?P<words>{YEAR_IN_WORDS})年度?"
)
_YEAR = re.compile(rf"(?<!\d)((?:19|20)\d\d|{YEAR_IN_WORDS})年度?")
_ONLY_YEAR = re.compile(rf"((?:19|20)\d\d|{YEAR_IN_WORDS}(?=年))(?:年度?)?")
_TYPED_YEAR = re.compile(rf"{_ONLY_YEAR.pattern}(?:(?<=年)1月1日)?")
YEARS = re.compile(rf"{_YEAR.pattern}[-—~至到]+{_YEAR.pattern}")  # 长期目标（2023年—2025年）
_MONTHS = re.compile(r"(?<!\d)(?:截至|截止)?\d{1,2}[-—~至到]+(\d{1,2})月")
_POINTS = re.compile(r"(?:共|计)?\d+(?:\.\d+)?分")
_FORMULA = re.compile(r"[A-Za-z\d/÷×*+\-%=.①-⑳]+")  # （A）（B/A×100%）
_MONEY = re.compile(r"(?:单位[:：]?)?(?:人民币)?([百千万亿]{0,2}元)")
_LAST_MONEY = re.compile(r"(?<=[^(]),([百千万亿]{0,2}元)(?=\))")
_UNIT_LINE = re.compile(r"单位[:：]?(?:人民币)?[（(]?([百千万亿]{0,2}元)")
_OTHER_UNITS = frozenset(("m2", "平方米", "人", "个", "%", "分", "年", "单位:个", "单位:人", "单位:分"))


class Label(NamedTuple):
    """What a label names, and what stands in it besides: a year, a unit (of money, or %)."""

    name: str
    year: int | None = None
    unit: str = ""


@lru_cache(maxsize=1 << 14)  # every cell of a table is asked for its label many times
def plain(text: str) -> str:
    """The text without any white space, full-width signs made half-width."""
    spelled = _CIRCLED.sub(lambda sign: f"{unicodedata.numeric(sign[0]):.0f}、", text)
    return INVISIBLE.sub("", unicodedata.normalize("NFKC", spelled))


@lru_cache(maxsize=1 << 14)
def fold(text: str) -> str:
    """What two spellings of a label have in common: letters, signs of words and digits."""
    return "".join(sign for sign in plain(text) if sign.isalnum())


def without_numbering(text: str) -> str:
    """A plain text without "1、", "（一）", "其中：", "指标1：" at its beginning."""
    at = 0
    while (found := _NUMBERING.match(text, at)) and found.end() < len(text):
        at = found.end()
    return text[at:]


@lru_cache(maxsize=4096)
def read_label(text: str, asides: frozenset[str] = frozenset()) -> Label:
    """The label in a cell. Brackets are dropped only if they hold a year, a unit, points, or one of `asides`."""
    rest = _MONTHS.sub("1—X月", without_numbering(plain(text)).rstrip(":："))
    year: int | None = None
    unit = ""
    if (last := _LAST_MONEY.search(rest)) is not None:  # （中期规划，万元）
        unit, rest = last[1], f"{rest[: last.start()]}{rest[last.end() :]}"
    left: list[str] = []
    end = 0
    for found in _ASIDE.finditer(rest):
        aside = found[1]
        if (money := _MONEY.fullmatch(aside)) is not None:
            unit = money[1]
        elif aside == "%":
            unit = "%"
        elif (only := _ONLY_YEAR.fullmatch(aside)) is not None:
            year = year_number(only[1])
        elif aside not in asides and not _is_decoration(aside):
            continue
        left.append(rest[end : found.start()])
        end = found.end()
    rest = "".join(left) + rest[end:]
    years = [year_of(found) for found in YEAR.finditer(rest)]
    if len(set(years)) == 1:
        year, rest = years[0], YEAR.sub("", rest)
    return Label(fold(without_numbering(rest)), year, unit)


def _is_decoration(aside: str) -> bool:
    """A unit, points, a formula or two years in brackets."""
    is_known = _POINTS.fullmatch(aside) or _FORMULA.fullmatch(aside) or YEARS.fullmatch(aside)
    return aside in _OTHER_UNITS or bool(is_known)


def year_of(found: re.Match[str]) -> int:
    """The year that a match of `YEAR` names."""
    if found["short"]:
        return 2000 + int(found["short"])
    return year_number(found["full"] or found["words"])


def year_number(text: str) -> int:
    """2023 of 2023 and of 二〇二三."""
    return int(text.translate(DIGITS_OF_WORDS))


def pieces(text: str) -> list[str]:
    """A heading and the line below it that share a cell: 项目支出：1、业务工作经费."""
    found: list[str] = []
    for line in text.splitlines():
        found += [piece for piece in _INSIDE.split(plain(line)) if fold(without_numbering(piece))]
    return found


def lone_year(text: str) -> int | None:
    """The year of a heading that is nothing else: 2023年, （2023年度）, or typed as a date 2023年1月1日."""
    found = _TYPED_YEAR.fullmatch(plain(text).strip("()"))
    return year_number(found[1]) if found else None


def years_in(text: str) -> list[int]:
    """The years that a text names."""
    return [year_number(found[1]) for found in _YEAR.finditer(plain(text))]


def month_in(text: str) -> str:
    """The month to which a heading counts: 1—7月执行数."""
    found = _MONTHS.search(plain(text))
    return found[1] if found else ""


def unit_line(text: str) -> str:
    """The unit of money that a line such as “单位：万元” declares, or nothing."""
    found = _UNIT_LINE.search(plain(text))
    return found[1] if found else ""
