"""Read indicator targets and results as people write them, and say how far the target was met.

`≥98`, `98%以上`, `不少于2次`, `≦5%`, `7天内`, `2023年12月前` … What cannot be compared is qualitative: `compare`
returns None and a person gives the points.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from xlperf.amounts import parse_number
from xlperf.text import expression, half_width

_NARROW = half_width(".,%><=()-+") | str.maketrans("≧≦═﹥﹤", "≥≤=><")
_AT_LEAST = tuple("大于等于 大于或等于 不少于 不低于 不小于 至少 高于 大于 超过 达到 ≥ >= => >".split())
_AT_MOST = tuple("小于等于 小于或等于 不超过 不高于 不大于 不多于 至多 控制在 低于 小于 少于 ≤ <= =< <".split())
_EQUAL = ("等于", "=")
_SIGNS = (("≥", ("≥", ">", "=>")), ("≤", ("≤", "<", "=<")), ("=", ("=",)))
_SIGN_WORDS = (("≥", (*_AT_LEAST, "正向")), ("≤", (*_AT_MOST, "逆向", "反向", "负向")), ("=", _EQUAL))
_SUFFIX_AT_LEAST = ("及以上", "以上")
_SUFFIX_AT_MOST = ("及以下", "以下", "以内", "之内", "内")
_AMOUNT = expression(r"([+-]?(?:\d[\d,]*(?:\.\d+)?|\.\d+)%?)([^\d\s.,;:。；：，、…+*/~-]{0,8})")
_YEAR = expression(r"(?:19|20)\d\d")
_ABOUT = ("左右", "上下")  # behind an amount: nobody can say whether it was reached
_END = r"([+]?\d[\d,]*(?:\.\d+)?)(%?)([^\d\s.,;:。；：，、…+*/~～至到—–-]{0,8})"
_RANGE = expression(rf"在?{_END}(?:[~～至到—–-]{{1,2}}){_END}")
_TIMES = tuple("年 月 日 天 号 周 季 小时 时 分钟 秒 工作日 个工作日 个月 个季度 点".split())
_MAGNITUDES = {"万": Decimal(10_000), "亿": Decimal(100_000_000)}
_DATE = expression(r"(?:(\d{4})年)?(?:(\d{1,2})月)?(?:(\d{1,2})[日号])?(?:底|末|份)?(?:之前|以前|前|完成)*")
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_ISO_DATE = expression(r"((?:19|20)\d\d)[-./](\d{1,2})(?:[-./](\d{1,2}))?")


class Direction(StrEnum):
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    EXACTLY = "exactly"
    BY_DATE = "by_date"


class Goal(NamedTuple):
    """A target or a result that can be compared. `percent`: it was written with a % sign.

    `most`: the high end of a range, whose low end is the value.
    """

    direction: Direction
    value: Decimal
    percent: bool = False
    unit: str = ""
    most: Decimal | None = None

    @property
    def is_of_money(self) -> bool:
        """251.06万元, not 260元/辆."""
        return self.unit.endswith("元")


class Date(NamedTuple):
    """A date as precisely as it was written; a missing part is None."""

    year: int | None
    month: int | None
    day: int | None

    def on_or_before(self, deadline: Date) -> bool | None:
        """None if the two do not share the parts that would decide."""
        if self.year and deadline.year and self.year != deadline.year:
            return self.year < deadline.year
        if self.month is None or deadline.month is None:
            return True if self.year and self.year == deadline.year and deadline.month is None else None
        if self.month != deadline.month:
            return self.month < deadline.month
        if deadline.day is None:
            return True
        return None if self.day is None else self.day <= deadline.day


class Comparison(NamedTuple):
    """How a result stands to its target. `share` of the points is None where a person decides (a missed date).

    `most`: the high end of a target that is a range; the target is then its low end.
    """

    direction: Direction
    target: Decimal
    actual: Decimal
    met: bool
    share: Decimal | None
    scale_differs: bool = False
    most: Decimal | None = None

    @property
    def excess(self) -> Decimal:
        """How many times the target was reached, a range by its high end; the target is above 0."""
        return self.actual / (self.target if self.most is None else self.most)


def compare(target: str, actual: str, convention: str, *, of_cost: bool = False) -> Comparison | None:
    """Hold a result against its target, both as written; None if they cannot be compared.

    `convention` says what a result beyond an upper limit still earns: `linear` (1 - (a-t)/t) or `ratio` (t/a).
    `of_cost`: of a cost indicator an amount of money without a sign is met by spending less. A range (90%-95%) is met
    from its low end on.
    """
    deadline, done = parse_date(target), parse_date(actual)
    if deadline and done:
        met = done.on_or_before(deadline)
        if met is None:
            return None
        return Comparison(Direction.BY_DATE, Decimal(0), Decimal(0), met, Decimal(1) if met else None)
    goal, result = wanted(target), parse_goal(actual)
    if goal is None or result is None or deadline or done:
        return None
    if goal.percent != result.percent and (goal.unit or result.unit):
        return None  # 10次 against 100%: the share of what was planned is not a number of times
    scale = _scale(goal, result)
    reached = result.value * scale * _magnitude(result, goal)
    met = reached <= goal.value if goal.direction is Direction.AT_MOST else reached >= goal.value
    if goal.direction is Direction.EXACTLY and goal.value == 0:
        met = reached <= 0
    met = met or (of_cost and is_amount_of_money(goal))
    share = Decimal(1) if met else _share(goal, reached, convention)
    return Comparison(goal.direction, goal.value, reached, met, share, scale != 1, goal.most)


def falls_short_of_money(target: str, actual: str) -> bool:
    """Less money than the amount without a sign: saved if it is a cost, missing if it is an income."""
    goal = wanted(target)
    if goal is None or not is_amount_of_money(goal):
        return False
    found = compare(target, actual, "linear")
    return found is not None and not found.met


def is_cost(levels: Iterable[str]) -> bool | None:
    """Is it a cost indicator, by the names of its levels? None if they are not known."""
    known = ["".join(level.split()) for level in levels]
    return any("成本" in level for level in known) if any(known) else None


def is_extreme(comparison: Comparison, limits: Sequence[Sequence[str]]) -> bool:
    """Does the result lie below the first or at the second of these multiples of its target, or above?"""
    if comparison.direction in (Direction.AT_MOST, Direction.BY_DATE) or comparison.target <= 0:
        return False
    (_, least), (_, most) = limits
    return comparison.actual / comparison.target < Decimal(least) or comparison.excess >= Decimal(most)


def points(comparison: Comparison, weight: Decimal) -> Decimal | None:
    """The points a comparison earns, unrounded, never above the weight or below 0."""
    if comparison.share is None:
        return None
    return max(Decimal(0), min(weight, comparison.share * weight))


def _share(goal: Goal, reached: Decimal, convention: str) -> Decimal:
    if goal.value <= 0:
        return Decimal(0)
    if goal.direction is not Direction.AT_MOST:
        return reached / goal.value
    if convention == "ratio":
        return goal.value / reached
    return 1 - (reached - goal.value) / goal.value


def is_amount_of_money(goal: Goal) -> bool:
    """An amount without a sign."""
    return goal.direction is Direction.EXACTLY and goal.is_of_money


def _scale(goal: Goal, result: Goal) -> Decimal:
    """What to multiply the result by when one side was written in percent and the other was not."""
    if not goal.value or not result.value:
        return Decimal(1)
    quotient = abs(result.value / goal.value)
    if goal.percent == result.percent:
        return _scale_of_bare_numbers(goal, result)
    if quotient >= 20:
        return Decimal("0.01")
    return Decimal(100) if quotient <= Decimal("0.05") else Decimal(1)


def _scale_of_bare_numbers(goal: Goal, result: Goal) -> Decimal:
    """98 against 0.98: a number of percent on one side and the fraction on the other, both without a sign."""
    small, large = sorted((goal.value, result.value))
    if goal.percent or goal.unit or result.unit or not (0 < small < 1 and 20 <= large <= 100):
        return Decimal(1)
    if not Decimal("0.5") <= small * 100 / large <= 2:
        return Decimal(1)
    return Decimal(100) if result.value == small else Decimal("0.01")


def _magnitude(result: Goal, goal: Goal) -> Decimal:
    """0.1万人次 is 1000人次; a side without a unit is taken to be in the other's."""
    if not goal.unit or not result.unit:
        return Decimal(1)
    return _MAGNITUDES.get(result.unit[0], Decimal(1)) / _MAGNITUDES.get(goal.unit[0], Decimal(1))


