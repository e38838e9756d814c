"""The form's tables: every figure in its key, and what must not be taken for one."""

from __future__ import annotations

import json

import pytest

from tests.intake.drawn import document, table
from tests.places import GOLDEN
from xlperf.form.template import Template
from xlperf.labels.blocks import Block
from xlperf.labels.reading import Entry, Reading
from xlperf.labels.tables import read_tables

COLUMNS = ("prior_actual", "budget", "actual")
GOLDEN = GOLDEN / "hunan_2018.json"

HUNAN_2018 = """
    财政供养人员情况 | < | 编制数 | 2018年实际在职人数 | 控制率
    ^ | ^ | 143 | 136 | 95.10%
    经费控制情况 | < | 2017年决算数 | 2018年预算数 | 2018年决算数
    三公经费 | < | 29.08 | 63.46 | 44.29
    1、公务用车购置和维护经费 | < | 11.86 | 41.46 | 39.30
    其中: | 公车购置 | | 29.46 | 29.46
    ^ | 公车运行维护 | 11.86 | 12 | 9.84
    2、出国经费 | < | | |
    3、公务接待 | < | 17.22 | 22 | 4.99
    项目支出: 1、业务工作专项 | < | 938.8 | 320 | 689.16
    2、运行维护专项 | < | | |
    公用经费 其中:办公经费 | < | 14.44 | 10 | 0.68
    水费、电费、差旅费 | < | 17.92 | 7.50. | 25.36
    会议费、培训费 | < | 0 | 0.8 | 0
    政府采购金额 | < | 16.14 | 30.66 | 30.66
    部门整体支出预算调整 | < | — | 1922.76 | 2690.62
"""

SELF_EVALUATION = """
    预算单位名称 | < | < | 某某市某局 | < | < | < | < | <
    年度预／算申请／（万元） | | < | 年初／预算数 | 全年预算数 | 全年／执行数 | 分值 | 执行率 | 得分
    ^ | 年度资金总额 | < | 128.90 | 251.06 | 250.06 | 10 | 99.6% | 9.96
    ^ | 按收入性质分： | < | < | < | 按支出性质分： | < | < | <
    ^ | 其中： 一般公共预算：251.06 | < | < | < | 其中：基本支出：213.62 | < | < | <
    ^ | 政府性基金拨款： | < | < | < | 项目支出：37.44 | < | < | <
    ^ | 纳入专户管理的非税收入拨款：3万元 | < | < | < | | < | < | <
    ^ | 其他资金： | < | < | < | | < | < | <
    年度总／体目标 | 预期目标 | < | < | < | 实际完成情况 | < | < | <
    ^ | 一是甲。／二是乙。 | < | < | < | 已完成。 | < | < | <
    绩／效／指／标 | 一级指标 | 二级指标 | 三级指标 | 年度／指标值 | 实际／完成值 | 分值 | 得分 | 偏差／原因分析
    ^ | 产出指标／（50分） | 数量／指标 | 指标1：检查 | ≥1次 | １次 | 25 | 25 |
    ^ | ^ | ^ | …… | | | | |
    ^ | ^ | 质量指标 | 回复率 | 100% | 90% | 25 | 22.5 | 人手不足。／已补。
    ^ | 效益指标（30分） | 经济效益指标 | | | | | |
    ^ | ^ | 社会效益指标 | 知晓率 | ≥98% | 98% | 30 | 30 |
    ^ | 满意度指标（10分） | 服务对象满意度指标 | 满意度 | ≥95% | 96% | 10 | 10 |
    总分 | < | < | < | < | < | 100 | 97.46 |
    自评等级 | < | < | < | < | < | 优 | < | <
    填表人：张三 | < | < | 填报日期：2024年7月30日 | < | < | 联系电话：（略） | < | <
"""

