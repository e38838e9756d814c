"""The summary workbook: written row by row from the store, so that its size does not matter."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import xlsxwriter

from xlperf.checks.rule import Severity
from xlperf.review import earlier
from xlperf.review.across import Across
from xlperf.review.overview import Overview, write_overview
from xlperf.review.said import STATUSES
from xlperf.review.store import Run, Store
from xlperf.workbook.explained import Standing

_MOST_ROWS = 1_000_000  # of a sheet, below its heading
_MOST_TEXT = 32_000
_PRINTED = 18  # columns at most; what is further right is for the screen
_MOST_IN_FORMULA = 250  # characters of a text in a formula
_SEVERITY = {each.value: each.text for each in Severity}
_STANDING = {each.value: each.text for each in Standing}
_COLOURS = dict(zip(STATUSES, ("#F8CBAD", "#FFE699", "#DDEBF7", "#E2EFDA", "#D9D9D9"), strict=True))
_SEVERITY_COLOURS = {"错误": "#F8CBAD", "核实": "#FFE699", "提示": "#DDEBF7"}
OVERVIEW, UNITS, FINDINGS, RULES, ACROSS, SINCE, SETTLED, UNREAD = (
    "总览",
    "单位清单",
    "问题清单",
    "规则统计",
    "单位之间",
    "与上次相比",
    "已了结的问题",
    "未能读取",
)


class Link(NamedTuple):
    """A text that leads to a file, and in a workbook to a cell."""

    text: str
    path: str
    cell: str = ""


class Column(NamedTuple):
    heading: str
    width: float
    format: str = "text"


class Where(NamedTuple):
    """From where links lead: the summary's folder and that of the letters."""

    summary: Path
    letters: Path | None


def write_summary(path: Path, store: Store, run: Run, across: Sequence[Across], where: Where) -> None:
    """Write the workbook at `path`, which should be a temporary name beside the summary's."""
    as_they_are = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True, **as_they_are})
    book.set_calc_mode("auto")
    formats = _formats(book)
    sheets = _Sheets(book, formats, where)
    front = book.add_worksheet(OVERVIEW)
    totals = totals_of(store, run, across)
    if run.previous:
        earlier.pair_units(store)
    since: dict[str, int] = {}
    sheets.write(UNITS, UNIT_COLUMNS, (row for _, row in units_in(store, run, where)), colours=_COLOURS)
    findings = (row for _, row in findings_in(store, run))
    sheets.write(FINDINGS, FINDING_COLUMNS, findings, colours=_SEVERITY_COLOURS)
    rules = list(rules_in(store))
    sheets.write(RULES, _RULE_COLUMNS, rules)
    sheets.write(ACROSS, ACROSS_COLUMNS, (row_of(each) for each in across), colours=_SEVERITY_COLOURS)
    if run.previous:
        since = dict.fromkeys((earlier.NEW_UNIT, earlier.AGAIN, earlier.UNCHANGED, earlier.GONE), 0)
        sheets.write(SINCE, _SINCE_COLUMNS, _since(store, since))
        sheets.write(SETTLED, _SETTLED_COLUMNS, (list(each) for each in earlier.settled(store)))
    sheets.write(UNREAD, UNREAD_COLUMNS, unread_in(store, run))
    write_overview(book, front, formats, Overview(totals, since, store, [(row[1], row[4]) for row in rules]))
    front.activate()
    book.close()


def _formats(book: Any) -> dict[str, Any]:
    font: dict[str, Any] = {"font_name": "宋体", "font_size": 11, "valign": "top"}
    made: dict[str, dict[str, Any]] = {
        "text": {"text_wrap": False},
        "wrapped": {"text_wrap": True},
        "number": {"num_format": "#,##0"},
        "year": {"num_format": "0", "align": "center"},
        "amount": {"num_format": "#,##0.00"},
        "score": {"num_format": "0.00"},
        "rate": {"num_format": "0.00%"},
        "link": {"font_color": "#0563C1", "underline": 1},
        "heading": {"bold": True, "bg_color": "#D9E1F2", "border": 1, "text_wrap": True, "valign": "vcenter"},
        "title": {"bold": True, "font_size": 18, "valign": "vcenter"},
        "bold": {"bold": True},
        "note": {"font_color": "#595959", "text_wrap": True},
    }
    formats = {name: book.add_format(font | own) for name, own in made.items()}
    for colour in {*_COLOURS.values(), *_SEVERITY_COLOURS.values()}:
        formats[colour] = book.add_format(font | {"bg_color": colour})
    return formats


