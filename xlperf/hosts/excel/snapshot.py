"""What a workbook holds that is open in a spreadsheet program: read once, through xlwings in few calls.

Every question costs a trip to another program, so values and formulas come a sheet at a time, and what xlwings tells
only of a whole range (merged? hidden? which number format?) is asked of areas that are halved until they are of one
kind. Nothing is used that Windows, macOS and xlwings Lite do not all have.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Awaitable, Callable, Collection, Coroutine, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from xlperf.errors import WorkbookError
from xlperf.form.template import NAME_PREFIX
from xlperf.hosts.excel.platforms import counts_from_1904
from xlperf.package import Area, Cell, CellKind, Ref, Workbook, area_text, references
from xlperf.package.address import areas_of
from xlperf.package.formulas import naming, plain_range
from xlperf.package.patch import number_text

if TYPE_CHECKING:
    import xlwings as xw

MAX_CELLS = 1_000_000  # a form has some hundred; formats strewn to the last row are for the file host
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_ERRORS = frozenset("#DIV/0! #N/A #NAME? #NULL! #NUM! #REF! #VALUE! #SPILL! #CALC! #FIELD! #BLOCKED!".split())
_COM_ERRORS = range(-2146826300, -2146826200)  # what xlwings does not know by name comes as a number
_LINK = re.compile(r"^(.*)\[([^\[\]]*)\][^\[\]]*$")
_EPOCH = datetime.datetime(1899, 12, 30)
_DAYS_TO_1904 = 1462
_BLANK_STYLE = 0

T = TypeVar("T")


class SheetSnapshot(NamedTuple):
    """One sheet."""

    cells: dict[Ref, Cell]
    is_visible: bool
    merges: tuple[Area, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_cols: frozenset[int] = frozenset()


class Snapshot(NamedTuple):
    """A workbook; a cell's `style` is its place in `formats`."""

    name: str
    sheets: dict[str, SheetSnapshot]
    names: tuple[tuple[str, str, Area], ...]
    broken_names: tuple[str, ...]
    linked_files: tuple[str, ...]
    formats: tuple[str, ...]
    since_1904: bool = False
    is_referred_to: Callable[[str], bool] = lambda _title: False  # does anything on other sheets lead to this one?


async def ask(thing: Any, name: str, lite: bool) -> Any:
    """A property; xlwings Lite tells it only to those who wait for `get_<name>`."""
    return await getattr(thing, f"get_{name}")() if lite else getattr(thing, name)


def at_once(coroutine: Coroutine[Any, Any, T]) -> T:
    """The result of a coroutine that never waits, which is every one of ours outside xlwings Lite."""
    try:
        coroutine.send(None)
    except StopIteration as done:
        result: T = done.value
        return result
    coroutine.close()
    raise RuntimeError("waiting is for xlwings Lite")


async def take(book: xw.Book, lite: bool = False) -> Snapshot:
    """Read a workbook: all cells, and of the form's own sheets also what the eye sees."""
    titles = [sheet.name for sheet in book.sheets]
    names, broken, leading = names_of(book, titles)
    ours = {sheet for name, sheet, _ in names if name.startswith(NAME_PREFIX)}
    formats = ["General"]
    sheets = {}
    readers = {sheet.name: _SheetReader(sheet, lite, formats, book.name) for sheet in book.sheets}
    for title, reader in readers.items():
        sheets[title] = await reader.read(title in ours)
    since_1904 = counts_from_1904(book)
    if since_1904 is None:
        since_1904 = any(reader.since_1904 for reader in readers.values())
    if since_1904:
        for title, reader in readers.items():
            reader.count_from_1904(sheets[title].cells)
    referred = partial(_leads_to, sheets, leading)
    return Snapshot(book.name, sheets, names, broken, _linked_files(sheets), tuple(formats), since_1904, referred)


async def cells_of(sheet: xw.Sheet, book_name: str, lite: bool = False) -> dict[Ref, Cell]:
    """Of one sheet what its cells hold, and nothing of how they look."""
    return (await _SheetReader(sheet, lite, ["General"], book_name).read(False)).cells


