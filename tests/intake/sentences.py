"""Sentences in the manner of published reports and final accounts of 2023, each with what an accountant takes from it.

None is copied; names and figures are made up.
"""

from __future__ import annotations

from typing import NamedTuple


class Said(NamedTuple):
    """A passage of 部门整体支出管理及使用情况; what it states for 收支情况; how many remarks a person has to read.

    `doubtful`: of the keys, those that are to be marked for a second look.
    """

    text: str
    keys: dict[str, str]
    listed: int = 0
    doubtful: tuple[str, ...] = ()


REPORTS: list[Said] = [
    # totals
    Said(
        "2023年度本年收入合计2486.30万元，其中：一般公共预算财政拨款收入2301.75万元，占92.58%；政府性基金预算财政拨款收入0万元，"
        "占0%；国有资本经营预算财政拨款收入0万元，占0%；上级补助收入0万元，占0%；事业收入0万元，占0%；经营收入0万元，占0%；"
        "附属单位上缴收入0万元，占0%；其他收入184.55万元，占7.42%。",
        {
            "income_total_current": "2486.30",
            "income_general_budget_current": "2301.75",
            "income_government_fund_current": "0",
            "income_superior_subsidy_current": "0",
            "income_service_current": "0",
            "income_business_current": "0",
            "income_affiliates_current": "0",
        },
        2,
    ),
    Said(
        "2023年本年支出合计2473.18万元，其中：基本支出905.66万元，占36.62%；项目支出1567.52万元，占63.38%；"
        "上缴上级支出0万元，占0%；经营支出0万元，占0%；对附属单位补助支出0万元，占0%。",
        {
            "expenditure_total_current": "2473.18",
            "basic_current": "905.66",
            "project_spending_current": "1567.52",
        },
        3,
    ),
    Said(
        "2023年度收入总计517.90万元，其中：本年收入合计515.40万元，使用非财政拨款结余0.00万元，年初结转和结余2.50万元。",
        {"income_total_current": "515.40", "carryover_opening": "2.50"},
        2,
    ),
    Said(
        "2023年度支出总计517.90万元，其中：本年支出合计512.85万元，结余分配0.00万元，年末结转和结余5.05万元。",
        {"expenditure_total_current": "512.85", "carryover_closing": "5.05"},
        2,
    ),
    Said("2023年度收、支总计均为890.12万元。", {}, 1),
    Said("与2022年度相比，收、支总计各增加41.70万元，增长4.91%。", {}, 1),
    Said("收入支出总体与上年相比，增加41.70万元，增长4.91%，主要原因是人员增加。", {}, 1),
    Said(
        "我局2023年总收入1862.35万元，较上年增加120.48万元，增长6.92%，主要原因是新增人员经费。",
        {
            "income_total_current": "1862.35",
            "income_total_change": "120.48",
            "income_total_growth_rate": "6.92%",
            "income_total_reason": "新增人员经费",
        },
    ),
    Said(
        "2023年总支出1850.10万元，与上年相比减少33.27万元，下降1.77%，主要是由于压减一般性支出。",
        {
            "expenditure_total_current": "1850.10",
            "expenditure_total_change": "-33.27",
            "expenditure_total_growth_rate": "-1.77%",
            "expenditure_total_reason": "压减一般性支出",
        },
    ),
    Said(
        "2023年，本单位收入合计96.5万元，支出合计96.5万元。",
        {"income_total_current": "96.5", "expenditure_total_current": "96.5"},
    ),
    Said("2023年全年收入完成5,236,800元。", {"income_total_current": "523.68"}),
    Said(
        "2023年度，我中心实际支出1,093,300元，同比下降2.4％。",
        {"expenditure_total_current": "109.33", "expenditure_total_growth_rate": "-2.4%"},
    ),
    Said("2023年支出决算1.2036亿元。", {"expenditure_total_current": "12036"}, 0, ("expenditure_total_current",)),
    Said("２０２３年度收入决算数为８６５．４０万元。", {"income_total_current": "865.40"}),
    Said("2023年　我局　收入合计　312 .50　万元。", {"income_total_current": "312.50"}),
    Said(
        "2023年支出合计三百二十万元，比上年增加一十二万元，增长百分之三点九。",
        {"expenditure_total_current": "320", "expenditure_total_change": "12", "expenditure_total_growth_rate": "3.9%"},
    ),
    # basic and project spending
    Said(
        "2023年基本支出决算646.20万元，其中：人员经费支出552.18万元，占基本支出的85.45%，日常公用经费94.02万元，占基本支出的14.55%。",
        {"basic_current": "646.20", "personnel_current": "552.18", "public_current": "94.02"},
    ),
    Said(
        "人员经费552.18万元，主要包括：基本工资、津贴补贴、奖金、社会保障缴费等；公用经费94.02万元，主要包括：办公费、印刷费、差旅费等。",
        {"personnel_current": "552.18", "public_current": "94.02"},
        0,
        ("personnel_current", "public_current"),
    ),
    Said(
        "2023年项目支出218.6万元，比2022年减少41.4万元，降幅15.92%，变动原因：信息化建设任务已完成。",
        {
            "project_spending_current": "218.6",
            "project_spending_change": "-41.4",
            "project_spending_growth_rate": "-15.92%",
            "project_spending_reason": "信息化建设任务已完成",
        },
    ),
    Said(
        "基本支出年初预算数为523.80万元，支出决算为646.20万元，完成年初预算的123.37%，决算数大于预算数的主要原因是年中增人增资。",
        {"basic_opening": "523.80", "basic_current": "646.20"},
    ),
    Said(
        "项目支出年初预算300万元，全年执行218.6万元，预算执行率72.87%。",
        {"project_spending_opening": "300", "project_spending_current": "218.6"},
    ),
    Said("2023年公用经费支出94.02万元，与上年持平。", {"public_current": "94.02", "public_change": "0"}),
    Said(
        "2023年度人员经费完成552.18万元，较2022年度增加18.08万元，增幅为3.39%，原因是正常晋级晋档。",
        {
            "personnel_current": "552.18",
            "personnel_change": "18.08",
            "personnel_growth_rate": "3.39%",
            "personnel_reason": "正常晋级晋档",
        },
    ),
    Said("基本支出比上年增长-5%。", {"basic_growth_rate": "-5%"}),
    Said(
        "2023年，基本支出646.20万元（比上年增加12.2万元，增长1.92%），项目支出218.6万元（比上年减少41.4万元，下降15.92%）。",
        {
            "basic_current": "646.20",
            "basic_change": "12.2",
            "basic_growth_rate": "1.92%",
            "project_spending_current": "218.6",
            "project_spending_change": "-41.4",
            "project_spending_growth_rate": "-15.92%",
        },
    ),
    Said(
        "2022年人员经费534.10万元，2023年人员经费552.18万元。",
        {"personnel_prior": "534.10", "personnel_current": "552.18"},
    ),
    Said("人员经费上年决算数534.10万元。", {"personnel_prior": "534.10"}),
    Said(
        "支出合计比2022年的1883.37万元减少33.27万元。",
        {"expenditure_total_prior": "1883.37", "expenditure_total_change": "-33.27"},
    ),
    Said(
        "人员经费和公用经费分别为552.18万元和94.02万元。",
        {"personnel_current": "552.18", "public_current": "94.02"},
        0,
        ("personnel_current", "public_current"),
    ),
    Said("基本支出中用于人员的有552.18万元。", {}, 1),
    # opening budgets
    Said(
        "2023年年初预算收入128.90万元，其中：一般公共预算财政拨款收入128.90万元。",
        {"income_total_opening": "128.90", "income_general_budget_opening": "128.90"},
    ),
    Said(
        "2023年年初预算安排支出128.90万元，其中：基本支出91.46万元，项目支出37.44万元。",
        {"expenditure_total_opening": "128.90", "basic_opening": "91.46", "project_spending_opening": "37.44"},
    ),
    Said("2023年支出预算300万元，其中基本支出200万元。", {}, 1),
    Said("年初预算情况如下。\n收入合计300万元，支出合计300万元。", {}, 1),
    Said("2023年年初预算批复收入300万元，支出300万元。", {"income_total_opening": "300"}, 1),
    Said("基本支出调整后预算660万元，支出决算646.20万元。", {"basic_current": "646.20"}),
    Said("我单位年初预算为128.90万元，调整后预算为251.06万元，执行率100%。", {}),
    # carried over
    Said(
        "年初结转和结余48.94万元，年末结转和结余12.30万元。",
        {"carryover_opening": "48.94", "carryover_closing": "12.30"},
    ),
    Said("上年结转5.5万元，本年收入合计251.06万元。", {"carryover_opening": "5.5", "income_total_current": "251.06"}),
    Said("年末结转结余0万元。", {"carryover_closing": "0"}),
    # reasons
    Said(
        "2023年支出合计420万元，比上年增加40万元，增长10.53%。主要原因：一是人员增加；二是工资调标；三是新增聘用人员。其中：基本支出400万元。",
        {
            "expenditure_total_current": "420",
            "expenditure_total_change": "40",
            "expenditure_total_growth_rate": "10.53%",
            "expenditure_total_reason": "一是人员增加；二是工资调标；三是新增聘用人员",
            "basic_current": "400",
        },
    ),
    Said(
        "公用经费104万元，比上年减少15万元，主要是落实过紧日子要求，压减办公费。",
        {"public_current": "104", "public_change": "-15", "public_reason": "落实过紧日子要求，压减办公费"},
        0,
        ("public_current",),
    ),
    Said("公用经费104万元，主要是保障机关运转。", {"public_current": "104"}, 0, ("public_current",)),
    Said(
        "项目支出80万元，完成年初预算的80%，主要原因是采购尚未完成。",
        {"project_spending_current": "80"},
        0,
        ("project_spending_current",),
    ),
    Said(
        "人员经费552.18万元，较上年增加18.08万元（主要原因是调资）。",
        {"personnel_current": "552.18", "personnel_change": "18.08", "personnel_reason": "调资"},
        0,
        ("personnel_current",),
    ),
    Said(
        "基本支出完成646.20万元，比上年增加12.2万元，增加的主要原因是：人员调入。项目支出完成218.6万元。",
        {
            "basic_current": "646.20",
            "basic_change": "12.2",
            "basic_reason": "人员调入",
            "project_spending_current": "218.6",
        },
    ),
    Said(
        "事业收入完成36万元，比上年减少4万元，下降10%，减少原因为服务对象减少。",
        {
            "income_service_current": "36",
            "income_service_change": "-4",
            "income_service_growth_rate": "-10%",
            "income_service_reason": "服务对象减少",
        },
    ),
    # other tables' figures, shares, projects, other people's money
    Said("2023年“三公”经费支出决算0.85万元，其中：公务接待费0.35万元，公务用车运行维护费0.50万元。", {}),
    Said("三公经费年初预算1.2万元，比上年减少0.3万元，下降20%。", {}, 1),
    Said("机关运行经费支出94.02万元，比上年增加3.1万元。", {}, 1),
    Said("政府采购金额33.3万元。", {}),
    Said("其中应急指挥中心项目37.44万元。", {}, 1),
    Said("安排乡村振兴专项资金50万元，人员经费5万元。", {}, 1),
    Said("下属事业单位3家，收入合计80万元。", {}, 1),
    Said("全区一般公共预算收入12.5亿元，同比增长6.3%。", {}, 1),
    Said("财政拨款收入251.06万元，占总收入的100%。", {}, 1),
    Said("一般公共预算财政拨款支出4000.10万元，占本年支出合计的96.53%。", {}, 1),
    Said("工资福利支出480万元，商品和服务支出94万元，对个人和家庭的补助72.2万元。", {}, 3),
    # no figures of the year at all
    Said("2024年计划安排基本支出700万元。", {}, 1),
    Said("力争三公经费下降5%。", {}, 1),
    Said("预计全年支出合计260万元。", {}, 1),
    Said("2021—2023年累计支出合计700万元。", {}, 1),
    Said("人均公用经费2万元。", {}, 1),
    Said("项目支出约37万元。", {}, 1),
    Said("根据财预〔2020〕10号文件要求，于2024年7月30日前完成自评，联系电话0739-5310000。", {}),
    Said("我局编制8人，实有8人，办公用房面积1200平方米。", {}),
    Said("群众满意度达98%，网络问政回复率100%。", {}),
    Said("开展培训12期、覆盖3万人次。", {}),
    Said("2023年，我办无政府性基金预算支出。", {}),
    Said("资产总额530.7万元，其中固定资产412.6万元。", {}, 1),
    Said("2021年收入合计120万元。", {}, 1),
    Said("争取上级资金1.2亿元，招商引资3.5亿元。", {}, 1),
    Said("收入合计1，234.50万元。", {}, 1),
    Said("收入合计几百万元。", {}, 1),
    Said("2023年基本支出646.20万元，2022年600万元。", {"basic_current": "646.20", "basic_prior": "600"}),
    Said(
        "2023年基本支出决算数646.20万元，比2022年度决算数634.00万元增加12.20万元，增长1.92%。",
        {"basic_current": "646.20", "basic_prior": "634.00", "basic_change": "12.20", "basic_growth_rate": "1.92%"},
    ),
    Said(
        "2023年年初一般公共预算财政拨款支出预算200万元，其中基本支出150万元，项目支出50万元。",
        {"expenditure_total_opening": "200", "basic_opening": "150", "project_spending_opening": "50"},
        0,
        ("expenditure_total_opening", "basic_opening", "project_spending_opening"),
    ),
    Said("2023年基本支出646.20万元。2023年，基本支出6,462,000元。", {"basic_current": "646.20"}),
    Said(
        "2023年基本支出646.20万元。2023年度基本支出完成646.02万元。", {"basic_current": "646.20"}, 1, ("basic_current",)
    ),
    Said("2023年全年支出251.06万元，支付进度100%。", {"expenditure_total_current": "251.06"}, 1),
    Said("2023年收入合计251.06万元，其中上年结转5万元。", {"income_total_current": "251.06"}, 1),
    Said("2023年基本支出646.20万元，占比85%，比上年提高5%。", {"basic_current": "646.20"}, 1),
    Said("2023年基本支出646.20万元，占总支出的85%，比上年提高3个百分点。", {"basic_current": "646.20"}),
    Said(
        "人员经费由上年的534.10万元增加到552.18万元。",
        {"personnel_prior": "534.10", "personnel_current": "552.18"},
    ),
    Said("基本支出较上年减少为600万元。", {}, 1),
    Said("由于人员调入，人员经费比上年增加18.08万元。", {}, 1),
    Said(
        "2023年人员经费552.18万元，比上年增加18.08万元，主要原因是工资调标，基本工资增加10.2万元。",
        {
            "personnel_current": "552.18",
            "personnel_change": "18.08",
            "personnel_reason": "工资调标，基本工资增加10.2万元",
        },
        1,
        ("personnel_reason",),
    ),
    Said("项目支出绩效自评得分95分，等级为优。", {}),
    Said("项目支出-40万元。", {}, 1),
    Said("人员经费超支5万元，公用经费结余3万元。", {}, 1),
    Said("截至2023年12月31日，累计完成支出700万元。", {}, 1),
    Said("收入合计251.06万元以上。", {}, 1),
    Said("某某区教育局2023年收入合计9000万元。", {}, 1),
    Said("本级基本支出100万元，所属单位基本支出50万元。", {}, 1),
    Said("2023年第一季度基本支出160万元。", {}, 1),
    Said("每年安排公用经费5万元。", {}, 1),
    Said("公用经费标准为每人1.5万元。", {}, 1),
    Said("基本支出增长5.2倍。", {}),
    Said("2023年初下达预算128.90万元，2023年末追加122.16万元。", {}, 1),
    Said("2022年公用经费5万元。上年人员经费4万元。", {"public_prior": "5"}, 1),
]
