"""Indicators of a clean form: targets in the many ways people write them, results, and points by the rules."""

from __future__ import annotations

import itertools
import random
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import floor
from typing import NamedTuple

LEVELS = {
    "产出指标": (50, ("数量指标", "质量指标", "时效指标", "成本指标")),
    "效益指标": (30, ("经济效益指标", "社会效益指标", "生态效益指标", "可持续影响指标")),
    "满意度指标": (10, ("服务对象满意度指标",)),
}
_TOPICS = (
    "网络安全 政务公开 档案管理 防汛抗旱 安全生产 食品安全 公共文化 医疗保障 就业服务 水利设施 道路养护 农技推广 "
    "校园安全 法治宣传 信访接待 垃圾分类 养老服务 森林防火 统计调查 招商引资 人才引进 消防救援 禁毒宣传 地名普查"
).split()
_NAMES = {
    "数量指标": ("培训场次", "检查次数", "宣传活动场次", "走访户数", "报告份数"),
    "质量指标": ("验收合格率", "数据准确率", "资料合格率", "覆盖率"),
    "时效指标": ("完成时间", "资金支付时间", "办结及时率"),
    "成本指标": ("成本", "人均费用", "超支率"),
    "经济效益指标": ("带动产值", "节约经费比例", "项目收益完成率"),
    "社会效益指标": ("受益人次", "群众知晓率", "重大事故起数", "制度建设"),
    "生态效益指标": ("达标率", "能耗降幅", "污染事件起数"),
    "可持续影响指标": ("长效机制", "持续运行年限", "人员参与率"),
    "服务对象满意度指标": ("群众满意度", "企业满意度", "服务对象满意度", "干部职工满意度"),
}
_COUNT_UNITS = {"场次": "场", "次数": "次", "户数": "户", "份数": "份", "产值": "万元", "人次": "人次", "年限": "年"}
_NOTES = (
    "年中任务调整，下年据实编制目标",
    "受汛期影响，部分工作顺延，下年提前安排",
    "宣传覆盖不够，下年增加场次",
    "人员变动较大，下年加强培训",
)
_UNTIDY = "资料归档不够规范，酌情扣分"
_LARGE = Decimal("2.5")  # half a point less is within the band of what was reached
_BEYOND = "上级追加任务，年初目标未及时调整"
_WORDS = (("达成预期指标", "0.8", "1"), ("部分达成预期指标并具有一定效果", "0.6", "0.8"))


class Result(NamedTuple):
    """Target and result as written, and the share of the points that is earned."""

    target: str
    actual: str
    share: Fraction = Fraction(1)
    note: str = ""


def make_indicators(rng: random.Random, year: int, count: int, care: float) -> list[dict[str, str]]:
    """`count` indicators whose weights are 50, 30 and 10; `care` is the odds that a target was met."""
    rows: list[dict[str, str]] = []
    topics = rng.sample(_TOPICS, len(_TOPICS))
    for level1, level2, weights in _groups(rng, count):
        names = _names(rng, level2, topics, len(weights))
        for name, weight in zip(names, weights, strict=True):
            points = LEVELS[level1][0]
            result = _result(rng, name, year, care)
            score, note = _points(rng, result, weight)
            note = note and f"{note}（{name}）"  # careful people do not paste one reason beside every indicator
            row = {
                "level1": f"{level1}（{points}分）",
                "level2": level2,
                "level3": name,
                "target": result.target,
                "actual": result.actual,
                "weight": _plain(weight),
                "score": _plain(score),
            }
            rows.append(row | ({"deviation_note": note} if note else {}))
    return _modest(rng, rows)


