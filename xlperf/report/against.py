"""An existing report against the workbook: its text sentence by sentence, its tables cell by cell.

The text is audited as if it stood in the workbook's sheet 自评报告, so that one set of rules judges both.
"""

from __future__ import annotations

import dataclasses
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from xlperf.amounts import agrees
from xlperf.audit.ledger import Ledger
from xlperf.audit.misprints import misprint_told
from xlperf.audit.run import audit
from xlperf.audit.sentences import RULES_OF_FIGURES, Sentence, comparisons, figure_in, sentences_in, spoken
from xlperf.checks.catalog import CHECKS
from xlperf.checks.narrative import Comparison
from xlperf.checks.rule import Finding, Severity
from xlperf.derive.seen import SECTION, Seen
from xlperf.form.forms import load_template
from xlperf.form.record import HEAD_KEYS, Record, State, Stated, state
from xlperf.form.template import row_key, split_row_key
from xlperf.intake.outline import read_outline
from xlperf.labels.blocks import Document, Paragraph
from xlperf.labels.reading import Entry, Passage, Reading
from xlperf.labels.tables import read_tables
from xlperf.labels.words import known_labels
from xlperf.report.lines import PARAGRAPH, Anchor, Line, anchor_at, lines_in
from xlperf.report.sections import is_placeholder, words
from xlperf.report.spec import report_spec

_ABOUT_TEXT = tuple(rule for rule in CHECKS if rule.code.startswith("XLP5"))
_QUOTED = re.compile("“([^”]+(?:”[^“”]*“[^”]+)*)”")
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_CELL = re.compile(r"(表[0-9]+(?:（在表[0-9]+内）)?) (第[0-9]+行第[0-9]+列)")
_LONGEST_SHOWN = 40
_NOTHING_TO_COMPARE = "{}：报告里没有可以与表比较的内容；请检查是否选错了文件。"
_NOTHING_COMPARED = "{}：报告里的 {} 个数，一个也没有与表比较；请检查是否选错了文件，或者章节标题没有认出。"


class Contradiction(NamedTuple):
    """What a report says otherwise than the workbook; `at` is the workbook's cell, `code` the rule, if one says so.

    What is wrong with its text alone has no cell: `key` is that of the section, `at` is empty.

    `file`: in which the cell is, where there are several.
    """

    severity: Severity
    code: str
    place: str
    quote: str
    key: str
    at: str
    stated: str
    expected: str
    message: str
    anchor: Anchor | None
    file: str = ""

    @property
    def is_of_text_alone(self) -> bool:
        """Does a rule speak of the report's words, whatever the workbook says?"""
        return self.key.startswith(SECTION)


class Held(NamedTuple):
    """A report held against a workbook: what they do not agree on, and of what it states what was compared.

    `cells`: how many figures of its own tables the workbook has as well, and how many it has not.
    """

    found: tuple[Contradiction, ...]
    sentences: tuple[Sentence, ...]
    cells: tuple[int, int] = (0, 0)
    words: int = 0  # held against the tables in the text, grades and whatever a rule speaks of included

    @property
    def is_compared(self) -> bool:
        """Was any figure compared, or where there is none any word?"""
        ledger = self.ledger("")
        return ledger.compared > 0 or (not ledger.not_compared and self.words > 0)

    def ledger(self, name: str) -> Ledger:
        """Its part of what was compared, at places that name the report."""
        sentences = [each._replace(place=f"{name} {each.place}".strip()) for each in self.sentences]
        return Ledger((), (), *self.cells).with_sentences(sentences)

    def nothing_compared(self, name: str) -> str:
        count = self.ledger(name).not_compared
        return _NOTHING_COMPARED.format(name, count) if count else _NOTHING_TO_COMPARE.format(name)


Compared = Mapping[str, Sequence[tuple[str, Comparison]]]  # by section, with the rule that compared


