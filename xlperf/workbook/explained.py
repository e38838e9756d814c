"""Which finding a written explanation speaks of, and whether it still speaks of what stands there.

An explanation is a row of 审核结果: what was found, as it was shown then, and what the user wrote beside it. It belongs
to the finding of the same rule on the same item, whatever rows were inserted, sorted or filtered since, and it settles
that finding as long as the figures are those it was written about.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from xlperf.amounts import decimals, parse_number, round_half_up
from xlperf.audit.run import Report
from xlperf.checks.rule import Finding, Severity
from xlperf.form.record import shortened, show
from xlperf.form.template import Field
from xlperf.package import split_reference
from xlperf.text import expression

LONGEST_SHOWN = 40  # characters of what stands in a cell
GONE = "已消除"
CHANGED = "数字已变，请重新说明"
_LONGEST_QUOTED = 2_000  # characters of an explanation that are repeated, so that it is seen whether it was rewritten
_FIGURE = expression(r"-?[0-9][0-9,]*(?:\.[0-9]+)?%?")
_UNNAMED = expression(r"第[0-9]+行")  # an indicator without a name goes by its row, which inserted rows shift
_WAS, _FOUND, _TEXT, _END = "原来填的是“", "”，问题是“", "”，原说明〔", "〕。"


class About(NamedTuple):
    """What an explanation was written about: what the cell showed, and the sentence beside it."""

    shown: str
    message: str


class Explanation(NamedTuple):
    """A row of 审核结果; `text` is what the user wrote, often nothing. `row` is all of it."""

    code: str
    place: str
    item: str
    shown: str
    message: str
    advice: str
    text: str
    status: str
    row: tuple[str, ...]

    @property
    def about(self) -> About:
        """Of a text that nobody has rewritten since the figures changed, the figures before."""
        if not (self.advice.startswith(_WAS) and _squeezed(_quoted(self.text)) in _squeezed(self.advice)):
            return About(self.shown, self.message)
        shown, _, rest = self.advice.removeprefix(_WAS).partition(_FOUND)
        return About(shown, rest.partition(_TEXT)[0])


Explanations = Sequence[Explanation]


class Answer(NamedTuple):
    """What the user wrote about a finding, and whether the figures are still those it was written about.

    What is no reason (无, ——) is not `given` and explains nothing.
    """

    text: str
    given: bool
    holds: bool
    about: About

    @property
    def is_outdated(self) -> bool:
        """A reason, but for other figures."""
        return self.given and not self.holds

    @property
    def reminder(self) -> str:
        """What the explanation was about, for the row of a finding that it does not settle any more."""
        return "" if self.holds else f"{_WAS}{self.about.shown}{_FOUND}{self.about.message}{_quoted(self.text)}"


class Explained(NamedTuple):
    """The answers by place in the report's findings, and the rows whose finding is gone."""

    answers: Mapping[int, Answer]
    left: tuple[Explanation, ...]

    def settles(self, number: int, finding: Finding) -> bool:
        """A 核实性 finding is settled by a written explanation that holds, which 无 and —— are not; an error is not."""
        answer = self.answers.get(number)
        return finding.severity is Severity.WARNING and answer is not None and answer.given and answer.holds


def explain(report: Report, explanations: Explanations) -> Explained:
    """Find each explanation's finding."""
    rows: dict[tuple[str, str], list[Explanation]] = defaultdict(list)
    for row in explanations:
        rows[row.code, _item(row.item)].append(row)
    numbers: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, finding in enumerate(report.findings):
        numbers[finding.code, _item(report.record[finding.key].label)].append(number)
    answers: dict[int, Answer] = {}
    left: list[Explanation] = []
    for identity, known in rows.items():
        pairs = _paired(known, numbers[identity], report) if any(row.text.strip() for row in known) else {}
        for number, row in pairs.items():
            if row.text.strip():
                holds = _holds(row.about, report.findings[number], report)
                given = report.record.template.reasons.given(row.text)
                answers[number] = Answer(row.text, given, holds, row.about)
        paired = list(pairs.values())
        left += [row for row in known if row.text.strip() and row not in paired]
    return Explained(answers, tuple(left))


