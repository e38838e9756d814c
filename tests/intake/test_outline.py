"""The report's text: each section where it belongs, word for word; and nothing in it that is not the report's text."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.intake import forms
from tests.intake.drawn import document, table
from tests.intake.outlines import OUTLINES
from xlperf.form.forms import example_of
from xlperf.form.template import Template
from xlperf.intake.gather import Intake, gather
from xlperf.intake.outline import read_outline, report_sections
from xlperf.intake.readers.opening import read_document
from xlperf.labels.blocks import Block
from xlperf.labels.reading import Reading
from xlperf.labels.tables import read_tables

BEITA = example_of("department_overall")["fields"]
HEADINGS = {
    "section_1_1": ["一、部门、单位基本情况", "（一）机构设置情况"],
    "section_1_2": ["（二）人员编制情况"],
    "section_1_3": ["（三）主要职能职责"],
    "section_1_4": ["（四）绩效目标设定情况"],
    "section_2_1": ["二、部门整体支出管理及使用情况", "（一）预算执行、使用、管理总体情况"],
    "section_2_2": ["（二）部门预算执行情况"],
    "section_2_3": ["（三）政府性基金预算支出情况"],
    "section_2_4": ["（四）国有资本经营预算支出情况"],
    "section_2_5": ["（五）社会保险基金预算支出情况"],
    "section_3_1": ["三、部门整体支出绩效情况", "（一）综合评价结论"],
    "section_3_2": ["（二）评价指标分析（或综合评价情况）"],
    "section_4": ["四、存在的问题及原因分析"],
    "section_5": ["五、下一步改进措施"],
    "section_6": ["六、其他需要说明的情况"],
}


def read(*blocks: str | Block, template: Template) -> Reading:
    return read_outline(document(*blocks), template)


def values(reading: Reading) -> dict[str, str]:
    return {entry.key: entry.value for entry in reading.entries}


def beita_report() -> list[str]:
    lines = ["北塔区委网信办", "2023年部门整体支出绩效自评报告"]
    for key, headings in HEADINGS.items():
        lines += [*headings, *(f"　　{line}" for line in BEITA[key].split("\n"))]
    return lines


def test_the_published_report(template: Template) -> None:
    found = values(read(*beita_report(), template=template))
    sections = {key: value for key, value in BEITA.items() if key.startswith("section_")}
    assert len(sections) == 14
    assert found == sections | {"year": "2023", "report_unit_name": "北塔区委网信办"}


def test_attachments_are_no_text(template: Template) -> None:
    """The list of attachments, and what stands above and below the tables."""
    form = table("编制数 | 实际在职人数 | 控制率")
    reading = read(
        *beita_report(),
        "附件：",
        "1.部门整体支出绩效评价基础数据表",
        "2.部门整体支出绩效自评表",
        "部门整体支出绩效评价基础数据表",
        "填报单位：北塔区委网信办            单位：万元",
        form,
        "说明：“项目支出”需要填报基本支出以外的所有项目支出情况，“公用经费”填报基本支出中的一般商品和服务支出。",
        "填 表 人：张三      填报日期：2024年7月30日   联系电话： （略）",
        "附件1-2",
        "整体支出绩效自评表",
        "（2023年度）",
        template=template,
    )
    found = values(reading)
    assert found["section_6"] == "无。"
    assert (found["base_unit_name"], found["preparer"]) == ("北塔区委网信办", "张三")
    assert (found["filled_on"], found["phone"]) == ("2024年7月30日", "（略）")
    assert reading.left == ()


def test_without_the_word_attachment(template: Template) -> None:
    reading = read(*beita_report(), "部门整体支出绩效评价基础数据表", "填报单位：甲局", template=template)
    assert values(reading)["section_6"] == "无。"


@pytest.mark.parametrize(
    ("title", "unit", "year"),
    [
        (["某县水利局", "2023年度部门整体支出绩效自评报告"], "某县水利局", "2023"),
        (["某县水利局2023年度部门整体支出绩效自评报告"], "某县水利局", "2023"),
        (["某县水利局关于2023年度部门整体支出绩效自评报告"], "某县水利局", "2023"),
        (["某县水利局", "2023年部门整体支出", "绩效自评报告"], "某县水利局", "2023"),
        (["某县水利局部门整体支出绩效自评报告（2022年度）"], "某县水利局", "2022"),
        (["附件2", "2023年度部门整体支出绩效自评报告"], None, "2023"),
        (["附件3 某县水利局2023年度部门整体支出绩效自评报告"], "某县水利局", "2023"),
        (["关于某县水利局2023年度部门整体支出绩效自评报告"], "某县水利局", "2023"),
        (["某县财政局关于某县水利局2023年度部门整体支出绩效评价报告"], "某县水利局", "2023"),
        (["某县发展和改革局2023年度部门整体支出绩效自评报告"], "某县发展和改革局", "2023"),
        (["某县重点工程建设中心", "2023年度部门整体支出绩效自评报告"], "某县重点工程建设中心", "2023"),
        # titles of something else, projects, papers, words for any unit
        (["某市财政局关于开展2024年度预算绩效评价工作的通知", "2023年度部门整体支出绩效自评报告"], None, "2023"),
        (["某市财政局关于2024年绩效评价的通知", "部门整体支出绩效自评报告"], None, None),
        (["某财绩〔2024〕5号", "2023年度部门整体支出绩效自评报告"], None, "2023"),
        (["某县人民政府关于印发管理办法的通知", "2023年度部门整体支出绩效自评报告"], None, "2023"),
        (["应急指挥中心项目2023年绩效自评报告"], None, "2023"),
        (["农村饮水安全工程", "2023年度部门整体支出绩效自评报告"], None, "2023"),
        (["市直部门2023年度部门整体支出绩效自评报告"], None, "2023"),
        (["报告单位", "2023年度部门整体支出绩效自评报告"], None, "2023"),
        (["某会计师事务所有限公司", "2023年度部门整体支出绩效评价报告"], None, "2023"),
        (["关于2023年度部门整体支出绩效自评报告"], None, "2023"),
        (["部门整体支出绩效自评报告"], None, None),
    ],
)
def test_title(title: list[str], unit: str | None, year: str | None, template: Template) -> None:
    found = values(read(*title, "六、其他需要说明的情况", "无。", template=template))
    assert (found.get("report_unit_name"), found.get("year")) == (unit, year)
    assert found["section_6"] == "无。"


def test_a_title_that_names_something_else_is_listed(template: Template) -> None:
    project = read("应急指挥中心项目2023年绩效自评报告", "六、其他需要说明的情况", "无。", template=template)
    assert [(each.text, each.reason) for each in project.left] == [
        ("应急指挥中心项目2023年绩效自评报告", "标题里的“应急指挥中心项目”不像单位名称，没有填")
    ]
    notice = "某市财政局关于开展2024年度预算绩效评价工作的通知"
    paper = read(notice, "2023年度部门整体支出绩效自评报告", "六、其他需要说明的情况", "无。", template=template)
    assert [each.text for each in paper.left] == [notice]


def test_a_name_that_ends_like_no_unit_is_to_be_looked_at(template: Template) -> None:
    reading = read("某某湖湿地2023年度部门整体支出绩效自评报告", "六、其他需要说明的情况", "无。", template=template)
    name = next(each for each in reading.entries if each.key == "report_unit_name")
    assert (name.value, name.sure, name.note) == ("某某湖湿地", False, "从标题认出，请核对是不是单位名称")


@pytest.mark.parametrize(
    ("heading", "key"),
    [
        (["一、部门概况", "（一）部门机构设置"], "section_1_1"),
        (["第一部分 单位基本情况", "（三）单位主要职责"], "section_1_3"),
        (["二、部门整体支出管理及使用情况", "(三)政府性基金预算支出"], "section_2_3"),
        (["二、部门收支情况", "（一）预算执行、使用、管理总体情况（1.全年收入情况；2.全年支出情况）"], "section_2_1"),
        (["三、部门整体支出绩效情况", "（二）综合评价情况"], "section_3_2"),
        (["三、存在的主要问题"], "section_4"),
        (["五、下一步工作打算及改进措施"], "section_5"),
        (["六、其他需要说明的问题"], "section_6"),
        (["二、资金情况"], "section_2_1"),
        (["二、部门财政资金收支情况", "（一）部门财政资金收入情况"], "section_2_1"),
        (["三、主要绩效"], "section_3_1"),
        (["四、问题"], "section_4"),
        (["五、措施"], "section_5"),
    ],
)
def test_headings_in_other_words(heading: list[str], key: str, template: Template) -> None:
    assert values(read(*heading, "正文。", template=template)) == {key: "正文。"}


def test_text_in_the_line_of_its_heading(template: Template) -> None:
    reading = read(
        "二、部门整体支出管理及使用情况",
        "（三）政府性基金预算支出情况。2023年我办无政府性基金预算支出。",
        "（四）国有资本经营预算支出情况：无。",
        template=template,
    )
    assert values(reading) == {"section_2_3": "2023年我办无政府性基金预算支出。", "section_2_4": "无。"}


def test_what_leads_to_a_list_is_no_heading(template: Template) -> None:
    line = "（一）2022年项目支出共安排2个项目，分别是：甲项目80万元，乙项目20万元。"
    reading = read("二、部门整体支出管理及使用情况", "（二）部门预算执行情况", line, template=template)
    assert values(reading) == {"section_2_2": line}


def test_numbered_lines_inside_a_section_are_its_text(template: Template) -> None:
    lines = [
        "（一）管理意识不强",
        "负责人：由分管领导担任。",
        "认识不足。",
        "（二）指标体系不全",
        "一、这一条也是正文。",
        "1.三条。",
    ]
    reading = read("四、存在的问题及原因分析", *lines, template=template)
    assert values(reading) == {"section_4": "\n".join(lines)}


def test_headings_that_the_form_lacks_are_listed(template: Template) -> None:
    reading = read(
        "一、部门、单位基本情况",
        "没有小标题的话。",
        "（一）机构设置情况",
        "三个股室。",
        "（二）信息化建设情况",
        "有系统两套。",
        "二、党建工作情况",
        "开展学习。",
        template=template,
    )
    assert values(reading) == {"section_1_1": "三个股室。"}
    assert [(passage.text, passage.reason) for passage in reading.left] == [
        ("没有小标题的话。", "“一、部门、单位基本情况”之下没有（一）等小标题，不知道归入哪一段"),
        ("有系统两套。", "没有认出“（二）信息化建设情况”是报告的哪一段"),
        ("开展学习。", "没有认出“二、党建工作情况”是报告的哪一部分"),
    ]


def test_figures_below_unknown_headings_are_still_read(template: Template) -> None:
    paper = document("一、部门概况", "（一）信息化建设情况", "2023年收入251.06万元。")
    assert [(section.key, section.text) for section in report_sections(paper, template)] == [
        ("", "2023年收入251.06万元。")
    ]


def test_signature_is_no_text(template: Template) -> None:
    reading = read("六、其他需要说明的情况", "无。", "某县水利局", "2024年7月30日", template=template)
    assert values(reading) == {"section_6": "无。"}
    assert [passage.text for passage in reading.left] == ["某县水利局　2024年7月30日"]


def test_a_date_that_is_the_text_stays(template: Template) -> None:
    assert values(read("六、其他需要说明的情况", "2024年7月30日", template=template)) == {"section_6": "2024年7月30日"}


def test_lines_that_belong_nowhere_are_listed(template: Template) -> None:
    reading = read("各位领导：", "现将有关情况报告如下。", "联系电话：0739-1234567", template=template)
    assert reading.entries == ()
    assert len(reading.left) == 3


def test_report_in_a_sheet(template: Template) -> None:
    """One line below the other; what has more than one cell is a table's."""
    rows = [[line, "<"] for line in beita_report()]
    rows.insert(24, ["自评分数", "98"])
    rows.insert(25, ["从别处抄来的", "77"])
    sheet = table(rows, "工作表“自评报告”")
    found = values(read(sheet, template=template))
    beside = read_tables(document(sheet), template)
    assert values(beside) == {"report_score": "98"}
    assert [passage.text for passage in beside.left] == ["从别处抄来的　77"]
    assert found["section_5"] == BEITA["section_5"]
    assert sum(key.startswith("section_") for key in found) == 14


