"""3xx: whether an indicator is of the kind under which it stands, and whether all kinds are there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from xlperf.checks.indicator_pairs import cell, level_of, named
from xlperf.checks.rule import MAY_BE_ABSENT, Mismatch, NotDecided, Outcome, Severity, check
from xlperf.checks.wording import is_vague
from xlperf.derive.seen import Row
from xlperf.derive.targets import Direction, parse_date, parse_goal
from xlperf.form.record import Record, Stated
from xlperf.form.template import INDICATORS, columns
from xlperf.prose.kinds import IndicatorKinds

_SEVERITIES = {severity.text: severity for severity in Severity}


@check(
    "XLP350",
    Severity.WARNING,
    "质量指标量的是完成多少",
    "quality indicator measures completion or a count",
    each=f"{INDICATORS}[]",
    cites="field-practice",
)
def quality_measures_completion(
    _level2: Stated, _level3: Stated, indicator_kinds: IndicatorKinds, _target: Stated = MAY_BE_ABSENT
) -> Iterator[Mismatch]:
    """列在质量指标下，量的却是完成率，或者场次、次数、人数。

    为何：质量指标说做得怎样，不是做了多少；完成率、次数是数量指标。
    改法：移到数量指标，另设合格率、达标率、准确率一类的质量指标。
    反例：质量指标“培训任务完成率 ≥95%”；质量指标“举办培训 ≥10场”。
    正例：验收合格率、设备故障率、到位率；“安全事故 0次”“差错次数 ≤2次”“参训合格人数 ≥90人”。
    """
    name = _level3.text
    if not indicator_kinds.is_only("质量", _level2.text):
        return
    if indicator_kinds.tells_completion(name):
        sentence = f"“{name}”列在{_level2.text}，量的是完成了多少，不是做得怎样。"
        yield Mismatch(_level3, sentence, None, (_level2,))
        return
    goal = parse_goal(_target.text)
    if goal is None or goal.value == 0 or goal.direction is Direction.AT_MOST or indicator_kinds.tells_how_well(name):
        return
    if goal.unit.lstrip("千万亿") in indicator_kinds.counted:
        sentence = f"“{name}”列在{_level2.text}，指标值 {_target.text} 量的是做了多少，不是做得怎样。"
        yield Mismatch(_level3, sentence, None, (_target, _level2))


@check(
    "XLP351",
    Severity.WARNING,
    "时效指标没有时间",
    "timeliness indicator states no time",
    each=f"{INDICATORS}[]",
    cites="field-practice",
)
def timeliness_without_time(
    _level2: Stated, _target: Stated, indicator_kinds: IndicatorKinds, _level3: Stated = MAY_BE_ABSENT
) -> Iterator[Mismatch]:
    """时效指标的指标值和名称里都没有日期、期限，也不是及时率。

    为何：没有时间就无从判断按时没有；“100%”“完成”说的是做完，不是何时做完。
    改法：写成“12月底前”“≤30天”，或者及时率 ≥95%。
    反例：时效指标“工程完工 100%”；指标值写“完成”。
    正例：12月底前、30个工作日内、年底、每季度；“资金拨付及时率 100%”“按时完成率 ≥95%”；时间写在名称里的；表样印着
    “在计划时间内完成”的只作提示；“及时”“按时”一类的话由 XLP315 核对。
    """
    name, target = _level3.text, _target.text
    if not indicator_kinds.is_only("时效", _level2.text) or indicator_kinds.is_none(target):
        return
    if is_vague(target) or parse_date(target):
        return
    if indicator_kinds.leaves_it_to_a_plan(name, target):
        sentence = f"“{name}”的指标值写“{target}”，没有写明计划的时间是哪一天。"
        yield Mismatch(_target, sentence, None, (_level3,), Severity.INFO)
    elif not indicator_kinds.tells_time(name, target):
        yield Mismatch(_target, f"{_level2.text}“{name}”的指标值写“{target}”，没有时间。", None, (_level3, _level2))


@check(
    "XLP352",
    Severity.WARNING,
    "数量指标没有数",
    "quantity indicator states no number",
    each=f"{INDICATORS}[]",
    cites="field-practice",
)
def quantity_without_number(
    _level2: Stated, _target: Stated, indicator_kinds: IndicatorKinds, _level3: Stated = MAY_BE_ABSENT
) -> Iterator[Mismatch]:
    """数量指标的指标值里没有数。

    为何：数量指标要能数得出来；“完成”“全部”没有说是多少。
    改法：写出数量和单位，如 ≥12场、≥3000人次。
    反例：数量指标“开展业务培训”，指标值“完成”。
    正例：≥12场；两场；九成以上；数写在名称里的（“举办培训5期”）；“有效”“合理”一类的话由 XLP315 核对。
    """
    name, target = _level3.text, _target.text
    if not indicator_kinds.is_only("数量", _level2.text) or is_vague(target) or indicator_kinds.is_none(target):
        return
    if not indicator_kinds.tells_number(name, target):
        yield Mismatch(_target, f"{_level2.text}“{name}”的指标值写“{target}”，没有数量。", None, (_level3, _level2))


@check(
    "XLP353",
    Severity.WARNING,
    "效益指标空泛而配百分比",
    "hollow benefit beside a percentage",
    each=f"{INDICATORS}[]",
    cites="field-practice",
)
def hollow_benefit(
    _level1: Stated, _level3: Stated, _target: Stated, indicator_kinds: IndicatorKinds, _level2: Stated = MAY_BE_ABSENT
) -> Iterator[Mismatch]:
    """效益指标的名称是“成效明显”“有效提升”一类的话，指标值却是百分比。

    为何：“明显 ≥95%”不知道是什么的百分之九十五，完成值也无从得来。
    改法：改成可以量的名称，如知晓率、增长率；不能量化的，写成定性的指标值。
    反例：社会效益指标“社会治安环境改善明显 ≥95%”；“服务水平有效提升”，指标值 100%。
    正例：名称里有“率”“度”“比例”的；“村集体收入提升 ≥5%”（说的是增长）；指标值写“明显提升”的由 XLP315 核对。
    """
    levels = indicator_kinds.level(_level1.text), *indicator_kinds.kinds_of(_level2.text)
    if levels[0] != "效益" or "满意度" in levels or not indicator_kinds.is_hollow(_level3.text):
        return
    goal, least = parse_goal(_target.text), parse_goal(indicator_kinds.hollow_least)
    if goal is not None and goal.percent and (least is None or goal.value >= least.value):
        sentence = f"“{_level3.text}”的指标值是 {_target.text}，看不出是什么的百分比，完成值无从得来。"
        yield Mismatch(_level3, sentence, None, (_target,))


class _Told(NamedTuple):
    """A row, and what the names of its levels say: its first level, its kinds, and both together."""

    row: Row
    level: str
    kinds: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return (self.level, *self.kinds)


def _told(rows: Sequence[Row], record: Record, words: IndicatorKinds) -> list[_Told]:
    """The rows that are indicators; none where the form's levels are a tree of its own, or are not told."""
    told = [
        _Told(row, words.level(cell(row, "level1").text), words.kinds_of(cell(row, "level2").text))
        for row in named(rows, record)
        if not words.is_beside(cell(row, "level1").text)
    ]
    is_own_tree = any(not each.level for each in told) or not any(each.kinds for each in told)
    return [] if is_own_tree else told


