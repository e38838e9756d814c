"""The rows of the money block: the whole, which the form has, and where it comes from (其中：当年财政拨款)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from xlperf.form.template import FUNDING, row_key
from xlperf.labels.blocks import Cell
from xlperf.labels.columns import MONEY, columns_of
from xlperf.labels.grammar import is_figure, meaning, read_heading
from xlperf.labels.scan import Head, Header, Scan, figures_beside, headers_in, rows_below
from xlperf.labels.stated import Value, one_line
from xlperf.labels.words import NO_CELL
from xlperf.text import expression

_POINTS = frozenset(("execution_weight", "execution_rate", "execution_score"))
_LINE = expression(r"\s*(?:[①-⑳]|其\s*中)")
_TALL = "合并的单元格跨几行，归入第一行"
_IN_HEADING = "分值写在标题里"


def read_funds(scan: Scan, row: int, header: Header) -> None:
    """A row below 年初预算数, 全年预算数, 全年执行数."""
    cells = scan.filled(row)
    if all(scan.is_placeholder(cell) for cell in cells):
        scan.use(*cells)
        return
    named = _named(scan, row, header)
    if row == _whole(scan, header):
        _total(scan, row, named, header)
    elif kind_of(scan, named, header):
        _part(scan, row, named, header)
    else:
        scan.reasons[row] = f"没有认出“{one_line(named[-1].text)}”这一行" if named else "这一行没有名称"


def _named(scan: Scan, row: int, header: Header) -> list[Cell]:
    """The labels of a row: left of the figures, and no figure themselves."""
    first = min(head.cell.col for head in header.known.values())
    return [cell for cell in scan.filled(row) if cell.col < first and not is_figure(cell.text)]


def kind_of(scan: Scan, named: list[Cell], header: Header) -> str:
    """`total`, `fiscal_total`, `part`; "" of a label that is none of these."""
    for cell in reversed(named):
        if own := _spelled(scan, cell, header):
            return "part" if own == NO_CELL else own
        if found := meaning(cell.text, "rows", header.year):
            return found
    return ""


def _whole(scan: Scan, header: Header) -> int | None:
    """The row of the whole below a header: by its whole spelling, by its words, or because it is the only row."""
    rows = [row for row in rows_below(scan, header) if scan.placed(row, header)]
    named = {row: _named(scan, row, header) for row in rows}
    exact = [row for row in rows if any(_spelled(scan, cell, header) == "total" for cell in named[row])]
    if exact:
        return exact[0]
    for kind in ("total", "fiscal_total"):  # 财政资金小计 is the whole where no row is called the total
        found = [row for row in rows if kind_of(scan, named[row], header) == kind]
        if found:
            return found[0] if len(found) == 1 else None
    return rows[0] if len(rows) == 1 and not named[rows[0]] else None


def _spelled(scan: Scan, cell: Cell, header: Header) -> str:
    return header.block.rows.get(scan.label(cell).name, "")


def _total(scan: Scan, row: int, named: list[Cell], header: Header) -> None:
    scan.use(*named)
    tallest = max((cell.rows for cell in named), default=1)
    unit = scan.label(named[-1]).unit if named else ""
    for head, cell in scan.placed(row, header):
        note = _TALL if named and cell.rows > tallest else ""
        scan.take(head.column, cell, head.unit or unit or header.unit, note=note, head=head)
    for head in header.known.values():
        scan.blanks(row, head, head.column)
    _sources_beside(scan, row, header)
    if "execution_weight" not in header.known and scan.template.has("execution_weight"):
        heads = sorted(header.heads, key=lambda head: head.column != "execution_score")
        told = next((head for head in heads if read_heading(head.cell.text).points), None)
        if told is not None:
            points = read_heading(told.cell.text).points
            scan.enter("execution_weight", told.cell, Value(points), _IN_HEADING)


def _sources_beside(scan: Scan, row: int, header: Header) -> None:
    """中央 | 省、地 | 本级 | 合计 | 执行数: the sources stand beside the whole, in columns, each with its budget."""
    table = scan.template.table(FUNDING)
    if table is None or "annual_budget" not in header.known:
        return
    for head in header.heads:
        cell = next((each for each in scan.filled(row) if head.is_above(each) and is_figure(each.text)), None)
        if head.aside == "source" and cell is not None and header.over(cell) == [head]:
            index = scan.counts[table.key]
            scan.counts[table.key] += 1
            scan.enter(row_key(table.key, index, table.row_label), head.cell, Value(one_line(head.cell.text)))
            scan.take(row_key(table.key, index, "annual_budget"), cell, head.unit or header.unit, head=head)


def _part(scan: Scan, row: int, named: list[Cell], header: Header) -> None:
    """Listed where the form has no cells for it; points repeated from the row above say nothing."""
    placed: list[tuple[Head, Cell]] = scan.placed(row, header)
    table = scan.template.table(FUNDING)
    has_money = any(head.column not in _POINTS for head, _ in placed)
    if not has_money and (table is None or not scan.keeps_blanks):
        scan.use(*named, *(cell for _, cell in placed))
        return
    if table is None:
        scan.leave(scan.filled(row), f"“{one_line(named[-1].text)}”在工作簿里没有格子")
        return
    if _is_line_of_subtotal(scan, row, header):
        scan.leave(scan.filled(row), f"“{one_line(named[-1].text)}”是小计里的一项，小计已读入")
        return
    index = scan.counts[table.key]
    scan.counts[table.key] += 1
    unit = scan.label(named[-1]).unit
    scan.use(*named)
    scan.enter(row_key(table.key, index, table.row_label), named[-1], Value(one_line(named[-1].text)))
    for head, cell in placed:
        if head.column in table.columns:
            scan.take(row_key(table.key, index, head.column), cell, head.unit or unit or header.unit, head=head)
    for head in header.known.values():
        if head.column in table.columns:
            scan.blanks(row, head, row_key(table.key, index, head.column))


def _is_line_of_subtotal(scan: Scan, row: int, header: Header) -> bool:
    """①中央、省级财政资金 below 财政资金小计: numbered or 其中, and the row it belongs to is a subtotal."""
    above = [other for other in rows_below(scan, header) if other < row]
    named = {other: _named(scan, other, header) for other in (*above, row)}
    if not named[row] or not _LINE.match(named[row][-1].text):
        return False
    owner = next((other for other in reversed(above) if named[other] and not _LINE.match(named[other][-1].text)), None)
    return owner is not None and "小计" in named[owner][-1].text


def money_beside(scan: Scan) -> Mapping[tuple[int, int], str]:
    """By the place of a label, the cell of the form whose figure stands right of it: 预算执行数（元） | 900000.

    Only where no row of headings names the columns of the money, and at least two such pairs say what was spent.
    """
    if scan.pairs is None:
        scan.pairs = _pairs(scan) if scan.keeps_blanks else {}
    return scan.pairs


def _pairs(scan: Scan) -> dict[tuple[int, int], str]:
    block = next((block for block in scan.known.blocks.values() if block.words == MONEY), None)
    if block is None or any(header.block is block for header in headers_in(scan).values()):
        return {}
    first = min(headers_in(scan), default=None)  # below it 预算执行率 | 100% is an indicator
    rows = [row for row in scan.rows if first is None or row < first]
    labels = [(cell, None) for row in rows for cell in figures_beside(scan.filled(row))]
    named = [each for each in columns_of(block, scan.known, labels, None) if each.column in block.columns.values()]
    counts = Counter(each.column for each in named)
    if len(counts) < 2 or not {"annual_spent", "execution_rate"} & counts.keys():
        return {}
    labels_of = {each.cell for each in named}
    for row in {cell.row for cell in labels_of}:
        head = scan.filled(row)[0]
        if head not in labels_of and (meaning(head.text, "rows") == "total" or meaning(head.text, "money")):
            scan.use(head)  # 年度资金总额 | 预算金额 | 100
    return {(each.cell.row, each.cell.col): each.column for each in named if counts[each.column] == 1}
