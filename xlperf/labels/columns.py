"""What the headings of a money block or of the indicators name, each beside the others: of two budgets one is 年初."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from xlperf.labels.blocks import Cell
from xlperf.labels.grammar import features, is_figure, meaning, read_heading, when
from xlperf.labels.spelling import plain
from xlperf.labels.words import Block, Known

MONEY, _OF_INDICATORS = "money", "indicators"  # blocks of the grammar
_MONEY = frozenset(("opening_budget", "annual_budget", "annual_spent", "execution_rate"))
_NAMES = ("level3", "name", "bare")
_VALUES = frozenset(("target", "target_plan", "goal", "actual", "spent_state", "weight", "score", "points"))
_RESULTS = frozenset(("actual", "spent_state", "score", "points", "self_weight"))
_ONE_OF_EACH = ("level1", "level2", "sign", "unit", "coefficient", "deviation_note", "explanation", "criteria")
PIECES = ("sign", "unit", "target_opening")  # columns of one target, beside that of its value


class Named(NamedTuple):
    """A heading and what it was read as; `upper` is the one above it in a header of two rows."""

    column: str
    cell: Cell
    upper: Cell | None = None

    @property
    def text(self) -> str:
        return self.cell.text if self.upper is None else f"{self.upper.text}{self.cell.text}"


def columns_of(block: Block, known: Known, cells: Iterable[tuple[Cell, Cell | None]], year: int | None) -> list[Named]:
    """The headings of a row as columns of a block: whole spellings first, then words."""
    named = [Named(_column(block, known, cell, upper, year), cell, upper) for cell, upper in cells]
    if block.words == MONEY:
        return _money(named)
    return _indicators(named) if block.words == _OF_INDICATORS else named


def _column(block: Block, known: Known, cell: Cell, upper: Cell | None, year: int | None) -> str:
    if is_figure(cell.text):
        return ""
    words = block.words
    own = block.columns.get(known.label(cell.text).name, "")
    if upper is None:
        found = own or meaning(cell.text, words, year)
        is_title = found in ("bare", "goal") and cell.rows > 3  # 绩效指标 beside all the rows
        return "" if is_title else found
    above = block.columns.get(known.label(upper.text).name, "") or meaning(upper.text, words, year)
    if words == MONEY and above in _MONEY and (row := meaning(cell.text, "rows", year)):
        return above if row == "total" else "part_column"
    return (
        meaning(cell.text, words, year, when(upper.text))
        or meaning(plain(upper.text) + plain(cell.text), words, year)
        or meaning(plain(cell.text) + plain(upper.text), words, year)
        or own
    )


def is_header(block: Block, columns: Iterable[str]) -> bool:
    """Are these enough headings, and certain ones, for the table of a self-evaluation?"""
    found = {column for column in columns if column}
    if block.words == MONEY:
        return len(found & _MONEY) > 1 and not found.isdisjoint(("annual_spent", "execution_rate"))
    if block.words == _OF_INDICATORS:
        is_table = len(found) > 2 and "level3" in found and bool(found & _VALUES) and block.must <= found
        return is_table and block.promised != bool(found & _RESULTS)
    return len(found) > 1 and block.must <= found


def _by_column(named: Iterable[Named]) -> Mapping[str, list[Named]]:
    found: dict[str, list[Named]] = defaultdict(list)
    for each in named:
        found[each.column].append(each)
    return found


def _settled(named: Sequence[Named], meant: Mapping[Named, str]) -> list[Named]:
    return [each._replace(column=meant.get(each, each.column)) for each in named]


def _only(named: Sequence[Named], column: str) -> dict[Named, str]:
    """One heading of a kind is the column; of several none is meant."""
    return dict.fromkeys(named, column if len(named) == 1 else "")


def _money(named: Sequence[Named]) -> list[Named]:
    """A budget without 年初 or 全年 is the whole year's, beside the adjusted one it is the opening one."""
    by = _by_column(named)
    adjusted = [each for each in by["annual_budget"] if "adjusted" in features(read_heading(each.text))]
    whole = adjusted or by["annual_budget"] or by["sum"] or by["plain_budget"]
    others = [each for column in ("annual_budget", "plain_budget") for each in by[column] if each not in whole]
    meant = dict.fromkeys((*by["sum"], *others), "") | _only(whole, "annual_budget")
    if not by["opening_budget"] and whole is not by["sum"]:
        meant |= _only(others, "opening_budget")
    spent = by["annual_spent"]
    if len(spent) > 1:
        spent = [each for each in spent if "执行" in plain(each.text)]
        meant |= dict.fromkeys(by["annual_spent"], "")
    meant |= _only(spent, "annual_spent")
    for column in ("opening_budget", "execution_rate", "execution_weight", "execution_score"):
        meant |= _only(by[column], column)
    meant |= dict.fromkeys(by["self_weight"], "")
    return _settled(named, meant)


