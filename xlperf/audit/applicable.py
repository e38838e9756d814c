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
from xlperf.form.template import INDICATORS, Sum, Template
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
    return tuple(each.code for each in CHECKS if not _applies(each, template))


def identities(template: Template) -> Mapping[str, tuple[Sum, ...]]:
    """By what a rule may run over, the sums that the template states."""
    return {
        "sums": template.sums,
        "included": template.included,
        "totals": (*template.sums, *template.included),
    }


def _applies(each: Check, template: Template) -> bool:
    """Has the form all cells that a rule asks for, and something that it runs over?"""
    names = [parameter.name for parameter in each.parameters if not parameter.may_be_absent]
    given = {*GIVEN, "derived", "total", "parts", "apart"}
    return (
        _runs_over_something(each, names, template)
        and all(map(template.has, each.reads))
        and all(_has(name, template) for name in names if not name.startswith("_") and name not in given)
    )


def _runs_over_something(each: Check, names: Sequence[str], template: Template) -> bool:
    if each.each is None:
        return True
    if each.each == "derived":
        steps = plan(template, tuple((table, 1) for table in template.tables))
        kinds = ((step.field, choice.sum is not None) for step in steps for choice in step.choices)
        return any(field.derived and (each.of is None or each.of(field, is_sum)) for field, is_sum in kinds)
    if each.each in SUMS:
        return any(each.of is None or each.of(identity) for identity in identities(template)[each.each])
    if each.each == "agreements":
        return any(rule_of(relation) is each for relation in template.agreements)
    if each.each == "required_when":
        return bool(template.required_when)
    if each.each == "longest":
        return bool(template.longest)
    if each.each.endswith("[]"):
        table = template.table(each.each.removesuffix("[]"))
        return table is not None and all(name[1:] in table.columns for name in each.own if name in names)
    return bool(family(each.each, each.needed, template))


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
