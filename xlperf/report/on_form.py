"""What an audit found in a form that stands in a Word document: a comment at each cell, in a copy of the document."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from xlperf.audit.run import Report
from xlperf.checks.catalog import RULES
from xlperf.checks.rule import OUR_REMARK, Finding
from xlperf.intake.readers.word import Piece
from xlperf.labels.blocks import Paragraph
from xlperf.report.comments import OURS, add_comments, open_document, take_away_comments
from xlperf.report.lines import Anchor


class Marked(NamedTuple):
    """A document with its comments: at how many places, and the findings that have no place in it."""

    blob: bytes
    places: int
    left_out: tuple[Finding, ...]


class _Told(NamedTuple):
    finding: Finding
    report: Report

    @property
    def text(self) -> str:
        """How grave it is, the sentence; below what to do."""
        finding = self.finding
        remedy = RULES[finding.code].docs(self.report.record.template)["改法"]
        sentence = f"{finding.severity.mark}{finding.message}"
        return f"{sentence}\n改法：{_fix(finding)}{remedy}"


def mark_form(blob: bytes, reports: Sequence[Report], name: str) -> Marked:
    """The .docx with one comment at each cell or sentence that a finding is about; `reports`: one of each form in it.

    Comments that an earlier audit left are replaced, so that marking twice gives the same bytes; `name` is what
    messages call the document. Raises `DocumentError` where it must not be changed.
    """
    places: dict[str, list[_Told]] = defaultdict(list)
    for report in reports:
        for finding in report.findings:
            places[finding.at].append(_Told(finding, report))
    found: dict[str, Anchor] = {}

    def wanted(pieces: Sequence[Piece]) -> Mapping[Anchor, str]:
        found.update(_anchors(pieces, places))
        told: dict[Anchor, list[str]] = defaultdict(list)
        for at, anchor in found.items():
            told[anchor] += (each.text for each in places[at])
        return {anchor: "\n".join(sentences) for anchor, sentences in told.items()}

    with open_document(blob, name, "没有加批注", "去掉 -o 只看结果") as (parts, main):
        take_away_comments(parts, main, lambda _, text: OUR_REMARK.match(text) is not None)
        if places:
            add_comments(parts, main, wanted, name)
        marked = parts.to_bytes()
    left_out = tuple(each.finding for at, told in places.items() if at not in found for each in told)
    return Marked(marked, len(set(found.values())), left_out)


def clear_form(blob: bytes, name: str) -> bytes:
    """The .docx without any comment of ours, every part as it was before; those of others stay.

    `name` is what messages call the document. Raises `DocumentError` where it must not be changed.
    """
    with open_document(blob, name, "没有改动", "用没有批注的原件") as (parts, main):
        take_away_comments(parts, main, lambda author, text: author in OURS or OUR_REMARK.match(text) is not None)
        return parts.to_bytes()


def _anchors(pieces: Sequence[Piece], places: Mapping[str, object]) -> dict[str, Anchor]:
    """Where in the document each place is: a cell, or a paragraph and in it the words that are quoted."""
    found = {}
    for number, piece in enumerate(pieces):
        block = piece.block
        if isinstance(block, Paragraph):
            for at in places:
                if at == block.place or at.startswith(f"{block.place}“"):
                    found[at] = Anchor(number, None, *_quoted(at.removeprefix(block.place), block.text))
            continue
        for index, cell in enumerate(block.cells):
            at = f"{block.place} {cell.place}"
            if at in places:
                found[at] = Anchor(number, index, 0, len(cell.text))
    return found


def _quoted(quote: str, text: str) -> tuple[int, int]:
    """Where the words in quotation marks stand in a text; all of it where they do not."""
    words = quote.removeprefix("“").removesuffix("”")
    start = text.find(words)
    return (start, start + len(words)) if words and start >= 0 else (0, len(text))


def _fix(finding: Finding) -> str:
    fix = finding.fix
    if fix is None:
        return ""
    return f"应为 {fix.value}。" if fix.at == finding.at else f"核对 {fix.at}，应为 {fix.value}。"
