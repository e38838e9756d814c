"""审核佐证清单: which full scores a reviewer will want to see evidence of, for the unit to get ready."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from xlperf.derive.target_columns import joined
from xlperf.form.record import Record, Stated
from xlperf.form.template import INDICATORS
from xlperf.form.written import templates_folder
from xlperf.package import Ref
from xlperf.workbook.listing import (
    PLACE,
    Column,
    Line,
    Listing,
    ListingBook,
    NamedBook,
    clear_list,
    has_list,
    renew_list,
)

EVIDENCE_SHEET = "审核佐证清单"
EVIDENCE = Listing(
    EVIDENCE_SHEET,
    (
        Column("序号", 6),
        Column(PLACE, 16),
        Column("得满分的指标", 28),
        Column("指标值", 16),
        Column("完成值", 16),
        Column("得分", 8),
        Column("需要的材料", 44),
        Column("备齐的填“是”", 12),
    ),
    above=("下列指标得了满分，审核时要看得到依据。请逐项备齐材料，在最后一栏填“是”；再次审核时填过的保留。",),
    cleared="佐证材料的清单已去掉，本表可以删除。",
)
_NAME, _READY = EVIDENCE.column("得满分的指标"), EVIDENCE.column("备齐的填“是”")


class _Row(NamedTuple):
    """An indicator with all its points."""

    name: Stated
    target: Stated
    actual: Stated
    score: Stated
    wants: str


def write_evidence(book: NamedBook, records: Sequence[Record]) -> None:
    """List what the forms of a workbook want evidence of, and keep what the user wrote beside an indicator before.

    Raises `WorkbookError` where somebody has a sheet of that name.
    """
    ready = _ready_in(book)
    found = [row for record in records for row in _full_scores(record)]
    rows: list[Line] = [
        (
            *(Decimal(number), row.score.at, row.name.text, row.target.text, row.actual.text, row.score.shown),
            *(row.wants, ready.get(row.name.text)),
        )
        for number, row in enumerate(found, 1)
    ]
    renew_list(book, EVIDENCE, rows, [row.score.at for row in found])


def clear_evidence(book: ListingBook) -> None:
    """Take the list away."""
    clear_list(book, EVIDENCE)


def _ready_in(book: ListingBook) -> dict[str, str]:
    """By the name of an indicator, what the user wrote beside it."""
    cells = book.cells(EVIDENCE_SHEET) if has_list(book, EVIDENCE) else {}
    written = {ref.row: cell.text for ref, cell in cells.items() if ref.col == _READY and ref.row > EVIDENCE.head}
    return {cells[Ref(row, _NAME)].text: text for row, text in written.items() if Ref(row, _NAME) in cells}


def _full_scores(record: Record) -> Iterator[_Row]:
    judged = joined(record)
    for row in record.rows_of(INDICATORS):
        name, target, actual, weight, score, level1, level2 = (
            judged.get(f"{row}{column}") or record.cell(f"{row}{column}")
            for column in ("level3", "target", "actual", "weight", "score", "level1", "level2")
        )
        if weight.is_number and score.is_number and score.value == weight.value > 0:
            yield _Row(name, target, actual, score, _wanted(level2.text, level1.text))


def _wanted(*levels: str) -> str:
    """By the narrower level first."""
    kinds = _kinds()
    for level in levels:
        for words, wants in kinds:
            if any(word in level for word in words):
                return wants
    return kinds[-1][1]


@cache
def _kinds() -> tuple[tuple[tuple[str, ...], str], ...]:
    data = tomllib.loads((templates_folder() / "evidence.toml").read_text("utf-8"))
    return tuple((tuple(each["words"]), each["wants"]) for each in data["evidence"])
