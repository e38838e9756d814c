"""excelize, the writer that came closest to losing nothing, as an oracle: what it reads before and after our edits."""

from __future__ import annotations

from pathlib import Path

import excelize
import pytest

from tests.package.fidelity import FORMULA, TEXT, run_job
from tests.package.kitchen_sink import FORM, kitchen_sink
from xlperf.package import ref_text


def reading(blob: bytes, path: Path) -> dict[tuple[str, int, int], str]:
    """Every cell that excelize shows, by sheet, row and column."""
    path.write_bytes(blob)
    book = excelize.open_file(str(path))
    try:
        return {
            (sheet, row, col): text
            for sheet in book.get_sheet_list()
            for row, texts in enumerate(_rows(book, sheet), 1)
            for col, text in enumerate(texts, 1)
            if text
        }
    finally:
        book.close()


def _rows(book: excelize.File, sheet: str) -> list[list[str]]:
    try:
        rows: list[list[str]] = book.get_rows(sheet)
    except RuntimeError:  # a chart sheet has no rows
        return []
    return rows


@pytest.mark.parametrize("title", [None, FORM])
def test_excelize_reads_every_other_cell_as_before(title: str | None, tmp_path: Path) -> None:
    blob = kitchen_sink()
    job = run_job(blob, title)
    before, after = reading(blob, tmp_path / "before.xlsm"), reading(job.blob, tmp_path / "after.xlsm")
    ours = {(job.sheet, ref.row, ref.col) for ref in job.refs}
    assert {place: text for place, text in after.items() if place not in ours} == {
        place: text for place, text in before.items() if place not in ours
    }
    assert after[job.sheet, job.text.row, job.text.col] == TEXT
    assert len(before) > 50


def test_excelize_finds_the_formula_and_the_note(tmp_path: Path) -> None:
    job = run_job(kitchen_sink(), FORM)
    (tmp_path / "after.xlsm").write_bytes(job.blob)
    book = excelize.open_file(str(tmp_path / "after.xlsm"))
    try:
        assert book.get_cell_formula(job.sheet, ref_text(job.formula)) == FORMULA
        notes = {comment.cell for comment in book.get_comments(job.sheet)}
        assert ref_text(job.number) in notes
    finally:
        book.close()
