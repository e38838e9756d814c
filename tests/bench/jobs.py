"""What xlperf does against the floors."""

from __future__ import annotations

import resource
import sys
import time
from decimal import Decimal
from pathlib import Path

from xlperf.package import CellKind, Ref, Workbook
from xlperf.workbook.actions import check, fill, open_form


def read_all(source: Path) -> None:
    """Everything a check needs: values, formulas, formats of numbers, merges, hidden rows, names, notes."""
    book = Workbook.open(source)
    for title in book.sheets:
        for cell in book.cells(title).values():
            if cell.kind is CellKind.NUMBER:
                book.number_format(cell)
        book.merges(title), book.hidden_rows(title), book.hidden_cols(title), book.notes(title)


def audit_file(source: Path) -> None:
    """Recognised, read, inspected and audited."""
    check(open_form(source))


def places(source: Path) -> tuple[str, list[Ref]]:
    """100 cells that may be written: where a full job is going to work is known before it starts."""
    book = Workbook.open(source)
    sheet = max(book.sheets[:5], key=lambda title: len(book.cells(title)))
    merges = book.merges(sheet)
    free = sorted(ref for ref in book.cells(sheet) if not any(area.contains(ref) for area in merges))
    while len(free) < 100:
        free.append(Ref(free[-1].row + 1, 1))
    return sheet, free[:100]


def full_job(source: Path, target: Path, sheet: str, free: list[Ref]) -> None:
    """100 values, 20 marks, 5 notes and the findings sheet; save."""
    book = Workbook.open(source)
    for number, ref in enumerate(free):
        book.write(sheet, ref, Decimal(number))
    book.set_highlights(sheet, "xlperf", {"FFC7CE": free[:10], "FFEB9C": free[10:20]})
    book.set_notes(sheet, "xlperf", dict.fromkeys(free[:5], "【错误 XLP201】总额与分项合计不等"))
    findings = "审核结果"
    row = ["错误", "XLP201", "总额与分项合计不等", sheet, "说明" * 20, "建议" * 10, "依据"]
    book.set_rows(findings, 4, [[Decimal(number), *row] for number in range(1, 21)])
    book.set_links(findings, {Ref(number + 4, 5): f"'{sheet}'!A1" for number in range(20)})
    book.save(target)


def one_cell(source: Path, target: Path) -> None:
    book = Workbook.open(source)
    book.write(book.sheets[1], Ref(6, 2), Decimal("12.5"))
    book.save(target)


def fill_form(source: Path, target: Path) -> None:
    form = open_form(source)
    fill(form)
    form.book.save(target)


def read_and_patch_last_sheet(source: Path, target: Path) -> None:
    book = Workbook.open(source)
    for title in book.sheets:
        book.cells(title)
    book.write(book.sheets[-1], Ref(1_000_000, 1), Decimal(1))
    book.save(target)


if __name__ == "__main__":  # in a process of its own: seconds and peak of memory
    start = time.perf_counter()
    read_and_patch_last_sheet(Path(sys.argv[1]), Path(sys.argv[2]))
    print(time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
