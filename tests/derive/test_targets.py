"""Targets and results as people write them, and the points they earn: tables an accountant could check."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.costs import grows_linearly
from tests.longtexts import longer
from xlperf.amounts import round_half_up
from xlperf.derive.expression import Operand
from xlperf.derive.scores import _points_formula
from xlperf.derive.targets import (
    Comparison,
    Date,
    Direction,
    change_of,
    compare,
    falls_short_of_money,
    is_extreme,
    parse_date,
    parse_goal,
    parse_range,
    points,
    wanted,
)

D = Decimal
AT_LEAST, AT_MOST, EXACTLY = Direction.AT_LEAST, Direction.AT_MOST, Direction.EXACTLY


@pytest.mark.parametrize(
    ("text", "direction", "value", "unit"),
    [
        # the forms of DOMAIN "Points"
        ("≥98", AT_LEAST, "98", ""),
        ("98%以上", AT_LEAST, "0.98", ""),
        ("不少于2次", AT_LEAST, "2", "次"),
        ("≦5%", AT_MOST, "0.05", ""),
        ("26次", EXACTLY, "26", "次"),
        ("100%", EXACTLY, "1", ""),
        ("1000人次", EXACTLY, "1000", "人次"),
        ("7.50.", EXACTLY, "7.5", ""),
        # full-width digits and signs, spaces, thousands
        ("≥９８", AT_LEAST, "98", ""),
        ("＞９８％", AT_LEAST, "0.98", ""),
        ("＜＝５％", AT_MOST, "0.05", ""),
        ("≧ 98 %", AT_LEAST, "0.98", ""),
        ("≥1,000人次", AT_LEAST, "1000", "人次"),
        ("－３", EXACTLY, "-3", ""),
        # words before and after
        ("大于等于98", AT_LEAST, "98", ""),
        ("大于或等于98", AT_LEAST, "98", ""),
        ("不小于98", AT_LEAST, "98", ""),
        ("至少2次", AT_LEAST, "2", "次"),
        ("高于95%", AT_LEAST, "0.95", ""),
        ("大于3场", AT_LEAST, "3", "场"),
        (">=98", AT_LEAST, "98", ""),
        ("=>98", AT_LEAST, "98", ""),
        (">98", AT_LEAST, "98", ""),
        ("不低于95%", AT_LEAST, "0.95", ""),
        ("达到98%", AT_LEAST, "0.98", ""),
        ("超过3场", AT_LEAST, "3", "场"),
        ("3场及以上", AT_LEAST, "3", "场"),
        ("98分（含）以上", AT_LEAST, "98", "分(含)"),
        ("不超过251.06万元", AT_MOST, "251.06", "万元"),
        ("控制在5%以内", AT_MOST, "0.05", ""),
        ("控制在3起", AT_MOST, "3", "起"),
        ("小于等于3起", AT_MOST, "3", "起"),
        ("小于或等于3起", AT_MOST, "3", "起"),
        ("不高于5%", AT_MOST, "0.05", ""),
        ("不大于5", AT_MOST, "5", ""),
        ("不多于3次", AT_MOST, "3", "次"),
        ("至多3次", AT_MOST, "3", "次"),
        ("低于5%", AT_MOST, "0.05", ""),
        ("小于5", AT_MOST, "5", ""),
        ("少于3次", AT_MOST, "3", "次"),
        ("=<5", AT_MOST, "5", ""),
        ("<5", AT_MOST, "5", ""),
        ("5件及以下", AT_MOST, "5", "件"),
        ("5件以内", AT_MOST, "5", "件"),
        ("5件内", AT_MOST, "5", "件"),
        ("5件以下", AT_MOST, "5", "件"),
        ("=100%", EXACTLY, "1", ""),
        ("等于0", EXACTLY, "0", ""),
        ("98%。", EXACTLY, "0.98", ""),
        # durations
        ("15个工作日内", AT_MOST, "15", "个工作日"),
        ("≤7天", AT_MOST, "7", "天"),
        ("3小时之内", AT_MOST, "3", "小时"),
        ("不少于3年", AT_LEAST, "3", "年"),  # a number of years, not a year
        ("≥2000人次", AT_LEAST, "2000", "人次"),
        # zero and negative
        ("≤0", AT_MOST, "0", ""),
        ("0起", EXACTLY, "0", "起"),
        ("≥-5%", AT_LEAST, "-0.05", ""),
    ],
)
def test_goal(text: str, direction: Direction, value: str, unit: str) -> None:
    goal = parse_goal(text)
    assert goal is not None
    assert (goal.direction, goal.value, goal.unit) == (direction, D(value), unit)
    assert goal.percent is ("%" in text or "％" in text)


@pytest.mark.parametrize(
    "text",
    ["", "按时完成", "控制在合理范围内", "达成预期指标", "部分达成预期指标并具有一定效果", "优", "——", "≥", "%", "约98",
     "98±2", "10-20", "10～20", "95%-100%", "95%至100%", "3～5次", "2023年12月前", "2023年内完成", "2023年12月31日",
     "每月1次，共12次", "7.5.0", "1,92次", "及时率≥95%"],
)  # fmt: skip
def test_not_a_goal(text: str) -> None:
    """Words, ranges and dates: a person compares them."""
    assert parse_goal(text) is None


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("90%-95%", "0.9", "0.95", ""),
        ("90-95%", "0.9", "0.95", ""),
        ("９０％～９５％之间", "0.9", "0.95", ""),
        ("≥90%—95%", "0.9", "0.95", ""),
        ("5至10次", "5", "10", "次"),
        ("5次到10次", "5", "10", "次"),
        ("1,000-2,000人", "1000", "2000", "人"),
        ("1.5－2米", "1.5", "2", "米"),
    ],
)
def test_range(text: str, low: str, high: str, unit: str) -> None:
    goal = parse_range(text)
    assert goal is not None
    assert (goal.value, goal.most, goal.unit) == (D(low), D(high), unit)
    assert wanted(text) == goal


@pytest.mark.parametrize(
    "text",
    ["", "≥90%", "10-20", "95%-90%", "5次-10人", "3-5天", "2023-2025年", "6-8月", "2023-12-31", "控制在3%-5%", "≤3%-5%",
     "0731-1234567", "90%-95%左右", "1万-2万元", "5-10次/年", "第1-3季度"],
)  # fmt: skip
def test_not_a_range(text: str) -> None:
    """Dates, times and limits, of which less may be better; two units; a number alone may be anything."""
    assert parse_range(text) is None


@pytest.mark.parametrize(
    ("target", "actual", "points"),
    [
        ("90%-95%", "90%", "10.00"),
        ("90%-95%", "92%", "10.00"),
        ("90%-95%", "99%", "10.00"),
        ("90%-95%", "45%", "5.00"),
        ("5-10次", "4次", "8.00"),
        ("10-20万元", "15万元", "10.00"),
        ("90%-95%", "85%-90%", None),
    ],
)
def test_a_range_is_met_from_its_low_end_on(target: str, actual: str, points: str | None) -> None:
    assert earned(target, actual, "10") == points


def test_less_money_than_the_low_end_is_saved_or_missing() -> None:
    assert falls_short_of_money("10-20万元", "8万元")
    assert not falls_short_of_money("10-20万元", "12万元")


def test_too_far_above_a_range_is_above_its_high_end() -> None:
    within, above = (compare("5-10次", actual, "linear") for actual in ("10次", "13次"))
    assert within is not None and above is not None
    assert (within.excess, above.excess) == (D("1"), D("1.3"))
    assert [is_extreme(found, [["低于", "0.7"], ["达到", "1.3"]]) for found in (within, above)] == [False, True]


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2023年12月前", Date(2023, 12, None)),
        ("2023年12月底前完成", Date(2023, 12, None)),
        ("2023年12月31日", Date(2023, 12, 31)),
        ("2023年12月31日之前", Date(2023, 12, 31)),
        ("２０２３年１２月", Date(2023, 12, None)),
        ("2023年", Date(2023, None, None)),
        ("2023年底", Date(2023, None, None)),
        ("10月", Date(None, 10, None)),
        ("10月份", Date(None, 10, None)),
        ("6月30日前", Date(None, 6, 30)),
        ("≤2023年12月", Date(2023, 12, None)),
        ("2023-12-31", Date(2023, 12, 31)),
        ("2023/6", Date(2023, 6, None)),
        ("2023.12.31", Date(2023, 12, 31)),
        ("2023年12月1日", Date(2023, 12, 1)),
        ("2023年 12月 31日", Date(2023, 12, 31)),
        ("2023年12月前。", Date(2023, 12, None)),
    ],
)
def test_date(text: str, date: Date) -> None:
    assert parse_date(text) == date


@pytest.mark.parametrize(
    "text",
    [
        "",
        "按时完成",
        "前",
        "31日",
        "13月",
        "2023年13月",
        "12月32日",
        "12月0日",
        "10个月",
        "98%",
        "1251.06",
        "2023",
        "3",
    ],
)
def test_not_a_date(text: str) -> None:
    assert parse_date(text) is None


@pytest.mark.parametrize(
    ("deadline", "done", "met"),
    [
        ("2023年12月前", "2023年11月", True),
        ("2023年12月前", "2023年12月", True),
        ("2023年11月前", "2023年12月", False),
        ("2023年12月前", "2024年1月", False),
        ("2023年12月前", "2022年12月", True),
        ("2023年12月前", "10月", True),
        ("10月", "2023年11月", False),
        ("10月", "10月", True),
        ("2023年12月15日前", "2023年12月15日", True),
        ("2023年12月15日前", "2023年12月16日", False),
        ("2023年12月15日前", "2023年11月", True),
        ("2023年底前", "2023年11月", True),
        ("2023年底前", "2024年3月", False),
        ("2023-12-31", "2023年12月31日", True),
        ("2023年12月15日前", "2023年12月", None),  # which day in December?
        ("12月前", "2023年", None),
        ("2023年底前", "11月", None),  # of which year?
        ("2023年12月前", "按时完成", None),
        ("2023年12月前", "12", None),
        ("按时完成", "按时完成", None),
    ],
)
def test_dates_compare_with_dates(deadline: str, done: str, met: bool | None) -> None:
    """In time earns it all; what a missed date costs is for a person to say. A date is no number to count with."""
    result = compare(deadline, done, "linear")
    assert result == (None if met is None else Comparison(Direction.BY_DATE, D(0), D(0), met, D(1) if met else None))


def earned(target: str, actual: str, weight: str, convention: str = "linear") -> str | None:
    """The points as the form shows them, or None where a person decides."""
    result = compare(target, actual, convention)
    if result is None or result.scale_differs:
        return None
    given = points(result, D(weight))
    return None if given is None else str(round_half_up(given, 2))


@pytest.mark.parametrize(
    ("target", "actual", "weight", "score"),
    [
        # at least: met, in proportion, never above the weight or below 0
        ("≥98", "98", "15", "15.00"),
        ("≥98", "120", "15", "15.00"),
        ("≥98", "90", "15", "13.78"),
        ("≥98", "49", "10", "5.00"),
        ("≥98", "97.99", "10", "10.00"),  # 9.99898 shown with two decimals
        ("≥98", "0", "10", "0.00"),
        ("≥98", "-10", "10", "0.00"),
        ("98%以上", "95.5%", "10", "9.74"),
        (">98", "98", "10", "10.00"),
        ("不少于2次", "1次", "5", "2.50"),
        ("≥3", "2", "10", "6.67"),
        ("≥8", "1", "0.1", "0.01"),  # 0.0125
        ("≥8", "3", "0.36", "0.14"),  # 0.135: a half goes up
        # the number itself
        ("26次", "26次", "5", "5.00"),
        ("26次", "13次", "5", "2.50"),
        ("100%", "100%", "10", "10.00"),
        ("100%", "95%", "10", "9.50"),
        ("1000人次", "0.08万人次", "10", "8.00"),
        ("≥1000人次", "900", "10", "9.00"),  # a side without a unit is in the other's
        ("≥1000", "900人次", "10", "9.00"),
        ("0.1万人次", "800人次", "10", "8.00"),
        # zero
        ("0起", "0起", "10", "10.00"),
        ("0起", "1起", "10", "0.00"),
        ("=0", "-1", "10", "10.00"),
        ("≤0", "0", "10", "10.00"),
        ("≤0", "0.1", "10", "0.00"),
        ("≥0", "0", "10", "10.00"),
        ("≥0", "-1", "10", "0.00"),
        # negative
        ("≥-5%", "-3%", "10", "10.00"),
        ("≥-5%", "-6%", "10", "0.00"),
        ("≤-5%", "-6%", "10", "10.00"),
        ("≤-5%", "-3%", "10", "0.00"),
        # at most, met
        ("≤5%", "5%", "10", "10.00"),
        ("≤5%", "0", "10", "10.00"),
        ("15个工作日内", "15个工作日", "10", "10.00"),
        ("≤251.06万元", "251.06万元", "10", "10.00"),
        # dates: full points in time
        ("2023年12月前", "2023年11月", "10", "10.00"),
    ],
)
def test_points(target: str, actual: str, weight: str, score: str) -> None:
    assert earned(target, actual, weight) == score
    assert earned(target, actual, weight, "ratio") == score


@pytest.mark.parametrize(
    ("target", "actual", "direction", "counted", "share"),
    [
        ("≥98", "49", AT_LEAST, "49", "0.5"),
        ("≥98", "120", AT_LEAST, "120", "1"),  # more than the whole earns the whole
        ("≤5", "6", AT_MOST, "6", "0.8"),
        ("26次", "13次", EXACTLY, "13", "0.5"),
        ("≥0.1万人次", "800人次", AT_LEAST, "0.08", "0.8"),  # in the target's unit
        ("≥98", "98%", AT_LEAST, "98", "1"),  # on the target's scale
        ("≥98", "0.98", AT_LEAST, "98", "1"),
        ("≥98%", "49", AT_LEAST, "0.49", "0.5"),
    ],
)
def test_comparison(target: str, actual: str, direction: Direction, counted: str, share: str) -> None:
    result = compare(target, actual, "linear")
    assert result is not None
    assert (result.direction, result.actual, result.share) == (direction, D(counted), D(share))


def test_no_points_below_nothing_even_of_a_negative_weight() -> None:
    assert (earned("≥98", "98", "-5"), earned("≥98", "49", "-5")) == ("0.00", "0.00")


@pytest.mark.parametrize(
    ("target", "actual", "weight", "linear", "ratio"),
    [
        ("≤5%", "6%", "10", "8.00", "8.33"),
        ("≤5", "5.01", "10", "9.98", "9.98"),
        ("≤5", "7.5", "10", "5.00", "6.67"),
        ("≤5", "9.99", "10", "0.02", "5.01"),
        ("≤5", "10", "10", "0.00", "5.00"),  # linear: nothing from twice the limit
        ("≤5", "11", "10", "0.00", "4.55"),
        ("≤5", "500", "10", "0.00", "0.10"),
        ("15个工作日内", "18个工作日", "5", "4.00", "4.17"),
        ("不超过3次", "4次", "10", "6.67", "7.50"),
    ],
)
def test_two_conventions_beyond_an_upper_limit(target: str, actual: str, weight: str, linear: str, ratio: str) -> None:
    assert (earned(target, actual, weight, "linear"), earned(target, actual, weight, "ratio")) == (linear, ratio)


@pytest.mark.parametrize(
    ("target", "actual"),
    [
        ("控制在合理范围内", "控制在合理范围内"),
        ("提升治理水平", "达成预期指标"),
        ("2023年12月前", "按时完成"),
        ("2023年11月前", "2023年12月"),  # late: how much that costs is for a person to say
        ("≥98", "优秀"),
        ("3-5天", "4天"),  # of times less may be better
        ("控制在3%-5%", "4%"),
        ("100人左右", "98人"),
        ("≥10次", "100%"),
        ("≤2023.12", "2000"),  # an amount or December 2023?
        ("", "98"),
        ("≥98", ""),
    ],
)
def test_qualitative(target: str, actual: str) -> None:
    assert earned(target, actual, "10") is None


@pytest.mark.parametrize(
    ("target", "actual", "differs", "met"),
    [
        ("≥98%", "98", True, True),
        ("≥98%", "97", True, False),
        ("≥98", "98%", True, True),
        ("≥98", "0.98", True, True),
        ("≥0.95", "96", True, True),
        ("≤5%", "3", True, True),
        ("98%", "0.98", False, True),  # the same number
        ("≥98%", "0.97", False, False),
        ("≥98%", "98%", False, True),
        ("≥98件", "1件", False, False),
        ("≥100", "1", False, False),
        ("≥50", "0.1", False, False),
        ("≤5%", "0", False, True),
        # one side in percent: from twentyfold on it is the scale, below it is the work done
        ("≥5%", "1", True, False),
        ("≥5%", "0.99", False, True),
        ("≥98", "490%", True, True),
        ("≥98", "491%", False, False),
        # both bare: a fraction below 1 against 20 to 100, when 100 times the one is half to twice the other
        ("≥20", "0.2", True, True),
        ("≥19", "0.19", False, False),
        ("≥100", "0.95", True, False),
        ("≥101", "0.99", False, False),
        ("≥98", "0.49", True, False),
        ("≥98", "0.48", False, False),
        ("≥49", "0.98", True, True),
        ("≥48", "0.97", False, False),
        ("≥0.95", "94", True, False),
        # a unit or a percent sign on both says what is meant
        ("≥98件", "0.98", False, False),
        ("≥98", "0.98件", False, False),
        ("≥2000%", "20%", False, False),
    ],
)
def test_scale(target: str, actual: str, differs: bool, met: bool) -> None:
    """98 for 98% or 0.98 is a slip of the pen; the result is held against the target on one scale."""
    result = compare(target, actual, "linear")
    assert result is not None
    assert (result.scale_differs, result.met) == (differs, met)


@pytest.mark.parametrize("text", ["9" * 32767 + "x" * 9, "9," * 16383 + "x", "≥" * 32767, "以上" * 16383, "1" * 32767])
def test_a_long_text_is_read_in_one_go(text: str) -> None:
    """A cell holds up to 32767 characters; hostile ones must not stop the audit."""

    def read(text: str) -> None:
        compare(text, text, "linear")

    grows_linearly(read, longer(text), 8000, cheap=0.02, forget=(parse_goal, parse_date))


LIMITS = (("低于", "0.7"), ("达到", "1.3"))


def formula(target: str, actual: str, convention: str = "linear") -> str | None:
    cells = Operand("E5", target, False, target), Operand("F5", actual, False, actual), Operand("G5", "10", True, "10")
    return _points_formula(*cells, convention, "keep", LIMITS)


def points_as(share: str) -> str:
    """The formula of a cell in column H: nothing beside a blank, points half-up within the weight."""
    return f'IF(OR(E5="",F5="",G5=""),"",IFERROR(ROUND(G5*MAX(0,MIN(1,{share})),2),""))'


@pytest.mark.parametrize(
    ("target", "actual", "share"),
    [
        ("≥98", "49", '(F5+0)/(SUBSTITUTE(E5,"≥","")+0)'),
        ("26次", "13次", '(SUBSTITUTE(F5,"次","")+0)/(SUBSTITUTE(E5,"次","")+0)'),
        ("不少于2次", "1次", '(SUBSTITUTE(F5,"次","")+0)/(SUBSTITUTE(SUBSTITUTE(E5,"不少于",""),"次","")+0)'),
        ("1件", "2件", '(SUBSTITUTE(F5,"件","")+0)/(SUBSTITUTE(E5,"件","")+0)'),
        ("0起", "1起", 'IF((SUBSTITUTE(F5,"起","")+0)<=0,1,0)'),
    ],
)
def test_native_formula(target: str, actual: str, share: str) -> None:
    assert formula(target, actual) == points_as(share)


def test_native_formula_of_either_convention() -> None:
    wanted, reached = '(SUBSTITUTE(E5,"≤","")+0)', "(F5+0)"
    assert formula("≤5", "6", "linear") == points_as(f"1-({reached}-{wanted})/{wanted}")
    assert formula("≤5", "6", "ratio") == points_as(f"IF({reached}<={wanted},1,{wanted}/({reached}))")


def test_native_formula_of_cells_that_hold_numbers() -> None:
    cells = Operand("E5", "98", True, "98"), Operand("F5", "49", True, "49"), Operand("G5", "10", True, "10")
    assert _points_formula(*cells, "linear", "keep", LIMITS) == points_as("F5/E5")


@pytest.mark.parametrize(
    ("target", "actual"),
    [
        ("≥98%", "98"),  # different scales
        ("0.1万人次", "800人次"),  # different units
        ("≥10次", "100%"),  # a number of times and a share
        ("7.50.", "7.5"),  # the stray point cannot be taken away without the decimal point
        ("≥.5", "0.4"),  # nor the point before the digits
        ("≥98", "-10"),  # nor a minus sign
        ("≥98", "－10"),
        ("≥９８", "49"),  # a spreadsheet does not count with full-width digits
        ("≥1,000人次", "900人次"),
        ("≤0", "1"),  # a limit of zero has no share
        ("≥0", "-1"),
        ("≥-5%", "-3%"),
        ("2023年12月前", "2023年11月"),
        ("按时完成", "按时完成"),
    ],
)
def test_no_native_formula_where_plain_functions_cannot_compare(target: str, actual: str) -> None:
    assert formula(target, actual) is None


def test_native_formula_takes_the_number_of_a_percent_cell() -> None:
    """A cell showing 98% may hold the text 98% or the number 0.98; a full-width sign is a percent sign too."""
    wanted = 'IF(ISNUMBER(E5),E5,SUBSTITUTE(SUBSTITUTE(E5,"≥",""),"%","")/100)'
    for sign in ("%", "％"):
        reached = f'IF(ISNUMBER(F5),F5,SUBSTITUTE(F5,"{sign}","")/100)'
        assert formula("≥98%", f"49{sign}") == points_as(f"{reached}/{wanted}")


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        ("≥98%", "不低于98％", None),
        ("≥98%", "98%以上", None),
        ("≥98%", "98", None),
        ("≥1000人次", "0.1万人次", None),
        ("≤24万元", "≦240000元", None),
        ("=8个", "8个", None),
        ("按时完成。", "按时 完成", None),
        ("12月底前", "12月31日前", None),
        ("10月", "2024年10月31日", None),
        ("≥98%", "≥90%", "lowered"),
        ("≥98%", "≥99%", "raised"),
        ("≤5件", "≤8件", "lowered"),
        ("≤5件", "≤3件", "raised"),
        ("2024年10月", "2024年12月", "lowered"),
        ("2024年12月", "2025年1月", "lowered"),
        ("10月31日", "10月15日", "raised"),
        ("≤24万元", "≥24万元", "reversed"),
        ("≤24万元", "24万元", "sign"),
        ("24万元", "≤24万元", "sign"),
        ("≥20场", "≥20次", "unit"),
        ("≥20场", "≥20%", "unit"),
        ("显著提高", "有所提高", "words"),
        ("≥20场", "按计划举办", "words"),
        ("10月", "10月15日", "words"),
        ("2024年底前", "≥20场", "words"),
    ],
)
def test_what_became_of_a_target(before: str, after: str, change: str | None) -> None:
    assert change_of(before, after) == change
