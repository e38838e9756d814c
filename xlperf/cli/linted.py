"""What `template lint` says of one form: its own TOML, the files that it names, and the workbook made of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from xlperf.checks.catalog import CHECKS
from xlperf.derive.lacking import never_computed
from xlperf.errors import At, TemplateError
from xlperf.form.forms import laid_form, looked_through
from xlperf.form.relations import AGREEMENTS
from xlperf.form.shapes import unknown
from xlperf.form.template import Template
from xlperf.labels.words import proven_labels
from xlperf.report.spec import report_spec
from xlperf.text import expression
from xlperf.workbook.blank import build_workbook

_LOOKS_LIKE = {
    "indicators": {"level3", "target", "actual"},
    "funding": {"source", "annual_budget", "annual_spent"},
}
_PRINTED = expression(r".*[（(]([0-9.]+)分[）)]")


def problems_of(name: str) -> list[str]:
    """Every mistake in a form, an ID or the path of a .toml, as a sentence with file, line and key; none if none.

    Raises `UnknownNameError` for a form that is not there.
    """
    try:
        form = laid_form(name)
    except TemplateError as error:
        return str(error).split("\n")
    template, told = looked_through(form, _unknown_rules(form.data))
    if template is None:
        return told
    also = (*_wrong_name(name, template), *_roles_forgotten(template), *_weights_off(template))
    told += [form.refusal(at, text) for at, text in also]
    choices = {name: spec["choices"] for name, spec in form.data.get("figures", {}).items() if "cell" in spec}
    told += [form.refusal(_place_of(key, template), text) for key, text in never_computed(template, choices)]
    proofs: list[Callable[[Template], object]] = [proven_labels, report_spec]
    proofs += [build_workbook] if template.sheets and not told and name.endswith(".toml") else []
    for proof in proofs:
        try:
            proof(template)
        except TemplateError as error:
            told += str(error).split("\n")
    return told


def _wrong_name(name: str, template: Template) -> Iterator[tuple[At, str]]:
    """A workbook finds its form by the file's name."""
    path = Path(name)
    if path.suffix == ".toml" and path.stem != template.id:
        yield ("id",), f"文件名是 {path.name}，与 id 不同：以后的命令凭 id 找文件，请改成 {template.id}.toml，或改 id"


def _roles_forgotten(template: Template) -> Iterator[tuple[At, str]]:
    """Tables that look like one of a role that the form gives to none: what is wrong in them would go unnoticed."""
    for role, wanted in _LOOKS_LIKE.items():
        for table in template.tables.values():
            if template.table(f"@{role}") is None and wanted <= table.columns.keys():
                line = f'{role} = "{table.key}"'
                what = f"明细表 {table.key} 像是{table.label}，却没有写它的角色：请在 [roles.tables] 里写 {line}"
                yield ("tables", table.key), f"{what}，否则有关的规则都不核对"


def _weights_off(template: Template) -> Iterator[tuple[At, str]]:
    """Weights of the levels that do not come to the whole, or not to what the form prints."""
    figures, variant = template.figures_of(None), template.default_variant
    if not {"standard_level_weights", "standard_execution_weight", "standard_total_weight"} <= figures.keys():
        return
    levels = {level: Decimal(points) for level, points in figures["standard_level_weights"].value.items()}
    execution, total = (Decimal(figures[f"standard_{name}_weight"].value) for name in ("execution", "total"))
    at: At = ("variants", variant, "figures", "standard_level_weights")
    if levels and template.has("execution_weight") and sum(levels.values()) + execution != total:
        parts = "、".join(f"{level} {points}" for level, points in levels.items())
        yield at, f"预算执行 {execution}、{parts}，加起来是 {sum(levels.values()) + execution}，应为 {total}"
    for number, spec in enumerate(template.sheets):
        for table, rows in spec.get("blank_rows", {}).items():
            for place, row in enumerate(rows):
                for text in row:
                    printed = _PRINTED.fullmatch(text)
                    points = next((own for level, own in levels.items() if text.startswith(level)), None)
                    if printed and points is not None and Decimal(printed[1]) != points:
                        here = ("sheets", number, "blank_rows", table, place)
                        yield (
                            here,
                            f"表里印的是“{text}”，口径 {variant} 的 standard_level_weights 写的是 {points}：请改成一样",
                        )


def _unknown_rules(data: Mapping[str, Any]) -> Iterator[tuple[At, str]]:
    """Rules that report no agreement."""
    codes = [each.code for each in CHECKS if each.relations == AGREEMENTS]
    agreements = data.get("agreements")
    for place, spec in enumerate(agreements if isinstance(agreements, list) else ()):
        code = spec.get("rule") if isinstance(spec, dict) else None
        if isinstance(code, str) and code.startswith("XLP") and code not in codes:
            known = "、".join(codes)
            yield ("agreements", place, "rule"), f"{unknown(code, (), '核对各处同一个数的规则')}；可用：{known}"


def _place_of(key: str, template: Template) -> At:
    """Where a form says that a cell is derived."""
    table, is_column, column = key.partition("[].")
    if is_column:
        return ("tables", table, "columns", column, "role")
    for name, (rows, columns) in template.series.items():
        for row in rows:
            if key in {f"{row}_{each}" for each in columns}:
                return ("series", name, "rows", row)
    return ("fields", key, "role")
