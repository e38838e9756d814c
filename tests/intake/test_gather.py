"""Several documents of one unit: one set of values, every key with its source, and no contradiction swallowed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.hosts.libreoffice import Office
from tests.intake.drawn import document, grid, table
from tests.intake.forms import old_sheet_form, sheet_form, word_form
from xlperf.audit.run import audit
from xlperf.form.forms import example_of
from xlperf.form.record import Record, record_from_values
from xlperf.form.template import Template
from xlperf.intake.gather import Intake, gather
from xlperf.intake.readers.opening import read_document
from xlperf.labels.reading import Entry

TEXT = Path(__file__).parent / "cases" / "beita_2023.txt"
BEITA: dict[str, Any] = example_of("department_overall")

BASE = """
    经费控制情况 | 2022年决算数 | 2023年预算数 | 2023年决算数
    三公经费 | 1 | 2 | {sangong}
    公用经费 | 4 | 5 | 6
"""
INDICATORS = """
    一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分
    产出指标 | 数量指标 | 甲 | ≥1 | 1 | 10 | {points}
    产出指标 | 数量指标 | 乙 | ≥2 | 2 | 10 | 10
"""
FINANCE = """
    项目 | 上年数 | 年初预算数 | 本年数
    收入合计 | 162.49 | | {income}
    支出合计 | | | 251.06
