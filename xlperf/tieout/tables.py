"""Rows on totals and their parts, differences and rates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from xlperf.audit.domains import Linear, Quotient
from xlperf.checks import years
from xlperf.checks.catalog import rules_of
from xlperf.checks.rule import Check
from xlperf.derive.engine import subtotals
from xlperf.derive.expression import NOT_COMPUTABLE_TEXT
from xlperf.form.relations import LAST_YEAR, Kind, Relation, keys_of_term
from xlperf.tieout.pieces import BLANK, FAILS, NOT_APPLICABLE, UNDECIDABLE, Pieces, Row, count, equal, plus


def of_sum(cells: Pieces, each: Relation) -> Iterator[Row]:
    refs = cells.refs(each.parts)
    total = cells.template.field(each.total)
    own = subtotals(cells.template) if each.blank_is_nil else {}
    lines_of = {key: own[key] for key in each.parts if key in own}
    lines = tuple(key for own in lines_of.values() for key in own.parts)
    some = f"{count((*refs, *cells.refs(lines)))}=0"
    if not each.blank_is_nil:
        blank = plus(f'({ref}="")' for ref in refs)
        some = f"OR({some},{blank}>0)"
    text = f"{total.label}＝{'＋'.join(map(cells.name, each.parts))}"
    keys = (each.total, *each.parts)
    values = [_or_lines(cells, key, lines_of) for key in each.parts]
    widths = [cells.rounding(keys), *(_width_of_lines(cells, key, own) for key, own in lines_of.items())]
    before = [*_with_implied_parts(cells, each), *_with_unknown_parts(cells, each, lines_of)]
    yield Row(
        rules_of(each),
        text,
        (*keys, *lines),
        total.type,
        cells.shown(each.total),
        f'IF({some},"",SUM({",".join(values)}))',
        plus(width for width in widths if width != "0"),
        cells.verdict(equal(total.type), keys, before=before),
    )


def _or_lines(cells: Pieces, key: str, lines_of: Mapping[str, Relation]) -> str:
    """A part; where it has no figure, its own lines."""
    (ref,) = cells.refs([key])
    if key not in lines_of:
        return ref
    return f"IF({count([ref])}=0,SUM({','.join(cells.refs(lines_of[key].parts))}),{ref})"


def _width_of_lines(cells: Pieces, key: str, own: Relation) -> str:
    width = cells.rounding(own.parts)
    return "0" if width == "0" else f"IF({count([cells.cell(key)])}=0,{width},0)"


def _with_unknown_parts(cells: Pieces, each: Relation, lines_of: Mapping[str, Relation]) -> Iterator[tuple[str, str]]:
    """A blank part is not nil where its own lines are filled, or another cell says the same."""
    for key, own in lines_of.items():
        ref, lines = cells.cell(key), cells.refs(own.parts)
        unclear = f'OR({cells.words_in(own.parts)}>0,AND({ref}<>"",{count(lines)}>0))'
        yield f"AND({count([ref])}=0,{unclear})", f'"{UNDECIDABLE}"'
        if not cells.template.field(key).derived:
            yield f"AND({count([ref])}=0,{count(lines)}>0,{cells.blank_in(own.parts)}>0)", f'"{BLANK}"'
    yield from cells.stated_elsewhere(each.elsewhere, {key: own.parts for key, own in lines_of.items()})


def _with_implied_parts(cells: Pieces, each: Relation) -> list[tuple[str, str]]:
    """A part that is blank last year, but follows from its change, is not nil."""
    stems = [part.removesuffix("_prior") for part in each.parts if part.endswith("_prior")]
    implied = (
        f'AND({cells.cell(f"{stem}_prior")}="",{count(cells.refs([f"{stem}_current", f"{stem}_change"]))}=2)'
        for stem in stems
    )
    return [(f"OR({','.join(implied)})", f'"{NOT_APPLICABLE}"')] if stems else []


def of_years_before(cells: Pieces, each: Relation) -> Iterator[Row]:
    """Last year's total and parts, stated or implied by the changes; nothing where the form lacks one of them."""
    stems = [key.removesuffix("_change") for key in (each.total, *each.parts)]
    terms = [LAST_YEAR + stem for stem in stems]
    keys = tuple(key for term in terms for key in keys_of_term(term))
    if not all(map(cells.template.has, keys)):
        return
    changes, priors = (cells.refs(f"{stem}_{name}" for stem in stems) for name in ("change", "prior"))
    before = [
        (f"OR({count(changes)}={len(stems)},{count(priors)}={len(stems)})", f'"{NOT_APPLICABLE}"'),
    ]
    names = [cells.name(f"{stem}_prior") for stem in stems]
    yield Row(
        rules_of(each),
        f"{names[0]}＝{'＋'.join(names[1:])}（上年数，没有填的按本年数－增减额推算）",
        keys,
        "money",
        cells.side(terms[:1]),
        cells.side(terms[1:]),
        cells.side_rounding(terms),
        cells.verdict(equal("money"), keys, before=before),
    )


