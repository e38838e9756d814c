"""What may have gone wrong in one cell, given where its true figure lies: tables an accountant could check."""

from __future__ import annotations

from decimal import Decimal

import pytest

from xlperf.amounts import Interval
from xlperf.audit.domains import Domain
from xlperf.audit.misprints import misprint_told
from xlperf.audit.slips import Slip, allowed, corrected, meant_figure, slips
from xlperf.derive.seen import Seen
from xlperf.form.forms import load_template
from xlperf.form.record import Stated, record_from_values

D = Decimal
TEMPLATE = load_template("department_overall")


def cells_of(fields: dict[str, str]) -> dict[str, Stated]:
    return Seen(record_from_values({"fields": fields}, TEMPLATE)).cells


def span(text: str) -> Interval:
    low, _, high = text.partition(" ")
    return Interval(D(low), D(high or low))


def domain(text: str) -> Domain:
    """`1 2; 5 6`: from 1 to 2, or from 5 to 6; `3`: exactly 3."""
    return tuple(span(part.strip()) for part in text.split(";") if part)


def found(key: str, where: str, fields: dict[str, str]) -> tuple[Slip, ...]:
    seen = Seen(record_from_values({"fields": fields}, TEMPLATE))
    return slips(seen[key], domain(where), seen)


MONEY, POINTS, RATE = "annual_budget", "execution_score", "execution_rate"


@pytest.mark.parametrize(
    ("key", "typed", "where", "meant"),
    [
        (MONEY, "1", "36.135 36.145", "36.14"),
        (MONEY, "1", "36.14", "36.14"),
        (MONEY, "1", "36.10 36.20", "36.15"),  # the middle of a narrow choice
        (MONEY, "1", "10 11", "10.50"),  # 100 hundredths: still worth naming
        (MONEY, "1", "10 11.01", None),
        (MONEY, "1", "-Infinity Infinity", None),
        (MONEY, "1", "0 Infinity", None),
        (MONEY, "1", "-Infinity 0", None),
        (MONEY, "1", "1 1; 2 2", None),  # either of two
        (MONEY, "1", "", None),
        (POINTS, "1", "8.91", "8.91"),
        (POINTS, "1", "8.905 8.915", "8.91"),
        (POINTS, "1", "8.914", None),  # points leave nothing to rounding: no two decimals give 8.914
        (RATE, "1%", "0.49375 0.49385", "0.4938"),
        (RATE, "1%", "0.49 0.50", "0.4950"),
        (RATE, "1%", "0.49 0.5001", None),
    ],
)
def test_meant_figure(key: str, typed: str, where: str, meant: str | None) -> None:
    cell = cells_of({key: typed})[key]
    figure = meant_figure(cell, domain(where))
    assert figure == (None if meant is None else D(meant))


@pytest.mark.parametrize(
    ("key", "typed", "figure", "text"),
    [
        (MONEY, "457.85", "452.85", "452.85"),
        (MONEY, "457.85", "452.8", "452.80"),
        (RATE, "49.83%", "0.4938", "49.38%"),
        (POINTS, "9", "8.91", "8.91"),
        (RATE, "约49.83%", "0.4938", "约49.38%"),
        (MONEY, "4,258.5万元", "4528.5", "4528.5万元"),
    ],
)
def test_corrected(key: str, typed: str, figure: str, text: str) -> None:
    cell = cells_of({key: typed})[key]
    assert corrected(cell, D(figure)) == text


