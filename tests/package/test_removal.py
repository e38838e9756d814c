"""A sheet that was added goes with all that is its own, unless something of the rest leads to it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.package.books import MAIN, PACKAGE, RELS, TYPE, book, entries, pack, sheet
from tests.package.fidelity import unsound
from xlperf.package import Ref, Workbook
from xlperf.package.bookxml import blank_sheet
from xlperf.package.look import Layout

ADDED = "审核结果"
LAST = "xl/worksheets/sheet3.xml"


def with_added(blob: bytes) -> dict[str, str | bytes]:
    """The entries of a workbook after our sheet was put behind the others."""
    workbook = Workbook.open(blob)
    workbook.add_blank_sheet(ADDED, Layout([5, 9]))
    workbook.set_rows(ADDED, 1, [["编号", "差错"], [Decimal(1), "不等"]])
    return dict(entries(workbook.to_bytes()))


def changed_by(content: dict[str, str | bytes], part: str, old: str, new: str) -> bytes:
    """The workbook with a text of one part replaced, as another program might have saved it."""
    data = content[part]
    text = data.decode() if isinstance(data, bytes) else data
    assert text.count(old) >= 1
    return pack(content | {part: text.replace(old, new, 1)})


def removed(blob: bytes) -> bytes:
    workbook = Workbook.open(blob)
    workbook.remove_sheet(ADDED)
    return workbook.to_bytes()


def test_nothing_is_left_behind() -> None:
    blob = book(workbook_tail="<calcPr/>")
    content = with_added(blob)
    assert entries(removed(pack(content))) == entries(blob)


def test_a_list_of_texts_has_nothing_calculated_anew() -> None:
    """Nobody is asked to save what a program calculated on opening, and the mark of it does not outlive the list."""
    blob = book(workbook_tail="<calcPr/>")
    workbook = Workbook.open(blob)
    workbook.add_blank_sheet(ADDED, Layout([5]))
    workbook.write(ADDED, Ref(1, 1), "编号")
    content = entries(workbook.to_bytes())
    assert b"fullCalcOnLoad" not in content["xl/workbook.xml"]
    assert entries(removed(pack(dict(content)))) == entries(blob)


def test_a_list_that_something_reads_has() -> None:
    counting = sheet('<row r="1"><c r="A1"><f>COUNTA(审核结果!A:A)</f><v>2</v></c></row>')
    workbook = Workbook.open(pack(with_added(book(counting))))
    workbook.set_rows(ADDED, 1, [])
    workbook.write(ADDED, Ref(1, 1), "没有")
    assert b"fullCalcOnLoad" in entries(workbook.to_bytes())["xl/workbook.xml"]


NAMES = (
    '<definedNames><definedName name="_xlnm.Print_Titles" localSheetId="2">审核结果!$1:$1</definedName>'
    '<definedName name="_xlnm._FilterDatabase" localSheetId="2" hidden="1">审核结果!$A$1:$B$2</definedName>{}'
    "</definedNames>"
)


def test_the_names_of_the_sheet_alone_go_with_it() -> None:
    """Excel writes them when somebody filters the list or has its heading printed on every page."""
    workbook = Workbook.open(book())
    workbook.add_sheet(ADDED, blank_sheet(Layout([5, 9]), strict=False))
    content: dict[str, str | bytes] = dict(entries(workbook.to_bytes()))
    for kept in (
        "",
        '<definedName name="总额">表!$A$1</definedName><definedName name="x" localSheetId="1">1</definedName>',
    ):
        blob = changed_by(content, "xl/workbook.xml", "</sheets>", "</sheets>" + NAMES.format(kept))
        after = entries(removed(blob))
        expected = entries(book())["xl/workbook.xml"].decode()
        if kept:
            expected = expected.replace("</sheets>", f"</sheets><definedNames>{kept}</definedNames>")
        assert after["xl/workbook.xml"].decode() == expected
        assert LAST not in after


def test_views_that_showed_it_show_the_first() -> None:
    content = with_added(book())
    views = (
        '<bookViews><workbookView firstSheet="2" activeTab="2" visibility="visible"/><workbookView activeTab="1"/>'
        "</bookViews>"
    )
    custom = '<customWorkbookViews><customWorkbookView name="v" activeSheetId="3"/></customWorkbookViews>'
    data = content["xl/workbook.xml"]
    assert isinstance(data, bytes)
    text = data.decode().replace("<sheets>", f"{views}<sheets>").replace("</sheets>", f"</sheets>{custom}")
    after = entries(removed(pack(content | {"xl/workbook.xml": text})))["xl/workbook.xml"].decode()
    assert '<workbookView firstSheet="0" activeTab="0" visibility="visible"/><workbookView activeTab="1"/>' in after
    assert '<customWorkbookView name="v" activeSheetId="1"/>' in after


def test_what_only_it_needed_goes_with_it() -> None:
    """Excel gives it printer settings, somebody puts a comment on it; a picture is also on another sheet."""
    content = with_added(book())
    own = {
        "xl/comments9.xml": f'<comments xmlns="{MAIN}"/>',
        "xl/drawings/drawing9.xml": "<d/>",
        "xl/drawings/_rels/drawing9.xml.rels": rels("../media/own.png", "../media/shared.png"),
        "xl/media/own.png": "own",
        "xl/worksheets/_rels/sheet3.xml.rels": rels("../comments9.xml", "/xl/drawings/drawing9.xml"),
    }
    others = {"xl/media/shared.png": "shared", "xl/worksheets/_rels/sheet1.xml.rels": rels("../media/shared.png")}
    types = content["[Content_Types].xml"]
    assert isinstance(types, bytes)
    listed = f'<Override PartName="/xl/comments9.xml" ContentType="{TYPE}.comments+xml"/></Types>'
    blob = pack(content | own | others | {"[Content_Types].xml": types.decode().replace("</Types>", listed)})
    after = entries(removed(blob))
    assert after.keys() == entries(book()).keys() | others.keys()
    assert after["[Content_Types].xml"] == entries(book())["[Content_Types].xml"]


def rels(*targets: str) -> str:
    listed = "".join(
        f'<Relationship Id="rId{number}" Type="{RELS}/x" Target="{target}"/>'
        for number, target in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{listed}</Relationships>'


@pytest.mark.parametrize(("cell", "kept"), [('<c r="A1" i="3"/>', False), ('<c r="A1" i="1"/><c r="A2"/>', True)])
def test_the_chain_of_formulas_names_no_sheet_that_is_gone(cell: str, kept: bool) -> None:
    chain = f'<calcChain xmlns="{MAIN}">{cell}</calcChain>'
    blob = book(
        extra={"xl/calcChain.xml": chain},
        overrides=f'<Override PartName="/xl/calcChain.xml" ContentType="{TYPE}.calcChain+xml"/>',
        workbook_rels=f'<Relationship Id="rId9" Type="{RELS}/calcChain" Target="calcChain.xml"/>',
    )
    after = removed(pack(with_added(blob)))
    assert ("xl/calcChain.xml" in entries(after)) is kept
    assert unsound(blob, after) == []


def cell(content: str) -> str:
    return f'<row r="1"><c r="A1">{content}</c></row>'


REFERENCES = {
    "a formula": (sheet(cell("<f>审核结果!B2</f><v>1</v>")), ""),
    "a formula with quotes": (sheet(cell("<f>SUM('审核结果'!A1:B2)</f><v>1</v>")), ""),
    "a formula over several sheets": (sheet(cell("<f>SUM(乙:审核结果!A1)</f><v>1</v>")), ""),
    "several sheets in quotes": (sheet(cell("<f>SUM('审核结果:乙'!A1)</f><v>1</v>")), ""),
    "a text that becomes one": (sheet(cell('<f>INDIRECT("审核结果!B2")</f><v>1</v>')), ""),
    "written with numbers": (sheet(cell("<f>&#23457;&#x6838;结果!B2</f><v>1</v>")), ""),
    "a link": (sheet(tail='<hyperlinks><hyperlink ref="A1" location="审核结果!A1"/></hyperlinks>'), ""),
    "a list to choose from": (
        sheet(
            tail="<dataValidations><dataValidation><formula1>审核结果!$A$1:$A$9</formula1></dataValidation></dataValidations>"
        ),
        "",
    ),
    "a conditional format": (
        sheet(
            tail="<conditionalFormatting><cfRule><formula>审核结果!$A$1&gt;0</formula></cfRule></conditionalFormatting>"
        ),
        "",
    ),
    "a name": (
        sheet(),
        '<definedNames><definedName name="错误数">COUNTA(审核结果!$B:$B)-1</definedName></definedNames>',
    ),
    "a name of another sheet": (
        sheet(),
        '<definedNames><definedName name="x" localSheetId="0">审核结果!$A$1</definedName></definedNames>',
    ),
}


@pytest.mark.parametrize("name", REFERENCES)
def test_a_sheet_that_something_leads_to_is_emptied(name: str) -> None:
    content, tail = REFERENCES[name]
    blob = pack(with_added(book(content, workbook_tail=tail)))
    workbook = Workbook.open(blob)
    workbook.remove_sheet(ADDED)
    assert workbook.sheets == ("表", "乙", ADDED)
    after = workbook.to_bytes()
    again = Workbook.open(after)
    assert again.cells(ADDED) == {}
    before = entries(blob)
    assert {each for each, data in entries(after).items() if data != before[each]} == {LAST}
    again.remove_sheet(ADDED)
    assert again.to_bytes() == after


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("xl/charts/chart1.xml", "<c><f>审核结果!$A$1:$A$2</f></c>"),
        ("xl/pivotCache/pivotCacheDefinition1.xml", '<p><worksheetSource ref="A1:B2" sheet="审核结果"/></p>'),
        ("xl/ctrlProps/ctrlProp1.xml", '<formControlPr fmlaLink="审核结果!$A$1"/>'),
        ("xl/drawings/vmlDrawing1.vml", "<xml><FmlaLink>审核结果!$A$1</FmlaLink></xml>"),
    ],
)
def test_charts_and_controls_lead_to_it_too(part: str, content: str) -> None:
    workbook = Workbook.open(pack(with_added(book(extra={part: content}))))
    workbook.remove_sheet(ADDED)
    assert workbook.sheets[-1] == ADDED


UNRELATED = {
    "a text": sheet('<row r="1"><c r="A1" t="inlineStr"><is><t>见审核结果!</t></is></c></row>'),
    "a longer name": sheet(cell("<f>旧审核结果!A1+审核结果2!A1</f><v>1</v>")),
    "another file's sheet": sheet(cell("<f>[1]审核结果!A1+'[1]审核结果'!A2</f><v>1</v>")),
    "a comment": sheet(tail="<!-- 审核结果 -->"),
}


@pytest.mark.parametrize("name", UNRELATED)
def test_what_only_looks_like_a_reference(name: str) -> None:
    blob = book(UNRELATED[name])
    assert entries(removed(pack(with_added(blob)))) == entries(blob)


def test_what_is_taken_away_in_the_same_run_does_not_count() -> None:
    """The colours of drafts ask the sheet of drafts; both go together."""
    workbook = Workbook.open(book())
    workbook.add_blank_sheet(ADDED, Layout([5]))
    workbook.set_highlights("表", "t", {"FFC7CE": [Ref(1, 1)]}, {Ref(1, 1): "INDIRECT(\"'审核结果'!$A$1\")=1"})
    again = Workbook.open(workbook.to_bytes())
    again.set_highlights("表", "t", {})
    again.remove_sheet(ADDED)
    assert again.sheets == ("表", "乙")
    kept = Workbook.open(workbook.to_bytes())
    kept.remove_sheet(ADDED)
    assert kept.sheets == ("表", "乙", ADDED)
