"""Sentences of real reports and what they state; above all, what they do not."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.costs import grows_linearly
from tests.longtexts import longer
from xlperf.amounts import round_half_up
from xlperf.audit.run import audit
from xlperf.checks.catalog import CHECKS
from xlperf.checks.prose_figures import _read
from xlperf.form.forms import load_template
from xlperf.form.record import Record, make_record
from xlperf.prose import Statement, statements
from xlperf.prose.lexicon import Vocabulary
from xlperf.prose.projects import named_amounts

TEMPLATE = load_template("department_overall")
WORDS = TEMPLATE.prose
# Items without a row in the form are their own meaning.
ROWLESS = {word for word, said in WORDS.words.items() if said == ("I", word)} - set(WORDS.scoped)
NAME = "北塔区委网信办"


def read(text: str, year: int | None = 2023, words: Vocabulary = WORDS) -> list[str]:
    """`basic.current 213.62`, `basic.change/prior 51.13`."""
    return [short(each) for each in statements(text, words, year, (NAME,))]


def short(said: Statement) -> str:
    against = f"/{said.of}" if said.of else ""
    scope = " only of " + said.scope if said.scope else ""
    return f"{said.stem}.{said.column}{against} {said.value.normalize():f}{scope}"


STATED: list[tuple[str, list[str]]] = [
    # what the money was used for, where that is a row of the whole
    (
        "2023年基本支出213.62万元，用于人员经费109.33万元，用于公用经费104.29万元。",
        ["basic. 213.62", "personnel. 109.33", "public. 104.29"],
    ),
    ("2023年用于人员经费434.89万元，用于公用经费77.4万元。", ["personnel. 434.89", "public. 77.4"]),
    # the year in words, or as the day on which it ends
    ("二〇二三年基本支出213.62万元，比二〇二二年增加51.13万元。", ["basic. 213.62", "basic.change/prior 51.13"]),
    ("截至2023年12月31日，支出合计251.06万元。", ["expenditure_total. 251.06"]),
    # made up of
    (
        "2023年支出总额为251.06万元，由基本支出213.62万元、项目支出37.44万元构成。",
        ["expenditure_total. 251.06", "basic. 213.62", "project_spending. 37.44"],
    ),
    ("2023年支出总额为251.06万元，由县财政局拨付基本支出213.62万元。", ["expenditure_total. 251.06"]),
    # without 元 it is money unless a measure word follows
    (
        "基本支出36.14万，数字化扫描120万页，出口1.26亿美元，项目支出5万上升3%。",
        ["basic. 36.14", "project_spending. 5"],
    ),
    # what the line is about, before a colon
    ("1、收入：2023年决算收入786.35万元。", ["income_total.current 786.35"]),
    ("（二）支出情况：2023年支出786.35万元，其中基本支出386.35万元。", ["expenditure_total. 786.35", "basic. 386.35"]),
    (
        "（一）基本支出：2023年完成基本支出58.00万元，比上年增加3.20万元。",
        ["basic.current 58", "basic.change/prior 3.2"],
    ),
    ("三公经费：2023年三公经费预算361.70万元，实际支出8.6万元。", ["sangong.budget 361.7", "sangong.current 8.6"]),
    ("项目支出：2023年度58.00万元。", ["project_spending. 58"]),
    ("项目支出情况：2023年培训费支出58.00万元。", ["培训费. 58"]),
    # behind a list of the whole's parts it is the whole again
    (
        "年初预算数128.9万元，其中基本支出91.46万元。年中追加预算122.16万元，全年预算数251.06万元。"
        "全年执行数251.06万元，预算执行率100%。",
        [
            *("opening_budget.opening 128.9", "basic.opening 91.46", "annual_budget.adjusted 251.06"),
            *("annual_spent.current 251.06", "annual_spent.completion/budget 1"),
        ],
    ),
    # 其中 behind two figures of one item: of which of them?
    (
        "三公经费年初预算8.5万元，实际支出6.2万元，比年初预算减少2.3万元。其中公务接待费1.2万元。",
        ["sangong.opening 8.5", "sangong.current 6.2", "sangong.change/opening -2.3"],
    ),
    (
        "三公经费年初预算8.5万元，实际支出6.2万元。其中公务接待费、公务用车运行费分别为1.2万元、5万元。",
        ["sangong.opening 8.5", "sangong.current 6.2"],
    ),
    (
        "三公经费年初预算8.5万元，实际支出6.2万元。其中公务接待费预算2.5万元，决算1.2万元。",
        ["sangong.opening 8.5", "sangong.current 6.2", "reception.budget 2.5", "reception.current 1.2"],
    ),
    (
        "三公经费年初预算8.5万元，实际支出6.2万元，其中公务接待费1.2万元。",
        ["sangong.opening 8.5", "sangong.current 6.2", "reception.current 1.2"],
    ),
    # last year's amount beside this year's, and the change between the two
    (
        "2023年收入合计200万元，上年180万元，增加20万元。",
        ["income_total. 200", "income_total.prior 180", "income_total.change/prior 20"],
    ),
    (
        "2023年支出合计180万元，上年200万元，减少20万元，下降10%。",
        [
            *("expenditure_total. 180", "expenditure_total.prior 200", "expenditure_total.change/prior -20"),
            "expenditure_total.growth_rate/prior -0.1",
        ],
    ),
    ("截至12月31日，我单位实际支出251.06万元。", ["expenditure_total.current 251.06"]),
    # amounts, and what the words say of the column
    ("2023年收入合计251.06万元。", ["income_total. 251.06"]),
    ("2023年收入实际完成251.06万元。", ["income_total.current 251.06"]),
    ("2023年，我办实际支出251.06万元。", ["expenditure_total.current 251.06"]),
    ("北塔区委网信办2023年度支出合计为251.06万元。", ["expenditure_total. 251.06"]),
    ("本年度部门整体支出规模251.06万元，主要用于以下几个方面：", ["expenditure_total. 251.06"]),
    ("基本支出完成213.62万元。", ["basic.current 213.62"]),
    ("基本支出年初预算91.46万元，调整后预算213.62万元。", ["basic.opening 91.46", "basic.adjusted 213.62"]),
    ("项目支出预算42万元，决算37.44万元。", ["project_spending.budget 42", "project_spending.current 37.44"]),
    ("上年人员经费73.19万元。", ["personnel.prior 73.19"]),
    ("2022年人员经费73.19万元。", ["personnel.prior 73.19"]),
    ("公用经费支出104.29万元；项目支出37.44万元。", ["public. 104.29", "project_spending. 37.44"]),
    ("2023年，全年收入251.06万元，全年支出251.06万元。", ["income_total. 251.06", "expenditure_total. 251.06"]),
    (
        "年初预算数128.90万元，全年预算数251.06万元，全年执行数251.06万元。",
        ["opening_budget.opening 128.9", "annual_budget.adjusted 251.06", "annual_spent.current 251.06"],
    ),
    ("我单位年初预算为128.90万元。", ["opening_budget.opening 128.9"]),
    ("年初结转和结余5.5万元，年末结转和结余0万元。", ["carryover_opening. 5.5", "carryover_closing. 0"]),
    ("“三公”经费决算0.30万元。", ["sangong.current 0.3"]),
    ("三公经费预算0.30万元，其中：公务接待费0.30万元。", ["sangong.budget 0.3", "reception.budget 0.3"]),
    ("事业收入完成0万元；经营收入完成0万元。", ["income_service.current 0", "income_business.current 0"]),
    # units and digits
    ("收入合计2,510,600元。", ["income_total. 251.06"]),
    ("收入合计2510600.00元。", ["income_total. 251.06"]),
    ("支出合计0.0251亿元。", ["expenditure_total. 251"]),
    ("支出合计１２，８９０．５０万元", []),
    ("支出合计１２８９０．５０万元", ["expenditure_total. 12890.5"]),
    ("支出合计 251.06 万元。", ["expenditure_total. 251.06"]),
    ("人员经费109.33万。", ["personnel. 109.33"]),
    # increases and decreases
    (
        "人员经费完成109.33万元，比上年增加36.14万，上升22.24%，公用经费完成104.29万元。",
        [
            "personnel.current 109.33",
            "personnel.change/prior 36.14",
            "personnel.growth_rate/prior 0.2224",
            "public.current 104.29",
        ],
    ),
    (
        "基本支出213.62万元，较上年减少5.1万元，下降2.3％。",
        ["basic. 213.62", "basic.change/prior -5.1", "basic.growth_rate/prior -0.023"],
    ),
    (
        "支出合计251.06万元，与上年相比，增加88.57万元，增长54.51%。",
        [
            "expenditure_total. 251.06",
            "expenditure_total.change/prior 88.57",
            "expenditure_total.growth_rate/prior 0.5451",
        ],
    ),
    (
        "支出合计比2022年162.49万元增加88.57万元。",
        ["expenditure_total.prior 162.49", "expenditure_total.change/prior 88.57"],
    ),
    ("基本支出同比增长31.47%。", ["basic.growth_rate/prior 0.3147"]),
    ("人员经费109.33万元，与上年持平。", ["personnel. 109.33", "personnel.growth_rate/prior 0"]),
    (
        "基本支出213.62万元（比上年增加51.13万元，增长31.47%）。",
        ["basic. 213.62", "basic.change/prior 51.13", "basic.growth_rate/prior 0.3147"],
    ),
    (
        "支出合计比上年增加88.57万元，其中：基本支出增加51.13万元，项目支出增加37.44万元。",
        ["expenditure_total.change/prior 88.57", "basic.change/prior 51.13", "project_spending.change/prior 37.44"],
    ),
    (
        "支出合计251.06万元，比年初预算增加122.16万元，增长94.77%。",
        [
            "expenditure_total. 251.06",
            "expenditure_total.change/opening 122.16",
            "expenditure_total.growth_rate/opening 0.9477",
        ],
    ),
    # lists
    (
        "2023年，我办实际支出251.06万元。其中：基本支出213.62万元，项目支出37.44万元。",
        ["expenditure_total.current 251.06", "basic.current 213.62", "project_spending.current 37.44"],
    ),
    (
        "年初预算128.90万元，其中：基本支出91.46万元，项目支出37.44万元。",
        ["opening_budget.opening 128.9", "basic.opening 91.46", "project_spending.opening 37.44"],
    ),
    ("人员经费109.33万元、公用经费104.29万元。", ["personnel. 109.33", "public. 104.29"]),
    ("（一）基本支出情况\n1.人员经费109.33万元。", ["personnel. 109.33"]),
    # shares and completion
    ("基本支出213.62万元，占总支出的85.09%。", ["basic. 213.62", "basic.share/expenditure_total 0.8509"]),
    (
        "基本支出占支出合计85.09%，项目支出占支出合计14.91%。",
        ["basic.share/expenditure_total 0.8509", "project_spending.share/expenditure_total 0.1491"],
    ),
    (
        "支出合计251.06万元，完成年初预算的194.77%。",
        ["expenditure_total. 251.06", "expenditure_total.completion/opening 1.9477"],
    ),
    ("项目支出37.44万元，完成预算的89.14%。", ["project_spending. 37.44", "project_spending.completion/budget 0.8914"]),
    (
        "全年预算数251.06万元，全年执行数251.06万元，预算执行率100%。",
        ["annual_budget.adjusted 251.06", "annual_spent.current 251.06", "annual_spent.completion/budget 1"],
    ),
    (
        "支出合计251.06万元，为年初预算的194.77%。",
        ["expenditure_total. 251.06", "expenditure_total.completion/opening 1.9477"],
    ),
    # a share of what is not said, or not in known words: it is read over, and what follows is read
    (
        "2023年支出合计251.06万元，其中：基本支出213.62万元，占85.09%，项目支出37.44万元，占14.91%。",
        [
            "expenditure_total. 251.06",
            "basic. 213.62",
            "basic.share 0.8509",
            "project_spending. 37.44",
            "project_spending.share 0.1491",
        ],
    ),
    ("基本支出213.62万元，占财政拨款支出的85.09%。", ["basic. 213.62", "basic.share/财政拨款支出 0.8509"]),
    ("基本支出213.62万元，占专户支出的85.09%。", ["basic. 213.62", "basic.share 0.8509"]),
    # the sign belongs to the figure
    ("基本支出213.62万元，比上年增长-5%。", ["basic. 213.62", "basic.growth_rate/prior -0.05"]),
    ("基本支出213.62万元，比上年增加－5.10万元。", ["basic. 213.62", "basic.change/prior -5.1"]),
    # items of the final accounts that have no row of their own
    (
        "2023年收入总计300万元，其中：本年收入合计251.06万元，使用非财政拨款结余0万元，年初结转和结余48.94万元。",
        ["收入总计. 300", "income_total. 251.06", "使用非财政拨款结余. 0", "carryover_opening. 48.94"],
    ),
    (
        "收入合计251.06万元，其中：其他收入5万元，占2%，事业收入0万元。",
        ["income_total. 251.06", "其他收入. 5", "其他收入.share 0.02", "income_service. 0"],
    ),
    # after an item's budget, 支出决算 is that item's
    (
        "基本支出年初预算91.46万元，支出决算213.62万元，完成年初预算的233.57%。",
        ["basic.opening 91.46", "basic.current 213.62", "basic.completion/opening 2.3357"],
    ),
    # of a part of the money only: never compared with the tables
    (
        "2023年年初一般公共预算拨款预算支出数为213.62万元,其中基本支出213.62万元。项目支出37.44万元。",
        [
            "一般公共预算拨款预算支出.opening 213.62 only of 一般公共预算拨款预算支出",
            "basic.opening 213.62 only of 一般公共预算拨款预算支出",
            "project_spending. 37.44",
        ],
    ),
    # ways to compare
    ("基本支出与2022年度决算数相比减少5.1万元。", ["basic.change/prior -5.1"]),
    (
        "基本支出213.62万元，同上年相比，增支51.13万元，增长幅度31.47%。",
        ["basic. 213.62", "basic.change/prior 51.13", "basic.growth_rate/prior 0.3147"],
    ),
]

# Nothing is to be read here, or only what `READ_IN_PART` says.
NOTHING = [
    "用于人员经费434.89万元，用于公用经费77.4万元。",  # of which year's money?
    "2021年用于人员经费434.89万元，用于公用经费77.4万元。",  # another year
    "2023年专项资金用于人员经费10万元。",
    "2023年追加资金用于人员经费10万元。",
    "2023年用于培训费3万元。",
    "上年收入情况良好，增加20万元。",
    "截至9月30日，我单位实际支出251.06万元。",
    "2021年收入合计120.00万元。",  # another year
    "2024年，基本支出300万元，人员经费120万元。",
    "2021年，我办情况如下。\n收入合计120万元。\n支出合计120万元。",  # and it goes on
    "比2020年增加10万元。",
    "我办计划2023年收入合计300万元。",  # plans
    "拟安排项目支出50万元。",
    "力争三公经费下降5%。",
    "预计全年支出合计260万元。",
    "年度目标：支出合计控制在250万元。",
    "应急指挥中心项目37.44万元，人员经费5万元，公用经费3万元。",  # a single project
    "应急指挥中心项目支出37.44万元。",
    "应急指挥中心项目\n人员经费5万元，公用经费3万元。",
    "其中应急指挥中心项目37.44万元。",
    "该课题的人员经费5万元。",
    "开展培训3次，支出5万元。",  # 支出 of something else
    "支出5万元。",
    "慰问费支出5万元。",
    "下属单位3家，收入合计50万元。",  # other units
    "区教育局2023年收入合计9000万元。",
    "机关本级基本支出100万元。",
    "全区一般公共预算收入120000万元。",
    "其中：财政拨款251.06万元。",  # a part of what?
    "其中：基本支出213.62万元。",
    "项目支出约37万元。",  # not exact
    "项目支出37万元左右。",
    "项目支出不超过40万元。",
    "项目支出30-40万元。",
    "项目支出30万元至40万元。",
    "公务接待费控制在1万元以内。",
    "人员经费100多万元。",
    "2021-2023年累计支出合计700万元。",  # several years
    "近三年收入合计700万元。",
    "人均公用经费2万元。",  # averages
    "人员经费和公用经费合计213.62万元。",  # several items at once
    "人员经费和公用经费分别为213.62万元。",
    "人员经费和其他经费分别为109.33万元和104.29万元。",
    "安排37.44万元的项目支出。",  # the amount stands before
    "由于人员增加，人员经费增加20万元。",  # reasons
    "主要原因是项目支出增加20万元。",
    "人员经费增加20万元。",  # against what?
    "人员经费上升0.5个百分点。",
    "人员经费比上年增加到109.33万元。",
    "人员经费与上年基本持平。",
    "覆盖100万人次，满意度98%。",  # no money
    "满意度达98%，占比85.09%。",
    "政府性基金项目支出10万元。",  # of another fund
    "2023年，我办无政府性基金预算支出。",
    "年初预算完成213万元。",  # contradicts itself
    "收入合计1，234.50万元。",
    "收入合计（含上年结转）300万元。",
    "项目支出-40万元。",  # a sign or a dash?
    "基本支出比上年减少-5%。",
]

READ_IN_PART: list[tuple[str, list[str]]] = [
    ("2023年基本支出213.62万元，用于人员经费约109.33万元。", ["basic. 213.62"]),
    ("2023年项目支出20万元，用于人员经费10万元。", ["project_spending. 20"]),  # no row of it
    ("2023年基本支出年初预算213.62万元，用于人员经费109.33万元。", ["basic.opening 213.62"]),  # a plan or the result?
    (
        "2023年收入200万元，上年180万元，支出190万元，增加20万元。",
        ["income_total. 200", "income_total.prior 180", "expenditure_total. 190"],
    ),
    (
        "2023年年初预算200万元，上年180万元，增加20万元。",
        ["opening_budget.opening 200", "opening_budget.prior 180"],
    ),
    ("基本支出213.62万元，主要原因是预算增加，人员经费增加20万元。", ["basic. 213.62"]),
    ("基本支出213.62万元，其中：慰问费5万元，人员经费3万元。", ["basic. 213.62"]),
    ("项目支出37.44万元，其中：人员经费5万元。", ["project_spending. 37.44"]),
    ("收入合计251.06万元，上缴专户5万元，支出合计251.06万元。", ["income_total. 251.06"]),
    ("基本支出213.62万元，全年预算251.06万元。", ["basic. 213.62"]),  # whose is the second?
    ("基本支出213.62万元，支出251.06万元。", ["basic. 213.62"]),
    (
        "基本支出年初预算91.46万元，项目支出年初预算37.44万元，支出决算251.06万元。",  # of both?
        ["basic.opening 91.46", "project_spending.opening 37.44"],
    ),
    ("基本支出213.62万元，占85%，比上年提高5%。", ["basic. 213.62", "basic.share 0.85"]),  # the item, or its share?
    ("2023年基本支出较上年减少为600万元，项目支出37.44万元。", []),
    ("三公经费年初预算0.30万元，比上年减少0.10万元。", ["sangong.opening 0.3"]),  # budget on budget
    ("2023年收入合计251.06万元；2021年收入合计120万元。", ["income_total. 251.06"]),
    ("2021年支出合计120万元。2023年支出合计251.06万元。", ["expenditure_total. 251.06"]),
    ("年初预算100万元，年中追加50万元，其中人员经费20万元。", ["opening_budget.opening 100"]),
    ("支出合计100万元。追加50万元。其中：人员经费20万元。", ["expenditure_total. 100"]),
    # a reason or a use leads back only to final figures, and to 与上年相比 where it has no figure of its own
    ("基本支出完成5万元，因会议减少2万元，公用经费3万元。", ["basic.current 5"]),
    ("基本支出完成5万元，主要原因是会议增多，比上年增加2万元。", ["basic.current 5"]),
    ("基本支出完成5万元，主要原因是上年人员少，公用经费完成3万元。", ["basic.current 5"]),
    ("项目支出完成5万元，用于网络安全，人员经费3万元，公用经费2万元。", ["project_spending.current 5"]),
    ("项目支出完成5万元，用于购置设备2万元，比上年增加1万元。", ["project_spending.current 5"]),
    # 比上年 at the head of a sentence is of the one item before it
    ("基本支出5万元，其中人员经费3万元。比上年增加1万元。", ["basic. 5", "personnel. 3"]),
    ("基本支出5万元。执行情况良好。比上年增加1万元。", ["basic. 5"]),
    ("基本支出5万元。与上年相比，支出增加1万元。", ["basic. 5"]),
    ("人员经费和公用经费分别为5万元和6万元。比上年增加1万元。", ["personnel. 5", "public. 6"]),
    # a reason that names a project: the text may go on about the project, until 其中 leads back
    (
        "支出合计251.06万元，主要原因是新增专项任务。其中：基本支出213.62万元；人员经费109.33万元。",
        ["expenditure_total. 251.06", "basic. 213.62", "personnel. 109.33"],
    ),
    ("支出合计251.06万元，主要原因是新增应急项目。人员经费5万元，公用经费3万元。", ["expenditure_total. 251.06"]),
    ("支出合计251.06万元，主要原因是新增应急项目。2023年人员经费5万元。", ["expenditure_total. 251.06"]),
    ("支出合计251.06万元，因新增应急项目。其中：材料费5万元；人员经费3万元。", ["expenditure_total. 251.06"]),
]


@pytest.mark.parametrize(
    ("text", "expected"), STATED + READ_IN_PART, ids=lambda each: each if isinstance(each, str) else ""
)
def test_stated(text: str, expected: list[str]) -> None:
    assert read(text) == expected


@pytest.mark.parametrize("text", NOTHING)
def test_not_understood(text: str) -> None:
    assert read(text) == []


NAMED: list[tuple[str, list[str]]] = [
    ("其中网络安全补助经费15.26万元，应急指挥中心项目支出3万元。", ["网络安全补助经费. 15.26", "应急指挥中心. 3"]),
    ("1.网络安全补助经费预算20万元，实际完成15万元。", ["网络安全补助经费.budget 20"]),
    ("（2）网络安全 补助经费2023年决算数15万元。", ["网络安全补助经费.current 15"]),
    ("比上年增加5万元，网络安全补助经费12万元、应急指挥中心：8万元。", ["网络安全补助经费. 12", "应急指挥中心. 8"]),
    ("应急指挥中心项目二期37万元。", []),  # another name
    ("城区网络安全补助经费12万元。", []),
    ("上年网络安全补助经费12万元。", []),  # not all of this year's
    ("2022年，我办情况。网络安全补助经费12万元。", []),
    ("追加网络安全补助经费5万元，应急指挥中心5万元。", []),
    ("网络安全补助经费、应急指挥中心共80万元。", []),
    ("网络安全补助经费20万元用于印刷，30万元用于差旅。", []),
    ("网络安全补助经费约20万元，应急指挥中心20万元左右。", []),
    ("网络安全补助经费20万元的30%，应急指挥中心占20%。", []),
    ("网络安全补助经费比上年增加5万元。", []),
    ("网络安全补助经费" + "，" * 60 + "5万元", []),
]


@pytest.mark.parametrize(("text", "expected"), NAMED)
def test_amounts_of_projects_said_by_name(text: str, expected: list[str]) -> None:
    said = named_amounts(text, ("网络安全补助经费", "应急指挥中心", "网络安全"), WORDS, 2023)
    assert [short(each) for each in said] == expected


def test_without_a_year_a_dated_sentence_is_not_understood() -> None:
    assert read("2023年收入合计251.06万元。", None) == []
    assert read("收入合计251.06万元。", None) == ["income_total. 251.06"]


def test_places_and_place_in_the_text() -> None:
    text = "一、收支。\n２０２３年，收入合计2,510,600元，比上年增加8.9％。"
    first, second = statements(text, WORDS, 2023)
    assert (first.places, text[first.start : first.end], first.quote) == (4, "2,510,600元", "收入合计2,510,600元")
    assert (second.places, text[second.start : second.end], second.quote) == (3, "8.9％", "比上年增加8.9％")


def test_every_meaning_is_a_key_of_the_form() -> None:
    stems = {meaning for kind, meaning in WORDS.words.values() if kind in "IBR"} | set(WORDS.alone.values())
    assert ROWLESS
    assert stems - ROWLESS - set(WORDS.scoped) <= set(TEMPLATE.meanings)
    assert set(WORDS.scoped.values()) <= set(TEMPLATE.meanings)
    for word in ROWLESS:
        assert WORDS.parts[word] <= {*TEMPLATE.meanings, *ROWLESS, *WORDS.scoped}
    assert set(WORDS.alone) <= set(WORDS.words)


# --- a figure belongs to the item that its clause, its sentence or its heading names, or to none ---------------------

OF_ITEMS: list[tuple[str, list[str]]] = [
    (
        "2023年度公务接待费支出预算为2.85万元，支出决算为0.39万元，完成预算的13.68%，比上年减少2.46万元。",
        [
            "reception.budget 2.85",
            "reception.current 0.39",
            "reception.completion/budget 0.1368",
            "reception.change/prior -2.46",
        ],
    ),
    ("2023年公务接待费，支出预算2.85万元，支出决算0.39万元。", ["reception.budget 2.85", "reception.current 0.39"]),
    ("（一）公务接待费：2023年支出预算2.85万元。", ["reception.budget 2.85"]),
    ("2023年事业收入预算5万元，收入决算3万元。", ["income_service.budget 5", "income_service.current 3"]),
    ("2023年事业收入预算5万元，支出决算3万元。", ["income_service.budget 5"]),  # spent of that income, or in all?
    ("2023年公务接待费2.85万元，支出0.39万元。", ["reception. 2.85"]),
    ("2023年公务接待费年初预算2.85万元，支出比上年下降20%。", ["reception.opening 2.85"]),
    ("支出合计251.06万元，其中慰问费，比上年减少1万元。", ["expenditure_total. 251.06"]),
    ("支出合计251.06万元，教育支出下降，比上年减少1万元。", ["expenditure_total. 251.06"]),
    ("公务接待费支出预算2.85万元。2023年支出决算0.39万元。", ["reception.budget 2.85"]),
    ("公务接待费。2023年支出决算0.39万元。", []),
    ("公务接待费\n2023年支出决算0.39万元。", []),
    ("1.培训费。\n2023年支出决算0.39万元。", []),
    ("（三）教育支出\n2023年年初预算数2.85万元，全年执行数0.39万元，预算执行率13.7%。", []),
    ("（一）公务接待费\n无。\n（二）收支情况\n2023年支出决算251.06万元。", ["expenditure_total.current 251.06"]),
    ("2023年培训费，年初预算2.85万元，全年执行数0.39万元。", []),
    ("2023年慰问费，年初预算2.85万元，全年执行数0.39万元。", []),
    # what is the whole unit's stays so
    (
        "2023年收入决算251.06万元，支出决算251.06万元。",
        ["income_total.current 251.06", "expenditure_total.current 251.06"],
    ),
    (
        "2023年收入合计251.06万元，其中：事业收入0万元。2023年支出251.06万元。",
        ["income_total. 251.06", "income_service. 0", "expenditure_total. 251.06"],
    ),
]


@pytest.mark.parametrize(("text", "expected"), OF_ITEMS)
def test_a_figure_belongs_to_the_item_that_is_named(text: str, expected: list[str]) -> None:
    assert read(text) == expected


def test_a_section_on_a_fund_states_no_total_of_the_unit() -> None:
    text = "2023年，我单位年初预算5万元，支出决算5万元。"
    assert [short(each) for each in statements(text, WORDS, 2023, (), "二、（三）政府性基金预算支出情况")] == []
    whole = [short(each) for each in statements(text, WORDS, 2023, (), "二、（一）预算执行、使用、管理总体情况")]
    assert whole == ["opening_budget.opening 5", "expenditure_total.current 5"]


OWN = [
    "公务接待费",
    "“三公”经费",
    "公务用车运行维护费",
    "因公出国（境）费",
    "培训费",
    "会议费",
    "机关运行经费",
    "教育支出",
]
OWN += ["政府采购支出", "住房公积金", "社会保险基金", "公用取暖补贴", "印刷费"]
LEADS = [
    "2023年度{}{}",
    "{}2023年{}",
    "2023年，{}，{}",
    "（一）{}：{}",
    "1.{}。2023年{}",
    "{}\n2023年{}",
    "（2）{}情况\n2023年度，{}",
]
LEADS += ["我单位2023年{}{}", "关于{}。2023年{}", "{}方面，2023年{}"]
REST = [
    "支出预算为2.85万元，支出决算为0.39万元。",
    "支出预算2.85万元，支出0.39万元，完成预算的13.68%。",
    "年初预算2.85万元，全年预算3万元，全年执行0.39万元。",
    "年初预算数2.85万元，预算执行率13.68%。",
    "支出0.39万元，比上年减少0.5万元，下降5%。",
    "支出决算0.39万元，其中：支出预算0.2万元，年初预算0.1万元。",
    "支出预算、支出决算分别为2.85万元、0.39万元。",
    "支出预算2.85万元；支出决算0.39万元。",
    "支出预算2.85万元。支出决算0.39万元。",
    "支出预算2.85万元。2023年支出决算0.39万元。",
    "预算2.85万元，支出增加0.2万元，支出决算比上年增长3%。",
]


@pytest.mark.parametrize("rest", REST)
@pytest.mark.parametrize("lead", LEADS)
def test_no_figure_of_an_item_is_the_units(lead: str, rest: str) -> None:
    for item in OWN:
        text = lead.format(item, rest)
        said = [short(each) for each in statements(text, WORDS, 2023)]
        assert [each for each in said if each.partition(".")[0] in WORDS.whole] == [], text


# --- generated sentences ----------------------------------------------------------------------------------------------

ITEMS = sorted(word for word, (kind, _) in WORDS.words.items() if kind == "I")
FINAL = ("", "完成", "实际完成", "决算数为", "共", "总额为", "：")
money = st.integers(1, 10**9).map(lambda cents: Decimal(cents).scaleb(-2))
shares = st.integers(1, 99_999).map(lambda count: Decimal(count).scaleb(-2))


@st.composite
def written(draw: st.DrawFn, amount: Decimal) -> str:
    """An amount in 万元 as people write it, to the last digit."""
    unit, shift = draw(st.sampled_from([("万元", 0), ("元", 4), ("亿元", -4), ("万", 0)]))
    shifted = amount.scaleb(shift)
    text = draw(st.sampled_from([f"{shifted:f}", f"{shifted:,f}"]))
    digits = text.translate(str.maketrans("0123456789.", "０１２３４５６７８９．")) if draw(st.booleans()) else text
    return digits + draw(st.sampled_from(["", " "])) + unit


@st.composite
def sentences(draw: st.DrawFn) -> tuple[str, list[str]]:
    """A sentence in the known patterns, and what it states."""
    clauses, expected = [], []
    for item in draw(st.lists(st.sampled_from(ITEMS), min_size=1, max_size=4, unique=True)):
        stem, amount = WORDS.words[item][1], draw(money)
        clauses.append(f"{item}{draw(st.sampled_from(FINAL))}{draw(written(amount))}")
        expected.append((stem, amount))
        if draw(st.booleans()):
            change, up = draw(money), draw(st.booleans())
            clauses.append(
                draw(st.sampled_from(["比上年", "同比", "较上年", "比2022年"]))
                + ("增加" if up else "减少")
                + draw(written(change))
            )
            expected.append((stem, change if up else -change))
            if draw(st.booleans()):
                rate = draw(shares)
                clauses.append(f"{'增长' if up else '下降'}{rate}%")
                expected.append((stem, rate.scaleb(-2) * (1 if up else -1)))
        if draw(st.booleans()):
            rate = draw(shares)
            clauses.append(f"占总支出的{rate}%" if draw(st.booleans()) else f"完成年初预算的{rate}%")
            expected.append((stem, rate.scaleb(-2)))
    head = draw(st.sampled_from(["", "2023年，", "1.2023年度", "我办", "（一）", f"{NAME}2023年"]))
    return head + "，".join(clauses) + "。", [f"{stem} {value.normalize():f}" for stem, value in expected]


@given(sentences())
@settings(max_examples=300, deadline=None)
def test_every_figure_of_a_known_sentence_is_read(case: tuple[str, list[str]]) -> None:
    text, expected = case
    read = [f"{each.stem} {each.value.normalize():f}" for each in statements(text, WORDS, 2023, (NAME,))]
    assert read == expected


@given(sentences(), st.sampled_from(["某项目", "区教育局", "培训", "其余", "约", "乙单位的", "计划", "剩余的"]))
@settings(max_examples=100, deadline=None)
def test_an_unknown_word_before_the_item_silences_it(case: tuple[str, list[str]], word: str) -> None:
    text, _ = case
    first = text.partition("，")[0]
    assert not any(each.start < len(first) for each in statements(f"{word}{text}", WORDS, 2023))


# --- hostile texts ----------------------------------------------------------------------------------------------------

HOSTILE = (
    *("1" * 32767, "1," * 16383, "1.1" * 10922, "9万" * 16383, "1,234" * 6553, "比" * 32767, "2023年" * 6553),
    *(
        "收入" * 16383,
        "收入合计1万元，" * 3640,
        "其中" * 16383,
        "（" * 32767,
        "三公经费" * 8191,
        "，" * 32767,
        "\n" * 32767,
    ),
    *("1万元\n" * 8191, "一" * 32767, " " * 32766 + "1", "自评得分" * 8191, "评价等次为" * 6553, "自评得分9" * 6553),
    *(
        "2023年\n" * 5461,
        "与2022年相比" * 4095,
        "人员经费比上年增加1万元" * 2730,
        "\ufffc1万元" * 8191,
        "1 " * 16383 + "万元",
    ),
)

HOSTILE_OF_RULES = (
    *("编制8人" * 6553, "共现有实有" * 6553 + "1人", "现共有实有为达在职1人" * 2978, "行政" * 16382 + "1名"),
    *("2022年我馆预算支出5万元。" * 2184, "2022年我" + "馆" * 32760, "对2022年度" * 4681, "一、" * 16383),
    "\n".join(f"20{each % 100:02}年我馆收入合计{each}万元" for each in range(2000)),
)


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text)[:20])
def test_a_long_cell_takes_time_in_proportion(text: str) -> None:
    def read(text: str) -> None:
        list(statements(text, WORDS, 2023, (NAME,)))
        list(named_amounts(text, ("1111", "2023年", "人员经费"), WORDS, 2023))

    grows_linearly(read, longer(text), 4000, cheap=0.05)


@pytest.mark.parametrize("text", (*HOSTILE, *HOSTILE_OF_RULES), ids=lambda text: ascii(text)[:20])
def test_rules_take_time_in_proportion_to_a_long_cell(text: str) -> None:
    raw: dict[str, Decimal | str | None] = {"year": "2023", "staff_quota": "8", "staff_actual": "8"}
    rules = tuple(rule for rule in CHECKS if rule.code in ("XLP510", "XLP511"))

    def read(text: str) -> None:
        audit(make_record(TEMPLATE, raw | {"section_1_2": text, "section_2_2": text}, {}), None, rules)

    grows_linearly(read, longer(text), 4000, cheap=0.05, forget=(_read,))


@given(st.lists(st.sampled_from([*WORDS.words, *"，。；：、（）\n0123456789.%万元亿年 "]), max_size=60).map("".join))
@settings(max_examples=300, deadline=None)
def test_any_order_of_words_is_read_or_left_alone(text: str) -> None:
    for each in statements(text, WORDS, 2023):
        assert each.stem in {*TEMPLATE.meanings, *ROWLESS, *WORDS.scoped}
        assert 0 <= each.start <= each.end <= len(text)
        assert each.interval.low <= each.value <= each.interval.high


# --- against the tables -----------------------------------------------------------------------------------------------


def found(beita_values: dict[str, Any], **sections: str) -> set[tuple[str, str]]:
    raw = {key: str(value) for key, value in beita_values["fields"].items()} | {"year": "2023"} | sections
    report = audit(make_record(TEMPLATE, raw, {"indicators": beita_values["indicators"]}))
    return {(each.code, each.key) for each in report.findings if "XLP506" <= each.code <= "XLP509"}


def test_beita_is_silent(beita: Record) -> None:
    assert [each.message for each in audit(beita).findings if "XLP506" <= each.code <= "XLP509"] == []


@pytest.mark.parametrize(
    ("right", "wrong", "code"),
    [
        ("支出251.06万元", "支出251.60万元", "XLP506"),
        ("经费完成109.33万元", "经费完成109.33元", "XLP506"),
        ("项目支出37.44万元。人员", "项目支出34.74万元。人员", "XLP506"),
        ("比上年增加51.13万元", "比上年减少51.13万元", "XLP507"),
        ("上升16.79%", "上升16.97%", "XLP507"),
    ],
)
def test_beita_with_a_slip_in_the_text(beita_values: dict[str, Any], right: str, wrong: str, code: str) -> None:
    text = beita_values["fields"]["section_2_1"]
    assert text.count(right) == 1
    assert found(beita_values, section_2_1=text.replace(right, wrong)) == {(code, "section_2_1")}


def test_a_part_of_the_money_is_not_compared_with_the_whole(beita_values: dict[str, Any]) -> None:
    text = "2023年年初一般公共预算拨款预算支出数为100万元，其中基本支出90万元。收入总计300万元。"
    assert found(beita_values, section_2_2=text) == set()


@given(st.sampled_from(["current", "opening", "prior"]), money, st.integers(0, 4))
@settings(max_examples=100, deadline=None)
def test_a_rounded_amount_is_the_same_amount(column: str, amount: Decimal, places: int) -> None:
    said = {"current": "人员经费完成", "opening": "人员经费年初预算", "prior": "上年人员经费"}[column]
    text = f"{said}{round_half_up(amount, places):f}万元。"
    raw: dict[str, Decimal | str | None] = {f"personnel_{column}": str(amount), "year": "2023", "section_2_1": text}
    assert "XLP506" not in {each.code for each in audit(make_record(TEMPLATE, raw, {})).findings}
