"""The page is built alike every time, from parts that a lock names, and says whose they are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.command import Run
from xlperf.page.build import WEB


@pytest.mark.node
@pytest.mark.slow
def test_small(page: Path) -> None:
    """That it has the same bytes every time `python -m tests.page twice` says."""
    assert page.stat().st_size <= 11_000_000


@pytest.mark.node
@pytest.mark.slow
def test_one_file_that_says_whose_its_parts_are(page: Path) -> None:
    html = page.read_text("utf-8")
    assert "{{" not in html.partition('id="part-wasm"')[0]
    for owner in ("xlperf", "click", "cn2an", "proces", "openpyxl", "et_xmlfile", "xlrd", "Pyodide", "CPython"):
        assert f"==== {owner}" in html
    assert not [word for word in ("src=", "@import", "<base", "<iframe") if word in html.partition('id="part-')[0]]


def test_lock_names_no_registry() -> None:
    lock = json.loads((WEB / "package-lock.json").read_text("utf-8"))
    packages = {name: each for name, each in lock["packages"].items() if name}
    assert packages["node_modules/pyodide"]["version"] == lock["packages"][""]["dependencies"]["pyodide"]
    for each in packages.values():
        assert "resolved" not in each
        assert each["integrity"].startswith("sha512-")


def test_refusals(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ".html" in run("page", "build", "-o", "page.txt").err
    (tmp_path / "page.html").write_text("mine", "utf-8")
    assert run("page", "build", "-o", "page.html").code == 2
    assert (tmp_path / "page.html").read_text("utf-8") == "mine"
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    told = run("page", "build", "-o", "other.html")
    assert told.code == 2
    assert "没有找到 npm" in told.err
    assert not (tmp_path / "other.html").exists()
