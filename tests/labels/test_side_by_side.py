"""Two tables of indicators side by side are those of the whole term and of the year, one below the other."""

from __future__ import annotations

from tests.intake.drawn import table
from tests.labels.goal_forms import OLDER, SIDE_BY_SIDE
from xlperf.form.forms import load_template
from xlperf.labels.side_by_side import one_below_the_other
from xlperf.labels.words import known_labels


def known(form: str):  # type: ignore[no-untyped-def]
    return known_labels(load_template(form))


def test_no_cell_is_lost_and_each_keeps_its_place() -> None:
    drawn = table(SIDE_BY_SIDE.text)
    found = one_below_the_other(drawn, known("goals_elsewhere"))
    assert {cell.place for cell in found.cells} == {cell.place for cell in drawn.cells} | {""}
    names = [cell.row for cell in found.cells if cell.text == "三级指标"]
    assert names == [10, 13]
    assert [cell.row for cell in found.cells if cell.text == "产出指标"] == [11, 14]


def test_what_stands_across_both_stays_below_them() -> None:
    across = table(f"{SIDE_BY_SIDE.text.rstrip()}\n其他说明 | 没有需要说明的 | < | < | < | < | < | <")
    found = one_below_the_other(across, known("goals_elsewhere"))
    assert [cell.row for cell in found.cells if cell.text == "其他说明"] == [16]


def test_one_table_stays_as_it_is() -> None:
    drawn = table(OLDER.text)
    assert one_below_the_other(drawn, known("goals_elsewhere")) is drawn
    twice = table(SIDE_BY_SIDE.text)
    assert one_below_the_other(twice, known("project_elsewhere")) is twice
