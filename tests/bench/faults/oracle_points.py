"""The oracle's identities of points, years and words: weights, scores by the rules, grade, prose against the cells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from math import floor

from tests.bench.faults.stated import Broken, Sheet, around, is_exact, meet, read

_LEVEL_POINTS = {"产出指标": 50, "效益指标": 30, "满意度指标": 10}
_GRADES = (("优", 90), ("良", 80), ("中", 60), ("差", 0))
_GRADE_WORDS = {"优秀": "优", "良好": "良", "较差": "差"}
_BANDS = {"达成预期指标": ("0.8", "1"), "部分达成预期指标并具有一定效果": ("0.6", "0.8")}


def half_up(value: Fraction, places: int = 2) -> Fraction:
    scale = 10**places
    return Fraction(floor(value * scale + Fraction(1, 2)), scale)


def weights(sheet: Sheet) -> Iterator[Broken]:
    count = sheet.rows["indicators"]
    weights = {i: sheet.number(f"indicators[{i}].weight") for i in range(count)}
    execution = sheet.number("execution_weight")
    if not count or execution is None or any(weight is None for weight in weights.values()):
        return
    keys = tuple(f"indicators[{i}].weight" for i in weights)
    if execution + sum(w for w in weights.values() if w is not None) != 100:
        yield Broken("weights add up to 100", ("total_weight", "execution_weight", *keys))
    for level, points in _LEVEL_POINTS.items():
        rows = [i for i in weights if sheet.text(f"indicators[{i}].level1").startswith(level)]
        if rows and sum(weights[i] or 0 for i in rows) != points:
            yield Broken(f"weights of {level}", tuple(f"indicators[{i}].weight" for i in rows))


def execution(sheet: Sheet) -> Iterator[Broken]:
    rate, weight, score = (
        sheet.range("execution_rate"),
        sheet.number("execution_weight"),
        sheet.number("execution_score"),
    )
    if rate is None or weight is None or score is None:
        return
    low, high = (min(weight, bound * weight) for bound in rate)
    if not meet(around(score, 2), (low, high)):
        yield Broken("execution points", ("execution_score", "execution_rate", "execution_weight"))


def grade(sheet: Sheet) -> Iterator[Broken]:
    score = sheet.number("total_score")
    words = {key: _GRADE_WORDS.get(sheet.text(key), sheet.text(key)) for key in ("grade", "report_grade")}
    if score is not None and words["grade"]:
        right = next((word for word, least in _GRADES if score >= least), "差")
        if words["grade"] != right:
            yield Broken("grade of the total", ("grade", "total_score"))
    if all(words.values()) and len(set(words.values())) > 1:
        yield Broken("grade = report_grade", ("grade", "report_grade"))


_AT_MOST = re.compile(r"(?:≤|<=|<|不超过|不高于|不大于|控制在)(.+?)(?:以内|内|以下)?|(.+?)(?:以内|以下)")
_AT_LEAST = re.compile(r"(?:≥|>=|>|不少于|不低于|达到|至少|=)?(.+?)(?:以上)?")
_MEASURE = re.compile(r"(-?\d+(?:\.\d+)?)(%?)([^\d.,%-]*)")
_SIGNS = str.maketrans("０１２３４５６７８９％≧≦＞＜", "0123456789%≥≤><")
_MONTH = re.compile(r"(?:(\d{4})年)?(\d{1,2})月(?:(\d{1,2})日|底)?前?")


def _measure(text: str) -> tuple[Fraction, str] | None:
    found = _MEASURE.fullmatch(text)
    return (Fraction(found[1]), found[2] or found[3]) if found else None


def share(target: str, actual: str) -> Fraction | None:
    """Which share of the points a result earns; None where it cannot be compared."""
    target, actual = ("".join(text.translate(_SIGNS).split()) for text in (target, actual))
    if _MONTH.fullmatch(target) or _MONTH.fullmatch(actual):
        return None
    most = _AT_MOST.fullmatch(target)
    least = None if most else _AT_LEAST.fullmatch(target)
    if most is None and least is None:
        return None
    goal = _measure(next(filter(None, (most or least).groups()), ""))  # type: ignore[union-attr]
    result = _measure(actual)
    if goal is None or result is None or goal[1] != result[1]:
        return None
    wanted, reached = goal[0], result[0]
    if most or (wanted == 0 and target[0] in "0="):
        if reached <= wanted:
            return Fraction(1)
        return max(Fraction(0), 1 - (reached - wanted) / wanted) if wanted > 0 else Fraction(0)
    return max(Fraction(0), min(Fraction(1), reached / wanted)) if wanted > 0 else Fraction(1)


def indicators(sheet: Sheet) -> Iterator[Broken]:
    for i in range(sheet.rows["indicators"]):
        target, actual, weight, score, note = (
            f"indicators[{i}].{column}" for column in ("target", "actual", "weight", "score", "deviation_note")
        )
        points, most = sheet.number(score), sheet.number(weight)
        if points is None or most is None:
            continue
        if not 0 <= points <= most or most <= 0:
            yield Broken(f"bounds of {score}", (score, weight))
            continue
        if points < most and sheet.blank(note):
            yield Broken(f"points off without a reason: {score}", (score, weight, target, actual))
        earned = share(sheet.text(target), sheet.text(actual))
        if earned is not None and earned < 1 and points != half_up(earned * most):
            yield Broken(f"{score} follows from target and result", (score, weight, target, actual))
        band = _BANDS.get(sheet.text(actual))
        if band and not (
            Fraction(band[0]) * most <= points < Fraction(band[1]) * most or points == most == Fraction(band[1]) * most
        ):
            yield Broken(f"{score} within its band", (score, weight, actual))


# Years and prose


def years(sheet: Sheet) -> Iterator[Broken]:
    year = sheet.number("year")
    built = sheet.number("building_year")
    if built is not None and built != year and not sheet.blank("building_area_actual"):
        yield Broken("building_year = year", ("building_year", "year"))
    for i in range(sheet.rows["indicators"]):
        for key in (f"indicators[{i}].target", f"indicators[{i}].actual"):
            found = _MONTH.fullmatch(sheet.text(key).translate(_SIGNS))
            if found and found[1] and int(found[1]) != year:
                yield Broken(f"year of {key}", (key, "year"))
    for key in ("section_2_1", "section_2_2", "section_2_3", "section_2_4", "section_2_5"):
        if any(int(found) != year for found in re.findall(r"(20\d\d)年", sheet.text(key))):
            yield Broken(f"year of {key}", (key, "year"))


_LABELS = {
    "收入实际": "income_total",
    "一般公共预算财政拨款收入": "income_general_budget",
    "政府性基金财政拨款收入": "income_government_fund",
    "上级补助收入": "income_superior_subsidy",
    "事业收入": "income_service",
    "经营收入": "income_business",
    "附属单位上缴收入": "income_affiliates",
    "实际支出": "expenditure_total",
    "基本支出": "basic",
    "人员经费": "personnel",
    "公用经费": "public",
    "项目支出": "project_spending",
}
_FIGURE = r"(-?[\d,]+(?:\.\d+)?)"
_SENTENCE = re.compile(
    rf"({'|'.join(_LABELS)})(?:完成)?{_FIGURE}万元"
    rf"(?:，[比较]上年(增加|减少){_FIGURE}万元，(上升|增长|下降|降低){_FIGURE}%)?(，与上年持平)?"
)
_OTHER_SENTENCES = {
    "section_1_2": ((rf"编制数{_FIGURE}人", "staff_quota"), (rf"在职人数{_FIGURE}人", "staff_actual")),
    "section_1_4": ((rf"年初预算{_FIGURE}万元", "opening_budget"),),
    "section_2_2": (
        (rf"预算支出数为{_FIGURE}万元", "expenditure_total_opening"),
        (rf"其中基本支出{_FIGURE}万元", "basic_opening"),
        (rf"项目支出{_FIGURE}万元，用于", "project_actual"),
    ),
    "section_3_1": ((rf"自评分数为{_FIGURE}分", "report_score"),),
}


def prose(sheet: Sheet) -> Iterator[Broken]:
    for found in _SENTENCE.finditer(sheet.text("section_2_1")):
        row = _LABELS[found[1]]
        yield from _quoted(sheet, "section_2_1", f"{row}_current", found[2])
        if found[3]:
            yield from _quoted(sheet, "section_2_1", f"{row}_change", found[4], negative=found[3] == "减少")
            down = found[5] in ("下降", "降低")
            yield from _quoted(sheet, "section_2_1", f"{row}_growth_rate", found[6] + "%", negative=down)
        if found[7]:
            yield from _quoted(sheet, "section_2_1", f"{row}_change", "0")
    for section, sentences in _OTHER_SENTENCES.items():
        for pattern, key in sentences:
            for quoted in re.findall(pattern, sheet.text(section)):
                yield from _quoted(sheet, section, key, quoted)
    for i in range(sheet.rows["project_special"]):
        name = sheet.text(f"project_special[{i}].name")
        for quoted in re.findall(rf"{re.escape(name)}{_FIGURE}万元", sheet.text("section_2_2")):
            yield from _quoted(sheet, "section_2_2", f"project_special[{i}].actual", quoted)
    grade = re.search("等次为“(.+?)”", sheet.text("section_3_1"))
    if grade and grade[1] != sheet.text("report_grade"):
        yield Broken("section_3_1 quotes report_grade", ("section_3_1", "report_grade"))


def _quoted(sheet: Sheet, section: str, key: str, text: str, *, negative: bool = False) -> Iterator[Broken]:
    stated = sheet.range(key)
    found = read(("-" if negative else "") + text)
    if stated is None or found is None:
        return
    # In a sentence 294.4万元 is a fair way of saying 294.42.
    quoted = (found[0], found[0]) if is_exact(key) else around(*found)
    if not meet(stated, quoted):
        yield Broken(f"{section} quotes {key}", (section, key))
