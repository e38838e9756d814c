"""Why a figure is wrong, and which cells show it. Only what the rounding allows, and nothing far-fetched.

A slip is one way in which the stated figure may have come about, with the figure that was meant; `costs` orders them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

from xlperf.amounts import ZERO, Interval, decimals, interval, ratio_possible, round_half_up
from xlperf.audit.costs import COSTS, kind_of
from xlperf.audit.domains import UNBOUNDED, Domain, Linear, Quotient, hull
from xlperf.audit.misprints import PEN_TEXT, misprints
from xlperf.checks.rule import Cause
from xlperf.derive.seen import Seen
from xlperf.form.record import Record, Stated, show
from xlperf.form.template import FUNDING, Template
from xlperf.text import expression

MOST = 3
PRIOR_COLUMNS = ("prior", "prior_actual")
_MOST_DIGITS = 18
_WIDEST = 100  # steps of the last place between which the middle is still worth naming
_FACTORS = (10, 100, 10_000)
_ELSEWHERE = ("another row", "wrong_row", "other tables")  # figures so many that one of them fits now and then
_NUMBER = expression(r"[+-]?\d[\d,]{0,18}(?:\.\d{1,9})?")
_NEAR, _FAR = Decimal("0.03"), Decimal("0.0101")  # how coarse a rate may be, as a share of itself, to prove anything


class Slip(NamedTuple):
    """How the stated figure came about; `meant` is the figure that should stand there, if one follows."""

    cost: Decimal
    cause: Cause
    meant: Decimal | None


class Base(NamedTuple):
    """A figure that may have been taken for another, stated in a cell or implied by two."""

    name: str
    value: Decimal
    interval: Interval
    cells: tuple[Stated, ...]


def slips(cell: Stated, domain: Domain, seen: Seen, twins: Collection[str] = ()) -> tuple[Slip, ...]:
    """What may have gone wrong in a cell that has to lie in `domain`; the most plausible first, at most three.

    A rate is first looked for among the quotients of the workbook's figures; any figure among the slips of the pen
    and the figures that stand in other cells, except `twins`, which ought to hold the same.
    """
    if cell.field.is_text:
        return ()  # a target and a result are evidence: nothing but the papers says what should stand there
    if UNBOUNDED in domain or (cell.is_number and allowed(cell.value, cell, domain)):
        return ()  # nothing says what should stand there, or the figure itself may be right
    found: list[Slip] = []
    if cell.is_number and cell.field.is_rate:
        found += _wrong_operands(cell, domain, seen)
    written = _written(cell)
    if written is not None:
        found += _slips_of_the_pen(cell, written, domain)
    if cell.is_number and not cell.field.is_rate:
        found += _copies(cell, domain, seen, twins)
    best: dict[str, Slip] = {}
    for slip in sorted(found, key=lambda each: each.cost):
        best.setdefault(slip.cause.kind, slip)
    return tuple(best.values())[:MOST]


def outdated(cell: Stated, domain: Domain, source: Stated, found: tuple[Slip, ...]) -> tuple[Slip, ...]:
    """Slips of a cell that repeats a computed one: the form was changed since, and the copy was not."""
    meant = meant_figure(cell, domain)
    if meant is None:
        return found
    text = f"{source.label}是自动计算的，现为 {source.shown}，这里可能没有随之更新。"
    slip = Slip(COSTS["outdated"], Cause("outdated", text, (source.place,)), meant)
    return tuple(sorted((*found, slip), key=lambda each: each.cost))[:MOST]


def meant_figure(cell: Stated, domain: Domain) -> Decimal | None:
    """The one figure that the domain leaves, in the field's places; None if it leaves a wide choice."""
    if len(domain) != 1 or not (domain[0].low.is_finite() and domain[0].high.is_finite()):
        return None
    low, high = domain[0].low, domain[0].high
    places = cell.field.places if cell.is_number else 2
    if high - low > _WIDEST * Decimal(1).scaleb(-places):
        return None
    middle = round_half_up((low + high) / 2, places)
    return middle if allowed(middle, cell, domain) else None


def corrected(cell: Stated, figure: Decimal) -> str:
    """The cell's content with the right figure, written as the form writes it; words around a number stay."""
    if cell.is_number:
        return show(figure, cell.field)
    percent = "%" in cell.text
    return _NUMBER.sub(f"{(figure.scaleb(2) if percent else figure).normalize():f}", cell.text, count=1)


# Slips of the pen


class _Written(NamedTuple):
    """The number in a cell as a person wrote it: 49.38 of `49.38%`, 98 of `≥98%`."""

    digits: str
    percent: bool
    places: int  # decimals a corrected figure may have


