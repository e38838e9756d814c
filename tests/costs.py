"""The only test code that reads a clock: does the work grow with its input, or with the square of it?

Time itself is never asserted, for the machine may be busy. What is compared is the processor's time for an input and
for one four times as large: linear work takes four times as long, quadratic work sixteen times.
"""

from __future__ import annotations

import gc
import signal
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Protocol, TypeVar

Input = TypeVar("Input")

_RUNS = 3  # the least time of so many counts: nothing makes a run faster than it is
_TRIES = 3  # only what fails so often in a row has failed
_TOO_MUCH = 8  # times the cost, for four times the input
_DOUBLED = 14  # times at most: 8,000 times the input costs something
_LEAST = 0.002  # seconds of the processor that tell something
_PATIENCE = 20.0  # seconds of the processor for one run, after which it is stopped
_LEAST_PATIENCE = 0.25
_LOOK = 0.05  # seconds between two looks at the clock


class Cached(Protocol):
    """A function under `functools.cache`."""

    def cache_clear(self) -> None: ...


class _TooSlow(BaseException):
    """Raised in the midst of a run, past whatever catches every Exception there."""


def grows_linearly(
    use: Callable[[Input], object],
    make: Callable[[int], Input],
    n: int,
    *,
    cheap: float | None = None,
    forget: Collection[Cached] = (),
) -> None:
    """Fail if `use(make(4 * n))` costs eight times as much as `use(make(n))`, or more, three times running.

    Where `n` costs next to nothing it is doubled first. It must be large enough that the work on the input is measured
    and not what every call costs; `use` swallows what it may raise. What hangs is stopped, and fails. Functions that
    would have kept their answer from the run before `forget` it first.

    With `cheap` nothing is measured where 4n costs less than so many seconds: for tables of many thousand trials, at
    sizes where quadratic work would cost many times as much.
    """
    if forget:
        use = _anew(use, forget)
    if cheap is not None and (_least(use, make(4 * n), _PATIENCE, runs=1) or _PATIENCE) < cheap:
        return
    n, cost = _measurable(use, make, n)
    told = f"n = {n} took more than {_PATIENCE:.0f} s"
    if cost is not None:
        large = make(4 * n)
        for _ in range(_TRIES):
            patience = max(2 * _TOO_MUCH * cost, _LEAST_PATIENCE)
            costs = _least(use, large, patience)
            if costs is not None and costs < _TOO_MUCH * cost:
                return
            told = f"n = {n}: {cost:.4f} s; 4n: " + (
                f"more than {patience:.1f} s" if costs is None else f"{costs:.4f} s"
            )
            cost = _least(use, make(n), _PATIENCE) or cost
    raise AssertionError(f"the cost is not linear: {told}")


def _anew(use: Callable[[Input], object], forget: Collection[Cached]) -> Callable[[Input], object]:
    def run(given: Input) -> None:
        for each in forget:
            each.cache_clear()
        use(given)

    return run


def _measurable(use: Callable[[Input], object], make: Callable[[int], Input], n: int) -> tuple[int, float | None]:
    """The size that costs enough for the clock, and what it costs; None if it was stopped."""
    for size in (n << doubled for doubled in range(_DOUBLED)):
        cost = _least(use, make(size), _PATIENCE)
        if cost is None or cost >= _LEAST:
            return size, cost
    raise AssertionError(f"n = {size} costs nothing: is the answer kept from an earlier call?")


def _least(use: Callable[[Input], object], given: Input, patience: float, runs: int = _RUNS) -> float | None:
    """Seconds of the processor of the fastest run; None if one was stopped."""
    fastest: float | None = None
    gc.disable()  # a collection walks through all that other tests have left
    try:
        for _ in range(runs):
            with _stopped_after(patience):
                start = time.process_time()
                use(given)
                spent = time.process_time() - start
            fastest = spent if fastest is None else min(fastest, spent)
    except _TooSlow:
        return None
    finally:
        gc.enable()
    return fastest


@contextmanager
def _stopped_after(seconds: float) -> Iterator[None]:
    """Regular expressions, too, look for signals while they search.

    The timer is that of the wall and only asks what the processor has spent: while a timer of the processor runs, its
    clock goes in steps of some milliseconds.
    """
    begun = time.process_time()

    def stop(signum: int, frame: FrameType | None) -> None:
        if time.process_time() - begun > seconds:
            raise _TooSlow

    if not hasattr(signal, "setitimer"):  # Windows: what hangs does hang
        yield
        return
    before = signal.signal(signal.SIGALRM, stop)
    timer = signal.setitimer(signal.ITIMER_REAL, _LOOK, _LOOK)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, *timer)
        signal.signal(signal.SIGALRM, before)
