"""Defined names -> places of keys, and the cells there -> Record. The same for every host."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple, Protocol

from xlperf.amounts import to_decimal
from xlperf.derive.native import CellReference, ColumnReference
from xlperf.errors import TemplateError, UnknownNameError
from xlperf.form.forms import form_ids, load_beside, load_template
from xlperf.form.record import Record, State, Stated, row_name, state
from xlperf.form.template import NAME_PREFIX, Field, Table, Template, row_key, split_row_key
from xlperf.package import Area, Cell, CellKind, Ref, quoted_title, ref_text
from xlperf.package.dates import day_of, in_chinese
from xlperf.package.number_formats import percent_places, shows_day
from xlperf.package.richtext import Run, shown
from xlperf.prose.year_words import YEARS
from xlperf.workbook.merged import visible_cells
from xlperf.workbook.table_columns import columns_of

TEMPLATE_NAME = f"{NAME_PREFIX}template"


class Book(Protocol):
    """What reading a form needs of a workbook; `package.Workbook` is one."""

    name: str

    @property
    def names(self) -> tuple[tuple[str, str, Area], ...]: ...
    @property
    def broken_names(self) -> tuple[str, ...]: ...
    @property
    def since_1904(self) -> bool: ...
    def cells(self, sheet: str) -> Mapping[Ref, Cell]: ...
    def rich_texts(self, sheet: str) -> Mapping[Ref, tuple[Run, ...]]: ...
    def merges(self, sheet: str) -> tuple[Area, ...]: ...
    def number_format(self, cell: Cell) -> str: ...


class Place(NamedTuple):
    """One cell."""

    sheet: str
    ref: Ref

    @property
    def address(self) -> str:
        """As a user types it into the name box: 表1!G12, quoted where the sheet's name needs it."""
        return f"{quoted_title(self.sheet)}!{ref_text(self.ref)}"


class TablePlace(NamedTuple):
    """A row table: its columns, its body and which of its rows hold data."""

    sheet: str
    columns: Mapping[str, int]
    body: Area
    rows: tuple[int, ...]
    placeholders: tuple[int, ...]

    def place(self, row: int, column: str) -> Place:
        """The cell of a column in a row of the sheet."""
        return Place(self.sheet, Ref(row, self.columns[column]))


class Binding(NamedTuple):
    """Where every key of a template stands in one workbook."""

    template: Template
    fields: Mapping[str, Place]
    tables: Mapping[str, TablePlace]
    cells: Mapping[str, Place] = MappingProxyType({})  # of rows whose cells do not all stand in one row
    by_labels: bool = False  # found by the form's headings, not by our names: its formulas are its own

    def has(self, key: str) -> bool:
        """Not so of a cell that came to the form after this workbook was made."""
        return key in self.fields or (key in self.cells if self.by_labels else split_row_key(key) is not None)

    def place(self, key: str) -> Place:
        row = split_row_key(key)
        if row is None:
            return self.fields[key]
        if self.by_labels:
            return self.cells[key]
        table = self.tables[row[0]]
        return table.place(table.rows[row[1]], row[2])

    def references(self, sheet: str) -> tuple[CellReference, ColumnReference]:
        """How a formula on `sheet` writes the cell of a key, and a table's column."""

        def cell(key: str) -> str:
            place = self.place(key)
            return ref_text(place.ref) if place.sheet == sheet else place.address

        def column(table: str, name: str, *, headed: bool = False) -> str:
            place = self.tables[table]
            col = place.columns[name]
            cells = f"{ref_text(Ref(place.body.top - headed, col))}:{ref_text(Ref(place.body.bottom, col))}"
            return cells if place.sheet == sheet else f"{quoted_title(place.sheet)}!{cells}"

        return cell, column


def has_names(book: Book) -> bool:
    """Was the workbook made by us, and has it still any of our names?"""
    return any(name.startswith(NAME_PREFIX) for name, _, _ in book.names) or any(
        name.startswith(NAME_PREFIX) for name in book.broken_names
    )


def bind(book: Book, file: Path | None = None) -> Binding:
    """Find the template's names; raises `TemplateError` saying which are missing, lost or doubled.

    Beside its `file` the TOML of somebody's own form may lie.
    """
    places = {name: (sheet, area) for name, sheet, area in book.names if name.startswith(NAME_PREFIX)}
    template = _template_of(book, places, file)
    known = _fields_of_its_revision(template, places, book.broken_names)
    missing = [name for _, name in _names({**known, **template.tables}) if name not in places]
    if missing:
        lost = [name for name in missing if name in book.broken_names]
        reason = f"（其中 {len(lost)} 个所指的单元格已被删除）" if lost else ""
        raise TemplateError(
            f"{book.name}：缺少模板的 {len(missing)} 个名称{reason}：{_some(missing)}。"
            f"请撤销删除；撤销不了的，{_by_import(book.name)}"
        )
    fields = {key: Place(places[name][0], _corner(places[name][1])) for key, name in _names(known)}
    _require_single(book, fields)
    tables = {key: _table(book, template, key, *places[name]) for key, name in _names(template.tables)}
    return Binding(template, fields, tables)


