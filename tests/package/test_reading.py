from __future__ import annotations

import io
from decimal import Decimal

import openpyxl
import pytest

from tests.package.books import MAIN, RELS, STRICT_MAIN, STRICT_RELS, book, entries, pack, parts, raw_entries, sheet
from xlperf.errors import WorkbookError
from xlperf.package import (
    Area,
    Cell,
    CellKind,
    Ref,
    Workbook,
    area_text,
    column_letters,
    parse_area,
    parse_ref,
    ref_text,
)
from xlperf.package.formulas import move


def one_cell(xml: str, **options: object) -> Cell | None:
    workbook = Workbook.open(book(sheet(f'<row r="1">{xml}</row>'), **options))
    return workbook.cells("表").get(Ref(1, 1))


@pytest.mark.parametrize(
    ("xml", "kind", "text", "formula"),
    [
        ('<c r="A1"><v>0.2224</v></c>', "number", "0.2224", None),
        ('<c r="A1" t="n"><v>1E-2</v></c>', "number", "1E-2", None),
        ('<c r="A1"><v> -12 </v></c>', "number", "-12", None),
        ("<c><v>5</v></c>", "number", "5", None),
        ('<c r="A1" t="s"><v>0</v></c>', "text", "甲乙", None),
        ('<c r="A1" t="s"><v>1</v></c>', "text", "a\x01b_x", None),
        ('<c r="A1" t="inlineStr"><is><t>一</t></is></c>', "text", "一", None),
        (
            '<c r="A1" t="inlineStr"><is><r><t>一</t></r><r><t xml:space="preserve"> 二</t></r></is></c>',
            "text",
            "一 二",
            None,
        ),
        ('<c r="A1" t="inlineStr"><is><t>字</t><rPh sb="0" eb="1"><t>zi</t></rPh></is></c>', "text", "字", None),
        ('<c r="A1" t="str"><f>"x"&amp;"y"</f><v>xy</v></c>', "text", "xy", '"x"&"y"'),
        ('<c r="A1" t="str"><f>""</f><v></v></c>', "text", "", '""'),
        ('<c r="A1" t="b"><v>1</v></c>', "bool", "1", None),
        ('<c r="A1" t="e"><f>1/0</f><v>#DIV/0!</v></c>', "error", "#DIV/0!", "1/0"),
        ('<c r="A1"><f>B1+1</f></c>', "blank", "", "B1+1"),
        ('<c r="A1"><v>NaN</v></c>', "text", "NaN", None),
        ('<c r="A1"><v><![CDATA[12]]></v></c>', "number", "12", None),
    ],
)
def test_cell_kinds(xml: str, kind: str, text: str, formula: str | None) -> None:
    strings = (
        "<si><r><t>甲</t></r><r><t>乙</t></r><rPh sb='0' eb='1'><t>jia</t></rPh></si><si><t>a_x0001_b_x005F_x</t></si>"
    )
    assert one_cell(xml, strings=strings) == Cell(CellKind(kind), text, formula, 0)


def test_blank_cells_are_left_out() -> None:
    assert one_cell('<c r="A1" s="1"/>') is None


@pytest.mark.parametrize(
    "xml",
    [
        '<c r="A2"><v>1</v></c>',
        '<c r="XFE1"><v>1</v></c>',
        '<c r="A1" t="s"><v>9</v></c>',
        '<c r="A1" t="s"><v>x</v></c>',
        '<c r="A1" s="x"><v>1</v></c>',
        '<c r="1A"><v>1</v></c>',
        '<c r=""><v>1</v></c>',
        '<c r="A1"><v>1</c>',
    ],
)
def test_impossible_cells_are_refused_in_words(xml: str) -> None:
    with pytest.raises(WorkbookError, match="工作簿（工作表“表”）"):
        one_cell(xml)


def test_rows_and_cells_without_addresses() -> None:
    rows = (
        '<row><c><v>1</v></c><c><v>2</v></c></row><row r="5"><c r="C5"><v>3</v></c><c><v>4</v></c></row>'
        "<row><c><v>5</v></c></row>"
    )
    cells = Workbook.open(book(sheet(rows))).cells("表")
    assert {ref_text(ref): cell.text for ref, cell in cells.items()} == {
        "A1": "1", "B1": "2", "C5": "3", "D5": "4", "A6": "5",
    }  # fmt: skip