# The same report in other outlines


@pytest.mark.parametrize("suffix", ["txt", "docx"])
@pytest.mark.parametrize("name", OUTLINES)
def test_the_same_report_in_another_outline(name: str, suffix: str, template: Template, tmp_path: Path) -> None:
    path = tmp_path / f"报告.{suffix}"
    if suffix == "txt":
        path.write_text(OUTLINES[name].report(), "utf-8")
    else:
        OUTLINES[name].word_form(path)
    published = gather([read_document(forms.TEXT)], template)
    found = gather([read_document(path)], template)
    assert len(published.values["fields"]) == 103
    assert found.values == published.values
    assert {entry.key: entry.sure for entry in found.entries} == {entry.key: entry.sure for entry in published.entries}


TITLE = "某县水利局2023年度部门整体支出绩效自评报告"
FIGURES = "收入合计251.06万元，支出合计240.00万元，其中基本支出200.00万元，项目支出40.00万元。核定编制20名，实有19人。"
READ = {
    "income_total_current": "251.06",
    "expenditure_total_current": "240.00",
    "basic_current": "200.00",
    "project_spending_current": "40.00",
    "staff_quota": "20",
    "staff_actual": "19",
}


def figures(*lines: str, template: Template, title: str = TITLE) -> tuple[dict[str, str], Intake]:
    """The figures that a report of these lines fills in."""
    found = gather([document(title, *lines)], template)
    entries = {entry.key: entry.value for entry in found.entries}
    return {
        key: value for key, value in entries.items() if not key.startswith(("section_", "report_unit", "year"))
    }, found


