"""What goes wrong on the form of one project beside what goes wrong everywhere: rows of sources, points and targets.

For each mistake the cells that it can strike, and what then stands there.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from decimal import Decimal

from tests.bench.faults.form import Form
from tests.bench.faults.oracle_points import share
from tests.bench.faults.picks import amounts, figure, scores
from tests.bench.faults.slips import Slip
from xlperf.form.template import FUNDING

_NO_REASONS = ("", "", "", "无", "——", "/")
_PLACEHOLDERS = {"level3": "指标1", "target": "≥XX次", "actual": "XX", "goal_expected": "请填写年度目标"}
_OTHER_SIDE = {"≥": "≤", "≧": "≦", "不少于": "不超过", "不低于": "不高于", ">=": "<="}


def _rows(form: Form, table: str) -> Iterator[str]:
    return (f"{table}[{index}]" for index in range(form.rows[table]))


# Money


def budgets(form: Form) -> Iterator[str]:
    return (key for key in amounts(form) if key.endswith("annual_budget"))


def swapped(rng: random.Random, form: Form, key: str) -> Slip | None:
    """Two columns of a line exchanged: what was budgeted, and what was spent or planned at first."""
    other = key.replace("annual_budget", rng.choice(("annual_spent", "opening_budget")))
    if figure(form.text(other)) is None or figure(form.text(other)) == figure(form.text(key)):
        return None
    return Slip({key: form.text(other), other: form.text(key)})


def sources(form: Form) -> Iterator[str]:
    table = form.template.table(FUNDING)
    yield from _rows(form, table.key) if table else ()


def source_left_out(rng: random.Random, form: Form, row: str) -> Slip | None:
    """A source that was forgotten: the totals are right, and are what can be blamed."""
    cells = {key: "" for key in form.texts if key.startswith(f"{row}.")}
    columns = [key.removeprefix(f"{row}.") for key in cells if figure(form.text(key))]
    return Slip(cells, blamed=tuple(name for name in columns if name in form.template.fields)) if columns else None


def typed_figures(form: Form) -> Iterator[str]:
    typed = (key for key, field in form.typed() if not field.is_text and not field.derived)
    return (key for key in typed if key != "year" and figure(form.text(key)))


def in_words(rng: random.Random, form: Form, key: str) -> Slip | None:
    return Slip({key: rng.choice((f"约{form.text(key)}", f"{form.text(key)}左右", f"{form.text(key)}.", "见附件"))})


# Points


def _indicators(form: Form) -> Iterator[tuple[str, Decimal | None]]:
    """Rows with the share of the points that target and result earn."""
    for row in _rows(form, "indicators"):
        earned = share(form.text(f"{row}.target"), form.text(f"{row}.actual"))
        yield row, None if earned is None else Decimal(earned.numerator) / earned.denominator


def unmet(form: Form) -> Iterator[str]:
    return (f"{row}.score" for row, earned in _indicators(form) if earned is not None and earned < 1)


def full_points(rng: random.Random, form: Form, key: str) -> Slip:
    return Slip({key: form.text(key.replace("score", "weight"))})


def over_weight(rng: random.Random, form: Form, key: str) -> Slip | None:
    weight = figure(form.text(key.replace("score", "weight")))
    return None if weight is None else Slip({key: f"{weight + rng.choice((1, 2, 5, Decimal('0.5'))):f}"})


def met_in_full(form: Form) -> Iterator[str]:
    for row, earned in _indicators(form):
        at_least = form.text(f"{row}.target").startswith(("≥", "不少于", "达到", ">="))
        if at_least and earned == 1 and form.text(f"{row}.score") == form.text(f"{row}.weight"):
            yield f"{row}.actual"


def undone(rng: random.Random, form: Form, key: str) -> Slip:
    """What was not done, and full points typed beside it."""
    score = key.replace("actual", "score")
    return Slip({key: rng.choice(("未完成", "未开展", "尚未实施", "项目未验收")), score: form.text(score)})


def reasons(form: Form) -> Iterator[str]:
    for key in scores(form):
        note = key.replace("score", "deviation_note")
        if form.text(note) and form.text(key) != form.text(key.replace("score", "weight")):
            yield note


def reason_missing(rng: random.Random, form: Form, key: str) -> Slip:
    return Slip({key: rng.choice(_NO_REASONS)})


# Texts


def required(form: Form) -> Iterator[str]:
    return (key for key, field in form.typed() if field.required and form.text(key))


def blank(rng: random.Random, form: Form, key: str) -> Slip:
    return Slip({key: ""})


def names(form: Form) -> Iterator[str]:
    return (f"{row}.level3" for row in _rows(form, "indicators"))


def row_twice(rng: random.Random, form: Form, key: str) -> Slip | None:
    """A row copied over another, but for its points: the same thing is scored twice."""
    row = key.removesuffix(".level3")
    others = [other for other in _rows(form, "indicators") if other != row]
    if not others:
        return None
    source = rng.choice(others)
    return Slip({f"{row}.{column}": form.text(f"{source}.{column}") for column in ("level3", "target", "actual")})


def signs(form: Form) -> Iterator[str]:
    for row in _rows(form, "indicators"):
        better = form.text(f"{row}.level3").endswith(
            ("满意度", "合格率", "覆盖率", "及时率", "达标率", "知晓率", "参与率")
        )
        if better and form.text(f"{row}.target").startswith(tuple(_OTHER_SIDE)):
            yield f"{row}.target"


def sign_reversed(rng: random.Random, form: Form, key: str) -> Slip:
    text = form.text(key)
    sign = next(sign for sign in _OTHER_SIDE if text.startswith(sign))
    return Slip({key: text.replace(sign, _OTHER_SIDE[sign])})


def percentages(form: Form) -> Iterator[str]:
    for row in _rows(form, "indicators"):
        if all(form.text(f"{row}.{column}").endswith("%") for column in ("target", "actual")):
            yield from (f"{row}.target", f"{row}.actual")


def percent_missing(rng: random.Random, form: Form, key: str) -> Slip:
    return Slip({key: form.text(key).removesuffix("%")})


def texts(form: Form) -> Iterator[str]:
    return (key for key in form.texts if key.rpartition(".")[2] in _PLACEHOLDERS)


def placeholder(rng: random.Random, form: Form, key: str) -> Slip:
    return Slip({key: _PLACEHOLDERS[key.rpartition(".")[2]]})
