"""The old drawings in which notes are shapes, treated as text: Excel itself writes some that are no XML.

Shapes are cut out and put in whole. Their ids are numbered over the whole package, in blocks of 1,024 of which every
drawing names its own; shapes of ours take ids from a block that no other drawing names.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from xlperf.package.address import MAX_COLUMN, MAX_ROW, Ref
from xlperf.package.archive import Damaged
from xlperf.package.parts import Parts
from xlperf.package.xmltext import ATTRIBUTES, element, parse_attributes, splice, tag_end, without_comments

BLOCK = 1024  # the first id of a block is the drawing's own
_SPACES = {
    "xmlns:v": "urn:schemas-microsoft-com:vml",
    "xmlns:o": "urn:schemas-microsoft-com:office:office",
    "xmlns:x": "urn:schemas-microsoft-com:office:excel",
}
_TYPE = (
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/>',
    {"coordsize": "21600,21600", "id": "_x0000_t202", "o:spt": "202", "path": "m,l,21600r21600,l21600,xe"},
)
_SHAPE = (
    '<v:fill color2="#ffffe1"/><v:shadow color="black" obscured="t"/><v:path o:connecttype="none"/>'
    '<v:textbox style="mso-direction-alt:auto"><div></div></v:textbox>'
    '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{anchor}</x:Anchor>'
    "<x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{col}</x:Column></x:ClientData>"
)
_ROOT = re.compile(rb"<(?:[^\s<>/!?:]+:)?xml(?=[\s>])")
_SHAPE_TAG = re.compile(rb"<((?:\w+:)?)shape(?=\s)" + ATTRIBUTES + rb"/?>")
_ROW = re.compile(rb"<(?:\w+:)?Row>\s*(\d+)\s*</")
_COLUMN = re.compile(rb"<(?:\w+:)?Column>\s*(\d+)\s*</")
_NUMBER = re.compile(rb"_x0000_s(\d{1,9})\b")
_BLOCKS = re.compile(rb"""<(?:\w+:)?idmap\b[^<>]*?\sdata\s*=\s*["']([^"']*)""")


def new_drawing(parts: Parts, part: str) -> None:
    """Write a drawing without shapes; the first free block is its own."""
    spaces = "".join(f' {name}="{uri}"' for name, uri in _SPACES.items())
    idmap = f'<o:idmap v:ext="edit" data="{_first_free(_taken_blocks(parts, part))}"/>'
    parts.write(part, f'<xml{spaces}><o:shapelayout v:ext="edit">{idmap}</o:shapelayout></xml>'.encode())


def add_shapes(parts: Parts, part: str, notes: Mapping[Ref, str]) -> None:
    """Draw a hidden box beside the cell of every note."""
    data = parts.read(part)
    missing = _missing_spaces(data)
    numbers = _new_numbers(parts, part, len(notes))
    data = _with_blocks(data, {number // BLOCK for number in numbers})
    shapes = "" if b'"_x0000_t202"' in data else _shape_type(missing)
    for order, ((ref, text), number) in enumerate(zip(notes.items(), numbers, strict=True), 1):
        shapes += _shape(ref, text, order, number, missing)
    end = data.rfind(b"</xml")
    if end < 0:
        raise Damaged("批注的图形部件无法识别")
    parts.write(part, data[:end] + shapes.encode() + data[end:])


def remove_shapes(parts: Parts, part: str, refs: set[Ref]) -> None:
    """Take the boxes of these cells' notes away, and the blocks that were taken for them."""
    data = parts.read(part)
    gone = []
    numbers: set[int] = set()
    for start, end in _shapes(data):
        shape = data[start:end]
        row, col = _ROW.search(shape), _COLUMN.search(shape)
        if b'"Note"' in shape and row and col and Ref(int(row[1]) + 1, int(col[1]) + 1) in refs:
            gone.append((start, end, b""))
            numbers |= _numbers(shape)
    if not gone:
        return
    rest = splice(data, gone)
    if b'"#_x0000_t202"' not in rest:
        rest = rest.replace(_shape_type(_missing_spaces(data)).encode(), b"")
    left = {number // BLOCK for number in _numbers(rest)}
    parts.write(part, _without_blocks(rest, {number // BLOCK for number in numbers} - left))


def has_shapes(data: bytes) -> bool:
    return any(_shapes(data))


def _missing_spaces(data: bytes) -> dict[str, str]:
    """The name spaces that a shape of ours must declare itself: openpyxl declares none for the whole drawing."""
    shadow = without_comments(data)
    root = _ROOT.search(shadow)
    if root is None:
        raise Damaged("批注的图形部件无法识别")
    declared = parse_attributes(data[root.end() : tag_end(shadow, root.start())])
    return {name: uri for name, uri in _SPACES.items() if declared.get(name) != uri}


def _shape_type(spaces: Mapping[str, str]) -> str:
    content, attrs = _TYPE
    return element("v:shapetype", {**spaces, **attrs}, content)


def _shape(ref: Ref, text: str, order: int, number: int, spaces: Mapping[str, str]) -> str:
    lines = sum(len(line) // 18 + 1 for line in text.split("\n")) + 1
    rows = max(3, lines)
    # Four columns beside the cell; at the edge of the sheet as near to it as there is room.
    left = min(ref.col, MAX_COLUMN - 4)
    top = max(min(ref.row - 2, MAX_ROW - 1 - rows), 0)
    anchor = f"{left}, 12, {top}, 6, {left + 3}, 40, {min(top + rows, MAX_ROW - 1)}, 2"
    attrs = {
        "id": f"_x0000_s{number}",
        "type": "#_x0000_t202",
        "style": f"position:absolute;margin-left:60pt;margin-top:2pt;width:180pt;height:{rows * 14}pt;"
        f"z-index:{order};visibility:hidden",
        "fillcolor": "#ffffe1",
        "o:insetmode": "auto",
    }
    return element("v:shape", {**spaces, **attrs}, _SHAPE.format(anchor=anchor, row=ref.row - 1, col=ref.col - 1))


def _shapes(data: bytes) -> Iterator[tuple[int, int]]:
    """From `<v:shape ...>` to its end tag, as text."""
    at = 0
    while match := _SHAPE_TAG.search(data, at):
        at = match.end()
        if data[at - 2 : at] != b"/>":
            close = data.find(b"</" + match[1] + b"shape", at)
            at = data.find(b">", close) + 1
            if close < 0 or not at:
                return
        yield match.start(), at


# Ids


def _new_numbers(parts: Parts, part: str, count: int) -> list[int]:
    """Ids for as many shapes: behind those of the drawing's own blocks, then in blocks that nobody names."""
    data = parts.read(part)
    used, named = _numbers(data), _blocks(data)
    filled = {number // BLOCK for number in used}
    taken = _taken_blocks(parts, part)
    # Of the blocks that are only named, without a shape, the first alone is kept when our shapes go again.
    own = [block for block in named or sorted(filled) if block not in taken and block in {*filled, *named[:1]}]
    taken |= {*named, *filled}
    numbers: list[int] = []
    while len(numbers) < count:
        block = own.pop(0) if own else _first_free(taken)
        taken.add(block)
        first = max((number for number in used if number // BLOCK == block), default=block * BLOCK) + 1
        numbers += range(first, min(first + count - len(numbers), (block + 1) * BLOCK))
    return numbers


def _first_free(taken: Collection[int]) -> int:
    return next(number for number in range(1, len(taken) + 2) if number not in taken)


def _taken_blocks(parts: Parts, part: str) -> set[int]:
    """The blocks that other drawings name or have shapes in."""
    taken: set[int] = set()
    for name in parts.names():
        if name.lower().endswith(".vml") and name != part:
            data = parts.read(name)
            taken |= {*_blocks(data), *(number // BLOCK for number in _numbers(data))}
    return taken


def _numbers(data: bytes) -> set[int]:
    return {int(found) for found in _NUMBER.findall(data)}


def _blocks(data: bytes) -> list[int]:
    found = _BLOCKS.search(data)
    return [int(block) for block in found[1].split(b",") if block.strip().isdigit()] if found else []


def _with_blocks(data: bytes, blocks: set[int]) -> bytes:
    """The drawing's list of blocks with these behind the others; a drawing without a list gets none."""
    found = _BLOCKS.search(data)
    new = sorted(blocks - set(_blocks(data)))
    if found is None or not new:
        return data
    more = ",".join(map(str, new)).encode()
    return splice(data, [(found.end(), found.end(), b"," + more if found[1].strip() else more)])


def _without_blocks(data: bytes, blocks: set[int]) -> bytes:
    """The list without these, which stand behind its first."""
    found = _BLOCKS.search(data)
    if found is None:
        return data
    first, *others = found[1].split(b",")
    left = [first, *(each for each in others if not (each.strip().isdigit() and int(each) in blocks))]
    return splice(data, [(*found.span(1), b",".join(left))])
