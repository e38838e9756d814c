"""The workbook that is open in LibreOffice Calc: fill, check, clear and freeze it in place, each one undoable step.

Runs inside LibreOffice. Calc is asked for a copy of the document as it would save it, which is read like any file: so
formulas, number formats and error values are already spelled as in Excel. What is to change is then written through
UNO, by calls that Calc itself takes back; highlights alone are taken back by us (`calc_highlights`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar

from xlperf.errors import WorkbookError
from xlperf.hosts.calc.added import add_sheet
from xlperf.hosts.calc.highlights import (
    Change,
    Highlights,
    highlight,
    highlights_on,
    missing_styles,
    properties,
    range_at,
    ranges,
    service,
    style_of,
    unrecorded,
)
from xlperf.hosts.calc.progress import progress
from xlperf.hosts.calc.rows import change_rows, rows_sheets
from xlperf.hosts.excel import live
from xlperf.hosts.excel.snapshot import rectangles, snapshot_of
from xlperf.hosts.excel.writing import Edits, Notes, SheetEdits, Write
from xlperf.package import Area, Ref, Workbook
from xlperf.package.address import areas_of
from xlperf.package.look import Layout
from xlperf.package.notes import Writer
from xlperf.workbook.binding import Place

UNDO = "不想保留的，请用“编辑—撤销”退回，一次即可。"
_FILE_FORMAT = "Calc MS Excel 2007 XML"
_CONTENTS = 1 | 2 | 4 | 16  # com.sun.star.sheet.CellFlags: numbers, dates, words and formulas
_OOXML = 3  # com.sun.star.sheet.AddressConvention.XL_OOX
_Item = TypeVar("_Item")
_TOGETHER = 50  # entries of the undo list
_BLOCK = 20  # cells; fewer are written one by one


def run(work: live.Work, model: Any, step: str, variant: str | None = None) -> str:
    """Do the work on an open document; answers a sentence for the user. `step` is what the undo list calls it.

    Raises `XlperfError`, and then the document is as it was.
    """
    with progress(model.CurrentController.Frame, step, steps=3) as show:
        show("读取")
        if work is live.freezing:
            model.calculate()  # by hand, as some have it, old results would be kept for ever
        copy = copy_of(model)
        show("核对")
        message, edits = live.worked(work, snapshot_of(copy), variant, UNDO)
        show("写入")
        apply_to(model, edits, copy, step)
        return message


def copy_of(model: Any) -> Workbook:
    """The document as Calc would save it now; the document counts as saved no more than before."""
    return Workbook.open(bytes_of(model), model.getTitle())


def bytes_of(model: Any) -> bytes:
    """The same as a file in memory."""
    stream = service("com.sun.star.io.SequenceOutputStream")
    model.storeToURL("private:stream", properties(FilterName=_FILE_FORMAT, OutputStream=stream))
    return bytes(stream.getWrittenBytes().value)


class _Plan(NamedTuple):
    """The edits of a sheet, and what is on it already that our marks replace."""

    title: str
    sheet: Any
    edits: SheetEdits
    old: dict[str, Highlights]  # by tag
    old_notes: set[Ref]
    taken: set[Ref]  # has a note of other people's, or the one that it is to have

    @property
    def highlights(self) -> dict[str, Highlights]:
        return {
            tag: {style_of(color): areas_of(refs) for color, refs in fills.items() if refs}
            for tag, fills in self.edits.highlights.items()
        }

    @property
    def changes(self) -> list[Change]:
        """Of its highlights."""
        return [
            Change(self.title, tag, self.old[tag], fills)
            for tag, fills in self.highlights.items()
            if fills or self.old[tag]
        ]

    @property
    def is_empty(self) -> bool:
        return not (self.edits.adds_anything(self.taken) or any(self.old.values()) or self.old_notes)


def apply_to(model: Any, edits: Edits, copy: Workbook, step: str) -> None:
    """Write everything as one step, or nothing: what was written before a failure is undone."""
    sheets = model.Sheets
    plans = [
        plan
        for title, each in edits.sheets.items()
        if title not in edits.added and not (plan := _plan(sheets.getByName(title), title, each, copy)).is_empty
    ]
    if not (plans or edits.added or edits.removed or edits.rows.sheets):
        return
    if (edits.added or edits.removed) and model.isProtected():
        raise WorkbookError(
            f"{copy.name}：工作簿的结构设有保护，不能增减工作表“审核结果”。请先在“工具—保护电子表格结构”中取消保护。"
        )
    own = rows_sheets(model, edits.rows)
    with _one_step(model, step), _unprotected(model, plans, edits.added.values(), copy.name, own):
        parser = _Parser(model)
        changed = list(change_rows(model, edits.rows, lambda: copy_of(model)))
        _each(model, changed, lambda each: _write_formula(model, *each, parser))
        for plan in plans:
            _write(model, plan)
        if changes := [change for plan in plans for change in plan.changes]:
            highlight(model, changes)
        for title, layout in edits.added.items():
            sheet = add_sheet(model, title, layout)
            _write(model, _Plan(title, sheet, edits.sheets[title], {}, set(), set()))
        for title in edits.removed:
            sheets.removeByName(title)


@contextmanager
def _one_step(model: Any, step: str) -> Iterator[None]:
    """One entry of the undo list, drawn at its end; nothing is left of it where it fails."""
    undo = model.UndoManager
    before = undo.getAllUndoActionTitles()
    undo.enterUndoContext(step)
    model.lockControllers()
    try:
        yield
    except BaseException:
        undo.leaveUndoContext()
        if undo.getAllUndoActionTitles() != before:
            undo.undo()
        raise
    else:
        undo.leaveUndoContext()
    finally:
        model.unlockControllers()


@contextmanager
def _unprotected(
    model: Any, plans: Sequence[_Plan], added: Iterable[Layout], name: str, others: Sequence[Any] = ()
) -> Iterator[None]:
    """Without protection for a while; Calc keeps the rules of one that is lifted, and takes them up again.

    Calc makes no style while any sheet is protected, so a first highlight needs all of them open.
    """
    sheets = [*(plan.sheet for plan in plans), *others]
    styles = {style for plan in plans for fills in plan.highlights.values() for style in fills}
    styles |= {style_of(rule.look.code) for layout in added for rule in layout.rules}
    if missing_styles(model, styles):
        sheets = [model.Sheets.getByIndex(index) for index in range(model.Sheets.Count)]
    with ExitStack() as stack:
        for sheet in sheets:
            if not sheet.isProtected():
                continue
            with suppress(Exception):  # says no where there is a password
                sheet.unprotect("")
            if sheet.isProtected():
                raise WorkbookError(
                    f"{name}：工作表“{sheet.Name}”设有保护密码，不能写入，工作簿没有改动。"
                    "请先用“工具—保护工作表”输入密码取消保护，完成后再重新保护。"
                )
            stack.callback(sheet.protect, "")
        yield


def _plan(sheet: Any, title: str, edits: SheetEdits, copy: Workbook) -> _Plan:
    old = {tag: highlights_on(sheet, tag) for tag in edits.highlights}
    mine, taken = _notes(copy, title, edits.notes) if edits.notes is not None else (set(), set())
    return _Plan(title, sheet, edits, old, mine, taken)


def _notes(copy: Workbook, title: str, notes: Notes) -> tuple[set[Ref], set[Ref]]:
    """Cells with earlier notes of ours that have to go, and cells where none is to be written."""
    writer = Writer(notes.author, notes.known_by)
    present = copy.notes(title)  # Calc itself does not tell the text of a note that nobody has looked at
    old = {
        ref for ref, (author, text) in present.items() if writer.wrote(author, text) and notes.texts.get(ref) != text
    }
    return old, present.keys() - old


def _write(model: Any, plan: _Plan) -> None:
    sheet, edits = plan.sheet, plan.edits
    if edits.emptied:
        range_at(sheet, edits.emptied).clearContents(_CONTENTS)
    if edits.fitted:
        with _heights_kept(model):
            _write_cells(model, sheet, edits.writes, {1})
        # In a file that Calc has saved, each row has the height it was given.
        range_at(sheet, Area(edits.fitted[0], 1, edits.fitted[1], 1)).Rows.OptimalHeight = True
    else:
        _write_cells(model, sheet, edits.writes)
    _remove_notes(model, sheet, plan.old_notes)
    notes = edits.notes_outside(plan.taken).items()
    _each(model, notes, lambda each: sheet.Annotations.insertNew(_cell(sheet, each[0]).CellAddress, each[1]))


def _each(model: Any, items: Iterable[_Item], do: Callable[[_Item], object]) -> None:
    """Do it with each; many are one entry of the step: of more than a hundred entries Calc forgets the first."""
    listed = list(items)
    for start in range(0, len(listed), _TOGETHER):
        model.UndoManager.enterUndoContext("")
        try:
            for item in listed[start : start + _TOGETHER]:
                do(item)
        finally:
            model.UndoManager.leaveUndoContext()


def _write_formula(model: Any, place: Place, formula: str, parser: _Parser) -> None:
    _write_cell(_cell(model.Sheets.getByName(place.sheet), place.ref), Write(None, formula), parser)


@contextmanager
def _heights_kept(model: Any) -> Iterator[None]:
    """Rows whose height is found at the end: Calc would lay out their texts anew at each call."""
    before = model.IsAdjustHeightEnabled
    model.IsAdjustHeightEnabled = False
    try:
        yield
    finally:
        model.IsAdjustHeightEnabled = before


def _cell(sheet: Any, ref: Ref) -> Any:
    return sheet.getCellByPosition(ref.col - 1, ref.row - 1)


def _write_cells(model: Any, sheet: Any, writes: Mapping[Ref, Write], colored: Collection[int] = ()) -> None:
    """Large blocks at once: a cell written alone is an entry of the undo list, drawn when it is undone.

    Not those in `colored` columns: what undoes a block gives its cells their conditional formats a second time.
    """
    parser = _Parser(model)
    left = dict(writes)
    whole = [ref for ref, write in writes.items() if not isinstance(write.value, bool) and ref.col not in colored]
    for area in rectangles(whole):
        refs = [Ref(row, col) for row in area.rows for col in area.cols]
        if len(refs) >= _BLOCK and _write_block(model, sheet, area, writes, parser):
            for ref in refs:
                del left[ref]
    with _formats_kept(model, sheet, [ref for ref, write in left.items() if isinstance(write.value, str)]):
        _each(model, left.items(), lambda each: _write_cell(_cell(sheet, each[0]), each[1], parser))
    for area in areas_of([ref for ref, write in writes.items() if write.wrap]):
        range_at(sheet, area).IsTextWrapped = True


class _Parser:
    """Formulas as files spell them."""

    def __init__(self, model: Any) -> None:
        self._files, self._calc = (model.createInstance("com.sun.star.sheet.FormulaParser") for _ in range(2))
        self._files.CompileEnglish, self._files.FormulaConvention = True, _OOXML
        self._calc.CompileEnglish = True

    def tokens(self, formula: str, cell: Any) -> Any:
        return self._files.parseFormula(formula, cell.CellAddress)

    def as_calc_has_it(self, formula: str, cell: Any) -> str:
        return f"={self._calc.printFormula(self.tokens(formula, cell), cell.CellAddress)}"


def _write_block(model: Any, sheet: Any, area: Area, writes: Mapping[Ref, Write], parser: _Parser) -> bool:
    """Write a whole block; says no, and has written nothing, where merged cells are in it.

    Calc takes a block back only where something stood before, but an array formula everywhere. So there is one for a
    moment; and what is to be blank holds a zero first.
    """
    cells = range_at(sheet, area)
    cells.setArrayFormula("=0")
    if cells.getArrayFormula() != "{=0}":
        return False
    rows = [[(Ref(row, col), writes[Ref(row, col)]) for col in area.cols] for row in area.rows]
    with _formats_kept(model, sheet, [ref for row in rows for ref, write in row if isinstance(write.value, str)]):
        cells.setDataArray([[_datum(write) for _, write in row] for row in rows])
    for formulas in rectangles([ref for row in rows for ref, write in row if write.formula is not None]):
        range_at(sheet, formulas).setFormulaArray(
            [
                [
                    parser.as_calc_has_it(writes[Ref(row, col)].formula or "", _cell(sheet, Ref(row, col)))
                    for col in formulas.cols
                ]
                for row in formulas.rows
            ]
        )
    blank = [ref for row in rows for ref, write in row if write.formula is None and write.value in (None, "")]
    if blank:
        ranges(model, sheet, areas_of(blank)).clearContents(_CONTENTS)
    return True


def _datum(write: Write) -> float | str:
    """A number or a text that is not blank."""
    return write.value or 0.0 if isinstance(write.value, str) else float(write.value or 0)


def _write_cell(cell: Any, write: Write, parser: _Parser) -> None:
    if write.formula is not None:
        cell.setTokens(parser.tokens(write.formula, cell))
    elif isinstance(write.value, bool):
        cell.setFormula("TRUE" if write.value else "FALSE")
    elif isinstance(write.value, Decimal | int):
        cell.setValue(float(write.value))
    elif write.value:
        cell.setString(write.value)
    else:
        cell.clearContents(_CONTENTS)


@contextmanager
def _formats_kept(model: Any, sheet: Any, refs: Sequence[Ref]) -> Iterator[None]:
    """Text is text, and its cell keeps its format: Calc would make that of 22.24% a text format, and undo would not."""
    areas = [  # whole columns of a block at once, where all have the same
        part
        for area in rectangles(refs)
        for col in area.cols
        for part in _of_one_format(sheet, area._replace(left=col, right=col))
    ]
    before = [range_at(sheet, area).NumberFormat for area in areas]
    yield
    for area, number_format in zip(areas, before, strict=True):
        cells = range_at(sheet, area)
        if _has_several_formats(cells) or cells.NumberFormat != number_format:
            with unrecorded(model):
                cells.NumberFormat = number_format


def _of_one_format(sheet: Any, area: Area) -> list[Area]:
    """A column of cells, or each of them alone."""
    if _has_several_formats(range_at(sheet, area)):
        return [area._replace(top=row, bottom=row) for row in area.rows]
    return [area]


def _has_several_formats(cells: Any) -> bool:
    return bool(cells.getPropertyState("NumberFormat").value == "AMBIGUOUS_VALUE")


def _remove_notes(model: Any, sheet: Any, refs: set[Ref]) -> None:
    notes = sheet.Annotations
    places = [notes.getByIndex(index).Position for index in range(notes.Count)]
    old = [index for index, place in enumerate(places) if Ref(place.Row + 1, place.Column + 1) in refs]
    _each(model, reversed(old), notes.removeByIndex)
