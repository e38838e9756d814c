"""A workbook of anybody's is audited, marked and filled where it stands; everything else in it stays."""

from __future__ import annotations

import re
import zipfile
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.command import Run
from tests.intake.laid_out import FOUND, NINGXIA, YUNNAN, as_workbook
from tests.workbooks import new_bytes
from xlperf.errors import TemplateError
from xlperf.package import Ref, Workbook
from xlperf.workbook.actions import check, fill, open_form
from xlperf.workbook.by_labels import read_by_labels


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize(("drawn", "expected"), FOUND.values(), ids=FOUND)
def test_what_is_found_and_where(drawn: str, expected: set[tuple[str, str]], tmp_path: Path) -> None:
    report, _ = check(open_form(as_workbook(drawn, tmp_path / "表.xlsx")))
    errors = {(each.code, each.at.rpartition("!")[2]) for each in report.findings if each.severity.rank == 0}
    assert errors == expected


def test_cells_that_the_form_does_not_have_are_absent_and_its_own_headings_name_the_others(tmp_path: Path) -> None:
    record = open_form(as_workbook(NINGXIA, tmp_path / "表.xlsx")).record
    assert record["execution_weight"].is_absent
    assert not record.template.has("execution_score")
    assert record["annual_budget"].label == "调整预算数A"
    assert record["indicators[0].actual"].label == "维修面积·全年实际值（B）"
    assert record["indicators[2].score"].is_blank
    assert not record["indicators[2].score"].is_absent


def test_money_is_read_in_the_unit_of_its_heading_with_all_digits(tmp_path: Path) -> None:
    record = open_form(as_workbook(YUNNAN, tmp_path / "表.xlsx")).record
    assert record["annual_spent"].number == Decimal("38.766462")
    assert record["indicators[0].target"].text == "≧735人次"
    assert (record["total_score"].shown, record["grade"].shown) == ("97", "优")  # one cell over 得分 and 备注说明


def test_marked_twice_and_cleared(tmp_path: Path, run: Run) -> None:
    """The sheet is given back byte for byte; a second audit of the marked copy finds the same."""
    source = as_workbook(YUNNAN, tmp_path / "表.xlsx")
    once, twice, clean = (tmp_path / f"{name}.xlsx" for name in ("一", "二", "清"))
    first = run("check", source, "-o", once)
    assert first.code == 1
    assert run("check", once, "-o", twice).out == first.out.replace("表.xlsx", "一.xlsx")
    assert once.read_bytes() == twice.read_bytes()
    assert "审核结果" in openpyxl.load_workbook(once).sheetnames
    assert run("clear", once, "-o", clean).code == 0
    before, after = parts(source), parts(clean)
    assert after["xl/worksheets/sheet1.xml"] == before["xl/worksheets/sheet1.xml"]
    assert {name for name in before if before[name] != after.get(name)} <= {"xl/styles.xml"}
    assert set(after) == set(before)


def test_fill_writes_blank_cells_only_and_no_total_of_missing_parts(tmp_path: Path) -> None:
    drawn = YUNNAN.replace("| 10 | 100% | 10\n", "| 10 | | \n").replace("97（优）", "")
    form = open_form(as_workbook(drawn, tmp_path / "表.xlsx"))
    filled = {each.at: each.after for each in fill(form)}
    assert filled == {"Sheet!I4": "100.00%", "Sheet!J4": "10", "Sheet!I11": "97"}
    ningxia = open_form(as_workbook(NINGXIA, tmp_path / "宁.xlsx"))
    filled = {each.at: each.after for each in fill(ningxia)}
    assert filled == {"Sheet!F8": "10"}  # the points of 92% against ≥90%; 98 is what somebody typed, though it is wrong


def test_fill_leaves_her_own_formulas_whose_results_were_dropped(tmp_path: Path) -> None:
    """A cell without a result looks blank, but it is hers; a formula that we would write there gets its result."""
    drawn = YUNNAN.replace("| 10 | 100% | 10\n", "| 10 | | \n").replace("97（优）", "")
    path = as_workbook(drawn, tmp_path / "表.xlsx")
    book = openpyxl.load_workbook(path)
    book["Sheet"]["I11"] = "=J4+SUM(I9:I10)"
    book["Sheet"]["I4"] = '=IF(COUNT(F4,E4)=2,IFERROR(ROUND(F4/E4,4),"——"),"")'
    book.save(path)
    assert {each.at: each.after for each in fill(open_form(path))} == {"Sheet!I4": "100.00%", "Sheet!J4": "10"}


