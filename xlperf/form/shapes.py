"""What the TOML of a form may say, section by section; `mistakes` holds a file against it.

A shape is a type; `{"key": shape}`, "key!" for one that must be there, a function for all other keys; `[shape]` a list;
`(shape, shape)` either; or a function of a text that answers what is wrong with it, nothing if nothing is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, NamedTuple

from xlperf.form.grid import LIVE, TEMPLATE_KEY, cell_key
from xlperf.form.relations import LAST_YEAR, keys_of_term
from xlperf.form.sources import Evidence, sources
from xlperf.form.template import (
    BASE,
    CELL_ROLES,
    FINANCE,
    FUNDING,
    INDICATORS,
    LEVELS,
    LONG_TERM,
    PROJECTS,
    SCHEDULE,
    SHEET_ROLES,
    TYPES,
    Template,
)
from xlperf.prose.shapes import OF_WORDS, PATTERN, SAYINGS

_MOST_LISTED = 12
_DEFINED = {"项目": "；格子要先在 [fields]、[series.…] 或 [tables.…] 里写明"}
_KEY = re.compile("[a-z][a-z0-9_]*")


class Names(NamedTuple):
    """What a form has, by the names that its sections call it by."""

    cells: Sequence[str]
    tables: Mapping[str, Sequence[str]]  # and their columns
    series: Mapping[str, tuple[Sequence[str], Sequence[str]]]  # and their rows and columns
    figures: Sequence[str]
    variants: Sequence[str]
    sheets: Sequence[str]

    @property
    def places(self) -> list[str]:
        """Single cells, and columns as project_special.name."""
        return [*self.cells, *(f"{table}.{column}" for table, columns in self.tables.items() for column in columns)]


def names_of(data: Mapping[str, Any]) -> Names:
    """Of a form's TOML whose sections are sound by themselves."""
    series = {name: (list(spec["rows"]), list(spec["columns"])) for name, spec in data.get("series", {}).items()}
    rows = (f"{row}_{column}" for rows, columns in series.values() for row in rows for column in columns)
    return Names(
        cells=[*data.get("fields", ()), *rows],
        tables={key: list(spec["columns"]) for key, spec in data.get("tables", {}).items()},
        series=series,
        figures=list(data.get("figures", ())),
        variants=list(data.get("variants", ())),
        sheets=[spec["title"] for spec in data.get("sheets", ())],
    )


def names_of_template(template: Template) -> Names:
    """Of a form that was read already."""
    return Names(
        cells=list(template.fields),
        tables={key: list(table.columns) for key, table in template.tables.items()},
        series=template.series,
        figures=list(template.figures_of(None)),
        variants=list(template.variants),
        sheets=[spec["title"] for spec in template.sheets],
    )


def unknown(name: str, known: Iterable[str], what: str) -> str:
    """`没有项目 x`, with the name that was probably meant, or all there are where they are few."""
    known = list(dict.fromkeys(known))
    near = get_close_matches(name, known, 1)
    if near:
        return f"没有{what} {name}；是不是 {near[0]}？"
    hint = f"；可用：{'、'.join(known)}" if 0 < len(known) <= _MOST_LISTED else _DEFINED.get(what, "")
    return f"没有{what} {name}{hint}"


# Texts that name something. Each is asked with the names of the form and the place of the text.

Reference = Callable[[str, Names, tuple[Any, ...]], str]


def _one_of(what: str, *words: str) -> Reference:
    return lambda text, names, at: "" if text in words else unknown(text, words, what)


def _new_key(text: str, names: Names, at: tuple[Any, ...]) -> str:
    return "" if _KEY.fullmatch(text) else f"{text} 不能作键：只能用小写字母、数字和 _，以字母开头"


def _cell(text: str, names: Names, at: tuple[Any, ...]) -> str:
    return "" if text in names.cells else unknown(text, names.cells, "项目")


def _place(text: str, names: Names, at: tuple[Any, ...]) -> str:
    return "" if text in names.places else unknown(text, names.places, "项目")


