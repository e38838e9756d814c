"""Figures held as text made numbers, which formulas see; done on request only."""

from __future__ import annotations

import dataclasses

from xlperf.workbook.actions import Filled, Form
from xlperf.workbook.binding import percent_format


def to_numbers(form: Form) -> tuple[Form, list[Filled]]:
    """Figures held as text become numbers, as `fill --numbers` asks for; the form as it then reads, and what changed.

    A percentage keeps its decimals. A cell formatted as text (@) is formatted as the form's figures are, because what
    is typed into it later would be text again.
    """
    changed = []
    stated = dict(form.record.stated)
    for key, cell in form.record.stated.items():
        if not cell.as_text or cell.number is None:
            continue
        place = form.binding.place(key)
        held = form.book.cells(place.sheet)[place.ref]
        if held.formula is not None:
            continue  # a formula of somebody's own, or one that `fill` renews
        shown = form.book.number_format(held)
        number_format = percent_format(cell.places, cell.field)
        if number_format is None and shown in ("@", "General", ""):
            number_format = "0.00%" if cell.field.is_rate else None if shown != "@" else "General"
        form.book.write(place.sheet, place.ref, cell.number, number_format=number_format)
        stated[key] = cell._replace(as_text=False)
        changed.append(Filled(place.address, cell.label, cell.text, cell.shown))
    return form._replace(record=dataclasses.replace(form.record, stated=stated)), changed
