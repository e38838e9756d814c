"""5xx: what the report's text says wrong by itself, whatever the tables say."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from xlperf.amounts import exceeds
from xlperf.checks.prose_figures import meant_by, read_for
from xlperf.checks.rule import Mismatch, Severity, check
from xlperf.derive.seen import SECTIONS, Seen
from xlperf.form.record import Stated
from xlperf.prose.clauses import Statement
from xlperf.prose.listed import Unequal, unequal_lists
from xlperf.prose.offices import miscounted_offices
from xlperf.prose.statements import HALF_WIDTH
from xlperf.prose.text_words import TextWords

_RATES = ("growth_rate", "share", "completion")
_STATED_ONCE = ("prior", "opening", "adjusted", "current", "change", "growth_rate")
_FEWER, _MORE = 1, 2  # decimals of a percent
_MOST = 4  # told in words


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
    反例：“设9个内设机构，分别为：综合科、项目科、……、财务科”，只列出 8 个。
    正例：个数与名称相符；后面没有列名称；名称以“等”结尾的；名称里本来就有顿号、“和”字的，几种数法有一种相符即可。
    """
    for section in seen.sections:
        told = [
            f"“{each.quote}”后面列出的是 {len(each.names)} 个（{'、'.join(each.names[:1])}……{each.names[-1]}）"
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

    为何：总数与各项同在一句话里，加不起来必有一个写错。
    改法：按账核对总数和各项，改正写错的一个。
    反例：“本年支出799.12万元，其中：人员经费434.89万元，公用经费77.40万元，项目支出268.83万元。”
    正例：四舍五入允许的差；只列了一部分（写“主要”“等”，或者列出的不是全部几项）而没有超过总数；
    中间还有没读懂的金额；各数都与表中的格比较过的，由核对正文与表的规则负责。
    """
    words = seen.record.template.prose
    for section in seen.sections:
        said = _said(section, seen)
        found = [
            each
            for each in unequal_lists(section.text.translate(HALF_WIDTH), said, words, text_words, seen.record.year)
            if not all(meant_by(one.stem, one.column, seen) for one in (each.whole, *each.parts))
        ]
        if found:
            told = "；".join(map(_sum_told, found[:_MOST]))
            yield Mismatch(section, f"{section.label}写{told}。")


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
