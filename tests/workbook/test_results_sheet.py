"""What 审核结果 shows: one line an item, long texts shortened, explanations kept beside what they explain."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

from tests.audit.test_localize import FORM
from tests.command import Run
from tests.intake.laid_out import NINGXIA, as_workbook
from tests.outputs import VALUES
from tests.workbooks import new_bytes
from xlperf.package import Ref, Workbook
from xlperf.workbook.actions import Form, check, mark, open_form
from xlperf.workbook.marks import explanations_in
from xlperf.workbook.result_rows import (
    COLUMNS,
    CONTINUED,
    EXPLANATION,
    IN_SIGHT,
    MOST_LINES,
    RESULTS,
    RESULTS_SHEET,
)

HEAD = 3  # the row of the headings in the template's sheet
LONG = "一是" + "加强管理，" * 30


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """One figure with two digits swapped, and a long section of the report without a unit behind an amount."""
    data: dict[str, Any] = copy.deepcopy(FORM) | {"template": "department_overall"}
    data["fields"] |= {"personnel_current": "425.85", "section_4": f"{LONG}支出36.14万。"}
    path = tmp_path / "book.xlsx"
    path.write_bytes(new_bytes(data))
    return path


def marked(path: Path) -> Form:
    form = open_form(path)
    mark(form, *check(form))
    form.book.save(path)
    return open_form(path)


def rows(form: Form) -> list[dict[str, str]]:
    cells = form.book.cells(RESULTS_SHEET)
    last = max(ref.row for ref in cells)
    table = []
    for row in range(HEAD + 1, last + 1):
        texts = [cells[Ref(row, c)].text if Ref(row, c) in cells else "" for c in range(1, len(COLUMNS) + 1)]
        table.append(dict(zip((column.title for column in COLUMNS), texts, strict=True)))
    return table


def test_findings_of_one_reason_are_one_line(book: Path) -> None:
    table = rows(marked(book))
    (own,) = (row for row in table if row["问题"].startswith("同一原因引起以下"))
    codes = own["代码"].splitlines()
    assert set(codes) == {"XLP201", "XLP203"}
    assert own["问题"] == f"同一原因引起以下 {len(codes)} 项"
    assert (own["级别"], own["位置"], own["应为"], own["状态"]) == ("✗ 错误", "收支情况!D13", "452.85", "待改正")
    lead, *said = own["问题与说明"].splitlines()
    assert lead.startswith("人员经费（本年数）填 425.85，应为 452.85")
    assert [line[:3] for line in said] == [f"（{n}）" for n in range(1, len(codes) + 1)]
    assert [len(own[title].splitlines()) for title in ("项目", "填报数")] == [len(codes)] * 2


def test_items_are_numbered_without_a_gap(book: Path) -> None:
    numbers = [row["序号"] for row in rows(marked(book))]
    assert numbers == [str(n) for n in range(1, len(numbers) + 1)]


def test_long_texts_are_shortened(book: Path) -> None:
    (row,) = (row for row in rows(marked(book)) if row["代码"] == "XLP504")
    assert len(row["填报数"]) == 40
    assert row["填报数"].endswith("…")


def test_explanation_of_a_reason_is_kept(book: Path) -> None:
    form = marked(book)
    place = next(row for row, line in enumerate(rows(form), HEAD + 1) if line["问题"].startswith("同一原因"))
    form.book.write(RESULTS_SHEET, Ref(place, RESULTS.column("审核说明（请在此填写）")), "已与会计核对")
    form.book.save(book)
    (lead,) = (row for row in rows(marked(book)) if row["问题"].startswith("同一原因"))
    assert lead["审核说明（请在此填写）"] == "已与会计核对"


def test_marking_twice_gives_the_same_file(book: Path) -> None:
    marked(book)
    first = book.read_bytes()
    marked(book)
    assert book.read_bytes() == first


# The columns of earlier versions, and what stands in the others of now.
BEFORE = (
    *("序号", "级别", "代码", "问题", "位置", "项目", "填报数", "应为", "说明", "建议", "依据"),
    *("审核说明（请在此填写）", "状态"),
)


def as_before(blob: bytes, head: int) -> bytes:
    """审核结果 with the columns in the order of earlier versions, from the row of headings on."""
    book = Workbook.open(blob)
    cells = book.cells(RESULTS_SHEET)
    table = []
    for row in range(head, max(ref.row for ref in cells) + 1):
        texts = [cells[ref].text if (ref := Ref(row, c)) in cells else "" for c in range(1, len(COLUMNS) + 1)]
        by_title = dict(zip(RESULTS.titles, texts, strict=True))
        by_title["说明"] = by_title["问题与说明"]
        table.append([title if row == head else by_title[title] for title in BEFORE])
    book.set_rows(RESULTS_SHEET, head, table)
    return book.to_bytes()


@pytest.mark.parametrize("is_ours", [True, False], ids=["our workbook", "somebody's"])
def test_columns_of_earlier_versions(is_ours: bool, book: Path, tmp_path: Path, run: Run) -> None:
    """They are found by their headings; a workbook of ours keeps its own, a list that was added has those of now."""
    head = HEAD if is_ours else 1
    path = (
        book
        if is_ours
        else as_workbook(NINGXIA.replace("10年 | 8年 | 24 |", "10年 | 8年 | 22 |"), tmp_path / "表.xlsx")
    )
    run("check", path, "--in-place")
    column = RESULTS.column("审核说明（请在此填写）")
    marked_book = Workbook.open(path)
    marked_book.write(RESULTS_SHEET, Ref(head + 1, column), "已与会计核对")
    path.write_bytes(as_before(marked_book.to_bytes(), head))
    old = [each.text for each in explanations_in(Workbook.open(path)) if each.text]
    assert set(old) == {"已与会计核对"}
    run("check", path, "--in-place")
    first = path.read_bytes()
    assert [each.text for each in explanations_in(Workbook.open(path)) if each.text] == old
    cells = Workbook.open(path).cells(RESULTS_SHEET)
    titles = [cells[ref].text for ref in sorted(cells) if ref.row == head]
    assert titles == list(BEFORE if is_ours else RESULTS.titles)
    run("check", path, "--in-place")
    assert path.read_bytes() == first


def test_what_must_be_read_is_in_sight() -> None:
    """At 1366 pixels and 100%: a character of 11 points is eight pixels wide, beside them are the numbers of rows."""
    assert sum(column.width + 1 for column in COLUMNS[:IN_SIGHT]) * 8 <= 1366 - 60
    assert [column.title for column in COLUMNS[:IN_SIGHT]] == [
        *("级别", "位置", "问题与说明", "填报数", "应为", "审核说明（请在此填写）", "状态")
    ]


# An item of more lines than a row can show


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """Sixty indicators with the same fault."""
    data: dict[str, Any] = copy.deepcopy(VALUES)
    row = data["indicators"][0] | {"target": "≥98", "actual": "95", "weight": "10", "score": "10"}
    data["indicators"] = [row | {"level3": f"指标{number}"} for number in range(60)]
    path = tmp_path / "many.xlsx"
    path.write_bytes(new_bytes(data))
    return path


def is_head(table: list[dict[str, str]], at: int) -> bool:
    return table[at]["级别"] != CONTINUED and table[at + 1]["级别"] == CONTINUED


def test_it_goes_on_in_the_next_row(many: Path) -> None:
    table = rows(marked(many))
    (own,) = (at for at in range(len(table) - 1) if is_head(table, at))
    parts = [table[own]]
    while table[own + len(parts)]["级别"] == CONTINUED:
        parts.append(table[own + len(parts)])
    assert len(parts) > 1
    assert all(len(part["问题与说明"].splitlines()) <= MOST_LINES for part in parts)
    assert {part["序号"] for part in parts} == {table[own]["序号"]}
    assert {part["状态"] for part in parts[1:]} == {""}
    said = [line for part in parts for line in part["问题与说明"].splitlines()][1:]
    assert [line.partition("）")[0] for line in said] == [f"（{number}" for number in range(1, len(said) + 1)]
    assert len([code for part in parts for code in part["代码"].splitlines()]) == len(said)


def test_an_explanation_of_it_holds_for_all_its_cells(many: Path) -> None:
    """Also where somebody sorted the rows the other way round."""
    form = marked(many)
    table = rows(form)
    (at,) = (at for at in range(len(table) - 1) if is_head(table, at))
    form.book.write(RESULTS_SHEET, Ref(HEAD + 1 + at, EXPLANATION + 1), "均按上年口径")
    form.book.save(many)
    form = open_form(many)
    cells = form.book.cells(RESULTS_SHEET)
    last = max(ref.row for ref in cells)
    turned = [
        [cells[ref].text if (ref := Ref(row, col)) in cells else "" for col in range(1, len(COLUMNS) + 1)]
        for row in range(last, HEAD, -1)
    ]
    form.book.set_rows(RESULTS_SHEET, HEAD + 1, turned)
    form.book.save(many)
    told = [each for each in explanations_in(open_form(many).book) if each.text]
    assert len(told) > MOST_LINES
    again = rows(marked(many))
    assert [row["序号"] for row in again if row["审核说明（请在此填写）"] == "均按上年口径"] == [table[at]["序号"]]
