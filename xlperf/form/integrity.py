"""A Record as inspected: with what its workbook's formulas, labels and sheets say beyond the figures."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple

from xlperf.form.record import Record, Stated


class Replaced(NamedTuple):
    """A derived cell that holds something other than the form's own formula, or not what that formula gives."""

    stated: Stated
    expected: Decimal | str | None  # what its operands give; None: their base is zero; "": not known
    possible: bool  # rounding allows what it shows
    operands: tuple[Stated, ...]
    formula: str = ""
    left_out: tuple[Stated, ...] = ()  # figures that the form's formula reads and this one does not


class StrayRow(NamedTuple):
    """A row with figures that no total counts; each bears the key of the total that would count it.

    The row is below a row table; or in it, and the figures beside its columns: these tell in which, as letters.
    """

    table: str
    place: str
    figures: tuple[Stated, ...]
    beside: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()


class HiddenCells(NamedTuple):
    """Figures that nobody sees who opens the workbook."""

    place: str
    cells: tuple[Stated, ...]
    covered: bool = False  # by a merged cell: the Record does without them, but formulas count them


class AlteredLabel(NamedTuple):
    """A printed label that is not the form's; `of_another` if it is that of another field of the same sheet.

    `astray` are the fields that it should name, where that other field's label stands there or where their own now
    stands elsewhere: what their cells hold is somebody else's.
    """

    at: str
    beside: Stated
    printed: str
    found: str
    of_another: bool
    astray: tuple[str, ...] = ()


class Integrity(NamedTuple):
    """What a workbook's formulas, labels and sheets say beyond its figures."""

    constants: tuple[Replaced, ...] = ()  # a figure where the formula was, in a form whose other formulas work
    formulas: tuple[Replaced, ...] = ()  # another formula
    stale: tuple[Replaced, ...] = ()  # the form's formula with an old result; the Record has the new one
    errors: Mapping[str, tuple[str, ...]] = MappingProxyType({})  # and who only passes it on
    stray_rows: tuple[StrayRow, ...] = ()
    hidden: tuple[HiddenCells, ...] = ()
    external: tuple[Stated, ...] = ()  # cells whose formula reads another workbook
    linked_files: tuple[str, ...] = ()
    labels: tuple[AlteredLabel, ...] = ()
    follows: frozenset[str] = frozenset()  # cells whose formula is the form's own: what they show is no evidence
    drafts: tuple[Stated, ...] = ()  # what was carried over from last year and nobody has gone over
    uncalculated: frozenset[str] = frozenset()  # derived cells with a formula and, in the file, no result of it
    astray: Mapping[str, str] = MappingProxyType({})  # cells of something else, and what that is

    def is_error(self, key: str) -> bool:
        return key in self.errors or any(key in passed_on for passed_on in self.errors.values())


@dataclass(frozen=True, slots=True)
class InspectedRecord(Record):
    """What an inspection of a workbook makes of the record read from it; the rules about the workbook ask for it."""

    integrity: Integrity = dataclasses.field(kw_only=True)

    @classmethod
    def of(cls, record: Record, integrity: Integrity) -> InspectedRecord:
        values = {each.name: getattr(record, each.name) for each in dataclasses.fields(Record) if each.init}
        return cls(**values, integrity=integrity)

    @property
    def follows(self) -> frozenset[str]:
        """Cells that a formula of the form's own computes: nobody stated what they show."""
        return self.integrity.follows
