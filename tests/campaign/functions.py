"""Random arguments to every PERF_ function, handed in as each host hands them in: a value or an error value."""

from __future__ import annotations

import importlib
import math
import random
import sys
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from types import ModuleType, SimpleNamespace
from typing import Any
from unittest import mock

from tests.campaign.running import Case, Job, Tried, attempt
from tests.campaign.texts import FIGURES, odd_text
from xlperf.udf import excel
from xlperf.udf.calc_extension import method_name
from xlperf.udf.registry import FUNCTIONS, Function
from xlperf.udf.values import ErrorValue

_LONGEST = 32_767  # characters that a cell holds
_FLOATS = (
    0.0, -0.0, 1.0, 0.5, 98.0, 100.0, 100.01, -5.0, 0.1 + 0.2, 1e-300, 5e-324, 1e15, 1e16, 1.7976931348623157e308,
    -1e308,
    45291.0, 2147483648.0, 1 / 3,
)  # fmt: skip
_BEYOND: tuple[Any, ...] = (
    math.nan, math.inf, -math.inf, 10**400, -(10**20), Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity"),
    Decimal("1E+999999"), Decimal("1e-999999"), b"5", 5j, {}, {1: 2}, object(), date(1, 1, 1), float, range(3),
)  # fmt: skip
_TEXTS = (
    "≥98%",
    "≤5",
    "98%以上",
    "不少于2次",
    "2023年12月前",
    "2023年11月",
    "98%",
    "按时完成",
    "——",
    "……",
    "",
    " ",
    "hunan-ratio",
    "nowhere",
)
_CODES = (-2146826281, -2146826246, -2146826288, -1, -2146826265)  # errors as COM has them, known and not
_SIZES = (1, 1, 1, 2, 2, 3, 4, 4, 5, 30)


def run(job: Job, index: int) -> Case:
    """One call, of a function and by a host that the dice choose."""
    chance = job.chance(index)
    function = chance.choice(FUNCTIONS)
    call, arguments = chance.choice((_as_it_is, _from_excel, _from_calc))(function, chance)
    return Case(index, (_call(function, call, arguments),))


def _call(function: Function, call: Callable[..., Any], arguments: Sequence[Any]) -> Tried:
    def work() -> tuple[str, str]:
        result = call(*arguments)
        failure = _wrong(result) or ("" if repr(call(*arguments)) == repr(result) else "another value the second time")
        is_error = isinstance(result, ErrorValue) or (isinstance(result, str) and result.startswith("#"))
        return ("error value" if is_error or result != result else "value"), failure

    tried = attempt(function.name, work)
    return tried._replace(failure=f"{tried.failure} of {repr(arguments)[:1000]}") if tried.failure else tried


def _wrong(result: Any) -> str:
    """What a host could not show in cells."""
    if not isinstance(result, list | tuple):
        return _wrong_cell(result)
    if not result or len({len(row) if isinstance(row, list | tuple) else -1 for row in result}) != 1 or not result[0]:
        return f"no rectangle: {result!r:.300}"
    return next((wrong for row in result for value in row if (wrong := _wrong_cell(value))), "")


def _wrong_cell(value: Any) -> str:
    if isinstance(value, ErrorValue):
        return ""
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError:
            return "half a character"
        return f"{len(value)} characters" if len(value) > _LONGEST else ""
    return "" if type(value) is float and not math.isinf(value) else f"no value of a cell: {value!r:.300}"


# As Python hands them in: Lite and whoever calls them; of any type and shape


def _as_it_is(function: Function, chance: random.Random) -> tuple[Callable[..., Any], list[Any]]:
    return function.function, [_anything(chance) for _ in range(_count(function, chance))]


def _count(function: Function, chance: random.Random) -> int:
    fewest = sum(not argument.optional for argument in function.arguments)
    return chance.randint(fewest, len(function.arguments))


def _anything(chance: random.Random, deep: int = 0) -> Any:
    match chance.randrange(10):
        case 0 | 1:
            return _cell(chance)
        case 2:
            return chance.choice(_BEYOND)
        case 3:
            return chance.choice(
                (
                    (),
                    [],
                    [[]],
                    [[], []],
                    ((),),
                    [None],
                    [[[]]],
                    [[1.0], 2.0],
                    [1.0, [2.0]],
                    ["abc", [1.0]],
                    [[1.0], "ab"],
                )
            )
        case 4 if deep < 3:
            return [_anything(chance, deep + 1) for _ in range(chance.choice(_SIZES[:-1]))]
        case 5:  # ragged
            return [
                [_cell(chance) for _ in range(chance.choice(_SIZES[:-1]))] for _ in range(chance.choice(_SIZES[:-1]))
            ]
        case _:
            rows = _range(chance)
            return tuple(map(tuple, rows)) if chance.random() < 0.3 else rows