FINANCE = """
    项　　目 | 上年数／（2022年） | 年初预算数／（2023年） | 本年数／（2023年） | 增减额 | 增长率 | 变动原因
    收入合计 | 162.49 | 213.62 | 251.06 | 88.57 | 54.51% | 本年度预算收入增加
    一般公共预算财政拨款收入 | 162.49 | 213.62 | 251.06 | 88.57 | 54.51% |
    支出合计 | 162.49 | 213.62 | 251.06 | 88.57 | 54.51% | 预算增加
    基本支出 | 162.49 | 213.62 | 213.62 | 51.13 | 31.47% |
    人员经费 | 73.19 | | 109.33 | 36.14 | 22.24% |
    公用经费 | 89.30 | | 104.29 | 14.99 | 16.79% |
    项目支出 | 0 | | 37.44 | 37.44 | —— |
    结转与预算调整 | < | < | < | < | < | <
    年初结转和结余 | 5 | 预算调整额（全年预算数－年初预算数） | < | < | < | 122.16
    年末结转和结余 | 6 | 预算调整率（预算调整额÷年初预算数） | < | < | < | 94.77%
"""

STAFF_ROWS = """
财政供养人员情况 | 编制数 | 实际在职人数 | 控制率
^ | 22 | 21 | 95.45%
"""


def read(*blocks: str | Block, template: Template) -> Reading:
    return read_tables(document(*blocks), template)


def values(reading: Reading) -> dict[str, str]:
    return {entry.key: entry.value for entry in reading.entries}


def entry(reading: Reading, key: str) -> Entry:
    (found,) = (each for each in reading.entries if each.key == key)
    return found


def test_hunan_2018(template: Template) -> None:
    """The older form: 专项 for 经费, label cells over two columns, a heading and its first line in one cell."""
    golden = json.loads(GOLDEN.read_text("utf-8"))
    reading = read(table(HUNAN_2018), template=template)
    assert values(reading) == golden["fields"] | {"year": str(golden["year"])}
    assert reading.left == ()


def test_hunan_2018_what_a_person_should_see(template: Template) -> None:
    reading = read(table(HUNAN_2018), template=template)
    unsure = {each.key for each in reading.entries if not each.sure}
    joined = {f"{row}_{column}" for row in ("project_business", "operating_office") for column in COLUMNS}
    assert unsure == {"operating_utilities_travel_budget"} | joined
    assert entry(reading, "operating_utilities_travel_budget").note == "不是数字，照原文填入"


def test_self_evaluation(template: Template) -> None:
    reading = read(table(SELF_EVALUATION), template=template)
    found = values(reading)
    rows = {key: found.pop(key) for key in list(found) if key.startswith("indicators")}
    assert found == {
        "unit_name": "某某市某局",
        "opening_budget": "128.90",
        "annual_budget": "251.06",
        "annual_spent": "250.06",
        "execution_weight": "10",
        "execution_rate": "99.6%",
        "execution_score": "9.96",
        "source_general_budget": "251.06",
        "source_special_account": "3",
        "nature_basic": "213.62",
        "nature_project": "37.44",
        "goal_expected": "一是甲。\n二是乙。",
        "goal_actual": "已完成。",
        "total_weight": "100",
        "total_score": "97.46",
        "grade": "优",
        "preparer": "张三",
        "filled_on": "2024年7月30日",
        "phone": "（略）",
    }
    assert [[value for key, value in rows.items() if key.startswith(f"indicators[{n}]")] for n in range(4)] == [
        ["产出指标（50分）", "数量指标", "检查", "≥1次", "１次", "25", "25"],
        ["产出指标（50分）", "质量指标", "回复率", "100%", "90%", "25", "22.5", "人手不足。\n已补。"],
        ["效益指标（30分）", "社会效益指标", "知晓率", "≥98%", "98%", "30", "30"],
        ["满意度指标（10分）", "服务对象满意度指标", "满意度", "≥95%", "96%", "10", "10"],
    ]
    assert reading.left == ()