@pytest.mark.parametrize(
    "lines",
    [
        ["一、部门概况", FIGURES],
        ["一、部门概况", "（一）机构设置", "三个股室。", "二、党建工作情况", f"2023年度{FIGURES}"],
        ["一、部门概况", "（一）机构设置", "三个股室。", "（二）信息化建设情况", f"全年{FIGURES}"],
        ["2023年度" + FIGURES, "一、部门概况", "（一）机构设置", "三个股室。"],
        ["一、部门概况", "（一）机构设置", f"三个股室。{FIGURES}"],
        ["一、部门概况", "（一）机构设置", "三个股室。", "二、2023年与2022年对比", f"2023年{FIGURES}"],
    ],
)
def test_figures_that_stand_elsewhere_are_read_and_to_be_looked_at(lines: list[str], template: Template) -> None:
    found, intake = figures(*lines, template=template)
    assert found == READ
    assert {entry.sure for entry in intake.entries if entry.key in READ} == {False}


@pytest.mark.parametrize(
    "lines", [["二、收支情况", f"2023年度{FIGURES}"], ["二、某县水利局支出情况", f"全年{FIGURES}"]]
)
def test_a_chapter_without_sub_headings(lines: list[str], template: Template) -> None:
    found, intake = figures(*lines, template=template)
    assert found == READ
    assert {entry.key for entry in intake.entries if not entry.sure} == {"staff_quota", "staff_actual"}


