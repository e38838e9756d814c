"""What xlperf does against the floors."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from xlperf.hosts.file import fill, open_form
from xlperf.package import CellKind, Ref, Workbook


def read_all(source: Path) -> None:
    """Everything a check needs: values, formulas, formats of numbers, merges, hidden rows, names, notes."""
    book = Workbook.open(source)
    for title in book.sheets:
        for cell in book.cells(title).values():
            if cell.kind is CellKind.NUMBER:
                book.number_format(cell)
        book.merges(title), book.hidden_rows(title), book.hidden_cols(title), book.notes(title)


def full_job(source: Path, target: Path) -> None:
    """Read everything; 100 values, 20 marks, 5 notes and the findings sheet; save."""
    read_all(source)
    book = Workbook.open(source)
    sheet = max(book.sheets[:5], key=lambda title: len(book.cells(title)))
    inner = {
        Ref(row, col)
        for area in book.merges(sheet)
        for row in range(area.top, area.bottom + 1)
        for col in range(area.left, area.right + 1)
    }
    free = sorted(ref for ref in book.cells(sheet) if ref not in inner)
    while len(free) < 100:
        free.append(Ref(free[-1].row + 1, 1))
    for number, ref in enumerate(free[:100]):
        book.write(sheet, ref, Decimal(number))
    book.set_highlights(sheet, "xlperf", {"FFC7CE": free[:10], "FFEB9C": free[10:20]})
    book.set_notes(sheet, "xlperf", dict.fromkeys(free[:5], "【错误 XLP201】总额与分项合计不等"))
    findings = book.sheets[5]
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
