"""The accountant's walk in a window of a real Calc: what is said at each step, and that the office outlives them all.

`XLPERF_PICTURES=folder` keeps a picture of the screen after each step there, and how long each took.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.hosts.walk import HINTS, RIGHT, TYPED, Walk, walked
from xlperf.workbook.result_rows import RESULTS

pytestmark = pytest.mark.libreoffice


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Walk:
    folder = tmp_path_factory.mktemp("walk")
    return walked(folder, Path(os.environ.get("XLPERF_PICTURES") or folder / "pictures"))


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


@pytest.mark.parametrize("name", ["filled", "audited again", "cleared", "frozen"])
def test_undone_and_redone_ten_times(walk: Walk, name: str) -> None:
    """The office lives, and each time the list of steps is what it was."""
    assert walk.answer(f"{name}, undone") > 0


def test_pictures(walk: Walk) -> None:
    """Each shows a window with something in it."""
    pictures = sorted(walk.pictures.glob("*.png"))
    assert len(pictures) > len(walk.at) / 2
    assert all(path.stat().st_size > 20_000 for path in pictures)
