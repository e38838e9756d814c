"""3xx: results in words: the three bands of qualitative indicators, and words beside a figure that was wanted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from xlperf.amounts import round_half_up
from xlperf.checks.rule import MAY_BE_BLANK, Mismatch, NotDecided, Outcome, Severity, check
from xlperf.derive.targets import Direction, parse_date, parse_goal
from xlperf.form.record import Stated
from xlperf.form.template import INDICATORS
from xlperf.prose.indicator_words import IndicatorWords
from xlperf.text import expression

# What an official word may be about; 达成共识 and 完成调研报告 say something else, 达成率 is a figure.
_OBJECT = expression(
    "了?(?:年度|全年|预期|既定|计划|绩效|总体|各项|全部)*(?:指标|目标|任务|工作|要求|效果)*(?:$|[，。；、,;（(!！且并和及但])"
)
_NOT_WHOLLY = expression("但|不过|然而|未|部分|除")


@check(
    "XLP320",
    Severity.ERROR,
    "定性指标得分不在规定档次",
    "points of a qualitative indicator lie outside their band",
    each=f"{INDICATORS}[]",
    cites="caiyu-2020-10-qualitative",
)
def qualitative_points_outside_band(
    _actual: Stated,
    _weight: Stated,
    _score: Stated,
    qualitative_bands: list[list[str]],
    qualitative_words: Mapping[str, str],
    _target: Stated = MAY_BE_BLANK,
) -> Iterator[Mismatch]:
    """定性指标按完成情况分三档，得分不在所写档次之内。

    为何：达成 100%—80%（含），部分达成 80%—60%（含），未达成 60%—0%；分界按四舍五入到两位小数的分数比较。
    改法：核对完成情况的用语与得分。
    反例：“部分达成年度指标并具有一定效果”，分值 10，得分 9；“达成”，分值 10，得分 2。
    正例：部分达成得 7；“达成年度指标”“达成预期指标”得 8 至 10 分；分值 3.33，达成得 2.66；其他说法不判断。
    """
    word, rest = official_word(_actual.text, qualitative_words)
    if not word or _weight.value <= 0:
        return
    if "达成" not in word and (parse_goal(_target.text) or parse_date(_target.text)):
        return  # 完成 beside a number or a date says that it was done, not how well
    band = next(each for each in qualitative_bands if each[0] == qualitative_words[word])
    low, high = (round_half_up(Decimal(limit) * _weight.value, 2) for limit in band[1:])
    full = band == qualitative_bands[0]
    if full and _NOT_WHOLLY.search(rest):
        return  # 达成年度指标，但进度滞后: neither band is clear
    highest = _weight.value if full else high
    if not (low <= _score.value and (_score.value <= highest if full else _score.value < highest)):
        span = f"{low.normalize():f} 至 {highest.normalize():f} 分"
        sentence = f"{_score.label}填 {_score.shown}，完成情况“{_actual.text}”应得 {span}。"
        yield Mismatch(_score, sentence, None, (_actual, _weight))


def official_word(text: str, words: Mapping[str, str]) -> tuple[str, str]:
    """The official word that a result begins with, the longest first, and what follows it; "" for other wordings."""
    compact = "".join(text.split())
    word = max((each for each in words if compact.startswith(each)), key=len, default="")
    return (word, compact[len(word) :]) if _OBJECT.match(compact, len(word)) else ("", "")


def full_points_for_words(
    target: Stated, actual: Stated, weight: Stated, score: Stated, words: IndicatorWords
) -> Iterator[Outcome]:
    """A result in words: some say that it was not done, of others only a person knows what they mean."""
    goal, text = parse_goal(target.text), "".join(actual.text.split())
    if parse_goal(text) is not None or parse_date(text) is not None:
        return
    # Beside figures (120人，上年未完成的已补完) the words may be about something else.
    said = "" if any(map(str.isdecimal, text)) else text
    undone = words.told(words.undone, said, target.text)
    partly = words.told((*words.partly, *words.unfinished), said, target.text)
    kept_within = goal is not None and (goal.direction is Direction.AT_MOST or goal.value == 0)
    if undone and not (kept_within and undone in words.not_begun):
        sentence = f"{score.label}填满分 {score.shown}，但完成值写“{actual.text}”。"
        yield Mismatch(score, sentence, None, (target, actual, weight))
    elif partly:
        sentence = f"{score.label}填满分 {score.shown}，但完成值写“{actual.text}”，须说明为什么不扣分。"
        yield Mismatch(score, sentence, None, (target, actual, weight), Severity.WARNING)
    elif goal is not None and parse_date(target.text) is None:
        reason = f"指标值“{target.text}”是数字，完成值“{actual.text}”是文字，是否达标未能核对"
        yield NotDecided((actual,), reason)
