"""Where the tests stand, what they read, and what stands in a folder.

Tests stand as the code stands. A module's own are those of its room (tests/ROOM, of a room inside a room also those of
the outer one) that bear its name (test_MODULE.py, test_MODULE_….py) or import it; those of a rule are its cases.
"""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

TESTS = Path(__file__).parent
ROOT = TESTS.parent
PACKAGE = ROOT / "xlperf"
GOLDEN = TESTS / "golden"
DATA = TESTS / "data"


def files(folder: Path) -> list[str]:
    """The names in a folder, in their order."""
    return sorted(path.name for path in folder.iterdir())


def contents(folder: Path) -> dict[str, bytes]:
    """Of all files, those in folders inside included."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def own_tests(module: str) -> list[Path]:
    """Of a module, such as package/notes.py."""
    path = PACKAGE / module
    name, room = (path.parent.name, path.parent) if path.stem == "__init__" else (path.stem, path.parent)
    dotted = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    homes = {TESTS / each.relative_to(PACKAGE) for each in (room, *room.parents) if each.is_relative_to(PACKAGE)}
    if room != PACKAGE:
        homes.remove(TESTS)
    found = [each for home in homes for each in home.glob("test_*.py")]
    own = [each for each in found if each.stem == f"test_{name}" or each.stem.startswith(f"test_{name}_")]
    return own or [each for each in found if dotted in _imported(each)]


@cache
def _imported(path: Path) -> frozenset[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{each.name}" for each in node.names)}
        elif isinstance(node, ast.Import):
            names |= {each.name for each in node.names}
    return frozenset(names)
