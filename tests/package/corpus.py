"""Workbooks of other makers, found in the source packages of a registry, and the fidelity job on all of them.

    python -m tests.package.corpus [--fetch DIR] [--all]

fetches the packages into a folder outside the repository, runs the job and prints n of n. Nothing that is fetched
is ever committed. The packages come by their names through apt, from where this machine gets its programs.
"""

from __future__ import annotations

import argparse
import io
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.package.fidelity import CACHED, NUMBER, TEXT, Job, differences, part_of, run_job
from tests.package.readers import Request, ask_all, calc_all
from xlperf.errors import WorkbookError, XlperfError
from xlperf.package import Workbook

# Excel's own files against which a writer is compared; files of users with whatever was wrong with them.
SAMPLE = ("libexcel-writer-xlsx-perl", "liborcus")
ALL = (*SAMPLE, "libapache-poi-java", "gnumeric")
WANTED = 300
MAX_FILE = 20 << 20


def default_folder() -> Path:
    return Path(os.environ.get("XLPERF_CORPUS") or Path(tempfile.gettempdir()) / "xlperf-corpus")


def fetch(packages: Sequence[str], folder: Path) -> list[Path]:
    """The packages' archives; what is already there is not fetched again."""
    folder.mkdir(parents=True, exist_ok=True)
    missing = [name for name in packages if not _archives(name, folder)]
    if missing:
        options = _apt_options(folder / "apt")
        _run(["apt-get", *options, "update", "-qq"], folder)
        for name in missing:
            _run(["apt-get", *options, "source", "--download-only", "-qq", name], folder)
    return [path for name in packages for path in _archives(name, folder)]


def _archives(package: str, folder: Path) -> list[Path]:
    return sorted(folder.glob(f"{package}_*.orig*.tar.*z*"))


def _run(command: list[str], folder: Path) -> None:
    for wait in (2, 10, 0):
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=600)
        if not done.returncode:
            return
        time.sleep(wait)
    print(f"{' '.join(command[-2:])}: {done.stderr.strip()[-300:]}", file=sys.stderr)


def _apt_options(folder: Path) -> list[str]:
    """A private list of sources beside the machine's own, which usually leaves source packages out."""
    shutil.rmtree(folder, ignore_errors=True)
    for name in ("lists/partial", "cache/archives/partial"):
        (folder / name).mkdir(parents=True)
    wanted = "$(REPO_URI)|$(CODENAME)|$(COMPONENT)|$(SIGNED_BY)"
    targets = ["Created-By: Packages", f"Codename: {_codename()}"]
    listed = subprocess.run(["apt-get", "indextargets", "--format", wanted, *targets], capture_output=True, text=True)
    lines = set()
    for line in listed.stdout.splitlines():
        address, codename, component, key = line.split("|")
        if component in ("main", "universe"):
            signed = f"[signed-by={key}] " if key.startswith("/") else ""
            lines.add(f"deb-src {signed}{address} {codename} {component}\n")
    (folder / "sources.list").write_text("".join(sorted(lines)))
    settings = {
        "Dir::Etc::SourceList": folder / "sources.list",
        "Dir::Etc::SourceParts": "/dev/null",
        "Dir::State::Lists": folder / "lists",
        "Dir::Cache": folder / "cache",
        "APT::Sandbox::User": "root",
    }
    return [part for key, value in settings.items() for part in ("-o", f"{key}={value}")]


def _codename() -> str:
    for line in Path("/etc/os-release").read_text().splitlines():
        if line.startswith("VERSION_CODENAME="):
            return line.partition("=")[2].strip('"')
    return ""


def workbooks(archives: Sequence[Path]) -> Iterator[tuple[str, bytes]]:
    """Every .xlsx and .xlsm in the archives, by name and content; copies of a file count once."""
    seen: set[bytes] = set()
    for archive in archives:
        with tarfile.open(archive) as tar:
            for member in tar:
                suffix = member.name[-5:].lower()
                file = tar.extractfile(member) if member.isfile() and suffix in (".xlsx", ".xlsm") else None
                if file is None or member.size > MAX_FILE:
                    continue
                blob = file.read()
                if blob not in seen:
                    seen.add(blob)
                    yield member.name, blob