def _written(cell: Stated) -> _Written | None:
    """None for what nobody types: more digits than a spreadsheet keeps."""
    if cell.is_number:
        shown = show(cell.value, cell.field, cell.places)
        percent = shown.endswith("%")
        typed = cell.text.strip().replace(",", "")
        digits = typed if not percent and _NUMBER.fullmatch(typed) else shown.rstrip("%")
        return _Written(digits, percent, _places_as_typed(cell)) if len(digits) <= _MOST_DIGITS else None
    match = _NUMBER.search(cell.text)
    if match is None or cell.is_blank:
        return None
    digits = match[0].replace(",", "")
    return _Written(digits, "%" in cell.text, max(2, decimals(Decimal(digits))))


def _places_as_typed(cell: Stated) -> int:
    places = max(cell.field.places, cell.places or 0)
    return max(places - 2, 0) if cell.field.is_rate else places


def _slips_of_the_pen(cell: Stated, written: _Written, domain: Domain) -> Iterator[Slip]:
    middle = meant_figure(cell, domain)
    figure = _figure(written.digits, written)
    if not figure and cell.field.type == "money":
        return  # a row without money is no slip, and a digit put before its 0 would explain any difference
    for name, digits in misprints(written.digits):
        meant = _figure(digits, written)
        if meant is not None and allowed(meant, cell, domain) and _is_near(meant, middle, cell, domain):
            more = ZERO if middle is None or meant == middle else COSTS["pen: not to the digit"]
            yield _pen(cell, name, meant, f"“{written.digits}”", f"“{digits}”", more=more)
    if figure is None or not figure:
        return
    if allowed(-figure, cell, domain):
        yield _pen(cell, "sign", -figure)
    if not cell.is_number:
        return
    half = Decimal("0.5").scaleb(-decimals(Decimal(written.digits)) - (2 if written.percent else 0))
    for factor in _FACTORS:
        for power in (Decimal(factor), 1 / Decimal(factor)):
            meant = _scaled(cell, figure, power, half, written, domain)
            if meant is not None:
                # Digits that were lost on the way leave a choice: 0.05 may have been anything from 4.5 to 5.5.
                lossy = power > 1 and len(str(abs(figure)).replace(".", "").strip("0")) < 2
                yield _pen(cell, "unit: digits lost" if lossy else "unit", meant, *_by_factor(factor, power))


_OF_A_SUM = 20  # units of the last digit: where more is left open, a rate decides, and so roughly as it is printed


def _is_near(meant: Decimal, middle: Decimal | None, cell: Stated, domain: Domain) -> bool:
    """Amounts add up to the digit, or to the last one: 2.70 is not meant where 2.68 is missing."""
    if middle is None or cell.field.type != "money":
        return True
    unit = Decimal(1).scaleb(-max(cell.field.places, cell.places or 0))
    is_sum = all(each.high - each.low <= _OF_A_SUM * unit for each in domain)
    return not is_sum or abs(meant - middle) <= unit


def _scaled(
    cell: Stated, figure: Decimal, power: Decimal, half: Decimal, written: _Written, domain: Domain
) -> Decimal | None:
    meant = figure * power
    if allowed(meant, cell, domain) and decimals(meant) <= written.places + (2 if written.percent else 0):
        return meant
    if power > 1:
        reach = Interval((figure - half) * power, (figure + half) * power)
        for each in domain:
            if each.meets(reach) and each.low.is_finite() and each.high.is_finite():
                return round_half_up((each.low + each.high) / 2, written.places) or None
    return None


def _figure(digits: str, written: _Written) -> Decimal | None:
    """The figure that such digits would state, or None if nobody writes it so."""
    if not _NUMBER.fullmatch(digits) or (len(digits.lstrip("-")) > 1 and re.match(r"-?0\d", digits)):
        return None
    value = Decimal(digits)
    if decimals(value) > written.places:
        return None
    return value.scaleb(-2) if written.percent else value


def _pen(cell: Stated, name: str, meant: Decimal, *words: str, more: Decimal = ZERO) -> Slip:
    kind = kind_of(name)
    text = f"{PEN_TEXT[kind].format(*words)}。"
    return Slip(COSTS[name] + more, Cause(kind, text, (cell.place,)), meant)


def _by_factor(factor: int, power: Decimal) -> tuple[str, str, str]:
    units = "（把元填成了万元，或相反）" if factor == 10_000 else "（单位或小数点错位）"
    return str(factor), "小" if power > 1 else "大", units


def allowed(figure: Decimal, cell: Stated, domain: Domain) -> bool:
    """Could a true value in the domain be printed as this figure in the cell?"""
    exact = not cell.is_number or cell.field.exact
    printed = interval(figure, None if exact else max(cell.field.places, decimals(figure)))
    return any(printed.meets(each) for each in domain)


