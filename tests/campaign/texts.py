"""Texts as careless people, other programs and attackers leave them in cells and paragraphs."""

from __future__ import annotations

import random

ATOMS = (
    "（", "(", "）", "【", "“", "《", "2023年", "万元", "%", "％", "≥", "≤", "、", "，", "。", "：", "1、", "（一）",
    "①", "一",
    "零", "十", "-", "——", "……", ".", "1.", "1,", "1", "９", "[", "{", "<", "&", "\\", "'", '"', "\n", "\n\n", " ",
    "　", "\t",
    "a", "甲", "其中：", "项目", "同比增长", "不", "个", "比上年", "预算", "1年", "12月", "-1", "+", "=", "/", "E",
    "1E", "×",
    "\u0301", "\u200b", "\u202e", "👨‍👩‍👧", "\U00020000",
)  # fmt: skip
DIGITS = (
    "0123456789", "０１２３４５６７８９", "〇一二三四五六七八九", "零壹贰叁肆伍陆柒捌玖", "٠١٢٣٤٥٦٧٨٩", "०१२३४५६७८९",
    "⁰¹²³⁴⁵⁶⁷⁸⁹", "₀₁₂₃₄₅₆₇₈₉", "⓪①②③④⑤⑥⑦⑧⑨", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗", "½⅓¼ⅠⅡⅢ༳四十百",
)  # fmt: skip
FIGURES = (
    "1,234.56", "1，234．56", "1 234,56", "1.234.567", "12,34", "(5.00)", "（5.00）", "-5", "−5", "—5", "--5", "+5",
    "5-", "5元",
    "5万", "5.00万元", "¥5", "￥5.00", "$5", "5%", "5％", "百分之五", "5‰", "五成", "1/2", "1e5", "1E400", "0x1F",
    "NaN", "inf", "-0",
    "0.1.2", ".5", "5.", "..", "≥", "≥≥98%", "≥98%≤", "98%以上（含）", "约30", "30左右", "30~40", "30-40%", "30±5",
    "无", "/", "——",
    "2023年", "2023.12", "2023-02-30", "2023年13月", "45291", "12:30", "9" * 400, "0." + "0" * 400 + "1",
    "1" + ",000" * 200,
    "二〇二三年", "二千零二十三", "壹佰万元整", "亿亿亿", "万亿", "十十", "TRUE", "#N/A", "#DIV/0!", "None", "null",
    "é" * 40,
)  # fmt: skip
FORMULAS = ("=1+1", "=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x")', "'=1")
CONTROLS = (
    "\x07",
    "\x1b[31m",
    "_x0007_",
    "_x005F_x0007_",
    "\u2028",
    "\u2029",
    "\x85",
    "\u202e",
    "\ufeff",
    "\u00ad",
    "\ufffd",
)
SENTENCES = (
    "2023年部门整体支出年初预算数为1,234.56万元，决算数为1,300.00万元，比上年增长5.3%，其中：项目支出800万元。",
    "截至2023年12月31日，编制50人，实有45人，在职人员控制率为90%。",
    "自评得分98.5分，评价等级为“优”。",
    "（一）基本支出情况。基本支出434.56万元，其中人员经费400万元，公用经费34.56万元，占8%。",
)  # fmt: skip
LENGTHS = (1, 2, 3, 30, 300, 3000, 8000, 32_767)


def odd_text(chance: random.Random) -> str:
    """One text; XML may not be able to hold all its characters."""
    match chance.randrange(8):
        case 0:
            return _repeated(chance)
        case 1 | 2:
            return chance.choice(FIGURES)
        case 3:
            return "".join(chance.choices(chance.choice(DIGITS), k=chance.choice((1, 4, 17, 200)))) + chance.choice(
                ATOMS
            )
        case 4:
            return chance.choice(CONTROLS) + chance.choice(FIGURES) + chance.choice(CONTROLS)
        case 5:
            return chance.choice(FORMULAS)
        case 6:
            return "".join(chance.choices(ATOMS, k=chance.choice((2, 5, 50))))
        case _:
            return _sentence(chance)


def xml_text(chance: random.Random) -> str:
    """One that XML can hold."""
    return "".join(each for each in odd_text(chance) if each in "\t\n" or " " <= each not in "\ufffe\uffff")


def _repeated(chance: random.Random) -> str:
    """One to three signs again and again, and something else at the end, on which a search fails."""
    atom = "".join(chance.choices(ATOMS, k=chance.choice((1, 1, 2, 3))))
    return (atom * chance.choice(LENGTHS))[:32_767] + chance.choice(("", "甲", "1", "\n", ")"))


def _sentence(chance: random.Random) -> str:
    """A sentence of a report with something of it lost, put elsewhere or said many times."""
    text = chance.choice(SENTENCES)
    start, end = sorted(chance.choices(range(len(text) + 1), k=2))
    match chance.randrange(3):
        case 0:
            return text[:start] + text[end:]
        case 1:
            return text[:start] + chance.choice(FIGURES) + text[end:]
        case _:
            return text * chance.choice((2, 20, 400))
