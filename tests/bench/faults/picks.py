"""Which cells of a form a family of faults can strike."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

from tests.bench.faults.form import Form

NUMBER = re.compile(r"[+-]?\d[\d,]*(?:\.\d+)?%?")
IN_TEXT = re.compile(r"\d[\d,]*(?:\.\d+)?(?=万元|人，|人。|分，|%)")
YEAR = re.compile(r"20\d\d(?=年)")


@lru_cache(maxsize=100_000)
def figure(text: str) -> Decimal | None:
    """The number in a cell; a percentage as the number before the sign."""
    compact = text.strip()
    return Decimal(compact.rstrip("%").replace(",", "")) if NUMBER.fullmatch(compact) else None


def _of_types(form: Form, types: tuple[str, ...]) -> Iterator[str]:
    return (key for key, field in form.typed() if field.type in types and figure(form.text(key)) is not None)


def figures(form: Form) -> Iterator[str]:
    """Every cell that holds a figure, typed or computed."""
    return _of_types(form, ("money", "rate", "score", "number"))


def amounts(form: Form) -> Iterator[str]:
    return _of_types(form, ("money",))


def rates(form: Form) -> Iterator[str]:
    return _of_types(form, ("rate",))


def growth_rates(form: Form) -> Iterator[str]:
    return (key for key in rates(form) if key.endswith("_growth_rate"))


def rates_with_base(form: Form) -> Iterator[str]:
    """Rates for which the workbook offers other bases and numerators."""
    return (key for key in rates(form) if "control" not in key)


def derived(form: Form) -> Iterator[str]:
    return (
        key for key, field in form.typed() if field.derived and (key == "grade" or figure(form.text(key)) is not None)
    )


def year_pairs(form: Form) -> Iterator[str]:
    """This year's cells that have last year's beside them, and changes."""
    for key in amounts(form):
        if last_year(key) in form.texts or key.endswith("_change"):
            yield key


def this_year(form: Form) -> Iterator[str]:
    return (key for key in amounts(form) if last_year(key) in form.texts)


def last_year(key: str) -> str:
    if key.endswith("_current"):
        return key.removesuffix("current") + "prior"
    if key.endswith("actual") and not key.endswith("prior_actual"):
        return key.removesuffix("actual") + "prior_actual"
    return ""


def copy_targets(form: Form) -> Iterator[str]:
    """Amounts, and the two cells of the form that hold —— and nothing else."""
    yield from amounts(form)
    yield from (key for key in ("procurement_prior_actual", "basic_adjustment_prior_actual") if form.template.has(key))


def rows(form: Form) -> Iterator[str]:
    for table, count in form.rows.items():
        yield from (f"{table}[{index}]" for index in range(count))


def weights(form: Form) -> Iterator[str]:
    found = _of_types(form, ("score",))
    return (key for key in found if key.endswith("weight") and not form.template.field(key).derived)


def scores(form: Form) -> Iterator[str]:
    for key in _of_types(form, ("score",)):
        if key.endswith("score") and (key == "execution_score" or not form.template.field(key).derived):
            yield key


def indicator_texts(form: Form) -> Iterator[str]:
    for key in form.texts:
        if key.endswith((".target", ".actual")) and key.startswith("indicators") and not _is_date(form.text(key)):
            yield key


def _is_date(text: str) -> bool:
    return "月" in text


def sections(form: Form) -> Iterator[str]:
    return (key for key in form.texts if key.startswith("section_") and IN_TEXT.search(form.text(key)))


def years(form: Form) -> Iterator[str]:
    yield from ("year", "building_year")
    for key in form.texts:
        if key.startswith(("section_", "indicators")) and YEAR.search(form.text(key)):
            yield key
