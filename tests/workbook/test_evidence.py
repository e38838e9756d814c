"""审核佐证清单: what a full score has to be shown by; what the user ticked stays, and clear takes it all away."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.command import Run
from tests.intake.laid_out import YUNNAN, as_workbook
from tests.places import DATA
from xlperf.package import Workbook
from xlperf.package.look import Layout
from xlperf.workbook.actions import new_workbook
from xlperf.workbook.evidence import EVIDENCE, EVIDENCE_SHEET

PROJECT: dict[str, Any] = json.loads((DATA / "project_spending.json").read_text("utf-8"))


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "自评.xlsx"
    new_workbook(PROJECT).save(path)
    return path


def listed(path: Path) -> list[list[str]]:
    cells = Workbook.open(path).cells(EVIDENCE_SHEET)
    rows = sorted({ref.row for ref in cells if ref.row > EVIDENCE.head})
    return [[cells[ref].text for ref in sorted(cells) if ref.row == row] for row in rows]


def test_full_scores_are_listed_with_what_shows_them(book: Path, tmp_path: Path, run: Run) -> None:
    assert run("check", book, "-o", tmp_path / "审.xlsx", "--letter", tmp_path / "意见.docx").code == 0
    rows = listed(tmp_path / "审.xlsx")
    assert [row[2] for row in rows] == [row["level3"] for row in PROJECT["indicators"] if row["weight"] == row["score"]]
    wants = {row[2]: row[6] for row in rows}
    assert "台账" in wants["购置图书"]
    assert "验收报告" in wants["图书编目合格率"]
    assert "写明日期" in wants["图书上架时间"]
    assert "结算单" in wants["图书购置成本"]
    assert "问卷" in wants["读者满意度"]
    assert "举办读书活动" not in wants, "it lost points, and its reason is asked for instead"


def test_what_was_ticked_stays(book: Path, tmp_path: Path, run: Run) -> None:
    run("check", book, "--in-place", "--letter", tmp_path / "一.docx")
    form = Workbook.open(book)
    (ref,) = (ref for ref, cell in form.cells(EVIDENCE_SHEET).items() if cell.text == "读者满意度")
    form.write(EVIDENCE_SHEET, ref._replace(col=EVIDENCE.column("备齐的填“是”")), "是")
    form.save(book)
    run("check", book, "--in-place", "--letter", tmp_path / "二.docx")
    assert [row[2] for row in listed(book) if row[-1] == "是"] == ["读者满意度"]
    run("check", book, "--in-place")
    assert [row[2] for row in listed(book) if row[-1] == "是"] == ["读者满意度"], "an audit without a letter leaves it"


@pytest.mark.parametrize("place", ["ours", "anybody's"])
def test_clear_takes_it_away(place: str, book: Path, tmp_path: Path, run: Run) -> None:
    own = book if place == "ours" else as_workbook(YUNNAN, tmp_path / "云.xlsx")
    assert run("check", own, "-o", tmp_path / "审.xlsx", "--letter", tmp_path / "意见.docx").code in (0, 1)
    assert EVIDENCE_SHEET in Workbook.open(tmp_path / "审.xlsx").sheets
    assert run("clear", tmp_path / "审.xlsx", "-o", tmp_path / "清.xlsx").code == 0
    before, after = Workbook.open(own), Workbook.open(tmp_path / "清.xlsx")
    assert before.sheets == after.sheets
    assert all(before.cells(sheet) == after.cells(sheet) for sheet in before.sheets if sheet != "审核结果")


def test_somebody_elses_sheet_of_that_name_is_not_touched(book: Path, tmp_path: Path, run: Run) -> None:
    form = Workbook.open(book)
    form.add_blank_sheet(EVIDENCE_SHEET, Layout([10]))
    form.save(book)
    before = book.read_bytes()
    told = run("check", book, "--in-place", "--letter", tmp_path / "意见.docx")
    assert (told.code, "请给那张表改名" in told.err) == (2, True)
    assert book.read_bytes() == before


def test_without_a_letter_there_is_none(book: Path, tmp_path: Path, run: Run) -> None:
    run("check", book, "-o", tmp_path / "审.xlsx")
    assert EVIDENCE_SHEET not in Workbook.open(tmp_path / "审.xlsx").sheets


def test_a_list_that_was_emptied_is_written_again(book: Path, tmp_path: Path, run: Run) -> None:
    """Where another sheet follows it cannot go with its list."""
    run("check", book, "--in-place", "--letter", tmp_path / "一.docx")
    form = Workbook.open(book)
    form.add_blank_sheet("我的", Layout([10]))
    form.save(book)
    assert run("clear", book, "--in-place").code == 0
    assert EVIDENCE_SHEET in Workbook.open(book).sheets
    run("check", book, "--in-place", "--letter", tmp_path / "二.docx")
    assert "读者满意度" in [row[2] for row in listed(book)]
