"""5xx: what the report's text says that cannot stand, whatever the tables say: counts, shares, another unit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache, lru_cache

from xlperf.amounts import ZERO, Interval, may_add_up
from xlperf.checks.prose_figures import compared_proportions, understood
from xlperf.checks.rule import Mismatch, Severity, check
from xlperf.derive.seen import SECTIONS, Seen
from xlperf.form.record import Record, State, Stated
from xlperf.form.template import PROJECTS, Template
from xlperf.prose import Statement
from xlperf.prose.lexicon import Vocabulary
from xlperf.prose.other_units import OtherUnits
from xlperf.prose.project_parts import ProjectParts
from xlperf.prose.projects import Counted, project_counts

_MOST = 6
_NOTHING, _WHOLE = Interval(ZERO, ZERO), Interval(Decimal(1), Decimal(1))


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
    正例：合计 99.99%、100.1% 而四舍五入能解释的；只写了其中几项的；各项的分母不同的；与表中数字不符的由 XLP509 报告。
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
