"""A new workbook that needs no rows laid out is the one that comes with the program, and needs no openpyxl."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from xlperf.form.forms import form_ids, load_template
from xlperf.package import Workbook
from xlperf.workbook.actions import new_workbook
from xlperf.workbook.blank import build_workbook


@pytest.mark.parametrize("form", form_ids())
@pytest.mark.parametrize("year", [None, 2031])
def test_the_same_as_the_one_that_is_built(form: str, year: int | None) -> None:
    """Every cell of every sheet: value, formula, what it shows and how."""
    new = new_workbook({"template": form} | ({} if year is None else {"year": year}))
    built = Workbook.open(build_workbook(load_template(form), year=year))
    assert new.sheets == built.sheets
    for sheet in built.sheets:
        assert new.cells(sheet) == built.cells(sheet), sheet


def test_openpyxl_is_imported_only_for_rows(tmp_path: Path) -> None:
    code = (
        "import sys; from xlperf.workbook.actions import new_workbook\n"
        "new_workbook({'year': 2031}).save(sys.argv[1]); print('openpyxl' in sys.modules)\n"
        "new_workbook({'year': 2031, 'indicators': [{'level3': '甲'}]}); print('openpyxl' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "新.xlsx")], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["False", "True"]
