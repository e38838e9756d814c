"""Which findings a written explanation speaks of, and whether it still speaks of what stands there.

A row of 审核结果 is an item: what was found, as it was shown then, and what the user wrote beside it. That is an
`Explanation` of each finding of the row: it belongs to the finding of the same rule on the same cell, whatever rows
were inserted, sorted or filtered since and whatever item the finding is in now, and it settles that finding as long as
the figures are those it was written about. What is written beside several findings of one item stands together.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from xlperf.amounts import decimals, parse_number, round_half_up
from xlperf.audit.items import Item
from xlperf.audit.run import Report
from xlperf.checks.rule import Finding, Severity
from xlperf.form.record import shortened, show
from xlperf.form.template import Field
from xlperf.package import split_reference
from xlperf.package.xmltext import MAX_TEXT
from xlperf.text import expression

LONGEST_SHOWN = 40  # characters of what stands in a cell
GONE = "已消除"
CHANGED = "数字已变，请重新说明"
_SHORTEST_LINE = 100
_LONGEST_QUOTED = 2_000  # characters of an explanation that are repeated, so that it is seen whether it was rewritten
_FIGURE = expression(r"-?[0-9][0-9,]*(?:\.[0-9]+)?%?")
_UNNAMED = expression(r"第[0-9]+行")  # an indicator without a name goes by its row, which inserted rows shift
_WAS, _FOUND, _SAID, _TEXT, _END = "原来填的是“", "”，问题是“", "”", "，原说明〔", "〕。"
_UNSAID = "原说明没有说到"
OF_A_GROUP = "归因"  # earlier versions wrote it in the column of codes of a row that spoke for several findings


class About(NamedTuple):
    """What an explanation was written about: what the cell showed, and the sentence beside it."""

    shown: str
    message: str


class Explanation(NamedTuple):
    """What a row of 审核结果 says of one finding; `text` is what the user wrote, often nothing. `row` is all of it."""

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
        if not (self.advice.startswith(_WAS) and _repeats(self.advice, self.text)):
            return About(self.shown, self.message)
        return _about(self.advice.partition(_SAID + _TEXT)[0])

    def of_each(self) -> Iterator[Explanation]:
        """What the row says of each finding of its item, a line each in several of its cells."""
        codes = self.code.splitlines()
        if len(codes) < 2:
            yield self
            return
        items, figures = self.item.splitlines(), self.shown.splitlines()
        messages = numbered(self.message.splitlines()[1:])
        reminded = numbered(self.advice.partition(_TEXT)[0].splitlines()) if _repeats(self.advice, self.text) else {}
        for place, code in enumerate(codes):
            if place >= len(items) or place not in messages:
                continue
            at, _, message = messages[place].partition(_AT)
            shown, text = figures[place].replace(_BLANK, "") if place < len(figures) else "", self.text
            if place in reminded:
                if reminded[place].startswith(_WAS):
                    shown, message = _about(reminded[place].removesuffix(_SAID))
                else:
                    text = ""
            at = at if "!" in at else f"{self.place.rpartition('!')[0]}!{at}"
            yield Explanation(code, at, items[place], shown, message, "", text, self.status, self.row)


def _about(told: str) -> About:
    shown, _, message = told.removeprefix(_WAS).partition(_FOUND)
    return About(shown, message)


def _repeats(advice: str, text: str) -> bool:
    """Was the text there when the advice was written?"""
    return _squeezed(_quoted(text)) in _squeezed(advice)


_BLANK = "（空白）"
_AT = ": "  # behind a cell's address; no sheet can have a colon in its name
_NUMBERED = expression(r"（([0-9]{1,5})）(.*)")


def lines_of(texts: Iterable[str]) -> str:
    """Several texts in one cell, a line each."""
    kept = [" ".join(text.splitlines()) or _BLANK for text in texts]
    longest = max(_SHORTEST_LINE, MAX_TEXT // max(len(kept), 1) - 1)
    return shortened("\n".join(shortened(text, longest) for text in kept), MAX_TEXT)


def numbered(lines: Iterable[str]) -> Mapping[int, str]:
    """By place from 0, what stands behind （1）, （2） …"""
    found = (_NUMBERED.fullmatch(line) for line in lines)
    return {int(match[1]) - 1: match[2] for match in found if match}


def told_of(item: Item) -> str:
    """The sentences about an item, of several findings each with its cell; `Explanation.of_each` reads them again."""
    if len(item.findings) == 1:
        return item.findings[0].message
    home = item.at[0].rpartition("!")[0]
    lines = (
        f"（{place}）{each.at.removeprefix(f'{home}!')}{_AT}{each.message}"
        for place, each in enumerate(item.findings, 1)
    )
    return lines_of((item.reason, *lines))


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
        return "" if self.holds else f"{_remembered(self.about)}{_SAID}{_quoted(self.text)}"


class Standing(StrEnum):
    """What there is to do about an item."""

    TO_CORRECT = "to_correct"
    TO_EXPLAIN = "to_explain"
    CHANGED = "changed"  # explained, but for other figures
    EXPLAINED = "explained"
    INFO = "info"

    @property
    def text(self) -> str:
        return _STANDING_TEXT[self]


_STANDING_TEXT = {
    Standing.TO_CORRECT: "待改正",
    Standing.TO_EXPLAIN: "待说明",
    Standing.CHANGED: CHANGED,
    Standing.EXPLAINED: "已说明",
    Standing.INFO: "提示",
}


class Explained(NamedTuple):
    """The answers by place in the report's findings, and what is left: a row whose findings are all gone, as it is, and
    of other rows what was written about a finding that is gone, with no row of its own.
    """

    answers: Mapping[int, Answer]
    left: tuple[Explanation, ...]

    def settles(self, number: int, finding: Finding) -> bool:
        """A 核实性 finding is settled by a written explanation that holds, which 无 and —— are not; an error is not."""
        answer = self.answers.get(number)
        return finding.severity is Severity.WARNING and answer is not None and answer.given and answer.holds

    def text_of(self, item: Item) -> str:
        """All that is written about an item: what several answers say once, and beside reasons nothing that is none."""
        found = [self.answers[number] for number in item.numbers if number in self.answers]
        reasons = [answer for answer in found if answer.given]
        texts = list(dict.fromkeys(answer.text for answer in reasons or found))
        return texts[0] if len(texts) == 1 else "\n".join(dict.fromkeys(line for t in texts for line in t.splitlines()))

    def standing(self, item: Item) -> Standing:
        if item.severity is not Severity.WARNING:
            return Standing.TO_CORRECT if item.severity is Severity.ERROR else Standing.INFO
        warnings = [(n, each) for n, each in item.pairs if each.severity is Severity.WARNING]
        if all(self.settles(number, finding) for number, finding in warnings):
            return Standing.EXPLAINED
        outdated = (self.answers[number].is_outdated for number, _ in warnings if number in self.answers)
        return Standing.CHANGED if any(outdated) else Standing.TO_EXPLAIN

    def reminder(self, item: Item) -> str:
        """What is written about an item speaks of other figures, or not of all its findings: then of which."""
        if len(item.numbers) == 1:
            answer = self.answers.get(item.numbers[0])
            return answer.reminder if answer else ""
        text = self.text_of(item)
        is_given = any(self.answers[number].given for number in item.numbers if number in self.answers)
        lines = []
        for place, (number, finding) in enumerate(item.pairs, 1):
            answer = self.answers.get(number)
            if answer is not None and not answer.holds:
                lines.append(f"（{place}）{_remembered(answer.about)}{_SAID}")
            elif is_given and finding.severity is Severity.WARNING and not (answer and answer.given):
                lines.append(f"（{place}）{_UNSAID}")
        return f"{lines_of(lines)}{_quoted(text)}" if lines else ""


def standings(audits: Iterable[tuple[Report, Explanations]]) -> Counter[Standing]:
    """How many items there are of each kind of thing to do."""
    return Counter(
        explained.standing(item)
        for report, explanations in audits
        for explained in (explain(report, explanations),)
        for item in report.items()
    )


def standing_line(audits: Iterable[tuple[Report, Explanations]]) -> str:
    """How many items there are to correct and to explain, and how many are explained."""
    found = standings(audits)
    to_explain = found[Standing.TO_EXPLAIN] + found[Standing.CHANGED]
    return f"待改 {found[Standing.TO_CORRECT]} · 待说明 {to_explain} · 已说明 {found[Standing.EXPLAINED]}"


def explain(report: Report, explanations: Explanations) -> Explained:
    """Find each explanation's finding."""
    rows: dict[tuple[str, str], list[Explanation]] = defaultdict(list)
    of_groups = [row for row in explanations if row.code == OF_A_GROUP]
    for row in explanations:
        rows[row.code, _item(row.item)].append(row)
    numbers: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, finding in enumerate(report.findings):
        numbers[finding.code, _item(report.record[finding.key].label)].append(number)
    answers: dict[int, Answer] = {}
    used: dict[int, list[Explanation]] = defaultdict(list)
    for identity, known in rows.items():
        pairs = _paired(known, numbers[identity], report) if any(row.text.strip() for row in known) else {}
        for number, row in pairs.items():
            if row.text.strip():
                holds = _holds(row.about, report.findings[number], report)
                answers[number] = _answer(row.text, holds, row.about, report)
                used[_which(row)].append(row)
    for row in _of_groups(of_groups, answers, report) if of_groups else ():
        used[_which(row)].append(row)
    left: dict[int, Explanation] = {}
    for row in explanations:
        if row.text.strip() and _which(row) not in used:
            left.setdefault(_which(row), row)
        elif row.text.strip() and row not in used[_which(row)]:
            left[id(row)] = row._replace(row=())
    return Explained(answers, tuple(left.values()))


