"""3xx: how targets and results are written: direction, scale, dates, units, what can be measured."""

from __future__ import annotations

from collections.abc import Iterator

from xlperf.amounts import is_mark
from xlperf.checks.indicator_pairs import level_of
from xlperf.checks.matters import Across
from xlperf.checks.rule import MAY_BE_ABSENT, MAY_BE_BLANK, Mismatch, Severity, check
from xlperf.derive.seen import Row
from xlperf.derive.targets import Direction, compare, is_cost, parse_date, parse_goal
from xlperf.form.record import Record, Stated
from xlperf.form.template import INDICATORS, columns
from xlperf.prose.indicator_names import indicator_key
from xlperf.prose.indicator_words import IndicatorWords
from xlperf.text import expression

_FIGURE = expression(r"\d(?!\d*年)")  # a year alone measures nothing
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
_HIDDEN = expression("[×✕＊*]{2}|某")  # of names that are hidden, the same letters may stand for others
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


@check(
    "XLP311",
    Severity.WARNING,
    "指标方向疑似写反",
    "comparison sign seems turned round",
    each=f"{INDICATORS}[]",
    cites="field-practice",
)
def sign_turned_round(
    _level3: Stated,
    _target: Stated,
    indicator_words: IndicatorWords,
    _level1: Stated = MAY_BE_ABSENT,
    _level2: Stated = MAY_BE_ABSENT,
) -> Iterator[Mismatch]:
    """越高越好的指标写成“≤”，或越低越好的写成“≥”。

    为何：符号写反后，做得差反而得满分。
    改法：核对指标值前的符号。
    反例：群众满意度 ≤95%；投诉件数 ≥5；成本指标“项目成本 ≥20万元”。
    正例：群众满意度 ≥95%；投诉件数 ≤5；投诉办结率 ≥95%；满意度下降幅度 ≤2%；成本指标“节约资金 ≥5万元”；
    没有符号的不判断。
    """
    goal = parse_goal(_target.text)
    if goal is None:
        return
    name = _level3.text
    turned = any(word in name for word in _TURNS_ROUND)
    more = name.endswith(_MORE_IS_BETTER) if turned else any(word in name for word in _MORE_IS_BETTER)
    less = is_wanted_low(name)
    is_costly = is_cost((_level1.text, _level2.text)) and goal.is_of_money
    less = less or (bool(is_costly) and not any(word in name for word in indicator_words.saved))
    wrong = (more and not less and goal.direction is Direction.AT_MOST) or (
        less and not more and goal.direction is Direction.AT_LEAST
    )
    if wrong:
        sentence = f"{_level3.text}的指标值写作“{_target.text}”，符号方向与指标含义相反。"
        yield Mismatch(_target, sentence, None, (_level3,))


def is_wanted_low(name: str) -> bool:
    """Is it the name of what there should be little of: 投诉率, 超支率?"""
    return any(word in name for word in _LESS_IS_BETTER) and not any(word in name for word in _TURNS_ROUND)


@check(
    "XLP313",
    Severity.WARNING,
    "百分比超过100%",
    "percentage above 100",
    each=f"{INDICATORS}[]",
    cites="field-practice",
)
def percentage_above_100(_level3: Stated, _actual: Stated, _target: Stated = MAY_BE_BLANK) -> Iterator[Mismatch]:
    """合格率、满意度一类的指标值或完成值超过 100%。

    为何：部分占整体的比率不会超过 100%。
    改法：核对指标值和完成值；增长率一类的可以超过，在审核说明中写明。
    反例：满意度 108%；指标值写 ≥105%。
    正例：满意度 98%；增长率 120%（名称含“增长”的不提示）。
    """
    if any(word in _level3.text for word in ("增长", "增幅", "超额", "完成率", "执行率")):
        return
    for cell in (_target, _actual):
        goal = parse_goal(cell.text)
        if goal is not None and goal.percent and goal.value > 1:
            yield Mismatch(cell, f"{cell.label}为 {cell.text}，超过 100%。")


