"""What README.md and docs/*.md tell people to type is understood: commands, options, modules and paths."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import click
import pytest

from tests.places import ROOT
from xlperf.cli.commands import cli

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
FENCE = re.compile(r"^( *)```\w*\n(.*?)^\1```", re.DOTALL | re.MULTILINE)
SPAN = re.compile(r"`([^`\n]+)`")
COMMAND = re.compile(r"(?:^|[ \\/])xlperf +([^>&#“（]*)")
PLACEHOLDER = re.compile(r"\bID\b|XLP999|MODULE")
EXPLAINED = re.compile(r" {2,}")  # in an example, what follows several blanks says what the line does


def typed(page: Path) -> Iterator[str]:
    """Lines of examples and pieces of code in the text."""
    text = page.read_text("utf-8")
    for block in FENCE.finditer(text):
        yield from (EXPLAINED.split(line.strip())[0] for line in block[2].splitlines())
    yield from SPAN.findall(FENCE.sub("", text))


def commands(page: Path) -> list[str]:
    lines = (line for line in typed(page) if "[" not in line)  # [DIR] of a usage line
    return sorted({found[1].strip() for line in lines for found in COMMAND.finditer(line)} - {""})


EXAMPLES = [(page.name, line) for page in PAGES for line in commands(page)]


def parsed(line: str) -> None:
    """As the command line does, without running anything."""
    command: click.Command = cli
    arguments = shlex.split(line)
    while isinstance(command, click.Group):
        name = arguments.pop(0)
        assert name in command.commands, line
        command = command.commands[name]
    command.make_context(line, arguments)


def test_examples_are_found() -> None:
    found = {name for name, _ in EXAMPLES}
    assert {"README.md", "commands.md", "contributing.md", "variants.md"} <= found
    assert ("README.md", "check 自评.xlsx --against 报告.docx --mark 报告_批注.docx") in EXAMPLES
    assert ("README.md", "demo") in EXAMPLES
    assert {line.split()[0] for name, line in EXAMPLES if name == "README.md"} == set(cli.commands)


@pytest.mark.parametrize(("page", "line"), EXAMPLES)
def test_command_is_understood(page: str, line: str) -> None:
    parsed(line)


@pytest.mark.parametrize("line", ["chek BOOK", "check", "check BOOK --nonsense", "fill BOOK --as text", "rules BOOK"])
def test_a_wrong_one_is_not(line: str) -> None:
    with pytest.raises((AssertionError, click.UsageError)):
        parsed(line)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_modules_and_paths_are_there(page: Path) -> None:
    code = " ".join(typed(page))
    modules = re.findall(r"-m ((?:xlperf|tests)[\w.]*)", code)
    paths = re.findall(r"(?<![\w./])((?:xlperf|tests|docs|workbook_templates)/[\w./-]*)", code)
    assert [name for name in modules if find_spec(name) is None] == []
    assert [name for name in paths if not ((ROOT / name).exists() or PLACEHOLDER.search(name))] == []
