"""How a sheet of ours is laid out, and the looks that lie over cells without being theirs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from xlperf.package.address import Area, column_letters

SIZE = 11  # points; of the letters in lists of ours
LAST = 2_999  # rows of a list that have a look; to its very end, programs take a sheet for full
LINK = "0563C1"


class Look(NamedTuple):
    """What a conditional format shows: colours as RGB, "" of what it leaves as it is; `style`: bold, underlined."""

    fill: str = ""
    frame: str = ""
    font: str = ""
    style: str = ""

    @property
    def code(self) -> str:
        """The whole look as a word; of one that only fills, its colour."""
        return "-".join(self).rstrip("-")

    @classmethod
    def of(cls, code: str) -> Look:
        return cls(*code.split("-"))


class Rule(NamedTuple):
    """A look that the cells of an area have while a formula holds. It names no cell by its place relative to another.

    Excel reads such places from the cell that happens to be selected.
    """

    area: Area
    formula: str
    look: Look


def beginning_with(column: int, head: int, sign: str, look: Look) -> Rule:
    """Of the cells below a heading, those that begin with a sign."""
    return Rule(_below(column, head), f'LEFT({_here(column)},{len(sign)})="{sign}"', look)


def leading_to_cells(column: int, head: int) -> Rule:
    """Of the cells below a heading, those that show an address, as links look."""
    return Rule(_below(column, head), f'ISNUMBER(FIND("!",{_here(column)}))', Look(font=LINK, style="underlined"))


def _below(column: int, head: int) -> Area:
    return Area(head + 1, column, LAST, column)


def _here(column: int) -> str:
    letters = column_letters(column)
    return f"INDEX(${letters}:${letters},ROW())"


class Layout(NamedTuple):
    """A new sheet: the widths of its columns in characters, and the row of its headings.

    That row stays in sight, and is printed on each page. Only the first `printed` columns are printed, if not 0; rows
    down to `filtered` can be filtered, if that is not 0.
    """

    widths: Sequence[int]
    head: int = 1
    printed: int = 0
    filtered: int = 0
    rules: tuple[Rule, ...] = ()
