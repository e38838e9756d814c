"""Files as `check` has looked them through, and what it prints of several: one list of findings, each with its file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xlperf.checks.rule import Severity
from xlperf.cli.accounted import ledger_json
from xlperf.cli.in_word import mark_document, require_word
from xlperf.cli.layouts import tell_layout
from xlperf.cli.output import say, say_all
from xlperf.cli.printed import forms_json, forms_lines
from xlperf.labels.blocks import DOCUMENTS, WORD_SUFFIXES
from xlperf.report.files import Asked, Checked, audits_of, ledger_of_files
from xlperf.workbook.audited import Audited, unread_text

if TYPE_CHECKING:
    from xlperf.form.record import Record
    from xlperf.labels.blocks import Document
    from xlperf.package.save import Target
    from xlperf.report.between import Compared


def check_file(path: Path, asked: Asked, target: Target | None) -> tuple[Audited, ...]:
    """The audits of a file's forms; with a target, marked there."""
    if path.suffix.lower() in DOCUMENTS:
        return _of_document(path, asked, target)
    from xlperf.workbook.several import check_forms, mark_forms, open_forms

    forms = open_forms(path, layout=asked.layout, wanted=asked.wanted)
    by_labels = [form for form in forms if form.binding.by_labels]
    if asked.layout and not by_labels and asked.among == 1:
        raise click.UsageError(f"{path.name} 是由 xlperf 新建的工作簿，各格已有名称，不用指定式样（--layout）。")
    _tell_layouts([form.record for form in by_labels])
    audited = check_forms(forms, asked.variant, asked.given, asked.among)
    if target is not None:
        mark_forms(forms, audited, with_ledger=asked.lists, evidence=asked.evidence)
        forms[0].book.save(target, drop_signature=asked.drop_signature)
        say(f"已标注：{target}", err=True)
    return audited


def _tell_layouts(records: Sequence[Record]) -> None:
    """Each layout once."""
    for template in {record.template.layout: record.template for record in records}.values():
        tell_layout(template)


def _of_document(path: Path, asked: Asked, target: Target | None) -> tuple[Audited, ...]:
    """What is found in a file that is no workbook; marked where it is a Word document."""
    if target is not None and _is_word(path):
        require_word(path, target)
    elif target is not None:
        raise click.UsageError(
            f"{path.name} 只能读，不能标注；去掉 -o 或 --in-place 只看结果，或先用 xlperf import 导入工作簿。"
        )
    document = _read(path)
    audited = _audits_in(document, asked)
    if target is not None:
        mark_document(path, [each.report for each in audited], target)
    return audited


def _audits_in(document: Document, asked: Asked) -> tuple[Audited, ...]:
    """The forms of a document that is checked alone; of a report it is said with what else it can be compared."""
    from xlperf.report.between import report_in

    audited = _audits_of(document, asked)
    if asked.among == 1 and report_in(document) is not None:
        is_text = all(form.is_text for form in audited)
        what = "没有附表，按正文写的数审核" if is_text else "正文和其中的表一起审核"
        then = f"要与工作簿核对，请一起列出：xlperf check 自评.xlsx {document.name}"
        say(f"这是一份自评报告，{what}；{then}", err=True)
    return audited


def _is_word(path: Path) -> bool:
    return path.suffix.lower() in WORD_SUFFIXES


def _read(path: Path) -> Document:
    from xlperf.intake.readers.opening import read_document

    document = read_document(path, lambda sentence: say(sentence, err=True))
    say_all((f"{document.name}：{remark}" for remark in document.remarks), err=True)
    return document


def read_forms(path: Path, wanted: str) -> list[Record]:
    """What the forms of a kind in a file state; see `labels.others` for the kinds."""
    from xlperf.intake.standing import forms_in
    from xlperf.workbook.several import open_forms

    if path.suffix.lower() in DOCUMENTS:
        return [form.record for form in forms_in(_read(path), wanted=wanted)]
    return [form.record for form in open_forms(path, wanted=wanted)]


def _audits_of(document: Document, asked: Asked) -> tuple[Audited, ...]:
    from xlperf.intake.standing import forms_in

    forms = forms_in(document, asked.layout, asked.wanted)
    _tell_layouts([form.record for form in forms if not form.is_text])
    return audits_of(document, forms, asked)


