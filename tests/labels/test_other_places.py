"""Self-evaluations as other places lay them out: headings by their words, no layout described anywhere."""

from __future__ import annotations

import pytest

from tests.intake.drawn import document, table
from xlperf.audit.run import audit
from xlperf.checks.rule import Severity
from xlperf.form.forms import load_template
from xlperf.form.template import Template
from xlperf.labels.reading import Reading
from xlperf.labels.recognised import recognise, record_of
from xlperf.labels.tables import read_tables

PROJECT = load_template("project_spending")


MONEY_OF_TWO = """
年度预算申请 | 年初预算数 | 全年预算数 | 全年执行数
年度资金总额 | 100 | 100 | 100
"""


def read(drawn: str, template: Template = PROJECT) -> Reading:
    return read_tables(document("2022年度项目支出绩效自评表", table(drawn)), template)


def values(reading: Reading) -> dict[str, str]:
    return {entry.key: entry.value for entry in reading.entries if entry.key != "year"}


def row(reading: Reading, index: int = 0) -> dict[str, str]:
    """An indicator without its levels."""
    start = f"indicators[{index}]."
    found = {key.removeprefix(start): value for key, value in values(reading).items() if key.startswith(start)}
    return {column: value for column, value in found.items() if not column.startswith("level") or column == "level3"}


def test_header_of_two_rows_and_a_target_in_three_columns() -> None:
    """Yunnan, in 元: no sign, unit or % may vanish, no digit of the money either."""
    reading = read("""
        项目资金（元） | < | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分 | < | <
        ^ | 年度资金总额 | | 387664.62 | 387664.62 | 10 | 100% | 10 | < | <
        ^ | 其中：当年财政拨款 | | 387664.62 | 387664.62 | — | | — | < | <
        绩效指标 | 一级指标 | 二级指标 | 三级指标 | 年度指标值 | < | < | 实际完成值 | 分值 | 得分
        ^ | ^ | ^ | ^ | 指标性质 | 指标值 | 度量单位 | ^ | ^ | ^
        ^ | 产出指标 | 数量指标 | 补助人次 | ≧ | 735 | 人次 | 735 | 10 | 10
        ^ | ^ | 质量指标 | 兑现率 | ═ | 100 | % | 100% | 10 | 10
        ^ | 效益指标 | 社会效益指标 | 生活改善 | 定性 | 有效 | | 有效 | 10 | 7
        总分 | < | < | < | < | < | < | < | 96（优） | <
    """)
    assert values(reading)["annual_budget"] == "38.766462"
    assert [row(reading, n)["target"] for n in range(3)] == ["≧735人次", "═100%", "有效"]
    assert values(reading)["indicators[2].level1"] == "效益指标"
    assert (values(reading)["total_score"], values(reading)["grade"]) == ("96", "优")
    assert values(reading)["funding[0].annual_spent"] == "38.766462"
    qualitative = next(entry for entry in reading.entries if entry.key == "indicators[2].target")
    assert qualitative.note == "指标性质：定性"
    assert reading.left == ()


def test_weights_in_the_headings_and_no_column_of_them() -> None:
    """Hubei: 20 points in the title of the block; the form has no 分值."""
    reading = read("""
        预算执行情况（万元）（20分） | | 预算数（A） | 执行数（B） | 执行率（B/A） | 得分（20分×执行率）
        ^ | 年度财政资金总额（万元） | 1.56 | 1.56 | 1 | 20
        一级指标 | 二级指标 | 三级指标 | 年初目标值（A） | 实际完成值（B） | 得分
        产出指标 | 数量指标 | 办理数 | ≥1 | 1 | 20
        总分 | < | < | < | < | 100
    """)
    found = values(reading)
    assert (found["annual_budget"], found["annual_spent"], found["execution_weight"]) == ("1.56", "1.56", "20")
    assert "opening_budget" not in found
    assert row(reading) == {"level3": "办理数", "target": "≥1", "actual": "1", "score": "20"}
    assert found["total_score"] == "100"


