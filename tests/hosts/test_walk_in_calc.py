"""The accountant's walk in a window of a real Calc, with the keys of a keyboard: from a new workbook to the 上报本.

`XLPERF_PICTURES=folder` keeps a picture of the screen after each step there.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.bench.books import clean_form
from tests.hosts.calc import Calc
from tests.hosts.libreoffice import SEEN
from tests.workbooks import new_bytes
from xlperf.udf.calc_menu import ENTRIES
from xlperf.workbook.marks import RESULTS_SHEET

pytestmark = pytest.mark.libreoffice

PLACE = {each.name: number for number, each in enumerate(ENTRIES, 1)}  # in the menu
NEXT, PREVIOUS = "F3", "ctrl+shift+F3"
HINTS = 2
ROUNDS = 10  # of undo and redo
SECONDS = 2.0
# A figure that is wrong, one that has to be explained, and one that nobody had filled in.
# Nobody has filled them in: one is typed wrong, one has to be explained.
TYPED = {
    "staff_quota": ("141", "141"),
    "personnel_current": ("961.17", "961.17"),
    "procurement_actual": ("231.54",) * 2,
}
RIGHT = "961.71"


class Walk(Calc):
    """Each step is called as its picture."""

    def command(self, name: str, picture: str) -> None:
        self.step("command", PLACE[name], picture, called=picture)

    def walk(self, key: str, picture: str) -> None:
        self.step("walk", key, called=picture)
        self.step("picture", picture)


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Walk:
    """That there are answers at all shows that the office outlived every step."""
    folder = tmp_path_factory.mktemp("walk")
    pictures = Path(os.environ.get("XLPERF_PICTURES") or folder / "pictures")
    pictures.mkdir(parents=True, exist_ok=True)
    walk = Walk(folder)
    form = clean_form(3)
    fields = {key: value for key, value in form["fields"].items() if key not in TYPED}
    _plan(walk, new_bytes(form | {"fields": fields}))
    (folder / "screen").mkdir()
    walk.run("calc_window_session.py", SEEN, pictures=str(pictures), screen=str(folder / "screen"))
    return walk


def _plan(walk: Walk, blob: bytes) -> None:
    path = walk.folder / "自评.xlsx"
    path.write_bytes(blob)
    walk.step("open_seen", path.as_uri(), called="opened")
    walk.step("picture", "new")
    for name, (text, _) in TYPED.items():
        walk.step("enter", f"xp_{name}", text, called=name)
    walk.step("picture", "typed")
    walk.command("check", "audited")
    walk.step("picture", "results come up")
    walk.step("undone_and_redone", ROUNDS, called="audit, undone")
    walk.step("picture", "audit, undone and redone")
    walk.walk(NEXT, "to correct")
    walk.step("type_here", RIGHT, called="corrected")
    walk.walk(NEXT, "to explain")
    walk.step("press_there", "alt+w")
    walk.step("picture", "explanation")
    walk.step("type_here", "Document 5 of 2025", called="explained")
    walk.walk(NEXT, "to explain, too")
    walk.step("press_there", "alt+w")
    walk.step("type_here", "One office files them all", called="explained, too")
    for number in range(HINTS):
        walk.walk(NEXT, f"hint {number}")
    walk.walk(NEXT, "round again")
    walk.walk(PREVIOUS, "and back")
    walk.command("check", "audited again")
    walk.step("picture", "nothing is left")
    for name in ("fill", "clear", "freeze"):
        walk.command(name, name)
        walk.step("undone_and_redone", ROUNDS, called=f"{name}, undone")
        walk.step("undo")
    walk.command("hand_in", "handed in")
    walk.step("texts_of", RESULTS_SHEET, called="results")
    walk.step("store", called="saved")
    walk.step("open_seen", path.with_name("自评_上报.xlsx").as_uri(), called="copy opened")
    walk.step("sheets", called="sheets of the copy")
    walk.step("picture", "copy")
    walk.step("open_seen", path.as_uri(), called="opened again")
    walk.step("walk", NEXT, called="walked again")
    walk.step("picture", "opened again")


def test_walk(walk: Walk) -> None:
    for name, number in walk.at.items():
        if name:
            print(name, walk.answers[number])
    assert 0
