"""Several forms in one workbook: each audited where it stands, marked together, filled and frozen together."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.command import Run
from tests.intake.laid_out import NINGXIA, YUNNAN, as_workbook
from tests.workbooks import new_bytes
from xlperf.errors import UnknownNameError
from xlperf.package import Ref, Workbook
from xlperf.workbook.actions import open_form
from xlperf.workbook.result_rows import RESULTS, RESULTS_SHEET
from xlperf.workbook.several import check_forms, open_forms

SECOND = NINGXIA.replace("校舍维修", "食堂改造").replace("10年 | 8年 | 24 |", "10年 | 8年 | 22 |")


def copied(sheet: Any, into: openpyxl.Workbook, title: str) -> None:
    target = into.create_sheet(title)
    for row in sheet.iter_rows():
        for cell in row:
            target.cell(cell.row, cell.column, cell.value)
    for area in sheet.merged_cells.ranges:
        target.merge_cells(str(area))


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """Three projects, a sheet each."""
    whole = openpyxl.Workbook()
    whole.remove(whole.active)
    for title, drawn in (("项目一", NINGXIA), ("项目二", SECOND), ("项目三", YUNNAN)):
        copied(openpyxl.load_workbook(as_workbook(drawn, tmp_path / f"{title}.xlsx")).active, whole, title)
    path = tmp_path / "几张.xlsx"
    whole.save(path)
    return path


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def found(audited: Any) -> set[tuple[str, str]]:
    return {(each.code, each.at) for each in audited.report.findings}


def test_each_is_audited_as_if_it_were_alone(book: Path, tmp_path: Path) -> None:
    audited = check_forms(open_forms(book))
    assert [(each.place, each.name) for each in audited] == [
        ("工作表“项目一”", "校舍维修"),
        ("工作表“项目二”", "食堂改造"),
        ("工作表“项目三”", "困难学生生活补助"),
    ]
    for each, title in zip(audited, ("项目一", "项目二", "项目三"), strict=True):
        (alone,) = check_forms(open_forms(tmp_path / f"{title}.xlsx"))
        assert found(each) == {(code, at.replace("Sheet!", f"{title}!")) for code, at in found(alone)}


def test_the_command_tells_of_each_and_of_all(book: Path, run: Run) -> None:
    told = run("check", book)
    assert told.code == 1
    for line in ("◆ 工作表“项目一”　校舍维修", "◆ 工作表“项目三”　困难学生生活补助", "3 张表合计：错误 "):
        assert line in told.out


def test_json_has_all_findings_and_says_whose_they_are(book: Path, run: Run) -> None:
    whole = json.loads(run("check", book, "--format", "json").out)
    assert [form["name"] for form in whole["forms"]] == ["校舍维修", "食堂改造", "困难学生生活补助"]
    numbers = [number for form in whole["forms"] for number in form["findings"]]
    assert numbers == list(range(len(whole["findings"])))
    for form in whole["forms"]:
        own = [whole["findings"][number] for number in form["findings"]]
        assert {each["at"].partition("!")[0] for each in own} == {form["place"].removeprefix("工作表“").rstrip("”")}
        assert {each["group"] for each in own} - {None} == set(form["groups"])
    assert [group["group"] for group in whole["groups"]] == list(range(1, len(whole["groups"]) + 1))
    for severity in ("error", "warning", "info"):
        assert whole["counts"][severity] == sum(form["counts"][severity] for form in whole["forms"])


def test_marked_twice_and_cleared(book: Path, tmp_path: Path, run: Run) -> None:
    once, twice, clean = (tmp_path / f"{name}.xlsx" for name in ("一", "二", "清"))
    run("check", book, "-o", once)
    run("check", once, "-o", twice)
    assert once.read_bytes() == twice.read_bytes()
    results = Workbook.open(once).cells(RESULTS_SHEET)
    column = RESULTS.column("位置")
    titles = [cell.text.partition("!")[0] for ref, cell in sorted(results.items()) if ref.col == column and ref.row > 1]
    assert list(dict.fromkeys(title for title in titles if title)) == ["项目一", "项目二", "项目三"]
    assert run("clear", once, "-o", clean).code == 0
    before, after = parts(book), parts(clean)
    assert {name for name in before if before[name] != after.get(name)} <= {"xl/styles.xml"}
    assert set(after) == set(before)


def test_an_explanation_belongs_to_the_form_it_was_written_for(book: Path, tmp_path: Path, run: Run) -> None:
    """Both projects have the same finding on the same item."""
    run("check", book, "-o", tmp_path / "一.xlsx")
    marked = Workbook.open(tmp_path / "一.xlsx")
    rows: dict[int, list[str]] = {}
    for ref, cell in sorted(marked.cells(RESULTS_SHEET).items()):
        rows.setdefault(ref.row, []).append(cell.text)
    wanted = next(row for row, texts in rows.items() if "XLP330" in texts and "项目二!F2" in texts)
    marked.write(RESULTS_SHEET, Ref(wanted, RESULTS.column("审核说明（请在此填写）")), "已退回重填")
    marked.save(tmp_path / "二.xlsx")
    audited = check_forms(open_forms(tmp_path / "二.xlsx"))
    answers = [[row.text for row in each.explanations if row.text] for each in audited]
    assert answers == [[], ["已退回重填"], []]


def test_fill_and_freeze_do_all_of_them(book: Path, tmp_path: Path, run: Run) -> None:
    assert run("fill", book, "-o", tmp_path / "填.xlsx").code == 0
    filled = openpyxl.load_workbook(tmp_path / "填.xlsx", data_only=True)
    assert [filled[title]["F8"].value for title in ("项目一", "项目二")] == [10, 10]
    assert run("freeze", tmp_path / "填.xlsx", "-o", tmp_path / "固.xlsx").code == 0
    frozen = openpyxl.load_workbook(tmp_path / "固.xlsx")
    assert [frozen[title]["F8"].value for title in ("项目一", "项目二")] == [10, 10]


def test_what_takes_one_form_names_the_others(book: Path, run: Run) -> None:
    told = run("values", book)
    assert json.loads(told.out)["fields"]["project_name"] == "校舍维修"
    assert "工作表“项目二”  食堂改造：是另一张自评表，这里没有读入" in told.err
    assert len([each for each in open_form(book).left if "另一张自评表" in each.reason]) == 2


def test_a_form_beside_ours(beita_values: dict[str, Any], tmp_path: Path) -> None:
    """Somebody put a project's form into the workbook of the department; a sheet of notes is no form."""
    whole = openpyxl.load_workbook(BytesIO(new_bytes(beita_values)))
    copied(openpyxl.load_workbook(as_workbook(NINGXIA, tmp_path / "项目.xlsx")).active, whole, "校舍")
    whole.create_sheet("底稿").append(["电话", "123"])
    whole.save(tmp_path / "合.xlsx")
    ours, project = check_forms(open_forms(tmp_path / "合.xlsx"))
    assert (ours.report.record.template.id, project.name) == ("department_overall", "校舍维修")
    assert ("XLP330", "校舍!F2") in found(project)
    assert not any(at.startswith("校舍") for _, at in found(ours))


def test_a_variant_is_that_of_the_forms_that_have_it(book: Path) -> None:
    forms = open_forms(book)
    with pytest.raises(UnknownNameError):
        check_forms(forms, "nowhere")
