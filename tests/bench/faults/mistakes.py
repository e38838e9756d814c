"""Slips of the head: a rate reckoned on the wrong figures, a cell taken from its neighbour, a line left out."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from decimal import ROUND_HALF_UP, Decimal

from tests.bench.faults.form import DEPARTMENT, Form
from tests.bench.faults.picks import figure, last_year
from tests.bench.faults.slips import Make, Slip, tidy, turn_sign
from xlperf.form.forms import load_template

_OVERALL = load_template(DEPARTMENT)  # of the two forms the one that has years and rows of money
FLOW_ROWS, _ = _OVERALL.series["finance"]
BASE_ROWS, BASE_COLUMNS = _OVERALL.series["base"]
_PARENTS = {
    part.removesuffix("_current"): each.total.removesuffix("_current")
    for each in _OVERALL.sums
    if each.total.endswith("_current")
    for part in each.parts
}
_TWINS = {"public": "operating", "project_spending": "project"}
_TWIN_COLUMNS = {"current": "actual", "prior": "prior_actual", "opening": "budget"}
Pair = tuple[Decimal | None, Decimal | None]  # numerator and denominator


def _value(form: Form, key: str) -> Decimal | None:
    return figure(form.text(key))


def _prior(form: Form, row: str) -> Decimal | None:
    """Last year's figure, stated or implied."""
    stated = _value(form, f"{row}_prior")
    if stated is not None:
        return stated
    now, change = _value(form, f"{row}_current"), _value(form, f"{row}_change")
    return None if now is None or change is None else now - change


def _printed(form: Form, key: str, above: Decimal | None, below: Decimal | None) -> str | None:
    """The quotient, printed with the decimals of the rate that stands there."""
    if above is None or not below:
        return None
    before = form.text(key).rstrip("%")
    places = len(before.partition(".")[2])
    percent = f"{(above * 100 / below).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)}%"
    return percent if figure(percent) != figure(before) else None


def _reckoned(kind: str, pairs: Callable[[Form, str], Iterator[Pair]]) -> Make:
    """A rate reckoned in one wrong way; other wrong ways that print the very same figure name it as well."""

    def make(rng: random.Random, form: Form, key: str) -> Slip | None:
        if key == "sangong_change_rate":
            return None  # reckoned from two budgets alone: it has no row to mistake for another
        near = [text for above, below in pairs(form, key) if (text := _printed(form, key, above, below))]
        if not near:
            return None
        # The rows next of kin come first, and are what people mix up.
        text = rng.choice(near[:4]) if rng.random() < 0.9 else rng.choice(near)
        kinds = [name for name, ways in _WAYS if any(_printed(form, key, *way) == text for way in ways(form, key))]
        return Slip({key: text}, frozenset((kind, *kinds)) if _is_telling(text) else frozenset())

    return make


def _is_telling(rate: str) -> bool:
    """Of fewer than three digits, a rate is the quotient of so many pairs of figures that it proves nothing."""
    return len(re.sub(r"\D", "", rate).lstrip("0")) >= 3


_OPERANDS = {
    "execution_rate": ("annual_spent", "annual_budget"),
    "budget_adjustment_rate": ("budget_change", "opening_budget"),
    "staff_control_rate": ("staff_actual", "staff_quota"),
    "building_area_control_rate": ("building_area_actual", "building_area_approved"),
    "building_investment_control_rate": ("building_investment_actual", "building_investment_approved"),
}


def _row_and_name(key: str) -> tuple[str, str]:
    """Of the cell of a row what stands before its column; of any other cell nothing."""
    row, point, name = key.rpartition(".")
    return row + point, name


def _operands(form: Form, key: str) -> Pair:
    row, name = _row_and_name(key)
    if name in _OPERANDS:
        above, below = _OPERANDS[name]
        return _value(form, row + above), _value(form, row + below)
    row = key.removesuffix("_growth_rate")
    return _value(form, f"{row}_change"), _prior(form, row)


def _kin(row: str) -> list[str]:
    """The other rows: those it is a part of, those beside it and its own parts before the rest."""
    above = [row]
    while above[-1] in _PARENTS:
        above.append(_PARENTS[above[-1]])
    beside = [other for other, parent in _PARENTS.items() if other != row and parent in above[:2]]
    return list(dict.fromkeys((*above[1:], *beside, *(other for other in FLOW_ROWS if other != row))))


def _wrong_bases(form: Form, key: str) -> Iterator[Pair]:
    """The right numerator over another row's last year, or over this year's figure."""
    above, _ = _operands(form, key)
    row, name = _row_and_name(key)
    if name in _OPERANDS:
        others = (
            ("opening_budget", "income_total_current")
            if name == "execution_rate"
            else ("annual_budget", "annual_spent")
        )
        yield from ((above, _value(form, row + other)) for other in others)
        return
    row = key.removesuffix("_growth_rate")
    yield above, _value(form, f"{row}_current")
    yield from ((above, _prior(form, other)) for other in _kin(row))


def _wrong_numerators(form: Form, key: str) -> Iterator[Pair]:
    _, below = _operands(form, key)
    row, name = _row_and_name(key)
    if name in _OPERANDS:
        others = ["opening_budget", "nature_basic"] if name == "execution_rate" else ["annual_budget", "annual_spent"]
        others = [row + other for other in others]
    else:
        row = key.removesuffix("_growth_rate")
        others = [f"{row}_current", *(f"{other}_change" for other in _kin(row))]
    yield from ((above, below) for other in others if (above := _value(form, other)))


