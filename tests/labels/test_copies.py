"""Which tables are joined: none of another year or unit, none twice; all that is left out is listed with why."""

from __future__ import annotations

import pytest

from tests.intake.drawn import document, table
from xlperf.form.template import Template
from xlperf.intake.gather import Intake, gather
from xlperf.labels.blocks import Block
from xlperf.labels.copies import same_unit
from xlperf.labels.tables import read_tables

BASE = """
    {year}年部门整体支出绩效评价基础数据表 | < | < | <
    填报单位：{unit} | < | < | 单位：万元
    经费控制情况 | {before}年决算数 | {year}年预算数 | {year}年决算数
    三公经费 | 1 | 2 | {sangong}
    公用经费 | 4 | 5 | 6
"""
OWN = """
    部门整体支出绩效自评表 | < | < | < | < | < | <
    （{year}年度） | < | < | < | < | < | <
    预算单位名称 | {unit} | < | < | < | < | <
    一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分
    产出指标 | 数量指标 | 甲 | ≥1 | 1 | 40 | {points}
    产出指标 | 数量指标 | 乙 | ≥2 | 2 | 50 | 50
    总分 | < | < | < | < | 90 | {total}
"""


def base(year: int = 2022, unit: str = "某县甲局", sangong: object = 3) -> str:
    return BASE.format(year=year, before=year - 1, unit=unit, sangong=sangong)


def own(year: int = 2022, unit: str = "某县甲局", points: object = 40, total: object = 90) -> str:
    return OWN.format(year=year, unit=unit, points=points, total=total)


def sheet(drawn: str, title: str) -> Block:
    return table(drawn, f"工作表“{title}”")


def read(template: Template, *blocks: str | Block) -> Intake:
    return gather([document(*blocks, name="表.xlsx")], template)


def unsure(intake: Intake) -> set[str]:
    return {entry.key for entry in intake.entries if not entry.sure}


def left(intake: Intake) -> list[tuple[str, str]]:
    """Where, and what the reason begins with."""
    return [(each.place.removeprefix("表.xlsx "), each.reason.partition("，")[0]) for each in intake.left]


# A second copy


def test_the_same_table_twice_is_one(template: Template) -> None:
    intake = read(template, sheet(base(), "基础"), sheet(own(), "自评表"), sheet(own(), "自评表 (2)"))
    assert [row["level3"] for row in intake.values["indicators"]] == ["甲", "乙"]
    assert (unsure(intake), intake.left, intake.conflicts) == (set(), (), ())
    assert intake.remarks == ("表.xlsx：工作表“自评表” 和 工作表“自评表 (2)” 是同一张表，采用前者；两处填的都一样。",)


def test_a_copy_that_differs(template: Template) -> None:
    """The first is taken, what differs is marked and listed."""
    intake = read(template, sheet(own(), "自评表"), sheet(own(points=30, total=80), "自评表 (2)"))
    assert [row["score"] for row in intake.values["indicators"]] == ["40", "50"]
    assert unsure(intake) == {"indicators[0].score", "total_score"}
    assert [passage.text for passage in intake.conflicts] == ["得分：30", "总分：80"]
    assert intake.remarks[0].endswith("采用前者；有 2 格不同，已标“请核对”。")


def test_a_copy_with_a_row_and_a_cell_more(template: Template) -> None:
    """The cell is filled in for a look, the row is not: points would be counted that the first table has not."""
    more = own().replace("总分", "产出指标 | 质量指标 | 丙 | ≥3 | 3 | 10 | 10\n总分")
    first = own().replace("| ≥1 | 1 |", "| ≥1 | |")
    intake = read(template, sheet(first, "自评表"), sheet(more, "自评表 (2)"))
    assert [row["level3"] for row in intake.values["indicators"]] == ["甲", "乙"]
    assert unsure(intake) == {"indicators[0].actual"}
    assert intake.values["indicators"][0]["actual"] == "1"
    assert (
        left(intake) == [("工作表“自评表 (2)” 第5行第3列", "工作表“自评表 (2)” 多出的一行")]
        or "丙" in intake.left[0].text
    )


def test_a_copy_below_the_table_in_one_sheet(template: Template) -> None:
    for below in (own(), own().partition("预算单位名称 | 某县甲局 | < | < | < | < | <")[2]):
        intake = read(template, sheet(f"{own().rstrip()}\n{below.strip()}", "自评表"))
        assert [row["level3"] for row in intake.values["indicators"]] == ["甲", "乙"]
        assert unsure(intake) == set()
        (remark,) = intake.remarks
        assert "工作表“自评表” 第1行第1列 起 和 工作表“自评表” 第" in remark