def test_a_target_that_was_adjusted_counts_and_the_other_is_listed() -> None:
    """Chongqing: a flat list; 97.6 stands beside its label in the row of headings."""
    reading = read("""
        自评总分（分） | 97.6 | 年初预算数 | 全年（调整）预算数 | 全年执行数 | 执行率（%） | 执行率权重 | 执行率得分
        年度总金额 | < | 100 | 90 | 68.4 | 76 | 10 | 7.6
        指标名称 | 计量单位 | 指标性质 | 年初指标值 | 调整指标值 | 全年完成值 | 指标权重 | 指标得分
        甲 | % | ≤ | 90 | 100 | 92 | 5 | 5
        乙 | 次 | ≥ | 6 | | 6 | 5 | 5
    """)
    assert (values(reading)["total_score"], values(reading)["execution_rate"]) == ("97.6", "76%")
    assert [row(reading, n)["target"] for n in range(2)] == ["≤100%", "≥6次"]
    assert [(each.text, each.reason) for each in reading.left] == [("90", "年初指标值，已按调整后的指标值填入")]


def test_of_three_columns_called_points_the_one_right_of_the_name_is_the_rows() -> None:
    reading = read("""
        一级指标 | 分值 | 二级指标 | 分值 | 三级指标 | 分值 | 评价标准 | 指标说明 | 得分
        投入 | 10 | 预算配置 | 10 | 在职人员控制率 | 5 | 以100%为标准 | 20/25=80% | 5
        ^ | ^ | ^ | ^ | 三公经费变动率 | 5 | 不增加得满分 | 0 | 4
    """)
    assert [(row(reading, n)["weight"], row(reading, n)["score"]) for n in range(2)] == [("5", "5"), ("5", "4")]
    assert "20/25=80%" in " ".join(each.text for each in reading.left)


def test_a_total_column_counts_where_no_other_says_the_whole_years() -> None:
    """Fujian: ④=①+②+③ is what the year had to spend."""
    reading = read("""
        资金来源 | ①年初部门预算安排 | ②历年结余结转 | ③年中调整 | ④小计=①+②+③ | ⑤年度拨付 | ⑥支出实现率=⑤/④
        财政资金小计 | 100 | 10 | 5 | 115 | 110 | 95.65%
        其他资金 | 0 | 0 | 0 | 0 | 0 | 0.00%
        合计 | 100 | 10 | 5 | 115 | 110 | 95.65%
    """)
    found = values(reading)
    assert (found["opening_budget"], found["annual_budget"], found["annual_spent"]) == ("100", "115", "110")
    assert found["execution_rate"] == "95.65%"
    assert (found["funding[0].source"], found["funding[0].annual_budget"]) == ("财政资金小计", "115")


def test_a_row_across_the_columns_is_no_indicator() -> None:
    reading = read("""
        一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分
        产出指标 | 数量指标 | 预算完成率 | ≥90% | 95% | 50 | 50
        产出指标 | 数量指标 | 合计培训人数 | ≥10 | 12 | 40 | 40
        其他需要说明事项 | < | < | 无 | < | < | <
        总分 | < | < | < | < | 90 | 90
    """)
    assert [row(reading, n).get("level3") for n in range(3)] == ["预算完成率", "合计培训人数", None]
    assert values(reading)["total_score"] == "90"


def test_targets_without_results_are_no_self_evaluation() -> None:
    """绩效目标表: nothing of it is taken for what was achieved."""
    reading = read("""
        一级指标 | 二级指标 | 三级指标 | 指标值 | 备注
        产出指标 | 数量指标 | 培训 | ≥10 |
    """)
    assert values(reading) == {}


def test_a_misspelt_heading_is_listed_with_its_column() -> None:
    reading = read("""
        一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分植 | 得分
        产出指标 | 数量指标 | 培训 | ≥10 | 12 | 50 | 50
    """)
    assert row(reading) == {"level3": "培训", "target": "≥10", "actual": "12", "score": "50"}
    assert [(each.text, each.reason) for each in reading.left] == [("分植　50", "没有认出“分植”这一列")]


def test_the_signs_below_an_unknown_heading_are_listed_too() -> None:
    reading = read("""
        一级指标 | 二级指标 | 三级指标 | 指标性置 | 指标值 | 实际完成值 | 分值 | 得分
        产出指标 | 数量指标 | 培训 | ≥ | 10 | 12 | 50 | 50
    """)
    assert row(reading)["target"] == "10"
    assert [each.text for each in reading.left] == ["指标性置　≥"]


