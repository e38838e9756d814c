"""The proof of tests/bench/texts.py in small."""

from __future__ import annotations

from tests.bench.texts import CODES, measure


def test_what_is_planted_is_found_and_clean_forms_are_clean() -> None:
    planted, wrong = measure(60)
    assert wrong == []
    assert set(planted) == set(CODES)
