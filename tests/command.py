"""The command line called from a test."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import pytest

from xlperf import cli


class Result(NamedTuple):
    code: int
    out: str
    err: str


Run = Callable[..., Result]


def called(capsys: pytest.CaptureFixture[str], *arguments: object) -> Result:
    with pytest.raises(SystemExit) as exit_:
        cli.main([str(argument) for argument in arguments])
    captured = capsys.readouterr()
    assert isinstance(exit_.value.code, int)
    return Result(exit_.value.code, captured.out, captured.err)