def test_a_copy_of_figures_without_rows_of_its_own(template: Template) -> None:
    intake = read(template, sheet(base(), "基础"), sheet(base(sangong="3.5"), "基础 (2)"))
    assert intake.values["fields"]["sangong_actual"] == "3"
    assert unsure(intake) == {"sangong_actual"}
    assert len(intake.remarks) == 1


def test_special_funds_of_a_copy_are_the_same(template: Template) -> None:
    funds = "\n市级专项资金 | | | \n甲专项 | 1 | 2 | 3\n乙专项 | 4 | 5 | 6"
    intake = read(template, *(sheet(base().rstrip() + funds, title) for title in ("一", "二")))
    assert [row["name"] for row in intake.values["project_special"]] == ["甲专项", "乙专项"]


def test_another_table_of_the_kind_is_not_joined(template: Template) -> None:
    other = own().replace("甲 |", "丙 |").replace("乙 |", "丁 |")
    intake = read(template, sheet(own(), "自评表"), sheet(other, "自评表 (2)"))
    assert [row["level3"] for row in intake.values["indicators"]] == ["甲", "乙"]
    assert left(intake) == [("工作表“自评表 (2)”", "与 工作表“自评表” 是同一种表")]


def test_a_table_that_goes_on_is_one(template: Template) -> None:
    """On the next page of a Word document, with its headings again, and with an indicator of a name that was there."""
    head, first, second, total = own().strip().splitlines()[3:]
    again = second.replace("甲", "乙")
    for pages in ([[head, first], [head, second, total]], [[head, first, second], [head, again.replace("≥2", "≥3")]]):
        intake = read(template, *(table("\n".join(page), f"表{at}") for at, page in enumerate(pages, 1)))
        assert len(intake.values["indicators"]) == 2
        assert [row["level3"] for row in intake.values["indicators"]] == ["甲", "乙"]


def test_a_name_among_the_indicators_is_no_title(template: Template) -> None:
    rows = own().replace("| 乙 |", "| 按时报送绩效自评报告 |")
    intake = read(template, sheet(rows, "自评表"))
    assert [row["level3"] for row in intake.values["indicators"]] == ["甲", "按时报送绩效自评报告"]


# Another year


def test_a_table_of_another_year_is_left_out(template: Template) -> None:
    """Wherever it stands."""
    sheets = [sheet(base(), "基础"), sheet(own(), "自评"), sheet(base(2021, sangong=9), "去年")]
    for blocks in (sheets, [sheets[2], *sheets[:2]]):
        intake = read(template, *blocks)
        assert intake.values["year"] == 2022
        assert intake.values["fields"]["sangong_actual"] == "3"
        assert unsure(intake) == set()
        assert left(intake) == [("工作表“去年”", "写的是 2021 年")]


def test_of_two_years_as_frequent_the_later_is_this_year(template: Template) -> None:
    intake = read(template, sheet(base(2021, sangong=9), "一"), sheet(base(2022), "二"))
    assert (intake.values["year"], intake.values["fields"]["sangong_actual"]) == (2022, "3")


def test_of_two_years_as_frequent_the_report_names_this_year(template: Template) -> None:
    intake = read(
        template, "2021年部门整体支出绩效自评报告", sheet(base(2021, sangong=9), "一"), sheet(base(2022), "二")
    )
    assert (intake.values["year"], intake.values["fields"]["sangong_actual"]) == (2021, "9")


def test_the_year_of_most_headings_is_that_of_the_table(template: Template) -> None:
    """One heading that somebody forgot to change does not take the table away."""
    stale = base().replace("2022年部门整体支出", "2021年部门整体支出")
    intake = read(template, sheet(stale, "基础"), sheet(own(), "自评"))
    assert intake.values["fields"]["sangong_actual"] == "3"
    assert unsure(intake) == {"year"}


def test_a_sheet_named_after_a_year(template: Template) -> None:
    """It says so only where another sheet has the same table: 2023年报送 may well hold the figures of 2022."""
    dateless = (
        base()
        .replace("2022年", "")
        .replace("2021年", "上年")
        .replace("经费控制情况 | 上年决算数 | 预算数", "经费控制情况 | 上年决算数 | 预算数")
    )
    last = dateless.replace("| 3\n", "| 9\n")
    intake = read(template, sheet(last, "2021年"), sheet(dateless, "2022年"), sheet(own(), "自评表"))
    assert intake.values["fields"]["sangong_actual"] == "3"
    assert left(intake) == [("工作表“2021年”", "写的是 2021 年")]
    alone = read(template, sheet(dateless, "2023年报送"), sheet(own(), "自评表"))
    assert (alone.values["fields"]["sangong_actual"], alone.left) == ("3", ())


