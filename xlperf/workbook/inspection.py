"""What a workbook says beyond its figures: are its formulas, labels and sheets still the form's own?"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from xlperf.amounts import ZERO, round_half_up
from xlperf.derive.engine import Step, Value, compute, operand_keys, operands_of, showing
from xlperf.derive.expression import NOT_COMPUTABLE_TEXT
from xlperf.derive.seen import Derived, Seen, derived_cells
from xlperf.form.integrity import InspectedRecord, Integrity, Replaced
from xlperf.form.record import Record, State, Stated
from xlperf.package import Cell, CellKind, references
from xlperf.workbook.binding import Binding
from xlperf.workbook.drafts import waiting_drafts
from xlperf.workbook.hidden import hidden_figures
from xlperf.workbook.inspected import InspectedBook, InspectedForm
from xlperf.workbook.printed_labels import altered_labels, astray_cells
from xlperf.workbook.stray import stray_rows


def inspect(book: InspectedBook, binding: Binding, record: Record, variant: str | None = None) -> InspectedRecord:
    """The record with its `Integrity`; figures that a formula has not renewed are replaced by what it gives.

    An input whose formula has no result yet is unreadable, not blank.
    """
    return Inspection(book, binding, record).under(variant)


class Inspection:
    """A workbook looked over once; what its formulas ought to be is asked for one variant at a time."""

    def __init__(self, book: InspectedBook, binding: Binding, record: Record) -> None:
        self._form = InspectedForm(book, binding, record, None)
        form = _with_results(self._form)
        labels = () if binding.by_labels else tuple(altered_labels(book, binding, form.record))
        self._same_under_all = Integrity(
            stray_rows=() if binding.by_labels else tuple(stray_rows(form)),
            hidden=tuple(hidden_figures(form)),
            external=tuple(form.record[key] for key, cell in form.cells.items() if _reads_elsewhere(cell.formula)),
            linked_files=book.linked_files,
            labels=labels,
            astray=astray_cells(labels, binding, form.record),
            drafts=tuple(_drafts(form)),
        )

    def under(self, variant: str | None) -> InspectedRecord:
        """The record as `inspect` gives it."""
        form = _with_results(self._form.under(variant))
        constants, formulas, stale = ((), (), ()) if form.binding.by_labels else _derived(form)
        integrity = self._same_under_all._replace(
            constants=constants,
            formulas=formulas,
            stale=stale,
            errors=_errors(form),
            follows=frozenset(form.own) | form.offered,
            uncalculated=frozenset(_uncalculated(form)),
        )
        stated = form.record.stated
        if stale:
            stated = {**stated, **{each.stated.key: showing(each.stated, _value(each.expected)) for each in stale}}
        if form.offered:
            stated = {**stated, **_following(form, stated)}
        return InspectedRecord.of(dataclasses.replace(form.record, stated=stated), integrity)


# Formulas without a result


def _uncalculated(form: InspectedForm) -> Iterator[str]:
    """Derived cells whose formula will show a figure as soon as it is calculated, also where it was when all was blank.

    Not so where an operand is a number held as text: calculated again, the formula shows nothing again.
    """
    for key, step in form.steps.items():
        cell = form.cells.get(key)
        if cell is None or cell.formula is None or not step.field.derived or not form.record[key].is_blank:
            continue
        own = cell.kind is CellKind.BLANK or form.own.get(key)
        if own and not any(form.record[each].as_text for each in operands_of(step, form.record)):
            yield key


def _with_results(form: InspectedForm) -> InspectedForm:
    """What programs leave that write formulas and do not calculate: an input with a formula is not blank.

    Derived cells stay as they are: `seen` shows what the form's formula gives, and other formulas have their rule.
    """
    pending = [
        key
        for key, cell in form.cells.items()
        if cell.kind is CellKind.BLANK
        and cell.formula is not None
        and not form.record[key].field.derived
        and key not in form.offered
    ]
    if not pending:
        return form
    stated = dict(form.record.stated)
    values = compute(form.record, form.variant)
    for key in pending:
        if key not in form.own:
            stated[key] = stated[key].unknown()
        elif key in values:
            stated[key] = showing(stated[key], values[key])
    return InspectedForm(form.book, form.binding, dataclasses.replace(form.record, stated=stated), form.variant)


def _following(form: InspectedForm, stated: Mapping[str, Stated]) -> dict[str, Stated]:
    """Inputs that follow other cells, as they look when their formulas have been calculated."""
    record = dataclasses.replace(form.record, stated=stated)
    values, found = compute(record, form.variant, as_stated=True), dict[str, Stated]()

    def value(key: str) -> Stated:
        cell = stated[key]
        if key in form.offered:
            if key not in found:
                found[key] = _sum_of([value(part) for part in record.template.offered[key]], cell)
            return found[key]
        return showing(cell, values[key]) if key in values and cell.field.derived else cell

    for key in form.offered:
        value(key)
    return found


def _sum_of(parts: Sequence[Stated], total: Stated) -> Stated:
    if total.field.is_text:
        return total._replace(state=parts[0].state, text=parts[0].text, number=parts[0].number)
    numbers = [part.number for part in parts if part.number is not None]
    if not numbers:
        return total._replace(state=State.BLANK, text="", number=None, places=None)
    return showing(total, round_half_up(sum(numbers, ZERO), total.field.places))


# Derived cells


def _derived(form: InspectedForm) -> tuple[tuple[Replaced, ...], tuple[Replaced, ...], tuple[Replaced, ...]]:
    """Those overwritten by figures, those with another formula, those with an old result."""
    seen = Seen(form.record, form.variant)
    constants: list[Replaced] = []
    formulas: list[Replaced] = []
    stale: list[Replaced] = []
    for each in derived_cells(seen):  # what an old result is replaced by counts for those that follow from it
        key = each.key if isinstance(each, Step) else each.stated.key
        if not form.record[key].field.derived:
            continue
        cell = form.cells[key]
        if cell.kind is CellKind.ERROR:
            continue
        if form.own.get(key):
            if isinstance(each, Derived) and _is_stale(each) and not _counts_covered(form, each):
                stale.append(_replaced(each, cell))
                seen.cells[key] = showing(each.stated, _value(each.expected))
        elif cell.formula is None or not any(references(cell.formula)):  # =213.62+37.44 is a figure too
            if isinstance(each, Derived):
                constants.append(_replaced(each, cell))
        elif key not in form.own:
            formulas.append(_changed(form, each, cell, seen))
    for key, step in form.steps.items():  # a program that drops results leaves the formulas
        blank = key in form.cells and step.field.derived and form.record[key].is_blank
        if blank and form.cells[key].formula and key not in form.own:
            formulas.append(_changed(form, step, form.cells[key], seen))
    order = {key: place for place, key in enumerate(form.record.stated)}
    found = (constants if constants and _is_alive(form, seen.values) else [], formulas, stale)
    constants, formulas, stale = (sorted(each, key=lambda one: order[one.stated.key]) for each in found)
    return tuple(constants), tuple(formulas), tuple(stale)


def _replaced(each: Derived, cell: Cell, left_out: tuple[Stated, ...] = ()) -> Replaced:
    possible = each.possible
    if each.stated.field.is_text and isinstance(each.expected, str):
        possible = each.stated.text.startswith(each.expected)  # how 优秀 should be written is not asked here
    return Replaced(each.stated, each.expected, possible, each.operands, cell.formula or "", left_out)


def _is_alive(form: InspectedForm, values: Mapping[str, Value]) -> bool:
    """Do at least half of the derived cells that can be computed hold a formula that has been calculated?

    Not so where a form was frozen, or made from figures that were stated elsewhere: nobody overwrote anything there.
    """
    computable = [key for key in values if form.record[key].field.derived]
    working = [
        key
        for key in computable
        if (cell := form.cells.get(key)) and cell.formula is not None and not form.record[key].is_blank
    ]
    return bool(working) and 2 * len(working) >= len(computable)


def _is_stale(each: Derived) -> bool:
    """Points and totals are exact; a quotient's last digit may differ between programs."""
    if any(operand.as_text for operand in each.operands):
        return False  # the formula does not see that figure, and calculating again will not change it
    if each.choice.is_sum and each.stated.is_number:
        return each.stated.number != each.expected
    return not each.possible


