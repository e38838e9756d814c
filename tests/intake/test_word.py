"""Word documents: real cells, and the text as it stands once all changes are accepted."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml

from xlperf.errors import DocumentError
from xlperf.intake.readers.nodes import root_of
from xlperf.intake.readers.opening import read_document
from xlperf.intake.readers.word import walk
from xlperf.labels.blocks import Document, Paragraph, Table
from xlperf.package.budget import Of

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFFICE, MICROSOFT = "http://schemas.openxmlformats.org", "http://schemas.microsoft.com/office/word/2010"
NAMESPACES = (
    f'xmlns:w="{W}" xmlns:m="{OFFICE}/officeDocument/2006/math" xmlns:mc="{OFFICE}/markup-compatibility/2006" '
    f'xmlns:pic="{OFFICE}/drawingml/2006/picture" xmlns:wps="{MICROSOFT}/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
)


def made(*blocks: str) -> bytes:
    """A document of these blocks of raw XML."""
    document = docx.Document()
    for block in blocks:
        start = block.index(">") - block[: block.index(">")].endswith("/")
        document.element.body.insert(-1, parse_xml(f"{block[:start]} {NAMESPACES}{block[start:]}"))
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def read(tmp_path: Path, *blocks: str) -> Document:
    path = tmp_path / "报告.docx"
    path.write_bytes(made(*blocks))
    return read_document(path)


def r(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def p(*inner: str) -> str:
    return f"<w:p>{''.join(each if each.startswith('<') else r(each) for each in inner)}</w:p>"


def tc(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{text if text.startswith('<') else p(text)}</w:tc>"


def tbl(*rows: str) -> str:
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"


SPAN2, SPAN3 = '<w:gridSpan w:val="2"/>', '<w:gridSpan w:val="3"/>'
DOWN, GOES_ON = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
ACROSS, MORE = '<w:hMerge w:val="restart"/>', '<w:hMerge w:val="continue"/>'


def cells(document: Document, number: int = 0) -> list[tuple[int, int, str, int, int]]:
    tables = [block for block in document.blocks if isinstance(block, Table)]
    return [tuple(cell[:5]) for cell in tables[number].cells]  # type: ignore[misc]


def texts(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Paragraph)]


def test_merged_cells_are_one_cell_each(tmp_path: Path) -> None:
    document = read(
        tmp_path,
        tbl(
            tc("指标", DOWN) + tc("合并两列", SPAN2) + tc("得分"),
            tc("", GOES_ON) + tc("甲") + tc("乙") + tc("5"),
            tc("", GOES_ON) + tc("丙", SPAN2 + DOWN) + tc("6"),
            tc("总分") + tc("", SPAN2 + GOES_ON) + tc("11"),
        ),
    )
    assert cells(document) == [
        (0, 0, "指标", 3, 1), (0, 1, "合并两列", 1, 2), (0, 3, "得分", 1, 1),
        (1, 1, "甲", 1, 1), (1, 2, "乙", 1, 1), (1, 3, "5", 1, 1),
        (2, 1, "丙", 2, 2), (2, 3, "6", 1, 1),
        (3, 0, "总分", 1, 1), (3, 3, "11", 1, 1),
    ]  # fmt: skip
    (table,) = document.blocks
    assert isinstance(table, Table)
    assert table.place == "表1"
    assert table.cells[-1].place == "第4行第4列"


def test_two_merges_one_under_the_other_stay_two(tmp_path: Path) -> None:
    rows = [
        tc(first, mark) + tc(str(n))
        for n, (first, mark) in enumerate((("产", DOWN), ("", GOES_ON), ("效", DOWN), ("", GOES_ON)))
    ]
    assert [cell for cell in cells(read(tmp_path, tbl(*rows))) if cell[1] == 0] == [
        (0, 0, "产", 2, 1),
        (2, 0, "效", 2, 1),
    ]


def test_old_merges_across_and_rows_that_begin_later(tmp_path: Path) -> None:
    late = "<w:trPr><w:gridBefore w:val='1'/></w:trPr>"
    document = read(tmp_path, tbl(tc("甲", ACROSS) + tc("", MORE) + tc("乙"), late + tc("丙") + tc("丁")))
    assert cells(document) == [(0, 0, "甲", 1, 2), (0, 2, "乙", 1, 1), (1, 1, "丙", 1, 1), (1, 2, "丁", 1, 1)]


def test_a_merge_without_a_beginning_is_a_cell(tmp_path: Path) -> None:
    assert cells(read(tmp_path, tbl(tc("甲", GOES_ON) + tc("乙")))) == [(0, 0, "甲", 1, 1), (0, 1, "乙", 1, 1)]


def test_lines_of_a_cell(tmp_path: Path) -> None:
    cell = p("年度预") + p() + p("　算申请", "<w:r><w:br/></w:r>", "（万元） ")
    assert cells(read(tmp_path, tbl(tc(cell)))) == [(0, 0, "年度预\n算申请\n（万元）", 1, 1)]


def test_nested_tables_follow_the_outer_one(tmp_path: Path) -> None:
    inner = tbl(tc("三公经费") + tc("0.30"))
    document = read(tmp_path, p("前"), tbl(tc(p("见下表") + inner + p("完"))), p("后"))
    assert [block.place for block in document.blocks] == ["第1段", "表1", "表2（在表1内）", "第2段"]
    assert cells(document) == [(0, 0, "见下表\n完", 1, 1)]
    assert cells(document, 1) == [(0, 0, "三公经费", 1, 1), (0, 1, "0.30", 1, 1)]


def test_content_controls(tmp_path: Path) -> None:
    """Around paragraphs, tables, rows, cells and words; one that only invites to type is blank."""

    def sdt(inner: str, properties: str = "") -> str:
        return f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{inner}</w:sdtContent></w:sdt>"

    prompt = "<w:showingPlcHdr/>"
    row = f"<w:tr>{sdt(tc('编制数'))}{tc(p(sdt(r('8'))))}{sdt(tc('单击此处输入'), prompt)}{tc('末')}</w:tr>"
    document = read(
        tmp_path,
        sdt(p("甲") + tbl(tc("乙"))),
        sdt(p("单击或点击此处输入文字。"), prompt),
        f"<w:tbl><w:tblPr/><w:tblGrid/>{sdt(row)}</w:tbl>",
        p("丙", sdt(r("请选择"), prompt), "丁"),
    )
    assert texts(document) == ["甲", "丙丁"]
    assert [cell[1:3] for cell in cells(document, 1)] == [(0, "编制数"), (1, "8"), (2, ""), (3, "末")]


def test_tracked_changes_as_if_accepted(tmp_path: Path) -> None:
    def change(kind: str, inner: str) -> str:
        return f'<w:{kind} w:id="1" w:author="审核人" w:date="2024-07-30T00:00:00Z">{inner}</w:{kind}>'

    deleted = change("del", "<w:r><w:delText>22.24%</w:delText></w:r>")
    row = "<w:trPr>" + change("del", "") + "</w:trPr>" + tc("删去的行")
    document = read(
        tmp_path,
        p("上升", deleted, change("ins", r("49.38%")), "。"),
        p(change("moveFrom", r("移走"))),
        p(change("moveTo", r("移来"))),
        tbl(tc("甲"), row, tc("乙")),
    )
    assert texts(document) == ["上升49.38%。", "移来"]
    assert cells(document) == [(0, 0, "甲", 1, 1), (1, 0, "乙", 1, 1)]
    assert document.remarks == (
        "文档有没有接受的修订（插入 2 处，删除 3 处），按全部接受后的文字读入，请在 Word 中核对。",
    )


def test_paragraphs_joined_by_a_tracked_change(tmp_path: Path) -> None:
    mark = '<w:pPr><w:rPr><w:del w:id="1" w:author="甲" w:date="2024-07-30T00:00:00Z"/></w:rPr></w:pPr>'
    assert texts(read(tmp_path, p(mark, "人员经费"), p("109.33万元。"), p("完"))) == ["人员经费109.33万元。", "完"]
    assert texts(read(tmp_path, p(mark, "甲"), tbl(tc("乙")), p("丙"))) == ["甲", "丙"]


def text_box(text: str) -> str:
    inner = f"<w:txbxContent>{p(text)}</w:txbxContent>"
    return (
        "<w:r><mc:AlternateContent>"
        f'<mc:Choice Requires="wps"><w:drawing><wps:wsp><wps:txbx>{inner}</wps:txbx></wps:wsp></w:drawing></mc:Choice>'
        f"<mc:Fallback><w:pict><v:shape><v:textbox>{inner}</v:textbox></v:shape></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )


def test_text_boxes_are_read_once(tmp_path: Path) -> None:
    content = f"<w:txbxContent>{p('旧式')}</w:txbxContent>"
    old = f"<w:r><w:pict><v:shape><v:textbox>{content}</v:textbox></v:shape></w:pict></w:r>"
    document = read(tmp_path, p("甲", text_box("附件1"), "乙"), tbl(tc(p("丙", text_box("格内")))), p(old), p("丁"))
    assert [(block.place, getattr(block, "text", "")) for block in document.blocks] == [
        ("第1段", "甲乙"), ("文本框1第1段", "附件1"), ("表1", ""), ("文本框2第1段", "格内"), ("文本框3第1段", "旧式"),
        ("第2段", "丁"),
    ]  # fmt: skip
    assert document.remarks == ("有 3 个文本框，文字接在它所在的段落或表格之后读入。",)


def field(instruction: str, result: str) -> str:
    def char(kind: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    code = f"<w:r><w:instrText>{instruction}</w:instrText></w:r>"
    return char("begin") + code + char("separate") + result + char("end")


@pytest.mark.parametrize(
    ("inner", "shown"),
    [
        (("共", "<w:fldSimple w:instr='PAGE'>" + r("3") + "</w:fldSimple>", "页"), "共3页"),
        ((field("=SUM(ABOVE)", r("251.06")), "万元"), "251.06万元"),
        ((field("IF " + "</w:instrText></w:r>" + field("PAGE", r("9")) + "<w:r><w:instrText>", r("是")),), "是"),
        (("<w:hyperlink>" + r("网址") + "</w:hyperlink>",), "网址"),
        (("甲</w:t><w:tab/><w:t>乙",), "甲 乙"),
        (("一行</w:t><w:br/><w:t>二行",), "一行\n二行"),
        (("绩</w:t><w:softHyphen/><w:t>效\u00ad\u200b",), "绩效"),
        (("2023</w:t><w:noBreakHyphen/><w:t>2024",), "2023-2024"),
        (('<w:r><w:sym w:font="Symbol" w:char="F0B3"/></w:r>', "98"), "≥98"),
        (('<w:r><w:sym w:font="Wingdings 2" w:char="F052"/></w:r>', "是"), "☑是"),
        (("<m:oMath><m:f><m:num><m:r><m:t>36.14</m:t></m:r></m:num><m:den><m:r><m:t>73.19</m:t></m:r></m:den></m:f></m:oMath>",),
         "36.14/73.19"),
        (("<w:ruby><w:rt>" + r("jì") + "</w:rt><w:rubyBase>" + r("绩") + "</w:rubyBase></w:ruby>",), "绩"),
        (("<w:smartTag>" + r("邵阳") + "</w:smartTag>",), "邵阳"),
        (("见", "<w:r><w:rPr><w:vanish/></w:rPr><w:t>草稿</w:t></w:r>"), "见"),
        (("<w:r><w:rPr><w:vanish w:val='0'/></w:rPr><w:t>正文</w:t></w:r>",), "正文"),
    ],
)  # fmt: skip
def test_what_a_paragraph_shows(inner: tuple[str, ...], shown: str, tmp_path: Path) -> None:
    assert texts(read(tmp_path, p(*inner))) == [shown]


@pytest.mark.parametrize(
    ("inner", "remark"),
    [
        ('<w:r><w:footnoteReference w:id="1"/></w:r>', "有 1 条脚注，没有读入。"),
        ('<w:r><w:commentReference w:id="1"/></w:r>', "有 1 条批注，没有读入。"),
        ("<w:r><w:drawing><pic:pic/></w:drawing></w:r>", "有 1 张图片或图表，其中的文字和数字没有读入。"),
        ("<w:r><w:object><v:shape><v:imagedata/></v:shape><o:OLEObject/></w:object></w:r>", "有 1 个嵌入的文件"),
        ('<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>', "有 1 段用了自动编号，编号本身没有读入。"),
        ("<w:r><w:rPr><w:vanish/></w:rPr><w:t>草稿</w:t></w:r>", "有 1 处隐藏的文字，没有读入。"),
        ('<w:r><w:sym w:font="Webdings" w:char="F041"/></w:r>', "有 1 个特殊符号认不出"),
    ],
)
def test_what_is_not_read_is_told(inner: str, remark: str, tmp_path: Path) -> None:
    (told,) = read(tmp_path, p(inner, "正文")).remarks
    assert told.startswith(remark)


STRUCK, TWICE = "<w:strike/>", "<w:dstrike/>"
RAISED, LOWERED = '<w:vertAlign w:val="superscript"/>', '<w:vertAlign w:val="subscript"/>'


def rpr(text: str, *marks: str) -> str:
    return f"<w:r><w:rPr>{''.join(marks)}</w:rPr><w:t>{text}</w:t></w:r>"


@pytest.mark.parametrize(
    ("inner", "text"),
    [
        (("340.50", rpr("1", RAISED), "万元"), "340.50万元"),
        (("340.50", rpr("1", LOWERED), "万元"), "340.50万元"),
        ((rpr("34", STRUCK), "340.50万元"), "340.50万元"),
        ((rpr("34", TWICE), "340.50万元"), "340.50万元"),
        ((rpr("34", '<w:strike w:val="0"/>'), "0.50万元"), "340.50万元"),
        ((rpr("34", '<w:vertAlign w:val="baseline"/>'), "0.50万元"), "340.50万元"),
        ((rpr("34", "<w:vanish/>"), "0.50万元"), "0.50万元"),
        (("建筑面积500m", rpr("2", RAISED)), "建筑面积500m2"),
        (("340.50¹万元",), "340.50万元"),
        (("340.50①万元",), "340.50万元"),
        (("①完成12项；②完成3项",), "①完成12项；②完成3项"),
        (("10", "<m:oMath><m:sSup><m:e/><m:sup><m:r><m:t>4</m:t></m:r></m:sup></m:sSup></m:oMath>", "元"), "10元"),
    ],
)
def test_what_is_struck_out_or_raised_is_no_figure(inner: tuple[str, ...], text: str, tmp_path: Path) -> None:
    """In a paragraph, in a cell and in a text box."""
    box = text_box("框").replace(p("框"), p(*inner))
    document = read(tmp_path, p(*inner), tbl(tc("甲") + tc(p(*inner))), p("见", box))
    assert texts(document) == [text, "见", text]
    assert cells(document)[1][2] == text


def test_where_something_was_struck_out_or_raised(tmp_path: Path) -> None:
    corrected, noted = p(rpr("35", STRUCK), "36.5"), p("38", rpr("1", RAISED))
    document = read(tmp_path, p("甲"), corrected, p(rpr("全句删除", STRUCK)), tbl(tc("乙") + tc(corrected) + tc(noted)))
    assert [(each.place, each.text) for each in document.left] == [
        ("第2段", "35"), ("第2段之后", "全句删除"), ("表1 第1行第2列", "35"),
    ]  # fmt: skip
    assert document.remarks == ("有 1 处上下标或注码不算作文字和数字，没有读入（如 表1 第1行第3列 的“1”），请核对。",)
    table = document.blocks[-1]
    assert isinstance(table, Table)
    assert [cell.note for cell in table.cells] == ["", "格里的删除线“35”没有读入", "格里的上下标“1”没有读入"]


def test_styles_strike_raise_and_hide(tmp_path: Path) -> None:
    styles = {
        "Mark": ("character", '<w:vertAlign w:val="superscript"/>'),
        "Gone": ("character", "<w:strike/>"),
        "Draft": ("paragraph", "<w:vanish/>"),
    }
    made_of = [
        f'<w:style w:type="{kind}" w:styleId="{name}"><w:name w:val="{name}"/><w:rPr>{marks}</w:rPr></w:style>'
        for name, (kind, marks) in styles.items()
    ]
    made_of.append('<w:style w:type="character" w:styleId="Later"><w:basedOn w:val="Gone"/></w:style>')
    made_of.append('<w:style w:type="character" w:styleId="Round"><w:basedOn w:val="Round"/></w:style>')
    blob = made(
        p("38", rpr("1", '<w:rStyle w:val="Mark"/>')),
        p(rpr("35", '<w:rStyle w:val="Later"/>'), "36.5"),
        p(rpr("35", '<w:rStyle w:val="Later"/><w:strike w:val="0"/>'), "6.5"),
        p('<w:pPr><w:pStyle w:val="Draft"/></w:pPr>', "草稿"),
        p(rpr("甲", '<w:rStyle w:val="Round"/>'), rpr("乙", '<w:rStyle w:val="没有"/>')),
    )
    path = tmp_path / "报告.docx"
    path.write_bytes(
        changed(blob, "word/styles.xml", lambda xml: xml.replace("</w:styles>", "".join(made_of) + "</w:styles>"))
    )
    assert texts(read_document(path)) == ["38", "36.5", "356.5", "甲乙"]
    path.write_bytes(changed(blob, "word/styles.xml", lambda xml: xml[:500]))
    document = read_document(path)
    assert texts(document)[0] == "381"
    assert document.remarks[0].startswith("文档的样式已损坏")


def changed(blob: bytes, part: str, change: Callable[[str], str] | None) -> bytes:
    """The document with one part changed, or without it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(blob)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            if name != part:
                new.writestr(name, old.read(name))
            elif change is not None:
                new.writestr(name, change(old.read(name).decode()))
    return buffer.getvalue()


