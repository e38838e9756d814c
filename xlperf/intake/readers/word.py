"""Word documents (.docx, what .docm and .dotx hold): paragraphs and real table cells, all changes taken as accepted.

`walk` is for whoever must find the paragraph behind a place, too: it gives the w:p elements with every block.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from itertools import islice, zip_longest
from typing import NamedTuple
from xml.etree.ElementTree import Element, ParseError
from xml.parsers.expat import ExpatError

from xlperf.errors import DocumentError
from xlperf.intake.readers.fonts import Fonts
from xlperf.intake.readers.nodes import chosen, is_on, local, named, properties, root_of, value_of
from xlperf.intake.readers.runs import Found, has_text, inline_runs
from xlperf.labels.blocks import Block, Cell, Document, Paragraph, Table, note_of, tidy
from xlperf.package.archive import Archive
from xlperf.package.budget import Budget, Of
from xlperf.package.parts import Parts, main_part
from xlperf.package.richtext import Run, shown
from xlperf.package.xmltext import count_elements

_LINE = Run("\n")
_MAX_SPAN = 1000
_DESCENDS = frozenset(("sdtContent", "ins", "moveTo", "customXml", "smartTag"))


class Piece(NamedTuple):
    """A block and the w:p elements behind it.

    `elements` runs parallel to the cells of a table, a tuple of paragraphs for each; a paragraph has one such tuple.
    """

    block: Block
    elements: tuple[tuple[Element, ...], ...]


def read_word(blob: bytes, name: str) -> Document:
    body, fonts = _body(blob, name)
    found = Found(fonts)
    blocks = tuple(piece.block for piece in walk(body, found, name))
    if not blocks:
        raise DocumentError(f"{name}：文档里没有文字{_only_pictures(found)}，请检查是否选错了文件。")
    return Document(name, blocks, found.remarks(), found.left())


def walk(body: Element, found: Found | None = None, name: str = "文档") -> Iterator[Piece]:
    """The blocks of a w:body in reading order, those without text left out.

    Text boxes follow the block that anchors them, nested tables the table they stand in. `found` receives what the
    document has besides: changes, notes, pictures.
    """
    return _Walk(found or Found(), name).container(body)


def _body(blob: bytes, name: str) -> tuple[Element, Fonts]:
    archive = Archive(blob, name)
    parts = Parts(archive)
    main = main_part(parts)
    main = main if parts.actual(main) else "word/document.xml"
    data = parts.read(main)
    archive.budget.spend(Of.DOCUMENT_BYTES, len(data))
    root = _root(data, archive.budget)
    if root is None:
        raise _damaged(name)
    body = next((child for child in root if local(child) == "body"), None)
    if body is None:
        raise _damaged(name)
    return body, fonts_of(parts, main)


def fonts_of(parts: Parts, main: str) -> Fonts:
    """The fonts that the styles stand for; where they cannot be read, only what is said at the text itself counts."""
    try:
        part = parts.related(main, "styles")
        styles = _root(parts.read(part), parts.archive.budget) if parts.actual(part) else None
    except (ValueError, KeyError, ExpatError, zlib.error):
        return Fonts(readable=False)
    return Fonts(styles, readable=styles is not None or not parts.actual(part))


def _root(data: bytes, budget: Budget) -> Element | None:
    """`None` for what is no sound XML."""
    budget.spend(Of.NODES, count_elements(data) + data.count(b"="))  # an attribute takes as much memory as an element
    try:
        return root_of(data)
    except (ExpatError, ParseError):
        return None


def _damaged(name: str) -> DocumentError:
    return DocumentError(f"{name}：文档内容已损坏，读不出来。请用 Word 或 WPS 打开，修复并另存为 .docx 后再导入。")


def _only_pictures(found: Found) -> str:
    return "，只有图片" if found.counts["图片"] else ""


class _Walk:
    """The counting on the way through a document."""

    def __init__(self, found: Found, name: str) -> None:
        self.found = found
        self.budget = Budget(name)
        self.paragraphs = self.tables = self.boxes = 0
        self.prompts: set[Element] = set()  # the cells that show nothing but an invitation to type

    def container(self, parent: Element, box: str = "") -> Iterator[Piece]:
        """The blocks of a body or text box; `box` is what the places in it begin with."""
        count = 0
        runs, paragraphs = list[Run](), list[Element]()
        blocks = list(blocks_in(parent, self.found))
        for block, after in zip_longest(blocks, blocks[1:]):
            boxes: list[Element] = []
            if local(block) == "tbl":
                yield from self.table(block, boxes)
            else:
                runs += inline_runs(block, self.found, boxes)
                paragraphs.append(block)
                goes_on = _end_deleted(block) and after is not None and local(after) == "p"
                if not goes_on:  # where the end of a paragraph was deleted it is one with the next
                    said = shown(runs)
                    text = tidy(said.text)
                    place = f"{box}第{(count if box else self.paragraphs) + bool(text)}段"
                    self.found.aside(place if text else f"{place}之后", said.left_out)
                    if text:
                        self.budget.spend(Of.PARAGRAPHS)
                        count += 1
                        self.paragraphs += not box
                        yield Piece(Paragraph(place, text), (tuple(paragraphs),))
                    runs, paragraphs = [], []
            yield from self.text_boxes(boxes)

    def text_boxes(self, boxes: list[Element]) -> Iterator[Piece]:
        for box in boxes:
            self.boxes += 1
            pieces = [*self.container(box, f"文本框{self.boxes}")]
            self.found.counts["文本框"] += bool(pieces)
            yield from pieces

    def table(self, tbl: Element, boxes: list[Element], inside: str = "") -> Iterator[Piece]:
        self.tables += 1
        number = self.tables
        nested: list[Element] = []
        cells: list[Cell] = []
        paragraphs: list[tuple[Element, ...]] = []
        for cell, tc in self.grid(tbl):
            own: list[Element] = []
            runs: list[Run] = []
            for block in () if tc in self.prompts else blocks_in(tc, self.found):
                if local(block) == "tbl":
                    nested.append(block)
                else:
                    runs += (*inline_runs(block, self.found, boxes), _LINE)
                    own.append(block)
            said = shown(runs)
            self.found.aside(f"表{number} {cell.place}", said.left_out)
            cells.append(cell._replace(text=tidy(said.text), note=note_of(said.left_out)))
            paragraphs.append(tuple(own) or _first_paragraph(tc))
        if any(cell.text for cell in cells):
            place = f"表{number}（在{inside}内）" if inside else f"表{number}"
            yield Piece(Table(place, tuple(cells)), tuple(paragraphs))
        for inner in nested:
            yield from self.table(inner, boxes, f"表{number}")

    def grid(self, tbl: Element) -> list[tuple[Cell, Element]]:
        """Every real cell with its w:tc; a merged one with all that it covers."""
        cells: list[tuple[Cell, Element]] = []
        open_above: dict[int, int] = {}  # column -> the cell that goes on downwards
        for row, tr in enumerate(_rows(tbl, self.found)):
            col = _grid_before(tr)
            self.prompts |= _prompts(tr, self.found)
            going_on: dict[int, int] = {}
            for number, tc in enumerate(_cells(tr, self.found), 1):
                self.budget.spend(Of.CELLS)
                self.budget.limit(Of.COLUMNS, number)
                span, down, across = _merging(tc)
                if across == "continue" and cells and cells[-1][0].row == row:
                    left, first = cells[-1]
                    cells[-1] = (left._replace(cols=left.cols + span), first)
                    self.found.counts["被合并的文字"] += has_text(tc)
                elif down == "continue" and col in open_above:
                    going_on[col] = index = open_above[col]
                    anchor, first = cells[index]
                    cells[index] = (anchor._replace(rows=row - anchor.row + 1), first)
                    self.found.counts["被合并的文字"] += has_text(tc)
                else:
                    cells.append((Cell(row, col, "", 1, span, f"第{row + 1}行第{col + 1}列"), tc))
                    if down:
                        going_on[col] = len(cells) - 1
                col += span
            open_above = going_on
        return cells


def _first_paragraph(tc: Element) -> tuple[Element, ...]:
    """Of a cell that shows nothing but an invitation to type."""
    return tuple(islice((each for each in tc.iter() if local(each) == "p"), 1))


def blocks_in(parent: Element, found: Found) -> Iterator[Element]:
    """The w:p and w:tbl of a body, cell or text box, also those in content controls and moved or inserted ones."""
    for child in parent:
        kind = local(child)
        if kind in ("p", "tbl"):
            yield child
        elif kind == "sdt":
            if not found.is_prompt(child):
                yield from blocks_in(child, found)
        elif kind in _DESCENDS:
            yield from blocks_in(child, found)
        elif kind == "AlternateContent":
            yield from blocks_in(chosen(child), found)
        elif kind == "altChunk":
            found.counts["嵌入的文件"] += 1
        elif kind in ("del", "moveFrom"):
            found.counts["删除"] += 1


def _rows(tbl: Element, found: Found) -> Iterator[Element]:
    for tr in named(tbl, "tr", _DESCENDS):
        marks = {local(mark): is_on(mark) for mark in properties(tr, "trPr")}
        found.counts["删除"] += "del" in marks
        found.counts["插入"] += "ins" in marks
        is_hidden = marks.get("hidden", False)
        found.counts["隐藏的文字"] += is_hidden and has_text(tr)
        if "del" not in marks and not is_hidden:
            yield tr


def _cells(tr: Element, found: Found) -> Iterator[Element]:
    for tc in named(tr, "tc", _DESCENDS):
        if properties(tc, "tcPr", "cellDel"):
            found.counts["删除"] += 1
        else:
            yield tc


def _grid_before(tr: Element) -> int:
    """Columns that a row leaves out at its left."""
    return _number(properties(tr, "trPr", "gridBefore"), 0)


def _merging(tc: Element) -> tuple[int, str, str]:
    """How many columns a cell takes up, and whether it starts or continues a merge, downwards and across."""
    down, across = (
        (value_of(marks[0]) or "continue") if marks else ""
        for marks in (properties(tc, "tcPr", "vMerge"), properties(tc, "tcPr", "hMerge"))
    )
    return max(1, _number(properties(tc, "tcPr", "gridSpan"), 1)), down, across


def _number(marks: list[Element], otherwise: int) -> int:
    text = value_of(marks[0]) if marks else ""
    return min(int(text), _MAX_SPAN) if text.isascii() and text.isdigit() and len(text) < 9 else otherwise


def _end_deleted(p: Element) -> bool:
    marks = (local(mark) for run in properties(p, "pPr", "rPr") for mark in run)
    return any(mark in ("del", "moveFrom") for mark in marks)


def _prompts(tr: Element, found: Found) -> set[Element]:
    """The cells of a row around which a content control shows nothing but its invitation to type."""
    around = (sdt for child in tr if local(child) != "tc" for sdt in child.iter() if local(sdt) == "sdt")
    return {tc for sdt in around if found.is_prompt(sdt) for content in sdt for tc in content}
