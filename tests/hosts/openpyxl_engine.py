"""A small engine for xlwings over openpyxl, so that what runs in Excel runs here, through xlwings' own objects.

It does what Excel does where that matters: it reads what is typed (1-1 is a date, '1-1 is text), keeps locked cells of
protected sheets from everyone, names its user as the author of notes, puts a new conditional format above the others,
tells nothing of a mixed range, and calculates formulas, with LibreOffice, when it is given one. What the engine does
not have, xlwings' base classes refuse. Every trip to the "program" is counted.
"""
# mypy: disable-error-code="misc"
# The base classes say of everything that it can be set, and refuse.

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import xlwings as xw
from openpyxl.utils import range_boundaries
from openpyxl.utils.cell import quote_sheetname
from openpyxl.workbook.defined_name import DefinedName
from xlwings import base_classes

from tests.hosts.loading import load
from tests.hosts.openpyxl_range import NativeError, Note, Range

NAME = "openpyxl"
_LINK = re.compile(r'=HYPERLINK\("(?:[^"]|"")*","((?:[^"]|"")*)"\)')
_ALLOWED = {
    "AllowFormattingCells": "formatCells",
    "AllowFormattingColumns": "formatColumns",
    "AllowFormattingRows": "formatRows",
    "AllowInsertingColumns": "insertColumns",
    "AllowInsertingRows": "insertRows",
    "AllowInsertingHyperlinks": "insertHyperlinks",
    "AllowDeletingColumns": "deleteColumns",
    "AllowDeletingRows": "deleteRows",
    "AllowSorting": "sort",
    "AllowFiltering": "autoFilter",
    "AllowUsingPivotTables": "pivotTables",
}
Calculator = Callable[[Path], Path]
RowChanger = Callable[[Path, str, int, str], Path]  # the file, its sheet, the row, insert or delete


def start(calculator: Calculator | None = None, user: str = "张三", rows: RowChanger | None = None) -> xw.App:
    """A new program without workbooks, and the engine in charge; `rows` inserts and deletes them in a file."""
    impl = Engine(App(calculator, user, rows))
    xw.engines.engines[:] = [engine for engine in xw.engines if engine.name != NAME]
    engine = xw.Engine(impl=impl)
    xw.engines.add(engine)
    engine.activate()
    return xw.App(impl=impl.app)


class Engine:
    name = NAME
    type = "desktop"

    def __init__(self, app: App) -> None:
        self.app = app
        app.engine = self
        self.apps = Apps(app)

    @staticmethod
    def prepare_xl_data_element(value: Any, options: Any) -> Any:
        return "" if value is None else value

    @staticmethod
    def clean_value_data(data: Any, dates: Any, empty_as: Any, numbers: Any, err_to_str: bool) -> Any:
        def clean(value: Any) -> Any:
            if value in ("", None):
                return empty_as
            is_error = isinstance(value, str) and value in openpyxl.cell.cell.ERROR_CODES
            return None if is_error and not err_to_str else value

        return [[clean(value) for value in line] for line in data]


class Apps(base_classes.Apps):
    def __init__(self, app: App) -> None:
        self.app = app

    def __iter__(self) -> Iterator[App]:
        return iter([self.app])

    def __len__(self) -> int:
        return 1

    def __getitem__(self, pid: int) -> App:
        return self.app


class App(base_classes.App):
    pid = 1
    visible = True
    display_alerts = True
    books: Any = None  # here and below: the base class has a property in its place
    engine: Any = None

    def __init__(self, calculator: Calculator | None, user: str, rows: RowChanger | None = None) -> None:
        self.calculator = calculator
        self.rows = rows
        self.selected: Any = None
        self.chosen: str | bool = False  # in the window that asks for a file
        self.user = user
        self.books = Books(self)
        self.alerts: list[tuple[str, str | None]] = []
        self.calls = 0
        self.screen: list[bool] = []  # what was set, in order
        self.is_lite = False  # reads are then refused to those who do not wait, as in xlwings Lite
        self._screen_updating = True
        self.bar: str | bool = False

    @property
    def selection(self) -> Any:
        self.called()
        return self.selected

    async def get_selection(self) -> Any:
        return await self.wait_for(self, "selection")

    @property
    def status_bar(self) -> str | bool:
        if self.is_lite:
            raise NotImplementedError("there is none")
        return self.bar

    @status_bar.setter
    def status_bar(self, value: str | bool) -> None:
        self.bar = value

    def called(self) -> None:
        """A trip to the program for an answer."""
        self.calls += 1
        if self.is_lite:
            raise NotImplementedError("only those who wait are told")

    async def wait_for(self, thing: Any, name: str) -> Any:
        """A property for those who wait."""
        await asyncio.sleep(0)
        lite, self.is_lite = self.is_lite, False
        try:
            return getattr(thing, name)
        finally:
            self.is_lite = lite

    @property
    def screen_updating(self) -> bool:
        if self.is_lite:
            raise NotImplementedError("only set, never read")
        return self._screen_updating

    @screen_updating.setter
    def screen_updating(self, value: bool) -> None:
        self._screen_updating = value
        self.screen.append(value)

    def activate(self, steal_focus: bool = False) -> None:
        pass

    @property
    def api(self) -> Any:
        return self

    def GetOpenFilename(self, kinds: str, index: int, title: str) -> str | bool:
        """As the program's own object (`api`) has it on Windows."""
        assert "," in kinds
        assert index == 1
        assert title
        return self.chosen

    def calculate(self) -> None:
        for book in self.books:
            book.changed()

    def alert(self, prompt: str, title: str | None, buttons: str, mode: str | None, callback: str | None) -> str:
        assert self._screen_updating, "the screen stands still behind the message"
        self.alerts.append((prompt, mode))
        return "ok"


