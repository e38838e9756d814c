"""Changing the cells of one sheet: only the rows that are touched are parsed, the rest stays as it is."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from xlperf.package.address import (
    Ref,
    area_text,
    bounding_area,
    column_letters,
    column_number,
    painted,
    ref_text,
)
from xlperf.package.archive import Damaged
from xlperf.package.formulas import move
from xlperf.package.heights import Heights, row_heights
from xlperf.package.parts import Parts
from xlperf.package.reader import SharedFormula, SheetContent
from xlperf.package.sheet import SheetXml
from xlperf.package.xmltext import (
    ATTRIBUTES,
    MAX_TEXT,
    append_child,
    content_of,
    element,
    encode_text,
    escape,
    is_true,
    parse_attributes,
    parse_tree,
    splice,
    tag_end,
    without_comments,
)
from xlperf.text import expression

MAX_FORMULA = 8_192
MAX_EXPONENT = 307
NOT_XML = expression("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_FIRST_REF = expression(rb' r="([A-Z]{1,3})([0-9]+)"')
_SPANS = expression(rb"""\sspans\s*=\s*(?:"[^"]*"|'[^']*')""")


class Fault(Exception):
    """An error value such as #DIV/0!, which a formula shows; computing it raises it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


Value = Decimal | int | str | bool | None


class Write(NamedTuple):
    """What one cell is to hold; the style is kept unless a number format or that of a list (`wrap`) is asked for."""

    value: Value | Fault
    formula: str | None = None
    number_format: str | None = None
    wrap: bool = False


class Rehome(NamedTuple):
    """A member of a shared formula that must carry the formula itself from now on."""

    formula: str
    attrs: tuple[tuple[str, str], ...]


Edit = Write | Rehome
Restyle = Callable[[int, str | None, bool], int]


def sheet_xml(parts: Parts, part: str) -> SheetXml:
    """The outline of a sheet's part; found once as long as the part stays the same."""
    data = parts.read(part)
    known = parts.outlines.get(part)
    if known is None or known.data is not data:
        known = parts.outlines[part] = SheetXml(data)
    return known


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
            shared = (("t", "shared"), ("ref", area_text(area)), ("si", group.group)) if line else ()
            plan[ref] = Rehome(text, shared)
    return plan


def write_cells(sheet: SheetXml, edits: Mapping[Ref, Edit], restyle: Restyle) -> SheetXml:
    node, data = sheet.rows, sheet.data
    rows: dict[int, dict[int, Edit]] = {}
    for ref, edit in edits.items():
        rows.setdefault(ref.row, {})[ref.col] = edit
    columns, heights = column_styles(sheet), row_heights(sheet.root)
    found, places = _find_rows(sheet, sorted(rows))
    splices: list[tuple[int, int, bytes]] = []
    for number in sorted(rows):
        if number in found:
            start, end = found[number]
            row = data[start:end]
        else:
            start = end = places[number]
            wrapped = [(col, edit.value) for col, edit in rows[number].items() if isinstance(edit, Write) and edit.wrap]
            attributes = _row_attributes(number, wrapped, heights) if wrapped else {"r": str(number)}
            row = element(sheet.prefix + "row", attributes).encode()
        patched = _patch_row(sheet.prefix, row, number, rows[number], columns, restyle)
        if start < end or not patched.endswith(b"/>"):
            splices.append((start, end, patched))
    if not splices:
        return sheet
    if node.close == node.end:
        return sheet.now(append_child(data, node, b"".join(new for _, _, new in splices)))
    return sheet.now(splice(data, splices))


