"""Taking rows out of a sheet without formulas: what lies below moves up, and what speaks of cells goes with them.

Merged cells shrink; one that loses its first row keeps what that showed. Notes, links and the like of a deleted row
are deleted with it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from xlperf.package.address import Area, Ref, area_text, parse_area, parse_ref, ref_text
from xlperf.package.formulas import naming
from xlperf.package.parts import Parts
from xlperf.package.xmltext import Node, parse_tree, plain_text, splice, with_attribute
from xlperf.text import expression

_REFERRING = ("ref", "sqref", "activeCell", "topLeftCell")
_OF_CELLS = ("mergeCell", "conditionalFormatting", "dataValidation", "hyperlink", "protectedRange", "ignoredError")
_OWN_PARTS = ("comments", "threadedComment", "table")
_ROW_OF_SHAPE = expression(rb"(<(?:[\w.-]+:)?row>)\s*([0-9]+)\s*<")
_NOTE_SHAPE = expression(rb"<v:shape[\s>](?:[^<]|<(?!/?v:shape[\s>]))*</v:shape>")
_NOTE_ROW = expression(rb"(<x:Row>)\s*([0-9]+)\s*<")
_NOTE_ANCHOR = expression(rb"(<x:Anchor>)([^<]*)<")
_ABSOLUTE = expression(rb"(\$?[A-Z]{1,3})(\$?)([0-9]+)|(?<=[!:])(\$)([0-9]+)")


class _Moved(NamedTuple):
    """Where the rows of a sheet are once these are gone."""

    gone: tuple[int, ...]

    def row(self, number: int) -> int:
        """Its new number; of one that is gone, that of the next one left."""
        return number - sum(each < number for each in self.gone)

    def area(self, area: Area) -> Area | None:
        """What is left of an area."""
        top, bottom = area.top, area.bottom
        while top in self.gone:
            top += 1
        while bottom in self.gone:
            bottom -= 1
        return Area(self.row(top), area.left, self.row(bottom), area.right) if top <= bottom else None


def delete_rows(
    parts: Parts, book: str, sheet: str, title: str, rows: Collection[int], least: Mapping[int, float]
) -> None:
    """Delete these rows of the sheet whose part is `sheet`; names for cells of it follow.

    The sheet must have no formulas. `book`: the part of the workbook; `least`: how high some rows must be, in points.
    """
    if not (rows or least):
        return
    moved = _Moved(tuple(sorted(rows)))
    parts.write(sheet, _sheet_without(parts.read(sheet), moved, least))
    for rel in parts.rels(sheet):
        if rel.external or not parts.actual(rel.target):
            continue
        data = parts.read(rel.target)
        if rel.kind in _OWN_PARTS:
            parts.write(
                rel.target, splice(data, _referring(parse_tree(data), data, moved, ("comment", "threadedComment")))
            )
        elif rel.kind == "vmlDrawing":
            parts.write(rel.target, _shapes_moved(data, moved))
        elif rel.kind == "drawing":
            parts.write(rel.target, _ROW_OF_SHAPE.sub(lambda found: _from_zero(found, moved), data))
    parts.write(book, _names_moved(parts.read(book), title, moved))


def _sheet_without(data: bytes, moved: _Moved, least: Mapping[int, float]) -> bytes:
    root = parse_tree(data)
    anchors = dict(_anchors(root, moved))
    edits = list(_row_edits(root, data, moved, anchors, least))
    for child in root.children:
        if child.name != "sheetData":
            edits += _referring(child, data, moved, _OF_CELLS)
    return _counted(splice(data, edits))


def _anchors(root: Node, moved: _Moved) -> Iterator[tuple[Ref, Ref]]:
    """Of merged cells that lose their first row: the cell that shows from now on, and the one that showed before."""
    for merge in (root.first("mergeCells") or root).all("mergeCell"):
        area = parse_area(merge.attrs["ref"])
        top = next((row for row in area.rows if row not in moved.gone), area.top)
        if top != area.top:
            yield Ref(top, area.left), Ref(area.top, area.left)


def _row_edits(
    root: Node, data: bytes, moved: _Moved, anchors: dict[Ref, Ref], least: Mapping[int, float]
) -> Iterator[tuple[int, int, bytes]]:
    sheet_data = root.first("sheetData")
    kept: dict[Ref, bytes] = {}
    wanted = set(anchors.values())
    number = 0
    for row in sheet_data.children if sheet_data else ():
        number = int(row.attrs.get("r", number + 1))
        cells = {parse_ref(cell.attrs["r"]): cell for cell in row.all("c") if "r" in cell.attrs}
        kept |= {ref: data[cell.start : cell.end] for ref, cell in cells.items() if ref in wanted}
        if number in moved.gone:
            yield row.start, row.end, b""
            continue
        new = moved.row(number)
        if new == number and number not in least and not any(ref in anchors for ref in cells):
            continue
        tag = with_attribute(data[row.start : row.open_end], "r", str(new))
        if float(row.attrs.get("ht", 0)) < least.get(number, 0):
            tag = with_attribute(with_attribute(tag, "ht", f"{least[number]:g}"), "customHeight", "1")
        yield row.start, row.open_end, tag
        for ref, cell in cells.items():
            content = kept.get(anchors[ref], b"") if ref in anchors else b""
            content = content or data[cell.start : cell.end]
            yield cell.start, cell.end, _renumbered(content, Ref(new, ref.col))


def _renumbered(cell: bytes, ref: Ref) -> bytes:
    end = parse_tree(cell, checked=True).open_end
    return with_attribute(cell[:end], "r", ref_text(ref)) + cell[end:]


def _referring(node: Node, data: bytes, moved: _Moved, dropped: Collection[str]) -> list[tuple[int, int, bytes]]:
    """The edits of an element and of what is in it."""
    if node.name == "brk":
        row = int(node.attrs.get("id", 0))
        return [
            (node.start, node.open_end, with_attribute(data[node.start : node.open_end], "id", str(moved.row(row))))
        ]
    tag = data[node.start : node.open_end]
    for name in _REFERRING:
        if name in node.attrs:
            areas = [moved.area(parse_area(each)) for each in node.attrs[name].split()]
            left = " ".join(area_text(each) for each in areas if each)
            if not left or (node.name == "mergeCell" and ":" not in left):
                if node.name in dropped:
                    return [(node.start, node.end, b"")]
                left = left or "A1"
            tag = with_attribute(tag, name, left)
    edits = [(node.start, node.open_end, tag)] if tag != data[node.start : node.open_end] else []
    for child in node.children:
        edits += _referring(child, data, moved, dropped)
    return edits


def _counted(data: bytes) -> bytes:
    """The sheet with the counts of its lists right, and without lists that are empty now."""
    root = parse_tree(data)
    edits: list[tuple[int, int, bytes]] = []
    for node in root.children:
        if node.name in ("mergeCells", "dataValidations", "hyperlinks", "protectedRanges", "ignoredErrors"):
            if not node.children:
                edits.append((node.start, node.end, b""))
            elif "count" in node.attrs:
                tag = with_attribute(data[node.start : node.open_end], "count", str(len(node.children)))
                edits.append((node.start, node.open_end, tag))
    return splice(data, edits)


def _from_zero(found: re.Match[bytes], moved: _Moved) -> bytes:
    return found[1] + str(moved.row(int(found[2]) + 1) - 1).encode() + b"<"


def _shapes_moved(data: bytes, moved: _Moved) -> bytes:
    """The shapes of notes: those of deleted rows go, the others move."""

    def shape(found: re.Match[bytes]) -> bytes:
        row = _NOTE_ROW.search(found[0])
        if row is None:
            return found[0]
        if int(row[2]) + 1 in moved.gone:
            return b""
        new = _NOTE_ROW.sub(lambda each: _from_zero(each, moved), found[0])
        return _NOTE_ANCHOR.sub(anchor, new)

    def anchor(found: re.Match[bytes]) -> bytes:
        numbers = found[2].split(b",")
        if len(numbers) == 8:
            for at in (2, 6):
                numbers[at] = b" " + str(moved.row(int(numbers[at]) + 1) - 1).encode()
        return found[1] + b",".join(numbers) + b"<"

    return _NOTE_SHAPE.sub(shape, data)


def _names_moved(data: bytes, title: str, moved: _Moved) -> bytes:
    root = parse_tree(data)
    names = naming(title)
    edits = []
    for node in (root.first("definedNames") or root).all("definedName"):
        inside = data[node.open_end : node.close]
        if names.search(plain_text(inside)):
            edits.append((node.open_end, node.close, _ABSOLUTE.sub(lambda found: _renamed(found, moved), inside)))
    return splice(data, edits)


def _renamed(found: re.Match[bytes], moved: _Moved) -> bytes:
    if found[5]:
        return found[4] + str(moved.row(int(found[5]))).encode()
    return found[1] + found[2] + str(moved.row(int(found[3]))).encode()
