"""Hundreds of workbooks that other people made. Fails, never skips, where they cannot be had.

All of them, four times as many, are `python -m tests.package.corpus --sample`.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from tests.outputs import mark_and_clear
from tests.package.books import entries
from tests.package.corpus import SAMPLE, WANTED, default_folder, fetch, noted_by_openpyxl, run, workbooks
from tests.package.kitchen_sink import kitchen_sink, strict_kitchen_sink
from tests.package.validators import new_faults
from xlperf.errors import WorkbookError


@pytest.mark.libreoffice
def test_workbooks_of_other_makers_are_kept(tmp_path: Path) -> None:
    found = sorted(workbooks(fetch(SAMPLE, default_folder())))
    assert len(found) >= WANTED, f"only {len(found)} workbooks: see tests/package/corpus.py for where they come from"
    chosen = [item for number, item in enumerate(found) if number % 10 == 1 or "liborcus" in item[0]]
    chosen += noted_by_openpyxl(found[:60:4])
    assert len(chosen) >= 100
    tally = run(chosen, tmp_path, os.cpu_count() or 1)
    print(tally)
    assert not tally.failures
    assert not tally.refused


def uncalculated(content: dict[str, bytes]) -> dict[str, bytes]:
    """Without the request that the next program work out the formulas anew, which stays."""
    request = rb'<(\w+:)?calcPr fullCalcOnLoad="1"\s?/>| fullCalcOnLoad="1"'
    return {name: re.sub(request, b"", data) if b"calcPr" in data else data for name, data in content.items()}


def test_marks_on_workbooks_of_other_makers_are_nothing_to_repair() -> None:
    """No new finding of a validator, no shape id of two drawings: marked, marked again, cleared."""
    found = sorted(workbooks(fetch(SAMPLE, default_folder())))
    chosen = [("everything in it", kitchen_sink()), ("strict", strict_kitchen_sink())]
    drawn = [item for item in found if b".vml" in item[1]]  # a .zip names its entries in plain bytes
    chosen += [*drawn[::4], *found[::60], *noted_by_openpyxl(found[:60:6])]
    faults: dict[str, list[str]] = {}
    refused = 0
    for name, blob in chosen:
        try:
            marked, again, cleared = mark_and_clear(blob)
        except WorkbookError:
            refused += 1
            continue
        told = new_faults(blob, marked) + new_faults(blob, cleared)
        told += ["marked again it is another file"] * (again != marked)
        old, new = uncalculated(entries(blob)), uncalculated(entries(cleared))
        different = {each for each in old.keys() | new.keys() if old.get(each) != new.get(each)}
        told += [f"cleared: {each}" for each in different if not each.endswith("styles.xml")]
        if told:
            faults[name] = told
    assert faults == {}
    assert refused * 10 < len(chosen) > 30
