"""The command `check`: what a form says that cannot be, and where it says so."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xlperf.checks.rule import Severity
from xlperf.cli.in_word import WORD_SUFFIXES, mark_document, require_word
from xlperf.cli.layouts import tell_layout
from xlperf.cli.options import (
    against_option,
    book_argument,
    drop_signature_option,
    in_place_option,
    layout_option,
    mark_option,
    output_option,
    variant_option,
)
from xlperf.cli.output import say, say_all, say_csv, say_json
from xlperf.cli.report import compare_report

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlperf.audit.run import Report
    from xlperf.labels.reading import Passage
    from xlperf.package.save import Target
    from xlperf.workbook.explained import Explanations

_READ_ONLY = (".doc", ".xls", ".txt")  # forms in such files are audited and not marked


@click.command(short_help="审核")
@book_argument
@output_option
@in_place_option
@drop_signature_option
@variant_option
@layout_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "csv"]),
    default="text",
    help="输出形式；csv 每个问题一行，可用表格软件打开。",
)
@click.option(
    "--fail-on", type=click.Choice([s.value for s in Severity]), default="error", help="达到这一级别时退出码为 1。"
)
@click.option(
    "--all-variants",
    is_flag=True,
    help="用一张表列出在每种评分口径下的结果：有错误的“会被退回”。不写文件，退出码与按默认口径审核相同。",
)
@against_option
@mark_option
@click.option(
    "--previous", metavar="BOOK", type=click.Path(path_type=Path), help="上年的工作簿：本年各表的上年数与它核对。"
)
def check(
    book: Path,
    output: Path | None,
    in_place: bool,
    drop_signature: bool,
    variant: str | None,
    layout: str,
    form: str,
    fail_on: str,
    all_variants: bool,
    against: Path | None,
    mark: Path | None,
    previous: Path | None,
) -> None:
    """逐格审核工作簿，或 Word、旧版 Excel、文本里的自评表；给出 -o 或 --in-place 时把结果标在表里。

    不是由 xlperf 新建的表，按表头认出各格，在原处审核；没有认出的内容列在最后。Word 文档（.docx）只加批注，文字不动。
    """
    from xlperf.cli.printed import report_json, report_lines, still_open
    from xlperf.workbook import actions
    from xlperf.workbook.astray import reliable

    if all_variants:
        if variant is not None or output is not None or in_place or against is not None:
            raise click.UsageError(
                "--all-variants 只列表、不写文件，不能与 --variant、-o、--in-place、--against 同用。"
            )
        if form == "csv":
            raise click.UsageError("--all-variants 的结果请用 --format text 或 json 输出。")
        sys.exit(_check_all_variants(book, form, Severity(fail_on), previous, layout))
    if form == "csv" and against is not None:
        raise click.UsageError("与报告对照的结果不在 CSV 里，--against 请用 --format text 或 json。")
    target = actions.target_of(book, output, in_place, None)
    if book.suffix.lower() in (*WORD_SUFFIXES, *_READ_ONLY):
        report, explanations, left = _of_document(book, variant, previous, target, layout)
    else:
        opened = actions.open_form(book, layout=layout)
        if opened.binding.by_labels:
            tell_layout(opened.record.template)
        elif layout:
            raise click.UsageError(f"{book.name} 是由 xlperf 新建的工作簿，各格已有名称，不用指定式样（--layout）。")
        report, explanations = actions.check(opened, variant, actions.previous_record(previous))
        left = opened.left
        if target is not None:
            actions.mark(opened, report, explanations)
            opened.book.save(target, drop_signature=drop_signature)
            say(f"已标注：{target}", err=True)
    compared = compare_report(reliable(report.record), against, mark, variant)
    if form == "json":
        say_json(report_json(book, report, explanations, left) | compared.json)
    elif form == "csv":
        from xlperf.workbook.frame import to_csv

        say_csv(to_csv(report, explanations))
    else:
        say_all((*report_lines(report, explanations, left), *compared.lines))
    limit = Severity(fail_on)
    sys.exit(1 if compared.reaches(limit) or still_open(report, explanations, limit) else 0)


def _of_document(
    document: Path, variant: str | None, previous: Path | None, target: Target | None, layout: str
) -> tuple[Report, Explanations, Sequence[Passage]]:
    """What is found in a file that is no workbook; marked where it is a Word document."""
    import dataclasses

    from xlperf.audit.run import audit
    from xlperf.intake.standing import read_form
    from xlperf.workbook import actions

    is_word = document.suffix.lower() in WORD_SUFFIXES
    if target is not None and is_word:
        require_word(document, target)
    elif target is not None:
        raise click.UsageError(
            f"{document.name} 只能读，不能标注；去掉 -o 或 --in-place 只看结果，或先用 xlperf import 导入工作簿。"
        )
    standing = read_form(document, lambda sentence: say(sentence, err=True), layout)
    tell_layout(standing.record.template)
    record = dataclasses.replace(standing.record, previous=actions.previous_record(previous))
    report = audit(record, variant)
    if target is not None:
        mark_document(document, report, target)
    return report, (), standing.left


def _check_all_variants(book: Path, form: str, limit: Severity, previous: Path | None, layout: str) -> int:
    """Print the table of all variants; the exit code is that of the default one."""
    from xlperf.cli.printed import still_open
    from xlperf.cli.variants import outcome_lines, outcomes_json
    from xlperf.workbook import actions

    opened = actions.open_form(book, layout=layout)
    outcomes, explanations = actions.check_all(opened, actions.previous_record(previous))
    if form == "json":
        say_json(outcomes_json(book, outcomes))
    else:
        say_all(outcome_lines(outcomes))
    default = next(each.report for each in outcomes if each.variant == opened.record.template.default_variant)
    return 1 if still_open(default, explanations, limit) else 0
