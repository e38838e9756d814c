"""Workbooks as openpyxl reads them, without what it works out itself and no test here looks at."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import IO

import openpyxl
import pytest
from openpyxl.worksheet.merge import MergedCellRange


def load(source: Path | IO[bytes], *, data_only: bool = False) -> openpyxl.Workbook:
    """It draws the frames of merged cells anew, which takes two thirds of its time."""
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what openpyxl will not keep
        patch.setattr(MergedCellRange, "format", lambda _: None)
        return openpyxl.load_workbook(source, data_only=data_only)