def _indicators(named: Sequence[Named]) -> list[Named]:
    by = _by_column(named)
    name = next((by[column][-1] for column in _NAMES if by[column]), None)
    if name is None:
        return list(named)
    meant = {each: "" for column in _NAMES for each in by[column]}
    meant |= _targets(by) | _results(by) | _points(by, name)
    for column in _ONE_OF_EACH:
        meant |= dict.fromkeys(by[column][1:], "")
    meant[name] = "level3"
    return _settled(named, meant)


def _targets(by: Mapping[str, list[Named]]) -> dict[Named, str]:
    """The target that was adjusted counts, where there is one; see `indicators.read_indicator`."""
    targets = next((by[column] for column in ("target", "target_plan", "goal") if by[column]), [])
    meant = {each: "" for column in ("target_plan", "goal") for each in by[column]}
    adjusted = [each for each in targets if "adjusted" in features(read_heading(each.text))]
    if len(targets) == 2 and len(adjusted) == 1:
        return meant | {each: "target" if each in adjusted else "target_opening" for each in targets}
    return meant | _only(targets, "target")


def _results(by: Mapping[str, list[Named]]) -> dict[Named, str]:
    values = [each for each in by["actual"] if features(read_heading(each.text))[-1:] == ("value",)]
    results = values or by["actual"] or by["spent_state"]
    return {each: "" for column in ("actual", "spent_state") for each in by[column]} | _only(results, "actual")


def _points(by: Mapping[str, list[Named]], name: Named) -> dict[Named, str]:
    """一级|分值|二级|分值|三级|分值: the points right of the name are the row's; 分 beside 得分 is the weight."""
    weights, scores = by["weight"], by["score"]
    meant = _only(weights, "weight")
    if len(weights) > 1:
        own = [each for each in weights if each.cell.col >= name.cell.col + name.cell.cols]
        levels = {each: "level_weight" for each in weights if each.cell.col < name.cell.col}
        meant |= levels | (_only(own, "weight") if len(own) == 1 else {})
    if len(scores) > 1:
        own = [each for each in scores if "self_score" in features(read_heading(each.text))]
        meant |= dict.fromkeys(scores, "") | _only(own, "score")
    has_weight, has_score = bool(weights), bool(scores)
    for each in by["points"]:
        meant[each] = "weight" if has_score and not has_weight else "score" if has_weight and not has_score else ""
    for each in by["self_weight"]:
        meant[each] = "score" if has_weight and not has_score else ""
    return meant


def latest_year(block: Block, columns: Sequence[str], years: Sequence[int | None]) -> int | None:
    """This year, as the headings have it: the latest they name, 上年 counted as the one before."""
    told = [
        year + (column in block.prior.values())
        for column, year in zip(columns, years, strict=True)
        if column and year is not None
    ]
    return max(told, default=None)


def dated_column(block: Block, column: str, year: int | None, latest: int | None) -> str:
    """The column that a heading with a year means; none if the form has no such year."""
    if not column or year is None or latest is None or year + (column in block.prior.values()) == latest:
        return column
    return block.prior.get(column, "") if year == latest - 1 else ""
