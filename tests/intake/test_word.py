"""Word documents: real cells, and the text as it stands once all changes are accepted."""

from __future__ import annotations

import io
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml

from xlperf.errors import DocumentError
from xlperf.intake import document as intake
from xlperf.intake.document import Document, Paragraph, Table
from xlperf.intake.readers.opening import read_document
from xlperf.intake.readers.word import walk

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
    """For comments: python-docx's own elements, cell by cell."""
    document = docx.Document(io.BytesIO(made(p("甲"), tbl(tc("乙") + tc(p("丙") + p("丁"))), p(text_box("戊"), "己"))))
    pieces = list(walk(document.element.body))
    shown = [["".join(each.text for each in paragraphs) for paragraphs in piece.elements] for piece in pieces]
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
    monkeypatch.setattr(intake, "MAX_CELLS", 20_000)
    with pytest.raises(DocumentError, match="超过 2 万个"):
        read(tmp_path, tbl(*["<w:tc><w:p/></w:tc>" * 60] * 400))


def test_a_document_of_pictures_only(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="没有文字，只有图片"):
        read(tmp_path, p("<w:r><w:drawing><pic:pic/></w:drawing></w:r>"))
