"""3xx: points beyond the sums: the range of totals, and what the printed levels say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from xlperf.amounts import ZERO
from xlperf.checks.rule import MAY_BE_ABSENT, MAY_BE_BLANK, Mismatch, Severity, check
from xlperf.checks.scoring import out_of_range, sum_of_weights
from xlperf.derive.seen import Row
from xlperf.form.record import Record, State, Stated, show
from xlperf.form.template import INDICATORS, columns
from xlperf.text import expression

_PRINTED_POINTS = expression(r"[（(][ 　]?(\d{1,3}(?:\.\d{1,2})?)[ 　]?分[ 　]?[）)]")


@check(
    "XLP324",
    Severity.ERROR,
    "预算执行得分超出0至分值的范围",
    "execution points are below 0 or above their weight",
    cites="caiyu-2020-10",
)
def execution_score_out_of_range(
    execution_score: Stated, execution_weight: Stated, execution_rate: Stated = MAY_BE_BLANK
) -> Iterator[Mismatch]:
    """执行率不知道时，预算执行得分高于分值，或为负数。

    为何：不管执行率是多少，得分最高为满分，最低 0 分。
    改法：核对预算执行的分值和得分；补填全年预算数、全年执行数。
    反例：分值 10，得分 12，执行率空白。
    正例：得分 8.5；执行率已知的，由核对执行得分的规则按公式核对。
    """
    if not execution_rate.is_number and (beyond := out_of_range(execution_score, execution_weight)):
        yield beyond


@check(
    "XLP325",
    Severity.ERROR,
    "总分超出0至满分的范围",
    "total score is below 0 or above full marks",
    cites="caiyu-2020-10",
    reads=columns(INDICATORS, "score"),
)
def total_score_out_of_range(
    indicators: tuple[Row, ...],
    record: Record,
    standard_total_weight: str,
    total_score: Stated = MAY_BE_BLANK,
    report_score: Stated = MAY_BE_ABSENT,
    execution_score: Stated = MAY_BE_ABSENT,
) -> Iterator[Mismatch]:
    """各项得分还不齐、总分无从相加时，总分（或报告的自评分数）高于满分，或为负数。

    为何：自评满分为 100 分。
    改法：核对总分，并补齐各项得分。
    反例：报告自评分数 980（漏了小数点），{evaluation}还没有填。
    正例：98；各项得分齐全的，由核对总分的规则逐项相加。
    """
    items = [execution_score, *(row["score"] for row in indicators)]
    added_up = indicators and not any(item.state in (State.BLANK, State.UNREADABLE) for item in items)
    total_stated = not record[total_score.key].is_blank
    cells = [] if added_up else [total_score] if total_stated else [report_score]
    for cell in cells:
        if cell.is_number and not ZERO <= cell.value <= Decimal(standard_total_weight):
            yield Mismatch(cell, f"{cell.label}填 {cell.shown}，应在 0 与 {standard_total_weight} 之间。")


@check(
    "XLP330",
    Severity.ERROR,
    "总分超出各项能得的分",
    "total is beyond what its items can add up to",
    cites="arithmetic",
    reads=("@indicators.weight", "@indicators.score"),
)
def total_beyond_its_items(
    total_score: Stated,
    indicators: tuple[Row, ...],
    standard_total_weight: str,
    execution_weight: Stated = MAY_BE_ABSENT,
    execution_score: Stated = MAY_BE_ABSENT,
) -> Iterator[Mismatch]:
    """有的指标还没有填得分，但不管它们得多少分，总分都不可能是所填的数。

    为何：没有填的得分最少 0 分，最多满分；总分一定在已填得分之和与再加上未填各项分值之间。
    改法：补填各项得分，再重算总分。
    反例：已填得分合计 84，还有一个分值 10 的指标没有填得分，总分却填 98（最多 94）。
    正例：总分 92；各项都填了的由另一条规则相加核对；分值合计不是 100、指标可能没有列全的不核对。
    """
    items = [(row["weight"], row["score"]) for row in indicators]
    if execution_weight.is_number:
        items.append((execution_weight, execution_score))
    blank = [(weight, score) for weight, score in items if not score.is_number]
    if not blank or any(score.shared or not weight.is_number for weight, score in items):
        return
    if sum(weight.value for weight, _ in items) != Decimal(standard_total_weight):
        return
    least = sum((score.value for _, score in items if score.is_number), ZERO)
    most = least + sum((weight.value for weight, _ in blank), ZERO)
    if not least <= total_score.value <= most:
        field = total_score.field
        sentence = (
            f"{total_score.label}填 {total_score.shown}，但已填的得分合计 {show(least, field)}，"
            f"没有填的 {len(blank)} 项最多再得 {show(most - least, field)}，总分最多 {show(most, field)}。"
        )
        yield Mismatch(total_score, sentence, None, tuple(score for _, score in blank if not score.is_absent))


@check(
    "XLP327",
    Severity.ERROR,
    "级别名称所写分数与各行分值之和不等",
    "points printed beside a level are not the sum of its weights",
    cites="form",
    reads=columns(INDICATORS, "level1", "level2", "weight"),
)
def printed_level_points_differ(
    indicators: tuple[Row, ...], standard_level_weights: Mapping[str, str]
) -> Iterator[Mismatch]:
    """一级（或二级）指标名称后面写着“（50分）”，该级各行的分值之和却不是 50。

    为何：表头写明了这一级占多少分，各行分值之和必须与它相等。
    改法：核对各行分值，或改正级别名称里的分数。
    反例：“效益指标（30分）”下各行分值合计 25；“产出指标（40分）”下合计 50。
    正例：合计正是 30；名称里没有写分数；有一行分值空白时不核对；一级指标合计不是规定分值的另有规则，不重复提示。
    """
    levels: dict[tuple[str, ...], list[Row]] = {}
    for row in indicators:
        first, second = ("".join(row[column].text.split()) for column in ("level1", "level2"))
        levels.setdefault((first,), []).append(row)
        levels.setdefault((first, second), []).append(row)
    for names, rows in levels.items():
        printed = _PRINTED_POINTS.search(names[-1])
        weights, whole = sum_of_weights(rows)
        if printed is None or whole is None:
            continue
        if whole == Decimal(printed[1]) or (len(names) == 1 and _off_standard(names[0], whole, standard_level_weights)):
            continue
        level = rows[0]["level1" if len(names) == 1 else "level2"]
        sentence = f"“{names[-1]}”下 {len(rows)} 行的分值合计为 {show(whole, weights[0].field)}，不是 {printed[1]}。"
        yield Mismatch(level, sentence, None, tuple(weights))


def _off_standard(name: str, whole: Decimal, standard: Mapping[str, str]) -> bool:
    """Does XLP302 speak of this level already?"""
    return any(name.startswith(level) and whole != Decimal(points) for level, points in standard.items())