@pytest.mark.parametrize(
    ("heading", "reason"),
    [
        ("2022年部门整体支出情况", "说的是 2022 年"),
        ("2024年部门预算安排情况", "说的是 2024 年"),
        ("下一年度预算收支情况", "说的是其他年度"),
        ("上年度预算执行情况", "说的是其他年度"),
        ("下属单位收支情况", "说的是其他单位"),
        ("所属二级单位基本情况", "说的是其他单位"),
        ("某县水文站收支情况", "说的是其他单位"),
        ("某县水利局水文站收支情况", "说的是其他单位"),
        ("上级部门预算情况", "说的是其他单位"),
        ("机关工会收支情况", "说的是其他单位"),
        ("全县水利系统收支情况", "说的是其他单位"),
        ("河道治理项目支出情况", "说的是单个项目"),
        ("防汛抗旱经费使用情况", "说的是单个项目"),
        ("乡村振兴衔接资金", "说的是单个项目"),
        ("河道治理专项资金使用情况", "说的是单个项目"),
        ("水库除险加固工程绩效情况", "说的是单个项目"),
        ("名词解释", "不是本单位当年的情况"),
    ],
)
@pytest.mark.parametrize("sign", ["三、", "（二）"])
def test_figures_of_something_else_are_no_figures_of_the_unit(
    sign: str, heading: str, reason: str, template: Template
) -> None:
    chapter = ["二、部门整体支出管理及使用情况", "（一）总体情况", "2023年收入合计300万元。"]
    found, intake = figures(*chapter, f"{sign}{heading}", FIGURES, "四、存在的问题", "无。", template=template)
    assert found == {"income_total_current": "300"}
    assert [(each.text, each.reason) for each in intake.left] == [(FIGURES, f"“{sign}{heading}”{reason}")]


def test_below_an_unknown_heading_an_undated_amount_may_be_anything(template: Template) -> None:
    found, intake = figures("二、收支情况", "正文。", "三、数字水利建设情况", "支出合计40.00万元。", template=template)
    assert found == {}
    assert {each.text for each in intake.left} == {"支出合计40.00万元。"}


@pytest.mark.parametrize(
    "heading",
    [
        "基本支出和项目支出情况",
        "2023年度项目支出情况",
        "部门（单位）专项资金使用情况",
        "某县水利局及所属单位基本支出情况",
    ],
)
def test_what_the_unit_calls_its_own_is_its_own(heading: str, template: Template) -> None:
    found, _ = figures("二、部门整体支出管理及使用情况", f"（二）{heading}", FIGURES, template=template)
    assert found == READ


def test_a_report_on_a_project_states_no_figures_of_the_unit(template: Template) -> None:
    lines = ["一、项目概况", "三期。", "二、资金使用情况", FIGURES]
    found, _ = figures(*lines, template=template, title="某县河道治理项目2023年度绩效自评报告")
    assert found == {}


