"""The command line's group `addin`: what Excel, xlwings Lite and LibreOffice need for the PERF_ functions."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

import click


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
    from xlperf.udf.calc.build import extension

    if libreoffice == lite:
        raise click.UsageError("请用 --libreoffice 或 --lite 指明给哪个程序用。")
    if lite:
        from xlperf.udf.lite import HINTS, build_lite

        for hint in HINTS:
            click.echo(hint, err=True)
        _say(map(str, build_lite(output or Path("xlperf-lite"))))
        return
    target = output or Path("xlperf.oxt")
    save_atomically(target, extension())
    click.echo("安装：在 LibreOffice 的“工具 → 扩展管理”中添加这个文件，再重新启动 LibreOffice。", err=True)
    click.echo(target)


@addin.command("status", short_help="检查这台电脑")
def addin_status() -> None:
    """检查 Python、xlwings 加载项和 Excel 的设置，逐项说明怎么办；只看不改。有需要处理的，退出码为 1。"""
    from xlperf.udf.addin import State, diagnose, lines, this_machine

    items = diagnose(this_machine())
    _say(lines(items))
    sys.exit(1 if any(each.state is State.WRONG for each in items) else 0)


@addin.command("install", short_help="在 Excel 里安装的步骤")
def addin_install() -> None:
    """列出在 Excel 里安装 xlwings 加载项的步骤；不改动任何设置。"""
    from xlperf.udf.addin import install_steps, this_machine

    _say(install_steps(this_machine()))


@addin.command("uninstall", short_help="在 Excel 里卸载的步骤")
def addin_uninstall() -> None:
    """列出卸载 xlwings 加载项的步骤；不改动任何设置。"""
    from xlperf.udf.addin import this_machine, uninstall_steps

    _say(uninstall_steps(this_machine()))


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(line)