HOLLOW = {
    "a text box": p("甲", text_box("").replace(p(""), "")),
    "a cell": tbl("<w:tc/>" + tc("甲")),
    "a cell of a cell": tbl(tc("<w:tbl><w:tr><w:tc/></w:tr></w:tbl>") + tc("甲")),
    "a row": "<w:tbl><w:tr/><w:tr><w:tc><w:p><w:r><w:t>甲</w:t></w:r></w:p></w:tc></w:tr></w:tbl>",
    "a table": p("甲") + "<w:tbl/>",
    "a run, a field, a control": p("甲", "<w:r/>", "<w:sdt/>", "<w:sdt><w:sdtContent/></w:sdt>", "<w:fldSimple/>"),
    "a control around a row": f"<w:tbl><w:sdt/><w:tr>{tc('甲')}</w:tr></w:tbl>",
    "alternatives": p("甲", "<w:r><mc:AlternateContent/></w:r>", "<w:smartTag/>", "<w:ins/>", "<w:del/>"),
    "alternatives for a block": "<mc:AlternateContent/>" + p("甲"),
    "an alternative": "<mc:AlternateContent><mc:Choice/><mc:Fallback/></mc:AlternateContent>" + p("甲"),
    "a merge": tbl("<w:tc><w:tcPr/></w:tc>" + tc("甲"), "<w:tc><w:tcPr><w:vMerge/></w:tcPr></w:tc>"),
}


