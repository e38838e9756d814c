"""Edits of an open workbook, and how they get there: all in one go, through members that every host of xlwings has."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from xlperf.hosts.excel.platforms import forget_links, unprotected
from xlperf.hosts.excel.snapshot import ask, rectangles, table_of
from xlperf.hosts.rows import Insertion, RowEdits, fixed
from xlperf.package import Area, Ref, Value, area_text, quoted_title
from xlperf.package.address import areas_of, column_letters
from xlperf.package.look import SIZE, Layout, Look

if TYPE_CHECKING:
    import xlwings as xw

_LONG = 8_000  # Excel takes up to 8,203 characters for a cell of a block, and 32,767 for a cell alone
_SAFE_START = re.compile(r"(?!上午|下午)[\u4e00-\u9fff【《“（—]")


class Write(NamedTuple):
    """What a cell is to hold: text or a figure, or a formula, whose value Excel finds itself."""

    value: Value
    formula: str | None = None
    wrap: bool = False

    @property
    def typed(self) -> float | bool | str | None:
        """As one would type it. Text that Excel might take for a figure, a date or a formula gets an apostrophe."""
        if self.formula is not None:
            return f"={self.formula}"
        if isinstance(self.value, str):
            return self.value if not self.value or _SAFE_START.match(self.value) else f"'{self.value}"
        return float(self.value) if isinstance(self.value, Decimal) else self.value


class Notes(NamedTuple):
    """The notes that one writer wants on a sheet, and how earlier ones of his are known."""

    author: str
    known_by: re.Pattern[str] | None
    texts: dict[Ref, str]


class SheetEdits:
    """What is to change on one sheet."""

    def __init__(self) -> None:
        self.emptied: Area | None = None
        self.fitted: tuple[int, int] | None = None  # the first and the last row of those as high as their text
        self.writes: dict[Ref, Write] = {}
        self.highlights: dict[str, dict[str, list[Ref]]] = {}
        self.notes: Notes | None = None

    def notes_outside(self, taken: Collection[Ref]) -> dict[Ref, str]:
        """The notes to write; not where somebody else has annotated the cell."""
        texts = self.notes.texts if self.notes else {}
        return {ref: text for ref, text in texts.items() if ref not in taken}

    def adds_anything(self, taken: Collection[Ref]) -> bool:
        """Is there more to do than to take old marks away?"""
        return bool(self.emptied or self.writes or any(self.highlights.values()) or self.notes_outside(taken))


class Edits:
    """What is to change in a workbook."""

    def __init__(self) -> None:
        self.sheets: dict[str, SheetEdits] = {}
        self.added: dict[str, Layout] = {}
        self.removed: list[str] = []
        self.rows = RowEdits()  # before everything else


class _Plan(NamedTuple):
    """The edits of a sheet, with the marks on it that have to go and the cells that somebody else has annotated."""

    sheet: Any
    edits: SheetEdits
    old_rules: list[Any]
    old_notes: list[Ref]
    taken: set[Ref]

    @property
    def is_empty(self) -> bool:
        return not (self.edits.adds_anything(self.taken) or self.old_rules or self.old_notes)


async def apply(book: xw.Book, edits: Edits, lite: bool = False) -> None:
    """Write everything. What could refuse is asked first, so that a refusal leaves the workbook as it was."""
    plans = [
        await _plan(book.sheets[title], each, lite) for title, each in edits.sheets.items() if title not in edits.added
    ]
    plans = [plan for plan in plans if not plan.is_empty]
    with _still(book.app), unprotected([*(plan.sheet for plan in plans), *_touched(book, edits.rows)]):
        _change_rows(book, edits.rows)
        for plan in plans:
            _write(plan)
        for title, layout in edits.added.items():
            _write(_Plan(_add(book, title, layout), edits.sheets[title], [], [], set()))
        for title in edits.removed:
            book.sheets[title].delete()
    if lite:
        await book.flush()


@contextmanager
def _still(app: xw.App) -> Iterator[None]:
    """The screen stands still, and moves again whatever happens."""
    try:
        before = app.screen_updating
    except NotImplementedError:  # xlwings Lite shows nothing before the batch is through
        yield
        return
    app.screen_updating = False
    try:
        yield
    finally:
        app.screen_updating = before


async def _plan(sheet: xw.Sheet, edits: SheetEdits, lite: bool) -> _Plan:
    rules: list[Any] = []
    if edits.highlights:
        ours = {rule_formula(tag) for tag in edits.highlights}
        found = await ask(sheet.cells, "conditional_formats", lite)
        rules = [rule for rule in found if _plain(rule.formula) in ours]
    mine, taken = await _notes(sheet, edits.notes, lite) if edits.notes is not None else ([], set())
    return _Plan(sheet, edits, rules, mine, taken)


async def _notes(sheet: xw.Sheet, notes: Notes, lite: bool) -> tuple[list[Ref], set[Ref]]:
    """Earlier notes that have to go, and the cells where none may be written."""
    taken = await _threads(sheet, lite) if notes.texts else set()
    mine: list[Ref] = []
    try:
        present = list(sheet.notes)
    except NotImplementedError:  # xlwings Lite in an Excel that keeps notes from add-ins
        return [], set(notes.texts)
    for note in present:
        ref = await _place(note, lite)
        if await _is_own(note, notes, lite):
            mine.append(ref)
        else:
            taken.add(ref)
    return mine, taken


async def _is_own(note: xw.Note, notes: Notes, lite: bool) -> bool:
    if notes.known_by is not None and notes.known_by.match(await ask(note, "text", lite) or ""):
        return True
    return bool(await ask(note, "author", lite) == notes.author)


async def _threads(sheet: xw.Sheet, lite: bool) -> set[Ref]:
    """Cells that people talk about in a thread; Excel allows no note there."""
    try:
        threads = await sheet.get_comments() if lite else list(sheet.comments)
    except (NotImplementedError, AttributeError):  # AppleScript does not know them, nor did Excel before 2019
        return set()
    return {await _place(thread, lite) for thread in threads}


async def _place(remark: xw.Note | xw.Comment, lite: bool) -> Ref:
    cell = await ask(remark, "location", lite)
    return Ref(cell.row, cell.column)


def rule_formula(tag: str) -> str:
    """The formula that tells our conditional formats from others, the same as in files: always true."""
    return 'N("{}")=0'.format(tag.replace('"', '""'))


def _plain(formula: str | None) -> str:
    return "".join((formula or "").removeprefix("=").split())


def _write(plan: _Plan) -> None:
    sheet, edits = plan.sheet, plan.edits
    for rule in reversed(plan.old_rules):  # from the back: a Mac knows them by their places
        rule.delete()
    for ref in plan.old_notes:
        sheet.range(ref).note.delete()
    if edits.emptied:
        _range(sheet, edits.emptied).clear_contents()
        forget_links(_range(sheet, edits.emptied))
    _write_cells(sheet, edits.writes)
    for tag, fills in edits.highlights.items():
        for color, refs in fills.items():
            for area in areas_of(refs):
                _color(sheet, area, rule_formula(tag), Look.of(color))
    for ref, text in edits.notes_outside(plan.taken).items():
        sheet.range(ref).add_note(text)


def _write_cells(sheet: xw.Sheet, writes: dict[Ref, Write]) -> None:
    """Formulas, words and figures, each in few blocks; what is too long for a block one by one."""
    kinds: dict[str, list[Ref]] = {"formula": [], "value": []}
    long: list[Ref] = []
    for ref, write in writes.items():
        if isinstance(write.value, str) and len(write.value) > _LONG and write.formula is None:
            long.append(ref)
        else:
            kinds["value" if write.formula is None else "formula"].append(ref)
    blocks = [(kind, area) for kind, refs in kinds.items() for area in rectangles(refs)]
    for kind, area in blocks + [("value", Area(*ref, *ref)) for ref in long]:
        rows, cols = area.rows, area.cols
        block = [[writes[Ref(row, col)] for col in cols] for row in rows]
        target = _range(sheet, area)
        setattr(target, kind, [[write.typed for write in line] for line in block])
        if all(write.wrap for line in block for write in line):
            target.wrap_text, target.font.size = True, SIZE


def _color(sheet: xw.Sheet, area: Area, formula: str, look: Look) -> None:
    """A conditional format; xlwings draws no frames and no lines."""
    _range(sheet, area).conditional_formats.add_custom(
        f"={formula}",
        fill_color=f"#{look.fill}" if look.fill else None,
        font_color=f"#{look.font}" if look.font else None,
        font_bold=True if look.style == "bold" else None,
    )


def _add(book: xw.Book, title: str, layout: Layout) -> xw.Sheet:
    """A new sheet behind the others; the one in view stays in view."""
    seen = book.sheets.active
    sheet = book.sheets.add(title, after=book.sheets[len(book.sheets) - 1])
    for number, width in enumerate(layout.widths, 1):
        sheet.range((1, number)).column_width = width
    for rule in layout.rules:
        _color(sheet, rule.area, rule.formula, rule.look)
    if layout.printed:
        with suppress(NotImplementedError):  # xlwings Lite
            sheet.page_setup.print_area = f"$A:${column_letters(layout.printed)}"
    with suppress(NotImplementedError):  # only xlwings Lite can
        sheet.freeze_panes.freeze_at(f"1:{layout.head}")
    seen.activate()
    return sheet


def _touched(book: xw.Book, rows: RowEdits) -> list[xw.Sheet]:
    """The sheets whose rows change; all where formulas anywhere may have to be led on."""
    if rows.inserted is not None and rows.inserted.grown is not None:
        return list(book.sheets)
    return [book.sheets[title] for title in dict.fromkeys(rows.sheets)]


def _change_rows(book: xw.Book, rows: RowEdits) -> None:
    for title, gone in rows.deleted.items():
        for row in gone:
            book.sheets[title].range(f"{row}:{row}").delete("up")
    if rows.inserted is not None:
        _insert(book, rows.inserted)


def _insert(book: xw.Book, new: Insertion) -> None:
    """Formats, locks and hints come from the row above; what of our marks came along goes."""
    sheet = book.sheets[new.sheet]
    sheet.range(f"{new.row}:{new.row}").insert("down", "format_from_left_or_above")
    for before, area in new.merged:
        if before is not None:
            _range(sheet, before).unmerge()
        _range(sheet, area).merge()
    for ref, formula in new.formulas.items():
        sheet.range(ref).formula = f"={formula}"
    if new.grown is not None:
        _lead_on(book, new, new.grown)
    sheet.activate()
    sheet.range(new.first).select()


def _lead_on(book: xw.Book, added: Insertion, table: Area) -> None:
    """Names and formulas that end with a table's last row include the one that came below it."""
    old = f"={quoted_title(added.sheet)}!{area_text(table)}"
    new = f"={quoted_title(added.sheet)}!{fixed(table._replace(bottom=table.bottom + 1))}"
    for name in book.names:
        if (name.refers_to or "").replace("$", "").replace("'", "") == old.replace("'", ""):
            name.refers_to = new
    for sheet in book.sheets:
        used = sheet.used_range
        rows, cols = used.shape
        lines = table_of(used.formula, Area(used.row, used.column, used.row + rows - 1, used.column + cols - 1))
        for row, line in enumerate(lines, used.row):
            for col, text in enumerate(line, used.column):
                if isinstance(text, str) and text.startswith("="):
                    led = added.led_on(text, sheet.name, Ref(row, col))
                    if led != text:
                        sheet.range((row, col)).formula = led


def _range(sheet: xw.Sheet, area: Area) -> xw.Range:
    return sheet.range((area.top, area.left), (area.bottom, area.right))
