"""What runs inside Pyodide and, for comparison, in CPython: functions, the check of a workbook, forms and reports read.

In the folder lie the wheels, demo.xlsx, and the documents report.txt and form.xlsx. `run` returns JSON.
"""

import contextlib
import io
import json
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

WORK = Path("/data") if sys.platform == "emscripten" else Path(sys.argv[1])
FOREIGN = ("openpyxl", "pandas", "numpy", "xlwings", "lxml")


def unpack() -> None:
    """Wheels are zip files; micropip would do the same, with a package index behind it."""
    site = WORK / "site"
    for wheel in sorted(WORK.glob("*.whl")):
        zipfile.ZipFile(wheel).extractall(site)
    sys.path.insert(0, str(site))


def plain(value: object) -> object:
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return getattr(value, "value", value)


def functions() -> list[object]:
    from xlperf.udf import FUNCTIONS

    return [
        [each.name, plain(case.arguments), plain(each.function(*case.arguments))]
        for each in FUNCTIONS
        for case in (*each.examples, *each.bad_input)
    ]


def command(*arguments: str) -> tuple[int, str]:
    """What the command line prints and with which code it exits."""
    from xlperf.cli import main

    with contextlib.redirect_stdout(io.StringIO()) as printed:
        try:
            main(arguments)
        except SystemExit as exit:
            return int(exit.code or 0), printed.getvalue()
    raise AssertionError("main always exits")


def check() -> object:
    book = WORK / "demo.xlsx"
    code, report = command("check", str(book), "--format", "json")
    marked_code, _ = command("check", str(book), "-o", str(WORK / "marked.xlsx"))
    content = zipfile.ZipFile(WORK / "marked.xlsx")
    parts = {name: content.read(name).decode("utf-8", "replace") for name in content.namelist()}
    return [code, marked_code, json.loads(report) | {"file": book.name}, parts]


def intake() -> list[object]:
    """What is understood of each document."""
    from xlperf.form.forms import load_template
    from xlperf.intake.gather import gather
    from xlperf.intake.readers.opening import read_document

    template = load_template("department_overall")
    return [gather([read_document(WORK / name)], template).values for name in ("report.txt", "form.xlsx")]


def timed(job: Callable[[], object], rounds: int = 1) -> float:
    best = float("inf")
    for _ in range(rounds):
        start = time.perf_counter()
        job()
        best = min(best, time.perf_counter() - start)
    return best * 1000


def run() -> str:
    figures = {"unpack_ms": timed(unpack)}
    start = time.perf_counter()
    from xlperf.udf.functions import perf_score

    figures["import_ms"] = (time.perf_counter() - start) * 1000
    rows = [[number % 1001 / 100] for number in range(10_000)]
    figures["score_10000_ms"] = timed(lambda: perf_score(rows), 10)
    start = time.perf_counter()
    checked = check()
    figures["check_twice_ms"] = (time.perf_counter() - start) * 1000
    documents = intake()
    foreign = [name for name in FOREIGN if name in sys.modules]
    return json.dumps(
        {
            "platform": sys.platform,
            "functions": functions(),
            "score": perf_score(rows),
            "check": checked,
            "intake": documents,
            "foreign": foreign,
            "figures": figures,
        }
    )


if sys.platform != "emscripten":
    print(run())
