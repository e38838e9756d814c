"""What is written beside the findings of a marked workbook: put in, where a person would write it, and taken out."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from xlperf.errors import WorkbookError
from xlperf.package import Cell, CellKind, Ref, Workbook
from xlperf.package.bookxml import blank_sheet
from xlperf.package.xmltext import MAX_TEXT
from xlperf.workbook.listing import PLACE, write_list
from xlperf.workbook.marks import RESULTS, RESULTS_NAME, RESULTS_SHEET

_NUMBER = "序号"
_WRITTEN = next(title for title in RESULTS.titles if title.startswith("审核说明"))
_MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELS = (
    f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{_OFFICE}/%s" Target="%s"/></Relationships>'
)
_SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_MAIN}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_MAIN}.worksheet+xml"/></Types>',
    "_rels/.rels": _RELS % ("officeDocument", "xl/workbook.xml"),
    "xl/_rels/workbook.xml.rels": _RELS % ("worksheet", "worksheets/sheet1.xml"),
    "xl/workbook.xml": f'<workbook xmlns="{_SPREADSHEET}" xmlns:r="{_OFFICE}">'
    f'<sheets><sheet name="{RESULTS_SHEET}" sheetId="1" r:id="r1"/></sheets></workbook>',
}


class _List(NamedTuple):
    sheet: str
    head: int
    columns: Mapping[str, int]


def write_texts(path: Path, texts: Mapping[int, str], to: Path) -> None:
    """The marked workbook at `path` with texts beside its items, by their places from 0 in the list of items.

    Raises `WorkbookError` where the list of findings is not there.
    """
    book = Workbook.open(path)
    found = _list_in(book)
    column, numbers = found.columns[_WRITTEN], found.columns[_NUMBER]
    rows = {
        cell.text: ref.row
        for ref, cell in book.cells(found.sheet).items()
        if ref.col == numbers and ref.row > found.head and cell.kind is CellKind.NUMBER
    }
    for place, text in texts.items():
        row = rows.get(str(place + 1))
        if row is not None:
            book.write(found.sheet, Ref(row, column), text[:MAX_TEXT] or None)
    book.save(to)


def only_results(path: Path) -> bytes:
    """The list of findings of a marked workbook as a workbook of its own."""
    book = Workbook.open(path)
    found = _list_in(book)
    cells = book.cells(found.sheet)
    rows: dict[int, dict[int, Cell]] = {}
    for ref, cell in cells.items():
        if ref.row > found.head:
            rows.setdefault(ref.row, {})[ref.col] = cell
    texts = [
        [cells_of[at].text if (at := found.columns[title]) in cells_of else None for title in RESULTS.titles]
        for _, cells_of in sorted(rows.items())
    ]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        sheet = blank_sheet([column.width for column in RESULTS.columns], strict=False)
        for name, content in (*_PARTS.items(), ("xl/worksheets/sheet1.xml", sheet.decode())):
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content)
    made = Workbook.open(buffer.getvalue(), path.name)
    write_list(made, RESULTS, texts, [""] * len(texts))
    return made.to_bytes()


def _list_in(book: Workbook) -> _List:
    """Where the findings are listed: on the sheet of that name, under the row that has the headings."""
    named = [sheet for name, sheet, _ in book.names if name == RESULTS_NAME]
    for sheet in (*named, *(title for title in (RESULTS_SHEET,) if title in book.sheets)):
        cells = book.cells(sheet)
        heads = sorted(ref.row for ref, cell in cells.items() if cell.text == _WRITTEN)
        for head in heads:
            columns = {cell.text: ref.col for ref, cell in cells.items() if ref.row == head}
            if columns.keys() >= {_WRITTEN, _NUMBER, PLACE}:
                return _List(sheet, head, columns)
    raise WorkbookError(f"{book.name}：没有找到“{RESULTS_SHEET}”表里的“{_WRITTEN}”一栏，说明没有写进去。")
