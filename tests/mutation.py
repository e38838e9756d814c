"""Mutation testing of the rules with mutmut: `python -m tests.mutation FOLDER`; docs/mutation.md says what came out.

mutmut leaves decorated functions alone, and every rule is one. So a copy of the project is tested in which `@check(…)`
above a function has become `name = check(…)(name)` below it: the same module to Python, plain functions to mutmut.
Results of an earlier run in FOLDER stay for functions that have not changed; what else is given goes to `mutmut run`,
such as the names of mutants to test once more.
"""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parent.parent
COPIED = ("pyproject.toml", "README.md", "xlperf", "workbook_templates", "tests", "docs")
DECORATORS = ("check", "derived")
CACHES = ("lru_cache",)  # would answer for a mutant with what the original once gave


def undecorated(source: str) -> str:
    """The module with each `@check` or `@derived` written as a call below its function, and nothing remembered."""
    lines = source.splitlines(keepends=True)
    functions = [node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]
    for node in reversed(functions):
        for decorator in node.decorator_list:
            name = ast.unparse(decorator.func) if isinstance(decorator, ast.Call) else ""
            first, last = decorator.lineno - 1, decorator.end_lineno or decorator.lineno
            if name in DECORATORS:
                call = "".join(lines[first:last]).removeprefix("@").rstrip()
                lines.insert(node.end_lineno or node.lineno, f"\n\n{node.name} = {call}({node.name})\n")
            if name in DECORATORS + CACHES:
                del lines[first:last]
    return "".join(lines)


def copy_project(target: Path) -> None:
    """What the tests need, with the rules undecorated. Of an earlier run only the results of functions stay."""
    target.mkdir(parents=True, exist_ok=True)
    for path in target.rglob("*"):
        if path.is_file() and path.suffix != ".meta":
            path.unlink()
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(
                source, target / name, ignore=shutil.ignore_patterns("__pycache__", "images"), dirs_exist_ok=True
            )
        else:
            shutil.copy(source, target / name)
    for folder in ("checks", "derived"):
        for path in (target / "xlperf" / folder).glob("*.py"):
            path.write_text(undecorated(path.read_text("utf-8")), "utf-8")


def count(target: Path) -> str:
    """Killed and all mutants of each file, from mutmut's own list; a mutant that hangs is killed."""
    command = [sys.executable, "-m", "mutmut", "results", "--all", "true"]
    listed = subprocess.run(command, cwd=target, capture_output=True, text=True, check=True).stdout
    killed: Counter[str] = Counter()
    every: Counter[str] = Counter()
    for line in listed.splitlines():
        name, _, status = line.strip().rpartition(": ")
        module = name.rpartition(".")[0]
        if module:
            every[module] += 1
            killed[module] += status in ("killed", "timeout")
    rows = [f"{module:32}{killed[module]:6}{every[module]:6}{killed[module] / every[module]:8.1%}" for module in every]
    return "\n".join([*rows, f"{'all':32}{killed.total():6}{every.total():6}{killed.total() / every.total():8.1%}"])


if __name__ == "__main__":
    folder = Path(sys.argv[1]).resolve()
    copy_project(folder)
    subprocess.run(
        [sys.executable, "-m", "mutmut", "run", "--max-children", "2", *sys.argv[2:]], cwd=folder, check=True
    )
    print(count(folder))
