"""Rows of the form inserted, deleted, copied, pasted and sorted by hand, in a window of a real Calc.

All sheets stay protected: protection must let happen what 填表说明 teaches, and nothing that breaks the form.
"""

from __future__ import annotations

from typing import Any

import openpyxl
import pytest

from tests.hosts.calc import Calc
from tests.workbooks import edited
from xlperf.form.record import Record
from xlperf.package import Area, Ref
from xlperf.workbook import actions

pytestmark = pytest.mark.libreoffice

INSERT, DELETE, COPY, PASTE, SORT = (
    f".uno:{name}" for name in ("InsertRowsBefore", "DeleteRows", "Copy", "Paste", "SortDescending")
)
# Where the demo has them.
HEADER, FIRST, LAST = 14, 15, 24  # 自评表: the table's header, its first row, the row of ……
SPECIAL = 17  # 基础数据表: the row for a special fund, blank; …… below it


class Rows(Calc):
    def do(self, name: str, *steps: tuple[str, ...]) -> None:
        """Each on the workbook as it was."""
        self.open(self.demo, hidden=False)
        for step in steps:
            self.step(*step)
        self.save(name)

    demo: bytes


@pytest.fixture(scope="module")
def calc(tmp_path_factory: pytest.TempPathFactory, beita_values: dict[str, Any]) -> Rows:
    calc = Rows(tmp_path_factory.mktemp("rows"))
    calc.demo = edited(beita_values, {"fill": True})
    calc.do("nothing")
    calc.do(
        "inserted",
        ("select", "自评表", f"A{FIRST + 1}"),
        ("press", INSERT),
        *(
            ("type", "自评表", f"{col}{FIRST + 1}", text)
            for col, text in zip("DEFGH", ("检查次数", "≥2", "2", "1", "1"), strict=True)
        ),
    )
    calc.do(
        "copied",
        ("select", "自评表", f"A{FIRST + 1}"),
        ("press", INSERT),
        ("select", "自评表", f"B{FIRST}:I{FIRST}"),
        ("press", COPY),
        ("select", "自评表", f"B{FIRST + 1}"),
        ("press", PASTE),
    )
    calc.do("placeholder", ("select", "自评表", f"A{LAST}"), ("press", INSERT))
    calc.do("deleted", ("select", "自评表", f"A{FIRST + 1}"), ("press", DELETE))
    calc.do("placeholder deleted", ("select", "自评表", f"A{LAST}"), ("press", DELETE))
    calc.do("sorted", ("select", "自评表", f"D{FIRST}:I{FIRST + 1}"), ("press", SORT))
    calc.do(
        "pasted",
        *(
            ("type", "基础数据表", f"{col}{SPECIAL}", text)
            for col, text in zip("ACEG", ("专项一", "10", "20", "21"), strict=True)
        ),
        ("select", "基础数据表", f"A{SPECIAL + 1}"),
        ("press", INSERT),
        ("select", "基础数据表", f"A{SPECIAL}:H{SPECIAL}"),
        ("press", COPY),
        ("select", "基础数据表", f"A{SPECIAL + 1}"),
        ("press", PASTE),
        *(
            ("type", "基础数据表", f"{col}{SPECIAL + 1}", text)
            for col, text in zip("ACEG", ("新专项", "1.25", "2.5", "2.25"), strict=True)
        ),
    )
    calc.do(
        "not pasted",
        ("select", "基础数据表", f"A{SPECIAL + 1}"),
        ("press", INSERT),
        *(
            ("type", "基础数据表", f"{col}{SPECIAL + 1}", text)
            for col, text in zip("ABCD", ("新专项", "1.25", "2.5", "2.25"), strict=True)
        ),
    )
    calc.do("special deleted", ("select", "基础数据表", f"A{SPECIAL + 1}"), ("press", DELETE))
    calc.do(
        "refused",
        *(step for row in (HEADER, LAST + 1, 6) for step in (("select", "自评表", f"A{row}"), ("press", DELETE))),
        ("select", "自评表", "E6"),
        ("press", COPY),
        ("select", "自评表", "I6"),
        ("press", PASTE),
        ("select", "自评表", f"B{FIRST}:I{LAST}"),  # over the merged levels, which a sort would tear apart
        ("press", SORT),
        ("type", "自评表", "I6", "9.99"),
        ("type", "自评表", f"H{LAST + 1}", "100"),
        ("type", "自评表", "E5", "别的"),
    )
    calc.run()
    return calc


def record(calc: Rows, name: str) -> Record:
    return actions.open_form(calc.saved(name), "自评.xlsx").record


def merges(calc: Rows, name: str, sheet: str) -> set[Area]:
    form = actions.open_form(calc.saved(name), "自评.xlsx")
    return set(form.book.merges(sheet))


