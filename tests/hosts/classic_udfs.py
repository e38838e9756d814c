"""A process in which xlwings believes that it runs beside Excel for Windows: prints what it makes of our functions.

The modules of pywin32 are replaced by empty ones; xlwings' decorators, its VBA writer and `call_udf` are the real ones.
Values go in as Excel's COM interface hands them over (a tuple of rows, errors as numbers, None for a blank cell).
"""

from __future__ import annotations

import ctypes
import io
import json
import sys
import types
from typing import Any
from unittest.mock import MagicMock

_STUBS = (
    "pythoncom pywintypes win32api win32com win32com.client win32com.client.dynamic win32com.client.gencache "
    "win32com.server win32com.server.dispatcher win32com.server.exception win32com.server.policy win32com.server.util "
    "win32con win32event win32gui win32process win32timezone win32print winerror"
)
MISSING = -2147352572  # how COM says that an argument was left out


class _Stub(types.ModuleType):
    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        stub = type(name, (Exception,), {}) if "error" in name.lower() else MagicMock(name=name)
        setattr(self, name, stub)
        return stub


def load() -> tuple[Any, Any, Any]:
    """xlwings' own module for UDFs, and our two under its decorators."""
    for name in _STUBS.split():
        sys.modules[name] = _Stub(name)
    ctypes.windll = ctypes.oledll = ctypes.PyDLL = MagicMock()  # type: ignore[attr-defined, misc]
    sys.modules["pythoncom"].__file__ = "pythoncom.dll"
    sys.modules["pywintypes"].TimeType = types.new_class("TimeType")  # type: ignore[attr-defined]
    sys.modules["pywintypes"].IIDType = types.new_class("IIDType")  # type: ignore[attr-defined]
    import xlwings
    from xlwings import _xlwindows

    xlwings._xlwindows = _xlwindows
    xlwings.engines.add(xlwings.Engine(impl=_xlwindows.engine))
    xlwings.engines.active = xlwings.engines["excel"]  # type: ignore[assignment]
    from xlwings import udfs

    xlwings.func, xlwings.arg, xlwings.script = udfs.xlfunc, udfs.xlarg, udfs.xlsub  # type: ignore[assignment]
    _xlwindows.is_range_instance = lambda value: False
    sys.modules["xlwings.com_server"] = _Stub("xlwings.com_server")
    from xlperf.udf import excel, runpython

    return udfs, excel, runpython


def main() -> None:
    """Print the VBA wrapper and the value of every call that comes in as JSON."""
    from xlperf.hosts.commands import COMMANDS

    udfs, excel, runpython = load()

    wrapper = io.StringIO()
    book = types.SimpleNamespace(Name="自评.xlsm")
    for module in (excel, runpython):
        udfs.generate_vba_wrapper(module.__name__, module, wrapper, book)
    told = {
        name: {"args": [arg["doc"] for arg in func.__xlfunc__["args"]], "doc": func.__xlfunc__["ret"]["doc"]}
        for name, func in vars(excel).items()
        if hasattr(func, "__xlfunc__")
    }
    calls = json.load(sys.stdin)
    values = [udfs.call_udf("xlperf.udf.excel", name, tuple(_com(each) for each in args)) for name, args in calls]
    runs: list[str] = []
    runpython.run = runs.append
    for name in (each.macro for each in COMMANDS):
        udfs.call_udf("xlperf.udf.runpython", name, (), caller=f"button {name}")  # a button calls by its shape's name
    json.dump({"vba": wrapper.getvalue(), "told": told, "values": values, "runs": runs}, sys.stdout, ensure_ascii=False)


def _com(argument: Any) -> Any:
    return tuple(tuple(row) for row in argument) if isinstance(argument, list) else argument


if __name__ == "__main__":
    main()
