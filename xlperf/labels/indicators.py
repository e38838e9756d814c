"""The rows of 绩效指标 and the row 总分 below them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from xlperf.amounts import parse_number
from xlperf.derive.target_columns import SIGN, UNIT, joined_target
from xlperf.form.template import Table, row_key
from xlperf.labels.blocks import Cell
from xlperf.labels.columns import PIECES
from xlperf.labels.grammar import is_figure, meaning, read_heading
from xlperf.labels.reading import Entry
from xlperf.labels.scan import Head, Header, Scan
from xlperf.labels.spelling import plain
from xlperf.labels.stated import Value, lines_of, one_line, points_and_grade

_NUMBER = re.compile(r"(?<!\s)\s*+指标\s*+[0-9０-９]{1,2}\s*+[:：、.．]\s*+(?=\S)")
_POINTS = {"weight", "score"}
_ONE_OF_WHICH = "其中的一项没有分值和得分，不是单独的指标"
_SHARED = "合并的单元格，下面的行与它共用这一格；工作簿里只填在第一行"
_NAME_SHARED = "名称写在合并的单元格里，几行共用"


def is_total(scan: Scan, row: int, header: Header) -> bool:
    """Is this the row of 总分? Not an indicator whose name says 合计 and that has a target and a result."""
    first = scan.filled(row)[0]
    if first.col >= _values_from(header) or any(cell.col < first.col for cell in _levels_above(scan, row, header)):
        return False
    if scan.label(first).name not in scan.known.total_rows and meaning(first.text, "tail") != "total":
        return False
    return not (_has_texts(scan, row, first, header) and _is_aligned(scan, row, header))


def is_indicator(scan: Scan, row: int, header: Header) -> bool:
    """Has the row the shape of its columns? 其他需要说明事项 | 无 has a label and a value across them."""
    cells = scan.filled(row)
    first = cells[0]
    name = header.known["level3"]
    values = [head for head in header.known.values() if head.cell.col > name.cell.col]
    if any(name.is_above(cell) and any(head.is_above(cell) for head in values) for cell in cells):
        return False
    has_texts = _has_texts(scan, row, first, header)
    if not _is_aligned(scan, row, header) and (len(cells) == 1 or meaning(first.text, "tail")):
        return False
    is_beside = first.col <= name.cell.col and not has_texts and bool(meaning(first.text, "field"))
    return not (is_beside and scan.label(first).name in scan.known.fields)


def _levels_above(scan: Scan, row: int, header: Header) -> list[Cell]:
    """Merged cells that name the level of the row: what stands beside them is no total of all."""
    levels = [head for column, head in header.known.items() if column.startswith("level")]
    return [cell for cell in scan.tall.get(row, ()) if any(head.is_above(cell) for head in levels)]


def _values_from(header: Header) -> int:
    name = header.known["level3"].cell
    columns = (head.cell.col for column, head in header.known.items() if not column.startswith("level"))
    return min((col for col in columns if col > name.col), default=name.col + name.cols)


def _has_texts(scan: Scan, row: int, first: Cell, header: Header) -> bool:
    return any(
        head.column in ("target", "actual") and cell != first and not scan.is_placeholder(cell)
        for head, cell in scan.placed(row, header)
    )


def _is_aligned(scan: Scan, row: int, header: Header) -> bool:
    """Does no cell right of the names reach over two columns?"""
    name = header.known["level3"].cell
    return all(
        sum(bool(head.column) for head in header.over(cell)) < 2 for cell in scan.filled(row) if cell.col >= name.col
    )


def read_indicator(scan: Scan, row: int, header: Header, levels: dict[str, Cell]) -> None:
    """A row of an indicator; `levels` are the cells that name the levels it stands below."""
    if _is_ragged(scan, row, header):
        scan.reasons[row] = "这一行的格数与表头不同，不知道各格属于哪一列"
        return
    spec = scan.template.tables[scan.template.roles[header.block.table]]
    cells = {head.column: cell for head, cell in scan.placed(row, header)}
    asides = _asides(scan, row, header)
    _go_down(scan, spec, cells, levels)
    own = {column: cell for column, cell in cells.items() if column not in spec.fill_down}
    if _is_breakdown(scan, row, spec, cells, header):
        scan.reasons[row] = _ONE_OF_WHICH
        return
    if all(scan.is_placeholder(cell) for cell in (*own.values(), *asides.values())):
        scan.use(*cells.values(), *asides.values())
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
    _target(scan, row_key(spec.key, index, "target"), own.pop("target", None), asides, header)
    for column, cell in own.items():
        if column != spec.row_label:
            is_shared = cell.rows > 1 and spec.columns[column].type == "score"
            note = _SHARED if is_shared else ""
            unit = (
                _percent(asides) if column == "actual" and is_figure(cell.text) and "%" not in plain(cell.text) else ""
            )
            scan.take(row_key(spec.key, index, column), cell, note=note, head=header.known[column], beside=unit)
    for column, head in header.known.items():
        if column in spec.columns and column not in spec.fill_down:
            scan.blanks(row, head, row_key(spec.key, index, column))
    for column in spec.columns.keys() - header.known.keys() - asides.keys() if scan.keeps_blanks else ():
        scan.entries.append(Entry(row_key(spec.key, index, column), "", "", absent=True))
    if "coefficient" in asides and "coefficient" in spec.columns:
        head = next(head for head in header.heads if head.aside == "coefficient")
        scan.take(row_key(spec.key, index, "coefficient"), asides["coefficient"], head.unit, head=head)


def _is_breakdown(scan: Scan, row: int, spec: Table, cells: Mapping[str, Cell], header: Header) -> bool:
    """其中：村道, where other rows have points and this one has none; and 县道 below it, under no level of its own."""
    name = cells.get(spec.row_label)
    if name is None or not _POINTS & header.known.keys() or _POINTS & cells.keys():
        return False
    goes_on = scan.reasons.get(row - 1) == _ONE_OF_WHICH and cells.keys().isdisjoint(spec.fill_down)
    return goes_on or read_heading(name.text).of_which


def _asides(scan: Scan, row: int, header: Header) -> dict[str, Cell]:
    """What stands below headings that are no columns of their own; serial numbers say nothing."""
    scan.use(*(cell for cell in scan.filled(row) if any(head.aside == "serial" for head in header.over(cell))))
    own = (*PIECES, "coefficient")
    pairs = [(head, cell) for cell in scan.filled(row) for head in header.over(cell) if head.aside in own]
    alone = Counter(cell for _, cell in pairs)
    return {head.aside: cell for head, cell in pairs if alone[cell] == 1}


def _percent(pieces: Mapping[str, Cell]) -> str:
    """% where the row's unit is that: a result of 92 is 92%."""
    return "%" if "unit" in pieces and plain(pieces["unit"].text) in ("%", "百分比", "百分点") else ""


