"""What was written, opened by other programs; what could not be opened before need not be after."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from html import unescape
from pathlib import Path
from typing import NamedTuple

import docx
from lxml import etree

from tests.campaign.running import Output
from tests.package.books import pack
from tests.package.fidelity import unsound
from tests.package.readers import Calc, Request, ask_all, calc_all


class Unopened(NamedTuple):
    output: Output
    program: str
    reason: str


_EMPTY = pack({})
Opener = Callable[[Sequence[Path]], list[str]]


def unopened(outputs: Sequence[Output], jobs: int) -> Iterator[Unopened]:
    """Workbooks that openpyxl or calamine, documents that python-docx cannot open."""
    books = [output for output in outputs if output.path.suffix != ".docx"]
    for kind in ("openpyxl", "calamine"):
        yield from _compared(books, kind, lambda paths: ask_all(kind, [Request(str(each)) for each in paths], jobs))  # noqa: B023
    yield from _compared([each for each in outputs if each.path.suffix == ".docx"], "python-docx", _with_docx)
    yield from (Unopened(each, "Excel", "; ".join(found)) for each in outputs if (found := unsound_parts(each)))


def unopened_by_office(outputs: Sequence[Output], folder: Path) -> list[Unopened]:
    """The same of LibreOffice, of workbooks and documents alike; it asks for names that are all different."""
    writer = Calc(folder / "writer")

    def ask(paths: Sequence[Path]) -> list[str]:
        found = calc_all([path for path in paths if path.suffix != ".docx"], {}, folder, 1)
        return [found[path] if path in found else _as_text(writer, path) for path in paths]

    return list(_compared(outputs, "LibreOffice", ask))


def unsound_parts(output: Output) -> list[str]:
    """What a parser that knows name spaces refuses, shape ids without owner, texts that no cell holds; if new."""
    with suppress(Exception):  # a damaged original need not be a zip file to Python
        before = output.source.read_bytes() if output.source else _EMPTY
        return [*unsound(before, output.path.read_bytes()), *sorted(_too_long(output.path) - _too_long(output.source))]
    return []


def _too_long(path: Path | None) -> set[str]:
    found: set[str] = set()
    if path is not None:
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                if name.startswith("xl/") and name.endswith(".xml"):
                    texts = re.findall(r"<t(?: [^>]*)?>([^<]*)", archive.read(name).decode("utf-8", "replace"))
                    found |= {
                        f"{name}: a text of {len(text)} characters" for text in texts if len(unescape(text)) > 32_767
                    }
    return found


def _compared(outputs: Sequence[Output], program: str, ask: Opener) -> Iterator[Unopened]:
    """The originals first, once each: what a program hangs on it would hang on in every copy."""
    sources = list(dict.fromkeys(output.source for output in outputs if output.source))
    hopeless = {source for source, answer in zip(sources, ask(sources) if sources else [], strict=True) if answer}
    wanted = [output for output in outputs if output.source not in hopeless]
    answers = ask([output.path for output in wanted]) if wanted else []
    yield from (Unopened(output, program, answer) for output, answer in zip(wanted, answers, strict=True) if answer)


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
