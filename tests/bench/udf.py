"""The PERF_* functions in process: long columns against a plain loop, short calls against the clock."""

from __future__ import annotations

import random
import timeit
from collections.abc import Callable, Iterator
from typing import Any

from xlperf.udf import functions

ROWS = 10_000
CALL_US = 30
Rows = list[list[Any]]


def plain_sum(rows: Rows) -> float:
    """What anyone would write."""
    total = 0.0
    for row in rows:
        for cell in row:
            total += cell
    return total


def careful_sum(rows: Rows) -> float:
    """The same where not every cell is a number."""
    total = 0.0
    for row in rows:
        for cell in row:
            if type(cell) is float:
                total += cell
    return total


def columns() -> Iterator[tuple[str, Rows, Callable[[Rows], float]]]:
    """Long ranges, each with the loop that sums the same cells; nearly every amount is another."""
    chance = random.Random(5)
    points = [round(chance.uniform(0, 10), 2) for _ in range(ROWS)]
    yield "1 column", [[each] for each in points], plain_sum
    yield "2 columns", [[10.0, each] for each in points], plain_sum
    yield "4 columns", [[f"≥{n % 90}", f"{n % 97}", 10.0, each] for n, each in enumerate(points)], careful_sum


def ten_cells() -> Iterator[tuple[str, Callable[[], object]]]:
    """Calls that read ten cells."""
    column = [[12.34 + n] for n in range(5)]
    other = [[23.45 + n] for n in range(5)]
    yield "PERF_SCORE", lambda: functions.perf_score([*column, *other])
    yield "PERF_EXECUTION_RATE", lambda: functions.perf_execution_rate(column, other)
    yield "PERF_EXECUTION_SCORE", lambda: functions.perf_execution_score(column, other)
    yield "PERF_GRADE", lambda: functions.perf_grade([*column, *other])
    yield "PERF_GROWTH_RATE", lambda: functions.perf_growth_rate(column, other)
    yield "PERF_CONTROL_RATE", lambda: functions.perf_control_rate(column, other)
    score = ([["≥98%"], ["≤5"], ["10次"]], [["49%"], [6.0], ["9次"]], [[10.0], [10.0], [10.0]], "hunan-ratio")
    yield "PERF_INDICATOR_SCORE", lambda: functions.perf_indicator_score(*score)


def calls(wanted: str) -> int:
    """Print a line for each function; how many take more than they may."""
    missed = 0
    for name, call in ten_cells():
        label = f"udf: {name}, ten cells"
        if wanted in label:
            took = min(timeit.repeat(call, number=100, repeat=50)) / 100 * 1e6
            missed += took > CALL_US
            print(f"{label:40}{took:6.1f} µs of {CALL_US}{'  MISSED' if took > CALL_US else ''}", flush=True)
    return missed