def test_layout_with_funds_below_the_total(template: Template) -> None:
    """其中 rows repeat the points and have no cells: their figures are listed, the total is the total's."""
    reading = read(
        table("""
            年度资金（万元） | | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分
            ^ | 年度资金总额 | 100 | 120 | 108 | 10 | 90% | 9
            ^ | 其中：当年财政拨款 | 90 | 110 | 100 | 10 | 90.91% | 9
            ^ | 上年结转资金 | | | | 10 | | 10
            ^ | 其他资金 | 10 | 10 | 8 | － | 80% | －
        """),
        template=template,
    )
    assert values(reading) == {
        "opening_budget": "100",
        "annual_budget": "120",
        "annual_spent": "108",
        "execution_weight": "10",
        "execution_rate": "90%",
        "execution_score": "9",
    }
    assert [passage.text.split("　")[0] for passage in reading.left] == ["其中：当年财政拨款", "其他资金"]


def test_sources_in_cells_of_their_own(template: Template) -> None:
    drawn = table("""
        年度预算申请（元） | | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分
        ^ | 年度资金总额 | 1000000 | 1000000 | 1000000 | 10 | 100% | 10
        ^ | 按收入性质分： | < | < | 按支出性质分： | < | < | <
        ^ | 其中：一般公共预算： | | 900,000.50 | 其中：基本支出： | | | 600000
        ^ | 政府性基金拨款： | | | 项目支出： | | | 400000
        ^ | 其他资金： | | 99999.50 | | | |
    """)
    found = values(read(drawn, template=template))
    assert {key: found[key] for key in found if key.startswith(("source", "nature"))} == {
        "source_general_budget": "90.00005",
        "source_other": "9.99995",
        "nature_basic": "60",
        "nature_project": "40",
    }


def test_finance(template: Template) -> None:
    reading = read(table(FINANCE), template=template)
    found = values(reading)
    assert found["income_total_prior"] == "162.49"
    assert found["expenditure_total_reason"] == "预算增加"
    assert (found["personnel_growth_rate"], found["project_spending_growth_rate"]) == ("22.24%", "——")
    assert (found["public_current"], found["basic_opening"]) == ("104.29", "213.62")
    assert (found["carryover_opening"], found["carryover_closing"]) == ("5", "6")
    assert (found["budget_change"], found["budget_adjustment_rate"], found["year"]) == ("122.16", "94.77%", "2023")
    assert len(found) == 6 + 5 + 6 + 5 + 4 + 4 + 4 + len(("carryovers", "changes")) * 2 + len(("year",))
    assert reading.left == ()


# Units


@pytest.mark.parametrize(
    ("unit", "written", "stored"),
    [
        ("单位：元", "2510600", "251.06"),
        ("单位：元", "2,510,600.05", "251.060005"),
        ("单位：元", "0", "0"),
        ("单位：亿元", "0.025106", "251.06"),
        ("单位：千元", "2510.6", "251.06"),
        ("单位：万元", "251.060", "251.060"),
        ("单位：万元", " ２５１.０６　", "251.06"),
        ("", "251.06", "251.06"),
        ("单位：万元", "2510600元", "251.06"),
        ("单位：元", "251.06万元", "251.06"),
        ("单位：元", "——", "——"),
        ("单位：元", "7.50.", "7.50."),
    ],
)
def test_amounts_become_ten_thousands(unit: str, written: str, stored: str, template: Template) -> None:
    drawn = table(f"""
        经费控制情况 | 2022年决算数 | 2023年预算数 | 2023年决算数
        三公经费 | {written} | |
        公务接待 | | |
    """)
    found = entry(read(unit, drawn, template=template), "sangong_prior_actual")
    assert found.value == stored
    assert found.sure is (written != "7.50.")
    assert ("已换算成万元" in found.note) is (stored not in written.replace("２５１.０６", "251.06") or written == "0")


