"""A review from folder to summary: what is told of each file, what a second one says, what a killed one leaves."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.intake.laid_out import as_workbook
from tests.labels.published import PUBLISHED
from tests.places import ROOT
from tests.review.conftest import BAD, GOOD, ODD, Bureau, of_unit
from tests.review.judged import SHEETS, rows_of
from xlperf import __version__
from xlperf.errors import XlperfError
from xlperf.review.whole import Wanted, run_review


def cells(summary: Path, title: str, *columns: int) -> list[tuple[Any, ...]]:
    return [tuple(row[each] for each in columns) for row in rows_of(summary, title)]


def contents(summary: Path) -> dict[str, list[list[Any]]]:
    return {title: rows_of(summary, title) for title in ("总览", *SHEETS)}


def test_every_unit_has_its_row(bureau: Bureau) -> None:
    rows = {(row[0], row[1]): row[2:] for row in cells(bureau.summary, "单位清单", 1, 21, 0, 11, 3)}
    assert set(rows) == {
        ("青山县档案局", "自评表.xlsx"),
        ("青山县档案局", "青山县档案局.xlsx"),
        ("红河县水利局", "自评表.xlsx"),
        ("白石县民政局", "自评表.docx"),
        ("黄土县审计局", ODD),
    }
    assert rows["红河县水利局", "自评表.xlsx"][:2] == ("待改正", 1)
    assert rows["青山县档案局", "自评表.xlsx"][1] == 0
    assert "2 张表" in rows["白石县民政局", "自评表.docx"][2]  # its project's form is told with it


def test_findings_are_those_of_check_at_the_same_cells(bureau: Bureau) -> None:
    found = {
        (unit, code, at)
        for severity, unit, at, code in cells(bureau.summary, "问题清单", 0, 1, 4, 5)
        if severity == "错误"
    }
    assert found == {("红河县水利局", "XLP201", "Sheet!C3"), ("青山县档案局", "XLP201", "Sheet!C3")}


def test_what_was_not_read_is_told_with_its_reason_and_what_was_passed_over(bureau: Bureau) -> None:
    told = {Path(str(name)).name: (word, reason) for word, name, reason in cells(bureau.summary, "未能读取", 0, 1, 2)}
    assert {name: word for name, (word, _) in told.items()} == {
        "坏的.xlsx": "未能读取",
        "加密.docx": "未能读取",
        "表.et": "没有审核",
        "内.zip": "没有审核",
        "~$自评表.xlsx": "略过",
        "自评表 - 副本.xlsx": "略过",
    }
    assert "密码" in told["加密.docx"][1] and "自评表.xlsx" in told["自评表 - 副本.xlsx"][1]
    assert bureau.outcome.unread == 4


def test_a_unit_in_two_places_is_handed_in_twice(bureau: Bureau) -> None:
    twice = [units for kind, units in cells(bureau.summary, "单位之间", 1, 2) if kind == "报送两次"]
    assert twice == ["青山县档案局"]


def test_a_second_review_tells_what_is_new_and_what_is_settled(bureau: Bureau, tmp_path: Path) -> None:
    folder, summary = tmp_path / "报送", tmp_path / "汇总.xlsx"
    for unit, drawn in (("青山县档案局", BAD), ("红河县水利局", BAD), ("白石县民政局", GOOD)):
        (folder / unit).mkdir(parents=True)
        as_workbook(of_unit(drawn, unit), folder / unit / "自评表.xlsx")
    run_review(Wanted([str(folder)], summary, jobs=1))
    as_workbook(of_unit(GOOD, "青山县档案局"), folder / "青山县档案局" / "自评表.xlsx")
    (folder / "黄土县审计局").mkdir()
    as_workbook(of_unit(BAD, "黄土县审计局"), folder / "黄土县审计局" / "自评表.xlsx")
    shutil.rmtree(folder / "白石县民政局")
    run_review(Wanted([str(folder)], summary, jobs=1))
    states = {row[0]: row[2] for row in rows_of(summary, "与上次相比")}
    assert states == {
        "青山县档案局": "重新报送",
        "红河县水利局": "未变",
        "黄土县审计局": "新报送",
        "白石县民政局": "这次没有",
    }
    assert {row[2] for row in rows_of(summary, "已了结的问题") if row[0] == "青山县档案局"} == {"XLP201"}
    fresh = {(row[1], row[12]) for row in rows_of(summary, "问题清单") if row[5] == "XLP201"}
    assert fresh == {("红河县水利局", "仍在"), ("黄土县审计局", "")}


def test_files_of_one_unit_in_a_large_folder_are_put_together(tmp_path: Path) -> None:
    folder, summary = tmp_path / "报送", tmp_path / "汇总.xlsx"
    folder.mkdir()
    for number, sign in enumerate("金木水火土天地玄黄宇宙洪荒日月星辰寒来暑往秋收冬"):
        as_workbook(of_unit(GOOD, f"{sign}山县档案局"), folder / f"{sign}山县档案局{number}.xlsx")
    project = of_unit(PUBLISHED["C1"].drawn, "金山县档案局").replace("某县档案馆", "金山县档案馆")
    as_workbook(project, folder / "整理旧档.xlsx")
    run_review(Wanted([str(folder)], summary, jobs=2))
    rows = {row[1]: (row[3], row[22]) for row in rows_of(summary, "单位清单")}
    assert len(rows) == 24  # and none for the project
    assert "2 张表" in rows["金山县档案局"][0]


def test_nothing_to_resume_and_nothing_to_review(bureau: Bureau, tmp_path: Path) -> None:
    with pytest.raises(XlperfError, match="已经做完"):
        run_review(Wanted([str(bureau.folder)], bureau.summary, resume=True))
    (tmp_path / "空").mkdir()
    with pytest.raises(XlperfError, match="没有找到"):
        run_review(Wanted([str(tmp_path / "空")], tmp_path / "汇总.xlsx"))
    with pytest.raises(XlperfError, match="没有这个文件"):
        run_review(Wanted([str(tmp_path / "没有")], tmp_path / "另.xlsx"))
    assert not (tmp_path / "汇总.xlsx").exists()


def test_a_killed_review_goes_on_where_it_was(bureau: Bureau, tmp_path: Path) -> None:
    summary = tmp_path / "汇总.xlsx"
    command = [sys.executable, "-m", "xlperf.cli", "review", str(bureau.folder), "-o", str(summary), "--jobs", "1"]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    kept = tmp_path / "汇总.审核记录.sqlite-wal"
    while process.poll() is None and not (kept.exists() and kept.stat().st_size > 60_000):
        time.sleep(0.005)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    if summary.exists():  # it was quicker
        return
    run_review(Wanted([str(bureau.folder)], summary, jobs=2, resume=True, version=__version__))
    assert contents(summary) == contents(bureau.summary)


def test_letters_stand_in_folders_as_the_units_do(bureau: Bureau, tmp_path: Path) -> None:
    letters = tmp_path / "意见"
    run_review(
        Wanted(
            [str(bureau.folder / "红河县水利局"), str(bureau.folder / "白石县民政局")],
            tmp_path / "汇总.xlsx",
            letters=letters,
        )
    )
    found = sorted(path.relative_to(letters).as_posix().rpartition("_")[0] for path in letters.rglob("*.docx"))
    assert found == ["白石县民政局/白石县民政局_审核意见", "红河县水利局/红河县水利局_审核意见"]
