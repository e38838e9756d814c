"""What a formula shows: taken apart once, then computed on whatever its references hold.

Only what our own formulas say is understood. All else is `NotComputed`, and what a program last showed stays.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from decimal import Context, Decimal, localcontext
from operator import pos
from typing import TYPE_CHECKING, Any

from xlperf.amounts import ZERO, to_decimal
from xlperf.package.address import Ref, quoted_title, ref_text
from xlperf.package.formula import Operands, Place, taken_apart
from xlperf.package.functions import NotComputed, Scalar, Value, tried
from xlperf.package.patch import Fault, Write
from xlperf.package.reader import Cell, CellKind
from xlperf.package.xmltext import MAX_TEXT

if TYPE_CHECKING:
    from xlperf.package.workbook import Workbook

_WORD = re.compile(r'"[^"]*"|[A-Za-z_][A-Za-z0-9_.]*')
_MOST_READ = 2_000_000  # cells in areas, by all formulas together; no form comes near
_MOST_STEPS = 30  # from one formula without a result to the next
_NUMBERS = Context(prec=28, Emax=307, Emin=-307)


class Calculation:
    """The formulas of one sheet, computed on the workbook's cells as they are to be saved.

    A formula on another sheet is computed where it shows nothing yet.
    """

    def __init__(self, book: Workbook, sheet: str) -> None:
        self._book = book
        self._sheet = sheet
        self._sheets: dict[str, tuple[Mapping[Ref, Cell], Mapping[Ref, Write]]] = {}
        self._known: dict[Place, Any] = {}
        self.memo: dict[tuple[str, tuple[Place, ...]], Value] = {}
        self._read = self._steps = 0
        self._names = {
            name.lower(): f"{quoted_title(title)}!{ref_text(Ref(area.top, area.left))}"
            for name, title, area in book.names
            if (area.top, area.left) == (area.bottom, area.right)
        }

    def changes(self, only: Ref | None = None) -> list[tuple[Ref, str, Scalar]]:
        """Where the sheet, or `only` this cell, has a formula that shows something else than it should, or nothing:
        that one, and what.
        """
        cells, writes = self._on(self._sheet)
        found = []
        formulas = {*(ref for ref, cell in cells.items() if cell.formula is not None), *writes}
        with localcontext(_NUMBERS):
            for ref in sorted(formulas) if only is None else [only]:
                stored, formula = self._stored(self._sheet, ref)
                if formula is None:
                    continue
                with suppress(NotComputed):
                    value = self._shown((self._sheet, ref))
                    if isinstance(value, Decimal):
                        value = to_decimal(value)
                    if _plain(value) != _plain(stored):
                        found.append((ref, formula, value))
        return found

    def _shown(self, place: tuple[str, Ref]) -> Scalar:
        """What a cell shows, its formula computed if need be; raises `NotComputed` only on the sheet itself."""
        if place not in self._known:
            sheet, ref = place
            value, formula = self._stored(sheet, ref)
            own = sheet == self._sheet
            self._known[place] = value  # for a formula that comes back to itself
            if formula is not None and (own or value in (None, "")):
                self._steps += 1
                try:
                    self._known[place] = self._result(sheet, formula)
                except NotComputed:
                    if own:
                        del self._known[place]
                        raise
                finally:
                    self._steps -= 1
        shown: Scalar = self._known[place]
        return shown

    def _result(self, sheet: str, formula: str) -> Scalar:
        named = _WORD.sub(self._named, formula) if self._names else formula
        node, places, size = taken_apart(formula if named == formula else named, sheet)  # which keeps it
        if self._read + size > _MOST_READ or self._steps > _MOST_STEPS:
            raise NotComputed
        self._read += size
        known = self._known
        operands = Operands([known[place] if place in known else self._held(place) for place in places])
        operands.places, operands.owner = places, self
        value = tried(node, operands)
        if isinstance(value, Decimal):
            value = tried(pos, value)  # no larger than a cell takes
        if isinstance(value, list) or (isinstance(value, str) and len(value) > MAX_TEXT):
            raise NotComputed
        return ZERO if value is None else value

    def _named(self, word: re.Match[str]) -> str:
        """The cell that a name means, as a reference; any other word, and what stands in quotes, as it is."""
        return self._names.get(word[0].lower(), word[0])

    def _held(self, place: Place) -> Value:
        sheet, where = place
        if isinstance(where, Ref):
            return self._shown((sheet, where))
        rows, cols = range(where.top, where.bottom + 1), range(where.left, where.right + 1)
        self._known[place] = held = [self._shown((sheet, Ref(row, col))) for row in rows for col in cols]
        return held

    def _stored(self, sheet: str, ref: Ref) -> tuple[Scalar, str | None]:
        cells, writes = self._on(sheet)
        if write := writes.get(ref):
            value = write.value
            return Decimal(value) if type(value) is int else value, write.formula  # type: ignore[return-value]
        cell = cells.get(ref)
        return (None, None) if cell is None else (_value(cell), cell.formula)

    def number_format(self, place: Place) -> str:
        sheet, ref = place[0], Ref(*place[1][:2])
        cells, writes = self._on(sheet)
        if (write := writes.get(ref)) and write.number_format:
            return write.number_format
        return self._book.number_format(cells[ref]) if ref in cells else ""

    def _on(self, sheet: str) -> tuple[Mapping[Ref, Cell], Mapping[Ref, Write]]:
        if sheet not in self._sheets:
            if sheet not in self._book.sheets:
                raise NotComputed
            self._sheets[sheet] = self._book.cells(sheet), self._book.written(sheet)
        return self._sheets[sheet]


def _value(cell: Cell) -> Scalar:
    if cell.kind is CellKind.NUMBER:
        return to_decimal(cell.text)
    if cell.kind is CellKind.TEXT:
        return cell.text
    if cell.kind is CellKind.BOOL:
        return cell.text == "1"
    return Fault(cell.text) if cell.kind is CellKind.ERROR else None


def _plain(value: Scalar) -> tuple[type, object]:
    return type(value), value.code if isinstance(value, Fault) else value
