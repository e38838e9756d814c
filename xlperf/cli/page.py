"""The command line's group `page`: the offline page, for those who hand it on."""

from __future__ import annotations

from pathlib import Path

import click

from xlperf.cli.next_steps import tell_next
from xlperf.cli.output import say


@click.group(short_help="网页版")
def page() -> None:
    """网页版：整个程序放进一个 HTML 文件，双击打开就能审核，不装任何东西，不用网络。"""


@page.command("build", short_help="生成网页版")
@click.option(
    "-o",
    "--output",
    metavar="FILE.html",
    type=click.Path(path_type=Path),
    default=Path("xlperf.html"),
    show_default=True,
    help="写到哪个文件。",
)
def page_build(output: Path) -> None:
    """生成网页版，每次的字节都相同。要装有 Node 20 以上（连同 npm），第一次要联网取 Pyodide 和 esbuild。"""
    from xlperf.page.build import build_page
    from xlperf.workbook.targets import require_new

    target = require_new(output, ".html")
    sizes = build_page(target)
    say(f"{sizes['size'] / 1e6:.1f} MB，其中 Python {(sizes['wasm'] + sizes['library']) * 4 / 3e6:.1f} MB。", err=True)
    say(output)
    tell_next("page build", file=output)