def of_included(cells: Pieces, each: Relation) -> Iterator[Row]:
    keys = (*each.parts, each.total)
    total = cells.template.field(each.total)
    yield Row(
        rules_of(each),
        f"{'＋'.join(map(cells.name, each.parts))} ≤ {total.label}",
        keys,
        total.type,
        cells.some(each.parts),
        cells.shown(each.total),
        cells.rounding(keys),
        cells.verdict(equal(total.type, "≤"), keys),
    )


def of_derivations(cells: Pieces) -> Iterator[Row]:
    """Differences first, then quotients; points are among the scores."""
    for kind, row_of in ((Kind.DIFFERENCE, _of_difference), (Kind.QUOTIENT, _of_rate)):
        for key, step in cells.steps.items():
            first = step.choices[0].relation
            if step.field.derived and first.kind is kind:
                yield row_of(cells, key, rules_of(first))


def _formula(cells: Pieces, form: Linear) -> str:
    return "".join(f"{'-' if sign < 0 else '+'}{cells.cell(key)}" for key, sign in form.terms).removeprefix("+")


def _words(cells: Pieces, form: Linear, row: str) -> str:
    names = (f"{'－' if sign < 0 else '＋'}{_column_name(cells, key, row)}" for key, sign in form.terms)
    return "".join(names).removeprefix("＋")


def _column_name(cells: Pieces, key: str, row: str) -> str:
    """本年数 of basic_current where that row is spoken of; of any other cell its label."""
    home, column = cells.template.row_and_column(key)
    label = cells.template.field(key).label
    return label.partition("（")[2].removesuffix("）") if column and home == row and "（" in label else label


def _of_difference(cells: Pieces, key: str, rules: tuple[Check, ...]) -> Row:
    form = cells.forms(key)[0]
    assert isinstance(form, Linear)
    operands = [operand for operand, _ in form.terms]
    refs = cells.refs(operands)
    label = cells.template.field(key).label
    return Row(
        rules,
        label if "＝" in label or "－" in label else f"{label}＝{_words(cells, form, _row(cells, key))}",
        (key, *operands),
        "money",
        cells.shown(key),
        f'IF({count(refs)}={len(refs)},{_formula(cells, form)},"")',
        cells.rounding((key, *operands)),
        cells.verdict(equal("money"), (key, *operands)),
    )


