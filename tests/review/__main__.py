"""`python -m tests.review`: a season of forms with known faults, reviewed, killed, spoilt. Exit 1 if anything is wrong.

1. `--count` forms (2,000) of all kinds and layouts: every known fault is in the summary, none is invented.
2. A part of them (`--part` files) reviewed by the command line, killed with SIGKILL at 20 random moments and resumed
   each time: the final summary says what an uninterrupted one says.
3. On a Dask scheduler with two workers, one of them killed: the same.
4. Again with 1% of the files damaged, 1% encrypted, one of 200 MB, one oddly named, one folder that must not be
   read (where the user is not root) and a file whose process is ended: all are told, the rest as before.
"""

from __future__ import annotations

import argparse
import os
import pickle
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.places import ROOT
from tests.review.cluster import cluster
from tests.review.judged import SHEETS, rows_of, wrong
from tests.review.made import Form, make
from xlperf.review.whole import Progress, Wanted, run_review

_ODD = '报送 & 汇总　\'％＃ "引" é😀＋(终稿).xlsx'
_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.review", description=__doc__)
    parser.add_argument("--count", type=int, default=2000, help="forms (default %(default)s)")
    parser.add_argument(
        "--part", type=int, default=200, help="of these in the runs that are killed (default %(default)s)"
    )
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", default="review")
    parser.add_argument("--folder", type=Path, help="where to keep all of it; else it is removed")
    options = parser.parse_args()
    folder = options.folder or Path(tempfile.mkdtemp(prefix="xlperf-review-"))
    try:
        faults = [*_faults(folder, options), *_killed(folder, options), *_on_cluster(folder), *_spoilt(folder, options)]
    finally:
        if options.folder is None:
            shutil.rmtree(folder)
    print("\n".join(faults))
    print(f"{len(faults)} wrong" if faults else "all right")
    return 1 if faults else 0


def _faults(folder: Path, options: argparse.Namespace) -> list[str]:
    start = time.monotonic()
    made = folder / "报送.pickle"  # making them takes longer than reviewing them: a folder that is kept is used again
    forms: list[Form] = pickle.loads(made.read_bytes()) if made.exists() else []
    if not forms:
        forms = make(folder / "报送", options.count, options.seed)
        made.write_bytes(pickle.dumps(forms))
    files = sum(path.is_file() for path in (folder / "报送").rglob("*"))
    print(f"made {files} files, {len(forms)} of them judged, {time.monotonic() - start:.0f} s", flush=True)
    start = time.monotonic()
    outcome = run_review(Wanted([str(folder / "报送")], folder / "汇总.xlsx"))
    seconds = time.monotonic() - start
    print(f"reviewed in {seconds:.0f} s: {outcome.statuses}, {outcome.findings}, unread {outcome.unread}", flush=True)
    wanted = sum(len(form.wanted) for form in forms)
    found = list(wrong(folder / "汇总.xlsx", forms))
    print(f"{wanted} known findings; wrong: {len(found)}", flush=True)
    return [*found, *(["files were not read"] if outcome.unread else [])]


def _part(folder: Path, options: argparse.Namespace) -> Path:
    """Some of the folders' files, as they stand."""
    part = folder / "一部分"
    shutil.rmtree(part, ignore_errors=True)
    for name in ("一次做完", "接着做", "集群", "损坏"):
        for old in folder.glob(f"{name}.审核记录.sqlite*"):
            old.unlink()
    (folder / "接着做.xlsx").unlink(missing_ok=True)
    files = sorted(path for path in (folder / "报送").rglob("*") if path.is_file() and path.suffix != ".zip")
    for path in random.Random(options.seed).sample(files, min(options.part, len(files))):
        place = part / path.relative_to(folder / "报送")
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, place)
    return part


