"""4xx: 部门基本支出预算调整 (opening budget, then adjusted budget) against the other tables."""

from __future__ import annotations

from collections.abc import Iterator

from xlperf.checks.agreement import differs
from xlperf.checks.relations import Apart
from xlperf.checks.rule import MAY_BE_BLANK, Mismatch, Severity, check
from xlperf.form.record import Stated
from xlperf.form.relations import AGREEMENTS, Kind


@check(
    "XLP407",
    Severity.ERROR,
    "预算有调整而“部门基本支出预算调整”未填",
    "budget was adjusted but the adjustment row is blank",
    cites="form",
)
def budget_adjustment_blank(
    opening_budget: Stated,
    annual_budget: Stated,
    basic_adjustment_budget: Stated = MAY_BE_BLANK,
    basic_adjustment_actual: Stated = MAY_BE_BLANK,
) -> Iterator[Mismatch]:
    """全年预算数与年初预算数不同，说明年中有调整，但{base}的调整行空着。

    为何：这一行前一格填年初预算、后一格填调整后预算，是计算预算调整率的依据。
    改法：补填年初和调整后的基本支出预算；调整只涉及项目支出的，填两个相同的数。
    反例：年初 128.90，全年 251.06，调整行空白。
    正例：调整行 91.46、213.62；或年初与全年相同时空白。
    """
    cells = [basic_adjustment_budget, basic_adjustment_actual]
    blank = [cell for cell in cells if cell.is_blank]
    if blank and differs(annual_budget, opening_budget):
        sentence = (
            f"全年预算数 {annual_budget.shown} 与年初预算数 {opening_budget.shown} 不同，"
            f"但部门基本支出预算调整{'' if len(blank) == len(cells) else '有一格'}未填。"
        )
        yield Mismatch(blank[0], sentence, None, (opening_budget, annual_budget, *blank[1:]))


@check(
    "XLP416",
    Severity.ERROR,
    "调整行的年初预算与其他表不符",
    "opening budget of the adjustment row disagrees with the other tables",
    relation=AGREEMENTS,
    cites="form",
)
def adjustment_opening_differs(apart: Apart) -> Iterator[Mismatch]:
    """部门基本支出预算调整的年初预算，与{finance}的年初基本支出不同，或大于年初预算总额。

    为何：两处说的都是年初基本支出预算；基本支出是年初预算的一部分，不会大于总额。
    改法：以批复的年初基本支出预算为准，改正填错的一处。
    反例：调整行年初预算 91.46，{finance}年初基本支出 86.90；调整行 291.46，年初预算数 128.90。
    正例：两处都是 86.90；小于年初预算总额；按部门整体支出填列、等于年初预算总额的不判断。
    """
    if apart.relation.kind is Kind.AT_MOST:
        yield from apart.exceeding()
    else:
        yield from apart.unequal("，两者不能同时成立")


@check(
    "XLP417",
    Severity.ERROR,
    "调整行的调整后预算与{evaluation}不符",
    "adjusted budget of the adjustment row disagrees with the self-evaluation",
    relation=AGREEMENTS,
    cites="form",
)
def adjustment_result_differs(apart: Apart) -> Iterator[Mismatch]:
    """部门基本支出预算调整的调整后预算，与{evaluation}按支出性质分的基本支出不同，或大于全年预算数。

    为何：{evaluation}按预算填列时，两处说的都是调整后的基本支出预算；基本支出不会大于全年预算数。
    改法：核对调整后的基本支出预算。全年预算与执行相同、分不清按哪个填列的，在审核说明中写明口径。
    反例：全年预算 260、执行 251.06，{evaluation}基本支出 222.56、项目支出 37.44，调整后基本支出预算填 213.62。
    正例：两处都是 222.56；{evaluation}按执行数填列的不比较；按部门整体支出填列、等于全年预算数的不判断。
    """
    if apart.relation.kind is Kind.AT_MOST:
        yield from apart.exceeding()
    else:
        yield from apart.unequal(beside="{evaluation}")
