"""From one row of 审核结果 to the next: which are skipped, where the walk begins, what is said at its end."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.hosts.marked import by_file
from tests.places import TESTS
from tests.workbooks import new_bytes
from xlperf.errors import WorkbookError
from xlperf.package import Ref, Workbook
from xlperf.workbook.explained import CHANGED
from xlperf.workbook.result_rows import RESULTS_SHEET
from xlperf.workbook.walk import (
    MOVED,
    NO_RESULTS,
    NOTHING_LEFT,
    Here,
    Step,
    Stop,
    moved,
    step,
    stops_in,
    told,
    where_now,
)

ELSEWHERE = Here("填表说明", Ref(1, 1))


def stop(row: int, cell: str, status: str = "待改正", sheet: str = "自评表", **more: str) -> Stop:
    said = {"title": "", "message": "不符。", "shown": "1", "expected": "2", "advice": "改正。"} | more
    return Stop(row, sheet, Ref(int(cell[1:]), ord(cell[0]) - 64), f"{sheet}!{cell}", status=status, **said)


STOPS = [stop(4, "B2"), stop(5, "B2"), stop(6, "C3", "已说明"), stop(7, "D4", "待说明"), stop(8, "A1", CHANGED)]


def forth(here: Here, last: int | None = None) -> int:
    return step(STOPS, here, last, back=False).place


def back(here: Here, last: int | None = None) -> int:
    return step(STOPS, here, last, back=True).place


def at(cell: str, sheet: str = "自评表") -> Here:
    return Here(sheet, Ref(int(cell[1:]), ord(cell[0]) - 64), sheet == RESULTS_SHEET)


@pytest.mark.parametrize(
    ("here", "last", "after", "before"),
    [
        (ELSEWHERE, None, 0, 4),
        (ELSEWHERE, 4, 1, 4),  # shown last: its row counts
        (ELSEWHERE, 5, 3, 0),  # what is settled is skipped
        (at("B2"), None, 3, 4),  # nobody knows which of the two was shown
        (at("B2"), 4, 1, 4),
        (at("B2"), 5, 3, 0),
        (at("D4"), 4, 4, 1),  # she went there herself
        (at("C3"), None, 3, 1),
        (at("B2", "收支情况"), None, 0, 4),  # the same address on another sheet
        (at("A1", RESULTS_SHEET), None, 0, 4),
        (at("F7", RESULTS_SHEET), 4, 3, 1),  # from a row of the list to its item
        (at("F7", RESULTS_SHEET), 7, 4, 1),  # she has just explained it
        (at("A99", RESULTS_SHEET), None, 0, 4),
    ],
)
def test_where_the_walk_goes(here: Here, last: int | None, after: int, before: int) -> None:
    assert (forth(here, last), back(here, last)) == (after, before)


def test_past_the_end_it_begins_anew_with_a_word() -> None:
    assert step(STOPS, ELSEWHERE, 8, back=False) == Step(0, "后面没有了，回到第一处。")
    assert step(STOPS, ELSEWHERE, 4, back=True) == Step(4, "前面没有了，转到最后一处。")
    assert step(STOPS, ELSEWHERE, 4, back=False).word == ""


def test_nothing_left() -> None:
    with pytest.raises(WorkbookError, match=NOTHING_LEFT):
        step([stop(4, "B2", "已说明")], ELSEWHERE, None, back=False)


def test_what_is_said_of_a_place() -> None:
    """Those of a kind are counted together; what was explained for other figures is to be explained."""
    assert told(STOPS, Step(4, "")).startswith(f"{CHANGED}　第 2 处，共 2 处　自评表!A1\n问题：不符。\n")
    assert told(STOPS, Step(1, "话。")).startswith("话。待改正　第 2 处，共 2 处　自评表!B2\n")


@pytest.mark.parametrize(
    ("shown", "expected", "figures"),
    [
        ("1", "2", "填报数：1　→　应为：2"),
        ("", "", "填报数：（空白）"),
        ("1", "——", "填报数：1"),
        ("1\n3", "2\n——", "填报数：（1）1　→　应为：2；（2）3"),
        ("1\n3", "", "填报数：（1）1；（2）3"),
        ("1\n3", "2", "填报数：（1）1；（2）3\n这一格应为：2"),
    ],
)
def test_figures(shown: str, expected: str, figures: str) -> None:
    assert stop(4, "B2", shown=shown, expected=expected).text == f"问题：不符。\n{figures}\n怎样处理：改正。"


def test_every_item_of_an_audit_is_a_stop(beita_values: dict[str, Any]) -> None:
    book = Workbook.open(by_file(new_bytes(beita_values)))
    stops = stops_in(book)
    assert [each.row for each in stops] == list(range(4, 4 + len(stops)))
    assert {each.status for each in stops} == {"待改正", "待说明", "提示"}
    assert all(each.ref in book.cells(each.sheet) or each.shown in ("", "（空白）") for each in stops)


@pytest.mark.parametrize("path", sorted((TESTS / "data" / "old").rglob("*.xlsx")), ids=lambda path: path.stem)
def test_lists_of_earlier_versions(path: Path) -> None:
    """By their headings; an old workbook without a list says so."""
    book = Workbook.open(path)
    try:
        stops = stops_in(book)
    except WorkbookError as error:
        assert str(error) == NO_RESULTS
    else:
        assert all(each.sheet in book.sheets and each.message for each in stops)


def test_no_list(beita_values: dict[str, Any]) -> None:
    with pytest.raises(WorkbookError, match=NO_RESULTS):
        stops_in(Workbook.open(new_bytes(beita_values)))


def test_a_note_that_inserted_rows_took_along() -> None:
    """The note says what the list says; without one, or with two alike, the address of the list stands."""
    ref, other, third = Ref(2, 2), Ref(5, 2), Ref(9, 2)
    item = stop(4, "B2", message="合计应为 5。")
    assert where_now(item, {ref: "✗【错误】合计应为 5。", other: "✗【错误】合计应为 5。"}) == ref
    assert where_now(item, {ref: "别人的", other: "✗【错误】总分不符。\n？【核实】合计应为 5。"}) == other
    assert where_now(item, {other: "合计应为 5。", third: "合计应为 5。"}) == where_now(item, {}) == ref
    several = stop(5, "B2", message="两处不符。\n（1）B2: 分值空白。\n（2）C3: 得分空白。")
    assert where_now(several, {third: "✗【错误】分值空白。", other: "✗【错误】得分空白。"}) == third
    stops = [item]
    assert moved(Step(0, ""), stops, ref) == Step(0, "")
    assert stops == [item]
    assert moved(Step(0, ""), stops, other) == Step(0, MOVED)
    assert (stops[0].ref, stops[0].at) == (other, "自评表!B5")
