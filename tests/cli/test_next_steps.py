"""Every command ends with what to do next, and says what is wrong with how it was called, in Chinese."""

from __future__ import annotations

import re
from pathlib import Path

import docx
import pytest

from tests.command import Run
from tests.places import DATA
from xlperf.cli.commands import cli
from xlperf.cli.next_steps import STEPS

ENGLISH = re.compile(r"\b(?:Usage|Options?|Error|Try|Missing|No such|Got unexpected|is not|requires|Commands)\b")


def last(told: str) -> str:
    return told.rstrip("\n").split("\n")[-1]


def test_one_after_the_other(run: Run, tmp_path: Path) -> None:
    """What is named can be typed as it stands."""
    assert last(run("new", "自评 2025.xlsx", "--year", 2025, "--unit", "某局").err) == (
        '下一步：打开 "自评 2025.xlsx"，填好浅黄色的格，保存后审核：xlperf check "自评 2025.xlsx"'
    )
    told = run("check", "自评 2025.xlsx")
    assert told.code == 1
    assert last(told.err).endswith('xlperf check "自评 2025.xlsx" -o "自评 2025_审核.xlsx"')
    assert "自评_审核.xlsx，照“审核结果”" in last(run("check", "自评 2025.xlsx", "-o", "自评_审核.xlsx").err)
    assert last(run("freeze", "自评 2025.xlsx", "--final", "-o", "上报.xlsx").err).startswith("下一步：打开 上报.xlsx")


def test_a_form_without_faults_is_ready_to_be_handed_in(run: Run) -> None:
    run("new", "目标.xlsx", "--template", "goals", "--values", DATA / "goals.json")
    run("fill", "目标.xlsx", "--in-place")
    assert last(run("check", "目标.xlsx").err) == "下一步：可以做上报本了：xlperf freeze 目标.xlsx --final"


@pytest.mark.parametrize(
    "arguments",
    [
        *(("fill", "b.xlsx"), ("fill", "b.xlsx", "--in-place"), ("check", "b.xlsx"), ("check", "b.xlsx", "--in-place")),
        *(("check", "b.xlsx", "--all-variants"), ("clear", "b.xlsx", "--in-place"), ("values", "b.xlsx")),
        *(("freeze", "b.xlsx", "-o", "f.xlsx"), ("freeze", "b.xlsx", "--final"), ("roll", "b.xlsx", "-o", "n.xlsx")),
        *(("report", "b.xlsx", "-o", "r.docx"), ("rules",), ("variants",), ("forms",), ("layouts",)),
        *(("explain", "XLP202"), ("demo",), ("template", "lint"), ("addin", "build", "--libreoffice")),
        *(("addin", "status"), ("new", "新.xlsx", "--year", 2025)),
    ],
    ids=lambda arguments: " ".join(map(str, arguments)),
)
def test_every_command(run: Run, book: Path, arguments: tuple[str, ...]) -> None:
    book.rename(book.with_name("b.xlsx"))
    told = run(*map(str, arguments))
    assert told.code in (0, 1)
    assert last(told.err).startswith("下一步：")
    assert told.err.count("下一步：") == 1
    assert "下一步：" not in told.out


def test_what_programs_read_has_no_next_step(run: Run, book: Path) -> None:
    assert "下一步" not in run("check", book, "--format", "json").err


def test_steps_are_one_line_each() -> None:
    assert not [step for step in STEPS.values() if "\n" in step]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("new",), "用法有误：缺少 OUT（要新建的文件名，如 自评.xlsx）。"),
        (("check",), "用法有误：缺少 BOOK...（要审核的文件，如 自评.xlsx）。"),
        (("roll", "自评.xlsx"), "用法有误：缺少选项 --output 。"),
        (("check", "a.xlsx", "--formt", "json"), "用法有误：没有选项 --formt。是不是 --format？"),
        (("chek", "a.xlsx"), "用法有误：没有命令 chek。是不是 check？"),
        (("check", "a.xlsx", "--format", "xml"), "用法有误：选项 --format 的值不对：“xml”不在可选的之内"),
        (("new", "a.xlsx", "--year", "今年"), "用法有误：选项 --year 的值不对：“今年”不是整数。"),
        (("check", "a.xlsx", "-o"), "用法有误：选项 -o 后面要写内容。"),
        (("fill", "a.xlsx", "b.xlsx"), "用法有误：多写了 b.xlsx。"),
        (("fill", "a.xlsx", "--in-place=1"), "用法有误：选项 --in-place 后面不写内容。"),
        (("addin", "instal"), "用法有误：没有命令 instal。"),
    ],
)  # fmt: skip
def test_a_call_that_is_wrong(run: Run, arguments: tuple[str, ...], said: str) -> None:
    told = run(*arguments)
    assert told.code == 2
    assert told.err.startswith(said)
    assert not ENGLISH.search(told.err)


@pytest.mark.parametrize("group", [(), ("addin",), ("template",)])
def test_a_group_alone_lists_its_commands(run: Run, group: tuple[str, ...]) -> None:
    told = run(*group)
    assert told.code == 2
    assert told.err.startswith(" ".join(("用法：xlperf", *group, "[选项] 命令")))
    assert "命令：" in told.err
    assert not ENGLISH.search(told.err)


@pytest.mark.parametrize("name", cli.commands)
def test_help_is_chinese(run: Run, name: str) -> None:
    told = run(name, "--help")
    assert told.code == 0
    assert "选项：" in told.out
    assert not ENGLISH.search(told.out)


def test_a_report_alone(run: Run, book: Path) -> None:
    """It is audited as it stands, with its tables or without, and it is said how to have it compared."""
    run("report", book, "-o", "报告.docx")
    told = run("check", "报告.docx")
    assert "正文和其中的表一起审核" in told.err
    assert "xlperf check 自评.xlsx 报告.docx" in told.err
    document = docx.Document(str(book.with_name("报告.docx")))
    for table in document.tables:
        table._element.getparent().remove(table._element)
    document.save(str(book.with_name("正文.docx")))
    told = run("check", "正文.docx")
    assert told.code == 1
    assert "没有附表，按正文写的数审核" in told.err
    assert "xlperf check 自评.xlsx 正文.docx" in told.err
