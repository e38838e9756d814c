"""下一处 and 上一处 in LibreOffice Calc: 审核结果 is read where it stands, and the cell of an item comes into view.

Nothing is written, so there is nothing to undo.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from xlperf.errors import WorkbookError
from xlperf.hosts.calc.highlights import properties, range_at, service
from xlperf.package import Area, Cell, CellKind, Ref, ref_text
from xlperf.workbook.marks import RESULTS_NAME, results_place
from xlperf.workbook.walk import NO_RESULTS, Here, Step, Stop, moved, step, stops_in, where_now

_HEADINGS_LEFT, _ABOVE_GRID, _MARGIN = 40, 50, 30  # pixels: row numbers, input line and column letters, and around
_last: dict[str, int] = {}  # by document, the row of 审核结果 that was shown last


class Walk(NamedTuple):
    """The items of a document, and where a step led."""

    stops: list[Stop]
    step: Step


class InWindow(NamedTuple):
    """About where a cell is seen in the document's window, in pixels."""

    left: int
    top: int
    right: int
    bottom: int

    def meets(self, corner: tuple[int, int], width: int, height: int) -> bool:
        """Does a window of this size with this upper left corner lie over it?"""
        left, top = corner
        return (
            left < self.right + _MARGIN
            and self.left - _MARGIN < left + width
            and top < self.bottom + _MARGIN
            and self.top - _MARGIN < top + height
        )


class _Results:
    """Of a document what it takes to read its 审核结果."""

    def __init__(self, model: Any) -> None:
        self._model = model

    @property
    def sheets(self) -> tuple[str, ...]:
        return tuple(self._model.Sheets.ElementNames)

    @property
    def names(self) -> tuple[tuple[str, str, Area], ...]:
        names = self._model.NamedRanges
        cells = names.getByName(RESULTS_NAME).getReferredCells() if names.hasByName(RESULTS_NAME) else None
        if cells is None:
            return ()
        place = cells.RangeAddress
        area = Area(place.StartRow + 1, place.StartColumn + 1, place.EndRow + 1, place.EndColumn + 1)
        return ((RESULTS_NAME, cells.Spreadsheet.Name, area),)

    def cells(self, sheet: str) -> dict[Ref, Cell]:
        home = self._model.Sheets.getByName(sheet)
        used = home.createCursor()
        used.gotoEndOfUsedArea(False)
        end = used.RangeAddress
        rows = range_at(home, Area(1, 1, end.EndRow + 1, end.EndColumn + 1)).getDataArray()
        return {
            Ref(row, col): Cell(CellKind.TEXT, value if isinstance(value, str) else f"{value:g}", None, 0)
            for row, line in enumerate(rows, 1)
            for col, value in enumerate(line, 1)
            if value not in ("", None)
        }


def walk(model: Any, *, back: bool) -> Walk:
    """Go to the next item, or to the one before.

    Raises `WorkbookError` where there is none, or its cell cannot be shown.
    """
    stops = stops_of(model)
    found = step(stops, _here(model), _last.get(model.RuntimeUID), back=back)
    return go(model, stops, found)


def stops_of(model: Any) -> list[Stop]:
    return stops_in(_Results(model))


def go(model: Any, stops: list[Stop], found: Step) -> Walk:
    """Select the cell of an item, wherever inserted rows have moved it."""
    stop = stops[found.place]
    _last[model.RuntimeUID] = stop.row
    if model.Sheets.hasByName(stop.sheet):
        notes = model.Sheets.getByName(stop.sheet).Annotations
        places = ((each.Position, each.String) for each in map(notes.getByIndex, range(notes.Count)))
        found = moved(found, stops, where_now(stop, {Ref(at.Row + 1, at.Column + 1): text for at, text in places}))
    select(model, stop.sheet, stops[found.place].ref)
    return Walk(stops, found)


def in_window(model: Any, sheet: str, ref: Ref) -> InWindow:
    """Where a cell is that has just come into view; what lies around the grid is guessed."""
    controller = model.CurrentController
    home = model.Sheets.getByName(sheet)
    cell = home.createCursorByRange(home.getCellByPosition(ref.col - 1, ref.row - 1))
    cell.collapseToMergedArea()
    frozen = home.getCellByPosition(controller.SplitColumn, controller.SplitRow).Position
    seen = controller.getByIndex(controller.Count - 1).VisibleRange
    first = home.getCellByPosition(seen.StartColumn, seen.StartRow).Position
    window = controller.Frame.ComponentWindow
    per_unit = window.getInfo().PixelPerMeterX / 100_000 * controller.ZoomValue / 100

    def along(at: int, fixed: int, start: int, size: int, before: int) -> tuple[int, int]:
        """`at`, `fixed`, `start`: of the cell, of the first that scrolls, of the first seen there."""
        place = at if at < fixed else fixed + at - start
        return before + round(place * per_unit), before + round((place + size) * per_unit)

    around = window.getPosSize()
    left, right = along(cell.Position.X, frozen.X, first.X, cell.Size.Width, around.X + _HEADINGS_LEFT)
    top, bottom = along(cell.Position.Y, frozen.Y, first.Y, cell.Size.Height, around.Y + _ABOVE_GRID)
    return InWindow(left, top, right, bottom)


def place_beside(model: Any, stop: Stop, title: str) -> tuple[str, Ref]:
    """The sheet of 审核结果, and the cell of an item's row in the column with this heading."""
    sheet, head = results_place(_Results(model)) or ("", Area(1, 1, 1, 1))
    if not model.Sheets.hasByName(sheet):
        raise WorkbookError(NO_RESULTS)
    headings = range_at(model.Sheets.getByName(sheet), head._replace(top=head.bottom)).getDataArray()[0]
    return sheet, Ref(stop.row, head.left + (headings.index(title) if title in headings else 0))


def show_results(model: Any) -> None:
    """Bring 审核结果 up, at its first row; the walk begins anew."""
    _last.pop(model.RuntimeUID, None)
    place = results_place(_Results(model))
    if place is not None and model.Sheets.getByName(place[0]).IsVisible:
        select(model, place[0], Ref(place[1].bottom + 1, place[1].left))


def _here(model: Any) -> Here:
    sheet = model.CurrentController.ActiveSheet.Name
    place = results_place(_Results(model))
    chosen = model.CurrentSelection
    address = getattr(chosen, "CellAddress", None) or getattr(chosen, "RangeAddress", None)
    ref = Ref(1, 1)
    if address is not None:
        row, column = (getattr(address, f"Start{name}", getattr(address, name, 0)) for name in ("Row", "Column"))
        ref = Ref(row + 1, column + 1)
    return Here(sheet, ref, place is not None and place[0] == sheet)


def select(model: Any, sheet: str, ref: Ref) -> None:
    """Bring a cell into view. Raises `WorkbookError` where it cannot be seen."""
    if not model.Sheets.hasByName(sheet):
        raise WorkbookError(f"找不到工作表“{sheet}”，可能改了名。请再点一次“审核”。")
    home = model.Sheets.getByName(sheet)
    if not home.IsVisible:
        raise WorkbookError(f"工作表“{sheet}”是隐藏的。请先用“工作表—显示工作表”显示它。")
    controller = model.CurrentController
    controller.setActiveSheet(home)
    dispatcher = service("com.sun.star.frame.DispatchHelper")
    dispatcher.executeDispatch(controller.Frame, ".uno:GoToCell", "", 0, properties(ToPoint=ref_text(ref)))