@pytest.mark.parametrize(
    ("key", "figure", "where", "may"),
    [
        (MONEY, "36.14", "36.144", True),  # 36.144 is printed 36.14
        (MONEY, "36.14", "36.145", True),
        (MONEY, "36.14", "36.146", False),
        (MONEY, "36.141", "36.1416", False),  # three decimals bind three decimals
        (MONEY, "36.141", "36.1414", True),
        (MONEY, "5", "1 2; 4.9 5.1", True),
        (MONEY, "3", "1 2; 4.9 5.1", False),
        (POINTS, "8.91", "8.914", False),
        (POINTS, "8.91", "8.90 8.92", True),
        (RATE, "0.4938", "0.49384", True),
        (RATE, "0.4938", "0.49386", False),
        (MONEY, "3", "", False),
    ],
)
def test_allowed(key: str, figure: str, where: str, may: bool) -> None:
    cell = cells_of({key: "1"})[key]
    assert allowed(D(figure), cell, domain(where)) is may


# what was typed, the figure that the other cells give, the kind, what was meant, what is said of it
PEN = [
    (MONEY, "425.85", "452.85", "transposed_digits", "452.85", "相邻两个数字写颠倒了：“425.85” 应为 “452.85”。"),
    (MONEY, "452.58", "452.85", "transposed_digits", "452.85", "“452.58” 应为 “452.85”。"),
    (MONEY, "-425.85", "-452.85", "transposed_digits", "-452.85", "“-425.85” 应为 “-452.85”。"),
    (MONEY, "457.85", "452.85", "wrong_digit", "452.85", "有一个数字写错：“457.85” 应为 “452.85”。"),
    (MONEY, "952.85", "452.85", "wrong_digit", "452.85", "“952.85” 应为 “452.85”。"),
    (MONEY, "45.85", "452.85", "missing_digit", "452.85", "漏了一个数字：“45.85” 应为 “452.85”。"),
    (MONEY, "52.85", "452.85", "missing_digit", "452.85", "“52.85” 应为 “452.85”。"),
    (MONEY, "4528.85", "452.85", "extra_digit", "452.85", "多了一个数字：“4528.85” 应为 “452.85”。"),
    (MONEY, "4522.85", "452.85", "extra_digit", "452.85", "“4522.85” 应为 “452.85”。"),
    (MONEY, "-452.85", "452.85", "sign", "452.85", "正负号填反。"),
    (MONEY, "4528500", "452.85", "unit", "452.85", "填大了 10000 倍（把元填成了万元，或相反）。"),
    (MONEY, "4.5285", "452.85", "unit", "452.85", "填小了 100 倍（单位或小数点错位）。"),
    (MONEY, "4528.50", "452.85", "unit", "452.85", "填大了 10 倍（单位或小数点错位）。"),
    (
        MONEY,
        "0.05",
        "457",
        "unit",
        "457.00",
        "填小了 10000 倍（把元填成了万元，或相反）。",
    ),  # 457 元 in 万元 is 0.0457, shown 0.05
    (RATE, "94.38%", "0.4938", "wrong_digit", None, None),
    (RATE, "约49.83%", "0.4938", "transposed_digits", "0.4938", "“49.83” 应为 “49.38”。"),  # no number, but digits
    (RATE, "49.83%", "0.4938", "transposed_digits", "0.4938", "“49.83” 应为 “49.38”。"),
    (RATE, "-49.38%", "0.4938", "sign", "0.4938", "正负号填反。"),
    (RATE, "94%", "0.49", "transposed_digits", "0.49", "“94” 应为 “49”。"),
    (MONEY, "4,258.5", "4528.5", "transposed_digits", "4528.5", "“4258.5” 应为 “4528.5”。"),  # as it was typed
    (MONEY, "约4,258.5", "4528.5", "transposed_digits", "4528.5", "“4258.5” 应为 “4528.5”。"),
    (MONEY, ".25", "0.52", "transposed_digits", "0.52", "“0.25” 应为 “0.52”。"),
    (MONEY, "50", "5", "unit", "5", "填大了 10 倍（单位或小数点错位）。"),  # nobody writes 05
    (POINTS, "99", "9", "extra_digit", "9", "“99” 应为 “9”。"),
    (POINTS, "89", "98", "transposed_digits", "98", "“89” 应为 “98”。"),
]


