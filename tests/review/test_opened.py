"""Which files of a bundle are one unit's, and what their audits say together: as `xlperf check` says it."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest

from tests.intake.laid_out import as_word, as_workbook
from tests.intake.test_narrative import REPORTS
from tests.labels.published import PUBLISHED
from tests.review.conftest import BAD, GOOD, of_unit
from xlperf.cli.checked import check_file
from xlperf.report.files import Asked
from xlperf.review.gather import Bundle, gather
from xlperf.review.opened import grouped, named, opened
from xlperf.review.order import Order
from xlperf.review.task import review_bundle

PROJECT = PUBLISHED["C1"].drawn


def groups_of(folder: Path) -> dict[str, list[str]]:
    files = [opened(path, path.name) for path in sorted(folder.iterdir())]
    return {group.unit: sorted(each.label for each in group.files) for group in grouped(files, str(folder))}


def test_units_of_one_folder_are_told_apart_and_projects_go_with_theirs(tmp_path: Path) -> None:
    as_workbook(of_unit(GOOD, "青山县档案局"), tmp_path / "a.xlsx")
    as_workbook(of_unit(GOOD, "红河县水利局"), tmp_path / "b.xlsx")
    as_workbook(of_unit(PROJECT, "红河县水利局"), tmp_path / "c.xlsx")
    as_word(of_unit(PROJECT, "青山县档案局").replace("档案整理", "库房修缮"), tmp_path / "d.docx")
    assert groups_of(tmp_path) == {"青山县档案局": ["a.xlsx", "d.docx"], "红河县水利局": ["b.xlsx", "c.xlsx"]}


def test_another_year_is_another_unit(tmp_path: Path) -> None:
    as_workbook(of_unit(GOOD, "青山县档案局"), tmp_path / "2023.xlsx")
    as_workbook(of_unit(GOOD, "青山县档案局"), tmp_path / "2024.xlsx")
    files = [opened(path, path.name) for path in sorted(tmp_path.iterdir())]
    assert [group.year for group in grouped(files)] == [2023, 2024]


@pytest.mark.parametrize(
    ("name", "unit"),
    [("青山县档案局自评表.xlsx", "青山县档案局"), ("3.青山县档案局（定稿）.xlsx", "青山县档案局"), ("附件2.xlsx", "")],
)
def test_a_form_that_names_no_unit_is_of_the_one_that_its_file_names(tmp_path: Path, name: str, unit: str) -> None:
    path = as_workbook(PUBLISHED["D6"].drawn, tmp_path / name)
    assert named(opened(path, name)).units == ((unit,) if unit else ())
    assert named(opened(path, name), "报送/红河县水利局").units == ((unit or "红河县水利局"),)


def bundle_of(folder: Path) -> Bundle:
    (found,) = (each for each in gather([str(folder)]) if isinstance(each, Bundle))
    return found


@pytest.mark.parametrize("drawn", [GOOD, BAD, PUBLISHED["D4"].drawn, PROJECT])
def test_a_file_alone_is_audited_as_check_does(tmp_path: Path, drawn: str) -> None:
    path = as_workbook(drawn, tmp_path / "表.xlsx")
    (unit,) = review_bundle(bundle_of(tmp_path))["units"]
    (form,) = check_file(path, Asked(), None)
    found = [(each.code, each.at, each.severity.value, each.message) for each in form.report.findings]
    assert sorted((each["code"], each["at"], each["severity"], each["message"]) for each in unit["findings"]) == sorted(
        found
    )
    assert (unit["compared"], unit["not_compared"]) == (form.ledger.compared, form.ledger.not_compared)


def test_forms_of_one_unit_are_held_against_each_other(tmp_path: Path) -> None:
    as_workbook(GOOD, tmp_path / "一.xlsx")
    as_workbook(
        GOOD.replace("| 100 | 120 | 108 | 10 | 90% | 9", "| 100 | 150 | 135 | 10 | 90% | 9"), tmp_path / "二.xlsx"
    )
    (unit,) = review_bundle(bundle_of(tmp_path))["units"]
    assert any(
        each["form"] == -1 and "120" in each["message"] and "150" in each["message"] for each in unit["findings"]
    )
    assert unit["status"] == "待改正"


def test_what_cannot_be_read_is_told_and_the_others_are_audited(tmp_path: Path) -> None:
    as_workbook(GOOD, tmp_path / "好.xlsx")
    (tmp_path / "空.xlsx").write_bytes(b"")
    (tmp_path / "信.txt").write_text("各位领导：附上自评表，请查收。", "utf-8")
    result = review_bundle(bundle_of(tmp_path))
    errors = {each["label"]: each["error"] for each in result["files"]}
    assert errors["好.xlsx"] == "" and errors["空.xlsx"] and errors["信.txt"]
    assert [unit["files"] for unit in result["units"]] == [["好.xlsx"]]


def test_the_letter_says_what_the_files_say_otherwise_than_each_other(tmp_path: Path) -> None:
    from docx import Document

    folder = tmp_path / "报送"
    folder.mkdir()
    as_workbook(GOOD, folder / "一.xlsx")
    as_workbook(
        GOOD.replace("| 100 | 120 | 108 | 10 | 90% | 9", "| 100 | 150 | 135 | 10 | 90% | 9"), folder / "二.xlsx"
    )
    (unit,) = review_bundle(bundle_of(folder), Order(None, str(tmp_path / "意见"), str(folder)))["units"]
    text = "\n".join(each.text for each in Document(str(tmp_path / "意见" / unit["letter"])).paragraphs)
    assert "各份材料之间不一致的地方" in text and "150" in text


@pytest.mark.parametrize("names", [["报告.txt"], ["报告.docx"], ["报告.txt", "自评报告（第二部分）.txt"]])
def test_reports_without_tables_are_audited_by_their_text(tmp_path: Path, names: list[str]) -> None:
    for name in names:
        lines = REPORTS[0]["text"].strip()
        if name.endswith(".txt"):
            (tmp_path / name).write_text(lines, "utf-8")
        else:
            word = docx.Document()
            for line in lines.split("\n"):
                word.add_paragraph(line)
            word.save(str(tmp_path / name))
    told = review_bundle(bundle_of(tmp_path))
    (unit,) = told["units"]
    assert [each["error"] for each in told["files"]] == [""] * len(names)
    assert (unit["unit"], unit["year"], unit["status"]) == ("某县某中心", 2019, "待说明")
    assert [(each["code"], each["at"][:3]) for each in unit["findings"]] == [("XLP525", "第4段")] * len(names)
