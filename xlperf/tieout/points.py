"""Rows on weights, points and the grade."""

from __future__ import annotations

from collections.abc import Iterator

from xlperf.amounts import ZERO, interval
from xlperf.audit.applicable import not_applicable
from xlperf.audit.domains import Product
from xlperf.checks import scoring
from xlperf.checks.agreement import report_grade_differs
from xlperf.checks.catalog import rules_of
from xlperf.checks.rule import Check
from xlperf.derive.expression import Expression, word_for
from xlperf.form.relations import Relation
from xlperf.form.template import INDICATORS
from xlperf.tieout.pieces import Pieces, Row, count, equal, plus


def of_standard(cells: Pieces, each: Relation) -> Iterator[Row]:
    """Weights that a dated figure prescribes; nothing where the form or the figure does not ask for it."""
    rules, absent = rules_of(each), not_applicable(cells.template)
    if any(rule.code in absent for rule in rules):
        return
    columns = [part for part in each.parts if "[]." in part]
    if columns and each.same is None:
        text, left = "预算执行分值＋各指标分值", _all_weights(cells, each, *columns)
    elif columns:
        text, left = f"{each.same[1] if each.same else ''}各行分值之和", _of_level(cells, each, *columns)
    else:
        text, left = "预算执行分值", cells.shown(*each.parts)
    aside = "" if each.at else cells.by_variant
    level = each.same[1] if each.same else ""
    result = cells.verdict(equal("score"), each.parts)
    yield Row(rules, f"{text}＝{each.amount}{aside}", each.parts, "score", left, each.amount, "0", result, level)


def _all_weights(cells: Pieces, each: Relation, column: str) -> str:
    (ref,), total = cells.refs([column]), cells.cell(each.at)
    (execution,) = cells.refs(part for part in each.parts if part != column)
    # the rule speaks at the total: not where it says —— or a word
    some = f'OR(COUNT({ref})=0,COUNT({execution})=0,{cells.rows_without(column)}>0,AND(ISTEXT({total}),{total}<>""))'
    return f'IF({some},"",{execution}+SUM({ref}))'


def _of_level(cells: Pieces, each: Relation, column: str) -> str:
    assert each.same is not None
    (ref,), mine = cells.refs([column]), cells.rows_of_level(column.partition("[].")[0], *each.same)
    some = f"OR(SUMPRODUCT({mine},--ISNUMBER({ref}))=0,{cells.rows_without(column, mine)}>0)"
    return f'IF({some},"",SUMPRODUCT({mine},{ref}))'


def of_points(cells: Pieces, each: Relation) -> Iterator[Row]:
    """A total of points, exact to the digit; blanks beside filled rows are points still to be given."""
    columns = [part for part in each.parts if "[]." in part]
    items = [part for part in each.parts if part not in columns]
    refs = [cells.column(*column.split("[].")) for column in columns]
    blank = [f'({cells.cell(key)}="")' for key in items]
    total = cells.template.field(each.total)
    if each.same is None:
        terms = [*cells.refs(items), *refs]
        some, whole = f"{count(terms)}=0", f"SUM({','.join(terms)})"
        missing, level = [cells.rows_without(column) for column in columns], ""
    else:
        (column,), (ref,) = columns, refs
        mine = cells.rows_of_level(column.partition("[].")[0], *each.same)
        some, whole = f"SUMPRODUCT({mine},--ISNUMBER({ref}))=0", f"SUMPRODUCT({mine},{ref})"
        missing, level = [cells.rows_without(column, mine)], each.same[1]
    keys = (each.total, *each.parts)
    parts = [cells.template.field(key).label for key in items]
    for column in columns:
        what = cells.template.field(column.replace("[]", "[0]")).label
        parts.append(f"{'该级' if level else '各'}指标{what}")
    yield Row(
        rules_of(each),
        f"{total.label}＝{'＋'.join(parts)}",
        keys,
        "score",
        cells.shown(each.total),
        f'IF(OR({some},{plus([*blank, *missing])}>0),"",{whole})',
        f"ABS(E#-ROUND(E#,{total.places}))",
        cells.verdict(equal("score"), keys),
        level,
    )


