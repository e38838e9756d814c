"""Derived cell -> native formula, from the same steps that compute the Python value."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from xlperf.derive.engine import Step
from xlperf.derive.expression import (
    Expression,
    Operand,
    first_of,
    level_sum_formula,
    of_level,
    rounded_formula,
    sum_formula,
)
from xlperf.derive.target_columns import joined
from xlperf.form.record import Record
from xlperf.form.relations import Kind, Relation
from xlperf.form.template import Template

CellReference = Callable[[str], str]


class ColumnReference(Protocol):
    """How a formula writes the cells of a table's column, on request with its header above them."""

    def __call__(self, table: str, name: str, *, headed: bool = False) -> str: ...


def native_formula(
    step: Step, record: Record, cell: CellReference, column: ColumnReference, variant: str | None = None
) -> str | None:
    """The formula of a derived cell without `=`, or None where plain functions cannot express it.

    `cell` gives the reference of a key as the formula must write it, `column` that of a table's column.
    """
    figures = record.figures_of(variant)
    choices = []
    for choice in step.choices:
        if choice.derivation is None:
            return _sum_formula(choice.relation, step.field.places, cell, column)
        given = {name: figures[name].value for name in choice.figures}
        if choice.derivation.formula is not None:
            judged = joined(record)
            operands = [
                Operand(cell(key), (judged.get(key) or typed).text, typed.is_number, typed.text)
                for key in choice.operands
                for typed in (record[key],)
            ]
            return choice.derivation.formula(*operands, **given)
        references = [cell(key) for key in choice.operands]
        result = choice.derivation.function(*map(Expression, references), **given)
        places = None if step.field.is_text else step.field.places
        choices.append((references, rounded_formula(result, places)))
    return first_of(choices)


def offered_formula(template: Template, key: str, cell: CellReference) -> str:
    """What a blank form has in an input that follows other cells."""
    field, parts = template.field(key), template.offered[key]
    if field.is_text:
        (followed,) = map(cell, parts)
        return f'IF({followed}="","",{followed})'
    return _sum_formula(Relation(Kind.SUM, (key,), parts), field.places, cell, lambda table, name, *, headed=False: "")


def _sum_formula(each: Relation, places: int, cell: CellReference, column: ColumnReference) -> str:
    terms = []
    for part in each.parts:
        table, rows, name = part.partition("[].")
        terms.append(column(table, name) if rows else cell(part))
    if each.same is None:
        return sum_formula(terms, places)
    table = each.parts[0].partition("[].")[0]
    return level_sum_formula(rows_of_level(column, table, *each.same), terms[0], places)


def rows_of_level(column: ColumnReference, table: str, level: str, label: str) -> str:
    """1 for the rows of the table that stand under a label of this column, 0 for others."""
    return of_level(column(table, level), column(table, level, headed=True), label)
