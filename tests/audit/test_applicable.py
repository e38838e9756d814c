"""Rules that speak of cells a form does not have do not apply to it; they are listed, and none of the others fails."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest

from tests.command import called
from xlperf.audit.applicable import not_applicable
from xlperf.audit.run import audit
from xlperf.checks.catalog import CHECKS
from xlperf.form.forms import listed_forms, load_template
from xlperf.form.record import record_from_values
from xlperf.form.relations import AGREEMENTS
from xlperf.form.template import Template
from xlperf.labels.layouts import as_laid_out, layouts


def without(template: Template, *keys: str) -> Template:
    """The form without some of its single cells."""
    import dataclasses

    gone = set(keys)
    fields = {key: field for key, field in template.fields.items() if key not in gone}
    relations = tuple(
        each._replace(elsewhere=tuple((part, others) for part, others in each.elsewhere if not gone & set(others)))
        for each in template.relations
        if not gone.intersection(each.keys if each.kind in AGREEMENTS else (*each.left, *each.right))
    )
    meanings = {
        stem: {column: tuple(key for key in cells if key not in gone) for column, cells in columns.items()}
        for stem, columns in template.meanings.items()
    }
    series = {
        name: (tuple(row for row in rows if not {f"{row}_{column}" for column in columns} & gone), columns)
        for name, (rows, columns) in template.series.items()
    }
    return dataclasses.replace(
        template,
        fields=fields,
        relations=relations,
        meanings=meanings,
        series=series,
    )


ELSEWHERE = [
    "XLP115",
    "XLP116",
    "XLP117",
    "XLP118",
    "XLP120",
    "XLP215",
    "XLP216",
    "XLP217",
    "XLP218",
    "XLP331",
    "XLP333",
    "XLP431",
    "XLP512",
    "XLP522",
    "XLP617",
    "XLP618",
    "XLP619",
]  # of the sources of money, of how points came about, of what a year is expected to come to, of promises, of lengths


def test_every_rule_applies_to_one_of_our_forms(template: Template) -> None:
    assert list(not_applicable(template)) == ELSEWHERE
    laid_out = (as_laid_out(load_template(each.form), each) for each in layouts())
    assert not set(ELSEWHERE).intersection(*(not_applicable(form) for form in (*listed_forms(), *laid_out)))


@pytest.mark.parametrize(
    ("key", "absent"),
    [
        ("building_year", ["XLP111", "XLP408"]),
        ("carryover_opening", ["XLP108", "XLP204", "XLP213", "XLP616"]),
        ("filled_on", ["XLP106", "XLP119", "XLP408"]),
        ("project_other_actual", []),  # what runs over the lines of the projects runs over the others
        ("sangong_actual", ["XLP609"]),  # XLP419 compares the other parts with their wholes
        ("basic_adjustment_budget", ["XLP407", "XLP416"]),  # XLP402 has other readings of the budget
        ("report_score", ["XLP410", "XLP533"]),  # XLP508 compares the text with the total
    ],
)
def test_rules_of_a_missing_cell(key: str, absent: list[str], template: Template) -> None:
    assert list(not_applicable(without(template, key))) == sorted([*absent, *ELSEWHERE])


def test_rules_of_a_missing_table(template: Template) -> None:
    """A form without indicators has none of the rules about them, and keeps those about its money."""
    absent = not_applicable(dataclasses.replace(template, roles={}))
    assert {rule.code for rule in CHECKS if rule.each in ("@indicators[]", "@projects[]")} <= set(absent)
    assert {"XLP201", "XLP202", "XLP404"}.isdisjoint(absent)


@pytest.mark.parametrize("stem", ["sangong", "building", "carryover", "vehicle", "operating", "staff", "income_"])
def test_no_rule_fails_for_want_of_a_block(stem: str, template: Template, beita_values: dict[str, Any]) -> None:
    """What the other rules find stays what it was."""
    gone = [key for key in template.fields if key.startswith(stem)]
    smaller = without(template, *gone)
    fields = {key: value for key, value in beita_values["fields"].items() if key not in gone}
    report = audit(record_from_values(beita_values | {"fields": fields}, smaller))
    assert not [found for found in report.findings if found.code in report.not_applicable]
    assert not [each for each in report.not_run if each.code in report.not_applicable]


def test_the_command_lists_them(capsys: pytest.CaptureFixture[str]) -> None:
    rules = json.loads(called(capsys, "rules", "--format", "json").out)
    assert [rule["code"] for rule in rules if not rule["applicable"]] == ELSEWHERE
    assert called(capsys, "rules", "--template", "nonsense").code == 2