def noted_by_openpyxl(found: Sequence[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
    """The same workbooks as openpyxl saves them, with a comment on two sheets: its drawings are unlike Excel's."""
    import openpyxl
    from openpyxl.comments import Comment

    for name, blob in found:
        try:
            book = openpyxl.load_workbook(io.BytesIO(blob))
            for page in book.worksheets[:2]:
                page["ZZ9"].comment = Comment("原有批注", "王")
            saved = io.BytesIO()
            book.save(saved)
        except Exception:  # whatever openpyxl cannot save is no case for us
            continue
        yield f"openpyxl/{name.rpartition('.')[0]}.xlsx", saved.getvalue()


@dataclass(frozen=True, slots=True)
class Outcome:
    name: str
    refused: str = ""
    wrong: tuple[str, ...] = ()
    job: Job | None = None


def try_one(item: tuple[str, bytes]) -> Outcome:
    """The job on one workbook; a signature is given up, as with --drop-signature."""
    name, blob = item
    try:
        if Workbook.open(blob).signed:
            return Outcome(name, refused=_refusal(blob))
        job = run_job(blob)
        return Outcome(name, wrong=tuple(differences(blob, job, part_of(blob, job.sheet))), job=job)
    except WorkbookError as error:
        return Outcome(name, refused=str(error))
    except Exception as error:
        return Outcome(name, wrong=(f"{type(error).__name__}: {error}",))


def _refusal(blob: bytes) -> str:
    try:
        run_job(blob)
    except XlperfError as error:
        return str(error)
    raise AssertionError("a signed workbook was changed")


@dataclass(frozen=True, slots=True)
class Tally:
    """What came of a whole corpus."""

    found: int
    outcomes: tuple[Outcome, ...]
    unread: tuple[str, ...]

    @property
    def refused(self) -> list[Outcome]:
        return [outcome for outcome in self.outcomes if outcome.refused]

    @property
    def failures(self) -> list[str]:
        changed = [f"{outcome.name}: {'; '.join(outcome.wrong)}" for outcome in self.outcomes if outcome.wrong]
        return [*changed, *self.unread]

    def __str__(self) -> str:
        done = self.found - len(self.refused)
        good = done - len({failure.partition(":")[0] for failure in self.failures})
        reasons = Counter(outcome.refused.partition("：")[2][:40] for outcome in self.refused)
        lines = [f"{good} of {done} workbooks kept whole and opened ({self.found} found, {len(self.refused)} refused)"]
        lines += [f"  refused {count}: {reason}…" for reason, count in reasons.most_common()]
        return "\n".join(lines + [f"  FAILED {failure}" for failure in self.failures])


def run(found: Sequence[tuple[str, bytes]], folder: Path, jobs: int) -> Tally:
    """The job, and every program that could open the workbook before must open it after."""
    with ProcessPoolExecutor(jobs) as pool:
        outcomes = list(pool.map(try_one, found, chunksize=20))
    pairs = [(outcome, blob) for outcome, (_, blob) in zip(outcomes, found, strict=True)]
    return Tally(len(found), tuple(outcomes), tuple(try_files(pairs, folder, jobs)))


def try_files(pairs: Sequence[tuple[Outcome, bytes]], folder: Path, jobs: int) -> list[str]:
    """Results that a program which could open the workbook before cannot open, or finds other values in."""
    before, after = folder / "before", folder / "after"
    for place in (before, after):
        place.mkdir(parents=True, exist_ok=True)
    files: dict[Path, tuple[Outcome, bytes]] = {}
    for number, (outcome, blob) in enumerate(pairs):
        if outcome.job:
            path = after / f"{number:04}.{outcome.name.rpartition('.')[2].lower()}"
            path.write_bytes(outcome.job.blob)
            files[path] = (outcome, blob)
    unread = []
    for kind in ("openpyxl", "calamine", "LibreOffice"):
        answers = _read(kind, files, folder, jobs)
        doubtful = {path: files[path] for path, answer in answers.items() if answer}
        for path, (_, blob) in doubtful.items():
            (before / path.name).write_bytes(blob)
        could = _read(kind, {before / path.name: files[path] for path in doubtful}, folder, jobs, changed=False)
        for path in doubtful:
            if not could[before / path.name]:
                unread.append(f"{files[path][0].name}: {kind}: {answers[path]}")
    return unread


def _read(
    kind: str, files: dict[Path, tuple[Outcome, bytes]], folder: Path, jobs: int, *, changed: bool = True
) -> dict[Path, str]:
    """What each program says; of the original only that the sheet is there (openpyxl sees none in strict files)."""
    paths = list(files)
    if kind == "LibreOffice":
        shown = [f'office:value="{NUMBER}"', f">{TEXT}<", f'office:value="{CACHED}"']
        return calc_all(paths, dict.fromkeys(paths, shown if changed else ()), folder, jobs)
    requests = [_request(path, files[path][0].job, changed) for path in paths]
    return dict(zip(paths, ask_all(kind, requests, jobs), strict=True))


def _request(path: Path, job: Job | None, changed: bool) -> Request:
    assert job is not None
    values: tuple[float | str, ...] = (float(NUMBER), TEXT, float(CACHED))
    expected = tuple((*ref, value) for ref, value in zip(job.refs, values, strict=True)) if changed else ()
    return Request(str(path), job.sheet, expected)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fetch", type=Path, default=default_folder(), metavar="DIR")
    parser.add_argument("--sample", action="store_true", help="only the packages that the test suite takes")
    options = parser.parse_args()
    found = list(workbooks(fetch(SAMPLE if options.sample else ALL, options.fetch)))
    found += noted_by_openpyxl(found[::10])
    with tempfile.TemporaryDirectory() as folder:
        tally = run(found, Path(folder), os.cpu_count() or 1)
    print(tally)
    return 1 if tally.failures or tally.found < WANTED else 0


if __name__ == "__main__":
    sys.exit(main())
