"""Which rules do not apply to a form: those that speak of something that the form does not have."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from typing import Any, cast

from xlperf.checks.catalog import CHECKS, rule_of
from xlperf.checks.indicator_pairs import Paired, paired
from xlperf.checks.rule import Check
from xlperf.derive.engine import plan
from xlperf.derive.seen import Seen
from xlperf.form.integrity import InspectedRecord
from xlperf.form.record import Record
from xlperf.form.template import CELL_ROLES, INDICATORS, Sum, Template
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
SUMS = ("sums", "included", "totals")


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


def identities(template: Template) -> Mapping[str, tuple[Sum, ...]]:
    """By what a rule may run over, the sums that the template states."""
    return {
        "sums": template.sums,
        "included": template.included,
        "totals": (*template.sums, *template.included),
    }


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
    if each.each is None:
        return ()
    if each.each == "derived":
        steps = plan(template, tuple((table, 1) for table in template.tables))
        kinds = ((step.field, choice.sum is not None) for step in steps for choice in step.choices)
        compared = ((field, is_sum) for field, is_sum in kinds if field.derived or field.is_rate)
        return () if any(each.of is None or each.of(*kind) for kind in compared) else ("这一类自动计算的格",)
    if each.each in SUMS:
        stated = identities(template)[each.each]
        section = "[[included]]" if each.each == "included" else "[[sums]]"
        return () if any(each.of is None or each.of(identity) for identity in stated) else (f"这一类的 {section}",)
    if each.each == "agreements":
        stated_here = any(rule_of(relation) is each for relation in template.agreements)
        return () if stated_here else (f'rule = "{each.code}" 的 [[agreements]]',)
    if each.each in ("required_when", "longest"):
        section = "[[required_when]]" if each.each == "required_when" else "[longest]"
        return () if getattr(template, each.each) else (section,)
    if each.each.endswith("[]"):
        role = each.each.removesuffix("[]")
        table = template.table(role)
        if table is None:
            return (f"[roles.tables] {role.removeprefix('@')}",)
        return tuple(f"{table.key}.{name[1:]}" for name in each.own if name in names and name[1:] not in table.columns)
    return () if family(each.each, each.needed, template) else tuple(f"*{name}" for name in each.needed or (each.each,))


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