@check(
    "XLP354",
    Severity.WARNING,
    "二级指标不属于它的一级指标",
    "second level does not belong under its first",
    cites="indicator-levels",
    reads=columns(INDICATORS, "level1", "level2", "level3"),
)
def level2_of_other_level1(
    indicators: tuple[Row, ...], record: Record, indicator_kinds: IndicatorKinds, level_kinds: list[list[str]]
) -> Iterator[Mismatch]:
    """二级指标列错了一级指标，或者不是规定的二级指标。

    为何：产出下是数量、质量、时效、成本，效益下是经济、社会、生态效益和可持续影响，满意度下是服务对象满意度；列错了，各级分值也跟着错。
    改法：移到所属的一级指标下，或改正二级指标的名称。
    反例：“产出指标”下列“社会效益指标”；“效益指标”下列“服务对象满意度指标”；“产出指标”下列“进度指标”。
    正例：“经济、社会效益指标”写在一行；成本列为一级指标的；一级指标另有一套（决策、过程、项目管理、基本运行等）的表不核对。
    """
    known = {level: kinds for level, *kinds in level_kinds}
    wrong: dict[tuple[str, str], list[_Told]] = {}
    for each in _told(indicators, record, indicator_kinds) if known else ():
        level2 = cell(each.row, "level2")
        if not level2.is_blank and not set(each.kinds) & set(known.get(each.level, ())):
            wrong.setdefault((level_of(each.row), level2.text), []).append(each)
    for (level1, name), rows in wrong.items():
        first = rows[0]
        other = next((level for level, kinds in known.items() if set(first.kinds) & set(kinds)), "")
        what = f"属于{other}" if other else f"不是规定的二级指标（{'、'.join(known.get(first.level, ()))}）"
        others = tuple(cell(each.row, "level2") for each in rows[1:])
        sentence = f"“{name}”列在“{level1}”下，{what}。"
        yield Mismatch(cell(first.row, "level2"), sentence, None, (first.row["level1"], *others))


