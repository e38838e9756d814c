"""A campaign from its first case to its table."""

from __future__ import annotations

import shutil
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from tests.campaign import documents, functions, processes, workbooks
from tests.campaign.opened import Unopened, unopened, unopened_by_office
from tests.campaign.running import Case, Job, Output, Run, run

OFFICE = 100  # outputs that LibreOffice opens
_BATCH = 40  # cases whose outputs are opened together


class Kind(NamedTuple):
    run: Run
    full: int  # cases of a full campaign
    tasks: int  # cases, after which a worker makes room for a fresh one


KINDS = {
    "documents": Kind(documents.run, 6000, 500),
    "workbooks": Kind(workbooks.run, 1000, 100),
    "processes": Kind(processes.run, 200, 200),
    "functions": Kind(functions.run, 20_000, 5000),
}


class Failure(NamedTuple):
    number: int
    what: str
    reason: str


class Tally:
    """How things ended, by what was tried."""

    def __init__(self) -> None:
        self.cases = 0
        self.opened: Counter[str] = Counter()  # outputs by program
        self.failures: list[Failure] = []
        self._ends: dict[str, Counter[str]] = {}
        self._seconds: dict[str, tuple[float, int]] = {}
        self._memory: dict[str, tuple[int, int]] = {}

    def add(self, case: Case) -> None:
        self.cases += 1
        for tried in case.tries:
            self._ends.setdefault(tried.what, Counter())[tried.outcome] += 1
            self._seconds[tried.what] = max(self._seconds.get(tried.what, (0.0, 0)), (tried.seconds, case.number))
            self._memory[tried.what] = max(self._memory.get(tried.what, (0, 0)), (tried.memory, case.number))
            if tried.failure:
                self._fail(Failure(case.number, tried.what, tried.failure))

    def _fail(self, failure: Failure) -> None:
        self.failures.append(failure)
        print(f"\nFAILED {failure.number} {failure.what}: {failure.reason:.300}", file=sys.stderr, flush=True)

    def add_unopened(self, found: Iterable[Unopened]) -> None:
        for output, program, reason in found:
            index = int(output.path.name.partition("-")[0])
            self._fail(Failure(index, output.what, f"{program} cannot open {output.path.name}: {reason}"))

    def outcomes(self) -> Counter[str]:
        return sum(self._ends.values(), Counter())

    def lines(self) -> Iterator[str]:
        names = sorted(self.outcomes())
        width = max(map(len, self._ends), default=0)
        heads = "".join(f"{name:>16}" for name in (*names, "slowest (case)", "MiB (case)"))
        yield f"{'':{width}}{heads}"
        for what, ends in self._ends.items():
            seconds, memory = self._seconds[what], self._memory[what]
            numbers = "".join(f"{ends[name] or '':>16}" for name in names)
            slowest, most = f"{seconds[0]:.2f} s ({seconds[1]})", f"{memory[0]} ({memory[1]})"
            yield f"{what:{width}}{numbers}{slowest:>16}{most:>16}"
        yield f"{self.cases} cases; opened " + (
            ", ".join(f"{n} by {kind}" for kind, n in self.opened.items()) or "none"
        )


def campaign(job: Job, indices: Sequence[int], jobs: int, office: int) -> Tally:
    """All cases; their outputs are opened in batches and removed."""
    tally, sample = Tally(), _Sample(office, job)
    cases = run(KINDS[job.kind].run, job, indices, jobs, KINDS[job.kind].tasks)
    while batch := list(islice(cases, _BATCH)):
        for case in batch:
            tally.add(case)
        outputs = [output for case in batch for output in case.outputs]
        tally.add_unopened(unopened(outputs, max(1, jobs)))
        tally.opened.update(
            "openpyxl and calamine" if each.path.suffix != ".docx" else "python-docx" for each in outputs
        )
        for output in outputs:
            sample.offer(output)
        for case in batch:
            shutil.rmtree(job.folder / str(case.number), ignore_errors=True)
    tally.add_unopened(unopened_by_office(sample.kept, job.folder / "office"))
    tally.opened["LibreOffice"] = len(sample.kept)
    return tally


class _Sample:
    """So many outputs of all that are offered, each as likely as any other."""

    def __init__(self, size: int, job: Job) -> None:
        self.kept: list[Output] = []
        self._size, self._seen = size, 0
        self._folder = job.folder / "sample"
        self._chance = job.chance(-1)

    def offer(self, output: Output) -> None:
        self._seen += 1
        at = self._chance.randrange(self._seen)
        if len(self.kept) < self._size:
            self.kept.append(self._copied(output))
        elif at < self._size:
            shutil.rmtree(self.kept[at].path.parent)
            self.kept[at] = self._copied(output)

    def _copied(self, output: Output) -> Output:
        folder = self._folder / str(self._seen)
        folder.mkdir(parents=True)
        named = folder / f"{self._seen}-原件{output.path.suffix}"  # LibreOffice puts all results into one folder
        source = Path(shutil.copy(output.source, named)) if output.source else None
        return Output(Path(shutil.copy(output.path, folder)), source, output.what)
