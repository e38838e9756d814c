from __future__ import annotations

import io
import re
from decimal import Decimal

import openpyxl
import pytest

from tests.package.books import (
    MAIN,
    PACKAGE,
    RELS,
    STRICT_MAIN,
    STRICT_RELS,
    TYPE,
    book,
    changed,
    entries,
    pack,
    parts,
    sheet,
    sheet1,
)
from xlperf.errors import WorkbookError
from xlperf.package import Ref, Workbook

SHEET1 = "xl/worksheets/sheet1.xml"
RULE = (
    '<conditionalFormatting sqref="A1:A9"><cfRule type="expression" priority="4"><formula>TRUE</formula></cfRule>'
    "</conditionalFormatting>"
)
VALIDATION = '<dataValidations count="1"><dataValidation type="whole" sqref="A1"/></dataValidations>'
TAIL = (
    '<mergeCells count="1"><mergeCell ref="C1:D1"/></mergeCells>'
    + RULE
    + VALIDATION
    + '<hyperlinks><hyperlink ref="A9" location="表!A1" tooltip="his"/></hyperlinks>'
    + '<pageMargins left="1" right="1"/><!-- end -->'
)
PINK, YELLOW = "FFC7CE", "FFEB9C"


def marked(blob: bytes) -> bytes:
    workbook = Workbook.open(blob)
    workbook.set_highlights("表", "check", {YELLOW: [Ref(7, 2)], PINK: [Ref(3, 1), Ref(2, 1), Ref(2, 4)]})
    workbook.set_notes("表", "审核", {Ref(2, 1): "不等\n<应为 5>", Ref(7, 2): "缺"})
    workbook.set_links("表", {Ref(5, 1): "'乙'!A1", Ref(9, 1): "表!A1"})
    return workbook.to_bytes()


def cleared(blob: bytes) -> bytes:
    workbook = Workbook.open(blob)
    workbook.set_highlights("表", "check", {})
    workbook.set_notes("表", "审核", {})
    workbook.set_links("表", {})
    return workbook.to_bytes()


BOOKS = {
    "bare": book(),
    "self-closing": book(sheet().replace("<sheetData></sheetData>", "<sheetData/>")),
    "tail": book(sheet('<row r="2"><c r="A2"><v>1</v></c></row>', tail=TAIL)),
    "extension": book(sheet(tail='<extLst><ext><cfRule priority="12"/></ext></extLst>')),
    "no r prefix": book(f'<worksheet xmlns="{MAIN}"><sheetData/><tableParts count="0"/></worksheet>'),
    "prefixed": book(f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData/></x:worksheet>'),
    "strict": book(sheet().replace(MAIN, STRICT_MAIN).replace(RELS, STRICT_RELS)),
}


@pytest.mark.parametrize("blob", BOOKS.values(), ids=BOOKS.keys())
def test_marks_go_without_a_trace(blob: bytes) -> None:
    first = marked(blob)
    assert marked(first) == first
    assert Workbook.open(first).notes("表") == {Ref(2, 1): ("审核", "不等\n<应为 5>"), Ref(7, 2): ("审核", "缺")}
    assert changed(blob, cleared(first)) == {"xl/styles.xml"}  # the differential formats stay, they hurt nobody
    assert entries(cleared(first)).keys() == entries(blob).keys()
    assert b"fullCalcOnLoad" not in entries(first)["xl/workbook.xml"]


def test_marks_stand_in_the_order_of_the_schema() -> None:
    xml = sheet1(marked(BOOKS["tail"]))
    places = [
        "</mergeCells>",
        RULE,
        'sqref="B7"',
        VALIDATION,
        "his",
        'ref="A5"',
        "</hyperlinks>",
        "<pageMargins",
        "<legacyDrawing",
    ]
    assert [xml.index(place) for place in places] == sorted(xml.index(place) for place in places)
    assert 'sqref="A2:A3 D2"' in xml
    assert 'priority="5"' in xml
    assert 'priority="6"' in xml
    assert xml.count('ref="A9"') == 1  # somebody's link stays alone on its cell
    assert 'priority="13"' in sheet1(marked(BOOKS["extension"]))


def test_others_see_the_marks() -> None:
    page = openpyxl.load_workbook(io.BytesIO(marked(BOOKS["tail"])))["表"]
    assert page["A2"].comment.text == "不等\n<应为 5>"
    assert page["A2"].comment.author == "审核"
    assert page["A5"].hyperlink.location == "'乙'!A1"
    colors = {
        str(area.sqref): rule.dxf.fill.bgColor.rgb
        for area in page.conditional_formatting
        for rule in area.rules
        if rule.dxf
    }
    assert colors == {"A2:A3 D2": "FF" + PINK, "B7": "FF" + YELLOW}


def test_highlights_of_another_tag_stay() -> None:
    workbook = Workbook.open(BOOKS["bare"])
    workbook.set_highlights("表", "one", {PINK: [Ref(1, 1)]})
    one = workbook.to_bytes()
    workbook.set_highlights("表", "two", {PINK: [Ref(2, 1)]})
    both = Workbook.open(workbook.to_bytes())
    assert entries(workbook.to_bytes())["xl/styles.xml"].decode().count("<dxf>") == 1
    both.set_highlights("表", "two", {})
    assert both.to_bytes() == one


def test_a_rule_that_excel_put_beside_another_is_taken_out_alone() -> None:
    mixed = RULE.replace(
        "</conditionalFormatting>",
        '<cfRule type="expression"><formula>N("check")=0</formula></cfRule></conditionalFormatting>',
    )
    assert sheet1(cleared(book(sheet(tail=mixed)))) == sheet(tail=RULE)


COMMENTS = (
    f'<comments xmlns="{MAIN}"><authors><author>王</author></authors><commentList><comment ref="A2" authorId="0">'
    "<text><r><rPr><b/></rPr><t>先</t></r><r><t>后</t></r></text></comment></commentList></comments>"
)
# Not well-formed: <br> is never closed. Excel writes such things.
VML = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel"><v:shapetype id="_x0000_t202"></v:shapetype>'
    '<v:shape id="_x0000_s1030" type="#_x0000_t75"/>'
    '<v:shape id="_x0000_s1025" type="#_x0000_t202"><v:textbox><br></v:textbox><x:ClientData ObjectType="Note">'
    "<x:Row>1</x:Row><x:Column>0</x:Column></x:ClientData></v:shape>\n</xml>"
)