# Several files


def check_each(paths: Sequence[Path], asked: Asked, *, in_place: bool) -> list[Checked]:
    """Every file by itself; one that cannot be read does not keep the others from being told of."""
    from xlperf.cli.failures import explain, sentence_of

    found = []
    for path in paths:
        try:
            found.append(_checked(path, asked, in_place=in_place))
        except Exception as error:
            explain(error)
            found.append(Checked(path, error=sentence_of(error)))
    return found


def _checked(path: Path, asked: Asked, *, in_place: bool) -> Checked:
    from xlperf.errors import TemplateError
    from xlperf.package.save import claim
    from xlperf.report.between import report_in

    if path.suffix.lower() not in DOCUMENTS:
        target = claim(path) if in_place else None
        return Checked(path, check_file(path, asked, target))
    document = _read(path)
    report = report_in(document)
    try:
        forms = _audits_of(document, asked)
    except TemplateError:
        if report is None:
            raise
        forms = ()
    if in_place and forms and _is_word(path):
        target = claim(path)
        require_word(path, target)
        mark_document(path, [each.report for each in forms], target)
    elif in_place:
        say(f"{path.name} 只能读，没有标注。", err=True)
    return Checked(path, forms, report)


def lines_of_files(
    files: Sequence[Checked], compared: Compared, counts_between: Sequence[str] | None = None
) -> Iterator[str]:
    """The findings of each file under its name, then what they say of each other, and the counts at the end.

    `counts_between` stands for what is said of the comparison where the findings stand with the files themselves.
    """
    for each in files:
        yield f"▼ {each.path}"
        if each.forms:
            yield from forms_lines(each.forms)
        else:
            yield f"    {each.error or '报告正文，与其他文件对照，见后。'}"
        yield ""
    is_compared = len(compared.alone) < sum(not each.error for each in files)
    if counts_between is None:
        yield f"各文件互相核对：{len(compared.found)} 项不一致。" if is_compared else "各文件之间没有互相核对："
    else:
        yield from counts_between
    for found in compared.found:
        code = f" {found.code}" if found.code else ""
        yield f"{found.severity.sign} {found.severity.text}{code}  {found.file} {found.at}"
        yield f"    {found.message}"
    yield from (f"    {note}" for note in compared.notes)
    counts = "，".join(f"{each.text} {counted(files, compared, each)}" for each in Severity)
    failed = sum(bool(each.error) for each in files)
    unread = sum(len(form.left) for each in files for form in each.forms)
    tail = f"；{failed} 份没有读成" if failed else ""
    tail += f"；{unread_text(unread)}" if unread else ""
    yield f"共 {len(files)} 份文件：{counts}{tail}。"


def counted(files: Sequence[Checked], compared: Compared, severity: Severity) -> int:
    own = sum(form.report.count(severity) for each in files for form in each.forms)
    return own + sum(each.severity is severity for each in compared.found)


def json_of_files(files: Sequence[Checked], compared: Compared) -> dict[str, Any]:
    """The JSON of several files: each as if it were alone, and what they say of each other."""
    return {
        "schema": 1,
        "files": [_file_json(each) for each in files],
        "between": [each._asdict() | {"severity": each.severity.value} for each in compared.found],
        "not_compared": list(compared.notes),
        "counts": {each.value: counted(files, compared, each) for each in Severity}
        | {
            "unread": sum(len(form.left) for each in files for form in each.forms),
            "failed": sum(bool(each.error) for each in files),
        },
        "ledger": ledger_json(ledger_of_files(files, compared)),
    }


def _file_json(each: Checked) -> dict[str, Any]:
    if each.forms:
        return forms_json(each.path, each.forms)
    return {"file": str(each.path), "error": each.error} if each.error else {"file": str(each.path), "findings": []}


def csv_of_files(files: Sequence[Checked], compared: Compared) -> str:
    from xlperf.workbook.frame import files_to_csv

    own = [(str(each.path), form.report, form.explanations) for each in files for form in each.forms]
    others = [
        {
            "file": each.file,
            "severity": each.severity.value,
            "code": each.code,
            "at": each.at,
            "stated": each.stated,
            "expected": each.expected,
            "message": each.message,
        }
        for each in compared.found
    ]
    return files_to_csv(own, others)
