"""A few workbooks of other programs on every run; 40 of them are `python -m tests.foreign`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.foreign.__main__ import reopened
from tests.foreign.holding import hold
from tests.foreign.writers import drawn, write_all
from tests.hosts.libreoffice import Office

SEED = 20261129


@pytest.mark.parametrize("number", [0, 1, 3, 4, 6, 7])
def test_marked_cleared_filled_and_frozen(number: int, tmp_path: Path) -> None:
    (path,) = write_all([drawn(number, SEED)], tmp_path, None)
    assert hold(path).faults == ()


def test_what_libreoffice_wrote_and_what_it_calculates_anew(tmp_path: Path, office: Office) -> None:
    """One is an .ods before; the filled and the marked copy of each show the same when they are opened again."""
    paths = write_all([drawn(number, SEED) for number in (2, 5)], tmp_path, office)
    held = [hold(path) for path in paths]
    assert [each.faults for each in held] == [(), ()]
    assert reopened(paths, held, tmp_path, office) == []
