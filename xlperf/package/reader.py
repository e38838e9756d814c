"""Reading: the workbook's structure, shared strings and the cells of one sheet."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import NamedTuple

from xlperf.package.address import (
    MAX_COLUMN,
    MAX_ROW,
    Area,
    Ref,
    column_letters,
    column_number,
    painted,
    parse_area,
    parse_ref,
)
from xlperf.package.archive import Damaged
from xlperf.package.formulas import move, plain_range
from xlperf.package.parts import Parts
from xlperf.package.richtext import Run
from xlperf.package.runs import Texts, has_text, runs_in, text_in
from xlperf.package.xmltext import (
    ATTRIBUTES,
    Node,
    check_xml,
    content_of,
    decode_text,
    is_true,
    parse_attributes,
    parse_tree,
    plain_text,
    simplified,
)
from xlperf.text import expression

# Translating the members of shared formulas on reading is a courtesy; past this many characters in one sheet
# (no real form comes near) members say what their master says.
MOVE_BUDGET = 4_000_000
ARRAY_BUDGET = 5_000_000
PIECE = 1 << 18  # bytes of a sheet taken apart at a time

_FLOAT = rb"[+-]?(?:[0-9]++(?:\.[0-9]*+)?|\.[0-9]++)(?:[eE][+-]?[0-9]++)?"
_NUMBER = expression(_FLOAT.decode())
_CONTENT = ATTRIBUTES + rb")(?:/>|>"
_SHEET_DATA = expression(rb"<sheetData(?=[\s/>])" + ATTRIBUTES + rb"(/?)>")
_COLUMN = expression(rb"<col(?=[\s/>])(" + ATTRIBUTES + rb")/?>")
_MERGE = expression(rb'<mergeCell(?: ref="([A-Z0-9:]+)" ?/?>|(?=[\s/>])(' + ATTRIBUTES + rb")/?>)")
# A cell as every program writes it, with nothing in it empty; a row; or (two groups) a cell written in another way.
_CELL = expression(
    rb'<(?:c r="([A-Z]{1,3})([0-9]+)"(?: s="([0-9]+)")?(?: t="(\w+)")?(?:/>|>'
    rb"(?:<f(?:(?=\s)(" + ATTRIBUTES + rb")(?:/>|>([^<]*)</f>)|>([^<]+)</f>))?"
    rb"(?:<v>(?:(" + _FLOAT + rb")|([^<]+))</v>|<is><t(?: [^<>]*)?>([^<]+)</t></is>)?</c>)"
    rb'|row(?: r="([0-9]+)")?(?=[\s/>])(' + ATTRIBUTES + rb")/?>|(c(?=[\s/>])" + _CONTENT + content_of(b"c") + rb"))"
)
_BOUND_FORMULA = expression(rb"<f\s")
_FORMULA = expression(rb"<f(?=[\s/>])(" + _CONTENT + rb"([^<]*)</f\s*>)")
_VALUE = expression(rb"<v(?=[\s/>])" + ATTRIBUTES + rb"(?:/>|>([^<]*)</v\s*>)")


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


class SharedFormula(NamedTuple):
    group: str
    master: Ref
    text: str
    members: list[Ref]


class SheetContent:
    """What one sheet holds; the rows may be left out when only the frame is asked for."""

    def __init__(self) -> None:
        self.has_rows = False
        self.cells: dict[Ref, Cell] = {}
        self.merges: list[Area] = []
        self.hidden_rows: set[int] = set()
        self.hidden_cols: set[int] = set()
        self.rich: dict[Ref, tuple[Run, ...]] = {}  # the cells with text in several fonts
        self.arrays: list[tuple[Area, str]] = []
        self.shared: list[SharedFormula] = []
        self._by_row: dict[int, list[Area]] = {}

    def merge_at(self, ref: Ref) -> Area | None:
        """The merged area around a cell; thousands of them are common, so they are looked up by row."""
        if not self._by_row:
            for area in self.merges:
                rows = area.rows if area.bottom - area.top < 100 else (0,)
                for row in rows:
                    self._by_row.setdefault(row, []).append(area)
        near = (*self._by_row.get(ref.row, ()), *self._by_row.get(0, ()))
        return next((area for area in near if area.contains(ref)), None)


class SheetEntry(NamedTuple):
    title: str
    part: str
    state: str


class Structure(NamedTuple):
    """What workbook.xml says."""

    part: str
    sheets: dict[str, SheetEntry]
    strict: bool
    since_1904: bool = False


def read_structure(parts: Parts) -> Structure:
    part = parts.related("", "officeDocument") or "xl/workbook.xml"
    root = parts.tree(part)
    targets = {rel.id: rel for rel in parts.rels(part)}
    sheets: dict[str, SheetEntry] = {}
    for node in (root.first("sheets") or root).all("sheet"):
        rel_id = node.related
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
    strict = any("purl.oclc.org" in value for key, value in root.attrs.items() if key.startswith("xmlns"))
    settings = root.first("workbookPr")
    since_1904 = settings is not None and is_true(settings.attrs.get("date1904"))
    return Structure(part, sheets, strict, since_1904)


def read_names(root: Node, sheets: Iterable[str]) -> tuple[tuple[tuple[str, str, Area], ...], tuple[str, ...]]:
    """The workbook's own names for cells and areas, and those whose cells are gone."""
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
        elif place := plain_range(text):
            title = titles.get(place[0].lower())
            if title is not None:
                names.append((name, title, place[1]))
    return tuple(names), tuple(broken)


