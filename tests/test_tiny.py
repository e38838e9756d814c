"""A form of ten cells that nobody had in mind: what is done with a form is done with this one, by data alone."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.command import Run
from tests.places import DATA
from xlperf.errors import TemplateError
from xlperf.form.forms import load_beside, load_template
from xlperf.form.template import Template
from xlperf.workbook.actions import new_workbook, open_form

TINY = DATA / "tiny.toml"
VALUES: dict[str, Any] = {
    "template": "tiny",
    "year": 2024,
    "unit_name": "某协会",
    "fields": {"fees": "3.00", "grants": "2.00", "total": "6.00"},
    "items": [{"name": "甲", "amount": "1.00"}, {"name": "乙", "amount": "1.50"}],
}


@pytest.fixture(scope="module")
def tiny() -> Template:
    return load_template(str(TINY))


@pytest.fixture
def book(tiny: Template, tmp_path: Path) -> Path:
    path = tmp_path / "小表.xlsx"
    new_workbook(VALUES).save(path)
    return path


def test_new_takes_the_path_of_a_form(run: Run, tmp_path: Path) -> None:
    values = tmp_path / "values.json"
    values.write_text(json.dumps({key: value for key, value in VALUES.items() if key != "template"}), "utf-8")
    made = run("new", tmp_path / "表.xlsx", "--template", TINY, "--values", values)
    assert made.code == 0, made.err
    assert open_form(tmp_path / "表.xlsx").record["fees"].shown == "3.00"


def test_a_mistake_in_it_is_told_with_its_line(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "小表.toml"
    text = TINY.read_text("utf-8").replace('parts = ["fees", "grants"]', 'parts = ["fee", "grant"]')
    path.write_text(text, "utf-8")
    made = run("new", tmp_path / "表.xlsx", "--template", path)
    assert made.code == 2
    assert made.err.splitlines() == [
        f"无法完成：{path} 第 26 行 sums[0].parts[0]：没有项目 fee；是不是 fees？",
        f"{path} 第 26 行 sums[0].parts[1]：没有项目 grant；是不是 grants？",
    ]


def in_a_process_of_its_own(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "xlperf", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)


def test_another_process_finds_it_beside_the_workbook(run: Run, book: Path, tmp_path: Path) -> None:
    made = run("new", tmp_path / "表.xlsx", "--template", TINY, "--year", 2024)
    beside = "以后各条命令在工作簿旁边找这种表：请把它的 tiny.toml 放在同一个文件夹里。\n"
    assert made.err.startswith(f"{beside}下一步：")
    done = in_a_process_of_its_own("values", book)
    assert (done.returncode, "把它的 tiny.toml 放到工作簿所在的文件夹里" in done.stderr) == (2, True)
    shutil.copy(TINY, tmp_path)
    assert json.loads(in_a_process_of_its_own("values", book).stdout) == VALUES
    assert "tiny.toml 放在" not in run("new", tmp_path / "又.xlsx", "--template", TINY, "--year", 2024).err


@pytest.mark.parametrize(("file", "form_id"), [("tiny.toml", "../tiny"), ("none.toml", "tiny"), ("别名.toml", "别名")])
def test_only_the_file_of_that_id_is_taken(file: str, form_id: str, tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    shutil.copy(TINY, tmp_path / file)
    if file == f"{form_id}.toml":
        with pytest.raises(TemplateError, match="的 id 是 tiny：文件的名称应与 id 相同"):
            load_beside(form_id, tmp_path)
    else:
        assert load_beside(form_id, tmp_path / "sub" if form_id.startswith(".") else tmp_path) is None


def test_check_finds_the_total_and_lists_what_does_not_apply(run: Run, book: Path) -> None:
    result = run("check", book, "--format", "json")
    found = json.loads(result.out)
    assert result.code == 1
    (wrong,) = found["findings"]
    assert (wrong["code"], wrong["at"], wrong["expected"]) == ("XLP201", "小表!B6", "5")
    assert found["template"] == "tiny"
    assert {"XLP301", "XLP404", "XLP505"} <= set(found["not_applicable"])
    assert {"XLP101", "XLP201", "XLP701"}.isdisjoint(found["not_applicable"])


def test_marks_and_their_end(run: Run, book: Path, tmp_path: Path) -> None:
    before = open_form(book).book
    assert run("check", book, "-o", tmp_path / "审核.xlsx").code == 1
    marked = openpyxl.load_workbook(tmp_path / "审核.xlsx")
    assert marked["小表"]["B6"].comment is not None
    assert [cell.value for cell in marked["审核结果"]["L"]].count("XLP201") == 1
    assert run("clear", tmp_path / "审核.xlsx", "-o", tmp_path / "清.xlsx").code == 0
    after = open_form(tmp_path / "清.xlsx").book
    assert {sheet: after.cells(sheet) for sheet in after.sheets} == {
        sheet: before.cells(sheet) for sheet in before.sheets
    }


@pytest.mark.parametrize("how", ["formula", "value", "udf"])
def test_fill_and_freeze(how: str, run: Run, book: Path, tmp_path: Path) -> None:
    assert run("fill", book, "-o", tmp_path / "填.xlsx", "--as", how).code == 0
    assert open_form(tmp_path / "填.xlsx").record["total"].shown == "5.00"
    assert run("check", tmp_path / "填.xlsx").code == 0
    assert run("freeze", tmp_path / "填.xlsx", "--in-place").code == 0
    assert not [
        cell for row in openpyxl.load_workbook(tmp_path / "填.xlsx")["小表"] for cell in row if cell.data_type == "f"
    ]


def test_values_come_back(run: Run, book: Path) -> None:
    assert json.loads(run("values", book).out) == VALUES


def test_the_sheet_of_relations(run: Run, book: Path) -> None:
    texts = [cell.value for cell in openpyxl.load_workbook(book)["勾稽关系"]["C"]]
    assert [text for text in texts if text and "＝" in text] == ["合计＝会费收入＋补助收入"]


def test_next_year(run: Run, book: Path, tmp_path: Path) -> None:
    rolled = run("roll", book, "-o", tmp_path / "2025.xlsx")
    assert rolled.code == 0, rolled.err
    record = open_form(tmp_path / "2025.xlsx").record
    assert (record["year"].shown, record["fees"].is_blank) == ("2025", True)


def test_published_without_personal_data(run: Run, book: Path, tmp_path: Path) -> None:
    """The form has no cell for the preparer or a telephone."""
    assert run("freeze", book, "-o", tmp_path / "公开.xlsx", "--redact").code == 0


def test_under_every_variant(run: Run, book: Path) -> None:
    assert run("check", book, "--all-variants").code == 1


def test_what_it_has_no_words_for_is_a_sentence(run: Run, book: Path, tmp_path: Path) -> None:
    """No report belongs to it."""
    result = run("report", book, "-o", tmp_path / "报告.docx")
    assert result.code == 2
    assert "内部出错" not in result.err


def test_its_workbook_is_imported_by_its_names(run: Run, book: Path, tmp_path: Path) -> None:
    """It has no labels to be read by; what is stated over a formula comes along as it is stated."""
    assert run("import", book, "-o", tmp_path / "导入.xlsx").code == 0
    assert json.loads(run("values", tmp_path / "导入.xlsx").out) == VALUES
