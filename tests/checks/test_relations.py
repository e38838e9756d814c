"""Relations that a form states are rules of that form, whatever its cells are called."""

from __future__ import annotations

import pytest

from tests.places import TESTS
from xlperf.audit.applicable import not_applicable
from xlperf.audit.run import Report, audit
from xlperf.checks.relations import required
from xlperf.errors import TemplateError
from xlperf.form.forms import load_template, proven
from xlperf.form.record import record_from_values
from xlperf.form.relations import parse_agreement
from xlperf.form.written import parse_toml

TINY = (TESTS / "data" / "tiny.toml").read_text("utf-8")
OWN = """
[[agreements]]
rule = "XLP404"
left = ["fees"]
right = ["grants"]
"""


def report_on(agreements: str, **fields: str) -> Report:
    template = proven(parse_toml(TINY + agreements, "own.toml"))
    return audit(record_from_values({"year": 2023, "unit_name": "甲", "fields": fields}, template))


def told(report: Report) -> list[tuple[str, str, str | None]]:
    return [(each.code, each.key, each.expected) for each in report.findings if each.code[3] == "4"]


def test_a_relation_of_any_form_is_reported_by_the_rule_that_it_names() -> None:
    report = report_on(OWN, fees="10", grants="12")
    assert told(report) == [("XLP404", "fees", "12")]
    assert "XLP404" not in report.not_applicable
    assert "XLP404" in not_applicable(load_template(str(TESTS / "data" / "tiny.toml")))
    assert told(report_on(OWN, fees="12", grants="12")) == []


def test_a_part_is_greater_than_its_whole_wherever_that_is_said() -> None:
    words = OWN.replace("XLP404", "XLP419") + "at_most = true\n"
    for at in ("fees", "grants"):
        (found,) = (
            each
            for each in report_on(f'{words}at = "{at}"\n', fees="12", grants="10").findings
            if each.code == "XLP419"
        )
        assert (found.key, found.expected) == (at, None)
        assert found.message.startswith("会费收入为 12.00，大于补助收入 10.00，分项不会大于总额。")


def test_it_says_what_it_waits_for() -> None:
    report = report_on(OWN, fees="10")
    assert [each.blank for each in report.not_run if each.code == "XLP404"] == [("grants",)]
    assert told(report) == []


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ('at = "grants"\n', [("XLP404", "grants", "10")]),
        ("loose = true\n", [("XLP404", "fees", None)]),
        ("at_most = true\n", []),
        ('unless_stated = ["total"]\n', []),  # the sum of both
        ('when = [["total", "fees", "grants"]]\n', [("XLP404", "fees", "12")]),
        ('when = [["total", "fees"]]\n', []),
        ('unless = [["total", "fees", "grants"]]\n', []),
    ],
)
def test_what_may_be_said_of_it(words: str, expected: list[tuple[str, str, str | None]]) -> None:
    assert told(report_on(OWN + words, fees="10", grants="12")) == expected


@pytest.mark.parametrize(
    ("condition", "severity"), [('"total", "fees", "grants"', "warning"), ('"total", "fees"', "error")]
)
def test_it_only_asks_where_it_is_unsure(condition: str, severity: str) -> None:
    report = report_on(f"{OWN}unsure = [[{condition}]]\n", fees="10", grants="12")
    assert [str(each.severity) for each in report.findings if each.code == "XLP404"] == [severity]


@pytest.mark.parametrize("code", ["XLP499", "XLP201"])
def test_a_rule_that_reports_no_relations_is_refused(code: str) -> None:
    with pytest.raises(TemplateError, match=f"{code} 不是核对各处同一个数的规则；可用：XLP204、"):
        report_on(OWN.replace("XLP404", code), fees="10")


def test_it_speaks_of_one_of_its_cells() -> None:
    with pytest.raises(TemplateError, match="XLP404 的 at：total 不在两边之中"):
        report_on(f'{OWN}at = "total"\n', fees="10")


def test_a_rule_of_several_relations_waits_only_for_what_all_of_them_need() -> None:
    one, other = ({"rule": "XLP404", "left": ["a"], "right": [each], "needs": ["n"]} for each in ("b", "last_year:c"))
    assert required([parse_agreement(one)]) == ("a", "b", "n")
    assert required([parse_agreement(one), parse_agreement(other)]) == ("a", "n")
    conditional = other | {"when": [["x", "y", "z"]]}
    assert required([parse_agreement(conditional)]) == ("a", "x", "y", "z", "n")
    assert required([parse_agreement(conditional | {"when": [["x", "y"], ["x", "z"]]})]) == ("a", "n")
