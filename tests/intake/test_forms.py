"""The same published report in five kinds of file: all say the same."""

from __future__ import annotations

import re
from pathlib import Path

from tests.hosts.libreoffice import Office
from tests.intake.forms import TEXT, old_sheet_form, old_word_form, sheet_form, word_form
from xlperf.intake.readers.opening import read_document
from xlperf.labels.blocks import Document, Paragraph, Table


def tables(document: Document) -> list[Table]:
    return [block for block in document.blocks if isinstance(block, Table)]


def paragraphs(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Paragraph)]


def filled(table: Table) -> list[list[str]]:
    """The texts row by row, blanks left out."""
    rows: dict[int, list[str]] = {}
    for cell in table.cells:
        if cell.text:
            rows.setdefault(cell.row, []).append(cell.text)
    return list(rows.values())


def test_as_a_word_document(tmp_path: Path) -> None:
    document, text = read_document(word_form(tmp_path / "北塔.docx")), read_document(TEXT)
    assert paragraphs(document) == paragraphs(text)
    assert [filled(table) for table in tables(document)] == [filled(table) for table in tables(text)]
    assert document.remarks == ()


def test_its_merged_cells(tmp_path: Path) -> None:
    base, evaluation = tables(read_document(word_form(tmp_path / "北塔.docx")))
    merged = {cell.text.replace("\n", ""): (cell.rows, cell.cols) for cell in (*base.cells, *evaluation.cells)}
    assert {name: merged[name] for name in ("财政供养人员情况", "楼堂馆所控制情况（2022年完工项目）")} == {
        "财政供养人员情况": (2, 2),
        "楼堂馆所控制情况（2022年完工项目）": (2, 2),
    }
    assert {
        name: merged[name] for name in ("年度预算申请（万元）", "产出指标（50分）", "效益指标（30分）", "总分")
    } == {
        "年度预算申请（万元）": (7, 1),
        "产出指标（50分）": (8, 1),
        "效益指标（30分）": (8, 1),
        "总分": (1, 6),
    }


def test_as_an_old_word_document(office: Office, tmp_path: Path) -> None:
    """LibreOffice keeps the merged cells; it drops the grid's columns that no row needs."""
    document, text = read_document(old_word_form(office, tmp_path)), read_document(TEXT)
    assert paragraphs(document) == paragraphs(text)
    assert [filled(table) for table in tables(document)] == [filled(table) for table in tables(text)]
    tall = [{cell.text: cell.rows for cell in table.cells if cell.rows > 1} for table in tables(document)]
    wanted = tables(read_document(tmp_path / "北塔.docx"))
    assert tall == [{cell.text: cell.rows for cell in table.cells if cell.rows > 1} for table in wanted]
    assert document.remarks == ("旧版 Word 文档（.doc）由 LibreOffice 转换后读入，请与原件核对。",)


def test_as_a_workbook_in_another_layout(tmp_path: Path) -> None:
    document = read_document(sheet_form(tmp_path / "北塔.xlsx"))
    base, evaluation = tables(document)
    rows = {row[0]: row for row in filled(base)}
    assert rows["经费控制情况"][1:] == ["2023年预算数", "2023年决算数", "2022年决算数"]
    assert rows["公用经费"] == ["公用经费", "9.50", "92.01", "83.72"]
    assert rows["政府采购　金额"] == ["政府采购　金额", "33.3", "95.31", "——"]
    (funds,) = [row for row in filled(evaluation) if row[0] == "年度资金总额"]
    assert funds == ["年度资金总额", "10", "128.90", "251.06", "251.06", "100%", "10"]  # 分值 first
    assert rows["项目支出"] == ["项目支出", "42", "３７．４４", "0"]
    assert rows["（二）出国经费"] == ["（二）出国经费"]
    assert ["指标2：强化网络阵地管理", "15", "≥98", "98", "14"] in filled(evaluation)
    assert paragraphs(document)[:2] == ["北塔区委网信办", "2023年部门整体支出绩效自评报告"]


def test_as_an_old_workbook(office: Office, tmp_path: Path) -> None:
    old, new = read_document(old_sheet_form(office, tmp_path)), read_document(tmp_path / "北塔.xlsx")
    assert old.blocks == new.blocks
    assert old.remarks == new.remarks == ()


def test_the_workbook_leaves_no_figure_out(tmp_path: Path) -> None:
    """Row by row the same figures as in the text, in whatever order."""
    document, text = read_document(sheet_form(tmp_path / "北塔.xlsx")), read_document(TEXT)
    for ours, theirs in zip(tables(document), tables(text), strict=True):
        assert sorted(filter(None, map(figures, filled(ours)))) == sorted(filter(None, map(figures, filled(theirs))))


def figures(row: list[str]) -> list[str]:
    """What of a row is a figure or a sign for none; half width."""
    found = (text.translate(str.maketrans("０１２３４５６７８９．", "0123456789.")) for text in row)
    return sorted(text for text in found if re.fullmatch(r"[≥≤]?[0-9.]+%?|——", text))
