"""What a command left out of a form, said on stderr."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from xlperf.cli.output import say, say_all

if TYPE_CHECKING:
    from xlperf.workbook.astray import LeftOut


def tell_left_out(cells: Sequence[LeftOut], what: str) -> None:
    """`what` says what was not done with these cells."""
    if cells:
        say(f"以下 {len(cells)} 格{what}，请先核对表中各行的名称和数字（可用 xlperf check 审核）：", err=True)
    say_all((each.line for each in cells), err=True)
