"""Agreement between years: last year in two places, and the dates of the form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from xlperf.checks.matters import OPERATING_SCOPE
from xlperf.checks.relations import Apart
from xlperf.checks.rule import MAY_BE_BLANK, Mismatch, NotDecided, Outcome, Severity, check
from xlperf.derive.targets import parse_date
from xlperf.form.record import Stated, last_year
from xlperf.form.relations import AGREEMENTS
from xlperf.text import expression

_YEAR = expression(r"(20\d\d)")


@check(
    "XLP214",
    Severity.ERROR,
    "推算的上年数为负",
    "last year implied by the change is negative",
    each="*_change",
    cites="arithmetic",
)
def implied_last_year_negative(_current: Stated, _change: Stated, _prior: Stated = MAY_BE_BLANK) -> Iterator[Mismatch]:
    """增减额比本年数还大，上年数就成了负数。

    为何：上年数 = 本年数 - 增减额；收入、支出不会是负数，增加的部分不会多于本年的全部。
    改法：核对增减额的单位（元/万元）、小数点和正负号。
    反例：项目支出本年 10，增减额 15，推算上年 -5。
    正例：本年 37.44，增减额 37.44（上年为 0）；减少 20，本年 10；上年数已填的由另一条规则核对。
    """
    if _prior.is_number:
        return
    before = last_year(None, _current, _change)
    if before is not None and before.interval.high < 0:
        row = _current.field.row_label
        sentence = f"{row}本年 {_current.shown}，增减额 {_change.shown}，推算上年为 {before.value}，不会是负数。"
        yield Mismatch(_change, sentence, None, (_current,))


@check(
    "XLP406",
    Severity.WARNING,
    "上年数与上年决算数不一致",
    "last year's figure differs from the final accounts column",
    relation=AGREEMENTS,
    cites="form",
    settles=OPERATING_SCOPE,
)
def prior_year_differs(apart: Apart) -> Iterator[Mismatch]:
    """{finance}所填（或推算）的上年公用经费，与{base}的上年决算数不同。

    为何：同一年的同一项支出，两处应当相符；口径不同的要说明。
    改法：核对上年决算数；口径不同的在审核说明中写明。
    反例：本年 104.29，增加 14.99，推算上年 89.30，{base}上年 83.72。
    正例：所填或推算的上年数与{base}相同；上年数没有填、也推算不出的不比较。
    """
    yield from apart.told(_last_year(apart))


def _last_year(apart: Apart, end: str = "") -> str:
    """Last year's figure, stated or implied, beside that of the final accounts."""
    known = f"{apart.other.told()}，{{base}}上年决算数为 {apart.own.cells[0].shown}"
    return f"{known}，相差 {apart.difference}{end}。"


@check(
    "XLP415",
    Severity.ERROR,
    "上年项目支出两处不一致",
    "last year's project spending differs between the tables",
    relation=AGREEMENTS,
    cites="form",
)
def prior_project_spending_differs(apart: Apart) -> Iterator[Mismatch]:
    """{finance}所填（或推算）的上年项目支出，与{base}的上年决算数不是同一个数。

    为何：两处说的都是上年基本支出以外的全部项目支出，不能同时成立。
    改法：以上年决算为准，改正填错的一处。
    反例：本年 37.44，增加 37.44（上年为 0），{base}上年决算数 30.00。
    正例：两处都是 0；{finance}的上年数没有填、也推算不出的不比较。
    """
    yield from apart.told(_last_year(apart, "，两者不能同时成立"))


@check(
    "XLP408",
    Severity.ERROR,
    "年份未随评价年度更新",
    "year was not rolled to the evaluated year",
    cites="form",
)
def year_not_rolled(
    year: Stated,
    building_year: Stated = MAY_BE_BLANK,
    filled_on: Stated = MAY_BE_BLANK,
    building_area_actual: Stated = MAY_BE_BLANK,
    building_investment_actual: Stated = MAY_BE_BLANK,
) -> Iterator[Mismatch]:
    """楼堂馆所的完工年度不是评价年度，或填报日期不在次年。

    为何：只评价当年完工的项目，自评在次年进行；年份不对多半是沿用了上年的表。
    改法：改成评价年度；填了楼堂馆所数据的，核对项目是否当年完工。
    反例：评价 2023 年，楼堂馆所写“2022年完工项目”；填报日期 2022年3月（评价年度还没有开始）。
    正例：2023年完工项目，填报日期 2024年7月30日；没有写年份的不判断；写 2023年、2025年的只作提示。
    """
    if building_year.is_number and building_year.value != year.value:
        figures = [cell for cell in (building_area_actual, building_investment_actual) if cell.is_number]
        sentence = f"楼堂馆所完工项目年度为 {building_year.shown}，评价年度是 {year.shown}。"
        severity = None if figures else Severity.INFO
        yield Mismatch(building_year, sentence, year.value, (year, *figures), severity)
    found = _YEAR.search(filled_on.text)
    if found and int(found[1]) != int(year.value) + 1:
        sentence = f"填报日期写“{filled_on.text}”，{year.shown} 年度的自评应在次年填报。"
        severity = None if int(found[1]) < year.value else Severity.INFO
        yield Mismatch(filled_on, sentence, None, (year,), severity)


@check(
    "XLP119",
    Severity.WARNING,
    "填报日期晚于上报期限",
    "form was filed after the deadline",
    cites="field-practice",
)
def filed_after_deadline(
    year: Stated, filing_deadline: Mapping[str, str], filled_on: Stated = MAY_BE_BLANK
) -> Iterator[Outcome]:
    """填报日期在当地规定的上报期限之后。

    为何：有的地方规定了上报自评表的最后一天；只在评分口径写明了期限时核对，默认没有。
    改法：核对填报日期；确实晚了的，在审核说明中写明原因。
    反例：口径写明次年 4月30日，评价 2023 年，填报日期 2024年5月6日。
    正例：2024年4月30日；没有写明期限的口径一律不核对；日期没有写到能判断的（2024年4月），列为未能核对。
    """
    if not filing_deadline:
        return
    last = parse_date(next(iter(filing_deadline.values())))
    filed = parse_date(filled_on.text)
    if last is None:
        return
    last = last._replace(year=int(year.value) + 1)
    in_time = None if filed is None or filed.year is None else filed.on_or_before(last)
    if in_time is None:
        yield NotDecided((filled_on,), "填报日期没有填或没有写全，不知道是否在上报期限之内")
    elif not in_time:
        days = f"{last.year}年{last.month}月{last.day}日"
        yield Mismatch(filled_on, f"填报日期写“{filled_on.text}”，晚于上报期限 {days}。", None, (year,))
