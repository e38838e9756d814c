"""Years in texts, moved on by one: what is a year, what is not, and what nobody can tell."""

from __future__ import annotations

import pytest

from xlperf.form.template import Template
from xlperf.prose.year_words import moved_on

YEARS = [
    ("2023年12月前", "2024年12月前"),
    ("2022年", "2023年"),
    ("比2022年增加，2023年完成", "比2023年增加，2024年完成"),
    ("2024年继续推进", "2025年继续推进"),
    ("２０２３年度", "２０２４年度"),
    ("二〇二三年、二○二二年、二零二三年", "二〇二四年、二○二三年、二零二四年"),
    ("2023 年 12 月", "2024 年 12 月"),
    ("2022-2023年", "2023-2024年"),
    ("2023-2024", "2024-2025"),
    ("2023—2024学年", "2024—2025学年"),
    ("2023年1月1日至2023年12月31日", "2024年1月1日至2024年12月31日"),
    ("2023.12.31", "2024.12.31"),
    ("2023-12-31、2023/6/30", "2024-12-31、2024/6/30"),
    ("2023上半年", "2024上半年"),
    ("（2023年度）", "（2024年度）"),
    ("1.2023年收入2023.50万元", "1.2024年收入2023.50万元"),
    ("《2023年工作方案》", "《2024年工作方案》"),
]
NOT_YEARS = [
    "2023万元",
    "收入2023.50万元",
    "2023人",
    "≥2023人次",
    "2,023元",
    "2023%",
    "12023年",
    "20230年",
    "20231231",
    "0739-2023123",
    "0739-2023-2024",
    "2021年成立",
    "2018—2020年",
    "十四五（2021-2025）",
    "",
    "保障网络安全",
]
KEPT = [
    ("湘财绩〔2023〕10号", "2023"),
    ("（2023）5号", "2023"),
    ("［２０２３］第5号", "２０２３"),
    ("2023年第5号公告", "2023年第5号"),
    ("根据《2023年绩效方案》（北财〔2023〕10号）", "2023年绩效方案"),
    ("2023.12前", "2023.12"),
    ("完成2023，", "2023"),
    ("23年度", "23年度"),
]


@pytest.mark.parametrize(("text", "later"), YEARS)
def test_years(text: str, later: str, template: Template) -> None:
    assert moved_on(text, 2023, template.next_year.counted) == (later, ())


@pytest.mark.parametrize("text", NOT_YEARS)
def test_what_is_no_year_stays(text: str, template: Template) -> None:
    assert moved_on(text, 2023, template.next_year.counted) == (text, ())


@pytest.mark.parametrize(("text", "quoted"), KEPT)
def test_what_cannot_be_moved_is_told(text: str, quoted: str, template: Template) -> None:
    moved = moved_on(text, 2023, template.next_year.counted)
    assert moved.text == text
    assert any(quoted in each for each in moved.left)


def test_only_the_passing_year_is_told_of(template: Template) -> None:
    """〔2021〕, and 〔2022〕 which is last year's there, mislead nobody."""
    assert moved_on("财预〔2020〕10号、湘财绩〔2022〕3号", 2023, template.next_year.counted).left == ()
