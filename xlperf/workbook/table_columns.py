"""In which column of a sheet each column of a row table stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple, Protocol

from xlperf.errors import TemplateError
from xlperf.form.grid import Filling, headings_of, laid_out
from xlperf.form.template import Table, Template
from xlperf.package import Area, Cell, Ref, area_text, quoted_title, ref_text


class Book(Protocol):
    """What finding columns needs of a workbook."""

    name: str

    def merges(self, sheet: str) -> tuple[Area, ...]: ...


class _Laid(NamedTuple):
    """A table as the form lays it out: how wide it is, where in it each column begins, which print their label."""

    width: int
    columns: Mapping[str, int]
    labelled: frozenset[str]


def columns_of(
    book: Book, template: Template, table: Table, sheet: str, area: Area, cells: Mapping[Ref, Cell]
) -> dict[str, int]:
    """By the header's own words; a column that the form prints no label above stands where the form lays it out.

    `area`: the header's row and the body. Raises `TemplateError` for a label that is not there any more.
    """
    heads = _heads(book, sheet, area, cells)
    labels = {name: "".join(field.label.split()) for name, field in table.columns.items()}
    found = {name: heads[label] for name, label in labels.items() if label in heads}
    missing = [name for name in labels if name not in found]
    if not missing:
        return found
    laid = _laid(template).get(table.key)
    if laid is not None and laid.width == area.right - area.left + 1 and laid.labelled.isdisjoint(missing):
        placed = {name: area.left + at for name, at in laid.columns.items()}
        if placed.keys() == labels.keys() and all(placed[name] == col for name, col in found.items()):
            return {name: placed[name] for name in labels}
    if not found:
        placed = dict(zip(labels, _anchors(book, sheet, area), strict=False))
        if len(placed) == len(labels):
            return placed
        raise TemplateError(
            f"{book.name}：{quoted_title(sheet)}!{area_text(area)} 里没有“{'”“'.join(labels.values())}”这些列，"
            "表格被改动过。请恢复表头和各列。"
        )
    raise TemplateError(
        f"{book.name}：{quoted_title(sheet)}!{ref_text(Ref(area.top, area.left))} 起的表头缺少"
        f"“{'”“'.join(labels[name] for name in missing)}”列，模板的表头被改动过。请恢复原来的列名。"
    )


def _heads(book: Book, sheet: str, area: Area, cells: Mapping[Ref, Cell]) -> dict[str, int]:
    """What stands in the header's row, also what a merged cell has there that begins further up."""
    refs = {Ref(area.top, col): col for col in area.cols}
    for merge in book.merges(sheet):
        if merge.top < area.top <= merge.bottom and area.left <= merge.left <= area.right:
            refs[Ref(merge.top, merge.left)] = merge.left
    return {"".join(cells[ref].text.split()): col for ref, col in refs.items() if ref in cells}


def _anchors(book: Book, sheet: str, area: Area) -> Iterator[int]:
    """Columns of an area that are not swallowed by a merge to their left."""
    hidden = {
        col
        for merge in book.merges(sheet)
        if merge.top <= area.top <= merge.bottom
        for col in range(merge.left + 1, merge.right + 1)
    }
    return (col for col in area.cols if col not in hidden)


@lru_cache(maxsize=16)
def _laid(template: Template) -> Mapping[str, _Laid]:
    found = {}
    for spec in template.sheets:
        widths = spec.get("widths") or [1] * max(map(len, spec["rows"]))
        page = laid_out(spec, Filling(template, None, None), (), widths)
        for key, body in page.tables.items():
            fields = template.tables[key].columns
            columns = {name: col - body.left for name, col in body.columns.items()}
            labelled = {
                name
                for name, heading in headings_of(page, body).items()
                if "".join(heading.text.split()) == "".join(fields[name].label.split())
            }
            found[key] = _Laid(body.right - body.left + 1, columns, frozenset(labelled))
    return found
