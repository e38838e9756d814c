"""The functions as classic xlwings registers and calls them in Excel for Windows, with pywin32 replaced by stubs."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import Any, NamedTuple

import pytest

from tests.hosts.classic_udfs import MISSING
from tests.places import GOLDEN, ROOT
from xlperf.hosts.commands import COMMANDS
from xlperf.udf import FUNCTIONS, Case, ErrorValue, Function

PUBLISHED = GOLDEN / "xlwings_udfs.bas"
COM_ERRORS = -2146828288  # what COM adds to an error's number
LIMIT = 255
# Excel hands over no empty range.
CASES = [
    (entry, case) for entry in FUNCTIONS for case in (*entry.examples, *entry.bad_input) if () not in case.arguments
]


class Answers(NamedTuple):
    vba: str
    told: dict[str, dict[str, Any]]
    values: list[Any]
    runs: list[str]


@pytest.fixture(scope="module")
def answers() -> Answers:
    calls = [[entry.name, _arguments(entry, case)] for entry, case in CASES]
    done = subprocess.run(
        [sys.executable, "-m", "tests.hosts.classic_udfs"],
        input=json.dumps(calls),
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return Answers(**json.loads(done.stdout))


def _arguments(entry: Function, case: Case) -> list[Any]:
    given = [_as_com(argument) for argument in case.arguments]
    return given + [MISSING] * (len(entry.arguments) - len(given))


def _as_com(value: Any) -> Any:
    if isinstance(value, list):
        return [[_as_com(cell) for cell in row] for row in value]
    return COM_ERRORS + value.number if isinstance(value, ErrorValue) else value


def test_vba_wrapper(answers: Answers) -> None:
    assert answers.vba == PUBLISHED.read_text("utf-8")
    for entry in FUNCTIONS:
        assert f"Function {entry.name}(" in answers.vba
        assert all(("Optional " + each.name in answers.vba) or not each.optional for each in entry.arguments)
    macros = re.findall(r"Sub (\w+)\(\)", answers.vba)
    assert sorted(macros) == sorted(each.macro for each in COMMANDS)
    assert len(re.findall(r"^Sub ", answers.vba, re.MULTILINE)) == len(macros), (
        "nothing else is a macro, and none takes arguments"
    )


def test_a_button_runs_its_work(answers: Answers) -> None:
    assert answers.runs == [each.name for each in COMMANDS]


@pytest.mark.parametrize("entry", FUNCTIONS, ids=[entry.name for entry in FUNCTIONS])
def test_help_in_the_function_wizard(answers: Answers, entry: Function) -> None:
    told = answers.told[entry.name]
    assert told["doc"] == entry.help
    assert len(told["doc"]) < LIMIT
    assert told["args"] == [f"{argument.label}：{argument.help}" for argument in entry.arguments]
    assert all(len(text) < LIMIT for text in told["args"])


@pytest.mark.parametrize("at", range(len(CASES)), ids=[f"{entry.name}{case.arguments}" for entry, case in CASES])
def test_call(answers: Answers, at: int) -> None:
    """Cell, column, row, table, left out, blank, text, error value: the value of the function, errors as their text."""
    assert answers.values[at] == _as_cells(CASES[at][1].value)


def _as_cells(value: Any) -> list[list[Any]]:
    rows = value if isinstance(value, list) else [[value]]
    return [[cell.value if isinstance(cell, ErrorValue) else cell for cell in row] for row in rows]
