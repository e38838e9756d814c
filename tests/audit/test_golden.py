"""Whole documents: what must be found, at which cell, and that nothing else is."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from tests.places import GOLDEN
from xlperf.audit.run import audit
from xlperf.checks.rule import Severity
from xlperf.derive.engine import compute
from xlperf.form.record import Record

EXPECTED: list[dict[str, Any]] = tomllib.loads((GOLDEN / "beita_2023.toml").read_text("utf-8"))["found"]


@pytest.mark.parametrize("item", EXPECTED, ids=lambda item: f"{item['id']}-{item['code']}-{item['key']}")
def test_beita_findings(beita: Record, item: dict[str, Any]) -> None:
    found = [f for f in audit(beita).findings if (f.code, f.key) == (item["code"], item["key"])]
    assert len(found) == 1
    for word in item["words"]:
        assert word in found[0].message
    if "expected" in item:
        assert found[0].expected == item["expected"]


def test_beita_nothing_else_is_found(beita: Record) -> None:
    """Everything on the list of correct figures stays silent, because nothing beyond the list is flagged."""
    assert {(f.code, f.key) for f in audit(beita).findings} == {(item["code"], item["key"]) for item in EXPECTED}


def test_beita_levels(beita: Record) -> None:
    """A is an error, B a warning, C at most for information."""
    level = {"A": Severity.ERROR, "B": Severity.WARNING, "C": Severity.INFO}
    found = {(f.code, f.key): f.severity for f in audit(beita).findings}
    for item in EXPECTED:
        assert found[item["code"], item["key"]] is level[item["id"][0]], item["id"]


def test_beita_cause_of_the_wrong_growth_rate(beita: Record) -> None:
    (finding,) = (f for f in audit(beita).findings if f.code == "XLP202")
    assert finding.cause is not None
    assert finding.cause.kind == "wrong_base"
    assert "36.14 ÷ 162.49 = 22.24%" in finding.cause.text
    assert finding.cause.cells == ("basic_current", "basic_change")


@pytest.mark.parametrize("key", ["indicators[6].score", "indicators[7].score"])
def test_beita_points_taken_off_want_a_reason_or_full_points(beita: Record, key: str) -> None:
    (finding,) = (f for f in audit(beita).findings if f.key == key)
    assert finding.fix is not None
    assert (finding.fix.value, finding.fix.safe, finding.causes) == ("15", False, ())
    assert finding.message.endswith("（现为空白）。")


def test_beita_computed(beita: Record) -> None:
    values = compute(beita)
    assert {key: str(values[key]) for key in ("personnel_growth_rate", "total_score", "grade", "execution_rate")} == {
        "personnel_growth_rate": "0.4938",
        "total_score": "98.00",
        "grade": "优",
        "execution_rate": "1.0000",
    }


HUNAN_FOUND = {
    ("XLP601", "project_business_actual", "215.36%"),
    ("XLP104", "operating_utilities_travel_budget", "7.50."),
    ("XLP104", "operating_utilities_travel_budget", "338.13%"),
    ("XLP603", "basic_adjustment_actual", "39.94%"),
    ("XLP103", "project_budget", "320.00"),
    ("XLP103", "project_actual", "689.16"),
    ("XLP103", "project_prior_actual", "938.80"),
    ("XLP103", "operating_budget", "未填"),
    ("XLP103", "operating_actual", "未填"),
    ("XLP103", "operating_prior_actual", "未填"),
}


@pytest.mark.parametrize(("code", "key", "word"), sorted(HUNAN_FOUND))
def test_hunan_found(hunan: Record, code: str, key: str, word: str) -> None:
    (message,) = (f.message for f in audit(hunan).findings if (f.code, f.key) == (code, key))
    assert word in message


def test_hunan_nothing_else_is_found(hunan: Record) -> None:
    """The copy has no 自评表 and no foot: apart from those blanks only the listed faults are found."""
    beyond = {f for f in audit(hunan).findings if (f.code, f.key) not in {(c, k) for c, k, _ in HUNAN_FOUND}}
    assert {f.code for f in beyond} == {"XLP101", "XLP106", "XLP109"}
    assert {f.key for f in beyond} == {
        "vehicle_purchase_prior_actual",
        "unit_name",
        "opening_budget",
        "annual_budget",
        "annual_spent",
        "execution_weight",
        "goal_expected",
        "goal_actual",
        "preparer",
        "filled_on",
    }


def test_hunan_corrected_figure_is_over_budget(hunan: Record) -> None:
    """Once 7.50. is typed as 7.50 the overspending is a finding of its own."""
    from xlperf.form.record import make_record

    raw = {key: cell.text or None for key, cell in hunan.stated.items()}
    corrected = make_record(hunan.template, raw | {"operating_utilities_travel_budget": "7.50"}, {})
    (finding,) = (f for f in audit(corrected).findings if f.key == "operating_utilities_travel_actual")
    assert (finding.code, "338.13%" in finding.message) == ("XLP601", True)
