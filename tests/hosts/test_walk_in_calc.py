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
from xlperf.workbook.marks import RESULTS, RESULTS_SHEET

pytestmark = pytest.mark.libreoffice

PLACE = {each.name: number for number, each in enumerate(ENTRIES, 1)}  # in the menu
NEXT, PREVIOUS = "F3", "ctrl+shift+F3"
HINTS = 2
ROUNDS = 10  # of undo and redo
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

    pictures: Path

    def command(self, name: str, picture: str, *, undone: bool = True) -> None:
        """What writes into the workbook is taken back and done again, often."""
        self.step("command", PLACE[name], picture, *(["alt+y"] if name == "clear" else []), called=picture)
        if undone:
            self.step("undone_and_redone", ROUNDS, called=f"{picture}, undone")

    def walk(self, key: str, picture: str) -> None:
        self.step("walk", key, called=picture)
        self.step("picture", picture)


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Walk:
    """That there are answers at all shows that the office outlived every step."""
    folder = tmp_path_factory.mktemp("walk")
    walk = Walk(folder)
    walk.pictures = Path(os.environ.get("XLPERF_PICTURES") or folder / "pictures")
    walk.pictures.mkdir(parents=True, exist_ok=True)
    form = clean_form(3)
    form["indicators"][0]["score"] = ""  # 填充 has something to do
    fields = {key: value for key, value in form["fields"].items() if key not in TYPED}
    _plan(walk, new_bytes(form | {"fields": fields}))
    (folder / "screen").mkdir()
    walk.run("calc_window_session.py", SEEN, pictures=str(walk.pictures), screen=str(folder / "screen"))
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
    walk.command("check", "audited")
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
    walk.command("check", "audited again", undone=False)
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


def test_every_command_says_what_it_did(walk: Walk) -> None:
    assert walk.answer("filled")[0].startswith("填充完成：更新了 ")
    assert walk.answer("audited")[0].startswith("审核完成：待改 1 · 待说明 2 · 已说明 0\n下一步：改正标“待改正”的各处")
    assert walk.answer("cleared")[0] == "已清除全部审核标记。2 条审核说明留在“审核结果”里，下次审核接着用。"
    assert walk.answer("frozen")[0].startswith("已把 ")


def test_what_is_typed_is_there(walk: Walk) -> None:
    assert {name: walk.answer(name)[0].strip() for name in TYPED} == {name: shown for name, (_, shown) in TYPED.items()}
    assert walk.answer("corrected").strip() == RIGHT, "the window that floats takes no keys from the cell"


def test_from_one_place_to_the_next(walk: Walk) -> None:
    steps = ["to correct", "to explain", "to explain, too", *(f"hint {number}" for number in range(HINTS))]
    places, said = [], []
    for name in steps:
        _, place, text = walk.answer(name)
        places.append(place)
        said.append(text.partition("\n")[0])
    assert said == [
        "待改正　第 1 处，共 1 处　收支情况!D13",
        "待说明　第 1 处，共 2 处　基础数据表!G29",
        "待说明　第 2 处，共 2 处　自评表!I24",
        "提示　第 1 处，共 2 处　基础数据表!G30",
        "提示　第 2 处，共 2 处　自评表!F42",
    ]
    assert places == [[text.partition("!")[0].split("　")[-1], *_place(text)] for text in said]
    _, place, text = walk.answer("round again")
    assert (place, text.partition("。")[0]) == (places[0], "后面没有了，回到第一处")
    _, place, text = walk.answer("and back")
    assert (place, text.partition("。")[0]) == (places[-1], "前面没有了，转到最后一处")


def _place(text: str) -> list[int]:
    """Column and row from 0 of the address at the end."""
    ref = text.rpartition("!")[2]
    return [ord(ref[0]) - ord("A"), int(ref[1:]) - 1]


def test_window_says_what_is_wrong_and_what_to_do(walk: Walk) -> None:
    text = walk.answer("to correct")[2]
    assert "问题：人员经费（本年数）填 961.17，应为 961.71" in text
    assert "这一格应为：961.71\n怎样处理：" in text


def test_then_it_is_ready(walk: Walk) -> None:
    counts, step, left = walk.answer("audited again")[0].splitlines()
    assert counts == "审核完成：待改 0 · 待说明 0 · 已说明 2"
    assert step.endswith("可以上报：点“上报本”。")
    assert "没有比较" in left
    column = RESULTS.column("状态") - 1
    assert [row[column] for row in walk.answer("results")[3:]] == ["已说明", "已说明", "提示", "提示"]


def test_copy_and_workbook_open_again(walk: Walk) -> None:
    assert walk.answer("handed in")[0].startswith("已另存上报本：自评_上报.xlsx")
    assert walk.answer("sheets of the copy") == ["基础数据表", "自评表", "自评报告"]
    assert walk.answer("walked again")[2].startswith("提示　第 1 处，共 2 处"), "what is explained is passed over"


@pytest.mark.parametrize("name", ["filled", "audited", "cleared", "frozen"])
def test_undone_and_redone_ten_times(walk: Walk, name: str) -> None:
    """The office lives, and each time the list of steps is what it was."""
    assert walk.answer(f"{name}, undone") > 0


def test_pictures(walk: Walk) -> None:
    """Each shows a window with something in it."""
    pictures = sorted(walk.pictures.glob("*.png"))
    assert len(pictures) > len(walk.at) / 2
    assert all(path.stat().st_size > 20_000 for path in pictures)
