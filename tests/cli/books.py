"""Workbooks as the command line makes them, and what is in their files."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.command import Run


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def sheets(path: Path) -> dict[str, bytes]:
    return {name: data for name, data in parts(path).items() if name.startswith("xl/worksheets/")}


def again(run: Run, exported: dict[str, Any]) -> Path:
    Path("again.json").write_text(json.dumps(exported, ensure_ascii=False), "utf-8")
    assert run("new", "again.xlsx", "--values", "again.json").code == 0
    return Path("again.xlsx")


def with_names(book: Path, change: Callable[[bytes], bytes]) -> Path:
    """A copy of the workbook whose defined names were tampered with."""
    target = book.with_name("tampered.xlsx")
    with zipfile.ZipFile(book) as source, zipfile.ZipFile(target, "w") as copy:
        for name in source.namelist():
            data = source.read(name)
            copy.writestr(name, change(data) if name == "xl/workbook.xml" else data)
    return target
