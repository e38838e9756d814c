"""5xx: what the report's text says, against the tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from xlperf.amounts import exceeds
from xlperf.checks.matters import Across
from xlperf.checks.rule import MAY_BE_BLANK, Mismatch, Severity, check
from xlperf.derive.seen import SECTIONS, Seen
from xlperf.form.record import Record, Stated, lacking
from xlperf.form.template import INDICATORS, PROJECTS, columns
from xlperf.prose.lexicon import NO_MEASURE
from xlperf.prose.verdict import Verdict, grades, scores
from xlperf.text import expression

# Words, wherever they stand; no sentence that is read.
WITHHELD = expression(r"不予公开|不公开|不宜公开|涉密")
# Bounded repeats that start at the first digit or line start only: a cell of 32,767 digits must not cost minutes.
_NUMBERED = expression(r"^[ \t　]{0,8}\d{1,3}[.．、]", re.MULTILINE)
_WAN_WITHOUT_YUAN = expression(rf"(?<![\d.])\d{{1,15}}(?:\.\d{{1,6}})?[ 　]?万(?![多余]){NO_MEASURE}")
_VERDICT = ("total_score", "grade", "report_score", "report_grade")
_MOST = 6  # slips of one section told in words


class Slip(NamedTuple):
    """What the tables have instead: `sentence` says what is wrong, `at` is the cell of what the words speak of."""

    sentence: str
    expected: str
    at: Stated


class Comparison(NamedTuple):
    """Words of a section that were held against the tables; None for `slip` where they agree.

    `quote` are the words, `start` and `end` where their figure is in the text, `cells` are all that were compared, and
    that which a slip is at.
    """

    quote: str
    start: int
    end: int
    cells: tuple[Stated, ...]
    slip: Slip | None


Comparisons = Callable[[Stated, Seen], Iterator[Comparison]]


@check(
    "XLP501",
    Severity.WARNING,
    "正文说未超预算而表中超了",
    "text says the budget was kept, the table says otherwise",
    cites="final-accounts-review",
    reads=(SECTIONS,),
)
def text_denies_overspending(annual_budget: Stated, annual_spent: Stated, seen: Seen) -> Iterator[Mismatch]:
    """自评报告写“没有超过预算”，{evaluation}的全年执行数却大于全年预算数。

    为何：文字结论与报表相反，必有一处不实。
    改法：核对全年预算数、全年执行数，改正文字或数字。
    反例：全年预算 240.00，全年执行 251.06，正文写“支出没有超过批复预算”。
    正例：全年预算 251.06，全年执行 251.06；单项超预算而总额没有超的不在此列。
    """
    if not exceeds(annual_spent, annual_budget):
        return
    words = seen.record.template.prose.sayings
    for cell in seen.sections:
        found = words.not_overspent.search(cell.text)
        if found:
            sentence = (
                f"{cell.label}写“{found[0]}”，而全年执行数 {annual_spent.shown} 大于全年预算数 {annual_budget.shown}。"
            )
            yield Mismatch(cell, sentence, None, (annual_spent, annual_budget))


@check(
    "XLP502",
    Severity.WARNING,
    "正文不予公开而表中已公开",
    "withheld in the text but disclosed in the tables",
    cites="field-practice",
    reads=columns(INDICATORS, "level1", "level3"),
    settles=Across.FORM,
)
def withheld_yet_disclosed(
    indicators: tuple[Mapping[str, Stated], ...],
    section_1_2: Stated = MAY_BE_BLANK,
    section_3_2: Stated = MAY_BE_BLANK,
    staff_quota: Stated = MAY_BE_BLANK,
) -> Iterator[Mismatch]:
    """自评报告写“不予公开”，同一内容却出现在{base}或{evaluation}里。

    为何：该保密的没有保住，或者本可公开的没有公开，两处口径应当一致。
    改法：确属不予公开的，表中也不公开；可以公开的，补写正文。
    反例：人员编制情况“依法不予公开”，{base}编制数填 8。
    正例：正文与表都公开，或都不公开。
    """
    quota = staff_quota if staff_quota.is_number else None
    if quota is not None and WITHHELD.search(section_1_2.text):
        sentence = f"{section_1_2.label}写“{section_1_2.text[:20]}”，{{base}}却公开了编制数 {quota.shown}。"
        yield Mismatch(quota, sentence, None, (section_1_2,))
    benefits = [row["level3"] for row in indicators if row["level1"].text.startswith("效益")]
    if benefits:
        withheld = [
            part for part in re.split(r"[。；\n]", section_3_2.text) if "效益" in part and WITHHELD.search(part)
        ]
        if withheld:
            sentence = f"{section_3_2.label}写“{withheld[0][:40]}”，{{evaluation}}却列出了效益指标的完成情况。"
            yield Mismatch(section_3_2, sentence, None, tuple(benefits))


@check(
    "XLP503",
    Severity.WARNING,
    "绩效目标部分引用了年终数",
    "goal section quotes the year-end total",
    cites="field-practice",
)
def goal_quotes_year_end_total(
    section_1_4: Stated, opening_budget: Stated, annual_budget: Stated, annual_spent: Stated
) -> Iterator[Mismatch]:
    """“绩效目标设定情况”里的资金规模是调整后（或决算）的数，不是年初预算。

    为何：绩效目标随年初预算设定，引用年终数说明目标是事后补写的。
    改法：改引年初预算数，或说明是调整后的目标。
    反例：年初预算 128.90，目标部分写“本年度部门整体支出规模251.06万元”。
    正例：写 128.90 万元；年初与全年相同；两个数都写了。
    """
    if opening_budget.value in (annual_budget.value, annual_spent.value):
        return
    figures = re.findall(r"\d+(?:\.\d+)?", section_1_4.text.replace(",", ""))
    quoted = next((cell for cell in (annual_budget, annual_spent) if cell.shown in figures), None)
    if quoted is not None and opening_budget.shown not in figures:
        sentence = f"{section_1_4.label}引用的是{quoted.label} {quoted.shown}，年初预算数是 {opening_budget.shown}。"
        yield Mismatch(section_1_4, sentence, None, (opening_budget, quoted))


@check(
    "XLP504",
    Severity.INFO,
    "正文金额缺“元”",
    "amount in the text lacks its unit",
    cites="field-practice",
    reads=(SECTIONS,),
    settles=Across.FORM,
)
def amount_without_unit(seen: Seen) -> Iterator[Mismatch]:
    """自评报告里的金额写成“36.14万”。

    为何：公文中的金额单位应写全。
    改法：补上“元”。
    反例：“比上年增加36.14万，上升22.24%”。
    正例：“36.14万元”；“3万人次”不是金额。
    """
    for cell in seen.sections:
        found = _WAN_WITHOUT_YUAN.search(cell.text)
        if found:
            yield Mismatch(cell, f"{cell.label}写“{found[0]}”，金额单位应写作“万元”。")


@check(
    "XLP505",
    Severity.INFO,
    "正文列出的工作多于项目",
    "text announces more areas of work than projects are reported",
    cites="field-practice",
    reads=(PROJECTS,),
)
def areas_exceed_projects(section_1_4: Stated, record: Record, project_actual: Stated) -> Iterator[Mismatch]:
    """绩效目标部分列了好几方面的支出，{base}的项目支出却没有对应的行。

    为何：资金“主要用于以下几个方面”，应能在项目支出中逐一找到。
    改法：按用途分项填列项目支出，一个专项一行。
    反例：列出四个方面，项目支出 37.44 没有一行明细。
    正例：列出两个方面；或专项行数不少于所列方面数减一（人员经费、日常公用可合为一方面）。
    """
    areas = len(_NUMBERED.findall(section_1_4.text))
    beside = [record[key] for key in record.template.beside(PROJECTS, "actual")]
    lines = len(list(record.rows_of(PROJECTS))) + sum(cell.is_number and cell.value > 0 for cell in beside)
    if areas >= 3 and project_actual.value > 0 and lines < areas - 2:
        sentence = f"{section_1_4.label}列出 {areas} 个方面的支出，{{base}}项目支出的明细只有 {lines} 行。"
        yield Mismatch(section_1_4, sentence, None, (project_actual,))


def together(section: Stated, compared: Iterable[Comparison]) -> Mismatch | None:
    """One finding a section, for an explanation belongs to a cell; None where nothing is contradicted."""
    found = [(each.slip.sentence, each.cells) for each in compared if each.slip is not None]
    if not found:
        return None
    unlike = list(dict.fromkeys(sentence for sentence, _ in found))
    more = f"；另有 {len(unlike) - _MOST} 处" if len(unlike) > _MOST else ""
    message = f"{section.label}写{'；'.join(unlike[:_MOST])}{more}。"
    return Mismatch(section, message, None, tuple(dict.fromkeys(cell for _, cells in found for cell in cells)))


@check(
    "XLP508",
    Severity.ERROR,
    "正文自评分数或等次与{evaluation}不符",
    "score or grade in the text differs from the self-evaluation",
    cites="form",
    reads=(SECTIONS,),
)
def score_in_text_differs(total_score: Stated, seen: Seen, grade_words: Mapping[str, str]) -> Iterator[Mismatch]:
    """自评报告正文写的自评分数、等次，与{evaluation}的总分、等级不符。

    为何：正文的结论应与{evaluation}一致。
    改法：以{evaluation}为准改正文。
    反例：{evaluation}总分 98、等级“优”，正文写“自评得分96分，等次为良”。
    正例：正文写“自评分数为98分，绩效评价等次为“优秀””；项目、指标、上年的分数和评分标准不比较；
    报告的自评分数、绩效等次两栏与正文相同的，由那两栏的规则报告。
    """
    for section in seen.sections:
        if found := together(section, compared_verdicts(section, seen, grade_words)):
            yield found


def compared_verdicts(section: Stated, seen: Seen, grade_words: Mapping[str, str]) -> Iterator[Comparison]:
    """The scores and grades of a section against those of the tables."""
    total_score, grade, report_score, report_grade = (seen.cells.get(key) or lacking(key) for key in _VERDICT)
    of_other_times = section.key in seen.record.template.cells_of("goals", "plans")
    if not total_score.is_number or of_other_times:
        return
    year, words = seen.record.year or 0, seen.record.template.prose
    for score in scores(section.text, words, year):
        is_stated = score.score in (total_score.value, report_score.number)
        wrong = "" if is_stated else f"“{score.quote}”，而{{evaluation}}总分为 {total_score.shown}"
        yield _compared(score, wrong, total_score)
    stated = grade_words.get(report_grade.text, report_grade.text)
    for said in grades(section.text, words, year):
        standard = grade_words.get(said.said, said.said)
        if grade.text and standard in grade_words.values():
            is_stated = standard in (grade_words.get(grade.text, grade.text), stated)
            yield _compared(said, "" if is_stated else f"“{said.quote}”，而{{evaluation}}等级为“{grade.text}”", grade)


def _compared(said: Verdict, wrong: str, cell: Stated) -> Comparison:
    slip = Slip(wrong, cell.shown, cell) if wrong else None
    return Comparison(said.quote, said.start, said.start + len(said.quote), (cell,), slip)
