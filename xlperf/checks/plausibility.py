"""6xx: figures that may be true and want a written explanation."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from xlperf.amounts import round_half_up
from xlperf.catalog import Mismatch, Severity, check
from xlperf.record import Record, Stated


def _is_spending(actual: Stated, record: Record) -> bool:
    """Not a total that nobody wrote (its lines speak for themselves), nor the adjusted budget in a 决算数 column."""
    return not actual.key.startswith("basic_adjustment") and not record[actual.key].is_blank


def _percent(ratio: Decimal) -> str:
    return f"{round_half_up(ratio * 100, 2):.2f}%"


@check(
    "XLP601",
    Severity.WARNING,
    "决算超预算",
    "spent more than the budget",
    each="*_actual",
    cites="final-accounts-review",
)
def spent_over_budget(_budget: Stated, _actual: Stated, record: Record) -> Iterator[Mismatch]:
    """决算数大于预算数，需要书面说明。

    为何：无预算不支出；决算超过预算通常因年中追加、口径不同，须说明。
    改法：在审核说明中写明超支原因（追加文号、口径），或改正填错的数。
    反例：公用经费预算 9.50，决算 92.01（968.53%）。
    正例：三公经费预算 0.30，决算 0；决算等于预算；预算为 0 另有规则。
    """
    if _is_spending(_actual, record) and _budget.value > 0 and _actual.interval.low > _budget.interval.high:
        rate = _percent(_actual.value / _budget.value)
        sentence = f"{_actual.label}为 {_actual.shown}，预算数为 {_budget.shown}，是预算的 {rate}，须说明原因。"
        yield Mismatch(_actual, sentence, None, (_budget,))


@check(
    "XLP602",
    Severity.WARNING,
    "无预算而有支出",
    "spent without a budget",
    each="*_actual",
    cites="final-accounts-review",
)
def spent_without_budget(_budget: Stated, _actual: Stated, record: Record) -> Iterator[Mismatch]:
    """预算数为 0，却有决算支出，执行率无法计算。

    为何：无预算不支出；年中追加的应当说明。
    改法：在审核说明中写明资金来源，或补填预算数。
    反例：会议培训费预算 0，决算 0.20。
    正例：预算 0，决算 0；预算空白时不判断。
    """
    if _is_spending(_actual, record) and _budget.value == 0 and _actual.value > 0:
        sentence = f"{_actual.label}为 {_actual.shown}，预算数为 0，没有执行率可言，须说明资金来源。"
        yield Mismatch(_actual, sentence, None, (_budget,))


@check(
    "XLP603",
    Severity.WARNING,
    "预算调整幅度大",
    "budget was adjusted by a large share",
    cites=("hunan-indicators-2018", "field-practice"),
)
def budget_adjusted_much(
    adjustment_notice: str,
    adjustment_warning: str,
    opening_budget: Stated | None = None,
    annual_budget: Stated | None = None,
    basic_adjustment_budget: Stated | None = None,
    basic_adjustment_actual: Stated | None = None,
) -> Iterator[Mismatch]:
    """调整后的预算与年初预算相差过大。

    为何：预算控制率 = 追加 ÷ 年初；超过 30% 在湖南的评分标准中不得分。
    改法：在审核说明中写明追加的事由和文号。
    反例：年初 128.90，全年 251.06，调整 94.77%。
    正例：调整 5%；超过 10% 而不到 30% 只作提示。
    """
    pairs = ((opening_budget, annual_budget), (basic_adjustment_budget, basic_adjustment_actual))
    for before, after in pairs:
        if before is None or after is None or not before.is_number or not after.is_number or before.value <= 0:
            continue
        ratio = abs(after.value - before.value) / before.value
        if ratio <= Decimal(adjustment_notice):
            continue
        sentence = (
            f"{before.label}为 {before.shown}，{after.label}为 {after.shown}，调整 {after.value - before.value}"
            f"（{_percent(ratio)}），须说明原因。"
        )
        severity = None if ratio > Decimal(adjustment_warning) else Severity.INFO
        yield Mismatch(after, sentence, None, (before,), severity)
