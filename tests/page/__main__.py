"""`python -m tests.page`: the page against the command line on many files, and what it costs.

    python -m tests.page same [--browser firefox] [--count 200] [--foreign 40] [--seed S] [--page FILE.html]
    python -m tests.page hostile [--browser firefox] [--page FILE.html]
    python -m tests.page figures [--browser firefox] [--page FILE.html]
    python -m tests.page checks [--browser firefox] [--program FILE] [--page FILE.html]
    python -m tests.page drag [--browser firefox] [--program FILE] [--page FILE.html]
    python -m tests.page old --program FILE [--page FILE.html]
    python -m tests.page twice

`checks`: the tests of the page, which every run has in Chromium, in any browser. `same`: golden cases, workbooks of
earlier versions, random and faulted forms, forms that other programs wrote: findings as the command line has them,
copies with the same bytes. `hostile`: files of some KB that would take minutes or gigabytes: each is read or refused
in a sentence, and the page answers meanwhile. `figures`: size, time until ready, first and further checks, memory
after 50 workbooks, longest pause of the page, and of the same page when it only waits for answers, which is the
machine's; times beside those of CPython and of Python alone in the same run. `drag`: a workbook and a report dragged
with the mouse into a window, what is found of them and downloaded there. `old`: what a Chromium shows that is too old
for the page. `twice`: built twice it has the same bytes. `--program`: the browser's program, where it is not the one
on the PATH.
Exit code 1 where something differs.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.campaign.bombs import DOCUMENTS, WORKBOOKS
from tests.foreign.writers import drawn, write_all
from tests.page.alike import copies_differ, findings_differ, first_difference, typed
from tests.page.browser import Browser, Kind, started
from tests.page.dragging import drag, screen
from tests.page.modules import modules, tool
from tests.places import DATA, GOLDEN, ROOT
from tests.random_forms import faulty_forms, random_forms
from xlperf.cli import main as main_of_commands
from xlperf.form.forms import example_of, load_template
from xlperf.package.save import claim
from xlperf.page import desk
from xlperf.page.build import build_page
from xlperf.workbook.actions import new_workbook

_ROUNDS, _CHECKS, _WARM, _MOST_MS, _TOLD, _MOST_MS_TOLD = 3, 50, 8, 10_000, 10, 1000


def main() -> int:
    options = _options()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        page = options.page or folder / "xlperf.html"
        if options.page is None:
            print(json.dumps(build_page(claim(page), modules())))
        if options.what == "twice":
            return _twice(page, folder)
        if options.what == "checks":
            return _checks(page, options)
        if options.what == "drag":
            return _drag(page, folder, options)
        if options.what == "old":
            return _old(page, options)
        with started(folder / "browser", Kind(options.browser, options.program)) as browser:
            print(browser.ask("version"), f"{page.stat().st_size:,} bytes")
            if options.what == "figures":
                _figures(browser, page, folder)
                return 0
            browser.open(page)
            return (_hostile if options.what == "hostile" else _same)(browser, folder, options)


def _twice(page: Path, folder: Path) -> int:
    build_page(claim(folder / "again.html"), modules())
    is_same = (folder / "again.html").read_bytes() == page.read_bytes()
    print("the same bytes" if is_same else "FAULT other bytes")
    return 0 if is_same else 1


def _checks(page: Path, options: argparse.Namespace) -> int:
    given = ["-q", "-p", "no:cacheprovider", f"--browser={options.browser}", f"--page={page}"]
    given += [f"--program={options.program}"] if options.program else []
    return int(pytest.main([*given, str(Path(__file__).parent)]))


def _drag(page: Path, folder: Path, options: argparse.Namespace) -> int:
    book, text = folder / "表.xlsx", folder / "报告.txt"
    new_workbook(example_of("department_overall")).save(book)
    shutil.copy(ROOT / "tests" / "intake" / "cases" / "beita_2023.txt", text)
    _, said = typed(folder, "check", book.name, text.name, "--format", "json")
    with screen(), started(folder / "browser", Kind(options.browser, options.program), window=True) as browser:
        browser.open(page)
        dropped = drag(browser, book, text)
        faults = [] if dropped == [[True, 2]] else [f"dropped: {dropped}, {browser.notice}"]
        faults = faults or list(filter(None, [first_difference(json.loads(said), json.loads(browser.said))]))
        faults += [] if faults else copies_differ(browser, book, folder, ("填充后的表", "上报本"))
        print(
            browser.ask("version"), *faults or ["two files dragged with the mouse, two downloads with the same bytes"]
        )
    return 1 if faults else 0


def _old(page: Path, options: argparse.Namespace) -> int:
    script = Path(__file__).with_name("too_old.mjs")
    command = [tool("node"), str(script), str(modules()), tool(options.program or "chromium"), str(page)]
    told = json.loads(subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout)
    is_good = "版本太旧" in told["text"] and told["hidden"] and told["ms"] < _MOST_MS_TOLD
    print(f"{'' if is_good else 'FAULT '}{told['product']}, after {told['ms']:.0f} ms: {told['text'] or 'nothing'}")
    return 0 if is_good else 1


def _same(browser: Browser, folder: Path, options: argparse.Namespace) -> int:
    faults: list[str] = []
    count = copies = 0
    begun = time.monotonic()
    for path in _files(folder / "books", options):
        count += 1
        found = [findings_differ(browser, path)]
        if path.suffix in (".xlsx", ".xlsm") and not browser.notice:
            found += copies_differ(browser, path, folder)
            copies += 1
        for fault in filter(None, found):
            faults.append(fault)
            print(fault, flush=True)
        if count % _TOLD == 0:
            print(f"{count} files, {len(faults)} differences so far", flush=True)
    print(f"{count} files, {copies} with copies, {len(faults)} differences, {time.monotonic() - begun:.0f} s")
    return 1 if faults else 0


def _files(folder: Path, options: argparse.Namespace) -> Iterator[Path]:
    folder.mkdir()
    values = [example_of("department_overall"), json.loads((GOLDEN / "hunan_2018.json").read_text("utf-8"))]
    values += [json.loads(path.read_text("utf-8")) for path in sorted(DATA.glob("*.json"))]
    half = options.count // 2
    template = load_template("department_overall")
    values += [*random_forms(template, half, options.seed), *faulty_forms(options.count - half, options.seed)]
    for number, each in enumerate(values):
        path = folder / f"表{number}.xlsx"
        new_workbook(each).save(path)
        yield path
    for path in (GOLDEN / "first_revision.xlsx", *sorted((DATA / "old").glob("*.xlsx"))):
        yield Path(shutil.copy(path, folder))
    yield Path(shutil.copy(ROOT / "tests" / "intake" / "cases" / "beita_2023.txt", folder))
    yield from write_all([drawn(number, 1) for number in range(options.foreign)], folder, None)


def _hostile(browser: Browser, folder: Path, options: argparse.Namespace) -> int:
    faults = 0
    (folder / "bombs").mkdir()
    for kind, bomb in (WORKBOOKS | DOCUMENTS).items():
        path = folder / "bombs" / f"{kind}.{bomb.suffix}"
        bomb.write(path)
        if not path.is_file():
            continue
        browser.run("window.longestPause = 0")
        browser.run("window.xlperf.state.text = ''")
        took, pause = browser.upload(path), browser.run("window.longestPause")
        told = browser.notice
        is_good = pause < _MOST_MS and not told.startswith("没有做成") and bool(told or browser.said)
        faults += not is_good
        print(
            f"{'' if is_good else 'FAULT '}{kind}: {took:.0f} ms, pause {pause:.0f} ms; {told[:90] or 'read'}",
            flush=True,
        )
        path.unlink()
    print(f"{faults} faults")
    return 1 if faults else 0


def _figures(browser: Browser, page: Path, folder: Path) -> None:
    book = folder / "表.xlsx"
    new_workbook(example_of("department_overall")).save(book)
    question = json.dumps({"do": "check", "files": [book.name]})
    for _ in range(_ROUNDS):
        ready = browser.open(page)
        bare = browser.run("window.xlperf.figures.python")
        first = browser.upload(book)
        further = [browser.upload(book) for _ in range(5)]
        loading, pause = browser.run("window.pauseLoading"), browser.run("window.longestPause")
        browser.run("window.longestPause = 0")
        for _ in further:
            browser.run(f"window.xlperf.ask({question}).then(() => null)")
        waiting = browser.run("window.longestPause")
        told = f"ready {ready:.0f} ms, Python alone {bare:.0f} ms, ratio {ready / bare:.2f}"
        print(
            f"{told}; first check {first:.0f} ms, next {min(further):.0f}-{max(further):.0f} ms; "
            f"pause {pause:.0f} ms, of a page that only waits {waiting:.0f} ms, "
            f"while the file is read by the browser {loading:.0f} ms"
        )
    for number, values in enumerate(random_forms(load_template("department_overall"), _CHECKS, "figures")):
        other = folder / f"表{number}.xlsx"
        new_workbook(values).save(other)
        browser.upload(other)
    heap = browser.run("window.xlperf.figures.heap")
    browser.upload(book)
    desk.FOLDER = folder
    there, here = [], []
    for _ in range(_WARM):  # by turns, for the machine has other things to do as well
        there.append(browser.run(f"window.xlperf.ask({question}).then(() => window.xlperf.figures.took)"))
        begun = time.perf_counter()
        desk.ask(main_of_commands, question)
        here.append((time.perf_counter() - begun) * 1000)
    ratio = min(there) / min(here)
    print(f"heap {heap:.1f} MiB after {_CHECKS} workbooks")
    print(f"warm check {min(there):.0f} ms, the same in CPython {min(here):.0f} ms: {ratio:.2f}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.page", description=__doc__)
    parser.add_argument("what", choices=["checks", "same", "hostile", "figures", "drag", "old", "twice"])
    parser.add_argument("--browser", choices=["chrome", "firefox"], default="chrome")
    parser.add_argument("--program", help="the browser's program, where it is not the one on the PATH")
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--foreign", type=int, default=40)
    parser.add_argument("--seed", default="page")
    parser.add_argument("--page", type=Path)
    return parser.parse_args()


sys.exit(main())
