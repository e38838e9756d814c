"""`check SELF --projects FORM… --goals FORM… --monitoring FORM…`: a form held against others of its unit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from xlperf.checks.catalog import RULES
from xlperf.checks.indicator_pairs import paired
from xlperf.checks.project_forms import projects_of
from xlperf.cli.checked import check_each, check_file
from xlperf.cli.output import say
from xlperf.derive.seen import Row
from xlperf.form.record import Record
from xlperf.form.template import INDICATORS
from xlperf.labels.others import other_called
from xlperf.report.files import Asked, Checked, given_by
from xlperf.workbook.audited import subject_of
from xlperf.workbook.given import Given, counterpart, is_of_project

if TYPE_CHECKING:
    from xlperf.audit.run import Report
    from xlperf.package.save import Target

_NO_PROJECT = "{}：没有认出项目支出绩效自评表。--projects 后面只列项目的自评表。"
_NO_DEPARTMENT = "{}：没有认出部门整体支出绩效自评表。部门的表列在最前面，项目的表列在 --projects 后面。"
_NOT_ALL_READ = "有给出的表没有读成，没有互相核对；改好后请再核对一次。"
_NO_ROWS = "{}：这种部门表没有项目支出的行，没有与项目表核对。"
_COUNTS = "与项目自评表核对：部门表列有 {} 个项目，给出 {} 张项目表，同名的 {} 个；{} 项不一致。"
_KEPT = "{}与《{}》（{}）核对：同名的指标 {} 个，少 {} 个，多 {} 个；{} 项不一致。"
_FOLLOWED = "{}与《{}》（{}）核对年初预算、执行数和完成情况：{} 项不一致。"
_NOBODYS = "《{}》（{}）{}没有对应的自评表，没有核对：项目名称、年度要相同，同名的只能有一张。"
_WITHOUT = "{}没有对应的{}，没有核对：项目名称、年度要相同，同名的只能有一张。"


class Others(NamedTuple):
    """The files given beside the one that is checked."""

    projects: Sequence[Path] = ()
    goals: Sequence[Path] = ()
    monitoring: Sequence[Path] = ()


class Together(NamedTuple):
    """The file that is checked and the others, and what is said of the comparison beside the findings."""

    files: list[Checked]
    counts: tuple[str, ...]
    notes: tuple[str, ...]
    is_compared: bool = True  # with everything that was asked for at least once


def check_together(book: Path, others: Others, asked: Asked, target: Target | None) -> Together:
    """Audit the other forms, each against what is earlier than it, then those of `book`; only that is marked."""
    beside = Others(*(_distinct(paths, book) for paths in others))
    asked = asked._replace(among=1 + sum(map(len, beside)))
    goals = check_each(beside.goals, asked._replace(wanted="goals", layout=""), in_place=False)
    given = asked.given._replace(goals=given_by(goals) if others.goals else None)
    asked_then = asked._replace(given=given, wanted="monitoring", layout="")
    monitoring = check_each(beside.monitoring, asked_then, in_place=False)
    given = given._replace(monitoring=given_by(monitoring) if others.monitoring else None)
    projects = _of_projects(check_each(beside.projects, asked._replace(given=given), in_place=False))
    given = given._replace(projects=given_by(projects, is_of_project) if others.projects else None)
    files = [*projects, *goals, *monitoring]
    is_read = not any(each.error for each in files)
    forms = check_file(book, asked._replace(given=given if is_read else asked.given), target)
    of_unit = [form.report for form in forms if not is_of_project(form.report.record)]
    if others.projects and not of_unit:
        raise click.UsageError(_NO_DEPARTMENT.format(book.name))
    files.insert(0, Checked(book, forms))
    if not is_read:
        return Together(files, (), (_NOT_ALL_READ,))
    evaluated = [form.report for each in (files[0], *projects) for form in each.forms]
    followed = [*evaluated, *(form.report for each in monitoring for form in each.forms)]
    counts = [*(_counts(of_unit) if others.projects else ()), *_kept(followed)]
    notes = [*(_notes(of_unit) if others.projects else ()), *_left_alone(evaluated, given)]
    is_compared = all(
        any(counterpart(report.record, forms) for report in evaluated)
        for forms in (given.goals, given.monitoring)
        if forms is not None
    )
    return Together(files, tuple(counts), tuple(notes), is_compared)


def _distinct(paths: Sequence[Path], book: Path) -> list[Path]:
    """Each file once; the forms of the workbook itself are looked at in any case."""
    found = {path.resolve(): path for path in paths}
    found.pop(book.resolve(), None)
    return list(found.values())


def _of_projects(files: Sequence[Checked]) -> list[Checked]:
    """The files, of which one without the form of a project could not be checked."""
    return [
        each if each.error or any(is_of_project(form.report.record) for form in each.forms) else _no_project(each)
        for each in files
    ]


def _no_project(each: Checked) -> Checked:
    error = _NO_PROJECT.format(each.path.name)
    say(error, err=True)
    return Checked(each.path, error=error)


def _counts(reports: Sequence[Report]) -> Iterator[str]:
    for report in reports:
        record = report.record
        if record.projects is not None and _is_compared(report):
            found = projects_of(record, record.projects)
            rows = [project for project in found.named if project.lines]
            counts = len(rows) + len(found.nameless_lines), len(record.projects)
            told = _count_of(report, "project_forms")
            yield _COUNTS.format(*counts, sum(bool(project.forms) for project in rows), told)


def _count_of(report: Report, compared_with: str) -> int:
    """The findings of what a form says beside another."""
    return sum(compared_with in RULES[each.code].compared_with for each in report.findings)


def _kept(reports: Sequence[Report]) -> Iterator[str]:
    """How each form keeps to the goals, or where there are none to its monitoring."""
    for report in reports:
        record = report.record
        name = f"《{record.template.title}》{_quoted(record)}"
        if (earlier := record.approved) is not None:
            found = paired(_rows(report), record, earlier)
            counts = len(found.pairs), len(found.dropped), len(found.added), _count_of(report, "approved")
            yield _KEPT.format(name, earlier.template.title, earlier.source, *counts)
        if (earlier := record.monitoring) is not None:
            yield _FOLLOWED.format(name, earlier.template.title, earlier.source, _count_of(report, "monitoring"))


def _quoted(record: Record) -> str:
    name = subject_of(record)
    return f"“{name}”" if name else ""


def _rows(report: Report) -> tuple[Row, ...]:
    table = report.record.template.table(INDICATORS)
    return () if table is None else report.seen.tables[table.key]


def _notes(reports: Sequence[Report]) -> Iterator[str]:
    """What was not compared, and why."""
    for report in reports:
        if not _is_compared(report):
            yield _NO_ROWS.format(report.record.template.title)
        for each in report.not_run:
            if "project_forms" in RULES[each.code].compared_with:
                yield f"{each.code} 没有核对：{'、'.join(each.blank)} {each.reason or '空白'}。"


def _is_compared(report: Report) -> bool:
    rules = (rule.code for rule in RULES.values() if "project_forms" in rule.compared_with)
    return any(code not in report.not_applicable for code in rules)


def _left_alone(reports: Sequence[Report], given: Given) -> Iterator[str]:
    """Forms that were given and belong to none, and those to which none that was given belongs."""
    for kind, forms in (("goals", given.goals), ("monitoring", given.monitoring)):
        if forms is None:
            continue
        found = [(report.record, counterpart(report.record, forms)) for report in reports]
        for form in forms:
            if not any(other is form for _, other in found):
                yield _NOBODYS.format(form.template.title, form.source, _quoted(form))
        for record, other in found:
            if other is None and (is_of_project(record) or not any(map(is_of_project, forms))):
                yield _WITHOUT.format(f"“{subject_of(record) or record.template.title}”", other_called(kind).title)
