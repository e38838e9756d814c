"""The .docx: the official outline, the user's words, the forms as real tables, the same bytes every time."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from docx.table import _Cell as Cell

from tests.hosts.libreoffice import Office
from tests.workbooks import new_bytes
from xlperf.form.forms import load_template
from xlperf.form.grid import Filling, lay_out
from xlperf.form.record import Record, record_from_values
from xlperf.form.template import Template
from xlperf.report.blocks import Form, Heading, Text, blocks_of
from xlperf.report.word import build_report
from xlperf.workbook.actions import open_form

TEMPLATE = load_template("department_overall")
OUTLINE = """
北塔区委网信办
2023年部门整体支出绩效自评报告
一、部门、单位基本情况
（一）机构设置情况
（二）人员编制情况
（三）主要职能职责
（四）绩效目标设定情况
二、部门整体支出管理及使用情况
（一）预算执行、使用、管理总体情况
（二）部门预算执行情况
（三）政府性基金预算支出情况
（四）国有资本经营预算支出情况
（五）社会保险基金预算支出情况
三、部门整体支出绩效情况
（一）综合评价结论
（二）评价指标分析（或综合评价情况）
四、存在的问题及原因分析
五、下一步改进措施
六、其他需要说明的情况
部门整体支出绩效评价基础数据表
整体支出绩效自评表
"""


def opened(record: Record, **options: Any) -> Any:
    return docx.Document(io.BytesIO(build_report(record, **options)))


def made(data: dict[str, Any]) -> Record:
    return record_from_values(data, TEMPLATE)


def forms(record: Record) -> list[Form]:
    return [block for block in blocks_of(record) if isinstance(block, Form)]


def test_official_outline(beita: Record) -> None:
    headings = [block.text for block in blocks_of(beita) if isinstance(block, Heading)]
    assert headings == OUTLINE.split()


def test_what_the_user_wrote_stays_word_for_word(beita: Record) -> None:
    text = "\n".join(paragraph.text for paragraph in opened(beita).paragraphs)
    for key, cell in beita.stated.items():
        if key.startswith("section_"):
            assert cell.text in text, key
    assert text.count("依法不予公开。") == 3


@pytest.mark.parametrize("redact", [False, True])
def test_every_style_that_is_named_is_there(beita: Record, redact: bool) -> None:
    document = opened(beita, redact=redact)
    styles = document.styles.element
    kinds = {style.get(qn("w:styleId")): style.get(qn("w:type")) for style in styles.findall(qn("w:style"))}
    assert len(kinds) == len(styles.findall(qn("w:style")))
    named = [
        (tag, each.get(qn("w:val")))
        for root in (styles, document.element, document.sections[0].footer._element)
        for tag in ("basedOn", "next", "link", "pStyle", "rStyle", "tblStyle", "styleLink", "numStyleLink")
        for each in root.iter(qn(f"w:{tag}"))
    ]
    assert {tag for tag, _ in named} >= {"basedOn", "next", "pStyle"}
    assert [each for each in named if each[1] not in kinds] == []
    assert {kinds[name] for tag, name in named if tag == "pStyle"} == {"paragraph"}
    assert [each.get(qn("w:percent")) for each in document.settings.element.iter(qn("w:zoom"))] == ["100"]


def test_a_withheld_section_has_no_table_of_figures(beita_values: dict[str, Any]) -> None:
    fields = beita_values["fields"] | {"section_2_1": "依法不予公开。"}
    titles = [box.text for form in forms(made(beita_values | {"fields": fields})) for box in form.boxes]
    assert "2023年部门收入支出情况表" not in titles
    assert "2023年部门收入支出情况表" in [box.text for form in forms(made(beita_values)) for box in form.boxes]


def test_blank_sections_ask_to_be_written_in_yellow(beita_values: dict[str, Any]) -> None:
    fields = {key: value for key, value in beita_values["fields"].items() if not key.startswith("section_")}
    document = opened(made(beita_values | {"fields": fields}))
    marked = [each.text for each in document.paragraphs if each.runs and each.runs[0].font.highlight_color]
    assert marked[:2] == ["〔请填写：机构设置情况〕", "〔请填写：人员编制情况〕"]
    assert all(text.startswith("〔请填写：") for text in marked)
    assert len(marked) == 8


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({"report_score": "98", "report_grade": "优"}, False),  # the generated conclusion says both
        ({"report_score": "98", "section_3_1": "我办自评得分98分。"}, False),
        ({"report_score": "98", "section_3_1": "评价良好。"}, True),
        ({"report_score": "——"}, True),
        ({}, False),
    ],
)
def test_score_and_grade_stand_in_a_table_only_where_no_sentence_states_them(
    fields: dict[str, str], shown: bool
) -> None:
    found = [box for form in forms(made({"year": 2023, "fields": fields})) for box in form.boxes]
    assert any(box.key == "report_score" for box in found) is shown


@pytest.mark.parametrize("title", ["基础数据表", "自评表"])
def test_a_form_has_the_geometry_of_its_sheet(beita: Record, template: Template, title: str) -> None:
    """Every merged cell of the sheet is one cell of the Word table, of the same extent, with the same words."""
    spec = next(spec for spec in template.sheets if spec["title"] == title)
    page = lay_out(spec, Filling(template, beita, 2023))
    table = opened(beita).tables[{"基础数据表": 1, "自评表": 2}[title]]
    places: dict[Any, list[tuple[int, int]]] = {}
    for row, cells in enumerate(table.rows):
        for col, cell in enumerate(cells.cells):
            places.setdefault(cell._tc, []).append((row, col))
    word = {(own[0], own[-1], Cell(tc, table).text) for tc, own in places.items()}
    framed = [piece for piece in page.pieces if piece.cell.mark not in ("#", "##", "~")]
    top = min(piece.top for piece in framed)
    dropped = [piece.top for piece in framed if piece.cell.row is not None and piece.cell.text == "……"]

    def row_of(row: int) -> int:
        return row - top - sum(each < row for each in dropped)

    shown = Filling(template, forms_record(beita), 2023)
    sheet = {
        (
            (row_of(piece.top), piece.left - 1),
            (row_of(piece.bottom) - (piece.bottom in dropped), piece.right - 1),
            shown.text(piece.cell),
        )
        for piece in framed
        if piece.top not in dropped
    }
    assert word == sheet


def forms_record(record: Record) -> Record:
    """With what the formulas of blank derived cells show."""
    from dataclasses import replace

    from xlperf.derive.seen import Seen

    return replace(record, stated=Seen(record).cells)


def test_stated_figures_stay_and_blank_derived_cells_show_theirs(beita: Record) -> None:
    (figures, base, evaluation) = forms(beita)
    shown = {box.key: box.text for form in (figures, base, evaluation) for box in form.boxes if box.key}
    assert shown["personnel_growth_rate"] == "22.24%"  # wrong, but stated
    assert shown["procurement_prior_actual"] == "——"
    assert shown["project_business_actual"] == ""
    assert shown["budget_change"] == "122.16"  # computed
    assert shown["grade"] == "优"


def test_every_filled_cell_is_in_the_report(beita: Record) -> None:
    blocks = blocks_of(beita)
    keys = {key for block in blocks if isinstance(block, Form) for key in block.keys}
    keys |= {block.key for block in blocks if isinstance(block, Text)}
    missing = [key for key, cell in beita.stated.items() if not cell.is_blank and key not in keys]
    beside = ["year", "base_unit_name", "report_unit_name", "preparer", "filled_on", "phone"]  # in titles and lines
    merged = [key for key in missing if key.endswith((".level1", ".level2"))]
    assert len(merged) == (9 - 3) + (9 - 6)  # nine indicators under three levels and six: one cell for each level
    assert sorted({*missing} - {*merged}) == sorted([*beside, "report_score", "report_grade"])  # in the conclusion


@pytest.mark.parametrize(("stated", "shown"), [("98", False), ("97", True)])
def test_derived_totals_are_shown_only_where_stated_otherwise(
    beita_values: dict[str, Any], stated: str, shown: bool
) -> None:
    fields = beita_values["fields"] | {"output_weight": "50" if stated == "98" else "49"}
    keys = [key for form in forms(made(beita_values | {"fields": fields})) for key in form.keys]
    assert ("output_weight" in keys) is shown


def test_a_merged_cell_shared_by_indicators_is_merged() -> None:
    values = {"year": 2023, "indicators": [{"level3": "甲", "score": "10"}, {"level3": "乙", "score": "——"}]}
    record = made(values)
    stated = dict(record.stated)
    stated["indicators[1].score"] = stated["indicators[1].score"]._replace(shared=True)
    from dataclasses import replace

    boxes = [box for form in forms(replace(record, stated=stated)) for box in form.boxes]
    assert next(box for box in boxes if box.key == "indicators[0].score").rows == 2
    assert not any(box.key == "indicators[1].score" for box in boxes)


def test_layout_is_the_official_one(beita: Record) -> None:
    document = opened(beita)
    page = document.sections[0]
    measured = [page.page_width, page.page_height, page.top_margin, page.bottom_margin, page.left_margin]
    assert [round(each.mm) for each in measured] == [210, 297, 37, 35, 28]
    fonts = {
        name: re.search('w:eastAsia="([^"]+)"', document.styles[name].element.xml)
        for name in ("Normal", "Title", "Heading 1", "Heading 2")
    }
    assert [found[1] for found in fonts.values() if found] == ["仿宋_GB2312", "方正小标宋简体", "黑体", "楷体_GB2312"]
    assert " PAGE " in page.footer._element.xml
    assert document.tables[0].rows[2]._tr.xml.count("w:tblHeader") == 1
    assert all("w:cantSplit" in row._tr.xml for table in document.tables for row in table.rows)


def test_same_record_same_bytes_and_nothing_of_the_moment(beita: Record) -> None:
    blob = build_report(beita)
    assert blob == build_report(beita)
    with zipfile.ZipFile(io.BytesIO(blob)) as package:
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert package.namelist()[1:] == sorted(package.namelist()[1:])
        assert set(re.findall(rb"20\d\d-\d\d-\d\dT[^<]*", package.read("docProps/core.xml"))) == {
            b"2024-01-01T00:00:00Z"
        }


HOSTILE = '=HYPERLINK("x")<w:p/>&amp;\0\x01\x0b\ud800\ufffe]]>\r\n第二行\t制表“引号”'


def test_hostile_text_is_but_text() -> None:
    fields = {"section_4": HOSTILE, "goal_expected": HOSTILE, "income_total_reason": HOSTILE, "preparer": HOSTILE}
    document = opened(made({"year": 2023, "unit_name": HOSTILE, "fields": fields}))
    written = '=HYPERLINK("x")<w:p/>&amp;]]>'
    assert written in [paragraph.text for paragraph in document.paragraphs]
    assert f"{written}\n第二行\t制表“引号”" in [cell.text for row in document.tables[-1].rows for cell in row.cells]


def test_an_empty_workbook_makes_a_form_to_fill(template: Template) -> None:
    document = opened(made({}))
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert texts[:2] == ["〔请填写：单位名称〕", "____年部门整体支出绩效自评报告"]
    assert len(document.tables) == 3


def test_a_workbook_gives_the_report_of_its_record(beita_values: dict[str, Any], beita: Record) -> None:
    form = open_form(new_bytes(beita_values))
    assert build_report(form.record) == build_report(beita)


@pytest.mark.libreoffice
def test_libreoffice_opens_it_and_every_page_has_text(office: Office, tmp_path: Path, beita: Record) -> None:
    source = tmp_path / "report.docx"
    source.write_bytes(build_report(beita))
    (pdf,) = office.convert([source], "pdf", tmp_path / "out")
    assert pdf.read_bytes().startswith(b"%PDF")
    (text,) = office.convert([source], "txt:Text (encoded):UTF8", tmp_path / "out")
    assert "收入实际完成251.06万元" in text.read_text("utf-8-sig")


def test_no_figure_of_a_table_breaks_over_two_lines(beita_values: dict[str, Any], template: Template) -> None:
    """In every column as much room as its longest figure needs at 10.5 points; the table is as wide as before."""
    report = docx.Document(io.BytesIO(build_report(record_from_values(beita_values, template))))
    checked = 0
    for table in report.tables:
        grid = [int(each.get(qn("w:w"))) for each in table._tbl.tblGrid.iter(qn("w:gridCol"))]
        for row in table._tbl.tr_lst:
            at = 0
            for cell in row.tc_lst:
                text, span = "".join(each.text or "" for each in cell.iter(qn("w:t"))), cell.grid_span
                if span == 1 and re.fullmatch(r"-?[0-9.,]+%", text):
                    assert grid[at] >= len(text) * 140 + 114, text
                    checked += 1
                at += span
    assert checked >= 5