def _table(text: str, names: Names, at: tuple[Any, ...]) -> str:
    return "" if text in names.tables else unknown(text, names.tables, "明细表")


def _series(text: str, names: Names, at: tuple[Any, ...]) -> str:
    return "" if text in names.series else unknown(text, names.series, "系列")


def _sheet(text: str, names: Names, at: tuple[Any, ...]) -> str:
    return "" if text in names.sheets else unknown(text, names.sheets, "工作表")


def _variant(text: str, names: Names, at: tuple[Any, ...]) -> str:
    return "" if text in names.variants else unknown(text, names.variants, "口径")


def _figure(text: str, names: Names, at: tuple[Any, ...]) -> str:
    return "" if text in names.figures else unknown(text, names.figures, "法定数值")


def _source(text: str, names: Names, at: tuple[Any, ...]) -> str:
    return (
        ""
        if text in sources()
        else f"{unknown(text, sources(), '依据')}（依据登记在 xlperf/form/sources.toml；没有登记的写 field-practice）"
    )


def _rule(text: str, names: Names, at: tuple[Any, ...]) -> str:
    return "" if re.fullmatch("XLP[0-9]{3}", text) else f"{text} 不是规则的编号，应如 XLP404"


def _term(text: str, names: Names, at: tuple[Any, ...]) -> str:
    """A cell, or last_year:ROW."""
    lacking = [key for key in keys_of_term(text) if key not in names.cells]
    if not lacking:
        return ""
    if not text.startswith(LAST_YEAR):
        return unknown(text, names.cells, "项目")
    return f"{text} 要用到 {'、'.join(keys_of_term(text))}，其中 {'、'.join(lacking)} 不是项目"


# Those of the table or series that the place is in; where there is no such, that is the mistake.


def _behind(at: tuple[Any, ...], *sections: str) -> str:
    """The name behind the last of these sections: tables.NAME, next_year.series.NAME, prose.cells.NAME."""
    return str(at[max(place for place, step in enumerate(at[:-1]) if step in sections) + 1])


def _own_column(text: str, names: Names, at: tuple[Any, ...]) -> str:
    columns = names.tables.get(_behind(at, "tables"), (text,))
    return "" if text in columns else unknown(text, columns, "栏目")


def _own_row(text: str, names: Names, at: tuple[Any, ...]) -> str:
    rows, _ = names.series[_behind(at, "series")]
    return "" if text in rows else unknown(text, rows, "行")


def _own_series_column(text: str, names: Names, at: tuple[Any, ...]) -> str:
    _, columns = names.series.get(_behind(at, "series", "cells"), ((), (text,)))
    return "" if text in columns else unknown(text, columns, "列")


def _own_cell(text: str, names: Names, at: tuple[Any, ...]) -> str:
    rows, columns = names.series[_behind(at, "series")]
    keys = [f"{row}_{column}" for row in rows for column in columns]
    return "" if text in keys else unknown(text, keys, "项目")


def _grid_text(text: str, names: Names, at: tuple[Any, ...]) -> str:
    """A cell of the layout: what it holds, and what it shows of others."""
    key = cell_key(text)
    if key and key != TEMPLATE_KEY and key not in names.places:
        return unknown(key, names.places, "项目")
    return next((_cell(found[1], names, at) for found in LIVE.finditer(text) if found[1] not in names.cells), "")


# The sections