def test_the_unit_of_one_table_is_not_the_next_ones(template: Template) -> None:
    drawn = """
        编制数 | 实际在职人数 | 控制率
        8 | 8 | 100%
        经费控制情况 | 2023年预算数 | 2023年决算数
        三公经费 | {0} | {0}
        公务接待 | {0} | {0}
    """
    first, second = table(drawn.format("10000")), table(drawn.format("1"), place="表2")
    found = [e.value for e in read("单位：元", first, second, template=template).entries if e.key == "sangong_budget"]
    assert found == ["1", "1"]


# Special projects


def test_special_projects(template: Template) -> None:
    reading = read(
        table("""
            经费控制情况 | 2022年决算数 | 2023年预算数 | 2023年决算数
            项目支出： | 1 | 42 | 37.44
            1、业务工作经费 | | |
            3、市级专项资金／（一个专项一行） | | |
            应急指挥中心 | 1 | 30 | 27.44
            （2）网络安全专项 | | 12 | 10
            …… | | |
             | | |
            4、其他事业类发展资金 | | | 0.5
            …… | | |
            公用经费 | 3 | 3 | 3
        """),
        template=template,
    )
    found = values(reading)
    assert [
        found[f"project_special[{n}].{c}"] for n, c in ((0, "name"), (0, "budget"), (1, "name"), (1, "actual"))
    ] == [
        "应急指挥中心",
        "30",
        "（2）网络安全专项",
        "10",
    ]
    assert "project_special[2].name" not in found
    assert (found["project_other_actual"], found["operating_budget"]) == ("0.5", "3")
    assert reading.left == ()


def test_a_figure_in_the_heading_of_the_projects_is_listed(template: Template) -> None:
    reading = read(
        table("""
            经费控制情况 | 2023年预算数 | 2023年决算数
            项目支出 | 42 | 37
            3、市级专项资金 | 42 | 37
            公用经费 | 1 | 1
        """),
        template=template,
    )
    assert not any(key.startswith("project_special") for key in values(reading))
    assert [passage.text for passage in reading.left] == ["42　37"]


# What is not known is listed, and goes nowhere


def test_unknown_rows_and_columns(template: Template) -> None:
    reading = read(
        table("""
            经费控制情况 | 2022年决算数 | 2022年预算数 | 2023年预算数 | 2023年决算数 | 完成率
            三公经费 | 1 | 77 | 2 | 3 | 66%
            公务接待 | 1 | 78 | 2 | 3 | 67%
            印刷费 | 8 | 8 | 8 | 8 | 8%
        """),
        template=template,
    )
    assert set(values(reading).values()) == {"1", "2", "3", "2023"}
    assert [(passage.text, passage.reason) for passage in reading.left] == [
        ("印刷费　8　8　8　8　8%", "没有认出“印刷费”这一行"),
        ("2022年预算数　77　78", "没有认出“2022年预算数”这一列"),
        ("完成率　66%　67%", "没有认出“完成率”这一列"),
    ]


def test_columns_of_another_table_of_the_form(template: Template) -> None:
    """基础数据表 has no 增减额: what stands below it is neither a figure of its nor a label."""
    reading = read(
        table("""
            经费控制情况 | 2022年决算数 | 2023年决算数 | 增减额 | 得分
            三公经费 | 1 | 3 | 2 | 55
            公务接待 | 1 | 3 | 2 | 56
        """),
        template=template,
    )
    assert set(values(reading).values()) == {"1", "3", "2023"}
    assert [passage.text for passage in reading.left] == ["增减额　2　2", "得分　55　56"]


def test_two_columns_of_one_name_are_not_told_apart(template: Template) -> None:
    """2022年 was typed twice: neither column is certain, and neither is taken."""
    reading = read(
        table("""
            经费控制情况 | 2022年预算数 | 2022年决算数 | 2022年决算数 | 上年决算数
            三公经费 | 1 | 2 | 3 | 4
            公务接待 | 1 | 2 | 3 | 4
        """),
        template=template,
    )
    assert values(reading) == {
        "year": "2022",
        "sangong_budget": "1",
        "sangong_prior_actual": "4",
        "reception_budget": "1",
        "reception_prior_actual": "4",
    }
    assert len(reading.left) == 2


