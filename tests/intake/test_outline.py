"""The report's text: each section where it belongs, word for word; and nothing in it that is not the report's text."""

from __future__ import annotations

import pytest

from tests.intake.drawn import document, table
from xlperf.form.forms import example_of
from xlperf.form.template import Template
from xlperf.intake.outline import read_outline, report_sections
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
