"""2xx: where the money came from against where it went."""

from __future__ import annotations

from collections.abc import Iterator

from xlperf.amounts import adds_up, may_add_up
from xlperf.checks.arithmetic import addition
from xlperf.checks.relations import Apart
from xlperf.checks.rule import MAY_BE_BLANK, Mismatch, Severity, check
from xlperf.form.record import State, Stated
from xlperf.form.relations import AGREEMENTS


@check(
    "XLP204",
    Severity.WARNING,
    "收入加年初结转与支出加年末结转不平",
    "income and opening carry-over do not balance spending and closing carry-over",
    relation=AGREEMENTS,
    cites="final-accounts-review",
)
def income_and_spending_unbalanced(apart: Apart) -> Iterator[Mismatch]:
    """收入 + 年初结转结余 与 支出 + 年末结转结余 不等。

    为何：除结余分配等少数情况外，来源与去向应当平衡。
    改法：核对结转结余；确有结余分配、调整的，在审核说明中写明。
    反例：收入 251.06，年初结转 0，支出 240.00，年末结转 0。
    正例：收入 251.06，年初结转 0，支出 240.00，年末结转 11.06。
    """
    sentence = f"{apart.other.told()}，而 {apart.own.told()}，相差 {apart.difference}。"
    yield from apart.told(sentence, tail=True)


@check(
    "XLP205",
    Severity.ERROR,
    "按来源或按性质分之和与资金总额不等",
    "funds by source or by nature do not add up to the year's funds",
    relation=AGREEMENTS,
    cites="form",
)
def breakdown_not_equal_to_funds(apart: Apart) -> Iterator[Mismatch]:
    """按收入性质分或按支出性质分的各项之和，既不是全年预算数，也不是全年执行数。

    为何：两种分法分的都是年度资金总额；有的单位按预算填，有的按执行填，两者都可以。
    改法：核对各项，使其合计等于全年预算数（或全年执行数）。
    反例：全年预算、执行都是 251.06，基本支出 213.62，项目支出 30.00。
    正例：基本支出 213.62，项目支出 37.44；一般公共预算 251.06，其余空白；按性质分的基本支出（或项目支出）空白、别的表里
    却有数的，空白不是没有，不核对。
    """
    wholes = "，也".join(f"不等于{side.named}" for side in apart.rights)
    yield from apart.told(f"{apart.own.told()}，既{wholes}。")


@check(
    "XLP218",
    Severity.ERROR,
    "一次性项目的两个总额不等",
    "a project done once does not ask for all its money in its year",
    relation=AGREEMENTS,
    cites="goals-shanghai",
)
def one_off_not_paid_in_its_year(apart: Apart) -> Iterator[Mismatch]:
    """项目性质填“一次性”，项目资金总额与年度资金申请总额却不相等。

    为何：一次性项目当年做完，全部资金都在当年申请；两个总额不等，不是项目性质填错，就是有一笔钱漏填或重填。
    改法：核对两个总额和各自的来源；分几年做完的，项目性质改填“阶段性”。
    反例：一次性，项目资金总额 1000000.00 元，年度资金申请总额 800000.00 元。
    正例：一次性，两个总额都是 1000000.00 元；阶段性、经常性的不比较；项目性质还没有填的不比较。
    """
    yield from apart.unequal("，一次性项目两者应当相等")


def _filled(parts: tuple[Stated, ...]) -> tuple[Stated, ...]:
    """The parts that are stated; none if one of them cannot be read."""
    if any(part.state is State.UNREADABLE for part in parts):
        return ()
    return tuple(part for part in parts if part.is_number)


