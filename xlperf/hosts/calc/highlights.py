"""Highlights in LibreOffice Calc: tagged conditional formats, seen at once, and taken back by undo."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

import uno
import unohelper
from com.sun.star.beans import PropertyValue
from com.sun.star.document import XUndoAction

from xlperf.hosts.excel.writing import rule_formula
from xlperf.package import Area
from xlperf.package.look import Look, Rule

_CONDITION = 0  # com.sun.star.sheet.ConditionEntryType
_EXPRESSION = 24  # com.sun.star.sheet.ConditionFormatOperator

Highlights = Mapping[str, Sequence[Area]]  # the areas of each style


_UNDERLINED, _BOLD = 1, 150.0  # com.sun.star.awt.FontUnderline, FontWeight
_LINE = 26  # hundredths of a millimetre


def style_of(code: str) -> str:
    """The style with a look; with Calc's own name for such, others become named styles of a saved .xlsx."""
    return f"ConditionalStyle_xlperf_{code}"


class Change(NamedTuple):
    """The highlights with a tag on a sheet, before and after a step."""

    title: str
    tag: str
    before: Highlights
    after: Highlights


def highlight(model: Any, changes: Sequence[Change]) -> None:
    """Replace the highlights of sheets, as part of the step that is being recorded."""
    _make_styles(model, {style for change in changes for style in change.after})
    action = _Highlighting(model, changes)
    action.redo()
    model.UndoManager.addUndoAction(action)


class _Highlighting(unohelper.Base, XUndoAction):  # type: ignore[misc]
    """The change of all highlights: Calc does not take back conditional formats that a program sets."""

    Title = "标记"

    def __init__(self, model: Any, changes: Sequence[Change]) -> None:
        self._model, self._changes = model, changes

    def undo(self) -> None:
        for change in self._changes:
            _set_highlights(self._model, change.title, change.tag, change.before)

    def redo(self) -> None:
        for change in self._changes:
            _set_highlights(self._model, change.title, change.tag, change.after)


def _tagged(sheet: Any, tag: str) -> Iterator[tuple[Any, list[int]]]:
    """The conditional formats that hold rules of ours, and which of their rules these are."""
    for each in sheet.ConditionalFormats.getConditionalFormats():
        rules = [each.getByIndex(index) for index in range(each.Count)]
        plain = ["".join(rule.Formula1.split()) if rule.Type == _CONDITION else "" for rule in rules]
        ours = [index for index, formula in enumerate(plain) if formula == rule_formula(tag)]
        if ours:
            yield each, ours


def highlights_on(sheet: Any, tag: str) -> Highlights:
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
            _show(model, ranges(model, sheet, alone))
        else:
            for index in reversed(rules):
                each.removeByIndex(index)
    for style, areas in highlights.items():
        alone, shared = _apart(areas, foreign)
        _show(model, ranges(model, sheet, alone), tag, style)
        if shared:
            _add_entry(sheet, formats.createByRange(ranges(model, sheet, shared)), rule_formula(tag), style)


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


def _show(model: Any, cells: Any, tag: str = "", style: str = "") -> None:
    """Give cells one conditional format, or with no style none."""
    if not cells.Count:
        return
    rules = cells.ConditionalFormat
    rules.clear()
    if style:
        operator = uno.Enum("com.sun.star.sheet.ConditionOperator", "FORMULA")
        rules.addNew(properties(Operator=operator, Formula1=rule_formula(tag), StyleName=style))
    with unrecorded(model):
        cells.ConditionalFormat = rules


def _areas(ranged: Any) -> list[Area]:
    places = ranged.Range.RangeAddresses
    return [Area(each.StartRow + 1, each.StartColumn + 1, each.EndRow + 1, each.EndColumn + 1) for each in places]


def missing_styles(model: Any, names: Iterable[str]) -> list[str]:
    """Those that Calc has not made yet."""
    styles = model.StyleFamilies.getByName("CellStyles")
    return [name for name in names if not styles.hasByName(name)]


def _make_styles(model: Any, names: Iterable[str]) -> None:
    """Those that are missing; they stay when highlights go, for a redo to find.

    Every new style inherits the default one, and a highlight would change fonts too: an orphan inherits nothing.
    """
    styles = model.StyleFamilies.getByName("CellStyles")
    for name in missing_styles(model, names):
        parent, style = (model.createInstance("com.sun.star.style.CellStyle") for _ in range(2))
        styles.insertByName(f"{name}_parent", parent)
        styles.insertByName(name, style)
        style.ParentStyle = f"{name}_parent"
        styles.removeByName(f"{name}_parent")
        _give(style, Look.of(name.rpartition("_")[2]))


def _give(style: Any, look: Look) -> None:
    if look.fill:
        style.CellBackColor = int(look.fill, 16)
    if look.font:
        style.CharColor = int(look.font, 16)
    if look.style == "bold":
        style.CharWeight = _BOLD
    elif look.style == "underlined":
        style.CharUnderline = _UNDERLINED
    if look.frame:
        line = uno.createUnoStruct("com.sun.star.table.BorderLine2")
        line.Color, line.OuterLineWidth, line.LineWidth = int(look.frame, 16), _LINE, _LINE
        style.TopBorder = style.BottomBorder = style.LeftBorder = style.RightBorder = line


def add_rules(model: Any, sheet: Any, rules: Sequence[Rule]) -> None:
    """Conditional formats of a sheet that was added in this step, and that goes whole when it is undone."""
    _make_styles(model, [style_of(rule.look.code) for rule in rules])
    for rule in rules:
        number = sheet.ConditionalFormats.createByRange(ranges(model, sheet, [rule.area]))
        _add_entry(sheet, number, rule.formula, style_of(rule.look.code))


def _add_entry(sheet: Any, number: int, formula: str, style: str) -> None:
    (new,) = (each for each in sheet.ConditionalFormats.getConditionalFormats() if number == each.ID)
    new.createEntry(_CONDITION, 0)
    entry = new.getByIndex(0)
    entry.Operator, entry.Formula1, entry.StyleName = _EXPRESSION, formula, style


# What else is written in Calc needs too


@contextmanager
def unrecorded(model: Any) -> Iterator[None]:
    """What the one call meanwhile does not enter the undo list.

    One call, no more: once Calc has drawn what changed on the sheet in view it records again, locked or not. What is
    recorded while a step is undone makes Calc drop that step, and crash.
    """
    model.UndoManager.lock()
    try:
        yield
    finally:
        model.UndoManager.unlock()


def ranges(model: Any, sheet: Any, areas: Iterable[Area]) -> Any:
    ranges = model.createInstance("com.sun.star.sheet.SheetCellRanges")
    for area in areas:
        ranges.addRangeAddress(range_at(sheet, area).RangeAddress, False)
    return ranges


def range_at(sheet: Any, area: Area) -> Any:
    return sheet.getCellRangeByPosition(area.left - 1, area.top - 1, area.right - 1, area.bottom - 1)


def properties(**values: Any) -> tuple[Any, ...]:
    return tuple(PropertyValue(name, 0, value, 0) for name, value in values.items())


def service(name: str) -> Any:
    context = uno.getComponentContext()
    return context.ServiceManager.createInstanceWithContext(name, context)
