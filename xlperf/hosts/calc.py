"""The workbook that is open in LibreOffice Calc: fill, check, clear and freeze it in place, each one undoable step.

Runs inside LibreOffice. Calc is asked for a copy of the document as it would save it, which is read like any file: so
formulas, number formats and error values are already spelled as in Excel. What is to change is then written through
UNO, cell by cell: Calc does not take back a block that was written over blank cells.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from decimal import Decimal
from typing import Any, NamedTuple

import uno
import unohelper
from com.sun.star.beans import PropertyValue
from com.sun.star.document import XUndoAction

from xlperf.errors import WorkbookError
from xlperf.hosts import live
from xlperf.hosts.snapshot import snapshot_of
from xlperf.hosts.writing import Edits, Notes, SheetEdits, Write, rule_formula
from xlperf.package import Area, Ref, Workbook
from xlperf.package.address import areas_of
from xlperf.package.notes import Writer

UNDO = "不想保留的，请用“编辑—撤销”退回，一次即可。"
_FILE_FORMAT = "Calc MS Excel 2007 XML"
_CONTENTS = 1 | 2 | 4 | 16  # com.sun.star.sheet.CellFlags: numbers, dates, words and formulas
_OOXML = 3  # com.sun.star.sheet.AddressConvention.XL_OOX
_CONDITION = 0  # com.sun.star.sheet.ConditionEntryType
_EXPRESSION = 24  # com.sun.star.sheet.ConditionFormatOperator
# Calc's own name for the styles of conditional formats: others become named styles of a saved .xlsx.
_STYLE = "ConditionalStyle_xlperf_{}"

Highlights = Mapping[str, Sequence[Area]]  # the areas of each style


def run(work: live.Work, model: Any, step: str, variant: str | None = None) -> str:
    """Do the work on an open document; answers a sentence for the user. `step` is what the undo list calls it.

    Raises `XlperfError`, and then the document is as it was.
    """
    if work is live.freezing:
        model.calculate()  # by hand, as some have it, old results would be kept for ever
    copy = copy_of(model)
    message, edits = live.worked(work, snapshot_of(copy), variant, UNDO)
    apply_to(model, edits, copy, step)
    return message


def copy_of(model: Any) -> Workbook:
    """The document as Calc would save it now, in memory; the document counts as saved no more than before."""
    stream = _service("com.sun.star.io.SequenceOutputStream")
    model.storeToURL("private:stream", _properties(FilterName=_FILE_FORMAT, OutputStream=stream))
    return Workbook.open(bytes(stream.getWrittenBytes().value), model.getTitle())


def _properties(**values: Any) -> tuple[Any, ...]:
    return tuple(PropertyValue(name, 0, value, 0) for name, value in values.items())


def _service(name: str) -> Any:
    context = uno.getComponentContext()
    return context.ServiceManager.createInstanceWithContext(name, context)


class _Plan(NamedTuple):
    """The edits of a sheet, and what is on it already that our marks replace."""

    title: str
    sheet: Any
    edits: SheetEdits
    old: dict[str, Highlights]  # by tag
    old_notes: set[Ref]
    taken: set[Ref]

    @property
    def notes(self) -> dict[Ref, str]:
        texts = self.edits.notes.texts if self.edits.notes else {}
        return {ref: text for ref, text in texts.items() if ref not in self.taken}

    @property
    def highlights(self) -> dict[str, Highlights]:
        return {
            tag: {_STYLE.format(color): areas_of(refs) for color, refs in fills.items() if refs}
            for tag, fills in self.edits.highlights.items()
        }

    @property
    def is_empty(self) -> bool:
        edits = self.edits
        wanted = edits.emptied or edits.writes or any(edits.highlights.values()) or self.notes
        return not (wanted or any(self.old.values()) or self.old_notes)


def apply_to(model: Any, edits: Edits, copy: Workbook, step: str) -> None:
    """Write everything as one step, or nothing: what was written before a failure is undone."""
    sheets = model.Sheets
    plans = [
        plan
        for title, each in edits.sheets.items()
        if title not in edits.added and not (plan := _plan(sheets.getByName(title), title, each, copy)).is_empty
    ]
    if not (plans or edits.added or edits.removed):
        return
    if (edits.added or edits.removed) and model.isProtected():
        raise WorkbookError(
            f"{copy.name}：工作簿的结构设有保护，不能增减工作表“审核结果”。请先在“工具—保护电子表格结构”中取消保护。"
        )
    with _one_step(model, step), _unprotected(model, plans, copy.name):
        for plan in plans:
            _write(model, plan)
        for title, widths in edits.added.items():
            sheet = _add(model, title, widths)
            _write(model, _Plan(title, sheet, edits.sheets[title], {}, set(), set()))
        for title in edits.removed:
            sheets.removeByName(title)


@contextmanager
def _one_step(model: Any, step: str) -> Iterator[None]:
    """One entry of the undo list; nothing is left of it where it fails.

    Nothing is drawn meanwhile, since Calc waits for us. With its controllers locked it would record what it is told not
    to (`_unrecorded`), and an undo would leave highlights behind.
    """
    undo = model.UndoManager
    before = undo.getAllUndoActionTitles()
    undo.enterUndoContext(step)
    try:
        yield
    except BaseException:
        undo.leaveUndoContext()
        if undo.getAllUndoActionTitles() != before:
            undo.undo()
        raise
    undo.leaveUndoContext()


@contextmanager
def _unprotected(model: Any, plans: Sequence[_Plan], name: str) -> Iterator[None]:
    """Without protection for a while; Calc keeps the rules of one that is lifted, and takes them up again.

    Calc makes no style while any sheet is protected, so a first highlight needs all of them open.
    """
    sheets = [plan.sheet for plan in plans]
    styles = model.StyleFamilies.getByName("CellStyles")
    if not all(styles.hasByName(name) for plan in plans for fills in plan.highlights.values() for name in fills):
        sheets = [model.Sheets.getByIndex(index) for index in range(model.Sheets.Count)]
    locked = [sheet for sheet in sheets if sheet.isProtected()]
    for sheet in locked:
        with suppress(Exception):  # says no where there is a password
            sheet.unprotect("")
        if sheet.isProtected():
            raise WorkbookError(
                f"{name}：工作表“{sheet.Name}”设有保护密码，不能写入，工作簿没有改动。"
                "请先用“工具—保护工作表”输入密码取消保护，完成后再重新保护。"
            )
    yield
    for sheet in locked:
        sheet.protect("")


def _plan(sheet: Any, title: str, edits: SheetEdits, copy: Workbook) -> _Plan:
    old = {tag: _highlights(sheet, tag) for tag in edits.highlights}
    mine, taken = _notes(copy, title, edits.notes) if edits.notes is not None else (set(), set())
    return _Plan(title, sheet, edits, old, mine, taken)


def _notes(copy: Workbook, title: str, notes: Notes) -> tuple[set[Ref], set[Ref]]:
    """Cells with earlier notes of ours, and with other people's."""
    writer = Writer(notes.author, notes.known_by)
    present = copy.notes(title)  # Calc itself does not tell the text of a note that nobody has looked at
    mine = {ref for ref, (author, text) in present.items() if writer.wrote(author, text)}
    return mine, present.keys() - mine


