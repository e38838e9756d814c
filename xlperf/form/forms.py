"""The forms that there are, read from their TOML."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from xlperf.errors import TemplateError, UnknownNameError
from xlperf.form.dated import (
    figures_by_variant,
    replaced_variants,
)
from xlperf.form.next_year import parse_next_year
from xlperf.form.relations import parse_agreement, parse_elsewhere
from xlperf.form.sources import cite
from xlperf.form.template import Field, Sum, Table, Template, row_key
from xlperf.prose.lexicon import vocabulary
from xlperf.prose.reasons import parse_reasons


class _Type(NamedTuple):
    unit: str
    places: int
    exact: bool


# places: decimals of the figure as stored (of the fraction, for a rate); exact: a stated figure is the true one,
# so its rounding excuses nothing.
_TYPES = {
    "money": _Type("万元", 2, False),
    "rate": _Type("%", 4, False),
    "score": _Type("分", 2, True),
    "number": _Type("", 0, True),
    "year": _Type("年", 0, True),
    "text": _Type("", 0, True),
}


def templates_folder() -> Path:
    """Where the templates lie: inside the installed package, or beside it in a checkout."""
    here = Path(__file__).parents[1]
    inside = here / "workbook_templates"
    return inside if inside.is_dir() else here.parent / "workbook_templates"


def example_of(template_id: str) -> dict[str, Any]:
    """The published form that `xlperf demo` shows, as `--values` takes it."""
    import json

    text = (templates_folder() / f"{template_id}.example.json").read_text("utf-8")
    return json.loads(text)  # type: ignore[no-any-return]


@cache
def form_ids() -> tuple[str, ...]:
    """The forms in the order in which they are offered; see forms.toml."""
    return tuple(tomllib.loads((templates_folder() / "forms.toml").read_text("utf-8"))["forms"])


def default_template() -> Template:
    """The form that is meant where none is named."""
    return load_template(form_ids()[0])


_own: dict[str, Template] = {}  # forms of this process that no list names, by their IDs


@cache
def load_template(name: str) -> Template:
    """A form by its ID, or by the path of its .toml: from then on this process knows it by its ID too.

    Raises `UnknownNameError` for a form that is not there, `TemplateError` for one that contradicts itself.
    """
    if name.endswith(".toml"):
        path = Path(name)
        if not path.is_file():
            raise UnknownNameError(f"找不到模板文件 {name}")
        template = parse_template(path.read_text("utf-8"))
        _own[template.id] = template
        return template
    if name in _own:
        return _own[name]
    if name not in form_ids():
        raise UnknownNameError(f"没有名为“{name}”的模板；可用：{'、'.join((*form_ids(), *_own))}")
    return parse_template((templates_folder() / f"{name}.toml").read_text("utf-8"))


_EMPTY: Mapping[str, Any] = {
    **{section: {} for section in ("series", "tables", "next_year", "figures", "roles", "reasons", "prose")},
    **dict.fromkeys(("sums", "included", "agreements", "masked", "sheets"), ()),
    "variants": {"standard": {"title": "通用"}},
    "not_applicable": ("——", "—", "/", "无", "不适用"),
    "placeholder_rows": ("……", "..."),
}


def parse_template(text: str) -> Template:
    """Build a Template from the text of its TOML; sections that it does not have are empty."""
    data: dict[str, Any] = {**_EMPTY, **tomllib.loads(text)}
    fields = {key: _field(key, spec) for key, spec in data["fields"].items()}
    for name, spec in data["series"].items():
        for each in _series_fields(name, spec):
            if each.key in fields:
                raise TemplateError(f"模板 {data['id']}：项目 {each.key} 定义了两次")
            fields[each.key] = each
    tables = {key: _table(key, spec) for key, spec in data["tables"].items()}
    template = Template(
        id=data["id"],
        title=data["title"],
        edition=data["edition"],
        unit=data["unit"],
        source=cite(data["cites"]),
        fields=fields,
        tables=tables,
        sums=tuple(each for spec in data["sums"] for each in _sums(spec, spec["total"], fields)),
        included=tuple(each for spec in data["included"] for each in _sums(spec, spec["whole"], fields)),
        agreements=tuple(parse_agreement(spec) for spec in data["agreements"]),
        next_year=parse_next_year(data["next_year"], data["series"]),
        series={name: (tuple(spec["rows"]), tuple(spec["columns"])) for name, spec in data["series"].items()},
        not_applicable=frozenset(data["not_applicable"]),
        placeholders=frozenset(data["placeholder_rows"]),
        named=data["roles"].get("sheets", {}),
        roles={f"@{role}": key for role, key in data["roles"].get("tables", {}).items()},
        masked=frozenset(data["masked"]),
        reasons=parse_reasons(data["reasons"]),
        figures=figures_by_variant(data),
        variants={key: spec["title"] for key, spec in data["variants"].items()},
        replaced_variants=replaced_variants(data),
        default_variant=data.get("default_variant", next(iter(data["variants"]))),
        prose=vocabulary(data["prose"], _inside(data)),
        meanings=_meanings(data["prose"], data["series"]),
        sheets=tuple(data["sheets"]),
    )
    _require_known_operands(template)
    return template


def _field(key: str, spec: Mapping[str, Any]) -> Field:
    kind = _TYPES[spec["type"]]
    return Field(
        key=key,
        label=spec["label"],
        type=spec["type"],
        unit=spec.get("unit", kind.unit),
        places=spec.get("places", kind.places),
        exact=spec["stated"] == "exact" if "stated" in spec else kind.exact,
        derived=spec.get("role") == "derived",
        required=spec.get("required", False),
        default=spec.get("default", ""),
        revision=spec.get("revision", 1),
    )


def _series_fields(name: str, spec: Mapping[str, Any]) -> Iterator[Field]:
    for row, row_label in spec["rows"].items():
        for column, column_label in spec["columns"].items():
            key = f"{row}_{column}"
            derived = row in spec.get("derived_rows", ()) or column in spec.get("derived_columns", ())
            yield _field(
                key,
                {
                    "label": spec.get("labels", {}).get(key, f"{row_label}（{column_label}）"),
                    "type": spec.get("column_types", {}).get(column, spec["type"]),
                    "role": "derived" if derived else "input",
                    "default": spec.get("defaults", {}).get(key, ""),
                },
            )


def _table(key: str, spec: Mapping[str, Any]) -> Table:
    columns = {name: _field(name, column) for name, column in spec["columns"].items()}
    return Table(key, spec["label"], columns, spec["row_label"], tuple(spec.get("fill_down", ())))


def _sums(spec: Mapping[str, Any], totals: str | list[str], fields: Mapping[str, Field]) -> Iterator[Sum]:
    for total in [totals] if isinstance(totals, str) else totals:
        for column in (*spec["over"], *spec.get("strict_over", ())):
            key = total.replace("*", column)
            label = fields[key].row_label if key in fields else ""
            same = (spec["same"], label) if "same" in spec else None
            parts = tuple(part.replace("*", column) for part in spec["parts"])
            known = tuple(each for each in parse_elsewhere(spec) if each[0] in parts)
            yield Sum(key, parts, same, column not in spec["over"], known)


def _inside(data: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    """By item of the prose, all items that are a part of it; of the whole unit's figures, those of every total."""
    prose = data["prose"]
    direct = {
        spec["total"].removesuffix("_*"): [part.removesuffix("_*") for part in spec["parts"]]
        for spec in data["sums"]
        if isinstance(spec["total"], str)
    }
    direct |= prose.get("rowless", {})
    for stem, parts in prose.get("other_parts", {}).items():
        direct[stem] = [*direct.get(stem, ()), *parts]

    def below(stem: str) -> frozenset[str]:
        return frozenset(part for child in direct.get(stem, ()) for part in (child, *below(child)))

    inside = {stem: below(stem) for stem in direct}
    inside |= {word: inside[stem] for word, stem in prose.get("scoped", {}).items()}
    totals = set(prose.get("bare", {}).values())
    everything = frozenset(totals.union(*(inside[stem] for stem in totals)))
    return inside | dict.fromkeys(prose.get("alone", {}).values(), everything)


