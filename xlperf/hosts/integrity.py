"""What a workbook says beyond its figures: are its formulas, labels and sheets still the form's own?"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cached_property
from typing import Protocol

from xlperf.amounts import parse_number
from xlperf.engine import Derived, Step, Value, compute, derived_cells, operand_keys, seen, showing, steps_of
from xlperf.formulas import NOT_COMPUTABLE_TEXT
from xlperf.hosts.binding import Binding, Book, Place
from xlperf.hosts.drafts import waiting_drafts
from xlperf.hosts.labels import altered_labels
from xlperf.native import native_formula
from xlperf.package import Area, Cell, CellKind, Ref, quoted_title, ref_text, references
from xlperf.record import HiddenCells, Integrity, Record, Replaced, State, Stated, StrayRow
from xlperf.template import row_key

_OURS = re.compile(r"(?<![\w.])(?:_xlfn\.)?(?:PERF_|XLPERF\.|_xll\.|_xldudf_)", re.IGNORECASE)
_SPELLING = re.compile(r"_xlfn\.|_xlws\.|[\s$'@]", re.IGNORECASE)
_SUBTOTAL = re.compile("合计|小计|总计|总分|其中")


class InspectedBook(Book, Protocol):
    """What the inspection needs of a workbook beyond reading the form."""

    @property
    def sheets(self) -> tuple[str, ...]: ...
    @property
    def linked_files(self) -> tuple[str, ...]: ...
    def hidden_state(self, sheet: str) -> str: ...
    def hidden_rows(self, sheet: str) -> frozenset[int]: ...
    def hidden_cols(self, sheet: str) -> frozenset[int]: ...


def inspect(book: InspectedBook, binding: Binding, record: Record, variant: str | None = None) -> Record:
    """The record with its `Integrity`; figures that a formula has not renewed are replaced by what it gives."""
    form = _Form(book, binding, record, variant)
    constants, formulas, stale = _derived(form)
    integrity = Integrity(
        constants=constants,
        formulas=formulas,
        stale=stale,
        errors=_errors(form),
        stray_rows=tuple(_stray_rows(form)),
        hidden=tuple(_hidden(form)),
        external=tuple(record[key] for key, cell in form.cells.items() if _reads_elsewhere(cell.formula)),
        linked_files=book.linked_files,
        labels=tuple(altered_labels(book, binding, record)),
        follows=frozenset(form.own),
        drafts=tuple(_drafts(form)),
    )
    stated = record.stated
    if stale:
        stated = {**stated, **{each.stated.key: showing(each.stated, _value(each.expected)) for each in stale}}
    return dataclasses.replace(record, stated=stated, integrity=integrity)


class _Form:
    """The workbook with its record, and the cells that bear a key."""

    def __init__(self, book: InspectedBook, binding: Binding, record: Record, variant: str | None) -> None:
        self.book = book
        self.binding = binding
        self.record = record
        self.variant = variant
        self.places = dict(_places(binding, record))
        sheets = {place.sheet: book.cells(place.sheet) for place in self.places.values()}
        found = ((key, sheets[place.sheet].get(place.ref)) for key, place in self.places.items())
        self.cells: dict[str, Cell] = {key: cell for key, cell in found if cell is not None}

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
    def names(self) -> Mapping[str, tuple[str, Area]]:
        return {name.lower(): (sheet, area) for name, sheet, area in self.book.names}

    def native(self, key: str, variant: str | None) -> str | None:
        """The form's own formula of a derived cell."""
        step = self.steps[key] if variant == self.variant else self.steps_of(variant)[key]
        return native_formula(step, self.record, *self.binding.references(self.places[key].sheet), variant)

    def areas_read(self, key: str) -> list[tuple[str, Area]]:
        """What the formula in a cell reads, names resolved."""
        found = []
        for each in references(self.cells[key].formula or ""):
            if each.area is not None:
                found.append((each.sheet or self.places[key].sheet, each.area))
            elif each.name.lower() in self.names:
                found.append(self.names[each.name.lower()])
        return found


def _places(binding: Binding, record: Record) -> Iterator[tuple[str, Place]]:
    yield from binding.fields.items()
    for table, place in binding.tables.items():
        for index, row in enumerate(place.rows):
            for column in record.template.tables[table].columns:
                yield row_key(table, index, column), Place(place.sheet, Ref(row, place.columns[column]))


# Derived cells


