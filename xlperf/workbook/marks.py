"""Marks: tagged highlights, notes and the sheet 审核结果. Nothing here touches a cell's style or an input."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Protocol

from xlperf.audit.groups import Group, told
from xlperf.audit.run import Report, not_run_text
from xlperf.checks.catalog import RULES
from xlperf.checks.rule import Finding, Severity
from xlperf.form.record import brief, shortened
from xlperf.form.sources import cite
from xlperf.package import Area, Ref, split_reference
from xlperf.package.xmltext import MAX_TEXT
from xlperf.text import expression
from xlperf.workbook.audited import UNREAD, Audited, unread_text
from xlperf.workbook.checklist import clear_checklist
from xlperf.workbook.explained import (
    CHANGED,
    GONE,
    LONGEST_SHOWN,
    Answer,
    Explained,
    Explanation,
    Explanations,
    explain,
    shown_in,
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
AUTHOR = "xlperf"
TAG = "xlperf"
GROUP_CODE = "归因"  # stands in the column of codes where a row speaks for several findings
# Excel names its user as the author of every note, so ours are known by how they begin, too.
OUR_NOTE = expression(rf"【(?:{'|'.join(severity.text for severity in Severity)}) XLP\d{{3}}】")
COLORS = {Severity.ERROR: "FFC7CE", Severity.WARNING: "FFEB9C", Severity.INFO: "D9EAD3"}
COLUMNS = (
    Column("序号", 5),
    Column("级别", 5),
    Column("代码", 8),
    Column("问题", 16),
    Column(PLACE, 14),
    Column("项目", 18),
    Column("填报数", 10),
    Column("应为", 10),
    Column("说明", 44),
    Column("建议", 24),
    Column("依据", 18),
    Column("审核说明（请在此填写）", 20),
    Column("状态", 8),
)
RESULTS = Listing(RESULTS_SHEET, COLUMNS)
_CODE, _PLACE, _ITEM, _SHOWN, _MESSAGE, _ADVICE = (
    RESULTS.titles.index(title) for title in ("代码", PLACE, "项目", "填报数", "说明", "建议")
)
_EXPLANATION, _STATUS = len(COLUMNS) - 2, len(COLUMNS) - 1
_TITLE = RESULTS.titles.index("问题")
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
    """The rows of 审核结果 as an earlier audit wrote them and the user left them."""
    return tuple(
        Explanation(
            code=texts[_CODE],
            place=texts[_PLACE],
            item=texts[_ITEM],
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


def _results(book: MarkedBook) -> Iterator[tuple[str, ...]]:
    """The texts of each row below the headings."""
    place = _results_place(book)
    if place is None:
        return
    sheet, head = place
    cells = book.cells(sheet)
    for row in sorted({ref.row for ref in cells if ref.row > head.bottom}):
        refs = [Ref(row, head.left + offset) for offset in range(len(COLUMNS))]
        yield tuple(cells[ref].text if ref in cells else "" for ref in refs)


def write_marks(book: MarkedBook, audited: Sequence[Audited]) -> None:
    """Replace all earlier marks by those of these audits, one a form of the workbook."""
    by_cell: dict[str, dict[Ref, list[Finding]]] = defaultdict(lambda: defaultdict(list))
    for finding in (finding for each in audited for finding in each.report.findings):
        sheet, ref = split_reference(finding.at)
        by_cell[sheet][ref].append(finding)
    results, head = _results_place(book) or _add_results(book)
    for sheet in book.sheets:
        if sheet == results:
            continue
        cells = by_cell.get(sheet, {})
        fills: dict[str, list[Ref]] = {color: [] for color in COLORS.values()}
        for ref, findings in cells.items():
            worst = min(findings, key=lambda finding: finding.severity.rank)
            fills[COLORS[worst.severity]].append(ref)
        book.set_highlights(sheet, TAG, fills)
        book.set_notes(sheet, AUTHOR, {ref: _note(findings) for ref, findings in cells.items()}, OUR_NOTE)
    rows, places = _rows(audited)
    unread, at = _unread_rows(book, audited)
    rows, places = [*rows, *unread], [*places, *[""] * (len(rows) - len(places)), *at]
    if _is_added(book, results):
        book.set_rows(results, 1, [])
        write_list(book, RESULTS, rows, places)
    else:
        book.set_rows(results, head.bottom + 1, rows)
        lead_to(book, results, Ref(head.bottom + 1, head.left + _PLACE), places)


def clear_marks(book: MarkedBook, *, keep_explanations: bool = False) -> None:
    """Take away every mark, the list of findings included, but for the rows beside which somebody wrote, if wanted."""
    clear_checklist(book)
    place = _results_place(book)
    kept = [list(row) for row in _results(book) if row[_EXPLANATION].strip()] if keep_explanations else []
    for sheet in book.sheets:
        if place is None or sheet != place[0]:
            book.set_highlights(sheet, TAG, {})
            book.set_notes(sheet, AUTHOR, {}, OUR_NOTE)
    if place is not None:
        results, head = place
        take_away = remove_list if _is_added(book, results) and not kept else empty_list
        take_away(book, results, head.bottom + 1, kept)


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
    said = "\n".join(f"【{finding.severity.text} {finding.code}】{finding.message}" for finding in findings)
    return shortened(said, MAX_TEXT)


def _rows(audited: Sequence[Audited]) -> tuple[list[Row], list[str]]:
    """One row a finding, with the address it links to; findings of one reason stand numbered under a row for it.

    An explanation whose finding is gone stays below, so that nothing written is lost.
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
        number += len(tuple(each.report.items()))
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
    return [*[""] * _TITLE, text, *[""] * (len(COLUMNS) - _TITLE - 1)]


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
    """The rows of a form, numbered on, their addresses, and the explanations whose finding is gone."""
    report, explanations = audited.report, audited.explanations
    rows: list[Row] = []
    places: list[str] = []
    explained = explain(report, explanations)
    of_groups = {row.item: row for row in explained.left if row.code == GROUP_CODE}
    kept: list[Explanation] = [row for row in explained.left if row.code != GROUP_CODE]
    at = 0  # in the report's findings
    for number, (group, findings) in enumerate(report.items(), before + 1):
        together = group is not None and len(findings) > 1
        if group is not None and together:
            row = _group_row(group, findings, report)
            explanation = of_groups.pop(row[_ITEM - 1], None)
            rows.append([Decimal(number), *row, explanation.text if explanation else "", "待改正"])
            places.append(row[_PLACE - 1])
        for position, finding in enumerate(findings, 1):
            own = f"{number}-{position}" if together else Decimal(number)
            rows.append([own, *_finding_row(finding, report, explained.answers.get(at))])
            rows[-1] += _settling(at, finding, explained)
            places.append(finding.at)
            at += 1
    return rows, places, [[*row.row[: _EXPLANATION + 1], GONE] for row in (*kept, *of_groups.values())]


