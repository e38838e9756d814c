"""Findings as a table: `to_frame` for pandas, `check --format csv` for spreadsheet programs."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import xlperf
from tests.command import called
from tests.workbooks import new_bytes
from xlperf.workbook.actions import check, open_form
from xlperf.workbook.frame import HEADINGS, to_csv, to_frame


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory, beita_values: dict[str, Any]) -> Path:
    path = tmp_path_factory.mktemp("frame") / "自评.xlsx"
    fields = beita_values["fields"] | {"phone": "=1+1", "vehicle_budget": "-3.00"}
    path.write_bytes(new_bytes(beita_values | {"fields": fields}))
    return path


def test_one_row_a_finding(book: Path) -> None:
    report, explanations = check(open_form(book))
    frame = to_frame(report, explanations)
    assert list(frame.columns) == list(HEADINGS)
    assert list(zip(frame["code"], frame["at"], strict=True)) == [(each.code, each.at) for each in report.findings]
    growth = frame[(frame["code"] == "XLP202") & (frame["at"] == "收支情况!F13")].iloc[0]
    assert (growth["stated"], growth["expected"]) == ("0.2224", "0.4938")
    assert "162.49" in growth["cause"]
    assert frame["group"].dtype == "Int64"
    assert frame["group"].max() == len(report.groups)
    assert xlperf.to_frame is to_frame


def test_a_form_without_findings() -> None:
    report, _ = check(open_form(new_bytes({})))
    clean = replace(report, findings=(), groups=())
    assert to_frame(clean).empty
    assert to_csv(clean) == ",".join(HEADINGS.values()) + "\n"


def test_csv_of_the_command_line(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Chinese headings, the mark of UTF-8, and the exit code of every other form of output."""
    result = called(capsys, "check", book, "--format", "csv")
    assert result.code == 1
    assert result.out.startswith("\ufeff级别,代码,")
    rows = list(csv.DictReader(io.StringIO(result.out.removeprefix("\ufeff"))))
    report, _ = check(open_form(book))
    assert [row["位置"] for row in rows] == [each.at for each in report.findings]
    assert {row["级别"] for row in rows} == {"错误", "核实", "提示"}
    negative = next(row for row in rows if row["填报数"].startswith("-"))
    assert negative["填报数"] == "-3"
    assert not [text for row in rows for text in row.values() if text.startswith(("=", "+", "@"))]


@pytest.mark.parametrize(("option", "says"), [("--against", "--against"), ("--all-variants", "--all-variants")])
def test_what_has_no_place_in_a_csv_is_refused(
    book: Path, capsys: pytest.CaptureFixture[str], option: str, says: str
) -> None:
    more = [option, str(book)] if option == "--against" else [option]
    result = called(capsys, "check", book, "--format", "csv", *more)
    assert result.code == 2
    assert says in result.err


def test_pandas_is_loaded_only_for_a_table(book: Path) -> None:
    code = f"""
import sys
from xlperf import check, open_form, to_frame
report, explanations = check(open_form({str(book)!r}))
assert "pandas" not in sys.modules
to_frame(report, explanations)
assert "pandas" in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True)
