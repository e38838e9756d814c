"""Seeded faults over clean forms: what people get wrong when they fill in figures, one family at a time."""

from __future__ import annotations

import copy
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from tests.bench.faults import kinds, mistakes, picks, project_mistakes, slips, targets, words
from tests.bench.faults.clean import clean
from tests.bench.faults.form import DEPARTMENT, PROJECT, Form, pattern
from tests.bench.faults.project import clean_project


class Edit(NamedTuple):
    """A cell that was changed. `key` without a column (`indicators[3]`) is a whole row, deleted."""

    key: str
    before: str
    after: str


class Fault(NamedTuple):
    """One fault: the cells to blame, what was done to them, and the kinds of cause that name it (none: no cause)."""

    family: str
    keys: tuple[str, ...]
    edits: tuple[Edit, ...]
    causes: frozenset[str]


class Family(NamedTuple):
    """How a family of faults is made: on which cells, and what then stands there (None: nothing fitting)."""

    name: str
    cells: Callable[[Form], Iterator[str]]
    make: Callable[[random.Random, Form, str], slips.Slip | None]


class Case(NamedTuple):
    """A clean form by its seed, and the faults to try on it; a double fault is two at once."""

    seed: str
    mode: str
    faults: tuple[tuple[Fault, ...], ...]
    kind: str = DEPARTMENT


class Kind(NamedTuple):
    """A form that people fill in: how it looks without a fault, and what goes wrong with it."""

    clean: Callable[[random.Random, str], dict[str, Any]]
    families: tuple[Family, ...]


LIVE = "live"  # the mode in which every derived cell is a formula

FAMILIES = (
    Family("digit replaced", picks.figures, slips.digit_replaced),
    Family("digit dropped", picks.figures, slips.digit_dropped),
    Family("digit doubled", picks.figures, slips.digit_doubled),
    Family("transposition", picks.figures, slips.transposition),
    Family("sign", picks.figures, slips.sign),
    Family("unit", picks.amounts, slips.unit),
    Family("wrong base", picks.rates_with_base, mistakes.wrong_base),
    Family("wrong numerator", picks.rates_with_base, mistakes.wrong_numerator),
    Family("reversed division", picks.rates, mistakes.reversed_division),
    Family("share not growth", picks.growth_rates, mistakes.share_not_growth),
    Family("swapped years", picks.year_pairs, mistakes.swapped_years),
    Family("copied cell", picks.copy_targets, mistakes.copied_cell),
    Family("stale year", picks.this_year, mistakes.stale_year),
    Family("missing row", picks.rows, mistakes.missing_row),
    Family("wrong weight", picks.weights, mistakes.wrong_weight),
    Family("wrong score", picks.scores, mistakes.wrong_score),
    Family("indicator text", picks.indicator_texts, slips.digit_in_text),
    Family("overwritten formula", picks.derived, mistakes.overwritten),
    Family("narrative", picks.sections, slips.narrative),
    Family("wrong year", picks.years, slips.wrong_year),
)

# What the words of a row, and those of the report, say against its points.
_OF_ROWS = (
    Family("work goes on", words.full, words.unfinished),
    Family("deduction in note", words.notes, words.deduction),
    Family("share in note", words.partly, words.wrong_share),
    Family("no satisfaction", words.satisfaction, words.no_figure),
    Family("reason pasted", words.notes, words.pasted),
    Family("payment rate", words.named, words.payment_rate),
    Family("cost wanted high", words.costs, words.wanted_high),
    Family("name in two levels", words.named, words.named_twice),
    Family("two measures", targets.figures, targets.two_measures),
    Family("range above result", targets.reached, targets.range_above),
    Family("quality counted", kinds.qualities, kinds.counted),
    Family("no time", kinds.deadlines, kinds.no_time),
    Family("no number", kinds.quantities, kinds.no_number),
    Family("hollow benefit", kinds.benefits, kinds.hollow),
    Family("wrong level", kinds.levels, kinds.wrong_level),
    Family("kind missing", kinds.outputs, kinds.kind_missing),
)
_OF_REPORTS = (
    Family("all reached", words.analysis, words.all_reached),
    Family("no problem", words.problems, words.no_problem),
    Family("all quantified", targets.quantities, targets.all_quantified),
    Family("parts of projects", words.analysis, words.parts_of_projects),
    Family("names of projects", words.analysis, words.names_of_projects),
    Family("another unit", words.duties, words.another_unit),
)
_OF_PROJECTS = (
    *(f for f in FAMILIES if f.name not in ("share not growth", "swapped years", "stale year", "narrative")),
    Family("swapped cells", project_mistakes.budgets, project_mistakes.swapped),
    Family("source left out", project_mistakes.sources, project_mistakes.source_left_out),
    Family("full points", project_mistakes.unmet, project_mistakes.full_points),
    Family("points over weight", picks.scores, project_mistakes.over_weight),
    Family("undone in words", project_mistakes.met_in_full, project_mistakes.undone),
    Family("reason missing", project_mistakes.reasons, project_mistakes.reason_missing),
    Family("blank required", project_mistakes.required, project_mistakes.blank),
    Family("row twice", project_mistakes.names, project_mistakes.row_twice),
    Family("sign reversed", project_mistakes.signs, project_mistakes.sign_reversed),
    Family("percent sign", project_mistakes.percentages, project_mistakes.percent_missing),
    Family("words for a figure", project_mistakes.typed_figures, project_mistakes.in_words),
    Family("placeholder", project_mistakes.texts, project_mistakes.placeholder),
    *_OF_ROWS,
)
KINDS = {DEPARTMENT: Kind(clean, (*FAMILIES, *_OF_ROWS, *_OF_REPORTS)), PROJECT: Kind(clean_project, _OF_PROJECTS)}