def _write(model: Any, plan: _Plan) -> None:
    sheet, edits = plan.sheet, plan.edits
    if edits.emptied:
        _range(sheet, edits.emptied).clearContents(_CONTENTS)
    _write_cells(model, sheet, edits.writes)
    for tag, fills in plan.highlights.items():
        if fills or plan.old[tag]:
            _make_styles(model, fills)
            change = _Highlighting(model, plan.title, tag, plan.old[tag], fills)
            change.redo()
            model.UndoManager.addUndoAction(change)
    _remove_notes(sheet, plan.old_notes)
    for ref, text in plan.notes.items():
        sheet.Annotations.insertNew(_cell(sheet, ref).CellAddress, text)


@contextmanager
def _unrecorded(model: Any) -> Iterator[None]:
    model.UndoManager.lock()
    try:
        yield
    finally:
        model.UndoManager.unlock()


def _cell(sheet: Any, ref: Ref) -> Any:
    return sheet.getCellByPosition(ref.col - 1, ref.row - 1)


def _range(sheet: Any, area: Area) -> Any:
    return sheet.getCellRangeByPosition(area.left - 1, area.top - 1, area.right - 1, area.bottom - 1)


def _write_cells(model: Any, sheet: Any, writes: Mapping[Ref, Write]) -> None:
    parser = model.createInstance("com.sun.star.sheet.FormulaParser")
    parser.CompileEnglish, parser.FormulaConvention = True, _OOXML
    for ref, write in writes.items():
        cell = _cell(sheet, ref)
        if write.formula is not None:
            cell.setTokens(parser.parseFormula(write.formula, cell.CellAddress))
        elif isinstance(write.value, bool):
            cell.setFormula("TRUE" if write.value else "FALSE")
        elif isinstance(write.value, Decimal | int):
            cell.setValue(float(write.value))
        elif write.value:
            _set_text(model, cell, write.value)
        else:
            cell.clearContents(_CONTENTS)
        if write.wrap:
            cell.IsTextWrapped = True


