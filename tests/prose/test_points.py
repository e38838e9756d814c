"""Points of the parts of an evaluation and their total."""

from __future__ import annotations

import pytest

from tests.costs import grows_linearly
from xlperf.form.forms import load_template
from xlperf.prose.points import unequal_points
from xlperf.prose.text_words import parse_text

WORDS = load_template("department_overall").words.text_words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("预算执行率9.74分，产出指标49分，效益指标29分，满意度指标10分，合计97.74分，等级“优”。", []),
        (
            "预算执行率9.74分，产出指标49分，效益指标29分，满意度指标10分，合计98.74分，等级“优”。",
            [("合计98.74分", "97.74")],
        ),
        (
            "自评总分为95.9分，其中预算执行率得分9.9分，产出得分48分，效益得分29分，满意度得分10分。",
            [("自评总分为95.9分", "96.9")],
        ),
        ("自评总分100分，其中：投入10分，过程20分，产出40分，效益30分。", []),
        ("自评总分99分，其中：投入10分，过程20分，产出39分，效益29分。", [("自评总分99分", "98")]),
        # not all parts: only more than the whole is wrong
        ("自评得分95分，其中产出48分，效益29分，满意度9分。", []),
        ("自评得分85分，其中产出48分，效益29分，满意度9分。", [("自评得分85分", "86")]),
        # points of other things
        ("自评得分95分，其中产出满分50分，得48分，效益29分，满意度9分，预算执行9分。", []),
        ("自评得分95分，上年产出48分，效益29分，满意度9分，预算执行10分。", []),
        ("自评得分95分，产出扣2分，效益扣1分，满意度扣1分，预算执行扣1分。", []),
        ("自评得分95分，等级为优。", []),
    ],
)
def test_points(text: str, found: list[tuple[str, str]]) -> None:
    assert [(each.whole, f"{each.total}") for each in unequal_points(text, WORDS)] == found


def test_a_form_without_the_words_finds_none() -> None:
    assert list(unequal_points("自评总分99分，其中：投入10分，过程20分，产出39分，效益29分。", parse_text({}))) == []


@pytest.mark.parametrize("atom", ["产出48分，", "合计", "5分", "效益"])
def test_it_is_linear(atom: str) -> None:
    grows_linearly(lambda text: list(unequal_points(text, WORDS)), lambda n: atom * n, 200, cheap=0.05)