def test_money_in_pairs_of_a_label_and_its_figure() -> None:
    """Shanghai, in 元: no row of headings; last year's budget has no cell."""
    found = recognise(
        document(
            table("""
                项目名称 | 乡村路 | < | < | < | <
                当年预算数（元） | 1000000 | < | 上年预算数（元） | 900000 | <
                预算执行数（元） | 900000 | < | 预算执行率 | 90% | <
                一级指标 | 二级指标 | 三级指标 | 指标目标值 | 实际完成值 | 自评得分
                产出 | 数量 | 新建道路 | =2公里 | 2公里 | 50
            """)
        )
    )
    read = {key: found.entries[key].value for key in ("annual_budget", "annual_spent", "execution_rate")}
    assert read == {"annual_budget": "100", "annual_spent": "90", "execution_rate": "90%"}


@pytest.mark.parametrize(("total", "code"), [("90 | 90", ""), ("90 | 88", "XLP305"), ("100 | 99", "")])
def test_a_total_of_the_indicators_alone(total: str, code: str) -> None:
    """Where the weights in the row of totals are those of the indicators, execution has no part in it."""
    form = recognise(
        document(
            table(f"""
                资金（万元） | 年初预算数 | 调整后预算数 | 全年执行数 | 分值 | 执行率 | 得分
                年度资金总额 | 100 | 110 | 99 | 10 | 90% | 9
                一级指标 | 二级指标 | 三级指标 | 年初目标值 | 年度完成值 | 指标权重 | 指标得分
                产出指标 | 数量指标 | 归档数 | 100件 | 112件 | 60 | 60
                满意度指标 | 服务对象满意度 | 满意度 | 90% | 95% | 30 | 30
                总计 | < | < | < | < | {total}
            """)
        )
    )
    found = {each.code for each in audit(record_of(form, "甲.docx")).findings if each.severity is Severity.ERROR}
    assert found == ({code} if code else set())


MONEY_AT_A_GLANCE = {
    "Jiangsu": "预算执行 | 年度预算（万元） | 100 | 实际支出（万元） | 90 | 执行率 | 90%",
    "Henan": "年度资金总额（万元） | 预算金额 | 100 | 执行金额 | 90 | 执行率 | 90",
    "Guangxi": "资金 | 年初预算数 | 调整预算数 | 实际支出数 | 执行率% | 得分 | <\n合计 | 90 | 100 | 90 | 90 | 9 | <",
}


@pytest.mark.parametrize("place", MONEY_AT_A_GLANCE)
def test_money_in_one_row_and_rates_without_their_sign(place: str) -> None:
    """90 in the column of a rate is 90%; an indicator 预算执行率 beside its target is none of the money."""
    drawn = f"""
        项目名称 | 修路 | < | < | < | < | <
        {MONEY_AT_A_GLANCE[place]}
        一级指标 | 二级指标 | 指标名称 | 目标值 | 实际完成 | 权重 | 自评分
        过程 | 资金管理 | 预算执行率 | 100% | 90% | 10 | 9
        产出 | 数量 | 修路 | 2公里 | 2公里 | 90 | 90
    """
    form = recognise(document(table(drawn)))
    record = record_of(form, "甲.docx")
    read = {key: record[key].shown for key in ("annual_budget", "annual_spent", "execution_rate")}
    assert read == {"annual_budget": "100.00", "annual_spent": "90.00", "execution_rate": "90%"}
    assert form.left == ()
    assert [each.code for each in audit(record).findings if each.severity is Severity.ERROR] == []


