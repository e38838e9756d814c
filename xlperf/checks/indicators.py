"""3xx: one indicator's target, result, weight and points."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from xlperf.amounts import ZERO, round_half_up
from xlperf.catalog import Mismatch, Severity, check
from xlperf.derived.targets import Comparison, Direction, compare, parse_date, parse_goal, points
from xlperf.record import Stated, show

Row = Mapping[str, Stated]
_FIGURE = re.compile(r"\d(?!\d*年)")  # a year alone measures nothing
_VAGUE = ("合理", "有效", "显著", "明显", "进一步", "较好", "良好", "逐步", "不断", "按时", "及时")
_LESS_IS_BETTER = (
    "投诉率",
    "投诉件",
    "投诉数",
    "投诉次",
    "事故发生",
    "事故起",
    "差错率",
    "超支率",
    "逾期率",
    "违规率",
    "违规次",
)
_TURNS_ROUND = ("降低", "下降", "减少", "节约", "压减", "处理", "整改", "化解", "办结")  # 投诉办结率 is wanted high
_MORE_IS_BETTER = (
    "满意度",
    "合格率",
    "完成率",
    "覆盖率",
    "及时率",
    "达标率",
    "成功率",
    "回复率",
    "知晓率",
    "参与率",
)


def _compared(target: Stated, actual: Stated, convention: str) -> Comparison | None:
    """A comparison on one scale; a percent against a bare number is a rule of its own."""
    result = compare(target.text, actual.text, convention)
    return None if result is None or result.scale_differs else result


@check(
    "XLP307",
    Severity.ERROR,
    "得分与完成比例不符",
    "points do not follow from target and result",
    each="indicators[]",
    cites=("caiyu-2020-10-quantitative", "reverse-linear", "reverse-ratio"),
)
def points_off_formula(
    _target: Stated, _actual: Stated, _weight: Stated, _score: Stated, reverse_convention: str
) -> Iterator[Mismatch]:
    """没有达到指标值，得分却不是按完成比例算的。

    为何：定量指标未达标的按完成值与指标值的比例记分；反向指标有线性、比例两种口径，由评分口径决定。
    改法：按比例重算得分；当地另有规定的，在审核说明中写明。
    反例：指标值 ≥98，完成值 49，分值 10，得分 9。
    正例：得分 5；达标而扣分、未达标得满分另有规则；得分符合另一种反向口径的只提醒核实。
    """
    result = _compared(_target, _actual, reverse_convention)
    if result is None or result.met or not ZERO <= _score.value < _weight.value:
        return
    earned = points(result, _weight.value)
    if earned is None or round_half_up(earned, 2) == round_half_up(_score.value, 2):
        return
    expected = round_half_up(earned, 2)
    rival = _compared(_target, _actual, "linear" if reverse_convention == "ratio" else "ratio")
    other = points(rival, _weight.value) if rival else None
    sentence = (
        f"{_score.label}填 {_score.shown}，指标值 {_target.text}、完成值 {_actual.text}、"
        f"分值 {_weight.shown}，按完成比例应为 {show(expected, _score.field)}。"
    )
    operands = (_target, _actual, _weight)
    if other is not None and round_half_up(other, 2) == round_half_up(_score.value, 2):
        sentence += "所填得分符合另一种反向指标口径，请核实当地用哪一种。"
        yield Mismatch(_score, sentence, expected, operands, Severity.WARNING)
    else:
        yield Mismatch(_score, sentence, expected, operands)


@check(
    "XLP308",
    Severity.ERROR,
    "已达标却扣分且无原因",
    "points taken off although the target is met",
    each="indicators[]",
    cites="caiyu-2020-10-quantitative",
)
def met_but_points_off(
    _target: Stated,
    _actual: Stated,
    _weight: Stated,
    _score: Stated,
    reverse_convention: str,
    _deviation_note: Stated | None = None,
) -> Iterator[Mismatch]:
    """完成值达到了指标值，得分却低于分值，偏差原因也空着。

    为何：定量指标达到指标值应得满分；扣分必须说明理由。
    改法：改为满分，或在“偏差原因分析及改进措施”写明扣分理由。
    反例：指标值 ≥98，完成值 98，分值 15，得分 14，偏差原因空白。
    正例：得分 15；或得分 14 且写明“问卷样本不足，酌扣 1 分”。
    """
    result = _compared(_target, _actual, reverse_convention)
    explained = _deviation_note is not None and not _deviation_note.is_blank
    if result is not None and result.met and ZERO <= _score.value < _weight.value and not explained:
        sentence = (
            f"{_score.label}填 {_score.shown}，但完成值 {_actual.text} 已达到指标值 {_target.text}，"
            f"应得满分 {_weight.shown}；确需扣分的须写明偏差原因（现为空白）。"
        )
        yield Mismatch(_score, sentence, _weight.value, (_target, _actual, _weight))


@check(
    "XLP309",
    Severity.ERROR,
    "扣分而未写偏差原因",
    "points taken off without a reason",
    each="indicators[]",
    cites="shaoyang-form-2023",
)
def points_off_without_reason(
    _target: Stated,
    _actual: Stated,
    _weight: Stated,
    _score: Stated,
    reverse_convention: str,
    _deviation_note: Stated | None = None,
) -> Iterator[Mismatch]:
    """指标没有达标（或为定性指标）而扣了分，“偏差原因分析及改进措施”空着。

    为何：表样要求凡未得满分的指标说明偏差原因和改进措施。
    改法：补写偏差原因和改进措施。
    反例：指标值 ≥98，完成值 90，得分 13.78，偏差原因空白。
    正例：写明“宣传覆盖不足，下年增加场次”；得满分的不需要写。
    """
    if _deviation_note is None or not _deviation_note.is_blank or not ZERO <= _score.value < _weight.value:
        return
    result = _compared(_target, _actual, reverse_convention)
    if result is None or not result.met:
        sentence = f"{_score.label}填 {_score.shown}（分值 {_weight.shown}），扣了分但偏差原因空白。"
        yield Mismatch(_deviation_note, sentence, None, (_score, _weight))


@check(
    "XLP310",
    Severity.ERROR,
    "未达标却得满分",
    "full points although the target is not met",
    each="indicators[]",
    cites="caiyu-2020-10-quantitative",
)
def full_points_though_not_met(
    _target: Stated, _actual: Stated, _weight: Stated, _score: Stated, reverse_convention: str
) -> Iterator[Mismatch]:
    """完成值没有达到指标值，得分却是满分。

    为何：未达标的定量指标应按比例记分。
    改法：按完成比例改得分，或核对完成值。
    反例：指标值 ≥98，完成值 95，分值 10，得分 10。
    正例：完成值 98，得分 10；指标值 ≤5%，完成值 3%，得满分。
    """
    result = _compared(_target, _actual, reverse_convention)
    if result is None or result.met or _score.value != _weight.value or _weight.value <= 0:
        return
    earned = points(result, _weight.value)
    expected = None if earned is None else round_half_up(earned, 2)
    if expected is not None and expected >= _weight.value:
        return
    sentence = f"{_score.label}填满分 {_score.shown}，但完成值 {_actual.text} 没有达到指标值 {_target.text}。"
    yield Mismatch(_score, sentence, expected, (_target, _actual, _weight))


@check(
    "XLP311",
    Severity.WARNING,
    "指标方向疑似写反",
    "comparison sign seems turned round",
    each="indicators[]",
    cites="field-practice",
)
def sign_turned_round(_level3: Stated, _target: Stated) -> Iterator[Mismatch]:
    """越高越好的指标写成“≤”，或越低越好的写成“≥”。

    为何：符号写反后，做得差反而得满分。
    改法：核对指标值前的符号。
    反例：群众满意度 ≤95%；投诉件数 ≥5。
    正例：群众满意度 ≥95%；投诉件数 ≤5；投诉办结率 ≥95%；没有符号的不判断。
    """
    goal = parse_goal(_target.text)
    if goal is None or any(word in _level3.text for word in _TURNS_ROUND):
        return
    more = any(word in _level3.text for word in _MORE_IS_BETTER)
    less = any(word in _level3.text for word in _LESS_IS_BETTER)
    wrong = (more and not less and goal.direction is Direction.AT_MOST) or (
        less and not more and goal.direction is Direction.AT_LEAST
    )
    if wrong:
        sentence = f"{_level3.text}的指标值写作“{_target.text}”，符号方向与指标含义相反。"
        yield Mismatch(_target, sentence, None, (_level3,))


@check(
    "XLP312",
    Severity.WARNING,
    "完成值远超指标值",
    "result far exceeds the target",
    each="indicators[]",
    cites="field-practice",
)
def target_far_exceeded(
    _target: Stated,
    _actual: Stated,
    overachieved: str,
    overachieved_reason: str,
    _deviation_note: Stated | None = None,
) -> Iterator[Mismatch]:
    """完成值超过指标值两成以上，指标值可能定得太低。

    为何：远超目标说明年初目标偏低；超过三成的须写明原因。
    改法：说明超额的原因，下年调整指标值。
    反例：指标值 ≥10 次，完成值 26 次。
    正例：完成值 11 次；超两成不到三成且已写原因的不再提示；“≤”的指标不适用。
    """
    result = _compared(_target, _actual, "linear")
    if result is None or result.direction in (Direction.AT_MOST, Direction.BY_DATE) or result.target <= 0:
        return
    if _deviation_note is not None and not _deviation_note.is_blank:
        return
    ratio = result.actual / result.target
    if ratio >= Decimal(overachieved):
        percent = f"{round_half_up(ratio * 100, 2).normalize():f}%"
        sentence = f"{_actual.label}为 {_actual.text}，是指标值 {_target.text} 的 {percent}，指标值可能偏低"
        must = "，超过三成须写明原因。" if ratio >= Decimal(overachieved_reason) else "。"
        yield Mismatch(_actual, sentence + must, None, (_target,))


@check(
    "XLP313",
    Severity.WARNING,
    "百分比超过100%",
    "percentage above 100",
    each="indicators[]",
    cites="field-practice",
)
def percentage_above_100(_level3: Stated, _actual: Stated) -> Iterator[Mismatch]:
    """合格率、满意度一类的完成值超过 100%。

    为何：部分占整体的比率不会超过 100%。
    改法：核对完成值；增长率一类的可以超过，在审核说明中写明。
    反例：满意度 108%。
    正例：满意度 98%；增长率 120%（名称含“增长”的不提示）。
    """
    goal = parse_goal(_actual.text)
    growth = any(word in _level3.text for word in ("增长", "增幅", "超额", "完成率", "执行率"))
    if goal is not None and goal.percent and goal.value > 1 and not growth:
        yield Mismatch(_actual, f"{_actual.label}为 {_actual.text}，超过 100%。")


@check(
    "XLP314",
    Severity.WARNING,
    "时效指标的时间不在评价年度",
    "date of a timeliness indicator lies outside the year",
    each="indicators[]",
    cites="shaoyang-form-2023",
)
def date_outside_year(year: Stated, _target: Stated, _actual: Stated) -> Iterator[Mismatch]:
    """指标值或完成值写的年份不是评价年度。

    为何：多半是沿用上年的表没有改年份。
    改法：改成评价年度的日期。
    反例：评价 2023 年，指标值写“2022年12月前”。
    正例：2023年12月前；没有写年份的不判断。
    """
    for cell in (_target, _actual):
        date = parse_date(cell.text)
        if date is not None and date.year is not None and date.year != year.value:
            yield Mismatch(cell, f"{cell.label}写“{cell.text}”，评价年度是 {year.shown} 年。", None, (year,))


@check(
    "XLP315",
    Severity.WARNING,
    "指标值或完成值不可衡量",
    "target or result cannot be measured",
    each="indicators[]",
    cites="caiyu-2013-53",
)
def target_not_measurable(_target: Stated, _actual: Stated) -> Iterator[Mismatch]:
    """指标值或完成值是“合理范围”“按时”之类无法核对的说法。

    为何：没有可核对的数量、比率或日期，得满分缺少依据。
    改法：写成数量、比率、金额或日期，或说明定性评定的依据。
    反例：指标值“控制在合理范围内”；完成值“按时完成”。
    正例：≤251.06万元；2023年11月底完成；及时率≥95%；“达成预期指标”等规定的定性用语。
    """
    for cell in (_target, _actual):
        measurable = parse_goal(cell.text) or parse_date(cell.text) or _FIGURE.search(cell.text)
        if measurable is None and any(word in cell.text for word in _VAGUE):
            yield Mismatch(cell, f"{cell.label}写“{cell.text}”，没有可核对的数量或日期。")
            return


@check(
    "XLP316",
    Severity.WARNING,
    "指标重复",
    "indicator stands twice",
    cites="caiyu-2013-53",
)
def indicator_repeated(indicators: tuple[Row, ...]) -> Iterator[Mismatch]:
    """同一个三级指标列了两次。

    为何：同一件事计两次分。
    改法：合并，或改成能区分的名称。
    反例：两行都是“开展网络安全检查”，指标值也相同。
    正例：名称相同而指标值不同的不提示。
    """
    first: dict[tuple[str, str], Stated] = {}
    for row in indicators:
        name = "".join(row["level3"].text.split())
        earlier = first.setdefault((name, row["target"].text), row["level3"])
        if name and earlier is not row["level3"]:
            yield Mismatch(row["level3"], f"指标“{name}”与前面的指标重复。", None, (earlier,))


@check(
    "XLP317",
    Severity.INFO,
    "所有完成值都恰好等于指标值",
    "every result equals its target exactly",
    cites="field-practice",
)
def every_result_equals_target(indicators: tuple[Row, ...]) -> Iterator[Mismatch]:
    """五个以上的定量指标，完成值全部与指标值一模一样。

    为何：实际工作很少每一项都分毫不差，可能是照指标值填的。
    改法：按台账核对完成值。
    反例：七个指标的完成值都等于指标值。
    正例：只要有一个不同就不提示。
    """
    compared = [
        (row["actual"], result)
        for row in indicators
        if (result := compare(row["target"].text, row["actual"].text, "linear"))
        and result.direction is not Direction.BY_DATE
    ]
    if len(compared) >= 5 and all(result.actual == result.target for _, result in compared):
        cells = tuple(cell for cell, _ in compared)
        yield Mismatch(cells[0], f"{len(cells)} 个定量指标的完成值全部恰好等于指标值。", None, cells[1:])


@check(
    "XLP320",
    Severity.ERROR,
    "定性指标得分不在规定档次",
    "points of a qualitative indicator lie outside their band",
    each="indicators[]",
    cites="caiyu-2020-10-qualitative",
)
def qualitative_points_outside_band(
    _actual: Stated, _weight: Stated, _score: Stated, qualitative_bands: list[tuple[str, str, str]]
) -> Iterator[Mismatch]:
    """定性指标按完成情况分三档，得分不在所写档次之内。

    为何：达成预期 100%—80%（含），部分达成 80%—60%（含），未达成 60%—0%。
    改法：核对完成情况的用语与得分。
    反例：“部分达成预期指标并具有一定效果”，分值 10，得分 9。
    正例：得分 7；“达成预期指标”得 8 至 10 分；其他说法不判断。
    """
    words = "".join(_actual.text.split())
    band = next((band for band in qualitative_bands if words == band[0]), None)
    if band is None or _weight.value <= 0:
        return
    low, high = Decimal(band[1]) * _weight.value, Decimal(band[2]) * _weight.value
    top = high == _weight.value
    if not (low <= _score.value and (_score.value <= high if top else _score.value < high)):
        span = f"{low.normalize():f} 至 {high.normalize():f} 分"
        sentence = f"{_score.label}填 {_score.shown}，完成情况“{_actual.text}”应得 {span}。"
        yield Mismatch(_score, sentence, None, (_actual, _weight))


@check(
    "XLP321",
    Severity.WARNING,
    "指标值与完成值的百分号不一致",
    "target and result are written on different scales",
    each="indicators[]",
    cites="field-practice",
)
def target_and_result_scale_differ(_target: Stated, _actual: Stated) -> Iterator[Mismatch]:
    """一个带百分号，一个不带，大小差一百倍。

    为何：98% 与 98、0.98 混用时无法直接比较，不等于没有完成。
    改法：两格写成同一种形式。
    反例：指标值 ≥98%，完成值 98；指标值 ≥98，完成值 0.98。
    正例：指标值 ≥98%，完成值 98%；完成值是百分比格式的 0.98。指标值 98%、完成值写作 0.98 的，数值相同，只作提示。
    """
    result = compare(_target.text, _actual.text, "linear")
    goal, reached = parse_goal(_target.text), parse_goal(_actual.text)
    if result is None or goal is None or reached is None:
        return
    sentence = f"{_actual.label}为 {_actual.text}，指标值为 {_target.text}，一个按百分数一个不按。"
    if result.scale_differs:
        yield Mismatch(_actual, sentence, None, (_target,))
    elif goal.percent != reached.percent and goal.value and reached.value:
        yield Mismatch(_actual, sentence, None, (_target,), Severity.INFO)


@check(
    "XLP322",
    Severity.INFO,
    "指标值没有单位",
    "target has no unit",
    each="indicators[]",
    cites="caiyu-2013-53",
)
def target_without_unit(_target: Stated) -> Iterator[Mismatch]:
    """指标值只有数字，没有单位。

    为何：“≥98”是 98 分、98 次还是 98%，无从判断。
    改法：补上单位，如 ≥98%、≥2 次。
    反例：≥98；≥1。
    正例：≥98%；2次；2023年12月前。
    """
    goal = parse_goal(_target.text)
    if goal is not None and not goal.percent and not goal.unit and parse_date(_target.text) is None:
        yield Mismatch(_target, f"{_target.label}写“{_target.text}”，没有单位。")