@pytest.mark.parametrize(("key", "typed", "where", "kind", "meant", "text"), PEN, ids=range(len(PEN)))
def test_slips_of_the_pen(key: str, typed: str, where: str, kind: str, meant: str | None, text: str | None) -> None:
    kinds = {slip.cause.kind: slip for slip in found(key, where, {key: typed})}
    if text is None:
        assert kind not in kinds
        return
    slip = next(iter(kinds.values()))
    assert (slip.cause.kind, slip.meant) == (kind, D(str(meant)))
    assert slip.cause.text.endswith(text)
    assert slip.cause.cells == (key,)


@pytest.mark.parametrize(
    ("typed", "kind", "cost"),
    [
        ("425.85", "transposed_digits", "1"),
        ("-452.85", "sign", "1"),
        ("4528.50", "unit", "1"),
        ("4522.85", "extra_digit", "1.5"),  # a digit typed twice
        ("45.85", "missing_digit", "1.8"),
        ("457.85", "wrong_digit", "2"),
        ("4528.85", "extra_digit", "2.2"),
    ],
)
def test_the_usual_slip_costs_less(typed: str, kind: str, cost: str) -> None:
    slip = found(MONEY, "452.85", {MONEY: typed})[0]
    assert (slip.cause.kind, slip.cost) == (kind, D(cost))


@pytest.mark.parametrize(
    ("column", "written", "where"),
    [
        ("target", "≥95%", "0 0.92"),
        ("target", "≥500卷", "0 480"),
        ("actual", "480卷", "500 900"),
        ("actual", "99%", "1 2"),
    ],
)
def test_a_target_or_a_result_is_evidence_and_has_no_slip(column: str, written: str, where: str) -> None:
    """95 不说成 59，480 不说成 840，99 不说成 199：没有别的数能说它应是多少."""
    seen = Seen(record_from_values({"indicators": [{"level3": "检查", column: written}]}, TEMPLATE))
    assert slips(seen[f"indicators[0].{column}"], domain(where), seen) == ()


@pytest.mark.parametrize("fields", [{}, {RATE: "约一半"}])
def test_where_there_are_no_digits_there_is_no_slip_of_the_pen(fields: dict[str, str]) -> None:
    assert found(RATE, "0.5", fields) == ()