def test_a_part_of_the_money_may_be_all_of_it(template: Template) -> None:
    chapter = [
        "第一部分　2023年度部门决算情况说明",
        "一、支出决算情况说明",
        "本年支出合计240.00万元，其中：基本支出200.00万元。",
    ]
    part = ["二、一般公共预算财政拨款基本支出决算情况说明", "2023年度基本支出180万元，其中人员经费100万元。"]
    found, intake = figures(*chapter, *part, template=template, title="2023年度某县水利局部门决算")
    assert found == {"expenditure_total_current": "240.00", "basic_current": "200.00", "personnel_current": "100"}
    assert [(entry.key, entry.note) for entry in intake.entries if not entry.sure] == [
        ("personnel_current", "标题说的是“财政拨款”，请核对是否就是全部")
    ]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["我局编制20名，在职19人。"], {"section_1_2": "我局编制20名，在职19人。"}),
        (
            ["主要职责是：", "（一）贯彻水利法规。", "（二）管理水库。", "内设三个股室。"],
            {"section_1_3": "主要职责是：\n（一）贯彻水利法规。\n（二）管理水库。", "section_1_1": "内设三个股室。"},
        ),
    ],
)
def test_a_chapter_of_several_sections_without_headings(
    lines: list[str], expected: dict[str, str], template: Template
) -> None:
    assert values(read("一、基本情况", *lines, template=template)) == expected


def test_a_paragraph_on_several_things_is_to_be_looked_at(template: Template) -> None:
    (entry,) = read("一、基本情况", "内设三个股室，编制20名。", template=template).entries
    assert (entry.key, entry.sure) == ("section_1_2", False)


def test_two_chapters_in_one_heading(template: Template) -> None:
    heading = "四、存在的问题和改进措施"
    below = ["（一）存在的问题", "预算不细。", "（二）改进措施", "加强管理。"]
    assert values(read(heading, *below, template=template)) == {"section_4": "预算不细。", "section_5": "加强管理。"}
    (entry,) = read(heading, "预算不细，加强管理。", template=template).entries
    assert (entry.key, entry.sure) == ("section_4", False)


def test_the_text_goes_on_behind_a_table(template: Template) -> None:
    lines = [
        "二、收支情况",
        "正文。",
        "收支情况",
        "单位：万元",
        "三、绩效情况",
        "良好。",
        "附件1",
        "四、存在的问题",
        "无。",
    ]
    assert values(read(*lines, template=template)) == {"section_2_1": "正文。", "section_3_1": "良好。"}


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        # a list of contents, with pages, before headings without numbers
        (
            ["目录", "第一部分　部门概况……1", "第二部分　决算情况说明……2", "部门概况", "机构设置", "三个股室。"],
            {"section_1_1": "三个股室。"},
        ),
        # a year right behind the number
        (["一、部门概况", "2. 2023年度部门决算情况说明", "正文。"], {"section_2_1": "正文。"}),
        # headings that are called as a table or a paper is
        (
            ["部门概况", "机构设置", "三个股室。", "部门收支情况", "正文。"],
            {"section_1_1": "三个股室。", "section_2_1": "正文。"},
        ),
        # a chapter again is a section of it
        (["五、收支情况", "甲。", "六、部门预算执行情况", "乙。"], {"section_2_1": "甲。", "section_2_2": "乙。"}),
        # last year's is not this year's, and what follows is
        (
            ["部门概况", "机构设置", "三个股室。", "上年度预算执行情况", "去年的。", "部门收支情况", "正文。"],
            {"section_1_1": "三个股室。", "section_2_1": "正文。"},
        ),
    ],
)
def test_headings_without_numbers_and_with_years(
    lines: list[str], expected: dict[str, str], template: Template
) -> None:
    found = values(read(TITLE, *lines, template=template))
    assert {key: text for key, text in found.items() if key.startswith("section_")} == expected


def test_the_figures_of_the_text_are_read_or_listed(template: Template) -> None:
    """3.3 is the number of a heading and counts nothing."""
    lines = ["3. 部门决算情况说明", "3.1 收入决算情况说明", "2023年收入合计300万元。", "3.2 支出决算情况说明"]
    _, intake = figures(*lines, "2023年，我局实际支出240万元，培训12次。", template=template)
    assert intake.figures == (2, 1)
    assert intake.figures.line == "正文读出了 2 个数，1 个没有读出，已列出。"
    assert [each.text for each in intake.kept] == ["2023年，我局实际支出240万元，培训12次"]
