"""Every rule against its table of cases: `valid` stays silent, `invalid` is found, `undecided` is left to people.

A case states only the cells that matter (`fields`, `indicators`, `project_special`, `year`, `unit_name`,
`placeholders`, `variant`, `template` if not the first, `layout` of that, `lacks` for columns that are not there,
`previous` for last year's workbook, `projects` for project forms, each its fields, its `year` and what it `lacks`,
`goals` and `monitoring` for those forms of the project, of the template of that name if they state no other;
`[common]` holds what all cases of a file share). Of an invalid case: `at` is the key, or all keys,
that the rule flags; `expected` the right figures there (left out: there is no single right one); `severity` (left
out: the rule's own); `words` stand in the messages, `unsaid` do not; `related` are the cells shown beside the one
that is flagged, in this order; `cause` is the kind of cause. Of an undecided case: `blank` are the cells that the
rule asks for (left out: it asks for none). A case with `workbook` is made into a file; tests/workbooks.py says what
may be done to it.
"""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Collection
from decimal import Decimal, InvalidOperation
from typing import Any

import pytest

from tests.places import TESTS
from tests.shown import out_of_place
from tests.workbooks import edited
from xlperf.audit.run import Report, audit
from xlperf.checks.catalog import CHECKS
from xlperf.checks.rule import Finding
from xlperf.derive.seen import Seen
from xlperf.form.forms import load_template
from xlperf.form.record import Record, absent, record_from_values
from xlperf.form.template import Template
from xlperf.labels.layouts import as_laid_out, layout_called
from xlperf.workbook.actions import open_form
from xlperf.workbook.given import as_given
from xlperf.workbook.inspection import inspect

Case = dict[str, Any]
KINDS = ("valid", "invalid", "undecided")
RULES = {rule.code: rule for rule in CHECKS}
FILES = {path.stem: tomllib.loads(path.read_text("utf-8")) for path in sorted((TESTS / "cases").glob("*"))}
ROWS = ("indicators", "project_special", "funding", "schedule", "long_term_indicators")
EARLIER = {"goals": "目标.xlsx", "monitoring": "监控.xlsx"}
PROJECT = load_template("project_spending")
INPUT = {
    "note",
    "fields",
    "year",
    "unit_name",
    "placeholders",
    "variant",
    "template",
    "layout",
    "lacks",
    "workbook",
    "previous",
    "projects",
    *EARLIER,
    *ROWS,
}
WORDS_OF = {
    "valid": INPUT,
    "invalid": INPUT | {"at", "expected", "severity", "words", "unsaid", "related", "cause"},
    "undecided": INPUT | {"blank"},
}


def cases(kind: str) -> list[Any]:
    """All cases of a kind with ids such as `XLP201-合计与2个分项差0.02`."""
    return [
        pytest.param(code, FILES[code].get("common", {}), case, id=f"{code}-{''.join(case['note'].split())}")
        for code in FILES
        for case in FILES[code].get(kind, [])
    ]


def report_on(code: str, common: Case, case: Case) -> Report:
    case = {"template": common.get("template", "department_overall")} | case
    values = {key: case.get(key, common.get(key)) for key in ("year", "unit_name", *ROWS)}
    values = {key: value for key, value in values.items() if value not in (None, "")}
    fields = common.get("fields", {}) | case.get("fields", {})
    if "workbook" in case:
        form = open_form(edited(values | {"fields": fields}, case["workbook"]))
        inspected = inspect(form.book, form.binding, form.record, case.get("variant"))
        return audit(inspected, case.get("variant"), (RULES[code],))
    record = record_from_values(values | {"fields": fields}, form_of(common, case))
    lacks = case.get("lacks", ())
    record = without(record, lacks)
    placeholders = {table: tuple(places) for table, places in case.get("placeholders", {}).items()}
    goals, monitoring = (earlier_of(kind, common, case) for kind in EARLIER)
    record = dataclasses.replace(
        record,
        placeholders=placeholders,
        previous=previous_of(common, case),
        projects=projects_of(common, case),
        approved=goals or monitoring,
        monitoring=monitoring,
    )
    return audit(record, case.get("variant"), (RULES[code],))


def without(record: Record, columns: Collection[str]) -> Record:
    stated = {
        key: absent(key, cell.field) if key.rpartition("].")[2] in columns else cell
        for key, cell in record.stated.items()
    }
    return dataclasses.replace(record, stated=stated)


def projects_of(common: Case, case: Case) -> tuple[Record, ...] | None:
    """The project forms of a case, the first in 项目1.xlsx; none of the common ones where it has its own."""
    forms = case.get("projects", common.get("projects"))
    if forms is None:
        return None
    found = []
    for number, form in enumerate(forms, 1):
        fields = {key: value for key, value in form.items() if key not in ("year", "lacks")}
        record = record_from_values({"year": form.get("year", "2023"), "fields": fields}, PROJECT)
        found.append(as_given(without(record, form.get("lacks", ())), f"项目{number}.xlsx"))
    return tuple(found)


