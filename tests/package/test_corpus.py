"""Hundreds of workbooks that other people made. Fails, never skips, where they cannot be had."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.package.corpus import SAMPLE, WANTED, default_folder, fetch, noted_by_openpyxl, run, workbooks


@pytest.mark.libreoffice
def test_workbooks_of_other_makers_are_kept(tmp_path: Path) -> None:
    found = sorted(workbooks(fetch(SAMPLE, default_folder())))
    assert len(found) >= WANTED, f"only {len(found)} workbooks: see tests/package/corpus.py for where they come from"
    chosen = [item for number, item in enumerate(found) if number % 2 or "liborcus" in item[0]]
    assert len(chosen) >= WANTED
    chosen += noted_by_openpyxl(found[:60])
    tally = run(chosen, tmp_path, os.cpu_count() or 1)
    print(tally)
    assert not tally.failures
    assert not tally.refused
