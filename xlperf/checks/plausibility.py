"""6xx: figures that may be true and want a written explanation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from xlperf.amounts import ZERO, exceeds
from xlperf.checks.matters import OVERSPENT, Across
from xlperf.checks.rule import MAY_BE_ABSENT, MAY_BE_BLANK, Mismatch, Severity, check
from xlperf.checks.spending import percent
from xlperf.form.record import Record, Stated, own_points
from xlperf.form.template import INDICATORS, columns
from xlperf.prose.reasons import Reasons


@check(
    "XLP608",
    Severity.WARNING,
    "指标得分率明显高于执行得分率",
    "indicator points run far ahead of execution points",
    cites="score-gap",
    reads=columns(INDICATORS, "weight", "score"),
)
def points_ahead_of_execution(
    execution_score: Stated,
    execution_weight: Stated,
    indicators: tuple[Mapping[str, Stated], ...],
    score_gap: str,
    reasons: Reasons,
    execution_note: Stated = MAY_BE_ABSENT,
) -> Iterator[Mismatch]:
    """指标得分率比预算执行得分率高出 5% 以上。

    为何：钱花得少而目标全部完成，或目标定得过低，或预算编得过大。
    改法：核对指标值与预算，或在审核说明中写明。
    反例：指标得分 90/90，预算执行得分 8.5/10。
    正例：指标得分 88/90，预算执行得分 10/10；资金旁边的“原因”栏写了原因的。
    """
    if reasons.given(execution_note.text):
        return
    scores, weights = own_points(indicators, "score"), own_points(indicators, "weight")
    if not scores or not all(cell.is_number for cell in (*scores, *weights)) or execution_weight.value <= 0:
        return
    whole = sum((cell.value for cell in weights), ZERO)
    earned = sum((cell.value for cell in scores), ZERO)
    if whole <= 0 or earned <= 0:
        return
    reached, executed = earned / whole, execution_score.value / execution_weight.value
    if (reached - executed) / reached > Decimal(score_gap):
        sentence = f"指标得分率 {percent(reached)}，预算执行得分率 {percent(executed)}，两者相差过大，须说明原因。"
        yield Mismatch(execution_score, sentence, None, (execution_weight,))


@check(
    "XLP609",
    Severity.WARNING,
    "超预算而成本指标满分",
    "cost indicator has full points although a budget was exceeded",
    each=f"{INDICATORS}[]",
    cites="control-rates",
    settles=OVERSPENT,
)
def cost_full_though_overspent(
    _level2: Stated,
    _weight: Stated,
    _score: Stated,
    sangong_budget: Stated = MAY_BE_BLANK,
    sangong_actual: Stated = MAY_BE_BLANK,
    operating_budget: Stated = MAY_BE_BLANK,
    operating_actual: Stated = MAY_BE_BLANK,
) -> Iterator[Mismatch]:
    """成本指标得满分，而三公经费或公用经费超过了预算。

    为何：经费控制率超过 100% 时，成本控制没有达到预期。
    改法：核对成本指标的得分，或在偏差原因中说明超预算的理由。
    反例：公用经费预算 9.50、决算 92.01，成本指标 10/10。
    正例：成本指标 8/10；各项经费都没有超预算。
    """
    if not _level2.text.startswith("成本") or _weight.value <= 0 or _score.value < _weight.value:
        return
    for budget, actual in ((sangong_budget, sangong_actual), (operating_budget, operating_actual)):
        if budget.is_number and actual.is_number and exceeds(actual, budget):
            sentence = f"{_score.label}为满分，而{actual.label} {actual.shown} 超过预算 {budget.shown}。"
            yield Mismatch(_score, sentence, None, (actual, budget))
            return


@check(
    "XLP610",
    Severity.INFO,
    "其中项只说明了一小部分",
    "the listed parts explain little of the whole",
    each="included",
    cites="field-practice",
    settles=Across.ROWS,
)
def parts_explain_little(total: Stated, parts: tuple[Stated, ...]) -> Iterator[Mismatch]:
    """“其中”各项之和不到总额的两成。

    为何：大部分支出没有列明用途，评价时看不出钱花在哪里。
    改法：可在审核说明或报告中补充其余部分的构成。
    反例：公用经费 92.01，其中各项合计 6.70。
    正例：公用经费 10，其中各项合计 6.70；总额为 0。
    """
    filled = [part for part in parts if part.is_number]
    listed = sum((part.value for part in filled), ZERO)
    if total.value > 0 and filled and listed * 5 < total.value:
        sentence = f"{total.label}为 {total.shown}，其中各项合计 {listed}，只占 {percent(listed / total.value)}。"
        yield Mismatch(total, sentence, None, tuple(filled))


@check(
    "XLP615",
    Severity.ERROR,
    "金额、人数或面积为负",
    "amount, number or area is negative",
    cites="final-accounts-review",
)
def amount_negative(record: Record) -> Iterator[Mismatch]:
    """收入、支出、预算的金额，或编制、在职人数、面积是负数。

    为何：这些数不会小于 0；金额为负只见于冲销以前年度等少数情况，须说明。
    改法：多半是多打了负号，改成正数；确有冲销的，在审核说明中写明。
    反例：编制数 -8；公务接待决算 -0.30（只请核实）。
    正例：增减额 -20（减少）；预算调整额、结转结余为负的不在此列；没有填、由明细算出的合计不另外提示。
    """
    for cell in record.stated.values():
        if cell.number is None or cell.number >= 0:
            continue
        name = cell.key.rpartition(".")[2]
        if name.endswith("_change") or name.startswith("carryover"):
            continue
        if cell.field.type == "money":
            sentence = f"{cell.label}为 {cell.shown}，金额为负，须核实。"
            yield Mismatch(cell, sentence, None, (), Severity.WARNING)
        elif cell.field.type in ("number", "year"):
            yield Mismatch(cell, f"{cell.label}为 {cell.shown}，不会是负数。", abs(cell.value))
