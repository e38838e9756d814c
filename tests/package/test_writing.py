from __future__ import annotations

import io
import re
import struct
import zipfile
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
import python_calamine
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.package.books import RELS, TYPE, book, changed, entries, pack, parts, sheet, sheet1
from xlperf.errors import SaveError, WorkbookError
from xlperf.package import CellKind, Ref, Workbook, parse_ref

SHEET1 = "xl/worksheets/sheet1.xml"


def rows_after(rows: str, *writes: tuple[object, ...], head: str = "", tail: str = "", **options: object) -> str:
    """What is left between the <sheetData> tags after writing (address, value[, formula])."""
    workbook = Workbook.open(book(sheet(rows, head=head, tail=tail), **options))
    for address, value, *formula in writes:
        workbook.write("表", parse_ref(str(address)), value, formula=str(formula[0]) if formula else None)  # type: ignore[arg-type]
    return sheet1(workbook.to_bytes()).partition("<sheetData>")[2].partition("</sheetData>")[0]


ROW2 = '<row r="2" spans="1:4" ht="20"><c r="B2" s="1" t="s" cm="1" vm="2"><v>0</v></c><c r="D2"><v>4</v></c></row>'


TRUE = 't="b"><v>1</v></c>'


@pytest.mark.parametrize(
    ("writes", "expected"),
    [
        ([("B2", Decimal("0.50"))], ROW2.replace(' t="s" cm="1" vm="2"><v>0</v>', "><v>0.5</v>")),
        ([("B2", True)], ROW2.replace('t="s" cm="1" vm="2"><v>0</v>', 't="b"><v>1</v>')),
        ([("B2", None)], ROW2.replace(' t="s" cm="1" vm="2"><v>0</v></c>', "/>")),
        ([("B2", Decimal(3), "=D2-1")], ROW2.replace(' t="s" cm="1" vm="2"><v>0</v>', "><f>D2-1</f><v>3</v>")),
        ([("B2", "优", 'T(1<2)')], ROW2.replace('t="s" cm="1" vm="2"><v>0</v>', 't="str"><f>T(1&lt;2)</f><v>优</v>')),
        ([("B2", None, "D2")], ROW2.replace(' t="s" cm="1" vm="2"><v>0</v>', "><f>D2</f>")),
        ([("C2", Decimal(3))], ROW2.replace('<c r="D2">', '<c r="C2"><v>3</v></c><c r="D2">')),
        ([("A2", Decimal(1))], ROW2.replace('<c r="B2"', '<c r="A2"><v>1</v></c><c r="B2"')),
        ([("E2", Decimal(5))], ROW2.replace(' spans="1:4"', "").replace("</row>", '<c r="E2"><v>5</v></c></row>')),
        ([("A1", Decimal(1))], '<row r="1"><c r="A1"><v>1</v></c></row>' + ROW2),
        ([("B3", True), ("A3", None, "1")], ROW2 + f'<row r="3"><c r="A3"><f>1</f></c><c r="B3" {TRUE}</row>'),
        ([("A9", None)], ROW2),
    ],
)  # fmt: skip
def test_a_write_changes_only_its_cell(writes: list[tuple[object, ...]], expected: str) -> None:
    assert rows_after(ROW2, *writes, strings="<si><t>x</t></si>") == expected


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("=1+1", "=1+1"),
        ("@x", "@x"),
        ("-1", "-1"),
        (" 空 格\n二\t", " 空 格\n二\t"),
        ("a\x01\r\x1f", "a_x0001__x000D__x001F_"),
        ("_x0041_", "_x005F_x0041_"),
        ("<&>\"'", "&lt;&amp;&gt;\"'"),
        ("\ud800\ufffe", "_xD800__xFFFE_"),
    ],
)
def test_text_is_text(text: str, stored: str) -> None:
    expected = f'<c r="A1" t="inlineStr"><is><t xml:space="preserve">{stored}</t></is></c>'
    assert rows_after("", ("A1", text)) == f'<row r="1">{expected}</row>'


@given(st.text(max_size=40))
@settings(max_examples=200, deadline=None)
def test_text_comes_back(text: str) -> None:
    workbook = Workbook.open(book())
    workbook.write("表", Ref(1, 1), text)
    cell = Workbook.open(workbook.to_bytes()).cells("表")[Ref(1, 1)]
    assert (cell.kind, cell.text, cell.formula) == (CellKind.TEXT, text, None)


