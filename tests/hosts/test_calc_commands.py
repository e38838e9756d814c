"""Rows, files and reports by the menu of a real LibreOffice Calc: what is inserted, deleted, written and compared."""

from __future__ import annotations

from typing import Any

import pytest

from tests.hosts.calc import Calc
from tests.workbooks import edited
from xlperf.form.record import Record
from xlperf.udf.calc_menu import ENTRIES
from xlperf.workbook import actions

pytestmark = pytest.mark.libreoffice

URL = {each.name: each.url for each in ENTRIES}
TITLE = {each.name: each.title for each in ENTRIES}
FIRST, LAST = 15, 24  # 自评表 of the demo: the first indicator, the row of ……
SPECIAL = 17  # 基础数据表: the blank row for a special fund, …… below it


class Desk(Calc):
    def do(self, name: str, command: str, sheet: str = "", cell: str = "A1", blob: bytes | None = None) -> None:
        """A command on a workbook as it was, at a cell; then undone."""
        self.open(blob or self.demo, hidden=False)
        self.save(f"{name}, first")  # Calc spells some styles in another way the second time
        self.step("select", sheet or "自评表", cell)
        self.save(f"{name}, before")
        self.step("give", URL[command], called=name)
        self.step("steps", called=f"{name}, steps")
        self.step("protection", called=f"{name}, protection")
        self.save(name)
        self.step("undo")
        self.save(f"{name}, undone")

    demo: bytes


@pytest.fixture(scope="module")
def calc(tmp_path_factory: pytest.TempPathFactory, beita_values: dict[str, Any]) -> Desk:
    """Everything in one run of the office."""
    calc = Desk(tmp_path_factory.mktemp("desk"))
    demo = calc.demo = edited(beita_values, {"fill": True})
    calc.do("inside a level", "add_indicator", cell="E15")
    calc.do("end of a level", "add_indicator", cell="D17")
    calc.do("on ……", "add_indicator", cell=f"A{LAST}")
    calc.do("elsewhere", "add_indicator", "基础数据表", "B3")
    calc.do("project", "add_project", "基础数据表", f"A{SPECIAL}")
    calc.do("dropped", "drop_placeholders")
    dropped = actions.open_form(demo)
    calc.step("redo")
    calc.step("select", "基础数据表", f"A{SPECIAL}")
    calc.step("give", URL["add_project"], called="grown")
    calc.step("select", "自评表", f"D{LAST - 1}")
    calc.step("give", URL["add_indicator"], called="grown too")
    calc.save("grown")
    calc.step("undo")
    calc.step("undo")
    calc.save("grown, undone")
    del dropped
    calc.run()
    return calc


def record(calc: Desk, name: str) -> Record:
    return actions.open_form(calc.saved(name), "自评.xlsx").record


def test_look(calc: Desk) -> None:
    for name in ("inside a level", "end of a level", "on ……", "elsewhere", "project", "dropped", "grown", "grown too"):
        print(name, calc.answer(name))
