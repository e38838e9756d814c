"""2xx: the whole of the money and the sources that it comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from xlperf.amounts import ZERO, round_half_up
from xlperf.checks.rule import MAY_BE_ABSENT, Mismatch, Severity, check
from xlperf.form.record import Stated, show

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
