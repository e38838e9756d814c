"""The public names, as a program that uses xlperf as a library meets them."""

from __future__ import annotations

import zipfile
from importlib.resources import files
from pathlib import Path
from typing import Any

import xlperf


def test_all_names_exist_and_are_sorted() -> None:
    assert sorted(xlperf.__all__) == xlperf.__all__
    assert all(hasattr(xlperf, name) for name in xlperf.__all__)


def test_library_use(tmp_path: Path, beita_values: dict[str, Any]) -> None:
    book = tmp_path / "自评.xlsx"
    xlperf.new_workbook(beita_values).save(book)
    form = xlperf.open_form(book)
    report = xlperf.audit(form.record)
    assert {f.at for f in report.findings if f.severity is xlperf.Severity.ERROR} >= {"自评表!H21", "自评表!H22"}
    assert xlperf.compute(form.record)["grade"] == "优"
    assert [each.after for each in xlperf.fill(form) if each.before and each.before != each.after] == ["49.38%"]
    form.book.save(book)
    assert xlperf.open_form(book).record["personnel_growth_rate"].shown == "49.38%"


def test_shipped_data_is_there() -> None:
    assert files("xlperf").joinpath("sources.toml").is_file()
    assert files("xlperf").joinpath("cases/beita_2023.json").is_file()


def test_no_licensed_part_of_xlwings_is_imported() -> None:
    """Only the BSD part: never xlwings.pro, xlwings.server, xlwings.reports."""
    for path in Path(xlperf.__file__).parent.rglob("*.py"):
        text = path.read_text("utf-8")
        for part in ("pro", "server", "reports"):
            assert f"xlwings.{part}" not in text, path


def test_committed_template_is_a_sound_zip() -> None:
    from xlperf.template import templates_folder

    with zipfile.ZipFile(templates_folder() / "department_overall.xlsx") as archive:
        assert archive.testzip() is None
