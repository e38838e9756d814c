"""Mutants of a few modules and the tests that reach them: `python -m tests.narrow_mutation FOLDER MOST SEED [MODULE…]`.

Of a module with more than MOST mutants so many are drawn by SEED. mutmut makes them in a copy of the project;
the tests are collected once, and each mutant has a process of its own, forked from there, in which only the tests that
reach the mutated function run, the quickest first, until one fails. What a cache holds is forgotten in between; for a
function that reads a template the templates and the modules of the tests are loaded again.
"""

from __future__ import annotations

import importlib
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.mutation import copy_project

CHECKS = ("kinds", "targets", "spelling", "prose_alone", "signers", "excuses", "claims", "goal_amounts")
PROSE = (
    *("kinds", "spelling", "numbering", "target_words", "project_parts"),
    *("other_units", "offices", "listed", "planned", "text_words"),
)
MODULES = (*(f"checks.{name}" for name in CHECKS), *(f"prose.{name}" for name in PROSE))
TESTS = (
    *("tests/checks/test_rule_cases.py", "tests/checks/test_kinds.py"),
    *(f"tests/prose/test_{name}.py" for name in PROSE),
)
READ_TEXT_WORDS = (
    "xlperf.prose.text_words.",
    "xlperf.prose.offices.",
    "xlperf.prose.listed.",
)  # what its words are for
LONGEST = 60  # seconds; a mutant that takes longer hangs, and is found
NOT_FOUND, FOUND, NOT_REACHED = range(3)


class Loop:
    """Takes the place of pytest's own loop over the tests: they run once for each mutant."""

    def __init__(self, names: dict[str, list[str]]) -> None:
        self.names = names  # mutants by module

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = [item for item in session.items if isinstance(item, pytest.Function) and _is_wanted(item)]
        reached, seconds, loading = _reached(items)
        killed: Counter[str] = Counter()
        for module, names in self.names.items():
            for name in names:
                function = name.rpartition("__mutmut_")[0]
                is_loading = function in loading
                near = (f"xlperf.{module}.",) if module != "prose.text_words" else READ_TEXT_WORDS
                told = near if is_loading else function
                tests = [item for item in items if any(each.startswith(told) for each in reached[item])]
                tests.sort(key=lambda item: seconds[item])
                status = _survives(name, tests, is_loading) if tests else NOT_REACHED
                killed[module] += status == FOUND
                if status != FOUND:
                    print("SURVIVED" if tests else "UNREACHED", name, flush=True)
            print(f"{module:32}{killed[module]:6}{len(names):6}{killed[module] / max(len(names), 1):8.1%}", flush=True)
        every = sum(map(len, self.names.values()))
        print(f"{'all':32}{killed.total():6}{every:6}{killed.total() / every:8.1%}")
        return True


def _is_wanted(item: pytest.Function) -> bool:
    """Does it need no fixture, and if it is a case of a rule, is that one of those under test?"""
    values = _values(item)
    return set(item.fixturenames) <= set(values) and values.get("code", None) in (None, *_codes())


@cache
def _codes() -> tuple[str, ...]:
    rules: Any = importlib.import_module("xlperf.checks.catalog").CHECKS
    return tuple(rule.code for rule in rules if rule.function.__module__.rpartition(".")[2] in CHECKS)


def _values(item: pytest.Function) -> dict[str, Any]:
    return dict(item.callspec.params) if hasattr(item, "callspec") else {}


def _reached(items: list[pytest.Function]) -> tuple[dict[Any, set[str]], dict[Any, float], set[str]]:
    """The functions that each test reaches, how long it takes, and the functions that the loading of a form reaches."""
    from mutmut.mutation import trampoline

    hits: set[str] = set()
    trampoline.record_trampoline_hit = lambda name, caller=None: hits.add(name)
    os.environ["MUTANT_UNDER_TEST"] = "stats"
    _forget(True)
    importlib.import_module("xlperf.form.forms").load_template("department_overall")
    loading = set(hits)
    reached, seconds = {}, {}
    for item in items:
        _forget(False)
        hits.clear()
        start = time.perf_counter()
        item.obj(**_values(item))
        reached[item], seconds[item] = set(hits), time.perf_counter() - start
    del os.environ["MUTANT_UNDER_TEST"]
    return reached, seconds, loading


def _forget(templates: bool) -> None:
    """Empties the caches of the package; those of the forms only where templates are to be read again."""
    for name, module in list(sys.modules.items()):
        if name.startswith("xlperf") and (templates or not name.startswith("xlperf.form.")):
            for each in vars(module).values():
                if hasattr(each, "cache_clear"):
                    each.cache_clear()


def _survives(name: str, items: list[pytest.Function], is_loading: bool) -> int:
    child = os.fork()
    if child:
        return FOUND if os.waitpid(child, 0)[1] else NOT_FOUND
    signal.alarm(LONGEST)
    devnull = os.open(os.devnull, os.O_WRONLY)
    os.dup2(devnull, 1)
    os.dup2(devnull, 2)
    os.environ["MUTANT_UNDER_TEST"] = name
    try:
        _forget(is_loading)
        for item in items:
            function = item.obj
            if is_loading and "test_rule_cases" not in item.nodeid:
                function = getattr(_again(item.module), item.originalname)
            function(**_values(item))
    except BaseException:
        os._exit(FOUND)
    os._exit(NOT_FOUND)


def _again(module: Any, done: dict[str, Any] = {}) -> Any:  # noqa: B006
    """The module of tests, loaded again once in this process."""
    if module.__name__ not in done:
        done[module.__name__] = importlib.reload(module)
    return done[module.__name__]


def mutate(folder: Path, most: int, seed: int, modules: tuple[str, ...]) -> dict[str, list[str]]:
    """Writes the mutants into the modules of the copy; their names by module."""
    from mutmut.mutation.file_mutation import mutate_file_contents

    names = {}
    for module in modules:
        path = folder / "xlperf" / f"{module.replace('.', '/')}.py"
        mutated = mutate_file_contents(str(path), path.read_text("utf-8"))
        path.write_text(mutated.code, "utf-8")
        every = [f"xlperf.{module}.{name}" for name in mutated.mutant_names]
        names[module] = sorted(Random(seed).sample(every, min(most, len(every))))
        print(f"{module}: {len(names[module])} of {len(every)} mutants", flush=True)
    return names


if __name__ == "__main__":
    if sys.argv[1] == "--here":
        found = mutate(Path.cwd(), int(sys.argv[2]), int(sys.argv[3]), tuple(sys.argv[4:]))
        arguments = ["-q", "-s", "-p", "no:cacheprovider", *TESTS]
        sys.exit(pytest.main(arguments, plugins=[Loop(found)]))
    target = Path(sys.argv[1]).resolve()
    copy_project(target)
    command = [sys.executable, "-m", "tests.narrow_mutation", "--here", *sys.argv[2:4], *(sys.argv[4:] or MODULES)]
    sys.exit(subprocess.run(command, cwd=target).returncode)
