"""Damaged documents through the readers, the import, the comparison with a workbook and the marks, in process."""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from pathlib import Path

from tests.campaign import inputs
from tests.campaign.running import Case, Job, Output, attempt
from xlperf.audit.run import audit
from xlperf.errors import XlperfError
from xlperf.form.forms import load_template
from xlperf.form.record import Record
from xlperf.intake.gather import Intake, gather
from xlperf.intake.readers.opening import read_document
from xlperf.intake.record_sheet import book_of, record_json, record_lines
from xlperf.intake.standing import forms_in
from xlperf.package.archive import Archive, Damaged
from xlperf.package.opening import read_file
from xlperf.report.against import hold
from xlperf.report.comments import mark_report
from xlperf.report.on_form import clear_form, mark_form
from xlperf.report.returned import without_generated
from xlperf.workbook.actions import open_form

TEMPLATE = load_template("department_overall")
_IMPORTED = 8  # every so many of those that are read are imported as well
_COMPARED = 4  # and compared
_MARKED = 3  # or marked as forms where they stand


def run(job: Job, index: int) -> Case:
    """One damaged document; its folder stays if anything was written."""
    chance = job.chance(index)
    source = inputs.a_document(job.inputs, chance)
    folder = job.folder / str(index)
    folder.mkdir(parents=True)
    path = folder / f"坏{source.suffix}"
    path.write_bytes(inputs.damaged(source, chance))
    found: list[Intake] = []
    tries = [attempt(f"read {source.suffix}", lambda: _read(path, found))]
    written = tuple(folder / f"{index}-{name}" for name in ("导入.xlsx", "批注.docx", "标注.docx"))
    if found and index % _IMPORTED == 0:
        tries.append(attempt("import", lambda: _import(path, found[0], written[0])))
    if found and index % _COMPARED == 0:
        base = job.inputs / "demo.xlsx"
        tries.append(attempt("against", lambda: _compare(path, base, written[1])))
    if found and index % _MARKED == 0 and path.suffix == ".docx":
        tries.append(attempt("mark", lambda: _mark(path, written[2])))
    sources = {written[0]: None, written[1]: path, written[2]: path}
    outputs = tuple(Output(each, sources[each], each.stem) for each in written if each.exists())
    if not outputs:
        path.unlink()
        folder.rmdir()
    return Case(index, tuple(tries), outputs)


def _refusal(error: XlperfError, path: Path) -> str:
    """What is wrong with a refusal."""
    text = str(error)
    if isinstance(error.__cause__, MemoryError) or isinstance(error.__context__, MemoryError):
        return f"more memory than there may be: {text}"
    is_sentence = text.startswith(path.name) and text.endswith(("。", "）")) and "\n" not in text
    return "" if is_sentence else f"not a sentence about the file: {text[:300]}"


def _read(path: Path, found: list[Intake]) -> tuple[str, str]:
    try:
        intake = without_generated(gather([read_document(path)], TEMPLATE), TEMPLATE)
    except XlperfError as error:
        return "refused", _refusal(error, path)
    found.append(intake)
    return ("read" if intake.entries else "nothing in it"), ""


def _import(path: Path, intake: Intake, target: Path) -> tuple[str, str]:
    try:
        form = book_of(intake)
        list(record_lines(form, intake))
        record_json(form, intake, target.name, [path.name])
        target.write_bytes(form.book.to_bytes())
        open_form(target)
    except XlperfError as error:
        return "refused", "" if "超过 Excel 上限" in str(error) else _refusal(error, path)
    return "read", ""


@cache
def _record(base: Path) -> Record:
    return open_form(base).record


def _compare(path: Path, base: Path, target: Path) -> tuple[str, str]:
    try:
        document = read_document(path)
        held = hold(_record(base), document)
        held.ledger(path.name)
        found = held.found
        if path.suffix == ".docx":
            target.write_bytes(mark_report(read_file(path, path.name), found, path.name))
    except XlperfError as error:
        return "refused", _refusal(error, path)
    return ("findings" if found else "clean"), ""


def _mark(path: Path, target: Path) -> tuple[str, str]:
    """As a form where it stands; without the comments it is what it was."""
    try:
        blob = read_file(path, path.name)
        reports = [audit(form.record) for form in forms_in(read_document(path))]
        marked = mark_form(blob, reports, path.name)
        target.write_bytes(marked.blob)
        cleared = clear_form(marked.blob, path.name)
    except XlperfError as error:
        return "refused", _refusal(error, path)
    changed = _readable(blob) != _readable(cleared)
    return ("findings" if marked.places else "clean"), "clear does not give back what was there" if changed else ""


def _readable(blob: bytes) -> dict[str, bytes]:
    archive = Archive(blob)
    found = {}
    for entry in archive.entries:
        with suppress(Damaged):  # a part that nobody looks into may stay as broken as it is
            found[entry.name] = archive.read(entry.name)
    return found