def _killed(folder: Path, options: argparse.Namespace) -> list[str]:
    part = _part(folder, options)
    whole, resumed = folder / "一次做完.xlsx", folder / "接着做.xlsx"
    start = time.monotonic()
    run_review(Wanted([str(part)], whole))
    seconds = time.monotonic() - start
    rng = random.Random(options.seed)
    killed = 0
    for _ in range(options.kills):
        command = [sys.executable, "-m", "xlperf.cli", "review", str(part), "-o", str(resumed)]
        store = resumed.with_name("接着做.审核记录.sqlite")
        process = _run([*command, *(["--resume"] if store.exists() else [])])
        time.sleep(1 + rng.random() * seconds / options.kills * 2)
        if process.poll() is None:
            os.kill(process.pid, signal.SIGKILL)
            killed += 1
        process.wait()
        if resumed.exists():
            break
    if not resumed.exists():
        _run([sys.executable, "-m", "xlperf.cli", "review", str(part), "-o", str(resumed), "--resume"]).wait()
    print(f"killed {killed} times, resumed", flush=True)
    return [f"after {killed} kills {title} differs" for title in _differing(whole, resumed)]


def _on_cluster(folder: Path) -> list[str]:
    """The part by a scheduler and two workers, of which one is killed when a third is done."""
    summary = folder / "集群.xlsx"
    killed: list[int] = []
    with cluster(folder) as (address, workers):

        def told(progress: Progress) -> None:
            if not killed and progress.done * 3 >= progress.of:
                workers[0].kill()
                killed.append(progress.done)

        run_review(Wanted([str(folder / "一部分")], summary, scheduler=address), told)
    print(f"on a cluster, a worker killed after {killed} files", flush=True)
    return [f"on a cluster {title} differs" for title in _differing(folder / "一次做完.xlsx", summary)]


def _run(command: list[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _differing(one: Path, other: Path) -> list[str]:
    return [title for title in ("总览", *SHEETS) if _rows(one, title) != _rows(other, title)]


def _rows(summary: Path, title: str) -> list[list[Any]]:
    return rows_of(summary, title)


def _spoilt(folder: Path, options: argparse.Namespace) -> list[str]:
    part = folder / "一部分"
    before = {(row[1], row[21]): row[0] for row in rows_of(folder / "一次做完.xlsx", "单位清单")}
    rng = random.Random(options.seed)
    files = sorted(part.rglob("*.xlsx"))
    share = max(len(files) // 100, 2)
    bad = rng.sample([path for path in files if "重点单位" not in path.parts], 2 * share)
    for path in bad[:share]:
        blob = bytearray(path.read_bytes())
        blob[len(blob) // 3 : len(blob) // 3 + 400] = rng.randbytes(400)
        path.write_bytes(blob[: len(blob) * 2 // 3])
    for path in bad[share:]:
        path.write_bytes(_OLE2 + "EncryptedPackage\0".encode("utf-16-le") + rng.randbytes(5000))
    odd = part / _ODD
    shutil.copy2(next(path for path in files if path not in bad), odd)
    (part / "很大.xlsx").write_bytes(b"PK\x03\x04" + rng.randbytes(1 << 20) * 200)
    closed = part / "不让看"
    closed.mkdir()
    shutil.copy2(odd, closed / "里面的.xlsx")
    closed.chmod(0)
    try:
        run_review(Wanted([str(part)], folder / "损坏.xlsx"))
    finally:
        closed.chmod(0o700)
    told = {Path(str(row[1])).name for row in rows_of(folder / "损坏.xlsx", "未能读取")}
    wanted = {path.name for path in bad} | {"很大.xlsx"} | ({"不让看"} if os.geteuid() else set())
    after = {(row[1], row[21]): row[0] for row in rows_of(folder / "损坏.xlsx", "单位清单")}
    names = {path.name for path in bad}
    lost = [key for key, status in before.items() if key[1] not in names and after.get(key) != status]
    print(f"spoilt {len(bad)} of {len(files)}; told {sorted(told)}", flush=True)
    listed = {name for _, name in after}
    return [
        *(f"not told: {name}" for name in wanted - told),
        *(f"told without need: {name}" for name in told - wanted),
        *(f"otherwise than before: {key}" for key in lost),
        *([] if _ODD in listed else ["the oddly named file is not listed"]),
    ]


if __name__ == "__main__":
    sys.exit(main())
