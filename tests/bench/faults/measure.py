"""What xlperf says of a faulty form, held against what was done to it."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from tests.bench.faults.faults import KINDS, LIVE, Case, Fault, apply
from tests.bench.faults.live import LiveForm, live_form
from tests.bench.faults.oracle import broken, typed_cells
from tests.bench.faults.stated import Broken, Sheet
from xlperf.audit.run import Report, audit
from xlperf.checks.rule import Finding, Severity
from xlperf.form.forms import load_template
from xlperf.form.record import record_from_values


class Outcome(NamedTuple):
    """One faulty form. `rank`: which place the faulty cell has among the suspects, from 1; None: it is not there."""

    seed: str
    number: int  # of the fault among those of this clean form
    family: str
    key: str
    visible: bool
    found: bool
    sole: bool  # no other single cell is in all broken identities
    rank: int | None
    shown: bool  # it stands first, or is named among the suspects that are as plausible as the first
    expects_cause: bool
    cause: bool
    first_cause: bool


class Alarm(NamedTuple):
    """A finding of error or warning on a clean form."""

    seed: str
    mode: str
    code: str
    key: str
    message: str


class TypedForm(NamedTuple):
    """A form all of whose figures, the derived ones too, were typed."""

    values: dict[str, Any]

    def faulty(self, faults: Iterable[Fault]) -> TypedForm:
        return TypedForm(apply(self.values, tuple(faults)))

    def report(self) -> Report:
        return audit(record_from_values(self.values, load_template(self.values["template"])))

    def shown(self, report: Report) -> dict[str, Any]:
        return self.values

    def follows(self, report: Report) -> frozenset[str]:
        return frozenset()

    def silent(self, report: Report) -> frozenset[str]:
        return frozenset()


def form_of(case: Case) -> TypedForm | LiveForm:
    if case.mode == LIVE:
        return live_form(case.seed, case.kind)
    return TypedForm(KINDS[case.kind].clean(random.Random(case.seed), case.mode))


def grave(report: Report) -> list[Finding]:
    return [finding for finding in report.findings if finding.severity is not Severity.INFO]


def run(case: Case) -> tuple[list[Outcome], list[Alarm]]:
    """Every fault of a case, and the clean form itself."""
    form = form_of(case)
    before = grave(form.report())
    alarms = [Alarm(case.seed, case.mode, f.code, f.key, f.message) for f in before]
    known = {(finding.code, finding.key) for finding in before}
    outcomes = [judge(case, number, form, known) for number, faults in enumerate(case.faults) if faults]
    return outcomes, alarms


def _identities(form: TypedForm | LiveForm, report: Report) -> list[Broken]:
    """Those that the form breaks; not that a cell is blank whose formula shows nothing."""
    values = form.shown(report)
    sheet, found = Sheet(values), broken(values, form.follows(report))
    blank = [each for each in found if all(map(sheet.blank, each.keys))]
    silent = form.silent(report) if blank else frozenset()
    return [each for each in found if each not in blank or not silent.issuperset(each.keys)]


def judge(case: Case, number: int, form: TypedForm | LiveForm, known: set[tuple[str, str]]) -> Outcome:
    faults = case.faults[number]
    faulty = form.faulty(faults)
    report = faulty.report()
    findings = [finding for finding in grave(report) if (finding.code, finding.key) not in known]
    if len(faults) > 1:
        return _judge_double(case, number, form, report, findings)
    (fault,) = faults
    values, follows = faulty.shown(report), faulty.follows(report)
    identities = _identities(faulty, report)
    cells = [typed_cells(values, each, follows) for each in identities]
    common = set.intersection(*cells) if cells else set()
    causes = _causes(report, findings, fault)
    return Outcome(
        case.seed,
        number,
        fault.family,
        fault.keys[0],
        visible=bool(identities),
        found=_named(report, findings, fault),
        sole=common <= set(fault.keys),
        shown=_is_shown(report, findings, fault.keys),
        rank=rank(report, findings, fault.keys),
        expects_cause=bool(fault.causes),
        cause=bool(fault.causes & set(causes)),
        first_cause=bool(causes) and causes[0] in fault.causes,
    )


def _judge_double(
    case: Case, number: int, form: TypedForm | LiveForm, report: Report, findings: list[Finding]
) -> Outcome:
    """A double fault is found when each of its faults is that can be seen beside the other."""
    faults = case.faults[number]
    told = _broken_cells(form.faulty(faults))
    visible = [fault for fault in faults if told & set(fault.keys) and _broken_cells(form.faulty((fault,)))]
    found = all(_named(report, findings, fault) for fault in visible)
    key = " + ".join(fault.keys[0] for fault in faults)
    return Outcome(case.seed, number, "double", key, bool(visible), found, False, None, False, False, False, False)


def _broken_cells(form: TypedForm | LiveForm) -> set[str]:
    report = form.report()
    values, follows = form.shown(report), form.follows(report)
    return {key for each in _identities(form, report) for key in typed_cells(values, each, follows)}


def _is_shown(report: Report, findings: list[Finding], keys: tuple[str, ...]) -> bool:
    """Is the cell named as the first suspect, or as one of those that explain it equally?"""
    groups = {finding.group for finding in findings if _names(report, finding, keys)}
    for group in report.groups:
        leading = group.suspects[: group.tied]
        if group.number in groups and any(not set(each.keys).isdisjoint(keys) for each in leading):
            return True
    return rank(report, findings, keys) == 1


def _suspects(report: Report, number: int | None) -> list[Any]:
    """The suspects of a group, most plausible first."""
    groups = [group for group in getattr(report, "groups", ()) if group.number == number]
    return list(groups[0].suspects) if groups else []


def keys_of(report: Report, finding: Finding) -> Iterator[tuple[str, ...]]:
    """Whom a finding blames, in order: the suspects of its group, or its own cell and then the related ones."""
    suspects = _suspects(report, finding.group)
    if suspects:
        yield from (suspect.keys for suspect in suspects)
    else:
        yield from ((key,) for key in (finding.key, *(key for _, key, _ in finding.related)))


def _names(report: Report, finding: Finding, keys: tuple[str, ...]) -> bool:
    said = {finding.key, *(key for _, key, _ in finding.related)}
    said.update(key for suspect in _suspects(report, finding.group) for key in suspect.keys)
    return not said.isdisjoint(keys)


def _named(report: Report, findings: list[Finding], fault: Fault) -> bool:
    return any(_names(report, finding, fault.keys) for finding in findings)


def rank(report: Report, findings: list[Finding], keys: tuple[str, ...]) -> int | None:
    """The best place of a faulty cell among those blamed by the findings that name it."""
    places = [
        place
        for finding in findings
        if _names(report, finding, keys)
        for place, blamed in enumerate(keys_of(report, finding), 1)
        if not set(blamed).isdisjoint(keys)
    ]
    return min(places, default=None)


def _causes(report: Report, findings: list[Finding], fault: Fault) -> list[str]:
    """Kinds of cause given for the faulty cell: those of the suspects that contain it, then of the findings."""
    kinds: list[str] = []
    naming = [finding for finding in findings if _names(report, finding, fault.keys)]
    for number in dict.fromkeys(finding.group for finding in naming):
        for suspect in _suspects(report, number):
            if suspect.cause is not None and not set(suspect.keys).isdisjoint(fault.keys):
                kinds.append(suspect.cause.kind)
    for finding in sorted(naming, key=lambda finding: finding.key not in fault.keys):
        given = getattr(finding, "causes", None)
        kinds += (cause.kind for cause in (given if given is not None else [finding.cause]) if cause is not None)
    return kinds


def alarms_on(seed: str, mode: str, kind: str) -> list[Alarm]:
    """Errors and warnings on a clean form."""
    report = form_of(Case(seed, mode, (), kind)).report()
    return [Alarm(seed, mode, finding.code, finding.key, finding.message) for finding in grave(report)]


def describe(case: Case, number: int) -> Iterator[str]:
    """A faulty form in full: what was done, which identities break, what was found and who is blamed."""
    faults = case.faults[number]
    faulty = form_of(case).faulty(faults)
    report = faulty.report()
    values, follows = faulty.shown(report), faulty.follows(report)
    yield f"{case.seed}:{number} ({case.mode})"
    for fault in faults:
        yield f"  {fault.family}; blame {', '.join(fault.keys)}; causes {', '.join(sorted(fault.causes)) or 'none'}"
        for key, before, after in fault.edits:
            yield f"    {key}: {_excerpt(before, after)}"
    for each in _identities(faulty, report):
        keys = sorted(typed_cells(values, each, follows))
        yield f"  broken: {each.name} ({', '.join(keys[:6])}{' …' if len(keys) > 6 else ''})"
    for finding in grave(report):
        given = getattr(finding, "causes", None) or ([finding.cause] if finding.cause else [])
        kinds = "".join(f" <{cause.kind}>" for cause in given)
        head = f"{finding.severity.value} {finding.code} {finding.key} group {finding.group}{kinds}"
        yield f"  {head}: {finding.message[:200]}"
    for group in getattr(report, "groups", ()):
        for place, suspect in enumerate(group.suspects, 1):
            kind = f" <{suspect.cause.kind}>" if suspect.cause else ""
            change = f"{', '.join(suspect.keys)} -> {', '.join(suspect.values)}"
            yield f"  group {group.number} suspect {place}: {change}{kind}"


def _excerpt(before: str, after: str) -> str:
    """The two texts; of long ones the place where they part."""
    if len(before) < 60:
        return f"{before} -> {after or '(deleted)'}"
    start = next(i for i, (a, b) in enumerate(zip(before, after + " ", strict=False)) if a != b)
    return f"…{before[max(0, start - 20) : start + 20]}… -> …{after[max(0, start - 20) : start + 20]}…"