def _counts_covered(form: InspectedForm, each: Derived) -> bool:
    """The formula counts a figure that a merged cell covers, and will do so again."""
    areas = form.areas_read(each.stated.key) if form.covered else []
    return any(area.contains(ref) for sheet, area in areas for ref in form.covered.get(sheet, ()))


def _value(expected: Decimal | str | None) -> Value:
    return NOT_COMPUTABLE_TEXT if expected is None else expected


def _changed(form: InspectedForm, each: Derived | Step, cell: Cell, seen: Seen) -> Replaced:
    if isinstance(each, Step):
        operands = tuple(seen[key] for key in seen.operands_of(each.key) if seen[key].is_number)
        each = Derived(form.record[each.key], "", True, operands, each.choices[0])
    read = _keys_read(form, each.stated.key)
    left_out = tuple(operand for operand in each.operands if not _is_read(form, operand.key, read))
    return _replaced(each, cell, left_out)


def _keys_read(form: InspectedForm, key: str) -> set[str]:
    """The cells that a formula reads, and the parts of the totals among them."""
    areas = form.areas_read(key)
    read = {
        other
        for other, place in form.places.items()
        if any(sheet == place.sheet and area.contains(place.ref) for sheet, area in areas)
    }
    for step in reversed(list(form.steps.values())):  # totals before their parts
        if step.key in read and step.key != key and step.choices[0].is_sum:
            read |= set(operand_keys(step.choices[0], form.record))
    return read


def _is_read(form: InspectedForm, key: str, read: set[str]) -> bool:
    """A derived figure may also be worked out from its own operands: (本年 - 上年) ÷ 上年."""
    if key in read or key not in form.steps:
        return key in read
    return any(all(each in read for each in choice.operands) for choice in form.steps[key].choices)


# Cells


def _errors(form: InspectedForm) -> dict[str, tuple[str, ...]]:
    """Cells that show an error value, each with the derived cells that only pass it on."""
    wrong = [key for key, cell in form.cells.items() if cell.kind is CellKind.ERROR]
    if not wrong:
        return {}
    root = {key: key for key in wrong}
    for step in form.steps.values():
        if step.key in root:
            root[step.key] = next((root[key] for key in operands_of(step, form.record) if key in root), step.key)
    return {
        key: tuple(each for each in wrong if root[each] == key and each != key) for key in wrong if root[key] == key
    }


def _reads_elsewhere(formula: str | None) -> bool:
    return formula is not None and "[" in formula and any("[" in each.sheet for each in references(formula))


def _drafts(form: InspectedForm) -> Iterator[Stated]:
    waiting = set(waiting_drafts(form.book))
    return (form.record[key] for key, place in form.places.items() if place in waiting)
