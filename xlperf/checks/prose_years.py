"""5xx: the years that the report's text speaks of."""

from __future__ import annotations

from collections.abc import Iterator

from xlperf.checks.prose_figures import LEVELS, meant_by, meets, read_for
from xlperf.checks.rule import Mismatch, Severity, check
from xlperf.derive.seen import Seen
from xlperf.form.record import Stated
from xlperf.prose.lexicon import Vocabulary
from xlperf.prose.openings import Opening, openings
from xlperf.text import expression, years_in_digits

# Words for a year, no sentences.
_THIS_YEAR = expression("[本今当]年|本年度|上年|去年")
_ANY_YEAR = expression("(20[0-9]{2})[ 　]?年")
_QUOTE = 24


@check(
    "XLP510",
    Severity.ERROR,
    "正文写的年度不是评价年度",
    "text speaks of another year than the evaluated one",
    cites="form",
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
    evaluated, words = seen.record.year, seen.record.template.prose
    if evaluated is None:
        return
    results = seen.record.template.cells_of("results")
    spoken = [section for section in seen.sections if section.key in results]
    wrong: dict[str, Opening] = {}
    for section in spoken:
        if {int(said) for said in _ANY_YEAR.findall(years_in_digits(section.text))} <= {evaluated}:
            continue
        strange = [each for each in openings(section.text, words) if each.year != evaluated]
        found = next((each for each in strange if _is_meant_for(evaluated, each, section, seen)), None)
        if found:
            wrong[section.key] = found
    others = {each.year for each in wrong.values()}
    if len(others) == 1 < len(wrong) and not any(_names(evaluated, section.text, words) for section in spoken):
        places = "、".join(f"{seen[key].label}（“{each.text[:_QUOTE]}”）" for key, each in wrong.items())
        sentence = f"评价年度填 {evaluated}，而正文写的都是 {others.pop()} 年：{places}。"
        yield Mismatch(year, sentence, None, tuple(seen[key] for key in wrong))
        return
    for key, each in wrong.items():
        sentence = f"{seen[key].label}写“{each.text[:_QUOTE]}”，评价年度是 {evaluated} 年。"
        yield Mismatch(seen[key], sentence, None, (year,), Severity.WARNING)


def _names(year: int, text: str, words: Vocabulary) -> bool:
    return any(each.year == year for each in openings(text, words))


def _is_meant_for(evaluated: int, opening: Opening, section: Stated, seen: Seen) -> bool:
    """Is the evaluated year meant: by the figures said, or since the section speaks of no other?"""
    said = [
        (each, meant)
        for each in read_for(opening.year, opening.text, seen, section.label)
        if each.column in LEVELS and each.column != "prior" and each.value and not each.scope
        if (meant := meant_by(each.stem, each.column, seen))
    ]
    if not said:
        return f"{evaluated}年" not in years_in_digits(section.text) and not _THIS_YEAR.search(section.text)
    if opening.year == evaluated - 1:
        before = [(each, meant_by(each.stem, "prior", seen)) for each, _ in said]
        if all(last and any(meets(each, figure) for figure in last) for each, last in before):
            return False
    return all(any(meets(each, figure) for figure in meant) for each, meant in said)