def hold(record: Record, document: Document, variant: str | None = None, *, tables: bool = True) -> Held:
    """Hold a report against a workbook; both results are in the order of the report.

    `tables`: those of the report too. Where they are forms of their own, they are held against others as forms.
    """
    seen = Seen(record, variant)
    whole = load_template(record.template.id)  # a form in parts has what its headings say for labels
    outline = read_outline(document, whole) if known_labels(whole).signatures else Reading((), ())
    outline = outline._replace(entries=tuple(each for each in outline.entries if record.template.has(each.key)))
    texts = {entry.key: entry for entry in outline.entries if entry.key.startswith(SECTION)}
    lines = {key: tuple(lines_in(entry, document)) for key, entry in texts.items()}
    with_text = Seen(_with_sections(record, texts), variant)
    entries = read_tables(document, record.template).entries if tables else ()
    compared = {key: tuple(comparisons(with_text[key], with_text)) for key in lines}
    of_text = list(_of_text(with_text, compared, lines, document))
    cells = [
        *_of_entries(entries, seen, document),
        *_of_entries((entry for entry in outline.entries if entry.key not in texts), seen, document),
    ]
    found = [*of_text, *(each.found for each in cells if each.found is not None)]
    last = Anchor(len(document.blocks), None, 0, 0)
    in_order = sorted(dict.fromkeys(found), key=lambda each: (each.anchor or last)[:1] + _order(each.anchor))
    sentences = _sentences(with_text, compared, lines, document, outline.left)
    figures = [each.is_compared for each in cells if each.is_figure]
    count = sum(not each.is_of_text_alone for each in of_text) + sum(map(len, compared.values()))
    return Held(tuple(in_order), tuple(sentences), (figures.count(True), figures.count(False)), count)


def hold_nothing(document: Document) -> Held:
    """A report that speaks of none of the forms."""
    blocks = (block for block in document.blocks if isinstance(block, Paragraph))
    return Held((), tuple(each for block in blocks for _, each in sentences_in(block.text, block.place)))


def _order(anchor: Anchor | None) -> tuple[int, int]:
    return (anchor.cell or 0, anchor.start) if anchor else (0, 0)


# The text


def _with_sections(record: Record, texts: Mapping[str, Entry]) -> Record:
    """The workbook's figures with the report's text; what is only a place to write in counts as blank."""
    stated = dict(record.stated)
    for key, cell in record.stated.items():
        if key.startswith(SECTION):
            text = texts[key].value if key in texts else ""
            blank = not text or all(map(is_placeholder, text.split("\n")))
            stated[key] = cell._replace(state=State.BLANK if blank else State.TEXT, text="" if blank else text)
    return dataclasses.replace(record, stated=stated)


def _of_text(
    seen: Seen, compared: Compared, lines: Mapping[str, Sequence[Line]], document: Document
) -> Iterator[Contradiction]:
    severities = {rule.code: rule.severity for rule in _ABOUT_TEXT}
    for key, own in compared.items():
        text = seen[key].text
        for code, (quote, first, last, _, slip) in own:
            if slip is not None:
                start, end = figure_in(text, quote, first, last)
                anchor = anchor_at(lines[key], start, end)
                message = seen.record.template.said(f"{slip.sentence}。{misprint_told(text[start:end], slip.at.shown)}")
                yield _contradiction(
                    severities[code], code, anchor, quote, slip.at, slip.expected, message, text[start:end], document
                )
    rest = tuple(rule for rule in _ABOUT_TEXT if rule.code not in RULES_OF_FIGURES)
    for finding in audit(seen.record, seen.variant, rest).findings:
        yield from _of_finding(finding, seen, lines, document)


