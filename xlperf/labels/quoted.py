"""Where in a document the words are that are quoted of a text of several paragraphs."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator

from xlperf.audit.run import Report
from xlperf.audit.sentences import Sentence, is_in_paragraph
from xlperf.checks.rule import Finding
from xlperf.form.record import Stated
from xlperf.labels.blocks import Document, Paragraph
from xlperf.text import expression

_QUOTED = (expression("“([^”]+(?:”[^“”]*“[^”]+)*)”"), expression("“([^“”]+)”"))  # with quotes in them, and without
_SHORTEST = 4  # letters: fewer are a word that a message speaks of, as 万元


def with_quotes(report: Report, document: Document) -> Report:
    """The findings about a text that quote words of it at the paragraph which has them.

    Where that is one paragraph: words which stand twice, or in several paragraphs, leave a finding at the text's first.
    """
    return dataclasses.replace(report, findings=tuple(_placed(each, report, document) for each in report.findings))


def sentences_placed(sentences: Iterable[Sentence], document: Document) -> Iterator[Sentence]:
    """The sentences of a text, each at the first paragraph from the text's own on that has it."""
    for sentence in sentences:
        places = paragraphs_with(sentence.quote.partition("\n")[0], sentence.place, document)
        yield sentence._replace(place=next(places, sentence.place))


def _placed(finding: Finding, report: Report, document: Document) -> Finding:
    cell = report.seen.cells.get(finding.key)
    if cell is None or not cell.field.is_text or not is_in_paragraph(cell) or "“" in cell.at:
        return finding
    said = (quote for pattern in _QUOTED for quote in pattern.findall(finding.message))
    words = (quote for quote in said if len(quote) >= _SHORTEST and quote in cell.text)
    quotes = list(dict.fromkeys(words))
    places = {place for quote in quotes for place in _in(cell, quote, document)}
    if len(places) != 1:
        return finding
    (place,) = places
    return finding._replace(at=f"{place}“{quotes[0]}”" if len(quotes) == 1 else place)


def _in(cell: Stated, quote: str, document: Document) -> Iterator[str]:
    """The paragraphs of a text that have the words."""
    lines = {"".join(line.split()) for line in cell.text.split("\n")}
    for place in paragraphs_with(quote, cell.at, document):
        text = next(each.text for each in document.blocks if each.place == place and isinstance(each, Paragraph))
        own = "".join(text.split())
        if any(own.endswith(line) or line in own for line in lines if line):
            yield place


def paragraphs_with(words: str, first: str, document: Document) -> Iterator[str]:
    """The paragraphs that have the words, from the first one of their text on."""
    begun = False
    for block in document.blocks:
        begun = begun or block.place == first
        if begun and isinstance(block, Paragraph) and words in block.text:
            yield block.place