class _Sheets:
    """Writes tables, each with a heading that stays in view and a filter; long ones go on in a further sheet."""

    def __init__(self, book: Any, formats: dict[str, Any], where: Where) -> None:
        self.book, self.formats, self.where = book, formats, where

    def write(
        self,
        title: str,
        columns: Sequence[Column],
        rows: Iterable[Sequence[Any]],
        colours: dict[str, str] | None = None,
    ) -> None:
        sheet, number, part = self._begin(title, columns), 0, 1
        for row in rows:
            if number == _MOST_ROWS:
                self._end(sheet, columns, number)
                part, number = part + 1, 0
                sheet = self._begin(f"{title}{part}", columns)
            number += 1
            for place, (value, column) in enumerate(zip(row, columns, strict=True)):
                own = colours.get(value, "") if colours and place == 0 and isinstance(value, str) else ""
                self._cell(sheet, number, place, value, own or column.format)
        self._end(sheet, columns, number)

    def _begin(self, title: str, columns: Sequence[Column]) -> Any:
        sheet = self.book.add_worksheet(title)
        sheet.freeze_panes(1, 2)
        if title.startswith(UNITS):
            sheet.set_default_row(16)  # a unit a line, however much is written beside it
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width)
        sheet.set_row(0, 32)
        for place, column in enumerate(columns):
            sheet.write_string(0, place, column.heading, self.formats["heading"])
        return sheet

    def _end(self, sheet: Any, columns: Sequence[Column], rows: int) -> None:
        sheet.autofilter(0, 0, max(rows, 1), len(columns) - 1)
        sheet.print_area(0, 0, max(rows, 1), min(len(columns), _PRINTED) - 1)

    def _cell(self, sheet: Any, row: int, place: int, value: Any, name: str) -> None:
        if value is None or value == "":
            return
        if isinstance(value, Link):
            self._link(sheet, row, place, value)
        elif isinstance(value, int | float):
            sheet.write_number(row, place, value, self.formats[name])
        else:
            sheet.write_string(row, place, str(value)[:_MOST_TEXT], self.formats[name])

    def _link(self, sheet: Any, row: int, place: int, link: Link) -> None:
        """A formula: Excel takes no more than 65,530 links of the other kind, and they would be kept in memory."""
        target = relative(link.path, self.where.summary)
        whole = f"{target}#{link.cell}" if link.cell else target
        if "#" in target or max(len(whole), len(link.text)) > _MOST_IN_FORMULA:
            sheet.write_string(row, place, link.text, self.formats["text"])
            return
        said = [part.replace('"', '""') for part in (whole, link.text)]
        sheet.write_formula(row, place, f'=HYPERLINK("{said[0]}","{said[1]}")', self.formats["link"], link.text)


def relative(path: str, summary: Path) -> str:
    """The path from the summary's folder, so that both can be moved together; on another drive as it is."""
    try:
        return os.path.relpath(path, summary.parent).replace("\\", "/")
    except ValueError:
        return path


def _number(text: Any) -> float | None:
    return float(text) if text not in (None, "") else None


UNIT_COLUMNS = (
    Column("状态", 9),
    Column("单位", 30),
    Column("年度", 7, "year"),
    Column("表", 26),
    Column("式样", 20),
    Column("总分", 8, "score"),
    Column("等级", 6),
    Column("执行率", 9, "rate"),
    Column("年初预算数", 13, "amount"),
    Column("全年预算数", 13, "amount"),
    Column("全年执行数", 13, "amount"),
    Column("错误", 6, "number"),
    Column("核实", 6, "number"),
    Column("提示", 6, "number"),
    Column("待改正（件）", 8, "number"),
    Column("待说明（件）", 8, "number"),
    Column("已说明（件）", 8, "number"),
    Column("没有读懂（处）", 8, "number"),
    Column("比较了的数", 8, "number"),
    Column("没有比较的数", 8, "number"),
    Column("比上次", 10),
    Column("文件", 30),
    Column("其他文件", 30, "wrapped"),
    Column("审核意见", 18),
    Column("文件夹", 40),
    Column("没有互相核对的", 40, "wrapped"),
    Column("上年的工作簿", 30),
)


