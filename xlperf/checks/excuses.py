"""3xx: what reasons and results say in words, beside the points that were given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from xlperf.amounts import ZERO, Interval, decimals, interval, round_half_up
from xlperf.checks.indicators import Judged, judged
from xlperf.checks.qualitative import official_word
from xlperf.checks.rule import MAY_BE_ABSENT, Mismatch, NotDecided, Outcome, Severity, check
from xlperf.derive.seen import SECTIONS, Row, Seen
from xlperf.derive.targets import Direction, is_cost, parse_goal
from xlperf.form.record import Stated, show
from xlperf.form.template import INDICATORS, columns
from xlperf.prose.indicator_words import IndicatorWords, has_number
from xlperf.prose.reasons import Reasons, bare

_PASTED_ROWS = 3
_PASTED_LETTERS = 8


@check(
    "XLP334",
    Severity.WARNING,
    "原因写明尚未完工却得满分",
    "note says that the work goes on, beside full points",
    each=f"{INDICATORS}[]",
    cites="field-practice",
)
def note_of_unfinished_beside_full_points(
    _weight: Stated, _score: Stated, indicator_words: IndicatorWords, _deviation_note: Stated = MAY_BE_ABSENT
) -> Iterator[Mismatch]:
    """“偏差原因分析及改进措施”写着尚在实施、待验收、未验收，得分却是满分。

    为何：没有做完、没有验收的，不能按全部完成给分；复核时多按完成程度扣分。
    改法：按完成程度改得分，或说明按计划本年就不需要做完。
    反例：分值 10，得分 10，偏差原因“工程尚在实施，预计下年3月完工”。
    正例：写“已通过验收”“上年尚未完成的部分，今年已完成”；已经扣了分的；完成值里写这些话的由 XLP310 核对。
    """
    if _weight.value <= 0 or _score.value != _weight.value or _score.shared:
        return
    if word := indicator_words.unfinished_in(_deviation_note.text):
        sentence = f"{_score.label}为满分 {_score.shown}，偏差原因却写“{word}”，须说明为什么不扣分。"
        yield Mismatch(_score, sentence, None, (_deviation_note, _weight))


@check(
    "XLP335",
    Severity.WARNING,
    "满意度的完成值没有数",
    "satisfaction was given points without a figure",
    each=f"{INDICATORS}[]",
    cites="field-practice",
)
def satisfaction_without_figure(
    _actual: Stated,
    _score: Stated,
    qualitative_words: Mapping[str, str],
    indicator_words: IndicatorWords,
    _target: Stated = MAY_BE_ABSENT,
    _level1: Stated = MAY_BE_ABSENT,
    _level2: Stated = MAY_BE_ABSENT,
    _level3: Stated = MAY_BE_ABSENT,
) -> Iterator[Mismatch]:
    """满意度指标得了分，完成值却不是满意度：写的是“未收到投诉”“满意”一类的话。

    为何：没有投诉不等于满意；满意度要有调查得来的百分比或分数。
    改法：按问卷、回访、测评的结果填写百分比，没有调查的不得分。
    反例：群众满意度，指标值 ≥95%，完成值“未收到投诉”，得分 10。
    正例：95%；“九成以上”；指标值也不是数的，写“达成预期指标”等规定用语；指标本身就是投诉件数的；没有得分的。
    """
    levels = _level1.text + _level2.text
    if _score.value <= 0 or has_number(_actual.text) or indicator_words.is_of_complaints(_level3.text):
        return
    if not indicator_words.is_satisfaction(levels, _level3.text):
        return
    word, _ = official_word(_actual.text, qualitative_words)
    if "达成" in word and not has_number(_target.text):
        return
    sentence = f"{_actual.label}写“{_actual.text}”，没有满意度的数，得分却是 {_score.shown}。"
    yield Mismatch(_actual, sentence, None, (_score,))


@check(
    "XLP336",
    Severity.INFO,
    "没有写满意度怎样调查",
    "satisfaction is stated without a survey",
    cites="field-practice",
    reads=(SECTIONS, *columns(INDICATORS, "level1", "level2", "level3", "actual", "score")),
)
def satisfaction_without_survey(
    indicators: tuple[Row, ...], seen: Seen, indicator_words: IndicatorWords
) -> Iterator[Outcome]:
    """填了满意度，表里和自评报告里都没有说是怎样得来的。

    为何：满意度要有依据：发了多少问卷、收回多少、怎样算出；复核时会要这些材料。
    改法：在自评报告或偏差原因栏写明调查的办法和样本数。
    反例：群众满意度 95%，报告里没有“问卷”“样本”“调查”“测评”“回访”等任何一词。
    正例：报告写“发放问卷200份”；指标说明写“按回访计算”；报告还没有写的，列为未能核对；整张表只提示一次。
    """
    rows = [row for row in indicators if _is_scored_satisfaction(row, indicator_words)]
    notes = [row[column].text for row in rows for column in row if row[column].field.is_text]
    if not rows or any(map(indicator_words.tells_of_survey, notes)):
        return
    cells = [row["actual"] for row in rows]
    if not seen.sections:
        yield NotDecided(tuple(cells), "自评报告还没有写，不知道满意度是怎样调查的")
    elif not any(indicator_words.tells_of_survey(section.text) for section in seen.sections):
        sentence = f"{cells[0].label}填 {cells[0].text}，表里和自评报告里都没有写是怎样调查的（问卷、样本、回访）。"
        yield Mismatch.of_all(cells, sentence)


def _is_scored_satisfaction(row: Row, words: IndicatorWords) -> bool:
    levels = row["level1"].text + row["level2"].text
    is_scored = row["score"].is_number and row["score"].value > 0 and has_number(row["actual"].text)
    name = row["level3"].text
    return is_scored and words.is_satisfaction(levels, name) and not words.is_of_complaints(name)


@check(
    "XLP337",
    Severity.WARNING,
    "原因所写扣分与得分不符",
    "points taken off by the note are not those that are missing",
    each=f"{INDICATORS}[]",
    cites="arithmetic",
)
def deduction_in_note_differs(
    _weight: Stated, _score: Stated, indicator_words: IndicatorWords, _deviation_note: Stated = MAY_BE_ABSENT
) -> Iterator[Mismatch]:
    """“偏差原因分析及改进措施”写着扣几分，与分值减得分不等。

    为何：扣的分就是分值与得分之差，写的和算的必有一处不对。
    改法：按实际扣分改得分，或改原因里的分数。
    反例：分值 15，得分 13，偏差原因“问卷样本不足，扣1分”。
    正例：得分 14；写了几个“扣N分”的，加起来相等；“每超一个百分点扣1分”是评分办法；四舍五入能解释的只作提示；
    得满分的由 XLP326 核对。
    """
    if not ZERO <= _score.value < _weight.value or _score.shared:
        return
    taken_off = indicator_words.taken_off(_deviation_note.text)
    lost = _weight.value - _score.value
    said = sum((points for _, points in taken_off), ZERO)
    if not taken_off or said == lost:
        return
    quotes = "、".join(f"“{quote}”" for quote, _ in taken_off)
    gap = f"分值 {_weight.shown} 减得分 {_score.shown} 是 {show(lost, _score.field)} 分"
    sentence = f"偏差原因写{quotes}，但{gap}，两者必有一误。"
    is_rounded = round_half_up(lost, max(decimals(points) for _, points in taken_off)) == said
    severity = Severity.INFO if is_rounded else None
    yield Mismatch(_score, sentence, None, (_deviation_note, _weight), severity)


@check(
    "XLP338",
    Severity.WARNING,
    "原因所写完成率与完成值不符",
    "share in the note is not the result by its target",
    each=f"{INDICATORS}[]",
    cites="arithmetic",
    takes=judged,
)
def share_in_note_differs(
    row: Judged, indicator_words: IndicatorWords, _deviation_note: Stated = MAY_BE_ABSENT
) -> Iterator[Mismatch]:
    """“偏差原因分析及改进措施”写着“完成率N%”，与完成值除以指标值不等。

    为何：完成率由完成值和指标值算得，不等就是其中一处填错。
    改法：按完成值 ÷ 指标值改原因里的完成率，或核对完成值。
    反例：指标值 ≥100人，完成值 80人，偏差原因“因疫情停办两期，完成率90%”。
    正例：完成率80%；指标值 ≥95%、完成值 90%，写“完成率90%”就是完成值本身；
    预算、资金的完成率；上限和日期不核对；四舍五入能解释的不提示。
    """
    result = row.result
    is_range = result is not None and result.most is not None
    if result is None or is_range or result.target <= 0 or is_cost(level.text for level in row.levels):
        return
    said = indicator_words.share_in(_deviation_note.text)
    if said is None or result.direction in (Direction.AT_MOST, Direction.BY_DATE):
        return
    quote, percent, places = said
    if result.met and percent == 100:
        return  # more than was wanted is called all of it
    goal = parse_goal(row.actual.text)
    if goal is not None and goal.percent and percent == goal.value * 100:
        return
    reached = interval(result.actual, (decimals(result.actual) or None) if goal is None or not goal.percent else 4)
    share = reached / Interval(result.target, result.target) * Interval(Decimal(100), Decimal(100))
    if not share.meets(interval(percent, places)):
        ratio = round_half_up(result.actual / result.target * 100, max(places, 2)).normalize()
        sentence = (
            f"偏差原因写“{quote}”，但{row.actual.label} {row.actual.text} 是指标值 {row.target.text} 的 {ratio:f}%。"
        )
        yield Mismatch(_deviation_note, sentence, None, (row.actual, row.target))


@check(
    "XLP339",
    Severity.WARNING,
    "几个指标照抄同一条原因",
    "one reason is pasted beside several indicators",
    cites="field-practice",
    reads=columns(INDICATORS, "weight", "score", "deviation_note"),
)
def reason_pasted(indicators: tuple[Row, ...]) -> Iterator[Mismatch]:
    """三个以上扣了分的指标，偏差原因一字不差。

    为何：不同的指标没有达到，原因很少完全相同；照抄的原因说明不了问题。
    改法：逐个写明各自的原因和改进措施。
    反例：四个扣分的指标都写“受疫情影响未能按计划开展”。
    正例：两个指标相同；没有扣分的不算；几行共用一个合并单元格的算一处；不到八个字的另有规则。
    """
    pasted: dict[str, list[Stated]] = {}
    for row in indicators:
        weight, score, note = row["weight"], row["score"], row["deviation_note"]
        has_lost = weight.is_number and score.is_number and score.value < weight.value
        if has_lost and len(said := bare(note.text)) >= _PASTED_LETTERS:
            pasted.setdefault(said, []).append(note)
    for notes in pasted.values():
        if len(notes) >= _PASTED_ROWS:
            yield Mismatch.of_all(notes, f"{len(notes)} 个扣了分的指标，偏差原因都是“{notes[0].text}”，须逐个写明。")


@check(
    "XLP342",
    Severity.INFO,
    "原因写得笼统",
    "reason is vague",
    each=f"{INDICATORS}[]",
    cites="field-practice",
)
def reason_vague(
    _weight: Stated, _score: Stated, reasons: Reasons, _deviation_note: Stated = MAY_BE_ABSENT
) -> Iterator[Mismatch]:
    """扣了分，“偏差原因分析及改进措施”不到十个字，也没有说因为什么。

    为何：“工作滞后”“样本不足”只说了现象，看不出为什么、怎样改，复核时多会退回重写。
    改法：写明由于什么、有什么影响、下一步怎样做。
    反例：分值 10，得分 8，偏差原因“培训开展不足”。
    正例：“受疫情影响停办”；“宣传覆盖不足，下年增加场次”；没有扣分的；不到四个字、或者只写“无”的由 XLP309、XLP308 报告。
    """
    if ZERO <= _score.value < _weight.value and not _score.shared and reasons.is_vague(_deviation_note.text):
        sentence = f"{_score.label}填 {_score.shown}（分值 {_weight.shown}），偏差原因只写“{_deviation_note.text}”。"
        yield Mismatch(_deviation_note, sentence, None, (_score, _weight))
