"""Cells of the engine over openpyxl: ranges, and the notes and conditional formats on them."""
# mypy: disable-error-code="misc"
# The base classes say of everything that it can be set, and refuse.

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import openpyxl
from openpyxl.cell.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from xlwings import base_classes

if TYPE_CHECKING:
    from tests.hosts.openpyxl_engine import Sheet

_DATE = re.compile(r"\d{1,4}[-/]\d{1,2}([-/]\d{1,4})?|\d{4}年(\d{1,2}月(\d{1,2}日)?)?")
_NUMBER = re.compile(r"[+-]?(\d[\d,]*\.?\d*|\.\d+)([eE][+-]?\d+)?(%?)")


class NativeError(Exception):
    """What Excel says when it refuses."""


class Range(base_classes.Range):
    row: Any = None
    column: Any = None
    shape: Any = None

    def __init__(self, sheet: Sheet, row: int, column: int, rows: int, cols: int) -> None:
        self.sheet = sheet
        self.app = sheet.book.app
        self.row, self.column = row, column
        self.shape = rows, cols
        self.options: dict[str, Any] = {}

    @property
    def api(self) -> Any:
        return self

    @property
    def address(self) -> str:
        last = f"${get_column_letter(self.column + self.shape[1] - 1)}${self.row + self.shape[0] - 1}"
        first = f"${get_column_letter(self.column)}${self.row}"
        return first if self.shape == (1, 1) else f"{first}:{last}"

    def select(self) -> None:
        self.app.selected = self

    def __len__(self) -> int:
        return int(self.shape[0] * self.shape[1])

    def __call__(self, row: int, column: int = 1) -> Range:
        return Range(self.sheet, self.row + row - 1, self.column + column - 1, 1, 1)

    def _lines(self) -> list[list[Any]]:
        xl, (rows, cols) = self.sheet.xl, self.shape
        return [
            [xl.cell(row, col) for col in range(self.column, self.column + cols)]
            for row in range(self.row, self.row + rows)
        ]

    def _each(self) -> Iterator[Any]:
        return (cell for line in self._lines() for cell in line)

    @property
    def raw_value(self) -> list[list[Any]]:
        self.app.called()
        return [[self._shown(cell) for cell in line] for line in self._lines()]

    @raw_value.setter
    def raw_value(self, data: Any) -> None:
        self.app.calls += 1
        for line, values in zip(self._lines(), data if isinstance(data, list) else [[data]], strict=True):
            for cell, value in zip(line, values, strict=True):
                self._type(cell, value)

    def _shown(self, cell: Any) -> Any:
        if cell.data_type == "f":
            return self.sheet.book.result(self.sheet.xl.title, cell.row, cell.column)
        return float(cell.value) if isinstance(cell.value, int) and not isinstance(cell.value, bool) else cell.value

    def _type(self, cell: Any, value: Any) -> None:
        """What Excel makes of something typed."""
        if isinstance(cell, MergedCell):
            return
        if self.sheet.xl.protection.sheet and cell.protection.locked:
            raise NativeError(f"单元格 {cell.coordinate} 位于受保护的工作表中")
        self.sheet.book.changed()
        if not isinstance(value, str) or value == "":
            assert value == "" or isinstance(value, bool | float | datetime.datetime), repr(value)
            cell.value = None if value == "" else value
        elif value.startswith("'"):
            cell.value, cell.data_type, cell.quotePrefix = value[1:], "s", True
        elif value.startswith("="):
            cell.value = value
            self.sheet.book.formula_set(self.sheet.xl.title, cell.row, cell.column, value)
        elif number := _NUMBER.fullmatch(value.strip()):
            figure = float(value.strip().removesuffix("%").replace(",", ""))
            cell.value = figure / 100 if number[3] else figure
        elif _DATE.fullmatch(value.strip()):
            cell.value = datetime.datetime(2026, 1, 1)
        elif value.upper() in ("TRUE", "FALSE"):
            cell.value = value.upper() == "TRUE"
        else:
            cell.value, cell.data_type = value, "s"

    @property
    def formula(self) -> Any:
        self.app.called()
        found = tuple(tuple(self._formula(cell) for cell in line) for line in self._lines())
        return found[0][0] if len(self) == 1 else found

    @formula.setter
    def formula(self, data: Any) -> None:
        self.raw_value = data

    @staticmethod
    def _formula(cell: Any) -> str:
        if cell.value is None or isinstance(cell.value, str):
            return cell.value or ""
        if isinstance(cell.value, bool):
            return str(cell.value).upper()
        if isinstance(cell.value, datetime.datetime):
            return str((cell.value - cell.parent.parent.epoch).days)
        return f"{cell.value:.15g}"

    def ClearHyperlinks(self) -> None:
        """As the range's own object (`api`) has it on Windows."""
        gone = {cell.coordinate for cell in self._each()}
        xl = self.sheet.xl
        xl._hyperlinks = [link for link in xl._hyperlinks if link.ref not in gone]
        for cell in self._each():
            cell._hyperlink = None

    def clear_contents(self) -> None:
        for cell in self._each():
            if not isinstance(cell, MergedCell):
                cell.value = None

    def insert(self, shift: str | None = None, copy_origin: str | None = None) -> None:
        assert (shift, copy_origin, self.shape) == ("down", "format_from_left_or_above", (1, 16_384)), "a whole row"
        self._refuse_protected()
        self.sheet.book.change_rows(self.sheet.xl.title, self.row, "insert")

    def delete(self, shift: str | None = None) -> None:
        assert (shift, self.shape) == ("up", (1, 16_384)), "a whole row"
        self._refuse_protected()
        self.sheet.book.change_rows(self.sheet.xl.title, self.row, "delete")

    def _refuse_protected(self) -> None:
        if self.sheet.xl.protection.sheet:
            raise NativeError("工作表受保护")

    def merge(self, across: bool = False) -> None:
        self._refuse_protected()
        self.sheet.xl.merge_cells(self.address.replace("$", ""))
        self.sheet.book.merged = {}

    def unmerge(self) -> None:
        self._refuse_protected()
        self.sheet.xl.unmerge_cells(self.address.replace("$", ""))
        self.sheet.book.merged = {}

    @property
    def number_format(self) -> str | None:
        self.app.called()
        found = {cell.number_format for cell in self._each()}
        return found.pop() if len(found) == 1 else None

    @property
    def merge_cells(self) -> bool | None:
        self.app.called()
        merged = self.sheet.merged()
        rows, cols = (range(at, at + n) for at, n in zip((self.row, self.column), self.shape, strict=True))
        found = {(row, col) in merged for row in rows for col in cols}
        return found.pop() if len(found) == 1 else None

    @property
    def merge_area(self) -> Range:
        self.app.called()
        area = self.sheet.merged().get((self.row, self.column))
        return self.sheet.range(area) if area else self

    @property
    def row_hidden(self) -> bool | None:
        self.app.called()
        rows = self.sheet.xl.row_dimensions
        found = {bool(row in rows and rows[row].hidden) for row in range(self.row, self.row + self.shape[0])}
        return found.pop() if len(found) == 1 else None

    @property
    def column_hidden(self) -> bool | None:
        self.app.called()
        hidden: set[int] = set()
        for each in self.sheet.xl.column_dimensions.values():
            if each.hidden:
                hidden |= set(range(each.min, each.max + 1))
        found = {col in hidden for col in range(self.column, self.column + self.shape[1])}
        return found.pop() if len(found) == 1 else None

    @property
    def column_width(self) -> float:
        return float(self.sheet.xl.column_dimensions[get_column_letter(self.column)].width)

    @column_width.setter
    def column_width(self, value: float) -> None:
        self.sheet.xl.column_dimensions[get_column_letter(self.column)].width = value

    @property
    def font(self) -> Fonts:
        return Fonts(self)

    @property
    def wrap_text(self) -> bool:
        return all(cell.alignment.wrap_text for cell in self._each())

    @wrap_text.setter
    def wrap_text(self, value: bool) -> None:
        for cell in self._each():
            cell.alignment = openpyxl.styles.Alignment(wrap_text=value)

    @property
    def conditional_formats(self) -> Rules:
        return Rules(self)

    @property
    def note(self) -> Note | None:
        return Note(self) if self.sheet.xl.cell(self.row, self.column).comment else None

    def add_note(self, text: str) -> Note:
        if self.sheet.xl.protection.sheet and self.sheet.xl.protection.objects:
            raise NativeError("图形对象受保护")
        self.app.calls += 1
        self.sheet.xl.cell(self.row, self.column).comment = Comment(text, self.app.user)
        return Note(self)

    # What xlwings Lite waits for

    def get_async_pipeline_overrides(self, options: dict[str, Any]) -> dict[Any, Any]:
        from xlwings.conversion.standard import ReadValueFromRangeStage

        async def read(context: Any) -> None:
            context.value = await self.app.wait_for(context.range.impl, "raw_value")

        return {ReadValueFromRangeStage: read}

    async def get_formula(self) -> Any:
        found = await self.app.wait_for(self, "formula")
        return found if isinstance(found, tuple) else ((found,),)

    async def get_number_format(self) -> Any:
        return await self.app.wait_for(self, "number_format")

    async def get_merge_cells(self) -> Any:
        return await self.app.wait_for(self, "merge_cells")

    async def get_merge_area(self) -> Any:
        return await self.app.wait_for(self, "merge_area")

    async def get_row_hidden(self) -> Any:
        return await self.app.wait_for(self, "row_hidden")

    async def get_column_hidden(self) -> Any:
        return await self.app.wait_for(self, "column_hidden")

    async def get_conditional_formats(self) -> Rules:
        await self.app.wait_for(self, "address")
        return Rules(self, is_loaded=True)