@given(st.decimals("-1e300", "1e300", allow_nan=False))
@settings(max_examples=200, deadline=None)
def test_numbers_come_back(number: Decimal) -> None:
    workbook = Workbook.open(book())
    workbook.write("表", Ref(1, 1), number)
    cell = Workbook.open(workbook.to_bytes()).cells("表")[Ref(1, 1)]
    assert cell.kind == CellKind.NUMBER
    assert Decimal(cell.text) == number


def test_new_cells_take_the_style_of_row_or_column() -> None:
    head = '<cols><col min="2" max="3" style="1"/></cols>'
    row = '<row r="1" s="2" customFormat="1"/><row r="2" s="2"/>'
    found = rows_after(row, ("B1", True), ("B2", True), ("A2", True), ("C5", True), head=head)
    assert found == (
        '<row r="1" s="2" customFormat="1"><c r="B1" s="2" t="b"><v>1</v></c></row>'
        '<row r="2" s="2"><c r="A2" t="b"><v>1</v></c><c r="B2" s="1" t="b"><v>1</v></c></row>'
        '<row r="5"><c r="C5" s="1" t="b"><v>1</v></c></row>'
    )


def test_an_empty_sheet_gets_its_first_row() -> None:
    xml = sheet().replace("<sheetData></sheetData>", "<sheetData />")
    workbook = Workbook.open(book(xml))
    workbook.write("表", Ref(2, 1), True)
    workbook.write("表", Ref(1, 1), True)
    assert '<sheetData ><row r="1">' in sheet1(workbook.to_bytes())
    assert list(Workbook.open(workbook.to_bytes()).cells("表")) == [Ref(1, 1), Ref(2, 1)]


def test_rows_without_numbers_keep_their_places() -> None:
    rows = "<row><c><v>1</v></c></row><row><c><v>2</v></c></row>"
    found = rows_after(rows, ("A2", True), ("B1", True))
    assert found == '<row><c><v>1</v></c><c r="B1" t="b"><v>1</v></c></row><row><c t="b"><v>1</v></c></row>'


SHARED = "".join(
    f'<row r="{r}"><c r="A{r}"><f t="shared"{head} si="3"{text}<v>{r}</v></c></row>'
    for r, head, text in ((1, ' ref="A1:A3"', ">B1+1</f>"), (2, "", "/>"), (3, "", "/>"))
)


def test_next_member_becomes_master_of_a_shared_formula() -> None:
    found = rows_after(SHARED, ("A1", Decimal(9)))
    assert found == SHARED.replace('<f t="shared" ref="A1:A3" si="3">B1+1</f><v>1</v>', "<v>9</v>").replace(
        '<f t="shared" si="3"/><v>2</v>', '<f t="shared" ref="A2:A3" si="3">B2+1</f><v>2</v>'
    )


def test_members_of_a_block_speak_for_themselves() -> None:
    rows = (
        '<row r="1"><c r="A1"><f t="shared" ref="A1:B2" si="0">D1</f></c><c r="B1"><f t="shared" si="0"/></c></row>'
        '<row r="2"><c r="A2"><f t="shared" si="0"/></c><c r="B2"><f t="shared" si="0"/></c></row>'
    )
    assert rows_after(rows, ("A1", None), ("B2", True)) == (
        '<row r="1"><c r="A1"/><c r="B1"><f>E1</f></c></row>'
        '<row r="2"><c r="A2"><f>D2</f></c><c r="B2" t="b"><v>1</v></c></row>'
    )
    # A member may go without disturbing anybody.
    assert rows_after(rows, ("B2", True)) == rows.replace(
        '<c r="B2"><f t="shared" si="0"/></c>', '<c r="B2" t="b"><v>1</v></c>'
    )


