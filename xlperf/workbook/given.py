"""Other forms that an audit is given to hold a form against: last year's, and those of the unit's projects."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from xlperf.derive.seen import Seen
from xlperf.form.record import Record, in_common_unit
from xlperf.package import in_file
from xlperf.workbook.astray import reliable

Projects = tuple[Record, ...]


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


def with_projects(record: Record, projects: Projects | None, beside: Iterable[Record] = ()) -> Record:
    """A department's `record` with the project forms given, and those `beside` it in its own file.

    A project's form is held against none; where none were asked for (None) nothing is compared.
    """
    if projects is None or is_of_project(record):
        return record
    own = tuple(as_given(each) for each in beside if is_of_project(each))
    return dataclasses.replace(record, projects=(*own, *projects))
