"""`python -m tests.campaign documents|workbooks|processes|functions`: see the docstring of the package."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

import tests.campaign
from tests.campaign import inputs
from tests.campaign.running import Case, Job
from tests.campaign.tally import KINDS, OFFICE, campaign
from tests.hosts.libreoffice import Office


def main() -> int:
    options = _options()
    kind, start = KINDS[options.kind], time.monotonic()
    with tempfile.TemporaryDirectory(prefix="xlperf-campaign-") as place:
        folder = Path(place)
        office = Office(folder / "profile") if options.kind in ("documents", "processes") else None
        inputs.prepare(folder / "inputs", office)
        job = Job(options.kind, folder / "inputs", Path(options.keep or folder / "cases"), options.seed)
        if options.only is not None:
            return _one(kind.run(job, options.only))
        count = kind.full if options.count is None else options.count
        first = options.first
        tally = campaign(job, range(first, first + count), options.jobs, options.office)
    print("\n".join(tally.lines()))
    print(f"{options.kind}, seed {options.seed}, {time.monotonic() - start:.0f} s")
    for failure in tally.failures:
        again = f"python -m tests.campaign {options.kind} --seed {options.seed} --only {failure.number}"
        print(f"\nFAILED {failure.number} {failure.what}: {failure.reason}\n  {again}")
    return 1 if tally.failures else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.campaign",
        description=tests.campaign.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("--seed", type=int, default=12, help="default %(default)s")
    parser.add_argument("--count", type=int, help="cases (default: those of a full campaign)")
    parser.add_argument("--first", type=int, default=0, help="number of the first case (default %(default)s)")
    parser.add_argument("--only", type=int, metavar="INDEX", help="one case, here and without limits of memory")
    parser.add_argument("--keep", metavar="FOLDER", help="with --only: where its files stay")
    parser.add_argument("--jobs", type=int, default=2, help="processes (default %(default)s)")
    parser.add_argument("--office", type=int, default=OFFICE, help="outputs for LibreOffice (default %(default)s)")
    return parser.parse_args()


def _one(case: Case) -> int:
    for tried in case.tries:
        print(f"{tried.what}: {tried.outcome}, {tried.seconds:.2f} s, {tried.memory} MiB {tried.failure}")
    for output in case.outputs:
        print(f"wrote {output.path}")
    return 1 if any(tried.failure for tried in case.tries) else 0


if __name__ == "__main__":
    sys.exit(main())
