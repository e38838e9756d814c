"""3xx: weights, totals of points and the grade."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from xlperf.amounts import ZERO, Interval, decimals, interval, is_mark, round_half_up
from xlperf.checks.arithmetic import is_of_points
from xlperf.checks.rule import MAY_BE_ABSENT, MAY_BE_BLANK, Mismatch, Severity, check
from xlperf.derive.seen import Derived, Row, Seen
from xlperf.form.record import Record, State, Stated, own_points, show
from xlperf.form.relations import Kind
from xlperf.form.template import INDICATORS, columns


def sum_of_weights(rows: Iterable[Row]) -> tuple[list[Stated], Decimal | None]:
    """The weights of rows, each merged cell once, and their sum; None where there are none, or one is not known."""
    weights = own_points(rows, "weight")
    known = weights and all(weight.is_number for weight in weights)
    return weights, sum((weight.value for weight in weights), ZERO) if known else None


class Rescaled(NamedTuple):
    """A total whose indicators do not all apply: what the others came to, and what that is of full marks."""

    earned: Decimal
    lost: Decimal  # the points of what does not apply
    total: Decimal
    cells: tuple[Stated, ...]


def rescaled(seen: Seen) -> Rescaled | None:
    """What the total is by the rules of a place that takes out what does not apply; None elsewhere, or if not known."""
    figure = seen.figures.get("not_applicable_points")
    table = seen.record.template.table(INDICATORS)
    if figure is None or figure.value != "rescale" or table is None:
        return None
    whole = Decimal(seen.figures["standard_total_weight"].value)
    rows = [row for row in seen.tables[table.key] if row["weight"].is_number and not row["score"].shared]
    without = [row for row in rows if _does_not_apply(row, seen.record)]
    scores = [row["score"] for row in rows if row not in without]
    execution = seen.record.cell("execution_score")
    scores += [execution] if execution.is_number else []
    lost = sum((row["weight"].value for row in without), ZERO)
    if not without or not 0 < lost < whole or not all(score.is_number for score in scores):
        return None
    earned = sum((score.value for score in scores), ZERO)
    return Rescaled(earned, lost, earned / (whole - lost) * whole, tuple(row["weight"] for row in without))


def _does_not_apply(row: Row, record: Record) -> bool:
    """A mark stands for the points, or for the result beside no points."""
    score = row["score"]
    is_marked = is_mark(row["actual"].text, record.template.not_applicable)
    return score.state is State.NOT_APPLICABLE or (is_marked and score.is_number and score.value == 0)


@check(
    "XLP301",
    Severity.ERROR,
    "分值合计不是100",
    "weights do not add up to 100",
    relation=Kind.STANDARD,
    of=lambda each: each.figure == "standard_total_weight",
    cites="caiyu-2020-10",
    reads=columns(INDICATORS, "weight"),
)
def weights_not_100(
    total_weight: Stated,
    execution_weight: Stated,
    indicators: tuple[Row, ...],
    standard_total_weight: str,
) -> Iterator[Mismatch]:
    """预算执行与各指标的分值之和不是满分。

    为何：自评满分为 100 分，分值合计不对，总分和等级都不成立。
    改法：调整各指标分值，使其与预算执行分值合计为 100。
    反例：预算执行 10，各指标合计 85。
    正例：10 + 50 + 30 + 10 = 100；指标表还没填时不核对。
    """
    weights, points = sum_of_weights(indicators)
    if points is not None and points + execution_weight.value != Decimal(standard_total_weight):
        shown = show(points + execution_weight.value, total_weight.field)
        sentence = f"预算执行分值 {execution_weight.shown} 与各指标分值之和为 {shown}，应为 {standard_total_weight}。"
        yield Mismatch(total_weight, sentence, None, (execution_weight, *weights))


@check(
    "XLP302",
    Severity.ERROR,
    "一级指标分值与规定不符",
    "weight of a level is not what the rules say",
    relation=Kind.STANDARD,
    of=lambda each: each.figure == "standard_level_weights",
    cites="caiyu-2020-10",
    reads=columns(INDICATORS, "level1", "weight"),
)
def level_weight_off_standard(
    indicators: tuple[Row, ...], standard_level_weights: Mapping[str, str]
) -> Iterator[Mismatch]:
    """产出、效益、满意度各级分值之和与规定的权重不符。

    为何：财预〔2020〕10号规定产出 50、效益 30、满意度 10；各地另有规定的用 --variant 选择口径。
    改法：调整该一级指标下各指标的分值。
    反例：产出指标合计 45，效益指标合计 35。
    正例：产出 50，效益 30，满意度 10；所选口径没有规定分值的一级指标不核对。
    """
    for level, standard in standard_level_weights.items():
        rows = [row for row in indicators if "".join(row["level1"].text.split()).startswith(level)]
        weights, points = sum_of_weights(rows)
        if points is not None and points != Decimal(standard):
            sentence = f"{level}的分值合计为 {show(points, weights[0].field)}，规定为 {standard}。"
            yield Mismatch.of_all(weights, sentence)


@check(
    "XLP323",
    Severity.ERROR,
    "预算执行分值与规定不符",
    "weight of execution is not what the rules say",
    relation=Kind.STANDARD,
    of=lambda each: each.figure == "standard_execution_weight",
    cites="caiyu-2020-10",
)
def execution_weight_off_standard(execution_weight: Stated, standard_execution_weight: str) -> Iterator[Mismatch]:
    """预算执行一栏的分值不是规定的分值。

    为何：财预〔2020〕10号规定预算执行 10 分；各地另有规定的（如 20 分）用 --variant 选择口径。
    改法：把预算执行的分值改为规定数，其余分值在各指标间分配。
    反例：口径规定 10 分，预算执行分值填 15。
    正例：填 10 或 10.0；按预算执行 20 分的口径审核时填 20；口径没有规定分值的不核对。
    """
    standard = Decimal(standard_execution_weight)
    if standard and execution_weight.value != standard:
        sentence = f"{execution_weight.label}填 {execution_weight.shown}，规定为 {standard_execution_weight}。"
        yield Mismatch(execution_weight, sentence, standard)


@check(
    "XLP305",
    Severity.ERROR,
    "总分与各项之和不等",
    "total of points is not the sum of its items",
    relation=Kind.SUM,
    of=is_of_points,
    cites="arithmetic",
)
def total_of_points_not_sum(derived: Derived, seen: Seen) -> Iterator[Mismatch]:
    """总分（或分值合计）不等于预算执行与各指标之和。

    为何：分数没有四舍五入的余地，必须逐分相符。
    改法：重加各项，或用“填充”自动填入。
    反例：预算执行 10，各指标得分合计 88，总分填 99。
    正例：总分 98；口径规定不适用的指标扣除后折算的，由 XLP343 核对。
    """
    stated, expected = derived.stated, derived.expected
    if stated.key == "total_score" and rescaled(seen) is not None:
        return
    exact = sum((operand.value for operand in derived.operands), ZERO)
    if stated.is_number and isinstance(expected, Decimal) and stated.value not in (expected, exact):
        shown = show(expected, stated.field)
        sentence = f"{stated.label}填 {stated.shown}，各项之和为 {shown}。"
        yield Mismatch(stated, sentence, expected, derived.operands)


@check(
    "XLP343",
    Severity.ERROR,
    "有不适用的指标而总分没有折算",
    "total was not rescaled for what does not apply",
    cites="not-applicable-rescaled",
    reads=columns(INDICATORS, "weight", "score", "actual"),
)
def total_not_rescaled(total_score: Stated, seen: Seen, not_applicable_points: str) -> Iterator[Mismatch]:
    """有指标标明“不适用”，总分却不是实得分按其余分值折算的。

    为何：有的地方规定，不适用的指标不计分，总分 = 实得分 ÷（100 － 不适用的分值）× 100；
    只在 --variant 选了这样的口径时核对。
    改法：按公式折算总分，再定等级。
    反例：按这样的口径，不适用的指标 10 分，其余实得 81 分，总分填 81（应为 90）。
    正例：总分 90；除不尽的四舍五入，如 93.33；没有不适用的指标；默认口径一律不核对；
    有的指标还没有填得分的不核对。
    """
    found = rescaled(seen)
    if found is None or not_applicable_points != "rescale" or seen.record[total_score.key].is_blank:
        return
    if not interval(total_score.value, decimals(total_score.value)).meets(Interval(found.total, found.total)):
        expected, field = round_half_up(found.total, 2), total_score.field
        sentence = (
            f"{total_score.label}填 {total_score.shown}，但不适用的指标共 {show(found.lost, field)} 分，"
            f"其余实得 {show(found.earned, field)} 分，折算后应为 {show(expected, field)}。"
        )
        yield Mismatch(total_score, sentence, expected, found.cells)


@check(
    "XLP306",
    Severity.ERROR,
    "预算执行得分与执行率不符",
    "execution points do not follow from the execution rate",
    relation=Kind.PRODUCT,
    of=lambda each: each.left == ("execution_score",),
    cites=("caiyu-2020-10", "execution-points"),
)
def execution_score_off_formula(derived: Derived) -> Iterator[Mismatch]:
    """预算执行得分不等于执行率乘以分值。

    为何：预算执行得分 = 执行率 × 分值，最多得满分。
    改法：按执行率重算，或用“填充”自动填入。
    反例：执行率 89.14%，分值 10，得分填 10。
    正例：执行率 100%，得 10 分；执行率 102%，仍得 10 分。
    """
    stated, gap = derived.stated, derived.gap
    if gap is not None and gap.impossible:
        rate, weight = derived.operands
        shown = show(gap.expected, stated.field)
        sentence = f"{stated.label}填 {stated.shown}，按执行率 {rate.shown} × 分值 {weight.shown} 应为 {shown}。"
        yield Mismatch(stated, sentence, gap.expected, derived.operands)


@check(
    "XLP318",
    Severity.ERROR,
    "等级与总分不符",
    "grade does not follow from the total score",
    relation=Kind.WORD,
    of=lambda each: each.left == ("grade",),
    cites="caiyu-2020-10-grades",
)
def grade_not_of_score(
    derived: Derived, grade_words: Mapping[str, str], grade_bands: list[list[str]]
) -> Iterator[Mismatch]:
    """自评等级不是总分所在的档次。

    为何：90（含）以上为优，80（含）—90 为良，60（含）—80 为中，60 以下为差；默认口径 60；当地另有规定用 --variant。
    改法：按总分改等级。
    反例：总分 89.99，等级“优”。
    正例：总分 90，等级“优”；等级写作“优秀”另作提示。
    """
    stated, expected = derived.stated, derived.expected
    standard = grade_words.get(stated.text, stated.text)
    if isinstance(expected, str) and standard != expected:
        words, floors = ("、".join(each) for each in zip(*grade_bands[:-1], strict=True))
        limits = f"{words}的下限为 {floors}；当地另有规定的按当地口径"
        sentence = f"自评等级填“{stated.text}”，总分 {derived.operands[0].shown} 对应“{expected}”（{limits}）。"
        yield Mismatch(stated, sentence, expected, derived.operands)


@check(
    "XLP319",
    Severity.INFO,
    "等级用语不规范",
    "grade is not in the official word",
    cites="caiyu-2020-10-grades",
)
def grade_word_not_standard(
    grade_words: Mapping[str, str], grade: Stated = MAY_BE_ABSENT, report_grade: Stated = MAY_BE_BLANK
) -> Iterator[Mismatch]:
    """等级写成了“优秀”“良好”等，规定的用语是优、良、中、差。

    为何：办法规定的四档是优、良、中、差。
    改法：改成规定用语。
    反例：“优秀”。
    正例：“优”。
    """
    for cell in (grade, report_grade):
        if cell.text in grade_words:
            word = grade_words[cell.text]
            yield Mismatch(cell, f"{cell.label}写“{cell.text}”，规定用语是“{word}”。", word)


@check(
    "XLP303",
    Severity.ERROR,
    "指标分值不是正数",
    "weight is not positive",
    each=f"{INDICATORS}[]",
    cites="caiyu-2020-10",
)
def weight_not_positive(_weight: Stated) -> Iterator[Mismatch]:
    """列出的指标分值为 0 或负数。

    为何：没有分值的指标不参与评价，负分值使合计失真。
    改法：给该指标分配分值，或删去这一行。
    反例：分值 0。
    正例：分值 5。
    """
    if _weight.value <= 0:
        yield Mismatch(_weight, f"{_weight.label}填 {_weight.shown}，应大于 0。")


@check(
    "XLP304",
    Severity.ERROR,
    "得分超出0至分值的范围",
    "score is below 0 or above its weight",
    each=f"{INDICATORS}[]",
    cites="caiyu-2020-10-quantitative",
)
def score_out_of_range(_weight: Stated, _score: Stated) -> Iterator[Mismatch]:
    """得分高于分值，或为负数。

    为何：每项指标最高得满分，最低 0 分。
    改法：核对得分与分值是否填错行、填错位。
    反例：分值 5，得分 10。
    正例：分值 10，得分 10；得分 0。
    """
    if beyond := out_of_range(_score, _weight):
        yield beyond


def out_of_range(score: Stated, weight: Stated) -> Mismatch | None:
    """Points are at least 0, and at most their weight."""
    if ZERO <= score.value <= weight.value:
        return None
    sentence = f"{score.label}填 {score.shown}，应在 0 与分值 {weight.shown} 之间。"
    return Mismatch(score, sentence, None, (weight,))
