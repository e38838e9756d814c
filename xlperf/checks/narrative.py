"""5xx: the report's text against the figures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from xlperf.amounts import Figure, Interval, ratio_possible
from xlperf.catalog import Mismatch, Severity, check
from xlperf.lexicon import Vocabulary
from xlperf.prose import Statement, statements
from xlperf.record import Record, Stated, last_year

_WITHHELD = re.compile(r"不予公开|不公开|不宜公开|涉密")
# Bounded repeats that start at the first digit or line start only: a cell of 32,767 digits must not cost minutes.
_NUMBERED = re.compile(r"^[ \t　]{0,8}\d{1,3}[.．、]", re.MULTILINE)
_WAN_WITHOUT_YUAN = re.compile(r"(?<![\d.])\d{1,15}(?:\.\d{1,6})?[ 　]?万(?![元人次个名户条吨亩平立千])")
_NOT_OVERSPENT = re.compile(r"(没有|未)(超过|超出|突破|超)[^，。；]{0,8}预算|未超支|无超支")
# Of the goals only the opening budget is a fact of the year; 下一步改进措施 speaks of the next one.
_GOALS, _PLANS = "section_1_4", "section_5"
_NAMES = ("unit_name", "base_unit_name", "report_unit_name")
_MOST = 6  # slips of one section told in words
_LEVELS = ("prior", "opening", "adjusted", "budget", "current", "")
# The unit's own score and grade, not those of a project, an indicator, another year, or a standard.
_CLAUSE = 40  # characters before a score that may say whose it is
_YEAR = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})年")
_DIGITS = str.maketrans("０１２３４５６７８９．", "0123456789.")
_OTHERS = re.compile(
    r"项目|指标|产出|效益|满意度|预算执行|过程|上年|去年|上一年|平均|满分|标准|目标|力争|争取|不低于|以上|下属|所属|二级|区间"
)
_SCORE = re.compile(
    r"(?:自评(?:总?得分|总?分数?|评分|结果)?|综合(?:得分|评分)|评价(?:总?得分|总?分数?))"
    r"[为是达到：: ]{0,3}([0-9０-９]{1,3}(?:[.．][0-9０-９]{1,4})?) ?分(?![之以左数值])"
)
_GRADE = re.compile(
    r"(?:自评|评价|绩效|评定)(?:等次|等级|结果|档次)(?:评定)?[为是定：: ]{0,3}[“「]?"
    r"([优良中差一合不较][优秀良好等般格差]{0,2})(?=[”」，,。；;、！\s）)]|$)"
)


class _Meant(NamedTuple):
    """A figure of the tables that the text may be speaking of."""

    label: str
    value: Decimal
    interval: Interval
    cells: tuple[Stated, ...]


def _sections(cells: Mapping[str, Stated]) -> Iterator[Stated]:
    return (cell for key, cell in cells.items() if key.startswith("section_") and not cell.is_blank)


@check(
    "XLP501",
    Severity.WARNING,
    "正文说未超预算而表中超了",
    "text says the budget was kept, the table says otherwise",
    cites="final-accounts-review",
)
def text_denies_overspending(
    annual_budget: Stated, annual_spent: Stated, cells: Mapping[str, Stated]
) -> Iterator[Mismatch]:
    """自评报告写“没有超过预算”，自评表的全年执行数却大于全年预算数。

    为何：文字结论与报表相反，必有一处不实。
    改法：核对全年预算数、全年执行数，改正文字或数字。
    反例：全年预算 240.00，全年执行 251.06，正文写“支出没有超过批复预算”。
    正例：全年预算 251.06，全年执行 251.06；单项超预算而总额没有超的不在此列。
    """
    if annual_spent.interval.low <= annual_budget.interval.high:
        return
    for cell in _sections(cells):
        found = _NOT_OVERSPENT.search(cell.text)
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
)
def withheld_yet_disclosed(
    indicators: tuple[Mapping[str, Stated], ...],
    section_1_2: Stated | None = None,
    section_3_2: Stated | None = None,
    staff_quota: Stated | None = None,
) -> Iterator[Mismatch]:
    """自评报告写“不予公开”，同一内容却出现在基础数据表或自评表里。

    为何：该保密的没有保住，或者本可公开的没有公开，两处口径应当一致。
    改法：确属不予公开的，表中也不公开；可以公开的，补写正文。
    反例：人员编制情况“依法不予公开”，基础数据表编制数填 8。
    正例：正文与表都公开，或都不公开。
    """
    quota = staff_quota if staff_quota is not None and staff_quota.is_number else None
    if section_1_2 is not None and quota is not None and _WITHHELD.search(section_1_2.text):
        sentence = f"{section_1_2.label}写“{section_1_2.text[:20]}”，基础数据表却公开了编制数 {quota.shown}。"
        yield Mismatch(quota, sentence, None, (section_1_2,))
    benefits = [row["level3"] for row in indicators if row["level1"].text.startswith("效益")]
    if section_3_2 is not None and benefits:
        withheld = [
            part for part in re.split(r"[。；\n]", section_3_2.text) if "效益" in part and _WITHHELD.search(part)
        ]
        if withheld:
            sentence = f"{section_3_2.label}写“{withheld[0][:40]}”，自评表却列出了效益指标的完成情况。"
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
)
def amount_without_unit(cells: Mapping[str, Stated]) -> Iterator[Mismatch]:
    """自评报告里的金额写成“36.14万”。

    为何：公文中的金额单位应写全。
    改法：补上“元”。
    反例：“比上年增加36.14万，上升22.24%”。
    正例：“36.14万元”；“3万人次”不是金额。
    """
    for cell in _sections(cells):
        found = _WAN_WITHOUT_YUAN.search(cell.text)
        if found:
            yield Mismatch(cell, f"{cell.label}写“{found[0]}”，金额单位应写作“万元”。")


@check(
    "XLP505",
    Severity.INFO,
    "正文列出的工作多于项目",
    "text announces more areas of work than projects are reported",
    cites="field-practice",
)
def areas_exceed_projects(section_1_4: Stated, record: Record, project_actual: Stated) -> Iterator[Mismatch]:
    """绩效目标部分列了好几方面的支出，基础数据表的项目支出却没有对应的行。

    为何：资金“主要用于以下几个方面”，应能在项目支出中逐一找到。
    改法：按用途分项填列项目支出，一个专项一行。
    反例：列出四个方面，项目支出 37.44 没有一行明细。
    正例：列出两个方面；或专项行数不少于所列方面数减一（人员经费、日常公用可合为一方面）。
    """
    areas = len(_NUMBERED.findall(section_1_4.text))
    lines = record.row_counts["project_special"] + sum(
        record[f"project_{row}_actual"].is_number and record[f"project_{row}_actual"].value > 0
        for row in ("business", "operation", "other")
    )
    if areas >= 3 and project_actual.value > 0 and lines < areas - 2:
        sentence = f"{section_1_4.label}列出 {areas} 个方面的支出，基础数据表项目支出的明细只有 {lines} 行。"
        yield Mismatch(section_1_4, sentence, None, (project_actual,))


@lru_cache(maxsize=64)
def _read(text: str, words: Vocabulary, year: int | None, names: tuple[str, ...]) -> tuple[Statement, ...]:
    """The statements of a section, read once for all rules."""
    return tuple(statements(text, words, year, names))


def _said(record: Record, cells: Mapping[str, Stated], *columns: str) -> Iterator[tuple[Stated, list[Statement]]]:
    """By section, what it states of these columns."""
    year = record["year"]
    number = int(year.value) if year.is_number and 1900 <= year.value <= 2100 else None
    names = tuple(sorted({record[key].text for key in _NAMES} - {""}, key=len, reverse=True))
    for cell in _sections(cells):
        if cell.key == _PLANS or (cell.key == _GOALS and "年初" not in cell.text):
            continue
        read = _read(cell.text, record.template.prose, number, names)
        said = [each for each in read if each.column in columns and (cell.key != _GOALS or each.column == "opening")]
        if said:
            yield cell, said


def _meant(stem: str, column: str, record: Record, cells: Mapping[str, Stated]) -> list[_Meant] | None:
    """The figures that the words may mean; `None` if one of them is not in the tables, so that nothing is proved."""
    meanings = record.template.meanings.get(stem, {})
    if column == "prior":
        return _prior(stem, cells)
    possible = {"": ("opening", "adjusted", "current"), "budget": ("opening", "adjusted")}.get(column, (column,))
    found: dict[str, _Meant] = {}
    for each in possible:
        filled = [cells[key] for key in meanings.get(each, ()) if cells[key].is_number]
        if not filled and (column or each in meanings):
            return None
        found |= {cell.key: _Meant(cell.label, cell.value, cell.interval, (cell,)) for cell in filled}
    return list(found.values()) or None


def _prior(stem: str, cells: Mapping[str, Stated]) -> list[_Meant] | None:
    if f"{stem}_prior" in cells:
        before = last_year(*(cells[f"{stem}_{column}"] for column in ("prior", "current", "change")))
        label = cells[f"{stem}_prior"].label
        return [_Meant(label, before.value, before.interval, before.cells)] if before else None
    cell = cells.get(f"{stem}_prior_actual")
    return [_Meant(cell.label, cell.value, cell.interval, (cell,))] if cell is not None and cell.is_number else None


def _together(section: Stated, sentences: Sequence[str], cells: Iterable[Stated]) -> Iterator[Mismatch]:
    """One finding a section: an explanation belongs to a cell."""
    unlike = list(dict.fromkeys(sentences))
    if unlike:
        more = f"；另有 {len(unlike) - _MOST} 处" if len(unlike) > _MOST else ""
        yield Mismatch(
            section, f"{section.label}写{'；'.join(unlike[:_MOST])}{more}。", None, tuple(dict.fromkeys(cells))
        )


def _meets(said: Statement, figure: Figure) -> bool:
    return said.value == figure.value or said.interval.meets(figure.interval)


def _listed(meant: Iterable[_Meant]) -> str:
    return "、".join(f"{each.label} {each.value:f}" for each in meant)


@check(
    "XLP506",
    Severity.ERROR,
    "正文金额与表不符",
    "amount in the text differs from the tables",
    cites="shaoyang-form-2023",
)
def amount_differs_from_tables(record: Record, cells: Mapping[str, Stated]) -> Iterator[Mismatch]:
    """自评报告正文写的收入、支出、经费、预算金额，与收支情况、基础数据表、自评表的同一个数不符。

    为何：正文的金额应取自各表，同一个数不能有两种写法。
    改法：核对账上的数，改正文或改表。
    反例：收支情况人员经费（本年数）109.33，正文写“人员经费完成119.33万元”。
    正例：正文写 109.33万元、1093300元、0.01亿元（四舍五入相符）；没有说明是预算还是决算的，与其中一个相符即可；
    其他年度、单个项目、下属单位的金额，概数、区间和计划数，表中空白的项目，都不比较。
    """
    for section, said in _said(record, cells, *_LEVELS):
        sentences, related = [], []
        for each in said:
            meant = _meant(each.stem, each.column, record, cells)
            if meant is not None and not any(_meets(each, figure) for figure in meant):
                sentences.append(f"“{each.quote}”，而{_listed(meant)}")
                related += [cell for figure in meant for cell in figure.cells]
        yield from _together(section, sentences, related)


@check(
    "XLP507",
    Severity.ERROR,
    "正文增减额或增长率与表不符",
    "change in the text differs from the tables",
    cites="shaoyang-form-2023",
)
def change_differs_from_tables(record: Record, cells: Mapping[str, Stated]) -> Iterator[Mismatch]:
    """自评报告正文写的“比上年增加（减少）多少、百分之几”，与收支情况的增减额、增长率不符。

    为何：正文的增减变化应与表一致，方向写反意思就相反。
    改法：核对增减额的数字和方向，改正文或改表。
    反例：人员经费增减额 36.14，正文写“比上年减少36.14万元”或“比上年增加46.14万元”。
    正例：增减额 36.14、增长率 49.38%，正文写“比上年增加36.14万元，增长49.4%”；与表中所填或重算的增长率之一相符即可；
    三公经费等可能是预算与预算相比的，不比较。
    """
    for section, said in _said(record, cells, "change", "growth_rate"):
        sentences, related = [], []
        for each in said:
            printed = cells.get(f"{each.stem}_{each.column}")
            if printed is None or (printed.is_number and each.of == "prior" and _meets(each, printed)):
                continue
            meant = _changes(each, printed, record, cells)
            if meant and not any(_meets(each, figure) for figure in meant):
                turned = Interval(-each.interval.high, -each.interval.low)
                reverse = each.value and any(turned.meets(figure.interval) for figure in meant)
                shown = f"{meant[0].value:.2%}" if each.column == "growth_rate" else f"{meant[0].value:f}"
                sentences.append(f"“{each.quote}”，而{meant[0].label} {shown}{'，方向相反' if reverse else ''}")
                related += [cell for figure in meant for cell in figure.cells]
        yield from _together(section, sentences, related)


def _changes(said: Statement, printed: Stated, record: Record, cells: Mapping[str, Stated]) -> list[_Meant]:
    """The change or growth rate as the tables print it and as they give it; none if they do neither."""
    before = _meant(said.stem, said.of, record, cells) or []
    after = _meant(said.stem, "current", record, cells) or []
    found = []
    if said.of == "prior" and printed.is_number:
        found.append(_Meant(printed.label, printed.value, printed.interval, (printed,)))
    for late, early in ((late, early) for late in after for early in before):
        value, span = late.value - early.value, late.interval - early.interval
        if said.column == "growth_rate":
            if early.interval.low <= 0:
                continue
            value, span = value / early.value, span / early.interval
        label = f"{late.label} {late.value:f} 与{early.label} {early.value:f} 相比"
        found.append(_Meant(label, value, span, (*late.cells, *early.cells)))
    return found


@check(
    "XLP508",
    Severity.ERROR,
    "正文自评分数或等次与自评表不符",
    "score or grade in the text differs from the self-evaluation",
    cites="shaoyang-form-2023",
)
def score_in_text_differs(
    total_score: Stated,
    cells: Mapping[str, Stated],
    record: Record,
    grade_words: Mapping[str, str],
    grade: Stated | None = None,
    report_score: Stated | None = None,
    report_grade: Stated | None = None,
) -> Iterator[Mismatch]:
    """自评报告正文写的自评分数、等次，与自评表的总分、等级不符。

    为何：正文的结论应与自评表一致。
    改法：以自评表为准改正文。
    反例：自评表总分 98、等级“优”，正文写“自评得分96分，等次为良”。
    正例：正文写“自评分数为98分，绩效评价等次为“优秀””；项目、指标、上年的分数和评分标准不比较；
    报告的自评分数、绩效等次两栏与正文相同的，由那两栏的规则报告。
    """
    for section in _sections(cells):
        if section.key in (_GOALS, _PLANS):
            continue
        sentences: list[str] = []
        related: list[Stated] = []
        for quote, score in _own(_SCORE, section.text, record):
            value = Decimal(score.translate(_DIGITS))
            if value != total_score.value and not (report_score and report_score.number == value):
                sentences.append(f"“{quote}”，而自评表总分为 {total_score.shown}")
                related.append(total_score)
        for quote, word in _own(_GRADE, section.text, record):
            standard = grade_words.get(word, word)
            known = grade is not None and grade.text and standard in grade_words.values()
            stated = grade_words.get(report_grade.text, report_grade.text) if report_grade else ""
            if grade is not None and known and standard not in (grade_words.get(grade.text, grade.text), stated):
                sentences.append(f"“{quote}”，而自评表等级为“{grade.text}”")
                related.append(grade)
        yield from _together(section, sentences, related)


def _own(pattern: re.Pattern[str], text: str, record: Record) -> Iterator[tuple[str, str]]:
    """What a text says of the unit's own self-evaluation of the year: the words and the figure or grade in them."""
    for found in pattern.finditer(text):
        start = max(text.rfind(mark, max(0, found.start() - _CLAUSE), found.start()) for mark in "。；;\n") + 1
        before = text[max(start, found.start() - _CLAUSE) : found.start()]
        years = {int(year) for year in _YEAR.findall(before)}
        if not _OTHERS.search(before) and years <= {int(record["year"].number or 0)}:
            yield found[0].strip("“「"), found[1]