def _derived(form: _Form) -> tuple[tuple[Replaced, ...], tuple[Replaced, ...], tuple[Replaced, ...]]:
    """Those overwritten by figures, those with another formula, those with an old result."""
    values = compute(form.record, form.variant)
    constants: list[Replaced] = []
    formulas: list[Replaced] = []
    stale: list[Replaced] = []
    cells = seen(form.record, form.variant)
    for each in derived_cells(form.record, cells, form.variant):  # reads `cells` as it goes, operands first
        key = each.key if isinstance(each, Step) else each.stated.key
        cell = form.cells[key]
        if cell.kind is CellKind.ERROR:
            continue
        if form.own.get(key):
            if isinstance(each, Derived) and _is_stale(each):
                stale.append(_replaced(each, cell))
                cells[key] = showing(each.stated, _value(each.expected))
        elif cell.formula is None or not any(references(cell.formula)):  # =213.62+37.44 is a figure too
            if isinstance(each, Derived):
                constants.append(_replaced(each, cell))
        elif key not in form.own:
            formulas.append(_changed(form, each, cell, cells))
    for key, step in form.steps.items():  # a program that drops results leaves the formulas
        blank = key in form.cells and step.field.derived and form.record[key].is_blank
        if blank and form.cells[key].formula and key not in form.own:
            formulas.append(_changed(form, step, form.cells[key], cells))
    order = {key: place for place, key in enumerate(form.record.stated)}
    found = (constants if constants and _is_alive(form, values) else [], formulas, stale)
    constants, formulas, stale = (sorted(each, key=lambda one: order[one.stated.key]) for each in found)
    return tuple(constants), tuple(formulas), tuple(stale)


def _replaced(each: Derived, cell: Cell, left_out: tuple[Stated, ...] = ()) -> Replaced:
    possible = each.possible
    if each.stated.field.is_text and isinstance(each.expected, str):
        possible = each.stated.text.startswith(each.expected)  # how 优秀 should be written is not asked here
    return Replaced(each.stated, each.expected, possible, each.operands, cell.formula or "", left_out)


def _is_alive(form: _Form, values: Mapping[str, Value]) -> bool:
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
    if each.choice.sum is not None and each.stated.is_number:
        return each.stated.number != each.expected
    return not each.possible


def _value(expected: Decimal | str | None) -> Value:
    return NOT_COMPUTABLE_TEXT if expected is None else expected


def _is_native(form: _Form, key: str, formula: str, variant: str | None) -> bool:
    native = form.native(key, variant)
    if native is None or formula == native:
        return native is not None
    own = f"{form.places[key].sheet}!"
    return _spelled(formula, own) == _spelled(native, own)


def _spelled(formula: str, own: str) -> str:
    """Without what programs write in different ways: case, blanks, $, quotes, prefixes, the formula's own sheet."""
    return _SPELLING.sub("", formula).replace(_SPELLING.sub("", own), "").lower()


def _whose(form: _Form, key: str, formula: str) -> bool | None:
    """True for the form's formula; False for one of our functions and for that of another variant; None if neither."""
    if _is_native(form, key, formula, form.variant):
        return True
    if _OURS.search(formula):
        return False
    known = any(_is_native(form, key, formula, variant) for variant in form.record.template.variants)
    return False if known else None


def _changed(form: _Form, each: Derived | Step, cell: Cell, cells: Mapping[str, Stated]) -> Replaced:
    if isinstance(each, Step):
        operands = tuple(cells[key] for key in operand_keys(each.choices[0], form.record) if cells[key].is_number)
        each = Derived(form.record[each.key], "", True, operands, each.choices[0])
    read = _keys_read(form, each.stated.key)
    left_out = tuple(operand for operand in each.operands if not _is_read(form, operand.key, read))
    return _replaced(each, cell, left_out)


def _keys_read(form: _Form, key: str) -> set[str]:
    """The cells that a formula reads, and the parts of the totals among them."""
    areas = form.areas_read(key)
    read = {
        other
        for other, place in form.places.items()
        if any(sheet == place.sheet and area.contains(place.ref) for sheet, area in areas)
    }
    for step in reversed(list(form.steps.values())):  # totals before their parts
        if step.key in read and step.key != key and step.choices[0].sum is not None:
            read |= set(operand_keys(step.choices[0], form.record))
    return read


def _is_read(form: _Form, key: str, read: set[str]) -> bool:
    """A derived figure may also be worked out from its own operands: (本年 - 上年) ÷ 上年."""
    if key in read or key not in form.steps:
        return key in read
    return any(all(each in read for each in choice.operands) for choice in form.steps[key].choices)


# Cells


