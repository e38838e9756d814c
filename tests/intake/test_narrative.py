"""A report that is text only is audited by itself; one with its tables in the same document is held against them."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import docx
import pytest

from tests.command import Run
from tests.intake.drawn import document
from tests.intake.forms import TEXT
from tests.intake.together import as_document, drawn, findings, more_than_the_form, text_only, without_finance
from xlperf.audit.ledger import ledger_of
from xlperf.audit.run import audit
from xlperf.intake.narrative import of_tables
from xlperf.intake.readers.opening import read_document
from xlperf.intake.readers.plain import read_text
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


def test_people_that_a_text_alone_states_are_compared_with_each_other() -> None:
    text = next(each["text"] for each in REPORTS if each["note"] == "在职的多于编制")
    (form,) = forms_in(as_lines(text))
    sentences = ledger_of(audit(form.record)).sentences
    told = [each.told for each in sentences if each.quote.startswith("编制数36人")]
    assert told == ["比较了 3 个数中的 2 个"]


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


# What only the text states

OF_TEXT = {  # what the accountant's list has about the text, by paragraph
    ("A1", "XLP202", "第22段“上升22.24%”"),
    ("A2", "XLP404", "第25段“2023年年初一般公共预算拨款预算支出数为213.62万元”"),
    ("A3", "XLP403", "第25段“2023年年初一般公共预算拨款预算支出数为213.62万元”"),
    ("A4", "XLP402", "表1 第10行第3列"),
    ("B8", "XLP405", "表1 第16行第4列"),
    ("B8", "XLP406", "表1 第16行第2列"),
    ("B9", "XLP605", "第20段“本年度预算收入增加”"),
    ("B9", "XLP605", "第22段“本年预算增加”"),
    ("B9", "XLP605", "第22段“预算增加”"),
    ("B9", "XLP605", "第22段“人员经费及公用经费增加”"),
    ("C4", "XLP319", "第36段“评价等次为“优秀”"),
}


def test_what_the_text_of_a_published_report_states_is_audited_beside_its_tables() -> None:
    """Its tables have no 收支情况: the figures of the text are the form's there."""
    found = {(each.code, each.at) for each in findings(read_document(TEXT))}
    assert {(code, at) for _, code, at in OF_TEXT} <= found
    cells = forms_in(read_document(TEXT))[0].record
    assert {key: cells[key].shown for key in ("basic_current", "personnel_change", "public_growth_rate")} == {
        "basic_current": "213.62",
        "personnel_change": "36.14",
        "public_growth_rate": "16.79%",
    }
    assert cells["basic_prior"].is_absent  # nobody says it
    assert cells["operating_actual"].at == "表1 第16行第4列"  # the tables' own


def test_for_other_files_the_form_is_what_its_tables_state() -> None:
    (form,) = forms_in(read_document(TEXT))
    record = of_tables(form.record)
    assert [key for key, each in record.stated.items() if each.is_number and each.at.startswith("第")] == []
    assert record["basic_current"].is_absent
    assert record["operating_actual"].shown == "92.01"
    assert not {"XLP202", "XLP404", "XLP405"} & {each.code for each in audit(record).findings}


def test_the_score_is_held_against_tables_without_a_grade() -> None:
    text = TEXT.read_text("utf-8")
    assert "自评分数为98分" in text
    (form,) = forms_in(read_text(text.replace("自评分数为98分", "自评分数为97分").encode(), "报告.txt"))
    assert [each.at for each in audit(form.record).findings if each.code == "XLP508"] == ["第36段"]


@pytest.mark.parametrize("number", range(6))
def test_our_own_report_says_no_more_than_the_form(number: int) -> None:
    """With all its tables, and with those of the published report: 基础数据表 and 自评表."""
    values = drawn(number, seed=7)
    whole = as_document(values)
    assert more_than_the_form(values, whole) == []
    assert [each for each in more_than_the_form(values, without_finance(whole)) if each.code != "XLP526"] == []
