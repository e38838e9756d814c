"""A file as data that a page draws: sheets with merges, widths, borders, fills and texts as shown; documents as blocks.

Everything is a number or a text; nothing in it is markup, and how it looks is chosen from a short list.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from xlperf.labels.blocks import Document, Table
from xlperf.package import CellKind, Ref, Workbook
from xlperf.package.address import column_number
from xlperf.package.numbers import shown_number
from xlperf.package.opening import open_parts, read_file
from xlperf.package.parts import Parts
from xlperf.package.reader import Cell, Structure, read_structure
from xlperf.package.styles import Styles
from xlperf.package.xmltext import ATTRIBUTES, Node, parse_attributes
from xlperf.text import expression

MOST_ROWS, MOST_COLUMNS, MOST_CELLS = 1_000, 100, 20_000  # of a sheet; what lies beyond is audited and not drawn
_BOOKS = (".xlsx", ".xlsm")
_WIDTH, _HEIGHT = 8.43, 15.0  # of a column in characters and of a row in points, where the sheet says nothing
_OPENING = expression(rb"<(?:[A-Za-z_][\w.-]*:)?(row|c|col)(?=[\s/>])(" + ATTRIBUTES + rb")/?>")
_THEME = ("FFFFFF", "000000", "E7E6E6", "44546A", "4472C4", "ED7D31", "A5A5A5", "FFC000", "5B9BD5", "70AD47")
_INDEXED = ("000000", "FFFFFF", "FF0000", "00FF00", "0000FF", "FFFF00", "FF00FF", "00FFFF")
_COLOR = expression("[0-9A-Fa-f]{6}")
_SIDES = {"left": "l", "right": "r", "top": "t", "bottom": "b"}
_ALIGNED = {"left": "left", "right": "right", "center": "center", "centerContinuous": "center", "justify": "left"}


class Frame(NamedTuple):
    """Of a sheet what is not in its cells: widths, heights, the style of every cell, blank ones too."""

    widths: dict[int, float]
    heights: dict[int, float]
    styles: dict[Ref, int]


def drawn(path: Path) -> dict[str, Any]:
    """`{"looks": […], "sheets": […]}` of a workbook, `{"blocks": […]}` of a document.

    A sheet: title, hidden, rows, cols, widths (characters), heights (points), merges [top, left, bottom, right],
    cells [row, column, text, look], hidden_rows, hidden_cols, cut. Raises as `Workbook.open` and `read_document`.
    """
    if path.suffix.lower() not in _BOOKS:
        from xlperf.intake.readers.opening import read_document

        return {"blocks": list(_blocks(read_document(path)))}
    blob = read_file(path, path.name)
    parts = open_parts(blob, path.name)
    book = Workbook(parts, path, path.name)
    structure = read_structure(parts)
    looks = _Looks(parts, structure)
    sheets = [_sheet(book, title, _frame(parts.read(structure.sheets[title].part)), looks) for title in book.sheets]
    return {"looks": looks.all, "sheets": sheets}


def _blocks(document: Document) -> Iterator[dict[str, Any]]:
    for block in document.blocks:
        if isinstance(block, Table):
            cells = [[each.row, each.col, each.rows, each.cols, each.text, each.place] for each in block.cells]
            yield {"place": block.place, "cells": cells[:MOST_CELLS]}
        else:
            yield {"place": block.place, "text": block.text}


def _sheet(book: Workbook, title: str, frame: Frame, looks: _Looks) -> dict[str, Any]:
    cells = book.cells(title)
    merges = [area for area in book.merges(title) if area.top <= MOST_ROWS and area.left <= MOST_COLUMNS]
    bottom = max([ref.row for ref in cells] + [area.bottom for area in merges if Ref(*area[:2]) in cells], default=0)
    right = max([ref.col for ref in cells] + [area.right for area in merges if Ref(*area[:2]) in cells], default=0)
    rows, cols = min(bottom, MOST_ROWS), min(right, MOST_COLUMNS)
    places = sorted(ref for ref in frame.styles.keys() | cells.keys() if ref.row <= rows and ref.col <= cols)
    shown = []
    for ref in places[:MOST_CELLS]:
        cell = cells.get(ref)
        text = _text(book, cell) if cell else ""
        shown.append([ref.row, ref.col, text, looks.place(frame.styles.get(ref, 0), cell)])
    cut = rows < bottom or cols < right or len(places) > MOST_CELLS
    if len(places) > MOST_CELLS:
        rows = places[MOST_CELLS - 1].row
    return {
        "title": title,
        "hidden": book.hidden_state(title) != "visible",
        "rows": rows,
        "cols": cols,
        "widths": [frame.widths.get(col, _WIDTH) for col in range(1, cols + 1)],
        "heights": [frame.heights.get(row, _HEIGHT) for row in range(1, rows + 1)],
        "merges": [[top, left, min(last, rows), min(end, cols)] for top, left, last, end in merges if top <= rows],
        "cells": shown,
        "hidden_rows": sorted(row for row in book.hidden_rows(title) if row <= rows),
        "hidden_cols": sorted(col for col in book.hidden_cols(title) if col <= cols),
        "cut": cut,
    }


def _text(book: Workbook, cell: Cell) -> str:
    if cell.kind is CellKind.NUMBER:
        try:
            return shown_number(cell.text, book.number_format(cell), since_1904=book.since_1904).text
        except ValueError:
            return cell.text
    return {"1": "TRUE", "0": "FALSE"}.get(cell.text, cell.text) if cell.kind is CellKind.BOOL else cell.text


def _frame(xml: bytes) -> Frame:
    widths: dict[int, float] = {}
    heights: dict[int, float] = {}
    styles: dict[Ref, int] = {}
    row, col = 0, 0
    for found in _OPENING.finditer(xml):
        kind, attrs = found[1], parse_attributes(found[2])
        if kind == b"c":
            letters = re.match("[A-Z]{1,3}", attrs.get("r", ""))
            col = column_number(letters[0]) if letters else col + 1
            if row <= MOST_ROWS and col <= MOST_COLUMNS:
                styles[Ref(row, col)] = _whole(attrs.get("s"), 0)
        elif kind == b"row":
            row, col = _whole(attrs.get("r"), row + 1), 0
            if "ht" in attrs and row <= MOST_ROWS:
                heights[row] = _number(attrs["ht"], _HEIGHT)
        else:
            first, last = _whole(attrs.get("min"), 1), _whole(attrs.get("max"), 1)
            for each in range(first, min(last, MOST_COLUMNS) + 1):
                widths[each] = _number(attrs.get("width", ""), _WIDTH)
    return Frame(widths, heights, styles)


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 8 else otherwise


def _number(text: str, otherwise: float) -> float:
    try:
        found = float(text)
    except ValueError:
        return otherwise
    return min(found, 500.0) if math.isfinite(found) and found >= 0 else otherwise


class _Looks:
    """The few looks that the cells of a workbook have, each once."""

    def __init__(self, parts: Parts, structure: Structure) -> None:
        self.all: list[dict[str, Any]] = []
        self._places: dict[tuple[int, bool], int] = {}
        related = parts.related(structure.part, "styles")
        self._styles = Styles(parts.read(related)) if related else None
        root = self._styles.root if self._styles else None
        self._lists: Mapping[str, list[Node]] = {
            name: list(found.all(name.removesuffix("s")) if root and (found := root.first(name)) else ())
            for name in ("fonts", "fills", "borders")
        }

    def place(self, style: int, cell: Cell | None) -> int:
        """The number of the look; a figure stands at the right unless its style says otherwise."""
        known = style, cell is not None and cell.kind is CellKind.NUMBER
        if known not in self._places:
            look = self._look(style)
            if known[1]:
                look.setdefault("align", "right")
            self._places[known] = len(self.all)
            self.all.append(look)
        return self._places[known]

    def _look(self, style: int) -> dict[str, Any]:
        formats = self._styles.formats if self._styles else []
        if not 0 <= style < len(formats):
            return {}
        xf = formats[style]
        look: dict[str, Any] = {}
        if font := self._of("fonts", xf.attrs.get("fontId")):
            if font.first("b"):
                look["bold"] = True
            size = font.first("sz")
            look["size"] = _number(size.attrs.get("val", "") if size else "", 11.0)
            color = _color(font.first("color"))
            if color not in ("", "000000"):
                look["color"] = f"#{color}"
        pattern = fill.first("patternFill") if (fill := self._of("fills", xf.attrs.get("fillId"))) else None
        if pattern and pattern.attrs.get("patternType") == "solid" and (color := _color(pattern.first("fgColor"))):
            look["fill"] = f"#{color}"
        if border := self._of("borders", xf.attrs.get("borderId")):
            sides = "".join(
                letter for side, letter in _SIDES.items() if (at := border.first(side)) and at.attrs.get("style")
            )
            if sides:
                look["border"] = sides
        if alignment := xf.first("alignment"):
            if aligned := _ALIGNED.get(alignment.attrs.get("horizontal", "")):
                look["align"] = aligned
            look["vertical"] = {"top": "top", "center": "middle"}.get(alignment.attrs.get("vertical", ""), "bottom")
        return look

    def _of(self, name: str, index: str | None) -> Node | None:
        number, found = _whole(index, 0), self._lists[name]
        return found[number] if number < len(found) else None


def _color(node: Node | None) -> str:
    """Six digits, or "" where nobody can say: automatic, or of a palette of the workbook's own."""
    if node is None:
        return ""
    if given := node.attrs.get("rgb"):
        return given[-6:] if _COLOR.fullmatch(given[-6:]) else ""
    if "theme" in node.attrs:
        number = _whole(node.attrs["theme"], 99)
        return _tinted(_THEME[number], node.attrs.get("tint", "")) if number < len(_THEME) else ""
    number = _whole(node.attrs.get("indexed"), 99)
    return _INDEXED[number % 8] if number < 16 else ""


def _tinted(color: str, tint: str) -> str:
    try:
        share = max(-1.0, min(1.0, float(tint or 0)))
    except ValueError:
        return color
    parts = [int(color[at:end], 16) for at, end in pairwise((0, 2, 4, 6))]
    mixed = [part + (255 - part) * share if share > 0 else part * (1 + share) for part in parts]
    return "".join(f"{int(part):02X}" for part in mixed)
