"""The points summed by level: two lists side by side, each label with its 分值 and 得分 to the right."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from xlperf.form.forms import load_template
from xlperf.form.template import LEVELS
from xlperf.labels.scan import Head, Scan
from xlperf.labels.spelling import fold

_COLUMNS = ("weight", "score")


def begins_levels(scan: Scan, row: int) -> bool:
    """Is this row the heading of the two lists? Then it is kept for the rows below."""
    words = _words(scan.template.id, "columns")
    heads = [Head(words.get(fold(cell.text), ""), cell) for cell in scan.filled(row)]
    columns = [head.column for head in heads if head.column]
    if columns != [*_COLUMNS, *_COLUMNS]:
        return False
    scan.levels = tuple(head for head in heads if head.column)
    scan.use(*scan.filled(row))
    return True


def read_levels(scan: Scan, row: int) -> bool:
    """The points in a row of the lists; the lists are over where a row names no level."""
    words = _words(scan.template.id, "rows")
    named = [cell for cell in scan.filled(row) if scan.label(cell).name in words]
    if not named:
        scan.levels = ()
        return False
    scan.use(*named)
    for head in scan.levels:
        cell = next((each for each in scan.filled(row) if head.is_above(each) and each not in named), None)
        label = max((each for each in named if each.col < head.cell.col), key=lambda each: each.col, default=None)
        if cell is not None and label is not None:
            scan.take(f"{words[scan.label(label).name]}_{head.column}", cell)
    return True


@cache
def _words(template_id: str, which: str) -> Mapping[str, str]:
    """Label -> row or column of the series."""
    template = load_template(template_id)
    rows, columns = template.series_of(LEVELS)
    if not rows:
        return {}
    if which == "rows":
        return {fold(template.fields[f"{row}_{columns[0]}"].row_label): row for row in rows}
    return {
        fold(template.fields[f"{rows[0]}_{column}"].label.partition("（")[2].rstrip("）")): column for column in columns
    }
