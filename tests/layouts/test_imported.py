"""A draw of imported forms on every run; 100 of them are `python -m tests.layouts.imported`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.layouts.imported import one
from tests.layouts.reading import LISTED, LOST, RIGHT, WRONG

SEED = 20261129


@pytest.mark.parametrize("number", range(9))
def test_the_new_workbook_holds_what_stands_in_the_form(number: int, tmp_path: Path) -> None:
    """Of a project's form all; of a department's what comes from where its money comes is listed."""
    judged = one(number, SEED, tmp_path)
    assert judged.counts[LOST] == judged.counts[WRONG] == 0, judged.told
    assert set(judged.counts) <= {RIGHT, LISTED}
    assert all("funding." in each or number % 3 == 2 for each in judged.told), judged.told
