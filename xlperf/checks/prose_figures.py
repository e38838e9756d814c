"""5xx: figures said in the report's text against those of the tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from xlperf.amounts import Figure, Interval, ratio_possible
from xlperf.checks.narrative import Comparison, Comparisons, Slip, together
from xlperf.checks.rule import Mismatch, Severity, check
from xlperf.derive.seen import SECTIONS, Seen
from xlperf.form.record import Record, Stated
from xlperf.form.template import PROJECTS
from xlperf.prose import Statement, statements
from xlperf.prose.lexicon import Vocabulary
from xlperf.prose.projects import named_amounts

_SHORTEST_NAME = 4  # of a project: a shorter one is a word like any other
_PROJECT_COLUMNS = {  # cells of a row that an amount may mean, by the column that the words name
    "": ("budget", "actual"),
    **dict.fromkeys(("opening", "adjusted", "budget"), ("budget",)),
    "current": ("actual",),
}
_RESULTS = ("_current", "_actual", ".actual")
LEVELS = ("prior", "opening", "adjusted", "budget", "current", "")


class Meant(NamedTuple):
    """A figure of the tables that the text may be speaking of."""

    label: str
    value: Decimal
    interval: Interval
    cells: tuple[Stated, ...]


def _by_section(compared: Comparisons, seen: Seen) -> Iterator[Mismatch]:
    for section in seen.sections:
        if found := together(section, compared(section, seen)):
            yield found


@lru_cache(maxsize=64)
def _read(
    text: str, words: Vocabulary, year: int | None, names: tuple[str, ...], heading: str
) -> tuple[Statement, ...]:
    """The statements of a section, read once for all rules."""
    longest_first = sorted({*names} - {""}, key=len, reverse=True)
    return tuple(statements(text, words, year, longest_first, heading))


def read_for(year: int | None, text: str, seen: Seen, heading: str) -> tuple[Statement, ...]:
    """What a text states under a heading, if its year is this one."""
    return _read(text, seen.record.template.prose, year, seen.unit_names, heading)


def _said(section: Stated, seen: Seen, *columns: str) -> Iterator[Statement]:
    """What a section states of these columns."""
    template = seen.record.template
    of_goals = section.key in template.cells_of("goals")
    if section.key in template.cells_of("plans") or (of_goals and "年初" not in section.text):
        return
    for each in read_for(seen.record.year, section.text, seen, section.label):
        if each.column in columns and not each.scope and (not of_goals or each.column == "opening"):
            yield each


def meant_by(stem: str, column: str, seen: Seen) -> list[Meant] | None:
    """The figures that the words may mean; `None` if one of them is not in the tables, so that nothing is proved."""
    meanings = seen.record.template.meanings.get(stem, {})
    if column == "prior":
        return _prior(stem, seen)
    possible = {"": ("opening", "adjusted", "current"), "budget": ("opening", "adjusted")}.get(column, (column,))
    found: dict[str, Meant] = {}
    for each in possible:
        filled = [seen[key] for key in meanings.get(each, ()) if seen[key].is_number]
        if not filled and (column or each in meanings):
            return None
        found |= {cell.key: Meant(cell.label, cell.value, cell.interval, (cell,)) for cell in filled}
    return list(found.values()) or None


def _prior(stem: str, seen: Seen) -> list[Meant] | None:
    if f"{stem}_prior" in seen.cells:
        before = seen.last_year(stem)
        label = seen[f"{stem}_prior"].label
        return [Meant(label, before.value, before.interval, before.cells)] if before else None
    cell = seen.cells.get(f"{stem}_prior_actual")
    return [Meant(cell.label, cell.value, cell.interval, (cell,))] if cell is not None and cell.is_number else None


def meets(said: Figure, figure: Figure) -> bool:
    return said.value == figure.value or said.interval.meets(figure.interval)


def _listed(meant: Iterable[Meant]) -> str:
    return "、".join(f"{each.label} {each.value:f}" for each in meant)


@check(
    "XLP506",
    Severity.ERROR,
    "正文金额与表不符",
    "amount in the text differs from the tables",
    cites="form",
    reads=(SECTIONS,),
)
def amount_differs_from_tables(seen: Seen) -> Iterator[Mismatch]:
    """自评报告正文写的收入、支出、经费、预算金额，与{finance}、{base}、{evaluation}的同一个数不符。

    为何：正文的金额应取自各表，同一个数不能有两种写法。
    改法：核对账上的数，改正文或改表。
    反例：{finance}人员经费（本年数）109.33，正文写“人员经费完成119.33万元”。
    正例：正文写 109.33万元、1093300元、0.01亿元（四舍五入相符）；没有说明是预算还是决算的，与其中一个相符即可；
    专项按{base}的全称写在正文里的，与该行预算数或决算数比较（名称不足四个字的、两行同名的不比较）；
    其他年度、表中没有列名的项目、下属单位的金额，含结转结余的收入总计和支出总计，只说一般公共预算拨款的支出预算，
    概数、区间和计划数，表中空白的项目，都不比较。
    """
    yield from _by_section(compared_amounts, seen)


def compared_amounts(section: Stated, seen: Seen) -> Iterator[Comparison]:
    """The amounts of a section against the cells that they may mean, one of which must agree."""
    for said, meant in (
        *_levels(section, seen),
        *_amounts_of_projects(section, seen.record),
    ):
        slip = None
        if not any(meets(said, figure) for figure in meant):
            listed = _listed(meant)
            slip = Slip(f"“{said.quote}”，而{listed}", listed, _spoken_of(said, meant, seen))
        yield _compared(said, meant, slip)


def _compared(said: Statement, meant: Iterable[Meant], slip: Slip | None) -> Comparison:
    cells = tuple(dict.fromkeys(cell for figure in meant for cell in figure.cells))
    shown = cells if slip is None or slip.at in cells else (slip.at, *cells)
    return Comparison(said.quote, said.start, said.end, shown, slip)


def _spoken_of(said: Statement, meant: Sequence[Meant], seen: Seen) -> Stated:
    """The cell of the column that the words name; where they name none, of the year's result."""
    if said.column == "prior":
        return next(seen[key] for key in (f"{said.stem}_prior", f"{said.stem}_prior_actual") if key in seen.cells)
    figures = [figure.cells[0] for figure in meant]
    current = seen.record.template.meanings.get(said.stem, {}).get("current", ())
    results = [cell for cell in figures if cell.key.endswith(_RESULTS) or cell.key in current]
    return results[0] if not said.column and results else figures[0]


