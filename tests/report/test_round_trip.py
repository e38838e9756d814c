"""The report of a workbook, imported again, is the same Record: what was stated as stated, what was blank blank."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.random_forms import TEMPLATE, records
from xlperf.derive.seen import Seen
from xlperf.form.record import record_from_values, values_of
from xlperf.intake.gather import Intake, gather
from xlperf.intake.readers.opening import read_document
from xlperf.report.returned import without_generated
from xlperf.report.word import build_report

RECORDS = 80
SECTIONS = [key for key in TEMPLATE.fields if key.startswith("section_")]
WITHHELD = ["依法不予公开。", "本单位为涉密单位，不予公开。"]
WRITTEN = ["", "", "无。", "1.加强管理。\n2.完善制度。", "=1+1"]
# Where 收入支出 itself is withheld its figures are not printed either: see the last test.
texts = {
    key: st.sampled_from(WRITTEN if key == "section_2_1" else [*WRITTEN, *WITHHELD])
    for key in TEMPLATE.fields
    if key.startswith("section_")
}
heads = st.fixed_dictionaries(
    {"goal_expected": st.sampled_from(["", "保障运转"]), "filled_on": st.sampled_from(["", "2024年7月30日"])},
    optional=texts,
)


def returned(values: dict[str, Any], folder: Path) -> Intake:
    path = folder / "报告.docx"
    path.write_bytes(build_report(record_from_values(values, TEMPLATE)))
    return without_generated(gather([read_document(path)], TEMPLATE), TEMPLATE)


def complete(values: dict[str, Any]) -> dict[str, Any]:
    """What the values state, and in blank derived cells what they give; names of levels in one line, as printed."""
    record = record_from_values(values, TEMPLATE)
    stated = values_of(dataclasses.replace(record, stated=Seen(record).cells))
    for row in stated["indicators"]:
        row |= {level: "".join(row[level].split()) for level in ("level1", "level2") if level in row}
    return stated


def named(values: dict[str, Any]) -> dict[str, Any]:
    """With what every report has: a year and a unit."""
    fields = {"report_unit_name": "某某局"} | values["fields"]
    return values | {"year": 2023, "unit_name": "某某局", "fields": fields}


@pytest.mark.slow
def test_random_records(tmp_path: Path) -> None:
    """Fresh records a run, with blanks, ——, rates stated wrong and withheld sections among them."""
    drawn = []

    # Not made smaller when it fails: that takes minutes, and the record that fails is printed as it is.
    @settings(
        max_examples=RECORDS,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(records(TEMPLATE), heads)
    def compare(values: dict[str, Any], words: dict[str, str]) -> None:
        given_values = named(values | {"fields": values["fields"] | {key: text for key, text in words.items() if text}})
        again = returned(given_values, tmp_path)
        assert complete(again.values) == complete(given_values)
        drawn.append(len(again.entries))

    compare()
    assert len(drawn) >= RECORDS
    assert sum(drawn) > 20 * RECORDS


def test_the_published_report(beita_values: dict[str, Any], tmp_path: Path) -> None:
    """Its wrong 22.24% and 优秀 come back as they are, and its own sections word for word."""
    again = returned(beita_values, tmp_path)
    assert complete(again.values) == complete(beita_values)
    assert again.values["fields"]["personnel_growth_rate"] == "22.24%"
    assert again.conflicts == ()


def test_generated_text_is_told_apart_from_written_text(beita_values: dict[str, Any], tmp_path: Path) -> None:
    fields = {key: value for key, value in beita_values["fields"].items() if key not in ("section_2_1", "section_4")}
    again = returned(beita_values | {"fields": fields}, tmp_path)
    assert "section_2_1" not in again.values["fields"], "written from the figures"
    assert "section_4" not in again.values["fields"], "〔请填写：…〕"
    assert any("2023年收入实际完成251.06万元" in each.text for each in again.kept)
    changed = fields | {"section_2_1": "2023年收入实际完成251.06万元。另有说明。"}
    again = returned(beita_values | {"fields": changed}, tmp_path)
    assert again.values["fields"]["section_2_1"] == changed["section_2_1"]


def test_what_is_withheld_does_not_come_back(beita_values: dict[str, Any], tmp_path: Path) -> None:
    fields = beita_values["fields"] | {"section_2_1": WITHHELD[0]}
    again = returned(beita_values | {"fields": fields}, tmp_path).values["fields"]
    assert again["section_2_1"] == WITHHELD[0]
    assert not [key for key in again if key.startswith(("income_", "personnel_"))]
