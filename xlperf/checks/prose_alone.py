"""5xx: what the report's text says wrong by itself, whatever the tables say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache, lru_cache

from xlperf.amounts import ZERO, Interval, exceeds, may_add_up
from xlperf.checks.prose_figures import compared_proportions, meant_by, read_for, understood
from xlperf.checks.prose_itself import wrong_rates
from xlperf.checks.rule import Mismatch, Severity, check
from xlperf.derive.seen import SECTIONS, Seen
from xlperf.form.record import Record, State, Stated
from xlperf.form.template import PROJECTS, Template
from xlperf.prose.clauses import Statement
from xlperf.prose.folded import folded
from xlperf.prose.lexicon import Vocabulary
from xlperf.prose.listed import Unequal, unequal_lists
from xlperf.prose.offices import miscounted_offices
from xlperf.prose.other_units import OtherUnits
from xlperf.prose.people import miscounted_people
from xlperf.prose.points import unequal_points
from xlperf.prose.project_parts import ProjectParts
from xlperf.prose.projects import Counted, project_counts
from xlperf.prose.text_words import TextWords
from xlperf.prose.words import Words

_RATES = ("growth_rate", "share", "completion")
_STATED_ONCE = ("prior", "opening", "adjusted", "current", "change", "growth_rate")
_FEWER, _MORE = 1, 2  # decimals of a percent
_MOST = 6  # told in words
_NOTHING, _WHOLE = Interval(ZERO, ZERO), Interval(Decimal(1), Decimal(1))


@check(
    "XLP525",
    Severity.WARNING,
    "正文的机构个数与所列名称不符",
    "number of offices differs from the names listed",
    cites="field-practice",
    reads=(SECTIONS,),
)
def offices_miscounted(seen: Seen, text_words: TextWords) -> Iterator[Mismatch]:
    """写“设N个内设机构，分别为……”，后面列出的名称不是 N 个。

    为何：机构个数取自“三定”方案，与所列名称应当一致；不一致说明漏列、多列或沿用了旧数。
    改法：按“三定”方案核对个数和名称，改正写错的一处。
    反例：“设9个内设机构，分别为：综合科、项目科、……、财务科”，只列出 8 个；“内设办公室、人事股、财务股共4个股室”。
    正例：个数与名称相符；没有列名称；“办公室、人事股等6个股室”，名称以“等”结尾的；名称里本来就有顿号、“和”字的，几种数法有一种相符即可。
    """
    for section in seen.sections:
        told = [
            f"“{each.quote}”{'后' if each.is_behind else '前'}面列出的是 {len(each.names)} 个"
            f"（{'、'.join(each.names[:1])}……{each.names[-1]}）"
            for each in miscounted_offices(section.text, text_words)
        ]
        if told:
            yield Mismatch(section, f"{section.label}写{'；'.join(told[:_MOST])}，请核对。")


@check(
    "XLP526",
    Severity.WARNING,
    "本年支出大于本年收入而没有说明来源",
    "spending exceeds income and nothing says out of what",
    cites="field-practice",
    reads=(SECTIONS,),
)
def spending_exceeds_income(
    income_total_current: Stated,
    expenditure_total_current: Stated,
    seen: Seen,
    text_words: TextWords,
) -> Iterator[Mismatch]:
    """本年支出合计大于本年收入合计，正文没有一个字提到上年结转、动用结余。

    为何：多出的支出只能来自上年结转和结余、非财政拨款结余等，不写明来源，收支就对不上。
    改法：写明动用的上年结转和结余是多少；没有结转的，核对收入、支出的数。
    反例：收入 792.22，支出 799.12，正文没有提到上年结转。
    正例：支出不大于收入；正文写“动用上年结转6.90万元”；年初结转和结余填了数的；正文没有写的。
    """
    opening = seen.cells.get("carryover_opening")
    if not seen.sections or not exceeds(expenditure_total_current, income_total_current):
        return
    texts = [cell.text for cell in seen.cells.values() if cell.field.is_text]
    if (opening is not None and opening.is_number and opening.value) or any(
        word in text for text in texts for word in text_words.carried
    ):
        return
    gap = expenditure_total_current.value - income_total_current.value
    sentence = (
        f"支出合计 {expenditure_total_current.shown} 比收入合计 {income_total_current.shown} 多 {gap:f} 万元，"
        "正文没有写明来自上年结转、动用结余还是别的资金。"
    )
    yield Mismatch(expenditure_total_current, sentence, None, (income_total_current,))


@check(
    "XLP527",
    Severity.INFO,
    "同一段的百分比小数位数不一",
    "rates of one paragraph have one decimal and two",
    cites="field-practice",
    reads=(SECTIONS,),
)
def decimals_of_rates_differ(seen: Seen) -> Iterator[Mismatch]:
    """同一段正文里，增减、占比、完成的百分比有的写一位小数，有的写两位。

    为何：同一份报告的百分比应保留同样的位数，一般是两位；位数不一多半是末位的 0 丢了，或者取自两处。
    改法：统一保留两位小数。
    反例：“较上年增加189.25万元，增加31.39%。……增加209.28万元，增加35.9%。”
    正例：31.39%、35.90%；都写一位小数；整数的百分比（增长5%、占100%）；分在两段的；满意度一类的指标。
    """
    for section in seen.sections:
        start = 0
        for line in section.text.split("\n"):
            end = start + len(line)
            rates = [each for each in _said(section, seen) if each.column in _RATES and start <= each.start < end]
            start = end + 1
            written = {each: each.places - 2 for each in rates}
            short = [each for each, places in written.items() if places == _FEWER]
            long = [each for each, places in written.items() if places >= _MORE]
            if short and long:
                shown = "、".join(f"{each.value.scaleb(2):f}%" for each in (long[0], short[0]))
                yield Mismatch(section, f"{section.label}同一段里百分比的小数位数不一：{shown}，请统一。")
                break


@check(
    "XLP528",
    Severity.ERROR,
    "正文所列各项之和不是总数",
    "parts listed in the text do not come to their total",
    cites="arithmetic",
    reads=(SECTIONS,),
)
def listed_parts_unequal(seen: Seen, text_words: TextWords) -> Iterator[Mismatch]:
    """一句话里写了总数和“其中”的各项，各项已经列全，加起来却不是总数；或者只列了一部分，已经超过总数。

    人数（编制、在职人员的各类）、得分（产出、效益等各部分）也一样。

    为何：总数与各项同在一句话里，加不起来必有一个写错。
    改法：按账核对总数和各项，改正写错的一个。
    反例：“本年支出799.12万元，其中：人员经费434.89万元，公用经费77.40万元，项目支出268.83万元。”
    “编制15名，其中参公8名、事业6名”；“产出48分，效益29分，满意度10分，预算执行9.9分，合计95.9分”。
    正例：四舍五入允许的差；工勤编制不计在内而相符的；只列了一部分（写“主要”“等”，或者列出的不是全部几项）而没有超过总数；
    中间还有没读懂的金额；各数都与表中的格比较过的，由核对正文与表的规则负责。
    """
    words = seen.record.template.prose
    for section in seen.sections:
        said = _said(section, seen)
        found = [
            each
            for each in unequal_lists(folded(section.text), said, words, text_words, seen.record.year)
            if not all(meant_by(one.stem, one.column, seen) for one in (each.whole, *each.parts))
        ]
        told = [*map(_sum_told, found), *_other_sums(section.text, seen.record.template.words)]
        if told:
            yield Mismatch(section, f"{section.label}写{'；'.join(told[:_MOST])}。")


def _other_sums(text: str, words: Words) -> Iterator[str]:
    """What is wrong with the numbers of people, and of points."""
    for each in (*miscounted_people(text, words.staff), *unequal_points(text, words.text_words)):
        parts = "、".join(f"“{part}”" for part in each.parts)
        yield f"“{each.whole}”，而所列{parts}合计 {each.total:f}，相差 {abs(each.total - each.number):f}"


def _sum_told(each: Unequal) -> str:
    total = sum((part.value for part in each.parts), Decimal(0))
    parts = "、".join(f"“{_short(part)}”" for part in each.parts)
    over = "，超过总数" if each.is_more else ""
    return (
        f"“{_short(each.whole)}”，而所列{parts}合计 {total:f} 万元{over}，相差 {abs(total - each.whole.value):f} 万元"
    )


def _short(said: Statement) -> str:
    """The words of a figure without those that lead to it: 其中：人员经费434.89万元 is 人员经费434.89万元."""
    return said.quote.rpartition("：")[2].rpartition("其中")[2] or said.quote


@check(
    "XLP529",
    Severity.WARNING,
    "正文前后两处的同一个数不同",
    "the text states one figure twice, differently",
    cites="field-practice",
    reads=(SECTIONS,),
)
def figure_stated_otherwise(seen: Seen) -> Iterator[Mismatch]:
    """报告正文在两处写了同一项的同一个数（同是决算数、年初预算数、增减额等），写法不同，表里又没有这个数可以对照。

    为何：同一年度、同一口径的一个数只有一个；两处不同，多半是改了一处忘了另一处。
    改法：核对后改一致；确是两个口径（如只说财政拨款）的，在正文写明口径。
    反例：前面写“三公经费决算8.60万元”，后面写“三公经费决算数为6.80万元”。
    正例：两处相同，或者只是精确的位数不同（8.60万元、8.6万元、86000元）；一处是预算、一处是决算；
    没有写明是预算还是决算的；其他年度、绩效目标和下一步打算里的数；表里有这个数的，由核对正文与表的规则负责。
    """
    elsewhere = seen.record.template.cells_of("goals", "plans")
    first: dict[tuple[str, str, str], tuple[Statement, Stated]] = {}
    for section in seen.sections:
        told = []
        for each in _said(section, seen) if section.key not in elsewhere else ():
            if each.scope or each.column not in _STATED_ONCE or meant_by(each.stem, each.column, seen):
                continue
            before, at = first.setdefault((each.stem, each.column, each.of), (each, section))
            if not before.interval.meets(each.interval):
                told.append((f"“{_short(each)}”，而{at.label}写“{_short(before)}”", at))
        if told:
            others = tuple(dict.fromkeys(at for _, at in told if at is not section))
            message = "；".join(sentence for sentence, _ in told[:_MOST])
            yield Mismatch(section, f"{section.label}写{message}，是同一个数的，请改一致。", None, others)


def _said(section: Stated, seen: Seen) -> tuple[Statement, ...]:
    return read_for(seen.record.year, section.text, seen, section.label)


@check(
    "XLP530",
    Severity.WARNING,
    "正文的项目个数前后不符",
    "number of projects is not that of its parts or rows",
    cites="arithmetic",
    reads=(SECTIONS,),
)
def project_count_off(seen: Seen, project_parts: ProjectParts) -> Iterator[Mismatch]:
    """报告写“共N个项目”，N 与紧接着分类写的个数之和、逐个列出的名称不等，或者与{base}列出的项目数不等。

    为何：同一批项目，总数应等于各类之和，也应与表中逐项列出的一致。
    改法：数清项目，改正总数或各类的个数；说的只是其中一部分的，写明是哪一部分。
    反例：“共12个项目，其中基本支出类5个、发展类6个”；“共实施3个项目：甲项目、乙项目”；
    {base}列了 2 行、别无其他项目支出，正文写“共实施5个项目”。
    正例：5 加 7 等于 12；“其中重点项目3个”；“省级3个、市级4个”；列出的名称后面有“等”；
    说明了范围的（100万元以上的项目）；表中还有业务工作经费等不逐项列出的；给出项目自评表的，由 XLP427 与各表核对。
    """
    record = seen.record
    counted = record.template.cells_of("projects", "results")
    for section in seen.sections:
        wrong: list[str] = []
        for said in _counted(section.text, record.template.prose, record.year):
            slip = _off_itself(said, project_parts)
            if not slip and section.key in counted:
                slip = _off_rows(said, record)
            wrong += [slip] if slip else []
        if wrong:
            yield Mismatch(section, f"{section.label}写{'；'.join(dict.fromkeys(wrong[:_MOST]))}。")


@lru_cache(maxsize=64)
def _counted(text: str, words: Vocabulary, year: int | None) -> tuple[Counted, ...]:
    return tuple(project_counts(text, words, year)) if "项目" in text else ()


def _off_itself(said: Counted, words: ProjectParts) -> str:
    """What is wrong with a number of projects by the parts or names behind it."""
    if parts := words.kinds_in(said.rest):
        whole = sum(parts.numbers)
        sums = "＋".join(map(str, parts.numbers))
        return "" if whole == said.number else f"“{said.quote}”，又写“{parts.quote}”，{sums}＝{whole}"
    if names := words.names_in(said.rest):
        least, most = names
        told = str(least) if least == most else f"{least} 至 {most}"
        return "" if least <= said.number <= most else f"“{said.quote}”，后面列出的是 {told} 个"
    return ""


def _off_rows(said: Counted, record: Record) -> str:
    """The same by the rows of the table, each of which is one project; where others are in one line, by how few."""
    lines = [record.cell(f"{row}actual") for row in record.rows_of(PROJECTS)]
    named = [line for line in lines if line.is_number and line.value > 0]  # of the others nothing came
    if record.projects is not None or not named:
        return ""
    beside = [record.cell(key) for key in record.template.beside(PROJECTS, "actual")]
    filled = [cell for cell in beside if cell.is_number and cell.value]
    totals = [each.total for each in record.template.sums if named[0].key.replace("[0]", "[]") in each.parts]
    total = record.cell(totals[0]) if totals else None
    is_all = total is not None and total.is_number and may_add_up(total, named)
    if filled or len(named) <= said.number <= len(lines) or (said.number > len(lines) and not is_all):
        return ""
    return f"“{said.quote}”，而{{base}}逐项列出的是 {len(named)} 个"


@check(
    "XLP531",
    Severity.WARNING,
    "报告像是照抄别的单位",
    "report speaks of another unit as its own",
    cites="field-practice",
    reads=(SECTIONS,),
)
def copied_from_another_unit(seen: Seen, other_units: OtherUnits) -> Iterator[Mismatch]:
    """自评报告里有两处以上，把别的单位写成了所评价的单位。

    为何：借用别的单位的报告作底稿，名称没有改完，是复核时常见的退回原因；数字也可能是别人的。
    改法：通读全文，改成本单位的名称和内容。
    反例：县教育局的报告写“县水利局2023年度部门整体支出……”“县水利局主要职责是……”。
    正例：本单位的简称、全称；只提到一次的；财政局、审计局、上级和主管部门；写明是下属单位、挂牌、合并、划转的；“会同县水利局检查”；
    局里的中心、站、学校；表上没有写单位名称，或为公开而隐去的不核对。
    """
    own = seen.unit_names
    for unit in other_units.in_report(tuple(section.text for section in seen.sections), own):
        sections = [section for section in seen.sections if unit.quote in section.text]
        if sections:
            name = next(text for text in own if text.strip())
            sentence = (
                f"{sections[0].label}写“{unit.quote}”，报告里这样的话有 {unit.times} 处，而填报的单位是“{name}”。"
            )
            yield Mismatch.of_all(sections, sentence)


@check(
    "XLP532",
    Severity.WARNING,
    "正文各项占比加起来不是100%",
    "shares of all parts are not the whole",
    cites="arithmetic",
    reads=(SECTIONS,),
)
def shares_not_whole(seen: Seen) -> Iterator[Mismatch]:
    """自评报告写了一个总数各组成部分的占比，各部分都写全了，加起来却不是 100%。

    为何：同一个总数的各部分占比之和必为 100%，不是的话必有一个写错。
    改法：按各部分的金额重算占比。
    反例：“基本支出占总支出的85.09%，项目支出占总支出的10.91%”，合计 96%。
    正例：合计 99.99%、100.1% 而四舍五入能解释的；只写了其中几项的；各项的分母不同的；
    有一个算不出来的由 XLP509、XLP534 报告。
    """
    for section in seen.sections:
        said = [each for each in understood(section, seen) if each.column == "share" and not each.scope]
        wholes = _wholes(seen.record.template) if len(said) > 1 else {}
        for whole, parts in wholes.items():
            is_part = any(whole in others for others in wholes.values())  # 占比 alone may be that of the whole of it
            shares = [each for each in said if each.of == whole or not (each.of or is_part or each.stem not in parts)]
            listed = _all_of({each.stem: each for each in shares}, parts, seen)
            if not listed or len({each.stem for each in shares}) < len(shares):
                continue
            total = sum((each.interval for each in listed), _NOTHING)
            contradicted = {each.start for each in compared_proportions(section, seen) if each.slip is not None}
            contradicted |= {each.start for each, _ in wrong_rates(section, seen)}
            if total.meets(_WHOLE) or contradicted & {each.start for each in listed}:
                continue
            quotes = "、".join(f"“{each.quote}”" for each in listed)
            added = sum((each.value for each in listed), ZERO)
            yield Mismatch(section, f"{section.label}写{quotes}，各部分占比合计 {added:.2%}，不是 100%。")


@cache
def _wholes(template: Template) -> Mapping[str, tuple[str, ...]]:
    """By total of the year, all that it is made of."""
    return {
        each.total.removesuffix("_current"): tuple(part.removesuffix("_current") for part in each.parts)
        for each in template.sums
        if each.total.endswith("_current") and each.same is None
    }


def _all_of(said: Mapping[str, Statement], parts: Sequence[str], seen: Seen) -> tuple[Statement, ...]:
    """The shares of all parts, in the place of one those of its own parts; none unless each is told or known as nil."""
    wholes = _wholes(seen.record.template)
    found: list[Statement] = []
    for part in parts:
        if part in said:
            found.append(said[part])
        elif part in wholes and (below := _all_of(said, wholes[part], seen)):
            found += below
        elif not _is_nil(seen[f"{part}_current"]):
            return ()
    return tuple(found) if len(found) > 1 else ()


def _is_nil(cell: Stated) -> bool:
    return cell.state is State.NOT_APPLICABLE or (cell.is_number and cell.value == 0)