@pytest.mark.parametrize(
    ("address", "value", "formula", "words"),
    [
        ("B1", True, None, "左上角的 A1"),
        ("D2", True, None, "数组公式"),
        ("A9", "x" * 32_768, None, "32767"),
        ("A9", Decimal("NaN"), None, "NaN"),
        ("A9", None, "=", "公式"),
        ("A9", None, "A" * 9000, "公式"),
    ],
)
def test_refusals(address: str, value: object, formula: str | None, words: str) -> None:
    rows = '<row r="1"><c r="D1"><f t="array" ref="D1:D2">F1:F2</f><v>1</v></c></row>'
    xml = sheet(rows, tail='<mergeCells><mergeCell ref="A1:B2"/></mergeCells>')
    workbook = Workbook.open(book(xml), name="自评.xlsx")
    with pytest.raises(WorkbookError, match=words) as caught:
        workbook.write("表", parse_ref(address), value, formula=formula)  # type: ignore[arg-type]
    assert str(caught.value).startswith("自评.xlsx：")
    workbook.write("表", Ref(1, 1), True)  # the corner of the merge


def test_floats_are_refused() -> None:
    with pytest.raises(TypeError):
        Workbook.open(book()).write("表", Ref(1, 1), 0.1)  # type: ignore[arg-type]


def test_number_formats_are_added_once() -> None:
    workbook = Workbook.open(book(sheet('<row r="1"><c r="A1" s="2"/><c r="B1" s="1"/></row>')))
    workbook.write("表", Ref(1, 1), Decimal(1), number_format="0.00%")
    workbook.write("表", Ref(1, 2), Decimal(1), number_format="0.00%", wrap=True)
    workbook.write("表", Ref(2, 1), Decimal(1), number_format="#,##0.000")
    workbook.write("表", Ref(2, 2), Decimal(1), number_format="#,##0.000")
    workbook.write("表", Ref(3, 1), Decimal(1), number_format="0.00%")
    first = workbook.to_bytes()
    styles = entries(first)["xl/styles.xml"].decode()
    again = Workbook.open(first)
    cells = again.cells("表")
    assert [cells[Ref(*at)].style for at in ((1, 1), (1, 2), (2, 1), (2, 2), (3, 1))] == [3, 4, 5, 5, 1]
    assert again.number_format(cells[Ref(2, 1)]) == "#,##0.000"
    assert 'numFmts count="2"' in styles
    assert 'cellXfs count="6"' in styles
    assert '<xf numFmtId="10" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"><alignment' in styles
    again.write("表", Ref(1, 1), Decimal(1), number_format="0.00%")
    again.write("表", Ref(1, 2), Decimal(1), number_format="0.00%", wrap=True)
    again.write("表", Ref(2, 1), Decimal(1), number_format="#,##0.000")
    assert again.to_bytes() == first
    opened = openpyxl.load_workbook(io.BytesIO(first))["表"]
    assert opened["B1"].alignment.wrap_text
    assert opened["A1"].alignment.horizontal == "center"


CHAIN = {
    "xl/calcChain.xml": f'<calcChain xmlns="{TYPE}"><c r="A1" i="1"/></calcChain>',
}
CHAIN_REL = f'<Relationship Id="rId9" Type="{RELS}/calcChain" Target="calcChain.xml"/>'
CHAIN_OPTIONS: dict[str, object] = {
    "extra": CHAIN,
    "overrides": f'<Override PartName="/xl/calcChain.xml" ContentType="{TYPE}.calcChain+xml"/>',
    "workbook_rels": CHAIN_REL,
}


def test_calc_chain_goes_only_with_a_formula() -> None:
    blob = book(sheet('<row r="1"><c r="A1"><f>1+1</f><v>2</v></c></row>'), **CHAIN_OPTIONS)
    workbook = Workbook.open(blob)
    workbook.write("表", Ref(5, 5), Decimal(1))
    assert changed(blob, workbook.to_bytes()) == {SHEET1, "xl/workbook.xml"}
    workbook.write("表", Ref(1, 1), Decimal(1))
    after = workbook.to_bytes()
    rels = "xl/_rels/workbook.xml.rels"
    assert changed(blob, after) == {SHEET1, "xl/workbook.xml", "xl/calcChain.xml", rels, "[Content_Types].xml"}
    assert "calcChain" not in str(entries(after))
    assert CHAIN_REL not in entries(after)[rels].decode()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", '</sheets><calcPr fullCalcOnLoad="1"/></workbook>'),
        ('<calcPr calcId="1"/><extLst/>', '<calcPr calcId="1" fullCalcOnLoad="1"/><extLst/>'),
        ('<calcPr fullCalcOnLoad="0" calcId="1"/>', '<calcPr fullCalcOnLoad="1" calcId="1"/>'),
        ("<definedNames/><pivotCaches/>", '<definedNames/><calcPr fullCalcOnLoad="1"/><pivotCaches/>'),
    ],
)
def test_values_ask_for_recalculation(before: str, after: str) -> None:
    workbook = Workbook.open(book(workbook_tail=before))
    workbook.write("表", Ref(1, 1), Decimal(1))
    assert after in entries(workbook.to_bytes())["xl/workbook.xml"].decode()


