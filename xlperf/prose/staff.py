"""The numbers of posts and of staff that a text states."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from xlperf.text import FULL_WIDTH, expression, half_width

_HALF = half_width()
_SPACES = expression("[ 　]+")
# A number of people or posts, and the words before it up to the last mark: bounded, each begins at a digit.
_COUNT = expression(r"(?<![0-9.,])([0-9]{1,3}(?:,[0-9]{3}){1,2}|[0-9]{1,6})(?:名|人|个)(?![次均月天])")
_MARKS = expression("[，,。；;：:、（(）)\n]")
_BEFORE = 40
_VERBS = "(?:共有?|总共|合计|总计|为|是|有|达到?)*"
_SUBJECT = (
    "(?:[我本](?:单位|部门|[局委办厅院所会馆站队中心]{1,2})|单位|部门|全[局委办院所会]|目前|现|共|年末|年底"
    "|其中|截[至止])*"
)
_QUOTA = expression(
    f"{_SUBJECT}(?:核定|批复|批准|有|实有)*(?:人员|机构|总)?编制(?:人员|人)?(?:总数|总额|数|名额)?{_VERBS}"
)
_KIND_OF_QUOTA = expression(
    f"{_SUBJECT}(?:核定|批复|有)*(?:机关)?(行政|事业|参公|参照公务员法?管理|政法专项|全额|差额|机关工勤|工勤|后勤服务)(?:人员)?编制"
    f"(?:人员|人)?(?:总数|数|名额)?{_VERBS}"
)
_ACTUAL = expression(
    f"{_SUBJECT}(?:现有|实有|实际|年末)*(?:在职在编|在编在职|在职|在岗|在编|实有)"
    f"(?:干部职工|职工|干部|工作人员|人员)?(?:总人数|人数|总数|数)?{_VERBS}"
)
_OF_QUOTA, _OF_STAFF = expression("编制"), expression("在职|实有|在岗|在编")
_NOT_COUNTED = expression("退休|离休|聘|临时|遗属|编外|借调|劳务|合同|公益|派遣|抽调|挂职|借用")
_SERVICE = ("机关工勤", "工勤", "后勤服务")  # posts that some count with the quota and some do not


class Staff(NamedTuple):
    """The figures that a text states as a whole; none where it is not certain which is the whole."""

    quota: frozenset[Decimal]
    actual: frozenset[Decimal]


def staff_in(text: str, names: Iterable[str], year: int | None) -> Staff:
    """What a text says of posts and of people in them at the end of a year, in the unit of these names."""
    plain = _SPACES.sub("", text.translate(_HALF))
    for name in names:
        plain = plain.replace(name, "本单位") if len(name) > 2 else plain
    if year is not None:
        plain = re.sub(f"{year}年(?:末|底|12月31?日?|度)?", "", plain)
    quotas: list[Decimal] = []
    kinds: dict[str, Decimal] = {}
    actuals: list[Decimal] = []
    doubtful = {"quota": False, "actual": False}
    last = 0
    for found in _COUNT.finditer(plain):
        words = plain[max(last, found.start() - _BEFORE) : found.start()]
        label = _MARKS.split(words.rstrip("：:"))[-1]
        last = found.end()
        count = Decimal(found[1].replace(",", ""))
        if _NOT_COUNTED.search(label):
            continue
        if _QUOTA.fullmatch(label):
            quotas.append(count)
        elif kind := _KIND_OF_QUOTA.fullmatch(label):
            doubtful["quota"] |= kind[1] in kinds
            kinds[kind[1]] = count
        elif _ACTUAL.fullmatch(label):
            actuals.append(count)
        else:
            doubtful["quota"] |= bool(_OF_QUOTA.search(label))
            doubtful["actual"] |= bool(_OF_STAFF.search(label))
    wholes = {*quotas} or ({sum(kinds.values(), Decimal(0))} if kinds else set())
    only = len(wholes) == 1 and not doubtful["quota"]
    if only and any(kind in _SERVICE for kind in kinds):
        wholes.add(sum((count for kind, count in kinds.items() if kind not in _SERVICE), Decimal(0)))
    one = len({*actuals}) == 1 and not doubtful["actual"]
    return Staff(frozenset(wholes if only else ()), frozenset(actuals if one else ()))


def place_of(count: Decimal, text: str) -> tuple[int, int]:
    """Where in a text a number of people stands, however it is written; (0, 0) where it does not."""
    digits = r"[ 　,]*".join(f"[{digit}{digit.translate(FULL_WIDTH)}]" for digit in f"{count:f}")
    found = re.search(rf"(?<![0-9０-９.]){digits}(?=[ 　]*(?:名|人|个))", text)
    return found.span() if found else (0, 0)
