"""A form under inspection: its workbook, its record and the cells that bear a key."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from functools import cached_property
from typing import Protocol

from xlperf.derive.engine import Step, steps_of
from xlperf.derive.native import native_formula, offered_formula
from xlperf.form.record import Record
from xlperf.form.template import row_key
from xlperf.package import Area, Cell, references
from xlperf.text import expression
from xlperf.workbook.binding import Binding, Book, Place
from xlperf.workbook.merged import covered_figures, visible_cells

_OURS = expression(r"(?<![\w.])(?:_xlfn\.)?(?:PERF_|XLPERF\.|_xll\.|_xldudf_)", re.IGNORECASE)
_SPELLING = expression(r"_xlfn\.|_xlws\.|[\s$'@]", re.IGNORECASE)


class InspectedBook(Book, Protocol):
    """What the inspection needs of a workbook beyond reading the form."""

    @property
    def sheets(self) -> tuple[str, ...]: ...
    @property
    def linked_files(self) -> tuple[str, ...]: ...
    def hidden_state(self, sheet: str) -> str: ...
    def hidden_rows(self, sheet: str) -> frozenset[int]: ...
    def hidden_cols(self, sheet: str) -> frozenset[int]: ...


class InspectedForm:
    """The workbook with its record, and the cells that bear a key."""

    def __init__(self, book: InspectedBook, binding: Binding, record: Record, variant: str | None) -> None:
        self.book = book
        self.binding = binding
        self.record = record
        self.variant = variant
        self.places = dict(_places(binding, record))
        homes = dict.fromkeys(place.sheet for place in self.places.values())
        self.sheets = {title: visible_cells(book, title) for title in homes}
        self.covered = {title: under for title in self.sheets if (under := covered_figures(book, title))}
        found = ((key, self.sheets[place.sheet].get(place.ref)) for key, place in self.places.items())
        self.cells: dict[str, Cell] = {key: cell for key, cell in found if cell is not None}

    def under(self, variant: str | None) -> InspectedForm:
        """The same workbook judged by another variant."""
        other = copy(self)
        other.variant = variant
        for judged in ("steps", "own"):
            other.__dict__.pop(judged, None)
        return other

    @cached_property
    def steps(self) -> Mapping[str, Step]:
        return self.steps_of(self.variant)

    def steps_of(self, variant: str | None) -> Mapping[str, Step]:
        return {step.key: step for step in steps_of(self.record, variant)}

    @cached_property
    def own(self) -> Mapping[str, bool]:
        """The cells that hold one of the form's own formulas; False if it is not the one of this variant."""
        formulas = ((key, cell.formula) for key in self.steps if (cell := self.cells.get(key)) is not None)
        found = ((key, _whose(self, key, formula)) for key, formula in formulas if formula is not None)
        return {key: mine for key, mine in found if mine is not None}

    @cached_property
    def offered(self) -> frozenset[str]:
        """The inputs that hold the formula that a blank form has there."""
        return frozenset(key for key in self.record.template.offered if self._is_offered(key))

    def _is_offered(self, key: str) -> bool:
        cell = self.cells.get(key)
        if cell is None or cell.formula is None or self.binding.by_labels:
            return False
        own = self.places[key].sheet
        formula = offered_formula(self.record.template, key, self.binding.references(own)[0])
        return _spelled(cell.formula, f"{own}!") == _spelled(formula, f"{own}!")

    @cached_property
    def names(self) -> Mapping[str, tuple[str, Area]]:
        return {name.lower(): (sheet, area) for name, sheet, area in self.book.names}

    def native(self, key: str, variant: str | None) -> Iterator[str]:
        """The form's own formula of a derived cell, then as workbooks made before 2026-11-28 have it.

        Those looked up the levels of rows without the header.
        """
        step = (self.steps if variant == self.variant else self.steps_of(variant)).get(key)
        if step is None:  # it would be of a cell that the form of this place does not have
            return
        cell, column = self.binding.references(self.places[key].sheet)

        def without_header(table: str, name: str, *, headed: bool = False) -> str:
            return column(table, name)

        for each in (column, without_header):
            formula = native_formula(step, self.record, cell, each, variant)
            if formula is not None:
                yield formula

    def areas_read(self, key: str) -> list[tuple[str, Area]]:
        """What the formula in a cell reads, names resolved."""
        found = []
        for each in references(self.cells[key].formula or ""):
            if each.area is not None:
                found.append((each.sheet or self.places[key].sheet, each.area))
            elif each.name.lower() in self.names:
                found.append(self.names[each.name.lower()])
        return found

    def totals(self, table: str) -> dict[str, str]:
        """By column of a row table: the total of all its rows."""
        template = self.record.template
        return {
            column: each.total
            for column in template.tables[table].columns
            for each in template.sums
            if each.same is None and f"{table}[].{column}" in each.parts
        }


def places_read(binding: Binding, step: Step, keys: Sequence[str]) -> Iterator[Place]:
    """The cells that a step's formula reads, those of the row tables whose rows are blank included."""
    yield from (binding.place(key) for key in keys if binding.has(key))
    parts = (part for choice in step.choices if choice.is_sum for part in choice.relation.parts)
    for table, rows, column in (part.partition("[].") for part in parts):
        if rows:
            place = binding.tables[table]
            yield from (place.place(row, column) for row in place.body.rows)


def _places(binding: Binding, record: Record) -> Iterator[tuple[str, Place]]:
    yield from binding.fields.items()
    for table, place in binding.tables.items():
        for index in range(len(place.rows)):
            for column in record.template.tables[table].columns:
                key = row_key(table, index, column)
                if binding.has(key):
                    yield key, binding.place(key)


def _is_native(form: InspectedForm, key: str, formula: str, variant: str | None) -> bool:
    own = f"{form.places[key].sheet}!"
    return any(
        formula == native or _spelled(formula, own) == _spelled(native, own) for native in form.native(key, variant)
    )


def _spelled(formula: str, own: str) -> str:
    """Without what programs write in different ways: case, blanks, $, quotes, prefixes, the formula's own sheet."""
    return _SPELLING.sub("", formula).replace(_SPELLING.sub("", own), "").lower()


def _whose(form: InspectedForm, key: str, formula: str) -> bool | None:
    """True for the form's formula; False for one of our functions and for that of another variant; None if neither."""
    if _is_native(form, key, formula, form.variant):
        return True
    if _OURS.search(formula):
        return False
    known = any(_is_native(form, key, formula, variant) for variant in form.record.template.variants)
    return False if known else None