@pytest.mark.parametrize("case", HOLLOW)
def test_empty_elements(case: str, tmp_path: Path) -> None:
    """Where Word itself would put a paragraph, other programs put nothing."""
    path = tmp_path / "报告.docx"
    blob = changed(
        made(p("！")),
        "word/document.xml",
        lambda xml: xml.replace("<w:body>", f"<w:body {NAMESPACES[NAMESPACES.index(' xmlns:m') :]}>{HOLLOW[case]}"),
    )
    path.write_bytes(blob)
    document = read_document(path)
    assert "甲" in [
        *texts(document),
        *(cell.text for block in document.blocks if isinstance(block, Table) for cell in block.cells),
    ]


@pytest.mark.parametrize("body", ["<w:body/>", "<w:body><w:sectPr/></w:body>", "<w:body><w:p/><w:tbl/></w:body>"])
def test_an_empty_body(body: str, tmp_path: Path) -> None:
    path = tmp_path / "报告.docx"
    path.write_bytes(changed(made(), "word/document.xml", lambda _: f'<w:document xmlns:w="{W}">{body}</w:document>'))
    with pytest.raises(DocumentError, match="没有文字"):
        read_document(path)


@pytest.mark.parametrize(
    "part", ["word/styles.xml", "word/numbering.xml", "word/settings.xml", "word/_rels/document.xml.rels"]
)
def test_parts_that_are_missing(part: str, tmp_path: Path) -> None:
    path = tmp_path / "报告.docx"
    path.write_bytes(changed(made(p("甲")), part, None))
    assert texts(read_document(path)) == ["甲"]


