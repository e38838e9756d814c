"""What xlwings Lite lists as scripts: `from xlperf.udf.scripts import *` in its main.py.

Lite reads nothing but on demand (`BookAsync`, awaited), and injects the workbook. Kept apart from the functions for
cells: classic xlwings would make Subs of these when it imports a module's functions.
"""

# No `from __future__ import annotations`: Lite finds the workbook parameter by its annotation.
from collections.abc import Awaitable

import xlwings as xw

from xlperf.hosts.commands import help_text
from xlperf.hosts.excel import live, walking

__all__ = ["check_book", "clear_book", "fill_book", "freeze_book", "help_book", "next_book", "previous_book"]


@xw.script
async def fill_book(book: xw.BookAsync) -> None:
    """填充：算出并填入计算项。"""
    await _run(live.filling, book)


@xw.script
async def check_book(book: xw.BookAsync) -> None:
    """审核：逐格核对，把结果标在表里。"""
    await _run(live.checking, book)


@xw.script
async def next_book(book: xw.BookAsync) -> None:
    """下一处：到审核结果的下一处。"""
    await _walk(book, back=False)


@xw.script
async def previous_book(book: xw.BookAsync) -> None:
    """上一处：到审核结果的上一处。"""
    await _walk(book, back=True)


@xw.script
async def clear_book(book: xw.BookAsync) -> None:
    """清除：去掉审核留下的标记。"""
    await _run(live.clearing, book)


@xw.script
async def freeze_book(book: xw.BookAsync) -> None:
    """冻结：把公式固定为数值。"""
    await _run(live.freezing, book)


@xw.script
async def help_book(book: xw.BookAsync) -> None:
    """帮助：说明每个命令做什么。"""
    book.app.alert(help_text(is_lite=True), live.TITLE, mode="info")


async def _run(work: live.Work, book: xw.Book) -> None:
    await _tell(book, live.run(work, book, lite=True))


async def _walk(book: xw.Book, *, back: bool) -> None:
    await _tell(book, walking.walk(book, back=back, lite=True))


async def _tell(book: xw.Book, work: Awaitable[str]) -> None:
    try:
        message = await work
    except Exception as error:  # Lite would show a traceback
        book.app.alert(live.told(error), live.TITLE, mode="critical")
    else:
        book.app.alert(message, live.TITLE, mode="info")
