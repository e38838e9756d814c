"""Any failure as one sentence that says what to do."""

from __future__ import annotations

import errno
import os
import sys
from typing import TYPE_CHECKING

from xlperf.cli import STOPPED
from xlperf.cli.output import say, say_all
from xlperf.errors import TemplateError, XlperfError

if TYPE_CHECKING:
    from click import ClickException

DEBUG = "XLPERF_DEBUG"
_TOLD = 300


def explain(failure: BaseException | str) -> None:
    """Say it on stderr; the traceback of a fault of ours only where somebody asked for it."""
    sentence = failure if isinstance(failure, str) else sentence_of(failure)
    # Mistakes in the TOML of a form stand one in a line; of any other failure a line break is but a sign in a name.
    say_all(sentence.split("\n") if isinstance(failure, TemplateError) else [sentence], err=True)
    if os.environ.get(DEBUG) and isinstance(failure, BaseException):
        import traceback

        for part in traceback.format_exception(failure):
            for line in part.splitlines():
                say(line, err=True)


def sentence_of(error: BaseException) -> str:
    """What went wrong and what to do, in words for the person at the keyboard."""
    if isinstance(error, XlperfError):
        return f"无法完成：{error}"
    if "click" in sys.modules:  # not so where it could not be imported
        import click

        if isinstance(error, click.ClickException):
            return f"用法有误：{_usage(error)}"
        if isinstance(error, click.Abort) and error.__cause__ is not None:
            error = error.__cause__
    if isinstance(error, KeyboardInterrupt):
        return STOPPED
    if isinstance(error, MemoryError):
        return "无法完成：内存不够。请关闭其他程序再试，或检查文件是否大得不正常。"
    if isinstance(error, ImportError):
        return f"无法完成：xlperf 没有装完整（{_told(error)}）。请运行 pip install --force-reinstall xlperf。"
    if isinstance(error, OSError):
        return f"无法完成：{_of_system(error)}"
    return (
        f"无法完成：xlperf 内部出错（{type(error).__name__}：{_told(error)}）。这不是操作的问题，请把命令和这行字告诉"
        f"维护者；设环境变量 {DEBUG}=1 再运行一次，会列出供查错的细节。"
    )


def _of_system(error: OSError) -> str:
    reason = error.strerror or _told(error)
    if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)):
        return "磁盘已满。请腾出空间后再试。"
    if error.filename is None:
        return f"读写时出错（{reason}）。请检查磁盘或网络后再试。"
    name = os.fsdecode(error.filename) if isinstance(error.filename, str | bytes) else str(error.filename)
    return f"{name}：读写时出错（{reason}）。请检查文件和权限后再试。"


def _told(error: BaseException) -> str:
    text = str(error)
    return text if len(text) <= _TOLD else f"{text[:_TOLD]}…"


def _usage(error: ClickException) -> str:
    import click

    if isinstance(error, click.NoSuchOption):
        return f"没有选项 {error.option_name}。用 --help 查看可用的选项。"
    if isinstance(error, click.MissingParameter):
        name = error.param.human_readable_name if error.param else ""
        return f"缺少参数 {name}。用 --help 查看用法。"
    if isinstance(error, click.BadParameter) and error.param is not None:
        return f"参数 {error.param.human_readable_name} 的值不对：{error.message}"
    return f"{error.format_message()} 用 --help 查看用法。"
