"""Drawn forms, of projects and of whole departments, imported into our workbooks.

    python -m tests.layouts.imported [--count 100] [--seed 14]

Every third is a department's, every other one is a Word document. Each cell must stand in the new workbook as it is
read where it is, or be listed because the workbook has no such cell.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.intake.laid_out import as_word, as_workbook, drawn_text, value_of
from tests.layouts.drawing import Form, draw
from tests.layouts.reading import LISTED, LOST, RIGHT, WRONG, Judged, judge
from tests.layouts.words import USUAL
from xlperf.intake.chosen import choose, gathered
from xlperf.intake.readers.opening import read_document
from xlperf.intake.record_sheet import book_of
from xlperf.labels.reading import Reading
from xlperf.labels.recognised import recognise, record_of
from xlperf.package import Ref, ref_text
from xlperf.workbook.actions import open_form

_OF_DEPARTMENT = {
    "project_name": ("部门名称", "某县住建局", "unit_name"),
    "department": ("填表人", "张三", "preparer"),
    "implementing_unit": ("联系电话", "0739-1234567", "phone"),
}


def imported(form: Form, path: Path, wanted: str) -> Judged:
    """What becomes of every cell of a form that is imported into the form `wanted`, through a file."""
    title = "部门整体支出绩效自评表" if wanted == "department_overall" else "项目支出绩效自评表"
    rows = [[f"{form.year}年度{title}", *["<"] * (len(form.grid[0]) - 1)], *form.grid]
    is_word = path.suffix == ".docx"
    document = read_document((as_word if is_word else as_workbook)(drawn_text(rows), path))
    chosen = choose([document])
    intake = gathered(chosen)
    places = {
        (row, col): f"第{row + 1}行第{col}列" if is_word else ref_text(Ref(row + 1, col)) for row, col in form.expected
    }
    judged = judge(form if is_word else _as_shown(form), Reading(intake.entries, intake.left), places)
    told = list(judged.told)
    if chosen.template.id != wanted:
        told.append(f"{WRONG} imported into {chosen.template.id}")
    there = open_form(book_of(intake).book.to_bytes()).record
    for key, stated in record_of(recognise(document), document.name).stated.items():
        found = there.stated.get(key)
        if stated.is_blank or (found is None and not there.template.has(key)):
            continue
        if found is None or (found.number, found.number is None and found.text) != (
            stated.number,
            stated.number is None and stated.text,
        ):
            told.append(f"{WRONG} {key}: {stated.shown} became {found and found.shown}")
    wrong = Counter({WRONG: len(told) - len(judged.told)})
    return Judged(judged.counts + wrong, tuple(told))


def _as_shown(form: Form) -> Form:
    """A sheet has numbers, which show no zeros behind."""
    texts = {
        place: (f"{value:.15g}" if isinstance(value := value_of(text), float) else text, key)
        for place, (text, key) in form.expected.items()
    }
    return form._replace(expected=texts)


def of_department(form: Form) -> Form:
    """The same form of a whole department: without what only a project has."""
    grid, expected = [list(texts) for texts in form.grid], dict(form.expected)
    for (row, col), (_, key) in form.expected.items():
        if key in _OF_DEPARTMENT:
            grid[row - 1][0], grid[row - 1][col - 1], own = _OF_DEPARTMENT[key]
            expected[row, col] = grid[row - 1][col - 1], own
    return form._replace(grid=grid, expected=expected)


def one(number: int, seed: int, folder: Path) -> Judged:
    form = draw(seed * 1_000_000 + number, USUAL)
    path = folder / f"表{'.docx' if number % 2 else '.xlsx'}"
    if number % 3 == 2:
        return imported(of_department(form), path, "department_overall")
    return imported(form, path, "project_spending")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.layouts.imported", description=__doc__)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=14)
    options = parser.parse_args()
    counts: Counter[str] = Counter()
    whole = 0
    with tempfile.TemporaryDirectory() as folder:
        for number in range(options.count):
            judged = one(number, options.seed, Path(folder))
            counts += judged.counts
            is_whole = not judged.counts[LOST] and not judged.counts[WRONG]
            whole += is_whole
            if not is_whole:
                print(
                    f"form {number}:", *(f"  {each}" for each in judged.told if not each.startswith(LISTED)), sep="\n"
                )
    shares = "，".join(f"{name} {counts[name]}" for name in (RIGHT, LISTED, LOST, WRONG))
    print(f"{options.count} forms, seed {options.seed}: {whole} whole; {shares}")
    return 0 if whole == options.count else 1


if __name__ == "__main__":
    sys.exit(main())