@check(
    "XLP212",
    Severity.WARNING,
    "按来源分与按性质分口径不同",
    "funds by source and by nature are stated on different bases",
    cites="form",
)
def breakdowns_on_different_bases(
    annual_budget: Stated,
    annual_spent: Stated,
    source_general_budget: Stated = MAY_BE_BLANK,
    source_government_fund: Stated = MAY_BE_BLANK,
    source_special_account: Stated = MAY_BE_BLANK,
    source_other: Stated = MAY_BE_BLANK,
    nature_basic: Stated = MAY_BE_BLANK,
    nature_project: Stated = MAY_BE_BLANK,
) -> Iterator[Mismatch]:
    """按收入性质分的各项合计是全年预算数，按支出性质分的合计却是全年执行数（或反过来）。

    为何：两种分法分的是同一笔年度资金总额，应当相等；一个按预算、一个按执行填，读表的人无法对照。
    改法：统一按全年预算数（或全年执行数）填列；确有两种口径的，在审核说明中写明。
    反例：全年预算 260、执行 251.06，一般公共预算 260，基本支出 213.62、项目支出 37.44。
    正例：两种分法都合计 260，或都合计 251.06；全年预算与执行相同。
    """
    totals = (annual_budget, annual_spent)
    if annual_budget.interval.meets(annual_spent.interval):
        return
    by_source = _filled((source_general_budget, source_government_fund, source_special_account, source_other))
    by_nature = _filled((nature_basic, nature_project))
    source, nature = (
        next((total for total in totals if _possible(total, parts)), None) for parts in (by_source, by_nature)
    )
    if source is not None and nature is not None and source is not nature:
        sentence = (
            f"按收入性质分合计为{source.label} {source.shown}（{addition(by_source)}），"
            f"按支出性质分合计为{nature.label} {nature.shown}（{addition(by_nature)}），两种分法口径不同。"
        )
        yield Mismatch(by_source[0], sentence, None, (*by_source[1:], *by_nature, annual_budget, annual_spent))


def _possible(total: Stated, parts: tuple[Stated, ...]) -> bool:
    return bool(parts) and may_add_up(total, parts)


@check(
    "XLP213",
    Severity.WARNING,
    "年初预算收支不平",
    "opening budget of income and spending does not balance",
    cites="field-practice",
)
def opening_budget_unbalanced(
    income_total_opening: Stated, expenditure_total_opening: Stated, carryover_opening: Stated = MAY_BE_BLANK
) -> Iterator[Mismatch]:
    """{finance}的年初预算，支出合计不等于收入合计，也不是动用年初结转结余的结果。

    为何：部门预算按收支平衡编制；支出预算大于收入预算的部分只能来自年初结转结余。
    改法：核对批复的年初收入预算、支出预算；有上年结转的，填年初结转和结余。
    反例：年初收入预算 128.90，年初支出预算 213.62，年初结转结余 0。
    正例：两者相等；收入 120、支出 128.90，年初结转结余不小于 8.90；支出大于收入而结转结余没有填的不判断。
    """
    income, spending = income_total_opening.interval, expenditure_total_opening.interval
    most = income
    if carryover_opening.is_number and carryover_opening.value > 0:
        most = income + carryover_opening.interval
    unknown = carryover_opening.is_blank
    if spending.high < income.low or (spending.low > most.high and not unknown):
        sentence = (
            f"{income_total_opening.label}为 {income_total_opening.shown}，{expenditure_total_opening.label}为 "
            f"{expenditure_total_opening.shown}，相差 {income_total_opening.value - expenditure_total_opening.value}。"
        )
        yield Mismatch(expenditure_total_opening, sentence, None, (income_total_opening,))


@check(
    "XLP418",
    Severity.WARNING,
    "资金来源与收入的构成不同",
    "funds by source differ from income by kind",
    cites="form",
)
def source_differs_from_income(
    income_total_current: Stated,
    income_general_budget_current: Stated = MAY_BE_BLANK,
    income_government_fund_current: Stated = MAY_BE_BLANK,
    source_general_budget: Stated = MAY_BE_BLANK,
    source_government_fund: Stated = MAY_BE_BLANK,
    source_special_account: Stated = MAY_BE_BLANK,
    source_other: Stated = MAY_BE_BLANK,
) -> Iterator[Mismatch]:
    """{evaluation}按收入性质分的合计就是本年收入合计，一般公共预算（或政府性基金）却与{finance}的同类收入不同。

    为何：总额相同而构成不同，多半是有一类收入归错了栏。
    改法：核对一般公共预算、政府性基金各是多少；口径不同的在审核说明中写明。
    反例：收入 251.06，其中一般公共预算 221.06、政府性基金 30；{evaluation}一般公共预算 231.06、政府性基金 20。
    正例：两处构成相同；{evaluation}按全年预算（含上年结转）填列、合计不是收入合计的不比较。
    """
    parts = _filled((source_general_budget, source_government_fund, source_special_account, source_other))
    if not parts or adds_up(income_total_current, parts) is not None:
        return  # to the digit: four rounded parts come near another total by chance
    pairs = (
        (source_general_budget, income_general_budget_current),
        (source_government_fund, income_government_fund_current),
    )
    for source, income in pairs:
        if not source.is_number or not income.is_number:
            continue
        if not source.interval.meets(income.interval):
            sentence = (
                f"{{evaluation}}{source.label}为 {source.shown}，{income.label}为 {income.shown}，而两处合计相同。"
            )
            yield Mismatch(source, sentence, None, (income,))
            return
