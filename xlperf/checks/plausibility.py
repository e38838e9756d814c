"""6xx: figures that may be true and want a written explanation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from xlperf.amounts import ZERO, round_half_up
from xlperf.catalog import Mismatch, Severity, check
from xlperf.record import Record, Stated, last_year

_MONEY_WORDS = re.compile("预算|经费|收入|支出|资金|拨款")
_FILLER = re.compile(
    "本年度|本年|今年|当年|年初|财政|主要|原因|是|因为|由于|所致|导致|预算|经费|收入|支出|资金|拨款|人员|公用|基本|项目|"
    "一般|公共|总额|相应|有所|增加|增长|上升|提高|减少|下降|压减|降低|及|和|与|的|了|[、，,。；]"
)


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


@check(
    "XLP604",
    Severity.WARNING,
    "增减一成以上未说明原因",
    "changed by a tenth or more without a reason",
    each="*_reason",
    cites="final-accounts-review",
)
def change_unexplained(
    _current: Stated,
    _change: Stated,
    yearly_change: str,
    record: Record,
    _prior: Stated | None = None,
    _reason: Stated | None = None,
) -> Iterator[Mismatch]:
    """本年比上年增减 10% 以上，变动原因空着。

    为何：决算审核要求对较大的增减说明原因。
    改法：在变动原因栏写明具体原因（人员变动、政策调整、新增项目等）。
    反例：人员经费 73.19 增加到 109.33（49.38%），变动原因空白。
    正例：增加 5%；已写原因；总额已写原因且增减额与总额完全相同的分项。
    """
    if _reason is None or not _reason.is_blank or _explained_above(_change, record):
        return
    before = last_year(_prior, _current, _change)
    if before is not None and before.value > 0 and abs(_change.value) / before.value >= Decimal(yearly_change):
        rate = _percent(_change.value / before.value)
        change = f"比上年（{before.value}）增减 {_change.shown}（{rate}）"
        sentence = f"{_current.label}为 {_current.shown}，{change}，没有说明原因。"
        yield Mismatch(_reason, sentence, None, (_current, _change))


def _explained_above(change: Stated, record: Record) -> bool:
    """The total has the very same change and a reason: it speaks for its only moving part."""
    for each in record.template.sums:
        if change.key in each.parts:
            reason = record[each.total.removesuffix("_change") + "_reason"]
            whole = record[each.total]
            return whole.is_number and whole.value == change.value and not reason.is_blank
    return False


@check(
    "XLP605",
    Severity.WARNING,
    "变动原因是同义反复",
    "reason only repeats the fact",
    each="*_reason",
    cites="final-accounts-review",
)
def reason_circular(_reason: Stated) -> Iterator[Mismatch]:
    """变动原因只说“预算增加”“经费增加”，没有说为什么增加。

    为何：支出增加的原因写“预算增加”等于没有解释。
    改法：写明人员、政策、项目、价格等具体原因。
    反例：“本年预算增加”“人员经费及公用经费增加”。
    正例：“人员增加”“新增应急指挥中心项目”“工资标准调整，人员经费增加”。
    """
    text = "".join(_reason.text.split())
    if _MONEY_WORDS.search(text) and not _FILLER.sub("", text):
        yield Mismatch(_reason, f"{_reason.label}写“{text}”，只重复了增减本身，没有说明为什么。")


@check(
    "XLP606",
    Severity.WARNING,
    "预算与执行分毫不差而分项不同",
    "budget equals spending to the cent while a part differs",
    cites="field-practice",
)
def budget_copied_from_spending(
    annual_budget: Stated, annual_spent: Stated, project_budget: Stated, project_actual: Stated
) -> Iterator[Mismatch]:
    """全年预算数与全年执行数完全相同，项目支出的预算与决算却不同。

    为何：总额分毫不差而分项有差，全年预算数很可能是照执行数填的。
    改法：核对调整后的预算批复，填真实的全年预算数。
    反例：全年预算 251.06，全年执行 251.06，项目预算 42，项目决算 37.44。
    正例：项目预算与决算也相同；总额本来就不同。
    """
    same = annual_budget.value != 0 and annual_budget.value == annual_spent.value
    if same and not project_budget.interval.meets(project_actual.interval):
        sentence = (
            f"全年预算数与全年执行数都是 {annual_budget.shown}，而项目支出预算 {project_budget.shown}、"
            f"决算 {project_actual.shown} 不同，全年预算数可能是照执行数填的。"
        )
        yield Mismatch(annual_budget, sentence, None, (annual_spent, project_budget, project_actual))


@check(
    "XLP607",
    Severity.WARNING,
    "执行率异常",
    "execution rate is low or above 100%",
    cites="final-accounts-review",
)
def execution_rate_unusual(annual_budget: Stated, annual_spent: Stated, execution_low: str) -> Iterator[Mismatch]:
    """全年执行率低于 90% 或高于 100%。

    为何：执行率低说明预算编制或支付进度有问题；高于 100% 说明有未列入的预算。
    改法：在审核说明中写明原因。
    反例：全年预算 251.06，全年执行 200.00（79.66%）。
    正例：执行率 95%；100%。
    """
    if annual_budget.value <= 0:
        return
    rate = annual_spent.value / annual_budget.value
    over = annual_spent.interval.low > annual_budget.interval.high
    if rate < Decimal(execution_low) or over:
        sentence = (
            f"全年执行数 {annual_spent.shown} 是全年预算数 {annual_budget.shown} 的 {_percent(rate)}，须说明原因。"
        )
        yield Mismatch(annual_spent, sentence, None, (annual_budget,))


@check(
    "XLP608",
    Severity.WARNING,
    "指标得分率明显高于执行得分率",
    "indicator points run far ahead of execution points",
    cites="score-gap",
)
def points_ahead_of_execution(
    execution_score: Stated,
    execution_weight: Stated,
    indicators: tuple[Mapping[str, Stated], ...],
    score_gap: str,
) -> Iterator[Mismatch]:
    """指标得分率比预算执行得分率高出 5% 以上。

    为何：钱花得少而目标全部完成，或目标定得过低，或预算编得过大。
    改法：核对指标值与预算，或在审核说明中写明。
    反例：指标得分 90/90，预算执行得分 8.5/10。
    正例：指标得分 88/90，预算执行得分 10/10。
    """
    scores = [row["score"] for row in indicators]
    weights = [row["weight"] for row in indicators]
    if not scores or not all(cell.is_number for cell in (*scores, *weights)) or execution_weight.value <= 0:
        return
    whole = sum((cell.value for cell in weights), ZERO)
    earned = sum((cell.value for cell in scores), ZERO)
    if whole <= 0 or earned <= 0:
        return
    reached, executed = earned / whole, execution_score.value / execution_weight.value
    if (reached - executed) / reached > Decimal(score_gap):
        sentence = f"指标得分率 {_percent(reached)}，预算执行得分率 {_percent(executed)}，两者相差过大，须说明原因。"
        yield Mismatch(execution_score, sentence, None, (execution_weight,))


@check(
    "XLP609",
    Severity.WARNING,
    "超预算而成本指标满分",
    "cost indicator has full points although a budget was exceeded",
    each="indicators[]",
    cites="caiyu-2013-53",
)
def cost_full_though_overspent(
    _level2: Stated,
    _weight: Stated,
    _score: Stated,
    sangong_budget: Stated | None = None,
    sangong_actual: Stated | None = None,
    operating_budget: Stated | None = None,
    operating_actual: Stated | None = None,
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
        if budget is None or actual is None or not budget.is_number or not actual.is_number:
            continue
        if actual.interval.low > budget.interval.high:
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
        sentence = f"{total.label}为 {total.shown}，其中各项合计 {listed}，只占 {_percent(listed / total.value)}。"
        yield Mismatch(total, sentence, None, tuple(filled))