def _reversed(form: Form, key: str) -> Iterator[Pair]:
    above, below = _operands(form, key)
    yield below, above


def _shares(form: Form, key: str) -> Iterator[Pair]:
    row = key.removesuffix("_growth_rate")
    whole = row
    while whole in _PARENTS:
        whole = _PARENTS[whole]
        yield _value(form, f"{row}_current"), _value(form, f"{whole}_current")


_WAYS: tuple[tuple[str, Callable[[Form, str], Iterator[Pair]]], ...] = (
    ("wrong_base", _wrong_bases),
    ("wrong_numerator", _wrong_numerators),
    ("reversed_division", _reversed),
    ("share_not_growth", _shares),
)
wrong_base = _reckoned("wrong_base", _wrong_bases)
wrong_numerator = _reckoned("wrong_numerator", _wrong_numerators)
reversed_division = _reckoned("reversed_division", _reversed)
share_not_growth = _reckoned("share_not_growth", _shares)


# Slips between cells


def swapped_years(rng: random.Random, form: Form, key: str) -> Slip | None:
    """Two years exchanged in a row, or a change reckoned as last year minus this year."""
    if key.endswith("_change"):
        after = turn_sign(rng, form.text(key))
        return Slip({key: after or ""}, frozenset(("swapped_years", "sign")))
    other = last_year(key)
    if figure(form.text(other)) is None or figure(form.text(other)) == figure(form.text(key)):
        return None
    return Slip({key: form.text(other), other: form.text(key)}, frozenset(("swapped_years",)))


def stale_year(rng: random.Random, form: Form, key: str) -> Slip | None:
    text = form.text(last_year(key))
    return Slip({key: text}, frozenset(("stale_year", "copied"))) if figure(text) is not None else None


def copied_cell(rng: random.Random, form: Form, key: str) -> Slip | None:
    """The figure beside, above or below, or of the same row in another sheet."""
    sources = [other for other in _neighbours(form, key) if figure(form.text(other))]
    if not sources:
        return None
    source = rng.choice(sources)
    kinds = ("copied", "stale_year") if source == last_year(key) else ("copied",)
    return Slip({key: form.text(source)}, frozenset(kinds))


def _neighbours(form: Form, key: str) -> Iterator[str]:
    table, _, column = key.rpartition(".")
    if table:
        rows, index = table.partition("[")[0], int(re.findall(r"\d+", table)[0])
        amounts = (key for key, field in form.template.tables[rows].columns.items() if field.type == "money")
        yield from (f"{table}.{other}" for other in amounts if other != column)
        yield from (f"{rows}[{near}].{column}" for near in (index - 1, index + 1) if near >= 0)
        return
    for all_rows, columns in ((FLOW_ROWS, ("prior", "opening", "current", "change")), (BASE_ROWS, BASE_COLUMNS)):
        for place, row in enumerate(all_rows):
            column = key.removeprefix(f"{row}_")
            if column == key or column not in columns:
                continue
            yield from (f"{row}_{other}" for other in columns if other != column)
            yield from (f"{all_rows[near]}_{column}" for near in (place - 1, place + 1) if 0 <= near < len(all_rows))
            if row in _TWINS and column in _TWIN_COLUMNS:
                yield from (f"{_TWINS[row]}_{other}" for name, other in _TWIN_COLUMNS.items() if name != column)
            return
    yield from (other for other in ("opening_budget", "annual_budget", "annual_spent") if other != key)


# Slips of the form


def missing_row(rng: random.Random, form: Form, key: str) -> Slip | None:
    """A line deleted while the totals stay: the totals are what can be blamed."""
    table = key.partition("[")[0]
    totals = {each.total for each in form.template.sums for part in each.parts if part.startswith(f"{table}[]")}
    return Slip({key: ""}, blamed=tuple(sorted(total for total in totals if form.text(total)))) if totals else None


def wrong_weight(rng: random.Random, form: Form, key: str) -> Slip | None:
    weight = figure(form.text(key))
    assert weight is not None
    changed = [weight + step for step in (-5, -2, -1, Decimal("0.5"), 1, 2, 5) if weight + step > 0]
    return Slip({key: f"{rng.choice(changed):f}"})


def wrong_score(rng: random.Random, form: Form, key: str) -> Slip | None:
    score, weight = figure(form.text(key)), figure(form.text(key.removesuffix("score") + "weight"))
    assert score is not None
    changed = [score + step for step in (-2, -1, Decimal("-0.5"), 1, 2) if score + step >= 0]
    if weight is not None:
        changed += [weight, weight / 2]
    return Slip({key: f"{rng.choice(changed):f}"})


def overwritten(rng: random.Random, form: Form, key: str) -> Slip | None:
    """A computed cell with some other figure typed over it."""
    before = form.text(key)
    if key == "grade":
        return Slip({key: rng.choice([word for word in "优良中差" if word != before[0]])})
    number = figure(before)
    assert number is not None
    places = len(before.rstrip("%").partition(".")[2])
    changed = (number * Decimal(str(rng.uniform(0.7, 1.3)))).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return Slip({key: tidy(f"{changed:f}" + before[len(before.rstrip("%")) :], before)})
