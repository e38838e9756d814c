"""What was written, opened by other programs; what could not be opened before need not be after."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import docx
from lxml import etree

from tests.campaign.running import Output
from tests.package.readers import Calc, Request, ask_all, calc_all


class Unopened(NamedTuple):
    output: Output
    program: str
    reason: str


Opener = Callable[[Sequence[Path]], list[str]]


def unopened(outputs: Sequence[Output], jobs: int) -> Iterator[Unopened]:
    """Workbooks that openpyxl or calamine, documents that python-docx cannot open."""
    books = [output for output in outputs if output.path.suffix != ".docx"]
    for kind in ("openpyxl", "calamine"):
        yield from _compared(books, kind, lambda paths: ask_all(kind, [Request(str(each)) for each in paths], jobs))  # noqa: B023
    yield from _compared([each for each in outputs if each.path.suffix == ".docx"], "python-docx", _with_docx)


def unopened_by_office(outputs: Sequence[Output], folder: Path) -> list[Unopened]:
    """The same of LibreOffice, of workbooks and documents alike; it asks for names that are all different."""
    writer = Calc(folder / "writer")

    def ask(paths: Sequence[Path]) -> list[str]:
        found = calc_all([path for path in paths if path.suffix != ".docx"], {}, folder, 1)
        return [found[path] if path in found else _as_text(writer, path) for path in paths]

    return list(_compared(outputs, "LibreOffice", ask))


def _compared(outputs: Sequence[Output], program: str, ask: Opener) -> Iterator[Unopened]:
    answers = ask([output.path for output in outputs]) if outputs else []
    for output, answer in zip(outputs, answers, strict=True):
        if not answer or (output.source is not None and ask([output.source])[0]):
            continue
        yield Unopened(output, program, answer)


def _as_text(writer: Calc, path: Path) -> str:
    result = writer.save(path, "odt")
    if not result.exists():
        return "not opened"
    result.unlink()
    return ""


def _with_docx(paths: Sequence[Path]) -> list[str]:
    return [_document(path) for path in paths]


def _document(path: Path) -> str:
    try:
        docx.Document(str(path))
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                if name.endswith((".xml", ".rels")):
                    etree.fromstring(archive.read(name), etree.XMLParser(huge_tree=True))
    except Exception as error:  # any reason at all is an answer here
        return f"{type(error).__name__}: {error}"[:300]
    return ""
