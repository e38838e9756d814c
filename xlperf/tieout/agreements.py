"""Rows on what several sheets say of the same figure, from the template's [[agreements]]."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial, reduce

from xlperf.checks.catalog import rules_of
from xlperf.form.relations import UNTICKED, Kind, Relation, keys_of_term
from xlperf.tieout.pieces import BLANK, NOT_APPLICABLE, Pieces, Row, count, equal

_SIGNS = {Kind.EQUAL: "＝", Kind.AT_MOST: " ≤ ", Kind.ONE_OF: "＝"}


def of_agreement(cells: Pieces, each: Relation) -> Iterator[Row]:
    several = each.kind is Kind.ONE_OF
    left, right = ([*map(cells.full_name, terms)] for terms in (each.left, each.right))
    text = _SIGNS[each.kind].join(("＋".join(left), (" 或 " if several else "＋").join(right)))
    text += f"（{each.note}）" if each.note else ""
    operands = tuple(key for term in (*each.left, *each.right) for key in keys_of_term(term))
    kind = cells.template.field(operands[0]).type
    yield Row(
        rules_of(each),
        text,
        each.keys,
        kind,
        cells.some(each.left) if each.nil else cells.side(each.left),
        _nearest(cells, each) if several else cells.side(each.right),
        cells.side_rounding((*each.left, *(each.right[:1] if several else each.right))),
        cells.verdict(
            equal(kind, "≤" if each.kind is Kind.AT_MOST else ""),
            operands,
            _gates(cells, each),
            before=[*_unless_stated(cells, each), *cells.stated_elsewhere(each.elsewhere)],
        ),
    )


def _unless_stated(cells: Pieces, each: Relation) -> list[tuple[str, str]]:
    stated = cells.refs(each.unless_stated)
    return [(f"{count(stated)}>0", f'"{NOT_APPLICABLE}"')] if stated else []


def _gates(cells: Pieces, each: Relation) -> list[tuple[str, str]]:
    gates = [(f"{count(cells.refs(each.needs))}<{len(each.needs)}", f'"{BLANK}"')] if each.needs else []
    for key, words in each.says:
        (ref,) = cells.refs([key])
        found = ",".join(map(partial(_says, ref), words))
        gates += [(f'{ref}=""', f'"{BLANK}"'), (f"NOT(OR({found}))", f'"{NOT_APPLICABLE}"')]
    if each.when:
        keys = list(dict.fromkeys(key for whole, parts in each.when for key in (whole, *parts)))
        unknown = f'IF({count(cells.refs(keys))}<{len(keys)},"{BLANK}","{NOT_APPLICABLE}")'
        gates.append((f"NOT(OR({','.join(map(cells.possible, each.when))}))", unknown))
    if unless := (*each.unless, *each.unsure):
        gates.append((f"OR({','.join(map(cells.possible, unless))})", f'"{NOT_APPLICABLE}"'))
    return gates


def _says(ref: str, word: str) -> str:
    """As `says_one`."""
    text = reduce(lambda rest, box: f'SUBSTITUTE({rest},"{box}{word}","")', UNTICKED, f'SUBSTITUTE({ref}," ","")')
    return f'ISNUMBER(FIND("{word}",{text}))'


def _nearest(cells: Pieces, each: Relation) -> str:
    """Whichever of the cells the left side comes closest to."""
    first, second = cells.refs(each.right)
    nearer = f"IF(ABS(D#-{first})<=ABS(D#-{second}),{first},{second})"
    return f'IF(OR(D#="",{count((first, second))}<2),"",{nearer})'
