"""The PERF_* functions as classic xlwings registers them in Excel for Windows: UDF Modules = xlperf.udf.excel.

Generated from the registry, one exported function for each entry. Excel hands in ranges; error values in them come as
`ErrorValue`s to the functions, but classic xlwings has no way to return one: the cell shows the text `#DIV/0!`, which
ISERROR does not take for an error. On macOS and Linux the decorators do nothing.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import xlwings as xw

from xlperf.udf.registry import CATEGORY, FUNCTIONS, Argument, Function
from xlperf.udf.values import ErrorValue, in_use


def _exported(entry: Function) -> Callable[..., Any]:
    """What xlwings sees: a function with the entry's name, parameters and help; never type hints."""

    def call(*arguments):  # type: ignore[no-untyped-def]
        return _outward(entry.function(*map(_inward, arguments)))

    call.__name__ = call.__qualname__ = entry.name
    call.__doc__ = entry.help
    call.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [_parameter(argument) for argument in entry.arguments]
    )
    exported: Callable[..., Any] = xw.func(category=CATEGORY)(call)
    for argument in entry.arguments:
        # A blank cell comes as "": only an argument that is left out is None.
        options = {"ndim": 2, "err_to_str": True, "empty": "", "doc": f"{argument.label}：{argument.help}"[:254]}
        exported = xw.arg(argument.name, **options)(exported)
    return exported


def _parameter(argument: Argument) -> inspect.Parameter:
    default = None if argument.optional else inspect.Parameter.empty
    return inspect.Parameter(argument.name, inspect.Parameter.POSITIONAL_OR_KEYWORD, default=default)


def _inward(argument: Any) -> Any:
    return argument if argument is None else [[_cell(cell) for cell in row] for row in in_use(argument)]


def _cell(cell: Any) -> Any:
    if isinstance(cell, str):
        return ErrorValue.of_text(cell) or cell if cell.startswith("#") else cell
    if isinstance(cell, int) and cell < 0:  # an error that xlwings does not know by name; a figure is a float
        return ErrorValue.of_number(cell) or cell
    return cell


def _outward(result: Any) -> Any:
    if isinstance(result, list):
        return [[_outward(value) for value in row] for row in result]
    return result.value if isinstance(result, ErrorValue) else result


__all__ = [entry.name for entry in FUNCTIONS]
globals().update({entry.name: _exported(entry) for entry in FUNCTIONS})
