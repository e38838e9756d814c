"""What a sheet holds and does not show: hidden rows and columns, and what a merged cell covers. Listed, never read."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping
from itertools import groupby

from xlperf.form.record import shortened
from xlperf.labels.reading import Passage
from xlperf.package import Area, Ref, column_letters, ref_text
from xlperf.workbook.merged import covered

_LONGEST = 120
_HIDDEN = "{}是隐藏的，没有读入；要用的话请取消隐藏后再导入"
_COVERED = "被合并的单元格盖住，表上看不见，没有读入"


class Visible:
    """Which rows and columns of a sheet are seen, and which places they have then."""

    def __init__(self, rows: Collection[int], cols: Collection[int]) -> None:
        self.rows, self.cols = sorted(rows), sorted(cols)

    def shows(self, area: Area) -> bool:
        """A merged cell is seen as long as one of its rows and one of its columns is."""
        return _some(self.rows, area.top, area.bottom) and _some(self.cols, area.left, area.right)

    def place(self, area: Area) -> Area:
        """An area that is seen, counted without the hidden rows and columns."""
        top, bottom = _span(self.rows, area.top, area.bottom)
        left, right = _span(self.cols, area.left, area.right)
        return Area(top, left, bottom, right)


def _some(hidden: list[int], first: int, last: int) -> bool:
    return bisect_left(hidden, last + 1) - bisect_left(hidden, first) < last + 1 - first


def _span(hidden: list[int], first: int, last: int) -> tuple[int, int]:
    start = first - bisect_left(hidden, first)
    length = last + 1 - first - (bisect_left(hidden, last + 1) - bisect_left(hidden, first))
    return start, start + length - 1


def take_covered(texts: dict[Ref, str], merges: Mapping[Ref, Area], title: str) -> Iterator[Passage]:
    """Take out what merged cells cover; what their corner says as well is nothing lost."""
    for ref, corner in covered(texts, merges.values()).items():
        text = texts.pop(ref)
        if text != texts.get(corner):
            yield Passage(f"{title} {ref_text(ref)}", shortened(text, _LONGEST), _COVERED)


def take_hidden(texts: dict[Ref, str], merges: dict[Ref, Area], visible: Visible, title: str) -> Iterator[Passage]:
    """Take out what stands in hidden rows and columns; neighbouring ones are listed together."""
    hidden = {ref for ref in texts.keys() | merges.keys() if not visible.shows(merges.get(ref, Area(*ref, *ref)))}
    hidden_rows = frozenset(visible.rows)
    rows: dict[int, list[str]] = {}
    cols: dict[int, list[str]] = {}
    for ref in sorted(hidden):
        merges.pop(ref, None)
        if text := texts.pop(ref, ""):
            lines = rows if ref.row in hidden_rows else cols
            lines.setdefault(ref.row if lines is rows else ref.col, []).append(" ".join(text.split("\n")))
    for first, last, text in _together(rows):
        place = f"第{first}行" if first == last else f"第{first}至{last}行"
        yield Passage(
            f"{title} {place}", shortened(text, _LONGEST), _HIDDEN.format("这些行" if first < last else "这一行")
        )
    for first, last, text in _together(cols):
        letters = column_letters(first), column_letters(last)
        place = f"{letters[0]} 列" if first == last else f"{letters[0]} 至 {letters[1]} 列"
        yield Passage(
            f"{title} {place}", shortened(text, _LONGEST), _HIDDEN.format("这些列" if first < last else "这一列")
        )


def _together(lines: Mapping[int, list[str]]) -> Iterator[tuple[int, int, str]]:
    for _, group in groupby(enumerate(sorted(lines)), key=lambda each: each[1] - each[0]):
        numbers = [number for _, number in group]
        yield numbers[0], numbers[-1], "　".join(text for number in numbers for text in lines[number])
