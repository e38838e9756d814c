"""What counts as a written reason: not 无, not a sign; in the form, in 审核说明 and in the report's text."""

from __future__ import annotations

import pytest

from xlperf.audit.identities import identities_of
from xlperf.audit.run import audit
from xlperf.checks.rule import Severity
from xlperf.derive.seen import Seen
from xlperf.form.forms import load_template
from xlperf.form.record import record_from_values
from xlperf.report.sections import generated_sections
from xlperf.workbook.explained import Explanation, explain

TEMPLATE = load_template("department_overall")
NO_REASON = [
    "",
    " ",
    "无",
    "无。",
    "——",
    "—",
    "-",
    "/",
    ".",
    "……",
    "不适用",
    "无偏差",
    "无偏差原因",
    "未发生偏差。",
    "暂无",
    "N/A",
    "n/a",
    "不涉及",
    "0",
]


@pytest.mark.parametrize("text", NO_REASON)
def test_no_reason(text: str) -> None:
    assert not TEMPLATE.words.reasons.given(text)
    assert not TEMPLATE.words.reasons.says_little(text)


@pytest.mark.parametrize(
    ("text", "little"),
    [("受疫情", False), ("因雨", False), ("调整", False), ("没做完", True), ("同上", True), ("样本不足", False)],
)
def test_a_reason_and_one_that_says_little(text: str, little: bool) -> None:
    assert TEMPLATE.words.reasons.given(text)
    assert TEMPLATE.words.reasons.says_little(text) is little


@pytest.mark.parametrize(("text", "settled"), [("年中追加，见批复", True), ("无", False), ("——", False)])
def test_an_explanation_that_says_nothing_settles_nothing(text: str, settled: bool) -> None:
    fields = {"operating_budget": "9.50", "operating_actual": "92.01"}
    report = audit(record_from_values({"fields": fields}, TEMPLATE))
    (number,) = (number for number, each in enumerate(report.findings) if each.code == "XLP601")
    finding = report.findings[number]
    label = report.record[finding.key].label
    row = Explanation(finding.code, finding.at, label, "92.01", finding.message, "", text, "待说明", ())
    assert finding.severity is Severity.WARNING
    assert explain(report, [row]).settles(number, finding) is settled


@pytest.mark.parametrize(("reason", "said"), [("新增编制", True), ("无", False), ("——", False)])
def test_the_report_gives_no_reason_that_is_none(reason: str, said: bool) -> None:
    fields = {
        **{"expenditure_total_prior": "100", "expenditure_total_current": "150", "expenditure_total_change": "50"},
        **{"expenditure_total_growth_rate": "50%", "expenditure_total_reason": reason},
    }
    text = generated_sections(Seen(record_from_values({"year": 2023, "fields": fields}, TEMPLATE)))["section_2_1"]
    assert "150.00" in text
    assert ("原因" in text) is said
    assert (f"{reason}。" in text) is said


@pytest.mark.parametrize(
    ("row", "holds"),
    [
        ({"target": "≥98", "actual": "98", "score": "9"}, False),
        ({"target": "≥98", "actual": "98", "score": "9", "deviation_note": "无"}, False),
        ({"target": "≥98", "actual": "98", "score": "9", "deviation_note": "问卷样本不足"}, True),
        ({"level2": "成本指标", "target": "251.06万元", "actual": "240万元", "score": "10"}, True),
        ({"level2": "经济效益指标", "target": "251.06万元", "actual": "240万元", "score": "10"}, False),
    ],
)
def test_what_blame_relies_on_agrees_with_the_rules(row: dict[str, str], holds: bool) -> None:
    seen = Seen(record_from_values({"indicators": [{**row, "weight": "10"}]}, TEMPLATE))
    (identity,) = (each for each in identities_of(seen) if "indicators[0].score" in each.keys)
    domain = identity.solve("indicators[0].score", {})
    score = seen["indicators[0].score"].value
    assert any(each.low <= score <= each.high for each in domain) is holds
