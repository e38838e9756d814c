"""Text that begins like a formula is text, in every cell that we write and for every program."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import python_calamine

from tests.package.books import book, entries, sheet
from tests.package.readers import Calc
from tests.package.tags import tags_of
from xlperf.form.forms import example_of
from xlperf.package import Ref, Workbook
from xlperf.workbook.actions import FillAs, check, fill, mark, new_workbook, open_form

STARTS = ("=1+1", "+1+1", "-1+1", "@SUM(1)", "=cmd|' /C calc'!A0", '=HYPERLINK("http://x")', "\t=1+1", "＝1+1")


def written(text: str) -> bytes:
    """Through each writer of a cell."""
    workbook = Workbook.open(book())
    workbook.write("表", Ref(1, 1), text)
    workbook.write("表", Ref(1, 2), text, number_format="0.00", wrap=True)
    workbook.set_notes("表", text, {Ref(1, 1): text})
    workbook.add_sheet("新", sheet().encode())
    workbook.set_rows("新", 1, [[text, None, text]])
    return workbook.to_bytes()


@pytest.mark.parametrize("text", STARTS)
def test_cells_hold_the_text(text: str) -> None:
    blob = written(text)
    page, new = (openpyxl.load_workbook(io.BytesIO(blob))[title] for title in ("表", "新"))
    assert [(cell.value, cell.data_type) for cell in (page["A1"], page["B1"], new["A1"], new["C1"])] == [
        (text, "s")
    ] * 4
    assert page["A1"].comment.text == text
    grid = python_calamine.load_workbook(io.BytesIO(blob)).get_sheet_by_name("表").to_python()
    assert grid == [[text, text]]
    assert not any(
        tag.name == "f" for name, data in entries(blob).items() if "sheet" in name for tag in tags_of(data).walk()
    )


@pytest.mark.libreoffice
def test_calc_shows_the_text(tmp_path: Path) -> None:
    paths = []
    for number, text in enumerate(STARTS):
        paths.append(tmp_path / f"{number}.xlsx")
        paths[-1].write_bytes(written(text))
    calc = Calc(tmp_path)
    for path in paths:
        saved = calc.save(path, "fods").read_text("utf-8")
        assert "table:formula" not in saved
        assert saved.count('office:value-type="string"') >= 4


def _poisoned(text: str) -> dict[str, Any]:
    """The demo's values with the text wherever words may stand."""
    values: dict[str, Any] = example_of("department_overall")
    words = {"thrift_measures", "goal_expected", "goal_actual", "preparer", "phone", "section_1_1", "sangong_budget"}
    values["unit_name"] = text
    values["fields"] |= dict.fromkeys(words, text)
    for row in values["indicators"]:
        row |= {"level3": text, "target": text, "actual": text, "deviation_note": text}
    values["project_special"] = [{"name": text, "budget": "1"}]
    return values


@pytest.mark.parametrize("text", STARTS[:4])
def test_values_never_become_formulas(text: str) -> None:
    form = open_form(new_workbook(_poisoned(text)).to_bytes())
    report, explanations = check(form)
    mark(form, report, explanations)
    fill(form, FillAs.FORMULA)
    result = openpyxl.load_workbook(io.BytesIO(form.book.to_bytes()))
    cells = [cell for page in result for row in page.iter_rows() for cell in row if isinstance(cell.value, str)]
    assert sum(cell.value == text for cell in cells) > 10
    assert [cell for cell in cells if cell.data_type == "f" and cell.value.lstrip("=") == text.lstrip("=")] == []
    assert [cell for cell in cells if cell.value == text and cell.data_type != "s"] == []
