"""Targets that hold two measures or are a range that was not reached, and the claim that all of them are figures.

For each mistake the cells that it can strike, and what then stands there.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

from tests.bench.faults.form import Form
from tests.bench.faults.slips import Slip

_AT_MOST = ("≤", "≦", "<", "不超过", "不高于", "控制")
_SECOND = ("期", "项", "人")
_RESULT = re.compile(r"(\d+)(?:\.\d+)?(%|场|次|户|份|人次)")
_QUANTIFIED = ("年度绩效目标明确，绩效指标均已量化。", "各项指标全部量化，便于考核。", "产出、效益指标全部细化、量化。")


def _rows(form: Form) -> list[str]:
    return [f"indicators[{index}]" for index in range(form.rows["indicators"])]


def figures(form: Form) -> Iterator[str]:
    """Targets that are a figure with its unit."""
    for row in _rows(form):
        if _RESULT.search(form.text(f"{row}.target")):
            yield f"{row}.target"


def two_measures(rng: random.Random, form: Form, key: str) -> Slip:
    sign = rng.choice(("/", "、", "及", "，"))
    return Slip({key: f"{form.text(key)}{sign}{rng.choice((3, 8, 25, 120))}{rng.choice(_SECOND)}"})


def reached(form: Form) -> Iterator[str]:
    """Targets of rows with full points and a figure as result, of which more is better."""
    for row in _rows(form):
        if form.text(f"{row}.target").startswith(_AT_MOST) or form.text(f"{row}.target").endswith("以内"):
            continue
        full = form.text(f"{row}.score") == form.text(f"{row}.weight") != ""
        if full and _RESULT.fullmatch(form.text(f"{row}.actual")):
            yield f"{row}.target"


def range_above(rng: random.Random, form: Form, key: str) -> Slip | None:
    """A range whose low end the result does not reach, beside full points."""
    found = _RESULT.fullmatch(form.text(key.replace("target", "actual")))
    if found is None:
        return None
    low = int(found[1]) + rng.choice((1, 2, 5))
    high = low + rng.choice((1, 5, 10))
    if found[2] == "%" and high > 100:
        return None
    unit = found[2]
    text = rng.choice((f"{low}{unit}-{high}{unit}", f"{low}-{high}{unit}", f"{low}{unit}至{high}{unit}"))
    score = key.replace("target", "score")
    return Slip({key: text, score: form.text(score)}, blamed=(key, score))


def quantities(form: Form) -> Iterator[str]:
    yield from (f"{row}.target" for row in _rows(form) if form.text(f"{row}.level2").startswith("数量"))


def all_quantified(rng: random.Random, form: Form, key: str) -> Slip:
    """The claim in the report, and an indicator of quantity whose target and result are words."""
    texts = {key: "按计划完成", key.replace("target", "actual"): "已完成", "section_3_2": rng.choice(_QUANTIFIED)}
    return Slip(texts, blamed=(key, "section_3_2"))
