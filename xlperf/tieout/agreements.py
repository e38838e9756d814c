"""Rows on what several sheets say of the same figure, from the template's [[agreements]]."""

from __future__ import annotations

from functools import partial, reduce

from xlperf.checks.catalog import rule_of
from xlperf.form.relations import UNTICKED, Agreement, keys_of_term
from xlperf.tieout.pieces import BLANK, NOT_APPLICABLE, Pieces, Relation, count, equal


def of_agreement(cells: Pieces, each: Agreement) -> Relation:
    sides = [" 或 ".join(map(cells.full_name, each.right_any))] if each.right_any else []
    sides = ["＋".join(map(cells.full_name, each.left)), *(sides or ["＋".join(map(cells.full_name, each.right))])]
    text = (" ≤ " if each.at_most else "＝").join(sides) + (f"（{each.note}）" if each.note else "")
    terms = (*each.left, *each.right, *each.right_any)
    operands = tuple(key for term in terms for key in keys_of_term(term))
    kind = cells.template.field(operands[0]).type
    right = _nearest(cells, each) if each.right_any else cells.side(each.right)
    return Relation(
        (rule_of(each),),
        text,
        each.keys,
        kind,
        cells.some(each.left) if each.nil else cells.side(each.left),
        right,
        cells.side_rounding((*each.left, *each.right, *each.right_any[:1])),
        cells.verdict(
            equal(kind, "≤" if each.at_most else ""),
            operands,
            _gates(cells, each),
            before=[*_unless_stated(cells, each), *cells.stated_elsewhere(each.elsewhere)],
        ),
    )


def _unless_stated(cells: Pieces, each: Agreement) -> list[tuple[str, str]]:
    stated = cells.refs(each.unless_stated)
    return [(f"{count(stated)}>0", f'"{NOT_APPLICABLE}"')] if stated else []


def _gates(cells: Pieces, each: Agreement) -> list[tuple[str, str]]:
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


def _nearest(cells: Pieces, each: Agreement) -> str:
    """Whichever of the cells the left side comes closest to."""
    first, second = cells.refs(each.right_any)
    nearer = f"IF(ABS(D#-{first})<=ABS(D#-{second}),{first},{second})"
    return f'IF(OR(D#="",{count((first, second))}<2),"",{nearer})'