@check(
    "XLP509",
    Severity.WARNING,
    "正文占比或完成比例算不出来",
    "share or degree of completion in the text does not follow from the tables",
    cites="arithmetic",
)
def proportion_not_of_tables(record: Record, cells: Mapping[str, Stated]) -> Iterator[Mismatch]:
    """自评报告正文写的“占总支出的百分之几”“完成年初预算的百分之几”，与表中数字重算的结果不符。

    为何：比例由表中数字算得，算不出说明比例或其中一个数写错。
    改法：按表中数字重算；口径不同的，在审核说明中写明。
    反例：基本支出 213.62，支出合计 251.06，正文写“占总支出的75.09%”。
    正例：写 85.09%、85.1%、85%；没有说明是年初预算还是调整后预算的，与其中一个相符即可；表中空白的不算。
    """
    for section, said in _said(record, cells, "share", "completion"):
        sentences, related = [], []
        for each in said:
            pairs = _pairs(each, record, cells)
            if pairs and not any(ratio_possible(each, above, below) for above, below in pairs):
                above, below = pairs[0]
                sentences.append(
                    f"“{each.quote}”，而{above.label} {above.value:f} ÷ {below.label} {below.value:f}"
                    f" = {above.value / below.value:.2%}"
                )
                related += [cell for pair in pairs for figure in pair for cell in figure.cells]
        yield from _together(section, sentences, related)


def _pairs(said: Statement, record: Record, cells: Mapping[str, Stated]) -> list[tuple[_Meant, _Meant]]:
    """Numerators and denominators that a proportion may have been computed from; none if that is not certain."""
    whole = (said.of, "current") if said.column == "share" else (said.stem, said.of)
    above, below = _meant(said.stem, "current", record, cells), _meant(*whole, record, cells)
    if not above or not below or any(figure.value == 0 for figure in below):
        return []
    pairs = [(each, base) for each in above for base in below]
    if said.column == "share":  # of the opening budgets, if that is what the sentence is about
        above, below = (_meant(stem, "opening", record, cells) or [] for stem in (said.stem, said.of))
        pairs += [(each, base) for each in above for base in below if base.value]
    return pairs