@check(
    "XLP355",
    Severity.WARNING,
    "缺少应有的指标类别",
    "a kind of indicator is missing that should be there",
    cites="field-practice",
    reads=columns(INDICATORS, "level1", "level2", "level3"),
)
def kind_missing(
    indicators: tuple[Row, ...],
    record: Record,
    indicator_kinds: IndicatorKinds,
    level_kinds: list[list[str]],
    required_kinds: Mapping[str, str],
) -> Iterator[Outcome]:
    """没有数量、质量、时效、成本中的某一类，或者没有效益指标、满意度指标。

    为何：绩效指标要从数量、质量、时效、成本、效益、满意度几方面设；缺一类的常被退回，各级分值自定的也一样。
    改法：补上缺少的一类，或在审核说明中写明为什么没有。
    反例：产出指标只有数量、质量两类；整张表没有效益指标。
    正例：各类都有；成本列为一级指标的；没有满意度指标的只作提示（不直接服务公众的可以没有）；一级指标另有一套的表不核对。
    """
    rows = _told(indicators, record, indicator_kinds)
    there = {name for each in rows for name in each.names}
    level_of_kind = {kind: level for level, *kinds in reversed(level_kinds) for kind in (level, *kinds)}
    there |= {level_of_kind[name] for name in there if name in level_of_kind}
    missing = [kind for kind in required_kinds if kind not in there] if rows else []
    for severity in dict.fromkeys(required_kinds[kind] for kind in missing):
        kinds = [kind for kind in missing if required_kinds[kind] == severity]
        levels = {level_of_kind.get(kind, kind) for kind in kinds}
        beside = [cell(each.row, "level2") for each in rows if each.level in levels]
        if blank := tuple(each for each in beside if each.is_blank):
            yield NotDecided(blank, "二级指标没有写，不知道是哪一类")
            kinds = [kind for kind in kinds if level_of_kind.get(kind, kind) == kind]
        if kinds:
            cells = beside or [each.row["level1"] for each in rows]
            sentence = f"没有{'、'.join(f'{kind}指标' for kind in kinds)}。"
            yield Mismatch.of_all(cells, sentence, _SEVERITIES.get(severity))


@check(
    "XLP356",
    Severity.WARNING,
    "指标太少",
    "too few indicators",
    cites="field-practice",
    reads=columns(INDICATORS, "level3"),
)
def too_few_indicators(
    indicators: tuple[Row, ...],
    record: Record,
    indicator_kinds: IndicatorKinds,
    fewest_indicators: Mapping[str, str],
) -> Iterator[Mismatch]:
    """整张表不到 5 个指标，或者都是同一类；有的地方还规定核心指标的个数。

    为何：几个指标说不清一年的工作；都是一类的，只看到一面。
    改法：按绩效目标补充指标。
    反例：只有 2 个三级指标；6 个指标都是数量指标；重庆的表只有 3 个核心指标。
    正例：5 个以上、至少两类；“不适用”的不算；没有一级、二级指标的表只核对核心指标的个数。
    """
    rows = list(named(indicators, record))
    if not rows:
        return
    names = [row["level3"] for row in rows]
    found: dict[str, int] = {}
    if not all(cell(rows[0], level).is_absent for level in ("level1", "level2")):
        found["三级指标"] = len(rows)
        kinds = {"".join((cell(row, "level2").text or cell(row, "level1").text).split()) for row in rows}
        if "" not in kinds:
            found["二级指标"] = len(kinds)
    core = [cell(row, "core") for row in rows]
    if indicator_kinds.core and not all(each.is_blank for each in core):
        found["核心指标"] = sum(each.text.strip().startswith(indicator_kinds.core) for each in core)
    few = [(what, count) for what, count in found.items() if count < int(fewest_indicators.get(what, "0"))]
    if few:
        counted = "、".join(f"{what} {count} 个（至少 {fewest_indicators[what]} 个）" for what, count in few)
        yield Mismatch.of_all(names, f"指标太少：{counted}。")
