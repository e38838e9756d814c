"""Layouts: how a place prints a form, told by its headings, and what follows from it; see layouts.toml."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import Any, NamedTuple

from xlperf.errors import UnknownNameError
from xlperf.form.forms import elsewhere_ids, load_template
from xlperf.form.sources import Source, cite
from xlperf.form.template import Field, Template
from xlperf.form.written import Laid, read_toml, templates_folder
from xlperf.labels.blocks import Document, Table
from xlperf.labels.grammar import LONGEST, bare

ANY = "any"  # instead of a layout's ID: none of them, the headings are read by their words alone


class Layout(NamedTuple):
    """A published layout of a form.

    `signs`: headings that it prints, of each group one; `lacks`: none of these; `order`: of two headings in one row the
    first stands left. `variant`: by which it is scored; `required`: cells and columns (indicators.actual) that must be
    filled, beside those that the form itself requires; `longest`: how many characters a text may have, by its cell.
    """

    id: str
    title: str
    place: str
    form: str
    source: Source
    signs: tuple[tuple[str, ...], ...]
    lacks: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    variant: str = ""
    required: tuple[str, ...] = ()
    longest: Mapping[str, int] = MappingProxyType({})


@cache
def layouts() -> tuple[Layout, ...]:
    """All layouts in the order of layouts.toml; raises `TemplateError` with file, line and key of a mistake in it."""
    from xlperf.form.mistakes import refuse, refuse_shape
    from xlperf.form.shapes import LAYOUTS

    written = read_toml(templates_folder() / "layouts.toml")
    form = Laid(written.data, (written,), {})
    refuse_shape(form, LAYOUTS)
    refuse(form, _mistakes(written.data["layouts"]))
    return tuple(_layout(spec) for spec in written.data["layouts"])


def layout_called(layout_id: str) -> Layout:
    """Raises `UnknownNameError` for one that is not there."""
    found = next((each for each in layouts() if each.id == layout_id), None)
    if found is None:
        raise UnknownNameError(f"没有名为“{layout_id}”的式样；用 xlperf layouts 查看全部式样。")
    return found


def layout_of(document: Document, form: str) -> Layout | None:
    """The layout of a `form` whose signs a document has; of several the one with most signs."""
    tables = [block for block in document.blocks if isinstance(block, Table)]
    rows = [row for table in tables for row in _headings(table)]
    names = {name for row in rows for name in row}
    fitting = [each for each in layouts() if each.form == form and _fits(each, names, rows)]
    return max(fitting, key=lambda each: len(each.signs), default=None)


def as_laid_out(template: Template, layout: Layout) -> Template:
    """A form with what follows from its layout: the variant, required cells, the length of texts, who says so."""

    def required(fields: Mapping[str, Field], begin: str = "") -> dict[str, Field]:
        return {
            key: field._replace(required=field.required or f"{begin}{key}" in layout.required)
            for key, field in fields.items()
        }

    tables = {
        name: table._replace(columns=required(table.columns, f"{name}.")) for name, table in template.tables.items()
    }
    return dataclasses.replace(
        template,
        layout=layout.id,
        source=layout.source,
        default_variant=layout.variant or template.default_variant,
        fields=required(template.fields),
        tables=tables,
        longest={**template.longest, **layout.longest},
    )


def _headings(table: Table) -> Iterator[list[str]]:
    """Row by row what may be headings, from left to right, by their words."""
    rows: dict[int, list[str]] = {}
    for cell in table.cells:
        if 0 < len(cell.text) <= LONGEST:
            rows.setdefault(cell.row, []).append(bare(cell.text))
    return iter(rows.values())


def _fits(layout: Layout, names: Collection[str], rows: Sequence[Sequence[str]]) -> bool:
    order = list(map(bare, layout.order))
    return (
        not any(bare(sign) in names for sign in layout.lacks)
        and all(any(bare(sign) in names for sign in group) for group in layout.signs)
        and (not order or any(_is_in_order(order, row) for row in rows))
    )


def _is_in_order(order: Sequence[str], row: Sequence[str]) -> bool:
    places = [row.index(name) for name in order if name in row]
    return len(places) == len(order) and places == sorted(places)


def _layout(spec: Mapping[str, Any]) -> Layout:
    groups = ([each] if isinstance(each, str) else each for each in spec["signs"])
    return Layout(
        id=spec["id"],
        title=spec["title"],
        place=spec["place"],
        form=spec["form"],
        source=cite(spec["cites"]),
        signs=tuple(map(tuple, groups)),
        lacks=tuple(spec.get("lacks", ())),
        order=tuple(spec.get("order", ())),
        variant=spec.get("variant", ""),
        required=tuple(spec.get("required", ())),
        longest=MappingProxyType(spec.get("longest", {})),
    )


def _mistakes(specs: Iterable[Mapping[str, Any]]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """What a layout names that its form does not have."""
    seen: set[str] = set()
    for place, spec in enumerate(specs):
        if spec["id"] in seen:
            yield ("layouts", place, "id"), f"有两个式样都叫 {spec['id']}"
        seen.add(spec["id"])
        if spec["form"] not in elsewhere_ids():
            yield ("layouts", place, "form"), f"forms.toml 的 elsewhere 里没有 {spec['form']}"
            continue
        template = load_template(spec["form"])
        if spec.get("variant", template.default_variant) not in template.variants:
            yield ("layouts", place, "variant"), f"{spec['form']} 没有口径 {spec['variant']}"
        for number, key in enumerate(spec.get("required", ())):
            if field_of(template, key) is None:
                yield ("layouts", place, "required", number), f"{spec['form']} 没有项目 {key}"
        for key in spec.get("longest", ()):
            if key not in template.fields:
                yield ("layouts", place, "longest", key), f"{spec['form']} 没有项目 {key}"


def field_of(template: Template, key: str) -> Field | None:
    """The cell of a key, or a column as indicators.actual; None where the form has none."""
    table, _, column = key.partition(".")
    return template.tables[table].columns.get(column) if table in template.tables else template.fields.get(key)
