"""Tables an accountant could check: reading, rounding, and what rounding allows."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, localcontext
from operator import add, mul, sub, truediv

import pytest

from xlperf.amounts import (
    Interval,
    adds_up,
    agrees,
    decimals,
    interval,
    parse_number,
    ratio_possible,
    round_half_up,
    to_decimal,
)

D = Decimal


@dataclass(frozen=True)
class Written:
    """A figure as somebody wrote it; `exact` ones leave nothing to rounding."""

    text: str
    exact: bool = False

    @property
    def value(self) -> Decimal:
        return D(self.text)

    @property
    def interval(self) -> Interval:
        return interval(self.value, None if self.exact else len(self.text.partition(".")[2]))


@pytest.mark.parametrize(
    ("value", "amount"),
    [
        (0.1 + 0.2, "0.3"),
        (1.1 + 2.2, "3.3"),
        (0.30000000000000004, "0.3"),
        (251.06000000000003, "251.06"),  # 17 digits, as files often hold them
        (122.16000000000001, "122.16"),
        (0.49378330099999996, "0.493783301"),
        (2.675, "2.675"),  # the double just below; a spreadsheet shows 2.675
        (1e300, "1E+300"),
        (-5.55, "-5.55"),
        (3, "3"),
        ("251.06", "251.06"),
        ("1e3", "1000"),
        (D(0.3), "0.3"),
        (D("0.1234567890123456"), "0.123456789012346"),
        (D("123456789012345.5"), "123456789012346"),
    ],
)
def test_to_decimal(value: float | str | Decimal, amount: str) -> None:
    assert to_decimal(value) == D(amount)


def test_digits_that_a_file_adds_leave_no_zeros_behind() -> None:
    """A difference is printed with the decimals it has: 12.28 and not 12.2800000000000."""
    assert str(to_decimal("92.010000000000005")) == "92.01"
    assert str(to_decimal("100.00000000000001")) == "100"
    assert str(to_decimal("8.50")) == "8.50"  # what somebody wrote


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), "NaN", "sNaN", "-Infinity", "1e9999999", "", "约30", "1,2"]
)
def test_to_decimal_refuses(value: float | str) -> None:
    with pytest.raises(ValueError, match="not a"):
        to_decimal(value)


@pytest.mark.parametrize(
    ("text", "value", "places"),
    [
        ("0", "0", 0),
        ("251.06", "251.06", 2),
        ("7.50", "7.50", 2),
        (".5", "0.5", 1),
        ("+3.2", "3.2", 1),
        ("-3.20", "-3.20", 2),
        ("－３．２", "-3.2", 1),
        ("−3.2", "-3.2", 1),  # the minus sign of typesetters
        ("1,922.76", "1922.76", 2),
        ("１，９２２．７６", "1922.76", 2),
        ("1,000,000", "1000000", 0),
        (" 12 ", "12", 0),
        ("1 922.76", "1922.76", 2),
        ("　42　", "42", 0),  # a full-width space on either side
        ("22.24%", "0.2224", 4),
        ("22%", "0.22", 2),
        ("100％", "1", 2),
        ("-20%", "-0.2", 2),
        ("1.5e2", "150", 0),
    ],
)
def test_parse_number(text: str, value: str, places: int) -> None:
    number = parse_number(text)
    assert number is not None
    assert (number.value, number.places) == (D(value), places)


@pytest.mark.parametrize(
    "text",
    ["", "%", "-", ".", "7.50.", "7..5", "1,92", "1,9222", "12,", ",123", "约30", "30万元", "9O", "22%%", "=1+1", "NaN",
     "Infinity", "1e9999", "0x10", "1_000", "——", "(5)", "½", "²"],
)  # fmt: skip
def test_parse_number_refuses(text: str) -> None:
    assert parse_number(text) is None


@pytest.mark.parametrize(
    ("amount", "places", "rounded"),
    [
        ("2.675", 2, "2.68"),
        ("1.005", 2, "1.01"),
        ("8.914", 2, "8.91"),
        ("8.915", 2, "8.92"),
        ("0.5", 0, "1"),
        ("1.5", 0, "2"),
        ("2.5", 0, "3"),  # not to even
        ("-0.5", 0, "-1"),
        ("-2.5", 0, "-3"),
        ("0.4999", 0, "0"),
        ("89.995", 2, "90.00"),
        ("0.49378330", 4, "0.4938"),
        ("42", 2, "42.00"),
        ("1E+300", 2, "1E+300"),
        ("1E+20", 10, "1E+20"),
        ("0", 2, "0.00"),
    ],
)
def test_round_half_up(amount: str, places: int, rounded: str) -> None:
    assert round_half_up(D(amount), places) == D(rounded)


def test_round_half_up_keeps_its_places() -> None:
    """98.00 points, not 98: the form shows two decimals."""
    assert str(round_half_up(D(98), 2)) == "98.00"


def test_round_half_up_rounds_what_a_spreadsheet_sees() -> None:
    """A quotient of 28 digits just below a half is the half itself at 15 digits."""
    assert round_half_up(D("1.0049999999999999999"), 2) == D("1.01")


@pytest.mark.parametrize(("amount", "count"), [("8.50", 1), ("8", 0), ("100", 0), ("0.0001", 4), ("1E+5", 0)])
def test_decimals(amount: str, count: int) -> None:
    assert decimals(D(amount)) == count


@pytest.mark.parametrize(
    ("value", "places", "low", "high"),
    [
        ("37.44", 2, "37.435", "37.445"),
        ("42", 0, "41.5", "42.5"),
        ("0.2224", 4, "0.22235", "0.22245"),
        ("-3.2", 1, "-3.25", "-3.15"),
        ("98", None, "98", "98"),  # points are what they are
    ],
)
def test_interval(value: str, places: int | None, low: str, high: str) -> None:
    assert interval(D(value), places) == Interval(D(low), D(high))


def span(low: str, high: str) -> Interval:
    return Interval(D(low), D(high))


@pytest.mark.parametrize(
    ("left", "sign", "right", "low", "high"),
    [
        (span("1", "2"), "+", span("10", "20"), "11", "22"),
        (span("1", "2"), "-", span("10", "20"), "-19", "-8"),
        (span("-1", "2"), "*", span("3", "4"), "-4", "8"),
        (span("-2", "-1"), "*", span("-4", "3"), "-6", "8"),
        (span("1", "2"), "/", span("4", "5"), "0.2", "0.5"),
        (span("-2", "1"), "/", span("4", "5"), "-0.5", "0.25"),
        (span("1", "2"), "/", span("0.5", "2"), "0.5", "4"),
        (span("1", "2"), "/", span("-2", "-0.5"), "-4", "-0.5"),
        (span("1", "2"), "/", span("-1", "1"), "-Infinity", "Infinity"),  # the base may be zero
        (span("1", "2"), "/", span("0", "1"), "-Infinity", "Infinity"),
        (span("1", "2"), "/", span("-1", "0"), "-Infinity", "Infinity"),
        (span("1", "9"), "least", span("3", "5"), "1", "5"),
        (span("3", "5"), "least", span("1", "9"), "1", "5"),
    ],
)
def test_interval_arithmetic(left: Interval, sign: str, right: Interval, low: str, high: str) -> None:
    ways = {"+": add, "-": sub, "*": mul, "/": truediv, "least": Interval.least}
    assert ways[sign](left, right) == span(low, high)


@pytest.mark.parametrize(("places", "low", "high"), [(0, "0.5", "2.5"), (2, "0.995", "2.005")])
def test_interval_after_one_more_rounding(places: int, low: str, high: str) -> None:
    assert span("1", "2").widened(places) == span(low, high)


@pytest.mark.parametrize(
    ("left", "right", "meet"),
    [
        (span("1", "2"), span("2", "3"), True),
        (span("1", "2"), span("2.001", "3"), False),
        (span("1", "9"), span("4", "5"), True),
        (span("4", "5"), span("1", "9"), True),
    ],
)
def test_intervals_meet(left: Interval, right: Interval, meet: bool) -> None:
    assert left.meets(right) is meet
    assert right.meets(left) is meet


@pytest.mark.parametrize(
    ("total", "parts", "gap"),
    [
        ("251.06", "213.62 37.44", None),
        ("251.1", "213.6 37.5", None),
        ("251.07", "213.62 37.44", ("251.06", False)),  # 0.01 of at most 0.015
        ("251.08", "213.62 37.44", ("251.06", True)),
        ("10.02", "3.00 3.00 4.00", ("10.00", False)),  # 0.02 of exactly 0.02
        ("10.03", "3.00 3.00 4.00", ("10.00", True)),
        ("10.03", "1.00 1.00 1.00 1.00 6.00", ("10.00", False)),  # 0.03 of exactly 0.03
        ("10.04", "1.00 1.00 1.00 1.00 6.00", ("10.00", True)),
        ("252", "213.62 37.44", ("251.06", True)),
        ("251", "213.62 37.44", ("251.06", False)),  # written without decimals: 250.5 to 251.5
        ("0.00", "", None),
    ],
)
def test_adds_up(total: str, parts: str, gap: tuple[str, bool] | None) -> None:
    found = adds_up(Written(total), [Written(part) for part in parts.split()])
    assert (found and (str(found.expected), found.impossible)) == gap


def test_exact_figures_leave_no_room() -> None:
    found = adds_up(Written("98.01", exact=True), [Written("10", exact=True), Written("88", exact=True)])
    assert found is not None
    assert found.impossible


@pytest.mark.parametrize(
    ("left", "right", "impossible"), [("37.44", "37.45", False), ("37.44", "37.46", True), ("37.44", "37.4", False)]
)
def test_agrees(left: str, right: str, impossible: bool) -> None:
    found = agrees(Written(left), Written(right))
    assert found is not None
    assert found.impossible is impossible


@pytest.mark.parametrize(
    ("printed", "numerator", "denominator", "possible"),
    [
        ("0.4938", "36.14", "73.19", True),
        ("0.4939", "36.14", "73.19", True),  # 36.145 / 73.185 = 0.49388
        ("0.4940", "36.14", "73.19", False),
        ("0.2224", "36.14", "73.19", False),
        ("0.2224", "36.14", "162.49", True),
        ("0.22", "36.14", "162.49", True),
        ("1.0000", "251.06", "251.06", True),
        ("0.9993", "0.04", "0.00", True),  # the base may be anything from -0.005 to 0.005
        ("0.0000", "0.00", "5.00", True),
    ],
)
def test_ratio_possible(printed: str, numerator: str, denominator: str, possible: bool) -> None:
    assert ratio_possible(Written(printed), Written(numerator), Written(denominator)) is possible


def test_ratio_possible_whatever_the_precision_of_the_program_around() -> None:
    with localcontext(prec=2):
        assert ratio_possible(Written("0.4939"), Written("36.14"), Written("73.19"))
        assert not ratio_possible(Written("0.4940"), Written("36.14"), Written("73.19"))