def understood(section: Stated, seen: Seen) -> Iterator[Statement]:
    """All that a section states as far as it is understood, whether or not the tables say anything of it."""
    return iter(read_for(seen.record.year, section.text, seen, section.label))


def _levels(section: Stated, seen: Seen) -> Iterator[tuple[Statement, list[Meant]]]:
    """The amounts that a section states of the form's rows, and what they may mean."""
    for said in _said(section, seen, *LEVELS):
        meant = meant_by(said.stem, said.column, seen)
        if meant is not None:
            yield said, meant


def _projects(record: Record) -> dict[str, str]:
    """By name without spaces, the rows of 专项; a name that two of them bear, or too short to be one, is none."""
    rows: dict[str, list[str]] = {}
    for row in record.rows_of(PROJECTS):
        rows.setdefault("".join(record[f"{row}name"].text.split()), []).append(row)
    return {
        name: found[0]
        for name, found in rows.items()
        if len(found) == 1 and len(name) >= _SHORTEST_NAME and name not in record.template.prose.words
    }


def _amounts_of_projects(section: Stated, record: Record) -> Iterator[tuple[Statement, list[Meant]]]:
    """The amounts of projects that a section names as the table does, and the cells that they may mean."""
    projects = _projects(record) if section.key in record.template.cells_of("projects") else {}
    if not projects:
        return
    for said in named_amounts(section.text, tuple(projects), record.template.prose, record.year):
        stated = [record[f"{projects[said.stem]}{column}"] for column in _PROJECT_COLUMNS[said.column]]
        if all(cell.is_number for cell in stated):
            yield said, [Meant(cell.label, cell.value, cell.interval, (cell,)) for cell in stated]


@check(
    "XLP507",
    Severity.ERROR,
    "正文增减额或增长率与表不符",
    "change in the text differs from the tables",
    cites="form",
    reads=(SECTIONS,),
)
def change_differs_from_tables(seen: Seen) -> Iterator[Mismatch]:
    """自评报告正文写的“比上年增加（减少）多少、百分之几”，与{finance}的增减额、增长率不符。

    为何：正文的增减变化应与表一致，方向写反意思就相反。
    改法：核对增减额的数字和方向，改正文或改表。
    反例：人员经费增减额 36.14，正文写“比上年减少36.14万元”或“比上年增加46.14万元”。
    正例：增减额 36.14、增长率 49.38%，正文写“比上年增加36.14万元，增长49.4%”；表中所填的站得住时与所填的相符，
    所填的算不出来时与所填或重算的之一相符；
    三公经费等可能是预算与预算相比的，不比较。
    """
    yield from _by_section(compared_changes, seen)