def _of_finding(
    finding: Finding, seen: Seen, lines: Mapping[str, Sequence[Line]], document: Document
) -> Iterator[Contradiction]:
    """A rule's finding at each of the words that it quotes, or else at the first figure that it repeats.

    Of a rule that speaks of the words alone, at those of the section that it is about.
    """
    keys = [finding.key, *(key for _, key, _ in finding.related)]
    sections = [seen[key] for key in keys if key in lines and not seen[key].is_blank]
    against = next((seen[key] for key in keys if not key.startswith(SECTION)), None)
    if against is None:
        for section in sections[:1]:
            start, end = _spans(finding.message, section.text)[0]
            anchor, quote = anchor_at(lines[section.key], start, end), section.text[start:end]
            expected = finding.expected or ""
            yield _contradiction(
                finding.severity, finding.code, anchor, quote, section, expected, finding.message, quote, document
            )
        return
    for section in sections:
        for start, end in _spans(finding.message, section.text):
            anchor = anchor_at(lines[section.key], start, end)
            quote = section.text[start:end]
            yield _contradiction(
                finding.severity, finding.code, anchor, quote, against, against.shown, finding.message, quote, document
            )


def _spans(message: str, text: str) -> list[tuple[int, int]]:
    quotes = [quote for quote in _QUOTED.findall(message) if quote in text]
    if quotes:
        return [(text.find(quote), text.find(quote) + len(quote)) for quote in dict.fromkeys(quotes)]
    for number in _NUMBER.findall(message):
        found = re.search(rf"(?<![0-9.]){re.escape(number)}(?![0-9.])", text)
        if found:
            return [found.span()]
    return [(0, len(text.partition("\n")[0]))]


def _sentences(
    seen: Seen,
    compared: Compared,
    lines: Mapping[str, Sequence[Line]],
    document: Document,
    left: Sequence[Passage],
) -> list[Sentence]:
    """The sentences with figures: those of the sections, and those that belong to none."""
    found: list[tuple[int, int, Sentence]] = []
    for key, own in compared.items():
        for start, sentence in spoken(seen[key], seen, (each for _, each in own)):
            at = anchor_at(lines[key], start, start) or Anchor(len(document.blocks), None, start, start)
            place = document.blocks[at.block].place if at.block < len(document.blocks) else sentence.place
            found.append((at.block, at.start, sentence._replace(place=place)))
    taken = {(line.block, line.offset + line.length) for own in lines.values() for line in own}
    for number, block in enumerate(document.blocks):
        if isinstance(block, Paragraph):
            for start, sentence in sentences_in(block.text, block.place):
                if not any(block_ == number and start < end for block_, end in taken):
                    reason = next((each.reason for each in left if sentence.quote in each.text), "")
                    found.append((number, start, sentence._replace(reason=reason)))
    return [sentence for *_, sentence in sorted(found)]


def _contradiction(  # noqa: PLR0913  what differs comes from a finding, from a table or from a sentence
    severity: Severity,
    code: str,
    anchor: Anchor | None,
    quote: str,
    cell: Stated,
    expected: str,
    message: str,
    stated: str,
    document: Document,
) -> Contradiction:
    place = document.blocks[anchor.block].place if anchor else document.name
    at = "" if cell.key.startswith(SECTION) else cell.at
    return Contradiction(severity, code, place, quote, cell.key, at, stated, expected, message, anchor)


# The tables


class _Cell(NamedTuple):
    """What the report states of a cell in its tables or title: is it a figure, has the workbook one, what differs?"""

    is_figure: bool
    is_compared: bool = False
    found: Contradiction | None = None


