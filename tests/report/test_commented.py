"""Where the marks of a Word comment may stand: around what cannot be cut, never inside it."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from lxml import etree

from tests.package.books import entries
from tests.package.validators import new_faults
from tests.report.test_against import W, commented, marked, paragraphs
from xlperf.report.on_form import clear_form

_SPACES = (
    f'xmlns:w="{W[1:-1]}" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)
# What may be cut in two by a mark: Word takes comments in these, and each is kept when the document is worked on.
_OPEN_ONES = frozenset("p hyperlink ins moveTo smartTag customXml sdt sdtContent bdo dir".split())
CHANGE = 'w:id="90" w:author="王" w:date="2024-01-01T00:00:00Z"'


def r(text: str, properties: str = "") -> str:
    return f'<w:r>{properties}<w:t xml:space="preserve">{text}</w:t></w:r>'


def equation(text: str) -> str:
    return f"<m:oMath><m:r><m:t>{text}</m:t></m:r></m:oMath>"


def control(kind: str, text: str) -> str:
    return f'<w:sdt><w:sdtPr><w:id w:val="7"/>{kind}</w:sdtPr><w:sdtContent>{text}</w:sdtContent></w:sdt>'


def field(result: str, before: str = "", after: str = "") -> str:
    turns = {turn: f'<w:fldChar w:fldCharType="{turn}"/>' for turn in ("begin", "separate", "end")}
    return (
        f"<w:r>{before}{turns['begin']}</w:r><w:r><w:instrText> =B2+B3 </w:instrText></w:r>"
        f"<w:r>{turns['separate']}</w:r>{r(result)}<w:r>{turns['end']}{after}</w:r>"
    )


# What stands in the sentence; what is inside the comment; what the mark of its beginning stands before.
CASES: dict[str, tuple[str, str, str]] = {
    "plain text": (r("2023年收入实际完成261.06万元，比上年增加88.57万元。"), "261.06万元", "r"),
    "an equation": (r("2023年收入实际完成") + equation("261.06") + r("万元。"), "261.06万元", "oMath"),
    "an equation with the unit": (r("2023年收入实际完成") + equation("261.06万元") + r("。"), "261.06万元", "oMath"),
    "a part of an equation": (
        r("2023年收入") + equation("实际完成261.06万元，很好") + r("。"),
        "实际完成261.06万元，很好",
        "oMath",
    ),
    "an equation of its own line": (
        r("2023年收入实际完成") + f"<m:oMathPara>{equation('261.06万元')}</m:oMathPara>",
        "261.06万元",
        "oMathPara",
    ),
    "text before a fraction": (
        r("2023年收入实际完成261.06万元，占")
        + "<m:oMath><m:f><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:r><m:t>3</m:t></m:r></m:den></m:f></m:oMath>"
        + r("。"),
        "261.06万元",
        "r",
    ),
    "text in an equation": (
        r("2023年收入实际完成") + "<m:oMath><m:r><m:rPr><m:nor/></m:rPr><w:t>261.06万元</w:t></m:r></m:oMath>",
        "261.06万元",
        "oMath",
    ),
    "a link": (f'<w:hyperlink w:anchor="a">{r("2023年收入实际完成261.06万元。")}</w:hyperlink>', "261.06万元", "r"),
    "a field": (r("2023年收入实际完成") + field("261.06") + r("万元。"), "261.06万元", "r"),
    "a field in the midst of a run": (
        field("261.06", "<w:t>2023年收入实际完成</w:t>", "<w:t>万元。</w:t>"),
        "261.06万元",
        "r",
    ),
    "a part of the result of a field": (
        field("2023年收入实际完成261.06万元，比上年多"),
        "2023年收入实际完成261.06万元，比上年多",
        "r",
    ),
    "a simple field": (
        r("2023年收入实际完成") + f'<w:fldSimple w:instr=" =B2+B3 ">{r("261.06")}</w:fldSimple>' + r("万元。"),
        "261.06万元",
        "fldSimple",
    ),
    "a control for text": (
        r("2023年收入实际完成") + control("<w:text/>", r("261.06")) + r("万元。"),
        "261.06万元",
        "sdt",
    ),
    "a control with anything in it": (
        r("2023年收入") + control("<w:richText/>", r("实际完成261.06万元，比上年多")) + r("。"),
        "261.06万元",
        "r",
    ),
    "a control of no kind": (control("", r("2023年收入实际完成261.06万元。")), "261.06万元", "r"),
    "a control that shows data": (
        r("2023年收入实际完成")
        + control('<w:dataBinding w:xpath="/a" w:storeItemID="{00000000-0000-0000-0000-000000000000}"/>', r("261.06"))
        + r("万元。"),
        "261.06万元",
        "sdt",
    ),
    "an invitation to type before it": (
        control("<w:showingPlcHdr/><w:text/>", r("点击此处")) + r("2023年收入实际完成261.06万元。"),
        "261.06万元",
        "r",
    ),
    "what was inserted": (
        r("2023年收入实际完成") + f"<w:ins {CHANGE}>{r('261.06')}</w:ins>" + r("万元。"),
        "261.06万元",
        "r",
    ),
    "what was moved here": (
        r("2023年收入实际完成") + f"<w:moveTo {CHANGE}>{r('261.06')}</w:moveTo>" + r("万元。"),
        "261.06万元",
        "r",
    ),
    "a smart tag": (
        f'<w:smartTag w:uri="u" w:element="e">{r("2023年收入实际完成261.06万元。")}</w:smartTag>',
        "261.06万元",
        "r",
    ),
    "a sign of pronunciation": (
        r("2023年收入实际完成")
        + '<w:r><w:ruby><w:rubyPr><w:rubyAlign w:val="center"/><w:hps w:val="16"/><w:hpsRaise w:val="30"/>'
        + f'<w:hpsBaseText w:val="32"/><w:lid w:val="zh-CN"/></w:rubyPr><w:rt>{r("注")}</w:rt><w:rubyBase>{r("261.06")}'
        + "</w:rubyBase></w:ruby></w:r>"
        + r("万元。"),
        "注261.06万元",
        "r",
    ),
    "a sign behind it": (
        "<w:r><w:tab/><w:t>2023年收入实际完成261.06万元</w:t><w:br/><w:t>很好。</w:t></w:r>",
        "261.06万元",
        "r",
    ),
    "a text box": (
        "<w:r><w:pict><v:shape style='width:100pt;height:20pt'><v:textbox><w:txbxContent>"
        f"<w:p>{r('2023年收入实际完成261.06万元。')}</w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r>",
        "2023年收入实际完成261.06万元。",
        "r",
    ),
}


def report_with(inner: str) -> bytes:
    document = docx.Document()
    document.add_paragraph("二、部门整体支出管理及使用情况")
    document.add_paragraph("（一）预算执行、使用、管理总体情况")
    paragraph = document.add_paragraph()
    for child in parse_xml(f"<w:p {_SPACES}>{inner}</w:p>"):
        paragraph._p.append(child)
    saved = io.BytesIO()
    document.save(saved)
    return saved.getvalue()


def root_of(blob: bytes) -> Any:
    with zipfile.ZipFile(io.BytesIO(blob)) as package:
        return etree.fromstring(package.read("word/document.xml"))


def content(root: Any) -> list[tuple[str, ...]]:
    """What the runs hold in order, each with what is around it and its look; texts side by side are one."""
    found: list[tuple[str, ...]] = []
    for run in root.iter(f"{W}r", "{http://schemas.openxmlformats.org/officeDocument/2006/math}r"):
        look = run.find(f"{W}rPr")
        for child in run:
            name = etree.QName(child).localname
            if name in ("rPr", "commentReference"):
                continue
            around = "/".join(etree.QName(each).localname for each in child.iterancestors())
            said = (around, "" if look is None else etree.tostring(look).decode(), name)
            if name == "t" and found and found[-1][:3] == said:
                found[-1] = (*said, found[-1][3] + (child.text or ""))
            else:
                found.append((*said, child.text or ""))
    return found


@pytest.mark.parametrize("name", CASES)
def test_where_a_comment_stands(beita_values: dict[str, Any], name: str) -> None:
    inner, inside, before = CASES[name]
    report = report_with(inner)
    blob, found = marked(beita_values, report)
    assert {each.code for each in found} >= {"XLP506"}
    assert paragraphs(blob) == paragraphs(report)
    assert new_faults(report, blob, ".docx") == []
    assert entries(clear_form(blob, "报告.docx")) == entries(report)
    root = root_of(blob)
    assert content(root) == content(root_of(report))
    marks = [each for each in root.iter() if re.search("comment(Range|Reference)", str(each.tag))]
    assert len(marks) == 3 * len(commented(blob))
    for mark in marks:
        around = [etree.QName(each).localname for each in mark.iterancestors()]
        around = around[mark.tag == f"{W}commentReference" : around.index("body")]
        assert set(around) <= _OPEN_ONES, (name, around)
    shown = {text.replace("\n", "") for text in _inside(root)}
    assert inside in shown, shown
    start = next(each for each in root.iter(f"{W}commentRangeStart"))
    assert etree.QName(start.getnext()).localname == before


def _inside(root: Any) -> list[str]:
    """The text inside each comment, that of equations included."""
    open_ones: dict[str, str] = {}
    for element in root.iter():
        name = etree.QName(element).localname
        if name == "commentRangeStart":
            open_ones[element.get(f"{W}id")] = ""
        elif name == "commentRangeEnd":
            open_ones[f"closed {element.get(f'{W}id')}"] = open_ones.pop(element.get(f"{W}id"))
        elif name == "t":
            for key in [key for key in open_ones if not key.startswith("closed")]:
                open_ones[key] += element.text or ""
    return list(open_ones.values())


@pytest.mark.parametrize("name", ["a field", "a field in the midst of a run"])
def test_a_comment_on_a_field_holds_the_whole_field(beita_values: dict[str, Any], name: str) -> None:
    """What stands inside its result is gone when Word works the field out anew."""
    blob, _ = marked(beita_values, report_with(CASES[name][0]))
    inside, turns = False, []
    for element in root_of(blob).iter():
        if element.tag in (f"{W}commentRangeStart", f"{W}commentRangeEnd"):
            inside = element.tag.endswith("Start")
        elif element.tag == f"{W}fldChar":
            assert inside
            turns.append(element.get(f"{W}fldCharType"))
    assert turns == ["begin", "separate", "end"]


def test_two_figures_of_one_equation(beita_values: dict[str, Any]) -> None:
    """Both comments are around it, neither ends before it begins."""
    inner = r("2023年收入") + equation("实际完成261.06万元，比上年增加99.57万元") + r("。")
    report = report_with(inner)
    blob, _ = marked(beita_values, report)
    assert new_faults(report, blob, ".docx") == []
    assert entries(clear_form(blob, "报告.docx")) == entries(report)
    paragraph = root_of(blob).findall(f".//{W}p")[2]
    kinds = [etree.QName(each).localname for each in paragraph]
    assert [kind for kind in kinds if kind != "pPr"] == [
        *("r", "commentRangeStart", "commentRangeStart", "oMath"),
        *("commentRangeEnd", "r", "commentRangeEnd", "r", "r"),
    ]