def _range(chance: random.Random, cell: Callable[[random.Random], Any] | None = None) -> list[list[Any]]:
    width, height = chance.choice(_SIZES[:-1]), chance.choice(_SIZES)
    return [[(cell or _cell)(chance) for _ in range(width)] for _ in range(height)]


def _cell(chance: random.Random) -> Any:
    match chance.randrange(9):
        case 0:
            return chance.choice((None, ""))
        case 1:
            return chance.choice((True, False, 5, 0, -1, Decimal("5.00"), 10**17))
        case 2:
            return chance.choice((date(2023, 12, 31), datetime(2023, 12, 31, 10, 30), *ErrorValue))
        case 3:
            return chance.choice(FIGURES)
        case 4:
            return odd_text(chance)
        case 5:
            return chance.choice(_BEYOND) if chance.random() < 0.1 else chance.choice(_TEXTS)
        case 6:
            return chance.choice(_TEXTS)
        case _:
            return chance.choice(_FLOATS)


# As classic xlwings hands them in: rows of rows, errors as their texts or numbers; None where one is left out


def _from_excel(function: Function, chance: random.Random) -> tuple[Callable[..., Any], list[Any]]:
    call: Callable[..., Any] = getattr(excel, function.name)
    return call, [_range(chance, _excel_cell) for _ in range(_count(function, chance))]


def _excel_cell(chance: random.Random) -> Any:
    match chance.randrange(6):
        case 0:
            return chance.choice(("", True, False, datetime(2023, 12, 31), datetime(1900, 1, 1)))
        case 1:
            return chance.choice((*_CODES, *(error.value for error in ErrorValue), "#", "#怪!"))
        case 2:
            return odd_text(chance)
        case 3 | 4:
            return chance.choice((*FIGURES, *_TEXTS))
        case _:
            return chance.choice(_FLOATS)


# As LibreOffice hands them in: numbers, texts, tables, or cells


class _CellOfCalc:
    def __init__(self, code: int, shown: str) -> None:
        self.code, self.shown = code, shown

    def getError(self) -> int:
        return self.code

    def getString(self) -> str:
        return self.shown


class _Cells:
    """What of a range the add-in asks for."""

    def __init__(self, rows: Sequence[Sequence[Any]], code: int) -> None:
        self.rows, self.code = rows, code

    def getRangeAddress(self) -> Any:
        return SimpleNamespace(StartColumn=0, StartRow=0, EndRow=len(self.rows) - 1)

    def getSpreadsheet(self) -> Any:
        return self

    def createCursor(self) -> Any:
        return self

    def gotoEndOfUsedArea(self, expands: bool) -> None:
        pass

    def getDataArray(self) -> tuple[tuple[Any, ...], ...]:
        return tuple(map(tuple, self.rows))

    def getCellByPosition(self, x: int, y: int) -> _CellOfCalc:
        value = self.rows[y][x]
        return _CellOfCalc(self.code, f"{value:.0%}" if isinstance(value, float) and 0 < value < 2 else str(value))

    def __repr__(self) -> str:
        return f"_Cells({self.rows!r}, {self.code})"


def _from_calc(function: Function, chance: random.Random) -> tuple[Callable[..., Any], list[Any]]:
    method = method_name(function)
    arguments = [_of_calc(chance) for _ in range(_count(function, chance))]
    arguments += [None] * (len(function.arguments) - len(arguments))
    return getattr(_component().AddIn(None), method), arguments


def _of_calc(chance: random.Random) -> Any:
    match chance.randrange(4):
        case 0:
            return chance.choice((None, *_FLOATS))
        case 1:
            return chance.choice((odd_text(chance), *_TEXTS))
        case 2:
            return tuple(map(tuple, _range(chance, _calc_cell)))
        case _:
            return _Cells(_range(chance, _calc_cell), chance.choice((0, 502, 503, 519, 521, 524, 532, 0x7FFF)))


def _calc_cell(chance: random.Random) -> Any:
    return chance.choice(
        (None, "", chance.choice(_FLOATS), chance.choice(FIGURES), chance.choice(_TEXTS), odd_text(chance))
    )


@cache
def _component() -> ModuleType:
    """The add-in's own module; LibreOffice's, which only its Python has, are stood in for while it is loaded."""
    uno, helper, lang = ModuleType("uno"), mock.MagicMock(), ModuleType("com.sun.star.lang")
    uno.getClass = lambda name: type("Interface", (), {})  # type: ignore[attr-defined]
    helper.Base = type("Base", (), {})
    lang.XServiceInfo = type("XServiceInfo", (), {})  # type: ignore[attr-defined]
    packages = {name: ModuleType(name) for name in ("com", "com.sun", "com.sun.star")}
    with mock.patch.dict(sys.modules, {"uno": uno, "unohelper": helper, "com.sun.star.lang": lang, **packages}):
        return importlib.import_module("xlperf.udf.calc_component")
