"""The rows of 绩效指标 and the row 总分 below them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from xlperf.amounts import parse_number
from xlperf.form.template import INDICATORS, Table, row_key
from xlperf.labels.blocks import Cell
from xlperf.labels.scan import Head, Header, Scan
from xlperf.labels.spelling import plain
from xlperf.labels.stated import Value, lines_of, one_line

_NUMBER = re.compile(r"(?<!\s)\s*+指标\s*+[0-9０-９]{1,2}\s*+[:：、.．]\s*+(?=\S)")
_SHARED = "合并的单元格，下面的行与它共用这一格；工作簿里只填在第一行"
_NAME_SHARED = "名称写在合并的单元格里，几行共用"


def read_indicator(scan: Scan, row: int, header: Header, levels: dict[str, Cell]) -> None:
    """A row of an indicator; `levels` are the cells that name the levels it stands below."""
    if _is_ragged(scan, row, header):
        scan.reasons[row] = "这一行的格数与表头不同，不知道各格属于哪一列"
        return
    spec = scan.template.tables[scan.template.roles[INDICATORS]]
    cells = {head.column: cell for head, cell in scan.placed(row, header)}
    _go_down(scan, spec, cells, levels)
    own = {column: cell for column, cell in cells.items() if column not in spec.fill_down}
    if all(scan.is_placeholder(cell) for cell in own.values()):
        scan.use(*cells.values())
        return
    names = [cells[column] for column in (*spec.fill_down, spec.row_label) if column in cells]
    if any(scan.label(cell).name in scan.known.totals for cell in names):
        scan.reasons[row] = "小计由各指标算出，没有格子"
        return
    index = scan.counts[spec.key]
    scan.counts[spec.key] += 1
    for column, cell in levels.items():
        scan.enter(row_key(spec.key, index, column), cell, Value(one_line(cell.text)))
    _name(scan, spec, row, index, own, header)
    for column, cell in own.items():
        if column != spec.row_label:
            is_shared = cell.rows > 1 and spec.columns[column].type == "score"
            scan.take(row_key(spec.key, index, column), cell, note=_SHARED if is_shared else "")


def read_total(scan: Scan, row: int, header: Header) -> None:
    """总分: the points below their headings; in their order, where a flattened table has lost the label's columns."""
    columns = scan.known.total_columns
    heads = [head for head in header.known.values() if head.column in columns]
    label, *cells = scan.filled(row)
    placed = [(head, cell) for head, cell in scan.placed(row, header) if head in heads]
    if not placed or any(not header.over(cell) for cell in cells):
        figures = [cell for cell in cells if parse_number(cell.text) is not None]
        if len(figures) != len(heads) or len(figures) != len(cells):
            scan.reasons[row] = "没有认出哪个是分值、哪个是得分"
            return
        placed = list(zip(sorted(heads, key=lambda head: head.cell.col), figures, strict=True))
    scan.use(label)
    for head, cell in placed:
        scan.take(columns[head.column], cell)


def _go_down(scan: Scan, spec: Table, cells: Mapping[str, Cell], levels: dict[str, Cell]) -> None:
    """A level named once counts for the rows below it, merged or not."""
    columns = spec.fill_down
    for depth, column in enumerate(columns):
        cell = cells.get(column)
        if cell is not None and not scan.is_placeholder(cell):
            scan.use(cell)
            is_new = column not in levels or plain(levels[column].text) != plain(cell.text)
            levels[column] = cell
            for deeper in columns[depth + 1 :] if is_new else ():
                levels.pop(deeper, None)


def _name(scan: Scan, spec: Table, row: int, index: int, own: Mapping[str, Cell], header: Header) -> None:
    column = spec.row_label
    head: Head = header.known[column]
    cell = own.get(column)
    above = scan.reaching(row, head) if cell is None else None
    name = cell or above
    if name is not None:
        text = _NUMBER.sub("", "\n".join(lines_of(name.text)), count=1)
        scan.enter(row_key(spec.key, index, column), name, Value(text), _NAME_SHARED if above else "")


def _is_ragged(scan: Scan, row: int, header: Header) -> bool:
    """Has a flattened table lost cells here? Only where blank cells are told can that be seen."""
    wide = max(head.cell.col + head.cell.cols for head in header.heads)
    return scan.tells_blanks and all(cell.col + cell.cols < wide for cell in scan.lines[row])
