"""The command `roll`: next year's workbook from this year's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xlperf.cli.left import tell_left_out, tell_other_forms
from xlperf.cli.next_steps import tell_next
from xlperf.cli.options import book_argument
from xlperf.cli.output import say, say_all
from xlperf.prose.old_figures import OPEN

if TYPE_CHECKING:
    from xlperf.workbook.actions import Form
    from xlperf.workbook.roll import Rolled


@click.command(short_help="新建下一年的工作簿")
@book_argument
@click.option(
    "-o", "--output", metavar="OUT.xlsx", type=click.Path(path_type=Path), required=True, help="下一年的工作簿。"
)
def roll(book: Path, output: Path) -> None:
    """由今年的工作簿新建下一年的：决算数成为上年数，指标和报告文字作为草稿带过去，原工作簿不改动。"""
    from xlperf.workbook import actions
    from xlperf.workbook.targets import require_new

    target = require_new(output, ".xlsx")
    form = actions.open_form(book)
    left = actions.reliable_record(form)[1]
    new, rolled = actions.roll(form)
    new.book.save(target)
    say_all(_report(new, rolled), err=True)
    tell_left_out(left, "没有带到下一年")
    tell_other_forms(form)
    say(output)
    tell_next("roll", file=output)


def _report(form: Form, rolled: Rolled) -> Iterator[str]:
    """What the user has to look at."""
    year = rolled.values["year"] - 1
    if rolled.left:
        yield f"以下各格仍写着 {year} 年的文号或看不出是不是年份的数字，没有改动，请自行核对："
        for key, passages in rolled.left.items():
            cell = form.record[key]
            yield f"  {cell.at}  {cell.label}：{'；'.join(passages)}"
    unread = [cell for cell in rolled.unread if cell.text]
    if unread:
        yield "以下各格的数字认不出，没有转为上年数，请自行填写："
        for cell in unread:
            yield f"  {cell.at}  {cell.label}：{cell.text}（在原工作簿中）"
    if waiting := sum(cell.text.count(OPEN) for cell in form.record.stated.values()):
        yield f"文字里 {year} 年的数换成了“{OPEN}”，共 {waiting} 处，请填上本年的数。"
    yield f"沿用了 {len(rolled.drafts)} 格（浅紫色），逐格列在“沿用核对”中，请核对后修改。"
