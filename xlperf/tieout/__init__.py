"""勾稽关系: every identity of the form that a plain formula can express, as a row that stays live without Python.

The rows are those of the form's relations, which the checks run on too, and of the derivations' own functions. Each
shows its two sides, their difference and what rounding allows, and says ✓, ✗, 核实, 未填, 不适用 or 无法核对, as the
rule decides. Only functions of Excel 2010.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain

from xlperf.checks.arithmetic import is_of_points
from xlperf.derive.engine import relations_of
from xlperf.form.grid import Cell
from xlperf.form.relations import AGREEMENTS, SUMS, Kind, Relation
from xlperf.form.template import Template
from xlperf.tieout.agreements import of_agreement
from xlperf.tieout.home import order_formula
from xlperf.tieout.pieces import ASKS, BLANK, FAILS, FITS, NOWHERE, UNDECIDABLE, Pieces, References, Row
from xlperf.tieout.points import of_points, of_scores, of_standard
from xlperf.tieout.tables import of_derivations, of_implied_years, of_included, of_sum, of_years_before

HEADINGS = ("序号", "规则", "核对关系", "左边", "右边", "差额", "允许尾差", "结果")
ORDER, ORDER_WIDTH = "待办", 7.0  # the column behind them: in which order what does not agree is to be seen to

Entry = str | Row  # the heading of a block, or a row

_ROWS_OF: Mapping[Kind, Callable[[Pieces, Relation], Iterable[Row]]] = {
    **dict.fromkeys(SUMS, of_sum),
    Kind.YEARS_BEFORE: of_years_before,
    Kind.INCLUDED: of_included,
    **dict.fromkeys(AGREEMENTS, of_agreement),
    Kind.STANDARD: of_standard,
}


def entries(template: Template, references: References) -> list[Entry]:
    """The whole sheet below its header."""
    cells = Pieces(template, references)
    relations = relations_of(template)
    points = [each for each in template.sums if is_of_points(each)]

    def rows_of(*kinds: Kind) -> Iterator[Row]:
        for each in relations:
            if each.kind in kinds and each not in points:
                yield from _ROWS_OF[each.kind](cells, each)

    blocks: dict[str, Iterable[Row]] = {
        "一、合计与分项": [*rows_of(*SUMS, Kind.YEARS_BEFORE), *rows_of(Kind.INCLUDED)],
        "二、增减额与比率": [*of_derivations(cells), *of_implied_years(cells)],
        "三、分值、得分与等级": [
            *rows_of(Kind.STANDARD),
            *chain.from_iterable(of_points(cells, each) for each in points),
            *of_scores(cells),
        ],
        "四、资金平衡与各表一致": [*rows_of(*AGREEMENTS)],
    }
    found: list[Entry] = []
    for title, rows in blocks.items():
        if own := [*rows]:
            found += [title, *own]
    return found


def control_rows(template: Template) -> list[list[Cell]]:
    """The header and the rows, without formulas."""
    rows = [[Cell("@heading", text=text) for text in (*HEADINGS, ORDER)]]
    number = 0
    for entry in entries(template, NOWHERE):
        if isinstance(entry, str):
            rows.append([Cell("##", text=entry), *[Cell("<")] * len(HEADINGS)])
            continue
        number += 1
        start = [Cell(text=str(number)), Cell(text=entry.rules[0]), Cell(indent=1, text=entry.text)]
        rows.append([*start, *(Cell(number_format=each) for each in entry.formats), Cell()])
    return rows


def control_formulas(template: Template, references: References, first: int) -> dict[tuple[int, int], str]:
    """By row and column: the line of counts above the header, and each row's own."""
    found = entries(template, references)
    formulas = {(first - 2, 1): summary(first, first + len(found) - 1)}
    for row, entry in enumerate(found, first):
        if isinstance(entry, Row):
            start = len(HEADINGS) - len(entry.formulas) + 1
            for col, formula in enumerate(entry.formulas, start):
                formulas[row, col] = formula.replace("#", str(row))
            formulas[row, len(HEADINGS) + 1] = order_formula(row, first, first + len(found) - 1)
    return formulas


def control_colors(first: int) -> list[tuple[str, str]]:
    """Conditional formats of the rows from `first` on: colour and condition."""
    colors = {FAILS: "FFC7CE", ASKS: "FFEB9C", BLANK: "F2F2F2", UNDECIDABLE: "FFEB9C"}
    return [(color, f'$H{first}="{word}"') for word, color in colors.items()]


def summary(first: int, last: int) -> str:
    """How many rows say what, in one line."""
    number = {word: f'COUNTIF(H{first}:H{last},"{word}")' for word in (FAILS, ASKS, FITS, BLANK, UNDECIDABLE)}
    counts = "&".join(f'"　{word} "&{number[word]}' for word in (FAILS, ASKS, FITS))
    left = f'"　未能核对 "&{number[BLANK]}+{number[UNDECIDABLE]}&" 行"'
    why = f'"（因{BLANK} "&{number[BLANK]}&"，{UNDECIDABLE} "&{number[UNDECIDABLE]}&"）"'
    return f'"本表核对结果（行）："&{counts}&{left}&{why}'
