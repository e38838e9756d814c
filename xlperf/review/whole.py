"""A review from its paths to its summary: what is listed, run, joined, kept and written."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from xlperf.errors import SaveError, XlperfError
from xlperf.package.save import claim, make_folder
from xlperf.review.across import Across, across
from xlperf.review.control import Control, read_control
from xlperf.review.gather import Bundle, gather
from xlperf.review.order import Order
from xlperf.review.running import USUAL, Limits, cores, run_here, run_on_cluster
from xlperf.review.store import Run, Store, bundle_of, store_of
from xlperf.review.summary import Where, write_summary

_MOST_JOINED = 200  # files of a unit that are put together
_ROUNDS = 3
_NOTHING = "没有找到可以审核的文件（.xlsx、.xlsm、.docx、.doc、.xls、.txt，或其中有这些文件的 .zip）。请检查路径。"
_NOT_WRITTEN = "{}：写不成汇总（{}）。它可能正在 Excel 或 WPS 里打开着：请关闭后加 --resume 再运行一次，不用重新审核。"


class Wanted(NamedTuple):
    """What a review is asked for; `jobs` 0: as many processes as there are cores."""

    paths: Sequence[str]
    summary: Path
    variant: str | None = None
    jobs: int = 0
    scheduler: str = ""
    resume: bool = False
    control: Path | None = None
    letters: Path | None = None
    limits: Limits = USUAL
    version: str = ""  # of the program; another one does not go on with a review


class Progress(NamedTuple):
    """Files seen to, of how many; since this attempt began, and how long it may still take, in seconds."""

    done: int
    of: int
    rate: float
    left: float | None


class Outcome(NamedTuple):
    """How many units there are by status, how many files were not audited, and what was found between units."""

    statuses: dict[str, int]
    unread: int
    across: list[Across]
    findings: dict[str, int]


def run_review(wanted: Wanted, tell: Callable[[Progress], None] = lambda progress: None) -> Outcome:
    """Review everything at the paths, write the summary; raises `XlperfError` where it cannot begin or be written."""
    claim(wanted.summary)
    control = read_control(wanted.control) if wanted.control is not None else None
    if wanted.letters is not None:
        make_folder(wanted.letters)
    kept = store_of(wanted.summary)
    with closing(Store(kept)) as store:
        run = _begin(store, wanted, kept)
        progress = _Told(store, run, tell)
        for _ in _rounds(store, run):
            progress.begin()
            for bundle, result in _results(store, run, wanted):
                store.keep(run, bundle, result)
                progress.advance(len(bundle.files))
        store.select(run)
        return _written(store, run, wanted, control)


def _begin(store: Store, wanted: Wanted, kept: Path) -> Run:
    paths = sorted(os.path.realpath(path) for path in wanted.paths)
    asked = {"paths": paths, "variant": wanted.variant, "version": wanted.version, "letters": str(wanted.letters or "")}
    run = store.begin(asked, resume=wanted.resume)
    own = [wanted.summary, kept, Path(f"{kept}-wal"), Path(f"{kept}-shm"), _temporary(wanted.summary)]
    own += [each for each in (wanted.letters, wanted.control) if each is not None]
    tasks, _ = store.list_tasks(run, gather(wanted.paths, own))
    if not tasks and store.one("SELECT 1 FROM passed WHERE attempt = ?", run.attempt) is None:
        raise XlperfError(_NOTHING)
    return run


def _results(store: Store, run: Run, wanted: Wanted) -> Iterator[tuple[Bundle, dict[str, Any]]]:
    roots = [os.path.abspath(path) for path in wanted.paths if os.path.isdir(path)]  # noqa: PTH100, PTH112
    letters = str(wanted.letters.absolute()) if wanted.letters is not None else ""
    order = Order(wanted.variant, letters, os.path.commonpath(roots) if roots else "")
    tasks = _waiting(store, run)
    if wanted.scheduler:
        yield from run_on_cluster(tasks, order, wanted.scheduler)
    else:
        yield from run_here(tasks, order, wanted.jobs or cores(), wanted.limits)


def _waiting(store: Store, run: Run) -> Iterator[Bundle]:
    """Tasks without a result, some at a time: results are kept while they are read."""
    last = 0
    while found := store.waiting(run, last):
        for last, bundle in found:  # noqa: B007 - where to go on
            yield bundle


def _rounds(store: Store, run: Run) -> Iterator[None]:
    """Once for all that was found, then for what is to be put together, for as long as there is anything."""
    yield
    for _ in range(_ROUNDS):
        if not _join(store, run):
            break
        yield
    if _pair_years(store, run):
        yield


def _pair_years(store: Store, run: Run) -> int:
    """Give units whose own form of the year before lies elsewhere that file too; answers how many tasks have one now.

    Of those with several, or with a form that was handed in twice, none is: which is meant nobody knows.
    """
    now = """SELECT unit.key, unit.year, unit.mark, min(file.shown) AS shown,
        count(*) OVER (PARTITION BY key, year) AS times
        FROM unit JOIN form ON form.unit = unit.id AND form.kind = '部门' AND form.layout = '' JOIN file ON
        file.run = unit.run AND file.mark = unit.mark AND file.label = form.file WHERE unit.run = ? AND unit.key <> ''
        AND unit.previous = '' AND unit.mark IN (SELECT mark FROM task WHERE attempt = ?)
        AND unit.mark NOT IN (SELECT mark FROM replaced WHERE attempt = ?) GROUP BY unit.id"""
    query = f"""WITH now AS ({now}) SELECT one.mark, other.mark, other.shown FROM now one JOIN now other
        ON other.key = one.key AND other.year = one.year - 1 AND other.mark <> one.mark AND other.times = 1
        ORDER BY one.mark, other.shown"""
    before: dict[str, list[tuple[str, str]]] = {}
    count = 0
    for mark, *other in store.rows(query, run.id, run.attempt, run.attempt):
        before.setdefault(mark, []).append((other[0], other[1]))
    own = "SELECT folder, files FROM task WHERE attempt = ? AND mark = ?"
    for mark, others in before.items():
        row = store.one(own, run.attempt, mark)
        theirs = [(bundle_of(*found), shown) for each, shown in others if (found := store.one(own, run.attempt, each))]
        earlier = tuple(each for bundle, shown in theirs for each in bundle.files if each.shown == shown)
        if row is not None and earlier:
            store.add_task(run, bundle_of(*row)._replace(earlier=earlier))
            store.replace(run, [mark])
            count += 1
    return count


def _join(store: Store, run: Run) -> int:
    """Put the files of one unit in one folder together that were in several tasks; answers how many such there are.

    Forms of the unit itself in two tasks are a hand-in twice, and stay two.
    """
    query = """SELECT group_concat(DISTINCT mark) FROM (SELECT unit.mark, unit.folder, unit.year, unit.kind,
        CASE WHEN unit.kind = '项目' AND EXISTS (SELECT 1 FROM unit other WHERE other.run = unit.run
             AND other.folder = unit.folder AND other.key = unit.owner AND other.kind <> '项目')
             THEN unit.owner ELSE unit.key END AS whose
        FROM unit JOIN task ON task.mark = unit.mark AND task.attempt = ? WHERE unit.run = ?
        AND unit.mark NOT IN (SELECT mark FROM replaced WHERE attempt = ?))
        WHERE whose <> '' GROUP BY folder, whose, year HAVING count(DISTINCT mark) > 1
        AND count(DISTINCT CASE WHEN kind = '部门' THEN mark END) < 2 ORDER BY folder, whose, year"""
    groups = [row[0].split(",") for row in store.rows(query, run.attempt, run.id, run.attempt)]
    joined: set[str] = set()
    count = 0
    for marks in groups:
        if joined.intersection(marks):
            continue  # of a task with several units: in the next round
        own = "SELECT folder, files FROM task WHERE attempt = ? AND mark = ?"
        tasks = [store.one(own, run.attempt, mark) for mark in marks]
        bundles = [bundle_of(*row) for row in tasks if row is not None]
        files = tuple(sorted(each for bundle in bundles for each in bundle.files))
        if len(files) > _MOST_JOINED:
            continue
        store.add_task(run, Bundle(bundles[0].folder, files))
        store.replace(run, marks)
        joined.update(marks)
        count += 1
    return count


def _written(store: Store, run: Run, wanted: Wanted, control: Control | None) -> Outcome:
    found = list(across(store, control))
    letters = wanted.letters.absolute() if wanted.letters is not None else None
    temporary = _temporary(wanted.summary)
    try:
        write_summary(temporary, store, run, found, Where(wanted.summary.absolute(), letters))
        temporary.replace(wanted.summary)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise SaveError(_NOT_WRITTEN.format(wanted.summary, error.strerror or error)) from error
    store.finish(run)
    return outcome(store, run, found)


def outcome(store: Store, run: Run, found: list[Across]) -> Outcome:
    """What came of a review whose units are selected."""
    now = "FROM unit WHERE id IN (SELECT id FROM temp.now)"
    statuses: dict[str, int] = dict(store.rows(f"SELECT status, count(*) {now} GROUP BY status"))
    row = store.one(f"SELECT sum(errors), sum(warnings), sum(infos) {now}") or (0, 0, 0)
    counts = dict(zip(("error", "warning", "info"), (each or 0 for each in row), strict=True))
    unread = store.one(
        """SELECT (SELECT count(*) FROM file WHERE run = ? AND error <> '' AND mark IN (SELECT mark FROM task WHERE
           attempt = ?) AND mark NOT IN (SELECT mark FROM replaced WHERE attempt = ?))
           + (SELECT count(*) FROM passed WHERE attempt = ? AND failed)""",
        *(run.id, run.attempt, run.attempt, run.attempt),
    )
    return Outcome(statuses, unread[0] if unread else 0, found, counts)


def _temporary(summary: Path) -> Path:
    return summary.with_name(f".~{summary.stem[:40]}.xlsx.tmp")


class _Told:
    """How far a review is."""

    def __init__(self, store: Store, run: Run, tell: Callable[[Progress], None]) -> None:
        self.store, self.run, self.tell = store, run, tell
        self.done = self.of = self.before = 0
        self.start = time.monotonic()

    def begin(self) -> None:
        self.of, self.done = self.store.counts(self.run)
        self.before, self.start = self.done, time.monotonic()
        self.tell(Progress(self.done, self.of, 0, None))

    def advance(self, files: int) -> None:
        self.done += files
        seconds = max(time.monotonic() - self.start, 1e-6)
        rate = (self.done - self.before) / seconds
        self.tell(Progress(self.done, self.of, rate, (self.of - self.done) / rate if rate else None))
