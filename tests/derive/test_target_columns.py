"""指标性质, 指标值, 度量单位 in three columns: judged as one target, kept as typed."""

from __future__ import annotations

import pytest

from tests.places import DATA
from xlperf.audit.run import audit
from xlperf.derive.engine import compute, steps_of
from xlperf.derive.native import native_formula
from xlperf.derive.seen import Seen
from xlperf.derive.target_columns import joined, joined_result, joined_target
from xlperf.form.forms import default_template, load_template
from xlperf.form.record import Record, record_from_values, values_of

MARKS = frozenset(("无", "—", "/"))


@pytest.mark.parametrize(
    "value, sign, unit, says",
    [
        ("30", "≤", "天", "≤30天"),
        ("98", "≧", "%", "≧98%"),
        ("98", "≧", "百分比", "≧98%"),
        ("98%", "≥", "%", "≥98%"),
        ("≥98%", "≥", "%", "≥98%"),
        ("30", "小于等于", "天", "≤30天"),
        ("30", "逆向指标", "天", "≤30天"),
        ("3", "≥（大于等于）", "个", "≥3个"),
        ("2场以上", "", "场", "2场以上"),
        ("2场", "=", "无", "=2场"),
        ("2025年11月底前", "=", "", "2025年11月底前"),
        ("2025年11月", "<=", "月", "≤2025年11月"),
        ("3", ">=", "", ">=3"),
        ("3", "＞", "个", "＞3个"),
        ("有效", "定性", "", "有效"),
        ("", "≥", "个", ""),
    ],
)
def test_target(value: str, sign: str, unit: str, says: str) -> None:
    assert joined_target(value, sign, unit, MARKS).text == says


def test_what_is_no_part_of_a_figure_is_told() -> None:
    told = joined_target("有效", "定性", "项")
    assert (told.sign, told.unit) == ("定性", "项")
    told = joined_target("2025年11月底前", "=", "日期")
    assert (told.sign, told.unit) == ("=", "日期")


@pytest.mark.parametrize(
    "value, unit, says",
    [
        ("28", "天", "28天"),
        ("97", "百分比", "97%"),
        ("1,200", "人次", "1,200人次"),
        ("28天", "天", "28天"),
        ("已完成", "个", "已完成"),
        ("5", "/", "5"),
    ],
)
def test_result(value: str, unit: str, says: str) -> None:
    assert joined_result(value, unit, MARKS) == says


def with_row(**columns: str) -> Record:
    row = {"level1": "产出指标（40分）", "level2": "时效指标", "level3": "补助资金下达天数", "weight": "5", **columns}
    form = load_template(str(DATA / "own_department.toml"))
    return record_from_values({"year": 2025, "indicators": [row]}, form)


def test_a_limit_of_its_own_sign_is_kept_to() -> None:
    """28 days where 30 are allowed: not missed, with a time, with a unit; and 33 days are too many."""
    found = {
        days: {each.code for each in audit(with_row(sign="≤", target="30", unit="天", actual=days, score="5")).findings}
        for days in ("28", "33")
    }
    assert {"XLP310", "XLP351", "XLP322"}.isdisjoint(found["28"])
    assert "XLP310" in found["33"]


def test_what_is_typed_stays_as_it_is() -> None:
    record = with_row(sign="≤", target="30", unit="天", actual="28")
    assert Seen(record)["indicators[0].target"].text == "≤30天"
    assert Seen(record).typed["indicators[0].target"].text == "30"
    assert values_of(record)["indicators"][0]["target"] == "30"


def test_a_form_with_one_column_is_read_as_it_is() -> None:
    data = {"indicators": [{"level3": "检查", "target": "≤30", "actual": "28"}]}
    assert joined(record_from_values(data, default_template())) == {}


@pytest.mark.parametrize(
    "sign, target, unit, actual, points",
    [("≤", "30", "天", "28", "5"), ("≥", "90", "%", "81", "4.50"), ("≥", "90", "%", "81%", "4.50")],
)
def test_points_that_are_offered(sign: str, target: str, unit: str, actual: str, points: str) -> None:
    """By the sign of its own column; the formula counts what is typed, or there is none."""
    record = with_row(sign=sign, target=target, unit=unit, actual=actual)
    assert str(compute(record)["indicators[0].score"]) in (points, f"{points}.00")
    step = next(each for each in steps_of(record) if each.key == "indicators[0].score")
    formula = native_formula(step, record, lambda key: key.rpartition(".")[2], lambda *_, **__: "")
    if actual == "81%":
        assert formula is None
    else:
        assert formula is not None and "/100" not in formula
