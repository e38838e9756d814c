"""Where a row is inserted and which rows hold nothing, planned over blank forms and over changed ones."""

from __future__ import annotations

import pytest

from xlperf.errors import WorkbookError
from xlperf.form.template import INDICATORS, PROJECTS
from xlperf.hosts.rows import Insertion, insertion, placeholder_rows
from xlperf.package import Area, Ref
from xlperf.package.formulas import lengthened
from xlperf.workbook.actions import Form, new_workbook, open_form
from xlperf.workbook.binding import Place

GOALS = "项目绩效目标申报表"


def blank(template: str, writes: dict[str, str] | None = None) -> Form:
    """A blank form, with texts written at addresses such as 自评表!D15."""
    book = new_workbook({"template": template})
    for at, text in (writes or {}).items():
        sheet, _, ref = at.partition("!")
        book.write(sheet, Ref(int(ref[1:]), ord(ref[0]) - 64), text or None)
    return open_form(book.to_bytes(), "自评.xlsx")


def planned(form: Form, role: str, sheet: str, row: int) -> Insertion:
    return insertion(form.book, form.binding, role, Place(sheet, Ref(row, 4))).insertion


def test_dots_of_each_level_stay_the_last_of_it() -> None:
    form = blank("department_overall")
    assert planned(form, INDICATORS, "自评表", 17).row == 17, "above the …… that ends the level"
    assert planned(form, INDICATORS, "自评表", 15).row == 16
    assert planned(form, INDICATORS, "自评表", 18).row == 19, "the level begins in row 18"


def test_dots_in_which_a_level_begins_have_the_row_below_them() -> None:
    """A row above them would be one of the level before."""
    form = blank("department_overall", {"自评表!D18": "……"})
    assert planned(form, INDICATORS, "自评表", 18).row == 19


def test_a_level_grows_by_its_last_row_and_a_single_row_becomes_one_of_two() -> None:
    form = blank("department_overall", {"自评表!D17": "办件数"})
    new = planned(form, INDICATORS, "自评表", 17)
    assert new.row == 18
    assert (Area(15, 3, 17, 3), Area(15, 3, 18, 3)) in new.merged
    assert not [area for _, area in new.merged if area.left == 2], "Calc and Excel lead on what the row lies in"


def test_indicators_go_where_the_cursor_is() -> None:
    form = blank("goals")
    assert planned(form, INDICATORS, GOALS, 26).row == 26
    assert planned(form, INDICATORS, GOALS, 45).row == 45
    assert planned(form, INDICATORS, GOALS, 3).row == 61, "elsewhere: above the last …… of the form's own indicators"
    across = {area for _, area in planned(form, INDICATORS, GOALS, 45).merged}
    assert {Area(45, 4, 45, 5), Area(45, 7, 45, 8)} <= across


def test_a_form_without_special_funds() -> None:
    form = blank("goals")
    with pytest.raises(WorkbookError, match="没有可以增加行的专项资金表"):
        insertion(form.book, form.binding, PROJECTS, None)


def test_formulas_of_the_row_come_along() -> None:
    """Not those that read other rows."""
    book = new_workbook({})
    book.write("自评表", Ref(15, 4), "办件数")
    book.write("自评表", Ref(15, 8), None, formula="MIN(G15,5)")
    book.write("自评表", Ref(15, 9), None, formula="SUM(G15:G16)")
    form = open_form(book.to_bytes())
    assert planned(form, INDICATORS, "自评表", 15).formulas == {Ref(16, 8): "MIN(G16,5)"}


def test_rows_that_name_a_level_stay() -> None:
    form = blank("department_overall")
    dropped = placeholder_rows(form.book, form.binding)
    assert dropped.rows["自评表"] == (35, 33, 31, 29, 28, 26, 24, 22, 20, 19, 17, 16)
    assert dropped.rows["基础数据表"] == (17,), "the table keeps its row of ……"
    assert dropped.named == 9


def test_rows_in_which_something_is_written_stay() -> None:
    form = blank("department_overall", {"自评表!I16": "见附件", "自评表!D19": "网络安全"})
    assert {16, 19}.isdisjoint(placeholder_rows(form.book, form.binding).rows["自评表"])


@pytest.mark.parametrize(
    ("formula", "led"),
    [
        ("SUM(G6,G15:G24)", "SUM(G6,G15:G25)"),
        ("LOOKUP(ROW(自评表!$B$15:$B$24),自评表!B14:B24)", "LOOKUP(ROW(自评表!$B$15:$B$25),自评表!B14:B25)"),
        ("'自评表'!G15:G24&\"G15:G24\"", "'自评表'!G15:G25&\"G15:G24\""),
        ("SUM(G15:G23)", "SUM(G15:G23)"),
        ("SUM(G16:G24)", "SUM(G16:G24)"),
        ("SUM(J15:J24)", "SUM(J15:J24)"),
        ("SUM(另表!G15:G24)", "SUM(另表!G15:G24)"),
        ("G24", "G24"),
    ],
)
def test_areas_that_end_with_the_table_go_on(formula: str, led: str) -> None:
    assert lengthened(formula, "自评表", "自评表", Area(14, 2, 24, 9)) == led


def test_cells_of_an_only_row_go_on_where_they_stand_for_the_column() -> None:
    table = Area(16, 1, 17, 8)
    assert lengthened("SUM(C14,基础数据表!C17)", "勾稽关系", "基础数据表", table) == "SUM(C14,基础数据表!C17)"
    led = lengthened("SUM(C14,基础数据表!C17)", "勾稽关系", "基础数据表", table, cells=True)
    assert led == "SUM(C14,基础数据表!C17:C18)"
    new = Insertion("基础数据表", 18, Ref(18, 1), grown=table, own=("勾稽关系", "基础数据表"))
    assert new.led_on("基础数据表!C17", "我的", Ref(1, 1)) == "基础数据表!C17", "what a user's own sheet shows stays"
    assert new.led_on("SUM(C17,E17)", "基础数据表", Ref(17, 7)) == "SUM(C17,E17)", "and a formula of the row"