def _find_rows(sheet: SheetXml, wanted: Sequence[int]) -> tuple[dict[int, tuple[int, int]], dict[int, int]]:
    """Where the wanted rows are, and for those that are not there, where they belong."""
    from xlperf.package.sound import check_rows, numbered_rows  # most runs only check

    node, numbers = sheet.rows, check_rows(sheet)
    shadow = without_comments(sheet.data)
    found: dict[int, tuple[int, int]] = {}
    places: dict[int, int] = {}
    if numbers:  # a million rows are not looked at one by one
        start = node.open_end
        for row in wanted:
            at = bisect_left(numbers, row)
            if at == len(numbers):
                places[row] = node.close
                continue
            start = shadow.index(f'<{sheet.prefix}row r="{numbers[at]}"'.encode(), start)
            if numbers[at] == row:
                found[row] = (start, _row_end(sheet.prefix, shadow, tag_end(shadow, start)))
            else:
                places[row] = start
        return found, places
    waiting, targets = 0, set(wanted)
    for number, match in numbered_rows(sheet.prefix, shadow, node.open_end, node.close):
        while waiting < len(wanted) and wanted[waiting] < number:
            places[wanted[waiting]] = match.start()
            waiting += 1
        if number in targets:
            found[number] = (match.start(), _row_end(sheet.prefix, shadow, match.end()))
    return found, places | dict.fromkeys(wanted[waiting:], node.close)


def _row_end(prefix: str, shadow: bytes, opened: int) -> int:
    if shadow[opened - 2 : opened] == b"/>":
        return opened
    return tag_end(shadow, shadow.index(f"</{prefix}row".encode(), opened))


def _patch_row(
    prefix: str, row: bytes, number: int, edits: Mapping[int, Edit], columns: Mapping[int, int], restyle: Restyle
) -> bytes:
    shadow = without_comments(row)
    open_end = tag_end(shadow, 0)
    attrs = parse_attributes(row[:open_end])
    inherited = int(attrs.get("s", 0)) if is_true(attrs.get("customFormat")) else None
    present: dict[int, re.Match[bytes]] = {}
    col = 0
    for cell in cell_pattern(prefix).finditer(shadow, open_end):
        # Only the column is wanted of most cells, and their address nearly always comes first.
        ref = _FIRST_REF.match(cell[1])
        stated = "" if ref else parse_attributes(cell[1]).get("r", "")
        letters = ref[1].decode() if ref else stated.rstrip("0123456789")
        col = column_number(letters) if letters else col + 1
        row_stated = ref[2].decode() if ref else stated[len(letters) :]
        if col in edits and (col in present or row_stated not in ("", str(number))):
            where = ref_text(Ref(number, col))
            raise Damaged(f"单元格 {where} 写了两次，或写在别的行里，改动会弄丢内容，没有保存")
        present.setdefault(col, cell)
    splices: list[tuple[int, int, bytes]] = []
    for col in sorted(edits):
        edit, old = edits[col], present.get(col)
        if isinstance(edit, Rehome):
            splices += _rehome(row, old, edit) if old else ()
        elif old is not None:
            splices.append((*old.span(), _render(prefix, parse_attributes(old[1]), edit, restyle)))
        elif edit.value is not None or edit.formula is not None or edit.number_format is not None:
            style = columns.get(col, 0) if inherited is None else inherited
            own = {"r": ref_text(Ref(number, col))} | ({"s": str(style)} if style else {})
            at = next((cell.start() for at, cell in sorted(present.items()) if at > col), None)
            if at is None:
                at = max((cell.end() for cell in present.values()), default=open_end)
            splices.append((at, at, _render(prefix, own, edit, restyle)))
    if not splices:
        return row
    spans = [part.partition(":") for part in attrs.get("spans", "").split()]
    head = row[:open_end]
    if spans and not all(any(int(first) <= col <= int(last) for first, _, last in spans) for col in edits):
        head = _SPANS.sub(b"", head, count=1)
    if head.endswith(b"/>"):
        head = head[:-2] + b">"
        return head + b"".join(new for _, _, new in splices) + f"</{prefix}row>".encode()
    return head + splice(row, splices)[open_end:]


@lru_cache(maxsize=4)
def cell_pattern(prefix: str) -> re.Pattern[bytes]:
    """A whole cell and its attributes, where no comment can mislead."""
    tag = re.escape(prefix.encode()) + b"c"
    return re.compile(rb"<" + tag + rb"(?=[\s/>])(" + ATTRIBUTES + rb")(?:/>|>" + content_of(tag) + rb")")


def _rehome(row: bytes, cell: re.Match[bytes], edit: Rehome) -> list[tuple[int, int, bytes]]:
    start, end = cell.span()
    node = parse_tree(row[start:end])
    new = element(node.prefix + "f", dict(edit.attrs), escape(edit.formula)).encode()
    return [(start + f.start, start + f.end, new) for f in node.all("f")]


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


