"""One of every kind of file that the program writes, each with the file it was made from."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any, NamedTuple

import docx
import openpyxl
from openpyxl.comments import Comment

from tests.package.books import MAIN, RELS, STRICT_MAIN, STRICT_RELS
from xlperf import cli
from xlperf.audit.run import Report
from xlperf.checks.rule import Finding, Severity
from xlperf.derive.seen import Seen
from xlperf.form.forms import example_of, load_template
from xlperf.form.record import record_from_values
from xlperf.package import Workbook, quoted_title
from xlperf.workbook.audited import Audited
from xlperf.workbook.marks import clear_marks, explanations_in, write_marks

VALUES: dict[str, Any] = example_of("department_overall")


class Output(NamedTuple):
    path: Path
    source: Path | None = None  # of another maker: only what it did not have already is our fault

    @property
    def blob(self) -> bytes:
        return self.path.read_bytes()


def written(*arguments: object) -> None:
    """The command line; findings are no failure here."""
    told = io.StringIO()
    try:
        with redirect_stdout(told), redirect_stderr(told):
            cli.main([str(argument) for argument in arguments])
    except SystemExit as exit_:
        if exit_.code not in (0, 1):
            raise AssertionError(f"{arguments}: {told.getvalue()}") from exit_


def outputs_of(book: Path, folder: Path, source: Path | None = None, *, freeze: bool = True) -> dict[str, Output]:
    """What is written from a workbook and stays in its format; `source`: another program saved it.

    Not to `freeze`: one that openpyxl saved, whose formulas have no values; it is refused.
    """
    made: dict[str, Output] = {}

    def make(kind: str, command: str, origin: Path, *options: object) -> Path:
        path = folder / f"{book.stem}_{kind}{book.suffix}"
        written(command, origin, "-o", path, *options)
        made[f"{book.name}: {kind}"] = Output(path, source)
        return path

    filled = make("fill formula", "fill", book)
    make("fill udf", "fill", book, "--as", "udf")
    marked = make("marked", "check", book)
    again = make("marked again", "check", marked)
    make("cleared", "clear", again)
    if freeze:
        make("fill value", "fill", book, "--as", "value")
        make("frozen", "freeze", filled)
        make("frozen and redacted", "freeze", filled, "--redact")
        make("handed in", "freeze", marked, "--final")
    return made


def next_year(book: Path, folder: Path) -> dict[str, Output]:
    """The workbook of the next year with its drafts, marked, and without them."""
    rolled, marked, cleared = (folder / f"{name}.xlsx" for name in ("rolled", "drafts marked", "drafts cleared"))
    written("roll", book, "-o", rolled)
    written("check", rolled, "-o", marked)
    written("clear", marked, "--drafts", "-o", cleared)
    return {each.stem: Output(each) for each in (rolled, marked, cleared)}


def new_books(folder: Path) -> dict[str, Output]:
    """Blank and with values, with and without buttons, and those of the demonstration."""
    values = folder / "values.json"
    people = {"preparer": "张三丰", "phone": "13800138000"}  # something to be masked
    values.write_text(json.dumps(VALUES | {"fields": VALUES["fields"] | people}, ensure_ascii=False), "utf-8")
    made = {}
    for name, options in (
        ("blank.xlsx", ["--year", 2023]),
        ("blank.xlsm", ["--year", 2023]),
        ("values.xlsx", ["--values", values]),
        ("values.xlsm", ["--values", values]),
    ):
        written("new", folder / name, *options)
        made[f"new {name}"] = Output(folder / name)
    written("demo", folder / "demo")
    return made | {f"demo {each.name}": Output(each) for each in sorted((folder / "demo").iterdir())}


def reports_of(book: Path, folder: Path) -> dict[str, Output]:
    """The report, also for the public, its copies with comments, and the workbook that is read from it."""
    report, public, changed, marked, on_form, read = (
        folder / name for name in ("报告.docx", "公开.docx", "改过.docx", "批注.docx", "标注.docx", "导入.xlsx")
    )
    written("report", book, "-o", report)
    written("report", book, "-o", public, "--redact")
    document = docx.Document(str(report))
    for paragraph in document.paragraphs:
        for run in paragraph.runs:
            run.text = run.text.replace("251.06", "252.06")
    document.save(str(changed))
    written("check", book, "--against", changed, "--mark", marked)
    written("check", report, "-o", on_form)
    written("import", report, "-o", read)
    return {
        "report": Output(report),
        "report, redacted": Output(public),
        "report, commented": Output(marked, changed),
        "form, commented": Output(on_form, report),
        "import": Output(read),
    }


def saved_by_openpyxl(book: Path, path: Path) -> Path:
    """With somebody's notes on every sheet; openpyxl's drawings are unlike Excel's."""
    workbook = openpyxl.load_workbook(book)
    for page in workbook:
        page["A1"].comment = Comment("原有批注", "王")
        page["J40"].comment = Comment("另一条", "李")
    workbook.save(path)
    return path


def as_strict(book: Path, path: Path) -> Path:
    """The same workbook as Excel saves it under “Strict Open XML”: other namespaces."""
    result = io.BytesIO()
    spaces: Mapping[bytes, bytes] = {MAIN.encode(): STRICT_MAIN.encode(), RELS.encode(): STRICT_RELS.encode()}
    with zipfile.ZipFile(book) as source, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            data = source.read(name)
            if name.endswith((".xml", ".rels")):
                for old, new in spaces.items():
                    data = data.replace(old, new)
            target.writestr(name, data)
    path.write_bytes(result.getvalue())
    return path


def mark_and_clear(blob: bytes) -> tuple[bytes, bytes, bytes]:
    """Any workbook marked, marked again and cleared: three findings on each of its first sheets that hold cells."""
    book = Workbook.open(blob)
    visible = [title for title in book.sheets if book.hidden_state(title) == "visible" and book.cells(title)][:3]
    findings = tuple(_finding(title, row, severity) for title in visible for row, severity in enumerate(Severity, 3))
    record = record_from_values(VALUES, load_template("department_overall"))
    report = Report(Seen(record), findings, (), ())
    write_marks(book, [Audited(report)])
    marked = book.to_bytes()
    book = Workbook.open(marked)
    write_marks(book, [Audited(report, explanations_in(book))])
    again = book.to_bytes()
    book = Workbook.open(again)
    clear_marks(book)
    return marked, again, book.to_bytes()


def _finding(title: str, row: int, severity: Severity) -> Finding:
    at = f"{quoted_title(title)}!B{row}"
    return Finding("XLP201", "-", severity, at, "annual_budget", "应为 5。", "4", "5", (), (), None, None, ())