# 人员经费 73.19 -> 109.33, 公用经费 89.30 -> 104.29, together 基本支出 162.49 -> 213.62; no project last year
FORM = {
    "annual_budget": "251.06",
    "annual_spent": "240.00",
    "opening_budget": "128.90",
    "budget_change": "122.16",
    "income_total_current": "251.06",
    "expenditure_total_prior": "162.49",
    "expenditure_total_current": "251.06",
    "expenditure_total_change": "88.57",
    "basic_prior": "162.49",
    "basic_current": "213.62",
    "basic_change": "51.13",
    "personnel_prior": "73.19",
    "personnel_current": "109.33",
    "personnel_change": "36.14",
    "public_prior": "89.30",
    "public_current": "104.29",
    "public_change": "14.99",
    "project_spending_prior": "0",
    "project_spending_current": "37.44",
    "project_spending_change": "37.44",
    "staff_actual": "136",
    "staff_quota": "143",
}
GROWTH, STAFF, ADJUSTED = "personnel_growth_rate", "staff_control_rate", "budget_adjustment_rate"
TRUE = {GROWTH: "0.4938", STAFF: "0.9510", "execution_rate": "0.9559", ADJUSTED: "0.9477"}
QUOTIENTS = [
    (
        GROWTH,
        "22.24%",
        "分母用错：36.14 ÷ 162.49 = 22.24%，162.49 是基本支出的上年数，不是人员经费的上年数。",
        "basic_prior",
    ),
    (
        GROWTH,
        "16.92%",
        "分母用错：36.14 ÷ 213.62 = 16.92%，213.62 是基本支出的本年数，不是人员经费的上年数。",
        "basic_current",
    ),
    (
        GROWTH,
        "33.06%",
        "分母用错：36.14 ÷ 109.33 = 33.06%，109.33 是人员经费的本年数，不是人员经费的上年数。",
        "personnel_current",
    ),
    (
        GROWTH,
        "40.47%",
        "分母用错：36.14 ÷ 89.30 = 40.47%，89.30 是公用经费的上年数，不是人员经费的上年数。",
        "public_prior",
    ),
    (
        GROWTH,
        "34.65%",
        "分母用错：36.14 ÷ 104.29 = 34.65%，104.29 是公用经费的本年数，不是人员经费的上年数。",
        "public_current",
    ),
    (
        GROWTH,
        "149.38%",
        "分子用错：109.33 ÷ 73.19 = 149.38%，109.33 是人员经费的本年数，不是人员经费的增减额。",
        "personnel_current personnel_prior",
    ),
    (
        GROWTH,
        "20.48%",
        "分子用错：14.99 ÷ 73.19 = 20.48%，14.99 是公用经费的增减额，不是人员经费的增减额。",
        "public_change personnel_prior",
    ),
    (GROWTH, "-33.06%", "本年与上年颠倒：-36.14 ÷ 109.33 = -33.06%。", "personnel_change personnel_current"),
    (GROWTH, "-49.38%", "本年与上年颠倒：-36.14 ÷ 73.19 = -49.38%。", "personnel_change personnel_prior"),
    (
        GROWTH,
        "66.94%",
        "分子、分母颠倒：73.19 ÷ 109.33 = 66.94%（人员经费的上年数 ÷ 人员经费的本年数）。",
        "personnel_prior personnel_current",
    ),
    (
        GROWTH,
        "202.52%",
        "分子、分母颠倒：73.19 ÷ 36.14 = 202.52%（人员经费的上年数 ÷ 人员经费的增减额）。",
        "personnel_prior personnel_change",
    ),
    (
        GROWTH,
        "51.18%",
        "填的是占比而不是增长率：109.33 ÷ 213.62 = 51.18%（人员经费的本年数 ÷ 基本支出的本年数）。",
        "personnel_current basic_current",
    ),
    (
        GROWTH,
        "45.04%",
        "填的是占比而不是增长率：73.19 ÷ 162.49 = 45.04%（人员经费的上年数 ÷ 基本支出的上年数）。",
        "personnel_prior basic_prior",
    ),
    (
        GROWTH,
        "43.55%",
        "填的是占比而不是增长率：109.33 ÷ 251.06 = 43.55%（人员经费的本年数 ÷ 支出合计的本年数）。",
        "personnel_current expenditure_total_current",
    ),
    (
        GROWTH,
        "16.79%",
        "填了另一行的比率：14.99 ÷ 89.30 = 16.79%（公用经费的增减额 ÷ 公用经费的上年数）。",
        "public_change public_prior",
    ),
    (STAFF, "105.15%", "分子、分母颠倒：143 ÷ 136 = 105.15%（编制数 ÷ 实际在职人数）。", "staff_quota staff_actual"),
    (
        "execution_rate",
        "104.61%",
        "分子、分母颠倒：251.06 ÷ 240.00 = 104.61%（全年预算数 ÷ 全年执行数）。",
        "annual_budget annual_spent",
    ),
    ("execution_rate", "186.19%", "分母用错：240.00 ÷ 128.90 = 186.19%，128.90 是年初预算数。", "opening_budget"),
    (
        "execution_rate",
        "51.34%",
        "分子用错：128.90 ÷ 251.06 = 51.34%，128.90 是年初预算数。",
        "opening_budget annual_budget",
    ),
    (
        "execution_rate",
        "53.71%",
        "分子、分母颠倒：128.90 ÷ 240.00 = 53.71%（年初预算数 ÷ 全年执行数）。",
        "opening_budget annual_spent",
    ),
    (ADJUSTED, "48.66%", "分母用错：122.16 ÷ 251.06 = 48.66%，251.06 是全年预算数。", "annual_budget"),
]


