"""Workbooks (.xlsx and .xlsm, and what the reader of .xls finds): what their cells show, sheet by sheet.

A sheet with filled cells side by side is one table; what it holds besides (titles, 单位：万元) stands in that table.
What a sheet does not show is no part of it and listed: hidden sheets, rows and columns, what a merged cell covers. Our
首页 and the counters that belong to it repeat what others say, and are passed over.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from xlperf.errors import DocumentError
from xlperf.form.record import shortened
from xlperf.labels.blocks import Aside, Block, Cell, Document, Paragraph, Table, note_of, tidy, told_asides
from xlperf.labels.reading import Passage
from xlperf.package import Area, CellKind, Ref, Workbook, parse_ref, ref_text
from xlperf.package import Cell as StoredCell
from xlperf.package.budget import Budget, Of
from xlperf.package.numbers import shown_number
from xlperf.package.richtext import Run, Shown, shown
from xlperf.workbook.binding import Place
from xlperf.workbook.following import is_counter, is_home
from xlperf.workbook.unseen import Visible, take_covered, take_hidden

_LONGEST = 120
_MOST_BLANKS = 100_000
_BEFORE, _AFTER = "工作表“", "”"
_EMPTY = "所有工作表都是空的，请检查是否选错了文件。"
_NOTHING_SHOWN = "有内容的工作表、行和列都是隐藏的，没有读入。请取消隐藏，保存后再导入。"
GAP = 10  # empty rows or columns in a row that are kept; a stray cell at the edge of a sheet makes no giant


class Sheet(NamedTuple):
    """What the readers of both formats find on a sheet; rows and columns count from 1."""

    title: str
    hidden: bool
    texts: Mapping[Ref, Shown]
    merges: Collection[Area]
    remarks: tuple[str, ...] = ()
    hidden_rows: Collection[int] = ()
    hidden_cols: Collection[int] = ()


def read_sheets(blob: bytes, name: str) -> Document:
    return as_document(Workbook.open(blob, name))


def as_document(book: Workbook, *, with_blanks: bool = False) -> Document:
    """What a workbook shows; with the blank cells between the others, where somebody wants to know of them."""
    sheets = [_sheet(book, title) for title in book.sheets if not is_home(book.cells(title))]
    return document(book.name, sheets, with_blanks=with_blanks)


def place_of(name: str, place: str) -> Place:
    """The cell that a reading of the document calls `name 工作表“X” B3`."""
    table, _, ref = place.removeprefix(f"{name} ").rpartition(" ")
    return Place(title_of(table), parse_ref(ref))


def address_of(name: str, place: str) -> str:
    """The same as a user types it into the name box; "" of a place that is no cell."""
    try:
        return place_of(name, place).address
    except ValueError:
        return ""


def title_of(place: str) -> str:
    """The title in 工作表“X”, or in 工作表“X” B3."""
    return place.removeprefix(_BEFORE).rpartition(_AFTER)[0]


def _sheet(book: Workbook, title: str) -> Sheet:
    cells = book.cells(title)
    Budget(book.name).limit(Of.CELLS, len(cells))
    texts, coarse, uncounted = dict[Ref, Shown](), list[str](), list[str]()
    runs = book.rich_texts(title)
    struck = {style: book.is_struck(cell) for style, cell in {cell.style: cell for cell in cells.values()}.items()}
    for ref, cell in cells.items():
        if is_counter(cell.formula):
            continue
        text, is_coarse = _text(book, cell)
        texts[ref] = shown(runs.get(ref, (Run(text),)), struck=struck[cell.style])
        if is_coarse:
            coarse.append(f"{ref_text(ref)} 显示 {text}，存的是 {cell.text}")
        if cell.formula is not None and cell.kind is CellKind.BLANK:
            uncounted.append(ref_text(ref))
    remarks = coarse_remarks(title, coarse)
    if uncounted:
        remarks += (
            f"工作表“{title}”有 {len(uncounted)} 个公式还没有算出的值（如 {uncounted[0]}），按空白读入；"
            "请用 Excel 或 WPS 打开并保存一次后再导入。",
        )
    is_hidden = book.hidden_state(title) != "visible"
    return Sheet(title, is_hidden, texts, book.merges(title), remarks, book.hidden_rows(title), book.hidden_cols(title))


def _text(book: Workbook, cell: StoredCell) -> tuple[str, bool]:
    if cell.kind is CellKind.NUMBER:
        try:
            return shown_number(cell.text, book.number_format(cell), since_1904=book.since_1904)
        except ValueError:  # 1e999: stored, but no number
            return cell.text, False
    if cell.kind is CellKind.BOOL:
        return "TRUE" if cell.text == "1" else "FALSE", False
    return cell.text, False


def coarse_remarks(title: str, coarse: list[str]) -> tuple[str, ...]:
    if not coarse:
        return ()
    return (f"工作表“{title}”有 {len(coarse)} 个数显示的小数比存的少（如 {coarse[0]}），按显示的读入，请核对。",)


def document(name: str, sheets: Iterable[Sheet], *, with_blanks: bool = False) -> Document:
    """The sheets in the order of their tabs, without those that are hidden."""
    blocks: list[Block] = []
    remarks: list[str] = []
    left: list[Passage] = []
    budget = Budget(name)
    for sheet in sheets:
        cells, unseen = _cells(sheet, budget, with_blanks)
        budget.spend(Of.CELLS, len(cells))
        if sheet.hidden:
            if any(cell.text for cell in cells):
                left.append(_hidden(sheet, cells))
            continue
        if cells:
            blocks += _blocks(sheet.title, cells)
        remarks += sheet.remarks
        asides = [
            Aside(f"{_titled(sheet)} {ref_text(ref)}", each)
            for ref, found in sheet.texts.items()
            for each in found.left_out
        ]
        told, struck = told_asides(asides)
        remarks += told
        left += [*struck, *unseen]
    if not blocks:
        raise DocumentError(f"{name}：{_NOTHING_SHOWN if left else _EMPTY}")
    return Document(name, tuple(blocks), tuple(remarks), tuple(left))


def _titled(sheet: Sheet) -> str:
    return f"{_BEFORE}{sheet.title}{_AFTER}"


def _hidden(sheet: Sheet, cells: Sequence[Cell]) -> Passage:
    text = "　".join(" ".join(cell.text.split("\n")) for cell in cells if cell.text)
    return Passage(_titled(sheet), shortened(text, _LONGEST), "工作表是隐藏的，没有读入；要用的话请取消隐藏后再导入")


def _blocks(title: str, cells: list[Cell]) -> list[Block]:
    """A sheet without two filled cells side by side holds no table but text, as 自评报告 does."""
    filled = [cell for cell in cells if cell.text]
    if len({cell.row for cell in filled}) < len(filled):
        return [Table(f"{_BEFORE}{title}{_AFTER}", tuple(cells))]
    return [Paragraph(f"工作表“{title}” {cell.place}", cell.text) for cell in filled]


def _cells(sheet: Sheet, budget: Budget, with_blanks: bool) -> tuple[list[Cell], list[Passage]]:
    """Cells that show something, and merged ones that might; and what the sheet does not show."""
    texts = {ref: text for ref, found in sheet.texts.items() if (text := tidy(found.text))}
    if not texts:
        return [], []
    bottom, right = max(ref.row for ref in texts), max(ref.col for ref in texts)
    merges: dict[Ref, Area] = {}
    for top, left, last_row, last_col in sheet.merges:
        if top <= bottom and left <= right:
            merges[Ref(top, left)] = Area(top, left, min(last_row, bottom), min(last_col, right))
    budget.limit(Of.CELLS, sum(area.bottom - area.top + 1 for area in merges.values()))
    budget.limit(Of.COLUMNS, max(Counter(row for row, _ in texts.keys() | merges.keys()).values()))
    visible = Visible(sheet.hidden_rows, sheet.hidden_cols)
    unseen = [*take_covered(texts, merges, _titled(sheet)), *take_hidden(texts, merges, visible, _titled(sheet))]
    refs = sorted(texts.keys() | merges.keys() | (_blanks(texts, merges) if with_blanks else set()))
    areas = [visible.place(merges.get(ref, Area(*ref, *ref))) for ref in refs]
    rows = _closed_up({row for area in areas for row in (area.top, area.bottom)})
    cols = _closed_up({col for area in areas for col in (area.left, area.right)})
    cells = [
        Cell(
            rows[area.top],
            cols[area.left],
            texts.get(ref, ""),
            rows[area.bottom] - rows[area.top] + 1,
            cols[area.right] - cols[area.left] + 1,
            ref_text(ref),
            note_of(sheet.texts[ref].left_out) if ref in texts else "",
        )
        for ref, area in zip(refs, areas, strict=True)
    ]
    return cells, unseen


def _blanks(texts: Mapping[Ref, str], merges: Mapping[Ref, Area]) -> set[Ref]:
    """The blank cells of rows and columns that hold something, no part of a merged one; none of a giant sheet."""
    rows, cols = {ref.row for ref in texts}, {ref.col for ref in texts}
    if len(rows) * len(cols) > _MOST_BLANKS:
        return set()
    covered = {
        (row, col)
        for area in merges.values()
        for row in range(area.top, area.bottom + 1)
        for col in range(area.left, area.right + 1)
    }
    return {Ref(row, col) for row in rows for col in cols if (row, col) not in covered and Ref(row, col) not in texts}


def _closed_up(numbers: Collection[int]) -> dict[int, int]:
    """Positions from 0 in the same order, with long gaps shortened."""
    places: dict[int, int] = {}
    at, last = -1, 0
    for number in sorted(numbers):
        at += min(number - last, GAP + 1)
        places[number], last = at, number
    return places
