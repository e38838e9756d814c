"""The page against the command line: the same findings, the same bytes."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Iterator
from contextlib import chdir, redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

from tests.page.browser import Browser
from xlperf import cli

_STAMPED = ("docProps/core.xml",)
MADE = {
    "审核后的表": ("check", "_审核.xlsx"),
    "填充后的表": ("fill", "_已填.xlsx"),
    "上报本": ("freeze --final", "_上报.xlsx"),
    "去掉标记的表": ("clear", "_清除.xlsx"),
    "下一年的工作簿": ("roll", "_下一年.xlsx"),
    "自评报告（.docx）": ("report", "_报告.docx"),
    "审核意见（.docx）": ("check", "_审核意见.docx"),
}


def typed(folder: Path, *arguments: str) -> tuple[int, str]:
    """A command in a folder: its exit code and what it printed."""
    out = StringIO()
    with chdir(folder), redirect_stdout(out), redirect_stderr(StringIO()):
        try:
            cli.main(arguments)
        except SystemExit as end:
            return int(end.code or 0), out.getvalue()
    raise AssertionError("main always exits")


def findings_differ(browser: Browser, *paths: Path) -> str:
    """ "" where the page says of files what the command line says of them."""
    names = [path.name for path in paths]
    code, said = typed(paths[0].parent, "check", *names, "--format", "json")
    browser.run("window.xlperf.state.text = ''")
    browser.upload(*paths)
    found = browser.said
    if code == 2 and not said:
        return "" if not found and browser.notice else f"refused here, there: {found[:200]}"
    if json.loads(found or "null") == json.loads(said):
        return ""
    return f"{names}: {first_difference(json.loads(said), json.loads(found or 'null'))}"


def first_difference(one: object, other: object, at: str = "") -> str:
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        return next(filter(None, (first_difference(one[key], other[key], f"{at}.{key}") for key in one)), "")
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = enumerate(zip(one, other, strict=True))
        return next(filter(None, (first_difference(*pair, f"{at}[{number}]") for number, pair in pairs)), "")
    return "" if one == other else f"{at}: {str(one)[:120]} / {str(other)[:120]}"


def copies_differ(browser: Browser, path: Path, work: Path, wanted: tuple[str, ...] = tuple(MADE)) -> Iterator[str]:
    """The downloads of the workbook that the page shows which are not, part by part, what the command line makes."""
    for what in wanted:
        command, suffix = MADE[what]
        here = work / f"{path.stem}{suffix}"
        here.unlink(missing_ok=True)
        option = "--letter" if suffix == "_审核意见.docx" else "-o"
        code, _ = typed(path.parent, *command.split(), path.name, option, os.path.relpath(here, path.parent))
        if code == 2:
            continue
        there = browser.download(what)
        if there.name != here.name:
            yield f"{what} is called {there.name}"
        one, other = parts(here), parts(there)
        if one != other:
            yield f"{path.name} {what}: {[name for name in one if one[name] != other.get(name)]}"
        there.unlink()


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist() if name not in _STAMPED}
