"""`check SELF --projects FORM…`: one list of what the department's form and those of its projects do not agree on."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.command import Run
from tests.intake.laid_out import NINGXIA, YUNNAN, as_word, as_workbook
from tests.workbook.test_several import copied
from tests.workbooks import new_bytes
from xlperf.package import Ref, Workbook
from xlperf.workbook.actions import fill, open_form

SCHOOL = NINGXIA.replace("校舍维修", "食堂改造")
ROWS = [
    {"name": "校舍维修", "budget": "64.80", "actual": "64.80"},
    {"name": "食堂改造", "budget": "64.80", "actual": "64.80"},
    {"name": "困难学生生活补助", "budget": "38.77", "actual": "38.77"},
]


def department(path: Path, rows: list[dict[str, str]], **fields: str) -> Path:
    values: dict[str, Any] = {"year": 2022, "unit_name": "某县教育局", "fields": fields, "project_special": rows}
    form = open_form(new_bytes(values))
    fill(form)
    form.book.save(path)
    return path


@pytest.fixture
def season(tmp_path: Path) -> tuple[Path, list[Path]]:
    """A department with three projects: a workbook, one in Word, one in 元."""
    forms = [
        as_workbook(NINGXIA, tmp_path / "校舍.xlsx"),
        as_word(SCHOOL, tmp_path / "食堂.docx"),
        as_workbook(YUNNAN, tmp_path / "补助.xlsx"),
    ]
    return department(tmp_path / "部门.xlsx", ROWS), forms


def between(run: Run, *arguments: object) -> list[tuple[str, str]]:
    found = json.loads(run("check", *arguments, "--format", "json").out)
    own = found["files"][0]["findings"]
    return [(each["code"], each["at"]) for each in own if "XLP422" <= each["code"] <= "XLP427"]


def test_forms_that_fit_are_not_found_fault_with(season: tuple[Path, list[Path]], run: Run) -> None:
    book, forms = season
    found = run("check", book, "--projects", *forms)
    assert "XLP42" not in found.out
    assert "与项目自评表核对：部门表列有 3 个项目，给出 3 张项目表，同名的 3 个；0 项不一致。" in found.out
    assert found.out.index(f"▼ {book}") < found.out.index(f"▼ {forms[0]}") < found.out.index(f"▼ {forms[2]}")
    assert "各文件互相核对" not in found.out
    assert "共 4 份文件" in found.out


def test_the_option_may_be_given_again_and_again(season: tuple[Path, list[Path]], run: Run) -> None:
    book, forms = season
    once = run("check", book, "--projects", *forms).out
    assert run("check", book, *(word for form in forms for word in ("--projects", form))).out.count("▼") == 4
    assert "3 张项目表" in once


def test_what_differs_is_found_in_one_list(season: tuple[Path, list[Path]], run: Run, tmp_path: Path) -> None:
    book, forms = season
    as_word(SCHOOL.replace("| 64.8 | 64.8 | 64.8 |", "| 64.8 | 64.8 | 46.8 |"), forms[1])
    assert between(run, book, "--projects", *forms) == [("XLP422", "基础数据表!G18")]
    assert between(run, book, "--projects", forms[0], forms[2]) == [("XLP423", "基础数据表!A18")]
    shutil.copy(forms[0], tmp_path / "校舍2.xlsx")
    assert ("XLP425", "基础数据表!A17") in between(run, book, "--projects", *forms, tmp_path / "校舍2.xlsx")
    as_workbook(YUNNAN.replace("困难学生生活补助", "困难学生补助"), forms[2])
    found = run("check", book, "--projects", *forms)
    assert found.code == 1
    assert "可能是同一项目" in found.out
    assert "'[补助.xlsx]Sheet'!C2" in found.out
    assert "食堂.docx 表1 第4行第5列" in found.out


def test_what_is_said_elsewhere_stays(season: tuple[Path, list[Path]], run: Run) -> None:
    """The project forms are audited as if they were alone."""
    book, forms = season
    found = json.loads(run("check", book, "--projects", *forms, "--format", "json").out)
    assert found["files"][1:] == [json.loads(run("check", form, "--format", "json").out) for form in forms]
    assert found["between"] == []
    assert found["counts"]["error"] == sum(each["counts"]["error"] for each in found["files"])


def test_csv_has_all_in_one_table(season: tuple[Path, list[Path]], run: Run) -> None:
    book, forms = season
    found = run("check", book, "--projects", *forms[:2], "--format", "csv").out
    rows = list(csv.DictReader(io.StringIO(found.lstrip("\ufeff"))))
    assert {row["文件"] for row in rows} == {str(path) for path in (book, *forms[:2])}
    assert [row["位置"] for row in rows if row["代码"] == "XLP423"] == ["基础数据表!A19"]


@pytest.mark.parametrize("option", ["-o", "--in-place"])
def test_only_the_department_is_marked(season: tuple[Path, list[Path]], run: Run, tmp_path: Path, option: str) -> None:
    book, forms = season
    before = [form.read_bytes() for form in forms]
    marked = tmp_path / "标.xlsx" if option == "-o" else book
    run("check", book, "--projects", *forms[:2], *(("-o", marked) if option == "-o" else ("--in-place",)))
    assert [form.read_bytes() for form in forms] == before
    listed = {cell.text for cell in Workbook.open(marked).cells("审核结果").values()}
    assert "XLP423" in listed
    assert any("困难学生生活补助" in text and "没有项目自评表" in text for text in listed)


def test_many_in_one_workbook_and_in_the_departments_own(
    season: tuple[Path, list[Path]], run: Run, tmp_path: Path
) -> None:
    book, forms = season
    whole = openpyxl.Workbook()
    whole.remove(whole.active)
    for title, drawn in (("项目一", NINGXIA), ("项目二", SCHOOL)):
        copied(openpyxl.load_workbook(as_workbook(drawn, tmp_path / f"{title}.xlsx")).active, whole, title)
    whole.save(tmp_path / "几张.xlsx")
    assert between(run, book, "--projects", tmp_path / "几张.xlsx", forms[2]) == []

    own = openpyxl.load_workbook(book)
    copied(openpyxl.load_workbook(tmp_path / "项目一.xlsx").active, own, "项目一")
    own.save(tmp_path / "合.xlsx")
    assert between(run, tmp_path / "合.xlsx", "--projects", forms[1], forms[2]) == []
    only_own = between(run, tmp_path / "合.xlsx", "--projects", tmp_path / "合.xlsx")
    assert only_own == [("XLP423", "基础数据表!A18"), ("XLP423", "基础数据表!A19")]
    alone = json.loads(run("check", tmp_path / "合.xlsx", "--format", "json").out)
    assert not [each for each in alone["findings"] if "XLP422" <= each["code"] <= "XLP427"]


def test_the_total_alone(season: tuple[Path, list[Path]], run: Run, tmp_path: Path) -> None:
    _, forms = season
    book = department(tmp_path / "合计.xlsx", [], project_other_budget="168.37", project_other_actual="168.37")
    found = run("check", book, "--projects", *forms)
    assert "XLP42" not in found.out
    less = department(tmp_path / "少.xlsx", [], project_other_budget="100", project_other_actual="100")
    assert ("XLP426", "基础数据表!G13") in between(run, less, "--projects", *forms)
    more = department(tmp_path / "多.xlsx", [], project_other_budget="200", project_other_actual="200")
    found = run("check", more, "--projects", *forms)
    assert "其他事业类发展资金（决算数）不一定都有项目表" in found.out


def test_nothing_is_compared_while_a_file_cannot_be_read(
    season: tuple[Path, list[Path]], run: Run, tmp_path: Path
) -> None:
    book, forms = season
    (tmp_path / "坏.xlsx").write_bytes(b"hello")
    found = run("check", book, "--projects", forms[0], tmp_path / "坏.xlsx")
    assert found.code == 2
    assert "XLP42" not in found.out
    assert "有给出的表没有读成，没有互相核对" in found.out
    assert "坏.xlsx" in found.err


def test_what_is_no_project_form(season: tuple[Path, list[Path]], run: Run, tmp_path: Path) -> None:
    book, forms = season
    shutil.copy(book, tmp_path / "部门2.xlsx")
    found = run("check", book, "--projects", forms[0], tmp_path / "部门2.xlsx")
    assert (found.code, "部门2.xlsx：没有认出项目支出绩效自评表" in found.err) == (2, True)
    found = run("check", forms[0], "--projects", forms[2], "-o", tmp_path / "出.xlsx")
    assert (found.code, "没有认出部门整体支出绩效自评表" in found.err) == (2, True)


def test_a_form_of_another_year_is_not_compared_and_that_is_said(
    season: tuple[Path, list[Path]], run: Run, tmp_path: Path
) -> None:
    book, forms = season
    as_workbook(YUNNAN.replace("2022年度", "2021年度"), forms[2])
    found = run("check", book, "--projects", *forms)
    assert "给出的是 2021 年的" in found.out
    assert "“困难学生生活补助”是 2021 年的项目表，没有核对" in found.out


def test_a_department_form_without_rows_of_projects(season: tuple[Path, list[Path]], run: Run, tmp_path: Path) -> None:
    drawn = YUNNAN.replace("项目支出绩效自评表", "部门整体支出绩效自评表").replace("项目名称", "部门名称")
    book = as_workbook(drawn, tmp_path / "别处.xlsx")
    found = run("check", book, "--projects", season[1][0])
    assert "没有项目支出的行，没有与项目表核对" in found.out


def test_files_of_one_name_are_told_apart(season: tuple[Path, list[Path]], run: Run, tmp_path: Path) -> None:
    book, forms = season
    for number in (1, 2):
        (tmp_path / str(number)).mkdir()
        shutil.copy(forms[0], tmp_path / str(number) / "表.xlsx")
    found = run("check", book, "--projects", tmp_path / "1" / "表.xlsx", tmp_path / "2" / "表.xlsx", *forms[1:])
    assert "XLP425" in found.out
    assert all(
        str(tmp_path / str(number) / "表.xlsx") in found.out.partition("▼ " + str(forms[1]))[0] for number in (1, 2)
    )


def test_with_other_options(season: tuple[Path, list[Path]], run: Run) -> None:
    book, forms = season
    assert run("check", book, "--projects", forms[0], "--all-variants").code == 2
    assert run("check", book, "--projects", forms[0], "--against", forms[1], "--format", "csv").code == 2
    found = run("check", book, "--projects", *forms, "--previous", book)
    assert "XLP421" in found.out


def test_a_department_in_word_is_held_against_them_too(
    season: tuple[Path, list[Path]], run: Run, tmp_path: Path
) -> None:
    book, forms = season
    assert run("report", book, "-o", tmp_path / "部门.docx").code == 0
    found = run("check", tmp_path / "部门.docx", "--projects", *forms[:2], "-o", tmp_path / "批注.docx")
    assert "XLP423  表2 第16行第1列" in found.out
    assert "已标注" in found.err
    assert "XLP42" not in run("check", tmp_path / "部门.docx", "--projects", *forms).out


def test_an_explanation_settles_it_for_these_forms_only(
    season: tuple[Path, list[Path]], run: Run, tmp_path: Path
) -> None:
    """The same form with another figure is another matter than what was explained."""
    book, forms = season
    department(book, ROWS[:2])
    marked = tmp_path / "标.xlsx"
    run("check", book, "--projects", *forms, "-o", marked)
    workbook = Workbook.open(marked)
    cells = workbook.cells("审核结果")
    column = next(ref.col for ref, cell in cells.items() if "请在此填写" in cell.text)
    row = next(ref.row for ref, cell in cells.items() if cell.text == "XLP424")
    workbook.write("审核结果", Ref(row, column), "补助由上级部门列支，本单位代填。")
    workbook.save(marked)
    assert "XLP424  基础数据表!G13（已说明）" in run("check", marked, "--projects", *forms).out
    as_workbook(YUNNAN.replace("387664.62", "397664.62"), forms[2])
    assert "XLP424  基础数据表!G13（已说明）" not in run("check", marked, "--projects", *forms).out
