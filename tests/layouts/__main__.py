"""`python -m tests.layouts`: see the docstring of the package."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import tests.layouts
from tests.intake.drawn import document, table
from tests.intake.laid_out import as_word, as_workbook, drawn_text
from tests.layouts.drawing import Form, draw
from tests.layouts.reading import LISTED, LOST, RIGHT, WRONG, Judged, judge
from tests.layouts.words import ODD, USUAL
from xlperf.form.forms import load_template
from xlperf.intake.readers.opening import read_document
from xlperf.labels.blocks import Document
from xlperf.labels.tables import read_tables
from xlperf.package import Ref, ref_text

TEMPLATE = load_template("project_elsewhere")
_SHOWN = 40


def in_memory(form: Form) -> Judged:
    """The form as blocks; nothing is written."""
    title = (f"{form.year}年度项目支出绩效自评表", f"单位：{form.unit}")
    return _judged(form, document(*title, table(form.grid)), "第{row}行第{col}列")


def in_file(form: Form, path: Path) -> Judged:
    """Written as a file of a kind and read back."""
    rows = [[f"{form.year}年度项目支出绩效自评表", *["<"] * (len(form.grid[0]) - 1)], *form.grid]
    make: Callable[[str, Path], Path] = as_word if path.suffix == ".docx" else as_workbook
    found = read_document(make(drawn_text(rows), path))
    return _judged(form, found, "第{row}行第{col}列" if path.suffix == ".docx" else "", title_rows=1)


def _judged(form: Form, found: Document, place: str, title_rows: int = 0) -> Judged:
    places = {
        (row, col): place.format(row=row + title_rows, col=col) if place else ref_text(Ref(row + title_rows, col))
        for row, col in form.expected
    }
    return judge(form, read_tables(found, TEMPLATE), places)


def main() -> int:
    options = _options()
    words: Mapping[str, Sequence[str]] = ODD if options.odd else USUAL
    counts: Counter[str] = Counter()
    told: Counter[str] = Counter()
    whole, start = 0, time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        for number in range(options.count):
            form = draw(options.seed * 1_000_000 + number, words)
            suffix = ("", ".xlsx", ".docx")[number % 3] if options.files else ""
            one = in_file(form, Path(folder) / f"表{suffix}") if suffix else in_memory(form)
            counts += one.counts
            whole += set(one.counts) == {RIGHT}
            told.update(each if each.startswith(LISTED) else f"form {number}: {each}" for each in one.told)
    cells = sum(counts.values())
    shares = "，".join(f"{name} {count} ({count / cells:.2%})" for name, count in counts.most_common())
    print(f"{options.count} forms, seed {options.seed}, {time.monotonic() - start:.0f} s, {whole} whole")
    print(f"{cells} cells: {shares}")
    for each, count in told.most_common(_SHOWN):
        print(f"  {count} {each}")
    return 1 if counts[LOST] or counts[WRONG] else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.layouts",
        description=tests.layouts.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--count", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=14)
    parser.add_argument("--odd", action="store_true")
    parser.add_argument("--files", action="store_true", help="every third as .xlsx, every third as .docx")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
