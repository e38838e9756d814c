"""Whatever happens while saving, the file is the whole old one or the whole new one."""

from __future__ import annotations

import errno
import io
import os
import random
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.package.books import book, sheet
from tests.places import files
from xlperf.errors import SaveError
from xlperf.package.save import save_atomically

KILLS = 240
OLD = book(sheet('<row r="1"><c r="A1"><v>1</v></c></row>')) * 40
NEW = book(sheet('<row r="1"><c r="A1"><v>2</v></c></row>')) * 60
FAILING = "fsync replace rename chmod fchmod open write close stat lstat listdir scandir unlink".split()


@pytest.fixture
def target(tmp_path: Path) -> Path:
    path = tmp_path / "自评表.xlsx"
    path.write_bytes(OLD)
    return path


@pytest.mark.slow
def test_killed_at_any_instant(target: Path) -> None:
    chance = random.Random(20230405)
    seen = {"old": 0, "new": 0, "left": 0}
    span = 0.005  # follows the speed of the machine, so that the kills fall before, into and after the save
    for _ in range(KILLS):
        target.write_bytes(OLD)
        child = os.fork()
        if not child:  # a real process of its own, which never comes back
            try:
                save_atomically(target, NEW)
                signal.pause()
            finally:
                os._exit(1)
        time.sleep(chance.random() * span)
        os.kill(child, signal.SIGKILL)
        assert os.WIFSIGNALED(os.waitpid(child, 0)[1])
        content = target.read_bytes()
        assert content in (OLD, NEW), "neither the old file nor the new one"
        seen["old" if content == OLD else "new"] += 1
        span *= 1.2 if content == OLD else 0.8
        seen["left"] += len(files(target.parent)) > 1
        save_atomically(target, NEW)
        assert files(target.parent) == [target.name], "the next run left a temporary file"
    assert min(seen.values()) > KILLS // 20, f"the kills missed the save: {seen}"


class Faults:
    """Every system call of a save, counted; the one chosen fails."""

    def __init__(self, chosen: int, code: int) -> None:
        self.chosen, self.code, self.count = chosen, code, 0
        self.failed = ""

    def call(self, name: str, function: Callable[..., Any], *args: Any, **options: Any) -> Any:
        self.count += 1
        if self.count - 1 == self.chosen:
            self.failed = name
            raise OSError(self.code, os.strerror(self.code))
        return function(*args, **options)


class Leaky:
    """A file whose writes may stop half-way, as on a full disk."""

    def __init__(self, file: Any, faults: Faults) -> None:
        self._file, self._faults = file, faults

    def write(self, data: bytes) -> int:
        try:
            return int(self._faults.call("file.write", self._file.write, data))
        except OSError:
            self._file.write(data[: len(data) // 2])
            raise

    def flush(self) -> None:
        self._faults.call("file.flush", self._file.flush)

    def fileno(self) -> int:
        return int(self._file.fileno())

    def close(self) -> None:
        self._file.close()
        self._faults.call("file.close", lambda: None)

    def __enter__(self) -> Leaky:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@contextmanager
def failing(faults: Faults) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in FAILING:
            real = getattr(os, name)
            patch.setattr(os, name, lambda *args, _real=real, _name=name, **kw: faults.call(_name, _real, *args, **kw))
        real_open = io.open
        patch.setattr(io, "open", lambda *args, **kw: Leaky(faults.call("io.open", real_open, *args, **kw), faults))
        yield


def number_of_calls(target: Path) -> int:
    faults = Faults(-1, 0)
    with failing(faults):
        save_atomically(target, NEW)
    assert target.read_bytes() == NEW
    return faults.count


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EACCES], ids=errno.errorcode.get)
def test_every_call_may_fail(target: Path, code: int) -> None:
    calls = number_of_calls(target)
    failed = set()
    for chosen in range(calls):
        target.write_bytes(OLD)
        faults = Faults(chosen, code)
        refused = False
        with failing(faults):
            try:
                save_atomically(target, NEW)
            except SaveError as error:
                refused = True
                assert str(error).startswith(target.name)
        failed.add(faults.failed)
        # What the message says is true: refused means untouched, silence means saved.
        assert target.read_bytes() == (OLD if refused else NEW), faults.failed
        assert files(target.parent) == [target.name], faults.failed
    assert {"io.open", "file.write", "file.flush", "fsync", "replace", "chmod"} <= failed


def test_a_failure_while_cleaning_up_after_a_failure(target: Path) -> None:
    real, tries = os.unlink, []

    def stubborn(*paths: Any, **_: Any) -> None:
        tries.append(paths)
        raise OSError(errno.EIO, "I/O error")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "unlink", stubborn)
        patch.setattr(os, "replace", stubborn)
        with pytest.raises(SaveError):
            save_atomically(target, NEW)
    assert len(files(target.parent)) == 2
    assert target.read_bytes() == OLD
    assert os.unlink is real
    save_atomically(target, NEW)
    assert files(target.parent) == [target.name]


@pytest.mark.parametrize("room", [0, 1, 4096, len(NEW) - 1])
def test_a_file_that_may_not_grow(target: Path, room: int) -> None:
    """The kernel itself stops the write, after `room` bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))
    try:
        with pytest.raises(SaveError, match="原文件没有改动"):
            save_atomically(target, NEW)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert target.read_bytes() == OLD
    assert files(target.parent) == [target.name]


_ON_A_FULL_DISK = """
import subprocess, sys
from pathlib import Path
from xlperf.errors import SaveError
from xlperf.package.save import save_atomically
folder = Path(sys.argv[1])
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "none", str(folder)], check=True)
target = folder / "自评表.xlsx"
target.write_bytes(b"old" * 10_000)
try:
    save_atomically(target, b"new" * 20_000)
except SaveError as error:
    assert "磁盘已满" in str(error), error
else:
    raise AssertionError("saved on a full disk")
assert target.read_bytes() == b"old" * 10_000
assert [path.name for path in folder.iterdir()] == [target.name]
print("kept")
"""


def test_a_disk_that_is_really_full(tmp_path: Path) -> None:
    """In a mount namespace of its own, which even without root's rights most systems allow."""
    command = ["unshare", "--mount", "--map-root-user", "--user", sys.executable, "-c", _ON_A_FULL_DISK, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if "unshare" in done.stderr or "mount" in done.stderr:
        done = subprocess.run([command[0], "--mount", *command[4:]], capture_output=True, text=True, check=False)
    if "unshare" in done.stderr or "mount:" in done.stderr:
        return  # no right to mount anything: the limit on the file's size, above, is the kernel's word as well
    assert done.stdout == "kept\n", done.stderr
