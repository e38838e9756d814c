"""Targets that hold two measures, or are about right; claims that all are figures."""

from __future__ import annotations

import pytest

from xlperf.form.forms import load_template
from xlperf.prose.target_words import is_quantified, parse_target_words

WORDS = load_template("department_overall").words.target_words


@pytest.mark.parametrize(
    ("target", "quotes"),
    [
        ("≥10场/500人", ["10场", "500人"]),
        ("１０场，５００人", ["10场", "500人"]),
        ("≥ 10 场 / 500 人", ["10场", "500人"]),
        ("1,000人次、3期", ["1,000人次", "3期"]),
        ("2次/100%", ["2次", "100%"]),
        ("1,000人", []),
        ("260元/辆", []),
        ("260元/3辆", []),
        ("5次/100人", []),
        ("2次/1年", []),
        ("2023年6月及12月", []),
        ("2023-06-30，2次", []),
        ("1.5×2米", []),
        ("100人（其中党员20%）", []),
        ("500万元、5000元", []),
        ("第1季度1次", []),
        ("A3、A4", []),
        ("", []),
    ],
)
def test_measures(target: str, quotes: list[str]) -> None:
    assert [measure.quote for measure in WORDS.measures(target)] == quotes


@pytest.mark.parametrize(
    ("target", "about"),
    [
        ("约100人", "约100人"),
        ("100人 左右", "100人左右"),
        ("１００左右", "100左右"),
        ("节约100万元", ""),
        ("签约5家", ""),
        ("左右两侧", ""),
        ("≥100人", ""),
    ],
)
def test_about_right(target: str, about: str) -> None:
    assert WORDS.about_right(target) == about


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("绩效指标均已量化。", "均已量化"),
        ("产出、效益指标全部量化。", "全部量化"),
        ("能量化的均已量化。", ""),
        ("能量化的均已量化。产出指标全部量化。", "全部量化"),
        ("指标未全部量化。", ""),
        ("质量指标均已量化。", ""),
        ("下一步全部量化。", ""),
        ("各项指标明确。", ""),
    ],
)
def test_all_quantified(text: str, said: str) -> None:
    assert WORDS.all_quantified(text) == said


def test_a_figure_may_be_in_words() -> None:
    assert is_quantified("不少于三次")
    assert is_quantified("2次")
    assert not is_quantified("按计划完成")


def test_a_form_without_the_section_says_nothing() -> None:
    words = parse_target_words({})
    assert (words.measures("10场/500人"), words.about_right("约100人"), words.all_quantified("均已量化")) == (
        (),
        "",
        "",
    )
