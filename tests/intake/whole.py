"""Whole reports with random figures, wordings and outlines, and what importing each has to give.

    python -m tests.intake.whole [--count 300] [--seed 16] [--only NUMBER]

Of every report, as .txt and as .docx: what it states stands in the cell that it is of, or is listed; nothing stands
anywhere else; every paragraph is in its section or listed; and every figure of the text is counted once by the import
and by `check --against`. The figures are counted here as they are drawn, not found in the text.
"""

from __future__ import annotations

import argparse
import re
import tempfile
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from tests.intake.written import Said, Writer, Written, as_text, as_word
from xlperf.form.forms import load_template
from xlperf.form.record import record_from_values
from xlperf.intake.gather import Intake, gather
from xlperf.intake.readers.opening import read_document
from xlperf.labels.blocks import Document
from xlperf.report.against import hold

TEMPLATE = "department_overall"


class Outcome(NamedTuple):
    """What was read of a report: how many of its statements are filled in and how many listed, and what is wrong."""

    name: str
    filled: int
    listed: tuple[Said, ...]
    wrong: tuple[str, ...]


def outcome(report: Written, path: Path) -> Outcome:
    document = read_document(path)
    intake = gather([document], load_template(TEMPLATE))
    entries = {each.key: each.value for each in intake.entries}
    listed = [each for each in report.said if each.key not in entries]
    wrong = [
        *_wrong_cells(report, entries),
        *(f"lost {each.key} {each.written}：{each.line}" for each in listed if not _is_listed(each, intake)),
        *_wrong_places(report, intake),
        *_wrong_counts(report, intake, document),
    ]
    return Outcome(report.name, len(report.said) - len(listed), tuple(listed), tuple(wrong))


def _wrong_cells(report: Written, entries: Mapping[str, str]) -> Iterator[str]:
    stated: dict[str, list[Decimal | str]] = {}
    for each in report.said:
        stated.setdefault(each.key, []).append(each.value)
    for key, value in entries.items():
        if key.startswith("section_") or key in ("year", "report_unit_name"):
            continue
        if not any(_is_same(value, each) for each in stated.get(key, ())):
            yield f"wrong {key} = {value}, stated {stated.get(key)}"


def _is_same(value: str, stated: Decimal | str) -> bool:
    if isinstance(stated, str):
        return _folded(value) == _folded(stated)
    number = value.removesuffix("%")
    if not re.fullmatch(r"-?[0-9]+(?:\.[0-9]+)?", number):
        return False
    return Decimal(number).scaleb(-2 if value.endswith("%") else 0) == stated


def _is_listed(said: Said, intake: Intake) -> bool:
    line = _folded(said.line)
    texts = [_folded(each.text) for each in (*intake.left, *intake.conflicts, *intake.kept)]
    return any(_folded(said.written) in text and (text in line or line in text) for text in texts)


def _wrong_places(report: Written, intake: Intake) -> Iterator[str]:
    """The paragraphs that are not in their section, or nowhere at all."""
    sections = {each.key: _folded(each.value) for each in intake.entries if each.key.startswith("section_")}
    left = [_folded(each.text) for each in intake.left]
    for line in report.lines:
        text = _folded(line.text)
        found = [key for key, said in sections.items() if text in said]
        if not line.is_heading and not found and not any(text in each for each in left):
            yield f"nowhere: {line.text}"
        elif not line.is_heading and line.key is not None and line.key not in (found or [""]):
            yield f"in {found}, not in “{line.key}”: {line.text}"


def _wrong_counts(report: Written, intake: Intake, document: Document) -> Iterator[str]:
    template = load_template(TEMPLATE)
    held = hold(record_from_values(intake.values, template), document, tables=False)
    compared = sum(each.compared for each in held.sentences)
    not_compared = sum(each.not_compared for each in held.sentences)
    if compared + not_compared != report.figures:
        yield f"check counts {compared} + {not_compared}, the text has {report.figures}"
    read, listed = intake.figures
    if read + listed != report.figures:
        yield f"import counts {read} + {listed}, the text has {report.figures}"
    yield from (f"not listed {each.written}：{each.line}" for each in report.others if not _is_listed(each, intake))


def _folded(text: str) -> str:
    return "".join(text.split())


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.intake.whole", description=__doc__)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", type=int, default=16)
    parser.add_argument("--only", type=int)
    parser.add_argument("--listed", action="store_true", help="show what is listed instead of filled in")
    given = parser.parse_args()
    numbers = range(given.count) if given.only is None else [given.only]
    right = filled = listed = figures = 0
    with tempfile.TemporaryDirectory() as folder:
        for number in numbers:
            report = Writer(number, given.seed).report()
            texts = as_text(report, Path(folder, "报告.txt")), as_word(report, Path(folder, "报告.docx"))
            found = [outcome(report, path) for path in texts]
            if given.only is not None:
                print(texts[0].read_text("utf-8"), "\n----")
            for path, each in zip(texts, found, strict=True):
                for wrong in each.wrong:
                    print(f"{each.name} {path.suffix}: {wrong}")
                for said in each.listed if given.listed else ():
                    print(f"{each.name} {path.suffix}: listed {said.key} {said.written}：{said.line}")
            right += not any(each.wrong for each in found)
            filled += sum(each.filled for each in found)
            listed += sum(len(each.listed) for each in found)
            figures += 2 * report.figures
    print(f"{right} of {len(numbers)} reports right; {filled} statements filled in, {listed} listed; {figures} figures")


if __name__ == "__main__":
    main()
