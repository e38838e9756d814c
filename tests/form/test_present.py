"""What a form of another place lacks is absent: rules that need it do not apply, sums go on without it."""

from __future__ import annotations

from xlperf.audit.applicable import not_applicable
from xlperf.form.forms import load_template
from xlperf.form.present import as_present
from xlperf.form.relations import Kind

WHOLE = load_template("project_elsewhere")
ROW = ("level3", "target", "actual", "weight", "score")
KEYS = ("annual_budget", "annual_spent", "execution_rate", "total_score", *(f"indicators[0].{name}" for name in ROW))


def test_cells_columns_and_tables_that_are_there() -> None:
    form = as_present(WHOLE, KEYS, {"annual_budget": "预算数（A）", "indicators.target": "年初目标值"})
    assert tuple(form.fields) == ("annual_budget", "annual_spent", "execution_rate", "total_score")
    assert tuple(form.tables) == ("indicators",)
    assert tuple(form.tables["indicators"].columns) == ROW
    assert form.tables["indicators"].fill_down == ()
    assert form.fields["annual_budget"].label == "预算数（A）"
    assert form.tables["indicators"].columns["target"].label == "年初目标值"
    assert "opening_budget" in form.absent
    assert "deviation_note" in form.tables["indicators"].absent


def test_sums_keep_the_parts_that_are_there() -> None:
    form = as_present(WHOLE, KEYS, {})
    assert [(each.total, each.parts) for each in form.sums] == [("total_score", ("indicators[].score",))]
    assert as_present(WHOLE, KEYS, {}, is_cut_off=True).sums == ()


def test_rules_that_need_what_is_absent_do_not_apply() -> None:
    """XLP301 needs the sum of weights, XLP306 the points of execution; XLP308 does without a column for reasons."""
    absent = not_applicable(as_present(WHOLE, KEYS, {}))
    assert {"XLP301", "XLP306", "XLP324"} <= set(absent)
    assert not {"XLP202", "XLP305", "XLP308", "XLP310"} & set(absent)


def test_weights_of_levels_are_not_judged_where_the_list_is_cut_off() -> None:
    assert "XLP327" in not_applicable(as_present(WHOLE, KEYS, {}, is_cut_off=True))


def test_what_must_be_explained_goes_with_its_cells() -> None:
    whole = load_template("monitoring")
    (relation,) = whole.related(Kind.REQUIRED)
    keys = [key.replace(".", "[0].") for key in ("indicators.level3", *relation.keys)]
    assert as_present(whole, keys, {}).related(Kind.REQUIRED) == (relation,)
    assert as_present(whole, keys[:-1], {}).related(Kind.REQUIRED) == ()
