"""The command `check`: what a form says that cannot be, and where it says so."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xlperf.checks.rule import Severity
from xlperf.cli.next_steps import marked_copy, tell_next
from xlperf.cli.options import (
    TakesLists,
    against_option,
    drop_signature_option,
    forms_option,
    in_place_option,
    layout_option,
    mark_option,
    output_option,
    variant_option,
)
from xlperf.cli.output import say, say_all, say_csv, say_json
from xlperf.cli.report import Compared, compare_report
from xlperf.errors import XlperfError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlperf.cli.together import Together
    from xlperf.package.save import Target
    from xlperf.report.files import Asked, Checked
    from xlperf.workbook.audited import Audited

_BOOKS = (".xlsx", ".xlsm")
_NOTHING_COMPARED = (
    "给出的目标表、监控表没有一张与审核的表是同一个项目、同一年度的，什么也没有核对；请检查是否选错了文件。"
)


@click.command(short_help="审核", cls=TakesLists)
@click.argument("books", metavar="BOOK...", nargs=-1, required=True, type=click.Path(path_type=Path))
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
    "--ledger",
    is_flag=True,
    help="列出核对清单：每条规则、正文每个有数字的句子，核对了没有、为什么没有；标注时另写一张“核对清单”。",
)
@click.option(
    "--previous", metavar="BOOK", type=click.Path(path_type=Path), help="上年的工作簿：本年各表的上年数与它核对。"
)
@click.option(
    "--letter",
    metavar="LETTER.docx",
    type=click.Path(path_type=Path),
    help="另写一份审核意见：审核的人会退回的问题，按轻重列出，各有位置、数字、依据和改法；标注时加一张“审核佐证清单”。",
)
@forms_option("--projects", "各项目的自评表（一份文件里可以有几张）：逐张审核，并与部门表核对；只标注 BOOK。")
@forms_option("--goals", "项目的目标表：逐张审核，同一项目的自评表、监控表与它核对指标、指标值和资金。")
@forms_option("--monitoring", "年中的监控表：逐张审核，同一项目的自评表与它核对年初预算、执行和完成情况。")
def check(
    books: tuple[Path, ...],
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
    ledger: bool,
    previous: Path | None,
    letter: Path | None,
    **forms_beside: tuple[Path, ...],
) -> None:
    """逐格审核工作簿，或 Word、旧版 Excel、文本里的自评表；给出 -o 或 --in-place 时把结果标在表里。

    不是由 xlperf 新建的表，按表头认出各格，在原处审核；没有认出的内容列在最后。Word 文档（.docx）只加批注，文字不动。
    可以给出一个单位的几份文件（附表、项目表、报告）：逐份审核，再互相核对。
    """
    from xlperf.cli.accounted import ledger_json, ledger_lines, ledger_of_all
    from xlperf.cli.checked import check_file
    from xlperf.cli.printed import forms_json, forms_lines
    from xlperf.report.files import Asked
    from xlperf.workbook import actions
    from xlperf.workbook.given import Given
    from xlperf.workbook.targets import require_new, target_of

    beside = any(forms_beside.values())
    if beside and all_variants:
        raise click.UsageError(
            "--all-variants 不能与 --projects、--goals、--monitoring 同用；要换口径核对请用 --variant。"
        )
    if letter is not None and (all_variants or len(books) > 1):
        raise click.UsageError("--letter 是对一份表的审核意见，不能与 --all-variants 同用，BOOK 只能有一份。")
    if beside and len(books) > 1:
        raise click.UsageError("与 --projects、--goals、--monitoring 同用时，审核的表（BOOK）只能有一份，写在最前面。")
    if all_variants:
        if variant is not None or output is not None or in_place or against is not None or len(books) > 1:
            raise click.UsageError(
                "--all-variants 只对一个工作簿列表、不写文件，不能与 --variant、-o、--in-place、--against 同用。"
            )
        if form == "csv":
            raise click.UsageError("--all-variants 的结果请用 --format text 或 json 输出。")
        sys.exit(_check_all_variants(books[0], form, Severity(fail_on), previous, layout, in_full=ledger))
    limit = Severity(fail_on)
    if len(books) > 1:
        if output is not None or against is not None or mark is not None:
            raise click.UsageError(
                "几份文件一起审核时不能用 -o、--against、--mark：要标注用 --in-place，要对照的报告直接列在文件里。"
            )
        given = Given(actions.previous_record(previous))
        asked = Asked(variant, layout, given, drop_signature, among=len(books), lists=ledger)
        sys.exit(_check_files(books, asked, form, limit, in_place=in_place))
    if form == "csv" and against is not None:
        raise click.UsageError("与报告对照的结果不在 CSV 里，--against 请用 --format text 或 json。")
    (book,) = books
    target = target_of(book, output, in_place, None)
    sent = None if letter is None else require_new(letter, ".docx")
    given = Given(actions.previous_record(previous))
    asked = Asked(variant, layout, given, drop_signature, lists=ledger, evidence=letter is not None)
    if beside:
        from xlperf.cli.together import Others, check_together

        together = check_together(book, Others(**forms_beside), asked, target)
        forms = together.files[0].forms
        _write_letter(forms, sent)
        compared = compare_report(book, forms, against, mark, variant)
        sys.exit(_tell_together(together, compared, form, limit, in_full=ledger))
    forms = check_file(book, asked, target)
    _write_letter(forms, sent)
    compared = compare_report(book, forms, against, mark, variant)
    whole = ledger_of_all(forms, [compared.ledger])
    if form == "json":
        say_json(forms_json(book, forms) | compared.json | {"ledger": ledger_json(whole)})
    elif form == "csv":
        from xlperf.workbook.frame import forms_to_csv

        say_csv(forms_to_csv([(each.report, each.explanations) for each in forms]))
        say(whole.line, err=True)
    else:
        say_all((*forms_lines(forms), *compared.lines, *ledger_lines(whole, in_full=ledger)))
    if compared.nothing:
        if form != "text":
            say(compared.nothing, err=True)
        sys.exit(XlperfError.exit_code)
    _tell_next(book, forms, target, form)
    sys.exit(1 if compared.reaches(limit) or any(each.reaches(limit) for each in forms) else 0)


def _tell_next(book: Path, forms: Sequence[Audited], target: Target | None, form: str) -> None:
    """What is to be done about what was found; nothing to programs."""
    if form != "text":
        return
    if target is not None:
        tell_next("check marked" if book.suffix.lower() in _BOOKS else "check commented", marked=target)
    elif book.suffix.lower() not in _BOOKS:
        tell_next("check document", file=book)
    elif any(each.reaches(Severity.ERROR) for each in forms):
        tell_next("check wrong", file=book, marked=marked_copy(book))
    elif any(each.reaches(Severity.WARNING) for each in forms):
        tell_next("check open", file=book, marked=marked_copy(book))
    elif any(map(_is_unfilled, forms)):
        tell_next("check unfilled", file=book)
    else:
        tell_next("check clean", file=book)


def _is_unfilled(form: Audited) -> bool:
    """Is a cell of the form blank that `fill` would compute?"""
    report = form.report
    return any(report.record[key].is_blank for key in report.values if report.record[key].field.derived)


def _write_letter(forms: Sequence[Audited], target: Target | None) -> None:
    """The reviewer's letter on the forms, if one is asked for."""
    if target is None:
        return
    from xlperf.package.save import save_atomically
    from xlperf.report.letter import build_letter

    save_atomically(target, build_letter(forms))
    say(f"审核意见：{target}", err=True)


