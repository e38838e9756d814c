"""What a rolled workbook took over from last year: coloured until somebody has gone over it.

The sheet 沿用核对 lists the cells with what was carried into them. A formula there says whether a cell still holds
that, and a conditional format on the cell asks it, so that the colour goes as soon as the cell is changed or the user
writes in the last column that it may stay. The formula also says where the cell is now: programs move it when rows
are inserted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple, Protocol

from xlperf.package import Cell, Ref, quoted_title, ref_text, references
from xlperf.workbook.binding import Place
from xlperf.workbook.listing import (
    PLACE,
    Column,
    Formula,
    Line,
    Listing,
    ListingBook,
    add_sheet,
    remove_list,
    write_list,
)

DRAFTS_SHEET = "沿用核对"
TAG = "xlperf 草稿"
COLOR = "E4DFEC"
WAITING, CHANGED, CONFIRMED = "待核对", "已修改", "已核对"
DRAFTS = Listing(
    DRAFTS_SHEET,
    (
        Column("序号", 6),
        Column(PLACE, 16),
        Column("项目", 32),
        Column("沿用的内容", 44),
        Column("核对情况", 10),
        Column("已核对的填“是”", 14),
    ),
    above=(
        "下列各格沿用了上年的内容（其中的年份已改到本年），在表中有浅紫色底色，请逐格核对。",
        "内容改过的，或者核对无误、在最后一栏填了“是”的，底色自动去掉；全部核对后本表可以删除。",
    ),
    wraps=False,
)
_CARRIED, _STATUS, _CONFIRMED = (DRAFTS.column(title) for title in ("沿用的内容", "核对情况", "已核对的填“是”"))
_NEW_LINE = "¶"  # stands for a new line in the list, so that a section of the report takes one row there


class DraftBook(Protocol):
    """What the marks of drafts need of a workbook."""

    @property
    def sheets(self) -> tuple[str, ...]: ...
    def cells(self, sheet: str) -> Mapping[Ref, Cell]: ...


class MarkingBook(ListingBook, Protocol):
    """And what it takes to write them."""

    def set_highlights(
        self, sheet: str, tag: str, fills: Mapping[str, Collection[Ref]], conditions: Mapping[Ref, str] | None = None
    ) -> None: ...


class Draft(NamedTuple):
    """A cell that was carried over, and what it holds."""

    place: Place
    label: str
    value: Decimal | str


def write_drafts(book: MarkingBook, drafts: Sequence[Draft]) -> None:
    """List the drafts on a sheet of their own and colour them; for a workbook that has none yet."""
    add_sheet(book, DRAFTS, len(drafts))
    rows: list[Line] = []
    conditions: dict[str, dict[Ref, str]] = {}
    for number, draft in enumerate(drafts, 1):
        status = Ref(DRAFTS.head + number, _STATUS)
        carried = _in_one_line(draft.value) if isinstance(draft.value, str) else draft.value
        asked = Formula(_status(draft.place, status.row), WAITING)
        rows.append((Decimal(number), draft.place.address, draft.label, carried, asked))
        # INDIRECT, because older programs refuse a condition that names another sheet.
        waits = f'INDIRECT("{quoted_title(DRAFTS_SHEET)}!{ref_text(status)}")="{WAITING}"'
        conditions.setdefault(draft.place.sheet, {})[draft.place.ref] = waits
    write_list(book, DRAFTS, rows, [draft.place.address for draft in drafts])
    for sheet, asked_of in conditions.items():
        book.set_highlights(sheet, TAG, {COLOR: list(asked_of)}, asked_of)


def _status(place: Place, row: int) -> str:
    carried, confirmed = (ref_text(Ref(row, column)) for column in (_CARRIED, _CONFIRMED))
    shown = f'SUBSTITUTE({place.address},CHAR(10),"{_NEW_LINE}")'
    same = f'IF(EXACT({shown},{carried}),"{WAITING}","{CHANGED}")'
    return f'IF({confirmed}<>"","{CONFIRMED}",{same})'


def _in_one_line(text: str) -> str:
    return text.replace("\n", _NEW_LINE)


def waiting_drafts(book: DraftBook) -> Iterator[Place]:
    """The cells that still hold what was carried into them, and that nobody has confirmed."""
    if DRAFTS_SHEET not in book.sheets:
        return
    listed = book.cells(DRAFTS_SHEET)
    for ref in sorted(ref for ref, cell in listed.items() if ref.col == _STATUS and cell.formula is not None):
        confirmed = listed.get(Ref(ref.row, _CONFIRMED))
        place = _place_in(listed[ref].formula or "")
        if place is None or place.sheet not in book.sheets or (confirmed is not None and confirmed.text.strip()):
            continue
        here, carried = book.cells(place.sheet).get(place.ref), listed.get(Ref(ref.row, _CARRIED))
        if here is not None and carried is not None and _in_one_line(here.text) == carried.text:
            yield place


def _place_in(formula: str) -> Place | None:
    """The cell on another sheet that a status asks about; None if it was deleted."""
    found = (each for each in references(formula) if each.area is not None and each.sheet not in ("", DRAFTS_SHEET))
    each = next(found, None)
    return None if each is None or each.area is None else Place(each.sheet, Ref(each.area.top, each.area.left))


def clear_drafts(book: MarkingBook) -> None:
    """Take away the colours and the list."""
    for sheet in book.sheets:
        book.set_highlights(sheet, TAG, {})
    if DRAFTS_SHEET in book.sheets:
        remove_list(book, DRAFTS_SHEET, 1, [["沿用上年的标记已去掉，本表可以删除。"]])