class Books(base_classes.Books):
    def __init__(self, app: App) -> None:
        self.app = app
        self.books: list[Book] = []

    @property
    def active(self) -> Book:
        return self.books[-1]

    def __call__(self, name: str | int) -> Book:
        if isinstance(name, int):
            return self.books[name - 1]
        for book in self.books:
            if book.name == name:
                return book
        raise KeyError(name)

    def __len__(self) -> int:
        return len(self.books)

    def __iter__(self) -> Iterator[Book]:
        return iter(self.books)

    def open(self, fullname: str, *_: Any) -> Book:
        self.books.append(Book(Path(fullname), self.app))
        return self.books[-1]


class Book(base_classes.Book):
    app: Any = None

    def __init__(self, path: Path, app: App) -> None:
        self.path = path
        self.app = app
        self.xl = load(path)
        self.flushed = 0
        self.merged: dict[str, dict[tuple[int, int], str]] = {}
        self._results = _results(path)
        self._is_stale = False

    @property
    def api(self) -> Any:
        return self.xl

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def fullname(self) -> str:
        return str(self.path)

    @property
    def sheets(self) -> Sheets:
        return Sheets(self)

    @property
    def names(self) -> Names:
        return Names(self)

    def activate(self) -> None:
        pass

    def save(self, path: str | None = None, password: str | None = None) -> None:
        self.xl.save(path or self.path)

    def close(self) -> None:
        self.app.books.books.remove(self)

    async def flush(self) -> None:
        self.flushed += 1

    def result(self, sheet: str, row: int, col: int) -> Any:
        """What a formula shows."""
        if self._is_stale and self.app.calculator:
            self.xl.save(self.path)
            self._results = _results(self.app.calculator(self.path))
            self._is_stale = False
        return self._results.get((sheet, row, col))

    def formula_set(self, sheet: str, row: int, col: int, formula: str) -> None:
        self._is_stale = True
        link = _LINK.fullmatch(formula)
        self._results[sheet, row, col] = link[1].replace('""', '"') if link else None

    def changed(self) -> None:
        self._is_stale = True

    def change_rows(self, sheet: str, row: int, action: str) -> None:
        """As Calc does: names, formulas, merged cells and formats follow."""
        self.xl.save(self.path)
        changed = self.app.rows(self.path, sheet, row, action)
        self.xl, self._results, self.merged = load(changed), _results(changed), {}


def _results(path: Path) -> dict[tuple[str, int, int], Any]:
    book = load(path, data_only=True)
    return {
        (sheet.title, cell.row, cell.column): cell.value
        for sheet in book
        for line in sheet.iter_rows()
        for cell in line
        if cell.value is not None
    }


class Sheets(base_classes.Sheets):
    def __init__(self, book: Book) -> None:
        self.book = book

    @property
    def active(self) -> Sheet:
        return Sheet(self.book, self.book.xl.active)

    def __call__(self, key: str | int) -> Sheet:
        found = self.book.xl.worksheets[key - 1] if isinstance(key, int) else self.book.xl[key]
        return Sheet(self.book, found)

    def __len__(self) -> int:
        return len(self.book.xl.worksheets)

    def __iter__(self) -> Iterator[Sheet]:
        return (Sheet(self.book, sheet) for sheet in self.book.xl.worksheets)

    def add(self, before: Sheet | None = None, after: Sheet | None = None, name: str | None = None) -> Sheet:
        at = self.book.xl.worksheets.index(after.xl) + 1 if after else 0
        self.book.xl.active = self.book.xl.create_sheet(name, at)
        return self.active


_PRINT_AREA = "_xlnm.Print_Area"


class PageSetup(base_classes.PageSetup):
    def __init__(self, xl: Any) -> None:
        self.xl = xl

    @property
    def print_area(self) -> str | None:
        area = self.xl.defined_names.get(_PRINT_AREA)
        return None if area is None else str(area.attr_text)

    @print_area.setter
    def print_area(self, value: str | None) -> None:
        """Whole columns too, which openpyxl's own does not take."""
        self.xl.defined_names[_PRINT_AREA] = DefinedName(
            _PRINT_AREA, attr_text=f"{quote_sheetname(self.xl.title)}!{value}"
        )


class FreezePanes(base_classes.FreezePanes):
    def __init__(self, xl: Any) -> None:
        self.xl = xl

    def freeze_at(self, frozen_range: str) -> None:
        """Whole rows: 1:2."""
        self.xl.freeze_panes = f"A{int(frozen_range.partition(':')[2]) + 1}"


