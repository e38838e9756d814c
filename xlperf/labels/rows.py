"""Rows below a header: what each says, by the labels in the row and the headings above."""

from __future__ import annotations

from dataclasses import dataclass, field

from xlperf.form.template import PROJECTS, row_key
from xlperf.labels.blocks import Cell
from xlperf.labels.columns import MONEY
from xlperf.labels.indicators import read_indicator
from xlperf.labels.lines import said_in
from xlperf.labels.money import read_funds
from xlperf.labels.reading import Passage
from xlperf.labels.scan import Header, Scan
from xlperf.labels.spelling import fold, pieces, plain
from xlperf.labels.stated import Value, one_line, stated_value

_TOGETHER = "标题与下一行写在同一处，数字归入后者"
_TALL = "合并的单元格跨几行，归入第一行"


@dataclass(slots=True)
class Below:
    """Where the reading stands below a header."""

    header: Header
    row: str = ""  # the last row of the form that was recognised
    special: bool = False  # below 专项资金 each row that is not the form's own is one of these
    sides: bool = False  # below 按收入性质分
    done: bool = False  # has had its only row of values
    levels: dict[str, Cell] = field(default_factory=dict)


def read_row(scan: Scan, row: int, below: Below) -> None:
    """Read a row of the table whose header stands above."""
    if below.header.block.is_of_indicators:
        read_indicator(scan, row, below.header, below.levels)
    elif below.sides or _begins_sides(scan, row, below):
        _sides(scan, row, below.header)
    elif below.header.block.words == MONEY:
        read_funds(scan, row, below.header)
    elif below.header.block.table:
        _listed(scan, row, below.header)
    elif below.header.block.rows:
        _labelled(scan, row, below)
    else:
        _values(scan, row, below)


def values_beside(scan: Scan, row: int, header: Header) -> bool:
    """Do the values stand right of the headings, in their row? Then they are read."""
    if header.block.rows or header.block.table:
        return False
    found = []
    for head in header.known.values():
        right = next((cell for cell in scan.filled(row) if cell.col > head.cell.col), None)
        if right is None or right in (other.cell for other in header.known.values()):
            return False
        found.append((head, right))
    for head, cell in found:
        scan.take(head.column, cell, head.unit)
    return True


def _listed(scan: Scan, row: int, header: Header) -> None:
    """A row of a table such as 实施内容, 开始时间, 完成时间."""
    table = scan.template.table(header.block.table)
    placed = scan.placed(row, header)
    if table is None or all(scan.is_placeholder(cell) for cell in scan.filled(row)):
        scan.use(*scan.filled(row))
    elif table.row_label not in {head.column for head, _ in placed}:
        scan.reasons[row] = "这一行没有名称"
    else:
        index = scan.counts[table.key]
        scan.counts[table.key] += 1
        for head, cell in placed:
            scan.take(row_key(table.key, index, head.column), cell, head.unit or header.unit, head=head)
        for head in header.known.values():
            scan.blanks(row, head, row_key(table.key, index, head.column))


def _values(scan: Scan, row: int, below: Below) -> None:
    """The only row of a table such as 编制数, 实际在职人数, 控制率."""
    placed = scan.placed(row, below.header)
    if below.done and placed:
        scan.reasons[row] = "这张表只能填一行，没有认出这一行"
        return
    below.done = below.done or bool(placed)
    for head, cell in placed:
        scan.take(head.column, cell, head.unit or below.header.unit)
    for head in below.header.known.values() if placed else ():
        scan.blanks(row, head, head.column)


def _labelled(scan: Scan, row: int, below: Below) -> None:
    """A row with a label of its own, such as 三公经费, 人员经费 or 年度资金总额."""
    block, header = below.header.block, below.header
    named = [cell for cell in scan.filled(row) if _may_name(scan, cell, header)]
    if all(scan.is_placeholder(cell) for cell in scan.filled(row)):
        scan.use(*scan.filled(row))
    elif not named:
        scan.reasons[row] = "这一行没有名称"
    elif scan.label(named[-1]).name in block.special:
        below.special, below.row = True, ""
        scan.use(*named)
        scan.reasons[row] = "专项资金的标题行没有格子，请把每个专项写成一行"
    else:
        _row(scan, row, named, below)


