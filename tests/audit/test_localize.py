"""One fault in a form that is right: which cell is blamed, what it should say, why, and what that settles."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from tests.intake.drawn import document, table
from xlperf.audit.groups import Group, told
from xlperf.audit.run import Report, audit
from xlperf.form.forms import load_template
from xlperf.form.record import record_from_values
from xlperf.labels.recognised import recognise, record_of

TEMPLATE = load_template("department_overall")

INDICATORS = [
    ("产出指标", "数量指标", "开展检查", "≥20次", "20次", "20", "20", ""),
    ("产出指标", "质量指标", "检查合格率", "≥95%", "96%", "20", "20", ""),
    ("产出指标", "时效指标", "完成时间", "2023年12月前", "2023年11月", "5", "5", ""),
    ("效益指标", "社会效益指标", "群众知晓率", "≥90%", "81%", "30", "27", "宣传场次不足，下年增加"),
    ("满意度指标", "服务对象满意度指标", "群众满意度", "≥95%", "97%", "10", "10", ""),
    ("产出指标", "成本指标", "每次检查费用", "≤2000元", "1850元", "5", "5", ""),
]
COLUMNS = ("level1", "level2", "level3", "target", "actual", "weight", "score", "deviation_note")


def row(stem: str, prior: str, current: str, change: str, rate: str) -> dict[str, str]:
    stated = {"prior": prior, "opening": current, "current": current, "change": change, "growth_rate": rate}
    return {f"{stem}_{column}": value for column, value in stated.items()}


FORM: dict[str, Any] = {
    "year": 2023,
    "unit_name": "某某局",
    "fields": {
        **row("income_total", "846.30", "903.55", "57.25", "6.76%"),
        **row("income_general_budget", "801.10", "851.40", "50.30", "6.28%"),
        **row("income_service", "45.20", "52.15", "6.95", "15.38%"),
        **row("expenditure_total", "846.30", "903.55", "57.25", "6.76%"),
        **row("basic", "612.75", "641.35", "28.60", "4.67%"),
        **row("personnel", "431.25", "452.85", "21.60", "5.01%"),
        **row("public", "181.50", "188.50", "7.00", "3.86%"),
        **row("project_spending", "233.55", "262.20", "28.65", "12.27%"),
        "carryover_opening": "14.30",
        "carryover_closing": "14.30",
        "opening_budget": "903.55",
        "annual_budget": "903.55",
        "annual_spent": "903.55",
        "execution_weight": "10",
        "execution_rate": "100%",
        "execution_score": "10",
        "source_general_budget": "851.40",
        "source_other": "52.15",
        "nature_basic": "641.35",
        "nature_project": "262.20",
        "project_actual": "262.20",
        "project_business_actual": "148.35",
        "project_operation_actual": "113.85",
        "sangong_actual": "17.86",
        "vehicle_actual": "12.64",
        "vehicle_operation_actual": "12.64",
        "vehicle_purchase_actual": "0",
        "overseas_actual": "0",
        "reception_actual": "5.22",
        "staff_quota": "143",
        "staff_actual": "136",
        "staff_control_rate": "95.10%",
        "total_weight": "100",
        "total_score": "97",
        "grade": "优",
        "report_score": "97",
    },
    "indicators": [dict(zip(COLUMNS, line, strict=True)) for line in INDICATORS],
}


def report_on(changes: dict[str, str]) -> Report:
    """The audit of the form with some cells changed; `indicators[0].score` names a cell of a row."""
    form = copy.deepcopy(FORM)
    for key, value in changes.items():
        if key.startswith("indicators["):
            index, _, column = key.removeprefix("indicators[").partition("].")
            form["indicators"][int(index)][column] = value
        else:
            form["fields"][key] = value
    return audit(record_from_values(form, TEMPLATE))


def only_group(report: Report) -> Group:
    (group,) = report.groups
    return group


def test_the_form_is_right() -> None:
    report = report_on({})
    assert report.groups == ()
    assert [found.message for found in report.findings if found.code.startswith(("XLP2", "XLP3", "XLP4"))] == []


# key, what was typed, the figure that was there, the cause
SLIPS = [
    ("personnel_current", "457.85", "452.85", "wrong_digit"),
    ("personnel_current", "425.85", "452.85", "transposed_digits"),
    ("personnel_current", "45.85", "452.85", "missing_digit"),
    ("personnel_current", "4552.85", "452.85", "extra_digit"),
    ("personnel_current", "-452.85", "452.85", "sign"),
    ("personnel_current", "4528500", "452.85", "unit"),
    ("personnel_current", "4.5285", "452.85", "unit"),
    ("personnel_current", "431.25", "452.85", "stale_year"),
    ("personnel_prior", "412.35", "431.25", None),
    ("public_change", "-7.00", "7.00", "sign"),
    ("public_change", "70.00", "7.00", "unit"),
    ("annual_spent", "930.55", "903.55", "transposed_digits"),
    ("source_other", "25.15", "52.15", "transposed_digits"),
    ("vehicle_actual", "26.14", "12.64", None),
    ("reception_actual", "52.20", "5.22", "unit"),
    ("project_business_actual", "184.35", "148.35", "transposed_digits"),
    ("staff_control_rate", "95.01%", "95.10%", "transposed_digits"),
    ("total_score", "79", "97", "transposed_digits"),
    ("indicators[3].score", "72", "27", "transposed_digits"),
    ("indicators[0].weight", "2", "20", "missing_digit"),
    # A rate that was computed from other figures than its own.
    ("personnel_growth_rate", "3.53%", "5.01%", "wrong_base"),  # 21.60 ÷ 612.75
    ("personnel_growth_rate", "4.77%", "5.01%", "wrong_base"),  # 21.60 ÷ 452.85
    ("personnel_growth_rate", "105.01%", "5.01%", "wrong_numerator"),  # 452.85 ÷ 431.25
    ("personnel_growth_rate", "95.23%", "5.01%", "reversed_division"),  # 431.25 ÷ 452.85
    ("personnel_growth_rate", "-4.77%", "5.01%", "swapped_years"),  # (431.25 - 452.85) ÷ 452.85
    ("personnel_growth_rate", "70.61%", "5.01%", "share_not_growth"),  # 452.85 ÷ 641.35
    ("personnel_growth_rate", "6.63%", "5.01%", "wrong_numerator"),  # 28.60 ÷ 431.25
    ("personnel_growth_rate", "3.86%", "5.01%", "wrong_row"),  # 公用经费
    ("staff_control_rate", "105.15%", "95.10%", "reversed_division"),  # 143 ÷ 136
]


@pytest.mark.parametrize(("key", "typed", "meant", "kind"), SLIPS, ids=[f"{each[0]}-{each[1]}" for each in SLIPS])
def test_blamed_cell_and_cause(key: str, typed: str, meant: str, kind: str | None) -> None:
    group = only_group(report_on({key: typed}))
    suspect = group.suspects[0]
    assert suspect.keys == (key,)
    assert suspect.values == (meant,)
    if kind is None:
        assert suspect.causes == () or suspect.cost > 1
    else:
        assert suspect.cause is not None
        assert suspect.cause.kind == kind


def test_one_typing_error_is_one_item() -> None:
    """基本支出的合计和人员经费的增减额都因这一个数对不上."""
    report = report_on({"personnel_current": "425.85"})
    wrong = {found.code for found in report.findings if found.group}
    assert wrong == {"XLP201", "XLP203"}
    (group,) = report.groups
    assert group.culprit is not None
    items = [each.findings for each in report.items() if each.group is not None]
    assert len(items) == 1
    assert all(found.fix is not None and found.fix.value == "452.85" for found in items[0])
    assert all(found.fix is not None and not found.fix.safe for found in items[0]), "an input is hers to change"
    assert "人员经费（本年数）填 425.85，应为 452.85" in told(group, report.record.stated)


def test_two_errors_are_two_items() -> None:
    report = report_on({"reception_actual": "2.52", "staff_control_rate": "95.01%"})
    assert [group.suspects[0].keys for group in report.groups] == [("reception_actual",), ("staff_control_rate",)]
    assert {found.code: found.group for found in report.findings if found.group} == {"XLP201": 1, "XLP202": 2}


def test_two_errors_that_meet_are_blamed_together() -> None:
    """人员与公用都错一处，基本支出合计才对不上."""
    group = only_group(report_on({"personnel_current": "425.85", "public_current": "818.50"}))
    assert {frozenset(each.keys) for each in group.suspects} == {frozenset({"personnel_current", "public_current"})}
    assert group.suspects[0].values == ("452.85", "188.50")


def test_more_errors_than_two_are_blamed_one_by_one() -> None:
    """三个指标的得分各写错一处，总分也就不对：三行各归各的."""
    report = report_on({"indicators[0].score": "2", "indicators[1].score": "0", "indicators[3].score": "72"})
    blamed = [group.suspects[0].keys for group in report.groups]
    assert set(blamed) == {("indicators[0].score",), ("indicators[1].score",), ("indicators[3].score",)}


def test_two_errors_of_which_one_is_no_slip_are_told_one_by_one() -> None:
    """A score that nobody's slip explains, and a total beside it: nobody is told to make a weight 28.89."""
    report = report_on({"indicators[3].score": "25.5", "total_score": "94.5", "report_score": "94.5"})
    told_of = {found.code: found.message for found in report.findings if found.code in ("XLP305", "XLP307")}
    assert told_of["XLP305"] == "总分填 94.5，各项之和为 95.5。可能原因：有一个数字写错：“94.5” 应为 “95.5”。"
    assert "得分填 25.5，应为 27" in told_of["XLP307"]
    assert not any("分值填" in message or "并且" in message for message in told_of.values())


