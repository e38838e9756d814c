"""Marks: tagged highlights, notes and the sheet 审核结果. Nothing here touches a cell's style or an input."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Protocol

from xlperf.audit.items import Item
from xlperf.audit.run import Report, not_run_text
from xlperf.checks.catalog import RULES
from xlperf.checks.rule import OUR_REMARK, Finding, Severity
from xlperf.form.record import brief, shortened
from xlperf.form.sources import cite
from xlperf.package import Area, Ref, Workbook, split_reference
from xlperf.package.look import Look
from xlperf.package.xmltext import MAX_TEXT
from xlperf.workbook.audited import UNREAD, Audited, unread_text
from xlperf.workbook.checklist import clear_checklist
from xlperf.workbook.explained import (
    GONE,
    Explained,
    Explanation,
    Explanations,
    explain,
    lines_of,
    shown_in,
    told_of,
)
from xlperf.workbook.listing import (
    PLACE,
    Column,
    Listing,
    ListingBook,
    add_sheet,
    empty_list,
    lead_to,
    remove_list,
    write_list,
)

RESULTS_SHEET = "审核结果"
RESULTS_NAME = "xp_findings"
AUTHOR = "xlperf"  # of notes; Excel names its user instead
TAG = "xlperf"
# Told apart by those who do not tell red from green, and in grey: the darker, the graver.
COLORS = {Severity.ERROR: "E57373", Severity.WARNING: "FFEB84", Severity.INFO: "BDD7EE"}
# In the form a cell with an error has a frame besides, which stays on black and white paper.
_LOOKS = {severity: Look(color).code for severity, color in COLORS.items()}
_LOOKS[Severity.ERROR] = Look(COLORS[Severity.ERROR], frame="9C0006").code
# What is read and written stands in sight at 1366 pixels; what is looked up stands to the right of it.
COLUMNS = (
    Column("级别", 7),
    Column(PLACE, 16),
    Column("问题与说明", 62),
    Column("填报数", 12),
    Column("应为", 12),
    Column("审核说明（请在此填写）", 34),
    Column("状态", 10),
    Column("序号", 6),
    Column("问题", 22),
    Column("项目", 26),
    Column("建议", 46),
    Column("代码", 9),
    Column("依据", 30),
)
IN_SIGHT = 7  # columns that are printed
RESULTS = Listing(
    RESULTS_SHEET,
    COLUMNS,
    printed=IN_SIGHT,
    colors={severity.sign: color for severity, color in COLORS.items()},
)
_FORMER = {"问题与说明": "说明"}  # headings of earlier versions
_CODE, _PLACE, _CELL, _SHOWN, _MESSAGE, _ADVICE, _EXPLANATION, _STATUS, _TITLE, _LEVEL = (
    RESULTS.titles.index(title)
    for title in (
        *("代码", PLACE, "项目", "填报数", "问题与说明", "建议", "审核说明（请在此填写）", "状态", "问题", "级别"),
    )
)
_NOT_COMPARED = "没有核对"
Row = list[Decimal | str]
_ADDED = RESULTS_SHEET, Area(1, 1, 1, len(COLUMNS))


class MarkedBook(ListingBook, Protocol):
    """What marks need of a workbook."""

    name: str

    @property
    def names(self) -> tuple[tuple[str, str, Area], ...]: ...
    def set_highlights(self, sheet: str, tag: str, fills: Mapping[str, Collection[Ref]]) -> None: ...
    def set_notes(
        self, sheet: str, author: str, notes: Mapping[Ref, str], known_by: re.Pattern[str] | None = None
    ) -> frozenset[Ref]: ...


def explanations_in(book: MarkedBook) -> Explanations:
    """What the rows of 审核结果 say of each finding, as an earlier audit wrote them and the user left them."""
    rows = (
        Explanation(
            code=texts[_CODE],
            place=texts[_PLACE],
            item=texts[_CELL],
            shown=texts[_SHOWN],
            message=texts[_MESSAGE],
            advice=texts[_ADVICE],
            text=texts[_EXPLANATION],
            status=texts[_STATUS],
            row=texts,
        )
        for texts in _results(book)
        if texts[_CODE]
    )
    return tuple(each for row in rows for each in row.of_each())


def _results(book: MarkedBook) -> Iterator[tuple[str, ...]]:
    """The texts of each row below the headings, in the order of `COLUMNS`, whichever order the sheet has."""
    place = _results_place(book)
    if place is None:
        return
    sheet, head = place
    cells = book.cells(sheet)
    columns = _columns(book, sheet, head)
    for row in sorted({ref.row for ref in cells if ref.row > head.bottom}):
        refs = [Ref(row, column) for column in columns]
        yield tuple(cells[ref].text if ref in cells else "" for ref in refs)


def _columns(book: MarkedBook, sheet: str, head: Area) -> list[int]:
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
    known = _results_place(book)
    results, head = known or _add_results(book)
    columns = _columns(book, *known) if known else _own_columns(head)
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
    rows, places = _rows(audited)
    unread, at = _unread_rows(book, audited)
    rows, places = [*rows, *unread], [*places, *[""] * (len(rows) - len(places)), *at]
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
        lead_to(book, results, Ref(head.bottom + 1, columns[_PLACE]), places)


def _level(severity: Severity) -> str:
    return f"{severity.sign} {severity.text}"


def _arranged(row: Row, columns: Sequence[int]) -> Row:
    """A row in the order of columns that its sheet has."""
    by_column = dict(zip(columns, row, strict=False))
    return [by_column.get(column, "") for column in range(1, max(columns) + 1)]


def clear_marks(book: MarkedBook, *, keep_explanations: bool = False) -> None:
    """Take away every mark, the list of findings included, but for the rows beside which somebody wrote, if wanted."""
    clear_checklist(book)
    place = _results_place(book)
    kept: list[Row] = [[*row] for row in _results(book) if keep_explanations and row[_EXPLANATION].strip()]
    for sheet in book.sheets:
        if place is None or sheet != place[0]:
            book.set_highlights(sheet, TAG, {})
            book.set_notes(sheet, AUTHOR, {}, OUR_REMARK)
    if place is not None:
        results, head = place
        columns = _columns(book, results, head)
        take_away = remove_list if _is_added(book, results) and not kept else empty_list
        take_away(book, results, head.bottom + 1, [_arranged(row, columns) for row in kept])


def _results_place(book: MarkedBook) -> tuple[str, Area] | None:
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


def _rows(audited: Sequence[Audited]) -> tuple[list[Row], list[str]]:
    """One row an item, with the address it links to.

    An explanation whose findings are gone stays below, so that nothing written is lost.
    """
    rows: list[Row] = []
    places: list[str] = []
    gone: list[Row] = []
    number = 0
    for each in audited:
        own, at, kept = _rows_of(each, number)
        rows += own
        places += at
        gone += kept
        number += len(own)
    rows += gone
    unread = unread_text(sum(len(each.left) for each in audited))
    told = f"另有 {unread}，列在下面" if unread else ""
    if not rows:
        not_run = [each for audit in audited for each in audit.report.not_run]
        said = ("未发现问题", not_run_text(not_run) if not_run else "", told)
        return [_line("；".join(filter(None, said)))], [""]
    return ([_line(told), *rows], ["", *places]) if told else (rows, places)


def _line(text: str) -> Row:
    """A row that is no finding."""
    return [text if column == _MESSAGE else "" for column in range(len(COLUMNS))]


def _unread_rows(book: MarkedBook, audited: Sequence[Audited]) -> tuple[list[Row], list[str]]:
    """What nobody compared, with its place and what the user wrote beside it before, and the addresses it links to."""
    left = [passage for each in audited for passage in each.left]
    if not left:
        return [], []
    from xlperf.workbook.sheets import address_of  # only where it is wanted: start-up is felt

    written = _written_beside(book)
    rows, places = [_line(f"{UNREAD}的内容")], [""]
    for passage in left:
        address = address_of(book.name, passage.place)
        row = _line("")
        row[_PLACE] = address or passage.place.removeprefix(f"{book.name} ").removeprefix(book.name)
        row[_MESSAGE] = brief(f"{passage.text}（{passage.reason}）")
        row[_EXPLANATION] = written.get((row[_PLACE], row[_MESSAGE]), "")
        row[_STATUS] = _NOT_COMPARED
        rows.append(row)
        places.append(address)
    return rows, places


def _written_beside(book: MarkedBook) -> Mapping[tuple[Decimal | str, Decimal | str], str]:
    """By place and text, what the user wrote beside what an earlier audit did not understand."""
    return {(row[_PLACE], row[_MESSAGE]): row[_EXPLANATION] for row in _results(book) if row[_STATUS] == _NOT_COMPARED}


def _rows_of(audited: Audited, before: int) -> tuple[list[Row], list[str], list[Row]]:
    """The rows of a form, numbered on, their addresses, and the explanations whose findings are gone."""
    report = audited.report
    explained = explain(report, audited.explanations)
    items = report.items()
    rows = [_row(number, item, report, explained) for number, item in enumerate(items, before + 1)]
    gone = [_gone(row, report) for row in explained.left]
    return rows, [item.at[0] for item in items], gone


def _row(number: int, item: Item, report: Report, explained: Explained) -> Row:
    """An item: what is said of each of its findings stands in a line of its own."""
    findings = item.findings
    return [
        _level(item.severity),
        item.at[0],
        told_of(item),
        _lines(shown_in(each, report) for each in findings),
        _expected(item),
        explained.text_of(item),
        explained.standing(item).text,
        Decimal(number),
        item.title,
        lines_of(report.record[each.key].label for each in findings),
        explained.reminder(item) + "\n".join(dict.fromkeys(_advices(item, report))),
        lines_of(each.code for each in findings),
        "；".join(dict.fromkeys(cite(source).name for each in findings for source in each.cites)),
    ]


def _gone(left: Explanation, report: Report) -> Row:
    """What was written about something that is not found any more."""
    if left.row:
        return [GONE if column == _STATUS else text for column, text in enumerate(left.row)]
    rule = RULES.get(left.code)
    said = {
        **{
            _CODE: left.code,
            _TITLE: rule.titled(report.record.template) if rule else "",
            _PLACE: left.place,
            _CELL: left.item,
        },
        **{_SHOWN: left.shown, _MESSAGE: left.message, _EXPLANATION: left.text, _STATUS: GONE},
    }
    return [said.get(column, "") for column in range(len(COLUMNS))]


def _lines(texts: Iterable[str]) -> str:
    """A line each; of a single text that is blank, none."""
    told = list(texts)
    return lines_of(told) if len(told) > 1 else told[0]


def _expected(item: Item) -> str:
    """What would settle it: in the cell to blame where one stands out, otherwise in each cell of which it is known."""
    if item.group is not None:
        return item.group.suspects[0].values[0] if item.group.culprit is not None else ""
    values = [each.fix.value if each.fix and each.fix.at == each.at else "" for each in item.findings]
    return _lines(value or "——" for value in values) if len(values) > 1 and any(values) else values[0]


def _advices(item: Item, report: Report) -> Iterator[str]:
    if item.group is not None:
        yield "先核对并改正这里，以下各项会随之消除。"
        return
    for finding in item.findings:
        yield _advice(finding, RULES[finding.code].docs(report.record.template)["改法"])


def _advice(finding: Finding, remedy: str) -> str:
    fix = finding.fix
    if fix and fix.safe:
        return f"用“填充”写入 {fix.value}。{remedy}"
    if fix and fix.at != finding.at:
        return f"核对 {fix.at}，应为 {fix.value}。{remedy}"
    return remedy
