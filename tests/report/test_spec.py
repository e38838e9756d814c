"""What a form's narrative report is made of, as its file says."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from tests.places import DATA
from xlperf.errors import DocumentError, TemplateError
from xlperf.form.forms import load_template
from xlperf.form.record import record_from_values
from xlperf.form.template import Template
from xlperf.form.written import templates_folder
from xlperf.report.blocks import blocks_of
from xlperf.report.spec import ReportSpec, report_spec

OWN = (templates_folder() / "department_overall.report.toml").read_text("utf-8")


def with_report(template: Template, text: str, path: Path) -> ReportSpec:
    path.write_text(text, "utf-8")
    return report_spec(dataclasses.replace(template, report=path))


@pytest.mark.parametrize(
    ("old", "new", "at", "told"),
    [
        ('body = "自评报告"', 'body = "自评报高"', "body =", "document.body：没有工作表 自评报高；是不是 自评报告？"),
        ('figures = "收支情况"\n', "", "[document]", "document：缺少 figures"),
        ('heading = "1', 'haeding = "1', "haeding", "passages[0].haeding：不认识的键；是不是 heading？"),
        ('["annual_budget",', '["annual_bugdet",', "bugdet", "nothing[0].funds[0]：没有项目 annual_bugdet；是不是"),
        ('rows = "project_special"', 'rows = "projects"', "rows =", "passages[3].rows：没有明细表 projects；是不是"),
    ],
)
def test_a_mistake_is_told_with_its_line(
    old: str, new: str, at: str, told: str, template: Template, tmp_path: Path
) -> None:
    text = OWN.replace(old, new, 1)
    line = text[: text.index(at)].count("\n") + 1
    with pytest.raises(TemplateError) as caught:
        with_report(template, text, tmp_path / "department_overall.report.toml")
    assert f"department_overall.report.toml 第 {line} 行 {told}" in str(caught.value)


def test_of_another_form_is_taken_what_fits(template: Template, tmp_path: Path) -> None:
    tiny = load_template(str(DATA / "tiny.toml"))
    whole, fitting = report_spec(template), with_report(tiny, OWN, tmp_path / "other.report.toml")
    assert (len(whole.passages), len(whole.nothing), whole.unit_names[0]) == (4, 3, "report_unit_name")
    assert (fitting.passages, fitting.nothing, fitting.conclusion, fitting.unit_names) == ((), (), None, ("unit_name",))


def test_a_form_without_one_makes_no_report() -> None:
    tiny = load_template(str(DATA / "tiny.toml"))
    assert report_spec(tiny) == ReportSpec()
    with pytest.raises(DocumentError, match="“小表”没有写明自评报告由哪些部分组成"):
        blocks_of(record_from_values({"year": 2024}, tiny))
