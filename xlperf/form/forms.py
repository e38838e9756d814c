"""The forms that there are, read from their TOML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from xlperf.errors import At, TemplateError, UnknownNameError, XlperfError
from xlperf.form.dated import figures_by_variant, replaced_variants
from xlperf.form.laid import laid
from xlperf.form.next_year import parse_next_year
from xlperf.form.relations import Kind, Relation, parse_agreement, parse_required_when, parse_sums
from xlperf.form.sources import cite
from xlperf.form.template import NOT_APPLICABLE, PLACEHOLDERS, TYPES, Field, Table, Template
from xlperf.form.written import Laid, Written, read_toml, templates_folder
from xlperf.prose.lexicon import vocabulary
from xlperf.prose.words import parse_words


def example_of(template_id: str) -> dict[str, Any]:
    """The published form that `xlperf demo` shows, as `--values` takes it."""
    import json

    text = (templates_folder() / f"{template_id}.example.json").read_text("utf-8")
    return json.loads(text)  # type: ignore[no-any-return]


@cache
def form_ids() -> tuple[str, ...]:
    """The forms in the order in which they are offered; see forms.toml."""
    return tuple(_lists()["forms"])


@cache
def elsewhere_ids() -> tuple[str, ...]:
    """The forms by which a workbook of anybody's is read where it stands; see forms.toml."""
    return tuple(_lists()["elsewhere"])


def into(form_id: str) -> str:
    """The form of ours that takes what is read by a form: itself, or the one that forms.toml names."""
    moves: Mapping[str, str] = _lists()["into"]
    return moves.get(form_id, form_id)


def wider(form_id: str) -> str:
    """The form by which those of other places are read that move into one of ours; itself where there is none."""
    moves: Mapping[str, str] = _lists()["into"]
    return next((other for other, own in moves.items() if own == form_id and form_id not in elsewhere_ids()), form_id)


def others_listed() -> tuple[Mapping[str, Any], ...]:
    """The forms of the season that are no self-evaluation, by title and headings; see forms.toml."""
    return tuple(_lists()["others"])


def _asked_ids() -> tuple[str, ...]:
    """The forms by which those that are no self-evaluation are read where they are asked for."""
    return tuple(form_id for spec in others_listed() for form_id in spec.get("read_by", ()))


@cache
def _lists() -> Mapping[str, Any]:
    return read_toml(templates_folder() / "forms.toml").data


def default_template() -> Template:
    """The form that is meant where none is named."""
    return load_template(form_ids()[0])


def load_beside(form_id: str, folder: Path) -> Template | None:
    """A form of somebody's own whose file, ID.toml, lies in the folder of the workbook made of it; None if none does.

    Raises `TemplateError` for one with a mistake in it, or with another ID.
    """
    path = folder / f"{form_id}.toml"
    if not form_id.isidentifier() or not path.is_file():
        return None
    template = load_template(str(path))
    if template.id != form_id:
        raise TemplateError(f"{path} 的 id 是 {template.id}：文件的名称应与 id 相同")
    return template


_own: dict[str, Template] = {}  # forms of this process that no list names, by their IDs


@cache
def load_template(name: str) -> Template:
    """A form by its `name`, an ID or the path of a .toml as text: from then on this process knows it by its ID too.

    Raises `UnknownNameError` for a form that is not there, `TemplateError` for one with a mistake in it.
    """
    if name.endswith(".toml"):
        template = proven(_written(name))
        _own[template.id] = template
        return template
    if name in _own:
        return _own[name]
    written = _written(name)
    try:
        return _template(laid(written, _listed))
    except (XlperfError, LookupError, TypeError, ValueError, AttributeError):
        proven(written)  # which says where the mistake is: a listed form was proven when it was built
        raise


def proven(written: Written) -> Template:
    """A form whose TOML was looked through for mistakes.

    Raises `TemplateError` with file, line and key of each mistake.
    """
    from xlperf.form.mistakes import refuse_told

    form = laid(written, _listed)
    template, told = looked_through(form)
    refuse_told(told)
    assert template is not None
    return template


def looked_through(form: Laid, also: Iterable[tuple[At, str]] = ()) -> tuple[Template | None, list[str]]:
    """A form, and all the mistakes in its TOML, each with file, line and key; without a form, if it cannot be built.

    `also`: mistakes that somebody else found, with their places.
    """
    from xlperf.form.mistakes import layout_mistakes, mistakes_in

    told = mistakes_in(form, also)
    if told:
        return None, told
    try:
        template = _template(form)
    except TemplateError as error:
        return None, [form.refusal(error.at, str(error))]
    return template, layout_mistakes(form, template)


def laid_form(name: str) -> Laid:
    """What a form's TOML says, of an ID or a path as `load_template` takes it; raises as that."""
    return laid(_written(name), _listed)


def _written(name: str) -> Written:
    path = Path(name) if name.endswith(".toml") else None
    if path is None:
        path = _listed(name)
        if path is None:
            raise UnknownNameError(f"没有名为“{name}”的模板；可用：{'、'.join((*form_ids(), *_own))}")
        return read_toml(path)
    if not path.is_file():
        raise UnknownNameError(f"找不到模板文件 {name}")
    return read_toml(path, name)


def listed_forms() -> Iterator[Template]:
    """Every form of forms.toml, its TOML proven."""
    ids = dict.fromkeys((*form_ids(), *elsewhere_ids(), *_asked_ids()))
    return (proven(read_toml(path)) for form_id in ids if (path := _listed(form_id)))