def read_record(book: Book, binding: Binding) -> Record:
    """What the workbook states, as far as it can be seen: what a merged cell covers counts for nothing."""
    template = binding.template
    reader = Reader(book, template)
    stated = {
        key: reader.read(binding.place(key), key, field)
        if binding.has(key)
        else state(key, field, None, not_applicable=template.not_applicable)
        for key, field in template.fields.items()
    }
    for table, place in binding.tables.items():
        stated |= _read_rows(reader, template.tables[table], place)
    placeholders = {
        table: tuple(f"{quoted_title(place.sheet)}!{row}:{row}" for row in place.placeholders)
        for table, place in binding.tables.items()
    }
    counts = {table: len(place.rows) for table, place in binding.tables.items()}
    return Record(template, stated, counts, placeholders, book.name)


def _template_of(book: Book, places: Mapping[str, tuple[str, Area]], file: Path | None) -> Template:
    if TEMPLATE_NAME not in places:
        raise TemplateError(
            f"{book.name}：找不到 xlperf 的定位名称（{TEMPLATE_NAME} 等）。由 xlperf 新建的工作簿，"
            "名称会在有的软件保存时丢失，或变成只属于某一张表的名称；其他来源的表没有这些名称。"
            f"表里已有数字的，{_by_import(book.name)}"
            "要从空白填起，用 xlperf new 新建。"
        )
    sheet, area = places[TEMPLATE_NAME]
    cell = book.cells(sheet).get(_corner(area))
    template_id = cell.text.strip() if cell else ""
    try:
        return load_template(template_id)
    except UnknownNameError:
        own = load_beside(template_id, file.parent) if file is not None else None
        if own is not None:
            return own
        raise TemplateError(
            f"{book.name}：{sheet}!{ref_text(_corner(area))} 的模板编号是“{template_id}”，"
            f"应为 {'、'.join(form_ids())} 之一。请恢复原来的编号；是自己编的表样的，"
            f"把它的 {template_id}.toml 放到工作簿所在的文件夹里。"
        ) from None


def _by_import(name: str) -> str:
    """The way out that keeps the figures: they are read by the form's labels, which need no names."""
    source = f'"{name}"' if any(map(str.isspace, name)) else name
    return f"用 xlperf import {source} -o 新.xlsx 把数字全部带到新工作簿（没有认出的逐项列出）。"


def _fields_of_its_revision(
    template: Template, places: Mapping[str, tuple[str, Area]], broken: Collection[str]
) -> dict[str, Field]:
    """Without those of later revisions of the form: a workbook has all names of a revision or none."""
    there = {NAME_PREFIX + key for key, field in template.fields.items() if field.revision == 1}.union(places, broken)
    revisions = {field.revision for key, field in template.fields.items() if NAME_PREFIX + key in there}
    return {key: field for key, field in template.fields.items() if field.revision in revisions}


