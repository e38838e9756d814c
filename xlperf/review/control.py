"""The control totals that units are held against: a table of units and amounts, in a workbook or as CSV."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from xlperf.amounts import parse_number, to_decimal
from xlperf.errors import XlperfError
from xlperf.labels.spelling import fold, plain

COLUMNS = {"opening": "年初预算数", "annual": "全年预算数", "spent": "全年执行数"}
"""The columns of a unit in the store, and how they are headed."""
_SPELLINGS = {
    "opening": ("年初预算数", "年初预算"),
    "annual": ("全年预算数", "全年预算", "调整预算数", "预算数"),
    "spent": ("全年执行数", "全年执行", "执行数", "决算数", "支出数"),
}
_UNIT = re.compile(r"^(?:预算|部门)?(?:单位|部门)(?:名称)?$")
_TOTAL = re.compile(r"^(?:合计|总计|小计|总额|控制数)$")
_IN_YUAN = re.compile(r"(?<!万)元[)）]?$")
_NO_HEADING = (
    "{}：没有认出控制数的表。要有一行栏目：单位名称，和 年初预算数、全年预算数、全年执行数 中的至少一栏（万元）。"
)
_NO_READING = "{}：控制数文件读不出来（{}）。请用 .xlsx，或 UTF-8、GBK 编码的 .csv。"
_MOST_ROWS = 200_000


class Control(NamedTuple):
    """Amounts in 万元 by unit, and of all together, by the column that they are of."""

    units: dict[str, tuple[str, dict[str, Decimal]]]  # by the folded name: as it is written, amounts
    total: dict[str, Decimal]


def read_control(path: Path) -> Control:
    """Raises `XlperfError` where no such table is found."""
    rows = _rows(path)
    columns: dict[str, int] = {}
    unit = -1
    shift = 0
    units: dict[str, tuple[str, dict[str, Decimal]]] = {}
    total: dict[str, Decimal] = {}
    for row in rows:
        if not columns:
            unit, columns, shift = _heading(row)
            continue
        name = " ".join(str(row[unit] or "").split()) if unit < len(row) else ""
        amounts = {key: found for key, place in columns.items() if (found := _amount(row, place, shift)) is not None}
        if not name or not amounts:
            continue
        if _TOTAL.match(plain(name)):
            total = amounts
        else:
            units[fold(plain(name))] = name, amounts
    if not columns or not (units or total):
        raise XlperfError(_NO_HEADING.format(path))
    return Control(units, total)


def _heading(row: Sequence[Any]) -> tuple[int, dict[str, int], int]:
    """Which column is the units', which ones hold amounts, and by how many digits these are to be moved."""
    texts = [plain(str(cell or "")) for cell in row]
    bare = [re.sub(r"[(（].*?[)）]", "", text) for text in texts]
    unit = next((place for place, text in enumerate(bare) if _UNIT.match(text)), -1)
    columns = {}
    for key, spellings in _SPELLINGS.items():
        place = next((bare.index(each) for each in spellings if each in bare), None)
        if place is not None:
            columns[key] = place
    if unit < 0 or not columns:
        return -1, {}, 0
    in_yuan = any(_IN_YUAN.search(texts[place]) for place in columns.values())
    return unit, columns, -4 if in_yuan else 0


def _amount(row: Sequence[Any], place: int, shift: int) -> Decimal | None:
    raw = row[place] if place < len(row) else None
    if isinstance(raw, int | float | Decimal) and not isinstance(raw, bool):
        return to_decimal(raw).scaleb(shift)
    parsed = parse_number(str(raw)) if raw not in (None, "") else None
    return None if parsed is None else parsed.value.scaleb(shift)


def _rows(path: Path) -> Iterator[Sequence[Any]]:
    try:
        if path.suffix.lower() == ".csv":
            yield from _of_csv(path)
        else:
            import openpyxl

            book = openpyxl.load_workbook(path, read_only=True, data_only=True)
            for sheet in book.worksheets[:1]:
                yield from sheet.iter_rows(values_only=True, max_row=_MOST_ROWS)
            book.close()
    except XlperfError:
        raise
    except Exception as error:  # of a library, about a file of anybody's
        raise XlperfError(_NO_READING.format(path, error)) from error


def _of_csv(path: Path) -> Iterator[Sequence[Any]]:
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("gbk")
    yield from csv.reader(text.splitlines())
