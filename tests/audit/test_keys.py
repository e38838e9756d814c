"""The page of keys: what somebody who writes a form may call a cell, so that it is computed and checked."""

from __future__ import annotations

from tests.places import DATA
from xlperf.audit.applicable import lacking_of, not_applicable
from xlperf.audit.keys import _ROLES, known_keys
from xlperf.checks.catalog import CHECKS
from xlperf.form.forms import default_template, listed_forms, load_template
from xlperf.form.template import CELL_ROLES, SHEET_ROLES, Template


def known() -> dict[str, tuple[str, str, tuple[str, ...]]]:
    return {
        each.key: (each.label, each.computed, each.rules) for each in known_keys([default_template(), *listed_forms()])
    }


def test_every_key_has_a_label_and_says_what_it_is_for() -> None:
    found = known()
    assert [key for key, (label, _, _) in found.items() if not label and key != "section_*"] == []
    assert found["execution_rate"][:2] == ("执行率", "annual_spent、annual_budget、opening_budget")
    assert found["*_execution_rate"][:2] == ("执行率", "*_annual_spent、*_annual_budget、*_opening_budget")
    assert "XLP310" in found["indicators.target"][2]
    assert {"indicators.sign", "indicators.unit", "*_growth_rate", "funding.execution_rate"} <= found.keys()
    assert {"indicators", "seen", "figures", "reverse_convention"}.isdisjoint(found)


def test_every_role_is_told() -> None:
    assert set(_ROLES["sheets"]) == set(SHEET_ROLES)
    assert set(_ROLES["cells"]) == set(CELL_ROLES)


def own() -> Template:
    return load_template(str(DATA / "own_department.toml"))


def test_a_rule_that_does_not_apply_says_what_the_form_lacks() -> None:
    form = own()
    lacking = {rule.code: lacking_of(rule, form) for rule in CHECKS}
    assert tuple(code for code, found in lacking.items() if found) == not_applicable(form)
    assert lacking["XLP216"] == ("[roles.tables] funding",)
    assert lacking["XLP333"] == ("indicators.coefficient",)
    assert lacking["XLP204"] == ('rule = "XLP204" 的 [[agreements]]',)
    assert lacking["XLP208"] == ("*_change", "*_reason")
    assert lacking["XLP310"] == ()


def test_a_form_whose_rates_people_fill_in_is_asked_for_them() -> None:
    """Rates of rows are compared whoever computed them."""
    rule = next(each for each in CHECKS if each.code == "XLP202")
    assert lacking_of(rule, own()) == ()
