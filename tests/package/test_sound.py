"""What other programs open but text patches would spoil is refused, and no part is saved that is not XML."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from tests.package.books import MAIN, book, changed, entries, pack, parts, sheet, sheet1
from xlperf.errors import WorkbookError
from xlperf.package import Ref, Workbook
from xlperf.package.archive import Archive, Damaged
from xlperf.package.parts import Parts

OTHER = "urn:example"
ROW = '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1"><v>3</v></c></row>'


def whole(rows: str, *, prefix: str = "", declared: str = "") -> str:
    """A sheet around `rows`, its own names under `prefix`."""
    own = f"xmlns:{prefix}" if prefix else "xmlns"
    p = f"{prefix}:" if prefix else ""
    data = f"<{p}sheetData>{rows}</{p}sheetData>"
    return f'<{p}worksheet {own}="{MAIN}"{declared}>{data}</{p}worksheet>'


UNSAFE = {
    "a cell in a cell": (sheet('<row r="1"><c r="A1"><f>1</f><c>10</c></c></row>'), "第 1 行"),
    "an empty cell in a cell": (sheet('<row r="1"><c r="A1"><c r="B1"/></c></row>'), "第 1 行"),
    "a cell in a cell's extension": (sheet(f'<row r="1"><c r="A1"><x xmlns="{OTHER}"><c/></x></c></row>'), "命名空间"),
    "a row in a row": (sheet('<row r="1"><row r="2"><c r="A2"/></row></row>'), "第 1 行"),
    "a row in a cell": (sheet('<row r="7"><c r="A7"><row r="8"/></c></row>'), "第 7 行"),
    "a cell outside the rows": (sheet(f'{ROW}<c r="A1"/>'), "单元格或行的写法"),
    "a cell in another element of a row": (sheet('<row r="1"><x><c r="A1"/></x></row>'), "第 1 行"),
    "a row in another element": (sheet(f"<x>{ROW}</x>"), "单元格区域"),
    "a second prefix for rows": (whole(ROW.replace("row", "m:row"), declared=f' xmlns:m="{MAIN}"'), "别的前缀"),
    "a second prefix for cells": (whole('<row r="3"><m:c r="A3"/></row>', declared=f' xmlns:m="{MAIN}"'), "第 3 行"),
    "cells of another name space": (whole(ROW, prefix="m", declared=f' xmlns="{OTHER}"'), "单元格区域"),
    "a row of another name space": (sheet(ROW.replace("<row", f'<row xmlns="{OTHER}"')), "命名空间"),
    "a row twice": (sheet(f'{ROW}<row r="2"/><row r="1"><c r="A1"/></row>'), "第 1 行出现了两次"),
    "a row twice, once by its place": (sheet('<row r="2"/><row r="1"/><row><c r="A2"/></row>'), "第 2 行出现了两次"),
    "a cell twice": (sheet('<row r="1"><c r="A1"/><c r="A1"><v>2</v></c></row>'), "A1 写了两次"),
    "a cell twice, once by its place": (sheet('<row r="1"><c r="B1"/><c r="A1"/><c r="A1"/></row>'), "A1 写了两次"),
    "a cell of another row": (sheet('<row r="1"><c r="A6"/></row>'), "A1 写了两次，或写在别的行里"),
    "a row's number behind an entity": (sheet('<row r="&#49;"><c r="A1"/></row>'), "第 1 行"),
    "a row's number in another attribute": (sheet("""<row x=" r='9'" r="1"><c r="A1"/></row>"""), "单元格或行的写法"),
    "two areas of cells": (sheet(ROW).replace("</sheetData>", "</sheetData><sheetData/>"), "两处"),
}


@pytest.mark.parametrize("name", UNSAFE)
def test_rows_that_cannot_be_patched_safely(name: str) -> None:
    content, words = UNSAFE[name]
    workbook = Workbook.open(book(content), "表.xlsx")
    workbook.write("表", Ref(1, 1), Decimal(5))
    with pytest.raises(WorkbookError, match=words) as caught:
        workbook.to_bytes()
    assert str(caught.value).startswith("表.xlsx（工作表“表”）：")
    assert str(caught.value).endswith("没有保存。请用 Excel 或 WPS 打开检查，修复并另存后再试。")


SAFE = {
    "comments, instructions, CDATA": sheet(
        f'<!-- <c r="A1"> --><?x <row r="1">?>{ROW}<row r="2"><c r="A2"><f><![CDATA[<c r="A1"/>]]></f></c></row>'
    ),
    "a prefix throughout": whole('<m:row r="1"><m:c r="A1"><m:v>2</m:v></m:c></m:row>', prefix="m"),
    "numbers by their place": sheet("<row><c><v>2</v></c><c/></row><row/>"),
    "rows that do not ascend": sheet('<row r="9"/><row r="2"/><row r="1"><c r="A1"><v>2</v></c></row><row r="3"/>'),
    "blanks and other quotes": sheet("<row\n r='1' ><c\tr = 'A1' ><v >2</v ></c ></row >"),
    "a > in an attribute of a cell": sheet('<row r="1"><c r="A1" x="a>b/>"><v>2</v></c></row>'),
    "extensions": sheet(
        '<row r="1"><c r="A1"><v>2</v><extLst><ext uri="c"/></extLst></c><extLst/></row>'
        '<row r="2"><extLst><x/></extLst></row>'
    ),
    "rows of an anchor behind the cells": sheet(ROW, tail=f'<x:a xmlns:x="{OTHER}"><x:row>1</x:row><x:c/></x:a>'),
    "the same name space said again": sheet(ROW.replace("<row", f'<row xmlns="{MAIN}" xmlns:x="{OTHER}"')),
    "the word elsewhere": sheet(f"<!-- sheetData sheetData -->{ROW}"),
}


@pytest.mark.parametrize("name", SAFE)
def test_what_is_only_unusual_is_patched(name: str) -> None:
    blob = book(SAFE[name])
    workbook = Workbook.open(blob)
    workbook.write("表", Ref(1, 1), Decimal(5))
    after = workbook.to_bytes()
    assert "xl/worksheets/sheet1.xml" in changed(blob, after)
    assert Workbook.open(after).cells("表")[Ref(1, 1)].text == "5"


@pytest.mark.parametrize("name", UNSAFE)
def test_other_sheets_are_none_of_its_business(name: str) -> None:
    workbook = Workbook.open(book(UNSAFE[name][0]))
    workbook.write("乙", Ref(1, 1), Decimal(5))
    assert sheet1(workbook.to_bytes()) == UNSAFE[name][0]


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("xl/workbook.xml", b"<a><b></a>"),
        ("xl/worksheets/_rels/sheet1.xml.rels", b'<a x:b="1"/>'),
        ("xl/drawings/vmlDrawing1.vml", b"<xml><v:shape/></xml>"),
        ("xl/drawings/vmlDrawing1.vml", b"<xml><b></xml>"),
        ("docProps/app.xml", b""),
        ("customXml/item", b"<a>"),
        ("xl/comments1.xml", b'<!DOCTYPE a><a xmlns="b"/>'),
    ],
)
def test_a_changed_part_that_is_no_xml_is_not_saved(part: str, content: bytes) -> None:
    package = Parts(Archive(book()))
    package.write(part, content)
    with pytest.raises(Damaged):
        package.to_bytes()


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("xl/media/image1.png", b"\x89PNG"),
        ("xl/media/image2.bin", b""),
        ("xl/drawings/vmlDrawing1.vml", b"<xml>two<br>lines<br/><br clear='all'>of Excel</xml>"),
    ],
)
def test_what_need_not_be_xml(part: str, content: bytes) -> None:
    package = Parts(Archive(book()))
    package.write(part, content)
    assert entries(package.to_bytes())[part] == content


def test_parts_that_nobody_changed_are_not_looked_at() -> None:
    content = parts(sheet(ROW), extra={"docProps/app.xml": "<a", "xl/drawings/a.vml": "<v:shape/>"})
    workbook = Workbook.open(pack(content))
    workbook.write("表", Ref(1, 1), Decimal(5))
    assert entries(workbook.to_bytes())["docProps/app.xml"] == b"<a"


def test_a_sheet_that_is_refused_leaves_its_file_alone(tmp_path: Path) -> None:
    target = tmp_path / "表.xlsx"
    blob = book(UNSAFE["a cell in a cell"][0])
    target.write_bytes(blob)
    workbook = Workbook.open(target)
    workbook.write("表", Ref(1, 1), Decimal(5))
    with pytest.raises(WorkbookError):
        workbook.save(target)
    assert target.read_bytes() == blob
    assert [each.name for each in tmp_path.iterdir()] == [target.name]


@pytest.mark.parametrize("first", ['r="2"', "r='2'"], ids=["as every program writes it", "with other quotes"])
def test_where_rows_belong(first: str) -> None:
    """In one walk through the rows: written over, between, before and behind those that are there."""
    rows = f'<row {first}><c r="A2"><v>2</v></c></row><row r="4"/><row r="40"><c r="A40"><v>40</v></c></row>'
    workbook = Workbook.open(book(sheet(rows)))
    for row in (1, 2, 3, 4, 40, 41):
        workbook.write("表", Ref(row, 1), Decimal(row * 10))
    found = sheet1(workbook.to_bytes()).partition("<sheetData>")[2].partition("</sheetData>")[0]
    cells = "".join(f'<c r="A{row}"><v>{row * 10}</v></c>;' for row in (1, 2, 3, 4, 40, 41)).split(";")
    tags = ['r="1"', first, 'r="3"', 'r="4"', 'r="40"', 'r="41"']
    assert found == "".join(f"<row {tag}>{cell}</row>" for tag, cell in zip(tags, cells[:-1], strict=True))