def test_figures_of_two_lines_are_not_guessed(template: Template) -> None:
    reading = read(
        table("""
            经费控制情况 | 2023年预算数 | 2023年决算数
            项目支出：／1、业务工作经费 | 42／20 | 37
            三公经费 | 1 | 1
            公用经费 | 1 | 1
        """),
        template=template,
    )
    assert "project_business_budget" not in values(reading)
    assert [passage.text for passage in reading.left] == ["42 20"]


def test_indicator_columns_that_the_form_lacks(template: Template) -> None:
    reading = read(
        table("""
            一级指标 | 二级指标 | 三级指标 | 指标解释 | 年度指标值 | 实际完成值 | 分值 | 得分
            产出指标 | 数量指标 | 检查 | 查几次 | ≥1 | 1 | 50 | 50
            ^ | ^ | 小计 | | | | 50 | 50
            总分 | < | < | < | < | < | 50 | 50
        """),
        template=template,
    )
    assert values(reading)["indicators[0].target"] == "≥1"
    assert "indicators[1].level3" not in values(reading)
    assert [passage.reason for passage in reading.left] == ["小计由各指标算出，没有格子", "“指标解释”在表里没有格子"]


def test_points_in_a_merged_cell_are_the_first_row_s(template: Template) -> None:
    reading = read(
        table("""
            一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分
            产出指标 | 数量指标 | 甲 | ≥1 | 1 | 10 | 10
            ^ | ^ | 乙 | ≥2 | 2 | ^ | ^
        """),
        template=template,
    )
    found = values(reading)
    assert (found["indicators[0].weight"], found["indicators[1].level3"]) == ("10", "乙")
    assert "indicators[1].weight" not in found
    assert not entry(reading, "indicators[0].weight").sure


def test_a_row_that_lost_its_cells_is_listed(template: Template) -> None:
    """In a flattened table the row's place of a cell says nothing any more."""
    rows = [
        ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因"],
        ["产出指标", "数量指标", "甲", "≥1", "1", "10", "10", ""],
        ["乙", "≥2", "2", "10", "10", ""],
        ["总分", "20", "20", ""],
    ]
    reading = read(table(rows), template=template)
    found = values(reading)
    assert "indicators[1].level1" not in found
    assert [passage.text for passage in reading.left] == ["乙　≥2　2　10　10"]
    assert (found["total_weight"], found["total_score"]) == ("20", "20")


def test_building_with_its_year_and_unit(template: Template) -> None:
    reading = read(
        table("""
            楼堂馆所（2023年完工） | 批复规模／（㎡） | 实际规模 | 规模控制率 | 预算投资（元） | 实际投资 | 投资控制率
            ^ | 1000 | 990 | 99% | 5000000 | 490 | 98%
            ^ | 2000 | 1 | 1% | 1 | 1 | 1%
        """),
        template=template,
    )
    assert values(reading) == {
        "building_year": "2023",
        "building_area_approved": "1000",
        "building_area_actual": "990",
        "building_area_control_rate": "99%",
        "building_investment_approved": "500",
        "building_investment_actual": "490",
        "building_investment_control_rate": "98%",
    }
    assert [passage.reason for passage in reading.left] == ["这张表只能填一行，没有认出这一行"]


def test_staff_beside_their_labels(template: Template) -> None:
    reading = read(table("编制数 | 143 | 2018年实际在职人数 | 136人 | 控制率（%） | 95.10"), template=template)
    found = values(reading)
    assert (found["staff_quota"], found["staff_actual"], found["staff_control_rate"]) == ("143", "136", "95.10%")


# Tables of something else

