"""Last year's workbook of a unit stands among what is reviewed: this year's is held against it, as by `--previous`."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from tests.checks.test_previous import LAST
from tests.review.judged import rows_of
from tests.workbooks import edited
from xlperf.review.whole import Wanted, run_review
from xlperf.workbook.actions import open_form, roll


@pytest.fixture(scope="module")
def years(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """2023.xlsx of a unit, and 2024.xlsx in which a figure of last year was copied wrongly."""
    home = tmp_path_factory.mktemp("years")
    (home / "2023.xlsx").write_bytes(edited(LAST | {"unit_name": "青山县档案局"}, {}))
    form, _ = roll(open_form(home / "2023.xlsx"))
    place = form.binding.place("operating_prior_actual")
    form.book.write(place.sheet, place.ref, Decimal("29.01"))
    form.book.save(home / "2024.xlsx")
    return home


def reviewed(folder: Path, summary: Path, *, resume: bool = False) -> tuple[dict[int, str], list[int]]:
    """By the unit's year the workbook of the year before, and the years in which a last-year figure is found wrong."""
    run_review(Wanted([str(folder)], summary, jobs=1, resume=resume))
    units = {int(row[2]): row[26] for row in rows_of(summary, "单位清单")}
    return units, [int(row[2]) for row in rows_of(summary, "问题清单") if row[5] == "XLP420"]


@pytest.mark.parametrize("homes", [("青山县档案局", "青山县档案局"), ("2023", "2024")], ids=["beside", "elsewhere"])
def test_they_are_paired(years: Path, tmp_path: Path, homes: tuple[str, str]) -> None:
    for year, home in zip(("2023", "2024"), homes, strict=True):
        (tmp_path / "报送" / home).mkdir(parents=True, exist_ok=True)
        shutil.copy2(years / f"{year}.xlsx", tmp_path / "报送" / home)
    units, found = reviewed(tmp_path / "报送", tmp_path / "汇总.xlsx")
    assert (units, found) == ({2023: "", 2024: "2023.xlsx"}, [2024])


def test_which_of_two_is_meant_nobody_knows(years: Path, tmp_path: Path) -> None:
    for name, home in (("2023", "甲"), ("2023", "乙"), ("2024", "丙")):
        (tmp_path / "报送" / home).mkdir(parents=True)
        shutil.copy2(years / f"{name}.xlsx", tmp_path / "报送" / home)
    units, found = reviewed(tmp_path / "报送", tmp_path / "汇总.xlsx")
    assert (units, found) == ({2023: "", 2024: ""}, [])


def test_another_units_is_not_its_own(years: Path, tmp_path: Path) -> None:
    (tmp_path / "报送" / "甲").mkdir(parents=True)
    shutil.copy2(years / "2024.xlsx", tmp_path / "报送" / "甲")
    (tmp_path / "报送" / "乙").mkdir()
    (tmp_path / "报送" / "乙" / "2023.xlsx").write_bytes(edited(LAST | {"unit_name": "红河县水利局"}, {}))
    assert reviewed(tmp_path / "报送", tmp_path / "汇总.xlsx") == ({2023: "", 2024: ""}, [])
