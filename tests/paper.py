"""Every sheet of workbooks that we make, audit, roll and import, on paper: nothing cut, no letter under 8 points.

    python -m tests.paper [--foreign 3] [--seed 18] [--keep DIR]

LibreOffice prints them. A letter is cut where a line of text has no ink at its upper or lower edge. Of workbooks of
other makers only the sheets that are ours are looked at.
"""

from __future__ import annotations

import argparse
import ctypes
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any, NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

from tests.foreign.writers import drawn, write_all
from tests.hosts.libreoffice import Office
from tests.outputs import VALUES, written
from tests.workbooks import new_bytes
from xlperf.form.forms import form_ids
from xlperf.workbook.handed_in import OUR_LISTS

LEAST = 8.0  # points
_SCALE = 3  # pixels a point
_INK = 160  # of 255: darker is ink
_EDGE = 0.3  # of the height of a line
_MANY = 4  # letters without which a line tells nothing


class Page(NamedTuple):
    """A printed page: its least letters in points, the lines of which an edge is cut, all its text."""

    number: int
    least: float
    cut: tuple[str, ...]
    text: str


class _Letter(NamedTuple):
    sign: str
    size: float
    left: float
    bottom: float
    right: float
    top: float


def pages_of(pdf: Path) -> list[Page]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [_page(document[number], number + 1) for number in range(len(document))]
    finally:
        document.close()


def _page(page: Any, number: int) -> Page:
    text = page.get_textpage()
    letters = list(_letters(text))
    picture = page.render(scale=_SCALE, grayscale=True).to_numpy()
    picture = picture[:, :, 0] if picture.ndim == 3 else picture
    lines: dict[tuple[float, float], list[_Letter]] = defaultdict(list)
    for letter in letters:
        lines[round(letter.bottom), round(letter.size)].append(letter)
    cut = [line for each in lines.values() for line in _cut(each, picture, page.get_height())]
    return Page(number, min((each.size for each in letters), default=0.0), tuple(cut), text.get_text_bounded())


def _letters(text: Any) -> Iterator[_Letter]:
    for index in range(text.count_chars()):
        sign = chr(pdfium.FPDFText_GetUnicode(text, index))
        if sign.isspace() or not sign.isprintable():
            continue
        matrix = pdfium.FS_MATRIX()
        pdfium.FPDFText_GetMatrix(text, index, ctypes.byref(matrix))
        size = pdfium.FPDFText_GetFontSize(text, index) * abs(matrix.a * matrix.d - matrix.b * matrix.c) ** 0.5
        yield _Letter(sign, size, *text.get_charbox(index))


def _cut(line: Sequence[_Letter], picture: Any, height: float) -> Iterator[str]:
    """Chinese letters reach from edge to edge of their boxes, all but a few of them."""
    words = [each for each in line if "\u4e00" <= each.sign <= "\u9fff"]
    if len(words) < _MANY:
        return
    inked = [_edges(each, picture, height) for each in words]
    for edge in (0, 1):
        if sum(each[edge] for each in inked) < len(words) / 3:
            yield "".join(each.sign for each in words)
            return


def _edges(letter: _Letter, picture: Any, height: float) -> tuple[bool, bool]:
    """Is there ink at the upper, at the lower edge of a letter?"""
    top, bottom = (round((height - at) * _SCALE) for at in (letter.top, letter.bottom))
    left, right = round(letter.left * _SCALE), round(letter.right * _SCALE)
    box = picture[max(top, 0) : bottom, max(left, 0) : right]
    if not box.size:
        return False, False
    edge = max(1, round(len(box) * _EDGE))
    ground = box.max()
    return bool((box[:edge] < ground - 60).any()), bool((box[-edge:] < ground - 60).any())


def faults_of(pdf: Path, *, is_ours: bool) -> list[str]:
    """What is wrong on the pages; of a workbook of others on those that have the headings of a list of ours."""
    found = []
    heads = ["".join(listing.titles[:3]) for listing in OUR_LISTS]
    for page in pages_of(pdf):
        if not is_ours and not any(head in "".join(page.text.split()) for head in heads):
            continue
        if 0 < page.least < LEAST:
            found.append(f"{pdf.name} page {page.number}: letters of {page.least:.1f} points")
        found += [f"{pdf.name} page {page.number}: cut: {line}" for line in page.cut]
    return found


def books_in(folder: Path, office: Office, foreign: int, seed: int) -> tuple[list[Path], list[Path]]:
    """Workbooks of ours, and marked ones of others."""
    ours = []
    for name in form_ids():
        blank, marked = folder / f"{name}.xlsx", folder / f"{name}_审核.xlsx"
        written("new", blank, "--template", name, "--year", 2023, "--unit", "某某局")
        written("check", blank, "-o", marked)
        ours += [blank, marked]
    filled, marked, rolled, report = (
        folder / f"{name}" for name in ("自评.xlsx", "审核.xlsx", "下年.xlsx", "报告.docx")
    )
    filled.write_bytes(new_bytes(VALUES))
    written("check", filled, "-o", marked, "--ledger", "--letter", folder / "意见.docx")
    written("roll", filled, "-o", rolled)
    written("report", filled, "-o", report)
    written("import", report, "-o", folder / "导入.xlsx")
    theirs = []
    for path in write_all([drawn(number, seed) for number in range(foreign)], folder, office):
        theirs.append(path.with_name(f"{path.stem}_审核.xlsx"))
        written("check", path, "-o", theirs[-1])
    return [*ours, filled, marked, rolled, folder / "导入.xlsx"], theirs


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--foreign", type=int, default=3)
    options.add_argument("--seed", type=int, default=18)
    options.add_argument("--keep", type=Path)
    asked = options.parse_args()
    with nullcontext(asked.keep) if asked.keep else tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        office = Office(Path(tempfile.mkdtemp(dir=folder)))
        ours, theirs = books_in(folder, office, asked.foreign, asked.seed)
        found: list[str] = []
        for paths, is_ours in ((ours, True), (theirs, False)):
            for pdf in office.convert(paths, "pdf", folder / "paper"):
                pages = pages_of(pdf)
                least = min((page.least for page in pages if page.least), default=0.0)
                print(f"{pdf.name}: {len(pages)} pages, letters of {least:.1f} points and more", flush=True)
                found += faults_of(pdf, is_ours=is_ours)
        print("\n".join(found) or "nothing is cut or too small")
        return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
