"""On paper: a draw of what `python -m tests.paper` prints, and that it sees what is cut or too small."""

from __future__ import annotations

import copy
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Alignment, Font

from tests.hosts.libreoffice import Office
from tests.intake.laid_out import NINGXIA, as_workbook
from tests.outputs import VALUES, written
from tests.paper import faults_of, pages_of
from tests.workbooks import new_bytes

pytestmark = pytest.mark.libreoffice
MANY = 60  # indicators with one fault: more lines than a row of a sheet, or a page, has room for


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory, office: Office) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("paper")
    values = copy.deepcopy(VALUES)
    row = values["indicators"][0] | {"target": "≥98", "actual": "95", "weight": "10", "score": "10"}
    values["indicators"] = [row | {"level3": f"指标{number}"} for number in range(MANY)]
    (folder / "ours.xlsx").write_bytes(new_bytes(values))
    as_workbook(NINGXIA.replace("10年 | 8年 | 24 |", "10年 | 8年 | 22 |"), folder / "theirs.xlsx")
    for name in ("ours", "theirs"):
        written("check", folder / f"{name}.xlsx", "-o", folder / f"{name}_审核.xlsx")
    _bad(folder / "bad.xlsx")
    books = [folder / "ours_审核.xlsx", folder / "theirs_审核.xlsx", folder / "bad.xlsx"]
    return {pdf.stem: pdf for pdf in office.convert(books, "pdf", folder / "pdf")}


def _bad(path: Path) -> None:
    """A line whose lower half is cut away, and small letters."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["A1"] = "单位绩效自评表格"
    sheet["A1"].font, sheet["A1"].alignment = Font(name="宋体", size=24), Alignment(vertical="top")
    sheet.row_dimensions[1].height = 14
    sheet["A3"] = "另一行文字完整"
    sheet["A3"].font = Font(name="宋体", size=7)
    book.save(path)


def test_cut_lines_and_small_letters_are_seen(printed: dict[str, Path]) -> None:
    (page,) = pages_of(printed["bad"])
    assert len(page.cut) == 1
    assert page.cut[0].startswith("单位")
    assert round(page.least) == 7
    assert len(faults_of(printed["bad"], is_ours=True)) == 2


@pytest.mark.parametrize("name", ["ours", "theirs"])
def test_nothing_is_cut_or_too_small(name: str, printed: dict[str, Path]) -> None:
    """Of the sheets that list something; a merged heading that goes over to another page is cut by the page."""
    assert faults_of(printed[f"{name}_审核"], is_ours=False) == []


def test_an_item_of_many_findings_is_printed_to_its_end(printed: dict[str, Path]) -> None:
    text = "".join("".join(page.text.split()) for page in pages_of(printed["ours_审核"]))
    for number in range(1, MANY + 1):
        assert f"（{number}）E{14 + number}:指标{number - 1}·" in text


def test_columns_that_are_looked_up_are_not_printed(printed: dict[str, Path]) -> None:
    text = "".join("".join(page.text.split()) for page in pages_of(printed["theirs_审核"]))
    assert "审核说明（请在此填写）" in text
    assert "XLP" not in text
