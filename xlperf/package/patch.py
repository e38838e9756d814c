"""Changing the cells of one sheet: only the rows that are touched are parsed, the rest stays as it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from xlperf.package.address import (
    MAX_COLUMN,
    Ref,
    area_text,
    bounding_area,
    column_letters,
    column_number,
    ref_text,
)
from xlperf.package.archive import Damaged
from xlperf.package.formulas import move
from xlperf.package.reader import SharedFormula
from xlperf.package.xmltext import (
    Node,
    append_child,
    element,
    encode_text,
    escape,
    is_true,
    parse_tree,
    splice,
    tag_end,
    without_comments,
)

Value = Decimal | int | str | bool | None
_ROW_NUMBER = re.compile(rb"""\sr\s*=\s*["'](\d+)["']""")
_SPANS = re.compile(rb"""\sspans\s*=\s*(?:"[^"]*"|'[^']*')""")


@dataclass(frozen=True, slots=True)
class Write:
    """What one cell is to hold; the style is kept unless a number format or wrapping is asked for."""

    value: Value
    formula: str | None = None
    number_format: str | None = None
    wrap: bool = False


@dataclass(frozen=True, slots=True)
class Rehome:
    """A member of a shared formula that must carry the formula itself from now on."""

    formula: str
    attrs: tuple[tuple[str, str], ...]


Edit = Write | Rehome
Restyle = Callable[[int, str | None, bool], int]


@dataclass(frozen=True, slots=True)
class SheetXml:
    """A sheet's bytes with the tree of everything but its rows."""

    data: bytes
    root: Node
    sheet_data: Node | None

    @property
    def prefix(self) -> str:
        return self.root.prefix


def outline(data: bytes) -> SheetXml:
    """Find the children of <worksheet>; the rows, nearly all of the bytes, are not even looked at."""
    shadow = without_comments(data)
    opening = re.search(rb"<((?:[A-Za-z_][\w.-]*:)?)sheetData(?=[\s/>])", shadow)
    gap = None
    if opening:
        after = tag_end(shadow, opening.start())
        close = shadow.rfind(b"</" + opening[1] + b"sheetData", after)
        if shadow[after - 2 : after] != b"/>" and close > 0:
            gap = (after, close)
    root = parse_tree(data, gap)
    if root.name not in ("worksheet", "dialogsheet", "macrosheet", "chartsheet"):
        raise Damaged("工作表的格式无法识别")
    return SheetXml(data, root, root.first("sheetData"))


def plan_rehoming(groups: Sequence[SharedFormula], writes: Mapping[Ref, Write]) -> dict[Ref, Rehome]:
    """When a shared formula loses its master: the next member takes over, or each speaks for itself."""
    plan: dict[Ref, Rehome] = {}
    for group in groups:
        rest = [ref for ref in group.members if ref not in writes]
        if group.master not in writes or not rest:
            continue
        area = bounding_area(rest)
        # Only in one row or column does a smaller area with another corner mean the same to every program.
        line = area.top == area.bottom or area.left == area.right
        for ref in [min(rest)] if line else rest:
            text = move(group.text, ref.row - group.master.row, ref.col - group.master.col)
            shared = (("t", "shared"), ("ref", area_text(area)), ("si", group.index)) if line else ()
            plan[ref] = Rehome(text, shared)
    return plan


def write_cells(data: bytes, edits: Mapping[Ref, Edit], restyle: Restyle) -> bytes:
    sheet = outline(data)
    if sheet.sheet_data is None:
        raise Damaged("这张工作表没有单元格区域（可能是图表工作表）")
    rows: dict[int, dict[int, Edit]] = {}
    for ref, edit in edits.items():
        rows.setdefault(ref.row, {})[ref.col] = edit
    columns = column_styles(sheet)
    found, places = _find_rows(sheet, sorted(rows))
    splices: list[tuple[int, int, bytes]] = []
    for number in sorted(rows):
        if number in found:
            start, end = found[number]
            row = data[start:end]
        else:
            start = end = places[number]
            row = f'<{sheet.prefix}row r="{number}"/>'.encode()
        patched = _patch_row(row, number, rows[number], columns, restyle)
        if start < end or not patched.endswith(b"/>"):
            splices.append((start, end, patched))
    node = sheet.sheet_data
    if node.close == node.end:
        return append_child(data, node, b"".join(new for _, _, new in splices)) if splices else data
    return splice(data, splices)


def _find_rows(sheet: SheetXml, wanted: Sequence[int]) -> tuple[dict[int, tuple[int, int]], dict[int, int]]:
    """Where the wanted rows are, and for those that are not there, where they belong."""
    node = sheet.sheet_data
    assert node is not None
    shadow = without_comments(sheet.data)
    prefix = re.escape(sheet.prefix.encode())
    # Numbers and names only in a row's attributes: no `>` can hide in them.
    tags = re.compile(rb"<" + prefix + rb"row(?=[\s/>])[^>]*>")
    closing = b"</" + sheet.prefix.encode() + b"row"
    targets = set(wanted)
    found: dict[int, tuple[int, int]] = {}
    places: dict[int, int] = {}
    number = waiting = 0
    for match in tags.finditer(shadow, node.open_end, node.close):
        tag = match[0]
        stated = _ROW_NUMBER.search(tag)
        number = int(stated[1]) if stated else number + 1
        while waiting < len(wanted) and wanted[waiting] < number:
            places[wanted[waiting]] = match.start()
            waiting += 1
        if number in targets and number not in found:
            end = match.end()
            if not tag.endswith(b"/>"):
                end = tag_end(shadow, shadow.index(closing, end))
            found[number] = (match.start(), end)
    for row in wanted[waiting:]:
        places[row] = node.close
    return found, places


def _patch_row(
    row: bytes, number: int, edits: Mapping[int, Edit], columns: Mapping[int, int], restyle: Restyle
) -> bytes:
    node = parse_tree(row)
    inherited = int(node.attrs.get("s", 0)) if is_true(node.attrs.get("customFormat")) else None
    present: dict[int, Node] = {}
    col = 0
    for child in node.all("c"):
        ref = child.attrs.get("r")
        col = col + 1 if ref is None else column_number(ref.rstrip("0123456789"))
        present.setdefault(col, child)
    splices: list[tuple[int, int, bytes]] = []
    for col in sorted(edits):
        edit = edits[col]
        old = present.get(col)
        if isinstance(edit, Rehome):
            if old is not None:
                splices += _rehome(old, edit)
            continue
        if old is not None:
            splices.append((old.start, old.end, _render(node.prefix, old.attrs, edit, restyle)))
        elif edit.value is not None or edit.formula is not None or edit.number_format is not None:
            style = columns.get(col, 0) if inherited is None else inherited
            attrs = {"r": ref_text(Ref(number, col))} | ({"s": str(style)} if style else {})
            at = next((child.start for at, child in sorted(present.items()) if at > col), None)
            if at is None:
                at = max((child.end for child in present.values()), default=node.open_end)
            splices.append((at, at, _render(node.prefix, attrs, edit, restyle)))
    if not splices:
        return row
    if node.close == node.end:
        patched = append_child(row, node, b"".join(new for _, _, new in splices))
    else:
        patched = splice(row, splices)
    return _fit_spans(patched, node, edits)


def _fit_spans(row: bytes, node: Node, edits: Mapping[int, Edit]) -> bytes:
    spans = [part.partition(":") for part in node.attrs.get("spans", "").split()]
    for col in edits:
        if spans and not any(int(first) <= col <= int(last) for first, _, last in spans):
            end = tag_end(row, 0)
            return _SPANS.sub(b"", row[:end], count=1) + row[end:]
    return row


def _rehome(cell: Node, edit: Rehome) -> list[tuple[int, int, bytes]]:
    new = element(cell.prefix + "f", dict(edit.attrs), escape(edit.formula)).encode()
    return [(node.start, node.end, new) for node in cell.all("f")]


def _render(prefix: str, old: Mapping[str, str], edit: Write, restyle: Restyle) -> bytes:
    attrs = {name: value for name, value in old.items() if name not in ("t", "cm", "vm")}
    if edit.number_format is not None or edit.wrap:
        style = restyle(int(attrs.get("s", 0)), edit.number_format, edit.wrap)
        if style or "s" in attrs:
            attrs["s"] = str(style)
    kind, content = _content(prefix, edit.value, edit.formula)
    if kind:
        attrs["t"] = kind
    return element(prefix + "c", attrs, content).encode()


def _content(prefix: str, value: Value, formula: str | None) -> tuple[str, str]:
    """The `t` attribute and the children of a cell."""
    head = "" if formula is None else element(prefix + "f", {}, escape(formula))
    if value is None:
        return "", head
    if isinstance(value, bool):
        return "b", head + element(prefix + "v", {}, str(int(value)))
    if isinstance(value, str):
        if formula is not None:
            return "str", head + element(prefix + "v", {}, encode_text(value))
        text = element(prefix + "t", {"xml:space": "preserve"}, encode_text(value))
        return "inlineStr", element(prefix + "is", {}, text)
    return "", head + element(prefix + "v", {}, number_text(value))


def number_text(value: Decimal | int) -> str:
    """Plain digits; an exponent only where digits would be absurdly many."""
    number = Decimal(value)
    if not number:
        return "0"
    if -20 < number.adjusted() < 30:
        text = format(number, "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    return str(number)


def column_styles(sheet: SheetXml) -> dict[int, int]:
    """The default style of each column that has one."""
    styles: dict[int, int] = {}
    for cols in sheet.root.all("cols"):
        for node in cols.all("col"):
            if style := int(node.attrs.get("style", 0)):
                last = min(int(node.attrs["max"]), MAX_COLUMN)
                styles.update(dict.fromkeys(range(int(node.attrs["min"]), last + 1), style))
    return styles


def replace_rows(data: bytes, first_row: int, rows: Sequence[Sequence[Value]]) -> bytes:
    """Every row from `first_row` on gives way to these; cells take the style of their column."""
    sheet = outline(data)
    node = sheet.sheet_data
    if node is None:
        raise Damaged("这张工作表没有单元格区域（可能是图表工作表）")
    columns = column_styles(sheet)
    new = "".join(_new_row(sheet.prefix, first_row + at, row, columns) for at, row in enumerate(rows)).encode()
    if node.close == node.end:
        return append_child(data, node, new) if new else data
    found, places = _find_rows(sheet, [first_row])
    start = found[first_row][0] if first_row in found else places[first_row]
    if start == node.open_end and not new:
        emptied = data[node.start : node.open_end - 1].rstrip() + b"/>"
        return data if node.close == node.open_end else splice(data, [(node.start, node.end, emptied)])
    return splice(data, [(start, node.close, new)])


def _new_row(prefix: str, number: int, values: Sequence[Value], columns: Mapping[int, int]) -> str:
    cells = []
    for col, value in enumerate(values, 1):
        if value is None:
            continue
        attrs = {"r": f"{column_letters(col)}{number}"}
        if style := columns.get(col):
            attrs["s"] = str(style)
        kind, content = _content(prefix, value, None)
        cells.append(element(prefix + "c", attrs | ({"t": kind} if kind else {}), content))
    return element(prefix + "row", {"r": str(number)}, "".join(cells))