def units_in(store: Store, run: Run, where: Where) -> Iterable[tuple[int, list[Any]]]:
    """The units that are selected, by number, each as `UNIT_COLUMNS` has it."""
    states = earlier.states(store) if run.previous else {}
    query = """SELECT id, status, unit, year, form, layout, score, grade, rate, opening, annual, spent, errors,
        warnings, infos, to_correct, to_explain, explained, unread, compared, not_compared, files, letter, folder,
        notes, previous,
        (SELECT count(*) FROM form WHERE form.unit = unit.id),
        (SELECT shown FROM file WHERE file.run = unit.run AND file.mark = unit.mark
         AND file.label = json_extract(unit.files, '$[0]'))
        FROM unit WHERE id IN (SELECT id FROM temp.now) ORDER BY folder, unit, year, files"""
    for row in store.rows(query):
        number, status, unit, year, form, layout, score, grade, rate = row[:9]
        files, letter, folder, notes, previous, forms, shown = row[21:]
        names = json.loads(files)
        cells = [
            *(status, unit or "（没有写单位名称）", year, form if forms == 1 else f"{form}等 {forms} 张表", layout),
            *(_number(score), grade, _number(rate), *map(_number, row[9:12]), *row[12:21]),
            states.get(number, ""),
            Link(names[0], _file_of(shown or f"{folder}/{names[0]}")),
            "、".join(names[1:]),
            Link("打开", str(where.letters / letter)) if letter and where.letters else "",
            Link(folder, _file_of(folder)) if folder else "",
            notes,
            Link(Path(previous).name, _file_of(previous)) if previous else "",
        ]
        yield number, cells


def _file_of(shown: str) -> str:
    """What can be opened: of an entry of an archive the archive."""
    head, sign, _ = shown.partition(".zip/")
    return f"{head}.zip" if sign else shown


FINDING_COLUMNS = (
    Column("级别", 6),
    Column("单位", 26),
    Column("年度", 7, "year"),
    Column("办理", 9),
    Column("位置", 22),
    Column("代码", 8),
    Column("问题", 24),
    Column("项目", 26),
    Column("填报数", 14),
    Column("应为", 14),
    Column("说明", 70, "wrapped"),
    Column("审核说明", 24),
    Column("比上次", 8),
    Column("文件", 30),
)


def findings_in(store: Store, run: Run) -> Iterable[tuple[int, list[Any]]]:
    """The findings of those units, with the number of each's, as `FINDING_COLUMNS` has them."""
    seen = "''"
    if run.previous:
        seen = f"""CASE WHEN pair.before IS NULL THEN '' WHEN EXISTS (SELECT 1 FROM finding old
            WHERE old.unit = pair.before AND old.identity = finding.identity) THEN '{earlier.STILL}'
            ELSE '{earlier.NEW}' END"""
    paired = "LEFT JOIN temp.pair pair ON pair.now = unit.id" if run.previous else ""
    query = f"""SELECT unit.id, finding.severity, unit.unit, unit.year, finding.standing, finding.at, finding.code,
        finding.title, finding.label, finding.stated, finding.expected, finding.message, finding.explanation, {seen},
        finding.file,
        (SELECT shown FROM file WHERE file.run = unit.run AND file.mark = unit.mark AND file.label = finding.file)
        FROM unit JOIN finding ON finding.unit = unit.id {paired} WHERE unit.id IN (SELECT id FROM temp.now)
        ORDER BY unit.folder, unit.unit, unit.year, unit.files,
        CASE finding.severity WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END, finding.id"""
    for row in store.rows(query):
        number, severity, unit, year, standing, at, *told, name, shown = row
        path = _file_of(shown or name)
        is_cell = "!" in at and path.lower().endswith((".xlsx", ".xlsm", ".xls"))
        yield (
            number,
            [
                *(_SEVERITY[severity], unit or "（没有写单位名称）", year, _STANDING[standing]),
                Link(at, path, at) if is_cell else at,
                *told,
                Link(name, path),
            ],
        )


_RULE_COLUMNS = (
    Column("代码", 9),
    Column("问题", 40),
    Column("级别", 8),
    Column("项数", 9, "number"),
    Column("单位数", 9, "number"),
    Column("占全部单位", 11, "rate"),
    Column("已说明（项）", 9, "number"),
)


