"""Record -> values. Pure: the order of computing comes from the functions' signatures."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any, NamedTuple

from xlperf.amounts import ZERO, Undecided, round_half_up
from xlperf.derive import DERIVATIONS
from xlperf.derive.derivation import Derivation
from xlperf.derive.expression import NOT_COMPUTABLE_TEXT
from xlperf.derive.target_columns import joined
from xlperf.form.dated import Figures
from xlperf.form.record import Record, State, Stated, last_year
from xlperf.form.relations import Kind, Relation
from xlperf.form.template import INDICATORS, Field, Template, row_key

Value = Decimal | str


class Choice(NamedTuple):
    """One way to derive a cell: what it says of it, and the function that computes it; a sum has none."""

    relation: Relation
    operands: tuple[str, ...]
    derivation: Derivation | None = None
    figures: tuple[str, ...] = ()

    @property
    def is_sum(self) -> bool:
        return self.derivation is None


class Step(NamedTuple):
    """A derived cell and the ways to compute it, the preferred one first."""

    key: str
    field: Field
    choices: tuple[Choice, ...]


@lru_cache(maxsize=64)
def plan(
    template: Template,
    row_counts: tuple[tuple[str, int], ...],
    variant: str | None = None,
    following: frozenset[str] = frozenset(),
) -> tuple[Step, ...]:
    """Every derived cell of a workbook with these row counts, operands before what is computed from them.

    A derivation whose result or one of whose operands the form does not have adds nothing.

    The variant counts because it may say which cell an operand is: the budget that execution is measured on.
    `following`: inputs that hold the formula that a blank form offers there.
    """
    counts = dict(row_counts)
    steps: dict[str, Step] = {}
    for each in template.related(Kind.SUM):
        field = template.field(each.total)
        if field.derived or each.total in following:
            steps[each.total] = Step(each.total, field, (Choice(each, _expanded(each.parts, row_counts)),))
    for key in following - steps.keys():
        steps[key] = offered_step(template, key)
    for derivation in DERIVATIONS:
        for stem in _stems(template, derivation.pattern, counts):
            key = stem + derivation.pattern.lstrip("*").rpartition("[].")[2]
            choice = _choice(template, derivation, key, stem, variant) if template.has(key) else None
            if choice is None:
                continue
            earlier = steps[key].choices if key in steps else ()
            steps[key] = Step(key, template.field(key), (*earlier, choice))
    return _ordered(steps)


@cache
def relations_of(template: Template) -> tuple[Relation, ...]:
    """All that must hold between cells of a form, of each row table in one row: what its TOML states, what is computed
    in derived cells and in rates that people fill in, and what the figures of the default variant prescribe.
    """
    steps = plan(template, tuple((table, 1) for table in template.tables))
    choices = (choice for step in steps if step.field.derived or step.field.is_rate for choice in step.choices)
    computed = (choice.relation for choice in choices if not choice.is_sum)
    return (*template.relations, *computed, *standards(template, template.figures_of(None)))


def standards(template: Template, figures: Figures) -> Iterator[Relation]:
    """What dated figures prescribe of weights: of all together, of that of execution, of those of each level.

    A form's own figures may prescribe nothing, or of cells that it has not.
    """
    table, execution = template.table(INDICATORS), ("execution_weight",)
    rows = () if table is None else (f"{table.key}[].weight",)
    of_all = Relation(Kind.STANDARD, (), (*execution, *rows), at="total_weight", figure="standard_total_weight")
    for each in (of_all, Relation(Kind.STANDARD, (), execution, figure="standard_execution_weight")):
        if each.figure in figures:
            yield each._replace(amount=figures[each.figure].value)
    figure = "standard_level_weights"
    for level, amount in figures[figure].value.items() if figure in figures else ():
        yield Relation(Kind.STANDARD, (), rows, same=("level1", level), figure=figure, amount=amount)


def steps_of(record: Record, variant: str | None = None) -> tuple[Step, ...]:
    """The plan for a record's template and number of rows."""
    offered = record.template.offered
    own = frozenset(key for key in record.follows if key in offered and not record.template.field(key).is_text)
    return plan(record.template, tuple(record.row_counts.items()), variant, own)


def offered_step(template: Template, key: str) -> Step:
    """An input that follows other cells, as a sum: of a single one, the same."""
    parts = template.offered[key]
    return Step(key, template.field(key), (Choice(Relation(Kind.SUM, (key,), parts), parts),))