def _check_files(books: Sequence[Path], asked: Asked, form: str, limit: Severity, *, in_place: bool) -> int:
    """Print what is found in several files and between them; the exit code is that of the worst."""
    from xlperf.cli.accounted import ledger_lines
    from xlperf.cli.checked import check_each, csv_of_files, json_of_files, lines_of_files
    from xlperf.report.files import compare_files, ledger_of_files

    paths = list({path.resolve(): path for path in books}.values())
    files, compared = compare_files(check_each(paths, asked, in_place=in_place), asked.variant)
    if form == "json":
        say_json(json_of_files(files, compared))
    elif form == "csv":
        say_csv(csv_of_files(files, compared))
        say(ledger_of_files(files, compared).line, err=True)
    else:
        ledger = ledger_of_files(files, compared)
        say_all((*lines_of_files(files, compared), *ledger_lines(ledger, in_full=asked.lists)))
        tell_next("check several")
    return _exit_code(files, limit, between=any(each.severity.rank <= limit.rank for each in compared.found))


def _tell_together(together: Together, report: Compared, form: str, limit: Severity, *, in_full: bool) -> int:
    """Print what is found in the form that comes first, against the others, and in these."""
    from xlperf.audit.ledger import joined
    from xlperf.cli.accounted import ledger_json, ledger_lines
    from xlperf.cli.checked import csv_of_files, json_of_files, lines_of_files
    from xlperf.report import between
    from xlperf.report.files import ledger_of_files

    files, counts, notes, is_compared = together
    compared = between.Compared(notes=notes)
    ledger = ledger_of_files(files, compared)
    ledger = ledger if report.ledger is None else joined((ledger, report.ledger))
    if form == "json":
        say_json(json_of_files(files, compared) | report.json | {"ledger": ledger_json(ledger)})
    elif form == "csv":
        say_csv(csv_of_files(files, compared))
        say(ledger.line, err=True)
    else:
        say_all((*lines_of_files(files, compared, counts), *report.lines, *ledger_lines(ledger, in_full=in_full)))
        tell_next("check several")
    if not is_compared:
        say(_NOTHING_COMPARED, err=True)
    if report.nothing and form != "text":
        say(report.nothing, err=True)
    if report.nothing or not is_compared:
        return XlperfError.exit_code
    return _exit_code(files, limit, between=report.reaches(limit))


def _exit_code(files: Sequence[Checked], limit: Severity, *, between: bool) -> int:
    """That of a file that could not be read before that of findings, in the forms or `between` them."""
    if any(each.error for each in files):
        return XlperfError.exit_code
    return 1 if between or any(form.reaches(limit) for each in files for form in each.forms) else 0


def _check_all_variants(
    book: Path, form: str, limit: Severity, previous: Path | None, layout: str, *, in_full: bool
) -> int:
    """Print the table of all variants; the exit code and what was compared are those of the default one."""
    from xlperf.cli.accounted import ledger_json, ledger_lines
    from xlperf.cli.variants import outcome_lines, outcomes_json
    from xlperf.workbook import actions
    from xlperf.workbook.audited import Audited

    opened = actions.open_form(book, layout=layout)
    outcomes, explanations = actions.check_all(opened, actions.previous_record(previous))
    default = next(each.report for each in outcomes if each.variant == opened.record.template.default_variant)
    audited = Audited(default, explanations, opened.left)
    if form == "json":
        say_json(outcomes_json(book, outcomes, opened.left) | {"ledger": ledger_json(audited.ledger)})
    else:
        say_all((*outcome_lines(outcomes, opened.left), *ledger_lines(audited.ledger, in_full=in_full)))
        tell_next("check variants", file=book)
    return 1 if audited.reaches(limit) else 0
