"""A form that lacks something of the first one: no rule, derivation or reader fails for want of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

import tests.audit
from xlperf.audit.applicable import not_applicable
from xlperf.audit.run import audit
from xlperf.derive.seen import Seen
from xlperf.errors import TemplateError
from xlperf.form.forms import load_template, proven
from xlperf.form.record import record_from_values
from xlperf.form.template import CELL_ROLES, Template
from xlperf.form.written import parse_toml
from xlperf.labels.words import known_labels
from xlperf.report.sections import generated_sections
from xlperf.tieout import entries
from xlperf.tieout.pieces import NOWHERE

WHOLE = load_template("department_overall")
REQUIRED = ("year", "unit_name")
SECTIONS = (
    *(
        "prose",
        "figures",
        "variants",
        "next_year",
        "reasons",
        "indicator_words",
        "indicator_kinds",
        "claims",
        "target_words",
        "spelling",
        "numbering",
        "sums",
        "included",
        "agreements",
        "masked",
        "mistaken",
        "labels",
    ),
    *("report", "roles", "roles.tables", "roles.series", "roles.cells", "tables", "series"),
)
PROJECT = {"name": "应急指挥中心", "prior_actual": "1.00", "budget": "42.00", "actual": "37.44"}


def parts() -> Iterator[str]:
    """All that a form may do without, as `without` calls it."""
    of_series = {f"{row}_{column}" for rows, columns in WHOLE.series.values() for row in rows for column in columns}
    yield from (f"fields.{key}" for key in WHOLE.fields if key not in of_series and key not in REQUIRED)
    for name, (rows, columns) in WHOLE.series.items():
        yield from (f"series.{name}", *(f"series.{name}.rows.{row}" for row in rows))
        yield from (f"series.{name}.columns.{column}" for column in columns)
    for key, table in WHOLE.tables.items():
        yield from (f"tables.{key}", *(f"tables.{key}.columns.{column}" for column in table.columns))
    yield from (f"figures.{name}" for name in WHOLE.figures_of(None))
    yield from (f"roles.cells.{role}" for role in CELL_ROLES if role in WHOLE.cells)
    yield from SECTIONS


def without(*paths: str) -> Template:
    """The form without these, laid out anew: a form that lacks a cell has to say its sheets itself."""
    titles = ("sheets", *(() if "roles" in paths else ("roles.sheets",)))
    listed = ", ".join(f'"{path}"' for path in (*paths, *titles))
    text = f'id = "less"\nextends = "department_overall"\nwithout = [{listed}]\n'
    bare = proven(parse_toml(text, "less.toml"))
    rows = [["模板", "$template"], *([field.label, f"${key}"] for key, field in bare.fields.items())]
    for key, table in bare.tables.items():
        rows += [[field.label for field in table.columns.values()], [f"${key}.{column}" for column in table.columns]]
    return proven(parse_toml(f'{text}[[sheets]]\ntitle = "表"\nwidths = {[10] * 8}\nrows = {rows}\n', "less.toml"))


def values_for(template: Template, values: dict[str, Any]) -> dict[str, Any]:
    """Of the published form what this one has a cell for, and a project."""
    values = {**values, "project_special": [PROJECT]}
    fewer = {key: values[key] for key in REQUIRED}
    fewer["fields"] = {key: value for key, value in values["fields"].items() if key in template.fields}
    for key, table in template.tables.items():
        fewer[key] = [{column: row[column] for column in table.columns if column in row} for row in values[key]]
    return fewer


@pytest.mark.slow
@pytest.mark.parametrize("path", list(parts())[:: 1 if tests.audit.TIMES > 1 else 3])
def test_whatever_a_form_lacks(path: str, beita_values: dict[str, Any]) -> None:
    try:
        template = without(path)
    except TemplateError as error:
        assert ("sums[" in str(error) and "parts[" in str(error)) or "缺少 row_label" in str(error), error
        return  # a part of a sum in one of its columns only, a table's names: that has to be said anew
    record = record_from_values(values_for(template, beita_values), template)
    report = audit(record)
    assert not {found.code for found in report.findings} & set(not_applicable(template))
    assert report.findings
    assert not re.search(r"(COUNT|SUM|OR|AND)\(\)", str(entries(template, NOWHERE))), "no function without operands"
    assert set(generated_sections(Seen(record))) == {key for key in template.fields if key.startswith("section_")}
    assert known_labels(template).fields
