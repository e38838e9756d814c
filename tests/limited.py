"""The command line in a process that gets a gibibyte and ten seconds of the processor, however busy the machine is."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import threading
from typing import NamedTuple

MEMORY = 1 << 30
SECONDS = 10
_WALL = 300  # seconds; a process that waits for somebody uses no processor


class Ended(NamedTuple):
    code: int  # below zero: the system ended it, for it wanted more than it gets
    said: str
    memory: int  # MiB
    seconds: float  # of the processor


def limited(*arguments: object) -> Ended:
    process = subprocess.Popen(
        [sys.executable, "-c", "from xlperf.cli import main; main()", *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        preexec_fn=_limit,
    )
    assert process.stdout
    patience = threading.Timer(_WALL, os.kill, (process.pid, signal.SIGKILL))
    patience.start()
    said = process.stdout.read().decode()
    _, status, usage = os.wait4(process.pid, 0)
    patience.cancel()
    process.returncode = os.waitstatus_to_exitcode(status)
    return Ended(process.returncode, said, usage.ru_maxrss >> 10, usage.ru_utime + usage.ru_stime)


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