def _set_text(model: Any, cell: Any, text: str) -> None:
    """Text is text, and its cell keeps its format: Calc would make that of 22.24% a text format, and undo would not."""
    before = cell.NumberFormat
    cell.setString(text)
    if cell.NumberFormat != before:
        with _unrecorded(model):
            cell.NumberFormat = before


def _remove_notes(sheet: Any, refs: set[Ref]) -> None:
    notes = sheet.Annotations
    for index in reversed(range(notes.Count)):
        place = notes.getByIndex(index).Position
        if Ref(place.Row + 1, place.Column + 1) in refs:
            notes.removeByIndex(index)


def _add(model: Any, title: str, widths: Sequence[int]) -> Any:
    """A new sheet behind the others; its columns as wide as so many of Excel's characters of 7 pixels."""
    model.Sheets.insertNewByName(title, model.Sheets.Count)
    sheet = model.Sheets.getByName(title)
    for index, width in enumerate(widths):
        sheet.Columns.getByIndex(index).Width = round((width * 7 + 5) * 2540 / 96)
    return sheet


# Highlights


class _Highlighting(unohelper.Base, XUndoAction):  # type: ignore[misc]
    """The change of a sheet's highlights: Calc does not take back conditional formats that a program sets."""

    Title = "标记"

    def __init__(self, model: Any, title: str, tag: str, before: Highlights, after: Highlights) -> None:
        self._where = model, title, tag
        self._before, self._after = before, after

    def undo(self) -> None:
        self._set(self._before)

    def redo(self) -> None:
        self._set(self._after)

    def _set(self, highlights: Highlights) -> None:
        with _unrecorded(self._where[0]):
            _set_highlights(*self._where, highlights)


def _tagged(sheet: Any, tag: str) -> Iterator[tuple[Any, list[int]]]:
    """The conditional formats that hold rules of ours, and which of their rules these are."""
    for each in sheet.ConditionalFormats.getConditionalFormats():
        rules = [each.getByIndex(index) for index in range(each.Count)]
        plain = ["".join(rule.Formula1.split()) if rule.Type == _CONDITION else "" for rule in rules]
        ours = [index for index, formula in enumerate(plain) if formula == rule_formula(tag)]
        if ours:
            yield each, ours