def shown_in(finding: Finding, report: Report) -> str:
    """What the cell of a finding holds, as 审核结果 shows it."""
    return shortened(report.record[finding.key].shown, LONGEST_SHOWN)


def _item(label: str) -> str:
    return _UNNAMED.sub("第?行", label)


def _paired(rows: Sequence[Explanation], numbers: Sequence[int], report: Report) -> dict[int, Explanation]:
    """The rows and findings of one rule on items of one name, which are seldom more than one of each.

    What tells several apart: the sentence, the figures, their order where none has come or gone, the place.
    """
    found = report.findings
    pairs: dict[int, Explanation] = {}
    for old in ([row for row in rows if row.status != GONE], [row for row in rows if row.status == GONE]):
        free = list(old)
        ways: tuple[Callable[[Explanation, Finding], bool], ...] = (
            lambda row, finding: _item(row.message) == _item(finding.message),
            lambda row, finding: _holds(row.about, finding, report),
        )
        for fits in ways:
            _pair_single(free, numbers, pairs, report, fits)
        open_numbers = [number for number in numbers if number not in pairs]
        if len(open_numbers) == len(free):
            in_order = sorted(free, key=lambda row: _place(row.place))
            pairs |= zip(sorted(open_numbers, key=lambda number: _place(found[number].at)), in_order, strict=True)
        else:
            _pair_single(free, numbers, pairs, report, lambda row, finding: row.place == finding.at)
    return pairs


def _pair_single(
    free: list[Explanation],
    numbers: Sequence[int],
    pairs: dict[int, Explanation],
    report: Report,
    fits: Callable[[Explanation, Finding], bool],
) -> None:
    """Pair what fits only each other."""
    candidates = [
        [number for number in numbers if number not in pairs and fits(row, report.findings[number])] for row in free
    ]
    wanted = [number for each in candidates for number in each]
    sure = [(row, each[0]) for row, each in zip(free, candidates, strict=True) if len(each) == 1]
    for row, number in sure:
        if wanted.count(number) == 1:
            pairs[number] = row
            free.remove(row)


def _place(at: str) -> tuple[str, int, int]:
    try:
        sheet, ref = split_reference(at)
    except ValueError:
        return at, 0, 0
    return sheet, ref.row, ref.col


def _holds(about: About, finding: Finding, report: Report) -> bool:
    """Are the figures those of then: that of the cell, and of the other cells those that the sentence names?"""
    field = report.record[finding.key].field
    shown = shown_in(finding, report)
    said = set(_FIGURE.findall(about.message))
    own = set(_FIGURE.findall(finding.message.removesuffix(finding.reason)))
    if shown.endswith("…") and about.shown.endswith("…"):
        return own <= said  # a passage of a long text, of which the row shows the beginning
    others = {_shown(key, value, report) for _, key, value in finding.related}
    return _same(about.shown, shown, field) and (others & own) <= said


def _same(before: str, now: str, field: Field) -> bool:
    """The same figure, however many decimals are shown; the same words, blanks aside."""
    old, new = parse_number(before), parse_number(now)
    if old is None or new is None or field.is_text:
        return _squeezed(before) == _squeezed(now)
    if field.exact:
        return old.value == new.value
    places = max(field.places, min(decimals(old.value), decimals(new.value)))
    return round_half_up(old.value, places) == round_half_up(new.value, places)


def _shown(key: str, value: str, report: Report) -> str:
    """A related figure as sentences write it; "" of words."""
    number = None if parse_number(value) is None else Decimal(value)
    cell = report.record.stated.get(key)
    if number is None or cell is None:
        return ""
    return cell.shown if cell.number == number else show(number, cell.field)


def _quoted(text: str) -> str:
    if len(text) > _LONGEST_QUOTED:
        text = f"{text[:_LONGEST_QUOTED]}…（共 {len(text)} 字）"
    return f"{_TEXT}{text}{_END}"


def _squeezed(text: str) -> str:
    return "".join(text.split())
