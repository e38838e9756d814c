"""The reviewer's letter: what is asked for, in order of weight, and nothing that the unit has explained."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import docx
import pytest

from tests.command import Run
from tests.places import DATA
from xlperf.workbook.actions import fill, new_workbook, open_form

PROJECT: dict[str, Any] = json.loads((DATA / "project_spending.json").read_text("utf-8"))


def letter_on(run: Run, *arguments: object) -> list[str]:
    path = Path(str(arguments[0])).with_name("意见.docx")
    path.unlink(missing_ok=True)
    told = run("check", *arguments, "--letter", path)
    assert f"审核意见：{path}" in told.err
    return [paragraph.text for paragraph in docx.Document(io.BytesIO(path.read_bytes())).paragraphs]


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """Three points too few for what was reached, a growth without a unit, more spent than there was."""
    values = PROJECT | {"fields": PROJECT["fields"] | {"annual_spent": "65.00", "execution_rate": "104.84%"}}
    path = tmp_path / "自评.xlsx"
    new_workbook(values).save(path)
    return path


def test_what_weighs_most_comes_first(book: Path, run: Run) -> None:
    lines = letter_on(run, book)
    assert lines[:2] == ["关于2024年度“公共图书馆免费开放”项目支出绩效自评的审核意见", "北山区图书馆："]
    chapters = [line for line in lines if line[1:2] == "、" and line[0] in "一二三四"]
    assert chapters == ["一、需要改正的问题", "二、需要核实说明的问题", "三、没有核对的内容"]
    first = next(line for line in lines if line.startswith("1．"))
    assert "“项目自评表”" in first or "应为" in first
    assert any("依据：" in line and "处理：" in line for line in lines)
    assert lines[-2:] == ["（审核单位）", "年　　月　　日"]


@pytest.mark.parametrize("word", ["XLP", "xp_", "xlperf", "--", "JSON"])
def test_it_speaks_as_an_office_does(book: Path, run: Run, word: str) -> None:
    assert word not in "\n".join(letter_on(run, book))


def test_what_is_explained_is_not_asked_for_again(book: Path, run: Run) -> None:
    before = letter_on(run, book)
    assert run("check", book, "--in-place").code == 1
    form = open_form(book)
    for ref, cell in form.book.cells("审核结果").items():
        if cell.text == "待说明":
            form.book.write("审核结果", ref._replace(col=ref.col - 1), "追加文号某财预〔2024〕5号")
    form.book.save(book)
    after = letter_on(run, book)
    assert "二、需要核实说明的问题" in before
    assert "二、需要核实说明的问题" not in after
    assert any("项已在审核说明中写明原因" in line for line in after)


def test_a_clean_form_is_told_so(tmp_path: Path, run: Run) -> None:
    form = open_form(new_workbook(PROJECT).to_bytes())
    fill(form)
    form.book.save(tmp_path / "自评.xlsx")
    lines = letter_on(run, tmp_path / "自评.xlsx")
    assert any("没有发现需要改正、核实的问题" in line for line in lines)
    assert not any("请于" in line for line in lines)


def test_the_same_form_gives_the_same_letter(book: Path, tmp_path: Path, run: Run) -> None:
    for name in ("甲.docx", "乙.docx"):
        run("check", book, "--letter", tmp_path / name)
    assert (tmp_path / "甲.docx").read_bytes() == (tmp_path / "乙.docx").read_bytes()


def test_a_file_that_is_there_is_not_written_over(book: Path, tmp_path: Path, run: Run) -> None:
    (tmp_path / "意见.docx").write_bytes(b"mine")
    told = run("check", book, "--letter", tmp_path / "意见.docx")
    assert (told.code, (tmp_path / "意见.docx").read_bytes()) == (2, b"mine")