class Sheet(base_classes.Sheet):
    book: Any = None

    def __init__(self, book: Book, xl: Any) -> None:
        self.book = book
        self._title = xl.title

    @property
    def xl(self) -> Any:
        return self.book.xl[self._title]

    @property
    def api(self) -> NativeSheet:
        return NativeSheet(self)

    @property
    def page_setup(self) -> PageSetup:
        if self.book.app.is_lite:
            raise NotImplementedError
        return PageSetup(self.xl)

    @property
    def freeze_panes(self) -> FreezePanes:
        if not self.book.app.is_lite:
            raise NotImplementedError
        return FreezePanes(self.xl)

    @property
    def name(self) -> str:
        self.book.app.calls += 1
        return str(self.xl.title)

    @property
    def visible(self) -> bool:
        self.book.app.calls += 1
        return bool(self.xl.sheet_state == "visible")

    @property
    def cells(self) -> Range:
        return Range(self, 1, 1, 1_048_576, 16_384)

    @property
    def used_range(self) -> Range:
        self.book.app.called()
        left, top, right, bottom = range_boundaries(self.xl.calculate_dimension())
        return Range(self, top, left, bottom - top + 1, right - left + 1)

    async def get_used_range(self, values_only: bool = False) -> Any:
        return await self.book.app.wait_for(self, "used_range")

    @property
    def notes(self) -> list[Note]:
        self.book.app.calls += 1
        cells = (cell for line in self.xl.iter_rows() for cell in line if cell.comment is not None)
        return [Note(Range(self, cell.row, cell.column, 1, 1)) for cell in cells]

    @property
    def comments(self) -> list[Any]:
        return []

    async def get_comments(self) -> list[Any]:
        return []

    def range(self, first: Any, last: Any = None) -> Range:
        if isinstance(first, str) and first.replace(":", "").isdigit():
            first, last = ((int(row), column) for row, column in zip(first.split(":"), (1, 16_384), strict=True))
        if isinstance(first, str):
            left, top, right, bottom = range_boundaries(first)
            return Range(self, top, left, bottom - top + 1, right - left + 1)
        first, last = ((each.row, each.column) if isinstance(each, Range) else each for each in (first, last or first))
        row, column, *shape = first
        rows, cols = shape or (last[0] - row + 1, last[1] - column + 1)
        return Range(self, row, column, rows, cols)

    def merged(self) -> dict[tuple[int, int], str]:
        """The merged area of every cell that is in one."""
        found: dict[str, dict[tuple[int, int], str]] = self.book.merged
        if self.xl.title not in found:
            areas = self.xl.merged_cells.ranges
            found[self.xl.title] = {place: area.coord for area in areas for place in area.cells}
        return found[self.xl.title]

    def activate(self) -> None:
        self.book.xl.active = self.xl

    def delete(self) -> None:
        self.book.xl.remove(self.xl)


class NativeSheet:
    """The members of Excel's own Worksheet that have to do with protection."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet

    @property
    def _rules(self) -> Any:
        return self._sheet.xl.protection

    @property
    def ProtectContents(self) -> bool:
        return bool(self._rules.sheet)

    @property
    def ProtectDrawingObjects(self) -> bool:
        return bool(self._rules.objects)

    @property
    def ProtectScenarios(self) -> bool:
        return bool(self._rules.scenarios)

    @property
    def Protection(self) -> Any:
        allowed = {name: not getattr(self._rules, own) for name, own in _ALLOWED.items()}
        return type("Protection", (), allowed)

    def Unprotect(self, password: str) -> None:
        if self._rules.password and not password:
            raise NativeError("密码不正确")
        self._rules.sheet = False

    def Protect(self, *, Contents: bool, DrawingObjects: bool, Scenarios: bool, **allowed: bool) -> None:
        self._rules.sheet, self._rules.objects, self._rules.scenarios = Contents, DrawingObjects, Scenarios
        for name, own in _ALLOWED.items():
            setattr(self._rules, own, not allowed[name])


class Names(base_classes.Names):
    def __init__(self, book: Book) -> None:
        self.book = book
        self.all = [(each.name, each.attr_text) for each in book.xl.defined_names.values()]
        for sheet in book.xl.worksheets:
            self.all += [(f"{sheet.title}!{each.name}", each.attr_text) for each in sheet.defined_names.values()]

    def __len__(self) -> int:
        return len(self.all)

    def __call__(self, number: int) -> Name:
        return Name(self.book, *self.all[number - 1])


class Name(base_classes.Name):
    def __init__(self, book: Book, name: str, text: str) -> None:
        self.book = book
        self._name, self._text = name, text

    @property
    def name(self) -> str:
        self.book.app.calls += 1
        return self._name

    @property
    def refers_to(self) -> str:
        self.book.app.calls += 1
        return f"={self._text}"

    @refers_to.setter
    def refers_to(self, value: str) -> None:
        self.book.xl.defined_names[self._name].attr_text = value.removeprefix("=")
