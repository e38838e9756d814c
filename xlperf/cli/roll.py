"""The command `roll`: next year's workbook from this year's."""

from __future__ import annotations

from pathlib import Path

import click

from xlperf.cli.left import tell_left_out, tell_other_forms
from xlperf.cli.next_steps import tell_next
from xlperf.cli.options import book_argument
from xlperf.cli.output import say, say_all


@click.command(short_help="新建下一年的工作簿")
@book_argument
@click.option(
    "-o", "--output", metavar="OUT.xlsx", type=click.Path(path_type=Path), required=True, help="下一年的工作簿。"
)
def roll(book: Path, output: Path) -> None:
    """由今年的工作簿新建下一年的：决算数成为上年数，指标和报告文字作为草稿带过去，原工作簿不改动。"""
    from xlperf.workbook import actions
    from xlperf.workbook.roll import roll_lines
    from xlperf.workbook.targets import require_new

    target = require_new(output, ".xlsx")
    form = actions.open_form(book)
    left = actions.reliable_record(form)[1]
    new, rolled = actions.roll(form)
    new.book.save(target)
    say_all(roll_lines(new.record, rolled), err=True)
    tell_left_out(left, "没有带到下一年")
    tell_other_forms(form)
    say(output)
    tell_next("roll", file=output)
