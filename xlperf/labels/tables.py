"""The form's tables in a document, recognised by their labels: keyed values, and a list of what was not understood."""

from __future__ import annotations

from collections import Counter, defaultdict

from xlperf.form.record import shortened
from xlperf.form.template import Template
from xlperf.labels.blocks import Cell, Document, Paragraph
from xlperf.labels.chapters import without_lines
from xlperf.labels.copies import joined
from xlperf.labels.fields import dated_heading, read_pairs, single_cells
from xlperf.labels.indicators import is_indicator, is_total, read_total
from xlperf.labels.levels import begins_levels, read_levels
from xlperf.labels.lines import is_title, labelled
from xlperf.labels.parts import Heading, Part, part_of, split
from xlperf.labels.reading import Entry, Passage, Reading
from xlperf.labels.rows import Below, read_row, values_beside
from xlperf.labels.scan import Head, Header, Scan, headers_in
from xlperf.labels.side_by_side import one_below_the_other
from xlperf.labels.spelling import fold, month_in, plain, unit_line
from xlperf.labels.stated import Value, one_line
from xlperf.labels.words import known_labels

_LONGEST_SHOWN = 120
_LONGEST_UNIT_LINE = 60
_COMPARES = frozenset("≥≤≧≦=═<>%")
_FEWEST_COLUMNS = 4  # filled, in the first row of a table that goes on without headings
_NOT_KNOWN = "没有认出这是哪一张表"
_NO_CELL = "没有认出这些内容属于哪一项"


def read_tables(document: Document, template: Template) -> Reading:
    """Read every table of a document; of one that is there twice the first, of other years and units none."""
    return joined([(document, read_parts(document, template))], template)[0].reading


def read_parts(document: Document, template: Template, *, keeps_blanks: bool = False) -> list[Part]:
    """Every table of a document by itself; with the blank cells of the form, where these are wanted."""
    known = known_labels(template)
    heading = Heading()
    parts: list[Part] = []
    unit = ""
    last: Below | None = None
    for block in document.blocks:
        if isinstance(block, Paragraph):
            last = None if is_title(block.text, known) else last
            heading.read(block, known)
            if len(block.text) <= _LONGEST_UNIT_LINE:
                unit = unit_line(block.text) or unit
            continue
        table = without_lines(block, known)
        section: Counter[int] = Counter()
        pieces = list(split(one_below_the_other(table, known), known, template))
        for piece, titled, headers in pieces:
            section = Counter() if titled else section
            scan = Scan(piece, known, template, document.name, unit, years=section, keeps_blanks=keeps_blanks)
            scan.starts = headers
            if table is not block:
                scan.blocks.add("report")  # known for what it is, so what stands in it counts
            last = _continued(scan, last)
            reading, last = _read(scan, last)
            place = f"{block.place} {piece.cells[0].place} 起" if len(pieces) > 1 and piece.cells else block.place
            parts.append(part_of(scan, reading, heading.over(block), place, section))
            unit = scan.unit
        unit = ""
    return parts


def _continued(scan: Scan, last: Below | None) -> Below | None:
    """The header of the table before, where this one goes on with its indicators behind a page break."""
    if last is None or not last.header.block.is_of_indicators or headers_in(scan) or not scan.rows:
        return None
    header = last.header._replace(first=-1, last=-1)
    first = next((row for row in scan.rows if scan.filled(row)), scan.rows[0])
    columns = {head.column for head, _ in scan.placed(first, header)}
    ends = {head.cell.col + head.cell.cols: head.column for head in header.heads}
    width, own = max(ends), max(cell.col + cell.cols for cell in scan.table.cells)
    is_as_wide = own == width or (
        own == width - 1 and ends[width] == "deviation_note"
    )  # blank, and a sheet has no cell
    if "level3" not in columns or len(columns) < _FEWEST_COLUMNS or not is_as_wide:
        return None
    scan.blocks.add(header.block.name)
    place = scan.table.cells[0].place  # levels whose cells stand in the table before
    return Below(header, levels={name: cell._replace(place=place) for name, cell in last.levels.items()})


def _read(scan: Scan, below: Below | None = None) -> tuple[Reading, Below | None]:
    """What a table says, and below which header it ends."""
    for row in scan.rows:
        below = _row(scan, row, below)
    _leave_rest(scan)
    return _reading(scan), below


def _reading(scan: Scan) -> Reading:
    if scan.blocks or _is_signed(scan) or _is_of_the_body(scan):
        return Reading(tuple(scan.entries), tuple(scan.left))
    lines = ["　".join(one_line(cell.text) for cell in scan.filled(row)) for row in scan.rows if scan.filled(row)]
    if not lines or all(is_title(line, scan.known) for line in lines):
        return Reading()
    return Reading(
        (), (Passage(f"{scan.source} {scan.table.place}", shortened("\n".join(lines), _LONGEST_SHOWN), _NOT_KNOWN),)
    )