def _names(keys: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    return ((key, NAME_PREFIX + key) for key in keys)


def _corner(area: Area) -> Ref:
    return Ref(area.top, area.left)


def _some(names: list[str]) -> str:
    return "、".join(names[:5]) + (" 等" if len(names) > 5 else "")


def _require_single(book: Book, fields: Mapping[str, Place]) -> None:
    taken: dict[Place, str] = {}
    for key, place in fields.items():
        other = taken.setdefault(place, key)
        if other != key:
            raise TemplateError(
                f"{book.name}：名称 {NAME_PREFIX}{other} 和 {NAME_PREFIX}{key} 都指向 {place.address}，"
                "一个单元格只能对应一个项目。请在“公式—名称管理器”中改正。"
            )


def _table(book: Book, template: Template, key: str, sheet: str, area: Area) -> TablePlace:
    table = template.tables[key]
    cells = visible_cells(book, sheet)
    columns = columns_of(book, template, table, sheet, area, cells)
    body = Area(area.top + 1, area.left, area.bottom, area.right)
    rows, placeholders = [], []
    for row in body.rows:
        texts = {
            name: "".join(cells[Ref(row, col)].text.split())
            for name, col in columns.items()
            if name not in table.fill_down and Ref(row, col) in cells
        }
        filled = {name for name, text in texts.items() if text and text not in template.placeholders}
        if filled:
            rows.append(row)
        elif any(texts.values()) and row < body.bottom:
            placeholders.append(row)  # the last one is the form's own handle for inserting rows above it
    return TablePlace(sheet, columns, body, tuple(rows), tuple(placeholders))


class Reader:
    """Reads cells as the fields they are; each sheet's merged cells are looked through once."""

    def __init__(self, book: Book, template: Template) -> None:
        self.book = book
        self.template = template
        self._cells: dict[str, Mapping[Ref, Cell]] = {}

    def cells(self, sheet: str) -> Mapping[Ref, Cell]:
        if sheet not in self._cells:
            self._cells[sheet] = visible_cells(self.book, sheet)
        return self._cells[sheet]

    def has_formulas(self, sheet: str) -> bool:
        """Could a figure that is held as text be missing from something?"""
        return any(cell.formula is not None for cell in self.cells(sheet).values())

    def read(self, place: Place, key: str, field: Field, label: str = "") -> Stated:
        cell = self.cells(place.sheet).get(place.ref)
        if cell is not None and (runs := self.book.rich_texts(place.sheet).get(place.ref)):
            cell = cell._replace(text=shown(runs).text)  # 35 struck out before 36.5, 38 with a raised 1 behind it
        raw, shown_places = self._raw(cell, field)
        return state(
            key,
            field,
            raw,
            not_applicable=self.template.not_applicable,
            shown_places=shown_places,
            at=place.address,
            label=label,
            text_cell=cell is not None
            and (cell.kind is CellKind.TEXT or (field.type == "year" and isinstance(raw, str))),
        )

    def _raw(self, cell: Cell | None, field: Field) -> tuple[Decimal | str | None, int | None]:
        """The value of a cell and the decimals its percent format shows."""
        if cell is None or cell.kind is CellKind.BLANK:
            return None, None
        if cell.kind is not CellKind.NUMBER:
            return cell.text, None
        number, form = to_decimal(cell.text), self.book.number_format(cell)
        percent = percent_places(form)
        if field.is_text:
            return number_text(number, form, since_1904=self.book.since_1904), None
        if field.type == "year":
            return _year(number, form, self.book.since_1904), None
        return number, percent + 2 if percent is not None and field.is_rate else None


def _year(number: Decimal, number_format: str, since_1904: bool) -> Decimal | str:
    """A date in a cell meant for a year, as it is shown; 2022 typed where a date was is a year all the same."""
    day = day_of(number, since_1904) if shows_day(number_format) else None
    return number if day is None or number in YEARS else in_chinese(day)


def number_text(number: Decimal, number_format: str, *, since_1904: bool = False) -> str:
    """A number in a cell meant for words, as the sheet shows it: 98%, 2023年12月31日, 1000."""
    if percent_places(number_format) is not None:
        shown = number.scaleb(2).normalize()
        return f"{shown:f}%"
    if shows_day(number_format) and (number >= 1 or since_1904) and (day := day_of(number, since_1904)):
        return in_chinese(day)
    return f"{number.normalize():f}"


def percent_format(places: int | None, field: Field) -> str | None:
    """A rate printed with other decimals than the form's keeps its own: 22% is not 22.00%."""
    if not field.is_rate or places is None or places == field.places:
        return None
    return f"0.{'0' * (places - 2)}%" if places > 2 else "0%"


def _read_rows(reader: Reader, table: Table, place: TablePlace) -> dict[str, Stated]:
    """Rows with data; a level stated once counts for the rows below it, merged or not."""
    cells = reader.cells(place.sheet)
    stated: dict[str, Stated] = {}
    levels: dict[str, Place] = {}
    tall = [area for area in reader.book.merges(place.sheet) if area.bottom > area.top]
    anchors = {_corner(area) for area in tall}
    body = place.body
    merged = {
        Ref(row, area.left)
        for area in tall
        for row in range(max(area.top, body.top), min(area.bottom, body.bottom) + 1)
    }
    for row in place.body.rows:
        for depth, column in enumerate(table.fill_down):
            here = place.place(row, column)
            cell = cells.get(here.ref)
            if cell is not None and cell.text.strip():
                levels[column] = here
                for deeper in table.fill_down[depth + 1 :]:
                    levels.pop(deeper, None)
        if row not in place.rows:
            continue
        index = place.rows.index(row)
        texts = {c: cells[Ref(row, col)].text for c, col in place.columns.items() if Ref(row, col) in cells}
        name = row_name(reader.template, table.key, texts, index)
        for column, field in table.columns.items():
            where = levels.get(column) or place.place(row, column)
            key = row_key(table.key, index, column)
            stated[key] = reader.read(where, key, field, f"{name}·{field.label}")
            if field.type == "score" and where.ref in merged:
                first = where.ref in anchors
                kind = State.NOT_APPLICABLE if stated[key].is_blank and not first else stated[key].state
                stated[key] = stated[key]._replace(state=kind, shared=True)
    return stated