def test_what_was_not_understood_is_listed_and_counted(tmp_path: Path, run: Run) -> None:
    drawn = NINGXIA.replace("未完成原因", "某某栏").replace("部分材料更换", "部分材料更换")
    found = run("check", as_workbook(drawn, tmp_path / "表.xlsx"))
    assert "没有读懂、没有核对的 1 处：" in found.out
    assert "某某栏　部分材料更换（没有认出“某某栏”这一列）" in found.out
    assert found.out.splitlines()[-2].endswith("1 处没有读懂、没有核对。")


def test_a_list_that_is_cut_off_is_not_added_up(tmp_path: Path, run: Run) -> None:
    drawn = "\n".join(NINGXIA.rstrip().splitlines()[:-1])
    found = run("check", as_workbook(drawn, tmp_path / "表.xlsx"))
    assert "XLP330" not in found.out
    assert "XLP305" not in found.out
    assert "可能没有列全；总分和各级分值没有相加核对" in found.out


def test_a_workbook_without_any_such_table_is_told_so(tmp_path: Path) -> None:
    path = as_workbook("姓名 | 电话\n甲 | 123", tmp_path / "表.xlsx")
    with pytest.raises(TemplateError, match="没有认出绩效自评表"):
        read_by_labels(Workbook.open(path))


def test_a_workbook_of_ours_without_its_names_is_read_by_its_headings(
    beita_values: dict[str, Any], tmp_path: Path
) -> None:
    """Some programs drop names: the same errors at the same cells."""
    blob = new_bytes(beita_values)
    path = tmp_path / "无名.xlsx"
    with zipfile.ZipFile(BytesIO(blob)) as whole, zipfile.ZipFile(path, "w") as bare:
        for name in whole.namelist():
            bare.writestr(name, re.sub(rb"<definedNames>.*?</definedNames>", b"", whole.read(name), flags=re.DOTALL))
    named, _ = check(open_form(blob, "有名.xlsx"))
    unnamed, _ = check(open_form(path))
    errors = [
        {(each.code, each.at) for each in report.findings if each.severity.rank == 0} for report in (named, unnamed)
    ]
    assert errors[0] == errors[1]


def test_a_variant_that_measures_on_a_cell_the_form_lacks_is_no_obstacle(tmp_path: Path) -> None:
    """The form has 全年预算数 only, and its own formula for the rate; one of the variants measures on 年初预算数."""
    drawn = NINGXIA.replace("年初预算数 | 调整预算数A", "调整预算数A | 备注").replace("64.8 | 64.8 |", "64.8 | |", 1)
    path = as_workbook(drawn, tmp_path / "表.xlsx")
    book = openpyxl.load_workbook(path)
    book.active["F4"] = "=E4/C4"
    book.save(path)
    report, _ = check(open_form(path))
    assert not report.record.template.has("opening_budget")
    assert "XLP702" not in {each.code for each in report.findings}


def test_points_are_filled_by_a_formula_only_over_cells_that_hold_numbers(tmp_path: Path) -> None:
    """A rate that is text would not be seen by a formula over it: the value is written."""
    drawn = YUNNAN.replace("387664.62 | 387664.62 | < | 10 | 100% | 10", "387664.62 | 387664.62 | < | 10 | 100% | ")
    text_rate = open_form(as_workbook(drawn, tmp_path / "文字.xlsx"))
    fill(text_rate)
    assert text_rate.book.written("Sheet")[Ref(4, 10)].formula is None
    both = open_form(as_workbook(drawn.replace("| 100% |", "| |"), tmp_path / "空.xlsx"))
    fill(both)
    written = both.book.written("Sheet")
    rate = 'IF(COUNT(F4,E4)=2,IFERROR(ROUND(F4/E4,4),"——"),"")'  # both are in 元, their quotient is the same
    assert written[Ref(4, 9)] == (Decimal(1), rate, "0.00%", False)
    assert written[Ref(4, 10)].formula is not None
