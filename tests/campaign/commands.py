"""The command line called in this process, and what may never be seen of it."""

from __future__ import annotations

import contextlib
import io
import os
from pathlib import Path
from typing import NamedTuple
from unittest import mock

from xlperf import cli
from xlperf.cli.failures import DEBUG

OUTCOMES = {0: "clean", 1: "findings", 2: "refused"}
_MEMORY = ("MemoryError", "内存不够")
_INTERNAL = "xlperf 内部出错"


class Said(NamedTuple):
    code: int
    text: str  # what was printed, with the traceback behind a refusal


def called(*arguments: object) -> Said:
    """The command; a refusal tells where it comes from, so that a fault behind it is seen."""
    stream = io.StringIO()
    with (
        mock.patch.dict(os.environ, {DEBUG: "1"}),
        contextlib.redirect_stdout(stream),
        contextlib.redirect_stderr(stream),
    ):
        try:
            cli.main([str(argument) for argument in arguments])
        except SystemExit as end:
            return Said(end.code if isinstance(end.code, int) else -1, stream.getvalue())
    raise AssertionError("a command that does not exit")


def wrong(code: int, said: str, before: dict[str, bytes], after: dict[str, bytes], may: set[str]) -> str:
    """What is wrong with how a command ended; `may` names the files that it may write when it has not refused."""
    if code not in OUTCOMES:
        return f"exit code {code}: {said[-300:]}"
    if _INTERNAL in said or any(word in said for word in _MEMORY):
        return said[-1500:]
    if code == 2 and not any("\u4e00" <= letter <= "\u9fff" for letter in said):
        return f"not a sentence for the user: {said[:300]}"
    changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    if code == 2 and changed:
        return f"exit 2, and written: {sorted(changed)}"
    if changed - may:
        return f"written: {sorted(changed - may)}"
    if code != 2 and may - after.keys():
        return f"not written: {sorted(may - after.keys())}"
    return ""


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file() and not path.is_symlink()}
