"""`template build` writes what is committed, `template lint` says where a workbook is another."""

from __future__ import annotations

import shutil
from pathlib import Path

import openpyxl
import pytest

from tests.command import Run
from xlperf.form import written

COMMITTED = written.templates_folder()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    copy = tmp_path / "templates"
    shutil.copytree(COMMITTED, copy)
    monkeypatch.setattr(written, "templates_folder", lambda: copy)
    return copy


def test_build_writes_the_bytes_that_are_committed(run: Run, folder: Path) -> None:
    for path in folder.glob("*.xlsx"):
        path.unlink()
    told = run("template", "build")
    assert told.code == 0
    assert sorted(told.out.split()) == sorted(map(str, folder.glob("*.xlsx")))
    built = {path.name: path.read_bytes() for path in folder.glob("*.xlsx")}
    assert built == {path.name: path.read_bytes() for path in COMMITTED.glob("*.xlsx")}


def test_lint_finds_nothing_in_what_is_committed(run: Run, folder: Path) -> None:
    told = run("template", "lint")
    assert (told.code, told.out, told.err.splitlines()[0]) == (0, "", "0 处不一致。")


def test_lint_names_form_and_name(run: Run, folder: Path) -> None:
    path = folder / "department_overall.xlsx"
    book = openpyxl.load_workbook(path)
    del book.defined_names["xp_grade"]
    book.save(path)
    told = run("template", "lint")
    assert told.code == 1
    assert [line for line in told.out.splitlines() if "xp_grade" in line and line.startswith("department_overall：")]
