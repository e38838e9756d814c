"""Which rules do not apply to a form: those that speak of something that the form does not have."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from typing import Any, cast

from xlperf.checks.catalog import CHECKS, rules_of
from xlperf.checks.indicator_pairs import Paired, paired
from xlperf.checks.rule import Check
from xlperf.derive.engine import relations_of
from xlperf.derive.seen import Seen
from xlperf.form.integrity import InspectedRecord
from xlperf.form.record import Record
from xlperf.form.relations import AGREEMENTS, SUMS, TOTALS, Kind
from xlperf.form.template import CELL_ROLES, INDICATORS, Template
from xlperf.prose.words import Words


def _words(name: str, seen: Seen) -> Any:
    return getattr(seen.record.template.words, name)


GIVEN: Mapping[str, Callable[[Seen], Any]] = {  # what every rule may ask for
    "seen": lambda seen: seen,
    "cells": lambda seen: seen.cells,
    "record": lambda seen: seen.record,
    **{name: partial(_words, name) for name in Words._fields},
    "integrity": lambda seen: cast(InspectedRecord, seen.record).integrity,  # not run where there is none
    "previous": lambda seen: seen.record.previous,
    "project_forms": lambda seen: seen.record.projects,
    "approved": lambda seen: seen.record.approved,
    "monitoring": lambda seen: seen.record.monitoring,
    "approved_pairs": lambda seen: _pairs(seen, seen.record.approved),
    "monitoring_pairs": lambda seen: _pairs(seen, seen.record.monitoring),
}
IN_ALL = ("cells", "record", "seen", "approved_pairs", "monitoring_pairs")  # of these any cell may be a part


def _pairs(seen: Seen, earlier: Record | None) -> Paired | None:
    """The indicators of the form with those of an earlier one that is given."""
    table = seen.record.template.table(INDICATORS)
    return None if earlier is None or table is None else paired(seen.tables[table.key], seen.record, earlier)


@cache
def not_applicable(template: Template) -> tuple[str, ...]:
    """The codes of the rules that are none of this form's, in their order.

    Raises `TemplateError` where the form names a rule for what no rule of that code can report.
    """
    return tuple(each.code for each in CHECKS if lacking_of(each, template))


def lacking_of(each: Check, template: Template) -> tuple[str, ...]:
    """What a form would have to have for a rule to apply, by its keys or sections; nothing where the rule applies."""
    names = [parameter.name for parameter in each.parameters if not parameter.may_be_absent]
    given = {*GIVEN, "derived", "total", "parts", "apart"}
    cells = (name for name in names if not name.startswith("_") and name not in given and not _has(name, template))
    found = (
        *_nothing_to_run_over(each, names, template),
        *(_said(name) for name in each.reads if not template.has(name)),
        *(_key_of(name, template) for name in cells),
    )
    return tuple(dict.fromkeys(found))


def _nothing_to_run_over(each: Check, names: Sequence[str], template: Template) -> tuple[str, ...]:
    if each.relations and Kind.STANDARD not in each.relations:  # the figure that prescribes it is among its parameters
        is_stated = any(each in rules_of(relation) for relation in relations_of(template))
        return () if is_stated else (_SECTIONS[each.relations[0]].format(each.code),)
    if each.each is None:
        return ()
    if each.each == "totals":
        is_stated = any(each.of is None or each.of(total) for total in template.related(*TOTALS))
        return () if is_stated else ("这一类的 [[sums]]",)
    if each.each == "longest":
        return () if template.longest else ("[longest]",)
    if each.each.endswith("[]"):
        role = each.each.removesuffix("[]")
        table = template.table(role)
        if table is None:
            return (f"[roles.tables] {role.removeprefix('@')}",)
        return tuple(f"{table.key}.{name[1:]}" for name in each.own if name in names and name[1:] not in table.columns)
    return () if family(each.each, each.needed, template) else tuple(f"*{name}" for name in each.needed or (each.each,))


_SECTIONS = {
    **dict.fromkeys((*SUMS, Kind.YEARS_BEFORE), "这一类的 [[sums]]"),
    Kind.INCLUDED: "这一类的 [[included]]",
    **dict.fromkeys(AGREEMENTS, 'rule = "{}" 的 [[agreements]]'),
    **dict.fromkeys((Kind.DIFFERENCE, Kind.QUOTIENT, Kind.PRODUCT, Kind.WORD), "这一类自动计算的格"),
    Kind.REQUIRED: "[[required_when]]",
}


def _said(name: str) -> str:
    """A role is named with its section."""
    if not name.startswith("@"):
        return name
    role, _, column = name[1:].partition(".")
    if column:
        return f"{role}.{column}"
    return f"[roles.{'cells' if role in CELL_ROLES else 'tables'}] {role}"


def _key_of(name: str, template: Template) -> str:
    """The cell that a figure names."""
    figure = template.figures_of(None).get(name)
    return str(figure.value) if figure is not None and figure.is_cell else name


@cache
def family(pattern: str, names: tuple[str, ...], template: Template) -> tuple[str, ...]:
    """Of what stands before `_suffix` in the keys of `*_suffix`, that before which the form has all these names."""
    stems = template.stems(pattern.removeprefix("*"))
    return tuple(stem for stem in stems if all(template.has(stem + name) for name in names))


def _has(name: str, template: Template) -> bool:
    """A row table by its role, a dated figure or the cell that it names, or a cell."""
    figure = template.figures_of(None).get(name)
    if template.table(f"@{name}") is not None or (figure is not None and not figure.is_cell):
        return True
    return template.has(figure.value if figure is not None else name)