def read_sheet(data: bytes, strings: Callable[[], Texts], *, rows: bool = True) -> SheetContent:
    """One pass over a sheet: expat vouches for the XML, then expressions find what is wanted.

    Without `rows` they are read only if formulas bind cells together, which a write must know.
    """
    check_xml(data)
    data = simplified(data)
    content = SheetContent()
    opening = _SHEET_DATA.search(data)
    start = stop = len(data)
    if opening:
        start = opening.end()
        stop = start if opening[1] else data.index(b"</sheetData", start)
        if rows or _BOUND_FORMULA.search(data, start, stop):
            content.has_rows = True
            _Body(content, strings).read(data, start, stop)
    columns = (parse_attributes(match[1]) for match in _COLUMN.finditer(data, 0, start))
    hidden = [(int(attrs["min"]), int(attrs["max"]), 1) for attrs in columns if is_true(attrs.get("hidden"))]
    content.hidden_cols.update(painted(hidden))
    for plain, odd in _MERGE.findall(data, stop):
        content.merges.append(parse_area(plain.decode() or parse_attributes(odd)["ref"]))
    _name_array_members(content)
    return content


class _Body:
    """The state of the walk through <sheetData>."""

    def __init__(self, content: SheetContent, strings: Callable[[], Texts]) -> None:
        self.content = content
        self.load_strings = strings
        self.groups: dict[str, SharedFormula] = {}
        self.strings: Texts | None = None
        self.budget = MOVE_BUDGET
        self.row = 0

    def read(self, data: bytes, start: int, stop: int) -> None:
        while start < stop:
            # No cell is cut in two: in sound XML `<row` begins a row.
            end = data.find(b"<row", start + PIECE, stop)
            end = stop if end < 0 else end
            self.read_piece(_CELL.findall(data, start, end))
            start = end

    def read_piece(self, found: list[tuple[bytes, ...]]) -> None:
        """One turn for every row and cell, so it asks little; what a regular cell does not have is b"" here."""
        cells, columns, styles = self.content.cells, dict[bytes, int](), {b"": 0}
        new, numeric, texts = tuple.__new__, CellKind.NUMBER, CellKind.TEXT
        row, col, digits = self.row, 0, str(self.row).encode()
        kind: bytes | None
        stored: bytes | None
        formula: str | None
        inline: str | None
        f: bytes | None
        for letters, at, s, kind, f, f_text, plain_f, number, other, t, r, rest, odd, content in found:
            formula = inline = None
            runs: tuple[Run, ...] = ()
            if number and not (kind or plain_f or f) and at == digits and letters in columns and s in styles:
                col = columns[letters]  # a plain number, as most cells are
                cells[new(Ref, (row, col))] = new(Cell, (numeric, number.decode(), None, styles[s]))
                continue
            if letters:
                stored = number or other or None
                if plain_f:
                    formula = plain_text(plain_f)
                if t:
                    inline = plain_text(t)
            elif odd:
                letters, at, s, kind, f, f_text, stored, inline = _irregular(odd, content, col, digits)
                formula = None if f is None else plain_text(f_text)
                runs = runs_in(content) if inline is not None and kind != b"s" else ()
            else:
                col, digits = 0, self.start_row(r, rest)
                row = self.row
                continue
            if at != digits:
                raise Damaged(f"第 {row} 行里有别的行的单元格")
            col = columns.get(letters) or columns.setdefault(letters, column_number(letters.decode()))
            if stored is None and formula is None and inline is None and not f:
                continue
            ref: Ref = new(Ref, (row, col))
            if runs:
                self.content.rich[ref] = runs
            if f:
                formula = self.formula(ref, plain_text(f_text), parse_attributes(f))
            style = styles.get(s)
            if style is None:
                style = styles[s] = int(s)
            if number and (not kind or kind == b"n"):
                cells[ref] = new(Cell, (numeric, number.decode(), formula, style))
            elif inline is not None and kind != b"s":
                cells[ref] = new(Cell, (texts, decode_text(inline), formula, style))
            else:
                cells[ref] = self.cell(ref, kind, stored, inline, formula, style)

    def start_row(self, r: bytes, rest: bytes) -> bytes:
        """Answers the digits that the cells of this row must have."""
        attrs = parse_attributes(rest) if b"hidden" in rest or not r else {}
        digits = r or (attrs.get("r") or str(self.row + 1)).encode()
        self.row = int(digits)
        if not 0 < self.row <= MAX_ROW:
            raise Damaged(f"行号 {digits.decode()} 超出范围")
        if is_true(attrs.get("hidden")):
            self.content.hidden_rows.add(self.row)
        return digits

    def cell(
        self, ref: Ref, kind: bytes | None, stored: bytes | None, inline: str | None, formula: str | None, style: int
    ) -> Cell:
        """Any cell that is not simply a number."""
        if kind == b"s" and stored is not None:
            if self.strings is None:
                self.strings = self.load_strings()
            index = int(stored)
            if not 0 <= index < len(self.strings.texts):
                raise Damaged(f"共享字符串表里没有第 {index} 条文字")
            if index in self.strings.rich:
                self.content.rich[ref] = self.strings.rich[index]
            return Cell(CellKind.TEXT, self.strings.texts[index], formula, style)
        if inline is not None:
            return Cell(CellKind.TEXT, decode_text(inline), formula, style)
        value = plain_text(stored or b"")
        if stored is None or (value == "" and kind != b"str"):
            return Cell(CellKind.BLANK, "", formula, style)
        if kind == b"b":
            return Cell(CellKind.BOOL, "1" if is_true(value.strip()) else "0", formula, style)
        if kind == b"e":
            return Cell(CellKind.ERROR, value, formula, style)
        if kind in (b"", b"n") and _NUMBER.fullmatch(value.strip()):
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
                group = self.groups[index] = SharedFormula(index, ref, text, [])
                self.content.shared.append(group)
            elif shared := self.groups.get(index):
                shared.members.append(ref)
                self.budget -= len(shared.text)
                if not text and self.budget > 0:
                    return move(shared.text, ref.row - shared.master.row, ref.col - shared.master.col)
                return text or shared.text
        return text


