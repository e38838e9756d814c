"""What `template lint` says of one form: its own TOML, the files that it names, and the workbook made of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from xlperf.checks.catalog import CHECKS
from xlperf.derive.lacking import never_computed
from xlperf.errors import At, TemplateError
from xlperf.form.forms import laid_form, looked_through
from xlperf.form.shapes import unknown
from xlperf.form.template import Template
from xlperf.labels.words import proven_labels
from xlperf.report.spec import report_spec
from xlperf.workbook.blank import build_workbook


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


def _unknown_rules(data: Mapping[str, Any]) -> Iterator[tuple[At, str]]:
    """Rules that report no agreement."""
    codes = [each.code for each in CHECKS if each.each == "agreements"]
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