def _leads_to(sheets: Mapping[str, SheetSnapshot], names: Sequence[tuple[str, str]], title: str) -> bool:
    """Whether a formula on another sheet, or a name that is not the sheet's own, leads to it; all that can be known."""
    reference = naming(title)
    formulas = (cell.formula for home, each in sheets.items() if home != title for cell in each.cells.values())
    texts = (text for home, text in names if home.lower() != title.lower())
    return any(text and reference.search(text) for text in chain(formulas, texts))


def snapshot_of(copy: Workbook) -> Snapshot:
    """Of a program that can tell what it holds as a file."""
    sheets: dict[str, SheetSnapshot] = {}
    formats: dict[int, str] = {}
    for title in copy.sheets:
        cells = dict(copy.cells(title))
        formats |= {cell.style: copy.number_format(cell) for cell in cells.values()}
        hidden = copy.hidden_rows(title), copy.hidden_cols(title)
        sheets[title] = SheetSnapshot(cells, copy.hidden_state(title) == "visible", copy.merges(title), *hidden)
    by_style = tuple(formats.get(style, "General") for style in range(max(formats, default=0) + 1))
    names, broken, links = copy.names, copy.broken_names, copy.linked_files
    return Snapshot(copy.name, sheets, names, broken, links, by_style, copy.since_1904, copy.is_referred_to)


def _linked_files(sheets: dict[str, SheetSnapshot]) -> tuple[str, ...]:
    """Other workbooks, as formulas name them: xlwings has no list of links."""
    formulas = (cell.formula for sheet in sheets.values() for cell in sheet.cells.values())
    homes = (each.sheet for formula in formulas if formula and "[" in formula for each in references(formula))
    return tuple(dict.fromkeys(found[1] + found[2] for home in homes if (found := _LINK.match(home))))


def names_of(
    book: xw.Book, titles: Collection[str]
) -> tuple[tuple[tuple[str, str, Area], ...], tuple[str, ...], tuple[tuple[str, str], ...]]:
    """As of a file: the workbook's own names for cells and areas, and those whose cells are gone; and what every name
    says, with the sheet whose own it is.
    """
    known = {title.lower(): title for title in titles}
    names: list[tuple[str, str, Area]] = []
    broken: list[str] = []
    texts: list[tuple[str, str]] = []
    for each in book.names:
        name, text = each.name, (each.refers_to or "").removeprefix("=").strip()
        texts.append((name.rpartition("!")[0].strip("'").replace("''", "'"), text))
        if "!" in name:  # a sheet's own
            continue
        if "#REF!" in text:
            broken.append(name)
        elif (place := plain_range(text)) and place[0].lower() in known:
            names.append((name, known[place[0].lower()], place[1]))
    return tuple(names), tuple(broken), tuple(texts)


