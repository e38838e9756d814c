"""What 审核结果 shows: one line an item, long texts shortened, explanations kept beside what they explain."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

from tests.audit.test_localize import FORM
from tests.workbooks import new_bytes
from xlperf.package import Ref
from xlperf.workbook.actions import Form, check, mark, open_form
from xlperf.workbook.marks import COLUMNS, RESULTS_SHEET

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
    assert (own["级别"], own["位置"], own["应为"], own["状态"]) == ("错误", "收支情况!D13", "452.85", "待改正")
    lead, *said = own["说明"].splitlines()
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
    form.book.write(RESULTS_SHEET, Ref(place, len(COLUMNS) - 1), "已与会计核对")
    form.book.save(book)
    (lead,) = (row for row in rows(marked(book)) if row["问题"].startswith("同一原因"))
    assert lead["审核说明（请在此填写）"] == "已与会计核对"


def test_marking_twice_gives_the_same_file(book: Path) -> None:
    marked(book)
    first = book.read_bytes()
    marked(book)
    assert book.read_bytes() == first
