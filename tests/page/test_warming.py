"""What is done before the first file is dropped leaves nothing behind, and ends where there is one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from xlperf.page import warming
from xlperf.workbook.actions import new_workbook


@pytest.fixture(autouse=True)
def afresh() -> Iterator[None]:
    warming._steps.clear()
    yield
    warming._steps.clear()


def test_steps_end_and_leave_the_sample_as_it_is(tmp_path: Path, beita_values: dict[str, Any]) -> None:
    sample = tmp_path / "样例.xlsx"
    new_workbook(beita_values).save(sample)
    before = sample.read_bytes()
    steps = 0
    while warming.warm(str(sample)):
        steps += 1
        assert steps < 20
    assert steps == 6
    assert sample.read_bytes() == before
    assert not warming.warm(str(sample)), "once and for all"
    assert list(tmp_path.iterdir()) == [sample]


def test_stopped_it_does_nothing_more(tmp_path: Path) -> None:
    assert warming.warm(str(tmp_path / "没有.xlsx"))
    warming.stop()
    assert not warming.warm(str(tmp_path / "没有.xlsx"))
