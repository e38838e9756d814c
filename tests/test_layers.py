"""The rooms of the package stand in one order: each knows those before it, none after it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter

import pytest

from tests.places import PACKAGE

ORDER = (
    *(
        "errors",
        "text",
        "amounts",
        "prose",
        "form",
        "derive",
        "checks",
        "audit",
        "tieout",
        "package",
        "labels",
        "workbook",
    ),
    *("intake", "report", "hosts", "udf", "review", "page", "cli", "docs"),
)
HEAVY = {"openpyxl", "xlwings", "pandas", "lxml"}
LIGHT = ORDER[: ORDER.index("workbook")]
FREE = ("__init__", "__main__")  # the public names and the way in may come from anywhere
MODULES = {
    ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted(PACKAGE.rglob("*.py"))
}


def imported(module: str) -> Iterator[str]:
    """The modules that a module takes names from, wherever in it that is written."""
    for node in ast.walk(ast.parse(MODULES[module].read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in MODULES else node.module


def room(module: str) -> str:
    _, _, inner = module.partition(".")
    return inner.partition(".")[0] or "__init__"


@pytest.mark.parametrize("module", MODULES)
def test_a_room_knows_only_those_before_it(module: str) -> None:
    if room(module) in FREE:
        return
    known = ORDER[: ORDER.index(room(module)) + 1]
    others = {room(each) for each in imported(module) if each.startswith("xlperf.")}
    assert sorted(others - set(known)) == []


@pytest.mark.parametrize("module", [each for each in MODULES if room(each) in LIGHT])
def test_what_runs_everywhere_needs_no_large_library(module: str) -> None:
    assert HEAVY.isdisjoint(each.partition(".")[0] for each in imported(module))


def test_every_room_has_its_place() -> None:
    assert {room(module) for module in MODULES} - set(FREE) == set(ORDER)


def test_modules_go_in_no_circle() -> None:
    """But for the way into the command line, whose module of failures tells what the way in says."""
    arrows = {module: {each for each in imported(module) if each in MODULES} - {module} for module in MODULES}
    arrows["xlperf.cli.failures"].discard("xlperf.cli")
    TopologicalSorter(arrows).prepare()


@pytest.mark.parametrize("module", MODULES)
def test_no_module_is_long(module: str) -> None:
    assert MODULES[module].read_text("utf-8").count("\n") <= 400
