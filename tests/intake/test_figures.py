"""Sentences of reports and the keys of 收支情况 that they fill; above all, those that they must not fill."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from tests.costs import grows_linearly
from tests.intake.sentences import REPORTS, Said
from xlperf.form.forms import load_template
from xlperf.intake.figures import read_figures
from xlperf.intake.staffing import read_staff
from xlperf.labels.reading import Entry, Reading, Section
from xlperf.prose.tidy import tidied

TEMPLATE = load_template("department_overall")
WORDS = TEMPLATE.prose
ROWS = TEMPLATE.series["finance"][0]
UNIT = ("北塔区委网信办", "中共邵阳市北塔区委网络安全和信息化委员会办公室")


def read(text: str, year: int | None = 2023, key: str = "section_2_1") -> Reading:
    return read_figures([Section(key, text, "报告.docx 第1段")], TEMPLATE, year, UNIT)


def stated(reading: Reading) -> dict[str, str]:
    return {each.key: each.value for each in reading.entries}


def entry(text: str, key: str) -> Entry:
    return next(each for each in read(text).entries if each.key == key)


# --- the published report ---------------------------------------------------------------------------------------------

PROJECT = "说的是单个项目、下属单位或其他口径，收支情况没有这一行"
BEITA = [  # every figure of its text, in order, and the key that it fills, or why it fills none
    ("section_1_4", "251.06万元", "expenditure_total_current"),  # 支出规模, as in 2_1
    ("section_2_1", "251.06万元", "income_total_current"),
    ("section_2_1", "88.57万元", "income_total_change"),
    ("section_2_1", "54.51%", "income_total_growth_rate"),
    ("section_2_1", "251.06万元", "income_general_budget_current"),
    ("section_2_1", "88.57万元", "income_general_budget_change"),
    ("section_2_1", "54.51%", "income_general_budget_growth_rate"),
    ("section_2_1", "0万元", "income_government_fund_current"),
    ("section_2_1", "0万元", "income_superior_subsidy_current"),
    ("section_2_1", "0万元", "income_service_current"),
    ("section_2_1", "0万元", "income_business_current"),
    ("section_2_1", "0万元", "income_affiliates_current"),
    ("section_2_1", "251.06万元", "expenditure_total_current"),
    ("section_2_1", "88.57万元", "expenditure_total_change"),
    ("section_2_1", "54.51%", "expenditure_total_growth_rate"),
    ("section_2_1", "213.62万元", "basic_current"),
    ("section_2_1", "51.13万元", "basic_change"),
    ("section_2_1", "31.47%", "basic_growth_rate"),
    ("section_2_1", "37.44万元", "project_spending_current"),
    ("section_2_1", "109.33万元", "personnel_current"),
    ("section_2_1", "36.14万", "personnel_change"),
    ("section_2_1", "22.24%", "personnel_growth_rate"),  # wrong in the report, and so here
    ("section_2_1", "104.29万元", "public_current"),
    ("section_2_1", "14.99万元", "public_change"),
    ("section_2_1", "16.79%", "public_growth_rate"),
    ("section_2_2", "213.62万元", "expenditure_total_opening"),
    ("section_2_2", "213.62万元", "basic_opening"),
    ("section_2_2", "37.44万元", "project_spending_current"),  # as in 2_1
    ("section_2_2", "37.44万元", PROJECT),  # 应急指挥中心项目
    ("section_3_1", "98分", "report_score"),
]
BEITA_WORDS = {
    "income_total_reason": "本年度预算收入增加",
    "expenditure_total_reason": "本年预算增加",
    "basic_reason": "预算增加",
    "public_reason": "人员经费及公用经费增加",
    "report_grade": "优秀",
}


@pytest.fixture(scope="module")
def beita_text(beita_values: dict[str, Any]) -> list[Section]:
    fields = beita_values["fields"]
    return [Section(key, text, f"报告 {key}") for key, text in fields.items() if key.startswith("section_")]


def test_every_figure_of_the_published_report_is_accounted_for(beita_text: list[Section]) -> None:
    in_text = [
        (each.key, figure)
        for each in beita_text
        for figure in re.findall(r"[0-9][0-9.,]*(?:万元?|%|分(?!别))", each.text)
    ]
    assert in_text == [(key, figure) for key, figure, _ in BEITA]
    reading = read_figures(beita_text, TEMPLATE, 2023, UNIT)
    expected = {key: figure.rstrip("万元分") for _, figure, key in BEITA if key != PROJECT}
    assert stated(reading) == expected | BEITA_WORDS
    assert [(each.text, each.reason) for each in reading.left] == [("其中应急指挥中心项目37.44万元。", PROJECT)]
    assert reading.kept == ()
    assert [each.key for each in reading.entries if not each.sure] == ["expenditure_total_opening", "basic_opening"]


def test_the_published_report_fills_its_own_keys(beita_text: list[Section], beita_values: dict[str, Any]) -> None:
    fields = {
        key: value
        for key, value in beita_values["fields"].items()
        if TEMPLATE.row_and_column(key)[0] in ROWS or key.startswith(("carryover", "report_score", "report_grade"))
    }
    assert stated(read_figures(beita_text, TEMPLATE, 2023, UNIT)) == fields


def test_where_it_stands() -> None:
    found = entry("我办基本支出完成213.62万元，比上年增加36.14万，上升 22.24 ％。", "basic_growth_rate")
    assert found == Entry("basic_growth_rate", "22.24%", "报告.docx 第1段“上升 22.24 ％”")


# --- sentences of other reports ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", REPORTS, ids=lambda said: said.text[:30])
def test_report_sentence(said: Said) -> None:
    reading = read(said.text)
    assert stated(reading) == said.keys
    assert {each.key for each in reading.entries if not each.sure} == set(said.doubtful)
    assert len(reading.left) == said.listed
    assert all(each.note for each in reading.entries if not each.sure)
    assert all(each.text in said.text and each.reason for each in reading.left)


# --- how a figure is written ------------------------------------------------------------------------------------------

WRITTEN = [  # what stands after 人员经费完成, the value, whether it is sure, what the note tells
    ("109.33万元", "109.33", True, ""),
    ("109.30万元", "109.30", True, ""),
    ("109.33万", "109.33", True, ""),
    ("1,093,300元", "109.33", True, "1,093,300元"),
    ("1 093 300 元", "109.33", True, "1 093 300 元"),
    ("1093312.55元", "109.331255", True, "折合万元"),
    ("0.010933亿元", "109.33", True, "折合万元"),
    ("0.01亿元", "100", False, "只精确到 100 万元"),
    ("12亿元", "120000", False, "只精确到 10000 万元"),
    ("１０９．３３万元", "109.33", True, ""),
    ("109 .33　万 元", "109.33", True, ""),
    ("109.　33万元", "109.33", True, ""),
    ("1,234.50万元", "1234.50", True, ""),
    ("三百二十万元", "320", True, "原文写“三百二十万元”"),
    ("一百零九点三三万元", "109.33", True, "一百零九点三三万元"),
    ("两百〇五万元", "205", True, "两百〇五万元"),
    ("壹佰零玖万叁仟叁佰元", "109.33", True, "折合万元"),
    ("一亿零三百二十万元", "10320", True, "折合万元"),
    ("十五万元", "15", True, "十五万元"),
    ("廿万元", "20", True, "廿万元"),
]
UNREADABLE = [
    "三四十万元",
    "一百二万元",
    "几十万元",
    "数百万元",
    "一百多万元",
    "1，234.50万元",
    "2 51.06万元",
    "5, 300万元",
    "1.2.3万元",
]


@pytest.mark.parametrize(("written", "value", "sure", "note"), WRITTEN)
def test_written(written: str, value: str, sure: bool, note: str) -> None:
    found = entry(f"2023年人员经费完成{written}。", "personnel_current")
    assert (found.value, found.sure, note in found.note) == (value, sure, True)
    assert written in found.place


@pytest.mark.parametrize("written", UNREADABLE)
def test_unreadable_figures_are_listed(written: str) -> None:
    reading = read(f"2023年人员经费完成{written}。")
    assert reading.entries == ()
    assert [each.text for each in reading.left] == [f"2023年人员经费完成{written}。"]


DIRECTIONS = [
    ("比上年减少36.14万元", {"personnel_change": "-36.14"}),
    ("同比下降5.2%", {"personnel_growth_rate": "-5.2%"}),
    ("较上年下降百分之五点二", {"personnel_growth_rate": "-5.2%"}),
    ("比上年增长-5%", {"personnel_growth_rate": "-5%"}),
    ("比上年增加0万元，增长0%", {"personnel_change": "0", "personnel_growth_rate": "0%"}),
    ("比上年减少0.00万元", {"personnel_change": "0.00"}),
    ("与上年持平", {"personnel_change": "0"}),  # of what base, is not said: 0/0 has no rate
    ("与上年持平，增长0%", {"personnel_change": "0", "personnel_growth_rate": "0%"}),
    ("与上年基本持平", {}),
    ("比上年减少-5万元", {}),
    ("比上年上升0.5个百分点", {}),
    ("比年初预算增加5万元，增长4%", {}),
]


@pytest.mark.parametrize(("words", "keys"), DIRECTIONS)
def test_direction(words: str, keys: dict[str, str]) -> None:
    assert stated(read(f"2023年人员经费完成109.33万元，{words}。")) == {"personnel_current": "109.33"} | keys


def test_a_sign_against_the_direction_word_is_told() -> None:
    assert entry("人员经费比上年增长-5%。", "personnel_growth_rate").note == "原文写“人员经费比上年增长-5%”"
    assert entry("人员经费与上年持平。", "personnel_change").note == "原文写“持平”"


# --- reasons ----------------------------------------------------------------------------------------------------------

CHANGED = "2023年人员经费完成109.33万元，比上年增加36.14万元，上升22.24%"
REASONS = [
    ("，主要原因是：人员增加。", "人员增加"),
    ("。主要原因是人员增加。", "人员增加"),
    ("。变化的主要原因：人员增加。", "人员增加"),
    ("，主要是由于人员增加。", "人员增加"),
    ("，主要是因为人员增加。", "人员增加"),
    ("，原因是人员增加，工资调标。", "人员增加，工资调标"),
    ("，增长的主要原因是人员增加。", "人员增加"),
    ("。人员经费增加的主要原因是人员增加。", "人员增加"),
    ("，主要是人员增加。", "人员增加"),
    ("（主要原因是人员增加（含借调））。", "人员增加（含借调）"),
    ("，占基本支出的51.18%，主要原因是人员增加。", "人员增加"),
    ("，主要原因：1.人员增加。2.工资调标。公用经费完成5万元。", "1.人员增加。2.工资调标"),
    ("，主要原因是人员增加；公用经费完成5万元。", "人员增加"),
    ("，主要原因是人员增加。其中：工资福利支出5万元。", "人员增加"),
    ("\n变动原因：人员增加。", "人员增加"),
    ("，主要用于工资。", None),
    ("，主要是用于工资。", None),
    ("，主要是保障运转。", None),
    ("，完成预算的90%，主要原因是人员未到位。", None),  # why not all was spent
    ("。公用经费减少的主要原因是压减会议。", None),  # of another item
    ("，决算数大于预算数的主要原因是人员增加。", None),
    ("，其中培训费增加3万元，主要原因是培训增多。", None),  # of something that is no item
    ("。因公出国（境）费0万元。", None),
    ("，主要原因是：。", None),
]


@pytest.mark.parametrize(("words", "reason"), REASONS)
def test_reason(words: str, reason: str | None) -> None:
    keys = stated(read(CHANGED + words))
    assert keys.get("personnel_reason") == reason
    assert not any(key.endswith("_reason") for key in keys if key != "personnel_reason")


def test_a_level_alone_has_no_reason_of_change() -> None:
    assert "personnel_reason" not in stated(read("2023年人员经费完成109.33万元，主要原因是人员增加。"))


def test_a_reason_with_figures_is_to_be_looked_at() -> None:
    text = f"{CHANGED}，主要原因是调资，公用经费增加5万元。"
    found = entry(text, "personnel_reason")
    assert (found.value, found.sure) == ("调资，公用经费增加5万元", False)
    assert [each.reason for each in read(text).left] == ["写在原因里，没有单独填"]


def test_a_final_figure_behind_a_reason_ends_it() -> None:
    reading = read(f"{CHANGED}，主要原因是调资，公用经费完成5万元。")
    assert entry(f"{CHANGED}，主要原因是调资，公用经费完成5万元。", "personnel_reason").value == "调资"
    assert stated(reading)["public_current"] == "5"
    assert reading.left == ()


# --- score and grade --------------------------------------------------------------------------------------------------

VERDICTS = [
    ("我办自评分数为98分，绩效评价等次为“优秀”。", {"report_score": "98", "report_grade": "优秀"}),
    ("2023年部门整体支出绩效自评得分 ９８．５ 分，评价等级：良。", {"report_score": "98.5", "report_grade": "良"}),
    ("项目支出自评得分95分，等级为优。", {}),
    ("2022年自评得分91分。", {}),
    ("自评得分90分以上为优。", {}),
    ("满意度指标自评得分10分。", {}),
]


@pytest.mark.parametrize(("text", "keys"), VERDICTS)
def test_score_and_grade(text: str, keys: dict[str, str]) -> None:
    assert stated(read(text, key="section_3_1")) == keys


def test_a_score_among_the_goals_is_no_result() -> None:
    assert stated(read("自评得分98分。", key="section_5")) == {}


# --- posts and staff --------------------------------------------------------------------------------------------------


def staff(*texts: str) -> list[tuple[str, str, bool]]:
    """What the section on posts and staff states: key, figure, and whether that is certain."""
    sections = [Section("section_1_2", text, "报告.docx 第1段") for text in texts]
    return [(each.key, each.value, each.sure) for each in read_staff(sections, TEMPLATE, 2023, UNIT)]


def test_posts_and_staff_are_figures_of_their_section() -> None:
    text = "年末编制１７人，其中：事业编制17人，行政编制0人；实有16人，其中：管理岗3人，专业技术岗13人。退休3人。"
    assert staff(text) == [("staff_quota", "17", True), ("staff_actual", "16", True)]
    assert stated(read(text)) == {}  # among income and spending they are an aside


def test_posts_that_may_count_or_not_are_to_be_looked_at() -> None:
    assert staff("行政编制18名，工勤编制2名。") == [("staff_quota", "20", False)]


def test_staff_that_differs_between_two_texts_is_not_taken() -> None:
    assert staff("编制17人，在职16人。", "编制18人。") == [("staff_actual", "16", True)]


# --- twice, elsewhere, and without a year -----------------------------------------------------------------------------


@pytest.mark.parametrize("item", ["公务接待费", "培训费", "“三公”经费", "教育支出"])
@pytest.mark.parametrize(
    "text",
    [
        "2023年度{}支出预算为2.85万元，支出决算为0.39万元。",
        "2023年{}，年初预算2.85万元，支出决算0.39万元，比上年减少0.5万元，下降5%。",
        "（一）{}\n2023年支出预算为2.85万元，支出决算为0.39万元。",
        "{}。2023年支出决算为0.39万元。",
    ],
)
def test_figures_of_an_item_fill_no_total(item: str, text: str) -> None:
    reading = read(text.format(item))
    assert stated(reading) == {}
    assert reading.left or reading.kept  # and are told


def test_the_same_figure_twice_is_one_entry() -> None:
    reading = read("2023年基本支出完成213.62万元。\n2023年基本支出2,136,200元。\n基本支出决算214万元。")
    assert [(each.key, each.value, each.sure) for each in reading.entries] == [("basic_current", "213.62", True)]
    assert reading.left == ()


def test_two_figures_for_one_key_are_told() -> None:
    reading = read("2023年基本支出完成213.62万元。基本支出决算231.62万元。")
    assert [(each.value, each.sure) for each in reading.entries] == [("213.62", False)]
    assert "231.62" in reading.entries[0].note
    assert [(each.text, each.reason) for each in reading.left] == [
        ("基本支出决算231.62万元。", "基本支出（本年数）在别处写的是 213.62")
    ]


@pytest.mark.parametrize("key", ["section_1_1", "section_3_2", "section_6"])
def test_elsewhere_in_the_report_a_figure_is_to_be_looked_at(key: str) -> None:
    reading = read("2023年基本支出完成213.62万元。", key=key)
    assert [(each.value, each.sure, each.note) for each in reading.entries] == [
        ("213.62", False, "不在报告第二部分，请核对")
    ]


@pytest.mark.parametrize("key", ["section_1_4", "section_5"])
def test_among_goals_and_plans_a_figure_is_listed(key: str) -> None:
    reading = read("2023年基本支出完成213.62万元。", key=key)
    assert reading.entries == ()
    assert [each.reason for each in reading.left] == ["不在报告第二部分，没有填，请核对后填写"]


def test_of_a_text_without_a_place_in_the_report_nothing_is_sure() -> None:
    assert [(each.value, each.sure) for each in read("基本支出完成213.62万元。", key="").entries] == [("213.62", False)]


def test_without_a_year_dated_sentences_are_listed() -> None:
    reading = read("2023年基本支出完成213.62万元。", None)
    assert reading.entries == ()
    assert [each.reason for each in reading.left] == ["说的是其他年度，或者年度没有确定"]


def test_shares_and_completion_stay_in_the_text() -> None:
    reading = read("2023年基本支出完成213.62万元，占总支出的85.09%，完成年初预算的233.57%。")
    assert stated(reading) == {"basic_current": "213.62"}
    assert reading.left == ()
    assert [each.text for each in reading.kept] == ["占总支出的85.09%", "完成年初预算的233.57%"]


# --- generated sentences ----------------------------------------------------------------------------------------------

ITEMS = [(word, meaning) for word, (kind, meaning) in sorted(WORDS.words.items()) if kind == "I" and meaning in ROWS]
COLUMNS = {
    "current": ("{}完成", "{}实际完成", "{}决算数为", "全年实际{}"),
    "opening": ("{}年初预算", "年初预算{}", "{}年初预算数为", "年初批复{}"),
    "prior": ("上年{}", "{}上年决算数"),
    "last year": ("2022年{}", "2022年度{}实际完成"),  # what 上年 means after these words is not certain
}
AGAINST = (
    "比上年",
    "较上年",
    "同比",
    "与上年相比",
    "与上年相比，",
    "比2022年",
    "较2022年度",
    "同上年相比",
    "较去年同期",
)
UP, DOWN = ("增加", "增长", "上升", "提高"), ("减少", "下降", "降低")
REASON = ("，主要原因是：{}", "。主要原因是{}", "，变化的主要原因：{}", "，主要是由于{}", "，原因是{}")
CAUSES = ("人员增加", "落实过紧日子要求", "工资调标、人员调入", "任务减少")
HEADS = ("", "2023年", "2023年度，", "我办", "（一）", "1.2023年", UNIT[0], f"{UNIT[1]}2023年度")
FULL = str.maketrans("0123456789.", "０１２３４５６７８９．")
NUMERALS, POWERS = "零一二三四五六七八九", ("", "十", "百", "千")


def numeral(number: int) -> str:
    """三百二十, of a number below 10,000."""
    digits = [int(each) for each in str(number)]
    said = "".join(
        NUMERALS[digit] + (POWERS[len(digits) - place - 1] if digit else "") for place, digit in enumerate(digits)
    )
    while "零零" in said:
        said = said.replace("零零", "零")
    return said.rstrip("零") or "零"


def money(chance: Random) -> tuple[str, Decimal]:
    """An amount as someone writes it, and what it is in 万元."""
    amount = Decimal(chance.randrange(0, 10 ** chance.randrange(1, 8))).scaleb(-2)
    unit, shift = chance.choice([("万元", 0), ("万元", 0), ("万", 0), ("元", 4), ("亿元", -4)])
    style = chance.choice(["", "", "", ",", "full", "blank", "numeral"])
    if style == "numeral":
        amount = Decimal(int(amount) % 10000)
        return f"{numeral(int(amount))}万元", amount
    text = f"{amount.scaleb(shift):,f}" if style == "," else f"{amount.scaleb(shift):f}"
    text = text.translate(FULL) if style == "full" else text.replace(".", " .") if style == "blank" else text
    return text + (chance.choice(["　", " "]) if style == "blank" else "") + unit, amount


def clause(chance: Random, word: str, stem: str, column: str, keys: dict[str, Decimal | str]) -> str:
    """One statement of a level, with what may follow it."""
    written, amount = money(chance)
    keys[f"{stem}_{'prior' if column == 'last year' else column}"] = amount
    text = chance.choice(COLUMNS[column]).format(word) + written
    if column != "current":
        return text
    if chance.random() < 0.7:
        up = chance.random() < 0.5
        sign = 1 if up else -1
        said, change = money(chance)
        rate = Decimal(chance.randrange(0, 30000)).scaleb(-2)
        text += f"，{chance.choice(AGAINST)}{chance.choice(UP if up else DOWN)}{said}"
        keys[f"{stem}_change"] = sign * change
        if chance.random() < 0.7:
            text += f"，{chance.choice(UP if up else DOWN)}{rate}{chance.choice('%％')}"
            keys[f"{stem}_growth_rate"] = f"{'' if up or not rate else '-'}{rate}%"
        if chance.random() < 0.4:
            cause = chance.choice(CAUSES)
            text += chance.choice(REASON).format(cause)
            keys[f"{stem}_reason"] = cause
            return text + "。"
    elif chance.random() < 0.3:
        text += "，与上年持平"
        keys[f"{stem}_change"] = Decimal(0)
    if chance.random() < 0.3:
        text += chance.choice(["，完成年初预算的98.5%", "，占总支出的85%", "，占比12.5%", "，为年初预算的101%"])
    return text


def sentence(chance: Random) -> tuple[str, dict[str, Decimal | str]]:
    """One to three items of the form in one sentence, or several, each with its statements."""
    keys: dict[str, Decimal | str] = {}
    column = chance.choice(["current", "current", "current", *COLUMNS])
    chosen = {stem: word for word, stem in chance.sample(ITEMS, chance.randrange(1, 4))}
    parts = [clause(chance, word, stem, column, keys) for stem, word in chosen.items()]
    text = chance.choice(HEADS if column == "current" else ("", "我办", "（一）")) + parts[0]
    for part in parts[1:]:
        text += ("" if text.endswith("。") else chance.choice(["，", "；", "。", "，"])) + part
    return text if text.endswith("。") else text + "。", keys


def same(value: str, expected: Decimal | str) -> bool:
    return value == expected if isinstance(expected, str) else Decimal(value) == expected


def test_every_generated_sentence_is_read() -> None:
    """2,400 sentences, all figures of each in their keys and no other key filled."""
    chance = Random(20230730)
    wrong = []
    for _ in range(2400):
        text, keys = sentence(chance)
        found = stated(read(text))
        if found.keys() != keys.keys() or not all(same(found[key], value) for key, value in keys.items()):
            wrong.append((text, {**keys}, found))
    assert wrong == []


NOTHING = [  # figures of other things, or of other times and people
    "会议于{year}年{n}月召开。",
    "根据财预〔2020〕{n}号文件，2023年开展自评。",
    "联系电话0739-53{n}00。",
    "编制{n}人，实有{n}人。",
    "办公用房面积{n}平方米。",
    "满意度达到{n}%，回复率{n}%。",
    "力争{item}下降{n}%。",
    "计划{item}{n}万元。",
    "2024年拟安排{item}{n}万元。",
    "预计{item}{n}万元。",
    "2021年{item}{n}万元。",
    "2020年，{item}完成{n}万元，比上年增加{n}万元。",
    "区教育局{item}完成{n}万元。",
    "下属单位{item}{n}万元。",
    "全区{item}完成{n}亿元。",
    "人均{item}{n}万元。",
    "2021至2023年累计{item}{n}万元。",
    "近三年{item}{n}万元。",
    "{item}约{n}万元。",
    "{item}{n}万元左右。",
    "{item}不超过{n}万元。",
    "某某工程{item}{n}万元。",
    "{item}控制在{n}万元以内。",
    "由于任务增加，{item}增加{n}万元。",
    "{item}增加{n}万元。",
    "{item}比上年增加到{n}万元。",
    "{item}预算{n}万元。",
    "{item}调整后预算{n}万元。",
    "{item}比年初预算增加{n}万元，增长{n}%。",
    "{item}和资产分别为{n}万元和{n}万元。",
    "三公经费决算{n}万元，比上年减少{n}万元。",
    "政府采购金额{n}万元。",
    "固定资产{n}万元。",
]


def nothing(chance: Random) -> Iterator[str]:
    for template in NOTHING:
        for _ in range(20):
            number = f"{Decimal(chance.randrange(1, 10**6)).scaleb(-2)}"
            yield template.format(n=number, item=chance.choice(ITEMS)[0], year=chance.choice([2022, 2023, 2024]))


def test_sentences_about_other_things_fill_no_key() -> None:
    assert [(text, stated(read(text))) for text in nothing(Random(7)) if read(text).entries] == []


@pytest.mark.parametrize("word", ["某项目", "区教育局", "培训", "其余", "约", "乙单位的", "计划", "剩余的", "新增"])
def test_an_unknown_word_before_the_item_silences_it(word: str) -> None:
    chance = Random(word)
    for _ in range(60):
        item, stem = chance.choice(ITEMS)
        written, _ = money(chance)
        reading = read(f"{word}{item}完成{written}。")
        assert stated(reading) == {}, (word, item, stem, written)
        assert len(reading.left) == 1


# --- odd texts --------------------------------------------------------------------------------------------------------

ODD = ("（" * 32767, "　" * 32767, "一二三四" * 8000 + "元", "=1+1", "", "\n")
# What a text begins with, what it goes on with and how it ends.
REPEATED = [
    ("", "收入合计1万元。", ""),
    ("", "三百二十万元", ""),
    ("", "主要原因是", ""),
    ("", "百分之五", ""),
    ("", "一二三四", "元"),
    ("", "人员经费比上年增加1万元，主要原因是：", ""),
    ("人员经费比上年增加1万元", "，主要", ""),
    ("", "1 093 ", ""),
    ("人员经费比上年增加1万元，主要原因：一是", "；二是", ""),
    ("", "收入合计1万元，", ""),
    ("", "人员经费比上年增加1万元，", ""),
    ("", "1", ""),
    ("", "1,", ""),
    ("", "1.1", ""),
    ("", "9万", ""),
    ("", "1,234", ""),
    ("", "比", ""),
    ("", "2023年", ""),
    ("", "收入", ""),
    ("", "其中", ""),
    ("", "三公经费", ""),
    ("", "，", ""),
    ("", "\n", ""),
    ("", "1万元\n", ""),
    ("", "一", ""),
    ("", " ", "1"),
    ("", "自评得分", ""),
    ("", "评价等次为", ""),
    ("", "自评得分9", ""),
    ("", "2023年\n", ""),
    ("", "与2022年相比", ""),
    ("", "人员经费比上年增加1万元", ""),
    ("", "￼1万元", ""),
    ("", "1 ", "万元"),
]


@pytest.mark.parametrize("text", ODD, ids=lambda text: ascii(text)[:20])
def test_odd_texts_are_read(text: str) -> None:
    read(text)


@pytest.mark.parametrize(("head", "atom", "tail"), REPEATED)
def test_the_longest_section_is_read_in_linear_time(head: str, atom: str, tail: str) -> None:
    grows_linearly(read, lambda n: head + atom * n + tail, 200, cheap=0.05)


@pytest.mark.parametrize("text", ["", "  ", "２０２３年 三百二十 万元", "1 093 300元", "一\n二　三"])
def test_the_way_back_to_the_original(text: str) -> None:
    plain = tidied(text)
    for at in range(len(plain.text)):
        there = text[plain.original(at, at + 1)]
        assert (
            there.translate(str.maketrans("０１２３４５６７８９．％", "0123456789.%")).startswith(plain.text[at])
            or len(there) > 1
        )


def test_chinese_numerals_cost_nothing_where_there_are_none() -> None:
    script = (
        "import sys; from tests.intake.test_figures import read; read('2023年基本支出完成213.62万元，一是增加。');"
        "sys.exit('cn2an' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