def with_comments(**more: str) -> bytes:
    rels = (
        f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{RELS}/comments" Target="../comments1.xml"/>'
        f'<Relationship Id="rId2" Type="{RELS}/vmlDrawing" Target="../drawings/vmlDrawing1.vml"/>{more.pop("rels", "")}'
        "</Relationships>"
    )
    extra = {
        "xl/worksheets/_rels/sheet1.xml.rels": rels,
        "xl/comments1.xml": COMMENTS,
        "xl/drawings/vmlDrawing1.vml": VML,
    }
    types = (
        '<Default Extension="vml" ContentType="application/vnd.openxmlformats-officedocument.vmlDrawing"/>'
        f'<Override PartName="/xl/comments1.xml" ContentType="{TYPE}.comments+xml"/>'
    )
    return book(sheet(tail='<legacyDrawing r:id="rId2"/>'), extra=extra | more, overrides=types)


def test_comments_of_others_are_left_alone() -> None:
    blob = with_comments()
    workbook = Workbook.open(blob)
    assert workbook.notes("表") == {Ref(2, 1): ("王", "先后")}
    assert workbook.set_notes("表", "审核", {Ref(2, 1): "x", Ref(3, 3): "y"}) == {Ref(2, 1)}
    after = workbook.to_bytes()
    assert changed(blob, after) == {"xl/comments1.xml", "xl/drawings/vmlDrawing1.vml"}
    assert Workbook.open(after).notes("表") == {Ref(2, 1): ("王", "先后"), Ref(3, 3): ("审核", "y")}
    vml = entries(after)["xl/drawings/vmlDrawing1.vml"].decode()
    assert vml.startswith(VML.removesuffix("</xml>"))
    assert 'id="_x0000_s1031"' in vml
    assert vml.count("<v:shapetype") == 1
    workbook = Workbook.open(after)
    workbook.set_notes("表", "审核", {})
    assert entries(workbook.to_bytes()) == entries(blob)


def test_notes_known_by_how_they_begin() -> None:
    """Excel names its user as the author of notes that a program wrote."""
    blob = with_comments()
    ours = re.compile("先")
    workbook = Workbook.open(blob)
    assert workbook.set_notes("表", "审核", {Ref(2, 1): "新"}, ours) == frozenset()
    after = workbook.to_bytes()
    assert Workbook.open(after).notes("表") == {Ref(2, 1): ("审核", "新")}
    assert entries(after)["xl/drawings/vmlDrawing1.vml"].count(b'"Note"') == 1
    workbook = Workbook.open(blob)
    workbook.set_notes("表", "审核", {}, ours)
    assert Workbook.open(workbook.to_bytes()).notes("表") == {}