def _irregular(
    odd: bytes, content: bytes, col: int, digits: bytes
) -> tuple[bytes, bytes, bytes, bytes, bytes | None, bytes, bytes | None, str | None]:
    """The same of a cell that is written in an unusual way; None is what it does not have."""
    attrs = parse_attributes(odd)
    ref = attrs.get("r")
    if ref is None:
        if col >= MAX_COLUMN:
            raise Damaged("列数超出范围")
        ref = column_letters(col + 1) + digits.decode()
    letters = ref.rstrip("0123456789")
    style, kind = attrs.get("s", ""), attrs.get("t", "")
    formulas, values = _FORMULA.findall(content), _VALUE.findall(content)
    f_attrs, f_text = formulas[-1] if formulas else (None, b"")
    inline = text_in(content) if has_text(content) else None
    return (
        letters.encode(), ref[len(letters) :].encode(), style.encode(), kind.encode(),
        f_attrs, f_text, values[-1] if values else None, inline,
    )  # fmt: skip


def _name_array_members(content: SheetContent) -> None:
    """Give the members of array formulas their master's formula; in the file they only have values."""
    budget = ARRAY_BUDGET
    cells = content.cells
    for area, text in content.arrays:
        budget -= min(area.size, len(cells))
        if budget < 0:
            raise Damaged("数组公式过多")
        if area.size <= len(cells):
            inside = [ref for row in area.rows for col in area.cols if (ref := Ref(row, col)) in cells]
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
