"""Several files in one call of `check`: each by itself, then what they say of each other."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

from tests.command import Run
from tests.intake.laid_out import NINGXIA, YUNNAN, as_word, as_workbook


def files(folder: Path) -> tuple[Path, Path]:
    """The same project's form twice, one of them with another budget; only the second is in Word."""
    first = as_workbook(NINGXIA, folder / "甲.xlsx")
    second = as_word(NINGXIA.replace("| 64.8 | 64.8 | 64.8 |", "| 64.8 | 64.8 | 60 |"), folder / "乙.docx")
    return first, second


def test_each_is_told_of_under_its_name_and_then_what_they_disagree_on(tmp_path: Path, run: Run) -> None:
    first, second = files(tmp_path)
    found = run("check", first, second)
    own, _, between = found.out.partition("各文件互相核对：")
    assert own.index(f"▼ {first}") < own.index("XLP330  Sheet!F2") < own.index(f"▼ {second}")
    assert own.rindex("XLP330  表1 第2行第6列") > own.index(f"▼ {second}")
    assert f"✗ 错误  {second} 表1 第4行第5列" in between
    assert "填的是 64.80" in between
    assert "填的是 60.00" in between
    assert found.code == 1


def test_json_of_several_has_each_file_as_if_it_were_alone(tmp_path: Path, run: Run) -> None:
    first, second = files(tmp_path)
    several = json.loads(run("check", first, second, "--format", "json").out)
    alone = [json.loads(run("check", each, "--format", "json").out) for each in (first, second)]
    assert several["files"] == alone
    assert [(each["severity"], each["file"], each["at"], each["key"]) for each in several["between"]] == [
        ("error", str(second), "表1 第4行第5列", "annual_spent")
    ]
    assert several["counts"]["error"] == sum(each["counts"]["error"] for each in alone) + 1


def test_csv_of_several_names_the_file(tmp_path: Path, run: Run) -> None:
    first, second = files(tmp_path)
    rows = list(csv.DictReader(io.StringIO(run("check", first, second, "--format", "csv").out.lstrip("\ufeff"))))
    assert {row["文件"] for row in rows} == {str(first), str(second)}
    assert any(row["代码"] == "" and "60.00" in row["说明"] for row in rows)


def test_one_that_cannot_be_read_does_not_hide_the_others(tmp_path: Path, run: Run) -> None:
    first, second = files(tmp_path)
    (tmp_path / "坏.xlsx").write_bytes(b"hello")
    found = run("check", first, tmp_path / "坏.xlsx", tmp_path, second)
    assert found.code == 2
    assert "坏.xlsx" in found.err
    assert "这是一个文件夹" in found.err
    assert "XLP330  表1 第2行第6列" in found.out
    assert "共 4 份文件" in found.out
    assert "2 份没有读成" in found.out


def test_other_projects_are_not_compared_and_that_is_said(tmp_path: Path, run: Run) -> None:
    first, other = files(tmp_path)[0], as_workbook(YUNNAN, tmp_path / "云.xlsx")
    found = run("check", first, other)
    assert "各文件互相核对：" not in found.out  # nor that nothing was found there
    assert "各文件之间没有互相核对：" in found.out
    assert found.out.count("没有可以与其他文件互相核对的内容") == 2


def test_in_place_marks_every_workbook_and_word_document_and_nothing_else(tmp_path: Path, run: Run) -> None:
    first, second = files(tmp_path)
    third = tmp_path / "丙.txt"
    third.write_text("说明", "utf-8")
    before = [each.read_bytes() for each in (first, second, third)]
    found = run("check", first, second, third, "--in-place")
    assert f"已标注：{first}" in found.err
    assert f"已标注：{second}（" in found.err
    assert [each.read_bytes() == blob for each, blob in zip((first, second, third), before, strict=True)] == [
        *(False, False, True)
    ]


def test_the_same_file_twice_is_one(tmp_path: Path, run: Run) -> None:
    first, _ = files(tmp_path)
    assert "共 1 份文件" in run("check", first, first).out


def test_what_is_for_one_file_only(tmp_path: Path, run: Run) -> None:
    first, second = files(tmp_path)
    for option in (("-o", tmp_path / "出.xlsx"), ("--against", second), ("--all-variants",)):
        found = run("check", first, second, *option)
        assert found.code == 2
        assert "用法有误" in found.err
