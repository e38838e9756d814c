"""The public names, as a program that uses xlperf as a library meets them."""

from __future__ import annotations

import doctest
import subprocess
import sys
import zipfile
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

import xlperf
from xlperf.audit.run import counts_line
from xlperf.checks.rule import NOT_INSPECTED
from xlperf.form.forms import example_of


def test_all_names_exist_and_are_sorted() -> None:
    assert sorted(xlperf.__all__) == xlperf.__all__
    assert all(hasattr(xlperf, name) for name in xlperf.__all__)


def test_library_use(tmp_path: Path, beita_values: dict[str, Any]) -> None:
    book = tmp_path / "自评.xlsx"
    xlperf.new_workbook(beita_values).save(book)
    form = xlperf.open_form(book)
    report, explanations = xlperf.check(form)
    assert not explanations
    assert all(each.blank for each in report.not_run), "no rule is left out"
    assert {f.at for f in report.findings if f.severity is xlperf.Severity.ERROR} >= {"自评表!H21", "自评表!H22"}
    assert xlperf.compute(form.record)["grade"] == "优"
    assert [each.after for each in xlperf.fill(form) if each.before and each.before != each.after] == ["49.38%"]
    form.book.save(book)
    assert xlperf.open_form(book).record["personnel_growth_rate"].shown == "49.38%"


ABOUT_THE_WORKBOOK = ["XLP113", "XLP701", "XLP702", "XLP703", "XLP705", "XLP706", "XLP707", "XLP708", "XLP709"]


def test_audit_lists_what_it_cannot_see(beita: xlperf.Record, tmp_path: Path, beita_values: dict[str, Any]) -> None:
    """What no inspection has seen, read from a workbook or not, leaves the rules about the workbook undecided."""
    xlperf.new_workbook(beita_values).save(tmp_path / "自评.xlsx")
    for record in (beita, xlperf.open_form(tmp_path / "自评.xlsx").record):
        report = xlperf.audit(record)
        unseen = [each for each in report.not_run if not each.blank]
        assert sorted(each.code for each in unseen) == ABOUT_THE_WORKBOOK
        assert {each.reason for each in unseen} == {NOT_INSPECTED}
        assert f"，9 条规则没有核对（{NOT_INSPECTED}）。" in counts_line(report)
    assert "条规则没有核对" not in counts_line(xlperf.check(xlperf.open_form(tmp_path / "自评.xlsx"))[0])


def test_the_example(beita_values: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the package's docstring, on the workbook that `xlperf demo` makes."""
    monkeypatch.chdir(tmp_path)
    xlperf.new_workbook(beita_values).save(Path("自评.xlsx"))
    tried = doctest.testmod(xlperf)
    assert (tried.failed, tried.attempted) == (0, 5)


def test_the_function_is_not_hidden_by_its_module() -> None:
    """`import xlperf.audit` puts the module in the package's namespace."""
    code = "import xlperf; from xlperf.audit.run import audit; assert xlperf.audit is audit; xlperf.check"
    subprocess.run([sys.executable, "-c", code], check=True)
    assert not hasattr(xlperf, "nonsense")
    assert set(xlperf.__all__) <= set(dir(xlperf))


def test_shipped_data_is_there() -> None:
    assert files("xlperf").joinpath("form/sources.toml").is_file()
    assert example_of("department_overall")["fields"]


def test_no_licensed_part_of_xlwings_is_imported() -> None:
    """Only the BSD part: never xlwings.pro, xlwings.server, xlwings.reports."""
    for path in Path(xlperf.__file__).parent.rglob("*.py"):
        text = path.read_text("utf-8")
        for part in ("pro", "server", "reports"):
            assert f"xlwings.{part}" not in text, path


def test_committed_template_is_a_sound_zip() -> None:
    from xlperf.form.written import templates_folder

    with zipfile.ZipFile(templates_folder() / "department_overall.xlsx") as archive:
        assert archive.testzip() is None
