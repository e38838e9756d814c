"""Every sentence known by its wording reads its example, needs its pattern for that, and is read in linear time."""

from __future__ import annotations

import copy
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest

from tests.costs import grows_linearly
from tests.places import ROOT
from xlperf.form.forms import load_template
from xlperf.intake.figures import _stage
from xlperf.prose.lexicon import Vocabulary
from xlperf.prose.openings import openings
from xlperf.prose.projects import named_amounts, project_counts
from xlperf.prose.sayings import Sayings, parse_sayings
from xlperf.prose.verdict import grades, scores

YEAR, PROJECT = 2023, "应急指挥中心"
WORDS = load_template("department_overall").prose
GROUPS: dict[str, Any] = tomllib.loads((ROOT / "workbook_templates/prose.toml").read_text("utf-8"))["prose"]["sayings"]
EVERY = [(group, name) for group, spec in GROUPS.items() for name in spec["patterns"]]


def words(sayings: Sayings) -> Vocabulary:
    return Vocabulary(**{each: getattr(WORDS, each) for each in Vocabulary.__slots__} | {"sayings": sayings})


def read(group: str, text: str, known: Vocabulary) -> list[str]:
    return list(_read(group, text, known))


def _read(group: str, text: str, known: Vocabulary) -> Iterator[str]:
    if group == "verdict":
        yield from (f"score {each.said}" for each in scores(text, known, YEAR))
        yield from (f"grade {each.said}" for each in grades(text, known, YEAR))
    elif group == "openings":
        yield from (f"opening {each.year}" for each in openings(text, known))
    elif group == "assertions":
        found = known.sayings.not_overspent.search(text)
        yield from [f"not_overspent {found[0]}"] if found else []
    elif group == "stages":
        yield from filter(None, [_stage(text, known)])
    else:
        yield from (f"count {each.number}" for each in project_counts(text, known, YEAR))
        yield from (f"amount {each.value}" for each in named_amounts(text, (PROJECT,), known, YEAR))


@pytest.mark.parametrize(("group", "name"), EVERY)
def test_a_pattern_reads_its_example(group: str, name: str) -> None:
    spec = GROUPS[group]["patterns"][name]
    assert read(group, spec["example"], WORDS) == spec["says"]


@pytest.mark.parametrize(("group", "name"), EVERY)
def test_without_the_pattern_its_example_is_read_otherwise(group: str, name: str) -> None:
    spec = GROUPS[group]["patterns"][name]
    others = copy.deepcopy(GROUPS)
    del others[group]["patterns"][name]
    assert read(group, spec["example"], words(parse_sayings(others))) != spec["says"]


@pytest.mark.parametrize(("group", "name"), EVERY)
@pytest.mark.parametrize(
    "atom", ["我本", "自评得分", "95分", "等级为优", "2023年", "对2023年度整体支出", "项目3个", "十", "根据"]
)
def test_a_pattern_is_linear(group: str, name: str, atom: str) -> None:
    spec = GROUPS[group] | {"patterns": {name: GROUPS[group]["patterns"][name]}}
    known = words(parse_sayings({group: spec}))
    grows_linearly(lambda text: read(group, text, known), lambda n: atom * n + "☃", 400, cheap=0.01)


def test_a_form_without_the_section_reads_nothing() -> None:
    known = words(parse_sayings({}))
    for group, spec in GROUPS.items():
        for each in spec["patterns"].values():
            assert read(group, each["example"], known) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("自评得分64分，等级为良。", ["score 64", "grade 良"]),
        ("对照评价指标，自评结果为68.5分，自评等级：良好。", ["score 68.5", "grade 良好"]),
        ("根据部门整体支出绩效评价指标体系，自评得分96分。", ["score 96"]),
        # not the unit's own of the year
        ("项目自评得分95分，等级为优。", []),
        ("满意度指标得分9分，等级为优。", []),
        ("2022年自评得分95分，等级为优。", []),
        ("按照评分标准，数量指标评价得分95分。", []),
        ("得分区间90分以上，等级为优。", []),
    ],
)
def test_whose_score_and_grade_it_is(text: str, expected: list[str]) -> None:
    assert read("verdict", text, WORDS) == expected