def apply(values: dict[str, Any], faults: tuple[Fault, ...]) -> dict[str, Any]:
    """The form with the faults in it."""
    faulty = copy.deepcopy(values)
    for fault in faults:
        for key, _, after in fault.edits:
            found = re.fullmatch(r"(\w+)\[(\d+)\](?:\.(\w+))?", key)
            if key == "year" and after:
                faulty["year"] = int(after)
            elif key == "year":
                del faulty["year"]
            elif found is None:
                faulty["fields"][key] = after
            elif found[3]:
                faulty[found[1]][int(found[2])][found[3]] = after
            else:
                del faulty[found[1]][int(found[2])]
    return faulty


def make_plan(
    seed: str, cleans: int, singles: int, doubles: int, *, live: bool = False, kind: str = DEPARTMENT
) -> list[Case]:
    """Spread the faults over the clean forms, and over families and cells as evenly as the forms allow.

    `live`: the derived cells are formulas, so that a row left out leaves them too: that family has no cell to blame.
    """
    draw = KINDS[kind].clean
    forms = [Form(draw(random.Random(f"{seed}/{i}"), "exact" if live else _mode(i))) for i in range(cleans)]
    families = [family for family in KINDS[kind].families if not (live and family.name == "missing row")]
    faults: list[list[tuple[Fault, ...]]] = [[] for _ in forms]
    drawn: Counter[tuple[str, str]] = Counter()
    for number in range(singles + doubles):
        rng = random.Random(f"{seed}/fault/{number}")
        turn = number // cleans  # so that a form meets another family at every turn
        form, family = forms[number % cleans], families[(number + turn) % len(families)]
        first = _draw(rng, form, family, drawn)
        if first is None:
            family = rng.choice(FAMILIES[:6])
            first = _draw(rng, form, family, drawn)
        if first is None:
            continue
        chosen = [first]
        if number >= singles:
            chosen = _doubled(rng, form, first, drawn, KINDS[kind].families)
        faults[number % cleans].append(tuple(chosen))
    return [Case(f"{seed}/{i}", LIVE if live else _mode(i), tuple(faults[i]), kind) for i in range(cleans)]


def _mode(index: int) -> str:
    return ("exact", "rounded")[index % 2]


def _doubled(
    rng: random.Random, form: Form, first: Fault, drawn: Counter[tuple[str, str]], families: tuple[Family, ...]
) -> list[Fault]:
    """A second fault in another cell; not with a deleted row, which renumbers the others."""
    singles = [family for family in families if family.name != "missing row"]
    if first.family == "missing row":
        first = _draw(rng, form, FAMILIES[0], drawn) or first
    while True:
        second = _draw(rng, form, rng.choice(singles), drawn)
        if second is not None and not {e.key for e in first.edits} & {e.key for e in second.edits}:
            return [first, second]


def _draw(rng: random.Random, form: Form, family: Family, drawn: Counter[tuple[str, str]]) -> Fault | None:
    """A fault of the family, in the cell that was drawn least so far."""
    keys = list(family.cells(form))
    rng.shuffle(keys)
    keys.sort(key=lambda key: drawn[family.name, pattern(key)])
    for key in keys:
        slip = family.make(rng, form, key)
        if slip is None or (slip.texts.get(key) != "" and _same(form, slip)):
            continue
        drawn[family.name, pattern(key)] += 1
        edits = tuple(Edit(cell, form.text(cell), after) for cell, after in slip.texts.items())
        return Fault(family.name, slip.blamed or tuple(slip.texts), edits, slip.causes)
    return None


def _same(form: Form, slip: slips.Slip) -> bool:
    """A slip that leaves every figure as it was is none; one that takes its percent sign does not."""
    pairs = [(form.text(key), text) for key, text in slip.texts.items()]
    return all(
        one == other
        or (
            picks.figure(one) is not None
            and picks.figure(one) == picks.figure(other)
            and ("%" in one) == ("%" in other)
        )
        for one, other in pairs
    )


def covered(plan: list[Case]) -> set[str]:
    """The cells that a plan makes faulty."""
    return {pattern(edit.key) for case in plan for faults in case.faults for fault in faults for edit in fault.edits}