def _row(scan: Scan, row: int, below: Below | None) -> Below | None:
    """Read a row; answers below which header the next one stands."""
    cells = scan.filled(row)
    if not cells or (below is not None and row <= below.header.last):
        return below
    if begins_levels(scan, row) or (scan.levels and read_levels(scan, row)):
        return None
    if (header := headers_in(scan).get(row)) is not None:
        return _begin(scan, row, header)
    if below is not None:
        scan.headers[row] = below.header
    if below is not None and below.header.block.is_of_indicators:
        if is_total(scan, row, below.header):
            read_total(scan, row, below.header)
            return None
        if not is_indicator(scan, row, below.header):
            single_cells(scan, row)
            return below
    single_cells(scan, row, below.header if below else None)
    if below is not None and len(cells) == 1 and scan.is_printed(cells[0]) and _ends(cells[0], below):
        return None
    if below is not None and scan.unused(row):
        read_row(scan, row, below)
    return below


def _begin(scan: Scan, row: int, header: Header) -> Below:
    scan.blocks.add(header.block.name)
    for head in header.heads:
        if head.column or head.aside or scan.label(head.cell).name in scan.known.name_heads:
            scan.use(head.cell)
        dated_heading(scan, head.cell)
    scan.use(*header.uppers)
    read_pairs(scan, header)
    _month(scan, header)
    if header.year is not None:
        head = next(each for each in header.heads if each.column)
        scan.years[header.year] += max(1, sum(scan.label(each.cell).year is not None for each in header.heads))
        scan.entries.append(Entry("year", str(header.year), scan.place(head.cell), note="表头的年份"))
    return Below(header, done=values_beside(scan, row, header))


def _month(scan: Scan, header: Header) -> None:
    """1—7月执行数 among the headings."""
    told = ((cell, month_in(cell.text)) for cell in (*header.uppers, *(head.cell for head in header.heads)))
    found = next(((cell, month) for cell, month in told if month), None)
    if scan.known.month and found is not None:
        scan.enter(scan.known.month, found[0], Value(found[1]))


def _ends(cell: Cell, below: Below) -> bool:
    """Is a line that has but a label the heading of something else?"""
    return not below.header.block.rows.get(fold(cell.text)) and below.header.block.ends


def _is_signed(scan: Scan) -> bool:
    """A table of nothing but 填表人, 填报日期 and 联系电话 in a row; a list of people to call is none."""
    wanted = scan.known.signatures
    if not wanted or wanted[0] not in {entry.key for entry in scan.entries}:
        return False
    for row in scan.rows:
        cells = scan.filled(row)
        keys = {scan.known.fields.get(scan.label(cell).name, "") for cell in cells}
        keys |= {said.key for cell in cells for said in labelled(cell.text, scan.known)}
        if wanted[0] in keys and len(keys & set(wanted)) > 1:
            return True
    return False


def _is_of_the_body(scan: Scan) -> bool:
    """The little table of 自评分数 and 绩效等次 in the report's text."""
    return bool(scan.entries) and all(entry.key in scan.known.in_body for entry in scan.entries)


def _leave_rest(scan: Scan) -> None:
    """List what no one has understood: what stands below an unknown heading together, the rest by row."""
    columns: dict[Head, list[Cell]] = defaultdict(list)
    for row in scan.rows:
        rest = [cell for cell in scan.unused(row) if not _says_nothing(scan, cell)]
        header = scan.headers.get(row)
        for cell in rest if header and row not in scan.reasons else ():
            over = header.over(cell) if header else []  # of a line across the table no heading says what it is
            if len(over) == 1 and not over[0].column and scan.label(over[0].cell).name not in scan.known.name_heads:
                columns[over[0]].append(cell)
        told = {cell for cells in columns.values() for cell in cells}
        scan.leave(
            [cell for cell in rest if cell not in told and not _heads(scan, cell)], scan.reasons.get(row, _NO_CELL)
        )
    for head, cells in columns.items():
        name = one_line(head.cell.text)
        scan.leave([head.cell, *cells], f"“{name}”在表里没有格子" if head.aside else f"没有认出“{name}”这一列")


def _heads(scan: Scan, cell: Cell) -> bool:
    """Is it an unknown heading, which its column will name?"""
    return any(head.cell == cell for header in scan.headers.values() for head in header.heads)


def _says_nothing(scan: Scan, cell: Cell) -> bool:
    is_sign = not _COMPARES.isdisjoint(plain(cell.text))
    return scan.is_printed(cell) or scan.is_placeholder(cell) or (fold(cell.text) == "" and not is_sign)