@pytest.mark.parametrize(
    ("total", "weight", "score", "grade"),
    [
        ("总分 | < | < | < | < | 100 | 96（优）", "100", "96", "优"),
        ("总分 | < | < | < | < | 100 | 96分（自评等级：优）", "100", "96", "优"),
        ("总分 | < | < | < | < | 100 | 85.5（良好）", "100", "85.5", "良"),
        ("总分 | < | < | < | < | 100 | 96，优秀", "100", "96", "优"),
        ("自评得分 | < | < | 96分（优） | < | < | <", None, "96", "优"),
        ("自评得分 | < | < | < | < | 100 | 96（优）", "100", "96", "优"),
        ("自评总分 | 96（等级：优） | < | < | < | < | <", None, "96", "优"),
    ],
)
def test_points_and_grade_in_one_cell(total: str, weight: str | None, score: str, grade: str) -> None:
    found = values(
        read(f"""
        一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分
        产出指标 | 数量指标 | 培训场次 | ≥10场 | 12场 | 100 | 96
        {total}
        """)
    )
    assert (found.get("total_weight"), found["total_score"], found["grade"]) == (weight, score, grade)


def test_the_points_of_the_total_reach_over_columns_that_have_no_total() -> None:
    found = values(
        read("""
        一级指标 | 二级指标 | 三级指标 | 分值 | 年度指标值 | 实际完成值 | 得分
        产出指标 | 数量指标 | 培训场次 | 100 | ≥10场 | 12场 | 96
        总分 | < | < | 100 | < | < | 96
        """)
    )
    assert (found["total_weight"], found["total_score"]) == ("100", "96")


@pytest.mark.parametrize(
    "name", ["省级预算部门（单位）名称", "市级预算单位名称", "县级部门名称", "区级主管部门（单位）名称"]
)
def test_a_unit_by_the_level_of_its_government(name: str) -> None:
    template = load_template("department_overall")
    assert values(read(f"{name} | 某县档案馆 | < | <\n{MONEY_OF_TWO}", template)).get("unit_name") == "某县档案馆"


def test_a_total_without_figures_is_blank() -> None:
    """Formulas without a result, or not yet filled in: nothing is there to be told apart."""
    found = read("""
        一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分
        产出指标 | 数量指标 | 培训场次 | ≥10场 | 12场 | 100 | 96
        总分 | < | < | < | < | |
    """)
    assert found.left == ()


def test_a_form_of_transfers() -> None:
    """转移支付（项目）名称, 地方实施单位, 总体目标 | 全年实际完成情况, and no points at all."""
    reading = read("""
        转移支付（项目）名称 | < | 农业生产救灾资金 | < | < | <
        地方主管部门 | < | 某省农业农村厅 | 地方实施单位 | 某县农业农村局 | <
        资金情况（万元） | | < | 全年预算数（A） | 全年执行数（B） | 执行率（B/A）
        ^ | 年度资金总额： | < | 150 | 120 | 80%
        ^ | 其中：中央补助 | < | 150 | 120 | 80%
        总体目标完成情况 | 总体目标 | < | 全年实际完成情况 | < | <
        ^ | 恢复5000亩 | < | 恢复5100亩 | < | <
        绩效指标 | 一级指标 | 三级指标 | 指标值 | 全年实际完成值 | 未完成原因和改进措施
        ^ | 产出指标 | 恢复面积 | ≥5000亩 | 5100亩 |
    """)
    keys = ("project_name", "department", "implementing_unit", "goal_expected", "goal_actual", "annual_spent")
    assert [values(reading).get(key) for key in keys] == [
        "农业生产救灾资金",
        "某省农业农村厅",
        "某县农业农村局",
        "恢复5000亩",
        "恢复5100亩",
        "120",
    ]
    assert reading.left == ()


def test_a_breakdown_goes_on_below_its_first_row() -> None:
    """其中：村道, and 县道 below it: neither has points; a row of a level of its own is an indicator."""
    reading = read("""
        一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分
        产出指标 | 数量指标 | 养护里程 | ≥10公里 | 10公里 | 50 | 50
        ^ | ^ | 其中：村道 | ≥4公里 | 4公里 | |
        ^ | ^ | 县道 | ≥6公里 | 6公里 | |
        ^ | 质量指标 | 合格率 | 100% | 100% | |
    """)
    found = values(reading)
    assert [found.get(f"indicators[{n}].level3") for n in range(3)] == ["养护里程", "合格率", None]
    assert [each.reason for each in reading.left] == ["其中的一项没有分值和得分，不是单独的指标"] * 2
