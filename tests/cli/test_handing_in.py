"""上报本: what is handed in, and that nothing else is in it."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.command import Run
from tests.package.books import entries
from tests.places import DATA
from tests.workbooks import edited, new_bytes
from xlperf.form.forms import form_ids, load_template
from xlperf.workbook.actions import open_form
from xlperf.workbook.handed_in import hand_in, open_points

YELLOW, GREY = "00FFF9DB", "00DDE6F0"


def handed_in(run: Run, book: Path, *options: object) -> Any:
    before = book.read_bytes()
    result = run("freeze", book, "--final", *options)
    assert result.code == 0, result.err
    assert book.read_bytes() == before  # the working copy
    return openpyxl.load_workbook(book.with_name(f"{book.stem}_上报.xlsx"), data_only=False)


def texts(book: Any) -> list[str]:
    return [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]


def test_what_the_department_hands_in(run: Run, book: Path) -> None:
    marked = book.with_name("标注.xlsx")
    run("fill", book, "--in-place")
    run("check", book, "-o", marked, "--ledger")
    opened = handed_in(run, marked)
    assert opened.sheetnames == ["基础数据表", "自评表", "自评报告"]  # 收支情况 stays with the unit, as 填表说明 says
    assert not any(text.startswith("=") for text in texts(opened))
    assert not any("……" in text for text in texts(opened))
    for sheet in opened:
        assert {cell.fill.fgColor.rgb for row in sheet.iter_rows() for cell in row}.isdisjoint({YELLOW, GREY})
        assert not any(cell.comment for row in sheet.iter_rows() for cell in row)
        assert not sheet.conditional_formatting
        assert not sheet.data_validations.dataValidation
        assert sheet.print_area
    assert opened.properties.creator == "中共邵阳市北塔区委网络安全和信息化委员会办公室"
    assert not list(opened.defined_names)
    whole = b"".join(entries(marked.with_name("标注_上报.xlsx").read_bytes()).values())
    for sign in (b"xlperf", b"xp_", b"openpyxl", "收支情况".encode(), b"#REF!"):
        assert sign not in whole


@pytest.mark.parametrize("form", [each for each in form_ids() if each != "department_overall"])
def test_what_other_forms_hand_in(run: Run, tmp_path: Path, form: str) -> None:
    book = tmp_path / "表.xlsx"
    run("new", book, "--template", form, "--values", DATA / f"{form}.json")
    opened = handed_in(run, book)
    kept = [
        spec["title"] for spec in load_template(form).sheets if not any(map(spec.get, ("helper", "results", "control")))
    ]
    assert opened.sheetnames == kept
    assert not any("……" in text or text.startswith("=") for text in texts(opened))


def test_the_rows_that_stay_keep_what_they_show() -> None:
    """Of a blank form every group has rows left; 数量指标 has lost its last, and 产出指标 spans two rows fewer."""
    form = open_form(new_bytes({"template": "department_overall", "year": 2025}))
    done = hand_in([form])
    sheet = openpyxl.load_workbook(io.BytesIO(form.book.to_bytes()))["自评表"]
    assert done.rows == 10
    groups = [sheet.cell(row, 3).value or "" for row in range(15, 27)]
    output = ["数量指标", "", "质量指标", "", "时效指标", "成本指标"]
    benefit = ["经济效益指标", "社会效益指标", "", "生态效益指标", "可持续影响指标"]
    assert groups == [*output, *benefit, "服务对象满意度指标"]
    merged = {str(area) for area in sheet.merged_cells.ranges}
    assert {"A14:A26", "B15:B20", "B21:B25", "C15:C16", "C17:C18"} <= merged
    assert sheet["A27"].value == "总分"
    assert sheet.print_area == "'自评表'!$A$1:$I$29"


def test_a_group_that_loses_its_first_row_keeps_its_name() -> None:
    """Somebody wrote an indicator below the row of “……”."""
    values = {"template": "department_overall", "year": 2025}
    blob = edited(values, {"fill": False})
    form = open_form(blob)
    book = form.book
    cells = {ref: cell for ref, cell in book.cells("自评表").items() if ref.col == 4 and ref.row >= 15}
    first = min(ref for ref in cells if ref.row == 17)
    book.write("自评表", first._replace(row=15), "……")
    book.write("自评表", first, "走访户数")
    form = open_form(book.to_bytes())
    hand_in([form])
    sheet = openpyxl.load_workbook(io.BytesIO(form.book.to_bytes()))["自评表"]
    assert [sheet.cell(15, column).value for column in (2, 3)] == ["产出指标（50分）", "数量指标"]
    assert [sheet.cell(row, 4).value for row in (15, 16)] == [None, "走访户数"]


def test_what_is_open_is_told_and_the_copy_written(run: Run, book: Path) -> None:
    told = run("freeze", book, "--final").err
    assert "还有没有办完的" in told
    for kind in ("必须改正的错误", "没有写明原因的核实项", "非必填的数空着"):
        assert kind in told


def test_nothing_is_told_of_what_is_done(run: Run, tmp_path: Path) -> None:
    book = tmp_path / "目标.xlsx"
    run("new", book, "--template", "goals", "--values", DATA / "goals.json")
    run("fill", book, "--in-place")
    assert open_points([open_form(book)]) == ((), "")
    assert "没有办完" not in run("freeze", book, "--final").err


def test_drafts_are_told(run: Run, tmp_path: Path, beita_values: dict[str, Any]) -> None:
    old = tmp_path / "2023.xlsx"
    old.write_bytes(new_bytes(beita_values))
    run("roll", old, "-o", "2024.xlsx")
    told = run("freeze", "2024.xlsx", "--final").err
    assert "没有核对的沿用内容" in told
    opened = openpyxl.load_workbook(tmp_path / "2024_上报.xlsx")
    assert opened.sheetnames == ["基础数据表", "自评表", "自评报告"]


def test_not_over_the_working_copy(run: Run, book: Path) -> None:
    for options in (("--in-place",), ("-o", book)):
        assert run("freeze", book, "--final", *options).code == 2


def test_buttons_and_macros_go(run: Run, tmp_path: Path, beita_values: dict[str, Any]) -> None:
    run("new", "自评.xlsm", "--year", 2025)
    assert run("freeze", "自评.xlsm", "--final", "-o", "上报.xlsm").code == 2
    assert run("freeze", "自评.xlsm", "--final").code == 0
    parts = entries((tmp_path / "自评_上报.xlsx").read_bytes())
    assert not any("drawing" in name for name in parts)
    assert b"macroEnabled" not in parts["[Content_Types].xml"]


def test_names_and_telephones_are_masked_where_they_stand(run: Run, tmp_path: Path) -> None:
    values = {"template": "department_overall", "year": 2025, "fields": {"preparer": "王小明", "phone": "13812345678"}}
    (tmp_path / "自评.xlsx").write_bytes(edited(values, {}))
    assert run("freeze", "自评.xlsx", "--final", "--redact").code == 0
    whole = b"".join(entries((tmp_path / "自评_上报.xlsx").read_bytes()).values())
    assert "王小明".encode() not in whole
    assert b"13812345678" not in whole


@pytest.mark.parametrize("old", sorted((DATA / "old").glob("*.xlsx")), ids=lambda path: path.stem)
def test_workbooks_of_earlier_versions(run: Run, tmp_path: Path, old: Path) -> None:
    book = tmp_path / old.name
    book.write_bytes(old.read_bytes())
    opened = handed_in(run, book)
    assert opened.sheetnames == ["基础数据表", "自评表", "自评报告"]
    assert not list(opened.defined_names)


def test_a_workbook_of_somebody_else(run: Run, tmp_path: Path) -> None:
    """Values, our marks and our sheets gone; its own shades, hints, properties and names stay."""
    ours = tmp_path / "ours.xlsx"
    run("new", ours, "--template", "project_spending", "--values", DATA / "project_spending.json")
    run("fill", ours, "--in-place")
    run("freeze", ours, "--final", "-o", "theirs.xlsx")
    theirs = openpyxl.load_workbook(tmp_path / "theirs.xlsx")
    sheet = theirs.active
    sheet["A1"].fill = openpyxl.styles.PatternFill("solid", fgColor=YELLOW[2:])
    theirs.properties.creator, theirs.properties.lastModifiedBy = "王会计", "李会计"
    theirs.create_sheet("说明").append(["请留意"])
    theirs.save(tmp_path / "theirs.xlsx")
    run("check", "theirs.xlsx", "-o", "marked.xlsx", "--ledger")
    assert len(openpyxl.load_workbook(tmp_path / "marked.xlsx").sheetnames) == 4
    opened = handed_in(run, tmp_path / "marked.xlsx")
    assert opened.sheetnames == theirs.sheetnames
    assert texts(opened) == texts(theirs)
    assert opened.active["A1"].fill.fgColor.rgb == YELLOW
    assert (opened.properties.creator, opened.properties.lastModifiedBy) == ("王会计", "李会计")
    assert not opened.active.conditional_formatting
