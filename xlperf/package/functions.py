"""The functions and signs of the formulas on our own sheets, as Excel computes them.

A value is a number, a text, True or False, None (an empty cell) or a `Fault`; or a list of these, the cells of a range
or of an array in reading order. Numbers are exact where Excel's are binary; both show the same 15 digits.
"""

from __future__ import annotations

import operator
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from decimal import Decimal
from functools import reduce
from typing import Any

from xlperf.amounts import ZERO, round_half_up
from xlperf.package.dates import day_of
from xlperf.package.patch import Fault
from xlperf.package.xmltext import MAX_TEXT
from xlperf.text import expression

_ONE = Decimal(1)
_DATE_FORMAT = expression(r"(?:(?:yyyy|mm?|dd?)[^a-zA-Z0-9#?@%]?)+")
_DATE_PART = expression("yyyy|mm?|dd?")
_NUMBER = expression(r"\s*[+-]?(?:\d++(?:\.\d*+)?|\.\d++)(?:[eE][+-]?\d{1,3})?\s*", re.ASCII)


class NotComputed(Exception):
    """There is something in a formula that is not known here, or it would take too long."""


Scalar = Decimal | str | bool | None | Fault
Value = Scalar | list[Any]


class Table(list[Any]):
    """An array that is written out, row by row."""

    def __init__(self, rows: Sequence[Sequence[Scalar]]) -> None:
        super().__init__(value for row in rows for value in row)
        self.width = len(rows[0])
        self._places: dict[int, dict[object, int]] = {}

    def place(self, wanted: Scalar, step: int) -> int:
        """Of the first value, looking at every so many, that is the wanted one; * and ? in a text stand for others."""
        if isinstance(wanted, str) and not set(wanted).isdisjoint("*?~"):
            places = (
                at for at in range(0, len(self), step) if isinstance(self[at], str) and _is_like(self[at], wanted)
            )
            found = next(places, None)
        else:
            if step not in self._places:
                self._places[step] = {_rank(self[at], None): at for at in reversed(range(0, len(self), step))}
            found = self._places[step].get(_rank(wanted, None))
        if found is None:
            raise Fault("#N/A")
        return found


def by_element(function: Callable[..., Scalar], *arguments: Value) -> Value:
    """Of single values one; of lists a list, in which a fault stays where it arose."""
    sizes = {len(each) for each in arguments if isinstance(each, list)}
    if not sizes:
        return function(*arguments)
    if len(sizes) > 1:
        raise NotComputed
    columns = [each if isinstance(each, list) else [each] * max(sizes) for each in arguments]
    with suppress(Fault, ArithmeticError):
        return list(map(function, *columns))
    return [tried(function, *row) for row in zip(*columns, strict=True)]


def tried(function: Callable[..., Any], *arguments: Any) -> Any:
    """What it gives, a fault included."""
    try:
        return function(*arguments)
    except Fault as fault:
        return fault.with_traceback(None)  # which holds all that was being computed, and so the whole workbook
    except ArithmeticError:
        return Fault("#NUM!")


# What a value is taken for


def _sound(value: Value) -> Any:
    """Not a fault; nor a list, which none of our formulas has where one value belongs."""
    if isinstance(value, Fault | list):
        raise value if isinstance(value, Fault) else NotComputed
    return value


def number(value: Value) -> Decimal:
    if type(value) is Decimal:
        return value
    if type(value) is bool:
        return _ONE if value else ZERO
    if isinstance(value, str):
        if not _NUMBER.fullmatch(value):
            raise Fault("#VALUE!")
        return Decimal(value.strip())
    _sound(value)
    return ZERO


def text(value: Value) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, Decimal):
        short = value.normalize()
        return format(short, "f") if -10 < short.adjusted() < 21 else f"{short:E}"
    if isinstance(value, bool):
        return str(value).upper()
    return _sound(value) or ""


def truth(value: Value) -> bool:
    if type(value) is bool:
        return value
    if isinstance(value, str):
        raise Fault("#VALUE!")
    return bool(_sound(value))


def _cells(arguments: Sequence[Value]) -> Sequence[Scalar]:
    if len(arguments) == 1 and isinstance(arguments[0], list):
        return arguments[0]
    return [cell for value in arguments for cell in (value if isinstance(value, list) else (value,))]


