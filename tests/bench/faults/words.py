"""What re-reviews return forms for: notes and results whose words do not fit the points, claims that the rows deny.

For each mistake the cells that it can strike, and what then stands there.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

from tests.bench.faults.form import Form
from tests.bench.faults.oracle_points import share
from tests.bench.faults.picks import figure
from tests.bench.faults.slips import Slip

_UNFINISHED = ("工程尚在实施，预计下年完工", "项目待验收", "主体已建成，尚未验收", "仍在建设")
_NO_FIGURE = ("未收到投诉", "满意", "群众反映良好")
_ONE_REASON = "受汛期影响，未能按计划开展"
_RATES = ("资金支付率", "项目预算执行率", "支出进度率", "资金拨付完成率")
_ALL_REACHED = ("各项绩效指标均已完成。", "我单位全面完成了年度绩效目标。", "各项指标全部达标。")
_PROJECTS = ("防汛专项", "农技推广项目", "办公楼维修", "信息化运维", "法治宣传经费", "应急物资储备")
_OTHER_UNITS = ("青山县教育局", "东湖区林业局", "应急管理局", "南岭市退役军人事务局", "西河区住房保障局")
_NO_PROBLEM = ("无", "无。", "不存在问题", "")


def _rows(form: Form) -> list[str]:
    return [f"indicators[{index}]" for index in range(form.rows["indicators"])]


def _lost(form: Form) -> list[str]:
    points = ((row, figure(form.text(f"{row}.weight")), figure(form.text(f"{row}.score"))) for row in _rows(form))
    return [row for row, weight, score in points if weight is not None and score is not None and score < weight]


def full(form: Form) -> Iterator[str]:
    lost = set(_lost(form))
    yield from (f"{row}.deviation_note" for row in _rows(form) if row not in lost)


def unfinished(rng: random.Random, form: Form, key: str) -> Slip:
    return Slip({key: rng.choice(_UNFINISHED)}, blamed=(key, key.replace("deviation_note", "score")))


def notes(form: Form) -> Iterator[str]:
    yield from (f"{row}.deviation_note" for row in _lost(form))


def deduction(rng: random.Random, form: Form, key: str) -> Slip | None:
    """A number of points taken off that is too high by one, two or half a point."""
    weight, score = (figure(form.text(key.replace("deviation_note", name))) for name in ("weight", "score"))
    if weight is None or score is None:
        return None
    said = int(weight - score) + rng.choice((2, 3))
    text = rng.choice((f"样本不足，扣{said}分", f"未达到要求扣除{said}分", f"资料不全扣1分，进度滞后扣{said - 1}分"))
    return Slip({key: text}, blamed=(key, key.replace("deviation_note", "score")))


def partly(form: Form) -> Iterator[str]:
    for row in _rows(form):
        target, actual = form.text(f"{row}.target"), form.text(f"{row}.actual")
        earned = share(target, actual)
        at_least = target.startswith(("≥", "不少于", "不低于", "达到", ">=", "≧")) or target.endswith("以上")
        if at_least and earned is not None and 0 < earned < 1:
            yield f"{row}.deviation_note"


def wrong_share(rng: random.Random, form: Form, key: str) -> Slip | None:
    target, actual = (form.text(key.replace("deviation_note", name)) for name in ("target", "actual"))
    earned = share(target, actual)
    if earned is None:
        return None
    percent = int(earned * 100) + rng.choice((-7, -4, 3, 9))
    said = f"{percent}%"
    return None if actual == said else Slip({key: f"受汛期影响，{rng.choice(('完成率', '仅完成目标的'))}{said}"})


def satisfaction(form: Form) -> Iterator[str]:
    yield from (f"{row}.actual" for row in _rows(form) if form.text(f"{row}.level1").startswith("满意度"))


def no_figure(rng: random.Random, form: Form, key: str) -> Slip:
    """Words for a figure, and the points typed beside them: a formula would give none."""
    score = key.replace("actual", "score")
    return Slip({key: rng.choice(_NO_FIGURE), score: form.text(score)}, blamed=(key, score))


def pasted(rng: random.Random, form: Form, key: str) -> Slip | None:
    others = [f"{row}.deviation_note" for row in _lost(form)]
    if len(others) < 3:
        return None
    chosen = rng.sample(others, rng.randint(3, len(others)))
    return Slip(dict.fromkeys(chosen, _ONE_REASON))


def named(form: Form) -> Iterator[str]:
    yield from (f"{row}.level3" for row in _rows(form) if form.text(f"{row}.level1").startswith(("产出", "效益")))


def payment_rate(rng: random.Random, form: Form, key: str) -> Slip:
    return Slip({key: rng.choice(_RATES)})


def costs(form: Form) -> Iterator[str]:
    for row in _rows(form):
        target = form.text(f"{row}.target")
        if form.text(f"{row}.level2").startswith("成本") and target.startswith("≤") and target.endswith("元"):
            yield f"{row}.target"


def wanted_high(rng: random.Random, form: Form, key: str) -> Slip:
    return Slip({key: form.text(key).replace("≤", rng.choice(("≥", "不低于")))})


def named_twice(rng: random.Random, form: Form, key: str) -> Slip | None:
    """The name of an indicator of another first level, whatever its target."""
    own = form.text(key.replace("level3", "level1"))
    others = [f"{row}.level3" for row in _rows(form) if form.text(f"{row}.level1") != own]
    return Slip({key: form.text(rng.choice(others))}) if others else None


def analysis(form: Form) -> Iterator[str]:
    yield "section_3_2"


def all_reached(rng: random.Random, form: Form, key: str) -> Slip | None:
    rows = ((form.text(f"{row}.target"), form.text(f"{row}.actual")) for row in _rows(form))
    if all(share(*row) in (None, 1) for row in rows):
        return None
    return Slip({key: rng.choice(_ALL_REACHED)})


def problems(form: Form) -> Iterator[str]:
    yield "section_4"


def no_problem(rng: random.Random, form: Form, key: str) -> Slip | None:
    total = figure(form.text("total_score"))
    return None if total is None or total >= 99 else Slip({key: rng.choice(_NO_PROBLEM)})


def parts_of_projects(rng: random.Random, form: Form, key: str) -> Slip:
    """A number of projects whose kinds do not add up to it."""
    first, second = rng.randint(2, 9), rng.randint(2, 9)
    whole = first + second + rng.choice((-1, 1, 2))
    return Slip({key: f"共{whole}个项目，{rng.choice(('其中', '分为'))}基本支出类{first}个、发展类{second}个。"})


def names_of_projects(rng: random.Random, form: Form, key: str) -> Slip:
    names = rng.sample(_PROJECTS, rng.randint(2, 5))
    whole = len(names) + rng.choice((-1, 1, 2))
    return Slip({key: f"共实施{whole}个项目，分别为{'、'.join(names)}。"})


def duties(form: Form) -> Iterator[str]:
    yield "section_1_3"


def another_unit(rng: random.Random, form: Form, key: str) -> Slip | None:
    """What a report of another unit says, copied with that unit's name."""
    name = rng.choice(_OTHER_UNITS)
    if name[-3:] in form.text("base_unit_name"):
        return None
    budget = f"{name}{form.text('year')}年度部门整体支出用于机关运转。"
    return Slip({key: f"{name}主要职责：贯彻执行有关法律法规。{rng.choice((f'{name}内设办公室、综合股。', budget))}"})