def test_what_one_explanation_settles_is_one_group() -> None:
    """分值和得分都多写了 10：分值合计、总分一起对不上，总分不另找原因."""
    report = report_on({"indicators[4].weight": "20", "indicators[4].score": "20"})
    group = only_group(report)
    assert set(group.suspects[0].keys) == {"indicators[4].weight", "indicators[4].score"}
    assert group.suspects[0].values == ("10", "10")
    assert {found.code for found in report.findings if found.group} == {"XLP301", "XLP302", "XLP305"}


def test_an_amount_that_does_not_add_up_either_is_no_explanation() -> None:
    """5.82 for 5.22 would make it 18.46, which rounding may allow but nobody adds up."""
    report = report_on({"sangong_actual": "18.44"})
    assert not any("5.82" in found.message for found in report.findings)


def test_exchanged_figures_are_named_as_such() -> None:
    group = only_group(report_on({"personnel_prior": "452.85", "personnel_current": "431.25"}))
    suspect = group.suspects[0]
    assert set(suspect.keys) == {"personnel_prior", "personnel_current"}
    assert suspect.cause is not None
    assert suspect.cause.kind == "swapped_years"
    assert "填反了" in suspect.cause.text


def test_a_row_left_out_is_named_once() -> None:
    """分值合计 100、总分 97 都写着，少了一行：两列都比合计少."""
    form = copy.deepcopy(FORM)
    del form["indicators"][4]
    report = audit(record_from_values(form, TEMPLATE))
    (group,) = report.groups
    suspect = group.suspects[0]
    assert suspect.keys == ("total_weight", "total_score")
    assert suspect.cause is not None
    assert suspect.cause.kind == "missing_row"
    assert suspect.cause.text == "绩效指标可能漏列了一行：分值合计少 10、总分少 10。"


