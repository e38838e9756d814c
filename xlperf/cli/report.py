"""The command `report`, and what `check --against` does: the workbook's narrative report as a Word document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from xlperf.cli.left import tell_left_out, tell_other_forms
from xlperf.cli.next_steps import tell_next
from xlperf.cli.options import book_argument, redact_option, variant_option
from xlperf.cli.output import say, say_all
from xlperf.errors import SaveError

if TYPE_CHECKING:
    from xlperf.audit.ledger import Ledger
    from xlperf.checks.rule import Severity
    from xlperf.package.save import Target
    from xlperf.report.against import Contradiction
    from xlperf.workbook.audited import Audited


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
    tell_next("report", file=output, book=book)


class Compared(NamedTuple):
    """What `check --against` adds to what `check` prints and to its exit code.

    `nothing`: a sentence if nothing of what the report states was compared.
    """

    found: Sequence[Contradiction] = ()
    lines: Sequence[str] = ()
    json: dict[str, Any] = {}  # noqa: RUF012 - of a tuple, never changed
    ledger: Ledger | None = None
    nothing: str = ""

    def reaches(self, limit: Severity) -> bool:
        return any(each.severity.rank <= limit.rank for each in self.found)


def compare_report(
    book: Path, forms: Sequence[Audited], report: Path | None, copy: Path | None, variant: str | None
) -> Compared:
    """What an existing report says otherwise than the forms of a file; with `copy`, marked in a copy of it."""
    if report is None:
        if copy is not None:
            raise click.UsageError("--mark 要与 --against 同用：先指明是哪一份报告。")
        return _compare_own(book, forms, variant)
    from xlperf.intake.narrative import of_tables
    from xlperf.intake.readers.opening import read_document
    from xlperf.report.between import Source, hold_report
    from xlperf.workbook.astray import reliable

    document = read_document(report, lambda sentence: say(sentence, err=True))
    target = None if copy is None else _copy_of(report, copy)
    say_all((f"{document.name}：{remark}" for remark in document.remarks), err=True)
    source = Source(str(book), [of_tables(reliable(form.report.record)) for form in forms])
    held = hold_report(document, [source], variant)
    if target is not None:
        from xlperf.package.opening import read_file
        from xlperf.package.save import save_atomically
        from xlperf.report.comments import mark_report

        marked = mark_report(read_file(report, report.name), held.found, report.name)
        if held.found or held.is_compared:  # a copy without a comment would look like a clean bill
            save_atomically(target, marked, source=report)
            say(f"已加批注：{target}", err=True)
    nothing = "" if held.is_compared else held.nothing_compared(report.name)
    ledger = held.ledger(report.name)
    lines = (*_lines_told(held.found, document.name), nothing or _counts_told(held.found, ledger))
    return Compared(held.found, lines, {"against": _json_of(held.found)}, ledger, nothing)


def _compare_own(book: Path, forms: Sequence[Audited], variant: str | None) -> Compared:
    """What the text of a report says otherwise than the tables in the same document; nothing where it has no text."""
    from xlperf.labels.blocks import DOCUMENTS

    if book.suffix.lower() not in DOCUMENTS:
        return Compared()
    from xlperf.intake.narrative import is_with_text
    from xlperf.intake.readers.opening import read_document
    from xlperf.report.between import report_in
    from xlperf.report.files import compare_own

    document = report_in(read_document(book, lambda _: None))
    if document is None:
        return Compared()
    found, ledger = compare_own(document, str(book), forms, variant)
    if any(is_with_text(form.report.record) for form in forms):
        lines = (*_lines_told(found, "正文"),) if found else ()
        return Compared(found, lines, {"against": _json_of(found)}, ledger)
    lines = (*_lines_told(found, "正文"), _counts_told(found, ledger, "正文与表"))
    return Compared(found, lines, {"against": _json_of(found)}, ledger)


def _lines_told(found: Sequence[Contradiction], name: str) -> Iterator[str]:
    """The place in the report, the words there, what the workbook says and where."""
    yield f"对照 {name}："
    for each in found:
        code = f" {each.code}" if each.code else ""
        yield f"{each.severity.sign} {each.severity.text}{code}  {each.place}　{each.at}".rstrip()
        yield f"    {each.message}"


def _counts_told(found: Sequence[Contradiction], ledger: Ledger, which: str = "报告与工作簿") -> str:
    from xlperf.checks.rule import Severity

    apart = [each for each in found if not each.is_of_text_alone]
    counts = "，".join(f"{severity.text} {sum(each.severity is severity for each in apart)}" for severity in Severity)
    alone = f"，正文自身的问题 {len(found) - len(apart)} 处" if len(found) > len(apart) else ""
    return f"{which}不符 {len(apart)} 处：{counts}{alone}；报告里{ledger.line}"


def _json_of(found: Iterable[Contradiction]) -> list[dict[str, str]]:
    """The list `against` of `check --format json`."""
    return [
        {
            "severity": each.severity.value,
            "code": each.code,
            "place": each.place,
            "quote": each.quote,
            "key": each.key,
            "at": each.at,
            "stated": each.stated,
            "expected": each.expected,
            "message": each.message,
        }
        for each in found
    ]


def _copy_of(report: Path, copy: Path) -> Target:
    """The copy's place, claimed; refuses what cannot be a copy."""
    from xlperf.package.save import claim

    if report.suffix.lower() != ".docx" or copy.suffix.lower() != ".docx":
        raise SaveError(f"{report.name}：只能在 .docx 报告的副本（.docx）上加批注。请先另存为“Word 文档（.docx）”。")
    target = claim(copy)
    if target.is_file_of(report):
        raise SaveError(f"{copy}：副本与报告是同一个文件。报告本身不改动，请给 --mark 换一个文件名。")
    return target
