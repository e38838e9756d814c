"""Posts and staff that the report's text states."""

from __future__ import annotations

import pytest

from xlperf.form.forms import default_template
from xlperf.intake.staffing import read_staff
from xlperf.labels.reading import Section

OWN, ORGANS, PLANS = "section_1_2", "section_1_1", "section_5"


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ([(OWN, "编制17人，实有16人。")], [("staff_quota", "17", True), ("staff_actual", "16", True)]),
        (
            [(OWN, "编制36人，年末实有在职人数48人，离退休21人。")],
            [("staff_quota", "36", True), ("staff_actual", "48", True)],
        ),
        ([(ORGANS, "编制17人。")], [("staff_quota", "17", False)]),
        ([("", "编制17人。")], [("staff_quota", "17", False)]),
        ([(ORGANS, "编制18人。"), (OWN, "编制17人。")], [("staff_quota", "17", True)]),
        ([("", "编制18人。"), (ORGANS, "编制17人，实有16人。")], [("staff_actual", "16", False)]),
        ([(PLANS, "编制18人。")], []),
        ([(OWN, "依法不予公开。")], []),
    ],
)
def test_posts_and_staff(texts: list[tuple[str, str]], expected: list[tuple[str, str, bool]]) -> None:
    sections = [Section(key, text, f"报告.docx 第{number}段") for number, (key, text) in enumerate(texts, 1)]
    found = read_staff(sections, default_template(), 2023, ["某县水利局"])
    assert [(entry.key, entry.value, entry.sure) for entry in found] == expected