def compared_changes(section: Stated, seen: Seen) -> Iterator[Comparison]:
    """The changes and growth rates of a section against those that the tables print or give."""
    for each in _said(section, seen, "change", "growth_rate"):
        printed = seen.cells.get(f"{each.stem}_{each.column}")
        if printed is None:
            continue
        if printed.is_number and each.of == "prior" and meets(each, printed):
            yield Comparison(each.quote, each.start, each.end, (printed,), None)
            continue
        meant = _decisive(_changes(each, printed, seen), printed)
        if meant and any(meets(each, figure) for figure in meant):
            yield _compared(each, meant, None)
        elif meant:
            turned = Interval(-each.interval.high, -each.interval.low)
            reverse = each.value and any(turned.meets(figure.interval) for figure in meant)
            shown = f"{meant[0].value:.2%}" if each.column == "growth_rate" else f"{meant[0].value:f}"
            expected = f"{meant[0].label} {shown}"
            sentence = f"“{each.quote}”，而{expected}{'，方向相反' if reverse else ''}"
            at = printed if each.of == "prior" else meant[0].cells[0]
            yield _compared(each, meant, Slip(sentence, expected, at))


def _changes(said: Statement, printed: Stated, seen: Seen) -> list[Meant]:
    """The change or growth rate as the tables print it and as they give it; none if they do neither."""
    before = meant_by(said.stem, said.of, seen) or []
    after = meant_by(said.stem, "current", seen) or []
    found = []
    if said.of == "prior" and printed.is_number:
        found.append(Meant(printed.label, printed.value, printed.interval, (printed,)))
    for late, early in ((late, early) for late in after for early in before):
        value, span = late.value - early.value, late.interval - early.interval
        if said.column == "growth_rate":
            if early.interval.low <= 0:
                continue
            value, span = value / early.value, span / early.interval
        label = f"{late.label} {late.value:f} 与{early.label} {early.value:f} 相比"
        found.append(Meant(label, value, span, (*late.cells, *early.cells)))
    return found


def _decisive(meant: list[Meant], printed: Stated) -> list[Meant]:
    """The printed one alone where it can be right; otherwise another rule speaks of it, and the text may be right."""
    is_sound = bool(meant) and meant[0].cells == (printed,) and any(meets(printed, each) for each in meant[1:])
    return meant[:1] if is_sound else meant


@check(
    "XLP509",
    Severity.WARNING,
    "正文占比或完成比例算不出来",
    "share or degree of completion in the text does not follow from the tables",
    cites="arithmetic",
    reads=(SECTIONS,),
)
def proportion_not_of_tables(seen: Seen) -> Iterator[Mismatch]:
    """自评报告正文写的“占总支出的百分之几”“完成年初预算的百分之几”，与表中数字重算的结果不符。

    为何：比例由表中数字算得，算不出说明比例或其中一个数写错。
    改法：按表中数字重算；口径不同的，在审核说明中写明。
    反例：基本支出 213.62，支出合计 251.06，正文写“占总支出的75.09%”。
    正例：写 85.09%、85.1%、85%；没有说明是年初预算还是调整后预算的，与其中一个相符即可；表中空白的不算。
    """
    yield from _by_section(compared_proportions, seen)


def compared_proportions(section: Stated, seen: Seen) -> Iterator[Comparison]:
    """The shares and degrees of completion of a section against those that follow from the tables."""
    for each in _said(section, seen, "share", "completion"):
        pairs = _pairs(each, seen)
        compared = [figure for pair in pairs for figure in pair]
        if pairs and any(ratio_possible(each, above, below) for above, below in pairs):
            yield _compared(each, compared, None)
        elif pairs:
            above, below = pairs[0]
            quotient = above.value / below.value
            expected = f"{above.label} {above.value:f} ÷ {below.label} {below.value:f} = {quotient:.2%}"
            slip = Slip(f"“{each.quote}”，而{expected}", expected, _rate_of(each, above, seen))
            yield _compared(each, compared, slip)


def _rate_of(said: Statement, above: Meant, seen: Seen) -> Stated:
    """The cell of a proportion, where the form has one; else that of the figure above the line."""
    rates = seen.record.template.meanings.get(said.stem, {}).get(said.column, ()) if said.of == "budget" else ()
    return seen[rates[0]] if rates else above.cells[0]


def _pairs(said: Statement, seen: Seen) -> list[tuple[Meant, Meant]]:
    """Numerators and denominators that a proportion may have been computed from; none if that is not certain."""
    whole = (said.of, "current") if said.column == "share" else (said.stem, said.of)
    above, below = meant_by(said.stem, "current", seen), meant_by(*whole, seen)
    if not above or not below or any(figure.value == 0 for figure in below):
        return []
    pairs = [(each, base) for each in above for base in below]
    if said.column == "share":  # of the opening budgets, if that is what the sentence is about
        above, below = (meant_by(stem, "opening", seen) or [] for stem in (said.stem, said.of))
        pairs += [(each, base) for each in above for base in below if base.value]
    return pairs