FOREIGN = {
    "wages": """
        序号 | 姓名 | 岗位 | 基本工资 | 合计
        1 | 张三 | 科员 | 3000 | 5000
        2 | 李四 | 科长 | 4000 | 7000
    """,
    "contents": """
        目录 | 页码
        一、部门、单位基本情况 | 1
        附件 | 9
    """,
    "contacts": """
        单位名称 | 填表人 | 联系电话 | 填报日期
        某局 | 张三 | 0739-1234567 | 2024年7月30日
        某委 | 李四 | 0739-7654321 | 2024年7月31日
    """,
    "contacts in pairs": """
        姓名 | 张三 | 联系电话 | 0739-1234567
        姓名 | 李四 | 联系电话 | 0739-7654321
    """,
    "a list of names and dates": """
        填表人 | 张三
        填报日期 | 2024年7月30日
    """,
    "accounts": """
        科目 | 2022年决算数 | 2023年预算数 | 2023年决算数
        一般公共服务支出 | 100 | 110 | 120
        公共安全支出 | 1 | 2 | 3
    """,
    "points of something else": """
        考核项目 | 分值 | 得分 | 备注
        出勤 | 10 | 10 |
        总分 | 100 | 98 |
    """,
    "one row in common": """
        科目 | 2022年决算数 | 2023年预算数 | 2023年决算数
        项目支出 | 100 | 110 | 120
    """,
    "procurement": """
        品目 | 数量 | 预算数 | 金额
        电脑 | 10 | 5 | 4.8
    """,
}


@pytest.mark.parametrize("drawn", FOREIGN.values(), ids=FOREIGN)
def test_tables_of_something_else_give_one_passage(drawn: str, template: Template) -> None:
    reading = read(table(drawn), template=template)
    assert reading.entries == ()
    assert [passage.reason for passage in reading.left] == ["没有认出这是哪一张表"]


def test_no_table(template: Template) -> None:
    assert read("一段文字。", template=template) == Reading()
    assert read(table([["", ""], ["", ""]]), template=template) == Reading()


# Labels with their value behind a colon


def test_values_behind_colons_and_beside(template: Template) -> None:
    """A label whose value is no letter or figure is not mistaken for one without a value."""
    reading = read(
        table("""
            编制数 | 实际在职人数 | 控制率
            8 | 8 | 100%
            厉行节约保障措施：严格审批。 | | 自评等级：优
            填报单位：某局 | 单位：元 |
            填表人：××× | 填报日期：2024年7月30日 | 审核人：李四　联系电话：（略）
        """),
        template=template,
    )
    found = values(reading)
    keys = ("thrift_measures", "grade", "base_unit_name", "preparer", "filled_on", "phone")
    assert [found[key] for key in keys] == ["严格审批。", "优", "某局", "×××", "2024年7月30日", "（略）"]
    assert [passage.text for passage in reading.left] == ["审核人：李四"]


def test_a_source_that_does_not_apply(template: Template) -> None:
    drawn = table("""
        年度预算申请 | | 年初预算数 | 全年预算数 | 全年执行数 | 得分
        ^ | 年度资金总额 | 1 | 1 | 1 | 10
        ^ | 按收入性质分： | < | 按支出性质分： | < | <
        ^ | 其中：一般公共预算：1 | < | 其中：基本支出：1 | < | <
        ^ | 政府性基金拨款：—— | < | 项目支出：见附表 | < | <
    """)
    reading = read(drawn, template=template)
    assert values(reading)["source_government_fund"] == "——"
    assert "nature_project" not in values(reading)
    assert [passage.text for passage in reading.left] == ["项目支出：见附表"]


def test_a_table_of_signatures(template: Template) -> None:
    reading = read(table("填表人 | 张三 | 填报日期 | 2024年7月30日 | 联系电话 |"), template=template)
    assert values(reading) == {"preparer": "张三", "filled_on": "2024年7月30日"}


@pytest.mark.parametrize(
    ("prior", "budget", "actual"),
    [
        ("上年度决算", "本年度预算", "本年度决算"),
        ("上一年度决算数", "当年预算数", "当年决算数"),
        ("去年决算", "年度预算", "年度决算"),
    ],
)
def test_years_by_words_alone(prior: str, budget: str, actual: str, template: Template) -> None:
    drawn = table(f"""
        经费控制情况 | {prior} | {budget} | {actual}
        公务接待 | 3 | 2 | 1
        公用经费 | 6 | 5 | 4
    """)
    found = values(read(drawn, template=template))
    assert [found[f"reception_{column}"] for column in COLUMNS] == ["3", "2", "1"]