def test_a_word_table_below_a_title_with_a_year(template: Template) -> None:
    rows = "\n".join(own().strip().splitlines()[2:])
    words = ["{}年度部门整体支出绩效自评表", "部门整体支出绩效自评表"]
    for title, below in ((words[0], ""), (words[1], "（{}年度）")):
        blocks: list[str | Block] = []
        for number, (year, points) in enumerate(((2021, 30), (2022, 40), (2022, 40)), 1):
            blocks += [
                title.format(year),
                *([below.format(year)] if below else []),
                table(rows.replace("| {points}", "").replace("40 | 40", f"40 | {points}"), f"表{number}"),
            ]
        intake = read(template, *blocks)
        assert intake.values["year"] == 2022
        assert intake.values["indicators"][0]["score"] == "40"
        assert [place for place, _ in left(intake)] == ["表1"]
        assert "year" not in unsure(intake)


def test_the_title_of_the_report_takes_no_table_away(template: Template) -> None:
    intake = read(template, "2023年部门整体支出绩效自评报告", table(base(2022)))
    assert intake.values["fields"]["sangong_actual"] == "3"
    assert "year" in unsure(intake)


def test_a_comparison_of_files_too(template: Template) -> None:
    papers = [document(table(base(year, sangong=year)), name=f"{year}.docx") for year in (2021, 2022)]
    intake = gather(papers, template)
    assert intake.values["fields"]["sangong_actual"] == "2022"
    assert [each.place for each in intake.left] == ["2021.docx 表1"]


# Another unit


@pytest.mark.parametrize("other", ["某县乙局", "某县甲局信息中心", "某县甲局下属丙所"])
def test_a_table_of_another_unit_is_left_out(other: str, template: Template) -> None:
    sheets = [sheet(base(), "基础"), sheet(own(), "自评"), sheet(base(unit=other, sangong=9), "下属")]
    for blocks in (sheets, [sheets[2], *sheets[:2]]):
        intake = read(template, *blocks)
        assert intake.values["fields"]["sangong_actual"] == "3"
        assert (intake.values["unit_name"], intake.values["fields"]["base_unit_name"]) == ("某县甲局", "某县甲局")
        assert left(intake) == [("工作表“下属”", f"写的单位是“{other}”")]


@pytest.mark.parametrize("other", ["甲局", "某县甲局（盖章）", "中共某县甲局", "某县甲局机关", "×××", ""])
def test_the_same_unit_by_another_name(other: str, template: Template) -> None:
    intake = read(template, sheet(base(unit=other), "基础"), sheet(own(), "自评"))
    assert intake.values["fields"]["sangong_actual"] == "3"
    assert intake.left == ()


UNITS = [
    ("甲局", "某县甲局", True),
    ("", "某县甲局", True),
    ("某县教体局", "某县教育体育局", True),
    ("北塔区委网信办", "中共某市北塔区委网络安全和信息化委员会办公室", True),
    ("甲镇", "甲镇人民政府", True),
    ("某县第一中学", "某县第二中学", False),
    ("某县档案馆", "某县档案局", False),
    ("某县甲局", "某县甲局信息中心", False),
]


@pytest.mark.parametrize(("one", "other", "same"), UNITS)
def test_names_of_a_unit(one: str, other: str, same: bool) -> None:
    assert same_unit(one, other) is same
    assert same_unit(other, one) is same


# Elsewhere


def test_a_report_beside_a_workbook_is_read_alike(template: Template) -> None:
    """For `check --against`."""
    paper = document(table(own(), "表1"), table(own(points=30), "表2"), table(own(2021, points=20), "表3"))
    scores = [entry.value for entry in read_tables(paper, template).entries if entry.key == "indicators[0].score"]
    assert scores == ["40", "30"]


def test_many_tables_cost_little(template: Template) -> None:
    rows = own().strip().splitlines()
    head, row = rows[3], rows[4]
    tables = [table(f"{head}\n{row.replace('甲', f'第{at}项')}", f"表{at}") for at in range(600)]
    assert len(read(template, *tables).values["indicators"]) == 600
