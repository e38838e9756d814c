"""Reading: the workbook's structure, shared strings and the cells of one sheet."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from xlperf.package.address import (
    MAX_COLUMN,
    MAX_ROW,
    Area,
    Ref,
    column_number,
    parse_area,
    parse_ref,
)
from xlperf.package.archive import Damaged
from xlperf.package.formulas import move
from xlperf.package.parts import Parts
from xlperf.package.xmltext import Node, decode_text, is_true, make_parser, parse_tree

# Translating the members of shared formulas on reading is a courtesy; past this many characters in one sheet
# (no real form comes near) members say what their master says.
MOVE_BUDGET = 4_000_000
ARRAY_BUDGET = 5_000_000

_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_PLAIN_RANGE = re.compile(r"(?:'((?:[^']|'')+)'|([^'!\[\]:\s]+))!(\$?[A-Za-z]+\$?\d+(?::\$?[A-Za-z]+\$?\d+)?)")


class CellKind(StrEnum):
    NUMBER = "number"
    TEXT = "text"
    BOOL = "bool"
    ERROR = "error"
    BLANK = "blank"


class Cell(NamedTuple):
    """What a cell holds, as stored: digits are not turned into a number here.

    A named tuple and not a frozen dataclass: it is made four times as fast, and there is one for every cell.
    """

    kind: CellKind
    text: str
    formula: str | None
    style: int


@dataclass(slots=True)
class SharedFormula:
    index: str
    master: Ref
    text: str
    members: list[Ref] = field(default_factory=list)


@dataclass(slots=True)
class SheetContent:
    cells: dict[Ref, Cell] = field(default_factory=dict)
    merges: list[Area] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_cols: set[int] = field(default_factory=set)
    arrays: list[tuple[Area, str]] = field(default_factory=list)
    shared: list[SharedFormula] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class SheetEntry:
    title: str
    part: str
    state: str


@dataclass(slots=True)
class Structure:
    """What workbook.xml says."""

    part: str
    sheets: dict[str, SheetEntry]
    names: tuple[tuple[str, str, Area], ...]
    broken_names: tuple[str, ...]
    strict: bool


def read_structure(parts: Parts) -> Structure:
    part = next((rel.target for rel in parts.rels("") if rel.kind == "officeDocument"), "xl/workbook.xml")
    root = parse_tree(parts.read(part))
    targets = {rel.id: rel for rel in parts.rels(part)}
    sheets: dict[str, SheetEntry] = {}
    for node in (root.first("sheets") or root).all("sheet"):
        rel_id = next((value for key, value in node.attrs.items() if key.rpartition(":")[2] == "id"), "")
        title = node.attrs.get("name", "")
        if not rel_id:  # a module sheet of Excel 95, whose content is in the VBA project
            continue
        rel = targets.get(rel_id)
        if rel is None or rel.external or parts.actual(rel.target) is None:
            raise Damaged(f"工作表“{title}”的内容不在文件里")
        if title in sheets:
            raise Damaged(f"有两张工作表都叫“{title}”")
        sheets[title] = SheetEntry(title, rel.target, node.attrs.get("state", "visible"))
    if not sheets:
        raise Damaged("里面没有工作表")
    names, broken = _read_names(root, sheets)
    strict = any("purl.oclc.org" in value for key, value in root.attrs.items() if key.startswith("xmlns"))
    return Structure(part, sheets, names, broken, strict)


def _read_names(root: Node, sheets: dict[str, SheetEntry]) -> tuple[tuple[tuple[str, str, Area], ...], tuple[str, ...]]:
    names: list[tuple[str, str, Area]] = []
    broken: list[str] = []
    titles = {title.lower(): title for title in sheets}
    for node in (root.first("definedNames") or root).all("definedName"):
        name = node.attrs.get("name", "")
        if "localSheetId" in node.attrs or name.startswith("_xlnm."):
            continue
        text = node.text.strip()
        if "#REF!" in text:
            broken.append(name)
        elif match := _PLAIN_RANGE.fullmatch(text):
            title = titles.get((match[1] or match[2]).replace("''", "'").lower())
            if title is not None:
                names.append((name, title, parse_area(match[3])))
    return tuple(names), tuple(broken)


def read_strings(data: bytes) -> list[str]:
    """The shared strings, rich text flattened and phonetic guides left out."""
    strings: list[str] = []
    pieces: list[str] = []
    parser = make_parser()
    in_text = silent = False

    def start(tag: str, _: dict[str, str]) -> None:
        nonlocal in_text, silent
        name = tag.rpartition(":")[2]
        if name == "si":
            pieces.clear()
        elif name == "t":
            in_text = not silent
        elif name == "rPh":
            silent = True

    def end(tag: str) -> None:
        nonlocal in_text, silent
        name = tag.rpartition(":")[2]
        if name == "t":
            in_text = False
        elif name == "rPh":
            silent = False
        elif name == "si":
            strings.append(decode_text("".join(pieces)))

    def text(value: str) -> None:
        if in_text:
            pieces.append(value)

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.Parse(data, True)
    return strings


def read_sheet(data: bytes, strings: Callable[[], list[str]]) -> SheetContent:
    """One pass over a sheet.

    The handlers change with the place in the document, so that the one that runs for every cell asks little.
    """
    content = SheetContent()
    parser = make_parser()
    body = _Body(content, strings)

    def root(tag: str, _: dict[str, str]) -> None:
        prefix = tag[: len(tag) - len(tag.rpartition(":")[2])]
        sheet_data, column, merge = (prefix + name for name in ("sheetData", "col", "mergeCell"))

        def head(tag: str, attrs: dict[str, str]) -> None:
            if tag == sheet_data:
                parser.StartElementHandler, parser.EndElementHandler = body.handlers(prefix, leave)
                parser.CharacterDataHandler = body.chars.append
            elif tag == column and is_true(attrs.get("hidden")):
                last = min(int(attrs["max"]), MAX_COLUMN)
                content.hidden_cols.update(range(int(attrs["min"]), last + 1))

        def leave() -> None:
            parser.StartElementHandler = tail
            parser.EndElementHandler = parser.CharacterDataHandler = None

        def tail(tag: str, attrs: dict[str, str]) -> None:
            if tag == merge:
                content.merges.append(parse_area(attrs["ref"]))

        parser.StartElementHandler = head

    parser.StartElementHandler = root
    parser.Parse(data, True)
    _name_array_members(content)
    return content


class _Body:
    """The state of the walk through <sheetData>."""

    def __init__(self, content: SheetContent, strings: Callable[[], list[str]]) -> None:
        self.content = content
        self.load_strings = strings
        self.chars: list[str] = []
        self.groups: dict[str, SharedFormula] = {}
        self.strings: list[str] | None = None
        self.budget = MOVE_BUDGET

    def handlers(
        self, prefix: str, leave: Callable[[], None]
    ) -> tuple[Callable[[str, dict[str, str]], None], Callable[[str], None]]:
        c, v, f, t, row_tag, phonetic, sheet_data = (
            prefix + name for name in ("c", "v", "f", "t", "row", "rPh", "sheetData")
        )
        content, chars, cells = self.content, self.chars, self.content.cells
        new, number, numeric = tuple.__new__, _NUMBER.fullmatch, CellKind.NUMBER
        columns: dict[str, int] = {}
        row = col = split = 0
        row_digits = ""
        cell: dict[str, str] = {}
        formula_attrs: dict[str, str] = {}
        value: str | None = None
        inline: list[str] | None = None
        formula: str | None = None
        silent = False

        def start(tag: str, attrs: dict[str, str]) -> None:
            nonlocal row, col, split, row_digits, cell, value, inline, formula, formula_attrs, silent
            if tag == c:
                cell = attrs
                value = formula = inline = None
                ref = attrs.get("r")
                if ref is None:
                    col += 1
                    return
                if ref[split:] != row_digits:
                    raise Damaged(f"单元格 {ref} 不在它自己的行里")
                letters = ref[:split]
                found = columns.get(letters)
                if found is None:
                    found = columns[letters] = column_number(letters)
                col = found
            elif tag in (v, t):
                chars.clear()
            elif tag == f:
                chars.clear()
                formula_attrs = attrs
            elif tag == row_tag:
                row_digits = attrs.get("r") or str(row + 1)
                row, col, split = int(row_digits), 0, -len(row_digits)
                if not 0 < row <= MAX_ROW:
                    raise Damaged(f"行号 {row_digits} 超出范围")
                if is_true(attrs.get("hidden")):
                    content.hidden_rows.add(row)
            elif tag == phonetic:
                silent = True

        def end(tag: str) -> None:
            nonlocal value, inline, formula, silent
            if tag == c:
                if value is None and formula is None and inline is None:
                    return
                if col > MAX_COLUMN:
                    raise Damaged(f"第 {row} 行的列数超出范围")
                ref: Ref = new(Ref, (row, col))
                if formula is not None:
                    formula = self.formula(ref, formula, formula_attrs)
                kind = cell.get("t")
                style = cell.get("s")
                index = int(style) if style else 0
                if (kind is None or kind == "n") and value and number(value):
                    cells[ref] = new(Cell, (numeric, value, formula, index))
                else:
                    cells[ref] = self.cell(kind, value, inline, formula, index)
            elif tag == v:
                value = chars[0] if len(chars) == 1 else "".join(chars)
            elif tag == f:
                formula = "".join(chars)
            elif tag == t and not silent:
                inline = inline or []
                inline.extend(chars)
            elif tag == phonetic:
                silent = False
            elif tag == sheet_data:
                leave()

        return start, end

    def cell(
        self, kind: str | None, value: str | None, inline: list[str] | None, formula: str | None, style: int
    ) -> Cell:
        """Any cell that is not simply a number."""
        if kind == "s" and value is not None:
            if self.strings is None:
                self.strings = self.load_strings()
            index = int(value)
            if not 0 <= index < len(self.strings):
                raise Damaged(f"共享字符串表里没有第 {index} 条文字")
            return Cell(CellKind.TEXT, self.strings[index], formula, style)
        if inline is not None:
            return Cell(CellKind.TEXT, decode_text("".join(inline)), formula, style)
        if value is None or (value == "" and kind != "str"):
            return Cell(CellKind.BLANK, "", formula, style)
        if kind == "b":
            return Cell(CellKind.BOOL, "1" if is_true(value.strip()) else "0", formula, style)
        if kind == "e":
            return Cell(CellKind.ERROR, value, formula, style)
        if kind in (None, "n") and _NUMBER.fullmatch(value.strip()):
            return Cell(CellKind.NUMBER, value.strip(), formula, style)
        # Also NaN and other things that no spreadsheet writes into a number cell: better shown than refused.
        return Cell(CellKind.TEXT, decode_text(value), formula, style)

    def formula(self, ref: Ref, text: str, attrs: dict[str, str]) -> str:
        """The formula of a cell; notes down what an edit must know about its neighbours."""
        kind = attrs.get("t")
        if kind in ("array", "dataTable") and "ref" in attrs:
            area = parse_area(attrs["ref"])
            if area.size > 1:
                self.content.arrays.append((area, text))
        elif kind == "shared":
            index = attrs.get("si", "")
            if text and "ref" in attrs:
                group = self.groups[index] = SharedFormula(index, ref, text)
                self.content.shared.append(group)
            elif shared := self.groups.get(index):
                shared.members.append(ref)
                self.budget -= len(shared.text)
                if not text and self.budget > 0:
                    return move(shared.text, ref.row - shared.master.row, ref.col - shared.master.col)
                return text or shared.text
        return text


def _name_array_members(content: SheetContent) -> None:
    """Give the members of array formulas their master's formula; in the file they only have values."""
    budget = ARRAY_BUDGET
    cells = content.cells
    for area, text in content.arrays:
        budget -= min(area.size, len(cells))
        if budget < 0:
            raise Damaged("数组公式过多")
        if area.size <= len(cells):
            inside = [
                ref
                for row in range(area.top, area.bottom + 1)
                for col in range(area.left, area.right + 1)
                if (ref := Ref(row, col)) in cells
            ]
        else:
            inside = [ref for ref in cells if area.contains(ref)]
        for ref in inside:
            cell = cells[ref]
            if cell.formula is None:
                cells[ref] = Cell(cell.kind, cell.text, text, cell.style)


def read_notes(data: bytes) -> dict[Ref, tuple[str, str]]:
    """Author and text of every comment of one comments part."""
    root = parse_tree(data)
    authors = [decode_text(node.text) for node in (root.first("authors") or root).all("author")]
    notes: dict[Ref, tuple[str, str]] = {}
    for node in (root.first("commentList") or root).all("comment"):
        index = int(node.attrs.get("authorId", 0))
        author = authors[index] if 0 <= index < len(authors) else ""
        notes[parse_ref(node.attrs["ref"])] = (author, decode_text(_rich_text(node.first("text"))))
    return notes


def _rich_text(node: Node | None) -> str:
    if node is None:
        return ""
    if node.name == "t":
        return node.text
    return "".join(_rich_text(child) for child in node.children if child.name != "rPh")