def test_a_document_without_its_text(tmp_path: Path) -> None:
    path = tmp_path / "报告.docx"
    path.write_bytes(changed(made(p("甲")), "word/document.xml", None))
    with pytest.raises(DocumentError):
        read_document(path)


def test_deleted_cells_and_hidden_rows(tmp_path: Path) -> None:
    gone = "<w:trPr><w:hidden/></w:trPr>" + tc("藏")
    deleted = tc("删", '<w:cellDel w:id="1" w:author="甲"/>')
    document = read(tmp_path, tbl(tc("甲") + deleted + tc("乙"), gone, tc("丙") + tc("丁")))
    assert [cell[:3] for cell in cells(document)] == [(0, 0, "甲"), (0, 1, "乙"), (1, 0, "丙"), (1, 1, "丁")]
    assert len(document.remarks) == 2


def test_a_plain_document_has_nothing_to_remark(tmp_path: Path) -> None:
    assert read(tmp_path, p("正文"), tbl(tc("甲", DOWN) + tc("乙"), tc("", GOES_ON) + tc("丙"))).remarks == ()


def test_text_under_a_merged_cell_is_told(tmp_path: Path) -> None:
    document = read(tmp_path, tbl(tc("甲", DOWN), tc("盖住", GOES_ON)))
    assert cells(document) == [(0, 0, "甲", 2, 1)]
    assert document.remarks == ("有 1 个合并单元格里盖住了文字，没有读入，请在 Word 中核对。",)