def _numbers(arguments: Sequence[Value]) -> list[Decimal]:
    """The numbers among cells: texts and empty cells count for nothing."""
    found = [value for value in _cells(arguments) if isinstance(value, Decimal | Fault)]
    return [_sound(value) for value in found]


# Signs


def _rank(value: Scalar, other: Scalar) -> tuple[int, Any]:
    """As it is compared: numbers before texts before FALSE; an empty cell is 0, "" or FALSE, like the other side."""
    if value is None:
        value = "" if isinstance(other, str) else False if isinstance(other, bool) else ZERO
    if isinstance(value, str):
        return 1, value.lower()
    return (2 if isinstance(value, bool) else 0), _sound(value)


def _comparison(compare: Callable[[Any, Any], bool]) -> Callable[[Scalar, Scalar], bool]:
    def compared(left: Scalar, right: Scalar) -> bool:
        if type(left) is type(right) is Decimal:
            return compare(left, right)
        if type(left) is type(right) is str:
            return compare(left.lower(), right.lower())
        return compare(_rank(left, right), _rank(right, left))

    return compared


def _sum(left: Scalar, right: Scalar) -> Decimal:
    return left + right if type(left) is type(right) is Decimal else number(left) + number(right)


def _quotient(left: Scalar, right: Scalar) -> Decimal:
    above, below = number(left), number(right)
    if not below:
        raise Fault("#DIV/0!")
    return above / below


def _joined(left: Scalar, right: Scalar) -> str:
    whole = text(left) + text(right)
    if len(whole) > MAX_TEXT:
        raise Fault("#VALUE!")
    return whole


def times(left: Scalar, right: Scalar) -> Decimal:
    return left * right if type(left) is type(right) is Decimal else number(left) * number(right)


SIGNS: dict[str, tuple[int, Callable[..., Scalar]]] = {
    "=": (1, _comparison(operator.eq)),
    "<>": (1, _comparison(operator.ne)),
    "<": (1, _comparison(operator.lt)),
    "<=": (1, _comparison(operator.le)),
    ">": (1, _comparison(operator.gt)),
    ">=": (1, _comparison(operator.ge)),
    "&": (2, _joined),
    "+": (3, _sum),
    "-": (3, lambda left, right: number(left) - number(right)),
    "*": (4, times),
    "/": (4, _quotient),
    "^": (5, lambda left, right: number(left) ** number(right)),
}
"""Each with its rank: a higher one binds closer."""


# Functions


def _count(*arguments: Value) -> Decimal:
    return Decimal(len([value for value in _cells(arguments) if type(value) is Decimal]))


def _countif(cells: Value, wanted: Value) -> Decimal:
    if not isinstance(wanted, str) or not wanted or set(wanted) & set("<>=*?~"):
        raise NotComputed
    return Decimal(sum(value == wanted for value in _cells([cells])))


def _sumproduct(*arguments: Value) -> Decimal:
    """Whatever is no number counts as 0, TRUE too."""
    columns = [each if isinstance(each, list) else [each] for each in arguments]
    if len(set(map(len, columns))) > 1:
        raise Fault("#VALUE!")
    figures = [[each if type(each) is Decimal else _nothing(each) for each in column] for column in columns]
    return sum(reduce(lambda product, column: list(map(operator.mul, product, column)), figures), ZERO)


def _nothing(value: Scalar) -> Decimal:
    _sound(value)
    return ZERO


def _all_true(judge: Callable[[Iterable[bool]], bool]) -> Callable[..., bool]:
    def judged(*arguments: Value) -> bool:
        """Every argument is looked at: a fault in any is the answer."""
        found = [truth(value) for value in _cells(arguments) if value is not None and not isinstance(value, str)]
        if not found:
            raise Fault("#VALUE!")
        return judge(found)

    return judged


def _char(code: Scalar) -> str:
    if not 0 < number(code) < 128:
        raise NotComputed
    return chr(int(number(code)))


def _find(wanted: Scalar, within: Scalar) -> Decimal:
    if (at := text(within).find(text(wanted))) < 0:
        raise Fault("#VALUE!")
    return Decimal(at + 1)