def _modest(rng: random.Random, rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Careful people do not give themselves all points everywhere: half a point off one of the rows, with a reason."""
    if all(row["score"] == row["weight"] for row in rows):
        row = rng.choice([row for row in rows if Decimal(row["weight"]) >= _LARGE] or rows)
        note = f"{_UNTIDY}（{row['level3']}）"
        row |= {"score": _plain(Decimal(row["weight"]) - Decimal("0.5")), "deviation_note": note}
    return rows


def project_names(rng: random.Random, count: int) -> list[str]:
    """Names of special funds, each once and none the ending of another."""
    return rng.sample([topic + noun for topic in _TOPICS for noun in ("专项资金", "补助经费", "工作经费")], count)


def _groups(rng: random.Random, count: int) -> list[tuple[str, str, list[Decimal]]]:
    """Levels with the weights of their indicators; every level 1 has its points exactly, 产出 all its kinds."""
    groups = []
    left = count
    for level1, (points, kinds) in LEVELS.items():
        least = len(kinds) if level1 == "产出指标" else 1
        number = max(least, min(left, round(count * points / 90)))
        used = sorted(rng.sample(range(len(kinds)), min(number, rng.randint(least, len(kinds)))))
        weights = _split(rng, points, max(number, len(used)))
        bounds = [0, *sorted(rng.sample(range(1, len(weights)), len(used) - 1)), len(weights)]
        for kind, start, end in zip(used, bounds, bounds[1:], strict=False):
            groups.append((level1, kinds[kind], weights[start:end]))
        left -= number
    return groups


def _split(rng: random.Random, points: int, number: int) -> list[Decimal]:
    """Whole or half points, none of them nil."""
    step = Decimal(1) if number * 2 <= points else Decimal("0.5")
    steps = int(points / step)
    cuts = [0, *sorted(rng.sample(range(1, steps), number - 1)), steps]
    return [step * (end - start) for start, end in itertools.pairwise(cuts)]


def _names(rng: random.Random, level2: str, topics: list[str], count: int) -> list[str]:
    pairs = [topic + noun for topic in topics for noun in _NAMES[level2]]
    return rng.sample(pairs, count)


def _result(rng: random.Random, name: str, year: int, care: float) -> Result:
    met = rng.random() < care
    if name.endswith("时间"):
        return _date(rng, year)
    if name.endswith(("制度建设", "长效机制")):
        return _words(rng, met)
    if name.endswith("起数"):
        return Result(rng.choice(("0起", "0起", "=0起", "≤0起")), "0起")
    if name.endswith(("成本", "费用", "超支率")):
        return _at_most(rng, name, met)
    unit = next((unit for noun, unit in _COUNT_UNITS.items() if name.endswith(noun)), "%")
    return _at_least(rng, unit, met)


def _at_least(rng: random.Random, unit: str, met: bool) -> Result:
    if unit == "%":
        target = Decimal(rng.randint(80, 99))
        top = min(Decimal(100), target * Decimal("1.19"))
    else:
        target = Decimal(
            rng.randint(2, 10) if unit == "年" else rng.choice((rng.randint(2, 40), rng.randint(50, 3000)))
        )
        top = target * rng.choice((1, 1, Decimal("1.1"), Decimal("1.19")))
    if met:
        actual = min(top, target if rng.random() < 0.45 else _between(rng, target, top, unit))
        note = ""
        if unit != "%" and rng.random() < 0.06:
            actual, note = (target * 2, _BEYOND)
        return Result(_phrase(rng, target, unit, least=True), f"{_plain(actual)}{unit}", note=note)
    actual = _between(rng, target * Decimal("0.55"), target * Decimal("0.99"), unit)
    share = min(Fraction(1), Fraction(actual) / Fraction(target))
    return Result(_phrase(rng, target, unit, least=True), f"{_plain(actual)}{unit}", share)


def _at_most(rng: random.Random, name: str, met: bool) -> Result:
    unit = "%" if name.endswith("率") else rng.choice(("万元", "元"))
    target = Decimal(rng.randint(2, 10)) if unit == "%" else Decimal(rng.randint(300, 90_000)) / 100
    low, high = ("0.5", "1") if met else ("1.03", "1.6")
    actual = (target * Decimal(str(rng.uniform(float(low), float(high))))).quantize(Decimal("0.01"), ROUND_HALF_UP)
    actual = min(actual, target) if met else max(actual, target + Decimal("0.01"))
    share = Fraction(1) if met else max(Fraction(0), 1 - Fraction(actual - target) / Fraction(target))
    return Result(_phrase(rng, target, unit, least=False), f"{_plain(actual)}{unit}", share)


def _between(rng: random.Random, low: Decimal, high: Decimal, unit: str) -> Decimal:
    """A result in a range; counts are whole, percentages have up to two decimals."""
    step = Decimal(rng.choice(("0.01", "0.1", "1"))) if unit in ("%", "万元") else Decimal(1)
    first, last = int(-(-low // step)), int(high // step)
    return step * rng.randint(first, max(first, last))


def _phrase(rng: random.Random, target: Decimal, unit: str, *, least: bool) -> str:
    figure = f"{_plain(target)}{unit}"
    if least:
        text = rng.choice(("≥{}", "≥{}", "≥{}", "{}", "不少于{}", "不低于{}", "{}以上", "≧{}", ">={}", "达到{}"))
        wide = rng.random() < 0.04
        figure = text.format(figure)
        return figure.translate(str.maketrans("0123456789%", "０１２３４５６７８９％")) if wide else figure
    return rng.choice(("≤{}", "≤{}", "≤{}", "不超过{}", "不高于{}", "控制在{}以内", "{}以内", "≦{}", "<={}")).format(
        figure
    )


def _date(rng: random.Random, year: int) -> Result:
    """The deadline as written, and a date that keeps it."""
    month = rng.choice((6, 9, 10, 11, 12, 12, 12))
    earlier = rng.randint(max(1, month - 3), month - 1)
    target = rng.choice(
        (f"{year}年{month}月前", f"{year}年{month}月底前", f"{month}月底前", f"{year}年{month}月30日前")
    )
    actual = rng.choice((f"{year}年{earlier}月", f"{year}年{earlier}月{rng.randint(1, 28)}日", f"{earlier}月底"))
    return Result(target, actual)


def _words(rng: random.Random, met: bool) -> Result:
    word, low, high = _WORDS[0 if met else 1]
    if met and rng.random() < 0.7:
        return Result(_WORDS[0][0], word)
    share = Fraction(rng.randint(int(Decimal(low) * 100), int(Decimal(high) * 100) - 2), 100)
    return Result(_WORDS[0][0], word, share)


def _points(rng: random.Random, result: Result, weight: Decimal) -> tuple[Decimal, str]:
    """Points by the rules, and the note that every point taken off needs."""
    share = result.share
    score = Decimal(floor(share * Fraction(weight) * 100 + Fraction(1, 2))) / 100
    if result.share == 1 and result.target != _WORDS[0][0] and rng.random() < 0.02:  # half a point off, with a reason
        return score - min(score, Decimal("0.5")), _UNTIDY
    note = result.note or (rng.choice(_NOTES) if score < weight or share < 1 else "")
    return score, note


def _plain(amount: Decimal) -> str:
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