"""


def entry(intake: Intake, key: str) -> Entry:
    (found,) = (each for each in intake.entries if each.key == key)
    return found


# The published document


def test_the_published_text_gives_every_figure(template: Template) -> None:
    intake = gather([read_document(TEXT)], template)
    assert len(BEITA["fields"]) == 103
    assert intake.values == BEITA
    assert intake.conflicts == ()
    assert [passage.text for passage in intake.left] == ["其中应急指挥中心项目37.44万元。"]


def test_the_audit_of_the_imported_is_that_of_the_published(template: Template, beita: Record) -> None:
    found = audit(record_from_values(gather([read_document(TEXT)], template).values, template)).findings
    assert [(f.code, f.key) for f in found] == [(f.code, f.key) for f in audit(beita).findings]


def test_every_key_has_its_place(template: Template) -> None:
    intake = gather([read_document(TEXT)], template)
    assert len(intake.entries) == 103 + 2 + sum(map(len, BEITA["indicators"]))
    assert all(each.place.startswith("beita_2023.txt ") for each in intake.entries)
    assert entry(intake, "project_budget").place == "beita_2023.txt 表1 第10行第3列"
    assert entry(intake, "personnel_growth_rate").place.endswith("上升22.24%”")


def test_word_and_excel_say_the_same(tmp_path: Path, template: Template) -> None:
    for path in (word_form(tmp_path / "甲.docx"), sheet_form(tmp_path / "乙.xlsx")):
        intake = gather([read_document(path)], template)
        assert (intake.values, intake.conflicts) == (BEITA, ())


def test_an_old_workbook_says_the_same(office: Office, tmp_path: Path, template: Template) -> None:
    assert gather([read_document(old_sheet_form(office, tmp_path))], template).values == BEITA


def test_the_same_thing_three_times_is_said_once(tmp_path: Path, template: Template) -> None:
    paths = [TEXT, word_form(tmp_path / "甲.docx"), sheet_form(tmp_path / "乙.xlsx")]
    intake = gather([read_document(path) for path in paths], template)
    assert (intake.values, intake.conflicts) == (BEITA, ())


# Several files


def test_report_and_attachments_become_one(template: Template) -> None:
    report = document("甲局", "2023年部门整体支出绩效自评报告", "六、其他需要说明的情况", "无。", name="报告.docx")
    base = document("填报单位：甲局", table(BASE.format(sangong=3)), name="附件1.docx")
    own = document(table("预算单位名称 | 某县甲局\n" + INDICATORS.format(points=10).strip()), name="附件2.docx")
    values = gather([report, base, own], template).values
    assert (values["year"], values["unit_name"]) == (2023, "某县甲局")
    names = {key: values["fields"][key] for key in ("base_unit_name", "report_unit_name", "section_6")}
    assert names == {"base_unit_name": "甲局", "report_unit_name": "甲局", "section_6": "无。"}
    assert values["fields"]["sangong_actual"] == "3"
    assert [row["level3"] for row in values["indicators"]] == ["甲", "乙"]


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("填报日期：2024年3月5日", "填报日期：2024.3.5", True),
        ("填报日期：2024-03-05", "填报日期：2024/3/5", True),
        ("填报日期：2024年3月5日", "填报日期：2024年3月6日", False),
        ("联系电话：0739-5551234", "联系电话：0739—5551234", True),
        ("联系电话：0739-5551234", "联系电话：0739-5551235", False),
    ],
)
def test_a_day_and_a_telephone_written_otherwise_are_the_same(
    one: str, other: str, alike: bool, template: Template
) -> None:
    papers = [
        document(table(f"{BASE.format(sangong=3).strip()}\n填表人：张三 | {said} | < | <"), name=f"{name}.docx")
        for name, said in (("甲", one), ("乙", other))
    ]
    intake = gather(papers, template)
    assert any(each.key in ("filled_on", "phone") for each in intake.entries)
    assert (intake.conflicts == ()) is alike


def test_two_files_that_disagree(template: Template) -> None:
    """The first stays, not sure; the other is listed, and both places are named."""
    papers = [document(table(BASE.format(sangong=figure)), name=f"{figure}.docx") for figure in ("3", "3.5", "3.00")]
    intake = gather(papers, template)
    kept = entry(intake, "sangong_actual")
    assert (kept.value, kept.sure) == ("3", False)
    assert kept.note == "3.5.docx 表1 第2行第4列 写的是“3.5”"
    (other,) = intake.conflicts
    assert other.place == "3.5.docx 表1 第2行第4列"
    assert other.reason == "与 3.docx 表1 第2行第4列 的“3”不一致，工作簿里填的是后者"
    assert entry(intake, "operating_actual").sure


def test_tables_before_prose(template: Template) -> None:
    text = ["二、部门整体支出管理及使用情况", "（一）预算执行、使用、管理总体情况", "2023年收入实际完成250万元。"]
    paper = document("2023年部门整体支出绩效自评报告", *text, table(FINANCE.format(income="251.06")))
    intake = gather([paper], template)
    assert entry(intake, "income_total_current").value == "251.06"
    assert [passage.text for passage in intake.conflicts] == ["收入合计（本年数）：250"]


def test_rows_of_two_files_do_not_collide(template: Template) -> None:
    others = grid(INDICATORS.format(points=10))
    others[1][2], others[2][2] = "丙", "丁"
    papers = [document(table(INDICATORS.format(points=10)), name="一"), document(table(others), name="二")]
    intake = gather(papers, template)
    assert [row["level3"] for row in intake.values["indicators"]] == ["甲", "乙", "丙", "丁"]
    assert [entry(intake, f"indicators[{n}].level3").sure for n in range(4)] == [True, True, False, False]


def test_the_same_rows_twice_are_the_same_rows(template: Template) -> None:
    papers = [document(table(INDICATORS.format(points=points)), name=str(points)) for points in (10, 9)]
    intake = gather(papers, template)
    assert [row["level3"] for row in intake.values["indicators"]] == ["甲", "乙"]
    assert [(passage.place, passage.text) for passage in intake.conflicts] == [("9 表1 第2行第7列", "得分：9")]


def test_two_rows_of_one_name_stay_two(template: Template) -> None:
    rows = grid(INDICATORS.format(points=10))
    rows[2][2] = "甲"
    papers = [document(table(rows), name=name) for name in ("一", "二")]
    intake = gather(papers, template)
    assert [row["target"] for row in intake.values["indicators"]] == ["≥1", "≥2"]
    assert intake.conflicts == ()


def test_the_year_that_most_places_name(template: Template) -> None:
    """A title that nobody rolled: the year is that of the headings and the other title, and a person is asked."""
    stale = document("2022年部门整体支出绩效自评报告", "六、其他需要说明的情况", "无。", name="报告")
    intake = gather([stale, *(document(table(BASE.format(sangong=3)), name=name) for name in "一二")], template)
    year = entry(intake, "year")
    assert (year.value, year.sure) == ("2023", False)
    assert "报告 第1段 写的是 2022 年" in year.note


def test_no_year_is_invented(template: Template) -> None:
    intake = gather([document(table("编制数 | 实际在职人数 | 控制率\n8 | 8 | 100%"))], template)
    assert "year" not in intake.values


def test_remarks_of_the_readers_are_passed_on(template: Template) -> None:
    paper = document("无。", name="甲.docx")._replace(remarks=("有文本框没有读入。",))
    assert gather([paper], template).remarks == ("甲.docx：有文本框没有读入。",)


@pytest.mark.parametrize("count", [0, 1])
def test_nothing(count: int, template: Template) -> None:
    intake = gather([document("今天天气很好。")] * count, template)
    assert intake.entries == ()
    assert len(intake.left) == count
