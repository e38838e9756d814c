"""A review as DataFrames, and the notebook of docs/ that shows how to go on with them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.places import ROOT
from tests.review.conftest import Bureau
from tests.review.judged import rows_of
from xlperf.errors import XlperfError
from xlperf.review.frames import read_review


def test_units_findings_and_the_rest_are_those_of_the_summary(bureau: Bureau) -> None:
    reviewed = read_review(bureau.summary)
    assert list(reviewed.units["unit"]) == [row[1] for row in rows_of(bureau.summary, "单位清单")]
    assert len(reviewed.findings) == len(rows_of(bureau.summary, "问题清单"))
    assert set(reviewed.findings["unit_id"]) <= set(reviewed.units["unit_id"])
    assert len(reviewed.unread) == bureau.outcome.unread
    assert set(reviewed.across["kind"]) == {row[1] for row in rows_of(bureau.summary, "单位之间")}
    one = reviewed.units.set_index("unit").loc["红河县水利局"]
    assert (one["score"], one["rate"], one["annual"]) == (99, 0.9, 120)


def test_where_nothing_was_reviewed(tmp_path: Path) -> None:
    with pytest.raises(XlperfError, match="没有做完的审核"):
        read_review(tmp_path / "没有.xlsx")


def test_the_notebook_runs(bureau: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its cells in order, as somebody runs them beside a folder 报送."""
    monkeypatch.chdir(bureau.folder.parent)
    cells = json.loads((ROOT / "docs" / "review.ipynb").read_text("utf-8"))["cells"]
    names: dict[str, Any] = {}
    for cell in cells:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), names)
    assert len(names["units"]) == 5
    assert "XLP201" in names["by_rule"].index.get_level_values("code")
    assert names["totals"]["annual"] > 0