def test_shared_formulas_are_translated() -> None:
    rows = (
        '<row r="1"><c r="A1"><f t="shared" ref="A1:A3" si="0">B1*$C$1</f><v>1</v></c></row>'
        '<row r="2"><c r="A2"><f t="shared" si="0"/><v>2</v></c></row>'
        '<row r="3"><c r="A3"><f t="shared" si="0"></f><v>3</v></c></row>'
    )
    cells = Workbook.open(book(sheet(rows))).cells("表")
    assert [cells[Ref(row, 1)].formula for row in (1, 2, 3)] == ["B1*$C$1", "B2*$C$1", "B3*$C$1"]


def test_members_of_an_array_formula_know_it() -> None:
    rows = (
        '<row r="1"><c r="A1"><f t="array" ref="A1:A2">B1:B2*2</f><v>1</v></c></row>'
        '<row r="2"><c r="A2"><v>2</v></c></row><row r="3"><c r="A3"><v>3</v></c></row>'
    )
    cells = Workbook.open(book(sheet(rows))).cells("表")
    assert [cells[Ref(row, 1)].formula for row in (1, 2, 3)] == ["B1:B2*2", "B1:B2*2", None]


@pytest.mark.parametrize(
    ("formula", "moved"),
    [
        ("A1+$A1+A$1+$A$1", "B3+$A3+B$1+$A$1"),
        ("SUM(A1:B2)", "SUM(B3:C4)"),
        ("SUM(A:B)+SUM(1:2)+SUM($A:B)", "SUM(B:C)+SUM(3:4)+SUM($A:C)"),
        ("LOG10(A1)", "LOG10(B3)"),
        ("\"A1\"&'A1 表'!A1", "\"A1\"&'A1 表'!B3"),
        ("表[A1]+_x1+A1B+X1!A1", "表[A1]+_x1+A1B+X1!B3"),
        ("1E5+ABCD1+ZZZ1", "1E5+ABCD1+ZZZ1"),
        ("自评表!G12", "自评表!H14"),
        ("XFD1048576", "A2"),
        ("A1#", "B3#"),
    ],
)
def test_moving_a_formula(formula: str, moved: str) -> None:
    assert move(formula, 2, 1) == moved


def test_structure() -> None:
    names = (
        "<definedNames>"
        "<definedName name='xp_a'>表!$B$2:$C$3</definedName><definedName name='xp_b'>'乙'!$A$1</definedName>"
        "<definedName name='gone'>表!#REF!</definedName><definedName name='f'>SUM(表!$A$1:$A$2)</definedName>"
        "<definedName name='_xlnm.Print_Area'>表!$A$1</definedName><definedName name='far'>[1]表!$A$1</definedName>"
        "<definedName name='local' localSheetId='0'>表!$A$1</definedName>"
        "<definedName name='column'>表!$A:$A</definedName><definedName name='nosheet'>丙!$A$1</definedName>"
        "</definedNames>"
    )
    head = '<cols><col min="2" max="3" hidden="1"/></cols>'
    tail = '<mergeCells><mergeCell ref="A1:B2"/></mergeCells>'
    xml = sheet('<row r="4" hidden="1"/>', head=head, tail=tail)
    workbook = Workbook.open(book(xml, workbook_tail=names, prefix_state='state="veryHidden"'))
    assert workbook.sheets == ("表", "乙")
    assert workbook.names == (("xp_a", "表", Area(2, 2, 3, 3)), ("xp_b", "乙", Area(1, 1, 1, 1)))
    assert workbook.broken_names == ("gone",)
    assert [workbook.hidden_state(title) for title in workbook.sheets] == ["veryHidden", "visible"]
    assert workbook.merges("表") == (Area(1, 1, 2, 2),)
    assert workbook.hidden_cols("表") == {2, 3}
    assert workbook.hidden_rows("表") == {4}
    assert not workbook.signed
    with pytest.raises(WorkbookError, match="没有名为“丙”的工作表"):
        workbook.cells("丙")


