"""A template with the cells that a form of another place has: what it lacks is absent, not blank."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from xlperf.form.dated import Editions
from xlperf.form.next_year import Inheritance, NextYear
from xlperf.form.relations import AGREEMENTS, SUMS, Kind, Relation, in_order, is_there
from xlperf.form.template import Field, Template, split_row_key


def as_present(
    template: Template,
    keys: Collection[str],
    headings: Mapping[str, str],
    *,
    is_cut_off: bool = False,
    in_part: Collection[str] = (),
    is_execution_apart: bool = False,
) -> Template:
    """The template without the cells that are not among `keys`.

    `headings`: what the form calls a cell or a column of a row table (`indicators.score`), where it says so otherwise.
    A sum keeps the parts that are there; a relation that needs an absent cell is none of this form's.
    `is_cut_off`: it lists only some of the indicators, so that nothing is said of what they add up to.
    `in_part`: row tables that list only a part of what their total is of. `is_execution_apart`: the totals are of the
    indicators alone.
    """
    columns: dict[str, set[str]] = {}
    for key in keys:
        if row := split_row_key(key):
            columns.setdefault(row[0], set()).add(row[2])
    fields = {key: _called(field, headings.get(key)) for key, field in template.fields.items() if key in keys}
    tables = {
        name: table._replace(
            columns={
                column: _called(field, headings.get(f"{name}.{column}"))
                for column, field in table.columns.items()
                if column in columns[name]
            },
            fill_down=tuple(column for column in table.fill_down if column in columns[name]),
            absent={column: field for column, field in table.columns.items() if column not in columns[name]},
        )
        for name, table in template.tables.items()
        if table.row_label in columns.get(name, ())
    }

    def has(key: str) -> bool:
        name, is_column, column = key.partition("[].")
        return column in tables[name].columns if is_column and name in tables else key in fields

    related = list(_present(template, template.relations, has))
    if is_execution_apart:
        related = [each._replace(right=_rows_of(each)) if _is_of_indicators(each) else each for each in related]
    related = [each._replace(kind=Kind.INCLUDED) if _is_in_part(each, in_part) else each for each in related]
    if is_cut_off:
        related = [each for each in related if not _is_of_indicators(each)]
    return dataclasses.replace(
        template,
        fields=fields,
        tables=tables,
        relations=in_order(related),
        next_year=NextYear(Inheritance((), (), {}), {}, template.next_year.counted),
        figures=_figures(template, is_cut_off),
        roles={
            role: name for role, name in template.roles.items() if name in tables or _is_there(template, name, fields)
        },
        cells={role: tuple(filter(has, cells)) for role, cells in template.cells.items()},
        masked=frozenset(each for each in template.masked if has(each.replace(".", "[]."))),
        meanings={stem: columns for stem, columns in template.meanings.items() if _is_whole(columns, fields)},
        sheets=(),
        absent={key: field for key, field in template.fields.items() if key not in fields},
    )


def with_cells(template: Template, fields: Mapping[str, Field], whole: Template) -> Template:
    """A form as it is present with further cells of the `whole`, and with the relations for which one of them lacked.

    Nothing else is changed: what stands in its tables is related as before.
    """
    every = {**template.fields, **fields}

    def has(key: str) -> bool:
        name, is_column, column = key.partition("[].")
        return column in template.tables[name].columns if is_column and name in template.tables else key in every

    def is_new(keys: Iterable[str]) -> bool:
        return any(key in fields for key in keys)

    stated = ((each, each.keys if each.kind in AGREEMENTS else (*each.left, *each.right)) for each in whole.relations)
    new = (each for each, keys in stated if each.kind is not Kind.REQUIRED and is_new(keys))
    roles = {
        role: tuple(key for key in keys if key in fields or key in template.cells.get(role, ()))
        for role, keys in whole.cells.items()
    }
    return dataclasses.replace(
        template,
        fields=every,
        relations=in_order((*template.relations, *_present(whole, new, has))),
        roles={
            **template.roles,
            **{role: name for role, name in whole.roles.items() if _is_there(whole, name, fields)},
        },
        cells={**template.cells, **roles},
        meanings={
            **template.meanings,
            **{
                stem: columns
                for stem, columns in whole.meanings.items()
                if any(map(is_new, columns.values())) and _is_whole(columns, every)
            },
        },
        absent={key: field for key, field in template.absent.items() if key not in fields},
    )


def without_cells(template: Template, keys: Collection[str]) -> Template:
    """The form without these cells and without what relates them: what `with_cells` gave it is gone again."""

    def is_left(related: Iterable[str]) -> bool:
        return all(key not in keys for key in related)

    fields = {key: field for key, field in template.fields.items() if key not in keys}
    gone = {key: field for key, field in template.fields.items() if key in keys}
    return dataclasses.replace(
        template,
        fields=fields,
        relations=tuple(each for each in template.relations if is_left(each.keys)),
        roles={
            role: name
            for role, name in template.roles.items()
            if name not in template.series or _is_there(template, name, fields)
        },
        cells={role: tuple(filter(fields.__contains__, cells)) for role, cells in template.cells.items()},
        meanings={stem: columns for stem, columns in template.meanings.items() if all(map(is_left, columns.values()))},
        absent={**template.absent, **gone},
    )


def _is_there(template: Template, series: str, fields: Collection[str]) -> bool:
    rows, columns = template.series.get(series, ((), ()))
    return any(f"{row}_{column}" in fields for row in rows for column in columns)


def _is_whole(columns: Mapping[str, Iterable[str]], fields: Collection[str]) -> bool:
    """Has the form all cells that a figure of the text may mean? Where one is missing it may mean that."""
    return all(key in fields for keys in columns.values() for key in keys)


def _is_of_indicators(each: Relation) -> bool:
    is_sum = each.kind in (*SUMS, Kind.YEARS_BEFORE)
    return is_sum and any("[]" in part for part in each.parts) and each.total.startswith("total_")


def _rows_of(each: Relation) -> tuple[str, ...]:
    return tuple(part for part in each.parts if "[]" in part)


def _figures(template: Template, is_cut_off: bool) -> Mapping[str, Editions]:
    """By variant; without the weights of levels and what must be there, where not all indicators can be seen."""
    if not is_cut_off:
        return template.figures
    left_out = ("standard_level_weights", "standard_total_weight", "required_kinds", "fewest_indicators")
    return {
        variant: tuple(
            (since, {name: figure for name, figure in figures.items() if name not in left_out})
            for since, figures in editions
        )
        for variant, editions in template.figures.items()
    }


def _called(field: Field, heading: str | None) -> Field:
    return field._replace(label=heading) if heading else field


def _present(template: Template, relations: Iterable[Relation], has: Callable[[str], bool]) -> Iterator[Relation]:
    """A sum keeps the parts that are there; any other relation needs all its cells."""
    for each in relations:
        if each.kind in AGREEMENTS:
            if is_there(each, has):
                yield each
        elif each.kind is Kind.REQUIRED:
            if all(has(key.replace(".", "[].")) for key in each.keys):
                yield each
        elif has(each.total):
            yield from _with_parts(template, each, has)


def _with_parts(template: Template, each: Relation, has: Callable[[str], bool]) -> Iterator[Relation]:
    """Points are the sum of what has points; an amount is not judged where a part of it was not found."""
    parts = tuple(filter(has, each.parts))
    if parts and (
        template.field(each.total).type == "score" or all(has(part) for part in each.parts if "[]" not in part)
    ):
        yield each._replace(right=parts, elsewhere=())


def _is_in_part(each: Relation, tables: Collection[str]) -> bool:
    return each.kind in SUMS and any(part.partition("[]")[0] in tables for part in each.parts)
