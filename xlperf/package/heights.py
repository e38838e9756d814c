"""Heights of new rows on sheets where no program finds them by itself.

Once Calc has saved a file, its sheets say that the height of every row without one of its own was chosen by hand
(`sheetFormatPr customHeight`): such a row stays a line high, and cuts its text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from xlperf.package.xmltext import Node, is_true
from xlperf.text import lines_in

_LINE, _WIDTH, _TALLEST = 15.0, 8.43, 409.0  # points, characters, points: what Excel takes where a sheet says nothing
_PADDING = 0.7  # of a column's width

Heights = Callable[[Iterable[tuple[int, str]]], float | None]


def row_heights(root: Node) -> Heights:
    """In points, what a row of wrapped texts needs, these given with their columns; None where programs find it."""
    settings = root.first("sheetFormatPr")
    if settings is None or not is_true(settings.attrs.get("customHeight")):
        return lambda _: None
    line = _number(settings.attrs.get("defaultRowHeight"), _LINE)
    default = _number(settings.attrs.get("defaultColWidth"), _WIDTH)
    widths = [
        (int(node.attrs["min"]), int(node.attrs["max"]), _number(node.attrs.get("width"), default))
        for cols in root.all("cols")
        for node in cols.all("col")
    ]

    def height(texts: Iterable[tuple[int, str]]) -> float | None:
        most = 1
        for col, text in texts:
            width = next((width for first, last, width in widths if first <= col <= last), default)
            room = max(width - _PADDING, 2)
            most = max(most, lines_in(text, room))
        return min(most * line, _TALLEST)

    return height


def _number(text: str | None, otherwise: float) -> float:
    try:
        return float(text or "") or otherwise
    except ValueError:
        return otherwise