@pytest.mark.parametrize(("key", "printed", "text", "cells"), QUOTIENTS, ids=[f"{q[0]}{q[1]}" for q in QUOTIENTS])
def test_rates_of_other_figures(key: str, printed: str, text: str, cells: str) -> None:
    slip = found(key, TRUE[key], FORM | {key: printed})[0]
    assert (slip.cause.text, slip.cause.cells) == (text, tuple(cells.split()))
    assert slip.meant == D(TRUE[key])


def test_a_quotient_that_only_rounding_allows_is_less_plausible() -> None:
    """36.14 ÷ 162.49 is 22.24%; 36.145 ÷ 162.485 would print as 22.25%."""
    exact, allowed_ = (found(GROWTH, TRUE[GROWTH], FORM | {GROWTH: each})[0] for each in ("22.24%", "22.25%"))
    assert (exact.cause.kind, allowed_.cause.kind) == ("wrong_base", "wrong_base")
    assert allowed_.cost == exact.cost + 1


def test_the_nearer_whole_comes_first() -> None:
    """基本支出 before 支出合计, last year before this year."""
    form = FORM | {"expenditure_total_prior": "200.00"}
    printed = ("22.24%", "18.07%", "16.92%", "14.39%")  # 36.14 ÷ 162.49, ÷ 200.00, ÷ 213.62, ÷ 251.06
    costs = [found(GROWTH, TRUE[GROWTH], form | {GROWTH: each})[0].cost for each in printed]
    assert costs == [D("0.50"), D("0.51"), D("0.55"), D("0.56")]


def test_last_year_implied_by_this_year_and_the_change() -> None:
    form = {key: value for key, value in FORM.items() if key != "basic_prior"} | {GROWTH: "22.24%"}
    cause = found(GROWTH, TRUE[GROWTH], form)[0].cause
    assert cause.text.endswith("162.49 是基本支出的上年数（213.62 - 51.13），不是人员经费的上年数。")
    assert cause.cells == ("basic_current", "basic_change")


@pytest.mark.parametrize(
    ("key", "printed"),
    [
        (GROWTH, "13.81%"),  # no two figures of the form give it
        (GROWTH, "0%"),
        (GROWTH, "40%"),  # near 36.14 ÷ 89.30, but so coarse that it is near many quotients of other rows
        (ADJUSTED, "94.8%"),
        (GROWTH, "40.46%"),  # rounding allows 36.14 ÷ 89.30, a figure of another row: not near enough
    ],
)
def test_no_quotient_that_proves_anything(key: str, printed: str) -> None:
    kinds = {slip.cause.kind for slip in found(key, TRUE[key], FORM | {key: printed})}
    assert not kinds & {"wrong_base", "wrong_numerator", "reversed_division", "swapped_years", "share_not_growth"}


OTHER_ROW = {"personnel_prior": "60", "personnel_current": "100", "public_prior": "40", "public_current": "70"}


@pytest.mark.parametrize(
    ("prior", "current", "printed", "kind"),
    [
        ("60", "100", "40%", "wrong_base"),  # 40 ÷ 100, not 40 ÷ 60
        ("60", "100", "-40%", "swapped_years"),
        ("60", "100", "60%", "reversed_division"),  # 60 ÷ 100
        ("100", "60", "60%", "wrong_numerator"),  # 60 ÷ 100, not -40 ÷ 100
        ("100", "60", "40%", "swapped_years"),
        # of 基本支出, 80 last year and 110 this year
        ("60", "100", "50%", "wrong_base"),  # 40 ÷ 80
        ("60", "100", "36%", "wrong_base"),  # 40 ÷ 110
        ("60", "100", "91%", "share_not_growth"),  # 100 ÷ 110
        ("60", "100", "75%", "share_not_growth"),  # 60 ÷ 80
    ],
)
def test_a_coarse_rate_is_enough_among_the_figures_of_the_row(
    prior: str, current: str, printed: str, kind: str
) -> None:
    whole = {"basic_prior": "80", "basic_current": "110"}
    form = whole | {"personnel_prior": prior, "personnel_current": current, GROWTH: printed}
    assert found(GROWTH, "5", form)[0].cause.kind == kind


