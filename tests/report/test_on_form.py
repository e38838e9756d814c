"""Comments at the cells of a form in a Word document: put in, put in again, taken away."""

from __future__ import annotations

import dataclasses
import io
import random
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import docx
import pytest

from tests.command import Run
from tests.hosts.libreoffice import Office
from tests.intake.laid_out import NINGXIA, YUNNAN, as_word, drawn_text
from tests.layouts.drawing import draw
from tests.layouts.words import USUAL
from tests.package.books import PACKAGE, RELS, entries, pack
from tests.package.validators import new_faults
from tests.report.test_against import W, paragraphs
from xlperf.audit.run import Report, audit
from xlperf.checks.rule import Finding
from xlperf.errors import DocumentError
from xlperf.intake.readers.word import read_word
from xlperf.labels.recognised import recognise, record_of
from xlperf.report.comments import AUTHOR
from xlperf.report.on_form import clear_form, mark_form

_MAIN, _COMMENTS = "word/document.xml", "word/comments.xml"
_RELS, _TYPES = "word/_rels/document.xml.rels", "[Content_Types].xml"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_OFFICE = "http://schemas.microsoft.com/office"


def slim(blob: bytes, change: Callable[[str], str] = str) -> bytes:
    """Nothing but its text, which validators read in a tenth of the time; empty cells as Word has them."""
    own = entries(blob)
    xml = re.sub(r">\s+<", "><", own[_MAIN].decode()).replace("<w:p><w:r/></w:p>", "<w:p/>")
    rel = f'<Relationship Id="rId1" Type="{RELS}/officeDocument" Target="{_MAIN}"/>'
    return pack(
        {
            _TYPES: f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
            '<Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/{_MAIN}" ContentType="{_WORD}.document.main+xml"/></Types>',
            "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{rel}</Relationships>',
            _MAIN: change(xml),
        }
    )


def report_of(blob: bytes) -> Report:
    return audit(record_of(recognise(read_word(blob, "表.docx")), "表.docx"))


def comments_in(blob: bytes) -> list[tuple[str, str]]:
    """Who says what, in the order of the part."""
    document = docx.Document(io.BytesIO(blob))
    return [(each.author, each.text) for each in document.comments]


def cells_of(blob: bytes) -> dict[str, str]:
    """Of each comment of ours the text of the cell (w:tc) that it begins in."""
    document = docx.Document(io.BytesIO(blob))
    said = {str(each.comment_id): each.text for each in document.comments if each.author == AUTHOR}
    found = {}
    for start in document.element.body.iter(f"{W}commentRangeStart"):
        cell = next(start.iterancestors(f"{W}tc"), None)
        if start.get(f"{W}id") in said and cell is not None:
            found[said[start.get(f"{W}id")]] = "".join(each.text or "" for each in cell.iter(f"{W}t"))
    return found


def hold(blob: bytes) -> bytes:
    """What holds of every form: a comment at each place, the text as it was, twice is once, and the way back."""
    report = report_of(blob)
    marked = mark_form(blob, (report,), "表.docx")
    assert marked.left_out == ()
    ours = [text for author, text in comments_in(marked.blob) if author == AUTHOR]
    assert len(ours) == marked.places == len({finding.at for finding in report.findings})
    said = "\n".join(ours)
    assert Counter(re.findall("^[✗?·]【..】.*", said, re.M)) == Counter(
        f"{finding.severity.mark}{line}" for finding in report.findings for line in finding.message.splitlines()[:1]
    )
    assert "XLP" not in said
    assert len(cells_of(marked.blob)) == marked.places
    assert paragraphs(marked.blob) == paragraphs(blob)
    assert new_faults(blob, marked.blob, ".docx") == []
    again = report_of(marked.blob)
    assert [finding.at for finding in again.findings] == [finding.at for finding in report.findings]
    assert mark_form(marked.blob, (again,), "表.docx").blob == marked.blob
    assert entries(clear_form(marked.blob, "表.docx")) == entries(blob)
    return marked.blob


