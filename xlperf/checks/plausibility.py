"""6xx: figures that may be true and want a written explanation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from xlperf.amounts import ZERO, exceeds
from xlperf.checks.indicator_pairs import cell as cell_of
from xlperf.checks.indicators import compared
from xlperf.checks.matters import OVERSPENT, Across
from xlperf.checks.rule import MAY_BE_ABSENT, MAY_BE_BLANK, Mismatch, Severity, check, some
from xlperf.checks.spending import percent
from xlperf.derive.seen import Row, Seen
from xlperf.form.record import Record, Stated, own_points, shortened
from xlperf.form.relations import Kind
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
    "XLP620",
    Severity.WARNING,
    "钱花得不到一半而数量指标都完成",
    "quantities were met with little of the money",
    cites="field-practice",
    reads=columns(INDICATORS, "level2", "target", "actual"),
)
def quantities_met_with_little_spent(
    annual_spent: Stated,
    execution_base: Stated,
    indicators: tuple[Row, ...],
    seen: Seen,
    execution_half: str,
    reverse_convention: str,
) -> Iterator[Mismatch]:
    """全年执行率不到 50%，数量指标却个个达到指标值，也没有说明钱为什么没有花。

    为何：钱只花了一小半而事都办完了，不是预算编得过大，就是指标值定得过低，或者完成值填得不实。
    改法：核对数量指标的完成值；结转、尾款未付、资金到位晚的，在偏差原因或报告里写明。
    反例：全年预算 100，全年执行 30，“培训人数”≥100人、“举办场次”≥5场都完成。
    正例：有一个数量指标没有达到；执行率 50%；写明“尾款按合同约定下年支付”“结转下年继续使用”；
    没有数量指标，或有的看不出是否达到。
    """
    if execution_base.value <= 0 or not ZERO <= annual_spent.value < Decimal(execution_half) * execution_base.value:
        return
    rows = [row for row in indicators if "数量" in row["level2"].text and not row["target"].is_blank]
    results = [compared(row["target"], row["actual"], reverse_convention, row["level2"]) for row in rows]
    if not rows or not all(result is not None and result.met for result in results) or _is_explained(indicators, seen):
        return
    names = some((f"“{shortened(cell_of(row, 'level3').text, 20)}”" for row in rows), 3, " 等 {} 个")
    rate = percent(annual_spent.value / execution_base.value)
    sentence = f"全年执行数 {annual_spent.shown} 只是{execution_base.field.label} {execution_base.shown} 的 {rate}，"
    first, *others = (row["actual"] for row in rows)
    message = f"{sentence}数量指标{names}却都达到了指标值，须说明钱为什么没有花。"
    yield Mismatch(first, message, None, (annual_spent, execution_base, *others))


def _is_explained(indicators: Sequence[Row], seen: Seen) -> bool:
    """Does a note or the report say where the rest of the money is, or why it was not needed?"""
    words = seen.record.template.words.indicator_words
    notes = [cell_of(row, column).text for row in indicators for column in ("deviation_note", "actual")]
    notes += [seen.record.cell(key).text for key in ("execution_note", "goal_actual", "conclusion", "problems")]
    return any(words.explains_unspent(note, is_note=True) for note in notes) or any(
        words.explains_unspent(section.text) for section in seen.sections
    )


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
    each="totals",
    of=lambda each: each.kind is Kind.INCLUDED,
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
