"""The form's printed labels: which stand beside each field, and whether they still say what the form prints."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from xlperf.form.forms import load_template
from xlperf.form.grid import Cell as GridCell
from xlperf.form.grid import parse_cell
from xlperf.form.integrity import AlteredLabel
from xlperf.form.record import Record
from xlperf.form.template import Template, row_key
from xlperf.package import Area, Cell, Ref
from xlperf.text import expression
from xlperf.workbook.binding import Binding, Book, Place
from xlperf.workbook.merged import visible_cells

_PLACEHOLDER = expression(r"\{[^{}]*\}")
_ASIDE = expression(r"[（(][^（）()]*[）)]")
_NUMBERING = expression(r"^\s*[一二三四五六七八九十]{1,3}\s*[、.．）)]")


class _Label(NamedTuple):
    """A label beside a field: that many columns to its left in its row, or (None) in its column above it."""

    key: str
    left: int | None
    text: str
    words: tuple[str, ...]  # the text without numbering, asides, signs and placeholders, in pieces between these
    family: frozenset[str]  # all labels on that side of the sheet's fields
    named: tuple[str, ...]  # the fields that it names, `key` the first


def altered_labels(book: Book, binding: Binding, record: Record) -> Iterator[AlteredLabel]:
    """Labels beside the form's cells that say something else than the form; each once, at its first field."""
    taken = frozenset(binding.fields.values())
    told: set[Place] = set()
    labels = [label for label in _labels(record.template.id) if binding.has(label.key)]
    sheets = {title: visible_cells(book, title) for title in {place.sheet for place in taken}}
    printed = set(_out_of_place(labels, binding, sheets))
    for label in labels:
        here = _place_of(label, binding)
        cells = sheets[here.sheet]
        cell = cells.get(here.ref)
        if cell is not None and (cell.text == label.text or _says(cell.text, label.words) or _is_pending(cell)):
            continue
        found = _what_stands_there(book, here, label, cells, taken)
        if found is None or here in told:
            continue
        told.add(here)
        of_another = _plain(found) in label.family - {""}
        named = tuple(key for key in label.named if binding.has(key))
        moved = any(_stands_at(label, here, place, text) for place, text in printed) or any(
            cell is not None and _says(cell.text, label.words)
            for cell in (sheets[place.sheet].get(place.ref) for place in map(binding.place, named))
        )
        yield AlteredLabel(
            here.address,
            record[label.key],
            " ".join(_PLACEHOLDER.sub("×", label.text).split()),
            " ".join(found.split()),
            of_another,
            named if of_another or moved else (),
        )


def astray_cells(labels: Sequence[AlteredLabel], binding: Binding, record: Record) -> dict[str, str]:
    """Cells that hold what is somebody else's, with the label that stands beside them ("" where none does).

    Where rows of a sheet have moved and the names have not, a row table begins with other lines of the form.
    """
    astray = {key: label.found for label in labels for key in label.astray}
    sheets = {binding.fields[key].sheet for key in astray}
    for table, place in binding.tables.items():
        if place.sheet not in sheets:
            continue
        printed = _printed(record.template.id, place.sheet)
        spec = record.template.tables[table]
        for index in record.rows(table):
            name = record[row_key(table, index, spec.row_label)].text
            if _plain(name) in printed:
                astray |= {row_key(table, index, column): " ".join(name.split()) for column in spec.columns}
    return astray


def _place_of(label: _Label, binding: Binding) -> Place:
    """Where a label is to stand."""
    place = binding.fields[label.key]
    down, right = (1, 0) if label.left is None else (0, label.left)
    return Place(place.sheet, Ref(place.ref.row - down, place.ref.col - right))


def _out_of_place(
    labels: list[_Label], binding: Binding, sheets: Mapping[str, Mapping[Ref, Cell]]
) -> Iterator[tuple[Place, str]]:
    """Where something else is printed in place of a label, and what."""
    for label in labels:
        here = _place_of(label, binding)
        cell = sheets[here.sheet].get(here.ref)
        if cell is not None and not _says(cell.text, label.words):
            yield here, _plain(cell.text)


def _stands_at(label: _Label, home: Place, place: Place, text: str) -> bool:
    """Is that the label's own text, in another line of the column (of a heading: in another column of the row)?"""
    if place.sheet != home.sheet or place == home or len(label.words) != 1 or text != label.words[0]:
        return False
    return place.ref.row == home.ref.row if label.left is None else place.ref.col == home.ref.col


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
        if spec.get("results") or spec.get("home"):
            continue
        width = len(spec["widths"])
        grid = [_grid_row(written, width, template) for written in spec["rows"]]
        found = list(_beside_fields(grid, template))
        rows = frozenset(_plain(text) for _, left, text in found if left is not None)
        heads = frozenset(_plain(text) for _, left, text in found if left is None)
        for (key, *others), left, text in found:
            words = tuple(_plain(piece) for piece in _PLACEHOLDER.split(_ASIDE.sub("", text)))
            labels.append(_Label(key, left, text, words, heads if left is None else rows, (key, *others)))
    return tuple(labels)


@lru_cache(maxsize=8)
def _printed(template_id: str, sheet: str) -> frozenset[str]:
    """All that the form prints on a sheet."""
    template = load_template(template_id)
    rows = (row for spec in template.sheets if spec["title"] == sheet for row in spec["rows"])
    texts = (_plain(cell.text) for row in rows for cell in _grid_row(row, 0, template))
    return frozenset(texts) - {""}


def _grid_row(written: list[object], width: int, template: Template) -> list[GridCell]:
    cells = [parse_cell(text, template) for text in written if isinstance(text, str)]
    return cells + [GridCell("<")] * (width - len(cells))


def _beside_fields(grid: list[list[GridCell]], template: Template) -> Iterator[tuple[list[str], int | None, str]]:
    """The fields that a label names, its distance to the first of them and its text."""
    for row, cells in enumerate(grid):
        in_row: dict[int, tuple[list[str], int, str]] = {}
        for col, cell in enumerate(cells):
            if cell.key not in template.fields or cell.mark in ("¶", "#"):
                continue
            if label := _left_of(cells, col):
                at, text = label
                in_row.setdefault(at, ([], col - at, text))[0].append(cell.key)
            above = grid[row - 1][col] if row else GridCell("<")
            if above.text and above.mark in ("", "@label"):
                below = itertools.takewhile(lambda line: line[col].key or line[col].mark == "^", grid[row:])  # noqa: B023
                yield [line[col].key for line in below if line[col].key in template.fields], None, above.text
        yield from in_row.values()


def _left_of(cells: list[GridCell], col: int) -> tuple[int, str] | None:
    """The label to the left of a field in its row, and its column."""
    at = col - 1
    while at >= 0 and (cells[at].mark == "<" or cells[at].key):
        at -= 1
    return (at, cells[at].text) if at >= 0 and cells[at].text else None
