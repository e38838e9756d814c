"""Whether a formula over a workbook's cells would give what the form says: if not, the value itself is filled in."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from xlperf.amounts import ZERO
from xlperf.derive.engine import Step, Value, operands_of
from xlperf.form.record import Record
from xlperf.form.template import split_row_key
from xlperf.package import CellKind
from xlperf.workbook.binding import Binding, Book, Place, Reader
from xlperf.workbook.inspected import places_read
from xlperf.workbook.merged import covered_figures

_SAME = Decimal(1)


def is_to_fill(record: Record, step: Step, values: Mapping[str, Value]) -> bool:
    """In a form of anybody's only a blank cell that can be computed, and no total while a part of it is missing."""
    parts = operands_of(step, record) if any(choice.is_sum for choice in step.choices) else ()
    is_whole = all(key in values or not record[key].is_blank for key in parts)
    return step.key in values and record[step.key].is_blank and is_whole


class Calculating:
    """What the formulas of one form would see; each sheet is looked through once."""

    def __init__(self, book: Book, binding: Binding, record: Record) -> None:
        self.book, self.binding, self.record = book, binding, record
        self.reader = Reader(book, binding.template)
        homes = {place.sheet for place in binding.fields.values()} | {each.sheet for each in binding.tables.values()}
        self.covered = frozenset(Place(sheet, ref) for sheet in homes for ref in covered_figures(book, sheet))

    def counts_covered(self, step: Step) -> bool:
        """Would a formula count a figure under merged cells, which nobody sees?"""
        if not self.covered:
            return False
        return not self.covered.isdisjoint(places_read(self.binding, step, operands_of(step, self.record)))

    def sees_all(self, step: Step) -> bool:
        """Does every operand stand in its cell as the form says, and nothing else where a formula would add up?

        A number held as text would be left out. In a form of anybody's an operand may be joined from several cells, or
        stand in 元; only a quotient of amounts does not mind.
        """
        operands = operands_of(step, self.record)
        if any(self.record[key].as_text for key in operands):
            return False
        if not self.binding.by_labels:
            return True
        own = [key for key in operands if self.binding.has(key)]
        scales = {scale for key in own if (scale := self._scale(key)) is not None}
        is_quotient = step.field.is_rate and all(self.record.template.field(key).type == "money" for key in own)
        return (scales <= {_SAME} or (is_quotient and len(scales) == 1)) and self._adds_only(step, own)

    def _scale(self, key: str) -> Decimal | None:
        """By how much the figure of the cell is larger than the one stated; None where there is none to compare.

        Zero where the cell does not hold what is stated.
        """
        stated, place = self.record[key], self.binding.place(key)
        if stated.is_blank:
            return None
        held = self.reader.read(place, key, self.record.template.field(key))
        if stated.number is None:
            return _SAME if held.text == stated.text else ZERO
        if held.as_text or held.number is None:
            return ZERO
        if stated.number == held.number:
            return _SAME
        return held.number / stated.number if stated.number else ZERO

    def _adds_only(self, step: Step, keys: list[str]) -> bool:
        """Would the sum of a column take in the rows of the form and no other figure between them?"""
        if not any(choice.is_sum for choice in step.choices):
            return True
        wanted = {self.binding.place(key) for key in keys}
        read = set(places_read(self.binding, step, [key for key in keys if split_row_key(key) is None]))
        others = (self.book.cells(place.sheet).get(place.ref) for place in read - wanted)
        return wanted <= read and not any(cell is not None and cell.kind is CellKind.NUMBER for cell in others)
