"""The oracle on kinds: what stands under each level, what each kind has to say, and which kinds have to be there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from tests.bench.faults.stated import Broken, Sheet

_SECOND = {
    "产出": ("数量", "质量", "时效", "成本"),
    "效益": ("经济效益", "社会效益", "生态效益", "可持续影响"),
    "满意度": ("满意度",),
}
_COMPLETION = re.compile("完成率$")
_GOOD = re.compile("合格|达标|准确|故障|事故|发生|差错|投诉|质量")
_COUNT = re.compile(r"(?:≥|不少于|不低于|达到)?[1-9]\d*(?:场|次|人次|人)(?:以上)?")
_TIME = re.compile(r"\d月|\d日|\d天|\d年|月底|年底")
_IN_TIME = re.compile("及时|按时")
_NUMBER = re.compile(r"\d")
_HOLLOW = re.compile("(?:明显|显著|有效|提升)$")
_MEASURED = re.compile("率|度|比例|降")
_PERCENT = re.compile(r"(?:≥|不少于|不低于|达到)?(\d+(?:\.\d+)?)%(?:以上)?")
_NARROW = str.maketrans("０１２３４５６７８９％≧", "0123456789%≥")


def kinds(sheet: Sheet) -> Iterator[Broken]:
    """What the rows of each kind say."""
    for i in range(sheet.rows["indicators"]):
        level1, level2, name, target = (f"indicators[{i}].{key}" for key in ("level1", "level2", "level3", "target"))
        first, second, called = sheet.text(level1), sheet.text(level2), sheet.text(name)
        goal = sheet.text(target).translate(_NARROW).replace(">=", "≥")
        if not called or not goal:
            continue
        if second.startswith("质量"):
            if _COMPLETION.search(called) and not _GOOD.search(called):
                yield Broken(f"{name} measures completion", (name, level2))
            elif _COUNT.fullmatch(goal) and not _GOOD.search(called):
                yield Broken(f"{name} is counted", (name, target, level2))
        in_time = _IN_TIME.search(called) and _NUMBER.search(goal)
        if second.startswith("时效") and not in_time and not _TIME.search(called + goal):
            yield Broken(f"{target} tells no time", (target, name, level2))
        if second.startswith("数量") and not _NUMBER.search(called + goal):
            yield Broken(f"{target} tells no number", (target, name, level2))
        if first.startswith("效益") and _HOLLOW.search(called) and not _MEASURED.search(called) and _is_high(goal):
            yield Broken(f"{name} is hollow", (name, target))


def _is_high(goal: str) -> bool:
    percent = _PERCENT.fullmatch(goal)
    return percent is not None and Fraction(percent[1]) >= 50


def levels(sheet: Sheet) -> Iterator[Broken]:
    """Which second levels stand under which first, and which are there."""
    there = set()
    rows = [f"indicators[{i}]" for i in range(sheet.rows["indicators"]) if sheet.text(f"indicators[{i}].level3")]
    for row in rows:
        first = next((level for level in _SECOND if sheet.text(f"{row}.level1").startswith(level)), "")
        known = [kind for kinds in _SECOND.values() for kind in kinds if kind in sheet.text(f"{row}.level2")]
        there.update(known)
        if first and not set(known) & set(_SECOND[first]):
            yield Broken(f"{row}.level2 stands under {first}", (f"{row}.level2", f"{row}.level1"))
    of_outputs = tuple(f"{row}.level2" for row in rows if sheet.text(f"{row}.level1").startswith("产出"))
    for kind in _SECOND["产出"]:
        if rows and kind not in there:
            yield Broken(f"there is no {kind}", of_outputs)
