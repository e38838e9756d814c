"""The add-in as LibreOffice loads it: this file lies at the top of the extension, the package under `pythonpath`."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any

import uno
import unohelper
from com.sun.star.lang import XServiceInfo

from xlperf.udf.calc_extension import IMPLEMENTATION, INTERFACE, SERVICE, method_names, result_kind
from xlperf.udf.calc_types import TABLE
from xlperf.udf.registry import FUNCTIONS, Function
from xlperf.udf.values import ErrorValue, Result

# Calc's own numbers of errors.
_CODES = {
    ErrorValue.NULL: 521,
    ErrorValue.DIV0: 532,
    ErrorValue.VALUE: 519,
    ErrorValue.REF: 524,
    ErrorValue.NAME: 525,
    ErrorValue.NUM: 503,
    ErrorValue.NA: 0x7FFF,
}
_ERRORS = {code: error for error, code in _CODES.items()} | {502: ErrorValue.NUM}  # 502: SQRT(-1)


def _error(error: ErrorValue) -> float:
    """An error value as Calc keeps it: its number in the payload of a NaN."""
    bits = 0x7FF8 << 48 | _CODES.get(error, _CODES[ErrorValue.VALUE])
    (value,) = struct.unpack("<d", struct.pack("<Q", bits))
    return float(value)


def _inward(argument: Any) -> Any:
    """A value, a table of values, or cells, of which Calc shows the data with errors left out."""
    if argument is None or isinstance(argument, str | tuple):
        return argument
    if isinstance(argument, float):
        return argument or ""  # a blank cell comes as 0
    return [
        [_failed(argument.getCellByPosition(x, y)) if cell is None else cell for x, cell in enumerate(row)]
        for y, row in enumerate(argument.getDataArray())
    ]


def _failed(cell: Any) -> ErrorValue:
    return _ERRORS.get(cell.getError(), ErrorValue.VALUE)


def _outward(result: Result) -> Any:
    if isinstance(result, list):
        return tuple(tuple(map(_outward, row)) for row in result)
    return _error(result) if isinstance(result, ErrorValue) else result


def _method(function: Function) -> Callable[..., Any]:
    def call(self: Any, *arguments: Any) -> Any:
        result = function.function(*map(_inward, arguments))
        if result_kind(function) == TABLE and not isinstance(result, list):
            result = [[result]]
        return _outward(result)

    return call


class AddIn(unohelper.Base, XServiceInfo, uno.getClass(INTERFACE)):  # type: ignore[misc]
    """The functions; what the function wizard shows of them stands in CalcAddIns.xcu."""

    def __init__(self, context: Any) -> None:
        pass

    def getImplementationName(self) -> str:
        return IMPLEMENTATION

    def supportsService(self, name: str) -> bool:
        return name == SERVICE

    def getSupportedServiceNames(self) -> tuple[str, ...]:
        return (SERVICE,)


for _function in FUNCTIONS:
    for _name in method_names(_function).values():
        setattr(AddIn, _name, _method(_function))

g_ImplementationHelper = unohelper.ImplementationHelper()
g_ImplementationHelper.addImplementation(AddIn, IMPLEMENTATION, (SERVICE,))
