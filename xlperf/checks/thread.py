"""4xx: a project's form against its earlier ones, where they are given: its goals, and its monitoring in the year."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from xlperf.amounts import agrees, exceeds
from xlperf.checks.goals import money_of
from xlperf.checks.indicator_pairs import Pair, Paired, cell, level_of
from xlperf.checks.rule import MAY_BE_ABSENT, Mismatch, NotDecided, Outcome, Severity, check, some
from xlperf.derive.seen import Row
from xlperf.derive.targets import Change, Comparison, Direction, change_of, compare, is_cost, parse_goal
from xlperf.form.record import Record, Stated
from xlperf.form.template import INDICATORS, columns
from xlperf.prose.project_names import project_key
from xlperf.prose.reasons import Reasons

_READS = columns(INDICATORS, "level3", "target")
_CHANGED: Mapping[Change, tuple[str, Severity | None]] = {
    Change.RAISED: ("提高了", None),
    Change.LOWERED: ("降低了", None),
    Change.REVERSED: ("符号的方向相反", None),
    Change.SIGN: ("符号不同", Severity.WARNING),
    Change.UNIT: ("计量单位不同，比不出高低", Severity.WARNING),
    Change.WORDS: ("写法不同，比不出高低", Severity.WARNING),
}
_MOST = 6  # indicators that one sentence names
_CERTAIN, _HOPELESS = "确定能", "完全不可能"


def _quoted(earlier: Record, stated: Stated) -> str:
    """What an earlier form says, and where: 《项目支出绩效目标申报》是 ≥98%（目标.xlsx…）."""
    return f"《{earlier.template.title}》是 {stated.shown}（{stated.place}）"


@check(
    "XLP428",
    Severity.ERROR,
    "指标值与绩效目标不一致",
    "target differs from the one in the goals",
    cites="field-practice",
    reads=_READS,
)
def target_differs_from_goals(approved: Record, approved_pairs: Paired) -> Iterator[Outcome]:
    """同一个指标，指标值与给出的绩效目标表（没有的，与监控表）不同；用 --goals、--monitoring 给出时核对。

    为何：自评按批复的绩效目标衡量，事后提高、降低指标值，得分就不作数。
    改法：照批复的目标改回来；经批准调整过的，给出调整后的目标表，或在审核说明中写明批准的文号。
    反例：目标表培训合格率 ≥98%，自评表写 ≥90%；目标表 12 月底前完成，自评表写次年 3 月底前。
    正例：只是写法不同（≥98%、不低于98%、98%以上；0.1万人次、1000人次；省略了 ≥）；空白的不比较；文字、计量单位、符号
    不同而比不出高低的，只请核实。
    """
    for pair in approved_pairs.pairs:
        own, before = cell(pair.own, "target"), cell(pair.before, "target")
        if own.is_blank or before.is_blank:
            yield NotDecided((own if own.is_blank else before,), "")
            continue
        change = change_of(before.text, own.text)
        if change is not None:
            words, severity = _CHANGED[change]
            sentence = f"{own.label}填 {own.text}，{_quoted(approved, before)}，{words}。"
            yield Mismatch(own, sentence, before.text, (before,), severity)


@check(
    "XLP429",
    Severity.WARNING,
    "指标与绩效目标不一致",
    "indicators were dropped, added or renamed after the goals",
    cites="field-practice",
    reads=_READS,
)
def indicators_differ_from_goals(
    approved: Record, approved_pairs: Paired, indicators: tuple[Row, ...], record: Record
) -> Iterator[Mismatch]:
    """给出的绩效目标表（没有的，监控表）里的指标，表里少了、多了，或者改了名称；用 --goals、--monitoring 给出时核对。

    为何：少报的往往是没有完成的指标，多报的往往是已经完成的事。
    改法：补上少的指标，删去多的；名称照目标表写；经批准调整过的，在审核说明中写明批准的文号。
    反例：目标表有“工程验收合格率”，自评表没有；自评表有“举办讲座”，目标表没有。
    正例：名称只差序号、空格、标点、本年年份、“指标1：”和“（15分）”；写明不适用的指标；次序不同。
    """
    for pair in approved_pairs.pairs:
        if pair.is_renamed:
            own, before = cell(pair.own, "level3"), cell(pair.before, "level3")
            sentence = f"指标“{own.text}”，{_quoted(approved, before)}，可能是改了名称，是的话请写得一致。"
            yield Mismatch(own, sentence, before.text, (before,))
    for row in approved_pairs.added:
        own = cell(row, "level3")
        yield Mismatch(own, f"指标“{own.text}”在《{approved.template.title}》（{approved.source}）里没有。")
    levels: dict[str, list[Row]] = {}
    for row in approved_pairs.dropped:
        levels.setdefault(level_of(row), []).append(row)
    for level, dropped in levels.items():
        of_level = [row for row in indicators if level_of(row) == level] or indicators
        at = cell(of_level[-1], "level3") if of_level else _subject(record)
        names = some(
            (f"“{cell(row, 'level3').text}”（{cell(row, 'level3').place}）" for row in dropped), _MOST, " 等 {} 项"
        )
        sentence = f"{level or '各级指标'}里没有列《{approved.template.title}》中的{names}。"
        yield Mismatch(at, sentence, None, tuple(cell(row, "level3") for row in dropped))


def _subject(record: Record) -> Stated:
    """The cell that says what the form is of, else that of the year."""
    keys = (*record.template.cells_of("subject"), "year")
    return record.cell(keys[0])


@check(
    "XLP430",
    Severity.ERROR,
    "指标分值与绩效目标不一致",
    "weight of an indicator differs from the one in the goals",
    cites="field-practice",
    reads=columns(INDICATORS, "level3", "target", "weight"),
)
def weight_differs_from_goals(approved: Record, approved_pairs: Paired) -> Iterator[Mismatch]:
    """同一个指标的分值，与给出的绩效目标表不同；用 --goals 给出时核对。

    为何：事后把没有完成的指标改轻、把完成的改重，总分就变了。
    改法：照批复的目标改回来；经批准调整过的，在审核说明中写明批准的文号。
    反例：目标表“培训人数”20 分，自评表 10 分。
    正例：两处相同；目标表不列分值（全国通用的早期式样），或有一处空白的，不比较。
    """
    for pair in approved_pairs.pairs:
        own, before = cell(pair.own, "weight"), cell(pair.before, "weight")
        gap = agrees(own, before) if own.is_number and before.is_number else None
        if gap is not None and gap.impossible:
            sentence = f"{own.label}填 {own.shown}，{_quoted(approved, before)}。"
            yield Mismatch(own, sentence, gap.expected, (before,))


@check(
    "XLP431",
    Severity.WARNING,
    "项目名称与绩效目标不一致",
    "project is called otherwise in the goals",
    cites="field-practice",
    reads=("@subject",),
)
def name_differs_from_goals(approved: Record, record: Record) -> Iterator[Mismatch]:
    """项目名称与给出的绩效目标表（没有的，监控表）相近而不相同；用 --goals、--monitoring 给出时核对。

    为何：同一个项目从申报到自评用同一个名称，才对得上预算和支出。
    改法：照批复的名称改一致；不是同一个项目的，换成这个项目的目标表。
    反例：目标表“图书馆免费开放”，自评表“公共图书馆免费开放项目”。
    正例：名称只差空格、标点、序号、本年年份；相差太远的不当作同一个项目，不核对，在结尾列出。
    """
    own, before = _subject(record), _subject(approved)
    if project_key(own.text, record.year) != project_key(before.text, record.year):
        sentence = f"{own.label}填“{own.text}”，{_quoted(approved, before)}，是同一个项目的话请写得一致。"
        yield Mismatch(own, sentence, before.text, (before,))


@check(
    "XLP432",
    Severity.ERROR,
    "年初预算数与监控表不一致",
    "opening budget differs from the one in the monitoring",
    cites="form",
)
def opening_budget_off_monitoring(opening_budget: Stated, monitoring: Record) -> Iterator[Outcome]:
    """自评表的年初预算数，与给出的监控表的年初预算数不是同一个数；用 --monitoring 给出时核对。

    为何：年初批复的预算是定数，年中、年末填的应当一样；年中的调整列在调整后（全年）预算数里。
    改法：以年初批复为准，改正填错的一处。
    反例：监控表年初预算数 30.00，自评表 36.00。
    正例：两处相同；一处以元填列、四舍五入后相同；有一处空白的不比较；全年预算数、执行数年中与年末本来不同，不比较。
    """
    yield from _same_amount(opening_budget, monitoring.cell("opening_budget"), monitoring)


def _same_amount(own: Stated, before: Stated, earlier: Record) -> Iterator[Outcome]:
    """An amount that an earlier form states too."""
    if not before.is_number:
        yield NotDecided((before,), "")
        return
    gap = agrees(own, before)
    if gap is not None and gap.impossible:
        yield Mismatch(own, f"{own.label}填 {own.shown}，{_quoted(earlier, before)}。", None, (before,))


@check(
    "XLP433",
    Severity.WARNING,
    "年初预算数与目标表申请的资金不一致",
    "opening budget differs from what the goals ask for",
    cites="field-practice",
)
def budget_differs_from_goals(opening_budget: Stated, approved: Record) -> Iterator[Outcome]:
    """自评表的年初预算数，与给出的目标表里本年申请的资金不同；用 --goals 给出时核对。

    为何：绩效目标是按申请的资金定的，批复的钱变了而目标没有变，要能说明。
    改法：核对两处；批复数与申请数不同的，在审核说明中写明，并看目标是否随之调整。
    反例：目标表本年申请 100.00，自评表年初预算数 60.00。
    正例：两处相同；项目跨几年，目标表只有整个项目的资金总额的，不与一年的预算比较；有一处空白的不比较。
    """
    before = money_of(approved, year=True)
    if before is not None:
        yield from _same_amount(opening_budget, before, approved)


@check(
    "XLP434",
    Severity.WARNING,
    "年底结果与监控时的预计相反",
    "result is the opposite of what the monitoring foresaw",
    cites="field-practice",
    reads=columns(INDICATORS, "level3", "target", "actual"),
)
def result_against_forecast(monitoring: Record, monitoring_pairs: Paired, reasons: Reasons) -> Iterator[Outcome]:
    """监控表填“确定能”完成的指标，年底没有完成而不说原因；填“完全不可能”的，年底却完成了。用 --monitoring 给出时核对。

    为何：几个月前有把握的事没有做成，或者做不到的事做成了，都要说得清楚。
    改法：核对完成值；属实的，在偏差原因栏写明。
    反例：监控表“确定能”，自评表指标值 ≥100、完成值 80，没有写原因；监控表“完全不可能”，自评表完成了。
    正例：写了原因的；监控时填“有可能”的；指标值、完成值是文字，比不出是否完成的，列为未能核对。
    """
    for pair in monitoring_pairs.pairs:
        likelihood = cell(pair.before, "likelihood")
        own = cell(pair.own, "actual")
        if likelihood.text not in (_CERTAIN, _HOPELESS) or own.is_blank:
            continue
        result = _result(pair.own)
        note = cell(pair.own, "deviation_note")
        if result is None:
            yield NotDecided((own,), "")
        elif result.met == (likelihood.text == _HOPELESS) and not reasons.given(note.text):
            how = "完成了" if result.met else "没有完成"
            target = cell(pair.own, "target").text
            sentence = (
                f"{own.label}填 {own.text}，指标值 {target}，{how}；{_quoted(monitoring, likelihood)}，请说明原因。"
            )
            yield Mismatch(own, sentence, None, (likelihood, cell(pair.own, "target")))


def _result(row: Row) -> Comparison | None:
    cost = is_cost(cell(row, level).text for level in ("level1", "level2"))
    return compare(cell(row, "target").text, cell(row, "actual").text, "linear", of_cost=bool(cost))


@check(
    "XLP435",
    Severity.WARNING,
    "年底完成的比监控时还少",
    "less was reached in the year than by its monitoring",
    cites="field-practice",
    reads=columns(INDICATORS, "level3", "target", "actual"),
)
def result_below_monitoring(monitoring: Record, monitoring_pairs: Paired) -> Iterator[Mismatch]:
    """越多越好的数量，年底的完成值小于监控表里已经完成的；用 --monitoring 给出时核对。

    为何：做成的事只会越来越多，年底少了，两处总有一处不实。
    改法：按台账核对，改正填错的一处。
    反例：监控表 1—7 月已培训 120 人，自评表全年培训 100 人。
    正例：相等或更多；百分比、满意度等比率年中年末可升可降，不比较；反向指标（≤）、日期和文字不比较；单位不同的不比较。
    """
    for pair in monitoring_pairs.pairs:
        own, before = cell(pair.own, "actual"), cell(pair.before, "actual")
        if _is_less(pair):
            sentence = f"{own.label}填 {own.text}，{_quoted(monitoring, before)}，年底反而少了。"
            yield Mismatch(own, sentence, None, (before,))


def _is_less(pair: Pair) -> bool:
    """Is a number of things of which there can only be more and more less than before?"""
    target, own, before = (
        parse_goal(each.text)
        for each in (cell(pair.own, "target"), cell(pair.own, "actual"), cell(pair.before, "actual"))
    )
    if target is None or own is None or before is None or target.direction is Direction.AT_MOST:
        return False
    counts = not (target.percent or own.percent or before.percent) and not target.is_of_money
    return counts and change_of(cell(pair.before, "actual").text, cell(pair.own, "actual").text) is Change.LOWERED


@check(
    "XLP436",
    Severity.WARNING,
    "全年执行数小于监控时已执行的",
    "less was spent in the year than by its monitoring",
    cites="field-practice",
)
def spent_less_than_by_monitoring(annual_spent: Stated, monitoring: Record) -> Iterator[Outcome]:
    """自评表的全年执行数，小于监控表里已经执行的数；用 --monitoring 给出时核对。

    为何：花出去的钱只会越来越多，收回、冲销的要能说明。
    改法：按账核对，改正填错的一处；有收回、冲销的在审核说明中写明。
    反例：监控表 1—7 月执行 25.00，自评表全年执行 20.00。
    正例：相等或更大；有一处空白的不比较。
    """
    before = monitoring.cell("annual_spent")
    if not before.is_number:
        yield NotDecided((before,), "")
    elif exceeds(before, annual_spent):
        sentence = f"{annual_spent.label}填 {annual_spent.shown}，{_quoted(monitoring, before)}，年底反而少了。"
        yield Mismatch(annual_spent, sentence, None, (before,))


@check(
    "XLP437",
    Severity.WARNING,
    "全年执行数远低于监控时的预计",
    "far less was spent than the monitoring foresaw",
    cites="field-practice",
)
def spent_less_than_forecast(
    annual_spent: Stated,
    monitoring: Record,
    execution_low: str,
    reasons: Reasons,
    execution_note: Stated = MAY_BE_ABSENT,
) -> Iterator[Outcome]:
    """自评表的全年执行数，不到监控表预计数的 90%，资金旁边也没有写原因；用 --monitoring 给出时核对。

    为何：预计能花的钱没有花出去，要说明下半年发生了什么。
    改法：核对两处；属实的，在审核说明（有“原因”栏的写在栏里）中写明原因。
    反例：监控表全年预计执行 50.00，自评表全年执行 30.00。
    正例：执行了预计数的 90% 以上；比预计多；写了原因的；预计数是 0 或空白的不比较。
    """
    forecast = monitoring.cell("forecast_spent")
    if not forecast.is_number:
        yield NotDecided((forecast,), "")
    elif annual_spent.value < forecast.value * Decimal(execution_low) and not reasons.given(execution_note.text):
        sentence = (
            f"{annual_spent.label}填 {annual_spent.shown}，{_quoted(monitoring, forecast)}，相差较大，请说明原因。"
        )
        yield Mismatch(annual_spent, sentence, None, (forecast,))
