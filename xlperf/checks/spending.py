"""6xx: spending and adjustments against the budget."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from xlperf.amounts import ZERO, exceeds, round_half_up
from xlperf.checks.matters import OVERSPENT, PROJECT_SHARE, Across
from xlperf.checks.rule import MAY_BE_ABSENT, MAY_BE_BLANK, Mismatch, Severity, check
from xlperf.derive.engine import parts_of
from xlperf.derive.seen import Seen
from xlperf.form.record import Record, Stated, show
from xlperf.form.template import FUNDING, PROJECTS, columns
from xlperf.prose.reasons import Reasons


def percent(ratio: Decimal) -> str:
    """`968.53%`."""
    return f"{round_half_up(ratio * 100, 2):.2f}%"


def _is_spending(budget: Stated, actual: Stated, record: Record) -> bool:
    """Not a total that its lines speak for, nor the adjusted budget in a 决算数 column."""
    if actual.key in record.template.cells_of("adjustment") or record[actual.key].is_blank:
        return False
    for each in record.template.sums:
        if each.total == actual.key:
            parts = parts_of(each, record, record.stated).cells
            lines = [(record[_budget_key(part)], part) for part in parts if part.is_number]
            # One line with the very figures of the total is the same fact, and the line says where it lies.
            return not any(
                line.value == actual.value and given.is_number and given.value == budget.value for given, line in lines
            )
    return True


def _budget_key(actual: Stated) -> str:
    return actual.key.removesuffix("actual") + "budget"


def _over(budget: Stated, actual: Stated) -> Mismatch:
    rate = percent(actual.value / budget.value)
    sentence = f"{actual.label}为 {actual.shown}，预算数为 {budget.shown}，是预算的 {rate}，须说明原因。"
    return Mismatch(actual, sentence, None, (budget,))


@check(
    "XLP601",
    Severity.WARNING,
    "决算超预算",
    "spent more than the budget",
    each="*_actual",
    cites="final-accounts-review",
    settles=OVERSPENT,
)
def spent_over_budget(_budget: Stated, _actual: Stated, record: Record) -> Iterator[Mismatch]:
    """决算数大于预算数，需要书面说明。

    为何：无预算不支出；决算超过预算通常因年中追加、口径不同，须说明。
    改法：在审核说明中写明超支原因（追加文号、口径），或改正填错的数。
    反例：公用经费预算 9.50，决算 92.01（968.53%）。
    正例：三公经费预算 0.30，决算 0；决算等于预算；预算为 0 另有规则；合计与其唯一的分项数字相同的，只指分项。
    """
    over = _budget.value > 0 and exceeds(_actual, _budget)
    if over and _is_spending(_budget, _actual, record):
        yield _over(_budget, _actual)


@check(
    "XLP602",
    Severity.WARNING,
    "无预算而有支出",
    "spent without a budget",
    each="*_actual",
    cites="final-accounts-review",
    settles=OVERSPENT,
)
def spent_without_budget(_budget: Stated, _actual: Stated, record: Record) -> Iterator[Mismatch]:
    """预算数为 0，却有决算支出，执行率无法计算。

    为何：无预算不支出；年中追加的应当说明。
    改法：在审核说明中写明资金来源，或补填预算数。
    反例：会议培训费预算 0，决算 0.20。
    正例：预算 0，决算 0；预算空白时不判断。
    """
    if _budget.value == 0 and _actual.value > 0 and _is_spending(_budget, _actual, record):
        sentence = f"{_actual.label}为 {_actual.shown}，预算数为 0，没有执行率可言，须说明资金来源。"
        yield Mismatch(_actual, sentence, None, (_budget,))


@check(
    "XLP603",
    Severity.WARNING,
    "预算调整幅度大",
    "budget was adjusted by a large share",
    cites=("hunan-indicators-2018", "field-practice"),
    settles=Across.FORM,
)
def budget_adjusted_much(
    adjustment_notice: str,
    adjustment_warning: str,
    record: Record,
    opening_budget: Stated = MAY_BE_BLANK,
    annual_budget: Stated = MAY_BE_BLANK,
    basic_adjustment_budget: Stated = MAY_BE_ABSENT,
    basic_adjustment_actual: Stated = MAY_BE_ABSENT,
    midyear_change: Stated = MAY_BE_ABSENT,
    execution_note: Stated = MAY_BE_ABSENT,
) -> Iterator[Mismatch]:
    """调整后的预算与年初预算相差过大。

    为何：预算控制率 = 追加 ÷ 年初；超过 30% 在湖南的评分标准中不得分。
    改法：在审核说明中写明追加的事由和文号。
    反例：年初 128.90，全年 251.06，调整 94.77%。
    正例：调整 5%；超过 10% 而不到 30% 只作提示。总额一行填 0 而列有来源的，按各来源之和看；
    表里另列年中调整的，上年结转不算调整。
    """
    pairs = ((opening_budget, annual_budget), (basic_adjustment_budget, basic_adjustment_actual))
    for before, after in pairs:
        is_explained = after is annual_budget and record.template.words.reasons.given(execution_note.text)
        if is_explained or not before.is_number or not after.is_number:
            continue
        old, new = before.value, after.value
        if old == new == 0:
            old, new = (_of_sources(record, cell.key) for cell in (before, after))
        if after is annual_budget and midyear_change.is_number:
            new = old + midyear_change.value  # what was carried over from last year is no adjustment
        if old <= 0 or abs(new - old) / old <= Decimal(adjustment_notice):
            continue
        ratio = abs(new - old) / old
        sentence = (
            f"{before.label}为 {show(old, before.field)}，{after.label}为 {show(new, after.field)}，调整 {new - old}"
            f"（{percent(ratio)}），须说明原因。"
        )
        severity = None if ratio > Decimal(adjustment_warning) else Severity.INFO
        yield Mismatch(after, sentence, None, (before,), severity)


def _of_sources(record: Record, column: str) -> Decimal:
    """What the sources of the money add up to; 0 in a form that lists none."""
    cells = (record.stated.get(f"{row}{column}") for row in record.rows_of(FUNDING))
    return sum((cell.value for cell in cells if cell is not None and cell.is_number), ZERO)


@check(
    "XLP606",
    Severity.WARNING,
    "预算与执行分毫不差而分项不同",
    "budget equals spending to the cent while a part differs",
    cites="field-practice",
    settles=PROJECT_SHARE,
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
def execution_rate_unusual(
    execution_base: Stated,
    annual_spent: Stated,
    execution_low: str,
    reasons: Reasons,
    execution_note: Stated = MAY_BE_ABSENT,
) -> Iterator[Mismatch]:
    """全年执行率低于 90% 或高于 100%。

    为何：执行率低说明预算编制或支付进度有问题；高于 100% 说明有未列入的预算。
    改法：在审核说明中写明原因。
    反例：全年预算 251.06，全年执行 200.00（79.66%）。
    正例：执行率 95%；100%；口径规定按年初预算数计算的，与年初预算数相比；资金旁边的“原因”栏写了原因的。
    """
    if execution_base.value <= 0 or reasons.given(execution_note.text):
        return
    rate = annual_spent.value / execution_base.value
    over = exceeds(annual_spent, execution_base)
    if rate < Decimal(execution_low) or over:
        base = f"{execution_base.field.label} {execution_base.shown}"
        sentence = f"全年执行数 {annual_spent.shown} 是{base} 的 {percent(rate)}，须说明原因。"
        yield Mismatch(annual_spent, sentence, None, (execution_base,))


@check(
    "XLP613",
    Severity.WARNING,
    "专项超预算或无预算",
    "special fund spent more than its budget",
    each=f"{PROJECTS}[]",
    cites="final-accounts-review",
    settles=OVERSPENT,
)
def special_fund_overspent(_budget: Stated, _actual: Stated) -> Iterator[Mismatch]:
    """专项资金的决算数大于预算数，或预算为 0 而有决算。

    为何：专项资金专款专用，超出预算的部分要说明来源。
    改法：在审核说明中写明追加文号或资金来源，或改正填错的数。
    反例：专项“应急指挥中心”预算 30，决算 37.44；预算 0，决算 37.44。
    正例：预算 42，决算 37.44；预算空白时不判断。
    """
    if _actual.value <= 0 or not exceeds(_actual, _budget):
        return
    if _budget.value > 0:
        yield _over(_budget, _actual)
    else:
        sentence = f"{_actual.label}为 {_actual.shown}，预算数为 {_budget.shown}，须说明资金来源。"
        yield Mismatch(_actual, sentence, None, (_budget,))


@check(
    "XLP614",
    Severity.WARNING,
    "项目有预算而没有执行或执行率低",
    "project with a budget was not or little executed",
    cites="field-practice",
    reads=columns(PROJECTS, "budget", "actual"),
)
def project_little_executed(seen: Seen, execution_low: str) -> Iterator[Mismatch]:
    """项目支出的某一行有预算，决算却是 0，或执行率低于 90%。

    为何：一分未用的项目，要说明为什么没有实施、资金去了哪里；执行率低的影响该项目的产出指标。
    改法：在审核说明中写明原因；项目取消的，说明预算是否调减或收回。
    反例：业务工作经费预算 20，决算 0。
    正例：预算 20，决算 19；决算空白时不判断；执行率低但不为 0 的只作提示；只有合计没有明细的由全年执行率的规则负责。
    """
    beside = [seen[key] for key in seen.record.template.beside(PROJECTS, "actual")]
    lines = [(seen[key], actual) for actual in beside if (key := _budget_key(actual)) in seen.cells]
    lines += [(seen[f"{row}budget"], seen[f"{row}actual"]) for row in seen.record.rows_of(PROJECTS)]
    for budget, actual in lines:
        if not budget.is_number or not actual.is_number or budget.value <= 0 or actual.value < 0:
            continue
        rate = actual.value / budget.value
        if rate < Decimal(execution_low):
            sentence = f"{actual.label}为 {actual.shown}，预算数为 {budget.shown}，执行率 {percent(rate)}。"
            yield Mismatch(actual, sentence, None, (budget,), None if actual.value == 0 else Severity.INFO)


@check(
    "XLP616",
    Severity.WARNING,
    "预算完成率低",
    "much of the budget is left at the end of the year",
    cites="hunan-indicators-2018",
)
def budget_little_completed(
    carryover_opening: Stated,
    carryover_closing: Stated,
    annual_budget: Stated,
    execution_low: str,
    annual_spent: Stated = MAY_BE_BLANK,
) -> Iterator[Mismatch]:
    """预算完成率低于 90%，即结转结余占全年可用资金的 10% 以上。

    为何：预算完成率 =（上年结转 + 年初预算 + 追加 - 年末结余）÷（上年结转 + 年初预算 + 追加），
    湖南的评分标准每低 5% 扣 2 分。
    改法：核对年末结转和结余；在审核说明中写明未完成的原因和结余的去向。
    反例：上年结转 19.80，全年预算 251.06，年末结转结余 60，完成率 77.85%。
    正例：年末结转结余 10；全年执行率已低于 90% 的另有规则，不重复提示。
    """
    whole = carryover_opening.value + annual_budget.value
    if whole <= 0 or carryover_opening.value < 0 or annual_budget.value <= 0:
        return
    low = Decimal(execution_low)
    if annual_spent.is_number and annual_spent.value / annual_budget.value < low:
        return
    rate = (whole - carryover_closing.value) / whole
    if rate < low:
        sentence = (
            f"{carryover_closing.label}为 {carryover_closing.shown}，年初结转和结余 {carryover_opening.shown} 加"
            f"全年预算数 {annual_budget.shown} 为 {whole}，预算完成率 {percent(rate)}，须说明原因。"
        )
        yield Mismatch(carryover_closing, sentence, None, (carryover_opening, annual_budget))
