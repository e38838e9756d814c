"""Numbers of people and the kinds of them: which do not add up, and which need not."""

from __future__ import annotations

import pytest

from tests.costs import grows_linearly
from xlperf.form.forms import load_template
from xlperf.prose.people import miscounted_people

WORDS = load_template("department_overall").words.staff


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("核定编制15名，其中参公8名、事业7名；2023年末实有14人，其中参公7人、事业7人。", []),
        (
            "核定编制15名，其中参公8名、事业6名；2023年末实有14人，其中参公7人和事业6人。",
            [("核定编制15名", 14), ("实有14人", 13)],
        ),
        ("行政编制9名，事业编制6名，编制合计16名。", [("编制合计16名", 15)]),
        ("行政编制9名，事业编制6名，编制合计15名。", []),
        ("编制20人，其中行政编制12人、事业编制7人，实有18人。", [("编制20人", 19)]),
        ("编制总数32名（行政10名，事业22名），实有人数30人（行政9人，事业20人）。", [("实有人数30人", 29)]),
        ("年末编制17人，其中：事业编制17人，行政编制1人；实有16人。", [("编制17人", 18)]),
        # posts of workers count, or do not
        ("编制25名，其中行政编制20名、事业编制5名、工勤编制2名。", []),
        ("编制27名，其中行政编制20名、事业编制5名、工勤编制2名。", []),
        # not all of them, or others among them
        ("实有44人，其中行政人员12人、事业人员30人，另有聘用2人。", []),
        ("实有44人，其中行政人员12人、事业人员30人，其余为工勤人员。", []),
        ("实有16人，其中：管理岗3人，专业技术岗11人，工勤岗1人。", []),
        ("编制35名（其中行政12名、后勤服务聘用人员控制数3名、事业21名）。", []),
        ("在职121人，其中行政92人（含工勤3人），事业28人。", []),
        ("编制20名，其中行政编制12名。", []),
        ("编制20名，其中：行政编制12名，实有10名；事业编制8名，实有8名。", []),
        ("全局政法专项编制58名，工勤编制2名，实有在职干警57人、工勤2人。", []),
    ],
)
def test_people(text: str, found: list[tuple[str, int]]) -> None:
    assert [(each.whole, int(each.total)) for each in miscounted_people(text, WORDS)] == found


@pytest.mark.parametrize("atom", ["编制15名，", "其中参公8名、", "编制合计16名，其中", "事业编制6名，"])
def test_it_is_linear(atom: str) -> None:
    grows_linearly(lambda text: list(miscounted_people(text, WORDS)), lambda n: atom * n, 200, cheap=0.05)
