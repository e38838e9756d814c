"""A unit's department form against its project forms: every seeded change is found, none is invented."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.bench.project_years import FAULTS, RULES, blanked, draw, found_in, judged, seeded
from xlperf.audit.applicable import not_applicable
from xlperf.audit.run import audit
from xlperf.checks.project_forms import projects_of
from xlperf.form.forms import load_template
from xlperf.form.record import record_from_values

YEARS = 80


def test_nothing_is_found_in_years_that_fit() -> None:
    for number in range(YEARS):
        for year in (draw(number), blanked(number)):
            findings, _ = found_in(year)
            assert [each.mismatch.message for each in findings] == [], number


def test_every_seeded_change_is_found_and_none_invented() -> None:
    kinds: Counter[str] = Counter()
    for number in range(YEARS):
        for fault in seeded(number):
            kinds[fault.kind] += 1
            assert judged(fault) == "", (number, fault.kind)
    assert len(kinds) == len(FAULTS)
    assert min(kinds.values()) > 5, kinds


def test_a_blank_figure_is_listed() -> None:
    left = 0
    for number in range(YEARS):
        findings, open_ = found_in(draw(number))
        _, with_blank = found_in(blanked(number))
        left += with_blank > open_
        assert not findings
    assert left > YEARS / 2


def test_without_project_forms_the_rules_are_silent_and_not_listed() -> None:
    record = record_from_values(draw(0).department, load_template("department_overall"))
    report = audit(record, None, RULES)
    assert (report.findings, report.not_run) == ((), ())


@pytest.mark.parametrize("form", ["department_elsewhere", "project_spending", "project_elsewhere"])
def test_forms_without_rows_of_projects_are_not_held_against_them(form: str) -> None:
    assert {rule.code for rule in RULES} <= set(not_applicable(load_template(form)))


def test_a_form_without_rows_of_projects_has_none() -> None:
    record = record_from_values({"year": 2023}, load_template("project_spending"))
    assert projects_of(record, (record,)).named == ()
