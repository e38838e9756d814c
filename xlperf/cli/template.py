"""The command line's group `template`, for those who look after the templates."""

from __future__ import annotations

import sys

import click

from xlperf.cli.output import say, say_all


@click.group(short_help="模板维护")
def template() -> None:
    """生成、检查模板（供维护模板的人使用）。"""


@template.command("build", short_help="重新生成模板 .xlsx")
def template_build() -> None:
    """由 TOML 重新生成模板工作簿，每次的字节都相同。"""
    from xlperf.form.forms import listed_forms
    from xlperf.form.written import templates_folder
    from xlperf.package.save import save_atomically
    from xlperf.workbook.blank import build_workbook

    for form in (each for each in listed_forms() if each.sheets):
        target = templates_folder() / f"{form.id}.xlsx"
        save_atomically(target, build_workbook(form))
        say(target)


@template.command("lint", short_help="检查 TOML 与 .xlsx 是否一致")
def template_lint() -> None:
    """逐项核对 TOML 与模板工作簿。"""
    from xlperf.form.forms import listed_forms
    from xlperf.form.written import templates_folder
    from xlperf.labels.words import proven_labels
    from xlperf.report.spec import report_spec
    from xlperf.workbook.blank import lint_template

    for form in listed_forms():
        proven_labels(form)
        report_spec(form)
    problems = [
        f"{form.id}：{problem}"
        for form in listed_forms()
        if form.sheets
        for problem in lint_template(form, (templates_folder() / f"{form.id}.xlsx").read_bytes())
    ]
    say_all(problems)
    say(f"{len(problems)} 处不一致。", err=True)
    sys.exit(1 if problems else 0)