def test_empty_paragraphs_are_not_counted(tmp_path: Path) -> None:
    document = read(tmp_path, p("甲"), p(), p("　 "), p("乙"))
    assert [tuple(block) for block in document.blocks] == [("第1段", "甲"), ("第2段", "乙")]


def test_walk_leads_back_to_the_paragraphs() -> None:
    """For comments: the elements of the document, cell by cell."""
    blob = made(p("甲"), tbl(tc("乙") + tc(p("丙") + p("丁"))), p(text_box("戊"), "己"))
    body = root_of(zipfile.ZipFile(io.BytesIO(blob)).read("word/document.xml"))[0]
    pieces = list(walk(body))
    said = f"{{{W}}}r/{{{W}}}t"
    shown = [["".join(each.findtext(said, "") for each in cell) for cell in piece.elements] for piece in pieces]
    assert shown == [["甲"], ["乙", "丙丁"], ["己"], ["戊"]]
    table = pieces[1].block
    assert isinstance(table, Table)
    assert len(table.cells) == len(pieces[1].elements)


@pytest.mark.parametrize(
    "content_type",
    [
        "application/vnd.ms-word.document.macroEnabled.main+xml",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml",
    ],
)
def test_documents_with_macros_and_templates(content_type: str, tmp_path: Path) -> None:
    from tests.package.books import entries, pack

    content: dict[str, str | bytes] = dict(entries(made(p("正文"))))
    usual = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    types = content["[Content_Types].xml"]
    assert isinstance(types, bytes)
    path = tmp_path / "报告.docm"
    path.write_bytes(pack(content | {"[Content_Types].xml": types.replace(usual, content_type.encode())}))
    assert texts(read_document(path)) == ["正文"]


def test_the_strict_format_and_another_name_for_the_main_part(tmp_path: Path) -> None:
    from tests.package.books import entries, pack

    content: dict[str, str | bytes] = dict(entries(made(p("正文"))))
    main, rels = content.pop("word/document.xml"), content["_rels/.rels"]
    assert isinstance(main, bytes)
    assert isinstance(rels, bytes)
    content["word/document2.xml"] = main.replace(W.encode(), b"http://purl.oclc.org/ooxml/wordprocessingml/main")
    content["_rels/.rels"] = rels.replace(b"word/document.xml", b"word/document2.xml")
    path = tmp_path / "报告.docx"
    path.write_bytes(pack(content))
    assert texts(read_document(path)) == ["正文"]


def test_a_giant_table_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Of.CELLS, "most", 20_000)
    with pytest.raises(DocumentError, match="超过上限 2 万个"):
        read(tmp_path, tbl(*["<w:tc><w:p/></w:tc>" * 60] * 400))


def test_a_document_of_pictures_only(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="没有文字，只有图片"):
        read(tmp_path, p("<w:r><w:drawing><pic:pic/></w:drawing></w:r>"))
