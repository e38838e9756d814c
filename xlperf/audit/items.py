"""What there is to see to: findings that one correction or one written explanation settles are one item.

Three things say that findings belong together: the group that error localization found (`audit.groups`), the matter
that a rule names (`checks.matters`), and the sums of the form, whose wholes are as large as their parts make them.
An item never has an information beside what has to be corrected or explained, but where a group's correction settles
it too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from xlperf.audit.groups import Group, told
from xlperf.checks.catalog import RULES
from xlperf.checks.matters import Across, Matter
from xlperf.checks.rule import Finding, Severity
from xlperf.derive.engine import sum_keys
from xlperf.form.record import Record
from xlperf.form.relations import TOTALS
from xlperf.text import expression

_CELL = expression(r"([A-Z]{1,3})([0-9]{1,7})")
_TOGETHER = {Severity.ERROR: "一并改正", Severity.WARNING: "一并说明", Severity.INFO: "一并处理"}
_ONE_REASON = "同一原因引起以下 {} 项"
_MOST_NAMED = 4


class Item(NamedTuple):
    """One thing to see to.

    `numbers`: of its findings among those of the report, the gravest first, then by place; `findings`: these. `at`: the
    cells where to begin. `reason`: what its findings have in common, in a sentence; "" of a single one. `group`: where
    they are one because error localization says so.
    """

    numbers: tuple[int, ...]
    findings: tuple[Finding, ...]
    at: tuple[str, ...]
    title: str
    reason: str
    group: Group | None

    @property
    def severity(self) -> Severity:
        """That of the gravest finding: what there is to do."""
        return self.findings[0].severity

    @property
    def heading(self) -> str:
        """What stands above several findings that are one item."""
        return self.title if self.group else f"以下 {len(self.findings)} 项{_TOGETHER[self.severity]}"

    @property
    def pairs(self) -> tuple[tuple[int, Finding], ...]:
        """Its findings with their numbers."""
        return tuple(zip(self.numbers, self.findings, strict=True))

    @property
    def text(self) -> str:
        """What it is about, in words."""
        return self.reason or self.findings[0].message


def items_of(findings: Sequence[Finding], groups: Sequence[Group], record: Record) -> tuple[Item, ...]:
    """Every finding in exactly one item: what to correct, then what to explain, then the rest, each by place."""
    order = _Order(record)
    parts = [sorted(part, key=lambda n: order.of(findings[n])) for part in _parts(findings, record)]
    parts.sort(key=lambda part: order.of(findings[part[0]]))
    return tuple(_item(part, [findings[n] for n in part], groups, record) for part in parts)


def _item(numbers: Sequence[int], findings: Sequence[Finding], groups: Sequence[Group], record: Record) -> Item:
    first = findings[0]
    title = RULES[first.code].titled(record.template)
    if len(findings) == 1:
        return Item(tuple(numbers), tuple(findings), (first.at,), title, "", None)
    group = groups[first.group - 1] if first.group is not None else None
    if group is not None and all(each.group == group.number for each in findings):
        reason = told(group, record.stated)
        return Item(
            tuple(numbers), tuple(findings), group.suspects[0].cells, _ONE_REASON.format(len(findings)), reason, group
        )
    matter = RULES[first.code].settles
    title = record.template.said(matter.title) if matter is not None else title
    labels = list(dict.fromkeys(record[each.key].label for each in findings))
    named = "、".join(labels[:_MOST_NAMED]) + ("等" if len(labels) > _MOST_NAMED else "")
    reason = f"{title}，以下 {len(findings)} 项{_TOGETHER[first.severity]}：{named}。"
    return Item(tuple(numbers), tuple(findings), (first.at,), title, reason, None)


class _Order:
    """The order in which a person goes through a form: by what there is to do, then sheet by sheet, line by line."""

    def __init__(self, record: Record) -> None:
        self.keys = {key: place for place, key in enumerate(record.stated)}
        titles = (sheet["title"] for sheet in record.template.sheets)
        sheets = dict.fromkeys((*titles, *(_sheet(cell.at) for cell in record.stated.values())))
        self.sheets = {sheet: place for place, sheet in enumerate(sheets)}

    def of(self, finding: Finding) -> tuple[int, int, int, str, int, str]:
        cell = _CELL.fullmatch(finding.at.rpartition("!")[2])
        row, column = (int(cell[2]), cell[1].rjust(3)) if cell else (0, "")
        sheet = self.sheets.get(_sheet(finding.at), len(self.sheets))
        return finding.severity.rank, sheet, row, column, self.keys.get(finding.key, -1), finding.code


def _sheet(at: str) -> str:
    """Of a cell in a document, which is on no sheet, ""."""
    return at.rpartition("!")[0]


def _parts(findings: Sequence[Finding], record: Record) -> Iterator[list[int]]:
    """The numbers of findings that are one item."""
    of_groups: dict[int, list[int]] = {}
    for number, each in enumerate(findings):
        if each.group is not None:
            of_groups.setdefault(each.group, []).append(number)
    together = [numbers for numbers in of_groups.values() if len(numbers) > 1]
    yield from together
    taken = {number for numbers in together for number in numbers}
    of_matters: dict[tuple[Matter, bool], list[int]] = {}
    for number, each in enumerate(findings):
        matter = RULES[each.code].settles
        if number in taken:
            continue
        if matter is None:
            yield [number]
        else:
            of_matters.setdefault((matter, each.severity is Severity.INFO), []).append(number)
    for (matter, _), numbers in of_matters.items():
        yield from _split(matter.across, numbers, findings, record)


def _split(across: Across, numbers: Sequence[int], findings: Sequence[Finding], record: Record) -> Iterator[list[int]]:
    """The findings of one matter by what they are about."""
    if across is Across.SUMS:
        yield from _along_sums(numbers, findings, record)
        return
    parts: dict[object, list[int]] = {}
    for number in numbers:
        each = findings[number]
        about: object = None
        if across is Across.SHEET:
            about = _sheet(each.at)
        elif across is Across.ROWS:
            about = frozenset(_rows(each, record))
        parts.setdefault(about, []).append(number)
    yield from parts.values()


def _rows(finding: Finding, record: Record) -> tuple[str, ...]:
    """The rows of the form that a finding speaks of."""
    keys = (finding.key, *(key for _, key, _ in finding.related))
    return tuple(dict.fromkeys(record.template.row_and_column(key)[0] for key in keys))


def _along_sums(numbers: Sequence[int], findings: Sequence[Finding], record: Record) -> Iterator[list[int]]:
    """Those that speak of the same row, or of which one speaks of a whole and the other of its part."""
    wholes = _wholes(record)
    rows = {number: _rows(findings[number], record) for number in numbers}
    part_of = {number: [number] for number in numbers}
    first_of: dict[str, int] = {}
    for number, own in rows.items():
        for row in own:
            _join(part_of, number, first_of.setdefault(row, number))
    for number, own in rows.items():
        for whole in _above(own, wholes):
            if whole in first_of:
                _join(part_of, number, first_of[whole])
    yield from {id(part): part for part in part_of.values()}.values()


def _join(part_of: dict[int, list[int]], one: int, other: int) -> None:
    mine, theirs = part_of[one], part_of[other]
    if mine is not theirs:
        theirs += mine
        part_of.update(dict.fromkeys(mine, theirs))


def _wholes(record: Record) -> Mapping[str, set[str]]:
    """By row, the rows that it is a part of."""
    wholes: dict[str, set[str]] = {}
    row_of = record.template.row_and_column
    for each in record.template.related(*TOTALS):
        whole = row_of(each.total)[0]
        for key in sum_keys(each, record):
            wholes.setdefault(row_of(key)[0], set()).add(whole)
    return wholes


def _above(rows: Sequence[str], wholes: Mapping[str, set[str]]) -> set[str]:
    found: set[str] = set()
    todo = list(rows)
    while todo:
        more = wholes.get(todo.pop(), set()) - found
        found |= more
        todo += more
    return found
