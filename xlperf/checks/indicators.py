"""3xx: an indicator's points, given its target, result and weight."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from xlperf.amounts import ZERO, round_half_up
from xlperf.checks.qualitative import full_points_for_words
from xlperf.checks.rule import MAY_BE_ABSENT, Mismatch, Outcome, Severity, check
from xlperf.derive.targets import Comparison, Direction, compare, falls_short_of_money, is_cost, is_extreme, points
from xlperf.form.record import Stated, show
from xlperf.form.template import INDICATORS
from xlperf.prose.indicator_words import IndicatorWords
from xlperf.prose.reasons import Reasons
from xlperf.text import expression

_WORKED_OUT = expression(r"[=＝][ 　]{0,3}-?\d")
_NOWHERE_TO_SAY = "扣了分而没有写原因：{}。表里没有写原因的栏，请在审核说明中写明。"


def compared(target: Stated, actual: Stated, convention: str, *levels: Stated) -> Comparison | None:
    """A comparison on one scale; a percent against a bare number is a rule of its own.

    None too where money was not reached and no level says whether that is a cost saved or an income missed.
    """
    return _compared_texts(target.text, actual.text, convention, tuple(level.text for level in levels))


@lru_cache(maxsize=1024)
def _compared_texts(target: str, actual: str, convention: str, levels: tuple[str, ...]) -> Comparison | None:
    cost = is_cost(levels)
    if cost is None and falls_short_of_money(target, actual):
        return None
    result = compare(target, actual, convention, of_cost=bool(cost))
    return None if result is None or result.scale_differs else result


def _has_no_points(result: Comparison, overachieved_points: str, extreme_results: list[list[str]]) -> bool:
    """Under the variants where a result too far from its target earns nothing, a rule of their own speaks of it."""
    return overachieved_points == "zero" and is_extreme(result, extreme_results)


class Judged(NamedTuple):
    """An indicator, and how far its target was met: `result` is None where only a person can say."""

    target: Stated
    actual: Stated
    weight: Stated
    score: Stated
    convention: str
    levels: tuple[Stated, Stated]
    result: Comparison | None
    has_no_points: bool

    @property
    def operands(self) -> tuple[Stated, Stated, Stated]:
        return self.target, self.actual, self.weight


def judged(
    _target: Stated,
    _actual: Stated,
    _weight: Stated,
    _score: Stated,
    reverse_convention: str,
    overachieved_points: str,
    extreme_results: list[list[str]],
    _level1: Stated = MAY_BE_ABSENT,
    _level2: Stated = MAY_BE_ABSENT,
) -> Judged:
    """What the rules about points ask for; of points in one cell for several rows nothing is said."""
    levels = (_level1, _level2)
    result = None if _score.shared else compared(_target, _actual, reverse_convention, *levels)
    no_points = result is not None and _has_no_points(result, overachieved_points, extreme_results)
    return Judged(_target, _actual, _weight, _score, reverse_convention, levels, result, no_points)


@check(
    "XLP307",
    Severity.ERROR,
    "得分与完成比例不符",
    "points do not follow from target and result",
    each=f"{INDICATORS}[]",
    cites=("caiyu-2020-10-quantitative", "reverse-linear", "reverse-ratio"),
    takes=judged,
)
def points_off_formula(row: Judged) -> Iterator[Mismatch]:
    """没有达到指标值，得分却不是按完成比例算的。

    为何：定量指标未达标的按完成值与指标值的比例记分；反向指标有线性、比例两种口径，由评分口径决定。
    改法：按比例重算得分；当地另有规定的，在审核说明中写明。
    反例：指标值 ≥98，完成值 49，分值 10，得分 9。
    正例：得分 5；达标而扣分、未达标得满分另有规则；得分符合另一种反向口径的，指标值是范围（90%-95%，按下限比较）的，
    只提醒核实。
    """
    result, score = row.result, row.score
    if result is None or result.met or row.has_no_points or not ZERO <= score.value < row.weight.value:
        return
    earned = points(result, row.weight.value)
    if earned is None or round_half_up(earned, 2) == round_half_up(score.value, 2):
        return
    expected = round_half_up(earned, 2)
    rival = compared(row.target, row.actual, "linear" if row.convention == "ratio" else "ratio", *row.levels)
    other = points(rival, row.weight.value) if rival else None
    sentence = (
        f"{score.label}填 {score.shown}，指标值 {row.target.text}、完成值 {row.actual.text}、"
        f"分值 {row.weight.shown}，按完成比例应为 {show(expected, score.field)}。"
    )
    if other is not None and round_half_up(other, 2) == round_half_up(score.value, 2):
        sentence += "所填得分符合另一种反向指标口径，请核实当地用哪一种。"
        yield Mismatch(score, sentence, expected, row.operands, Severity.WARNING)
    elif result.most is not None:
        sentence += "指标值是一个范围，按下限比较，请核实。"
        yield Mismatch(score, sentence, expected, row.operands, Severity.WARNING)
    else:
        yield Mismatch(score, sentence, expected, row.operands)


@check(
    "XLP308",
    Severity.ERROR,
    "已达标却扣分且无原因",
    "points taken off although the target is met",
    each=f"{INDICATORS}[]",
    cites="caiyu-2020-10-quantitative",
    takes=judged,
)
def met_but_points_off(row: Judged, reasons: Reasons, _deviation_note: Stated = MAY_BE_ABSENT) -> Iterator[Mismatch]:
    """完成值达到了指标值，得分却低于分值，偏差原因也空着。

    为何：定量指标达到指标值应得满分；扣分必须说明理由。
    改法：改为满分，或在“偏差原因分析及改进措施”写明扣分理由。
    反例：指标值 ≥98，完成值 98，分值 15，得分 14，偏差原因空白，或只写“无”。
    正例：得分 15；或得分 14 且写明“问卷样本不足，酌扣 1 分”；只写了两三个字、看不出理由的只请核实。
    """
    result, score = row.result, row.score
    if result is None or not result.met or row.has_no_points or not ZERO <= score.value < row.weight.value:
        return
    lack = _lack_of_reason(_deviation_note, reasons)
    if lack is not None:
        sentence = (
            f"{score.label}填 {score.shown}，但完成值 {row.actual.text} 已达到指标值 {row.target.text}，"
            f"应得满分 {row.weight.shown}；确需扣分的须写明偏差原因（现{lack.words}）。"
        )
        beside = () if _deviation_note.is_absent else (_deviation_note,)
        yield Mismatch(score, sentence, row.weight.value, (*row.operands, *beside), lack.severity)


class _Lack(NamedTuple):
    """What is wrong with a reason; where something is written that tells little, only for explanation."""

    words: str
    severity: Severity | None = None


def _lack_of_reason(note: Stated, reasons: Reasons) -> _Lack | None:
    """None if a reason is written."""
    if note.is_absent:
        return _Lack("没有写，表里也没有写原因的栏")
    if note.is_blank:
        return _Lack("为空白")
    if not reasons.given(note.text):
        return _Lack(f"只写“{note.text}”")
    return _Lack(f"只写“{note.text}”，看不出理由", Severity.WARNING) if reasons.says_little(note.text) else None


@check(
    "XLP309",
    Severity.ERROR,
    "扣分而未写偏差原因",
    "points taken off without a reason",
    each=f"{INDICATORS}[]",
    cites="form",
)
def points_off_without_reason(
    _weight: Stated,
    _score: Stated,
    reverse_convention: str,
    reasons: Reasons,
    _target: Stated = MAY_BE_ABSENT,
    _actual: Stated = MAY_BE_ABSENT,
    _level1: Stated = MAY_BE_ABSENT,
    _level2: Stated = MAY_BE_ABSENT,
    _deviation_note: Stated = MAY_BE_ABSENT,
    _explanation: Stated = MAY_BE_ABSENT,
) -> Iterator[Mismatch]:
    """指标没有达标（或为定性指标）而扣了分，“偏差原因分析及改进措施”空着。

    为何：表样要求凡未得满分的指标说明偏差原因和改进措施。
    改法：补写偏差原因和改进措施。
    反例：指标值 ≥98，完成值 90，得分 13.78，偏差原因空白，或只写“无”“——”。
    正例：写明“宣传覆盖不足，下年增加场次”；“受疫情”也是理由；得满分的不需要写，写“无”也可以；只写了两三个字、看不出理由的只请核实；
    表里没有写原因的栏的，整张表只请核实一次；指标说明里写了怎样算出的，就是理由。
    """
    if not ZERO <= _score.value < _weight.value or _WORKED_OUT.search(_explanation.text):
        return
    lack = _lack_of_reason(_deviation_note, reasons)
    result = compared(_target, _actual, reverse_convention, _level1, _level2)
    if lack is None or (result is not None and result.met):
        return
    if _deviation_note.is_absent:
        yield Mismatch(_score, _NOWHERE_TO_SAY, None, (_weight,), Severity.WARNING, once=True)
        return
    sentence = f"{_score.label}填 {_score.shown}（分值 {_weight.shown}），扣了分但偏差原因{lack.words}。"
    yield Mismatch(_deviation_note, sentence, None, (_score, _weight), lack.severity)


@check(
    "XLP310",
    Severity.ERROR,
    "未达标却得满分",
    "full points although the target is not met",
    each=f"{INDICATORS}[]",
    cites="caiyu-2020-10-quantitative",
    takes=judged,
)
def full_points_though_not_met(row: Judged, indicator_words: IndicatorWords) -> Iterator[Outcome]:
    """完成值没有达到指标值，或写明没有完成，得分却是满分。

    为何：未达标的定量指标应按比例记分；没有完成的不会得满分。
    改法：按完成比例改得分，或核对完成值。
    反例：指标值 ≥98，完成值 95，得分 10；指标值 ≥100人，完成值“未完成”，得分 10；写“基本完成”“部分完成”
    “尚在实施”“待验收”的只请核实。
    正例：完成值 98，得分 10；指标值 ≤5%，完成值 3%，得满分；成本指标值 251.06万元，少花了钱也是达标；指标值是数字、
    完成值只写“已完成”的，列为未能核对。
    """
    result, score = row.result, row.score
    if score.shared or score.value != row.weight.value or row.weight.value <= 0:
        return
    if result is None:
        yield from full_points_for_words(*row.operands, score, indicator_words)
        return
    if result.met or row.has_no_points or result.most is not None:
        return  # of a range a rule of its own speaks
    earned = points(result, row.weight.value)
    expected = None if earned is None else round_half_up(earned, 2)
    if expected is not None and expected >= row.weight.value:
        return
    sentence = f"{score.label}填满分 {score.shown}，但完成值 {row.actual.text} 没有达到指标值 {row.target.text}。"
    yield Mismatch(score, sentence, expected, row.operands)


@check(
    "XLP329",
    Severity.ERROR,
    "完成值与指标值相差过大却得分",
    "points are given for a result too far from its target",
    each=f"{INDICATORS}[]",
    cites="extreme-results",
)
def extreme_result_scored(
    _target: Stated,
    _actual: Stated,
    _score: Stated,
    overachieved_points: str,
    extreme_results: list[list[str]],
    _level1: Stated = MAY_BE_ABSENT,
    _level2: Stated = MAY_BE_ABSENT,
) -> Iterator[Mismatch]:
    """完成值不到指标值的七成，或达到 130%，按所选口径不得分，却填了得分。

    为何：有的地方规定完成率低于 70% 或达到 130% 的指标不得分；只在 --variant 选了这样的口径时核对，默认口径照常计分。
    改法：得分改为 0，并说明指标值为什么定得过高或过低。
    反例：按这样的口径，指标值 ≥100人，完成值 130人，得分 10；完成值 69人，得分 6.9。
    正例：完成值 129人，得分 10；完成值 70人，得分 7；“≤”的指标和日期不适用；默认口径一律不核对。
    """
    result = None if _score.shared else compared(_target, _actual, "linear", _level1, _level2)
    if result is None or _score.value <= 0 or not _has_no_points(result, overachieved_points, extreme_results):
        return
    percent = f"{round_half_up(result.actual / result.target * 100, 2).normalize():f}%"
    sentence = (
        f"{_score.label}填 {_score.shown}，但完成值 {_actual.text} 是指标值 {_target.text} 的 {percent}，"
        f"按所选口径，低于 {_percent(extreme_results[0][1])} 或达到 {_percent(extreme_results[1][1])} 的不得分。"
    )
    yield Mismatch(_score, sentence, ZERO, (_target, _actual))


def _percent(share: str) -> str:
    return f"{(Decimal(share) * 100).normalize():f}%"


@check(
    "XLP312",
    Severity.WARNING,
    "完成值远超指标值",
    "result far exceeds the target",
    each=f"{INDICATORS}[]",
    cites="field-practice",
)
def target_far_exceeded(
    _target: Stated,
    _actual: Stated,
    overachieved: str,
    overachieved_reason: str,
    reasons: Reasons,
    _level1: Stated = MAY_BE_ABSENT,
    _level2: Stated = MAY_BE_ABSENT,
    _deviation_note: Stated = MAY_BE_ABSENT,
) -> Iterator[Mismatch]:
    """完成值超过指标值两成以上，指标值可能定得太低。

    为何：远超目标说明年初目标偏低；超过三成的须写明原因。
    改法：说明超额的原因，下年调整指标值。
    反例：指标值 ≥10 次，完成值 26 次，偏差原因空白，或只写“无”。
    正例：完成值 11 次；超两成不到三成且已写原因的不再提示；“≤”的指标不适用；5-10 次的范围与上限比。
    """
    result = compared(_target, _actual, "linear", _level1, _level2)
    if result is None or result.direction in (Direction.AT_MOST, Direction.BY_DATE) or result.target <= 0:
        return
    if reasons.given(_deviation_note.text):
        return
    ratio = result.excess
    if ratio >= Decimal(overachieved):
        percent = f"{round_half_up(ratio * 100, 2).normalize():f}%"
        end = "" if result.most is None else "上限"
        sentence = f"{_actual.label}为 {_actual.text}，是指标值 {_target.text} {end}的 {percent}，指标值可能偏低"
        must = "，超过三成须写明原因。" if ratio >= Decimal(overachieved_reason) else "。"
        yield Mismatch(_actual, sentence + must, None, (_target,))


@check(
    "XLP326",
    Severity.WARNING,
    "写了扣分却得满分",
    "note tells of points taken off beside full points",
    each=f"{INDICATORS}[]",
    cites="field-practice",
)
def note_of_deduction_beside_full_points(
    _weight: Stated, _score: Stated, _deviation_note: Stated, indicator_words: IndicatorWords
) -> Iterator[Mismatch]:
    """“偏差原因分析及改进措施”写着扣了几分，得分却是满分。

    为何：扣了分就不会是满分，两者必有一处忘了改。
    改法：按实际扣分改得分，或删去扣分的说明。
    反例：分值 15，得分 15，偏差原因“问卷样本不足，扣1分”。
    正例：得分 14；“未扣分”“每少一次扣1分”不是扣分的说明。
    """
    taken_off = indicator_words.taken_off(_deviation_note.text)
    if taken_off and _weight.value > 0 and _score.value == _weight.value:
        quote, _ = taken_off[0]
        yield Mismatch(
            _score, f"{_score.label}为满分 {_score.shown}，偏差原因却写“{quote}”。", None, (_deviation_note,)
        )


@check(
    "XLP332",
    Severity.ERROR,
    "总分满分而有指标未达标",
    "full total although a target is not met",
    each=f"{INDICATORS}[]",
    cites="caiyu-2020-10-quantitative",
)
def full_total_though_not_met(
    _target: Stated,
    _actual: Stated,
    _score: Stated,
    total_score: Stated,
    standard_total_weight: str,
    reverse_convention: str,
    _weight: Stated = MAY_BE_ABSENT,
    _level1: Stated = MAY_BE_ABSENT,
    _level2: Stated = MAY_BE_ABSENT,
) -> Iterator[Mismatch]:
    """表里没有分值一栏，总分是满分，却有指标没有达到指标值。

    为何：总分满分，就是每一项都得了满分；没有达标的指标不会得满分。
    改法：按完成比例改这一项的得分和总分，或核对完成值。
    反例：湖北的表，指标值 ≥6台，完成值 3台，总分 100。
    正例：总分 90；各项都达标，总分 100；有分值一栏的表由 XLP310 核对；几行共用一个得分的不核对。
    """
    if not _weight.is_absent or _score.shared or total_score.value < Decimal(standard_total_weight):
        return
    result = compared(_target, _actual, reverse_convention, _level1, _level2)
    if result is not None and not result.met:
        sentence = (
            f"总分填 {total_score.shown}，但{_actual.label} {_actual.text} 没有达到指标值 {_target.text}，"
            f"得分 {_score.shown} 应当低于满分。"
        )
        severity = None if result.most is None else Severity.WARNING
        yield Mismatch(_score, sentence, None, (_target, _actual, total_score), severity)