def _of_entries(entries: Iterable[Entry], seen: Seen, document: Document) -> Iterator[_Cell]:
    """What the report's own tables and title state, against the workbook."""
    entries, record = tuple(entries), seen.record
    rows = _rows(entries, record)
    for entry in entries:
        row = split_row_key(entry.key)
        anchor, place = _place(entry, document)
        if row and rows[row[0], row[1]] is None:
            if row[2] == record.template.tables[row[0]].row_label:
                message = f"报告有“{_short(entry.value)}”这一行，工作簿的{record.template.tables[row[0]].label}中没有。"
                missing = Contradiction(
                    Severity.WARNING, "", place, entry.value, "", "", entry.value, "", message, anchor
                )
                yield _Cell(False, found=missing)
            else:
                field = record.template.field(entry.key)
                known = record.template.not_applicable
                yield _Cell(state(entry.key, field, entry.value, not_applicable=known).is_number)
            continue
        key = row_key(row[0], rows[row[0], row[1]] or 0, row[2]) if row else entry.key
        cell = seen[key]
        said = state(key, cell.field, entry.value, not_applicable=record.template.not_applicable)
        severity = None if _is_own_name(key, said.text, seen) else _disagreement(said, cell)
        found = None
        if severity is not None:
            message = f"{cell.label}：报告为 {_short(said.shown)}，工作簿为 {_short(cell.shown) or '空白'}。"
            found = Contradiction(
                severity, "", place, _short(entry.value), key, cell.at, said.shown, cell.shown, message, anchor
            )
        yield _Cell(said.is_number and key not in HEAD_KEYS, not cell.is_blank, found)


def _rows(entries: Sequence[Entry], record: Record) -> Mapping[tuple[str, int], int | None]:
    """Row of the report -> row of the workbook of the same name, of several of one name in their order."""
    named: dict[tuple[str, int], str] = {}
    for entry in entries:
        row = split_row_key(entry.key)
        if row:
            named.setdefault(row[:2], "")
            if row[2] == record.template.tables[row[0]].row_label:
                named[row[:2]] = _plain(entry.value)
    own: dict[tuple[str, str], list[int]] = defaultdict(list)
    for table, spec in record.template.tables.items():
        for index in record.rows(table):
            own[table, _plain(record[row_key(table, index, spec.row_label)].text)].append(index)
    return {
        (table, number): own[table, name].pop(0) if own[table, name] else None
        for (table, number), name in sorted(named.items())
    }


def _disagreement(said: Stated, cell: Stated) -> Severity | None:
    """How gravely two statements of one cell differ; what one side does not say is no contradiction."""
    if said.is_blank or _is_masked(said.text) or _is_masked(cell.text):
        return None
    if cell.is_blank:
        return Severity.INFO
    if said.is_number and cell.is_number:
        gap = agrees(said, cell)
        return Severity.ERROR if gap and gap.impossible else None
    if _plain(said.shown) == _plain(cell.shown) or said.state is cell.state is State.NOT_APPLICABLE:
        return None
    return (
        Severity.WARNING if said.field.is_text or State.NOT_APPLICABLE in (said.state, cell.state) else Severity.ERROR
    )


def _is_own_name(key: str, name: str, seen: Seen) -> bool:
    """The unit under one of its names, where the workbook leaves the one that the report is titled with blank."""
    names = report_spec(load_template(seen.record.template.id)).unit_names  # the form as it is written, sheets and all
    return key in names and seen[key].is_blank and _plain(name) in {_plain(seen[each].text) for each in names}


def _is_masked(text: str) -> bool:
    spec = words()["redact"]
    return spec["withheld"] in text or spec["name_end"] in text


def _place(entry: Entry, document: Document) -> tuple[Anchor | None, str]:
    """Where an entry stands; the whole text there."""
    place = entry.place.removeprefix(document.name).strip()
    cell = _CELL.match(place)
    for number, block in enumerate(document.blocks):
        if isinstance(block, Paragraph):
            found = PARAGRAPH.match(place)
            if found and block.place == found[0]:
                start = max(block.text.find(entry.value), 0)
                end = start + len(entry.value) if entry.value in block.text else len(block.text)
                return Anchor(number, None, start, end), block.place
        elif cell and block.place == cell[1]:
            for index, each in enumerate(block.cells):
                if each.place == cell[2]:
                    return Anchor(number, index, 0, len(each.text)), f"{block.place} {each.place}"
    return None, place


def _plain(text: str) -> str:
    return "".join(text.split())


def _short(text: str) -> str:
    one = "".join(text.split("\n"))
    return one if len(one) <= _LONGEST_SHOWN else f"{one[:_LONGEST_SHOWN]}…"
