"""`check SELF --projects FORM…`: a department's form held against the forms of its projects, as one list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from xlperf.checks.catalog import RULES
from xlperf.checks.project_forms import projects_of
from xlperf.cli.checked import Asked, Checked, check_each, check_file
from xlperf.cli.output import say
from xlperf.workbook.given import Projects, as_given, is_of_project

if TYPE_CHECKING:
    from xlperf.audit.run import Report
    from xlperf.package.save import Target

_NO_PROJECT = "{}：没有认出项目支出绩效自评表。--projects 后面只列项目的自评表。"
_NO_DEPARTMENT = "{}：没有认出部门整体支出绩效自评表。部门的表列在最前面，项目的表列在 --projects 后面。"
_NOT_ALL_READ = "有项目表没有读成，没有与部门表核对；改好后请再核对一次。"
_NO_ROWS = "{}：这种部门表没有项目支出的行，没有与项目表核对。"
_COUNTS = "与项目自评表核对：部门表列有 {} 个项目，给出 {} 张项目表，同名的 {} 个；{} 项不一致。"


class Together(NamedTuple):
    """The department's file and those of its projects, and what is said of the comparison beside the findings."""

    files: list[Checked]
    counts: tuple[str, ...]
    notes: tuple[str, ...]


def check_with_projects(book: Path, projects: Sequence[Path], asked: Asked, target: Target | None) -> Together:
    """Audit the project forms, then the department's `book` against them; only that is marked."""
    paths = {path.resolve(): path for path in projects}
    paths.pop(book.resolve(), None)  # the forms of its own workbook are looked at in any case
    asked = asked._replace(among=1 + len(paths))
    files = [_of_projects(each) for each in check_each(list(paths.values()), asked, in_place=False)]
    is_read = not any(each.error for each in files)
    given = _given(files) if is_read else None
    forms = check_file(book, asked._replace(projects=given), target)
    of_unit = [form.report for form in forms if not is_of_project(form.report.record)]
    if not of_unit:
        raise click.UsageError(_NO_DEPARTMENT.format(book.name))
    together = [Checked(book, forms), *files]
    if not is_read:
        return Together(together, (), (_NOT_ALL_READ,))
    return Together(together, tuple(_counts(of_unit)), tuple(_notes(of_unit)))


def _of_projects(each: Checked) -> Checked:
    """The file, if it holds the form of a project."""
    if each.error or any(is_of_project(form.report.record) for form in each.forms):
        return each
    error = _NO_PROJECT.format(each.path.name)
    say(error, err=True)
    return Checked(each.path, error=error)


def _given(files: Sequence[Checked]) -> Projects:
    """The forms of projects in these files, which are called by their paths where two have one name."""
    names = Counter(each.path.name for each in files)
    return tuple(
        as_given(form.report.record, each.path.name if names[each.path.name] == 1 else str(each.path))
        for each in files
        for form in each.forms
        if is_of_project(form.report.record)
    )


def _counts(reports: Sequence[Report]) -> Iterator[str]:
    for report in reports:
        record = report.record
        if record.projects is not None and _is_compared(report):
            found = projects_of(record, record.projects)
            rows = [project for project in found.named if project.lines]
            told = sum("project_forms" in RULES[each.code].compared_with for each in report.findings)
            counts = len(rows) + len(found.nameless_lines), len(record.projects)
            yield _COUNTS.format(*counts, sum(bool(project.forms) for project in rows), told)


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
