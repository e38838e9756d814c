"""The sheets that are ours alone and list something: 审核结果, 沿用核对, 导入记录, 核对清单, 审核佐证清单, 报告对照.

Each has lines that say what it is, a line of headings, and rows; the address in a row's column 位置 leads to that cell.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple, Protocol

from xlperf.errors import WorkbookError
from xlperf.package import Area, Cell, Ref, Value
from xlperf.package.look import Layout, Look, Rule, beginning_with, leading_to_cells
from xlperf.workbook.shades import HEADING

PLACE = "位置"


class Column(NamedTuple):
    """A column: its heading and its width in characters."""

    title: str
    width: int


class Formula(NamedTuple):
    """A cell that a formula fills, with its result."""

    text: str
    result: Value


class Listing(NamedTuple):
    """What a list is like: its sheet, its columns, the lines above the headings; do the cells below wrap their text?

    `cleared`: what stands on the sheet once the list is gone and the sheet could not be taken away with it. `printed`:
    so many columns are printed, if not all. `colors`: by how the cell of the first column begins. `former`: the
    headings of earlier versions.
    """

    sheet: str
    columns: tuple[Column, ...]
    above: tuple[str, ...] = ()
    wraps: bool = True
    cleared: str = ""
    printed: int = 0
    colors: Mapping[str, str] = MappingProxyType({})
    former: tuple[tuple[str, ...], ...] = ()

    @property
    def titles(self) -> list[str]:
        return [column.title for column in self.columns]

    @property
    def head(self) -> int:
        """The row of the headings."""
        return len(self.above) + 1

    def column(self, title: str) -> int:
        """The number of the column with this heading, from 1."""
        return self.titles.index(title) + 1

    def rules(self, head: int) -> Iterator[Rule]:
        """What is coloured below the headings, wherever these stand."""
        for sign, color in self.colors.items():
            yield beginning_with(1, head, sign, Look(color))

    def layout(self, filtered: int) -> Layout:
        """Of its sheet, where that is new."""
        heading = Area(self.head, 1, self.head, len(self.columns))
        rules = (
            Rule(heading, "TRUE", Look(HEADING, style="bold")),
            *self.rules(self.head),
            leading_to_cells(self.column(PLACE), self.head),
        )
        widths = tuple(column.width for column in self.columns)
        return Layout(widths, self.head, self.printed, filtered and self.head + filtered, rules)


Line = Sequence[Value | Formula]


class ListingBook(Protocol):
    """What a list needs of a workbook: a file is one (`package.Workbook`), a workbook open in Excel another."""

    @property
    def sheets(self) -> tuple[str, ...]: ...
    def cells(self, sheet: str) -> Mapping[Ref, Cell]: ...
    def write(self, sheet: str, ref: Ref, value: Value, *, formula: str | None = None, wrap: bool = False) -> None: ...
    def set_rows(self, sheet: str, first_row: int, rows: Sequence[Sequence[Value]]) -> None: ...
    def set_links(self, sheet: str, links: Mapping[Ref, str]) -> None: ...
    def add_blank_sheet(self, title: str, layout: Layout) -> None: ...
    def remove_sheet(self, title: str) -> None: ...


def add_sheet(book: ListingBook, listing: Listing, filtered: int = 0) -> None:
    """A sheet for the list, the last of the workbook; so many of its rows can be filtered by what is in them."""
    book.add_blank_sheet(listing.sheet, listing.layout(filtered))


def write_list(book: ListingBook, listing: Listing, rows: Sequence[Line], places: Sequence[str]) -> None:
    """All of the list, on a sheet that holds nothing; None is no cell. `places` are those of the first rows, or ""."""
    lines: list[Line] = [*([text] for text in listing.above), listing.titles, *rows]
    for number, line in enumerate(lines, 1):
        for column, cell in enumerate(line, 1):
            value, formula = (cell.result, cell.text) if isinstance(cell, Formula) else (cell, None)
            if value is not None:
                wrap = listing.wraps and len(line) > 1
                book.write(listing.sheet, Ref(number, column), value, formula=formula, wrap=wrap)
    lead_to(book, listing.sheet, Ref(listing.head + 1, listing.column(PLACE)), places)


class NamedBook(ListingBook, Protocol):
    """What is said of a list that cannot be written names the workbook."""

    name: str


def has_list(book: ListingBook, listing: Listing) -> bool:
    """Is the list there, as we write or wrote it? Somebody else's sheet of that name has other headings."""
    cells = book.cells(listing.sheet) if listing.sheet in book.sheets else {}
    found = tuple(cells[ref].text for ref in sorted(cells) if ref.row == listing.head)
    return found in (tuple(listing.titles), *listing.former)


def renew_list(book: NamedBook, listing: Listing, rows: Sequence[Line], places: Sequence[str]) -> None:
    """The list anew, on a sheet that is added if there is none; see `write_list`.

    Raises `WorkbookError` where somebody else's sheet bears its name.
    """
    if listing.sheet not in book.sheets:
        add_sheet(book, listing)
    elif has_list(book, listing) or _is_cleared(book, listing):
        book.set_rows(listing.sheet, 1, [])
    else:
        raise WorkbookError(f"{book.name}：已有一张名为“{listing.sheet}”的表，不是审核写的。请给那张表改名后再试。")
    write_list(book, listing, rows, places)


def _is_cleared(book: ListingBook, listing: Listing) -> bool:
    return [cell.text for cell in book.cells(listing.sheet).values()] == [listing.cleared] * bool(listing.cleared)


def clear_list(book: ListingBook, listing: Listing) -> None:
    """Take away the list, if it is there."""
    if has_list(book, listing):
        remove_list(book, listing.sheet, 1, [[listing.cleared]] if listing.cleared else ())


def lead_to(book: ListingBook, sheet: str, first: Ref, places: Sequence[str]) -> None:
    """Have the cells from `first` down lead to the addresses they show."""
    book.set_links(sheet, {Ref(first.row + index, first.col): at for index, at in enumerate(places) if at})


def remove_list(book: ListingBook, sheet: str, first_row: int, rest: Sequence[Sequence[Value]] = ()) -> None:
    """Take away a sheet that we added; where others follow, whose numbers would change, empty it instead."""
    if book.sheets[-1] == sheet:
        book.remove_sheet(sheet)
    else:
        empty_list(book, sheet, first_row, rest)


def empty_list(book: ListingBook, sheet: str, first_row: int, rest: Sequence[Sequence[Value]] = ()) -> None:
    """Take away the rows from `first_row` on, and every link."""
    book.set_rows(sheet, first_row, rest)
    book.set_links(sheet, {})