def test_number_formats() -> None:
    cells = "".join(
        f'<c r="{column_letters(at)}1" s="{style}"><v>1</v></c>' for at, style in enumerate((0, 1, 2, 9), 1)
    )
    workbook = Workbook.open(book(sheet(f'<row r="1">{cells}</row>')))
    found = [workbook.number_format(cell) for cell in workbook.cells("表").values()]
    assert found == ["General", "0.00%", "0.0000", "General"]


ROW = '<row r="1"><c r="A1" t="inlineStr"><is><t>值</t></is></c><c r="B1"><v>2</v></c></row>'


@pytest.mark.parametrize(
    "xml",
    [
        "\ufeff" + sheet(ROW),
        ('<?xml version="1.0" encoding="UTF-16"?>' + sheet(ROW)).encode("utf-16"),
        ('<?xml version="1.0" encoding="UTF-16"?>' + sheet(ROW)).encode("utf-16-le"),
        ('<?xml version="1.0" encoding="gb2312"?>' + sheet(ROW)).encode("gb2312"),
        sheet(ROW).replace(MAIN, STRICT_MAIN).replace(RELS, STRICT_RELS),
        f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="1"><x:c r="A1" t="inlineStr"><x:is><x:t>值</x:t></x:is>'
        '</x:c><x:c r="B1"><x:v>2</x:v></x:c></x:row></x:sheetData></x:worksheet>',
        "<!-- <row r='9'> -->" + sheet("<!-- <c> -->" + ROW + "<?pi <row?>"),
    ],
    ids=["bom", "utf-16", "utf-16 without bom", "gb2312", "strict", "prefix", "comments"],
)
def test_dialects_are_read_and_written(xml: str | bytes) -> None:
    from decimal import Decimal

    workbook = Workbook.open(book(xml))
    assert [cell.text for cell in workbook.cells("表").values()] == ["值", "2"]
    workbook.write("表", Ref(1, 2), Decimal(3))
    workbook.write("表", Ref(7, 1), "新")
    workbook.set_highlights("表", "t", {"FF0000": [Ref(1, 1)]})
    again = Workbook.open(workbook.to_bytes())
    assert [cell.text for cell in again.cells("表").values()] == ["值", "3", "新"]
    openpyxl.load_workbook(io.BytesIO(workbook.to_bytes()))


def test_stored_entries_are_read() -> None:
    import zipfile

    assert Workbook.open(pack(parts(sheet(ROW)), method=zipfile.ZIP_STORED)).cells("表")


def test_addresses() -> None:
    assert parse_ref("$B$3") == Ref(3, 2)
    assert ref_text(Ref(1048576, 16384)) == "XFD1048576"
    assert parse_area("$A$1:C3") == Area(1, 1, 3, 3) == parse_area("C3:A1")
    assert (area_text(Area(1, 1, 3, 3)), area_text(parse_area("B2"))) == ("A1:C3", "B2")
    for bad in ("A0", "XFE1", "A1048577", "A", "1", "", "AAAA1", "Ａ1", "A１"):
        with pytest.raises(ValueError):
            parse_ref(bad)


def test_entries_named_with_backslashes() -> None:
    """As some programs on Windows write them: every part must be found, and new ones beside them."""
    blob = pack({name.replace("/", "\\"): content for name, content in parts(sheet()).items()})
    workbook = Workbook.open(blob)
    assert workbook.sheets == ("表", "乙")
    workbook.write("表", Ref(1, 1), Decimal(5), number_format="0.000")
    workbook.set_notes("表", "审核", {Ref(1, 1): "注"})
    again = Workbook.open(workbook.to_bytes())
    assert again.cells("表")[Ref(1, 1)].text == "5"
    assert again.notes("表") == {Ref(1, 1): ("审核", "注")}
    assert "xl\\worksheets\\sheet1.xml" in raw_entries(workbook.to_bytes())


def test_a_module_sheet_has_no_part() -> None:
    """Excel 95 kept macros in sheets; today's Excel writes `r:id=""` for one."""
    content = parts(sheet())
    module = '<sheet name="模块1" sheetId="9" r:id=""/></sheets>'
    content["xl/workbook.xml"] = str(content["xl/workbook.xml"]).replace("</sheets>", module)
    workbook = Workbook.open(pack(content))
    assert workbook.sheets == ("表", "乙")
    workbook.write("表", Ref(1, 1), Decimal(5))
    assert module in entries(workbook.to_bytes())["xl/workbook.xml"].decode()
