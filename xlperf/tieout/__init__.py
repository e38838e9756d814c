"""勾稽关系: every identity of the form that a plain formula can express, as a row that stays live without Python.

The rows come from what the checks run on: the template's sums and agreements and the derivations' own functions. Each
shows its two sides, their difference and what rounding allows, and says ✓, ✗, 核实, 未填, 不适用 or 无法核对, as the
rule decides. Only functions of Excel 2010.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping

from xlperf.form.grid import Cell
from xlperf.form.template import Sum, Template
from xlperf.tieout.agreements import of_agreement
from xlperf.tieout.pieces import ASKS, BLANK, FAILS, FITS, UNDECIDABLE, Pieces, References, Relation
from xlperf.tieout.points import of_points, of_scores, of_weights
from xlperf.tieout.tables import of_derivations, of_implied_years, of_included, of_sum

HEADINGS = ("序号", "规则", "核对关系", "左边", "右边", "差额", "允许尾差", "结果")

# Rules of which the sheet has no row, and why; a family (XLP1) stands for all its rules.
OMITTED: Mapping[str, str] = {
    "XLP1": "查漏填，不是两数之间的关系；空着的格在本表显示“未填”",
    "XLP208": "要读变动原因的文字",
    "XLP212": "要先认定两种分法各按预算还是按执行填列",
    "XLP213": "年初结转结余空白、为负时另有理解，公式写不清",
    "XLP307": "要读指标值和完成值的文字",
    "XLP308": "要读指标值和完成值的文字",
    "XLP309": "要读指标值和完成值的文字",
    "XLP310": "要读指标值和完成值的文字",
    "XLP311": "要读指标值和指标名称的文字",
    "XLP312": "要读指标值和完成值的文字",
    "XLP313": "要读完成值的文字",
    "XLP314": "要读日期的文字",
    "XLP315": "要读指标值的文字",
    "XLP316": "要比较指标名称的文字",
    "XLP317": "要读指标值和完成值的文字",
    "XLP319": "用语不规范只作提示；等级相符在本表核对",
    "XLP215": "项目支出自评表才列资金来源；本表核对各来源之和",
    "XLP216": "项目支出自评表才列资金来源",
    "XLP217": "福建的自评表才列历年结余结转和年中调整",
    "XLP320": "定性指标要先读指标值的文字",
    "XLP321": "要读指标值和完成值的文字",
    "XLP322": "要读指标值的文字",
    "XLP324": "只用于执行率空白的表；执行率有数时本表按执行率核对得分",
    "XLP325": "只用于得分还不齐的表；得分齐全时本表核对总分",
    "XLP326": "要读偏差原因的文字",
    "XLP327": "要读级别名称里写的分数",
    "XLP328": "要读指标值和完成值的文字",
    "XLP329": "要读指标值和完成值的文字",
    "XLP330": "只用于得分还不齐的表；得分齐全时本表核对总分",
    "XLP331": "要读指标说明的文字",
    "XLP332": "要读指标值和完成值的文字",
    "XLP333": "重庆等地的自评表才列得分系数",
    "XLP402": "“预算数”有两种口径，与其中一种相符即可，公式写不清",
    "XLP403": "“预算数”有两种口径，与其中一种相符即可，公式写不清",
    "XLP407": "查漏填，不是两数之间的关系",
    "XLP408": "要读日期的文字；年份在各表标题中自动带出",
    "XLP409": "比较单位名称的写法，只作提示",
    "XLP418": "要先认定按来源分的合计就是本年收入合计",
    "XLP420": "要与上年的工作簿核对",
    "XLP421": "要与上年的工作簿核对",
    "XLP5": "要读报告文字",
    "XLP6": "合理性，可能属实，不是必须成立的关系",
    "XLP7": "查工作簿本身，公式看不到",
}

Entry = str | Relation  # the heading of a block, or a row


def entries(template: Template, references: References) -> list[Entry]:
    """The whole sheet below its header."""
    cells = Pieces(template, references)
    money = [each for each in template.sums if not _is_points(template, each)]
    points = [each for each in template.sums if _is_points(template, each)]
    blocks: dict[str, Iterable[Relation]] = {
        "一、合计与分项": [
            *itertools.chain.from_iterable(of_sum(cells, each) for each in money),
            *(of_included(cells, each) for each in template.included),
        ],
        "二、增减额与比率": [*of_derivations(cells), *of_implied_years(cells)],
        "三、分值、得分与等级": [
            *of_weights(cells),
            *(of_points(cells, each) for each in points),
            *of_scores(cells),
        ],
        "四、资金平衡与各表一致": (of_agreement(cells, each) for each in template.agreements),
    }
    found: list[Entry] = []
    for title, rows in blocks.items():
        if own := [*rows]:
            found += [title, *own]
    return found


class _Nowhere:
    """References for those who ask only which rows there are."""

    def cell(self, key: str) -> str:
        return "A1"

    def column(self, table: str, name: str, *, headed: bool = False) -> str:
        return "A1:A2"


NOWHERE = _Nowhere()


def control_rows(template: Template) -> list[list[Cell]]:
    """The header and the rows, without formulas."""
    rows = [[Cell("@heading", text=text) for text in HEADINGS]]
    number = 0
    for entry in entries(template, NOWHERE):
        if isinstance(entry, str):
            rows.append([Cell("##", text=entry), *[Cell("<")] * (len(HEADINGS) - 1)])
            continue
        number += 1
        start = [Cell(text=str(number)), Cell(text=entry.rules[0]), Cell(indent=1, text=entry.text)]
        rows.append(start + [Cell(number_format=each) for each in entry.formats])
    return rows


def control_formulas(template: Template, references: References, first: int) -> dict[tuple[int, int], str]:
    """By row and column: the line of counts above the header, and each row's own."""
    found = entries(template, references)
    formulas = {(first - 2, 1): summary(first, first + len(found) - 1)}
    for row, entry in enumerate(found, first):
        if isinstance(entry, Relation):
            start = len(HEADINGS) - len(entry.formulas) + 1
            for col, formula in enumerate(entry.formulas, start):
                formulas[row, col] = formula.replace("#", str(row))
    return formulas


def control_colors(first: int) -> list[tuple[str, str]]:
    """Conditional formats of the rows from `first` on: colour and condition."""
    colors = {FAILS: "FFC7CE", ASKS: "FFEB9C", BLANK: "F2F2F2", UNDECIDABLE: "FFEB9C"}
    return [(color, f'$H{first}="{word}"') for word, color in colors.items()]


def summary(first: int, last: int) -> str:
    """How many rows say what, in one line."""
    counts = (f'"　{word} "&COUNTIF(H{first}:H{last},"{word}")' for word in (FAILS, ASKS, FITS, BLANK, UNDECIDABLE))
    return '"本表核对结果（项）："&' + "&".join(counts)


def _is_points(template: Template, each: Sum) -> bool:
    return template.field(each.total).type == "score"