class Change(StrEnum):
    """What became of a target: made harder or easier, turned round, or written so that only a person can say."""

    RAISED = "raised"
    LOWERED = "lowered"
    REVERSED = "reversed"
    SIGN = "sign"
    UNIT = "unit"
    WORDS = "words"


def change_of(before: str, after: str) -> Change | None:
    """How a target differs from what it was, both as written; None if it is the same, however it is spelt.

    A sign ≥ that is left out changes nothing, for a bare number asks for at least as much; a ≤ does.
    """
    if _letters(before) == _letters(after):
        return None
    was, now = parse_date(before), parse_date(after)
    if was and now:
        return _change_of_date(was, now)
    goal, new = parse_goal(before), parse_goal(after)
    if goal is None or new is None or was or now:
        return Change.WORDS
    if _is_of_other_unit(goal, new):
        return Change.UNIT
    ways = {goal.direction, new.direction}
    if ways == {Direction.AT_MOST, Direction.AT_LEAST}:
        return Change.REVERSED
    value = new.value * _scale(goal, new) * _magnitude(new, goal)
    if value == goal.value:
        return Change.SIGN if len(ways) > 1 and Direction.AT_MOST in ways else None
    return Change.RAISED if (value > goal.value) != (Direction.AT_MOST in ways) else Change.LOWERED


