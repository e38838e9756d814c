"""The rows of 审核结果: an item each, in the words and the order of the person who corrects and explains."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from xlperf.audit.items import Item
from xlperf.audit.run import Report, left_text
from xlperf.checks.catalog import RULES
from xlperf.checks.rule import Finding, Severity
from xlperf.form.record import brief
from xlperf.form.sources import cite
from xlperf.text import lines_in
from xlperf.workbook.audited import UNREAD, Audited, unread_text
from xlperf.workbook.explained import GONE, Explained, Explanation, explain, lines_of, numbered, shown_in, told_of
from xlperf.workbook.listing import PLACE, Column, Listing

RESULTS_SHEET = "审核结果"
# Told apart by those who do not tell red from green, and in grey: the darker, the graver.
COLORS = {Severity.ERROR: "E57373", Severity.WARNING: "FFEB84", Severity.INFO: "BDD7EE"}
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
    former=(
        (
            *("序号", "级别", "代码", "问题", PLACE, "项目", "填报数", "应为", "说明", "建议", "依据"),
            *("审核说明（请在此填写）", "状态"),
        ),
    ),
)
# Where each stands in a row, from 0.
CODE, AT, ITEM, SHOWN, MESSAGE, ADVICE, EXPLANATION, STATUS, TITLE, LEVEL, NUMBER, EXPECTED = (
    RESULTS.titles.index(title)
    for title in (
        *(
            "代码",
            PLACE,
            "项目",
            "填报数",
            "问题与说明",
            "建议",
            "审核说明（请在此填写）",
            "状态",
            "问题",
            "级别",
            "序号",
            "应为",
        ),
    )
)
NOT_COMPARED = "没有核对"
CONTINUED = "（续）"
MOST_LINES = 24  # of 11 points in a row, which can be 409 points high
_ROOM = COLUMNS[MESSAGE].width
_BY_FINDING = (CODE, ITEM, SHOWN, EXPECTED)  # a line each of the findings of an item
_GOES_ON = (MESSAGE, *_BY_FINDING, EXPLANATION)
Value = Decimal | str
Row = list[Value]


class Listed(NamedTuple):
    """Rows, and the addresses that they lead to, "" of none."""

    rows: list[Row]
    places: list[str]


def rows_of(book: str, audited: Sequence[Audited], written: Mapping[tuple[Value, Value], str]) -> Listed:
    """One row an item, an audit a form of the workbook; below what nobody compared.

    An explanation whose findings are gone stays below, so that nothing written is lost. `book`: what messages call the
    workbook; `written`: by place and text, what the user wrote beside what an earlier audit did not compare.
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
    places += [""] * len(gone)
    unread = unread_text(sum(len(each.left) for each in audited))
    told = f"另有 {unread}，列在下面" if unread else ""
    if not rows:
        reports = [each.report for each in audited]
        left = left_text(*reports) if any(each.not_run for each in reports) else ""
        said = ("未发现问题", left, told)
        rows, places = [_line("；".join(filter(None, said)))], [""]
    elif told:
        rows, places = [_line(told), *rows], ["", *places]
    parts = [(part, at if first else "") for row, at in zip(rows, places, strict=True) for first, part in _parts(row)]
    below, at = _unread_rows(book, audited, written)
    return Listed([*(part for part, _ in parts), *below], [*(at for _, at in parts), *at])


def _parts(row: Row) -> Iterator[tuple[bool, Row]]:
    """A row of more lines than a row of a sheet can show goes on below, under the same number; is it the first?"""
    lead, *said = str(row[MESSAGE]).split("\n")
    lines = {MESSAGE: said} | {at: str(row[at]).split("\n") for at in _BY_FINDING if "\n" in str(row[at])}
    if CODE not in lines:
        yield True, row
        return
    for start, stop in _chunks([_height(lines, place) for place in range(len(lines[CODE]))], lines_in(lead, _ROOM)):
        part: Row = [""] * len(row) if start else [*row]
        part[LEVEL], part[NUMBER] = CONTINUED if start else row[LEVEL], row[NUMBER]
        for column, each in lines.items():
            part[column] = "\n".join(([] if start or column != MESSAGE else [lead]) + each[start:stop])
        yield not start, part


def _height(lines: Mapping[int, list[str]], place: int) -> int:
    """In lines, what is said of one of the findings of an item."""
    return max(lines_in(each[place], COLUMNS[column].width) for column, each in lines.items() if place < len(each))


def _chunks(heights: Sequence[int], used: int) -> Iterator[tuple[int, int]]:
    """From where to where, of lines so high, stands in a row together; `used`: lines of the first row that are."""
    start = 0
    for place, height in enumerate(heights):
        if used + height > MOST_LINES and place > start:
            yield start, place
            start, used = place, 0
        used += height
    yield start, len(heights)


def whole_rows(parts: Iterable[tuple[int, tuple[str, ...]]]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The rows again as before they went on below, whatever order somebody gave them; numbered as they stand."""
    heads: list[tuple[int, tuple[str, ...]]] = []
    more: dict[str, list[tuple[str, ...]]] = {}
    for number, part in parts:
        if part[LEVEL] == CONTINUED:
            more.setdefault(part[NUMBER], []).append(part)
        else:
            heads.append((number, part))
    for number, head in heads:
        rest = sorted(more.pop(head[NUMBER], ()), key=lambda part: min(numbered(part[MESSAGE].splitlines()), default=0))
        yield (
            number,
            tuple(
                "\n".join([text, *filter(None, (part[column] for part in rest if column in _GOES_ON))])
                for column, text in enumerate(head)
            ),
        )


def _line(text: str) -> Row:
    """A row that is no finding."""
    return [text if column == MESSAGE else "" for column in range(len(COLUMNS))]


def _unread_rows(
    book: str, audited: Sequence[Audited], written: Mapping[tuple[Value, Value], str]
) -> tuple[list[Row], list[str]]:
    """What nobody compared, with its place and what the user wrote beside it before, and the addresses it links to."""
    left = [passage for each in audited for passage in each.left]
    if not left:
        return [], []
    from xlperf.workbook.sheets import address_of  # only where it is wanted: start-up is felt

    rows, places = [_line(f"{UNREAD}的内容")], [""]
    for passage in left:
        address = address_of(book, passage.place)
        row = _line("")
        row[AT] = address or passage.place.removeprefix(f"{book} ").removeprefix(book)
        row[MESSAGE] = brief(f"{passage.text}（{passage.reason}）")
        row[EXPLANATION] = written.get((row[AT], row[MESSAGE]), "")
        row[STATUS] = NOT_COMPARED
        rows.append(row)
        places.append(address)
    return rows, places


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
        return [GONE if column == STATUS else text for column, text in enumerate(left.row)]
    rule = RULES.get(left.code)
    said = {
        **{
            CODE: left.code,
            TITLE: rule.titled(report.record.template) if rule else "",
            AT: left.place,
            ITEM: left.item,
        },
        **{SHOWN: left.shown, MESSAGE: left.message, EXPLANATION: left.text, STATUS: GONE},
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


def _level(severity: Severity) -> str:
    return f"{severity.sign} {severity.text}"
