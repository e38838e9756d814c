"""A draw of the layouts on every run; 3,000 of them are `python -m tests.layouts --files`."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.layouts.__main__ import in_file, in_memory
from tests.layouts.drawing import draw
from tests.layouts.reading import LISTED, LOST, RIGHT, WRONG
from tests.layouts.words import ODD, USUAL

SEED = 20261129


@pytest.mark.parametrize("number", range(20))
def test_every_cell_of_a_usual_form_is_right(number: int) -> None:
    judged = in_memory(draw(SEED + number, USUAL))
    assert set(judged.counts) == {RIGHT}, judged.told


@pytest.mark.parametrize("suffix", [".xlsx", ".docx"])
@pytest.mark.parametrize("number", range(3))
def test_so_it_is_as_a_file(number: int, suffix: str, tmp_path: Path) -> None:
    judged = in_file(draw(SEED + number, USUAL), tmp_path / f"表{suffix}")
    assert set(judged.counts) == {RIGHT}, judged.told


def test_odd_headings_are_read_or_listed_never_guessed() -> None:
    counts: Counter[str] = Counter()
    for number in range(20):
        counts += in_memory(draw(SEED + number, ODD)).counts
    assert counts[LOST] == counts[WRONG] == 0
    assert counts[RIGHT] >= 0.8 * (counts[RIGHT] + counts[LISTED])
