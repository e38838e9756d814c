"""What next year's workbook takes from this one: the template's [next_year] as values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple


class Inheritance(NamedTuple):
    """Of single cells, or of the columns of one row table.

    `kept` is the same next year; `drafts` come along for people to go over; `carried` is, by key, the figure of this
    year that is last year's figure there. Everything else is given anew.
    """

    kept: tuple[str, ...]
    drafts: tuple[str, ...]
    carried: Mapping[str, str]

    @property
    def keys(self) -> tuple[str, ...]:
        return (*self.kept, *self.drafts, *self.carried, *self.carried.values())


class NextYear(NamedTuple):
    """`counted`: words behind a number that is a quantity and no year."""

    cells: Inheritance
    tables: Mapping[str, Inheritance]
    counted: tuple[str, ...]


def parse_next_year(data: Mapping[str, Any], series: Mapping[str, Any]) -> NextYear:
    """`series` is the template's: a column is carried in all of its rows but where the form prints a default."""
    carried = dict(data.get("carried", {}))
    for name, columns in data.get("series", {}).items():
        for row in series[name]["rows"]:
            for prior, current in columns.items():
                if f"{row}_{prior}" not in series[name].get("defaults", {}):
                    carried[f"{row}_{prior}"] = f"{row}_{current}"
    cells = Inheritance(tuple(data.get("kept", ())), tuple(data.get("drafts", ())), carried)
    tables = {
        name: Inheritance(tuple(spec.get("kept", ())), tuple(spec.get("drafts", ())), spec.get("carried", {}))
        for name, spec in data.get("tables", {}).items()
    }
    return NextYear(cells, tables, tuple(data.get("counted", ())))