def _of_rate(cells: Pieces, key: str, rules: tuple[Check, ...]) -> Row:
    """Of several ways to compute it, the first whose figures are all there."""
    quotients = [each for each in cells.forms(key) if isinstance(each, Quotient)]
    read = [tuple(dict.fromkeys(name for form in each for name, _ in form.terms)) for each in quotients]
    there = [f"{count(cells.refs(names))}={len(names)}" for names in read]
    formulas = [tuple(_formula(cells, form) for form in each) for each in quotients]
    above, below = (_first(there, side, "0") for side in zip(*formulas, strict=True))
    values = [f'IF(ROUND({under},6)=0,"{NOT_COMPUTABLE_TEXT}",({over})/({under}))' for over, under in formulas]
    widths = [tuple(cells.halves(name for name, _ in form.terms) for form in each) for each in quotients]
    wide_above, wide_below = (_first(there, side, side[-1]) for side in zip(*widths, strict=True))
    own, ways = (
        cells.rate_rounding(key),
        "，或 ".join(_ratio_words(cells, each, _row(cells, key)) for each in quotients),
    )
    spread = f"({wide_above}+ABS(E#)*({wide_below}))/(ABS({below})-({wide_below})*SIGN(ABS(D#)-ABS(E#)))"
    spread = f"IF(ROUND(ABS({below}),6)<=ROUND({wide_below},6),9,{spread})"  # a base that may be 0 allows anything
    keys = (key, *dict.fromkeys(name for names in read for name in names))
    zero_base = _on_zero_base(above, wide_above, wide_below, own)
    return Row(
        rules,
        f"{cells.template.field(key).label}＝{ways}{cells.aside(key)}",
        keys,
        "rate",
        cells.shown(key),
        _first(there, values, '""'),
        own if (wide_above, wide_below) == ("0", "0") else f"{own}+{spread}",
        cells.verdict(equal("rate"), keys, [(f'AND(ISNUMBER(D#),E#="{NOT_COMPUTABLE_TEXT}")', zero_base)]),
    )


def _first(conditions: Sequence[str], values: Sequence[str], otherwise: str) -> str:
    """The value whose condition holds first."""
    text = otherwise
    for condition, value in zip(reversed(conditions), reversed(values), strict=True):
        text = value if value == text else f"IF({condition},{value},{text})"
    return text


def _ratio_words(cells: Pieces, each: Quotient, row: str) -> str:
    words = ((_words(cells, form, row), len(form.terms)) for form in each)
    return "÷".join(text if terms == 1 else f"（{text}）" for text, terms in words)


def _row(cells: Pieces, key: str) -> str:
    return cells.template.row_and_column(key)[0]


def _on_zero_base(above: str, wide_above: str, wide_below: str, own: str) -> str:
    """0/0 stated as 0% is no fault, nor a rate that is true on a base rounded down to 0."""
    least, most = (f"({above}{sign}({wide_above}))/({wide_below})" for sign in "-+")
    wide = f"IF({above}-({wide_above})>0,D#+{own}>={least},OR({above}+{wide_above}>=0,D#-({own})<={most}))"
    possible = "FALSE" if wide_below == "0" else wide
    return f'IF(AND(D#=0,{above}=0),"{NOT_APPLICABLE}",IF({possible},"{NOT_APPLICABLE}","{FAILS}"))'


def of_implied_years(cells: Pieces) -> Iterator[Row]:
    """Rows whose last year, implied by the change, would be below zero."""
    has = cells.template.has
    stems = tuple(stem for stem in cells.template.stems("_change") if has(f"{stem}_prior") and has(f"{stem}_current"))
    if not stems:
        return
    negative = (_is_below_zero(cells, stem) for stem in stems)
    changes = count(cells.refs(f"{stem}_change" for stem in stems))
    yield Row(
        (years.implied_last_year_negative,),
        "已填各行中，上年数没有填、按本年数－增减额推算小于 0 的行数＝0",
        tuple(f"{stem}_{name}" for stem in stems for name in ("prior", "current", "change")),
        "number",
        f'IF({changes}=0,"",{plus(negative)})',
        "0",
        "0",
        cells.verdict(equal("number")),
    )


def _is_below_zero(cells: Pieces, stem: str) -> str:
    """1 where last year, implied, cannot but be negative."""
    prior, current, change = cells.refs(f"{stem}_{name}" for name in ("prior", "current", "change"))
    wide = cells.halves((f"{stem}_current", f"{stem}_change"))
    implied = f"(ROUND({current}-{change}+{wide},6)<0)*1"
    return f"IF(AND(NOT(ISNUMBER({prior})),{count((current, change))}=2),{implied},0)"
