"""Workbooks as openpyxl reads them, without what it works out itself and no test here looks at."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import IO

import openpyxl
import pytest
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.merge import MergedCellRange


def load(source: Path | IO[bytes], *, data_only: bool = False) -> openpyxl.Workbook:
    """It draws the frames of merged cells anew, which takes two thirds of its time."""
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what openpyxl will not keep
        patch.setattr(MergedCellRange, "format", lambda _: None)
        patch.setattr(Cell, "hyperlink", property(Cell.hyperlink.fget, _set_link))
        return openpyxl.load_workbook(source, data_only=data_only)


def _set_link(cell: Cell, link: Hyperlink) -> None:
    """Without the address that openpyxl writes into a cell that holds nothing."""
    link.ref = cell.coordinate
    cell._hyperlink = link
