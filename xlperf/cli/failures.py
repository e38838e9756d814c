"""Any failure as one sentence that says what to do."""

from __future__ import annotations

import errno
import os
import re
import sys
from typing import TYPE_CHECKING

from xlperf.cli import STOPPED
from xlperf.cli.output import say, say_all
from xlperf.errors import TemplateError, XlperfError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from click import ClickException, Parameter

DEBUG = "XLPERF_DEBUG"
# What stands in the place of an argument, for whoever left it out.
ARGUMENTS = {
    "BOOK": "要处理的工作簿，如 自评.xlsx",
    "BOOK...": "要审核的文件，如 自评.xlsx",
    "OUT": "要新建的文件名，如 自评.xlsx",
    "SOURCE...": "要导入的文件，如 报告.docx",
    "PATH...": "要审核的文件夹、压缩包或文件，如 报送/",
    "CODE|NAME": "规则的代码，如 XLP202",
}
_TOLD = 300


def explain(failure: BaseException | str) -> None:
    """Say it on stderr; the traceback of a fault of ours only where somebody asked for it."""
    if _asks_for_help(failure):
        return
    sentence = failure if isinstance(failure, str) else sentence_of(failure)
    # Mistakes in the TOML of a form stand one in a line; of any other failure a line break is but a sign in a name.
    say_all(sentence.split("\n") if isinstance(failure, TemplateError) else [sentence], err=True)
    if os.environ.get(DEBUG) and isinstance(failure, BaseException):
        import traceback

        for part in traceback.format_exception(failure):
            for line in part.splitlines():
                say(line, err=True)


def _asks_for_help(failure: BaseException | str) -> bool:
    """The name of a group of commands alone: say which there are."""
    if "click" not in sys.modules:
        return False
    import click

    if not isinstance(failure, click.exceptions.NoArgsIsHelpError) or failure.ctx is None:
        return False
    say_all(failure.ctx.get_help().splitlines(), err=True)
    return True


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
        return f"没有选项 {error.option_name}。{_meant(error.possibilities)}用 --help 查看可用的选项。"
    if isinstance(error, click.exceptions.NoSuchCommand):
        return f"没有命令 {error.command_name}。{_meant(error.possibilities)}用 xlperf --help 查看全部命令。"
    if isinstance(error, click.MissingParameter):
        return f"缺少{_named(error.param)}。用 --help 查看用法。"
    if isinstance(error, click.BadParameter) and error.param is not None:
        return f"{_named(error.param)}的值不对：{_in_chinese(error.message)}"
    return f"{_in_chinese(error.format_message())}用 --help 查看用法。"


def _meant(possibilities: Sequence[str] | None) -> str:
    return f"是不是 {'、'.join(possibilities)}？" if possibilities else ""


def _named(param: Parameter | None) -> str:
    """What the user did not give, or gave wrongly: an option as it is typed, an argument by what it is."""
    import click

    if isinstance(param, click.Option):
        return f"选项 {max(param.opts, key=len)} "
    name = param.human_readable_name if param else ""
    what = ARGUMENTS.get(name, "")
    return f" {name}（{what}）" if what else f"参数 {name} "


# What Click says in English and where it goes: patterns that its messages match as a whole.
_ENGLISH = (
    (r"Option '?([^' ]+)'? requires an argument\.?", "选项 {0} 后面要写内容。"),
    (r"Option '?([^' ]+)'? requires (\d+) arguments\.?", "选项 {0} 后面要写 {1} 项。"),
    (r"Option '?([^' ]+)'? does not take a value\.?", "选项 {0} 后面不写内容。"),
    (r"Got unexpected extra arguments? \((.*)\)", "多写了 {0}。文件名里有空格的，请用引号括起来。"),
    (r"Missing command\.?", "没有写要做什么。"),
    (r"'(.*)' is not one of (.*)\.", "“{0}”不在可选的之内，可选：{1}。"),
    (r"'(.*)' is not a valid integer\.", "“{0}”不是整数。"),
    (r"'(.*)' is not a valid .*\.", "“{0}”不是数字。"),
    (r"(.*) is not in the range (.*)\.", "“{0}”不在 {1} 之内。"),
)


def _in_chinese(message: str) -> str:
    for pattern, chinese in _ENGLISH:
        if found := re.fullmatch(pattern, message, re.DOTALL):
            return chinese.format(*(each.replace("'", "").replace(", ", "、") for each in found.groups()))
    return message