def test_nothing_changes_without_an_edit() -> None:
    blob = book(sheet(ROW2), strings="<si><t>x</t></si>")
    workbook = Workbook.open(blob)
    assert workbook.to_bytes() is blob
    workbook.cells("表")
    workbook.set_highlights("表", "t", {})
    workbook.set_notes("表", "t", {})
    workbook.set_links("表", {})
    workbook.write("乙", Ref(1, 1), Decimal(7))  # what is there already
    assert workbook.to_bytes() is blob


def streamed(content: dict[str, str | bytes]) -> bytes:
    """With data descriptors, as streaming writers make them."""

    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.data = bytearray()

        def writable(self) -> bool:
            return True

        def write(self, chunk: Any) -> int:
            self.data += chunk
            return len(chunk)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            archive.writestr(name, data)
        archive.comment = b"keep me"
    return bytes(pipe.data)


def wide(content: dict[str, str | bytes]) -> bytes:
    """With zip64 fields although nothing is big."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            with archive.open(name, "w", force_zip64=True) as file:
                file.write(data if isinstance(data, bytes) else data.encode())
    return buffer.getvalue()


def wide_directory(content: dict[str, str | bytes]) -> bytes:
    """The directory's offsets and its own place in zip64 fields, as archives past 4 GB have them."""
    blob = bytearray(pack(content))
    end = blob.rfind(b"PK\5\6")
    count, _, start = struct.unpack_from("<HLL", blob, end + 10)
    listing, at = bytearray(), start
    for _ in range(count):
        names, extras = struct.unpack_from("<HH", blob, at + 28)
        record = bytearray(blob[at : at + 46 + names])
        offset = struct.unpack_from("<L", record, 42)[0]
        struct.pack_into("<L", record, 42, 0xFFFFFFFF)
        struct.pack_into("<H", record, 30, 12)
        listing += record + struct.pack("<HHQ", 1, 8, offset)
        at += 46 + names + extras
    last = struct.pack("<4sQHHLLQQQQ", b"PK\6\6", 44, 45, 45, 0, 0, count, count, len(listing), start)
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, start + len(listing), 1)
    tail = struct.pack("<4s4HLLH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return bytes(blob[:start] + listing + last + locator + tail)


@pytest.mark.parametrize("packer", [pack, streamed, wide, wide_directory])
def test_untouched_entries_keep_their_bytes(packer: object) -> None:
    blob = packer(parts(sheet(ROW2), strings="<si><t>x</t></si>"))  # type: ignore[operator]
    workbook = Workbook.open(blob)
    workbook.write("表", Ref(2, 2), Decimal(1))
    after = workbook.to_bytes()
    assert changed(blob, after) == {SHEET1, "xl/workbook.xml"}
    with zipfile.ZipFile(io.BytesIO(blob)) as old, zipfile.ZipFile(io.BytesIO(after)) as new:
        assert old.getinfo(SHEET1).date_time == new.getinfo(SHEET1).date_time
        assert old.comment == new.comment
    again = Workbook.open(after)
    again.write("表", Ref(2, 2), Decimal(1))
    assert again.to_bytes() == after


def test_others_read_what_was_written() -> None:
    made = openpyxl.Workbook()
    page = made.active
    page.title = "表"
    page["A1"], page["B2"], page["C3"] = "甲", 1, "=B2*2"
    buffer = io.BytesIO()
    made.save(buffer)
    workbook = Workbook.open(buffer.getvalue())
    workbook.write("表", Ref(2, 2), Decimal("2.5"))
    workbook.write("表", Ref(3, 3), Decimal(5), formula="B2*2")
    workbook.write("表", Ref(12, 30), "=新")
    after = workbook.to_bytes()
    values = openpyxl.load_workbook(io.BytesIO(after), data_only=True)["表"]
    formulas = openpyxl.load_workbook(io.BytesIO(after))["表"]
    assert (values["A1"].value, values["B2"].value, values["C3"].value, values["AD12"].value) == ("甲", 2.5, 5, "=新")
    assert formulas["C3"].value == "=B2*2"
    grid = python_calamine.load_workbook(io.BytesIO(after)).get_sheet_by_name("表").to_python()
    assert (grid[0][0], grid[1][1], grid[2][2], grid[11][29]) == ("甲", 2.5, 5.0, "=新")


def test_signed_workbooks_lose_their_signature_only_on_request() -> None:
    origin = "http://schemas.openxmlformats.org/package/2006/relationships/digital-signature/origin"
    content = parts(
        sheet(),
        extra={"_xmlsignatures/origin.sigs": b"", "_xmlsignatures/sig1.xml": "<Signature/>"},
        overrides='<Override PartName="/_xmlsignatures/sig1.xml" ContentType="application/x-sig"/>',
    )
    rels = str(content["_rels/.rels"])
    signature = f'<Relationship Id="rId2" Type="{origin}" Target="_xmlsignatures/origin.sigs"/></Relationships>'
    content["_rels/.rels"] = rels.replace("</Relationships>", signature)
    blob = pack(content)
    workbook = Workbook.open(blob)
    assert workbook.signed
    assert workbook.to_bytes() is blob
    workbook.write("表", Ref(1, 1), True)
    with pytest.raises(SaveError, match="--drop-signature"):
        workbook.to_bytes()
    after = entries(workbook.to_bytes(drop_signature=True))
    assert not any("_xmlsignatures" in name for name in after)
    assert after["_rels/.rels"].decode() == rels
    assert b"sig1" not in after["[Content_Types].xml"]


def test_a_workbook_without_styles_gets_some() -> None:
    content = parts(sheet())
    del content["xl/styles.xml"]
    content["xl/_rels/workbook.xml.rels"] = str(content["xl/_rels/workbook.xml.rels"]).replace("rId3", "rId33")
    workbook = Workbook.open(pack(content))
    workbook.write("表", Ref(1, 1), Decimal("0.5"), number_format="0.00%")
    after = workbook.to_bytes()
    again = Workbook.open(after)
    assert again.number_format(again.cells("表")[Ref(1, 1)]) == "0.00%"
    assert openpyxl.load_workbook(io.BytesIO(after))["表"]["A1"].number_format == "0.00%"


def test_add_sheet() -> None:
    workbook = Workbook.open(book())
    workbook.add_sheet("审核结果", sheet().encode())
    workbook.set_rows("审核结果", 1, [["甲", Decimal(1)]])
    after = workbook.to_bytes()
    assert Workbook.open(after).sheets == ("表", "乙", "审核结果")
    assert openpyxl.load_workbook(io.BytesIO(after))["审核结果"]["B1"].value == 1
    for title in ("表", "a/b", "", "x" * 32):
        with pytest.raises(WorkbookError):
            workbook.add_sheet(title, sheet().encode())


def test_styles_that_only_their_relationship_has_left_stay() -> None:
    """Found by the campaign: they were replaced by empty ones, so that every cell pointed at a style that was gone."""
    content: dict[str, str | bytes] = dict(parts(sheet('<row r="1"><c r="A1" s="2"><v>1</v></c></row>')))
    rels = str(content["xl/_rels/workbook.xml.rels"])
    content["xl/_rels/workbook.xml.rels"] = re.sub(r'<Relationship [^>]*Target="styles.xml"/>', "", rels)
    assert content["xl/_rels/workbook.xml.rels"] != rels
    held = Workbook.open(pack(content))
    held.write("表", Ref(1, 2), Decimal(1), number_format="0.0%")
    after = held.to_bytes()
    page = openpyxl.load_workbook(io.BytesIO(after))["表"]
    assert page["A1"].number_format == "0.0000" and page["B1"].number_format == "0.0%"
    assert entries(after)["[Content_Types].xml"].count(b"/xl/styles.xml") == 1
    assert entries(after)["xl/_rels/workbook.xml.rels"].count(b"relationships/styles") == 1