def is_known(key: str, common: Case, case: Case) -> bool:
    """Is it a cell of the form, or of one that it is held against, or the file of such a form?"""
    forms = [form_of(common, case), *([PROJECT] if "projects" in case else [])]
    forms += [load_template(case[kind].get("template", kind)) for kind in EARLIER if kind in case]
    return key.startswith(("项目", *EARLIER.values())) or any(form.has(key) for form in forms)


def form_of(common: Case, case: Case) -> Template:
    name: str = ({"template": "department_overall"} | common | case)["template"]
    template = load_template(str(TESTS / name) if name.endswith(".toml") else name)
    layout = case.get("layout", common.get("layout"))
    return as_laid_out(template, layout_called(layout)) if layout else template


def earlier_of(kind: str, common: Case, case: Case) -> Record | None:
    """The goals or the monitoring of a case, with what the common ones say where its own do not."""
    if kind not in case:
        return None
    values = {"template": kind} | common.get(kind, {}) | case[kind]
    return as_given(record_from_values(values, load_template(values["template"])), EARLIER[kind])


def previous_of(common: Case, case: Case) -> Record | None:
    """Last year's workbook of a case, as its reader sees it."""
    if "previous" not in case or case["previous"] is False:
        return None
    record = record_from_values(common.get("previous", {}) | case["previous"], load_template("department_overall"))
    return dataclasses.replace(record, stated=Seen(record).cells, source="2023.xlsx")


def of_rule(code: str, report: Report) -> list[Finding]:
    return [finding for finding in report.findings if finding.code == code]


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def figure(text: str | None) -> Decimal | str | None:
    """0.30 and 0.3 are one figure; words stay words."""
    try:
        return None if text is None else Decimal(text)
    except InvalidOperation:
        return text


@pytest.mark.parametrize(("code", "common", "case"), cases("valid"))
def test_valid(code: str, common: Case, case: Case) -> None:
    report = report_on(code, common, case)
    assert [(found.key, found.message) for found in of_rule(code, report)] == []
    assert [each.blank for each in report.not_run if each.code == code] == []


@pytest.mark.parametrize(("code", "common", "case"), cases("invalid"))
def test_invalid(code: str, common: Case, case: Case) -> None:
    found = {finding.key: finding for finding in of_rule(code, report_on(code, common, case))}
    keys = listed(case["at"])
    assert set(found) == set(keys), [finding.message for finding in found.values()]
    expected = listed(case.get("expected")) if "expected" in case else [None] * len(keys)
    assert {key: figure(found[key].expected) for key in keys} == dict(zip(keys, map(figure, expected), strict=True))
    assert {str(finding.severity) for finding in found.values()} == {case.get("severity", RULES[code].severity)}
    assert [words for finding in found.values() if (words := out_of_place(finding.message))] == []
    for word in case.get("words", []):
        assert all(word in finding.message for finding in found.values())
    for word in case.get("unsaid", []):
        assert not any(word in finding.message for finding in found.values())
    if "related" in case:
        assert [[key for _, key, _ in finding.related] for finding in found.values()] == [case["related"]]
    if "cause" in case:
        assert [finding.cause and finding.cause.kind for finding in found.values()] == [case["cause"]]


@pytest.mark.parametrize(("code", "common", "case"), cases("undecided"))
def test_undecided(code: str, common: Case, case: Case) -> None:
    report = report_on(code, common, case)
    assert [(found.key, found.message) for found in of_rule(code, report)] == []
    blank = {key for each in report.not_run if each.code == code for key in each.blank}
    assert blank == set(case.get("blank", []))


def test_every_rule_has_a_file_and_every_file_a_rule() -> None:
    """But for those on what only other forms have: XLP215 is in test_funding.py."""
    assert set(FILES) == set(RULES) - {"XLP215"}


@pytest.mark.parametrize("code", FILES)
def test_all_three_kinds(code: str) -> None:
    assert [kind for kind in KINDS if not FILES[code].get(kind)] == []
    assert set(FILES[code]) <= {"common", *KINDS}


@pytest.mark.parametrize("code", FILES)
def test_every_word_and_key_is_known(code: str) -> None:
    """A misspelt key would make a case pass for the wrong reason."""
    for kind in KINDS:
        for case in FILES[code].get(kind, []):
            template = form_of(FILES[code].get("common", {}), case)
            assert set(case) <= WORDS_OF[kind], case["note"]
            assert case["note"]
            for key in (
                *case.get("fields", {}),
                *listed(case.get("at", [])),
                *case.get("related", []),
                *case.get("blank", []),
            ):
                assert is_known(key, FILES[code].get("common", {}), case), key
            for form in case.get("projects", ()):
                assert set(form) <= {"year", "lacks", *PROJECT.fields}
            for table in ROWS:
                if table in case:
                    assert {column for row in case[table] for column in row} <= set(template.tables[table].columns)
    assert set(FILES[code].get("common", {})) <= INPUT - {"note"}


@pytest.mark.parametrize("code", FILES)
def test_notes_tell_the_cases_of_a_kind_apart(code: str) -> None:
    for kind in KINDS:
        notes = [case["note"] for case in FILES[code].get(kind, [])]
        assert len(notes) == len(set(notes))