# Figures taken from another cell


def _copies(cell: Stated, domain: Domain, seen: Seen, twins: Collection[str]) -> Iterator[Slip]:
    """The same amount to the digit elsewhere: it was copied from there.

    Points, and amounts that are small or round, are the same by chance.
    """
    if cell.field.type == "score" or abs(cell.value) < 1 or len(cell.value.normalize().as_tuple().digits) < 2:
        return
    meant = meant_figure(cell, domain)
    for other in seen.cells.values():
        if other.number != cell.number or other.key == cell.key or other.field.type != cell.field.type:
            continue
        if other.key in twins or seen.record[other.key].is_blank or other.interval.meets(hull(domain)):
            continue
        if _is_usual(cell.key, other.key, seen.record):
            continue
        name = _kind_of_copy(cell.key, other.key, seen.record.template)
        cost = COSTS[name] + (ZERO if meant is not None else COSTS["copied: nothing fits instead"])
        text = f"与{other.label} {other.shown} 完全相同，可能是从那里抄来的。"
        if name == "stale_year":
            text = f"与{other.label} {other.shown} 完全相同，可能沿用了上年的数。"
        yield Slip(cost, Cause(kind_of(name), text, (other.place,)), meant)


def _is_usual(key: str, other: str, record: Record) -> bool:
    """Of the money of a form by source: is it the same in both columns of another line too, budgeted and spent?"""
    table, lines = record.template.table(FUNDING), ("", *record.rows_of(FUNDING))
    own = next((line for line in lines[1:] if key.startswith(line)), "")
    columns = [each.removeprefix(own) for each in (key, other)]
    if table is None or not other.startswith(own) or not set(columns) <= table.columns.keys():
        return False
    beside = ([record.stated.get(line + column) for column in columns] for line in lines if line != own)
    return any(one and one.number and two and one.number == two.number for one, two in beside)


def _kind_of_copy(key: str, other: str, template: Template) -> str:
    row, column = template.row_and_column(key)
    other_row, other_column = template.row_and_column(other)
    if row == other_row and other_column in PRIOR_COLUMNS:
        return "stale_year"
    if row == other_row:
        return "copied: into last year" if column in PRIOR_COLUMNS else "copied: within the row"
    if column == other_column:
        return "copied: from the same column"
    other_table = other_column in ("current", "opening", "prior")
    return "copied: from another table's year" if other_table else "copied: from elsewhere"


# Rates computed from other figures than their own


def _wrong_operands(rate: Stated, domain: Domain, seen: Seen) -> Iterator[Slip]:
    """Quotients of the workbook's figures that print as this rate."""
    meant = meant_figure(rate, domain)
    if not rate.value or rate.places is None:
        return
    step = Decimal(1).scaleb(-rate.places)
    coarse = step / abs(rate.value)
    stem = rate.key.removesuffix("_growth_rate")
    tries = _growth_tries(stem, seen) if stem != rate.key else _quotient_tries(rate.key, seen)
    for name, above, below, further in tries:
        if above is None or below is None or not below.value:
            continue
        far = name.endswith(_ELSEWHERE)
        if coarse > (_FAR if far else _NEAR) or not ratio_possible(rate, above, below):
            continue
        exact = abs(above.value / below.value - rate.value) * 2 <= step
        if exact or not far:
            cost = COSTS[name] + further * COSTS["operands: a row between"]
            cost += ZERO if exact else COSTS["operands: not to the digit"]
            yield Slip(cost, _operand_cause(kind_of(name), rate, above, below, stem, seen), meant)


class _Try(NamedTuple):
    """A quotient that may have been typed for the rate, by its name in `costs`; none where a figure is missing."""

    name: str
    above: Base | None
    below: Base | None
    further: int = 0  # how many rows lie between


def _growth_tries(stem: str, seen: Seen) -> Iterator[_Try]:
    """A growth rate is change ÷ last year; what else may have been divided by what."""
    now, before = _base(seen[f"{stem}_current"], "本年数"), _last_year(stem, seen)
    moved = _base(seen[f"{stem}_change"], "增减额")
    turned = moved and _negative(moved)
    yield _Try("wrong_base: this year", moved, now)
    yield _Try("swapped_years: change by this year", turned, now)
    yield _Try("wrong_numerator: this year", now, before)
    yield _Try("reversed_division", before, now)
    yield _Try("swapped_years: change by last year", turned, before)
    yield _Try("reversed_division", before, moved)
    above = tuple(_rows_above(stem, seen.record.template))
    for further, row in enumerate(above):
        whole, earlier = _base(seen[f"{row}_current"], "本年数"), _last_year(row, seen)
        yield _Try("wrong_base: last year of the row above", moved, earlier, further)
        yield _Try("wrong_base: this year of the row above", moved, whole, further)
        yield _Try("share_not_growth: this year", now, whole)
        yield _Try("share_not_growth: last year", before, earlier)
    rows = next((rows for rows, columns in seen.record.template.series.values() if "growth_rate" in columns), ())
    for row in rows:
        if row != stem:
            other, earlier = _base(seen[f"{row}_change"], "增减额"), _last_year(row, seen)
            if row not in above:
                yield _Try("wrong_base: last year of another row", moved, earlier)
                yield _Try("wrong_base: this year of another row", moved, _base(seen[f"{row}_current"], "本年数"))
            yield _Try("wrong_numerator: change of another row", other, before)
            yield _Try("wrong_row", other, earlier)


