"""What a reader of a form sees once cells of it were changed: the same, whether or not it was worked out anew."""

from __future__ import annotations

import random

import pytest

from tests.bench.faults.clean import clean
from xlperf.derive.engine import recalculated
from xlperf.derive.seen import Seen
from xlperf.form.forms import load_template
from xlperf.form.record import Record, record_from_values, state

CHANGES = {
    "an operand of a rate": ("reception_actual", "1.00"),
    "a rate itself": ("execution_rate", "3.21%"),
    "points of a row": ("indicators[0].score", "0"),
    "a level, on which the parts of a total depend": ("indicators[0].level1", "别的指标"),
    "the year, on which figures depend": ("year", "2019"),
    "nothing is left there": ("annual_budget", ""),
}


@pytest.fixture(scope="module")
def record() -> Record:
    return record_from_values(clean(random.Random("seen")), load_template("department_overall"))


@pytest.mark.parametrize(("key", "text"), CHANGES.values(), ids=CHANGES)
def test_what_is_taken_over_is_what_would_be_derived(record: Record, key: str, text: str) -> None:
    field = record[key].field
    changed = {key: state(key, field, text, not_applicable=record.template.not_applicable, label=record[key].label)}
    before, after = Seen(record), Seen(recalculated(record, changed))
    about = {each for each in after.cells if after.cells[each] != before.cells[each]} | {key}
    anew = after.derived
    again = Seen(after.record)
    again.derive_from(before, about)
    assert again.derived == anew
    assert anew != before.derived or field.is_text or key == "year"