_STATUS = _one_of("这种证据", *(each.value for each in Evidence))
_ROLE_OF_TABLE = _one_of("这种角色", *(role[1:] for role in (INDICATORS, PROJECTS, FUNDING, LONG_TERM, SCHEDULE)))
_FIELD = {
    "label!": str,
    "type!": _one_of("这种类型", *TYPES),
    "role": _one_of("这种角色", "input", "derived", "text"),
    "unit": str,
    "places": int,
    "stated": _one_of("这种写法", "exact", "rounded"),
    "required": bool,
    "default": str,
    "follows": _cell,
    "revision": int,
}
_SERIES = {
    "type!": _one_of("这种类型", *TYPES),
    "columns!": {_new_key: str},
    "rows!": {_new_key: str},
    "derived_rows": [_own_row],
    "derived_columns": [_own_series_column],
    "column_types": {_own_series_column: _one_of("这种类型", *TYPES)},
    "labels": {_own_cell: str},
    "defaults": {_own_cell: str},
}
_ROWS = {"fill_down": [_own_column], "fixed": bool}
_TABLE = {"label!": str, "row_label!": _own_column, **_ROWS, "columns!": {_new_key: _FIELD}}
_parts = {"parts!": [str], "over!": [str], "strict_over": [str], "elsewhere": {_cell: [_cell]}}
_SUM = {**_parts, "same": str, "offered": bool}
_AGREEMENT = {
    "rule!": _rule,
    "left!": [_term],
    "right": [_term],
    "right_any": [_term],
    "at_most": bool,
    "nil": bool,
    "elsewhere": {_cell: [_cell]},
    "when": [[_cell]],
    "unless": [[_cell]],
    "unsure": [[_cell]],
    "unless_stated": [_cell],
    "says": {_cell: [str]},
    "needs": [_cell],
    "loose": bool,
    "at": _cell,
    "note": str,
}
_REQUIRED_WHEN = {"cell!": _place, "filled": [_place], "says": {_place: [str]}, "asks": str}
_VALUE = (str, {str: str}, [[str]])  # of a dated figure: a number as text, words, or words with numbers
_FIGURE = {
    "title!": str,
    "value": _VALUE,
    "cell": _cell,
    "choices": {str: str},
    "cites!": _source,
    "status!": _STATUS,
}
_CHANGED = {"value": _VALUE, "cell": _cell, "cites!": _source, "status!": _STATUS}
_VARIANT = {
    "title!": str,
    "like": _variant,
    "replaces": [str],
    "figures": {_figure: _CHANGED},
    "from": {str: {_figure: _CHANGED}},
}
_LISTS = (
    *"part whose period share increase decrease unchanged filler other reason use each aside class adjusted".split(),
    *"topic foreign because because_of_change because_lead no_reason risen carried carried_in balances".split(),
)
_MEANINGS = ("bare", "final", "compared", "risen_from", "rates", "columns", "items", "scoped")
_PROSE = {
    **{name: [str] for name in _LISTS},
    **{name: {str: str} for name in _MEANINGS},
    "alone": {str: _cell},
    "rowless": {str: [str]},
    "other_parts": {str: [str]},
    "patterns": {_new_key: PATTERN},
    "sayings": SAYINGS,
    "cells": {_series: {str: _own_series_column}},
    "also": {str: {str: [_cell]}},
}
_ROW = {"height": (int, float), "freeze": bool, "repeat": bool, "page": bool}
_SHEET = {
    "title!": str,
    "rows!": [[(_ROW, _grid_text)]],
    "widths": [(int, float)],
    "tab": str,
    "font": str,
    "mono": bool,
    "orientation": _one_of("这种方向", "portrait", "landscape"),
    "results": bool,
    "control": bool,
    "home": bool,
    "helper": bool,
    "blank_rows": {_table: [[str]]},
    "hints": {_place: str},
}
FORM: Mapping[str, Any] = {
    "id!": _new_key,
    "extends": str,
    "uses": [str],
    "without": [str],
    "labels": str,
    "report": str,
    "title!": str,
    "edition!": str,
    "unit!": str,
    "cites!": _source,
    "default_variant": _variant,
    "not_applicable": [str],
    "placeholder_rows": [str],
    "masked": [_place],
    "mistaken": {_cell: [_cell]},
    "longest": {_cell: int},
    "roles": {
        "tables": {_ROLE_OF_TABLE: _table},
        "series": {_one_of("这种角色", BASE[1:], FINANCE[1:], LEVELS[1:]): _series},
        "sheets": {_one_of("这种角色", *SHEET_ROLES): _sheet},
        "cells": {_one_of("这种角色", *CELL_ROLES): (_cell, [_cell])},
    },
    **OF_WORDS,
    "fields!": {_new_key: _FIELD},
    "series": {_new_key: _SERIES},
    "tables": {_new_key: _TABLE},
    "sums": [{"total!": (str, [str]), **_SUM}],
    "included": [{"whole!": (str, [str]), **_SUM}],
    "agreements": [_AGREEMENT],
    "required_when": [_REQUIRED_WHEN],
    "next_year": {
        "kept": [_cell],
        "drafts": [_cell],
        "carried": {_cell: _cell},
        "counted": [str],
        "series": {_series: {_own_series_column: _own_series_column}},
        "tables": {_table: {"kept": [_own_column], "drafts": [_own_column], "carried": {_own_column: _own_column}}},
    },
    "prose": _PROSE,
    "figures": {_new_key: _FIGURE},
    "variants": {str: _VARIANT},
    "sheets": [_SHEET],
}

