"""What buttons run through xlwings' RunPython, on the workbook that the button is in.

In VBA: `RunPython "from xlperf.udf import runpython; runpython.check_book()"`.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable

import xlwings as xw

from xlperf.errors import XlperfError
from xlperf.hosts import live


def fill_book(variant: str | None = None) -> None:
    """填充：算出并填入计算项。"""
    _run(lambda book: live.fill(book, variant))


def check_book(variant: str | None = None) -> None:
    """审核：逐格核对，把结果标在表里。"""
    _run(lambda book: live.check(book, variant))


def clear_book() -> None:
    """清除：去掉审核留下的标记。"""
    _run(live.clear)


def freeze_book(variant: str | None = None) -> None:
    """冻结：把公式固定为数值。"""
    _run(lambda book: live.freeze(book, variant))


def _run(work: Callable[[xw.Book], str]) -> None:
    """Do it and say how it went; nobody is to see a traceback who cannot read one."""
    book = xw.Book.caller()
    try:
        message = work(book)
    except Exception as error:
        if not isinstance(error, XlperfError):
            traceback.print_exc(file=sys.stderr)  # for whoever is asked for help
        book.app.alert(live.told(error), live.TITLE, mode="critical")
    else:
        book.app.alert(message, live.TITLE, mode="info")
