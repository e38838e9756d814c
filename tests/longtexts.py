"""Texts that repeat themselves, as long as one wants, for tests of what reading them costs."""

from __future__ import annotations

from collections.abc import Callable


def longer(text: str) -> Callable[[int], str]:
    """A text of n characters that goes on as this one does, and ends as it ends."""
    return lambda n: (text * (n // max(1, len(text)) + 1))[:n] + text[-9:]
