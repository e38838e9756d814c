"""The package inside Pyodide, Python in WebAssembly as xlwings Lite runs it, in Node and without a network.

Fails, it does not skip, where Node or Pyodide is missing: `bash tests/run` installs both.
"""

from __future__ import annotations

import importlib.metadata
import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from xlperf.hosts.file import new_workbook

HERE = Path(__file__).parent / "pyodide"
ROOT = Path(__file__).parents[2]


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


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory, beita_values: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What the script returns in Pyodide and here."""
    node = shutil.which("node")
    assert node, "Node is missing: run `bash tests/run`, which installs it"
    assert (HERE / "node_modules" / "pyodide").is_dir(), "Pyodide is missing: run `bash tests/run`, which installs it"
    folder = tmp_path_factory.mktemp("pyodide") / "work"
    folder.mkdir()
    build_wheel(folder)
    installed_wheel("click", folder)
    (folder / "demo.xlsx").write_bytes(new_workbook(beita_values).to_bytes())
    commands = {
        "pyodide": [node, str(HERE / "run.mjs"), str(HERE / "script.py"), str(folder)],
        "cpython": [sys.executable, "-I", str(HERE / "script.py"), str(folder)],
    }
    found = {}
    for name, command in commands.items():
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
        assert done.returncode == 0, done.stderr[-4000:]
        found[name] = json.loads(done.stdout)
    return found


def test_figures(results: dict[str, dict[str, Any]], capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        for name, result in results.items():
            print(f"\n{name}: " + ", ".join(f"{key} {value:.1f}" for key, value in result["figures"].items()))
    assert results["pyodide"]["platform"] == "emscripten"
    assert results["cpython"]["platform"] != "emscripten"


def test_functions_give_the_same(results: dict[str, dict[str, Any]]) -> None:
    assert len(results["cpython"]["functions"]) > 80
    assert results["pyodide"]["functions"] == results["cpython"]["functions"]
    assert results["pyodide"]["score"] == results["cpython"]["score"]


def test_check_gives_the_same(results: dict[str, dict[str, Any]]) -> None:
    exit_code, marked_code, report, parts = results["cpython"]["check"]
    assert (exit_code, marked_code) == (1, 1)
    assert report["counts"]["error"] > 0
    assert any("审核结果" in text for text in parts.values())
    assert results["pyodide"]["check"] == results["cpython"]["check"], "the marked workbook part for part"


def test_needs_no_compiled_dependency(results: dict[str, dict[str, Any]]) -> None:
    assert results["pyodide"]["foreign"] == []


def test_lock_names_no_registry() -> None:
    lock = json.loads((HERE / "package-lock.json").read_text("utf-8"))
    packages = {name: each for name, each in lock["packages"].items() if name}
    assert packages["node_modules/pyodide"]["version"] == lock["packages"][""]["dependencies"]["pyodide"]
    for each in packages.values():
        assert "resolved" not in each
        assert each["integrity"].startswith("sha512-")
