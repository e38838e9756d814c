"""What every task of a review is told."""

from __future__ import annotations

from typing import NamedTuple


class Order(NamedTuple):
    """`letters`: the folder for letters, "" where none are written; `root`: what the folders in it are named from."""

    variant: str | None = None
    letters: str = ""
    root: str = ""


EVERYTHING = Order()
