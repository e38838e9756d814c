"""下一处 and 上一处 in Excel: the cell is selected, and the status bar says what is wrong and what to do.

xlwings has no window that stays open beside the sheet. What was shown last is read off the status bar, for every macro
may be a process of its own. xlwings Lite has no status bar: there the sentence is a message.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from xlperf.errors import WorkbookError
from xlperf.hosts.excel.snapshot import ask, cells_of, names_of
from xlperf.package import Area, Cell, Ref
from xlperf.workbook.marks import ResultsBook, results_place
from xlperf.workbook.walk import Here, Stop, moved, step, stops_in, told, where_now

if TYPE_CHECKING:
    import xlwings as xw

_LONGEST = 250  # characters that a status bar takes
_ROW = "审核结果第 {} 行"
_SHOWN = re.compile(_ROW.format("([0-9]+)"))


class _Results(NamedTuple):
    """The one sheet of a workbook that was read."""

    sheets: tuple[str, ...]
    names: tuple[tuple[str, str, Area], ...]
    read: dict[str, dict[Ref, Cell]]

    def cells(self, sheet: str) -> dict[Ref, Cell]:
        return self.read[sheet]


async def walk(book: xw.Book, *, back: bool, lite: bool = False) -> str:
    """Go to the next item of 审核结果, or to the one before; answers what is wrong there and what to do.

    Raises `WorkbookError` where there is none, or its cell cannot be shown.
    """
    results = await _results(book, lite)
    stops = stops_in(results)
    found = step(stops, await _here(book, results, lite), None if lite else _last(book), back=back)
    sheet = _sheet_of(book, stops[found.place])
    found = moved(found, stops, where_now(stops[found.place], {} if lite else _notes(sheet)))
    stop = stops[found.place]
    sheet.activate()
    sheet.range((stop.ref.row, stop.ref.col)).select()
    message = told(stops, found)
    if not lite:
        _show(book, f"{_ROW.format(stop.row)}　{message}")
    return message


def show_results(book: xw.Book) -> None:
    """Bring 审核结果 up after an audit; the walk begins anew."""
    titles = [sheet.name for sheet in book.sheets]
    place = results_place(_Results(tuple(titles), names_of(book, titles)[0], {}))
    if place is None:
        return
    sheet, head = place
    if book.sheets[sheet].visible in (True, -1):
        book.sheets[sheet].activate()
        book.sheets[sheet].range((head.bottom + 1, head.left)).select()


def forget(book: xw.Book) -> None:
    """Give the status bar back, where it speaks of an item."""
    if _last(book) is not None:
        book.app.status_bar = False


async def _results(book: xw.Book, lite: bool) -> ResultsBook:
    titles = [sheet.name for sheet in book.sheets]
    results = _Results(tuple(titles), names_of(book, titles)[0], {})
    place = results_place(results)
    if place is not None:
        results.read[place[0]] = await cells_of(book.sheets[place[0]], book.name, lite)
    return results


async def _here(book: xw.Book, results: ResultsBook, lite: bool) -> Here:
    chosen = await ask(book.app, "selection", lite)
    sheet, place = book.sheets.active.name, results_place(results)
    ref = Ref(1, 1) if chosen is None else Ref(chosen.row, chosen.column)
    return Here(sheet, ref, place is not None and place[0] == sheet)


def _sheet_of(book: xw.Book, stop: Stop) -> xw.Sheet:
    if stop.sheet not in [sheet.name for sheet in book.sheets]:
        raise WorkbookError(f"找不到工作表“{stop.sheet}”，可能改了名。请再点一次“审核”。")
    sheet = book.sheets[stop.sheet]
    if sheet.visible not in (True, -1):
        raise WorkbookError(f"工作表“{stop.sheet}”是隐藏的。请先取消隐藏。")
    return sheet


def _notes(sheet: xw.Sheet) -> dict[Ref, str]:
    """In xlwings Lite each would be awaited."""
    return {Ref(note.location.row, note.location.column): note.text or "" for note in sheet.notes}


def _last(book: xw.Book) -> int | None:
    found = _SHOWN.search(str(book.app.status_bar))
    return int(found[1]) if found else None


def _show(book: xw.Book, text: str) -> None:
    line = text.replace("\n", "　")
    book.app.status_bar = line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"
