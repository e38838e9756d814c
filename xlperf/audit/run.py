"""Record -> Report: run every check, gather what has one reason, stamp it, and say what could not be decided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from xlperf.audit.applicable import not_applicable
from xlperf.audit.costs import COSTS
from xlperf.audit.findings import finding_of
from xlperf.audit.groups import Group, Suspect
from xlperf.audit.identities import identities_of
from xlperf.audit.items import Item, items_of
from xlperf.audit.localize import find_groups
from xlperf.audit.running import Found, found_about, run_checks
from xlperf.checks.catalog import CHECKS
from xlperf.checks.completeness import required_cell_blank
from xlperf.checks.rule import NOT_INSPECTED, Check, Finding, NotRun, Severity
from xlperf.derive.engine import Value, recalculated
from xlperf.derive.seen import Seen
from xlperf.form.record import Record, Stated, state
from xlperf.form.template import INDICATORS

_COMPARING = frozenset(rule.code for rule in CHECKS if rule.compared_with)
_MOST_TRIED = 8  # suspects of one group whose correction is tried out
_MOST_GROUPS = 30  # whose explanations are tried out: nobody reads more, and each is an audit of what it touches


@dataclass(frozen=True, slots=True)
class Report:
    """What an audit found.

    Findings are ordered by gravity, then code, then place in the form; those of one group stand together, where its
    gravest stands. `groups` are in that order too, numbered from 1.
    """

    seen: Seen
    findings: tuple[Finding, ...]
    groups: tuple[Group, ...]
    not_run: tuple[NotRun, ...]

    @property
    def record(self) -> Record:
        return self.seen.record

    @property
    def variant(self) -> str:
        return self.seen.variant

    @property
    def values(self) -> Mapping[str, Value]:
        """What the derived cells come to, by key; see `compute`."""
        return self.seen.values

    def items(self) -> tuple[Item, ...]:
        """What there is to see to, in the order in which she goes about it; see `items_of`."""
        return items_of(self.findings, self.groups, self.record)

    @property
    def not_applicable(self) -> tuple[str, ...]:
        """Rules that speak of something that this form does not have."""
        return not_applicable(self.record.template)

    def count(self, severity: Severity) -> int:
        return sum(finding.severity is severity for finding in self.findings)


def audit(record: Record, variant: str | None = None, checks: tuple[Check, ...] = CHECKS) -> Report:
    """Run the `checks` on a `record` under a `variant` (the default one if None); pure and deterministic.

    Figures of the report are text in decimal notation: money in 万元, rates as fractions, points. Raises
    `UnknownNameError` for a variant that the template has not. Source: each finding cites its own (`cites`).

    Of a record that no inspection has seen (`open_form(path).record`, or one that stands in no workbook) the rules
    about the workbook itself are listed as not run; `workbook.actions.check` inspects and then audits.
    """
    seen = Seen(record, variant)
    found, not_run = run_checks(seen, checks)
    groups, members = _grouped(found, seen, checks)
    order = {key: place for place, key in enumerate(record.stated)}

    def place(number: int) -> tuple[int, str, int]:
        each = found[number]
        return each.gravity.rank, each.rule.code, order.get(each.mismatch.at.key, -1)

    first = {group: min(map(place, numbers)) for group, numbers in members.items()}
    group_of = {number: group for group, numbers in members.items() for number in numbers}
    ranking = sorted(range(len(found)), key=lambda n: (first.get(group_of.get(n, -1), place(n)), place(n)))
    renumbered = {group: number for number, group in enumerate(sorted(members, key=lambda each: first[each]), 1)}
    final = tuple(groups[group]._replace(number=number) for group, number in renumbered.items())
    findings = tuple(
        finding_of(
            found[n].rule, found[n].mismatch, final[renumbered[group_of[n]] - 1] if n in group_of else None, seen
        )
        for n in ranking
    )
    return Report(seen, findings, final, not_run)


def _grouped(
    found: Sequence[Found], seen: Seen, checks: Sequence[Check]
) -> tuple[Sequence[Group], dict[int, list[int]]]:
    """The groups, and for each that explains a finding the places of its findings in `found`."""
    grave = [n for n, each in enumerate(found) if each.gravity is not Severity.INFO]
    if not grave:
        return (), {}
    groups = list(find_groups(seen, identities_of(seen)))
    members: dict[int, list[int]] = {}
    reported = _reported(groups)
    for n in grave:
        group = reported.get(_name(found[n]))
        if group is not None:
            members.setdefault(group, []).append(n)
    taken = {n for numbers in members.values() for n in numbers}
    before = _Before(found, Counter(map(_name, found)), _errors(found))
    for count, (number, members_of) in enumerate(members.items()):
        if not members_of:
            continue
        if count >= _MOST_GROUPS:
            groups[number] = groups[number].unexplained()
            continue
        groups[number], corrected = _convincing(groups[number], before, seen, checks)
        if corrected is not None:
            settled = [n for n in range(len(found)) if n not in taken and corrected.settles(found[n])]
            members_of += settled
            taken.update(settled)
            for others in members.values():  # a group that follows from this one is part of it
                if others is not members_of and others and all(corrected.settles(found[n]) for n in others):
                    members_of += others
                    others.clear()
    return groups, {number: numbers for number, numbers in members.items() if numbers}


def _reported(groups: Sequence[Group]) -> Mapping[tuple[str, str], int]:
    """By rule and cell, the first group of which such a finding speaks."""
    reported: dict[tuple[str, str], int] = {}
    for number, group in enumerate(groups):
        for code, key in group.reported():
            reported.setdefault((code, key), number)
    return reported


class _Before(NamedTuple):
    """What the audit found: all of it; rule and cell, how many times; and how many errors there are."""

    found: Sequence[Found]
    names: Mapping[tuple[str, str], int]
    errors: int


class _Corrected(NamedTuple):
    """What an audit finds once a suspect is corrected, and the cells that then show something else."""

    left: frozenset[tuple[str, str]]  # code and cell
    new_errors: bool  # it would only move the error elsewhere
    rejected: bool  # by a rule that looks at nothing but the cell: such a figure cannot stand there
    changed: frozenset[str]
    remaining: int  # errors that stay or are new: what else speaks of the cells, the report's text above all

    def settles(self, each: Found) -> bool:
        """Is a finding that speaks of these cells gone?"""
        speaks = any(cell.key in self.changed for cell in (each.mismatch.at, *each.mismatch.related))
        return speaks and not self.new_errors and _name(each) not in self.left


def _convincing(group: Group, before: _Before, seen: Seen, checks: Sequence[Check]) -> tuple[Group, _Corrected | None]:
    """The group without explanations that another rule would reject; and what its culprit, if it has one, settles."""
    suspects = list(group.suspects)
    corrected: dict[tuple[str, ...], _Corrected] = {}
    for _ in range(_MOST_TRIED):
        lowest = min(each.cost for each in suspects)
        untried = (each for each in suspects if each.cost == lowest and each.keys not in corrected and all(each.values))
        suspect = next(untried, None)
        if suspect is None:
            break
        outcome = corrected[suspect.keys] = _once_corrected(suspect, before, seen, checks)
        if outcome.rejected:
            suspects[suspects.index(suspect)] = suspect.unexplained()
    suspects.sort(key=lambda each: each.cost)
    tied = [each for each in suspects if each.cost == suspects[0].cost]
    if len(tied) > 1 and all(each.keys in corrected for each in tied):
        fewest = min(corrected[each.keys].remaining for each in tied)
        best = [each for each in tied if corrected[each.keys].remaining == fewest]
        if len(best) < len(tied):
            less = COSTS["settles most"]
            suspects = [each._replace(cost=each.cost - less) if each in best else each for each in suspects]
            suspects.sort(key=lambda each: each.cost)
    group = group._replace(suspects=tuple(suspects))
    culprit = group.culprit
    return group, corrected.get(culprit.keys) if culprit is not None and all(culprit.values) else None


def _once_corrected(suspect: Suspect, before: _Before, seen: Seen, checks: Sequence[Check]) -> _Corrected:
    """What an audit of the corrected record would find, by running again only what the changed cells have a part in."""
    record = seen.record
    changes = {}
    for key, value in zip(suspect.keys, suspect.values, strict=True):
        cell = record[key]
        known = record.template.not_applicable
        changes[key] = state(key, cell.field, value, not_applicable=known, at=cell.at, label=cell.label)
    after = Seen(recalculated(record, changes, seen.variant), seen.variant)
    changed = _differing(record.stated, after.record.stated)
    about = changed | _differing(seen.cells, after.cells)
    after.derive_from(seen, about)
    gone = list(found_about(before.found, seen, about))
    come, _ = run_checks(after, checks, about)
    left = Counter(before.names)
    left.subtract(map(_name, gone))
    left.update(map(_name, come))
    new = [each for each in come if _name(each) not in before.names]
    rejected = any(
        each.gravity is not Severity.INFO and each.mismatch.at.key in changes and not each.mismatch.related
        for each in new
    )
    errors = any(each.gravity is Severity.ERROR for each in new)
    remaining = before.errors - _errors(gone) + _errors(come)
    return _Corrected(frozenset(name for name, times in left.items() if times), errors, rejected, changed, remaining)


def _differing(before: Mapping[str, Stated], after: Mapping[str, Stated]) -> frozenset[str]:
    return frozenset(key for key, cell in after.items() if cell is not before[key] and cell != before[key])


def _errors(found: Iterable[Found]) -> int:
    return sum(each.gravity is Severity.ERROR for each in found)


def _name(found: Found) -> tuple[str, str]:
    return found.rule.code, found.mismatch.at.key


def counts_line(report: Report) -> str:
    """How much was found, in one sentence."""
    things = len(report.items())
    counts = "，".join(f"{severity.text} {report.count(severity)}" for severity in Severity)
    fewer = f"，归为 {things} 件事" if things < len(report.findings) else ""
    return f"共 {len(report.findings)} 项{fewer}：{counts}；{left_text(report)}。"


def left_text(*reports: Report) -> str:
    """How many required cells are blank, as 首页 counts them, and how many rules could not be decided, and why.

    A rule that is decided for some cells and not for others counts: 核对清单 names them.
    """
    not_run = [each for report in reports for each in report.not_run]
    unseen = {each.code for each in not_run if each.reason == NOT_INSPECTED}
    beside = {each.code for each in not_run if each.reason and each.code in _COMPARING} - unseen
    words = {each.code for each in not_run if each.reason} - unseen - beside
    blank = {each.code for each in not_run if not each.reason}
    required = [each for each in reports if has_required(each.record)]
    said = [f"必填未填 {sum(map(required_left, required))} 格"] if required else []
    said += [f"{len(blank)} 条规则因空白未能核对"]
    said += [f"{len(words)} 条规则因完成值是文字未能核对"] if words else []
    said += [f"{len(beside)} 条规则与给出的表对不起来，未能核对"] if beside else []
    said += [f"{len(unseen)} 条规则没有核对（{NOT_INSPECTED}）"] if unseen else []
    return "，".join(said)


def required_left(report: Report) -> int:
    """必填未填, in cells: those of which the rule of required cells speaks; a form without any indicator lacks one.

    A cell that holds nothing but a prompt counts here; the formulas of 首页 take it for filled.
    """
    told = sum(1 + len(each.related) for each in report.findings if each.code == required_cell_blank.code)
    return told + len(columns_of_no_indicator(report.record))


def has_required(record: Record) -> bool:
    """Does the form have a required cell? The text of a report has none."""
    return any(cell.field.required and not cell.is_absent for cell in record.stated.values())


def columns_of_no_indicator(record: Record) -> list[str]:
    """What an indicator must say, where a form that asks for indicators has none."""
    table = record.template.table(INDICATORS)
    if table is None or record.rows(table.key) or not has_required(record):
        return []
    return [name for name, field in table.columns.items() if field.required and not field.derived]
