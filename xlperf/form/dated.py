"""Figures that a regulation sets: each with its source, how sure we are of it, and the year from which it holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from xlperf.errors import TemplateError
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
    def scope(self) -> str:
        """The years it holds for, in words; nothing if all."""
        return f"{self.since}年度起" if self.since else ""


Figures = Mapping[str, DatedFigure]
Editions = tuple[tuple[int, Figures], ...]  # the first year of each, 0 to begin with; complete each


def figures_by_variant(data: Mapping[str, Any]) -> dict[str, Editions]:
    """The figures of each variant: those of `[figures]`, then those of the earlier variant it is `like`, then its own.

    `from.YEAR` of a variant says what replaces them from that evaluated year on. A misspelt name or value would leave
    the default in force without a word, so it is refused with a `TemplateError`.
    """
    base: Editions = ((0, {name: _figure(name, row) for name, row in data["figures"].items()}),)
    variants: dict[str, Editions] = {}
    for variant, spec in data["variants"].items():
        where = f"模板 {data['id']}：口径 {variant} "
        if unknown := set(spec) - {"title", "like", "figures", "from", "replaces"}:
            raise TemplateError(f"{where}有不认识的键：{'、'.join(sorted(unknown))}")
        if spec.get("like", variant) not in (*variants, variant):
            raise TemplateError(f"{where}所依据的 {spec['like']} 不在它之前")
        editions = tuple(
            (since, {**figures, **_changed(figures, spec.get("figures", {}), where)})
            for since, figures in variants.get(spec.get("like"), base)
        )
        for year in sorted(spec.get("from", {})):
            if not (year.isdecimal() and int(year) > editions[-1][0]):
                raise TemplateError(f"{where}的 from.{year} 应是一个年份，晚于 {editions[-1][0]}")
            latest = editions[-1][1]
            own = _changed(latest, spec["from"][year], f"{where}{year} 年度起", int(year))
            editions += ((int(year), {**latest, **own}),)
        variants[variant] = editions
    default = data.get("default_variant")
    if default is not None and default not in variants:
        raise TemplateError(f"模板 {data['id']}：默认口径 {default} 不存在")
    return variants


def replaced_variants(data: Mapping[str, Any]) -> dict[str, str]:
    """Ids that variants once had, each with the id to use now."""
    replaced = {old: variant for variant, spec in data["variants"].items() for old in spec.get("replaces", ())}
    for old in replaced:
        if old in data["variants"]:
            raise TemplateError(f"模板 {data['id']}：口径 {old} 既还在用，又已由 {replaced[old]} 代替")
    return replaced


def in_force(editions: Editions, year: int | None) -> Figures:
    """The figures for an evaluated year; where the year is not known, those that hold for all years."""
    return next(figures for since, figures in reversed(editions) if not since or (year is not None and since <= year))


def each_figure(editions: Editions) -> Iterator[DatedFigure]:
    """Every figure once, those of later years after those that hold for all."""
    return (figure for since, figures in editions for figure in figures.values() if figure.since == since)


def _figure(name: str, row: Mapping[str, Any]) -> DatedFigure:
    if unknown := set(row) - {"title", "value", "cell", "choices", "cites", "status"}:
        raise TemplateError(f"数值 {name} 有不认识的键：{'、'.join(sorted(unknown))}")
    is_cell = "cell" in row
    value = row["cell"] if is_cell else row["value"]
    status = Evidence(row["status"])
    figure = DatedFigure(name, value, cite(row["cites"]), status, row["title"], row.get("choices"), is_cell)
    _require_choice(figure)
    if is_cell and figure.choices is None:
        raise TemplateError(f"数值 {name} 指一个格子，须在 choices 中列出可用的格子")
    return figure


def _changed(figures: Figures, rows: Mapping[str, Any], where: str, since: int = 0) -> Figures:
    changed: dict[str, DatedFigure] = {}
    for name, row in rows.items():
        if name not in figures:
            raise TemplateError(f"{where}改了没有的数值 {name}；可用：{'、'.join(figures)}")
        if since and figures[name].is_cell:
            raise TemplateError(f"{where}的数值 {name} 指一个格子，不能按年度不同")
        changed[name] = _replaced(figures[name], row, where, since)
    return changed


def _replaced(figure: DatedFigure, row: Mapping[str, Any], where: str, since: int) -> DatedFigure:
    kind = "cell" if figure.is_cell else "value"
    if set(row) != {kind, "cites", "status"} or type(row[kind]) is not type(figure.value):
        raise TemplateError(f"{where}的数值 {figure.name} 应写成 {kind}（与默认的同类）、cites、status")
    status = Evidence(row["status"])
    changed = figure._replace(value=row[kind], source=cite(row["cites"]), status=status, since=since)
    _require_choice(changed)
    return changed


def _require_choice(figure: DatedFigure) -> None:
    if figure.choices is not None and figure.value not in figure.choices:
        raise TemplateError(f"数值 {figure.name} 不能是 {figure.value}；可用：{'、'.join(figure.choices)}")
