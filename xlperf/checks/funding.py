"""2xx: the whole of the money and the sources that it comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from xlperf.amounts import ZERO, adds_up, ratio_possible, round_half_up
from xlperf.checks.rule import MAY_BE_ABSENT, Mismatch, Severity, check
from xlperf.form.record import Stated, show
from xlperf.form.template import FUNDING

Row = Mapping[str, Stated]
_COLUMNS = ("annual_budget", "annual_spent")


@check(
    "XLP215",
    Severity.ERROR,
    "总额填 0，执行率和得分也按 0 计",
    "rate and points follow a total of zero above filled sources",
    cites="arithmetic",
    reads=("@funding.annual_budget", "@funding.annual_spent"),
)
def rate_of_a_zero_total(
    annual_budget: Stated,
    annual_spent: Stated,
    funding: tuple[Row, ...],
    execution_rate: Stated = MAY_BE_ABSENT,
    execution_weight: Stated = MAY_BE_ABSENT,
    execution_score: Stated = MAY_BE_ABSENT,
) -> Iterator[Mismatch]:
    """年度资金总额一行填 0，下面的来源却有数；执行率、得分照 0 填了 0。

    为何：总额不填或填 0，执行率和得分就成了 0，实际花了多少看不出来，还会白丢预算执行的分。
    改法：先把总额改为各来源之和，执行率和得分随之重算。
    反例：总额 0、0，当年财政拨款 132.91、132.91，执行率 0，得分 0（应为 100%、10）。
    正例：总额等于各来源之和；没有钱的项目，各来源也都是 0。
    """
    budget, spent = (sum((row[name].value for row in funding if row[name].is_number), ZERO) for name in _COLUMNS)
    if annual_budget.value or annual_spent.value or budget <= 0 or spent <= 0:
        return
    rate = round_half_up(spent / budget, 4)
    begin = f"总额填 0，各来源合计预算 {show(budget, annual_budget.field)}、执行 {show(spent, annual_spent.field)}，"
    cells: list[tuple[Stated, Decimal, tuple[Stated, ...]]] = [(execution_rate, rate, ())]
    if execution_weight.is_number:
        points = round_half_up(min(rate, Decimal(1)) * execution_weight.value, 2)
        cells.append((execution_score, points, (execution_weight,)))
    for cell, expected, beside in cells:
        if cell.is_number and cell.value == 0:
            sentence = f"{begin}{cell.label}应为 {show(expected, cell.field)}，现填 {cell.shown}。"
            yield Mismatch(cell, sentence, expected, (annual_budget, annual_spent, *beside))


@check(
    "XLP216",
    Severity.ERROR,
    "来源一行的执行率不符",
    "rate of a source is not what was spent of its budget",
    each=f"{FUNDING}[]",
    cites="arithmetic",
)
def rate_of_source_off(
    _execution_rate: Stated,
    _annual_spent: Stated,
    execution_base: Stated,
    _annual_budget: Stated = MAY_BE_ABSENT,
    _opening_budget: Stated = MAY_BE_ABSENT,
) -> Iterator[Mismatch]:
    """某一资金来源填的执行率，不是这一行的执行数除以预算数。

    为何：各来源的执行率与总额的执行率用同一个分母计算；有一行算错，多半是公式没有拉到底。
    改法：按这一行的执行数 ÷ 预算数重算。
    反例：当年财政拨款 全年预算数 100、全年执行数 90，执行率 95%。
    正例：90%；预算数、执行数都是 0 的，填 0.00%、— 或空着；表里没有这一栏的。
    """
    base = {_annual_budget.key: _annual_budget, _opening_budget.key: _opening_budget}
    budget = next((cell for key, cell in base.items() if key.endswith(f".{execution_base.key}")), None)
    if budget is None or not budget.is_number or budget.value <= 0:
        return
    if not ratio_possible(_execution_rate, _annual_spent, budget):
        expected = round_half_up(_annual_spent.value / budget.value, 4)
        sentence = (
            f"{_execution_rate.label}填 {_execution_rate.shown}，按{_annual_spent.field.label} {_annual_spent.shown} ÷ "
            f"{budget.field.label} {budget.shown} 应为 {show(expected, _execution_rate.field)}。"
        )
        yield Mismatch(_execution_rate, sentence, expected, (_annual_spent, budget))


@check(
    "XLP217",
    Severity.ERROR,
    "来源一行各栏不相加",
    "columns of a source do not add up",
    each=f"{FUNDING}[]",
    cites="layout-fujian",
)
def columns_of_source_off(
    _annual_budget: Stated,
    _opening_budget: Stated,
    _carried_over: Stated,
    _midyear_change: Stated,
    _annual_spent: Stated = MAY_BE_ABSENT,
    _balance: Stated = MAY_BE_ABSENT,
) -> Iterator[Mismatch]:
    """一个来源的小计不是年初、结转和调整之和，或者结余不是小计减去已拨付的。

    为何：福建的表每一行都有 ④=①+②+③、⑦=④-⑤；合计一行对上了，某一来源仍可能填错。
    改法：核对这一行的各栏，改正填错的一格。
    反例：年初 60、结转 10、调整 5，小计 70（应为 75）；小计 75、拨付 60，结余 5（应为 15）。
    正例：各栏相加相减都相符；没有年中调整一栏的表不核对。
    """
    sums: list[tuple[Stated, tuple[Stated, ...]]] = [
        (_annual_budget, (_opening_budget, _carried_over, _midyear_change))
    ]
    if _annual_spent.is_number and _balance.is_number:
        sums.append((_annual_budget, (_annual_spent, _balance)))
    for total, parts in sums:
        gap = adds_up(total, parts)
        if gap is not None and gap.impossible:
            shown = " + ".join(f"{part.field.label} {part.shown}" for part in parts)
            sentence = f"{total.label}填 {total.shown}，而 {shown} = {show(gap.expected, total.field)}。"
            yield Mismatch(total, sentence, gap.expected, parts)
