"""What re-reviews hold against a row, sentence by sentence: what has to be found and what must not be.

Each table quotes the sentence that its rows prove; a row is a target, a result, the weight, the points and the note.
"""

from __future__ import annotations

from typing import Any

import pytest

from xlperf.audit.run import Report, audit
from xlperf.checks.catalog import RULES
from xlperf.form.forms import load_template
from xlperf.form.record import record_from_values

TEMPLATE = load_template("department_overall")
COLUMNS = ("target", "actual", "weight", "score", "deviation_note")


def of_row(
    codes: str, *row: str, variant: str | None = None, year: str = "2023", **cells: str
) -> tuple[dict[str, str], Report]:
    """What the rules of these codes say of one indicator, each with its severity."""
    indicator = dict(zip(COLUMNS, row, strict=False)) | {"level3": "培训人数"} | cells
    values = {"year": year, "indicators": [{key: text for key, text in indicator.items() if text}]}
    return _found(codes, values, variant)


def _found(codes: str, values: dict[str, Any], variant: str | None) -> tuple[dict[str, str], Report]:
    record = record_from_values(values, TEMPLATE)
    report = audit(record, variant, tuple(RULES[code] for code in codes.split()))
    return {finding.code: str(finding.severity) for finding in report.findings}, report


FULL = "达成 达成年度指标 达成预期指标 全部达成 完成".split()
PART = "部分达成 部分达成年度指标并具有一定效果 部分达成预期指标并具有一定效果".split()
NONE = "未达成 未达成年度指标且效果较差 未达成预期指标且效果较差".split()


@pytest.mark.parametrize(
    ("words", "right", "wrong"), [(FULL, "8 9 10", "2 7.9"), (PART, "6 7 7.9", "10 8 5.9"), (NONE, "0 5 5.9", "10 6")]
)
def test_w1_one_band_has_many_spellings(words: list[str], right: str, wrong: str) -> None:
    """“One band has many spellings … Leading word decides, longest first, blanks removed.”"""
    for word in (*words, *(f" {each[0]} {each[1:]}" for each in words)):
        for score in right.split():
            assert of_row("XLP320", "达成预期指标", word, "10", score)[0] == {}, (word, score)
        for score in wrong.split():
            assert of_row("XLP320", "达成预期指标", word, "10", score)[0] == {"XLP320": "error"}, (word, score)


@pytest.mark.parametrize(
    ("word", "score", "found"),
    [
        ("部分达成年度指标并具有一定效果", "10", "error"),
        ("部分达成", "10", "error"),
        ("部分达成预期指标", "10", "error"),
        ("达成年度指标", "2", "error"),
        ("达成预期指标", "10", ""),
        ("部分达成", "7", ""),
        ("未达成", "5", ""),
    ],
)
def test_w1_examples(word: str, score: str, found: str) -> None:
    assert of_row("XLP320", "达成预期指标", word, "10", score)[0].get("XLP320", "") == found


@pytest.mark.parametrize(
    ("year", "score", "grade", "found"),
    [
        ("2025", "65", "中", {"XLP318": "error"}),
        ("2024", "65", "中", {}),
        ("2025", "70", "中", {}),
        ("2025", "69.99", "差", {}),
        ("2026", "80", "良", {}),
    ],
)
def test_w2_grades_of_sichuan_from_2025(year: str, score: str, grade: str, found: dict[str, str]) -> None:
    """“From 2025: 优 ≥90, 良 ≥80, 中 ≥70, 差 <70; before: 60.”"""
    values = {"year": year, "fields": {"total_score": score, "grade": grade}}
    assert _found("XLP318", values, "sichuan-linear")[0] == found


@pytest.mark.parametrize("weights", ["50 30 10", "40 30 20", "20 30 40"])
def test_w3_no_level_weights_of_yunnan(weights: str) -> None:
    """“neither 50/30/10 nor 40/30/20 gives XLP302”"""
    levels = zip(("产出指标", "效益指标", "满意度指标"), weights.split(), strict=True)
    rows = [{"level1": level, "level3": level, "weight": weight} for level, weight in levels]
    values = {"fields": {"execution_weight": "10"}, "indicators": rows}
    assert _found("XLP302 XLP301 XLP323", values, "yunnan-linear")[0] == {}


