"""The PERF_* functions, one definition for every host: Excel, xlwings Lite, LibreOffice Calc."""

from __future__ import annotations

from xlperf.udf.registry import FUNCTIONS, Argument, Case, Function
from xlperf.udf.values import ErrorValue

__all__ = ["FUNCTIONS", "Argument", "Case", "ErrorValue", "Function"]
