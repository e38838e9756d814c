"""The add-in as LibreOffice loads it: this file lies at the top of the extension, the package under `pythonpath`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import uno
import unohelper
from com.sun.star.lang import XServiceInfo

from xlperf.udf.calc_extension import IMPLEMENTATION, INTERFACE, SERVICE, method_name, result_kind
from xlperf.udf.calc_types import TABLE
from xlperf.udf.calc_values import error_number, inward
from xlperf.udf.registry import FUNCTIONS, Function
from xlperf.udf.values import ErrorValue, Result


def _outward(result: Result) -> Any:
    if isinstance(result, list):
        return tuple(tuple(map(_outward, row)) for row in result)
    return error_number(result) if isinstance(result, ErrorValue) else result


def _method(function: Function) -> Callable[..., Any]:
    def call(self: Any, *arguments: Any) -> Any:
        result = function.function(*map(inward, arguments))
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
    setattr(AddIn, method_name(_function), _method(_function))

g_ImplementationHelper = unohelper.ImplementationHelper()
g_ImplementationHelper.addImplementation(AddIn, IMPLEMENTATION, (SERVICE,))