def _quotient_tries(key: str, seen: Seen) -> Iterator[_Try]:
    """A rate of two cells, in a row of the row's; and what may have been taken for one of them."""
    row = key[: key.rfind(".") + 1]
    operands = [row + each for each in _operands(key.removeprefix(row), seen)]
    if not operands or not seen.cells.keys() >= {*operands}:
        return
    above, below = (_base(seen[operand], "") for operand in operands)
    yield _Try("reversed_division", below, above)
    near = seen.record.template.mistaken.get(key.removeprefix(row), ()) if above and below else ()
    for other_key in (row + each for each in near if row + each in seen.cells and row + each not in operands):
        other = _base(seen[other_key], "")
        yield _Try("wrong_base: figure of the other tables", above, other)
        yield _Try("wrong_numerator: figure of the other tables", other, below)
        yield _Try("reversed_division: figure of the other tables", other, above)


def _operands(key: str, seen: Seen) -> tuple[str, ...]:
    """Numerator and denominator of a rate that is one cell divided by another; none of any other."""
    for choice in seen.steps[key].choices if key in seen.steps else ():
        if choice.derivation is not None and len(choice.operands) == 2 and not choice.figures:
            cells = tuple(Linear(((operand, 1),)) for operand in choice.operands)
            result = choice.derivation.function(*cells)
            if isinstance(result, Quotient) and result == cells:
                return choice.operands
    return ()


def _operand_cause(kind: str, rate: Stated, above: Base, below: Base, stem: str, seen: Seen) -> Cause:
    shown = f"{above.value} ÷ {below.value} = {rate.shown}"
    own = seen[f"{stem}_current"].field.row_label if f"{stem}_current" in seen.cells else rate.field.label
    what = {
        "wrong_base": f"分母用错：{shown}，{below.value} 是{below.name}"
        + (f"，不是{own}的上年数" if stem != rate.key else ""),
        "wrong_numerator": f"分子用错：{shown}，{above.value} 是{above.name}"
        + (f"，不是{own}的增减额" if stem != rate.key else ""),
        "swapped_years": f"本年与上年颠倒：{shown}",
        "reversed_division": f"分子、分母颠倒：{shown}（{above.name} ÷ {below.name}）",
        "share_not_growth": f"填的是占比而不是增长率：{shown}（{above.name} ÷ {below.name}）",
        "wrong_row": f"填了另一行的比率：{shown}（{above.name} ÷ {below.name}）",
    }[kind]
    cells_shown = dict.fromkeys(cell.place for base in (above, below) for cell in base.cells)
    own_cells = {cell.place for cell in above.cells} if kind == "wrong_base" else set()
    return Cause(kind, f"{what}。", tuple(each for each in cells_shown if each not in own_cells) or tuple(cells_shown))


def _base(cell: Stated, column: str) -> Base | None:
    if not cell.is_number:
        return None
    name = f"{cell.field.row_label}的{column}" if column else cell.label
    return Base(name, cell.value, cell.interval, (cell,))


def _negative(base: Base) -> Base:
    return base._replace(value=-base.value, interval=Interval(-base.interval.high, -base.interval.low))


def _last_year(stem: str, seen: Seen) -> Base | None:
    before, current, change = seen.last_year(stem), seen[f"{stem}_current"], seen[f"{stem}_change"]
    if before is None:
        return None
    how = "" if before.is_stated else f"（{current.shown} - {change.shown}）"
    return Base(f"{current.field.row_label}的上年数{how}", before.value, before.interval, before.cells)


def _rows_above(stem: str, template: Template) -> Iterable[str]:
    """The rows that a row is a part of, the nearest first."""
    sums = (each for each in template.sums if each.total.endswith("_current"))
    parents = {
        part.removesuffix("_current"): each.total.removesuffix("_current") for each in sums for part in each.parts
    }
    while stem in parents:
        stem = parents[stem]
        yield stem
