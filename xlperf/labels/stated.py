"""What stands in a cell, as the value of a key: as stated, amounts in 万元."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from xlperf.amounts import HALF_WIDTH, parse_number
from xlperf.form.record import SHIFTS
from xlperf.form.template import Field, Template
from xlperf.labels.spelling import plain

_HIGHEST_BARE_RATE = 2  # 1 is 100%, 1.05 is 105%; 90 is 90%
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")
_WITH_UNIT = re.compile(r"([-+]?[\d,.]+)([百千万亿]{0,2}元)")
_POINTS_AND_GRADE = re.compile(  # 96（优）, 96分（自评等级：优秀）, 96分，优
    r"(\d+(?:\.\d+)?)分?[(,、;/]?(?:自评|评价|绩效|评定)*(?:等级|等次|结论|结果|档次)?[为:]?([优良中差])[秀好等]?\)?"
)
_YEAR = re.compile(r"[（(]?((?:19|20)\d\d)(?:年度?|年\d{1,2}月(?:\d{1,2}日)?|[-/.]\d{1,2}[-/.]\d{1,2})?[)）]?")


class Value(NamedTuple):
    """A value, whether it is certain, and what was done to it or is odd about it."""

    text: str
    sure: bool = True
    note: str = ""


def lines_of(text: str) -> list[str]:
    """The lines of a text that are not blank, without the white space around each."""
    lines = (_INVISIBLE.sub("", line).strip() for line in text.splitlines())
    return [line for line in lines if line]


def one_line(text: str) -> str:
    """A text broken up by a narrow column, as it was before; words in Latin letters keep their distance."""
    pieces: list[str] = []
    last = ""
    for line in lines_of(text):
        apart = last.isascii() and last.isalnum() and line[0].isascii() and line[0].isalnum()
        pieces.append(f" {line}" if apart else line)
        last = line[-1]
    return "".join(pieces)


def points_and_grade(text: str) -> tuple[str, str] | None:
    """The points and the grade that share a cell."""
    found = _POINTS_AND_GRADE.fullmatch(plain(text))
    return (found[1], found[2]) if found else None


def stated_value(text: str, field: Field, unit: str, template: Template) -> Value | None:
    """The value of a field from what a cell shows; `unit` is that of its column or table. `None` if it is not one."""
    lines = lines_of(text)
    if field.is_text or not lines:
        return Value("\n".join(lines))
    if len(lines) > 1:
        return None
    shown = lines[0].translate(HALF_WIDTH)
    if plain(shown) in {plain(word) for word in template.not_applicable}:
        return Value(lines[0])
    if field.type == "year" and (year := _YEAR.fullmatch(plain(shown))):
        return Value(year[1], note="" if plain(shown) == year[1] else f"原文为“{shown}”")
    if field.type == "money":
        return _money(shown, unit, field.unit)
    if field.unit and field.unit != "%" and shown.endswith(field.unit) and parse_number(shown[: -len(field.unit)]):
        return Value(shown[: -len(field.unit)].strip(), note=f"原文为“{shown}”")
    if (number := parse_number(shown)) is None:
        return _not_a_number(shown)
    if field.is_rate and "%" not in shown:
        if unit == "%":
            return Value(f"{shown}%", note=f"原文为“{shown}”，表头的单位是%")
        if abs(number.value) > _HIGHEST_BARE_RATE:
            return Value(f"{shown}%", sure=False, note=f"原文为“{shown}”，没有写百分号，照百分数读")
        return Value(shown, sure=False, note="比率没有写百分号")
    return Value(shown)


def _money(shown: str, unit: str, wanted: str) -> Value:
    """An amount in the unit that its cell has in the form."""
    own = _WITH_UNIT.fullmatch(plain(shown))
    digits, unit = (own[1], own[2]) if own else (shown, unit or wanted)
    number = parse_number(digits)
    if number is None or "%" in digits:
        return _not_a_number(shown)
    if unit not in SHIFTS:
        return Value(shown, sure=False, note=f"单位“{unit}”不能换算成{wanted}，照原数填入")
    if unit == wanted:
        return Value(digits, note=f"原文为“{shown}”" if own else "")
    moved = Decimal("".join(digits.split()).replace(",", "")).scaleb(SHIFTS[unit] - SHIFTS[wanted])
    return Value(f"{moved.normalize():f}", note=f"原文为 {plain(digits)} {unit}，已换算成{wanted}")


def _not_a_number(shown: str) -> Value:
    return Value(shown, sure=False, note="不是数字，照原文填入")