_BLOCK = {
    "least!": int,
    **{key: [str] for key in ("must", "special", "side", "total")},
    "series": _series,
    "table": _ROLE_OF_TABLE,
    **{key: {str: [str]} for key in ("columns!", "rows")},
    **{key: {str: str} for key in ("prior", "under")},
    "words": str,
    **dict.fromkeys(("ends", "promised"), bool),
    "heading": {"word!": str, "year!": _cell},
    "total_columns": {str: _cell},
}
_words = {_cell: [str]}
_HEADINGS = "plain tails projects doubtful any_project other_years other_units unit_ends part_of_money papers".split()
LABELS: Mapping[str, Any] = {
    "uses": [str],
    "asides": [str],
    "totals": [str],
    "name_heads": [str],
    "printed": [str],
    "titles": [str],
    "unit_names": {"endings": [str], "never": [str], "things": [str], "generic": [str]},
    "blocks": {str: _BLOCK},
    "sides": {str: [_cell]},
    "side_words": {_cell: [str]},
    "fields": {_cell: [str]},
    "below": {str: _cell},
    "month": _cell,
    "periods": {_cell: _cell},
    "signatures": {"keys": [_cell], "units": [_cell], "others": [str], "in_body": [_cell]},
    "chapters": [{"words!": [str], "section": _cell, **dict.fromkeys(("sections", "told"), _words), "unread": bool}],
    "headings": {name: [str] for name in _HEADINGS},
}
_SENTENCES = ("heading!", "said", "opening", "current", "both", "meaning", "row_name", "row_amount", "row", "own_row")
_SCORED = {"stated!": _cell, "computed!": _cell}
REPORT: Mapping[str, Any] = {
    "uses": [str],
    "document!": {
        "body!": _sheet,
        "figures!": _sheet,
        "figures_after!": _cell,
        "attachments": [_sheet],
        "unit_names": [_cell],
    },
    "passages": [{"section!": _cell, "total": str, "item": str, "rows": _table, **dict.fromkeys(_SENTENCES, str)}],
    "nothing": [
        {"section!": _cell, "text!": str, "zero!": [_cell], "none_of!": [_cell], "all_of!": [_cell], "funds!": [_cell]}
    ],
    "conclusion": {
        "section!": _cell,
        "score!": _SCORED,
        "grade!": _SCORED,
        "begin!": str,
        **{f"{which}_{name}!": str for which in ("stated", "computed") for name in ("score", "grade")},
    },
}
_LAYOUT = {
    **dict.fromkeys(("id!", "title!", "place!", "form!"), str),
    "cites!": _source,
    "signs!": [(str, [str])],
    "lacks": [str],
    "order": [str],
    "variant": str,
    "required": [str],
    "longest": {str: int},
}
LAYOUTS: Mapping[str, Any] = {"layouts!": [_LAYOUT]}
