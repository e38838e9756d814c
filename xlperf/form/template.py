"""A template as data: the TOML beside the .xlsx says what the fields are; defined names say where they stand."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from xlperf.errors import TemplateError, UnknownNameError
from xlperf.form.dated import (
    DatedFigure,
    Editions,
    Figures,
    each_figure,
    figures_by_variant,
    in_force,
    replaced_variants,
)
from xlperf.form.next_year import NextYear, parse_next_year
from xlperf.form.relations import Agreement, Elsewhere, parse_agreement, parse_elsewhere
from xlperf.form.sources import Source, cite
from xlperf.prose.lexicon import Vocabulary, vocabulary
from xlperf.prose.reasons import Reasons, parse_reasons
from xlperf.text import expression

NAME_PREFIX = "xp_"
INDICATORS, PROJECTS = "@indicators", "@projects"  # roles: what code calls a row table, whatever its key is in a form
_ROW_KEY = expression(r"(\w+)\[(\d+)\]\.(\w+)")


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


class Field(NamedTuple):
    """One cell of the form, or one column of a row table (then `key` is the column's name)."""

    key: str
    label: str
    type: str
    unit: str
    places: int
    exact: bool
    derived: bool = False
    required: bool = False
    default: str = ""
    revision: int = 1  # of the form that first had it

    @property
    def row_label(self) -> str:
        """The label without its column: 人员经费 of 人员经费（增长率）."""
        return self.label.partition("（")[0]

    @property
    def is_text(self) -> bool:
        return self.type == "text"

    @property
    def is_rate(self) -> bool:
        return self.type == "rate"


class Table(NamedTuple):
    """Rows of the form that the user adds in Excel; the defined name covers header and body."""

    key: str
    label: str
    columns: Mapping[str, Field]
    row_label: str
    fill_down: tuple[str, ...]


class Sum(NamedTuple):
    """total = sum of parts. A part is a key or a table column `table[].column`, of the rows of one level if `same`."""

    total: str
    parts: tuple[str, ...]
    same: tuple[str, str] | None = None
    strict: bool = False  # a blank part is unknown, not nil
    elsewhere: Elsewhere = ()


@dataclass(frozen=True, slots=True, eq=False)  # one is itself, so that what is worked out of it can be kept by it
class Template:
    id: str
    title: str
    edition: str
    unit: str
    source: Source
    fields: Mapping[str, Field]
    tables: Mapping[str, Table]
    sums: tuple[Sum, ...]
    included: tuple[Sum, ...]
    agreements: tuple[Agreement, ...]
    next_year: NextYear
    series: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]  # rows and columns of each family of keys
    not_applicable: frozenset[str]
    placeholders: frozenset[str]
    named: Mapping[str, str]  # sheets as the rules speak of them, and their titles
    roles: Mapping[str, str]  # row tables by what they are: @indicators
    masked: frozenset[str]  # cells and columns whose names are hidden where a form is published
    reasons: Reasons
    figures: Mapping[str, Editions]  # by variant
    variants: Mapping[str, str]
    replaced_variants: Mapping[str, str]  # an id that is no longer used, and the one to use now
    default_variant: str
    prose: Vocabulary = field(repr=False)
    meanings: Mapping[str, Mapping[str, tuple[str, ...]]] = field(repr=False)  # cells by item and column of the prose
    sheets: tuple[Mapping[str, Any], ...] = field(repr=False)

    def table(self, name: str) -> Table | None:
        """The row table of a key or a role; None where the form has none."""
        return self.tables.get(self.roles.get(name, name))

    def said(self, text: str) -> str:
        """A text of a rule in the form's own words: {evaluation} is the title of its sheet of that role."""
        for role, title in self.named.items():
            text = text.replace(f"{{{role}}}", title)
        return text

    def field(self, key: str) -> Field:
        """The field behind a key, `indicators[3].score` included."""
        found = self._field(key)
        if found is None:
            raise UnknownNameError(f"模板“{self.title}”没有“{key}”这个项目")
        return found

    def has(self, key: str) -> bool:
        """Does the form have this cell, or this column of a row table?"""
        return self._field(key) is not None

    def _field(self, key: str) -> Field | None:
        found = self.fields.get(key)
        if found is None and (match := _ROW_KEY.fullmatch(key)) and match[1] in self.tables:
            found = self.tables[match[1]].columns.get(match[3])
        return found

    def row_and_column(self, key: str) -> tuple[str, str]:
        """Where a key stands in its block: basic_growth_rate is (basic, growth_rate); a single cell has no column."""
        row = split_row_key(key)
        if row is not None:
            return key.rpartition(".")[0], row[2]
        for rows, columns in self.series.values():
            for column in columns:
                stem = key.removesuffix(f"_{column}")
                if stem != key and stem in rows:
                    return stem, column
        return key, ""

    def stems(self, suffix: str) -> tuple[str, ...]:
        """What stands before `suffix` in the keys that end with it: `_growth_rate` -> income_total, basic, ...

        A row's column counts whole: sangong_prior_actual is in the family of `_prior_actual`, not in that of `_actual`.
        """
        ending = (key for key in self.fields if key.endswith(suffix) and key != suffix)
        return tuple(key.removesuffix(suffix) for key in ending if self.row_and_column(key)[1] in ("", suffix[1:]))

    def figures_of(self, variant: str | None, year: int | None = None) -> Figures:
        """The dated figures under a variant (the default one if `None`) for an evaluated year.

        Where the year is not known, those that hold for all years. Raises `UnknownNameError`.
        """
        return in_force(self._editions(variant), year)

    def dated_figures(self, variant: str | None) -> Iterator[DatedFigure]:
        """All figures of a variant, those that only hold from some year on included."""
        return each_figure(self._editions(variant))

    def _editions(self, variant: str | None) -> Editions:
        try:
            return self.figures[variant or self.default_variant]
        except KeyError:
            now = self.replaced_variants.get(variant or "")
            if now is not None:
                raise UnknownNameError(
                    f"评分口径“{variant}”已由“{now}”（{self.variants[now]}）代替，请改用 --variant {now}"
                ) from None
            known = "、".join(self.variants)
            raise UnknownNameError(f"没有名为“{variant}”的评分口径；可用：{known}") from None


def row_key(table: str, index: int, column: str) -> str:
    """`indicators[0].score`: rows count from 0."""
    return f"{table}[{index}].{column}"


def split_row_key(key: str) -> tuple[str, int, str] | None:
    """The parts of a row key, or `None` for the key of a single field."""
    match = _ROW_KEY.fullmatch(key)
    return (match[1], int(match[2]), match[3]) if match else None


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
