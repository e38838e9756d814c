"""Reviews: a task against its floor, two processes against one, and the memory of ten times as many files."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench import books, floors
from tests.bench.faults.clean import clean
from tests.intake.laid_out import as_workbook
from tests.labels.published import PUBLISHED
from xlperf.review.gather import Bundle, gather
from xlperf.review.order import EVERYTHING, Order
from xlperf.review.running import Result, run_here
from xlperf.review.task import review_bundle
from xlperf.workbook.actions import new_workbook

SPEEDUP, FLATNESS = 1.7, 1.2
FEW, MANY = 200, 2000
_FORMS, _TWICE = 8, 15  # different forms, and how many times each is reviewed where processes are compared
_PEAKS = "XLPERF_BENCH_PEAKS"  # names the file in which processes write their peaks, which are nobody's children
_MEASURED = """
import sys
from pathlib import Path
from tests.bench.review import measured, peak
from xlperf.review.running import Limits
from xlperf.review.whole import Wanted, run_review
if __name__ == "__main__":
    run_review(Wanted([sys.argv[1]], Path(sys.argv[2]), jobs=2, limits=Limits(work=measured)))
    print(peak())
"""


def measured(bundle: Bundle, order: Order) -> Result:
    """A task that also writes down how much memory its process has had at most, in KiB."""
    result = review_bundle(bundle, order)
    with Path(os.environ[_PEAKS]).open("a") as peaks:
        peaks.write(f"{peak()}\n")
    return result


def peak() -> int:
    """What this process has had at most, in KiB; `ru_maxrss` would count what had started it too."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0])


def own_forms(folder: Path) -> list[Path]:
    """Forms of ours as departments fill them in, none of them with a planted fault."""
    folder.mkdir(exist_ok=True)
    paths = [folder / f"{number}.xlsx" for number in range(_FORMS)]
    for number, path in enumerate(paths):
        path.write_bytes(books.deflated(new_workbook(clean(random.Random(f"review/{number}"))).to_bytes()))
    return paths


def bundle_of(path: Path) -> Bundle:
    (found,) = (each for each in gather([str(path)]) if isinstance(each, Bundle))
    return found


def parse_each(paths: list[Path]) -> None:
    for path in paths:
        floors.unzip_and_parse(path)


def review_each(bundles: list[Bundle]) -> None:
    for bundle in bundles:
        review_bundle(bundle, EVERYTHING)


def running(folder: Path, wanted: str) -> int:
    """Print both; answers how many targets are missed."""
    missed = 0
    if wanted in "review: two processes":
        missed += _processes(folder / "processes")
    if wanted in "review: memory":
        missed += _memory(folder / "memory")
    return missed


def _processes(folder: Path) -> int:
    bundles = [bundle_of(path) for path in own_forms(folder)] * _TWICE
    seconds: dict[int, float] = {}
    for jobs in (1, 2, 1, 2):
        done = run_here(iter(bundles), EVERYTHING, jobs)
        for _ in range(4):  # processes have started and loaded everything
            next(done)
        start = time.perf_counter()
        count = sum(1 for _ in done)
        seconds[jobs] = min(seconds.get(jobs, 1e9), (time.perf_counter() - start) / count)
    ratio = seconds[1] / seconds[2]
    word = "  MISSED" if ratio < SPEEDUP else ""
    rates = f"{1 / seconds[1]:.1f} and {1 / seconds[2]:.1f} forms a second"
    print(f"{'review: two processes':34}{SPEEDUP:>7}x{ratio:>7.2f}x  {rates}{word}", flush=True)
    return int(ratio < SPEEDUP)


def _memory(folder: Path) -> int:
    """The peak of the process that keeps results, and of the largest of those that audit."""
    peaks = {count: _peaks(folder / str(count), count) for count in (FEW, MANY)}
    missed = 0
    for place, name in enumerate(("keeping", "auditing")):
        few, many = (peaks[count][place] for count in (FEW, MANY))
        word = "  MISSED" if many > few * FLATNESS else ""
        missed += bool(word)
        told = f"{few / 1024:.0f} MiB at {FEW} files, {many / 1024:.0f} MiB at {MANY}"
        print(f"{f'review: memory, {name}':34}{FLATNESS:>7}x{many / few:>7.2f}x  {told}{word}", flush=True)
    return missed


def _peaks(folder: Path, count: int) -> list[int]:
    forms = folder / "forms"
    forms.mkdir(parents=True)
    for number, unit in zip(range(count), _names(), strict=False):
        as_workbook(PUBLISHED["D2"].drawn.replace("某县档案局", unit), forms / f"{unit}{number}.xlsx")
    command = [sys.executable, "-c", _MEASURED, str(forms), str(folder / "summary.xlsx")]
    place = folder / "peaks"
    environment = os.environ | {_PEAKS: str(place)}
    keeping = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True, env=environment).stdout
    return [int(keeping), max(map(int, place.read_text().split()))]


def _names() -> Iterator[str]:
    signs = "金木水火土天地玄黄宇宙洪荒日月星辰寒来暑往秋收冬藏闰余成岁律吕调阳云腾致雨露结为霜"
    yield from (f"{one}{two}县{three}局" for three in "档审" for one in signs for two in signs)
