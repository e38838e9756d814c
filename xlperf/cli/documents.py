"""The commands that deal with documents: official forms and reports in."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xlperf.cli.left import tell_beside
from xlperf.cli.next_steps import tell_next
from xlperf.cli.output import say, say_all, say_json
from xlperf.errors import DocumentError

if TYPE_CHECKING:
    from xlperf.intake.gather import Intake
    from xlperf.labels.blocks import Document

_LOOKED_FOR = (
    "要找的是：{base}（有“预算数”“决算数”等列和“三公经费”“公用经费”等行）、{evaluation}（“年度资金总额”一行，"
    "以及“三级指标”“得分”等列）、{finance}表（有“本年数”“增减额”等列），"
    "或者按“一、部门、单位基本情况”等分章的自评报告。请检查是否选错了文件。"
)
_LOOKED_FOR_FORM = (
    "要找的是有“全年执行数、执行率”或“三级指标、实际完成值、得分”这样的表头的表。请检查是否选错了文件或模板。"
)
_NO_LABELS = (
    "模板 {0} 没有写 labels，只认得出由它新建的工作簿（单独导入，{0}.toml 与工作簿放在一起）；"
    "要读别的文件，在它的 TOML 里加一行 labels = …，写法见 docs/contributing.md。"
)


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
    from xlperf.form.forms import default_template, load_template
    from xlperf.intake.chosen import choose, gathered
    from xlperf.intake.own_book import own_intake
    from xlperf.report.returned import without_generated

    wanted = None if template_id is None else load_template(template_id)
    if len(sources) == 1 and (own := own_intake(sources[0], wanted)) is not None:
        form, read = own
        return read, f"按工作簿里的模板编号读入，填入“{form.title}”工作簿（模板 {form.id}）。"
    chosen = choose(_documents(sources), wanted)
    template = chosen.template
    intake = without_generated(gathered(chosen), template)
    if all(entry.key == "year" for entry in intake.entries):
        names = "、".join(source.name for source in sources)
        looked_for = template.said(_LOOKED_FOR) if template.id == default_template().id else _LOOKED_FOR_FORM
        if template.labels is None:
            looked_for = _NO_LABELS.format(template.id)
        raise DocumentError(f"{names}：没有认出任何一张表，也没有认出报告正文。{looked_for}")
    found = f"认出的是《{chosen.found}》，" if chosen.found else ""
    other = "" if wanted else "要用另一种模板，加 --template。"
    return intake, f"{found}填入“{template.title}”工作簿（模板 {template.id}）。{other}"


def _documents(sources: tuple[Path, ...]) -> list[Document]:
    from xlperf.intake.readers.opening import read_document

    if len(sources) == 1:
        return [read_document(sources[0], _tell)]
    with click.progressbar(sources, label="读取", file=sys.stderr, show_pos=True) as bar:
        return [read_document(source, _tell) for source in bar]


def _tell(sentence: str) -> None:
    say(sentence, err=True)