@check(
    "XLP314",
    Severity.WARNING,
    "时效指标的时间不在评价年度",
    "date of a timeliness indicator lies outside the year",
    each=f"{INDICATORS}[]",
    cites="form",
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
    each=f"{INDICATORS}[]",
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
        if is_vague(cell.text):
            yield Mismatch(cell, f"{cell.label}写“{cell.text}”，没有可核对的数量或日期。")
            return


def is_vague(text: str) -> bool:
    """Words like 按时 and 合理, and nothing beside them that could be measured."""
    measurable = parse_goal(text) or parse_date(text) or _FIGURE.search(text)
    return measurable is None and any(word in text for word in _VAGUE)


@check(
    "XLP316",
    Severity.WARNING,
    "指标重复",
    "indicator stands twice",
    cites="caiyu-2013-53",
    reads=columns(INDICATORS, "level3", "target"),
)
def indicator_repeated(indicators: tuple[Row, ...], record: Record) -> Iterator[Mismatch]:
    """同一个三级指标列了两次，或者同一个名称既作产出又作效益。

    为何：同一件事计两次分；产出说做了什么，效益说带来什么，不会是同一个数。
    改法：合并，或改成能区分的名称。
    反例：两行都是“开展网络安全检查”，指标值也相同；产出指标、效益指标里都有“培训人数”，不管指标值。
    正例：同一个一级指标下名称相同而指标值不同的不提示；几类指标都填“不适用”；为公开隐去了名称的，写法不同的不算；
    只差编号（指标1：）、星号、分值（5分）的算同一个。
    """
    same: dict[tuple[str, str], Stated] = {}
    named: dict[str, tuple[str, Stated]] = {}
    for row in indicators:
        name, level = "".join(row["level3"].text.split()), level_of(row)
        if not name or is_mark(name, record.template.not_applicable):
            continue
        key = name if _HIDDEN.search(name) else indicator_key(name, record.year) or name
        earlier = same.setdefault((key, row["target"].text), row["level3"])
        other_level, other = named.setdefault(key, (level, row["level3"]))
        if earlier is not row["level3"]:
            yield Mismatch(row["level3"], f"指标“{name}”与前面的指标重复。", None, (earlier,))
        elif level and other_level and level.removesuffix("指标") != other_level.removesuffix("指标"):
            sentence = f"指标“{name}”在{other_level}里已有，又列在{level}里，同一件事不能两处计分。"
            yield Mismatch(row["level3"], sentence, None, (other,))


@check(
    "XLP321",
    Severity.WARNING,
    "指标值与完成值的百分号不一致",
    "target and result are written on different scales",
    each=f"{INDICATORS}[]",
    cites="field-practice",
    settles=Across.FORM,
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
    each=f"{INDICATORS}[]",
    cites="caiyu-2013-53",
    settles=Across.FORM,
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


@check(
    "XLP328",
    Severity.WARNING,
    "指标值与完成值单位不同",
    "target and result are in different units",
    each=f"{INDICATORS}[]",
    cites="caiyu-2013-53",
    settles=Across.FORM,
)
def target_and_result_units_differ(_target: Stated, _actual: Stated) -> Iterator[Mismatch]:
    """指标值是数量，完成值却填百分比（或反过来）；或两者的单位不同。

    为何：计划做 10 次，完成值写 100%，看不出到底做了几次，也无法按比例记分。
    改法：完成值与指标值用同一种单位填实际数。
    反例：指标值 ≥10次，完成值 100%；指标值 ≥2公里，完成值 3千米（只作提示）。
    正例：≥1000人次 与 0.1万人次；≥2次 与 2人次；指标值有单位而完成值只写数字的不提示。
    """
    goal, result = parse_goal(_target.text), parse_goal(_actual.text)
    if goal is None or result is None or parse_date(_target.text) or parse_date(_actual.text):
        return
    sentence = f"{_actual.label}写“{_actual.text}”，指标值写“{_target.text}”，单位不同。"
    if goal.percent != result.percent:
        if goal.unit or result.unit:
            yield Mismatch(_actual, sentence, None, (_target,))
    elif goal.unit and result.unit:
        units = sorted((unit.lstrip("千万亿") for unit in (goal.unit, result.unit)), key=len)
        if units[0] not in units[1]:
            yield Mismatch(_actual, sentence, None, (_target,), Severity.INFO)


@check(
    "XLP340",
    Severity.WARNING,
    "资金支付率作了产出或效益指标",
    "rate of payment stands among outputs or benefits",
    each=f"{INDICATORS}[]",
    cites="field-practice",
)
def payment_rate_as_indicator(
    _level3: Stated,
    indicator_words: IndicatorWords,
    _level1: Stated = MAY_BE_ABSENT,
    _level2: Stated = MAY_BE_ABSENT,
    execution_weight: Stated = MAY_BE_ABSENT,
) -> Iterator[Mismatch]:
    """预算执行已经单独计分，产出、效益里又列了资金支付率、预算执行率、支出进度一类的指标。

    为何：花了多少钱不是做了什么，也不是带来什么；同一个执行率计了两次分。
    改法：换成反映工作数量、质量、时效的指标。
    反例：预算执行 10 分，产出指标里又有“资金支付率 ≥95%”。
    正例：表里没有单独给预算执行计分的；列在管理、过程等其他一级指标里的；成本指标里的“预算执行控制率”；“资金支付及时率”。
    """
    if not execution_weight.is_number or execution_weight.value <= 0:
        return
    level, name = "".join(_level1.text.split()), "".join(_level3.text.split())
    is_kept_down = is_cost((level, _level2.text)) and any(word in name for word in indicator_words.kept_down)
    rate = next((word for word in indicator_words.payment_rates if word in name), "")
    if rate and not is_kept_down and any(word in level for word in ("产出", "效益")):
        sentence = f"“{_level3.text}”说的是花了多少钱，预算执行已经计了 {execution_weight.shown} 分，不应再作{level}。"
        yield Mismatch(_level3, sentence, None, (execution_weight,))