def of_scores(cells: Pieces) -> Iterator[Row]:
    table, absent = cells.template.table(INDICATORS), not_applicable(cells.template)
    if table is not None and scoring.score_out_of_range.code not in absent:
        weight, score = (cells.column(table.key, name) for name in ("weight", "score"))
        weights, both = f"ISNUMBER({weight})*1", f"ISNUMBER({weight})*ISNUMBER({score})"
        keys = tuple(f"{table.key}[].{name}" for name in ("weight", "score"))
        text = "已填的指标中，分值不大于 0 的行数＝0"
        yield _of_bad_rows(cells, scoring.weight_not_positive, text, weights, f"({weight}<=0)*1", keys[:1])
        text = "已填的指标中，得分小于 0 或大于分值的行数＝0"
        yield _of_bad_rows(cells, scoring.score_out_of_range, text, both, f"(({score}<0)+({score}>{weight})>0)*1", keys)
    for form in cells.forms("execution_score") if "execution_score" in cells.steps else ():
        assert isinstance(form, Product)
        yield _of_execution(cells, form)
    if scoring.grade_not_of_score.code not in absent:
        word = word_for(Expression(cells.cell("total_score")), cells.figures["grade_bands"].value)
        assert isinstance(word, Expression)
        right = f'IF(ISNUMBER({cells.cell("total_score")}),{word.text},"")'
        yield _of_words(
            cells,
            scoring.grade_not_of_score,
            f"自评等级＝总分对应的等级{cells.by_variant}",
            right,
            ("grade", "total_score"),
        )
    if report_grade_differs.code not in absent:
        text = f"{cells.full_name('report_grade')}＝{cells.full_name('grade')}"
        yield _of_words(cells, report_grade_differs, text, cells.shown("grade"), ("report_grade", "grade"))


def _of_bad_rows(cells: Pieces, rule: Check, text: str, there: str, bad: str, keys: tuple[str, ...]) -> Row:
    left = f'IF(SUMPRODUCT({there})=0,"",SUMPRODUCT({there},{bad}))'
    return Row((rule,), text, keys, "number", left, "0", "0", cells.verdict(equal("number")))


def _of_execution(cells: Pieces, form: Product) -> Row:
    key = "execution_score"
    (rate, _), (weight, _) = (factor.terms[0] for factor in form)
    share, most, own = cells.cell(rate), cells.cell(weight), cells.rate_rounding(rate)
    half = interval(ZERO, cells.template.field(key).places).high
    upper, lower = (f"MIN(({share}{sign}({own}))*{most},{most})" for sign in "+-")
    label = {name: cells.template.field(name).label for name in (key, rate, weight)}
    return Row(
        (scoring.execution_score_off_formula,),
        f"{label[key]}＝{label[rate]}×{label[weight]}，不超过分值",
        (key, rate, weight),
        "score",
        cells.shown(key),
        f'IF({count((share, most))}=2,MIN({share}*{most},{most}),"")',
        f"{half}+IF(D#>E#,{upper}-E#,E#-{lower})",
        cells.verdict(equal("score"), (key, rate, weight)),
    )


def _of_words(cells: Pieces, rule: Check, text: str, right: str, keys: tuple[str, ...]) -> Row:
    """Words that should be the same once each is put in the official way."""
    known = ";".join(f'"{word}","{official}"' for word, official in cells.figures["grade_words"].value.items())
    left, other = (f"IFERROR(VLOOKUP({at},{{{known}}},2,FALSE),{at})" for at in ("D#", "E#"))
    result = cells.verdict(f"{left}={other}", words=True)
    return Row((rule,), text, keys, "text", cells.shown(keys[0]), right, "", result)
