"""The command line's group `addin`: what Excel, xlwings Lite and LibreOffice need for the PERF_ functions."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xlperf.cli.next_steps import tell_next
from xlperf.cli.output import say, say_all
from xlperf.errors import UnsupportedError

if TYPE_CHECKING:
    from xlperf.udf.addin import Machine


@click.group(short_help="加载项")
def addin() -> None:
    """单元格函数 PERF_* 的加载项。"""


@addin.command("build", short_help="生成加载项文件")
@click.option("--libreoffice", is_flag=True, help="LibreOffice Calc 的扩展（.oxt）。")
@click.option("--lite", is_flag=True, help="xlwings Lite 的 requirements.txt 和 main.py。")
@click.option(
    "-o", "--output", metavar="OUT", type=click.Path(path_type=Path), help="写到哪个文件；--lite 时写到哪个文件夹。"
)
def addin_build(libreoffice: bool, lite: bool, output: Path | None) -> None:
    """生成加载项文件，每次的字节都相同。"""
    from xlperf.package.save import save_atomically
    from xlperf.udf.calc_extension import extension

    if libreoffice == lite:
        raise click.UsageError("请用 --libreoffice 或 --lite 指明给哪个程序用。")
    if lite:
        from xlperf.udf.lite import HINTS, build_lite

        say_all(HINTS, err=True)
        say_all(build_lite(output or Path("xlperf-lite")))
        tell_next("addin build")
        return
    target = output or Path("xlperf.oxt")
    save_atomically(target, extension())
    say("安装：在 LibreOffice 的“工具 → 扩展管理”中添加这个文件，再重新启动 LibreOffice。", err=True)
    say(target)
    tell_next("addin build")


@addin.command("status", short_help="检查这台电脑")
def addin_status() -> None:
    """检查 Python、xlwings 加载项和 Excel 的设置，逐项说明怎么办；只看不改。有需要处理的，退出码为 1。"""
    from xlperf.udf.addin import State, diagnose, lines, this_machine

    items = diagnose(this_machine())
    say_all(lines(items))
    tell_next("addin status")
    sys.exit(1 if any(each.state is State.WRONG for each in items) else 0)


@addin.command("install", short_help="在 Excel（Windows）里安装")
def addin_install() -> None:
    """安装 xlwings 加载项，设好 Python 和函数所在的模块，并列出在 Excel 里还要做的几步。"""
    from xlperf.udf.addin import this_machine
    from xlperf.udf.install import install

    say_all(install(_windows(this_machine())))
    tell_next("addin install")


@addin.command("uninstall", short_help="在 Excel（Windows）里卸载")
def addin_uninstall() -> None:
    """撤销 install 所做的；别的模块还在用 xlwings 的，加载项保留。"""
    from xlperf.udf.addin import this_machine
    from xlperf.udf.install import uninstall

    say_all(uninstall(_windows(this_machine())))
    tell_next("addin uninstall")


def _windows(machine: Machine) -> Machine:
    if machine.platform != "win32":
        raise UnsupportedError(
            "加载项只在 Windows 的 Excel 里安装。macOS 请用 xlperf addin build --lite，"
            "LibreOffice 请用 xlperf addin build --libreoffice；其他系统请用 xlperf fill、check 等命令处理文件。"
        )
    return machine
