"""Mutation testing of the rules with mutmut: `python -m tests.mutation FOLDER`; docs/mutation.md says what came out.

mutmut leaves decorated functions alone, and every rule is one. So a copy of the project is tested in which `@check(…)`
above a function has become `name = check(…)(name)` below it: the same module to Python, plain functions to mutmut.
Of an earlier run in FOLDER the mutants that were killed stay so while their function does not change; all others are
tested once more. What else is given goes to `mutmut run`: `'xlperf.checks.balance*'` tests one file.
"""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parent.parent
COPIED = ("pyproject.toml", "README.md", "xlperf", "workbook_templates", "tests", "docs")
DECORATORS = ("check", "derived")
CACHES = ("lru_cache", "cache")  # would answer for a mutant with what the original once gave
# The parameters of a rule are read off its code: in the copy, off what mutmut has wrapped.
OWN_CODE = "    assert isinstance(function, FunctionType)\n"
WRAPPED = '    function = getattr(function, "__wrapped__", function)\n'
NOT_KILLED = (0, 33)  # mutmut's exit codes for survivors and for mutants that no test reaches


def undecorated(source: str) -> str:
    """The module with each `@check` or `@derived` written as a call below its function, and nothing remembered."""
    lines = source.splitlines(keepends=True)
    functions = [node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]
    for node in reversed(functions):
        for decorator in node.decorator_list:
            name = ast.unparse(decorator.func if isinstance(decorator, ast.Call) else decorator)
            first, last = decorator.lineno - 1, decorator.end_lineno or decorator.lineno
            if name in DECORATORS:
                call = "".join(lines[first:last]).removeprefix("@").rstrip()
                lines.insert(node.end_lineno or node.lineno, f"\n\n{node.name} = {call}({node.name})\n")
            if name in DECORATORS + CACHES:
                del lines[first:last]
    return "".join(lines)


def copy_project(target: Path) -> None:
    """What the tests need, with the rules undecorated. Of an earlier run only mutmut's list of the killed stays."""
    target.mkdir(parents=True, exist_ok=True)
    for path in target.rglob("*"):
        if path.suffix == ".meta":
            found = json.loads(path.read_text("utf-8"))
            codes = found["exit_code_by_key"]
            found["exit_code_by_key"] = {key: None if code in NOT_KILLED else code for key, code in codes.items()}
            path.write_text(json.dumps(found), "utf-8")
        elif path.is_file():
            path.unlink()
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(
                source, target / name, ignore=shutil.ignore_patterns("__pycache__", "images"), dirs_exist_ok=True
            )
        else:
            shutil.copy(source, target / name)
    for folder in ("checks", "derive", "prose"):
        for path in (target / "xlperf" / folder).glob("*.py"):
            path.write_text(undecorated(path.read_text("utf-8")), "utf-8")
    path = target / "xlperf/derive/derivation.py"
    path.write_text(path.read_text("utf-8").replace(OWN_CODE, OWN_CODE + WRAPPED), "utf-8")


def count(target: Path) -> str:
    """Killed and all mutants by file, by part of the package and in all; a mutant that hangs is killed."""
    command = [sys.executable, "-m", "mutmut", "results", "--all", "true"]
    listed = subprocess.run(command, cwd=target, capture_output=True, text=True, check=True).stdout
    killed: Counter[str] = Counter()
    every: Counter[str] = Counter()
    for line in listed.splitlines():
        name, _, status = line.strip().rpartition(": ")
        module = name.rpartition(".")[0]
        for each in {module, ".".join(module.split(".")[:2]), "xlperf"} - {""}:
            every[each] += 1
            killed[each] += status in ("killed", "timeout")
    return "\n".join(
        f"{each:32}{killed[each]:6}{every[each]:6}{killed[each] / every[each]:8.1%}" for each in sorted(every)
    )


if __name__ == "__main__":
    folder = Path(sys.argv[1]).resolve()
    copy_project(folder)
    subprocess.run(
        [sys.executable, "-m", "mutmut", "run", "--max-children", "2", *sys.argv[2:]], cwd=folder, check=True
    )
    print(count(folder))
