"""The summary as a file: what validators say of it, what LibreOffice reads in it, that no text becomes a formula."""

from __future__ import annotations

import re
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import openpyxl

from tests.hosts.libreoffice import Office
from tests.package.validators import new_faults
from tests.review.conftest import ODD, Bureau
from tests.review.judged import rows_of
from tests.review.test_across import Kept
from xlperf.review.earlier import pair_units
from xlperf.review.store import Store
from xlperf.review.summary import Where, rules_in, write_summary


def test_it_is_a_sound_workbook_with_charts_that_any_program_draws(bureau: Bureau) -> None:
    assert new_faults(None, bureau.summary.read_bytes(), ".xlsx") == []
    with zipfile.ZipFile(bureau.summary) as archive:
        charts = [name for name in archive.namelist() if re.fullmatch(r"xl/charts/chart\d+\.xml", name)]
    assert len(charts) == 5


def test_libreoffice_opens_it_and_its_links_lead_to_the_cells(bureau: Bureau, office: Office, tmp_path: Path) -> None:
    (converted,) = office.convert([bureau.summary], "xlsx", tmp_path)
    book = openpyxl.load_workbook(converted, data_only=True)
    assert [row[1] for row in rows_of(bureau.summary, "单位清单")] == [
        cell.value for cell in book["单位清单"]["B"][1:] if cell.value
    ]
    formulas = openpyxl.load_workbook(bureau.summary)["问题清单"]
    links = [cell.value for cell in formulas["E"] if str(cell.value).startswith("=HYPERLINK")]
    assert any(each.startswith('=HYPERLINK("报送/红河县水利局/自评表.xlsx#Sheet!C3"') for each in links)
    assert (bureau.summary.parent / "报送/红河县水利局/自评表.xlsx").exists()


def test_an_odd_name_is_written_as_it_is(bureau: Bureau) -> None:
    assert ODD in [row[21] for row in rows_of(bureau.summary, "单位清单")]
    sheet = openpyxl.load_workbook(bureau.summary)["单位清单"]
    (formula,) = (cell.value for cell in sheet["V"] if "乙" in str(cell.value))
    assert formula.count('""') == 4  # its quotes, doubled in path and name


def test_no_text_becomes_a_formula(tmp_path: Path) -> None:
    kept = Kept(tmp_path)
    with closing(kept.store) as store:
        kept.add('=HYPERLINK("http://x","点我")')
        kept.add("+1", notes=["@SUM(A1)"])
        store.select(kept.run)
        pair_units(store)
        write_summary(tmp_path / "汇总.xlsx", store, kept.run, [], Where(tmp_path / "汇总.xlsx", None))
    for row in openpyxl.load_workbook(tmp_path / "汇总.xlsx")["单位清单"].iter_rows(min_row=2):
        for cell in row:
            assert cell.data_type != "f" or (cell.column_letter in "VY" and "//" not in str(cell.value))
    assert {row[1] for row in rows_of(tmp_path / "汇总.xlsx", "单位清单")} == {'=HYPERLINK("http://x","点我")', "+1"}


def test_a_rule_is_as_grave_as_its_gravest_finding() -> None:
    with closing(sqlite3.connect(":memory:")) as base:
        base.executescript(
            """CREATE TABLE finding (code, title, severity, unit, standing); CREATE TEMP TABLE now (id);
            INSERT INTO temp.now VALUES (1), (2);
            INSERT INTO finding VALUES ('XLP601', '超预算', 'info', 1, ''), ('XLP601', '超预算', 'warning', 2, ''),
                ('XLP202', '比率', 'warning', 1, ''), ('XLP202', '比率', 'error', 1, ''),
                ('XLP107', '占位', 'info', 1, '');"""
        )
        rows = rules_in(cast(Store, SimpleNamespace(rows=base.execute)))
        assert {row[0]: row[2] for row in rows} == {"XLP601": "核实", "XLP202": "错误", "XLP107": "提示"}
