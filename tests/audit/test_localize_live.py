"""Blame in a workbook whose derived cells are the form's own formulas: only what somebody typed can be wrong."""

from __future__ import annotations

import pytest

from tests.audit.test_localize import FORM
from tests.bench.faults.faults import Edit, Fault
from tests.bench.faults.live import LiveForm
from tests.workbooks import new_bytes
from xlperf.audit.groups import told
from xlperf.audit.run import Report
from xlperf.form.forms import load_template
from xlperf.workbook.actions import fill, open_form

TEMPLATE = load_template("department_overall")


@pytest.fixture(scope="module")
def live() -> LiveForm:
    """The form of test_blame, in which nobody typed what a formula gives."""
    fields = {key: text for key, text in FORM["fields"].items() if not TEMPLATE.fields[key].derived}
    form = open_form(new_bytes({**FORM, "fields": fields}), "form.xlsx")
    fill(form)
    return LiveForm(form.book.to_bytes())


def report_on(live: LiveForm, **typed: str) -> Report:
    edits = tuple(Edit(key, "", text) for key, text in typed.items())
    return live.faulty([Fault("", (), edits, frozenset())]).report()


def grave(report: Report) -> list[str]:
    return [found.code for found in report.findings if found.severity != "info"]


def test_the_form_is_right_and_its_derived_cells_are_formulas(live: LiveForm) -> None:
    report = report_on(live)
    assert report.groups == ()
    assert [code for code in grave(report) if code[3] in "234"] == []
    assert {"personnel_change", "personnel_growth_rate", "project_actual", "execution_rate", "total_score"} <= (
        report.record.follows
    )
    assert not report.record.follows & {"personnel_current", "annual_spent", "basic_current"}


# what was typed, the figure that was there, the cause
MISPRINTS = [
    ("income_general_budget_current", "815.40", "851.40", "transposed_digits"),
    ("income_service_current", "521.5", "52.15", "unit"),
    ("personnel_current", "425.85", "452.85", "transposed_digits"),
    ("public_current", "1885.00", "188.50", "unit"),
    ("project_spending_current", "226.20", "262.20", "transposed_digits"),
    ("annual_spent", "930.55", "903.55", "transposed_digits"),
    ("opening_budget", "93.55", "903.55", "missing_digit"),
    ("source_other", "25.15", "52.15", "transposed_digits"),
    ("nature_basic", "614.35", "641.35", "transposed_digits"),
    ("personnel_prior", "341.25", "431.25", "transposed_digits"),
    ("report_score", "79", "97", "transposed_digits"),
    ("execution_weight", "1", "10", "missing_digit"),
]


@pytest.mark.parametrize(("key", "typed", "meant", "kind"), MISPRINTS, ids=[each[0] for each in MISPRINTS])
def test_the_mistyped_cell_is_the_first_suspect(live: LiveForm, key: str, typed: str, meant: str, kind: str) -> None:
    report = report_on(live, **{key: typed})
    (group,) = report.groups  # one slip, one item
    assert group.suspects[0].keys == (key,)
    assert group.suspects[0].values == (meant,)
    assert kind in {cause.kind for cause in group.suspects[0].causes}
    assert group.culprit is not None
    assert f"应为 {meant}" in told(group, report.record.stated)


@pytest.mark.parametrize("key", [each[0] for each in MISPRINTS])
def test_no_formula_is_suspected_or_to_be_typed_over(live: LiveForm, key: str) -> None:
    typed = next(each[1] for each in MISPRINTS if each[0] == key)
    report = report_on(live, **{key: typed})
    suspected = {each for group in report.groups for suspect in group.suspects for each in suspect.keys}
    assert not suspected & report.record.follows
    formulas = {report.record[each].at for each in report.record.follows}
    assert not [found.fix for found in report.findings if found.fix and found.fix.at in formulas]


def test_a_formula_that_was_typed_over_is_a_suspect_again(live: LiveForm) -> None:
    """增长率的公式被改成数值 3.53%：算的是 21.60 ÷ 612.75."""
    (group,) = report_on(live, personnel_growth_rate="3.53%").groups
    assert group.suspects[0].keys == ("personnel_growth_rate",)
    assert group.suspects[0].cause is not None
    assert group.suspects[0].cause.kind == "wrong_base"


def test_lines_that_explain_it_equally_are_all_shown(live: LiveForm) -> None:
    """项目支出由公式合计：业务、运行两行哪一行错了 7.77，没有别的数可以作证."""
    report = report_on(live, project_business_actual="156.12")
    (group,) = report.groups
    assert {each.keys for each in group.suspects[: group.tied]} >= {
        ("project_business_actual",),
        ("project_operation_actual",),
    }
    assert group.culprit is None
    assert "只改以下一处就能全部相符" in told(group, report.record.stated)


def test_a_weight_is_blamed_through_the_points_that_follow_from_it(live: LiveForm) -> None:
    (group,) = report_on(live, **{"indicators[0].weight": "2"}).groups
    assert group.suspects[0].keys == ("indicators[0].weight",)
    assert group.suspects[0].values == ("20",)