def _group_row(group: Group, findings: Sequence[Finding], report: Report) -> list[str]:
    """What the findings below have in common: the cell to blame."""
    suspect = group.suspects[0]
    cell = report.record[suspect.keys[0]]
    worst = min((finding.severity for finding in findings), key=lambda each: each.rank)
    return [
        worst.text,
        GROUP_CODE,
        f"同一原因引起以下 {len(findings)} 项",
        suspect.cells[0],
        cell.label,
        shortened(cell.shown, LONGEST_SHOWN),
        suspect.values[0] if group.culprit is not None else "",
        brief(told(group, report.record.stated)),
        "先核对并改正这里，以下各项会随之消除。",
        "",
    ]


def _finding_row(finding: Finding, report: Report, answer: Answer | None) -> list[str]:
    cell = report.record[finding.key]
    rule = RULES[finding.code]
    reminder = answer.reminder if answer else ""
    return [
        finding.severity.text,
        finding.code,
        rule.titled(report.record.template),
        finding.at,
        cell.label,
        shown_in(finding, report),
        finding.fix.value if finding.fix and finding.fix.at == finding.at else "",
        finding.message,
        reminder + _advice(finding, rule.docs(report.record.template)["改法"]),
        "；".join(cite(source).name for source in finding.cites),
    ]


def _settling(number: int, finding: Finding, explained: Explained) -> tuple[str, str]:
    """What the user wrote, and where the finding stands."""
    answer = explained.answers.get(number)
    text = answer.text if answer else ""
    if finding.severity is Severity.ERROR:
        return text, "待改正"
    if finding.severity is Severity.INFO:
        return text, "提示"
    if answer is None or not answer.given:
        return text, "待说明"
    return text, "已说明" if answer.holds else CHANGED


def _advice(finding: Finding, remedy: str) -> str:
    fix = finding.fix
    if fix and fix.safe:
        return f"用“填充”写入 {fix.value}。{remedy}"
    if fix and fix.at != finding.at:
        return f"核对 {fix.at}，应为 {fix.value}。{remedy}"
    return remedy
