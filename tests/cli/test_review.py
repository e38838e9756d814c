"""The command `review`: what it prints, its exit codes, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command import Run
from tests.intake.laid_out import as_workbook
from tests.labels.published import PUBLISHED

GOOD = PUBLISHED["D2"].drawn


@pytest.mark.parametrize(("drawn", "code"), [(GOOD, 0), (GOOD.replace("其他资金 | 0", "其他资金 | 7"), 1)])
def test_counts_next_step_and_exit_code(run: Run, tmp_path: Path, drawn: str, code: int) -> None:
    as_workbook(drawn, tmp_path / "表.xlsx")
    done = run("review", tmp_path / "表.xlsx", "-o", tmp_path / "汇总.xlsx", "--jobs", "1")
    assert done.code == code
    assert f"错误 {code}" in done.out and "单位 1 个" in done.out
    assert "下一步：" in done.err and (tmp_path / "汇总.xlsx").exists()


def test_the_page_stands_beside_the_summary(run: Run, tmp_path: Path) -> None:
    as_workbook(GOOD, tmp_path / "表.xlsx")
    page = tmp_path / "汇总.html"
    done = run("review", tmp_path / "表.xlsx", "-o", tmp_path / "汇总.xlsx", "--jobs", "1", "--html", page)
    assert (done.code, f"网页：{page}" in done.err) == (0, True)
    assert "connect-src 'none'" in page.read_text("utf-8") and "{{" not in page.read_text("utf-8")


def test_where_nothing_could_be_audited(run: Run, tmp_path: Path) -> None:
    (tmp_path / "坏.xlsx").write_bytes(b"x")
    done = run("review", tmp_path / "坏.xlsx", "-o", tmp_path / "汇总.xlsx", "--jobs", "1")
    assert done.code == 2
    assert "1 份文件没有审核" in done.err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("-o", "汇总.docx"), "只能写成 .xlsx"),
        (("-o", "汇总.xlsx", "--scheduler", "tcp://x:1", "--jobs", "2"), "不能与 --scheduler 同用"),
        (("-o", "汇总.xlsx", "--html", "汇总.xlsx"), "只能写成 .html"),
        ((), "-o"),
        (("-o", "汇总.xlsx", "--control", "没有.xlsx"), "没有.xlsx"),
    ],
)
def test_what_is_refused(run: Run, tmp_path: Path, arguments: tuple[str, ...], told: str) -> None:
    as_workbook(GOOD, tmp_path / "表.xlsx")
    done = run("review", tmp_path / "表.xlsx", *arguments)
    assert done.code == 2
    assert told in done.err
    assert not list(tmp_path.glob("汇总*"))