def _target(scan: Scan, key: str, value: Cell | None, pieces: Mapping[str, Cell], header: Header) -> None:
    """The target with its sign and its unit: no sign, unit or % may vanish. Where none was adjusted the opening one."""
    opening = pieces.get("target_opening")
    if value is None or scan.is_placeholder(value):
        value, opening = opening, None
    if value is None:
        return
    heads = [head for head in header.over(value) if head.unit]
    stem, columns = key.removesuffix("target"), scan.template.tables[key.partition("[")[0]].columns
    apart = {name: pieces[name] for name in (SIGN, UNIT) if name in pieces and name in columns}
    for name, cell in apart.items():  # the form has these columns too
        scan.take(f"{stem}{name}", cell)
    sign, unit = (one_line(pieces[name].text) if name in pieces and name not in apart else "" for name in (SIGN, UNIT))
    text = one_line(value.text)
    if not unit and UNIT not in apart and len(heads) == 1 and is_figure(text) and "%" not in text:
        unit = heads[0].unit
    told = joined_target(text, sign, unit, scan.template.not_applicable)
    noted = (("指标性质", told.sign), ("度量单位", told.unit))
    note = "；".join(f"{name}：{each}" for name, each in noted if each)
    scan.enter(key, value, Value(told.text, note=note), head=header.known.get("target"))
    scan.use(*(pieces[name] for name in (SIGN, UNIT) if name in pieces))
    if opening is not None:
        scan.leave([opening], "年初指标值，已按调整后的指标值填入")


def read_total(scan: Scan, row: int, header: Header) -> None:
    """总分: the points below their headings; in their order, where a flattened table has lost the label's columns."""
    columns = scan.known.total_columns
    heads = [head for head in header.known.values() if head.column in columns]
    label, *cells = scan.filled(row)
    told = {cell: found for cell in cells if (found := points_and_grade(cell.text))}
    placed = [(head, cell) for head, cell in scan.placed(row, header) if head in heads]
    taken = [each for pair in placed for each in pair]
    figures = [cell for cell in cells if cell in told or parse_number(cell.text) is not None]
    for cell in (cell for cell in figures if cell not in taken):  # 97（优） reaches over 得分 and 备注
        above = [head for head in header.over(cell) if head in heads and head not in taken]
        placed += [(head, cell) for head in above if len(above) == 1]
    if cells and (not placed or any(not header.over(cell) for cell in cells)):
        if len(figures) == 1 and len(figures) == len(cells):
            heads = [head for head in heads if head.column == "score"]
        if len(figures) != len(heads) or len(figures) != len(cells):
            scan.reasons[row] = "没有认出哪个是分值、哪个是得分"
            return
        placed = list(zip(sorted(heads, key=lambda head: head.cell.col), figures, strict=True))
    scan.use(label)
    for head, cell in placed:
        points = told.get(cell)
        scan.take(columns[head.column], cell, text=points[0] if points else None, head=head)
        if points and scan.template.has("grade"):
            scan.enter("grade", cell, Value(points[1]))
    for head in heads:
        scan.blanks(row, head, columns[head.column])


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