def test_the_demo_has_its_rows_there(calc: Rows) -> None:
    form = actions.open_form(calc.saved("nothing"))
    assert form.binding.tables["indicators"].body == Area(FIRST, 2, LAST, 9)
    assert form.binding.tables["project_special"].body == Area(SPECIAL, 1, SPECIAL + 1, 8)


@pytest.mark.parametrize(
    ("name", "last"), [("inserted", LAST + 1), ("copied", LAST + 1), ("placeholder", LAST + 1), ("deleted", LAST - 1)]
)
def test_merged_label_grows_and_shrinks_with_the_rows(calc: Rows, name: str, last: int) -> None:
    tall = {area for area in merges(calc, name, "自评表") if area.left == 1 and area.top == HEADER}
    assert tall == {Area(HEADER, 1, last, 1)}


def test_inserted_row_is_one_of_the_table(calc: Rows) -> None:
    before, after = record(calc, "nothing"), record(calc, "inserted")
    assert after.row_counts["indicators"] == before.row_counts["indicators"] + 1
    assert after["indicators[1].level3"].text == "检查次数"
    assert after["indicators[1].level1"].text == before["indicators[0].level1"].text
    assert after["total_score"].number == (before["total_score"].number or 0) + 1


def test_copied_row_is_one_of_the_table(calc: Rows) -> None:
    before, after = record(calc, "nothing"), record(calc, "copied")
    assert after.row_counts["indicators"] == before.row_counts["indicators"] + 1
    for column in before.template.tables["indicators"].columns:
        stated = [after[f"indicators[{row}].{column}"] for row in (0, 1)]
        assert stated[0].text == stated[1].text == before[f"indicators[0].{column}"].text
    assert after["total_score"].number == (before["total_score"].number or 0) + (
        after["indicators[1].score"].number or 0
    )


def test_deleted_row_leaves_the_totals(calc: Rows) -> None:
    before, after = record(calc, "nothing"), record(calc, "deleted")
    gone = before["indicators[1].score"].number
    assert after.row_counts["indicators"] == before.row_counts["indicators"] - 1
    assert gone
    assert after["total_score"].number == (before["total_score"].number or 0) - gone


def test_placeholder_row_can_go(calc: Rows) -> None:
    form = actions.open_form(calc.saved("placeholder deleted"))
    assert form.binding.tables["indicators"].body == Area(FIRST, 2, LAST - 1, 9)
    assert form.record.stated == {
        key: cell._replace(at=form.record[key].at) for key, cell in record(calc, "nothing").stated.items()
    }


def test_pasted_row_is_merged_as_the_others(calc: Rows) -> None:
    wide = {area for area in merges(calc, "pasted", "基础数据表") if area.top == SPECIAL + 1}
    assert wide == {Area(SPECIAL + 1, col, SPECIAL + 1, col + 1) for col in (1, 3, 5, 7)}
    stated = record(calc, "pasted")
    rows = [
        [stated[f"project_special[{row}].{column}"].text for column in ("name", "prior_actual", "budget", "actual")]
        for row in (0, 1)
    ]
    assert rows == [["专项一", "10", "20", "21"], ["新专项", "1.25", "2.5", "2.25"]]
    report, _ = actions.check(actions.open_form(calc.saved("pasted")))
    assert "XLP703" not in {finding.code for finding in report.findings}


def test_figures_beside_their_columns_are_found(calc: Rows) -> None:
    """An inserted row is not merged; where the copy was forgotten, figures go from cell to cell."""
    report, _ = actions.check(actions.open_form(calc.saved("not pasted")))
    (found,) = (finding for finding in report.findings if finding.code == "XLP703")
    assert f"基础数据表!{SPECIAL + 1}:{SPECIAL + 1} 的 B、D 列有数 1.25、2.25" in found.message
    assert found.key == "project_prior_actual"


def test_special_fund_can_go(calc: Rows) -> None:
    form = actions.open_form(calc.saved("special deleted"))
    assert form.binding.tables["project_special"].body == Area(SPECIAL, 1, SPECIAL, 8)


def test_rows_can_be_sorted(calc: Rows) -> None:
    names = [record(calc, name)[f"indicators[{row}].level3"].text for name in ("nothing", "sorted") for row in (0, 1)]
    assert names[:2] != names[2:]
    assert set(names[:2]) == set(names[2:])


def test_form_and_derived_cells_stay_locked(calc: Rows) -> None:
    before, after = (openpyxl.load_workbook(calc.folder / f"{name}.xlsx") for name in ("nothing", "refused"))
    for sheet in before:
        assert after[sheet.title].dimensions == sheet.dimensions
        cells = {cell.coordinate: cell.value for row in sheet.iter_rows() for cell in row}
        assert {at: after[sheet.title][at].value for at in cells} == cells


def test_cells_are_where_this_test_types(calc: Rows) -> None:
    places = actions.open_form(calc.saved("nothing")).binding.fields
    assert places["execution_score"].ref == Ref(6, 9)
    assert places["total_score"].ref == Ref(LAST + 1, 8)
