"""Fixtures for the tests of the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.command import Run


@pytest.fixture
def book(run: Run, tmp_path: Path, beita_values: dict[str, Any]) -> Path:
    """The Beita workbook, as `new --values` makes it."""
    (tmp_path / "beita.json").write_text(json.dumps(beita_values, ensure_ascii=False), "utf-8")
    assert run("new", "beita.xlsx", "--values", "beita.json").code == 0
    return tmp_path / "beita.xlsx"
