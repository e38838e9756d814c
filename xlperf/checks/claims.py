"""5xx: what the text claims of the whole form, and the rows that say otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from xlperf.checks.indicator_pairs import cell
from xlperf.checks.indicators import compared
from xlperf.checks.rule import MAY_BE_ABSENT, Mismatch, Severity, check, some
from xlperf.derive.seen import Row, Seen
from xlperf.form.record import Stated, shortened
from xlperf.form.template import INDICATORS, columns
from xlperf.prose.claims import Claim, Claims

_LITTLE = Decimal("0.5")  # points of execution that nobody explains as a problem


@check(
    "XLP513",
    Severity.WARNING,
    "文字说全部完成而有指标未达标",
    "text claims that all goals were reached",
    cites="field-practice",
    reads=columns(INDICATORS, "target", "actual"),
)
def text_claims_all_reached(
    indicators: tuple[Row, ...],
    seen: Seen,
    claims: Claims,
    reverse_convention: str,
    goal_actual: Stated = MAY_BE_ABSENT,
    conclusion: Stated = MAY_BE_ABSENT,
) -> Iterator[Mismatch]:
    """自评报告、实际完成情况里写“全面完成年度目标”“各项指标全部达标”，指标表里却有没有达到的。

    为何：结论与指标表相反，复核时会退回。
    改法：改成实际的完成情况，或核对那一行的完成值。
    反例：写“各项绩效指标均已完成”，而“培训人数”指标值 ≥100人，完成值 80人。
    正例：写“基本完成”“除培训外全部完成”；“产出指标全部完成”只看产出；说的是下年、上年、重点工作；达标而酌情扣了分的。
    """
    elsewhere = seen.record.template.cells_of("goals", "plans")
    for text in (goal_actual, conclusion, *seen.sections):
        if text.is_blank or text.key in elsewhere:
            continue
        for claim in claims.of_all_goals(text.text):
            if unmet := _unmet(_meant(claim, indicators), reverse_convention):
                names = some((f"“{shortened(cell(row, 'level3').text, 20)}”" for row in unmet), 3, " 等 {} 个")
                sentence = f"{text.label}写“{claim.quote}”，但指标{names}没有达到。"
                yield Mismatch(text, sentence, None, tuple(row["actual"] for row in unmet))
                break


def _meant(claim: Claim, rows: Sequence[Row]) -> Sequence[Row]:
    """The rows that a claim is about; none where it counts fewer or more than there are."""
    meant = [row for row in rows if not claim.levels or any(_is_of(level, row) for level in claim.levels)]
    return meant if claim.number in (0, len(meant)) else ()


def _is_of(level: str, row: Row) -> bool:
    return any(level in cell(row, column).text for column in ("level1", "level2"))


def _unmet(rows: Sequence[Row], convention: str) -> list[Row]:
    """Those below their target; where only a person can say, those that lost points."""
    found = []
    for row in rows:
        levels = (cell(row, "level1"), cell(row, "level2"))
        result = compared(row["target"], row["actual"], convention, *levels)
        weight, score = cell(row, "weight"), cell(row, "score")
        lost = weight.is_number and score.is_number and not score.shared and score.value < weight.value
        if not result.met if result is not None else lost and not row["actual"].is_blank:
            found.append(row)
    return found


@check(
    "XLP514",
    Severity.WARNING,
    "扣了分而存在问题空着或写“无”",
    "points were lost and no problem is told",
    cites="field-practice",
    reads=("@problems",),
)
def lost_points_without_problem(
    total_score: Stated,
    seen: Seen,
    claims: Claims,
    standard_total_weight: str,
    execution_score: Stated = MAY_BE_ABSENT,
    execution_weight: Stated = MAY_BE_ABSENT,
) -> Iterator[Mismatch]:
    """总分没有满，“存在的问题”却空着，或者写“无”。

    为何：扣分的地方就是问题，要写明原因和改进的办法。
    改法：对着扣了分的指标写明问题，再写改进措施。
    反例：总分 92，“存在的问题”写“无”。
    正例：总分 100；只有预算执行少得 0.5 分以内的；整个报告都还没有写的；按表必须填而空着的由 XLP101 报告。
    """
    lost = Decimal(standard_total_weight) - total_score.value
    if lost <= 0 or (lost <= _LITTLE and _is_of_execution(lost, execution_score, execution_weight)):
        return
    template = seen.record.template
    problems = [seen[key] for key in template.cells_of("problems")]
    for each in problems:
        is_written = any(seen.sections) or not each.is_blank
        left_to_another = each.is_blank and (each.field.required or each.is_absent)
        if is_written and not left_to_another and (each.is_blank or claims.says_no_problems(each.text)):
            what = "空着" if each.is_blank else f"写“{each.text}”"
            sentence = f"总分 {total_score.shown}，扣了 {lost.normalize():f} 分，{each.label}却{what}。"
            yield Mismatch(each, sentence, None, (total_score,))


def _is_of_execution(lost: Decimal, score: Stated, weight: Stated) -> bool:
    """Were these points all lost by what was not spent?"""
    return score.is_number and weight.is_number and weight.value - score.value == lost
