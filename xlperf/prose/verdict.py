"""The unit's own score and grade of the year as a text states them, not those of a project, an indicator or a year."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from xlperf.text import expression, half_width

_CLAUSE = 40  # characters before a score that may say whose it is
_YEAR = expression(r"(?<![0-9])((?:19|20)[0-9]{2})年")
_DIGITS = half_width(".")
_OTHERS = expression(
    r"项目|指标|产出|效益|满意度|预算执行|过程|上年|去年|上一年|平均|满分|标准|目标|力争|争取|不低于|以上|下属|所属|二级|区间"
)
_SCORE = expression(
    r"(?:自评(?:总?得分|总?分数?|评分|结果)?|综合(?:得分|评分)|评价(?:总?得分|总?分数?))"
    r"[为是达到：: ]{0,3}([0-9０-９]{1,5}(?:[.．][0-9０-９]{1,4})?) ?分(?![之以左数值])"
)
_GRADE = expression(
    r"(?:自评|评价|绩效|评定)(?:等次|等级|结果|档次)(?:评定)?[为是定：: ]{0,3}[“「]?"
    r"([优良中差一合不较][优秀良好等般格差]{0,2})(?=[”」，,。；;、！\s）)]|$)"
)


class Verdict(NamedTuple):
    """A score in digits or a grade in words, with the words that state it."""

    said: str
    quote: str
    start: int

    @property
    def score(self) -> Decimal:
        return Decimal(self.said)


def scores(text: str, year: int) -> Iterator[Verdict]:
    for each in _own(_SCORE, text, year):
        yield each._replace(said=each.said.translate(_DIGITS))


def grades(text: str, year: int) -> Iterator[Verdict]:
    yield from _own(_GRADE, text, year)


def _own(pattern: re.Pattern[str], text: str, year: int) -> Iterator[Verdict]:
    for found in pattern.finditer(text):
        start = max(text.rfind(mark, max(0, found.start() - _CLAUSE), found.start()) for mark in "。；;\n") + 1
        before = text[max(start, found.start() - _CLAUSE) : found.start()]
        if not _OTHERS.search(before) and {int(said) for said in _YEAR.findall(before)} <= {year}:
            yield Verdict(found[1], found[0].strip("“「"), found.start())
