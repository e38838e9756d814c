"""The walk of workbook_templates/README.md, done as it says: every file written, every command run and its output read.

A block names what it is: `toml FILE` and `json FILE` are a file, `toml FILE:LINE` a line of it anew, `console` what is
typed after `$` and what is then printed, `……` for lines left out.
"""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests.command import Run
from tests.places import ROOT

README = ROOT / "workbook_templates" / "README.md"
BLOCK = re.compile(r"^```(\w+) ?([^\n:]*):?(\d*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
LEFT_OUT = "……"
_WAITING = "还在转换，已用"  # told every ten seconds, where the machine is busy


def printed(run: Run, command: str) -> list[str]:
    """That a process of its own finds the form beside the workbook is shown in test_tiny.py."""
    program, *arguments = shlex.split(command)
    assert program == "xlperf"
    told = run(*arguments)
    assert told.code in (0, 1), told.err
    lines = (*told.err.splitlines(), *told.out.splitlines())
    return [line for line in lines if not line.startswith("下一步：") and _WAITING not in line]


def holds(promised: list[str], lines: list[str]) -> bool:
    """In whatever order the two streams come."""
    shown = [line for line in promised if line != LEFT_OUT]
    return set(shown) <= set(lines) and (LEFT_OUT in promised or len(shown) == len(lines))


@pytest.mark.libreoffice
def test_the_walk_goes_as_it_says(run: Run, tmp_path: Path) -> None:
    commands = []
    for kind, name, line, text in BLOCK.findall(README.read_text("utf-8")):
        path = tmp_path / name
        if line:
            lines = path.read_text("utf-8").splitlines(keepends=True)
            lines[int(line) - 1] = text
            path.write_text("".join(lines), "utf-8")
        elif kind != "console":
            path.write_text(text, "utf-8")
        else:
            for typed in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
                command, *promised = typed.splitlines()
                lines = printed(run, command)
                assert holds(promised, lines), (command, lines)
                commands.append(" ".join(command.split()[1:3]))
    walked = [each.split()[0] for each in commands if not each.startswith("template")]
    assert [each for each in commands if each.startswith("template")][:3] == [
        *("template lint", "template lint", "template preview"),
    ]  # fmt: skip
    assert walked[:7] == ["new", "new", "fill", "check", "clear", "freeze", "roll"]
    pages = sorted(path.name for path in tmp_path.glob("*.png"))
    assert pages == [f"anhui_department-{number}.png" for number in range(1, 6)]


@pytest.mark.parametrize(
    ("promised", "lines", "held"),
    [
        (["甲", "乙"], ["乙", "甲"], True),
        (["甲"], ["甲", "乙"], False),
        (["甲", LEFT_OUT], ["甲", "乙"], True),
        (["甲", LEFT_OUT], ["乙"], False),
    ],
)
def test_what_a_block_promises(promised: list[str], lines: list[str], held: bool) -> None:
    assert holds(promised, lines) is held
