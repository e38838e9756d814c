"""What a form that only promises, as that of a project's goals, says of its dates, its money and its grounds."""

from __future__ import annotations

from collections.abc import Iterator

from xlperf.amounts import interval
from xlperf.checks.rule import Mismatch, NotDecided, Outcome, Severity, check
from xlperf.derive.seen import Seen
from xlperf.derive.targets import Date, parse_date
from xlperf.form.record import Record, Stated
from xlperf.form.template import INDICATORS
from xlperf.prose.promises import amounts_of_project, is_cited, is_worked_out, says_how

_ALL, _YEARS = "funds", "annual_application"
_TERM = ("starts_on", "ends_on")


@check("XLP116", Severity.WARNING, "立项依据没有写明文件", "grounds cite no document", cites="field-practice")
def grounds_without_document(basis: Stated) -> Iterator[Mismatch]:
    """立项依据（政策依据）里没有文件名称，也没有文号。

    为何：项目要有依据可查，只写“根据工作需要”查不到。
    改法：写明文件的全称和文号，如《……办法》（某财〔2023〕5号）。
    反例：根据上级要求和实际工作需要。
    正例：有书名号的文件名称，或有“〔2011〕5号”一类文号（方括号、圆括号也算）、会议纪要的期号；写不适用的。
    """
    if not is_cited(basis.text):
        yield Mismatch(basis, f"{basis.label}里没有文件名称（《》）或文号（〔〕），请写明依据哪一份文件。")


@check("XLP117", Severity.WARNING, "测算依据没有单价和数量", "estimate is not worked out", cites="field-practice")
def estimate_not_worked_out(estimate: Stated) -> Iterator[Mismatch]:
    """测算依据里看不出单价乘数量。

    为何：申请多少钱要算得出来，只写总数无法审核。
    改法：逐项写明单价、数量和金额，如 购置图书 4000 册 × 60 元/册 = 24 万元。
    反例：根据往年支出情况测算，需要 24 万元。
    正例：有乘号的算式；“60元/册”“每册60元”“单价60元”；写不适用的。
    """
    if not is_worked_out(estimate.text):
        yield Mismatch(estimate, f"{estimate.label}里没有“单价 × 数量”，请逐项写明怎样算出。")


@check(
    "XLP118",
    Severity.INFO,
    "目标没有写通过什么达成",
    "goal does not say by what it is reached",
    cites="field-practice",
    reads=("@promised",),
)
def goal_without_means(record: Record) -> Iterator[Mismatch]:
    """绩效目标里没有“通过……，达到……”。

    为何：目标要说清做什么事、取得什么效果，年终才能逐项对照。
    改法：写成“通过做什么，达到（实现、提高）什么”。
    反例：做好免费开放工作。
    正例：通过购置图书、举办活动，提高居民的阅读率；空白、写不适用的另有规则。
    """
    for key in record.template.cells_of("promised"):
        cell = record.cell(key)
        if cell.text and not _is_none(cell, record) and not says_how(cell.text):
            yield Mismatch(cell, f"{cell.label}没有写“通过……，达到（实现、提高）……”，请写明做什么、取得什么效果。")


def _is_none(cell: Stated, record: Record) -> bool:
    return cell.text.strip() in record.template.not_applicable


@check(
    "XLP512",
    Severity.ERROR,
    "文字里的资金与表中不同",
    "money in the text differs from the form's",
    cites="form",
    reads=("@promised",),
)
def text_differs_from_funds(record: Record) -> Iterator[Outcome]:
    """目标表的文字里写的项目资金总额、本年资金，与表中的资金不同。

    为何：一张表里说的是同一笔钱。
    改法：核对后改一致；元、万元写清楚。
    反例：资金总额 60.00 万元，项目概况写“项目总投资 66 万元”。
    正例：60 万元、600000 元；约数、其中一部分的数不比较；整个项目的总额不与本年的比较，
    表中只有一个总额而项目跨几年的列为未能核对。
    """
    texts = (cell for cell in record.stated.values() if cell.field.is_text and cell.text)
    for cell in texts:
        for said in amounts_of_project(cell.text, record.year):
            stated = money_of(record, year=said.is_of_year)
            if stated is None or not stated.is_number:
                yield NotDecided((cell,), "表中没有与它对应的资金")
            elif not interval(said.value, said.places).meets(stated.interval):
                sentence = f"{cell.label}写“{said.quote}”，{stated.label}是 {stated.shown} 万元。"
                yield Mismatch(cell, sentence, None, (stated,))


def money_of(record: Record, *, year: bool) -> Stated | None:
    """The cell that states the project's money of the year, or all of it; None if none certainly does.

    What is asked for in all years is never taken for that of one.
    """
    whole, annual = (record.stated.get(key) for key in (_ALL, _YEARS))
    if annual is None and not _is_within_year(record):
        return None
    return (annual or whole) if year else whole


def _is_within_year(record: Record) -> bool:
    """Does the project begin and end in the year of the form, so that all its money is the year's?"""
    starts, ends = (_date(record, key) for key in _TERM)
    return starts is not None and ends is not None and starts.year == ends.year == record.year


def _date(record: Record, key: str) -> Date | None:
    cell = record.stated.get(key)
    return None if cell is None else parse_date(cell.text)


@check("XLP618", Severity.ERROR, "结束时间早于开始时间", "project or step ends before it begins", cites="form")
def ends_before_start(starts_on: Stated, ends_on: Stated, seen: Seen) -> Iterator[Mismatch]:
    """起止时间或实施进度计划里，结束（完成）的时间早于开始的时间。

    为何：时间写反了，进度无法考核。
    改法：核对后改正。
    反例：开始 2024年6月1日，结束 2024年3月31日。
    正例：同一天；同一个月；只写年份的同一年；有一处空白、看不出时间的不比较。
    """
    rows = (
        (row["starts_on"], row["ends_on"]) for each in seen.tables.values() for row in each if row.keys() >= {*_TERM}
    )
    for starts, ends in ((starts_on, ends_on), *rows):
        began, ended = parse_date(starts.text), parse_date(ends.text)
        if began is not None and ended is not None and began.on_or_before(ended) is False:
            yield Mismatch(ends, f"{ends.label}填 {ends.text}，早于{starts.label} {starts.text}。", None, (starts,))


@check(
    "XLP619",
    Severity.WARNING,
    "指标的期限在项目结束之后",
    "deadline of an indicator after the project's end",
    cites="form",
)
def deadline_after_end(ends_on: Stated, seen: Seen) -> Iterator[Outcome]:
    """时效指标的期限晚于项目的结束时间。

    为何：项目已经结束，期限到了也没有人做。
    改法：核对期限和项目的起止时间，改正填错的一处。
    反例：项目 2024年6月30日结束，“图书上架时间”的指标值是 2024年12月底前。
    正例：期限就是结束的那个月；期限没有写年份的按申报年度；指标值不是日期的不比较。
    """
    end = parse_date(ends_on.text)
    if end is None:
        yield NotDecided((ends_on,), "看不出是哪一天")
        return
    own = seen.record.template.table(INDICATORS)
    for key, rows in seen.tables.items():
        year = seen.record.year if own is not None and key == own.key else None
        for target in (row["target"] for row in rows if "target" in row):
            deadline = parse_date(target.text)
            dated = deadline and deadline._replace(year=deadline.year or year)
            if dated and dated.year and dated.on_or_before(end) is False:
                sentence = f"{target.label}是 {target.text}，项目 {ends_on.text} 就结束了。"
                yield Mismatch(target, sentence, None, (ends_on,))
