"""Figures that a regulation sets: each with its source, how sure we are of it, and the year from which it holds."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from typing import Any, NamedTuple

from xlperf.errors import At, TemplateError
from xlperf.form.sources import Evidence, Source, cite


class DatedFigure(NamedTuple):
    """A number or list that a regulation sets, with its source and how sure we are of it."""

    name: str
    value: Any
    source: Source
    status: Evidence
    title: str = ""
    choices: Mapping[str, str] | None = None  # the values it may take, each in words
    is_cell: bool = False  # the value is the key of a cell: functions that name the figure receive that cell
    since: int = 0  # the first evaluated year that it holds for; 0: all years

    @property
    def shown(self) -> str:
        """The value in words: `产出指标 40、效益指标 30`."""
        if self.choices is not None:
            return self.choices[self.value]
        if isinstance(self.value, str):
            return self.value
        rows = self.value.items() if isinstance(self.value, dict) else self.value
        return "、".join(f"{row[0]} {'—'.join(row[1:])}" for row in rows) or "未见规定，不核对"

    @property
    def authority(self) -> str:
        return f"{self.source.reference}［{self.status.text}］"

    @property
    def scope(self) -> str:
        """The years it holds for, in words; nothing if all."""
        return f"{self.since}年度起" if self.since else ""

    @property
    def titled(self) -> str:
        """The title, with the years."""
        return f"{self.title}（{self.scope}）" if self.scope else self.title


Figures = Mapping[str, DatedFigure]
Editions = tuple[tuple[int, Figures], ...]  # the first year of each, 0 to begin with; complete each


def figures_by_variant(data: Mapping[str, Any], cells: Container[str]) -> dict[str, Editions]:
    """The figures of each variant: those of `[figures]`, then those of the earlier variant it is `like`, then its own.

    A figure that is one of several cells is none of a form that lacks one of them.

    `from.YEAR` of a variant says what replaces them from that evaluated year on. Raises `TemplateError`, with the
    place, for a variant that is like one below it and for a value that is none of the figure's choices.
    """
    rows = data["figures"]
    absent = {name for name, row in rows.items() if "cell" in row and not all(key in cells for key in row["choices"])}
    base: Editions = ((0, {name: _figure(name, row) for name, row in rows.items() if name not in absent}),)
    variants: dict[str, Editions] = {}
    for variant, spec in data["variants"].items():
        at = ("variants", variant)
        if spec.get("like", variant) not in (*variants, variant):
            raise TemplateError(f"所依据的 {spec['like']} 不在它之前", (*at, "like"))
        editions = tuple(
            (since, {**figures, **_changed(figures, _without(absent, spec.get("figures", {})), (*at, "figures"))})
            for since, figures in variants.get(spec.get("like"), base)
        )
        for year in sorted(spec.get("from", {})):
            if not (year.isdecimal() and int(year) > editions[-1][0]):
                raise TemplateError(f"from 之后应是一个年份，晚于 {editions[-1][0]}", (*at, "from", year))
            latest = editions[-1][1]
            own = _changed(latest, _without(absent, spec["from"][year]), (*at, "from", year), int(year))
            editions += ((int(year), {**latest, **own}),)
        variants[variant] = editions
    return variants


def replaced_variants(data: Mapping[str, Any]) -> dict[str, str]:
    """Ids that variants once had, each with the id to use now."""
    replaced = {old: variant for variant, spec in data["variants"].items() for old in spec.get("replaces", ())}
    for old in replaced:
        if old in data["variants"]:
            raise TemplateError(f"{old} 还在用，不能又由 {replaced[old]} 代替", ("variants", replaced[old], "replaces"))
    return replaced


def in_force(editions: Editions, year: int | None) -> Figures:
    """The figures for an evaluated year; where the year is not known, those that hold for all years."""
    return next(figures for since, figures in reversed(editions) if not since or (year is not None and since <= year))


def each_figure(editions: Editions) -> Iterator[DatedFigure]:
    """Every figure once, those of later years after those that hold for all."""
    return (figure for since, figures in editions for figure in figures.values() if figure.since == since)


def _without(absent: Container[str], rows: Mapping[str, Any]) -> dict[str, Any]:
    return {name: row for name, row in rows.items() if name not in absent}


def _figure(name: str, row: Mapping[str, Any]) -> DatedFigure:
    is_cell = "cell" in row
    value = row["cell"] if is_cell else row["value"]
    status = Evidence(row["status"])
    figure = DatedFigure(name, value, cite(row["cites"]), status, row["title"], row.get("choices"), is_cell)
    _require_choice(figure, ("figures", name))
    return figure


def _changed(figures: Figures, rows: Mapping[str, Any], at: At, since: int = 0) -> Figures:
    changed: dict[str, DatedFigure] = {}
    for name, row in rows.items():
        if since and figures[name].is_cell:
            raise TemplateError("指一个格子的数值不能按年度不同", (*at, name))
        changed[name] = _replaced(figures[name], row, (*at, name), since)
    return changed


def _replaced(figure: DatedFigure, row: Mapping[str, Any], at: At, since: int) -> DatedFigure:
    kind = "cell" if figure.is_cell else "value"
    if set(row) != {kind, "cites", "status"} or type(row[kind]) is not type(figure.value):
        raise TemplateError(f"应写成 {kind}（与默认的同类）、cites、status", at)
    status = Evidence(row["status"])
    changed = figure._replace(value=row[kind], source=cite(row["cites"]), status=status, since=since)
    _require_choice(changed, at)
    return changed


def _require_choice(figure: DatedFigure, at: At) -> None:
    if figure.choices is not None and figure.value not in figure.choices:
        raise TemplateError(f"不能是 {figure.value}；可用：{'、'.join(figure.choices)}", at)