def _letters(target: str) -> str:
    """A target without blanks and the signs that only end it."""
    return "".join(target.translate(_NARROW).split()).strip("=。.;；,，")


def _is_of_other_unit(goal: Goal, new: Goal) -> bool:
    """2次 and 2场; a side without any unit is taken to be in the other's."""
    units = {unit.lstrip("".join(_MAGNITUDES)) for unit in (goal.unit, new.unit) if unit}
    return len(units) > 1 or (goal.percent != new.percent and bool(units))


def _change_of_date(was: Date, now: Date) -> Change | None:
    """A part that only one of the two has says nothing; the end of a month is the month."""
    for before, after in zip(was, now, strict=True):
        if before and after and before != after:
            return Change.LOWERED if after > before else Change.RAISED
    last = _DAYS[(was.month or now.month or 12) - 1]
    return None if was.day == now.day or last in (was.day, now.day) else Change.WORDS


@lru_cache(maxsize=1024)
def parse_goal(text: str) -> Goal | None:
    """Read a number with its comparison sign or word; `控制在合理范围内`, a range or a date gives None."""
    compact = "".join(text.translate(_NARROW).split()).rstrip("。.;；,，")
    rest, direction = compact, None
    for words, meaning in (
        (_AT_LEAST, Direction.AT_LEAST),
        (_AT_MOST, Direction.AT_MOST),
        (_EQUAL, Direction.EXACTLY),
    ):
        word = next((word for word in words if rest.startswith(word)), None)
        if word:
            rest, direction = rest.removeprefix(word), meaning
            break
    match = _AMOUNT.fullmatch(rest)
    number = parse_number(match[1]) if match else None
    if match is None or number is None:
        return None
    unit = match[2]
    if unit.startswith("年") and _YEAR.fullmatch(match[1]):
        return None  # 2023年内完成 names a year, not a number of years
    for suffixes, meaning in ((_SUFFIX_AT_LEAST, Direction.AT_LEAST), (_SUFFIX_AT_MOST, Direction.AT_MOST)):
        suffix = next((suffix for suffix in suffixes if unit.endswith(suffix)), None)
        if suffix:
            unit, direction = unit.removesuffix(suffix), direction or meaning
            break
    if unit.endswith(_ABOUT):
        return None
    return Goal(direction or Direction.EXACTLY, number.value, "%" in match[1], unit)


def sign_of(text: str) -> str:
    """≥, ≤ or = of a sign or the words for it, as a column of its own has them: 大于等于, 逆向指标; "" of any other."""
    compact = "".join(text.translate(_NARROW).split())
    begun = next((sign for sign, ways in _SIGNS if compact.startswith(ways)), "")
    if begun:
        return begun
    word = compact.removesuffix("指标")
    return next((sign for sign, words in _SIGN_WORDS if word in words), "")


def wanted(target: str) -> Goal | None:
    """A target as it is judged: a range by its low end."""
    return parse_goal(target) or parse_range(target)


@lru_cache(maxsize=1024)
def parse_range(text: str) -> Goal | None:
    """Read `90%-95%`, `5至10次`, `≥90%~95%`: the low end, with the high one as `most`.

    None for what is no range of one unit, and where more may be worse: after ≤ or 控制在, and of times (3-5天).
    """
    rest = "".join(text.translate(_NARROW).split()).rstrip("。.;；,，").removesuffix("之间")
    word = next((word for word in (*_AT_LEAST, *_EQUAL) if rest.startswith(word)), "")
    match = _RANGE.fullmatch(rest.removeprefix(word))
    if match is None:
        return None
    low, high = (parse_number(match[place]) for place in (1, 4))
    units, percent = {match[3], match[6]} - {""}, bool(match[2] or match[5])
    unit = next(iter(units), "")
    if low is None or high is None or low.value >= high.value or len(units) > 1 or not (unit or percent):
        return None
    if unit.startswith(_TIMES) or unit.endswith((*_SUFFIX_AT_LEAST, *_SUFFIX_AT_MOST, *_ABOUT)):
        return None
    direction = Direction.AT_LEAST if word in _AT_LEAST else Direction.EXACTLY
    ends = [number.value.scaleb(-2) if percent else number.value for number in (low, high)]
    return Goal(direction, ends[0], percent, unit, ends[1])


@lru_cache(maxsize=1024)
def parse_date(text: str) -> Date | None:
    """Read `2023年12月前`, `10月`, `2023年12月31日`, `2023-12-31`; anything else gives None."""
    compact = "".join(text.translate(_NARROW).split()).lstrip("≤<").rstrip("。")
    iso = _ISO_DATE.fullmatch(compact)
    match = iso or _DATE.fullmatch(compact)
    if match is None or not any(match.groups()) or (match[3] and not match[2]):
        return None
    year, month, day = (int(part) if part else None for part in match.groups())
    if (month is not None and not 1 <= month <= 12) or (day is not None and not 1 <= day <= 31):
        return None
    return Date(year, month, day)
