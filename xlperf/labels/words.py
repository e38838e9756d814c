"""The labels that are known: those the form prints, and what `<template>.labels.toml` adds to them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, NamedTuple

from xlperf.errors import TemplateError
from xlperf.form.forms import load_template
from xlperf.form.template import INDICATORS, Field, Template
from xlperf.form.written import templates_folder
from xlperf.labels.spelling import Label, fold, plain, read_label

NO_CELL = "no_cell"


class Block(NamedTuple):
    """One table of the form: what its columns and rows may be called.

    With rows, a cell's key is made of both, or is its column's where the form has but one row; without rows a column
    is a cell of its own or a column of a row table.
    """

    name: str
    least: int
    must: frozenset[str]
    columns: Mapping[str, str]
    rows: Mapping[str, str]
    prior: Mapping[str, str]
    under: Mapping[tuple[str, str], str]
    special: frozenset[str]


class Chapter(NamedTuple):
    """A chapter of the report: words of its heading, and its sections with words of theirs."""

    words: tuple[str, ...]
    section: str  # its own, if it has no others
    sections: Mapping[str, tuple[str, ...]]


class UnitNames(NamedTuple):
    """What tells the name of a unit from the name of something else."""

    endings: tuple[str, ...]
    never: tuple[str, ...]
    things: tuple[str, ...]
    generic: frozenset[str]

    def may_be(self, name: str) -> bool:
        """Not a paper, a project or a word for any unit."""
        is_other = name in self.generic or name.endswith(self.things) or any(word in name for word in self.never)
        return bool(name) and not is_other

    def surely(self, name: str) -> bool:
        return self.may_be(name) and name.endswith(self.endings)


class Known(NamedTuple):
    """All labels of a template, in the form that `labels.fold` gives them."""

    asides: frozenset[str]
    blocks: Mapping[str, Block]
    fields: Mapping[str, str]
    sides: Mapping[str, Mapping[str, str]]  # 按收入性质分 and 按支出性质分: the cells below each
    signatures: tuple[str, ...]  # keys that stand together below a table
    others: tuple[str, ...]
    in_body: frozenset[str]  # keys that a table in the report's text may state
    totals: frozenset[str]
    total_rows: frozenset[str]
    total_columns: Mapping[str, str]
    name_heads: frozenset[str]  # what stands above labels: 项目, or a heading such as 经费控制情况
    printed: frozenset[str]
    titles: tuple[str, ...]
    dated: Mapping[str, str]  # a word of a heading whose year is a cell: 楼堂馆所控制情况（2022年完工项目）
    chapters: tuple[Chapter, ...]
    unit_names: UnitNames

    def label(self, text: str) -> Label:
        """The label in a cell."""
        return read_label(text, self.asides)


@cache
def known_labels(template_id: str) -> Known:
    """The labels of a template; raises `TemplateError` where a word means two things."""
    template = load_template(template_id)
    data = tomllib.loads((templates_folder() / f"{template_id}.labels.toml").read_text("utf-8"))
    return parse_known(data, template)


def parse_known(data: Mapping[str, Any], template: Template) -> Known:
    """Build `Known` from the labels' TOML."""
    asides = frozenset(data["asides"])
    own = {key: [field.label] for key, field in template.fields.items()}
    rows, table = data["indicator_rows"], template.table(INDICATORS)
    blocks = {
        "base": _series_block("base", data["base"], template),
        "finance": _series_block("finance", data["finance"], template),
        "execution": _block("execution", data["execution"], own),
        "staff": _block("staff", data["staff"], own),
        "building": _block("building", data["building"], own),
        "goals": _block("goals", data["goals"], {}),
        INDICATORS: _block(INDICATORS, rows, _labels_of(table.columns if table is not None else {})),
    }
    for key in (*data["fields"], *data["side_words"], *rows["total_columns"].values()):
        template.field(key)
    printed = frozenset(map(fold, data["printed"])) | _printed(template, asides)
    columns = {word for block in blocks.values() for word in block.columns}
    side_words = {
        side: _index({key: [*own[key], *data["side_words"][key]] for key in keys}, side)
        for side, keys in data["sides"].items()
    }
    return Known(
        asides=asides,
        blocks=blocks,
        fields=_index({key: [*own[key], *words] for key, words in data["fields"].items()}, "fields"),
        sides={fold(side): words for side, words in side_words.items()},
        signatures=tuple(data["signatures"]["keys"]),
        others=tuple(data["signatures"]["others"]),
        in_body=frozenset(data["signatures"]["in_body"]),
        totals=frozenset(map(fold, data["totals"])),
        total_rows=frozenset(map(fold, rows["total"])),
        total_columns=rows["total_columns"],
        name_heads=(printed | set(map(fold, data["name_heads"]))) - columns,
        printed=printed,
        titles=tuple(map(fold, data["titles"])),
        dated={data["building"]["heading"]["word"]: data["building"]["heading"]["year"]},
        chapters=tuple(_chapter(spec, template) for spec in data["chapters"]),
        unit_names=_unit_names(data["unit_names"]),
    )