class Note(base_classes.Note):
    location: Any = None

    def __init__(self, cell: Range) -> None:
        self.location = cell
        self.xl = cell.sheet.xl.cell(cell.row, cell.column)

    @property
    def text(self) -> str:
        self.location.app.called()
        return str(self.xl.comment.text)

    @property
    def author(self) -> str:
        self.location.app.called()
        return str(self.xl.comment.author)

    def delete(self) -> None:
        self.location.app.calls += 1
        self.xl.comment = None

    async def get_text(self) -> Any:
        return await self.location.app.wait_for(self, "text")

    async def get_author(self) -> Any:
        return await self.location.app.wait_for(self, "author")

    async def get_location(self) -> Any:
        return await self.location.app.wait_for(self, "location")


class Rules(base_classes.ConditionalFormats):
    """The conditional formats of a whole sheet, by priority, or new ones for a range."""

    parent: Any = None

    def __init__(self, parent: Range, is_loaded: bool = False) -> None:
        self.parent = parent
        self.is_loaded = is_loaded
        self.xl = parent.sheet.xl

    def _all(self) -> list[tuple[Any, Any]]:
        found = [(area, rule) for area in self.xl.conditional_formatting for rule in area.rules]
        return sorted(found, key=lambda each: each[1].priority)

    def _told(self) -> list[tuple[Any, Any]]:
        if not self.is_loaded:
            self.parent.app.called()
        return self._all()

    def __len__(self) -> int:
        return len(self._told())

    def __call__(self, number: int) -> Rule:
        return Rule(self, *self._told()[number - 1])

    def __iter__(self) -> Iterator[Rule]:
        return (Rule(self, *each) for each in self._told())

    def add_custom(self, spec: dict[str, Any]) -> Rule:
        if self.xl.protection.sheet and self.xl.protection.formatCells:
            raise NativeError("不允许设置单元格格式")
        looks = {part: _argb(spec[f"{part}_color"]) for part in ("fill", "font") if f"{part}_color" in spec}
        fill = PatternFill(bgColor=looks["fill"]) if "fill" in looks else None
        font = Font(color=looks.get("font"), bold=spec.get("font_bold")) if "font" in looks else None
        for _, rule in self._all():
            rule.priority += 1
        rule = FormulaRule([spec["formula"].removeprefix("=")], fill=fill, font=font, stopIfTrue=spec["stop_if_true"])
        rule.priority = 1
        self.xl.conditional_formatting.add(self.parent.address.replace("$", ""), rule)
        return Rule(self, *self._all()[0])


class Fonts(base_classes.Font):
    """The fonts of a range."""

    def __init__(self, cells: Range) -> None:
        self.cells = cells

    @property
    def size(self) -> float:
        return float(next(iter(self.cells._each())).font.sz)

    @size.setter
    def size(self, value: float) -> None:
        for cell in self.cells._each():
            cell.font = Font(name=cell.font.name, sz=value)


def _argb(color: str | tuple[int, int, int]) -> str:
    return f"FF{color.removeprefix('#')}" if isinstance(color, str) else "FF{:02X}{:02X}{:02X}".format(*color)


class Rule(base_classes.ConditionalFormat):
    def __init__(self, rules: Rules, area: Any, rule: Any) -> None:
        self.rules = rules
        self.area = area
        self.xl = rule

    @property
    def formula(self) -> str | None:
        return f"={self.xl.formula[0]}" if self.xl.type == "expression" else None

    def delete(self) -> None:
        formats = self.rules.xl.conditional_formatting
        if len(self.area.rules) > 1:
            self.area.rules.remove(self.xl)
        else:
            del formats[str(self.area.sqref)]
