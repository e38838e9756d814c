"""What a host hands in and takes back: cells, ranges, error values.

A host turns its own error values into `ErrorValue` before it calls a function and back afterwards. A blank cell is
None or "", a range a list of rows; a plain list counts as a column.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache, lru_cache, wraps
from typing import Any, ParamSpec

from xlperf.amounts import Undecided, is_mark, parse_number, seen_text, to_decimal
from xlperf.derive.targets import compare, parse_goal
from xlperf.form.forms import default_template
from xlperf.form.template import Template

Cell = Any
Column = Sequence[Cell]
_P = ParamSpec("_P")


class ErrorValue(Enum):
    """The error values of a spreadsheet, by the text that a cell shows."""

    NULL = "#NULL!"
    DIV0 = "#DIV/0!"
    VALUE = "#VALUE!"
    REF = "#REF!"
    NAME = "#NAME?"
    NUM = "#NUM!"
    NA = "#N/A"
    GETTING_DATA = "#GETTING_DATA"
    SPILL = "#SPILL!"
    CONNECT = "#CONNECT!"
    BLOCKED = "#BLOCKED!"
    UNKNOWN = "#UNKNOWN!"
    FIELD = "#FIELD!"
    CALC = "#CALC!"

    @property
    def number(self) -> int:
        """Excel's number for it, as in CVErr(2007) or xlErrDiv0."""
        return _NUMBERS[self]

    @classmethod
    def of_number(cls, number: int) -> ErrorValue | None:
        """The error with Excel's number: 2007, or -2146826281 as COM has it."""
        return next((each for each in cls if number in (each.number, each.number + _COM)), None)

    @classmethod
    def of_text(cls, text: str) -> ErrorValue | None:
        """The error that a host hands in as its text; None for any other text."""
        return next((each for each in cls if each.value == text), None)


_COM = -0x7FF60000  # the facility of Excel's errors in an HRESULT: 0x800A0000, signed
_NUMBERS = {
    ErrorValue.NULL: 2000,
    ErrorValue.DIV0: 2007,
    ErrorValue.VALUE: 2015,
    ErrorValue.REF: 2023,
    ErrorValue.NAME: 2029,
    ErrorValue.NUM: 2036,
    ErrorValue.NA: 2042,
    ErrorValue.GETTING_DATA: 2043,
    ErrorValue.SPILL: 2045,
    ErrorValue.CONNECT: 2046,
    ErrorValue.BLOCKED: 2047,
    ErrorValue.UNKNOWN: 2048,
    ErrorValue.FIELD: 2049,
    ErrorValue.CALC: 2050,
}

_WHOLE = 65_536  # rows of a whole column, at least
_NOTHING = ("", None, [""], [None], ("",), (None,))

Operand = Decimal | str | ErrorValue | None
Reader = Callable[[Cell], Operand]
Value = float | str | ErrorValue
Result = Value | list[list[Value]]


class Figure(str):
    """The text of a cell that holds a number: nobody knows whether 0.99 shows as 99%."""

    __slots__ = ()


class Refused(Exception):
    """The whole call has no value: ranges that do not fit each other, a variant that does not exist."""

    def __init__(self, error: ErrorValue = ErrorValue.VALUE) -> None:
        super().__init__(error.value)
        self.error = error


def answering(function: Callable[_P, Result]) -> Callable[_P, Result]:
    """A call that is refused answers with an error value, as every function of a sheet does."""

    @wraps(function)
    def answer(*arguments: _P.args, **named: _P.kwargs) -> Result:
        try:
            return function(*arguments, **named)
        except Refused as refusal:
            return refusal.error

    return answer


@cache
def template() -> Template:
    """Where placeholders, grades, bands and conventions come from."""
    return default_template()


@cache
def _empty_words() -> frozenset[str]:
    return frozenset({""}) | template().placeholders


def is_blank(cell: Cell) -> bool:
    """Nothing, white space, or the …… of a row that the form keeps for later."""
    return cell is None or (isinstance(cell, str) and "".join(seen_text(cell).split()) in _empty_words())


def number(cell: Cell) -> Decimal | ErrorValue | None:
    """A cell where a number must be: None if it is blank or states that nothing applies (——)."""
    if type(cell) is float or type(cell) is int:
        return _finite(cell)
    if is_blank(cell):
        return None
    if isinstance(cell, str):
        if is_mark(cell, template().not_applicable):
            return None
        parsed = parse_number(cell)
        return ErrorValue.VALUE if parsed is None or cell.rstrip().endswith(("%", "％")) else parsed.value
    if isinstance(cell, ErrorValue):
        return cell
    if isinstance(cell, Decimal):
        return _finite(cell) if cell.is_finite() else ErrorValue.NUM
    if isinstance(cell, float | int) and not isinstance(cell, bool):
        return _finite(float(cell))
    return ErrorValue.VALUE


