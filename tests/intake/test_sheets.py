"""Workbooks: what cells show, where they are, and what is said of the rest."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from tests.hosts.libreoffice import Office
from tests.intake.drawn import table
from tests.package.books import pack, parts, sheet
from xlperf.errors import DocumentError
from xlperf.form.template import Template
from xlperf.intake.gather import gather
from xlperf.intake.readers.opening import read_document
from xlperf.labels.blocks import Cell, Document, Paragraph, Table
from xlperf.package.budget import Of


def saved(path: Path, *sheets: tuple[str, Callable[[Worksheet], None]]) -> Path:
    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    book.remove(first)
    for title, write in sheets:
        write(book.create_sheet(title))
    book.save(path)
    return path


def read_parts(tmp_path: Path, content: dict[str, str | bytes]) -> Document:
    path = tmp_path / "表.xlsx"
    path.write_bytes(pack(content))
    return read_document(path)


def shown(document: Document) -> dict[str, str]:
    """By place, all tables together."""
    return {
        cell.place: cell.text
        for block in document.blocks
        if isinstance(block, Table)
        for cell in block.cells
        if cell.text
    }


def left(document: Document) -> list[tuple[str, str, str]]:
    """What was left out; of the reason what stands before the comma."""
    return [(each.place, each.text, each.reason.partition("，")[0]) for each in document.left]


def figures(page: Worksheet) -> None:
    page["B2"] = "三公经费\n（万元）"
    page.merge_cells("B2:D3")
    for at, (value, number_format) in {
        "E2": (0.2224, "0.00%"),
        "F2": (92.010000000000005, "General"),
        "G2": (0.3, "0.00"),
        "E3": (datetime.date(2024, 7, 30), 'yyyy"年"m"月"d"日"'),
        "F3": (1234.5, "#,##0.00"),
        "G3": (True, "General"),
        "E4": ("=E2*2", "0.00%"),
        "F4": ("=1/0", "General"),
        "G4": ("３．１", "General"),
        "B4": ("　", "General"),
    }.items():
        page[at] = value
        page[at].number_format = number_format


SHOWN = {
    "B2": "三公经费\n（万元）", "E2": "22.24%", "F2": "92.01", "G2": "0.30", "E3": "2024年7月30日", "F3": "1234.50",
    "G3": "TRUE", "E4": "44.48%", "F4": "#DIV/0!", "G4": "３．１",
}  # fmt: skip


@pytest.mark.parametrize("kind", ["xlsx", "xls"])
def test_what_cells_show(kind: str, office: Office, tmp_path: Path) -> None:
    """As saved by a real spreadsheet program, in both formats."""
    source = saved(tmp_path / "表.xlsx", ("数", figures))
    document = read_document(office.convert([source], kind, tmp_path / "out")[0])
    assert shown(document) == SHOWN
    (table,) = document.blocks
    assert isinstance(table, Table)
    assert table.place == "工作表“数”"
    assert table.cells[:2] == (Cell(1, 1, "三公经费\n（万元）", 2, 3, "B2"), Cell(1, 4, "22.24%", 1, 1, "E2"))
    assert document.remarks == ()


def test_formulas_without_a_value_are_blank_and_told(tmp_path: Path) -> None:
    document = read_document(saved(tmp_path / "表.xlsx", ("数", figures)))
    assert "E4" not in shown(document)
    assert document.remarks == (
        "工作表“数”有 2 个公式还没有算出的值（如 E4），按空白读入；请用 Excel 或 WPS 打开并保存一次后再导入。",
    )


@pytest.mark.parametrize("kind", ["xlsx", "xls"])
def test_hidden_sheets_are_not_read_but_listed(kind: str, office: Office, tmp_path: Path) -> None:
    def hidden(page: Worksheet) -> None:
        page["A1"], page["B1"] = "项目", 1
        page.sheet_state = "hidden"

    def empty(page: Worksheet) -> None:
        page.sheet_state = "hidden"

    source = saved(tmp_path / "表.xlsx", ("明", figures), ("暗", hidden), ("空", empty))
    document = read_document(office.convert([source], kind, tmp_path / "out")[0])
    assert [block.place for block in document.blocks] == ["工作表“明”"]
    assert left(document) == [("工作表“暗”", "项目　1", "工作表是隐藏的")]


def test_a_sheet_hidden_by_a_macro(tmp_path: Path) -> None:
    def hidden(page: Worksheet) -> None:
        page["A1"], page["B1"] = "项目", 1
        page.sheet_state = "veryHidden"

    document = read_document(saved(tmp_path / "表.xlsx", ("明", figures), ("暗", hidden)))
    assert [place for place, *_ in left(document)] == ["工作表“暗”"]


def test_nothing_but_hidden_sheets(tmp_path: Path) -> None:
    source = saved(tmp_path / "表.xlsx", ("明", lambda page: None), ("暗", figures))
    book = openpyxl.load_workbook(source)
    book["暗"].sheet_state = "hidden"
    book.save(source)
    with pytest.raises(DocumentError, match="都是隐藏的，没有读入。请取消隐藏"):
        read_document(source)


def helpers(page: Worksheet) -> None:
    """A hidden helper column inside the table, a hidden row, and a title across both."""
    rows = [["三公经费", "=旧", 9, 5], ["合计", 1, 2, 3], ["公用经费", 4, 8, 6], ["项目支出", 7, 7, 8]]
    for number, row in enumerate(rows, 2):
        for col, value in enumerate(row, 1):
            page.cell(number, col, value)
    page["B2"].data_type = "s"
    page["A1"] = "标题"
    page.merge_cells("A1:D1")
    page.merge_cells("B6:C7")
    page["B6"] = "看得见"
    page.column_dimensions["C"].hidden = True
    page.row_dimensions[3].hidden = True


@pytest.mark.parametrize("kind", ["xlsx", "xls"])
def test_hidden_rows_and_columns(kind: str, office: Office, tmp_path: Path) -> None:
    """They are listed, and what is left stands side by side as a person sees it."""
    source = saved(tmp_path / "表.xlsx", ("数", helpers))
    document = read_document(office.convert([source], kind, tmp_path / "out")[0])
    assert shown(document) == {
        "A1": "标题", "A2": "三公经费", "B2": "=旧", "D2": "5", "A4": "公用经费", "B4": "4", "D4": "6",
        "A5": "项目支出", "B5": "7", "D5": "8", "B6": "看得见",
    }  # fmt: skip
    assert left(document) == [
        ("工作表“数” 第3行", "合计　1　2　3", "这一行是隐藏的"),
        ("工作表“数” C 列", "9　8　7", "这一列是隐藏的"),
    ]
    (table,) = document.blocks
    assert isinstance(table, Table)
    at = {cell.place: cell[:2] + cell[3:5] for cell in table.cells}
    assert (at["A1"], at["B2"], at["D2"], at["A4"]) == ((0, 0, 1, 3), (1, 1, 1, 1), (1, 2, 1, 1), (2, 0, 1, 1))
    assert at["B6"][3] == 1


def test_hidden_rows_and_columns_without_anything_are_not_listed(tmp_path: Path) -> None:
    def page(sheet: Worksheet) -> None:
        sheet["A1"], sheet["B1"] = "甲", 1
        sheet.column_dimensions["F"].hidden = True
        sheet.row_dimensions[9].hidden = True

    assert read_document(saved(tmp_path / "表.xlsx", ("数", page))).left == ()


def struck_and_raised(page: Worksheet) -> None:
    raised = CellRichText("38", TextBlock(InlineFont(vertAlign="superscript"), "1"))
    lowered = CellRichText("CO", TextBlock(InlineFont(vertAlign="subscript"), "2"))
    corrected = CellRichText(TextBlock(InlineFont(strike=True), "35"), "36.5")
    for row in ((raised, corrected, lowered), ("建筑面积（m²）", "5¹", "①甲"), (99, "全部删除", 7)):
        page.append(row)
    page["A3"].font = page["B3"].font = Font(strike=True)
    page["C3"].font = Font(vertAlign="superscript")


@pytest.mark.parametrize("kind", ["xlsx", "xls"])
def test_what_is_struck_out_or_raised_is_no_figure(kind: str, office: Office, tmp_path: Path) -> None:
    source = saved(tmp_path / "表.xlsx", ("数", struck_and_raised))
    document = read_document(office.convert([source], kind, tmp_path / "out")[0])
    assert shown(document) == {
        "A1": "38", "B1": "36.5", "C1": "CO2", "A2": "建筑面积（m²）", "B2": "5", "C2": "①甲", "C3": "7",
    }  # fmt: skip
    (table,) = document.blocks
    assert isinstance(table, Table)
    assert {cell.place: cell.note for cell in table.cells if cell.note} == {
        "A1": "格里的上下标“1”没有读入", "B1": "格里的删除线“35”没有读入", "B2": "格里的上下标“¹”没有读入",
    }  # fmt: skip
    assert left(document) == [
        ("工作表“数” B1", "35", "带删除线"),
        ("工作表“数” A3", "99", "带删除线"),
        ("工作表“数” B3", "全部删除", "带删除线"),
    ]
    (remark,) = document.remarks
    assert remark.startswith("有 2 处上下标或注码不算作文字和数字")


def test_a_sheet_without_neighbours_is_text(tmp_path: Path) -> None:
    def report(page: Worksheet) -> None:
        page["A1"] = "一、基本情况"
        page.merge_cells("A1:E1")
        page["B3"] = "2023年收入251.06万元。"

    def table(page: Worksheet) -> None:
        page["A1"], page["A2"], page["B2"] = "标题", "收入", 251.06

    document = read_document(saved(tmp_path / "表.xlsx", ("自评报告", report), ("收支情况", table)))
    assert document.blocks[:2] == (
        Paragraph("工作表“自评报告” A1", "一、基本情况"),
        Paragraph("工作表“自评报告” B3", "2023年收入251.06万元。"),
    )
    assert isinstance(document.blocks[2], Table)


def test_what_a_merged_cell_covers_is_not_read(tmp_path: Path) -> None:
    first = '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row>'
    rows = first + '<row r="2"><c r="A2"><v>3</v></c><c r="C2"><v>4</v></c><c r="D2"><v>5</v></c></row>'
    merges = '<mergeCells count="2"><mergeCell ref="A1:B2"/><mergeCell ref="E1:XFD1048576"/></mergeCells>'
    document = read_parts(tmp_path, parts(sheet(rows, tail=merges)))
    table = document.blocks[0]
    assert isinstance(table, Table)
    assert table.cells == (Cell(0, 0, "1", 2, 2, "A1"), Cell(1, 2, "4", 1, 1, "C2"), Cell(1, 3, "5", 1, 1, "D2"))
    assert left(document) == [
        ("工作表“表” B1", "2", "被合并的单元格盖住"),
        ("工作表“表” A2", "3", "被合并的单元格盖住"),
    ]


def test_what_a_merged_cell_covers_and_says_itself_is_not_listed(tmp_path: Path) -> None:
    row = '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>1</v></c><c r="C1"><v>4</v></c></row>'
    document = read_parts(tmp_path, parts(sheet(row, tail='<mergeCells><mergeCell ref="A1:B1"/></mergeCells>')))
    assert document.left == ()


def test_merged_cells_without_text_are_cells(tmp_path: Path) -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2"><v>1</v></c><c r="D2"><v>4</v></c></row>'
    document = read_parts(tmp_path, parts(sheet(rows, tail='<mergeCells><mergeCell ref="B1:C2"/></mergeCells>')))
    table = document.blocks[0]
    assert isinstance(table, Table)
    assert Cell(0, 1, "", 2, 2, "B1") in table.cells


def test_a_stray_cell_at_the_edge_costs_nothing(tmp_path: Path) -> None:
    rows = (
        '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row><row r="4"><c r="A4"><v>3</v></c></row>'
        '<row r="1048576"><c r="XFD1048576"><v>5</v></c></row>'
    )
    table = read_parts(tmp_path, parts(sheet(rows))).blocks[0]
    assert isinstance(table, Table)
    assert [(*cell[:3], cell.place) for cell in table.cells] == [
        (0, 0, "1", "A1"), (0, 1, "2", "B1"), (3, 0, "3", "A4"), (14, 12, "5", "XFD1048576"),
    ]  # fmt: skip


def test_a_stray_cell_in_an_old_workbook_costs_little(office: Office, tmp_path: Path) -> None:
    def stray(page: Worksheet) -> None:
        page["A1"], page["B1"], page["IV65536"] = 1, 2, 3

    path = office.convert([saved(tmp_path / "表.xlsx", ("远", stray))], "xls", tmp_path / "out")[0]
    assert shown(read_document(path)) == {"A1": "1", "B1": "2", "IV65536": "3"}


def test_dates_from_1904(tmp_path: Path) -> None:
    content = parts(sheet('<row r="1"><c r="A1" s="1"><v>44041</v></c><c r="B1"><v>1</v></c></row>'))
    styles, workbook = content["xl/styles.xml"], content["xl/workbook.xml"]
    assert isinstance(styles, str)
    assert isinstance(workbook, str)
    content["xl/styles.xml"] = styles.replace('numFmtId="10"', 'numFmtId="14"')
    assert shown(read_parts(tmp_path, content))["A1"] == "2020年7月29日"
    content["xl/workbook.xml"] = workbook.replace("<sheets>", '<workbookPr date1904="1"/><sheets>')
    assert shown(read_parts(tmp_path, content))["A1"] == "2024年7月30日"


def test_figures_that_hide_digits_are_told(tmp_path: Path) -> None:
    def page(sheet: Worksheet) -> None:
        sheet["A1"], sheet["B1"] = "收入", 251.06
        sheet["B1"].number_format = "0"

    document = read_document(saved(tmp_path / "表.xlsx", ("数", page)))
    assert shown(document)["B1"] == "251"
    assert document.remarks == (
        "工作表“数”有 1 个数显示的小数比存的少（如 B1 显示 251，存的是 251.06），按显示的读入，请核对。",
    )


def test_a_giant_sheet_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Of.CELLS, "most", 20_000)
    row = "".join("<c><v>1</v></c>" for _ in range(100))
    with pytest.raises(DocumentError, match="超过上限 2 万个"):
        read_parts(tmp_path, parts(sheet("".join(f'<row r="{n}">{row}</row>' for n in range(1, 220)))))


def test_merged_areas_without_end_are_refused(tmp_path: Path) -> None:
    merges = "".join(f'<mergeCell ref="A{n}:C1048576"/>' for n in range(2, 5000))
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="A1048576"><v>1</v></c></row>'
    with pytest.raises(DocumentError, match="表格的单元格太多"):
        read_parts(tmp_path, parts(sheet(rows, tail=f"<mergeCells>{merges}</mergeCells>")))


def test_an_empty_workbook(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="所有工作表都是空的"):
        read_document(saved(tmp_path / "表.xlsx", ("空", lambda page: None)))


# Years typed as dates


def years(page: Worksheet) -> None:
    """经费控制情况 below years that are dates, in the ways in which they are shown."""
    page.append(["部门整体支出绩效评价基础数据表"])
    page.append(["评价年度", datetime.date(2022, 1, 1)])
    page.append(["完工项目年度", datetime.date(2021, 1, 1)])
    page.append(["经费控制情况", datetime.date(2021, 1, 1), datetime.date(2022, 1, 1), datetime.date(2022, 1, 1)])
    page.append(["三公经费", 1, 2, 3])
    page.append(["公用经费", 4, 5, 6])
    page["B2"].number_format, page["B3"].number_format = 'yyyy"年"', "yyyy/m/d"
    page["B4"].number_format, page["C4"].number_format, page["D4"].number_format = (
        f'yyyy"年{words}"' for words in ("决算数", "预算数", "决算数")
    )


@pytest.mark.parametrize("kind", ["xlsx", "xls"])
def test_years_typed_as_dates(kind: str, office: Office, tmp_path: Path, template: Template) -> None:
    source = saved(tmp_path / "表.xlsx", ("数", years))
    intake = gather([read_document(office.convert([source], kind, tmp_path / "out")[0])], template)
    assert intake.values["year"] == 2022
    fields = intake.values["fields"]
    assert (fields["building_year"], fields["sangong_prior_actual"], fields["sangong_actual"]) == ("2021", "1", "3")
    assert {entry.key for entry in intake.entries if not entry.sure} == set()


@pytest.mark.parametrize("said", ["去年", "20222", "二〇二二", "2022年、2023年"])
def test_what_is_no_year_is_listed(said: str, template: Template) -> None:
    rows = "经费控制情况 | 上年决算数 | 预算数 | 决算数\n三公经费 | 1 | 2 | 3\n公用经费 | 4 | 5 | 6"
    drawn = f"评价年度 | {said} | | \n{rows}"
    intake = gather([Document("表.xlsx", (table(drawn),))], template)
    assert "year" not in intake.values
    assert [passage.text for passage in intake.left] == [said]


def test_a_year_above_the_headings_may_be_a_date(template: Template) -> None:
    drawn = """
        项目 | 2021年1月1日 | 2022年1月1日 | <
        ^ | 决算数 | 预算数 | 决算数
        三公经费 | 1 | 2 | 3
        公用经费 | 4 | 5 | 6
    """
    values = gather([Document("表.xlsx", (table(drawn),))], template).values
    assert (values["year"], values["fields"]["sangong_prior_actual"]) == (2022, "1")
