"""5xx: what follows from one figure of the report's text for another, where no table has them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise

from xlperf.amounts import interval, ratio_possible
from xlperf.checks.prose_figures import compared_changes, compared_proportions, read_for
from xlperf.checks.rule import Mismatch, Severity, check
from xlperf.derive.expression import word_for
from xlperf.derive.seen import SECTIONS, Seen
from xlperf.form.record import Stated
from xlperf.prose.clauses import BUDGETS, OF_THIS_YEAR, Statement
from xlperf.prose.folded import folded
from xlperf.prose.lexicon import amount
from xlperf.prose.listed import MONEY
from xlperf.prose.text_words import TextWords
from xlperf.text import expression

_OF_THE_WHOLE = ("annual_spent", "expenditure_total")
_WHOLE_BUDGETS = ("annual_budget", "opening_budget")
_ADJUSTED = expression("追加|追减|调增|调减|调整|结转|核减")  # words, no sentence: 执行率 is of the budget so changed
_MOST = 6
_Pair = tuple[Statement, Statement]


@check(
    "XLP533",
    Severity.ERROR,
    "报告等次与报告分数不符",
    "grade in the report does not follow from its score",
    cites="caiyu-2020-10-grades",
)
def report_grade_not_of_score(
    report_score: Stated,
    report_grade: Stated,
    seen: Seen,
    grade_words: Mapping[str, str],
    grade_bands: Sequence[tuple[str, str]],
) -> Iterator[Mismatch]:
    """报告写的绩效等次，不是报告写的自评分数所在的档次；没有{evaluation}总分和等级可以对照。

    为何：90（含）以上为优，80（含）—90 为良，60（含）—80 为中，60 以下为差；当地另有规定用 --variant。
    改法：核对分数和等次，改正写错的一个。
    反例：自评得分88分，评价等级为“优”。
    正例：88 分，等级“良”或“良好”；{evaluation}填了总分、等级的，由 XLP318、XLP410、XLP411 核对。
    """
    total, grade = seen.record.cell("total_score"), seen.record.cell("grade")
    if (total.is_number and grade.text.strip()) or not report_score.is_number:
        return
    expected = str(word_for(report_score.value, grade_bands))
    said = grade_words.get(report_grade.text, report_grade.text)
    is_certain = report_grade.text[:1] in {word for word, _ in grade_bands}  # 合格 need not be one of the four
    if is_certain and said != expected:
        limits = "、".join(f"{word} {floor}" for word, floor in grade_bands[:-1])
        sentence = (
            f"{report_grade.label}为“{report_grade.text}”，{report_score.label} {report_score.shown} "
            f"对应“{expected}”（下限：{limits}；当地另有规定的按当地口径）。"
        )
        yield Mismatch(report_grade, sentence, expected, (report_score,))


@check(
    "XLP534",
    Severity.WARNING,
    "正文的比率或增减与正文自己的数不符",
    "rate or change in the text does not follow from the text's own figures",
    cites="arithmetic",
    reads=(SECTIONS,),
)
def rate_not_of_text(seen: Seen, text_words: TextWords) -> Iterator[Mismatch]:
    """同一段里写了两个数，又写了它们的占比、完成比例或增减，而算出来不是；表里没有这些数可以对照。

    为何：比率和增减由前面的两个数算得，算不出必有一个写错。
    改法：按账核对三个数，改正写错的一个。
    反例：“总支出1548.26万元，其中：项目支出309.65万元，占总支出的25%”，应为 20.00%；
    “调整后预算数402.50万元，全年执行数398.20万元，执行率89.93%”，应为 98.93%；
    “年初预算数1126.50万元，年中追加预算158.20万元，全年预算数1294.70万元”，应为 1284.70。
    正例：四舍五入允许的差；两个数有一个没有写；说不清占什么的比重；年中追加过而只写了年初预算的执行率；
    表里有这些数的，由核对正文与表的规则负责。
    """
    for section in seen.sections:
        told = [sentence for _, sentence in wrong_rates(section, seen)]
        told += _wrong_budgets(section.text, _said(section, seen), text_words)
        if told:
            yield Mismatch(section, f"{section.label}写{'；'.join(told[:_MOST])}。")


def wrong_rates(section: Stated, seen: Seen) -> Iterator[tuple[Statement, str]]:
    """The rates and changes that the figures of their paragraph do not give, and what they give."""
    said = _said(section, seen)
    compared = {each.start for each in (*compared_proportions(section, seen), *compared_changes(section, seen))}
    for each in said:
        if not each.of or each.start in compared or _has_cell(each, seen):
            continue
        line = section.text.rfind("\n", 0, each.start)
        before = [one for one in said if not one.of and line < one.start < each.start]
        if wrong := _wrong(each, before, section.text[line + 1 : each.start]):
            yield each, wrong


def _said(section: Stated, seen: Seen) -> list[Statement]:
    every = read_for(seen.record.year, section.text, seen, section.label)
    return [each for each in every if not each.scope]


def _wrong_budgets(text: str, said: Sequence[Statement], words: TextWords) -> Iterator[str]:
    """The budgets of the whole year that are not those of its beginning with what was added, all in one paragraph."""
    budgets = [each for each in said if each.stem in _WHOLE_BUDGETS]
    for early, late in pairwise(budgets):
        between = folded(text[early.end : late.start])
        added = list(words.adjustments.finditer(between))
        known = {each.end - early.end for each in said}
        unknown = [found for found in MONEY.finditer(between) if found.end() not in known]
        is_one_line = early.column == "opening" and late.column == "adjusted" and "\n" not in between
        if not added or not is_one_line or len(unknown) != len(added):
            continue
        total = early.interval
        for each in added:
            value, places = amount(f"{each['number'].replace(',', '')} {each['unit']}")
            total += interval(value if each["added"] else -value, places)
        if not total.meets(late.interval):
            parts = "、".join(f"“{each[0]}”" for each in added)
            middle = (total.low + total.high) / 2
            yield f"“{late.quote}”，而按“{early.quote}”和{parts}计算是 {middle.normalize():f} 万元"


def _has_cell(said: Statement, seen: Seen) -> bool:
    """Is it in a cell, which another rule holds against those beside it?"""
    cell = seen.cells.get(f"{said.stem}_{said.column}")
    return said.of == "prior" and cell is not None and cell.is_number


def _wrong(said: Statement, before: Sequence[Statement], text: str) -> str:
    """What is said, and what the figures before it give; nothing where one of them lacks, or one pair gives it."""
    pairs = list(_pairs(said, before, text))
    if not pairs or any(_may_be(said, now, base) for now, base in pairs):
        return ""
    now, base = pairs[0]
    result = now.value - base.value
    given = f"{result:f} 万元" if said.column == "change" else f"{_ratio(said, now, base):.2%}"
    return f"“{said.quote}”，而按“{base.quote}”、“{now.quote}”计算是 {given}"


def _pairs(said: Statement, before: Sequence[Statement], text: str) -> Iterator[_Pair]:
    now = [each for each in before if each.stem == said.stem and each.column in OF_THIS_YEAR][-1:]
    is_of_whole = said.stem in _OF_THE_WHOLE
    stems = {said.of} if said.column == "share" else {said.stem, *(_WHOLE_BUDGETS if is_of_whole else ())}
    columns = OF_THIS_YEAR if said.column == "share" else BUDGETS if said.of == "budget" else {said.of}
    bases = [each for each in before if each.stem in stems and each.column in columns and each.value > 0]
    if said.of == "budget" and {each.column for each in bases} == {"opening"} and _ADJUSTED.search(text):
        return
    yield from ((late, early) for late in now for early in bases if late is not early)


def _may_be(said: Statement, now: Statement, base: Statement) -> bool:
    if said.column in ("share", "completion"):
        return ratio_possible(said, now, base)
    gap = now.interval - base.interval
    return (gap if said.column == "change" else gap / base.interval).meets(said.interval)


def _ratio(said: Statement, now: Statement, base: Statement) -> Decimal:
    return (now.value - (base.value if said.column == "growth_rate" else 0)) / base.value
