"""Other forms that an audit is given to hold a form against: last year's, its projects', its goals, its monitoring."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeVar

from xlperf.derive.seen import Seen
from xlperf.form.record import Record, in_common_unit
from xlperf.package import in_file
from xlperf.prose.project_names import may_be_one, project_key
from xlperf.workbook.astray import reliable
from xlperf.workbook.audited import last_year_of, subject_of

Forms = tuple[Record, ...]
R = TypeVar("R", bound=Record)


class Given(NamedTuple):
    """The forms given beside a file, each as its reader sees it; None: none of the kind was asked for."""

    previous: Record | None = None
    projects: Forms | None = None
    goals: Forms | None = None
    monitoring: Forms | None = None


NOTHING = Given()


def as_given(record: Record, name: str = "") -> Record:
    """A `record` as its reader sees it, without figures that stand in a wrong place; at addresses that name the file.

    Amounts are in 万元, whatever unit its form has. Without a `name` its addresses stay as they are: it stands in the
    workbook that is audited.
    """
    cells = {key: in_common_unit(cell) for key, cell in Seen(reliable(record)).cells.items()}
    if name:
        cells = {key: cell._replace(at=in_file(cell.at, name)) for key, cell in cells.items()}
    return dataclasses.replace(record, stated=cells, source=name or record.source)


def is_of_project(record: Record) -> bool:
    """Is it the form of one of several things that a unit has, as a project is, and not that of the unit?"""
    return bool(record.template.cells_of("subject"))


def held_against(record: R, given: Given, among: int = 1, beside: Iterable[Record] = ()) -> R:
    """A form's `record` with those of the forms given that it is held against; see `last_year_of` for `among`.

    A department's form is held against those of its projects, also those `beside` it in its own file; where none were
    asked for nothing is compared. Every form is held against the goals and the monitoring of the same project.
    """
    projects = given.projects
    if projects is not None and not is_of_project(record):
        projects = (*(as_given(each) for each in beside if is_of_project(each)), *projects)
    else:
        projects = None
    monitoring = counterpart(record, given.monitoring or ())
    return dataclasses.replace(
        record,
        previous=last_year_of(record, given.previous, among),
        projects=projects,
        approved=counterpart(record, given.goals or ()) or monitoring,
        monitoring=monitoring,
    )


def counterpart(record: Record, forms: Sequence[Record]) -> Record | None:
    """Of other forms the one of the same project and year; of one name two, or none: None.

    The only form that is given may have a name that resembles the record's: a rule of its own speaks of that.
    """
    of_year = [form for form in forms if None in (record.year, form.year) or record.year == form.year]
    own = project_key(subject_of(record), record.year)
    keys = [project_key(subject_of(form), record.year) for form in of_year]
    found = [form for form, key in zip(of_year, keys, strict=True) if key == own and _says_whose(form, own)]
    if not found and own and len(forms) == 1 and keys and keys[0] and may_be_one(own, keys[0]):
        found = of_year
    return found[0] if len(found) == 1 else None


def _says_whose(form: Record, key: str) -> bool:
    """A project's form without a name is nobody's; a unit's own form needs none."""
    return bool(key) or not is_of_project(form)
