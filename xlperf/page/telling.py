"""What each of a unit's files is to the others, told by what stands in them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from xlperf.errors import XlperfError
from xlperf.labels.blocks import DOCUMENTS
from xlperf.page.roles import AGAINST, BOOK, PROJECTS
from xlperf.review.opened import GOALS, MONITORING, Opened, grouped, opened


def roles_of(files: Sequence[Path]) -> dict[str, str]:
    """By the name of each file what it is for `check`: the BOOK or of whom it is held against.

    {} where the command takes them as they stand: there is nothing among them but forms and reports of the unit, they
    are not all of one unit and year, several could be the BOOK, or one cannot be read.
    """
    try:
        found = [opened(each, each.name) for each in files]
    except XlperfError:
        return {}
    if len(grouped(found)) != 1:
        return {}
    roles = {each.label: each.kind for each in found if each.kind in (GOALS, MONITORING)}
    others = [each for each in found if each.label not in roles]
    forms = [each for each in others if each.is_of_unit]
    projects = [each for each in others if each.records and not each.is_of_unit]
    if not forms and len(projects) == 1:
        forms, projects = projects, []
    roles |= {each.label: PROJECTS for each in projects}
    if not roles:
        return {}
    books = [each for each in forms if not _is_report(each)] or forms
    reports = [each for each in others if _is_report(each) and each not in books]
    if len(books) != 1 or len(reports) > 1 or len(books) + len(reports) + len(roles) != len(found):
        return {}
    return {books[0].label: BOOK} | roles | {each.label: AGAINST for each in reports}


def _is_report(each: Opened) -> bool:
    is_text = each.report is not None or any(form.is_text for form in each.standing)
    return is_text and each.place.suffix.lower() in DOCUMENTS