@pytest.mark.parametrize("key", ["project_actual", "annual_spent", "vehicle_actual"])
def test_cells_that_ought_to_be_equal_were_not_copied(key: str) -> None:
    """项目支出三处相同、公务用车等于唯一的分项，是应当的，不能说是抄来的."""
    for changed in ("project_business_actual", "reception_actual", "personnel_current"):
        for group in report_on({changed: "99.99"}).groups:
            for suspect in group.suspects:
                if key in suspect.keys:
                    assert "copied" not in {cause.kind for cause in suspect.causes}


def test_all_ties_are_kept_in_the_order_of_the_form() -> None:
    """业务、运行两行中哪一行错了 7.77，没有别的数可以作证；合计有两处作证，不在其列."""
    group = only_group(report_on({"project_business_actual": "156.12"}))
    assert [each.keys for each in group.suspects] == [("project_business_actual",), ("project_operation_actual",)]
    assert group.tied == 2
    assert group.culprit is None
    report = report_on({"project_business_actual": "156.12"})
    assert "只改以下一处就能全部相符" in told(group, report.record.stated)
    (found,) = (found for found in report.findings if found.key == "project_actual")
    assert found.fix is None, "the total is vouched for: its lines' sum is not what should stand there"
    assert "业务工作经费（决算数）填 156.12，应为 148.35" in found.message


def test_a_cell_that_others_vouch_for_is_not_blamed() -> None:
    """全年执行数与支出合计、执行率、来源和性质都相符：错的是收支情况的人员经费，不是它."""
    for key in ("annual_spent", "expenditure_total_current", "basic_current", "public_current"):
        groups = report_on({"personnel_current": "425.85"}).groups
        assert all(key not in suspect.keys for group in groups for suspect in group.suspects)


def test_same_report_every_time() -> None:
    first, second = (report_on({"personnel_current": "425.85", "reception_actual": "2.52"}) for _ in range(2))
    assert first.findings == second.findings
    assert [group.suspects for group in first.groups] == [group.suspects for group in second.groups]


def test_a_coarse_rate_proves_no_far_fetched_cause() -> None:
    """只写 5% 与许多数之比相符，不能说是用错了哪一个."""
    report = report_on({"personnel_growth_rate": "8%"})
    found = next(found for found in report.findings if found.key == "personnel_growth_rate")
    assert {cause.kind for cause in found.causes} <= {"wrong_digit"}


def test_at_most_three_causes() -> None:
    for key, typed, _, _ in SLIPS:
        for found in report_on({key: typed}).findings:
            assert len(found.causes) <= 3


def test_what_the_only_source_says_too_is_not_blamed() -> None:
    """全年预算数、全年执行数与财政拨款一行相同：错的是执行率和得分，不是它们，也不是从年初预算数抄来的."""
    drawn = table("""
        项目名称 | 校舍改造 | < | < | < | < | <
        项目资金（万元） | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分
        年度资金总额 | 320 | 320 | 288 | 10 | 85.00% | 8.5
        其中：当年财政拨款 | 320 | 320 | 288 | — | — | —
        上年结转资金 | | | | — | — | —
        一级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因
        产出指标 | 改造学校 | 3所 | 3所 | 90 | 90 |
    """)
    report = audit(record_of(recognise(document(drawn)), "甲.docx"))
    assert [each.message for each in report.findings if each.code == "XLP202"] == [
        "执行率填 85.00%，按全年执行数 288.00 ÷ 全年预算数 320.00应为 90.00%。"
    ]