class _SheetReader:
    """One sheet and how it is asked."""

    def __init__(self, sheet: xw.Sheet, lite: bool, formats: list[str], book_name: str) -> None:
        self.sheet = sheet
        self.lite = lite
        self.formats = formats
        self.book_name = book_name
        self.since_1904 = False  # a date typed into a cell tells: the formula bar has it as the workbook counts
        self.days: list[Ref] = []  # results of formulas that came as dates and were counted from the end of 1899

    async def read(self, is_form: bool) -> SheetSnapshot:
        used = await ask(self.sheet, "used_range", self.lite)
        visible = self.sheet.visible in (True, -1)  # COM says 0 and 2 of what is hidden
        if used is None:
            return SheetSnapshot({}, visible)
        rows, cols = used.shape
        area = Area(used.row, used.column, used.row + rows - 1, used.column + cols - 1)
        if area.size > MAX_CELLS:
            raise WorkbookError(
                f"{self.book_name}：工作表“{self.sheet.name}”的已用区域是 {area_text(area)}，"
                "多半是末尾的空行空列带了格式。请删除多余的空行空列并保存后再试。"
            )
        cells = await self._cells(used, area)
        if not is_form:
            return SheetSnapshot(cells, visible)
        every = {Ref(row, col) for row in range(1, area.bottom + 1) for col in range(1, area.right + 1)}
        return SheetSnapshot(
            await self._with_formats(cells),
            visible,
            await self._merges(every - cells.keys(), {ref for ref in cells if cells[ref].kind is CellKind.NUMBER}),
            frozenset(await self._hidden("rows", area)),
            frozenset(await self._hidden("columns", area)),
        )

    def range(self, area: Area) -> Any:
        return self.sheet.range((area.top, area.left), (area.bottom, area.right))

    async def _cells(self, used: Any, area: Area) -> dict[Ref, Cell]:
        values = await ask(used.options(ndim=2, err_to_str=True), "value", self.lite)
        formulas = table_of(await ask(used.options(ndim=2), "formula", self.lite), area)
        cells = {}
        for row, (line, texts) in enumerate(zip(values, formulas, strict=True), area.top):
            for col, (value, formula) in enumerate(zip(line, texts, strict=True), area.left):
                cell = cell_of(value, formula)
                if cell is None:
                    continue
                cells[Ref(row, col)] = cell
                if isinstance(value, datetime.datetime) and cell.formula is not None:
                    self.days.append(Ref(row, col))
                elif isinstance(value, datetime.datetime):
                    self.since_1904 |= (value.replace(tzinfo=None) - _EPOCH).days - int(
                        float(cell.text)
                    ) == _DAYS_TO_1904
        return cells

    def count_from_1904(self, cells: dict[Ref, Cell]) -> None:
        """Have the results of formulas as the workbook counts them, like all other dates in it."""
        for ref in self.days:
            cells[ref] = cells[ref]._replace(text=number_text(Decimal(cells[ref].text) - _DAYS_TO_1904))

    async def _with_formats(self, cells: dict[Ref, Cell]) -> dict[Ref, Cell]:
        """Number formats, of the numbers only: nobody asks those of words."""
        numbers = areas_of([ref for ref, cell in cells.items() if cell.kind is CellKind.NUMBER])
        async for area, found in _of_one_kind(numbers, lambda area: ask(self.range(area), "number_format", self.lite)):
            code = found if isinstance(found, str) else "General"
            if code not in self.formats:
                self.formats.append(code)
            style = self.formats.index(code)
            for ref in _refs(area):
                cells[ref] = cells[ref]._replace(style=style)
        return cells

    async def _hidden(self, side: str, area: Area) -> list[int]:
        """Hidden rows or columns of the used range; no figure stands outside."""
        start, stop = (area.top, area.bottom) if side == "rows" else (area.left, area.right)
        line = Area(start, area.left, stop, area.left) if side == "rows" else Area(area.top, start, area.top, stop)
        found = []
        async for each, hidden in _of_one_kind(
            [line], lambda part: ask(getattr(self.range(part), side), "hidden", self.lite)
        ):
            if hidden:
                found += [ref.row if side == "rows" else ref.col for ref in _refs(each)]
        return found

    async def _merges(self, blanks: set[Ref], numbers: set[Ref]) -> tuple[Area, ...]:
        """Merged areas: all but their first cell are blank, so these are asked; then figures that may lie under one."""
        merges = await self._merges_over(blanks)
        numbers -= {ref for area in merges for ref in _refs(area)}
        return tuple(sorted({*merges, *await self._merges_over(numbers)}))

    async def _merges_over(self, blanks: set[Ref]) -> list[Area]:
        merges: list[Area] = []
        todo = rectangles(blanks)
        while todo:
            block = todo.pop()
            first = next((ref for ref in _refs(block) if ref in blanks), None)
            if first is None:
                continue
            merged = await ask(self.range(block), "merge_cells", self.lite)
            if merged is False:
                continue
            if merged is not True and block.size > 1:
                todo += _halves(block)
                continue
            area = await ask(self.range(Area(*first, *first)), "merge_area", self.lite)
            rows, cols = area.shape
            merges.append(Area(area.row, area.column, area.row + rows - 1, area.column + cols - 1))
            blanks.difference_update(_refs(merges[-1]))
            if merges[-1].size > 1:
                todo.append(block)
        return [area for area in merges if area.size > 1]


