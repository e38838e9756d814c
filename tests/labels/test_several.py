"""Which tables of a document are forms of their own, and which belong together."""

from __future__ import annotations

import pytest

from tests.intake.drawn import document, table
from tests.intake.laid_out import NINGXIA, YUNNAN
from tests.labels.test_recognised import HUNAN, ROWS
from xlperf.errors import TemplateError
from xlperf.labels.blocks import Block, Document
from xlperf.labels.layouts import ANY, layouts
from xlperf.labels.recognised import Recognised, recognise
from xlperf.labels.several import recognise_all

SECOND = NINGXIA.replace("校舍维修", "食堂改造").replace("自评得分（总分） | 98", "自评得分（总分） | 92")
DEPARTMENT = """
    部门整体支出绩效自评表 | < | < | < | < | < | <
    部门名称 | 某县教育局 | < | < | < | < | <
    预算资金（万元） | | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 得分
    ^ | 年度资金总额 | 100 | 100 | 100 | 10 | 10
    一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分
    产出指标 | 数量指标 | 培训 | ≥10 | 12 | 90 | 90
    总分 | < | < | < | < | 100 | 100
"""


def sheet(drawn: str, title: str) -> Block:
    return table(drawn, f"工作表“{title}”")


def told(found: tuple[Recognised, ...]) -> list[tuple[str, str]]:
    """The kind of each form, and its project."""
    return [
        (form.template.id, form.entries["project_name"].value if "project_name" in form.entries else "")
        for form in found
    ]


def book(**sheets: str) -> Document:
    return document(*(sheet(drawn, title) for title, drawn in sheets.items()), name="表.xlsx")


def test_a_sheet_for_each_project() -> None:
    found = recognise_all(book(甲=NINGXIA, 乙=YUNNAN, 丙=SECOND))
    assert told(found) == [
        ("project_elsewhere", "校舍维修"),
        ("project_elsewhere", "困难学生生活补助"),
        ("project_elsewhere", "食堂改造"),
    ]
    alone = [recognise(book(**each)) for each in ({"甲": NINGXIA}, {"乙": YUNNAN}, {"丙": SECOND})]
    assert [(form.entries, form.left) for form in found] == [(form.entries, form.left) for form in alone]
    assert {entry.place.partition(" ")[2].partition("”")[0] for entry in found[2].entries.values()} == {"工作表“丙"}


def test_a_department_and_its_projects_in_the_order_of_the_sheets() -> None:
    found = recognise_all(book(项目=NINGXIA, 部门=DEPARTMENT, 项目二=SECOND))
    assert [kind.partition("_")[0] for kind, _ in told(found)] == ["project", "department", "project"]


def test_a_department_and_one_project() -> None:
    found = told(recognise_all(book(部门=DEPARTMENT, 项目=NINGXIA)))
    assert [(kind.partition("_")[0], name) for kind, name in found] == [("department", ""), ("project", "校舍维修")]


def test_two_projects_one_below_the_other() -> None:
    below = NINGXIA.rstrip() + "\n    项目支出绩效自评表 | < | < | < | < | < | <\n" + SECOND.lstrip("\n")
    found = recognise_all(book(甲=below))
    assert [name for _, name in told(found)] == ["校舍维修", "食堂改造"]
    assert found[1].entries["project_name"].place == "表.xlsx 工作表“甲” 第11行第2列"
    assert [form.entries["indicators[0].score"].value for form in found] == ["58", "58"]


def test_in_word_a_table_without_a_title_goes_on_with_the_one_before_it() -> None:
    """The head of the form is one table, its indicators the next."""
    head, _, indicators = NINGXIA.partition("    一级指标")
    head2, _, indicators2 = SECOND.partition("    一级指标")
    parts = [head, f"    一级指标{indicators}", head2, f"    一级指标{indicators2}"]
    found = recognise_all(document(*(table(part, f"表{number}") for number, part in enumerate(parts, 1))))
    assert [name for _, name in told(found)] == ["校舍维修", "食堂改造"]
    assert [len(form.entries) for form in found] == [len(recognise(document(table(NINGXIA))).entries)] * 2


def test_the_other_half_of_a_form_on_another_sheet_is_no_form() -> None:
    head, _, indicators = NINGXIA.partition("    一级指标")
    (form,) = recognise_all(book(概况=head, 指标=f"    一级指标{indicators}"))
    assert form.entries["project_name"].value == "校舍维修"
    assert form.entries["indicators[2].actual"].value == "92%"


def test_a_copy_of_another_year_is_left_out_and_listed() -> None:
    """The same project twice: the later of two years, and the other one told of."""
    titled = "    项目支出绩效自评表（{}年度） | < | < | < | < | < | <\n"
    this, last = (titled.format(year) + NINGXIA.lstrip("\n") for year in (2023, 2022))
    (form,) = recognise_all(book(本年=this, 上年=last))
    assert form.entries["year"].value == "2023"
    (left,) = form.left
    assert "写的是 2022 年，其他表是 2023 年" in left.reason


def test_what_is_of_no_form_is_listed_with_the_first() -> None:
    found = recognise_all(book(名单="姓名 | 电话\n甲 | 123", 甲=NINGXIA, 乙=SECOND))
    assert [name for _, name in told(found)] == ["校舍维修", "食堂改造"]
    assert [each.reason for each in found[0].left] == ["没有认出这是哪一张表"]


def test_a_list_of_projects_in_a_departments_form_makes_no_forms_of_it() -> None:
    listed = """
        项目名称 | 预算金额 | 执行金额
        校舍维修 | 64.8 | 64.8
        食堂改造 | 20 | 20
    """
    (form,) = recognise_all(book(自评表=f"{HUNAN.rstrip()}\n{ROWS.strip()}", 项目=listed))
    assert form.template.id == "department_overall"


PLANNED = """
    项目支出绩效目标申报表 | < | < | <
    项目名称 | 新建图书馆 | < | <
    立项依据 | 某文件 | < | <
    一级指标 | 二级指标 | 三级指标 | 指标值
    产出指标 | 数量指标 | 面积 | ≥100㎡
"""


def test_another_form_of_the_season_beside_them_is_listed_and_keeps_none_from_being_read() -> None:
    found = recognise_all(book(目标=PLANNED, 甲=NINGXIA, 乙=SECOND))
    assert [name for _, name in told(found)] == ["校舍维修", "食堂改造"]
    (left,) = found[0].left
    assert (left.place, left.reason) == ("表.xlsx 工作表“目标”", "不是绩效自评表，没有审核")
    for alone in (book(目标=PLANNED), book(目标=PLANNED, 说明="填表说明 | 一个项目一张表")):
        with pytest.raises(TemplateError, match="这是项目支出绩效目标（申报）表，不是绩效自评表"):
            recognise_all(alone)


def test_a_layout_is_that_of_the_forms_of_its_kind() -> None:
    layout = next(each for each in layouts() if each.form == "project_elsewhere")
    found = recognise_all(book(部门=DEPARTMENT, 甲=NINGXIA, 乙=SECOND), layout.id)
    assert [form.template.layout == layout.id for form in found] == [False, True, True]
    found = recognise_all(book(部门=DEPARTMENT, 甲=NINGXIA, 乙=SECOND), ANY)
    assert [form.template.layout for form in found] == ["", "", ""]


def test_the_name_behind_its_colon() -> None:
    said = NINGXIA.replace("项目名称 | 校舍维修 | < | <", "项目名称：校舍维修 | < | < | <")
    found = recognise_all(book(甲=said, 乙=SECOND))
    assert [name for _, name in told(found)] == ["校舍维修", "食堂改造"]
