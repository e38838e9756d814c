"""Workbooks made before a cell came to the form: they open, and nothing is asked of them that they have no place for.

tests/golden/first_revision.xlsx is the published example as the form was before 上年三公经费预算数 and 三公经费变动率.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest

from tests.places import GOLDEN
from tests.workbooks import new_bytes, patched
from xlperf.derive.engine import steps_of
from xlperf.errors import TemplateError
from xlperf.form.record import values_of
from xlperf.form.template import Template
from xlperf.udf.formulas import perf_formulas
from xlperf.workbook.actions import FillAs, Formulas, check, clear, fill, freeze, mark, open_form

OLD = GOLDEN / "first_revision.xlsx"
LATER = {"sangong_prior_budget", "sangong_change_rate"}


def test_which_cells_came_later(template: Template) -> None:
    assert {key for key, field in template.fields.items() if field.revision > 1} == LATER


def test_an_old_workbook_opens_and_its_record_is_whole(template: Template) -> None:
    form = open_form(OLD)
    assert set(form.record.stated) >= set(template.fields)
    assert all(form.record[key].is_blank for key in LATER)
    assert {key for key in template.fields if not form.binding.has(key)} == LATER


def test_an_old_workbook_has_the_findings_of_a_new_one(beita_values: Mapping[str, Any]) -> None:
    new = open_form(new_bytes(beita_values))
    fill(new)
    reports = [check(form)[0] for form in (open_form(OLD), open_form(new.book.to_bytes()))]
    old_found, new_found = ([(each.code, each.key) for each in report.findings] for report in reports)
    assert old_found == new_found


@pytest.mark.parametrize("how", [*FillAs, perf_formulas])
def test_an_old_workbook_is_filled_marked_cleared_and_frozen(how: FillAs | Formulas) -> None:
    form = open_form(OLD)
    before = values_of(form.record)
    fill(form, how)
    mark(form, *check(form))
    form = open_form(form.book.to_bytes())
    clear(form)
    freeze(form)
    assert values_of(open_form(form.book.to_bytes()).record) == before


def test_no_cell_is_computed_from_one_that_came_later(template: Template) -> None:
    """Otherwise an old workbook would hold a formula that it cannot write."""
    for step in steps_of(open_form(OLD).record):
        for key in (key for choice in step.choices for key in choice.operands):
            assert template.field(key).revision <= step.field.revision, step.key


@pytest.mark.parametrize("gone", ["sangong_change_rate", "sangong_budget"])
def test_a_name_that_was_deleted_is_still_missed(beita_values: Mapping[str, Any], gone: str) -> None:
    """A workbook has all names of a revision or none of them."""
    name = rb'<definedName hidden="1" name="xp_%s".*?</definedName>' % gone.encode()
    blob = patched(new_bytes(beita_values), {"xl/workbook.xml": lambda xml: re.sub(name, b"", xml)})
    with pytest.raises(TemplateError, match=f"1 个名称.*xp_{gone}"):
        open_form(blob)
