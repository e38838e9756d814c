"""The sentences of a text that open with a year and speak of that year's money or evaluation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from xlperf.text import expression

_UNIT = r"(?:[我本](?![区县市省国])[一-龥]{1,4}?|单位|部门)"
# A sentence of these sections that opens with a year, and goes on at once about the unit or its money.
_OPENING = expression(
    r"(?<![^。；;\n])[ 　]{0,8}(?:[0-9]{1,2}[.．、][ 　]?|[（(]?[一二三四五六七八九十]{1,3}[、）)])?"
    rf"{_UNIT}?[ 　]?(?P<year>20[0-9]{{2}})[ 　]?年度?(?P<rest>[，,]?[ 　]?"
    rf"(?:{_UNIT}|年初|全年|总?收入|总?支出|基本支出|项目支出|人员经费|公用经费|一般公共|政府性基金|国有资本|社会保险基金"
    r"|三公|“三公|整体支出|预算|[无未]|没有)[^。；;\n]{0,300})"
)
# or one that says for which year it evaluates.
_EVALUATED = expression(
    r"对[ 　]?(?P<year>20[0-9]{2})[ 　]?年度?"
    r"(?P<rest>[^，,。；;\n]{0,12}整体支出[^，,。；;\n]{0,20}(?:自评|评价)[^，,。；;\n]{0,20})"
)
_OF_MONEY = expression("收入|支出|预算|决算|经费|绩效评价|自评")
_ELSEWHERE = expression(
    "以来|上半年|下半年|季度|印发|制[定订]|出台|下发|修订|发布|颁布|成立|挂牌|立项|开工|启动|召开|通过|批准|下达"
    "|计划|规划|拟|将|预计|力争|问题|整改|巡[察视]|审计|荣获|[获被]评|结果应用|结转|至|起"
)
_AMOUNT = expression("[0-9][ 　]?[亿万]?元")
_LEAD = 60  # characters in which such a sentence says what it is about


class Opening(NamedTuple):
    """A sentence about one year."""

    year: int
    text: str


def openings(text: str) -> Iterator[Opening]:
    """The sentences that speak of a year's money or evaluation, not of a paper, a project or a plan of that year."""
    for pattern in (_OPENING, _EVALUATED):
        for found in pattern.finditer(text):
            amount = _AMOUNT.search(found["rest"])
            lead = found["rest"][: min(_LEAD, amount.start()) if amount else _LEAD]
            if _OF_MONEY.search(lead) and not _ELSEWHERE.search(lead):
                yield Opening(int(found["year"]), found[0].strip())
