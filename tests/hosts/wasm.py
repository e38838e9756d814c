"""Pyodide, Python in WebAssembly as xlwings Lite runs it, in Node and without a network."""

from __future__ import annotations

import importlib.metadata
import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

from tests.intake.forms import TEXT, sheet_form
from tests.page.modules import modules
from tests.places import ROOT
from xlperf.workbook.actions import new_workbook

HERE = Path(__file__).parent / "pyodide"


def run_both(folder: Path, demo: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What script.py returns in Pyodide, `pyodide`, and here, `cpython`; its figures among it."""
    node = shutil.which("node")
    assert node, "Node is missing: run `bash tests/run`, which installs it"
    pyodide = modules() / "node_modules" / "pyodide"
    work = folder / "work"
    work.mkdir()
    build_wheel(work)
    installed_wheel("click", work)
    (work / "demo.xlsx").write_bytes(new_workbook(demo).to_bytes())
    shutil.copy(TEXT, work / "report.txt")
    sheet_form(work / "form.xlsx")
    commands = {
        "pyodide": [node, str(HERE / "run.mjs"), str(pyodide), str(HERE / "script.py"), str(work)],
        "cpython": [sys.executable, "-I", str(HERE / "script.py"), str(work)],
    }
    found = {}
    for name, command in commands.items():
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
        assert done.returncode == 0, done.stderr[-4000:]
        found[name] = json.loads(done.stdout)
    return found


def build_wheel(folder: Path) -> None:
    """Our own wheel, as it would be published."""
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    # From a copy: the build must not write into the working tree.
    source = folder.parent / "source"
    source.mkdir()
    names = ("xlperf", "workbook_templates", "README.md", "LICENSE", "pyproject.toml")
    for name in names:
        path = ROOT / name
        if path.is_dir():
            shutil.copytree(path, source / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(path, source / name)
    subprocess.run([*command, "--wheel-dir", str(folder), str(source)], check=True)


def installed_wheel(name: str, folder: Path) -> None:
    """An installed package of pure Python, put back into a wheel."""
    with zipfile.ZipFile(folder / f"{name}-py3-none-any.whl", "w") as wheel:
        for file in importlib.metadata.files(name) or ():
            path = Path(str(file.locate()))
            if file.parts[0] != ".." and path.suffix != ".pyc" and path.is_file():
                wheel.write(path, str(file))
