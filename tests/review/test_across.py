"""What is found between units, and what of it is not: units as a task tells of them, kept in a store of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from xlperf.checks.rule import Severity
from xlperf.review.across import Across, across
from xlperf.review.control import Control
from xlperf.review.gather import Bundle, File
from xlperf.review.store import Run, Store

BLANK: dict[str, Any] = {
    **{"year": 2024, "files": ["表.xlsx"], "findings": [], "standing": {}, "status": "通过", "unread": 0, "not_run": 0},
    **{
        "compared": 9,
        "not_compared": 0,
        "notes": [],
        "texts": [],
        "rows": [],
        "projects": [],
        "letter": "",
        "previous": "",
        "owner": "",
    },
}
FORM: dict[str, Any] = {
    **{"file": "表.xlsx", "kind": "部门", "title": "自评表", "layout": "", "subject": "", "grade": ""},
    **{
        "total_score": "95",
        "execution_rate": "0.97",
        "opening_budget": "",
        "annual_budget": "100",
        "annual_spent": "97",
    },
}


class Kept:
    """A store with units of which only what matters is said."""

    def __init__(self, path: Path) -> None:
        self.store = Store(path / "x.sqlite")
        self.run: Run = self.store.begin({}, resume=False)
        self.count = 0

    def add(self, unit: str, form: Mapping[str, Any] = {}, digest: str = "", **told: Any) -> None:
        self.count += 1
        folder = f"报送/{self.count}"
        bundle = Bundle(folder, (File(f"{folder}/表.xlsx", "", 1, "1-1"),))
        self.store.add_task(self.run, bundle)
        file = {"shown": f"{folder}/表.xlsx", "label": "表.xlsx", "size": 9, "digest": digest or folder, "error": ""}
        units = [BLANK | {"unit": unit, "key": unit, "forms": [{**FORM, **form}]} | told]
        self.store.keep(self.run, bundle, {"files": [file], "units": units})

    def found(self, control: Control | None = None) -> list[Across]:
        self.store.select(self.run)
        return list(across(self.store, control))

    def told(self, control: Control | None = None) -> list[tuple[str, str]]:
        return [(each.kind, each.units) for each in self.found(control)]


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    made = Kept(tmp_path)
    yield made
    made.store.close()


def test_nothing_is_said_of_units_that_have_nothing_in_common(kept: Kept) -> None:
    for unit in "甲乙丙":
        kept.add(
            unit, texts=[("原因", unit, "因")], rows=[f"{unit}{n}" for n in range(9)], projects=[(unit, unit, "5")]
        )
    assert kept.told() == []


def test_one_unit_in_two_folders(kept: Kept) -> None:
    kept.add("甲")
    kept.add("甲")
    kept.add("甲", year=2023)
    assert kept.told() == [("报送两次", "甲")]


def test_projects_of_a_unit_elsewhere_are_no_second_hand_in(kept: Kept) -> None:
    kept.add("甲")
    kept.add("甲", {"kind": "项目", "subject": "修路"})
    assert kept.told() == []


def test_the_same_bytes(kept: Kept) -> None:
    kept.add("甲", digest="x")
    kept.add("乙", digest="x")
    (found,) = kept.found()
    assert found.kind == "文件相同" and "报送/1/表.xlsx" in found.text and "报送/2/表.xlsx" in found.text


@pytest.mark.parametrize(("amount", "severity"), [("5.00", Severity.WARNING), ("7", Severity.INFO)])
def test_a_project_in_two_units_weighs_more_with_the_same_budget(kept: Kept, amount: str, severity: Severity) -> None:
    kept.add("甲", projects=[("修路", "修路", "5")])
    kept.add("乙", projects=[("修路", "修 路", amount)])
    (found,) = kept.found()
    assert (found.kind, found.severity, found.units) == ("同一项目", severity, "乙、甲")


def test_words_that_two_units_share(kept: Kept) -> None:
    kept.add("甲", texts=[("原因", "s", "因为下雨所以没有做完")])
    kept.add("乙", texts=[("原因", "s", "因为下雨所以没有做完")])
    (found,) = kept.found()
    assert (found.kind, found.severity) == ("文字相同", Severity.WARNING) and "下雨" in found.text


@pytest.mark.parametrize(("same", "is_told"), [(6, True), (5, False), (4, False)])
def test_indicators_that_two_units_share(kept: Kept, same: int, is_told: bool) -> None:
    kept.add("甲", rows=[f"r{n}" for n in range(9)])
    kept.add("乙", rows=[f"r{n}" if n < same else f"x{n}" for n in range(9)])
    assert bool(kept.told()) == is_told


def test_indicators_that_everybody_has_are_prescribed(kept: Kept) -> None:
    for number in range(21):
        kept.add(f"甲{number}", rows=[f"r{n}" for n in range(9)])
    assert kept.told() == []


def test_a_score_far_from_those_with_the_same_execution(kept: Kept) -> None:
    for number in range(12):
        kept.add(f"甲{number}", {"total_score": str(94 + number % 3)})
    kept.add("高", {"total_score": "80"})
    kept.add("少", {"total_score": "92", "execution_rate": "0.4"})
    assert kept.told() == [("得分与执行率", "少"), ("得分与执行率", "高")]


def test_sums_against_the_control_totals(kept: Kept) -> None:
    kept.add("甲")
    kept.add("乙", {"annual_budget": ""})
    kept.add("丁")
    units = {name: (name, {"annual": Decimal(amount)}) for name, amount in (("甲", 90), ("乙", 50), ("丙", 7))}
    told = {(each.units, each.severity): each.text for each in kept.found(Control(units, {}))}
    assert "相差 10" in told["甲", Severity.ERROR]
    assert "没有收到" in told["丙", Severity.WARNING]
    assert "控制数里没有" in told["丁", Severity.WARNING]
    assert (
        "合计 200 万元，控制数 147 万元，相差 53 万元；另有 1 个单位没有这个数（乙）"
        in told["全部单位", Severity.ERROR]
    )


def test_sums_that_agree(kept: Kept) -> None:
    kept.add("甲")
    (found,) = kept.found(Control({}, {"annual": Decimal(100)}))
    assert found.severity is Severity.INFO and "一致" in found.text
