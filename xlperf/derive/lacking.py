"""Derived cells of a form that nothing derives: they would stay empty, and nobody could fill them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from xlperf.derive import DERIVATIONS
from xlperf.derive.engine import operand_key, plan
from xlperf.form.template import Template, row_key


def never_computed(template: Template, choices: Mapping[str, Iterable[str]]) -> Iterator[tuple[str, str]]:
    """The key of each, of a table's column as items[].amount, and what is lacking.

    `choices`: by dated figure that is a cell, the cells that a form must have for that.
    """
    computed = {step.key for step in plan(template, tuple((key, 1) for key in template.tables))}
    cells = {key: key for key, field in template.fields.items() if field.derived}
    for table in template.tables.values():
        cells |= {
            f"{table.key}[].{name}": row_key(table.key, 0, name)
            for name, column in table.columns.items()
            if column.derived
        }
    for said, key in cells.items():
        if key not in computed:
            yield said, _reason(template, said, choices)


def _reason(template: Template, key: str, choices: Mapping[str, Iterable[str]]) -> str:
    figures = template.figures_of(None)
    for derivation in DERIVATIONS:
        suffix = derivation.pattern.removeprefix("*")
        if derivation.pattern == key or (suffix != derivation.pattern and key.endswith(suffix)):
            stem = key.removesuffix(suffix)
            names = (each.name for each in derivation.parameters if each.name not in figures or each.name in choices)
            operands = [operand_key(stem, cell) for name in names for cell in _cells_of(name, choices)]
            absent = [name for name in operands if not template.has(name)]
            if absent:
                return f"自动计算的格要由 {'、'.join(operands)} 算出，而表里没有 {'、'.join(absent)}"
    own = "、".join(each.pattern for each in DERIVATIONS if each.pattern.isidentifier())
    patterns = "、".join(dict.fromkeys(each.pattern for each in DERIVATIONS if each.pattern.startswith("*")))
    return (
        f'写了 role = "derived"（自动计算），却没有说怎样算：请用 [[sums]] 写明它是哪些格的和，'
        f"或去掉 role 由人填写；不用写就会算的只有 {own}，以及按行列取名的 {patterns}"
    )


def _cells_of(name: str, choices: Mapping[str, Iterable[str]]) -> Iterator[str]:
    """The cells that a parameter may mean; `_execution_base` those of the row."""
    own = "_" if name.startswith("_") else ""
    named = choices.get(name.removeprefix(own))
    yield from (name,) if named is None else (f"{own}{cell}" for cell in named)
