"""2xx: arithmetic within a table, as far as rounding leaves it decided."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from xlperf.amounts import Gap, Interval, adds_up, round_half_up
from xlperf.checks.rule import MAY_BE_BLANK, Mismatch, Severity, check
from xlperf.derive.engine import Value
from xlperf.derive.seen import Derived, Seen
from xlperf.form.record import LastYear, Stated, show
from xlperf.form.relations import Kind, Relation


def is_of_points(each: Relation) -> bool:
    """Does a sum add up points? Those of weights and scores are exact."""
    return each.total.endswith(("_weight", "_score"))


def _is_of_money(each: Relation) -> bool:
    return not is_of_points(each)


def addition(parts: tuple[Stated, ...]) -> str:
    """`基本支出 213.62 + 项目支出 37.44`, blanks left out."""
    return " + ".join(f"{part.label} {part.shown}" for part in parts if part.is_number)


def gap_mismatch(total: Stated, parts: tuple[Stated, ...], gap: Gap, sentence: str) -> Mismatch:
    """An ERROR if rounding cannot explain the gap, otherwise a tail difference for information."""
    if gap.impossible:
        return Mismatch(total, sentence, gap.expected, parts)
    return Mismatch(total, f"{sentence}相差在四舍五入允许的范围内（尾差）。", None, parts, Severity.INFO)


def _off_sum(total: Stated, parts: tuple[Stated, ...]) -> Iterator[Mismatch]:
    filled = tuple(part for part in parts if part.is_number)
    gap = adds_up(total, filled)
    if gap:
        sentence = f"{total.label}填 {total.shown}，而 {addition(filled)} = {gap.expected}。"
        yield gap_mismatch(total, filled, gap, sentence)


def scale_confused(stated: Stated, expected: Value | None) -> bool:
    """Was a rate written as percent for fraction or the other way round: 4938% or 0.49% for 49.38%?

    One digit proves nothing: 1% may be a wrong figure as well as 89.14% written as 0.89% and rounded.
    """
    if not isinstance(expected, Decimal) or not expected or not stated.is_number or stated.value == expected:
        return False
    for factor in (Decimal(100), Decimal("0.01")):
        shifted = expected * factor
        if round_half_up(stated.value / factor, 4) == round_half_up(expected, 4):
            return True
        two_digits = len(stated.value.normalize().as_tuple().digits) > 1
        if two_digits and stated.places is not None and round_half_up(shifted, stated.places) == stated.value:
            return True
    return False


@check(
    "XLP201",
    Severity.ERROR,
    "总额与分项合计不等",
    "total is not the sum of its parts",
    relation=Kind.SUM,
    of=_is_of_money,
    cites=("arithmetic", "form"),
)
def total_not_sum_of_parts(total: Stated, parts: tuple[Stated, ...], seen: Seen) -> Iterator[Mismatch]:
    """合计行与各分项之和不等，且不是四舍五入造成的。

    为何：三公经费=公务用车+出国+接待，基本支出=人员+公用，支出=基本+项目，收入=各类收入之和，必须成立。
    改法：核对合计与各分项，改正填错的一方。
    反例：三公经费 0.50，公务用车 0，接待 0.30，出国空白。
    正例：三公经费 0.30，公务用车 0，接待 0.30，出国空白（空白旁有数，视为没有）；各数四舍五入后差 0.01 只作提示；
    分项空白、它自己的明细有数的，按明细计；基本支出空白而只填了人员或公用之一，{finance}的项目支出空白而{base}有数，分项写
    —— 而明细有数的，空白不是没有，不核对；上年数空白、但能由本年数和增减额推算的分项也不是没有，由另一条规则核对。
    """
    if any(part.is_blank and part.key.endswith("_prior") and _prior(part, seen) is not None for part in parts):
        return
    yield from _off_sum(total, parts)


@check(
    "XLP202",
    Severity.ERROR,
    "比率与分子分母不符",
    "rate is not the quotient of its figures",
    relation=Kind.QUOTIENT,
    cites="arithmetic",
)
def rate_not_quotient(derived: Derived) -> Iterator[Mismatch]:
    """控制率、执行率、增长率与表中的分子、分母算不出来。

    为何：比率由表中数字直接算得，算不出说明比率或其中一个数填错，常见的是分母用错。
    改法：按所列分子、分母重算，或用“填充”自动填入。
    反例：人员经费增加 36.14，本年 109.33（上年 73.19），增长率填 22.24%，应为 49.38%。
    正例：增加 88.57，本年 251.06，增长率 54.51%；四舍五入允许的最后一位差异只作提示；0/0 填 0.00% 或 ——。
    """
    stated, gap = derived.stated, derived.gap
    if gap is not None and not scale_confused(stated, gap.expected):
        sentence = f"{stated.label}填 {stated.shown}，按{_quotient(derived)}应为 {show(gap.expected, stated.field)}。"
        yield gap_mismatch(stated, derived.operands, gap, sentence)


def _is_implied(derived: Derived) -> bool:
    """Is last year, the base, this year less the change?"""
    return derived.choice.derivation is not None and "implied" in derived.choice.derivation.name


def _quotient(derived: Derived) -> str:
    first, second = derived.operands[:2]
    if _is_implied(derived):
        prior = second.value - first.value
        return f"{first.label} {first.shown} ÷ 上年数 {show(prior, first.field)}（{second.shown} - {first.shown}）"
    return f"{first.label} {first.shown} ÷ {second.label} {second.shown}"


@check(
    "XLP203",
    Severity.ERROR,
    "增减额与两年数之差不等",
    "change is not the difference of the two years",
    relation=Kind.DIFFERENCE,
    cites="arithmetic",
)
def change_not_difference(derived: Derived) -> Iterator[Mismatch]:
    """增减额（或预算调整额）不等于所列两数之差。

    为何：增减额 = 本年数 - 上年数，预算调整额 = 全年预算数 - 年初预算数。
    改法：重算差额，减少的用负数；或用“填充”自动填入。
    反例：本年 109.33，上年 73.19，增减额填 35.14。
    正例：增减额 36.14；上年数空白时不核对。
    """
    stated, gap = derived.stated, derived.gap
    if gap is not None:
        left, right = derived.operands
        sentence = f"{stated.label}填 {stated.shown}，而 {left.shown} - {right.shown} = {gap.expected}。"
        yield gap_mismatch(stated, derived.operands, gap, sentence)


@check(
    "XLP206",
    Severity.ERROR,
    "增减额合计与各项增减额之和不等",
    "total change is not the sum of the parts' changes",
    relation=Kind.CHANGES,
    cites="arithmetic",
)
def changes_do_not_add_up(total: Stated, parts: tuple[Stated, ...]) -> Iterator[Mismatch]:
    """总额的增减额不等于各分项增减额之和。

    为何：两年的总额都等于分项之和时，增减额也必然如此。
    改法：核对各项增减额及其正负号。
    反例：基本支出增加 51.13，人员增加 36.14，公用增加 41.99。
    正例：36.14 + 14.99 = 51.13；有一个分项的增减额没有说明时不核对（空白不是 0）。
    """
    yield from _off_sum(total, parts)


@check(
    "XLP207",
    Severity.ERROR,
    "推算的上年数彼此不符",
    "prior years implied by the changes do not add up",
    relation=Kind.YEARS_BEFORE,
    cites="arithmetic",
)
def implied_prior_years_disagree(
    seen: Seen, total: Stated = MAY_BE_BLANK, parts: tuple[Stated, ...] = ()
) -> Iterator[Mismatch]:
    """由本年数和增减额推算出的上年总额，不等于各分项的上年数之和。

    为何：报告往往只写本年数和增减额；推算出的上年数也必须满足总额等于分项之和。
    改法：核对总额与各分项的本年数、增减额。
    反例：基本支出上年（推算）162.49，人员上年 73.19，公用上年（推算）99.30。
    正例：162.49 = 73.19 + 89.30；上年数或增减额都没有的分项不核对。
    """
    years = [_prior(cell, seen) for cell in (total, *parts)]
    changes_known = all(part.is_number for part in (total, *parts))
    if changes_known or any(year is None for year in years) or all(year and year.is_stated for year in years):
        return
    whole, *shares = (year for year in years if year is not None)
    gap = adds_up(whole, shares)
    if gap and gap.impossible:
        names = " + ".join(f"{part.field.row_label} {share.value}" for part, share in zip(parts, shares, strict=True))
        name = total.field.row_label
        sentence = f"{name}的上年数推算为 {whole.value}，而各分项上年数 {names} = {gap.expected}。"
        shown = (cell for year in (whole, *shares) for cell in year.cells if cell.key != total.key)
        yield Mismatch(total, sentence, None, tuple(shown))


def _prior(cell: Stated, seen: Seen) -> LastYear | None:
    return seen.last_year(cell.key.removesuffix("_change").removesuffix("_prior"))


@check(
    "XLP208",
    Severity.WARNING,
    "变动原因的方向与增减额相反",
    "reason speaks of the opposite direction",
    each="*_reason",
    cites="final-accounts-review",
)
def direction_word_against_sign(_change: Stated, _reason: Stated = MAY_BE_BLANK) -> Iterator[Mismatch]:
    """数字是增加的，变动原因却只说减少（或反过来）。

    为何：原因与方向相反，多半是正负号填反，或从别处抄来了原因。
    改法：核对增减额的正负号与变动原因。
    反例：增减额 36.14，原因“人员减少，经费相应下降”。
    正例：增减额 36.14，原因“人员增加”；原因中两种方向都提到的不判断。
    """
    if _reason.is_blank:
        return
    up = any(word in _reason.text for word in ("增加", "增长", "上升", "提高"))
    down = any(word in _reason.text for word in ("减少", "下降", "压减", "降低"))
    if up == down or _change.value == 0 or up == (_change.value > 0):
        return
    direction = "增加" if _change.value > 0 else "减少"
    yield Mismatch(
        _reason,
        f"{_change.label}为 {_change.shown}（{direction}），变动原因却写“{_reason.text}”。",
        related=(_change,),
    )


@check(
    "XLP209",
    Severity.ERROR,
    "基数为零却填了比率",
    "rate is stated on a zero base",
    relation=Kind.QUOTIENT,
    cites="arithmetic",
)
def rate_on_zero_base(derived: Derived) -> Iterator[Mismatch]:
    """分母为 0，比率没有意义，表中却填了数。

    为何：上年或预算为 0 时增长率、执行率无法计算，填 100% 会误导。
    改法：改填 ——，并在原因栏说明从无到有。
    反例：上年 0，本年 0.20，增长率填 100%（填 0.00% 也不对）。
    正例：填 ——；0/0 填 0.00%；上年数是不到 50 元舍成的 0.00、比率因此可能成立的，只作提示。
    """
    stated, operands = derived.stated, derived.operands
    if derived.expected is not None or not stated.is_number or (stated.value == 0 and operands[0].value == 0):
        return
    sentence = f"{stated.label}填 {stated.shown}，但其分母为 0，不能计算，应填 ——。"
    if _possible_on_rounded_zero(derived):
        sentence += "分母如是不到 50 元、四舍五入成 0 的，比率可能成立（尾差）。"
        yield Mismatch(stated, sentence, None, operands, Severity.INFO)
    else:
        yield Mismatch(stated, sentence, "——", operands)


def _possible_on_rounded_zero(derived: Derived) -> bool:
    """Could the rate be true on a base that is above 0 and was stated as 0 by rounding?"""
    above, second = (operand.interval for operand in derived.operands[:2])
    base = second - above if _is_implied(derived) else second
    if base.high <= 0:
        return False
    least = above / Interval(base.high, base.high)  # a smaller base makes the rate larger still
    rate = derived.stated.interval
    if above.low > 0:
        return rate.high >= least.low
    return above.high >= 0 or rate.low <= least.high


@check(
    "XLP210",
    Severity.ERROR,
    "比率的百分号用错",
    "rate is out by a factor of a hundred",
    relation=Kind.QUOTIENT,
    cites="arithmetic",
)
def rate_scale_confused(derived: Derived) -> Iterator[Mismatch]:
    """比率的数字对，但差了一百倍。

    为何：把 49.38% 填成 49.38（即 4938%）或 0.4938%，数字看着对，大小差一百倍。
    改法：在百分比格式的单元格里填 49.38%。
    反例：执行率应为 89.14%，填成 0.89%。
    正例：89.14%。
    """
    stated = derived.stated
    if isinstance(derived.expected, Decimal) and scale_confused(stated, derived.expected):
        shown = show(derived.expected, stated.field)
        sentence = f"{stated.label}填 {stated.shown}，应为 {shown}，差了一百倍。"
        yield Mismatch(stated, sentence, derived.expected, derived.operands)


@check(
    "XLP211",
    Severity.ERROR,
    "其中项大于总额",
    "a part is larger than its whole",
    relation=Kind.INCLUDED,
    cites="arithmetic",
)
def part_larger_than_whole(total: Stated, parts: tuple[Stated, ...]) -> Iterator[Mismatch]:
    """“其中”各项之和超过了总额。

    为何：“其中”只列一部分，可以小于总额，不可能大于总额。
    改法：核对总额与其中各项。
    反例：公用经费 5.00，其中办公费 5.36。
    正例：公用经费 92.01，其中办公费 5.36、水电差旅 1.14、会议培训 0.20。
    """
    filled = tuple(part for part in parts if part.is_number)
    least_sum = sum(part.interval.low for part in filled)
    if filled and least_sum > total.interval.high:
        sentence = f"{addition(filled)}，合计超过 {total.label} {total.shown}。"
        yield Mismatch(total, sentence, None, filled)