def _highlights(sheet: Any, tag: str) -> Highlights:
    """The highlights there are."""
    found: dict[str, list[Area]] = {}
    for each, ours in _tagged(sheet, tag):
        found.setdefault(each.getByIndex(ours[0]).StyleName, []).extend(_areas(each))
    return found


def _set_highlights(model: Any, title: str, tag: str, highlights: Highlights) -> None:
    """Replace the highlights with this tag, and show it.

    What shows them in a window is the cells' own list of formats, which the older of Calc's two interfaces keeps; but
    that one gives a cell no second format. So where others have a format too, ours is seen once the file is reopened.
    """
    sheet = model.Sheets.getByName(title)
    formats = sheet.ConditionalFormats
    tagged = list(_tagged(sheet, tag))
    ours = {each.ID for each, rules in tagged if len(rules) == each.Count}
    foreign = [area for each in formats.getConditionalFormats() if each.ID not in ours for area in _areas(each)]
    for each, rules in tagged:
        if each.ID in ours:
            alone, _ = _apart(_areas(each), foreign)
            formats.removeByID(each.ID)
            _show(_ranges(model, sheet, alone))
        else:
            for index in reversed(rules):
                each.removeByIndex(index)
    for style, areas in highlights.items():
        alone, shared = _apart(areas, foreign)
        _show(_ranges(model, sheet, alone), tag, style)
        if shared:
            number = formats.createByRange(_ranges(model, sheet, shared))
            (new,) = (each for each in formats.getConditionalFormats() if number == each.ID)
            new.createEntry(_CONDITION, 0)
            rule = new.getByIndex(0)
            rule.Operator, rule.Formula1, rule.StyleName = _EXPRESSION, rule_formula(tag), style


def _apart(areas: Iterable[Area], foreign: Sequence[Area]) -> tuple[list[Area], list[Area]]:
    """The areas that ours has for itself, and those that meet a foreign one."""
    alone: list[Area] = []
    shared: list[Area] = []
    for area in areas:
        met = any(
            area.top <= other.bottom
            and other.top <= area.bottom
            and area.left <= other.right
            and other.left <= area.right
            for other in foreign
        )
        (shared if met else alone).append(area)
    return alone, shared


def _show(ranges: Any, tag: str = "", style: str = "") -> None:
    """Give cells one conditional format, or with no style none."""
    if not ranges.Count:
        return
    rules = ranges.ConditionalFormat
    rules.clear()
    if style:
        operator = uno.Enum("com.sun.star.sheet.ConditionOperator", "FORMULA")
        rules.addNew(_properties(Operator=operator, Formula1=rule_formula(tag), StyleName=style))
    ranges.ConditionalFormat = rules


def _areas(ranged: Any) -> list[Area]:
    places = ranged.Range.RangeAddresses
    return [Area(each.StartRow + 1, each.StartColumn + 1, each.EndRow + 1, each.EndColumn + 1) for each in places]


def _ranges(model: Any, sheet: Any, areas: Iterable[Area]) -> Any:
    ranges = model.createInstance("com.sun.star.sheet.SheetCellRanges")
    for area in areas:
        ranges.addRangeAddress(_range(sheet, area).RangeAddress, False)
    return ranges


def _make_styles(model: Any, names: Iterable[str]) -> None:
    """Those that are missing; they stay when highlights go, for a redo to find.

    Every new style inherits the default one, and a highlight would change fonts too: an orphan inherits nothing.
    """
    styles = model.StyleFamilies.getByName("CellStyles")
    for name in names:
        if not styles.hasByName(name):
            parent, style = (model.createInstance("com.sun.star.style.CellStyle") for _ in range(2))
            styles.insertByName(f"{name}_parent", parent)
            styles.insertByName(name, style)
            style.ParentStyle = f"{name}_parent"
            styles.removeByName(f"{name}_parent")
            style.CellBackColor = int(name.rpartition("_")[2], 16)
