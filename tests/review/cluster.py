"""A Dask scheduler and two workers, each a process of its own on this machine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.places import ROOT

Process = subprocess.Popen[bytes]


@contextmanager
def cluster(folder: Path) -> Iterator[tuple[str, list[Process]]]:
    """Its address and the processes of its workers; a file in `folder` says where it is."""
    running = [_started("distributed.cli.dask_scheduler", "--port", "0", "--scheduler-file", folder / "at.json")]
    try:
        address = _address(folder / "at.json")
        for _ in range(2):
            running.append(_started("distributed.cli.dask_worker", address, "--no-nanny", "--nthreads", "1"))
        yield address, running[1:]
    finally:
        for process in running:
            process.kill()
            process.wait()


def _started(module: str, *arguments: object) -> Process:
    command = [sys.executable, "-m", module, *map(str, arguments), "--no-dashboard"]
    paths = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.Popen(command, cwd=ROOT, env=paths, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _address(place: Path) -> str:
    for _ in range(600):
        if place.exists() and place.read_text("utf-8").strip().endswith("}"):
            address: str = json.loads(place.read_text("utf-8"))["address"]
            return address
        time.sleep(0.1)
    raise AssertionError("the scheduler did not start")
