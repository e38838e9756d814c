"""Word documents (.docx, and what .docm and .dotx hold): paragraphs and real table cells, as if all changes were accepted.

`walk` is for whoever must find the paragraph behind a place, too: it gives the w:p elements with every block.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from xlperf.errors import DocumentError
from xlperf.intake.document import Block, Cell, Document, Paragraph, Table, limit_cells, tidy
from xlperf.intake.opening import main_part
from xlperf.intake.runs import Found, elements, inline_text, local, named, on, value_of
from xlperf.package.archive import Archive
from xlperf.package.parts import Parts
from xlperf.package.xmltext import check_xml

_DESCENDS = frozenset(("sdtContent", "ins", "moveTo", "customXml", "smartTag"))


class Piece(NamedTuple):
    """A block and the w:p elements behind it.

    `elements` runs parallel to the cells of a table, a tuple of paragraphs for each; a paragraph has one such tuple.
    """

    block: Block
    elements: tuple[tuple[Any, ...], ...]


def read_word(blob: bytes, name: str) -> Document:
    found = Found()
    blocks = tuple(piece.block for piece in walk(_body(blob, name), found, name))
    if not blocks:
        raise DocumentError(f"{name}：文档里没有文字{_only_pictures(found)}，请检查是否选错了文件。")
    return Document(name, blocks, found.remarks())


def walk(body: Any, found: Found | None = None, name: str = "文档") -> Iterator[Piece]:
    """The blocks of a w:body (python-docx: `document.element.body`) in reading order, those without text left out.

    Text boxes follow the block that anchors them, nested tables the table they stand in. `found` receives what the
    document has besides: changes, notes, pictures.
    """
    return _Walk(found or Found(), name).container(body)


def _body(blob: bytes, name: str) -> Any:
    from lxml import etree

    archive = Archive(blob)
    parts = Parts(archive)
    main = main_part(parts)
    data = parts.read(main if parts.actual(main) else "word/document.xml")
    try:
        check_xml(data)  # among others no DOCTYPE, so that no entity can be declared
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True))
    except (etree.XMLSyntaxError, SyntaxError) as error:
        raise _damaged(name) from error
    except Exception as error:
        if type(error).__name__ == "ExpatError":
            raise _damaged(name) from error
        raise
    body = next((child for child in elements(root) if local(child) == "body"), None)
    if body is None:
        raise _damaged(name)
    return body


def _damaged(name: str) -> DocumentError:
    return DocumentError(f"{name}：文档内容已损坏，读不出来。请用 Word 或 WPS 打开，修复并另存为 .docx 后再导入。")


def _only_pictures(found: Found) -> str:
    return "，只有图片" if found.counts["图片"] else ""


class _Walk:
    """The counting on the way through a document."""

    def __init__(self, found: Found, name: str) -> None:
        self.found = found
        self.name = name
        self.paragraphs = self.tables = self.cells = 0

    def container(self, parent: Any, box: str = "") -> Iterator[Piece]:
        """The blocks of a body or text box; `box` is what the places in it begin with."""
        carried: tuple[str, tuple[Any, ...]] = ("", ())  # paragraphs whose end was deleted go on in the next
        count = 0
        for block in _blocks(parent, self.found):
            boxes: list[Any] = []
            if local(block) == "tbl":
                yield from self.table(block, boxes)
            else:
                text = carried[0] + inline_text(block, self.found, boxes)
                paragraphs = (*carried[1], block)
                carried = (text, paragraphs) if _end_deleted(block) else ("", ())
                if not carried[1] and (shown := tidy(text)):
                    count += 1
                    self.paragraphs += not box
                    place = f"{box}第{count}段" if box else f"第{self.paragraphs}段"
                    yield Piece(Paragraph(place, shown), (paragraphs,))
            yield from self.text_boxes(boxes)
        if shown := tidy(carried[0]):
            self.paragraphs += not box
            place = f"{box}第{count + 1}段" if box else f"第{self.paragraphs}段"
            yield Piece(Paragraph(place, shown), (carried[1],))

    def text_boxes(self, boxes: list[Any]) -> Iterator[Piece]:
        for box in boxes:
            self.found.counts["文本框"] += 1
            yield from self.container(box, f"文本框{self.found.counts['文本框']}")

    def table(self, tbl: Any, boxes: list[Any], inside: str = "") -> Iterator[Piece]:
        self.tables += 1
        number = self.tables
        nested: list[Any] = []
        cells: list[Cell] = []
        paragraphs: list[tuple[Any, ...]] = []
        for cell, tc in self.grid(tbl):
            own: list[Any] = []
            texts = []
            for block in _blocks(tc, self.found):
                if local(block) == "tbl":
                    nested.append(block)
                else:
                    texts.append(inline_text(block, self.found, boxes))
                    own.append(block)
            cells.append(cell._replace(text=tidy("\n".join(texts))))
            paragraphs.append(tuple(own))
        if any(cell.text for cell in cells):
            place = f"表{number}（在{inside}内）" if inside else f"表{number}"
            yield Piece(Table(place, tuple(cells)), tuple(paragraphs))
        for inner in nested:
            yield from self.table(inner, boxes, f"表{number}")

    def grid(self, tbl: Any) -> list[tuple[Cell, Any]]:
        """Every real cell with its w:tc; a merged one with all that it covers."""
        cells: list[tuple[Cell, Any]] = []
        open_above: dict[int, int] = {}  # column -> the cell that goes on downwards
        for row, tr in enumerate(_rows(tbl, self.found)):
            col = _grid_before(tr)
            going_on: dict[int, int] = {}
            for tc in named(tr, "tc", _DESCENDS):
                self.cells += 1
                limit_cells(self.cells, self.name)
                span, down, across = _merging(tc)
                if across == "continue" and cells and cells[-1][0].row == row:
                    cells[-1] = (cells[-1][0]._replace(cols=cells[-1][0].cols + span), cells[-1][1])
                elif down == "continue" and col in open_above:
                    going_on[col] = index = open_above[col]
                    anchor, first = cells[index]
                    cells[index] = (anchor._replace(rows=row - anchor.row + 1), first)
                    self.found.counts["被合并的文字"] += _has_text(tc)
                else:
                    cells.append((Cell(row, col, "", 1, span, f"第{row + 1}行第{col + 1}列"), tc))
                    if down:
                        going_on[col] = len(cells) - 1
                col += span
            open_above = going_on
        return cells


def _blocks(parent: Any, found: Found) -> Iterator[Any]:
    """The w:p and w:tbl of a body, cell or text box, also those in content controls and moved or inserted ones."""
    for child in elements(parent):
        kind = local(child)
        if kind in ("p", "tbl"):
            yield child
        elif kind == "sdt":
            if not found.is_prompt(child):
                yield from _blocks(child, found)
        elif kind in _DESCENDS:
            yield from _blocks(child, found)
        elif kind == "AlternateContent":
            yield from _blocks(chosen(child), found)
        elif kind == "altChunk":
            found.counts["嵌入的文件"] += 1
        elif kind in ("del", "moveFrom"):
            found.counts["删除"] += 1


def chosen(alternate: Any) -> Any:
    """Of mc:AlternateContent the first choice; what it falls back on says the same again."""
    return next(iter(elements(alternate)), alternate)


def _rows(tbl: Any, found: Found) -> Iterator[Any]:
    for tr in named(tbl, "tr", _DESCENDS):
        properties = next((child for child in elements(tr) if local(child) == "trPr"), None)
        marks = {local(child) for child in elements(properties)} if properties is not None else set()
        found.counts["删除"] += "del" in marks
        found.counts["插入"] += "ins" in marks
        if "del" not in marks:
            yield tr


def _grid_before(tr: Any) -> int:
    """Columns that a row leaves out at its left."""
    return _number(next(iter(_properties(tr, "trPr", "gridBefore")), None), 0)


def _merging(tc: Any) -> tuple[int, str, str]:
    """How many columns a cell takes up, and whether it starts or continues a merge, downwards and across."""
    span = _number(next(iter(_properties(tc, "tcPr", "gridSpan")), None), 1)
    down, across = (
        value_of(mark) or "continue" if (mark := next(iter(_properties(tc, "tcPr", kind)), None)) is not None else ""
        for kind in ("vMerge", "hMerge")
    )
    return max(1, span), down, across


def _properties(element: Any, group: str, kind: str) -> list[Any]:
    return [
        mark
        for properties in elements(element)
        if local(properties) == group
        for mark in elements(properties)
        if local(mark) == kind
    ]


def _number(mark: Any, otherwise: int) -> int:
    text = "" if mark is None else value_of(mark)
    return min(int(text), 1000) if text.isascii() and text.isdigit() else otherwise


def _end_deleted(p: Any) -> bool:
    """The mark at the end of a paragraph is deleted: it is one with the next."""
    runs = _properties(p, "pPr", "rPr")
    return any(local(mark) in ("del", "moveFrom") for run in runs for mark in elements(run))


def _has_text(tc: Any) -> bool:
    return any(local(each) == "t" and each.text and each.text.strip() for each in tc.iter() if on(each))
