"""How reports say how many posts there are and how many people are in them."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from tests.costs import grows_linearly
from tests.longtexts import longer
from tests.places import ROOT
from xlperf.form.forms import load_template
from xlperf.prose.staff import parse_staff, staff_in

WORDS = load_template("department_overall").words.staff
PATTERNS: dict[str, Any] = tomllib.loads((ROOT / "workbook_templates/prose.toml").read_text("utf-8"))["staff"][
    "patterns"
]
NAMES = ("某区档案馆", "某市某区档案馆")


def read(text: str, year: int | None = 2023) -> list[str]:
    """`quota 20`, `actual 18`."""
    found = staff_in(text, WORDS, NAMES, year)
    return [f"{name} {count}" for name, counts in zip(found._fields, found, strict=True) for count in sorted(counts)]


BOTH = ["quota 20", "actual 18"]
STATED: list[tuple[str, list[str]]] = [
    ("编制20人，实有18人，劳务派遣5人，退休6人。", BOTH),
    ("编制数20人，年末实有在职人数18人，离退休21人。", BOTH),
    ("核定编制20名，年末在职在编人员18人。", BOTH),
    ("某区档案馆2023年末编制人数为20人，实有人数为18人。", BOTH),
    ("2023年底，我馆人员编制数20个，在职干部职工18人。", BOTH),
    ("我单位共有编制20名、在职人员18名。", BOTH),
    ("现有20个编制，18名在职人员。", BOTH),
    ("编制总数20名，在编在岗18人，借调3人，临聘人员2人，公益性岗位1人。", BOTH),
    ("截至2023年12月31日，编制数：20人；在职人数：18人。", BOTH),
    # parts
    ("年末编制20人，其中：事业编制20人，行政编制0人；实有18人，其中：管理岗3人，专业技术岗14人，工勤岗1人。", BOTH),
    ("班子成员3人，其中正职1人，副职2人。编制20人，实有18人。退休3人，其中离休0人，退休3人。", BOTH),
    ("核定编制20名，其中行政编制12名，事业编制8名；实有在职人员18人，其中行政10人，事业8人。", BOTH),
    ("编制20名（行政编制12名、事业编制8名），在职18人（女性9人，男性9人）。", BOTH),
    ("编制20人，其中行政编制12人、事业编制8人，实有18人。", BOTH),
    ("行政编制12名、事业编制8名，现有在职职工18人。", BOTH),
    ("行政编制12名，在职10人；事业编制8名，在职8人。", BOTH),
    ("编制20名，在职18人。其中：行政编制12名，在职10人；事业编制8名，在职8人。", BOTH),
    ("编制20名，其中：行政编制12名，实有10名；事业编制8名，实有8名。", BOTH),
    ("行政在职10人，事业在职8人。", ["actual 18"]),
    ("年末实有人数20人，其中在职18人，离退休2人。", ["actual 18"]),
    ("编制20名，在职18人，其中在编15人，在岗3人。", BOTH),
    ("行政编制18名，工勤编制2名。", ["quota 18", "quota 20"]),
    # not this unit's, or not certain
    ("核定编制20名，在职18人。下属中心编制5名，在职4人。", BOTH),
    ("下属事业单位核定编制5名，在职4人。", []),
    ("2022年末在职19人，2023年末在职18人。", []),
    ("2022年末编制22人，在职19人。2023年末编制20人，在职18人。", BOTH),
    ("编制20名，在职18人，在职16人。", ["quota 20"]),
    ("行政编制12名，在职10人；事业编制8名。在职20人。", ["quota 20"]),
    ("编制20名，在职20人。其中：行政编制12名，在职10人；事业编制8名，在职8人。", ["quota 20"]),
    ("内设机构3个，档案库房2个，培训16人次。", []),
    ("退休6人，遗属2人，聘用在岗3人。", []),
    ("科级领导职数编制3名。", []),
    ("依法不予公开。", []),
]


@pytest.mark.parametrize(("text", "expected"), STATED)
def test_stated(text: str, expected: list[str]) -> None:
    assert read(text) == expected


@pytest.mark.parametrize("name", PATTERNS)
def test_a_pattern_reads_its_example(name: str) -> None:
    assert read(PATTERNS[name]["example"]) == PATTERNS[name]["says"]


def test_a_form_without_the_words_understands_no_number() -> None:
    assert staff_in("编制20人，在职18人。", parse_staff({}), NAMES, 2023) == (frozenset(), frozenset())


@pytest.mark.parametrize(
    "text", ["编制8人", "其中", "（", "行政编制1名，在职1人；", "共现有实有", "2022年", "下属", "1人"]
)
def test_a_long_text_takes_time_in_proportion(text: str) -> None:
    grows_linearly(read, longer(text), 4000, cheap=0.05)
