"""Which form a document holds: the one of whose cells it has most."""

from __future__ import annotations

import pytest

from tests.intake.drawn import document, table
from tests.intake.laid_out import NINGXIA
from xlperf.audit.run import audit
from xlperf.errors import TemplateError
from xlperf.labels.recognised import recognise, record_of

ROWS = """
    一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分
    产出指标 | 数量指标 | 培训 | ≥10 | 12 | 90 | 90
"""
HUNAN = """
    预算单位名称 | 某县档案馆 | < | < | < | < | <
    年度预算申请 | | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 得分
    ^ | 年度资金总额 | 100 | 100 | 100 | 10 | 10
    ^ | 按收入性质分： | < | 按支出性质分： | < | < | <
    ^ | 其中：一般公共预算：100 | < | 其中：基本支出：80 | < | < | <
    ^ | 政府性基金拨款： | < | 项目支出：20 | < | < | <
"""
ANHUI = """
    部门名称 | 某县档案馆 | < | < | < | < | <
    预算资金（万元） | | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 得分
    ^ | 年度资金总额 | 100 | 100 | 100 | 10 | 10
    ^ | 其中：当年财政拨款 | 80 | 80 | 80 | — | —
    ^ | 上年结转资金 | 20 | 20 | 20 | — | —
"""


@pytest.mark.parametrize(
    ("drawn", "form"),
    [(NINGXIA, "project_elsewhere"), (ANHUI, "department_elsewhere"), (HUNAN, "department_overall")],
)
def test_the_form_of_a_document(drawn: str, form: str) -> None:
    assert recognise(document(table(drawn), table(ROWS, "表2"))).template.id == form


def test_blank_cells_are_there_and_what_no_heading_names_is_not() -> None:
    found = recognise(document(table(NINGXIA)))
    record = record_of(found, "甲.docx")
    assert record["indicators[2].score"].is_blank
    assert record["indicators[2].score"].at == "表1 第8行第6列"
    assert record["goal_expected"].is_absent
    assert found.left == ()


def test_points_that_several_rows_share_count_once() -> None:
    """One score for two rows: the first has it, the second has none to give."""
    drawn = """
        一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分
        产出指标 | 数量指标 | 甲 | ≥1 | 1 | 50 | 90
        产出指标 | 数量指标 | 乙 | ≥1 | 1 | 40 | ^
        总分 | < | < | < | < | 90 | 90
    """
    record = record_of(recognise(document(table(drawn))), "甲.docx")
    shared = [record[f"indicators[{n}].score"] for n in range(2)]
    assert [(each.shared, each.state.value) for each in shared] == [(True, "number"), (True, "not_applicable")]


def test_a_table_that_is_there_twice_is_told() -> None:
    """The first counts; that the second was not checked, and where it says something else, is no secret."""
    sheets = [table(NINGXIA, f"工作表“{title}”") for title in ("自评表", "自评表 (2)")]
    told = [(each.place, each.text, each.reason) for each in recognise(document(*sheets, name="表.xlsx")).left]
    assert told == [("表.xlsx 工作表“自评表 (2)”", "与工作表“自评表”是同一张表", "没有核对；两处填的都一样")]
    changed = table(NINGXIA.replace("| 58 |", "| 59 |"), "工作表“自评表 (2)”")
    left = recognise(document(sheets[0], changed, name="表.xlsx")).left
    assert [(each.text, each.reason) for each in left] == [
        ("与工作表“自评表”是同一张表", "没有核对；有的格填得不同"),
        ("59", "工作表“自评表” 第6行第6列 填的是 58，核对的是那一格"),
    ]


def test_points_of_the_execution_that_have_no_column_are_not_missing_in_the_total() -> None:
    """10 points for the execution, a total of 100, and no column that says how many it got."""
    drawn = """
        项目资金（万元） | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率
        年度资金总额 | 100 | 100 | 100 | 10 | 100%
        一级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分
        产出指标 | 甲 | ≥1 | 1 | 90 | 90
        总分 | < | < | < | 100 | 100
    """
    form = recognise(document(table(drawn)))
    assert [(each.text, each.reason) for each in form.left] == [("预算执行", "有分值，没有得分一栏，总分没有相加核对")]
    assert "XLP305" not in {each.code for each in audit(record_of(form, "甲.docx")).findings}


def test_no_form_at_all() -> None:
    with pytest.raises(TemplateError, match=r"甲.docx：没有认出绩效自评表"):
        recognise(document(table("姓名 | 电话\n甲 | 1")))
