"""Damaged workbooks through every command that takes one, in process."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.campaign import inputs
from tests.campaign.commands import OUTCOMES, called, contents, wrong
from tests.campaign.running import Case, Job, Output, Tried, attempt
from tests.package.kitchen_sink import CHART
from tests.package.touched import read, touch
from xlperf.errors import XlperfError
from xlperf.package import Ref, Workbook

# Name -> arguments behind the workbook, what it writes ({} is the workbook's own suffix), whether that is made anew.
COMMANDS: dict[str, tuple[tuple[str, ...], str, bool]] = {
    "check": (("check",), "", False),
    "check --format json": (("check", "--format", "json"), "", False),
    "check --all-variants": (("check", "--all-variants"), "", False),
    "check -o": (("check", "-o"), "标注{}", False),
    "fill": (("fill", "-o"), "公式{}", False),
    "fill --as value": (("fill", "--as", "value", "--numbers", "-o"), "数值{}", False),
    "fill --as udf": (("fill", "--as", "udf", "-o"), "函数{}", False),
    "clear": (("clear", "--drafts", "-o"), "清除{}", False),
    "freeze": (("freeze", "-o"), "冻结{}", False),
    "freeze --redact": (("freeze", "--redact", "-o"), "公开{}", False),
    "values": (("values",), "", False),
    "roll": (("roll", "-o"), "下年.xlsx", True),
    "report": (("report", "-o"), "报告.docx", True),
    "import": (("import", "-o"), "导入.xlsx", True),
    "fill --in-place": (("fill", "--in-place"), "", False),
    "check --in-place": (("check", "--in-place"), "", False),
}


def run(job: Job, index: int) -> Case:
    """Every command on one damaged workbook in a folder of its own, which stays if anything was written."""
    chance = job.chance(index)
    source = inputs.a_workbook(job.inputs, chance)
    folder = job.folder / str(index)
    folder.mkdir(parents=True)
    book = folder / f"表{source.suffix}"
    book.write_bytes(inputs.damaged(source, chance))
    kept = folder / "原件"
    kept.mkdir()
    shutil.copy(book, kept)
    tries, outputs = [attempt("package", lambda: _package(book.read_bytes()))], []
    for name in COMMANDS:
        tries.append(_one(name, book))
        written = COMMANDS[name][1].format(book.suffix)
        if written and (folder / written).exists():
            moved = (folder / written).rename(kept / f"{index}-{written}")
            outputs.append(Output(moved, None if COMMANDS[name][2] else kept / book.name, name))
    if book.read_bytes() != (kept / book.name).read_bytes():
        outputs.append(Output(book.rename(kept / f"{index}-{book.name}"), kept / book.name, "--in-place"))
    if not outputs:
        shutil.rmtree(folder)
    return Case(index, tuple(tries), tuple(outputs))


def _one(name: str, book: Path) -> Tried:
    (command, *options), target, _ = COMMANDS[name]
    written = target.format(book.suffix)
    may = {written} if written else {book.name} if "--in-place" in options else set()

    def work() -> tuple[str, str]:
        before = contents(book.parent)
        behind = [book.parent / written] if written else []
        code, said = called(command, book, *options, *behind)
        return OUTCOMES.get(code, "failed"), wrong(code, said, before, contents(book.parent), may)

    return attempt(name, work)


def _package(blob: bytes) -> tuple[str, str]:
    """Whatever the file is: all of it read, something of every kind written, and read again."""
    try:
        book = Workbook.open(blob)
        for title in book.sheets:
            read(book, title)
            if title != CHART:
                touch(book, title, Ref(200, 200))
        Workbook.open(book.to_bytes(drop_signature=True)).to_bytes()
    except XlperfError as error:
        found = isinstance(error.__cause__, MemoryError) or error.exit_code != 2
        return "refused", repr(error) if found else ""
    return "clean", ""