def _is_like(whole: str, pattern: str) -> bool:
    """* stands for any text, ? for one character, ~ before them for themselves."""
    reached = {0}  # how much of the text the pattern so far may be
    for sign in re.findall(r"~[*?~]|.", pattern.lower(), re.DOTALL):
        if sign == "*":
            reached = set(range(min(reached, default=len(whole) + 1), len(whole) + 1))
        else:
            reached = {
                at + 1 for at in reached if at < len(whole) and sign in ("?", "~" + whole[at], whole[at].lower())
            }
    return len(whole) in reached


def _match(wanted: Value, table: Value, kind: Value) -> Value:
    if kind != 0 or not isinstance(table, Table):
        raise NotComputed
    return by_element(lambda each: Decimal(table.place(each, 1) + 1), wanted)


def _vlookup(wanted: Value, table: Value, column: Value, kind: Value) -> Value:
    if kind is not False or not isinstance(table, Table) or not 0 < number(column) <= table.width:
        raise NotComputed
    beside = int(number(column)) - 1
    return by_element(lambda each: table[table.place(each, table.width) + beside], wanted)


def _lookup(wanted: Value, among: Value, results: Value) -> Value:
    """Beside the last number that is not above the wanted one; what is no number is passed over."""
    if not (isinstance(among, list) and isinstance(results, list) and len(among) == len(results)):
        raise NotComputed
    known = [(value, at) for at, value in enumerate(among) if isinstance(value, Decimal)]
    steps = [value for value, _ in known]

    def found(each: Scalar) -> Scalar:
        below = bisect_right(steps, number(each))
        if not below:
            raise Fault("#N/A")
        result: Scalar = _sound(results[known[below - 1][1]])
        return result

    return by_element(found, wanted)


def _substitute(whole: Scalar, old: Scalar, new: Scalar) -> str:
    return text(whole).replace(text(old), text(new)) if text(old) else text(whole)


WHOLE: dict[str, Callable[..., Value]] = {
    "AND": _all_true(all),
    "COUNT": _count,
    "COUNTIF": _countif,
    "LOOKUP": _lookup,
    "MATCH": _match,
    "MAX": lambda *arguments: max(_numbers(arguments), default=ZERO),
    "MIN": lambda *arguments: min(_numbers(arguments), default=ZERO),
    "OR": _all_true(any),
    "SUM": lambda *arguments: sum(_numbers(arguments), ZERO),
    "SUMPRODUCT": _sumproduct,
    "VLOOKUP": _vlookup,
}
"""Functions that take lists as lists."""


def _dated(value: Scalar, form: Scalar) -> str:
    """A day counted from 1900 in a format such as yyyy年m月d日; a text as it is."""
    if isinstance(value, str):
        return value
    if not _DATE_FORMAT.fullmatch(text(form)) or (day := day_of(number(value), False)) is None:
        raise NotComputed
    parts = {"y": f"{day.year:04}", "m": str(day.month), "d": str(day.day)}
    return _DATE_PART.sub(lambda part: parts[part[0][0]].zfill(len(part[0])), text(form))


SINGLE: dict[str, Callable[..., Scalar]] = {
    "ABS": lambda value: abs(number(value)),
    "CHAR": _char,
    "FIND": _find,
    "ISNA": lambda value: isinstance(value, Fault) and value.code == "#N/A",
    "ISNUMBER": lambda value: isinstance(value, Decimal),
    "ISTEXT": lambda value: isinstance(value, str),
    "LEFT": lambda whole, count: text(whole)[: int(number(count))],
    "LEN": lambda value: Decimal(len(text(value))),
    "NOT": lambda value: not truth(value),
    "ROUND": lambda value, places: round_half_up(number(value), int(number(places))),
    "SIGN": lambda value: Decimal((number(value) > 0) - (number(value) < 0)),
    "SUBSTITUTE": _substitute,
    "TEXT": _dated,
}
"""Functions of single values; of a list they give a list."""

LOOKING_UP = frozenset({"LOOKUP", "MATCH", "VLOOKUP"})
"""Functions that give a list where their first argument is one."""

TOLERANT = frozenset({"COUNT", "COUNTIF", "ISNA", "ISNUMBER", "ISTEXT"})
"""Functions that take faults as they take other values."""
