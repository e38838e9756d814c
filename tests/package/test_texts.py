"""The general operations on parts: texts rewritten across runs, parts dropped, strings that no cell shows emptied."""

from __future__ import annotations

from tests.package.books import PACKAGE, RELS, pack, parts, sheet
from xlperf.package import Ref, Workbook
from xlperf.package.archive import Archive
from xlperf.package.parts import Parts
from xlperf.package.strings import empty_unused_strings
from xlperf.package.texts import Cuts, Where, rewrite_texts, without_references


def without_secret(where: Where, text: str) -> Cuts:
    at = text.find("秘密")
    return () if at < 0 else ((at, at + 2, "×"),)


def test_a_text_over_several_runs() -> None:
    xml = "<si><r><t>甲秘</t></r><r><t>密乙</t></r><rPh sb='0' eb='1'><t>ひ</t></rPh></si>".encode()
    assert rewrite_texts(xml, without_secret, ["si"]).decode() == "<si><r><t>甲×</t></r><r><t>乙</t></r></si>"


def test_texts_however_written() -> None:
    for written, after in (
        ("<t>&#31192;&#23494;</t>", "<t>×</t>"),
        ("<t>_x79D8__x5BC6_</t>", "<t>×</t>"),
        ("<t><![CDATA[秘密<]]></t>", "<t><![CDATA[×<]]></t>"),
        ("<t a='秘密&lt;' b=\"秘密\"/>", "<t a='×&lt;' b=\"×\"/>"),
        ("<!-- 秘密 --><t/>", "<!-- × --><t/>"),
        ("<t>&lt;秘密&amp;</t>", "<t>&lt;×&amp;</t>"),
    ):
        assert rewrite_texts(written.encode(), without_secret, []).decode() == after


def test_the_same_bytes_where_nothing_is_cut() -> None:
    xml = b"<a x='1'><!-- ? --><b>&#65;</b><c/></a>"
    assert rewrite_texts(xml, without_secret, ["b"]) is xml


def test_a_part_goes_with_all_that_leads_to_it() -> None:
    rel = f'<Relationship Id="rId7" Type="{RELS}/x" Target="../x/a.xml"/>'
    rels = f'<Relationships xmlns="{PACKAGE}/relationships">{rel}</Relationships>'
    below = rels.replace("rId7", "rId1").replace("../x/a.xml", "b.xml")
    content = parts(
        sheet(),
        extra={"xl/x/a.xml": "<a/>", "xl/x/b.xml": "<b/>", "xl/worksheets/_rels/sheet1.xml.rels": rels}
        | {"xl/x/_rels/a.xml.rels": below},
        overrides="".join(f'<Override PartName="/xl/x/{each}.xml" ContentType="x/{each}"/>' for each in "ab"),
    )
    open_ = Parts(Archive(pack(content)))
    assert open_.drop("xl/x/a.xml") == {"xl/worksheets/sheet1.xml": {"rId7"}}
    assert not [name for name in open_.names() if "/x/" in name]
    assert b"/xl/x/" not in open_.read("[Content_Types].xml")
    assert open_.rels("xl/worksheets/sheet1.xml") == []


def test_an_attribute_that_names_what_was_dropped() -> None:
    xml = b'<w><pageSetup paperSize="9" r:id="rId7"/><drawing r:id="rId7"/></w>'
    assert without_references(xml, "pageSetup", {"rId7"}) == b'<w><pageSetup paperSize="9" /><drawing r:id="rId7"/></w>'


def test_strings_that_no_cell_shows() -> None:
    rows = '<row r="1"><c r="A1" t="s"><v>1</v></c><c r="B1" t="s" s="1"><f>A1</f><v>2</v></c></row>'
    strings = "<si><t>旧</t></si><si><t>甲</t></si><si><r><t>乙</t></r></si><si/>"
    open_ = Parts(Archive(pack(parts(sheet(rows), strings=strings))))
    assert empty_unused_strings(open_, "xl/sharedStrings.xml", ["xl/worksheets/sheet1.xml"]) == 1
    book = Workbook.open(open_.to_bytes())
    assert [book.cells("表")[Ref(1, col)].text for col in (1, 2)] == ["甲", "乙"]
    assert "旧".encode() not in open_.read("xl/sharedStrings.xml")


def test_no_string_is_emptied_where_a_cell_is_not_understood() -> None:
    rows = '<row r="1"><c r="A1" t="s"><extLst/><v>0</v></c></row>'
    open_ = Parts(Archive(pack(parts(sheet(rows), strings="<si><t>甲</t></si><si><t>旧</t></si>"))))
    assert empty_unused_strings(open_, "xl/sharedStrings.xml", ["xl/worksheets/sheet1.xml"]) is None
    assert "旧".encode() in open_.read("xl/sharedStrings.xml")


def test_settled_edits_are_read() -> None:
    book = Workbook.open(pack(parts(sheet())))
    book.write("表", Ref(1, 1), "甲")
    assert Ref(1, 1) not in book.cells("表")
    book.settle()
    assert book.cells("表")[Ref(1, 1)].text == "甲"
    assert Workbook.open(book.to_bytes()).cells("表")[Ref(1, 1)].text == "甲"
