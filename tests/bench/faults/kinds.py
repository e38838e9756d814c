"""Indicators that are not of the kind under which they stand, and levels that are not those of the form.

For each mistake the cells that it can strike, and what then stands there.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

from tests.bench.faults.form import Form
from tests.bench.faults.goals import LEVELS
from tests.bench.faults.picks import figure
from tests.bench.faults.slips import Slip

_HOLLOW = ("工作成效明显", "社会效益显著", "保障水平有效提升", "管理规范有效")
_NO_TIME = ("100%", "完成", "≥98分", "≥2次")
_NO_NUMBER = ("完成", "全部完成", "做好相关工作")
_UNKNOWN = {"产出指标": ("进度指标", "产出效率"), "效益指标": ("履职效益", "政治效益"), "满意度指标": ("评价指标",)}
_OUTPUT = LEVELS["产出指标"][1]


def _rows(form: Form, kind: str, column: str) -> Iterator[str]:
    """The cells of a column in the rows of a kind, by the name of either level."""
    for index in range(form.rows["indicators"]):
        row = f"indicators[{index}]"
        if kind in form.text(f"{row}.level1") + form.text(f"{row}.level2"):
            yield f"{row}.{column}"


def qualities(form: Form) -> Iterator[str]:
    return _rows(form, "质量", "level3")


def counted(rng: random.Random, form: Form, key: str) -> Slip:
    """What was done, by its rate or as a number: neither says how well."""
    if rng.random() < 0.5:
        return Slip({key: f"{form.text(key)[:4]}{rng.choice(('任务完成率', '计划完成率'))}"})
    row = key.removesuffix("level3")
    number, unit = rng.randint(5, 90), rng.choice(("场", "次", "人次"))
    texts = {
        key: f"举办{form.text(key)[:4]}培训",
        f"{row}target": f"≥{number}{unit}",
        f"{row}actual": f"{number}{unit}",
    }
    return Slip(texts, blamed=(key, f"{row}target"))


def deadlines(form: Form) -> Iterator[str]:
    return (key for key in _rows(form, "时效", "target") if form.text(key.replace("target", "level3")).endswith("时间"))


def no_time(rng: random.Random, form: Form, key: str) -> Slip:
    text = rng.choice(_NO_TIME)
    return Slip({key: text, key.replace("target", "actual"): text.lstrip("≥")}, blamed=(key,))


def quantities(form: Form) -> Iterator[str]:
    return _rows(form, "数量", "target")


def no_number(rng: random.Random, form: Form, key: str) -> Slip:
    return Slip({key: rng.choice(_NO_NUMBER), key.replace("target", "actual"): "已完成"}, blamed=(key,))


def benefits(form: Form) -> Iterator[str]:
    for key in _rows(form, "效益", "level3"):
        target = form.text(key.replace("level3", "target"))
        if target.endswith("%") and (figure(target.lstrip("≥≧>=不少低于达到")) or 0) * 2 >= 1:
            yield key


def hollow(rng: random.Random, form: Form, key: str) -> Slip:
    return Slip({key: f"{form.text(key)[:4]}{rng.choice(_HOLLOW)}"})


def levels(form: Form) -> Iterator[str]:
    """The first row of each second level: in the form its name is one cell for all of them."""
    for index in range(form.rows["indicators"]):
        key = f"indicators[{index}].level2"
        if form.text(key) != form.text(f"indicators[{index - 1}].level2"):
            yield key


def wrong_level(rng: random.Random, form: Form, key: str) -> Slip:
    """A second level of another first, or one that is none."""
    own = form.text(key.replace("level2", "level1")).partition("（")[0]
    others = [kind for level, (_, kinds) in LEVELS.items() for kind in kinds if level != own]
    name = rng.choice(others if rng.random() < 0.7 else _UNKNOWN[own])
    return Slip({each: name for each in _rows(form, "", "level2") if form.text(each) == form.text(key)})


def outputs(form: Form) -> Iterator[str]:
    return _rows(form, "产出", "level2")


def kind_missing(rng: random.Random, form: Form, key: str) -> Slip:
    """All rows of a kind called another: which of the rows is wrong nobody can tell."""
    kind = form.text(key)
    rows = list(outputs(form))
    other = rng.choice([each for each in _OUTPUT if each != kind])
    return Slip({each: other for each in rows if form.text(each) == kind}, blamed=tuple(rows))
