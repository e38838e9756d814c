"""Where results are kept: a SQLite file beside the summary, to which is only ever added.

A result is committed when it arrives, so that a process that is killed loses at most what it was doing. A run is one
review, an attempt each time that it is begun or resumed; what an attempt found at its paths are its tasks, by the mark
of their files and content, and a result belongs to every task with its mark. The file is opened for one process alone,
which also lets it lie on a network drive.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from xlperf.errors import XlperfError
from xlperf.review.gather import Bundle, File, Passed

_TABLES = """
CREATE TABLE IF NOT EXISTS run(id INTEGER PRIMARY KEY, asked TEXT);
CREATE TABLE IF NOT EXISTS attempt(id INTEGER PRIMARY KEY, run INT);
CREATE TABLE IF NOT EXISTS finished(run INTEGER PRIMARY KEY, attempt INT);
CREATE TABLE IF NOT EXISTS task(id INTEGER PRIMARY KEY, attempt INT, mark TEXT, folder TEXT, files TEXT);
CREATE TABLE IF NOT EXISTS passed(attempt INT, shown TEXT, reason TEXT, failed INT);
CREATE TABLE IF NOT EXISTS replaced(attempt INT, mark TEXT);
CREATE TABLE IF NOT EXISTS done(run INT, mark TEXT, PRIMARY KEY (run, mark)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS file(run INT, mark TEXT, shown TEXT, label TEXT, size INT, digest TEXT, error TEXT);
CREATE TABLE IF NOT EXISTS unit(id INTEGER PRIMARY KEY, run INT, mark TEXT, folder TEXT, unit TEXT, key TEXT,
  owner TEXT, year INT, status TEXT, files TEXT, digest TEXT, kind TEXT, form TEXT, layout TEXT, grade TEXT, score TEXT,
  rate TEXT, opening TEXT, annual TEXT, spent TEXT, errors INT, warnings INT, infos INT, to_correct INT, to_explain INT,
  explained INT, unread INT, not_run INT, compared INT, not_compared INT, notes TEXT, letter TEXT,
  previous TEXT);
CREATE TABLE IF NOT EXISTS form(unit INT, number INT, file TEXT, kind TEXT, title TEXT, layout TEXT, subject TEXT,
  score TEXT, rate TEXT, opening TEXT, annual TEXT, spent TEXT);
CREATE TABLE IF NOT EXISTS finding(id INTEGER PRIMARY KEY, unit INT, form INT, item INT, file TEXT, at TEXT, code TEXT,
  severity TEXT, title TEXT, label TEXT, stated TEXT, expected TEXT, message TEXT, cause TEXT, standing TEXT,
  explanation TEXT, identity TEXT);
CREATE TABLE IF NOT EXISTS said(unit INT, sort TEXT, sign TEXT, text TEXT);
CREATE TABLE IF NOT EXISTS indicator(unit INT, sign TEXT);
CREATE TABLE IF NOT EXISTS project(unit INT, key TEXT, name TEXT, annual TEXT);
CREATE INDEX IF NOT EXISTS task_mark ON task(attempt, mark);
CREATE INDEX IF NOT EXISTS unit_mark ON unit(run, mark);
CREATE INDEX IF NOT EXISTS unit_key ON unit(key);
CREATE INDEX IF NOT EXISTS unit_folder ON unit(run, folder, key);
CREATE INDEX IF NOT EXISTS file_mark ON file(run, mark);
CREATE INDEX IF NOT EXISTS form_unit ON form(unit);
CREATE INDEX IF NOT EXISTS finding_unit ON finding(unit);
CREATE INDEX IF NOT EXISTS said_sign ON said(sign);
CREATE INDEX IF NOT EXISTS indicator_sign ON indicator(sign);
CREATE INDEX IF NOT EXISTS project_key ON project(key);
"""
SUFFIX = ".审核记录.sqlite"
_BUSY = "{}：另一个审核正在使用这份审核记录。请等它结束，或给 -o 换一个文件名。"
_NO_STORE = "{}：打不开这份审核记录（{}）。请把它移到别处后再审核一次。"
_NOTHING_OPEN = "没有可以接着做的审核：{} 里最近一次已经做完。请去掉 --resume 重新审核。"
_NOTHING_DONE = "{}：里面没有做完的审核。请先审核一次。"
_OTHERWISE = "上一次审核的文件夹、口径或 xlperf 的版本与这次不同，不能接着做。请照原样运行，或去掉 --resume 重新审核。"
_FORM_KINDS = ("部门", "报告", "项目", "监控", "目标")
_FIGURES = ("total_score", "execution_rate", "opening_budget", "annual_budget", "annual_spent")
Row = tuple[Any, ...]


class Run(NamedTuple):
    """A review and its latest attempt; `previous`: the attempt of the one before that was finished, or 0."""

    id: int
    attempt: int
    previous: int
    previous_run: int


def store_of(summary: Path) -> Path:
    """Where the results for a summary are kept."""
    return summary.with_name(summary.stem + SUFFIX)


class Store:
    """The results of reviews in the file at `path`. Raises `XlperfError` where it is none, or another review has it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self.db = sqlite3.connect(path, timeout=1, isolation_level=None)
            self.db.execute("PRAGMA locking_mode=EXCLUSIVE")
            self.db.execute("PRAGMA journal_mode=WAL")
            self.db.execute("PRAGMA synchronous=NORMAL")
            self.db.execute("PRAGMA temp_store=FILE")
            self.db.execute("BEGIN IMMEDIATE")
            for statement in _TABLES.split(";"):
                self.db.execute(statement)
            if "previous" not in [row[1] for row in self.db.execute("PRAGMA table_info(unit)")]:
                self.db.execute("ALTER TABLE unit ADD COLUMN previous TEXT")  # in a store of an earlier version
            self.db.execute("COMMIT")
        except sqlite3.OperationalError as error:
            raise XlperfError((_BUSY if "lock" in str(error) else _NO_STORE).format(path, error)) from error
        except sqlite3.DatabaseError as error:
            raise XlperfError(_NO_STORE.format(path, error)) from error

    def close(self) -> None:
        self.db.close()

    def begin(self, asked: Mapping[str, Any], *, resume: bool) -> Run:
        """A new review, or a further attempt at the last one. Raises `XlperfError` where that is done or another."""
        told = json.dumps(asked, sort_keys=True)
        last = self.one("SELECT id, asked FROM run ORDER BY id DESC LIMIT 1")
        if resume and last is not None:
            if self.one("SELECT 1 FROM finished WHERE run = ?", last[0]):
                raise XlperfError(_NOTHING_OPEN.format(self.path))
            if last[1] != told:
                raise XlperfError(_OTHERWISE)
            run = last[0]
        else:
            run = self.add("run", (None, told))
        attempt = self.add("attempt", (None, run))
        before = self.one("SELECT run, attempt FROM finished WHERE run < ? ORDER BY run DESC LIMIT 1", run)
        return Run(run, attempt, before[1] if before else 0, before[0] if before else 0)

    def one(self, query: str, *values: Any) -> Row | None:
        found: Row | None = self.db.execute(query, values).fetchone()
        return found

    def rows(self, query: str, *values: Any) -> Iterator[Row]:
        with closing(self.db.execute(query, values)) as cursor:
            yield from cursor

    def add(self, table: str, row: Row) -> int:
        marks = ", ".join("?" * len(row))
        number = self.db.execute(f"INSERT INTO {table} VALUES ({marks})", row).lastrowid
        assert number is not None
        return number

    # What there is to do

    def list_tasks(self, run: Run, found: Iterable[Bundle | Passed]) -> tuple[int, int]:
        """Write down what an attempt finds; answers how many tasks and how many files there are."""
        tasks = files = 0
        self.db.execute("BEGIN")
        for each in found:
            if isinstance(each, Passed):
                self.add("passed", (run.attempt, _clean(each.shown), each.reason, int(each.failed)))
            else:
                self.add_task(run, each)
                tasks, files = tasks + 1, files + len(each.files)
        self.db.execute("COMMIT")
        return tasks, files

    def add_task(self, run: Run, bundle: Bundle) -> None:
        # in ASCII: names may hold what is no text
        told = json.dumps([list(each) for each in bundle.files])
        home = json.dumps([bundle.folder, [list(each) for each in bundle.earlier]])
        self.add("task", (None, run.attempt, bundle.fingerprint, home, told))

    def waiting(self, run: Run, after: int = 0, most: int = 1000) -> list[tuple[int, Bundle]]:
        """The next tasks without a result, with their numbers."""
        query = """SELECT id, folder, files FROM task WHERE attempt = ? AND id > ? AND NOT EXISTS
                   (SELECT 1 FROM done WHERE run = ? AND done.mark = task.mark) ORDER BY id LIMIT ?"""
        rows = self.rows(query, run.attempt, after, run.id, most)
        return [(number, bundle_of(folder, files)) for number, folder, files in rows]

    def counts(self, run: Run) -> tuple[int, int]:
        """Of an attempt all files, and those that have been seen to."""
        query = """SELECT sum(json_array_length(files)), sum(json_array_length(files) * EXISTS
                   (SELECT 1 FROM done WHERE run = ? AND done.mark = task.mark)) FROM task WHERE attempt = ?"""
        row = self.one(query, run.id, run.attempt)
        assert row is not None
        return row[0] or 0, row[1] or 0

    def keep(self, run: Run, bundle: Bundle, result: Mapping[str, Any]) -> None:
        """Add the result of a task, all of it or nothing."""
        mark = bundle.fingerprint
        digests = {each["label"]: each["digest"] for each in result["files"]}
        self.db.execute("BEGIN")
        for each in result["files"]:
            row = (each["shown"], each["label"], each["size"], each["digest"], each["error"])
            self.add("file", (run.id, mark, *map(_clean, row)))
        for told in result["units"]:
            self._keep_unit(run, bundle, told, digests)
        self.add("done", (run.id, mark))
        self.db.execute("COMMIT")

    def _keep_unit(self, run: Run, bundle: Bundle, told: Mapping[str, Any], digests: Mapping[str, str]) -> None:
        forms = sorted(told["forms"], key=lambda each: (_FORM_KINDS.index(each["kind"]), not each["total_score"]))
        main, standing = forms[0], told["standing"]
        severities = [each["severity"] for each in told["findings"]]
        folder = _clean(bundle.folder.replace("\\", "/"))
        row = (
            *(
                run.id,
                bundle.fingerprint,
                folder,
                told["unit"],
                told["key"],
                told["owner"],
                told["year"],
                told["status"],
            ),
            json.dumps([_clean(name) for name in told["files"]], ensure_ascii=False),
            ",".join(sorted(digests.get(name, "") for name in told["files"])),
            *(main["kind"], main["title"], main["layout"], main["grade"]),
            *(main[key] for key in _FIGURES),
            *(severities.count(each) for each in ("error", "warning", "info")),
            standing.get("to_correct", 0),
            standing.get("to_explain", 0) + standing.get("changed", 0),
            standing.get("explained", 0),
            *(told[key] for key in ("unread", "not_run", "compared", "not_compared")),
            *("\n".join(told["notes"]), told["letter"], told["previous"]),
        )
        unit = self.add("unit", (None, *map(_clean, row)))
        for number, each in enumerate(told["forms"]):
            names = ("file", "kind", "title", "layout", "subject")
            self.add("form", (unit, number, *(_clean(each[key]) for key in (*names, *_FIGURES))))
        columns = (
            *("form", "item", "file", "at", "code", "severity", "title", "label", "stated", "expected", "message"),
            *("cause", "standing", "explanation", "identity"),
        )
        for each in told["findings"]:
            self.add("finding", (None, unit, *(_clean(each[key]) for key in columns)))
        for table, rows in (("said", told["texts"]), ("project", told["projects"])):
            for row in rows:
                self.add(table, (unit, *map(_clean, row)))
        for sign in told["rows"]:
            self.add("indicator", (unit, sign))

    def replace(self, run: Run, marks: Iterable[str]) -> None:
        """These tasks are part of another one now."""
        for mark in marks:
            self.add("replaced", (run.attempt, mark))

    def last_finished(self) -> Run:
        """Raises `XlperfError` where no review has been finished."""
        last = self.one("SELECT run, attempt FROM finished ORDER BY run DESC LIMIT 1")
        if last is None:
            raise XlperfError(_NOTHING_DONE.format(self.path))
        return Run(last[0], last[1], 0, 0)

    def finish(self, run: Run) -> None:
        self.db.execute("INSERT OR REPLACE INTO finished VALUES (?, ?)", (run.id, run.attempt))

    def select(self, run: Run) -> None:
        """Have `now` and `before` show the units of this attempt, and of the review before it."""
        for name, run_id, attempt in (("now", run.id, run.attempt), ("before", run.previous_run, run.previous)):
            self.db.execute(f"DROP TABLE IF EXISTS temp.{name}")
            self.db.execute(f"CREATE TEMP TABLE {name}(id INTEGER PRIMARY KEY)")
            self.db.execute(
                f"""INSERT INTO temp.{name} SELECT id FROM unit WHERE run = ? AND mark IN
                    (SELECT mark FROM task WHERE attempt = ?)
                    AND mark NOT IN (SELECT mark FROM replaced WHERE attempt = ?)""",
                (run_id, attempt, attempt),
            )


def bundle_of(home: str, files: str) -> Bundle:
    """A task's bundle, from its columns `folder` and `files`."""
    folder, earlier = json.loads(home)
    return Bundle(folder, tuple(File(*each) for each in json.loads(files)), tuple(File(*each) for each in earlier))


def _clean(value: Any) -> Any:
    """Text as a store and a workbook can hold it: of a name that is no text the bytes as escapes."""
    return value.encode("utf-8", "backslashreplace").decode("utf-8") if isinstance(value, str) else value