def compute(record: Record, variant: str | None = None, *, as_stated: bool = False) -> dict[str, Value]:
    """The values of all derived cells of a `record` that can be computed; `——` where the base is zero.

    By key, Decimals as the cells show them: money in 万元, rates as fractions, points; grades are text. A derived cell
    whose operands are blank is left out: what is stated there stays. The points of an indicator are computed for blank
    cells only, because they are the person's to give; `as_stated`, so is every other cell. `variant`: which figures are
    in force, the default's if None. Raises `UnknownNameError` for one that the template has not. Source: each
    derivation cites its own (`derive.DERIVATIONS`).
    """
    figures = record.figures_of(variant)
    values: dict[str, Value] = {}
    judged = joined(record)
    for step in steps_of(record, variant):
        if (as_stated or not step.field.derived) and not record[step.key].is_blank:
            continue
        for choice in step.choices:
            keys = operand_keys(choice, record)
            operands = [values[key] if key in values else operand_of(judged.get(key) or record[key]) for key in keys]
            result = evaluate(choice, operands, step.field, {n: figures[n].value for n in choice.figures})
            if result is not None:
                values[step.key] = result
                break
    return values


def recalculated(record: Record, changes: Mapping[str, Stated], variant: str | None = None) -> Record:
    """The record with other figures in some cells, and what the form's own formulas then show.

    A formula that shows nothing stays so: it was not calculated, or lacks operands that no change gives it.
    """
    stated = {**record.stated, **changes}
    following = [key for key in record.follows - changes.keys() if key in stated and not stated[key].is_blank]
    if not following:
        return dataclasses.replace(record, stated=stated)
    blank = {key: stated[key]._replace(state=State.BLANK, text="", number=None, places=None) for key in following}
    changed = dataclasses.replace(record, stated={**stated, **blank})
    values = compute(changed, variant, as_stated=True)
    shown = {key: showing(cell, values[key]) if key in values else cell for key, cell in blank.items()}
    return dataclasses.replace(changed, stated={**stated, **shown})


def showing(cell: Stated, value: Value) -> Stated:
    """A derived cell as it looks when its formula has been calculated."""
    if isinstance(value, Decimal):
        places = None if cell.field.exact else cell.field.places
        return cell._replace(state=State.NUMBER, text="", number=value, places=places)
    kind = State.TEXT if cell.field.is_text else State.NOT_APPLICABLE
    return cell._replace(state=kind, text=value, number=None, places=None)


def operand_keys(choice: Choice, record: Record) -> tuple[str, ...]:
    """The cells a choice reads; of a sum over one level, only that level's rows."""
    return choice.operands if choice.relation.same is None else sum_keys(choice.relation, record)


def operands_of(step: Step, record: Record) -> tuple[str, ...]:
    """The cells that any of the ways to compute a step reads."""
    return tuple(key for choice in step.choices for key in operand_keys(choice, record))


def sum_keys(each: Relation, record: Record) -> tuple[str, ...]:
    """The keys of a sum's parts in this record."""
    if each.same is None:
        return _expanded(each.parts, tuple(record.row_counts.items()))
    column, label = each.same
    keys: list[str] = []
    for part in each.parts:
        table, _, name = part.partition("[].")
        keys += (f"{row}{name}" for row in record.same_level(table, column, label))
    return tuple(keys)


@lru_cache(maxsize=512)
def _expanded(parts: tuple[str, ...], row_counts: tuple[tuple[str, int], ...]) -> tuple[str, ...]:
    counts = dict(row_counts)
    return tuple(key for part in parts for key in _expand(part, counts))


class Parts(NamedTuple):
    """What a total is the sum of as its form stands, and the blank cells without which that sum is not known."""

    cells: tuple[Stated, ...]
    unknown: tuple[Stated, ...]


def parts_of(each: Relation, record: Record, cells: Mapping[str, Stated]) -> Parts:
    """A sum's parts; instead of a subtotal without a figure its own lines, where these have any.

    A line left blank beside them leaves a subtotal that is typed unknown; one that is computed counts it as nil. What a
    subtotal written as not applicable above lines with figures means, nobody can tell.
    """
    parts = tuple([cells[key] for key in sum_keys(each, record)])
    if all(part.number is not None for part in parts):
        return Parts(parts, ())
    own = subtotals(record.template)
    elsewhere = dict(each.elsewhere)
    found: list[Stated] = []
    unknown: list[Stated] = []
    for cell in parts:
        key, lines = cell.key, None
        if key in own and each.blank_is_nil and _lacks_figure(cell, cells):
            lines = parts_of(own[key], record, cells)
        if lines is None or not any(line.is_number or line.state is State.UNREADABLE for line in lines.cells):
            found.append(cell)
            if is_stated_elsewhere(cell, elsewhere.get(key, ()), cells):
                unknown.append(cell)
            continue
        found += lines.cells
        unknown += lines.unknown
        if not cell.is_blank:
            unknown.append(cell)
        elif not cell.field.derived:
            unknown += (line for line in lines.cells if line.is_blank and line not in lines.unknown)
    return Parts(tuple(found), tuple(unknown))