def _meanings(prose: Mapping[str, Any], series: Mapping[str, Any]) -> dict[str, dict[str, tuple[str, ...]]]:
    meanings: dict[str, dict[str, list[str]]] = {}
    for name, columns in prose.get("cells", {}).items():
        for row in series[name]["rows"]:
            meanings[row] = {column: [f"{row}_{suffix}"] for column, suffix in columns.items()}
    for stem, columns in prose.get("also", {}).items():
        for column, keys in columns.items():
            meanings.setdefault(stem, {}).setdefault(column, []).extend(keys)
    return {stem: {column: tuple(keys) for column, keys in cells.items()} for stem, cells in meanings.items()}


def _require_known_operands(template: Template) -> None:
    for each in (*template.sums, *template.included):
        for key in (each.total, *each.parts, *(key for part, others in each.elsewhere for key in (part, *others))):
            template.field(key.replace("[]", "[0]"))
    for agreement in template.agreements:
        presumed = (key for whole, parts in agreement.presumed for key in (whole, *parts))
        for key in (*agreement.keys, *presumed):
            template.field(key)
    tables = template.next_year.tables
    columns = (row_key(table, 0, column) for table, each in tables.items() for column in each.keys)
    for key in (*template.next_year.cells.keys, *columns):
        template.field(key)
    for name in template.figures_of(None):
        if name in template.fields:
            raise TemplateError(f"模板 {template.id}：{name} 既是项目又是法定数值的名字")
    for cells in template.meanings.values():
        for key in (each for keys in cells.values() for each in keys):
            template.field(key)
    for figure in template.figures_of(None).values():
        for key in figure.choices or () if figure.is_cell else ():
            template.field(key)
