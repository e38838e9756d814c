"""Labels with their value to the right or behind a colon: 预算单位名称, 填报单位：×××, 自评等级."""

from __future__ import annotations

from xlperf.amounts import parse_number
from xlperf.labels.blocks import Cell
from xlperf.labels.grammar import meaning, read_heading
from xlperf.labels.lines import is_title, labelled, title_year
from xlperf.labels.money import money_beside
from xlperf.labels.reading import Entry, Passage
from xlperf.labels.scan import Header, Scan, figures_beside
from xlperf.labels.spelling import fold, plain, unit_line, years_in
from xlperf.labels.stated import Value, points_and_grade
from xlperf.text import expression

NO_CELL = "没有认出这些内容属于哪一项"
_LONGEST_GRADE = 5  # 评价结论 may be the word or a whole text
_BETWEEN = expression("[至到~]+"), expression("[-—–]+")
_YEAR_OF_DATE = expression(r"(?:19|20)\d\d[年./]")
_IS_DATE = expression(r"(?:19|20)\d\d|\d{1,2}[月./]")
_COLONS = (":", "：")
_BY_WORDS = {"supervisor": "department"}  # what words.toml calls otherwise than the forms do


def single_cells(scan: Scan, row: int, header: Header | None = None) -> None:
    """What the labels of a row say; below the headings of the indicators only the first may be one, and no name."""
    cells = scan.filled(row)
    names = header.known["level3"] if header is not None and header.block.is_of_indicators else None
    first = min((head.cell.col for head in header.known.values()), default=0) if header else 0
    for cell, right in zip(cells, [*cells[1:], None], strict=True):
        dated_heading(scan, cell)
        if names is not None and (cell.col > first or names.is_above(cell)):
            return
        key = money_beside(scan).get((cell.row, cell.col)) or _below(scan, cell) or field_of(scan, cell, right)
        if key and not _says_more(scan, cell):
            scan.use(cell)
            if right is not None and right.col == cell.col + cell.cols and not _is_label(scan, right):
                _take(scan, key, right, read_heading(cell.text).unit or _unit_beside(scan, cell))
            else:
                _blank_beside(scan, key, cell)
        else:
            _behind_colons(scan, cell)


def _below(scan: Scan, cell: Cell) -> str:
    """The cell that a label names because of the one above it: 其他资金 of the whole term, and of this year."""
    name = scan.label(cell).name
    key = scan.known.fields.get(name, "")
    if any(above == key for above, _ in scan.known.below):
        scan.above[cell.col] = key
    return scan.known.below.get((scan.above.get(cell.col, ""), name), "")


def _unit_beside(scan: Scan, label: Cell) -> str:
    """The unit of money that a heading left of a label gives: 项目资金（元）."""
    beside = (*scan.filled(label.row), *scan.tall.get(label.row, ()))
    units = {read_heading(cell.text).unit for cell in beside if cell.col < label.col}
    return next((unit for unit in units if unit.endswith("元")), "")


def _take(scan: Scan, key: str, cell: Cell, unit: str) -> None:
    """The value of a key; of a period its beginning, and its end in the cell that it has, of 96（优） the grade too."""
    together = points_and_grade(cell.text) if key == "total_score" else None
    if together is not None:
        scan.take(key, cell, text=together[0])
        if scan.template.has("grade"):
            scan.enter("grade", cell, Value(together[1]))
        return
    last = scan.known.periods.get(key)
    period = _period(plain(cell.text)) if last is not None else None
    if last is None or period is None:
        scan.take(key, cell, unit)
        return
    for each, text in zip((key, last), period, strict=True):
        scan.take(each, cell, text=text)


def _period(text: str) -> tuple[str, str] | None:
    """2024年1月1日至12月31日, 2024.01-2024.12; not the day 2024-01-01, nor the month 2024-01."""
    for signs in _BETWEEN:
        begin, *rest = signs.split(text)
        if len(rest) == 1 and any(map(str.isdigit, begin)) and _IS_DATE.match(rest[0]):
            end = rest[0]
            year = _YEAR_OF_DATE.match(begin)
            is_whole = year is None or _YEAR_OF_DATE.match(end)
            ends_in = "月" if begin[-1].isdigit() and end.endswith("月") and year else ""
            return f"{begin}{ends_in}", end if is_whole or year is None else f"{year[0]}{end}"
    return None


def _blank_beside(scan: Scan, key: str, label: Cell) -> None:
    beside = (cell for cell in scan.lines[label.row] if cell.col == label.col + label.cols and not plain(cell.text))
    cell = next(beside, label if key in scan.known.signatures and label.text.rstrip().endswith(_COLONS) else None)
    if scan.keeps_blanks and cell is not None:
        scan.entries.append(Entry(key, "", scan.place(cell)))


def read_pairs(scan: Scan, header: Header) -> None:
    """A label and its figure among the headings: 自评得分 | 98."""
    for row in range(header.first, header.last + 1):
        for cell, right in figures_beside(scan.filled(row)).items():
            if key := field_of(scan, cell, right):
                scan.use(cell)
                scan.take(key, right)


def field_of(scan: Scan, cell: Cell, right: Cell | None) -> str:
    """The cell of the form that a label names, by its whole spelling or by its words; "" if none.

    Points and grades are found by words only where such a thing stands beside them.
    """
    own = scan.known.fields.get(scan.label(cell).name)
    if own is not None or right is None:
        return own or ""
    found = meaning(cell.text, "field")
    key = _BY_WORDS.get(found, found)
    if not key or not scan.template.has(key):
        return ""
    if key == "grade" and len(plain(right.text)) > _LONGEST_GRADE:
        return ""
    figures = [
        each for each in scan.filled(cell.row) if parse_number(each.text) is not None or points_and_grade(each.text)
    ]
    return key if scan.template.field(key).is_text or figures == [right] else ""


def _is_label(scan: Scan, cell: Cell) -> bool:
    key = scan.known.fields.get(scan.label(cell).name, "")
    if key and not scan.template.field(key).is_text:  # 分配方式 | 其他: of money a figure stands beside
        return any(each.col >= cell.col + cell.cols for each in scan.lines[cell.row])
    return bool(key) or scan.is_printed(cell) or _says_more(scan, cell)


def _says_more(scan: Scan, cell: Cell) -> bool:
    """Has a label its value behind its own colon?"""
    return any(said.value for said in labelled(cell.text, scan.known))


def _behind_colons(scan: Scan, cell: Cell) -> None:
    if unit := unit_line(cell.text):
        scan.unit = unit
        scan.use(cell)
    for said in labelled(cell.text, scan.known):
        scan.use(cell)
        if said.key and said.value:
            scan.take(said.key, cell, text=said.value)
        elif said.key in scan.known.signatures and scan.keeps_blanks:
            scan.entries.append(Entry(said.key, "", scan.place(cell)))
        elif said.value and not unit_line(f"{said.label}：{said.value}"):
            scan.left.append(Passage(scan.place(cell), f"{said.label}：{said.value}", NO_CELL))


def dated_heading(scan: Scan, cell: Cell) -> None:
    """楼堂馆所控制情况（2022年完工项目）; or a title with the year."""
    for word, key in scan.known.dated.items():
        if word in fold(cell.text):
            scan.use(cell)
            years = set(years_in(cell.text))
            if len(years) == 1:
                scan.enter(key, cell, Value(str(years.pop())))
            return
    if is_title(cell.text, scan.known):
        scan.use(cell)
        if (year := title_year(cell.text, scan.known)) is not None:
            scan.years[year] += 1
            scan.entries.append(Entry("year", str(year), scan.place(cell), note="标题的年份"))