def test_threads_are_left_alone() -> None:
    thread = "xl/threadedComments/threadedComment1.xml"
    rel = f'<Relationship Id="rId3" Type="http://x/2017/10/relationships/threadedComment" Target="/{thread}"/>'
    blob = with_comments(rels=rel, **{thread: '<ThreadedComments><threadedComment ref="C3"/></ThreadedComments>'})
    assert Workbook.open(blob).set_notes("表", "审核", {Ref(3, 3): "y"}) == {Ref(3, 3)}


def test_vml_of_form_controls_is_shared() -> None:
    content = parts(sheet(tail='<legacyDrawing r:id="rId2"/><controls/>'))
    vml = VML.replace("t202", "t201").replace('"Note"', '"Button"')
    content["xl/worksheets/_rels/sheet1.xml.rels"] = (
        f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId2" Type="{RELS}/vmlDrawing" '
        'Target="../drawings/vmlDrawing1.vml"/></Relationships>'
    )
    content["xl/drawings/vmlDrawing1.vml"] = vml
    blob = pack(content)
    first = marked(blob)
    assert marked(first) == first
    assert b't202"' in entries(first)["xl/drawings/vmlDrawing1.vml"]
    assert entries(first)["xl/drawings/vmlDrawing1.vml"].decode().startswith(vml.removesuffix("</xml>"))
    back = entries(cleared(first))
    assert {name for name, data in entries(blob).items() if back[name] != data} == {"xl/styles.xml"}
    assert back.keys() == entries(blob).keys()


def test_legacy_drawing_stands_before_wrapped_controls() -> None:
    controls = '<mc:AlternateContent xmlns:mc="m"><mc:Choice><controls/></mc:Choice></mc:AlternateContent>'
    xml = sheet1(marked(book(sheet(tail='<drawing r:id="rId1"/>' + controls + "<tableParts/>"))))
    assert xml.index("<drawing") < xml.index("<legacyDrawing") < xml.index("<mc:Alternate")


def test_set_rows() -> None:
    head = '<cols><col min="1" max="2" style="1"/></cols>'
    blob = book(sheet('<row r="1"><c r="A1"><v>1</v></c></row><row r="5"><c r="A5"><v>5</v></c></row>', head=head))
    rows: list[list[Decimal | str | None]] = [["一", Decimal("0.50"), None, "=x"], [], [None, "二"]]

    def listed(blob: bytes) -> bytes:
        workbook = Workbook.open(blob)
        workbook.set_rows("表", 3, rows)
        return workbook.to_bytes()

    first = listed(blob)
    assert listed(first) == first
    assert changed(blob, first) == {SHEET1}
    text = '<is><t xml:space="preserve">{}</t></is></c>'.format
    assert sheet1(first).partition("</row>")[2].partition("</sheetData>")[0] == (
        '<row r="3"><c r="A3" s="1" t="inlineStr">' + text("一") + '<c r="B3" s="1"><v>0.5</v></c>'
        '<c r="D3" t="inlineStr">'
        + text("=x")
        + '</row><row r="4"/><row r="5"><c r="B5" s="1" t="inlineStr">'
        + text("二")
        + "</row>"
    )
    workbook = Workbook.open(first)
    workbook.set_rows("表", 1, [])
    assert "<sheetData/>" in sheet1(workbook.to_bytes())
    with pytest.raises(WorkbookError):
        workbook.set_rows("表", 1_048_576, [[], []])
    with pytest.raises(WorkbookError):
        workbook.set_rows("表", 1, [["x" * 32_768]])


def test_rows_and_writes_together() -> None:
    workbook = Workbook.open(book())
    workbook.set_rows("表", 2, [["甲"], ["乙"]])
    workbook.write("表", Ref(1, 1), "题")
    workbook.write("表", Ref(3, 2), Decimal(1))
    found = Workbook.open(workbook.to_bytes()).cells("表")
    assert {ref: cell.text for ref, cell in found.items()} == {(1, 1): "题", (2, 1): "甲", (3, 1): "乙", (3, 2): "1"}
