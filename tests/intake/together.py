"""Reports of random clean forms as documents, with their tables and without: none of them may be found fault with.

`python -m tests.intake.together [--count 300] [--seed 1]` audits so many of each and tells what was found.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Iterator
from typing import Any

from tests.bench.faults.clean import MODES, clean
from xlperf.audit.run import audit
from xlperf.checks.rule import Finding
from xlperf.form.forms import load_template
from xlperf.form.record import record_from_values
from xlperf.intake.readers.word import read_word
from xlperf.intake.standing import forms_in
from xlperf.labels.blocks import Document, Paragraph
from xlperf.report.word import build_report

NAME = "报告.docx"


def drawn(number: int, seed: int = 1) -> dict[str, Any]:
    """The values of one clean form."""
    return clean(random.Random(f"together {seed} {number}"), MODES[number % len(MODES)])


def as_document(values: dict[str, Any]) -> Document:
    """The report that we write of a form, read again: the text, and the tables behind it."""
    record = record_from_values(values, load_template("department_overall"))
    return read_word(build_report(record), NAME)


def text_only(document: Document) -> Document:
    return document._replace(blocks=tuple(each for each in document.blocks if isinstance(each, Paragraph)))


def without_finance(document: Document) -> Document:
    """With the tables of the published report only, whose 收支情况 is in its text."""
    return document._replace(
        blocks=tuple(
            each
            for each in document.blocks
            if isinstance(each, Paragraph) or not any("收入合计" in cell.text for cell in each.cells)
        )
    )


def more_than_the_form(values: dict[str, Any], document: Document) -> list[Finding]:
    """What is found in a report, no matter for information, by rules that find nothing of the kind in the form."""
    record = record_from_values(values, load_template("department_overall"))
    known = {each.code for each in audit(record).findings}
    return [each for each in findings(document) if each.severity != "info" and each.code not in known]


def findings(document: Document) -> list[Finding]:
    """What `check` says of a document, by the only form in it."""
    (form,) = forms_in(document)
    return list(audit(form.record).findings)


def each(count: int, seed: int) -> Iterator[tuple[str, int, Finding]]:
    for number in range(count):
        values = drawn(number, seed)
        whole = as_document(values)
        yield from (("with tables", number, finding) for finding in more_than_the_form(values, whole))
        in_part = without_finance(whole)
        yield from (("without finance", number, finding) for finding in more_than_the_form(values, in_part))
        yield from (("text only", number, finding) for finding in findings(text_only(whole)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--shown", type=int, default=2, help="findings shown of each rule")
    given = parser.parse_args()
    told: Counter[tuple[str, str]] = Counter()
    for kind, number, finding in each(given.count, given.seed):
        told[kind, finding.code] += 1
        if told[kind, finding.code] <= given.shown:
            print(f"{kind} {number} {finding.code} {finding.severity} {finding.at}: {finding.message[:160]}")
    print({kind: {code: number for (of, code), number in sorted(told.items()) if of == kind} for kind, _ in told})


if __name__ == "__main__":
    main()