@pytest.fixture(scope="module")
def ningxia(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return slim(as_word(NINGXIA, tmp_path_factory.mktemp("form") / "表.docx").read_bytes())


def test_one_comment_at_each_cell_with_what_to_do(ningxia: bytes) -> None:
    cells = cells_of(hold(ningxia))
    (missing,) = [text for text, cell in cells.items() if "必填项" in text]
    assert cells[missing] == ""
    assert missing.startswith("✗【错误】")
    assert missing.split("\n")[1].startswith("改法：在所指单元格填入数据")
    (total,) = [text for text, cell in cells.items() if cell == "98"]
    assert "【错误】" in total


def test_a_whole_document(tmp_path: Path) -> None:
    """With styles, settings and relationships, as python-docx writes it."""
    hold(as_word(YUNNAN, tmp_path / "表.docx").read_bytes())


@pytest.mark.parametrize("seed", range(2))
def test_drawn_forms(seed: int, tmp_path: Path) -> None:
    form = draw(random.Random(seed).randint(0, 10**6), USUAL)
    rows = [[f"{form.year}年度项目支出绩效自评表", *["<"] * (len(form.grid[0]) - 1)], *form.grid]
    hold(slim(as_word(drawn_text(rows), tmp_path / "表.docx").read_bytes()))


def test_a_form_without_findings_is_the_same_file(ningxia: bytes) -> None:
    report = dataclasses.replace(report_of(ningxia), findings=())
    assert mark_form(ningxia, (report,), "表.docx") == (ningxia, 0, ())
    assert clear_form(ningxia, "表.docx") == ningxia
    marked = mark_form(ningxia, (report_of(ningxia),), "表.docx").blob
    assert entries(mark_form(marked, (report,), "表.docx").blob) == entries(ningxia)  # all is put right


# What a form may stand in, and what its cells may hold


def _in_body(before: str, after: str) -> Callable[[str], str]:
    return lambda xml: xml.replace("<w:tbl>", f"{before}<w:tbl>", 1).replace("</w:tbl>", f"</w:tbl>{after}", 1)


def _instead(old: str, new: str) -> Callable[[str], str]:
    def change(xml: str) -> str:
        assert old in xml, old
        return xml.replace(old, new, 1)

    return change


def _each(pattern: str, new: str) -> Callable[[str], str]:
    def change(xml: str) -> str:
        changed, count = re.subn(pattern, new, xml)
        assert count
        return changed

    return change


_CHANGE = 'w:id="90" w:author="王" w:date="2024-01-01T00:00:00Z"'
_SDT = "<w:sdt><w:sdtPr><w:id w:val='7'/>{}</w:sdtPr><w:sdtContent>"
_END = "</w:sdtContent></w:sdt>"
_T24 = "<w:r><w:t>24</w:t></w:r>"  # the points of the indicator that misses its target
_CELL = '<w:tc><w:tcPr><w:tcW w:w="5000" w:type="dxa"/></w:tcPr>'
SHAPES: dict[str, Callable[[str], str]] = {
    "a table in a table": _in_body(
        f'<w:tbl><w:tblPr/><w:tblGrid><w:gridCol w:w="5000"/></w:tblGrid><w:tr>{_CELL}'
        "<w:p><w:r><w:t>附表</w:t></w:r></w:p>",
        "<w:p/></w:tc></w:tr></w:tbl>",
    ),
    "a table in a control": _in_body(_SDT.format(""), _END),
    "rows in a control": lambda xml: re.sub(
        r"<w:tr>(?!.*<w:tr>)(.*)</w:tr>", _SDT.format("") + r"<w:tr>\1</w:tr>" + _END, xml, count=1
    ),
    "cells in a control": _each("(<w:tc>(?:(?!<w:tc>).)*<w:t>24</w:t>.*?</w:tc>)", _SDT.format("") + r"\1" + _END),
    "a paragraph in a control": _each(f"(<w:p>{_T24}</w:p>)", _SDT.format("") + r"\1" + _END),
    "a run in a control": _instead(_T24, _SDT.format("<w:text/>") + _T24 + _END),
    "an invitation to type": _each(
        "<w:p/></w:tc>", f"<w:p>{_SDT.format('<w:showingPlcHdr/>')}<w:r><w:t>请填</w:t></w:r>{_END}</w:p></w:tc>"
    ),
    "cells that are an invitation to type": _each(
        "<w:p/></w:tc>",
        _SDT.format("<w:showingPlcHdr/>") + "<w:p><w:r><w:t>请填</w:t></w:r></w:p>" + _END + "</w:tc>",
    ),
    "empty runs": _each("<w:p/></w:tc>", "<w:p><w:r/></w:p></w:tc>"),
    "empty paragraphs with a look": _each("<w:p/></w:tc>", '<w:p><w:pPr><w:jc w:val="left"/></w:pPr></w:p></w:tc>'),
    "empty paragraphs with a blank in the tag": _each("<w:p/></w:tc>", "<w:p /></w:tc>"),
    "empty paragraphs in two tags": _each("<w:p/></w:tc>", "<w:p></w:p></w:tc>"),
    "several paragraphs": _instead(_T24, f"</w:p><w:p>{_T24}</w:p><w:p>"),
    "an insertion": _instead(_T24, f"<w:ins {_CHANGE}>{_T24}</w:ins>"),
    "an insertion and a deletion": _instead(
        _T24, f"<w:del {_CHANGE}><w:r><w:delText>30</w:delText></w:r></w:del><w:ins {_CHANGE}>{_T24}</w:ins>"
    ),
    "inserted rows": _each(r"<w:tr>", f"<w:tr><w:trPr><w:ins {_CHANGE}/></w:trPr>"),
    "the end of a paragraph deleted": _instead(
        f"<w:p>{_T24}</w:p>", f"<w:p><w:pPr><w:rPr><w:del {_CHANGE}/></w:rPr></w:pPr>{_T24}</w:p><w:p/>"
    ),
    "a look that is tracked": _instead(
        "<w:r><w:t>24", f"<w:r><w:rPr><w:b/><w:rPrChange {_CHANGE}><w:rPr/></w:rPrChange></w:rPr><w:t>24"
    ),
    "references and blanks": _each("<w:t>24</w:t>", "<w:t> &#50;4 </w:t>"),
    "comments between": _each("<w:t>24</w:t>", "<w:t><!-- > -->2<!-- <w:t> -->4</w:t>"),
    "line ends between": _each("(</w:tc>|</w:p>|<w:tc>)", r"\1" + "\r\n  "),
    "a field": _instead(
        _T24,
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> =1 </w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{_T24}<w:r><w:fldChar w:fldCharType="end"/></w:r>',
    ),
    "another prefix": lambda xml: re.sub(r"(</?|\s)w:", r"\1x:", xml).replace("xmlns:w=", "xmlns:x="),
    "no prefix": lambda xml: re.sub(r"(</?)w:", r"\1", xml).replace("<document ", f'<document xmlns="{W[1:-1]}" ', 1),
    "a mark at the beginning": lambda xml: f"\ufeff{xml}",
}


@pytest.mark.parametrize("shape", SHAPES)
def test_what_a_form_may_stand_in(ningxia: bytes, shape: str) -> None:
    hold(slim(ningxia, SHAPES[shape]))


def test_the_strict_format(ningxia: bytes) -> None:
    """Its names are in other namespaces, and so must ours be."""
    strict = "http://purl.oclc.org/ooxml"
    held = {
        name: data.decode().replace(RELS, f"{strict}/officeDocument/relationships")
        for name, data in entries(ningxia).items()
    }
    own = pack(held | {_MAIN: held[_MAIN].replace(W[1:-1], f"{strict}/wordprocessingml/main")})
    marked = mark_form(own, (report_of(own),), "表.docx").blob
    new = entries(marked)
    assert f'w:comments xmlns:w="{strict}/wordprocessingml/main"' in new[_COMMENTS].decode()
    assert f'"{strict}/officeDocument/relationships/comments"' in new[_RELS].decode()
    assert W[1:-1].encode() not in new[_MAIN] + new[_COMMENTS]
    assert mark_form(marked, (report_of(marked),), "表.docx").blob == marked
    assert entries(clear_form(marked, "表.docx")) == entries(own)


def test_a_form_in_a_text_box(ningxia: bytes) -> None:
    """Word has no comments there: all are around the box."""
    shape = '<w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textbox><w:txbxContent>'
    boxed = _in_body(f"<w:p>{shape}", "<w:p/></w:txbxContent></v:textbox></v:shape></w:pict></w:r></w:p>")
    own = slim(ningxia, boxed)
    marked = mark_form(own, (report_of(own),), "表.docx")
    assert marked.left_out == ()
    starts = [each.start() for each in re.finditer(b"<w:commentRangeStart", entries(marked.blob)[_MAIN])]
    assert len(starts) == marked.places > 1
    assert max(starts) < entries(marked.blob)[_MAIN].index(b"<w:pict>")
    assert entries(clear_form(marked.blob, "表.docx")) == entries(own)


# Other people's comments


def with_comments(blob: bytes, content: str, *, empty: bool = False) -> bytes:
    """The document with a part of comments as Word writes it, and one at its first paragraph."""
    own = entries(blob)
    space = f'xmlns:w="{W[1:-1]}" xmlns:w14="{_OFFICE}/word/2010/wordml"'
    own[_COMMENTS] = (
        f"<w:comments {space}/>".encode() if empty else f"<w:comments {space}>{content}</w:comments>".encode()
    )
    kind = f"{_WORD}.comments+xml"
    own[_TYPES] = own[_TYPES].replace(
        b"</Types>", f'<Override PartName="/{_COMMENTS}" ContentType="{kind}"/></Types>'.encode()
    )
    relation = f"{RELS}/comments"
    rel = f'<Relationship Id="rId99" Type="{relation}" Target="comments.xml"/>'
    own[_RELS] = f'<Relationships xmlns="{PACKAGE}/relationships">{rel}</Relationships>'.encode()
    return pack(own)


def at_first_cell(blob: bytes, *numbers: int) -> bytes:
    own = entries(blob)
    starts = "".join(f'<w:commentRangeStart w:id="{number}"/>' for number in numbers)
    ends = "".join(
        f'<w:commentRangeEnd w:id="{number}"/><w:r><w:commentReference w:id="{number}"/></w:r>' for number in numbers
    )
    xml = re.sub(rb"<w:r>(?=<w:t>24<)", starts.encode() + b"<w:r>", re.sub(rb">\s+<", b"><", own[_MAIN]))
    return pack(own | {_MAIN: xml.replace(b"<w:t>24</w:t></w:r>", b"<w:t>24</w:t></w:r>" + ends.encode())})


def comment(number: int, author: str, text: str, paragraph: str = "") -> str:
    identity = f' w14:paraId="{paragraph}"' if paragraph else ""
    return (
        f'<w:comment w:id="{number}" w:author="{author}" w:date="2024-03-01T09:00:00Z" w:initials="w">'
        f"<w:p{identity}><w:r><w:t>{text}</w:t></w:r></w:p></w:comment>"
    )


def test_comments_of_others_stay_with_their_numbers_and_dates(ningxia: bytes) -> None:
    own = at_first_cell(with_comments(ningxia, comment(0, "王", "请核对") + comment(41, "李", "同意")), 0, 41)
    marked = hold(own)
    assert comments_in(marked)[:2] == [("王", "请核对"), ("李", "同意")]
    assert entries(marked)[_COMMENTS].startswith(entries(own)[_COMMENTS].removesuffix(b"</w:comments>"))


def test_a_part_without_comments_stays(ningxia: bytes) -> None:
    hold(with_comments(ningxia, "", empty=True))
    hold(with_comments(ningxia, ""))


def test_what_word_keeps_about_our_comments_goes_with_them(ningxia: bytes) -> None:
    """As Word saves a marked form: paragraphs with numbers, other parts that name them, and an answer of somebody."""
    ours = "✗【错误 XLP308】扣了分。"
    own = at_first_cell(with_comments(ningxia, comment(3, "xlperf", ours, "0A") + comment(4, "王", "已改", "0B")), 3, 4)
    told = {
        "commentsExtended": (
            f'<w15:commentsEx xmlns:w15="{_OFFICE}/word/2012/wordml"><w15:commentEx w15:paraId="0A" w15:done="0"/>'
            '<w15:commentEx w15:paraId="0B" w15:paraIdParent="0A" w15:done="0"/></w15:commentsEx>'
        ),
        "commentsIds": (
            f'<c:commentsIds xmlns:c="{_OFFICE}/word/2016/wordml/cid"><c:commentId c:paraId="0A" c:durableId="1A"/>'
            '<c:commentId c:paraId="0B" c:durableId="1B"/></c:commentsIds>'
        ),
        "commentsExtensible": (
            f'<c:commentsExtensible xmlns:c="{_OFFICE}/word/2018/wordml/cex">'
            '<c:commentExtensible c:durableId="1A"/><c:commentExtensible c:durableId="1B"/></c:commentsExtensible>'
        ),
        "people": (
            f'<w15:people xmlns:w15="{_OFFICE}/word/2012/wordml"><w15:person w15:author="xlperf"/>'
            '<w15:person w15:author="王"/></w15:people>'
        ),
    }
    held = entries(own)
    for kind, xml in told.items():
        held[f"word/{kind}.xml"] = xml.encode()
        relation = f'<Relationship Id="{kind}" Type="{_OFFICE}/2011/relationships/{kind}" Target="{kind}.xml"/>'
        held[_RELS] = held[_RELS].replace(b"</Relationships>", relation.encode() + b"</Relationships>")
    cleared = entries(clear_form(pack(held), "表.docx"))
    assert comments_in(pack(cleared)) == [("王", "已改")]
    assert {kind: cleared[f"word/{kind}.xml"].decode() for kind in told} == {
        "commentsExtended": (
            f'<w15:commentsEx xmlns:w15="{_OFFICE}/word/2012/wordml">'
            '<w15:commentEx w15:paraId="0B" w15:done="0"/></w15:commentsEx>'
        ),
        "commentsIds": (
            f'<c:commentsIds xmlns:c="{_OFFICE}/word/2016/wordml/cid">'
            '<c:commentId c:paraId="0B" c:durableId="1B"/></c:commentsIds>'
        ),
        "commentsExtensible": (
            f'<c:commentsExtensible xmlns:c="{_OFFICE}/word/2018/wordml/cex">'
            '<c:commentExtensible c:durableId="1B"/></c:commentsExtensible>'
        ),
        "people": (f'<w15:people xmlns:w15="{_OFFICE}/word/2012/wordml"><w15:person w15:author="王"/></w15:people>'),
    }
    assert b'w:id="3"' not in cleared[_MAIN]
    assert cleared[_MAIN].count(b'w:id="4"') == 3


def test_ours_are_known_where_word_has_removed_who_wrote_them(ningxia: bytes) -> None:
    own = at_first_cell(with_comments(ningxia, comment(3, "作者", "?【核实 XLP315】请核实。")), 3)
    assert comments_in(clear_form(own, "表.docx")) == []


# Sentences


def test_a_comment_at_a_sentence(ningxia: bytes) -> None:
    own = entries(ningxia)
    sentence = (
        '<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>自评得分98分，</w:t></w:r><w:r w:rsidR="00A100A1"><w:rPr><w:i/></w:rPr>'
        "<w:t>等级“优”。执行率 100&#37;。</w:t><w:br/><w:t>完。</w:t></w:r></w:p>"
    )
    xml = own[_MAIN].decode().replace("<w:body>", f"<w:body>{sentence}", 1)
    blob = pack(own | {_MAIN: xml.encode()})
    report = report_of(blob)
    for quote, inside in (
        ("得分98分", "得分98分"),
        ("98分，等级“优”", "98分，等级“优”"),
        ("执行率 100%", "执行率 100&#37;"),
        ("优”。执行率", "优”。执行率 1"),  # not cut beside a blank, which would be lost there
        ("完。", "完。"),
        ("没有这句话", "自评得分98分，等级“优”。执行率 100&#37;。完。"),
    ):
        finding = report.findings[0]._replace(at=f"第1段“{quote}”")
        marked = mark_form(blob, (dataclasses.replace(report, findings=(finding,)),), "表.docx")
        assert (marked.places, marked.left_out) == (1, ())
        between = re.search("<w:commentRangeStart[^>]*>(.*)<w:commentRangeEnd", entries(marked.blob)[_MAIN].decode())
        assert between is not None
        assert "".join(re.findall("<w:t>([^<]*)</w:t", between[1])) == inside
        assert new_faults(blob, marked.blob, ".docx") == []
        assert entries(clear_form(marked.blob, "表.docx")) == entries(blob)


def test_a_finding_without_a_place_is_left_out(ningxia: bytes) -> None:
    report = report_of(ningxia)
    lost: Finding = report.findings[0]._replace(at="")
    assert mark_form(ningxia, (dataclasses.replace(report, findings=(lost,)),), "表.docx") == (ningxia, 0, (lost,))


# The commands


@pytest.fixture
def form(ningxia: bytes, tmp_path: Path) -> Path:
    path = tmp_path / "表.docx"
    path.write_bytes(ningxia)
    return path


def test_the_commands(form: Path, tmp_path: Path, run: Run) -> None:
    before, copy, again, cleared = form.read_bytes(), *(tmp_path / f"{name}.docx" for name in ("副本", "再", "清"))
    found = run("check", form, "-o", copy)
    assert (found.code, found.out) == (1, run("check", form).out)
    assert (
        found.err.splitlines(keepends=True)[-2] == f"已标注：{copy}（{len(comments_in(copy.read_bytes()))} 处批注）\n"
    )
    assert run("check", copy, "-o", again).code == 1
    assert again.read_bytes() == copy.read_bytes()
    assert run("clear", copy, "-o", cleared)[:2] == (0, f"{cleared}\n")
    assert entries(cleared.read_bytes()) == entries(before)
    assert run("clear", again, "--in-place").code == 0
    assert entries(again.read_bytes()) == entries(before)
    assert form.read_bytes() == before
    assert run("check", form, "--in-place").code == 1
    assert form.read_bytes() == copy.read_bytes()


def test_what_is_not_written(form: Path, tmp_path: Path, run: Run) -> None:
    macros, broken, no_form, taken = (tmp_path / name for name in ("宏.docm", "坏.docx", "纪要.docx", "只读.docx"))
    own = entries(form.read_bytes())
    macros.write_bytes(form.read_bytes())
    broken.write_bytes(form.read_bytes()[:-300])
    no_form.write_bytes(
        pack(own | {_MAIN: re.sub(b"<w:tbl>.*</w:tbl>", b"<w:p><w:r><w:t>1</w:t></w:r></w:p>", own[_MAIN])})
    )
    taken.write_bytes(b"")
    taken.chmod(0o444)
    new = tmp_path / "副本.docx"
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    for arguments, said in (
        (("check", form, "-o", tmp_path / "副本.xlsx"), "只能存成 .docx 文件"),
        (("check", form, "-o", tmp_path / "副本.docm"), "只能存成 .docx 文件"),
        (("check", form, "-o", form), "同一个文件"),
        (("check", form, "-o", taken), "只读"),
        (("check", macros, "-o", new), "带有宏"),
        (("clear", macros, "--in-place"), "带有宏"),
        (("check", broken, "-o", new), "打不开"),
        (("clear", broken, "-o", new), "没有改动"),
        (("check", no_form, "-o", new), "没有认出绩效自评表"),
        (("clear", form, "-o", form), "同一个文件"),
        (("clear", form), "请用 -o 指定输出文件"),
    ):
        refused = run(*arguments)
        assert (refused.code, refused.out) == (2, ""), arguments
        assert said in refused.err
        told = [line for line in refused.err.splitlines() if not line.startswith("按《")]  # by which layout it was read
        assert len(told) == 1
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before
    assert run("check", macros).code == 1  # read all the same


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("word/vbaProject.bin", b"\xd0\xcf", "带有宏"),
        ("_xmlsignatures/sig1.xml", b"<Signature/>", "数字签名"),
        (_RELS, b"<Relationships><\xff", "内容已损坏或不符合格式，没有"),
    ],
)
def test_documents_that_must_not_be_changed(ningxia: bytes, name: str, content: bytes, said: str) -> None:
    blob = pack(entries(ningxia) | {name: content})
    for change in (lambda: mark_form(blob, (report_of(ningxia),), "表.docx"), lambda: clear_form(blob, "表.docx")):
        with pytest.raises(DocumentError, match=f"^表\\.docx：[^\n]*{said}[^\n]*。$"):
            change()


@pytest.mark.libreoffice
def test_libreoffice_shows_the_comments_and_keeps_them(office: Office, ningxia: bytes, tmp_path: Path) -> None:
    """Saved by another program they are known, too: marked and cleared, its own text stays."""
    marked, plain = tmp_path / "副本.docx", tmp_path / "表.docx"
    marked.write_bytes(mark_form(ningxia, (report_of(ningxia),), "表.docx").blob)
    plain.write_bytes(ningxia)
    saved, without = office.convert([marked, plain], "docx:MS Word 2007 XML", tmp_path / "out")
    blob = saved.read_bytes()
    texts = {text.replace("\n", "") for author, text in comments_in(blob) if author == AUTHOR}
    assert texts == {text.replace("\n", "") for _, text in comments_in(marked.read_bytes())}
    assert comments_in(mark_form(blob, (report_of(blob),), "表.docx").blob) == comments_in(marked.read_bytes())
    cleared = clear_form(blob, "表.docx")
    assert comments_in(cleared) == []
    assert b"comment" not in entries(cleared)[_MAIN]
    assert paragraphs(cleared) == paragraphs(without.read_bytes())
