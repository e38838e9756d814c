"""A report that is text only is audited by itself; one with its tables in the same document is held against them."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import docx
import pytest

from tests.command import Run
from tests.intake.drawn import document
from tests.intake.together import as_document, drawn, findings, text_only
from xlperf.intake.standing import forms_in
from xlperf.labels.blocks import Document

REPORTS: list[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("narratives.toml").read_text("utf-8"))["reports"]
NEW = ("XLP219", "XLP220", "XLP525", "XLP526", "XLP527", "XLP528", "XLP529")


def as_lines(text: str) -> Document:
    return document(*text.strip().split("\n"))


@pytest.mark.parametrize("report", REPORTS, ids=[each["note"] for each in REPORTS])
def test_a_report_by_itself(report: dict[str, Any]) -> None:
    (form,) = forms_in(as_lines(report["text"]))
    assert form.is_text
    found = [f"{each.severity} {each.code} {each.at}" for each in findings(as_lines(report["text"]))]
    assert found == report["found"]
    assert {key: form.record[key].text for key in report["values"]} == report["values"]


@pytest.mark.parametrize("kind", ["报告.docx", "报告.txt"])
def test_the_command(kind: str, tmp_path: Path, run: Run) -> None:
    path = tmp_path / kind
    if kind.endswith(".txt"):
        path.write_text(REPORTS[0]["text"].strip(), "utf-8")
    else:
        word = docx.Document()
        for line in REPORTS[0]["text"].strip().split("\n"):
            word.add_paragraph(line)
        word.save(str(path))
    found = run("check", path)
    assert (found.code, "核实 XLP525  第4段" in found.out, "式样" in found.err) == (0, True, False)
    assert run("check", path, "--fail-on", "warning").code == 1


def test_what_is_no_report_is_refused_as_before(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "通知.txt"
    path.write_text("关于开展培训的通知\n各单位：请于10月前完成。", "utf-8")
    refused = run("check", path)
    assert (refused.code, "没有认出绩效自评表" in refused.err) == (2, True)


# The text and the tables of one document

FALSE = {
    "收入": ("section_2_1", "income_total_current", "{year}年收入合计{}万元。", "XLP506"),
    "支出": ("section_2_1", "expenditure_total_current", "{year}年支出合计{}万元。", "XLP506"),
    "三公经费": ("section_2_2", "sangong_actual", "{year}年“三公”经费决算{}万元。", "XLP506"),
    "公务接待费": ("section_2_2", "reception_actual", "{year}年公务接待费决算{}万元。", "XLP506"),
    "公务用车": ("section_2_2", "vehicle_actual", "{year}年公务用车购置及运行维护费决算{}万元。", "XLP506"),
    "出国": ("section_2_2", "overseas_budget", "{year}年因公出国（境）费年初预算{}万元。", "XLP506"),
    "政府采购": ("section_2_2", "procurement_actual", "{year}年政府采购金额决算{}万元。", "XLP506"),
    "编制": ("section_1_2", "staff_quota", "核定编制{}名。", "XLP511"),
    "在职": ("section_1_2", "staff_actual", "年末在职{}人。", "XLP511"),
    "得分": ("section_3_1", "total_score", "自评得分{}分。", "XLP508"),
}


@pytest.mark.parametrize("what", FALSE)
def test_the_text_is_held_against_the_tables_beside_it(what: str) -> None:
    """With the figure of the tables nothing is said, with another the rule that compares them speaks."""
    section, key, sentence, code = FALSE[what]
    values = drawn(7)
    right = values["fields"][key]
    wrong = f"{float(right) + 1:.0f}" if key.startswith("staff") else f"{right.partition('.')[0]}7.31"
    for figure, expected in ((right, []), (wrong, [code])):
        fields = {**values["fields"], section: sentence.format(figure, year=values["year"])}
        fields.pop("report_score", None)
        found = findings(as_document({**values, "fields": fields}))
        assert [each.code for each in found if each.code in ("XLP506", "XLP508", "XLP511")] == expected, figure


def test_the_grade_is_held_against_the_tables_beside_it() -> None:
    values = drawn(7)
    grade = values["fields"]["grade"]
    other = next(each for each in ("优", "良", "差") if each != grade)
    for said, expected in ((grade, []), (other, ["XLP508"])):
        fields = {**values["fields"], "section_3_1": f"绩效评价等次为“{said}”。"}
        fields.pop("report_grade", None)
        found = findings(as_document({**values, "fields": fields}))
        assert [each.code for each in found if each.code == "XLP508"] == expected


@pytest.mark.parametrize("number", range(2))
def test_clean_reports_have_none_of_it(number: int) -> None:
    whole = as_document(drawn(number, seed=5))
    assert [each for each in findings(whole) if each.code in NEW or each.severity != "info"] == []
    in_text = [each for each in findings(text_only(whole)) if each.severity != "info"]
    assert [each for each in in_text if each.code != "XLP526"] == []  # the tables alone tell what was carried over
