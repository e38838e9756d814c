"""Record -> the blocks of the report, in order: headings, lines and tables, taken from the template's own sheets."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from xlperf.derive.engine import Value
from xlperf.derive.seen import SECTION, Seen
from xlperf.errors import DocumentError
from xlperf.form.grid import BLANK, PLACEHOLDER, TEMPLATE_KEY, Filling, Page, Piece, lay_out
from xlperf.form.record import Record, Stated
from xlperf.form.template import row_key
from xlperf.prose.verdict import grades, scores
from xlperf.report.sections import generated_sections, is_withheld, placeholder, words
from xlperf.report.spec import report_spec

_NO_REPORT = (
    '“{0}”没有写明自评报告由哪些部分组成，不能生成自评报告。要生成的，在 {1}.toml 的开头写 report = "{1}.report.toml"，'
    "再在这个文件的 [document] 里写 body（正文在哪张工作表）、figures 和 figures_after（哪张表放在哪一节后面）、"
    "attachments（附哪些表）；样子见 workbook_templates/README.md 的“自评报告”。"
)
_FRAMELESS = ("#", "##", "~")
_HINT = re.compile("（[0-9]+[.．][^（）]*）$")  # in the sheet a heading also says what to write under it
_HEADING = re.compile("（[一二三四五六七八九十]+）")
_GAP = "　　"


class Heading(NamedTuple):
    """Level 0 is a title, 1 is 一、, 2 is （一）; `new_page` where an attachment begins."""

    level: int
    text: str
    new_page: bool = False


class Line(NamedTuple):
    """A line that the form prints; what stands behind a tab is set at the right edge."""

    text: str
    align: str = "left"  # or center, right
    beside_form: bool = False  # it belongs to a table, not to the body
    new_page: bool = False


class Text(NamedTuple):
    """A section: `key` says which."""

    key: str
    text: str


class Box(NamedTuple):
    """One cell of a form: rows and columns from 0, merged cells as one; `key` where it shows a field."""

    row: int
    col: int
    rows: int
    cols: int
    text: str
    align: str  # left, center, right
    indent: int = 0
    framed: bool = True
    key: str = ""


class Form(NamedTuple):
    """A table: the widths of its columns relative to each other, how many rows, its cells."""

    widths: tuple[float, ...]
    rows: int
    boxes: tuple[Box, ...]
    headed: int = 0  # so many rows are printed again on each page

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(box.key for box in self.boxes if box.key)


Block = Heading | Line | Text | Form


def blocks_of(record: Record, variant: str | None = None) -> tuple[Block, ...]:
    """The whole report; a blank derived cell shows the value that its formula gives."""
    seen = Seen(record, variant)
    shown = dataclasses.replace(record, stated=seen.typed)
    filling = Filling(record.template, shown, record.year)
    specs = {spec["title"]: spec for spec in record.template.sheets}
    report = report_spec(record.template)
    if not report.body:
        raise DocumentError(_NO_REPORT.format(record.template.title, record.template.id))
    if missing := [title for title in (report.body, *report.attachments) if title not in specs]:
        raise DocumentError(f"“{record.template.title}”没有{'、'.join(missing)}，不能生成自评报告。")
    generated = generated_sections(seen)
    blocks: list[Block] = []
    for block in _blocks(lay_out(specs[report.body], filling), filling):
        if isinstance(block, Text):
            block = Text(block.key, block.text or generated[block.key])
        if not isinstance(block, Form) or not _is_said(block, shown, generated):
            blocks.append(block)
        if isinstance(block, Text) and block.key == report.figures_after and not is_withheld(block.text):
            figures = tuple(_blocks(lay_out(specs[report.figures], filling), filling))
            blocks.append(_figures(figures, seen))
    for title in report.attachments:
        first, *others = map(_beside_form, _blocks(lay_out(specs[title], filling), filling))
        blocks += [first._replace(new_page=True) if isinstance(first, Heading | Line) else first, *others]
    return tuple(blocks)


def _beside_form(block: Block) -> Block:
    return block._replace(beside_form=True) if isinstance(block, Line) else block


def _is_said(form: Form, record: Record, generated: Mapping[str, str]) -> bool:
    """Does the conclusion say whatever this form of the body states, score and grade?"""
    spec = report_spec(record.template).conclusion
    if spec is None:
        return False
    text = record[spec["section"]].text or generated[spec["section"]]
    year, words = record.year or 0, record.template.prose
    said = {
        spec["score"]["stated"]: {each.said for each in scores(text, words, year)},
        spec["grade"]["stated"]: {each.said for each in grades(text, words, year)},
    }
    cells = [record[key] for key in form.keys if key in record.stated]
    return all(cell.is_blank or cell.shown in said.get(cell.key, ()) for cell in cells)


def _figures(blocks: Sequence[Block], seen: Seen) -> Form:
    """The sheet of figures as one table: title and unit without a frame, then its tables under their headings.

    One, because a title between the lines of the text would end it for whoever reads the report. A table of derived
    cells alone stands there only if one of them is stated otherwise than it follows: what is stated is kept.
    """
    boxes: list[Box] = []
    forms = [block for block in blocks if isinstance(block, Form)]
    widths = forms[0].widths
    rows = headed = 0
    heading = ""

    def add_row(text: str, align: str, framed: bool) -> None:
        nonlocal rows
        boxes.append(Box(rows, 0, 1, len(widths), text, align, int(framed), framed))
        rows += 1

    for block in blocks:
        if isinstance(block, Heading) and block.level == 0:
            add_row(block.text, "center", False)
        elif isinstance(block, Line) and "\t" in block.text:
            add_row(block.text.rpartition("\t")[2], "right", False)
        elif isinstance(block, Heading):
            heading = block.text
        elif isinstance(block, Form) and _adds(block, seen):
            if heading:
                add_row(heading, "left", True)
            headed = headed or rows + block.headed
            boxes += [box._replace(row=box.row + rows) for box in block.boxes]
            rows += block.rows
    return Form(widths, rows, tuple(boxes), headed)


def _adds(form: Form, seen: Seen) -> bool:
    """Does a table say something that does not follow from the others?"""
    cells = [seen.record[key] for key in form.keys if key in seen.record.stated]  # not of rows that nobody wrote
    return any(
        not cell.field.derived or not (cell.is_blank or _value(cell) == seen.values.get(cell.key)) for cell in cells
    )


def _value(cell: Stated) -> Value:
    return cell.text if cell.number is None else cell.number


# A sheet's rows


def _blocks(page: Page, filling: Filling) -> Iterator[Block]:
    """What is framed is a table; a row without a frame is a heading, a line or a section."""
    rows: dict[int, list[Piece]] = {}
    within: set[int] = set()
    for piece in _of_the_form(page.pieces):
        rows.setdefault(piece.top, []).append(piece)
        within.update(range(piece.top + 1, piece.bottom + 1))
    start = 0
    for row in range(1, len(page.heights) + 1):
        own = rows.get(row, ())
        if row in within or not all(_is_line(piece) for piece in own):
            start = start or row
            continue
        if start:
            yield _form(page, filling, start, row - 1)
            start = 0
        if own:
            yield from _line(own, filling)
    if start:
        yield _form(page, filling, start, len(page.heights))


def _of_the_form(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Without the number of the template and its label: no part of the form, but how the program knows the workbook."""
    before: Piece | None = None
    for piece in sorted(pieces):
        if piece.cell.key == TEMPLATE_KEY:
            before = None
            continue
        if before is not None:
            yield before
        before = piece
    if before is not None:
        yield before