def _which(row: Explanation) -> int:
    """The row of 审核结果 that it stands in."""
    return id(row.row) if row.row else id(row)


def _answer(text: str, holds: bool, about: About, report: Report) -> Answer:
    return Answer(text, report.record.template.words.reasons.given(text), holds, about)


def _of_groups(rows: Sequence[Explanation], answers: dict[int, Answer], report: Report) -> Iterator[Explanation]:
    """What earlier versions have beside the cell to blame for several findings is an answer to each of them."""
    for item in report.items():
        if item.group is None or len(item.numbers) == 1:
            continue
        cell = report.record[item.group.suspects[0].keys[0]]
        for row in rows:
            if not row.text.strip() or row.item != cell.label:
                continue
            holds = _same(row.shown, shortened(cell.shown, LONGEST_SHOWN), cell.field)
            for number, finding in item.pairs:
                own = answers.get(number)
                text = row.text if own is None else f"{own.text}\n{row.text}"
                about = About(shown_in(finding, report), finding.message) if own is None else own.about
                answers[number] = _answer(text, holds if own is None else own.holds, about, report)
            yield row


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
            lambda row, finding: _item(_squeezed(row.message)) == _item(_squeezed(finding.message)),
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
    number, cell = parse_number(value), report.record.stated.get(key)
    if number is None or cell is None:
        return ""
    return cell.shown if cell.number == number.value else show(number.value, cell.field)


def _remembered(about: About) -> str:
    return f"{_WAS}{about.shown}{_FOUND}{about.message}"


def _quoted(text: str) -> str:
    if len(text) > _LONGEST_QUOTED:
        text = f"{text[:_LONGEST_QUOTED]}…（共 {len(text)} 字）"
    return f"{_TEXT}{text}{_END}"


def _squeezed(text: str) -> str:
    return "".join(text.split())
