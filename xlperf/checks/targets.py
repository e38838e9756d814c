"""3xx: targets that say more than one thing, or nothing certain; results that are too good everywhere."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from xlperf.amounts import is_mark
from xlperf.checks.indicator_pairs import cell
from xlperf.checks.indicators import Judged, judged
from xlperf.checks.rule import MAY_BE_ABSENT, Mismatch, Severity, check, some
from xlperf.checks.wording import is_wanted_low
from xlperf.derive.seen import Row, Seen
from xlperf.derive.targets import Direction, compare, is_cost, parse_goal, parse_range
from xlperf.form.record import Stated, shortened
from xlperf.form.template import INDICATORS, columns
from xlperf.prose.indicator_words import IndicatorWords
from xlperf.prose.target_words import TargetWords, is_quantified

_LONGEST_NAME = 20
_EQUAL_ROWS, _FULL_ROWS = 3, 6


@check(
    "XLP317",
    Severity.WARNING,
    "全部满分或完成值全部等于指标值",
    "all points are full or every result equals its target",
    cites="field-practice",
    reads=columns(INDICATORS, "target", "actual"),
)
def every_result_equals_target(
    indicators: tuple[Row, ...], standard_total_weight: str, total_score: Stated = MAY_BE_ABSENT
) -> Iterator[Mismatch]:
    """三个以上的定量指标，完成值全部与指标值一模一样；或者六个以上的指标全部满分，总分 100。

    为何：实际工作很少每一项都分毫不差、没有一点不足，可能是照指标值填的，自评偏高。
    改法：按台账核对完成值；确实如此的，在审核说明中写明依据。
    反例：七个指标的完成值都等于指标值，都得满分；八个指标全部满分，总分 100。
    正例：完成值有一个不同、又有扣分的；完成值全部相等而有扣分的只作提示；五个指标全部满分的；两种情形都有的只说一次。
    """
    compared = [
        (row["actual"], result)
        for row in indicators
        if (result := compare(row["target"].text, row["actual"].text, "linear"))
        and result.direction is not Direction.BY_DATE
    ]
    is_equal = len(compared) >= _EQUAL_ROWS and all(
        result.actual == result.target and result.most is None for _, result in compared
    )
    points = [
        (score, weight)
        for row in indicators
        if (score := cell(row, "score")).is_number and (weight := cell(row, "weight")).is_number and not score.shared
    ]
    is_perfect = total_score.is_number and total_score.value == Decimal(standard_total_weight)
    has_no_weights = all(cell(row, "weight").is_absent for row in indicators)
    is_full = is_perfect if has_no_weights else bool(points) and all(s.value == w.value > 0 for s, w in points)
    if is_equal:
        cells = tuple(actual for actual, _ in compared)
        also = "，又都是满分" if is_full else ""
        sentence = f"{len(cells)} 个定量指标的完成值全部恰好等于指标值{also}，请核实。"
        yield Mismatch.of_all(cells, sentence, None if is_full else Severity.INFO)
    elif is_full and is_perfect and len(points) >= _FULL_ROWS:
        sentence = f"{len(points)} 个指标全部满分，总分 {total_score.shown}，请核实有没有应扣而没有扣的。"
        yield Mismatch(total_score, sentence, None, tuple(score for score, _ in points))


@check(
    "XLP341",
    Severity.INFO,
    "满意度都是100%",
    "satisfaction is complete everywhere",
    cites="field-practice",
    reads=columns(INDICATORS, "level1", "level2", "level3", "actual"),
)
def satisfaction_complete_everywhere(
    indicators: tuple[Row, ...], indicator_words: IndicatorWords
) -> Iterator[Mismatch]:
    """两个以上的满意度指标，完成值全部是 100%。

    为何：调查很少人人满意；样本少、问题问得宽，结果才会都是 100%。
    改法：按问卷的统计结果填写，说明样本数。
    反例：服务对象满意度 100%，干部职工满意度 100%。
    正例：有一个不是 100%；只有一个满意度指标；投诉件数一类的不算；完成值写文字的由 XLP335 核对。
    """
    rows = [row for row in indicators if _is_satisfaction(row, indicator_words)]
    goals = [parse_goal(row["actual"].text) for row in rows]
    if len(rows) >= 2 and all(goal is not None and goal.percent and goal.value == 1 for goal in goals):
        yield Mismatch.of_all([row["actual"] for row in rows], f"{len(rows)} 个满意度指标的完成值都是 100%。")


def _is_satisfaction(row: Row, words: IndicatorWords) -> bool:
    name, levels = row["level3"].text, row["level1"].text + row["level2"].text
    return bool(row["actual"].text) and words.is_satisfaction(levels, name) and not words.is_of_complaints(name)


@check(
    "XLP357",
    Severity.WARNING,
    "一个指标值里有两个指标",
    "target holds two measures",
    each=f"{INDICATORS}[]",
    cites="field-practice",
)
def target_of_two_measures(_target: Stated, target_words: TargetWords) -> Iterator[Mismatch]:
    """一格指标值里写了单位不同的两个数，中间用“/”“、”“及”一类的符号、字隔开。

    为何：一行只有一个分值，两件事一件完成、一件没有完成时，无法按比例记分。
    改法：分成两行，各有分值；或只留主要的一个。
    反例：≥10场/500人；培训2期、100人次；完成率95%及以上，3次。
    正例：260元/辆，5次/100人，2次/年；2023年6月及12月；1.5×2米；男5名、女10人；100人（其中党员20%）；
    10-20次；上半年1次、下半年2次。
    """
    found = target_words.measures(_target.text)
    if found:
        first, other = found
        sentence = f"{_target.label}写“{_target.text}”，“{first.quote}”和“{other.quote}”是两个指标，不能合用一个分值。"
        yield Mismatch(_target, sentence)


@check(
    "XLP358",
    Severity.INFO,
    "指标值是约数",
    "target is only about right",
    each=f"{INDICATORS}[]",
    cites="field-practice",
)
def target_about_right(_target: Stated, target_words: TargetWords) -> Iterator[Mismatch]:
    """指标值写成“约100人”“100人左右”。

    为何：约数不可衡量，99 人、90 人是否达标说不清，也就无法核对得分。
    改法：写成确定的数，如 ≥100人。
    反例：约100人；培训100人左右；大约5次。
    正例：≥100人；节约100万元；签约5家；预约3天内办结；90%-95% 的范围由 XLP359 核对。
    """
    if about := target_words.about_right(_target.text):
        sentence = f"{_target.label}写“{_target.text}”，“{about}”不可衡量，是否达标没有核对。"
        yield Mismatch(_target, sentence)


@check(
    "XLP359",
    Severity.WARNING,
    "指标值是一个范围",
    "target is a range",
    each=f"{INDICATORS}[]",
    cites="field-practice",
    takes=judged,
)
def target_is_a_range(row: Judged, _level3: Stated = MAY_BE_ABSENT) -> Iterator[Mismatch]:
    """指标值写成“90%-95%”，完成值低于下限，得分却是满分。

    为何：范围按下限判断，低于下限就没有达标，不会得满分。
    改法：按完成值与下限的比例改得分，或核对完成值；指标值写成一个数，如 ≥90%。
    反例：指标值 90%-95%，完成值 85%，分值 10，得分 10。
    正例：完成值 90% 以上的，得分低于满分的，指标值写成范围只作提示；投诉率、成本一类越低越好的，“3-5天”一类的时间，
    “控制在3%-5%”不这样判断。
    """
    goal, result, score = parse_range(row.target.text), row.result, row.score
    if goal is None or result is None or is_wanted_low(_level3.text):
        return
    if not result.met and is_cost(level.text for level in row.levels):
        return
    low = row.target.text
    if result.met or row.has_no_points or score.value < row.weight.value or row.weight.value <= 0:
        sentence = f"{row.target.label}写“{low}”，是一个范围，按下限判断；宜写成一个数。"
        yield Mismatch(row.target, sentence, None, (row.actual,), Severity.INFO)
    else:
        sentence = f"{score.label}填满分 {score.shown}，但指标值“{low}”按下限判断，完成值 {row.actual.text} 低于下限。"
        yield Mismatch(score, sentence, None, row.operands)


@check(
    "XLP523",
    Severity.WARNING,
    "文字说均已量化而有数量指标没有数",
    "text claims that all targets are figures",
    cites="field-practice",
    reads=columns(INDICATORS, "level2", "level3", "target"),
)
def text_claims_all_quantified(
    indicators: tuple[Row, ...], seen: Seen, target_words: TargetWords
) -> Iterator[Mismatch]:
    """自评报告或目标里写“指标均已量化”“全部量化”，数量指标里却有没有数的。

    为何：数量指标没有数，就没有量化；文字与指标表相反，复核时会退回。
    改法：给那一行补上数量，或改文字。
    反例：写“绩效指标均已量化”，数量指标“开展培训”的指标值写“按计划完成”。
    正例：写“能量化的均已量化”“未全部量化”“下一步全部量化”；“质量指标均已量化”；数写在指标名称里的（培训100人）；
    填“不适用”的。
    """
    record = seen.record
    rows = [row for row in indicators if _has_no_number(row, target_words, record.template.not_applicable)]
    if not rows:
        return
    plans = record.template.cells_of("plans")
    for text in record.stated.values():
        if not text.field.is_text or text.is_blank or "[" in text.key or text.key in plans:
            continue
        if said := target_words.all_quantified(text.text):
            names = some((f"“{shortened(row['level3'].text, _LONGEST_NAME)}”" for row in rows), 3, " 等 {} 个")
            sentence = f"{text.label}写“{said}”，但数量指标{names}的指标值没有数。"
            yield Mismatch(text, sentence, None, tuple(row["target"] for row in rows))


def _has_no_number(row: Row, words: TargetWords, none: frozenset[str]) -> bool:
    """Is it an indicator of quantity without a figure, in its target and in its name?"""
    target, name = row["target"].text, row["level3"].text
    if not target or not name or is_mark(target, none) or is_mark(name, none):
        return False
    is_of_quantity = words.is_of_quantity(cell(row, "level1").text + row["level2"].text)
    return is_of_quantity and not is_quantified(target) and not is_quantified(name)
