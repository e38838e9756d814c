"""Forms as they are used: every derived cell a live formula, in a real workbook; a fault is typed into it."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from tests.bench.faults.faults import KINDS, Fault
from xlperf.audit.run import Report
from xlperf.derive.engine import compute, recalculated
from xlperf.form.forms import load_template
from xlperf.form.record import Record, Stated, record_from_values, state, values_of
from xlperf.workbook.actions import Form, check, fill, new_workbook, open_form
from xlperf.workbook.inspection import inspect


class LiveForm(NamedTuple):
    """A filled workbook, as bytes."""

    blob: bytes

    def faulty(self, faults: Iterable[Fault]) -> LiveForm:
        """With the faults typed in, and every formula calculated again."""
        form = open_form(self.blob, "form.xlsx")
        record = inspect(form.book, form.binding, form.record)
        typed = {key: _typed(record, key, after) for each in faults for key, after in _cells(record, each)}
        after = recalculated(record, typed)
        for key, cell in after.stated.items():
            if key in typed or cell != record[key]:
                _write(form, key, cell, keep_formula=key not in typed)
        return LiveForm(form.book.to_bytes())

    def report(self) -> Report:
        return check(open_form(self.blob, "form.xlsx"))[0]

    def shown(self, report: Report) -> dict[str, Any]:
        """What a reader of the workbook sees."""
        return values_of(report.record)

    def follows(self, report: Report) -> frozenset[str]:
        """The cells that formulas compute."""
        return report.record.follows

    def silent(self, report: Report) -> frozenset[str]:
        """The cells whose formula shows nothing: points beside a result in words, which a person has to give."""
        form = open_form(self.blob, "form.xlsx")
        blank = ((key, form.binding.place(key)) for key, cell in form.record.stated.items() if cell.is_blank)
        cells = ((key, form.book.cells(place.sheet).get(place.ref)) for key, place in blank)
        return frozenset(key for key, cell in cells if cell is not None and cell.formula)


def live_form(seed: str, kind: str) -> LiveForm:
    """A clean form whose derived cells are the template's own formulas; half of them with computed points too."""
    rng = random.Random(f"{seed}/live")
    template, values = load_template(kind), KINDS[kind].clean(random.Random(seed), "exact")
    blank = {**values, "fields": {k: v for k, v in values["fields"].items() if not template.fields[k].derived}}
    if rng.random() < 0.5:
        blank["indicators"] = [_without_points(row) for row in values["indicators"]]
    computable = compute(record_from_values(blank, template))
    fields = {k: v for k, v in values["fields"].items() if not (template.fields[k].derived and k in computable)}
    rows = [
        row if f"indicators[{i}].score" in computable else full
        for i, (row, full) in enumerate(zip(blank["indicators"], values["indicators"], strict=True))
    ]
    form = open_form(new_workbook({**values, "fields": fields, "indicators": rows}).to_bytes(), "form.xlsx")
    fill(form)
    return LiveForm(form.book.to_bytes())


def _without_points(row: Mapping[str, str]) -> dict[str, str]:
    """Points that only the person could give stay: where they are fewer than the formula's, a reason stands beside."""
    return {**row, "score": "" if not row.get("deviation_note") else row["score"]}


def _cells(record: Record, fault: Fault) -> Iterable[tuple[str, str]]:
    """What the fault leaves in which cell."""
    return ((key, after) for key, _, after in fault.edits if key in record.stated)


def _typed(record: Record, key: str, text: str) -> Stated:
    cell = record[key]
    known = record.template.not_applicable
    return state(key, cell.field, text, not_applicable=known, at=cell.at, label=cell.label)


def _write(form: Form, key: str, cell: Stated, *, keep_formula: bool) -> None:
    place = form.binding.place(key)
    merged = (area for area in form.book.merges(place.sheet) if area.contains(place.ref))
    if any((area.top, area.left) != place.ref for area in merged):
        return  # the name of a level stands once for all its rows
    formula = form.book.cells(place.sheet)[place.ref].formula if keep_formula else None
    percent = f"0.{'0' * max((cell.places or 4) - 2, 0)}%".replace("0.%", "0%") if cell.field.is_rate else None
    value = (cell.text or ("" if formula else None)) if cell.number is None else cell.number
    form.book.write(place.sheet, place.ref, value, formula=formula, number_format=None if keep_formula else percent)
