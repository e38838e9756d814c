"""The command `review`: thousands of forms -> one summary workbook."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xlperf import __version__
from xlperf.checks.rule import Severity
from xlperf.cli.next_steps import tell_next
from xlperf.cli.options import variant_option
from xlperf.cli.output import say
from xlperf.errors import XlperfError

if TYPE_CHECKING:
    from xlperf.review.whole import Outcome, Progress

_EVERY = 5.0  # seconds between lines, where no terminal shows a bar


@click.command("review", short_help="批量审核，写成一份汇总")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@click.option(
    "-o",
    "--output",
    metavar="SUMMARY.xlsx",
    type=click.Path(path_type=Path),
    required=True,
    help="汇总写到哪个文件；审核记录（.审核记录.sqlite）存在它旁边。",
)
@click.option("--jobs", type=click.IntRange(1, 512), help="同时用几个进程；默认用全部处理器。")
@click.option("--scheduler", metavar="ADDRESS", default="", help="在 Dask 集群上审核，如 tcp://10.0.0.5:8786。")
@click.option("--resume", is_flag=True, help="接着做上一次没有做完的审核，做完的不重做。")
@click.option(
    "--control",
    metavar="FILE",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="控制数（.xlsx、.csv）：单位名称，年初预算数、全年预算数、全年执行数；逐个单位核对，再核对合计。",
)
@click.option(
    "--letters",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="每个单位写一份审核意见（.docx），放在这个文件夹里。",
)
@click.option(
    "--html",
    metavar="PAGE.html",
    type=click.Path(path_type=Path),
    help="另写一份网页：同样的结果在一个文件里，双击就能打开、排序、筛选，不用 Excel，不连网。",
)
@click.option(
    "--fail-on", type=click.Choice([s.value for s in Severity]), default="error", help="达到这一级别时退出码为 1。"
)
@variant_option
def review(
    paths: tuple[str, ...],
    output: Path,
    jobs: int | None,
    scheduler: str,
    resume: bool,
    control: Path | None,
    letters: Path | None,
    html: Path | None,
    fail_on: str,
    variant: str | None,
) -> None:
    """审核文件夹、压缩包里的全部自评材料，写成一份汇总工作簿。

    PATH 是文件夹、.zip、文件或 "*.xlsx" 这样的写法。同一单位、同一年度、同一文件夹的报告、附表、项目表放在一起核对。
    读不了的文件写明原因，不影响其他文件；中途断了，加 --resume 接着做。再审核一次，列出哪些重新报送、哪些已经了结。
    """
    from xlperf.package.save import claim
    from xlperf.review.whole import Wanted, run_review

    if output.suffix.lower() != ".xlsx":
        raise click.UsageError("汇总只能写成 .xlsx 文件，请给 -o 换一个以 .xlsx 结尾的文件名。")
    if html is not None and html.suffix.lower() not in (".html", ".htm"):
        raise click.UsageError("网页只能写成 .html 文件，请给 --html 换一个以 .html 结尾的文件名。")
    if scheduler and jobs is not None:
        raise click.UsageError("--jobs 是在这台电脑上审核用的，不能与 --scheduler 同用。")
    page = None if html is None else claim(html)
    wanted = Wanted(paths, output, variant, jobs or 0, scheduler, resume, control, letters, version=__version__)
    show, end = _progress()
    try:
        outcome = run_review(wanted, show)
    except KeyboardInterrupt:
        end()
        say("已经审核的都记下了，照原样加 --resume 再运行一次就接着做。", err=True)
        raise
    finally:
        end()
    if page is not None:
        from xlperf.page.folder import write_folder_page

        write_folder_page(page, output, outcome.across, letters)
    _tell(outcome, output, letters, html)
    sys.exit(_exit_code(outcome, Severity(fail_on)))


def _progress() -> tuple[Callable[[Progress], None], Callable[[], None]]:
    """How to show how far it is, and how to end that: a line that changes in a terminal, else now and then a line."""
    is_terminal = sys.stderr is not None and sys.stderr.isatty()
    last = [time.monotonic()]
    shown = [False]

    def show(progress: Progress) -> None:
        now = time.monotonic()
        if now - last[0] < (0.5 if is_terminal else _EVERY):
            return
        last[0] = now
        left = "" if progress.left is None else f"，还要 {_span(progress.left)}"
        line = f"已审核 {progress.done} / {progress.of} 份，每秒 {progress.rate:.1f} 份{left}"
        if is_terminal:
            sys.stderr.write(f"\r\x1b[K{line}")
            sys.stderr.flush()
            shown[0] = True
        else:
            say(line, err=True)

    def end() -> None:
        if shown[0]:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    return show, end


def _span(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} 秒"
    if seconds < 5400:
        return f"{seconds / 60:.0f} 分钟"
    return f"{seconds / 3600:.1f} 小时"


def _tell(outcome: Outcome, output: Path, letters: Path | None, html: Path | None) -> None:
    told = "，".join(f"{status} {count}" for status, count in outcome.statuses.items())
    counts = outcome.findings
    found_in = f"错误 {counts['error']}，核实 {counts['warning']}，提示 {counts['info']}"
    say(f"单位 {sum(outcome.statuses.values())} 个：{told or '无'}；{found_in}。")
    found = sum(each.severity is not Severity.INFO for each in outcome.across)
    if outcome.across:
        say(f"单位之间：{found} 项要核对，{len(outcome.across) - found} 项提示。")
    if outcome.unread:
        say(f"{outcome.unread} 份文件没有审核，见“未能读取”。", err=True)
    say(f"汇总：{output}", err=True)
    if letters is not None:
        say(f"审核意见：{letters}", err=True)
    if html is not None:
        say(f"网页：{html}", err=True)
    tell_next("review", file=output)


def _exit_code(outcome: Outcome, limit: Severity) -> int:
    """2 where nothing at all could be audited."""
    if not outcome.statuses:
        return XlperfError.exit_code
    graver = [each for each in Severity if each.rank <= limit.rank]
    between = any(each.severity in graver for each in outcome.across)
    return int(between or any(outcome.findings[each.value] for each in graver))