def cell_of(value: Any, formula: object) -> Cell | None:
    """A cell by its value and what its formula bar says in English notation; None of an empty one."""
    text = formula if isinstance(formula, str) else ""
    # The text '=x is told as =x in the formula bar too, but no formula has itself as its value.
    own = text[1:] if text.startswith("=") and text != value else None
    if value is None or value == "":
        return None if own is None else Cell(CellKind.TEXT, "", own, _BLANK_STYLE)
    if isinstance(value, bool):
        return Cell(CellKind.BOOL, "1" if value else "0", own, _BLANK_STYLE)
    if isinstance(value, str):
        kind = CellKind.ERROR if value in _ERRORS else CellKind.TEXT
        return Cell(kind, value.replace("\r\n", "\n"), own, _BLANK_STYLE)
    if isinstance(value, int) and value in _COM_ERRORS:
        return Cell(CellKind.ERROR, "#ERROR!", own, _BLANK_STYLE)
    if own is None and _NUMBER.fullmatch(text):
        return Cell(CellKind.NUMBER, text, None, _BLANK_STYLE)  # a currency's value has but four decimals
    if isinstance(value, datetime.datetime):
        past = value.replace(tzinfo=None) - _EPOCH
        value = Decimal(past.days) + (Decimal(past.seconds) / 86_400).quantize(Decimal("1e-10"))
    return Cell(CellKind.NUMBER, number_text(Decimal(repr(value) if isinstance(value, float) else value)), own, 0)


def table_of(found: Any, area: Area) -> list[list[object]]:
    """Formulas come as a table, as one line or alone, as the range and the platform will have it."""
    width = area.right - area.left + 1
    if not isinstance(found, list | tuple):
        return [[found]]
    if found and isinstance(found[0], list | tuple):
        return [list(line) for line in found]
    return [[each] for each in found] if width == 1 else [list(found)]


async def _of_one_kind(areas: list[Area], state_of: Callable[[Area], Awaitable[Any]]) -> Any:
    """The areas, halved until each has a state; a mixed one has none (`None`, on a Mac `missing value`)."""
    todo = list(areas)
    while todo:
        area = todo.pop()
        state = await state_of(area)
        if isinstance(state, bool | str | int) or area.size == 1:
            yield area, state
        else:
            todo += _halves(area)


def _halves(area: Area) -> list[Area]:
    if area.bottom - area.top >= area.right - area.left:
        middle = (area.top + area.bottom) // 2
        return [area._replace(bottom=middle), area._replace(top=middle + 1)]
    middle = (area.left + area.right) // 2
    return [area._replace(right=middle), area._replace(left=middle + 1)]


def _refs(area: Area) -> Iterator[Ref]:
    return (Ref(row, col) for row in area.rows for col in area.cols)


def rectangles(refs: Collection[Ref]) -> list[Area]:
    """The cells as few rectangles: joined along the rows, and rows of the same columns joined."""
    lines: list[Area] = []
    for row, col in sorted(refs):
        if lines and lines[-1].bottom == row and lines[-1].right == col - 1:
            lines[-1] = lines[-1]._replace(right=col)
        else:
            lines.append(Area(row, col, row, col))
    open_at: dict[tuple[int, int], int] = {}
    joined: list[Area] = []
    for line in lines:
        at = open_at.get((line.left, line.right))
        if at is not None and joined[at].bottom == line.top - 1:
            joined[at] = joined[at]._replace(bottom=line.bottom)
        else:
            open_at[line.left, line.right] = len(joined)
            joined.append(line)
    return joined