def _listed(form_id: str) -> Path | None:
    is_listed = form_id in (*form_ids(), *elsewhere_ids(), *_asked_ids())
    return templates_folder() / f"{form_id}.toml" if is_listed else None


_EMPTY: Mapping[str, Any] = {
    **{section: {} for section in ("series", "tables", "next_year", "figures", "roles", "prose", "mistaken")},
    **dict.fromkeys(("sums", "included", "agreements", "required_when", "masked", "sheets"), ()),
    "variants": {"standard": {"title": "通用"}},
    "not_applicable": NOT_APPLICABLE,
    "placeholder_rows": PLACEHOLDERS,
}


def _template(form: Laid) -> Template:
    """Build a Template; sections that its TOML does not have are empty."""
    data: dict[str, Any] = {**_EMPTY, **form.data}
    fields = {key: _field(key, spec) for key, spec in data["fields"].items()}
    for name, spec in data["series"].items():
        for each in _series_fields(name, spec):
            fields[each.key] = each
    tables = {key: _table(key, spec) for key, spec in data["tables"].items()}
    return Template(
        id=data["id"],
        title=data["title"],
        edition=data["edition"],
        unit=data["unit"],
        source=cite(data["cites"]),
        fields=fields,
        tables=tables,
        relations=tuple(_relations(data, fields)),
        next_year=parse_next_year(data["next_year"], data["series"]),
        series={name: (tuple(spec["rows"]), tuple(spec["columns"])) for name, spec in data["series"].items()},
        not_applicable=frozenset(data["not_applicable"]),
        placeholders=frozenset(data["placeholder_rows"]),
        named=data["roles"].get("sheets", {}),
        roles={f"@{role}": key for kind in ("tables", "series") for role, key in data["roles"].get(kind, {}).items()},
        cells={
            role: (keys,) if isinstance(keys, str) else tuple(keys)
            for role, keys in data["roles"].get("cells", {}).items()
        },
        mistaken={key: tuple(others) for key, others in data["mistaken"].items()},
        masked=frozenset(data["masked"]),
        words=parse_words(data),
        figures=figures_by_variant(data, fields),
        variants={key: spec["title"] for key, spec in data["variants"].items()},
        replaced_variants=replaced_variants(data),
        default_variant=data.get("default_variant", next(iter(data["variants"]))),
        prose=vocabulary(_of_form(data["prose"], fields), _inside(data)),
        meanings=_meanings(data["prose"], data["series"], fields),
        sheets=tuple(data["sheets"]),
        labels=_file(form, "labels"),
        report=_file(form, "report"),
        longest=data.get("longest", {}),
        offered=_offered(data, fields),
    )


def _file(form: Laid, key: str) -> Path | None:
    """The file that a form names with a key, which is read when it is needed."""
    if key not in form.data:
        return None
    path = form.origin((key,))[0].beside(form.data[key])
    if path is None:
        raise TemplateError(f"没有文件 {form.data[key]}", (key,))
    return path


def _field(key: str, spec: Mapping[str, Any]) -> Field:
    kind = TYPES[spec["type"]]
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


def _relations(data: Mapping[str, Any], fields: Mapping[str, Field]) -> Iterator[Relation]:
    for spec in data["sums"]:
        yield from _summed(spec, spec["total"], fields)
    for spec in data["included"]:
        yield from dict.fromkeys(each._replace(kind=Kind.INCLUDED) for each in _summed(spec, spec["whole"], fields))
    yield from map(parse_agreement, data["agreements"])
    yield from map(parse_required_when, data["required_when"])


def _summed(spec: Mapping[str, Any], totals: str | list[str], fields: Mapping[str, Field]) -> Iterator[Relation]:
    return parse_sums(spec, totals, lambda key: fields[key].row_label if key in fields else "")


def _offered(data: Mapping[str, Any], fields: Mapping[str, Field]) -> dict[str, tuple[str, ...]]:
    """By input, the cells that it follows until somebody types over it: the same, or the parts of a total."""
    followed = {key: (spec["follows"],) for key, spec in data["fields"].items() if "follows" in spec}
    sums = (each for spec in data["sums"] if spec.get("offered") for each in _summed(spec, spec["total"], fields))
    return followed | {each.total: each.parts for each in sums if each.kind is Kind.SUM}


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
    inside |= {word: inside.get(stem, frozenset()) for word, stem in prose.get("scoped", {}).items()}
    totals = set(prose.get("bare", {}).values())
    everything = frozenset(totals.union(*(inside.get(stem, ()) for stem in totals)))
    return inside | dict.fromkeys(prose.get("alone", {}).values(), everything)


def _of_form(prose: Mapping[str, Any], fields: Mapping[str, Field]) -> dict[str, Any]:
    """A shared vocabulary without the words for single cells that a form lacks."""
    return {**prose, "alone": {word: key for word, key in prose.get("alone", {}).items() if key in fields}}


def _meanings(
    prose: Mapping[str, Any], series: Mapping[str, Any], fields: Mapping[str, Field]
) -> dict[str, dict[str, tuple[str, ...]]]:
    meanings: dict[str, dict[str, list[str]]] = {}
    for name, columns in prose.get("cells", {}).items():
        for row in series[name]["rows"] if name in series else ():
            meanings[row] = {column: [f"{row}_{suffix}"] for column, suffix in columns.items()}
    for stem, columns in prose.get("also", {}).items():
        for column, keys in columns.items():
            own = (key for key in keys if key in fields)
            meanings.setdefault(stem, {}).setdefault(column, []).extend(own)
    return {stem: {column: tuple(keys) for column, keys in cells.items()} for stem, cells in meanings.items()}
