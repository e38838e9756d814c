"""Cases in worker processes that get a gibibyte, ten seconds of the processor for each thing tried, and no more."""

from __future__ import annotations

import faulthandler
import multiprocessing
import os
import random
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import NamedTuple

MEMORY = 1 << 30
SECONDS = 10
_DEAD = 60  # seconds of the processor after which the system ends a worker that answers no signal

SLOW = f"more than {SECONDS} s of the processor"
DIED = "the worker died or hung"


class Tried(NamedTuple):
    """One thing tried with one input: how it ended, and what was wrong about that."""

    what: str
    outcome: str
    seconds: float = 0.0  # of the processor
    memory: int = 0  # MiB, at its peak
    failure: str = ""


class Output(NamedTuple):
    """A file that was written, and the damaged one that it is a changed copy of; None if it is made anew."""

    path: Path
    source: Path | None
    what: str


class Case(NamedTuple):
    number: int
    tries: tuple[Tried, ...]
    outputs: tuple[Output, ...] = ()


class Job(NamedTuple):
    """What a worker needs to know: where the inputs are, where it may write, the seed."""

    kind: str
    inputs: Path
    folder: Path
    seed: int

    def chance(self, index: int) -> random.Random:
        """The dice of one case, which no other case has touched."""
        return random.Random(f"{self.kind}/{self.seed}/{index}")


Run = Callable[[Job, int], Case]


class TooSlow(BaseException):
    """Raised in the midst of what takes too long, past whatever catches every Exception there."""


_stopped: list[bool] = []
_limited: list[bool] = []  # not empty in a worker


def _stop(signum: int, frame: FrameType | None) -> None:
    _stopped.append(True)
    raise TooSlow


def attempt(what: str, work: Callable[[], tuple[str, str]]) -> Tried:
    """Do it and measure it. `work` gives an outcome and what is wrong with it; what it raises is a failure."""
    _stopped.clear()
    _forget_the_peak()
    start = time.process_time()
    before = signal.signal(signal.SIGPROF, _stop)
    signal.setitimer(signal.ITIMER_PROF, SECONDS, 1)
    if _limited:
        resource.setrlimit(resource.RLIMIT_CPU, (int(start) + _DEAD, resource.getrlimit(resource.RLIMIT_CPU)[1]))
    outcome, failure = "failed", ""
    try:
        outcome, failure = work()
    except TooSlow:
        pass
    except BaseException as error:
        failure = f"{type(error).__name__}: {error}"[:600]
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
    failure = SLOW if _stopped else failure
    return Tried(what, "failed" if failure else outcome, time.process_time() - start, _peak(), failure)


def _forget_the_peak() -> None:
    """Linux forgets what the most memory was when it is told so."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


def _peak() -> int:
    """MiB since it was last forgotten; elsewhere than on Linux since the process began."""
    with suppress(OSError):
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) >> 10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10


def limit() -> None:
    """For a worker: what asks for too much memory gets none."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    faulthandler.enable()
    _limited.append(True)


def run(work: Run, job: Job, indices: Sequence[int], jobs: int, tasks: int) -> Iterator[Case]:
    """All cases in order, so many to a worker; one that its worker dies of or hangs on is a failure, no more.

    With no jobs they are run in this process, which has no limit of memory.
    """
    if not jobs:
        yield from (work(job, index) for index in indices)
        return
    context = multiprocessing.get_context("spawn")
    with context.Pool(jobs, limit, maxtasksperchild=tasks) as pool:
        pending = [(index, pool.apply_async(work, (job, index))) for index in indices]
        for done, (index, answer) in enumerate(pending, 1):
            try:
                yield answer.get(_patience())
            except multiprocessing.TimeoutError:
                yield Case(index, (Tried("case", "failed", failure=DIED),))
            if done % 50 == 0 or done == len(pending):
                print(f"\r{job.kind}: {done} of {len(pending)} ", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)


def _patience() -> float:
    """Seconds of the wall to wait for a case whose turn has come; more where the machine has other things to do."""
    return 4 * _DEAD * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
