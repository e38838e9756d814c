"""Marks: tagged highlights, notes and the sheet 审核结果. Nothing here touches a cell's style or an input."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Protocol

from xlperf.checks.rule import OUR_REMARK, Finding, Severity
from xlperf.form.record import shortened
from xlperf.package import Area, Cell, Ref, Workbook, split_reference
from xlperf.package.look import Look
from xlperf.package.xmltext import MAX_TEXT
from xlperf.workbook.audited import Audited
from xlperf.workbook.checklist import clear_checklist
from xlperf.workbook.explained import Explanation, Explanations
from xlperf.workbook.listing import ListingBook, add_sheet, empty_list, lead_to, remove_list, write_list
from xlperf.workbook.result_rows import (
    ADVICE,
    AT,
    CODE,
    COLORS,
    COLUMNS,
    EXPLANATION,
    ITEM,
    MESSAGE,
    NOT_COMPARED,
    RESULTS,
    RESULTS_SHEET,
    SHOWN,
    STATUS,
    Row,
    rows_of,
    whole_rows,
)

RESULTS_NAME = "xp_findings"
AUTHOR = "xlperf"  # of notes; Excel names its user instead
TAG = "xlperf"
# In the form a cell with an error has a frame besides, which stays on black and white paper.
_LOOKS = {severity: Look(color).code for severity, color in COLORS.items()}
_LOOKS[Severity.ERROR] = Look(COLORS[Severity.ERROR], frame="9C0006").code
_FORMER = {"问题与说明": "说明"}  # headings of earlier versions
_ADDED = RESULTS_SHEET, Area(1, 1, 1, len(COLUMNS))


class ResultsBook(Protocol):
    """What it takes to read the list of findings."""

    @property
    def sheets(self) -> tuple[str, ...]: ...
    @property
    def names(self) -> tuple[tuple[str, str, Area], ...]: ...
    def cells(self, sheet: str) -> Mapping[Ref, Cell]: ...


class MarkedBook(ListingBook, ResultsBook, Protocol):
    """What marks need of a workbook."""

    name: str

    def set_highlights(self, sheet: str, tag: str, fills: Mapping[str, Collection[Ref]]) -> None: ...
    def set_notes(
        self, sheet: str, author: str, notes: Mapping[Ref, str], known_by: re.Pattern[str] | None = None
    ) -> frozenset[Ref]: ...


def explanations_in(book: MarkedBook) -> Explanations:
    """What the rows of 审核结果 say of each finding, as an earlier audit wrote them and the user left them."""
    rows = (
        Explanation(
            code=texts[CODE],
            place=texts[AT],
            item=texts[ITEM],
            shown=texts[SHOWN],
            message=texts[MESSAGE],
            advice=texts[ADVICE],
            text=texts[EXPLANATION],
            status=texts[STATUS],
            row=texts,
        )
        for texts in _results(book)
        if texts[CODE]
    )
    return tuple(each for row in rows for each in row.of_each())


def _results(book: MarkedBook) -> Iterator[tuple[str, ...]]:
    """The texts of each row below the headings, in the order of `COLUMNS`, whichever order the sheet has."""
    return (tuple(row.values()) for _, row in results_rows(book))


def results_rows(book: ResultsBook) -> Iterator[tuple[int, Mapping[str, str]]]:
    """The rows of 审核结果 below the headings with their numbers: by our heading, the text, however old the list is."""
    place = results_place(book)
    if place is None:
        return
    sheet, head = place
    cells = book.cells(sheet)
    columns = columns_in(book, sheet, head)
    below = sorted({ref.row for ref in cells if ref.row > head.bottom})
    found = ((row, [Ref(row, column) for column in columns]) for row in below)
    parts = ((row, tuple(cells[ref].text if ref in cells else "" for ref in refs)) for row, refs in found)
    for row, texts in whole_rows(parts):
        yield row, dict(zip(RESULTS.titles, texts, strict=True))


def columns_in(book: ResultsBook, sheet: str, head: Area) -> list[int]:
    """Where each of `COLUMNS` stands by its heading; as we write it where the headings are not there."""
    cells = book.cells(sheet)
    found = {cell.text: ref.col for ref, cell in cells.items() if ref.row == head.bottom and cell.text}
    named = [found.get(title, found.get(_FORMER.get(title, ""))) for title in RESULTS.titles]
    return _own_columns(head) if None in named else [column for column in named if column is not None]


def _own_columns(head: Area) -> list[int]:
    return [head.left + offset for offset in range(len(COLUMNS))]


def write_marks(book: MarkedBook, audited: Sequence[Audited]) -> None:
    """Replace all earlier marks by those of these audits, one a form of the workbook."""
    by_cell: dict[str, dict[Ref, list[Finding]]] = defaultdict(lambda: defaultdict(list))
    for finding in (finding for each in audited for finding in each.report.findings):
        sheet, ref = split_reference(finding.at)
        by_cell[sheet][ref].append(finding)
    known, written = results_place(book), _written_beside(book)
    results, head = known or _add_results(book)
    columns = columns_in(book, *known) if known else _own_columns(head)
    for sheet in book.sheets:
        if sheet == results:
            continue
        cells = by_cell.get(sheet, {})
        fills: dict[str, list[Ref]] = {look: [] for look in _LOOKS.values()}
        for ref, findings in cells.items():
            worst = min(findings, key=lambda finding: finding.severity.rank)
            fills[_LOOKS[worst.severity]].append(ref)
        book.set_highlights(sheet, TAG, fills)
        book.set_notes(sheet, AUTHOR, {ref: _note(findings) for ref, findings in cells.items()}, OUR_REMARK)
    rows, places = rows_of(book.name, audited, written)
    if _is_added(book, results):
        is_former = columns != _own_columns(head)
        if is_former and isinstance(book, Workbook) and book.sheets[-1] == results:
            book.remove_sheet(results)  # its columns are as wide as an earlier version had them
            add_sheet(book, RESULTS)
        else:
            book.set_rows(results, 1, [])
        columns = _own_columns(head)
        write_list(book, RESULTS, rows, places)
    else:
        book.set_rows(results, head.bottom + 1, [_arranged(row, columns) for row in rows])
        lead_to(book, results, Ref(head.bottom + 1, columns[AT]), places)


def _arranged(row: Row, columns: Sequence[int]) -> Row:
    """A row in the order of columns that its sheet has."""
    by_column = dict(zip(columns, row, strict=False))
    return [by_column.get(column, "") for column in range(1, max(columns) + 1)]


def clear_marks(book: MarkedBook, *, keep_explanations: bool = False) -> None:
    """Take away every mark, the list of findings included, but for the rows beside which somebody wrote, if wanted."""
    clear_checklist(book)
    place = results_place(book)
    kept: list[Row] = [[*row] for row in _results(book) if keep_explanations and row[EXPLANATION].strip()]
    for sheet in book.sheets:
        if place is None or sheet != place[0]:
            book.set_highlights(sheet, TAG, {})
            book.set_notes(sheet, AUTHOR, {}, OUR_REMARK)
    if place is not None:
        results, head = place
        columns = columns_in(book, results, head)
        take_away = remove_list if _is_added(book, results) and not kept else empty_list
        take_away(book, results, head.bottom + 1, [_arranged(row, columns) for row in kept])


def results_place(book: ResultsBook) -> tuple[str, Area] | None:
    """The sheet of results and its header row: the template's own, or one that an earlier audit had to add."""
    for name, sheet, area in book.names:
        if name == RESULTS_NAME:
            return sheet, area
    return _ADDED if RESULTS_SHEET in book.sheets else None


def _is_added(book: MarkedBook, sheet: str) -> bool:
    return not any(name == RESULTS_NAME and home == sheet for name, home, _ in book.names)


def _add_results(book: MarkedBook) -> tuple[str, Area]:
    """A plain sheet where someone deleted the template's."""
    add_sheet(book, RESULTS)
    return _ADDED


def _note(findings: list[Finding]) -> str:
    said = "\n".join(f"{finding.severity.mark}{finding.message}" for finding in findings)
    return shortened(said, MAX_TEXT)


def _written_beside(book: MarkedBook) -> Mapping[tuple[Decimal | str, Decimal | str], str]:
    """By place and text, what the user wrote beside what an earlier audit did not understand."""
    return {(row[AT], row[MESSAGE]): row[EXPLANATION] for row in _results(book) if row[STATUS] == NOT_COMPARED}
