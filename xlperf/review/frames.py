"""A review as pandas DataFrames, for people who go on in a notebook."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from xlperf.review.across import across
from xlperf.review.store import Store, store_of
from xlperf.review.whole import Wanted, run_review

if TYPE_CHECKING:
    import pandas

_NUMBERS = ("score", "rate", "opening", "annual", "spent")
_UNITS = """SELECT id AS unit_id, unit, year, status, kind, form, layout, grade, score, rate, opening, annual, spent,
    errors, warnings, infos, to_correct, to_explain, explained, unread, compared, not_compared, folder, files FROM unit
    WHERE id IN (SELECT id FROM temp.now) ORDER BY folder, unit, year, files"""
_FINDINGS = """SELECT finding.unit AS unit_id, unit.unit, unit.year, finding.severity, finding.code, finding.title,
    finding.file, finding.at, finding.label, finding.stated, finding.expected, finding.message, finding.standing,
    finding.explanation FROM finding JOIN unit ON unit.id = finding.unit WHERE unit.id IN (SELECT id FROM temp.now)
    ORDER BY unit.folder, unit.unit, unit.year, unit.files, finding.id"""
_UNREAD = """SELECT shown AS file, error AS reason FROM file WHERE run = ? AND error <> '' AND mark IN
    (SELECT mark FROM task WHERE attempt = ?) AND mark NOT IN (SELECT mark FROM replaced WHERE attempt = ?)
    UNION ALL SELECT shown, reason FROM passed WHERE attempt = ? AND failed ORDER BY 1"""


class Reviewed(NamedTuple):
    """A row a unit, a row a finding (`unit_id` joins them), what was found between units, and what was not read.

    Amounts are in 万元, rates fractions, points as they are: floats, missing where the form does not have them.
    """

    units: pandas.DataFrame
    findings: pandas.DataFrame
    across: pandas.DataFrame
    unread: pandas.DataFrame


def review(
    paths: Sequence[str | Path], *, variant: str | None = None, jobs: int = 0, summary: Path | None = None
) -> Reviewed:
    """Review everything at `paths`, as `xlperf review` does, by `jobs` processes (0: one for each core).

    A script calls it below `if __name__ == "__main__":`, since its processes import the script.

    `variant`: that of the scoring, the default one of each form if None. With `summary` the workbook stays there; else
    nothing is left behind. Amounts are in 万元, rates fractions. Raises `XlperfError` where there is nothing.
    """
    with tempfile.TemporaryDirectory(prefix="xlperf-review-") as folder:
        place = Path(summary or Path(folder, "summary.xlsx"))
        run_review(Wanted([str(path) for path in paths], place, variant, jobs))
        return read_review(place)


def read_review(summary: Path) -> Reviewed:
    """The last finished review whose `summary` this is, from the record beside it."""
    import pandas

    with closing(Store(store_of(summary))) as store:
        run = store.last_finished()
        store.select(run)
        units = pandas.read_sql_query(_UNITS, store.db)
        for column in _NUMBERS:
            units[column] = pandas.to_numeric(units[column].replace("", None))
        units["year"] = units["year"].astype("Int64")
        findings = pandas.read_sql_query(_FINDINGS, store.db)
        own = (run.id, run.attempt, run.attempt, run.attempt)
        unread = pandas.read_sql_query(_UNREAD, store.db, params=own)
        rows = [(each.kind, each.severity.value, each.units, each.text) for each in across(store)]
        return Reviewed(units, findings, pandas.DataFrame(rows, columns=["kind", "severity", "units", "text"]), unread)