def _row(scan: Scan, row: int, named: list[Cell], below: Below) -> None:
    meaning, note = _meaning(scan, named, below)
    unit = scan.label(named[-1]).unit
    if not meaning and below.special:
        _special(scan, row, named[-1], below.header, unit)
    elif not meaning:
        scan.reasons[row] = f"没有认出“{one_line(named[-1].text)}”这一行"
    else:
        below.row, below.special = meaning, False
        scan.use(*named)
        header = below.header
        for head, cell in scan.placed(row, header):
            notes = (note, _TALL if cell.rows > max(each.rows for each in named) else "")
            key, of_money = header.block.key(meaning, head.column), head.unit or unit or header.unit
            scan.take(key, cell, of_money, note="；".join(filter(None, notes)))
        for head in header.known.values():
            scan.blanks(row, head, header.block.key(meaning, head.column))


def _may_name(scan: Scan, cell: Cell, header: Header) -> bool:
    """Does a cell stand where labels stand: below no heading, or below one that is no column of figures?"""
    return all(not head.column and scan.label(head.cell).name in scan.known.name_heads for head in header.over(cell))


def _meaning(scan: Scan, named: list[Cell], below: Below) -> tuple[str, str]:
    """The row of the form that a row is, and what is odd about its label."""
    last = named[-1]
    if found := _row_of(scan.label(last).name, below):
        is_shared = any(cell.rows == 1 and _row_of(scan.label(cell).name, below) for cell in named[:-1])
        return found, _TOGETHER if is_shared else ""
    if scan.label(last).name in scan.known.totals:  # 公用经费 | 小计
        beside = [cell for cell in (*scan.tall.get(last.row, ()), *named) if cell.col < last.col]
        rows = [_row_of(scan.label(cell).name, below) for cell in sorted(beside, key=lambda cell: -cell.col)]
        return next((row for row in rows if row), ""), ""
    parts = [_row_of(scan.known.label(piece).name, below) for piece in pieces(last.text)]
    if len(parts) == 2 and all(parts):
        return parts[1], _TOGETHER
    whole = scan.known.label("".join(plain(cell.text) for cell in named)).name
    return below.header.block.rows.get(whole, ""), ""


def _row_of(name: str, below: Below) -> str:
    block = below.header.block
    for (above, word), row in block.under.items():
        if word == name and (below.row == above or below.row.startswith(f"{above}_")):
            return row
    return block.rows.get(name, "")


def _special(scan: Scan, row: int, name: Cell, header: Header, unit: str) -> None:
    """One project of 专项资金."""
    table = scan.template.roles[PROJECTS]
    index = scan.counts[table]
    scan.counts[table] += 1
    scan.enter(row_key(table, index, scan.template.tables[table].row_label), name, Value(one_line(name.text)))
    for head, cell in scan.placed(row, header):
        scan.take(row_key(table, index, head.column), cell, head.unit or unit or header.unit)


def _begins_sides(scan: Scan, row: int, below: Below) -> bool:
    """按收入性质分 | 按支出性质分: from here on each cell speaks for itself."""
    if below.header.block.is_one_row:
        texts = [fold(cell.text) for cell in scan.filled(row)]
        below.sides = any(text.startswith(side) for text in texts for side in scan.known.sides)
    return below.sides


def _sides(scan: Scan, row: int, header: Header) -> None:
    words = {word: key for side in scan.known.sides.values() for word, key in side.items()}
    cells = scan.filled(row)
    said = {cell: said_in(cell.text, words, scan.known.sides) for cell in cells}
    for cell, right in zip(cells, [*cells[1:], None], strict=True):
        key = words.get(scan.label(cell).name)
        if key is not None and not any(value for _, value in said[cell]):
            scan.use(cell)
            is_value = right is not None and not said[right] and scan.label(right).name not in words
            if right is not None and is_value:
                _side(scan, key, right, right.text, header)
        elif said[cell] or fold(cell.text) in scan.known.sides:
            scan.use(cell)
        for word, value in said[cell]:
            _side(scan, words[word], cell, value, header)


def _side(scan: Scan, key: str, cell: Cell, text: str, header: Header) -> None:
    """One amount by source or by nature."""
    shown = text.strip().rstrip("；;，,。")
    spec = scan.template.field(key)
    value = stated_value(shown, spec, header.unit or scan.unit, scan.template)
    if value is None or not value.sure:
        scan.left.append(Passage(scan.place(cell), one_line(cell.text), f"没有认出其中“{spec.label}”的数"))
        scan.use(cell)
    elif value.text:
        scan.enter(key, cell, value)
