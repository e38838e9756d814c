"""The package inside Pyodide: what it computes there is what it computes here.

Fails, it does not skip, where Node or Pyodide is missing: `bash tests/run` installs both. What it takes is measured by
`python -m tests.bench -k pyodide`.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.hosts import wasm

pytestmark = pytest.mark.node


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory, beita_values: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return wasm.run_both(tmp_path_factory.mktemp("pyodide"), beita_values)


def test_runs_in_webassembly(results: dict[str, dict[str, Any]]) -> None:
    assert results["pyodide"]["platform"] == "emscripten"
    assert results["cpython"]["platform"] != "emscripten"


def test_figures_are_measured(results: dict[str, dict[str, Any]]) -> None:
    figures = results["pyodide"]["figures"]
    assert {"load_ms", "import_ms", "score_10000_ms", "heap_mib", "rss_mib"} <= set(figures)
    assert all(figure > 0 for figure in figures.values())


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


def test_documents_are_read_alike(results: dict[str, dict[str, Any]], beita_values: dict[str, Any]) -> None:
    text, sheet = results["cpython"]["intake"]
    assert text == sheet == beita_values
    assert results["pyodide"]["intake"] == [text, sheet]


def test_needs_no_compiled_dependency(results: dict[str, dict[str, Any]]) -> None:
    assert results["pyodide"]["foreign"] == []
