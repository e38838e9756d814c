"""The form's printed labels: which stand beside each field, and whether they still say what the form prints."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from xlperf.grid import Cell as GridCell
from xlperf.grid import parse_cell
from xlperf.hosts.binding import Binding, Book, Place
from xlperf.package import Area, Cell, Ref
from xlperf.record import AlteredLabel, Record
from xlperf.template import Template, load_template

_PLACEHOLDER = re.compile(r"\{[^{}]*\}")
_ASIDE = re.compile(r"[（(][^（）()]*[）)]")
_NUMBERING = re.compile(r"^\s*[一二三四五六七八九十]{1,3}\s*[、.．）)]")


class _Label(NamedTuple):
    """A label beside a field: that many columns to its left in its row, or (None) in its column above it."""

    key: str
    left: int | None
    text: str
    words: tuple[str, ...]  # the text without numbering, asides, signs and placeholders, in pieces between these
    family: frozenset[str]  # all labels on that side of the sheet's fields


def altered_labels(book: Book, binding: Binding, record: Record) -> Iterator[AlteredLabel]:
    """Labels beside the form's cells that say something else than the form; each once, at its first field."""
    taken = frozenset(binding.fields.values())
    told: set[Place] = set()
    for label in _labels(record.template.id):
        if not binding.has(label.key):
            continue
        place = binding.fields[label.key]
        step = (1, 0) if label.left is None else (0, label.left)
        here = Place(place.sheet, Ref(place.ref.row - step[0], place.ref.col - step[1]))
        cells = book.cells(place.sheet)
        cell = cells.get(here.ref)
        if cell is not None and (cell.text == label.text or _says(cell.text, label.words) or _is_pending(cell)):
            continue
        found = _what_stands_there(book, here, label, cells, taken)
        if found is None or here in told:
            continue
        told.add(here)
        of_another = _plain(found) in label.family - {""}
        printed = " ".join(_PLACEHOLDER.sub("×", label.text).split())
        yield AlteredLabel(here.address, record[label.key], printed, " ".join(found.split()), of_another)


def _what_stands_there(
    book: Book, here: Place, label: _Label, cells: Mapping[Ref, Cell], taken: frozenset[Place]
) -> str | None:
    """What the form has in place of a label; None where it was only moved or merged away."""
    if here in taken or here.ref.row < 1 or here.ref.col < 1:
        return None
    row, col = here.ref
    if label.left is None:
        line = [ref for ref in cells if ref.col == col and ref.row <= row]
    else:
        line = [ref for ref in cells if ref.row == row and ref.col < col + label.left]
    others = [cells[ref] for ref in sorted(line, reverse=True) if Place(here.sheet, ref) not in taken]
    if any(_says(cell.text, label.words) or _is_pending(cell) for cell in others):
        return None
    if here.ref in cells:
        return cells[here.ref].text
    if label.left is None:  # rows may have been inserted below the heading
        return next((cell.text for cell in others if cell.text.strip()), "")
    return None if any(_swallows(area, here.ref) for area in book.merges(here.sheet)) else ""


def _swallows(area: Area, ref: Ref) -> bool:
    return area.contains(ref) and ref != Ref(area.top, area.left)


def _is_pending(cell: Cell) -> bool:
    """A formula that no program has calculated yet."""
    return cell.formula is not None and not cell.text


def _says(text: str, words: tuple[str, ...]) -> bool:
    plain = _plain(text)
    if len(words) == 1:
        return plain == words[0]
    at = 0
    for piece in words:
        at = plain.find(piece, at)
        if at < 0:
            return False
        at += len(piece)
    return True


def _plain(text: str) -> str:
    """Only the letters that tell labels apart: no numbering, asides in brackets, digits, signs or blanks."""
    text = _NUMBERING.sub("", _ASIDE.sub("", _PLACEHOLDER.sub("", text)))
    return "".join(char for char in text if char.isalpha()).removeprefix("其中")


@lru_cache(maxsize=8)
def _labels(template_id: str) -> tuple[_Label, ...]:
    """Every label that stands beside a field in the template's layout; long texts have headings of their own."""
    template = load_template(template_id)
    labels: list[_Label] = []
    for spec in template.sheets:
        if spec.get("results"):
            continue
        width = len(spec["widths"])
        grid = [_grid_row(written, width, template) for written in spec["rows"]]
        found = list(_beside_fields(grid, template))
        rows = frozenset(_plain(text) for _, left, text in found if left is not None)
        heads = frozenset(_plain(text) for _, left, text in found if left is None)
        for key, left, text in found:
            words = tuple(_plain(piece) for piece in _PLACEHOLDER.split(_ASIDE.sub("", text)))
            labels.append(_Label(key, left, text, words, heads if left is None else rows))
    return tuple(labels)


def _grid_row(written: list[object], width: int, template: Template) -> list[GridCell]:
    cells = [parse_cell(text, template) for text in written if isinstance(text, str)]
    return cells + [GridCell("<")] * (width - len(cells))


def _beside_fields(grid: list[list[GridCell]], template: Template) -> Iterator[tuple[str, int | None, str]]:
    """Field, distance and text of every label, once for all fields of its row."""
    for row, cells in enumerate(grid):
        told: set[int] = set()
        for col, cell in enumerate(cells):
            if cell.key not in template.fields or cell.mark in ("¶", "#"):
                continue
            for left, text in _beside(grid, row, col):
                if left is None or col - left not in told:
                    told |= set() if left is None else {col - left}
                    yield cell.key, left, text


def _beside(grid: list[list[GridCell]], row: int, col: int) -> Iterator[tuple[int | None, str]]:
    """The label to the left of a field in its row, and the heading right above it."""
    at = col - 1
    while at >= 0 and (grid[row][at].mark == "<" or grid[row][at].key):
        at -= 1
    if at >= 0 and grid[row][at].text:
        yield col - at, grid[row][at].text
    above = grid[row - 1][col] if row else GridCell("<")
    if above.text and above.mark in ("", "@label"):
        yield None, above.text
