"""What may be relied on: the inspected record without the cells beside which the label of another stands.

An audit speaks of such cells; whatever else is done with a form leaves them out and names them.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import NamedTuple

from xlperf.derive.engine import operands_of, steps_of
from xlperf.form.integrity import InspectedRecord
from xlperf.form.record import Record
from xlperf.workbook.binding import Binding


class LeftOut(NamedTuple):
    """A cell that is neither read nor written, and why."""

    at: str
    label: str
    why: str

    @property
    def line(self) -> str:
        """As it is listed for the user."""
        return f"  {self.at}  {self.label}：{self.why}"


def reliable(record: Record) -> Record:
    """The record with every cell that holds somebody else's figure unknown: not blank, because a sum would go on."""
    astray = _astray(record)
    if not astray:
        return record
    stated = {
        key: cell.unknown() if key in astray and not cell.is_blank else cell for key, cell in record.stated.items()
    }
    return dataclasses.replace(record, stated=stated)


def left_out(inspected: Record) -> tuple[LeftOut, ...]:
    """What `reliable` leaves out of the form's inputs and figures, in the form's order."""
    astray = _astray(inspected)
    cells = (cell for key, cell in inspected.stated.items() if key in astray and not cell.is_blank)
    return tuple(LeftOut(cell.at, cell.label, _beside(astray[cell.key])) for cell in cells)


def not_filled(inspected: Record, binding: Binding, variant: str | None = None) -> dict[str, LeftOut]:
    """By key: the derived cells that may not be written, for what stands beside them or what they would count."""
    found: dict[str, LeftOut] = {}
    astray = _astray(inspected)
    where = dict.fromkeys(astray, "")
    for step in steps_of(inspected, variant):
        cell = inspected[step.key]
        source = next((key for key in operands_of(step, inspected) if key in where and key != step.key), None)
        if step.key in astray:
            why = _beside(astray[step.key])
        elif source is not None:
            why = f"要用到 {inspected[source].at} 的{inspected[source].label}，那一格不能确定"
        else:
            continue
        where[step.key] = why
        if binding.has(step.key):
            found[step.key] = LeftOut(binding.place(step.key).address, cell.label, why)
    return found


def _astray(record: Record) -> Mapping[str, str]:
    return record.integrity.astray if isinstance(record, InspectedRecord) else {}


def _beside(label: str) -> str:
    return f"旁边写的是“{label[:40]}”" if label else "旁边的名称已移到别处"
