"""The keys that rules and derivations know, for whoever writes a form: what is called so is computed and checked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from xlperf.audit.applicable import GIVEN
from xlperf.checks.catalog import CHECKS
from xlperf.checks.rule import Check
from xlperf.derive import DERIVATIONS
from xlperf.derive.engine import operand_key
from xlperf.derive.target_columns import SIGN, UNIT
from xlperf.form.template import CELL_ROLES, FUNDING, INDICATORS, LONG_TERM, PROJECTS, SCHEDULE, Field, Template

_TABLES = (INDICATORS, PROJECTS, FUNDING, LONG_TERM, SCHEDULE)
_UNPRINTED = {"indicators.sign": "指标性质", "indicators.unit": "度量单位"}  # in no form of ours
_RUN_OVER = ("total", "parts", "derived", "apart")


class Key(NamedTuple):
    """A key, a pattern as *_growth_rate, or a column of the table of a role as indicators.score."""

    key: str
    label: str = ""
    unit: str = ""
    computed: str = ""  # from what, "" where people fill it in
    rules: tuple[str, ...] = ()  # codes of those that speak of it


def known_keys(forms: Sequence[Template]) -> list[Key]:
    """Every key that a rule or a derivation names; with the label and unit that the first of the `forms` has for it."""
    figures = {name: figure for form in forms for name, figure in form.figures_of(None).items()}
    choices = {name: sorted(figure.choices or ()) for name, figure in figures.items() if figure.is_cell}
    rules: dict[str, list[str]] = {f"{INDICATORS[1:]}.{name}": [] for name in (SIGN, UNIT)}
    for rule in CHECKS:
        for key in _named(rule, choices):
            if key not in figures and f"@{key}" not in _TABLES:
                rules.setdefault(key, []).append(rule.code)
    computed: dict[str, str] = {}
    for derivation in DERIVATIONS:
        names = (name for each in derivation.parameters for name in _meant(each.name, choices))
        operands = [name for name in names if name not in figures]
        stem, key = _stem(derivation.pattern), _shown(derivation.pattern)
        operands = [operand_key(stem, each) for each in operands]
        computed.setdefault(key, "、".join(map(_shown, operands)))
        for each in (key, *map(_shown, operands)):
            rules.setdefault(each, [])
    found = (_described(key, forms, computed.get(key, ""), rules[key]) for key in rules)
    return sorted(found, key=lambda each: ("." in each.key, each.key.startswith("*"), each.key))


def _named(rule: Check, choices: dict[str, list[str]]) -> Iterator[str]:
    for name in rule.reads:
        role, _, column = name.partition(".")
        if column or not name.startswith("@"):
            yield _shown(f"{role}.{column}" if column else name)
    stem = _stem(rule.each or "")
    for each in rule.parameters:
        if each.name in GIVEN or each.name in _RUN_OVER:
            continue
        for name in _meant(each.name, choices):
            if name.startswith("_") and not stem:
                continue
            yield _shown(operand_key(stem, name))


def _meant(name: str, choices: dict[str, list[str]]) -> Iterable[str]:
    """A figure that is a cell means any of its choices, `_execution_base` those of the row."""
    own = "_" if name.startswith("_") else ""
    named = choices.get(name.removeprefix(own))
    return (name,) if named is None else (f"{own}{each}" for each in named)


def _stem(pattern: str) -> str:
    """`*` of a family, `@indicators.` of rows."""
    if pattern.startswith("*"):
        return "*"
    return pattern.partition("[]")[0] + "." if "[]" in pattern else ""


def _shown(key: str) -> str:
    return key.replace("[].", ".").removeprefix("@")


def _described(key: str, forms: Sequence[Template], computed: str, rules: Iterable[str]) -> Key:
    found = next((field for form in forms if (field := _field(key, form)) is not None), None)
    codes = tuple(dict.fromkeys(rules))
    if found is None:
        return Key(key, _UNPRINTED.get(key, ""), computed=computed, rules=codes)
    label = found.label.rpartition("（")[2].removesuffix("）") if key.startswith("*_") else found.label
    return Key(key, label, found.unit, computed, codes)


def _field(key: str, form: Template) -> Field | None:
    table, _, column = key.partition(".")
    if column:
        rows = form.table(f"@{table}")
        return None if rows is None else (rows.columns.get(column) or rows.absent.get(column))
    if key.startswith("*"):
        names = (f"{stem}{key[1:]}" for stem in form.stems(key[1:]))
        of_rows = (form.fields[name] for name in names if form.row_and_column(name)[1])
        return next(of_rows, None) or form.fields.get(key[2:])
    return form.fields.get(key) or form.absent.get(key)


_KEYS = """# 键

本文由 `python -m xlperf.docs` 根据规则和计算项生成，请勿手工修改。

自己编表样（[做法](../workbook_templates/README.md)）时，同一件事用这里的键，有关的计算和规则就自动适用；别的格子，\
键可以自己取。`xlperf rules --template FORM.toml` 列出哪些规则因为缺哪些格而不适用。

带 `*` 的是一族：`*` 是行名，如 `basic_growth_rate`、`personnel_growth_rate`。带点的是明细表的栏目，点前面是 \
[roles.tables] 里的角色，不是明细表的键。写明“由……算出”的，可以写 `role = "derived"`，系列里写 `derived_columns`。\
`indicators.sign`、`indicators.unit` 与 `indicators.target` 合起来看：≥、12、个 就是 ≥12个。

| 键 | 叫作 | 单位 | 由……算出 | 用到它的规则 |
|---|---|---|---|---|
{keys}

## 角色

写在 `[roles.…]` 里，告诉规则哪一张明细表、哪一个系列、哪一格是什么；不写的，有关的规则不核对。

| 在 | 角色 | 是什么 |
|---|---|---|
{roles}
"""
_ROLES = {
    "tables": {
        "indicators": "绩效指标",
        "projects": "项目支出明细",
        "funding": "资金来源",
        "long_term": "中长期的绩效指标",
        "schedule": "实施进度",
    },
    "series": {
        "base": "基础数据：各项支出的预算数、决算数",
        "finance": "收支情况：本年数、上年数",
        "levels": "各级指标的合计",
    },
    "sheets": {"base": "基础数据表", "finance": "收支情况表", "evaluation": "自评表"},
    "cells": CELL_ROLES,
}


def keys_page(forms: Sequence[Template]) -> str:
    """docs/keys.md: the keys that rules and derivations know, and the roles."""
    known = known_keys(forms)
    keys = (f"| `{e.key}` | {e.label} | {e.unit} | {e.computed} | {' '.join(e.rules)} |" for e in known)
    roles = (f"| `[roles.{kind}]` | `{role}` | {said} |" for kind, own in _ROLES.items() for role, said in own.items())
    return _KEYS.format(keys="\n".join(keys), roles="\n".join(roles))
