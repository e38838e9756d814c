"""What an audit compared and what it did not: every rule, every sentence with figures, and how many figures in all."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from xlperf.audit.applicable import GIVEN, not_applicable
from xlperf.audit.run import Report
from xlperf.audit.running import Operands, bound
from xlperf.audit.sentences import RULES_OF_FIGURES, Sentence, comparisons, is_of_text, spoken
from xlperf.checks.catalog import CHECKS
from xlperf.checks.relations import sides_of
from xlperf.checks.rule import Check, NotRun, some
from xlperf.derive.seen import Derived, Seen
from xlperf.form.record import HEAD_KEYS, Stated
from xlperf.form.relations import AGREEMENTS

HELD, FOUND, NOT_RUN, NOT_ASKED, NOT_APPLICABLE = "held", "found", "not_run", "not_asked", "not_applicable"
_STATE_TEXT = {
    HELD: "相符",
    FOUND: "有问题",
    NOT_RUN: "未能核对",
    NOT_ASKED: "没有给出要对照的表",
    NOT_APPLICABLE: "不适用",
}
_GRAVEST = (FOUND, NOT_RUN, HELD, NOT_ASKED, NOT_APPLICABLE)
_NOTHING_THERE = "表里没有填它要核对的内容"


class Ruled(NamedTuple):
    """What became of a rule: how often it held and was broken, and the cells and reasons for which it did not run."""

    code: str
    title: str
    state: str
    held: int = 0
    found: int = 0
    blank: tuple[str, ...] = ()
    reason: str = ""

    def told(self, most: int) -> str:
        """What became of it, in words; of the cells that were blank the first few."""
        blank = some(self.blank, most, " 等 {} 格")
        why = f"{blank} {self.reason or '空白'}" if blank else self.reason
        parts = (
            f"{state_text(FOUND)} {self.found} 项" if self.found else "",
            f"{state_text(HELD)} {self.held} 次" if self.held else "",
            f"{state_text(NOT_RUN)}（{why}）" if why else "",
        )
        return "，".join(filter(None, parts)) or state_text(self.state)


def state_text(state: str) -> str:
    return _STATE_TEXT[state]


class Ledger(NamedTuple):
    """All rules in the order of their codes, and all sentences; figures of cells count with those of sentences."""

    rules: tuple[Ruled, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    compared: int = 0
    not_compared: int = 0

    def with_sentences(self, sentences: Sequence[Sentence]) -> Ledger:
        """The figures of further sentences with it."""
        return self._replace(
            sentences=(*self.sentences, *sentences),
            compared=self.compared + sum(each.compared for each in sentences),
            not_compared=self.not_compared + sum(each.not_compared for each in sentences),
        )

    def without(self, quotes: Collection[str]) -> Ledger:
        """Without these sentences, which are counted elsewhere."""
        gone = [each for each in self.sentences if each.quote in quotes]
        return self._replace(
            sentences=tuple(each for each in self.sentences if each.quote not in quotes),
            compared=self.compared - sum(each.compared for each in gone),
            not_compared=self.not_compared - sum(each.not_compared for each in gone),
        )

    @property
    def line(self) -> str:
        """The last line of a command."""
        return f"比较了 {self.compared} 个数，{self.not_compared} 个没有比较。"


def ledger_of(report: Report) -> Ledger:
    """What an audit by all rules compared; no rule is run again, and what each ran over is known."""
    seen = report.seen
    said = {section.key: list(comparisons(section, seen)) for section in seen.sections}
    in_text = [each for section in said.values() for each in section]
    compared: set[str] = {cell.key for _, each in in_text for cell in each.cells}
    ran = Counter(code for code, each in in_text if each.slip is None)
    absent = set(not_applicable(seen.record.template))
    for rule in CHECKS:
        if (
            rule.code not in RULES_OF_FIGURES
            and rule.code not in absent
            and _is_asked(rule, seen)
            and _is_inspected(rule, report.not_run)
        ):
            for cells in _decided(rule, seen):
                ran[rule.code] += 1
                compared |= cells
    for finding in report.findings:
        if finding.related:
            compared |= {finding.key, *(key for _, key, _ in finding.related)}
    stated = [each for each in seen.cells.values() if each.is_number and not each.shared and each.key not in HEAD_KEYS]
    figures = [each for each in stated if not is_of_text(each)]  # those of the text are counted with its sentences
    filled = [each for each in stated if is_of_text(each) and each.key in compared]
    count = sum(cell.key in compared for cell in figures)
    own = Ledger(tuple(_ruled(report, ran, absent)), (), count, len(figures) - count)
    quotes = [cell.at.partition("“")[2].removesuffix("”") for cell in filled]
    sections = (spoken(section, seen, (each for _, each in said[section.key]), quotes) for section in seen.sections)
    return own.with_sentences([sentence for section in sections for _, sentence in section])


def joined(ledgers: Iterable[Ledger]) -> Ledger:
    """Those of several forms as one: of a rule the gravest that became of it."""
    every = list(ledgers)
    rules: dict[str, Ruled] = {}
    for each in (rule for ledger in every for rule in ledger.rules):
        rules[each.code] = _both(rules[each.code], each) if each.code in rules else each
    sentences = tuple(sentence for ledger in every for sentence in ledger.sentences)
    counts = sum(each.compared for each in every), sum(each.not_compared for each in every)
    return Ledger(tuple(rules[code] for code in sorted(rules)), sentences, *counts)


def _both(one: Ruled, other: Ruled) -> Ruled:
    worse = min(one, other, key=lambda each: _GRAVEST.index(each.state))
    blank = tuple(dict.fromkeys((*one.blank, *other.blank)))
    return worse._replace(held=one.held + other.held, found=one.found + other.found, blank=blank)


def _ruled(report: Report, ran: Mapping[str, int], absent: set[str]) -> Iterator[Ruled]:
    """What became of every rule."""
    found = Counter(finding.code for finding in report.findings)
    open_: dict[str, list[NotRun]] = defaultdict(list)
    for each in report.not_run:
        open_[each.code].append(each)
    for rule in CHECKS:
        code, title, left = rule.code, rule.titled(report.record.template), open_[rule.code]
        if code in absent:
            yield Ruled(code, title, NOT_APPLICABLE)
        elif not _is_asked(rule, report.seen):
            yield Ruled(code, title, NOT_ASKED)
        else:
            broken = 0 if code in RULES_OF_FIGURES else found[code] + sum(bool(each.reason) for each in left)
            held = max(ran[code] - broken, 0)
            state = FOUND if found[code] else NOT_RUN if left or not held else HELD
            blank = tuple(dict.fromkeys(place for each in left for place in each.blank))
            reason = next((each.reason for each in left if each.reason), "" if left or held else _NOTHING_THERE)
            yield Ruled(code, title, state, held, found[code], blank, "" if state == FOUND and not left else reason)


def _is_asked(rule: Check, seen: Seen) -> bool:
    return not any(GIVEN[name](seen) is None for name in rule.compared_with)


def _is_inspected(rule: Check, not_run: Iterable[NotRun]) -> bool:
    """Has an inspection seen the workbook, where the rule is about that?"""
    return not rule.is_about_workbook or all(each.code != rule.code or each.blank for each in not_run)


def _decided(rule: Check, seen: Seen) -> Iterator[set[str]]:
    """The cells that were held against each other, each time that a rule came to a verdict."""
    if rule.relations == AGREEMENTS:
        own = (relation for relation in seen.record.template.related(*AGREEMENTS) if relation.rule == rule.code)
        yield from (set(relation.keys) for relation in own if sides_of(relation, seen) is not None)
        return
    for operands, blank in bound(rule, seen):
        if not blank and _has_something_to_say(rule, operands, seen):
            keys = _keys_in(rule, operands)
            yield keys if len(keys) > 1 else set()


def _has_something_to_say(rule: Check, operands: Operands, seen: Seen) -> bool:
    """Of what a rule reads by itself, is anything there? A text that is not written holds nothing."""
    if not rule.reads or any(isinstance(operand, Stated) and not operand.is_blank for operand in operands):
        return True
    return any(_is_there(key, seen) for key in rule.reads)


def _is_there(key: str, seen: Seen) -> bool:
    if key.endswith("*"):
        return any(each.startswith(key[:-1]) and not cell.is_blank for each, cell in seen.cells.items())
    template = seen.record.template
    if key.startswith("@"):
        role = key.partition(".")[0]
        table = template.table(role)
        if table is not None:
            return bool(seen.tables[table.key])
        cells = [seen.cells[each] for each in template.cells_of(role[1:]) if each in seen.cells]
        return not cells or any(not cell.is_blank for cell in cells)
    return key not in seen.cells or not seen[key].is_blank


def _keys_in(rule: Check, operands: Operands) -> set[str]:
    """The figures among the operands."""
    found: set[str] = set()
    for name, operand in zip(rule.names, operands, strict=True):
        if name in GIVEN:
            continue
        cells = (operand,) if isinstance(operand, (Stated, Derived)) else operand if isinstance(operand, tuple) else ()
        for cell in cells:
            if isinstance(cell, Derived):
                found |= {each.key for each in (cell.stated, *cell.operands) if each.is_number}
            elif isinstance(cell, Stated) and cell.is_number:
                found.add(cell.key)
    return found
