"""The accountant's walk in a window of a real Calc, by keys: from a new workbook to the 上报本, both opened again."""

from __future__ import annotations

from pathlib import Path

from tests.bench.books import clean_form
from tests.hosts.calc import Calc
from tests.hosts.libreoffice import SEEN
from tests.workbooks import new_bytes
from xlperf.udf.calc_menu import ENTRIES
from xlperf.workbook.result_rows import RESULTS_SHEET

PLACE = {each.name: number for number, each in enumerate(ENTRIES, 1)}  # in the menu
NEXT, PREVIOUS = "F3", "ctrl+shift+F3"
HINTS = 2  # that are left when all is corrected and explained
ROUNDS = 10  # of undo and redo
# Nobody has filled them in: one is typed wrong, one has to be explained.
TYPED = {
    "staff_quota": ("141", "141"),
    "personnel_current": ("961.17", "961.17"),
    "procurement_actual": ("231.54",) * 2,
}
RIGHT = "961.71"


class Walk(Calc):
    """Each step is called as its picture."""

    pictures: Path

    def command(self, name: str, picture: str, *, undone: bool = True) -> None:
        """What writes into the workbook is taken back and done again, often."""
        self.step("command", PLACE[name], picture, *(["alt+y"] if name == "clear" else []), called=picture)
        if undone:
            self.step("undone_and_redone", ROUNDS, called=f"{picture}, undone")

    def walk(self, key: str, picture: str) -> None:
        self.step("walk", key, called=picture)
        self.step("picture", picture)

    def seconds(self) -> dict[str, float]:
        """How long a person waits for each step."""
        found = {}
        for name, number in self.at.items():
            answer, step = self.answers[number], self.steps[number][0]
            if step in ("open_seen", "store"):
                found[name] = answer
            elif step in ("command", "enter"):
                found[name] = answer[1]
            elif step == "walk":
                found[name] = answer[0]
        return found


def walked(folder: Path, pictures: Path) -> Walk:
    """All of it, done; that there are answers at all shows that the office outlived every step."""
    walk = Walk(folder)
    walk.pictures = pictures
    pictures.mkdir(parents=True, exist_ok=True)
    form = clean_form(3)
    form["indicators"][0]["score"] = ""  # 填充 has something to do
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
    walk.command("fill", "filled")
    walk.command("check", "audited", undone=False)  # taken back and redone, Calc selects what it likes
    walk.step("picture", "results come up")
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
    walk.step("texts_of", RESULTS_SHEET, called="results")
    for name, called in (("clear", "cleared"), ("freeze", "frozen")):
        walk.command(name, called)
        walk.step("undo")
    walk.command("hand_in", "handed in", undone=False)
    walk.step("store", called="saved")
    walk.step("open_seen", path.with_name("自评_上报.xlsx").as_uri(), called="copy opened")
    walk.step("sheets", called="sheets of the copy")
    walk.step("picture", "copy")
    walk.step("open_seen", path.as_uri(), called="opened again")
    walk.walk(NEXT, "walked again")
