"""A Record of the goals -> what the self-evaluation, or the monitoring, of the same project begins with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from xlperf.amounts import is_mark
from xlperf.form.record import Record
from xlperf.form.template import Template, row_key


def started_values(goals: Record, template: Template) -> dict[str, Any]:
    """The JSON of `new --values` for a `template`: what it would keep or redraft from one year to the next.

    That is what the forms of one project have in common. A figure is none of it: what is approved is not what was asked
    for. What a goal form says there is none of (不适用) is left out.
    """
    own = template.next_year
    fields = {
        key: goals.stated[key].text for key in (*own.cells.kept, *own.cells.drafts) if _is_text(key, goals, template)
    }
    values: dict[str, Any] = {"template": template.id}
    if goals.year is not None:
        values["year"] = goals.year
    if "unit_name" in fields:
        values["unit_name"] = fields.pop("unit_name")
    fields |= {key: field.default for key, field in template.fields.items() if field.default}
    values["fields"] = fields
    for table, each in own.tables.items():
        if table in goals.template.tables:
            values[table] = list(_rows(goals, table, (*each.kept, *each.drafts), template))
    return values


def _is_text(key: str, goals: Record, template: Template) -> bool:
    return key in goals.stated and not goals.stated[key].is_blank and template.fields[key].is_text


def _rows(goals: Record, table: str, columns: Iterable[str], template: Template) -> Iterable[dict[str, str]]:
    """The rows that are there, under the names of the levels that the new form prints: 产出指标（50分）."""
    printed = _printed_levels(template, table)
    spec = template.tables[table]
    for index in goals.rows(table):
        cells = {name: goals.stated.get(row_key(table, index, name)) for name in columns}
        row = {name: cell.text for name, cell in cells.items() if cell is not None and not cell.is_blank}
        said = [text for name, text in row.items() if name not in spec.fill_down]
        if said and not all(
            is_mark(text, goals.template.not_applicable | goals.template.placeholders) for text in said
        ):
            yield {name: printed.get(text, text) if name in spec.fill_down else text for name, text in row.items()}


def _printed_levels(template: Template, table: str) -> Mapping[str, str]:
    """产出指标 -> 产出指标（50分）, of the levels that the blank form prints with their points."""
    names = (name for sheet in template.sheets for row in sheet.get("blank_rows", {}).get(table, ()) for name in row)
    return {name.partition("（")[0]: name for name in names if "（" in name}
