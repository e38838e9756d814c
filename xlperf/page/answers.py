"""What is written beside the findings of a marked workbook: put in, where a person would write it, and taken out."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

from xlperf.errors import WorkbookError
from xlperf.package import Ref, Workbook
from xlperf.package.bookxml import blank_sheet
from xlperf.package.xmltext import MAX_TEXT
from xlperf.workbook.listing import write_list
from xlperf.workbook.marks import columns_in, results_place, results_rows
from xlperf.workbook.result_rows import EXPLANATION, NUMBER, RESULTS, RESULTS_SHEET

_NUMBER = RESULTS.titles[NUMBER]
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


def write_texts(path: Path, texts: Mapping[int, str], to: Path) -> None:
    """The marked workbook at `path` with texts beside its items, by their places from 0 in the list of items.

    Raises `WorkbookError` where the list of findings is not there.
    """
    book = Workbook.open(path)
    place = results_place(book)
    if place is None:
        raise WorkbookError(f"{book.name}：没有找到“{RESULTS_SHEET}”表，说明没有写进去。")
    sheet, head = place
    column = columns_in(book, sheet, head)[EXPLANATION]
    rows = {each[_NUMBER]: row for row, each in results_rows(book)}
    for item, text in texts.items():
        row = rows.get(str(item + 1))
        if row is not None:
            book.write(sheet, Ref(row, column), text[:MAX_TEXT] or None)
    book.save(to)


def only_results(path: Path) -> bytes:
    """The list of findings of a marked workbook as a workbook of its own."""
    texts = [list(each.values()) for _, each in results_rows(Workbook.open(path))]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        sheet = blank_sheet(RESULTS.layout(len(texts)), strict=False)
        for name, content in (*_PARTS.items(), ("xl/worksheets/sheet1.xml", sheet.decode())):
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content)
    made = Workbook.open(buffer.getvalue(), path.name)
    write_list(made, RESULTS, texts, [""] * len(texts))
    return made.to_bytes()
