"""指标性质, 指标值 and 度量单位 in columns of their own: the one target, and the one result, that they say together.

The keys of such columns are `sign` and `unit`. A form's workbook keeps every column as it was typed; whoever judges
(`derive.seen`, the points of an indicator) asks for what they say together, as does the reading of forms by their
labels, which has one cell for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from xlperf.amounts import is_mark
from xlperf.derive.targets import parse_date, sign_of
from xlperf.form.record import Record, State, Stated
from xlperf.form.template import INDICATORS
from xlperf.text import expression

SIGN, UNIT = "sign", "unit"
_LONGEST_SIGN = 2  # ≧ and >= are copied as they are written, 大于等于 and ≥（大于等于） are not
_VALUES = ("target", "actual")
_FIGURE = expression(r"[-+]?[\d０-９][\d０-９,，]*(?:[.．][\d０-９]+)?")

_PERCENT = ("百分比", "百分率", "百分数")  # what a percent sign is called in a column of units


class Joined(NamedTuple):
    """What the columns say together, and what of them is no part of a figure: 定性, a unit beside words."""

    text: str
    sign: str = ""
    unit: str = ""


def joined_target(value: str, sign: str, unit: str, marks: frozenset[str] = frozenset()) -> Joined:
    """The target of a `value` beside its sign and its unit, each as written, "" where there is none.

    No sign, unit or % gets lost, and none is said twice; a date takes ≤ only. `marks`: what says that there is none, as
    无 or ——.
    """
    sign, unit = ("" if is_mark(each, marks) else each for each in (sign, unit))
    unit = "%" if unit in _PERCENT else unit
    comparing = sign_of(sign)
    if not value:
        return Joined(value, sign, unit)
    if parse_date(value):
        is_end = comparing == "≤" and not sign_of(value[:1])
        return Joined(f"{comparing * is_end}{value}", "" if is_end else sign, "" if unit in value else unit)
    text = value
    if comparing and not sign_of(value[:1]):
        text = f"{sign if len(sign) <= _LONGEST_SIGN and sign_of(sign[0]) else comparing}{text}"
    if not unit or unit in text:
        return Joined(text, "" if comparing else sign)
    if any(map(str.isdigit, text)) and not (unit == "%" and "％" in text):
        return Joined(f"{text}{unit}", "" if comparing else sign)
    return Joined(text, "" if comparing else sign, unit)


def joined_result(value: str, unit: str, marks: frozenset[str] = frozenset()) -> str:
    """The result with the row's unit, where it is a bare number."""
    is_bare = _FIGURE.fullmatch(value.strip()) is not None
    unit = "%" if unit in _PERCENT else unit
    return f"{value.strip()}{unit}" if is_bare and unit and not is_mark(unit, marks) else value


def joined(record: Record) -> Mapping[str, Stated]:
    """By key, the targets and results of a form with such columns as these have them judged; of other forms nothing."""
    table = record.template.table(INDICATORS)
    if table is None or table.columns.keys().isdisjoint((SIGN, UNIT)):
        return {}
    marks, found = record.template.not_applicable, {}
    for row in record.rows_of(INDICATORS):
        sign, unit = ("".join(record.cell(f"{row}{name}").text.split()) for name in (SIGN, UNIT))
        for name in _VALUES:
            cell = record.cell(f"{row}{name}")
            if cell.state is not State.TEXT or is_mark(cell.text, marks):
                continue
            text = (
                joined_target(cell.text, sign, unit, marks).text
                if name == "target"
                else joined_result(cell.text, unit, marks)
            )
            if text != cell.text:
                found[cell.key] = cell._replace(text=text)
    return found
