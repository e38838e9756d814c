"""Which words behind a number of projects divide it into kinds, and which name the projects one by one."""

from __future__ import annotations

import pytest

from xlperf.form.forms import load_template
from xlperf.prose.project_parts import number, parse_project_parts

PARTS = load_template("department_overall").words.project_parts


@pytest.mark.parametrize(
    ("rest", "numbers"),
    [
        ("，其中基本支出类5个、发展类6个。", (5, 6)),
        ("，其中：人员类项目3个，运转类项目4个，特定目标类项目4个。", (3, 4, 4)),
        ("，分为运行维护五个和业务工作十二个。", (5, 12)),
        ("，资金500万元，其中发展类5个（300万元）、民生类7个（200万元）。", (5, 7)),
        ("，其中发展类5个、民生类7个，均已完成。", (5, 7)),
        ("，其中重点项目3个、新增项目1个。", None),
        ("，其中省级3个、市级4个。", None),
        ("，其中发展类5个、民生类6个等。", None),
        ("，主要包括发展类5个、民生类6个。", None),
        ("，其中发展类5个。", None),
        ("，其中发展类5个、发展类6个。", None),
        ("，均已完成。其中发展类5个、民生类6个。", None),
        ("", None),
    ],
)
def test_kinds(rest: str, numbers: tuple[int, ...] | None) -> None:
    found = PARTS.kinds_in(rest)
    assert (None if found is None else found.numbers) == numbers


@pytest.mark.parametrize(
    ("rest", "names"),
    [
        ("：甲项目、乙项目。", (2, 2)),
        ("，分别为甲专项资金10万元、乙和丙专项资金20万元。", (2, 3)),
        ("，分别为：甲项目、乙项目。", (2, 2)),
        ("：甲项目、乙项目。均已完成、验收。", (2, 2)),
        ("：甲、乙。", (2, 2)),
        (f"：{'甲' * 30}、乙。", (2, 2)),
        (f"：{'甲' * 31}、乙。", None),
        ("：甲项目、、乙项目。", None),
        ("：甲项目、乙项目等。", None),
        ("：一是完成甲，二是完成乙、丙。", None),
        ("，均已完成。", None),
        ("：甲项目。", None),
    ],
)
def test_names(rest: str, names: tuple[int, int] | None) -> None:
    assert PARTS.names_in(rest) == names


def test_numbers() -> None:
    assert [number(text) for text in ("12", "五", "十", "十二", "二十", "二十三")] == [12, 5, 10, 12, 20, 23]
    assert number("两") == 2


def test_the_words_that_are_quoted() -> None:
    found = PARTS.kinds_in("，包括：发展类5个，民生类6个。")
    assert found is not None
    assert found.quote == "包括发展类5个、民生类6个"


def test_a_form_without_the_words_reads_nothing() -> None:
    assert parse_project_parts({}).names_in("：甲项目、乙项目。") is None
