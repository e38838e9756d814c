"""The rows of 勾稽关系 as a spreadsheet program shows them, and whether the rules say the same of the form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple

from xlperf.audit.run import Report
from xlperf.checks.rule import Finding, NotRun, Severity
from xlperf.form.forms import load_template
from xlperf.form.record import Record
from xlperf.form.relations import AGREEMENTS, LAST_YEAR, Kind, keys_of_term
from xlperf.form.relations import Relation as Stated
from xlperf.form.template import Template, split_row_key
from xlperf.tieout import HEADINGS, entries
from xlperf.tieout.pieces import ASKS, BLANK, FAILS, FITS, NOT_APPLICABLE, NOWHERE, UNDECIDABLE
from xlperf.tieout.pieces import Row as Relation

SHEET = "勾稽关系"
TEMPLATE = load_template("department_overall")
WORDS = {FITS, FAILS, ASKS, BLANK, NOT_APPLICABLE, UNDECIDABLE}


@cache
def relations(template: Template) -> list[Relation]:
    """The sheet's rows, without their formulas."""
    return [entry for entry in entries(template, NOWHERE) if isinstance(entry, Relation)]


@cache
def _agreements(template: Template) -> dict[str, Stated]:
    """By what its row says."""
    agreements, every = template.related(*AGREEMENTS), relations(template)
    return dict(zip([each.text for each in every[len(every) - len(agreements) :]], agreements, strict=True))


RELATIONS = relations(TEMPLATE)


class Row(NamedTuple):
    """A row of the sheet as a spreadsheet program shows it."""

    left: Any
    right: Any
    difference: Any
    slack: Any
    result: str


def rows_of(lines: Iterable[Sequence[Any]], template: Template = TEMPLATE) -> list[Row]:
    """The rows among the lines of the whole sheet."""
    rows = [Row(*line[3 : len(HEADINGS)]) for line in lines if line[len(HEADINGS) - 1] in WORDS]
    assert len(rows) == len(relations(template))
    return rows


def row_of(rule: str, *words: str) -> int:
    """The place of the only row with this rule and these words."""
    (place,) = (
        n for n, each in enumerate(RELATIONS) if rule in each.rules and all(word in each.text for word in words)
    )
    return place


def belongs(finding: Finding, relation: Relation, record: Record) -> bool:
    """Is a finding about this row's cells?"""
    if finding.code not in relation.rules:
        return False
    keys = {finding.key, *(key for _, key, _ in finding.related)}
    if relation.level:
        rows = {f"{row}weight" for row in record.same_level("indicators", "level1", relation.level)}
        return finding.key in (*rows, relation.keys[0])
    if finding.code in ("XLP301", "XLP303", "XLP304", "XLP214"):
        return True  # the only row of its rule
    if relation.rules[0] in ("XLP201", "XLP206", "XLP207", "XLP211", "XLP202", "XLP203", "XLP305"):
        if finding.code == "XLP201" and not {in_relations(key) for key in keys} <= set(relation.keys):
            return False  # the same total over other parts
        total = relation.keys[-1] if finding.code == "XLP211" else relation.keys[0]
        return finding.key == (f"{total.removesuffix('_prior')}_change" if finding.code == "XLP207" else total)
    agreement = _agreements(record.template).get(relation.text)
    if agreement is None or agreement.nil:
        return keys <= set(relation.keys)
    sides = (*agreement.left, *agreement.right)
    if agreement.kind is Kind.AT_MOST and not keys <= {key for term in sides for key in keys_of_term(term)}:
        return False  # the rule compared other cells
    return keys <= set(relation.keys) and {key for key in sides if not key.startswith(LAST_YEAR)} <= keys


def in_relations(key: str) -> str:
    """How a relation names a cell: the column for the cell of a row."""
    row = split_row_key(key)
    return f"{row[0]}[].{row[2]}" if row else key


def is_waiting(each: NotRun, relation: Relation, report: Report) -> bool:
    """Was the rule not run for want of one of this row's cells?"""
    if each.code not in relation.rules or relation.kind == "number":
        return False  # a count of bad rows speaks of those that are filled
    if relation.level:
        return False  # of several levels, which one is told by the rows alone
    places = {cell.at: cell.key for cell in report.record.stated.values()}
    return {in_relations(places[at]) for at in each.blank} <= set(relation.keys)


def disagreements(report: Report, rows: list[Row]) -> Iterator[str]:
    """Where a row says other than the findings, and where it contradicts itself."""
    for relation, row in zip(relations(report.record.template), rows, strict=True):
        findings = [each for each in report.findings if belongs(each, relation, report.record)]
        grave = {each.severity for each in findings} - {Severity.INFO}
        told = f"{relation.rules[0]} {relation.text}: {row} {[each.message for each in findings]}"
        if row.result in (FAILS, ASKS):
            if (Severity.ERROR if row.result == FAILS else Severity.WARNING) not in grave:
                yield told
        elif grave:
            yield told
        if row.result == FITS and any(is_waiting(each, relation, report) for each in report.not_run):
            yield f"not run: {told}"
        if row.result in (BLANK, NOT_APPLICABLE, UNDECIDABLE):
            if row.difference not in (None, ""):
                yield f"a difference beside {told}"
        elif row.result == FITS and relation.kind != "text" and "≤" not in relation.text and _is_apart(row):
            yield f"more than rounding explains: {told}"


def _is_apart(row: Row) -> bool:
    return bool(abs(row.difference) > row.slack + 1e-9)