def _content(prefix: str, value: Value | Fault, formula: str | None) -> tuple[str, str]:
    """The `t` attribute and the children of a cell."""
    head = "" if formula is None else f"<{prefix}f>{escape(formula)}</{prefix}f>"
    if value is None:
        return "", head
    if isinstance(value, bool):
        return "b", f"{head}<{prefix}v>{int(value):d}</{prefix}v>"
    if isinstance(value, Fault):
        return "e", f"{head}<{prefix}v>{escape(value.code)}</{prefix}v>"
    if not isinstance(value, str):
        return "", f"{head}<{prefix}v>{number_text(value)}</{prefix}v>"
    if formula is not None:
        return "str", f"{head}<{prefix}v>{encode_text(value)}</{prefix}v>"
    text = f'<{prefix}t xml:space="preserve">{encode_text(value)}</{prefix}t>'
    return "inlineStr", f"<{prefix}is>{text}</{prefix}is>"


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
    columns = (node.attrs for cols in sheet.root.all("cols") for node in cols.all("col"))
    return painted(
        [(int(each["min"]), int(each["max"]), style) for each in columns if (style := int(each.get("style", 0)))]
    )


def replace_rows(sheet: SheetXml, first_row: int, rows: Sequence[Sequence[Value]]) -> SheetXml:
    """Every row from `first_row` on gives way to these; cells take the style of their column."""
    node, data = sheet.rows, sheet.data
    columns, heights = column_styles(sheet), row_heights(sheet.root)
    new = "".join(_new_row(sheet.prefix, first_row + at, row, columns, heights) for at, row in enumerate(rows)).encode()
    if node.close == node.end:
        return sheet.now(append_child(data, node, new)) if new else sheet
    found, places = _find_rows(sheet, [first_row])
    start = found[first_row][0] if first_row in found else places[first_row]
    if start == node.open_end and not new:
        emptied = data[node.start : node.open_end - 1].rstrip() + b"/>"
        return sheet if node.close == node.open_end else sheet.now(splice(data, [(node.start, node.end, emptied)]))
    return sheet.now(splice(data, [(start, node.close, new)]))


def _row_attributes(number: int, values: Iterable[tuple[int, Value | Fault]], heights: Heights) -> dict[str, str]:
    """Of a new row that holds these values; its height is nobody's choice, and programs may find a better one."""
    height = heights((col, value) for col, value in values if isinstance(value, str))
    return {"r": str(number)} | ({} if height is None else {"ht": f"{height:g}"})


def _new_row(prefix: str, number: int, values: Sequence[Value], columns: Mapping[int, int], heights: Heights) -> str:
    cells = []
    for col, value in enumerate(values, 1):
        if value is None:
            continue
        kind, content = _content(prefix, value, None)
        style = f' s="{columns[col]}"' if col in columns else ""
        kind = kind and f' t="{kind}"'
        cells.append(f'<{prefix}c r="{column_letters(col)}{number}"{style}{kind}>{content}</{prefix}c>')
    return element(prefix + "row", _row_attributes(number, enumerate(values, 1), heights), "".join(cells))


def refusal(content: SheetContent, ref: Ref, value: Value | Fault, formula: str | None) -> str | None:
    """Why a cell cannot be written."""
    if isinstance(value, Decimal) and (not value.is_finite() or value.adjusted() > MAX_EXPONENT):
        return f"不能写入 {value}，Excel 里没有这样的数。"
    if isinstance(value, str) and len(value) > MAX_TEXT:
        return f"的文字有 {len(value)} 字，超过 Excel 上限 {MAX_TEXT} 字，请缩短。"
    if formula is not None and (not formula or len(formula) > MAX_FORMULA or NOT_XML.search(formula)):
        return "的公式为空、过长或含有不可见字符，未写入。"
    if (area := content.merge_at(ref)) and ref != area[:2]:
        return f"在合并单元格内部，写入后看不见。请写到左上角的 {ref_text(Ref(area.top, area.left))}。"
    if any(area.contains(ref) for area, _ in content.arrays):
        return "属于一个数组公式，不能单独改动。请先在 Excel 中删除这个数组公式。"
    return None
