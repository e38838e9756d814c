"""The oracle on words: notes, satisfaction and claims that the points and rows of the form deny."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from tests.bench.faults.oracle_points import share
from tests.bench.faults.stated import Broken, Sheet

_UNFINISHED = re.compile("尚在实施|待验收|未验收|仍在建设")
_TAKEN_OFF = re.compile(r"扣除?(\d+)分")
_SHARE = re.compile(r"完成(?:率|目标的)(\d+)%")
_PAYMENT = re.compile("(?:资金支付|预算执行|资金拨付|支出)(?:进度|完成)?率")
_AT_LEAST = re.compile("≥|不低于")
_ALL_REACHED = re.compile("(?:各项[^，。]*指标(?:全部|均已)|全面完成[^，。]*目标)")
_QUANTIFIED = re.compile("均已量化|全部(?:细化、)?量化")
_RANGE = re.compile(r"(\d+)(?:[^\d-]{0,2}[-至])\d+(\D+)")
_NO_PROBLEM = ("", "无", "无。", "不存在问题")


def notes(sheet: Sheet) -> Iterator[Broken]:
    reasons: dict[str, list[str]] = {}
    for i in range(sheet.rows["indicators"]):
        note, score, weight, target, actual = (
            f"indicators[{i}].{column}" for column in ("deviation_note", "score", "weight", "target", "actual")
        )
        points, most, text = sheet.number(score), sheet.number(weight), sheet.text(note)
        if points is None or most is None or most <= 0:
            continue
        if points == most and _UNFINISHED.search(text):
            yield Broken(f"{note} says that the work goes on", (note, score))
        said = sum(map(int, _TAKEN_OFF.findall(text)))
        if said and 0 <= points < most and said != most - points:
            yield Broken(f"{note} takes off other points", (note, score, weight))
        earned, percent = share(sheet.text(target), sheet.text(actual)), _SHARE.search(text)
        if percent and earned is not None and 0 < earned < 1 and _is_wrong(percent[1], earned, sheet.text(actual)):
            yield Broken(f"{note} tells another share", (note, target, actual))
        if points < most and len(text) >= 8:
            reasons.setdefault(text, []).append(note)
    for pasted in reasons.values():
        if len(pasted) >= 3:
            yield Broken("one reason for all", tuple(pasted))


def _is_wrong(percent: str, earned: Fraction, actual: str) -> bool:
    """Neither the share of the target, as precisely as it is written, nor the result itself."""
    return actual != f"{percent}%" and abs(earned * 100 - int(percent)) > Fraction(1, 2)


def names(sheet: Sheet) -> Iterator[Broken]:
    first: dict[str, tuple[str, str]] = {}
    for i in range(sheet.rows["indicators"]):
        name, level1, level2, target, actual, score = (
            f"indicators[{i}].{column}" for column in ("level3", "level1", "level2", "target", "actual", "score")
        )
        level, points = sheet.text(level1), sheet.number(score)
        if level.startswith("满意度") and points and sheet.text(actual) and not re.search(r"\d", sheet.text(actual)):
            yield Broken(f"{actual} is no figure", (actual, score))
        if level.startswith(("产出", "效益")) and _PAYMENT.search(sheet.text(name)):
            yield Broken(f"{name} is a rate of payment", (name,))
        is_money = sheet.text(target).endswith("元")
        if sheet.text(level2).startswith("成本") and is_money and _AT_LEAST.match(sheet.text(target)):
            yield Broken(f"{target} wants a cost high", (target, name))
        if sheet.text(name):
            other, earlier = first.setdefault(sheet.text(name), (level, name))
            if other != level:
                yield Broken(f"{name} stands under two levels", (name, earlier))


def targets(sheet: Sheet) -> Iterator[Broken]:
    """Two measures in one target; a range above the result beside full points; numbers that are said to be there."""
    claimed = _QUANTIFIED.search(sheet.text("section_3_2"))
    for i in range(sheet.rows["indicators"]):
        target, actual, score, weight, level2, level3 = (
            f"indicators[{i}].{column}" for column in ("target", "actual", "score", "weight", "level2", "level3")
        )
        text = sheet.text(target)
        units = {found[1] for part in re.split("[/、及，]", text) if (found := re.search(r"\d([^\d.以]+)", part))}
        if len(units) > 1:
            yield Broken(f"{target} holds two measures", (target,))
        span, reached = _RANGE.fullmatch(text), re.fullmatch(r"([\d.]+)(\D+)", sheet.text(actual))
        points = sheet.number(score)
        is_full = points is not None and points == sheet.number(weight)
        if is_full and span and reached and span[2] == reached[2] and Fraction(reached[1]) < int(span[1]):
            yield Broken(f"{actual} is below the range", (target, score, weight, actual))
        if (
            claimed
            and sheet.text(level2).startswith("数量")
            and text
            and not re.search(r"\d", text + sheet.text(level3))
        ):
            yield Broken(f"{target} is no figure", (target, "section_3_2"))


def claims(sheet: Sheet) -> Iterator[Broken]:
    rows = range(sheet.rows["indicators"])
    unmet = [
        f"indicators[{i}].actual"
        for i in rows
        if share(sheet.text(f"indicators[{i}].target"), sheet.text(f"indicators[{i}].actual")) not in (None, 1)
    ]
    if unmet and _ALL_REACHED.search(sheet.text("section_3_2")):
        yield Broken("not all was reached", ("section_3_2", *unmet))
    total = sheet.number("total_score")
    if total is not None and total < 99 and sheet.text("section_3_1") and sheet.text("section_4") in _NO_PROBLEM:
        yield Broken("points were lost for no problem", ("section_4", "total_score"))


def counts(sheet: Sheet) -> Iterator[Broken]:
    said = re.search(r"共(?:实施)?(\d+)个项目，(?:其中|分为)([^。]*)。", sheet.text("section_3_2"))
    kinds = [int(number) for number in re.findall(r"类(\d+)个", said[2])] if said else []
    if said and kinds and sum(kinds) != int(said[1]):
        yield Broken("the kinds are not all projects", ("section_3_2",))
    listed = re.search(r"共实施(\d+)个项目，分别为([^。]*)。", sheet.text("section_3_2"))
    if listed and len(listed[2].split("、")) != int(listed[1]):
        yield Broken("the names are not all projects", ("section_3_2",))


def units(sheet: Sheet) -> Iterator[Broken]:
    named = re.findall(r"(\w{2,10}局)(?:\d{4}年度部门整体支出|主要职责：|内设)", sheet.text("section_1_3"))
    if len(named) > 1 and sheet.text("base_unit_name") and named[0][-3:] not in sheet.text("base_unit_name"):
        yield Broken("the report is another unit's", ("section_1_3",))
