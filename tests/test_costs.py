"""The helper that tells linear work from other work, tried on work of which it is known."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.costs import grows_linearly


def linear(text: str) -> None:
    for _ in range(20):
        text.count("ab")


def quadratic(text: str) -> None:
    for at in range(len(text)):
        text.count("b", at)


def backtracking(text: str) -> None:
    re.match("(?:a+)+$", text + "b")


def letters(n: int) -> str:
    return "a" * n


@pytest.mark.parametrize(("use", "n"), [(linear, 200_000), (str.split, 200_000)])
def test_linear_work_passes(use: Callable[[str], object], n: int) -> None:
    grows_linearly(use, letters, n)


@pytest.mark.parametrize(("use", "n"), [(quadratic, 1500), (backtracking, 17)])
def test_other_work_fails_and_does_not_hang(use: Callable[[str], object], n: int) -> None:
    with pytest.raises(AssertionError, match="not linear"):
        grows_linearly(use, letters, n)
