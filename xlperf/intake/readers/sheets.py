"""Workbooks as documents: each sheet one table of what its cells show, or lines of text.

Read with our own `xlperf.package`, so that no compiled library is needed and what a hostile file costs is bounded.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from xlperf.errors import DocumentError
from xlperf.intake.document import Block, Cell, Document, Paragraph, Table, limit_cells, tidy
from xlperf.intake.readers.formats import shown_number
from xlperf.package import Area, CellKind, Ref, Workbook, ref_text
from xlperf.package import Cell as StoredCell
from xlperf.package.archive import Archive

GAP = 10  # empty rows or columns in a row that are kept; a stray cell at the edge of a sheet makes no giant
_SINCE_1904 = re.compile(rb"""date1904\s*=\s*["'](?:1|true|on)["']""")


class Sheet(NamedTuple):
    """What the readers of both formats find on a sheet; rows and columns count from 1."""

    title: str
    hidden: bool
    texts: Mapping[Ref, str]
    merges: Collection[Area]
    remarks: tuple[str, ...] = ()


def read_sheets(blob: bytes, name: str) -> Document:
    book = Workbook.open(blob, name)
    since_1904 = bool(_SINCE_1904.search(_workbook_xml(blob)))
    return document(name, [_sheet(book, title, since_1904) for title in book.sheets])


def _workbook_xml(blob: bytes) -> bytes:
    archive = Archive(blob)
    return archive.read("xl/workbook.xml") if archive.find("xl/workbook.xml") else b""


def _sheet(book: Workbook, title: str, since_1904: bool) -> Sheet:
    cells = book.cells(title)
    limit_cells(len(cells), book.name)
    texts, coarse, uncounted = dict[Ref, str](), list[str](), list[str]()
    for ref, cell in cells.items():
        texts[ref], is_coarse = _text(book, cell, since_1904)
        if is_coarse:
            coarse.append(f"{ref_text(ref)} 显示 {texts[ref]}，存的是 {cell.text}")
        if cell.formula is not None and cell.kind is CellKind.BLANK:
            uncounted.append(ref_text(ref))
    remarks = coarse_remarks(title, coarse)
    if uncounted:
        remarks += (
            f"工作表“{title}”有 {len(uncounted)} 个公式还没有算出的值（如 {uncounted[0]}），按空白读入；"
            "请用 Excel 或 WPS 打开并保存一次后再导入。",
        )
    return Sheet(title, book.hidden_state(title) != "visible", texts, book.merges(title), remarks)


def _text(book: Workbook, cell: StoredCell, since_1904: bool) -> tuple[str, bool]:
    if cell.kind is CellKind.NUMBER:
        try:
            return shown_number(cell.text, book.number_format(cell), since_1904=since_1904)
        except ValueError:  # 1e999: stored, but no number
            return cell.text, False
    if cell.kind is CellKind.BOOL:
        return "TRUE" if cell.text == "1" else "FALSE", False
    return cell.text, False


def coarse_remarks(title: str, coarse: list[str]) -> tuple[str, ...]:
    if not coarse:
        return ()
    return (f"工作表“{title}”有 {len(coarse)} 个数显示的小数比存的少（如 {coarse[0]}），按显示的读入，请核对。",)


def document(name: str, sheets: Iterable[Sheet]) -> Document:
    """The sheets in the order of their tabs."""
    blocks: list[Block] = []
    remarks: list[str] = []
    count = 0
    for sheet in sheets:
        cells = _cells(sheet, name)
        count += len(cells)
        limit_cells(count, name)
        if not cells:
            continue
        blocks += _blocks(sheet.title, cells)
        if sheet.hidden:
            remarks.append(f"工作表“{sheet.title}”是隐藏的，也读入了，请核对是不是要报送的内容。")
        remarks += sheet.remarks
    if not blocks:
        raise DocumentError(f"{name}：所有工作表都是空的，请检查是否选错了文件。")
    return Document(name, tuple(blocks), tuple(remarks))


def _blocks(title: str, cells: list[Cell]) -> list[Block]:
    """A sheet without two filled cells side by side holds no table but text, as 自评报告 does."""
    filled = [cell for cell in cells if cell.text]
    if len({cell.row for cell in filled}) < len(filled):
        return [Table(f"工作表“{title}”", tuple(cells))]
    return [Paragraph(f"工作表“{title}” {cell.place}", cell.text) for cell in filled]


def _cells(sheet: Sheet, name: str) -> list[Cell]:
    """Cells that show something, and merged ones that might; nothing of what a merged cell covers."""
    texts = {ref: text for ref, text in ((ref, tidy(text)) for ref, text in sheet.texts.items()) if text}
    if not texts:
        return []
    bottom, right = max(ref.row for ref in texts), max(ref.col for ref in texts)
    merges: dict[Ref, Area] = {}
    for top, left, last_row, last_col in sheet.merges:
        if top <= bottom and left <= right:
            merges[Ref(top, left)] = Area(top, left, min(last_row, bottom), min(last_col, right))
    limit_cells(sum(area.bottom - area.top + 1 for area in merges.values()), name)
    for covered in _covered(texts, merges):
        del texts[covered]
    refs = sorted(texts.keys() | merges.keys())
    areas = [merges.get(ref, Area(*ref, *ref)) for ref in refs]
    rows = _closed_up({row for area in areas for row in (area.top, area.bottom)})
    cols = _closed_up({col for area in areas for col in (area.left, area.right)})
    return [
        Cell(
            rows[area.top],
            cols[area.left],
            texts.get(ref, ""),
            rows[area.bottom] - rows[area.top] + 1,
            cols[area.right] - cols[area.left] + 1,
            ref_text(ref),
        )
        for ref, area in zip(refs, areas, strict=True)
    ]


def _covered(texts: Mapping[Ref, str], merges: Mapping[Ref, Area]) -> list[Ref]:
    by_row: dict[int, list[Area]] = {}
    for area in merges.values():
        for row in range(area.top, area.bottom + 1):
            by_row.setdefault(row, []).append(area)
    return [
        ref
        for ref in texts
        if any(area.contains(ref) and ref != (area.top, area.left) for area in by_row.get(ref.row, ()))
    ]


def _closed_up(numbers: Collection[int]) -> dict[int, int]:
    """Positions from 0 in the same order, with long gaps shortened."""
    places: dict[int, int] = {}
    at, last = -1, 0
    for number in sorted(numbers):
        at += min(number - last, GAP + 1)
        places[number], last = at, number
    return places