@pytest.mark.parametrize(
    "title", ["（二〇二三年度）", "二○二三年度部门整体支出绩效自评表", "2023年度部门整体支出绩效自评表"]
)
def test_the_year_of_a_title_in_words(title: str, template: Template) -> None:
    reading = read(table(f"{title} | < | < | <\n{STAFF_ROWS}"), template=template)
    assert (values(reading)["year"], reading.left) == ("2023", ())


def test_no_heading_says_what_a_line_across_the_table_is(template: Template) -> None:
    drawn = table("""
        经费控制情况 | 不知道的 | 2023年预算数 | 2023年决算数
        公务接待 | | 2 | 1
        公用经费 | | 5 | 4
        说明：项目支出要填全部项目。 | < | < | <
    """)
    left = read(drawn, template=template).left
    assert [(each.text, each.reason) for each in left if "说明" in each.text] == [
        ("说明：项目支出要填全部项目。", "这一行没有名称")
    ]


@pytest.mark.parametrize(
    "line",
    [
        "附件3",
        "附件3-1",
        "附表五",
        "公开14表",
        "续表",
        "部门整体支出绩效自评表（项目一）",
        "部门整体支出绩效评价指标评分表",
        "部门整体支出绩效自评表（2023年度）（样表）",
    ],
)
def test_a_line_that_numbers_or_names_the_form(line: str, template: Template) -> None:
    assert read(table(f"{line} | < | < | <\n{STAFF_ROWS}"), template=template).left == ()


FIRST_PAGE = """
    一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分
    产出指标 | 数量指标 | 甲 | ≥1次 | 1次 | 40 | 40
    ^ | 质量指标 | 乙 | ≥90% | 92% | 20 | 20
"""
NEXT_PAGE = """
    | 时效指标 | 丙 | 6月前 | 5月 | 10 | 10
    效益指标 | 社会效益指标 | 丁 | ≥5% | 6% | 30 | 30
    总分 | < | < | < | < | 100 | 100
"""


@pytest.mark.parametrize("between", [(), ("（续）",), ("续表",)])
def test_a_table_that_goes_on_behind_a_page_break(between: tuple[str, ...], template: Template) -> None:
    """It has no headings of its own, but as many columns; the level above its first row is that of the page before."""
    reading = read(table(FIRST_PAGE), *between, table(NEXT_PAGE, "表2"), template=template)
    found = values(reading)
    assert [found[f"indicators[{n}].level3"] for n in range(4)] == ["甲", "乙", "丙", "丁"]
    assert [found[f"indicators[{n}].level1"] for n in range(4)] == ["产出指标", "产出指标", "产出指标", "效益指标"]
    assert (found["indicators[3].score"], found["total_score"]) == ("30", "100")
    assert entry(reading, "indicators[2].score").place.endswith("表2 第1行第7列")
    assert reading.left == ()


@pytest.mark.parametrize(
    "after",
    [
        (table("科室 | 姓名 | 电话\n办公室 | 张三 | 123", "表2"),),  # another table
        (table("产出指标 | 甲 | 1 | 1 | 10 | 10", "表2"),),  # fewer columns
        ("2023年度项目支出绩效自评表", table(NEXT_PAGE, "表2")),  # below a title of its own
        (table("总分 | < | < | < | < | 60 | 60", "表2"), table(NEXT_PAGE, "表3")),  # the total ends it
    ],
)
def test_what_is_no_page_of_the_table_before(after: tuple[str | Block, ...], template: Template) -> None:
    found = values(read(table(FIRST_PAGE), *after, template=template))
    assert "indicators[1].level3" in found
    assert "indicators[2].level3" not in found
