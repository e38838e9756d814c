"""What of a text carried into 2024 is a figure of 2023, and what must stay."""

from __future__ import annotations

import pytest

from xlperf.prose.old_figures import without_figures


@pytest.mark.parametrize(
    ("text", "carried"),
    [
        ("2024年收入2050.00万元，增长98.5%。", "2024年收入〔…〕万元，增长〔…〕%。"),
        ("比2023年增加1,023万元。", "比2023年增加〔…〕万元。"),
        ("1.2024年收入2050.00万元。\n2.2024年支出20万元。", "1.2024年收入〔…〕万元。\n2.2024年支出〔…〕万元。"),
        ("自评得分97分，等级为优。", "自评得分〔…〕分，等级为优。"),
        ("编制8人，实有７人，退休3人。", "编制〔…〕人，实有〔…〕人，退休〔…〕人。"),
        ("服务2023人次，发放2023份。", "服务〔…〕人次，发放〔…〕份。"),
        ("完成率为百分之九十五点二，收入二千零五十万元。", "完成率为百分之〔…〕，收入〔…〕万元。"),
        ("增长率-3.2%", "增长率-〔…〕%"),
        ("2024 年部门支出 251.06 万元", "2024 年部门支出 〔…〕 万元"),
    ],
)  # fmt: skip
def test_figures_of_the_year(text: str, carried: str) -> None:
    assert without_figures(text, 2023) == carried


@pytest.mark.parametrize(
    "text",
    [
        "2024年12月31日前完成，1-12月按月公开。",
        "执行《厉行节约办法（2019年修订）》（某发〔2023〕10号）、国办发〔2016〕5号文件。",
        "1.全年收入情况\n（2）支出情况：1、基本支出；2．项目支出",
        "12345热线24小时受理，联系电话0739-2023123、13800138000。",
        "第3次会议；设三个股室；三公经费；一般公共预算；5G基站；A4纸；1号楼；15个工作日。",
        "2019年建成，投资300万元；2018年成立时有12人。",
        "2021-2023年规划，2024-12-31验收，2024年度。",
        "二〇二四年按二十大精神办理。",
    ],
)
def test_what_is_no_figure_of_the_year(text: str) -> None:
    assert without_figures(text, 2023) == text


def test_history_ends_with_its_sentence() -> None:
    assert (
        without_figures("2019年建成，投资300万元。本年支出20万元。", 2023)
        == "2019年建成，投资300万元。本年支出〔…〕万元。"
    )


def test_time_is_linear() -> None:
    for piece in ("9", "9,999", "《", "〔2023", "一", "1.", "24小"):
        without_figures(piece * 20_000, 2023)
