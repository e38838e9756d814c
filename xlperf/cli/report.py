"""The command `report`, and what `check --against` does: the workbook's narrative report as a Word document."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from xlperf.cli.left import tell_left_out, tell_other_forms
from xlperf.cli.options import book_argument, redact_option, variant_option
from xlperf.cli.output import say, say_all
from xlperf.errors import SaveError

if TYPE_CHECKING:
    from xlperf.checks.rule import Severity
    from xlperf.form.record import Record
    from xlperf.package.save import Target
    from xlperf.report.against import Contradiction


@click.command("report", short_help="生成自评报告")
@book_argument
@click.option(
    "-o", "--output", metavar="REPORT.docx", type=click.Path(path_type=Path), required=True, help="写到哪个文件。"
)
@redact_option
@variant_option
def report_command(book: Path, output: Path, redact: bool, variant: str | None) -> None:
    """由工作簿生成自评报告（.docx），附各张表。

    自评报告中写好的各段照原文；空白而有数字的各段由各表的数字生成；其余空白处写“〔请填写：…〕”。
    """
    from xlperf.package.save import save_atomically
    from xlperf.report.sections import left_to_write
    from xlperf.report.word import build_report
    from xlperf.workbook import actions
    from xlperf.workbook.targets import require_new

    target = require_new(output, ".docx")
    form = actions.open_form(book)
    record, left = actions.reliable_record(form, variant)
    save_atomically(target, build_report(record, redact=redact, variant=variant), source=book)
    say_all((f"  待写：{each}" for each in left_to_write(record, variant)), err=True)
    tell_left_out(left, "没有写进报告")
    tell_other_forms(form)
    say(output)


class Compared(NamedTuple):
    """What `check --against` adds to what `check` prints and to its exit code."""

    found: Sequence[Contradiction] = ()
    lines: Sequence[str] = ()
    json: dict[str, Any] = {}  # noqa: RUF012 - of a tuple, never changed

    def reaches(self, limit: Severity) -> bool:
        return any(each.severity.rank <= limit.rank for each in self.found)


def compare_report(record: Record, report: Path | None, copy: Path | None, variant: str | None) -> Compared:
    """What an existing report says otherwise than the workbook; with `copy`, marked in a copy of it."""
    if report is None:
        if copy is not None:
            raise click.UsageError("--mark 要与 --against 同用：先指明是哪一份报告。")
        return Compared()
    from xlperf.intake.readers.opening import read_document
    from xlperf.report.against import contradictions, json_of, lines_told

    document = read_document(report, lambda sentence: say(sentence, err=True))
    target = None if copy is None else _copy_of(report, copy)
    say_all((f"{document.name}：{remark}" for remark in document.remarks), err=True)
    found = contradictions(record, document, variant)
    if target is not None:
        from xlperf.package.opening import read_file
        from xlperf.package.save import save_atomically
        from xlperf.report.comments import mark_report

        marked = mark_report(read_file(report, report.name), found, report.name)
        save_atomically(target, marked, source=report)
        say(f"已加批注：{target}", err=True)
    return Compared(found, tuple(lines_told(found, document)), {"against": json_of(found)})


def _copy_of(report: Path, copy: Path) -> Target:
    """The copy's place, claimed; refuses what cannot be a copy."""
    from xlperf.package.save import claim

    if report.suffix.lower() != ".docx" or copy.suffix.lower() != ".docx":
        raise SaveError(f"{report.name}：只能在 .docx 报告的副本（.docx）上加批注。请先另存为“Word 文档（.docx）”。")
    target = claim(copy)
    if target.is_file_of(report):
        raise SaveError(f"{copy}：副本与报告是同一个文件。报告本身不改动，请给 --mark 换一个文件名。")
    return target
