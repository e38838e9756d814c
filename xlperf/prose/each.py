"""分别: several figures in a row, dealt out to the items or columns before it, one to each."""

from __future__ import annotations

from collections.abc import Sequence

from xlperf.prose.clauses import (
    EITHER,
    OF_THIS_YEAR,
    Clause,
    Line,
    Statement,
    column_of,
    implied_column,
    is_part,
    quoted,
)
from xlperf.prose.lexicon import FIGURE, Word, amount

_BETWEEN = ("&", ",")
_Cell = tuple[str, str, str]  # item, column, of


def dealt_out(line: Line, spoken: Sequence[Word], at: int, text: str) -> tuple[list[Statement], int]:
    """The statements that 分别 makes, and the number of the word behind them; none where the numbers do not agree."""
    first = next((place for place in range(at, len(spoken)) if spoken[place].kind in (FIGURE, ".", ",")), len(spoken))
    figures = [spoken[first]] if spoken[first:] and spoken[first].kind == FIGURE else []
    end = first + 1
    while figures and end + 1 < len(spoken) and spoken[end].kind in _BETWEEN and spoken[end + 1].kind == FIGURE:
        figures.append(spoken[end + 1])
        end += 2
    rates = {figure.meaning.endswith("%") for figure in figures}
    cells = _cells(line, spoken[at:first], rates == {True}) if len(rates) == 1 else []
    if not figures or len(cells) != len(figures):
        line.sentence.stopped, line.whole = True, None
        return [], at + 1
    sign = -1 if spoken[first - 1].kind == "-" else 1
    found = []
    for (stem, column, of), figure in zip(cells, figures, strict=True):
        value, places = amount(figure.meaning)
        quote = quoted(line, figure, text)
        scope = line.sentence.scope
        found.append(Statement(stem, column, sign * value, places, figure.start, figure.end, quote, of, scope))
    _leave(line, cells)
    return found, end


def _cells(line: Line, behind: Sequence[Word], are_rates: bool) -> list[_Cell]:
    """What each figure is, by the words before 分别 and those between it and the figures."""
    clause, sentence, patterns = line.clause, line.sentence, line.words.patterns
    kinds = clause.kinds + "".join("C" if word.kind == "D" else word.kind for word in behind)
    columns = [
        *clause.columns,
        *("current" if word.kind == "D" else word.meaning for word in behind if word.kind in "CD"),
    ]
    items = list(clause.items) or list(sentence.shared)
    if "P" in kinds and not all(is_part(line, item) for item in items):
        return []
    if patterns.each_level.fullmatch(kinds) and not are_rates:
        column = column_of(Clause(0, columns=columns))
        meant = column or (implied_column(line) if column is not None else None)
        return [] if meant in (None, EITHER) else [(item, meant or "", "") for item in items]
    if patterns.each_column.fullmatch(kinds) and not are_rates:
        return [(items[0], column, "") for column in columns]
    if patterns.each_change.fullmatch(kinds) and set(columns) | {sentence.column} <= OF_THIS_YEAR:
        compared = clause.compared or next((word.meaning for word in behind if word.kind == "V"), sentence.compared)
        return [(item, "growth_rate" if are_rates else "change", compared) for item in items if compared]
    if patterns.each_share.fullmatch(kinds) and are_rates and set(columns) <= OF_THIS_YEAR:
        whole = next(word.meaning for word in reversed(behind) if word.kind == "I")
        return [(item, "share", whole) for item in items]
    return []


def _leave(line: Line, cells: Sequence[_Cell]) -> None:
    """After several figures no single item is spoken of."""
    sentence = line.sentence
    level = next((column for _, column, of in cells if not of), sentence.column)
    if not sentence.scope and not cells[0][2]:
        line.columns.update(column for _, column, _ in cells)
    sentence.shared = tuple(dict.fromkeys(item for item, _, _ in cells))
    sentence.item, sentence.column, sentence.compared = "", level, ""
    sentence.figured = sentence.several = True
    line.whole = None
    line.clause = Clause(line.clause.start, after_figure=True)