@pytest.mark.parametrize(
    ("row", "found"),
    [
        (("≤10", "15", "10", "6.67"), {}),
        (("≤10", "15", "10", "5"), {"XLP307": "warning"}),  # right by the linear way
        (("≤10", "15", "10", "4"), {"XLP307": "error"}),
        (("达成预期指标", "部分达成预期指标并具有一定效果", "10", "5.5"), {}),
        (("达成预期指标", "部分达成预期指标并具有一定效果", "10", "5"), {}),
        (("达成预期指标", "部分达成预期指标并具有一定效果", "10", "4.99"), {"XLP320": "error"}),
        (("达成预期指标", "部分达成预期指标并具有一定效果", "10", "8"), {"XLP320": "error"}),
    ],
)
def test_w4_hubei(row: tuple[str, ...], found: dict[str, str]) -> None:
    """“inverse = weight × target/result capped …, qualitative 100–80, 80–50, 50–0”"""
    assert of_row("XLP307 XLP320", *row, "因汛期影响未能完成", variant="hubei")[0] == found


def test_w4_one_variant_of_hubei() -> None:
    """“`hubei-linear` goes”: the old ids lead to the one that takes their place."""
    assert TEMPLATE.replaced_variants == {"hubei-linear": "hubei", "hubei-ratio": "hubei"}
    assert "hubei" in TEMPLATE.variants
    assert TEMPLATE.figures_of("hubei")["standard_execution_weight"].value == "20"


@pytest.mark.parametrize("note", ["", "无", "—", "——", ".", "不适用", "无偏差"])
def test_w5_a_mark_is_no_reason(note: str) -> None:
    """“note blank or only a not-applicable mark → XLP309 error … Points not lost: 无 is fine.”"""
    assert of_row("XLP309 XLP342", "≥100", "50", "10", "5", note)[0] == {"XLP309": "error"}
    assert of_row("XLP309 XLP342", "≥100", "100", "10", "10", note)[0] == {}


@pytest.mark.parametrize(
    ("note", "found"),
    [
        ("没做完", {"XLP309": "warning"}),  # "fewer than 4 characters and none of 因 由于 受 计划 调整 疫情 影响"
        ("受疫情", {}),  # "受疫情 is a reason"
        ("因雨", {}),
        ("调整", {}),
        ("样本不足", {"XLP342": "info"}),  # "note <10 characters, none of 因 由于 受 计划 调整 疫情 影响"
        ("问卷样本数量不足够", {"XLP342": "info"}),
        ("问卷样本的数量不足够", {}),
        ("受汛期影响", {}),
    ],
)
def test_w5_reasons_that_say_little_are_told_once(note: str, found: dict[str, str]) -> None:
    assert of_row("XLP309 XLP308 XLP342", "≥100", "50", "10", "5", note)[0] == found


def test_w5_beyond_the_target_too() -> None:
    """“130 % is “≥ 130 %” everywhere”, and 无 is no reason."""
    for note, found in (("", {"XLP312": "warning"}), ("无", {"XLP312": "warning"}), ("上级追加任务", {})):
        assert of_row("XLP312", "≥100", "130", "10", "10", note)[0] == found
    assert "三成须写明原因" in of_row("XLP312", "≥100", "130", "10", "10")[1].findings[0].message
    assert "三成须写明原因" not in of_row("XLP312", "≥100", "129", "10", "10")[1].findings[0].message


@pytest.mark.parametrize(
    ("target", "actual", "score", "found"),
    [
        ("≥100人", "69人", "6.9", {"XLP329": "error"}),
        ("≥100人", "130人", "10", {"XLP329": "error"}),
        ("≥100人", "70人", "7", {}),
        ("≥100人", "129人", "10", {}),
        ("≥100人", "69人", "0", {}),
        ("≤100元", "10元", "10", {}),
    ],
)
def test_w7_results_too_far_from_their_targets(target: str, actual: str, score: str, found: dict[str, str]) -> None:
    """“Under zero: 完成率 <70 % or ≥130 % with points > 0 → error”, “default keep”."""
    row = (target, actual, "10", score, "因年中追加任务")
    assert of_row("XLP329", *row, variant="sichuan-extremes-linear")[0] == found
    assert of_row("XLP329", *row)[0] == {}


@pytest.mark.parametrize(
    ("actual", "score", "found", "is_open"),
    [
        ("未完成", "10", {"XLP310": "error"}, False),
        ("部分完成", "10", {"XLP310": "warning"}, False),
        ("基本完成", "10", {"XLP310": "warning"}, False),
        ("已完成", "10", {}, True),
        ("按计划完成", "10", {}, True),
        ("未完成", "6", {}, False),
    ],
)
def test_w8_words_beside_a_number(actual: str, score: str, found: dict[str, str], is_open: bool) -> None:
    """“已完成, 按计划完成 → entry in `not_run`, no finding; points already off → nothing”"""
    said, report = of_row("XLP310", "≥100人", actual, "10", score)
    assert said == found
    assert any(each.code == "XLP310" for each in report.not_run) is is_open


