"""The command line's group `template`, for those who look after the forms."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from xlperf.cli.next_steps import tell_next
from xlperf.cli.output import say, say_all


@click.group(short_help="模板维护")
def template() -> None:
    """检查、预览、生成模板（供维护表样的人使用，做法见 workbook_templates/README.md）。"""


@template.command("build", short_help="重新生成模板 .xlsx")
def template_build() -> None:
    """由 TOML 重新生成随程序安装的模板工作簿，每次的字节都相同。自己的表用 xlperf new --template FORM.toml。"""
    from xlperf.form.forms import listed_forms
    from xlperf.form.written import templates_folder
    from xlperf.package.save import save_atomically
    from xlperf.workbook.blank import build_workbook

    for form in (each for each in listed_forms() if each.sheets):
        target = templates_folder() / f"{form.id}.xlsx"
        save_atomically(target, build_workbook(form))
        say(target)
    tell_next("template build")


@template.command("lint", short_help="检查表样 TOML")
@click.argument("names", metavar="[FORM.toml...]", nargs=-1)
def template_lint(names: tuple[str, ...]) -> None:
    """一次列出表样 TOML 里的全部错误：在哪个文件、哪一行、哪个键，写的是什么，应怎样改。

    不写 FORM.toml 时，检查随程序安装的各种表，连同它们的 .xlsx 是否一致。退出码：0 没有错误，1 有，2 没能检查。
    """
    from xlperf.cli.linted import problems_of

    if names:
        problems = [problem for name in names for problem in problems_of(name)]
        say_all(problems)
        say(f"{len(problems)} 处错误。" if problems else "没有错误。", err=True)
    else:
        problems = _of_the_program()
        say_all(problems)
        say(f"{len(problems)} 处不一致。", err=True)
    tell_next("template wrong" if problems else "template sound", file=names[0] if names else "编号")
    sys.exit(1 if problems else 0)


def _of_the_program() -> list[str]:
    from xlperf.cli.linted import problems_of
    from xlperf.form.forms import elsewhere_ids, form_ids, load_template
    from xlperf.form.written import templates_folder
    from xlperf.workbook.linted import lint_template

    problems = []
    for form_id in dict.fromkeys((*form_ids(), *elsewhere_ids())):
        found = problems_of(form_id)
        form = None if found else load_template(form_id)
        if form is not None and form.sheets:
            found = lint_template(form, (templates_folder() / f"{form_id}.xlsx").read_bytes())
        problems += [f"{form_id}：{problem}" for problem in found]
    return problems


@template.command("preview", short_help="把表样画成图片")
@click.argument("name", metavar="FORM.toml|ID")
@click.option(
    "-o",
    "--output",
    metavar="OUT.png",
    type=click.Path(path_type=Path),
    help="图片的名称；默认 ID.png，放在当前文件夹。",
)
def template_preview(name: str, output: Path | None) -> None:
    """照打印的样子把表的每一页画成图片 OUT-1.png、OUT-2.png……，同名的旧图片被替换。

    浅黄色的格由人填，灰蓝色的格自动计算，格里写的是它的名称；明细表的名称写在第一行。要有 LibreOffice。
    """
    from xlperf.errors import ValuesError
    from xlperf.form.forms import load_template
    from xlperf.package.save import save_atomically
    from xlperf.workbook.preview import preview

    form = load_template(name)
    target = output or Path(f"{form.id}.png")
    if target.suffix.lower() != ".png":
        raise ValuesError(f"{target}：图片的名称应以 .png 结尾。")
    for number, picture in enumerate(preview(form, lambda sentence: say(sentence, err=True)), 1):
        place = target.with_stem(f"{target.stem}-{number}")
        save_atomically(place, picture.png)
        say(f"{place}  工作表“{picture.sheet}”")
    tell_next("template preview", file=name)