@cache
def subtotals(template: Template) -> Mapping[str, Relation]:
    """By total, the sums in whose place their own lines may stand."""
    return {each.total: each for each in template.related(Kind.SUM) if each.same is None}


def _lacks_figure(cell: Stated, cells: Mapping[str, Stated]) -> bool:
    """Nor does the change of its row say what last year's figure is."""
    stem = cell.key.removesuffix("_prior")
    current, change = cells.get(f"{stem}_current"), cells.get(f"{stem}_change")
    if stem != cell.key and current is not None and change is not None and last_year(None, current, change) is not None:
        return False
    return cell.state in (State.BLANK, State.NOT_APPLICABLE)


def is_stated_elsewhere(cell: Stated, others: Iterable[str], cells: Mapping[str, Stated]) -> bool:
    """Is a blank cell not nil, because another one that says the same, or a line of it, has a figure?"""
    return cell.is_blank and any(cells[key].is_number and cells[key].value != 0 for key in others)


def evaluate(
    choice: Choice, operands: Sequence[Value | None], field: Field, figures: Mapping[str, Any]
) -> Value | None:
    """The value of a choice, or None if an operand is missing. A blank part beside a filled one counts as nil."""
    if choice.derivation is None:
        numbers = [each for each in operands if isinstance(each, Decimal)]
        unreadable = any(each is _UNREADABLE for each in operands)
        return None if not numbers or unreadable else round_half_up(sum(numbers, ZERO), field.places)
    if any(each is None or each is _UNREADABLE or each == NOT_COMPUTABLE_TEXT for each in operands):
        return None
    try:
        result = choice.derivation.function(*operands, **figures)
    except ArithmeticError:
        return NOT_COMPUTABLE_TEXT
    except Undecided:
        return None
    return round_half_up(result, field.places) if isinstance(result, Decimal) else str(result)


_UNREADABLE = "\0unreadable"


def operand_of(stated: Stated) -> Value | None:
    """What a cell is to a function: its figure or its text, None if it is blank or does not apply."""
    if stated.number is not None:
        return stated.number
    if stated.state is State.TEXT:
        return stated.text
    return _UNREADABLE if stated.state is State.UNREADABLE else None


def _expand(part: str, row_counts: Mapping[str, int]) -> Iterator[str]:
    table, rows, column = part.partition("[].")
    if rows:
        yield from (row_key(table, index, column) for index in range(row_counts[table]))
    else:
        yield part


def _stems(template: Template, pattern: str, row_counts: Mapping[str, int]) -> tuple[str, ...]:
    role, rows, _ = pattern.partition("[].")
    if rows:
        table = template.table(role)
        return () if table is None else tuple(row_key(table.key, i, "") for i in range(row_counts.get(table.key, 0)))
    return template.stems(pattern[1:]) if pattern.startswith("*") else ("",)


def _choice(template: Template, derivation: Derivation, derived: str, stem: str, variant: str | None) -> Choice | None:
    operands, figures = [], []
    known_figures = template.figures_of(variant)
    for parameter in derivation.parameters:
        own = "_" if parameter.name.startswith("_") else ""  # the row's cell of the kind that a figure names
        figure = known_figures.get(parameter.name.removeprefix(own))
        if figure is not None and not figure.is_cell:
            figures.append(parameter.name)
            continue
        key = operand_key(stem, own + figure.value if figure else parameter.name)
        if not template.has(key):
            return None
        operands.append(key)
    relation = Relation(_kind_of(template.field(derived)), (derived,), tuple(operands))
    return Choice(relation, relation.right, derivation, tuple(figures))


def _kind_of(derived: Field) -> Kind:
    """What a derivation makes of its operands, by what it is the value of."""
    if derived.is_text:
        return Kind.WORD
    if derived.is_rate:
        return Kind.QUOTIENT
    return Kind.PRODUCT if derived.type == "score" else Kind.DIFFERENCE


def operand_key(stem: str, name: str) -> str:
    """`_current` after the stem `personnel` is personnel_current, after `indicators[0].` indicators[0].current."""
    if not name.startswith("_"):
        return name
    return stem + (name[1:] if stem.endswith(".") else name)


def _ordered(steps: dict[str, Step]) -> tuple[Step, ...]:
    ordered: dict[str, Step] = {}

    def visit(key: str) -> None:
        if key in ordered or key not in steps:
            return
        for choice in steps[key].choices:
            for operand in choice.operands:
                visit(operand)
        ordered[key] = steps[key]

    for key in steps:
        visit(key)
    return tuple(ordered.values())
