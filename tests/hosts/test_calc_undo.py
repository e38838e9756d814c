"""Undo and redo of the menu's commands before a user's eyes: in a window of a real Calc, by its own keys.

Over a workbook that carries marks already, on one sheet after the other and the first again: LibreOffice used to die at
the first undo that changed the sheet in view.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.hosts.calc import Calc
from tests.hosts.marked import by_file, shown
from tests.workbooks import new_bytes
from xlperf.udf.calc_menu import ENTRIES

pytestmark = pytest.mark.libreoffice

URL = {each.name: each.url for each in ENTRIES}
CHECK, CLEAR = URL["check"], URL["clear"]
UNDO, REDO = ".uno:Undo", ".uno:Redo"
SHEETS = ("自评表", "基础数据表", "收支情况", "自评报告", "审核结果")
ROUNDS = 3
WITH_ROW = (0, 2)  # in which somebody inserts a row first


class Rounds(Calc):
    """What is seen in each round is called by its number and a name."""

    def see(self, number: int, name: str) -> None:
        self.step("state", SHEETS[number % len(SHEETS)], called=f"{number}, {name}")
        if number == 0:
            self.save(name)

    def seen(self, number: int, name: str) -> Any:
        return self.answer(f"{number}, {name}")


@pytest.fixture(scope="module")
def calc(tmp_path_factory: pytest.TempPathFactory, beita_values: dict[str, Any]) -> Rounds:
    """That there are answers at all shows that the office outlived every step."""
    calc = Rounds(tmp_path_factory.mktemp("undo"))
    calc.open(by_file(new_bytes(beita_values)), hidden=False)
    for sheet in SHEETS:
        calc.step("unprotect", sheet)
    # The marks there are become those of an earlier state: some go, some come, the row of one moves.
    calc.step("write", "自评表", "E6", "二十")
    calc.step("write", "基础数据表", "B4", "12.5")
    calc.save("first")  # Calc spells some styles in another way the second time
    for number in range(ROUNDS):
        _round(calc, number)
    calc.run()
    return calc


def _round(calc: Rounds, number: int) -> None:
    """Audit, undo, redo, undo, clear, undo."""
    calc.step("view", SHEETS[number % len(SHEETS)])
    if number in WITH_ROW:
        calc.see(number, "no row")
        calc.step("insert_row", "自评表", 16)
    calc.see(number, "before")
    calc.step("give", CHECK, called=f"{number}, audit")
    calc.step("view", SHEETS[number % len(SHEETS)])  # the audit brings its results up
    calc.see(number, "audited")
    calc.step("press", UNDO)
    calc.see(number, "audit undone")
    calc.step("press", REDO)
    calc.see(number, "audit redone")
    calc.step("press", UNDO)
    calc.step("give", CLEAR, False, called=f"{number}, clear")
    calc.see(number, "cleared")
    calc.step("press", UNDO)
    calc.see(number, "clear undone")
    if number in WITH_ROW:
        calc.step("press", UNDO)
        calc.see(number, "row undone")


@pytest.mark.parametrize("number", range(ROUNDS))
def test_document_is_what_it_was(calc: Rounds, number: int) -> None:
    assert calc.seen(number, "audit undone") == calc.seen(number, "before")
    assert calc.seen(number, "audit redone") == calc.seen(number, "audited")
    assert calc.seen(number, "clear undone") == calc.seen(number, "before")


@pytest.mark.parametrize("number", WITH_ROW)
def test_row_inserted_before_goes_too(calc: Rounds, number: int) -> None:
    assert calc.seen(number, "row undone") == calc.seen(number, "no row")
    assert calc.seen(number, "before") != calc.seen(number, "no row")


@pytest.mark.parametrize("number", range(ROUNDS))
def test_there_was_something_to_take_back(calc: Rounds, number: int) -> None:
    for command in ("audit", "clear"):
        done, message, _ = calc.seen(number, command)
        assert done, message
    for part in ("contents", "noted", "colours"):
        assert calc.seen(number, "audited")[part] != calc.seen(number, "before")[part]
        assert calc.seen(number, "cleared")[part] != calc.seen(number, "before")[part]
    assert calc.seen(number, "cleared")["noted"] == []
    assert calc.seen(number, "cleared")["colours shown"] == {}


def test_file_is_what_it_was(calc: Rounds) -> None:
    """The texts of notes, and the formats of cells, too."""
    before, audited = shown(calc.saved("before")), shown(calc.saved("audited"))
    assert shown(calc.saved("audit undone")) == shown(calc.saved("clear undone")) == before
    assert shown(calc.saved("audit redone")) == audited
    assert audited.notes != before.notes
