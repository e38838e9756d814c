"""Processes that end in the middle of a task, take too long, or are lost with their machine."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.review import aborting
from tests.review.cluster import cluster
from xlperf.errors import XlperfError
from xlperf.review.gather import Bundle, File
from xlperf.review.order import EVERYTHING
from xlperf.review.running import Limits, Result, run_here, run_on_cluster, settled

BAD = {"段错误.xlsx": "段错误", "被杀.xlsx": "内存不够", "停住.xlsx": "用时超过", "内部.xlsx": "内部错误"}


def bundle(*names: str) -> Bundle:
    return Bundle("甲", tuple(File(f"甲/{name}", "", 1, f"1-{number}") for number, name in enumerate(names)))


def errors(result: Result) -> dict[str, str]:
    return {each["label"]: each["error"] for each in result["files"]}


def test_a_file_that_ends_its_process_costs_its_own_row_and_no_other() -> None:
    tasks = [bundle(f"{number}.xlsx") for number in range(12)]
    tasks[3:3] = [bundle("段错误.xlsx"), bundle("内部.xlsx")]
    tasks[8:8] = [bundle("好一.xlsx", "被杀.xlsx", "好二.xlsx"), bundle("停住.xlsx")]
    limits = Limits(seconds=2, work=aborting.work)
    done = dict(run_here(tasks, EVERYTHING, 2, limits))
    assert set(done) == set(tasks)
    told = {name: error for result in done.values() for name, error in errors(result).items()}
    assert {name for name, error in told.items() if error} == set(BAD)
    for name, reason in BAD.items():
        assert reason in told[name] and name in told[name]


def test_processes_make_way_for_new_ones() -> None:
    tasks = [bundle(f"{number}.xlsx") for number in range(8)]
    done = run_here(tasks, EVERYTHING, 1, Limits(tasks=3, work=aborting.work))
    assert len({result["files"][0]["digest"] for _, result in done}) == 3


def test_few_tasks_are_taken_ahead() -> None:
    taken: list[int] = []

    def tasks() -> Iterator[Bundle]:
        for number in range(40):
            taken.append(number)
            yield bundle(f"{number}.xlsx")

    results = run_here(tasks(), EVERYTHING, 1, Limits(work=aborting.work))
    next(results)
    assert len(taken) <= 5
    assert len(list(results)) == 39


def test_of_files_that_only_together_end_their_process_all_are_told() -> None:
    whole = bundle("一.xlsx", "二.xlsx")
    result = settled(whole, lambda each: {"files": [], "units": []} if len(each.files) == 1 else "进程异常中止")
    assert all("放在一起" in error for error in errors(result).values())
    assert len(result["files"]) == 2


def test_without_a_scheduler_it_says_so() -> None:
    with pytest.raises(XlperfError, match="连不上 Dask"):
        list(run_on_cluster([bundle("1.xlsx")], EVERYTHING, "tcp://127.0.0.1:1", patience=1))


@pytest.mark.slow
def test_a_cluster_that_loses_a_worker_gives_the_same_results(tmp_path: Path) -> None:
    """A real scheduler and two workers, each a process of its own; one is killed in the middle."""
    with cluster(tmp_path) as (address, workers):
        tasks = [bundle(f"{number}.xlsx") for number in range(60)]
        done = {}
        for each, result in run_on_cluster(tasks, EVERYTHING, address, _slowly):
            done[each] = errors(result)
            if len(done) == 15:
                workers[0].kill()
        assert done == {each: {each.files[0].name: ""} for each in tasks}


def _slowly(each: Bundle, order: object) -> Result:
    time.sleep(0.03)
    return {"files": [{"label": file.name, "error": ""} for file in each.files], "units": []}
