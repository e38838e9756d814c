"""A form's cells by key, as text, with what the template says each of them is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from xlperf.form.forms import load_template
from xlperf.form.template import Field, Template

DEPARTMENT, PROJECT = "department_overall", "project_spending"


class Form:
    """Row tables are flattened to `indicators[0].score`; a cell that is not there is blank."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.template = load_template(values["template"])
        self.texts: dict[str, str] = {"year": str(values["year"]), **values["fields"]}
        self.rows = {table: len(values[table]) for table in self.template.tables}
        for table in self.rows:
            for index, row in enumerate(values[table]):
                self.texts |= {f"{table}[{index}].{column}": text for column, text in row.items()}

    def text(self, key: str) -> str:
        return self.texts.get(key, "")

    def typed(self) -> Iterator[tuple[str, Field]]:
        """The cells that are filled in, with their fields."""
        for key in self.texts:
            if key in self.template.fields or "[" in key:
                yield key, _field(self.template, key)


@cache
def _field(template: Template, key: str) -> Field:
    return template.field(key)


@cache
def pattern(key: str) -> str:
    """`indicators[].score` for the cell of any row."""
    return re.sub(r"\[\d+\]", "[]", key)


def flat_keys(form: str, *, derived: bool) -> set[str]:
    """The form's keys that hold figures, those of row tables once."""
    template = load_template(form)
    keys = {key for key, field in template.fields.items() if not field.is_text and field.derived == derived}
    if not derived:
        for table, spec in template.tables.items():
            keys |= {f"{table}[].{name}" for name, field in spec.columns.items() if not field.is_text}
    return keys
