"""The oracle's identities of a project's form: money by source, what must be filled, how targets are written."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.bench.faults.stated import Broken, Sheet

COLUMNS = ("opening_budget", "annual_budget", "annual_spent")
_NIL_MARKS = {"——", "—", "-", "/", "无", "不适用"}
_REQUIRED = ("year", "project_name", *COLUMNS, "execution_weight", "goal_expected", "goal_actual")
_REQUIRED_OF_ROW = ("level3", "target", "actual", "weight", "score")
_NOT_DONE = re.compile("未完成|未开展|未实施|未验收")
_MORE_IS_BETTER = ("满意度", "合格率", "覆盖率", "及时率", "达标率", "知晓率", "参与率")
_SAMPLE = re.compile("XX|请填写|^指标[0-9]$")


def sources(sheet: Sheet) -> list[str]:
    """The rows in which a source has something."""
    rows = (f"funding[{i}]" for i in range(sheet.rows["funding"]))
    return [row for row in rows if any(not sheet.blank(f"{row}.{column}") for column in ("source", *COLUMNS))]


def required(sheet: Sheet) -> Iterator[Broken]:
    keys = [*_REQUIRED, *(f"{row}.source" for row in sources(sheet))]
    keys += [f"indicators[{i}].{column}" for i in range(sheet.rows["indicators"]) for column in _REQUIRED_OF_ROW]
    yield from (Broken(f"{key} must be filled", (key,)) for key in keys if sheet.blank(key))


def readable(sheet: Sheet) -> Iterator[Broken]:
    """Where a figure belongs stands a figure, or a mark that there is none."""
    keys = [*COLUMNS, "execution_weight", "year", *(f"{row}.{column}" for row in sources(sheet) for column in COLUMNS)]
    keys += [f"{row}.execution_rate" for row in sources(sheet)]
    keys += [f"indicators[{i}].{name}" for i in range(sheet.rows["indicators"]) for name in ("weight", "score")]
    for key in keys:
        if not sheet.blank(key) and sheet.number(key) is None and sheet.text(key) not in _NIL_MARKS:
            yield Broken(f"{key} is a figure", (key,))


def within_budget(sheet: Sheet) -> Iterator[Broken]:
    spent, budget = sheet.range("annual_spent"), sheet.range("annual_budget")
    if spent and budget and spent[0] > budget[1]:
        yield Broken("spent within the budget", ("annual_spent", "annual_budget"))
    for key in (f"{row}.{column}" for row in sources(sheet) for column in COLUMNS):
        stated = sheet.range(key)
        if stated and stated[1] < 0:
            yield Broken(f"{key} is not negative", (key,))


def reasons(sheet: Sheet) -> Iterator[Broken]:
    for i in range(sheet.rows["indicators"]):
        score, weight, note = (f"indicators[{i}].{column}" for column in ("score", "weight", "deviation_note"))
        points, most = sheet.number(score), sheet.number(weight)
        if points is not None and most is not None and 0 <= points < most and sheet.text(note) in _NIL_MARKS:
            yield Broken(f"a mark is no reason: {note}", (note, score, weight))


def wording(sheet: Sheet) -> Iterator[Broken]:
    seen: dict[tuple[str, str], str] = {}
    for i in range(sheet.rows["indicators"]):
        name, target, actual, weight, score = (
            f"indicators[{i}].{column}" for column in ("level3", "target", "actual", "weight", "score")
        )
        first = seen.setdefault((sheet.text(name), sheet.text(target)), name)
        if sheet.text(name) and first != name:
            yield Broken(f"{name} stands twice", (name, first))
        if _NOT_DONE.search(sheet.text(actual)) and sheet.number(score) == sheet.number(weight) is not None:
            yield Broken(f"{actual} was not done", (actual, target, weight, score))
        if sheet.text(name).endswith(_MORE_IS_BETTER) and re.match("≤|≦|<=|不超过|不高于", sheet.text(target)):
            yield Broken(f"{target} is turned round", (target, name))
        if _scales_differ(sheet.text(target), sheet.text(actual)):
            yield Broken(f"{target} and {actual} on one scale", (target, actual))
        yield from (Broken(f"sample text in {key}", (key,)) for key in (name, target, actual) if _is_sample(sheet, key))
    yield from (Broken(f"sample text in {key}", (key,)) for key in ("goal_expected",) if _is_sample(sheet, key))


def _scales_differ(target: str, actual: str) -> bool:
    one, other = (re.fullmatch(r"\D*([\d.]+)([%％]?)\D*", text) for text in (target, actual))
    return one is not None and other is not None and bool(one[2]) is not bool(other[2])


def _is_sample(sheet: Sheet, key: str) -> bool:
    return _SAMPLE.search(sheet.text(key)) is not None