def _is_line(piece: Piece) -> bool:
    return piece.cell.mark in _FRAMELESS or piece.cell.key.startswith(SECTION)


def _line(pieces: Sequence[Piece], filling: Filling) -> Iterator[Block]:
    """A row without a frame; nothing if it is empty."""
    first = pieces[0].cell
    text = filling.text(first)
    if first.key.startswith(SECTION):
        yield Text(first.key, text)
    elif first.mark == "#":
        yield Heading(0, text or _unit_name(first.key, filling))
    elif first.mark == "##":
        yield Heading(1, text)
    elif _HEADING.match(text):
        yield Heading(2, _HINT.sub("", text))
    else:
        yield from _printed(pieces, filling)


def _printed(pieces: Sequence[Piece], filling: Filling) -> Iterator[Line]:
    """A line beside a table: labels with their values, the last one at the right edge if the form has it there."""
    joined = ""
    for piece in pieces:
        cell, shown = piece.cell, filling.text(piece.cell).replace(BLANK, "")
        if not shown:
            continue
        at_right = len(pieces) > 1 and cell is pieces[-1].cell and cell.from_right and not cell.key
        is_value = bool(cell.key) and joined.endswith("：")
        joined += ("" if is_value or not joined else "\t" if at_right else _GAP) + shown
    if joined.strip():
        yield Line(joined, "right" if len(pieces) == 1 and pieces[0].cell.from_right else "left")


def _unit_name(key: str, filling: Filling) -> str:
    """The title's first line; where the report's own name of the unit is blank, the tables' one."""
    names = report_spec(filling.template).unit_names
    if key not in names:
        return ""
    return next(filter(None, map(filling.shown, names)), placeholder(words()["placeholder"]["unit"]))


# Tables


def _form(page: Page, filling: Filling, top: int, bottom: int) -> Form:
    """Rows of a sheet as a table, without the rows that only hold a place for more."""
    pieces = [piece for piece in _of_the_form(page.pieces) if top <= piece.top <= bottom]
    dropped = {piece.top for piece in pieces if piece.cell.row is not None and filling.text(piece.cell) == PLACEHOLDER}
    dropped |= {row for row in range(top, bottom + 1) if not any(each.top <= row <= each.bottom for each in pieces)}
    kept = [row for row in range(top, bottom + 1) if row not in dropped]
    place = {row: number for number, row in enumerate(kept)}
    boxes: dict[tuple[int, int], Box] = {}
    for piece in sorted(pieces):
        own = [place[row] for row in range(piece.top, piece.bottom + 1) if row in place]
        if not own:
            continue
        cell, left = piece.cell, piece.left - 1
        key = _key(piece)
        above = next((each for each in boxes.values() if each.col == left and each.row + each.rows == own[0]), None)
        if above is not None and _shares(key, filling.record):
            boxes[above.row, left] = above._replace(rows=above.rows + 1)
            continue
        align = "right" if cell.from_right else "left" if cell.indent or cell.mark in _FRAMELESS else "center"
        width, framed = piece.right - left, cell.mark not in _FRAMELESS
        boxes[own[0], left] = Box(own[0], left, len(own), width, filling.text(cell), align, cell.indent, framed, key)
    return Form(tuple(page.widths), len(kept), tuple(boxes[at] for at in sorted(boxes)), int(page.freeze == top))


def _key(piece: Piece) -> str:
    table, _, column = piece.cell.key.partition(".")
    return row_key(table, piece.cell.row, column) if piece.cell.row is not None else piece.cell.key


def _shares(key: str, record: Record | None) -> bool:
    """Is the cell a part of the merged one above it, in the workbook too?"""
    cell = None if record is None else record.stated.get(key)
    return cell is not None and cell.shared and cell.number is None