@pytest.mark.parametrize(
    ("key", "printed", "form"),
    [
        ("execution_rate", "60%", {"annual_spent": "240", "annual_budget": "251.06", "opening_budget": "400"}),
        ("execution_rate", "51%", {"annual_spent": "240", "annual_budget": "251.06", "opening_budget": "128.90"}),
        ("execution_rate", "54%", {"annual_spent": "240", "annual_budget": "251.06", "opening_budget": "128.90"}),
        (STAFF, "105.15%", {"staff_actual": "136"}),  # nothing to divide by
        (STAFF, "105.15%", {"staff_quota": "143"}),
        (GROWTH, "22.24%", {"personnel_prior": "73.19"}),
        (GROWTH, "22.24%", {"personnel_change": "36.14"}),
        (GROWTH, "20.48%", {"personnel_prior": "73.19", "personnel_current": "109.33", "public_prior": "89.30"}),
        # 公用经费 40 -> 70 beside 人员经费 60 -> 100
        (GROWTH, "57%", OTHER_ROW),  # 40 ÷ 70
        (GROWTH, "50%", OTHER_ROW),  # 30 ÷ 60
        (GROWTH, "75%", OTHER_ROW),  # 30 ÷ 40
    ],
)
def test_a_coarse_rate_proves_nothing_about_figures_elsewhere(key: str, printed: str, form: dict[str, str]) -> None:
    kinds = {slip.cause.kind for slip in found(key, "5", form | {key: printed})}
    assert not kinds & {"wrong_base", "wrong_numerator", "reversed_division", "swapped_years", "wrong_row"}


def test_a_coarse_rate_turned_round() -> None:
    assert found(STAFF, "2", {"staff_actual": "200", "staff_quota": "100", STAFF: "50%"})[0].cause.kind == (
        "reversed_division"
    )


@pytest.mark.parametrize(
    ("key", "typed", "kind", "other"),
    [
        ("personnel_current", "73.19", "stale_year", "人员经费（上年数） 73.19 完全相同，可能沿用了上年的数。"),
        ("personnel_current", "36.14", "copied", "人员经费（增减额） 36.14 完全相同，可能是从那里抄来的。"),
        ("personnel_current", "104.29", "copied", "公用经费（本年数） 104.29 完全相同，可能是从那里抄来的。"),
        ("opening_budget", "213.62", "copied", "基本支出（本年数） 213.62 完全相同，可能是从那里抄来的。"),
        ("annual_budget", "128.90", "copied", "年初预算数 128.90 完全相同，可能是从那里抄来的。"),
    ],
)
def test_figures_copied_from_another_cell(key: str, typed: str, kind: str, other: str) -> None:
    slip = found(key, FORM[key], FORM | {key: typed})[0]
    assert (slip.cause.kind, slip.cause.text) == (kind, f"与{other}")
    assert [cells_of(FORM)[each].label for each in slip.cause.cells] == [other.partition(" ")[0]]
    assert slip.meant == D(FORM[key])


def test_two_digits_are_enough_for_a_copy() -> None:
    form = FORM | {"opening_budget": "1.50", "sangong_budget": "1.50"}
    assert "copied" in {slip.cause.kind for slip in found("opening_budget", "128.90", form)}


