"""Fixtures for the tests of the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.command import Run
from tests.workbooks import new_bytes


@pytest.fixture
def book(run: Run, tmp_path: Path, beita_values: dict[str, Any]) -> Path:
    """The Beita workbook, as `new --values` makes it, in the folder of `run`."""
    path = tmp_path / "beita.xlsx"
    path.write_bytes(new_bytes(beita_values))
    return path