def _errors(form: _Form) -> dict[str, tuple[str, ...]]:
    """Cells that show an error value, each with the derived cells that only pass it on."""
    wrong = [key for key, cell in form.cells.items() if cell.kind is CellKind.ERROR]
    if not wrong:
        return {}
    root = {key: key for key in wrong}
    for step in form.steps.values():
        if step.key in root:
            operands = (key for choice in step.choices for key in operand_keys(choice, form.record))
            root[step.key] = next((root[key] for key in operands if key in root), step.key)
    return {
        key: tuple(each for each in wrong if root[each] == key and each != key) for key in wrong if root[key] == key
    }


def _reads_elsewhere(formula: str | None) -> bool:
    return formula is not None and "[" in formula and any("[" in each.sheet for each in references(formula))


def _stray_rows(form: _Form) -> Iterator[StrayRow]:
    """Rows between a table's last row and the next row of the form that hold figures in the table's columns."""
    for table, place in form.binding.tables.items():
        below = (
            other.ref.row
            for other in form.binding.fields.values()
            if other.sheet == place.sheet and other.ref.row > place.body.bottom
        )
        cells = form.book.cells(place.sheet)
        end = min(below, default=0) or max((ref.row for ref in cells), default=0) + 1
        if end - place.body.bottom < 2:
            continue
        template = form.record.template
        totals = {
            column: each.total
            for column in template.tables[table].columns
            for each in template.sums
            if each.same is None and f"{table}[].{column}" in each.parts
        }
        for row in sorted({ref.row for ref in cells if place.body.bottom < ref.row < end}):
            texts = [cells[Ref(row, col)].text for col in place.columns.values() if Ref(row, col) in cells]
            if any(_SUBTOTAL.search(text) for text in texts):
                continue
            figures = tuple(
                figure
                for column, total in totals.items()
                if (figure := _stray_figure(form, Place(place.sheet, Ref(row, place.columns[column])), total))
            )
            if figures:
                yield StrayRow(table, f"{quoted_title(place.sheet)}!{row}:{row}", figures)


def _stray_figure(form: _Form, place: Place, total: str) -> Stated | None:
    cell = form.book.cells(place.sheet).get(place.ref)
    if cell is None or cell.kind not in (CellKind.NUMBER, CellKind.TEXT):
        return None
    number = parse_number(cell.text)
    if number is None or not number.value:
        return None
    counted = total in form.cells and any(
        sheet == place.sheet and area.contains(place.ref) for sheet, area in form.areas_read(total)
    )
    if counted:
        return None
    field = form.record[total].field
    places = None if field.exact else max(field.places, number.places)
    return form.record[total]._replace(
        state=State.NUMBER, text=cell.text, number=number.value, places=places, at=place.address
    )


def _hidden(form: _Form) -> Iterator[HiddenCells]:
    """Figures other than zero on hidden sheets, in hidden rows and in hidden columns; words do not count."""
    places = form.places
    for sheet in dict.fromkeys(place.sheet for place in places.values()):
        whole = form.book.hidden_state(sheet) != "visible"
        rows, cols = form.book.hidden_rows(sheet), form.book.hidden_cols(sheet)
        if not (whole or rows or cols):
            continue
        figures = [
            form.record[key] for key, place in places.items() if place.sheet == sheet and form.record[key].number
        ]
        if whole:
            if figures:
                yield HiddenCells(f"工作表“{sheet}”被隐藏", tuple(figures))
            continue
        merges = [area for area in form.book.merges(sheet) if area.size > 1]
        unseen = [figure for figure in figures if _is_unseen(_extent(places[figure.key].ref, merges), rows, cols)]
        if unseen:
            refs = [places[figure.key].ref for figure in unseen]
            parts = [f"第 {row} 行" for row in sorted({ref.row for ref in refs if ref.row in rows})]
            columns = sorted({ref.col for ref in refs if ref.row not in rows})
            parts += [f"{ref_text(Ref(1, col)).removesuffix('1')} 列" for col in columns]
            yield HiddenCells(f"“{sheet}”的{'、'.join(parts[:8])}{'等' if len(parts) > 8 else ''}被隐藏", tuple(unseen))


def _drafts(form: _Form) -> Iterator[Stated]:
    waiting = set(waiting_drafts(form.book))
    return (form.record[key] for key, place in form.places.items() if place in waiting)


def _extent(ref: Ref, merges: list[Area]) -> Area:
    return next((area for area in merges if area.contains(ref)), Area(*ref, *ref))


def _is_unseen(area: Area, rows: frozenset[int], cols: frozenset[int]) -> bool:
    """A merged cell is seen as long as one of its rows and one of its columns are."""
    return all(row in rows for row in range(area.top, area.bottom + 1)) or all(
        col in cols for col in range(area.left, area.right + 1)
    )