def rules_in(store: Store) -> Iterable[list[Any]]:
    """What each rule found."""
    query = """SELECT code, title,
        min(CASE severity WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END), count(*), count(DISTINCT unit),
        count(DISTINCT unit) * 1.0 / (SELECT count(*) FROM temp.now), sum(standing = 'explained') FROM finding
        WHERE unit IN (SELECT id FROM temp.now) GROUP BY code, title ORDER BY 5 DESC, 4 DESC, code"""
    for code, title, rank, *counts in store.rows(query):
        yield [code, title, [*Severity][rank].text, *counts]


ACROSS_COLUMNS = (Column("级别", 6), Column("比什么", 14), Column("单位", 50), Column("说明", 100, "wrapped"))


def row_of(each: Across) -> list[Any]:
    return [each.severity.text, each.kind, each.units, each.text]


_SINCE_COLUMNS = (
    Column("单位", 30),
    Column("年度", 7, "year"),
    Column("这次", 10),
    Column("已了结（项）", 9, "number"),
    Column("仍在（项）", 9, "number"),
    Column("新出现（项）", 9, "number"),
    Column("上次的状态", 11),
    Column("现在的状态", 11),
)


def _since(store: Store, counts: dict[str, int]) -> Iterable[list[Any]]:
    for each in earlier.since(store):
        counts[each.state] += 1
        yield [each.unit or "（没有写单位名称）", *each[1:]]


_SETTLED_COLUMNS = (
    Column("单位", 30),
    Column("年度", 7, "year"),
    Column("代码", 9),
    Column("问题", 26),
    Column("项目", 26),
    Column("上次的说明", 80, "wrapped"),
    Column("怎样了结", 12),
)
UNREAD_COLUMNS = (Column("处理", 10), Column("文件", 60), Column("原因", 100, "wrapped"))
_CURRENT = """mark IN (SELECT mark FROM task WHERE attempt = ?)
    AND mark NOT IN (SELECT mark FROM replaced WHERE attempt = ?)"""


def unread_in(store: Store, run: Run) -> Iterable[list[Any]]:
    """Files that should have been audited first, then those passed over."""
    query = f"SELECT shown, error FROM file WHERE run = ? AND error <> '' AND {_CURRENT} ORDER BY shown"
    for shown, error in store.rows(query, run.id, run.attempt, run.attempt):
        yield ["未能读取", Link(shown, _file_of(shown)), error]
    for failed, word in ((1, "没有审核"), (0, "略过")):
        query = "SELECT shown, reason FROM passed WHERE attempt = ? AND failed = ? ORDER BY shown"
        for shown, reason in store.rows(query, run.attempt, failed):
            yield [word, Link(shown, _file_of(shown)), reason]


def totals_of(store: Store, run: Run, across: Sequence[Across]) -> list[tuple[str, int]]:
    """What there is in all, by what it is called."""

    def count(query: str, *values: Any) -> int:
        row = store.one(query, *values)
        return int(row[0] or 0) if row else 0

    now = "FROM unit WHERE id IN (SELECT id FROM temp.now)"
    files = f"SELECT count(*) FROM file WHERE run = ? AND {_CURRENT}"
    own = (run.id, run.attempt, run.attempt)
    passed = "SELECT count(*) FROM passed WHERE attempt = ? AND failed = ?"
    unread = count(f"{files} AND error <> ''", *own) + count(passed, run.attempt, 1)
    statuses: dict[str, int] = dict(store.rows(f"SELECT status, count(*) {now} GROUP BY status"))
    return [
        ("单位（一个年度算一个）", count(f"SELECT count(*) {now}")),
        *((f"　其中：{each}", statuses.get(each, 0)) for each in STATUSES),
        ("读了的文件", count(f"{files} AND error = ''", *own)),
        ("未能读取、没有审核的", unread),
        ("略过的（副本、锁定文件）", count(passed, run.attempt, 0)),
        ("错误（项）", count(f"SELECT sum(errors) {now}")),
        ("核实（项）", count(f"SELECT sum(warnings) {now}")),
        ("提示（项）", count(f"SELECT sum(infos) {now}")),
        ("没有读懂（处）", count(f"SELECT sum(unread) {now}")),
        ("比较了的数", count(f"SELECT sum(compared) {now}")),
        ("没有比较的数", count(f"SELECT sum(not_compared) {now}")),
        ("单位之间的问题（错误、核实）", sum(each.severity is not Severity.INFO for each in across)),
    ]
