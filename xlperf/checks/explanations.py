"""6xx: what is said of a change, and what is not."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from xlperf.checks.matters import CHANGED
from xlperf.checks.rule import MAY_BE_ABSENT, MAY_BE_BLANK, Mismatch, Severity, check
from xlperf.checks.spending import percent
from xlperf.form.record import Record, Stated, last_year
from xlperf.text import expression

_MONEY_WORDS = expression("预算|经费|收入|支出|资金|拨款")
_FILLER = expression(
    "本年度|本年|今年|当年|年初|财政|主要|原因|是|因为|由于|所致|导致|预算|经费|收入|支出|资金|拨款|人员|公用|基本|项目|"
    "一般|公共|总额|相应|有所|增加|增长|上升|提高|减少|下降|压减|降低|及|和|与|的|了|[、，,。；]"
)


@check(
    "XLP604",
    Severity.WARNING,
    "增减一成以上未说明原因",
    "changed by a tenth or more without a reason",
    each="*_reason",
    cites="final-accounts-review",
    settles=CHANGED,
)
def change_unexplained(
    _current: Stated,
    _change: Stated,
    yearly_change: str,
    record: Record,
    _prior: Stated = MAY_BE_BLANK,
    _reason: Stated = MAY_BE_BLANK,
) -> Iterator[Mismatch]:
    """本年比上年增减 10% 以上，变动原因空着，或只写“无”。

    为何：决算审核要求对较大的增减说明原因。
    改法：在变动原因栏写明具体原因（人员变动、政策调整、新增项目等）。
    反例：人员经费 73.19 增加到 109.33（49.38%），变动原因空白，或只写“无”“——”。
    正例：增加 5%；已写原因；总额已写原因且增减额与总额完全相同的分项。
    """
    if record.template.words.reasons.given(_reason.text) or _explained_above(_change, record):
        return
    before = last_year(_prior, _current, _change)
    if before is not None and before.value > 0 and abs(_change.value) / before.value >= Decimal(yearly_change):
        rate = percent(_change.value / before.value)
        change = f"比上年（{before.value}）增减 {_change.shown}（{rate}）"
        sentence = f"{_current.label}为 {_current.shown}，{change}，没有说明原因。"
        yield Mismatch(_reason, sentence, None, (_current, _change))


def _explained_above(change: Stated, record: Record) -> bool:
    """The total has the very same change and a reason: it speaks for its only moving part."""
    for each in record.template.sums:
        if change.key in each.parts:
            reason = record[each.total.removesuffix("_change") + "_reason"]
            whole = record[each.total]
            return whole.is_number and whole.value == change.value and record.template.words.reasons.given(reason.text)
    return False


@check(
    "XLP605",
    Severity.WARNING,
    "变动原因是同义反复",
    "reason only repeats the fact",
    each="*_reason",
    cites="final-accounts-review",
    settles=CHANGED,
)
def reason_circular(
    _reason: Stated, _current: Stated = MAY_BE_ABSENT, _change: Stated = MAY_BE_ABSENT, _prior: Stated = MAY_BE_ABSENT
) -> Iterator[Mismatch]:
    """变动原因只说“预算增加”“经费增加”，没有说为什么增加。

    为何：支出增加的原因写“预算增加”等于没有解释。
    改法：写明人员、政策、项目、价格等具体原因。
    反例：“本年预算增加”“人员经费及公用经费增加”。
    正例：“人员增加”“新增应急指挥中心项目”“工资标准调整，人员经费增加”；上年为 0、今年才有的行。
    """
    before = last_year(_prior, _current, _change)
    if before is not None and before.value == 0:
        return
    text = "".join(_reason.text.split())
    if _MONEY_WORDS.search(text) and not _FILLER.sub("", text):
        yield Mismatch(_reason, f"{_reason.label}写“{text}”，只重复了增减本身，没有说明为什么。")
