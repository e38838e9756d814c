"""The commands that deal with documents: official forms and reports in."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xlperf.cli.left import tell_beside
from xlperf.cli.next_steps import tell_next
from xlperf.cli.output import say, say_all, say_json

if TYPE_CHECKING:
    from xlperf.intake.gather import Intake
    from xlperf.labels.blocks import Document


@click.command("import", short_help="导入已有的表和报告")
@click.argument("sources", metavar="SOURCE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("-o", "--output", metavar="BOOK.xlsx", required=True, type=click.Path(path_type=Path), help="新工作簿。")
@click.option("--template", "template_id", metavar="ID", help="填入哪一种模板的工作簿；默认按认出的表选。")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="输出新工作簿的文件名，或导入记录。"
)
def import_(sources: tuple[Path, ...], output: Path, template_id: str | None, form: str) -> None:
    """把一个单位的报告和附表，或者一个项目的自评表（.docx、.xlsx、.xls、.txt，可以有几个）导入成新的工作簿。

    用哪一种模板按认出的表定，--template 另指定。每一项来自哪里、没有认出的是什么，写在工作表“导入记录”里。
    """
    from xlperf.intake.record_sheet import book_of, record_json, record_lines
    from xlperf.workbook.targets import require_new

    target = require_new(output, ".xlsx")
    intake, told = _gathered(sources, template_id)
    opened = book_of(intake)
    opened.book.save(target)
    say_all((*record_lines(opened, intake), told, *filter(None, [intake.figures.line])), err=True)
    if form == "json":
        record = record_json(opened, intake, str(output), [str(source) for source in sources])
        say_json(record)
    else:
        tell_beside(opened.record.template, output)
        say(output)
        tell_next("import", file=output)


def _gathered(sources: tuple[Path, ...], template_id: str | None) -> tuple[Intake, str]:
    """What the files hold, and a sentence that says into which form it goes."""
    from xlperf.hosts.taking_in import gathered, in_own_form

    own = in_own_form(sources, template_id)
    if own is not None:
        return own
    names = "、".join(source.name for source in sources)
    intake, told = gathered(_documents(sources), names, template_id)
    return intake, told if template_id else f"{told}要用另一种模板，加 --template。"


def _documents(sources: tuple[Path, ...]) -> list[Document]:
    from xlperf.intake.readers.opening import read_document

    if len(sources) == 1:
        return [read_document(sources[0], _tell)]
    with click.progressbar(sources, label="读取", file=sys.stderr, show_pos=True) as bar:
        return [read_document(source, _tell) for source in bar]


def _tell(sentence: str) -> None:
    say(sentence, err=True)