@lru_cache(maxsize=4096)
def _finite(cell: float | Decimal) -> Decimal | ErrorValue:
    """Remembered, because a sheet recalculates the same cells again and again."""
    try:
        return to_decimal(cell)
    except ValueError:
        return ErrorValue.NUM


def text(cell: Cell) -> str | ErrorValue | None:
    """A cell as a person reads it, for targets and results: `≥98`, 98, a date."""
    if is_blank(cell):
        return None
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, ErrorValue):
        return cell
    if isinstance(cell, date):
        return (cell.date() if isinstance(cell, datetime) else cell).isoformat()
    amount = number(cell)
    return Figure(f"{amount.normalize():f}") if isinstance(amount, Decimal) else amount


def as_percent(cell: float | Decimal) -> str:
    """A number as a cell in a percent format shows it, to the last digit: 99% of 0.99."""
    amount = to_decimal(cell) * 100
    return f"{amount.normalize():f}%"


def as_shown(target: str, actual: str) -> tuple[str, str]:
    """Target and result as the sheet may show them: most hosts do not tell whether 0.99 stands in a percent format.

    A number in a cell counts as a percentage where what stands beside it is one of about the same size: ≥98% and 0.99.
    Two numbers are taken for fractions of one kind if both are at most 1 and not both are whole.
    """
    numbers = [isinstance(each, Figure) for each in (target, actual)]
    if not any(numbers):
        return target, actual
    goal, result = parse_goal(target), parse_goal(actual)
    if goal is None or result is None:
        return target, actual
    if all(numbers):
        percent = 0 < min(goal.value, result.value) < 1 >= max(goal.value, result.value)
    else:
        found, written = compare(target, actual, "linear"), result if numbers[0] else goal
        percent = written.percent and found is not None and not found.scale_differs
    if not percent:
        return target, actual
    return (
        as_percent(goal.value) if numbers[0] else target,
        as_percent(result.value) if numbers[1] else actual,
    )


def as_float(amount: Decimal) -> float | ErrorValue:
    """A result as a cell holds it; never -0."""
    result = float(amount) + 0.0
    return result if math.isfinite(result) else ErrorValue.NUM


def columns_of(argument: Any) -> list[Column]:
    """An argument as columns of equal height."""
    if not isinstance(argument, list | tuple):
        return [(argument,)]
    if not argument:
        raise Refused
    if not isinstance(argument[0], list | tuple):
        return [in_use(argument)]
    width = len(argument[0])
    if not width or not all(issubclass(kind, list | tuple) for kind in set(map(type, argument))):
        raise Refused
    if list(map(len, argument)) != [width] * len(argument):
        raise Refused
    rows = in_use(argument)
    return [[row[place] for row in rows] for place in range(width)]


def in_use(rows: Sequence[Any]) -> Sequence[Any]:
    """A long range without the blank rows at its end: a whole column has a million."""
    if len(rows) < _WHOLE:
        return rows
    last = len(rows)
    while last > 1 and rows[last - 1] in _NOTHING:
        last -= 1
    return rows[:last]


def spread(function: Callable[..., Decimal | str], readers: Sequence[Reader], arguments: Sequence[Any]) -> Result:
    """The function for every element of equal ranges; a single cell goes with each. One cell in, one value out."""
    grids = [
        [[read(cell) for cell in column] for column in columns_of(argument)]
        for read, argument in zip(readers, arguments, strict=True)
    ]
    shapes = {(len(grid), len(grid[0])) for grid in grids} - {(1, 1)}
    if not shapes:
        return value_of(function, *(grid[0][0] for grid in grids))
    if len(shapes) > 1:
        raise Refused
    ((width, height),) = shapes
    alike = [grid if (len(grid), len(grid[0])) != (1, 1) else [list(grid[0]) * height] * width for grid in grids]
    columns = [
        [value_of(function, *operands) for operands in zip(*beside, strict=True)] for beside in zip(*alike, strict=True)
    ]
    return [list(row) for row in zip(*columns, strict=True)]


def value_of(function: Callable[..., Decimal | str], *operands: Operand) -> Value:
    """What a cell shows: the first error from the left, nothing where an operand is blank."""
    blank = False
    for operand in operands:
        if type(operand) is ErrorValue:
            return operand
        blank = blank or operand is None
    if blank:
        return ""
    try:
        result = function(*operands)
    except Refused as refusal:
        return refusal.error
    except Undecided:
        return ErrorValue.NA
    except ArithmeticError:
        return ErrorValue.DIV0
    return as_float(result) if isinstance(result, Decimal) else result