def _unit_names(data: Mapping[str, Any]) -> UnitNames:
    endings, never, things = (tuple(data[name]) for name in ("endings", "never", "things"))
    return UnitNames(endings, never, things, frozenset(data["generic"]))


def _labels_of(fields: Mapping[str, Field]) -> dict[str, list[str]]:
    return {key: [field.label] for key, field in fields.items()}


def _series_block(name: str, spec: Mapping[str, Any], template: Template) -> Block:
    rows, columns = template.series[name]
    labels = {row: template.fields[f"{row}_{columns[0]}"].row_label for row in rows}
    heads = {column: template.fields[f"{rows[0]}_{column}"].label for column in columns}
    own_rows = {row: [label] for row, label in labels.items()}
    own_columns = {column: [label.partition("（")[2].rstrip("）")] for column, label in heads.items()}
    return _block(name, spec, own_columns, own_rows)


def _block(
    name: str, spec: Mapping[str, Any], own: Mapping[str, list[str]], own_rows: Mapping[str, list[str]] | None = None
) -> Block:
    rows = {row: [*(own_rows or {}).get(row, ()), *words] for row, words in spec.get("rows", {}).items()}
    columns = {column: [*own.get(column, ()), *words] for column, words in spec["columns"].items()}
    if own_rows is not None and (unknown := set(rows) ^ set(own_rows)):
        raise TemplateError(f"labels.toml 的 [{name}.rows] 与表中的行不一致：{'、'.join(sorted(unknown))}")
    under = {}
    for words, row in spec.get("under", {}).items():
        above, _, word = words.partition(">")
        under[above, fold(word)] = row
    return Block(
        name=name,
        least=spec["least"],
        must=frozenset(spec.get("must", ())),
        columns=_index(columns, f"{name}.columns"),
        rows=_index(rows, f"{name}.rows"),
        prior=spec.get("prior", {}),
        under=under,
        special=frozenset(map(fold, spec.get("special", ()))),
    )


def _index(words: Mapping[str, Iterable[str]], where: str) -> dict[str, str]:
    """Label -> what it means."""
    index: dict[str, str] = {}
    for meaning, labels in words.items():
        for label in labels:
            other = index.setdefault(fold(label), meaning)
            if other != meaning:
                raise TemplateError(f"labels.toml 的 [{where}] 中“{label}”既指 {other} 又指 {meaning}")
    return index


def _printed(template: Template, asides: frozenset[str]) -> frozenset[str]:
    """Every label that the form itself prints; standing alone it says nothing."""
    found = set()
    for sheet in template.sheets:
        for row in sheet["rows"]:
            for text in row:
                words = text.strip("~#>¶") if isinstance(text, str) else ""
                if words and not words.startswith(("$", "@", "<", "^")):
                    found |= {fold(words), read_label(words, asides).name}
    return frozenset(found - {""})


def _chapter(spec: Mapping[str, Any], template: Template) -> Chapter:
    sections = {key: tuple(map(fold, words)) for key, words in spec.get("sections", {}).items()}
    for key in (*sections, *([spec["section"]] if "section" in spec else ())):
        template.field(key)
    return Chapter(tuple(map(plain, spec["words"])), spec.get("section", ""), sections)
