"""Labels: what is the same for an accountant is the same here, and nothing else."""

from __future__ import annotations

import dataclasses
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.places import DATA
from xlperf.errors import TemplateError
from xlperf.form.forms import load_template
from xlperf.form.template import Template
from xlperf.form.written import templates_folder
from xlperf.labels.spelling import Label, fold, lone_year, pieces, read_label, unit_line, without_numbering
from xlperf.labels.words import known_labels, proven_labels

KNOWN = known_labels(load_template("department_overall"))


@pytest.mark.parametrize(
    ("written", "label"),
    [
        ("三公经费", Label("三公经费")),
        (" 三 公\n\n经 费　：", Label("三公经费")),
        ("“三公”经费", Label("三公经费")),
        ("   1、公务用车购置和维护经费", Label("公务用车购置和维护经费")),
        ("１．公务用车购置和维护经费", Label("公务用车购置和维护经费")),
        ("（一）公务接待", Label("公务接待")),
        ("一、公务接待", Label("公务接待")),
        ("①公务接待", Label("公务接待")),
        ("其中：办公费", Label("办公费")),
        ("其中:（1）办公费", Label("办公费")),
        ("指标1：办公费", Label("办公费")),
        ("水费、电费、差旅费", Label("水费电费差旅费")),
        ("2022年决算数", Label("决算数", 2022)),
        ("2023 年度\n决算数", Label("决算数", 2023)),
        ("上年数\n（2022年）", Label("上年数", 2022)),
        ("上年数（二〇二二年）", Label("上年数", 2022)),
        ("预算投资（万元）", Label("预算投资", unit="万元")),
        ("预算数（单位：元）", Label("预算数", unit="元")),
        ("执行率（％）", Label("执行率", unit="%")),
        ("批复规模\n（㎡）", Label("批复规模")),
        ("产出指标（50分）", Label("产出指标")),
        ("全年执行数（B）", Label("全年执行数")),
        ("执行率（B/A×100%）", Label("执行率")),
        ("因公出国（境）费", Label("因公出国费")),
    ],
)
def test_one_label(written: str, label: Label) -> None:
    assert KNOWN.label(written) == label


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("项目支出（含上级专项）", "项目支出含上级专项"),  # not the whole 项目支出
        ("基本支出（人员经费）", "基本支出人员经费"),
        ("一般公共预算", "一般公共预算"),  # no number 一
        ("三公经费", "三公经费"),
        ("2022年、2023年决算数", "2022年2023年决算数"),  # of two years: no column
        ("1.5倍工资", "15倍工资"),
        ("2.5", "25"),
    ],
)
def test_what_says_more_is_another_label(written: str, name: str) -> None:
    assert read_label(written).name == name


def test_a_label_is_never_emptied() -> None:
    assert without_numbering("其中:") == "其中:"
    assert read_label("其中").name == "其中"
    assert read_label("").name == ""


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("项目支出: 1、业务工作专项", ["项目支出:", "1、业务工作专项"]),
        ("公用经费 其中:办公经费", ["公用经费", "其中:办公经费"]),
        ("项目支出：\n1、业务工作经费", ["项目支出:", "1、业务工作经费"]),
        ("水费、电费、差旅费", ["水费、电费、差旅费"]),
    ],
)
def test_heading_and_line_in_one_cell(written: str, parts: list[str]) -> None:
    assert pieces(written) == parts


@pytest.mark.parametrize(
    ("line", "unit"),
    [
        ("单位：万元", "万元"),
        ("填报单位：某局　　　单位：元", "元"),
        ("金额单位：人民币元", "元"),
        ("（单位：亿元）", "亿元"),
        ("填报单位：某局", ""),
        ("单位：人", ""),
        ("本单位支出 3 万元", ""),
    ],
)
def test_unit_of_money(line: str, unit: str) -> None:
    assert unit_line(line) == unit


def test_year_alone() -> None:
    assert [lone_year(text) for text in ("2023年", "（2023年度）", "2023年决算数", "2023")] == [2023, 2023, None, 2023]


def test_no_word_means_two_cells() -> None:
    """Within a table a label names one row or column; `known_labels` refuses anything else."""
    for block in KNOWN.blocks.values():
        assert all(fold(label) == label for label in (*block.columns, *block.rows))
        assert not set(block.rows) & block.special


OWN = (templates_folder() / "department_overall.labels.toml").read_text("utf-8")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        # otherwise one cell would be filled with the other's figures, without a word
        ("overseas = [", 'overseas = ["公务接待费", ',
         "blocks.base.rows.reception：“公务接待费”既指 overseas 又指 reception"),
        ("reception = [", "gifts = [", "blocks.base.rows.gifts：base 没有 gifts 这一行"),
        ('series = "finance"', 'series = "finances"', "blocks.finance.series：没有系列 finances；是不是 finance？"),
        ("thrift_measures = [", "thrift_measure = [", "fields.thrift_measure：没有项目 thrift_measure"),
        ("ends = true", "end = true", "blocks.finance.end：不认识的键；是不是 ends？"),
        ('section = "section_6"', 'section = "section_7"', "chapters[5].section：没有项目 section_7"),
        ('uses = ["labels.toml"]', 'uses = ["lables.toml"]', "uses[0]：没有文件 lables.toml"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line(old: str, new: str, told: str, template: Template, tmp_path: Path) -> None:
    path = tmp_path / "department_overall.labels.toml"
    path.write_text(OWN.replace(old, new, 1), "utf-8")
    with pytest.raises(TemplateError) as caught:
        proven_labels(dataclasses.replace(template, labels=path))
    line = re.fullmatch(f"department_overall.labels.toml 第 ([0-9]+) 行 {re.escape(told)}.*", str(caught.value))
    assert line, str(caught.value)
    assert (
        told.partition("：")[0].rpartition(".")[2].partition("[")[0]
        in OWN.replace(old, new, 1).splitlines()[int(line[1]) - 1]
    )


def test_a_form_takes_of_shared_labels_what_it_has(tmp_path: Path) -> None:
    """And without any file it knows its cells by what it prints itself."""
    tiny = load_template(str(DATA / "tiny.toml"))
    assert known_labels(tiny).fields == {fold(field.label): key for key, field in tiny.fields.items()}
    known = proven_labels(dataclasses.replace(tiny, labels=templates_folder() / "labels.toml"))
    assert set(known.fields.values()) == {"year", "unit_name"}
    assert (known.blocks, known.sides, known.signatures, known.total_columns) == ({}, {}, (), {})
    assert known.unit_names == KNOWN.unit_names


def test_the_reader_of_tables_needs_nothing_compiled() -> None:
    """It runs where no spreadsheet or document library can be loaded."""
    code = (
        "import sys, xlperf.labels.tables, xlperf.intake.outline\n"
        "print(*{'lxml', 'docx', 'openpyxl', 'python_calamine', 'pandas', 'xlwings', 'click'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
