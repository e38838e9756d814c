"""5xx: the years that the report's text speaks of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from xlperf.checks.prose_figures import LEVELS, evaluated_year, meant_by, meets, read_for
from xlperf.checks.rule import Mismatch, Severity, check
from xlperf.derive.seen import Seen
from xlperf.form.record import Stated
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
_THIS_YEAR = expression("[本今当]年|本年度|上年|去年")
_ANY_YEAR = expression("(20[0-9]{2})[ 　]?年")
_LEAD, _QUOTE = 60, 24
_AMOUNT = expression("[0-9][ 　]?[亿万]?元")


class _Opening(NamedTuple):
    """A sentence about one year."""

    year: int
    text: str


@check(
    "XLP510",
    Severity.ERROR,
    "正文写的年度不是评价年度",
    "text speaks of another year than the evaluated one",
    cites="shaoyang-form-2023",
    reads=("@results",),
)
def text_speaks_of_another_year(year: Stated, seen: Seen) -> Iterator[Mismatch]:
    """自评报告写本年收支、基金预算、评价结论的句子，年度却不是评价年度。

    为何：多半是沿用了上年的报告；年度写错，整段话说的就不是本年的事。
    改法：改成评价年度；几段都写同一年度而与评价年度不同的，先核对评价年度。
    反例：评价 2023 年，正文写“2022年，我单位无国有资本经营预算支出”；“2022年收入完成251.06万元”，而 251.06 是本年数。
    正例：“比2022年增加”“2022年支出162.49万元”（与表中上年数相符，或不是本年数）；文件、会议、项目的年份；
    同一段另写了评价年度或“本年”的；存在问题、改进措施、其他说明各段。只有一段不符的列为核实。
    """
    evaluated = evaluated_year(seen.record)
    if evaluated is None:
        return
    results = seen.record.template.cells_of("results")
    spoken = [section for section in seen.sections if section.key in results]
    wrong: dict[str, _Opening] = {}
    for section in spoken:
        if {int(said) for said in _ANY_YEAR.findall(section.text)} <= {evaluated}:
            continue
        strange = [each for each in _openings(section.text) if each.year != evaluated]
        found = next((each for each in strange if _is_meant_for(evaluated, each, section, seen)), None)
        if found:
            wrong[section.key] = found
    others = {each.year for each in wrong.values()}
    if len(others) == 1 < len(wrong) and not any(_names(evaluated, section.text) for section in spoken):
        places = "、".join(f"{seen[key].label}（“{each.text[:_QUOTE]}”）" for key, each in wrong.items())
        sentence = f"评价年度填 {evaluated}，而正文写的都是 {others.pop()} 年：{places}。"
        yield Mismatch(year, sentence, None, tuple(seen[key] for key in wrong))
        return
    for key, each in wrong.items():
        sentence = f"{seen[key].label}写“{each.text[:_QUOTE]}”，评价年度是 {evaluated} 年。"
        yield Mismatch(seen[key], sentence, None, (year,), Severity.WARNING)


def _openings(text: str) -> Iterator[_Opening]:
    """The sentences that speak of a year's money or evaluation, not of a paper, a project or a plan of that year."""
    for pattern in (_OPENING, _EVALUATED):
        for found in pattern.finditer(text):
            amount = _AMOUNT.search(found["rest"])
            lead = found["rest"][: min(_LEAD, amount.start()) if amount else _LEAD]
            if _OF_MONEY.search(lead) and not _ELSEWHERE.search(lead):
                yield _Opening(int(found["year"]), found[0].strip())


def _names(year: int, text: str) -> bool:
    return any(each.year == year for each in _openings(text))


def _is_meant_for(evaluated: int, opening: _Opening, section: Stated, seen: Seen) -> bool:
    """Is the evaluated year meant: by the figures said, or since the section speaks of no other?"""
    said = [
        (each, meant)
        for each in read_for(opening.year, opening.text, seen.record, section.label)
        if each.column in LEVELS and each.column != "prior" and each.value and not each.scope
        if (meant := meant_by(each.stem, each.column, seen))
    ]
    if not said:
        return f"{evaluated}年" not in section.text and not _THIS_YEAR.search(section.text)
    if opening.year == evaluated - 1:
        before = [(each, meant_by(each.stem, "prior", seen)) for each, _ in said]
        if all(last and any(meets(each, figure) for figure in last) for each, last in before):
            return False
    return all(any(meets(each, figure) for figure in meant) for each, meant in said)
