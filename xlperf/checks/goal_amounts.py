"""2xx: amounts that the goal and its result list under names of their own."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from xlperf.checks.rule import MAY_BE_BLANK, Mismatch, Severity, check
from xlperf.form.record import Stated
from xlperf.prose.planned import Listed, listed_amounts

_EXPLAINED = ("调剂", "调整", "追加", "超支", "超出", "超过", "增加", "新增", "补发")
_FEWEST = 2  # names that two lists have in common
_MOST = 4  # told in words


@check(
    "XLP219",
    Severity.ERROR,
    "目标里所列金额之和不是总额",
    "amounts listed in the goal do not come to their total",
    cites="arithmetic",
)
def goal_amounts_unequal(
    goal_expected: Stated = MAY_BE_BLANK, goal_actual: Stated = MAY_BE_BLANK
) -> Iterator[Mismatch]:
    """预期目标或实际完成情况写了总额和各项金额，各项加起来却不是总额。

    为何：总额与各项写在一句话里，加不起来必有一个写错，多半是改了总额没有改各项，或者漏了一项。
    改法：核对各项金额，补上漏列的一项，或改正总额。
    反例：预期目标写“安排202.64万元，其中：甲40万元；乙25.2万元；丙2.8万元”，合计 68，而实际完成情况同样三项加得起来。
    正例：加得起来，元与万元混用；各项只列了一部分：写“主要”“等”的，或者看不出是否列全而没有超过总额的。
    """
    listed = {cell.key: list(listed_amounts(cell.text)) for cell in (goal_expected, goal_actual)}
    whole = [each for every in listed.values() for each in every if each.sum.meets(each.total.interval)]
    for cell in (goal_expected, goal_actual):
        told = []
        for each in listed[cell.key]:
            is_more = each.sum.low > each.total.interval.high
            is_all = each.says_all or any(each.names <= other.names for other in whole)
            if is_more or (is_all and not each.sum.meets(each.total.interval)):
                told.append(_told(each))
        if told:
            yield Mismatch(cell, f"{cell.label}写{'；'.join(told[:_MOST])}。")


def _told(each: Listed) -> str:
    gap = abs(each.total.value - each.value)
    items = "、".join(item.quote for item in each.items)
    return f"“{each.total.quote}”，而所列{items}合计 {_plain(each.value)} 万元，相差 {_plain(gap)} 万元"


@check(
    "XLP220",
    Severity.WARNING,
    "实际支付超过目标里的安排",
    "more was paid for one thing than the goal planned",
    cites="field-practice",
)
def paid_beyond_plan(goal_expected: Stated, goal_actual: Stated) -> Iterator[Mismatch]:
    """实际完成情况里一项的支付数大于预期目标里同一项的安排，总额却没有超，也没有说明。

    为何：各项按安排用款；一项超了、总额没有超，是从别的项目调剂来的，须按规定报批并写明，或者数字写错。
    改法：核对两处的金额；确是调剂的，写明批准的依据。
    反例：安排甲40万元、乙25.2万元，实际支付甲43.91万元、乙15.2万元。
    正例：各项都不超过安排；两处写的不是同样的几项；实际完成情况写明“经批准调剂”的；总额也超了的，由核对执行数的规则负责。
    """
    planned, paid = (next(listed_amounts(cell.text), None) for cell in (goal_expected, goal_actual))
    if planned is None or paid is None or any(word in goal_actual.text for word in _EXPLAINED):
        return
    plans = {item.name: item for item in planned.items}
    pairs = [(item, plans[item.name]) for item in paid.items if item.name in plans]
    if len(pairs) < _FEWEST or paid.total.interval.low > planned.total.interval.high:
        return
    over = [(item, plan) for item, plan in pairs if plan.value and item.interval.low > plan.interval.high]
    if over:
        told = "；".join(
            f"“{item.quote}”，而预期目标安排“{plan.quote}”，是安排的 {item.value / plan.value:.2%}"
            for item, plan in over[:_MOST]
        )
        others = "，其余各项都没有超过" if len(over) < len(pairs) else ""
        yield Mismatch(goal_actual, f"{goal_actual.label}写{told}{others}，须说明原因。", None, (goal_expected,))


def _plain(amount: Decimal) -> str:
    return f"{amount.normalize():f}"
