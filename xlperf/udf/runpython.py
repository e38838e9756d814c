"""What buttons run on the workbook that the button is in, in Excel for Windows and macOS.

Two ways lead here. Import Functions of the xlwings add-in makes a macro of each script, by the script's name: with
UDF Modules = xlperf.udf.excel;xlperf.udf.runpython the buttons of a new .xlsm find theirs. Or in VBA, and with another
variant: `RunPython "from xlperf.udf import runpython; runpython.run('check', 'hunan-ratio')"`.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path

import xlwings as xw

from xlperf.errors import XlperfError
from xlperf.form.template import INDICATORS, PROJECTS
from xlperf.hosts.commands import COMMANDS, help_text
from xlperf.hosts.excel import files, live
from xlperf.hosts.excel.platforms import chosen_file
from xlperf.hosts.taking_in import REPORTS, SOURCES

_WORKS: Mapping[str, Callable[[xw.Book, str | None], str]] = {
    "fill": live.fill,
    "check": live.check,
    "next": lambda book, _variant: live.walk(book),
    "previous": lambda book, _variant: live.walk(book, back=True),
    "clear": lambda book, _variant: live.clear(book),
    "freeze": live.freeze,
    "hand_in": live.hand_in,
    "add_indicator": lambda book, _variant: files.add_row(book, INDICATORS),
    "add_project": lambda book, _variant: files.add_row(book, PROJECTS),
    "drop_placeholders": lambda book, _variant: files.drop_placeholders(book),
    "report": files.report,
    "next_year": lambda book, _variant: files.next_year(book),
    "help": lambda _book, _variant: help_text(),
}
_WITH_FILE: Mapping[str, tuple[Callable[[xw.Book, Path, str | None], str], tuple[str, ...]]] = {
    "import": (lambda book, file, _variant: files.take_in(book, file), SOURCES),
    "compare": (files.compare, REPORTS),
}
_WALKS = {each.name for each in COMMANDS if each.walks}  # the status bar speaks
_QUESTIONS = {each.name: each.question for each in COMMANDS if each.question}
_TITLES = {each.name: each.asks_file for each in COMMANDS}


def _script(function: Callable[[], None]) -> Callable[[], None]:
    """Known to xlwings, which takes type hints for converters of values and has none for None."""
    function.__annotations__.clear()
    script: Callable[[], None] = xw.script(function)
    return script


@_script
def fill_book() -> None:
    """填充：算出并填入计算项。"""
    run("fill")


@_script
def check_book() -> None:
    """审核：逐格核对，把结果标在表里。"""
    run("check")


@_script
def next_book() -> None:
    """下一处：到审核结果的下一处，状态栏里说哪里不对、怎样处理。"""
    run("next")


@_script
def previous_book() -> None:
    """上一处：到审核结果的上一处。"""
    run("previous")


@_script
def clear_book() -> None:
    """清除：去掉审核留下的标记。"""
    run("clear")


@_script
def freeze_book() -> None:
    """冻结：把公式固定为数值。"""
    run("freeze")


@_script
def hand_in_book() -> None:
    """上报本：另存一份可以直接交的，这份工作簿不动。"""
    run("hand_in")


@_script
def add_indicator_book() -> None:
    """增加指标行：在光标所在的指标下面增加一行。"""
    run("add_indicator")


@_script
def add_project_book() -> None:
    """增加专项行：在光标所在的专项下面增加一行。"""
    run("add_project")


@_script
def drop_placeholders_book() -> None:
    """删除占位行：删去只有“……”或全空的行。"""
    run("drop_placeholders")


@_script
def report_book() -> None:
    """生成报告：在旁边写出自评报告（.docx）。"""
    run("report")


@_script
def next_year_book() -> None:
    """下一年：在旁边新建下一年的工作簿。"""
    run("next_year")


@_script
def import_book() -> None:
    """导入：选一份已有的表或报告，导入成新的工作簿。"""
    run("import")


@_script
def compare_book() -> None:
    """对照报告：选一份自评报告，与这份工作簿逐句核对。"""
    run("compare")


@_script
def help_book() -> None:
    """帮助：说明每个命令做什么。"""
    run("help")


def run(work: str, variant: str | None = None) -> None:
    """Do a `work` (fill, check, clear: the names of `hosts.commands`) on the workbook that calls.

    A window says how it went, and asks before what cannot be had back is taken away. `variant`: the convention, or the
    form's own. Raises nothing: nobody is to see a traceback who cannot read one.
    """
    book = xw.Book.caller()
    answer = "yes"
    if work in _QUESTIONS:
        answer = book.app.alert(_QUESTIONS[work], live.TITLE, buttons="yes_no_cancel", mode="info") or "yes"
    if answer == "cancel":
        return
    try:
        if work in _WITH_FILE:
            do, suffixes = _WITH_FILE[work]
            file = chosen_file(book.app, _TITLES[work], suffixes)
            if file is None:
                return
            message = do(book, file, variant)
        else:
            message = live.clear(book, explanations=True) if answer == "no" else _WORKS[work](book, variant)
    except Exception as error:
        if not isinstance(error, XlperfError):
            traceback.print_exc(file=sys.stderr)  # for whoever is asked for help
        book.app.alert(live.told(error), live.TITLE, mode="critical")
        return
    if work not in _WALKS:
        book.app.alert(message, live.TITLE, mode="info")