def test_a_copy_is_taken_from_what_somebody_wrote() -> None:
    """三公经费 is blank and adds up to the same 14.99: it is 公务接待 that was copied."""
    form = {"opening_budget": "14.99", "reception_budget": "14.99"}
    copies = [slip.cause for slip in found("opening_budget", "128.90", form) if slip.cause.kind == "copied"]
    assert [cause.cells for cause in copies] == [("reception_budget",)]


def test_no_copy_of_a_figure_that_may_be_right_there() -> None:
    """The true figure lies below 110 or above 200; 150.50 elsewhere tells nothing about it."""
    form = {"opening_budget": "150.50", "reception_budget": "150.50"}
    assert "copied" not in {slip.cause.kind for slip in found("opening_budget", "100 110; 200 210", form)}


@pytest.mark.parametrize(
    ("key", "typed", "others"),
    [
        ("opening_budget", "0.30", {"sangong_budget": "0.30"}),  # small
        ("opening_budget", "200", {"sangong_budget": "200"}),  # one digit
        ("opening_budget", "136", {}),  # a number of people
        ("opening_budget", "777.77", {}),
    ],
)
def test_figures_that_coincide_by_chance(key: str, typed: str, others: dict[str, str]) -> None:
    kinds = {slip.cause.kind for slip in found(key, FORM[key], FORM | {key: typed} | others)}
    assert not kinds & {"copied", "stale_year"}


def test_the_likelier_copy_comes_first() -> None:
    """Last year's figure of the row, this year's as last year's, the report, the same column, elsewhere, the row."""
    typed = [
        ("personnel_current", "73.19"),
        ("personnel_prior", "109.33"),
        ("opening_budget", "213.62"),
        ("personnel_current", "104.29"),
        ("opening_budget", "92.01"),
        ("personnel_current", "36.14"),
    ]
    costs = [found(key, FORM[key], FORM | {"operating_actual": "92.01", key: each})[0].cost for key, each in typed]
    assert costs == sorted(costs)
    assert len(set(costs)) == len(costs)


def test_every_column_of_the_report_is_as_likely() -> None:
    """本年数 213.62, 上年数 89.30, 年初预算数 91.46."""
    form = FORM | {"basic_opening": "91.46"}
    typed = ("213.62", "89.30", "91.46")
    assert {found("opening_budget", "128.90", form | {"opening_budget": each})[0].cost for each in typed} == {D("1.4")}


@pytest.mark.parametrize(("typed", "where"), [("1.5", "1.50"), ("251.06", "251.06"), ("251.06", "250 252; 260 262")])
def test_nothing_is_wrong_with_a_figure_that_may_stand(typed: str, where: str) -> None:
    """A number that is stored as text, say, is a finding; its digits are right."""
    assert found(MONEY, where, {MONEY: typed, "opening_budget": typed}) == ()


def test_at_most_three_and_each_kind_once() -> None:
    slips_ = found(STAFF, "0.95095 0.95105", FORM | {STAFF: "95.01%"})
    assert [slip.cause.kind for slip in slips_] == ["transposed_digits", "extra_digit", "wrong_digit"]
    assert [slip.cost for slip in slips_] == sorted(slip.cost for slip in slips_)


@pytest.mark.parametrize(
    ("said", "shown", "told"),
    [
        ("251.60万元", "251.06", "可能相邻两个数字写颠倒了：“251.60” 应为 “251.06”。"),
        ("231.62", "213.62", "可能相邻两个数字写颠倒了：“231.62” 应为 “213.62”。"),
        ("1119.33", "119.33", "可能多了一个数字：“1119.33” 应为 “119.33”。"),
        ("22.24%", "49.38%", ""),
        ("8人", "9", ""),  # any two digits are one slip apart
        ("95.00", "95.01%", ""),
        ("若干", "251.06", ""),
    ],
)
def test_a_figure_in_a_text_that_was_mistyped(said: str, shown: str, told: str) -> None:
    assert misprint_told(said, shown) == told