@pytest.mark.parametrize(
    "text", ["≥XX人", "X个", "×", "＊", "***", "某", "示例", "指标1", "三级指标", "请填写", "（200字以内）"]
)
def test_w9_text_of_a_sample(text: str) -> None:
    """“≥XX人, X个, ×, ＊, ***, 某, 示例, 指标1, 三级指标, 请填写, （200字以内） → warning”"""
    column = "level3" if text in ("指标1", "三级指标", "示例") else "target"
    column = "deviation_note" if text in ("请填写", "（200字以内）") else column  # XLP101 speaks of a required cell
    said, _ = of_row("XLP114", "≥5人", "5人", "10", "10", **{column: text})
    assert said == {"XLP114": "warning"}


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("level3", "指标1：培训人数"),
        ("target", "1.5×2米"),
        ("level3", "X光机"),
        ("level3", "×××"),
        ("level3", "某项目"),
    ],
)
def test_w9_what_is_none(column: str, text: str) -> None:
    """“Not: 指标1：名称, × between numbers, X光, nor ×××, 某, （略） in names, preparer, phone and unit”"""
    fields = {"preparer": "×××", "phone": "（略）", "unit_name": "某区某局"}
    indicator = dict(zip(COLUMNS, ("≥5人", "5人", "10", "10"), strict=False)) | {"level3": "培训人数", column: text}
    assert _found("XLP114", {"fields": fields, "indicators": [indicator]}, None)[0] == {}


@pytest.mark.parametrize(
    ("weight", "word", "score", "found"),
    [
        ("3.33", "达成预期指标", "2.66", ""),
        ("3.33", "达成预期指标", "2.65", "error"),
        ("6.67", "达成", "5.34", ""),
        ("6.67", "达成", "5.33", "error"),
        ("6.67", "部分达成", "4.00", ""),
        ("6.67", "部分达成", "5.34", "error"),
    ],
)
def test_w10_limits_are_rounded(weight: str, word: str, score: str, found: str) -> None:
    """“round(w×0.8, 2) ≤ s ≤ w for full, round(w×0.6, 2) ≤ s < round(w×0.8, 2) for part”"""
    assert of_row("XLP320", "达成预期指标", word, weight, score)[0].get("XLP320", "") == found


# What is known of the figures themselves.


@pytest.mark.parametrize(
    ("figure", "value", "status", "evidence"),
    [
        ("overachieved", "1.2", "system", "system"),
        ("overachieved_reason", "1.3", "system", "system"),
        ("execution_low", "0.9", "published", "published"),
        ("adjustment_warning", "0.3", "published", "published"),
        ("adjustment_notice", "0.1", "unconfirmed", "unconfirmed"),
        ("qualitative_bands", None, "system", "system"),
        ("grade_bands", None, "secondary", "secondary"),
        ("execution_base", "annual_budget", "published", "published"),
        ("reverse_convention", "linear", "system", "system"),
    ],
)
def test_what_is_known_of_a_figure(figure: str, value: str | None, status: str, evidence: str) -> None:
    stated = TEMPLATE.figures_of(None)[figure]
    assert (stated.status, stated.source.evidence) == (status, evidence)
    assert value is None or stated.value == value


@pytest.mark.parametrize(
    ("variant", "figure", "status"),
    [
        ("yunnan-linear", "standard_level_weights", "unconfirmed"),
        ("execution-on-opening", "execution_base", "published"),
        ("hubei", "reverse_convention", "published"),
        ("cost-2021-linear", "standard_level_weights", "unconfirmed"),
        ("sichuan-extremes-linear", "overachieved_points", "secondary"),
        ("sichuan-city-projects-linear", "not_applicable_points", "secondary"),
    ],
)
def test_what_is_known_of_a_figure_of_a_place(variant: str, figure: str, status: str) -> None:
    assert TEMPLATE.figures_of(variant)[figure].status == status


def test_points_of_execution_are_rounded_to_two_places() -> None:
    """“rate ×10 capped, two decimals: published (Chongqing: 76 % → 7.6)”"""
    fields = {"execution_rate": "76%", "execution_weight": "10", "execution_score": "7.6"}
    assert _found("XLP306", {"fields": fields}, None)[0] == {}
    assert _found("XLP306", {"fields": fields | {"execution_score": "7.9"}}, None)[0] == {"XLP306": "error"}
    assert RULES["XLP306"].sources[1].evidence == "published"
